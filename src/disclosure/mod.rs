//! Withholding: which numbers must be kept back besides the small ones, so that these do not follow from what is shown.
//!
//! Takes a [`Table`]: counts, which of them are shown or withheld as one, and the sums that bind them. Gives the further
//! numbers to withhold, and those that cannot be protected. What protects a count is not the word of a solver but a pair of
//! whole-number tables that agree with all that is shown and in which the count is at least its width apart; a solver that
//! errs makes more be withheld, never less. Deterministic; knows no files, clocks, queries or words.
//!
//! Method: Hundepool et al., Statistical Disclosure Control (2012), chapter 4: cells of a linked table are audited by linear
//! programs for the least and the greatest value that each can have, and complementary cells are those that the cheapest
//! movement of the table away from the true one needs (Kelly, Golden and Assad, Networks 22, 1992; Fischetti and Salazar,
//! Management Science 47, 2001, solve the same exactly).

mod audit;
mod protect;
mod solve;
mod table;

pub use audit::{Range, ranges};
pub use protect::{Protection, protect};
pub use table::{Count, State, Table, Unit};
