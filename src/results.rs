//! Takes everything that reports and exports read out of the database, once, in a fixed order.

mod annex;
mod changes;
mod quality;
mod reconciled;
mod summary;
mod tiles;

use std::collections::BTreeMap;
use std::str::FromStr;
use std::sync::Arc;

use chrono::NaiveDate;

use crate::cores::both;
use crate::db::{Cell, Db};
use crate::diagnostic::{Diagnostic, Problems};
use crate::model::id::{OrgId, SourceId, TargetId};
use crate::model::index::{Amount, Given, IndexField, IndexResults, IndexScore, IndexSummary, IndexTree};
use crate::model::indicator::Indicator;
use crate::model::intake::{CheckColumn, CheckResult, FileRecord, FileState, Reject, Severity, SourceStatus};
use crate::model::measure::{Measure, Missing};
use crate::model::organisation::{Level, Organisation};
use crate::model::period::Period;
use crate::model::progress::{Chance, Extra, Holder, MethodValue, Milestone, Pace, Point, TargetProgress};
use crate::model::quality::Trust;
use crate::model::restated::Restated;
use crate::model::results::{Observation, Results, RevisedNumber, Revision, Vintage};
use crate::model::series::{mark_breaks, mark_parts};
use crate::model::source::SourceEntry;
use crate::model::target::{Comparator, Target};
use crate::model::text::Text;

pub use annex::read_annex;
pub use quality::owed;
pub use reconciled::RECONCILED;
pub use summary::{Summary, read_summary};

/// Reads the results, on two connections at once; `absent` names the sources that brought nothing, and why.
pub fn read_results(
    db: &Db,
    indicators: Vec<Indicator>,
    indices: Vec<IndexTree>,
    sources: &[SourceEntry],
    absent: &[(SourceId, String)],
) -> Result<Results, Problems> {
    let beside = db.beside(1)?.remove(0);
    let organisations = organisations(db)?;
    let ((restated, quality), observations) = both(
        move || (restated(&beside), quality::quality(&beside)),
        || observations(db, &indicators, &organisations),
    );
    Ok(Results {
        vintage: vintage(db)?,
        organisations,
        levels: levels(db)?,
        layouts: tiles::layouts(db)?,
        observations: observations?,
        restated: restated?,
        revisions: revisions(db)?,
        indices: indices.into_iter().map(|tree| index(db, tree)).collect::<Result<_, _>>()?,
        targets: targets(db)?,
        progress: target_progress(db)?,
        sources: source_states(db, sources, absent)?,
        rejects: rejects(db)?,
        checks: checks(db)?,
        quality: quality?,
        changes: changes::changes(db)?,
        reconciliation: reconciled::reconciliation(db)?,
        indicators,
    })
}

/// What the view `ref.organisation` must give.
pub const ORGANISATION: &str = "SELECT CAST(org_id AS VARCHAR), CAST(name_vi AS VARCHAR), CAST(name_en AS VARCHAR), \
     CAST(level AS VARCHAR), CAST(parent_id AS VARCHAR), CAST(valid_from AS DATE), CAST(valid_to AS DATE) \
     FROM ref.organisation ORDER BY CAST(position AS INTEGER) NULLS LAST, org_id";

/// What the view `ref.level` gives, where a project has it.
///
/// Columns that a project may leave out are null.
pub const LEVEL: &str = "SELECT CAST(level AS VARCHAR), CAST(name_vi AS VARCHAR), CAST(name_en AS VARCHAR), \
     CAST(addressee_vi AS VARCHAR), CAST(addressee_en AS VARCHAR) \
     FROM (FROM ref.level UNION ALL BY NAME \
        SELECT CAST(NULL AS VARCHAR) AS addressee_vi, CAST(NULL AS VARCHAR) AS addressee_en WHERE false) \
     ORDER BY CAST(position AS INTEGER) NULLS LAST, level";

/// What the view `ref.target` gives, where a project has it: by due day, then by law, the older first.
///
/// Columns that a project may leave out are null.
pub const TARGET: &str = "SELECT CAST(target_id AS VARCHAR), CAST(title_vi AS VARCHAR), CAST(title_en AS VARCHAR), \
     CAST(level AS VARCHAR), CAST(org_id AS VARCHAR), CAST(comparator AS VARCHAR), CAST(value AS DOUBLE), \
     CAST(unit AS VARCHAR), CAST(due_on AS DATE), CAST(legal_basis_vi AS VARCHAR), \
     CAST(legal_basis_en AS VARCHAR), CAST(evidence AS VARCHAR), CAST(source AS VARCHAR), \
     CAST(issued_on AS VARCHAR) AS issued \
     FROM (FROM ref.target UNION ALL BY NAME SELECT CAST(NULL AS VARCHAR) AS issued_on WHERE false) \
     ORDER BY due_on, issued NULLS LAST, legal_basis_vi, target_id";

