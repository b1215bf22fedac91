//! What an attacker can work out: for each count that asks for it, the widest range that is proven.

use std::collections::BTreeMap;

use super::solve::Solver;
use super::table::{Movement, Table};

/// At most so many counts move together where many are asked for at once; more would only cost time.
const BLOCK: usize = 400;
/// How many counts around one may move when it is looked at alone, at first and in the end.
const AROUND: [usize; 2] = [120, 1500];
/// How many counts of one sum are looked at from one of them.
const NEAR: usize = 24;
/// How often many counts are moved at once, each time in other directions.
const ROUNDS: u64 = 10;

/// The range that is proven for a count: other tables agree with all that is shown and have these values for it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Range {
    /// The count.
    pub count: usize,
    /// The least value.
    pub low: f64,
    /// The greatest value.
    pub high: f64,
    /// Whether it is as wide as is asked for.
    pub is_wide: bool,
}

/// The ranges of all counts of a table that ask for one and are not shown.
pub fn ranges(table: &Table) -> Vec<Range> {
    let mut audit = Audit::new(table);
    audit.prove(table);
    audit
        .asking(table)
        .into_iter()
        .map(|count| {
            let (low, high) = audit.reach(count);
            let value = table.counts[count].value;
            let is_wide = audit.is_wide(table, count);
            Range { count, low: value + low as f64, high: value + high as f64, is_wide }
        })
        .collect()
}

/// Proofs that have been found. They stay true when more is withheld.
pub(super) struct Audit {
    pub sums_of: Vec<Vec<usize>>,
    low: BTreeMap<usize, Movement>,
    high: BTreeMap<usize, Movement>,
}

impl Audit {
    pub(super) fn new(table: &Table) -> Audit {
        Audit { sums_of: table.sums_of(), low: BTreeMap::new(), high: BTreeMap::new() }
    }

    /// The counts that ask for a range and are not shown.
    pub(super) fn asking(&self, table: &Table) -> Vec<usize> {
        let asks = |count: &usize| table.counts[*count].width.is_some() && table.is_free(*count);
        (0..table.counts.len()).filter(asks).collect()
    }

    /// How far a count is known to be able to move, down and up.
    pub(super) fn reach(&self, count: usize) -> (i64, i64) {
        let step = |proofs: &BTreeMap<usize, Movement>| {
            proofs.get(&count).and_then(|movement| step_of(movement, count)).unwrap_or(0)
        };
        (step(&self.low), step(&self.high))
    }

    pub(super) fn is_wide(&self, table: &Table, count: usize) -> bool {
        let (low, high) = self.reach(count);
        table.counts[count].width.is_none_or(|width| high - low >= width)
    }

    /// The counts whose range is not wide enough, as far as it is proven.
    pub(super) fn narrow(&self, table: &Table) -> Vec<usize> {
        self.asking(table).into_iter().filter(|count| !self.is_wide(table, *count)).collect()
    }

    /// Keeps a movement for every asking count that it carries further than those before it.
    pub(super) fn learn(&mut self, table: &Table, movement: &Movement) {
        for (count, step) in movement.iter().filter(|(count, _)| table.counts[*count].width.is_some()) {
            let (low, high) = self.reach(*count);
            if *step < low {
                self.low.insert(*count, movement.clone());
            } else if *step > high {
                self.high.insert(*count, movement.clone());
            }
        }
    }

    /// The asking counts whose proof moves any of some counts.
    pub(super) fn resting_on(&self, moved: &[usize]) -> Vec<usize> {
        let moves = |movement: &Movement| movement.iter().any(|(count, _)| moved.contains(count));
        let proofs = self.low.iter().chain(&self.high).filter(|(_, movement)| moves(movement));
        let mut counts: Vec<usize> = proofs.map(|(count, _)| *count).collect();
        counts.sort_unstable();
        counts.dedup();
        counts
    }

    /// Takes the proofs of some counts back; gives them, to be put back where no others are found.
    pub(super) fn forget(&mut self, counts: &[usize]) -> Vec<(usize, Option<Movement>, Option<Movement>)> {
        counts.iter().map(|count| (*count, self.low.remove(count), self.high.remove(count))).collect()
    }

    pub(super) fn restore(&mut self, proofs: Vec<(usize, Option<Movement>, Option<Movement>)>) {
        for (count, low, high) in proofs {
            self.low.remove(&count);
            self.high.remove(&count);
            low.map(|movement| self.low.insert(count, movement));
            high.map(|movement| self.high.insert(count, movement));
        }
    }

    /// Looks for proofs of all ranges that are not wide enough yet.
    pub(super) fn prove(&mut self, table: &Table) {
        for block in blocks(table) {
            self.prove_together(table, &block);
        }
        for count in self.narrow(table) {
            self.prove_alone(table, count);
        }
    }

