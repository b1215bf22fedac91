//! An indicator that has been checked: its facts, its words, its query.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::id::{IndicatorId, OrgId, SourceId, TargetId};
use super::period::{Calendar, Period, PeriodKind};
use super::text::Text;

/// What the number counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Unit {
    /// Of a hundred.
    Percent,
    /// Things.
    Count,
    /// Points of an index with a maximum.
    Points,
    /// A number between 0 and 1.
    Index,
    /// A place in a ranking, 1 is best.
    Rank,
    /// Days.
    Days,
}

/// Which way is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Direction {
    /// More is better.
    HigherIsBetter,
    /// Less is better, as with ranks and delays.
    LowerIsBetter,
    /// Neither.
    None,
}

/// What the query gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Shape {
    /// `numerator` and `denominator`.
    Ratio,
    /// `count`.
    Count,
    /// `value`, computed by somebody else and known without its parts.
    Value,
}

impl Shape {
    /// The columns that the query must give besides `org_id`.
    pub fn columns(self) -> &'static [&'static str] {
        match self {
            Shape::Ratio => &["numerator", "denominator"],
            Shape::Count => &["count"],
            Shape::Value => &["value"],
        }
    }
}

/// How numbers of bodies that became one are put together on the map of a later day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Restate {
    /// Counts of what happened during the period are added; each was counted by the body of its day.
    Sum,
    /// Counts of what there was on the last day are added, of the bodies of that day.
    Stock,
    /// Not at all: a rate or a score without its counts, or people who are counted once in each body.
    None,
}

/// A date that no series is joined across, because the formula or the law changed.
#[derive(Debug, Clone, PartialEq)]
pub struct Break {
    /// The first day under the new rule.
    pub at: NaiveDate,
    /// What changed.
    pub why: Text,
    /// The version of the formula that starts on this day; none: the formula stayed, something else changed.
    pub formula: Option<u32>,
}

/// A value given to a query as `$name`.
#[derive(Debug, Clone, PartialEq)]
pub enum Param {
    /// A whole number.
    Integer(i64),
    /// A number.
    Number(f64),
    /// A text.
    Text(String),
    /// A day.
    Date(NaiveDate),
}

/// An indicator with its query, checked.
#[derive(Debug, Clone, PartialEq)]
pub struct Indicator {
    /// Stem of its files.
    pub id: IndicatorId,
    /// Its name.
    pub title: Text,
    /// What the number counts.
    pub unit: Unit,
    /// Which way is better.
    pub direction: Direction,
    /// What the query gives.
    pub shape: Shape,
    /// Decimals when printed.
    pub decimals: u8,
    /// Value = scale x numerator / denominator.
    pub scale: f64,
    /// Which periods it is computed for.
    pub period: PeriodKind,
    /// The calendar of these periods.
    pub calendar: Calendar,
    /// The first version of the formula; breaks start the later ones.
    pub formula: u32,
    /// How its numbers are put together on another map.
    pub restate: Restate,
    /// Where series are cut, oldest first.
    pub breaks: Vec<Break>,
    /// Parameters of the query.
    pub params: BTreeMap<String, Param>,
    /// The organisation shown first.
    pub headline: Option<OrgId>,
    /// Words for the codes of the column `breakdown`, in display order.
    pub breakdown: Vec<(String, Text)>,
    /// Targets that it answers.
    pub targets: Vec<TargetId>,
    /// Where its data come from.
    pub sources: Vec<SourceId>,
    /// The law it rests on.
    pub legal_basis: Option<String>,
    /// How it is computed, in words.
    pub method: Text,
    /// A warning that belongs beside every number.
    pub note: Option<Text>,
    /// The query.
    pub sql: String,
}

impl Indicator {
    /// The version of the formula in force on a day.
    pub fn formula_on(&self, day: NaiveDate) -> u32 {
        let started = self.breaks.iter().filter(|cut| cut.at <= day);
        started.filter_map(|cut| cut.formula).next_back().unwrap_or(self.formula)
    }

    /// Every version of the formula with its first day; the first version has none.
    pub fn formulas(&self) -> Vec<(u32, Option<NaiveDate>)> {
        let later = self.breaks.iter().filter_map(|cut| Some((cut.formula?, Some(cut.at))));
        std::iter::once((self.formula, None)).chain(later).collect()
    }

    /// The last break between two periods, in whichever order they are named.
    ///
    /// A period belongs to the rule in force on its last day.
    pub fn break_between(&self, one: Period, other: Period) -> Option<&Break> {
        let (earlier, later) = (one.end().min(other.end()), one.end().max(other.end()));
        self.breaks.iter().rfind(|cut| earlier < cut.at && cut.at <= later)
    }
}
