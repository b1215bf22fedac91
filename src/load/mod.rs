//! Raw files into typed tables. Every row read is either loaded or a named reject.
//!
//! Takes what landed and the contracts; gives the account of each file.
//! One wrong file never stops the others. Each file is one transaction, so a run that is killed
//! and started again ends where an undisturbed one does.

mod contract;
mod encoding;
mod hmac;
mod lines;
mod lookup;
mod organisation;
mod past;
mod published;
mod rejected;
mod relation;
mod replay;
mod retention;
mod sender;
mod sheet;
mod table;
mod template;
mod views;
mod vintage;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::fs;
use std::path::{Path, PathBuf};

pub use contract::{Code, Column, Contract, Kind, Personal, TABLES, read_contracts};
pub use hmac::{KEY_VARIABLE, Key};
pub use organisation::{ORGANISATION_CODE, refresh as refresh_codes};
pub use past::{Past, past};
pub use published::{PublishedView, published_views};
pub use rejected::{Archive, ROWS_GIVEN, rejected_files};
pub use replay::expect_known as expect_replayable;
pub use retention::{Droppable, Plan, forget, plan};
pub use sender::{check_deliveries, note_sent};
pub use template::{Sender, template};
pub use views::{View, codes_rest_on_facts, make_views, read_views, rests_on};
pub use vintage::{absences, is_marked, mark, newest_vintage, note_absences, settle};

use crate::db::{Cell, Db, DbError, quoted};
use crate::diagnostic::{Diagnostic, Problems, Source, count};
use crate::model::id::SourceId;
use crate::model::source::{Format, Landed, SourceEntry};
use crate::progress::Watcher;
use crate::project::{Project, make_private_folder};

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

/// A file to load, with what is known about its reading.
struct Job<'a> {
    file: Cow<'a, Landed>,
    source: &'a SourceEntry,
    contract: &'a Contract,
    /// How it is read.
    fingerprint: String,
    /// The key of the sums of persons, where the table has some.
    key: Option<&'a Key>,
}

impl Job<'_> {
    /// How it is read, and with which key: sums of two keys cannot be compared.
    fn whole_fingerprint(&self) -> String {
        match self.key {
            Some(key) => format!("{} {}", self.fingerprint, key.mark(self.contract.table.as_str())),
            None => self.fingerprint.clone(),
        }
    }

    /// Whether a file that was read in this way need not be read again. What was read with a key stays when there is none.
    fn is_read_so(&self, fingerprint: &str) -> bool {
        match self.key {
            Some(_) => fingerprint == self.whole_fingerprint(),
            None => fingerprint.starts_with(&self.fingerprint),
        }
    }
}

