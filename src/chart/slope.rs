//! Who rose and who fell between a few times: one line a body, named at both ends.
//!
//! For ranks or values of up to some forty bodies at two to six times; for more times a line chart or small multiples say more.

use plotters::style::text_anchor::HPos;

use crate::chart::canvas::{Canvas, Drawn, Frame, Kind, LABEL, Lettering, SMALL};
use crate::chart::layout::spread;
use crate::chart::palette::{self, Symbol};
use crate::chart::scale::{drawable, extent, widened};
use crate::chart::{Number, Svg, Width};

/// A chart of slopes.
#[derive(Clone, Debug, Default)]
pub struct SlopeChart {
    /// Name of the chart.
    pub title: String,
    /// What the chart shows, in one sentence.
    pub finding: String,
    /// Width of the chart; the height follows from the lines.
    pub width: Width,
    /// The times, from left to right.
    pub times: Vec<String>,
    /// The lines, in any order.
    pub lines: Vec<SlopeLine>,
    /// Lower is better: small values are on top, as ranks are.
    pub reversed: bool,
}

/// One body.
#[derive(Clone, Debug, Default)]
pub struct SlopeLine {
    /// Its name.
    pub name: String,
    /// Values in the order of the times; a missing one is a gap in the line.
    pub values: Vec<Option<f64>>,
    /// Stands out.
    pub highlight: bool,
}

/// Least distance of names, and room over the first and under the last, in pixels.
const GAP: f64 = 15.0;
const HEAD: f64 = 26.0;
const FOOT: f64 = 10.0;
/// From a point to the text beside it.
const ASIDE: f64 = 8.0;

impl SlopeChart {
    /// Draws the chart; `id` is the prefix of ids inside and unique in its page.
    pub fn render(&self, id: &str, number: &Number<'_>) -> Svg {
        let sheet = Sheet::new(self, number);
        let frame = Frame {
            class: "chart-slope",
            id,
            title: &self.title,
            finding: &self.finding,
            width: sheet.width,
            height: sheet.bottom + FOOT,
            kind: Kind::Document,
        };
        frame.render(|canvas| sheet.draw(canvas))
    }
}

struct Sheet<'a> {
    chart: &'a SlopeChart,
    number: &'a Number<'a>,
    width: f64,
    left: f64,
    right: f64,
    bottom: f64,
    /// Values at the top and at the bottom.
    ends: (f64, f64),
    lines: Vec<&'a SlopeLine>,
}

impl<'a> Sheet<'a> {
    fn new(chart: &'a SlopeChart, number: &'a Number<'a>) -> Self {
        let width = chart.width.px();
        let lines: Vec<_> =
            chart.lines.iter().filter(|line| line.values.iter().any(|v| drawable(*v).is_some())).collect();
        let values = lines.iter().flat_map(|line| line.values.iter().filter_map(|v| drawable(*v)));
        let (lo, hi) = widened(extent(values).unwrap_or((0.0, 1.0)));
        let mut sheet = Sheet {
            chart,
            number,
            width,
            left: 0.0,
            right: width,
            bottom: HEAD + (lines.len() as f64 * GAP * 1.25).max(200.0),
            ends: if chart.reversed { (lo, hi) } else { (hi, lo) },
            lines,
        };
        let room = |texts: Vec<(String, bool)>, most: f64| {
            let widths = texts.iter().map(|(text, bold)| lettering(*bold).width(text));
            widths.fold(0.0, f64::max).min(most) + ASIDE + 4.0
        };
        // On the left only the value, on the right value and name: a name is read once.
        sheet.left = room(sheet.texts(0), width * 0.2);
        sheet.right = width - room(sheet.texts(chart.times.len().saturating_sub(1)), width * 0.46);
        sheet
    }

    /// What is written beside the points of the first or the last time.
    fn texts(&self, time: usize) -> Vec<(String, bool)> {
        self.lines.iter().filter_map(|line| Some((self.text(line, time)?, line.highlight))).collect()
    }

