//! How far a rank could lie: one row a body, with the band that most draws fall into, its inner half, and the rank itself.
//!
//! For ranks under other weights and methods, or any other value with two intervals; no chart for a single sure number.

use plotters::style::text_anchor::HPos;

use crate::chart::bar::{columns, roomy_ticks, row_label, row_text};
use crate::chart::canvas::{Canvas, Drawn, Frame, Kind, LABEL, Labels, Lettering, Lines, Plot};
use crate::chart::palette::{self, Symbol};
use crate::chart::scale::{drawable, extent, rank_ticks, widened};
use crate::chart::{Number, Svg, Width};

/// A chart of bands, in the order given.
#[derive(Clone, Debug, Default)]
pub struct BandChart {
    /// Name of the chart.
    pub title: String,
    /// What the chart shows, in one sentence.
    pub finding: String,
    /// Width of the chart; the height follows from the rows.
    pub width: Width,
    /// The rows, from top to bottom.
    pub rows: Vec<BandRow>,
    /// What the outer band, the inner band and the mark stand for.
    pub names: [String; 3],
    /// The axis is one of ranks: whole, from 1, the best on the right.
    pub ranks: bool,
}

/// One body.
#[derive(Clone, Debug, Default)]
pub struct BandRow {
    /// Its name.
    pub label: String,
    /// Ends of the outer band.
    pub outer: (f64, f64),
    /// Ends of the inner band.
    pub inner: (f64, f64),
    /// The value as published.
    pub value: Option<f64>,
    /// The band as written at the end of the row.
    pub text: String,
    /// Stands out.
    pub highlight: bool,
    /// Where the label leads to.
    pub href: Option<String>,
}

/// Heights, in pixels, of a row, of the line of the legend, and of the room under the rows.
const ROW: f64 = 19.0;
const LEGEND: f64 = 22.0;
const FOOT: f64 = 22.0;

impl BandChart {
    /// Draws the chart; `id` is the prefix of ids inside and unique in its page.
    pub fn render(&self, id: &str, number: &Number<'_>) -> Svg {
        let plot = self.plot(number);
        let frame = Frame {
            class: "chart-band",
            id,
            title: &self.title,
            finding: &self.finding,
            width: self.width.px(),
            height: plot.bottom + FOOT,
            kind: Kind::Document,
        };
        frame.render(|canvas| self.draw(canvas, &plot, number))
    }

    fn legend(&self) -> Vec<(f64, usize)> {
        let text = Lettering::new(LABEL, palette::INK);
        let room = self.width.px() - 4.0;
        let widths: Vec<f64> = self.names.iter().map(|name| (text.width(name) + 30.0).min(room)).collect();
        crate::chart::layout::flow(&widths, 14.0, room)
    }

    fn plot(&self, number: &Number<'_>) -> Plot {
        let width = self.width.px();
        let values = self.rows.iter().flat_map(BandRow::numbers);
        let (lo, hi) = widened(extent(values).unwrap_or((0.0, 1.0)));
        let labels = self.rows.iter().map(|row| (row.label.as_str(), row.highlight));
        let texts = self.rows.iter().map(|row| (row.text.as_str(), row.highlight));
        let top = self.legend().last().map_or(0.0, |(_, line)| (line + 1) as f64 * LEGEND) + 2.0;
        let n = self.rows.len().max(1) as f64;
        let mut plot = Plot {
            left: columns(labels, width * 0.42) + 12.0,
            right: width - columns(texts, width * 0.25) - 14.0,
            top,
            bottom: top + n * ROW,
            x: if self.ranks { (hi, lo.min(1.0)) } else { (lo, hi) },
            y: (n, 0.0),
            x_ticks: Vec::new(),
            y_ticks: Vec::new(),
        };
        plot.x_ticks = if self.ranks { ticks_of_ranks(&plot) } else { roomy_ticks(&plot, number) };
        plot
    }

    fn draw(&self, canvas: &Canvas, plot: &Plot, number: &Number<'_>) -> Drawn {
        let mut chart = canvas.chart(plot, (self.width.px(), plot.bottom + FOOT))?;
        canvas.mesh(&mut chart, &Labels { lines: Lines::Upright, x: number, y: &|_| String::new() })?;
        self.draw_legend(canvas)?;
        for (n, row) in self.rows.iter().enumerate() {
            let y = plot.top + (n as f64 + 0.5) * ROW;
            let title = format!("{}: {}", row.label, row.text);
            canvas.doc.titled("row", &title, || self.draw_row(canvas, plot, y, row))?;
        }
        Ok(())
    }

    fn draw_legend(&self, canvas: &Canvas) -> Drawn {
        let text = Lettering::new(LABEL, palette::INK);
        for (n, (name, (x, line))) in self.names.iter().zip(self.legend()).enumerate() {
            let y = line as f64 * LEGEND + 10.0;
            match n {
                0 => canvas.line((x + 2.0, y), (x + 22.0, y), palette::BAR, 1.6)?,
                1 => canvas.area((x + 2.0, y - 3.5), (x + 22.0, y + 3.5), palette::BAR)?,
                _ => canvas.symbol((x + 12.0, y), Symbol::Circle, 4.0, palette::INK)?,
            }
            canvas.text((x + 27.0, y), &text.fit(name, self.width.px() - x - 30.0), &text)?;
        }
        Ok(())
    }

