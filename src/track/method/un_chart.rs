//! UN Statistics Division, progress chart: compound growth carried on to the due day.

use super::Stretch;
use crate::model::progress::Verdict;

/// `v_e = v_t (1 + CAGR)^(T - t)`, with `CAGR = (v_t / v_0)^(1 / (t - t_0)) - 1`.
///
/// Source: technical note of the progress chart 2023, as written out by EUSTAT (`metodologia.md`); its number is
/// `(v_e - v_0) / (v_T - v_0)`. Values of zero or below have no growth rate (growth-rate series are left to judgement).
/// Limits: the projection of a percentage passes 100 %.
pub(super) fn projected(stretch: &Stretch) -> Option<f64> {
    let ((t0, v0), (t, vt)) = (stretch.from, stretch.now);
    (v0 > 0.0 && vt > 0.0).then(|| vt * (vt / v0).powf((stretch.goal.0 - t) / (t - t0)))
}

/// 0.95 and more: on track; 0.10: fair progress; less: stagnation or regression. A target that is met overrides the trend.
///
/// The last class has both what stands still and what goes away; they are told apart by the sign.
pub(super) fn verdict(stretch: &Stretch, ratio: f64) -> Verdict {
    stretch.verdict(ratio, 0.95)
}
