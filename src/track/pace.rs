//! The pace of a series, the pace that is needed from now on, and when the target is reached at the pace seen.

use chrono::{Days, NaiveDate};

use super::path::{on, path};
use super::{Goal, Series};
use crate::model::progress::{Pace, Point, Scale};

/// An arrival further off than this many years is none.
const FARTHEST: f64 = 100.0;

/// The pace on the scale of the goal; none where there are not two values to measure it between.
///
/// Seen: `(v_t - v_0) / (t - t_0)`; needed: `(v_T - v_t) / (T - t)`; on a logarithmic scale of `ln v`, which is compound
/// growth. Source: the pace ratio of SDSN's trend arrows (linear growth needed over seen), turned round so that it reads
/// as how many times the present pace is needed. Zero and what lies below has no logarithm: such a series is measured in
/// steps. A yes-or-no target has no pace.
pub(super) fn pace(goal: &Goal<'_>, series: &Series<'_>) -> Option<Pace> {
    let last = series.last().filter(|_| goal.scale != Scale::YesNo)?;
    let baseline = baseline(goal, series)?;
    let start = if baseline.period < last.period { baseline } else { *series.points.first()? };
    if start.period == last.period {
        return None;
    }
    let is_met = goal.target.comparator.met(last.value, goal.value());
    let now = on(goal.scale, last.value);
    let has_moved = goal.is_seen(last.value - start.value);
    let seen = if has_moved { (now - on(goal.scale, start.value)) / (last.at() - start.at()) } else { 0.0 };
    let left = goal.at() - last.at();
    let needed = (!is_met && left > 0.0).then(|| (on(goal.scale, goal.value()) - now) / left);
    let times = needed.map(|needed| needed / seen).filter(|times| times.is_finite() && *times > 0.0);
    let path_now = path(goal, baseline, last.at());
    Some(Pace {
        baseline,
        start,
        path: path_now,
        way_done: way_done(goal, baseline, last, path_now),
        seen,
        needed,
        times,
        arrives_on: times
            .map(|times| left * times)
            .filter(|years| *years <= FARTHEST)
            .and_then(|years| day(last.at() + years)),
    })
}

/// The last value when the target was made, else the first there is.
fn baseline(goal: &Goal<'_>, series: &Series<'_>) -> Option<Point> {
    let was_known =
        |point: &&Point| goal.target.issued_on.is_some_and(|made| point.period.end() <= made.end());
    series.points.iter().rfind(was_known).or(series.points.first()).copied()
}

/// `(v_t - v_0) / (p(t) - v_0)` on the scale; none where the path has not yet gone the good way.
///
/// On a path without milestones it is the share of the whole way that the present pace would have done by the due day.
fn way_done(goal: &Goal<'_>, baseline: Point, last: Point, path_now: f64) -> Option<f64> {
    let on = |value| on(goal.scale, value);
    let asked = on(path_now) - on(baseline.value);
    (asked * goal.sign() > 0.0).then(|| (on(last.value) - on(baseline.value)) / asked)
}

/// The day that a decimal year lies in.
fn day(at: f64) -> Option<NaiveDate> {
    let year = at.floor();
    // A decimal year that is whole is the end of the year before.
    let (year, part) = if at > year { (year, at - year) } else { (year - 1.0, 1.0) };
    #[expect(clippy::cast_possible_truncation, reason = "years of calendars are small whole numbers")]
    let first = NaiveDate::from_ymd_opt(year as i32, 1, 1).filter(|_| year.abs() < 9_000.0)?;
    let days = if first.leap_year() { 366.0 } else { 365.0 };
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 1 and 366")]
    let ordinal = (part * days - 1e-6).ceil().clamp(1.0, days) as u64;
    first.checked_add_days(Days::new(ordinal - 1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::period::Period;

    #[test]
    fn days_and_decimal_years_are_one_thing() {
        for text in ["2024-01-01", "2024-02-29", "2025-12-31", "2026-06-30", "2028-12-31"] {
            let date: NaiveDate = text.parse().expect("a day");
            assert_eq!(day(Period::Day(date).decimal_end()), Some(date));
        }
    }
}
