//! The one room that knows DuckDB: connections, statements, values, and its errors in our words.

mod function;

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Instant;

use duckdb::types::{TimeUnit, ToSql, ToSqlOutput, Value, ValueRef};
use duckdb::{Config, Connection, Error};
use polars::prelude::{Column, DataFrame, IntoColumn, NamedFrom, PlSmallStr, Series};

use crate::diagnostic::{Diagnostic, Place, Source};

pub use function::{Moment, TakesLines, Test, Whole, Written, line_of};

/// The storage version of the files that are written: any DuckDB from 1.0 on opens them.
pub const STORAGE_VERSION: &str = "v1.0.0";

/// A value that goes into or comes out of a statement.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// Nothing.
    Null,
    /// Yes or no.
    Boolean(bool),
    /// A whole number.
    Integer(i64),
    /// A number.
    Number(f64),
    /// A text; also dates and moments, as ISO text.
    Text(String),
}

impl Cell {
    /// The whole number, if it is one.
    pub fn integer(&self) -> Option<i64> {
        match self {
            Cell::Integer(value) => Some(*value),
            _ => None,
        }
    }

    /// The whole number, if it is one that things can be counted by.
    pub fn count(&self) -> Option<u64> {
        self.integer().and_then(|number| u64::try_from(number).ok())
    }

    /// The number, if it is one.
    pub fn number(&self) -> Option<f64> {
        match self {
            Cell::Integer(value) => Some(*value as f64),
            Cell::Number(value) => Some(*value),
            _ => None,
        }
    }

    /// The text, if it is one.
    pub fn text(&self) -> Option<&str> {
        match self {
            Cell::Text(value) => Some(value),
            _ => None,
        }
    }

    /// The value as a person would write it; nothing is an empty text.
    pub fn shown(&self) -> String {
        match self {
            Cell::Null => String::new(),
            Cell::Boolean(value) => value.to_string(),
            Cell::Integer(value) => value.to_string(),
            Cell::Number(value) => value.to_string(),
            Cell::Text(value) => value.clone(),
        }
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Cell::Text(text.to_owned())
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Cell::Text(text)
    }
}

impl From<u64> for Cell {
    fn from(number: u64) -> Self {
        Cell::Integer(i64::try_from(number).unwrap_or(i64::MAX))
    }
}

impl From<u32> for Cell {
    fn from(number: u32) -> Self {
        Cell::Integer(number.into())
    }
}

impl<T: Into<Cell>> From<Option<T>> for Cell {
    fn from(value: Option<T>) -> Self {
        value.map_or(Cell::Null, Into::into)
    }
}

impl ToSql for Cell {
    fn to_sql(&self) -> duckdb::Result<ToSqlOutput<'_>> {
        Ok(match self {
            Cell::Null => ToSqlOutput::Owned(Value::Null),
            Cell::Boolean(value) => ToSqlOutput::Owned(Value::Boolean(*value)),
            Cell::Integer(value) => ToSqlOutput::Owned(Value::BigInt(*value)),
            Cell::Number(value) => ToSqlOutput::Owned(Value::Double(*value)),
            Cell::Text(value) => ToSqlOutput::Borrowed(ValueRef::Text(value.as_bytes())),
        })
    }
}

/// Rows with the names of their columns.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    /// Names of the columns.
    pub columns: Vec<String>,
    /// One `Vec` for each row, as long as `columns`.
    pub rows: Vec<Vec<Cell>>,
}

