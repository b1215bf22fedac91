//! ESCAP, used by all five regional commissions of the United Nations: how far, and how far it will be.

use super::Stretch;
use crate::model::progress::{Point, Verdict};
use crate::track::regression::forecast;

/// Current status index: `CS = 10 (v_t - v_0) / (v_T - v_0)`, from 0 at the start to 10 at the target.
///
/// Source: the formula in a script of UNICEF, with `+-10 (v_t - v_0) / |v_T - v_0|` by direction. None where the target was
/// met at the start. Limits: the way is taken as even.
pub(super) fn current(stretch: &Stretch) -> Option<f64> {
    stretch.share_of_way(stretch.now.1).map(|share| 10.0 * share)
}

/// Against `10 (t - t_0) / (T - t_0)`, the length that should be done by now.
pub(super) fn verdict_of_current(stretch: &Stretch, index: f64) -> Verdict {
    let elapsed = (stretch.now.0 - stretch.from.0) / (stretch.goal.0 - stretch.from.0);
    stretch.verdict(index, 10.0 * elapsed)
}

/// Anticipated progress: the gap `|v_T - v^_T| / |v_T - v_0|` that a time-weighted linear regression foretells, zero where
/// it reaches the target; and the value that it foretells.
///
/// Source: technical notes of UNECE and ESCAP: at least two points, recent ones weighing more. Their weights are not in
/// what was read; ours fall evenly to a half for the oldest point. Limits: those of a straight line.
pub(super) fn anticipated(stretch: &Stretch, points: &[Point]) -> Option<(f64, f64)> {
    let points: Vec<(f64, f64)> = points.iter().map(|point| (point.at(), point.value)).collect();
    let end = forecast(&points, stretch.goal.0)?.expected;
    Some(((1.0 - stretch.share_of_way(end)?).max(0.0), end))
}

/// A gap of up to 10 %: maintain; up to 100 %: accelerate; more: reverse (cut-offs as they are commonly reported).
pub(super) fn verdict_of_gap(stretch: &Stretch, gap: f64) -> Verdict {
    // A gap of more than the whole way is a way to the other side.
    stretch.verdict(1.0 - gap, 0.9)
}

#[cfg(test)]
mod tests {
    use super::super::tests::stretch;
    use super::*;

    #[test]
    fn half_of_the_way_is_five() {
        assert_eq!(current(&stretch(20.0, 50.0, 80.0)), Some(5.0));
        assert_eq!(current(&stretch(86.0, 71.0, 50.0)), Some(10.0 * 15.0 / 36.0));
        let back = current(&stretch(20.0, 10.0, 80.0)).expect("a way");
        assert!((back + 10.0 / 6.0).abs() < 1e-9);
        assert_eq!(verdict_of_current(&stretch(20.0, 50.0, 80.0), 5.0), Verdict::OnTrack);
        assert_eq!(verdict_of_current(&stretch(20.0, 49.0, 80.0), 4.8), Verdict::TooSlow);
        assert_eq!(verdict_of_current(&stretch(20.0, 10.0, 80.0), -1.0), Verdict::Away);
    }

    #[test]
    fn the_gap_is_what_the_line_leaves_undone() {
        let points = [("2019", 20.0), ("2024", 35.0)]
            .map(|(period, value)| Point { period: period.parse().expect("a year"), value });
        // The line reaches 50 in 2030, half of the way from 20 to 80.
        let (gap, end) = anticipated(&stretch(20.0, 35.0, 80.0), &points).expect("a line");
        assert!((gap - 0.5).abs() < 1e-9 && (end - 50.0).abs() < 1e-9);
        assert_eq!(verdict_of_gap(&stretch(20.0, 35.0, 80.0), 0.5), Verdict::TooSlow);
        assert_eq!(verdict_of_gap(&stretch(20.0, 35.0, 80.0), 0.1), Verdict::OnTrack);
        assert_eq!(verdict_of_gap(&stretch(20.0, 35.0, 80.0), 1.1), Verdict::Away);
    }
}
