//! Files read into their table, as many together as one statement can read.
//!
//! An agency sends a small file a month, and a nation thousands of them: to plan a statement for each would take far longer
//! than to read it. Files of one source that stand alike are read together, in one transaction; where that fails, they are
//! halved until the file is found that cannot be read, and the others are not affected.

use std::collections::{BTreeSet, HashMap};
use std::fs;
use std::path::{Path, PathBuf};

use super::contract::{Column, Contract, Personal};
use super::encoding::is_packed;
use super::jobs::Job;
use super::relation::{self, Laid, Relation};
use super::table::{self, Files};
use super::{KEY_VARIABLE, hmac, notice, organisation};
use crate::cores::ahead;
use crate::db::{Cell, Db, DbError};
use crate::diagnostic::{Diagnostic, Problems};
use crate::model::source::Format;
use crate::project::{Project, make_private_folder};

/// Files are read together up to this size of text: a run that is killed loses a quarter of a minute, and cores wait for each
/// other at the end of a batch, while its rows are counted and while they are written down.
const BYTES_TOGETHER: u64 = 2 << 30;

/// And up to this number.
const FILES_TOGETHER: usize = 1000;

/// A byte of a packed file holds as much as so many of a text.
const BYTES_PACKED: u64 = 4;

/// So many files are looked through while those before them are read: what is looked through is still in memory when its
/// turn comes.
const FILES_AHEAD: usize = 200;

/// A folder for what must be rewritten before it can be read; gone when it is dropped.
pub(super) struct Workshop(pub PathBuf);

