//! How sure places are: the index scored many times with other choices of method and other bodies moved on.
//!
//! Five things are in doubt, drawn together by a scrambled Sobol' sequence: the weights of the parts of the index, how those
//! parts are made comparable, how they are put together, what stands in for inputs that are missing, and where the others
//! will be next time. A choice that an index does not leave is told, not drawn.
//! Method: OECD and JRC, Handbook on Constructing Composite Indicators (2008), step 7; Saisana, Saltelli and Tarantola 2005,
//! JRSS A 168, 307-323.

use super::case::Case;
use super::rank::key;
use super::sensitivity::{MOST_DRAWS, Runs, Share, Stage, last_change, points, shares, stages};
use crate::model::index::{Aggregate, Edition, Gap, Impute, IndexField, IndexTree, Ranking, Ties};

/// What is asked.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Question {
    /// How many draws.
    pub draws: u32,
    /// The same seed gives the same draws.
    pub seed: u32,
    /// How far a weight goes up and down, as a share of itself.
    pub weight_spread: f64,
    /// How many steps between editions the movement of others is taken from.
    pub past: usize,
    /// How many draws are worked on at the same time; the result does not depend on it.
    pub threads: usize,
}

impl Default for Question {
    fn default() -> Self {
        Question { draws: 10_000, seed: 1, weight_spread: 0.25, past: 5, threads: 2 }
    }
}

/// Draws that there can be at most.
pub const MOST: u32 = MOST_DRAWS;

/// What is in doubt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Doubt {
    /// The weights of the parts of the index.
    Weights,
    /// How they are made comparable: as they are, from the least to the greatest, by the share that lies behind.
    Normalisation,
    /// How they are put together: arithmetic, geometric.
    Aggregation,
    /// What stands in for missing inputs: the rule of the edition, median, mean, minimum.
    StandIns,
    /// Where the others will be: each moves as some body moved between two editions, beyond the movement of all.
    Others,
}

impl Doubt {
    /// All of them.
    pub const ALL: [Doubt; 5] =
        [Doubt::Weights, Doubt::Normalisation, Doubt::Aggregation, Doubt::StandIns, Doubt::Others];
}

/// Places of all bodies, and what the place of one of them rests on.
#[derive(Debug, Clone, PartialEq)]
pub struct Uncertainty {
    /// How many draws.
    pub draws: u32,
    /// How many choices each doubt had; one is none.
    pub choices: Vec<(Doubt, usize)>,
    /// By body.
    pub bands: Vec<Band>,
    /// Bodies that have no place, and why.
    pub left_out: Vec<(usize, Gap)>,
    /// Scores, of any body in any draw, that a choice gave no number for.
    pub undefined: u64,
    /// Steps between editions that could not be used, because a part is missing in one of them.
    pub unused_steps: usize,
    /// What the place of the body in question rests on; none where it never moves.
    pub shares: Option<Vec<(Doubt, Share)>>,
    /// The same after fewer draws.
    pub stages: Vec<Stage>,
    /// The greatest change of a share when the draws were doubled for the last time.
    pub last_change: Option<f64>,
}

/// The places of one body over all draws.
#[derive(Debug, Clone, PartialEq)]
pub struct Band {
    /// Whose.
    pub body: usize,
    /// Its place as it stands.
    pub rank: u32,
    /// In 5, 25, 50, 75 and 95 % of draws the place is this one or a better one.
    pub quantiles: [u32; 5],
    /// How often it had each place, the first first.
    pub counts: Vec<u32>,
}

/// The shares of draws of the quantiles.
pub const QUANTILES: [f64; 5] = [0.05, 0.25, 0.5, 0.75, 0.95];

