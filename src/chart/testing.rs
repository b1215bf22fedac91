//! What tests of all kinds of charts share.

use std::collections::BTreeSet;

use crate::chart::Svg;
use crate::chart::text::{Weight, width};

/// Numbers as the tests write them.
pub(crate) fn english(value: f64) -> String {
    format!("{value}")
}

/// A text that is long and full of what markup must not swallow.
pub(crate) fn hostile() -> String {
    "<script>\"&'\u{0} Ủy ban nhân dân các xã, phường, đặc khu thuộc tỉnh ]]> ".repeat(4)
}

/// How often a text occurs.
pub(crate) fn count(text: &str, part: &str) -> usize {
    text.matches(part).count()
}

/// The text of a chart, after checking that it is well-formed, named, and free of numbers that are none.
pub(crate) fn check(svg: &Svg) -> String {
    let text = svg.as_str();
    let tree = roxmltree::Document::parse(text).unwrap_or_else(|e| panic!("{e}\n{text}"));
    let root = tree.root_element();
    let children: Vec<_> = root.children().take(2).map(|n| n.tag_name().name().to_owned()).collect();
    assert_eq!(children, ["title", "desc"]);
    let named: Vec<&str> = root.attribute("aria-labelledby").unwrap_or_default().split(' ').collect();
    let ids: Vec<&str> = tree.descendants().filter_map(|n| n.attribute("id")).collect();
    assert!(named.iter().all(|id| ids.contains(id)));
    assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len(), "an id is used twice");
    for node in tree.descendants() {
        check_numbers(node);
    }
    text.to_owned()
}

fn check_numbers(node: roxmltree::Node<'_, '_>) {
    for name in ["x", "y", "cx", "cy", "r", "width", "height", "points", "viewBox"] {
        let value = node.attribute(name).unwrap_or_default();
        assert!(!value.contains("NaN") && !value.contains("inf"), "{name}=\"{value}\"");
        assert!(!value.starts_with('-') || !matches!(name, "width" | "height" | "r"), "{name}=\"{value}\"");
    }
}

/// The same, and every text stands whole in the picture and on no other text.
pub(crate) fn check_layout(svg: &Svg) -> String {
    let text = check(svg);
    let tree = roxmltree::Document::parse(&text).expect("checked above");
    let view = tree.root_element().attribute("viewBox").unwrap_or_default();
    let view: Vec<f64> = view.split(' ').filter_map(|n| n.parse().ok()).collect();
    let boxes: Vec<(String, [f64; 4])> =
        tree.descendants().filter(|node| node.has_tag_name("text")).map(written).collect();
    for (n, (one, a)) in boxes.iter().enumerate() {
        let inside = a[0] > -1.0 && a[1] > -1.0 && a[2] < view[2] + 1.0 && a[3] < view[3] + 1.0;
        assert!(inside, "`{one}` at {a:?} leaves {view:?}\n{text}");
        for (other, b) in &boxes[n + 1..] {
            let apart = a[2] < b[0] + 0.5 || b[2] < a[0] + 0.5 || a[3] < b[1] + 0.5 || b[3] < a[1] + 0.5;
            assert!(apart, "`{one}` at {a:?} lies on `{other}` at {b:?}\n{text}");
        }
    }
    text
}

/// What is written, and the rectangle from the height of capitals to the baseline, with all moves around it.
fn written(node: roxmltree::Node<'_, '_>) -> (String, [f64; 4]) {
    let number = |name: &str| node.attribute(name).and_then(|v| v.parse::<f64>().ok()).unwrap_or(0.0);
    let shown = node.text().unwrap_or_default().to_owned();
    let weight =
        if node.attribute("font-weight") == Some("600") { Weight::Semibold } else { Weight::Regular };
    let w = width(&shown, number("font-size"), weight);
    let left = match node.attribute("text-anchor") {
        Some("middle") => number("x") - w / 2.0,
        Some("end") => number("x") - w,
        _ => number("x"),
    };
    (shown, [left, number("y") - 0.73 * number("font-size"), left + w, number("y")])
}
