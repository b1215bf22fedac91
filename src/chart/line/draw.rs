//! Drawing a line chart that is laid out: axes, breaks, lines and marks, targets, and last the texts.

use plotters::element::Polygon;
use plotters::series::LineSeries;
use plotters::style::Color;
use plotters::style::text_anchor::HPos;

use crate::chart::canvas::{Canvas, Chart, Drawn, LABEL, Labels, Lettering, Lines, SMALL};
use crate::chart::layout::{Slot, cheapest, placed, places};
use crate::chart::line::curve::{Curve, text_of};
use crate::chart::line::sheet::{ASIDE, Ending, ROW, Sheet};
use crate::chart::palette::{self, Symbol};
use crate::chart::svg::grid;

/// Around the mark of a target no other label stands.
const HALO: f64 = 8.0;

/// How much of its colour the band of a fan has.
const FAN_SHADE: f64 = 0.16;

impl Sheet<'_> {
    pub(super) fn draw(&self, canvas: &Canvas) -> Drawn {
        self.draw_head(canvas)?;
        let mut chart = canvas.chart(&self.plot, (self.width, self.height))?;
        let labels = Labels { lines: Lines::Level, x: &|x| self.tick_label(x), y: self.number };
        canvas.mesh(&mut chart, &labels)?;
        self.draw_time_axis(canvas)?;
        self.draw_breaks(canvas)?;
        self.draw_fan(canvas, &mut chart)?;
        for curve in self.curves.iter().filter(|c| !c.front).chain(self.curves.iter().filter(|c| c.front)) {
            self.draw_curve(canvas, &mut chart, curve)?;
        }
        self.draw_targets(canvas, &mut chart)?;
        self.draw_texts(canvas)
    }

    fn draw_time_axis(&self, canvas: &Canvas) -> Drawn {
        let y = self.plot.bottom;
        canvas.doc.silent("time", || {
            canvas.line((self.plot.left, y), (self.plot.right, y), palette::OTHER, 1.0)?;
            let mut marks = self.plot.x_ticks.iter().map(|t| self.plot.px(*t));
            marks.try_for_each(|x| canvas.line((x, y), (x, y + 4.0), palette::OTHER, 1.0))
        })
    }

    fn tick_label(&self, x: f64) -> String {
        self.ticks.iter().find(|t| t.0 == x).map(|t| t.1.clone()).unwrap_or_default()
    }

    /// Legend, then unit, from the top down.
    fn draw_head(&self, canvas: &Canvas) -> Drawn {
        for (curve, (x, row)) in self.curves.iter().zip(&self.legend) {
            let y = *row as f64 * ROW + 9.0;
            canvas.doc.dashed(curve.dash, || {
                canvas.line((x + 2.0, y), (x + 22.0, y), curve.colour, curve.thickness())
            })?;
            canvas.symbol((x + 12.0, y), curve.symbol, 3.5, curve.colour)?;
            let text = text_of(curve);
            canvas.text((x + 27.0, y), &text.fit(curve.name, self.width - 31.0), &text)?;
        }
        let y = self.legend_rows() as f64 * ROW + 9.0;
        let unit = Lettering::new(SMALL, palette::MUTED);
        canvas.text((2.0, y), &unit.fit(self.unit.unwrap_or_default(), self.width - 4.0), &unit)
    }

    fn draw_breaks(&self, canvas: &Canvas) -> Drawn {
        let small = Lettering::new(SMALL, palette::MUTED);
        for ((x, label), flag) in self.breaks.iter().zip(&self.flags) {
            let (px, y) = (self.plot.px(*x), self.plot.top - 10.0 - flag.row as f64 * ROW);
            canvas.doc.named("break", label, || {
                canvas.doc.dashed(Some(palette::BREAK_DASH), || {
                    canvas.line((px, y - 7.0), (px, self.plot.bottom), palette::MUTED, 1.2)
                })?;
                canvas.text((flag.left, y), &small.fit(label, self.width * 0.45), &small)
            })?;
        }
        Ok(())
    }

    /// The band as a pale area with dotted ends, so that it is seen without colour as well; the values in it dashed.
    fn draw_fan(&self, canvas: &Canvas, chart: &mut Chart<'_>) -> Drawn {
        let Some(fan) = &self.fan else { return Ok(()) };
        let colour = self.curves.iter().find(|c| c.front).map_or(palette::INK, |c| c.colour);
        let line = |points: Vec<(f64, f64)>, width: f64| {
            LineSeries::new(points, colour.stroke_width(grid(width).unsigned_abs()))
        };
        canvas.doc.named("fan", fan.name, || {
            chart.draw_series([Polygon::new(fan.area(), colour.mix(FAN_SHADE).filled())])?;
            let [low, high, middle] = fan.lines();
            canvas.doc.dashed(Some(palette::BREAK_DASH), || {
                [low, high].into_iter().try_for_each(|end| chart.draw_series(line(end, 1.0)).map(|_| ()))
            })?;
            canvas.doc.dashed(Some(palette::TARGET_DASH), || chart.draw_series(line(middle, 2.0)).map(|_| ()))
        })?;
        for knot in &fan.knots[1..] {
            let at = self.plot.at(knot.x, knot.middle);
            let number = |value: f64| (self.number)(value);
            let (low, high) = (number(knot.ends.0), number(knot.ends.1));
            let title = format!("{}: {} ({low}–{high})", knot.label, number(knot.middle));
            canvas.point(at, &title, || {
                canvas.symbol(at, Symbol::Circle, 3.6, colour)?;
                canvas.symbol(at, Symbol::Circle, 2.0, palette::PAPER)
            })?;
        }
        Ok(())
    }

    fn draw_curve(&self, canvas: &Canvas, chart: &mut Chart<'_>, curve: &Curve<'_>) -> Drawn {
        let runs = curve.runs(&self.breaks);
        let style = curve.colour.stroke_width(grid(curve.thickness()).unsigned_abs());
        canvas.doc.named("series", curve.name, || {
            canvas.doc.dashed(curve.dash, || {
                runs.into_iter()
                    .filter(|r| r.len() > 1)
                    .try_for_each(|run| chart.draw_series(LineSeries::new(run, style)).map(|_| ()))
            })?;
            canvas.doc.halo(|| self.draw_marks(canvas, curve))
        })
    }

    /// Marks on points: on all where they stay apart, else on the last and on those no line leads to.
    fn draw_marks(&self, canvas: &Canvas, curve: &Curve<'_>) -> Drawn {
        let n = curve.values().count();
        let apart =
            n < 2 || (self.plot.right - self.plot.left) / n as f64 >= if curve.front { 10.0 } else { 18.0 };
        let alone: Vec<(f64, f64)> =
            curve.runs(&self.breaks).into_iter().filter(|r| r.len() == 1).flatten().collect();
        let last = curve.values().next_back();
        for spot in &curve.spots {
            let Some(y) = spot.y else { continue };
            let at = self.plot.at(spot.x, y);
            let marked = apart || alone.contains(&(spot.x, y)) || last == Some((spot.x, y));
            let r = if curve.front { 3.6 } else { 2.8 };
            let mut title = format!("{}: {}", spot.label, (self.number)(y));
            if !spot.made_of.is_empty() {
                title = format!("{title} ({})", spot.made_of);
            }
            canvas.point(at, &title, || match marked {
                true => canvas.symbol(at, curve.symbol, r, curve.colour),
                false => Ok(()),
            })?;
        }
        Ok(())
    }

    fn draw_targets(&self, canvas: &Canvas, chart: &mut Chart<'_>) -> Drawn {
        let way = self.way();
        if way.len() > 1 {
            let line = LineSeries::new(way, palette::TARGET.stroke_width(grid(1.8).unsigned_abs()));
            canvas.doc.silent("way", || {
                canvas.doc.dashed(Some(palette::TARGET_DASH), || chart.draw_series(line).map(|_| ()))
            })?;
        }
        if !self.path.is_empty() {
            let line =
                LineSeries::new(self.path.clone(), palette::TARGET.stroke_width(grid(1.5).unsigned_abs()));
            canvas.doc.named("path", self.path_label, || {
                canvas.doc.dashed(Some(palette::TARGET_DASH), || chart.draw_series(line).map(|_| ()))
            })?;
        }
        for (x, y, label) in &self.targets {
            let at = self.plot.at(*x, *y);
            canvas.doc.named("target", label, || {
                canvas.doc.halo(|| canvas.symbol(at, Symbol::Diamond, 5.0, palette::TARGET))
            })?;
        }
        Ok(())
    }

    /// Labels at line ends, of targets and of values, each off the ground the earlier ones took.
    fn draw_texts(&self, canvas: &Canvas) -> Drawn {
        canvas.doc.halo(|| {
            let mut taken = self.ground();
            for ending in self.endings() {
                self.draw_ending(canvas, &ending, &mut taken)?;
            }
            self.draw_target_labels(canvas, &mut taken)?;
            self.draw_path_label(canvas, &mut taken)?;
            self.draw_values(canvas, &mut taken)
        })
    }

    fn draw_ending(&self, canvas: &Canvas, ending: &Ending, taken: &mut Vec<Slot>) -> Drawn {
        let (x, text) = (ending.from.0 + ASIDE, ending.lettering);
        let w = text.width(&ending.text);
        taken.push(Slot::label((x + w / 2.0, ending.y), w));
        if (ending.y - ending.from.1).abs() > 14.0 {
            let from = (ending.from.0 + 4.0, ending.from.1);
            canvas.doc.silent("leader", || canvas.line(from, (x - 1.0, ending.y), palette::OTHER, 0.8))?;
        }
        titled_if_cut(canvas, &ending.text, &ending.whole, || canvas.text((x, ending.y), &ending.text, &text))
    }

    fn draw_target_labels(&self, canvas: &Canvas, taken: &mut Vec<Slot>) -> Drawn {
        let text = Lettering::new(LABEL, palette::INK).at(HPos::Center);
        let short = |label: &str| text.fit(label, self.width * 0.4);
        let at = |(x, y, _): &(f64, f64, &str)| self.plot.at(*x, *y);
        taken.extend(self.targets.iter().map(|target| Slot::halo(at(target), HALO)));
        let lists =
            self.targets.iter().map(|target| places(at(target), text.width(&short(target.2)), HALO + 1.0));
        let slots = placed(&lists.collect::<Vec<_>>(), taken, &self.room());
        for ((_, _, label), slot) in self.targets.iter().zip(slots) {
            taken.push(slot);
            let short = short(label);
            titled_if_cut(canvas, &short, label, || canvas.text(slot.centre(), &short, &text))?;
        }
        Ok(())
    }

    /// The name of the path beside one of three places along it, where it costs least; none where it would lie on a text.
    fn draw_path_label(&self, canvas: &Canvas, taken: &mut Vec<Slot>) -> Drawn {
        let text = Lettering::new(SMALL, palette::TARGET).at(HPos::Center);
        let short = text.fit(self.path_label, self.width * 0.3);
        let width = text.width(&short);
        let along = [0.5, 0.25, 0.75].into_iter().filter_map(|share| self.along_path(share));
        let all: Vec<Slot> = along.flat_map(|(x, y)| places(self.plot.at(x, y), width, 6.0)).collect();
        match cheapest(&all, taken, &self.room()) {
            Some((slot, cost)) if cost < width * 2.0 => {
                taken.push(slot);
                canvas.text(slot.centre(), &short, &text)
            }
            _ => Ok(()),
        }
    }

    /// The point of the path at a share of its time.
    fn along_path(&self, share: f64) -> Option<(f64, f64)> {
        let (first, last) = (self.path.first()?, self.path.last()?);
        let x = first.0 + (last.0 - first.0) * share;
        let leg = self.path.windows(2).find(|leg| leg[0].0 <= x && x <= leg[1].0 && leg[0].0 < leg[1].0)?;
        Some((x, leg[0].1 + (leg[1].1 - leg[0].1) * (x - leg[0].0) / (leg[1].0 - leg[0].0)))
    }

    /// Values of the one series in front, above or below its points, where there is room.
    fn draw_values(&self, canvas: &Canvas, taken: &mut Vec<Slot>) -> Drawn {
        let mut fronts = self.curves.iter().filter(|c| c.front);
        let (Some(curve), None) = (fronts.next(), fronts.next()) else {
            return Ok(());
        };
        let text = Lettering::new(SMALL, palette::INK).at(HPos::Center);
        let n = curve.values().count();
        let written = if self.fan.is_some() { n } else { n.saturating_sub(1) };
        for (x, y) in curve.values().take(written) {
            let value = (self.number)(y);
            let all = places(self.plot.at(x, y), text.width(&value), 5.0);
            let Some((slot, 0.0)) = cheapest(&all[..2], taken, &self.room()) else {
                continue;
            };
            taken.push(slot);
            canvas.text(slot.centre(), &value, &text)?;
        }
        Ok(())
    }
}

/// Hover text that gives a cut label whole.
fn titled_if_cut(canvas: &Canvas, short: &str, whole: &str, draw: impl FnOnce() -> Drawn) -> Drawn {
    if short == whole { draw() } else { canvas.doc.titled("cut", whole, draw) }
}