/// Scores the field of a case many times; `past` are the fields of all periods, in any order.
///
/// Fails where the body in question has no place.
pub fn uncertainty(case: &Case<'_>, past: &[IndexField], question: Question) -> Result<Uncertainty, Gap> {
    let model = Model::new(case, past, question)?;
    let own = model.bodies.iter().position(|body| *body == case.body).ok_or(Gap::PartMissing)?;
    let outcome = model.run(own);
    let varied: Vec<Doubt> = model.varied();
    let shares = shares(&outcome.runs, question.seed.into());
    let stages = stages(&outcome.runs);
    Ok(Uncertainty {
        draws: question.draws,
        choices: Doubt::ALL.map(|doubt| (doubt, model.choices(doubt))).to_vec(),
        bands: model.bands(&outcome.counts),
        left_out: model.left_out.clone(),
        undefined: outcome.undefined,
        unused_steps: model.unused_steps,
        shares: shares.map(|shares| varied.into_iter().zip(shares).collect()),
        last_change: last_change(&stages),
        stages,
    })
}

/// How the parts of the index are made comparable, with the yardstick of the field as it stands.
enum Scale {
    AsIs,
    MinMax { least: f64, greatest: f64 },
    Percentile(Vec<f64>),
}

impl Scale {
    /// The three choices for one part.
    fn all(values: &[f64]) -> [Scale; 3] {
        let mut sorted = values.to_vec();
        sorted.sort_by(f64::total_cmp);
        let (least, greatest) = (sorted[0], sorted[sorted.len() - 1]);
        [Scale::AsIs, Scale::MinMax { least, greatest }, Scale::Percentile(sorted)]
    }

    /// A value on the scale; beyond its ends it stays at the end.
    fn of(&self, value: f64, lower_is_better: bool) -> f64 {
        let share = match self {
            Scale::AsIs => return if lower_is_better { -value } else { value },
            Scale::MinMax { least, greatest } => ((value - least) / (greatest - least)).clamp(0.0, 1.0),
            // The mean of the places of equal ones, as in `percentile` of the rules; between two, half way.
            Scale::Percentile(sorted) => {
                let below = sorted.partition_point(|other| *other < value);
                let alike = sorted[below..].partition_point(|other| *other <= value);
                let place = below as f64 + (alike as f64 - 1.0) / 2.0;
                (place / (sorted.len() as f64 - 1.0)).clamp(0.0, 1.0)
            }
        };
        if lower_is_better { 1.0 - share } else { share }
    }
}

/// The parts of the index of all bodies under one choice of stand-ins; numbers of a body stand side by side.
struct Column {
    values: Vec<f64>,
    /// By choice of normalisation, then part.
    scales: Vec<Vec<Scale>>,
    /// By choice of normalisation: the values on the scales.
    scaled: Vec<Vec<f64>>,
}

/// Everything that a draw chooses from.
struct Model {
    question: Question,
    ranking: Ranking,
    lower_is_better: bool,
    /// Bodies of the field that have a place.
    bodies: Vec<usize>,
    ranks: Vec<u32>,
    left_out: Vec<(usize, Gap)>,
    weights: Vec<f64>,
    /// Of each part: less is better.
    turned: Vec<bool>,
    /// What each part can be.
    ranges: Vec<(f64, f64)>,
    /// By choice of stand-ins.
    columns: Vec<Column>,
    /// By step between two editions: how the parts of each body moved beyond the mean, body after body.
    steps: Vec<Vec<f64>>,
    unused_steps: usize,
}

/// Aggregations that are drawn.
const AGGREGATIONS: [Aggregate; 2] = [Aggregate::Arithmetic, Aggregate::Geometric];
/// Normalisations that are drawn; see [`Scale`].
const SCALES: usize = 3;

/// What one draw chose.
struct Choice<'a> {
    shares: Vec<f64>,
    column: &'a Column,
    scale: usize,
    how: Aggregate,
    /// How others move, and by how many bodies the movements are shifted.
    step: Option<(&'a [f64], usize)>,
}

/// What came of all draws.
struct Outcome {
    /// By body, then place.
    counts: Vec<Vec<u32>>,
    undefined: u64,
    runs: Runs,
}

