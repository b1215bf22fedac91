//! What a place needs: the score, what each part would have to be alone, and the least that several of them need together.

use super::aggregate::{aggregate, shares};
use super::case::{Case, Lever, Standing};
use super::rank::{key, key_at};
use crate::model::index::{Aggregate, Gap, Normalise, Rescale};

/// What it takes to have a score.
#[derive(Debug, Clone, PartialEq)]
pub struct Goal {
    /// As the body stands.
    pub now: Standing,
    /// The score that is needed.
    pub needed: f64,
    /// Whether it is there already.
    pub is_reached: bool,
    /// What each part would have to be if nothing else changed; nothing where the score is there already.
    pub alone: Vec<Alone>,
    /// The parts of the index changed together by as little as possible.
    pub smallest: Joint,
    /// The same at the least cost, where costs are given.
    pub cheapest: Option<Joint>,
}

/// One part against the goal.
#[derive(Debug, Clone, PartialEq)]
pub struct Alone {
    /// The part as it is.
    pub lever: Lever,
    /// What it would have to be, or the best that it can do.
    pub outcome: Result<f64, Falls>,
}

/// Why one part cannot do it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Falls {
    /// At its best value the score is still too low.
    Short {
        /// Its best value.
        best: f64,
        /// The score with it.
        score: f64,
    },
    /// Nothing bounds it, and no value that anybody could reach is enough.
    Unbounded {
        /// The greatest value that was tried.
        tried: f64,
        /// The score with it.
        score: f64,
    },
    /// It has no value now, or its change moves nothing that the rules know.
    NotKnown,
}

/// Several parts changed together.
#[derive(Debug, Clone, PartialEq)]
pub enum Joint {
    /// What each part of the index becomes.
    Change(Vec<Step>),
    /// All of them at their best give only this score.
    Short(f64),
    /// The rules are not of a kind that this can be solved for, or a part has no number.
    NotSolvable,
}

/// One part of a joint change.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// Which part.
    pub part: String,
    /// What it is.
    pub before: f64,
    /// What it becomes.
    pub after: f64,
}

/// The score that one body needs for a place, all others as they are; none where even the last place needs nothing.
///
/// Equal scores share a place by the rule of the edition, so the score of the body at that place is enough, unless equal
/// ones get the worst of their places.
pub fn score_for(case: &Case<'_>, place: u32) -> Option<f64> {
    let (ranking, lower) = (case.edition.ranking, case.lower_is_better());
    let wholes = case.wholes();
    let others = wholes.iter().enumerate().filter(|(body, _)| *body != case.body);
    let others: Vec<f64> =
        others.filter_map(|(_, whole)| *whole).map(|whole| key(ranking, lower, whole)).collect();
    let needed = key_at(ranking, &others, place).filter(|key| key.is_finite())?;
    let sign = if lower { -1.0 } else { 1.0 };
    Some(sign * needed / 10f64.powi(ranking.decimals.into()))
}

/// What it takes to have a score at least; `costs` are those of one more of each part, in the order of the tree.
///
/// Fails where the body has no score now.
pub fn goal(case: &Case<'_>, needed: f64, costs: Option<&[(String, f64)]>) -> Result<Goal, Gap> {
    goal_of(case, &case.levers(), needed, costs)
}

/// The same; what a part would have to be alone is asked of these levers only, those of the index itself among them.
pub fn goal_of(
    case: &Case<'_>,
    levers: &[Lever],
    needed: f64,
    costs: Option<&[(String, f64)]>,
) -> Result<Goal, Gap> {
    let now = case.standing();
    let score = now.score?;
    let problem = Problem::of(case, levers, needed);
    let is_reached = problem.reaches(score);
    let open = levers.iter().filter(|_| !is_reached);
    let alone = open.map(|lever| Alone { lever: lever.clone(), outcome: problem.alone(case, lever) });
    Ok(Goal {
        now,
        needed,
        is_reached,
        alone: alone.collect(),
        smallest: problem.joint(None),
        cheapest: costs.map(|costs| problem.joint(Some(costs))),
    })
}

/// The parts of the index and what they have to give together.
#[derive(Debug)]
struct Problem {
    needed: f64,
    lower_is_better: bool,
    how: Aggregate,
    parts: Option<Vec<Part>>,
}

/// A part of the index as a variable.
#[derive(Debug, Clone)]
struct Part {
    name: String,
    value: f64,
    best: f64,
    weight: f64,
}

