//! The chance of reaching a target by its due day, and the interval of the value that is expected.

use super::Goal;
use super::regression::forecast;
use crate::model::progress::{Chance, Point, Scale, TREND_FROM};

/// The probability that the interval holds what will be observed.
const LEVEL: f64 = 0.90;

/// How near to its limit a value counts as there, as a share of the limit: log-odds never reach it.
///
/// Source: UN Statistics Division, progress chart 2023: within 1 % of a target of 0 % or 100 % counts as met.
const AT_THE_LIMIT: f64 = 0.01;

/// By a weighted regression on log-odds where values have a limit, on logarithms where they grow by ratios, else on the
/// values themselves; none under four points.
///
/// A value at zero or at the limit has no log-odds, and none at zero or below has a logarithm: such a series is forecast
/// on the values themselves. Limits: those of the regression (`regression.rs`); nothing that will be done differently is
/// known to it.
pub(super) fn chance(goal: &Goal<'_>, points: &[Point]) -> Option<Chance> {
    if points.len() < TREND_FROM || goal.scale == Scale::YesNo {
        return None;
    }
    let scale = forecast_scale(goal, points);
    let limit = goal.limit.unwrap_or(f64::INFINITY);
    let on: Vec<(f64, f64)> =
        points.iter().map(|point| (point.at(), to(scale, limit, point.value))).collect();
    let found = forecast(&on, goal.at())?;
    let wanted = match scale {
        Scale::Logit => goal.value().clamp(AT_THE_LIMIT * limit, (1.0 - AT_THE_LIMIT) * limit),
        _ => goal.value(),
    };
    let at_least = found.at_least(to(scale, limit, wanted))?;
    let (low, high) = found.interval(LEVEL)?;
    Some(Chance {
        probability: if goal.sign() > 0.0 { at_least } else { 1.0 - at_least },
        expected: from(scale, limit, found.expected),
        low: from(scale, limit, low),
        high: from(scale, limit, high),
        scale,
    })
}

fn forecast_scale(goal: &Goal<'_>, points: &[Point]) -> Scale {
    let within = |limit: f64| points.iter().all(|point| 0.0 < point.value && point.value < limit);
    match goal.limit {
        Some(limit) if within(limit) => Scale::Logit,
        _ => goal.scale,
    }
}

fn to(scale: Scale, limit: f64, value: f64) -> f64 {
    match scale {
        Scale::Logit => (value / (limit - value)).ln(),
        Scale::Log => value.ln(),
        Scale::Linear | Scale::YesNo => value,
    }
}

fn from(scale: Scale, limit: f64, value: f64) -> f64 {
    match scale {
        Scale::Logit => limit / (1.0 + (-value).exp()),
        Scale::Log => value.exp(),
        Scale::Linear | Scale::YesNo => value,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::track::testing::{Dice, goal, point, target};

    /// The share of simulated series whose value on the due day lies within the interval.
    fn coverage(scale: Scale, limit: Option<f64>, n_points: i32, noise: f64) -> f64 {
        let mut dice = Dice::new(20_260_930);
        let law = target(">=", 0.9, "2030-12-31");
        let goal =
            Goal { scale: if scale == Scale::Log { Scale::Log } else { Scale::Linear }, limit, ..goal(&law) };
        let rounds = 1000;
        let mut within = 0;
        for _ in 0..rounds {
            let (level, slope) = (0.4 * dice.normal(), 0.2 * dice.normal());
            let mut draw = |year: i32| {
                let value = level + slope * f64::from(year - 2024) + noise * dice.normal();
                from(scale, limit.unwrap_or(f64::INFINITY), value)
            };
            let points: Vec<Point> =
                (2026 - n_points..2026).map(|year| point(&year.to_string(), draw(year))).collect();
            let truth = draw(2030);
            let found = chance(&goal, &points).expect("points enough");
            assert_eq!(found.scale, scale);
            within += u32::from(found.low <= truth && truth <= found.high);
        }
        f64::from(within) / f64::from(rounds)
    }

    /// A nominal 90 % interval holds 85 to 95 % of what is simulated, on each scale and for short and long series.
    #[test]
    fn intervals_hold_what_they_promise() {
        for (scale, limit) in [(Scale::Logit, Some(1.0)), (Scale::Log, None), (Scale::Linear, None)] {
            for (n_points, noise) in [(4, 0.05), (6, 0.2), (12, 0.4)] {
                let found = coverage(scale, limit, n_points, noise);
                assert!((0.85..=0.95).contains(&found), "{scale:?}, {n_points} points: {found}");
            }
        }
    }

    #[test]
    fn fewer_than_four_points_give_no_chance() {
        let law = target(">=", 80.0, "2030-12-31");
        let points: Vec<Point> = ["2021", "2022", "2023"]
            .iter()
            .zip([1.0, 2.0, 4.0])
            .map(|(year, value)| point(year, value))
            .collect();
        assert_eq!(chance(&goal(&law), &points), None);
    }

    #[test]
    fn all_of_a_hundred_can_be_reached() {
        let law = target(">=", 100.0, "2030-12-31");
        let goal = Goal { limit: Some(100.0), ..goal(&law) };
        let points: Vec<Point> = (2019..2026)
            .zip([60.0, 70.1, 80.2, 87.9, 93.1, 96.0, 97.8])
            .map(|(year, value)| point(&year.to_string(), value))
            .collect();
        let found = chance(&goal, &points).expect("points enough");
        assert!(found.probability > 0.9 && found.high < 100.0, "{found:?}");
    }
}
