//! Exports read back by tools that did not write them, against the table they were taken from.

use std::path::{Path, PathBuf};
use std::process::Command;

use calamine::{Data, Reader, open_workbook_auto};
use duckdb::Connection;

/// Runs the Boston project in a temporary copy; gives its `build` folder.
fn built(folder: &Path) -> PathBuf {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/boston");
    for name in ["sources.yml", "data", "indicators", "queries", "reports"] {
        copy(&source.join(name), &folder.join(name));
    }
    let output = Command::new(env!("CARGO_BIN_EXE_chiso")).arg("run").arg("--project").arg(folder).output();
    let output = output.expect("the program starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    folder.join("build")
}

fn copy(from: &Path, to: &Path) {
    if from.is_dir() {
        std::fs::create_dir_all(to).expect("a folder for temporary files");
        for entry in std::fs::read_dir(from).expect("readable") {
            let name = entry.expect("readable").file_name();
            copy(&from.join(&name), &to.join(&name));
        }
    } else {
        std::fs::copy(from, to).expect("readable");
    }
}

/// Indicator, organisation, period, breakdown, numerator, denominator, value: what every format must hold.
type Row = (String, String, String, String, Option<f64>, Option<f64>, Option<f64>);

fn rows(connection: &Connection, from: &str) -> Vec<Row> {
    let sql = format!(
        "SELECT indicator, org_id, period, coalesce(breakdown, ''), numerator::DOUBLE, denominator::DOUBLE, value::DOUBLE \
         FROM {from} ORDER BY ALL"
    );
    let mut statement = connection.prepare(&sql).expect("valid SQL");
    let rows = statement.query_map([], |row| {
        Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?, row.get(5)?, row.get(6)?))
    });
    rows.expect("readable").collect::<Result<_, _>>().expect("readable")
}

fn sheet_rows(path: &Path) -> Vec<Row> {
    let mut workbook = open_workbook_auto(path).expect("a workbook");
    assert_eq!(workbook.sheet_names(), ["Cover", "Columns", "Indicators", "Data", "Sources"]);
    let range = workbook.worksheet_range("Data").expect("a sheet");
    let headings: Vec<String> = range.rows().next().expect("headings").iter().map(Data::to_string).collect();
    let at = |name: &str| headings.iter().position(|heading| heading == name).expect(name);
    let text = |row: &[Data], name: &str| match &row[at(name)] {
        Data::String(text) => text.clone(),
        Data::Empty => String::new(),
        other => panic!("{name} is not a text: {other:?}"),
    };
    let number = |row: &[Data], name: &str| match &row[at(name)] {
        Data::Float(number) => Some(*number),
        Data::Int(number) => Some(*number as f64),
        Data::Empty => None,
        other => panic!("{name} is not a number: {other:?}"),
    };
    let mut rows: Vec<Row> = range
        .rows()
        .skip(1)
        .map(|row| {
            (
                text(row, "indicator"),
                text(row, "org_id"),
                text(row, "period"),
                text(row, "breakdown"),
                number(row, "numerator"),
                number(row, "denominator"),
                number(row, "value"),
            )
        })
        .collect();
    rows.sort_by(|a, b| (&a.0, &a.1, &a.2, &a.3).cmp(&(&b.0, &b.1, &b.2, &b.3)));
    rows
}

#[test]
fn every_format_holds_what_was_computed() {
    let folder = tempfile::tempdir().expect("a folder for temporary files");
    let build = built(folder.path());
    let computed = {
        let database = Connection::open(build.join("chiso.duckdb")).expect("a database");
        rows(&database, "out.observation")
    };
    assert!(computed.len() > 600, "{}", computed.len());
    let export = |name: &str| build.join("export").join(name).display().to_string();
    let reader = Connection::open_in_memory().expect("a database");
    assert_eq!(rows(&reader, &format!("read_parquet('{}')", export("observations.parquet"))), computed);
    let csv = format!("read_csv('{}', all_varchar = true, header = true)", export("observations.csv"));
    assert_eq!(rows(&reader, &csv), computed);
    assert_eq!(sheet_rows(Path::new(&export("observations.xlsx"))), computed);
}
