//! What is worth a look in a file that was read all the same.
//!
//! It stands among the notes of the file; every run tells it while the file is in use, known by how the note begins.

use crate::db::{Db, DbError};
use crate::diagnostic::{Diagnostic, count, one_line};

/// Between the notes of a file.
pub(super) const BETWEEN: &str = "; ";

/// How the notes begin that a run tells, each with what to do.
const TOLD: [(&str, &str); 5] = [
    (UNREAD, "put the rows into the sheet that is read, or send each sheet as a file of its own"),
    (UNKNOWN, "correct the heading and send the file again; its column was left out"),
    (BELOW_END, "put them above that row if they are data; `ends_at` of the contract says how it begins"),
    (
        WITHOUT_HEADING,
        "give the column the heading that is meant and send the file again; its cells were left out",
    ),
    (EMPTIED, "ask the sender whether that is meant; to have the rows back, send the former file again"),
];

const REJECTS: &str = "rejects in sheet ";
const UNREAD: &str = "sheets that were not read: ";
const UNKNOWN: &str = "unknown heading ";
const BELOW_END: &str = "below the row that ends the data: ";
const WITHOUT_HEADING: &str = "cells without a heading: ";
const EMPTIED: &str = "no rows, in the place of ";

/// Sheets in which something stands beside the one that was read.
pub(super) fn unread_sheets(names: &[String]) -> String {
    let names: Vec<String> = names.iter().map(|name| format!("`{}`", one_line(name))).collect();
    format!("{UNREAD}{}", names.join(", "))
}

/// A heading that nobody knows, like that of a column that is not there.
pub(super) fn unknown_heading(heading: &str, meant: &str) -> String {
    format!("{UNKNOWN}`{heading}`: did you mean `{meant}`?")
}

/// Rows that would fit, but stand below the one that ends the data.
pub(super) fn below_end(rows: u64) -> String {
    format!("{BELOW_END}{} that would fit", count(rows, "row"))
}

/// Columns in which something stands, but no heading.
pub(super) fn without_heading(columns: &[String]) -> String {
    format!("{WITHOUT_HEADING}{}", columns.join(", "))
}

/// A file without rows, where there were some.
pub(super) fn emptied(rows: u64) -> String {
    format!("{EMPTIED}{}", count(rows, "row"))
}

/// In which columns of a sheet values stand that were kept out: a row alone is not how people find a cell.
pub(super) fn rejects_in(sheet: &str, columns: &[(&str, String)]) -> String {
    let columns: Vec<String> =
        columns.iter().map(|(name, letters)| format!("`{name}` in column {letters}")).collect();
    format!("{REJECTS}`{}`: {}", one_line(sheet), columns.join(", "))
}

/// The cell of a column of the contract in a row, from the notes of its file: `sheet Dữ liệu, D2`; none where it was no sheet.
pub fn cell_at(notes: &str, column: &str, row: u64) -> Option<String> {
    let note = notes.split(BETWEEN).find_map(|note| note.strip_prefix(REJECTS))?;
    let (sheet, columns) = note.strip_prefix('`')?.split_once("`: ")?;
    let start = format!("`{column}` in column ");
    let letters = columns.split(", ").find_map(|part| part.strip_prefix(&start));
    Some(match letters {
        Some(letters) => format!("sheet {sheet}, {letters}{row}"),
        None => format!("sheet {sheet}, row {row}"),
    })
}

/// The warnings about files in use.
pub(super) fn noticed(db: &Db) -> Result<Vec<Diagnostic>, DbError> {
    let files = db.query(
        "SELECT path, message FROM meta.file WHERE state = 'current' AND message IS NOT NULL ORDER BY path",
        &[],
    )?;
    let mut warnings = vec![];
    for file in &files.rows {
        let (path, message) = (file[0].shown(), file[1].shown());
        for note in message.split(BETWEEN) {
            if let Some((_, hint)) = TOLD.iter().find(|(beginning, _)| note.starts_with(beginning)) {
                warnings.push(Diagnostic::warning(format!("`{path}`: {note}")).in_file(&path).hint(*hint));
            }
        }
    }
    Ok(warnings)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_found_in_notes() {
        let note = rejects_in("Dữ liệu", &[("remote", "D".into()), ("period", "AB".into())]);
        let notes = ["columns not in the file: `note`", &note].join(BETWEEN);
        let check = |column: &str, expected: &str| {
            assert_eq!(cell_at(&notes, column, 7).as_deref(), Some(expected), "{column}");
        };
        check("remote", "sheet Dữ liệu, D7");
        check("period", "sheet Dữ liệu, AB7");
        check("agency_code, period", "sheet Dữ liệu, row 7");
        assert_eq!(cell_at("columns not in the file: `note`", "note", 7), None);
    }
}
