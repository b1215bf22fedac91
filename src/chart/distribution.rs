//! All bodies of a level along one axis, with the quartiles and those that matter marked.
//!
//! For seeing where most lie, who lies apart, and where one body stands among its like; [`Strip`] says the same in the height
//! of a line of text. Up to some hundred bodies are dots that tell their names; more are columns of equal classes.

use std::collections::BTreeMap;

use crate::chart::bar::roomy_ticks;
use crate::chart::canvas::{Canvas, Drawn, Frame, Kind, LABEL, Labels, Lettering, Lines, Plot, SMALL};
use crate::chart::layout::{Flag, flag_rows, flags};
use crate::chart::palette::{self, Symbol};
use crate::chart::scale::{drawable, extent, nice_ticks, widened};
use crate::chart::{Number, Svg, Width};

/// A chart of all values of a level.
#[derive(Clone, Debug, Default)]
pub struct DistributionChart {
    /// Name of the chart.
    pub title: String,
    /// What the chart shows, in one sentence.
    pub finding: String,
    /// Width of the chart.
    pub width: Width,
    /// The bodies that have a value, in any order.
    pub bodies: Vec<Body>,
    /// Lower quartile, median and upper quartile.
    pub quartiles: Option<[f64; 3]>,
    /// What is written at the three.
    pub quartile_names: [String; 3],
    /// Lower is better: the axis runs from right to left, so that further right is always better.
    pub reversed: bool,
}

/// One body.
#[derive(Clone, Debug, Default)]
pub struct Body {
    /// Its value.
    pub value: f64,
    /// Its name and value, on hover.
    pub title: String,
    /// What is written over it if it is marked.
    pub mark: Option<String>,
}

/// More bodies than this are drawn as columns.
const MOST_DOTS: usize = 120;
/// Classes of columns.
const CLASSES: usize = 40;
/// In pixels: greatest height of dots or columns, radius of a dot, height of the box of quartiles with its texts, a row of
/// flags, the room under the axis.
const HEIGHT: f64 = 96.0;
const DOT: f64 = 4.0;
const BOX: f64 = 44.0;
const FLAG: f64 = 17.0;
const FOOT: f64 = 22.0;