/// What the view `ref.target_milestone` gives, where a project has it: values asked for on the way to a target.
pub const TARGET_MILESTONE: &str = "SELECT CAST(target_id AS VARCHAR), CAST(due_on AS DATE), CAST(value AS DOUBLE) \
     FROM ref.target_milestone ORDER BY target_id, due_on, value";

/// What the view `ref.organisation_name` gives, where a project has it.
pub const ORGANISATION_NAME: &str = "SELECT CAST(org_id AS VARCHAR), CAST(name_vi AS VARCHAR), CAST(name_en AS VARCHAR), \
     CAST(valid_from AS DATE), CAST(valid_to AS DATE) FROM ref.organisation_name";

/// What the view `ref.organisation_link` gives, where a project has it; `compute` looks into its rows.
pub const ORGANISATION_LINK: &str = "SELECT CAST(old_org_id AS VARCHAR), CAST(new_org_id AS VARCHAR), CAST(kind AS VARCHAR), \
     CAST(share AS DOUBLE), CAST(effective_on AS DATE), CAST(legal_basis AS VARCHAR) FROM ref.organisation_link";

/// The views of fixed shape: their names, what is read from them, and whether every project has them.
pub const FIXED_VIEWS: [(&str, &str, bool); 8] = [
    ("ref.organisation", ORGANISATION, true),
    ("ref.organisation_name", ORGANISATION_NAME, false),
    ("ref.level", LEVEL, false),
    ("ref.organisation_tile", tiles::ORGANISATION_TILE, false),
    ("ref.target", TARGET, false),
    ("ref.target_milestone", TARGET_MILESTONE, false),
    ("ref.organisation_link", ORGANISATION_LINK, false),
    ("fact.reconciled", RECONCILED, false),
];

/// Reads rows into values; every row that cannot be read is reported.
fn rows<T>(
    db: &Db,
    sql: &str,
    what: &str,
    row: impl Fn(&[Cell]) -> Result<T, String>,
) -> Result<Vec<T>, Problems> {
    read(db, sql, &[], what, row)
}

/// The same for a query with named values.
fn read<T>(
    db: &Db,
    sql: &str,
    params: &[(&str, Cell)],
    what: &str,
    read: impl Fn(&[Cell]) -> Result<T, String>,
) -> Result<Vec<T>, Problems> {
    let table = db.query(sql, params)?;
    let mut problems = Problems::default();
    let mut values = vec![];
    for row in &table.rows {
        let value = read(row).map_err(|reason| Diagnostic::error(format!("{what}: {reason}")));
        values.extend(problems.keep(value));
    }
    problems.or(values)
}

fn text(cell: &Cell) -> Option<String> {
    cell.text().filter(|text| !text.is_empty()).map(str::to_owned)
}

fn needed(cell: &Cell, name: &str) -> Result<String, String> {
    text(cell).ok_or(format!("a row has no `{name}`"))
}

fn parsed<T: FromStr<Err: ToString>>(cell: &Cell, name: &str) -> Result<T, String> {
    needed(cell, name)?.parse().map_err(|error: T::Err| error.to_string())
}

fn optional<T: FromStr<Err: ToString>>(cell: &Cell) -> Result<Option<T>, String> {
    text(cell).map(|text| text.parse().map_err(|error: T::Err| error.to_string())).transpose()
}

fn day(cell: &Cell) -> Option<NaiveDate> {
    cell.text().and_then(|text| text.parse().ok())
}

fn count(cell: &Cell) -> u64 {
    cell.count().unwrap_or(0)
}

/// A name in both languages, from whichever is there.
fn names(vi: &Cell, en: &Cell, what: &str) -> Result<Text, String> {
    match (text(vi), text(en)) {
        (Some(vi), Some(en)) => Ok(Text::both(vi, en)),
        (Some(name), None) | (None, Some(name)) => Ok(Text::both(name.clone(), name)),
        (None, None) => Err(format!("`{what}` has no name")),
    }
}

