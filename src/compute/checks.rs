//! Rules about rows: `queries/checks/*.sql`, each a query that gives the rows that break it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde::Deserialize;

use crate::db::{Cell, Db, DbError, bare, literal};
use crate::diagnostic::{Diagnostic, Problems, Source};
use crate::model::id::{IndicatorId, TableName};
use crate::model::intake::{CheckColumn, Severity};
use crate::model::text::{Lang, Text};
use crate::project::{Project, yaml};

/// The folder of checks.
pub const CHECKS: &str = "queries/checks";

/// The headings of what checks give.
pub const COLUMNS: &str = "queries/checks/columns.yml";

/// How many of the rows that break a rule are kept for the report.
const ROWS_KEPT: usize = 200;

/// A rule about rows.
#[derive(Debug, Clone, PartialEq)]
pub struct Check {
    /// Stem of its file.
    pub id: String,
    /// The rule in words.
    pub title: Text,
    /// How grave it is to break it.
    pub severity: Severity,
    /// The share of the rows of one sender from which the rule counts as broken; its query then counts by sender.
    pub threshold: Option<f64>,
    /// Whether its rows are of a body and a period, whose numbers they mark.
    pub marks: bool,
    /// The indicators whose numbers it makes wrong; none named: all that rest on its tables.
    pub affects: Option<Vec<IndicatorId>>,
    /// The tables of facts, filled from files, that it rests on: while all of them are empty there is nothing to check. None:
    /// it is always asked.
    pub facts: BTreeSet<TableName>,
    /// The headings of what it gives, those of all checks.
    pub headings: Arc<Headings>,
    /// Its query.
    pub source: Source,
}

/// What stands over the columns that checks give: of a project that has a file of them, and then all.
#[derive(Debug, Default, PartialEq)]
pub struct Headings {
    /// The file; none: columns are called as in their queries.
    pub source: Option<Source>,
    columns: BTreeMap<String, HeadingFile>,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct HeadingFile {
    vi: String,
    en: String,
    #[serde(default)]
    number: bool,
}

impl Headings {
    fn read(project: &Project) -> Result<Headings, Problems> {
        if !project.has(COLUMNS) {
            return Ok(Headings::default());
        }
        let source = project.read(COLUMNS)?;
        Ok(Headings { columns: yaml(&source)?, source: Some(source) })
    }

    /// The columns of a query; `detail_vi` and `detail_en` are both headed as `detail`.
    fn of(&self, names: &[String]) -> Vec<CheckColumn> {
        let column = |name: &String| {
            let (stem, lang) = split(name, names);
            match self.columns.get(stem) {
                Some(HeadingFile { vi, en, number }) => {
                    CheckColumn { name: name.clone(), title: Text::both(vi, en), lang, number: *number }
                }
                None => CheckColumn { name: name.clone(), lang, ..CheckColumn::named(stem) },
            }
        };
        names.iter().map(column).collect()
    }

    /// The first column without a heading, where columns have them.
    fn lacking<'a>(&self, names: &'a [String]) -> Option<&'a str> {
        self.source.as_ref()?;
        names.iter().map(|name| split(name, names).0).find(|stem| !self.columns.contains_key(*stem))
    }
}

/// What a column is about, and its language where there is one like it in the other.
fn split<'a>(name: &'a str, names: &[String]) -> (&'a str, Option<Lang>) {
    let (vi, en) = (name.strip_suffix("_vi"), name.strip_suffix("_en"));
    let (stem, lang, other) = match (vi, en) {
        (Some(stem), _) => (stem, Lang::Vi, format!("{stem}_en")),
        (_, Some(stem)) => (stem, Lang::En, format!("{stem}_vi")),
        _ => return (name, None),
    };
    (stem, names.contains(&other).then_some(lang))
}

/// What the query of a rule with a threshold gives, beside columns of its own.
const COUNTED: [&str; 3] = ["org_id", "broken", "base"];

/// What the query of a rule gives whose rows mark numbers; `indicator` beside them says which of them a row marks.
const MARKING: [&str; 2] = ["org_id", "period"];

/// Reads the checks of the project; all problems at once.
pub fn read_checks(project: &Project) -> Result<Vec<Check>, Problems> {
    let mut problems = Problems::default();
    let headings = Arc::new(problems.keep(Headings::read(project)).unwrap_or_default());
    let mut checks = vec![];
    for path in project.list(CHECKS, ".sql")? {
        checks.extend(problems.keep(read_check(project, &path, &headings)));
    }
    problems.or(checks)
}

