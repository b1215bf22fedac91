//! Rows that were kept out, read again from the landing folder as they were sent.
//!
//! Takes the database and what landed; gives rows with their faults. Only columns of the contract that do not speak of
//! persons are read. Nothing is loaded, and what was judged is not judged anew.

use super::Cell;
use super::batch::Workshop;
use super::contract::{Column, Contract};
use super::lookup::lookup;
use super::relation::{self, Laid, Relation};
use super::sender::sender;
use super::sheet;
use super::table::{stored_name, torn_rows};
use crate::db::{Db, DbError, literal, quoted};
use crate::diagnostic::{Diagnostic, Problems};
use crate::model::id::OrgId;
use crate::model::quality::DeliveryRule;
use crate::model::rejected::{Fault, RejectedFile, RejectedRow};
use crate::model::source::{Format, Landed, SourceEntry};
use crate::project::Project;

/// How many rows of one file are given: whoever has more to correct has one fault many times.
pub const ROWS_GIVEN: usize = 10_000;

/// What reading again needs.
pub struct Archive<'a> {
    /// The project.
    pub project: &'a Project,
    /// Its contracts.
    pub contracts: &'a [Contract],
    /// Its sources.
    pub sources: &'a [SourceEntry],
    /// Which columns hold the senders.
    pub deliveries: &'a [DeliveryRule],
}

/// The files in use with rows that were kept out, and those that were refused; what cannot be read again is told beside them.
pub fn rejected_files(db: &Db, archive: &Archive) -> Result<(Vec<RejectedFile>, Vec<Diagnostic>), Problems> {
    let files = db.query(
        "SELECT file_id, source_id, slot, path, stored, size, sha256, state, message, stored_table FROM meta.file AS f \
         WHERE (state = 'current' AND rows_rejected > 0) OR (state = 'refused' AND file_id = \
            (SELECT max(file_id) FROM meta.file AS g WHERE g.source_id = f.source_id AND g.slot = f.slot)) \
         ORDER BY path",
        &[],
    )?;
    let (mut rejected, mut problems) = (vec![], vec![]);
    for file in &files.rows {
        let Some((source, contract)) = archive.home(file) else { continue };
        match file[7].text() {
            Some("refused") => rejected.push(refused(db, archive, file, contract)?),
            _ if file[9].text() == Some(stored_name(contract).as_str()) => {
                match read_again(db, archive, file, source, contract) {
                    Ok(read) => rejected.push(read),
                    Err(problem) => problems.push(problem),
                }
            }
            _ => {}
        }
    }
    Ok((rejected, problems))
}

impl Archive<'_> {
    fn home(&self, file: &[Cell]) -> Option<(&SourceEntry, &Contract)> {
        let source = self.sources.iter().find(|source| file[1].text() == Some(source.id.as_str()))?;
        Some((source, self.contracts.iter().find(|contract| contract.table == source.table)?))
    }

    /// The SQL that gives the sender of a stored row `s`, with its joins.
    fn sender_sql(&self, contract: &Contract) -> (String, String) {
        let named = self.deliveries.iter().find(|rule| rule.table == contract.table);
        let column = named.and_then(|rule| sender(contract, &rule.sender)).or(contract.organisations.first());
        match column {
            Some(column) => {
                let found = lookup(column);
                (found.org_id, found.joins)
            }
            None => ("NULL::VARCHAR".to_owned(), String::new()),
        }
    }
}

/// A file that could not be read: its sender is the one whose files came under the same name before.
fn refused(db: &Db, archive: &Archive, file: &[Cell], contract: &Contract) -> Result<RejectedFile, DbError> {
    let (org, joins) = archive.sender_sql(contract);
    let former = db.query(
        &format!(
            "SELECT DISTINCT {org} FROM {stored} AS s{joins} WHERE s.file_id IN (SELECT file_id FROM meta.delivery \
             WHERE source_id = $source AND slot = $slot) AND s.problem IS NULL LIMIT 2",
            stored = stored_name(contract)
        ),
        &[("source", file[1].clone()), ("slot", file[2].clone())],
    )?;
    let message: serde_json::Value = serde_json::from_str(&file[8].shown()).unwrap_or_default();
    Ok(RejectedFile {
        path: file[3].shown(),
        table: contract.table.clone(),
        sender: only(&former.rows),
        refusal: Some(message["message"].as_str().unwrap_or_default().to_owned()),
        headings: vec![],
        rows: vec![],
    })
}

