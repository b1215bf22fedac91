//! The sheet charts draw on: pixels in, plotters on its fine grid underneath, an `<svg>` with a name around it.

use std::convert::Infallible;
use std::ops::Range;

use plotters::coord::Shift;
use plotters::coord::ranged1d::{DefaultFormatting, KeyPointHint, Ranged};
use plotters::prelude::{
    Cartesian2d, ChartBuilder, ChartContext, Circle, Color, DrawingArea, DrawingAreaErrorKind,
    IntoDrawingArea, IntoFont, LabelAreaPosition, PathElement, Polygon, RGBColor, Rectangle, TextStyle,
};
use plotters::style::FontStyle;
use plotters::style::text_anchor::{HPos, Pos, VPos};

use crate::chart::palette::{self, Symbol};
use crate::chart::svg::{Doc, SvgBackend, escaped, grid};
use crate::chart::text::{self, Weight};
use crate::chart::{Number, Svg};

/// What drawing gives; the backend itself cannot fail.
pub(crate) type Drawn = Result<(), Fault>;
pub(crate) type Fault = DrawingAreaErrorKind<Infallible>;

/// A plotters chart whose ticks are given.
pub(crate) type Chart<'a> = ChartContext<'a, SvgBackend, Cartesian2d<Axis, Axis>>;

/// An axis with ticks of our choice, running either way.
///
/// Plotters' own axis takes given ticks too, but cannot then write labels.
pub(crate) struct Axis {
    ends: (f64, f64),
    ticks: Vec<f64>,
}

impl Ranged for Axis {
    type FormatOption = DefaultFormatting;
    type ValueType = f64;

    fn map(&self, value: &f64, (from, to): (i32, i32)) -> i32 {
        let share = (value - self.ends.0) / (self.ends.1 - self.ends.0);
        let place = f64::from(from) + share * f64::from(to - from);
        place.round().clamp(-1e6, 1e6) as i32
    }

    fn key_points<Hint: KeyPointHint>(&self, hint: Hint) -> Vec<f64> {
        if hint.weight().allow_light_points() { Vec::new() } else { self.ticks.clone() }
    }

    fn range(&self) -> Range<f64> {
        self.ends.0..self.ends.1
    }
}

/// Size of labels and of figures on axes, in pixels; the second is the least we use.
pub(crate) const LABEL: f64 = 12.0;
pub(crate) const SMALL: f64 = 11.0;

/// The outside of a chart.
pub(crate) struct Frame<'a> {
    pub(crate) class: &'a str,
    /// Prefix of every id inside; must be unique in its page.
    pub(crate) id: &'a str,
    pub(crate) title: &'a str,
    pub(crate) finding: &'a str,
    pub(crate) width: f64,
    pub(crate) height: f64,
    pub(crate) kind: Kind,
}

/// How a chart stands in its page and is read out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// As wide as its column; the reader can step into it, which links need.
    Document,
    /// As wide as its column; read out by name and description alone.
    Image,
    /// In a line of text, in its own size; read out as an image.
    Inline,
}

impl Frame<'_> {
    /// Draws within the frame.
    ///
    /// Plotters can fail only through its backend, and ours does not; should it ever, what is drawn so far stands.
    pub(crate) fn render(&self, draw: impl FnOnce(&Canvas) -> Drawn) -> Svg {
        let doc = Doc::default();
        doc.raw(&self.head());
        let root = SvgBackend::new(&doc, self.width, self.height).into_drawing_area();
        let drawn = draw(&Canvas { doc: doc.clone(), root });
        debug_assert!(drawn.is_ok(), "{drawn:?}");
        doc.raw("</svg>");
        Svg(doc.take())
    }

    fn head(&self) -> String {
        let (id, w, h) = (escaped(self.id), self.width.round(), self.height.round());
        let role = if self.kind == Kind::Document { "graphics-document document" } else { "img" };
        let size = match self.kind {
            Kind::Inline => format!("width=\"{w}\" height=\"{h}\""),
            Kind::Document | Kind::Image => format!("width=\"100%\" style=\"max-width:{w}px\""),
        };
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"chart {class}\" role=\"{role}\" aria-labelledby=\"{id}-t {id}-d\" \
             viewBox=\"0 0 {w} {h}\" {size} \
             font-family=\"Inter, 'Noto Sans', 'Segoe UI', Arial, sans-serif\" fill=\"none\" \
             stroke-linejoin=\"round\" stroke-linecap=\"round\">\
             <title id=\"{id}-t\">{title}</title><desc id=\"{id}-d\">{finding}</desc>",
            class = self.class,
            title = escaped(self.title),
            finding = escaped(self.finding),
        )
    }
}

