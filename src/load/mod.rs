//! Raw files into typed tables. Every row read is either loaded or a named reject.
//!
//! Takes what landed and the contracts; gives the account of each file.
//! One wrong file never stops the others. Each file is one transaction, so a run that is killed
//! and started again ends where an undisturbed one does.

mod contract;
mod encoding;
mod lines;
mod relation;
mod sheet;
mod table;
mod views;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

pub use contract::{Column, Contract, Kind, TABLES, read_contracts};
pub use views::{View, make_views, read_views, tables_behind};

use crate::db::{Cell, Db, DbError, quoted};
use crate::diagnostic::{Diagnostic, Problems, count};
use crate::model::source::{Format, Landed, SourceEntry};
use crate::progress::Watcher;
use crate::project::{Project, make_folder};

/// What a load did.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Loaded {
    /// Files read in this run.
    pub files: u64,
    /// Their rows.
    pub rows_read: u64,
    /// Of these, rows kept out.
    pub rows_rejected: u64,
    /// The state of the data after it, if there is any.
    pub vintage: u32,
    /// Files that were refused, in this run or before and not corrected since; files in use that are gone.
    pub problems: Vec<Diagnostic>,
}

/// What a load works with.
pub struct Intake<'a> {
    /// The project.
    pub project: &'a Project,
    /// Its contracts.
    pub contracts: &'a [Contract],
    /// Its derived tables.
    pub views: &'a [View],
    /// Its sources.
    pub sources: &'a [SourceEntry],
    /// What landed from them.
    pub landed: &'a [Landed],
    /// The time of the run, UTC.
    pub now: &'a str,
}

/// A file to load, with what is known about its reading.
struct Job<'a> {
    file: &'a Landed,
    source: &'a SourceEntry,
    contract: &'a Contract,
    fingerprint: String,
}

/// Loads every file that is new, changed, or read under a contract that changed.
pub fn load(db: &Db, intake: &Intake, watcher: &dyn Watcher) -> Result<Loaded, Problems> {
    prepare(db, intake.contracts)?;
    let mut jobs = vec![];
    for job in jobs_of(intake) {
        if !is_done(db, &job)? {
            jobs.push(job);
        }
    }
    let orphans = orphans(db, intake.sources)?;
    let mut loaded = Loaded::default();
    watcher.begin("load", jobs.len() as u64);
    if !jobs.is_empty() || !orphans.is_empty() {
        let vintage = open_vintage(db, intake.now)?;
        for file_id in orphans {
            db.execute(
                "UPDATE meta.file SET state = 'superseded', superseded_in = $vintage WHERE file_id = $file",
                &[("vintage", vintage.into()), ("file", file_id)],
            )?;
        }
        for job in &jobs {
            load_file(db, intake.project, job, vintage, &mut loaded)?;
            watcher.step(&job.file.path);
        }
    }
    watcher.end();
    // Also of a run that was killed after its last file.
    db.run("UPDATE meta.vintage SET finished = true WHERE NOT finished")?;
    make_views(db, intake.views)?;
    loaded.vintage = newest_vintage(db)?;
    loaded.problems = refused(db)?;
    loaded.problems.extend(gone(db, intake)?);
    Ok(loaded)
}

/// Makes the tables and views of the contracts; a table whose columns changed is emptied and its files are read again.
pub fn prepare(db: &Db, contracts: &[Contract]) -> Result<(), Problems> {
    make_schema(db)?;
    drop_views(db)?;
    for contract in contracts {
        let name = contract.table.as_str();
        let signature = table::signature(contract);
        let known = db.value(
            "SELECT columns FROM meta.stored_table WHERE table_name = $name",
            &[("name", name.into())],
        )?;
        if known.text() != Some(&signature) {
            db.transaction(|| -> Result<(), DbError> {
                db.run(&format!("DROP TABLE IF EXISTS {}", table::stored_name(&contract.table)))?;
                db.run(&table::create(contract))?;
                let params = [("name", name.into())];
                db.execute("DELETE FROM meta.reject WHERE file_id IN (SELECT file_id FROM meta.file WHERE table_name = $name)", &params)?;
                db.execute("DELETE FROM meta.file WHERE table_name = $name", &params)?;
                db.execute("DELETE FROM meta.stored_table WHERE table_name = $name", &params)?;
                let params = [("name", name.into()), ("columns", signature.as_str().into())];
                db.execute("INSERT INTO meta.stored_table VALUES ($name, $columns)", &params)?;
                Ok(())
            })?;
        }
        db.run(&table::create_view(contract))?;
    }
    Ok(())
}

