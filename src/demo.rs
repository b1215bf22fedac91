//! A made-up nation: the files that its agencies would send, written by the SQL of a project.
//!
//! Takes `queries/demo/` of a project, how many dossiers are wanted, and a seed; gives files in a folder and the account of
//! every defect that was put into them. Does not know what a dossier is.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard};

use chrono::{Datelike, NaiveDate};
use serde::Deserialize;

use crate::cores;
use crate::db::{Cell, Db, DbError, TakesLines, bare, line_of, literal, quoted};
use crate::diagnostic::{Diagnostic, Problems, Source};
use crate::model::id::TableName;
use crate::model::text::Text;
use crate::progress::Watcher;
use crate::project::{Project, WholeFile, make_folder, write_whole, yaml};

/// The folder of a project that says how its made-up nation is.
const FOLDER: &str = "queries/demo";

/// What was done to the files, in the folder of the project that is written.
pub const TRUTH: &str = "demo-truth.csv";

/// What our statements call to write a line of a file.
const LINE: &str = "write_line";

/// What the SQL of a demo can call for the text of a moment, which DuckDB takes five times as long for.
const MOMENT: &str = "moment_text";

/// Rows that are made at one time: so many that to plan their statements is little beside them, so few that they fit into memory
/// on each core. A file is never divided.
const ROWS_AT_ONCE: i64 = 200_000;

/// What `queries/demo/demo.yml` says.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Demo {
    /// The title of the report of the project that is written.
    pub title: Text,
    /// Stands on each of its pages.
    pub notice: Text,
    /// The last day, unless another is asked for.
    pub until: String,
    /// Tables whose files are made, so that none are copied.
    pub tables: Vec<TableName>,
    /// Entries that its `sources.yml` has beside those of this project.
    #[serde(default)]
    pub sources: String,
}

/// How much is made, and from which chance.
#[derive(Debug, Clone, Copy)]
pub struct Wanted {
    /// Rows in all files together.
    pub dossiers: u64,
    /// The same seed gives the same bytes.
    pub seed: u64,
    /// The day on which the files are sent.
    pub until: NaiveDate,
}

/// The SQL of a demo.
struct Script {
    lists: Source,
    dossiers: Source,
    truth: Source,
    files: Vec<(String, Source)>,
}

/// Reads `demo.yml` of a project.
pub fn read_demo(project: &Project) -> Result<Demo, Problems> {
    let path = format!("{FOLDER}/demo.yml");
    if !project.has(&path) {
        return Err(Diagnostic::error("this project has no made-up nation")
            .in_file(path)
            .hint("`docs/formats.md` says what stands in `queries/demo`")
            .into());
    }
    yaml(&project.read(&path)?)
}

impl Script {
    fn read(project: &Project) -> Result<Script, Problems> {
        let mut problems = Problems::default();
        let mut read = |name: &str| problems.keep(project.read(&format!("{FOLDER}/{name}")));
        let (lists, dossiers, truth) = (read("lists.sql"), read("dossiers.sql"), read("truth.sql"));
        let mut files = vec![];
        for path in project.list(&format!("{FOLDER}/files"), ".sql")? {
            let name = path.rsplit('/').next().unwrap_or_default().trim_end_matches(".sql").to_owned();
            files.extend(problems.keep(project.read(&path)).map(|source| (name, source)));
        }
        match (lists, dossiers, truth) {
            (Some(lists), Some(dossiers), Some(truth)) => {
                problems.or(Script { lists, dossiers, truth, files })
            }
            _ => Err(problems),
        }
    }

    fn file(&self, name: &str) -> Result<&Source, Problems> {
        let found = self.files.iter().find(|(known, _)| known == name);
        found.map(|(_, source)| source).ok_or_else(|| {
            Diagnostic::error(format!("no query `{name}` for the files of `demo.file`"))
                .in_file(format!("{FOLDER}/files"))
                .suggest(name, self.files.iter().map(|(known, _)| known.as_str()))
                .into()
        })
    }
}

/// A file to be written.
struct File {
    delivery: Option<i64>,
    query: String,
    path: String,
    format: String,
}

/// Deliveries that are made together, from one number to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Part {
    first: i64,
    last: i64,
}

