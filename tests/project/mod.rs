//! A small project in a folder of its own, for tests that use `chiso` like a person does.
#![allow(dead_code, reason = "each test program uses its own part of it")]

use std::collections::BTreeMap;
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{Cursor, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use chiso::db::Db;

/// The moment of every run: 2026-11-23 08:15:00 UTC.
pub const NOW: &str = "1795421700";

/// What makes a project: the root of the repository has more in it.
const PROJECT: [&str; 9] = [
    "sources.yml",
    "quality.yml",
    "disclosure.yml",
    "exports.yml",
    "data",
    "queries",
    "indicators",
    "reports",
    "templates",
];

/// A project folder that is gone when it is dropped.
pub struct TestProject {
    folder: tempfile::TempDir,
}

impl TestProject {
    /// A folder with nothing in it.
    pub fn empty() -> TestProject {
        let folder = tempfile::Builder::new().prefix("chiso-").tempdir();
        TestProject { folder: folder.expect("a folder for temporary files") }
    }

    /// Three agencies, their services, one indicator, one check, one report.
    pub fn small() -> TestProject {
        let project = TestProject::empty();
        for (path, text) in SMALL {
            project.write(path, text);
        }
        project
    }

    /// One indicator `rate` over figures as they stand in a file; `given` are the columns that its query hands on.
    pub fn of_figures(csv: &str, indicator: &str, given: &str) -> TestProject {
        let project = TestProject::small();
        project.write("data/figures.csv", csv);
        let source = "  - id: figures
    title: { vi: Số liệu, en: Figures }
    table: fact.figure
    path: data/figures.csv
    publisher: A ministry
    licence: MIT
  - id: services";
        project.edit("sources.yml", "  - id: services", source);
        project.write("queries/tables/fact.figure.yml", FIGURE);
        project.write("indicators/rate.yml", indicator);
        let query = format!(
            "-- Rates: one row per figure.\nSELECT org_id, period, {given} FROM fact.figure ORDER BY org_id, period\n"
        );
        project.write("queries/rate.sql", query);
        project.edit("reports/site.yml", "[online-share]", "[rate]");
        project
    }

    /// A copy of a project of the repository, without what was built in it.
    pub fn copy_of(relative: &str) -> TestProject {
        let project = TestProject::empty();
        project.take(relative);
        project
    }

    /// The project of the repository as `chiso run` leaves it. All test programs of one build share the run: it takes much
    /// longer than the copy.
    pub fn after_run() -> TestProject {
        let shared = Path::new(env!("CARGO_TARGET_TMPDIR"));
        let made = shared.join(format!("after-run-{:016x}", identity()));
        if !made.exists() {
            forget_older(shared);
            let folder = tempfile::Builder::new().prefix("after-run-").tempdir_in(shared);
            let project = TestProject { folder: folder.expect("a folder of the build") };
            project.take(".");
            project.chiso(&["run"]).ends(0);
            // Whoever else was making it meanwhile made the same.
            let _ = fs::rename(project.root(), &made);
        }
        let project = TestProject::empty();
        copy(&made, project.root());
        project
    }

    fn take(&self, relative: &str) {
        let origin = Path::new(env!("CARGO_MANIFEST_DIR")).join(relative);
        for name in PROJECT {
            copy(&origin.join(name), &self.path(name));
        }
    }

    pub fn root(&self) -> &Path {
        self.folder.path()
    }

    pub fn path(&self, relative: &str) -> PathBuf {
        self.root().join(relative)
    }

    /// Writes a file, with the folders above it.
    pub fn write(&self, relative: &str, bytes: impl AsRef<[u8]>) {
        let path = self.path(relative);
        fs::create_dir_all(path.parent().expect("a file is in a folder")).expect("writable");
        fs::write(path, bytes).expect("writable");
    }

    pub fn read(&self, relative: &str) -> String {
        fs::read_to_string(self.path(relative)).unwrap_or_else(|error| panic!("{relative}: {error}"))
    }

    /// Replaces a text that must be in the file.
    pub fn edit(&self, relative: &str, from: &str, to: &str) {
        let text = self.read(relative);
        assert!(text.contains(from), "{relative} has no {from:?}");
        self.write(relative, text.replace(from, to));
    }

    pub fn remove(&self, relative: &str) {
        fs::remove_file(self.path(relative)).expect("there is such a file");
    }

    /// The program in this folder, not started yet.
    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_chiso"));
        command.args(args).current_dir(self.root()).env("SOURCE_DATE_EPOCH", NOW).env("NO_COLOR", "1");
        command
    }

    /// Gathers with these variables and without the proxies of whoever runs the tests: servers are on this machine.
    pub fn gather(&self, env: &[(&str, &str)]) -> Said {
        let mut command = self.command(&["gather"]);
        for name in ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"] {
            command.env_remove(name);
        }
        Said::of(command.envs(env.iter().copied()).output().expect("the program starts"))
    }

    pub fn chiso(&self, args: &[&str]) -> Said {
        Said::of(self.command(args).output().expect("the program starts"))
    }

    /// Its database, which nobody else has open.
    pub fn db(&self) -> Db {
        Db::open(&self.path("build/chiso.duckdb")).expect("a database")
    }

    /// The same of a database elsewhere in the folder.
    pub fn rows_of(&self, database: &str, sql: &str) -> Vec<String> {
        shown_rows(&Db::open(&self.path(database)).expect("a database"), sql)
    }

    /// The rows of a query, cells joined by ` | `, nothing shown as `~`.
    pub fn rows(&self, sql: &str) -> Vec<String> {
        shown_rows(&self.db(), sql)
    }
}

