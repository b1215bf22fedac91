//! Small multiples: one small chart a body, all on the same axes, with the whole in grey behind each.
//!
//! For the courses of up to some sixty bodies over three or more times. Lines end at breaks and missing values; what a panel
//! shows is said by its name and its last value; axes are written once, at the edges of the page.

use std::fmt::Write;

use plotters::style::text_anchor::HPos;

use crate::chart::canvas::{Canvas, Drawn, Frame, Kind, LABEL, Lettering, Plot, SMALL};
use crate::chart::line::{Break, Point};
use crate::chart::palette::{self, Symbol};
use crate::chart::scale::{drawable, extent, nice_ticks, rank_ticks, widened};
use crate::chart::svg::escaped;
use crate::chart::{Number, Svg, Width};

/// A chart of many small charts, in the order given.
#[derive(Clone, Debug, Default)]
pub struct Multiples {
    /// Name of the chart.
    pub title: String,
    /// What the chart shows, in one sentence.
    pub finding: String,
    /// Width of the chart; the height follows from the panels.
    pub width: Width,
    /// The panels, from left to right and from top to bottom.
    pub panels: Vec<Panel>,
    /// The course behind every panel, and its name for the legend.
    pub reference: Option<(String, Vec<Point>)>,
    /// A value to be reached, and its name for the legend.
    pub target: Option<(f64, String)>,
    /// Breaks, across which no line is drawn; marked in every panel, their labels in the legend.
    pub breaks: Vec<Break>,
    /// First and last time in words.
    pub ends: (String, String),
    /// Lower is better: small values are on top, as ranks are.
    pub reversed: bool,
    /// The axis of values includes zero, or rank 1 if reversed.
    pub from_zero: bool,
}

/// One body.
#[derive(Clone, Debug, Default)]
pub struct Panel {
    /// Its name.
    pub name: String,
    /// Its values.
    pub points: Vec<Point>,
    /// The last value as written, or the word for why there is none.
    pub text: String,
    /// What is read out and shown on hover: its course in a sentence.
    pub title: String,
    /// Where its name leads to.
    pub href: Option<String>,
}

/// In pixels: least width of a panel, height of its head, plot and foot, gaps between panels, room for the axis, and a line of
/// the legend.
const LEAST: f64 = 132.0;
const HEAD: f64 = 34.0;
const PLOT: f64 = 46.0;
const GAP: (f64, f64) = (16.0, 12.0);
const LEGEND: f64 = 19.0;
const FOOT: f64 = 20.0;

impl Multiples {
    /// Draws the chart; `id` is the prefix of ids inside and unique in its page.
    pub fn render(&self, id: &str, number: &Number<'_>) -> Svg {
        let sheet = Sheet::new(self, id, number);
        let frame = Frame {
            class: "chart-multiples",
            id,
            title: &self.title,
            finding: &self.finding,
            width: sheet.width,
            height: sheet.top + sheet.rows() as f64 * sheet.step().1 - GAP.1 + FOOT,
            kind: Kind::Document,
        };
        frame.render(|canvas| sheet.draw(canvas))
    }
}

struct Sheet<'a> {
    chart: &'a Multiples,
    id: String,
    number: &'a Number<'a>,
    width: f64,
    columns: usize,
    top: f64,
    /// The plot of a panel whose top left corner is at zero.
    plot: Plot,
    left: f64,
}

