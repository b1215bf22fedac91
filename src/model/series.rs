//! What makes a series: values over one length of time, computed in one way. Only values of one series are compared.

use std::collections::{BTreeMap, HashMap};

use chrono::NaiveDate;

use super::id::OrgId;
use super::indicator::{Break, Indicator, Restate, Shape};
use super::measure::{BREAK, Measure, NORMAL};
use super::organisation::Organisation;
use super::period::{Calendar, Part, Period};
use super::results::Observation;

/// Lengths of time that make a series; values over different lengths, or in different calendars, are never joined.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Years.
    Year(Calendar),
    /// Fiscal years.
    FiscalYear,
    /// Half years.
    Half(Calendar),
    /// The first nine months of years.
    NineMonths(Calendar),
    /// Quarters.
    Quarter(Calendar),
    /// Months.
    Month(Calendar),
    /// Days.
    Day,
    /// Years up to the end of one month.
    YearToDate(Calendar, u32),
    /// Spans from one first day on.
    From(NaiveDate),
}

/// What length of time a period has.
pub fn kind(period: Period) -> Kind {
    match period {
        Period::Part { calendar, part, .. } => match part {
            Part::Year => Kind::Year(calendar),
            Part::Half(_) => Kind::Half(calendar),
            Part::NineMonths => Kind::NineMonths(calendar),
            Part::Quarter(_) => Kind::Quarter(calendar),
            Part::Month(_) => Kind::Month(calendar),
            Part::YearToDate(month) => Kind::YearToDate(calendar, month),
        },
        Period::Day(_) => Kind::Day,
        Period::Span(..) if period.is_fiscal_year() => Kind::FiscalYear,
        Period::Span(first, _) => Kind::From(first),
    }
}

/// Why two values are not compared.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Obstacle<'a> {
    /// They speak of different lengths of time, or of different calendars.
    Length,
    /// The law or the formula changed between them.
    Break(&'a Break),
    /// The data mark a break between them and do not say why.
    Mark,
    /// Of one of them the body was there for a part of the period only.
    Part,
}

/// What keeps two periods of an indicator from being compared, whatever the data say.
pub fn obstacle(indicator: &Indicator, one: Period, other: Period) -> Option<Obstacle<'_>> {
    if kind(one) != kind(other) {
        return Some(Obstacle::Length);
    }
    indicator.break_between(one, other).map(Obstacle::Break)
}

/// What keeps two observations from being compared, among all of their organisation and breakdown.
///
/// Every trend, difference and line of the reports asks here.
pub fn obstacle_within<'a>(
    indicator: &'a Indicator,
    all: &[&Observation],
    one: Period,
    other: Period,
) -> Option<Obstacle<'a>> {
    let (earlier, later) = (one.min(other), one.max(other));
    let is_between =
        |o: &Observation| kind(o.period) == kind(later) && earlier < o.period && o.period <= later;
    let is_of_part =
        |o: &&Observation| one != other && o.is_partial && (o.period == one || o.period == other);
    obstacle(indicator, one, other)
        .or_else(|| all.iter().any(is_of_part).then_some(Obstacle::Part))
        .or_else(|| all.iter().any(|o| o.after_break && is_between(o)).then_some(Obstacle::Mark))
}

/// Marks counts of what happened in a period in which their body began or ended: half a quarter is not set against a whole
/// one. Rates stay what they are, and what there was on the last day counts on that day.
pub fn mark_parts(indicator: &Indicator, organisations: &[Organisation], observations: &mut [Observation]) {
    if indicator.shape != Shape::Count || indicator.restate != Restate::Sum {
        return;
    }
    let known: HashMap<&OrgId, &Organisation> = organisations.iter().map(|org| (&org.id, org)).collect();
    for number in observations {
        let Some(org) = known.get(&number.org) else { continue };
        let (first, last) = (number.period.start(), number.period.end());
        let is_within = |day: NaiveDate| first < day && day <= last;
        number.is_partial = org.valid_from.is_some_and(is_within)
            || org.valid_to.and_then(|day| day.succ_opt()).is_some_and(is_within);
    }
}

