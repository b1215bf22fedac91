//! Scores of the parts of a whole, each against the most that it can be.
//!
//! For an index whose parts have different weights: the outlined box is as long as the part can score, the bar in it is what
//! was scored, so that the empty end of a box is what there is to gain. A mark shows the middle of those compared with.

use std::iter::once;

use plotters::prelude::Rectangle;
use plotters::style::Color;
use plotters::style::text_anchor::HPos;

use crate::chart::bar::{columns, roomy_ticks, row_label, row_text};
use crate::chart::canvas::{Canvas, Chart, Drawn, Frame, Kind, LABEL, Labels, Lettering, Lines, Plot};
use crate::chart::palette::{self, Symbol};
use crate::chart::scale::drawable;
use crate::chart::svg::grid;
use crate::chart::text::{Weight, wrapped};
use crate::chart::{Number, Svg, Width};

/// A chart of scores in boxes, in the order given.
#[derive(Clone, Debug, Default)]
pub struct GroupChart {
    /// Name of the chart.
    pub title: String,
    /// What the chart shows, in one sentence.
    pub finding: String,
    /// Width of the chart; the height follows from the rows.
    pub width: Width,
    /// The parts, from top to bottom.
    pub rows: Vec<GroupRow>,
    /// What the marks stand for; nothing is explained where no row has one.
    pub mark: String,
}

/// One part.
#[derive(Clone, Debug, Default)]
pub struct GroupRow {
    /// Name of the part.
    pub label: String,
    /// The score; none draws no bar.
    pub value: Option<f64>,
    /// The most that it can be.
    pub most: f64,
    /// The score as written at the end of the row, or the word for why there is none.
    pub text: String,
    /// A score to compare with, and as it is written.
    pub mark: Option<(f64, String)>,
    /// Where the label leads to.
    pub href: Option<String>,
}

/// Heights, in pixels, of a row, of the line that explains the marks, and of the room under the bars.
const ROW: f64 = 32.0;
const HEAD: f64 = 22.0;
const FOOT: f64 = 22.0;
/// From one line of a label to the next.
const LINE: f64 = 14.0;
/// Edges of a box in its row, as shares of its height.
const BOX: (f64, f64) = (0.16, 0.84);

impl GroupChart {
    /// Draws the chart; `id` is the prefix of ids inside and unique in its page.
    pub fn render(&self, id: &str, number: &Number<'_>) -> Svg {
        let plot = self.plot(number);
        let frame = Frame {
            class: "chart-groups",
            id,
            title: &self.title,
            finding: &self.finding,
            width: self.width.px(),
            height: plot.bottom + FOOT,
            kind: Kind::Document,
        };
        frame.render(|canvas| self.draw(canvas, &plot, number))
    }

    /// Labels stand over their rows where there is no room beside them.
    fn plot(&self, number: &Number<'_>) -> Plot {
        let width = self.width.px();
        let most = self.rows.iter().filter_map(|row| drawable(Some(row.most)));
        let values = self.rows.iter().filter_map(|row| drawable(row.value));
        let highest = most.chain(values).fold(0.0, f64::max);
        let labels = self.rows.iter().map(|row| (row.label.as_str(), false));
        let texts = self.rows.iter().map(|row| (row.text.as_str(), true));
        let top = if self.is_marked() { HEAD } else { 0.0 } + 4.0;
        let n = self.rows.len().max(1) as f64;
        let mut plot = Plot {
            left: columns(labels, width * 0.42) + 8.0,
            right: width - columns(texts, width * 0.28) - 10.0,
            top,
            bottom: top + n * ROW,
            x: (0.0, if highest > 0.0 { highest } else { 1.0 }),
            y: (n, 0.0),
            x_ticks: Vec::new(),
            y_ticks: Vec::new(),
        };
        plot.x_ticks = roomy_ticks(&plot, number);
        plot
    }

    fn is_marked(&self) -> bool {
        !self.mark.is_empty() && self.rows.iter().any(|row| row.mark.is_some())
    }

    fn draw(&self, canvas: &Canvas, plot: &Plot, number: &Number<'_>) -> Drawn {
        let mut chart = canvas.chart(plot, (self.width.px(), plot.bottom + FOOT))?;
        canvas.mesh(&mut chart, &Labels { lines: Lines::Upright, x: number, y: &|_| String::new() })?;
        if self.is_marked() {
            let text = Lettering::new(LABEL, palette::MUTED);
            canvas.symbol((plot.left + 5.0, 10.0), Symbol::TriangleDown, 4.0, palette::INK)?;
            let room = self.width.px() - plot.left - 18.0;
            canvas.text((plot.left + 14.0, 10.0), &text.fit(&self.mark, room), &text)?;
        }
        for (n, row) in self.rows.iter().enumerate() {
            let hover = format!("{}: {}", row.label, row.text);
            canvas.doc.titled("row", &hover, || self.draw_row(canvas, &mut chart, plot, n, row))?;
        }
        Ok(())
    }

