//! Forgetting: what earlier vintages needed and the kept ones do not, named first, then dropped.
//!
//! Accounts of files, rejects of the kept ones, and the history of numbers stay: what is dropped are rows, the bytes in
//! the landing folder and the texts of definitions. A forgotten vintage cannot be rebuilt any more.

use std::collections::BTreeSet;
use std::fs;

use super::vintage::newest_vintage;
use crate::db::{Cell, Db, DbError};
use crate::diagnostic::{Diagnostic, Problems};
use crate::model::source::Landed;
use crate::project::{Project, unwritable};

/// A file whose rows would be dropped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Droppable {
    /// Its number.
    pub file_id: i64,
    /// Where it was found.
    pub path: String,
    /// The vintage that brought it.
    pub vintage: i64,
    /// The vintage in which another took its place.
    pub superseded_in: i64,
    /// Its rows.
    pub rows: i64,
    /// The table that they are in.
    stored_table: String,
    /// Where its bytes are, relative to the landing folder, if nobody else needs them.
    pub bytes_at: Option<String>,
}

/// What forgetting all vintages before one would drop.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Plan {
    /// The first vintage that is kept.
    pub first_kept: u32,
    /// Vintages that could not be rebuilt any more.
    pub vintages: Vec<i64>,
    /// Files whose rows go.
    pub files: Vec<Droppable>,
    /// Texts of definitions that no kept vintage has.
    pub definitions: Vec<String>,
}

/// Works out what would be dropped; nothing is changed.
pub fn plan(db: &Db, first_kept: u32, manifest: &[Landed]) -> Result<Plan, Problems> {
    let newest = newest_vintage(db)?;
    if first_kept > newest {
        return Err(Diagnostic::usage(format!(
            "vintage {first_kept} does not exist: it would leave nothing to report"
        ))
        .hint(format!("the newest vintage is {newest}"))
        .into());
    }
    let before = [("before", Cell::from(first_kept))];
    let vintages = db.query(
        "SELECT vintage FROM meta.vintage WHERE vintage < $before AND NOT forgotten ORDER BY vintage",
        &before,
    )?;
    // A file that went out of use in the first kept vintage is not read by it.
    let files = db.query(
        "SELECT file_id, path, vintage, superseded_in, rows_read, stored_table, stored FROM meta.delivery \
         WHERE superseded_in <= $before AND kept ORDER BY file_id",
        &before,
    )?;
    let needed = needed_bytes(db, first_kept, manifest)?;
    let number = |cell: &Cell| cell.integer().unwrap_or(0);
    let droppable = |row: &Vec<Cell>| Droppable {
        file_id: number(&row[0]),
        path: row[1].shown(),
        vintage: number(&row[2]),
        superseded_in: number(&row[3]),
        rows: number(&row[4]),
        stored_table: row[5].shown(),
        bytes_at: Some(row[6].shown()).filter(|stored| !needed.contains(stored)),
    };
    let definitions = db.query(
        "SELECT sha256 FROM meta.definition WHERE sha256 NOT IN \
         (SELECT sha256 FROM meta.vintage_definition WHERE vintage >= $before) ORDER BY sha256",
        &before,
    )?;
    Ok(Plan {
        first_kept,
        vintages: vintages.rows.iter().map(|row| number(&row[0])).collect(),
        files: files.rows.iter().map(droppable).collect(),
        definitions: definitions.rows.iter().map(|row| row[0].shown()).collect(),
    })
}

/// Bytes in the landing folder that kept files are read from, or that a source would otherwise copy anew.
fn needed_bytes(db: &Db, first_kept: u32, manifest: &[Landed]) -> Result<BTreeSet<String>, DbError> {
    let kept = db.query(
        "SELECT DISTINCT stored FROM meta.delivery WHERE superseded_in IS NULL OR superseded_in > $before",
        &[("before", first_kept.into())],
    )?;
    let mut needed: BTreeSet<String> = kept.rows.iter().map(|row| row[0].shown()).collect();
    for (at, file) in manifest.iter().enumerate() {
        let is_newest =
            !manifest[at + 1..].iter().any(|later| later.source == file.source && later.path == file.path);
        if is_newest {
            needed.insert(file.stored.clone());
        }
    }
    Ok(needed)
}

/// Drops what the plan names: the bytes, then rows and texts in one transaction.
///
/// In this order one that is killed between the two is named again and finished by the next; no vintage is rebuilt from bytes.
pub fn forget(db: &Db, project: &Project, plan: &Plan) -> Result<(), Problems> {
    for stored in plan.files.iter().filter_map(|file| file.bytes_at.as_ref()) {
        let path = project.landing().join(stored);
        if path.is_file() {
            fs::remove_file(&path).map_err(|error| unwritable(&path, &error))?;
        }
    }
    db.transaction(|| -> Result<(), DbError> {
        for file in &plan.files {
            let id = [("file", Cell::Integer(file.file_id))];
            if db.has_relation(&file.stored_table)? {
                db.execute(&format!("DELETE FROM {} WHERE file_id = $file", file.stored_table), &id)?;
            }
            db.execute("DELETE FROM meta.reject WHERE file_id = $file", &id)?;
            db.execute("UPDATE meta.delivery SET kept = false WHERE file_id = $file", &id)?;
        }
        for sum in &plan.definitions {
            db.execute("DELETE FROM meta.definition WHERE sha256 = $sum", &[("sum", sum.as_str().into())])?;
        }
        db.execute(
            "UPDATE meta.vintage SET forgotten = true WHERE vintage < $before",
            &[("before", plan.first_kept.into())],
        )?;
        drop_empty_tables(db)
    })?;
    db.run("CHECKPOINT")?;
    Ok(())
}

/// Tables of former columns of a contract that hold no rows any more; that of its columns of today stands below a view.
fn drop_empty_tables(db: &Db) -> Result<(), DbError> {
    let former = db.query(
        "SELECT stored_table FROM meta.stored_table AS t WHERE NOT EXISTS \
         (SELECT 1 FROM meta.delivery AS d WHERE d.stored_table = t.stored_table AND d.kept) \
         AND NOT EXISTS (SELECT 1 FROM duckdb_views() AS v WHERE v.database_name = current_database() \
            AND contains(v.sql, split_part(t.stored_table, '.', 2))) ORDER BY 1",
        &[],
    )?;
    for row in &former.rows {
        let name = row[0].shown();
        db.run(&format!("DROP TABLE IF EXISTS {name}"))?;
        db.execute("DELETE FROM meta.stored_table WHERE stored_table = $name", &[("name", name.into())])?;
    }
    Ok(())
}
