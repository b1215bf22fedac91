//! All that a report or an export reads, taken from the database once.

use std::sync::Arc;

use super::changes::Changes;
use super::id::{IndicatorId, OrgId};
use super::index::IndexResults;
use super::indicator::Indicator;
use super::intake::{CheckResult, Reject, SourceStatus};
use super::measure::Measure;
use super::organisation::{Level, Organisation, TileLayout};
use super::period::Period;
use super::progress::TargetProgress;
use super::quality::{QualityResults, Trust};
use super::reconciled::Reconciliation;
use super::restated::Restated;
use super::target::Target;

/// One number of one organisation in one period, with its parts.
#[derive(Debug, Clone, PartialEq)]
pub struct Observation {
    /// Which indicator.
    pub indicator: IndicatorId,
    /// Whose number.
    pub org: OrgId,
    /// Of when.
    pub period: Period,
    /// Code of the part it speaks of; empty for the total.
    pub breakdown: String,
    /// What was counted; absent for values computed elsewhere.
    pub numerator: Option<f64>,
    /// Out of how many; absent for counts and for values computed elsewhere.
    pub denominator: Option<f64>,
    /// The unrounded number in the unit of the indicator, or why there is none.
    pub measure: Measure,
    /// SDMX `OBS_STATUS`.
    pub status: String,
    /// Version of the formula that it was computed by.
    pub formula: u32,
    /// Whether it is the first value after a break of its series.
    pub after_break: bool,
    /// Whether it counts what happened while its body was there for a part of the period only.
    pub is_partial: bool,
    /// Where a published value was printed.
    pub source: Option<String>,
    /// The vintage that brought it as it is; 0 before it is stored.
    pub since: u32,
    /// How far it can be trusted; none before that is judged. Many numbers share one.
    pub trust: Option<Arc<Trust>>,
}

impl Results {
    /// Whether it was judged how far numbers can be trusted.
    pub fn are_judged(&self) -> bool {
        self.observations.iter().any(|number| number.trust.is_some())
    }
}

/// A number that a later vintage changed.
#[derive(Debug, Clone, PartialEq)]
pub struct Revision {
    /// Which indicator.
    pub indicator: IndicatorId,
    /// Whose number.
    pub org: OrgId,
    /// Of when.
    pub period: Period,
    /// Code of the part it speaks of; empty for the total.
    pub breakdown: String,
    /// The vintage that changed it.
    pub vintage: u32,
    /// Numerator, denominator and number before.
    pub before: RevisedNumber,
    /// The same since; none: it is not there any more.
    pub after: Option<RevisedNumber>,
    /// The first of the files and definitions under the indicator that changed with it.
    pub causes: Vec<String>,
    /// How many of them there are.
    pub all_causes: u64,
}

/// One side of a revision.
#[derive(Debug, Clone, PartialEq)]
pub struct RevisedNumber {
    /// What was counted.
    pub numerator: Option<f64>,
    /// Out of how many.
    pub denominator: Option<f64>,
    /// The number, or why there was none.
    pub measure: Measure,
}

/// A state of the database after a load that changed something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Vintage {
    /// Counted from 1.
    pub number: u32,
    /// When the load began, `2026-11-23 08:15:00` in UTC.
    pub loaded_at: String,
}

/// Everything that was computed, in a fixed order.
#[derive(Debug, Clone, PartialEq)]
pub struct Results {
    /// The state of the data.
    pub vintage: Vintage,
    /// By `position`, then id.
    pub organisations: Vec<Organisation>,
    /// By `position`.
    pub levels: Vec<Level>,
    /// Maps of tiles, the oldest first.
    pub layouts: Vec<TileLayout>,
    /// By id.
    pub indicators: Vec<Indicator>,
    /// By indicator, organisation, period, breakdown.
    pub observations: Vec<Observation>,
    /// By indicator, newest vintage first, then the greatest difference; at most [`Results::REVISIONS_SHOWN`] an indicator.
    pub revisions: Vec<Revision>,
    /// Numbers that are others on the map of a day, in the same order.
    pub restated: Vec<Restated>,
    /// By id.
    pub indices: Vec<IndexResults>,
    /// By due day, then id.
    pub targets: Vec<Target>,
    /// By target in their order, then the body it names and the others in their order, then indicator.
    pub progress: Vec<TargetProgress>,
    /// In the order of `sources.yml`.
    pub sources: Vec<SourceStatus>,
    /// Rows kept out of current files; at most [`Results::REJECTS_SHOWN`] for each file.
    pub rejects: Vec<Reject>,
    /// By severity, then id.
    pub checks: Vec<CheckResult>,
    /// Senders, and how far the numbers that rest on what they sent can be trusted.
    pub quality: QualityResults,
    /// What is not as it was in the vintage before; none for the first.
    pub changes: Option<Changes>,
    /// How systems agree that give a number of the same thing.
    pub reconciliation: Reconciliation,
}

impl Results {
    /// How many rejects of one file a report lists; all of them are in `meta.reject`.
    pub const REJECTS_SHOWN: u64 = 100;
    /// How many revisions of one indicator a report lists; all of them are in `published.revision`.
    pub const REVISIONS_SHOWN: u64 = 100;
}
