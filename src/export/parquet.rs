//! Parquet: the long-term copy, typed and compressed.

use std::io::Write;

use polars::prelude::{ParquetCompression, ParquetWriter};

use super::{Content, Exporter, failed, frame};
use crate::diagnostic::Diagnostic;
use crate::model::results::Results;

pub(super) struct Parquet;

impl Exporter for Parquet {
    fn name(&self) -> &'static str {
        "parquet"
    }

    fn write(&self, content: Content, results: &Results, target: &mut dyn Write) -> Result<(), Diagnostic> {
        let mut frame = frame(content, results).map_err(|error| failed("Parquet", error))?;
        // Snappy is read by every tool; the table is small.
        let writer = ParquetWriter::new(target).with_compression(ParquetCompression::Snappy);
        writer.finish(&mut frame).map(|_| ()).map_err(|error| failed("Parquet", error))
    }
}
