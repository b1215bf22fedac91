//! One body among those that it is compared with: how it stands, what it can change, and how it would stand then.
//!
//! What is not changed stays: the inputs of all others, and published parts of others. Where a part of the body was
//! published and one of its inputs is changed, the published number moves by as much as the number that the rules give
//! moves: an approximation never takes the place of a published number, and only its movement is used.

use std::collections::BTreeMap;

use super::rank::key;
use super::score::{Score, score};
use crate::model::index::{Amount, Class, Edition, Gap, Given, IndexField, IndexTree};

/// One body with everything that its place depends on.
pub struct Case<'a> {
    /// The index.
    pub tree: &'a IndexTree,
    /// Its rules.
    pub edition: &'a Edition,
    /// The bodies that it is compared with, itself among them.
    pub field: &'a IndexField,
    /// Which of them it is.
    pub body: usize,
    now: Scored,
}

/// A part that is set to another value.
#[derive(Debug, Clone, PartialEq)]
pub struct Setting {
    /// Which part.
    pub part: String,
    /// To which.
    pub change: Change,
}

/// How a part becomes another one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Change {
    /// It is this value.
    To(f64),
    /// So much is added.
    By(f64),
    /// It is multiplied.
    Times(f64),
}

impl Change {
    fn of(self, before: Option<f64>) -> Option<f64> {
        match self {
            Change::To(value) => Some(value),
            Change::By(step) => before.map(|before| before + step),
            Change::Times(factor) => before.map(|before| before * factor),
        }
    }
}

/// Why a setting makes no sense.
#[derive(Debug, Clone, PartialEq)]
pub enum Refusal {
    /// The rules of the edition do not use such a part.
    NotInUse(String),
    /// It is the index itself.
    Whole(String),
    /// It is set twice.
    Twice(String),
    /// It is set, and so is a part that it is made of or goes into.
    Both(String, String),
    /// There is no number to add to or to multiply.
    NothingToChange(String),
    /// It cannot have this value.
    Outside {
        /// Which part.
        part: String,
        /// What it would be.
        value: f64,
        /// What it can be.
        range: (f64, f64),
    },
    /// The part above it was published, and nothing says how much that would move.
    NoMovement(String, String),
}

/// A score with its place.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Standing {
    /// The score of the whole, or why there is none.
    pub score: Result<f64, Gap>,
    /// Its place.
    pub rank: Option<u32>,
}

/// A part that is another one, set or by what it is made of.
#[derive(Debug, Clone, PartialEq)]
pub struct Moved {
    /// Which part.
    pub part: String,
    /// What it was.
    pub before: Option<f64>,
    /// What it would be.
    pub after: Option<f64>,
    /// What counts of it where that is less, as above a cap.
    pub counts_as: Option<f64>,
}

/// How a body would stand.
#[derive(Debug, Clone, PartialEq)]
pub struct WhatIf {
    /// The parts that were set.
    pub set: Vec<Moved>,
    /// The parts that move with them, the whole last.
    pub moved: Vec<Moved>,
    /// As it stands.
    pub before: Standing,
    /// As it would stand.
    pub after: Standing,
    /// Bodies that were ahead and would not be any more, the best first.
    pub passed: Vec<usize>,
    /// Bodies that were not ahead and would be, the best first.
    pub passed_by: Vec<usize>,
}

/// A part that a body can change.
#[derive(Debug, Clone, PartialEq)]
pub struct Lever {
    /// Which part.
    pub part: String,
    /// What it is now; none where that is not known.
    pub value: Option<f64>,
    /// The least and the greatest that it can be, as far as the rules say.
    pub range: (f64, f64),
    /// More than this does not count.
    pub cap: Option<f64>,
    /// Whether the index is made of it directly.
    pub is_direct: bool,
    /// What one more of it adds to the score: the derivative upwards; none at its upper end, or where it has no value.
    pub gain: Option<f64>,
}

impl<'a> Case<'a> {
    /// A body as it stands.
    pub fn new(tree: &'a IndexTree, edition: &'a Edition, field: &'a IndexField, body: usize) -> Self {
        let now = Scored::new(tree, edition, field.bodies.len(), &field.given);
        Case { tree, edition, field, body, now }
    }

    /// How it stands.
    pub fn standing(&self) -> Standing {
        self.now.standing(self.tree, self.body)
    }

