//! Codes and days into organisations.
//!
//! A code is not an identity: it may end, and it may pass to another body. The view `ref.organisation_code` of a
//! project says whose each code was on which days; tables with `organisations` in their contract look them up there.
//! A code that was nobody's on its day makes a reject, or a row that says so where the contract allows it.

use std::collections::BTreeSet;

use crate::db::{Cell, Db, DbError, literal, quoted};
use crate::diagnostic::{Diagnostic, count};
use crate::model::period::Period;

use super::contract::{Contract, Kind, OrganisationColumn, Unknown};
use super::lookup::{NO_DAY, day_of, lookup};
use super::name;
use super::table::{self, FIELD, Files};

/// What the view `ref.organisation_code` gives, where a project has it.
pub const ORGANISATION_CODE: &str = "SELECT CAST(code_system AS VARCHAR), CAST(code AS VARCHAR), \
     CAST(org_id AS VARCHAR), CAST(valid_from AS DATE), CAST(valid_to AS DATE) FROM ref.organisation_code";

/// Takes the codes of `ref.organisation_code` over; gives what is wrong with them.
///
/// A code that stands for two organisations on one day stands for none: whoever uses it learns so.
pub fn refresh(db: &Db, contracts: &[Contract]) -> Result<Vec<Diagnostic>, DbError> {
    if contracts.iter().all(|contract| contract.organisations.is_empty()) {
        return Ok(vec![]);
    }
    if !db.has_view("ref.organisation_code")? {
        // Those of a list that is gone are nobody's word any more.
        take_over(db, "")?;
        let problem = Diagnostic::error("the project has no `ref.organisation_code`");
        let hint = "write `queries/tables/ref.organisation_code.sql`; until then no code has an organisation";
        return Ok(vec![problem.hint(hint)]);
    }
    db.run(&format!(
        "CREATE OR REPLACE TEMP TABLE span AS SELECT DISTINCT code_system, {compared} AS code, org_id, \
            coalesce(valid_from, DATE '0001-01-01') AS first_on, coalesce(valid_to, DATE '9999-12-31') AS last_on \
         FROM ({ORGANISATION_CODE}) AS c (code_system, code, org_id, valid_from, valid_to) \
         WHERE code_system IS NOT NULL AND code IS NOT NULL AND org_id IS NOT NULL;
         CREATE OR REPLACE TEMP TABLE overlap AS \
            SELECT a.code_system, a.code, min(a.org_id) AS one, max(b.org_id) AS other, \
                min(greatest(a.first_on, b.first_on)) AS first_on \
            FROM span AS a JOIN span AS b ON a.code_system = b.code_system AND a.code = b.code \
                AND (a.org_id, a.first_on, a.last_on) < (b.org_id, b.first_on, b.last_on) \
                AND a.first_on <= b.last_on AND b.first_on <= a.last_on \
            GROUP BY a.code_system, a.code;
         DELETE FROM span WHERE (code_system, code) IN (SELECT (code_system, code) FROM overlap) OR first_on > last_on",
        compared = name::compared_by("code_system", "c.code"),
    ))?;
    take_over(db, "INSERT INTO meta.organisation_span FROM span ORDER BY ALL")?;
    let mut problems = overlaps(db)?;
    problems.extend(unknown_systems(db, contracts)?);
    db.run("DROP TABLE span; DROP TABLE overlap")?;
    Ok(problems)
}

fn overlaps(db: &Db) -> Result<Vec<Diagnostic>, DbError> {
    let found = db.query("SELECT * FROM overlap ORDER BY ALL", &[])?;
    let Some(first) = found.rows.first() else { return Ok(vec![]) };
    let shown: Vec<String> = first.iter().map(Cell::shown).collect();
    let problem = Diagnostic::error(format!(
        "{} of `ref.organisation_code` would stand for two organisations on one day",
        count(found.rows.len() as u64, "code")
    ))
    .hint(format!(
        "the first is `{}` of `{}`: `{}` and `{}` both have it on {}",
        shown[1], shown[0], shown[2], shown[3], shown[4]
    ))
    .hint("until their spans are apart, rows with these codes have no organisation");
    Ok(vec![problem.in_file("queries/tables/ref.organisation_code.sql")])
}

