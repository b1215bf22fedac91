//! One workbook: cover, contents, notes, codes and units, then one table a sheet; no merged cells, headings frozen.

use polars::prelude::{AnyValue, DataFrame, DataType};
use rust_xlsxwriter::{
    DocProperties, ExcelDateTime, Format, FormatAlign, Table as SheetTable, TableColumn, Url, Workbook,
    Worksheet, XlsxError, worksheet_range_absolute,
};

use super::dataset::Table;
use super::definition::{DEFINITIONS, TableDefinition};
use super::{Dataset, Effort, Exporter, FilePlan, failed};
use crate::model::text::{Lang, Text};

/// Rows that a sheet can hold under its heading.
const MOST_ROWS: usize = 1_048_575;

/// Sheets with more rows are ranges that can be filtered, not tables, and their names those of ranges: the library keeps every
/// cell of a table apart, and spreadsheets are slow with tables of half a million rows.
const MOST_TABLED: usize = 100_000;

pub(super) struct Xlsx;

impl Exporter for Xlsx {
    fn name(&self) -> &'static str {
        "xlsx"
    }

    fn files<'a>(&self, dataset: &'a Dataset<'a>) -> Vec<FilePlan<'a>> {
        let make = || workbook(dataset, MOST_TABLED).map_err(|error| failed("workbook", error));
        vec![FilePlan::new("observations.xlsx", Effort::Most, make)]
    }
}

/// A sheet with a table.
struct Sheet<'a> {
    name: String,
    definition: &'a TableDefinition,
    frame: DataFrame,
}

/// Sheets in their order. Restated numbers have a sheet of their own, so that nobody adds them to those reported; a
/// table that is longer than a sheet goes on in the next.
fn sheets<'a>(dataset: &'a Dataset<'_>) -> Vec<Sheet<'a>> {
    let mut sheets = vec![];
    for table in &dataset.tables {
        let parts = match table.id {
            "observations" => {
                let reported = dataset.results.observations.len();
                let restated = table.frame.height() - reported;
                vec![
                    ("Data".to_owned(), table.frame.slice(0, reported)),
                    ("Restated".to_owned(), table.frame.slice(reported as i64, restated)),
                ]
            }
            id => vec![(sheet_name(id), table.frame.clone())],
        };
        for (name, frame) in parts.into_iter().filter(|(name, frame)| name == "Data" || frame.height() > 0) {
            sheets.extend(pages(&name, table, &frame));
        }
    }
    // The numbers come after what explains them.
    let explains = |sheet: &Sheet<'_>| {
        !["Data", "Restated", "IndexScores", "Targets", "Sources"]
            .iter()
            .any(|name| sheet.name.starts_with(name))
    };
    let (mut explaining, numbers): (Vec<_>, Vec<_>) = sheets.into_iter().partition(explains);
    explaining.extend(numbers);
    explaining
}

/// A table cut into sheets that can hold it.
fn pages<'a>(name: &str, table: &'a Table, frame: &DataFrame) -> Vec<Sheet<'a>> {
    let count = frame.height().div_ceil(MOST_ROWS).max(1);
    let page = |page: usize| Sheet {
        name: if page == 0 { name.to_owned() } else { format!("{name}{}", page + 1) },
        definition: table.definition,
        frame: frame.slice((page * MOST_ROWS) as i64, MOST_ROWS),
    };
    (0..count).map(page).collect()
}

/// `index-scores` becomes `IndexScores`.
fn sheet_name(id: &str) -> String {
    let capital = |word: &str| {
        let mut letters = word.chars();
        letters.next().map(|c| c.to_uppercase().to_string() + letters.as_str()).unwrap_or_default()
    };
    id.split('-').map(capital).collect()
}

