//! Somebody who has all that was ever published and knows what adds up to what. Written from the definitions of the indicators,
//! without the program's own table, audit or search.
#![allow(dead_code, reason = "each test program uses its own part of it")]

use std::collections::{BTreeMap, BTreeSet};

use microlp::{ComparisonOp, OptimizationDirection, Problem, Variable};

/// Some numbers that are known, others that are not, and sums (factors that add up to zero) over all of them.
#[derive(Default)]
pub struct Attacker {
    pub known: Vec<Option<f64>>,
    pub sums: Vec<Vec<(usize, i64)>>,
}

impl Attacker {
    pub fn number(&mut self, known: Option<f64>) -> usize {
        self.known.push(known);
        self.known.len() - 1
    }

    pub fn sum(&mut self, whole: usize, parts: &[usize]) {
        self.sums.push(std::iter::once((whole, 1)).chain(parts.iter().map(|part| (*part, -1))).collect());
    }

    /// Sums that bind unknown numbers, in groups that have none of these in common: the numbers and the sums of each.
    fn puzzles(&self) -> Vec<(Vec<usize>, Vec<usize>)> {
        let unknown = |sum: &Vec<(usize, i64)>| -> Vec<usize> {
            sum.iter().map(|(at, _)| *at).filter(|at| self.known[*at].is_none()).collect()
        };
        let mut group: Vec<usize> = (0..self.known.len()).collect();
        fn find(group: &mut [usize], mut at: usize) -> usize {
            while group[at] != at {
                group[at] = group[group[at]];
                at = group[at];
            }
            at
        }
        for sum in self.sums.iter().map(unknown) {
            for pair in sum.windows(2) {
                let (a, b) = (find(&mut group, pair[0]), find(&mut group, pair[1]));
                group[a] = b;
            }
        }
        let mut puzzles: BTreeMap<usize, (Vec<usize>, Vec<usize>)> = BTreeMap::new();
        for at in (0..self.known.len()).filter(|at| self.known[*at].is_none()) {
            puzzles.entry(find(&mut group, at)).or_default().0.push(at);
        }
        for (at, sum) in self.sums.iter().enumerate() {
            if let Some(first) = unknown(sum).first() {
                puzzles.entry(find(&mut group, *first)).or_default().1.push(at);
            }
        }
        puzzles.into_values().collect()
    }

    /// The numbers that are not known and follow exactly: by elimination over fractions of whole numbers.
    pub fn solved(&self) -> BTreeSet<usize> {
        self.puzzles().iter().flat_map(|(unknown, sums)| self.eliminated(unknown, sums)).collect()
    }

    fn eliminated(&self, unknown: &[usize], sums: &[usize]) -> Vec<usize> {
        let column: BTreeMap<usize, usize> = unknown.iter().enumerate().map(|(at, n)| (*n, at)).collect();
        let row = |sum: &usize| {
            let mut row: BTreeMap<usize, i128> = BTreeMap::new();
            for (number, factor) in &self.sums[*sum] {
                if let Some(at) = column.get(number) {
                    *row.entry(*at).or_default() += i128::from(*factor);
                }
            }
            row.retain(|_, factor| *factor != 0);
            row
        };
        let mut rows: Vec<BTreeMap<usize, i128>> = sums.iter().map(row).collect();
        let mut done = 0;
        for at in 0..unknown.len() {
            let Some(pivot) = (done..rows.len()).find(|row| rows[*row].contains_key(&at)) else { continue };
            rows.swap(done, pivot);
            let pivot = rows[done].clone();
            for (_, row) in rows.iter_mut().enumerate().filter(|(row, _)| *row != done) {
                if row.contains_key(&at) {
                    subtract(row, &pivot, at);
                }
            }
            done += 1;
        }
        let lone = |row: &BTreeMap<usize, i128>| match row.len() {
            1 => row.keys().next().map(|at| unknown[*at]),
            _ => None,
        };
        rows.iter().filter_map(lone).collect()
    }

    /// The least and the greatest whole value that some numbers can have.
    pub fn bounds(&self, wanted: &[usize]) -> Vec<(usize, f64, f64)> {
        let puzzles = self.puzzles();
        let of = |number: usize| puzzles.iter().find(|(unknown, _)| unknown.contains(&number));
        wanted
            .iter()
            .map(|number| match of(*number) {
                None => {
                    let known = self.known[*number].expect("it is known");
                    (*number, known, known)
                }
                Some((unknown, sums)) => {
                    let end = |direction| self.end(unknown, sums, *number, direction);
                    let (low, high) =
                        (end(OptimizationDirection::Minimize), end(OptimizationDirection::Maximize));
                    (*number, (low - 1e-6).ceil(), (high + 1e-6).floor())
                }
            })
            .collect()
    }