fn vintage(db: &Db) -> Result<Vintage, Problems> {
    let sql = "SELECT vintage, loaded_at FROM meta.vintage ORDER BY vintage DESC LIMIT 1";
    let vintages = rows(db, sql, "meta.vintage", |row| {
        Ok(Vintage { number: u32::try_from(count(&row[0])).unwrap_or(0), loaded_at: row[1].shown() })
    })?;
    Ok(vintages.into_iter().next().unwrap_or(Vintage { number: 0, loaded_at: String::new() }))
}

/// The organisations, in the order of display.
pub fn organisations(db: &Db) -> Result<Vec<Organisation>, Problems> {
    let organisations = rows(db, ORGANISATION, "ref.organisation", |row| {
        let id: OrgId = parsed(&row[0], "org_id")?;
        let name = names(&row[1], &row[2], id.as_str())?;
        let level = needed(&row[3], "level")?;
        let parent = text(&row[4]).map(|parent| parent.parse()).transpose();
        let parent = parent.map_err(|error: crate::model::id::IdError| error.to_string())?;
        Ok(Organisation { id, name, level, parent, valid_from: day(&row[5]), valid_to: day(&row[6]) })
    })?;
    unique("ref.organisation", organisations.iter().map(|organisation| organisation.id.as_str()))?;
    Ok(organisations)
}

fn unique<'a>(view: &str, ids: impl Iterator<Item = &'a str>) -> Result<(), Diagnostic> {
    let mut ids: Vec<&str> = ids.collect();
    ids.sort_unstable();
    match ids.windows(2).find(|pair| pair[0] == pair[1]) {
        Some(twice) => Err(Diagnostic::error(format!("`{view}` has `{}` twice", twice[0]))
            .hint("its ids must be unique: look at the joins of the view")),
        None => Ok(()),
    }
}

fn levels(db: &Db) -> Result<Vec<Level>, Problems> {
    if !db.has_view("ref.level")? {
        return Ok(vec![]);
    }
    rows(db, LEVEL, "ref.level", |row| {
        let id = needed(&row[0], "level")?;
        Ok(Level { name: names(&row[1], &row[2], &id)?, addressee: names(&row[3], &row[4], &id).ok(), id })
    })
}

/// The targets with their milestones, by due day, then by law.
pub fn targets(db: &Db) -> Result<Vec<Target>, Problems> {
    if !db.has_view("ref.target")? {
        return Ok(vec![]);
    }
    let mut targets = rows(db, TARGET, "ref.target", |row| {
        let id: crate::model::id::TargetId = parsed(&row[0], "target_id")?;
        let org = text(&row[4]).map(|org| org.parse()).transpose();
        let issued_on = text(&row[13]).map(|issued| issued.parse()).transpose();
        let target = Target {
            title: names(&row[1], &row[2], id.as_str())?,
            level: needed(&row[3], "level")?,
            org: org.map_err(|error: crate::model::id::IdError| error.to_string())?,
            comparator: parsed(&row[5], "comparator").map_err(|reason| format!("`{id}`: {reason}"))?,
            value: row[6].number().ok_or(format!("`{id}` has no value"))?,
            unit: row[7].shown(),
            due_on: day(&row[8]).ok_or(format!("`{id}` has no `due_on`"))?,
            legal_basis: names(&row[9], &row[10], id.as_str())?,
            issued_on: issued_on.map_err(|reason: String| format!("`{id}`, `issued_on`: {reason}"))?,
            evidence: row[11].shown(),
            source: row[12].shown(),
            milestones: vec![],
            id,
        };
        check_rank(&target)?;
        Ok(target)
    })?;
    unique("ref.target", targets.iter().map(|target| target.id.as_str()))?;
    for (target, milestone) in milestones(db)? {
        let known = targets.iter_mut().find(|known| known.id == target).ok_or_else(|| {
            Diagnostic::error(format!("`ref.target_milestone` names `{target}`, which is no target"))
        })?;
        known.milestones.push(milestone);
    }
    Ok(targets)
}

