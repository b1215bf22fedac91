//! The path to a target: from the baseline through its milestones, even between them on the scale.

use super::Goal;
use crate::model::progress::{Point, Scale};

/// A value on a scale.
pub(super) fn on(scale: Scale, value: f64) -> f64 {
    match scale {
        Scale::Log => value.ln(),
        Scale::Linear | Scale::YesNo | Scale::Logit => value,
    }
}

/// Where the path stands at a time, as a value.
///
/// `p(t) = p_i + (p_{i+1} - p_i) (t - t_i) / (t_{i+1} - t_i)` on the scale, between the baseline, the milestones after it
/// and the target; the target after its due day. A period is set against the path at its own last day, so that what is
/// counted from the first day of a year is compared with the milestone of the same quarter, not with that of the year.
///
/// Source: WHO, billionaiRe, scenario of a fixed target (linear between baseline and target), with milestones in between.
pub(super) fn path(goal: &Goal<'_>, baseline: Point, at: f64) -> f64 {
    let corners = goal.target.corners(baseline);
    let Some(next) = corners.iter().position(|(time, _)| at <= *time) else { return goal.value() };
    let Some((from, to)) = next.checked_sub(1).map(|before| (corners[before], corners[next])) else {
        return corners[next].1;
    };
    let share = (at - from.0) / (to.0 - from.0);
    // At a corner itself the value is the one that was set, to the last digit.
    if share >= 1.0 {
        return to.1;
    }
    let (low, high) = (on(goal.scale, from.1), on(goal.scale, to.1));
    let point = low + (high - low) * share;
    if goal.scale == Scale::Log { point.exp() } else { point }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::target::Target;
    use crate::track::testing::{goal, milestone, point, target};

    #[test]
    fn the_path_is_even_between_its_corners() {
        let law = target(">=", 90.0, "2030-12-31");
        let check = |scale, milestones: &[(&str, f64)], at: &str, expected: f64| {
            let milestones = milestones.iter().map(|(day, value)| milestone(day, *value)).collect();
            let law = Target { milestones, ..law.clone() };
            let goal = Goal { scale, ..goal(&law) };
            let found = path(&goal, point("2020", 10.0), point(at, 0.0).at());
            assert!((found - expected).abs() < 1e-9, "{at}: {found}, expected {expected}");
        };
        check(Scale::Linear, &[], "2020", 10.0);
        check(Scale::Linear, &[], "2025", 50.0);
        check(Scale::Linear, &[], "2030", 90.0);
        check(Scale::Linear, &[], "2031", 90.0);
        // 10 to 30 in five years, then 60 in five more.
        check(Scale::Linear, &[("2025-12-31", 30.0)], "2023", 22.0);
        check(Scale::Linear, &[("2025-12-31", 30.0)], "2027", 54.0);
        // The milestone of a quarter holds for the quarter.
        let quarters = [("2026-03-31", 30.0), ("2026-06-30", 50.0)];
        check(Scale::Linear, &quarters, "2026-01-01/2026-03-31", 30.0);
        check(Scale::Linear, &quarters, "2026-01-01/2026-06-30", 50.0);
        // Half of the time, half of the growth: the geometric mean of 10 and 90.
        check(Scale::Log, &[], "2025", 30.0);
    }
}
