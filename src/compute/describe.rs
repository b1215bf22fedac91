//! The indicators in words, and the periods with their days, for whoever reads the database alone.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::db::{Cell, Db, DbError};
use crate::indicators::Definition;
use crate::model::indicator::Indicator;
use crate::model::period::Period;
use crate::model::text::Lang;

/// Fills `meta.indicator`, `meta.series_break`, `meta.indicator_input` and `meta.period` for what was computed.
///
/// `inputs` are rows of `meta.indicator_input`.
pub fn describe(db: &Db, definitions: &[Definition], inputs: Vec<Vec<Cell>>) -> Result<(), DbError> {
    let indicators = || definitions.iter().map(|definition| &definition.indicator);
    let periods = new_periods(db)?;
    db.transaction(|| {
        db.run(
            "DELETE FROM meta.indicator; DELETE FROM meta.series_break; DELETE FROM meta.indicator_input",
        )?;
        db.append("meta", "indicator", indicators().map(indicator))?;
        db.append("meta", "series_break", indicators().flat_map(breaks))?;
        db.append("meta", "indicator_input", inputs)?;
        db.append("meta", "period", periods)
    })
}

fn indicator(indicator: &Indicator) -> Vec<Cell> {
    let note = |lang| indicator.note.as_ref().map(|note| note.get(lang)).map(Cell::from);
    vec![
        indicator.id.as_str().into(),
        indicator.title.get(Lang::Vi).into(),
        indicator.title.get(Lang::En).into(),
        word(&indicator.unit),
        word(&indicator.direction),
        word(&indicator.shape),
        Cell::Integer(indicator.decimals.into()),
        Cell::Number(indicator.scale),
        word(&indicator.period),
        word(&indicator.calendar),
        word(&indicator.restate),
        indicator.formula.into(),
        indicator.legal_basis.clone().into(),
        indicator.method.get(Lang::Vi).into(),
        indicator.method.get(Lang::En).into(),
        note(Lang::Vi).unwrap_or(Cell::Null),
        note(Lang::En).unwrap_or(Cell::Null),
    ]
}

fn breaks(indicator: &Indicator) -> Vec<Vec<Cell>> {
    let row = |cut: &crate::model::indicator::Break| {
        vec![
            indicator.id.as_str().into(),
            cut.at.to_string().into(),
            cut.formula.into(),
            cut.why.get(Lang::Vi).into(),
            cut.why.get(Lang::En).into(),
        ]
    };
    indicator.breaks.iter().map(row).collect()
}

/// The word that stands for a value in the files people write.
fn word(value: &impl Serialize) -> Cell {
    let word = serde_json::to_value(value).ok();
    word.and_then(|word| word.as_str().map(Cell::from)).unwrap_or(Cell::Null)
}

/// Periods of observations that `meta.period` does not know yet.
fn new_periods(db: &Db) -> Result<Vec<Vec<Cell>>, DbError> {
    let found = db.query(
        "SELECT DISTINCT period FROM out.observation AS o \
         WHERE NOT EXISTS (SELECT 1 FROM meta.period AS p WHERE p.period = o.period)",
        &[],
    )?;
    let texts: BTreeSet<String> = found.rows.iter().map(|row| row[0].shown()).collect();
    let row = |text: String| {
        let period: Period = text.parse().ok()?;
        Some(vec![text.into(), period.start().to_string().into(), period.end().to_string().into()])
    };
    Ok(texts.into_iter().filter_map(row).collect())
}
