//! CSV: UTF-8, RFC 4180.

use std::io::Write;

use polars::prelude::{
    ChunkApply, Column, CsvWriter, DataFrame, DataType, IntoColumn, PolarsError, SerWriter,
};

use super::tidy::harmless;
use super::{Content, Exporter, failed, frame};
use crate::diagnostic::Diagnostic;
use crate::model::results::Results;

pub(super) struct Csv;

impl Exporter for Csv {
    fn name(&self) -> &'static str {
        "csv"
    }

    fn write(&self, content: Content, results: &Results, target: &mut dyn Write) -> Result<(), Diagnostic> {
        let mut frame =
            frame(content, results).and_then(without_formulas).map_err(|error| failed("CSV", error))?;
        CsvWriter::new(target)
            .include_header(true)
            .with_line_terminator("\r\n".into())
            .finish(&mut frame)
            .map_err(|error| failed("CSV", error))
    }
}

/// Texts come from files of others and may look like formulas to the program that opens the CSV.
fn without_formulas(frame: DataFrame) -> Result<DataFrame, PolarsError> {
    let neutral = |column: &Column| -> Result<Column, PolarsError> {
        if column.dtype() != &DataType::String {
            return Ok(column.clone());
        }
        let texts = column.str()?.apply(|text| text.map(|text| harmless(text).into()));
        Ok(texts.into_column())
    };
    let columns = frame.columns().iter().map(neutral).collect::<Result<Vec<_>, _>>()?;
    DataFrame::new(frame.height(), columns)
}
