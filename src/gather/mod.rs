//! Brings every source into the landing folder, all at once, and keeps the account of it.
//!
//! Takes the entries of `sources.yml`; gives what landed and what did not.
//! Does not look into the files.

mod bundle;
mod download;
mod files;
mod http;
mod landing;
mod origin;
mod pages;
mod postgres;
mod remote;
mod s3;
mod sources;
mod twins;
mod visit;

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use tokio::sync::Semaphore;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

pub use files::files_of;
pub use landing::{read_attempts, read_manifest};
pub use sources::read_sources;

use crate::diagnostic::{Diagnostic, Problems};
use crate::model::id::SourceId;
use crate::model::origin::Origin;
use crate::model::source::{Attempt, AttemptOutcome, Landed, SourceEntry};
use crate::progress::Watcher;
use crate::project::Project;

/// What came in.
#[derive(Debug, Default)]
pub struct Gathered {
    /// The files that are there now, in the order of `sources.yml`, then by path.
    pub files: Vec<Landed>,
    /// How many of them are new or changed.
    pub changed: usize,
    /// Sources, or single files of them, that could not be brought.
    pub problems: Vec<(SourceId, Diagnostic)>,
    /// What is worth a look but kept nothing out.
    pub remarks: Vec<Diagnostic>,
    /// Whether somebody stopped it before all sources had been asked.
    pub is_stopped: bool,
}

/// How many sources are asked over a network at once.
const AT_ONCE: usize = 16;
/// How often it is looked whether to stop.
const GLANCE: Duration = Duration::from_millis(100);
/// How long sources that are being asked have to end when it is to stop.
const GRACE: Duration = Duration::from_secs(3);

/// What a source says while it is asked.
enum News {
    /// How it goes.
    Word(usize, String),
    /// It is done.
    Done(usize, landing::Landing),
}

/// What all sources of a run share.
struct Run {
    project: Project,
    known: landing::Known,
    now: String,
    hosts: visit::Hosts,
    stop: Arc<AtomicBool>,
    seats: Arc<Semaphore>,
}

/// Brings all sources in; one that fails leaves the others unharmed. When `stop` is set, what has landed stays.
pub async fn gather(
    project: &Project,
    sources: &[SourceEntry],
    now: &str,
    stop: &Arc<AtomicBool>,
    watcher: &dyn Watcher,
) -> Result<Gathered, Problems> {
    let run = Arc::new(Run {
        project: project.clone(),
        known: landing::Known::of(read_manifest(project)?),
        now: now.to_owned(),
        hosts: visit::Hosts::default(),
        stop: Arc::clone(stop),
        seats: Arc::new(Semaphore::new(AT_ONCE)),
    });
    watcher.begin("gather", sources.len() as u64);
    let (sender, news) = unbounded_channel();
    for (position, source) in sources.iter().cloned().enumerate() {
        start(&run, position, source, sender.clone());
    }
    drop(sender);
    let landings = listen(&run, sources, news, watcher).await?;
    watcher.end();
    let mut gathered = account(sources, landings, stop.load(Ordering::Relaxed));
    gathered.remarks.extend(twins::twins(project, sources, &gathered.files));
    Ok(gathered)
}

/// Asks one source on a thread of its own; those over a network wait for a seat.
fn start(run: &Arc<Run>, position: usize, source: SourceEntry, sender: UnboundedSender<News>) {
    let run = Arc::clone(run);
    tokio::spawn(async move {
        let seat = match source.origin {
            Origin::Files(_) => None,
            _ => Arc::clone(&run.seats).acquire_owned().await.ok(),
        };
        let work = tokio::task::spawn_blocking(move || {
            let _seat = seat;
            let landing = land(&run, position, &source, &sender);
            // Nobody listens any more once all was stopped.
            let _ = sender.send(News::Done(position, landing));
        });
        // A thread that panicked has said nothing, which whoever listens will notice.
        let _ = work.await;
    });
}