/// How a text looks and where its anchor is.
#[derive(Clone, Copy)]
pub(crate) struct Lettering {
    pub(crate) size: f64,
    pub(crate) colour: RGBColor,
    pub(crate) weight: Weight,
    pub(crate) anchor: HPos,
}

impl Lettering {
    /// Regular text that begins at its anchor.
    pub(crate) fn new(size: f64, colour: RGBColor) -> Self {
        Lettering { size, colour, weight: Weight::Regular, anchor: HPos::Left }
    }

    /// The same in semibold, if asked.
    pub(crate) fn bold(self, bold: bool) -> Self {
        let weight = if bold { Weight::Semibold } else { Weight::Regular };
        Lettering { weight, ..self }
    }

    /// The same with another anchor.
    pub(crate) fn at(self, anchor: HPos) -> Self {
        Lettering { anchor, ..self }
    }

    /// Width of a text in this lettering.
    pub(crate) fn width(&self, text: &str) -> f64 {
        text::width(text, self.size, self.weight)
    }

    /// The text cut to a width.
    pub(crate) fn fit(&self, text: &str, room: f64) -> String {
        text::fit(text, self.size, self.weight, room)
    }

    /// The style plotters understands.
    pub(crate) fn style(&self) -> TextStyle<'static> {
        let bold = match self.weight {
            Weight::Regular => FontStyle::Normal,
            Weight::Semibold => FontStyle::Bold,
        };
        let font = ("Inter", self.size * 10.0, bold).into_font();
        TextStyle { font, color: self.colour.to_backend_color(), pos: Pos::new(self.anchor, VPos::Center) }
    }
}

/// The inside of a chart: a drawing area in pixels and the text it is written to.
pub(crate) struct Canvas {
    pub(crate) doc: Doc,
    root: DrawingArea<SvgBackend, Shift>,
}

impl Canvas {
    /// Text whose middle line is at `y`.
    pub(crate) fn text(&self, (x, y): (f64, f64), text: &str, lettering: &Lettering) -> Drawn {
        if text.is_empty() {
            return Ok(());
        }
        self.root.draw_text(text, &lettering.style(), (grid(x), grid(y)))
    }

    /// A straight line.
    pub(crate) fn line(&self, from: (f64, f64), to: (f64, f64), colour: RGBColor, width: f64) -> Drawn {
        let style = colour.stroke_width(grid(width).unsigned_abs());
        self.root.draw(&PathElement::new(vec![units(from), units(to)], style))
    }

    /// A filled rectangle.
    pub(crate) fn area(&self, from: (f64, f64), to: (f64, f64), colour: RGBColor) -> Drawn {
        self.root.draw(&Rectangle::new([units(from), units(to)], colour.filled()))
    }

    /// The outline of a rectangle.
    pub(crate) fn frame(&self, from: (f64, f64), to: (f64, f64), colour: RGBColor, width: f64) -> Drawn {
        let style = colour.stroke_width(grid(width).unsigned_abs());
        self.root.draw(&Rectangle::new([units(from), units(to)], style))
    }

    /// The mark of a point.
    pub(crate) fn symbol(&self, (x, y): (f64, f64), symbol: Symbol, r: f64, colour: RGBColor) -> Drawn {
        if symbol == Symbol::Circle {
            return self.root.draw(&Circle::new(units((x, y)), grid(r), colour.filled()));
        }
        let corners: Vec<_> =
            corners(symbol).iter().map(|(dx, dy)| units((x + dx * r, y + dy * r))).collect();
        self.root.draw(&Polygon::new(corners, colour.filled()))
    }

    /// A mark that shows its text on hover, over a wider area than it covers.
    pub(crate) fn point(&self, (x, y): (f64, f64), title: &str, draw: impl FnOnce() -> Drawn) -> Drawn {
        self.doc.titled("point", title, || {
            self.doc.raw(&format!(
                "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"9\" stroke=\"none\" pointer-events=\"all\"/>"
            ));
            draw()
        })
    }