/// Marks the first value after each break of each series, and gives it the status of a break where its query said
/// nothing else of it.
pub fn mark_breaks(indicator: &Indicator, observations: &mut [Observation]) {
    let mut series: BTreeMap<_, Vec<usize>> = BTreeMap::new();
    for (n, o) in observations.iter().enumerate().filter(|(_, o)| matches!(o.measure, Measure::Value(_))) {
        series.entry((o.org.clone(), o.breakdown.clone(), kind(o.period))).or_default().push(n);
    }
    for mut places in series.into_values() {
        places.sort_by_key(|n| observations[*n].period);
        let mut before: Option<Period> = None;
        for n in places {
            let value = &mut observations[n];
            let is_cut = before.is_some_and(|before| indicator.break_between(before, value.period).is_some());
            before = Some(value.period);
            value.after_break = is_cut || value.status == BREAK;
            if is_cut && value.status == NORMAL {
                value.status = BREAK.to_owned();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::model::indicator::{Direction, Restate, Shape, Unit};
    use crate::model::measure::Missing;
    use crate::model::period::PeriodKind;
    use crate::model::text::Text;

    /// An indicator with breaks on these days; each starts a version of the formula, from 2 on.
    fn indicator(breaks: impl IntoIterator<Item = NaiveDate>) -> Indicator {
        let mut days: Vec<NaiveDate> = breaks.into_iter().collect();
        days.sort();
        days.dedup();
        let cut = |(at, formula)| Break { at, why: Text::both("Đổi", "Changed"), formula: Some(formula) };
        Indicator {
            id: "i".parse().expect("valid"),
            title: Text::both("I", "I"),
            unit: Unit::Percent,
            direction: Direction::HigherIsBetter,
            shape: Shape::Value,
            decimals: 1,
            scale: 1.0,
            period: PeriodKind::Any,
            calendar: Calendar::Civil,
            formula: 1,
            restate: Restate::None,
            breaks: days.into_iter().zip(2..).map(cut).collect(),
            params: BTreeMap::new(),
            headline: None,
            breakdown: vec![],
            targets: vec![],
            sources: vec![],
            legal_basis: None,
            method: Text::both("M", "M"),
            note: None,
            sql: String::new(),
        }
    }

    fn day(text: &str) -> NaiveDate {
        text.parse().expect(text)
    }

    fn period(text: &str) -> Period {
        text.parse().expect(text)
    }

    fn observation(text: &str, status: &str, measure: Measure) -> Observation {
        Observation {
            indicator: "i".parse().expect("valid"),
            org: "A".parse().expect("valid"),
            period: period(text),
            breakdown: String::new(),
            numerator: None,
            denominator: None,
            measure,
            status: status.to_owned(),
            formula: 1,
            after_break: false,
            is_partial: false,
            source: None,
            since: 0,
            trust: None,
        }
    }

    #[test]
    fn a_period_belongs_to_the_formula_of_its_last_day() {
        let indicator = indicator([day("2026-05-01"), day("2026-06-01")]);
        let check = |text: &str, version| {
            assert_eq!(indicator.formula_on(period(text).end()), version, "{text}");
        };
        check("2026-04", 1);
        check("2026-05", 2);
        check("2026-Q2", 3);
        check("2026-01-01/2026-05-31", 2);
        check("2026", 3);
        assert_eq!(indicator.formulas().len(), 3);
    }

    #[test]
    fn a_count_of_a_part_of_a_period_is_not_compared() {
        let body = |from: &str| Organisation {
            id: "A".parse().expect("valid"),
            name: Text::both("A", "A"),
            level: "province".to_owned(),
            parent: None,
            valid_from: Some(day(from)),
            valid_to: None,
        };
        let counts = Indicator { shape: Shape::Count, restate: Restate::Sum, ..indicator([]) };
        let marked = |indicator: &Indicator, from: &str| {
            let mut numbers =
                ["2025-Q3-adm", "2025-Q4-adm"].map(|period| observation(period, NORMAL, Measure::Value(7.0)));
            mark_parts(indicator, &[body(from)], &mut numbers);
            let all: Vec<&Observation> = numbers.iter().collect();
            let parts = all.iter().map(|number| number.is_partial).collect::<Vec<_>>();
            // A number is always like itself.
            assert_eq!(obstacle_within(&counts, &all, numbers[0].period, numbers[0].period), None);
            (parts, obstacle_within(&counts, &all, numbers[0].period, numbers[1].period).is_some())
        };
        // The quarter begins on 15 June: a body of 1 July has a part of it, one of its first day has all.
        assert_eq!(marked(&counts, "2025-07-01"), (vec![true, false], true));
        assert_eq!(marked(&counts, "2025-06-15"), (vec![false, false], false));
        // Rates, and what there was on the last day, are what they are.
        let ratio = Indicator { shape: Shape::Ratio, ..counts.clone() };
        let stock = Indicator { restate: Restate::Stock, ..counts.clone() };
        assert_eq!(marked(&ratio, "2025-07-01"), (vec![false, false], false));
        assert_eq!(marked(&stock, "2025-07-01"), (vec![false, false], false));
    }

    #[test]
    fn only_equal_lengths_within_one_formula_are_compared() {
        let indicator = indicator([day("2026-05-01")]);
        let between = |one, other| obstacle(&indicator, period(one), period(other));
        assert_eq!(between("2026-03", "2026-04"), None);
        assert_eq!(between("2026-05", "2026-09"), None);
        assert_eq!(between("2026-04", "2026-05"), Some(Obstacle::Break(&indicator.breaks[0])));
        assert_eq!(between("2026-05", "2026-04"), Some(Obstacle::Break(&indicator.breaks[0])));
        assert_eq!(between("2026-Q3", "2026-09"), Some(Obstacle::Length));
    }

    #[test]
    fn the_first_value_after_a_break_is_marked() {
        let value = |text, status| observation(text, status, Measure::Value(1.0));
        let mut all = [
            value("2026-09", "A"),
            value("2026-04", "A"),
            observation("2026-05", "L", Measure::Missing(Missing::NotReported)),
            value("2026-06", "P"),
            value("2026-08", "B"),
            value("2026", "A"),
        ];
        mark_breaks(&indicator([day("2026-05-01"), day("2026-09-01")]), &mut all);
        let marks: Vec<_> = all.iter().map(|o| (o.status.as_str(), o.after_break)).collect();
        // The missing value stays missing, the provisional one provisional, and a year has no year before it.
        let expected = [("B", true), ("A", false), ("L", false), ("P", true), ("B", true), ("A", false)];
        assert_eq!(marks, expected);
    }

    #[test]
    fn a_mark_in_the_data_is_an_obstacle_as_well() {
        let indicator = indicator([]);
        let mut all =
            ["2026-04", "2026-05", "2026-06"].map(|text| observation(text, "A", Measure::Value(1.0)));
        all[1].status = "B".to_owned();
        mark_breaks(&indicator, &mut all);
        let all: Vec<_> = all.iter().collect();
        let within = |one, other| obstacle_within(&indicator, &all, period(one), period(other));
        assert_eq!(within("2026-04", "2026-05"), Some(Obstacle::Mark));
        assert_eq!(within("2026-04", "2026-06"), Some(Obstacle::Mark));
        assert_eq!(within("2026-05", "2026-06"), None);
    }

    /// A day between 1990 and 2040.
    fn any_day() -> impl Strategy<Value = NaiveDate> {
        (0u64..18_000).prop_map(|days| day("1990-01-01") + chrono::Days::new(days))
    }

    fn any_period() -> impl Strategy<Value = Period> {
        let of_kind = |kind: PeriodKind| {
            (any_day(), any::<bool>()).prop_map(move |(day, is_civil)| {
                let calendar = if is_civil { Calendar::Civil } else { Calendar::Administrative };
                Period::containing(kind, calendar, day).unwrap_or(Period::Day(day))
            })
        };
        let span = (any_day(), 0u64..800)
            .prop_map(|(first, days)| Period::Span(first, first + chrono::Days::new(days)));
        prop_oneof![
            of_kind(PeriodKind::Month),
            of_kind(PeriodKind::Quarter),
            of_kind(PeriodKind::Year),
            of_kind(PeriodKind::Any),
            span
        ]
    }

    proptest! {
        #[test]
        fn no_comparison_crosses_a_break(
            breaks in prop::collection::vec(any_day(), 0..6),
            one in any_period(),
            other in any_period(),
        ) {
            let indicator = indicator(breaks);
            let found = obstacle(&indicator, one, other);
            prop_assert_eq!(found, obstacle(&indicator, other, one), "the order does not matter");
            let (earlier, later) = (one.end().min(other.end()), one.end().max(other.end()));
            let crossed = indicator.breaks.iter().any(|cut| earlier < cut.at && cut.at <= later);
            if found.is_none() {
                prop_assert!(!crossed);
                prop_assert_eq!(kind(one), kind(other));
                prop_assert_eq!(indicator.formula_on(one.end()), indicator.formula_on(other.end()));
            } else {
                prop_assert!(crossed || kind(one) != kind(other));
            }
        }

        #[test]
        fn values_between_two_marks_are_of_one_formula(
            breaks in prop::collection::vec(any_day(), 0..6),
            periods in prop::collection::btree_set(any_period(), 0..24),
        ) {
            let indicator = indicator(breaks);
            let mut all: Vec<_> =
                periods.iter().map(|period| observation(&period.to_string(), "A", Measure::Value(1.0))).collect();
            mark_breaks(&indicator, &mut all);
            let all: Vec<_> = all.iter().collect();
            for one in &all {
                for other in &all {
                    if obstacle_within(&indicator, &all, one.period, other.period).is_none() {
                        prop_assert!(indicator.break_between(one.period, other.period).is_none());
                    } else {
                        prop_assert!(obstacle(&indicator, one.period, other.period).is_some(), "no mark without a break");
                    }
                }
            }
        }
    }
}
