//! chiso: from what agencies send to the numbers a government answers for.
pub mod db;
pub mod diagnostic;
pub mod model;
pub mod project;