/// Loads every file that is new, changed, or read under a contract that changed.
///
/// Tables without organisations come first: from them follow the codes that the others are judged by.
pub fn load(db: &Db, intake: &Intake, watcher: &dyn Watcher) -> Result<Loaded, Problems> {
    prepare(db, intake.contracts)?;
    make_views(db, intake.views)?;
    let mut loading = Loading { db, intake, vintage: None, loaded: Loaded::default() };
    if vintage::is_other(db, intake.definitions)? {
        loading.vintage()?;
    }
    loading.drop_orphans()?;
    let is_plain = |job: &Job| job.contract.organisations.is_empty();
    let mut plain = jobs_of(db, intake)?;
    let (again, mut again_by_codes) = loading.replays(&plain)?.into_iter().partition(is_plain);
    plain.retain(is_plain);
    plain.extend::<Vec<Job>>(again);
    loading.work_off(plain, watcher)?;
    loading.restore(is_plain, watcher)?;
    let problems = organisation::refresh(db, intake.contracts)?;
    let codes = organisation::digest(db)?;
    let mut jobs = jobs_of(db, intake)?;
    jobs.retain(|job| !is_plain(job));
    jobs.append(&mut again_by_codes);
    jobs.extend(loading.judged_otherwise(&codes, &jobs)?);
    if !vintage::is_marked(db, "codes", &codes)? {
        // Until all files are judged by these codes, those of a run that is killed here are judged by no one list.
        vintage::mark(db, "codes", "")?;
    }
    if !jobs.is_empty() {
        loading.work_off(jobs, watcher)?;
    }
    loading.restore(|job| !is_plain(job), watcher)?;
    loading.leave_former_tables()?;
    vintage::mark(db, "codes", &codes)?;
    views::keep_rows(db, intake.views)?;
    // Also of a run that was killed after its last file.
    db.run("UPDATE meta.vintage SET finished = true WHERE NOT finished")?;
    let mut loaded = loading.loaded;
    loaded.vintage = newest_vintage(db)?;
    loaded.problems.extend(problems);
    loaded.problems.extend(refused(db)?);
    loaded.problems.extend(gone(db, intake)?);
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

    fn work_off(&mut self, jobs: Vec<Job>, watcher: &dyn Watcher) -> Result<(), Problems> {
        watcher.begin("load", jobs.len() as u64);
        for job in &jobs {
            let vintage = self.vintage()?;
            load_file(self.db, self.intake.project, job, vintage, &mut self.loaded)?;
            watcher.step(&job.file.path);
        }
        watcher.end();
        Ok(())
    }

    /// A file that was just refused leaves the one before it in use, which is then read under the columns of today.
    fn restore(&mut self, is_wanted: impl Fn(&Job) -> bool, watcher: &dyn Watcher) -> Result<(), Problems> {
        let jobs: Vec<Job> = jobs_of(self.db, self.intake)?.into_iter().filter(is_wanted).collect();
        if jobs.is_empty() { Ok(()) } else { self.work_off(jobs, watcher) }
    }

    /// Files whose codes would be judged otherwise today than when they were loaded; `known` are to be read anyway.
    fn judged_otherwise(&self, codes: &str, known: &[Job<'a>]) -> Result<Vec<Job<'a>>, DbError> {
        if vintage::is_marked(self.db, "codes", codes)? {
            return Ok(vec![]);
        }
        let mut jobs = vec![];
        for InUse { file_id, job, .. } in in_use(self.db, self.intake)? {
            let is_known = known
                .iter()
                .any(|other| other.file.source == job.file.source && other.file.slot == job.file.slot);
            if !is_known && organisation::judges_otherwise(self.db, job.contract, file_id)? {
                jobs.push(job);
            }
        }
        Ok(jobs)
    }

    /// Rows that came under other columns of a contract no longer count: the table they are in is not read any more.
    fn leave_former_tables(&mut self) -> Result<(), DbError> {
        for contract in self.intake.contracts {
            let params =
                [("table", contract.table.as_str().into()), ("stored", table::stored_name(contract).into())];
            let former = "superseded_in IS NULL AND outcome = 'current' AND table_name = $table AND stored_table <> $stored";
            let sql = format!("SELECT count(*) FROM meta.delivery WHERE {former}");
            if self.db.value(&sql, &params)? != Cell::Integer(0) {
                let vintage = self.vintage()?;
                let sql = format!("UPDATE meta.delivery SET superseded_in = {vintage} WHERE {former}");
                self.db.execute(&sql, &params)?;
            }
        }
        Ok(())
    }
}

/// Makes the tables and views of the contracts.
pub fn prepare(db: &Db, contracts: &[Contract]) -> Result<(), Problems> {
    make_schema(db)?;
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
    let code = SCHEMA.lines().map(|line| line.split_once("--").map_or(line, |(code, _)| code));
    code.flat_map(str::split_whitespace).collect::<Vec<_>>().join(" ")
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

/// What is to be read: of several files in one slot the last by path; and files in use that no source brings any more, or
/// that stay in use because the one after them was refused, where their contract changed.
///
/// Such a file is read again from the landing folder, and the refused one is tried again after it.
fn jobs_of<'a>(db: &Db, intake: &Intake<'a>) -> Result<Vec<Job<'a>>, DbError> {
    let mut slots: BTreeMap<(usize, String), Job> = BTreeMap::new();
    for file in intake.landed {
        if let Some((position, job)) = job(intake, Cow::Borrowed(file)) {
            slots.insert((position, file.slot.clone()), job);
        }
    }
    let mut jobs = vec![];
    for InUse { job: former, .. } in in_use(db, intake)?.into_iter().filter(|file| !file.is_read_so) {
        let position = intake.sources.iter().position(|source| source.id == former.source.id).unwrap_or(0);
        match slots.entry((position, former.file.slot.clone())) {
            Entry::Vacant(_) => jobs.push(former),
            Entry::Occupied(landed) if is_refused(db, landed.get())? => {
                jobs.push(former);
                jobs.push(landed.remove());
            }
            Entry::Occupied(_) => {}
        }
    }
    for job in slots.into_values() {
        if !is_done(db, &job)? {
            jobs.push(job);
        }
    }
    Ok(jobs)
}

/// Whether this very file was refused, and no other came after it.
fn is_refused(db: &Db, job: &Job) -> Result<bool, DbError> {
    let refused = db.value(
        "SELECT count(*) FROM meta.file WHERE source_id = $source AND slot = $slot AND sha256 = $sum AND state = 'refused'",
        &[
            ("source", job.source.id.as_str().into()),
            ("slot", job.file.slot.as_str().into()),
            ("sum", job.file.sha256.as_str().into()),
        ],
    )?;
    Ok(refused != Cell::Integer(0))
}

fn job<'a>(intake: &Intake<'a>, file: Cow<'a, Landed>) -> Option<(usize, Job<'a>)> {
    let position = intake.sources.iter().position(|source| source.id == file.source)?;
    let source = &intake.sources[position];
    let contract = intake.contracts.iter().find(|contract| contract.table == source.table)?;
    let fingerprint = format!("{} {:?} {:?}", contract.fingerprint, source.constants, source.format);
    let key = intake.key.filter(|_| contract.hashed().next().is_some());
    Some((position, Job { file, source, contract, fingerprint, key }))
}

