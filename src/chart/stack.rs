//! What totals are made of: one bar a row, cut into the same parts, each with its hatch.
//!
//! As totals, where their sizes are to be compared; as shares, where only the mix is, each bar then as long as the others.

use std::iter::once;

use plotters::prelude::Rectangle;
use plotters::style::Color;

use crate::chart::bar::{columns, roomy_ticks, row_label, row_text};
use crate::chart::canvas::{Canvas, Chart, Drawn, Frame, Kind, LABEL, Labels, Lettering, Lines, Plot};
use crate::chart::layout::flow;
use crate::chart::palette;
use crate::chart::scale::drawable;
use crate::chart::svg::escaped;
use crate::chart::{Number, Svg, Width};

/// A chart of bars lying in rows, each cut into parts.
#[derive(Clone, Debug, Default)]
pub struct StackChart {
    /// Name of the chart.
    pub title: String,
    /// What the chart shows, in one sentence.
    pub finding: String,
    /// Width of the chart; the height follows from the rows.
    pub width: Width,
    /// Names of the parts, from left to right; up to twelve stay distinct.
    pub parts: Vec<String>,
    /// The rows, from top to bottom.
    pub rows: Vec<StackRow>,
    /// Every bar is a whole of 100, and the numbers are percent; a row that misses a part has none, for its whole is not known.
    pub as_shares: bool,
}

/// One bar of parts.
#[derive(Clone, Debug, Default)]
pub struct StackRow {
    /// What the values belong to.
    pub label: String,
    /// Values in the order of the parts; missing ones, and those not above zero, take no room.
    pub values: Vec<Option<f64>>,
    /// The total as written at the end of the bar, or the word for why there is none.
    pub total: String,
    /// Stands out in semibold.
    pub highlight: bool,
    /// Where the label leads to.
    pub href: Option<String>,
}

impl StackRow {
    /// The row as parts of 100; nothing where a part is missing or below zero, or all are zero.
    fn shares(&self, parts: usize) -> Option<StackRow> {
        let given = self.values.iter().take(parts).map(|v| drawable(*v).filter(|v| *v >= 0.0));
        let values: Vec<f64> = given.collect::<Option<_>>()?;
        let whole: f64 = values.iter().sum();
        let is_known = values.len() == parts && whole > 0.0;
        let share = |v: f64| Some(100.0 * v / whole);
        is_known.then(|| StackRow { values: values.into_iter().map(share).collect(), ..self.clone() })
    }

    /// Pieces of the bar as (part, start, end); values past the named parts are left out.
    fn pieces(&self, parts: usize) -> Vec<(usize, f64, f64)> {
        let mut end = 0.0;
        let values = self.values.iter().take(parts).enumerate();
        let drawn = values.filter_map(|(n, v)| Some((n, drawable(*v).filter(|v| *v > 0.0)?)));
        drawn
            .map(|(n, v)| {
                let start = end;
                end += v;
                (n, start, end)
            })
            .collect()
    }
}

/// Heights, in pixels, of a row, of a line of the legend, and of the room under the bars.
const ROW: f64 = 20.0;
const LEGEND: f64 = 19.0;
const FOOT: f64 = 22.0;

impl StackChart {
    /// Draws the chart; `id` is the prefix of ids inside and unique in its page.
    pub fn render(&self, id: &str, number: &Number<'_>) -> Svg {
        if self.as_shares {
            return self.in_shares().render(id, number);
        }
        let sheet = Sheet::new(self, id, number);
        let frame = Frame {
            class: "chart-stack",
            id,
            title: &self.title,
            finding: &self.finding,
            width: sheet.width,
            height: sheet.plot.bottom + FOOT,
            kind: Kind::Document,
        };
        frame.render(|canvas| sheet.draw(canvas))
    }
}

impl StackChart {
    /// The same with the shares as values.
    fn in_shares(&self) -> StackChart {
        let none = |row: &StackRow| StackRow { values: vec![], ..row.clone() };
        let rows = self.rows.iter().map(|row| row.shares(self.parts.len()).unwrap_or_else(|| none(row)));
        StackChart { rows: rows.collect(), as_shares: false, ..self.clone() }
    }
}

