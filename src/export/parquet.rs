//! Parquet: the long-term copy, typed and compressed, one file a table.

use polars::prelude::{ParquetCompression, ParquetWriter};

use super::{Dataset, ExportFile, Exporter, failed};
use crate::diagnostic::Diagnostic;

pub(super) struct Parquet;

impl Exporter for Parquet {
    fn name(&self) -> &'static str {
        "parquet"
    }

    fn files(&self, dataset: &Dataset<'_>) -> Result<Vec<ExportFile>, Diagnostic> {
        let file = |table: &super::dataset::Table| {
            let mut bytes = vec![];
            // Snappy is read by every tool; the table is small.
            let writer = ParquetWriter::new(&mut bytes).with_compression(ParquetCompression::Snappy);
            writer.finish(&mut table.frame.clone()).map_err(|error| failed("Parquet", error))?;
            Ok(ExportFile { name: format!("{}.parquet", table.id), bytes })
        };
        dataset.tables.iter().map(file).collect()
    }
}
