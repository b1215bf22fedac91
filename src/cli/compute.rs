//! `chiso compute`

use chrono::NaiveDate;

use super::definitions::Definitions;
use super::watch::Terminal;
use super::{Context, Outcome, Result, outcome};
use crate::compute::{
    Computed, LINKS, compute, describe, last_quarter, remember, restate, run_checks, score_indices,
    track_targets,
};
use crate::db::{Cell, Db};
use crate::diagnostic::{Diagnostic, Problems, count};
use crate::indicators::{check_outlooks, check_targets};
use crate::load::{
    grounds, is_computed, is_marked, make_ready, mark, newest_vintage, note_sent, refresh_codes, rests_on,
    settle,
};
use crate::model::period::Period;
use crate::quality::{is_overdue, judge};

/// Compute the indicators from what is loaded
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    asked: Asked,
}

/// What is computed, and on which map.
#[derive(Debug, Clone, Default, clap::Args)]
pub(super) struct Asked {
    /// The last period to compute, such as 2026-Q3; by default the last quarter that ended
    #[arg(long, value_name = "PERIOD")]
    pub period: Option<Period>,
    /// The day whose map numbers are restated to, such as 2026-09-30; by default the last day of the period
    #[arg(long, value_name = "DAY", value_parser = day)]
    pub map: Option<NaiveDate>,
}

fn day(text: &str) -> std::result::Result<NaiveDate, String> {
    text.parse().map_err(|_| "a day is written `2026-09-30`".to_owned())
}

pub(super) fn run(context: &Context, args: &Args) -> Result<Outcome> {
    let definitions = Definitions::read(&context.project)?;
    let db = context.database()?;
    make_ready(&db, &definitions.contracts, &definitions.views)?;
    settle(&db, &context.now_text(), &Definitions::files(&context.project)?)?;
    let wrong_codes = refresh_codes(&db, &definitions.contracts)?;
    db.lock_down()?;
    let mut worked = work_out(context, &definitions, &db, &args.asked)?;
    worked.problems.splice(0..0, wrong_codes);
    context.printer.line(&format!(
        "{} of {}",
        count(worked.observations, "observation"),
        count(definitions.indicators.len() as u64, "indicator")
    ));
    context.printer.problems(&worked.problems);
    Ok(outcome(&worked.problems))
}

/// Computes what was loaded or defined after the last computation, for the same period and map: numbers are never shown as of a
/// vintage that they were not computed from. Gives the database, and what is wrong with what was computed here.
pub(super) fn compute_what_is_new(
    context: &Context,
    definitions: &Definitions,
) -> Result<(Db, Vec<Diagnostic>)> {
    let db = context.database()?;
    make_ready(&db, &definitions.contracts, &definitions.views)?;
    settle(&db, &context.now_text(), &Definitions::files(&context.project)?)?;
    if is_computed(&db)? {
        return Ok((db, vec![]));
    }
    let before = db.query(
        "SELECT period, map_on FROM meta.vintage WHERE period IS NOT NULL ORDER BY vintage DESC LIMIT 1",
        &[],
    )?;
    let of_then = |at: usize| before.rows.first().and_then(|row| row[at].text());
    let asked = Asked {
        period: of_then(0).and_then(|period| period.parse().ok()),
        map: of_then(1).and_then(|day| day.parse().ok()),
    };
    let mut problems = refresh_codes(&db, &definitions.contracts)?;
    db.lock_down()?;
    problems.extend(work_out(context, definitions, &db, &asked)?.problems);
    context.printer.problems(&problems);
    // One that is locked down cannot be copied for others: it is opened anew.
    drop(db);
    let db = context.database()?;
    make_ready(&db, &definitions.contracts, &definitions.views)?;
    Ok((db, problems))
}

/// What was computed.
pub(super) struct Worked {
    /// How many numbers there are now.
    pub observations: u64,
    /// Indicators that have none because their query failed, and the like; the others stand.
    pub problems: Vec<Diagnostic>,
}

/// Computes and checks, unless the same was done before with the same data and definitions.
pub(super) fn work_out(
    context: &Context,
    definitions: &Definitions,
    db: &Db,
    asked: &Asked,
) -> Result<Worked> {
    let period = asked.period.unwrap_or_else(|| last_quarter(context.now.date_naive()));
    let map_on = asked.map.unwrap_or_else(|| period.end());
    let vintage = newest_vintage(db)?;
    // A run that was killed leaves its vintage open: files may still come to it.
    let newest = db.value("SELECT coalesce(max(file_id), 0) FROM meta.delivery", &[])?.shown();
    let fingerprint =
        format!("{vintage} {newest} {period} {map_on} {} {}", definitions.fingerprint(), program());
    let mut problems = Problems::default();
    problems.0.extend(is_to_come(context, &period));
    if !is_marked(db, "compute", &fingerprint)? {
        let computed = compute_all(context, definitions, db, (&period, map_on), &mut problems)?;
        problems.keep(remember(db, &definitions.indicators, &computed.failed, &period, vintage));
        db.execute(
            "UPDATE meta.vintage SET period = $period, map_on = $map_on WHERE vintage = $vintage",
            &[
                ("period", period.to_string().into()),
                ("map_on", map_on.to_string().into()),
                ("vintage", vintage.into()),
            ],
        )?;
        if !problems.has_errors() {
            mark(db, "compute", &fingerprint)?;
        }
    }
    judge_anew(context, definitions, db, &period, &fingerprint, &mut problems)?;
    let observations = db.value("SELECT count(*) FROM out.observation", &[])?;
    let observations = observations.count().unwrap_or(0);
    Ok(Worked { observations, problems: problems.0 })
}

