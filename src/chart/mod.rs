//! Charts: pure functions from numbers to SVG text.
//!
//! Takes plain structs whose texts are already in the reader's language, and a closure that formats numbers.
//! Gives [`Svg`] to be placed inline in a page that also carries [`CSS`]; the same input gives the same bytes.
//! Opens no file, knows no indicator, and writes no word of its own.
//!
//! Reading order: the kinds, then `canvas` (plotters on a fine grid), `svg` (our plotters backend), `layout`, `scale`, `text`,
//! `palette`, and what makes a chart a file: [`standalone`] and [`png`].
//!
//! | to show | take |
//! | --- | --- |
//! | one value against its targets | [`bullet`] |
//! | values over time, with targets, their path, breaks and what may come | [`mod@line`] |
//! | the courses of all bodies of a level | [`multiples`], in a cell [`sparkline`] |
//! | two times, or ranks at a few | [`slope`] |
//! | the values of a level, in order | [`bar`] |
//! | where they lie, and one among them | [`distribution`] |
//! | whether neighbours are alike | [`tile_map`] |
//! | what totals are made of, or their shares | [`stack`] |
//! | parts of an index against the most they can score | [`groups`] |
//! | how sure ranks are | [`band`] |
//! | what was told before | [`revision`] |

use std::fmt;

pub mod band;
pub mod bar;
pub mod bullet;
mod canvas;
pub mod distribution;
pub mod groups;
mod layout;
pub mod line;
pub mod multiples;
mod palette;
pub mod png;
pub mod revision;
mod scale;
pub mod slope;
pub mod sparkline;
pub mod stack;
pub mod standalone;
mod svg;
#[cfg(test)]
mod testing;
mod text;
pub mod tile_map;

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

    /// Width and height in pixels.
    fn size(&self) -> (f64, f64) {
        let view = self.0.split("viewBox=\"0 0 ").nth(1).and_then(|rest| rest.split('"').next());
        let mut numbers = view.unwrap_or_default().split(' ').map(|n| n.parse().unwrap_or(0.0));
        (numbers.next().unwrap_or(0.0), numbers.next().unwrap_or(0.0))
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
