//! The course of a value in the height of a line of text.

use plotters::series::LineSeries;
use plotters::style::Color;

use crate::chart::canvas::{Canvas, Drawn, Frame, Kind, Plot};
use crate::chart::palette::{self, Symbol};
use crate::chart::scale::{drawable, extent, widened};
use crate::chart::svg::grid;
use crate::chart::{Number, Svg};

/// A line without axes, its last point marked, to stand in text or in a cell.
#[derive(Clone, Debug, Default)]
pub struct Sparkline {
    /// Name of the line.
    pub title: String,
    /// What the line shows, in one sentence.
    pub finding: String,
    /// Values at equal steps of time; none breaks the line.
    pub values: Vec<Option<f64>>,
    /// Lower is better: small values are on top.
    pub reversed: bool,
}

/// Size in pixels, and the room kept for the mark.
const WIDTH: f64 = 100.0;
const HEIGHT: f64 = 24.0;
const EDGE: f64 = 4.0;

impl Sparkline {
    /// Draws the line; `id` is the prefix of ids inside and unique in its page.
    pub fn render(&self, id: &str, number: &Number<'_>) -> Svg {
        let frame = Frame {
            class: "inline chart-spark",
            id,
            title: &self.title,
            finding: &self.finding,
            width: WIDTH,
            height: HEIGHT,
            kind: Kind::Inline,
        };
        frame.render(|canvas| self.draw(canvas, number))
    }

    fn plot(&self) -> Plot {
        let values = self.values.iter().filter_map(|v| drawable(*v));
        let (lo, hi) = widened(extent(values).unwrap_or((0.0, 1.0)));
        Plot {
            left: EDGE,
            right: WIDTH - EDGE,
            top: EDGE,
            bottom: HEIGHT - EDGE,
            x: (0.0, self.values.len().saturating_sub(1).max(1) as f64),
            y: if self.reversed { (hi, lo) } else { (lo, hi) },
            x_ticks: Vec::new(),
            y_ticks: Vec::new(),
        }
    }

    fn draw(&self, canvas: &Canvas, number: &Number<'_>) -> Drawn {
        let plot = self.plot();
        let mut chart = canvas.chart(&plot, (WIDTH, HEIGHT))?;
        let style = palette::SERIES[0].stroke_width(grid(1.6).unsigned_abs());
        for run in self.runs() {
            chart.draw_series(LineSeries::new(run, style))?;
        }
        let Some((x, y)) = self.runs().pop().and_then(|run| run.last().copied()) else {
            return Ok(());
        };
        canvas.doc.titled("last", &number(y), || {
            canvas.symbol(plot.at(x, y), Symbol::Circle, 2.8, palette::SERIES[0])
        })
    }

    /// Values between missing ones, with their places.
    fn runs(&self) -> Vec<Vec<(f64, f64)>> {
        let drawn: Vec<_> =
            self.values.iter().enumerate().map(|(n, v)| Some((n as f64, drawable(*v)?))).collect();
        let runs = drawn.split(Option::is_none).filter(|run| !run.is_empty());
        runs.map(|run| run.iter().copied().flatten().collect()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::Sparkline;
    use crate::chart::testing::{check, count, english, hostile};

    #[test]
    fn a_missing_value_breaks_the_line() {
        let values = vec![Some(1.0), Some(2.0), None, Some(f64::NAN), Some(3.0), Some(1.0)];
        let svg = check(&Sparkline { values, ..Default::default() }.render("a", &english));
        assert_eq!((count(&svg, "<polyline"), count(&svg, "<circle")), (2, 1));
        assert!(svg.contains("<title>1</title>"));
    }

    #[test]
    fn any_input_gives_a_line() {
        let all: [&[f64]; 6] =
            [&[], &[f64::NAN], &[1.0], &[2.0, 2.0], &[-1e14, 1e14], &[f64::INFINITY, 1e300, 5.0]];
        for values in all {
            let values = values.iter().copied().map(Some).collect();
            let line = Sparkline { title: hostile(), finding: hostile(), values, reversed: true };
            let svg = line.render("a", &english);
            check(&svg);
            assert_eq!(svg, line.render("a", &english));
        }
    }
}