    fn end(&self, unknown: &[usize], sums: &[usize], number: usize, direction: OptimizationDirection) -> f64 {
        let mut problem = Problem::new(direction);
        let variables: BTreeMap<usize, Variable> = unknown
            .iter()
            .map(|at| (*at, problem.add_var(f64::from(u8::from(*at == number)), (0.0, f64::INFINITY))))
            .collect();
        for sum in sums {
            let mut terms: BTreeMap<usize, f64> = BTreeMap::new();
            let mut known = 0.0;
            for (at, factor) in &self.sums[*sum] {
                match self.known[*at] {
                    Some(value) => known += value * *factor as f64,
                    None => *terms.entry(*at).or_default() += *factor as f64,
                }
            }
            let terms: Vec<(Variable, f64)> = terms
                .into_iter()
                .filter(|(_, factor)| *factor != 0.0)
                .map(|(at, f)| (variables[&at], f))
                .collect();
            problem.add_constraint(terms, ComparisonOp::Eq, -known);
        }
        match problem.solve() {
            Ok(outcome) => outcome.into_solution().expect("no limit was set").var_value(variables[&number]),
            Err(microlp::Error::Unbounded) => f64::INFINITY,
            Err(error) => panic!("what is shown does not add up: {error}"),
        }
    }
}

/// Takes a pivot away from a row so that it has nothing at `at`, in whole numbers.
fn subtract(row: &mut BTreeMap<usize, i128>, pivot: &BTreeMap<usize, i128>, at: usize) {
    let (a, b) = (pivot[&at], row[&at]);
    row.values_mut().for_each(|cell| *cell *= a);
    for (place, cell) in pivot {
        *row.entry(*place).or_default() -= cell * b;
    }
    row.retain(|_, cell| *cell != 0);
    let common = row.values().fold(0, |common, cell| gcd(common, cell.abs()));
    if common > 1 {
        row.values_mut().for_each(|cell| *cell /= common);
    }
}

fn gcd(a: i128, b: i128) -> i128 {
    if b == 0 { a } else { gcd(b, a % b) }
}

/// Which number it is: indicator, body, period, breakdown.
pub type Key = (String, String, String, String);

/// A number of one edition of what is published, with its counts, which the attacker sees only where it is shown.
#[derive(Debug, Clone)]
pub struct Cell {
    pub key: Key,
    pub numerator: f64,
    pub denominator: Option<f64>,
    pub is_shown: bool,
}

/// All that was published at one time.
#[derive(Debug, Clone, Default)]
pub struct Edition {
    pub cells: Vec<Cell>,
    /// Sums of some cells that are shown as well, as on the map of another day: the numbers, and the keys of the parts.
    pub sums: Vec<(f64, Option<f64>, Vec<Key>)>,
}

/// What counts of people an indicator has, and how few are too few.
pub struct Guard {
    pub indicator: &'static str,
    pub threshold: f64,
    pub only_denominator: bool,
}

/// Numerator, denominator and others of a number.
type Counts = (usize, Option<usize>, Option<usize>);

/// What an attacker makes of several editions.
#[derive(Default)]
pub struct Attack {
    pub attacker: Attacker,
    truth: Vec<f64>,
    counts: BTreeMap<(usize, Key), Counts>,
    same: BTreeMap<(Key, u64, Option<u64>), Counts>,
}

impl Attack {
    /// `parts` are the bodies whose counts make up those of another.
    pub fn on(editions: &[Edition], parts: &BTreeMap<String, Vec<String>>) -> Attack {
        let mut attack = Attack::default();
        for (at, edition) in editions.iter().enumerate() {
            for cell in &edition.cells {
                attack.add(at, cell);
            }
        }
        for (at, edition) in editions.iter().enumerate() {
            attack.add_bodies(at, edition, parts);
            attack.add_breakdowns(at, edition);
            attack.add_periods(at, edition);
            for (numerator, denominator, keys) in &edition.sums {
                attack.add_sum_shown(at, (*numerator, *denominator), keys);
            }
        }
        attack.add_twins(editions);
        attack
    }

