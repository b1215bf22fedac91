//! Several parts put together into one.

use crate::model::index::Aggregate;

/// Weights rescaled to one: `w_i / sum w`.
///
/// Source: OECD and JRC, Handbook on Constructing Composite Indicators (2008), step 6; COINr, `new_coin`.
pub fn shares(weights: &[f64]) -> Vec<f64> {
    let total: f64 = weights.iter().sum();
    weights.iter().map(|weight| weight / total).collect()
}

/// What parts give by their weights; none where the rule gives no number.
pub fn aggregate(how: Aggregate, values: &[f64], weights: &[f64]) -> Option<f64> {
    match how {
        Aggregate::Arithmetic => Some(sum(values, &shares(weights))),
        Aggregate::Geometric => geometric(values, weights),
        Aggregate::Sum => Some(sum(values, weights)),
    }
}

/// `sum w_i x_i`
///
/// With weights rescaled to one it is the weighted arithmetic mean (OECD and JRC 2008, step 6).
fn sum(values: &[f64], weights: &[f64]) -> f64 {
    values.iter().zip(weights).map(|(value, weight)| value * weight).sum()
}

/// `prod x_i ^ w_i`, weights rescaled to one: zero where a part is zero, nothing where one is below.
///
/// Source: OECD and JRC 2008, step 6, geometric aggregation.
fn geometric(values: &[f64], weights: &[f64]) -> Option<f64> {
    if values.iter().any(|value| *value < 0.0) {
        return None;
    }
    Some(values.iter().zip(shares(weights)).map(|(value, share)| value.powf(share)).product())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn close(a: f64, b: f64) -> bool {
        (a - b).abs() < 1e-12 * (1.0 + a.abs())
    }

    #[test]
    fn worked_by_hand() {
        let check = |how, values: &[f64], weights: &[f64], expected: f64| {
            let found = aggregate(how, values, weights).expect("a number");
            assert!(close(found, expected), "{how:?}: {found}, expected {expected}");
        };
        check(Aggregate::Arithmetic, &[0.2, 0.4, 0.9], &[1.0, 1.0, 1.0], 0.5);
        check(Aggregate::Arithmetic, &[0.2, 0.4], &[3.0, 1.0], 0.25);
        check(Aggregate::Geometric, &[0.25, 1.0], &[1.0, 1.0], 0.5);
        check(Aggregate::Geometric, &[0.0, 1.0], &[1.0, 9.0], 0.0);
        check(Aggregate::Sum, &[7.96, 17.35], &[1.0, 1.0], 25.31);
        assert_eq!(aggregate(Aggregate::Geometric, &[-0.1, 1.0], &[1.0, 1.0]), None);
    }

    /// The geometric mean of the three parts of 2022, worked out by `tests/oracle/egdi.py`.
    #[test]
    fn an_independent_computation_agrees() {
        for line in include_str!("../../tests/oracle/normalised.csv").lines().skip(1) {
            let cells: Vec<&str> = line.split(',').collect();
            let cell = |at: usize| cells[at].parse::<f64>().expect("a number");
            let parts = [cell(1), cell(8), cell(9)];
            let found = aggregate(Aggregate::Geometric, &parts, &[1.0; 3]).expect("a number");
            assert!(close(found, cell(10)), "{}: {found}", cells[0]);
        }
    }

    proptest! {
        /// Weights say how parts stand to one another, not how great they are.
        #[test]
        fn weights_scale(values in proptest::collection::vec(0.0..1.0f64, 1..6), scale in 0.01..100.0f64) {
            let weights: Vec<f64> = (1..=values.len()).map(|n| n as f64).collect();
            let scaled: Vec<f64> = weights.iter().map(|weight| weight * scale).collect();
            for how in [Aggregate::Arithmetic, Aggregate::Geometric] {
                let (a, b) = (aggregate(how, &values, &weights), aggregate(how, &values, &scaled));
                prop_assert!(close(a.unwrap(), b.unwrap()));
            }
        }

        /// A mean lies between the least and the greatest, and the geometric one is not above the arithmetic one.
        #[test]
        fn means_lie_between(values in proptest::collection::vec(0.001..1.0f64, 1..6)) {
            let weights = vec![1.0; values.len()];
            let arithmetic = aggregate(Aggregate::Arithmetic, &values, &weights).unwrap();
            let geometric = aggregate(Aggregate::Geometric, &values, &weights).unwrap();
            let least = values.iter().copied().fold(f64::INFINITY, f64::min);
            let greatest = values.iter().copied().fold(0.0, f64::max);
            prop_assert!(geometric <= arithmetic + 1e-12);
            prop_assert!(least - 1e-12 <= geometric && arithmetic <= greatest + 1e-12);
        }
    }
}