    fn draw_row(&self, canvas: &Canvas, plot: &Plot, y: f64, row: &BandRow) -> Drawn {
        row_label(canvas, (plot.left - 12.0, y), &row.label, row.highlight, row.href.as_deref())?;
        let colour = if row.highlight { palette::SERIES[0] } else { palette::BAR };
        if let Some((from, to)) = pair(row.outer) {
            let (from, to) = (plot.px(from), plot.px(to));
            canvas.line((from, y), (to, y), colour, 1.6)?;
            for end in [from, to] {
                canvas.line((end, y - 3.0), (end, y + 3.0), colour, 1.6)?;
            }
        }
        if let Some((from, to)) = pair(row.inner) {
            // A band of one value is still seen.
            let (from, to) = (plot.px(from.min(to)), plot.px(from.max(to)));
            canvas.area((from.min(to) - 1.0, y - 3.5), (from.max(to) + 1.0, y + 3.5), colour)?;
        }
        if let Some(value) = drawable(row.value) {
            let at = (plot.px(value), y);
            canvas.doc.halo(|| canvas.symbol(at, Symbol::Circle, 4.0, palette::INK))?;
        }
        let text = row_text(row.highlight, palette::INK).at(HPos::Right);
        let room = self.width.px() - plot.right - 12.0;
        canvas.text((self.width.px() - 2.0, y), &text.fit(&row.text, room), &text)
    }
}

impl BandRow {
    fn numbers(&self) -> impl Iterator<Item = f64> {
        let ends = [self.outer.0, self.outer.1, self.inner.0, self.inner.1].map(Some);
        ends.into_iter().chain([self.value]).filter_map(drawable)
    }
}

fn pair((a, b): (f64, f64)) -> Option<(f64, f64)> {
    Some((drawable(Some(a))?, drawable(Some(b))?))
}

/// Whole ranks within the axis, with room for their labels.
fn ticks_of_ranks(plot: &Plot) -> Vec<f64> {
    let n = ((plot.right - plot.left) / 60.0).max(2.0) as usize;
    let mut ticks = rank_ticks((plot.x.1, plot.x.0), n);
    ticks.retain(|tick| *tick <= plot.x.0);
    // Rank 1 yields to the next tick where they are too near.
    let near = ticks.get(1).is_some_and(|next| (plot.px(1.0) - plot.px(*next)).abs() < 24.0);
    if near {
        ticks.remove(1);
    }
    ticks
}

#[cfg(test)]
mod tests {
    use super::{BandChart, BandRow};
    use crate::chart::Width;
    use crate::chart::testing::{check, check_layout, count, english, hostile};

    fn row(label: &str, outer: (f64, f64), inner: (f64, f64), value: f64) -> BandRow {
        let text = format!("{}–{}", outer.0, outer.1);
        BandRow {
            label: label.into(),
            outer,
            inner,
            value: Some(value),
            text,
            highlight: label == "Việt Nam",
            href: None,
        }
    }

    fn bands() -> BandChart {
        BandChart {
            names: ["90 % số lần thử".into(), "một nửa".into(), "đã công bố".into()],
            rows: vec![
                row("Việt Nam", (70.0, 92.0), (81.0, 88.0), 86.0),
                row("Bosnia và Herzegovina", (60.0, 60.0), (60.0, 60.0), 60.0),
            ],
            ranks: true,
            ..Default::default()
        }
    }

    #[test]
    fn the_best_rank_is_on_the_right_and_ends_stand_at_their_ranks() {
        let chart = bands();
        let plot = chart.plot(&english);
        assert!(plot.px(60.0) > plot.px(92.0));
        // The axis runs from the last rank that is drawn to the first rank there is.
        assert_eq!((plot.px(92.0), plot.px(1.0)), (plot.left, plot.right));
        assert_eq!(plot.x_ticks.first(), Some(&1.0));
        let svg = check_layout(&chart.render("a", &english));
        assert!(svg.contains("<title>Việt Nam: 70–92</title>"), "{svg}");
        assert_eq!(count(&svg, "class=\"row\""), 2);
    }

    #[test]
    fn a_band_of_one_rank_is_still_seen() {
        let svg = check_layout(&bands().render("a", &english));
        assert!(!svg.contains("width=\"0\""), "{svg}");
    }

    #[test]
    fn any_input_gives_a_chart() {
        for value in [0.0, -3.0, 1e300, f64::NAN, f64::INFINITY, 5e-324, 193.0] {
            for (width, ranks) in [(Width(0), true), (Width::PHONE, false), (Width::PAGE, true)] {
                let hard =
                    BandRow { text: hostile(), ..row(&hostile(), (value, 1.0), (-value, value), value) };
                let names = [hostile(), hostile(), hostile()];
                check(
                    &BandChart {
                        title: hostile(),
                        width,
                        ranks,
                        names,
                        rows: vec![hard],
                        ..Default::default()
                    }
                    .render("a", &english),
                );
            }
        }
        check(&BandChart::default().render("a", &english));
        check_layout(&BandChart { width: Width::PHONE, ..bands() }.render("a", &english));
    }
}
