//! `chiso gather`

use super::definitions::Definitions;
use super::watch::Terminal;
use super::{Context, Outcome, Result, outcome};
use crate::diagnostic::{Diagnostic, Problems, count};
use crate::gather::{Gathered, gather};

/// Bring every source into the landing folder; unchanged files are not copied again
#[derive(Debug, clap::Args)]
pub(super) struct Args {}

pub(super) fn run(context: &Context, _: &Args) -> Result<Outcome> {
    let definitions = Definitions::read(&context.project)?;
    let gathered = bring(context, &definitions)?;
    context.printer.line(&format!(
        "{} in `build/landing`, {} new or changed",
        count(gathered.files.len() as u64, "file"),
        gathered.changed
    ));
    let problems: Vec<Diagnostic> = gathered.problems.into_iter().map(|(_, problem)| problem).collect();
    context.printer.problems(&problems);
    Ok(outcome(&problems))
}

/// Gathers all sources on as many threads as it takes.
pub(super) fn bring(context: &Context, definitions: &Definitions) -> Result<Gathered> {
    let watcher = Terminal::new(&context.printer);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| Problems::from(Diagnostic::error(format!("cannot start: {error}"))))?;
    runtime.block_on(gather(&context.project, &definitions.sources, &context.now_text(), &watcher))
}
