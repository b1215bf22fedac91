//! Numbers that two systems give of the same thing.

use super::id::OrgId;
use super::period::Period;
use super::text::Text;

/// Two systems, period by period.
#[derive(Debug, Clone, PartialEq)]
pub struct Agreement {
    /// The one.
    pub first: Text,
    /// The other.
    pub second: Text,
    /// Of when their numbers are.
    pub period: Period,
    /// Numbers that both give.
    pub compared: u64,
    /// Those that are the same.
    pub equal: u64,
    /// Bodies with a number that is not.
    pub bodies: u64,
}

/// A number on which two systems differ.
#[derive(Debug, Clone, PartialEq)]
pub struct Difference {
    /// Whose number.
    pub org: OrgId,
    /// Of when.
    pub period: Period,
    /// What is counted.
    pub what: Text,
    /// What the one says.
    pub first: Side,
    /// What the other says.
    pub second: Side,
}

/// What a system says.
#[derive(Debug, Clone, PartialEq)]
pub struct Side {
    /// The system.
    pub system: Text,
    /// The number.
    pub value: f64,
    /// The files that it comes from, as far as they are known one by one.
    pub files: Vec<String>,
}

/// How systems agree; empty where a project compares none.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Reconciliation {
    /// By pair of systems, the newest period first.
    pub agreements: Vec<Agreement>,
    /// The newest first; at most [`Reconciliation::DIFFERENCES_SHOWN`].
    pub differences: Vec<Difference>,
}

impl Reconciliation {
    /// How many differences a report lists; all of them are in `fact.reconciled`.
    pub const DIFFERENCES_SHOWN: u64 = 2_000;
}
