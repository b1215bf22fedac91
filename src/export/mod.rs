//! Results as files for others: one file per format behind one trait.
//!
//! Takes the results and a place to write; chooses no file names.

mod csv;
mod parquet;
mod rejects;
mod scores;
mod targets;
mod tidy;
mod xlsx;

use std::io::Write;

use polars::prelude::{DataFrame, PolarsError};
pub use rejects::{RejectBook, RejectLine, RejectSheet, reject_workbook};

use crate::diagnostic::Diagnostic;
use crate::model::results::Results;

/// A table of results.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Content {
    /// All observations.
    Observations,
    /// All scores of all indices; the file is not written where there are none.
    IndexScores,
    /// How every target stands; the file is not written where there are none.
    Targets,
}

impl Content {
    /// The stem of its file.
    pub fn stem(self) -> &'static str {
        match self {
            Content::Observations => "observations",
            Content::IndexScores => "index-scores",
            Content::Targets => "targets",
        }
    }

    /// Whether the results have anything of it to write.
    pub fn is_in(self, results: &Results) -> bool {
        match self {
            Content::Observations => true,
            Content::IndexScores => results.indices.iter().any(|index| !index.scores.is_empty()),
            Content::Targets => !results.progress.is_empty(),
        }
    }
}

/// A format that results can be written in.
pub trait Exporter {
    /// The word on the command line and the ending of the file.
    fn name(&self) -> &'static str;

    /// The tables that get a file of their own; a workbook holds all of them.
    fn contents(&self) -> &'static [Content] {
        &[Content::Observations, Content::IndexScores, Content::Targets]
    }

    /// Writes a table, with codes and labels.
    fn write(&self, content: Content, results: &Results, target: &mut dyn Write) -> Result<(), Diagnostic>;
}

/// Every format.
pub fn exporters() -> Vec<Box<dyn Exporter>> {
    vec![Box::new(csv::Csv), Box::new(parquet::Parquet), Box::new(xlsx::Xlsx)]
}

fn failed(format: &str, error: impl std::fmt::Display) -> Diagnostic {
    Diagnostic::error(format!("the {format} export could not be written: {error}"))
}

/// A table as a frame.
fn frame(content: Content, results: &Results) -> Result<DataFrame, PolarsError> {
    match content {
        Content::Observations => tidy::frame(results),
        Content::IndexScores => scores::frame(results),
        Content::Targets => targets::frame(results),
    }
}
