//! Data quality: every file with the account of its rows, what was kept out and why, rules, who is missing.

use std::collections::BTreeMap;

use crate::model::indicator::Indicator;
use crate::model::intake::{CheckResult, FileRecord, FileState, Reject, SourceStatus};
use crate::model::measure::Missing;
use crate::model::organisation::{GROUP, Organisation};
use crate::report::book::{Book, Here};
use crate::report::page::{Cell, Column, DataPage, DataSection, Line, Row, Table};
use crate::report::view::measured;
use crate::report::{account, chase_page, check, list, overview, sender};

/// More names than this say nothing; the number does.
pub(super) const MOST_NAMES: usize = 34;

/// `data.html`
pub fn page(book: &Book<'_>) -> DataPage {
    let here = Here { path: "data.html".to_owned(), title: book.word("data_quality"), menu: "data.html" };
    let mut sections = sender::sections(book);
    sections.extend([files(book), rejects(book), checks(book), coverage(book), sources(book)]);
    DataPage {
        frame: book.frame(&here),
        state: overview::state(book, ""),
        chase: chase_page::link(book),
        sections,
        downloads: list::downloads(book, None, ""),
    }
}

fn sources(book: &Book<'_>) -> DataSection {
    let rows = book.view.results.sources.iter().map(|source| {
        let name = book.text(&source.title).to_owned();
        let mut publisher = Cell::text(book.text(&source.publisher).to_owned());
        if let Some(url) = source.url.as_deref() {
            publisher.lines.push(Line { href: list::web(url), text: url.to_owned(), ..Line::default() });
        }
        Row {
            cells: vec![
                Cell::text(name).as_head().line(source.id.to_string(), "muted"),
                publisher,
                Cell::text(book.text(&source.licence).to_owned()),
                Cell::text(source.table.to_string()),
            ],
            strong: false,
        }
    });
    let columns = [("source", false), ("publisher", false), ("licence", false), ("table", false)];
    section(book, "sources", "sources_intro", table(book, "sources", &columns, rows.collect()))
}

fn files(book: &Book<'_>) -> DataSection {
    let mut rows = vec![];
    for source in &book.view.results.sources {
        rows.extend(source.files.iter().map(|file| file_row(book, source, file)));
        if let Some(problem) = &source.problem {
            rows.push(problem_row(book, source, problem));
        } else if source.files.is_empty() {
            rows.push(silent_row(book, source));
        }
    }
    let columns = [
        ("file", false),
        ("state", false),
        ("rows_read", true),
        ("rows_loaded", true),
        ("rows_rejected", true),
        ("vintage", true),
    ];
    section(book, "files", "files_intro", table(book, "files", &columns, rows))
}

fn file_row(book: &Book<'_>, source: &SourceStatus, file: &FileRecord) -> Row {
    let head = Cell::text(file.path.clone()).as_head().line(book.text(&source.title).to_owned(), "muted");
    let (key, look, mark) = match file.state {
        FileState::Current => ("file_current", "met", "✓"),
        FileState::Superseded => ("file_superseded", "none", "–"),
        FileState::Refused => ("file_refused", "unmet", "✗"),
    };
    let mut state =
        Cell { lines: vec![Line { text: book.word(key), look, mark, href: None }], ..Cell::default() };
    if let Some(message) = &file.message {
        state = state.line(account::file(book.words, message), "muted");
    }
    let number = |n: u64| Cell { number: true, ..Cell::text(book.words.numbers.whole(n)) }.sorted_by(n);
    Row {
        cells: vec![
            head,
            state,
            number(file.rows_read),
            number(file.rows_loaded),
            number(file.rows_rejected),
            number(file.vintage.into()),
        ],
        strong: false,
    }
}

/// A source that may be empty, and is.
fn silent_row(book: &Book<'_>, source: &SourceStatus) -> Row {
    let verdict = Line { text: book.word("nothing_sent_yet"), look: "none", mark: "–", href: None };
    let state = Cell { lines: vec![verdict], ..Cell::default() };
    let mut cells = vec![Cell::text(book.text(&source.title).to_owned()).as_head(), state];
    cells.extend((0..4).map(|_| Cell::missing("–")));
    Row { cells, strong: false }
}

fn problem_row(book: &Book<'_>, source: &SourceStatus, problem: &str) -> Row {
    let verdict = Line { text: book.word("no_data"), look: "unmet", mark: "✗", href: None };
    let state =
        Cell { lines: vec![verdict], ..Cell::default() }.line(account::absence(book.words, problem), "muted");
    let mut cells = vec![Cell::text(book.text(&source.title).to_owned()).as_head(), state];
    cells.extend((0..4).map(|_| Cell::missing("–")));
    Row { cells, strong: false }
}

fn rejects(book: &Book<'_>) -> DataSection {
    let row = |reject: &Reject| Row {
        cells: vec![
            Cell::text(reject.path.clone()).as_head(),
            Cell { number: true, ..Cell::text(book.words.numbers.whole(reject.row)) }.sorted_by(reject.row),
            Cell::text(reject.column.clone()),
            Cell::text(shortened(&reject.value)),
            Cell::text(account::rule(book.words, &reject.rule)),
        ],
        strong: false,
    };
    let columns = [("file", false), ("row", true), ("column", false), ("cell_value", false), ("rule", false)];
    let rows: Vec<_> = book.view.results.rejects.iter().map(row).collect();
    section(book, "rejects", "rejects_intro", table(book, "rejects", &columns, rows))
}