fn read_check(project: &Project, path: &str, headings: &Arc<Headings>) -> Result<Check, Diagnostic> {
    let source = project.read(path)?;
    let id = path.trim_start_matches("queries/checks/").trim_end_matches(".sql").to_owned();
    let title = header(&source, "title").ok_or_else(|| {
        Diagnostic::error("a check says its rule").in_file(path).hint("begin the file with `-- title: ...`")
    })?;
    let title = match header(&source, "title_vi") {
        Some(title_vi) => Text::both(title_vi, title),
        None => Text::both(title.clone(), title),
    };
    let severity = match header(&source, "severity").as_deref() {
        Some("error") | None => Severity::Error,
        Some("warning") => Severity::Warning,
        Some(other) => {
            let at = source.text.find(other).unwrap_or(0);
            let place = source.place(at..at + other.len(), "`error` or `warning`");
            return Err(Diagnostic::error(format!("unknown severity `{other}`")).at(place));
        }
    };
    let threshold = header(&source, "threshold").map(|text| share(&source, &text)).transpose()?;
    let marks = header(&source, "marks").map(|text| marks(&source, &text, threshold)).transpose()?;
    let affects = header(&source, "affects").map(|text| ids(&source, &text)).transpose()?;
    let (marks, facts) = (marks.is_some(), BTreeSet::new());
    Ok(Check { id, title, severity, threshold, marks, affects, facts, headings: headings.clone(), source })
}

/// Indicators separated by commas, or `none`.
fn ids(source: &Source, text: &str) -> Result<Vec<IndicatorId>, Diagnostic> {
    let id = |word: &str| {
        word.parse().map_err(|error: crate::model::id::IdError| {
            let at = source.text.find(word).unwrap_or(0);
            let place = source.place(at..at + word.len(), "ids of indicators, separated by commas");
            Diagnostic::error(error.to_string()).at(place)
        })
    };
    match text {
        "none" => Ok(vec![]),
        text => text.split(',').map(str::trim).map(id).collect(),
    }
}

/// Which numbers are marked: those of the body and the period of each row. A rule with a threshold marks those of its senders.
fn marks(source: &Source, text: &str, threshold: Option<f64>) -> Result<(), Diagnostic> {
    let wanted = MARKING.join(", ");
    let problem = match threshold {
        None if text == wanted => return Ok(()),
        None => Diagnostic::error(format!("a rule marks by `{wanted}`, not by `{text}`")),
        Some(_) => {
            Diagnostic::error("a rule with a threshold marks all numbers of the senders that are over it")
                .hint("leave `marks` away, or `threshold`")
        }
    };
    let at = source.text.find("-- marks:").unwrap_or(0) + "-- ".len();
    Err(problem.at(source.place(at..at + "marks".len(), format!("`-- marks: {wanted}`"))))
}

/// A share from 0 to 1.
fn share(source: &Source, text: &str) -> Result<f64, Diagnostic> {
    let share = text.parse().ok().filter(|share| (0.0..=1.0).contains(share));
    share.ok_or_else(|| {
        let at = source.text.find(text).unwrap_or(0);
        let place = source.place(at..at + text.len(), "a share from 0 to 1, such as `0.01`");
        Diagnostic::error(format!("`{text}` is not a threshold")).at(place)
    })
}

/// The text after `-- name:` in the comments at the top.
fn header(source: &Source, name: &str) -> Option<String> {
    let comments = source.text.lines().take_while(|line| line.starts_with("--"));
    let mut values = comments.filter_map(|line| {
        let (key, value) = line.trim_start_matches("--").split_once(':')?;
        (key.trim() == name)
            .then(|| value.split_once("  (").map_or(value, |(value, _)| value).trim().to_owned())
    });
    values.next()
}

/// Tries a check on the tables as they are.
pub fn try_check(db: &Db, check: &Check) -> Result<(), DbError> {
    db.expect_one_select(&check.source.text)?;
    let found = db.query(&check.source.text, &[])?;
    let lacking = |names: &[&'static str]| {
        names.iter().find(|name| !found.columns.iter().any(|column| column == *name)).copied()
    };
    let (counted, marking) = (lacking(&COUNTED), lacking(&MARKING));
    match (counted.filter(|_| check.threshold.is_some()), marking.filter(|_| check.marks)) {
        (Some(name), _) => Err(unfit(format!(
            "a rule with a threshold gives `org_id`, `broken` and `base`; `{name}` is not there"
        ))),
        (_, Some(name)) => Err(unfit(format!(
            "a rule that marks numbers gives `org_id` and `period`; `{name}` is not there"
        ))),
        (None, None) => match check.headings.lacking(&found.columns) {
            Some(column) => Err(unfit(format!("`{COLUMNS}` has no heading for `{column}`"))),
            None => Ok(()),
        },
    }
}

