//! `chiso export`

use super::definitions::Definitions;
use super::{Context, Outcome, Result};
use crate::db::Db;
use crate::diagnostic::{Diagnostic, Problems};
use crate::export::exporters;
use crate::load::{make_views, prepare};
use crate::model::results::Results;
use crate::project::write_whole;
use crate::results::read_results;

/// Write all observations as data files into `build/export`
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Which format; all of them if it is not given
    #[arg(long, value_name = "FORMAT", value_parser = ["csv", "parquet", "xlsx"])]
    to: Option<String>,
}

pub(super) fn run(context: &Context, args: &Args) -> Result<Outcome> {
    let definitions = Definitions::read(&context.project)?;
    let results = results(context, &definitions, &[])?;
    for path in write(context, &results, args.to.as_deref())? {
        context.printer.line(&path);
    }
    Ok(Outcome::Done)
}

/// The results of what was computed last.
pub(super) fn results(
    context: &Context,
    definitions: &Definitions,
    absent: &[(crate::model::id::SourceId, String)],
) -> Result<Results> {
    let db = Db::open(&context.project.database())?;
    prepare(&db, &definitions.contracts)?;
    make_views(&db, &definitions.views)?;
    read_results(&db, definitions.indicators(), &definitions.sources, absent)
}

/// Writes the formats asked for; gives the paths written, relative to the project.
pub(super) fn write(context: &Context, results: &Results, only: Option<&str>) -> Result<Vec<String>> {
    let mut problems = Problems::default();
    let mut paths = vec![];
    for exporter in exporters().iter().filter(|exporter| only.is_none_or(|only| only == exporter.name())) {
        let path = format!("build/export/observations.{}", exporter.name());
        let mut bytes = vec![];
        let written: std::result::Result<(), Diagnostic> = exporter
            .write(results, &mut bytes)
            .and_then(|()| write_whole(&context.project.path(&path), &bytes));
        if problems.keep(written).is_some() {
            paths.push(path);
        }
    }
    problems.or(paths)
}
