//! The method of every indicator, written from the definitions, so that text and numbers cannot drift apart.

use crate::report::book::{Book, Here};
use crate::report::indicator::facts;
use crate::report::page::{Link, MethodEntry, MethodPage};

/// How to read the report: keys of sentences.
const RULES: [&str; 8] = [
    "rule_missing",
    "rule_sums",
    "rule_restated",
    "rule_rounding",
    "rule_breaks",
    "rule_targets",
    "rule_status",
    "rule_marks",
];

/// `method.html`
pub fn page(book: &Book<'_>) -> MethodPage {
    let here = Here { path: "method.html".to_owned(), title: book.word("method"), menu: "method.html" };
    let entries = book.contents.indicators.iter().map(|indicator| MethodEntry {
        id: indicator.id.to_string(),
        title: Link {
            text: book.text(&indicator.title).to_owned(),
            href: book.indicator_href("", &indicator.id),
        },
        method: book.text(&indicator.method).to_owned(),
        note: indicator.note.as_ref().map(|note| book.text(note).to_owned()),
        facts: facts(book, indicator),
    });
    MethodPage {
        frame: book.frame(&here),
        rules: RULES.map(|key| book.word(key)).to_vec(),
        entries: entries.collect(),
    }
}