/// The one organisation of a query, if it gives just one.
fn only(rows: &[Vec<Cell>]) -> Option<OrgId> {
    match rows {
        [row] => row[0].text()?.parse().ok(),
        _ => None,
    }
}

fn read_again(
    db: &Db,
    archive: &Archive,
    file: &[Cell],
    source: &SourceEntry,
    contract: &Contract,
) -> Result<RejectedFile, Diagnostic> {
    let landed = Landed {
        source: source.id.clone(),
        slot: file[2].shown(),
        path: file[3].shown(),
        stored: file[4].shown(),
        size: file[5].count().unwrap_or(0),
        sha256: file[6].shown(),
        landed_at: String::new(),
        stamp: String::new(),
        lines_are_plain: None,
    };
    let path = archive.project.landing().join(&landed.stored);
    if !path.is_file() {
        let problem = Diagnostic::warning(format!("`{}` is not in the landing folder any more", landed.path));
        return Err(problem
            .in_file(&landed.path)
            .hint("bring it back and load it; its rejects stay in `meta.reject`"));
    }
    let format = source.format_of(&landed.path).unwrap_or(Format::Csv);
    let workshop = Workshop::new(archive.project)?;
    let laid = Laid { path: &path, workshop: &workshop.0, is_plain: None };
    let relation = relation::relation(db, &landed, format, &source.constants, contract, laid)?;
    let shown: Vec<(&Column, String)> = shown_columns(contract, &relation, source);
    let failed = |error: DbError| relation::in_file(&landed, error);
    db.run("DROP TABLE IF EXISTS reject_errors; DROP TABLE IF EXISTS reject_scans").map_err(failed)?;
    let file_id = file[0].integer().unwrap_or(0);
    let names: Vec<&str> = shown.iter().map(|(column, _)| column.name.as_str()).collect();
    keep_rows(db, contract, &relation, &shown, file_id).map_err(failed)?;
    let rows = rows(db, archive, contract, &relation, (&names, file_id)).map_err(failed)?;
    let headings = shown.iter().map(|(column, _)| column.headings[0].clone()).collect();
    let sender = sender_of(db, archive, contract, file_id).map_err(failed)?;
    Ok(RejectedFile {
        path: landed.path,
        table: contract.table.clone(),
        sender,
        refusal: None,
        headings,
        rows,
    })
}

/// The columns that are shown, each with the SQL of its text: those that the file itself has, and no person's.
fn shown_columns<'a>(
    contract: &'a Contract,
    relation: &Relation,
    source: &SourceEntry,
) -> Vec<(&'a Column, String)> {
    let columns = contract.columns.iter().zip(&relation.cells);
    let is_shown =
        |column: &Column| column.personal.is_none() && !source.constants.contains_key(&column.name);
    columns
        .filter(|(column, _)| is_shown(column))
        .filter_map(|(column, cell)| match cell {
            relation::Cell::Text(sql) if relation.has_unworked => Some((column, without_mark(sql))),
            relation::Cell::Text(sql) => Some((column, sql.clone())),
            relation::Cell::Typed(sql, _) => Some((column, format!("CAST({sql} AS VARCHAR)"))),
            relation::Cell::Absent => None,
        })
        .collect()
}

/// A formula as it stands in the workbook.
fn without_mark(text: &str) -> String {
    format!("ltrim({text}, {})", literal(&sheet::UNWORKED.to_string()))
}

