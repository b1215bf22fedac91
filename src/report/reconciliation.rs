//! Systems that give a number of the same thing: how far they agree, and each number on which they differ.

use indexmap::IndexMap;

use crate::model::reconciled::{Agreement, Difference, Reconciliation, Side};
use crate::report::book::{Book, Here};
use crate::report::list;
use crate::report::page::{Cell, Column, DataSection, Row, SectionsPage, Table};

/// More files than this are counted, not named.
const MOST_FILES: usize = 3;
/// Decimals of numbers that are compared.
const DECIMALS: u8 = 4;

/// Two systems with what is known of them.
#[derive(Default)]
struct Pair<'a> {
    agreements: Vec<&'a Agreement>,
    differences: Vec<&'a Difference>,
}

/// `reconciliation.html`
pub fn page(book: &Book<'_>) -> SectionsPage {
    let path = "reconciliation.html";
    let here = Here { path: path.to_owned(), title: book.word("reconciliation"), menu: path };
    let known = &book.view.results.reconciliation;
    let mut pairs: IndexMap<(&str, &str), Pair<'_>> = IndexMap::new();
    for one in &known.agreements {
        pairs.entry((book.text(&one.first), book.text(&one.second))).or_default().agreements.push(one);
    }
    for one in &known.differences {
        pairs
            .entry((book.text(&one.first.system), book.text(&one.second.system)))
            .or_default()
            .differences
            .push(one);
    }
    let intro = if pairs.is_empty() { "nothing_here" } else { "reconciliation_intro" };
    SectionsPage {
        frame: book.frame(&here),
        intro: vec![book.word(intro)],
        sections: pairs.iter().enumerate().map(|(n, (names, pair))| section(book, *names, pair, n)).collect(),
        downloads: list::downloads(book, None, ""),
    }
}

fn section(book: &Book<'_>, (first, second): (&str, &str), pair: &Pair<'_>, n: usize) -> DataSection {
    let compared: u64 = pair.agreements.iter().map(|one| one.compared).sum();
    let equal: u64 = pair.agreements.iter().map(|one| one.equal).sum();
    let names = [("first", first), ("second", second)];
    let counts = [("n", &*whole(book, equal)), ("of", &*whole(book, compared))];
    let mut tables = vec![by_period(book, pair, n)];
    if !pair.differences.is_empty() {
        tables.push(one_by_one(book, (first, second), pair, n));
    }
    DataSection {
        id: format!("pair_{n}"),
        title: book.words.fill("two_systems", &names),
        intro: book.words.fill("n_agree", &counts),
        tables,
    }
}

fn by_period(book: &Book<'_>, pair: &Pair<'_>, n: usize) -> Table {
    let number = |n: u64| Cell::number(whole(book, n), n as f64);
    let row = |one: &&Agreement| Row {
        cells: vec![
            Cell::text(book.period(one.period)).as_head().sorted_by(one.period.end()),
            number(one.compared),
            number(one.equal),
            number(one.compared - one.equal),
            number(one.bodies),
        ],
        strong: false,
    };
    let columns = ["period", "numbers_compared", "numbers_equal", "numbers_unequal", "bodies_unequal"]
        .map(|key| Column { text: book.word(key), number: key != "period" });
    table(format!("agreement_{n}"), book.word("by_period"), columns.to_vec(), pair.agreements.iter().map(row))
}

fn one_by_one(book: &Book<'_>, (first, second): (&str, &str), pair: &Pair<'_>, n: usize) -> Table {
    let row = |one: &&Difference| {
        let difference = one.first.value - one.second.value;
        let sign = if difference < 0.0 { "−" } else { "+" };
        let written = format!("{sign}{}", book.words.numbers.trimmed(difference.abs(), DECIMALS));
        Row {
            cells: vec![
                Cell::link(book.name(&one.org), book.organisation_href("", &one.org)).as_head(),
                Cell::text(book.period(one.period)).sorted_by(one.period.end()),
                Cell::text(book.text(&one.what)),
                number(book, &one.first),
                number(book, &one.second),
                Cell::number(written, difference),
                files(book, [&one.first, &one.second]),
            ],
            strong: false,
        }
    };
    let text = |text: &str, number: bool| Column { text: text.to_owned(), number };
    let columns = vec![
        text(book.words.get("organisation"), false),
        text(book.words.get("period"), false),
        text(book.words.get("what_is_counted"), false),
        text(first, true),
        text(second, true),
        text(book.words.get("difference"), true),
        text(book.words.get("files"), false),
    ];
    let mut table = table(
        format!("differences_{n}"),
        book.word("differences"),
        columns,
        pair.differences.iter().map(row),
    );
    let shown = u64::try_from(book.view.results.reconciliation.differences.len()).unwrap_or(u64::MAX);
    table.note = (shown >= Reconciliation::DIFFERENCES_SHOWN).then(|| book.word("differences_cut"));
    table
}

fn number(book: &Book<'_>, side: &Side) -> Cell {
    Cell::number(book.words.numbers.trimmed(side.value, DECIMALS), side.value)
}

/// The files of both sides, each once.
fn files(book: &Book<'_>, sides: [&Side; 2]) -> Cell {
    let mut cell = Cell::empty();
    for side in sides {
        let named = side.files.iter().take(MOST_FILES);
        cell = named.fold(cell, |cell, path| cell.line(path.clone(), "source"));
        if let Some(more) = side.files.len().checked_sub(MOST_FILES).filter(|more| *more > 0) {
            let more = u64::try_from(more).unwrap_or(u64::MAX);
            cell = cell.line(book.words.count("n_more_files", more), "muted");
        }
    }
    cell
}

fn table(id: String, caption: String, columns: Vec<Column>, rows: impl Iterator<Item = Row>) -> Table {
    let rows: Vec<Row> = rows.collect();
    Table {
        id,
        caption,
        columns,
        filter: rows.len() > 12,
        sortable: rows.len() > 1,
        pager: None,
        rows,
        note: None,
    }
}

fn whole(book: &Book<'_>, n: u64) -> String {
    book.words.numbers.whole(n)
}
