//! The one status of a target.
//!
//! The cut-off of the way done is the published one, 95 % and 60 % (Open SDG 2.4, Eurostat), taken of the distance from
//! the path and not of compound growth, which calls a rise from 10 % to 35 % on track for 80 %. The pace needed is
//! judged beside it, because what lies on a steep part of the way ahead is not seen from the way done: up to a tenth more
//! than the pace seen is on path, more than twice is a serious delay. The worse of the two counts.

use super::{Goal, Series};
use crate::model::progress::{Pace, Scale, Status, TREND_FROM};

/// The status by the values alone; who or what has ended is the caller's to know.
///
/// A target that is met is met whatever its trend. A value below it decides once it is final; where its day is over no pace
/// leads to it any more, and the value for it is waited for. A yes-or-no target that is not reached is judged on its day alone.
pub(super) fn status(goal: &Goal<'_>, series: &Series<'_>, pace: Option<&Pace>, is_over: bool) -> Status {
    let Some(last) = series.last() else { return Status::NoData };
    if goal.target.comparator.met(last.value, goal.value()) {
        return Status::Achieved;
    }
    if series.is_final {
        return Status::Missed;
    }
    if is_over {
        return Status::Awaited;
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
    pace.by_way().max(pace.by_times())
}
