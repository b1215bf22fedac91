//! Raw files into typed tables. Every row read is either loaded or a named reject.
//!
//! Takes what landed and the contracts; gives the account of each file.
//! One wrong file never stops the others. Files are read whole or not at all, so a run that is killed
//! and started again ends where an undisturbed one does.

mod batch;
mod contract;
mod encoding;
mod ground;
mod hmac;
mod jobs;
mod kept;
mod lines;
mod lookup;
mod moment;
mod name;
mod notice;
mod organisation;
mod past;
mod published;
mod rejected;
mod relation;
mod repeated;
mod replay;
mod retention;
mod sender;
mod sheet;
mod table;
mod template;
mod text;
mod views;
mod vintage;

use std::collections::{BTreeMap, BTreeSet, HashSet};

pub use contract::{
    Code, Column, Contract, Kind, OrganisationColumn, Personal, ReadOn, TABLES, read_contracts,
};
pub use ground::grounds;
pub use hmac::{KEY_VARIABLE, Key};
pub use kept::check_kept;
pub use notice::cell_at;
pub use organisation::{ORGANISATION_CODE, refresh as refresh_codes};
pub use past::{Past, past};
pub use published::{PublishedView, published_views};
pub use rejected::{Archive, ROWS_GIVEN, rejected_files};
pub use replay::expect_known as expect_replayable;
pub use retention::{Droppable, Plan, forget, plan};
pub use sender::{check_deliveries, note_sent};
pub use template::{Sender, template};
pub use views::{View, codes_rest_on_facts, make_ready, make_views, read_views, rests_on};
pub use vintage::{absences, is_computed, is_marked, mark, newest_vintage, note_absences, settle};

use crate::db::{Cell, Db, DbError, code, literal, quoted};
use crate::diagnostic::{Diagnostic, Problems, Source, count};
use crate::model::id::SourceId;
use crate::model::source::{Landed, SourceEntry};
use crate::progress::Watcher;
use crate::project::Project;
use batch::{Account, Listener, Reader};
use jobs::{Job, jobs_of};

/// What a load did.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Loaded {
    /// Files read in this run.
    pub files: u64,
    /// Their rows.
    pub rows_read: u64,
    /// Of these, rows kept out.
    pub rows_rejected: u64,
    /// Files that were read again because that was asked for, by source.
    pub replayed: BTreeMap<SourceId, u64>,
    /// The state of the data after it, if there is any.
    pub vintage: u32,
    /// Files that were refused, in this run or before and not corrected since; files in use that are gone, or worth a look.
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
    /// Every file of definitions, for the vintage.
    pub definitions: &'a [Source],
    /// The time of the run, UTC.
    pub now: &'a str,
    /// The key of the sums of persons; without one, they are left out.
    pub key: Option<&'a Key>,
    /// What is to be read again though nothing about its reading changed.
    pub replay: Replay<'a>,
}

/// What is read again on demand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Replay<'a> {
    /// Nothing.
    #[default]
    No,
    /// Files with rows that were kept out, and those that were refused.
    Rejected,
    /// These sources and files, whatever came of them.
    Named(&'a [String]),
}

/// Loads every file that is new, changed, or read under a contract that changed.
///
/// Tables without organisations come first: from them follow the codes that the others are judged by.
pub fn load(db: &Db, intake: &Intake, watcher: &dyn Watcher) -> Result<Loaded, Problems> {
    db.leave_groups()?;
    table::teach(db)?;
    make_ready(db, intake.contracts, intake.views)?;
    let mut loading = Loading { db, intake, vintage: None, loaded: Loaded::default() };
    if vintage::is_other(db, intake.definitions)? {
        loading.vintage()?;
    }
    loading.drop_orphans()?;
    let is_plain = |job: &Job| job.contract.organisations.is_empty();
    let jobs = jobs_of(db, intake)?;
    let again = loading.replays(&jobs)?;
    let (plain, mut jobs): (Vec<Job>, Vec<Job>) = jobs.into_iter().chain(again).partition(is_plain);
    loading.work_off(&plain, is_plain, watcher)?;
    kept::keep_for_codes(db, intake.contracts, intake.views)?;
    let problems = organisation::refresh(db, intake.contracts)?;
    let codes = organisation::digest(db)?;
    jobs.extend(loading.judged_otherwise(&codes, &jobs)?);
    if !vintage::is_marked(db, "codes", &codes)? {
        // Until all files are judged by these codes, those of a run that is killed here are judged by no one list.
        vintage::mark(db, "codes", "")?;
    }
    loading.work_off(&jobs, |job| !is_plain(job), watcher)?;
    loading.leave_former_tables()?;
    vintage::mark(db, "codes", &codes)?;
    kept::keep_rows(db, intake.contracts, intake.views)?;
    if let Some(vintage) = loading.vintage {
        repeated::note(db, intake.contracts, vintage)?;
    }
    // Also of a run that was killed after its last file.
    db.run("UPDATE meta.vintage SET finished = true WHERE NOT finished")?;
    let mut loaded = loading.loaded;
    loaded.vintage = newest_vintage(db)?;
    loaded.problems.extend(problems);
    loaded.problems.extend(refused(db)?);
    loaded.problems.extend(gone(db, intake)?);
    loaded.problems.extend(repeated::told(db)?);
    loaded.problems.extend(notice::noticed(db)?);
    Ok(loaded)
}

