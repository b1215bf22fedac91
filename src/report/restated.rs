//! Numbers on the map of a day, beside what was reported, with the bodies that were added.

use crate::model::id::OrgId;
use crate::model::indicator::Indicator;
use crate::model::organisation::Organisation;
use crate::model::restated::{Mark, Part, Restated};
use crate::report::book::Book;
use crate::report::headline::{cell, part_cell};
use crate::report::page::{Cell, Column, Exhibit, Line, RestatedModel, Row, Table};
use crate::report::time;

/// Sign and key of the words of a mark; the sign alone must not be needed, nor a colour.
pub fn mark(mark: Mark) -> (&'static str, &'static str) {
    match mark {
        Mark::Exact => ("=", "mark_exact"),
        Mark::Estimated => ("≈", "mark_estimated"),
        Mark::Broken => ("≠", "mark_broken"),
        Mark::Incomplete => ("…", "mark_incomplete"),
    }
}

/// The restated numbers of an organisation; none where all are as they were reported.
pub fn of_organisation(book: &Book<'_>, org: &Organisation) -> Option<RestatedModel> {
    let numbers: Vec<_> = book
        .contents
        .indicators
        .iter()
        .flat_map(|indicator| {
            let numbers = book.view.restated(indicator, &org.id).iter().rev();
            numbers.map(|number| (*indicator, *number))
        })
        .collect();
    let title = title(book, numbers.first()?.1);
    let name = book.text(&org.name);
    let (table, parts) = (organisation_table(book, &numbers, name), parts_table(book, &numbers, name));
    Some(RestatedModel { title, intro: book.word("restated_intro"), table, parts })
}

fn title(book: &Book<'_>, number: &Restated) -> String {
    book.words.fill("restated_title", &[("day", &time::date(book.lang(), number.map_on))])
}

fn organisation_table(book: &Book<'_>, numbers: &[(&Indicator, &Restated)], name: &str) -> Table {
    let row = |(indicator, number): &(&Indicator, &Restated)| {
        let href = book.indicator_href("../", &indicator.id);
        let mut cells = vec![Cell::link(book.text(&indicator.title).to_owned(), href).as_head()];
        cells.extend(number_cells(book, indicator, number));
        cells.push(Cell { number: true, ..Cell::text(known_of(book, number)) }.sorted_by(number.known));
        Row { cells, strong: false }
    };
    let mut columns = vec![("indicator", false)];
    columns.extend(NUMBER_COLUMNS);
    columns.push(("bodies_added", true));
    table(book, "restated-table", "restated_of", name, &columns, numbers.iter().map(row).collect())
}

const NUMBER_COLUMNS: [(&str, bool); 5] = [
    ("period", false),
    ("as_reported", true),
    ("restated", true),
    ("numerator", true),
    ("denominator", true),
];

/// Period, as reported, restated with its mark, numerator, denominator.
fn number_cells(book: &Book<'_>, indicator: &Indicator, restated: &Restated) -> Vec<Cell> {
    let number = &restated.number;
    let reported = book.view.total(indicator, &number.org, number.period);
    let (sign, key) = mark(restated.mark);
    let mut value = cell(book, indicator, number);
    value.lines.push(Line { text: book.word(key), look: "muted", mark: sign, href: None });
    let part = |part: Option<f64>| part.map_or_else(Cell::empty, |part| part_cell(book, Some(part)));
    vec![
        Cell::text(book.period(number.period)).sorted_by(number.period.end()),
        reported.map_or_else(|| Cell::missing("–"), |reported| cell(book, indicator, reported)),
        value,
        part(number.numerator),
        part(number.denominator),
    ]
}

/// `2 trên 3`
pub fn known_of(book: &Book<'_>, restated: &Restated) -> String {
    let expected = u64::try_from(restated.parts.len()).unwrap_or(u64::MAX);
    let whole = |n: u64| book.words.numbers.whole(n);
    book.words.fill("made_of", &[("n", &whole(restated.known.into())), ("of", &whole(expected))])
}