/// Makes the tables that every project has; a database of another layout is refused, not changed.
fn make_schema(db: &Db) -> Result<(), Problems> {
    let schema = include_str!("../schema.sql");
    let layout = Cell::from(schema);
    let is_new = db.value("SELECT count(*) FROM duckdb_schemas() WHERE schema_name = 'meta'", &[])?
        == Cell::Integer(0);
    if is_new {
        db.transaction(|| -> Result<(), DbError> {
            db.run(schema)?;
            db.execute(
                "INSERT INTO meta.done VALUES ('schema', sha256($layout))",
                &[("layout", layout.clone())],
            )?;
            Ok(())
        })?;
    }
    let is_same = db.value(
        "SELECT count(*) FROM meta.done WHERE work = 'schema' AND fingerprint = sha256($layout)",
        &[("layout", layout)],
    )?;
    if is_same == Cell::Integer(1) {
        return Ok(());
    }
    Err(Diagnostic::error("the database was made by another version of chiso")
        .in_file("build/chiso.duckdb")
        .hint("move it away and run again: everything that landed is loaded anew")
        .into())
}

/// Views are made anew, so that none stays whose file is gone.
fn drop_views(db: &Db) -> Result<(), DbError> {
    let views = db.query(
        "SELECT schema_name, view_name FROM duckdb_views() WHERE schema_name IN ('ref', 'fact', 'published')",
        &[],
    )?;
    for view in &views.rows {
        db.run(&format!("DROP VIEW {}.{}", quoted(&view[0].shown()), quoted(&view[1].shown())))?;
    }
    Ok(())
}

/// One job for each slot: of several files in one slot the last by path counts.
fn jobs_of<'a>(intake: &'a Intake) -> Vec<Job<'a>> {
    let mut slots: BTreeMap<(usize, &str), Job> = BTreeMap::new();
    for file in intake.landed {
        let Some(position) = intake.sources.iter().position(|source| source.id == file.source) else {
            continue;
        };
        let source = &intake.sources[position];
        let Some(contract) = intake.contracts.iter().find(|contract| contract.table == source.table) else {
            continue;
        };
        let fingerprint = format!("{} {:?} {:?}", contract.fingerprint, source.constants, source.format);
        slots.insert((position, &file.slot), Job { file, source, contract, fingerprint });
    }
    slots.into_values().collect()
}

/// Whether the newest file of the slot has the same bytes and was read in the same way.
fn is_done(db: &Db, job: &Job) -> Result<bool, DbError> {
    let newest = db.query(
        "SELECT sha256, fingerprint FROM meta.file WHERE source_id = $source AND slot = $slot ORDER BY file_id DESC LIMIT 1",
        &[("source", job.source.id.as_str().into()), ("slot", job.file.slot.as_str().into())],
    )?;
    Ok(newest.rows.first().is_some_and(|row| {
        row[0].text() == Some(&job.file.sha256) && row[1].text() == Some(&job.fingerprint)
    }))
}

/// Files in use whose source is gone from `sources.yml`: their rows must not count any longer.
fn orphans(db: &Db, sources: &[SourceEntry]) -> Result<Vec<Cell>, DbError> {
    let files = db.query(
        "SELECT file_id, source_id FROM meta.file WHERE state <> 'superseded' ORDER BY file_id",
        &[],
    )?;
    let is_known = |id: &Cell| sources.iter().any(|source| id.text() == Some(source.id.as_str()));
    Ok(files.rows.into_iter().filter(|row| !is_known(&row[1])).map(|mut row| row.swap_remove(0)).collect())
}