impl<'a> Sheet<'a> {
    fn new(chart: &'a Multiples, id: &str, number: &'a Number<'a>) -> Self {
        let width = chart.width.px();
        let all = || {
            let reference = chart.reference.iter().flat_map(|(_, points)| points);
            chart.panels.iter().flat_map(|panel| &panel.points).chain(reference)
        };
        let times = all().filter(|p| p.y.is_some()).filter_map(|p| drawable(Some(p.x)));
        let x = extent(times)
            .map_or((0.0, 1.0), |x| if x.0 == x.1 { (x.0 - 1.0, x.1 + 1.0) } else { widened(x) });
        let values = all()
            .filter_map(|p| drawable(p.y))
            .chain(chart.target.iter().filter_map(|t| drawable(Some(t.0))));
        let values = extent(values).unwrap_or((0.0, 1.0));
        let ticks = match (chart.from_zero, chart.reversed) {
            (true, true) if values.0 >= 1.0 => rank_ticks(values, 2),
            (true, _) => nice_ticks((values.0.min(0.0), values.1.max(0.0)), 2),
            (false, _) => nice_ticks(values, 2),
        };
        let (lo, hi) = (ticks[0], ticks[ticks.len() - 1]);
        let small = Lettering::new(SMALL, palette::MUTED);
        let left =
            [lo, hi].map(|v| small.width(&number(v))).into_iter().fold(0.0, f64::max).min(width * 0.2) + 6.0;
        let room = width - left - 4.0;
        let columns = ((room + GAP.0) / (LEAST + GAP.0)).floor().max(1.0) as usize;
        let columns = columns.min(chart.panels.len().max(1));
        let wide = ((room + GAP.0) / columns as f64 - GAP.0).clamp(20.0, 2.0 * LEAST);
        let plot = Plot {
            left: 4.0,
            right: wide - 4.0,
            top: HEAD,
            bottom: HEAD + PLOT,
            x,
            y: if chart.reversed { (hi, lo) } else { (lo, hi) },
            x_ticks: Vec::new(),
            y_ticks: Vec::new(),
        };
        let mut sheet = Sheet { chart, id: escaped(id), number, width, columns, top: 0.0, plot, left };
        sheet.top = sheet.legend().last().map_or(0.0, |(_, _, line)| (line + 1) as f64 * LEGEND) + 4.0;
        sheet
    }

    fn rows(&self) -> usize {
        self.chart.panels.len().div_ceil(self.columns).max(1)
    }

    /// From one panel to the next.
    fn step(&self) -> (f64, f64) {
        (self.plot.right + 4.0 + GAP.0, HEAD + PLOT + GAP.1)
    }

    fn corner(&self, n: usize) -> (f64, f64) {
        let (x, y) = self.step();
        (self.left + (n % self.columns) as f64 * x, self.top + (n / self.columns) as f64 * y)
    }

    fn draw(&self, canvas: &Canvas) -> Drawn {
        self.draw_legend(canvas)?;
        canvas.doc.raw(&self.shared());
        for (n, panel) in self.chart.panels.iter().enumerate() {
            let (x, y) = self.corner(n);
            canvas.doc.titled("panel", &panel.title, || self.draw_panel(canvas, panel, (x, y)))?;
            if n % self.columns == 0 {
                self.draw_value_axis(canvas, (x, y))?;
            }
            // The last panel of a column carries its times.
            if n + self.columns >= self.chart.panels.len() {
                self.draw_time_axis(canvas, (x, y))?;
            }
        }
        Ok(())
    }

    /// Kind and text of each line of the legend with its place.
    fn legend(&self) -> Vec<(Key<'_>, f64, usize)> {
        let reference = self.chart.reference.iter().map(|(name, _)| Key::Reference(name));
        let target = self.chart.target.iter().map(|(_, name)| Key::Target(name));
        let breaks = self.breaks().map(|at| Key::Break(&at.label));
        let keys: Vec<Key<'_>> = reference.chain(target).chain(breaks).collect();
        let text = Lettering::new(LABEL, palette::INK);
        let room = self.width - 4.0;
        let widths: Vec<f64> = keys.iter().map(|key| (text.width(key.name()) + 30.0).min(room)).collect();
        let places = crate::chart::layout::flow(&widths, 14.0, room);
        keys.into_iter().zip(places).map(|(key, (x, line))| (key, x, line)).collect()
    }

