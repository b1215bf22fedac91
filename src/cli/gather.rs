//! `chiso gather`

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::flag::{register, register_conditional_default};

use super::definitions::Definitions;
use super::watch::Terminal;
use super::{Context, Outcome, Result, outcome};
use crate::diagnostic::{Diagnostic, Problems, count};
use crate::gather::{Gathered, gather};
use crate::model::text::Lang;

/// Bring every source into the landing folder; unchanged files are not copied again
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Gather nothing; say what came from each source and each sender, what is late, in part or missing
    #[arg(long)]
    pub status: bool,
    /// With `--status`: write the chase list (CSV) and a letter for each body that owes something
    #[arg(long, value_name = "DIR", requires = "status")]
    into: Option<PathBuf>,
    /// The language of words; by default the first one of the report
    #[arg(long, value_name = "LANG", requires = "status")]
    lang: Option<Lang>,
}

pub(super) fn run(context: &Context, args: &Args) -> Result<Outcome> {
    if args.status {
        return super::status::run(context, args.into.as_deref(), args.lang);
    }
    let definitions = Definitions::read(&context.project)?;
    let gathered = bring(context, &definitions)?;
    context.printer.line(&format!(
        "{} in `build/landing`, {} new or changed",
        count(gathered.files.len() as u64, "file"),
        gathered.changed
    ));
    let is_stopped = gathered.is_stopped;
    let mut problems: Vec<Diagnostic> = gathered.problems.into_iter().map(|(_, problem)| problem).collect();
    problems.extend(gathered.remarks);
    context.printer.problems(&problems);
    Ok(if is_stopped { Outcome::Stopped } else { outcome(&problems) })
}

/// Gathers all sources on as many threads as it takes.
pub(super) fn bring(context: &Context, definitions: &Definitions) -> Result<Gathered> {
    let watcher = Terminal::new(&context.printer);
    let cannot = |error: std::io::Error| Problems::from(Diagnostic::error(format!("cannot start: {error}")));
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(cannot)?;
    let ending = Ending::watch().map_err(cannot)?;
    let sources = &definitions.sources;
    let gathered =
        runtime.block_on(gather(&context.project, sources, &context.now_text(), &ending.stop, &watcher));
    // Threads that still wait for somebody who says nothing have nothing to add.
    runtime.shutdown_background();
    gathered
}

/// Ctrl-C and the end that systemd asks for: the first one is heeded, the second one ends the program at once.
struct Ending {
    stop: Arc<AtomicBool>,
    is_default: Arc<AtomicBool>,
}

impl Ending {
    fn watch() -> std::io::Result<Ending> {
        let ending = Ending { stop: Arc::default(), is_default: Arc::default() };
        for signal in [SIGINT, SIGTERM] {
            register_conditional_default(signal, Arc::clone(&ending.is_default))?;
            register(signal, Arc::clone(&ending.is_default))?;
            register(signal, Arc::clone(&ending.stop))?;
        }
        Ok(ending)
    }
}

impl Drop for Ending {
    /// What comes after gathering ends at once: it leaves nothing half.
    fn drop(&mut self) {
        self.is_default.store(true, Ordering::SeqCst);
    }
}
