//! A workbook of rows that were kept out: a guide, then one sheet a file, wrong cells in colour with the reason in a note.
//!
//! Takes finished texts; knows no language. The reason also stands in a column of its own, for those who cannot see colours
//! or cannot open notes.

use rust_xlsxwriter::{
    Color, DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Note, Workbook, Worksheet,
    XlsxError,
};

use super::failed;
use crate::diagnostic::Diagnostic;

/// A workbook for one sender.
#[derive(Debug, Clone, PartialEq)]
pub struct RejectBook {
    /// Name of the first sheet.
    pub guide: String,
    /// Its title.
    pub title: String,
    /// What to do, one paragraph a line.
    pub paragraphs: Vec<String>,
    /// Headings of the list of files: sheet, file, rows kept out.
    pub list_headings: [String; 3],
    /// Headings before those of the file: its row, why.
    pub row_headings: [String; 2],
    /// The files.
    pub sheets: Vec<RejectSheet>,
}

/// The rows of one file.
#[derive(Debug, Clone, PartialEq)]
pub struct RejectSheet {
    /// Where it was found.
    pub path: String,
    /// How many rows were kept out, or why it could not be read.
    pub account: String,
    /// Its headings; a file that could not be read has none, and no sheet.
    pub headings: Vec<String>,
    /// Its rows.
    pub rows: Vec<RejectLine>,
}

/// One row.
#[derive(Debug, Clone, PartialEq)]
pub struct RejectLine {
    /// Its row in the file.
    pub number: u64,
    /// All that is wrong with it.
    pub why: String,
    /// Its cells.
    pub cells: Vec<String>,
    /// Wrong cells by their position, each with what its note says.
    pub notes: Vec<(usize, String)>,
}

/// The bytes of the workbook.
pub fn reject_workbook(book: &RejectBook) -> Result<Vec<u8>, Diagnostic> {
    written(book).map_err(|error| failed("workbook of rejects", error))
}

/// Widths of the columns with long texts, in characters.
const PATH_WIDTH: f64 = 70.0;
const ACCOUNT_WIDTH: f64 = 40.0;
const WHY_WIDTH: f64 = 48.0;

/// The height of a text that is broken into lines: not every program works it out when it opens a workbook.
fn height(text: &str, width: f64) -> f64 {
    let lines = (text.chars().count() as f64 / (0.85 * width)).ceil().clamp(1.0, 20.0);
    15.0 * lines
}

const WRONG: u32 = 0x00FF_C7CE;
const HEAD: u32 = 0x00DD_EBF7;

fn written(book: &RejectBook) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    // No moment of writing: the same rejects give the same bytes.
    let beginning = ExcelDateTime::from_ymd(2000, 1, 1)?;
    workbook.set_properties(&DocProperties::new().set_title(&book.title).set_creation_datetime(&beginning));
    guide(workbook.add_worksheet(), book)?;
    for (number, sheet) in with_sheets(book) {
        rows(workbook.add_worksheet(), book, &number, sheet)?;
    }
    workbook.save_to_buffer()
}

/// Files with their sheets, which are called by numbers: names of files are too long and may hold anything.
fn with_sheets(book: &RejectBook) -> impl Iterator<Item = (String, &RejectSheet)> {
    let readable = book.sheets.iter().filter(|sheet| !sheet.rows.is_empty());
    (1..).map(|number: u32| number.to_string()).zip(readable)
}

fn heading() -> Format {
    Format::new()
        .set_bold()
        .set_text_wrap()
        .set_align(FormatAlign::Top)
        .set_border(FormatBorder::Thin)
        .set_background_color(Color::RGB(HEAD))
}

fn guide(sheet: &mut Worksheet, book: &RejectBook) -> Result<(), XlsxError> {
    sheet.set_name(&book.guide)?;
    sheet.set_column_width(0, 12)?.set_column_width(1, PATH_WIDTH)?.set_column_width(2, ACCOUNT_WIDTH)?;
    sheet.write_string_with_format(0, 0, &book.title, &Format::new().set_bold().set_font_size(14))?;
    let text = Format::new().set_text_wrap().set_align(FormatAlign::Top);
    let mut row = 2;
    for paragraph in &book.paragraphs {
        sheet.write_string_with_format(row, 1, paragraph, &text)?;
        sheet.set_row_height(row, height(paragraph, PATH_WIDTH))?;
        row += 1;
    }
    row += 1;
    for (column, name) in (0..).zip(&book.list_headings) {
        sheet.write_string_with_format(row, column, name, &heading())?;
    }
    let mut numbers = 1..;
    for file in &book.sheets {
        row += 1;
        if !file.rows.is_empty() {
            let number: u32 = numbers.next().unwrap_or(0);
            sheet.write_number(row, 0, number)?;
        }
        sheet.write_string_with_format(row, 1, &file.path, &text)?;
        sheet.write_string_with_format(row, 2, &file.account, &text)?;
        sheet
            .set_row_height(row, height(&file.path, PATH_WIDTH).max(height(&file.account, ACCOUNT_WIDTH)))?;
    }
    sheet.set_landscape().set_print_fit_to_pages(1, 0);
    Ok(())
}

fn rows(sheet: &mut Worksheet, book: &RejectBook, name: &str, file: &RejectSheet) -> Result<(), XlsxError> {
    sheet.set_name(name)?;
    sheet.write_string_with_format(0, 0, &file.path, &Format::new().set_bold())?;
    let heads = book.row_headings.iter().chain(&file.headings);
    for (column, head) in (0..).zip(heads) {
        let width = (head.chars().count() as f64 + 2.0).clamp(12.0, 28.0);
        sheet.set_column_width(column, if column == 1 { WHY_WIDTH } else { width })?;
        sheet.write_string_with_format(1, column, head, &heading())?;
    }
    let plain = Format::new().set_align(FormatAlign::Top);
    let wrapped = plain.clone().set_text_wrap();
    let wrong = plain.clone().set_background_color(Color::RGB(WRONG)).set_border(FormatBorder::Thin);
    for (row, line) in (2..).zip(&file.rows) {
        sheet.write_number_with_format(row, 0, line.number as f64, &plain)?;
        sheet.write_string_with_format(row, 1, &line.why, &wrapped)?;
        sheet.set_row_height(row, height(&line.why, WHY_WIDTH))?;
        for (column, cell) in (0..).zip(&line.cells) {
            let is_wrong = line.notes.iter().any(|(at, _)| *at == usize::from(column));
            sheet.write_string_with_format(row, column + 2, cell, if is_wrong { &wrong } else { &plain })?;
        }
        for (column, note) in &line.notes {
            let column = u16::try_from(*column).unwrap_or(u16::MAX - 2) + 2;
            sheet.insert_note(row, column, &Note::new(note).add_author_prefix(false))?;
        }
    }
    sheet.set_freeze_panes(2, 2)?;
    sheet.set_landscape().set_print_fit_to_pages(1, 0).set_repeat_rows(1, 1)?;
    Ok(())
}