    fn text(&self, line: &SlopeLine, time: usize) -> Option<String> {
        let value = (self.number)(value_at(line, time)?);
        let is_last = time + 1 == self.chart.times.len();
        Some(if is_last { format!("{value}  {}", line.name) } else { value })
    }

    fn x(&self, time: usize) -> f64 {
        let steps = self.chart.times.len().saturating_sub(1).max(1) as f64;
        self.left + (self.right - self.left) * time as f64 / steps
    }

    fn y(&self, value: f64) -> f64 {
        HEAD + 6.0 + (value - self.ends.0) / (self.ends.1 - self.ends.0) * (self.bottom - HEAD - 12.0)
    }

    fn draw(&self, canvas: &Canvas) -> Drawn {
        self.draw_times(canvas)?;
        let (front, back): (Vec<&SlopeLine>, Vec<&SlopeLine>) =
            self.lines.iter().copied().partition(|line| line.highlight);
        for line in back.iter().chain(&front) {
            let title = self.told(line);
            canvas.doc.titled("series", &title, || self.draw_line(canvas, line))?;
        }
        let last = self.chart.times.len().saturating_sub(1);
        canvas.doc.halo(|| {
            self.draw_texts(canvas, last, true)?;
            if last > 0 { self.draw_texts(canvas, 0, false) } else { Ok(()) }
        })
    }

    fn draw_times(&self, canvas: &Canvas) -> Drawn {
        let small = Lettering::new(SMALL, palette::MUTED);
        let n = self.chart.times.len();
        for (time, name) in self.chart.times.iter().enumerate() {
            let x = self.x(time);
            canvas.doc.silent("time", || canvas.line((x, HEAD), (x, self.bottom), palette::GRID, 1.0))?;
            let room = ((self.right - self.left) / (n.max(2) - 1) as f64 - 6.0).max(20.0);
            let text = small.fit(name, room.min(self.width - 4.0));
            let half = small.width(&text) / 2.0;
            let at = x.clamp(half + 2.0, self.width - half - 2.0);
            canvas.text((at, 10.0), &text, &small.at(HPos::Center))?;
        }
        Ok(())
    }

    /// `Việt Nam: 88 (2018), 86 (2020)`
    fn told(&self, line: &SlopeLine) -> String {
        let value = |(time, name): (usize, &String)| {
            Some(format!("{} ({name})", (self.number)(value_at(line, time)?)))
        };
        let values: Vec<_> = self.chart.times.iter().enumerate().filter_map(value).collect();
        format!("{}: {}", line.name, values.join(", "))
    }

    fn draw_line(&self, canvas: &Canvas, line: &SlopeLine) -> Drawn {
        let (colour, width) = if line.highlight { (palette::SERIES[0], 2.4) } else { (palette::OTHER, 1.1) };
        let at = |time: usize| Some((self.x(time), self.y(value_at(line, time)?)));
        for time in 1..self.chart.times.len() {
            if let (Some(from), Some(to)) = (at(time - 1), at(time)) {
                canvas.line(from, to, colour, width)?;
            }
        }
        for place in (0..self.chart.times.len()).filter_map(at) {
            canvas.symbol(place, Symbol::Circle, if line.highlight { 3.6 } else { 2.2 }, colour)?;
        }
        Ok(())
    }

    /// Texts right or left of the points of one time, moved apart; a thin line leads to those that moved far.
    fn draw_texts(&self, canvas: &Canvas, time: usize, is_right: bool) -> Drawn {
        let known: Vec<_> = self
            .lines
            .iter()
            .filter_map(|line| Some((*line, self.y(value_at(line, time)?), self.text(line, time)?)))
            .collect();
        let wishes: Vec<f64> = known.iter().map(|(_, y, _)| *y).collect();
        let heights = spread(&wishes, GAP - 1.0, (HEAD + 4.0, self.bottom));
        let (side, anchor) = if is_right { (1.0, HPos::Left) } else { (-1.0, HPos::Right) };
        for ((line, y, text), height) in known.iter().zip(heights) {
            let (x, style) = (self.x(time) + side * ASIDE, lettering(line.highlight).at(anchor));
            if (height - y).abs() > 6.0 {
                let from = (self.x(time) + side * 3.0, *y);
                let to = (x - side, height);
                canvas.doc.silent("leader", || canvas.line(from, to, palette::GRID, 0.8))?;
            }
            let room = if is_right { self.width - x - 2.0 } else { x - 2.0 };
            canvas.text((x, height), &style.fit(text, room), &style)?;
        }
        Ok(())
    }
}

