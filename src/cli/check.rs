//! `chiso check`

use super::definitions::Definitions;
use super::{Context, Outcome, Result};
use crate::compute::last_quarter;
use crate::diagnostic::{Problems, count};

/// Read every YAML, SQL and template, try every query on empty tables, report all problems at once
#[derive(Debug, clap::Args)]
pub(super) struct Args {}

pub(super) fn run(context: &Context, _: &Args) -> Result<Outcome> {
    let mut problems = Problems::default();
    let definitions = problems.keep(Definitions::read(&context.project));
    if let Some(definitions) = &definitions {
        let period = last_quarter(context.now.date_naive());
        problems.keep(definitions.try_on_empty_tables(&context.project, &period));
    }
    problems.keep(super::report::templates(context));
    problems.keep(super::export::about(context));
    let Some(definitions) = definitions else { return Err(problems) };
    problems.or(())?;
    context.printer.problems(&definitions.remarks);
    context.printer.line(&format!(
        "all is well: {}, {}, {}, {}, {}{}",
        count(definitions.sources.len() as u64, "source"),
        count((definitions.contracts.len() + definitions.views.len()) as u64, "table"),
        count(definitions.indicators.len() as u64, "indicator"),
        count(definitions.checks.len() as u64, "check"),
        count(definitions.reports.len() as u64, "report"),
        indices(definitions.indices.len() as u64),
    ));
    Ok(Outcome::Done)
}

/// Their number, in a project that has any.
fn indices(number: u64) -> String {
    match number {
        0 => String::new(),
        1 => ", 1 index".to_owned(),
        more => format!(", {more} indices"),
    }
}
