//! Rows of a form that were given more than once: of one key the row that was delivered last counts, the others are told.
//!
//! `again: replaces` in a contract says so. Its key holds across all files in use then, by body where a column of the key is
//! a code: `H44` and `Phú Thọ` are one. A copy of a form under another name, or a correction in another folder, is counted once.
//! `together` names columns of the key that the rows of one answer share, such as the question of which each row has one of the
//! answers: of these the rows of the last file count, and none of an earlier one stays because the later one left it out.

use super::contract::{Again, Contract};
use super::table;
use crate::db::{Cell, Db, DbError, quoted};
use crate::diagnostic::{Diagnostic, count};

/// Of the rows of a contract, as what may stand after `FROM`, those that count: a query.
pub(super) fn only_last(contract: &Contract, rows: &str) -> String {
    match contract.again {
        Again::Stays => format!("SELECT * FROM ({rows})"),
        Again::Replaces => format!(
            "SELECT * FROM ({rows}) QUALIFY row_number() OVER (PARTITION BY {} ORDER BY row_id DESC) = 1{}",
            key(contract),
            match answer(contract) {
                Some(answer) => format!(" AND file_id = max(file_id) OVER (PARTITION BY {answer})"),
                None => String::new(),
            }
        ),
    }
}

/// What the rows of one answer share, where an answer has several.
fn answer(contract: &Contract) -> Option<String> {
    (!contract.together.is_empty()).then(|| shared(contract, &contract.together))
}

/// What rows of one key share.
fn key(contract: &Contract) -> String {
    shared(contract, &contract.key)
}

/// These columns, codes as the bodies that they are of.
fn shared(contract: &Contract, columns: &[String]) -> String {
    let column = |name: &String| {
        let of_body = contract.organisations.iter().find(|organisation| organisation.code == *name);
        match of_body {
            Some(body) => format!("coalesce(CAST({} AS VARCHAR), {})", quoted(&body.name), quoted(name)),
            None => quoted(name),
        }
    };
    columns.iter().map(column).collect::<Vec<_>>().join(", ")
}

/// Writes down which rows of files in use gave way to later ones, of the tables in which a vintage changed a file.
pub(super) fn note(db: &Db, contracts: &[Contract], vintage: u32) -> Result<(), DbError> {
    let moved = "SELECT table_name FROM meta.delivery WHERE vintage = $vintage OR superseded_in = $vintage";
    let params = [("vintage", vintage.into())];
    db.execute(
        &format!(
            "DELETE FROM meta.repeated WHERE file_id IN \
             (SELECT file_id FROM meta.delivery WHERE table_name IN ({moved}))"
        ),
        &params,
    )?;
    let moved = db.query(&format!("SELECT DISTINCT table_name FROM ({moved})"), &params)?;
    let is_moved =
        |contract: &&Contract| moved.rows.iter().any(|row| row[0].text() == Some(contract.table.as_str()));
    let replacing = contracts.iter().filter(|contract| contract.again == Again::Replaces);
    for contract in replacing.filter(is_moved) {
        db.run(&format!(
            "INSERT INTO meta.repeated
             SELECT file_id, last_file_id, count(*)
             FROM (
                 SELECT file_id, row_id, max(file_id) OVER (PARTITION BY {answer}) AS last_file_id,
                     max(row_id) OVER (PARTITION BY {key}) AS last_row_id
                 FROM ({rows})
             )
             WHERE row_id < last_row_id OR file_id < last_file_id
             GROUP BY ALL
             ORDER BY ALL",
            rows = table::select(contract, table::IN_USE),
            answer = answer(contract).unwrap_or_else(|| key(contract)),
            key = key(contract),
        ))?;
    }
    Ok(())
}

/// What was given more than once, a warning for every two files.
pub(super) fn told(db: &Db) -> Result<Vec<Diagnostic>, DbError> {
    let found = db.query(
        "SELECT f.path, l.path, r.rows_given FROM meta.repeated AS r \
         JOIN meta.file AS f ON f.file_id = r.file_id JOIN meta.file AS l ON l.file_id = r.last_file_id \
         ORDER BY f.path, l.path",
        &[],
    )?;
    let warning = |row: &Vec<Cell>| {
        let (path, last) = (row[0].shown(), row[1].shown());
        let rows = count(row[2].count().unwrap_or(0), "row");
        let told = match path == last {
            true => format!("`{path}` gives {rows} again further down: the last of each counts"),
            false => format!("`{last}` gives {rows} of `{path}` again: those of `{last}` count"),
        };
        Diagnostic::warning(told).in_file(path).hint(
            "they speak of the same body, period and part; take the file away that is not meant, or send their sum once",
        )
    };
    Ok(found.rows.iter().map(warning).collect())
}
