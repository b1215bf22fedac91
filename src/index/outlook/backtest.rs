//! Forecasts from earlier editions, held against what came.

use super::draw::{Draws, Step};
use super::fit::{Model, drift, fit};
use super::history::History;
use super::{Ahead, LEAST_STEPS};
use crate::model::outlook::{Band, Horizon, Way, WayError};

/// Draws of each earlier edition: enough to see whether bands hold what they should.
const DRAWS: u32 = 250;
/// The share of the error of persistence that another way must save to be shown: less is luck.
const GAIN: f64 = 0.01;

/// What forecasts were worth, for as many editions ahead as are asked for.
///
/// Rolling origin: from every edition that has [`LEAST_STEPS`] changes behind it, with nothing learned from later ones
/// (Tashman 2000, International Journal of Forecasting 16, 437-450). Scores and places are compared among the bodies that
/// were scored in both editions; errors are means of distances without sign, and their quotients by those of persistence
/// are relative mean absolute errors (Hyndman and Koehler 2006, same journal, 22, 679-688).
///
/// Persistence is shown unless the other way was nearer in places by [`GAIN`]; bands are those of the way that is shown.
pub(super) fn backtest(history: &History, ahead: &Ahead) -> Vec<Horizon> {
    let origins = LEAST_STEPS..history.years.len().saturating_sub(1);
    let origins: Vec<Origin> = origins.map(|edition| Origin::new(history, edition)).collect();
    let mut tallies: Vec<Tally> = ahead.years.iter().map(|_| Tally::default()).collect();
    for origin in &origins {
        for (tally, target) in tallies.iter_mut().zip(origin.edition + 1..history.years.len()) {
            origin.compare(history, target, tally);
        }
    }
    let shown: Vec<Way> = tallies.iter().map(Tally::shown).collect();
    for origin in &origins {
        origin.cover(history, ahead, &shown, &mut tallies);
    }
    let horizon = |(at, tally): (usize, &Tally)| tally.horizon(at + 1, ahead.years[at]);
    tallies.iter().enumerate().map(horizon).collect()
}

/// An edition that is forecast from, as if it were the last one.
struct Origin {
    edition: usize,
    known: History,
    model: Model,
    bodies: Vec<usize>,
    start: Vec<f64>,
}

impl Origin {
    fn new(history: &History, edition: usize) -> Self {
        let known = history.until(edition);
        let bodies = known.scored_in(edition);
        Origin { edition, model: fit(&known), start: known.start(edition, &bodies), bodies, known }
    }

    fn years_to(&self, history: &History, target: usize) -> f64 {
        f64::from(history.years[target] - history.years[self.edition])
    }

    /// Each way against what came.
    fn compare(&self, history: &History, target: usize, tally: &mut Tally) {
        let years = self.years_to(history, target);
        let met = Met::new(history, &self.bodies, target);
        if met.scores.len() < 2 {
            return;
        }
        tally.origins += 1;
        for way in Way::ALL {
            let moved = |at: &usize| moved(&self.known, &self.model, way, self.bodies[*at], years);
            let forecast: Vec<f64> =
                met.bodies.iter().map(|at| self.known.score(self.start[*at] + moved(at))).collect();
            tally.compare(way, &met, &forecast, &self.known.places(&forecast));
        }
    }

    /// The bands of the ways that are shown against what came.
    fn cover(&self, history: &History, ahead: &Ahead, shown: &[Way], tallies: &mut [Tally]) {
        let seed = ahead.seed.wrapping_add(self.edition as u64 + 1);
        let mut draws = Draws::new(&self.model, self.start.clone(), DRAWS, seed);
        for ((tally, way), target) in tallies.iter_mut().zip(shown).zip(self.edition + 1..history.years.len())
        {
            let years = self.years_to(history, target);
            draws.go_on(&self.model, history.steps[target - 1].years);
            let met = Met::new(history, &self.bodies, target);
            if met.scores.len() >= 2 {
                let own: Vec<f64> =
                    self.bodies.iter().map(|body| self.model.own(*way, *body, years)).collect();
                // Places compare only where all bodies that were drawn were scored again.
                let is_whole = met.bodies.len() == self.bodies.len();
                tally.cover(history, &met, &draws.step(&own), &ahead.places, is_whole);
            }
        }
    }
}

