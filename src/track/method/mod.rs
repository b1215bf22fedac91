//! The published methods, one file each, and the projections beside them; each with its formula, source and limits.
//!
//! All take the same stretch: where the pace is measured from, where the series stands, where it should be and when.
//! Each function gives its number, or none where its formula has none; the class of it is given by the cut-offs that are
//! published with it.

mod escap;
mod eurostat;
mod linear;
mod logit;
mod open_sdg;
mod un_chart;

use super::Goal;
use super::series::Series;
use crate::model::progress::{Method, MethodValue, Pace, Point, Verdict};

/// From a start over the present to a target.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Stretch {
    /// Time and value at the start: `t_0`, `v_0`.
    pub from: (f64, f64),
    /// At the value that decides: `t`, `v_t`.
    pub now: (f64, f64),
    /// At the target: `T`, `v_T`.
    pub goal: (f64, f64),
    /// Whether less is better.
    pub lower_is_better: bool,
    /// The most that a value can be, where there is such a thing.
    pub limit: Option<f64>,
}

impl Stretch {
    /// What the methods are applied to; none where no time lies between.
    pub(super) fn of(goal: &Goal<'_>, pace: &Pace, series: &Series<'_>) -> Option<Self> {
        let last = series.last()?;
        Some(Stretch {
            from: (pace.start.at(), pace.start.value),
            now: (last.at(), last.value),
            goal: (goal.at(), goal.value()),
            lower_is_better: goal.target.comparator.lower_is_better(),
            limit: goal.limit,
        })
        .filter(|stretch| stretch.now.0 <= stretch.goal.0)
    }

    /// 1 where more is better, else -1: the `d` of the formulas.
    fn sign(&self) -> f64 {
        if self.lower_is_better { -1.0 } else { 1.0 }
    }

    /// Whether the value that decides meets the target.
    fn is_met(&self) -> bool {
        self.sign() * (self.now.1 - self.goal.1) >= 0.0
    }

    /// `(v - v_0) / (v_T - v_0)`: the share of the whole way that a value stands for; none where the way is not a good one.
    fn share_of_way(&self, value: f64) -> Option<f64> {
        let way = self.goal.1 - self.from.1;
        (way * self.sign() > 0.0).then(|| (value - self.from.1) / way)
    }

    /// The class of a share by these cut-offs: on track from `enough` on, the wrong way below zero.
    fn verdict(&self, share: f64, enough: f64) -> Verdict {
        match share {
            _ if self.is_met() => Verdict::OnTrack,
            share if share >= enough => Verdict::OnTrack,
            share if share >= 0.0 => Verdict::TooSlow,
            _ => Verdict::Away,
        }
    }
}