fn milestones(db: &Db) -> Result<Vec<(TargetId, Milestone)>, Problems> {
    if !db.has_view("ref.target_milestone")? {
        return Ok(vec![]);
    }
    rows(db, TARGET_MILESTONE, "ref.target_milestone", |row| {
        let target: TargetId = parsed(&row[0], "target_id")?;
        let due_on = day(&row[1]).ok_or(format!("`{target}` has a milestone without `due_on`"))?;
        let value = row[2].number().ok_or(format!("`{target}` has a milestone without a value"))?;
        Ok((target, Milestone { due_on, value }))
    })
}

/// A target for a place in a ranking is a whole number from 1 on, in the unit of ranks.
fn check_rank(target: &Target) -> Result<(), String> {
    let Target { id, comparator, value, unit, .. } = target;
    match comparator {
        Comparator::RankAtMost if unit != "rank" => {
            Err(format!("`{id}`: `{comparator}` compares ranks, but its unit is `{unit}`"))
        }
        Comparator::RankAtMost if *value < 1.0 || value.fract() != 0.0 => {
            Err(format!("`{id}`: {value} is not a rank"))
        }
        _ => Ok(()),
    }
}

fn observations(
    db: &Db,
    indicators: &[Indicator],
    organisations: &[Organisation],
) -> Result<Vec<Observation>, Problems> {
    let trusts = quality::trusts(db)?;
    let trust = |key: &Cell| trusts.get(&key.integer()?).cloned();
    let judged = "LEFT JOIN out.quality AS q USING (indicator, org_id, period, breakdown)";
    numbers(db, (indicators, organisations), (judged, quality::TRUST, &trust), "true")
}

/// The totals of some indicators, by indicator, organisation, period; how far they can be trusted is left out.
pub fn totals(
    db: &Db,
    indicators: &[Indicator],
    organisations: &[Organisation],
) -> Result<Vec<Observation>, Problems> {
    let names: Vec<String> = indicators.iter().map(|indicator| format!("'{}'", indicator.id)).collect();
    let are_asked = format!("breakdown = '' AND indicator IN ({})", names.join(", "));
    numbers(db, (indicators, organisations), ("", "NULL", &|_| None), &are_asked)
}

/// How numbers find how far they can be trusted: a table that is joined, what is selected from it, what that says.
type Trusted<'a> = (&'a str, &'a str, &'a dyn Fn(&Cell) -> Option<Arc<Trust>>);

/// Observations that a condition holds for, with the first after each break marked.
fn numbers(
    db: &Db,
    (indicators, organisations): (&[Indicator], &[Organisation]),
    (judged, key, trust): Trusted<'_>,
    condition: &str,
) -> Result<Vec<Observation>, Problems> {
    let sql = format!(
        "SELECT indicator, org_id, period, breakdown, o.numerator, o.denominator, o.value, o.missing, o.status, o.source, \
            o.formula, coalesce(h.vintage, o.vintage), {key} \
         FROM out.observation AS o \
         LEFT JOIN (FROM out.observation_history WHERE superseded_in IS NULL) AS h \
            USING (indicator, org_id, period, breakdown) {judged} \
         WHERE {condition} ORDER BY indicator, org_id, period, breakdown"
    );
    let stored = |row: &[Cell]| {
        let since = u32::try_from(count(&row[11])).unwrap_or(0);
        observation(row).map(|number| Observation { since, trust: trust(&row[12]), ..number })
    };
    let mut observations = rows(db, &sql, "out.observation", stored)?;
    observations.sort_by(in_order);
    for of_one in observations.chunk_by_mut(|a, b| a.indicator == b.indicator) {
        let id = of_one[0].indicator.clone();
        if let Some(indicator) = indicators.iter().find(|indicator| indicator.id == id) {
            mark_breaks(indicator, of_one);
            mark_parts(indicator, organisations, of_one);
        }
    }
    Ok(observations)
}

/// A number, from the columns that reported and restated ones share.
fn observation(row: &[Cell]) -> Result<Observation, String> {
    Ok(Observation {
        indicator: parsed(&row[0], "indicator")?,
        org: parsed(&row[1], "org_id")?,
        period: parsed(&row[2], "period")?,
        breakdown: row[3].shown(),
        numerator: row[4].number(),
        denominator: row[5].number(),
        measure: measure(&row[6], &row[7])?,
        status: row[8].shown(),
        formula: u32::try_from(count(&row[10])).unwrap_or(0),
        after_break: false,
        is_partial: false,
        source: text(&row[9]),
        since: 0,
        trust: None,
    })
}

