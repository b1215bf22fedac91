//! Series made ready: only drawable points, in order of time, dressed by their place in front or behind.

use plotters::style::RGBColor;

use crate::chart::canvas::{LABEL, Lettering};
use crate::chart::line::{Point, Series};
use crate::chart::palette::{self, Symbol};
use crate::chart::scale::drawable;

/// A drawable point; `y` is missing where the line breaks.
pub(super) struct Spot {
    pub(super) x: f64,
    pub(super) y: Option<f64>,
    pub(super) label: String,
    /// What the value is made of; empty: nothing is said.
    pub(super) made_of: String,
}

/// A series ready to be drawn.
pub(super) struct Curve<'a> {
    pub(super) name: &'a str,
    pub(super) spots: Vec<Spot>,
    /// In front: drawn thick, its value at its end.
    pub(super) front: bool,
    /// Named in semibold: no use if all are.
    pub(super) bold: bool,
    pub(super) colour: RGBColor,
    pub(super) symbol: Symbol,
    pub(super) dash: Option<&'static str>,
}

impl Curve<'_> {
    /// Times and values that can be drawn.
    pub(super) fn values(&self) -> impl DoubleEndedIterator<Item = (f64, f64)> {
        self.spots.iter().filter_map(|s| Some((s.x, s.y?)))
    }

    /// Runs of points that a line may join: no missing value and no break within.
    pub(super) fn runs(&self, breaks: &[(f64, &str)]) -> Vec<Vec<(f64, f64)>> {
        let mut runs = vec![Vec::new()];
        let mut last = f64::NEG_INFINITY;
        for spot in &self.spots {
            let broken = breaks.iter().any(|(at, _)| last < *at && *at <= spot.x);
            if broken || spot.y.is_none() {
                runs.push(Vec::new());
            }
            if let (Some(y), Some(run)) = (spot.y, runs.last_mut()) {
                run.push((spot.x, y));
            }
            last = spot.x;
        }
        runs.retain(|run| !run.is_empty());
        runs
    }

    /// Width of the line in pixels.
    pub(super) fn thickness(&self) -> f64 {
        if self.front { 2.4 } else { 1.5 }
    }
}

/// The series that have a value, each with the look its place gives it.
pub(super) fn curves(series: &[Series]) -> Vec<Curve<'_>> {
    let chosen = series.iter().any(|s| s.emphasised);
    let mut fronts = 0;
    let dressed = series.iter().enumerate().map(|(n, s)| {
        let front = s.emphasised || !chosen;
        fronts += usize::from(front);
        Curve {
            name: &s.name,
            spots: spots(&s.points),
            front,
            bold: s.emphasised || series.len() == 1,
            colour: if front { palette::series(fronts - 1) } else { palette::OTHER },
            symbol: palette::symbol(n),
            dash: if front && chosen { None } else { palette::dash(n) },
        }
    });
    dressed.filter(|c| c.values().next().is_some()).collect()
}

fn spots(points: &[Point]) -> Vec<Spot> {
    let spot = |p: &Point| {
        let x = drawable(Some(p.x))?;
        let label = if p.label.is_empty() { format!("{:.0}", x.floor()) } else { p.label.clone() };
        Some(Spot { x, y: drawable(p.y), label, made_of: p.made_of.clone() })
    };
    let mut spots: Vec<Spot> = points.iter().filter_map(spot).collect();
    spots.sort_by(|a, b| a.x.total_cmp(&b.x));
    spots
}

/// How a curve is named.
pub(super) fn text_of(curve: &Curve<'_>) -> Lettering {
    let colour = if curve.front { palette::INK } else { palette::MUTED };
    Lettering::new(LABEL, colour).bold(curve.bold)
}
