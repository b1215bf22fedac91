//! Where data come from: an entry of `sources.yml`, and the files that landed from it.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::id::{SourceId, TableName};
use super::origin::Origin;
use super::text::Text;

/// How the bytes of a file are laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// Separated values.
    Csv,
    /// A workbook; also the older `.xls` and `.ods`.
    Xlsx,
    /// One array of objects.
    Json,
    /// One object a line.
    Ndjson,
    /// Parquet.
    Parquet,
}

impl Format {
    /// The format that a file name tells, `.gz` left aside.
    pub fn of(name: &str) -> Option<Format> {
        let name = name.to_lowercase();
        let name = name.strip_suffix(".gz").unwrap_or(&name);
        Some(match name.rsplit_once('.')?.1 {
            "csv" | "tsv" | "txt" => Format::Csv,
            "xlsx" | "xlsm" | "xls" | "ods" => Format::Xlsx,
            "json" => Format::Json,
            "ndjson" | "jsonl" => Format::Ndjson,
            "parquet" => Format::Parquet,
            _ => return None,
        })
    }
}

/// An entry of `sources.yml`, checked.
#[derive(Debug, Clone, PartialEq)]
pub struct SourceEntry {
    /// Its name.
    pub id: SourceId,
    /// Its name in words.
    pub title: Text,
    /// The table it fills.
    pub table: TableName,
    /// Where its data are.
    pub origin: Origin,
    /// For bundles: what is taken out of them.
    pub members: Option<Members>,
    /// For folders that others drop files into: how long a file must have been left alone.
    pub settle: Option<Duration>,
    /// Who made the data.
    pub publisher: Text,
    /// Under which licence.
    pub licence: Text,
    /// An address to cite.
    pub url: Option<String>,
    /// The format, where the file name does not tell it.
    pub format: Option<Format>,
    /// Values of contract columns that the files do not carry.
    pub constants: BTreeMap<String, String>,
    /// Files whose names give equal captures replace one another.
    pub supersedes: Option<String>,
    /// Whether it is no problem that no file is there: nobody has sent anything yet.
    pub optional: bool,
}

impl SourceEntry {
    /// The format of one of its files: the one that the entry says, else the one that the name tells.
    pub fn format_of(&self, name: &str) -> Option<Format> {
        self.format.or_else(|| Format::of(name))
    }
}

/// What is taken out of bundles, and how much at most; a bundle with more is refused as a whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Members {
    /// A pattern of the files that are taken, such as `*.xlsx`.
    pub pattern: String,
    /// Files in a bundle, taken or not.
    pub most_files: u64,
    /// Bytes of all files that are taken.
    pub most_bytes: u64,
    /// How many times its packed size a file may have: one that grows more is made to fill disks.
    pub most_growth: u64,
}

/// A file as it landed: unchanged bytes under a name made from their sum.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Landed {
    /// The source it belongs to.
    pub source: SourceId,
    /// What it replaces and is replaced by: the place that later deliveries share.
    pub slot: String,
    /// Where it came from, relative to the project where possible, with `/`.
    pub path: String,
    /// Where it lies in the landing folder, with `/`.
    pub stored: String,
    /// Bytes.
    pub size: u64,
    /// Hexadecimal sha256 of the bytes.
    pub sha256: String,
    /// When it landed, UTC.
    pub landed_at: String,
    /// Marks of the original file by which it is known to be unchanged.
    pub stamp: String,
    /// Whether [`LineEnds::are_plain`](super::lines::LineEnds::are_plain) of its bytes as they are; nothing where nobody
    /// looked. It says something of a text that is not packed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lines_are_plain: Option<bool>,
}

/// How it went to ask for a source, once; a line of the manifest.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Attempt {
    /// The source.
    pub source: SourceId,
    /// When the run began, UTC.
    pub attempted_at: String,
    /// What came of it.
    pub outcome: AttemptOutcome,
    /// How many files are new or have other bytes.
    pub n_changed: usize,
    /// Whom it asked, without secrets; none for files.
    pub address: Option<String>,
    /// What went wrong.
    pub causes: Vec<String>,
}

/// What came of asking for a source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum AttemptOutcome {
    /// Something new.
    Landed,
    /// Nothing new.
    Unchanged,
    /// Something did not come.
    Failed,
}
