//! Values of many things side by side: one bar a row, with lines to compare with.

use std::iter::once;

use plotters::prelude::Rectangle;
use plotters::style::text_anchor::HPos;
use plotters::style::{Color, RGBColor};

use crate::chart::canvas::{Canvas, Chart, Drawn, Frame, Kind, LABEL, Labels, Lettering, Lines, Plot, SMALL};
use crate::chart::layout::{Flag, flag_rows, flags, thinned};
use crate::chart::palette::{self, Symbol};
use crate::chart::scale::{drawable, extent, nice_ticks};
use crate::chart::{Number, Svg, Width};

/// A chart of bars lying in rows, in the order given.
#[derive(Clone, Debug, Default)]
pub struct BarChart {
    /// Name of the chart.
    pub title: String,
    /// What the chart shows, in one sentence.
    pub finding: String,
    /// Width of the chart; the height follows from the rows.
    pub width: Width,
    /// The rows, from top to bottom.
    pub rows: Vec<BarRow>,
    /// Values to compare with, as upright lines.
    pub references: Vec<Reference>,
}

/// One bar.
#[derive(Clone, Debug, Default)]
pub struct BarRow {
    /// What the value belongs to.
    pub label: String,
    /// The value; none draws no bar.
    pub value: Option<f64>,
    /// The value as written at the end of the bar, or the word for why there is none.
    pub text: String,
    /// Stands out: stronger colour, semibold text.
    pub highlight: bool,
    /// Where the label leads to.
    pub href: Option<String>,
}

/// A value that all rows are compared with.
#[derive(Clone, Debug, Default)]
pub struct Reference {
    /// The value.
    pub value: f64,
    /// What is written over the line.
    pub label: String,
    /// Why one compares.
    pub kind: ReferenceKind,
}

/// Why one compares with a value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ReferenceKind {
    /// To be reached: dashed, with a diamond.
    #[default]
    Target,
    /// To see the place of each, as the value of the whole country: dotted.
    Comparison,
}

impl ReferenceKind {
    fn look(self) -> (RGBColor, &'static str, f64) {
        match self {
            ReferenceKind::Target => (palette::TARGET, palette::TARGET_DASH, 1.8),
            ReferenceKind::Comparison => (palette::INK, palette::COMPARISON_DASH, 1.5),
        }
    }
}

/// Height of a row and of a row of flags, in pixels.
const ROW: f64 = 20.0;
const FLAG: f64 = 17.0;
/// Room under the bars for the ticks.
const FOOT: f64 = 22.0;