impl Model {
    fn new(case: &Case<'_>, past: &[IndexField], question: Question) -> Result<Self, Gap> {
        case.standing().score?;
        let top = &case.edition.rules[case.tree.id.as_str()];
        let parts: Vec<&str> = top.parts.iter().map(|(part, _)| part.as_str()).collect();
        let scores = case.gaps();
        let bodies: Vec<usize> = (0..scores.len()).filter(|body| scores[*body].is_ok()).collect();
        let left_out =
            scores.iter().enumerate().filter_map(|(body, score)| score.err().map(|gap| (body, gap)));
        let turned: Vec<bool> = parts
            .iter()
            .map(|part| case.edition.rules.get(*part).is_some_and(|rule| rule.lower_is_better))
            .collect();
        let ranks = case.ranks();
        let columns = stand_ins(case).into_iter().map(|values| column(&values, &bodies, &turned));
        let (steps, unused_steps) = steps(case.tree, case.field, &parts, past, question.past);
        Ok(Model {
            question,
            ranking: case.edition.ranking,
            lower_is_better: top.lower_is_better,
            ranks: bodies.iter().map(|body| ranks[*body].unwrap_or(1)).collect(),
            left_out: left_out.collect(),
            weights: top.parts.iter().map(|(_, weight)| *weight).collect(),
            ranges: parts.iter().map(|part| case.edition.range(part)).collect(),
            columns: columns.collect(),
            bodies,
            turned,
            steps,
            unused_steps,
        })
    }

    /// How many choices a doubt leaves; of the weights, how many of them are drawn.
    fn choices(&self, doubt: Doubt) -> usize {
        match doubt {
            Doubt::Weights if self.question.weight_spread > 0.0 => self.weights.len(),
            Doubt::Weights => 1,
            Doubt::Normalisation => SCALES,
            Doubt::Aggregation => AGGREGATIONS.len(),
            Doubt::StandIns => self.columns.len(),
            Doubt::Others => {
                self.steps.iter().map(|step| step.len() / self.weights.len()).sum::<usize>().max(1)
            }
        }
    }

    /// Doubts with more than one choice.
    fn varied(&self) -> Vec<Doubt> {
        Doubt::ALL.into_iter().filter(|doubt| self.choices(*doubt) > 1).collect()
    }

    /// The numbers of a point that a doubt is drawn from.
    fn dimensions(&self, doubt: Doubt) -> std::ops::Range<usize> {
        let n = self.weights.len();
        match doubt {
            Doubt::Weights => 0..n,
            Doubt::Normalisation => n..n + 1,
            Doubt::Aggregation => n + 1..n + 2,
            Doubt::StandIns => n + 2..n + 3,
            Doubt::Others => n + 3..n + 5,
        }
    }

