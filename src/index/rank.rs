//! The order of bodies by their scores.

use crate::model::index::{Ranking, Ties};

/// Places from 1, for the best; scores that are missing have none, and neither has the only one that there is.
///
/// Scores are rounded first: what two equal sums differ in at the sixteenth decimal must not decide a place.
pub fn places(ranking: Ranking, lower_is_better: bool, scores: &[Option<f64>]) -> Vec<Option<u32>> {
    let key = |score: f64| key(ranking, lower_is_better, score);
    let mut order: Vec<f64> = scores.iter().flatten().map(|score| key(*score)).collect();
    if order.len() < 2 {
        return vec![None; scores.len()];
    }
    order.sort_by(|a, b| b.total_cmp(a));
    let mut distinct = order.clone();
    distinct.dedup();
    let place = |key: f64| match ranking.ties {
        // All that are better come before it.
        Ties::Competition => order.partition_point(|other| *other > key) + 1,
        Ties::Modified => order.partition_point(|other| *other >= key),
        Ties::Dense => distinct.partition_point(|other| *other > key) + 1,
    };
    let counted = |place: usize| u32::try_from(place).unwrap_or(u32::MAX);
    scores.iter().map(|score| score.map(|score| counted(place(key(score))))).collect()
}

/// What scores are compared by: equal ones are equal, and the better one is the greater.
pub fn key(ranking: Ranking, lower_is_better: bool, score: f64) -> f64 {
    let sign = if lower_is_better { -1.0 } else { 1.0 };
    (sign * score * 10f64.powi(ranking.decimals.into())).round()
}

/// The least key that has a place or a better one among others that stay as they are; none where even the best has not.
///
/// The inverse of [`places`] for one body that joins the others.
pub fn key_at(ranking: Ranking, others: &[f64], place: u32) -> Option<f64> {
    let mut order = others.to_vec();
    order.sort_by(|a, b| b.total_cmp(a));
    if ranking.ties == Ties::Dense {
        order.dedup();
    }
    let place = usize::try_from(place).ok().filter(|place| *place > 0)?;
    // So many others may stand before it; the next one must not, and under this rule not even beside it.
    let next = order.get(place - 1);
    let step = if ranking.ties == Ties::Modified { 1.0 } else { 0.0 };
    Some(next.map_or(f64::NEG_INFINITY, |next| next + step))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn by(ties: Ties, scores: &[f64]) -> Vec<u32> {
        let scores: Vec<_> = scores.iter().map(|score| Some(*score)).collect();
        places(Ranking { decimals: 4, ties }, false, &scores).into_iter().flatten().collect()
    }

    #[test]
    fn equal_scores_get_the_place_of_the_rule() {
        let scores = [0.5, 0.90001, 0.7, 0.90002, 0.7, 0.7];
        assert_eq!(by(Ties::Competition, &scores), [6, 1, 3, 1, 3, 3]);
        assert_eq!(by(Ties::Modified, &scores), [6, 2, 5, 2, 5, 5]);
        assert_eq!(by(Ties::Dense, &scores), [3, 1, 2, 1, 2, 2]);
    }

    #[test]
    fn noise_decides_nothing_and_a_gap_has_no_place() {
        let ranking = Ranking { decimals: 9, ties: Ties::Competition };
        let scores = [Some(0.1 + 0.2), None, Some(0.3), Some(0.1)];
        assert_eq!(places(ranking, false, &scores), [Some(1), None, Some(1), Some(3)]);
        assert_eq!(places(ranking, true, &scores), [Some(2), None, Some(2), Some(1)]);
        assert_eq!(places(ranking, false, &[None, Some(0.3)]), [None, None]);
    }

    proptest! {
        /// With the key of a place a body has it; with any less it has not.
        #[test]
        fn a_place_needs_its_key(
            others in proptest::collection::vec(0u32..20, 2..40),
            place in 1u32..45,
            ties in proptest::sample::select(vec![Ties::Competition, Ties::Modified, Ties::Dense]),
        ) {
            let ranking = Ranking { decimals: 0, ties };
            let others: Vec<f64> = others.into_iter().map(f64::from).collect();
            let key = key_at(ranking, &others, place).expect("places begin at 1");
            let own = |score: f64| {
                let all: Vec<_> = others.iter().copied().chain([score]).map(Some).collect();
                places(ranking, false, &all)[others.len()].expect("a place")
            };
            if key.is_finite() {
                prop_assert!(own(key) <= place);
                prop_assert!(own(key - 1.0) > place);
            } else {
                prop_assert!(own(-1.0) <= place);
            }
        }

        /// The place is one more than the number of those that are better.
        #[test]
        fn a_place_counts_the_better_ones(scores in proptest::collection::vec(0u32..20, 2..40)) {
            let scores: Vec<f64> = scores.into_iter().map(f64::from).collect();
            for (score, place) in scores.iter().zip(by(Ties::Competition, &scores)) {
                let better = scores.iter().filter(|other| *other > score).count();
                prop_assert_eq!(place as usize, better + 1);
            }
        }
    }
}
