//! Numbers as people read them: `1.234,56` in Vietnamese, `1,234.56` in English.
//!
//! Takes unrounded values and gives texts. Rounding happens here and nowhere else in the room, half away
//! from zero on the decimal digits, and never so that a printed value contradicts its target.

use std::str::FromStr;

use fixed_decimal::{Decimal, SignedRoundingMode, UnsignedRoundingMode};
use icu_decimal::DecimalFormatter;
use icu_locale_core::locale;

use crate::model::target::Comparator;
use crate::model::text::Lang;

/// More decimals than this say nothing to a reader.
pub const MOST_DECIMALS: u8 = 6;

/// A target that stands beside a value, and must not be contradicted by its rounding.
pub type Bound = (Comparator, f64);

/// Writes numbers in one language.
pub struct Numbers {
    lang: Lang,
    formatter: DecimalFormatter,
}

impl Numbers {
    /// The numbers of a language.
    pub fn new(lang: Lang) -> Self {
        let locale = match lang {
            Lang::Vi => locale!("vi"),
            Lang::En => locale!("en"),
        };
        let formatter = DecimalFormatter::try_new(locale.into(), Default::default())
            .expect("the data of both languages are compiled in");
        Numbers { lang, formatter }
    }

    /// With exactly this many decimals.
    pub fn fixed(&self, value: f64, decimals: u8) -> String {
        self.write(rounded(value, decimals, SignedRoundingMode::Unsigned(UnsignedRoundingMode::HalfExpand)))
    }

    /// With at most this many decimals, and no zeros at the end.
    pub fn trimmed(&self, value: f64, decimals: u8) -> String {
        let mode = SignedRoundingMode::Unsigned(UnsignedRoundingMode::HalfExpand);
        self.write(rounded(value, decimals, mode).map(|mut decimal| {
            decimal.absolute.trim_end();
            decimal
        }))
    }

    /// The same, unless that would contradict a comparison.
    pub fn trimmed_beside(&self, value: f64, decimals: u8, bounds: &[Bound]) -> String {
        let careful = self.beside(value, decimals, bounds);
        if careful == self.fixed(value, decimals) { self.trimmed(value, decimals) } else { careful }
    }

    /// A count.
    pub fn whole(&self, count: u64) -> String {
        self.write(Some(Decimal::from(count)))
    }

    /// With the decimals of its indicator, or more where fewer would contradict a comparison.
    pub fn beside(&self, value: f64, decimals: u8, bounds: &[Bound]) -> String {
        let nearest = SignedRoundingMode::Unsigned(UnsignedRoundingMode::HalfExpand);
        let agrees = |printed: f64| {
            bounds.iter().all(|(comparator, target)| {
                comparator.met(printed, *target) == comparator.met(value, *target)
            })
        };
        let fits = |decimals: u8, mode| rounded(value, decimals, mode).filter(|d| agrees(number(d)));
        (decimals..=MOST_DECIMALS.max(decimals))
            .find_map(|decimals| fits(decimals, nearest))
            .or_else(|| fits(MOST_DECIMALS, SignedRoundingMode::Floor))
            .or_else(|| fits(MOST_DECIMALS, SignedRoundingMode::Ceil))
            .map_or_else(|| self.fixed(value, decimals), |decimal| self.write(Some(decimal)))
    }

    /// A distance that is not zero, with enough decimals not to look like zero.
    pub fn distance(&self, value: f64, decimals: u8) -> String {
        let above_zero = [(Comparator::AtMost, 0.0)];
        self.beside(value.abs(), decimals, if value == 0.0 { &[] } else { &above_zero })
    }

    /// Adds the sign of percent, which Vietnamese sets off by a space that does not break.
    pub fn percent(&self, number: &str) -> String {
        match self.lang {
            Lang::Vi => format!("{number}\u{a0}%"),
            Lang::En => format!("{number}%"),
        }
    }

    fn write(&self, decimal: Option<Decimal>) -> String {
        match decimal {
            Some(decimal) => self.formatter.format(&decimal).to_string().replace('-', "\u{2212}"),
            None => "–".to_owned(),
        }
    }
}

