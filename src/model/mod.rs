//! The words everyone shares: ids, texts, periods, measures, and the results that reports and exports read.
//!
//! Nothing here opens a file, asks the clock or knows the database.

pub mod annex;
pub mod cascade;
pub mod changes;
pub mod disclosure;
pub mod id;
pub mod index;
pub mod indicator;
pub mod intake;
pub mod lines;
pub mod measure;
pub mod organisation;
pub mod origin;
pub mod outlook;
pub mod period;
pub mod progress;
pub mod quality;
pub mod reconciled;
pub mod rejected;
pub mod restated;
pub mod results;
pub mod series;
pub mod source;
pub mod sum;
pub mod target;
pub mod text;