/// Named values for a statement, without the `$`.
pub type Params<'a> = &'a [(&'a str, Cell)];

/// What DuckDB refused, in parts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DbError {
    /// Its message without the parts below.
    pub message: String,
    /// Byte of the statement that it points at.
    pub position: Option<usize>,
    /// The name it could not find.
    pub name: Option<String>,
    /// Names that it knows.
    pub candidates: Vec<String>,
}

impl DbError {
    /// The same of a statement of which the first bytes, so many, are not of its source.
    pub fn after(self, head: usize) -> DbError {
        DbError { position: self.position.and_then(|position| position.checked_sub(head)), ..self }
    }

    /// A diagnostic placed in the SQL file that the statement came from.
    pub fn in_source(&self, source: &Source) -> Diagnostic {
        let range = match self.position {
            Some(position) => source.token_at(position),
            None => first_statement(source),
        };
        self.diagnostic().at(source.place(range, ""))
    }

    /// A diagnostic without a place.
    pub fn diagnostic(&self) -> Diagnostic {
        let diagnostic = Diagnostic::error(self.message.clone());
        match (&self.name, self.candidates.as_slice()) {
            (Some(name), [_, ..]) => {
                let names = self.candidates.iter().map(|c| c.rsplit('.').next().unwrap_or(c));
                diagnostic.suggest(name, names)
            }
            _ => diagnostic,
        }
    }
}

fn cannot_open(path: &str, error: &DbError) -> Diagnostic {
    let is_held = error.message.contains("Conflicting lock") || error.message.contains("lock on file");
    if is_held {
        return Diagnostic::error("another program has the database open")
            .in_file(path)
            .hint("wait until it is done, or close it");
    }
    error.diagnostic().in_file(path)
}

/// The first line that is neither empty nor a comment.
fn first_statement(source: &Source) -> std::ops::Range<usize> {
    let mut start = 0;
    for line in source.text.split_inclusive('\n') {
        if !line.trim().is_empty() && !line.trim_start().starts_with("--") {
            return start..start + line.trim_end().len();
        }
        start += line.len();
    }
    0..0
}

impl From<DbError> for Diagnostic {
    fn from(error: DbError) -> Self {
        error.diagnostic()
    }
}

impl From<DbError> for crate::diagnostic::Problems {
    fn from(error: DbError) -> Self {
        error.diagnostic().into()
    }
}

impl From<Error> for DbError {
    fn from(error: Error) -> Self {
        let text = match error {
            Error::DuckDBFailure(_, Some(text)) => text,
            other => other.to_string(),
        };
        parse_error(&text)
    }
}

/// DuckDB is set to give `Kind Error: {json}`; anything else is taken as it is.
fn parse_error(text: &str) -> DbError {
    let json = text.find('{').and_then(|at| serde_json::from_str::<serde_json::Value>(&text[at..]).ok());
    let Some(json) = json else {
        return DbError { message: lower_first(text), position: None, name: None, candidates: vec![] };
    };
    let field = |name: &str| json.get(name).and_then(|value| value.as_str());
    let message = field("exception_message").unwrap_or(text);
    DbError {
        message: reworded(message, field("error_subtype"), field("name")),
        position: field("position").and_then(|position| position.parse().ok()),
        name: field("name").map(str::to_owned),
        candidates: field("candidates")
            .map(|list| list.split(',').map(|name| name.trim().to_owned()).collect())
            .unwrap_or_default(),
    }
}

fn reworded(message: &str, subtype: Option<&str>, name: Option<&str>) -> String {
    match (subtype, name) {
        (Some("COLUMN_NOT_FOUND"), Some(name)) => format!("no column `{name}`"),
        (Some("MISSING_ENTRY"), Some(name)) => format!("no table or function `{name}`"),
        _ => lower_first(message.lines().next().unwrap_or(message).trim_end_matches(['!', '.'])),
    }
}

fn lower_first(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(|c| c.to_lowercase().to_string()).unwrap_or_default();
    first + letters.as_str()
}

/// A database: a file of the project, or memory for checks and tests.
pub struct Db {
    connection: Connection,
    /// The functions that it was taught, also by connections beside this one: to ask DuckDB takes 50 milliseconds a name.
    taught: Arc<Mutex<BTreeSet<String>>>,
}

impl Db {
    /// Opens or makes the database file.
    pub fn open(path: &Path) -> Result<Self, Diagnostic> {
        Db::open_within(path, None)
    }

    /// The same; DuckDB takes so much memory at most, such as `4GB`, and uses the disk beyond that.
    pub fn open_within(path: &Path, memory: Option<&str>) -> Result<Self, Diagnostic> {
        if let Some(folder) = path.parent() {
            crate::project::make_folder(folder)?;
        }
        let config = config().and_then(|config| match memory {
            Some(memory) => config.max_memory(memory),
            None => Ok(config),
        });
        let connection = config.and_then(|config| Connection::open_with_flags(path, config));
        Db::ready(connection).map_err(|error| cannot_open(&path.display().to_string(), &error))
    }

    /// A new database file by one thread: the same statements give the same bytes.
    pub fn create(path: &Path) -> Result<Self, DbError> {
        let config = config().and_then(|config| config.threads(1));
        Db::ready(config.and_then(|config| Connection::open_with_flags(path, config)))
    }

    /// An empty database in memory.
    pub fn in_memory() -> Result<Self, DbError> {
        Db::ready(config().and_then(Connection::open_in_memory_with_flags))
    }

    fn ready(connection: duckdb::Result<Connection>) -> Result<Self, DbError> {
        let db = Db { connection: connection?, taught: Arc::default() };
        // For the connections beside it as well, which come when settings are locked.
        db.run("SET GLOBAL errors_as_json = true")?;
        Ok(db)
    }

    /// So many more connections to the same database, for work at once. A name means there what it means here.
    pub fn beside(&self, count: usize) -> Result<Vec<Db>, DbError> {
        let here = |db: &Db| -> Result<String, DbError> {
            let place = db.query("SELECT current_database(), current_schema()", &[])?;
            let names: Vec<String> = place.rows.iter().flatten().map(|name| quoted(&name.shown())).collect();
            Ok(names.join("."))
        };
        let place = here(self)?;
        let connect = || -> Result<Db, DbError> {
            let db = Db { connection: self.connection.try_clone()?, taught: Arc::clone(&self.taught) };
            if here(&db)? != place {
                db.run(&format!("USE {place}"))?;
            }
            Ok(db)
        };
        (0..count).map(|_| connect()).collect()
    }

    /// Opens the database file beside this one, as `name`, to read only.
    pub fn attach(&self, path: &Path, name: &str) -> Result<(), Diagnostic> {
        let path = path.display().to_string();
        self.run(&format!("ATTACH {} AS {} (READ_ONLY)", literal(&path), quoted(name)))
            .map_err(|error| cannot_open(&path, &error))
    }

    /// From here on no statement may read or write files other than the database.
    pub fn lock_down(&self) -> Result<(), DbError> {
        self.run("SET enable_external_access = false; SET lock_configuration = true")
    }

    /// From here on nothing is moved within tables when they are written down: to put half-filled groups of rows together, as
    /// DuckDB else does, takes longer than it saves. Deleted rows stay until the table is written anew.
    pub fn leave_groups(&self) -> Result<(), DbError> {
        self.run("SET max_vacuum_tasks = 0")
    }

    /// How many rows a table holds, with those that were deleted and are still in it.
    pub fn rows_held(&self, name: &str) -> Result<u64, DbError> {
        let held = self.of_relation(
            name,
            "SELECT estimated_size FROM duckdb_tables() \
             WHERE database_name = current_database() AND schema_name = $schema AND table_name = $name",
        )?;
        Ok(held.count().unwrap_or(0))
    }

    /// Runs statements without results.
    pub fn run(&self, sql: &str) -> Result<(), DbError> {
        let _watch = StopWatch::of(sql);
        Ok(self.connection.execute_batch(sql)?)
    }

    /// Runs one statement with named values; gives the number of changed rows.
    pub fn execute(&self, sql: &str, params: Params) -> Result<u64, DbError> {
        let _watch = StopWatch::of(sql);
        let changed = self.connection.prepare(sql)?.execute(&*bindings(params))?;
        Ok(changed as u64)
    }

    /// Does all of `work` or none of it.
    pub fn transaction<T, E: From<DbError>>(&self, work: impl FnOnce() -> Result<T, E>) -> Result<T, E> {
        self.run("BEGIN TRANSACTION")?;
        match work() {
            Ok(value) => {
                self.run("COMMIT")?;
                Ok(value)
            }
            Err(error) => {
                // The first error is the one to report; a failed rollback would only repeat it.
                let _ = self.run("ROLLBACK");
                Err(error)
            }
        }
    }

    /// The names of the parameters of a statement, without the `$`.
    pub fn parameters(&self, sql: &str) -> Result<Vec<String>, DbError> {
        let statement = self.connection.prepare(sql)?;
        (1..=statement.parameter_count()).map(|i| Ok(statement.parameter_name(i)?)).collect()
    }

    /// An error unless `sql` is exactly one `SELECT`, whatever its tables.
    pub fn expect_one_select(&self, sql: &str) -> Result<(), DbError> {
        let parsed =
            self.query("SELECT json_serialize_sql($sql::VARCHAR)::VARCHAR", &[("sql", sql.into())])?;
        let parsed = parsed.rows[0][0].text().unwrap_or_default();
        let parsed: serde_json::Value = serde_json::from_str(parsed).unwrap_or_default();
        if parsed["error"].as_bool() == Some(true) {
            let text = |field: &str| parsed[field].as_str().map(str::to_owned);
            let position = text("position").and_then(|position| position.parse().ok());
            let message = text("error_message").unwrap_or_default();
            let message = if message.starts_with("Only SELECT") {
                "only a `SELECT` may stand here".to_owned()
            } else {
                lower_first(message.lines().next().unwrap_or_default())
            };
            return Err(DbError { message, position, name: None, candidates: vec![] });
        }
        match parsed["statements"].as_array().map(Vec::len) {
            Some(1) => Ok(()),
            _ => Err(DbError {
                message: "exactly one `SELECT` is expected".into(),
                position: None,
                name: None,
                candidates: vec![],
            }),
        }
    }

    /// All rows of a query.
    pub fn query(&self, sql: &str, params: Params) -> Result<Table, DbError> {
        let _watch = StopWatch::of(sql);
        let mut statement = self.connection.prepare(sql)?;
        let mut rows = statement.query(&*bindings(params))?;
        let columns = match rows.as_ref() {
            Some(statement) => statement.column_names(),
            None => vec![],
        };
        let mut table = Table { columns, rows: vec![] };
        while let Some(row) = rows.next()? {
            let cells = (0..table.columns.len()).map(|i| Ok(cell(row.get_ref(i)?)));
            table.rows.push(cells.collect::<Result<_, Error>>()?);
        }
        Ok(table)
    }

    /// The one value of a query of one row and one column.
    pub fn value(&self, sql: &str, params: Params) -> Result<Cell, DbError> {
        let table = self.query(sql, params)?;
        Ok(table.rows.into_iter().next().and_then(|row| row.into_iter().next()).unwrap_or(Cell::Null))
    }

    /// Whether there is a table or view `schema.name`.
    pub fn has_relation(&self, name: &str) -> Result<bool, DbError> {
        let found = self.of_relation(
            name,
            "SELECT count(*) FROM information_schema.tables \
             WHERE table_catalog = current_database() AND table_schema = $schema AND table_name = $name",
        )?;
        Ok(found.integer() > Some(0))
    }

    /// Whether there is a view `schema.name`.
    pub fn has_view(&self, name: &str) -> Result<bool, DbError> {
        let found = self.of_relation(
            name,
            "SELECT count(*) FROM duckdb_views() \
             WHERE database_name = current_database() AND schema_name = $schema AND view_name = $name",
        )?;
        Ok(found.integer() > Some(0))
    }

    /// What the lists of DuckDB say of `schema.name`; the query asks by `$schema` and `$name`.
    fn of_relation(&self, name: &str, sql: &str) -> Result<Cell, DbError> {
        let (schema, name) = name.split_once('.').unwrap_or(("main", name));
        self.value(sql, &[("schema", schema.into()), ("name", name.into())])
    }

    /// The rows of a query as a frame: texts stay text, numbers become 64-bit floats.
    pub fn frame(&self, sql: &str, params: Params) -> Result<DataFrame, DbError> {
        let table = self.query(sql, params)?;
        let height = table.rows.len();
        let columns: Vec<Column> =
            table.columns.iter().enumerate().map(|(i, name)| column(name, &table.rows, i)).collect();
        DataFrame::new(height, columns).map_err(|error| DbError {
            message: error.to_string(),
            position: None,
            name: None,
            candidates: vec![],
        })
    }

    /// Appends rows to a table, column by column in its order.
    pub fn append(
        &self,
        schema: &str,
        table: &str,
        rows: impl IntoIterator<Item = Vec<Cell>>,
    ) -> Result<(), DbError> {
        let mut appender = self.connection.appender_to_db(table, schema)?;
        for row in rows {
            appender.append_row(duckdb::appender_params_from_iter(row))?;
        }
        Ok(appender.flush()?)
    }
}

/// Tells, when it is dropped, how long a statement took.
struct StopWatch<'a> {
    sql: &'a str,
    start: Instant,
}

