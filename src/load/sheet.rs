//! A sheet of a workbook, written as CSV so that it is read like any other file.
//!
//! Cells are written as they come: however far apart they stand, a sheet takes no more room than what stands in it.

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::{self, Read, Seek};
use std::panic::{self, AssertUnwindSafe};
use std::path::Path;
use std::sync::Once;

use calamine::{Data, DataRef, Reader, Sheets, Xlsx, XlsxFormulaMetadata, open_workbook_auto};
use rust_xlsxwriter::utility::column_number_to_name;

use super::contract::Form;
use super::template::{DATA, GUIDE, LISTS, said_beside_others};
use crate::diagnostic::{Diagnostic, one_line};

/// Before a formula that stands in the place of its value, for nobody worked it out.
pub(super) const UNWORKED: char = '\u{1a}';

/// A sheet that was written.
pub(super) struct Sheet {
    /// Its name in the workbook.
    pub name: String,
    /// The headings of the columns that were written.
    pub headings: Vec<String>,
    /// Their letters in the workbook.
    pub letters: Vec<String>,
    /// Whether there are formulas without a value.
    pub has_unworked: bool,
    /// Other sheets in which something stands.
    pub unread: Vec<String>,
    /// The letters of columns in which something stands without a heading.
    pub unheaded: Vec<String>,
}

/// The most rows and columns that a workbook has.
const MOST: (usize, usize) = (1_048_576, 16_384);

/// Writes the sheet that the form asks for to `target`, from its heading row on; blank rows stay, so that rows count as they do in the workbook.
pub(super) fn write_as_csv(
    shown: &str,
    path: &Path,
    form: &Form,
    target: &Path,
) -> Result<Sheet, Diagnostic> {
    guarded(|| write_sheet(shown, path, form, target)).unwrap_or_else(|| {
        let cause = "its cells are not where a workbook can have them".to_owned();
        Err(unreadable(shown, &Ailment { cause, hint: AGAIN }))
    })
}

thread_local! {
    /// Whether this thread reads what somebody else wrote, with a library that may fail for good on it.
    static GUARDED: Cell<bool> = const { Cell::new(false) };
}

/// What a reader of workbooks gives; none where it fails for good, of which nothing is printed.
fn guarded<T>(read: impl FnOnce() -> T) -> Option<T> {
    static QUIET: Once = Once::new();
    QUIET.call_once(|| {
        let before = panic::take_hook();
        panic::set_hook(Box::new(move |failure| {
            if !GUARDED.get() {
                before(failure);
            }
        }));
    });
    GUARDED.set(true);
    // What is left half written is a file of the workshop, which the next one overwrites.
    let read = panic::catch_unwind(AssertUnwindSafe(read));
    GUARDED.set(false);
    read.ok()
}

fn write_sheet(shown: &str, path: &Path, form: &Form, target: &Path) -> Result<Sheet, Diagnostic> {
    let mut workbook = open_workbook_auto(path).map_err(|_| unreadable(shown, &ailment(path)))?;
    let names = workbook.sheet_names();
    let name = chosen(shown, form, &names)?;
    let damaged = |error: &dyn std::fmt::Display| {
        let cause = format!("its sheet `{}` is damaged ({error})", one_line(&name));
        unreadable(shown, &Ailment { cause, hint: AGAIN })
    };
    let mut rows = Rows::begin(form, target).map_err(|error| damaged(&error))?;
    match &mut workbook {
        Sheets::Xlsx(workbook) => each_cell(workbook, &name, &mut rows).map_err(|error| damaged(&error))?,
        workbook => {
            let range = workbook.worksheet_range(&name).map_err(|error| damaged(&error))?;
            let (first_row, first_column) = range.start().unwrap_or_default();
            for (row, column, cell) in range.used_cells() {
                let at = (first_row as usize + row, first_column as usize + column);
                rows.take(at, text(cell, form.decimal_mark)).map_err(|error| damaged(&error))?;
            }
        }
    }
    let unread = match form.sheet {
        None => others_with_cells(&mut workbook, &names, &name),
        Some(_) => vec![],
    };
    rows.finish(name.clone(), unread).map_err(|error| damaged(&error))
}

/// The sheet that is read: the one that the contract names, else that of our forms, else the first.
fn chosen(shown: &str, form: &Form, names: &[String]) -> Result<String, Diagnostic> {
    let name = match &form.sheet {
        None => names.iter().find(|name| *name == DATA).or(names.first()),
        Some(pattern) => names.iter().find(|name| pattern.0.is_match(name)),
    };
    name.cloned().ok_or_else(|| {
        let wanted = form.sheet.as_ref().map_or("", |pattern| pattern.0.as_str());
        let names: Vec<String> = names.iter().map(|name| format!("`{}`", one_line(name))).collect();
        Diagnostic::error(format!("`{shown}` has no sheet like `{wanted}`"))
            .in_file(shown)
            .hint(format!("its sheets are {}", names.join(", ")))
    })
}

