//! A straight line through points in time, recent ones weighing more, with the spread of what it foretells.

use statrs::distribution::{ContinuousCDF, StudentsT};

/// How much the oldest point weighs, of the latest one.
const OLDEST: f64 = 0.5;

/// A foretold value, with the spread of what will be observed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Forecast {
    /// The expected value.
    pub expected: f64,
    /// Standard error of an observation around it; none where the points leave nothing to measure it by.
    pub error: Option<f64>,
    /// Degrees of freedom of the error.
    pub freedom: f64,
}

impl Forecast {
    /// `P(Y >= value)`, by Student's t.
    pub(super) fn at_least(&self, value: f64) -> Option<f64> {
        let error = self.error?;
        if error == 0.0 {
            return Some(if self.expected >= value { 1.0 } else { 0.0 });
        }
        let t = StudentsT::new(0.0, 1.0, self.freedom).ok()?;
        Some(t.sf((value - self.expected) / error))
    }

    /// The interval that holds an observation with this probability.
    pub(super) fn interval(&self, level: f64) -> Option<(f64, f64)> {
        let error = self.error?;
        let t = StudentsT::new(0.0, 1.0, self.freedom).ok()?;
        let reach = t.inverse_cdf(0.5 + level / 2.0) * error;
        Some((self.expected - reach, self.expected + reach))
    }
}

/// What a weighted line through `points` (time, value) gives at a later time; none without two different times.
///
/// Weights rise evenly from a half for the oldest to one for the latest point. The forecast is linear in the values,
/// `y(T) = sum c_i y_i`, with `c = x_T' (X'WX)^-1 X'W`. Errors are taken as independent and of one variance `s^2`: an
/// observation lies around the forecast with `s^2 (1 + sum c_i^2)`. With `A = (I - H)' (I - H)` and the hat matrix
/// `H = X (X'WX)^-1 X'W`, `s^2 = sum e_i^2 / tr A` is unbiased, and its degrees of freedom are `(tr A)^2 / tr A^2`
/// (Satterthwaite 1946). With equal weights this is ordinary least squares with `n - 2` degrees of freedom.
///
/// Limits: errors that hang together make the interval too narrow; a line does not see a bend.
pub(super) fn forecast(points: &[(f64, f64)], at: f64) -> Option<Forecast> {
    let coefficients = |at: f64| coefficients(points, at);
    let c = coefficients(at)?;
    let expected = dot(&c, points);
    let hat: Vec<Vec<f64>> = points.iter().map(|(time, _)| coefficients(*time)).collect::<Option<_>>()?;
    let residuals = points.iter().zip(&hat).map(|((_, value), row)| value - dot(row, points));
    let squares: f64 = residuals.map(|residual| residual * residual).sum();
    let a = gram_of_residuals(&hat);
    let trace: f64 = (0..a.len()).map(|i| a[i][i]).sum();
    let trace_of_square: f64 = a.iter().flatten().map(|entry| entry * entry).sum();
    let can_measure = points.len() > 2 && trace > 1e-9;
    let variance = squares / trace * (1.0 + c.iter().map(|c| c * c).sum::<f64>());
    Some(Forecast {
        expected,
        error: can_measure.then(|| variance.sqrt()),
        freedom: if can_measure { trace * trace / trace_of_square } else { 0.0 },
    })
}

/// What each value weighs in the line at a time.
fn coefficients(points: &[(f64, f64)], at: f64) -> Option<Vec<f64>> {
    let (first, last) = (points.first()?.0, points.last()?.0);
    if last <= first {
        return None;
    }
    let weights: Vec<f64> =
        points.iter().map(|(time, _)| OLDEST + (1.0 - OLDEST) * (time - first) / (last - first)).collect();
    let total: f64 = weights.iter().sum();
    let mean = points.iter().zip(&weights).map(|((time, _), w)| w * time).sum::<f64>() / total;
    let spread: f64 = points.iter().zip(&weights).map(|((time, _), w)| w * (time - mean).powi(2)).sum();
    let weight = |((time, _), w): (&(f64, f64), &f64)| w / total + w * (time - mean) * (at - mean) / spread;
    Some(points.iter().zip(&weights).map(weight).collect())
}

fn dot(coefficients: &[f64], points: &[(f64, f64)]) -> f64 {
    coefficients.iter().zip(points).map(|(c, (_, value))| c * value).sum()
}

/// `(I - H)' (I - H)`
fn gram_of_residuals(hat: &[Vec<f64>]) -> Vec<Vec<f64>> {
    let n = hat.len();
    let residual = |row: usize, column: usize| f64::from(u8::from(row == column)) - hat[row][column];
    let entry = |i: usize, j: usize| (0..n).map(|k| residual(k, i) * residual(k, j)).sum();
    (0..n).map(|i| (0..n).map(|j| entry(i, j)).collect()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_straight_line_is_carried_on() {
        let points: Vec<(f64, f64)> =
            (0..5).map(|year| (f64::from(year), 3.0 + 2.0 * f64::from(year))).collect();
        let found = forecast(&points, 10.0).expect("two times");
        assert!((found.expected - 23.0).abs() < 1e-9);
        assert!(found.error.expect("five points") < 1e-6);
    }

    #[test]
    fn worked_by_hand() {
        // Times 0, 1, 2 weigh 0.5, 0.75, 1. Weighted mean of times 2.75 / 2.25 = 11/9, of values (0 + 0.75 + 4) / 2.25 = 19/9.
        // Spread 0.5 (11/9)^2 + 0.75 (2/9)^2 + (7/9)^2 = 1.388889; joint 0.5 (11/9)(19/9) + 0.75 (2/9)(10/9) + (7/9)(17/9)
        // = 2.944444. Slope 2.944444 / 1.388889 = 2.12; at 3: 19/9 + 2.12 x 16/9 = 5.88.
        let found = forecast(&[(0.0, 0.0), (1.0, 1.0), (2.0, 4.0)], 3.0).expect("two times");
        assert!((found.expected - 5.88).abs() < 1e-9, "{}", found.expected);
    }

    #[test]
    fn two_points_leave_no_error_to_measure() {
        let found = forecast(&[(0.0, 1.0), (1.0, 2.0)], 2.0).expect("two times");
        assert_eq!((found.error, found.at_least(3.0)), (None, None));
        assert_eq!(forecast(&[(0.0, 1.0)], 2.0), None);
    }
}
