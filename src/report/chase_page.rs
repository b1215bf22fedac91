//! The chase list on the site: how what each sender had to send stands, and whom to write to.

use std::collections::BTreeSet;

use crate::model::id::OrgId;
use crate::model::quality::SenderSummary;
use crate::model::results::Results;
use crate::report::book::{Book, Here};
use crate::report::chase::{Chaser, LIST, letter_name};
use crate::report::page::{Cell, DataSection, Link, Row, SectionsPage};
use crate::report::quality::{section, table};
use crate::report::{list, time};

/// Its place below the folder of a language.
pub const PATH: &str = "chase.html";
/// The folder of its files, which the names of no other pages begin with.
const FOLDER: &str = "chase";

/// Whether anything is asked of anybody, and was judged on some day.
pub fn is_there(results: &Results) -> bool {
    !results.quality.rules.is_empty() && results.quality.judged_on.is_some()
}

/// The link to it.
pub fn link(book: &Book<'_>) -> Option<Link> {
    let text = book.word("chase_list");
    is_there(book.view.results).then(|| Link { text, href: Some(PATH.to_owned()) })
}

/// The chase list and the letters, as files below the folder of the language.
pub fn files(book: &Book<'_>) -> Vec<(String, Vec<u8>)> {
    let quality = &book.view.results.quality;
    let Some(today) = quality.judged_on.filter(|_| is_there(book.view.results)) else { return vec![] };
    let organisations = book.view.results.organisations.iter();
    let ended = organisations.filter_map(|org| Some((org.id.clone(), org.valid_to?))).collect();
    let files = Chaser { words: book.words, today, ended }.files(&quality.owed);
    files.into_iter().map(|(name, bytes)| (format!("{FOLDER}/{name}"), bytes)).collect()
}

/// `chase.html`
pub fn page(book: &Book<'_>) -> SectionsPage {
    let here = Here { path: PATH.to_owned(), title: book.word("chase_list"), menu: "data.html" };
    let quality = &book.view.results.quality;
    let day = quality.judged_on.map(|day| time::date(book.lang(), day)).unwrap_or_default();
    let mut intro = vec![book.words.fill("chase_intro", &[("day", &day)])];
    if quality.owed.is_empty() {
        intro.push(book.word("chase_none"));
    }
    let file = Link { text: book.word("chase_file"), href: Some(format!("{FOLDER}/{LIST}")) };
    let mut downloads = vec![file];
    downloads.extend(list::downloads(book, None, ""));
    SectionsPage { frame: book.frame(&here), intro, sections: vec![senders(book)], downloads }
}

fn senders(book: &Book<'_>) -> DataSection {
    let quality = &book.view.results.quality;
    let owing: BTreeSet<&OrgId> = quality.owed.iter().map(|owed| &owed.org).collect();
    let columns = [
        ("sender", false),
        ("chase_head_received", true),
        ("late", true),
        ("chase_head_partial", true),
        ("not_delivered", true),
        ("awaited", true),
        ("chase_letter", false),
    ];
    let asked = quality.senders.iter().filter(|sender| sender.expected > 0);
    let rows = asked.filter_map(|sender| Some(row(book, sender, sender.org.as_ref()?, &owing)));
    section(
        book,
        "chase_senders",
        "chase_senders_intro",
        table(book, "chase_senders", &columns, rows.collect()),
    )
}

fn row(book: &Book<'_>, sender: &SenderSummary, org: &OrgId, owing: &BTreeSet<&OrgId>) -> Row {
    let number = |n: u64| Cell::number(book.words.numbers.whole(n), n as f64);
    let letter = match owing.contains(org) {
        true => Cell::link(book.word("chase_letter"), Some(format!("{FOLDER}/{}", letter_name(org)))),
        false => Cell::empty(),
    };
    Row {
        cells: vec![
            Cell::link(book.name(org), book.organisation_href("", org)).as_head(),
            number(sender.on_time + sender.untimed),
            number(sender.late),
            number(sender.partial),
            number(sender.not_reported),
            number(sender.awaited),
            letter,
        ],
        strong: false,
    }
}
