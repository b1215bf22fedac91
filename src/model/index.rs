//! An index: parts made of parts, and by which rules in which edition.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::id::{IndicatorId, OrgId};
use super::indicator::Unit;
use super::measure::Missing;
use super::outlook::OutlookPlan;
use super::period::Period;
use super::text::Text;

/// An index of the project. Its top part has the id of the index.
#[derive(Debug, Clone, PartialEq)]
pub struct IndexTree {
    /// Stem of its file.
    pub id: IndicatorId,
    /// Its name.
    pub title: Text,
    /// What its top part is counted in.
    pub unit: Unit,
    /// Decimals when printed.
    pub decimals: u8,
    /// The body whose scores are shown first.
    pub headline: Option<OrgId>,
    /// The law that it rests on.
    pub legal_basis: Option<String>,
    /// How it is computed.
    pub method: Text,
    /// A warning that belongs beside every score.
    pub note: Option<Text>,
    /// Every part there has ever been with its name, in the order of display.
    pub parts: Vec<(String, Text)>,
    /// By the day that they begin on.
    pub editions: Vec<Edition>,
    /// How its editions follow one another, where they are followed and looked ahead of.
    pub outlook: Option<OutlookPlan>,
    /// The query that gives what the parts are scored from.
    pub sql: String,
}

impl IndexTree {
    /// The edition in force on a day; none before the first.
    pub fn edition_on(&self, day: NaiveDate) -> Option<&Edition> {
        self.editions.iter().rev().find(|edition| edition.begins_on <= day)
    }

    /// The name of a part.
    pub fn part(&self, id: &str) -> Option<&Text> {
        self.parts.iter().find(|(part, _)| part == id).map(|(_, title)| title)
    }
}

/// The rules from one day until the next edition.
#[derive(Debug, Clone, PartialEq)]
pub struct Edition {
    /// As it is written: a year or a day.
    pub name: String,
    /// Its first day.
    pub begins_on: NaiveDate,
    /// Version of the formula.
    pub formula: u32,
    /// How far a score may lie from the published one: what rounding allows.
    pub tolerance: Option<f64>,
    /// How bodies are put in order.
    pub ranking: Ranking,
    /// What changed, or what is odd about it.
    pub note: Option<Text>,
    /// The rule of each part; a part without one is given as it is.
    pub rules: BTreeMap<String, Rule>,
}

impl Edition {
    /// The parts that a part is made of, with their weights; none for a leaf.
    pub fn below(&self, part: &str) -> &[(String, f64)] {
        self.rules.get(part).map_or(&[], |rule| &rule.parts)
    }
}

/// How one part gets its score, and in which form it goes into the part above.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Rule {
    /// What it is made of, with weights; empty for a leaf.
    pub parts: Vec<(String, f64)>,
    /// How its parts are made comparable.
    pub normalise: Normalise,
    /// What stands in for a part that a body does not have.
    pub impute: Impute,
    /// How its parts are put together.
    pub aggregate: Aggregate,
    /// What is done with the result, over all bodies.
    pub rescale: Rescale,
    /// Of a leaf: how counts become points.
    pub points: Option<Points>,
    /// Of a leaf: the greatest value that counts.
    pub cap: Option<f64>,
    /// Whether less of it is better.
    pub lower_is_better: bool,
    /// The values that become 0 and 1.
    pub goalposts: Option<(f64, f64)>,
    /// The value that becomes 1; without it the best one that there is.
    pub reference: Option<f64>,
    /// Decimals that the score is rounded to before anything else is made of it.
    pub decimals: Option<u8>,
    /// Nobody has published how it is computed: what is known about that.
    pub unknown: Option<Text>,
}

/// How values of unlike units are made comparable, over all bodies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Normalise {
    /// They are comparable as they are.
    #[default]
    None,
    /// Distance from the mean in standard deviations of the population.
    ZScore,
    /// From the least, 0, to the greatest, 1.
    MinMax,
    /// From one goalpost, 0, to the other, 1; what lies outside counts as the goalpost.
    Goalposts,
    /// The quotient by a reference value.
    DistanceToReference,
    /// The place, 1 for the worst; equal values share the mean of their places.
    Rank,
    /// The share of the other bodies that lie behind.
    Percentile,
}

/// What stands in for a value that a body does not have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Impute {
    /// Nothing: the part above is missing as well.
    #[default]
    None,
    /// The mean of the others.
    Mean,
    /// The median of the others.
    Median,
    /// The least of the others.
    Minimum,
}

/// How parts are put together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Aggregate {
    /// Weighted mean; weights are rescaled to one.
    #[default]
    Arithmetic,
    /// Weighted geometric mean; weights are rescaled to one.
    Geometric,
    /// Weighted sum; weights are taken as they are.
    Sum,
}

/// What is done with the score of a part, over all bodies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Rescale {
    /// Nothing.
    #[default]
    None,
    /// From the least, 0, to the greatest, 1.
    MinMax,
}

/// How counts, or a state, become points.
#[derive(Debug, Clone, PartialEq)]
pub struct Points {
    /// The most that can be had.
    pub most: f64,
    /// The share from which all points are given.
    pub full_at: f64,
    /// What a body gets that has nothing to count.
    pub nothing_to_count: Instead,
    /// What a body gets that the part does not apply to.
    pub not_applicable: Instead,
    /// Points by state, where there is nothing counted.
    pub states: BTreeMap<String, f64>,
}

/// What takes the place of points where there is nothing to work them out from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Instead {
    /// Nothing: it is missing.
    #[default]
    Missing,
    /// All points.
    Full,
    /// No point.
    Zero,
}