/// A file whose rows are in use.
struct InUse<'a> {
    file_id: u32,
    /// The job that would read it again.
    job: Job<'a>,
    /// Whether it was read as it would be read today.
    is_read_so: bool,
}

/// The files whose rows are in use.
fn in_use<'a>(db: &Db, intake: &Intake<'a>) -> Result<Vec<InUse<'a>>, DbError> {
    let files = db.query(
        "SELECT file_id, source_id, slot, path, stored, size, sha256, fingerprint, table_name \
         FROM meta.file WHERE state = 'current' ORDER BY file_id",
        &[],
    )?;
    let landed = |row: &Vec<Cell>| {
        Some(Landed {
            source: row[1].text()?.parse().ok()?,
            slot: row[2].shown(),
            path: row[3].shown(),
            stored: row[4].shown(),
            size: row[5].integer().and_then(|size| u64::try_from(size).ok())?,
            sha256: row[6].shown(),
            landed_at: String::new(),
            stamp: String::new(),
        })
    };
    let in_use = |row: &Vec<Cell>| {
        let file_id = row[0].integer().and_then(|id| u32::try_from(id).ok())?;
        let (_, job) = job(intake, Cow::Owned(landed(row)?))?;
        let is_read_so = row[7].text().is_some_and(|read| job.is_read_so(read))
            && row[8].text() == Some(job.contract.table.as_str());
        Some(InUse { file_id, job, is_read_so })
    };
    Ok(files.rows.iter().filter_map(in_use).collect())
}

/// Whether the newest file of the slot has the same bytes, was read in the same way into the same table, and was not
/// dropped since: a source that is taken away and given back brings its rows back.
fn is_done(db: &Db, job: &Job) -> Result<bool, DbError> {
    let newest = db.query(
        "SELECT sha256, fingerprint, table_name, superseded_in FROM meta.delivery \
         WHERE source_id = $source AND slot = $slot ORDER BY file_id DESC LIMIT 1",
        &[("source", job.source.id.as_str().into()), ("slot", job.file.slot.as_str().into())],
    )?;
    Ok(newest.rows.first().is_some_and(|row| {
        row[0].text() == Some(&job.file.sha256)
            && row[1].text().is_some_and(|read| job.is_read_so(read))
            && row[2].text() == Some(job.contract.table.as_str())
            && row[3] == Cell::Null
    }))
}