    /// The scores of the whole, body by body.
    pub fn wholes(&self) -> Vec<Option<f64>> {
        self.now.wholes(self.tree, self.field.bodies.len())
    }

    /// The class of a score of the whole, as it is compared: what it differs by at its last digits is nothing.
    pub fn class(&self, score: f64) -> Option<&'a Class> {
        let key = key(self.edition.ranking, false, score);
        self.tree.class(key / 10f64.powi(self.edition.ranking.decimals.into()))
    }

    /// Everything that it can change, in the order of the tree.
    pub fn levers(&self) -> Vec<Lever> {
        let parts = self.edition.in_use(self.tree.id.as_str());
        let shown = self.tree.parts.iter().map(|(part, _)| part);
        shown
            .filter(|part| **part != *self.tree.id.as_str() && parts.contains(part))
            .map(|part| self.lever(part))
            .collect()
    }

    /// How it would stand with some parts set; every reason why not, if any.
    pub fn what_if(&self, settings: &[Setting]) -> Result<WhatIf, Vec<Refusal>> {
        let values = self.checked(settings)?;
        let (given, moved) = self.changed(&values).map_err(|refusal| vec![refusal])?;
        let then = Scored::new(self.tree, self.edition, self.field.bodies.len(), &given);
        let set = values.iter().map(|(part, value)| Moved {
            part: part.clone(),
            before: self.value(part),
            after: Some(*value),
            counts_as: self.cap(part).filter(|cap| value > cap),
        });
        let moved = moved.into_iter().map(|part| Moved {
            before: self.value(&part),
            after: then.handed(&part, self.body),
            counts_as: None,
            part,
        });
        let (passed, passed_by) = self.passed(&then);
        Ok(WhatIf {
            set: set.collect(),
            moved: moved.collect(),
            before: self.standing(),
            after: then.standing(self.tree, self.body),
            passed,
            passed_by,
        })
    }

    /// What a part is now: an input as it was given, a made one as the part above takes it.
    pub fn value(&self, part: &str) -> Option<f64> {
        if !self.edition.below(part).is_empty() {
            return self.now.handed(part, self.body);
        }
        let own = self.field.given.iter().find(|given| given.body == self.body && given.part == part)?;
        match &own.amount {
            Amount::Value(value) => Some(*value),
            Amount::Counts { numerator, denominator } if *denominator != 0.0 => Some(numerator / denominator),
            _ => None,
        }
    }

    /// The score of the whole with one part set; none where that makes no sense.
    pub(super) fn score_with(&self, part: &str, value: f64) -> Option<f64> {
        let (given, _) = self.changed(&[(part.to_owned(), value)]).ok()?;
        let then = Scored::new(self.tree, self.edition, self.field.bodies.len(), &given);
        then.handed(self.tree.id.as_str(), self.body)
    }

    /// The score of the whole of each body, or why it has none.
    pub(super) fn gaps(&self) -> Vec<Result<f64, Gap>> {
        let whole = |body| self.now.find(self.tree.id.as_str(), body);
        (0..self.field.bodies.len())
            .map(|body| whole(body).map_or(Err(Gap::NotReported), |whole| whole.value))
            .collect()
    }

    /// The place of each body.
    pub(super) fn ranks(&self) -> Vec<Option<u32>> {
        let whole = |body| self.now.find(self.tree.id.as_str(), body);
        (0..self.field.bodies.len()).map(|body| whole(body).and_then(|whole| whole.rank)).collect()
    }

    /// Parts of all bodies as the part above takes them.
    pub(super) fn values(&self, parts: &[&str]) -> Vec<Vec<Option<f64>>> {
        parts
            .iter()
            .map(|part| (0..self.field.bodies.len()).map(|body| self.now.handed(part, body)).collect())
            .collect()
    }

    /// The parts of the index of all bodies by rules that may be others than those of the edition.
    pub(super) fn parts(&self, edition: &Edition) -> Parts {
        let n_bodies = self.field.bodies.len();
        let scored = Scored::new(self.tree, edition, n_bodies, &self.field.given);
        let names: Vec<String> =
            edition.below(self.tree.id.as_str()).iter().map(|(part, _)| part.clone()).collect();
        let column = |of: &dyn Fn(&str, usize) -> Option<f64>| -> Vec<Vec<Option<f64>>> {
            names.iter().map(|part| (0..n_bodies).map(|body| of(part, body)).collect()).collect()
        };
        Parts {
            handed: column(&|part, body| scored.handed(part, body)),
            made: column(&|part, body| scored.made(part, body)),
            is_imputed: scored.scores.iter().any(|score| score.imputed),
            names,
        }
    }

    fn lever(&self, part: &str) -> Lever {
        let range = self.edition.range(part);
        let is_direct = self.edition.above(part) == Some(self.tree.id.as_str());
        let value = self.value(part);
        Lever {
            part: part.to_owned(),
            value,
            range,
            cap: self.cap(part),
            is_direct,
            gain: self.gain(part, value, range.1),
        }
    }

    /// `(f(x + h) - f(x)) / h` with a step that is small beside the value: the derivative of the score from above.
    fn gain(&self, part: &str, value: Option<f64>, most: f64) -> Option<f64> {
        let value = value?;
        let step = GAIN_STEP * value.abs().max(1.0);
        let now = self.standing().score.ok()?;
        (value + step <= most)
            .then(|| self.score_with(part, value + step))
            .flatten()
            .map(|then| (then - now) / step)
    }

    fn cap(&self, part: &str) -> Option<f64> {
        self.edition.rules.get(part).and_then(|rule| rule.cap)
    }

    /// The settings as values, each once and within its range.
    fn checked(&self, settings: &[Setting]) -> Result<Vec<(String, f64)>, Vec<Refusal>> {
        let in_use = self.edition.in_use(self.tree.id.as_str());
        let mut refusals = vec![];
        let mut values: Vec<(String, f64)> = vec![];
        for Setting { part, change } in settings {
            if *part == *self.tree.id.as_str() {
                refusals.push(Refusal::Whole(part.clone()));
            } else if !in_use.contains(part) {
                refusals.push(Refusal::NotInUse(part.clone()));
            } else if values.iter().any(|(other, _)| other == part) {
                refusals.push(Refusal::Twice(part.clone()));
            } else if let Some((other, _)) = values.iter().find(|(other, _)| self.is_line(part, other)) {
                refusals.push(Refusal::Both(part.clone(), other.clone()));
            } else {
                match self.within(part, *change) {
                    Ok(value) => values.push((part.clone(), value)),
                    Err(refusal) => refusals.push(refusal),
                }
            }
        }
        if refusals.is_empty() { Ok(values) } else { Err(refusals) }
    }

    fn within(&self, part: &str, change: Change) -> Result<f64, Refusal> {
        let range = self.edition.range(part);
        let value = change.of(self.value(part)).ok_or_else(|| Refusal::NothingToChange(part.to_owned()))?;
        let fits = value.is_finite() && value >= range.0 && value <= range.1;
        fits.then_some(value).ok_or_else(|| Refusal::Outside { part: part.to_owned(), value, range })
    }

    /// Whether one of two parts goes into the other, near or far.
    fn is_line(&self, a: &str, b: &str) -> bool {
        self.way_up(a).any(|part| part == b) || self.way_up(b).any(|part| part == a)
    }

    fn way_up<'p>(&'p self, part: &'p str) -> impl Iterator<Item = &'p str> {
        std::iter::successors(self.edition.above(part), |part| self.edition.above(part))
    }

    /// What would be given with some parts set, and the parts that move with them, the whole last.
    fn changed(&self, values: &[(String, f64)]) -> Result<(Vec<Given>, Vec<String>), Refusal> {
        let mut given = self.field.given.clone();
        let mut moved: Vec<String> = vec![];
        for part in self.edition.in_use(self.tree.id.as_str()) {
            let is_made = !self.edition.below(&part).is_empty();
            if let Some((_, value)) = values.iter().find(|(set, _)| *set == part) {
                if is_made && !self.now.is_given(&part) {
                    self.freeze(&mut given, &part);
                }
                put(&mut given, self.body, &part, *value);
                continue;
            }
            let below = self.edition.below(&part);
            let moves =
                |(part, _): &(String, f64)| moved.contains(part) || values.iter().any(|(set, _)| set == part);
            let Some((below, _)) = below.iter().find(|below| moves(below)) else { continue };
            if self.now.is_given(&part) && part != self.tree.id.as_str() {
                let value = self.moved(&given, &part);
                let value = value.ok_or_else(|| Refusal::NoMovement(below.clone(), part.clone()))?;
                put(&mut given, self.body, &part, value);
            }
            moved.push(part);
        }
        Ok((given, moved))
    }

    /// A published part of the body, moved by as much as what the rules give for it moves, within its range.
    fn moved(&self, given: &[Given], part: &str) -> Option<f64> {
        let then = Scored::new(self.tree, self.edition, self.field.bodies.len(), given);
        let published = self.now.handed(part, self.body)?;
        let (before, after) = (self.now.made(part, self.body)?, then.made(part, self.body)?);
        let (least, most) = self.edition.range(part);
        Some((published + (after - before)).max(least).min(most))
    }

    /// Takes a part of all bodies as it stands, so that the others keep it when one of them sets it.
    fn freeze(&self, given: &mut Vec<Given>, part: &str) {
        for body in 0..self.field.bodies.len() {
            if let Some(value) = self.now.handed(part, body) {
                put(given, body, part, value);
            }
        }
    }

    /// Who was ahead and would not be, and who was not and would be.
    fn passed(&self, then: &Scored) -> (Vec<usize>, Vec<usize>) {
        let n_bodies = self.field.bodies.len();
        let lower = self.lower_is_better();
        let keys = |wholes: Vec<Option<f64>>| -> Vec<f64> {
            let key = |score: Option<f64>| {
                score.map_or(f64::NEG_INFINITY, |score| key(self.edition.ranking, lower, score))
            };
            wholes.into_iter().map(key).collect()
        };
        let (before, after) = (keys(self.wholes()), keys(then.wholes(self.tree, n_bodies)));
        let ahead = |keys: &[f64], other: usize| keys[other] > keys[self.body];
        let mut others: Vec<usize> = (0..n_bodies).filter(|other| *other != self.body).collect();
        others.sort_by(|a, b| after[*b].total_cmp(&after[*a]).then(a.cmp(b)));
        let passed = others.iter().copied().filter(|other| ahead(&before, *other) && !ahead(&after, *other));
        let passed_by =
            others.iter().copied().filter(|other| !ahead(&before, *other) && ahead(&after, *other));
        (passed.collect(), passed_by.collect())
    }

    /// Whether less of the whole is better.
    pub(super) fn lower_is_better(&self) -> bool {
        self.edition.rules.get(self.tree.id.as_str()).is_some_and(|rule| rule.lower_is_better)
    }
}

