//! Our plotters backend: real lines, real dashes, groups with names, text measured on the shipped font.
//!
//! Plotters draws on whole numbers; here ten of them make a pixel, and each is divided by ten when written.
//! Chart code keeps a clone of the [`Doc`] that the backend writes to, and so can open groups around what plotters draws.
//! Colours of the palette are written as a class and, for a chart without style, as an attribute.

use std::cell::RefCell;
use std::convert::Infallible;
use std::fmt::Write;
use std::rc::Rc;

use plotters_backend::text_anchor::{HPos, VPos};
use plotters_backend::{
    BackendColor, BackendCoord, BackendStyle, BackendTextStyle, DrawingBackend, DrawingErrorKind, FontStyle,
    FontTransform,
};

use crate::chart::palette;
use crate::chart::text::{Weight, width};

/// Units of the plotters grid in a pixel.
pub(crate) const GRID: f64 = 10.0;

/// Pixels as units of the grid; what is far outside stays where plotters can still add to it.
pub(crate) fn grid(px: f64) -> i32 {
    (px * GRID).round().clamp(-1e6, 1e6) as i32
}

/// The SVG text under way, shared by the backend and the chart.
#[derive(Clone, Debug, Default)]
pub(crate) struct Doc(Rc<RefCell<Page>>);

#[derive(Debug, Default)]
struct Page {
    text: String,
    /// Fills areas with this pattern instead of their colour.
    pattern: Option<String>,
}

impl Doc {
    /// Adds text that is markup already.
    pub(crate) fn raw(&self, markup: &str) {
        self.0.borrow_mut().text.push_str(markup);
    }

    /// Takes the text out.
    pub(crate) fn take(&self) -> String {
        std::mem::take(&mut self.0.borrow_mut().text)
    }

    /// A named group: read out as one image, shown on hover.
    pub(crate) fn named<E>(
        &self,
        class: &str,
        name: &str,
        draw: impl FnOnce() -> Result<(), E>,
    ) -> Result<(), E> {
        let name = escaped(name);
        let open = format!("<g class=\"{class}\" role=\"img\" aria-label=\"{name}\"><title>{name}</title>");
        self.within(&open, "</g>", draw)
    }

    /// A group with hover text only: the table beside the chart says it to those who do not hover.
    pub(crate) fn titled<E>(
        &self,
        class: &str,
        title: &str,
        draw: impl FnOnce() -> Result<(), E>,
    ) -> Result<(), E> {
        let open = format!("<g class=\"{class}\"><title>{}</title>", escaped(title));
        self.within(&open, "</g>", draw)
    }

    /// A group that is not read out: axes, grid, leaders.
    pub(crate) fn silent<E>(&self, class: &str, draw: impl FnOnce() -> Result<(), E>) -> Result<(), E> {
        self.within(&format!("<g class=\"{class}\" aria-hidden=\"true\">"), "</g>", draw)
    }

    /// Lines within are dashed by the reader's program, which bends dashes smoothly around corners.
    pub(crate) fn dashed<E>(
        &self,
        dash: Option<&str>,
        draw: impl FnOnce() -> Result<(), E>,
    ) -> Result<(), E> {
        match dash {
            None => draw(),
            Some(dash) => {
                let open = format!("<g stroke-dasharray=\"{dash}\" stroke-linecap=\"butt\">");
                self.within(&open, "</g>", draw)
            }
        }
    }

    /// Text and marks within stand out from what is under them.
    pub(crate) fn halo<E>(&self, draw: impl FnOnce() -> Result<(), E>) -> Result<(), E> {
        let open = "<g class=\"halo\" stroke=\"#ffffff\" stroke-width=\"3\" paint-order=\"stroke\">";
        self.within(open, "</g>", draw)
    }

    /// What is drawn within leads to an address, if there is one.
    pub(crate) fn linked<E>(
        &self,
        href: Option<&str>,
        draw: impl FnOnce() -> Result<(), E>,
    ) -> Result<(), E> {
        match href {
            None => draw(),
            Some(href) => self.within(&format!("<a href=\"{}\">", escaped(href)), "</a>", draw),
        }
    }

    /// Areas within are filled with the pattern of this id.
    pub(crate) fn patterned<E>(&self, id: &str, draw: impl FnOnce() -> Result<(), E>) -> Result<(), E> {
        self.0.borrow_mut().pattern = Some(id.to_owned());
        let drawn = draw();
        self.0.borrow_mut().pattern = None;
        drawn
    }

    /// The group is closed even if drawing fails, so that the text stays well-formed.
    fn within<E>(&self, open: &str, close: &str, draw: impl FnOnce() -> Result<(), E>) -> Result<(), E> {
        self.raw(open);
        let drawn = draw();
        self.raw(close);
        drawn
    }