    fn choice(&self, point: &[f64]) -> Choice<'_> {
        let n = self.weights.len();
        let of = |at: usize, choices: usize| ((point[at] * choices as f64) as usize).min(choices - 1);
        let spread = self.question.weight_spread;
        let drawn =
            self.weights.iter().zip(point).map(|(weight, u)| weight * (1.0 + spread * (2.0 * u - 1.0)));
        let mut shares: Vec<f64> = drawn.collect();
        let total: f64 = shares.iter().sum();
        shares.iter_mut().for_each(|share| *share /= total);
        let step = (!self.steps.is_empty()).then(|| {
            let step = &self.steps[of(n + 3, self.steps.len())];
            (step.as_slice(), of(n + 4, step.len() / n))
        });
        Choice {
            shares,
            column: &self.columns[of(n + 2, self.columns.len())],
            scale: of(n, SCALES),
            how: AGGREGATIONS[of(n + 1, AGGREGATIONS.len())],
            step,
        }
    }

    /// All draws, parted among threads by their number; `own` is the body whose place is taken apart.
    fn run(&self, own: usize) -> Outcome {
        let draws = self.question.draws;
        let threads = u32::try_from(self.question.threads.max(1)).unwrap_or(1);
        let bounds: Vec<u32> =
            (0..=threads).map(|n| (u64::from(draws) * u64::from(n) / u64::from(threads)) as u32).collect();
        let outcomes: Vec<Outcome> = std::thread::scope(|scope| {
            let running: Vec<_> = bounds
                .windows(2)
                .map(|ends| (ends[0], ends[1]))
                .map(|(from, to)| scope.spawn(move || self.draws(from..to, own)))
                .collect();
            running.into_iter().map(|one| one.join().expect("a draw fails on no input")).collect()
        });
        outcomes.into_iter().reduce(Outcome::and).unwrap_or_else(|| self.draws(0..0, own))
    }

    fn draws(&self, draws: std::ops::Range<u32>, own: usize) -> Outcome {
        let n = self.bodies.len();
        let varied = self.varied();
        let dimensions = self.weights.len() as u32 + 5;
        let mut outcome = Outcome {
            counts: vec![vec![0; n]; n],
            undefined: 0,
            runs: Runs { mixed: vec![vec![]; varied.len()], ..Runs::default() },
        };
        let (mut still, mut moved) = (vec![0.0; n], vec![0.0; n]);
        for draw in draws {
            let (a, b) = points(draw, dimensions, self.question.seed);
            let choice = self.choice(&a);
            self.keys(&choice, &mut still, &mut moved);
            outcome.undefined += still.iter().filter(|key| key.is_nan()).count() as u64;
            let field = Field::of(&moved, self.ranking.ties);
            for body in 0..n {
                outcome.counts[body][field.place(still[body], moved[body]) - 1] += 1;
            }
            outcome.runs.a.push(field.place(still[own], moved[own]) as f64);
            outcome.runs.b.push(self.place(&self.choice(&b), own, &mut moved) as f64);
            for (doubt, mixed) in varied.iter().zip(&mut outcome.runs.mixed) {
                let mut point = a.clone();
                let dimensions = self.dimensions(*doubt);
                point[dimensions.clone()].copy_from_slice(&b[dimensions]);
                mixed.push(self.place(&self.choice(&point), own, &mut moved) as f64);
            }
        }
        outcome
    }

    /// The place of one body under a choice.
    fn place(&self, choice: &Choice<'_>, own: usize, moved: &mut [f64]) -> usize {
        for (body, key) in moved.iter_mut().enumerate() {
            *key = self.moved_key(choice, body);
        }
        let still = self.still_key(choice, own);
        if self.ranking.ties != Ties::Competition || still.is_nan() {
            return Field::of(moved, self.ranking.ties).place(still, moved[own]);
        }
        // Of one place alone the better ones are counted: that needs no order. What is no number is not better.
        let better = moved.iter().enumerate().filter(|(body, key)| *body != own && **key > still);
        better.count() + 1
    }

    /// What all bodies are compared by under a choice: where they are, and where they move.
    fn keys(&self, choice: &Choice<'_>, still: &mut [f64], moved: &mut [f64]) {
        for body in 0..self.bodies.len() {
            still[body] = self.still_key(choice, body);
            moved[body] = if choice.step.is_some() { self.moved_key(choice, body) } else { still[body] };
        }
    }

    fn still_key(&self, choice: &Choice<'_>, body: usize) -> f64 {
        let n = self.weights.len();
        self.key(choice, choice.column.scaled[choice.scale][body * n..][..n].iter().copied())
    }

    fn moved_key(&self, choice: &Choice<'_>, body: usize) -> f64 {
        let n = self.weights.len();
        let Some((step, shift)) = choice.step else { return self.still_key(choice, body) };
        let values = &choice.column.values[body * n..][..n];
        let scales = &choice.column.scales[choice.scale];
        let from = (body + shift) % (step.len() / n) * n;
        let moved = (0..n).map(|part| {
            let (least, most) = self.ranges[part];
            let value = (values[part] + step[from + part]).max(least).min(most);
            scales[part].of(value, self.turned[part])
        });
        self.key(choice, moved)
    }

    /// The score under a choice as it is compared; no number where it has none.
    fn key(&self, choice: &Choice<'_>, values: impl Iterator<Item = f64>) -> f64 {
        let weighted = values.zip(&choice.shares);
        let score = match choice.how {
            // The logarithm of a number below zero is none, and that of zero makes the product zero.
            Aggregate::Geometric => weighted.map(|(value, share)| share * value.ln()).sum::<f64>().exp(),
            Aggregate::Arithmetic | Aggregate::Sum => weighted.map(|(value, share)| value * share).sum(),
        };
        key(self.ranking, self.lower_is_better, score)
    }

    fn bands(&self, counts: &[Vec<u32>]) -> Vec<Band> {
        let quantile = |counts: &[u32], share: f64| {
            let needed = share * f64::from(self.question.draws);
            let mut seen = 0;
            let reaches = |count: &u32| {
                seen += count;
                f64::from(seen) >= needed
            };
            counts.iter().position(reaches).map_or(0, |place| place as u32 + 1)
        };
        let band = |(at, counts): (usize, &Vec<u32>)| Band {
            body: self.bodies[at],
            rank: self.ranks[at],
            quantiles: QUANTILES.map(|share| quantile(counts, share)),
            counts: counts.clone(),
        };
        counts.iter().enumerate().map(band).collect()
    }
}