/// Writes all files into a folder; gives how many there are.
pub fn write_files(
    project: &Project,
    wanted: &Wanted,
    into: &Path,
    watcher: &dyn Watcher,
) -> Result<u64, Problems> {
    let script = Script::read(project)?;
    let maker = Maker::new(project, &script, wanted, into)?;
    let files = maker.files()?;
    let parts = maker.parts()?;
    for file in &files {
        make_folder(into.join(&file.path).parent().unwrap_or(into))?;
    }
    let mut given = 0;
    for file in files.iter().filter(|file| file.delivery.is_none()) {
        let query = script.file(&file.query)?;
        maker.copy(file, query, bare(&query.text))?;
        given += 1;
    }
    watcher.begin("demo", parts.len() as u64);
    let mut makers = vec![maker];
    while makers.len() < cores::hands(parts.len()) {
        makers.push(Maker::new(project, &script, wanted, into)?);
    }
    let mut made = Made { written: given, ..Made::default() };
    let done = cores::in_order(
        &parts,
        makers,
        |maker, part| maker.make(*part, &files),
        |of_part| -> Result<(), Problems> {
            made.add(of_part?);
            watcher.step("deliveries");
            Ok(())
        },
    );
    watcher.end();
    done?;
    write_whole(&into.join(TRUTH), truth(made.truth).as_bytes())?;
    Ok(made.written)
}

/// What came of some deliveries.
#[derive(Default)]
struct Made {
    /// How many files were written.
    written: u64,
    /// The defects in them: sender, month, defect, number of rows.
    truth: Vec<Vec<Cell>>,
}

impl Made {
    fn add(&mut self, other: Made) {
        self.written += other.written;
        self.truth.extend(other.truth);
    }
}

/// All defects as one table, in an order that does not tell what was made together.
fn truth(rows: Vec<Vec<Cell>>) -> String {
    let line = |row: Vec<Cell>| row.iter().map(|cell| cell.shown()).collect::<Vec<_>>().join(",");
    let mut lines: Vec<String> = rows.into_iter().map(line).collect();
    lines.sort();
    format!("sender,month,defect,rows\n{}\n", lines.join("\n"))
}

/// One thread with a database of its own: what it makes depends on nobody else.
struct Maker<'a> {
    db: Db,
    script: &'a Script,
    into: &'a Path,
    lines: Arc<Mutex<Lines>>,
}

impl<'a> Maker<'a> {
    fn new(project: &Project, script: &'a Script, wanted: &Wanted, into: &'a Path) -> Result<Self, Problems> {
        let db = Db::in_memory()?;
        let lines = Arc::default();
        db.teach_lines(LINE, &lines)?;
        db.teach_written(MOMENT, write_moment)?;
        db.run(&format!(
            "SET threads = 1; SET VARIABLE project = {}; SET VARIABLE dossiers = {}; SET VARIABLE seed = {}; \
             SET VARIABLE until = DATE '{until}'; SET VARIABLE until_s = CAST(epoch(DATE '{until}') AS BIGINT) + 61200",
            literal(&project.root().display().to_string()),
            wanted.dossiers,
            wanted.seed,
            until = wanted.until,
        ))?;
        db.run(&script.lists.text).map_err(|error| error.in_source(&script.lists))?;
        Ok(Maker { db, script, into, lines })
    }

    fn files(&self) -> Result<Vec<File>, DbError> {
        let sql = "SELECT delivery, query, path, format FROM demo.file ORDER BY delivery, path";
        let file = |row: &Vec<Cell>| File {
            delivery: row[0].integer(),
            query: row[1].shown(),
            path: row[2].shown(),
            format: row[3].shown(),
        };
        Ok(self.db.query(sql, &[])?.rows.iter().map(file).collect())
    }

    /// Deliveries in order, as many together as may be made at one time.
    fn parts(&self) -> Result<Vec<Part>, DbError> {
        let deliveries =
            self.db.query("SELECT delivery, n_rows FROM demo.delivery ORDER BY delivery", &[])?;
        let numbers = deliveries.rows.iter().filter_map(|row| Some((row[0].integer()?, row[1].integer()?)));
        Ok(together(numbers))
    }

    fn make(&self, part: Part, files: &[File]) -> Result<Made, Problems> {
        self.db.run(&format!("SET VARIABLE first = {}; SET VARIABLE last = {}", part.first, part.last))?;
        self.keep("demo.chunk", &self.script.dossiers, ")")?;
        let truth = self.ask("SELECT sender, month, defect, n_rows FROM (", &self.script.truth, ")")?;
        let mut made = Made { written: 0, truth };
        for (name, query) in &self.script.files {
            let is_mine = |file: &&File| {
                file.query == *name && file.delivery.is_some_and(|n| (part.first..=part.last).contains(&n))
            };
            // Lines go to one file for each delivery.
            let mut told = BTreeSet::new();
            let (lines, others): (Vec<&File>, Vec<&File>) = files
                .iter()
                .filter(is_mine)
                .partition(|file| file.format == "csv" && told.insert(file.delivery));
            made.written += self.write_lines(query, &lines)?;
            made.written += self.write_others(query, &others)?;
        }
        Ok(made)
    }

