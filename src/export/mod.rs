//! Results as files for others: one file per format behind one trait.
//!
//! Takes the results and a place to write; chooses no file names.

mod csv;
mod parquet;
mod rejects;
mod tidy;
mod xlsx;

use std::io::Write;

pub use rejects::{RejectBook, RejectLine, RejectSheet, reject_workbook};

use crate::diagnostic::Diagnostic;
use crate::model::results::Results;

/// A format that results can be written in.
pub trait Exporter {
    /// The word on the command line and the ending of the file.
    fn name(&self) -> &'static str;

    /// Writes all observations, with codes and labels.
    fn write(&self, results: &Results, target: &mut dyn Write) -> Result<(), Diagnostic>;
}

/// Every format.
pub fn exporters() -> Vec<Box<dyn Exporter>> {
    vec![Box::new(csv::Csv), Box::new(parquet::Parquet), Box::new(xlsx::Xlsx)]
}

fn failed(format: &str, error: impl std::fmt::Display) -> Diagnostic {
    Diagnostic::error(format!("the {format} export could not be written: {error}"))
}
