//! Targets as dated rows: two laws may set two targets for one indicator, and both are kept.

use std::fmt;
use std::str::FromStr;

use chrono::NaiveDate;
use serde::Serialize;

use super::id::{OrgId, TargetId};
use super::organisation::Organisation;
use super::period::Period;
use super::progress::Milestone;
use super::text::Text;

/// Which side of the target is the good one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum Comparator {
    /// `>=`
    AtLeast,
    /// `<=`
    AtMost,
    /// `rank<=`: this place in a ranking or a better one.
    RankAtMost,
}

impl Comparator {
    /// Every comparator with its text in `ref.target`.
    pub const ALL: [(Comparator, &'static str); 3] =
        [(Comparator::AtLeast, ">="), (Comparator::AtMost, "<="), (Comparator::RankAtMost, "rank<=")];

    /// Whether `value`, unrounded, meets `target`.
    pub fn met(self, value: f64, target: f64) -> bool {
        if self.lower_is_better() { value <= target } else { value >= target }
    }

    /// Whether smaller values are the good ones.
    pub fn lower_is_better(self) -> bool {
        match self {
            Comparator::AtLeast => false,
            Comparator::AtMost | Comparator::RankAtMost => true,
        }
    }
}

impl fmt::Display for Comparator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let known = Comparator::ALL.into_iter().find(|(comparator, _)| comparator == self);
        f.write_str(known.map_or("", |(_, text)| text))
    }
}

impl FromStr for Comparator {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let known = Comparator::ALL.into_iter().find(|(_, known)| *known == text);
        known
            .map(|(comparator, _)| comparator)
            .ok_or_else(|| format!("`{text}` is not a comparator: `>=`, `<=` or `rank<=`"))
    }
}

/// How a target stands by the values that are known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// No value speaks of a time up to the due day.
    NoData,
    /// Its level or its body ended before the due day: neither met nor missed.
    Ended,
    /// The last value up to the due day meets it.
    Met,
    /// The last value does not meet it; there is none yet for the due day itself.
    NotYet,
    /// The value for the due day does not meet it, or the last one before it and later values are known.
    Missed,
}

/// What ended before a target was due, with its last day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// Every body of the level.
    Level(NaiveDate),
    /// The body; its successor, where there is one, carries the target.
    Body(NaiveDate),
}

/// A row of `ref.target`.
#[derive(Debug, Clone, PartialEq)]
pub struct Target {
    /// Its identity, such as `749.EGDI.25`.
    pub id: TargetId,
    /// What is asked for.
    pub title: Text,
    /// The level it is set for.
    pub level: String,
    /// The organisation whose value is compared: one body, or a group that stands for the whole level.
    pub org: Option<OrgId>,
    /// Which side is the good one.
    pub comparator: Comparator,
    /// The value to reach, in the unit of the indicator.
    pub value: f64,
    /// `%`, `rank`, ...
    pub unit: String,
    /// The last day for reaching it.
    pub due_on: NaiveDate,
    /// The document that sets it.
    pub legal_basis: Text,
    /// When the document was made: a day, or a month or year where no more is known.
    pub issued_on: Option<Period>,
    /// How the wording is known: `seen`, `article`, `secondary`, `memory`.
    pub evidence: String,
    /// Where it was read.
    pub source: String,
    /// What is asked for on the way, oldest first.
    pub milestones: Vec<Milestone>,
}

impl Target {
    /// Whether it is reached or not, with nothing in between.
    pub fn is_yes_or_no(&self) -> bool {
        self.unit == "yes-no"
    }

    /// Judges by the last value whose period ends on or before the due day, given all values, oldest first.
    ///
    /// A value from after the due day never makes up for a target that was missed; what has ended before the due
    /// day neither meets nor misses it.
    /// Gives also which value decided.
    pub fn judge(&self, values: &[(Period, f64)], ended: Option<Ended>) -> (Standing, Option<usize>) {
        if ended.is_some() {
            return (Standing::Ended, None);
        }
        let Some(at) = values.iter().rposition(|(period, _)| period.end() <= self.due_on) else {
            return (Standing::NoData, None);
        };
        let (period, value) = values[at];
        let is_over = period.end() == self.due_on || at + 1 < values.len();
        let standing = match (self.comparator.met(value, self.value), is_over) {
            (true, _) => Standing::Met,
            (false, true) => Standing::Missed,
            (false, false) => Standing::NotYet,
        };
        (standing, Some(at))
    }

