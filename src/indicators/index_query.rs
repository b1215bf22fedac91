//! Queries of indices: the columns that they give, tried on tables that may be empty.

use super::IndexDefinition;
use crate::db::{Db, DbError, Table, bare};
use crate::diagnostic::{Diagnostic, Problems};

/// Columns that every query of an index gives.
const NEEDED: [&str; 3] = ["org_id", "period", "part"];

/// Columns that it may give, with their types; those left out are null.
const OPTIONAL: [(&str, &str); 8] = [
    ("value", "DOUBLE"),
    ("numerator", "DOUBLE"),
    ("denominator", "DOUBLE"),
    ("state", "VARCHAR"),
    ("missing", "VARCHAR"),
    ("published", "DOUBLE"),
    ("published_rank", "INTEGER"),
    ("among", "VARCHAR"),
];

/// What a query gives, in this order: the three columns that it needs, then the optional ones.
pub fn index_rows(db: &Db, definition: &IndexDefinition) -> Result<Table, DbError> {
    let mut columns: Vec<String> =
        NEEDED.iter().map(|name| format!("CAST({name} AS VARCHAR) AS {name}")).collect();
    columns.extend(OPTIONAL.iter().map(|(name, kind)| format!("CAST({name} AS {kind}) AS {name}")));
    let absent: Vec<String> =
        OPTIONAL.iter().map(|(name, kind)| format!("CAST(NULL AS {kind}) AS {name}")).collect();
    let sql = format!(
        "SELECT {} FROM (FROM (\n{}\n) UNION ALL BY NAME SELECT {} WHERE false) ORDER BY period, among, org_id, part",
        columns.join(", "),
        bare(&definition.tree.sql),
        absent.join(", ")
    );
    db.query(&sql, &[])
}

/// Tries every query of an index and looks at its columns.
pub fn check_index_queries(db: &Db, definitions: &[IndexDefinition]) -> Result<(), Problems> {
    let mut problems = Problems::default();
    for definition in definitions {
        problems.keep(check(db, definition));
    }
    problems.or(())
}

fn check(db: &Db, definition: &IndexDefinition) -> Result<(), Problems> {
    let query = &definition.query;
    db.expect_one_select(&definition.tree.sql).map_err(|error| error.in_source(query))?;
    let columns = db.query(&definition.tree.sql, &[]).map_err(|error| error.in_source(query))?.columns;
    let name = query.path.rsplit('/').next().unwrap_or_default();
    let given: Vec<String> = columns.iter().map(|column| format!("`{column}`")).collect();
    let problem =
        || Diagnostic::error(format!("query `{name}` gives {}", given.join(", "))).in_file(&query.path);
    let known: Vec<&str> = NEEDED.into_iter().chain(OPTIONAL.map(|(name, _)| name)).collect();
    let mut problems = Problems::default();
    if NEEDED.iter().any(|needed| !columns.iter().any(|column| column == needed)) {
        problems.push(problem().hint("the query of an index needs `org_id`, `period`, `part`"));
    }
    for column in columns.iter().filter(|column| !known.contains(&column.as_str())) {
        let problem =
            Diagnostic::error(format!("query `{name}` gives a column `{column}`")).in_file(&query.path);
        problems.push(problem.suggest(column, known.iter().copied()));
    }
    problems.or(())
}