/// This repository, which is the project of Viet Nam.
pub fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The Python that `scripts/python.sh` made ready.
pub fn python() -> PathBuf {
    let cache = std::env::var_os("XDG_CACHE_HOME").map(PathBuf::from);
    let cache =
        cache.unwrap_or_else(|| PathBuf::from(std::env::var_os("HOME").expect("a home")).join(".cache"));
    let folder = cache.join("chiso/python");
    assert!(folder.join("ready").exists(), "the Python packages are not there: run `scripts/python.sh`");
    folder
}

/// Runs a Python script of the tests; gives what it said.
pub fn runs_python(script: &str, args: &[&Path]) -> String {
    let mut command = Command::new(python().join("bin/python"));
    command.arg(repository().join("tests").join(script)).args(args).env("PYTHONDONTWRITEBYTECODE", "1");
    let said = Said::of(command.output().expect("Python starts")).ends(0);
    said.stdout
}

/// Runs a script of `tests/takeaway` over a database and its export; gives what it said.
pub fn reads_export(script: &str, build: &Path) -> String {
    let script = format!("takeaway/{script}");
    runs_python(&script, &[&build.join("chiso.duckdb"), &build.join("export")])
}

/// The rows of a query, cells joined by ` | `, nothing shown as `~`.
pub fn shown_rows(db: &Db, sql: &str) -> Vec<String> {
    let table = db.query(sql, &[]).unwrap_or_else(|error| panic!("{sql}: {error:?}"));
    let shown = |cell: &chiso::db::Cell| match cell {
        chiso::db::Cell::Null => "~".to_owned(),
        cell => cell.shown(),
    };
    table.rows.iter().map(|row| row.iter().map(shown).collect::<Vec<_>>().join(" | ")).collect()
}

/// All files below a folder, by their path from there.
pub fn files_below(folder: &Path) -> BTreeMap<String, PathBuf> {
    let (mut files, mut folders) = (BTreeMap::new(), vec![folder.to_owned()]);
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(&next).unwrap_or_else(|error| panic!("{}: {error}", next.display())) {
            let path = entry.expect("readable").path();
            if path.is_dir() {
                folders.push(path);
            } else {
                files.insert(path.strip_prefix(folder).expect("within").display().to_string(), path);
            }
        }
    }
    files
}

/// What they hold.
pub fn contents_below(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let content = |path: PathBuf| fs::read(path).expect("readable");
    files_below(folder).into_iter().map(|(name, path)| (name, content(path))).collect()
}

fn copy(from: &Path, to: &Path) {
    if from.is_dir() {
        fs::create_dir_all(to).expect("writable");
        for entry in fs::read_dir(from).expect("readable") {
            let entry = entry.expect("readable");
            copy(&entry.path(), &to.join(entry.file_name()));
        }
    } else if from.is_file() {
        fs::copy(from, to).expect("writable");
    }
}

/// Of the program and the project of the repository: other where either was written anew.
fn identity() -> u64 {
    let mut hasher = DefaultHasher::new();
    Path::new(env!("CARGO_BIN_EXE_chiso")).hash(&mut hasher);
    state_of(Path::new(env!("CARGO_BIN_EXE_chiso")), &mut hasher);
    for name in PROJECT {
        state_of(&Path::new(env!("CARGO_MANIFEST_DIR")).join(name), &mut hasher);
    }
    hasher.finish()
}

fn state_of(path: &Path, hasher: &mut DefaultHasher) {
    let Ok(about) = fs::metadata(path) else { return };
    path.hash(hasher);
    if about.is_dir() {
        let entries = fs::read_dir(path).expect("readable");
        let mut entries: Vec<PathBuf> = entries.map(|entry| entry.expect("readable").path()).collect();
        entries.sort();
        entries.iter().for_each(|entry| state_of(entry, hasher));
    } else {
        (about.len(), about.modified().expect("files have a time here")).hash(hasher);
    }
}

/// Runs of former builds.
fn forget_older(shared: &Path) {
    for entry in fs::read_dir(shared).expect("a folder of the build") {
        let path = entry.expect("readable").path();
        if path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("after-run-")) {
            let _ = fs::remove_dir_all(path);
        }
    }
}

