//! What every number has been and how every target has stood: each vintage closes what it changed and adds what took its
//! place.

use std::collections::BTreeSet;

use super::periods;
use crate::db::{Cell, Db, DbError};
use crate::indicators::Definition;
use crate::model::id::IndicatorId;
use crate::model::period::Period;

/// Compares what was computed in `vintage` with what was known before, and writes down what changed.
///
/// An indicator that failed keeps its history as it was, and so do periods that lie before those computed now:
/// nobody took those numbers back. The same vintage computed again replaces what it wrote.
pub fn remember(
    db: &Db,
    definitions: &[Definition],
    failed: &[IndicatorId],
    asked: &Period,
    vintage: u32,
) -> Result<(), DbError> {
    db.run("CREATE OR REPLACE TEMP TABLE judged (indicator VARCHAR, period VARCHAR)")?;
    let known: BTreeSet<&IndicatorId> =
        definitions.iter().map(|definition| &definition.indicator.id).collect();
    let mut rows: Vec<Vec<Cell>> = vec![];
    for definition in definitions.iter().filter(|one| !failed.contains(&one.indicator.id)) {
        let id = definition.indicator.id.as_str();
        let of_kind = periods(&definition.indicator, asked);
        rows.extend(
            of_kind.iter().map(|period| vec![id.into(), period.map(|period| period.to_string()).into()]),
        );
    }
    insert_judged(db, &rows)?;
    // An indicator whose definition is gone took its numbers with it.
    let names: Vec<&str> = known.iter().map(|id| id.as_str()).collect();
    db.execute(
        "INSERT INTO judged SELECT DISTINCT indicator, NULL FROM out.observation_history \
         WHERE superseded_in IS NULL AND NOT list_contains(from_json($names::JSON, '[\"VARCHAR\"]'), indicator)",
        &[("names", serde_json::json!(names).to_string().into())],
    )?;
    let params = [("vintage", Cell::from(vintage))];
    db.transaction(|| {
        db.execute("DELETE FROM out.observation_history WHERE vintage = $vintage", &params)?;
        db.execute(
            "UPDATE out.observation_history SET superseded_in = NULL WHERE superseded_in = $vintage",
            &params,
        )?;
        db.execute(&close(), &params)?;
        db.execute(&add(), &params)?;
        db.execute("DELETE FROM out.withheld_history WHERE vintage = $vintage", &params)?;
        db.execute(&add_withheld(), &params)?;
        remember_targets(db, &params)
    })?;
    db.run("DROP TABLE judged")
}

/// The same for how the targets stand.
fn remember_targets(db: &Db, vintage: &[(&str, Cell)]) -> Result<(), DbError> {
    db.execute("DELETE FROM out.target_history WHERE vintage = $vintage", vintage)?;
    db.execute("UPDATE out.target_history SET superseded_in = NULL WHERE superseded_in = $vintage", vintage)?;
    let same = TARGET.map(|column| format!("p.{column} IS NOT DISTINCT FROM h.{column}")).join(" AND ");
    db.execute(
        &format!(
            "UPDATE out.target_history AS h SET superseded_in = $vintage WHERE superseded_in IS NULL \
             AND NOT EXISTS (SELECT 1 FROM out.target_progress AS p WHERE p.decides AND {same})"
        ),
        vintage,
    )?;
    db.execute(
        &format!(
            "INSERT INTO out.target_history SELECT {columns}, $vintage, NULL FROM out.target_progress AS p \
             WHERE decides AND NOT EXISTS \
                (SELECT 1 FROM out.target_history AS h WHERE superseded_in IS NULL AND {same}) ORDER BY ALL",
            columns = TARGET.join(", ")
        ),
        vintage,
    )?;
    Ok(())
}

/// Pairs of indicator and period into `judged`; no period means all of them.
fn insert_judged(db: &Db, rows: &[Vec<Cell>]) -> Result<(), DbError> {
    let texts: Vec<[Option<String>; 2]> =
        rows.iter().map(|row| [Some(row[0].shown()), row[1].text().map(str::to_owned)]).collect();
    db.execute(
        "INSERT INTO judged SELECT pair[1], pair[2] FROM \
         (SELECT unnest(from_json($pairs::JSON, '[[\"VARCHAR\"]]')) AS pair)",
        &[("pairs", serde_json::json!(texts).to_string().into())],
    )?;
    Ok(())
}

const KEY: [&str; 4] = ["indicator", "org_id", "period", "breakdown"];
const CONTENT: [&str; 7] = ["numerator", "denominator", "value", "missing", "status", "formula", "source"];

const TARGET: [&str; 6] = ["target_id", "org_id", "indicator", "status", "period", "value"];

/// Columns of the key are never null, the others may be.
fn same(columns: &[&str], how: &str) -> String {
    let pairs: Vec<String> = columns.iter().map(|column| format!("o.{column} {how} h.{column}")).collect();
    pairs.join(" AND ")
}

fn close() -> String {
    format!(
        "UPDATE out.observation_history AS h SET superseded_in = $vintage WHERE superseded_in IS NULL \
         AND EXISTS (SELECT 1 FROM judged AS j WHERE j.indicator = h.indicator AND (j.period IS NULL OR j.period = h.period)) \
         AND NOT EXISTS (SELECT 1 FROM out.observation AS o WHERE {} AND {})",
        same(&KEY, "="),
        same(&CONTENT, "IS NOT DISTINCT FROM")
    )
}

fn add() -> String {
    format!(
        "INSERT INTO out.observation_history SELECT {key}, {content}, $vintage, NULL FROM out.observation AS o \
         WHERE NOT EXISTS (SELECT 1 FROM out.observation_history AS h WHERE superseded_in IS NULL AND {same}) ORDER BY ALL",
        key = KEY.join(", "),
        content = CONTENT.join(", "),
        same = same(&KEY, "=")
    )
}

/// What is withheld with other counts than it was last withheld with.
fn add_withheld() -> String {
    format!(
        "INSERT INTO out.withheld_history SELECT {key}, numerator, denominator, $vintage FROM out.withheld AS o \
         WHERE NOT EXISTS (SELECT 1 FROM \
            (FROM out.withheld_history QUALIFY vintage = max(vintage) OVER (PARTITION BY {key})) AS h \
            WHERE {same} AND {counts}) ORDER BY ALL",
        key = KEY.join(", "),
        same = same(&KEY, "="),
        counts = same(&CONTENT[..2], "IS NOT DISTINCT FROM")
    )
}
