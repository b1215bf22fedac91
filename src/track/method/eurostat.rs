//! Eurostat: the ratio of Open SDG as a score.

use super::{Stretch, open_sdg};
use crate::model::progress::Verdict;

/// `5 / 0.7 (R - 0.6)` from 0.6 on, `5 / 1.2 (R + 0.6) - 5` below, from -5 (at -0.60) to 5 (at 1.30).
///
/// Source: EUSTAT, code comments on Eurostat's scoring function; the annex itself was not seen. Since the ratio is that of
/// Open SDG the class is always the same, and the method is not counted once more in the agreement.
pub(super) fn score(stretch: &Stretch) -> Option<f64> {
    let of_ratio = |ratio: f64| match ratio {
        ratio if ratio >= 0.6 => 5.0 / 0.7 * (ratio - 0.6),
        ratio => 5.0 / 1.2 * (ratio + 0.6) - 5.0,
    };
    open_sdg::ratio(stretch).map(|ratio| of_ratio(ratio).clamp(-5.0, 5.0))
}

/// The class at the ratios 0.95 and 0: significant progress from 2.5 on, movement away from the target below -2.5.
pub(super) fn verdict(stretch: &Stretch, score: f64) -> Verdict {
    match score {
        _ if stretch.is_met() => Verdict::OnTrack,
        score if score >= 2.5 => Verdict::OnTrack,
        score if score >= -2.5 => Verdict::TooSlow,
        _ => Verdict::Away,
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::stretch;
    use super::*;

    #[test]
    fn scores_of_known_ratios() {
        let check = |v0, vt, goal, expected: f64| {
            let found = score(&stretch(v0, vt, goal)).expect("a ratio");
            assert!((found - expected).abs() < 1e-9, "{v0} {vt} {goal}: {found}");
        };
        // R = 1: 5 / 0.7 x 0.4 = 2.857; no growth: R = 0 and 5 / 1.2 x 0.6 - 5 = -2.5; R far above 1.3 and below -0.6.
        check(100.0, 110.0, 121.0, 5.0 / 0.7 * 0.4);
        check(100.0, 100.0, 121.0, -2.5);
        check(100.0, 200.0, 121.0, 5.0);
        check(100.0, 50.0, 121.0, -5.0);
    }
}
