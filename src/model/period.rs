//! Periods in two calendars: parsed, printed, compared, with their first and last day.

use std::cmp::{Ordering, Reverse};
use std::fmt;
use std::ops::RangeInclusive;
use std::str::FromStr;

use chrono::{Datelike, Days, Months, NaiveDate};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A stretch of days that a number speaks of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Period {
    /// A year of a calendar or a part of it: `2026`, `2026-Q3`, `2026-Q1-adm`.
    Part {
        /// Where its months begin.
        calendar: Calendar,
        /// The year that it is a part of.
        year: i32,
        /// Which months of the year.
        part: Part,
    },
    /// One day, `2026-09-17`; also the moment of a stock.
    Day(NaiveDate),
    /// First and last day, `2026-01-01/2026-09-17`: fiscal years, campaigns, years up to a day.
    Span(NaiveDate, NaiveDate),
}

/// Where the months of a year begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Calendar {
    /// Months begin on their first day.
    #[default]
    Civil,
    /// Months of reporting begin on day [`ADMINISTRATIVE_FIRST_DAY`] of the month before, and with them quarters
    /// and years: the first quarter of 2026 runs from 2025-12-15 to 2026-03-14.
    Administrative,
}

/// The day of the month before on which a month of the administrative calendar begins, so that a report can be
/// written before its month is over. Source: Decree 09/2019/NĐ-CP of Viet Nam on the reports of state agencies.
pub const ADMINISTRATIVE_FIRST_DAY: u32 = 15;

/// A year or some of its months.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Part {
    /// All twelve months, `2026`.
    Year,
    /// A half year, `2026-H1`.
    Half(u32),
    /// January to September, `2026-9M`.
    NineMonths,
    /// A quarter, `2026-Q3`.
    Quarter(u32),
    /// A month, `2026-09`.
    Month(u32),
    /// January to a month, `2026-YTD-08`.
    YearToDate(u32),
}

/// Kinds of period that an indicator is computed for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PeriodKind {
    /// The query itself says which period each row speaks of.
    Any,
    /// Months.
    Month,
    /// Quarters.
    Quarter,
    /// Half years.
    Half,
    /// The first nine months of years.
    NineMonths,
    /// Years up to the end of one of their months.
    YearToDate,
    /// Years.
    Year,
}

/// Years that four digits can write; outside them no date is made.
const YEARS: RangeInclusive<i32> = 1900..=2199;

impl Calendar {
    /// The day on which a month begins; month 13 is the first of the next year.
    fn first_day(self, year: i32, month: u32) -> NaiveDate {
        let civil = first_of(year) + Months::new(month - 1);
        match self {
            Calendar::Civil => civil,
            Calendar::Administrative => {
                civil - Months::new(1) + Days::new(u64::from(ADMINISTRATIVE_FIRST_DAY - 1))
            }
        }
    }

    /// Its name in definitions and exports.
    pub fn word(self) -> &'static str {
        match self {
            Calendar::Civil => "civil",
            Calendar::Administrative => "administrative",
        }
    }

    /// What stands behind a period of this calendar.
    fn ending(self) -> &'static str {
        match self {
            Calendar::Civil => "",
            Calendar::Administrative => "-adm",
        }
    }
}

impl Part {
    /// Its months in the year, counted from 1.
    pub fn months(self) -> RangeInclusive<u32> {
        match self {
            Part::Year => 1..=12,
            Part::Half(half) => half * 6 - 5..=half * 6,
            Part::NineMonths => 1..=9,
            Part::Quarter(quarter) => quarter * 3 - 2..=quarter * 3,
            Part::Month(month) => month..=month,
            Part::YearToDate(month) => 1..=month,
        }
    }

    fn kind(self) -> PeriodKind {
        match self {
            Part::Year => PeriodKind::Year,
            Part::Half(_) => PeriodKind::Half,
            Part::NineMonths => PeriodKind::NineMonths,
            Part::Quarter(_) => PeriodKind::Quarter,
            Part::Month(_) => PeriodKind::Month,
            Part::YearToDate(_) => PeriodKind::YearToDate,
        }
    }
}

impl PeriodKind {
    /// The parts of a year that are of this kind, by their last day.
    fn parts(self) -> Vec<Part> {
        match self {
            PeriodKind::Any => vec![],
            PeriodKind::Month => (1..=12).map(Part::Month).collect(),
            PeriodKind::Quarter => (1..=4).map(Part::Quarter).collect(),
            PeriodKind::Half => (1..=2).map(Part::Half).collect(),
            PeriodKind::NineMonths => vec![Part::NineMonths],
            PeriodKind::YearToDate => (1..=12).map(Part::YearToDate).collect(),
            PeriodKind::Year => vec![Part::Year],
        }
    }
}

