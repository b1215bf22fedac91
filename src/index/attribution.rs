//! A change of score and place taken apart: what a body's own parts did, what the others did, what new rules did.
//!
//! Takes the scores of the parts of all bodies in two editions, with the rules of each; gives contributions that add up to
//! the change without rest, of the score as of the place. What a new method did inside a part cannot be told from the
//! part's own change, for no edition was scored by both.

use std::collections::{BTreeMap, BTreeSet};

use super::score::{Amount, Given, score};
use crate::model::id::OrgId;
use crate::model::index::{Edition, IndexTree};
use crate::model::outlook::{Attribution, Contribution};
use crate::model::period::Period;

/// Orders of more things than this are too many.
const MOST_PLAYERS: usize = 10;

/// One edition: its rules, and the scores of the parts right below the top, by body.
#[derive(Debug, Clone)]
pub struct Side<'a> {
    /// Of when.
    pub period: Period,
    /// Its rules.
    pub edition: &'a Edition,
    /// The parts of each body that was scored.
    pub bodies: BTreeMap<OrgId, BTreeMap<String, f64>>,
}

/// What moves a score or a place.
#[derive(Clone, PartialEq)]
enum Player {
    Part(String),
    Others,
    Rules,
}

/// The change of one body from one edition to another; none where it has no score in one of them, or where a part of one
/// edition is not known in the other.
///
/// Each contribution is a Shapley value: the mean, over all orders in which the parts, the others and the rules could have
/// changed one after the other, of what the change did when its turn came. It depends on no chosen order, and the
/// contributions add up (Shapley 1953; Shorrocks 2013, Journal of Economic Inequality 11, 99-126). For a weighted sum the
/// contribution of a part is its change times the mean of its two weights, that of the weights their change times the mean
/// of the two scores.
pub fn attribute(tree: &IndexTree, before: &Side<'_>, after: &Side<'_>, own: &OrgId) -> Option<Attribution> {
    let names: BTreeSet<&str> = [before, after].iter().flat_map(|side| parts(tree, side.edition)).collect();
    let players: Vec<Player> = tree
        .parts
        .iter()
        .filter(|(part, _)| names.contains(part.as_str()))
        .map(|(part, _)| Player::Part(part.clone()))
        .chain([Player::Others, Player::Rules])
        .collect();
    if players.len() > MOST_PLAYERS {
        return None;
    }
    let game = Game { tree, before, after, own, players: &players };
    let values: Vec<(f64, u32)> =
        (0..1usize << players.len()).map(|moved| game.value(moved)).collect::<Option<_>>()?;
    let (first, last) = (values[0], values[values.len() - 1]);
    let mut contributions: Vec<Contribution> =
        (0..players.len()).map(|at| shapley(&values, at, players.len())).collect();
    let rules = contributions.pop()?;
    let others = contributions.pop()?;
    let named = players.iter().filter_map(|player| match player {
        Player::Part(part) => Some(part.clone()),
        Player::Others | Player::Rules => None,
    });
    Some(Attribution {
        from: before.period,
        to: after.period,
        score: (first.0, last.0),
        place: (first.1, last.1),
        parts: named.zip(contributions).collect(),
        others,
        rules,
        is_broken: before.edition.formula != after.edition.formula,
    })
}

fn parts<'a>(tree: &IndexTree, edition: &'a Edition) -> impl Iterator<Item = &'a str> {
    edition.below(tree.id.as_str()).iter().map(|(part, _)| part.as_str())
}

struct Game<'a> {
    tree: &'a IndexTree,
    before: &'a Side<'a>,
    after: &'a Side<'a>,
    own: &'a OrgId,
    players: &'a [Player],
}

