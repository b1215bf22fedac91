//! Runs the queries and turns their rows into observations.
//!
//! Queries give parts; division, scale and the reasons for missing values have their one home here.

mod checks;
mod course;
mod describe;
mod frame;
mod history;
mod index;
mod links;
mod restate;
mod standing;
mod target;
mod withhold;

use std::collections::{BTreeSet, HashSet};

use chrono::NaiveDate;

pub use checks::{CHECKS, Check, read_checks, run_checks, try_check};
pub use course::{SEED, course, courses};
pub use describe::describe;
pub use history::remember;
pub use index::score_indices;
pub use links::LINKS;
pub use restate::restate;
pub use target::track_targets;
pub use withhold::ORGANISATION_SUM;

use crate::cores;
use crate::db::{Cell, Db, DbError};
use crate::diagnostic::{Diagnostic, Problems, count};
use crate::indicators::{Definition, query_params};
use crate::model::disclosure::DisclosureRules;
use crate::model::id::{IndicatorId, OrgId};
use crate::model::indicator::Indicator;
use crate::model::period::{Calendar, Period, PeriodKind};
use crate::model::results::Observation;
use crate::model::series::mark_breaks;
use crate::progress::Watcher;
use crate::results::organisations;
use standing::Standing;

/// How many periods before the one asked for are computed as well, so that there is a series.
const HISTORY: usize = 8;

/// What came of a computation.
#[derive(Debug, Default)]
pub struct Computed {
    /// How many numbers there are now.
    pub observations: u64,
    /// Indicators that left none, because their query failed.
    pub failed: Vec<IndicatorId>,
    /// Why.
    pub problems: Problems,
}

/// Computes every indicator anew whose rows may be others; those that fail are reported and leave no observation. `grounds` has
/// for each of them the sum of what its rows follow from, where that is known.
///
/// Each query runs outside any transaction, for one that fails on its rows would take all others down with it; the numbers
/// of the last run stay until all new ones are there. What must not be shown is taken out before they take their place.
pub fn compute(
    db: &Db,
    (definitions, grounds): (&[Definition], &[Option<String>]),
    rules: Option<&DisclosureRules>,
    asked: &Period,
    vintage: u32,
    watcher: &dyn Watcher,
) -> Result<Computed, Problems> {
    let mut computed = Computed::default();
    db.run("DELETE FROM out.next_observation")?;
    let loaded_on = loaded_on(db)?;
    let bodies: HashSet<OrgId> = organisations(db)?.into_iter().map(|org| org.id).collect();
    let standing = Standing::read(db, definitions, grounds, asked)?;
    computed.observations = standing.take_over(db, vintage)?;
    let open: Vec<&Definition> =
        definitions.iter().filter(|definition| !standing.has(&definition.indicator.id)).collect();
    watcher.begin("compute", open.len() as u64);
    let mut not_noted = BTreeSet::new();
    cores::in_order(
        &open,
        db.beside(cores::hands(open.len()))?,
        |db, definition| (*definition, compute_one(db, definition, asked, (loaded_on, &bodies))),
        |(definition, rows)| -> Result<(), DbError> {
            let id = &definition.indicator.id;
            match rows {
                Ok((observations, told)) => {
                    computed.observations += observations.len() as u64;
                    not_noted.extend((!told.is_empty()).then_some(id));
                    computed.problems.0.extend(told);
                    let rows = observations.into_iter().map(|observation| frame::row(observation, vintage));
                    db.append("out", "next_observation", rows)?;
                }
                Err(failed) => {
                    computed.failed.push(id.clone());
                    not_noted.insert(id);
                    computed.problems.0.extend(failed.0);
                }
            }
            watcher.step(id.as_str());
            Ok(())
        },
    )?;
    watcher.end();
    let indicators: Vec<&Indicator> = definitions.iter().map(|definition| &definition.indicator).collect();
    computed.problems.0.extend(withhold::withhold(db, &indicators, rules, vintage)?);
    db.transaction(|| -> Result<(), DbError> {
        db.run(
            "DELETE FROM out.observation; INSERT INTO out.observation FROM out.next_observation; \
             DELETE FROM out.next_observation",
        )?;
        standing.note(db, &not_noted)
    })?;
    Ok(computed)
}

/// The day of the newest load: nobody can have counted anything after it.
fn loaded_on(db: &Db) -> Result<Option<NaiveDate>, DbError> {
    let day = db.value("SELECT max_by(loaded_at, vintage)[:10] FROM meta.vintage", &[])?;
    Ok(day.text().and_then(|day| day.parse().ok()))
}

