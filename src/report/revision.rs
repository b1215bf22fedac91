//! What later vintages changed in the numbers of an indicator, and which files changed with them.

use crate::model::indicator::{Indicator, Shape};
use crate::model::measure::Measure;
use crate::model::results::{Results, RevisedNumber, Revision};
use crate::report::book::Book;
use crate::report::headline::part_cell;
use crate::report::page::{Cell, Column, Row, Table};

/// The revisions of an indicator, newest first; none where no number was ever changed.
pub fn table(book: &Book<'_>, indicator: &Indicator, home: &str) -> Option<Table> {
    let all = &book.view.results.revisions;
    let revisions: Vec<&Revision> = all.iter().filter(|one| one.indicator == indicator.id).collect();
    if revisions.is_empty() {
        return None;
    }
    let is_full = u64::try_from(revisions.len()).is_ok_and(|n| n >= Results::REVISIONS_SHOWN);
    let column = |key: &'static str, number: bool| Column { text: book.word(key), number };
    let columns = vec![
        column("organisation", false),
        column("period", false),
        column("vintage", true),
        column("revised_before", true),
        column("revised_since", true),
        column("revised_by", true),
        column("revised_with", false),
    ];
    Some(Table {
        id: "revisions-table".to_owned(),
        caption: book.word("revisions"),
        columns,
        rows: revisions.iter().map(|revision| row(book, indicator, revision, home)).collect(),
        note: is_full.then(|| book.word("revisions_cut")),
        filter: revisions.len() > 12,
        sortable: revisions.len() > 1,
        pager: None,
    })
}

fn row(book: &Book<'_>, indicator: &Indicator, revision: &Revision, home: &str) -> Row {
    let Revision { org, period, vintage, before, after, .. } = revision;
    let mut period = Cell::text(book.period(*period)).sorted_by(period.end());
    if !revision.breakdown.is_empty() {
        let part = indicator.breakdown.iter().find(|(code, _)| *code == revision.breakdown);
        let part = part.map_or(revision.breakdown.clone(), |(_, words)| book.text(words).to_owned());
        period = period.line(part, "muted");
    }
    let since = match after {
        Some(after) => number(book, indicator, revision, after),
        None => Cell::missing(book.word("revision_withdrawn")),
    };
    let cells = vec![
        Cell::link(book.name(org), book.organisation_href(home, org)).as_head(),
        period,
        Cell { number: true, ..Cell::text(vintage.to_string()) }.sorted_by(vintage),
        number(book, indicator, revision, before),
        since,
        difference(book, indicator, revision),
        causes(book, revision),
    ];
    Row { cells, strong: false }
}

/// The number with its parts under it.
pub fn number(book: &Book<'_>, indicator: &Indicator, revision: &Revision, side: &RevisedNumber) -> Cell {
    let value = match side.measure {
        Measure::Value(value) => value,
        Measure::Missing(reason) => return Cell::missing(book.words.missing(reason).to_owned()),
    };
    let cell = Cell::number(book.value(indicator, &revision.org, value), value);
    if indicator.shape != Shape::Ratio {
        return cell;
    }
    let part = |part: Option<f64>| {
        part_cell(book, part).lines.into_iter().map(|line| line.text).collect::<Vec<_>>().join(" ")
    };
    cell.line(format!("{} / {}", part(side.numerator), part(side.denominator)), "muted")
}

/// By how much the value is another one.
pub fn difference(book: &Book<'_>, indicator: &Indicator, revision: &Revision) -> Cell {
    let value = |side: &RevisedNumber| side.measure.value();
    let sides = (value(&revision.before), revision.after.as_ref().and_then(value));
    let (Some(before), Some(after)) = sides else { return Cell { number: true, ..Cell::text("–") } };
    let difference = after - before;
    let sign = if difference < 0.0 { "−" } else { "+" };
    Cell::number(format!("{sign}{}", book.words.distance(indicator, difference)), difference)
}

fn causes(book: &Book<'_>, revision: &Revision) -> Cell {
    let named = revision.causes.iter();
    let cell = named.fold(Cell::empty(), |cell, cause| cell.line(cause.clone(), "source"));
    match revision.all_causes.saturating_sub(revision.causes.len() as u64) {
        0 => cell,
        more => cell.line(book.words.count("n_more", more), "muted"),
    }
}