    fn fill(&self, colour: BackendColor) -> String {
        match &self.0.borrow().pattern {
            Some(id) => format!(" fill=\"url(#{id})\""),
            None => paint("fill", "f", colour),
        }
    }
}

/// Text as it may stand in an element or in a quoted attribute; characters XML forbids are left out.
pub(crate) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\n' | '\t' | '\r' => out.push(' '),
            '\u{fffe}' | '\u{ffff}' => {}
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out
}

/// Grid units as pixels with at most one decimal.
pub(crate) fn px(units: i32) -> String {
    let sign = if units < 0 { "-" } else { "" };
    match (units.unsigned_abs() / 10, units.unsigned_abs() % 10) {
        (whole, 0) => format!("{sign}{whole}"),
        (whole, tenth) => format!("{sign}{whole}.{tenth}"),
    }
}

fn points(path: impl IntoIterator<Item = BackendCoord>) -> String {
    let mut out = String::new();
    for (x, y) in path {
        let gap = if out.is_empty() { "" } else { " " };
        let _ = write!(out, "{gap}{},{}", px(x), px(y));
    }
    out
}

/// Class and attribute of a colour, for `fill` or `stroke`.
fn paint(attribute: &str, prefix: &str, colour: BackendColor) -> String {
    let (r, g, b) = colour.rgb;
    let mut out = match palette::name(colour.rgb) {
        Some(name) => format!(" class=\"{prefix}-{name}\" {attribute}=\"#{r:02x}{g:02x}{b:02x}\""),
        None => format!(" {attribute}=\"#{r:02x}{g:02x}{b:02x}\""),
    };
    if colour.alpha < 1.0 {
        let _ = write!(out, " {attribute}-opacity=\"{:.2}\"", colour.alpha);
    }
    out
}

fn stroke<S: BackendStyle>(style: &S) -> String {
    let width = i32::try_from(style.stroke_width()).unwrap_or(10);
    format!("{} stroke-width=\"{}\"", paint("stroke", "l", style.color()), px(width))
}

/// Height of capitals over the baseline, in ems, by which text is set to the middle.
const CAPITALS: f64 = 0.73;

/// How far the baseline lies under the anchor.
fn baseline(anchor: VPos, size: f64) -> f64 {
    match anchor {
        VPos::Top => size * 0.95,
        VPos::Center => size * CAPITALS / 2.0,
        VPos::Bottom => -size * 0.25,
    }
}

/// Font weight of a style: plotters knows only bold, our bold is semibold.
fn weight(style: FontStyle) -> Weight {
    match style {
        FontStyle::Bold => Weight::Semibold,
        _ => Weight::Regular,
    }
}

/// Writes what plotters draws into a [`Doc`].
pub(crate) struct SvgBackend {
    doc: Doc,
    size: (u32, u32),
}

impl SvgBackend {
    /// A backend of the given size in pixels.
    pub(crate) fn new(doc: &Doc, width: f64, height: f64) -> Self {
        let size = (grid(width).unsigned_abs(), grid(height).unsigned_abs());
        SvgBackend { doc: doc.clone(), size }
    }

    fn shape(&self, colour: BackendColor, markup: impl FnOnce() -> String) -> Drawn {
        if colour.alpha > 0.0 {
            self.doc.raw(&markup());
        }
        Ok(())
    }

    fn inked<S: BackendStyle>(&self, style: &S, fill: bool) -> String {
        if fill { self.doc.fill(style.color()) } else { stroke(style) }
    }
}

type Drawn = Result<(), DrawingErrorKind<Infallible>>;

impl DrawingBackend for SvgBackend {
    type ErrorType = Infallible;

    fn get_size(&self) -> (u32, u32) {
        self.size
    }

    fn ensure_prepared(&mut self) -> Drawn {
        Ok(())
    }

    fn present(&mut self) -> Drawn {
        Ok(())
    }

    fn draw_pixel(&mut self, point: BackendCoord, color: BackendColor) -> Drawn {
        self.draw_rect(point, (point.0 + 1, point.1 + 1), &color, true)
    }

    fn draw_line<S: BackendStyle>(&mut self, from: BackendCoord, to: BackendCoord, style: &S) -> Drawn {
        self.draw_path([from, to], style)
    }

    fn draw_rect<S: BackendStyle>(
        &mut self,
        from: BackendCoord,
        to: BackendCoord,
        style: &S,
        fill: bool,
    ) -> Drawn {
        let (x, y) = (from.0.min(to.0), from.1.min(to.1));
        let (w, h) = ((from.0 - to.0).abs(), (from.1 - to.1).abs());
        self.shape(style.color(), || {
            let ink = self.inked(style, fill);
            format!("<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"{ink}/>", px(x), px(y), px(w), px(h))
        })
    }

    fn draw_path<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        path: I,
        style: &S,
    ) -> Drawn {
        self.shape(style.color(), || format!("<polyline points=\"{}\"{}/>", points(path), stroke(style)))
    }

