//! Numbers as they would be had the map of one day always been there.

use std::fmt;
use std::str::FromStr;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::id::OrgId;
use super::results::Observation;

/// How far a restated number can be trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Mark {
    /// Whole bodies were added.
    Exact,
    /// A body was divided by a share.
    Estimated,
    /// There is no way to add: a share is not known, or the numbers are no counts.
    Broken,
    /// A part did not report where others did.
    Incomplete,
}

impl Mark {
    /// The marks with their words in tables.
    pub const ALL: [(Mark, &'static str); 4] = [
        (Mark::Exact, "exact"),
        (Mark::Estimated, "estimated"),
        (Mark::Broken, "broken"),
        (Mark::Incomplete, "incomplete"),
    ];

    /// The word in tables and exports.
    pub fn word(self) -> &'static str {
        Mark::ALL.into_iter().find(|(mark, _)| *mark == self).map_or("", |(_, word)| word)
    }
}

impl fmt::Display for Mark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

impl FromStr for Mark {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let found = Mark::ALL.into_iter().find(|(_, word)| *word == text);
        found.map(|(mark, _)| mark).ok_or_else(|| format!("no mark `{text}`"))
    }
}

/// A body that stood in the place of another one during a period.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Part {
    /// Which body.
    pub org: OrgId,
    /// The fraction of its counts; none where it is not known.
    pub share: Option<f64>,
}

/// A row of `out.restated`.
#[derive(Debug, Clone, PartialEq)]
pub struct Restated {
    /// The number, of a body of the map; its source is that of its parts.
    pub number: Observation,
    /// The day of the map.
    pub map_on: NaiveDate,
    /// How far it can be trusted.
    pub mark: Mark,
    /// How many of the parts are known.
    pub known: u32,
    /// The bodies that stood in its place during the period.
    pub parts: Vec<Part>,
    /// Version of the formula; none where the parts follow different ones.
    pub formula: Option<u32>,
}
