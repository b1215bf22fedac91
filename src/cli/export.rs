//! `chiso export`

use super::compute::Asked;
use super::definitions::Definitions;
use super::past::rebuild;
use super::{Context, Outcome, Result};
use crate::db::Db;
use crate::diagnostic::{Diagnostic, Problems};
use crate::export::exporters;
use crate::load::{absences, make_views, newest_vintage, prepare, settle};
use crate::model::results::Results;
use crate::project::write_whole;
use crate::results::read_results;

/// Write all observations, scores of indices and targets as data files into `build/export`
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Which format; all of them if it is not given
    #[arg(long, value_name = "FORMAT", value_parser = ["csv", "parquet", "xlsx"])]
    to: Option<String>,
    /// As it was in this vintage, into `build/as-of/N/export`; `chiso vintages` lists them
    #[arg(long, value_name = "N")]
    as_of: Option<u32>,
}

pub(super) fn run(context: &Context, args: &Args) -> Result<Outcome> {
    let paths = match args.as_of {
        Some(vintage) => {
            let past = rebuild(context, vintage, &Asked::default())?;
            context.printer.problems(&past.problems);
            write(&past.context, &past.results()?, args.to.as_deref())?
        }
        None => {
            let definitions = Definitions::read(&context.project)?;
            write(context, &results(context, &definitions)?, args.to.as_deref())?
        }
    };
    paths.iter().for_each(|path| context.printer.line(path));
    Ok(Outcome::Done)
}

/// The results of what was computed last.
pub(super) fn results(context: &Context, definitions: &Definitions) -> Result<Results> {
    let db = Db::open(&context.project.database())?;
    prepare(&db, &definitions.contracts)?;
    make_views(&db, &definitions.views)?;
    settle(&db, &context.now_text(), &Definitions::files(&context.project)?)?;
    let absent = absences(&db, newest_vintage(&db)?)?;
    read_results(&db, definitions.indicators(), definitions.trees(), &definitions.sources, &absent)
}

/// Writes the formats asked for; gives the paths written, relative to the project.
pub(super) fn write(context: &Context, results: &Results, only: Option<&str>) -> Result<Vec<String>> {
    let mut problems = Problems::default();
    let mut paths = vec![];
    for exporter in exporters().iter().filter(|exporter| only.is_none_or(|only| only == exporter.name())) {
        for content in exporter.contents().iter().filter(|content| content.is_in(results)) {
            let path = context.project.output(&format!("export/{}.{}", content.stem(), exporter.name()));
            let mut bytes = vec![];
            let written: std::result::Result<(), Diagnostic> = exporter
                .write(*content, results, &mut bytes)
                .and_then(|()| write_whole(&context.project.path(&path), &bytes));
            if problems.keep(written).is_some() {
                paths.push(path);
            }
        }
    }
    problems.or(paths)
}
