//! `chiso load`

use std::collections::{BTreeMap, BTreeSet};

use super::definitions::Definitions;
use super::watch::Terminal;
use super::{Context, Outcome, Result, outcome};
use crate::db::Db;
use crate::diagnostic::{Diagnostic, Place, count};
use crate::gather::read_manifest;
use crate::load::{Intake, KEY_VARIABLE, Key, Loaded, Replay, cell_at, expect_replayable, load, not_brought};
use crate::model::id::SourceId;
use crate::model::source::Landed;

/// Load what landed; a file that was loaded before with the same content is left alone
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Read again what was kept out or refused; or the sources and files named, whatever came of them
    #[arg(long, value_name = "SOURCE|FILE", num_args = 0..)]
    replay: Option<Vec<String>>,
}

pub(super) fn run(context: &Context, args: &Args) -> Result<Outcome> {
    let definitions = Definitions::read(&context.project)?;
    let db = context.database()?;
    let landed = newest(read_manifest(&context.project)?);
    let replay = match args.replay.as_deref() {
        None => Replay::No,
        Some([]) => Replay::Rejected,
        Some(names) => Replay::Named(names),
    };
    let before = match replay {
        Replay::No => vec![],
        _ => {
            expect_loaded(&db)?;
            accounts(&db)?
        }
    };
    if let Replay::Named(names) = replay {
        expect_replayable(&db, names)?;
    }
    let loaded = take_in_again(context, &definitions, &db, &landed, replay)?;
    context.printer.line(&summary(&loaded));
    if replay != Replay::No {
        let after = accounts(&db)?;
        replayed(&loaded, &before, &after).iter().for_each(|line| context.printer.line(line));
    }
    let mut problems = loaded.problems;
    problems.extend(rejects(&db)?);
    context.printer.problems(&problems);
    Ok(outcome(&problems))
}

/// Of every file the newest landing, by source and path.
fn newest(landed: Vec<Landed>) -> Vec<Landed> {
    let by_file: BTreeMap<(SourceId, String), Landed> =
        landed.into_iter().map(|file| ((file.source.clone(), file.path.clone()), file)).collect();
    by_file.into_values().collect()
}

/// Loads what is there now, and what landed before but was gone before it was loaded.
pub(super) fn take_in(
    context: &Context,
    definitions: &Definitions,
    db: &Db,
    landed: &[Landed],
) -> Result<Loaded> {
    let left = left_behind(context, definitions, db, landed)?;
    let all: Vec<Landed> = landed.iter().chain(&left).cloned().collect();
    let mut loaded = take_in_again(context, definitions, db, &all, Replay::No)?;
    loaded.problems.extend(left.iter().map(|file| {
        not_brought(file.source.as_str(), &file.path, "it had landed and was read all the same")
    }));
    Ok(loaded)
}

/// Files that landed, were never loaded, and are gone, with none in their place.
fn left_behind(
    context: &Context,
    definitions: &Definitions,
    db: &Db,
    landed: &[Landed],
) -> Result<Vec<Landed>> {
    let slot = |file: &Landed| (file.source.clone(), file.slot.clone());
    let there: BTreeSet<(SourceId, String)> = landed.iter().map(slot).collect();
    // Of several files in one slot the last by path counts, as it does when they are loaded.
    let last: BTreeMap<(SourceId, String), Landed> =
        newest(read_manifest(&context.project)?).into_iter().map(|file| (slot(&file), file)).collect();
    let known = deliveries(db)?;
    let is_left = |file: &Landed| {
        let delivery = (file.source.to_string(), file.slot.clone(), file.sha256.clone());
        !there.contains(&slot(file))
            && !known.contains(&delivery)
            && definitions.sources.iter().any(|source| source.id == file.source)
            && context.project.landing().join(&file.stored).is_file()
    };
    Ok(last.into_values().filter(is_left).collect())
}

/// Source, slot and sum of everything that was ever loaded or refused.
fn deliveries(db: &Db) -> Result<BTreeSet<(String, String, String)>> {
    if !db.has_relation("meta.delivery")? {
        return Ok(BTreeSet::new());
    }
    let found = db.query("SELECT DISTINCT source_id, slot, sha256 FROM meta.delivery", &[])?;
    Ok(found.rows.iter().map(|row| (row[0].shown(), row[1].shown(), row[2].shown())).collect())
}

/// Only what was loaded can be read again.
fn expect_loaded(db: &Db) -> Result<()> {
    if db.has_relation("meta.delivery")? {
        return Ok(());
    }
    Err(Diagnostic::error("nothing was loaded yet").hint("`chiso run` gathers and loads").into())
}

/// How many rows of the files in use of a source were kept out, and how many of its files are refused.
struct SourceAccount {
    source: String,
    rejected: u64,
    refused: u64,
}

fn accounts(db: &Db) -> Result<Vec<SourceAccount>> {
    let found = db.query(
        "SELECT source_id, coalesce(sum(rows_rejected) FILTER (state = 'current'), 0)::BIGINT, \
            count(*) FILTER (state = 'refused' AND file_id = \
                (SELECT max(file_id) FROM meta.file AS g WHERE g.source_id = f.source_id AND g.slot = f.slot)) \
         FROM meta.file AS f GROUP BY source_id ORDER BY source_id",
        &[],
    )?;
    let number = |cell: &crate::db::Cell| cell.count().unwrap_or(0);
    let account = |row: &Vec<crate::db::Cell>| SourceAccount {
        source: row[0].shown(),
        rejected: number(&row[1]),
        refused: number(&row[2]),
    };
    Ok(found.rows.iter().map(account).collect())
}

/// What came of reading again, one line a source.
fn replayed(loaded: &Loaded, before: &[SourceAccount], after: &[SourceAccount]) -> Vec<String> {
    if loaded.replayed.is_empty() {
        return vec!["nothing to read again".to_owned()];
    }
    let of = |accounts: &[SourceAccount], source: &str| {
        let found = accounts.iter().find(|account| account.source == source);
        found.map_or((0, 0), |account| (account.rejected, account.refused))
    };
    let line = |(source, files): (&crate::model::id::SourceId, &u64)| {
        let (was, is) = (of(before, source.as_str()), of(after, source.as_str()));
        format!(
            "{source}: {} read again; rows rejected {} before, {} now; files refused {} before, {} now",
            count(*files, "file"),
            was.0,
            is.0,
            was.1,
            is.1
        )
    };
    loaded.replayed.iter().map(line).collect()
}

fn take_in_again(
    context: &Context,
    definitions: &Definitions,
    db: &Db,
    landed: &[Landed],
    replay: Replay,
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
        replay,
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
        "SELECT file_id, path, table_name, rows_read, rows_rejected, coalesce(message, '') FROM meta.file \
         WHERE state = 'current' AND rows_rejected > 0 ORDER BY path",
        &[],
    )?;
    let number = |cell: &crate::db::Cell| cell.count().unwrap_or(0);
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
            let column = row[1].shown();
            diagnostic = diagnostic.at(Place::Cell {
                path: path.clone(),
                row: number(&row[0]),
                cell: cell_at(&file[5].shown(), &column, number(&row[0])),
                column,
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
