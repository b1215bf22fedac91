//! The definitions of indicators and indices: read, checked against each other and against the tables.
//!
//! Takes `indicators/*.yml` and `queries/*.sql`, `indicators/index/*.yml` and `queries/index/*.sql`; gives checked
//! indicators and trees, or all problems at once. Touches no data: queries are tried on tables that may be empty.

mod disclosure;
mod file;
mod index_query;
mod index_tree;
mod query;

pub use disclosure::{DISCLOSURE, DisclosureDefinition, read_disclosure};
pub use file::{Definition, INDICATORS, read_indicators};
pub use index_query::{check_index_queries, index_rows};
pub use index_tree::{INDEX_QUERIES, INDICES, IndexDefinition, read_indices};
pub use query::{check_outlooks, check_queries, check_targets, query_params};