impl Period {
    /// The first day.
    pub fn start(&self) -> NaiveDate {
        match *self {
            Period::Part { calendar, year, part } => calendar.first_day(year, *part.months().start()),
            Period::Day(day) => day,
            Period::Span(first, _) => first,
        }
    }

    /// The last day.
    pub fn end(&self) -> NaiveDate {
        match *self {
            Period::Part { calendar, year, part } => {
                calendar.first_day(year, part.months().end() + 1) - Days::new(1)
            }
            Period::Day(day) => day,
            Period::Span(_, last) => last,
        }
    }

    /// The calendar that its months are counted in; none for a period that is written by its days.
    pub fn calendar(&self) -> Option<Calendar> {
        match *self {
            Period::Part { calendar, .. } => Some(calendar),
            Period::Day(_) | Period::Span(..) => None,
        }
    }

    /// The part of a year by its name in another calendar; days and spans as they are.
    pub fn in_calendar(self, calendar: Calendar) -> Period {
        match self {
            Period::Part { year, part, .. } => Period::Part { calendar, year, part },
            other => other,
        }
    }

    /// The end as a decimal year: 2026-Q2 ends at 2026.5, a year at the next whole number.
    pub fn decimal_end(&self) -> f64 {
        let end = self.end();
        let days = if end.leap_year() { 366.0 } else { 365.0 };
        f64::from(end.year()) + f64::from(end.ordinal()) / days
    }

    /// The period of a kind that `day` lies in.
    ///
    /// Months, quarters, half years and years tile time: each day lies in exactly one. Of the years to date it is
    /// the shortest, up to the month of the day. The last three months of a year lie in no nine months, and nothing
    /// lies in [`PeriodKind::Any`]: `None`.
    pub fn containing(kind: PeriodKind, calendar: Calendar, day: NaiveDate) -> Option<Period> {
        // An administrative year begins before the civil year of its name.
        let mut periods =
            [day.year(), day.year() + 1].into_iter().flat_map(|year| of_year(kind, calendar, year));
        periods.find(|period| period.start() <= day && day <= period.end())
    }

    /// The last period of a kind that is over when `day` is: what a run up to that day computes.
    pub fn last_ended(kind: PeriodKind, calendar: Calendar, day: NaiveDate) -> Option<Period> {
        let mut periods =
            [day.year(), day.year() - 1].into_iter().flat_map(|year| of_year(kind, calendar, year).rev());
        periods.find(|period| period.end() <= day)
    }

    /// The one that a value is set against: the period of its kind and calendar that ended last before it begins.
    ///
    /// Nine months and years to date begin anew every year, so for them it is the same months of the year before.
    /// Days and spans are of no kind that has a next one: `None`.
    pub fn before(&self) -> Option<Period> {
        let Period::Part { calendar, year, part } = *self else { return None };
        if let Part::YearToDate(_) = part {
            return YEARS.contains(&(year - 1)).then_some(Period::Part { calendar, year: year - 1, part });
        }
        Period::last_ended(part.kind(), calendar, self.start() - Days::new(1))
    }

    /// Whether the span is twelve whole months that do not start in January: a fiscal year.
    pub fn is_fiscal_year(&self) -> bool {
        matches!(self, Period::Span(first, last)
            if first.day() == 1 && first.month() != 1 && *first + Months::new(12) == *last + Days::new(1))
    }
}

/// The periods of a kind in one year, by their last day.
fn of_year(kind: PeriodKind, calendar: Calendar, year: i32) -> impl DoubleEndedIterator<Item = Period> {
    let parts = if YEARS.contains(&year) { kind.parts() } else { vec![] };
    parts.into_iter().map(move |part| Period::Part { calendar, year, part })
}

/// Later periods are greater; of two that end together the shorter one comes first.
impl Ord for Period {
    fn cmp(&self, other: &Self) -> Ordering {
        // Most periods that are compared are the same: half a million numbers are of some dozen periods.
        if self == other {
            return Ordering::Equal;
        }
        let days = |period: &Period| (period.end(), Reverse(period.start()));
        // The same days under two names, such as `2026-Q1` and `2026-YTD-03`, are two periods.
        days(self).cmp(&days(other)).then_with(|| self.to_string().cmp(&other.to_string()))
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
            Period::Part { calendar, year, part } => write!(f, "{year:04}{part}{}", calendar.ending()),
            Period::Day(day) => write!(f, "{day}"),
            Period::Span(first, last) => write!(f, "{first}/{last}"),
        }
    }
}