/// The bodies that were added, each with its number as reported.
fn parts_table(book: &Book<'_>, numbers: &[(&Indicator, &Restated)], name: &str) -> Table {
    let rows = numbers.iter().flat_map(|(indicator, restated)| {
        restated.parts.iter().map(|part| part_row(book, indicator, restated, part))
    });
    let columns = [
        ("indicator", false),
        ("period", false),
        ("organisation", false),
        ("share", true),
        ("numerator", true),
        ("denominator", true),
        ("as_reported", true),
    ];
    table(book, "restated-parts-table", "parts_of_restated", name, &columns, rows.collect())
}

fn part_row(book: &Book<'_>, indicator: &Indicator, restated: &Restated, part: &Part) -> Row {
    let period = restated.number.period;
    let reported = book.view.total(indicator, &part.org, period);
    let count = |part: Option<f64>| part.map_or_else(Cell::empty, |part| part_cell(book, Some(part)));
    let missing = || Cell::missing(book.words.get("not_reported"));
    let cells = vec![
        Cell::text(book.text(&indicator.title)),
        Cell::text(book.period(period)).sorted_by(period.end()),
        Cell::link(book.name(&part.org), book.organisation_href("../", &part.org)).as_head(),
        share(book, part),
        count(reported.and_then(|reported| reported.numerator)),
        count(reported.and_then(|reported| reported.denominator)),
        reported.map_or_else(missing, |reported| cell(book, indicator, reported)),
    ];
    Row { cells, strong: false }
}

fn share(book: &Book<'_>, part: &Part) -> Cell {
    match part.share {
        Some(share) => Cell::number(book.words.share(share), share),
        None => Cell::missing(book.words.get("share_unknown")),
    }
}

/// The restated numbers of an indicator, by organisation; those that cannot be put together are counted under the table.
pub fn of_indicator(book: &Book<'_>, indicator: &Indicator) -> Option<Exhibit> {
    if !book.view.is_restated(indicator) {
        return None;
    }
    let organisations = book.view.results.organisations.iter();
    let numbers: Vec<&Restated> =
        organisations.flat_map(|org| book.view.restated(indicator, &org.id).iter().rev().copied()).collect();
    let (broken, shown): (Vec<&Restated>, Vec<&Restated>) =
        numbers.into_iter().partition(|number| number.mark == Mark::Broken);
    let title = title(book, shown.first()?);
    let row = |number: &&Restated| {
        let org = &number.number.org;
        let mut cells = vec![Cell::link(book.name(org), book.organisation_href("../", org)).as_head()];
        cells.extend(number_cells(book, indicator, number));
        cells.push(Cell::text(names(book, number)));
        Row { cells, strong: indicator.headline.as_ref() == Some(org) }
    };
    let mut columns = vec![("organisation", false)];
    columns.extend(NUMBER_COLUMNS);
    columns.push(("bodies_added", false));
    let rows = shown.iter().map(row).collect();
    let mut table = table(book, "restated-table", "restated_of", book.text(&indicator.title), &columns, rows);
    if !broken.is_empty() {
        let count = u64::try_from(broken.len()).unwrap_or(u64::MAX);
        table.note = Some(book.words.count("n_not_restated", count));
    }
    Some(Exhibit::new("restated".to_owned(), title, None, table))
}

/// `Tỉnh Phú Thọ (đến 30/06/2025) + Tỉnh Vĩnh Phúc`
fn names(book: &Book<'_>, restated: &Restated) -> String {
    let name = |org: &OrgId| book.name(org);
    restated.parts.iter().map(|part| name(&part.org)).collect::<Vec<_>>().join(" + ")
}

fn table(
    book: &Book<'_>,
    id: &str,
    caption: &str,
    of: &str,
    columns: &[(&'static str, bool)],
    rows: Vec<Row>,
) -> Table {
    let mut table = Table {
        id: id.to_owned(),
        caption: book.words.fill(caption, &[("of", of)]),
        columns: columns
            .iter()
            .map(|(key, number)| Column { text: book.word(key), number: *number })
            .collect(),
        note: None,
        filter: rows.len() > 12,
        sortable: rows.len() > 2,
        pager: None,
        rows,
    };
    table.drop_empty_columns();
    table
}
