//! Exports read back by tools that did not write them, against the table they were taken from.

mod project;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::LazyLock;

use calamine::{Data, Reader, open_workbook_auto};
use duckdb::Connection;
use project::{TestProject, contents_below, python, reads_export};
use tempfile::TempDir;

/// The Boston project, run once in a temporary copy for all tests.
static BOSTON: LazyLock<TempDir> = LazyLock::new(|| {
    let folder = tempfile::tempdir().expect("a folder for temporary files");
    run_in(folder.path(), &[]);
    folder
});

/// Runs a copy of the Boston project in `folder`; gives its `build` folder.
fn run_in(folder: &Path, environment: &[(&str, &str)]) -> PathBuf {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/boston");
    fs::create_dir_all(folder).expect("a folder for temporary files");
    for name in ["sources.yml", "data", "indicators", "queries", "reports"] {
        copy(&source.join(name), &folder.join(name));
    }
    // The export holds one format more than a run writes: the copy of the database.
    for command in ["run", "export"] {
        let mut chiso = Command::new(env!("CARGO_BIN_EXE_chiso"));
        // 2026-11-23 08:15:00 UTC.
        chiso.arg(command).arg("--project").arg(folder).env("SOURCE_DATE_EPOCH", "1795421700");
        said(chiso.envs(environment.iter().copied()).output().expect("the program starts"));
    }
    folder.join("build")
}

