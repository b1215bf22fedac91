//! `chiso load`

use super::definitions::Definitions;
use super::watch::Terminal;
use super::{Context, Outcome, Result, outcome};
use crate::db::Db;
use crate::diagnostic::{Diagnostic, Place, count};
use crate::gather::read_manifest;
use crate::load::{Intake, KEY_VARIABLE, Key, Loaded, load};
use crate::model::source::Landed;

/// Load what landed; a file that was loaded before with the same content is left alone
#[derive(Debug, clap::Args)]
pub(super) struct Args {}

pub(super) fn run(context: &Context, _: &Args) -> Result<Outcome> {
    let definitions = Definitions::read(&context.project)?;
    let db = Db::open(&context.project.database())?;
    let landed = newest(read_manifest(&context.project)?);
    let loaded = take_in(context, &definitions, &db, &landed)?;
    context.printer.line(&summary(&loaded));
    let mut problems = loaded.problems;
    problems.extend(rejects(&db)?);
    context.printer.problems(&problems);
    Ok(outcome(&problems))
}

/// Of every file the newest landing.
fn newest(landed: Vec<Landed>) -> Vec<Landed> {
    let mut files: Vec<Landed> = vec![];
    for file in landed {
        files.retain(|other| other.source != file.source || other.path != file.path);
        files.push(file);
    }
    files.sort_by(|a, b| (&a.source, &a.path).cmp(&(&b.source, &b.path)));
    files
}

pub(super) fn take_in(
    context: &Context,
    definitions: &Definitions,
    db: &Db,
    landed: &[Landed],
) -> Result<Loaded> {
    let key = std::env::var(KEY_VARIABLE).ok().and_then(|key| Key::of(&key));
    let intake = Intake {
        project: &context.project,
        contracts: &definitions.contracts,
        views: &definitions.views,
        sources: &definitions.sources,
        landed,
        definitions: &Definitions::files(&context.project)?,
        now: &context.now_text(),
        key: key.as_ref(),
    };
    load(db, &intake, &Terminal::new(&context.printer))
}

pub(super) fn summary(loaded: &Loaded) -> String {
    format!(
        "{} loaded: {} read, {} rejected",
        count(loaded.files, "file"),
        count(loaded.rows_read, "row"),
        loaded.rows_rejected
    )
}

/// `1 row is`, `2 rows are`.
fn are(rows: u64) -> String {
    format!("{} {}", count(rows, "row"), if rows == 1 { "is" } else { "are" })
}

/// The rows of current files that were kept out: one diagnostic a file, with its first few.
pub(super) fn rejects(db: &Db) -> Result<Vec<Diagnostic>> {
    let files = db.query(
        "SELECT file_id, path, table_name, rows_read, rows_rejected FROM meta.file \
         WHERE state = 'current' AND rows_rejected > 0 ORDER BY path",
        &[],
    )?;
    let number = |cell: &crate::db::Cell| cell.integer().and_then(|n| u64::try_from(n).ok()).unwrap_or(0);
    let mut diagnostics = vec![];
    for file in &files.rows {
        let (read, rejected) = (number(&file[3]), number(&file[4]));
        let path = file[1].shown();
        let verb = if rejected == 1 { "does" } else { "do" };
        let mut diagnostic = Diagnostic::error(format!(
            "{rejected} of {} of `{}` {verb} not fit",
            count(read, "row"),
            file[2].shown()
        ));
        let rows = db.query(
            "SELECT row_no, column_name, value, rule FROM meta.reject WHERE file_id = $file ORDER BY ALL LIMIT 3",
            &[("file", file[0].clone())],
        )?;
        for row in &rows.rows {
            diagnostic = diagnostic.at(Place::Cell {
                path: path.clone(),
                row: number(&row[0]),
                column: row[1].shown(),
                value: row[2].shown(),
                label: row[3].shown(),
            });
        }
        diagnostics.push(diagnostic.hint(format!(
            "the other {} loaded; all rejects are in `meta.reject` and on the page of data quality",
            are(read - rejected)
        )));
    }
    Ok(diagnostics)
}