impl<'a> StopWatch<'a> {
    fn of(sql: &'a str) -> Self {
        StopWatch { sql, start: Instant::now() }
    }
}

impl Drop for StopWatch<'_> {
    fn drop(&mut self) {
        let milliseconds = self.start.elapsed().as_micros() as f64 / 1000.0;
        let code = self.sql.lines().map(str::trim).filter(|line| !line.starts_with("--"));
        tracing::debug!(
            milliseconds,
            "{}",
            code.collect::<Vec<_>>().join(" ").chars().take(200).collect::<String>()
        );
    }
}

fn config() -> duckdb::Result<Config> {
    // The reporting machine has no network: extensions are neither looked up nor installed.
    Config::default()
        .enable_autoload_extension(false)?
        .with("autoinstall_known_extensions", "false")?
        .with("storage_compatibility_version", STORAGE_VERSION)?
        .with("preserve_insertion_order", "true")
}

fn bindings<'a>(params: Params<'a>) -> Vec<(&'a str, &'a dyn ToSql)> {
    params.iter().map(|(name, value)| (*name, value as &dyn ToSql)).collect()
}

fn cell(value: ValueRef<'_>) -> Cell {
    match value {
        ValueRef::Null => Cell::Null,
        ValueRef::Boolean(value) => Cell::Boolean(value),
        ValueRef::TinyInt(value) => Cell::Integer(value.into()),
        ValueRef::SmallInt(value) => Cell::Integer(value.into()),
        ValueRef::Int(value) => Cell::Integer(value.into()),
        ValueRef::BigInt(value) => Cell::Integer(value),
        ValueRef::UTinyInt(value) => Cell::Integer(value.into()),
        ValueRef::USmallInt(value) => Cell::Integer(value.into()),
        ValueRef::UInt(value) => Cell::Integer(value.into()),
        ValueRef::UBigInt(value) => i64::try_from(value).map_or(Cell::Number(value as f64), Cell::Integer),
        ValueRef::HugeInt(value) => i64::try_from(value).map_or(Cell::Number(value as f64), Cell::Integer),
        ValueRef::Float(value) => Cell::Number(value.into()),
        ValueRef::Double(value) => Cell::Number(value),
        ValueRef::Text(value) => Cell::Text(String::from_utf8_lossy(value).into_owned()),
        ValueRef::Date32(days) => chrono::DateTime::from_timestamp(i64::from(days) * 86_400, 0)
            .map_or(Cell::Null, |moment| Cell::Text(moment.date_naive().to_string())),
        ValueRef::Timestamp(unit, ticks) => moment(unit, ticks),
        other => decimal_or_text(other),
    }
}