fn in_order(a: &Observation, b: &Observation) -> std::cmp::Ordering {
    (&a.indicator, &a.org, a.period, &a.breakdown).cmp(&(&b.indicator, &b.org, b.period, &b.breakdown))
}

/// The numbers that are others on the map of a day, by indicator, organisation, period, breakdown.
pub fn restated(db: &Db) -> Result<Vec<Restated>, Problems> {
    let sql = "SELECT r.indicator, r.org_id, r.period, r.breakdown, r.numerator, r.denominator, r.value, r.missing, r.status, \
                   NULL AS source, r.formula, r.map_on, r.mark, r.parts, \
                   to_json(list({'org': p.part_org_id, 'share': p.share} ORDER BY p.part_org_id))::VARCHAR AS parts_json \
               FROM out.restated AS r \
               JOIN out.restated_part AS p ON p.org_id = r.org_id AND p.period = r.period AND p.at_end = r.at_end \
               GROUP BY ALL ORDER BY ALL";
    let mut restated = rows(db, sql, "out.restated", |row| {
        let whole = |cell: &Cell| cell.integer().and_then(|number| u32::try_from(number).ok());
        Ok(Restated {
            number: observation(row)?,
            map_on: day(&row[11]).ok_or("a row has no `map_on`")?,
            mark: parsed(&row[12], "mark")?,
            known: whole(&row[13]).unwrap_or(0),
            formula: whole(&row[10]),
            parts: serde_json::from_str(&row[14].shown()).map_err(|error| error.to_string())?,
        })
    })?;
    restated.sort_by(|a, b| in_order(&a.number, &b.number));
    Ok(restated)
}

/// How the targets stand, in the order in which they were written.
fn target_progress(db: &Db) -> Result<Vec<TargetProgress>, Problems> {
    let mut methods = by_row(rows(db, TARGET_METHOD, "out.target_method", method)?);
    let mut holders = by_row(rows(db, TARGET_HOLDER, "out.target_holder", holder)?);
    let mut progress = rows(db, TARGET_PROGRESS, "out.target_progress", one_progress)?;
    for (row, one) in (0..).zip(&mut progress) {
        one.methods = methods.remove(&row).unwrap_or_default();
        one.holders = holders.remove(&row).unwrap_or_default();
    }
    Ok(progress)
}

const TARGET_PROGRESS: &str = "SELECT target_id, org_id, indicator, status, decides, due_is_over, period, value, scale, \
     n_values, n_points, n_restated, baseline_period, baseline, start_period, start_value, path, way_done, \
     pace_seen, pace_needed, pace_times, arrives_on, extra_units, extra_per_period, \
     probability, expected, low, high, forecast_scale FROM out.target_progress ORDER BY row_no";

const TARGET_METHOD: &str =
    "SELECT row_no, method, value, projected, verdict FROM out.target_method ORDER BY row_no, position";

const TARGET_HOLDER: &str = "SELECT row_no, part_org_id, numerator, denominator, gap, by_rate, by_size, units \
     FROM out.target_holder ORDER BY row_no, position";

/// What belongs to each row, in its order.
fn by_row<T>(rows: Vec<(i64, T)>) -> BTreeMap<i64, Vec<T>> {
    let mut by_row: BTreeMap<i64, Vec<T>> = BTreeMap::new();
    for (row, one) in rows {
        by_row.entry(row).or_default().push(one);
    }
    by_row
}

fn method(row: &[Cell]) -> Result<(i64, MethodValue), String> {
    let value = MethodValue {
        method: parsed(&row[1], "method")?,
        value: row[2].number().ok_or("a method has no value")?,
        projected: row[3].number(),
        verdict: parsed(&row[4], "verdict")?,
    };
    Ok((row[0].integer().unwrap_or(0), value))
}

fn holder(row: &[Cell]) -> Result<(i64, Holder), String> {
    let number = |at: usize| row[at].number().ok_or("a body that holds a gap has no number");
    let holder = Holder {
        org: optional(&row[1])?,
        numerator: number(2)?,
        denominator: number(3)?,
        gap: number(4)?,
        by_rate: number(5)?,
        by_size: number(6)?,
        units: number(7)?,
    };
    Ok((row[0].integer().unwrap_or(0), holder))
}