fn copy(from: &Path, to: &Path) {
    if from.is_dir() {
        fs::create_dir_all(to).expect("a folder for temporary files");
        for entry in fs::read_dir(from).expect("readable") {
            let name = entry.expect("readable").file_name();
            copy(&from.join(&name), &to.join(&name));
        }
    } else {
        fs::copy(from, to).expect("readable");
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
    let sheets = [
        "Cover",
        "Contents",
        "Notes",
        "Units",
        "Columns",
        "Indicators",
        "Breaks",
        "Organisations",
        "Codes",
        "Data",
        "Sources",
    ];
    assert!(workbook.sheet_names().iter().all(|name| sheets.contains(&name.as_str())));
    assert!(workbook.sheet_names().iter().any(|name| name == "Contents"));
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
    let build = BOSTON.path().join("build");
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

fn said(output: Output) -> String {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    assert!(output.status.success(), "{}{}", text(&output.stdout), text(&output.stderr));
    text(&output.stdout)
}

#[test]
fn tables_are_read_by_pandas_frictionless_csvw_and_rdflib() {
    let told = reads_export("tables.py", &BOSTON.path().join("build"));
    assert!(told.contains("Data Package, frictionless") && told.contains("DCAT, rdflib"), "{told}");
}

#[test]
fn sdmx_is_read_by_pysdmx_and_sdmx1() {
    let told = reads_export("sdmx_formats.py", &BOSTON.path().join("build"));
    assert!(
        ["SDMX-CSV 2.0, pysdmx", "SDMX-CSV 2.0, sdmx1", "SDMX-JSON 2.0: valid"]
            .iter()
            .all(|part| told.contains(part)),
        "{told}"
    );
}

#[test]
fn databases_are_read_by_an_older_and_a_newer_duckdb() {
    let build = BOSTON.path().join("build");
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/takeaway/databases.py");
    for (older, version) in [(Some(python().join("older")), "1.4"), (None, "2.0")] {
        let mut command = Command::new(python().join("bin/python"));
        command.arg(&script).arg(build.join("chiso.duckdb")).arg(build.join("export"));
        command.env("PYTHONDONTWRITEBYTECODE", "1").envs(older.map(|folder| ("PYTHONPATH", folder)));
        let told = said(command.output().expect("Python starts"));
        assert!(told.contains(&format!("DuckDB {version}")), "{told}");
    }
}

/// The workbook of an export, opened and saved again by LibreOffice.
fn by_libreoffice(build: &Path, folder: &Path) -> PathBuf {
    let profile = format!("-env:UserInstallation=file://{}", folder.join("profile").display());
    let mut command = Command::new("soffice");
    command.args([profile.as_str(), "--headless", "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir"]);
    command.arg(folder).arg(build.join("export/observations.xlsx"));
    said(command.output().expect("LibreOffice is there: `scripts/libreoffice.sh`"));
    folder.join("observations.xlsx")
}

#[test]
fn the_workbook_is_whole_in_libreoffice() {
    let folder = tempfile::tempdir().expect("a folder for temporary files");
    let build = BOSTON.path().join("build");
    let found = sheet_rows(&by_libreoffice(&build, folder.path()));
    let database = Connection::open(build.join("chiso.duckdb")).expect("a database");
    let computed = rows(&database, "out.observation");
    assert_eq!(found.len(), computed.len());
    for (found, computed) in found.iter().zip(&computed) {
        // LibreOffice saves 15 digits of a number; what is whole and every text is the same.
        let near = |one: Option<f64>, other: Option<f64>| match (one, other) {
            (Some(one), Some(other)) => (one - other).abs() <= 1e-14 * other.abs(),
            (one, other) => one == other,
        };
        let texts = |row: &Row| (row.0.clone(), row.1.clone(), row.2.clone(), row.3.clone(), row.4, row.5);
        assert_eq!(texts(found), texts(computed));
        assert!(near(found.6, computed.6), "{found:?} {computed:?}");
    }
}

const CODES: &str = "org_id,period,numerator,denominator
01,2026,1,4
1.004194,2026,2,4
007,2026-Q1-adm,3,4
007,2026-H1-adm,3,4
2E5,2026-YTD-08,1,3
";

const RATE: &str = "id: rate
title: { vi: Tỷ lệ, en: Rate }
unit: percent
direction: higher-is-better
shape: ratio
decimals: 2
period: any
headline: \"01\"
sources: [figures]
method: { vi: Tỷ lệ, en: A rate }
";

/// Bodies whose codes look like numbers and whose names look like formulas.
const BODIES: [(&str, &str); 4] = [("01", "=1+1"), ("1.004194", "@SUM(A1)"), ("007", "+7"), ("2E5", "-2+3")];

fn of_codes() -> TestProject {
    let project = TestProject::of_figures(CODES, RATE, "numerator, denominator");
    let agencies = BODIES.map(|(code, name)| format!("{code},{name}\n"));
    project.write("data/agencies.csv", format!("code,name\n{}", agencies.concat()));
    project.write("data/services.csv", "service_code,agency_code,level,opened_on\nS1,01,4,2020-01-01\n");
    project.chiso(&["run", "--period", "2026"]).ends(0);
    project
}

#[test]
fn codes_and_names_stay_what_they_are() {
    let project = of_codes();
    let folder = tempfile::tempdir().expect("a folder for temporary files");
    let saved = by_libreoffice(&project.path("build"), folder.path());
    for path in [project.path("build/export/observations.xlsx"), saved.clone()] {
        let mut workbook = open_workbook_auto(&path).expect("a workbook");
        let range = workbook.worksheet_range("Organisations").expect("a sheet");
        let told: Vec<(String, String)> =
            range.rows().skip(1).map(|row| (row[0].to_string(), row[1].to_string())).collect();
        for (code, name) in BODIES {
            assert!(told.contains(&(code.into(), name.into())), "{}: {told:?}", path.display());
        }
        for sheet in workbook.sheet_names() {
            let formulas = workbook.worksheet_formula(&sheet).expect("a sheet");
            // LibreOffice writes yes and no as formulas of its own.
            let own = |formula: &str| path == saved && ["TRUE()", "FALSE()"].contains(&formula);
            let found: Vec<_> = formulas.used_cells().filter(|(.., formula)| !own(formula)).collect();
            assert!(found.is_empty(), "{sheet} of {}: {found:?}", path.display());
        }
    }
    let csv = project.read("build/export/organisations.csv");
    for (code, name) in BODIES {
        assert!(csv.contains(&format!("\n{code},'{name},'{name},")), "{csv}");
    }
    // Administrative periods and codes with points, in SDMX.
    let told = reads_export("sdmx_formats.py", &project.path("build"));
    assert!(told.contains("SDMX-CSV 2.0, pysdmx"), "{told}");
    let sdmx = project.read("build/export/sdmx-data.csv");
    for part in [",1_004194,", ",2025-12-15/P3M,", ",2025-12-15/P6M,", ",2026-01-01/P243D,"] {
        assert!(sdmx.contains(part), "{part}: {sdmx}");
    }
}

fn chiso(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_chiso")).args(args).output().expect("the program starts")
}

#[test]
fn an_export_is_verified_by_its_manifest_and_by_coreutils() {
    let folder = tempfile::tempdir().expect("a folder for temporary files");
    let export = folder.path().join("export");
    copy(&BOSTON.path().join("build/export"), &export);
    let place = export.display().to_string();
    said(chiso(&["verify", &place]));
    // What a run puts beside the pages is whole as well.
    said(chiso(&["verify", &BOSTON.path().join("build/site/data").display().to_string()]));
    let manifest: serde_json::Value =
        serde_json::from_slice(&fs::read(export.join("manifest.json")).expect("there")).expect("JSON");
    assert_eq!(manifest["vintage"], 1);
    assert!(manifest["sources"].as_array().is_some_and(|sources| sources[0]["licence"].is_string()));
    for file in manifest["files"].as_array().expect("files") {
        let name = file["path"].as_str().expect("a name");
        let sum = said(Command::new("sha256sum").arg(export.join(name)).output().expect("coreutils"));
        assert!(sum.starts_with(file["sha256"].as_str().expect("a sum")), "{name}");
    }
    fs::write(export.join("observations.csv"), "changed").expect("writable");
    fs::remove_file(export.join("targets.csv"))
        .or_else(|_| fs::remove_file(export.join("codes.csv")))
        .expect("there");
    fs::write(export.join("extra.txt"), "new").expect("writable");
    let output = chiso(&["verify", &place]);
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(1));
    for problem in
        ["`observations.csv` was changed", ".csv` is missing", "`extra.txt` is not in the manifest"]
    {
        assert!(told.contains(problem), "{told}");
    }
}

#[test]
fn a_signature_is_checked_by_openssl_too() {
    let folder = tempfile::tempdir().expect("a folder for temporary files");
    let at = |name: &str| folder.path().join(name).display().to_string();
    let openssl = |args: &[&str]| said(Command::new("openssl").args(args).output().expect("openssl"));
    openssl(&["genpkey", "-algorithm", "ed25519", "-out", &at("key.pem")]);
    openssl(&["pkey", "-in", &at("key.pem"), "-pubout", "-out", &at("public.pem")]);
    let key = fs::read_to_string(at("key.pem")).expect("a key");
    let project = TestProject::small();
    let mut run = project.command(&["run", "--period", "2025"]);
    said(run.env("CHISO_SIGNING_KEY", &key).output().expect("the program starts"));
    let build = project.path("build");
    let file = |name: &str| build.join("export").join(name).display().to_string();
    let (manifest, signature) = (file("manifest.json"), file("manifest.json.sig"));
    let verify = ["pkeyutl", "-verify", "-pubin", "-inkey", &at("public.pem"), "-rawin"];
    openssl(&[&verify[..], &["-in", &manifest, "-sigfile", &signature]].concat());
    let export = build.join("export").display().to_string();
    said(chiso(&["verify", &export, "--key", &at("public.pem")]));
    let text = fs::read_to_string(&manifest).expect("text").replace("\"vintage\": 1", "\"vintage\": 2");
    fs::write(&manifest, text).expect("writable");
    let output = chiso(&["verify", &export, "--key", &at("public.pem")]);
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("the signature is not of this manifest"));
}