/// The vintage of this load: the one that a killed run left open, or the next.
fn open_vintage(db: &Db, now: &str) -> Result<u32, DbError> {
    let open = db.value("SELECT min(vintage) FROM meta.vintage WHERE NOT finished", &[])?;
    if let Some(vintage) = open.integer() {
        return Ok(u32::try_from(vintage).unwrap_or(0));
    }
    let vintage = newest_vintage(db)? + 1;
    db.execute(
        "INSERT INTO meta.vintage VALUES ($vintage, $now, false)",
        &[("vintage", vintage.into()), ("now", now.into())],
    )?;
    Ok(vintage)
}

fn newest_vintage(db: &Db) -> Result<u32, DbError> {
    let newest = db.value("SELECT coalesce(max(vintage), 0) FROM meta.vintage", &[])?;
    Ok(newest.integer().and_then(|vintage| u32::try_from(vintage).ok()).unwrap_or(0))
}

/// Loads one file, or writes down why it was refused; only a database that fails stops the run.
fn load_file(
    db: &Db,
    project: &Project,
    job: &Job,
    vintage: u32,
    loaded: &mut Loaded,
) -> Result<(), Problems> {
    let file_id = db.value("SELECT coalesce(max(file_id), 0) + 1 FROM meta.file", &[])?;
    let file_id = file_id.integer().and_then(|id| u32::try_from(id).ok()).unwrap_or(1);
    let workshop = Workshop::new(project)?;
    loaded.files += 1;
    match db.transaction(|| read_into(db, project, job, file_id, vintage, &workshop.0)) {
        Ok(account) => {
            tracing::info!(file = job.file.path, rows = account.read, rejected = account.rejected, "loaded");
            loaded.rows_read += account.read;
            loaded.rows_rejected += account.rejected;
        }
        Err(refusal) => {
            tracing::warn!(file = job.file.path, reason = refusal.message, "refused");
            let message =
                serde_json::json!({ "message": refusal.message, "hints": refusal.hints }).to_string();
            let account = Account { first_row: 1, read: 0, fits: 0, rejected: 0, message: Some(message) };
            note_file(db, job, file_id, vintage, "refused", &account)?;
        }
    }
    Ok(())
}

/// A folder for what must be rewritten before it can be read; gone when it is dropped.
struct Workshop(PathBuf);

impl Workshop {
    fn new(project: &Project) -> Result<Self, Diagnostic> {
        let folder = project.path("build/workshop");
        make_folder(&folder)?;
        Ok(Workshop(folder))
    }
}