/// What every method gives that can be applied, in the order of [`Method::ALL`].
pub(super) fn all(stretch: &Stretch, points: &[Point]) -> Vec<MethodValue> {
    let value = |method, value: Option<f64>, projected, verdict: fn(&Stretch, f64) -> Verdict| {
        let value = value.filter(|value| value.is_finite())?;
        Some(MethodValue { method, value, projected, verdict: verdict(stretch, value) })
    };
    let un = un_chart::projected(stretch);
    let escap = escap::anticipated(stretch, points);
    let (linear, logit) = (linear::projected(stretch), logit::projected(stretch));
    let share = |projected: Option<f64>| projected.and_then(|value| stretch.share_of_way(value));
    let values = [
        value(Method::OpenSdg, open_sdg::ratio(stretch), None, open_sdg::verdict),
        value(Method::Eurostat, eurostat::score(stretch), None, eurostat::verdict),
        value(Method::UnChart, share(un), un, un_chart::verdict),
        value(Method::EscapCurrent, escap::current(stretch), None, escap::verdict_of_current),
        value(
            Method::EscapAnticipated,
            escap.map(|(gap, _)| gap),
            escap.map(|(_, end)| end),
            escap::verdict_of_gap,
        ),
        value(Method::Linear, share(linear), linear, linear::verdict),
        value(Method::Logit, share(logit), logit, logit::verdict),
    ];
    values.into_iter().flatten().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The worked cases of the comparison of methods: 2020 to 2025, due in 2030.
    ///
    /// Ratio of compound growth, UN projection and ratio, linear projection and ratio, times the pace, logit projection.
    type Case = ((f64, f64, f64), f64, (f64, f64), (f64, f64), f64, Option<f64>);

    const CASES: [Case; 4] = [
        ((18.3, 52.8, 90.0), 1.37, (152.0, 1.87), (87.3, 0.96), 1.08, Some(84.8)),
        ((10.0, 35.0, 80.0), 1.23, (122.5, 1.61), (60.0, 0.71), 1.80, Some(72.3)),
        ((80.0, 86.0, 95.0), 0.84, (92.5, 0.83), (92.0, 0.80), 1.50, Some(90.4)),
        ((60.0, 61.0, 100.0), 0.06, (62.0, 0.05), (62.0, 0.05), 39.0, None),
    ];

    pub(super) fn stretch(v0: f64, vt: f64, goal: f64) -> Stretch {
        Stretch {
            from: (2020.0, v0),
            now: (2025.0, vt),
            goal: (2030.0, goal),
            lower_is_better: goal < v0,
            limit: Some(100.0),
        }
    }

    #[test]
    fn the_four_worked_cases_are_reproduced() {
        let near = |found: f64, expected: f64, within: f64| (found - expected).abs() <= within;
        for ((v0, vt, goal), growth, un, linear, times, logit) in CASES {
            let stretch = stretch(v0, vt, goal);
            let points: Vec<Point> = [("2019", v0), ("2024", vt)]
                .map(|(period, value)| Point { period: period.parse().expect("a year"), value })
                .to_vec();
            let found = all(&stretch, &points);
            let of = |method| found.iter().find(|value| value.method == method);
            let expect = |method, value: f64, projected: Option<(f64, f64)>| {
                let found = of(method).unwrap_or_else(|| panic!("{v0} to {vt}: no {method}"));
                assert!(near(found.value, value, 0.005), "{v0} to {vt}, {method}: {}", found.value);
                if let Some((projected, within)) = projected {
                    assert!(near(found.projected.expect("one"), projected, within), "{method}: {found:?}");
                }
            };
            expect(Method::OpenSdg, growth, None);
            expect(Method::UnChart, un.1, Some((un.0, 0.5)));
            expect(Method::Linear, linear.1, Some((linear.0, 0.05)));
            let pace = ((goal - vt) / 5.0) / ((vt - v0) / 5.0);
            assert!(near(pace, times, 0.005), "{pace}");
            match logit {
                Some(projected) => {
                    assert!(near(of(Method::Logit).expect("one").projected.expect("one"), projected, 0.05));
                }
                None => assert_eq!(of(Method::Logit), None),
            }
            // Two points leave the regression no choice: it is the line between them.
            let escap = of(Method::EscapAnticipated).expect("one");
            assert!(near(escap.projected.expect("one"), linear.0, 0.05), "{escap:?}");
        }
    }

    #[test]
    fn growth_alone_calls_too_slow_on_track() {
        let found = all(&stretch(10.0, 35.0, 80.0), &[]);
        let verdict = |method| found.iter().find(|value| value.method == method).map(|value| value.verdict);
        assert_eq!(verdict(Method::OpenSdg), Some(Verdict::OnTrack));
        assert_eq!(verdict(Method::UnChart), Some(Verdict::OnTrack));
        assert_eq!(verdict(Method::Linear), Some(Verdict::TooSlow));
        assert_eq!(verdict(Method::Logit), Some(Verdict::TooSlow));
        assert_eq!(verdict(Method::EscapCurrent), Some(Verdict::TooSlow));
    }
}
