//! One value against its targets, in the height of a line or two of text.

use std::iter::once;

use plotters::prelude::Rectangle;
use plotters::style::Color;
use plotters::style::text_anchor::HPos;

use crate::chart::canvas::{Canvas, Drawn, Frame, Kind, LABEL, Lettering, Plot, SMALL};
use crate::chart::layout::{Flag, flag_rows, flags};
use crate::chart::palette::{self, Symbol};
use crate::chart::scale::{drawable, widened};
use crate::chart::{Number, Svg, Width};

/// A bar of one value on a scale with its targets.
#[derive(Clone, Debug)]
pub struct BulletChart {
    /// Name of the chart.
    pub title: String,
    /// What the chart shows, in one sentence.
    pub finding: String,
    /// Width of the chart.
    pub width: Width,
    /// The value; none draws no bar.
    pub value: Option<f64>,
    /// The value as written beside the bar, or the word for why there is none.
    pub text: String,
    /// Least and greatest value of the scale; what is beyond is drawn at its end.
    pub scale: (f64, f64),
    /// Lower is better, as for ranks: the scale is turned, so that further right is always better.
    pub lower_is_better: bool,
    /// Targets.
    pub targets: Vec<BulletTarget>,
}

/// A target on the scale.
#[derive(Clone, Debug, Default)]
pub struct BulletTarget {
    /// The value to be reached.
    pub value: f64,
    /// What is written over the mark.
    pub label: String,
}

impl Default for BulletChart {
    fn default() -> Self {
        BulletChart {
            title: String::new(),
            finding: String::new(),
            width: Width::default(),
            value: None,
            text: String::new(),
            scale: (0.0, 100.0),
            lower_is_better: false,
            targets: Vec::new(),
        }
    }
}

/// Heights, in pixels, of the bar, of a row of flags over it, and of the ends of the scale under it.
const BAR: f64 = 14.0;
const FLAG: f64 = 16.0;
const FOOT: f64 = 16.0;

impl BulletChart {
    /// Draws the chart; `id` is the prefix of ids inside and unique in its page.
    pub fn render(&self, id: &str, number: &Number<'_>) -> Svg {
        let sheet = Sheet::new(self, number);
        let frame = Frame {
            class: "chart-bullet",
            id,
            title: &self.title,
            finding: &self.finding,
            width: sheet.width,
            height: sheet.plot.bottom + FOOT,
            kind: Kind::Image,
        };
        frame.render(|canvas| sheet.draw(canvas))
    }

    /// The scale from left to right.
    fn ends(&self) -> (f64, f64) {
        let (a, b) =
            (drawable(Some(self.scale.0)).unwrap_or(0.0), drawable(Some(self.scale.1)).unwrap_or(100.0));
        let (lo, hi) = widened((a.min(b), a.max(b)));
        if self.lower_is_better { (hi, lo) } else { (lo, hi) }
    }
}

struct Sheet<'a> {
    chart: &'a BulletChart,
    number: &'a Number<'a>,
    width: f64,
    targets: Vec<(f64, &'a str)>,
    flags: Vec<Flag>,
    plot: Plot,
}

impl<'a> Sheet<'a> {
    fn new(chart: &'a BulletChart, number: &'a Number<'a>) -> Self {
        let (width, x) = (chart.width.px(), chart.ends());
        let text = value_text().width(&chart.text).min(width * 0.35).max(52.0);
        let within = |v: f64| v.clamp(x.0.min(x.1), x.0.max(x.1));
        let targets: Vec<_> = chart
            .targets
            .iter()
            .filter_map(|t| Some((within(drawable(Some(t.value))?), t.label.as_str())))
            .collect();
        let mut plot = Plot {
            left: 3.0,
            right: width - text - 12.0,
            top: 0.0,
            bottom: 0.0,
            x,
            y: (0.0, 1.0),
            x_ticks: Vec::new(),
            y_ticks: Vec::new(),
        };
        let lines: Vec<_> = targets
            .iter()
            .map(|(v, label)| (plot.px(*v), target_text().width(&short(label, width))))
            .collect();
        let flags = flags(&lines, (3.0, width - 3.0));
        plot.top = flag_rows(&flags) as f64 * FLAG + 4.0;
        plot.bottom = plot.top + BAR;
        Sheet { chart, number, width, targets, flags, plot }
    }