fn workbook(dataset: &Dataset<'_>, most_tabled: usize) -> Result<Vec<u8>, XlsxError> {
    let sheets = sheets(dataset);
    let mut workbook = Workbook::new();
    // As Excel packs. Of half a million numbers: a seventh more bytes, a third less time.
    workbook.set_zip_compression_level(3);
    let title = dataset.about.title.get(Lang::Vi);
    let mut properties =
        DocProperties::new().set_title(title).set_company(dataset.about.publisher.get(Lang::Vi));
    // The moment of the load, not of the run: the same data give the same bytes.
    if let Ok(moment) = ExcelDateTime::parse_from_str(&dataset.results.vintage.loaded_at) {
        properties = properties.set_creation_datetime(&moment);
    }
    workbook.set_properties(&properties);
    cover(workbook.add_worksheet(), dataset)?;
    contents(workbook.add_worksheet(), &sheets)?;
    notes(workbook.add_worksheet())?;
    units(workbook.add_worksheet())?;
    columns(workbook.add_worksheet(), dataset)?;
    for sheet in &sheets {
        let is_table = sheet.frame.height() <= most_tabled;
        let worksheet = workbook.add_worksheet_with_low_memory()?;
        heads(worksheet, sheet, is_table)?;
        rows(worksheet, sheet)?;
        if !is_table {
            let (last_row, last_column) = corner(sheet.definition.columns.len(), sheet.frame.height());
            let range = worksheet_range_absolute(&sheet.name, 0, 0, last_row, last_column);
            workbook.define_name(table_name(&sheet.name), &format!("={range}"))?;
        }
    }
    workbook.save_to_buffer()
}

fn cover(sheet: &mut Worksheet, dataset: &Dataset<'_>) -> Result<(), XlsxError> {
    sheet.set_name("Cover")?.set_column_width(0, 34)?.set_column_width(1, 60)?.set_column_width(2, 60)?;
    let about = dataset.about;
    let bold = Format::new().set_bold();
    sheet.write_string_with_format(0, 0, title_of(&about.title), &bold.clone().set_font_size(16))?;
    let same = |text: String| [text.clone(), text];
    let told = |text: &Text| [text.get(Lang::Vi).to_owned(), text.get(Lang::En).to_owned()];
    let vintage = &dataset.results.vintage;
    let mut lines = vec![
        ("Nội dung · Description", told(&about.description)),
        ("Đơn vị công bố · Publisher", told(&about.publisher)),
        (
            "Phiên bản dữ liệu · Vintage",
            [
                format!("{}, nạp lúc {} UTC", vintage.number, vintage.loaded_at),
                format!("{}, loaded {} UTC", vintage.number, vintage.loaded_at),
            ],
        ),
        ("Số liệu · Observations", same(dataset.results.observations.len().to_string())),
        (
            "Giấy phép · Licence",
            about.licence.clone().map_or(
                [
                    "Theo giấy phép của từng nguồn: trang Sources".into(),
                    "Those of the sources: sheet Sources".into(),
                ],
                same,
            ),
        ),
    ];
    lines.extend(about.contact.clone().map(|contact| ("Liên hệ · Contact", same(contact))));
    let wrapped = Format::new().set_text_wrap().set_align(FormatAlign::Top);
    for (row, (name, texts)) in (2..).zip(lines) {
        sheet.write_string_with_format(row, 0, name, &bold)?;
        for (column, text) in (1..).zip(texts) {
            sheet.write_string_with_format(row, column, text, &wrapped)?;
        }
    }
    Ok(())
}

fn title_of(text: &Text) -> String {
    format!("{} · {}", text.get(Lang::Vi), text.get(Lang::En))
}