/// A contract that names a system without any code would make a reject of every row.
fn unknown_systems(db: &Db, contracts: &[Contract]) -> Result<Vec<Diagnostic>, DbError> {
    let known = db.query("SELECT DISTINCT code_system FROM span ORDER BY 1", &[])?;
    let known: Vec<String> = known.rows.iter().map(|row| row[0].shown()).collect();
    let mut problems = vec![];
    // Without any code the list itself has not come yet.
    for contract in contracts.iter().filter(|_| !known.is_empty()) {
        let systems = contract.organisations.iter().flat_map(|column| &column.systems);
        for system in systems.filter(|system| !known.contains(system)) {
            let problem =
                Diagnostic::error(format!("`ref.organisation_code` has no code of the system `{system}`"))
                    .in_file(format!("{}/{}.yml", super::TABLES, contract.table));
            problems.push(problem.suggest(system, known.iter().map(String::as_str)));
        }
    }
    Ok(problems)
}

/// A sum over all codes, as it was written down when they were taken over: if it moved, rows may have another
/// organisation, or none.
pub(super) fn digest(db: &Db) -> Result<String, DbError> {
    Ok(db
        .value("SELECT fingerprint FROM meta.done WHERE work = 'spans'", &[])?
        .text()
        .unwrap_or("")
        .to_owned())
}

/// Takes over codes from a statement, and writes down their sum.
fn take_over(db: &Db, sql: &str) -> Result<(), DbError> {
    db.transaction(|| {
        db.run(&format!("DELETE FROM meta.organisation_span; {sql}"))?;
        db.run(
            "INSERT OR REPLACE INTO meta.done SELECT 'spans', \
             coalesce(sha256(string_agg(concat_ws('|', code_system, code, org_id, first_on, last_on), ';' \
                ORDER BY code_system, code, first_on)), '') FROM meta.organisation_span",
        )
    })
}

/// Adds the periods of files to `meta.period`, also those of rows that are kept out, whose sender is read on them; marks the rows
/// whose text is none.
pub(super) fn judge_periods(db: &Db, contract: &Contract, files: Files) -> Result<(), DbError> {
    let stored = table::stored_name(contract);
    for column in contract.columns.iter().filter(|column| column.kind == Kind::Period) {
        let name = quoted(&column.name);
        let texts = db.query(
            &format!(
                "SELECT DISTINCT {name} FROM {stored} AS s WHERE {files} AND problem IS DISTINCT FROM '' \
                 AND {name} IS NOT NULL AND NOT EXISTS (SELECT 1 FROM meta.period AS p WHERE p.period = s.{name}) ORDER BY 1"
            ),
            &[],
        )?;
        let texts = texts.rows.iter().map(|row| row[0].shown());
        let (periods, others): (Vec<_>, Vec<_>) =
            texts.map(|text| (text.parse::<Period>(), text)).partition(|(period, _)| period.is_ok());
        let rows = periods.into_iter().filter_map(|(period, text)| {
            let period = period.ok()?;
            Some(vec![text.into(), period.start().to_string().into(), period.end().to_string().into()])
        });
        db.append("meta", "period", rows)?;
        if !others.is_empty() {
            db.run("CREATE OR REPLACE TEMP TABLE no_period (text VARCHAR)")?;
            let others: Vec<String> = others.into_iter().map(|(_, text)| text).collect();
            db.execute(
                "INSERT INTO no_period SELECT unnest(from_json($texts::JSON, '[\"VARCHAR\"]'))",
                &[("texts", serde_json::json!(others).to_string().into())],
            )?;
            db.run(&format!(
                "UPDATE {stored} SET problem = {head} || left({name}, 500) || {rule} \
                 WHERE {files} AND problem IS NULL AND {name} IN (SELECT text FROM no_period)",
                head = literal(&format!("{}{FIELD}", column.name)),
                rule = literal(&format!(
                    "{FIELD}not a period like 2026, 2026-H1, 2026-Q3, 2026-Q3-adm, 2026-09 or 2026-01-01/2026-09-17"
                )),
            ))?;
        }
    }
    Ok(())
}

