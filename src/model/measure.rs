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

    /// The code of SDMX `CL_OBS_STATUS` (version 2.2): L, data exist but were not collected; M, data cannot exist;
    /// Q, suppressed; O, missing for another reason.
    ///
    /// A ratio without anything to count cannot exist any more than one whose question does not arise; the two are
    /// told apart by their word.
    pub fn status(self) -> &'static str {
        match self {
            Missing::NotReported => "L",
            Missing::NothingToCount | Missing::NotApplicable => "M",
            Missing::Withheld => "Q",
            Missing::NotComparable => "O",
        }
    }
}

/// Codes of SDMX `CL_OBS_STATUS` (version 2.2) for values that are there.
pub const STATUSES: [&str; 15] = ["A", "B", "D", "E", "F", "G", "I", "J", "K", "N", "P", "S", "U", "V", "W"];

/// Codes of the same list for values that are missing.
pub const MISSING_STATUSES: [&str; 5] = ["H", "L", "M", "O", "Q"];

/// The status of a value of which nothing else is to be said.
pub const NORMAL: &str = "A";

/// The status of a value that is not final yet.
pub const PROVISIONAL: &str = "P";

/// The status of the first value after a break.
pub const BREAK: &str = "B";

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