/// What each sheet holds, with a way to it.
fn contents(sheet: &mut Worksheet, sheets: &[Sheet<'_>]) -> Result<(), XlsxError> {
    let explained = [
        ("Notes", "Điều cần biết trước khi dùng", "What to know before using the numbers"),
        ("Units", "Đơn vị", "Units"),
        ("Columns", "Ý nghĩa của từng cột", "What each column holds"),
    ];
    let mut rows: Vec<Vec<String>> = explained
        .iter()
        .map(|(name, vi, en)| vec![(*name).into(), (*vi).into(), (*en).into(), String::new()])
        .collect();
    rows.extend(sheets.iter().map(|sheet| {
        let row = &sheet.definition.row;
        vec![
            sheet.name.clone(),
            row.get(Lang::Vi).to_owned(),
            row.get(Lang::En).to_owned(),
            sheet.frame.height().to_string(),
        ]
    }));
    let names: Vec<String> = rows.iter().map(|row| row[0].clone()).collect();
    texts(
        sheet,
        "Contents",
        &["sheet", "content_vi", "content_en", "rows"],
        &[20.0, 70.0, 70.0, 12.0],
        rows,
    )?;
    for (row, name) in (1..).zip(names) {
        sheet.write_url(row, 0, Url::new(format!("internal:'{name}'!A1")).set_text(name))?;
    }
    Ok(())
}

fn notes(sheet: &mut Worksheet) -> Result<(), XlsxError> {
    let rows = DEFINITIONS.notes.iter();
    let rows = rows.map(|note| vec![note.get(Lang::Vi).to_owned(), note.get(Lang::En).to_owned()]);
    texts(sheet, "Notes", &["note_vi", "note_en"], &[90.0, 90.0], rows.collect())
}

fn units(sheet: &mut Worksheet) -> Result<(), XlsxError> {
    let rows = DEFINITIONS.lists["unit"].iter();
    let rows = rows
        .map(|(code, name)| vec![code.clone(), name.get(Lang::Vi).to_owned(), name.get(Lang::En).to_owned()]);
    texts(sheet, "Units", &["unit", "name_vi", "name_en"], &[14.0, 40.0, 40.0], rows.collect())
}

fn columns(sheet: &mut Worksheet, dataset: &Dataset<'_>) -> Result<(), XlsxError> {
    let mut rows = vec![];
    for table in &dataset.tables {
        let name = if table.id == "observations" { "Data".to_owned() } else { sheet_name(table.id) };
        rows.extend(table.definition.columns.iter().map(|(column, about)| {
            vec![
                name.clone(),
                column.clone(),
                about.vi.clone(),
                about.en.clone(),
                about.codes.clone().unwrap_or_default(),
            ]
        }));
    }
    let headings = ["sheet", "column", "meaning_vi", "meaning_en", "list"];
    texts(sheet, "Columns", &headings, &[16.0, 20.0, 80.0, 80.0, 16.0], rows)
}

/// A table of texts. Strings are written as strings, so none of them is ever a formula.
fn texts(
    sheet: &mut Worksheet,
    name: &str,
    headings: &[&str],
    widths: &[f64],
    rows: Vec<Vec<String>>,
) -> Result<(), XlsxError> {
    sheet.set_name(name)?;
    let wrapped = Format::new().set_text_wrap().set_align(FormatAlign::Top);
    for (row, cells) in (1..).zip(&rows) {
        for (column, cell) in (0..).zip(cells) {
            sheet.write_string_with_format(row, column, cell, &wrapped)?;
        }
    }
    for (column, width) in (0..).zip(widths) {
        sheet.set_column_width(column, *width)?;
    }
    frozen_table(sheet, name, headings, rows.len())
}

/// Name, formats and headings of a sheet, which come before its rows.
fn heads(sheet: &mut Worksheet, of: &Sheet<'_>, is_table: bool) -> Result<(), XlsxError> {
    sheet.set_name(&of.name)?;
    // A code is a text for whoever edits its cell as well: `01` stays what it is.
    let text = Format::new().set_num_format("@");
    for (column, series) in (0..).zip(of.frame.columns()) {
        let is_text = series.dtype() == &DataType::String;
        sheet.set_column_width(column, if is_text { 22.0 } else { 14.0 })?;
        if is_text {
            sheet.set_column_format(column, &text)?;
        }
    }
    let headings: Vec<&str> = of.definition.columns.keys().map(String::as_str).collect();
    if is_table {
        return frozen_table(sheet, &of.name, &headings, of.frame.height());
    }
    for (column, heading) in (0..).zip(&headings) {
        sheet.write_string(0, column, *heading)?;
    }
    let (last_row, last_column) = corner(headings.len(), of.frame.height());
    sheet.autofilter(0, 0, last_row, last_column)?;
    sheet.set_freeze_panes(1, 0)?;
    Ok(())
}

/// Row by row, for what is written is not held: a sheet may have half a million rows.
fn rows(sheet: &mut Worksheet, of: &Sheet<'_>) -> Result<(), XlsxError> {
    let series = of.frame.columns().iter().map(|column| column.as_materialized_series().iter());
    let mut series: Vec<_> = series.collect();
    let last_row = u32::try_from(of.frame.height()).unwrap_or(u32::MAX);
    for row in 1..=last_row {
        for (column, values) in (0..).zip(&mut series) {
            cell(sheet, row, column, values.next().unwrap_or(AnyValue::Null))?;
        }
    }
    Ok(())
}

/// Strings are written as strings, so none of them is ever a formula.
fn cell(sheet: &mut Worksheet, row: u32, column: u16, value: AnyValue<'_>) -> Result<(), XlsxError> {
    match value {
        AnyValue::Null => {}
        AnyValue::Float64(number) => drop(sheet.write_number(row, column, number)?),
        AnyValue::UInt32(number) => drop(sheet.write_number(row, column, number)?),
        AnyValue::Boolean(truth) => drop(sheet.write_boolean(row, column, truth)?),
        other => drop(sheet.write_string(row, column, other.get_str().unwrap_or_default())?),
    }
    Ok(())
}

/// Headings in row 1, frozen, as a named table that can be filtered.
fn frozen_table(sheet: &mut Worksheet, name: &str, headings: &[&str], rows: usize) -> Result<(), XlsxError> {
    let columns: Vec<TableColumn> =
        headings.iter().map(|heading| TableColumn::new().set_header(*heading)).collect();
    let table = SheetTable::new().set_name(table_name(name)).set_columns(&columns);
    let (last_row, last_column) = corner(headings.len(), rows);
    sheet.add_table(0, 0, last_row, last_column, &table)?;
    sheet.set_freeze_panes(1, 0)?;
    Ok(())
}

/// By which a table, or a range in its place, is found: `tData`.
fn table_name(sheet: &str) -> String {
    format!("t{sheet}")
}

/// The last row and column of so many columns and rows below one of headings; a table has one row at least.
fn corner(columns: usize, rows: usize) -> (u32, u16) {
    let last_row = u32::try_from(rows.max(1)).unwrap_or(u32::MAX);
    (last_row, u16::try_from(columns.saturating_sub(1)).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Read};

    use zip::ZipArchive;

    use super::*;
    use crate::export::About;
    use crate::export::dataset::tests::nothing;

    /// The parts of the workbook whose names begin so, one after the other.
    fn parts(bytes: &[u8], name: &str) -> String {
        let mut archive = ZipArchive::new(Cursor::new(bytes)).expect("a workbook is a ZIP file");
        let mut text = String::new();
        for index in 0..archive.len() {
            let mut part = archive.by_index(index).expect("a part");
            if part.name().expect("UTF-8").starts_with(name) {
                part.read_to_string(&mut text).expect("XML");
            }
        }
        text
    }

    #[test]
    fn what_is_too_long_for_a_table_is_a_range_of_its_name() {
        let (results, about) = (nothing(), About::default());
        let dataset = Dataset::of(&results, &about).expect("tables");
        let codes = dataset.table("codes").expect("lists of codes").frame.height();
        let book = |most_tabled| workbook(&dataset, most_tabled).expect("a workbook");
        let (tables, ranges) = (book(codes), book(codes - 1));
        let is_table = |bytes: &[u8]| parts(bytes, "xl/tables/").contains("name=\"tCodes\"");
        assert!(is_table(&tables) && !parts(&tables, "xl/workbook.xml").contains("tCodes"));
        assert!(!is_table(&ranges));
        let named = parts(&ranges, "xl/workbook.xml");
        let range = format!("<definedName name=\"tCodes\">Codes!$A$1:$D${}</definedName>", codes + 1);
        assert!(named.contains(&range), "{named}");
        let filter = format!("<autoFilter ref=\"A1:D{}\"/>", codes + 1);
        assert!(parts(&ranges, "xl/worksheets/").contains(&filter));
        // The cells are the same.
        let texts = |bytes: &[u8]| parts(bytes, "xl/sharedStrings.xml");
        let lines = |text: String| {
            let mut lines: Vec<String> = text.split("<si>").map(str::to_owned).collect();
            lines.sort();
            lines
        };
        assert_eq!(lines(texts(&tables)), lines(texts(&ranges)));
    }
}
