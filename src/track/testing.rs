//! Makes targets, points and seeded chance for the tests of this room.

use super::Goal;
use crate::model::progress::{Milestone, Point, Scale};
use crate::model::target::Target;
use crate::model::text::Text;

/// A target for a country.
pub(super) fn target(comparator: &str, value: f64, due: &str) -> Target {
    Target {
        id: "T".parse().expect("valid"),
        title: Text::both("T", "T"),
        level: "country".into(),
        org: None,
        comparator: comparator.parse().expect("valid"),
        value,
        unit: "percent".into(),
        due_on: due.parse().expect("a day"),
        legal_basis: Text::both("L", "L"),
        issued_on: None,
        evidence: String::new(),
        source: String::new(),
        milestones: vec![],
    }
}

/// It as a goal on a linear scale.
pub(super) fn goal(target: &Target) -> Goal<'_> {
    Goal { target, scale: Scale::Linear, limit: None, decimals: 2 }
}

/// A value of a period.
pub(super) fn point(period: &str, value: f64) -> Point {
    Point { period: period.parse().expect("a period"), value }
}

/// A value asked for on a day.
pub(super) fn milestone(day: &str, value: f64) -> Milestone {
    Milestone { due_on: day.parse().expect("a day"), value }
}

/// Chance that is the same in every run: xorshift64* (Vigna 2016).
pub(super) struct Dice(u64);

impl Dice {
    pub(super) fn new(seed: u64) -> Self {
        Dice(seed)
    }

    /// Between 0 and 1.
    fn uniform(&mut self) -> f64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let bits = self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 11;
        (bits as f64 + 0.5) / (1u64 << 53) as f64
    }

    /// Of the standard normal distribution, by Box and Muller (1958).
    pub(super) fn normal(&mut self) -> f64 {
        let (one, other) = (self.uniform(), self.uniform());
        (-2.0 * one.ln()).sqrt() * (std::f64::consts::TAU * other).cos()
    }
}
