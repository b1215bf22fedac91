//! `chiso gather --status`: what came from each source and each sender, what is late or missing, and whom to ask for it.

use std::collections::BTreeMap;
use std::path::Path;

use chrono::NaiveDate;

use super::definitions::Definitions;
use super::{Context, Outcome, Result};
use crate::db::{Cell, Db};
use crate::diagnostic::{Diagnostic, count};
use crate::gather::{read_attempts, read_manifest};
use crate::load::open_existing;
use crate::model::id::{OrgId, SourceId};
use crate::model::quality::Owed;
use crate::model::source::{Attempt, AttemptOutcome};
use crate::model::text::Lang;
use crate::project::{make_folder, write_whole};
use crate::report::chase::{Chaser, LIST};
use crate::report::explain::columns;
use crate::report::time;
use crate::report::words::Words;
use crate::results::owed;

/// Says how things stand; writes the chase list and its letters into `into`.
pub(super) fn run(context: &Context, into: Option<&Path>, lang: Option<Lang>) -> Result<Outcome> {
    let definitions = Definitions::read(&context.project)?;
    let lang = lang.unwrap_or_else(|| definitions.reports[0].languages[0]);
    let words = super::report::templates(context)?.words(lang)?;
    let sources = sources(context, &definitions, &words)?;
    context.printer.line(sources.text.trim_end());
    let mut is_well = sources.n_failed == 0;
    if definitions.deliveries().is_empty() {
        return Ok(if is_well { Outcome::Done } else { Outcome::NeedsAttention });
    }
    let db = open_existing(&context.project)?;
    if db.value("SELECT count(*) FROM meta.delivery_rule", &[])? == Cell::Integer(0) {
        let problem = Diagnostic::error("nothing has been judged yet").in_file("build/chiso.duckdb");
        return Err(problem.hint("run `chiso run` first").into());
    }
    context.printer.line(&format!("\n{}", senders(&db, &words)?.trim_end()));
    let owed = owed(&db)?;
    is_well &= owed.is_empty();
    if let Some(folder) = into {
        let chaser = Chaser { words: &words, today: context.now.date_naive(), ended: ended(&db)? };
        let written = write(folder, &chaser, &owed)?;
        context.printer.line(&format!("\n{written}"));
    }
    Ok(if is_well { Outcome::Done } else { Outcome::NeedsAttention })
}

struct Sources {
    text: String,
    n_failed: usize,
}

/// One line a source: when something new came last, how the last asking went, and why it failed.
fn sources(context: &Context, definitions: &Definitions, words: &Words) -> Result<Sources> {
    let landed = read_manifest(&context.project)?;
    let arrivals: BTreeMap<SourceId, String> =
        landed.into_iter().map(|file| (file.source, file.landed_at)).collect();
    let attempts: BTreeMap<SourceId, Attempt> = read_attempts(&context.project)?
        .into_iter()
        .map(|attempt| (attempt.source.clone(), attempt))
        .collect();
    let heads = ["source", "chase_arrived", "chase_asked", "status"];
    let mut rows = vec![heads.map(|key| words.get(key).to_owned()).to_vec()];
    let mut n_failed = 0;
    for source in &definitions.sources {
        let arrived = arrivals.get(&source.id);
        // A file that is there as before leaves no line: a later arrival says more than an earlier failure.
        let attempt = attempts
            .get(&source.id)
            .filter(|attempt| arrived.is_none_or(|arrived| attempt.attempted_at >= *arrived));
        let failed = attempt.filter(|attempt| attempt.outcome == AttemptOutcome::Failed);
        n_failed += usize::from(failed.is_some());
        let status = match (failed, arrived) {
            (Some(failed), _) => failed.causes.join("; "),
            (None, None) => words.get("chase_nothing").to_owned(),
            (None, Some(_)) => words.get("chase_received").to_owned(),
        };
        let moment = |text: Option<&String>| {
            text.map_or_else(|| "–".to_owned(), |text| time::moment(words.lang, text))
        };
        let asked = attempt.map(|attempt| &attempt.attempted_at).or(arrived);
        rows.push(vec![source.id.to_string(), moment(arrived), moment(asked), status]);
    }
    Ok(Sources { text: columns(&rows, &[]), n_failed })
}

/// One line for each thing that is to be sent: how many periods of how many senders came in time, late, in part, not at all.
fn senders(db: &Db, words: &Words) -> Result<String> {
    let found = db.query(
        "SELECT CASE $lang WHEN 'vi' THEN r.title_vi ELSE r.title_en END, count(DISTINCT s.org_id), \
            count(*) FILTER (s.status IN ('on-time', 'untimed')), count(*) FILTER (s.status = 'late'), \
            count(*) FILTER (s.files > 0 AND s.rows_rejected > 0), count(*) FILTER (s.status = 'not-reported'), \
            count(*) FILTER (s.status = 'awaited') \
         FROM meta.sender_period AS s JOIN meta.delivery_rule AS r USING (rule) WHERE s.is_shown \
         GROUP BY r.rule, r.position, 1 ORDER BY r.position",
        &[("lang", words.lang.code().into())],
    )?;
    let heads =
        ["delivery", "senders", "chase_received", "late", "chase_partial", "chase_missing", "chase_awaited"];
    let mut rows = vec![heads.map(|key| words.get(key).to_owned()).to_vec()];
    rows.extend(found.rows.iter().map(|row| {
        let number = |cell: &Cell| words.numbers.whole(unsigned(cell));
        let mut line = vec![row[0].shown()];
        line.extend(row[1..].iter().map(number));
        line
    }));
    Ok(columns(&rows, &[1, 2, 3, 4, 5, 6]))
}

fn unsigned(cell: &Cell) -> u64 {
    cell.count().unwrap_or(0)
}

/// The last days of bodies that are no more.
fn ended(db: &Db) -> Result<BTreeMap<OrgId, NaiveDate>> {
    let found = db.query(
        "SELECT CAST(org_id AS VARCHAR), CAST(valid_to AS VARCHAR) FROM ref.organisation WHERE valid_to IS NOT NULL",
        &[],
    )?;
    let ended = |row: &Vec<Cell>| Some((row[0].text()?.parse().ok()?, row[1].text()?.parse().ok()?));
    Ok(found.rows.iter().filter_map(ended).collect())
}

/// Writes the chase list and one letter for each body that owes something; says what was written.
fn write(folder: &Path, chaser: &Chaser<'_>, owed: &[Owed]) -> Result<String> {
    make_folder(folder)?;
    let files = chaser.files(owed);
    for (name, bytes) in &files {
        write_whole(&folder.join(name), bytes)?;
    }
    Ok(format!(
        "{} in `{}/{LIST}`, {} beside it",
        count(owed.len() as u64, "row"),
        folder.display(),
        count(files.len() as u64 - 1, "letter")
    ))
}
