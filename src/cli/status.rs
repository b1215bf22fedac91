//! `chiso gather --status`: what came from each source and each sender, what is late or missing, and whom to ask for it.

use std::collections::BTreeMap;
use std::path::Path;

use super::definitions::Definitions;
use super::{Context, Outcome, Result};
use crate::db::{Cell, Db};
use crate::diagnostic::{Diagnostic, count};
use crate::export::harmless_cell;
use crate::gather::{read_attempts, read_manifest};
use crate::load::open_existing;
use crate::model::id::{OrgId, SourceId};
use crate::model::source::{Attempt, AttemptOutcome};
use crate::model::text::Lang;
use crate::project::{make_folder, write_whole};
use crate::report::chase::{Chaser, Owed};
use crate::report::explain::columns;
use crate::report::time;
use crate::report::words::Words;

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
    let owed = owed(context, &db, lang)?;
    is_well &= owed.is_empty();
    if let Some(folder) = into {
        let written = write(context, folder, &words, &owed)?;
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
    cell.integer().and_then(|n| u64::try_from(n).ok()).unwrap_or(0)
}

/// What is due and not there, or there in part, by body.
fn owed(context: &Context, db: &Db, lang: Lang) -> Result<Vec<Owed>> {
    let today = context.now.date_naive().to_string();
    let found = db.query(
        "SELECT s.org_id, coalesce(n.name, s.org_id), CASE $lang WHEN 'vi' THEN r.title_vi ELSE r.title_en END, \
            s.period, s.due_on, greatest(CAST($today AS DATE) - coalesce(s.due_on, s.last_on), 0), s.files, \
            s.rows_read, s.rows_rejected, coalesce(CASE $lang WHEN 'vi' THEN r.basis_vi ELSE r.basis_en END, '') \
         FROM meta.sender_period AS s \
         JOIN meta.delivery_rule AS r USING (rule) \
         LEFT JOIN (SELECT CAST(org_id AS VARCHAR) AS org_id, \
                any_value(CASE $lang WHEN 'vi' THEN name_vi ELSE name_en END) AS name \
            FROM ref.organisation GROUP BY 1) AS n ON n.org_id = s.org_id \
         WHERE s.is_shown AND (s.status = 'not-reported' OR (s.files > 0 AND s.rows_rejected > 0)) \
         ORDER BY s.org_id, r.position, s.last_on",
        &[("lang", lang.code().into()), ("today", today.as_str().into())],
    )?;
    let owed = |row: &Vec<Cell>| {
        Some(Owed {
            org: row[0].text()?.parse().ok()?,
            name: row[1].shown(),
            delivery: row[2].shown(),
            period: row[3].text()?.parse().ok()?,
            due_on: row[4].text().and_then(|day| day.parse().ok()),
            days: unsigned(&row[5]),
            came: (unsigned(&row[6]) > 0).then(|| (unsigned(&row[7]), unsigned(&row[8]))),
            basis: row[9].shown(),
        })
    };
    Ok(found.rows.iter().filter_map(owed).collect())
}

/// Writes `chase.csv` and one letter for each body that owes something; says what was written.
fn write(context: &Context, folder: &Path, words: &Words, owed: &[Owed]) -> Result<String> {
    make_folder(folder)?;
    let chaser = Chaser { words, today: context.now.date_naive() };
    let mut by_body: BTreeMap<&OrgId, Vec<&Owed>> = BTreeMap::new();
    for one in owed {
        by_body.entry(&one.org).or_default().push(one);
    }
    for (org, owed) in &by_body {
        write_whole(&folder.join(letter_name(org)), chaser.letter(owed).as_bytes())?;
    }
    let mut writer = csv::Writer::from_writer(vec![]);
    let fails = |error: csv::Error| Diagnostic::error(format!("cannot write the chase list: {error}"));
    writer.write_record(chaser.headings()).map_err(fails)?;
    for one in owed {
        let row = chaser.row(one, &letter_name(&one.org));
        writer.write_record(row.iter().map(|cell| harmless_cell(cell))).map_err(fails)?;
    }
    let bytes = writer
        .into_inner()
        .map_err(|error| Diagnostic::error(format!("cannot write the chase list: {error}")))?;
    // Excel takes a text for UTF-8 only with this mark before it.
    let marked = ["\u{feff}".as_bytes(), &bytes].concat();
    write_whole(&folder.join("chase.csv"), &marked)?;
    let shown = folder.display();
    Ok(format!(
        "{} in `{shown}/chase.csv`, {} beside it",
        count(owed.len() as u64, "row"),
        count(by_body.len() as u64, "letter")
    ))
}

/// A file name that holds nothing but what an id may hold.
fn letter_name(org: &OrgId) -> String {
    let harmless = |c: char| if c.is_ascii_alphanumeric() || "-_.".contains(c) { c } else { '_' };
    format!("{}.txt", org.as_str().chars().map(harmless).collect::<String>())
}
