//! What it would take: how many more things, and which bodies hold the gap of a whole.

use super::{Goal, Series};
use crate::model::id::OrgId;
use crate::model::indicator::{Indicator, Shape};
use crate::model::progress::{Extra, Holder};

/// A hair of a unit is the noise of the arithmetic.
const HAIR: f64 = 1e-9;

/// Things missing in a period like the one that decides; none where the target is met or nothing was counted.
///
/// A ratio: `ceil(target D / scale - N)` where more is better, `ceil(N - target D / scale)` where less is, with the
/// denominator as it is. A count: what is missing of the target. A period is as long as the one that decides.
pub(super) fn extra(goal: &Goal<'_>, indicator: &Indicator, series: &Series<'_>) -> Option<Extra> {
    let (deciding, last) = (series.deciding?, series.last()?);
    if goal.target.comparator.met(last.value, goal.value()) {
        return None;
    }
    let missing = match indicator.shape {
        Shape::Ratio => goal.value() / indicator.scale * deciding.denominator? - deciding.numerator?,
        Shape::Count => goal.value() - last.value,
        Shape::Value => return None,
    };
    let units = whole_units(missing * goal.sign());
    let days = (deciding.period.end() - deciding.period.start()).num_days() + 1;
    let left = (goal.target.due_on - deciding.period.end()).num_days();
    // Quarters are not all of one length: what is left is counted to the nearest whole period.
    let periods = (left as f64 / days as f64).round();
    Some(Extra { units, per_period: (periods >= 1.0).then(|| whole_units(units / periods)) })
}

fn whole_units(units: f64) -> f64 {
    (units - HAIR * units.abs().max(1.0)).ceil().max(0.0)
}

/// Which bodies hold the gap of a whole, the one with the most units missing first.
///
/// With `r_i` the rate of a body and `w_i = D_i / D` its size, the gap of the whole is
/// `T - R = sum w_i (T - r_i)`, exactly. Each part is what the body would hold were all of one size,
/// `(T - r_i) / n`, and what its size adds or takes, `(w_i - 1 / n) (T - r_i)`.
/// Source: the decomposition of a difference of rates by Kitagawa (1955), of the gap to one rate for all.
///
/// Counts of the whole that the bodies do not have stand in a last part without a body. Empty where the whole has no
/// denominator; a body with nothing to count holds nothing.
pub fn holders(
    target: f64,
    scale: f64,
    lower_is_better: bool,
    whole: (f64, f64),
    bodies: &[(OrgId, f64, f64)],
) -> Vec<Holder> {
    let (numerator, denominator) = whole;
    if denominator <= 0.0 {
        return vec![];
    }
    let sum = |part: fn(&(OrgId, f64, f64)) -> f64| bodies.iter().map(part).sum::<f64>();
    let rest = (numerator - sum(|body| body.1), denominator - sum(|body| body.2));
    let parts = bodies.iter().map(|(org, n, d)| (Some(org), *n, *d));
    let is_rest = rest.0.abs() > HAIR * denominator || rest.1.abs() > HAIR * denominator;
    let parts: Vec<_> =
        parts.filter(|(_, _, of)| *of > 0.0).chain(is_rest.then_some((None, rest.0, rest.1))).collect();
    let n_parts = parts.len() as f64;
    let sign = if lower_is_better { -1.0 } else { 1.0 };
    let holder = |(org, numerator, of): &(Option<&OrgId>, f64, f64)| {
        // T w_i - N_i / D needs no rate, so that a rest without a denominator has its part as well.
        let gap = target * of / denominator - scale * numerator / denominator;
        let by_rate = if *of > 0.0 { (target - scale * numerator / of) / n_parts } else { 0.0 };
        Holder {
            org: (*org).cloned(),
            numerator: *numerator,
            denominator: *of,
            gap,
            by_rate,
            by_size: gap - by_rate,
            units: whole_units(sign * (target / scale * of - numerator)),
        }
    };
    let mut holders: Vec<Holder> = parts.iter().map(holder).collect();
    holders.sort_by(|one, other| {
        let order = one.org.is_none().cmp(&other.org.is_none());
        let by_size = other.units.total_cmp(&one.units).then((other.gap * sign).total_cmp(&(one.gap * sign)));
        // Those that hold nothing are many; by name they stand in one order, however they came.
        order.then(by_size).then_with(|| one.org.cmp(&other.org))
    });
    holders
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn org(text: &str) -> OrgId {
        text.parse().expect("valid")
    }

    #[test]
    fn worked_by_hand() {
        // 50 of 100 in all; A has 10 of 60, B 40 of 40. Target 80 %: 38 more in A, none in B, 30 more in all.
        let found =
            holders(80.0, 100.0, false, (50.0, 100.0), &[(org("B"), 40.0, 40.0), (org("A"), 10.0, 60.0)]);
        let row = |at: usize| {
            let h: &Holder = &found[at];
            (h.org.clone().expect("a body"), h.gap, h.by_rate, h.by_size, h.units)
        };
        // A: 0.6 x (80 - 16.67) = 38; of one size (80 - 16.67) / 2 = 31.67. B: 0.4 x (80 - 100) = -8.
        let (a, gap, by_rate, by_size, units) = row(0);
        assert_eq!((a.as_str(), units), ("A", 38.0));
        assert!((gap - 38.0).abs() < 1e-9 && (by_rate - 31.666_666_666_7).abs() < 1e-9);
        assert!((by_size - 6.333_333_333_3).abs() < 1e-9);
        let (b, gap, by_rate, by_size, units) = row(1);
        assert_eq!((b.as_str(), units), ("B", 0.0));
        assert!((gap + 8.0).abs() < 1e-9 && (by_rate + 10.0).abs() < 1e-9 && (by_size - 2.0).abs() < 1e-9);
    }

    #[test]
    fn what_the_bodies_do_not_have_stands_apart() {
        let found = holders(80.0, 100.0, false, (50.0, 100.0), &[(org("A"), 10.0, 60.0)]);
        let rest = found.last().expect("a rest");
        assert_eq!((rest.org.as_ref(), rest.numerator, rest.denominator), (None, 40.0, 40.0));
    }

    proptest! {
        /// The parts make the gap of the whole, in either direction, with or without a rest.
        #[test]
        fn parts_add_up(
            bodies in proptest::collection::vec((0u32..1000, 0u32..1000), 1..12),
            target in 0u32..100,
            lower_is_better: bool,
            rest in 0u32..50,
        ) {
            let body = |(at, (n, more)): (usize, &(u32, u32))| (org(&format!("B{at}")), f64::from(*n), f64::from(n + more));
            let bodies: Vec<_> = bodies.iter().enumerate().map(body).collect();
            let numerator = bodies.iter().map(|body| body.1).sum::<f64>();
            let denominator = bodies.iter().map(|body| body.2).sum::<f64>() + f64::from(rest);
            prop_assume!(denominator > 0.0);
            let target = f64::from(target);
            let found = holders(target, 100.0, lower_is_better, (numerator, denominator), &bodies);
            let gap: f64 = found.iter().map(|holder| holder.gap).sum();
            let effects: f64 = found.iter().map(|holder| holder.by_rate + holder.by_size).sum();
            let whole = target - 100.0 * numerator / denominator;
            prop_assert!((gap - whole).abs() < 1e-9, "{} {}", gap, whole);
            prop_assert!((effects - whole).abs() < 1e-9);
        }
    }
}
