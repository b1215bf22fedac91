//! Charts: pure functions from numbers to SVG text.
//!
//! Takes plain structs whose texts are already in the reader's language, and a closure that formats numbers.
//! Gives [`Svg`] to be placed inline in a page that also carries [`CSS`]; the same input gives the same bytes.
//! Opens no file, knows no indicator, and writes no word of its own.
//!
//! Reading order: the five kinds ([`mod@line`], which may end in a fan, [`bar`], [`stack`], [`bullet`], [`sparkline`]),
//! then `canvas` (plotters on a fine grid), `svg` (our plotters backend), `layout`, `scale`, `text`, `palette`.

use std::fmt;

pub mod bar;
pub mod bullet;
mod canvas;
mod layout;
pub mod line;
mod palette;
mod scale;
pub mod sparkline;
pub mod stack;
mod svg;
#[cfg(test)]
mod testing;
mod text;

/// Style of all charts for the page: colours in light, dark and print, and the fallback font family.
///
/// A chart without it is still whole, in light colours: every colour is also a presentation attribute.
pub const CSS: &str = include_str!("chart.css");

/// How a number is written in the reader's language.
pub type Number<'a> = dyn Fn(f64) -> String + 'a;

/// A finished chart as SVG text, ready to stand inline in HTML.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Svg(String);

impl Svg {
    /// The SVG text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Svg {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Width of a chart in pixels; text keeps its size, so a phone needs its own rendering.
///
/// Put both into `<div class="chart-pair">`, wide first, and the style shows the one that fits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Width(pub u32);

impl Width {
    /// A column of a page on a screen or on A4.
    pub const PAGE: Width = Width(720);
    /// A phone held upright.
    pub const PHONE: Width = Width(360);

    /// Pixels within what a layout can bear.
    fn px(self) -> f64 {
        f64::from(self.0.clamp(240, 4000))
    }
}

impl Default for Width {
    fn default() -> Self {
        Width::PAGE
    }
}
