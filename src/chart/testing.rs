//! What tests of all kinds of charts share.

use std::collections::BTreeSet;

use crate::chart::Svg;

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