/// The decimal nearest to a value; none for what is not a number. Minus zero becomes zero.
fn rounded(value: f64, decimals: u8, mode: SignedRoundingMode) -> Option<Decimal> {
    if !value.is_finite() {
        return None;
    }
    // The shortest digits that name the value: 2.675 is what was meant, not the 2.67499… of binary arithmetic.
    let mut decimal = Decimal::from_str(&value.to_string()).ok()?;
    let last = -i16::from(decimals);
    decimal.round_with_mode(last, mode);
    decimal.absolute.pad_end(last);
    if decimal.absolute.is_zero() {
        decimal.set_sign(fixed_decimal::Sign::None);
    }
    Some(decimal)
}

fn number(decimal: &Decimal) -> f64 {
    decimal.to_string().parse().unwrap_or(f64::NAN)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn numbers_follow_the_language() {
        let check = |value: f64, decimals: u8, vi: &str, en: &str| {
            assert_eq!(Numbers::new(Lang::Vi).fixed(value, decimals), vi);
            assert_eq!(Numbers::new(Lang::En).fixed(value, decimals), en);
        };
        check(1234.56, 2, "1.234,56", "1,234.56");
        check(8_718_000.0, 0, "8.718.000", "8,718,000");
        check(84.38, 2, "84,38", "84.38");
        check(-3.5, 1, "\u{2212}3,5", "\u{2212}3.5");
        check(-0.001, 2, "0,00", "0.00");
        check(0.0, 0, "0", "0");
        check(f64::NAN, 2, "–", "–");
        check(f64::INFINITY, 2, "–", "–");
    }

    #[test]
    fn halves_go_away_from_zero_as_people_write_them() {
        let numbers = Numbers::new(Lang::En);
        assert_eq!(numbers.fixed(2.675, 2), "2.68");
        assert_eq!(numbers.fixed(16.125, 2), "16.13");
        assert_eq!(numbers.fixed(-0.5, 0), "\u{2212}1");
        assert_eq!(numbers.trimmed(80.0, 6), "80");
        assert_eq!(numbers.trimmed(100.0, 0), "100");
        assert_eq!(numbers.trimmed(0.77, 4), "0.77");
    }

    #[test]
    fn percent_has_a_space_in_vietnamese() {
        assert_eq!(Numbers::new(Lang::Vi).percent("84,38"), "84,38\u{a0}%");
        assert_eq!(Numbers::new(Lang::En).percent("84.38"), "84.38%");
    }

    #[test]
    fn rounding_never_contradicts_a_target() {
        let check = |value: f64, decimals: u8, bound: Bound, expected: &str| {
            assert_eq!(Numbers::new(Lang::En).beside(value, decimals, &[bound]), expected);
        };
        check(79.96, 1, (Comparator::AtLeast, 80.0), "79.96");
        check(79.94, 1, (Comparator::AtLeast, 80.0), "79.9");
        check(80.04, 1, (Comparator::AtMost, 80.0), "80.04");
        check(80.04, 1, (Comparator::AtLeast, 80.0), "80.0");
        check(79.999_999_99, 2, (Comparator::AtLeast, 80.0), "79.999999");
        check(80.000_000_01, 2, (Comparator::AtMost, 80.0), "80.000001");
        check(69.6, 0, (Comparator::AtLeast, 70.0), "69.6");
    }

    #[test]
    fn a_gap_is_never_printed_as_zero() {
        assert_eq!(Numbers::new(Lang::En).distance(0.004, 2), "0.004");
        assert_eq!(Numbers::new(Lang::En).distance(-55.64, 1), "55.6");
        assert_eq!(Numbers::new(Lang::En).distance(0.0, 1), "0.0");
    }

    proptest! {
        #[test]
        fn printed_values_agree_with_comparisons(value in -1e6f64..1e6, near in -0.01f64..0.01, decimals in 0u8..5) {
            let numbers = Numbers::new(Lang::En);
            for comparator in [Comparator::AtLeast, Comparator::AtMost] {
                let target = ((value + near) * 100.0).round() / 100.0;
                let text = numbers.beside(value, decimals, &[(comparator, target)]);
                let printed: f64 = text.replace(',', "").replace('\u{2212}', "-").parse().expect("a number");
                prop_assert_eq!(comparator.met(printed, target), comparator.met(value, target), "{} {}", text, target);
            }
        }
    }
}
