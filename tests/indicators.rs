//! The cases in `tests/indicators/*.yml` of every project: a few rows in, the rows of the query out.

use std::collections::BTreeMap;
use std::path::Path;

use chiso::db::{Cell, Db, Params, Table, literal, quoted};
use chiso::gather::read_sources;
use chiso::indicators::{Definition, query_params, read_indicators};
use chiso::load::{make_views, prepare, read_contracts, read_views};
use chiso::model::period::Period;
use chiso::project::Project;
use serde::Deserialize;
use serde_yaml::Value;

type Row = BTreeMap<String, Value>;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    period: Option<String>,
    #[serde(default)]
    params: Row,
    #[serde(default)]
    given: BTreeMap<String, Vec<Row>>,
    expect: Vec<Row>,
}

/// What the queries of a project stand on: its tables, all of them empty, and the views over them.
struct Ground {
    db: Db,
    indicators: Vec<Definition>,
}

impl Ground {
    fn of(folder: &Path) -> Ground {
        let project = Project::open(folder).expect("a project");
        let contracts = read_contracts(&project).expect("contracts");
        let tables: Vec<_> = contracts.iter().map(|contract| contract.table.clone()).collect();
        let variables = std::env::vars().collect();
        let sources = read_sources(&project, &tables, &variables).expect("sources");
        let indicators = read_indicators(&project, Some(&sources)).expect("indicators");
        let db = Db::in_memory().expect("opens");
        prepare(&db, &contracts).expect("tables");
        make_views(&db, &read_views(&project).expect("views")).expect("views");
        Ground { db, indicators }
    }

    /// The rows of a query over the given ones; the ground is empty again afterwards.
    fn query(&self, given: &BTreeMap<String, Vec<Row>>, sql: &str, params: Params) -> Result<Table, String> {
        self.db.run("BEGIN").expect("no case is running");
        let given: Result<(), String> =
            given.iter().try_for_each(|(name, rows)| replace(&self.db, name, rows));
        let found = given.and_then(|()| self.db.query(sql, params).map_err(|error| error.message));
        self.db.run("ROLLBACK").expect("the case is running");
        found
    }
}

/// Puts a table with these rows in the place of a table or view; columns that a row leaves out are null.
/// Views look their tables up by name, so those on top read it from then on.
fn replace(db: &Db, name: &str, rows: &[Row]) -> Result<(), String> {
    let said = |error: chiso::db::DbError| format!("{name}: {}", error.message);
    let columns = db.query(&format!("DESCRIBE {name}"), &[]).map_err(said)?;
    let columns: Vec<(String, String)> =
        columns.rows.iter().map(|row| (row[0].shown(), row[1].shown())).collect();
    let declared: Vec<String> =
        columns.iter().map(|(column, kind)| format!("{} {kind}", quoted(column))).collect();
    db.run(&format!("DROP VIEW {name}; CREATE TABLE {name} ({})", declared.join(", "))).map_err(said)?;
    for row in rows {
        if let Some(strange) = row.keys().find(|name| !columns.iter().any(|(column, _)| column == *name)) {
            return Err(format!("`{name}` has no column `{strange}`"));
        }
        let names: Vec<String> = row.keys().map(|column| quoted(column)).collect();
        let values: Vec<String> =
            row.values().map(|value| shown(value).map_or("NULL".into(), |text| literal(&text))).collect();
        let sql = format!("INSERT INTO {name} ({}) VALUES ({})", names.join(", "), values.join(", "));
        db.run(&sql).map_err(said)?;
    }
    Ok(())
}

/// A scalar as a person would write it; nothing for null.
fn shown(value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::Bool(value) => Some(value.to_string()),
        Value::Number(number) => Some(number.to_string()),
        Value::String(text) => Some(text.clone()),
        other => Some(format!("{other:?}")),
    }
}

fn param(value: &Value) -> Cell {
    match value {
        Value::Number(number) => {
            number.as_i64().map_or_else(|| number.as_f64().map_or(Cell::Null, Cell::Number), Cell::Integer)
        }
        value => shown(value).into(),
    }
}

fn is_same(expected: &Value, found: &Cell) -> bool {
    match (expected, found.number()) {
        (Value::Null, _) => *found == Cell::Null,
        (Value::Number(expected), Some(found)) => {
            let expected = expected.as_f64().unwrap_or(f64::NAN);
            (expected - found).abs() <= 1e-9 * expected.abs().max(found.abs())
        }
        (expected, _) => *found != Cell::Null && shown(expected).as_deref() == Some(&found.shown()),
    }
}

