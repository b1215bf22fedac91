//! Which numbers of a body speak to a target: those up to its due day that can be compared with the one that decides.

use std::collections::BTreeMap;

use crate::model::indicator::Indicator;
use crate::model::measure::{Measure, PROVISIONAL};
use crate::model::period::Period;
use crate::model::progress::Point;
use crate::model::restated::{Mark, Restated};
use crate::model::results::Observation;
use crate::model::series::{kind, mark_breaks, obstacle_within};
use crate::model::target::Target;

/// The numbers that a target is judged by.
#[derive(Debug, Clone, PartialEq)]
pub struct Series<'a> {
    /// Oldest first, of one length of time, without a break; the last one decides.
    pub points: Vec<Point>,
    /// How many values of this length of time there are up to it, on both sides of breaks.
    pub values: usize,
    /// Whether the value that decides is final: it is that of the due day and not provisional, or later ones are known.
    pub is_final: bool,
    /// The number that decides, with its counts.
    pub deciding: Option<&'a Observation>,
}

impl<'a> Series<'a> {
    /// Of all numbers of a body, oldest first.
    pub fn until_due(target: &Target, indicator: &Indicator, numbers: &[&'a Observation]) -> Self {
        let valued: Vec<(&Observation, f64)> =
            numbers.iter().filter_map(|number| Some((*number, value(number)?))).collect();
        let Some(at) = valued.iter().rposition(|(number, _)| number.period.end() <= target.due_on) else {
            return Series { points: vec![], values: 0, is_final: false, deciding: None };
        };
        let deciding = valued[at].0;
        let of_kind = || {
            let same = |(number, _): &&(&Observation, f64)| kind(number.period) == kind(deciding.period);
            valued[..=at].iter().filter(same)
        };
        let all: Vec<&Observation> = valued.iter().map(|(number, _)| *number).collect();
        let compared =
            |number: &Observation| obstacle_within(indicator, &all, number.period, deciding.period).is_none();
        let points = of_kind().filter(|(number, _)| compared(number));
        Series {
            points: points.map(|(number, value)| Point { period: number.period, value: *value }).collect(),
            values: of_kind().count(),
            is_final: (deciding.period.end() == target.due_on && deciding.status != PROVISIONAL)
                || at + 1 < valued.len(),
            deciding: Some(deciding),
        }
    }

    /// The value that decides.
    pub fn last(&self) -> Option<Point> {
        self.points.last().copied()
    }
}

fn value(number: &Observation) -> Option<f64> {
    number.measure.value().filter(|value| value.is_finite())
}

/// The totals of a body on one map, oldest first: the restated number where there is one that can be trusted, else the one
/// that was reported; with the periods that were restated.
///
/// So a series goes on across a merger: the bodies that became one stand in its place before it.
pub fn on_one_map(
    indicator: &Indicator,
    reported: &[&Observation],
    restated: &[&Restated],
) -> (Vec<Observation>, Vec<Period>) {
    let mut numbers: BTreeMap<Period, Observation> =
        reported.iter().map(|number| (number.period, (*number).clone())).collect();
    let usable = |restated: &&&Restated| {
        let is_whole = matches!(restated.mark, Mark::Exact | Mark::Estimated);
        is_whole && restated.formula.is_some() && matches!(restated.number.measure, Measure::Value(_))
    };
    let mut periods = vec![];
    for restated in restated.iter().filter(usable) {
        periods.push(restated.number.period);
        numbers.insert(restated.number.period, restated.number.clone());
    }
    let mut numbers: Vec<Observation> = numbers.into_values().collect();
    mark_breaks(indicator, &mut numbers);
    (numbers, periods)
}
