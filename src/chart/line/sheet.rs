//! The layout of a line chart: everything decided before drawing, and where labels may stand.

use crate::chart::canvas::{LABEL, Lettering, Plot, SMALL};
use crate::chart::layout::{Flag, Slot, along, flag_rows, flags, flow, spread, thinned};
use crate::chart::line::curve::{Curve, curves, text_of};
use crate::chart::line::fan::Spread;
use crate::chart::line::{Break, LineChart, Path, Target};
use crate::chart::scale::{drawable, extent, nice_ticks, rank_ticks, widened, year_ticks};
use crate::chart::{Number, palette};

/// Everything about the chart that is decided before drawing.
pub(super) struct Sheet<'a> {
    pub(super) number: &'a Number<'a>,
    pub(super) width: f64,
    pub(super) height: f64,
    pub(super) curves: Vec<Curve<'a>>,
    pub(super) fan: Option<Spread<'a>>,
    pub(super) targets: Vec<(f64, f64, &'a str)>,
    /// Corners of the path to the targets, in order of time; empty: there is none.
    pub(super) path: Vec<(f64, f64)>,
    pub(super) path_label: &'a str,
    pub(super) breaks: Vec<(f64, &'a str)>,
    pub(super) ticks: Vec<(f64, String)>,
    pub(super) unit: Option<&'a str>,
    /// Left end and line of each entry of the legend; empty where names stand at line ends.
    pub(super) legend: Vec<(f64, usize)>,
    pub(super) flags: Vec<Flag>,
    pub(super) plot: Plot,
}

/// A label at the end of a line, before and after it found its height.
pub(super) struct Ending {
    pub(super) text: String,
    pub(super) whole: String,
    pub(super) from: (f64, f64),
    pub(super) y: f64,
    pub(super) lettering: Lettering,
}

/// Heights, in pixels, of a row over the plot and of the room under it.
pub(super) const ROW: f64 = 17.0;
const FOOT: f64 = 24.0;
/// From a point to the text beside it.
pub(super) const ASIDE: f64 = 9.0;
/// Least distance of labels at line ends.
const END_GAP: f64 = 15.0;

impl<'a> Sheet<'a> {
    pub(super) fn new(chart: &'a LineChart, number: &'a Number<'a>) -> Self {
        let curves = curves(&chart.series);
        let mut sheet = Sheet {
            fan: chart.fan.as_ref().and_then(|fan| Spread::new(fan, &curves)),
            number,
            width: chart.width.px(),
            height: 0.0,
            curves,
            targets: targets(&chart.targets),
            path: chart.path.as_ref().map_or_else(Vec::new, corners),
            path_label: chart.path.as_ref().map_or("", |path| &path.label),
            breaks: breaks(&chart.breaks),
            ticks: Vec::new(),
            unit: chart.unit.as_deref(),
            legend: Vec::new(),
            flags: Vec::new(),
            plot: Plot {
                left: 0.0,
                right: chart.width.px(),
                top: 0.0,
                bottom: 0.0,
                x: (0.0, 1.0),
                y: (0.0, 1.0),
                x_ticks: Vec::new(),
                y_ticks: Vec::new(),
            },
        };
        sheet.scale(chart);
        sheet.set_level(chart);
        sheet.set_upright();
        sheet
    }

    /// All that is drawn at a time and a value.
    pub(super) fn points(&self) -> impl Iterator<Item = (f64, f64)> {
        let targets = self.targets.iter().map(|t| (t.0, t.1));
        self.curves
            .iter()
            .flat_map(Curve::values)
            .chain(targets)
            .chain(self.knots())
            .chain(self.path.iter().copied())
    }

    /// All that a fan is drawn at.
    fn knots(&self) -> impl Iterator<Item = (f64, f64)> {
        self.fan
            .iter()
            .flat_map(|fan| fan.area().into_iter().chain(fan.knots.iter().map(|k| (k.x, k.middle))))
    }

    /// Extents and ticks of the values.
    fn scale(&mut self, chart: &LineChart) {
        let times = self
            .curves
            .iter()
            .flat_map(|c| c.spots.iter().map(|s| s.x))
            .chain(self.targets.iter().map(|t| t.0))
            .chain(self.path.iter().map(|corner| corner.0))
            .chain(self.knots().map(|k| k.0));
        let x = extent(times).unwrap_or((0.0, 1.0));
        self.plot.x = padded(if x.0 == x.1 { (x.0 - 1.0, x.1 + 1.0) } else { widened(x) });
        let values = extent(self.points().map(|p| p.1)).unwrap_or((0.0, 1.0));
        let n = (self.plot_height() / 45.0) as usize;
        let ticks = match (chart.from_zero, chart.reversed) {
            (true, true) if values.0 >= 1.0 => rank_ticks(values, n),
            (true, _) => nice_ticks((values.0.min(0.0), values.1.max(0.0)), n),
            (false, _) => nice_ticks(values, n),
        };
        let ends = (ticks.first().copied().unwrap_or(0.0), ticks.last().copied().unwrap_or(1.0));
        self.plot.y = if chart.reversed { (ends.1, ends.0) } else { ends };
        self.plot.y_ticks = ticks;
    }

    fn plot_height(&self) -> f64 {
        (self.width * 0.42).clamp(200.0, 300.0)
    }

    /// Left and right edge of the plot, and what stands along them.
    fn set_level(&mut self, chart: &LineChart) {
        let small = Lettering::new(SMALL, palette::MUTED);
        let widest = self.plot.y_ticks.iter().map(|t| small.width(&(self.number)(*t))).fold(0.0, f64::max);
        self.plot.left = (widest + 8.0).min(self.width * 0.3);
        self.legend = self.legend();
        self.plot.right = self.right_edge();
        self.ticks = self.level_ticks(chart);
        self.plot.x_ticks = self.ticks.iter().map(|t| t.0).collect();
    }

    /// A legend, if there are several series whose names would take too much of the width or lie on the way to targets.
    fn legend(&self) -> Vec<(f64, usize)> {
        let widest =
            self.curves.iter().filter_map(|c| Some(text_of(c).width(&self.ending(c)?))).fold(0.0, f64::max);
        let in_the_way = widest > self.width * 0.3 || self.way().len() > 1 || self.fan.is_some();
        if self.curves.len() < 2 || !in_the_way {
            return Vec::new();
        }
        let room = self.width - 4.0;
        let widths: Vec<f64> =
            self.curves.iter().map(|c| (text_of(c).width(c.name) + 28.0).min(room)).collect();
        flow(&widths, 14.0, room)
    }

    /// What is written at the end of a line: the name, unless a legend or the title gives it, and the last value.
    ///
    /// With a legend only series in front get their value: without its name a grey number says nothing.
    pub(super) fn ending(&self, curve: &Curve<'_>) -> Option<String> {
        let value = (self.number)(curve.values().next_back()?.1);
        // The fan begins where a label would stand; its own labels are at its end.
        if curve.front && self.fan.is_some() {
            return None;
        }
        if self.curves.len() < 2 {
            return Some(value);
        }
        match self.legend.is_empty() {
            true => Some(format!("{} {value}", curve.name)),
            false => curve.front.then_some(value),
        }
    }

    /// The right edge that leaves each text its room: a text that begins inside the plot needs less beside it.
    fn right_edge(&self) -> f64 {
        let (left, share) = (self.plot.left, |x: f64| (x - self.plot.x.0) / (self.plot.x.1 - self.plot.x.0));
        let edge = |x: f64, room: f64| left + (self.width - 4.0 - room - left) / share(x).max(0.05);
        let endings = self.curves.iter().filter_map(|c| {
            let room = text_of(c).width(&self.ending(c)?).min(self.width * 0.35);
            Some(edge(c.values().next_back()?.0, room + ASIDE))
        });
        let small = Lettering::new(LABEL, palette::INK);
        let of_fan = self.fan.iter().filter_map(Spread::last).map(|knot| {
            let widths = [knot.ends.0, knot.middle, knot.ends.1].map(|y| small.width(&(self.number)(y)));
            edge(knot.x, widths.into_iter().fold(0.0, f64::max) + ASIDE)
        });
        let least = self.width - 10.0;
        endings.chain(of_fan).fold(least, f64::min).max(left + self.width * 0.4)
    }

    /// Ticks of the time axis that have room for their labels; the last one always has.
    fn level_ticks(&self, chart: &LineChart) -> Vec<(f64, String)> {
        let (lo, hi) = self.plot.x;
        let mut ticks: Vec<(f64, String)> = match chart.x_ticks.is_empty() {
            true => year_ticks((lo, hi), ((self.plot.right - self.plot.left) / 52.0) as usize)
                .into_iter()
                .map(|t| (t, format!("{t:.0}")))
                .collect(),
            false => chart.x_ticks.iter().filter(|(x, _)| (lo..=hi).contains(x)).cloned().collect(),
        };
        ticks.sort_by(|a, b| a.0.total_cmp(&b.0));
        ticks.dedup_by(|a, b| a.0 == b.0);
        let small = Lettering::new(SMALL, palette::MUTED);
        let boxes: Vec<(f64, f64)> =
            ticks.iter().map(|(x, label)| (self.plot.px(*x), small.width(label))).collect();
        let mut kept = thinned(&boxes, 8.0).into_iter();
        ticks.retain(|_| kept.next().unwrap_or(false));
        ticks
    }

    /// Top and bottom edge of the plot, under unit, legend and flags of breaks.
    fn set_upright(&mut self) {
        let small = Lettering::new(SMALL, palette::MUTED);
        let lines: Vec<(f64, f64)> = self
            .breaks
            .iter()
            .map(|(x, label)| (self.plot.px(*x), small.width(&small.fit(label, self.width * 0.45))))
            .collect();
        self.flags = flags(&lines, (4.0, self.width - 4.0));
        let rows = self.legend_rows() + usize::from(self.unit.is_some()) + flag_rows(&self.flags);
        self.plot.top = rows as f64 * ROW + 10.0;
        self.plot.bottom = self.plot.top + self.plot_height();
        self.height = self.plot.bottom + FOOT;
    }

    pub(super) fn legend_rows(&self) -> usize {
        self.legend.last().map_or(0, |(_, row)| row + 1)
    }

    /// The way to the targets, from the last value through each; it ends where a break lies in it. Where two values are asked for
    /// at one time, as two laws may do, no single way leads to both.
    pub(super) fn way(&self) -> Vec<(f64, f64)> {
        if self.fan.is_some() || !self.path.is_empty() {
            return Vec::new();
        }
        let start =
            self.curves.iter().find(|c| c.front).or(self.curves.first()).and_then(|c| c.values().next_back());
        let Some(first) = self.targets.first() else {
            return Vec::new();
        };
        if self.targets.windows(2).any(|pair| pair[0].0 == pair[1].0) {
            return Vec::new();
        }
        let points = self.targets.iter().map(|t| (t.0, t.1));
        let all: Vec<_> = start.into_iter().filter(|p| p.0 <= first.0).chain(points).collect();
        let is_cut =
            |pair: &[(f64, f64)]| self.breaks.iter().any(|(at, _)| pair[0].0 < *at && *at <= pair[1].0);
        let kept = all.windows(2).position(is_cut).map_or(all.len(), |n| n + 1);
        all[..kept].to_vec()
    }

    /// What labels keep off: lines, points, targets, breaks.
    pub(super) fn ground(&self) -> Vec<Slot> {
        let mut taken = Vec::new();
        let join = |run: &[(f64, f64)], taken: &mut Vec<Slot>| {
            for pair in run.windows(2) {
                along(self.plot.at(pair[0].0, pair[0].1), self.plot.at(pair[1].0, pair[1].1), taken);
            }
        };
        for curve in &self.curves {
            curve.runs(&self.breaks).iter().for_each(|run| join(run, &mut taken));
        }
        join(&self.way(), &mut taken);
        join(&self.path, &mut taken);
        self.fan.iter().flat_map(Spread::lines).for_each(|line| join(&line, &mut taken));
        taken.extend(self.points().map(|(x, y)| Slot::mark(self.plot.at(x, y), 5.0)));
        for (x, _) in &self.breaks {
            along((self.plot.px(*x), self.plot.top), (self.plot.px(*x), self.plot.bottom), &mut taken);
        }
        taken
    }

    /// Labels at line ends with heights spread; where a way to a target leaves, its line's label gives way.
    pub(super) fn endings(&self) -> Vec<Ending> {
        let way = self.way();
        let aside = |p: (f64, f64)| match way.get(1) {
            Some(next) if way[0] == p && self.plot.py(next.1) < self.plot.py(p.1) => 13.0,
            Some(_) if way[0] == p => -13.0,
            _ => 0.0,
        };
        let ending = |curve: &Curve<'_>| {
            let (p, whole) = (curve.values().next_back()?, self.ending(curve)?);
            let from = self.plot.at(p.0, p.1);
            let lettering = text_of(curve);
            let text = lettering.fit(&whole, self.width - 4.0 - from.0 - ASIDE);
            Some(Ending { text, whole, from, y: from.1 + aside(p), lettering })
        };
        let of_fan = self.fan.iter().filter_map(Spread::last).flat_map(|knot| {
            [(knot.middle, true), (knot.ends.0, false), (knot.ends.1, false)].map(|(value, bold)| {
                let text = (self.number)(value);
                let from = self.plot.at(knot.x, value);
                let lettering = Lettering::new(LABEL, palette::INK).bold(bold);
                Ending { whole: text.clone(), text, from, y: from.1, lettering }
            })
        });
        let mut endings: Vec<Ending> = self.curves.iter().filter_map(ending).chain(of_fan).collect();
        let wishes: Vec<f64> = endings.iter().map(|e| e.y).collect();
        let heights = spread(&wishes, END_GAP, (self.plot.top, self.plot.bottom - 6.0));
        endings.iter_mut().zip(heights).for_each(|(e, y)| e.y = y);
        endings
    }

    /// Where labels in the plot may stand.
    pub(super) fn room(&self) -> Slot {
        Slot {
            x0: 2.0,
            y0: self.plot.top - 8.0,
            x1: self.width - 2.0,
            y1: self.plot.bottom - 1.0,
            weight: 0.0,
        }
    }
}