fn moment(unit: TimeUnit, ticks: i64) -> Cell {
    chrono::DateTime::from_timestamp_micros(unit.to_micros(ticks))
        .map_or(Cell::Null, |moment| Cell::Text(moment.format("%Y-%m-%d %H:%M:%S").to_string()))
}

fn decimal_or_text(value: ValueRef<'_>) -> Cell {
    match value.to_owned() {
        Value::Decimal(decimal) => {
            decimal.to_string().parse().map_or_else(|_| Cell::Text(decimal.to_string()), Cell::Number)
        }
        other => Cell::Text(format!("{other:?}")),
    }
}

/// A column is a number column if every value that is there is a number.
fn column(name: &str, rows: &[Vec<Cell>], i: usize) -> Column {
    let name = PlSmallStr::from_str(name);
    let is_number = rows.iter().all(|row| row[i] == Cell::Null || row[i].number().is_some())
        && rows.iter().any(|row| row[i] != Cell::Null);
    if is_number {
        let numbers: Vec<Option<f64>> = rows.iter().map(|row| row[i].number()).collect();
        Series::new(name, numbers).into_column()
    } else {
        let texts: Vec<Option<String>> =
            rows.iter().map(|row| (row[i] != Cell::Null).then(|| row[i].shown())).collect();
        Series::new(name, texts).into_column()
    }
}

