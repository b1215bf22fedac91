//! What the newest vintage changed against the one before it: targets, numbers, files, definitions.

use super::id::{IndicatorId, OrgId, SourceId, TargetId};
use super::progress::{Point, Status};
use super::results::{Revision, Vintage};

/// Everything that is not as it was in the vintage before.
#[derive(Debug, Clone, PartialEq)]
pub struct Changes {
    /// The vintage before.
    pub before: Vintage,
    /// Whether it was written down then how the targets stood.
    pub targets_known: bool,
    /// Targets that stand otherwise, on each body that they are read on.
    pub targets: Vec<TargetChange>,
    /// Numbers that are others, by indicator.
    pub numbers: Vec<NumberChange>,
    /// The largest changes of totals, from the body at the top down, at most [`Changes::LARGEST_SHOWN`].
    pub largest: Vec<Revision>,
    /// Sources that brought or replaced files, by id.
    pub sources: Vec<SourceChange>,
    /// Sources that brought nothing, though they had before.
    pub silent: Vec<SourceId>,
    /// Files of definitions that are others, by path.
    pub definitions: Vec<(String, DefinitionChange)>,
}

impl Changes {
    /// So many changes of single numbers are told one by one.
    pub const LARGEST_SHOWN: usize = 30;
}

/// A target that stands otherwise.
#[derive(Debug, Clone, PartialEq)]
pub struct TargetChange {
    /// Which target.
    pub target: TargetId,
    /// Read on whom; none: no body stands for its level.
    pub org: Option<OrgId>,
    /// How it stood; none: it was not read on this body.
    pub before: Option<TargetState>,
    /// How it stands; none: it is not read on this body any more.
    pub after: Option<TargetState>,
}

/// How a target stands, and by which value.
#[derive(Debug, Clone, PartialEq)]
pub struct TargetState {
    /// Its status.
    pub status: Status,
    /// The indicator that answers it.
    pub indicator: Option<IndicatorId>,
    /// The value that decided.
    pub point: Option<Point>,
}

/// Which way a target went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// It stands better.
    Better,
    /// It stands worse.
    Worse,
    /// One of the two statuses says neither good nor bad.
    Other,
}

impl TargetChange {
    /// Better or worse, where both statuses judge.
    pub fn way(&self) -> Way {
        let judged = |state: &Option<TargetState>| {
            let status = state.as_ref()?.status;
            let says_nothing = matches!(
                status,
                Status::NoData
                    | Status::NotApplicable
                    | Status::Awaited
                    | Status::TooEarly
                    | Status::BrokenSeries
            );
            (!says_nothing).then_some(status)
        };
        // Statuses are in the order from the best to the worst.
        match (judged(&self.before), judged(&self.after)) {
            (Some(before), Some(after)) if after < before => Way::Better,
            (Some(before), Some(after)) if after > before => Way::Worse,
            _ => Way::Other,
        }
    }
}

/// How many numbers of an indicator are others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NumberChange {
    /// Which indicator.
    pub indicator: IndicatorId,
    /// Numbers that were not there before.
    pub added: u64,
    /// Numbers that are others, or are known or marked otherwise.
    pub revised: u64,
    /// Numbers that are not there any more.
    pub withdrawn: u64,
}

/// What a source brought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceChange {
    /// Which source.
    pub source: SourceId,
    /// Whether it had never brought anything.
    pub is_first: bool,
    /// Files that were taken in.
    pub files: u64,
    /// Files that could not be read.
    pub refused: u64,
    /// Files that others took the place of.
    pub superseded: u64,
    /// Rows of the new files that fit.
    pub rows_loaded: u64,
    /// Rows of the new files that were kept out.
    pub rows_rejected: u64,
}

/// What became of a file of definitions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DefinitionChange {
    /// It is new.
    Added,
    /// It says something else.
    Changed,
    /// It is gone.
    Removed,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(before: Option<Status>, after: Option<Status>) -> Way {
        let state = |status| TargetState { status, indicator: None, point: None };
        let target = "942.DOS.25".parse().expect("valid");
        TargetChange { target, org: None, before: before.map(state), after: after.map(state) }.way()
    }

    #[test]
    fn only_statuses_that_judge_are_better_or_worse() {
        assert_eq!(change(Some(Status::Missed), Some(Status::Achieved)), Way::Better);
        assert_eq!(change(Some(Status::OnPath), Some(Status::SlightDelay)), Way::Worse);
        assert_eq!(change(Some(Status::NoData), Some(Status::Achieved)), Way::Other);
        assert_eq!(change(Some(Status::TooEarly), Some(Status::Missed)), Way::Other);
        assert_eq!(change(None, Some(Status::Missed)), Way::Other);
        assert_eq!(change(Some(Status::Achieved), None), Way::Other);
    }
}
