//! Periods of the civil calendar: parsed, printed, compared, with their first and last day.

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

use chrono::{Datelike, Days, Months, NaiveDate};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A stretch of days that a number speaks of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Period {
    /// A calendar year, `2026`.
    Year(i32),
    /// A half year, `2026-H1`.
    Half(i32, u32),
    /// A quarter, `2026-Q3`.
    Quarter(i32, u32),
    /// A month, `2026-09`.
    Month(i32, u32),
    /// One day, `2026-09-17`; also the moment of a stock.
    Day(NaiveDate),
    /// First and last day, `2026-01-01/2026-09-17`: years to date, fiscal years, campaigns.
    Span(NaiveDate, NaiveDate),
}

/// Kinds of period that a run can be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PeriodKind {
    /// The query itself says which period each row speaks of.
    Any,
    /// Calendar months.
    Month,
    /// Calendar quarters.
    Quarter,
    /// Calendar years.
    Year,
}

/// Years that four digits can write; outside them no date is made.
const YEARS: std::ops::RangeInclusive<i32> = 1900..=2199;

impl Period {
    /// The first day.
    pub fn start(&self) -> NaiveDate {
        match *self {
            Period::Year(year) => first_of(year, 1),
            Period::Half(year, half) => first_of(year, half * 6 - 5),
            Period::Quarter(year, quarter) => first_of(year, quarter * 3 - 2),
            Period::Month(year, month) => first_of(year, month),
            Period::Day(day) => day,
            Period::Span(first, _) => first,
        }
    }

    /// The last day.
    pub fn end(&self) -> NaiveDate {
        let months = match *self {
            Period::Year(_) => 12,
            Period::Half(..) => 6,
            Period::Quarter(..) => 3,
            Period::Month(..) => 1,
            Period::Day(day) => return day,
            Period::Span(_, last) => return last,
        };
        self.start() + Months::new(months) - Days::new(1)
    }

    /// The end as a decimal year: 2026-Q2 ends at 2026.5, a year at the next whole number.
    pub fn decimal_end(&self) -> f64 {
        let end = self.end();
        let days = if end.leap_year() { 366.0 } else { 365.0 };
        f64::from(end.year()) + f64::from(end.ordinal()) / days
    }

    /// The period of `kind` that `day` lies in; `None` for [`PeriodKind::Any`].
    pub fn containing(kind: PeriodKind, day: NaiveDate) -> Option<Period> {
        match kind {
            PeriodKind::Any => None,
            PeriodKind::Month => Some(Period::Month(day.year(), day.month())),
            PeriodKind::Quarter => Some(Period::Quarter(day.year(), day.month().div_ceil(3))),
            PeriodKind::Year => Some(Period::Year(day.year())),
        }
    }

    /// Whether the span is twelve whole months that do not start in January: a fiscal year.
    pub fn is_fiscal_year(&self) -> bool {
        matches!(self, Period::Span(first, last)
            if first.day() == 1 && first.month() != 1 && *first + Months::new(12) == *last + Days::new(1))
    }
}

/// Later periods are greater; of two that end together the shorter one comes first.
impl Ord for Period {
    fn cmp(&self, other: &Self) -> Ordering {
        (self.end(), std::cmp::Reverse(self.start()), self.to_string()).cmp(&(
            other.end(),
            std::cmp::Reverse(other.start()),
            other.to_string(),
        ))
    }
}

impl PartialOrd for Period {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Period::Year(year) => write!(f, "{year:04}"),
            Period::Half(year, half) => write!(f, "{year:04}-H{half}"),
            Period::Quarter(year, quarter) => write!(f, "{year:04}-Q{quarter}"),
            Period::Month(year, month) => write!(f, "{year:04}-{month:02}"),
            Period::Day(day) => write!(f, "{day}"),
            Period::Span(first, last) => write!(f, "{first}/{last}"),
        }
    }
}

/// What a period may look like, for messages.
pub const PERIOD_FORMS: &str =
    "`2026`, `2026-H1`, `2026-Q3`, `2026-09`, `2026-09-17` or `2026-01-01/2026-09-17`";

impl FromStr for Period {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        parse(text).ok_or_else(|| format!("`{text}` is not a period: {PERIOD_FORMS}"))
    }
}