    fn number(&mut self, truth: f64, is_shown: bool) -> usize {
        self.truth.push(truth);
        self.attacker.number(is_shown.then_some(truth))
    }

    /// What stands twice with the same counts is one number: that it was not revised is published.
    fn add(&mut self, edition: usize, cell: &Cell) {
        let bits = (cell.numerator.to_bits(), cell.denominator.map(f64::to_bits));
        let same = (cell.key.clone(), bits.0, bits.1);
        let counts = self.same.get(&same).copied().unwrap_or_else(|| self.counts_of(cell));
        if cell.is_shown {
            let all = [Some(counts.0), counts.1, counts.2];
            all.into_iter().flatten().for_each(|at| self.attacker.known[at] = Some(self.truth[at]));
        }
        self.same.insert(same, counts);
        self.counts.insert((edition, cell.key.clone()), counts);
    }

    fn counts_of(&mut self, cell: &Cell) -> Counts {
        let numerator = self.number(cell.numerator, cell.is_shown);
        let denominator = cell.denominator.map(|value| self.number(value, cell.is_shown));
        let others = cell.denominator.map(|value| value - cell.numerator).filter(|others| *others >= 0.0);
        let others = others.map(|value| self.number(value, cell.is_shown));
        if let (Some(denominator), Some(others)) = (denominator, others) {
            self.attacker.sum(denominator, &[numerator, others]);
        }
        (numerator, denominator, others)
    }

    /// A total and its parts; what is left, if anything, is nowhere shown.
    fn add_total(&mut self, whole: Counts, parts: &[Counts]) {
        let of: [fn(&Counts) -> Option<usize>; 3] = [|c| Some(c.0), |c| c.1, |c| c.2];
        for of in of {
            let (Some(total), Some(mut numbers)) =
                (of(&whole), parts.iter().map(of).collect::<Option<Vec<usize>>>())
            else {
                continue;
            };
            let left = self.truth[total] - numbers.iter().map(|at| self.truth[*at]).sum::<f64>();
            if left < -0.5 {
                return; // They are no parts of it.
            }
            if left > 0.5 {
                numbers.push(self.number(left, false));
            }
            self.attacker.sum(total, &numbers);
        }
    }

    fn add_bodies(&mut self, at: usize, edition: &Edition, parts: &BTreeMap<String, Vec<String>>) {
        for cell in &edition.cells {
            let (indicator, org, period, breakdown) = cell.key.clone();
            let below = parts.get(&org).into_iter().flatten();
            let part = |part: &String| {
                let key = (indicator.clone(), part.clone(), period.clone(), breakdown.clone());
                self.counts.get(&(at, key)).copied()
            };
            let found: Vec<Counts> = below.filter_map(part).collect();
            if !found.is_empty() {
                self.add_total(self.counts[&(at, cell.key.clone())], &found);
            }
        }
    }

    fn add_breakdowns(&mut self, at: usize, edition: &Edition) {
        let mut parts: BTreeMap<Key, Vec<Counts>> = BTreeMap::new();
        for cell in edition.cells.iter().filter(|cell| !cell.key.3.is_empty()) {
            let (indicator, org, period, _) = cell.key.clone();
            let counts = self.counts[&(at, cell.key.clone())];
            parts.entry((indicator, org, period, String::new())).or_default().push(counts);
        }
        for (total, parts) in parts {
            if let Some(whole) = self.counts.get(&(at, total)).copied() {
                self.add_total(whole, &parts);
            }
        }
    }

    /// Half years and quarters, years and half years: wherever periods of one length fill another.
    fn add_periods(&mut self, at: usize, edition: &Edition) {
        type Course = Vec<(chiso::model::period::Period, Counts)>;
        let mut series: BTreeMap<(&str, &str, &str), Course> = BTreeMap::new();
        for cell in &edition.cells {
            let (indicator, org, period, breakdown) = &cell.key;
            let counts = self.counts[&(at, cell.key.clone())];
            let period = period.parse().expect("a period");
            series.entry((indicator, org, breakdown)).or_default().push((period, counts));
        }
        let mut found = vec![];
        for numbers in series.values() {
            for (whole, total) in numbers {
                let days =
                    |period: &chiso::model::period::Period| (period.end() - period.start()).num_days() + 1;
                let mut by_length: BTreeMap<i64, Vec<_>> = BTreeMap::new();
                for (period, counts) in numbers {
                    if period.start() >= whole.start() && period.end() <= whole.end() && period != whole {
                        by_length.entry(days(period) / 40).or_default().push((days(period), *counts));
                    }
                }
                let fills = |parts: &&Vec<(i64, Counts)>| {
                    parts.iter().map(|(days, _)| days).sum::<i64>() == days(whole)
                };
                for parts in by_length.values().filter(fills) {
                    found.push((*total, parts.iter().map(|(_, counts)| *counts).collect::<Vec<_>>()));
                }
            }
        }
        for (total, parts) in found {
            self.add_total(total, &parts);
        }
    }