/// A cell of a file may hold a book.
pub(super) fn shortened(text: &str) -> String {
    let mut shown: String = text.chars().take(200).collect();
    if shown.len() < text.len() {
        shown.push('…');
    }
    shown
}

fn checks(book: &Book<'_>) -> DataSection {
    // Broken rules first: nobody should have to look for them.
    let mut checks: Vec<_> = book.view.results.checks.iter().collect();
    checks.sort_by_key(|check| (check.broken == 0, check.is_idle()));
    let columns = [("rule", false), ("severity", false), ("broken_by", true)];
    let rows = checks.iter().map(|check| check_row(book, check)).collect();
    section(book, "checks", "checks_intro", table(book, "checks", &columns, rows))
}

fn check_row(book: &Book<'_>, check: &CheckResult) -> Row {
    let href = (!check.rows.is_empty()).then(|| check::path(check));
    Row {
        cells: vec![
            Cell::link(book.text(&check.title).to_owned(), href).as_head().line(check.id.clone(), "muted"),
            Cell { lines: vec![check::verdict(book, check)], ..Cell::default() },
            check::broken_by(book, check),
        ],
        strong: false,
    }
}

/// For each indicator and level that somebody reported in: who did not, of those that existed then and to whom the
/// question applies. Nothing to count and what is withheld were reported.
fn coverage(book: &Book<'_>) -> DataSection {
    let mut rows = vec![];
    for indicator in &book.contents.indicators {
        for level in book.contents.levels.iter().copied() {
            rows.extend(coverage_row(book, indicator, level));
        }
    }
    let columns = [
        ("indicator", false),
        ("level", false),
        ("period", false),
        ("reported", true),
        ("missing_names", false),
    ];
    section(book, "coverage", "coverage_intro", table(book, "coverage", &columns, rows))
}

fn coverage_row(book: &Book<'_>, indicator: &Indicator, level: &str) -> Option<Row> {
    // A group has the numbers that others were added up or published for; it owes none.
    if level == GROUP {
        return None;
    }
    let (period, ranked) = book.view.ranking(indicator, level)?;
    let told: BTreeMap<_, _> = ranked.iter().map(|(o, _)| (&o.org, measured(o).err())).collect();
    let reason = |org: &Organisation| told.get(&org.id).copied().unwrap_or(Some(Missing::NotReported));
    let expected: Vec<&Organisation> = book
        .view
        .of_level(level)
        .iter()
        .copied()
        .filter(|org| org.existed_on(period.end()))
        .filter(|org| reason(org) != Some(Missing::NotApplicable))
        .collect();
    if expected.len() < 2 {
        return None;
    }
    let (absent, present): (Vec<_>, Vec<_>) =
        expected.iter().partition(|org| reason(org) == Some(Missing::NotReported));
    let share = book
        .words
        .fill("made_of", &[("n", &whole(book, present.len())), ("of", &whole(book, expected.len()))]);
    let href = book.indicator_href("", &indicator.id);
    Some(Row {
        cells: vec![
            Cell::link(book.text(&indicator.title).to_owned(), href).as_head(),
            Cell::text(book.level(level)),
            Cell::text(book.period(period)).sorted_by(period.end()),
            Cell { number: true, ..Cell::text(share) }.sorted_by(present.len()),
            names(book, &absent),
        ],
        strong: false,
    })
}

fn names(book: &Book<'_>, absent: &[&&Organisation]) -> Cell {
    if absent.is_empty() {
        let line = Line { text: book.word("nobody_missing"), look: "met", mark: "✓", href: None };
        return Cell { lines: vec![line], ..Cell::default() };
    }
    if absent.len() > MOST_NAMES {
        return Cell::text(book.words.count("n_bodies", u64::try_from(absent.len()).unwrap_or(u64::MAX)));
    }
    let mut names: Vec<_> = absent.iter().map(|org| book.name(&org.id)).collect();
    names.sort_by(|a, b| book.words.compare(a, b));
    Cell::text(names.join("; "))
}

fn whole(book: &Book<'_>, n: usize) -> String {
    book.words.numbers.whole(u64::try_from(n).unwrap_or(u64::MAX))
}

pub(super) fn table(
    book: &Book<'_>,
    key: &'static str,
    columns: &[(&'static str, bool)],
    rows: Vec<Row>,
) -> Table {
    Table {
        id: format!("{key}-table"),
        caption: book.word(key),
        columns: columns
            .iter()
            .map(|(key, number)| Column { text: book.word(key), number: *number })
            .collect(),
        note: None,
        filter: rows.len() > 12,
        sortable: rows.len() > 1,
        pager: None,
        rows,
    }
}

/// A part of the page; without rows it says so in words.
pub(super) fn section(book: &Book<'_>, key: &'static str, intro: &'static str, table: Table) -> DataSection {
    let empty = table.rows.is_empty();
    DataSection {
        id: key.to_owned(),
        title: book.word(key),
        intro: if empty { book.word("nothing_here") } else { book.word(intro) },
        tables: if empty { vec![] } else { vec![table] },
    }
}