fn one_progress(row: &[Cell]) -> Result<TargetProgress, String> {
    let whole = |at: usize| u32::try_from(count(&row[at])).unwrap_or(0);
    let point = |period: usize, value: usize| -> Result<Option<Point>, String> {
        let period: Option<Period> = optional(&row[period])?;
        Ok(period.zip(row[value].number()).map(|(period, value)| Point { period, value }))
    };
    let (baseline, start) = (point(12, 13)?, point(14, 15)?);
    let pace = baseline.zip(start).zip(row[16].number().zip(row[18].number()));
    let pace = pace.map(|((baseline, start), (path, seen))| Pace {
        baseline,
        start,
        path,
        way_done: row[17].number(),
        seen,
        needed: row[19].number(),
        times: row[20].number(),
        arrives_on: day(&row[21]),
    });
    let extra = row[22].number().map(|units| Extra { units, per_period: row[23].number() });
    let chance = match (row[24].number(), row[25].number(), row[26].number(), row[27].number()) {
        (Some(probability), Some(expected), Some(low), Some(high)) => {
            Some(Chance { probability, expected, low, high, scale: parsed(&row[28], "forecast_scale")? })
        }
        _ => None,
    };
    Ok(TargetProgress {
        target: parsed(&row[0], "target_id")?,
        org: optional(&row[1])?,
        indicator: optional(&row[2])?,
        status: parsed(&row[3], "status")?,
        decides: row[4] == Cell::Boolean(true),
        due_is_over: row[5] == Cell::Boolean(true),
        deciding: point(6, 7)?,
        scale: parsed(&row[8], "scale")?,
        values: whole(9),
        points: whole(10),
        restated: whole(11),
        pace,
        extra,
        chance,
        methods: vec![],
        holders: vec![],
    })
}

fn revisions(db: &Db) -> Result<Vec<Revision>, Problems> {
    let which = format!(
        "WHERE change <> 'added' \
         QUALIFY row_number() OVER (PARTITION BY indicator \
            ORDER BY vintage DESC, abs(difference) DESC NULLS LAST, org_id, period, breakdown) <= {} \
         ORDER BY indicator, vintage DESC, abs(difference) DESC NULLS LAST, org_id, period, breakdown",
        Results::REVISIONS_SHOWN
    );
    revisions_of(db, &which, &[])
}

/// The rows of `published.revision` that the end of a query chooses.
fn revisions_of(db: &Db, which: &str, params: &[(&str, Cell)]) -> Result<Vec<Revision>, Problems> {
    let sql = format!(
        "SELECT indicator, org_id, period, breakdown, vintage, change, previous_numerator, previous_denominator, \
            previous_value, previous_missing, numerator, denominator, value, missing, causes, cause_count \
         FROM published.revision {which}"
    );
    read(db, &sql, params, "published.revision", |row| {
        let number = |at: usize| -> Result<RevisedNumber, String> {
            Ok(RevisedNumber {
                numerator: row[at].number(),
                denominator: row[at + 1].number(),
                measure: measure(&row[at + 2], &row[at + 3])?,
            })
        };
        let causes = text(&row[14]).unwrap_or_default();
        Ok(Revision {
            indicator: parsed(&row[0], "indicator")?,
            org: parsed(&row[1], "org_id")?,
            period: parsed(&row[2], "period")?,
            breakdown: row[3].shown(),
            vintage: u32::try_from(count(&row[4])).unwrap_or(0),
            before: number(6)?,
            after: if row[5].text() == Some("withdrawn") { None } else { Some(number(10)?) },
            causes: causes.split(", ").filter(|cause| !cause.is_empty()).map(str::to_owned).collect(),
            all_causes: count(&row[15]),
        })
    })
}

/// What came of an index: how far it lies from what was published, where, and the body that is shown first.
fn index(db: &Db, tree: IndexTree) -> Result<IndexResults, Problems> {
    // A part that the one above takes as published is an approximation: how far it lies off says its summary.
    let apart = "s.given IS NULL AND NOT s.imputed AND (rank <> published_rank OR abs(value - published) > \
                 (SELECT e.tolerance * (1 + 1e-9) FROM meta.index_edition AS e \
                  WHERE e.index_id = s.index_id AND e.edition = s.edition))";
    let headline = match &tree.headline {
        Some(org) => index_scores(db, &tree, "org_id = $org", &[("org", org.as_str().into())])?,
        None => vec![],
    };
    Ok(IndexResults {
        scores: index_scores(db, &tree, "true", &[])?,
        summaries: index_summaries(db, &tree)?,
        apart: index_scores(db, &tree, apart, &[])?,
        headline,
        fields: index_fields(db, &tree)?,
        tree,
    })
}

