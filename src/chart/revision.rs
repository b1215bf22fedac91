//! How numbers were revised: over each period the values that were told before, and the one that holds now.
//!
//! For one body over time. Later vintages move further to the strong end; where nothing was revised, one point stands alone.

use plotters::style::text_anchor::HPos;

use crate::chart::canvas::{Canvas, Drawn, Frame, Kind, LABEL, Labels, Lettering, Lines, Plot, SMALL};
use crate::chart::layout::{flow, thinned};
use crate::chart::palette::{self, Symbol};
use crate::chart::scale::{drawable, extent, nice_ticks};
use crate::chart::{Number, Svg, Width};

/// A fan of revisions.
#[derive(Clone, Debug, Default)]
pub struct RevisionChart {
    /// Name of the chart.
    pub title: String,
    /// What the chart shows, in one sentence.
    pub finding: String,
    /// Width of the chart.
    pub width: Width,
    /// The periods that were revised, in order of time.
    pub periods: Vec<Revised>,
    /// What a first, a later and the present value are called.
    pub names: [String; 3],
    /// What is said where the present number was withdrawn.
    pub withdrawn: String,
    /// Lower is better: small values are on top.
    pub reversed: bool,
}

/// One period.
#[derive(Clone, Debug, Default)]
pub struct Revised {
    /// The period in words.
    pub label: String,
    /// Every value that was told, in the order of the vintages; none where there was none, or none any more.
    pub values: Vec<Option<f64>>,
    /// The story on hover.
    pub title: String,
}

const HEIGHT: f64 = 200.0;
const LEGEND: f64 = 20.0;
const FOOT: f64 = 24.0;

impl RevisionChart {
    /// Draws the chart; `id` is the prefix of ids inside and unique in its page.
    pub fn render(&self, id: &str, number: &Number<'_>) -> Svg {
        let plot = self.plot(number);
        let frame = Frame {
            class: "chart-revision",
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
        let widths: Vec<f64> = self.names.iter().map(|name| (text.width(name) + 22.0).min(room)).collect();
        flow(&widths, 14.0, room)
    }

    /// Values do not begin at zero: it is the distance between them that counts.
    fn plot(&self, number: &Number<'_>) -> Plot {
        let width = self.width.px();
        let values = self.periods.iter().flat_map(|period| period.values.iter().filter_map(|v| drawable(*v)));
        let ticks = nice_ticks(extent(values).unwrap_or((0.0, 1.0)), 4);
        let (lo, hi) = (ticks[0], ticks[ticks.len() - 1]);
        let small = Lettering::new(SMALL, palette::MUTED);
        let widest = ticks.iter().map(|tick| small.width(&number(*tick))).fold(0.0, f64::max);
        let top = self.legend().last().map_or(0.0, |(_, line)| (line + 1) as f64 * LEGEND) + 10.0;
        Plot {
            left: (widest + 8.0).min(width * 0.3),
            right: width - 10.0,
            top,
            bottom: top + HEIGHT,
            x: (-0.5, self.periods.len().max(1) as f64 - 0.5),
            y: if self.reversed { (hi, lo) } else { (lo, hi) },
            x_ticks: Vec::new(),
            y_ticks: ticks,
        }
    }

    fn draw(&self, canvas: &Canvas, plot: &Plot, number: &Number<'_>) -> Drawn {
        let mut chart = canvas.chart(plot, (self.width.px(), plot.bottom + FOOT))?;
        canvas.mesh(&mut chart, &Labels { lines: Lines::Level, x: &|_| String::new(), y: number })?;
        self.draw_legend(canvas)?;
        self.draw_times(canvas, plot)?;
        for (n, period) in self.periods.iter().enumerate() {
            let x = plot.px(n as f64);
            canvas.doc.titled("period", &period.title, || self.draw_period(canvas, plot, x, period))?;
        }
        Ok(())
    }

    fn draw_legend(&self, canvas: &Canvas) -> Drawn {
        let text = Lettering::new(LABEL, palette::INK);
        for (n, (name, (x, line))) in self.names.iter().zip(self.legend()).enumerate() {
            let y = line as f64 * LEGEND + 9.0;
            mark(canvas, (x + 8.0, y), n)?;
            canvas.text((x + 18.0, y), &text.fit(name, self.width.px() - x - 20.0), &text)?;
        }
        Ok(())
    }

    fn draw_times(&self, canvas: &Canvas, plot: &Plot) -> Drawn {
        let small = Lettering::new(SMALL, palette::MUTED);
        let fit = |text: &str| small.fit(text, (plot.right - plot.left) / 2.0);
        let boxes: Vec<(f64, f64)> = self
            .periods
            .iter()
            .enumerate()
            .map(|(n, period)| {
                let half = small.width(&fit(&period.label)) / 2.0;
                (plot.px(n as f64).clamp(half + 2.0, self.width.px() - half - 2.0), 2.0 * half)
            })
            .collect();
        let kept = thinned(&boxes, 10.0);
        for ((period, (x, _)), _) in self.periods.iter().zip(boxes).zip(kept).filter(|(_, kept)| *kept) {
            canvas.text((x, plot.bottom + 12.0), &fit(&period.label), &small.at(HPos::Center))?;
        }
        Ok(())
    }

    /// A line from the least to the greatest value that was told, and a mark at each.
    fn draw_period(&self, canvas: &Canvas, plot: &Plot, x: f64, period: &Revised) -> Drawn {
        let values: Vec<(usize, f64)> =
            period.values.iter().enumerate().filter_map(|(n, v)| Some((n, drawable(*v)?))).collect();
        if let Some((lo, hi)) = extent(values.iter().map(|(_, v)| *v)).filter(|(lo, hi)| lo < hi) {
            canvas.line((x, plot.py(lo)), (x, plot.py(hi)), palette::BAR, 1.4)?;
        }
        let last = period.values.len().saturating_sub(1);
        for (n, value) in values {
            let kind = if n == last { 2 } else { usize::from(n > 0) };
            mark(canvas, (x, plot.py(value)), kind)?;
        }
        if period.values.last().is_some_and(|last| drawable(*last).is_none()) {
            let muted = Lettering::new(SMALL, palette::MUTED).at(HPos::Center);
            let half = muted.width(&self.withdrawn) / 2.0;
            let at = x.min(plot.right - half).max(plot.left + half);
            let room = plot.right - plot.left;
            return canvas
                .doc
                .halo(|| canvas.text((at, plot.bottom - 8.0), &muted.fit(&self.withdrawn, room), &muted));
        }
        Ok(())
    }
}

/// A first value is a ring, a later one a small dot, the present one a strong diamond.
fn mark(canvas: &Canvas, at: (f64, f64), kind: usize) -> Drawn {
    match kind {
        0 => {
            canvas.symbol(at, Symbol::Circle, 4.0, palette::OTHER)?;
            canvas.symbol(at, Symbol::Circle, 2.4, palette::PAPER)
        }
        1 => canvas.symbol(at, Symbol::Circle, 2.6, palette::OTHER),
        _ => canvas.symbol(at, Symbol::Diamond, 4.6, palette::SERIES[0]),
    }
}

#[cfg(test)]
mod tests {
    use super::{Revised, RevisionChart};
    use crate::chart::Width;
    use crate::chart::testing::{check, check_layout, count, english, hostile};