fn compare(expected: &[Row], found: &Table) -> Result<(), String> {
    for (number, row) in (1..).zip(expected) {
        let Some(cells) = found.rows.get(number - 1) else { break };
        for (name, value) in row {
            let position = found.columns.iter().position(|column| column == name);
            let position = position.ok_or(format!("the query gives no column `{name}`"))?;
            if !is_same(value, &cells[position]) {
                let value = shown(value).unwrap_or("null".into());
                return Err(format!(
                    "row {number}, column `{name}`: expected {value}, found {:?}\n{}",
                    cells[position],
                    listed(found)
                ));
            }
        }
    }
    if expected.len() == found.rows.len() {
        return Ok(());
    }
    Err(format!("expected {} rows, found {}\n{}", expected.len(), found.rows.len(), listed(found)))
}

fn listed(table: &Table) -> String {
    let rows = table.rows.iter().map(|row| row.iter().map(Cell::shown).collect::<Vec<_>>().join(" | "));
    std::iter::once(table.columns.join(" | ")).chain(rows).map(|row| format!("    {row}\n")).collect()
}

fn run(ground: &Ground, definition: &Definition, case: &Case) -> Result<(), String> {
    let mut indicator = definition.indicator.clone();
    for name in case.params.keys() {
        indicator.params.remove(name);
    }
    let period = case.period.as_deref().map(str::parse::<Period>).transpose()?;
    let mut params = query_params(&indicator, period.as_ref());
    params.extend(case.params.iter().map(|(name, value)| (name.clone(), param(value))));
    let params: Vec<(&str, Cell)> = params.iter().map(|(name, cell)| (name.as_str(), cell.clone())).collect();
    compare(&case.expect, &ground.query(&case.given, &indicator.sql, &params)?)
}

/// Runs all cases of a project; what is wrong, each with file and case, and how many there were.
fn check(folder: &str) -> (usize, Vec<String>) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let ground = Ground::of(&folder);
    let mut wrong = vec![];
    let mut cases = 0;
    let entries = std::fs::read_dir(folder.join("tests/indicators")).expect("a folder of cases");
    let mut paths: Vec<_> = entries.map(|entry| entry.expect("readable").path()).collect();
    paths.sort();
    for path in paths {
        let file = path.file_name().expect("a file").to_string_lossy().into_owned();
        let text = std::fs::read_to_string(&path).expect("readable");
        let stem = file.trim_end_matches(".yml");
        let of_case = |definition: &&Definition| definition.indicator.id.as_str() == stem;
        let (Ok(read), Some(definition)) =
            (serde_yaml::from_str::<Vec<Case>>(&text), ground.indicators.iter().find(of_case))
        else {
            wrong.push(format!("{file}: no list of cases, or no indicator of this name"));
            continue;
        };
        for case in &read {
            cases += 1;
            let failed = run(&ground, definition, case).err();
            wrong.extend(failed.map(|reason| format!("{file}, case `{}`: {reason}", case.name)));
        }
    }
    (cases, wrong)
}

#[track_caller]
fn expect_all(folder: &str, least: usize) {
    let (cases, wrong) = check(folder);
    assert!(wrong.is_empty(), "{} of {cases} cases fail\n{}", wrong.len(), wrong.join("\n"));
    assert!(cases >= least, "only {cases} cases were found");
}

#[test]
fn vietnam() {
    expect_all(".", 44);
}

#[test]
fn canada() {
    expect_all("examples/canada", 19);
}

#[test]
fn boston() {
    expect_all("tests/boston", 8);
}

#[test]
fn a_case_that_fails_names_row_and_column() {
    let found = Table {
        columns: vec!["org_id".into(), "value".into()],
        rows: vec![vec!["H44".into(), Cell::Number(0.1 + 0.2)], vec!["H45".into(), Cell::Null]],
    };
    let expected = |text: &str| serde_yaml::from_str::<Vec<Row>>(text).expect("rows");
    let said = |text: &str| compare(&expected(text), &found).expect_err(text);
    assert_eq!(compare(&expected("[{ org_id: H44, value: 0.3 }, { value: null }]"), &found), Ok(()));
    assert!(said("[{ value: 0.3001 }, {}]").starts_with("row 1, column `value`: expected 0.3001"));
    assert!(said("[{}, { value: 0 }]").starts_with("row 2, column `value`: expected 0, found Null"));
    assert!(said("[{}, { valu: 0 }]").starts_with("the query gives no column `valu`"));
    assert!(said("[{ org_id: H44 }]").starts_with("expected 1 rows, found 2"));
}
