//! The present pace carried on in equal steps.

use super::Stretch;
use crate::model::progress::Verdict;

/// `v_t + (v_t - v_0) / (t - t_0) (T - t)`
///
/// Source: WHO, billionaiRe, scenario of linear change. Limits: it passes the limits of percentages.
pub(super) fn projected(stretch: &Stretch) -> Option<f64> {
    let ((t0, v0), (t, vt)) = (stretch.from, stretch.now);
    (t > t0).then(|| vt + (vt - v0) / (t - t0) * (stretch.goal.0 - t))
}

/// The share of the way that the projection does, by the cut-offs of Open SDG.
pub(super) fn verdict(stretch: &Stretch, share: f64) -> Verdict {
    stretch.verdict(share, 0.95)
}