/// How far a body moves in so many years, by one of the ways.
fn moved(known: &History, model: &Model, way: Way, body: usize, years: f64) -> f64 {
    match way {
        Way::Persistence => 0.0,
        Way::MeanChange => model.common * years,
        Way::Drift => drift(known, body) * years,
        Way::CommonAndOwn => model.common * years + model.own(way, body, years),
    }
}

/// What came: the bodies that were forecast and scored, their scores and places among one another.
struct Met {
    /// As counted in the forecast.
    bodies: Vec<usize>,
    scores: Vec<f64>,
    places: Vec<u32>,
}

impl Met {
    fn new(history: &History, forecast: &[usize], target: usize) -> Self {
        let came = forecast.iter().enumerate();
        let came = came.filter_map(|(at, body)| history.scores[*body][target].map(|score| (at, score)));
        let (bodies, scores): (Vec<usize>, Vec<f64>) = came.unzip();
        let places = history.places(&scores);
        Met { bodies, scores, places }
    }
}

/// Distances and hits, summed up over origins.
#[derive(Default)]
struct Tally {
    origins: usize,
    forecasts: usize,
    /// By way: of scores, of places.
    off: [(f64, f64); Way::ALL.len()],
    scores_within: usize,
    places_within: usize,
    covered: usize,
    thresholds: (usize, usize),
}

impl Tally {
    fn compare(&mut self, way: Way, met: &Met, forecast: &[f64], places: &[u32]) {
        let off = &mut self.off[way as usize];
        for ((forecast, place), (score, met_place)) in
            forecast.iter().zip(places).zip(met.scores.iter().zip(&met.places))
        {
            off.0 += (forecast - score).abs();
            off.1 += f64::from(place.abs_diff(*met_place));
        }
        self.forecasts += if way == Way::Persistence { met.scores.len() } else { 0 };
    }

    /// Counts what came to lie in its band.
    fn cover(&mut self, history: &History, met: &Met, step: &Step, places: &[u32], is_whole: bool) {
        let within = |band: Band, score: f64| band.low <= score && score <= band.high;
        for (at, (score, place)) in met.bodies.iter().zip(met.scores.iter().zip(&met.places)) {
            self.scores_within += usize::from(within(history.band(step.bodies[*at]), *score));
            let band = step.places[*at].band;
            self.places_within += usize::from(is_whole && band.best <= *place && *place <= band.worst);
            self.covered += usize::from(is_whole);
        }
        let mut sorted = met.scores.clone();
        sorted.sort_unstable_by(|a, b| b.total_cmp(a));
        for place in places.iter().filter(|_| is_whole) {
            let at = (*place as usize).wrapping_sub(1);
            if let (Some(band), Some(score)) = (step.at_place.get(at), sorted.get(at)) {
                self.thresholds.0 += usize::from(within(history.band(*band), *score));
                self.thresholds.1 += 1;
            }
        }
    }

    fn errors(&self) -> Vec<WayError> {
        let n = self.forecasts as f64;
        let error = |way: Way| {
            let (score, place) = self.off[way as usize];
            WayError { way, score: score / n, place: place / n }
        };
        Way::ALL.into_iter().filter(|_| self.forecasts > 0).map(error).collect()
    }

    fn shown(&self) -> Way {
        let (stays, own) = (self.off[Way::Persistence as usize].1, self.off[Way::CommonAndOwn as usize].1);
        if own < (1.0 - GAIN) * stays { Way::CommonAndOwn } else { Way::Persistence }
    }

    fn horizon(&self, ahead: usize, year: i32) -> Horizon {
        let share = |n: usize, of: usize| (of > 0).then(|| n as f64 / of as f64);
        Horizon {
            ahead,
            year,
            origins: self.origins,
            forecasts: self.forecasts,
            errors: self.errors(),
            scores_within: share(self.scores_within, self.forecasts),
            places_within: share(self.places_within, self.covered),
            thresholds_within: self.thresholds,
            shown: self.shown(),
        }
    }
}