    fn draw(&self, canvas: &Canvas) -> Drawn {
        let mut chart = canvas.chart(&self.plot, (self.width, self.plot.bottom + FOOT))?;
        let (worst, best) = self.plot.x;
        let bar = |to: f64, inset: f64| [(worst, inset), (to, 1.0 - inset)];
        chart.draw_series(once(Rectangle::new(bar(best, 0.0), palette::GRID.filled())))?;
        if let Some(value) = drawable(self.chart.value) {
            let end = value.clamp(worst.min(best), worst.max(best));
            chart.draw_series(once(Rectangle::new(bar(end, 0.2), palette::SERIES[0].filled())))?;
        }
        self.draw_scale(canvas)?;
        self.draw_value(canvas)?;
        self.targets
            .iter()
            .zip(&self.flags)
            .try_for_each(|((value, label), flag)| self.draw_target(canvas, *value, label, flag))
    }

    /// The figures at both ends of the scale.
    fn draw_scale(&self, canvas: &Canvas) -> Drawn {
        let (text, y) = (Lettering::new(SMALL, palette::MUTED), self.plot.bottom + 9.0);
        canvas.doc.silent("scale", || {
            canvas.text((self.plot.left, y), &(self.number)(self.plot.x.0), &text)?;
            canvas.text((self.plot.right, y), &(self.number)(self.plot.x.1), &text.at(HPos::Right))
        })
    }

    fn draw_value(&self, canvas: &Canvas) -> Drawn {
        let missing = drawable(self.chart.value).is_none();
        let text = if missing { Lettering::new(LABEL, palette::MUTED) } else { value_text() };
        let x = self.plot.right + 8.0;
        let y = (self.plot.top + self.plot.bottom) / 2.0;
        canvas.text((x, y), &text.fit(&self.chart.text, self.width - x - 2.0), &text)
    }

    fn draw_target(&self, canvas: &Canvas, value: f64, label: &str, flag: &Flag) -> Drawn {
        let (x, y) = (self.plot.px(value), self.plot.top - 8.0 - flag.row as f64 * FLAG);
        canvas.doc.titled("target", label, || {
            canvas.doc.halo(|| {
                canvas.line((x, y), (x, self.plot.bottom + 2.0), palette::TARGET, 2.4)?;
                canvas.symbol((x, y), Symbol::Diamond, 3.4, palette::TARGET)?;
                let nudge = if flag.left > x { 3.0 } else { -3.0 };
                canvas.text((flag.left + nudge, y), &short(label, self.width), &target_text())
            })
        })
    }
}

fn value_text() -> Lettering {
    Lettering::new(14.0, palette::INK).bold(true)
}

fn target_text() -> Lettering {
    Lettering::new(SMALL, palette::INK)
}

fn short(label: &str, width: f64) -> String {
    target_text().fit(label, width * 0.45)
}

#[cfg(test)]
mod tests {
    use super::{BulletChart, BulletTarget};
    use crate::chart::Width;
    use crate::chart::testing::{check, count, english, hostile};

    fn share() -> BulletChart {
        BulletChart {
            value: Some(24.36),
            text: "24,36 %".into(),
            targets: vec![BulletTarget { value: 80.0, label: "80 %".into() }],
            ..Default::default()
        }
    }

    #[test]
    fn value_and_target_are_drawn_and_written() {
        let svg = check(&share().render("a", &english));
        assert_eq!(count(&svg, "<rect"), 2);
        assert!(svg.contains(">24,36 %</text>") && svg.contains(">80 %</text>"));
    }

    #[test]
    fn a_missing_value_has_no_bar() {
        let chart = BulletChart { value: None, text: "chưa có".into(), ..share() };
        let svg = check(&chart.render("a", &english));
        assert_eq!(count(&svg, "<rect"), 1);
        assert!(svg.contains(">chưa có</text>"));
    }

    #[test]
    fn the_best_rank_is_on_the_right() {
        let chart = BulletChart { scale: (1.0, 193.0), lower_is_better: true, ..share() };
        assert_eq!(chart.ends(), (193.0, 1.0));
        check(&chart.render("a", &english));
    }

    #[test]
    fn any_input_gives_a_chart() {
        let values = [0.0, -3.0, 1e300, f64::NAN, f64::INFINITY, 5e-324, 1e14, 200.0];
        for value in values {
            for scale in [(0.0, 100.0), (5.0, 5.0), (9.0, -9.0), (f64::NAN, f64::INFINITY), (0.0, 0.0)] {
                let chart = BulletChart {
                    title: hostile(),
                    width: Width(0),
                    value: Some(value),
                    text: hostile(),
                    scale,
                    lower_is_better: value > 1.0,
                    targets: values.map(|value| BulletTarget { value, label: hostile() }).to_vec(),
                    ..Default::default()
                };
                let svg = chart.render("a", &english);
                check(&svg);
                assert_eq!(svg, chart.render("a", &english));
            }
        }
    }
}
