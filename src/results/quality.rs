//! What is known of senders and of the numbers that rest on them.

use std::collections::HashMap;
use std::sync::Arc;

use super::{count, day, levels, names, needed, parsed, read, rows, text};
use crate::db::{Cell, Db};
use crate::diagnostic::{Diagnostic, Problems};
use crate::model::id::OrgId;
use crate::model::quality::{DeliverySummary, Expected, Outlier, Owed, QualityResults, SenderSummary, Trust};
use crate::model::text::Text;

/// Reads it; empty where the project asks nothing of anybody.
pub(super) fn quality(db: &Db) -> Result<QualityResults, Problems> {
    let rules = rules(db)?;
    let judged_on = db.value("SELECT judged_on FROM meta.vintage ORDER BY vintage DESC LIMIT 1", &[])?;
    Ok(QualityResults {
        judged_on: day(&judged_on),
        senders: senders(db)?,
        deliveries: deliveries(db)?,
        owed: owed(db)?,
        outliers: outliers(db)?,
        rules,
    })
}

fn rules(db: &Db) -> Result<Vec<Expected>, Problems> {
    let sql = "SELECT rule, title_vi, title_en, excepted FROM meta.delivery_rule ORDER BY position";
    rows(db, sql, "meta.delivery_rule", |row| {
        Ok(Expected {
            rule: needed(&row[0], "rule")?,
            title: names(&row[1], &row[2], "a delivery")?,
            excepted: ids(&row[3])?,
        })
    })
}

/// Ids of bodies separated by commas.
fn ids(cell: &Cell) -> Result<Vec<OrgId>, String> {
    let ids: Result<_, crate::model::id::IdError> = words(cell).iter().map(|id| id.parse()).collect();
    ids.map_err(|error| error.to_string())
}

fn senders(db: &Db) -> Result<Vec<SenderSummary>, Problems> {
    rows(db, include_str!("senders.sql"), "meta.sender_period", |row| {
        Ok(SenderSummary {
            org: org(&row[0])?,
            expected: count(&row[1]),
            on_time: count(&row[2]),
            late: count(&row[3]),
            untimed: count(&row[4]),
            not_reported: count(&row[5]),
            awaited: count(&row[6]),
            partial: count(&row[7]),
            most_days_late: row[8].count(),
            rows_loaded: count(&row[9]),
            rows_rejected: count(&row[10]),
            checks: words(&row[11]),
            outliers: count(&row[12]),
        })
    })
}

/// What is due and not there, or there in part, by body.
pub fn owed(db: &Db) -> Result<Vec<Owed>, Problems> {
    let sql = "SELECT s.org_id, n.name_vi, n.name_en, r.title_vi, r.title_en, s.period, s.due_on, s.files, s.rows_read, \
            s.rows_rejected, r.basis_vi, r.basis_en, n.level \
         FROM meta.sender_period AS s \
         JOIN meta.delivery_rule AS r USING (rule) \
         LEFT JOIN (SELECT CAST(org_id AS VARCHAR) AS org_id, any_value(name_vi) AS name_vi, any_value(name_en) AS name_en, \
            any_value(CAST(level AS VARCHAR)) AS level FROM ref.organisation GROUP BY 1) AS n ON n.org_id = s.org_id \
         WHERE s.is_shown AND (s.status = 'not-reported' OR (s.files > 0 AND s.rows_rejected > 0)) \
         ORDER BY s.org_id, r.position, s.last_on";
    let levels = levels(db)?;
    let addressee = |level: &Cell| {
        let level = levels.iter().find(|one| text(level).is_some_and(|level| one.id == level));
        level.and_then(|level| level.addressee.clone())
    };
    rows(db, sql, "meta.sender_period", |row| {
        let org: OrgId = parsed(&row[0], "org_id")?;
        let id = || Text::both(org.to_string(), org.to_string());
        Ok(Owed {
            name: names(&row[1], &row[2], "a sender").unwrap_or_else(|_| id()),
            delivery: names(&row[3], &row[4], "a delivery")?,
            period: parsed(&row[5], "period")?,
            due_on: day(&row[6]),
            came: (count(&row[7]) > 0).then(|| (count(&row[8]), count(&row[9]))),
            basis: names(&row[10], &row[11], "a basis").ok(),
            addressee: addressee(&row[12]),
            org,
        })
    })
}