    /// Whether a body of the target's level has to do with it: it is there between the day when the target was made
    /// and the day when it is due.
    pub fn concerns(&self, body: &Organisation) -> bool {
        let made = self.issued_on.map(|issued| issued.start());
        let is_there_in_time = body.valid_from.is_none_or(|from| from <= self.due_on);
        let is_there_still = body.valid_to.is_none_or(|to| made.is_none_or(|made| made <= to));
        body.level == self.level && is_there_in_time && is_there_still
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn target(comparator: &str, value: f64, due: &str) -> Target {
        Target {
            id: "T".parse().expect("valid"),
            title: Text::both("T", "T"),
            level: "district".into(),
            org: None,
            comparator: comparator.parse().expect("valid"),
            value,
            unit: "percent".into(),
            due_on: day(due),
            legal_basis: Text::both("L", "L"),
            issued_on: None,
            evidence: String::new(),
            source: String::new(),
            milestones: vec![],
        }
    }

    fn day(text: &str) -> NaiveDate {
        text.parse().expect(text)
    }

    fn values(values: &[(&str, f64)]) -> Vec<(Period, f64)> {
        values.iter().map(|(period, value)| (period.parse().expect("valid"), *value)).collect()
    }

    fn check(
        comparator: &str,
        value: f64,
        due: &str,
        known: &[(&str, f64)],
        expected: (Standing, Option<usize>),
    ) {
        let judged = target(comparator, value, due).judge(&values(known), None);
        assert_eq!(judged, expected, "{comparator} {value} by {due}: {known:?}");
    }

    #[test]
    fn a_later_value_does_not_make_up_for_a_missed_target() {
        // Full-process dossiers, national: 45.8 % in 2024 against 50 % asked for, 51.7 % in November 2025.
        let values = [("2024", 45.8), ("2025-11", 51.7)];
        check(">=", 50.0, "2024-12-31", &values, (Standing::Missed, Some(0)));
        check(">=", 80.0, "2025-12-31", &values, (Standing::NotYet, Some(1)));
        check(">=", 50.0, "2025-12-31", &values, (Standing::Met, Some(1)));
    }

    #[test]
    fn ranks_are_met_from_above() {
        for comparator in ["<=", "rank<="] {
            let ranks = [("2022", 86.0), ("2024", 71.0)];
            check(comparator, 70.0, "2025-12-31", &ranks, (Standing::NotYet, Some(1)));
            check(comparator, 71.0, "2025-12-31", &ranks, (Standing::Met, Some(1)));
            check(comparator, 70.0, "2024-12-31", &ranks, (Standing::Missed, Some(1)));
        }
    }

    #[test]
    fn comparators_are_read_as_they_are_written() {
        for (comparator, text) in Comparator::ALL {
            assert_eq!((text.parse(), comparator.to_string()), (Ok(comparator), text.to_owned()));
        }
        assert!("rank>=".parse::<Comparator>().is_err());
    }

    #[test]
    fn what_has_ended_neither_meets_nor_misses() {
        let target = target(">=", 80.0, "2025-12-31");
        for value in [50.0, 90.0] {
            let known = values(&[("2024", value), ("2025-Q1", value)]);
            for ended in [Ended::Level(day("2025-06-30")), Ended::Body(day("2025-06-30"))] {
                assert_eq!(target.judge(&known, Some(ended)), (Standing::Ended, None));
            }
        }
    }

    #[test]
    fn a_target_concerns_the_bodies_of_its_time() {
        let body = |from: Option<&str>, to: Option<&str>| Organisation {
            id: "D".parse().expect("valid"),
            name: Text::both("D", "D"),
            level: "district".into(),
            parent: None,
            valid_from: from.map(day),
            valid_to: to.map(day),
        };
        let made = |text: &str| Target { issued_on: text.parse().ok(), ..target(">=", 80.0, "2025-12-31") };
        let check = |made: &Target, from, to, expected| {
            assert_eq!(made.concerns(&body(from, to)), expected, "{from:?} {to:?}");
        };
        check(&made("2020-06-03"), None, None, true);
        check(&made("2020-06-03"), Some("2025-07-01"), None, true);
        check(&made("2020-06-03"), Some("2026-01-01"), None, false);
        check(&made("2020-06-03"), None, Some("2025-06-30"), true);
        check(&made("2020-06-03"), None, Some("2008-07-31"), false);
        check(&made("2025"), None, Some("2025-06-30"), true);
        check(&made("2025-07"), None, Some("2025-06-30"), false);
        let elsewhere = Organisation { level: "province".into(), ..body(None, None) };
        assert!(!made("2020-06-03").concerns(&elsewhere));
    }

    #[test]
    fn values_from_after_the_due_day_decide_nothing() {
        check(">=", 50.0, "2021-12-31", &[("2024", 60.0)], (Standing::NoData, None));
        check(">=", 50.0, "2021-12-31", &[], (Standing::NoData, None));
    }
}