/// A word about a period that is not over: what is asked for by mistake looks like a nation that sent nothing.
fn is_to_come(context: &Context, period: &Period) -> Option<Diagnostic> {
    let today = context.now.date_naive();
    (period.end() > today).then(|| {
        Diagnostic::warning(format!("{period} is not over: its last day is {}", period.end()))
            .hint(format!("the last quarter that is over is {}", last_quarter(today)))
    })
}

/// Computes all indicators for a period, restates them to the map of a day, judges the targets, scores the indices, and runs all checks; what
/// is wrong is added to `problems`.
pub(super) fn compute_all(
    context: &Context,
    definitions: &Definitions,
    db: &Db,
    (period, map_on): (&Period, NaiveDate),
    problems: &mut Problems,
) -> Result<Computed> {
    let vintage = newest_vintage(db)?;
    problems.keep(check_targets(db, &definitions.indicators, &definitions.indices));
    problems.keep(check_outlooks(db, &definitions.indicators, &definitions.indices));
    let rules = definitions.disclosure.as_ref().map(|disclosure| &disclosure.rules);
    let grounds = grounds_of(definitions, db)?;
    let indicators = (definitions.indicators.as_slice(), grounds.as_slice());
    let computed = compute(db, indicators, rules, period, vintage, &Terminal::new(&context.printer))?;
    problems.0.extend(computed.problems.0.clone());
    problems.keep(describe(db, &definitions.indicators, inputs(definitions)));
    let indicators: Vec<_> = definitions.indicators.iter().map(|definition| &definition.indicator).collect();
    let in_links = |problems: Problems| problems.in_file(&definitions.path_of(LINKS));
    problems.keep(restate(db, &indicators, map_on).map_err(in_links));
    // What is due after today is not over, whatever period is asked for.
    let until = period.end().min(context.now.date_naive());
    problems.keep(track_targets(db, &indicators, until, vintage));
    problems.keep(score_indices(db, &definitions.indices, vintage));
    problems.keep(run_checks(db, &definitions.checks));
    Ok(computed)
}

/// For each indicator the sum of all that its numbers follow from, this program included; none where that is not known.
fn grounds_of(definitions: &Definitions, db: &Db) -> Result<Vec<Option<String>>> {
    let queries: Vec<&str> = definitions.indicators.iter().map(|one| one.indicator.sql.as_str()).collect();
    let found = grounds(db, &definitions.contracts, &definitions.views, &queries)?;
    let program = program();
    Ok(found.into_iter().map(|ground| ground.map(|ground| format!("{ground} {program}"))).collect())
}

/// Judges senders and numbers, unless they were judged from the same; what became due since then is judged again.
fn judge_anew(
    context: &Context,
    definitions: &Definitions,
    db: &Db,
    period: &Period,
    computed: &str,
    problems: &mut Problems,
) -> Result<()> {
    let today = judging_day(context, definitions);
    let fingerprint = format!("{computed} {:?}", definitions.quality);
    if is_marked(db, "quality", &fingerprint)? && !is_overdue(db, today)? {
        return Ok(());
    }
    let Some(remarks) = problems.keep(judge_all(definitions, db, period, today)) else { return Ok(()) };
    let params = [("today", today.to_string().into()), ("vintage", newest_vintage(db)?.into())];
    db.execute("UPDATE meta.vintage SET judged_on = $today WHERE vintage = $vintage", &params)?;
    // What is odd about the rules is said by every run until it is put right.
    if !problems.has_errors() && remarks.is_empty() {
        mark(db, "quality", &fingerprint)?;
    }
    problems.0.extend(remarks);
    Ok(())
}

/// Today where the senders are.
pub(super) fn judging_day(context: &Context, definitions: &Definitions) -> NaiveDate {
    let ahead = definitions.quality.as_ref().map_or(0, |rules| rules.utc_offset);
    (context.now + chrono::TimeDelta::minutes(ahead.into())).date_naive()
}

/// Judges senders and numbers as of a day.
pub(super) fn judge_all(
    definitions: &Definitions,
    db: &Db,
    period: &Period,
    judged_on: NaiveDate,
) -> Result<Vec<Diagnostic>> {
    note_sent(db, &definitions.contracts, definitions.deliveries())?;
    Ok(judge(db, definitions.quality.as_ref(), &definitions.check_scopes(), period, judged_on)?)
}

/// What each indicator rests on: definitions, and tables with a contract.
fn inputs(definitions: &Definitions) -> Vec<Vec<Cell>> {
    let mut inputs = vec![];
    for definition in &definitions.indicators {
        let indicator = definition.indicator.id.as_str();
        let mut input =
            |kind: &str, name: &str| inputs.push(vec![indicator.into(), kind.into(), name.into()]);
        input("definition", &definition.source.path);
        input("definition", &definition.query.path);
        for table in rests_on(&definition.query.text, &definitions.views, &definitions.contracts) {
            match definitions.views.iter().find(|view| view.table == table) {
                Some(view) => input("definition", &view.source.path),
                None => input("table", table.as_str()),
            }
        }
    }
    inputs
}

/// This build of the program: another one may compute otherwise.
pub(super) fn program() -> String {
    let about = std::env::current_exe().and_then(std::fs::metadata);
    let built = about.and_then(|about| Ok((about.len(), about.modified()?)));
    format!("{} {built:?}", env!("CARGO_PKG_VERSION"))
}