    fn draw_legend(&self, canvas: &Canvas) -> Drawn {
        let text = Lettering::new(LABEL, palette::INK);
        for (key, x, line) in self.legend() {
            let y = line as f64 * LEGEND + 9.0;
            match key {
                Key::Reference(_) => canvas.line((x + 2.0, y), (x + 22.0, y), palette::OTHER, 1.4)?,
                Key::Target(_) => canvas.doc.dashed(Some(palette::TARGET_DASH), || {
                    canvas.line((x + 2.0, y), (x + 22.0, y), palette::TARGET, 1.4)
                })?,
                Key::Break(_) => canvas.doc.dashed(Some(palette::BREAK_DASH), || {
                    canvas.line((x + 12.0, y - 8.0), (x + 12.0, y + 8.0), palette::MUTED, 1.2)
                })?,
            }
            canvas.text((x + 27.0, y), &text.fit(key.name(), self.width - x - 29.0), &text)?;
        }
        Ok(())
    }

    /// What every panel has behind its line, written once: ground line, break marks, target, reference.
    fn shared(&self) -> String {
        let mut out = format!("<defs><g id=\"{}-s\">", self.id);
        let Plot { left, right, top, bottom, .. } = self.plot;
        let line = |from: (f64, f64), to: (f64, f64), class: &str, colour: &str, more: &str| {
            let (x, y, x1, y1) = (short(from.0), short(from.1), short(to.0), short(to.1));
            format!("<path d=\"M{x} {y}L{x1} {y1}\" class=\"l-{class}\" stroke=\"{colour}\"{more}/>")
        };
        let hex = |name: &str| palette::hex(name);
        out += &line((left - 4.0, bottom), (right + 4.0, bottom), "grid", &hex("grid"), "");
        out += &line((left - 4.0, top), (right + 4.0, top), "grid", &hex("grid"), "");
        for at in self.breaks() {
            let x = self.plot.px(at.x);
            out += &line((x, top), (x, bottom), "muted", &hex("muted"), " stroke-dasharray=\"2 3\"");
        }
        if let Some(value) = self.chart.target.as_ref().and_then(|(value, _)| drawable(Some(*value))) {
            let y = self.plot.py(value);
            let dash = format!(" stroke-width=\"1.4\" stroke-dasharray=\"{}\"", palette::TARGET_DASH);
            out += &line((left - 4.0, y), (right + 4.0, y), "target", &hex("target"), &dash);
        }
        if let Some((_, points)) = &self.chart.reference {
            for run in self.runs(points).iter().filter(|run| run.len() > 1) {
                let _ = write!(
                    out,
                    "<polyline points=\"{}\" class=\"l-other\" stroke=\"{}\" stroke-width=\"1.4\"/>",
                    self.points(run, (0.0, 0.0)),
                    hex("other"),
                );
            }
        }
        out + "</g></defs>"
    }