/// Room for the marks of the first and the last point.
fn padded((lo, hi): (f64, f64)) -> (f64, f64) {
    let pad = (hi - lo) * 0.015;
    (lo - pad, hi + pad)
}

fn targets(targets: &[Target]) -> Vec<(f64, f64, &str)> {
    let one = |t: &'_ Target| Some((drawable(Some(t.x))?, drawable(Some(t.y))?));
    let mut all: Vec<_> =
        targets.iter().filter_map(|t| one(t).map(|(x, y)| (x, y, t.label.as_str()))).collect();
    all.sort_by(|a, b| a.0.total_cmp(&b.0));
    all
}

/// Corners in order of time; a path of one corner leads nowhere.
fn corners(path: &Path) -> Vec<(f64, f64)> {
    let one = |corner: &(f64, f64)| Some((drawable(Some(corner.0))?, drawable(Some(corner.1))?));
    let mut all: Vec<_> = path.corners.iter().filter_map(one).collect();
    all.sort_by(|a, b| a.0.total_cmp(&b.0));
    if all.len() < 2 { Vec::new() } else { all }
}

fn breaks(breaks: &[Break]) -> Vec<(f64, &str)> {
    let mut all: Vec<_> =
        breaks.iter().filter_map(|b| Some((drawable(Some(b.x))?, b.label.as_str()))).collect();
    all.sort_by(|a, b| a.0.total_cmp(&b.0));
    all
}