/// What follows the year.
impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Part::Year => Ok(()),
            Part::Half(half) => write!(f, "-H{half}"),
            Part::NineMonths => write!(f, "-9M"),
            Part::Quarter(quarter) => write!(f, "-Q{quarter}"),
            Part::Month(month) => write!(f, "-{month:02}"),
            Part::YearToDate(month) => write!(f, "-YTD-{month:02}"),
        }
    }
}

/// What a period may look like, for messages.
pub const PERIOD_FORMS: &str = "`2026`, `2026-H1`, `2026-9M`, `2026-Q3`, `2026-09`, `2026-YTD-08`, each of them with \
     `-adm` in the administrative calendar, `2026-09-17` or `2026-01-01/2026-09-17`";

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
    if let Some(day) = day(text) {
        return Some(Period::Day(day));
    }
    let (text, calendar) = match text.strip_suffix(Calendar::Administrative.ending()) {
        Some(text) => (text, Calendar::Administrative),
        None => (text, Calendar::Civil),
    };
    let (year, part) = text.split_at_checked(4)?;
    let year = digits(year, 4).and_then(|n| i32::try_from(n).ok()).filter(|year| YEARS.contains(year))?;
    Some(Period::Part { calendar, year, part: parse_part(part)? })
}

fn parse_part(text: &str) -> Option<Part> {
    let numbered = |text: &str, length: usize, most: u32| {
        digits(text, length).filter(|number| (1..=most).contains(number))
    };
    if text.is_empty() {
        return Some(Part::Year);
    }
    let text = text.strip_prefix('-')?;
    if text == "9M" {
        return Some(Part::NineMonths);
    }
    if let Some(half) = text.strip_prefix('H') {
        return numbered(half, 1, 2).map(Part::Half);
    }
    if let Some(quarter) = text.strip_prefix('Q') {
        return numbered(quarter, 1, 4).map(Part::Quarter);
    }
    if let Some(month) = text.strip_prefix("YTD-") {
        return numbered(month, 2, 12).map(Part::YearToDate);
    }
    numbered(text, 2, 12).map(Part::Month)
}

fn digits(text: &str, length: usize) -> Option<u32> {
    (text.len() == length && text.bytes().all(|b| b.is_ascii_digit())).then(|| text.parse().ok()).flatten()
}

fn day(text: &str) -> Option<NaiveDate> {
    let day = NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()?;
    // The parser is generous with signs, blanks and zeros; one day has one text.
    (YEARS.contains(&day.year()) && day.to_string() == text).then_some(day)
}

