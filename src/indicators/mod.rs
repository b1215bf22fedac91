//! The definitions of indicators: read, checked against each other and against the tables.
//!
//! Takes `indicators/*.yml` and `queries/*.sql`; gives checked indicators or all problems at once.
//! Touches no data: queries are tried on tables that may be empty.

mod file;
mod query;

pub use file::{Definition, INDICATORS, read_indicators};
pub use query::{check_queries, check_targets, query_params};
