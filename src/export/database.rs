//! A DuckDB file for others: the views in `published` as tables, with their descriptions.
//!
//! Takes the database, a folder to work in and where to write; leaves out what is for the senders of files alone. The rows
//! go by way of Parquet into a database of its own, which one thread writes: blocks that several threads write lie in the
//! order in which they happened to finish.

use std::path::Path;

use crate::db::{Db, DbError, Table, literal, quoted};

/// Views that show cells as they were sent; they are for whoever corrects them.
const INTERNAL: [&str; 1] = ["reject"];

/// Writes the tables into a new file at `target`; `folder` is empty before and full of copies after.
pub fn write_database(db: &Db, folder: &Path, target: &Path) -> Result<(), DbError> {
    let views = db.query(
        "SELECT view_name, comment FROM duckdb_views() \
         WHERE database_name = current_database() AND schema_name = 'published' ORDER BY view_name",
        &[],
    )?;
    let taken = Db::create(target)?;
    // Between the segments of packed columns lie bytes that nobody set.
    taken.run("SET force_compression = 'uncompressed'; CREATE SCHEMA published")?;
    for view in views.rows.iter().filter(|view| !INTERNAL.contains(&view[0].shown().as_str())) {
        let name = view[0].shown();
        let copy = literal(&folder.join(format!("{name}.parquet")).display().to_string());
        let published = format!("published.{}", quoted(&name));
        db.run(&format!("COPY (SELECT * FROM {published} ORDER BY ALL) TO {copy} (FORMAT parquet)"))?;
        taken.run(&format!("CREATE TABLE {published} AS SELECT * FROM read_parquet({copy})"))?;
        taken.run(&comments(&published, view[1].text(), &columns(db, &name)?))?;
    }
    taken.run("CHECKPOINT")
}

/// The columns of a view with their descriptions.
fn columns(db: &Db, name: &str) -> Result<Table, DbError> {
    db.query(
        "SELECT column_name, comment FROM duckdb_columns() \
         WHERE database_name = current_database() AND schema_name = 'published' AND table_name = $name \
         ORDER BY column_index",
        &[("name", name.into())],
    )
}

/// The statements that describe a table.
fn comments(table: &str, about: Option<&str>, columns: &Table) -> String {
    let mut comments = String::new();
    if let Some(about) = about {
        comments += &format!("COMMENT ON TABLE {table} IS {};", literal(about));
    }
    for column in &columns.rows {
        if let Some(about) = column[1].text() {
            let name = quoted(&column[0].shown());
            comments += &format!("COMMENT ON COLUMN {table}.{name} IS {};", literal(about));
        }
    }
    comments
}