impl Game<'_> {
    /// Score and place when these have changed, one bit for each.
    fn value(&self, moved: usize) -> Option<(f64, u32)> {
        let side = |player: &Player| {
            let at = self.players.iter().position(|other| other == player)?;
            Some(if moved >> at & 1 == 1 { self.after } else { self.before })
        };
        let others = side(&Player::Others)?;
        let edition = flat(self.tree, side(&Player::Rules)?.edition);
        let mut given = vec![];
        for player in self.players {
            if let Player::Part(part) = player {
                let value = side(player)?.bodies.get(self.own)?.get(part);
                given.extend(value.map(|value| said(0, part, *value)));
            }
        }
        for (at, (_, parts)) in others.bodies.iter().filter(|(org, _)| *org != self.own).enumerate() {
            given.extend(parts.iter().map(|(part, value)| said(at + 1, part, *value)));
        }
        let n_bodies = 1 + others.bodies.keys().filter(|org| *org != self.own).count();
        let scores = score(self.tree, &edition, n_bodies, &given);
        let top = scores.iter().find(|score| score.body == 0 && score.part == self.tree.id.as_str())?;
        Some((top.value.ok()?, top.rank?))
    }
}

fn said(body: usize, part: &str, value: f64) -> Given {
    Given { body, part: part.to_owned(), amount: Amount::Value(value) }
}

/// An edition in which the parts below the top are taken as they are.
fn flat(tree: &IndexTree, edition: &Edition) -> Edition {
    let mut edition = edition.clone();
    for (part, rule) in &mut edition.rules {
        if part != tree.id.as_str() {
            rule.parts.clear();
        }
    }
    edition
}

/// `sum over S without i of |S|! (n - |S| - 1)! / n! (v(S with i) - v(S))`
fn shapley(values: &[(f64, u32)], player: usize, n: usize) -> Contribution {
    let mut sum = Contribution::default();
    for without in (0..values.len()).filter(|moved| moved >> player & 1 == 0) {
        let (before, after) = (values[without], values[without | 1 << player]);
        let weight = 1.0 / (n as f64 * binomial(n - 1, without.count_ones() as usize));
        sum.score += weight * (after.0 - before.0);
        sum.place += weight * (f64::from(after.1) - f64::from(before.1));
    }
    sum
}