/// Other sheets in which something stands, but for those that explain our forms.
fn others_with_cells<R: Read + Seek>(workbook: &mut Sheets<R>, names: &[String], read: &str) -> Vec<String> {
    let others = names.iter().filter(|name| ![read, GUIDE, LISTS].contains(&name.as_str()));
    others.filter(|name| has_cells(workbook, name)).cloned().collect()
}

/// Whether something stands in a sheet; a page of nothing but a chart has no cells.
fn has_cells<R: Read + Seek>(workbook: &mut Sheets<R>, name: &str) -> bool {
    let Sheets::Xlsx(workbook) = workbook else {
        return workbook.worksheet_range(name).is_ok_and(|range| range.used_cells().next().is_some());
    };
    let Ok(mut cells) = workbook.worksheet_cells_reader(name) else { return false };
    while let Ok(Some(cell)) = cells.next_cell() {
        if *cell.get_value() != DataRef::Empty {
            return true;
        }
    }
    false
}

/// Hands over the cells of a sheet as they stand in the file.
fn each_cell<R: Read + Seek>(workbook: &mut Xlsx<R>, name: &str, rows: &mut Rows) -> io::Result<()> {
    let mut cells = workbook.worksheet_cells_reader(name).map_err(io::Error::other)?;
    while let Some(cell) = cells.next_cell_with_formula_metadata().map_err(io::Error::other)? {
        let at = (cell.pos.0 as usize, cell.pos.1 as usize);
        match (cell.value, cell.formula) {
            (DataRef::Empty, None) => {}
            (DataRef::Empty, Some(formula)) => rows.take(at, unworked(&formula))?,
            (value, _) => rows.take(at, text(&Data::from(value), rows.decimal_mark))?,
        }
    }
    Ok(())
}

/// A formula in the place of its value.
fn unworked(formula: &XlsxFormulaMetadata) -> String {
    match formula {
        XlsxFormulaMetadata::Normal { formula } | XlsxFormulaMetadata::Shared { formula, .. } => {
            format!("{UNWORKED}={formula}")
        }
        _ => format!("{UNWORKED}="),
    }
}

/// The rows of a sheet on their way into a CSV file.
struct Rows {
    writer: csv::Writer<File>,
    decimal_mark: char,
    heading_row: usize,
    headings: Vec<String>,
    /// The columns that are written: the first one, and those with a heading.
    columns: Vec<usize>,
    /// The first column in which something stands in the row of the headings or above it.
    first_column: Option<usize>,
    /// The row that is being gathered, and what stands in it.
    row: usize,
    cells: Vec<(usize, String)>,
    /// The row that would be written next.
    next: usize,
    has_unworked: bool,
    unheaded: BTreeSet<usize>,
}

impl Rows {
    fn begin(form: &Form, target: &Path) -> Result<Rows, csv::Error> {
        // Quotes around every cell keep a blank row a row.
        let writer = csv::WriterBuilder::new().quote_style(csv::QuoteStyle::Always).from_path(target)?;
        let heading_row = usize::try_from(form.header_row - 1).unwrap_or(usize::MAX);
        Ok(Rows {
            writer,
            decimal_mark: form.decimal_mark,
            heading_row,
            headings: vec![],
            columns: vec![],
            first_column: None,
            row: 0,
            cells: vec![],
            next: heading_row,
            has_unworked: false,
            unheaded: BTreeSet::new(),
        })
    }

    fn take(&mut self, (row, column): (usize, usize), text: String) -> io::Result<()> {
        if row >= MOST.0 || column >= MOST.1 {
            return Err(io::Error::other("a cell lies beyond the last one that a workbook has"));
        }
        if row < self.row {
            return Err(io::Error::other("its rows are not in their order"));
        }
        if row > self.row {
            self.end_row()?;
            self.row = row;
        }
        if row <= self.heading_row {
            self.first_column = Some(self.first_column.map_or(column, |first| first.min(column)));
        }
        if row >= self.heading_row {
            self.cells.push((column, text));
        }
        Ok(())
    }

    /// Writes the row, and the blank ones before it; nothing of a row in which nothing stands under a heading.
    fn end_row(&mut self) -> io::Result<()> {
        let cells = std::mem::take(&mut self.cells);
        if self.row == self.heading_row {
            let is_heading = |(column, text): &(usize, String)| {
                self.first_column == Some(*column) || !text.trim().is_empty()
            };
            let mut headings: BTreeMap<usize, String> = cells.into_iter().filter(is_heading).collect();
            if let (Some(first), false) = (self.first_column, headings.is_empty()) {
                headings.entry(first).or_default();
            }
            (self.columns, self.headings) = headings.into_iter().unzip();
            self.next = self.row + 1;
            return Ok(self.writer.write_record(&self.headings)?);
        }
        let mut line = vec![String::new(); self.columns.len()];
        for (column, text) in cells {
            match self.columns.binary_search(&column) {
                Ok(place) => line[place] = text,
                Err(_) if !text.trim().is_empty() => drop(self.unheaded.insert(column)),
                Err(_) => {}
            }
        }
        if line.iter().all(|text| text.is_empty() || of_form(text).is_some()) {
            return Ok(());
        }
        line.iter_mut().for_each(|text| *text = of_form(text).unwrap_or_else(|| std::mem::take(text)));
        let blank = vec![""; self.headings.len()];
        for _ in self.next..self.row {
            self.writer.write_record(&blank)?;
        }
        self.next = self.row + 1;
        self.has_unworked |= line.iter().any(|text| text.starts_with(UNWORKED));
        Ok(self.writer.write_record(&line)?)
    }