/// A load on its way.
struct Loading<'a> {
    db: &'a Db,
    intake: &'a Intake<'a>,
    /// Opened when there is something to write down.
    vintage: Option<u32>,
    loaded: Loaded,
}

impl<'a> Loading<'a> {
    fn vintage(&mut self) -> Result<u32, DbError> {
        if let Some(vintage) = self.vintage {
            return Ok(vintage);
        }
        let vintage = vintage::open(self.db, self.intake.now, self.intake.definitions)?;
        self.vintage = Some(vintage);
        Ok(vintage)
    }

    /// Files in use whose source is gone from `sources.yml`: their rows must not count any longer.
    fn drop_orphans(&mut self) -> Result<(), DbError> {
        let files = self.db.query(
            "SELECT file_id, source_id FROM meta.file WHERE state <> 'superseded' ORDER BY file_id",
            &[],
        )?;
        let sources = self.intake.sources;
        let is_known = |id: &Cell| sources.iter().any(|source| id.text() == Some(source.id.as_str()));
        for row in files.rows.into_iter().filter(|row| !is_known(&row[1])) {
            let vintage = self.vintage()?;
            self.db.execute(
                "UPDATE meta.delivery SET superseded_in = $vintage WHERE file_id = $file",
                &[("vintage", vintage.into()), ("file", row[0].clone())],
            )?;
        }
        Ok(())
    }