impl Outcome {
    /// This and the draws after it.
    fn and(mut self, next: Outcome) -> Outcome {
        for (counts, next) in self.counts.iter_mut().flatten().zip(next.counts.into_iter().flatten()) {
            *counts += next;
        }
        self.undefined += next.undefined;
        self.runs.a.extend(next.runs.a);
        self.runs.b.extend(next.runs.b);
        for (mixed, next) in self.runs.mixed.iter_mut().zip(next.runs.mixed) {
            mixed.extend(next);
        }
        self
    }
}

/// The keys of all bodies that moved, in order; those without one come last.
struct Field {
    order: Vec<f64>,
    ties: Ties,
}

impl Field {
    fn of(moved: &[f64], ties: Ties) -> Self {
        let mut order: Vec<f64> =
            moved.iter().map(|key| if key.is_nan() { f64::NEG_INFINITY } else { *key }).collect();
        order.sort_unstable_by(|a, b| b.total_cmp(a));
        Field { order, ties }
    }

    /// The place of a body that stands still among the others that moved; `moved` is its own moved key.
    fn place(&self, still: f64, moved: f64) -> usize {
        let still = if still.is_nan() { f64::NEG_INFINITY } else { still };
        let better = self.order.partition_point(|other| *other > still);
        let own = usize::from(moved > still);
        match self.ties {
            Ties::Competition => better - own + 1,
            Ties::Modified => {
                let alike = self.order[better..].partition_point(|other| *other >= still);
                better + alike - usize::from(moved >= still) + 1
            }
            Ties::Dense => {
                let better = &self.order[..better];
                let distinct = better.chunk_by(|a, b| a == b).count();
                let is_alone = own == 1 && better.iter().filter(|other| **other == moved).count() == 1;
                distinct - usize::from(is_alone) + 1
            }
        }
    }
}

/// The parts of the index of all bodies under each choice of stand-ins, the rule of the edition first.
///
/// A published part moves by as much as what the rules give for it moves, as in a what-if.
fn stand_ins(case: &Case<'_>) -> Vec<Vec<Vec<Option<f64>>>> {
    let now = case.parts(case.edition);
    let mut choices = vec![now.handed.clone()];
    if !now.is_imputed {
        return choices;
    }
    for impute in [Impute::Median, Impute::Mean, Impute::Minimum] {
        let mut edition: Edition = case.edition.clone();
        let rules = edition.rules.values_mut().filter(|rule| rule.impute != Impute::None);
        let others: Vec<_> =
            rules.filter(|rule| rule.impute != impute).map(|rule| rule.impute = impute).collect();
        if others.is_empty() {
            continue;
        }
        let then = case.parts(&edition);
        let parts = now.handed.iter().zip(&now.made).zip(&then.made).enumerate();
        let moved = parts.map(|(at, ((handed, before), after))| {
            let (least, most) = case.edition.range(&now.names[at]);
            let one = |((handed, before), after): ((&Option<f64>, &Option<f64>), &Option<f64>)| match (
                before, after,
            ) {
                (Some(before), Some(after)) => {
                    handed.map(|handed| (handed + (after - before)).max(least).min(most))
                }
                _ => *handed,
            };
            handed.iter().zip(before).zip(after).map(one).collect()
        });
        choices.push(moved.collect());
    }
    choices
}

