//! What a reader can look for by name: every page of a topic, indicator, index, target and organisation, in a file of its own
//! that the script of the pages loads when the box is first used.

use serde_json::{Value, json};

use crate::model::text::Lang;
use crate::report::book::Book;
use crate::report::{target, topic};

/// Kinds of pages with the keys of their words, in the order in which equal names are found.
const KINDS: [&str; 5] = ["topic", "indicator", "index", "target", "organisation"];

/// Where it is, below the root of the site.
pub fn path(lang: Lang) -> String {
    format!("assets/search-{lang}.js")
}

/// The file: the words for the kinds, and of each page its name, its place and its kind.
pub fn file(book: &Book<'_>) -> Vec<u8> {
    let pages: Vec<Value> =
        entries(book).into_iter().map(|(name, path, kind)| json!([name, path, kind])).collect();
    let kinds = KINDS.map(|key| book.word(key));
    format!("window.chisoSearch = {};\n", json!({ "kinds": kinds, "pages": pages })).into_bytes()
}

fn entries(book: &Book<'_>) -> Vec<(String, String, usize)> {
    let mut entries = vec![];
    for one in &book.definition.topics {
        entries.push((book.text(&one.title).to_owned(), topic::path(one), 0));
    }
    for indicator in &book.contents.indicators {
        let path = format!("indicator/{}.html", indicator.id);
        entries.push((book.text(&indicator.title).to_owned(), path, 1));
    }
    for index in &book.contents.indices {
        entries.push((book.text(&index.tree.title).to_owned(), format!("index/{}.html", index.tree.id), 2));
    }
    for one in &book.view.results.targets {
        entries.push((format!("{} ({})", book.text(&one.title), one.id), target::href("", one), 3));
    }
    for org in &book.contents.organisations {
        entries.push((book.name(&org.id), format!("organisation/{}.html", org.id), 4));
    }
    entries
}