/// `n! / (k! (n - k)!)`
fn binomial(n: usize, k: usize) -> f64 {
    (0..k).map(|at| (n - at) as f64 / (at + 1) as f64).product()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::index::{Aggregate, Ranking, Rule, Ties};
    use crate::model::indicator::Unit;
    use crate::model::text::Text;

    fn edition(formula: u32, parts: &[(&str, f64)], aggregate: Aggregate) -> Edition {
        let parts = parts.iter().map(|(part, weight)| ((*part).to_owned(), *weight)).collect();
        Edition {
            name: formula.to_string(),
            begins_on: "2000-01-01".parse().expect("a day"),
            formula,
            tolerance: None,
            ranking: Ranking { decimals: 9, ties: Ties::Competition },
            note: None,
            rules: BTreeMap::from([("top".to_owned(), Rule { parts, aggregate, ..Rule::default() })]),
        }
    }

    fn tree() -> IndexTree {
        let text = |name: &str| Text::both(name, name);
        IndexTree {
            id: "top".parse().expect("a valid id"),
            title: text("top"),
            unit: Unit::Index,
            decimals: 4,
            headline: None,
            legal_basis: None,
            method: text("x"),
            note: None,
            parts: ["top", "a", "b", "c"].map(|part| (part.to_owned(), text(part))).to_vec(),
            editions: vec![],
            outlook: None,
            sql: String::new(),
        }
    }

    fn side<'a>(edition: &'a Edition, year: &str, bodies: &[(&str, f64, f64)]) -> Side<'a> {
        let parts = |a: f64, b: f64| BTreeMap::from([("a".to_owned(), a), ("b".to_owned(), b)]);
        Side {
            period: year.parse().expect("a period"),
            edition,
            bodies: bodies.iter().map(|(org, a, b)| (org.parse().expect("an id"), parts(*a, *b))).collect(),
        }
    }

    fn close(a: f64, b: f64) -> bool {
        (a - b).abs() < 1e-12
    }

    /// Weights 1/2, 1/2 become 3/4, 1/4; a rises from 0.2 to 0.6, b from 0.4 to 0.5; the other falls behind by itself.
    #[test]
    fn worked_by_hand() {
        let (old, new) = (
            edition(1, &[("a", 1.0), ("b", 1.0)], Aggregate::Arithmetic),
            edition(2, &[("a", 3.0), ("b", 1.0)], Aggregate::Arithmetic),
        );
        let before = side(&old, "2020", &[("X", 0.2, 0.4), ("Y", 0.7, 0.7)]);
        let after = side(&new, "2022", &[("X", 0.6, 0.5), ("Y", 0.1, 0.1)]);
        let found = attribute(&tree(), &before, &after, &"X".parse().unwrap()).expect("both were scored");
        assert!(close(found.score.0, 0.3) && close(found.score.1, 0.575), "{found:?}");
        // a: 0.4 x (1/2 + 3/4)/2; b: 0.1 x (1/2 + 1/4)/2; weights: 1/4 x (0.2 + 0.6)/2 - 1/4 x (0.4 + 0.5)/2.
        let expected = [0.25, 0.0375, -0.0125];
        let scores = [found.parts[0].1.score, found.parts[1].1.score, found.rules.score];
        assert!(scores.iter().zip(expected).all(|(one, other)| close(*one, other)), "{found:?}");
        assert_eq!((found.place, found.others.score, found.is_broken), ((2, 1), 0.0, true));
        // X does not pass 0.7 by itself in any order: the place is the other's doing alone.
        assert!(close(found.others.place, -1.0) && close(found.parts[0].1.place, 0.0), "{found:?}");
    }

    #[test]
    fn what_is_not_known_in_both_editions_is_not_taken_apart() {
        let (old, new) = (
            edition(1, &[("a", 1.0), ("b", 1.0)], Aggregate::Arithmetic),
            edition(2, &[("a", 1.0), ("c", 1.0)], Aggregate::Arithmetic),
        );
        let before = side(&old, "2020", &[("X", 0.2, 0.4), ("Y", 0.7, 0.7)]);
        let after = side(&new, "2022", &[("X", 0.6, 0.5), ("Y", 0.1, 0.1)]);
        assert_eq!(attribute(&tree(), &before, &after, &"X".parse().unwrap()), None);
        let same = side(&old, "2022", &[("X", 0.6, 0.5), ("Y", 0.1, 0.1)]);
        assert_eq!(attribute(&tree(), &before, &same, &"Z".parse().unwrap()), None);
    }

    #[test]
    fn contributions_add_up_for_any_way_of_putting_together() {
        for aggregate in [Aggregate::Arithmetic, Aggregate::Geometric, Aggregate::Sum] {
            let old = edition(1, &[("a", 1.0), ("b", 2.0)], aggregate);
            let new = edition(1, &[("a", 2.0), ("b", 1.0)], aggregate);
            let before = side(&old, "2020", &[("X", 0.2, 0.4), ("Y", 0.7, 0.7), ("Z", 0.3, 0.3)]);
            let after = side(&new, "2022", &[("X", 0.9, 0.5), ("Y", 0.4, 0.6), ("W", 0.8, 0.9)]);
            let found = attribute(&tree(), &before, &after, &"X".parse().unwrap()).expect("both were scored");
            let all = || found.parts.iter().map(|(_, one)| *one).chain([found.others, found.rules]);
            assert!(close(all().map(|one| one.score).sum(), found.score.1 - found.score.0), "{found:?}");
            let places = f64::from(found.place.1) - f64::from(found.place.0);
            assert!(close(all().map(|one| one.place).sum(), places), "{found:?}");
        }
    }
}
