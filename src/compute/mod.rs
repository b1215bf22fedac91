//! Runs the queries and turns their rows into observations.
//!
//! Queries give parts; division, scale and the reasons for missing values have their one home here.

mod checks;
mod frame;
mod links;
mod restate;

use chrono::NaiveDate;

pub use checks::{CHECKS, Check, read_checks, run_checks, try_check};
pub use links::LINKS;
pub use restate::restate;

use crate::db::{Cell, Db, DbError};
use crate::diagnostic::{Diagnostic, Problems};
use crate::indicators::{Definition, query_params};
use crate::model::indicator::Indicator;
use crate::model::period::{Period, PeriodKind};
use crate::progress::Watcher;

/// How many periods before the one asked for are computed as well, so that there is a series.
const HISTORY: usize = 8;

/// Computes every indicator anew; all that fail are reported and leave no observation.
pub fn compute(
    db: &Db,
    definitions: &[Definition],
    asked: &Period,
    vintage: u32,
    watcher: &dyn Watcher,
) -> Result<u64, Problems> {
    let mut problems = Problems::default();
    watcher.begin("compute", definitions.len() as u64);
    let observations = db.transaction(|| -> Result<u64, DbError> {
        db.run("DELETE FROM out.observation")?;
        let mut count = 0;
        for definition in definitions {
            match compute_one(db, definition, asked, vintage) {
                Ok(rows) => {
                    count += rows.len() as u64;
                    db.append("out", "observation", rows)?;
                }
                Err(failed) => problems.0.extend(failed.0),
            }
            watcher.step(definition.indicator.id.as_str());
        }
        Ok(count)
    });
    watcher.end();
    match problems.keep(observations) {
        Some(count) => problems.or(count),
        None => Err(problems),
    }
}

/// The observations of one indicator, as rows of `out.observation`.
pub fn compute_one(
    db: &Db,
    definition: &Definition,
    asked: &Period,
    vintage: u32,
) -> Result<Vec<Vec<Cell>>, Problems> {
    let indicator = &definition.indicator;
    let mut rows = vec![];
    for period in periods(indicator.period, asked) {
        let params = query_params(indicator, period.as_ref());
        let params: Vec<(&str, Cell)> =
            params.iter().map(|(name, cell)| (name.as_str(), cell.clone())).collect();
        let parts = db.frame(&indicator.sql, &params).map_err(|error| error.in_source(&definition.query))?;
        rows.extend(
            frame::observations(indicator, period.as_ref(), &parts, vintage)
                .map_err(|wrong| wrong_rows(definition, wrong))?,
        );
    }
    let mut keys: Vec<(String, String, String)> =
        rows.iter().map(|row| (row[1].shown(), row[2].shown(), row[3].shown())).collect();
    keys.sort();
    if let Some(twice) = keys.windows(2).find(|pair| pair[0] == pair[1]) {
        let (org, period, breakdown) = &twice[0];
        let breakdown =
            if breakdown.is_empty() { String::new() } else { format!(", breakdown `{breakdown}`") };
        return Err(
            wrong_rows(definition, vec![format!("two rows for `{org}` in {period}{breakdown}")]).into()
        );
    }
    Ok(rows)
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

/// The periods to compute: the one asked for and those before it, or none where the query names them itself.
fn periods(kind: PeriodKind, asked: &Period) -> Vec<Option<Period>> {
    let mut periods = vec![];
    let mut day: Option<NaiveDate> = Some(asked.end());
    while let Some(period) = day.and_then(|day| Period::containing(kind, day)) {
        periods.push(Some(period));
        day = period.start().pred_opt();
        if periods.len() > HISTORY {
            break;
        }
    }
    if periods.is_empty() { vec![None] } else { periods }
}

/// The period of a run that was not told one: the last quarter that ended before `today`.
pub fn last_quarter(today: NaiveDate) -> Period {
    let this = Period::containing(PeriodKind::Quarter, today).unwrap_or(Period::Day(today));
    let before = this.start().pred_opt().unwrap_or(today);
    Period::containing(PeriodKind::Quarter, before).unwrap_or(Period::Day(before))
}

/// Whether an indicator's value may be compared with another across a date.
pub fn crosses_break(indicator: &Indicator, from: &Period, to: &Period) -> bool {
    indicator.breaks.iter().any(|cut| from.end() < cut.at && cut.at <= to.end())
}