/// Loads one file, or writes down why it was refused; only a database that fails stops the run.
fn load_file(
    db: &Db,
    project: &Project,
    job: &Job,
    vintage: u32,
    loaded: &mut Loaded,
) -> Result<(), Problems> {
    let file_id = db.value("SELECT coalesce(max(file_id), 0) + 1 FROM meta.delivery", &[])?;
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
        make_private_folder(&folder)?;
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
        relation::relation(db, &job.file, format, &job.source.constants, job.contract, &path, workshop)?;
    let refused = |error: DbError| relation::in_file(&job.file, error);
    db.run("DROP TABLE IF EXISTS reject_errors; DROP TABLE IF EXISTS reject_scans").map_err(refused)?;
    let insert = table::insert(job.contract, &relation, file_id, job.key.is_some());
    match job.key.filter(|_| hmac::is_in(&insert)) {
        Some(key) => db.execute(&insert, &key.params()).map(|_| ()),
        None => db.run(&insert),
    }
    .map_err(refused)?;
    db.run(&table::torn_rows(&relation)).map_err(refused)?;
    if let Some(cut) = table::cut_at_end(job.contract, file_id) {
        db.run(&cut).map_err(refused)?;
    }
    organisation::judge_periods(db, job.contract, file_id)?;
    let mut notes = relation.notes.clone();
    notes.extend(unkeyed(job, &relation));
    notes.extend(organisation::judge_codes(db, job.contract, file_id)?);
    if let Some(mark) = table::mark_duplicates(job.contract, file_id)
        && db.value(&table::may_have_duplicates(job.contract, file_id), &[])? == Cell::Boolean(true)
    {
        db.run(&mark)?;
    }
    db.run(&table::note_rejects(job.contract, &relation, file_id))?;
    let counts = db.query(&table::count_rows(job.contract, file_id), &[])?;
    let torn = db.value("SELECT count(*) FROM torn WHERE rule IS NOT NULL", &[])?;
    let number = |cell: &Cell| cell.integer().and_then(|n| u64::try_from(n).ok()).unwrap_or(0);
    let (stored, fits) = (number(&counts.rows[0][0]), number(&counts.rows[0][1]));
    let read = stored + number(&torn);
    let message = (!notes.is_empty()).then(|| notes.join("; "));
    let account = Account { first_row: relation.first_row, read, fits, rejected: read - fits, message };
    db.execute(
        "UPDATE meta.delivery SET superseded_in = $vintage \
         WHERE source_id = $source AND (slot = $slot OR path = $path) AND superseded_in IS NULL",
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

/// What is to be said of sums of persons that could not be made.
fn unkeyed(job: &Job, relation: &relation::Relation) -> Vec<String> {
    let columns = job.contract.columns.iter().zip(&relation.cells);
    let is_left_out = |(column, cell): &(&Column, &relation::Cell)| {
        column.personal == Some(Personal::Hash) && **cell != relation::Cell::Absent && job.key.is_none()
    };
    columns
        .filter(is_left_out)
        .map(|(column, _)| {
            format!("`{}` is empty: there is no key for it in `{}`", column.name, KEY_VARIABLE)
        })
        .collect()
}

fn note_file(
    db: &Db,
    job: &Job,
    file_id: u32,
    vintage: u32,
    outcome: &str,
    account: &Account,
) -> Result<(), DbError> {
    let file = &job.file;
    db.append(
        "meta",
        "delivery",
        [vec![
            file_id.into(),
            file.source.as_str().into(),
            job.contract.table.as_str().into(),
            file.slot.as_str().into(),
            file.path.as_str().into(),
            file.stored.as_str().into(),
            file.size.into(),
            file.sha256.as_str().into(),
            job.whole_fingerprint().into(),
            vintage.into(),
            Cell::Null,
            outcome.into(),
            table::stored_name(job.contract).into(),
            account.first_row.into(),
            account.read.into(),
            account.fits.into(),
            account.rejected.into(),
            account.message.clone().into(),
            Cell::Boolean(true),
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
        .hint("bring it back; to leave its rows out, take the source out of `sources.yml`, run, and put it back")
    };
    Ok(table.rows.iter().filter(|row| !is_there(row)).map(warning).collect())
}
