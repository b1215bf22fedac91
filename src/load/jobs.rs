//! Which files are to be read, seen from what landed and what was read before.

use std::borrow::Cow;
use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::contract::Contract;
use super::{Intake, Key};
use crate::db::{Cell, Db, DbError};
use crate::model::source::{Format, Landed, SourceEntry};

/// A file to load, with what is known about its reading.
pub(super) struct Job<'a> {
    pub file: Cow<'a, Landed>,
    pub source: &'a SourceEntry,
    pub contract: &'a Contract,
    /// How it is read.
    fingerprint: String,
    /// The key of the sums of persons, where the table has some.
    pub key: Option<&'a Key>,
}

impl Job<'_> {
    /// How it is read, and with which key: sums of two keys cannot be compared.
    pub(super) fn whole_fingerprint(&self) -> String {
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

    /// Whether both would be the file of one slot, or of one path.
    pub(super) fn is_in_place_of(&self, other: &Job) -> bool {
        self.file.source == other.file.source
            && (self.file.slot == other.file.slot || self.file.path == other.file.path)
    }
}

/// The newest delivery of each slot of each source.
struct Newest(HashMap<(String, String), Delivery>);

struct Delivery {
    sha256: String,
    fingerprint: String,
    table: String,
    is_superseded: bool,
    is_refused: bool,
}

impl Newest {
    fn read(db: &Db) -> Result<Newest, DbError> {
        let found = db.query(
            "SELECT source_id, slot, sha256, fingerprint, table_name, superseded_in IS NOT NULL, outcome = 'refused' \
             FROM meta.delivery QUALIFY row_number() OVER (PARTITION BY source_id, slot ORDER BY file_id DESC) = 1",
            &[],
        )?;
        let delivery = |row: Vec<Cell>| {
            let delivery = Delivery {
                sha256: row[2].shown(),
                fingerprint: row[3].shown(),
                table: row[4].shown(),
                is_superseded: row[5] == Cell::Boolean(true),
                is_refused: row[6] == Cell::Boolean(true),
            };
            ((row[0].shown(), row[1].shown()), delivery)
        };
        Ok(Newest(found.rows.into_iter().map(delivery).collect()))
    }

    fn of(&self, job: &Job) -> Option<&Delivery> {
        let newest = self.0.get(&(job.source.id.to_string(), job.file.slot.clone()))?;
        (newest.sha256 == job.file.sha256).then_some(newest)
    }

    /// Whether the newest file of the slot has the same bytes, was read in the same way into the same table, and was not
    /// dropped since: a source that is taken away and given back brings its rows back.
    fn is_done(&self, job: &Job) -> bool {
        self.of(job).is_some_and(|newest| {
            job.is_read_so(&newest.fingerprint)
                && newest.table == job.contract.table.as_str()
                && !newest.is_superseded
        })
    }

    /// Whether this very file was refused, and no other came after it.
    fn is_refused(&self, job: &Job) -> bool {
        self.of(job).is_some_and(|newest| newest.is_refused && !newest.is_superseded)
    }
}

/// What is to be read: of several files in one slot the last by path; and files in use that no source brings any more, or
/// that stay in use because the one after them was refused, where their contract changed.
///
/// Such a file is read again from the landing folder, and the refused one is tried again after it.
pub(super) fn jobs_of<'a>(db: &Db, intake: &Intake<'a>) -> Result<Vec<Job<'a>>, DbError> {
    let mut slots: BTreeMap<(usize, String), Job> = BTreeMap::new();
    for file in intake.landed {
        if let Some((position, job)) = job(intake, Cow::Borrowed(file)) {
            slots.insert((position, file.slot.clone()), job);
        }
    }
    let newest = Newest::read(db)?;
    let mut jobs = vec![];
    for InUse { job: former, .. } in in_use(db, intake)?.into_iter().filter(|file| !file.is_read_so) {
        let position = intake.sources.iter().position(|source| source.id == former.source.id).unwrap_or(0);
        match slots.entry((position, former.file.slot.clone())) {
            Entry::Vacant(_) => jobs.push(former),
            Entry::Occupied(landed) if newest.is_refused(landed.get()) => {
                jobs.push(former);
                jobs.push(landed.remove());
            }
            Entry::Occupied(_) => {}
        }
    }
    let mut landed: Vec<((usize, String), Job)> =
        slots.into_iter().filter(|(_, job)| !newest.is_done(job)).collect();
    // Files of one kind stand together, so that they may be read together.
    landed
        .sort_by_cached_key(|((position, slot), job)| (*position, Format::of(&job.file.path), slot.clone()));
    jobs.extend(landed.into_iter().map(|(_, job)| job));
    Ok(jobs)
}

/// The job of reading a file, with the place of its source in `sources.yml`; none where the source is gone.
pub(super) fn job<'a>(intake: &Intake<'a>, file: Cow<'a, Landed>) -> Option<(usize, Job<'a>)> {
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

/// A file that was read, from `source_id, slot, path, stored, size, sha256` of `meta.file`.
pub(super) fn landed(row: &[Cell]) -> Option<Landed> {
    Some(Landed {
        source: row[0].text()?.parse().ok()?,
        slot: row[1].shown(),
        path: row[2].shown(),
        stored: row[3].shown(),
        size: row[4].count()?,
        sha256: row[5].shown(),
        landed_at: String::new(),
        stamp: String::new(),
        lines_are_plain: None,
    })
}

/// The files whose rows are in use.
fn in_use<'a>(db: &Db, intake: &Intake<'a>) -> Result<Vec<InUse<'a>>, DbError> {
    let files = db.query(
        "SELECT file_id, source_id, slot, path, stored, size, sha256, fingerprint, table_name \
         FROM meta.file WHERE state = 'current' ORDER BY file_id",
        &[],
    )?;
    let in_use = |row: &Vec<Cell>| {
        let file_id = row[0].integer().and_then(|id| u32::try_from(id).ok())?;
        let (_, job) = job(intake, Cow::Owned(landed(&row[1..])?))?;
        let is_read_so = row[7].text().is_some_and(|read| job.is_read_so(read))
            && row[8].text() == Some(job.contract.table.as_str());
        Some(InUse { file_id, job, is_read_so })
    };
    Ok(files.rows.iter().filter_map(in_use).collect())
}

/// The jobs that would read files in use again, but for those that `known` brings anyway.
pub(super) fn again<'a>(
    db: &Db,
    intake: &Intake<'a>,
    files: &BTreeSet<u32>,
    known: &[Job<'a>],
) -> Result<Vec<Job<'a>>, DbError> {
    if files.is_empty() {
        return Ok(vec![]);
    }
    let known: BTreeSet<(&str, &str)> =
        known.iter().map(|job| (job.source.id.as_str(), job.file.slot.as_str())).collect();
    let wanted = in_use(db, intake)?.into_iter().filter(|file| files.contains(&file.file_id));
    let jobs = wanted.map(|file| file.job);
    Ok(jobs.filter(|job| !known.contains(&(job.source.id.as_str(), job.file.slot.as_str()))).collect())
}
