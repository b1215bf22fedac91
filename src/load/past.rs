//! The database as it was in an earlier vintage: a database in memory whose tables look into the file.
//!
//! Nothing is copied but small lists, and nothing is written to the file.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::{Contract, View, organisation};
use crate::db::{Cell, Db, DbError};
use crate::diagnostic::{Diagnostic, Problems};
use crate::model::id::SourceId;
use crate::model::period::Period;
use crate::project::Project;

/// An earlier state.
pub struct Past {
    /// Its rows; results are computed anew in it.
    pub db: Db,
    /// The project with the definitions of then.
    pub project: Project,
    /// The last period that was computed then.
    pub period: Option<Period>,
    /// The day whose map numbers were restated to then.
    pub map_on: Option<NaiveDate>,
    /// The day on which it was judged then who is late.
    pub judged_on: Option<NaiveDate>,
    /// Sources that had brought nothing then.
    pub absent: Vec<(SourceId, String)>,
    /// The version of the program that made it.
    pub program: String,
}

/// Tables that are looked into, with the rows that were there in `$vintage`.
const LOOKED_INTO: [(&str, &str); 6] = [
    (
        "meta.delivery",
        "SELECT * REPLACE (CASE WHEN superseded_in <= $vintage THEN superseded_in END AS superseded_in) \
         FROM past.meta.delivery WHERE vintage <= $vintage",
    ),
    (
        "meta.reject",
        "SELECT r.* FROM past.meta.reject AS r JOIN past.meta.delivery USING (file_id) WHERE vintage <= $vintage",
    ),
    ("meta.definition", "SELECT * FROM past.meta.definition"),
    (
        "out.observation_history",
        "SELECT * REPLACE (CASE WHEN superseded_in <= $vintage THEN superseded_in END AS superseded_in) \
         FROM past.out.observation_history WHERE vintage <= $vintage",
    ),
    (
        "out.target_history",
        "SELECT * REPLACE (CASE WHEN superseded_in <= $vintage THEN superseded_in END AS superseded_in) \
         FROM past.out.target_history WHERE vintage <= $vintage",
    ),
    ("out.withheld_history", "SELECT * FROM past.out.withheld_history WHERE vintage <= $vintage"),
];

/// Small tables that are copied.
const COPIED: [&str; 5] = [
    "meta.vintage SELECT * FROM past.meta.vintage WHERE vintage <= $vintage",
    "meta.vintage_definition SELECT * FROM past.meta.vintage_definition WHERE vintage <= $vintage",
    "meta.absence SELECT * FROM past.meta.absence WHERE vintage <= $vintage ORDER BY rowid",
    "meta.stored_table SELECT * FROM past.meta.stored_table",
    "meta.period SELECT * FROM past.meta.period",
];

/// The state of `vintage`; an error that names those that can be had if it cannot.
pub fn past(project: &Project, vintage: u32) -> Result<Past, Problems> {
    let file = project.database();
    if !file.is_file() {
        return Err(Diagnostic::error("there is no database yet").hint("`chiso run` makes it").into());
    }
    let db = Db::in_memory()?;
    db.attach(&file, "past")?;
    super::make_schema(&db)?;
    super::expect_same_schema(&db, "past.meta.done")?;
    expect_vintage(&db, vintage)?;
    look_into(&db, vintage)?;
    let about = db.query(
        "SELECT period, program, map_on, judged_on FROM meta.vintage WHERE vintage = $vintage",
        &[("vintage", vintage.into())],
    )?;
    let definitions = definitions(&db, vintage)?;
    let absent = super::absences(&db, vintage)?;
    Ok(Past {
        project: project.as_of(vintage, definitions),
        period: about.rows[0][0].text().and_then(|period| period.parse().ok()),
        map_on: about.rows[0][2].text().and_then(|day| day.parse().ok()),
        judged_on: about.rows[0][3].text().and_then(|day| day.parse().ok()),
        program: about.rows[0][1].shown(),
        absent,
        db,
    })
}

impl Past {
    /// Makes the tables, views and codes of then.
    pub fn prepare(&self, contracts: &[Contract], views: &[View]) -> Result<(), Problems> {
        super::prepare(&self.db, contracts)?;
        super::make_views(&self.db, views)?;
        // What was wrong with the codes was said when they were loaded.
        organisation::refresh(&self.db, contracts)?;
        super::kept::keep_rows(&self.db, contracts, views)?;
        self.db.lock_down()?;
        Ok(())
    }
}

fn expect_vintage(db: &Db, vintage: u32) -> Result<(), Problems> {
    let kept = db.query("SELECT vintage FROM past.meta.vintage WHERE NOT forgotten ORDER BY vintage", &[])?;
    let kept: Vec<i64> = kept.rows.iter().filter_map(|row| row[0].integer()).collect();
    if kept.contains(&i64::from(vintage)) {
        return Ok(());
    }
    let was = db.value(
        "SELECT count(*) FROM past.meta.vintage WHERE vintage = $vintage",
        &[("vintage", vintage.into())],
    )?;
    let message = match was {
        Cell::Integer(0) => format!("there is no vintage {vintage}"),
        _ => format!("vintage {vintage} was forgotten: the rows that it rests on were dropped"),
    };
    let problem = Diagnostic::usage(message);
    Err(match (kept.first(), kept.last()) {
        (Some(only), Some(last)) if only == last => problem.hint(format!("only vintage {only} can be had")),
        (Some(first), Some(last)) => {
            problem.hint(format!("those from {first} to {last} can be had; `chiso vintages` lists them"))
        }
        _ => problem.hint("nothing was loaded yet"),
    }
    .into())
}

fn look_into(db: &Db, vintage: u32) -> Result<(), DbError> {
    let filled = |sql: &str| sql.replace("$vintage", &vintage.to_string());
    for (table, sql) in LOOKED_INTO {
        db.run(&format!("DROP TABLE {table}; CREATE VIEW {table} AS {}", filled(sql)))?;
    }
    for copy in COPIED {
        db.run(&format!("INSERT INTO {}", filled(copy)))?;
    }
    let stored = db.query(
        "SELECT table_name FROM information_schema.tables WHERE table_catalog = 'past' AND table_schema = 'stored' \
         AND NOT starts_with(table_name, 'kept_')",
        &[],
    )?;
    for row in &stored.rows {
        let name = crate::db::quoted(&row[0].shown());
        db.run(&format!("CREATE VIEW stored.{name} AS SELECT *, rowid FROM past.stored.{name}"))?;
    }
    Ok(())
}

fn definitions(db: &Db, vintage: u32) -> Result<BTreeMap<String, String>, DbError> {
    let texts = db.query(
        "SELECT path, text FROM meta.vintage_definition JOIN meta.definition USING (sha256) WHERE vintage = $vintage",
        &[("vintage", vintage.into())],
    )?;
    Ok(texts.rows.iter().map(|row| (row[0].shown(), row[1].shown())).collect())
}