fn value_at(line: &SlopeLine, time: usize) -> Option<f64> {
    drawable(line.values.get(time).copied().flatten())
}

fn lettering(highlight: bool) -> Lettering {
    Lettering::new(LABEL, palette::INK).bold(highlight)
}

#[cfg(test)]
mod tests {
    use super::{Sheet, SlopeChart, SlopeLine};
    use crate::chart::Width;
    use crate::chart::testing::{check, check_layout, count, english, hostile};

    fn line(name: &str, values: &[f64]) -> SlopeLine {
        let values = values.iter().map(|v| Some(*v)).collect();
        SlopeLine { name: name.into(), values, highlight: name == "Việt Nam" }
    }

    fn ranks() -> SlopeChart {
        SlopeChart {
            times: vec!["2020".into(), "2022".into()],
            lines: vec![
                line("Việt Nam", &[86.0, 86.0]),
                line("Thái Lan", &[57.0, 55.0]),
                line("Malaysia", &[47.0, 53.0]),
            ],
            reversed: true,
            ..Default::default()
        }
    }

    #[test]
    fn a_fall_in_rank_goes_down_and_heights_are_in_proportion() {
        let chart = ranks();
        let sheet = Sheet::new(&chart, &english);
        assert!(sheet.y(53.0) > sheet.y(47.0));
        // 47 is at the top and 86 at the bottom; 66.5 is half way.
        assert!((sheet.y(66.5) - f64::midpoint(sheet.y(47.0), sheet.y(86.0))).abs() < 1e-9);
        let svg = check_layout(&chart.render("a", &english));
        assert!(svg.contains("<title>Malaysia: 47 (2020), 53 (2022)</title>"), "{svg}");
        assert!(svg.contains("font-weight=\"600\">86  Việt Nam</text>"), "{svg}");
    }

    #[test]
    fn a_missing_value_joins_nothing() {
        let mut chart = ranks();
        chart.times.push("2024".into());
        chart.lines =
            vec![SlopeLine { name: "a".into(), values: vec![Some(1.0), None, Some(3.0)], highlight: false }];
        let svg = check_layout(&chart.render("a", &english));
        assert_eq!((count(&svg, "<circle"), count(&svg, "class=\"l-other\"")), (2, 0));
    }

    #[test]
    fn names_of_many_stay_apart() {
        let names = (0..34).map(|n| format!("Thành phố Hồ Chí Minh {n}"));
        let lines: Vec<_> =
            names.map(|name| line(&name, &[50.0, 50.0 + f64::from(name.len() as u32 % 3)])).collect();
        for width in [Width::PAGE, Width::PHONE] {
            check_layout(&SlopeChart { lines: lines.clone(), width, ..ranks() }.render("a", &english));
        }
    }

    #[test]
    fn any_input_gives_a_chart() {
        for value in [0.0, -3.0, 1e300, f64::NAN, f64::INFINITY, 5e-324, 1e14] {
            for width in [Width(0), Width::PHONE, Width::PAGE] {
                for n in 0..4 {
                    let times = vec![hostile(); n];
                    let lines = vec![line(&hostile(), &[value, 1.0, -value]), line("b", &[])];
                    let chart = SlopeChart { title: hostile(), width, times, lines, ..Default::default() };
                    check(&chart.render("a", &english));
                }
            }
        }
        check(&SlopeChart::default().render("a", &english));
    }
}
