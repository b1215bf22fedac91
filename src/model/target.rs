//! Targets as dated rows: two laws may set two targets for one indicator, and both are kept.

use std::fmt;
use std::str::FromStr;

use chrono::NaiveDate;
use serde::Serialize;

use super::id::{OrgId, TargetId};
use super::period::Period;
use super::text::Text;

/// Which side of the target is the good one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum Comparator {
    /// `>=`
    AtLeast,
    /// `<=`
    AtMost,
}

impl Comparator {
    /// Whether `value`, unrounded, meets `target`.
    pub fn met(self, value: f64, target: f64) -> bool {
        match self {
            Comparator::AtLeast => value >= target,
            Comparator::AtMost => value <= target,
        }
    }
}

impl fmt::Display for Comparator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Comparator::AtLeast => ">=",
            Comparator::AtMost => "<=",
        })
    }
}

impl FromStr for Comparator {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            ">=" => Ok(Comparator::AtLeast),
            "<=" => Ok(Comparator::AtMost),
            _ => Err(format!("`{text}` is not a comparator: `>=` or `<=`")),
        }
    }
}

/// How a target stands by the values that are known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// No value speaks of a time up to the due day.
    NoData,
    /// The last value up to the due day meets it.
    Met,
    /// The last value does not meet it; there is none yet for the due day itself.
    NotYet,
    /// The value for the due day does not meet it, or the last one before it and later values are known.
    Missed,
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
    /// The organisation whose value is compared, where there is one.
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
    /// How the wording is known: `seen`, `article`, `secondary`, `memory`.
    pub evidence: String,
    /// Where it was read.
    pub source: String,
}

impl Target {
    /// Judges by the last value whose period ends on or before the due day, given all values, oldest first.
    ///
    /// A value from after the due day never makes up for a target that was missed.
    /// Gives also which value decided.
    pub fn judge(&self, values: &[(Period, f64)]) -> (Standing, Option<usize>) {
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
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(
        comparator: &str,
        value: f64,
        due: &str,
        values: &[(&str, f64)],
        expected: (Standing, Option<usize>),
    ) {
        let target = Target {
            id: "T".parse().expect("valid"),
            title: Text::both("T", "T"),
            level: "national".into(),
            org: None,
            comparator: comparator.parse().expect("valid"),
            value,
            unit: "percent".into(),
            due_on: due.parse().expect("valid"),
            legal_basis: Text::both("L", "L"),
            evidence: String::new(),
            source: String::new(),
        };
        let values: Vec<(Period, f64)> =
            values.iter().map(|(period, value)| (period.parse().expect("valid"), *value)).collect();
        assert_eq!(target.judge(&values), expected, "{comparator} {value} by {due}: {values:?}");
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
        check("<=", 70.0, "2025-12-31", &[("2022", 86.0), ("2024", 71.0)], (Standing::NotYet, Some(1)));
        check("<=", 71.0, "2025-12-31", &[("2022", 86.0), ("2024", 71.0)], (Standing::Met, Some(1)));
    }

    #[test]
    fn values_from_after_the_due_day_decide_nothing() {
        check(">=", 50.0, "2021-12-31", &[("2024", 60.0)], (Standing::NoData, None));
        check(">=", 50.0, "2021-12-31", &[], (Standing::NoData, None));
    }
}