    fn finish(mut self, name: String, unread: Vec<String>) -> io::Result<Sheet> {
        self.end_row()?;
        self.writer.flush()?;
        Ok(Sheet {
            name,
            headings: self.headings,
            letters: self.columns.into_iter().map(letters).collect(),
            has_unworked: self.has_unworked,
            unread,
            unheaded: self.unheaded.into_iter().map(letters).collect(),
        })
    }
}

/// What a formula of our forms that nobody worked out says in a row in which something else stands.
fn of_form(text: &str) -> Option<String> {
    said_beside_others(text.strip_prefix(UNWORKED)?.strip_prefix('=')?)
}

/// The letters of a column, counted from 0: `A`, `Z`, `AA`.
fn letters(column: usize) -> String {
    column_number_to_name(u16::try_from(column).unwrap_or(u16::MAX - 1))
}

/// A cell as text: numbers with the mark that the contract expects, days and moments in ISO form, errors by their names.
fn text(cell: &Data, decimal_mark: char) -> String {
    match cell {
        Data::Empty => String::new(),
        Data::String(text) | Data::DateTimeIso(text) | Data::DurationIso(text) => text.clone(),
        Data::Bool(value) => value.to_string(),
        Data::Int(value) => value.to_string(),
        Data::Float(value) => value.to_string().replace('.', &decimal_mark.to_string()),
        // A number far from any day is a number, however it is shown.
        Data::DateTime(moment) if moment.as_f64().abs() > DAYS => moment.as_f64().to_string(),
        Data::DateTime(moment) => moment.as_datetime().map_or_else(
            || moment.as_f64().to_string(),
            |moment| {
                let text = moment.format("%Y-%m-%d %H:%M:%S").to_string();
                text.strip_suffix(" 00:00:00").map_or(text.clone(), str::to_owned)
            },
        ),
        Data::Error(error) => error.to_string(),
    }
}

/// So many days after its first one a workbook knows its last, 31 December 9999.
const DAYS: f64 = 2_958_466.0;

/// Why a workbook cannot be read, and what to do about it.
struct Ailment {
    cause: String,
    hint: &'static str,
}

const AGAIN: &str = "ask the sender for it again; what came in its place before stays in use";

fn unreadable(shown: &str, ailment: &Ailment) -> Diagnostic {
    Diagnostic::error(format!("`{shown}` is not a workbook that can be read: {}", ailment.cause))
        .in_file(shown)
        .hint(ailment.hint)
}

/// What is wrong with a file that is no workbook, by how it begins and ends: the library speaks of parts that nobody sees.
fn ailment(path: &Path) -> Ailment {
    let bytes = fs::read(path).unwrap_or_default();
    let is_old = path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("xls"));
    let (cause, hint) = match bytes.as_slice() {
        [] => ("nothing is in it", AGAIN),
        bytes if bytes.starts_with(COMPOUND) && holds(bytes, &in_utf16("EncryptedPackage")) => {
            ("it is protected by a password", "take the password off in Excel, save it, and send it again")
        }
        bytes if bytes.starts_with(COMPOUND) && !is_old => (
            "it is an old Excel workbook (.xls) under another name",
            "open it in Excel and save it as .xlsx; renaming it is not enough",
        ),
        bytes if bytes.starts_with(COMPOUND) => ("it is cut, damaged or protected by a password", AGAIN),
        bytes if bytes.starts_with(b"PK") && !holds(bytes, b"PK\x05\x06") => {
            ("it is cut: its end is missing", AGAIN)
        }
        bytes if bytes.starts_with(b"PK") => ("it is damaged, or a ZIP file of another kind", AGAIN),
        _ => (
            "it does not begin like one",
            "look at what it is: a text with separators, for example, is called .csv",
        ),
    };
    Ailment { cause: cause.to_owned(), hint }
}

/// How files of the older Office programs begin; also those of the newer ones that are protected by a password.
const COMPOUND: &[u8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";

fn in_utf16(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

fn holds(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_have_letters() {
        for (column, expected) in
            [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA"), (16_383, "XFD")]
        {
            assert_eq!(letters(column), expected);
        }
    }
}
