//! Open SDG 2.4 and Statistics Canada: growth seen over growth needed.

use super::Stretch;
use crate::model::progress::Verdict;

/// What stands for zero, which has no growth rate.
const FOR_ZERO: f64 = 0.001;

/// `R = d CAGR_o / |CAGR_r|`, with `CAGR_o = (v_t / v_0)^(1 / (t - t_0)) - 1` and `CAGR_r = (v_T / v_0)^(1 / (T - t_0)) - 1`.
///
/// Source: Open SDG, progress methodology 2.4; sdg-build, `ProgressMeasure.py`. A base or target of zero is replaced by
/// 0.001, a series below zero is taken with its sign turned; start, present and target on both sides of zero have no
/// growth rate, and neither has a target at the start. `d` is 1 where more is better, else -1.
/// Limits: growth of percentages has no upper bound, so a low base makes any rise look fast.
pub(super) fn ratio(stretch: &Stretch) -> Option<f64> {
    let replaced = |value: f64| if value == 0.0 { FOR_ZERO } else { value };
    let (v0, vt, goal) = (replaced(stretch.from.1), stretch.now.1, replaced(stretch.goal.1));
    let turned = v0 < 0.0;
    let same_side = (vt == 0.0 || (vt < 0.0) == turned) && (goal < 0.0) == turned;
    if !same_side {
        return None;
    }
    let growth = |value: f64, years: f64| (value / v0).powf(1.0 / years) - 1.0;
    let seen = growth(vt, stretch.now.0 - stretch.from.0);
    let needed = growth(goal, stretch.goal.0 - stretch.from.0);
    let turn = if turned { -1.0 } else { 1.0 };
    (needed != 0.0).then(|| stretch.sign() * turn * seen / needed.abs())
}

/// 0.95 and more substantial, 0.60 moderate, 0 limited progress, less is deterioration; what is met is met.
pub(super) fn verdict(stretch: &Stretch, ratio: f64) -> Verdict {
    stretch.verdict(ratio, 0.95)
}

#[cfg(test)]
mod tests {
    use super::super::tests::stretch;
    use super::*;

    #[test]
    fn zero_negative_and_decreasing_series_are_taken_as_published() {
        let check = |v0, vt, goal, expected: Option<f64>| {
            let found = ratio(&stretch(v0, vt, goal));
            let is_same = match (found, expected) {
                (Some(found), Some(expected)) => (found - expected).abs() < 1e-9,
                (found, expected) => found == expected,
            };
            assert!(is_same, "{v0} {vt} {goal}: {found:?}");
        };
        // Half the time for half of the growth.
        check(100.0, 110.0, 121.0, Some(1.0));
        // Less is better: 100 to 50 in five years, 25 asked for in ten, is the pace asked for.
        check(100.0, 50.0, 25.0, Some(1.0));
        check(100.0, 121.0, 25.0, Some(-(1.21f64.powf(0.2) - 1.0) / (1.0 - 0.25f64.powf(0.1))));
        // Zero as base is 0.001: (10 / 0.001)^(1/5) - 1 over (100 / 0.001)^(1/10) - 1.
        check(0.0, 10.0, 100.0, Some((1e4f64.powf(0.2) - 1.0) / (1e5f64.powf(0.1) - 1.0)));
        // Below zero: -16 to -8 in five years, -4 asked for in ten; halving is the way up.
        check(-16.0, -8.0, -4.0, Some(1.0));
        check(-16.0, 8.0, 20.0, None);
        check(50.0, 60.0, 50.0, None);
    }
}