    /// Writes files of separated values line by line, of all deliveries that one query tells of: to plan a query for each file
    /// would take longer than to run it.
    fn write_lines(&self, query: &Source, files: &[&File]) -> Result<u64, Problems> {
        if files.is_empty() {
            return Ok(0);
        }
        let (heading, values) = self.line_of(query)?;
        self.lines().begin(heading, self.into, files);
        let head = format!("SELECT sum({LINE}(CAST(delivery AS BIGINT), row({values}))) FROM (");
        let handed = self.ask(&head, query, &of_deliveries(files));
        // What a file refused says more than that a row could not be handed over.
        self.lines().refused.take().map_or(Ok(()), Err)?;
        handed?;
        Ok(self.lines().finish()?)
    }

    fn lines(&self) -> MutexGuard<'_, Lines> {
        self.lines.lock().expect("no thread failed")
    }

    /// The line of headings of a query, and what the lines of its rows are made of.
    fn line_of(&self, query: &Source) -> Result<(Vec<u8>, String), Problems> {
        let head = "SELECT column_name, column_type FROM (DESCRIBE SELECT * EXCLUDE (delivery) FROM (";
        let columns = self.ask(head, query, "))")?;
        let names: Vec<String> = columns.iter().map(|column| column[0].shown()).collect();
        // A column of nothing but null is of a type of its own until it is told another.
        let value = |column: &Vec<Cell>| match (quoted(&column[0].shown()), column[1].shown().as_str()) {
            (name, known @ ("INTEGER" | "BIGINT" | "UBIGINT")) => format!("CAST({name} AS {known})"),
            (name, _) => format!("CAST({name} AS VARCHAR)"),
        };
        Ok((line_of(&names), columns.iter().map(value).collect::<Vec<_>>().join(", ")))
    }

    /// Writes other files, each whole.
    fn write_others(&self, query: &Source, files: &[&File]) -> Result<u64, Problems> {
        if files.is_empty() {
            return Ok(0);
        }
        self.keep("demo.text", query, &of_deliveries(files))?;
        let found = self.db.query("SELECT DISTINCT delivery FROM demo.text", &[])?;
        let filled: BTreeSet<i64> = found.rows.iter().filter_map(|row| row[0].integer()).collect();
        let mut written = 0;
        // Nobody sends a file without rows.
        for (file, delivery) in files.iter().filter_map(|file| Some((file, file.delivery?))) {
            if filled.contains(&delivery) {
                let sql = format!("SELECT * EXCLUDE (delivery) FROM demo.text WHERE delivery = {delivery}");
                self.copy(file, query, &sql)?;
                written += 1;
            }
        }
        Ok(written)
    }

    /// Keeps the rows of a query; `tail` stands behind it.
    fn keep(&self, table: &str, query: &Source, tail: &str) -> Result<(), Diagnostic> {
        let head = format!("CREATE OR REPLACE TABLE {table} AS FROM (");
        let kept = self.db.run(&format!("{head}{}\n{tail}", bare(&query.text)));
        kept.map_err(|error| error.after(head.len()).in_source(query))
    }

    /// The rows that a statement gives of a query, which stands between `head` and `tail`.
    fn ask(&self, head: &str, query: &Source, tail: &str) -> Result<Vec<Vec<Cell>>, Diagnostic> {
        let found = self.db.query(&format!("{head}{}\n{tail}", bare(&query.text)), &[]);
        Ok(found.map_err(|error| error.after(head.len()).in_source(query))?.rows)
    }

    fn copy(&self, file: &File, query: &Source, sql: &str) -> Result<(), Problems> {
        let form = match file.format.as_str() {
            "csv" => "FORMAT csv, HEADER true",
            "ndjson" => "FORMAT json",
            "parquet" => "FORMAT parquet",
            other => {
                return Err(Diagnostic::error(format!("`demo.file` asks for the format `{other}`"))
                    .in_file(&self.script.lists.path)
                    .hint("write csv, ndjson or parquet")
                    .into());
            }
        };
        let path = self.into.join(&file.path).display().to_string();
        let head = "COPY (";
        let copied =
            self.db.run(&format!("{head}{sql}\n) TO {} ({form}, USE_TMP_FILE true)", literal(&path)));
        copied.map_err(|error| error.after(head.len()).in_source(query).into())
    }
}

