//! The scores of all parts of all bodies in one period.

use super::aggregate::{aggregate, shares};
use super::impute::stand_in;
use super::normalise::{normalise, rescale};
use super::points::points;
use super::rank::places;
use crate::model::index::{Aggregate, Edition, Gap, IndexTree, Rule};
use crate::model::measure::Missing;

/// What is known of one part of one body before anything is scored.
#[derive(Debug, Clone, PartialEq)]
pub enum Amount {
    /// A number: a raw input, or a score that was published.
    Value(f64),
    /// Two counts.
    Counts {
        /// What was counted.
        numerator: f64,
        /// Out of how many.
        denominator: f64,
    },
    /// A word.
    State(String),
    /// Nothing, and why.
    Missing(Missing),
}

/// What was given for one part of one body.
#[derive(Debug, Clone, PartialEq)]
pub struct Given {
    /// Which of the bodies, counted from 0.
    pub body: usize,
    /// Which part.
    pub part: String,
    /// What is known of it.
    pub amount: Amount,
}

/// One part of one body, scored.
#[derive(Debug, Clone, PartialEq)]
pub struct Score {
    /// Which of the bodies.
    pub body: usize,
    /// Which part.
    pub part: String,
    /// The part above it.
    pub above: Option<String>,
    /// The number that was given for a part that is made of others; the part above takes it.
    pub given: Option<f64>,
    /// What the rule gives, or why it gives nothing.
    pub value: Result<f64, Gap>,
    /// Its weight in the part above: a share of one, or a factor where parts are added.
    pub weight: Option<f64>,
    /// Its place among the bodies.
    pub rank: Option<u32>,
    /// Whether the value stands in for one that the body does not have, or is made of such a one.
    pub imputed: bool,
}

/// Scores every part of `n_bodies` bodies that are compared with one another, by the rules of one edition.
///
/// A part that is made of others and was given as well, for anybody, goes into the part above as it was given: an
/// approximation from its inputs never takes the place of the published number. A part nothing was said of, for a body,
/// has no score there; it is missing from the part above.
pub fn score(tree: &IndexTree, edition: &Edition, n_bodies: usize, given: &[Given]) -> Vec<Score> {
    let mut scoring = Scoring { edition, n_bodies, given, scores: vec![] };
    scoring.part(tree.id.as_str(), None, None);
    scoring.scores
}

struct Scoring<'a> {
    edition: &'a Edition,
    n_bodies: usize,
    given: &'a [Given],
    scores: Vec<Score>,
}

/// A part over all bodies.
struct Column {
    /// Whether anything was said of it or of a part below it.
    spoken_of: Vec<bool>,
    given: Vec<Option<f64>>,
    value: Vec<Result<f64, Gap>>,
    imputed: Vec<bool>,
}

impl Column {
    /// Whether a number was given, for anybody, for a part that is made of others.
    fn is_given(&self) -> bool {
        self.given.iter().any(Option::is_some)
    }

    /// What the part above takes.
    fn handed(&self) -> Vec<Result<f64, Gap>> {
        if !self.is_given() {
            return self.value.clone();
        }
        self.given.iter().map(|given| given.ok_or(Gap::NotReported)).collect()
    }
}