/// What everybody was scored from, field by field.
fn index_fields(db: &Db, tree: &IndexTree) -> Result<Vec<IndexField>, Problems> {
    let sql = format!(
        "SELECT period, among, org_id, part, value, numerator, denominator, state, missing FROM out.index_input \
         WHERE index_id = '{}' ORDER BY period, among, org_id, part",
        tree.id
    );
    let inputs = rows(db, &sql, "out.index_input", |row| {
        let amount = match (row[4].number(), row[5].number(), row[6].number(), row[7].text()) {
            (Some(value), ..) => Amount::Value(value),
            (_, Some(numerator), Some(denominator), _) => Amount::Counts { numerator, denominator },
            (.., Some(state)) => Amount::State(state.to_owned()),
            _ => Amount::Missing(parsed(&row[8], "missing")?),
        };
        let org: OrgId = parsed(&row[2], "org_id")?;
        Ok((parsed::<Period>(&row[0], "period")?, row[1].shown(), org, row[3].shown(), amount))
    })?;
    let mut fields: Vec<IndexField> = vec![];
    for (period, among, org, part, amount) in inputs {
        if fields.last().is_none_or(|field| field.period != period || field.among != among) {
            fields.push(IndexField { period, among, bodies: vec![], given: vec![] });
        }
        let field = fields.last_mut().expect("one was pushed");
        if field.bodies.last() != Some(&org) {
            field.bodies.push(org);
        }
        field.given.push(Given { body: field.bodies.len() - 1, part, amount });
    }
    Ok(fields)
}

/// The scores of an index that a condition holds for, by period, part and body.
pub fn index_scores(
    db: &Db,
    tree: &IndexTree,
    condition: &str,
    params: &[(&str, Cell)],
) -> Result<Vec<IndexScore>, Problems> {
    let sql = format!(
        "SELECT period, org_id, part, s.given, value, missing, weight, rank, published, published_rank, s.imputed, scored, \
            s.edition, among, s.above \
         FROM out.index_score AS s JOIN meta.index_part AS p USING (index_id, part) \
         JOIN out.index_summary AS a USING (index_id, period, among, part) \
         WHERE index_id = '{}' AND {condition} ORDER BY period, among, p.position, org_id",
        tree.id
    );
    let place = |cell: &Cell| cell.count();
    read(db, &sql, params, "out.index_score", |row| {
        Ok(IndexScore {
            period: parsed(&row[0], "period")?,
            org: parsed(&row[1], "org_id")?,
            part: row[2].shown(),
            given: row[3].number(),
            value: row[4].number(),
            missing: text(&row[5]),
            weight: row[6].number(),
            rank: place(&row[7]),
            published: row[8].number(),
            published_rank: place(&row[9]),
            imputed: row[10] == Cell::Boolean(true),
            ranked_among: count(&row[11]),
            edition: row[12].shown(),
            among: row[13].shown(),
            above: text(&row[14]),
        })
    })
}

fn index_summaries(db: &Db, tree: &IndexTree) -> Result<Vec<IndexSummary>, Problems> {
    let sql = format!(
        "SELECT period, among, part, tolerance, scored, given > 0, imputed, compared, greatest, mean, correlation, beyond, ranked, \
            same_rank \
         FROM out.index_summary AS s JOIN meta.index_part AS p USING (index_id, part) \
         WHERE index_id = '{}' ORDER BY period, among, p.position",
        tree.id
    );
    rows(db, &sql, "out.index_summary", |row| {
        Ok(IndexSummary {
            period: parsed(&row[0], "period")?,
            among: row[1].shown(),
            part: row[2].shown(),
            tolerance: row[3].number(),
            scored: count(&row[4]),
            is_approximate: row[5] == Cell::Boolean(true),
            imputed: count(&row[6]),
            compared: count(&row[7]),
            greatest: row[8].number(),
            mean: row[9].number(),
            correlation: row[10].number(),
            beyond: count(&row[11]),
            ranked: count(&row[12]),
            same_rank: count(&row[13]),
        })
    })
}

/// A number, or why there is none.
fn measure(value: &Cell, missing: &Cell) -> Result<Measure, String> {
    Ok(match (value.number(), missing.text()) {
        (Some(value), _) => Measure::Value(value),
        (None, Some(reason)) => Measure::Missing(reason.parse::<Missing>()?),
        (None, None) => Measure::Missing(Missing::NotReported),
    })
}