fn column(parts: &[Vec<Option<f64>>], bodies: &[usize], turned: &[bool]) -> Column {
    // Bodies that have a place have every part.
    let value = |part: usize, body: usize| parts[part][body].unwrap_or(f64::NAN);
    let of_part = |part: usize| bodies.iter().map(|body| value(part, *body)).collect::<Vec<f64>>();
    let values: Vec<f64> =
        bodies.iter().flat_map(|body| (0..parts.len()).map(|part| value(part, *body))).collect();
    let mut scales: Vec<Vec<Scale>> = (0..SCALES).map(|_| vec![]).collect();
    for part in 0..parts.len() {
        for (scales, scale) in scales.iter_mut().zip(Scale::all(&of_part(part))) {
            scales.push(scale);
        }
    }
    let scaled = scales.iter().map(|scales| {
        let of = |(at, value): (usize, &f64)| {
            let part = at % parts.len();
            scales[part].of(*value, turned[part])
        };
        values.iter().enumerate().map(of).collect()
    });
    Column { scaled: scaled.collect(), values, scales }
}

/// How the parts of bodies moved from one period to the next, beyond the mean of all; and how many steps say nothing.
///
/// The mean is what an edition does to everybody and changes no place. The newest steps up to the field are taken.
fn steps(
    tree: &IndexTree,
    field: &IndexField,
    parts: &[&str],
    past: &[IndexField],
    most: usize,
) -> (Vec<Vec<f64>>, usize) {
    let mut fields: Vec<&IndexField> = past
        .iter()
        .filter(|other| other.among == field.among && other.period.end() <= field.period.end())
        .collect();
    fields.sort_by_key(|field| field.period.end());
    let pairs: Vec<_> = fields.windows(2).rev().take(most).collect();
    let steps = pairs.iter().filter_map(|pair| step(tree, pair[0], pair[1], parts));
    let steps: Vec<Vec<f64>> = steps.collect();
    let unused = pairs.len() - steps.len();
    (steps, unused)
}

