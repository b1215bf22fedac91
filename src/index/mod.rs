//! The index engine: what the parts of an index give, and in which order bodies come.
//!
//! Takes a tree with the rules of one edition and what was given for the bodies that are compared with one another;
//! gives the score, the weight and the place of each part of each body. Pure: no file, no clock, no database.

mod aggregate;
mod attribution;
mod case;
mod goal;
mod impute;
mod normalise;
mod outlook;
mod points;
mod rank;
mod score;
mod sensitivity;
#[cfg(test)]
mod testing;
mod uncertainty;

pub use attribution::{Side, attribute};
pub use case::{Case, Change, Lever, Moved, Refusal, Setting, Standing, WhatIf};
pub use goal::{Alone, Falls, Goal, Joint, Step, goal, goal_of, score_for};
pub use outlook::{Ahead, LEAST_STEPS, Panel, outlook, score_at_rank};
pub use score::{Score, score};
pub use sensitivity::{Estimate, Share, Stage};
pub use uncertainty::{Band, Doubt, MOST, QUANTILES, Question, Uncertainty, uncertainty};
