//! Withholding: numbers of few people, and those that would give them away, before anything is shown of them.
//!
//! Takes what was computed, not yet shown (`out.next_observation`), what earlier vintages had, and the rules; takes value and
//! counts out of the numbers that are withheld, and keeps these in `out.withheld`, for those inside. Whatever comes later, the
//! map of a day, targets, marks, history, pages and exports, reads numbers from which they are gone. `disclosure` decides;
//! indicators without a small count cost two queries.

mod numbers;
mod sums;

use numbers::{Number, Numbers, members, related, twins};
use sums::{Group, Wholes};

use crate::db::{Cell, Db, DbError};
use crate::diagnostic::{Diagnostic, Problems, count};
use crate::model::disclosure::{DisclosureRules, Why};
use crate::model::indicator::Indicator;

/// What the view `ref.organisation_sum` gives, where a project has it: groups, and the bodies whose counts make up theirs.
pub const ORGANISATION_SUM: &str =
    "SELECT CAST(org_id AS VARCHAR), CAST(part_org_id AS VARCHAR) FROM ref.organisation_sum ORDER BY ALL";

/// Takes out of `out.next_observation` what must not be shown; gives what is worth saying.
pub(super) fn withhold(
    db: &Db,
    indicators: &[&Indicator],
    rules: Option<&DisclosureRules>,
    vintage: u32,
) -> Result<Vec<Diagnostic>, Problems> {
    db.run("DELETE FROM out.withheld")?;
    let Some(rules) = rules else { return Ok(vec![]) };
    let members = members(indicators, rules);
    let twins = twins(db, &members)?;
    let (mut open, mut open_before) = (0, 0);
    let mut wholes = None;
    for related in related(members.len(), &twins) {
        let mut numbers = Numbers::default();
        for at in related {
            numbers.add(Numbers::read(db, at, members[at], vintage)?);
        }
        if !numbers.ask() {
            continue;
        }
        if wholes.is_none() {
            wholes = Some(Wholes::read(db)?);
        }
        let wholes = wholes.as_ref().expect("read above");
        for group in numbers.by_time() {
            let (judged, before) = Group::new(&members, wholes, &twins, group).judge();
            open += judged.iter().filter(|one| !one.is_protected).count();
            open_before += before;
            let row = |one: &Judged| one.row(members[one.number.member].indicator, vintage);
            db.append("out", "withheld", judged.iter().map(row))?;
        }
    }
    take_out(db)?;
    let said = [(open > 0).then(|| unprotected(open)), (open_before > 0).then(|| given_away(open_before))];
    Ok(said.into_iter().flatten().collect())
}

fn take_out(db: &Db) -> Result<(), DbError> {
    db.run(
        "UPDATE out.next_observation AS o \
         SET numerator = NULL, denominator = NULL, value = NULL, missing = 'withheld', status = 'Q', source = NULL \
         FROM out.withheld AS w \
         WHERE w.indicator = o.indicator AND w.org_id = o.org_id AND w.period = o.period AND w.breakdown = o.breakdown",
    )
}

fn unprotected(open: usize) -> Diagnostic {
    Diagnostic::warning(format!(
        "{} cannot be protected: too much is known that it follows from",
        count(open as u64, "withheld number")
    ))
    .hint("`chiso disclosure` names them; a number that was shown before cannot be taken back")
}

fn given_away(open: usize) -> Diagnostic {
    Diagnostic::warning(format!(
        "{} of earlier vintages cannot be protected: too much is known that it follows from",
        count(open as u64, "withheld number")
    ))
    .hint("what was published since then and cannot be taken back gives them away")
}

/// A number that is withheld.
struct Judged {
    number: Number,
    why: Why,
    is_known: bool,
    is_protected: bool,
}

impl Judged {
    /// A row of `out.withheld`.
    fn row(&self, indicator: &Indicator, vintage: u32) -> Vec<Cell> {
        vec![
            indicator.id.as_str().into(),
            self.number.org.as_str().into(),
            self.number.period.to_string().into(),
            self.number.breakdown.as_str().into(),
            Cell::Number(self.number.numerator),
            self.number.denominator.map_or(Cell::Null, Cell::Number),
            self.why.word().into(),
            Cell::Boolean(self.is_known),
            Cell::Boolean(self.is_protected),
            vintage.into(),
        ]
    }
}
