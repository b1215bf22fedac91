//! Numbers that stand: those of an indicator whose query would give the same rows again are taken over from the last run.
//!
//! What a number is follows from the rows of its query, the definition and the periods asked for. Where all three are as
//! they were, nothing is asked of the database. Not taken over are numbers of which some are withheld, for their counts
//! are gone, and those that were told of, for they are to be told of again.

use std::collections::{BTreeMap, BTreeSet};

use sha2::{Digest, Sha256};

use super::periods;
use crate::db::{Db, DbError};
use crate::indicators::Definition;
use crate::model::id::IndicatorId;
use crate::model::period::Period;
use crate::model::sum::hex;

/// Which numbers stand, and from what all are made.
pub(super) struct Standing<'a> {
    made_from: BTreeMap<&'a IndicatorId, String>,
    stands: BTreeSet<&'a IndicatorId>,
}

impl<'a> Standing<'a> {
    /// `grounds` has for each definition the sum of what the rows of its query follow from, where that is known.
    pub(super) fn read(
        db: &Db,
        definitions: &'a [Definition],
        grounds: &[Option<String>],
        asked: &Period,
    ) -> Result<Self, DbError> {
        let known =
            db.value("SELECT fingerprint FROM meta.done WHERE work = $work", &[("work", WORK.into())])?;
        let known: BTreeMap<String, String> =
            known.text().and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
        let withheld =
            db.query("SELECT DISTINCT indicator FROM out.observation WHERE missing = 'withheld'", &[])?;
        let withheld: BTreeSet<String> = withheld.rows.iter().map(|row| row[0].shown()).collect();
        let mut standing = Standing { made_from: BTreeMap::new(), stands: BTreeSet::new() };
        for (definition, ground) in definitions.iter().zip(grounds) {
            let (Some(ground), id) = (ground, &definition.indicator.id) else { continue };
            let made_from = made_from(definition, ground, asked);
            if known.get(id.as_str()) == Some(&made_from) && !withheld.contains(id.as_str()) {
                standing.stands.insert(id);
            }
            standing.made_from.insert(id, made_from);
        }
        Ok(standing)
    }

    /// Whether the numbers of an indicator stand.
    pub(super) fn has(&self, id: &IndicatorId) -> bool {
        self.stands.contains(id)
    }

    /// Takes the numbers that stand over into the next ones; gives how many there are.
    pub(super) fn take_over(&self, db: &Db, vintage: u32) -> Result<u64, DbError> {
        let ids: Vec<&str> = self.stands.iter().map(|id| id.as_str()).collect();
        db.execute(
            "INSERT INTO out.next_observation SELECT * REPLACE ($vintage AS vintage) FROM out.observation \
             WHERE list_contains(from_json($ids::JSON, '[\"VARCHAR\"]'), indicator)",
            &[("vintage", vintage.into()), ("ids", serde_json::json!(ids).to_string().into())],
        )
    }

    /// Writes down from what the numbers are made, but for those of these indicators, which will not stand.
    pub(super) fn note(mut self, db: &Db, but: &BTreeSet<&IndicatorId>) -> Result<(), DbError> {
        self.made_from.retain(|id, _| !but.contains(id));
        let text = serde_json::to_string(&self.made_from).expect("texts only");
        db.execute(
            "INSERT OR REPLACE INTO meta.done VALUES ($work, $made_from)",
            &[("work", WORK.into()), ("made_from", text.into())],
        )?;
        Ok(())
    }
}

/// Its row in `meta.done`.
const WORK: &str = "numbers";

fn made_from(definition: &Definition, ground: &str, asked: &Period) -> String {
    let periods = periods(&definition.indicator, asked);
    hex(&Sha256::digest(format!("{ground} {:?} {periods:?}", definition.indicator)))
}