/// The parts of an index, part by part and body by body.
pub(super) struct Parts {
    /// Their ids.
    pub(super) names: Vec<String>,
    /// What the index takes.
    pub(super) handed: Vec<Vec<Option<f64>>>,
    /// What the rules give.
    pub(super) made: Vec<Vec<Option<f64>>>,
    /// Whether anything stands in for a missing input.
    pub(super) is_imputed: bool,
}

/// How far a derivative looks, beside the value.
const GAIN_STEP: f64 = 1e-5;

/// What is given for one part of one body becomes a number.
fn put(given: &mut Vec<Given>, body: usize, part: &str, value: f64) {
    let amount = Amount::Value(value);
    match given.iter_mut().find(|given| given.body == body && given.part == part) {
        Some(own) => own.amount = amount,
        None => given.push(Given { body, part: part.to_owned(), amount }),
    }
}

/// All parts of all bodies, found by name.
struct Scored {
    scores: Vec<Score>,
    /// By part, then body: where its score is.
    places: BTreeMap<String, Vec<Option<usize>>>,
}

impl Scored {
    fn new(tree: &IndexTree, edition: &Edition, n_bodies: usize, given: &[Given]) -> Self {
        let scores = score(tree, edition, n_bodies, given);
        let mut places: BTreeMap<String, Vec<Option<usize>>> = BTreeMap::new();
        for (at, score) in scores.iter().enumerate() {
            let part = match places.get_mut(&score.part) {
                Some(part) => part,
                None => places.entry(score.part.clone()).or_insert_with(|| vec![None; n_bodies]),
            };
            part[score.body] = Some(at);
        }
        Scored { scores, places }
    }

