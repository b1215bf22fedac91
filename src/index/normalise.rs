//! Values of unlike units made comparable, over all bodies; more is better in what comes out.
//!
//! Formulas: OECD and JRC, Handbook on Constructing Composite Indicators (2008), step 5, and COINr, `n_*`.

use crate::model::index::{Normalise, Rescale, Rule};

/// The values of one part by a rule; none where it gives no numbers, as where all bodies are alike.
///
/// What is the part's own, its direction, goalposts and reference, is taken from `part`.
pub fn normalise(how: Normalise, values: &[f64], part: &Rule) -> Option<Vec<f64>> {
    let turned = |values: &[f64]| match part.lower_is_better {
        true => values.iter().map(|value| -value).collect(),
        false => values.to_vec(),
    };
    match how {
        Normalise::None => Some(turned(values)),
        Normalise::ZScore => z_score(&turned(values)),
        Normalise::MinMax => min_max(&turned(values)),
        Normalise::Goalposts => goalposts(values, part.goalposts?, part.lower_is_better),
        Normalise::DistanceToReference => to_reference(values, part.reference, part.lower_is_better),
        Normalise::Rank => Some(ranks(&turned(values))),
        Normalise::Percentile => percentile(&turned(values)),
    }
}

/// The score of a part over all bodies, once more.
pub fn rescale(how: Rescale, values: &[f64]) -> Option<Vec<f64>> {
    match how {
        Rescale::None => Some(values.to_vec()),
        Rescale::MinMax => min_max(values),
    }
}

/// `z = (x - mean) / sd` with the standard deviation of the population, `sd^2 = sum (x - mean)^2 / n`.
///
/// Source: UN E-Government Survey 2018, annex on methodology. The standard deviation of a sample differs by one factor
/// that is the same for all parts of as many bodies, so min-max scaling after it takes it out.
fn z_score(values: &[f64]) -> Option<Vec<f64>> {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let sd = (values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / n).sqrt();
    has_spread(values).then(|| values.iter().map(|value| (value - mean) / sd).collect())
}

/// `(x - min) / (max - min)`
fn min_max(values: &[f64]) -> Option<Vec<f64>> {
    let (least, greatest) = ends(values);
    has_spread(values).then(|| values.iter().map(|value| (value - least) / (greatest - least)).collect())
}

/// `(x - low) / (high - low)`, from 0 to 1; the mirror image, one less it, where less is better.
///
/// Source: COINr, `n_goalposts` with `trunc2posts`; UNDP, Human Development Report, technical note 1.
fn goalposts(values: &[f64], (low, high): (f64, f64), lower_is_better: bool) -> Option<Vec<f64>> {
    let share = |value: &f64| ((value - low) / (high - low)).clamp(0.0, 1.0);
    let turned = |share: f64| if lower_is_better { 1.0 - share } else { share };
    (high > low).then(|| values.iter().map(share).map(turned).collect())
}

/// `x / reference`, or `reference / x` where less is better; the best value is the reference where none is named.
///
/// Source: OECD and JRC 2008, step 5, distance to a reference.
fn to_reference(values: &[f64], reference: Option<f64>, lower_is_better: bool) -> Option<Vec<f64>> {
    let (least, greatest) = ends(values);
    let reference = reference.unwrap_or(if lower_is_better { least } else { greatest });
    let can_divide = if lower_is_better { values.iter().all(|x| *x > 0.0) } else { reference != 0.0 };
    let quotient = |x: &f64| if lower_is_better { reference / x } else { x / reference };
    can_divide.then(|| values.iter().map(quotient).collect())
}

/// Places from 1, for the least; equal values share the mean of their places.
///
/// Source: COINr, `n_rank` (with the mean of the places for ties).
fn ranks(values: &[f64]) -> Vec<f64> {
    let below = |value: f64| values.iter().filter(|other| **other < value).count() as f64;
    let alike = |value: f64| values.iter().filter(|other| **other == value).count() as f64;
    values.iter().map(|value| below(*value) + (alike(*value) + 1.0) / 2.0).collect()
}

/// `(rank - 1) / (n - 1)`
///
/// Source: COINr, `n_prank`.
fn percentile(values: &[f64]) -> Option<Vec<f64>> {
    let others = values.len().checked_sub(1).filter(|others| *others > 0)? as f64;
    Some(ranks(values).into_iter().map(|rank| (rank - 1.0) / others).collect())
}

/// The least and the greatest.
fn ends(values: &[f64]) -> (f64, f64) {
    let least = values.iter().copied().fold(f64::INFINITY, f64::min);
    (least, values.iter().copied().fold(f64::NEG_INFINITY, f64::max))
}