/// A name in double quotes, for use in SQL.
pub fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// A text in single quotes, for use in SQL where no parameter can stand.
pub fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// A statement without the semicolon and the lines of comment after it, for use inside another.
pub fn bare(sql: &str) -> &str {
    let sql = sql.trim_end().trim_end_matches(';').trim_end();
    let last = sql.rfind('\n').map_or(0, |newline| newline + 1);
    if last > 0 && sql[last..].trim_start().starts_with("--") { bare(&sql[..last]) } else { sql }
}

/// The lines of a SQL text, comments left aside.
pub fn code(sql: &str) -> impl Iterator<Item = &str> {
    sql.lines().map(|line| line.split_once("--").map_or(line, |(code, _)| code))
}

/// Where a statement that failed came from, as a place.
pub fn place_of(path: &str) -> Place {
    Place::File { path: path.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fails(sql: &str) -> DbError {
        Db::in_memory().expect("opens").query(sql, &[]).expect_err(sql)
    }

    #[test]
    fn errors_are_taken_apart() {
        let error = fails("SELECT levl FROM (SELECT 1 AS level)");
        assert_eq!(error.message, "no column `levl`");
        assert_eq!(error.position, Some(7));
        assert_eq!(error.candidates, ["level"]);
        let error = fails("SELCT 1");
        assert_eq!(error.position, Some(0));
        assert!(error.message.contains("syntax error"), "{error:?}");
    }

    #[test]
    fn only_one_select_is_a_query() {
        let db = Db::in_memory().expect("opens");
        let fits = |sql: &str| db.expect_one_select(sql).is_ok();
        assert!(fits("-- a comment\nSELECT $a + 1 FROM no.such_table"));
        assert!(fits("WITH a AS (SELECT 1) SELECT * FROM a;"));
        assert!(!fits("DROP TABLE a"));
        assert!(!fits("SELECT 1; SELECT 2"));
        assert!(!fits("COPY (SELECT 1) TO 'x'"));
        assert!(!fits("SELEC 1"));
        assert!(!fits(""));
    }

    #[test]
    fn a_bare_statement_can_stand_inside_another() {
        assert_eq!(bare("SELECT 1;\n"), "SELECT 1");
        assert_eq!(bare("SELECT 1 -- one\n;\n\n  -- the end\n-- really\n"), "SELECT 1 -- one");
        assert_eq!(bare("-- nothing"), "-- nothing");
    }

    #[test]
    fn values_come_back_as_they_went_in() {
        let db = Db::in_memory().expect("opens");
        let table = db
            .query(
                "SELECT $a::BIGINT a, $b::DOUBLE b, $c::VARCHAR c, DATE '2026-11-23' d,
                 TIMESTAMP '2026-11-23 08:15:00' e, 1.50::DECIMAL(9,2) f, NULL g, sum(1)::HUGEINT h",
                &[("a", Cell::Integer(7)), ("b", Cell::Number(0.5)), ("c", "Đắk Lắk".into())],
            )
            .expect("valid");
        let shown: Vec<String> = table.rows[0].iter().map(Cell::shown).collect();
        assert_eq!(shown, ["7", "0.5", "Đắk Lắk", "2026-11-23", "2026-11-23 08:15:00", "1.5", "", "1"]);
    }

    #[test]
    fn an_error_points_into_the_query_behind_the_head_of_a_statement() {
        let db = Db::in_memory().expect("opens");
        let (head, query) = ("CREATE TABLE a AS ", "SELECT nobody FROM range(3)");
        let error = db.run(&format!("{head}{query}")).expect_err("no such column");
        assert_eq!(error.clone().after(head.len()).position, query.find("nobody"));
        assert_eq!(error.after(1_000).position, None);
    }

    #[test]
    fn connections_beside_one_another_see_the_same() {
        let db = Db::in_memory().expect("opens");
        db.run("CREATE TABLE a AS SELECT 7 AS x").expect("valid");
        db.lock_down().expect("locks");
        let beside = db.beside(2).expect("opens");
        for db in &beside {
            assert_eq!(db.value("SELECT x FROM a", &[]).expect("valid"), Cell::Integer(7));
            // Errors are taken apart there as well.
            assert_eq!(
                db.query("SELECT y FROM a", &[]).expect_err("no such column").message,
                "no column `y`"
            );
            assert!(db.query("SELECT * FROM read_text('/etc/hostname')", &[]).is_err());
        }
    }

    #[test]
    fn connections_beside_one_another_look_in_the_same_place() {
        let db = Db::in_memory().expect("opens");
        db.run("ATTACH ':memory:' AS other; USE other; CREATE TABLE a AS SELECT 7 AS x").expect("valid");
        let beside = db.beside(1).expect("opens").remove(0);
        assert_eq!(beside.value("SELECT x FROM a", &[]).expect("valid"), Cell::Integer(7));
    }

    #[test]
    fn a_locked_database_reads_no_files() {
        let db = Db::in_memory().expect("opens");
        db.lock_down().expect("locks");
        assert!(db.query("SELECT * FROM read_text('/etc/hostname')", &[]).is_err());
        assert!(db.run("SET enable_external_access = true").is_err());
    }

    #[test]
    fn a_failed_transaction_leaves_nothing() {
        let db = Db::in_memory().expect("opens");
        db.run("CREATE TABLE a (x INTEGER)").expect("valid");
        let result: Result<(), DbError> = db.transaction(|| {
            db.run("INSERT INTO a VALUES (1)")?;
            db.run("INSERT INTO nowhere VALUES (1)")
        });
        assert!(result.is_err());
        assert_eq!(db.value("SELECT count(*) FROM a", &[]).expect("valid"), Cell::Integer(0));
    }
}
