//! Colours, symbols, dashes and hatches: what tells one series from another.
//!
//! Colours are those of the light page; the backend writes each with the class of its name,
//! through which `chart.css` replaces it in the dark and on paper.
//! No meaning hangs on colour alone: a series also has a symbol and a dash, a part also has a hatch.

use plotters::style::RGBColor;

pub(crate) const INK: RGBColor = RGBColor(0x1b, 0x1f, 0x24);
pub(crate) const MUTED: RGBColor = RGBColor(0x5b, 0x64, 0x70);
pub(crate) const GRID: RGBColor = RGBColor(0xdd, 0xe1, 0xe6);
pub(crate) const PAPER: RGBColor = RGBColor(0xff, 0xff, 0xff);
pub(crate) const OTHER: RGBColor = RGBColor(0x76, 0x7d, 0x88);
pub(crate) const BAR: RGBColor = RGBColor(0x7b, 0x8e, 0xa3);
pub(crate) const TARGET: RGBColor = RGBColor(0xb3, 0x26, 0x1e);

/// Colours of series and parts, in order of use.
pub(crate) const SERIES: [RGBColor; 6] = [
    RGBColor(0x00, 0x67, 0xa5),
    RGBColor(0xc2, 0x6a, 0x00),
    RGBColor(0x00, 0x85, 0x6a),
    RGBColor(0xa8, 0x48, 0x7f),
    RGBColor(0x1f, 0x2a, 0x5c),
    RGBColor(0x7d, 0x7d, 0x7e),
];

/// Grounds of classes of a map, from the palest to the strongest; on paper of the dark the palest is the darkest.
pub(crate) const CLASSES: [RGBColor; 5] = [
    RGBColor(0xec, 0xf3, 0xf9),
    RGBColor(0xc3, 0xdb, 0xec),
    RGBColor(0x8f, 0xbb, 0xd9),
    RGBColor(0x2f, 0x74, 0xa8),
    RGBColor(0x0b, 0x3f, 0x6b),
];
/// Text on pale classes, and on strong ones.
pub(crate) const ON_PALE: RGBColor = RGBColor(0x1b, 0x20, 0x26);
pub(crate) const ON_STRONG: RGBColor = RGBColor(0xff, 0xff, 0xfe);

/// The colour of text on the ground of a class.
pub(crate) fn on_class(class: usize) -> RGBColor {
    if class < 3 { ON_PALE } else { ON_STRONG }
}

/// Every colour with the name its class and its CSS property carry.
pub(crate) const NAMES: [(&str, RGBColor); 20] = [
    ("ink", INK),
    ("muted", MUTED),
    ("grid", GRID),
    ("paper", PAPER),
    ("other", OTHER),
    ("bar", BAR),
    ("target", TARGET),
    ("s1", SERIES[0]),
    ("s2", SERIES[1]),
    ("s3", SERIES[2]),
    ("s4", SERIES[3]),
    ("s5", SERIES[4]),
    ("s6", SERIES[5]),
    ("c1", CLASSES[0]),
    ("c2", CLASSES[1]),
    ("c3", CLASSES[2]),
    ("c4", CLASSES[3]),
    ("c5", CLASSES[4]),
    ("on-pale", ON_PALE),
    ("on-strong", ON_STRONG),
];

/// The name of a colour, if it is one of ours.
pub(crate) fn name(rgb: (u8, u8, u8)) -> Option<&'static str> {
    NAMES.iter().find(|(_, c)| (c.0, c.1, c.2) == rgb).map(|(name, _)| *name)
}

/// A colour as it is written, by its name.
pub(crate) fn hex(name: &str) -> String {
    let known = NAMES.iter().find(|(known, _)| *known == name).map_or(INK, |(_, colour)| *colour);
    format!("#{:02x}{:02x}{:02x}", known.0, known.1, known.2)
}

/// The colour of the n-th series or part.
pub(crate) fn series(n: usize) -> RGBColor {
    SERIES[n % SERIES.len()]
}

/// The mark of a point; the diamond is kept for targets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Symbol {
    Circle,
    Square,
    Triangle,
    TriangleDown,
    Pentagon,
    Plus,
    Diamond,
}

/// The symbol of the n-th series.
pub(crate) fn symbol(n: usize) -> Symbol {
    use Symbol::{Circle, Pentagon, Plus, Square, Triangle, TriangleDown};
    [Circle, Square, Triangle, TriangleDown, Pentagon, Plus][n % 6]
}

/// The `stroke-dasharray` of the n-th series; the first is solid, and the seventh has the first one's symbol but dashes.
pub(crate) fn dash(n: usize) -> Option<&'static str> {
    [None, Some("6 3"), Some("2 3"), Some("9 3 2 3"), Some("4 2"), Some("12 4")][(n + n / 6) % 6]
}

/// Dashes of the way to a target, of a break, and of a value to compare with.
pub(crate) const TARGET_DASH: &str = "6 4";
pub(crate) const BREAK_DASH: &str = "2 3";
pub(crate) const COMPARISON_DASH: &str = "1.5 2.5";