    /// What is to be read again on demand, but for what is read anyway; counted by source.
    fn replays(&mut self, known: &[Job<'a>]) -> Result<Vec<Job<'a>>, DbError> {
        let jobs = replay::jobs(self.db, self.intake, known)?;
        for job in &jobs {
            *self.loaded.replayed.entry(job.file.source.clone()).or_default() += 1;
        }
        Ok(jobs)
    }

    /// Reads files; those `wanted` that are to be read again because of them, too.
    fn work_off(
        &mut self,
        jobs: &[Job],
        is_wanted: impl Fn(&Job) -> bool,
        watcher: &dyn Watcher,
    ) -> Result<(), Problems> {
        if !self.read(jobs, watcher)? {
            return Ok(());
        }
        // A file that was just refused leaves the one before it in use, which is then read under the columns of today.
        let jobs: Vec<Job> = jobs_of(self.db, self.intake)?.into_iter().filter(is_wanted).collect();
        self.read(&jobs, watcher).map(|_| ())
    }

    /// Reads files; gives whether one of them was refused.
    fn read(&mut self, jobs: &[Job], watcher: &dyn Watcher) -> Result<bool, Problems> {
        if jobs.is_empty() {
            return Ok(false);
        }
        let vintage = self.vintage()?;
        watcher.begin("load", jobs.len() as u64);
        let mut telling = Telling { loaded: &mut self.loaded, watcher, is_refused: false };
        let (db, project) = (self.db, self.intake.project);
        Reader { db, project, vintage, listener: &mut telling }.read_all(jobs)?;
        let is_refused = telling.is_refused;
        watcher.end();
        Ok(is_refused)
    }

    /// Files whose codes would be judged otherwise today than when they were loaded; `known` are to be read anyway.
    fn judged_otherwise(&self, codes: &str, known: &[Job<'a>]) -> Result<Vec<Job<'a>>, DbError> {
        if vintage::is_marked(self.db, "codes", codes)? {
            return Ok(vec![]);
        }
        let mut files = BTreeSet::new();
        for contract in self.intake.contracts {
            files.extend(organisation::judged_otherwise(self.db, contract)?);
        }
        jobs::again(self.db, self.intake, &files, known)
    }

    /// Rows that came under other columns of a contract no longer count: the table they are in is not read any more.
    fn leave_former_tables(&mut self) -> Result<(), DbError> {
        let names = |name: fn(&Contract) -> String| -> String {
            self.intake
                .contracts
                .iter()
                .map(|contract| literal(&name(contract)))
                .collect::<Vec<_>>()
                .join(", ")
        };
        let former = format!(
            "superseded_in IS NULL AND outcome = 'current' AND table_name IN ({}) AND stored_table NOT IN ({})",
            names(|contract| contract.table.to_string()),
            names(table::stored_name)
        );
        if self.intake.contracts.is_empty() {
            return Ok(());
        }
        let sql = format!("SELECT count(*) FROM meta.delivery WHERE {former}");
        if self.db.value(&sql, &[])? != Cell::Integer(0) {
            let vintage = self.vintage()?;
            self.db.run(&format!("UPDATE meta.delivery SET superseded_in = {vintage} WHERE {former}"))?;
        }
        Ok(())
    }
}

/// Counts what is read, and tells of it.
struct Telling<'a> {
    loaded: &'a mut Loaded,
    watcher: &'a dyn Watcher,
    is_refused: bool,
}

impl Listener for Telling<'_> {
    fn read(&mut self, job: &Job, account: &Account) {
        tracing::info!(file = job.file.path, rows = account.read, rejected = account.rejected, "loaded");
        self.loaded.files += 1;
        self.loaded.rows_read += account.read;
        self.loaded.rows_rejected += account.rejected;
        self.watcher.step(&job.file.path);
    }

    fn refused(&mut self, job: &Job, refusal: &Diagnostic) {
        tracing::warn!(file = job.file.path, reason = refusal.message, "refused");
        self.loaded.files += 1;
        self.is_refused = true;
        self.watcher.step(&job.file.path);
    }
}

/// Makes the tables and views of the contracts.
pub fn prepare(db: &Db, contracts: &[Contract]) -> Result<(), Problems> {
    make_schema(db)?;
    name::make_macro(db)?;
    drop_views(db)?;
    for contract in contracts {
        let stored = table::stored_name(contract);
        if !db.has_relation(&stored)? {
            db.transaction(|| -> Result<(), DbError> {
                db.run(&table::create(contract))?;
                let params = [
                    ("stored", stored.as_str().into()),
                    ("name", contract.table.as_str().into()),
                    ("columns", table::signature(contract).into()),
                ];
                db.execute(
                    "INSERT OR REPLACE INTO meta.stored_table VALUES ($stored, $name, $columns)",
                    &params,
                )?;
                Ok(())
            })?;
        }
        db.run(&table::create_view(contract))?;
    }
    Ok(())
}

/// Makes the tables that every project has; a database of another layout is refused, not changed.
fn make_schema(db: &Db) -> Result<(), Problems> {
    let is_new = db.value(
        "SELECT count(*) FROM duckdb_schemas() WHERE database_name = current_database() AND schema_name = 'meta'",
        &[],
    )? == Cell::Integer(0);
    if is_new {
        db.transaction(|| -> Result<(), DbError> {
            db.run(SCHEMA)?;
            db.execute(
                "INSERT INTO meta.done VALUES ('schema', sha256($layout))",
                &[("layout", layout().into())],
            )?;
            Ok(())
        })?;
    }
    expect_same_schema(db, "meta.done")
}

const SCHEMA: &str = include_str!("../schema.sql");

/// The statements of the layout without what is said about them: words may change, tables may not.
fn layout() -> String {
    code(SCHEMA).flat_map(str::split_whitespace).collect::<Vec<_>>().join(" ")
}

/// The database of a project that was loaded before, made by this layout.
pub fn open_existing(project: &Project) -> Result<Db, Problems> {
    let file = project.database();
    if !file.is_file() {
        return Err(Diagnostic::error("there is no database yet").hint("`chiso run` makes it").into());
    }
    let db = Db::open(&file)?;
    if !db.has_relation("meta.done")? {
        return Err(Diagnostic::error("nothing was loaded yet").hint("`chiso run` gathers and loads").into());
    }
    expect_same_schema(&db, "meta.done")?;
    Ok(db)
}

/// An error unless the marks in `done` say that the tables were made by this layout.
fn expect_same_schema(db: &Db, done: &str) -> Result<(), Problems> {
    let is_same = db.value(
        &format!("SELECT count(*) FROM {done} WHERE work = 'schema' AND fingerprint = sha256($layout)"),
        &[("layout", layout().into())],
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
        "SELECT schema_name, view_name FROM duckdb_views() \
         WHERE database_name = current_database() AND schema_name IN ('ref', 'fact', 'published')",
        &[],
    )?;
    for view in &views.rows {
        db.run(&format!("DROP VIEW {}.{}", quoted(&view[0].shown()), quoted(&view[1].shown())))?;
    }
    Ok(())
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
    let landed: HashSet<(&str, &str)> =
        intake.landed.iter().map(|file| (file.source.as_str(), file.slot.as_str())).collect();
    let is_there =
        |row: &&Vec<Cell>| row[0].text().zip(row[1].text()).is_some_and(|slot| landed.contains(&slot));
    let warning = |row: &Vec<Cell>| {
        let (source, path) = (row[0].shown(), row[2].shown());
        let rows = count(row[3].count().unwrap_or(0), "row");
        not_brought(&source, &path, &format!("in use are still its {rows}"))
    };
    Ok(table.rows.iter().filter(|row| !is_there(row)).map(warning).collect())
}

/// That a source does not bring a file any more, of which something is in use all the same.
pub fn not_brought(source: &str, path: &str, in_use: &str) -> Diagnostic {
    Diagnostic::warning(format!("source `{source}` does not bring `{path}` any more; {in_use}"))
        .in_file("sources.yml")
        .hint("bring it back; to leave its rows out, put a file with the headings alone in its place")
}
