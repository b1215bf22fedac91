//! Brings every source into the landing folder, all at once, and keeps the account of it.
//!
//! Takes the entries of `sources.yml`; gives what landed and what did not.
//! Does not look into the files.

mod landing;
mod sources;

use std::path::Path;
use std::sync::Arc;

pub use landing::{files_of, read_manifest};
pub use sources::read_sources;

use crate::diagnostic::{Diagnostic, Problems};
use crate::model::id::SourceId;
use crate::model::source::{Landed, SourceEntry};
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
}

/// Brings all sources in; one that fails leaves the others unharmed.
pub async fn gather(
    project: &Project,
    sources: &[SourceEntry],
    now: &str,
    watcher: &dyn Watcher,
) -> Result<Gathered, Problems> {
    let known = Arc::new(landing::Known::of(read_manifest(project)?));
    watcher.begin("gather", sources.len() as u64);
    let mut tasks = tokio::task::JoinSet::new();
    for (position, source) in sources.iter().cloned().enumerate() {
        let (project, known, now) = (project.clone(), Arc::clone(&known), now.to_owned());
        tasks.spawn_blocking(move || (position, landing::land(&project, &source, &known, &now)));
    }
    let mut landings: Vec<Option<landing::Landing>> = sources.iter().map(|_| None).collect();
    while let Some(done) = tasks.join_next().await {
        let (position, landing) =
            done.map_err(|error| Diagnostic::error(format!("gathering stopped: {error}")))?;
        watcher.step(sources[position].id.as_str());
        landings[position] = Some(landing);
    }
    watcher.end();
    let mut gathered = Gathered::default();
    for (source, landing) in sources.iter().zip(landings.into_iter().flatten()) {
        gathered.changed += landing.changed.len();
        gathered.problems.extend(landing.problems.into_iter().map(|problem| (source.id.clone(), problem)));
        landing::remember(project, &landing.changed)?;
        gathered.files.extend(landing.files);
    }
    Ok(gathered)
}

/// `path` as the project shows it: relative to its folder where it lies in it, always with `/`.
pub fn shown(project: &Project, path: &Path) -> String {
    let path = path.strip_prefix(project.root()).unwrap_or(path);
    path.to_string_lossy().replace('\\', "/").trim_start_matches("./").to_owned()
}
