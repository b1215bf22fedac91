//! Rows that were kept out, as they were sent, for whoever sent them.

use super::id::{OrgId, TableName};

/// A file with rows that were kept out, or one that could not be read.
#[derive(Debug, Clone, PartialEq)]
pub struct RejectedFile {
    /// Its place relative to the project, with `/`.
    pub path: String,
    /// The table that it fills.
    pub table: TableName,
    /// Who sent all of it; none where several did, or nobody knows.
    pub sender: Option<OrgId>,
    /// Why it could not be read at all.
    pub refusal: Option<String>,
    /// The columns of the contract that the file has and that do not speak of persons, by their first heading.
    pub headings: Vec<String>,
    /// Rows kept out, the first ones.
    pub rows: Vec<RejectedRow>,
}

/// One row as it was sent.
#[derive(Debug, Clone, PartialEq)]
pub struct RejectedRow {
    /// Its row in the file, headings counted, from 1.
    pub number: u64,
    /// Whose it is, where its code could be read.
    pub sender: Option<OrgId>,
    /// Its cells, one for each heading; none where it could not be cut into cells.
    pub cells: Vec<String>,
    /// What is wrong with it.
    pub faults: Vec<Fault>,
}

/// One reason why a row was kept out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The headings that it is about, by their position; none: the row as a whole.
    pub columns: Vec<usize>,
    /// What stood there.
    pub value: String,
    /// The rule, as it is stored.
    pub rule: String,
}
