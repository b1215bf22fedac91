//! Axes: which numbers count, which ticks are round, how far an axis reaches.

/// Beyond this a value is taken for a mistake: pixels could not tell it apart from others.
const LIMIT: f64 = 1e15;

/// The value, if it is a number that can be drawn.
pub(crate) fn drawable(value: Option<f64>) -> Option<f64> {
    value.filter(|v| v.abs() < LIMIT)
}

/// Lowest and highest of the values; `None` if there is none.
pub(crate) fn extent(values: impl IntoIterator<Item = f64>) -> Option<(f64, f64)> {
    values.into_iter().fold(None, |found, v| match found {
        None => Some((v, v)),
        Some((lo, hi)) => Some((lo.min(v), hi.max(v))),
    })
}

/// An extent one can divide by: a single value gets room on both sides.
pub(crate) fn widened((lo, hi): (f64, f64)) -> (f64, f64) {
    let least = lo.abs().max(hi.abs()).max(1.0) * 1e-9;
    if hi - lo > least {
        return (lo, hi);
    }
    let room = if lo == 0.0 { 1.0 } else { lo.abs() * 0.1 };
    (lo - room, hi + room)
}

/// Round numbers (1, 2, 5 times a power of ten) from at or below `lo` to at or above `hi`, about `n` of them.
///
/// Ticks are whole multiples computed one by one, so that no error adds up and 0.3 prints as 0.3.
pub(crate) fn nice_ticks((lo, hi): (f64, f64), n: usize) -> Vec<f64> {
    let (lo, hi) = widened((lo, hi));
    let (factor, power) = nice_step((hi - lo) / n.max(1) as f64);
    let ten = 10f64.powi(power.abs());
    let step = if power < 0 { factor / ten } else { factor * ten };
    let first = (lo / step + 1e-9).floor();
    let count = ((hi / step - 1e-9).ceil() - first).clamp(1.0, 50.0) as usize;
    let tick = |k: f64| {
        if power < 0 { k * factor / ten } else { k * factor * ten }
    };
    (0..=count).map(|i| tick(first + i as f64)).map(|v| v + 0.0).collect()
}

/// The least step of 1, 2 or 5 times ten to a power that is not under `least`.
fn nice_step(least: f64) -> (f64, i32) {
    let power = least.log10().floor();
    let part = least / 10f64.powf(power);
    let (factor, up) = match part {
        p if p <= 1.0 + 1e-9 => (1.0, 0),
        p if p <= 2.0 + 1e-9 => (2.0, 0),
        p if p <= 5.0 + 1e-9 => (5.0, 0),
        _ => (1.0, 1),
    };
    (factor, power as i32 + up)
}

/// Ticks of an axis of ranks: as [`nice_ticks`], but whole and beginning at the first rank, for there is no rank 0.
pub(crate) fn rank_ticks((_, hi): (f64, f64), n: usize) -> Vec<f64> {
    let round = nice_ticks((0.0, hi.max(2.0)), n);
    let whole = round.into_iter().filter(|t| *t > 1.0 && t.fract() == 0.0);
    std::iter::once(1.0).chain(whole).collect()
}

/// Whole years within the extent, at most about `n`, ending steps on round years.
pub(crate) fn year_ticks((lo, hi): (f64, f64), n: usize) -> Vec<f64> {
    let span = (hi - lo).max(0.0);
    let steps = [1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0];
    let Some(step) = steps.into_iter().find(|s| span / s < n.max(1) as f64) else {
        return nice_ticks((lo, hi), n).into_iter().filter(|t| (lo..=hi).contains(t)).collect();
    };
    let first = (lo / step).ceil() * step;
    let count = ((hi - first) / step).floor();
    if count < 0.0 {
        return Vec::new();
    }
    (0..=count as usize).map(|i| first + i as f64 * step).collect()
}

#[cfg(test)]
mod tests {
    use super::{drawable, nice_ticks, rank_ticks, widened, year_ticks};

    #[test]
    fn ticks_are_round_and_cover_the_values() {
        let check = |range, n, expected: &[f64]| assert_eq!(nice_ticks(range, n), expected, "{range:?}");
        check((0.0, 100.0), 5, &[0.0, 20.0, 40.0, 60.0, 80.0, 100.0]);
        check((37.6, 82.01), 5, &[30.0, 40.0, 50.0, 60.0, 70.0, 80.0, 90.0]);
        check((0.0, 0.6), 6, &[0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6]);
        check((-7.0, 12.0), 4, &[-10.0, -5.0, 0.0, 5.0, 10.0, 15.0]);
        check((5.0, 5.0), 2, &[4.5, 5.0, 5.5]);
        check((0.0, 0.0), 2, &[-1.0, 0.0, 1.0]);
    }

    #[test]
    fn ticks_are_few_for_any_extent() {
        for range in [(0.0, 1e15), (-1e15, 1e15), (1e-12, 2e-12), (1e14, 1e14 + 1.0), (0.0, 5e-324)] {
            let ticks = nice_ticks(range, 5);
            assert!((2..=12).contains(&ticks.len()), "{range:?}: {ticks:?}");
            assert!(ticks.iter().all(|t| t.is_finite()) && ticks.is_sorted(), "{range:?}: {ticks:?}");
        }
    }

    #[test]
    fn ranks_begin_at_one() {
        assert_eq!(rank_ticks((50.0, 112.0), 6), [1.0, 20.0, 40.0, 60.0, 80.0, 100.0, 120.0]);
        assert_eq!(rank_ticks((1.0, 1.0), 4), [1.0, 2.0]);
    }

    #[test]
    fn years_are_whole_and_inside() {
        assert_eq!(year_ticks((2003.0, 2030.0), 8), [2005.0, 2010.0, 2015.0, 2020.0, 2025.0, 2030.0]);
        assert_eq!(year_ticks((2024.2, 2026.9), 8), [2025.0, 2026.0]);
        assert_eq!(year_ticks((2024.2, 2024.3), 8), Vec::<f64>::new());
        assert!(year_ticks((-1e14, 1e14), 8).len() < 20);
    }

    #[test]
    fn what_is_no_number_is_missing() {
        assert_eq!(drawable(Some(f64::NAN)), None);
        assert_eq!(drawable(Some(f64::INFINITY)), None);
        assert_eq!(drawable(Some(1e300)), None);
        assert_eq!(drawable(Some(-3.5)), Some(-3.5));
        assert_eq!(widened((3.0, 3.0)), (2.7, 3.3));
    }
}