/// A moment, given in seconds since 1970, as `20260131170000`, or else as `2026-01-31 17:00:00`.
fn write_moment(seconds: i64, is_compact: bool, text: &mut Vec<u8>) -> bool {
    let (day, time) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400) as u32);
    let date = i32::try_from(day).ok().and_then(NaiveDate::from_epoch_days);
    let Some(date) = date.filter(|date| (0..10_000).contains(&date.year())) else {
        return false;
    };
    let year = date.year() as u32;
    let pairs = [year / 100, year % 100, date.month(), date.day(), time / 3600, time / 60 % 60, time % 60];
    let digits = pairs.map(|pair| [b'0' + (pair / 10) as u8, b'0' + (pair % 10) as u8]);
    if is_compact {
        text.extend_from_slice(digits.as_flattened());
    } else {
        let mut shown = *b"0000-00-00 00:00:00";
        for (at, pair) in [0, 2, 5, 8, 11, 14, 17].into_iter().zip(digits) {
            shown[at..at + 2].copy_from_slice(&pair);
        }
        text.extend_from_slice(&shown);
    }
    true
}

/// The end of a statement that reads the rows of the deliveries that files tell of.
fn of_deliveries(files: &[&File]) -> String {
    let numbers = files.iter().filter_map(|file| Some(file.delivery?.to_string()));
    format!(") WHERE delivery IN ({})", numbers.collect::<Vec<_>>().join(", "))
}

/// Files of separated values that are written line by line, mostly one after the other; nobody sends one without rows.
#[derive(Default)]
struct Lines {
    heading: Vec<u8>,
    path_of: BTreeMap<i64, PathBuf>,
    begun: BTreeMap<i64, WholeFile>,
    /// The delivery of the line before.
    last: Option<i64>,
    refused: Option<Diagnostic>,
}

impl Lines {
    fn begin(&mut self, heading: Vec<u8>, into: &Path, files: &[&File]) {
        let path_of = files.iter().filter_map(|file| Some((file.delivery?, into.join(&file.path)))).collect();
        *self = Lines { heading, path_of, ..Lines::default() };
    }

    fn add(&mut self, delivery: i64, line: &[u8]) -> Result<(), Diagnostic> {
        if let Some(last) = self.last.filter(|last| *last != delivery)
            && let Some(file) = self.begun.get_mut(&last)
        {
            file.rest()?;
        }
        self.last = Some(delivery);
        let file = match self.begun.entry(delivery) {
            Entry::Occupied(begun) => begun.into_mut(),
            Entry::Vacant(place) => {
                let file = place.insert(WholeFile::begin(self.path_of[&delivery].clone())?);
                file.add(&self.heading)?;
                file.add(b"\n")?;
                file
            }
        };
        file.add(line)?;
        file.add(b"\n")
    }

    /// All rows are there; gives how many files there are.
    fn finish(&mut self) -> Result<u64, Diagnostic> {
        let begun = std::mem::take(&mut self.begun);
        let written = begun.len() as u64;
        begun.into_values().try_for_each(WholeFile::finish)?;
        Ok(written)
    }
}

impl TakesLines for Lines {
    fn take(&mut self, delivery: i64, line: &[u8]) -> Result<(), String> {
        self.add(delivery, line).map_err(|refused| {
            let message = refused.message.clone();
            self.refused = Some(refused);
            message
        })
    }
}

fn together(deliveries: impl Iterator<Item = (i64, i64)>) -> Vec<Part> {
    let (mut parts, mut rows) = (Vec::<Part>::new(), 0);
    for (delivery, n_rows) in deliveries {
        match parts.last_mut() {
            Some(part) if rows + n_rows <= ROWS_AT_ONCE => {
                part.last = delivery;
                rows += n_rows;
            }
            _ => {
                parts.push(Part { first: delivery, last: delivery });
                rows = n_rows;
            }
        }
    }
    parts
}

/// The text of a site with the title and the notice of the demo in the place of its own.
pub fn marked(report: &str, demo: &Demo) -> String {
    with_notice(report, demo, Some(&demo.title))
}

