//! What may come of an index, and what its past changes were made of, as reports show it.

use serde::Serialize;

use super::id::{IndicatorId, OrgId, TargetId};
use super::indicator::Unit;
use super::period::Period;
use super::text::Text;

/// How the editions of an index follow one another, and what is asked of those to come.
#[derive(Debug, Clone, PartialEq)]
pub struct OutlookPlan {
    /// Years from one edition to the next.
    pub every: u32,
    /// The last year that is looked at.
    pub to: i32,
    /// Places whose scores are followed, the best first.
    pub places: Vec<u32>,
    /// Targets for a place in this index.
    pub targets: Vec<TargetId>,
    /// Bodies to compare with.
    pub peers: Vec<PeerGroup>,
    /// The indicator that has the ranks of some bodies in editions of which not all scores are at hand.
    pub rank_indicator: Option<IndicatorId>,
    /// The same for scores.
    pub score_indicator: Option<IndicatorId>,
}

/// The least and the greatest score of an index in this unit; none where there are no such ends.
pub fn bounds(unit: Unit) -> Option<(f64, f64)> {
    match unit {
        Unit::Index => Some((0.0, 1.0)),
        Unit::Points | Unit::Percent => Some((0.0, 100.0)),
        Unit::Count | Unit::Rank | Unit::Days => None,
    }
}

/// Bodies that belong together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PeerGroup {
    /// What they are called.
    pub title: Text,
    /// The bodies; that which is compared with them may be one.
    pub bodies: Vec<OrgId>,
}

/// The share of draws that lies below the low end of a band; as much lies above its high end.
pub const TAIL: f64 = 0.1;

/// Where a score may lie: the middle of the draws, and the band that four in five of them lie in.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Band {
    /// Nine in ten draws are not below it.
    pub low: f64,
    /// Half of the draws are not above it.
    pub middle: f64,
    /// Nine in ten draws are not above it.
    pub high: f64,
}

/// Where a place may lie.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct PlaceBand {
    /// The better end.
    pub best: u32,
    /// The forecast: today's place where nothing beats persistence, else the middle of the draws.
    pub middle: u32,
    /// The worse end.
    pub worst: u32,
}

/// One body in one year to come.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Forecast {
    /// Of when.
    pub year: i32,
    /// Its score.
    pub score: Band,
    /// Its place.
    pub place: PlaceBand,
    /// The share of draws with the first place, with the second or a better one, and so on.
    #[serde(skip)]
    pub reached: Vec<f64>,
}

impl Forecast {
    /// The share of draws in which the body has this place or a better one.
    pub fn chance(&self, place: u32) -> f64 {
        let last = self.reached.len();
        match place {
            0 => 0.0,
            place => self.reached.get((place as usize).min(last) - 1).copied().unwrap_or(0.0),
        }
    }
}

/// One body, from the last edition on.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct BodyOutlook {
    /// Which one.
    pub org: OrgId,
    /// Its score in the last edition.
    pub score: f64,
    /// Its place in it.
    pub place: u32,
    /// Its own pace over comparable editions, beyond what all bodies have in common; of the model's scale, a year.
    pub pace: f64,
    /// By year.
    pub forecasts: Vec<Forecast>,
}

/// A way to look ahead.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Way {
    /// Every score stays as it is.
    Persistence,
    /// Every score moves by what all bodies have had in common.
    MeanChange,
    /// Every body goes on at its own past pace.
    Drift,
    /// The common change, and of the own pace the part that has carried on in the past.
    CommonAndOwn,
}

impl Way {
    /// Every way, the simplest first.
    pub const ALL: [Way; 4] = [Way::Persistence, Way::MeanChange, Way::Drift, Way::CommonAndOwn];
}

/// How far a way was off, over all bodies and all editions that it was tried from.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct WayError {
    /// Which way.
    pub way: Way,
    /// Mean distance of scores.
    pub score: f64,
    /// Mean distance of places.
    pub place: f64,
}

/// What forecasts so many editions ahead were worth in the past.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Horizon {
    /// Editions ahead.
    pub ahead: usize,
    /// The year that it stands for now.
    pub year: i32,
    /// Editions that were forecast from.
    pub origins: usize,
    /// Forecasts that could be compared with what came.
    pub forecasts: usize,
    /// By way.
    pub errors: Vec<WayError>,
    /// The share of scores that came to lie in their band; four in five should.
    pub scores_within: Option<f64>,
    /// The share of places that came to lie in their band.
    pub places_within: Option<f64>,
    /// How many of the scores at the places that are followed came to lie in their band, and of how many.
    pub thresholds_within: (usize, usize),
    /// The way that is shown: persistence, unless the other one was clearly nearer in places.
    pub shown: Way,
}

impl Horizon {
    /// How far a way was off.
    pub fn error(&self, way: Way) -> Option<&WayError> {
        self.errors.iter().find(|error| error.way == way)
    }
}

/// The editions to come, for all bodies together.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Outlook {
    /// The edition that it starts from.
    pub from: i32,
    /// The editions to come.
    pub years: Vec<i32>,
    /// Where chance starts.
    pub seed: u64,
    /// How many times the years to come are drawn.
    pub draws: u32,
    /// What all bodies have in common: its mean a year, on the model's scale.
    pub common: f64,
    /// The part of the own pace that has carried on.
    pub carried: f64,
    /// What forecasts were worth, by editions ahead.
    pub horizons: Vec<Horizon>,
    /// The bodies scored in the last edition, by id.
    pub bodies: Vec<BodyOutlook>,
    /// By year, the score at the first place, the second, and so on.
    #[serde(skip)]
    pub at_place: Vec<Vec<Band>>,
}

impl Outlook {
    /// One body.
    pub fn body(&self, org: &OrgId) -> Option<&BodyOutlook> {
        self.bodies.iter().find(|body| body.org == *org)
    }

    /// Where the score at a place may lie in a year; none where the year has no edition or the place no body.
    pub fn at_place(&self, place: u32, year: i32) -> Option<Band> {
        let at = self.years.iter().position(|edition| *edition == year)?;
        self.at_place.get(at)?.get((place as usize).checked_sub(1)?).copied()
    }

    /// The last edition in a year or before it that is still to come.
    pub fn edition_by(&self, year: i32) -> Option<i32> {
        self.years.iter().rev().find(|edition| **edition <= year).copied()
    }
}

/// What one thing did to a score and to a place.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize)]
pub struct Contribution {
    /// Of the change of the score.
    pub score: f64,
    /// Of the change of the place; below zero: up.
    pub place: f64,
}

/// The change of a body from one edition to the next, taken apart without rest.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Attribution {
    /// The edition before.
    pub from: Period,
    /// The edition after.
    pub to: Period,
    /// Score before and after.
    pub score: (f64, f64),
    /// Place before and after.
    pub place: (u32, u32),
    /// What each of its own parts did.
    pub parts: Vec<(String, Contribution)>,
    /// What the movement of all others did.
    pub others: Contribution,
    /// What other weights and rules did.
    pub rules: Contribution,
    /// Whether the formula is another one: the parts' own changes hold what their new methods did.
    pub is_broken: bool,
}

/// An index in time: where it comes from and where it may go.
#[derive(Debug, Clone, PartialEq)]
pub struct Course {
    /// Which index.
    pub index: IndicatorId,
    /// What may come; none while there are too few editions.
    pub outlook: Option<Outlook>,
    /// The changes of the body that is shown first, the oldest first.
    pub attributions: Vec<Attribution>,
}
