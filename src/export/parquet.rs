//! Parquet: the long-term copy, typed and compressed, one file a table.

use polars::prelude::{ParquetCompression, ParquetWriter};

use super::dataset::Table;
use super::{Dataset, Effort, Exporter, FilePlan, failed};
use crate::diagnostic::Diagnostic;

pub(super) struct Parquet;

impl Exporter for Parquet {
    fn name(&self) -> &'static str {
        "parquet"
    }

    fn files<'a>(&self, dataset: &'a Dataset<'a>) -> Vec<FilePlan<'a>> {
        let file = |table: &'a Table| {
            FilePlan::new(format!("{}.parquet", table.id), Effort::Little, || parquet(table))
        };
        dataset.tables.iter().map(file).collect()
    }
}

fn parquet(table: &Table) -> Result<Vec<u8>, Diagnostic> {
    let mut bytes = vec![];
    // Snappy is read by every tool; the table is small.
    let writer = ParquetWriter::new(&mut bytes).with_compression(ParquetCompression::Snappy);
    writer.finish(&mut table.frame.clone()).map_err(|error| failed("Parquet", error))?;
    Ok(bytes)
}
