//! A DuckDB file for others: the views in `published` as tables, with their descriptions.
//!
//! Takes the database and where to write; leaves out what is for the senders of files alone. The file has nothing of the
//! project but these tables, and nobody waits for it: it is written beside and put in its place whole.

use crate::db::{Db, DbError, STORAGE_VERSION, literal, quoted};

/// Views that show cells as they were sent; they are for whoever corrects them.
const INTERNAL: [&str; 1] = ["reject"];

/// Writes the tables into a new file at `path`.
pub fn write_database(db: &Db, path: &str) -> Result<(), DbError> {
    db.run(&format!("ATTACH {} AS takeaway (STORAGE_VERSION {})", literal(path), literal(STORAGE_VERSION)))?;
    let written = write_tables(db);
    let closed = db.run("DETACH takeaway");
    written.and(closed)
}

fn write_tables(db: &Db) -> Result<(), DbError> {
    db.run("CREATE SCHEMA takeaway.published")?;
    let views = db.query(
        "SELECT view_name, comment FROM duckdb_views() \
         WHERE database_name = current_database() AND schema_name = 'published' ORDER BY view_name",
        &[],
    )?;
    for view in &views.rows {
        let name = view[0].shown();
        if !INTERNAL.contains(&name.as_str()) {
            write_table(db, &name, view[1].text())?;
        }
    }
    db.run("CHECKPOINT takeaway")
}

fn write_table(db: &Db, name: &str, about: Option<&str>) -> Result<(), DbError> {
    let table = format!("takeaway.published.{}", quoted(name));
    // In one order, so that the same rows give the same bytes.
    db.run(&format!("CREATE TABLE {table} AS SELECT * FROM published.{} ORDER BY ALL", quoted(name)))?;
    let columns = db.query(
        "SELECT column_name, comment FROM duckdb_columns() \
         WHERE database_name = current_database() AND schema_name = 'published' AND table_name = $name \
         ORDER BY column_index",
        &[("name", name.into())],
    )?;
    let mut comments = String::new();
    if let Some(about) = about {
        comments += &format!("COMMENT ON TABLE {table} IS {};", literal(about));
    }
    for column in &columns.rows {
        if let Some(about) = column[1].text() {
            comments +=
                &format!("COMMENT ON COLUMN {table}.{} IS {};", quoted(&column[0].shown()), literal(about));
        }
    }
    db.run(&comments)
}
