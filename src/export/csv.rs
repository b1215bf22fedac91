//! CSV: UTF-8, RFC 4180, one file a table.

use polars::prelude::{
    ChunkApply, Column, CsvWriter, DataFrame, DataType, IntoColumn, PolarsError, SerWriter,
};

use std::borrow::Cow;

use super::{Dataset, Effort, Exporter, FilePlan, failed};
use crate::diagnostic::Diagnostic;
use crate::model::text::harmless_cell;

pub(super) struct Csv;

impl Exporter for Csv {
    fn name(&self) -> &'static str {
        "csv"
    }

    fn files<'a>(&self, dataset: &'a Dataset<'a>) -> Vec<FilePlan<'a>> {
        let file = |table: &'a super::dataset::Table| FilePlan {
            name: format!("{}.csv", table.id),
            effort: Effort::Little,
            make: Box::new(|| Ok(Cow::Borrowed(&table.csv))),
        };
        dataset.tables.iter().map(file).collect()
    }
}

/// A table as CSV.
pub(super) fn csv(frame: &DataFrame) -> Result<Vec<u8>, Diagnostic> {
    let mut bytes = vec![];
    let mut frame = without_formulas(frame).map_err(|error| failed("CSV", error))?;
    CsvWriter::new(&mut bytes)
        .include_header(true)
        .with_line_terminator("\r\n".into())
        .finish(&mut frame)
        .map_err(|error| failed("CSV", error))?;
    Ok(bytes)
}

/// Texts come from files of others and may look like formulas to the program that opens the CSV.
fn without_formulas(frame: &DataFrame) -> Result<DataFrame, PolarsError> {
    let neutral = |column: &Column| -> Result<Column, PolarsError> {
        if column.dtype() != &DataType::String {
            return Ok(column.clone());
        }
        let texts = column.str()?.apply(|text| text.map(|text| harmless_cell(text).into()));
        Ok(texts.into_column())
    };
    let columns = frame.columns().iter().map(neutral).collect::<Result<Vec<_>, _>>()?;
    DataFrame::new(frame.height(), columns)
}