fn step(tree: &IndexTree, before: &IndexField, after: &IndexField, parts: &[&str]) -> Option<Vec<f64>> {
    let handed = |field: &IndexField| -> Option<Vec<Vec<Option<f64>>>> {
        let edition = tree.edition_on(field.period.end())?;
        let below = edition.below(tree.id.as_str());
        let has_all = parts.iter().all(|part| below.iter().any(|(other, _)| other == part));
        has_all.then(|| Case::new(tree, edition, field, 0).values(parts))
    };
    let (old, new) = (handed(before)?, handed(after)?);
    let mut moves: Vec<Vec<f64>> = vec![];
    for (at, org) in after.bodies.iter().enumerate() {
        let Some(was) = before.bodies.iter().position(|other| other == org) else { continue };
        let change = |part: usize| Some(new[part][at]? - old[part][was]?);
        moves.extend((0..parts.len()).map(change).collect::<Option<Vec<f64>>>());
    }
    let n = moves.len() as f64;
    let means: Vec<f64> =
        (0..parts.len()).map(|part| moves.iter().map(|one| one[part]).sum::<f64>() / n).collect();
    let beyond = moves.iter().flat_map(|one| one.iter().zip(&means).map(|(change, mean)| change - mean));
    (!moves.is_empty()).then(|| beyond.collect())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::index::score::score;
    use crate::index::testing::{Ground, made_of};
    use crate::model::index::{Normalise, Rule};

    fn bounded() -> Rule {
        Rule { range: Some((0.0, 1.0)), ..Rule::default() }
    }

    fn two_parts(one: &[f64], two: &[f64]) -> Ground {
        let rules = [("top", made_of(&[("one", 1.0), ("two", 1.0)])), ("one", bounded()), ("two", bounded())];
        Ground::new(&rules, one.len(), &[("one", one), ("two", two)])
    }

    fn asked(draws: u32) -> Question {
        Question { draws, ..Question::default() }
    }

    fn drawn(ground: &Ground, body: usize, draws: u32) -> Uncertainty {
        uncertainty(&ground.case(body), &[], asked(draws)).expect("a place")
    }

    #[test]
    fn who_is_best_in_everything_is_first_in_every_draw() {
        let ground = two_parts(&[0.9, 0.5, 0.1], &[0.8, 0.4, 0.2]);
        let found = drawn(&ground, 0, 256);
        assert_eq!(
            found.bands.iter().map(|band| band.quantiles).collect::<Vec<_>>(),
            [[1; 5], [2; 5], [3; 5]]
        );
        assert_eq!(found.bands[0].counts, [256, 0, 0]);
        assert_eq!(found.shares, None, "what never moves rests on nothing");
        assert_eq!(found.choices[3..], [(Doubt::StandIns, 1), (Doubt::Others, 1)]);
    }

    /// Two bodies that are each other's mirror image: the greater weight decides, and nothing but the weights.
    #[test]
    fn where_weights_decide_the_place_rests_on_them_alone() {
        // One is better than both and one worse, so that none of the two is at an end of a scale.
        let ground = two_parts(&[0.6, 0.4, 0.9, 0.1], &[0.4, 0.6, 0.9, 0.1]);
        let found = drawn(&ground, 0, 4096);
        assert!(
            (f64::from(found.bands[0].counts[1]) / 4096.0 - 0.5).abs() < 0.005,
            "{:?}",
            found.bands[0].counts
        );
        for (doubt, share) in found.shares.expect("it moves") {
            let expected = if doubt == Doubt::Weights { 1.0 } else { 0.0 };
            assert!((share.first.value - expected).abs() < 0.03, "{doubt:?}: {share:?}");
            assert!((share.total.value - expected).abs() < 0.03, "{doubt:?}: {share:?}");
        }
    }

    /// Under no draw do the keys differ from what the engine gives for an edition with the same choices.
    #[test]
    fn a_draw_is_the_engine_with_other_rules() {
        let one = [0.11, 0.52, 0.52, 0.83, 0.34];
        let two = [0.71, 0.22, 0.63, 0.44, 0.44];
        let ground = two_parts(&one, &two);
        let case = ground.case(0);
        let model = Model::new(&case, &[], asked(64)).expect("a place");
        let normalise = [Normalise::None, Normalise::MinMax, Normalise::Percentile];
        for draw in 0..64 {
            let (point, _) = points(draw, 7, 1);
            let choice = model.choice(&point);
            let mut edition = ground.edition.clone();
            let top = edition.rules.get_mut("top").expect("a rule");
            top.normalise = normalise[choice.scale];
            top.aggregate = choice.how;
            top.parts.iter_mut().zip(&choice.shares).for_each(|((_, weight), share)| *weight = *share);
            for scored in
                score(&ground.tree, &edition, 5, &ground.field.given).iter().filter(|one| one.part == "top")
            {
                let expected = key(edition.ranking, false, scored.value.expect("a score"));
                let found = model.still_key(&choice, scored.body);
                assert!((found - expected).abs() <= 1.0, "{draw}: {found}, expected {expected}");
            }
        }
        // Each weight stays within a quarter of itself, before they are rescaled to one.
        let lowest = model.choice(&[0.0, 0.999, 0.0, 0.0, 0.0, 0.0, 0.0]);
        assert!((lowest.shares[0] - 0.75 / (0.75 + 1.2495)).abs() < 1e-12, "{:?}", lowest.shares);
    }

    #[test]
    fn a_stand_in_moves_what_it_stands_for() {
        // The median of 10, 20, 60 is 20, the mean 30, the least 10: of the way from 10 to 60 it is 0.2, 0.4 and 0.
        let two = Rule {
            normalise: Normalise::MinMax,
            impute: Impute::Median,
            range: Some((0.0, 1.0)),
            ..made_of(&[("a", 1.0)])
        };
        let rules = [("top", made_of(&[("one", 1.0), ("two", 1.0)])), ("one", bounded()), ("two", two)];
        let mut ground = Ground::new(
            &rules,
            4,
            &[("one", &[0.5; 4]), ("two", &[0.3, 0.5, 0.7, 0.6]), ("a", &[10.0, 20.0, 60.0, 0.0])],
        );
        ground.field.given.retain(|given| !(given.body == 3 && given.part == "a"));
        let case = ground.case(3);
        let found: Vec<f64> = stand_ins(&case).iter().map(|parts| parts[1][3].expect("a value")).collect();
        // Published 0.6; the mean gives 0.2 more than the rule, the least 0.2 less.
        assert!(found.iter().zip([0.6, 0.8, 0.4]).all(|(a, b)| (a - b).abs() < 1e-12), "{found:?}");
        let choices = drawn(&ground, 3, 64).choices;
        assert_eq!(choices[3], (Doubt::StandIns, 3));
    }

    #[test]
    fn others_move_as_bodies_moved_beyond_the_movement_of_all() {
        let mut before = two_parts(&[0.2, 0.4, 0.6], &[0.5, 0.5, 0.5]);
        before.field.period = "2018".parse().expect("a period");
        before.edition.begins_on = "2010-01-01".parse().expect("a day");
        let mut now = two_parts(&[0.3, 0.7, 0.8], &[0.5, 0.6, 0.7]);
        now.tree.editions = vec![before.edition.clone()];
        // `one` rose by 0.1, 0.3, 0.2 and 0.2 in the mean; `two` by 0, 0.1, 0.2 and 0.1 in the mean.
        let past = [before.field.clone(), now.field.clone()];
        let (found, unused) = steps(&now.tree, &now.field, &["one", "two"], &past, 5);
        let expected = [-0.1, -0.1, 0.1, 0.0, 0.0, 0.1];
        assert_eq!((found.len(), unused), (1, 0));
        assert!(found[0].iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-12), "{found:?}");
        // A body that was not there before moves nobody; before the first edition there is no step.
        before.field.bodies[1] = "ELSE".parse().expect("a valid id");
        let past = [before.field.clone(), now.field.clone()];
        assert_eq!(steps(&now.tree, &now.field, &["one", "two"], &past, 5).0[0].len(), 4);
        now.tree.editions = vec![now.edition.clone()];
        assert_eq!(steps(&now.tree, &now.field, &["one", "two"], &past, 5), (vec![], 1));
        assert_eq!(steps(&now.tree, &now.field, &["one", "two"], &past, 0), (vec![], 0));
    }

    #[test]
    fn the_same_question_has_the_same_answer_on_any_number_of_threads() {
        let ground = two_parts(&[0.6, 0.4, 0.5, 0.45], &[0.4, 0.6, 0.52, 0.5]);
        let of = |threads, seed| {
            let question = Question { draws: 200, threads, seed, ..Question::default() };
            uncertainty(&ground.case(1), &[], question).expect("a place")
        };
        assert_eq!(of(1, 1), of(3, 1));
        assert_ne!(of(1, 1), of(1, 2));
    }

    #[test]
    fn who_has_no_place_is_named_and_asks_in_vain() {
        let mut ground = two_parts(&[0.6, 0.4, 0.5], &[0.4, 0.6, 0.5]);
        ground.field.given.retain(|given| !(given.body == 2 && given.part == "two"));
        assert_eq!(drawn(&ground, 0, 64).left_out, [(2, Gap::PartMissing)]);
        assert_eq!(uncertainty(&ground.case(2), &[], asked(64)), Err(Gap::PartMissing));
    }

    #[test]
    fn what_a_choice_gives_no_number_for_is_counted() {
        // No geometric mean where a part is below zero; under the other normalisations it is not.
        let rules = [("top", made_of(&[("one", 1.0), ("two", 1.0)]))];
        let ground = Ground::new(&rules, 3, &[("one", &[-0.5, 0.4, 0.5]), ("two", &[0.9, 0.6, 0.5])]);
        let found = drawn(&ground, 1, 600);
        assert!((80..=120).contains(&found.undefined), "{}", found.undefined);
    }

    proptest! {
        /// Bodies stand still one by one among others that moved: the place counts those that are better.
        #[test]
        fn places_among_others_that_moved(
            keys in proptest::collection::vec((0u32..12, 0u32..12), 2..20),
            ties in proptest::sample::select(vec![Ties::Competition, Ties::Modified, Ties::Dense]),
        ) {
            let moved: Vec<f64> = keys.iter().map(|(_, moved)| f64::from(*moved)).collect();
            let field = Field::of(&moved, ties);
            for (body, (still, _)) in keys.iter().enumerate() {
                let still = f64::from(*still);
                let mut all: Vec<Option<f64>> = moved.iter().map(|key| Some(*key)).collect();
                all[body] = Some(still);
                let expected = crate::index::rank::places(Ranking { decimals: 0, ties }, false, &all)[body];
                prop_assert_eq!(Some(field.place(still, moved[body]) as u32), expected);
            }
        }
    }
}
