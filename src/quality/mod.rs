//! Senders and numbers judged: who sent in time, which numbers are unlike others, how far each can be trusted.
//!
//! Takes the database after indicators and checks, the rules of `quality.yml` and the day; fills `meta.sender_file`,
//! `meta.sender_period`, `out.outlier` and `out.quality`. All of it is counted in SQL over whole tables. Knows no files
//! and no clock, and changes no number.

mod definition;

use chrono::NaiveDate;

pub use definition::{QUALITY, read_quality};

use crate::db::{Cell, Db, DbError};
use crate::diagnostic::Diagnostic;
use crate::model::intake::Severity;
use crate::model::period::Period;
use crate::model::quality::{CheckScope, DeliveryRule, Due, QualityRules};
use crate::model::series::{Kind, kind};
use crate::model::text::Lang;

/// How many periods before the one asked for a report lists, as many as it computes.
const HISTORY: usize = 8;
/// No delivery is asked for further back than this: forty years of months.
const MOST_PERIODS: usize = 480;

/// Judges what was sent until `judged_on`, for the report of period `asked`; without rules nothing is judged. Gives what is
/// odd about the rules.
pub fn judge(
    db: &Db,
    rules: Option<&QualityRules>,
    checks: &[CheckScope],
    asked: &Period,
    judged_on: NaiveDate,
) -> Result<Vec<Diagnostic>, DbError> {
    db.transaction(|| {
        db.run(
            "DELETE FROM meta.delivery_rule; DELETE FROM meta.sender_file; DELETE FROM meta.sender_period; DELETE FROM out.outlier; DELETE FROM out.quality",
        )?;
        let Some(rules) = rules else { return Ok(vec![]) };
        db.append("meta", "delivery_rule", (0..).zip(&rules.deliveries).map(described))?;
        ask(db, &rules.deliveries, asked)?;
        days_of_vintages(db, rules.utc_offset)?;
        db.run(concat!("INSERT INTO meta.sender_file\n", include_str!("sender_file.sql")))?;
        db.execute(
            concat!("INSERT INTO meta.sender_period\n", include_str!("expected.sql")),
            &[("judged_on", judged_on.to_string().into())],
        )?;
        find_outliers(db, rules)?;
        mark(db, rules, checks)?;
        db.run(
            "DROP TABLE asked_delivery; DROP TABLE vintage_day; DROP TABLE series_kind; DROP TABLE rule; \
             DROP TABLE check_scope; DROP TABLE mark_rule",
        )?;
        remarks(db, &rules.deliveries)
    })
}

/// The bodies that something is not asked of, with commas between.
fn excepted(rule: &DeliveryRule) -> String {
    let ids: Vec<&str> = rule.except.iter().map(|org| org.as_str()).collect();
    ids.join(",")
}

/// A row of `meta.delivery_rule`.
fn described((position, rule): (u32, &DeliveryRule)) -> Vec<Cell> {
    let basis = |lang| rule.basis.as_ref().map(|basis| basis.get(lang)).map(Cell::from);
    vec![
        rule.id.as_str().into(),
        position.into(),
        rule.title.get(Lang::Vi).into(),
        rule.title.get(Lang::En).into(),
        rule.table.as_str().into(),
        basis(Lang::Vi).unwrap_or(Cell::Null),
        basis(Lang::En).unwrap_or(Cell::Null),
        excepted(rule).into(),
    ]
}

/// Whether something that was awaited when it was judged last is due now.
pub fn is_overdue(db: &Db, today: NaiveDate) -> Result<bool, DbError> {
    let overdue = db.value(
        "SELECT count(*) FROM meta.sender_period WHERE status = 'awaited' AND coalesce(due_on, last_on) < CAST($today AS DATE)",
        &[("today", today.to_string().into())],
    )?;
    Ok(overdue != Cell::Integer(0))
}