impl Workshop {
    pub(super) fn new(project: &Project) -> Result<Self, Diagnostic> {
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
#[derive(Debug, Default)]
pub(super) struct Account {
    first_row: u64,
    pub read: u64,
    fits: u64,
    pub rejected: u64,
    message: Option<String>,
}

/// Files that one statement reads.
struct Batch<'a, 'j> {
    jobs: Vec<&'j Job<'a>>,
    relation: Relation,
    size: u64,
}

impl<'a, 'j> Batch<'a, 'j> {
    fn new(job: &'j Job<'a>, relation: Relation) -> Self {
        Batch { size: size(job), jobs: vec![job], relation }
    }

    /// Whether a further file may be read with these.
    fn fits(&self, job: &Job, relation: &Relation) -> bool {
        let first = self.jobs[0];
        std::ptr::eq(first.source, job.source)
            && std::ptr::eq(first.contract, job.contract)
            && self.size + size(job) <= BYTES_TOGETHER
            && self.jobs.len() < FILES_TOGETHER
            && self.relation.is_like(relation)
            && !self.jobs.iter().any(|other| job.is_in_place_of(other))
    }

    fn take(&mut self, job: &'j Job<'a>, relation: Relation) {
        self.size += size(job);
        self.jobs.push(job);
        self.relation.take(relation);
    }

    fn may_grow(&self) -> bool {
        // Where a row ends the data of its file is found file by file.
        self.relation.may_grow() && self.jobs[0].contract.form.ends_at.is_none()
    }

    fn halves(mut self) -> [Self; 2] {
        let second = self.split_off(self.jobs.len() / 2);
        [self, second]
    }

    /// In their order: each file of these places alone, the others together as before.
    fn apart(mut self, alone: &BTreeSet<usize>) -> Vec<Self> {
        let mut parts = vec![];
        for place in alone.iter().rev() {
            parts.push(self.split_off(place + 1));
            parts.push(self.split_off(*place));
        }
        parts.push(self);
        parts.into_iter().rev().filter(|part| !part.jobs.is_empty()).collect()
    }

    fn split_off(&mut self, at: usize) -> Self {
        Batch { jobs: self.jobs.split_off(at), relation: self.relation.split_off(at), size: self.size }
    }
}

/// Where a file lies that landed.
fn stored(project: &Project, job: &Job) -> PathBuf {
    project.landing().join(&job.file.stored)
}

fn format(job: &Job) -> Option<Format> {
    job.source.format_of(&job.file.path)
}

/// How many bytes of text a file holds, roughly.
fn size(job: &Job) -> u64 {
    let is_packed = format(job) == Some(Format::Parquet) || is_packed(Path::new(&job.file.path));
    if is_packed { job.file.size * BYTES_PACKED } else { job.file.size }
}

/// Why files could not be read together.
enum Stop {
    /// One of them cannot be read at all, or not with others.
    Refused(Diagnostic),
    /// At these places are files with torn rows.
    Torn(BTreeSet<usize>),
}

impl From<DbError> for Stop {
    fn from(error: DbError) -> Self {
        Stop::Refused(error.into())
    }
}

/// What is told of each file that was read, or refused.
pub(super) trait Listener {
    fn read(&mut self, job: &Job, account: &Account);
    fn refused(&mut self, job: &Job, refusal: &Diagnostic);
}

/// Reads files in their order, or writes down why they were refused; only a database that fails stops it.
pub(super) struct Reader<'a> {
    pub db: &'a Db,
    pub project: &'a Project,
    /// The vintage that the files belong to.
    pub vintage: u32,
    pub listener: &'a mut dyn Listener,
}

impl Reader<'_> {
    pub(super) fn read_all<'a>(&mut self, jobs: &[Job<'a>]) -> Result<(), Problems> {
        let workshop = Workshop::new(self.project)?;
        let mut waiting: Option<Batch<'a, '_>> = None;
        let project = self.project;
        let glance = |job: &Job| relation::glance(&job.file, &stored(project, job), format(job));
        ahead(jobs, FILES_AHEAD, glance, |job, is_plain| -> Result<(), Problems> {
            let laid = Laid { path: &stored(project, job), workshop: &workshop.0, is_plain };
            match self.prepare(job, laid) {
                Ok(relation) => match &mut waiting {
                    Some(batch) if batch.fits(job, &relation) => batch.take(job, relation),
                    _ => {
                        if let Some(batch) = waiting.replace(Batch::new(job, relation)) {
                            self.read(batch)?;
                        }
                    }
                },
                Err(refusal) => {
                    if let Some(batch) = waiting.take() {
                        self.read(batch)?;
                    }
                    self.refuse(job, &refusal)?;
                }
            }
            match waiting.take_if(|batch| !batch.may_grow()) {
                Some(batch) => self.read(batch),
                None => Ok(()),
            }
        })?;
        waiting.map_or(Ok(()), |batch| self.read(batch))
    }

    fn prepare(&self, job: &Job, laid: Laid) -> Result<Relation, Diagnostic> {
        let shown = &job.file.path;
        let Some(format) = format(job) else {
            return Err(Diagnostic::error(format!("the name of `{shown}` does not tell its format"))
                .in_file(shown)
                .hint(format!("add `format` to source `{}` in `sources.yml`", job.source.id)));
        };
        relation::relation(self.db, &job.file, format, &job.source.constants, job.contract, laid)
    }

    fn read(&mut self, batch: Batch) -> Result<(), Problems> {
        let files = self.numbers(batch.jobs.len())?;
        match self.db.transaction(|| read_into(self.db, &batch, files, self.vintage)) {
            Ok(accounts) => {
                for (job, account) in batch.jobs.iter().zip(&accounts) {
                    self.listener.read(job, account);
                }
                Ok(())
            }
            Err(Stop::Refused(refusal)) if batch.jobs.len() == 1 => self.refuse(batch.jobs[0], &refusal),
            Err(Stop::Torn(alone)) if !alone.is_empty() => {
                batch.apart(&alone).into_iter().try_for_each(|part| self.read(part))
            }
            Err(_) => batch.halves().into_iter().try_for_each(|half| self.read(half)),
        }
    }

    fn refuse(&mut self, job: &Job, refusal: &Diagnostic) -> Result<(), Problems> {
        let message = serde_json::json!({ "message": refusal.message, "hints": refusal.hints }).to_string();
        let account = Account { first_row: 1, message: Some(message), ..Account::default() };
        let files = self.numbers(1)?;
        note_files(self.db, &[job], files, self.vintage, "refused", &[account])?;
        self.listener.refused(job, refusal);
        Ok(())
    }

    /// The next numbers of files.
    fn numbers(&self, count: usize) -> Result<Files, DbError> {
        let next = self.db.value("SELECT coalesce(max(file_id), 0) + 1 FROM meta.delivery", &[])?;
        let first = next.integer().and_then(|id| u32::try_from(id).ok()).unwrap_or(1);
        Ok(Files { first, last: first + u32::try_from(count).unwrap_or(1) - 1 })
    }
}