fn first_of(year: i32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, 1, 1).expect("years are checked when a period is made")
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
        check("2026-9M", "2026-01-01", "2026-09-30");
        check("2026-Q3", "2026-07-01", "2026-09-30");
        check("2024-02", "2024-02-01", "2024-02-29");
        check("2026-YTD-08", "2026-01-01", "2026-08-31");
        check("2026-09-17", "2026-09-17", "2026-09-17");
        check("2026-01-01/2026-09-17", "2026-01-01", "2026-09-17");
    }

    #[test]
    fn administrative_periods_begin_in_the_month_before() {
        check("2026-adm", "2025-12-15", "2026-12-14");
        check("2026-H1-adm", "2025-12-15", "2026-06-14");
        check("2026-H2-adm", "2026-06-15", "2026-12-14");
        check("2026-9M-adm", "2025-12-15", "2026-09-14");
        check("2026-Q1-adm", "2025-12-15", "2026-03-14");
        check("2026-Q2-adm", "2026-03-15", "2026-06-14");
        check("2026-01-adm", "2025-12-15", "2026-01-14");
        check("2024-03-adm", "2024-02-15", "2024-03-14");
        check("2026-YTD-08-adm", "2025-12-15", "2026-08-14");
    }

    #[test]
    fn other_texts_are_refused() {
        for text in [
            "",
            "26",
            "2026-Q5",
            "2026-H3",
            "2026-H0",
            "2026-13",
            "2026-9",
            "2026-6M",
            "2026-YTD",
            "2026-YTD-8",
            "2026-YTD-13",
            "2026-02-30",
            "2026-Q",
            "2026-q1",
            "2026-Q1-ADM",
            "2026-Q1-adm-adm",
            "2026-09-17-adm",
            "-adm",
            "abcd",
            "2026/2027",
            "2026-09-17/2026-01-01",
            "2026-01-01/2026-09-17-adm",
            "+026",
            "+2026-9-17",
            "2026- 9-17",
            "99999-01-01",
            "1899-12",
            "٢٠٢٦",
        ] {
            assert!(text.parse::<Period>().is_err(), "{text}");
        }
    }

    #[test]
    fn fiscal_years_are_seen() {
        let is_fiscal = |text: &str| period(text).is_fiscal_year();
        assert!(is_fiscal("2023-04-01/2024-03-31"));
        assert!(!is_fiscal("2023-01-01/2023-12-31"));
        assert!(!is_fiscal("2023-04-01/2024-03-30"));
    }

    #[test]
    fn quarter_ends_are_decimal_years() {
        assert_eq!(period("2025-Q4").decimal_end(), 2026.0);
        let half = period("2025-H1").decimal_end();
        assert!((half - 2025.4959).abs() < 1e-4, "{half}");
    }

    #[test]
    fn a_run_computes_what_has_ended() {
        use {Calendar::*, PeriodKind::*};
        let check = |kind: PeriodKind, calendar: Calendar, day: &str, expected: &str| {
            let found = Period::last_ended(kind, calendar, day.parse().expect(day));
            assert_eq!(
                found.map(|period| period.to_string()).as_deref(),
                Some(expected),
                "{kind:?} by {day}"
            );
        };
        check(Quarter, Civil, "2026-09-30", "2026-Q3");
        check(Quarter, Civil, "2026-09-29", "2026-Q2");
        check(Quarter, Administrative, "2026-09-30", "2026-Q3-adm");
        check(Quarter, Civil, "2026-03-14", "2025-Q4");
        check(Month, Civil, "2026-03-14", "2026-02");
        check(Quarter, Administrative, "2026-12-14", "2026-Q4-adm");
        check(Month, Administrative, "2026-12-31", "2026-12-adm");
        check(Month, Administrative, "2027-01-13", "2026-12-adm");
        check(Half, Civil, "2026-11-24", "2026-H1");
        check(NineMonths, Civil, "2026-11-24", "2026-9M");
        check(NineMonths, Civil, "2026-08-31", "2025-9M");
        check(YearToDate, Civil, "2026-08-31", "2026-YTD-08");
        check(YearToDate, Administrative, "2026-01-13", "2025-YTD-12-adm");
        check(Year, Civil, "2026-09-30", "2025");
        assert_eq!(Period::last_ended(Any, Civil, day("2026-08-31").expect("a day")), None);
    }

    #[test]
    fn the_period_before_is_of_the_same_kind_and_calendar() {
        let check = |text: &str, expected: Option<&str>| {
            let found = period(text).before().map(|period| period.to_string());
            assert_eq!(found.as_deref(), expected, "{text}");
        };
        check("2026", Some("2025"));
        check("2026-H2", Some("2026-H1"));
        check("2026-Q1-adm", Some("2025-Q4-adm"));
        check("2026-01", Some("2025-12"));
        check("2026-9M", Some("2025-9M"));
        check("2026-9M-adm", Some("2025-9M-adm"));
        check("2026-YTD-08", Some("2025-YTD-08"));
        check("2026-09-17", None);
        check("1900-Q1", None);
        check("1900-YTD-03", None);
    }

    #[test]
    fn of_two_that_end_together_the_shorter_comes_first() {
        let mut texts =
            ["2026", "2025-Q4", "2026-12-31", "2026-Q4", "2026-Q4-adm", "2026-12", "2026-H2", "2026-YTD-12"];
        texts.sort_by_key(|text| period(text));
        assert_eq!(
            texts,
            ["2025-Q4", "2026-Q4-adm", "2026-12-31", "2026-12", "2026-Q4", "2026-H2", "2026", "2026-YTD-12"]
        );
    }

    fn period(text: &str) -> Period {
        text.parse().expect(text)
    }

    const TILING: [PeriodKind; 4] =
        [PeriodKind::Month, PeriodKind::Quarter, PeriodKind::Half, PeriodKind::Year];
    const ALL: [PeriodKind; 6] = [
        PeriodKind::Month,
        PeriodKind::Quarter,
        PeriodKind::Half,
        PeriodKind::NineMonths,
        PeriodKind::YearToDate,
        PeriodKind::Year,
    ];

    fn calendars() -> impl Strategy<Value = Calendar> {
        prop_oneof![Just(Calendar::Civil), Just(Calendar::Administrative)]
    }

    /// Any period of any kind in any calendar, and any day or span.
    fn periods() -> impl Strategy<Value = Period> {
        let part = (calendars(), YEARS, prop::sample::select(ALL.map(PeriodKind::parts).concat()))
            .prop_map(|(calendar, year, part)| Period::Part { calendar, year, part });
        let day = (0u64..100_000).prop_map(|days| first_of(1900) + Days::new(days));
        let span =
            (day.clone(), 0u64..1_000).prop_map(|(day, days)| Period::Span(day, day + Days::new(days)));
        prop_oneof![4 => part, 1 => day.prop_map(Period::Day), 1 => span]
    }

    /// Whether the parts lie end to end from the first to the last day of the whole.
    fn make_up(parts: &[Part], whole: Part, calendar: Calendar, year: i32) -> bool {
        let of = |part: &Part| Period::Part { calendar, year, part: *part };
        let (parts, whole): (Vec<Period>, Period) = (parts.iter().map(of).collect(), of(&whole));
        parts.first().map(Period::start) == Some(whole.start())
            && parts.last().map(Period::end) == Some(whole.end())
            && parts.windows(2).all(|pair| pair[0].end() + Days::new(1) == pair[1].start())
    }

    proptest! {
        #[test]
        fn periods_of_a_kind_tile_time(days in 0u64..100_000, calendar in calendars()) {
            let day = first_of(1900) + Days::new(days);
            for kind in TILING {
                let period = Period::containing(kind, calendar, day).expect("a kind");
                prop_assert!(period.start() <= day && day <= period.end());
                let after = period.end() + Days::new(1);
                let next = Period::containing(kind, calendar, after).expect("a kind");
                prop_assert_eq!(next.start(), after);
                prop_assert_eq!(next.before(), Some(period));
                prop_assert_eq!(Period::last_ended(kind, calendar, period.end()), Some(period));
                prop_assert!(Period::last_ended(kind, calendar, period.end() - Days::new(1)) != Some(period));
            }
        }

        #[test]
        fn parts_make_up_their_whole(calendar in calendars(), year in YEARS) {
            let quarters = PeriodKind::Quarter.parts();
            let months = PeriodKind::Month.parts();
            let adds_up = |parts: &[Part], whole: Part| make_up(parts, whole, calendar, year);
            prop_assert!(adds_up(&quarters, Part::Year));
            prop_assert!(adds_up(&months, Part::Year));
            prop_assert!(adds_up(&PeriodKind::Half.parts(), Part::Year));
            prop_assert!(adds_up(&quarters[..2], Part::Half(1)));
            prop_assert!(adds_up(&quarters[2..], Part::Half(2)));
            prop_assert!(adds_up(&quarters[..3], Part::NineMonths));
            for (quarter, months) in (1..).zip(months.chunks(3)) {
                prop_assert!(adds_up(months, Part::Quarter(quarter)));
            }
            for (month, part) in (1usize..).zip(PeriodKind::YearToDate.parts()) {
                prop_assert!(adds_up(&months[..month], part));
            }
            prop_assert!(adds_up(&[Part::YearToDate(12)], Part::Year));
        }

        #[test]
        fn texts_and_periods_are_one_to_one(period in periods()) {
            prop_assert_eq!(period.to_string().parse::<Period>(), Ok(period));
            prop_assert!(period.start() <= period.end());
        }

        #[test]
        fn order_is_by_the_last_day(one in periods(), other in periods()) {
            prop_assert_eq!(one.cmp(&other), other.cmp(&one).reverse());
            prop_assert_eq!(one.cmp(&other) == Ordering::Equal, one == other);
            if one.end() != other.end() {
                prop_assert_eq!(one.cmp(&other), one.end().cmp(&other.end()));
            } else if one.start() != other.start() {
                prop_assert_eq!(one.cmp(&other), other.start().cmp(&one.start()));
            }
        }

        #[test]
        fn what_ended_last_has_ended(days in 400u64..100_000, calendar in calendars()) {
            let day = first_of(1900) + Days::new(days);
            for kind in ALL {
                let last = Period::last_ended(kind, calendar, day).expect("a kind");
                prop_assert!(last.end() <= day);
                if let Some(containing) = Period::containing(kind, calendar, day) {
                    prop_assert!(last <= containing);
                }
                let before = last.before();
                prop_assert!(before.is_none_or(|before| before.end() < last.start()));
            }
        }

        #[test]
        fn no_text_panics(text in "\\PC{0,24}|[0-9]{4}[-0-9HQMYTDadm/]{0,21}") {
            if let Ok(period) = text.parse::<Period>() {
                prop_assert_eq!(period.to_string(), text);
                prop_assert!(period.start() <= period.end());
            }
        }
    }
}