impl Drop for Workshop {
    fn drop(&mut self) {
        // What is left here is overwritten by the next file; failing to remove it harms nothing.
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// The account of a file's rows.
struct Account {
    first_row: u64,
    read: u64,
    fits: u64,
    rejected: u64,
    message: Option<String>,
}

fn read_into(
    db: &Db,
    project: &Project,
    job: &Job,
    file_id: u32,
    vintage: u32,
    workshop: &Path,
) -> Result<Account, Diagnostic> {
    let shown = &job.file.path;
    let Some(format) = job.source.format.or_else(|| Format::of(shown)) else {
        return Err(Diagnostic::error(format!("the name of `{shown}` does not tell its format"))
            .in_file(shown)
            .hint(format!("add `format` to source `{}` in `sources.yml`", job.source.id)));
    };
    let path = project.landing().join(&job.file.stored);
    let relation =
        relation::relation(db, job.file, format, &job.source.constants, job.contract, &path, workshop)?;
    let refused = |error: DbError| relation::in_file(job.file, error);
    db.run("DROP TABLE IF EXISTS reject_errors; DROP TABLE IF EXISTS reject_scans").map_err(refused)?;
    db.run(&table::insert(job.contract, &relation, file_id)).map_err(refused)?;
    db.run(&table::torn_rows(&relation)).map_err(refused)?;
    if let Some(cut) = table::cut_at_end(job.contract, file_id) {
        db.run(&cut).map_err(refused)?;
    }
    if let Some(mark) = table::mark_duplicates(job.contract, file_id) {
        if db.value(&table::may_have_duplicates(job.contract, file_id), &[])? == Cell::Boolean(true) {
            db.run(&mark)?;
        }
    }
    db.run(&table::note_rejects(job.contract, &relation, file_id))?;
    let counts = db.query(&table::count_rows(job.contract, file_id), &[])?;
    let torn = db.value("SELECT count(*) FROM torn WHERE rule IS NOT NULL", &[])?;
    let number = |cell: &Cell| cell.integer().and_then(|n| u64::try_from(n).ok()).unwrap_or(0);
    let (stored, fits) = (number(&counts.rows[0][0]), number(&counts.rows[0][1]));
    let read = stored + number(&torn);
    let message = (!relation.notes.is_empty()).then(|| relation.notes.join("; "));
    let account = Account { first_row: relation.first_row, read, fits, rejected: read - fits, message };
    db.execute(
        "UPDATE meta.file SET state = 'superseded', superseded_in = $vintage \
         WHERE source_id = $source AND (slot = $slot OR path = $path) AND state <> 'superseded'",
        &[
            ("vintage", vintage.into()),
            ("path", job.file.path.as_str().into()),
            ("source", job.source.id.as_str().into()),
            ("slot", job.file.slot.as_str().into()),
        ],
    )?;
    note_file(db, job, file_id, vintage, "current", &account)?;
    Ok(account)
}

fn note_file(
    db: &Db,
    job: &Job,
    file_id: u32,
    vintage: u32,
    state: &str,
    account: &Account,
) -> Result<(), DbError> {
    let file = job.file;
    db.append(
        "meta",
        "file",
        [vec![
            file_id.into(),
            file.source.as_str().into(),
            job.contract.table.as_str().into(),
            file.slot.as_str().into(),
            file.path.as_str().into(),
            file.stored.as_str().into(),
            file.size.into(),
            file.sha256.as_str().into(),
            job.fingerprint.as_str().into(),
            vintage.into(),
            Cell::Null,
            state.into(),
            account.first_row.into(),
            account.read.into(),
            account.fits.into(),
            account.rejected.into(),
            account.message.clone().into(),
        ]],
    )
}

/// The refusals that still stand: the newest file of a slot is a refused one.
fn refused(db: &Db) -> Result<Vec<Diagnostic>, DbError> {
    let table = db.query(
        "SELECT path, message FROM meta.file f WHERE state = 'refused' AND file_id = \
         (SELECT max(file_id) FROM meta.file g WHERE g.source_id = f.source_id AND g.slot = f.slot) ORDER BY file_id",
        &[],
    )?;
    let diagnostic = |row: &Vec<Cell>| {
        let message: serde_json::Value = serde_json::from_str(&row[1].shown()).unwrap_or_default();
        let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
        let hints =
            message["hints"].as_array().map(|hints| hints.iter().map(text).collect()).unwrap_or_default();
        Diagnostic { hints, ..Diagnostic::error(text(&message["message"])).in_file(row[0].shown()) }
    };
    Ok(table.rows.iter().map(diagnostic).collect())
}

/// Files in use that no source brings any more: nobody sent others in their place, so their rows stay.
fn gone(db: &Db, intake: &Intake) -> Result<Vec<Diagnostic>, DbError> {
    let table = db.query(
        "SELECT source_id, slot, path, rows_loaded FROM meta.file WHERE state = 'current' ORDER BY path",
        &[],
    )?;
    let is_there = |row: &&Vec<Cell>| {
        let is_same =
            |file: &Landed| row[0].text() == Some(file.source.as_str()) && row[1].text() == Some(&file.slot);
        intake.landed.iter().any(is_same)
    };
    let warning = |row: &Vec<Cell>| {
        let (source, path) = (row[0].shown(), row[2].shown());
        let rows = count(row[3].integer().and_then(|n| u64::try_from(n).ok()).unwrap_or(0), "row");
        Diagnostic::warning(format!(
            "source `{source}` does not bring `{path}` any more; in use are still its {rows}"
        ))
        .in_file("sources.yml")
        .hint("bring it back, or delete `build` and run again to leave them out")
    };
    Ok(table.rows.iter().filter(|row| !is_there(row)).map(warning).collect())
}