impl Problem {
    fn of(case: &Case<'_>, levers: &[Lever], needed: f64) -> Self {
        let top = &case.edition.rules[case.tree.id.as_str()];
        let weights: Vec<f64> = top.parts.iter().map(|(_, weight)| *weight).collect();
        let weights = if top.aggregate == Aggregate::Sum { weights } else { shares(&weights) };
        let part = |((name, _), weight): (&(String, f64), f64)| {
            let lever = levers.iter().find(|lever| lever.part == *name)?;
            // What a part that counts the other way round gives is not a matter of raising it.
            let turned = case.edition.rules.get(name).is_some_and(|rule| rule.lower_is_better);
            let best = lever.cap.map_or(lever.range.1, |cap| cap.min(lever.range.1));
            (!turned).then_some(Part { name: name.clone(), value: lever.value?, best, weight })
        };
        let is_plain =
            top.normalise == Normalise::None && top.rescale == Rescale::None && !top.lower_is_better;
        let parts: Option<Vec<Part>> = top.parts.iter().zip(weights).map(part).collect();
        Problem {
            needed,
            lower_is_better: top.lower_is_better,
            how: top.aggregate,
            parts: parts.filter(|_| is_plain),
        }
    }

    /// Whether a score is good enough; what a sum differs by at its last digits is nothing.
    fn reaches(&self, score: f64) -> bool {
        let noise = 1e-12 * self.needed.abs().max(1.0);
        if self.lower_is_better { score <= self.needed + noise } else { score >= self.needed - noise }
    }

    /// What one part has to be while the others stay.
    fn alone(&self, case: &Case<'_>, lever: &Lever) -> Result<f64, Falls> {
        let now = lever.value.ok_or(Falls::NotKnown)?;
        // A part of the index itself is solved for, not searched.
        if let Some(part) = self.parts.iter().flatten().find(|part| part.name == lever.part) {
            return self.one(part, now);
        }
        search(case, lever, now, |score| self.reaches(score))
    }

    fn one(&self, part: &Part, now: f64) -> Result<f64, Falls> {
        let values = |value: f64| -> Vec<f64> {
            let parts = self.parts.iter().flatten();
            parts.map(|other| if other.name == part.name { value } else { other.value }).collect()
        };
        if part.best.is_finite() {
            let score = self.score(&values(part.best)).ok_or(Falls::NotKnown)?;
            if !self.reaches(score) {
                return Err(Falls::Short { best: part.best, score });
            }
        }
        let needed = match self.how {
            // needed = score + w (x - now)
            Aggregate::Arithmetic | Aggregate::Sum => {
                let score = self.score(&values(now)).ok_or(Falls::NotKnown)?;
                now + (self.needed - score) / part.weight
            }
            // needed = prod others ^ w x ^ w
            Aggregate::Geometric => {
                let others = self.score(&values(1.0)).ok_or(Falls::NotKnown)?;
                (self.needed / others).powf(1.0 / part.weight)
            }
        };
        if needed.is_finite() { Ok(needed.min(part.best)) } else { Err(Falls::NotKnown) }
    }

    /// The change of all parts that is the least, by the sum of its squares or by its cost.
    fn joint(&self, costs: Option<&[(String, f64)]>) -> Joint {
        let Some(parts) = &self.parts else { return Joint::NotSolvable };
        let cost = |part: &Part| {
            costs.map(|costs| {
                costs.iter().find(|(name, _)| *name == part.name).map_or(f64::INFINITY, |(_, cost)| *cost)
            })
        };
        let costs: Option<Vec<f64>> = parts.iter().map(cost).collect();
        let free = |at: usize| costs.as_ref().is_none_or(|costs| costs[at].is_finite());
        let best: Vec<f64> = parts
            .iter()
            .enumerate()
            .map(|(at, part)| if free(at) { part.best.max(part.value) } else { part.value })
            .collect();
        if best.iter().all(|best| best.is_finite()) {
            match self.score(&best) {
                None => return Joint::NotSolvable,
                Some(score) if !self.reaches(score) => return Joint::Short(score),
                Some(_) => {}
            }
        }
        let after = match (&costs, self.how) {
            (Some(costs), Aggregate::Arithmetic | Aggregate::Sum) => self.greedy(parts, costs),
            _ => self.at_multiplier(parts, costs.as_deref()),
        };
        let step = |(part, after): (&Part, f64)| Step { part: part.name.clone(), before: part.value, after };
        after.map_or(Joint::NotSolvable, |after| Joint::Change(parts.iter().zip(after).map(step).collect()))
    }

