//! Numbers that two systems give of the same thing, where a project has the view `fact.reconciled`.

use super::{count, names, parsed, rows, text};
use crate::db::{Cell, Db};
use crate::diagnostic::Problems;
use crate::model::reconciled::{Agreement, Difference, Reconciliation, Side};

/// What the view `fact.reconciled` gives: one row per body, period and thing that two systems have a number of.
pub const RECONCILED: &str = "SELECT CAST(org_id AS VARCHAR) AS org_id, CAST(period AS VARCHAR) AS period, \
     CAST(what_vi AS VARCHAR) AS what_vi, CAST(what_en AS VARCHAR) AS what_en, \
     CAST(first_vi AS VARCHAR) AS first_vi, CAST(first_en AS VARCHAR) AS first_en, \
     CAST(first_table AS VARCHAR) AS first_table, CAST(first_value AS DOUBLE) AS first_value, \
     CAST(second_vi AS VARCHAR) AS second_vi, CAST(second_en AS VARCHAR) AS second_en, \
     CAST(second_table AS VARCHAR) AS second_table, CAST(second_value AS DOUBLE) AS second_value FROM fact.reconciled";

/// How the systems agree.
pub fn reconciliation(db: &Db) -> Result<Reconciliation, Problems> {
    if !db.has_view("fact.reconciled")? {
        return Ok(Reconciliation::default());
    }
    Ok(Reconciliation { agreements: agreements(db)?, differences: differences(db)? })
}

fn agreements(db: &Db) -> Result<Vec<Agreement>, Problems> {
    let sql = format!(
        "SELECT first_vi, first_en, second_vi, second_en, r.period, count(*), \
            count(*) FILTER (WHERE first_value = second_value), \
            count(DISTINCT org_id) FILTER (WHERE first_value <> second_value) \
         FROM ({RECONCILED}) AS r LEFT JOIN meta.period AS p ON p.period = r.period \
         WHERE first_value IS NOT NULL AND second_value IS NOT NULL AND org_id IS NOT NULL \
         GROUP BY first_vi, first_en, second_vi, second_en, r.period, p.last_on \
         ORDER BY first_vi, second_vi, p.last_on DESC NULLS LAST, r.period"
    );
    rows(db, &sql, "fact.reconciled", |row| {
        Ok(Agreement {
            first: names(&row[0], &row[1], "a system")?,
            second: names(&row[2], &row[3], "a system")?,
            period: parsed(&row[4], "period")?,
            compared: count(&row[5]),
            equal: count(&row[6]),
            bodies: count(&row[7]),
        })
    })
}

/// The files of a body are those that it was expected to send for the days of the period; a table of few files is named whole.
fn differences(db: &Db) -> Result<Vec<Difference>, Problems> {
    let files = |side: &str| {
        format!(
            "coalesce((SELECT string_agg(DISTINCT path, chr(10) ORDER BY path) FROM sent \
                WHERE sent.table_name = r.{side}_table AND sent.org_id = r.org_id \
                AND sent.first_on <= p.last_on AND sent.last_on >= p.first_on), \
             (SELECT paths FROM few WHERE few.table_name = r.{side}_table))"
        )
    };
    let sql = format!(
        "WITH sent AS ( \
             SELECT d.table_name, s.org_id, s.first_on, s.last_on, f.path \
             FROM meta.sent AS s JOIN meta.delivery_rule AS d USING (rule) JOIN meta.file AS f USING (file_id) \
             WHERE f.state = 'current'), \
         few AS ( \
             SELECT table_name, string_agg(path, chr(10) ORDER BY path) AS paths FROM meta.file \
             WHERE state = 'current' GROUP BY table_name HAVING count(*) <= 3) \
         SELECT r.org_id, r.period, what_vi, what_en, first_vi, first_en, first_value, {}, \
             second_vi, second_en, second_value, {} \
         FROM ({RECONCILED}) AS r LEFT JOIN meta.period AS p ON p.period = r.period \
         WHERE first_value <> second_value AND r.org_id IS NOT NULL \
         ORDER BY first_vi, second_vi, p.last_on DESC NULLS LAST, r.period, r.org_id, what_vi LIMIT {}",
        files("first"),
        files("second"),
        Reconciliation::DIFFERENCES_SHOWN
    );
    rows(db, &sql, "fact.reconciled", |row| {
        Ok(Difference {
            org: parsed(&row[0], "org_id")?,
            period: parsed(&row[1], "period")?,
            what: names(&row[2], &row[3], "what is compared")?,
            first: side(&row[4..8])?,
            second: side(&row[8..12])?,
        })
    })
}

fn side(row: &[Cell]) -> Result<Side, String> {
    Ok(Side {
        system: names(&row[0], &row[1], "a system")?,
        value: row[2].number().ok_or("a system gives no number")?,
        files: text(&row[3]).map_or_else(Vec::new, |paths| paths.lines().map(str::to_owned).collect()),
    })
}
