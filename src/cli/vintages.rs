//! `chiso vintages`

use super::{Context, Outcome, Result};
use crate::diagnostic::Diagnostic;
use crate::load::open_existing;

/// List the states of the data: when, what came, what changed
#[derive(Debug, clap::Args)]
pub(super) struct Args {}

const COLUMNS: [&str; 8] =
    ["vintage", "loaded (UTC)", "period", "files", "rows", "definitions", "revised", "can be rebuilt"];

pub(super) fn run(context: &Context, _: &Args) -> Result<Outcome> {
    let db = open_existing(&context.project)?;
    if !db.has_relation("published.vintage")? {
        return Err(Diagnostic::error("nothing was loaded yet").hint("`chiso run` gathers and loads").into());
    }
    let vintages = db.query(
        "SELECT v.vintage, loaded_at, coalesce(period, '-'), files, rows_loaded + rows_rejected, definitions, \
            (SELECT count(*) FROM published.revision AS r WHERE r.vintage = v.vintage AND change <> 'added'), \
            CASE WHEN can_be_rebuilt THEN 'yes' ELSE 'no' END \
         FROM published.vintage AS v ORDER BY v.vintage",
        &[],
    )?;
    let mut lines: Vec<Vec<String>> = vec![COLUMNS.map(str::to_owned).to_vec()];
    lines.extend(vintages.rows.iter().map(|row| row.iter().map(|cell| cell.shown()).collect()));
    for line in aligned(&lines) {
        context.printer.line(&line);
    }
    Ok(Outcome::Done)
}

/// Cells in columns of equal width.
fn aligned(lines: &[Vec<String>]) -> Vec<String> {
    let width = |at: usize| lines.iter().map(|line| line[at].chars().count()).max().unwrap_or(0);
    let padded = |line: &Vec<String>| {
        let cells = line.iter().enumerate().map(|(at, cell)| format!("{cell:<0$}", width(at)));
        cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    };
    lines.iter().map(padded).collect()
}
