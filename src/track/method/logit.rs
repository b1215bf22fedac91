//! The present pace carried on in equal steps of log-odds, which slow down near the limits.

use super::Stretch;
use crate::model::progress::Verdict;

/// `L / (1 + e^-z)`, with `z` the log-odds `ln(v / (L - v))` carried on in equal steps; `L` is the limit.
///
/// Only for values with a limit; none where start, present or target stands at zero or at the limit, whose log-odds are
/// not numbers. Source: growth curves with saturation, as used for shares of adoption. Limits: it supposes that the last
/// part is as hard as the first.
pub(super) fn projected(stretch: &Stretch) -> Option<f64> {
    let limit = stretch.limit?;
    let ((t0, v0), (t, vt), (end, goal)) = (stretch.from, stretch.now, stretch.goal);
    let is_within = [v0, vt, goal].iter().all(|value| 0.0 < *value && *value < limit);
    let odds = |value: f64| (value / (limit - value)).ln();
    let carried = || odds(vt) + (odds(vt) - odds(v0)) / (t - t0) * (end - t);
    (is_within && t > t0).then(|| limit / (1.0 + (-carried()).exp()))
}

/// The share of the way that the projection does, by the cut-offs of Open SDG.
pub(super) fn verdict(stretch: &Stretch, share: f64) -> Verdict {
    stretch.verdict(share, 0.95)
}
