//! A table as an attacker sees it: counts, what is shown of them, and the sums that everybody knows.

use std::collections::BTreeSet;

/// What is shown of a unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// It is shown, and may be withheld.
    Shown,
    /// It is withheld.
    Withheld,
    /// It is never shown: what is left of a sum when all that is shown of it is taken away.
    Hidden,
    /// Everybody knows it, whatever is done: it was shown before.
    Known,
}

/// Counts that are shown or withheld as one: a rate and its denominator give the numerator.
#[derive(Debug, Clone, PartialEq)]
pub struct Unit {
    /// What is shown of it.
    pub state: State,
    /// What it costs to withhold it.
    pub weight: f64,
}

/// One count.
#[derive(Debug, Clone, PartialEq)]
pub struct Count {
    /// The unit that it belongs to.
    pub unit: usize,
    /// The true count.
    pub value: f64,
    /// How wide the range must be that an attacker can work out for it; none where it may be known.
    pub width: Option<i64>,
}

/// Counts and the sums that bind them.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Table {
    /// What is shown or withheld as one.
    pub units: Vec<Unit>,
    /// The counts.
    pub counts: Vec<Count>,
    /// Counts with factors that add up to zero, such as a total with 1 and its parts with -1.
    pub sums: Vec<Vec<(usize, i64)>>,
}

/// How much counts move from one table that agrees with what is shown to another; counts that stay are left out.
pub(super) type Movement = Vec<(usize, i64)>;

impl Table {
    /// Adds a unit.
    pub fn unit(&mut self, state: State, weight: f64) -> usize {
        self.units.push(Unit { state, weight });
        self.units.len() - 1
    }

    /// Adds a count to a unit.
    pub fn count(&mut self, unit: usize, value: f64, width: Option<i64>) -> usize {
        self.counts.push(Count { unit, value, width });
        self.counts.len() - 1
    }

    /// Binds a total to its parts.
    pub fn sum(&mut self, total: usize, parts: impl IntoIterator<Item = usize>) {
        let parts = parts.into_iter().map(|part| (part, -1));
        self.sums.push(std::iter::once((total, 1)).chain(parts).collect());
    }

    pub(super) fn state(&self, count: usize) -> State {
        self.units[self.counts[count].unit].state
    }

    /// Whether an attacker is not told the count.
    pub(super) fn is_free(&self, count: usize) -> bool {
        matches!(self.state(count), State::Withheld | State::Hidden)
    }

    /// The least that a count can move: down to zero, in whole steps.
    pub(super) fn floor(&self, count: usize) -> i64 {
        -(self.counts[count].value.max(0.0).floor() as i64)
    }

    /// The sums that each count is in.
    pub(super) fn sums_of(&self) -> Vec<Vec<usize>> {
        let mut of = vec![vec![]; self.counts.len()];
        for (at, sum) in self.sums.iter().enumerate() {
            for (count, _) in sum {
                of[*count].push(at);
            }
        }
        of
    }

    /// The sums that bind any of some counts, each once.
    pub(super) fn sums_over(&self, counts: &[usize], sums_of: &[Vec<usize>]) -> BTreeSet<usize> {
        counts.iter().flat_map(|count| sums_of[*count].iter().copied()).collect()
    }

    /// Whether a movement leads to another table of whole steps that keeps every sum and nothing below zero.
    pub(super) fn allows(&self, movement: &[(usize, i64)], sums_of: &[Vec<usize>]) -> bool {
        let steps: std::collections::BTreeMap<usize, i64> = movement.iter().copied().collect();
        let counts: Vec<usize> = steps.keys().copied().collect();
        let keeps = |sum: &usize| {
            self.sums[*sum]
                .iter()
                .map(|(count, factor)| factor * steps.get(count).copied().unwrap_or(0))
                .sum::<i64>()
                == 0
        };
        steps.iter().all(|(count, step)| *step >= self.floor(*count))
            && self.sums_over(&counts, sums_of).iter().all(keeps)
    }
}