impl DistributionChart {
    /// Draws the chart; `id` is the prefix of ids inside and unique in its page.
    pub fn render(&self, id: &str, number: &Number<'_>) -> Svg {
        let sheet = Sheet::new(self, number);
        let frame = Frame {
            class: "chart-distribution",
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
    chart: &'a DistributionChart,
    number: &'a Number<'a>,
    width: f64,
    bodies: Vec<&'a Body>,
    flags: Vec<Flag>,
    /// From the top: flags, dots, box of quartiles, axis.
    plot: Plot,
    /// The line that dots stand on.
    ground: f64,
}

impl<'a> Sheet<'a> {
    fn new(chart: &'a DistributionChart, number: &'a Number<'a>) -> Self {
        let width = chart.width.px();
        let mut bodies: Vec<&Body> =
            chart.bodies.iter().filter(|body| drawable(Some(body.value)).is_some()).collect();
        bodies.sort_by(|a, b| a.value.total_cmp(&b.value).then_with(|| a.title.cmp(&b.title)));
        let ends = extent(bodies.iter().map(|body| body.value)).unwrap_or((0.0, 1.0));
        let ticks = nice_ticks(ends, ((width / 90.0) as usize).max(2));
        let (lo, hi) = (ticks[0], ticks[ticks.len() - 1]);
        let mut plot = Plot {
            left: 26.0,
            right: width - 26.0,
            top: 0.0,
            bottom: 0.0,
            x: if chart.reversed { (hi, lo) } else { (lo, hi) },
            y: (0.0, 1.0),
            x_ticks: Vec::new(),
            y_ticks: Vec::new(),
        };
        plot.x_ticks = roomy_ticks(&plot, number);
        let lines: Vec<_> = marked(&bodies)
            .map(|(body, label)| {
                (plot.px(body.value), mark_text().width(&mark_text().fit(label, width * 0.6)))
            })
            .collect();
        let flags = flags(&lines, (4.0, width - 4.0));
        plot.top = flag_rows(&flags) as f64 * FLAG + 6.0;
        let mut sheet = Sheet { chart, number, width, bodies, flags, plot, ground: 0.0 };
        sheet.ground = sheet.plot.top + sheet.height();
        let below = if chart.quartiles.is_some() { BOX } else { 6.0 };
        sheet.plot.bottom = sheet.ground + below;
        sheet
    }

    /// Height that dots or columns need.
    fn height(&self) -> f64 {
        let tallest = self.stacks().values().map(Vec::len).max().unwrap_or(0);
        if self.bodies.len() > MOST_DOTS {
            HEIGHT
        } else {
            (tallest as f64 * DOT * 2.0 + 4.0).clamp(24.0, HEIGHT)
        }
    }

    /// The bodies of each class: as wide as a dot, or one of the classes of columns; by the number of the class.
    fn stacks(&self) -> BTreeMap<usize, Vec<&'a Body>> {
        let wide = self.class_width();
        let mut stacks: BTreeMap<usize, Vec<&Body>> = BTreeMap::new();
        for body in &self.bodies {
            let class = ((self.plot.px(body.value) - self.plot.left) / wide).floor().max(0.0);
            // A value at the very end belongs to the last class, not to one of its own.
            let last = ((self.plot.right - self.plot.left) / wide).ceil() - 1.0;
            stacks.entry(class.min(last) as usize).or_default().push(body);
        }
        stacks
    }

    fn class_width(&self) -> f64 {
        let span = self.plot.right - self.plot.left;
        if self.bodies.len() > MOST_DOTS { span / CLASSES as f64 } else { DOT * 2.0 }
    }

    fn draw(&self, canvas: &Canvas) -> Drawn {
        let mut chart = canvas.chart(&self.plot, (self.width, self.plot.bottom + FOOT))?;
        canvas.mesh(&mut chart, &Labels { lines: Lines::Upright, x: self.number, y: &|_| String::new() })?;
        if self.bodies.len() > MOST_DOTS {
            self.draw_columns(canvas)?
        } else {
            self.draw_dots(canvas)?
        }
        self.draw_quartiles(canvas)?;
        marked(&self.bodies)
            .zip(&self.flags)
            .try_for_each(|((body, label), flag)| self.draw_mark(canvas, body, label, flag))
    }

    fn draw_dots(&self, canvas: &Canvas) -> Drawn {
        for stack in self.stacks().values() {
            let step =
                (DOT * 2.0).min((self.ground - self.plot.top - DOT * 2.0) / (stack.len().max(2) - 1) as f64);
            for (n, body) in stack.iter().enumerate() {
                let at = (self.plot.px(body.value), self.ground - DOT - n as f64 * step);
                let colour = if body.mark.is_some() { palette::SERIES[0] } else { palette::BAR };
                canvas
                    .doc
                    .titled("point", &body.title, || canvas.symbol(at, Symbol::Circle, DOT - 0.5, colour))?;
            }
        }
        Ok(())
    }

    /// A column a class, as high as it has bodies; its ends and its number on hover.
    fn draw_columns(&self, canvas: &Canvas) -> Drawn {
        let stacks = self.stacks();
        let tallest = stacks.values().map(Vec::len).max().unwrap_or(1) as f64;
        let wide = self.class_width();
        for (class, stack) in &stacks {
            let x = self.plot.left + *class as f64 * wide;
            let y = self.ground - (stack.len() as f64 / tallest * HEIGHT).max(1.0);
            let ends = extent(stack.iter().map(|body| body.value)).unwrap_or((0.0, 0.0));
            let title = format!("{}–{}: {}", (self.number)(ends.0), (self.number)(ends.1), stack.len());
            canvas.doc.titled("row", &title, || {
                canvas.area((x + 0.5, y), (x + wide - 0.5, self.ground), palette::BAR)
            })?;
        }
        Ok(())
    }

    /// A line from the least to the greatest, a box around the middle half, a thick line at the median, and their values.
    fn draw_quartiles(&self, canvas: &Canvas) -> Drawn {
        let (Some(quartiles), Some(first), Some(last)) =
            (self.chart.quartiles, self.bodies.first(), self.bodies.last())
        else {
            return Ok(());
        };
        let Some([low, middle, high]) = drawn(quartiles) else { return Ok(()) };
        let y = self.ground + 12.0;
        let px = |value: f64| self.plot.px(value.clamp(first.value, last.value));
        let name = quartile_text(self, [low, middle, high]).join("; ");
        canvas.doc.named("quartiles", &name, || {
            canvas.line((px(first.value), y), (px(last.value), y), palette::OTHER, 1.4)?;
            let (from, to) = (px(low).min(px(high)), px(low).max(px(high)));
            canvas.area((from - 0.5, y - 5.0), (to + 0.5, y + 5.0), palette::OTHER)?;
            canvas.line((px(middle), y - 8.0), (px(middle), y + 8.0), palette::INK, 3.0)
        })?;
        self.draw_quartile_texts(
            canvas,
            [px(low), px(middle), px(high)],
            quartile_text(self, [low, middle, high]),
        )
    }

    /// The median under its line, the quartiles beside it where there is room.
    fn draw_quartile_texts(&self, canvas: &Canvas, at: [f64; 3], texts: [String; 3]) -> Drawn {
        let y = self.ground + 30.0;
        let style = Lettering::new(SMALL, palette::MUTED);
        let wide = texts.each_ref().map(|text| style.width(text));
        let middle = (at[1] - wide[1] / 2.0).clamp(2.0, (self.width - 2.0 - wide[1]).max(2.0));
        canvas.doc.halo(|| {
            canvas.text(
                (middle, y),
                &style.fit(&texts[1], self.width - 4.0),
                &Lettering::new(SMALL, palette::INK),
            )?;
            for n in [0, 2] {
                // On which side of the median it lies, whichever way the axis runs.
                let is_left = at[n] < at[1] || (at[n] == at[1] && (n == 0) != self.chart.reversed);
                let wish = at[n] - wide[n] / 2.0;
                let x = if is_left {
                    wish.min(middle - 12.0 - wide[n])
                } else {
                    wish.max(middle + wide[1] + 12.0)
                };
                if x >= 2.0 && x + wide[n] <= self.width - 2.0 {
                    canvas.text((x, y), &texts[n], &style)?;
                }
            }
            Ok(())
        })
    }

    fn draw_mark(&self, canvas: &Canvas, body: &Body, label: &str, flag: &Flag) -> Drawn {
        let (x, y) = (self.plot.px(body.value), self.plot.top - 9.0 - flag.row as f64 * FLAG);
        canvas.doc.titled("mark", &body.title, || {
            canvas.line((x, y), (x, self.ground), palette::SERIES[0], 1.6)?;
            canvas.symbol((x, self.ground - DOT), Symbol::Circle, DOT + 1.0, palette::SERIES[0])?;
            let nudge = if flag.left > x { 2.0 } else { -2.0 };
            let short = mark_text().fit(label, self.width * 0.6);
            canvas.doc.halo(|| canvas.text((flag.left + nudge, y), &short, &mark_text()))
        })
    }
}

fn marked<'b, 'a: 'b>(bodies: &'b [&'a Body]) -> impl Iterator<Item = (&'a Body, &'a str)> + use<'b, 'a> {
    bodies.iter().filter_map(|body| Some((*body, body.mark.as_deref()?)))
}

fn drawn(values: [f64; 3]) -> Option<[f64; 3]> {
    values.iter().all(|value| drawable(Some(*value)).is_some()).then_some(values)
}

fn quartile_text(sheet: &Sheet<'_>, values: [f64; 3]) -> [String; 3] {
    let mut names = sheet.chart.quartile_names.iter();
    values.map(|value| {
        let value = (sheet.number)(value);
        match names.next().filter(|name| !name.is_empty()) {
            Some(name) => format!("{name} {value}"),
            None => value,
        }
    })
}

fn mark_text() -> Lettering {
    Lettering::new(LABEL, palette::INK).bold(true)
}

/// Where one value lies among those of its level, in the height of a line of text.
#[derive(Clone, Debug, Default)]
pub struct Strip {
    /// Name of the strip.
    pub title: String,
    /// What it shows, in one sentence.
    pub finding: String,
    /// The least and the greatest value of the level.
    pub ends: (f64, f64),
    /// Lower quartile, median and upper quartile.
    pub quartiles: [f64; 3],
    /// The value itself.
    pub value: f64,
    /// Lower is better: further right is always better.
    pub reversed: bool,
}

/// Size of a strip in pixels, and the room kept for its mark.
const STRIP: (f64, f64) = (100.0, 20.0);
const EDGE: f64 = 5.0;

impl Strip {
    /// Draws the strip; `id` is the prefix of ids inside and unique in its page.
    pub fn render(&self, id: &str) -> Svg {
        let frame = Frame {
            class: "inline chart-strip",
            id,
            title: &self.title,
            finding: &self.finding,
            width: STRIP.0,
            height: STRIP.1,
            kind: Kind::Inline,
        };
        frame.render(|canvas| self.draw(canvas))
    }