/// The `<pattern>` of the n-th part: its colour under lines or dots of the paper's colour.
///
/// Each colour has its own hatch at first and another in the next round, so twelve parts stay distinct.
pub(crate) fn hatch(id: &str, n: usize) -> String {
    const LINES: [&str; 7] = [
        "",
        "M-1.5,1.5l3,-3M0,6l6,-6M4.5,7.5l3,-3",
        "M2,2h2M2,4h2M2,3h2",
        "M-1.5,4.5l3,3M0,0l6,6M4.5,-1.5l3,3",
        "M0,3h6",
        "M3,0v6",
        "M0,3h6M3,0v6",
    ];
    let lines = LINES[(n + n / 6 * 3) % LINES.len()];
    let RGBColor(r, g, b) = series(n);
    let class = name((r, g, b)).unwrap_or_default();
    format!(
        "<pattern id=\"{id}\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\">\
         <rect width=\"6\" height=\"6\" class=\"f-{class}\" fill=\"#{r:02x}{g:02x}{b:02x}\"/>\
         <path d=\"{lines}\" class=\"l-paper\" stroke=\"#ffffff\" stroke-width=\"1.1\"/></pattern>"
    )
}

/// The `<pattern>` of what has no value: lines on paper.
pub(crate) fn missing_hatch(id: &str) -> String {
    format!(
        "<pattern id=\"{id}\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\">\
         <rect width=\"6\" height=\"6\" class=\"f-paper\" fill=\"{}\"/>\
         <path d=\"M-1.5,1.5l3,-3M0,6l6,-6M4.5,7.5l3,-3\" class=\"l-other\" stroke=\"{}\" stroke-width=\"0.8\"/></pattern>",
        hex("paper"),
        hex("other"),
    )
}

#[cfg(test)]
mod tests {
    use super::{CLASSES, NAMES, hatch, on_class};
    use crate::chart::CSS;

    /// The `--chart-*` properties of one block of the style, found by the text before it.
    fn block(start: &str) -> Vec<(String, [f64; 3])> {
        let from = CSS.find(start).unwrap_or_else(|| panic!("no `{start}`"));
        let body = CSS[from..].split('}').next().unwrap_or_default();
        body.split(';').filter_map(property).collect()
    }

    fn property(line: &str) -> Option<(String, [f64; 3])> {
        let (name, value) = line.split_once("--chart-")?.1.split_once(':')?;
        let hex = value.trim().strip_prefix('#')?;
        let byte = |i: usize| u8::from_str_radix(hex.get(i..i + 2)?, 16).ok().map(f64::from);
        Some((name.to_owned(), [byte(0)?, byte(2)?, byte(4)?]))
    }

    /// Relative luminance, WCAG 2.2.
    fn luminance(rgb: [f64; 3]) -> f64 {
        let [r, g, b] = rgb.map(|c| {
            let c = c / 255.0;
            if c <= 0.04045 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
        });
        0.2126 * r + 0.7152 * g + 0.0722 * b
    }

    fn contrast(a: [f64; 3], b: [f64; 3]) -> f64 {
        let (a, b) = (luminance(a), luminance(b));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    fn check(start: &str) {
        let colours = block(start);
        assert_eq!(colours.len(), NAMES.len(), "{start}");
        let paper = colours.iter().find(|(name, _)| name == "paper").expect("paper").1;
        for (name, rgb) in &colours {
            let least = match name.as_str() {
                "paper" | "grid" | "on-pale" | "on-strong" => 0.0,
                // Grounds of classes: their outline is seen, and so is the text on them, below.
                "c1" | "c2" | "c3" | "c4" | "c5" => 0.0,
                "ink" | "muted" => 4.5,
                _ => 3.0,
            };
            let found = contrast(*rgb, paper);
            assert!(found >= least, "{start} {name}: {found:.2} < {least}");
        }
        let of = |name: &str| colours.iter().find(|(known, _)| known == name).expect("a colour").1;
        for class in 0..CLASSES.len() {
            let text = if on_class(class) == super::ON_PALE { "on-pale" } else { "on-strong" };
            let found = contrast(of(&format!("c{}", class + 1)), of(text));
            assert!(found >= 4.5, "{start} text on class {class}: {found:.2}");
        }
        // What lies on the track of a bullet, and the outline of a strip's box.
        for on_track in ["s1", "target"] {
            let found = contrast(of(on_track), of("grid"));
            assert!(found >= 3.0, "{start} {on_track} on a track: {found:.2}");
        }
        // Every class lies apart from the next one, however the reader sees colours.
        for class in 1..CLASSES.len() {
            let found = contrast(of(&format!("c{class}")), of(&format!("c{}", class + 1)));
            assert!(found >= 1.25, "{start} classes {class}: {found:.2}");
        }
    }

    #[test]
    fn contrast_holds_in_light_dark_and_print() {
        check(":root {");
        check("@media (prefers-color-scheme: dark)");
        check("@media print");
    }

    #[test]
    fn the_light_style_has_the_colours_of_the_charts() {
        for ((css, rgb), (name, c)) in block(":root {").iter().zip(NAMES) {
            assert_eq!(css, name);
            assert_eq!(*rgb, [c.0, c.1, c.2].map(f64::from), "{name}");
            assert!(CSS.contains(&format!(".f-{name} ")) && CSS.contains(&format!(".l-{name} ")), "{name}");
        }
    }

    #[test]
    fn twelve_parts_have_twelve_hatches() {
        let mut all: Vec<String> = (0..12).map(|n| hatch("h", n)).collect();
        all.sort();
        all.dedup();
        assert_eq!(all.len(), 12);
    }
}
