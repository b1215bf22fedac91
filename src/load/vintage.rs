//! Vintages: numbered states of data and definitions, each of which can be had again.
//!
//! A vintage begins when a file is loaded, a source is dropped, or a definition is written otherwise.

use std::collections::BTreeSet;

use sha2::{Digest, Sha256};

use crate::db::{Cell, Db, DbError};
use crate::diagnostic::Source;
use crate::model::id::SourceId;
use crate::model::sum::hex;

/// The number of the last vintage; 0 before anything was loaded.
pub fn newest_vintage(db: &Db) -> Result<u32, DbError> {
    let newest = db.value("SELECT coalesce(max(vintage), 0) FROM meta.vintage", &[])?;
    Ok(newest.integer().and_then(|vintage| u32::try_from(vintage).ok()).unwrap_or(0))
}

/// Whether the numbers are those of the newest vintage; where nothing was loaded there are none to be of another.
pub fn is_computed(db: &Db) -> Result<bool, DbError> {
    let is_open = db.value("SELECT max_by(period IS NULL, vintage) FROM meta.vintage", &[])?;
    Ok(is_open != Cell::Boolean(true))
}

/// The vintage of this load: the one that a killed run left open, or the next. It takes the definitions as they are now.
pub(super) fn open(db: &Db, now: &str, definitions: &[Source]) -> Result<u32, DbError> {
    let open = db.value("SELECT min(vintage) FROM meta.vintage WHERE NOT finished", &[])?;
    let known = open.integer().and_then(|vintage| u32::try_from(vintage).ok());
    let vintage = match known {
        Some(vintage) => vintage,
        None => newest_vintage(db)? + 1,
    };
    db.transaction(|| -> Result<(), DbError> {
        if known.is_none() {
            db.execute(
                "INSERT INTO meta.vintage VALUES ($vintage, $now, false, NULL, NULL, $program, false, NULL)",
                &[
                    ("vintage", vintage.into()),
                    ("now", now.into()),
                    ("program", env!("CARGO_PKG_VERSION").into()),
                ],
            )?;
        }
        keep(db, vintage, definitions)
    })?;
    Ok(vintage)
}

/// Gives definitions that changed since the last load a vintage of their own.
pub fn settle(db: &Db, now: &str, definitions: &[Source]) -> Result<(), DbError> {
    if !is_other(db, definitions)? {
        return Ok(());
    }
    let is_open = db.value("SELECT count(*) FROM meta.vintage WHERE NOT finished", &[])? != Cell::Integer(0);
    let vintage = open(db, now, definitions)?;
    // One that a killed load left open stays open for the rest of its files.
    if !is_open {
        db.execute(
            "UPDATE meta.vintage SET finished = true WHERE vintage = $vintage",
            &[("vintage", vintage.into())],
        )?;
    }
    Ok(())
}

/// Whether the definitions are others than those of the newest vintage.
pub(super) fn is_other(db: &Db, definitions: &[Source]) -> Result<bool, DbError> {
    let known = db.query(
        "SELECT path, sha256 FROM meta.vintage_definition \
         WHERE vintage = (SELECT max(vintage) FROM meta.vintage) ORDER BY path",
        &[],
    )?;
    let known: Vec<(String, String)> =
        known.rows.iter().map(|row| (row[0].shown(), row[1].shown())).collect();
    let mut now: Vec<(String, String)> =
        definitions.iter().map(|source| (source.path.clone(), sum(&source.text))).collect();
    now.sort();
    Ok(known != now)
}

fn keep(db: &Db, vintage: u32, definitions: &[Source]) -> Result<(), DbError> {
    let known = db.query("SELECT sha256 FROM meta.definition", &[])?;
    let mut known: BTreeSet<String> = known.rows.iter().map(|row| row[0].shown()).collect();
    let (mut texts, mut paths) = (vec![], vec![]);
    for source in definitions {
        let sum = sum(&source.text);
        paths.push(vec![vintage.into(), source.path.as_str().into(), sum.as_str().into()]);
        if known.insert(sum.clone()) {
            texts.push(vec![sum.into(), source.text.to_string().into()]);
        }
    }
    db.execute(
        "DELETE FROM meta.vintage_definition WHERE vintage = $vintage",
        &[("vintage", vintage.into())],
    )?;
    db.append("meta", "definition", texts)?;
    db.append("meta", "vintage_definition", paths)
}

fn sum(text: &str) -> String {
    hex(&Sha256::digest(text.as_bytes()))
}

/// Writes down which sources brought nothing, for the pages of this vintage.
pub fn note_absences(db: &Db, vintage: u32, absent: &[(SourceId, String)]) -> Result<(), DbError> {
    db.transaction(|| {
        db.execute("DELETE FROM meta.absence WHERE vintage = $vintage", &[("vintage", vintage.into())])?;
        let row = |(source, message): &(SourceId, String)| {
            vec![vintage.into(), source.as_str().into(), message.as_str().into()]
        };
        db.append("meta", "absence", absent.iter().map(row))
    })
}

/// The sources that brought nothing when the vintage was reported last, and why.
pub fn absences(db: &Db, vintage: u32) -> Result<Vec<(SourceId, String)>, DbError> {
    let absent = db.query(
        "SELECT source_id, message FROM meta.absence WHERE vintage = $vintage ORDER BY rowid",
        &[("vintage", vintage.into())],
    )?;
    Ok(absent.rows.iter().filter_map(|row| Some((row[0].text()?.parse().ok()?, row[1].shown()))).collect())
}

/// Whether work was done with this very outcome.
pub fn is_marked(db: &Db, work: &str, fingerprint: &str) -> Result<bool, DbError> {
    let known = db.value("SELECT fingerprint FROM meta.done WHERE work = $work", &[("work", work.into())])?;
    Ok(known.text() == Some(fingerprint))
}

/// Marks work as done.
pub fn mark(db: &Db, work: &str, fingerprint: &str) -> Result<(), DbError> {
    db.execute(
        "INSERT OR REPLACE INTO meta.done VALUES ($work, $fingerprint)",
        &[("work", work.into()), ("fingerprint", fingerprint.into())],
    )?;
    Ok(())
}
