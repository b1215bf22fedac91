//! The past of a panel: scores on a scale without ends, and each change as what all had in common and what was a body's own.

use super::Panel;
use crate::index::rank::places;
use crate::model::id::OrgId;
use crate::model::index::Ranking;
use crate::model::outlook::Band;

/// Scores nearer to an end than this share of the range count as so near: the scale has no place for the ends themselves.
const EDGE: f64 = 0.005;

pub(super) struct History {
    pub(super) years: Vec<i32>,
    /// In the order of ids, so that the order of the panel does not matter.
    pub(super) orgs: Vec<OrgId>,
    /// By body and edition, as they are.
    pub(super) scores: Vec<Vec<Option<f64>>>,
    /// The same on the scale of the model.
    levels: Vec<Vec<Option<f64>>>,
    pub(super) steps: Vec<Change>,
    bounds: (f64, f64),
    ranking: Ranking,
}

/// The change from one edition to the next.
pub(super) struct Change {
    /// How many years it took.
    pub(super) years: f64,
    /// Whether both editions have the same formula.
    pub(super) is_comparable: bool,
    /// The mean over all bodies that have both scores.
    pub(super) common: f64,
    /// What each body moved beyond that, where it has both scores.
    pub(super) own: Vec<Option<f64>>,
}

impl History {
    pub(super) fn new(panel: &Panel) -> Self {
        let mut bodies: Vec<_> = panel.bodies.iter().collect();
        bodies.sort_by(|a, b| a.0.cmp(&b.0));
        let scores: Vec<_> = bodies.iter().map(|(_, scores)| scores.clone()).collect();
        let level = |score: &Option<f64>| score.map(|score| logit(share(panel.bounds, score)));
        let levels: Vec<Vec<_>> = scores.iter().map(|scores| scores.iter().map(level).collect()).collect();
        let change = |at: usize| Change::new(panel, &levels, at);
        History {
            steps: (1..panel.years.len()).map(change).collect(),
            years: panel.years.clone(),
            orgs: bodies.iter().map(|(org, _)| org.clone()).collect(),
            scores,
            levels,
            bounds: panel.bounds,
            ranking: panel.ranking,
        }
    }

    /// What was known when an edition was the last one.
    pub(super) fn until(&self, edition: usize) -> History {
        let cut = |rows: &Vec<Vec<Option<f64>>>| rows.iter().map(|row| row[..=edition].to_vec()).collect();
        let steps = self.steps[..edition].iter().map(|step| Change {
            years: step.years,
            is_comparable: step.is_comparable,
            common: step.common,
            own: step.own.clone(),
        });
        History {
            years: self.years[..=edition].to_vec(),
            orgs: self.orgs.clone(),
            scores: cut(&self.scores),
            levels: cut(&self.levels),
            steps: steps.collect(),
            bounds: self.bounds,
            ranking: self.ranking,
        }
    }

    /// The bodies that have a score in an edition.
    pub(super) fn scored_in(&self, edition: usize) -> Vec<usize> {
        (0..self.orgs.len()).filter(|body| self.scores[*body][edition].is_some()).collect()
    }

    /// Where the bodies stand in an edition, on the scale of the model.
    pub(super) fn start(&self, edition: usize, bodies: &[usize]) -> Vec<f64> {
        bodies.iter().filter_map(|body| self.levels[*body][edition]).collect()
    }

    /// A score from the scale of the model.
    pub(super) fn score(&self, level: f64) -> f64 {
        self.bounds.0 + (self.bounds.1 - self.bounds.0) / (1.0 + (-level).exp())
    }

    /// A band from the scale of the model, which keeps the order of scores.
    pub(super) fn band(&self, band: Band) -> Band {
        Band { low: self.score(band.low), middle: self.score(band.middle), high: self.score(band.high) }
    }

    /// The places of bodies among one another.
    pub(super) fn places(&self, scores: &[f64]) -> Vec<u32> {
        let scores: Vec<_> = scores.iter().map(|score| Some(*score)).collect();
        places(self.ranking, false, &scores).into_iter().map(|place| place.unwrap_or(1)).collect()
    }
}

impl Change {
    /// The change to the edition `at` from the one before it.
    fn new(panel: &Panel, levels: &[Vec<Option<f64>>], at: usize) -> Self {
        let change: Vec<_> =
            levels.iter().map(|row| row[at].zip(row[at - 1]).map(|(after, before)| after - before)).collect();
        let moved: Vec<f64> = change.iter().flatten().copied().collect();
        let common = moved.iter().sum::<f64>() / moved.len().max(1) as f64;
        Change {
            years: f64::from(panel.years[at] - panel.years[at - 1]),
            is_comparable: panel.formulas[at] == panel.formulas[at - 1],
            common,
            own: change.into_iter().map(|change| change.map(|change| change - common)).collect(),
        }
    }
}

/// How far up the range a score lies.
fn share((low, high): (f64, f64), score: f64) -> f64 {
    ((score - low) / (high - low)).clamp(EDGE, 1.0 - EDGE)
}

/// `ln(x / (1 - x))`: a scale on which a bounded score can go on for ever.
fn logit(share: f64) -> f64 {
    (share / (1.0 - share)).ln()
}