    fn score(&self, values: &[f64]) -> Option<f64> {
        let weights: Vec<f64> = self.parts.iter().flatten().map(|part| part.weight).collect();
        aggregate(self.how, values, &weights)
    }

    /// Values as a function of the multiplier of the one condition that binds, at the least multiplier that is enough.
    ///
    /// Minimise `1/2 sum d_i^2`, or `sum c_i d_i`, subject to `g(x + d) >= needed` and `0 <= d_i <= best_i - x_i`. The
    /// conditions of Karush, Kuhn and Tucker give each part by itself, held within its bounds, for a multiplier `m >= 0`:
    /// of a mean `d_i = m w_i`; of a geometric mean, whose condition is `sum w_i ln(x_i + d_i) >= ln needed`,
    /// `d_i = m w_i / (x_i + d_i)`, and with costs `c_i = m w_i / (x_i + d_i)`. All grow with `m`, so halving finds it.
    /// Source: Boyd and Vandenberghe, Convex Optimization (2004), section 5.5.3 and example 5.2 (water-filling).
    fn at_multiplier(&self, parts: &[Part], costs: Option<&[f64]>) -> Option<Vec<f64>> {
        let at = |multiplier: f64| -> Vec<f64> {
            let value = |(at, part): (usize, &Part)| {
                let force = multiplier * part.weight;
                let free = match (self.how, costs) {
                    (Aggregate::Geometric, Some(costs)) => force / costs[at],
                    (Aggregate::Geometric, None) => {
                        f64::midpoint(part.value, (part.value * part.value + 4.0 * force).sqrt())
                    }
                    _ => part.value + force,
                };
                free.clamp(part.value, part.best.max(part.value))
            };
            parts.iter().enumerate().map(value).collect()
        };
        let is_enough =
            |multiplier: f64| self.score(&at(multiplier)).is_some_and(|score| self.reaches(score));
        if is_enough(0.0) {
            return Some(at(0.0));
        }
        let enough = std::iter::successors(Some(1e-6_f64), |multiplier| Some(multiplier * 2.0));
        let enough = enough
            .take_while(|multiplier| multiplier.is_finite())
            .find(|multiplier| is_enough(*multiplier))?;
        Some(at(halved(0.0, enough, is_enough)))
    }

    /// The cheapest change of a mean: what costs the least for what it gives goes first, as far as it goes.
    ///
    /// Source: Dantzig, Discrete-Variable Extremum Problems (1957): the continuous knapsack.
    fn greedy(&self, parts: &[Part], costs: &[f64]) -> Option<Vec<f64>> {
        let mut after: Vec<f64> = parts.iter().map(|part| part.value).collect();
        let mut order: Vec<usize> =
            (0..parts.len()).filter(|at| parts[*at].weight > 0.0 && costs[*at].is_finite()).collect();
        order.sort_by(|a, b| {
            (costs[*a] / parts[*a].weight).total_cmp(&(costs[*b] / parts[*b].weight)).then(a.cmp(b))
        });
        for at in order {
            let short = self.needed - self.score(&after)?;
            if short <= 0.0 {
                break;
            }
            after[at] = (after[at] + short / parts[at].weight).min(parts[at].best.max(parts[at].value));
        }
        Some(after)
    }
}

/// The value of an input that is enough, by halving: the score of the whole rises with it.
fn search(case: &Case<'_>, lever: &Lever, now: f64, reaches: impl Fn(f64) -> bool) -> Result<f64, Falls> {
    let turned = case.edition.rules.get(&lever.part).is_some_and(|rule| rule.lower_is_better);
    let score = |value: f64| case.score_with(&lever.part, value).ok_or(Falls::NotKnown);
    let bound = if turned { lever.range.0 } else { lever.cap.unwrap_or(f64::INFINITY).min(lever.range.1) };
    let is_bounded = bound.is_finite();
    let best = if is_bounded { bound } else { far(case, lever, now, turned) };
    // At or above a cap nothing is left to gain.
    let best = if turned { best.min(now) } else { best.max(now) };
    let reached = score(best)?;
    if !reaches(reached) {
        return Err(match is_bounded {
            true => Falls::Short { best, score: reached },
            false => Falls::Unbounded { tried: best, score: reached },
        });
    }
    let is_enough = |value: f64| case.score_with(&lever.part, value).is_some_and(&reaches);
    // Nine digits of the way say more than any input is known to.
    let (mut short, mut enough) = (now, best);
    while (enough - short).abs() > 1e-9 * (best - now).abs() {
        let middle = f64::midpoint(short, enough);
        if is_enough(middle) { enough = middle } else { short = middle }
    }
    Ok(enough)
}