/// Reads files into their table and judges their rows; an error if one of them cannot be read, or not with others.
fn read_into(db: &Db, batch: &Batch, files: Files, vintage: u32) -> Result<Vec<Account>, Stop> {
    let Batch { jobs, relation, .. } = batch;
    let (job, contract) = (jobs[0], jobs[0].contract);
    let refused = |error: DbError| Stop::Refused(relation::in_file(&job.file, error));
    db.run("DROP TABLE IF EXISTS reject_errors; DROP TABLE IF EXISTS reject_scans").map_err(refused)?;
    let insert = table::insert(contract, relation, files, job.key.is_some());
    match job.key.filter(|_| hmac::is_in(&insert)) {
        Some(key) => db.execute(&insert, &key.params()).map(|_| ()),
        None => db.run(&insert),
    }
    .map_err(refused)?;
    db.run(&table::torn_rows(relation)).map_err(refused)?;
    if jobs.len() > 1 && db.value("SELECT count(*) FROM torn", &[])? != Cell::Integer(0) {
        // A row that is not stored moves the places of those after it, which is reckoned with in one file only.
        return Err(Stop::Torn(torn_files(db, relation)?));
    }
    let mut below_end = 0;
    if let Some(end) = table::end(contract, files.first) {
        db.run(&end.find).map_err(refused)?;
        below_end = db.value(&end.count_below, &[])?.count().unwrap_or(0);
        db.run(&end.cut).map_err(refused)?;
    }
    organisation::judge_periods(db, contract, files)?;
    let flagged = organisation::judge_codes(db, contract, files)?;
    if let Some(mark) = table::mark_duplicates(contract, files)
        && db.value(&table::may_have_duplicates(contract, files), &[])? == Cell::Boolean(true)
    {
        db.run(&mark)?;
    }
    let counts = Counts::read(db, batch, files)?;
    if counts.has_rejects {
        db.run(&table::note_rejects(contract, relation, files))?;
    }
    let account = |(file_id, (job, noticed)): (u32, (&&Job, &Vec<String>))| -> Result<Account, DbError> {
        let mut notes = noticed.clone();
        notes.extend(unkeyed(job, relation));
        notes.extend((below_end > 0).then(|| notice::below_end(below_end)));
        notes.extend(flagged.iter().filter(|(id, _)| *id == file_id).map(|(_, note)| note.clone()));
        let (read, fits) = counts.of(file_id);
        if read == 0 {
            notes.extend(emptied(db, job)?);
        }
        if read > fits {
            notes.extend(rejects_in_sheet(db, contract, relation, file_id)?);
        }
        let message = (!notes.is_empty()).then(|| notes.join(notice::BETWEEN));
        Ok(Account { first_row: relation.first_row, read, fits, rejected: read - fits, message })
    };
    let accounts: Vec<Account> = (files.first..=files.last)
        .zip(jobs.iter().zip(&relation.notes))
        .map(account)
        .collect::<Result<_, _>>()?;
    note_files(db, jobs, files, vintage, "current", &accounts)?;
    db.run(&format!(
        "UPDATE meta.delivery AS former SET superseded_in = {vintage} FROM meta.delivery AS new \
         WHERE new.{files} AND former.file_id < {first} AND former.superseded_in IS NULL \
         AND former.source_id = new.source_id AND (former.slot = new.slot OR former.path = new.path)",
        first = files.first
    ))?;
    Ok(accounts)
}