/// The observations of one indicator. Those of periods that had not begun when their data were loaded are left out and told.
fn compute_one(
    db: &Db,
    definition: &Definition,
    asked: &Period,
    (loaded_on, bodies): (Option<NaiveDate>, &HashSet<OrgId>),
) -> Result<(Vec<Observation>, Vec<Diagnostic>), Problems> {
    let indicator = &definition.indicator;
    // `check` says so too, but nobody has to ask it first: a query changes nothing.
    db.expect_one_select(&indicator.sql).map_err(|error| error.in_source(&definition.query))?;
    let mut observations = vec![];
    for period in periods(indicator, asked) {
        let params = query_params(indicator, period.as_ref());
        let params: Vec<(&str, Cell)> =
            params.iter().map(|(name, cell)| (name.as_str(), cell.clone())).collect();
        let parts = db.frame(&indicator.sql, &params).map_err(|error| error.in_source(&definition.query))?;
        observations.extend(
            frame::observations(indicator, period.as_ref(), &parts)
                .map_err(|wrong| wrong_rows(definition, wrong))?,
        );
    }
    if let Some(twice) = given_twice(&observations) {
        return Err(wrong_rows(definition, vec![twice]).into());
    }
    let has_begun = |one: &Observation| loaded_on.is_none_or(|day| one.period.start() <= day);
    let (mut observations, early): (Vec<Observation>, Vec<Observation>) =
        observations.into_iter().partition(has_begun);
    mark_breaks(indicator, &mut observations);
    let early = early.first().map(|first| not_begun(definition, first, early.len() as u64));
    let strange = of_nobody(definition, &observations, bodies);
    Ok((observations, early.into_iter().chain(strange).collect()))
}

/// A word about numbers of bodies that are in no list: they have no name, and stand on no page.
fn of_nobody(
    definition: &Definition,
    observations: &[Observation],
    bodies: &HashSet<OrgId>,
) -> Option<Diagnostic> {
    let mut strange = observations.iter().filter(|one| !bodies.contains(&one.org));
    let first = strange.next()?;
    let numbers = count(1 + strange.count() as u64, "number");
    let problem = Diagnostic::warning(format!(
        "`{}` has {numbers} of bodies that are not in `ref.organisation`",
        definition.indicator.id
    ));
    Some(problem.in_file(&definition.query.path).hint(format!(
        "the first is of `{}` in {}: it has no name, and no page shows it",
        first.org, first.period
    )))
}

fn not_begun(definition: &Definition, first: &Observation, n: u64) -> Diagnostic {
    let numbers = count(n, "number");
    Diagnostic::warning(format!(
        "{numbers} of `{}` left out: the period has not begun",
        definition.indicator.id
    ))
    .in_file(&definition.query.path)
    .hint(format!(
        "the first is of `{}` in {}; its sender wrote another year or quarter",
        first.org, first.period
    ))
}

/// An organisation, period and breakdown that two rows speak of.
fn given_twice(observations: &[Observation]) -> Option<String> {
    let mut keys: Vec<_> =
        observations.iter().map(|o| (&o.org, o.period.to_string(), &o.breakdown)).collect();
    keys.sort();
    let (org, period, breakdown) = keys.windows(2).find(|pair| pair[0] == pair[1]).map(|pair| &pair[0])?;
    let breakdown = if breakdown.is_empty() { String::new() } else { format!(", breakdown `{breakdown}`") };
    Some(format!("two rows for `{org}` in {period}{breakdown}"))
}

fn wrong_rows(definition: &Definition, wrong: Vec<String>) -> Diagnostic {
    let more = wrong.len().saturating_sub(5);
    let shown = wrong.into_iter().take(5);
    let problem = Diagnostic::error(format!(
        "the query of `{}` gives rows that cannot be used",
        definition.indicator.id
    ))
    .in_file(&definition.query.path);
    let problem = shown.fold(problem, Diagnostic::hint);
    if more > 0 { problem.hint(format!("and {more} more")) } else { problem }
}

/// The periods to compute, or none where the query names them itself.
///
/// They are the last of the indicator's own kind and calendar that is over when the asked one is, and those before
/// it: no number speaks of days after the run's period, and none is called a quarter that is not over.
pub fn periods(indicator: &Indicator, asked: &Period) -> Vec<Option<Period>> {
    if indicator.period == PeriodKind::Any {
        return vec![None];
    }
    let last = Period::last_ended(indicator.period, indicator.calendar, asked.end());
    std::iter::successors(last, Period::before).take(HISTORY + 1).map(Some).collect()
}

/// The period of a run that was not told one: the last quarter that ended before `today`.
pub fn last_quarter(today: NaiveDate) -> Period {
    let yesterday = today.pred_opt().unwrap_or(today);
    let quarter = Period::last_ended(PeriodKind::Quarter, Calendar::Civil, yesterday);
    quarter.unwrap_or(Period::Day(yesterday))
}
