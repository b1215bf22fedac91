//! What the newest vintage changed against the one before it.

use super::{count, optional, parsed, read, revisions_of, text};
use crate::db::{Cell, Db};
use crate::diagnostic::Problems;
use crate::model::changes::{
    Changes, DefinitionChange, NumberChange, SourceChange, TargetChange, TargetState,
};
use crate::model::progress::Point;
use crate::model::results::Vintage;

/// The changes since the vintage before; none where there is only one.
pub fn changes(db: &Db) -> Result<Option<Changes>, Problems> {
    let vintages = "SELECT vintage, loaded_at FROM meta.vintage ORDER BY vintage DESC LIMIT 2";
    let vintages = read(db, vintages, &[], "meta.vintage", |row| {
        Ok(Vintage { number: u32::try_from(count(&row[0])).unwrap_or(0), loaded_at: row[1].shown() })
    })?;
    let [now, before] = vintages.as_slice() else { return Ok(None) };
    let pair = [("now", Cell::from(now.number)), ("before", Cell::from(before.number))];
    let known = db.value("SELECT count(*) FROM out.target_history WHERE vintage <= $before", &pair[1..])?;
    let targets_known = count(&known) > 0;
    Ok(Some(Changes {
        before: before.clone(),
        targets_known,
        targets: if targets_known { targets(db, &pair[1..])? } else { vec![] },
        numbers: numbers(db, &pair[..1])?,
        largest: revisions_of(db, &largest(), &pair[..1])?,
        sources: sources(db, &pair[..1])?,
        silent: read(db, SILENT, &pair, "meta.absence", |row| parsed(&row[0], "source_id"))?,
        definitions: definitions(db, &pair)?,
    }))
}

const TARGETS: &str = "WITH now AS (FROM out.target_progress WHERE decides), \
     before AS ( \
         FROM out.target_history WHERE vintage <= $before AND (superseded_in IS NULL OR superseded_in > $before)) \
     SELECT coalesce(now.target_id, before.target_id), coalesce(now.org_id, before.org_id), \
         before.status, before.indicator, before.period, before.value, now.status, now.indicator, now.period, now.value \
     FROM now FULL JOIN before \
         ON now.target_id = before.target_id AND coalesce(now.org_id, '') = coalesce(before.org_id, '') \
     WHERE now.status IS DISTINCT FROM before.status \
     ORDER BY 1, 2 NULLS FIRST";

fn targets(db: &Db, before: &[(&str, Cell)]) -> Result<Vec<TargetChange>, Problems> {
    read(db, TARGETS, before, "out.target_history", |row| {
        Ok(TargetChange {
            target: parsed(&row[0], "target_id")?,
            org: optional(&row[1])?,
            before: state(&row[2..6])?,
            after: state(&row[6..10])?,
        })
    })
}

fn state(row: &[Cell]) -> Result<Option<TargetState>, String> {
    if text(&row[0]).is_none() {
        return Ok(None);
    }
    let point = optional(&row[2])?.zip(row[3].number()).map(|(period, value)| Point { period, value });
    Ok(Some(TargetState { status: parsed(&row[0], "status")?, indicator: optional(&row[1])?, point }))
}

const NUMBERS: &str = "SELECT coalesce(new.indicator, old.indicator) AS changed, \
         count(*) FILTER (WHERE old.indicator IS NULL), \
         count(*) FILTER (WHERE old.indicator IS NOT NULL AND new.indicator IS NOT NULL), \
         count(*) FILTER (WHERE new.indicator IS NULL) \
     FROM (FROM out.observation_history WHERE vintage = $now) AS new \
     FULL JOIN (FROM out.observation_history WHERE superseded_in = $now) AS old \
         ON new.indicator = old.indicator AND new.org_id = old.org_id AND new.period = old.period \
         AND new.breakdown = old.breakdown \
     GROUP BY changed ORDER BY changed";

fn numbers(db: &Db, now: &[(&str, Cell)]) -> Result<Vec<NumberChange>, Problems> {
    read(db, NUMBERS, now, "out.observation_history", |row| {
        Ok(NumberChange {
            indicator: parsed(&row[0], "indicator")?,
            added: count(&row[1]),
            revised: count(&row[2]),
            withdrawn: count(&row[3]),
        })
    })
}

/// Totals that have another value: from the body at the top down, what changed most beside what it was first.
fn largest() -> String {
    format!(
        "LEFT JOIN ( \
            WITH RECURSIVE depth AS ( \
                SELECT org_id, 0 AS steps FROM ref.organisation WHERE parent_id IS NULL \
                UNION ALL \
                SELECT o.org_id, d.steps + 1 FROM ref.organisation AS o JOIN depth AS d ON o.parent_id = d.org_id \
                WHERE d.steps < 20) \
            SELECT org_id, min(steps) AS steps FROM depth GROUP BY org_id) AS depth USING (org_id) \
         WHERE vintage = $now AND difference <> 0 AND breakdown = '' \
         ORDER BY steps NULLS LAST, abs(difference) / greatest(abs(previous_value), abs(value)) DESC, \
            indicator, org_id, period \
         LIMIT {}",
        Changes::LARGEST_SHOWN
    )
}

const SOURCES: &str = "SELECT source_id, min(vintage) = $now, \
         count(*) FILTER (WHERE vintage = $now AND outcome = 'current'), \
         count(*) FILTER (WHERE vintage = $now AND outcome <> 'current'), \
         count(*) FILTER (WHERE superseded_in = $now), \
         coalesce(CAST(sum(rows_loaded) FILTER (WHERE vintage = $now) AS BIGINT), 0), \
         coalesce(CAST(sum(rows_rejected) FILTER (WHERE vintage = $now) AS BIGINT), 0) \
     FROM meta.delivery \
     GROUP BY source_id \
     HAVING count(*) FILTER (WHERE vintage = $now OR superseded_in = $now) > 0 \
     ORDER BY source_id";

fn sources(db: &Db, now: &[(&str, Cell)]) -> Result<Vec<SourceChange>, Problems> {
    read(db, SOURCES, now, "meta.delivery", |row| {
        Ok(SourceChange {
            source: parsed(&row[0], "source_id")?,
            is_first: row[1] == Cell::Boolean(true),
            files: count(&row[2]),
            refused: count(&row[3]),
            superseded: count(&row[4]),
            rows_loaded: count(&row[5]),
            rows_rejected: count(&row[6]),
        })
    })
}

const SILENT: &str = "SELECT DISTINCT source_id FROM meta.absence WHERE vintage = $now AND source_id NOT IN ( \
         SELECT source_id FROM meta.absence WHERE vintage = $before) ORDER BY source_id";

fn definitions(db: &Db, pair: &[(&str, Cell)]) -> Result<Vec<(String, DefinitionChange)>, Problems> {
    let sql = "SELECT coalesce(new.path, old.path) AS changed, old.path IS NULL, new.path IS NULL \
               FROM (FROM meta.vintage_definition WHERE vintage = $now) AS new \
               FULL JOIN (FROM meta.vintage_definition WHERE vintage = $before) AS old ON new.path = old.path \
               WHERE new.sha256 IS DISTINCT FROM old.sha256 ORDER BY changed";
    read(db, sql, pair, "meta.vintage_definition", |row| {
        let change = match (row[1] == Cell::Boolean(true), row[2] == Cell::Boolean(true)) {
            (true, _) => DefinitionChange::Added,
            (_, true) => DefinitionChange::Removed,
            _ => DefinitionChange::Changed,
        };
        Ok((row[0].shown(), change))
    })
}
