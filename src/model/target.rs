//! Targets as dated rows: two laws may set two targets for one indicator, and both are kept.

use std::fmt;
use std::str::FromStr;

use chrono::NaiveDate;
use serde::Serialize;

use super::id::{OrgId, TargetId};
use super::organisation::Organisation;
use super::period::Period;
use super::progress::{Milestone, Point};
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

    /// The path to the target: from a baseline through the milestones after it, as decimal years and values.
    pub fn corners(&self, baseline: Point) -> Vec<(f64, f64)> {
        let due = |day| Period::Day(day).decimal_end();
        let (from, to) = (baseline.at(), due(self.due_on));
        let on_the_way = self.milestones.iter().map(|milestone| (due(milestone.due_on), milestone.value));
        let on_the_way = on_the_way.filter(|(at, _)| from < *at && *at < to);
        [(from, baseline.value)].into_iter().chain(on_the_way).chain([(to, self.value)]).collect()
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

    #[test]
    fn comparators_are_read_as_they_are_written() {
        for (comparator, text) in Comparator::ALL {
            assert_eq!((text.parse(), comparator.to_string()), (Ok(comparator), text.to_owned()));
        }
        assert!("rank>=".parse::<Comparator>().is_err());
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
}
