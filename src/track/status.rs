//! The one status of a target.
//!
//! The cut-off of the way done is the published one, 95 % and 60 % (Open SDG 2.4, Eurostat), taken of the distance from
//! the path and not of compound growth, which calls a rise from 10 % to 35 % on track for 80 %. The pace needed is
//! judged beside it, because what lies on a steep part of the way ahead is not seen from the way done: up to a tenth more
//! than the pace seen is on path, more than twice is a serious delay. The worse of the two counts.

use super::{Goal, Series, TREND_FROM};
use crate::model::progress::{Pace, Scale, Status};

/// The share of the way asked for by now from which a target is on its path.
const WAY_ON_PATH: f64 = 0.95;
/// The share below which the delay is serious.
const WAY_SLIGHT: f64 = 0.60;
/// How many times the pace seen may be needed on the path.
const TIMES_ON_PATH: f64 = 1.10;
/// How many times it is needed at most where the delay is slight.
const TIMES_SLIGHT: f64 = 2.0;

/// The status by the values alone; who or what has ended is the caller's to know.
///
/// A target that is met is met whatever its trend. A value below it decides once it is final. A yes-or-no target that is
/// not reached is judged on its day alone.
pub(super) fn status(goal: &Goal<'_>, series: &Series<'_>, pace: Option<&Pace>) -> Status {
    let Some(last) = series.last() else { return Status::NoData };
    if goal.target.comparator.met(last.value, goal.value()) {
        return Status::Achieved;
    }
    if series.is_final {
        return Status::Missed;
    }
    match pace {
        Some(pace) if series.points.len() >= TREND_FROM => of_pace(goal, pace),
        _ if series.values >= TREND_FROM && goal.scale != Scale::YesNo => Status::BrokenSeries,
        _ => Status::TooEarly,
    }
}

fn of_pace(goal: &Goal<'_>, pace: &Pace) -> Status {
    if pace.seen * goal.sign() < 0.0 {
        return Status::MovingAway;
    }
    let by_way = match pace.way_done {
        // Nothing can be done of the way before the first value after the baseline.
        _ if pace.start != pace.baseline => Status::OnPath,
        None => Status::OnPath,
        Some(way) if way >= WAY_ON_PATH => Status::OnPath,
        Some(way) if way >= WAY_SLIGHT => Status::SlightDelay,
        Some(_) => Status::SeriousDelay,
    };
    let by_pace = match pace.times {
        Some(times) if times <= TIMES_ON_PATH => Status::OnPath,
        Some(times) if times <= TIMES_SLIGHT => Status::SlightDelay,
        // The values stand still.
        _ => Status::SeriousDelay,
    };
    by_way.max(by_pace)
}
