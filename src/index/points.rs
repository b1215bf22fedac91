//! Counts, or a state, turned into points.

use crate::model::index::{Amount, Gap, Instead, Points};
use crate::model::measure::Missing;

/// `min(most, most * (n / d) / full_at)`: linear up to the share from which all points are given.
///
/// With `full_at` 1 it is `most * n / d`; `min(2, 2.5 n/d)` is written as 2 points, all of them from 0.8 on.
/// Source: the national portal's description of the formulas of the 766 index, as tested against its published scores.
pub fn points(rule: &Points, amount: &Amount) -> Result<f64, Gap> {
    match amount {
        Amount::Counts { denominator, .. } if *denominator == 0.0 => {
            instead(rule, rule.nothing_to_count, Gap::NothingToCount)
        }
        Amount::Counts { numerator, denominator } => Ok(of_share(rule, numerator / denominator)),
        Amount::Value(share) => Ok(of_share(rule, *share)),
        Amount::State(state) => rule.states.get(state).copied().ok_or(Gap::UnknownState),
        Amount::Missing(Missing::NothingToCount) => instead(rule, rule.nothing_to_count, Gap::NothingToCount),
        Amount::Missing(Missing::NotApplicable) => instead(rule, rule.not_applicable, Gap::NotApplicable),
        Amount::Missing(missing) => Err((*missing).into()),
    }
}

fn of_share(rule: &Points, share: f64) -> f64 {
    (rule.most * share / rule.full_at).min(rule.most)
}

fn instead(rule: &Points, instead: Instead, gap: Gap) -> Result<f64, Gap> {
    match instead {
        Instead::Missing => Err(gap),
        Instead::Full => Ok(rule.most),
        Instead::Zero => Ok(0.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(most: f64, full_at: f64) -> Points {
        let states = [("offered".to_owned(), 2.0), ("not-offered".to_owned(), 0.0)].into();
        Points { most, full_at, nothing_to_count: Instead::Full, not_applicable: Instead::Missing, states }
    }

    fn counts(numerator: f64, denominator: f64) -> Amount {
        Amount::Counts { numerator, denominator }
    }

    /// The board of the 766 index, Phú Thọ, third quarter of 2026.
    #[test]
    fn points_are_those_of_the_board() {
        let check = |most, full_at, n, d, printed: &str| {
            let found = points(&rule(most, full_at), &counts(n, d)).expect("points");
            assert_eq!(format!("{found:.2}"), printed);
        };
        check(20.0, 1.0, 403_016.0, 464_494.0, "17.35");
        check(2.0, 1.0, 87.0, 89.0, "1.96");
        // min(2, 2.5 n/d)
        check(2.0, 0.8, 64_382.0, 464_494.0, "0.35");
        // min(6, 6 (n/d) / 0.90)
        check(6.0, 0.9, 402_886.0, 464_494.0, "5.78");
        check(6.0, 0.9, 95.0, 100.0, "6.00");
    }

    #[test]
    fn nothing_to_count_is_not_zero_unless_the_rule_says_so() {
        let of = |instead| Points { nothing_to_count: instead, ..rule(6.0, 1.0) };
        assert_eq!(points(&of(Instead::Full), &counts(0.0, 0.0)), Ok(6.0));
        assert_eq!(points(&of(Instead::Zero), &counts(0.0, 0.0)), Ok(0.0));
        assert_eq!(points(&of(Instead::Missing), &counts(0.0, 0.0)), Err(Gap::NothingToCount));
        assert_eq!(
            points(&of(Instead::Full), &Amount::Missing(Missing::NotReported)),
            Err(Gap::NotReported),
            "what nobody sent earns nothing and loses nothing"
        );
        let not_applicable = Amount::Missing(Missing::NotApplicable);
        assert_eq!(points(&rule(6.0, 1.0), &not_applicable), Err(Gap::NotApplicable));
        let full = Points { not_applicable: Instead::Full, ..rule(6.0, 1.0) };
        assert_eq!(points(&full, &not_applicable), Ok(6.0));
    }

    #[test]
    fn a_state_has_its_points() {
        assert_eq!(points(&rule(2.0, 1.0), &Amount::State("offered".into())), Ok(2.0));
        assert_eq!(points(&rule(2.0, 1.0), &Amount::State("planned".into())), Err(Gap::UnknownState));
    }
}