    fn draw_circle<S: BackendStyle>(
        &mut self,
        centre: BackendCoord,
        radius: u32,
        style: &S,
        fill: bool,
    ) -> Drawn {
        self.shape(style.color(), || {
            let (ink, r) = (self.inked(style, fill), i32::try_from(radius).unwrap_or(0));
            format!("<circle cx=\"{}\" cy=\"{}\" r=\"{}\"{ink}/>", px(centre.0), px(centre.1), px(r))
        })
    }

    fn fill_polygon<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        corners: I,
        style: &S,
    ) -> Drawn {
        self.shape(style.color(), || {
            format!("<polygon points=\"{}\"{}/>", points(corners), self.doc.fill(style.color()))
        })
    }

    fn draw_text<T: BackendTextStyle>(&mut self, text: &str, style: &T, (x, y): BackendCoord) -> Drawn {
        self.shape(style.color(), || {
            let dy = baseline(style.anchor().v_pos, style.size()).round() as i32;
            format!(
                "<text x=\"{}\" y=\"{}\"{}>{}</text>",
                px(x),
                px(y + dy),
                text_attributes(style, (x, y)),
                escaped(text)
            )
        })
    }

    fn estimate_text_size<T: BackendTextStyle>(
        &self,
        text: &str,
        style: &T,
    ) -> Result<(u32, u32), DrawingErrorKind<Infallible>> {
        let w = width(text, style.size(), weight(style.style()));
        Ok((w.ceil() as u32, style.size().ceil() as u32))
    }
}

fn text_attributes<T: BackendTextStyle>(style: &T, (x, y): BackendCoord) -> String {
    let mut out =
        format!(" font-size=\"{}\"{}", px(style.size().round() as i32), paint("fill", "f", style.color()));
    match style.anchor().h_pos {
        HPos::Left => {}
        HPos::Center => out.push_str(" text-anchor=\"middle\""),
        HPos::Right => out.push_str(" text-anchor=\"end\""),
    }
    if weight(style.style()) == Weight::Semibold {
        out.push_str(" font-weight=\"600\"");
    }
    let turn = match style.transform() {
        FontTransform::None => return out,
        FontTransform::Rotate90 => 90,
        FontTransform::Rotate180 => 180,
        FontTransform::Rotate270 => 270,
    };
    let _ = write!(out, " transform=\"rotate({turn} {} {})\"", px(x), px(y));
    out
}

#[cfg(test)]
mod tests {
    use plotters::prelude::{Circle, IntoDrawingArea, PathElement, Rectangle};
    use plotters::style::Color;

    use super::{Doc, SvgBackend, escaped, px};
    use crate::chart::palette::{INK, SERIES};

    #[test]
    fn a_tenth_of_a_pixel_is_the_last_decimal() {
        let written = [0, 5, 10, 123, -4, -120].map(px);
        assert_eq!(written, ["0", "0.5", "1", "12.3", "-0.4", "-12"]);
    }

    #[test]
    fn text_cannot_break_out() {
        assert_eq!(escaped("<b a=\"1\">&'\u{0}\u{7}\n"), "&lt;b a=&quot;1&quot;&gt;&amp;&#39; ");
    }

    #[test]
    fn shapes_carry_class_and_colour() {
        let doc = Doc::default();
        let area = SvgBackend::new(&doc, 10.0, 10.0).into_drawing_area();
        area.draw(&PathElement::new(vec![(0, 0), (15, 20)], INK.stroke_width(15))).expect("drawn");
        area.draw(&Circle::new((50, 50), 20, SERIES[0].filled())).expect("drawn");
        doc.patterned("p", || area.draw(&Rectangle::new([(0, 0), (10, 10)], INK.filled()))).expect("drawn");
        assert_eq!(
            doc.take(),
            "<polyline points=\"0,0 1.5,2\" class=\"l-ink\" stroke=\"#1b1f24\" stroke-width=\"1.5\"/>\
             <circle cx=\"5\" cy=\"5\" r=\"2\" class=\"f-s1\" fill=\"#0067a5\"/>\
             <rect x=\"0\" y=\"0\" width=\"1\" height=\"1\" fill=\"url(#p)\"/>"
        );
    }

    #[test]
    fn a_group_is_closed_when_drawing_fails() {
        let doc = Doc::default();
        assert_eq!(doc.named("a", "x & y", || Err(())), Err(()));
        assert_eq!(
            doc.take(),
            "<g class=\"a\" role=\"img\" aria-label=\"x &amp; y\"><title>x &amp; y</title></g>"
        );
    }
}
