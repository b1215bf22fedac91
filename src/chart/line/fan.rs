//! A fan made ready: the times to come in order, opening at the last value that is known.

use crate::chart::line::Fan;
use crate::chart::line::curve::Curve;
use crate::chart::scale::drawable;

/// A drawable fan.
pub(super) struct Spread<'a> {
    pub(super) name: &'a str,
    /// The last known value first.
    pub(super) knots: Vec<Knot>,
}

/// Band and value at a time.
pub(super) struct Knot {
    pub(super) x: f64,
    pub(super) ends: (f64, f64),
    pub(super) middle: f64,
    pub(super) label: String,
}

impl<'a> Spread<'a> {
    /// The fan of a chart; none where nothing in it can be drawn, or it has no value to open at.
    pub(super) fn new(fan: &'a Fan, curves: &[Curve<'_>]) -> Option<Self> {
        let (x, y) = curves.iter().find(|curve| curve.front).and_then(|curve| curve.values().next_back())?;
        let mut knots = vec![Knot { x, ends: (y, y), middle: y, label: String::new() }];
        let mut ahead: Vec<Knot> = fan.points.iter().filter_map(knot).filter(|knot| knot.x > x).collect();
        ahead.sort_by(|a, b| a.x.total_cmp(&b.x));
        knots.extend(ahead);
        (knots.len() > 1).then_some(Spread { name: &fan.name, knots })
    }

    /// The corners of the band: along one end, and back along the other.
    pub(super) fn area(&self) -> Vec<(f64, f64)> {
        let there = self.knots.iter().map(|knot| (knot.x, knot.ends.0));
        there.chain(self.knots.iter().rev().map(|knot| (knot.x, knot.ends.1))).collect()
    }

    /// The lines of the band's two ends and of its middle.
    pub(super) fn lines(&self) -> [Vec<(f64, f64)>; 3] {
        let line = |y: fn(&Knot) -> f64| self.knots.iter().map(|knot| (knot.x, y(knot))).collect();
        [line(|knot| knot.ends.0), line(|knot| knot.ends.1), line(|knot| knot.middle)]
    }

    /// What is drawn at the last time.
    pub(super) fn last(&self) -> Option<&Knot> {
        self.knots.last()
    }
}

fn knot(point: &crate::chart::line::FanPoint) -> Option<Knot> {
    let number = |value: f64| drawable(Some(value));
    let (low, high) = (number(point.ends.0)?, number(point.ends.1)?);
    let x = number(point.x)?;
    let label = if point.label.is_empty() { format!("{:.0}", x.floor()) } else { point.label.clone() };
    Some(Knot { x, ends: (low, high), middle: number(point.middle)?, label })
}