    fn breaks(&self) -> impl Iterator<Item = &'a Break> {
        let (lo, hi) = self.plot.x;
        self.chart.breaks.iter().filter(move |at| lo < at.x && at.x < hi)
    }

    /// Runs of points that a line may join: no missing value and no break within.
    fn runs(&self, points: &[Point]) -> Vec<Vec<(f64, f64)>> {
        let mut sorted: Vec<&Point> = points.iter().filter(|p| drawable(Some(p.x)).is_some()).collect();
        sorted.sort_by(|a, b| a.x.total_cmp(&b.x));
        let mut runs = vec![vec![]];
        let mut last = f64::NEG_INFINITY;
        for point in sorted {
            let is_cut = self.chart.breaks.iter().any(|at| last < at.x && at.x <= point.x);
            if is_cut || drawable(point.y).is_none() {
                runs.push(vec![]);
            }
            if let (Some(y), Some(run)) = (drawable(point.y), runs.last_mut()) {
                run.push((point.x, y));
            }
            last = point.x;
        }
        runs.retain(|run| !run.is_empty());
        runs
    }

    fn points(&self, run: &[(f64, f64)], (x, y): (f64, f64)) -> String {
        let one = |p: &(f64, f64)| {
            let at = self.plot.at(p.0, p.1);
            format!("{},{}", short(at.0 + x), short(at.1 + y))
        };
        run.iter().map(one).collect::<Vec<_>>().join(" ")
    }

    fn draw_panel(&self, canvas: &Canvas, panel: &Panel, (x, y): (f64, f64)) -> Drawn {
        canvas.doc.raw(&format!("<use href=\"#{}-s\" x=\"{}\" y=\"{}\"/>", self.id, short(x), short(y)));
        let name = Lettering::new(SMALL, palette::INK);
        let wide = self.plot.right;
        canvas.doc.linked(panel.href.as_deref(), || {
            canvas.text((x, y + 9.0), &name.fit(&panel.name, wide), &name)
        })?;
        let runs = self.runs(&panel.points);
        let known = panel.points.last().is_some_and(|last| drawable(last.y).is_some());
        let value = Lettering::new(SMALL, if known { palette::INK } else { palette::MUTED }).bold(known);
        canvas.text((x, y + 24.0), &value.fit(&panel.text, wide), &value)?;
        for run in runs.iter().filter(|run| run.len() > 1) {
            canvas.doc.raw(&format!(
                "<polyline points=\"{}\" class=\"l-s1\" stroke=\"{}\" stroke-width=\"1.8\"/>",
                self.points(run, (x, y)),
                palette::hex("s1"),
            ));
        }
        let at = |point: (f64, f64)| {
            let (px, py) = self.plot.at(point.0, point.1);
            (px + x, py + y)
        };
        // A point that no line leads to is seen by its mark.
        for run in runs.iter().filter(|run| run.len() == 1) {
            canvas.symbol(at(run[0]), Symbol::Circle, 2.0, palette::SERIES[0])?;
        }
        match runs.last().and_then(|run| run.last()) {
            Some(last) => canvas.symbol(at(*last), Symbol::Circle, 2.8, palette::SERIES[0]),
            None => Ok(()),
        }
    }

    fn draw_value_axis(&self, canvas: &Canvas, (x, y): (f64, f64)) -> Drawn {
        let small = Lettering::new(SMALL, palette::MUTED).at(HPos::Right);
        let (below, above) = self.plot.y;
        canvas.doc.silent("axes", || {
            for (value, at) in [(below, self.plot.bottom), (above, self.plot.top)] {
                canvas.text((x - 4.0, y + at), &small.fit(&(self.number)(value), self.left - 4.0), &small)?;
            }
            Ok(())
        })
    }

    fn draw_time_axis(&self, canvas: &Canvas, (x, y): (f64, f64)) -> Drawn {
        let small = Lettering::new(SMALL, palette::MUTED);
        let (at, room) = (y + self.plot.bottom + 10.0, (self.plot.right - 6.0) / 2.0);
        canvas.doc.silent("axes", || {
            canvas.text((x, at), &small.fit(&self.chart.ends.0, room), &small)?;
            canvas.text(
                (x + self.plot.right, at),
                &small.fit(&self.chart.ends.1, room),
                &small.at(HPos::Right),
            )
        })
    }
}

