//! Which numbers are withheld besides the small ones: first what each unprotected count needs, then what turns out not to be
//! needed is shown again.

use std::collections::BTreeSet;

use super::audit::{Audit, around};
use super::solve::Solver;
use super::table::{State, Table};

/// How many counts around an unprotected one may move, tried one after the other.
const AROUND: [usize; 3] = [150, 600, 2400];
/// A unit that so many counts rest on is not tried to be shown again.
const MOST_RESTING: usize = 60;

/// What was done.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Protection {
    /// Units that are withheld besides.
    pub complementary: Vec<usize>,
    /// Counts that nothing protects: too much about them is known.
    pub unprotected: Vec<usize>,
}

/// Withholds further units of the table until the range of every count that asks for one is as wide as it asks.
pub fn protect(table: &mut Table) -> Protection {
    let mut audit = Audit::new(table);
    let mut hopeless: BTreeSet<usize> = BTreeSet::new();
    let mut added: BTreeSet<usize> = BTreeSet::new();
    audit.prove(table);
    loop {
        let narrow = audit.narrow(table);
        let open: Vec<usize> = narrow.into_iter().filter(|count| !hopeless.contains(count)).collect();
        if open.is_empty() {
            break;
        }
        for count in open {
            // What was withheld for another count may do for this one.
            audit.prove_alone(table, count);
            if audit.is_wide(table, count) {
                continue;
            }
            match widen(table, &mut audit, count) {
                Some(units) => added.extend(units),
                None => {
                    hopeless.insert(count);
                }
            }
        }
    }
    show_again(table, &mut audit, &mut added);
    Protection { complementary: added.into_iter().collect(), unprotected: hopeless.into_iter().collect() }
}

/// Withholds what the cheapest movement needs that makes the range of a count wide enough; gives the units. None if there
/// is no such movement.
fn widen(table: &mut Table, audit: &mut Audit, count: usize) -> Option<Vec<usize>> {
    let (low, _) = audit.reach(count);
    let step = table.counts[count].width? + low;
    let found = AROUND.into_iter().find_map(|most| {
        let movable = |other: usize| table.state(other) != State::Known;
        let counts = around(table, &audit.sums_of, count, most, movable);
        let cost = |other: usize| match table.is_free(other) {
            true => 0.0,
            false => table.units[table.counts[other].unit].weight,
        };
        Solver { table, sums_of: &audit.sums_of, counts: &counts }.cheapest(count, step, cost)
    })?;
    let units: BTreeSet<usize> = found.iter().map(|(moved, _)| table.counts[*moved].unit).collect();
    let units: Vec<usize> =
        units.into_iter().filter(|unit| table.units[*unit].state == State::Shown).collect();
    for unit in &units {
        table.units[*unit].state = State::Withheld;
    }
    audit.learn(table, &found);
    Some(units)
}

/// Shows units again, the dearest first, without which every range stays wide enough.
fn show_again(table: &mut Table, audit: &mut Audit, added: &mut BTreeSet<usize>) {
    let mut dearest: Vec<usize> = added.iter().copied().collect();
    dearest.sort_by(|a, b| table.units[*b].weight.total_cmp(&table.units[*a].weight).then(a.cmp(b)));
    for unit in dearest {
        let counts: Vec<usize> =
            (0..table.counts.len()).filter(|count| table.counts[*count].unit == unit).collect();
        let resting: Vec<usize> = audit.resting_on(&counts);
        if resting.len() > MOST_RESTING {
            continue;
        }
        table.units[unit].state = State::Shown;
        let before = audit.forget(&resting);
        let was_wide = |count: &usize, audit: &Audit| audit.is_wide(table, *count);
        resting.iter().for_each(|count| audit.prove_alone(table, *count));
        if resting.iter().filter(|count| table.is_free(**count)).all(|count| was_wide(count, audit)) {
            added.remove(&unit);
        } else {
            audit.restore(before);
            table.units[unit].state = State::Withheld;
        }
    }
}
