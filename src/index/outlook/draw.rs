//! Years to come, drawn many times for all bodies together.

use rand::rngs::Xoshiro256PlusPlus;
use rand::{RngExt, SeedableRng};

use super::fit::Model;
use crate::model::outlook::{Band, PlaceBand, TAIL};

/// Where all bodies stand in each draw, edition by edition.
///
/// The common change of a draw is its own mean, from as many changes drawn with replacement as there were, and one of the
/// distances that there were for each edition; what a body moves beyond it is one of the rests that there were (residual
/// bootstrap: Efron and Tibshirani, An Introduction to the Bootstrap, 1993, chapters 8 and 9).
pub(super) struct Draws {
    chance: Xoshiro256PlusPlus,
    n_bodies: usize,
    /// The mean common change a year of each draw.
    means: Vec<f64>,
    /// Draw after draw, a level for each body.
    levels: Vec<f64>,
}

/// All draws of one edition, summed up on the scale of the model.
pub(super) struct Step {
    /// By body.
    pub(super) bodies: Vec<Band>,
    /// By body.
    pub(super) places: Vec<Places>,
    /// By place, the best first.
    pub(super) at_place: Vec<Band>,
}

/// The places of one body in all draws.
pub(super) struct Places {
    pub(super) band: PlaceBand,
    /// The share of draws with this place or a better one, from the first place on.
    pub(super) reached: Vec<f64>,
}

impl Draws {
    pub(super) fn new(model: &Model, start: Vec<f64>, draws: u32, seed: u64) -> Self {
        let mut chance = Xoshiro256PlusPlus::seed_from_u64(seed);
        let n_draws = draws as usize;
        let means = (0..n_draws).map(|_| mean(model, &mut chance)).collect();
        Draws { chance, n_bodies: start.len(), means, levels: start.repeat(n_draws) }
    }

    /// The next edition, so many years later.
    pub(super) fn go_on(&mut self, model: &Model, years: f64) {
        let root = years.sqrt();
        for (mean, levels) in self.means.iter().zip(self.levels.chunks_exact_mut(self.n_bodies)) {
            let shock = model.shocks[self.chance.random_range(0..model.shocks.len())].off;
            let common = mean * years + root * shock;
            for level in levels {
                let rest = model.rests[self.chance.random_range(0..model.rests.len())];
                *level += common + root * rest;
            }
        }
    }

    /// The draws as they stand, with what each body moves by itself since the start.
    pub(super) fn step(&self, own: &[f64]) -> Step {
        let n = self.n_bodies;
        let mut levels = self.levels.clone();
        let mut counts = vec![vec![0u32; n]; n];
        let mut sorted = Vec::with_capacity(levels.len());
        let mut order: Vec<u64> = Vec::with_capacity(n);
        for draw in levels.chunks_exact_mut(n) {
            draw.iter_mut().zip(own).for_each(|(level, own)| *level += own);
            order.clear();
            order.extend(draw.iter().enumerate().map(|(body, level)| key(*level, body)));
            order.sort_unstable();
            let (mut place, mut before) = (0, f64::INFINITY);
            for (at, key) in order.iter().enumerate() {
                let body = (key & BODY) as usize;
                let level = draw[body];
                // Equal levels share the best of their places.
                if level < before {
                    place = at;
                }
                before = level;
                counts[body][place] += 1;
                sorted.push(level);
            }
        }
        Step {
            bodies: bands(&levels, n),
            places: counts.iter().map(|counts| places(counts, self.means.len())).collect(),
            at_place: bands(&sorted, n),
        }
    }
}

/// The bits of a key that name the body.
const BODY: u64 = 0xffff;

/// A key that puts the highest level first; whole numbers sort faster. The last bits of the level give way to the body:
/// what they tell apart is noise.
fn key(level: f64, body: usize) -> u64 {
    let bits = level.to_bits();
    let rising = if level.is_sign_negative() { !bits } else { bits | 1 << 63 };
    !rising & !BODY | body as u64
}

/// A mean common change a year that the past could as well have had.
fn mean(model: &Model, chance: &mut Xoshiro256PlusPlus) -> f64 {
    let (mut off, mut years) = (0.0, 0.0);
    for _ in &model.shocks {
        let shock = model.shocks[chance.random_range(0..model.shocks.len())];
        off += shock.off * shock.years.sqrt();
        years += shock.years;
    }
    model.common + off / years
}

/// The band of each column of a table with so many columns.
fn bands(table: &[f64], columns: usize) -> Vec<Band> {
    let band = |column: usize| {
        let mut values: Vec<f64> = table.iter().skip(column).step_by(columns).copied().collect();
        let mut at = |share: f64| {
            let place = nearest(share, values.len());
            *values.select_nth_unstable_by(place, f64::total_cmp).1
        };
        Band { low: at(TAIL), middle: at(0.5), high: at(1.0 - TAIL) }
    };
    (0..columns).map(band).collect()
}

/// The place of the least of `n` sorted values that at least this share is not above.
fn nearest(share: f64, n: usize) -> usize {
    ((share * n as f64 - 1e-9).ceil() as usize).clamp(1, n) - 1
}

fn places(counts: &[u32], draws: usize) -> Places {
    let mut sum = 0;
    let so_far: Vec<usize> = counts
        .iter()
        .map(|count| {
            sum += *count as usize;
            sum
        })
        .collect();
    let at = |share: f64| {
        let place = so_far.partition_point(|sum| *sum <= nearest(share, draws)) + 1;
        u32::try_from(place).unwrap_or(u32::MAX)
    };
    Places {
        band: PlaceBand { best: at(TAIL), middle: at(0.5), worst: at(1.0 - TAIL) },
        reached: so_far.iter().map(|sum| *sum as f64 / draws as f64).collect(),
    }
}