/// What is asked for, as a table: as far back as there are numbers of these tables, and at least as far as a report shows.
fn ask(db: &Db, rules: &[DeliveryRule], asked: &Period) -> Result<(), DbError> {
    db.run(
        "CREATE OR REPLACE TEMP TABLE asked_delivery (rule VARCHAR, table_name VARCHAR, period VARCHAR, first_on DATE, \
            last_on DATE, days INTEGER, working_days INTEGER, levels VARCHAR, excepted VARCHAR, is_shown BOOLEAN, due_on DATE)",
    )?;
    for rule in rules {
        let earliest = db.value(
            "SELECT min(p.first_on) FROM out.observation AS o JOIN meta.period AS p ON p.period = o.period \
             JOIN meta.indicator_input AS i ON i.indicator = o.indicator AND i.kind = 'table' AND i.name = $table",
            &[("table", rule.table.as_str().into())],
        )?;
        let earliest: Option<NaiveDate> = earliest.text().and_then(|day| day.parse().ok());
        let last = Period::last_ended(rule.each, rule.calendar, asked.end());
        let periods = std::iter::successors(last, Period::before).take(MOST_PERIODS).enumerate();
        let needed = periods.take_while(|(n, period)| {
            *n <= HISTORY || earliest.is_some_and(|earliest| period.end() >= earliest)
        });
        for (n, period) in needed.filter(|(_, period)| rule.since.is_none_or(|since| period.start() >= since))
        {
            ask_for(db, rule, &period, n <= HISTORY)?;
        }
    }
    db.run("UPDATE asked_delivery SET due_on = last_on + days WHERE days IS NOT NULL")?;
    // A day whose year is not known has no row: then nobody knows the due day, and nobody is late.
    if db.has_relation("ref.working_day")? {
        db.run(
            "UPDATE asked_delivery AS a SET due_on = due.day FROM ref.working_day AS ended, ref.working_day AS due \
             WHERE a.working_days IS NOT NULL AND ended.day = a.last_on \
                AND due.is_working AND due.ordinal = ended.ordinal + a.working_days",
        )?;
    }
    Ok(())
}

/// One row of what is asked for.
fn ask_for(db: &Db, rule: &DeliveryRule, period: &Period, is_shown: bool) -> Result<(), DbError> {
    let days = |n: u32| Cell::Integer(n.into());
    let (calendar_days, working_days) = match rule.due {
        Some(Due::Days(n)) => (days(n), Cell::Null),
        Some(Due::WorkingDays(n)) => (Cell::Null, days(n)),
        None => (Cell::Null, Cell::Null),
    };
    db.execute(
        "INSERT INTO asked_delivery SELECT $rule, $table, $period, $first::DATE, $last::DATE, $days::INTEGER, \
         $working_days::INTEGER, $levels, $except, $is_shown::BOOLEAN, NULL",
        &[
            ("rule", rule.id.as_str().into()),
            ("table", rule.table.as_str().into()),
            ("period", period.to_string().into()),
            ("first", period.start().to_string().into()),
            ("last", period.end().to_string().into()),
            ("days", calendar_days),
            ("working_days", working_days),
            ("levels", rule.levels.join(",").into()),
            ("except", excepted(rule).into()),
            ("is_shown", Cell::Boolean(is_shown)),
        ],
    )?;
    Ok(())
}

