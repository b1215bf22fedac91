//! How a target is being pursued: its path, the pace seen and needed, one status, the published methods beside it, and
//! the chance of reaching it.
//!
//! Takes a target, its milestones and the numbers of one body by one indicator; gives a [`TargetProgress`]. Pure: no
//! query, no file, no clock, no rounding, no words. It does not know which bodies a target is read on.
//!
//! Reading order: `series` (which numbers are compared), `path`, `pace`, `status`, `method` (one file each), `effort`
//! (what it would take), `chance`.

mod chance;
mod effort;
mod method;
mod pace;
mod path;
mod regression;
mod series;
mod status;

use crate::model::indicator::{Indicator, Unit};
use crate::model::measure::{Measure, Missing};
use crate::model::period::Period;
use crate::model::progress::{Extra, Scale, Status, TargetProgress};
use crate::model::results::Observation;
use crate::model::target::{Ended, Target};

pub use effort::holders;
pub use series::{Series, on_one_map};

/// What a target asks for, as the rules of this room take it.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Goal<'a> {
    /// The target itself.
    target: &'a Target,
    /// What the pace is measured on.
    scale: Scale,
    /// The upper limit of the values, where they have one.
    limit: Option<f64>,
    /// How many decimals the values are printed with.
    decimals: u8,
}

impl Goal<'_> {
    /// The value to reach.
    fn value(&self) -> f64 {
        self.target.value
    }

    /// The end of the due day as a decimal year.
    fn at(&self) -> f64 {
        Period::Day(self.target.due_on).decimal_end()
    }

    /// Whether a difference of values shows at all as they are printed: one that does not is no movement. Ratios show any.
    fn is_seen(&self, difference: f64) -> bool {
        self.scale == Scale::Log || difference.abs() >= 0.5 * 10f64.powi(-i32::from(self.decimals))
    }

    /// 1 where more is better, else -1.
    fn sign(&self) -> f64 {
        if self.target.comparator.lower_is_better() { -1.0 } else { 1.0 }
    }
}

/// How a target stands by the numbers of one body, oldest first, and whether that is final; `until` is the last day of the run's
/// period, and numbers of later days are not known yet.
///
/// The caller says whether the row decides, and who holds the gap.
pub fn assess(
    target: &Target,
    indicator: &Indicator,
    numbers: &[&Observation],
    ended: Option<Ended>,
    until: chrono::NaiveDate,
) -> (TargetProgress, bool) {
    let is_over = target.due_on <= until;
    let known: Vec<&Observation> =
        numbers.iter().filter(|number| number.period.end() <= until).copied().collect();
    let numbers = known.as_slice();
    let series = Series::until_due(target, indicator, numbers);
    let scale = scale(target, indicator, &series);
    let goal = Goal { target, scale, limit: limit(indicator.unit), decimals: indicator.decimals };
    let pace = pace::pace(&goal, &series);
    let stretch = pace.and_then(|pace| method::Stretch::of(&goal, &pace, &series));
    let status = match (ended, numbers.last().map(|number| number.measure)) {
        (Some(_), _) => Status::NotApplicable,
        (None, Some(Measure::Missing(Missing::NotApplicable))) if series.points.is_empty() => {
            Status::NotApplicable
        }
        _ => status::status(&goal, &series, pace.as_ref(), is_over),
    };
    // Nothing is asked of a pace that led up to a day that is over.
    let has_ended = ended.is_some() || status == Status::Awaited;
    let is_open = !has_ended && !is_over && series.last().is_some_and(|last| last.at() < goal.at());
    let progress = TargetProgress {
        target: target.id.clone(),
        org: numbers.first().map(|number| number.org.clone()),
        indicator: Some(indicator.id.clone()),
        status,
        decides: true,
        due_is_over: is_over,
        deciding: series.last(),
        scale,
        values: whole(series.values),
        points: whole(series.points.len()),
        restated: 0,
        pace: pace.filter(|_| !has_ended).map(|pace| if is_over { pace.looking_back() } else { pace }),
        extra: effort::extra(&goal, indicator, &series).filter(|_| !has_ended).map(|extra| match is_over {
            true => Extra { per_period: None, ..extra },
            false => extra,
        }),
        chance: is_open.then(|| chance::chance(&goal, &series.points)).flatten(),
        methods: stretch
            .filter(|_| status != Status::Awaited)
            .map(|stretch| method::all(&stretch, &series.points))
            .unwrap_or_default(),
        holders: vec![],
    };
    (progress, series.is_final)
}

/// Counts and durations grow by ratios, the rest by steps; zero and what lies below has no ratio.
fn scale(target: &Target, indicator: &Indicator, series: &Series<'_>) -> Scale {
    let is_above_zero = target.value > 0.0 && series.points.iter().all(|point| point.value > 0.0);
    match indicator.unit {
        _ if target.is_yes_or_no() => Scale::YesNo,
        Unit::Count | Unit::Days if is_above_zero => Scale::Log,
        _ => Scale::Linear,
    }
}

/// The most that a value can be.
fn limit(unit: Unit) -> Option<f64> {
    match unit {
        Unit::Percent => Some(100.0),
        Unit::Index => Some(1.0),
        Unit::Count | Unit::Points | Unit::Rank | Unit::Days => None,
    }
}

fn whole(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