/// Marks the rows whose code is nobody's on its day; gives notes on those that are kept all the same, by file.
pub(super) fn judge_codes(db: &Db, contract: &Contract, files: Files) -> Result<Vec<(u32, String)>, DbError> {
    let stored = table::stored_name(contract);
    let mut notes = vec![];
    for column in &contract.organisations {
        if !find_unresolved(db, contract, column, &format!("{files} AND s.problem IS NULL"))? {
            continue;
        }
        let code = quoted(&column.code);
        match column.unknown {
            Unknown::Flag => notes.extend(flagged(db, column)?),
            Unknown::Reject => {
                let (joins, day) = day_of(column);
                db.run(&format!(
                    "UPDATE {stored} AS t SET problem = {head} || left(u.code, 500) || {field} || u.rule \
                     FROM (SELECT s.rowid AS place, w.code, w.rule FROM {stored} AS s{joins} JOIN unresolved AS w \
                        ON w.file_id = s.file_id AND w.code = s.{code} AND w.day IS NOT DISTINCT FROM {day} \
                        WHERE s.{files} AND s.problem IS NULL) AS u WHERE t.rowid = u.place",
                    head = literal(&format!("{}{FIELD}", column.code)),
                    field = literal(FIELD),
                ))?;
            }
        }
    }
    Ok(notes)
}

/// Codes and days that are nobody's, as a temporary table `unresolved(file_id, code, day, rows, rule)`; whether there are any.
///
/// Names cost more than codes to look up: they are looked up only where something is left that is no code.
fn find_unresolved(
    db: &Db,
    contract: &Contract,
    column: &OrganisationColumn,
    rows: &str,
) -> Result<bool, DbError> {
    let is_any = || Ok(db.value("SELECT count(*) FROM unresolved", &[])? != Cell::Integer(0));
    let (codes, names) = name::split(column);
    db.run(&unresolved(contract, column, rows, &codes, None))?;
    if names.is_some() && is_any()? {
        db.run(&unresolved(contract, column, rows, &codes, names.as_deref()))?;
    }
    is_any()
}

/// The statement that finds them, by codes of some systems and names of others.
fn unresolved(
    contract: &Contract,
    column: &OrganisationColumn,
    rows: &str,
    codes: &str,
    names: Option<&str>,
) -> String {
    let (joins, day) = day_of(column);
    let shown: Vec<String> = column.systems.iter().map(|system| format!("`{system}`")).collect();
    let said = |text: &str| literal(text);
    // Names are known by what they write: each text that writes a known name is known on the days of that name.
    let named = names.map_or(String::new(), |names| {
        format!(
            " UNION ALL SELECT a.code, n.first_on, n.last_on FROM (SELECT DISTINCT code, {key} AS key FROM asked) AS a \
             JOIN meta.organisation_span AS n ON n.code = a.key AND n.code_system IN ({names})",
            key = name::key("code"),
        )
    });
    format!(
        "CREATE OR REPLACE TEMP TABLE unresolved AS \
         WITH asked AS (SELECT s.file_id, s.{code} AS code, {day} AS day, count(*) AS rows FROM {stored} AS s{joins} \
            WHERE {rows} AND s.{code} IS NOT NULL GROUP BY ALL), \
         known AS (SELECT code, first_on, last_on FROM meta.organisation_span WHERE code_system IN ({codes}){named}), \
         {nearest}\
         span AS (SELECT code, string_agg(CASE \
                WHEN first_on = DATE '0001-01-01' THEN 'until ' || last_on \
                WHEN last_on = DATE '9999-12-31' THEN 'from ' || first_on \
                ELSE 'from ' || first_on || ' to ' || last_on END, ', ' ORDER BY first_on) AS days \
            FROM known GROUP BY code) \
         SELECT file_id, asked.code, day, rows, CASE \
            WHEN span.code IS NULL THEN {nobody}{like} \
            WHEN day IS NULL THEN {no_day} \
            ELSE {not_then} || day || {valid} || days END AS rule \
         FROM asked LEFT JOIN span ON span.code = asked.code{near} \
         WHERE NOT EXISTS (SELECT 1 FROM known WHERE known.code = asked.code AND day BETWEEN first_on AND last_on)",
        code = quoted(&column.code),
        stored = table::stored_name(contract),
        named = named,
        nearest = names.map(name::nearest).unwrap_or_default(),
        like = if names.is_some() { LIKE } else { "" },
        near = if names.is_some() { " LEFT JOIN nearest ON nearest.code = asked.code" } else { "" },
        nobody = said(&format!("code of no organisation in {}", shown.join(" or "))),
        no_day = said(NO_DAY),
        not_then = said("code of no organisation on "),
        valid = said(&format!("; in {} it is valid ", shown.join(" or "))),
    )
}

