//! chiso: from what agencies send to the numbers a government answers for.
pub mod chart;
pub mod cli;
pub mod compute;
pub mod db;
pub mod demo;
pub mod diagnostic;
pub mod export;
pub mod gather;
pub mod index;
pub mod indicators;
pub mod load;
pub mod model;
pub mod progress;
pub mod project;
pub mod quality;
pub mod report;
pub mod results;