struct Sheet<'a> {
    chart: &'a StackChart,
    id: &'a str,
    number: &'a Number<'a>,
    width: f64,
    legend: Vec<(f64, usize)>,
    plot: Plot,
}

impl<'a> Sheet<'a> {
    fn new(chart: &'a StackChart, id: &'a str, number: &'a Number<'a>) -> Self {
        let width = chart.width.px();
        let ends = chart.rows.iter().filter_map(|r| r.pieces(chart.parts.len()).last().map(|p| p.2));
        let highest = ends.fold(0.0, f64::max);
        let labels = chart.rows.iter().map(|r| (r.label.as_str(), r.highlight));
        let totals = chart.rows.iter().map(|r| (r.total.as_str(), r.highlight));
        let legend = legend(chart, width);
        let top = legend.last().map_or(0.0, |(_, line)| (line + 1) as f64 * LEGEND) + 6.0;
        let n = chart.rows.len().max(1) as f64;
        let mut plot = Plot {
            left: columns(labels, width * 0.42) + 8.0,
            right: (width - columns(totals, width * 0.3) - 8.0).min(width - 16.0),
            top,
            bottom: top + n * ROW,
            x: (0.0, if highest > 0.0 { highest } else { 1.0 }),
            y: (n, 0.0),
            y_ticks: Vec::new(),
            x_ticks: Vec::new(),
        };
        plot.x_ticks = roomy_ticks(&plot, number);
        Sheet { chart, id, number, width, legend, plot }
    }

    fn draw(&self, canvas: &Canvas) -> Drawn {
        let hatches: String =
            (0..self.chart.parts.len()).map(|n| palette::hatch(&self.hatch_id(n), n)).collect();
        canvas.doc.raw(&format!("<defs>{hatches}</defs>"));
        self.draw_legend(canvas)?;
        let mut chart = canvas.chart(&self.plot, (self.width, self.plot.bottom + FOOT))?;
        canvas.mesh(&mut chart, &Labels { lines: Lines::Upright, x: self.number, y: &|_| String::new() })?;
        for (n, row) in self.chart.rows.iter().enumerate() {
            self.draw_row(canvas, &mut chart, n, row)?;
        }
        Ok(())
    }

    fn hatch_id(&self, part: usize) -> String {
        format!("{}-h{part}", escaped(self.id))
    }

    fn draw_legend(&self, canvas: &Canvas) -> Drawn {
        let text = Lettering::new(LABEL, palette::INK);
        for (n, (name, (x, line))) in self.chart.parts.iter().zip(&self.legend).enumerate() {
            let y = *line as f64 * LEGEND + 9.0;
            canvas.doc.titled("part", name, || {
                let swatch = || canvas.area((*x, y - 6.0), (x + 18.0, y + 6.0), palette::series(n));
                canvas.doc.patterned(&self.hatch_id(n), swatch)?;
                canvas.text((x + 23.0, y), &text.fit(name, self.width - x - 25.0), &text)
            })?;
        }
        Ok(())
    }

    fn draw_row(&self, canvas: &Canvas, chart: &mut Chart<'_>, n: usize, row: &StackRow) -> Drawn {
        let y = self.plot.top + (n as f64 + 0.5) * ROW;
        let whole = format!("{}: {}", row.label, row.total);
        let pieces = row.pieces(self.chart.parts.len());
        let end = pieces.last().map_or(0.0, |p| p.2);
        canvas.doc.titled("total", &whole, || {
            row_label(canvas, (self.plot.left - 8.0, y), &row.label, row.highlight, row.href.as_deref())?;
            let text = row_text(row.highlight, if pieces.is_empty() { palette::MUTED } else { palette::INK });
            let x = self.plot.px(end) + 5.0;
            canvas.text((x, y), &text.fit(&row.total, self.width - x - 2.0), &text)
        })?;
        pieces.iter().try_for_each(|piece| self.draw_piece(canvas, chart, (n, row), *piece))
    }

