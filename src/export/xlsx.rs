//! One workbook: cover, contents with notes, one table a sheet; no merged cells, headings frozen.

use std::io::Write;

use polars::prelude::{AnyValue, DataFrame};
use rust_xlsxwriter::{
    DocProperties, ExcelDateTime, Format, Table, TableColumn, Workbook, Worksheet, XlsxError,
};

use super::tidy::{COLUMNS, reported_frame, restated_frame};
use super::{Content, Exporter, failed, scores, targets};
use crate::diagnostic::Diagnostic;
use crate::model::indicator::Indicator;
use crate::model::results::Results;
use crate::model::text::Lang;

/// Rows that a sheet can hold under its heading.
const MOST_ROWS: usize = 1_048_575;

pub(super) struct Xlsx;

impl Exporter for Xlsx {
    fn name(&self) -> &'static str {
        "xlsx"
    }

    fn contents(&self) -> &'static [Content] {
        &[Content::Observations]
    }

    fn write(&self, _: Content, results: &Results, target: &mut dyn Write) -> Result<(), Diagnostic> {
        let reported = reported_frame(results).map_err(|error| failed("workbook", error))?;
        let restated = restated_frame(results).map_err(|error| failed("workbook", error))?;
        let scores = scores::frame(results).map_err(|error| failed("workbook", error))?;
        let targets = targets::frame(results).map_err(|error| failed("workbook", error))?;
        let tables = [&reported, &restated, &scores, &targets];
        if let Some(rows) = tables.map(DataFrame::height).into_iter().find(|rows| *rows > MOST_ROWS) {
            return Err(Diagnostic::error(format!("{rows} numbers do not fit a sheet"))
                .hint("take the CSV or the Parquet export"));
        }
        let bytes = workbook(results, &tables).map_err(|error| failed("workbook", error))?;
        target.write_all(&bytes).map_err(|error| failed("workbook", error))
    }
}

/// Restated numbers, scores of indices and targets have sheets of their own, where there are any, so that nobody adds them to the
/// numbers as reported.
fn workbook(
    results: &Results,
    tables @ &[reported, restated, scores, targets]: &[&DataFrame; 4],
) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    // The moment of the load, not of the run: the same data give the same bytes.
    if let Ok(moment) = ExcelDateTime::parse_from_str(&results.vintage.loaded_at) {
        workbook.set_properties(&DocProperties::new().set_creation_datetime(&moment));
    }
    cover(workbook.add_worksheet(), results, tables.map(DataFrame::height))?;
    columns(workbook.add_worksheet(), "Columns", &COLUMNS)?;
    indicators(workbook.add_worksheet(), results)?;
    data(workbook.add_worksheet(), "Data", reported, &COLUMNS)?;
    if restated.height() > 0 {
        data(workbook.add_worksheet(), "Restated", restated, &COLUMNS)?;
    }
    if scores.height() > 0 {
        columns(workbook.add_worksheet(), "ScoreColumns", &scores::COLUMNS)?;
        data(workbook.add_worksheet(), "IndexScores", scores, &scores::COLUMNS)?;
    }
    if targets.height() > 0 {
        columns(workbook.add_worksheet(), "TargetColumns", &targets::COLUMNS)?;
        data(workbook.add_worksheet(), "Targets", targets, &targets::COLUMNS)?;
    }
    sources(workbook.add_worksheet(), results)?;
    workbook.save_to_buffer()
}

fn cover(
    sheet: &mut Worksheet,
    results: &Results,
    [reported, restated, scores, targets]: [usize; 4],
) -> Result<(), XlsxError> {
    sheet.set_name("Cover")?.set_column_width(0, 24)?.set_column_width(1, 80)?;
    let bold = Format::new().set_bold();
    sheet.write_with_format(0, 0, "Chỉ số · Indicators", &bold.clone().set_font_size(16))?;
    let mut lines = vec![
        ("Vintage", format!("{}, loaded {} UTC", results.vintage.number, results.vintage.loaded_at)),
        ("Observations", reported.to_string()),
        ("Sheet Columns", "what each column of the data holds".into()),
        ("Sheet Indicators", "names, units, legal basis and method of the indicators".into()),
        ("Sheet Data", "one observation a row, as reported".into()),
        ("Sheet Sources", "where the data come from and under which licence".into()),
        ("Empty value", "the column `missing` says why; zero is a number".into()),
    ];
    if restated > 0 {
        let sheet = "the numbers that are others on the map of a day".into();
        let at = lines.iter().position(|(name, _)| *name == "Sheet Sources").unwrap_or(lines.len());
        lines.insert(at, ("Sheet Restated", sheet));
    }
    if scores > 0 {
        let sheet = "the scores of indices, one part of one body in one period a row".into();
        let at = lines.iter().position(|(name, _)| *name == "Sheet Sources").unwrap_or(lines.len());
        lines.insert(at, ("Sheet IndexScores", sheet));
        lines.insert(at, ("Sheet ScoreColumns", "what each column of the scores holds".into()));
    }
    if targets > 0 {
        let sheet = "how the targets stand, one target on one body by one indicator a row".into();
        let at = lines.iter().position(|(name, _)| *name == "Sheet Sources").unwrap_or(lines.len());
        lines.insert(at, ("Sheet Targets", sheet));
        lines.insert(at, ("Sheet TargetColumns", "what each column of the targets holds".into()));
    }
    for (row, (name, text)) in (2..).zip(lines) {
        sheet.write_with_format(row, 0, name, &bold)?.write(row, 1, text)?;
    }
    Ok(())
}