fn org(cell: &Cell) -> Result<Option<OrgId>, String> {
    let id = text(cell).map(|id| id.parse()).transpose();
    id.map_err(|error: crate::model::id::IdError| error.to_string())
}

/// Words separated by commas.
fn words(cell: &Cell) -> Vec<String> {
    let text = text(cell).unwrap_or_default();
    text.split(',').filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

fn deliveries(db: &Db) -> Result<Vec<DeliverySummary>, Problems> {
    let sql = "SELECT rule, period, max(due_on), count(*), count(*) FILTER (status = 'on-time'), \
            count(*) FILTER (status = 'late'), count(*) FILTER (status = 'untimed'), count(*) FILTER (status = 'awaited'), \
            coalesce(string_agg(org_id, ',' ORDER BY org_id) FILTER (status = 'not-reported'), '') \
         FROM meta.sender_period JOIN meta.delivery_rule USING (rule) WHERE is_shown \
         GROUP BY rule, period ORDER BY max(position), max(last_on) DESC";
    rows(db, sql, "meta.sender_period", |row| {
        Ok(DeliverySummary {
            rule: needed(&row[0], "rule")?,
            period: parsed(&row[1], "period")?,
            due_on: day(&row[2]),
            expected: count(&row[3]),
            on_time: count(&row[4]),
            late: count(&row[5]),
            untimed: count(&row[6]),
            awaited: count(&row[7]),
            missing: ids(&row[8])?,
        })
    })
}

fn outliers(db: &Db) -> Result<Vec<Outlier>, Problems> {
    let sql = format!(
        "SELECT o.indicator, o.org_id, o.period, o.breakdown, value, verdict, usual, score, peers_usual, peers_score \
         FROM out.outlier AS o JOIN out.observation USING (indicator, org_id, period, breakdown) \
         JOIN meta.period AS p ON p.period = o.period WHERE verdict <> 'usual' \
         ORDER BY last_on DESC, greatest(coalesce(abs(score), 0), coalesce(abs(peers_score), 0)) DESC, \
            o.indicator, o.org_id, o.breakdown LIMIT {}",
        QualityResults::OUTLIERS_SHOWN
    );
    rows(db, &sql, "out.outlier", |row| {
        let pair = |at: usize| Some((row[at].number()?, row[at + 1].number()?));
        Ok(Outlier {
            indicator: parsed(&row[0], "indicator")?,
            org: parsed(&row[1], "org_id")?,
            period: parsed(&row[2], "period")?,
            breakdown: row[3].shown(),
            value: row[4].number().ok_or("a number without a value was judged")?,
            verdict: parsed(&row[5], "verdict")?,
            history: pair(6),
            peers: pair(8),
        })
    })
}

/// By which a number finds how far it can be trusted; `q` is its row of `out.quality`.
pub(super) const TRUST: &str = "CASE WHEN q.mark IS NOT NULL THEN \
     (hash(q.mark, q.reasons, q.expected, q.arrived, q.rows_read, q.rows_rejected, q.checks) >> 1)::BIGINT END";

/// What numbers can be trusted for, each once, by [`TRUST`].
pub(super) fn trusts(db: &Db) -> Result<HashMap<i64, Arc<Trust>>, Problems> {
    let sql = format!(
        "SELECT DISTINCT {TRUST}, mark, reasons, expected, arrived, rows_read, rows_rejected, checks FROM out.quality AS q"
    );
    let told = read(db, &sql, &[], "out.quality", |row| {
        let trust = Trust {
            grade: parsed(&row[1], "mark")?,
            reasons: words(&row[2]),
            deliveries: (row[3] != Cell::Null).then(|| (count(&row[3]), count(&row[4]))),
            rows: (count(&row[5]), count(&row[6])),
            checks: words(&row[7]),
        };
        Ok((row[0].integer().ok_or("a mark without its sum")?, Arc::new(trust)))
    })?;
    let all = told.len();
    let trusts: HashMap<i64, Arc<Trust>> = told.into_iter().collect();
    match trusts.len() == all {
        true => Ok(trusts),
        // Of so many as there are, once in a thousand million times.
        false => Err(Diagnostic::error("two marks have the same sum").into()),
    }
}
