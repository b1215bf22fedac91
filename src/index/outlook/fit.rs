//! What is learned from the past: the common pace, how much of a body's own pace carries on, and what is left over.

use super::history::{Change, History};
use crate::model::outlook::Way;

/// A model of the changes from edition to edition:
///
/// ```text
/// level(i, t + d) = level(i, t) + common(t) + k pace(i) d + sqrt(d) rest(i, t)
/// ```
///
/// with `d` in years and levels on the logit scale. `common(t)` is one number for all bodies; `pace(i)` is what the body
/// has moved beyond it, a year, and `k` shrinks it towards nothing. Because every edition is a survey of its own, the
/// common change and the own one are kept apart: the first cannot be foreseen from the second.
pub(super) struct Model {
    /// The mean of the common change, a year.
    pub(super) common: f64,
    /// How far each common change lay off that mean, for one year.
    pub(super) shocks: Vec<Shock>,
    /// `k`
    pub(super) carried: f64,
    /// By body, from comparable editions alone; zero where there are none.
    pub(super) paces: Vec<f64>,
    /// What changes were beyond the model, for one year.
    pub(super) rests: Vec<f64>,
}

/// The distance of one common change from the mean.
#[derive(Clone, Copy)]
pub(super) struct Shock {
    /// For one year.
    pub(super) off: f64,
    /// How many years the change took.
    pub(super) years: f64,
}

impl Model {
    /// How far a body moves by itself in so many years.
    pub(super) fn own(&self, way: Way, body: usize, years: f64) -> f64 {
        match way {
            Way::CommonAndOwn => self.carried * self.paces[body] * years,
            Way::Persistence | Way::MeanChange | Way::Drift => 0.0,
        }
    }
}

/// Fits the model.
///
/// `k` is the least-squares slope through the origin of own changes on the pace known before them, both divided by the
/// root of the years that they took: `k = sum(pace own) / sum(pace^2 years)`. It is a shrinkage factor that the data give:
/// 1 where own paces go on, 0 where they say nothing of what comes (James and Stein 1961; Efron and Morris 1975, JASA 70,
/// 311-319, shrink each mean by its spread; here the next change itself says how much of it was worth keeping).
///
/// A pace is learned from changes between editions of one formula alone. The common change, `k` and what is left over are
/// learned from all of them: the next edition may have another formula as well.
pub(super) fn fit(history: &History) -> Model {
    let (common, shocks) = common(&history.steps);
    let rows = rows(history);
    let along: f64 = rows.iter().map(|row| row.pace * row.own).sum();
    let across: f64 = rows.iter().map(|row| row.pace * row.pace * row.years).sum();
    let carried = if across > 0.0 { along / across } else { 0.0 };
    let rest = |row: &Row| (row.own - carried * row.pace * row.years) / row.years.sqrt();
    Model {
        common,
        shocks,
        carried,
        paces: (0..history.orgs.len()).map(|body| pace(&history.steps, body).unwrap_or(0.0)).collect(),
        rests: rows.iter().map(rest).collect(),
    }
}

/// The mean of the common change a year, weighted by years, and what each lies off it for one year.
///
/// Distances are stretched by `sqrt(n / (n - 1))`, for they are from a mean of themselves.
fn common(steps: &[Change]) -> (f64, Vec<Shock>) {
    let years: f64 = steps.iter().map(|step| step.years).sum();
    let mean = steps.iter().map(|step| step.common).sum::<f64>() / years;
    let n = steps.len() as f64;
    let stretch = (n / (n - 1.0).max(1.0)).sqrt();
    let shock = |step: &Change| Shock {
        off: stretch * (step.common - mean * step.years) / step.years.sqrt(),
        years: step.years,
    };
    (mean, steps.iter().map(shock).collect())
}

/// A change of one body with the pace that was known before it.
struct Row {
    own: f64,
    pace: f64,
    years: f64,
}

/// Every change that a pace was known before; all changes, at no pace, where there is none such.
fn rows(history: &History) -> Vec<Row> {
    let row = |at: usize, body: usize, pace: f64| {
        let step = &history.steps[at];
        step.own[body].map(|own| Row { own, pace, years: step.years })
    };
    let all = || (0..history.steps.len()).flat_map(|at| (0..history.orgs.len()).map(move |body| (at, body)));
    let paced = all().filter_map(|(at, body)| row(at, body, pace(&history.steps[..at], body)?));
    let paced: Vec<Row> = paced.collect();
    match paced.is_empty() {
        true => all().filter_map(|(at, body)| row(at, body, 0.0)).collect(),
        false => paced,
    }
}

/// What a body moved beyond the others, a year, over comparable changes.
fn pace(steps: &[Change], body: usize) -> Option<f64> {
    let own = steps.iter().filter(|step| step.is_comparable);
    let own: Vec<_> = own.filter_map(|step| step.own[body].map(|own| (own, step.years))).collect();
    let years: f64 = own.iter().map(|(_, years)| years).sum();
    (years > 0.0).then(|| own.iter().map(|(own, _)| own).sum::<f64>() / years)
}

/// What a body moved, a year, over comparable changes, together with all others; zero where there are none.
pub(super) fn drift(history: &History, body: usize) -> f64 {
    let steps = history.steps.iter().filter(|step| step.is_comparable);
    let moved = steps.filter_map(|step| step.own[body].map(|own| (own + step.common, step.years)));
    let (change, years) = moved.fold((0.0, 0.0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
    if years > 0.0 { change / years } else { 0.0 }
}
