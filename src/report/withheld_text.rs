//! What is withheld as text for a terminal. For those inside: nobody else is told which numbers are small.

use serde::Serialize;

use crate::report::explain::columns;
use crate::report::words::Words;

/// Numbers of one indicator that are withheld, by reason.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct WithheldCounts {
    /// Its id.
    pub indicator: String,
    /// All of its numbers.
    pub numbers: u64,
    /// Those with a small count.
    pub small: u64,
    /// Those that would give one away.
    pub complementary: u64,
    /// Those that were withheld before with the same counts.
    pub before: u64,
    /// Those that an earlier vintage showed with the same counts.
    pub known: u64,
    /// Those that follow from what is known, whatever is withheld.
    pub unprotected: u64,
    /// The part of all that was counted, at all levels, that is not shown.
    pub lost: f64,
}

/// Where most is withheld.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct WithheldGroup {
    /// The indicator.
    pub indicator: String,
    /// The period.
    pub period: String,
    /// The body above those whose numbers are withheld.
    pub above: String,
    /// How many are.
    pub numbers: u64,
}

/// What a text about withheld numbers is written from.
pub struct WithheldText<'a> {
    /// The words.
    pub words: &'a Words,
    /// By indicator.
    pub counts: &'a [WithheldCounts],
    /// The largest groups.
    pub groups: &'a [WithheldGroup],
}

impl WithheldText<'_> {
    /// Both tables, with the warning for whom they are.
    pub fn text(&self) -> String {
        let heads = |keys: &[&str]| keys.iter().map(|key| self.words.get(key).to_owned()).collect::<Vec<_>>();
        let mut rows = vec![heads(&[
            "indicator",
            "withheld_numbers",
            "withheld_small",
            "withheld_complementary",
            "withheld_before",
            "withheld_known",
            "withheld_unprotected",
            "withheld_lost",
        ])];
        rows.extend(self.counts.iter().map(|one| {
            let counts = [one.numbers, one.small, one.complementary, one.before, one.known, one.unprotected];
            let mut row = vec![one.indicator.clone()];
            row.extend(counts.map(|count| count.to_string()));
            row.push(self.words.share(one.lost));
            row
        }));
        let mut text = format!("{}\n\n", self.words.get("withheld_inside"));
        text += &columns(&rows, &[1, 2, 3, 4, 5, 6, 7]);
        if !self.groups.is_empty() {
            let mut rows = vec![heads(&["indicator", "period", "withheld_above", "withheld_numbers"])];
            rows.extend(self.groups.iter().map(|one| {
                vec![one.indicator.clone(), one.period.clone(), one.above.clone(), one.numbers.to_string()]
            }));
            text += &format!("\n{}\n{}", self.words.get("withheld_groups"), columns(&rows, &[3]));
        }
        text
    }
}
