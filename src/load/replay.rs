//! Files that are read again because somebody asks for it, though neither they nor their contract changed.

use std::borrow::Cow;

use super::jobs::{Job, job, landed};
use super::{Intake, Replay};
use crate::db::{Cell, Db, DbError};
use crate::diagnostic::{Diagnostic, Problems};
use crate::model::source::Landed;

/// The files that are to be read again: of those in use and those that were refused last, what `intake` asks for;
/// `known` are read anyway.
pub(super) fn jobs<'a>(db: &Db, intake: &Intake<'a>, known: &[Job]) -> Result<Vec<Job<'a>>, DbError> {
    if intake.replay == Replay::No {
        return Ok(vec![]);
    }
    let files = db.query(
        "SELECT source_id, slot, path, stored, size, sha256, state = 'refused' OR rows_rejected > 0 FROM meta.file AS f \
         WHERE state = 'current' OR (state = 'refused' AND file_id = \
            (SELECT max(file_id) FROM meta.file AS g WHERE g.source_id = f.source_id AND g.slot = f.slot)) \
         ORDER BY file_id",
        &[],
    )?;
    let is_asked = |row: &&Vec<Cell>| match intake.replay {
        Replay::No => false,
        Replay::Rejected => row[6] == Cell::Boolean(true),
        Replay::Named(names) => {
            names.iter().any(|name| [&row[0], &row[2]].iter().any(|cell| cell.text() == Some(name)))
        }
    };
    let asked = files.rows.iter().filter(is_asked).filter_map(|row| landed(row));
    let is_known = |file: &Landed| {
        known.iter().any(|job| job.file.source == file.source && job.file.stored == file.stored)
    };
    let jobs = asked.filter(|file| !is_known(file)).filter_map(|file| job(intake, Cow::Owned(file)));
    Ok(jobs.map(|(_, job)| job).collect())
}

/// An error for each name that is neither a source nor a file that was loaded.
pub fn expect_known(db: &Db, names: &[String]) -> Result<(), Problems> {
    let known =
        db.query("SELECT source_id FROM meta.file UNION SELECT path FROM meta.file ORDER BY 1", &[])?;
    let known: Vec<String> = known.rows.iter().map(|row| row[0].shown()).collect();
    let mut problems = Problems::default();
    for name in names.iter().filter(|name| !known.contains(name)) {
        let problem = Diagnostic::usage(format!("no source or file `{name}` was loaded"));
        problems.push(problem.suggest(name, known.iter().map(String::as_str)));
    }
    problems.or(())
}