    fn draw_piece(
        &self,
        canvas: &Canvas,
        chart: &mut Chart<'_>,
        row: (usize, &StackRow),
        piece: (usize, f64, f64),
    ) -> Drawn {
        let ((n, row), (part, from, to)) = (row, piece);
        let value = row.values.get(part).copied().flatten().unwrap_or_default();
        let hover = format!("{} – {}: {}", row.label, self.chart.parts[part], (self.number)(value));
        let area =
            Rectangle::new([(from, n as f64 + 0.14), (to, n as f64 + 0.86)], palette::series(part).filled());
        canvas.doc.titled("row", &hover, || {
            canvas.doc.patterned(&self.hatch_id(part), || chart.draw_series(once(area)).map(|_| ()))?;
            let x = self.plot.px(to);
            canvas.line((x, self.at_share(n, 0.14)), (x, self.at_share(n, 0.86)), palette::PAPER, 1.0)
        })
    }

    /// Height at a share of a row.
    fn at_share(&self, n: usize, share: f64) -> f64 {
        self.plot.top + (n as f64 + share) * ROW
    }
}

fn legend(chart: &StackChart, width: f64) -> Vec<(f64, usize)> {
    let text = Lettering::new(LABEL, palette::INK);
    let widths: Vec<f64> = chart.parts.iter().map(|name| (text.width(name) + 25.0).min(width)).collect();
    flow(&widths, 14.0, width)
}

#[cfg(test)]
mod tests {
    use super::{StackChart, StackRow};
    use crate::chart::Width;
    use crate::chart::testing::{check, check_layout, count, english, hostile};

    fn row(values: &[f64]) -> StackRow {
        StackRow {
            label: "Huế".into(),
            values: values.iter().copied().map(Some).collect(),
            total: "64,85".into(),
            ..Default::default()
        }
    }

    fn chart(parts: usize, rows: Vec<StackRow>) -> StackChart {
        StackChart { parts: (0..parts).map(|n| format!("part {n}")).collect(), rows, ..Default::default() }
    }

    #[test]
    fn parts_follow_each_other() {
        assert_eq!(row(&[1.0, 0.0, 2.0, 9.0]).pieces(3), [(0, 0.0, 1.0), (2, 1.0, 3.0)]);
        assert_eq!(row(&[f64::NAN, -1.0, f64::INFINITY]).pieces(3), []);
    }

    #[test]
    fn every_part_has_a_hatch_and_every_piece_says_what_it_is() {
        let svg = check(&chart(3, vec![row(&[1.0, 2.0, 3.0])]).render("a", &english));
        assert_eq!((count(&svg, "<pattern"), count(&svg, "url(#a-h1)")), (3, 2));
        assert!(svg.contains("<title>Huế – part 1: 2</title>"));
        assert!(svg.contains(">64,85</text>"));
    }

    #[test]
    fn shares_are_parts_of_a_hundred_and_a_row_that_misses_one_has_none() {
        let mut missing = row(&[1.0, 2.0]);
        missing.values[1] = None;
        let chart =
            StackChart { as_shares: true, ..chart(2, vec![row(&[1.0, 3.0]), missing, row(&[0.0, 0.0])]) };
        let shares: Vec<Vec<Option<f64>>> =
            chart.in_shares().rows.into_iter().map(|row| row.values).collect();
        assert_eq!(shares, [vec![Some(25.0), Some(75.0)], vec![], vec![]]);
        let svg = check_layout(&chart.render("a", &english));
        assert!(svg.contains("<title>Huế – part 1: 75</title>"), "{svg}");
        assert_eq!(count(&svg, "class=\"row\""), 2);
    }

    #[test]
    fn any_input_gives_a_chart() {
        let values = [0.0, -3.0, 1e300, f64::NAN, f64::INFINITY, 5e-324, 1e14];
        for n in 0..=values.len() {
            for parts in [0, 1, 40] {
                let mut chart = chart(
                    parts,
                    vec![row(&values[..n]), StackRow { label: hostile(), total: hostile(), ..row(&[]) }],
                );
                chart.parts.push(hostile());
                chart.width = Width(0);
                let svg = chart.render("a", &english);
                check(&svg);
                assert_eq!(svg, chart.render("a", &english));
            }
        }
        check(&StackChart::default().render("a", &english));
    }
}