/// Rules that ask nobody, leave out somebody who is not there, or count days that nobody knows: a slip of the pen would
/// look like a nation without anybody late.
fn remarks(db: &Db, rules: &[DeliveryRule]) -> Result<Vec<Diagnostic>, DbError> {
    let known = db.query(
        "SELECT DISTINCT CAST(level AS VARCHAR) FROM ref.organisation WHERE level IS NOT NULL ORDER BY 1",
        &[],
    )?;
    let levels: Vec<String> = known.rows.iter().map(|row| row[0].shown()).collect();
    let has_working_days = db.has_relation("ref.working_day")?;
    let mut remarks = vec![];
    for rule in rules {
        let mut remark = |what: String, wrong: &str, known: &[String]| {
            let remark = Diagnostic::warning(format!("delivery `{}`: {what}", rule.id)).in_file(QUALITY);
            remarks.push(remark.suggest(wrong, known.iter().map(String::as_str)));
        };
        for level in rule.levels.iter().filter(|level| !levels.contains(level)) {
            remark(format!("no organisation is of the level `{level}`"), level, &levels);
        }
        for org in &rule.except {
            let is_there = db.value(
                "SELECT count(*) FROM ref.organisation WHERE CAST(org_id AS VARCHAR) = $org",
                &[("org", org.as_str().into())],
            )?;
            if is_there == Cell::Integer(0) {
                remark(format!("there is no organisation `{org}` to leave out"), org.as_str(), &[]);
            }
        }
        if matches!(rule.due, Some(Due::WorkingDays(_))) && !has_working_days {
            remark("the project has no `ref.working_day`, so that nothing is ever due".to_owned(), "", &[]);
        }
    }
    Ok(remarks)
}

/// The day of each vintage where the senders are.
fn days_of_vintages(db: &Db, utc_offset: i32) -> Result<(), DbError> {
    db.run(&format!(
        "CREATE OR REPLACE TEMP TABLE vintage_day AS \
         SELECT vintage, CAST(CAST(loaded_at AS TIMESTAMP) + to_minutes({utc_offset}) AS DATE) AS day FROM meta.vintage"
    ))
}

fn find_outliers(db: &Db, rules: &QualityRules) -> Result<(), DbError> {
    let rule = rules.outliers;
    db.run(&format!(
        "CREATE OR REPLACE TEMP TABLE rule AS SELECT {}::BIGINT AS points, {}::BIGINT AS peers, {:?}::DOUBLE AS limits, \
         {:?}::DOUBLE AS zero_from; \
         CREATE OR REPLACE TEMP TABLE series_kind (period VARCHAR, kind VARCHAR, last_on DATE)",
        rule.points, rule.peers, rule.limit, rule.zero_from
    ))?;
    let periods = db.query("SELECT DISTINCT period FROM out.observation ORDER BY period", &[])?;
    for row in &periods.rows {
        let Some(period) = row[0].text().and_then(|text| text.parse::<Period>().ok()) else { continue };
        let of_series = match kind(period) {
            Kind::From(_) => Cell::Null,
            kind => format!("{kind:?}").into(),
        };
        db.execute(
            "INSERT INTO series_kind SELECT $period, $kind, $last::DATE",
            &[("period", row[0].clone()), ("kind", of_series), ("last", period.end().to_string().into())],
        )?;
    }
    let sql = include_str!("outlier.sql").replace("{history}", &rule.history.to_string());
    db.run(&format!("INSERT INTO out.outlier\n{sql}"))
}

fn mark(db: &Db, rules: &QualityRules, checks: &[CheckScope]) -> Result<(), DbError> {
    let rule = rules.marks;
    db.run(&format!(
        "CREATE OR REPLACE TEMP TABLE mark_rule AS SELECT {:?}::DOUBLE AS complete_c, {:?}::DOUBLE AS rejected_b, \
         {:?}::DOUBLE AS rejected_c; \
         CREATE OR REPLACE TEMP TABLE check_scope (check_id VARCHAR, severity VARCHAR, threshold DOUBLE, indicator VARCHAR)",
        rule.complete_c, rule.rejected_b, rule.rejected_c
    ))?;
    for check in checks {
        let severity = if check.severity == Severity::Error { "error" } else { "warning" };
        for indicator in &check.indicators {
            db.execute(
                "INSERT INTO check_scope VALUES ($check, $severity, $threshold, $indicator)",
                &[
                    ("check", check.id.as_str().into()),
                    ("severity", severity.into()),
                    ("threshold", check.threshold.map_or(Cell::Null, Cell::Number)),
                    ("indicator", indicator.as_str().into()),
                ],
            )?;
        }
    }
    db.run(concat!("INSERT INTO out.quality\n", include_str!("mark.sql")))
}