/// What the program said.
pub struct Said {
    pub status: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Said {
    pub fn of(output: Output) -> Said {
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("the program writes UTF-8");
        Said {
            status: output.status.code().unwrap_or(-1),
            stdout: text(&output.stdout),
            stderr: text(&output.stderr),
        }
    }

    /// The same, where it must have ended in this way.
    #[track_caller]
    pub fn ends(self, status: i32) -> Said {
        assert_eq!(self.status, status, "{}\n{}", self.stdout, self.stderr);
        self
    }

    /// Everything in one text, for snapshots; lines of progress are left aside.
    pub fn whole(&self) -> String {
        let is_progress = |line: &&str| {
            ["gather steps=", "load steps=", "compute steps=", "loaded file=", "refused file="]
                .iter()
                .any(|start| line.starts_with(start))
        };
        let stderr: Vec<&str> = self.stderr.lines().filter(|line| !is_progress(line)).collect();
        format!("status: {}\n--- stdout\n{}--- stderr\n{}", self.status, self.stdout, stderr.join("\n"))
    }
}

const FIGURE: &str = "row: One figure
columns:
  org_id:      { type: text, required: true }
  period:      { type: text, required: true }
  numerator:   { type: number }
  denominator: { type: number }
  value:       { type: number }
  missing:     { type: text }
  status:      { type: text }
";

const SMALL: [(&str, &str); 11] = [
    (
        "sources.yml",
        "sources:
  - id: agencies
    title: { vi: Cơ quan, en: Agencies }
    table: ref.agency
    path: data/agencies.csv
    publisher: A ministry
    licence: MIT
  - id: services
    title: { vi: Dịch vụ, en: Services }
    table: fact.service
    path: data/services*.csv
    publisher: A ministry
    licence: MIT
",
    ),
    (
        "queries/tables/ref.agency.yml",
        "row: One agency
key: [code]
columns:
  code: { type: text, required: true }
  name: { type: text, required: true }
",
    ),
    (
        "queries/tables/fact.service.yml",
        "row: One service of one agency
key: [service_code]
columns:
  service_code: { type: text, required: true }
  agency_code:  { type: text, required: true }
  level:        { type: integer, required: true, min: 1, max: 4 }
  opened_on:    { type: date }
",
    ),
    (
        "queries/tables/ref.organisation.sql",
        "-- Organisations: the agencies.
SELECT
    code AS org_id,
    name AS name_vi,
    name AS name_en,
    'province' AS level,
    NULL AS parent_id,
    NULL AS valid_from,
    NULL AS valid_to,
    1 AS position
FROM ref.agency
",
    ),
    (
        "queries/tables/fact.open_service.sql",
        "-- Services that were opened.
SELECT service_code, agency_code, level
FROM fact.service
WHERE opened_on IS NOT NULL
",
    ),
    (
        "queries/checks/agencies-are-known.sql",
        "-- title: Every service belongs to an agency
-- severity: error
SELECT service_code, agency_code
FROM fact.service
WHERE agency_code NOT IN (SELECT code FROM ref.agency)
ORDER BY service_code
",
    ),
    (
        "indicators/online-share.yml",
        "id: online-share
title: { vi: Dịch vụ trực tuyến, en: Services online }
unit: percent
direction: higher-is-better
shape: ratio
decimals: 1
period: year
params: { min_level: 3 }
sources: [services]
method: { vi: Tỷ lệ, en: A share }
",
    ),
    (
        "queries/online-share.sql",
        "-- Services online: one row per agency with an open service.
SELECT
    agency_code AS org_id,
    count(*) FILTER (WHERE level >= $min_level) AS numerator,
    count(*) AS denominator
FROM fact.service
WHERE opened_on <= $period_end
GROUP BY agency_code
ORDER BY agency_code
",
    ),
    (
        "reports/site.yml",
        "id: site
title: { vi: Báo cáo, en: Report }
languages: [vi, en]
sections:
  - id: services
    title: { vi: Dịch vụ, en: Services }
    indicators: [online-share]
",
    ),
    ("data/agencies.csv", "code,name\nA,Hà Nội\nB,Huế\nC,Đà Nẵng\n"),
    (
        "data/services.csv",
        "service_code,agency_code,level,opened_on
S1,A,4,2025-01-01
S2,A,2,2025-01-01
S3,B,3,2025-06-01
S4,C,1,
",
    ),
];

/// The workbook with its first sheet, as XML, changed.
pub fn with_first_sheet(workbook: &[u8], change: impl Fn(String) -> String) -> Vec<u8> {
    let mut archive = zip::ZipArchive::new(Cursor::new(workbook)).expect("a workbook is an archive");
    let mut written = zip::ZipWriter::new(Cursor::new(vec![]));
    for index in 0..archive.len() {
        let mut file = archive.by_index(index).expect("there");
        let (name, mut bytes) = (file.name().expect("a name").into_owned(), vec![]);
        file.read_to_end(&mut bytes).expect("readable");
        if name == "xl/worksheets/sheet1.xml" {
            bytes = change(String::from_utf8(bytes).expect("XML")).into_bytes();
        }
        written.start_file(name, zip::write::SimpleFileOptions::default()).expect("writable");
        written.write_all(&bytes).expect("writable");
    }
    written.finish().expect("writable").into_inner()
}
