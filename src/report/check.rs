//! The page of a rule about rows: how often it is broken, and the first rows that break it, with bodies and periods by name.

use crate::model::id::OrgId;
use crate::model::intake::{CheckColumn, CheckResult, Severity};
use crate::model::period::Period;
use crate::report::book::{Book, Here, home};
use crate::report::page::{Cell, Column, Line, Row, SheetPage, Table};
use crate::report::quality::shortened;

/// `check/<id>.html`, where any rows that break the rule are kept.
pub(super) fn path(check: &CheckResult) -> String {
    format!("check/{}.html", check.id)
}

/// How a rule stands: that it holds, that there was nothing to check, or how grave it is that it is broken.
pub(super) fn verdict(book: &Book<'_>, check: &CheckResult) -> Line {
    let (key, look, mark) = match (check.broken, check.severity) {
        (0, _) if check.is_idle() => ("rule_idle", "none", "–"),
        (0, _) => ("rule_holds", "met", "✓"),
        (_, Severity::Error) => ("severity_error", "unmet", "✗"),
        (_, Severity::Warning) => ("severity_warning", "warned", "!"),
    };
    Line { text: book.word(key), look, mark, href: None }
}

/// The page of a rule.
pub(super) fn page(book: &Book<'_>, check: &CheckResult) -> SheetPage {
    let title = book.text(&check.title).to_owned();
    let here = Here { path: path(check), title, menu: "data.html" };
    let key = if check.is_of_senders() { "n_senders_break" } else { "n_rows_break" };
    let mut said = book.words.count(key, check.broken);
    let shown = u64::try_from(check.rows.len()).unwrap_or(u64::MAX);
    if shown < check.broken {
        said =
            format!("{said} {}", book.words.fill("first_rows", &[("n", &book.words.numbers.whole(shown))]));
    }
    let verdict = verdict(book, check);
    let verdict = Line { text: format!("{}. {said}", verdict.text), ..verdict };
    SheetPage { frame: book.frame(&here), verdict: Some(verdict), table: table(book, check) }
}

/// What breaks a rule and how many: `107 cơ quan gửi`, `4 dòng`.
pub(super) fn broken_by(book: &Book<'_>, check: &CheckResult) -> Cell {
    let key = if check.is_of_senders() { "n_senders" } else { "n_rows" };
    match check.broken {
        0 => Cell::missing("–").sorted_by(0),
        n => Cell { number: true, ..Cell::text(book.words.count(key, n)) }.sorted_by(n),
    }
}

fn table(book: &Book<'_>, check: &CheckResult) -> Table {
    let is_shown = |column: &CheckColumn| column.lang.is_none_or(|lang| lang == book.lang());
    let columns: Vec<_> = check.columns.iter().enumerate().filter(|(_, one)| is_shown(one)).collect();
    let home = home(&path(check));
    let row = |texts: &Vec<String>| Row {
        cells: columns
            .iter()
            .filter_map(|(n, column)| Some(cell(book, &home, column, texts.get(*n)?)))
            .collect(),
        strong: false,
    };
    let column = |(_, one): &(usize, &CheckColumn)| Column {
        text: book.text(&one.title).to_owned(),
        number: one.number,
    };
    Table {
        id: format!("check-{}", check.id),
        caption: book.text(&check.title).to_owned(),
        columns: columns.iter().map(column).collect(),
        rows: check.rows.iter().map(row).collect(),
        note: None,
        filter: check.rows.len() > 12,
        sortable: check.rows.len() > 1,
        pager: None,
    }
}

/// A count as it is written in the language.
fn count(book: &Book<'_>, text: &str) -> Cell {
    let number = text.parse::<f64>().ok().filter(|number| number.is_finite());
    number.map_or_else(
        || Cell::missing(shortened(text)),
        |number| Cell::number(book.words.numbers.trimmed(number, 2), number),
    )
}

/// What stands in a row: a body by its name, an indicator by its title, a period in full, all else as it is.
fn cell(book: &Book<'_>, home: &str, column: &CheckColumn, text: &str) -> Cell {
    match column.name.as_str() {
        "org_id" | "old_org_id" | "new_org_id" | "parent_id" => {
            let org = text.parse::<OrgId>().ok().and_then(|id| book.view.organisation(&id));
            org.map_or_else(
                || Cell::text(shortened(text)),
                |org| {
                    Cell::link(book.name(&org.id), book.organisation_href(home, &org.id))
                        .line(text, "muted")
                        .as_head()
                },
            )
        }
        "indicator" => {
            let indicator = text.parse().ok().and_then(|id| book.view.indicator(&id));
            indicator.map_or_else(
                || Cell::text(shortened(text)),
                |indicator| {
                    Cell::link(book.text(&indicator.title), book.indicator_href(home, &indicator.id))
                        .line(text, "muted")
                },
            )
        }
        "period" => text.parse::<Period>().map_or_else(
            |_| Cell::text(shortened(text)),
            |period| Cell::text(book.period(period)).sorted_by(period.end()),
        ),
        _ if column.number => count(book, text),
        _ => Cell::text(shortened(text)),
    }
}