/// Whether not all are alike.
fn has_spread(values: &[f64]) -> bool {
    let (least, greatest) = ends(values);
    greatest > least
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const ALL: [Normalise; 5] =
        [Normalise::ZScore, Normalise::MinMax, Normalise::Goalposts, Normalise::Rank, Normalise::Percentile];

    fn part(lower_is_better: bool) -> Rule {
        Rule { lower_is_better, goalposts: Some((0.0, 100.0)), ..Rule::default() }
    }

    #[track_caller]
    fn check(how: Normalise, part: &Rule, values: &[f64], expected: &[f64]) {
        let found = normalise(how, values, part).expect("numbers");
        let differs = |(a, b): (&f64, &f64)| (a - b).abs() > 1e-12;
        assert!(!found.iter().zip(expected).any(differs), "{how:?}: {found:?}, expected {expected:?}");
    }

    #[test]
    fn worked_by_hand() {
        let up = part(false);
        let down = part(true);
        // Mean 5, standard deviation of the population 2.
        let eight = [2.0, 4.0, 4.0, 4.0, 5.0, 5.0, 7.0, 9.0];
        check(Normalise::ZScore, &up, &eight, &[-1.5, -0.5, -0.5, -0.5, 0.0, 0.0, 1.0, 2.0]);
        check(Normalise::MinMax, &up, &[10.0, 20.0, 40.0], &[0.0, 1.0 / 3.0, 1.0]);
        check(Normalise::MinMax, &down, &[10.0, 20.0, 40.0], &[1.0, 2.0 / 3.0, 0.0]);
        check(Normalise::Goalposts, &up, &[-5.0, 25.0, 130.0], &[0.0, 0.25, 1.0]);
        check(Normalise::Goalposts, &down, &[-5.0, 25.0, 130.0], &[1.0, 0.75, 0.0]);
        check(Normalise::DistanceToReference, &up, &[10.0, 40.0], &[0.25, 1.0]);
        check(Normalise::DistanceToReference, &down, &[10.0, 40.0], &[1.0, 0.25]);
        let named = Rule { reference: Some(80.0), ..Rule::default() };
        check(Normalise::DistanceToReference, &named, &[10.0, 40.0], &[0.125, 0.5]);
        check(Normalise::Rank, &up, &[7.0, 3.0, 7.0, 9.0], &[2.5, 1.0, 2.5, 4.0]);
        check(Normalise::Rank, &down, &[7.0, 3.0, 7.0, 9.0], &[2.5, 4.0, 2.5, 1.0]);
        check(Normalise::Percentile, &up, &[7.0, 3.0, 9.0], &[0.5, 0.0, 1.0]);
        check(Normalise::None, &down, &[7.0, 3.0], &[-7.0, -3.0]);
    }

    /// The online service index of 2022 under each rule, worked out by `tests/oracle/egdi.py`.
    #[test]
    fn an_independent_computation_agrees() {
        let text = include_str!("../../tests/oracle/normalised.csv");
        let rows: Vec<Vec<f64>> = text
            .lines()
            .skip(1)
            .map(|line| line.split(',').skip(1).map(|cell| cell.parse().expect("a number")).collect())
            .collect();
        let column = |at: usize| rows.iter().map(|row| row[at]).collect::<Vec<f64>>();
        let own = Rule { goalposts: Some((0.2, 0.8)), reference: Some(0.9), ..Rule::default() };
        let rules = [
            Normalise::ZScore,
            Normalise::MinMax,
            Normalise::Goalposts,
            Normalise::DistanceToReference,
            Normalise::Rank,
            Normalise::Percentile,
        ];
        assert_eq!(rows.len(), 193);
        for (at, how) in rules.into_iter().enumerate() {
            check(how, &own, &column(0), &column(at + 1));
        }
    }

    #[test]
    fn where_all_are_alike_there_is_no_number() {
        for how in [Normalise::ZScore, Normalise::MinMax] {
            assert_eq!(normalise(how, &[0.1, 0.1, 0.1], &part(false)), None, "{how:?}");
        }
        assert_eq!(normalise(Normalise::Percentile, &[3.0], &part(false)), None);
        assert_eq!(normalise(Normalise::DistanceToReference, &[0.0, 1.0], &part(true)), None);
    }

    proptest! {
        /// Turning the direction mirrors the scores.
        #[test]
        fn direction_mirrors(values in proptest::collection::vec(0.0..100.0f64, 2..20)) {
            for how in ALL {
                let (Some(up), Some(down)) = (normalise(how, &values, &part(false)), normalise(how, &values, &part(true)))
                else { continue };
                let middle = match how {
                    Normalise::ZScore => 0.0,
                    Normalise::Rank => values.len() as f64 + 1.0,
                    _ => 1.0,
                };
                for (a, b) in up.iter().zip(&down) {
                    prop_assert!((a + b - middle).abs() < 1e-9, "{:?}: {} and {}", how, a, b);
                }
            }
        }

        /// No rule turns the order of two bodies.
        #[test]
        fn order_is_kept(values in proptest::collection::vec(0.0..100.0f64, 2..20)) {
            for how in ALL {
                let Some(normalised) = normalise(how, &values, &part(false)) else { continue };
                for (i, j) in (0..values.len()).flat_map(|i| (0..values.len()).map(move |j| (i, j))) {
                    prop_assert!(values[i] <= values[j] || normalised[i] >= normalised[j]);
                }
            }
        }

        /// A linear change of unit changes no z-score and no min-max score.
        #[test]
        fn units_do_not_matter(values in proptest::collection::vec(0.0..100.0f64, 2..20), a in 0.1..10.0f64, b in -5.0..5.0f64) {
            let changed: Vec<f64> = values.iter().map(|value| a * value + b).collect();
            for how in [Normalise::ZScore, Normalise::MinMax] {
                let both = normalise(how, &values, &part(false)).zip(normalise(how, &changed, &part(false)));
                for (x, y) in both.into_iter().flat_map(|(x, y)| x.into_iter().zip(y)) {
                    prop_assert!((x - y).abs() < 1e-6);
                }
            }
        }
    }
}