    fn find(&self, part: &str, body: usize) -> Option<&Score> {
        self.places.get(part)?[body].map(|at| &self.scores[at])
    }

    /// What the rules give.
    fn made(&self, part: &str, body: usize) -> Option<f64> {
        self.find(part, body)?.value.ok()
    }

    /// What the part above takes.
    fn handed(&self, part: &str, body: usize) -> Option<f64> {
        let score = self.find(part, body)?;
        // The whole goes into nothing: it is what the rules give.
        if score.above.is_some() && self.is_given(part) { score.given } else { score.value.ok() }
    }

    /// Whether a number was given for it, for anybody, although it is made of others.
    fn is_given(&self, part: &str) -> bool {
        let places = self.places.get(part).into_iter().flatten().flatten();
        places.map(|at| &self.scores[*at]).any(|score| score.given.is_some())
    }

    fn standing(&self, tree: &IndexTree, body: usize) -> Standing {
        let whole = self.find(tree.id.as_str(), body);
        Standing {
            score: whole.map_or(Err(Gap::NotReported), |whole| whole.value),
            rank: whole.and_then(|whole| whole.rank),
        }
    }

    fn wholes(&self, tree: &IndexTree, n_bodies: usize) -> Vec<Option<f64>> {
        (0..n_bodies).map(|body| self.made(tree.id.as_str(), body)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::index::testing::{Ground, made_of};
    use crate::model::index::{Impute, Normalise, Rescale, Rule};

    fn set(part: &str, change: Change) -> Setting {
        Setting { part: part.to_owned(), change }
    }

    /// Three bodies: `one` is given; `two` is published and made of `a`, from its least to its greatest.
    fn ground() -> Ground {
        let two = Rule { normalise: Normalise::MinMax, range: Some((0.0, 1.0)), ..made_of(&[("a", 1.0)]) };
        let one = Rule { range: Some((0.0, 1.0)), ..Rule::default() };
        let capped = Rule { cap: Some(35.0), ..Rule::default() };
        let rules =
            [("top", made_of(&[("one", 1.0), ("two", 1.0)])), ("one", one), ("two", two), ("a", capped)];
        let values = [("one", [0.2, 0.5, 0.8]), ("two", [0.4, 0.6, 0.5]), ("a", [10.0, 20.0, 30.0])];
        Ground::new(&rules, 3, &values.iter().map(|(part, values)| (*part, &values[..])).collect::<Vec<_>>())
    }

    fn close(a: f64, b: f64) -> bool {
        (a - b).abs() < 1e-12
    }

    #[track_caller]
    fn check(body: usize, settings: &[Setting], score: f64, rank: u32, passed: &[usize]) {
        let ground = ground();
        let found = ground.case(body).what_if(settings).expect("a sound setting");
        let own = found.after.score.expect("a score");
        assert!(close(own, score), "{own}, expected {score}");
        assert_eq!(found.after.rank, Some(rank));
        assert_eq!(found.passed, passed);
        assert_eq!(found.before, ground.case(body).standing());
    }

    #[test]
    fn worked_by_hand() {
        // The wholes are 0.3, 0.55 and 0.65.
        check(0, &[set("one", Change::To(0.7))], 0.55, 2, &[1]);
        check(0, &[set("one", Change::By(0.6))], 0.6, 2, &[1]);
        check(0, &[set("one", Change::Times(1.5))], 0.35, 3, &[]);
        check(0, &[set("one", Change::To(1.0)), set("two", Change::To(1.0))], 1.0, 1, &[2, 1]);
        // What the rules give for `two` goes from 0 to 0.5, since the least is now 20: the published 0.4 becomes 0.9.
        check(0, &[set("a", Change::To(25.0))], 0.55, 2, &[1]);
        // Level with the least of the others nothing is gained.
        check(0, &[set("a", Change::To(20.0))], 0.3, 3, &[]);
        // From 0.5 to 1: the published 0.6 stops at 1.
        check(1, &[set("a", Change::To(30.0))], 0.75, 1, &[2]);
        // More than the cap is the cap: the greatest is 35 and what the rules gave was 1 before.
        check(2, &[set("a", Change::To(400.0))], 0.65, 1, &[]);
    }

    #[test]
    fn who_falls_behind_is_overtaken() {
        let ground = ground();
        let found = ground.case(2).what_if(&[set("one", Change::By(-0.3))]).expect("a sound setting");
        assert_eq!(found.passed_by, [1]);
        assert_eq!(found.after.rank, Some(2));
        assert!(found.passed.is_empty());
    }

    #[test]
    fn what_counts_of_an_input_is_said() {
        let ground = ground();
        let found = ground.case(0).what_if(&[set("a", Change::To(50.0))]).expect("a sound setting");
        assert_eq!(found.set[0].counts_as, Some(35.0));
        let moved: Vec<&str> = found.moved.iter().map(|moved| moved.part.as_str()).collect();
        assert_eq!(moved, ["two", "top"]);
    }

    #[test]
    fn the_others_keep_a_part_that_is_set_although_it_is_made() {
        // Nobody published `two`: it is 0, 1/2 and 1 by the rules, whatever body 0 sets it to.
        let two = Rule { normalise: Normalise::MinMax, rescale: Rescale::MinMax, ..made_of(&[("a", 1.0)]) };
        let rules = [("top", made_of(&[("one", 1.0), ("two", 3.0)])), ("two", two)];
        let ground = Ground::new(&rules, 3, &[("one", &[0.2, 0.5, 0.8]), ("a", &[10.0, 20.0, 30.0])]);
        let case = ground.case(0);
        assert_eq!(case.value("two"), Some(0.0));
        let found = case.what_if(&[set("two", Change::To(0.7))]).expect("a sound setting");
        assert!(close(found.after.score.expect("a score"), (0.2 + 3.0 * 0.7) / 4.0));
        // The wholes of the others are 0.5 and 0.95 before and after.
        assert_eq!(found.passed, [1]);
        // With an input instead, the others are scored anew: the greatest is now 50.
        let found = case.what_if(&[set("a", Change::To(50.0))]).expect("a sound setting");
        assert!(close(found.after.score.expect("a score"), (0.2 + 3.0) / 4.0));
        assert_eq!(found.passed, [2, 1]);
    }

    #[test]
    fn derivatives_are_those_of_the_formula() {
        let ground = ground();
        let levers = ground.case(1).levers();
        let gain = |part: &str| {
            levers.iter().find(|lever| lever.part == part).expect("a lever").gain.expect("a gain")
        };
        assert!((gain("one") - 0.5).abs() < 1e-9);
        // `two` moves by 1/(30 - 10) for each one of `a`, the whole by half of that.
        assert!((gain("a") - 0.5 / 20.0).abs() < 1e-9);
        assert_eq!(levers.iter().filter(|lever| lever.is_direct).count(), 2);
    }

    #[test]
    fn an_input_that_nobody_has_can_be_set_but_not_changed() {
        let two = Rule { normalise: Normalise::MinMax, impute: Impute::Median, ..made_of(&[("a", 1.0)]) };
        let rules = [("top", made_of(&[("one", 1.0), ("two", 1.0)])), ("two", two)];
        let mut ground = Ground::new(&rules, 3, &[("one", &[0.2, 0.5, 0.8]), ("a", &[10.0, 20.0, 40.0])]);
        ground.field.given.retain(|given| !(given.body == 1 && given.part == "a"));
        let case = ground.case(1);
        // The median of 10 and 40 stands in: (25 - 10) / 30 = 1/2.
        assert!(close(case.standing().score.expect("a score"), 0.5));
        let refused = case.what_if(&[set("a", Change::By(1.0))]);
        assert_eq!(refused, Err(vec![Refusal::NothingToChange("a".to_owned())]));
        let found = case.what_if(&[set("a", Change::To(40.0))]).expect("a sound setting");
        assert!(close(found.after.score.expect("a score"), 0.75));
    }

    #[test]
    fn what_makes_no_sense_is_refused_all_at_once() {
        let settings = [
            set("top", Change::To(1.0)),
            set("three", Change::To(1.0)),
            set("one", Change::To(0.4)),
            set("one", Change::To(0.5)),
            set("two", Change::To(0.5)),
            set("a", Change::To(0.5)),
        ];
        let name = |name: &str| name.to_owned();
        let expected = vec![
            Refusal::Whole(name("top")),
            Refusal::NotInUse(name("three")),
            Refusal::Twice(name("one")),
            Refusal::Both(name("a"), name("two")),
        ];
        assert_eq!(ground().case(0).what_if(&settings), Err(expected));
        let outside = Refusal::Outside { part: name("one"), value: 1.2, range: (0.0, 1.0) };
        assert_eq!(ground().case(0).what_if(&[set("one", Change::By(1.0))]), Err(vec![outside]));
    }
}