impl Scoring<'_> {
    /// Scores a part after those that it is made of, and writes it down after them.
    fn part(&mut self, part: &str, above: Option<&str>, weight: Option<f64>) -> Column {
        let rule = self.edition.rules.get(part).cloned().unwrap_or_default();
        let mut column = match rule.parts.is_empty() {
            true => self.leaf(part, &rule),
            false => self.made_of_parts(part, &rule),
        };
        if let Some(decimals) = rule.decimals {
            column.value.iter_mut().flatten().for_each(|value| *value = rounded(*value, decimals));
        }
        if let (Some(above), Some(weight)) = (above, weight) {
            self.fill_gaps(&mut column, &self.edition.rules[above].clone(), weight);
        }
        self.write_down(part, above, weight, &rule, &column);
        column
    }

    /// What was given for a part, by body.
    fn amounts(&self, part: &str) -> Vec<Option<&Amount>> {
        let mut amounts = vec![None; self.n_bodies];
        for given in self.given.iter().filter(|given| given.part == part) {
            amounts[given.body] = Some(&given.amount);
        }
        amounts
    }

    fn leaf(&self, part: &str, rule: &Rule) -> Column {
        let amounts = self.amounts(part);
        let value = amounts.iter().map(|amount| amount.map_or(Err(Gap::NotReported), |it| leaf(rule, it)));
        Column {
            value: value.collect(),
            spoken_of: amounts.iter().map(Option::is_some).collect(),
            given: vec![None; self.n_bodies],
            imputed: vec![false; self.n_bodies],
        }
    }

    fn made_of_parts(&mut self, part: &str, rule: &Rule) -> Column {
        let shares = match rule.aggregate {
            Aggregate::Sum => weights(rule),
            Aggregate::Arithmetic | Aggregate::Geometric => shares(&weights(rule)),
        };
        let mut columns = vec![];
        for ((below, _), share) in rule.parts.iter().zip(shares) {
            columns.push(self.part(below, Some(part), Some(share)));
        }
        let handed: Vec<_> = columns
            .iter()
            .zip(&rule.parts)
            .map(|(column, (below, _))| comparable(rule, self.edition.rules.get(below), column))
            .collect();
        let value = (0..self.n_bodies).map(|body| {
            let values: Vec<f64> = handed.iter().map(|column| column[body]).collect::<Result<_, Gap>>()?;
            aggregate(rule.aggregate, &values, &weights(rule)).ok_or(Gap::Undefined)
        });
        let value = rescaled(rule, value.map(|value| value.map_err(above_a_gap)).collect());
        let amounts = self.amounts(part);
        let given = amounts.iter().map(|amount| match amount {
            Some(Amount::Value(value)) => Some(*value),
            _ => None,
        });
        let spoken_of = amounts
            .iter()
            .enumerate()
            .map(|(body, amount)| amount.is_some() || columns.iter().any(|column| column.spoken_of[body]));
        let rests_on_one =
            |body: usize| columns.iter().any(|column| column.imputed[body] && !column.is_given());
        Column {
            spoken_of: spoken_of.collect(),
            given: given.collect(),
            value,
            imputed: (0..self.n_bodies).map(rests_on_one).collect(),
        }
    }

    /// Puts the stand-in of the part above where a body has no value; a part of no weight needs none.
    fn fill_gaps(&self, column: &mut Column, above: &Rule, weight: f64) {
        let present: Vec<f64> = column.value.iter().flatten().copied().collect();
        let is_needed = weight > 0.0 && !column.is_given();
        let Some(stand_in) = stand_in(above.impute, &present).filter(|_| is_needed) else {
            return;
        };
        for body in 0..self.n_bodies {
            if column.value[body] == Err(Gap::NotReported) {
                column.value[body] = Ok(stand_in);
                column.imputed[body] = true;
                column.spoken_of[body] = true;
            }
        }
    }

    fn write_down(
        &mut self,
        part: &str,
        above: Option<&str>,
        weight: Option<f64>,
        rule: &Rule,
        column: &Column,
    ) {
        let known: Vec<Option<f64>> = column.value.iter().map(|value| value.ok()).collect();
        let ranks = places(self.edition.ranking, rule.lower_is_better, &known);
        for body in (0..self.n_bodies).filter(|body| column.spoken_of[*body]) {
            self.scores.push(Score {
                body,
                part: part.to_owned(),
                above: above.map(str::to_owned),
                given: column.given[body],
                value: column.value[body],
                weight,
                rank: ranks[body],
                imputed: column.imputed[body],
            });
        }
    }
}

/// The score of a leaf: its points, or its value up to the cap.
fn leaf(rule: &Rule, amount: &Amount) -> Result<f64, Gap> {
    if rule.unknown.is_some() {
        // What was published may still be added up; nothing is made of counts.
        return match amount {
            Amount::Value(published) => Ok(*published),
            _ => Err(Gap::FormulaNotKnown),
        };
    }
    let value = match (&rule.points, amount) {
        (Some(rule), amount) => points(rule, amount)?,
        (None, Amount::Value(value)) => *value,
        (None, Amount::Counts { denominator, .. }) if *denominator == 0.0 => return Err(Gap::NothingToCount),
        (None, Amount::Counts { numerator, denominator }) => numerator / denominator,
        (None, Amount::State(_)) => return Err(Gap::UnknownState),
        (None, Amount::Missing(missing)) => return Err((*missing).into()),
    };
    Ok(rule.cap.map_or(value, |cap| value.min(cap)))
}

fn weights(rule: &Rule) -> Vec<f64> {
    rule.parts.iter().map(|(_, weight)| *weight).collect()
}

/// A part as it goes into the one above: normalised over the bodies that have it.
fn comparable(above: &Rule, own: Option<&Rule>, column: &Column) -> Vec<Result<f64, Gap>> {
    let plain = Rule::default();
    over_present(column.handed(), |values| normalise(above.normalise, values, own.unwrap_or(&plain)))
}

fn rescaled(rule: &Rule, column: Vec<Result<f64, Gap>>) -> Vec<Result<f64, Gap>> {
    over_present(column, |values| rescale(rule.rescale, values))
}

/// Applies a rule to the values that are there; where it gives no numbers none of them is one.
fn over_present(
    column: Vec<Result<f64, Gap>>,
    rule: impl Fn(&[f64]) -> Option<Vec<f64>>,
) -> Vec<Result<f64, Gap>> {
    let present: Vec<f64> = column.iter().flatten().copied().collect();
    let mut made = rule(&present).map(Vec::into_iter);
    let next = |value: Result<f64, Gap>| {
        value.and_then(|_| made.as_mut().and_then(Iterator::next).ok_or(Gap::Undefined))
    };
    column.into_iter().map(next).collect()
}

/// Why a part is missing of which one of its own is: that says more only where the rule itself gives no number.
fn above_a_gap(gap: Gap) -> Gap {
    if gap == Gap::Undefined { Gap::Undefined } else { Gap::PartMissing }
}

/// Rounded half away from zero, the way the value is written: 2.675 is 2.68, although it is stored as slightly less.
fn rounded(value: f64, decimals: u8) -> f64 {
    let scale = 10f64.powi(decimals.into());
    let scaled = value * scale;
    // The stored number may lie a few units of its last place below the one that was meant.
    (scaled + scaled.signum() * scaled.abs() * 4.0 * f64::EPSILON).round() / scale
}
