//! A sheet of a workbook, written as CSV so that it is read like any other file.

use std::path::Path;

use calamine::{Data, Range, Reader, open_workbook_auto};

use super::contract::Form;
use crate::diagnostic::Diagnostic;

/// A sheet that was written.
pub(super) struct Sheet {
    /// Its name in the workbook.
    pub name: String,
    /// The cells of the heading row.
    pub headings: Vec<String>,
}

/// Writes the sheet that the form asks for to `target`, from its heading row on; blank rows stay, so that rows count as they do in the workbook.
pub(super) fn write_as_csv(
    shown: &str,
    path: &Path,
    form: &Form,
    target: &Path,
) -> Result<Sheet, Diagnostic> {
    let unreadable = |reason: String| {
        Diagnostic::error(format!("`{shown}` is not a workbook that can be read: {reason}")).in_file(shown)
    };
    let mut workbook = open_workbook_auto(path).map_err(|error| unreadable(error.to_string()))?;
    let names = workbook.sheet_names();
    let name = match &form.sheet {
        None => names.first(),
        Some(pattern) => names.iter().find(|name| pattern.0.is_match(name)),
    };
    let Some(name) = name.cloned() else {
        let wanted = form.sheet.as_ref().map_or("", |pattern| pattern.0.as_str());
        return Err(Diagnostic::error(format!("`{shown}` has no sheet like `{wanted}`"))
            .in_file(shown)
            .hint(format!(
                "its sheets are {}",
                names.iter().map(|n| format!("`{n}`")).collect::<Vec<_>>().join(", ")
            )));
    };
    let range = workbook.worksheet_range(&name).map_err(|error| unreadable(error.to_string()))?;
    let rows = rows_from(&range, form.header_row, form.decimal_mark);
    let headings = rows.first().cloned().unwrap_or_default();
    write(&rows, headings.len(), target).map_err(|error| unreadable(error.to_string()))?;
    Ok(Sheet { name, headings })
}

/// The texts of the rows from `header_row` on, trailing empty columns of the heading left aside.
fn rows_from(range: &Range<Data>, header_row: u64, decimal_mark: char) -> Vec<Vec<String>> {
    let (Some((_, first_column)), Some((last_row, last_column))) = (range.start(), range.end()) else {
        return vec![];
    };
    let header_row = u32::try_from(header_row - 1).unwrap_or(u32::MAX);
    let row = |row: u32| -> Vec<String> {
        (first_column..=last_column)
            .map(|column| {
                range.get_value((row, column)).map_or_else(String::new, |cell| text(cell, decimal_mark))
            })
            .collect()
    };
    (header_row..=last_row).map(row).collect()
}

fn write(rows: &[Vec<String>], width: usize, target: &Path) -> Result<(), csv::Error> {
    // Quotes around every cell keep a blank row a row.
    let mut writer = csv::WriterBuilder::new().quote_style(csv::QuoteStyle::Always).from_path(target)?;
    for row in rows {
        writer.write_record(row.iter().take(width))?;
    }
    Ok(writer.flush()?)
}

/// A cell as text: numbers with the mark that the contract expects, days and moments in ISO form, errors by their names.
fn text(cell: &Data, decimal_mark: char) -> String {
    match cell {
        Data::Empty => String::new(),
        Data::String(text) | Data::DateTimeIso(text) | Data::DurationIso(text) => text.clone(),
        Data::Bool(value) => value.to_string(),
        Data::Int(value) => value.to_string(),
        Data::Float(value) => value.to_string().replace('.', &decimal_mark.to_string()),
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
