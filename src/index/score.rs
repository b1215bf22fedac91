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

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::model::index::{Impute, Normalise, Ranking, Rescale, Ties};
    use crate::model::indicator::Unit;
    use crate::model::text::Text;

    fn made_of(parts: &[(&str, f64)]) -> Rule {
        Rule {
            parts: parts.iter().map(|(part, weight)| ((*part).to_owned(), *weight)).collect(),
            ..Rule::default()
        }
    }

    /// Scores of an index `top` by its rules, by part and body.
    fn scored(
        rules: &[(&str, Rule)],
        n_bodies: usize,
        given: &[(usize, &str, Amount)],
    ) -> BTreeMap<(String, usize), Score> {
        let text = || Text::both("x", "x");
        let tree = IndexTree {
            id: "top".parse().expect("a valid id"),
            title: text(),
            unit: Unit::Index,
            decimals: 4,
            headline: None,
            legal_basis: None,
            method: text(),
            note: None,
            parts: vec![],
            editions: vec![],
            outlook: None,
            sql: String::new(),
        };
        let edition = Edition {
            name: "2020".to_owned(),
            begins_on: "2020-01-01".parse().expect("a day"),
            formula: 1,
            tolerance: None,
            ranking: Ranking { decimals: 9, ties: Ties::Competition },
            note: None,
            rules: rules.iter().map(|(part, rule)| ((*part).to_owned(), rule.clone())).collect(),
        };
        let given = given.iter().map(|(body, part, amount)| Given {
            body: *body,
            part: (*part).to_owned(),
            amount: amount.clone(),
        });
        let given: Vec<Given> = given.collect();
        let scores = score(&tree, &edition, n_bodies, &given);
        scores.into_iter().map(|score| ((score.part.clone(), score.body), score)).collect()
    }

    fn value(scores: &BTreeMap<(String, usize), Score>, part: &str, body: usize) -> Result<f64, Gap> {
        scores[&(part.to_owned(), body)].value
    }

    #[test]
    fn a_published_part_goes_up_and_its_approximation_stands_beside_it() {
        let sub = Rule { normalise: Normalise::ZScore, rescale: Rescale::MinMax, ..made_of(&[("a", 1.0)]) };
        let given = [
            (0, "a", Amount::Value(10.0)),
            (1, "a", Amount::Value(30.0)),
            (0, "sub", Amount::Value(0.4)),
            (0, "b", Amount::Value(0.8)),
            (1, "b", Amount::Value(0.8)),
        ];
        let scores = scored(&[("top", made_of(&[("sub", 1.0), ("b", 1.0)])), ("sub", sub)], 2, &given);
        assert_eq!(value(&scores, "sub", 0), Ok(0.0));
        assert_eq!(scores[&("sub".to_owned(), 0)].given, Some(0.4));
        assert!((value(&scores, "top", 0).expect("a score") - 0.6).abs() < 1e-12);
        // Where the part is published for anybody, nobody's approximation takes its place.
        assert_eq!(value(&scores, "sub", 1), Ok(1.0));
        assert_eq!(value(&scores, "top", 1), Err(Gap::PartMissing));
        assert_eq!(scores[&("b".to_owned(), 0)].weight, Some(0.5));
    }

    #[test]
    fn a_stand_in_is_marked_all_the_way_up() {
        let top = Rule { impute: Impute::Median, ..made_of(&[("a", 1.0), ("b", 3.0)]) };
        let given = [
            (0, "a", Amount::Value(1.0)),
            (1, "a", Amount::Value(3.0)),
            (2, "a", Amount::Missing(Missing::Withheld)),
            (0, "b", Amount::Value(5.0)),
            (2, "b", Amount::Value(7.0)),
        ];
        let scores = scored(&[("top", top)], 3, &given);
        let imputed = |part: &str, body: usize| scores[&(part.to_owned(), body)].imputed;
        assert_eq!(value(&scores, "b", 1), Ok(6.0));
        assert!(imputed("b", 1) && imputed("top", 1) && !imputed("top", 0));
        assert_eq!(value(&scores, "top", 1), Ok(3.0 / 4.0 + 6.0 * 3.0 / 4.0));
        // What is kept back is not guessed.
        assert_eq!(value(&scores, "a", 2), Err(Gap::Withheld));
        assert_eq!(value(&scores, "top", 2), Err(Gap::PartMissing));
    }

    #[test]
    fn a_cap_binds_before_bodies_are_compared() {
        let top = Rule { normalise: Normalise::MinMax, ..made_of(&[("a", 1.0)]) };
        let capped = Rule { cap: Some(120.0), ..Rule::default() };
        let given = [20.0, 70.0, 120.0, 300.0].into_iter().enumerate();
        let given: Vec<_> = given.map(|(body, x)| (body, "a", Amount::Value(x))).collect();
        let scores = scored(&[("top", top), ("a", capped)], 4, &given);
        let tops: Vec<_> = (0..4).map(|body| value(&scores, "top", body)).collect();
        assert_eq!(tops, [Ok(0.0), Ok(0.5), Ok(1.0), Ok(1.0)]);
        assert_eq!(scores[&("top".to_owned(), 3)].rank, Some(1));
    }

    #[test]
    fn a_formula_that_is_not_known_makes_nothing_of_counts() {
        let top = Rule { aggregate: Aggregate::Sum, ..made_of(&[("a", 1.0), ("b", 1.0)]) };
        let unknown = Rule { unknown: Some(Text::both("x", "x")), ..Rule::default() };
        let given = [
            (0, "a", Amount::Counts { numerator: 1.0, denominator: 2.0 }),
            (0, "b", Amount::Value(3.0)),
            (1, "a", Amount::Value(8.0)),
            (1, "b", Amount::Value(3.0)),
        ];
        let scores = scored(&[("top", top), ("a", unknown)], 2, &given);
        assert_eq!(value(&scores, "a", 0), Err(Gap::FormulaNotKnown));
        assert_eq!(value(&scores, "top", 0), Err(Gap::PartMissing));
        // What was printed may be added up.
        assert_eq!(value(&scores, "top", 1), Ok(11.0));
    }

    #[test]
    fn a_part_nobody_spoke_of_has_no_score() {
        let rules = [("top", made_of(&[("a", 1.0), ("b", 1.0)])), ("b", made_of(&[("c", 1.0)]))];
        let scores = scored(&rules, 1, &[(0, "a", Amount::Value(1.0))]);
        let parts: Vec<&str> = scores.keys().map(|(part, _)| part.as_str()).collect();
        assert_eq!(parts, ["a", "top"]);
        assert_eq!(value(&scores, "top", 0), Err(Gap::PartMissing));
    }

    #[test]
    fn halves_are_rounded_up_as_they_are_written() {
        let check = |value: f64, expected: f64| assert_eq!(rounded(value, 2), expected, "{value}");
        check(2.675, 2.68);
        check(19.375, 19.38);
        check(1.005, 1.01);
        check(-1.005, -1.01);
        check(0.004_999, 0.0);
        check(17.352_904, 17.35);
    }
}