    /// Pixels of a value; what is no number has no place.
    fn px(&self, value: f64) -> Option<f64> {
        let ends = (drawable(Some(self.ends.0))?, drawable(Some(self.ends.1))?);
        let (lo, hi) = widened((ends.0.min(ends.1), ends.0.max(ends.1)));
        let share = (drawable(Some(value))?.clamp(lo, hi) - lo) / (hi - lo);
        let share = if self.reversed { 1.0 - share } else { share };
        Some(EDGE + share * (STRIP.0 - 2.0 * EDGE))
    }

    fn draw(&self, canvas: &Canvas) -> Drawn {
        let y = STRIP.1 / 2.0;
        let [low, middle, high] = self.quartiles.map(|value| self.px(value));
        if let (Some(from), Some(to)) = (self.px(self.ends.0), self.px(self.ends.1)) {
            canvas.line((from.min(to), y), (from.max(to), y), palette::OTHER, 1.2)?;
        }
        if let (Some(low), Some(high)) = (low, high) {
            canvas.area((low.min(high), y - 3.5), (low.max(high), y + 3.5), palette::GRID)?;
        }
        if let Some(x) = middle {
            canvas.line((x, y - 5.0), (x, y + 5.0), palette::OTHER, 1.6)?;
        }
        match self.px(self.value) {
            Some(x) => canvas.symbol((x, y), Symbol::Diamond, 4.2, palette::SERIES[0]),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Body, DistributionChart, Sheet, Strip};
    use crate::chart::Width;
    use crate::chart::testing::{check, check_layout, count, english, hostile};

    fn bodies(values: &[f64]) -> Vec<Body> {
        values.iter().map(|v| Body { value: *v, title: format!("body {v}"), mark: None }).collect()
    }

    fn chart(values: &[f64]) -> DistributionChart {
        DistributionChart {
            bodies: bodies(values),
            quartiles: Some([25.0, 50.0, 75.0]),
            quartile_names: ["một phần tư dưới".into(), "trung vị".into(), "một phần tư trên".into()],
            ..Default::default()
        }
    }

    #[test]
    fn dots_stand_at_their_values_and_those_that_meet_are_stacked() {
        let mut one = chart(&[0.0, 50.0, 50.0, 100.0]);
        one.bodies[1].mark = Some("Tỉnh Phú Thọ 50".into());
        let sheet = Sheet::new(&one, &english);
        // Ticks 0 to 100 span 720 - 2 * 26 pixels: half of them is 26 + 334.
        assert_eq!(sheet.plot.px(50.0), 360.0);
        assert_eq!(sheet.stacks().values().map(Vec::len).collect::<Vec<_>>(), [1, 2, 1]);
        let svg = check_layout(&one.render("a", &english));
        // One dot a body, and a larger one over the body that is marked.
        assert_eq!(count(&svg, "<circle"), 5);
        assert!(svg.contains(">Tỉnh Phú Thọ 50</text>") && svg.contains(">trung vị 50</text>"), "{svg}");
        assert!(
            svg.contains("aria-label=\"một phần tư dưới 25; trung vị 50; một phần tư trên 75\""),
            "{svg}"
        );
    }

    #[test]
    fn many_bodies_are_columns_that_count_them_all() {
        let values: Vec<f64> = (0..3321).map(|n| f64::from(n % 101)).collect();
        let one = chart(&values);
        let sheet = Sheet::new(&one, &english);
        assert_eq!(sheet.stacks().values().map(Vec::len).sum::<usize>(), 3321);
        let svg = check_layout(&one.render("a", &english));
        assert!(count(&svg, "<circle") == 0 && svg.len() < 12_000, "{}", svg.len());
    }

    #[test]
    fn equal_values_and_single_ones_are_drawn() {
        for values in [&[7.0][..], &[7.0; 34], &[-5.0, -5.0], &[150.0, 99.0, 0.0]] {
            for width in [Width::PAGE, Width::PHONE] {
                let quartiles = Some([values[0]; 3]);
                check_layout(&DistributionChart { width, quartiles, ..chart(values) }.render("a", &english));
            }
        }
    }

    #[test]
    fn the_better_end_is_on_the_right() {
        let one = DistributionChart { reversed: true, ..chart(&[1.0, 34.0]) };
        let sheet = Sheet::new(&one, &english);
        assert!(sheet.plot.px(1.0) > sheet.plot.px(34.0));
        check_layout(&one.render("a", &english));
        let strip =
            Strip { ends: (0.0, 10.0), quartiles: [2.0, 5.0, 8.0], value: 10.0, ..Default::default() };
        assert_eq!(strip.px(5.0), Some(50.0));
        assert_eq!(Strip { reversed: true, ..strip.clone() }.px(10.0), Some(5.0));
        check(&strip.render("a"));
    }

    #[test]
    fn any_input_gives_a_chart() {
        let hard = [0.0, -3.0, 1e300, f64::NAN, f64::INFINITY, 5e-324, 1e14];
        for n in 0..=hard.len() {
            for width in [Width(0), Width::PHONE, Width::PAGE] {
                let mut one = chart(&hard[..n]);
                one.bodies.iter_mut().for_each(|body| body.mark = Some(hostile()));
                one.quartile_names = [hostile(), hostile(), hostile()];
                let quartiles = hard.get(n).map(|v| [*v; 3]);
                check(&DistributionChart { title: hostile(), width, quartiles, ..one }.render("a", &english));
                let value = hard.get(n).copied().unwrap_or(0.0);
                check(
                    &Strip { ends: (value, 1.0), quartiles: [value; 3], value, ..Default::default() }
                        .render("a"),
                );
            }
        }
    }
}