fn source_states(
    db: &Db,
    sources: &[SourceEntry],
    absent: &[(SourceId, String)],
) -> Result<Vec<SourceStatus>, Problems> {
    let mut files = files(db)?;
    let mut states = vec![];
    for source in sources {
        let (mine, others) = files.into_iter().partition(|file: &FileRecord| file.source == source.id);
        files = others;
        states.push(SourceStatus {
            id: source.id.clone(),
            title: source.title.clone(),
            table: source.table.clone(),
            publisher: source.publisher.clone(),
            licence: source.licence.clone(),
            url: source.url.clone(),
            files: mine,
            problem: absent.iter().find(|(id, _)| *id == source.id).map(|(_, problem)| problem.clone()),
        });
    }
    Ok(states)
}

/// Files as they stand: of a slot whose newest file was refused, both that and the one still in use.
fn files(db: &Db) -> Result<Vec<FileRecord>, Problems> {
    let sql = "SELECT source_id, path, size, sha256, vintage, state, rows_read, rows_loaded, rows_rejected, message \
               FROM meta.file ORDER BY state = 'current' DESC, path, file_id DESC";
    rows(db, sql, "meta.file", |row| {
        let state = match row[5].text() {
            Some("current") => FileState::Current,
            Some("refused") => FileState::Refused,
            _ => FileState::Superseded,
        };
        let message = text(&row[9]).map(|message| readable(state, message));
        Ok(FileRecord {
            source: parsed(&row[0], "source_id")?,
            path: row[1].shown(),
            size: count(&row[2]),
            sha256: row[3].shown(),
            vintage: u32::try_from(count(&row[4])).unwrap_or(0),
            state,
            rows_read: count(&row[6]),
            rows_loaded: count(&row[7]),
            rows_rejected: count(&row[8]),
            message,
        })
    })
}

/// A refusal is kept with its hints; a reader of the report needs only its message.
fn readable(state: FileState, message: String) -> String {
    if state == FileState::Current {
        return message;
    }
    let parsed: Option<serde_json::Value> = serde_json::from_str(&message).ok();
    parsed.and_then(|parsed| parsed["message"].as_str().map(str::to_owned)).unwrap_or(message)
}

fn rejects(db: &Db) -> Result<Vec<Reject>, Problems> {
    let sql = format!(
        "SELECT path, row_no, column_name, value, rule FROM (\
            SELECT path, r.*, row_number() OVER (PARTITION BY file_id ORDER BY row_no, column_name) AS place \
            FROM meta.reject r JOIN meta.file USING (file_id) WHERE state = 'current') \
         WHERE place <= {} ORDER BY path, row_no, column_name",
        Results::REJECTS_SHOWN
    );
    rows(db, &sql, "meta.reject", |row| {
        Ok(Reject {
            path: row[0].shown(),
            row: count(&row[1]),
            column: row[2].shown(),
            value: row[3].shown(),
            rule: row[4].shown(),
        })
    })
}

/// The columns of a check; those that an earlier program stored are names alone.
fn check_columns(json: &str) -> Result<Vec<CheckColumn>, serde_json::Error> {
    let columns: Vec<serde_json::Value> = serde_json::from_str(json)?;
    let column = |value: serde_json::Value| match value.as_str() {
        Some(name) => Ok(CheckColumn::named(name)),
        None => serde_json::from_value(value),
    };
    columns.into_iter().map(column).collect()
}

fn checks(db: &Db) -> Result<Vec<CheckResult>, Problems> {
    let sql = "SELECT check_id, title_vi, title_en, severity, broken, columns, rows FROM meta.check_result ORDER BY check_id";
    let mut checks = rows(db, sql, "meta.check_result", |row| {
        let severity = if row[3].text() == Some("error") { Severity::Error } else { Severity::Warning };
        Ok(CheckResult {
            id: row[0].shown(),
            title: names(&row[1], &row[2], "a check")?,
            severity,
            broken: count(&row[4]),
            columns: check_columns(&row[5].shown()).map_err(|error| error.to_string())?,
            rows: serde_json::from_str(&row[6].shown()).map_err(|error| error.to_string())?,
        })
    })?;
    checks.sort_by(|a, b| (a.severity, &a.id).cmp(&(b.severity, &b.id)));
    Ok(checks)
}