    fn add_sum_shown(&mut self, at: usize, (numerator, denominator): (f64, Option<f64>), keys: &[Key]) {
        let parts: Vec<Counts> =
            keys.iter().filter_map(|key| self.counts.get(&(at, key.clone())).copied()).collect();
        let numerator = self.number(numerator, true);
        let denominator = denominator.map(|value| self.number(value, true));
        self.add_total((numerator, denominator, None), &parts);
    }

    /// Counts that are the same under two names, as far as one can see.
    fn add_twins(&mut self, editions: &[Edition]) {
        let of: [fn(&Counts) -> Option<usize>; 3] = [|c| Some(c.0), |c| c.1, |c| c.2];
        type Course = BTreeMap<(usize, String, String), usize>;
        let mut series: BTreeMap<(String, String, usize), Course> = BTreeMap::new();
        for (at, edition) in editions.iter().enumerate() {
            for cell in &edition.cells {
                let (indicator, org, period, breakdown) = cell.key.clone();
                for (part, of) in of.iter().enumerate() {
                    if let Some(number) = of(&self.counts[&(at, cell.key.clone())]) {
                        let of_series =
                            series.entry((indicator.clone(), breakdown.clone(), part)).or_default();
                        of_series.insert((at, org.clone(), period.clone()), number);
                    }
                }
            }
        }
        let all: Vec<_> = series.iter().collect();
        let mut same = vec![];
        for (at, (one, cells)) in all.iter().enumerate() {
            for (_, others) in all[at + 1..].iter().filter(|(other, _)| other.0 != one.0) {
                let pairs: Vec<(usize, usize)> =
                    cells.iter().filter_map(|(key, a)| others.get(key).map(|b| (*a, *b))).collect();
                let shows = |(a, b): &&(usize, usize)| {
                    self.attacker.known[*a].is_some()
                        && self.attacker.known[*b].is_some()
                        && self.truth[*a] > 0.0
                };
                let is_same = pairs.iter().all(|(a, b)| self.truth[*a] == self.truth[*b]);
                if is_same && pairs.iter().filter(shows).count() >= 2 {
                    same.extend(pairs);
                }
            }
        }
        for (a, b) in same {
            self.attacker.sums.push(vec![(a, 1), (b, -1)]);
        }
    }

    /// The numbers that are withheld and follow from what is shown: exactly, or so nearly that fewer values are left than
    /// the guard of its indicator asks for.
    pub fn recovered(&self, guards: &[Guard]) -> Vec<String> {
        let solved = self.attacker.solved();
        let mut asked: BTreeMap<usize, (&Key, f64)> = BTreeMap::new();
        let mut found = BTreeSet::new();
        for ((_, key), counts) in &self.counts {
            let Some(guard) = guards.iter().find(|guard| guard.indicator == key.0) else { continue };
            let parts = match guard.only_denominator {
                true => vec![counts.1],
                false => vec![Some(counts.0), counts.1, counts.2],
            };
            let parts: Vec<usize> = parts.into_iter().flatten().collect();
            let is_small = |at: &&usize| self.truth[**at] > 0.0 && self.truth[**at] < guard.threshold;
            for at in parts.iter().filter(is_small).filter(|at| self.attacker.known[**at].is_none()) {
                asked.insert(*at, (key, guard.threshold));
                if solved.contains(at) {
                    found.insert(format!("{key:?} is {}", self.truth[*at]));
                }
            }
        }
        let wanted: Vec<usize> = asked.keys().copied().collect();
        for (at, low, high) in self.attacker.bounds(&wanted) {
            let (key, width) = asked[&at];
            assert!(low <= self.truth[at] && self.truth[at] <= high, "the truth is possible");
            if high - low < width {
                found.insert(format!("{key:?} is {low} to {high}"));
            }
        }
        found.into_iter().collect()
    }

    /// How many numbers are not known.
    pub fn unknown(&self) -> usize {
        self.attacker.known.iter().filter(|known| known.is_none()).count()
    }
}