    /// The plotters chart of a plot.
    pub(crate) fn chart(&self, plot: &Plot, (width, height): (f64, f64)) -> Result<Chart<'_>, Fault> {
        let x = Axis { ends: plot.x, ticks: plot.x_ticks.clone() };
        let y = Axis { ends: plot.y, ticks: plot.y_ticks.clone() };
        ChartBuilder::on(&self.root)
            .margin_top(grid(plot.top))
            .margin_right(grid(width - plot.right))
            .y_label_area_size(grid(plot.left))
            .x_label_area_size(grid(height - plot.bottom))
            .build_cartesian_2d(x, y)
    }

    /// Grid lines at the ticks of one axis, labels at both; lines of axes are left to the chart.
    pub(crate) fn mesh(&self, chart: &mut Chart<'_>, labels: &Labels<'_>) -> Drawn {
        let style = Lettering::new(SMALL, palette::MUTED).style();
        let (x_text, y_text) = (|v: &f64| (labels.x)(*v), |v: &f64| (labels.y)(*v));
        let line = |colour: RGBColor| colour.stroke_width(10);
        self.doc.silent("axes", || {
            let mut mesh = chart.configure_mesh();
            mesh.x_labels(1).y_labels(1).max_light_lines(0);
            mesh.bold_line_style(line(palette::GRID)).axis_style(palette::GRID.mix(0.0));
            mesh.label_style(style).x_label_formatter(&x_text).y_label_formatter(&y_text);
            mesh.set_tick_mark_size(LabelAreaPosition::Left, grid(3.0))
                .set_tick_mark_size(LabelAreaPosition::Bottom, grid(3.5));
            match labels.lines {
                Lines::Level => mesh.disable_x_mesh(),
                Lines::Upright => mesh.disable_y_mesh().disable_y_axis(),
            };
            mesh.draw()
        })
    }
}

/// Which ticks become lines across the plot.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Lines {
    Level,
    Upright,
}

/// What is written at the ticks.
pub(crate) struct Labels<'a> {
    pub(crate) lines: Lines,
    pub(crate) x: &'a Number<'a>,
    pub(crate) y: &'a Number<'a>,
}

/// Where the plot lies in its chart, in pixels, and which values its edges stand for.
#[derive(Clone, Debug)]
pub(crate) struct Plot {
    pub(crate) left: f64,
    pub(crate) right: f64,
    pub(crate) top: f64,
    pub(crate) bottom: f64,
    /// Values at the left and right edge.
    pub(crate) x: (f64, f64),
    /// Values at the bottom and top edge.
    pub(crate) y: (f64, f64),
    pub(crate) x_ticks: Vec<f64>,
    pub(crate) y_ticks: Vec<f64>,
}

impl Plot {
    /// Pixels of a value on the level axis.
    pub(crate) fn px(&self, x: f64) -> f64 {
        self.left + (x - self.x.0) / (self.x.1 - self.x.0) * (self.right - self.left)
    }

    /// Pixels of a value on the upright axis.
    pub(crate) fn py(&self, y: f64) -> f64 {
        self.bottom - (y - self.y.0) / (self.y.1 - self.y.0) * (self.bottom - self.top)
    }

    /// Pixels of a point.
    pub(crate) fn at(&self, x: f64, y: f64) -> (f64, f64) {
        (self.px(x), self.py(y))
    }
}

fn units((x, y): (f64, f64)) -> (i32, i32) {
    (grid(x), grid(y))
}

/// Corners of a symbol of size one; sizes are evened out by eye.
fn corners(symbol: Symbol) -> &'static [(f64, f64)] {
    match symbol {
        Symbol::Circle => &[],
        Symbol::Square => &[(-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9)],
        Symbol::Triangle => &[(0.0, -1.2), (1.1, 0.8), (-1.1, 0.8)],
        Symbol::TriangleDown => &[(0.0, 1.2), (-1.1, -0.8), (1.1, -0.8)],
        Symbol::Pentagon => &[(0.0, -1.1), (1.05, -0.34), (0.65, 0.9), (-0.65, 0.9), (-1.05, -0.34)],
        Symbol::Plus => &[
            (-0.4, -1.2),
            (0.4, -1.2),
            (0.4, -0.4),
            (1.2, -0.4),
            (1.2, 0.4),
            (0.4, 0.4),
            (0.4, 1.2),
            (-0.4, 1.2),
            (-0.4, 0.4),
            (-1.2, 0.4),
            (-1.2, -0.4),
            (-0.4, -0.4),
        ],
        Symbol::Diamond => &[(0.0, -1.25), (1.25, 0.0), (0.0, 1.25), (-1.25, 0.0)],
    }
}
