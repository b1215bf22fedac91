//! Which numbers speak of so few people that they are withheld.

use serde::Deserialize;

use super::id::IndicatorId;
use super::text::Text;

/// What a project withholds.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct DisclosureRules {
    /// The rules; an indicator is in at most one.
    pub rules: Vec<SmallCounts>,
    /// Others that read the same tables, and why they give nothing away.
    pub safe: Vec<SafeReader>,
}

/// Counts of people that are withheld where they are small.
#[derive(Debug, Clone, PartialEq)]
pub struct SmallCounts {
    /// Its name.
    pub id: String,
    /// The indicators whose counts are of people.
    pub indicators: Vec<IndicatorId>,
    /// The least count that is shown; also the width of the range that is left for those withheld.
    pub threshold: u32,
    /// Which of the counts are of people.
    pub counts: Vec<CountOf>,
    /// Whether nobody is shown.
    pub zero: Zero,
    /// The levels of bodies whose small counts are withheld; none named: all.
    pub levels: Vec<String>,
    /// The breakdowns, `total` for the total; none named: all.
    pub breakdowns: Vec<String>,
    /// What says so.
    pub basis: Text,
}

/// One of the counts of a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CountOf {
    /// Those who were counted.
    Numerator,
    /// Those of whom they were counted.
    Denominator,
    /// The others.
    Difference,
}

/// What a count of nobody says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Zero {
    /// Nothing of anybody: it is shown.
    #[default]
    Safe,
    /// Something of all the others: it is withheld like any small count.
    Small,
}

/// An indicator, index or check that reads a table of people and gives none of them away.
#[derive(Debug, Clone, PartialEq)]
pub struct SafeReader {
    /// Its id.
    pub id: String,
    /// Why it is safe.
    pub why: Text,
}

impl SmallCounts {
    /// Whether a count is small enough to say something of somebody.
    pub fn is_small(&self, count: f64) -> bool {
        let is_nobody = count == 0.0;
        count < f64::from(self.threshold) && (!is_nobody || self.zero == Zero::Small)
    }

    /// Whether numbers of this level and breakdown are looked at.
    pub fn covers(&self, level: &str, breakdown: &str) -> bool {
        let is_in =
            |names: &[String], name: &str| names.is_empty() || names.iter().any(|other| other == name);
        let breakdown = if breakdown.is_empty() { TOTAL } else { breakdown };
        is_in(&self.levels, level) && is_in(&self.breakdowns, breakdown)
    }
}

/// The word for the number without a breakdown.
pub const TOTAL: &str = "total";

/// Why a number is withheld. For those inside; nobody else is told which.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// One of its counts is small.
    Small,
    /// It would give away one that is small.
    Complementary,
    /// An earlier vintage withheld it, with the same counts.
    Before,
}

impl Why {
    /// The word in `out.withheld`.
    pub fn word(self) -> &'static str {
        match self {
            Why::Small => "small",
            Why::Complementary => "complementary",
            Why::Before => "before",
        }
    }
}