impl BarChart {
    /// Draws the chart; `id` is the prefix of ids inside and unique in its page.
    pub fn render(&self, id: &str, number: &Number<'_>) -> Svg {
        let sheet = Sheet::new(self, number);
        let frame = Frame {
            class: "chart-bar",
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

struct Sheet<'a> {
    chart: &'a BarChart,
    number: &'a Number<'a>,
    width: f64,
    references: Vec<(f64, &'a Reference)>,
    flags: Vec<Flag>,
    plot: Plot,
}

impl<'a> Sheet<'a> {
    fn new(chart: &'a BarChart, number: &'a Number<'a>) -> Self {
        let width = chart.width.px();
        let references: Vec<_> =
            chart.references.iter().filter_map(|r| Some((drawable(Some(r.value))?, r))).collect();
        let x = ends(chart, &references);
        let left = columns(chart.rows.iter().map(|r| (r.label.as_str(), r.highlight)), width * 0.42);
        let valued = chart.rows.iter().filter(|r| drawable(r.value).is_some());
        let texts = valued.map(|r| (r.text.as_str(), r.highlight));
        let mut plot = Plot {
            left: left + 8.0,
            right: (width - columns(texts, width * 0.3) - 10.0).min(width - 16.0),
            top: 0.0,
            bottom: 0.0,
            x,
            y: (chart.rows.len().max(1) as f64, 0.0),
            y_ticks: Vec::new(),
            x_ticks: Vec::new(),
        };
        plot.x_ticks = roomy_ticks(&plot, number);
        let lines: Vec<_> =
            references.iter().map(|(v, r)| (plot.px(*v), reference_text().width(&short(r, width)))).collect();
        let flags = flags(&lines, (4.0, width - 4.0));
        plot.top = flag_rows(&flags) as f64 * FLAG + 6.0;
        plot.bottom = plot.top + plot.y.0 * ROW;
        Sheet { chart, number, width, references, flags, plot }
    }

    fn draw(&self, canvas: &Canvas) -> Drawn {
        let mut chart = canvas.chart(&self.plot, (self.width, self.plot.bottom + FOOT))?;
        let labels = Labels { lines: Lines::Upright, x: self.number, y: &|_| String::new() };
        canvas.mesh(&mut chart, &labels)?;
        for (n, row) in self.chart.rows.iter().enumerate() {
            let hover = format!("{}: {}", row.label, row.text);
            canvas.doc.titled("row", &hover, || self.draw_row(canvas, &mut chart, n, row))?;
        }
        self.draw_zero(canvas)?;
        for ((value, reference), flag) in self.references.iter().zip(&self.flags) {
            canvas.doc.named("reference", &reference.label, || {
                self.draw_reference(canvas, *value, reference, flag)
            })?;
        }
        canvas.doc.halo(|| {
            self.chart.rows.iter().enumerate().try_for_each(|(n, row)| self.draw_value(canvas, n, row))
        })
    }

    fn draw_row(&self, canvas: &Canvas, chart: &mut Chart<'_>, n: usize, row: &BarRow) -> Drawn {
        row_label(
            canvas,
            (self.plot.left - 8.0, self.middle(n)),
            &row.label,
            row.highlight,
            row.href.as_deref(),
        )?;
        let Some(value) = drawable(row.value) else {
            return Ok(());
        };
        let colour = if row.highlight { palette::SERIES[0] } else { palette::BAR };
        let bar = Rectangle::new([(0.0, n as f64 + 0.17), (value, n as f64 + 0.83)], colour.filled());
        chart.draw_series(once(bar)).map(|_| ())
    }

    /// The middle of a row.
    fn middle(&self, n: usize) -> f64 {
        self.plot.top + (n as f64 + 0.5) * ROW
    }

    /// The value at the end of its bar, or in a column of its own where lines would cut through it.
    fn draw_value(&self, canvas: &Canvas, n: usize, row: &BarRow) -> Drawn {
        let y = self.middle(n);
        let at_bar = |end: f64, colour: RGBColor| {
            let (x, text) = (self.plot.px(end) + 5.0, row_text(row.highlight, colour));
            canvas.text((x, y), &text.fit(&row.text, self.width - x - 2.0), &text)
        };
        match drawable(row.value) {
            None => at_bar(0.0, palette::MUTED),
            Some(value) if self.references.is_empty() => at_bar(value.max(0.0), palette::INK),
            Some(_) => {
                let text = row_text(row.highlight, palette::INK).at(HPos::Right);
                canvas.text(
                    (self.width - 2.0, y),
                    &text.fit(&row.text, self.width - self.plot.right - 4.0),
                    &text,
                )
            }
        }
    }

    fn draw_zero(&self, canvas: &Canvas) -> Drawn {
        let x = self.plot.px(0.0);
        canvas
            .doc
            .silent("zero", || canvas.line((x, self.plot.top), (x, self.plot.bottom), palette::OTHER, 1.0))
    }

    fn draw_reference(&self, canvas: &Canvas, value: f64, reference: &Reference, flag: &Flag) -> Drawn {
        let (colour, dash, width) = reference.kind.look();
        let (x, y) = (self.plot.px(value), self.plot.top - 12.0 - flag.row as f64 * FLAG);
        canvas.doc.dashed(Some(dash), || canvas.line((x, y), (x, self.plot.bottom), colour, width))?;
        if reference.kind == ReferenceKind::Target {
            canvas.symbol((x, y), Symbol::Diamond, 3.6, colour)?;
        }
        let nudge = if flag.left > x { 3.0 } else { -3.0 };
        canvas
            .doc
            .halo(|| canvas.text((flag.left + nudge, y), &short(reference, self.width), &reference_text()))
    }
}

fn reference_text() -> Lettering {
    Lettering::new(LABEL, palette::INK)
}

fn short(reference: &Reference, width: f64) -> String {
    reference_text().fit(&reference.label, width * 0.45)
}

/// The axis reaches from zero to the outermost value or line, and no further.
fn ends(chart: &BarChart, references: &[(f64, &Reference)]) -> (f64, f64) {
    let values = chart.rows.iter().filter_map(|r| drawable(r.value));
    let all = values.chain(references.iter().map(|r| r.0)).chain([0.0]);
    let (lo, hi) = extent(all).unwrap_or((0.0, 1.0));
    if lo == hi { (0.0, 1.0) } else { (lo, hi) }
}

/// Round ticks within the axis whose labels have room beside each other.
pub(super) fn roomy_ticks(plot: &Plot, number: &Number<'_>) -> Vec<f64> {
    let small = Lettering::new(SMALL, palette::MUTED);
    let n = ((plot.right - plot.left) / 80.0).max(2.0) as usize;
    // An axis may run from right to left.
    let (lo, hi) = (plot.x.0.min(plot.x.1), plot.x.0.max(plot.x.1));
    let mut ticks = nice_ticks((lo, hi), n);
    ticks.retain(|t| (lo..=hi).contains(t));
    ticks.sort_by(|a, b| plot.px(*a).total_cmp(&plot.px(*b)));
    // Ticks that are written alike say nothing apart.
    ticks.dedup_by(|a, b| number(*a) == number(*b));
    let boxes: Vec<_> = ticks.iter().map(|t| (plot.px(*t), small.width(&number(*t)))).collect();
    ticks.into_iter().zip(thinned(&boxes, 8.0)).filter_map(|(t, kept)| kept.then_some(t)).collect()
}

/// Text of a row: semibold if it stands out.
pub(super) fn row_text(highlight: bool, colour: RGBColor) -> Lettering {
    Lettering::new(LABEL, colour).bold(highlight)
}

/// Width of a column of texts, at most `most`.
pub(super) fn columns<'t>(texts: impl Iterator<Item = (&'t str, bool)>, most: f64) -> f64 {
    texts.map(|(text, bold)| row_text(bold, palette::INK).width(text)).fold(0.0, f64::max).min(most)
}

/// The label left of a row, cut at the edge of the chart, leading to its page if it has one.
pub(super) fn row_label(
    canvas: &Canvas,
    (x, y): (f64, f64),
    label: &str,
    highlight: bool,
    href: Option<&str>,
) -> Drawn {
    let text = row_text(highlight, palette::INK).at(HPos::Right);
    canvas.doc.linked(href, || canvas.text((x, y), &text.fit(label, x), &text))
}

#[cfg(test)]
mod tests {
    use super::{BarChart, BarRow, Reference, ReferenceKind};
    use crate::chart::Width;
    use crate::chart::testing::{check, count, english, hostile};

