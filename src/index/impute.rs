//! What stands in for a value that a body does not have.

use crate::model::index::Impute;

/// The value that fills the gaps of a part; none where gaps stay or nobody has a value.
///
/// Source: OECD and JRC, Handbook on Constructing Composite Indicators (2008), step 3, unconditional mean and median.
pub fn stand_in(how: Impute, present: &[f64]) -> Option<f64> {
    if present.is_empty() {
        return None;
    }
    match how {
        Impute::None => None,
        Impute::Mean => Some(present.iter().sum::<f64>() / present.len() as f64),
        Impute::Median => Some(median(present)),
        Impute::Minimum => Some(present.iter().copied().fold(f64::INFINITY, f64::min)),
    }
}

/// The value in the middle, or the mean of the two in the middle.
fn median(present: &[f64]) -> f64 {
    let mut sorted = present.to_vec();
    sorted.sort_by(f64::total_cmp);
    let middle = sorted.len() / 2;
    if sorted.len() % 2 == 1 { sorted[middle] } else { f64::midpoint(sorted[middle - 1], sorted[middle]) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_rule_is_the_one_that_it_names() {
        let check = |how, present: &[f64], expected| assert_eq!(stand_in(how, present), expected, "{how:?}");
        check(Impute::None, &[1.0], None);
        check(Impute::Mean, &[1.0, 2.0, 6.0], Some(3.0));
        check(Impute::Median, &[6.0, 1.0, 2.0], Some(2.0));
        check(Impute::Median, &[6.0, 1.0, 2.0, 3.0], Some(2.5));
        check(Impute::Minimum, &[6.0, 1.0], Some(1.0));
        check(Impute::Median, &[], None);
    }
}
