//! What is known of every file that came in: where from, how much, what was wrong.

use serde::{Deserialize, Serialize};

use super::id::{SourceId, TableName};
use super::text::{Lang, Text};

/// What became of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileState {
    /// Its rows are in use.
    Current,
    /// A later file took its place.
    Superseded,
    /// It could not be read at all; `message` says why.
    Refused,
}

/// A file of a source, and the account of its rows: read = loaded + rejected.
#[derive(Debug, Clone, PartialEq)]
pub struct FileRecord {
    /// The source it belongs to.
    pub source: SourceId,
    /// Its place relative to the project, with `/`.
    pub path: String,
    /// Bytes.
    pub size: u64,
    /// Hexadecimal sha256 of its bytes.
    pub sha256: String,
    /// The vintage that brought it.
    pub vintage: u32,
    /// What became of it.
    pub state: FileState,
    /// Rows found in it.
    pub rows_read: u64,
    /// Rows in the table.
    pub rows_loaded: u64,
    /// Rows kept out, each with its reasons in `meta.reject`.
    pub rows_rejected: u64,
    /// Why it was refused, or what was noticed.
    pub message: Option<String>,
}

/// One reason why one row was kept out.
#[derive(Debug, Clone, PartialEq)]
pub struct Reject {
    /// The file, relative to the project.
    pub path: String,
    /// Row of the file, the heading counted, from 1.
    pub row: u64,
    /// The column of the contract; empty where the whole row is meant.
    pub column: String,
    /// What stood there.
    pub value: String,
    /// The rule it broke, such as `not a date`.
    pub rule: String,
}

/// A source with the files that came from it.
#[derive(Debug, Clone, PartialEq)]
pub struct SourceStatus {
    /// Its id in `sources.yml`.
    pub id: SourceId,
    /// Its name.
    pub title: Text,
    /// The table it fills.
    pub table: TableName,
    /// Who made the data.
    pub publisher: Text,
    /// Under which licence.
    pub licence: Text,
    /// An address to cite.
    pub url: Option<String>,
    /// Files, current ones first, then by path.
    pub files: Vec<FileRecord>,
    /// Why nothing came, when nothing came.
    pub problem: Option<String>,
}

/// How grave a broken rule is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Numbers that rest on it are wrong.
    Error,
    /// Worth a look.
    Warning,
}

/// A column of what a rule about rows gives.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CheckColumn {
    /// Its name in the query.
    pub name: String,
    /// Its heading.
    pub title: Text,
    /// The language of its texts, where another column has the same in the other one.
    pub lang: Option<Lang>,
    /// Whether it holds numbers; in all others digits may be a code.
    #[serde(default)]
    pub number: bool,
}

impl CheckColumn {
    /// A column that nobody has written a heading for.
    pub fn named(name: &str) -> Self {
        CheckColumn { name: name.to_owned(), title: Text::both(name, name), lang: None, number: false }
    }
}

/// A rule about rows, and the rows that break it.
#[derive(Debug, Clone, PartialEq)]
pub struct CheckResult {
    /// Stem of its file in `queries/checks`.
    pub id: String,
    /// The rule in words.
    pub title: Text,
    /// How grave.
    pub severity: Severity,
    /// How many rows, or senders, break it.
    pub broken: u64,
    /// What stands in `rows`; nothing where there was no row to ask it of.
    pub columns: Vec<CheckColumn>,
    /// The first of them, as text.
    pub rows: Vec<Vec<String>>,
}

impl CheckResult {
    /// Whether senders break it, each with its counts, as with a rule that has a threshold; else rows do.
    pub fn is_of_senders(&self) -> bool {
        self.columns.iter().map(|column| column.name.as_str()).eq(["org_id", "broken", "base"])
    }

    /// Whether there was something to check, and nothing broke it.
    pub fn holds(&self) -> bool {
        self.broken == 0 && !self.is_idle()
    }

    /// Whether there was nothing to check.
    pub fn is_idle(&self) -> bool {
        self.columns.is_empty()
    }
}