/// Ten times what anybody has: where nothing bounds an input, more than that is not worth a thought.
fn far(case: &Case<'_>, lever: &Lever, now: f64, turned: bool) -> f64 {
    let values = case.field.given.iter().filter(|given| given.part == lever.part);
    let values = values.filter_map(|given| match given.amount {
        crate::model::index::Amount::Value(value) => Some(value.abs()),
        _ => None,
    });
    let greatest = values.fold(now.abs().max(1.0), f64::max);
    if turned { -10.0 * greatest } else { 10.0 * greatest }
}

/// The least argument between two that is enough, to the last digit; `enough` is.
fn halved(mut short: f64, mut enough: f64, is_enough: impl Fn(f64) -> bool) -> f64 {
    loop {
        let middle = f64::midpoint(short, enough);
        if middle <= short || middle >= enough {
            return enough;
        }
        if is_enough(middle) { enough = middle } else { short = middle }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::index::testing::{Ground, made_of};
    use crate::model::index::{Normalise, Rule};

    fn bounded() -> Rule {
        Rule { range: Some((0.0, 1.0)), ..Rule::default() }
    }

    /// Four bodies; `two` of them is made of `a` as well. The wholes are 0.3, 0.5, 0.6 and 0.9.
    fn ground(how: Aggregate) -> Ground {
        let two = Rule { normalise: Normalise::MinMax, range: Some((0.0, 1.0)), ..made_of(&[("a", 1.0)]) };
        let top = Rule { aggregate: how, ..made_of(&[("one", 1.0), ("two", 1.0)]) };
        let rules = [("top", top), ("one", bounded()), ("two", two)];
        let one = [0.2, 0.5, 0.8, 0.9];
        let two = [0.4, 0.5, 0.4, 0.9];
        Ground::new(&rules, 4, &[("one", &one), ("two", &two), ("a", &[10.0, 20.0, 30.0, 40.0])])
    }

    fn close(a: f64, b: f64) -> bool {
        (a - b).abs() < 1e-9
    }

    fn after(joint: &Joint) -> Vec<f64> {
        match joint {
            Joint::Change(steps) => steps.iter().map(|step| step.after).collect(),
            other => panic!("{other:?}"),
        }
    }

    #[track_caller]
    fn alone(goal: &Goal, part: &str, expected: Result<f64, Falls>) {
        let found = goal.alone.iter().find(|alone| alone.lever.part == part).expect("a lever").outcome;
        let is_same = match (found, expected) {
            (Ok(found), Ok(expected)) => (found - expected).abs() < 1e-6,
            (found, expected) => found == expected,
        };
        assert!(is_same, "{part}: {found:?}, expected {expected:?}");
    }

    #[test]
    fn a_mean_worked_by_hand() {
        let ground = ground(Aggregate::Arithmetic);
        let case = ground.case(0);
        // Second: 0.6 is enough, since equal scores share the better place.
        assert_eq!(score_for(&case, 2), Some(0.6));
        assert_eq!(score_for(&case, 4), None, "the last place needs nothing");
        let costs = [("one".to_owned(), 3.0), ("two".to_owned(), 1.0)];
        let found = goal(&case, 0.6, Some(&costs)).expect("a score now");
        alone(&found, "one", Ok(0.8));
        alone(&found, "two", Ok(1.0));
        // `two` has to move by 0.6. Body 0 leaves the lower end of `a` to 20, so it needs 0.6 of the way from 20 to 40.
        alone(&found, "a", Ok(32.0));
        assert!(after(&found.smallest).iter().zip([0.5, 0.7]).all(|(a, b)| close(*a, b)));
        assert!(
            after(found.cheapest.as_ref().expect("costs")).iter().zip([0.2, 1.0]).all(|(a, b)| close(*a, b))
        );
        // 0.75: `two` at 1 gives 0.6 and what is left falls to `one`; together both rise by 0.45.
        let found = goal(&case, 0.75, Some(&costs)).expect("a score now");
        alone(&found, "one", Err(Falls::Short { best: 1.0, score: 0.7 }));
        alone(&found, "two", Err(Falls::Short { best: 1.0, score: 0.6 }));
        assert!(after(&found.smallest).iter().zip([0.65, 0.85]).all(|(a, b)| close(*a, b)));
        assert!(
            after(found.cheapest.as_ref().expect("costs")).iter().zip([0.5, 1.0]).all(|(a, b)| close(*a, b))
        );
        // 0.95: `two` stops at 1, `one` goes on to 0.9.
        let found = goal(&case, 0.95, None).expect("a score now");
        assert!(after(&found.smallest).iter().zip([0.9, 1.0]).all(|(a, b)| close(*a, b)));
        assert_eq!(goal(&case, 1.05, None).expect("a score now").smallest, Joint::Short(1.0));
        // What has no cost given stays as it is.
        let one = [("one".to_owned(), 3.0)];
        assert_eq!(goal(&case, 0.75, Some(&one)).expect("a score now").cheapest, Some(Joint::Short(0.7)));
    }

    #[test]
    fn what_is_reached_needs_nothing() {
        let ground = ground(Aggregate::Arithmetic);
        let found = goal(&ground.case(2), 0.6, None).expect("a score now");
        assert!(found.is_reached && found.alone.is_empty());
        assert!(after(&found.smallest).iter().zip([0.8, 0.4]).all(|(a, b)| close(*a, b)));
    }

    #[test]
    fn a_geometric_mean_worked_by_hand() {
        let ground = ground(Aggregate::Geometric);
        // The square root of 0.2 x 0.4 becomes 0.4: alone, one part is twice what it was of the product.
        let found = goal(&ground.case(0), 0.4, None).expect("a score now");
        alone(&found, "one", Ok(0.4));
        alone(&found, "two", Ok(0.8));
        let after = after(&found.smallest);
        assert!(close(after[0] * after[1], 0.16), "{after:?}");
        // Both have the same d (x + d).
        assert!(close((after[0] - 0.2) * after[0], (after[1] - 0.4) * after[1]), "{after:?}");
    }

    #[test]
    fn rules_that_cannot_be_solved_for_are_told() {
        let top = Rule { normalise: Normalise::ZScore, ..made_of(&[("one", 1.0), ("two", 1.0)]) };
        let ground = Ground::new(&[("top", top)], 3, &[("one", &[0.2, 0.5, 0.8]), ("two", &[0.4, 0.5, 0.6])]);
        let found = goal(&ground.case(0), 0.0, None).expect("a score now");
        assert_eq!(found.smallest, Joint::NotSolvable);
        // One part alone is searched for: the place that it gives is the one that was asked for.
        let needed = found.alone[0].outcome.expect("a value");
        let reached = ground.case(0).score_with("one", needed).expect("a score");
        assert!(reached.abs() < 1e-6, "{reached}");
    }

    /// Parts of an index with their weights, values and best values.
    fn problem(how: Aggregate) -> impl Strategy<Value = (Problem, Vec<f64>)> {
        let part = (0.05..0.95f64, 0.0..1.0f64, 0.1..5.0f64, 0.1..9.0f64);
        (proptest::collection::vec(part, 1..6), 0.0..1.0f64).prop_map(move |(parts, way)| {
            let weights = shares(&parts.iter().map(|part| part.2).collect::<Vec<_>>());
            let made = |(at, (value, room, ..)): (usize, &(f64, f64, f64, f64))| Part {
                name: at.to_string(),
                value: *value,
                best: value + room * (1.0 - value),
                weight: weights[at],
            };
            let costs = parts.iter().map(|part| part.3).collect();
            let parts: Vec<Part> = parts.iter().enumerate().map(made).collect();
            let of = |value: fn(&Part) -> f64| {
                aggregate(how, &parts.iter().map(value).collect::<Vec<_>>(), &weights).expect("a score")
            };
            let (now, best) = (of(|part| part.value), of(|part| part.best));
            let needed = now + way * (best - now);
            (Problem { needed, lower_is_better: false, how, parts: Some(parts) }, costs)
        })
    }

    fn named(costs: &[f64]) -> Vec<(String, f64)> {
        costs.iter().enumerate().map(|(at, cost)| (at.to_string(), *cost)).collect()
    }

    /// Points of the same bounds that are enough, near the one that was found and far from it.
    fn others(problem: &Problem, found: &[f64], shares: &[f64]) -> Vec<Vec<f64>> {
        let parts = problem.parts.as_ref().expect("parts");
        let mut points = vec![];
        for near in [0.001, 0.01, 0.1, 1.0] {
            for turn in 0..shares.len() {
                let point: Vec<f64> = parts
                    .iter()
                    .enumerate()
                    .map(|(at, part)| {
                        let share = shares[(at + turn) % shares.len()];
                        let other = part.value + share * (part.best - part.value);
                        (found[at] + near * (other - found[at])).clamp(part.value, part.best)
                    })
                    .collect();
                points.push(point);
            }
        }
        points.retain(|point| problem.score(point).expect("a score") >= problem.needed);
        points
    }

    proptest! {
        /// The conditions of Karush, Kuhn and Tucker: one multiplier for all parts within their bounds, and none beyond it.
        #[test]
        fn the_smallest_change_of_a_mean_is_stationary((problem, _) in problem(Aggregate::Arithmetic)) {
            let found = after(&problem.joint(None));
            let parts = problem.parts.as_ref().expect("parts");
            prop_assert!(problem.reaches(problem.score(&found).expect("a score")));
            let ratio = |at: usize| (found[at] - parts[at].value) / parts[at].weight;
            let multiplier = (0..parts.len()).map(ratio).fold(0.0, f64::max);
            for (at, part) in parts.iter().enumerate() {
                prop_assert!((part.value..=part.best).contains(&found[at]));
                let is_held = found[at] == part.best;
                prop_assert!(is_held || (ratio(at) - multiplier).abs() < 1e-9 * (1.0 + multiplier));
            }
        }

        #[test]
        fn nothing_smaller_is_enough(
            (problem, _) in prop_oneof![problem(Aggregate::Arithmetic), problem(Aggregate::Geometric)],
            shares in proptest::collection::vec(0.0..1.0f64, 40),
        ) {
            let found = after(&problem.joint(None));
            let parts = problem.parts.as_ref().expect("parts");
            let size = |point: &[f64]| -> f64 {
                parts.iter().zip(point).map(|(part, value)| (value - part.value).powi(2)).sum()
            };
            prop_assert!(problem.reaches(problem.score(&found).expect("a score")));
            for point in others(&problem, &found, &shares) {
                prop_assert!(size(&point) >= size(&found) - 1e-9, "{point:?} is smaller than {found:?}");
            }
        }

        #[test]
        fn nothing_cheaper_is_enough(
            (problem, costs) in prop_oneof![problem(Aggregate::Arithmetic), problem(Aggregate::Geometric)],
            shares in proptest::collection::vec(0.0..1.0f64, 40),
        ) {
            let found = after(&problem.joint(Some(&named(&costs))));
            let parts = problem.parts.as_ref().expect("parts");
            let cost = |point: &[f64]| -> f64 {
                parts.iter().zip(point).zip(&costs).map(|((part, value), cost)| cost * (value - part.value)).sum()
            };
            prop_assert!(problem.reaches(problem.score(&found).expect("a score")));
            for point in others(&problem, &found, &shares) {
                prop_assert!(cost(&point) >= cost(&found) - 1e-9, "{point:?} is cheaper than {found:?}");
            }
        }

        /// With the score of a place a body has it; with a hair less it has not.
        #[test]
        fn the_score_of_a_place_is_the_least(scores in proptest::collection::vec(0u32..15, 3..20), place in 1u32..20) {
            let values: Vec<f64> = scores.iter().map(|score| f64::from(*score) / 16.0).collect();
            let ground = Ground::new(&[("top", made_of(&[("one", 1.0)]))], values.len(), &[("one", &values)]);
            let case = ground.case(0);
            let Some(needed) = score_for(&case, place) else {
                prop_assert!(place as usize >= values.len());
                return Ok(());
            };
            let rank = |value: f64| {
                let set = [crate::index::Setting { part: "one".to_owned(), change: crate::index::Change::To(value) }];
                case.what_if(&set).expect("a sound setting").after.rank.expect("a rank")
            };
            prop_assert!(rank(needed) <= place);
            prop_assert!(rank(needed - 1e-8) > place);
        }
    }
}