#[track_caller]
fn assert_same_bytes(one: &BTreeMap<String, Vec<u8>>, other: &BTreeMap<String, Vec<u8>>) {
    assert_eq!(one.keys().collect::<Vec<_>>(), other.keys().collect::<Vec<_>>());
    let different: Vec<&String> = one.keys().filter(|name| one[*name] != other[*name]).collect();
    assert!(different.is_empty(), "{different:?}");
}

/// The same inputs at another place, in another zone and another language, give the same bytes in every format.
#[test]
fn two_runs_give_the_same_bytes() {
    let folder = tempfile::tempdir().expect("a folder for temporary files");
    let elsewhere = folder.path().join("another/place with blanks");
    let other =
        run_in(&elsewhere, &[("TZ", "Asia/Ho_Chi_Minh"), ("LC_ALL", "vi_VN.UTF-8"), ("LANG", "vi_VN.UTF-8")]);
    let export = |build: &Path| contents_below(&build.join("export"));
    let one = export(&BOSTON.path().join("build"));
    assert!(one.len() > 15, "{:?}", one.keys());
    assert_same_bytes(&one, &export(&other));
}

/// A project with several files of one table, put into its folder in this order; two of them have a service in common, and
/// some rows do not fit.
fn of_files(order: &[usize]) -> BTreeMap<String, Vec<u8>> {
    let project = TestProject::small();
    project.remove("data/services.csv");
    let agencies = ["A", "B", "C"];
    for n in order {
        let mut text = "service_code,agency_code,level,opened_on\n".to_owned();
        for row in 0..40 {
            let level = (n * 7 + row) % 5;
            text += &format!("S{n}-{row},{},{level},2025-0{}-01\n", agencies[(n + row) % 3], 1 + row % 9);
        }
        text += &format!("S-all,{},{},2025-01-01\n", agencies[n % 3], 1 + n % 4);
        project.write(&format!("data/services_{n}.csv"), text);
    }
    project.chiso(&["run", "--period", "2025"]);
    project.chiso(&["export"]).ends(0);
    let mut files = contents_below(&project.path("build/site"));
    for (name, bytes) in self::contents_below(&project.path("build/export")) {
        files.insert(format!("export/{name}"), bytes);
    }
    files
}

