//! Results as files for others: one format a file of code, all of them over the same tables.
//!
//! Takes the results; gives names and bytes. Writes to no folder, but for the DuckDB file, which DuckDB writes itself.

mod about;
mod csv;
mod database;
mod datapackage;
mod dataset;
mod dcat;
mod definition;
mod lists;
mod manifest;
mod parquet;
mod rejects;
mod scores;
mod sdmx;
mod targets;
mod tidy;
mod xlsx;

pub use about::{About, EXPORTS, read_about};
pub use database::write_database;
pub use dataset::Dataset;
pub use dcat::{DCAT, dcat};
use definition::DEFINITIONS;
pub use manifest::{FileEntry, MANIFEST, Manifest, SIGNATURE, State, check_signature, differences, sign};
pub use rejects::{RejectBook, RejectLine, RejectSheet, reject_workbook};

use std::borrow::Cow;

use crate::diagnostic::Diagnostic;
use crate::model::text::{Lang, Text};

/// A file that can be made; several may be made at once.
pub struct FilePlan<'a> {
    /// Its name in the folder.
    pub name: String,
    /// How long it takes beside the others.
    pub effort: Effort,
    make: Box<dyn Fn() -> Result<Cow<'a, [u8]>, Diagnostic> + Send + Sync + 'a>,
}

impl<'a> FilePlan<'a> {
    fn new(
        name: impl Into<String>,
        effort: Effort,
        make: impl Fn() -> Result<Vec<u8>, Diagnostic> + Send + Sync + 'a,
    ) -> Self {
        FilePlan { name: name.into(), effort, make: Box::new(move || make().map(Cow::Owned)) }
    }

    /// What it holds.
    pub fn bytes(&self) -> Result<Cow<'a, [u8]>, Diagnostic> {
        (self.make)()
    }
}

/// How long a file takes: those that take longest are begun first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Effort {
    /// A description, or a table as it is kept.
    Little,
    /// Every cell is turned into something else.
    Much,
    /// The workbook.
    Most,
}

/// A format that the tables can be written in.
pub trait Exporter {
    /// The word on the command line.
    fn name(&self) -> &'static str;

    /// Its files; formats may share some, which are then the same.
    fn files<'a>(&self, dataset: &'a Dataset<'a>) -> Vec<FilePlan<'a>>;
}

/// Every format.
pub fn exporters() -> Vec<Box<dyn Exporter>> {
    vec![
        Box::new(csv::Csv),
        Box::new(parquet::Parquet),
        Box::new(xlsx::Xlsx),
        Box::new(sdmx::SdmxCsv),
        Box::new(sdmx::SdmxJson),
        Box::new(datapackage::DataPackage),
    ]
}

/// What a file of an export is called for those who download it.
pub fn label(name: &str) -> Text {
    let (stem, ending) = name.rsplit_once('.').unwrap_or((name, ""));
    let format = ending.to_uppercase();
    let told = |vi: &str, en: &str| Text::both(format!("{vi} ({format})"), format!("{en} ({format})"));
    match (stem, ending) {
        ("observations", "xlsx") => told("Toàn bộ số liệu", "All data"),
        ("sdmx-structure", _) => told("Cấu trúc SDMX", "SDMX structure"),
        ("sdmx-data", _) => told("Số liệu SDMX", "SDMX data"),
        ("datapackage", _) => told("Mô tả gói dữ liệu", "Data Package"),
        ("csv-metadata", _) => told("Mô tả CSVW", "CSVW metadata"),
        ("dcat", _) => told("Mục của cổng dữ liệu mở", "Entry for an open-data portal"),
        ("manifest", _) => told("Danh sách tệp và tổng kiểm", "Files and their sums"),
        ("manifest.json", _) => told("Chữ ký", "Signature"),
        ("takeaway", _) => told("Cơ sở dữ liệu", "Database"),
        (stem, _) => match DEFINITIONS.tables.get(stem) {
            Some(table) => told(table.title.get(Lang::Vi), table.title.get(Lang::En)),
            None => told(stem, stem),
        },
    }
}

fn failed(format: &str, error: impl std::fmt::Display) -> Diagnostic {
    Diagnostic::error(format!("the {format} export could not be written: {error}"))
}
