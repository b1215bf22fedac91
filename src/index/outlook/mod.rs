//! What may come of the scores of an index: all bodies at once, so that the score at a place moves as well.
//!
//! Takes a panel of scores by edition and a seed; gives bands of scores and places of every body and year, the score at
//! every place, and how far such forecasts, made from earlier editions, were off. It knows no cause: it carries forward
//! what editions had in common and how far bodies moved apart from that. The same panel and seed give the same numbers,
//! in whichever order the bodies come.
//!
//! Reading order: `history` (changes taken apart), `fit` (what is learned from them), `draw` (years to come),
//! `backtest` (forecasts from earlier editions).

mod backtest;
mod draw;
mod fit;
mod history;

use crate::model::id::OrgId;
use crate::model::index::Ranking;
use crate::model::outlook::{Band, BodyOutlook, Forecast, Horizon, Outlook, Way};

use backtest::backtest;
use draw::{Draws, Step};
use fit::fit;
use history::History;

/// Changes from edition to edition that must be known before anything is forecast.
pub const LEAST_STEPS: usize = 4;

/// Scores by edition.
#[derive(Debug, Clone, PartialEq)]
pub struct Panel {
    /// The year of each edition, rising.
    pub years: Vec<i32>,
    /// The version of the formula of each edition; scores of two versions are not the same thing.
    pub formulas: Vec<u32>,
    /// The score of each body in each edition, where it has one.
    pub bodies: Vec<(OrgId, Vec<Option<f64>>)>,
    /// The least and the greatest score that there can be.
    pub bounds: (f64, f64),
    /// How bodies are put in order.
    pub ranking: Ranking,
}

/// How far is looked ahead, and how.
#[derive(Debug, Clone, PartialEq)]
pub struct Ahead {
    /// The years of the editions to come, rising.
    pub years: Vec<i32>,
    /// The places whose scores are followed in looking back.
    pub places: Vec<u32>,
    /// How many times the years to come are drawn.
    pub draws: u32,
    /// Where chance starts.
    pub seed: u64,
}

/// The outlook of a panel; none with fewer than two bodies or [`LEAST_STEPS`] changes, or with no year to come.
pub fn outlook(panel: &Panel, ahead: &Ahead) -> Option<Outlook> {
    let history = History::new(panel);
    let last = history.years.len().checked_sub(1).filter(|last| *last >= LEAST_STEPS)?;
    let is_next = ahead.years.first().is_some_and(|first| *first > history.years[last]);
    let bodies = history.scored_in(last);
    if bodies.len() < 2 || !is_next || ahead.draws == 0 {
        return None;
    }
    let horizons = backtest(&history, ahead);
    let model = fit(&history);
    let mut draws = Draws::new(&model, history.start(last, &bodies), ahead.draws, ahead.seed);
    let scores: Vec<f64> = bodies.iter().filter_map(|body| history.scores[*body][last]).collect();
    let now = history.places(&scores);
    let mut found = Outlook {
        from: history.years[last],
        years: ahead.years.clone(),
        seed: ahead.seed,
        draws: ahead.draws,
        common: model.common,
        carried: model.carried,
        bodies: bodies
            .iter()
            .zip(scores.iter().zip(&now))
            .map(|(body, (score, place))| BodyOutlook {
                org: history.orgs[*body].clone(),
                score: *score,
                place: *place,
                pace: model.paces[*body],
                forecasts: vec![],
            })
            .collect(),
        horizons,
        at_place: vec![],
    };
    let mut before = found.from;
    for (year, horizon) in ahead.years.iter().zip(found.horizons.clone()) {
        draws.go_on(&model, f64::from(year - before));
        before = *year;
        let years = f64::from(year - found.from);
        let own: Vec<f64> = bodies.iter().map(|body| model.own(horizon.shown, *body, years)).collect();
        add(&mut found, &history, *year, &horizon, &draws.step(&own));
    }
    Some(found)
}

/// Writes one year down.
fn add(found: &mut Outlook, history: &History, year: i32, horizon: &Horizon, step: &Step) {
    for (body, (band, places)) in found.bodies.iter_mut().zip(step.bodies.iter().zip(&step.places)) {
        let mut place = places.band;
        if horizon.shown == Way::Persistence {
            place.middle = body.place;
        }
        let forecast = Forecast { year, score: history.band(*band), place, reached: places.reached.clone() };
        body.forecasts.push(forecast);
    }
    found.at_place.push(step.at_place.iter().map(|band| history.band(*band)).collect());
}

/// Where the score at a place may lie in a year to come; none where the year has no edition or the place no body.
///
/// It moves as all bodies do: the forecast of the score of whoever has that place.
pub fn score_at_rank(outlook: &Outlook, rank: u32, year: i32) -> Option<Band> {
    outlook.at_place(rank, year)
}

#[cfg(test)]
mod tests;
