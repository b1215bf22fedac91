//! A form filled in: its blocks with their sums, the sum of all, and whether its columns add up.

use crate::model::annex::AnnexRow;
use crate::model::text::Text;
use crate::report::print::Paper;
use crate::report::print::definition::{Form, Identity};
use crate::report::print::document::{Block, Cell, Row, Table, head_rows};
use crate::report::time;

/// The table, and below it what is to be said of it.
pub fn blocks(paper: &Paper<'_, '_>, form: &Form, rows: &[AnnexRow]) -> Vec<Block> {
    let book = paper.book;
    let period = paper.period.in_calendar(form.calendar);
    let (first, last) = (time::date(book.lang(), period.start()), time::date(book.lang(), period.end()));
    let days = book.words.fill("print_days", &[("first", &first), ("last", &last)]);
    let mut blocks = vec![Block::note(days)];
    if rows.is_empty() {
        blocks.push(Block::body(book.word("print_form_empty")));
        return blocks;
    }
    blocks.push(Block::Table(table(paper, form, rows)));
    blocks.extend(form.identities.iter().filter_map(|identity| broken(paper, form, identity, rows)));
    blocks.extend(form.note.as_ref().and_then(|note| paper.referring(note)).map(Block::note));
    blocks
}

fn table(paper: &Paper<'_, '_>, form: &Form, rows: &[AnnexRow]) -> Table {
    let book = paper.book;
    let mut ways = vec![vec![book.word("print_no")], vec![book.text(&form.name).to_owned()]];
    ways.extend(form.columns.iter().map(|column| {
        column.under.iter().chain([&column.title]).map(|text| book.text(text).to_owned()).collect()
    }));
    let mut head = head_rows(&ways);
    // The form numbers its columns.
    head.push(head_rows(&(1..=ways.len()).map(|n| vec![format!("({n})")]).collect::<Vec<_>>()).remove(0));
    let mut lines = vec![];
    for (at, part) in parts(rows).into_iter().enumerate() {
        let of_part: Vec<&AnnexRow> = rows.iter().filter(|row| row.part.as_ref() == part).collect();
        if let Some(name) = part {
            let sums = sums(&of_part, form.columns.len());
            lines.push(line(paper, &super::roman(at + 1), book.text(name), &sums, true));
        }
        for (at, row) in of_part.iter().enumerate() {
            lines.push(line(paper, &(at + 1).to_string(), book.text(&row.name), &row.numbers, false));
        }
    }
    let all: Vec<&AnnexRow> = rows.iter().collect();
    let sum = book.word("print_sum");
    lines.push(line(paper, "", &sum, &sums(&all, form.columns.len()), true));
    let n = u32::try_from(form.columns.len()).unwrap_or(1).max(1);
    let each = 72 / n;
    let mut widths = vec![4, 96 - each * n];
    widths.extend(form.columns.iter().map(|_| each));
    Table { caption: String::new(), widths, small: true, head, rows: lines }
}

/// The blocks of a form in the order of their first rows.
fn parts(rows: &[AnnexRow]) -> Vec<Option<&Text>> {
    let mut parts: Vec<Option<&Text>> = vec![];
    for row in rows {
        if !parts.contains(&row.part.as_ref()) {
            parts.push(row.part.as_ref());
        }
    }
    parts
}

/// The sum of each column; none where one of its numbers is missing, for that is no zero.
fn sums(rows: &[&AnnexRow], columns: usize) -> Vec<Option<f64>> {
    (0..columns).map(|at| rows.iter().map(|row| row.numbers.get(at).copied().flatten()).sum()).collect()
}

fn line(paper: &Paper<'_, '_>, no: &str, name: &str, numbers: &[Option<f64>], strong: bool) -> Row {
    let number = |number: &Option<f64>| match number {
        Some(number) => Cell::number(paper.book.words.numbers.trimmed(*number, 2)),
        None => Cell::centred("–"),
    };
    let head = [Cell::centred(no), Cell::head(name)];
    Row { cells: head.into_iter().chain(numbers.iter().map(number)).collect(), strong }
}

/// What is said of an identity that the sums do not keep, with the difference.
fn broken(paper: &Paper<'_, '_>, form: &Form, identity: &Identity, rows: &[AnnexRow]) -> Option<Block> {
    let book = paper.book;
    let all: Vec<&AnnexRow> = rows.iter().collect();
    let sums = sums(&all, form.columns.len());
    let parts: f64 = identity.parts.iter().map(|at| sums[*at]).sum::<Option<f64>>()?;
    let difference = sums[identity.whole]? - parts;
    if difference.abs() < 0.5 {
        return None;
    }
    // Numbers of columns begin after those of the line and the name.
    let column = |at: &usize| format!("({})", at + 3);
    let rule = identity.parts.iter().map(column).collect::<Vec<_>>().join(" + ");
    let rule = format!("{} = {rule}", column(&identity.whole));
    let difference = book.words.numbers.trimmed(difference, 2);
    let why = identity.why.as_ref().map_or_else(String::new, |why| format!(": {}", book.text(why)));
    let gaps = [("rule", rule.as_str()), ("difference", &difference), ("why", &why)];
    Some(Block::note(book.words.fill("print_identity", &gaps)))
}