    fn period(label: &str, values: &[Option<f64>]) -> Revised {
        Revised { label: label.into(), values: values.to_vec(), title: format!("{label}: ...") }
    }

    fn revised() -> RevisionChart {
        RevisionChart {
            names: ["số đầu tiên".into(), "số sau đó".into(), "số hiện nay".into()],
            withdrawn: "đã rút".into(),
            periods: vec![
                period("Quý I/2026", &[Some(50.0), Some(60.0), Some(55.0)]),
                period("Quý II/2026", &[Some(40.0), Some(40.0)]),
                period("Quý III/2026", &[Some(45.0), None]),
            ],
            ..Default::default()
        }
    }

    #[test]
    fn each_value_that_was_told_has_a_mark_at_its_height() {
        let chart = revised();
        let plot = chart.plot(&english);
        // Ticks from 40 to 60: 50 is half way up.
        assert_eq!(plot.y, (40.0, 60.0));
        assert_eq!(plot.py(50.0), f64::midpoint(plot.top, plot.bottom));
        let svg = check_layout(&chart.render("a", &english));
        // Diamonds: one in the legend, two periods with a present number.
        assert_eq!(count(&svg, "<polygon"), 3);
        assert!(svg.contains(">đã rút</text>"), "{svg}");
    }

    #[test]
    fn any_input_gives_a_chart() {
        for value in [0.0, -3.0, 1e300, f64::NAN, f64::INFINITY, 5e-324, 1e14] {
            for width in [Width(0), Width::PHONE, Width::PAGE] {
                let hard =
                    Revised { title: hostile(), ..period(&hostile(), &[Some(value), Some(1.0), None]) };
                let names = [hostile(), hostile(), hostile()];
                let chart = RevisionChart {
                    title: hostile(),
                    width,
                    names,
                    withdrawn: hostile(),
                    periods: vec![hard, period("", &[]), period("b", &[Some(value)])],
                    ..Default::default()
                };
                check(&chart.render("a", &english));
            }
        }
        check(&RevisionChart::default().render("a", &english));
        check_layout(&RevisionChart { width: Width::PHONE, ..revised() }.render("a", &english));
    }
}
