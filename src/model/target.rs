//! Targets as dated rows: two laws may set two targets for one indicator, and both are kept.

use std::fmt;
use std::str::FromStr;

use chrono::NaiveDate;
use serde::Serialize;

use super::id::{OrgId, TargetId};
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
    pub legal_basis: String,
    /// How the wording is known: `seen`, `article`, `secondary`, `memory`.
    pub evidence: String,
    /// Where it was read.
    pub source: String,
}