/// Reads the file once more and keeps the rows that have a fault, with their place among the rows that were stored.
fn keep_rows(
    db: &Db,
    contract: &Contract,
    relation: &Relation,
    shown: &[(&Column, String)],
    file_id: i64,
) -> Result<(), DbError> {
    let cells: Vec<String> =
        shown.iter().map(|(column, sql)| format!(", {sql} AS {}", quoted(&column.name))).collect();
    let stored = stored_name(contract);
    db.run(&format!(
        "CREATE OR REPLACE TEMP TABLE misfit AS SELECT rowid - (SELECT min(rowid) FROM {stored} WHERE file_id = {file_id}) AS place, \
            rowid AS row_id FROM {stored} WHERE file_id = {file_id} AND problem <> ''; \
         CREATE OR REPLACE TEMP TABLE sent_row AS SELECT r.* FROM \
            (SELECT row_number() OVER () - 1 AS \"#place\"{} FROM {}) AS r \
         WHERE \"#place\" IN (SELECT place FROM misfit)",
        cells.join(""),
        relation.from()
    ))?;
    db.run(&torn_rows(relation))
}

/// The rows with their faults and senders, by their number in the file.
fn rows(
    db: &Db,
    archive: &Archive,
    contract: &Contract,
    relation: &Relation,
    (names, file_id): (&[&str], i64),
) -> Result<Vec<RejectedRow>, DbError> {
    let (org, joins) = archive.sender_sql(contract);
    let cells: Vec<String> = names.iter().map(|name| format!(", left(r.{}, 32000)", quoted(name))).collect();
    let found = db.query(
        &format!(
            "WITH step AS (SELECT before, max(number) AS number FROM \
                (SELECT before, row_number() OVER (ORDER BY row_no) AS number FROM torn) GROUP BY before), \
             placed AS (SELECT {first_row} + place + coalesce(number, 0) AS row_no, place, row_id \
                FROM misfit ASOF LEFT JOIN step ON place >= before), \
             fault AS (SELECT row_no, to_json(list([column_name, value, rule] ORDER BY column_name, rule))::VARCHAR AS faults \
                FROM meta.reject WHERE file_id = {file_id} GROUP BY row_no), \
             whose AS (SELECT s.rowid AS row_id, {org} AS org_id FROM {stored} AS s{joins} WHERE s.file_id = {file_id} AND s.problem <> '') \
             SELECT f.row_no, f.faults, w.org_id, r.\"#place\"{cells} FROM fault AS f LEFT JOIN placed AS p ON p.row_no = f.row_no \
             LEFT JOIN sent_row AS r ON r.\"#place\" = p.place LEFT JOIN whose AS w ON w.row_id = p.row_id \
             ORDER BY f.row_no LIMIT {ROWS_GIVEN}",
            first_row = relation.first_row,
            stored = stored_name(contract),
            cells = cells.join(""),
        ),
        &[],
    )?;
    let row = |row: Vec<Cell>| {
        let faults: Vec<[String; 3]> = serde_json::from_str(&row[1].shown()).unwrap_or_default();
        let is_whole = row[3] != Cell::Null;
        RejectedRow {
            number: row[0].count().unwrap_or(0),
            sender: row[2].text().and_then(|org| org.parse().ok()),
            faults: faults.into_iter().map(|fault| named(fault, names)).collect(),
            cells: if is_whole { row[4..].iter().map(Cell::shown).collect() } else { vec![] },
        }
    };
    Ok(found.rows.into_iter().map(row).collect())
}

/// A fault with the columns that it is about; a key is of several.
fn named([column, value, rule]: [String; 3], names: &[&str]) -> Fault {
    let position = |name: &str| names.iter().position(|known| *known == name);
    Fault { columns: column.split(", ").filter_map(position).collect(), value, rule }
}

/// The only sender of a file.
fn sender_of(
    db: &Db,
    archive: &Archive,
    contract: &Contract,
    file_id: i64,
) -> Result<Option<OrgId>, DbError> {
    let (org, joins) = archive.sender_sql(contract);
    let found = db.query(
        &format!(
            "SELECT DISTINCT org_id FROM (SELECT {org} AS org_id FROM {} AS s{joins} WHERE s.file_id = {file_id}) \
             WHERE org_id IS NOT NULL LIMIT 2",
            stored_name(contract)
        ),
        &[],
    )?;
    Ok(only(&found.rows))
}