/// A line of the legend.
#[derive(Clone, Copy)]
enum Key<'a> {
    Reference(&'a str),
    Target(&'a str),
    Break(&'a str),
}

impl<'a> Key<'a> {
    fn name(self) -> &'a str {
        match self {
            Key::Reference(name) | Key::Target(name) | Key::Break(name) => name,
        }
    }
}

/// Pixels with at most one decimal.
fn short(px: f64) -> String {
    crate::chart::svg::px(crate::chart::svg::grid(px))
}

#[cfg(test)]
mod tests {
    use super::{Multiples, Panel, Sheet};
    use crate::chart::Width;
    use crate::chart::line::{Break, Point};
    use crate::chart::testing::{check, check_layout, count, english, hostile};

    fn points(values: &[f64]) -> Vec<Point> {
        let point = |(n, v): (usize, &f64)| Point { x: 2020.0 + n as f64, y: Some(*v), ..Point::default() };
        values.iter().enumerate().map(point).collect()
    }

    fn panel(name: &str, values: &[f64]) -> Panel {
        let text = values.last().map_or_else(|| "chưa có".to_owned(), |v| english(*v));
        Panel { name: name.into(), points: points(values), text, title: format!("{name}: ..."), href: None }
    }

    fn provinces(n: usize) -> Multiples {
        let panels = (0..n).map(|n| {
            let base = n as f64;
            panel(&format!("Thành phố Hồ Chí Minh {n}"), &[base, base + 20.0, base + 10.0, base + 60.0])
        });
        Multiples {
            panels: panels.collect(),
            reference: Some(("Việt Nam".into(), points(&[10.0, 20.0, 40.0, 60.0]))),
            target: Some((80.0, "≥ 80 % (2025)".into())),
            ends: ("2020".into(), "2023".into()),
            from_zero: true,
            ..Default::default()
        }
    }

    #[test]
    fn thirty_four_panels_share_their_axes_and_what_is_behind_them() {
        let chart = provinces(34);
        let sheet = Sheet::new(&chart, "a", &english);
        // Values from 0 to 93 on an axis from 0 to 100; the time axis has four years.
        assert_eq!((sheet.plot.x, sheet.plot.y), ((2020.0, 2023.0), (0.0, 100.0)));
        assert_eq!(sheet.plot.at(2020.0, 0.0), (4.0, 80.0));
        assert_eq!(sheet.plot.at(2023.0, 100.0), (sheet.plot.right, 34.0));
        // 720 pixels hold four panels of 132 and more: nine rows, the last one short.
        assert_eq!((sheet.columns, sheet.rows()), (4, 9));
        let svg = check_layout(&chart.render("a", &english));
        assert_eq!((count(&svg, "<use"), count(&svg, "l-target")), (34, 2));
        assert!(svg.len() < 24_000, "{}", svg.len());
        check_layout(&Multiples { width: Width::PHONE, ..chart }.render("a", &english));
    }

    #[test]
    fn no_line_crosses_a_break_or_a_missing_value() {
        let mut chart = provinces(1);
        chart.panels[0].points = points(&[1.0, 2.0, f64::NAN, 4.0, 5.0, 6.0]);
        chart.breaks = vec![Break { x: 2023.5, label: "công thức mới".into() }];
        let sheet = Sheet::new(&chart, "a", &english);
        let runs: Vec<usize> = sheet.runs(&chart.panels[0].points).iter().map(Vec::len).collect();
        assert_eq!(runs, [2, 1, 2]);
        let svg = check_layout(&chart.render("a", &english));
        assert!(svg.contains(">công thức mới</text>"), "{svg}");
    }

    #[test]
    fn a_word_for_a_missing_last_number_does_not_stand_out() {
        let mut chart = provinces(1);
        chart.panels[0].points[3].y = None;
        chart.panels[0].text = "chưa báo cáo".into();
        let svg = check_layout(&chart.render("a", &english));
        assert!(!svg.contains("font-weight=\"600\">chưa báo cáo"), "{svg}");
    }

    #[test]
    fn a_body_without_numbers_says_so() {
        let chart = Multiples { panels: vec![panel("Huế", &[]), panel("Cà Mau", &[3.0])], ..provinces(0) };
        let svg = check_layout(&chart.render("a", &english));
        assert!(svg.contains(">chưa có</text>"));
    }

    #[test]
    fn any_input_gives_a_chart() {
        for value in [0.0, -3.0, 1e300, f64::NAN, f64::INFINITY, 5e-324, 1e14] {
            for width in [Width(0), Width::PHONE, Width::PAGE] {
                for reversed in [true, false] {
                    let hard = Panel {
                        text: hostile(),
                        title: hostile(),
                        ..panel(&hostile(), &[value, 1.0, -value])
                    };
                    let chart = Multiples {
                        width,
                        reversed,
                        panels: vec![hard, panel("", &[value])],
                        target: Some((value, hostile())),
                        breaks: vec![Break { x: value, label: hostile() }],
                        ends: (hostile(), hostile()),
                        ..provinces(0)
                    };
                    check(&chart.render("a", &english));
                }
            }
        }
        check(&Multiples::default().render("a", &english));
    }
}
