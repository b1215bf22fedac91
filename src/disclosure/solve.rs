//! The linear programs. What they give is rounded to whole steps and checked; what does not pass is nothing.

use microlp::{ComparisonOp, OptimizationDirection, Problem, Variable};

use super::table::{Movement, Table};

/// Moves some counts of a table: those named may move, all others stay.
pub(super) struct Solver<'a> {
    pub table: &'a Table,
    pub sums_of: &'a [Vec<usize>],
    pub counts: &'a [usize],
}

impl Solver<'_> {
    /// The movement that carries the wanted counts furthest in the direction of their signs, each by `reach` at most.
    pub(super) fn furthest(&self, wanted: &[(usize, f64)], reach: i64) -> Option<Movement> {
        let mut problem = Problem::new(OptimizationDirection::Maximize);
        let wish = |count: usize| wanted.iter().find(|(other, _)| *other == count).map(|(_, sign)| *sign);
        let variables: Vec<Variable> = self
            .counts
            .iter()
            .map(|count| {
                let (sign, low, high) = match wish(*count) {
                    Some(sign) => (sign, self.table.floor(*count).max(-reach) as f64, reach as f64),
                    None => (0.0, self.table.floor(*count) as f64, f64::INFINITY),
                };
                problem.add_var(sign, (low, high))
            })
            .collect();
        self.bind(&mut problem, |at| vec![(variables[at], 1.0)]);
        self.whole(&problem, |value| variables.iter().map(|variable| value(*variable)).collect())
    }

    /// The cheapest movement that raises one count by `step`, at the costs of moving each count by one.
    pub(super) fn cheapest(&self, count: usize, step: i64, cost: impl Fn(usize) -> f64) -> Option<Movement> {
        let mut problem = Problem::new(OptimizationDirection::Minimize);
        let ways: Vec<(Variable, Variable)> = self
            .counts
            .iter()
            .map(|other| {
                let cost = cost(*other);
                let most_down = -self.table.floor(*other) as f64;
                if *other == count {
                    let up = problem.add_var(0.0, (step as f64, step as f64));
                    return (up, problem.add_var(0.0, (0.0, 0.0)));
                }
                (problem.add_var(cost, (0.0, f64::INFINITY)), problem.add_var(cost, (0.0, most_down)))
            })
            .collect();
        self.bind(&mut problem, |at| vec![(ways[at].0, 1.0), (ways[at].1, -1.0)]);
        self.whole(&problem, |value| ways.iter().map(|(up, down)| value(*up) - value(*down)).collect())
    }

    /// Every sum over the counts stays as it is.
    fn bind(&self, problem: &mut Problem, terms: impl Fn(usize) -> Vec<(Variable, f64)>) {
        let place: std::collections::BTreeMap<usize, usize> =
            self.counts.iter().enumerate().map(|(at, count)| (*count, at)).collect();
        for sum in self.table.sums_over(self.counts, self.sums_of) {
            // A count may stand in a sum more than once; the solver takes each variable once.
            let mut factors: std::collections::BTreeMap<usize, f64> = std::collections::BTreeMap::new();
            for (count, factor) in &self.table.sums[sum] {
                if let Some(at) = place.get(count) {
                    *factors.entry(*at).or_default() += *factor as f64;
                }
            }
            let bound: Vec<(Variable, f64)> = factors
                .into_iter()
                .filter(|(_, factor)| *factor != 0.0)
                .flat_map(|(at, factor)| terms(at).into_iter().map(move |(v, sign)| (v, sign * factor)))
                .collect();
            problem.add_constraint(bound, ComparisonOp::Eq, 0.0);
        }
    }

    /// The solution in whole steps; none where rounding it would break a sum.
    fn whole(
        &self,
        problem: &Problem,
        read: impl Fn(&dyn Fn(Variable) -> f64) -> Vec<f64>,
    ) -> Option<Movement> {
        let solution = problem.solve().ok()?.into_solution().ok()?;
        let steps = read(&|variable| solution.var_value(variable));
        let steps = self.counts.iter().zip(steps).map(|(count, step)| (*count, step.round() as i64));
        let movement: Movement = steps.filter(|(_, step)| *step != 0).collect();
        self.table.allows(&movement, self.sums_of).then_some(movement)
    }
}
