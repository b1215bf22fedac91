//! What the last lines of a run say, counted in the database: a run in which nothing changed reads no numbers.

use super::{checks, count, day, parsed, rows, text, vintage};
use crate::db::Db;
use crate::diagnostic::Problems;
use crate::model::id::SourceId;
use crate::model::intake::CheckResult;
use crate::model::progress::Status;
use crate::model::restated::Mark;
use crate::model::results::Vintage;

/// What came of a run, in numbers.
#[derive(Debug, Clone, PartialEq)]
pub struct Summary {
    /// The state of the data.
    pub vintage: Vintage,
    /// Sources of which files are known.
    pub arrived: Vec<SourceId>,
    /// All observations.
    pub observations: u64,
    /// The map that numbers were restated on, with how many bear each mark; none where nothing was restated.
    pub restated: Option<OnMap>,
    /// How many targets stand in which way on the body that each names; in the order of [`Status::ALL`], zeros left out.
    pub targets: Vec<(Status, u64)>,
    /// The rules about rows and what they found.
    pub checks: Vec<CheckResult>,
}

/// Counts it.
///
/// # Errors
/// The database's own, and words in its tables that are none of ours.
pub fn read_summary(db: &Db) -> Result<Summary, Problems> {
    let sources = "SELECT DISTINCT source_id FROM meta.file ORDER BY source_id";
    let arrived = rows(db, sources, "meta.file", |row| parsed(&row[0], "source_id"))?;
    Ok(Summary {
        vintage: vintage(db)?,
        arrived,
        observations: count(&db.value("SELECT count(*) FROM out.observation", &[])?),
        restated: restated(db)?,
        targets: targets(db)?,
        checks: checks(db)?,
    })
}

/// The day of a map, and how many numbers bear each mark there.
type OnMap = (chrono::NaiveDate, Vec<(Mark, u64)>);

fn restated(db: &Db) -> Result<Option<OnMap>, Problems> {
    let sql = "SELECT mark, count(*), min(map_on) FROM out.restated GROUP BY mark";
    let found = rows(db, sql, "out.restated", |row| {
        let map_on = day(&row[2]).ok_or("a row has no `map_on`")?;
        Ok((parsed::<Mark>(&row[0], "mark")?, count(&row[1]), map_on))
    })?;
    let Some(map_on) = found.iter().map(|(.., map_on)| *map_on).min() else { return Ok(None) };
    let marks = Mark::ALL.into_iter().filter_map(|(wanted, _)| {
        found.iter().find(|(mark, ..)| *mark == wanted).map(|(mark, n, _)| (*mark, *n))
    });
    Ok(Some((map_on, marks.collect())))
}

/// The status that decides, of each target on its own body.
fn targets(db: &Db) -> Result<Vec<(Status, u64)>, Problems> {
    if !db.has_view("ref.target")? {
        return Ok(vec![]);
    }
    let sql = "SELECT p.status, count(DISTINCT p.target_id) FROM out.target_progress AS p \
               JOIN ref.target AS t ON CAST(t.target_id AS VARCHAR) = p.target_id \
               AND CAST(t.org_id AS VARCHAR) IS NOT DISTINCT FROM p.org_id \
               WHERE p.decides GROUP BY p.status";
    let found = rows(db, sql, "out.target_progress", |row| {
        let word = text(&row[0]).ok_or("a row has no `status`")?;
        Ok((word.parse::<Status>().map_err(|error| error.to_string())?, count(&row[1])))
    })?;
    let statuses = Status::ALL
        .into_iter()
        .filter_map(|(wanted, _)| found.iter().find(|(status, _)| *status == wanted).copied());
    Ok(statuses.collect())
}
