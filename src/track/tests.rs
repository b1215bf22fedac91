//! The whole of the room: statuses by kind of indicator, and what must hold for all of them.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use proptest::prelude::*;

use super::testing::{milestone, target};
use super::*;
use crate::model::indicator::{Break, Direction, Restate, Shape};
use crate::model::measure::PROVISIONAL;
use crate::model::period::{Calendar, PeriodKind};
use crate::model::progress::Verdict;
use crate::model::restated::{Mark, Part, Restated};
use crate::model::text::Text;

fn indicator(unit: Unit, breaks: &[&str]) -> Indicator {
    let cut = |(day, formula): (&&str, u32)| Break {
        at: day.parse().expect("a day"),
        why: Text::both("Đổi", "Changed"),
        formula: Some(formula),
    };
    Indicator {
        id: "i".parse().expect("valid"),
        title: Text::both("I", "I"),
        unit,
        direction: Direction::None,
        shape: Shape::Ratio,
        decimals: 1,
        scale: 100.0,
        period: PeriodKind::Any,
        calendar: Calendar::Civil,
        formula: 1,
        restate: Restate::Sum,
        breaks: breaks.iter().zip(2..).map(cut).collect(),
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

fn observation(period: &str, measure: Measure) -> Observation {
    Observation {
        indicator: "i".parse().expect("valid"),
        org: "A".parse().expect("valid"),
        period: period.parse().expect("a period"),
        breakdown: String::new(),
        numerator: None,
        denominator: None,
        measure,
        status: "A".to_owned(),
        formula: 1,
        after_break: false,
        is_partial: false,
        source: None,
        since: 0,
        trust: None,
    }
}

fn values(values: &[(&str, f64)]) -> Vec<Observation> {
    values.iter().map(|(period, value)| observation(period, Measure::Value(*value))).collect()
}

fn day(text: &str) -> NaiveDate {
    text.parse().expect(text)
}

fn judged(target: &Target, indicator: &Indicator, numbers: &[Observation]) -> TargetProgress {
    let numbers: Vec<&Observation> = numbers.iter().collect();
    assess(target, indicator, &numbers, None, day("2026-09-30")).0
}

/// Four years from 2021 on.
fn years(four: [f64; 4]) -> Vec<Observation> {
    values(&["2021", "2022", "2023", "2024"].into_iter().zip(four).collect::<Vec<_>>())
}

#[track_caller]
fn check(unit: Unit, target: &Target, numbers: &[Observation], expected: Status) -> TargetProgress {
    let found = judged(target, &indicator(unit, &[]), numbers);
    assert_eq!(found.status, expected, "{found:#?}");
    found
}

#[test]
fn percentages_are_judged_by_the_way_and_the_pace() {
    let law = target(">=", 90.0, "2027-12-31");
    // From 30 by 10 a year: 60 in 2024, 30 more in three years.
    let found = check(Unit::Percent, &law, &years([30.0, 40.0, 50.0, 60.0]), Status::OnPath);
    let pace = found.pace.expect("four points");
    assert_eq!((pace.path, pace.seen, pace.needed), (60.0, 10.0, Some(10.0)));
    assert_eq!((pace.way_done, pace.times, pace.arrives_on), (Some(1.0), Some(1.0), Some(day("2027-12-31"))));
    // 48 in 2024, 60 asked for: 60 % of the way, 42 left in three years, 14 / 6 = 2.33 times the pace.
    let found = check(Unit::Percent, &law, &years([30.0, 40.0, 45.0, 48.0]), Status::SeriousDelay);
    assert!((found.pace.expect("a pace").times.expect("times") - 14.0 / 6.0).abs() < 1e-9);
    // 54: 80 % of the way, 12 / 8 = 1.5 times.
    check(Unit::Percent, &law, &years([30.0, 40.0, 45.0, 54.0]), Status::SlightDelay);
    check(Unit::Percent, &law, &years([30.0, 40.0, 45.0, 29.0]), Status::MovingAway);
    check(Unit::Percent, &law, &years([30.0, 40.0, 45.0, 30.0]), Status::SeriousDelay);
    check(Unit::Percent, &law, &years([30.0, 40.0, 45.0, 90.0]), Status::Achieved);
}

#[test]
fn where_the_day_is_over_the_value_for_it_is_waited_for() {
    let law = target(">=", 90.0, "2025-12-31");
    let is_final = |numbers: &[Observation]| {
        let numbers: Vec<&Observation> = numbers.iter().collect();
        assess(&law, &indicator(Unit::Percent, &[]), &numbers, None, day("2026-09-30")).1
    };
    // On path to it, but nobody knows yet how it ended.
    let known = years([60.0, 70.0, 80.0, 89.0]);
    let found = check(Unit::Percent, &law, &known, Status::Awaited);
    assert_eq!((found.pace, found.extra, found.chance, found.methods.len()), (None, None, None, 0));
    assert!(found.due_is_over && !is_final(&known));
    check(Unit::Percent, &law, &years([60.0, 70.0, 80.0, 91.0]), Status::Achieved);
    let known = [known, values(&[("2025", 89.5)])].concat();
    check(Unit::Percent, &law, &known, Status::Missed);
    assert!(is_final(&known));
}

/// 10 % to 35 % with 80 % asked for, which growth alone calls on track: 45 is asked for by now, and 1.8 times the pace.
#[test]
fn a_low_base_does_not_make_a_target_on_track() {
    let numbers = values(&[("2019", 10.0), ("2021", 18.0), ("2023", 30.0), ("2024", 35.0)]);
    let found = check(Unit::Percent, &target(">=", 80.0, "2029-12-31"), &numbers, Status::SlightDelay);
    assert!((found.pace.expect("a pace").times.expect("times") - 1.8).abs() < 1e-9);
    let growth = found.methods.iter().find(|value| value.method == crate::model::progress::Method::OpenSdg);
    assert_eq!(growth.map(|value| value.verdict), Some(Verdict::OnTrack));
    // Open SDG and the UN say on track; ESCAP twice, linear and logit do not.
    assert_eq!(found.agreement(), Some((4, 6)));
}

#[test]
fn counts_are_judged_by_growth() {
    // Doubled in three years, doubled again asked for in three more.
    let found = check(
        Unit::Count,
        &target(">=", 400.0, "2027-12-31"),
        &years([100.0, 120.0, 150.0, 200.0]),
        Status::OnPath,
    );
    assert_eq!(found.scale, Scale::Log);
    // Zero has no growth: the same in steps, 100 a year needed against 66.7 seen.
    let found = check(
        Unit::Count,
        &target(">=", 500.0, "2027-12-31"),
        &years([0.0, 120.0, 150.0, 200.0]),
        Status::SlightDelay,
    );
    assert_eq!(found.scale, Scale::Linear);
}

#[test]
fn durations_and_ranks_fall() {
    // Halved in three years, halved again asked for in three.
    check(Unit::Days, &target("<=", 5.0, "2027-12-31"), &years([20.0, 17.0, 14.0, 10.0]), Status::OnPath);
    check(
        Unit::Rank,
        &target("rank<=", 50.0, "2027-12-31"),
        &years([86.0, 86.0, 80.0, 71.0]),
        Status::SlightDelay,
    );
    check(
        Unit::Rank,
        &target("rank<=", 71.0, "2027-12-31"),
        &years([86.0, 86.0, 80.0, 71.0]),
        Status::Achieved,
    );
    check(
        Unit::Rank,
        &target("rank<=", 50.0, "2027-12-31"),
        &years([71.0, 80.0, 86.0, 86.0]),
        Status::MovingAway,
    );
}

#[test]
fn the_path_begins_when_the_target_was_made() {
    let numbers = years([30.0, 40.0, 50.0, 60.0]);
    let law = |made: &str| Target { issued_on: made.parse().ok(), ..target(">=", 90.0, "2026-12-31") };
    let pace = |law: &Target| judged(law, &indicator(Unit::Percent, &[]), &numbers).pace.expect("a pace");
    // 40 at the end of 2022; 90 four years later: 65 is asked for by the end of 2024, and 60 is 80 % of the way.
    let found = pace(&law("2023-06-01"));
    assert_eq!((found.baseline.value, found.path, found.way_done), (40.0, 65.0, Some(0.8)));
    // Made after the last value: there is no way yet, and the pace is that of all years before.
    let found = pace(&law("2025-12-01"));
    assert_eq!((found.baseline.value, found.start.value, found.way_done), (60.0, 30.0, None));
    assert_eq!((found.seen, found.needed), (10.0, Some(15.0)));
    check(Unit::Percent, &law("2025-12-01"), &numbers, Status::SlightDelay);
    // Before the first value: that one.
    assert_eq!(pace(&law("2019")).baseline.value, 30.0);
}

#[test]
fn milestones_bend_the_path() {
    let mut law = target(">=", 90.0, "2027-12-31");
    law.milestones = vec![milestone("2024-12-31", 36.0)];
    // The law asks for 36 by now, so 54 is far ahead of it; 8 a year were seen, 12 a year are needed.
    let found = check(Unit::Percent, &law, &years([30.0, 36.0, 48.0, 54.0]), Status::SlightDelay);
    let pace = found.pace.expect("a pace");
    assert_eq!((pace.path, pace.way_done, pace.times), (36.0, Some(4.0), Some(1.5)));
}

#[test]
fn what_is_over_is_met_or_missed() {
    let law = target(">=", 50.0, "2024-12-31");
    check(Unit::Percent, &law, &years([30.0, 40.0, 45.0, 49.9]), Status::Missed);
    check(Unit::Percent, &law, &years([30.0, 40.0, 45.0, 50.0]), Status::Achieved);
    // A later value does not make up for it.
    let mut later = years([30.0, 40.0, 45.0, 49.0]);
    later.extend(values(&[("2025", 60.0)]));
    let found = check(Unit::Percent, &law, &later, Status::Missed);
    assert_eq!(found.deciding.map(|point| point.value), Some(49.0));
    check(Unit::Percent, &target(">=", 50.0, "2020-12-31"), &later, Status::NoData);
    check(Unit::Percent, &law, &[], Status::NoData);
}

#[test]
fn what_is_not_over_or_not_final_decides_nothing() {
    let asked = target(">=", 75.0, "2026-12-31");
    let mut numbers =
        values(&[("2022", 60.0), ("2023", 63.0), ("2024", 66.0), ("2025", 69.0), ("2026", 72.0)]);
    let percent = indicator(Unit::Percent, &[]);
    let judged = |numbers: &[Observation], until: &str| {
        let numbers: Vec<&Observation> = numbers.iter().collect();
        let (row, is_final) = assess(&asked, &percent, &numbers, None, day(until));
        (row.status, row.deciding.map(|point| point.value), is_final)
    };
    // The year is not over: what is said of it is not known yet.
    assert_eq!(judged(&numbers, "2026-09-30"), (Status::SlightDelay, Some(69.0), false));
    assert_eq!(judged(&numbers, "2026-12-31"), (Status::Missed, Some(72.0), true));
    // It was captured before the year was over.
    numbers[4].status = PROVISIONAL.to_owned();
    assert_eq!(judged(&numbers, "2026-12-31"), (Status::Awaited, Some(72.0), false));
}

#[test]
fn a_day_that_is_over_has_no_pace_ahead_of_it() {
    let months =
        [("2025-06", 60.0), ("2025-07", 61.0), ("2025-08", 62.0), ("2025-09", 63.0), ("2026-01", 64.0)];
    let row = judged(&target(">=", 75.0, "2025-10-15"), &indicator(Unit::Percent, &[]), &values(&months));
    assert_eq!((row.status, row.deciding.map(|point| point.value)), (Status::Missed, Some(63.0)));
    let pace = row.pace.expect("a pace");
    assert_eq!((pace.needed, pace.times, pace.arrives_on, row.chance), (None, None, None, None));
    assert!(pace.seen > 0.0, "what was seen stays told");
}

#[test]
fn what_does_not_show_is_no_movement() {
    let still = values(&[("2022", 63.92), ("2023", 63.93), ("2024", 63.91), ("2025", 63.91)]);
    let row = judged(&target(">=", 80.0, "2030-12-31"), &indicator(Unit::Percent, &[]), &still);
    assert_eq!((row.status, row.pace.map(|pace| pace.seen)), (Status::SeriousDelay, Some(0.0)));
}

#[test]
fn too_few_values_are_no_trend() {
    let law = target(">=", 90.0, "2027-12-31");
    let found = check(Unit::Percent, &law, &years([30.0, 40.0, 50.0, 60.0])[..3], Status::TooEarly);
    assert_eq!((found.chance, found.points), (None, 3));
    assert!(!found.methods.is_empty());
    // A month is no year.
    let mut mixed = years([30.0, 40.0, 50.0, 60.0]);
    mixed.extend(values(&[("2025-10", 61.0), ("2025-11", 62.0)]));
    check(Unit::Percent, &law, &mixed, Status::TooEarly);
}

#[test]
fn a_break_leaves_what_can_be_compared() {
    let law = target(">=", 90.0, "2027-12-31");
    let rate = indicator(Unit::Percent, &["2023-01-01"]);
    let mut numbers = years([30.0, 40.0, 50.0, 60.0]);
    crate::model::series::mark_breaks(&rate, &mut numbers);
    let found = judged(&law, &rate, &numbers);
    assert_eq!((found.status, found.points, found.values), (Status::BrokenSeries, 2, 4));
}

#[test]
fn what_does_not_apply_is_not_judged() {
    let law = target(">=", 90.0, "2027-12-31");
    let numbers = [observation("2024", Measure::Missing(Missing::NotApplicable))];
    check(Unit::Percent, &law, &numbers, Status::NotApplicable);
    let numbers = [observation("2024", Measure::Missing(Missing::NotReported))];
    check(Unit::Percent, &law, &numbers, Status::NoData);
    let numbers = years([30.0, 40.0, 50.0, 95.0]);
    let numbers: Vec<&Observation> = numbers.iter().collect();
    let ended = Some(Ended::Level(day("2025-06-30")));
    let (found, _) = assess(&law, &indicator(Unit::Percent, &[]), &numbers, ended, day("2026-09-30"));
    assert_eq!((found.status, found.pace, found.chance), (Status::NotApplicable, None, None));
}

#[test]
fn a_yes_or_no_target_waits_for_its_day() {
    let mut law = target(">=", 1.0, "2027-12-31");
    law.unit = "yes-no".to_owned();
    let found = check(Unit::Count, &law, &years([0.0, 0.0, 0.0, 0.0]), Status::TooEarly);
    assert_eq!((found.scale, found.pace), (Scale::YesNo, None));
    check(Unit::Count, &law, &years([0.0, 0.0, 0.0, 1.0]), Status::Achieved);
    law.due_on = day("2024-12-31");
    check(Unit::Count, &law, &years([0.0, 0.0, 0.0, 0.0]), Status::Missed);
}

#[test]
fn extra_units_are_whole_and_per_period() {
    let quarter = |period: &str, numerator: f64, denominator: f64| Observation {
        numerator: Some(numerator),
        denominator: Some(denominator),
        ..observation(period, Measure::Value(100.0 * numerator / denominator))
    };
    let numbers = [
        quarter("2025-Q1", 400.0, 1000.0),
        quarter("2025-Q2", 450.0, 1000.0),
        quarter("2025-Q3", 480.0, 1000.0),
        quarter("2025-Q4", 501.0, 1000.0),
    ];
    let law = target(">=", 80.0, "2026-12-31");
    let found = judged(&law, &indicator(Unit::Percent, &[]), &numbers);
    // 800 of 1,000 less 501: 299 more, in four quarters 75 more each.
    let extra = found.extra.expect("counts");
    assert_eq!((extra.units, extra.per_period), (299.0, Some(75.0)));
    let law = target("<=", 10.0, "2025-12-31");
    let extra = judged(&law, &indicator(Unit::Percent, &[]), &numbers).extra.expect("counts");
    assert_eq!((extra.units, extra.per_period), (401.0, None));
}

#[test]
fn a_series_goes_on_across_a_merger() {
    let restated = |period: &str, value: f64, mark| Restated {
        number: observation(period, Measure::Value(value)),
        map_on: day("2026-09-30"),
        mark,
        known: 2,
        parts: vec![Part { org: "B".parse().expect("valid"), share: Some(1.0) }],
        formula: Some(1),
    };
    let rate = indicator(Unit::Percent, &[]);
    let reported = values(&[("2025-Q3", 50.0), ("2025-Q4", 55.0)]);
    let before = [
        restated("2025-Q1", 40.0, Mark::Exact),
        restated("2025-Q2", 45.0, Mark::Estimated),
        restated("2024-Q4", 41.0, Mark::Broken),
    ];
    let (numbers, periods) =
        on_one_map(&rate, &reported.iter().collect::<Vec<_>>(), &before.iter().collect::<Vec<_>>());
    let found: Vec<String> = numbers.iter().map(|number| number.period.to_string()).collect();
    assert_eq!(found, ["2025-Q1", "2025-Q2", "2025-Q3", "2025-Q4"]);
    assert_eq!(periods.len(), 2);
    assert_eq!(judged(&target(">=", 75.0, "2026-12-31"), &rate, &numbers).status, Status::OnPath);
}

/// A value between 0 and 100 with one decimal, and a target that is none of the values' limits.
fn any_series() -> impl Strategy<Value = (Vec<u32>, u32)> {
    (prop::collection::vec(1u32..1000, 1..9), 1u32..1000)
}

fn series_of(tenths: &[u32], turn: impl Fn(f64) -> f64) -> Vec<Observation> {
    let number = |(at, tenth): (usize, &u32)| {
        observation(&(2017 + at).to_string(), Measure::Value(turn(f64::from(*tenth) / 10.0)))
    };
    tenths.iter().enumerate().map(number).collect()
}

proptest! {
    /// Turning the direction mirrors the status: what is left of 100 has the status of the rate itself.
    #[test]
    fn a_mirrored_direction_has_a_mirrored_status((tenths, goal) in any_series()) {
        let goal = f64::from(goal) / 10.0;
        let rate = indicator(Unit::Percent, &[]);
        let up = judged(&target(">=", goal, "2027-12-31"), &rate, &series_of(&tenths, |value| value));
        // 128 is a power of two away from any rounding of the values.
        let down = judged(&target("<=", 128.0 - goal, "2027-12-31"), &rate, &series_of(&tenths, |value| 128.0 - value));
        let near_cut = |found: &TargetProgress| found.pace.is_some_and(|pace| {
            let near = |value: Option<f64>, cuts: [f64; 2]| {
                value.is_some_and(|value| cuts.iter().any(|cut| (value - cut).abs() < 1e-9))
            };
            near(pace.way_done, [0.95, 0.60]) || near(pace.times, [1.10, 2.0])
        });
        prop_assume!(!near_cut(&up));
        prop_assert_eq!(up.status, down.status);
    }

    /// Counting in thousands instead of ones changes nothing.
    #[test]
    fn scaling_a_count_changes_nothing((tenths, goal) in any_series(), factor in prop::sample::select(vec![0.001, 7.0, 1000.0])) {
        let count = indicator(Unit::Count, &[]);
        let goal = f64::from(goal) / 10.0;
        let one = judged(&target(">=", goal, "2027-12-31"), &count, &series_of(&tenths, |value| value));
        let other = judged(&target(">=", goal * factor, "2027-12-31"), &count, &series_of(&tenths, |value| value * factor));
        let near = |one: Option<f64>, other: Option<f64>| match (one, other) {
            (Some(one), Some(other)) => (one - other).abs() < 1e-6 * (1.0 + one.abs()),
            (one, other) => one == other,
        };
        let at_cut = one.pace.is_some_and(|pace| {
            let cuts = [(pace.way_done, [0.95, 0.60]), (pace.times, [1.10, 2.0])];
            cuts.iter().any(|(value, cuts)| value.is_some_and(|value| cuts.iter().any(|cut| (value - cut).abs() < 1e-9)))
        });
        // Standing still is told from the least change by the last digit.
        let stands = one.pace.is_some_and(|pace| pace.seen.abs() < 1e-12);
        prop_assume!(!at_cut && !stands);
        prop_assert_eq!(one.status, other.status);
        prop_assert!(near(one.pace.and_then(|pace| pace.times), other.pace.and_then(|pace| pace.times)));
        let chances = [&one, &other].map(|found| found.chance.map(|chance| chance.probability));
        prop_assert!(near(chances[0], chances[1]), "{:?}", chances);
    }

    /// A target that is met is never called a delay, and one that is not is never called achieved.
    #[test]
    fn met_is_achieved_and_nothing_else_is((tenths, goal) in any_series(), lower_is_better: bool) {
        let goal = f64::from(goal) / 10.0;
        let law = target(if lower_is_better { "<=" } else { ">=" }, goal, "2027-12-31");
        let numbers = series_of(&tenths, |value| value);
        for unit in [Unit::Percent, Unit::Count, Unit::Days, Unit::Points, Unit::Rank] {
            let found = judged(&law, &indicator(unit, &[]), &numbers);
            let last = found.deciding.expect("a value").value;
            prop_assert_eq!(found.status == Status::Achieved, law.comparator.met(last, goal));
        }
    }

    /// The better the last value, the better the status.
    #[test]
    fn more_is_never_worse((tenths, goal) in any_series(), more in 1u32..500) {
        let rate = indicator(Unit::Points, &[]);
        let law = target(">=", f64::from(goal) / 10.0, "2027-12-31");
        let numbers = series_of(&tenths, |value| value);
        let mut better = numbers.clone();
        let last = better.last_mut().expect("a value");
        last.measure = Measure::Value(last.measure.value().expect("a value") + f64::from(more) / 10.0);
        prop_assert!(judged(&law, &rate, &better).status <= judged(&law, &rate, &numbers).status);
    }
}