fn parse(text: &str) -> Option<Period> {
    if let Some((first, last)) = text.split_once('/') {
        let (first, last) = (day(first)?, day(last)?);
        return (first <= last).then_some(Period::Span(first, last));
    }
    let (year, rest) = text.split_at_checked(4)?;
    let year = digits(year, 4).and_then(|n| i32::try_from(n).ok()).filter(|year| YEARS.contains(year))?;
    if rest.is_empty() {
        return Some(Period::Year(year));
    }
    let rest = rest.strip_prefix('-')?;
    if let Some(half) = rest.strip_prefix('H') {
        return digits(half, 1).filter(|half| (1..=2).contains(half)).map(|half| Period::Half(year, half));
    }
    if let Some(quarter) = rest.strip_prefix('Q') {
        return digits(quarter, 1).filter(|q| (1..=4).contains(q)).map(|q| Period::Quarter(year, q));
    }
    match rest.len() {
        2 => digits(rest, 2).filter(|month| (1..=12).contains(month)).map(|month| Period::Month(year, month)),
        _ => day(text).map(Period::Day),
    }
}

fn digits(text: &str, length: usize) -> Option<u32> {
    (text.len() == length && text.bytes().all(|b| b.is_ascii_digit())).then(|| text.parse().ok()).flatten()
}

fn day(text: &str) -> Option<NaiveDate> {
    (text.len() == 10)
        .then(|| NaiveDate::parse_from_str(text, "%Y-%m-%d").ok())
        .flatten()
        .filter(|day| YEARS.contains(&day.year()))
}

fn first_of(year: i32, month: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, 1).expect("year and month are checked when a period is made")
}

impl Serialize for Period {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Period {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check(text: &str, first: &str, last: &str) {
        let period: Period = text.parse().expect(text);
        assert_eq!(
            (period.start().to_string(), period.end().to_string()),
            (first.into(), last.into()),
            "{text}"
        );
        assert_eq!(period.to_string(), text);
    }

    #[test]
    fn periods_know_their_days() {
        check("2024", "2024-01-01", "2024-12-31");
        check("2026-H2", "2026-07-01", "2026-12-31");
        check("2026-Q3", "2026-07-01", "2026-09-30");
        check("2024-02", "2024-02-01", "2024-02-29");
        check("2026-09-17", "2026-09-17", "2026-09-17");
        check("2026-01-01/2026-09-17", "2026-01-01", "2026-09-17");
    }

    #[test]
    fn other_texts_are_refused() {
        for text in [
            "",
            "26",
            "2026-Q5",
            "2026-H3",
            "2026-13",
            "2026-9",
            "2026-02-30",
            "2026-Q",
            "abcd",
            "2026/2027",
            "2026-09-17/2026-01-01",
            "+026",
            "99999-01-01",
            "٢٠٢٦",
        ] {
            assert!(text.parse::<Period>().is_err(), "{text}");
        }
    }

    #[test]
    fn fiscal_years_are_seen() {
        let is_fiscal = |text: &str| text.parse::<Period>().expect(text).is_fiscal_year();
        assert!(is_fiscal("2023-04-01/2024-03-31"));
        assert!(!is_fiscal("2023-01-01/2023-12-31"));
        assert!(!is_fiscal("2023-04-01/2024-03-30"));
    }

    #[test]
    fn quarter_ends_are_decimal_years() {
        assert_eq!("2025-Q4".parse::<Period>().expect("valid").decimal_end(), 2026.0);
        let half = "2025-H1".parse::<Period>().expect("valid").decimal_end();
        assert!((half - 2025.4959).abs() < 1e-4, "{half}");
    }

    proptest! {
        #[test]
        fn periods_of_a_kind_tile_time(days in 0u64..100_000) {
            let day = NaiveDate::from_ymd_opt(1900, 1, 1).expect("valid") + Days::new(days);
            for kind in [PeriodKind::Month, PeriodKind::Quarter, PeriodKind::Year] {
                let period = Period::containing(kind, day).expect("a kind");
                prop_assert!(period.start() <= day && day <= period.end());
                let next = Period::containing(kind, period.end() + Days::new(1)).expect("a kind");
                prop_assert_eq!(next.start(), period.end() + Days::new(1));
            }
        }

        #[test]
        fn no_text_panics(text in "\\PC{0,24}") {
            if let Ok(period) = text.parse::<Period>() {
                prop_assert_eq!(period.to_string(), text);
                prop_assert!(period.start() <= period.end());
            }
        }
    }
}