fn columns(sheet: &mut Worksheet, name: &str, columns: &[(&str, &str)]) -> Result<(), XlsxError> {
    sheet.set_name(name)?;
    let rows = columns.iter().map(|(name, meaning)| vec![(*name).to_owned(), (*meaning).to_owned()]);
    texts(sheet, name, &["column", "meaning"], &[20.0, 90.0], rows.collect())
}

fn indicators(sheet: &mut Worksheet, results: &Results) -> Result<(), XlsxError> {
    sheet.set_name("Indicators")?;
    let rows = results.indicators.iter().map(|indicator| {
        let unit = serde_json::json!(indicator.unit).as_str().unwrap_or_default().to_owned();
        vec![
            indicator.id.to_string(),
            indicator.title.get(Lang::Vi).to_owned(),
            indicator.title.get(Lang::En).to_owned(),
            unit,
            indicator.legal_basis.clone().unwrap_or_default(),
            formulas(indicator),
            indicator.method.get(Lang::Vi).to_owned(),
            indicator.method.get(Lang::En).to_owned(),
        ]
    });
    let headings =
        ["indicator", "name_vi", "name_en", "unit", "legal_basis", "formula", "method_vi", "method_en"];
    texts(sheet, "Indicators", &headings, &[28.0, 40.0, 40.0, 10.0, 24.0, 8.0, 80.0, 80.0], rows.collect())
}

/// Versions of the formula with their first days: `1; 2 from 2026-05-01`.
fn formulas(indicator: &Indicator) -> String {
    let written = indicator.formulas().into_iter().map(|(formula, since)| match since {
        Some(day) => format!("{formula} from {day}"),
        None => formula.to_string(),
    });
    written.collect::<Vec<_>>().join("; ")
}

fn sources(sheet: &mut Worksheet, results: &Results) -> Result<(), XlsxError> {
    sheet.set_name("Sources")?;
    let mut rows = vec![];
    for source in &results.sources {
        let about = |path: String, sha256: String| {
            vec![
                source.id.to_string(),
                source.title.get(Lang::Vi).to_owned(),
                source.title.get(Lang::En).to_owned(),
                source.publisher.clone(),
                source.licence.clone(),
                path,
                sha256,
            ]
        };
        let current =
            source.files.iter().filter(|file| file.state == crate::model::intake::FileState::Current);
        let files: Vec<_> = current.map(|file| about(file.path.clone(), file.sha256.clone())).collect();
        rows.extend(if files.is_empty() { vec![about(String::new(), String::new())] } else { files });
    }
    let headings = ["source", "name_vi", "name_en", "publisher", "licence", "file", "sha256"];
    texts(sheet, "Sources", &headings, &[24.0, 36.0, 36.0, 40.0, 30.0, 40.0, 66.0], rows)
}

/// A table of texts. Strings are written as strings, so none of them is ever a formula.
fn texts(
    sheet: &mut Worksheet,
    name: &str,
    headings: &[&str],
    widths: &[f64],
    rows: Vec<Vec<String>>,
) -> Result<(), XlsxError> {
    for (row, cells) in (1..).zip(&rows) {
        for (column, cell) in (0..).zip(cells) {
            sheet.write_string(row, column, cell)?;
        }
    }
    for (column, width) in (0..).zip(widths) {
        sheet.set_column_width(column, *width)?;
    }
    frozen_table(sheet, name, headings, rows.len())
}

fn data(
    sheet: &mut Worksheet,
    name: &str,
    frame: &DataFrame,
    columns: &[(&str, &str)],
) -> Result<(), XlsxError> {
    sheet.set_name(name)?;
    for (column, series) in (0..).zip(frame.columns()) {
        let is_text = series.dtype() == &polars::prelude::DataType::String;
        sheet.set_column_width(column, if is_text { 22.0 } else { 14.0 })?;
        for (row, value) in (1..).zip(series.as_materialized_series().iter()) {
            match value {
                AnyValue::Null => {}
                AnyValue::Float64(number) => {
                    sheet.write_number(row, column, number)?;
                }
                AnyValue::UInt32(number) => {
                    sheet.write_number(row, column, number)?;
                }
                AnyValue::Boolean(truth) => {
                    sheet.write_boolean(row, column, truth)?;
                }
                other => {
                    sheet.write_string(row, column, other.get_str().unwrap_or_default())?;
                }
            }
        }
    }
    let headings: Vec<&str> = columns.iter().map(|(name, _)| *name).collect();
    frozen_table(sheet, name, &headings, frame.height())
}

/// Headings in row 1, frozen, as a named table that can be filtered.
fn frozen_table(sheet: &mut Worksheet, name: &str, headings: &[&str], rows: usize) -> Result<(), XlsxError> {
    let columns: Vec<TableColumn> =
        headings.iter().map(|heading| TableColumn::new().set_header(*heading)).collect();
    let table = Table::new().set_name(format!("t{name}")).set_columns(&columns);
    let last_row = u32::try_from(rows.max(1)).unwrap_or(u32::MAX);
    let last_column = u16::try_from(headings.len().saturating_sub(1)).unwrap_or(0);
    sheet.add_table(0, 0, last_row, last_column, &table)?;
    sheet.set_freeze_panes(1, 0)?;
    Ok(())
}