fn land(
    run: &Run,
    position: usize,
    source: &SourceEntry,
    sender: &UnboundedSender<News>,
) -> landing::Landing {
    let tell = |word: String| drop(sender.send(News::Word(position, word)));
    let berth = landing::Berth { project: &run.project, source, known: &run.known, now: &run.now };
    let visit = visit::Visit { berth, hosts: &run.hosts, stop: &run.stop, tell: &tell };
    let mut landing = match &source.origin {
        Origin::Files(pattern) => files::land(berth, pattern),
        Origin::Http(http) => remote::land(&visit, http),
        Origin::S3(s3) => s3::land(&visit, s3),
        Origin::Postgres(postgres) => postgres::land(&visit, postgres),
    };
    landing.attempt = attempt(source, &landing, &run.now);
    landing
}

/// The line of the manifest; a file that is there as before needs none.
fn attempt(source: &SourceEntry, landing: &landing::Landing, now: &str) -> Option<Attempt> {
    let outcome = match (landing.problems.is_empty(), landing.n_changed) {
        (false, _) => AttemptOutcome::Failed,
        (true, 0) => AttemptOutcome::Unchanged,
        (true, _) => AttemptOutcome::Landed,
    };
    let address = source.origin.shown();
    (address.is_some() || outcome != AttemptOutcome::Unchanged).then(|| Attempt {
        source: source.id.clone(),
        attempted_at: now.to_owned(),
        outcome,
        n_changed: landing.n_changed,
        address,
        causes: landing.problems.iter().map(|problem| problem.message.clone()).collect(),
    })
}

/// Writes down each source as it comes, so that what has landed stays when the program is killed.
async fn listen(
    run: &Run,
    sources: &[SourceEntry],
    mut news: UnboundedReceiver<News>,
    watcher: &dyn Watcher,
) -> Result<Vec<Option<landing::Landing>>, Problems> {
    let mut landings: Vec<Option<landing::Landing>> = sources.iter().map(|_| None).collect();
    let mut stopped_at: Option<Instant> = None;
    loop {
        if run.stop.load(Ordering::Relaxed) && stopped_at.get_or_insert_with(Instant::now).elapsed() > GRACE {
            break;
        }
        match tokio::time::timeout(GLANCE, news.recv()).await {
            Err(_) => (),
            Ok(None) => break,
            Ok(Some(News::Word(position, word))) => watcher.tell(sources[position].id.as_str(), &word),
            Ok(Some(News::Done(position, landing))) => {
                landing::remember(&run.project, &landing)?;
                if sources[position].origin.shown().is_some() {
                    watcher.tell(sources[position].id.as_str(), &told(&landing));
                }
                watcher.step(sources[position].id.as_str());
                landings[position] = Some(landing);
            }
        }
    }
    Ok(landings)
}

/// How a source ended, in a few words.
fn told(landing: &landing::Landing) -> String {
    match (landing.problems.is_empty(), landing.n_changed) {
        (false, _) => "did not come".to_owned(),
        (true, 0) => "as before".to_owned(),
        (true, _) => {
            let bytes: u64 = landing.changed.iter().map(|file| file.size).sum();
            format!(
                "{} new or changed, {bytes} bytes",
                crate::diagnostic::count(landing.n_changed as u64, "file")
            )
        }
    }
}

fn account(sources: &[SourceEntry], landings: Vec<Option<landing::Landing>>, is_stopped: bool) -> Gathered {
    let mut gathered = Gathered { is_stopped, ..Gathered::default() };
    for (source, landing) in sources.iter().zip(landings) {
        let Some(landing) = landing else {
            let what = if is_stopped { "stopped before it had come" } else { "a fault of the program" };
            let problem = Diagnostic::error(format!("source `{}`: {what}", source.id)).in_file("sources.yml");
            gathered.problems.push((source.id.clone(), problem));
            continue;
        };
        gathered.changed += landing.n_changed;
        gathered.remarks.extend(landing.remarks);
        gathered.problems.extend(landing.problems.into_iter().map(|problem| (source.id.clone(), problem)));
        gathered.files.extend(landing.files);
    }
    gathered
}

/// `path` as the project shows it: relative to its folder where it lies in it, always with `/`.
pub fn shown(project: &Project, path: &Path) -> String {
    let path = path.strip_prefix(project.root()).unwrap_or(path);
    path.to_string_lossy().replace('\\', "/").trim_start_matches("./").to_owned()
}