/// A query that runs and gives the wrong thing.
fn unfit(message: String) -> DbError {
    DbError { message, position: None, name: None, candidates: vec![] }
}

/// Runs all checks and keeps what they found in `meta.check_result`.
pub fn run_checks(db: &Db, checks: &[Check]) -> Result<(), Problems> {
    let mut problems = Problems::default();
    let mut rows = vec![];
    db.run("DELETE FROM meta.check_sender; DELETE FROM meta.check_row")?;
    for check in checks {
        rows.extend(problems.keep(run_check(db, check).map_err(|error| error.in_source(&check.source))));
    }
    problems.keep(db.transaction(|| -> Result<(), DbError> {
        db.run("DELETE FROM meta.check_result")?;
        db.append("meta", "check_result", rows)
    }));
    problems.or(())
}

/// Keeps what a rule with a threshold counts; gives the query of the senders that are over it.
fn counted(db: &Db, check: &Check, threshold: f64) -> Result<String, DbError> {
    let id = literal(&check.id);
    db.run(&format!(
        "INSERT INTO meta.check_sender SELECT {id}, org_id, broken, base, broken > {threshold} * base FROM (\n{}\n) \
         WHERE base > 0",
        bare(&check.source.text)
    ))?;
    Ok(format!(
        "SELECT org_id, broken, base FROM meta.check_sender WHERE check_id = {id} AND is_over ORDER BY broken DESC, org_id"
    ))
}

/// Keeps whose numbers a rule marks.
fn keep_marking(db: &Db, check: &Check, columns: &[String]) -> Result<(), DbError> {
    let names_indicator = columns.iter().any(|column| column == "indicator");
    db.run(&format!(
        "INSERT INTO meta.check_row SELECT DISTINCT {}, CAST(org_id AS VARCHAR), CAST(period AS VARCHAR), {} FROM (\n{}\n) \
         WHERE org_id IS NOT NULL AND period IS NOT NULL ORDER BY ALL",
        literal(&check.id),
        if names_indicator { "CAST(indicator AS VARCHAR)" } else { "NULL" },
        bare(&check.source.text)
    ))
}

/// Whether there is anything to ask the rule of: of one with a threshold, a sender with rows that it speaks of.
fn has_rows(db: &Db, check: &Check) -> Result<bool, DbError> {
    if check.threshold.is_some() {
        let sql = format!("SELECT EXISTS (FROM meta.check_sender WHERE check_id = {})", literal(&check.id));
        return Ok(db.value(&sql, &[])? == Cell::Boolean(true));
    }
    for table in &check.facts {
        if db.value(&format!("SELECT EXISTS (FROM {table})"), &[])? == Cell::Boolean(true) {
            return Ok(true);
        }
    }
    Ok(check.facts.is_empty())
}

fn run_check(db: &Db, check: &Check) -> Result<Vec<Cell>, DbError> {
    let sql = match check.threshold {
        Some(threshold) => counted(db, check, threshold)?,
        None => bare(&check.source.text).to_owned(),
    };
    let found = db.query(&format!("SELECT * FROM (\n{sql}\n) LIMIT {ROWS_KEPT}"), &[])?;
    // Most rules hold; how many rows break one is only asked where there may be more than are kept.
    let broken = if found.rows.len() < ROWS_KEPT {
        i64::try_from(found.rows.len()).map_or(Cell::Null, Cell::Integer)
    } else {
        db.value(&format!("SELECT count(*) FROM (\n{sql}\n)"), &[])?
    };
    if check.marks && !found.rows.is_empty() {
        keep_marking(db, check, &found.columns)?;
    }
    let rows: Vec<Vec<String>> = found.rows.iter().map(|row| row.iter().map(Cell::shown).collect()).collect();
    let severity = match check.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    };
    // With columns it would be said to hold.
    let is_idle = rows.is_empty() && !has_rows(db, check)?;
    let columns = if is_idle { vec![] } else { check.headings.of(&found.columns) };
    Ok(vec![
        check.id.as_str().into(),
        check.title.get(Lang::Vi).into(),
        check.title.get(Lang::En).into(),
        severity.into(),
        broken,
        serde_json::json!(columns).to_string().into(),
        serde_json::json!(rows).to_string().into(),
    ])
}