/// The text of a report for paper with the notice of the demo in the place of its own; what it is about stays.
pub fn noticed(report: &str, demo: &Demo) -> String {
    with_notice(report, demo, None)
}

fn with_notice(report: &str, demo: &Demo, title: Option<&Text>) -> String {
    let mut lines = vec![];
    let mut is_replaced = false;
    for line in report.lines() {
        // A key of the first level goes on in the lines that are set in.
        let begins = !line.starts_with([' ', '#']) && !line.is_empty();
        if begins {
            let is_title = line.starts_with("title:");
            is_replaced = (is_title && title.is_some()) || line.starts_with("notice:");
            if is_title {
                lines.extend(title.map(|title| format!("title: {}", flow(title))));
                lines.push(format!("notice: {}", flow(&demo.notice)));
            }
        }
        if !is_replaced || line.starts_with('#') {
            lines.push(line.to_owned());
        }
    }
    lines.join("\n") + "\n"
}

/// A text of two languages on one line of YAML, which a JSON object is.
fn flow(text: &Text) -> String {
    use crate::model::text::Lang;
    let words = Lang::ALL.map(|lang| format!("{}: {}", lang.code(), serde_json::Value::from(text.get(lang))));
    format!("{{ {} }}", words.join(", "))
}

/// The text of `sources.yml` with the entries of the demo at its end.
pub fn with_sources(sources: &str, demo: &Demo) -> String {
    let entries: Vec<String> = demo.sources.lines().map(|line| format!("  {line}")).collect();
    format!("{}\n\n{}\n", sources.trim_end(), entries.join("\n")).trim_end().to_owned() + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_written_in_either_form() {
        let written = |seconds: i64, is_compact: bool| {
            let mut text = vec![];
            write_moment(seconds, is_compact, &mut text)
                .then(|| String::from_utf8(text).expect("digits and marks"))
        };
        // `date -u -d 2026-01-31T17:05:09 +%s`, the last second of a leap day, and one before 1970.
        for (seconds, compact, long) in [
            (1_769_879_109, "20260131170509", "2026-01-31 17:05:09"),
            (1_709_251_199, "20240229235959", "2024-02-29 23:59:59"),
            (-1, "19691231235959", "1969-12-31 23:59:59"),
        ] {
            assert_eq!(written(seconds, true).as_deref(), Some(compact));
            assert_eq!(written(seconds, false).as_deref(), Some(long));
        }
        assert_eq!(written(i64::MAX, false), None);
        assert_eq!(written(253_402_300_800, true), None, "the year 10000");
    }

    #[test]
    fn deliveries_are_made_together_up_to_a_size() {
        let check = |rows: &[i64], expected: &[(i64, i64)]| {
            let parts = together((1..).zip(rows.iter().copied()));
            let expected: Vec<Part> = expected.iter().map(|&(first, last)| Part { first, last }).collect();
            assert_eq!(parts, expected, "{rows:?}");
        };
        check(&[], &[]);
        check(&[10, 20, 30], &[(1, 3)]);
        check(&[ROWS_AT_ONCE, 1, 1], &[(1, 1), (2, 3)]);
        check(&[1, 5 * ROWS_AT_ONCE, 1], &[(1, 1), (2, 2), (3, 3)]);
    }

    #[test]
    fn a_report_says_that_it_is_synthetic() {
        let demo = Demo {
            title: Text::both("Mô phỏng", "Synthetic"),
            notice: Text::both("Không \"thật\"", "Not real"),
            until: "2026-09-30".into(),
            tables: vec![],
            sources: "- id: a\n  path: b".into(),
        };
        let report = "id: site\ntitle:\n  vi: Báo cáo\n  en: Report\n# words\nlanguages: [vi, en]\n";
        let expected = "id: site
title: { vi: \"Mô phỏng\", en: \"Synthetic\" }
notice: { vi: \"Không \\\"thật\\\"\", en: \"Not real\" }
# words
languages: [vi, en]
";
        assert_eq!(marked(report, &demo), expected);
        let noticed = noticed("title: Paper\nnotice: Own\nlanguages: [vi]\n", &demo);
        assert_eq!(
            noticed,
            format!("{}\ntitle: Paper\nlanguages: [vi]\n", expected.lines().nth(2).unwrap_or(""))
        );
        assert_eq!(
            with_sources("sources:\n  - id: x\n\n", &demo),
            "sources:\n  - id: x\n\n  - id: a\n    path: b\n"
        );
    }
}