/// What a name is like that is nobody's.
const LIKE: &str = " || coalesce('; like ' || nearest.names, '')";

/// What is to be said of the rows that are kept without an organisation, by file: the codes that most of them have.
fn flagged(db: &Db, column: &OrganisationColumn) -> Result<Vec<(u32, String)>, DbError> {
    let found = db.query(
        "WITH code AS (SELECT file_id, code, sum(rows)::BIGINT AS n_rows FROM unresolved GROUP BY file_id, code) \
         SELECT file_id, sum(n_rows)::BIGINT, count(*), \
            array_to_string(list('`' || code || '` (' || n_rows || ')' ORDER BY n_rows DESC, code)[:5], ', ') \
         FROM code GROUP BY file_id ORDER BY file_id",
        &[],
    )?;
    let note = |row: &Vec<Cell>| {
        let file_id = row[0].integer().and_then(|id| u32::try_from(id).ok())?;
        let number = |cell: &Cell| cell.count().unwrap_or(0);
        let more = if number(&row[2]) > 5 { ", ..." } else { "" };
        let said = format!(
            "{} without `{}`, because the code in `{}` is nobody's on its day: {}{more}",
            count(number(&row[1]), "row"),
            column.name,
            column.code,
            row[3].shown()
        );
        Some((file_id, said))
    };
    Ok(found.rows.iter().filter_map(note).collect())
}

/// The files in use that the codes of today would judge otherwise than they were judged when they were loaded.
pub(super) fn judged_otherwise(db: &Db, contract: &Contract) -> Result<BTreeSet<u32>, DbError> {
    let stored = table::stored_name(contract);
    let in_use = "s.file_id IN (SELECT file_id FROM meta.current_file)";
    let mut files = BTreeSet::new();
    for column in contract.organisations.iter().filter(|column| column.unknown == Unknown::Reject) {
        find_unresolved(db, contract, column, &format!("{in_use} AND s.problem IS NULL"))?;
        let found = lookup(column);
        let lost_or_won = db.query(
            &format!(
                "SELECT file_id FROM unresolved UNION \
                 SELECT s.file_id FROM {stored} AS s{} WHERE {in_use} AND starts_with(s.problem, {}) \
                 AND contains(s.problem, 'no organisation') AND {} IS NOT NULL",
                found.joins,
                literal(&format!("{}{FIELD}", column.code)),
                found.org_id
            ),
            &[],
        )?;
        let ids = lost_or_won.rows.iter().filter_map(|row| u32::try_from(row[0].integer()?).ok());
        files.extend(ids);
    }
    Ok(files)
}