/// The places of the files that have torn rows.
fn torn_files(db: &Db, relation: &Relation) -> Result<BTreeSet<usize>, DbError> {
    let sql = "SELECT DISTINCT file_path FROM reject_errors JOIN reject_scans USING (scan_id, file_id)";
    let paths = db.query(sql, &[])?;
    Ok(paths.rows.iter().filter_map(|row| relation.place_of(row[0].text()?)).collect())
}

/// The rows of each file: those read, and those of them that fit.
struct Counts {
    stored: HashMap<u32, (u64, u64)>,
    torn: u64,
    has_rejects: bool,
}

impl Counts {
    fn read(db: &Db, batch: &Batch, files: Files) -> Result<Counts, DbError> {
        let number = |cell: &Cell| cell.count().unwrap_or(0);
        let counts = db.query(&table::count_rows(batch.jobs[0].contract, files), &[])?;
        let torn = number(&db.value("SELECT count(*) FROM torn WHERE rule IS NOT NULL", &[])?);
        let row = |row: &Vec<Cell>| {
            (u32::try_from(number(&row[0])).unwrap_or(0), (number(&row[1]), number(&row[2])))
        };
        let stored: HashMap<u32, (u64, u64)> = counts.rows.iter().map(row).collect();
        let has_rejects = torn > 0 || stored.values().any(|(stored, fits)| fits < stored);
        Ok(Counts { stored, torn, has_rejects })
    }

    fn of(&self, file_id: u32) -> (u64, u64) {
        let (stored, fits) = self.stored.get(&file_id).copied().unwrap_or_default();
        (stored + self.torn, fits)
    }
}

/// Where in a sheet the values stand that were kept out.
fn rejects_in_sheet(
    db: &Db,
    contract: &Contract,
    relation: &Relation,
    file_id: u32,
) -> Result<Option<String>, DbError> {
    let Some(columns) = &relation.sheet else { return Ok(None) };
    let sql =
        "SELECT DISTINCT unnest(string_split(column_name, ', ')) FROM meta.reject WHERE file_id = $file";
    let found = db.query(sql, &[("file", file_id.into())])?;
    let wrong: BTreeSet<String> = found.rows.iter().map(|row| row[0].shown()).collect();
    let places = contract.columns.iter().zip(&columns.letters);
    let places: Vec<(&str, String)> = places
        .filter(|(column, _)| wrong.contains(&column.name))
        .filter_map(|(column, letters)| Some((column.name.as_str(), letters.clone()?)))
        .collect();
    Ok(Some(notice::rejects_in(&columns.sheet, &places)))
}

/// What is to be said of a file without rows that takes the place of one that has some.
fn emptied(db: &Db, job: &Job) -> Result<Option<String>, DbError> {
    let file = &job.file;
    let former = db.value(
        "SELECT coalesce(sum(rows_loaded), 0)::BIGINT FROM meta.delivery WHERE superseded_in IS NULL \
         AND outcome = 'current' AND source_id = $source AND (slot = $slot OR path = $path)",
        &[
            ("source", file.source.as_str().into()),
            ("slot", file.slot.as_str().into()),
            ("path", file.path.as_str().into()),
        ],
    )?;
    Ok(former.count().filter(|rows| *rows > 0).map(notice::emptied))
}

/// What is to be said of sums of persons that could not be made.
fn unkeyed(job: &Job, relation: &Relation) -> Vec<String> {
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

fn note_files(
    db: &Db,
    jobs: &[&Job],
    files: Files,
    vintage: u32,
    outcome: &str,
    accounts: &[Account],
) -> Result<(), DbError> {
    let row = |(file_id, (job, account)): (u32, (&&Job, &Account))| {
        let file = &job.file;
        vec![
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
        ]
    };
    db.append("meta", "delivery", (files.first..=files.last).zip(jobs.iter().zip(accounts)).map(row))
}