    /// Moves many counts at once, in directions that change from round to round, until a round brings nothing.
    fn prove_together(&mut self, table: &Table, block: &[usize]) {
        for round in 0..ROUNDS {
            let open: Vec<usize> = block
                .iter()
                .copied()
                .filter(|count| table.counts[*count].width.is_some() && !self.is_wide(table, *count))
                .collect();
            let Some(reach) = open.iter().filter_map(|count| table.counts[*count].width).max() else {
                return;
            };
            let wanted: Vec<(usize, f64)> =
                open.iter().map(|count| (*count, sign(*count as u64, round))).collect();
            let found = Solver { table, sums_of: &self.sums_of, counts: block }.furthest(&wanted, reach);
            let before = open.len();
            if let Some(movement) = found {
                self.learn(table, &movement);
            }
            let left = open.iter().filter(|count| !self.is_wide(table, **count)).count();
            if round >= 2 && left == before {
                return;
            }
        }
    }

    /// Moves one count as far up and down as is asked for, with those around it.
    pub(super) fn prove_alone(&mut self, table: &Table, count: usize) {
        let Some(width) = table.counts[count].width else { return };
        for most in AROUND {
            let around = around(table, &self.sums_of, count, most, |other| table.is_free(other));
            for sign in [1.0, -1.0] {
                if self.is_wide(table, count) {
                    return;
                }
                let solver = Solver { table, sums_of: &self.sums_of, counts: &around };
                if let Some(movement) = solver.furthest(&[(count, sign)], width) {
                    self.learn(table, &movement);
                }
            }
            if around.len() < most {
                return;
            }
        }
    }
}

pub(super) fn step_of(movement: &Movement, count: usize) -> Option<i64> {
    movement.iter().find(|(other, _)| *other == count).map(|(_, step)| *step)
}

/// Up or down, as good as at random and the same every time (the finaliser of SplitMix64).
fn sign(count: u64, round: u64) -> f64 {
    let mut mixed = (count ^ (round << 40)).wrapping_add(0x9E37_79B9_7F4A_7C15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    if (mixed ^ (mixed >> 31)) & 1 == 0 { 1.0 } else { -1.0 }
}

/// Counts that are not shown, in blocks that sums bind: short sums first, for as long as a block stays small. Counts of
/// another block stay when those of one move, so that a block proves less than the whole would, and nothing wrong.
fn blocks(table: &Table) -> Vec<Vec<usize>> {
    let mut root: Vec<usize> = (0..table.counts.len()).collect();
    let mut size = vec![1_usize; table.counts.len()];
    let free = |sum: &Vec<(usize, i64)>| -> Vec<usize> {
        sum.iter().map(|(count, _)| *count).filter(|count| table.is_free(*count)).collect()
    };
    let mut sums: Vec<Vec<usize>> = table.sums.iter().map(free).filter(|sum| sum.len() > 1).collect();
    sums.sort_by_key(Vec::len);
    for sum in sums {
        for pair in sum.windows(2) {
            let (a, b) = (find(&mut root, pair[0]), find(&mut root, pair[1]));
            if a != b && size[a] + size[b] <= BLOCK {
                root[b] = a;
                size[a] += size[b];
            }
        }
    }
    let mut blocks: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for count in (0..table.counts.len()).filter(|count| table.is_free(*count)) {
        blocks.entry(find(&mut root, count)).or_default().push(count);
    }
    blocks.into_values().filter(|block| block.len() > 1).collect()
}

fn find(root: &mut [usize], mut at: usize) -> usize {
    while root[at] != at {
        root[at] = root[root[at]];
        at = root[at];
    }
    at
}

/// The counts nearest to one by way of sums, itself first: of each sum its total, those that are not shown anyway, and the
/// cheapest ones; at most `most`.
pub(super) fn around(
    table: &Table,
    sums_of: &[Vec<usize>],
    count: usize,
    most: usize,
    may_move: impl Fn(usize) -> bool,
) -> Vec<usize> {
    let mut found = vec![count];
    let mut is_found = vec![false; table.counts.len()];
    is_found[count] = true;
    let mut is_seen = vec![false; table.sums.len()];
    let near = NEAR.max(most / 16);
    let mut next = 0;
    while next < found.len() && found.len() < most {
        let mut sums = sums_of[found[next]].clone();
        sums.sort_by_key(|sum| table.sums[*sum].len());
        next += 1;
        for sum in sums {
            if std::mem::replace(&mut is_seen[sum], true) {
                continue;
            }
            let mut others: Vec<usize> = table.sums[sum]
                .iter()
                .map(|(other, _)| *other)
                .filter(|other| !is_found[*other] && may_move(*other))
                .collect();
            let cost = |other: usize| match table.is_free(other) {
                true => 0.0,
                false => table.units[table.counts[other].unit].weight,
            };
            others.sort_by(|a, b| cost(*a).total_cmp(&cost(*b)).then(a.cmp(b)));
            for other in others.into_iter().take(near) {
                if found.len() < most {
                    is_found[other] = true;
                    found.push(other);
                }
            }
        }
    }
    found
}
