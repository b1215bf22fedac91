//! A value, or the reason why there is none.

use std::fmt;
use std::str::FromStr;

use serde::Serialize;

/// Why a value is missing. Zero is a number and never stands for any of these.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Missing {
    /// Nobody sent it.
    NotReported,
    /// The denominator is zero: there was nothing to count.
    NothingToCount,
    /// The question does not arise for this organisation.
    NotApplicable,
    /// Known, but not shown.
    Withheld,
    /// Known, but of bodies whose numbers cannot be put together or divided to speak of this one.
    ///
    /// A reason of its own: nobody failed to report, nothing is kept back, and the question does arise.
    NotComparable,
}

impl Missing {
    /// The reasons with their words in queries and tables.
    pub const ALL: [(Missing, &'static str); 5] = [
        (Missing::NotReported, "not-reported"),
        (Missing::NothingToCount, "nothing-to-count"),
        (Missing::NotApplicable, "not-applicable"),
        (Missing::Withheld, "withheld"),
        (Missing::NotComparable, "not-comparable"),
    ];

    /// The word in queries, tables and exports.
    pub fn word(self) -> &'static str {
        Missing::ALL.into_iter().find(|(reason, _)| *reason == self).map_or("", |(_, word)| word)
    }
}

impl fmt::Display for Missing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

impl FromStr for Missing {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Missing::ALL
            .into_iter()
            .find(|(_, word)| *word == text)
            .map(|(reason, _)| reason)
            .ok_or_else(|| format!("no reason `{text}`"))
    }
}

/// What a query or a table says about one number.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Measure {
    /// The number, unrounded, in the unit of its indicator.
    Value(f64),
    /// No number, and why.
    Missing(Missing),
}

impl Measure {
    /// The number, if there is one.
    pub fn value(self) -> Option<f64> {
        match self {
            Measure::Value(value) => Some(value),
            Measure::Missing(_) => None,
        }
    }
}