    fn row(label: &str, value: f64) -> BarRow {
        BarRow { label: label.into(), value: Some(value), text: english(value), ..Default::default() }
    }

    fn bars(svg: &str) -> usize {
        count(svg, "<rect")
    }

    #[test]
    fn a_missing_value_is_a_word_and_no_bar() {
        let missing = BarRow { value: None, text: "không có số liệu".into(), ..row("Huế", 1.0) };
        let chart = BarChart {
            rows: vec![row("Hà Nội", 52.96), missing, row("Cà Mau", f64::NAN)],
            ..Default::default()
        };
        let svg = check(&chart.render("a", &english));
        assert_eq!(bars(&svg), 1);
        assert!(svg.contains(">không có số liệu</text>"));
        assert!(svg.contains("<title>Hà Nội: 52.96</title>"));
    }

    #[test]
    fn a_label_leads_to_its_page() {
        let linked = BarRow { href: Some("org/a.html?x=1&y=\"".into()), ..row("A", 1.0) };
        let svg = check(&BarChart { rows: vec![linked], ..Default::default() }.render("a", &english));
        assert!(svg.contains("<a href=\"org/a.html?x=1&amp;y=&quot;\"><text"));
    }

    #[test]
    fn height_grows_with_the_rows() {
        let height = |n| {
            let chart = BarChart { rows: vec![row("A", 1.0); n], ..Default::default() };
            let svg = check(&chart.render("a", &english));
            let view = svg.split("viewBox=\"0 0 720 ").nth(1).and_then(|s| s.split('"').next());
            view.and_then(|h| h.parse::<f64>().ok()).expect("a height")
        };
        assert_eq!(height(200) - height(3), 197.0 * 20.0);
    }

    #[test]
    fn target_and_comparison_differ_in_more_than_colour() {
        let reference = |kind| Reference { value: 80.0, label: "x".into(), kind };
        let chart = |kind| BarChart {
            rows: vec![row("A", 60.0)],
            references: vec![reference(kind)],
            ..Default::default()
        };
        let target = check(&chart(ReferenceKind::Target).render("a", &english));
        let comparison = check(&chart(ReferenceKind::Comparison).render("a", &english));
        assert_eq!((count(&target, "<polygon"), count(&comparison, "<polygon")), (1, 0));
        assert!(target.contains("\"6 4\"") && comparison.contains("\"1.5 2.5\""));
    }

    #[test]
    fn any_input_gives_a_chart() {
        let values = [0.0, -3.0, 1e300, f64::NAN, f64::INFINITY, 5e-324, 1e14];
        for n in 0..=values.len() {
            let rows: Vec<BarRow> =
                values[..n].iter().map(|v| BarRow { text: hostile(), ..row(&hostile(), *v) }).collect();
            let references =
                values[..n].iter().map(|v| Reference { value: *v, label: hostile(), ..Default::default() });
            let chart =
                BarChart { title: hostile(), rows, references: references.collect(), ..Default::default() };
            for width in [Width(0), Width::PHONE, Width::PAGE] {
                let chart = BarChart { width, ..chart.clone() };
                let svg = chart.render("a", &english);
                check(&svg);
                assert_eq!(svg, chart.render("a", &english));
            }
        }
    }
}