/// Files that lie in the folder in another order, with other threads at work: the same bytes in every format and on every page.
#[test]
fn the_order_in_which_files_came_changes_no_byte() {
    let one = of_files(&[0, 1, 2, 3, 4, 5, 6, 7]);
    assert!(
        one.contains_key("export/takeaway.duckdb") && one.contains_key("en/index.html"),
        "{:?}",
        one.keys()
    );
    for order in [[7, 6, 5, 4, 3, 2, 1, 0], [3, 0, 7, 1, 6, 2, 5, 4]] {
        assert_same_bytes(&one, &of_files(&order));
    }
}

/// The blocks of code of `docs/takeaway.md` in one language.
fn blocks(language: &str) -> Vec<&'static str> {
    let start = format!("```{language}\n");
    let page = include_str!("../docs/takeaway.md");
    page.split(&start).skip(1).filter_map(|after| after.split("```").next()).collect()
}

/// The Python of the page, block by block, in the folder of the export.
#[test]
fn the_python_of_the_page_runs() {
    let blocks = blocks("python");
    assert_eq!(blocks.len(), 3);
    for block in blocks {
        let mut command = Command::new(python().join("bin/python"));
        command.arg("-c").arg(block).current_dir(BOSTON.path().join("build/export"));
        assert!(!said(command.output().expect("Python starts")).is_empty(), "{block}");
    }
}

/// The R of the page; what it adds up is what was computed.
#[test]
fn the_r_of_the_page_runs() {
    let has_r = Command::new("Rscript").args(["-e", "library(data.table); library(readxl)"]).output();
    if !has_r.is_ok_and(|output| output.status.success()) {
        eprintln!("left out: there is no R with data.table and readxl; `scripts/r.sh` installs it");
        return;
    }
    let [csv, workbook] = blocks("r").try_into().expect("two blocks");
    let build = BOSTON.path().join("build");
    let of_r = |code: &str| {
        let mut command = Command::new("Rscript");
        said(
            command
                .args(["--vanilla", "-e", code])
                .current_dir(build.join("export"))
                .output()
                .expect("R starts"),
        )
    };
    let database = Connection::open(build.join("chiso.duckdb")).expect("a database");
    let sums = |of: &str| -> (i64, f64) {
        let sql = format!("SELECT count(*), coalesce(sum(numerator), 0) FROM {of}");
        database.query_row(&sql, [], |row| Ok((row.get(0)?, row.get(1)?))).expect("a sum")
    };
    let told =
        of_r(&format!("{csv}\ncat(\"all\", nrow(reported), sum(reported$numerator, na.rm = TRUE), \"\\n\")"));
    let (rows, counted) = sums("published.observation");
    assert!(told.contains(&format!("all {rows} {counted}")), "{rows} {counted}: {told}");
    let (restated, _) = sums("out.restated");
    let told = of_r(workbook);
    assert!(told.contains(&format!("{} {counted}", rows + restated)), "{rows} {restated} {counted}: {told}");
}