    fn draw_row(
        &self,
        canvas: &Canvas,
        chart: &mut Chart<'_>,
        plot: &Plot,
        n: usize,
        row: &GroupRow,
    ) -> Drawn {
        let (at, middle) = (n as f64, plot.top + (n as f64 + 0.5) * ROW);
        draw_label(canvas, (plot.left - 8.0, middle), row)?;
        let value = drawable(row.value);
        if let Some(value) = value.filter(|value| *value > 0.0) {
            let bar = Rectangle::new([(0.0, at + BOX.0), (value, at + BOX.1)], palette::SERIES[0].filled());
            chart.draw_series(once(bar))?;
        }
        if let Some(most) = drawable(Some(row.most)).filter(|most| *most > 0.0) {
            let outline = palette::OTHER.stroke_width(grid(1.2).unsigned_abs());
            chart.draw_series(once(Rectangle::new([(0.0, at + BOX.0), (most, at + BOX.1)], outline)))?;
        }
        if let Some((mark, text)) = row.mark.as_ref().and_then(|(v, text)| Some((drawable(Some(*v))?, text)))
        {
            let (x, y) = (plot.px(mark.clamp(plot.x.0, plot.x.1)), plot.top + (at + BOX.0) * ROW);
            let title = format!("{}: {text}", self.mark);
            canvas.doc.titled("mark", &title, || {
                canvas.doc.halo(|| canvas.symbol((x, y + 1.0), Symbol::TriangleDown, 4.0, palette::INK))
            })?;
        }
        let colour = if value.is_some() { palette::INK } else { palette::MUTED };
        let text = row_text(value.is_some(), colour).at(HPos::Right);
        let room = self.width.px() - plot.right - 8.0;
        canvas.text((self.width.px() - 2.0, middle), &text.fit(&row.text, room), &text)
    }
}

/// The label left of its row, on two lines where it is long.
fn draw_label(canvas: &Canvas, (x, y): (f64, f64), row: &GroupRow) -> Drawn {
    let lines = wrapped(&row.label, LABEL, Weight::Regular, x);
    let Some((first, rest)) = lines.split_first().filter(|(_, rest)| !rest.is_empty()) else {
        return row_label(canvas, (x, y), &row.label, false, row.href.as_deref());
    };
    let text = row_text(false, palette::INK).at(HPos::Right);
    canvas.doc.linked(row.href.as_deref(), || {
        canvas.text((x, y - LINE / 2.0), first, &text)?;
        canvas.text((x, y + LINE / 2.0), &text.fit(&rest.join(" "), x), &text)
    })
}

#[cfg(test)]
mod tests {
    use super::{GroupChart, GroupRow};
    use crate::chart::Width;
    use crate::chart::testing::{check, check_layout, count, english, hostile};

    fn row(label: &str, value: f64, most: f64) -> GroupRow {
        GroupRow {
            label: label.into(),
            value: Some(value),
            most,
            text: format!("{value}/{most}"),
            mark: Some((most / 2.0, english(most / 2.0))),
            href: None,
        }
    }

    fn groups() -> GroupChart {
        GroupChart {
            mark: "Trung vị của 34 tỉnh, thành phố".into(),
            rows: vec![
                row("Công khai, minh bạch", 12.0, 18.0),
                row("Tiến độ giải quyết", 19.5, 20.0),
                row("Số hóa hồ sơ", 0.0, 22.0),
            ],
            ..Default::default()
        }
    }

    #[test]
    fn a_bar_and_its_box_have_the_lengths_of_score_and_maximum() {
        let chart = groups();
        let plot = chart.plot(&english);
        // 22 points are the whole axis, so 12 of them are 12/22 of it, and the box of 18 is 18/22.
        let length = plot.right - plot.left;
        assert!((plot.px(12.0) - plot.left - length * 12.0 / 22.0).abs() < 1e-9);
        let svg = check_layout(&chart.render("a", &english));
        // Three boxes, two bars: nothing was scored in the last part.
        assert_eq!(count(&svg, "<rect"), 5);
        assert!(
            svg.contains(">12/18</text>")
                && svg.contains("<title>Trung vị của 34 tỉnh, thành phố: 9</title>")
        );
    }

    #[test]
    fn a_missing_score_keeps_its_box_and_says_why() {
        let missing =
            GroupRow {
                value: None, text: "không công bố".into(), mark: None, ..row("Hài lòng", 0.0, 18.0)
            };
        let svg = check_layout(&GroupChart { rows: vec![missing], ..groups() }.render("a", &english));
        assert_eq!(count(&svg, "<rect"), 1);
        assert!(svg.contains(">không công bố</text>") && !svg.contains("Trung vị"));
    }

    #[test]
    fn any_input_gives_a_chart() {
        for value in [0.0, -3.0, 1e300, f64::NAN, f64::INFINITY, 5e-324, 30.0] {
            for width in [Width(0), Width::PHONE, Width::PAGE] {
                let text = hostile();
                let hard = GroupRow { text: text.clone(), ..row(&text, value, -value) };
                let rows = vec![hard, row("b", 7.0, value)];
                let chart = GroupChart { title: text.clone(), mark: text, width, rows, ..Default::default() };
                check(&chart.render("a", &english));
            }
        }
        check(&GroupChart::default().render("a", &english));
        check_layout(&GroupChart { width: Width::PHONE, ..groups() }.render("a", &english));
    }
}