/// How bodies are put in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ranking {
    /// Scores that are equal to so many decimals are equal.
    pub decimals: u8,
    /// Which place equal ones get.
    pub ties: Ties,
}

/// Which place equal scores get.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ties {
    /// The best of their places, and the next ones are left out: 1, 2, 2, 4.
    #[default]
    Competition,
    /// The worst of their places: 1, 3, 3, 4.
    Modified,
    /// One place, and the next follows: 1, 2, 2, 3.
    Dense,
}

/// Why a score is missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Gap {
    /// Nobody sent it.
    NotReported,
    /// There was nothing to count.
    NothingToCount,
    /// The part does not apply to this body.
    NotApplicable,
    /// Known, but not shown.
    Withheld,
    /// Of bodies whose numbers cannot be put together.
    NotComparable,
    /// Nobody has published how it is computed.
    FormulaNotKnown,
    /// One of its parts is missing.
    PartMissing,
    /// All bodies are alike, or its parts have no geometric mean: the rule gives no number.
    Undefined,
    /// The state is none that points are given for.
    UnknownState,
}

impl Gap {
    /// The word in tables.
    pub fn word(self) -> &'static str {
        match self {
            Gap::NotReported => Missing::NotReported.word(),
            Gap::NothingToCount => Missing::NothingToCount.word(),
            Gap::NotApplicable => Missing::NotApplicable.word(),
            Gap::Withheld => Missing::Withheld.word(),
            Gap::NotComparable => Missing::NotComparable.word(),
            Gap::FormulaNotKnown => "formula-not-known",
            Gap::PartMissing => "part-missing",
            Gap::Undefined => "undefined",
            Gap::UnknownState => "unknown-state",
        }
    }
}

impl From<Missing> for Gap {
    fn from(missing: Missing) -> Self {
        match missing {
            Missing::NotReported => Gap::NotReported,
            Missing::NothingToCount => Gap::NothingToCount,
            Missing::NotApplicable => Gap::NotApplicable,
            Missing::Withheld => Gap::Withheld,
            Missing::NotComparable => Gap::NotComparable,
        }
    }
}

/// What came of an index, as a report shows it.
#[derive(Debug, Clone, PartialEq)]
pub struct IndexResults {
    /// Its parts and rules.
    pub tree: IndexTree,
    /// By period, then group of bodies, then part in the order of display.
    pub summaries: Vec<IndexSummary>,
    /// Scores that lie further from the published ones than they may, or have another place; in the same order.
    pub apart: Vec<IndexScore>,
    /// The scores of the body that is shown first, by period and part.
    pub headline: Vec<IndexScore>,
    /// Every part of every body, by period, part and body.
    pub scores: Vec<IndexScore>,
}

/// One part in one period, over all bodies that are compared with one another.
#[derive(Debug, Clone, PartialEq)]
pub struct IndexSummary {
    /// Of when.
    pub period: Period,
    /// Which bodies; empty: all.
    pub among: String,
    /// Which part.
    pub part: String,
    /// How far a score may lie from the published one.
    pub tolerance: Option<f64>,
    /// How many bodies have a score.
    pub scored: u64,
    /// Whether the part above takes published numbers, and what inputs give only comes near them.
    pub is_approximate: bool,
    /// For how many it is, or rests on, a stand-in.
    pub imputed: u64,
    /// How many have a published score as well.
    pub compared: u64,
    /// The greatest difference from it.
    pub greatest: Option<f64>,
    /// The mean difference.
    pub mean: Option<f64>,
    /// How scores and published ones go together.
    pub correlation: Option<f64>,
    /// How many lie beyond the tolerance.
    pub beyond: u64,
    /// How many have a place and a published place.
    pub ranked: u64,
    /// For how many they are the same.
    pub same_rank: u64,
}

impl IndexResults {
    /// The scores of the whole and of the parts right below it, of bodies that are all compared with one another.
    pub fn top_scores(&self) -> impl Iterator<Item = &IndexScore> {
        let top = self.tree.id.as_str();
        let is_high = move |score: &&IndexScore| score.above.as_deref().unwrap_or(top) == top;
        self.scores.iter().filter(is_high).filter(|score| score.among.is_empty())
    }
}

impl IndexScore {
    /// The score that the world knows: as printed, and as the rules give it where nothing was printed.
    pub fn known(&self) -> Option<f64> {
        self.published.or(self.given).or(self.value)
    }
}

/// One part of one body in one period.
#[derive(Debug, Clone, PartialEq)]
pub struct IndexScore {
    /// Of when.
    pub period: Period,
    /// The entry of the rules that it was scored by.
    pub edition: String,
    /// Which bodies it was compared with; empty: all of the period.
    pub among: String,
    /// Whose.
    pub org: OrgId,
    /// Which part.
    pub part: String,
    /// The part that it goes into; none for the whole.
    pub above: Option<String>,
    /// The published number of a part that is made of others.
    pub given: Option<f64>,
    /// What the rules give.
    pub value: Option<f64>,
    /// Why they give nothing.
    pub missing: Option<String>,
    /// Its weight in the part above.
    pub weight: Option<f64>,
    /// Its place.
    pub rank: Option<u64>,
    /// Among how many that have a score.
    pub ranked_among: u64,
    /// What was printed.
    pub published: Option<f64>,
    /// The place that was printed.
    pub published_rank: Option<u64>,
    /// Whether it is, or rests on, a stand-in.
    pub imputed: bool,
}
