//! Files as agencies send them, through gather and load: what becomes rows, what becomes rejects, and which row they name.

mod project;

use std::collections::HashMap;
use std::io::Write as _;
use std::path::Path;

use chiso::db::Db;
use chiso::gather::{gather, read_sources};
use chiso::load::{Intake, Replay, load, read_contracts};
use chiso::progress::Unwatched;
use chiso::project::Project;
use project::{TestProject, shown_rows, with_first_sheet};
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook, Worksheet, XlsxError};
use serde_json::json;

/// What became of one file.
#[derive(Debug)]
struct Taken {
    /// Rows in use, cells joined by ` | `, nothing shown as `~`.
    rows: Vec<String>,
    /// `row | column | value | rule`.
    rejects: Vec<String>,
    /// `rows read | rows loaded | rows rejected`.
    account: String,
    /// What was noticed, or why it was refused, with hints.
    message: String,
    /// `current` or `refused`.
    state: String,
}

impl Taken {
    #[track_caller]
    fn refused(&self, reason: &str) {
        assert_eq!((self.state.as_str(), self.account.as_str()), ("refused", "0 | 0 | 0"), "{self:?}");
        assert!(self.message.contains(reason), "{self:?}");
    }

    #[track_caller]
    fn is(&self, rows: &[&str], rejects: &[&str]) {
        let (expected_rows, expected_rejects) = (owned(rows), owned(rejects));
        assert_eq!((&self.rows, &self.rejects), (&expected_rows, &expected_rejects), "{}", self.message);
        assert_eq!(self.state, "current");
    }
}

fn owned(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

/// A project with one source that is read by one contract.
fn project_of(contract: &str, path: &str, more: &str) -> TestProject {
    let project = TestProject::empty();
    project.write("queries/tables/fact.t.yml", format!("row: One row\n{contract}"));
    project.write(
        "sources.yml",
        format!(
            "sources:\n  - id: s\n    title: {{ vi: S, en: S }}\n    table: fact.t\n    path: {path:?}\n    \
             publisher: P\n    licence: MIT\n{more}"
        ),
    );
    project
}

/// Gathers and loads everything there is; the database, and what could not be brought.
fn take_all(project: &TestProject) -> (Db, Vec<String>) {
    take_in(project.root())
}

fn take_in(root: &Path) -> (Db, Vec<String>) {
    let project = Project::open(root).expect("a project");
    let contracts = read_contracts(&project).expect("contracts");
    let tables: Vec<_> = contracts.iter().map(|contract| contract.table.clone()).collect();
    let sources = read_sources(&project, &tables, &HashMap::new()).expect("sources");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("starts");
    let gathered = runtime
        .block_on(gather(&project, &sources, "now", &std::sync::Arc::default(), &Unwatched))
        .expect("gathers");
    let db = Db::in_memory().expect("opens");
    let intake = Intake {
        project: &project,
        contracts: &contracts,
        views: &[],
        sources: &sources,
        definitions: &[],
        landed: &gathered.files,
        now: "now",
        key: None,
        replay: Replay::No,
    };
    load(&db, &intake, &Unwatched).expect("a wrong file does not stop a load");
    let problems = gathered.problems.into_iter().map(|(_, problem)| problem.render(false)).collect();
    (db, problems)
}

fn taken(db: &Db, file_id: u32) -> Taken {
    let rows =
        shown_rows(db, &format!("SELECT * EXCLUDE (file_id, row_id) FROM fact.t WHERE file_id = {file_id}"));
    let rejects = shown_rows(
        db,
        &format!(
            "SELECT row_no, column_name, value, rule FROM meta.reject WHERE file_id = {file_id} ORDER BY ALL"
        ),
    );
    let about = format!("FROM meta.file WHERE file_id = {file_id}");
    let one = |what: &str| shown_rows(db, &format!("SELECT {what} {about}")).remove(0);
    let account = one("rows_read, rows_loaded, rows_rejected");
    let sound =
        one("rows_read = rows_loaded + rows_rejected AND rows_loaded = (SELECT count(*) FROM fact.t)");
    assert_eq!(sound, "true", "{account}");
    Taken { rows, rejects, account, message: one("coalesce(message, '')"), state: one("state") }
}

/// What becomes of a file of this name under this contract.
fn take(contract: &str, name: &str, bytes: impl AsRef<[u8]>) -> Taken {
    take_with(contract, "", name, bytes)
}

/// The same with more lines in the source.
fn take_with(contract: &str, more: &str, name: &str, bytes: impl AsRef<[u8]>) -> Taken {
    let project = project_of(contract, "in/*", more);
    project.write(&format!("in/{name}"), bytes);
    let (db, problems) = take_all(&project);
    assert_eq!(problems, [] as [String; 0]);
    taken(&db, 1)
}

// The same table in every form.

const SERVICES: &str = "missing: ['', '-']
key: [code]
columns:
  code: { type: text, required: true, pattern: '^\\d{2}$' }
  name: { type: text, from: [name, Tên dịch vụ] }
  received: { type: integer, min: 0 }
  share: { type: number, max: 100 }
  opened_on: { type: date, formats: ['%d/%m/%Y'] }
  online: { type: boolean, yes: [Y, 'true'], no: [N, 'false'] }
";

const PLAIN: &str = "code,name,received,share,opened_on,online
01,\"Đà Nẵng, quận 1\",1200,17.35,05/01/2026,Y
02,\"two
lines\",0,0.5,31/12/2025,N
03,-,-,-,-,-
04,\"a \"\"quote\"\"\",7,100,01/07/2025,Y
05,=cmd(),12345678,99.999,05/01/2026,N
";

const ROWS: [&str; 5] = [
    "01 | Đà Nẵng, quận 1 | 1200 | 17.35 | 2026-01-05 | true",
    "02 | two\nlines | 0 | 0.5 | 2025-12-31 | false",
    "03 | ~ | ~ | ~ | ~ | ~",
    "04 | a \"quote\" | 7 | 100 | 2025-07-01 | true",
    "05 | =cmd() | 12345678 | 99.999 | 2026-01-05 | false",
];

/// The table with another delimiter; the one comma inside a cell stays.
fn with_delimiter(delimiter: &str) -> String {
    PLAIN.replace(',', delimiter).replace(&format!("Nẵng{delimiter} quận"), "Nẵng, quận")
}

fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(vec![], flate2::Compression::fast());
    encoder.write_all(bytes).expect("memory is writable");
    encoder.finish().expect("memory is writable")
}

fn utf16(text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
    std::iter::once(0xfeff).chain(text.encode_utf16()).flat_map(bytes).collect()
}

#[test]
fn separated_texts_of_all_kinds_give_the_same_rows() {
    let check = |name: &str, bytes: &[u8]| {
        let taken = take(SERVICES, name, bytes);
        assert_eq!(
            (taken.rows.as_slice(), taken.account.as_str()),
            (&owned(&ROWS)[..], "5 | 5 | 0"),
            "{name}"
        );
    };
    check("comma.csv", PLAIN.as_bytes());
    check("semicolon.csv", with_delimiter(";").as_bytes());
    check("tab.tsv", with_delimiter("\t").as_bytes());
    check("pipe.txt", with_delimiter("|").as_bytes());
    check("packed.csv.gz", &packed(PLAIN.as_bytes()));
    check("PACKED.CSV.GZ", &packed(PLAIN.as_bytes()));
    check("mark.csv", format!("\u{feff}{PLAIN}").as_bytes());
    check("little.csv", &utf16(PLAIN, u16::to_le_bytes));
    check("big.csv", &utf16(PLAIN, u16::to_be_bytes));
    check("decomposed.csv", PLAIN.replace("Đà Nẵng", "Đa\u{300} Na\u{306}\u{303}ng").as_bytes());
    check("blanks.csv", PLAIN.replace("\n0", "\n\u{a0} 0").replace("1200", " 1200\t").as_bytes());
    // Breaks inside quotes are not those that end rows: this is what Excel writes.
    check("excel.csv", PLAIN.replace('\n', "\r\n").replace("two\r\n", "two\n").as_bytes());
    check("mixed.csv", PLAIN.replacen('\n', "\r\n", 1).as_bytes());
    check("no-end.csv", PLAIN.trim_end().as_bytes());
}

#[test]
fn texts_in_windows_code_pages_give_the_same_rows() {
    let contract = format!("file: {{ encoding: [utf-8, windows-1258] }}\n{SERVICES}");
    let text = PLAIN.replace("Đà Nẵng, quận", "Đa\u{300} Nă\u{303}ng, quâ\u{323}n");
    let (bytes, _, has_gaps) = encoding_rs::WINDOWS_1258.encode(&text);
    assert!(!has_gaps);
    assert_eq!(take(&contract, "a.csv", &bytes).rows, ROWS);
    assert_eq!(take(&contract, "a.csv.gz", packed(&bytes)).rows, ROWS);
    assert_eq!(take(&contract, "utf-8.csv", PLAIN).rows, ROWS);

    let western = "file: { encoding: [utf-8, windows-1252] }\ncolumns: { a: { type: text } }\n";
    take(western, "a.csv", b"a\nQu\xe9bec \x80\n").is(&["Québec €"], &[]);
    let neither = "file: { encoding: [utf-8, utf-8] }\ncolumns: { a: { type: text } }\n";
    take(neither, "a.csv", b"a\nQu\xe9bec\n").refused("none of the expected encodings: utf-8");
}

#[test]
fn title_rows_are_passed_over_whatever_they_hold() {
    let contract = format!("file: {{ header_row: 4 }}\n{SERVICES}");
    let titles = ["Báo cáo\nquý, III\n\n", "\"two\nlines\"\n\n\n", "5\" disk, \"open\n,,,,\nx\n", "\n\n\n"];
    for title in titles {
        for end in ["\n", "\r\n"] {
            let taken = take(&contract, "a.csv", format!("{title}{PLAIN}").replace('\n', end));
            let expected = ROWS.map(|row| row.replace('\n', end));
            assert_eq!(taken.rows, expected, "{title:?}");
        }
    }
    let wrong = format!("Title\n\n\n{PLAIN}x9,,bad,,,\n");
    let reject = ["10 | code | x9 | does not match ^\\d{2}$", "10 | received | bad | not a whole number"];
    take(&contract, "a.csv", wrong).is(&ROWS, &reject);
    take(&contract, "short.csv", "code\n01\n").refused("row 4 has the headings (nothing)");
}

#[test]
fn numbers_with_vietnamese_marks_give_the_same_rows() {
    let marks = "file: { delimiter: ';', decimal_mark: ',', thousands_mark: '.' }\n";
    let text = with_delimiter(";").replace("12345678", "12.345.678").replace("1200;17.35", "1.200;17,35");
    let text = text.replace("0.5", "0,5").replace("99.999", "99,999");
    take(&format!("{marks}{SERVICES}"), "a.csv", text).is(&ROWS, &[]);
}

#[test]
fn json_gives_the_same_rows() {
    let objects = [
        json!({"code": "01", "Tên dịch vụ": "Đà Nẵng, quận 1", "received": 1200, "share": 17.35, "opened_on": "2026-01-05", "online": true}),
        json!({"code": "02", "Tên dịch vụ": "two\nlines", "received": 0, "share": 0.5, "opened_on": "31/12/2025", "online": "N"}),
        json!({"code": "03", "received": null, "share": "-"}),
        json!({"code": "04", "Tên dịch vụ": "a \"quote\"", "received": 7.0, "share": 100, "opened_on": "01/07/2025", "online": "Y"}),
        json!({"code": "05", "Tên dịch vụ": "=cmd()", "received": "12345678", "share": 99.999, "opened_on": "05/01/2026", "online": "N"}),
    ];
    let array = serde_json::to_string_pretty(&objects).expect("JSON");
    take(SERVICES, "a.json", &array).is(&ROWS, &[]);
    take(SERVICES, "utf-16.json", utf16(&array, u16::to_le_bytes)).is(&ROWS, &[]);
    let mut lines: Vec<String> = objects.iter().map(ToString::to_string).collect();
    take(SERVICES, "a.ndjson", lines.join("\r\n")).is(&ROWS, &[]);
    take(SERVICES, "a.jsonl.gz", packed(lines.join("\n").as_bytes())).is(&ROWS, &[]);
    lines.insert(1, "{\"code\": \"09\",".into());
    lines.insert(2, String::new());
    lines.push("[1]".into());
    let broken = ["2 |  | {\"code\": \"09\", | not a JSON object", "8 |  | [1] | not a JSON object"];
    take(SERVICES, "a.ndjson", lines.join("\n")).is(&ROWS, &broken);

    take(SERVICES, "a.json", r#"[{"code": "01"}, 3, {"code": "x"}]"#).is(
        &["01 | ~ | ~ | ~ | ~ | ~"],
        &["2 |  | 3 | not a JSON object", "3 | code | x | does not match ^\\d{2}$"],
    );
    take(SERVICES, "cut.json", &array[..array.len() - 1]).refused("is not a whole JSON array");
    take(SERVICES, "cut.json", r#"[{"code": "01"},"#).refused("is not a whole JSON array");
    take(SERVICES, "object.json", r#"{"code": "01"}"#).refused("is not a whole JSON array");
}

#[test]
fn a_name_that_only_a_late_object_has_is_not_lost() {
    let mut lines: Vec<String> = (0..3000).map(|i| format!("{{\"a\":{i}}}")).collect();
    lines.push("{\"a\":1,\"b\":\"late\"}".into());
    let taken = take("columns: { a: { type: integer }, b: { type: text } }\n", "a.ndjson", lines.join("\n"));
    assert_eq!(taken.rows.last().map(String::as_str), Some("1 | late"));
}

#[test]
fn json_numbers_keep_their_point_under_another_mark() {
    let contract = "file: { decimal_mark: ',' }\ncolumns: { a: { type: number } }\n";
    take(contract, "a.json", r#"[{"a": 1.5}, {"a": "2,5"}, {"a": 3}, {"a": "x"}]"#)
        .is(&["1.5", "2.5", "3"], &["4 | a | x | not a number with `,` before its decimals"]);
}

/// The table as a sheet, from this row on, counted from 0.
fn fill(sheet: &mut Worksheet, first: u32) -> Result<(), XlsxError> {
    let date = Format::new().set_num_format("dd/mm/yyyy");
    let day = |text: &str| ExcelDateTime::parse_from_str(text).expect("a date");
    for (column, heading) in
        (0..).zip(["code", " Tên DỊCH vụ ", "received", "share", "opened_on", "online", ""])
    {
        sheet.write(first, column, heading)?;
    }
    let rows = [
        ("01", "Đà Nẵng, quận 1", 1200.0, 17.35, "2026-01-05", "Y"),
        ("02", "two\nlines", 0.0, 0.5, "2025-12-31", "N"),
        ("04", "a \"quote\"", 7.0, 100.0, "2025-07-01", "Y"),
        ("05", "=cmd()", 12_345_678.0, 99.999, "2026-01-05", "N"),
    ];
    // One row of the sheet stays blank; the third row has nothing but its code.
    for (row, cells) in [1, 2, 5, 6].into_iter().map(|row| first + row).zip(rows) {
        sheet.write_string(row, 0, cells.0)?.write_string(row, 1, cells.1)?.write(row, 2, cells.2)?;
        sheet
            .write(row, 3, cells.3)?
            .write_with_format(row, 4, day(cells.4), &date)?
            .write(row, 5, cells.5)?;
    }
    sheet.write_string(first + 3, 0, "03")?;
    Ok(())
}

fn workbook(first: u32, wrong_row: Option<u32>) -> Vec<u8> {
    let mut workbook = Workbook::new();
    workbook.add_worksheet().set_name("Bìa").expect("a name").write(0, 0, "Báo cáo").expect("fits");
    let sheet = workbook.add_worksheet().set_name("Biểu 06").expect("a name");
    fill(sheet, first).expect("fits");
    if first > 0 {
        sheet.write(0, 0, "BIỂU SỐ 06").expect("fits");
    }
    if let Some(row) = wrong_row {
        sheet.write(row, 0, "06").expect("fits").write(row, 2, 1.5).expect("fits");
    }
    workbook.save_to_buffer().expect("memory is writable")
}

#[test]
fn a_workbook_gives_the_same_rows() {
    let form = |form: &str| format!("file: {{ sheet: '^Biểu', {form} }}\n{SERVICES}");
    take(&form("header_row: 1"), "a.xlsx", workbook(0, None)).is(&ROWS, &[]);
    take(&form("header_row: 4"), "a.xlsx", workbook(3, None)).is(&ROWS, &[]);
    take(&form("decimal_mark: ',', thousands_mark: '.'"), "a.xlsx", workbook(0, None)).is(&ROWS, &[]);
    let reject = ["12 | received | 1.5 | not a whole number"];
    take(&form("header_row: 4"), "a.xlsx", workbook(3, Some(11))).is(&ROWS, &reject);
    take(SERVICES, "a.xlsx", workbook(0, None)).refused("`in/a.xlsx (sheet Bìa)` has no column `code`");
    take(&format!("file: {{ sheet: Phụ lục }}\n{SERVICES}"), "a.xlsx", workbook(0, None))
        .refused("its sheets are `Bìa`, `Biểu 06`");
    take(&form("header_row: 99"), "a.xlsx", workbook(0, None)).refused("row 99 has the headings (nothing)");
    take(SERVICES, "a.xlsx", "not a workbook").refused("is not a workbook");
}

/// A workbook with these sheets: their names, and texts in the cells of their rows.
fn book(sheets: &[(&str, &[&[&str]])]) -> Vec<u8> {
    let mut workbook = Workbook::new();
    for (name, rows) in sheets {
        let sheet = workbook.add_worksheet().set_name(*name).expect("a name");
        for (row, cells) in (0..).zip(*rows) {
            for (column, text) in (0..).zip(*cells) {
                sheet.write(row, column, *text).expect("fits");
            }
        }
    }
    workbook.save_to_buffer().expect("memory is writable")
}

/// The workbook with other words in its first sheet.
fn rewritten(workbook: &[u8], from: &str, to: &str) -> Vec<u8> {
    with_first_sheet(workbook, |sheet| {
        assert!(sheet.contains(from), "{sheet}");
        sheet.replace(from, to)
    })
}

#[test]
fn a_stray_cell_takes_no_room() {
    let with_stray = |row: u32| {
        let mut workbook = Workbook::new();
        let sheet = workbook.add_worksheet();
        for (row, cells) in (0..).zip([["a", "b"], ["1", "x"], ["2", "y"]]) {
            for (column, text) in (0..).zip(cells) {
                sheet.write(row, column, text).expect("fits");
            }
        }
        sheet.write(row, 16_383, "x").expect("fits");
        take(PAIR, "a.xlsx", workbook.save_to_buffer().expect("memory is writable"))
    };
    with_stray(1_048_575).is(&["1 | x", "2 | y"], &[]);
    let heading = with_stray(0);
    heading.is(&["1 | x", "2 | y"], &[]);
    assert_eq!(heading.message, "columns not in the contract: `x`");
}

#[test]
fn the_sheet_of_our_forms_is_read_wherever_it_stands() {
    let rows = |first: &'static str| -> Vec<Vec<&'static str>> { vec![vec!["a", "b"], vec![first, "x"]] };
    let (old, new) = (rows("1"), rows("2"));
    let old: Vec<&[&str]> = old.iter().map(Vec::as_slice).collect();
    let new: Vec<&[&str]> = new.iter().map(Vec::as_slice).collect();
    let guide: &[&[&str]] = &[&["what to do"]];
    let several = book(&[("cũ", &old), ("Dữ liệu", &new), ("trống", &[]), ("Hướng dẫn", guide)]);
    let taken = take(PAIR, "a.xlsx", several);
    taken.is(&["2 | x"], &[]);
    assert_eq!(taken.message, "sheets that were not read: `cũ`");
    let first = take(PAIR, "a.xlsx", book(&[("một", &old), ("hai", &new)]));
    first.is(&["1 | x"], &[]);
    assert_eq!(first.message, "sheets that were not read: `hai`");
    let named = format!("file: {{ sheet: hai }}\n{PAIR}");
    let named = take(&named, "a.xlsx", book(&[("một", &old), ("hai", &new)]));
    named.is(&["2 | x"], &[]);
    assert_eq!(named.message, "");
}

#[test]
fn bytes_that_are_not_utf8_are_a_reject_also_beside_columns_that_are_not_read() {
    let rule = "not UTF-8 text";
    let check = |text: &[u8], row: u32, line: &str| {
        take(PAIR, "a.csv", text).is(&["2 | y"], &[&format!("{row} |  | {line} | {rule}")]);
    };
    check(b"a,zz,b\n1,x,caf\xe9\n2,z,y\n", 2, "1,x,caf?");
    check(b"zz,yy,a,b\n,,2,y\n,,1,caf\xe9\n", 3, ",,1,caf?");
    check(b"a,caf\xe9,b\n2,,y\n1,x,caf\xe9\n", 3, "1,x,caf?");
}

#[test]
fn a_row_beside_the_columns_that_are_read_is_a_reject() {
    let rule = "nothing stands under a heading that is read";
    let text = "a,b,Ghi chú\n1,x,\n,,quan trọng\n,, \n2,y,z\n";
    take(PAIR, "a.csv", text).is(&["1 | x", "2 | y"], &[&format!("3 |  | quan trọng | {rule}")]);
    let ignoring = format!("file: {{ other_columns: ignore }}\n{PAIR}");
    take(&ignoring, "a.csv", text).is(&["1 | x", "2 | y"], &[]);
}

#[test]
fn cells_without_a_heading_are_told() {
    let taken = take(PAIR, "a.csv", "a,,b,\n1,lost,x,\n");
    taken.is(&["1 | x"], &[]);
    assert_eq!(taken.message, "cells without a heading: column 2");
    let taken = take(PAIR, "a.xlsx", book(&[("một", &[&["a", "", "b"], &["1", "lost", "x"]])]));
    taken.is(&["1 | x"], &[]);
    assert_eq!(taken.message, "cells without a heading: B");
    assert_eq!(take(PAIR, "a.xlsx", book(&[("một", &[&["a", "", "b"], &["1", " ", "x"]])])).message, "");
}

#[test]
fn cells_where_no_workbook_has_any_are_refused_with_the_name_of_the_file() {
    let whole = book(&[("một", &[&["a", "b"], &["1", "x"]])]);
    let check = |from: &str, to: &str| {
        take(PAIR, "a.xlsx", rewritten(&whole, from, to)).refused("is not a workbook that can be read: its ");
    };
    check("r=\"A2\"", "r=\"A99999999999\"");
    check("r=\"A2\"", "r=\"A4294967296\"");
    check("r=\"A2\"", "r=\"A2000000\"");
    // Cells that say nothing of their place stand in their row.
    let placeless = rewritten(&whole, " r=\"A2\"", "");
    let far = rewritten(&placeless, "<row r=\"2\"", "<row r=\"4000000000\"");
    take(PAIR, "a.xlsx", far).refused("is not a workbook that can be read: its ");
}

#[test]
fn a_number_far_from_any_day_is_a_number() {
    let mut workbook = Workbook::new();
    let day = rust_xlsxwriter::Format::new().set_num_format("dd/mm/yyyy");
    let sheet = workbook.add_worksheet();
    sheet.write(0, 0, "a").expect("fits").write(0, 1, "b").expect("fits");
    sheet.write_number_with_format(1, 0, -1e12, &day).expect("fits").write(1, 1, "x").expect("fits");
    sheet.write_number_with_format(2, 0, 46_000.0, &day).expect("fits").write(2, 1, "y").expect("fits");
    let contract = "columns: { a: { type: text }, b: { type: text } }\n";
    let taken = take(contract, "a.xlsx", workbook.save_to_buffer().expect("memory is writable"));
    taken.is(&["-1000000000000 | x", "2025-12-09 | y"], &[]);
}

#[test]
fn a_formula_that_nobody_worked_out_is_a_reject() {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet().set_name("Dữ liệu").expect("a name");
    sheet.write(0, 1, "a").expect("fits").write(0, 2, "b").expect("fits");
    sheet.write_formula(1, 1, "=5+5").expect("fits").write(1, 2, "x").expect("fits");
    sheet.write_formula(2, 1, rust_xlsxwriter::Formula::new("=4+4").set_result("8")).expect("fits");
    sheet.write(3, 1, 7).expect("fits").write_formula(3, 2, "=A1&A2").expect("fits");
    let whole = workbook.save_to_buffer().expect("memory is writable");
    let rule = "a formula without a value: open the file in Excel, save it and send it again";
    let taken = take(PAIR, "a.xlsx", rewritten(&whole, "</f><v>0</v>", "</f><v></v>"));
    taken.is(&["8 | ~"], &[&format!("2 | a | =5+5 | {rule}"), &format!("4 | b | =A1&A2 | {rule}")]);
    assert_eq!(taken.message, "rejects in sheet `Dữ liệu`: `a` in column B, `b` in column C");
}

#[test]
fn what_is_no_workbook_is_told_in_plain_words() {
    let check = |bytes: &[u8], reason: &str| {
        let reason = format!("is not a workbook that can be read: {reason}");
        take(PAIR, "a.xlsx", bytes).refused(&reason);
    };
    let whole = book(&[("một", &[&["a", "b"]])]);
    let old = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".repeat(200);
    let secret: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
    check(b"", "nothing is in it");
    check(b"a,b\n1,x\n", "it does not begin like one");
    check(&whole[..whole.len() / 2], "it is cut: its end is missing");
    check(&old, "it is an old Excel workbook (.xls) under another name");
    check(&[old.clone(), secret].concat(), "it is protected by a password");
}

fn parquet(query: &str) -> Vec<u8> {
    let folder = tempfile::tempdir().expect("a folder for temporary files");
    let path = folder.path().join("a.parquet");
    let db = Db::in_memory().expect("opens");
    db.run(&format!("COPY ({query}) TO '{}' (FORMAT parquet)", path.display())).expect("writable");
    std::fs::read(path).expect("readable")
}

#[test]
fn parquet_gives_the_same_rows() {
    let table = parquet(
        "SELECT * FROM (VALUES
            ('01', 'Đà Nẵng, quận 1', 1200, 17.35::DOUBLE, TIMESTAMP '2026-01-05', true),
            ('02', E'two\\nlines', 0, 0.5, TIMESTAMP '2025-12-31', false),
            ('03', NULL, NULL, NULL, NULL, NULL),
            ('04', 'a \"quote\"', 7, 100, TIMESTAMP '2025-07-01', true),
            ('05', '=cmd()', 12345678, 99.999, TIMESTAMP '2026-01-05', false))
         t(code, name, received, share, opened_on, online)",
    );
    take(SERVICES, "a.parquet", table).is(&ROWS, &[]);
    let wrong = parquet(
        "SELECT '01' AS code, 'nan'::DOUBLE AS share, TIMESTAMP '2026-01-05 08:00:00' AS opened_on, 1.5 AS received
         UNION ALL SELECT '02', 200, 'infinity', -1",
    );
    let rejects = [
        "1 | opened_on | 2026-01-05 08:00:00 | not a date like dd/mm/yyyy",
        "1 | received | 1.5 | not a whole number",
        "1 | share | nan | not a number",
        "2 | opened_on | infinity | not a date like dd/mm/yyyy",
        "2 | received | -1.0 | less than 0",
        "2 | share | 200.0 | more than 100",
    ];
    take(SERVICES, "a.parquet", wrong).is(&[], &rejects);
    take(SERVICES, "a.parquet", "not parquet at all").refused("cannot be read");
}

// Which row a reject names.

const PAIR: &str = "columns: { a: { type: integer }, b: { type: text } }\n";

#[test]
fn rejects_name_the_row_that_a_spreadsheet_shows() {
    let few = "fewer cells than headings";
    let many = "more cells than headings";
    let wrong = "bad | not a whole number";
    let check = |text: &str, rows: &[&str], rejects: &[String]| {
        let rejects: Vec<&str> = rejects.iter().map(String::as_str).collect();
        for end in ["\n", "\r\n"] {
            take(PAIR, "a.csv", text.replace('\n', end)).is(rows, &rejects);
        }
    };
    check(
        "a,b\n1,x\n2\n3,y,z\nbad,y\n4,w\nbad,2\n",
        &["1 | x", "4 | w"],
        &[
            format!("3 |  | 2 | {few}"),
            format!("4 |  | 3,y,z | {many}"),
            format!("5 | a | {wrong}"),
            format!("7 | a | {wrong}"),
        ],
    );
    check(
        "a,b\n\n1,x\n\n2\n\n\n3,y,z\nbad,y\n\n4,w\nbad,2\n\n",
        &["1 | x", "4 | w"],
        &[
            format!("5 |  | 2 | {few}"),
            format!("8 |  | 3,y,z | {many}"),
            format!("9 | a | {wrong}"),
            format!("12 | a | {wrong}"),
        ],
    );
    check(
        "a,b\n,\nbad,x\n , \n1\nbad,y\n",
        &[],
        &[format!("3 | a | {wrong}"), format!("5 |  | 1 | {few}"), format!("6 | a | {wrong}")],
    );
    let quote = "a quote that does not end where the cell ends";
    take(PAIR, "a.csv", "a,b\n1,\"x\" y\nbad,5\" disk\n3,\"open\n4,w\n").is(
        &[],
        &[
            &format!("2 |  | 1,\"x\" y | {quote}"),
            &format!("3 | a | {wrong}"),
            &format!("4 |  | 3,\"open\n4,w | {quote}"),
        ],
    );
    let quoted = take(PAIR, "a.csv", "a,b\n1,\"x\n\ny\"\n2\nbad,\"z\nz\"\nbad,w\n");
    quoted.is(
        &["1 | x\n\ny"],
        &[&format!("3 |  | 2 | {few}"), &format!("4 | a | {wrong}"), &format!("5 | a | {wrong}")],
    );
    take(PAIR, "a.csv", b"a,b\n1,\xff\xfe\n2,y\nbad,z\n")
        .is(&["2 | y"], &["2 |  | 1,?? | not UTF-8 text", "4 | a | bad | not a whole number"]);
}

/// Rows of a large file; some blank, torn or wrong, at rows that are told.
fn large(rows: u64) -> (String, Vec<u64>) {
    let mut text = String::from("a,b\n");
    let mut rejected = vec![];
    for row in 2..rows + 2 {
        match row {
            row if row % 50_021 == 0 => text.push('\n'),
            row if row % 30_011 == 0 => text.push_str(&format!("{row}\n")),
            row if row % 70_001 == 0 || row == rows => text.push_str("bad,x\n"),
            row if row % 7 == 0 => text.push_str(&format!("{row},\"quoted\nbreak {row}\"\n")),
            row => text.push_str(&format!("{row},some text that makes the line longer {row}\n")),
        }
        if row % 50_021 != 0 && (row % 30_011 == 0 || row % 70_001 == 0 || row == rows) {
            rejected.push(row);
        }
    }
    (text, rejected)
}

#[test]
fn row_numbers_are_right_where_a_file_is_read_in_parallel() {
    let (text, rejected) = large(300_000);
    let expected: Vec<String> = rejected.iter().map(ToString::to_string).collect();
    for (name, bytes) in [("a.csv", text.clone().into_bytes()), ("a.csv.gz", packed(text.as_bytes()))] {
        let project = project_of(PAIR, "in/*", "");
        project.write(&format!("in/{name}"), bytes);
        let (db, _) = take_all(&project);
        let rows = shown_rows(&db, "SELECT row_no FROM meta.reject ORDER BY row_no");
        assert_eq!(rows, expected, "{name}");
        let blank = 300_001 / 50_021;
        let (read, rejected) = (300_000 - blank, rejected.len() as u64);
        let account = shown_rows(&db, "SELECT rows_read, rows_loaded, rows_rejected FROM meta.file");
        assert_eq!(account, [format!("{read} | {} | {rejected}", read - rejected)]);
        // Every row that is loaded is the row it says it is.
        let strays = "SELECT count(*) FROM fact.t WHERE b NOT LIKE '%' || a";
        assert_eq!(shown_rows(&db, strays), ["0"]);
    }
}

#[test]
fn nothing_after_the_end_counts() {
    let contract = "file: { ends_at: '^Total' }\ncolumns: { a: { type: text }, b: { type: integer } }\n";
    let wrong = "3 | b | bad | not a whole number";
    take(contract, "a.csv", "a,b\nx,1\ny,bad\nTotal,5\nz,bad\nfoot\n").is(&["x | 1"], &[wrong]);
    let torn = ["3 | b | bad | not a whole number", "4 |  | u | fewer cells than headings"];
    take(contract, "a.csv", "a,b\nx,1\ny,bad\nu\nTotal\nz,3\nfoot\n").is(&["x | 1"], &torn);
    take(contract, "a.csv", "a,b\nx,1\ny,bad\nu\n\n\"Total\"\n\nz,3\n").is(&["x | 1"], &torn);
    take(contract, "a.csv", "a,b\nx,1\n").is(&["x | 1"], &[]);
    take(contract, "a.csv", "a,b\nTotal,1\n").is(&[], &[]);
    // A part of the data that looks like its end is told.
    let cut = take(contract, "a.csv", "a,b\nx,1\nTotal of the east,1\ny,2\nz,3\n\nfoot,note\n");
    cut.is(&["x | 1"], &[]);
    assert_eq!(cut.message, "below the row that ends the data: 2 rows that would fit");
}

// Rules.

/// What becomes of one text under the rules of one column: the value, or the rule it breaks.
fn cell(column: &str, file: &str, text: &str) -> String {
    let contract = format!("{file}columns: {{ a: {{ {column} }}, b: {{ type: text }} }}\n");
    let quoted = text.replace('"', "\"\"");
    let mut taken = take(&contract, "a.csv", format!("a,b\n\"{quoted}\",x\n"));
    match taken.rows.pop() {
        Some(row) => row.trim_end_matches(" | x").to_owned(),
        None => format!("! {}", taken.rejects[0].rsplit(" | ").next().unwrap_or_default()),
    }
}

#[test]
fn whole_numbers() {
    let check =
        |text: &str, expected: &str| assert_eq!(cell("type: integer", "", text), expected, "{text:?}");
    let wrong = "! not a whole number";
    check(" 7 ", "7");
    check("+5", "5");
    check("007", "7");
    check("1.0", "1");
    check("1e3", "1000");
    check("9223372036854775807", "9223372036854775807");
    for text in
        ["1.5", "0x10", "1_000", "５", "9223372036854775808", "1e400", "true", "1,5", "9007199254740993.4"]
    {
        check(text, wrong);
    }
}

#[test]
fn marks_between_thousands_are_not_taken_for_those_of_decimals() {
    let wrong = "! a mark that may stand between thousands: write 1000, not 1.000";
    let check = |file: &str, text: &str, expected: &str| {
        assert_eq!(cell("type: integer", file, text), expected, "{file}: {text:?}");
    };
    for text in ["1.000", "12.000", "-1.000", "1,000", "1.234", "1.000.000", "1,234,567"] {
        check("", text, wrong);
    }
    check("", "1.00", "1");
    check("", "1.5", "! not a whole number");
    let comma = "file: { decimal_mark: ',' }\n";
    check(comma, "1,000", wrong);
    check(comma, "1.000", wrong);
    let both = "file: { decimal_mark: ',', thousands_mark: '.' }\n";
    check(both, "1.000", "1000");
    check(both, "1.000.000", "1000000");
    check(both, "1,000", wrong);
    check(both, "1.00", "! not a whole number");
    // Where a number is no text, nobody wrote its marks.
    let whole = "columns: { a: { type: integer } }\n";
    take(whole, "a.ndjson", "{\"a\": 12.000}\n{\"a\": \"12.000\"}\n")
        .is(&["12"], &[&format!("2 | a | 12.000 | {}", &wrong[2..])]);
}

#[test]
fn numbers() {
    let check = |text: &str, expected: &str| assert_eq!(cell("type: number", "", text), expected, "{text:?}");
    check("1.5", "1.5");
    check("1e-3", "0.001");
    check("\u{a0}12 ", "12");
    for text in ["nan", "inf", "-Infinity", "1,5", "1.234,5", "-", "12%", "1 000", "1_000", "0x10", "1e400"] {
        check(text, "! not a number");
    }
    let comma = "file: { decimal_mark: ',' }\n";
    let rule = "! not a number with `,` before its decimals";
    let check =
        |text: &str, expected: &str| assert_eq!(cell("type: number", comma, text), expected, "{text:?}");
    check("1,5", "1.5");
    check("1.5", rule);
    check("1_0,5", rule);
    check("1,2,3", rule);
    let both = "file: { decimal_mark: ',', thousands_mark: '.' }\n";
    let check =
        |text: &str, expected: &str| assert_eq!(cell("type: number", both, text), expected, "{text:?}");
    check("1.234,5", "1234.5");
    check("1234,5", "1234.5");
    for text in ["1.5", "12.34,5", "1,234.5", "1.2345", "nan"] {
        check(text, rule);
    }
}

#[test]
fn dates() {
    let check = |column: &str, text: &str, expected: &str| {
        assert_eq!(cell(column, "", text), expected, "{column}: {text:?}");
    };
    let (iso, some) = ("type: date", "type: date, formats: ['%d/%m/%Y', '%Y%m%d']");
    let (moment, rule) = ("type: timestamp", "! not a date like dd/mm/yyyy or yyyymmdd");
    check(iso, "2026-01-05", "2026-01-05");
    check(iso, "2026-1-5", "2026-01-05");
    check(some, "5/1/2026", "2026-01-05");
    check(some, "20260105", "2026-01-05");
    check(some, "2026-01-05", "2026-01-05");
    check(moment, "2026-01-05 08:15:00", "2026-01-05 08:15:00");
    check("type: timestamp, formats: ['%d/%m/%Y %H:%M']", "05/01/2026 08:15", "2026-01-05 08:15:00");
    for text in
        ["31/02/2026", "2026-02-30", "0000-00-00", "infinity", "-infinity", "epoch", "2026-01-05x", "46027"]
    {
        check(iso, text, "! not a date like yyyy-mm-dd");
        check(some, text, rule);
        check(moment, text, "! not a date and time");
    }
}

#[test]
fn years_are_those_that_somebody_could_mean() {
    let check = |column: &str, text: &str, expected: &str| {
        assert_eq!(cell(column, "", text), expected, "{column}: {text:?}");
    };
    let day = "type: date, formats: ['%d/%m/%Y']";
    for text in ["05/08/26", "05/08/0026", "31/12/1899", "2101-01-01", "9999-12-31"] {
        check(day, text, "! not a date like dd/mm/yyyy (1900-2100)");
    }
    check(day, "01/01/1900", "1900-01-01");
    check(day, "31/12/2100", "2100-12-31");
    check("type: date, formats: ['%d/%m/%y']", "05/08/26", "2026-08-05");
    check(
        "type: timestamp",
        "0026-08-05 08:00:00",
        "! not a date and time like yyyy-mm-dd hh:mi:ss (1900-2100)",
    );
    check("type: timestamp", "2100-12-31 23:59:59", "2100-12-31 23:59:59");
    check("type: date, years: [1, 9999]", "0026-08-05", "0026-08-05");
    check("type: date, years: [1, 9999]", "9999-12-31", "9999-12-31");
    let typed = parquet("SELECT DATE '0026-08-05' AS a UNION ALL SELECT DATE '2026-08-05'");
    take("columns: { a: { type: date } }\n", "a.parquet", typed)
        .is(&["2026-08-05"], &["1 | a | 0026-08-05 | not a date like yyyy-mm-dd (1900-2100)"]);
}

#[test]
fn texts() {
    let check = |column: &str, text: &str, expected: &str| {
        assert_eq!(cell(column, "", text), expected, "{column}: {text:?}");
    };
    let plain = "type: text";
    check(plain, " \t01\u{a0}", "01");
    check(plain, "Đa\u{300} Na\u{306}\u{303}ng", "Đà Nẵng");
    check(plain, "x\0y", "x\0y");
    check(plain, "😀", "😀");
    check(plain, "=cmd()", "=cmd()");
    check(plain, "", "~");
    let long = "x".repeat(1 << 20);
    check(plain, &long, &long);
    check("type: text, verbatim: true", " x ", " x ");
    check("type: text, codes: ['Đà Nẵng']", "Đa\u{300} Na\u{306}\u{303}ng", "Đà Nẵng");
    check("type: text, codes: [a, b]", "c", "! not one of a, b");
    check("type: text, codes: [a, b]", "", "~");
    check("type: text, required: true", " ", "! is required");
    check("type: text, pattern: '^\\d+$'", "12x", "! does not match ^\\d+$");
    check("type: boolean, yes: [Có], no: ['0']", "Co\u{301}", "true");
    check("type: boolean, yes: [Y], no: [N]", "y", "! neither Y nor N");
    check("type: boolean, yes: [Y], no: [N]", "TRUE", "true");
    check("type: boolean, yes: [Y], no: [N]", "false", "false");
    check("type: boolean, yes: ['false'], no: ['true']", "true", "false");
    check("type: integer, min: 1, max: 4", "5", "! more than 4");
    check("type: integer, min: 1, max: 4", "0", "! less than 1");
}

#[test]
fn a_reject_tells_every_rule_that_its_row_breaks() {
    let contract = "columns: { a: { type: integer, required: true }, b: { type: date } }\n";
    let rejects = ["2 | a |  | is required", "2 | b | x\ny | not a date like yyyy-mm-dd"];
    take(contract, "a.csv", "a,b\n,\"x\ny\"\n").is(&[], &rejects);
}

#[test]
fn missing_texts_are_nothing_and_may_be_kept() {
    let contract = "missing: ['', n/a]\ncolumns:\n  a: { type: number, missing: ['', NA, ND], missing_as: a_missing }\n  b: { type: text }\n";
    take(contract, "a.csv", "a,b\nNA,x\n ND ,n/a\n1,NA\nn/a,y\n")
        .is(&["~ | NA | x", "~ | ND | ~", "1 | ~ | NA"], &["5 | a | n/a | not a number"]);
}

#[test]
fn a_key_is_there_once_among_rows_that_fit() {
    let contract = "key: [a, b]\ncolumns: { a: { type: text }, b: { type: text }, c: { type: integer } }\n";
    let rejects = ["2 | c | bad | not a whole number", "5 | a, b | x | y | an earlier row has the same key"];
    let rows = ["x | y | 1", "x | ~ | 1"];
    take(contract, "a.csv", "a,b,c\nx,y,bad\nx,y,1\nx,,1\nx,y,2\n").is(&rows, &rejects);
}

#[test]
fn constants_fill_columns() {
    let contract = "columns: { code: { type: text, required: true }, a: { type: integer } }\n";
    let constants = "    constants: { code: H44 }\n";
    take_with(contract, constants, "a.csv", "a\n1\n").is(&["H44 | 1"], &[]);
    take_with(contract, constants, "a.csv", "a,code\n1,X\n,\n").is(&["H44 | 1"], &[]);
}

#[test]
fn headings_are_judged() {
    take(PAIR, "a.csv", " A ,\"b\n\"\n1,x\n").is(&["1 | x"], &[]);
    take(PAIR, "a.csv", "a,b,a\n1,x,2\n").refused("has the heading `a` twice");
    let twice_unused = take(PAIR, "a.csv", "a,b,c,c\n1,x,2,3\n");
    twice_unused.is(&["1 | x"], &[]);
    assert_eq!(twice_unused.message, "columns not in the contract: `c`, `c`");
    let refuse = format!("file: {{ other_columns: refuse }}\n{PAIR}");
    take(&refuse, "a.csv", "a,b,c\n1,x,2\n").refused("columns that the contract does not name: `c`");
    let ignore = format!("file: {{ other_columns: ignore }}\n{PAIR}");
    assert_eq!(take(&ignore, "a.csv", "a,b,c\n1,x,2\n").message, "");
    let required = "columns: { amount: { type: integer, required: true } }\n";
    take(required, "a.csv", "amuont\n1\n").refused("did you mean `amuont`?");
}

#[test]
fn two_headings_of_one_column_are_refused() {
    let contract = "columns: { a: { type: integer, from: [a, Tổng] }, b: { type: text } }\n";
    let several = "several headings for the column `a`: `a`, `TỔNG`";
    take(contract, "a.csv", "a,TỔNG,b\n1,2,x\n").refused(several);
    take(contract, "a.ndjson", "{\"a\":1,\"TỔNG\":2}\n").refused("for the column `a`: `TỔNG`, `a`");
    take(contract, "a.csv", "Tổng,b\n2,x\n").is(&["2 | x"], &[]);
    let twice = "{\"a\":1,\"b\":\"x\"}\n{\"a\":1,\"b\":\"x\",\"a\":2}\n";
    take(contract, "a.ndjson", twice).refused("`in/a.ndjson` has `a` twice in one object");
    take(contract, "a.json", "[{\"b\":\"x\",\"b\":\"y\"}]").refused("has `b` twice in one object");
    // What nobody reads may stand there as often as it likes.
    take(contract, "a.ndjson", "{\"a\":1,\"c\":1,\"c\":2}\n").is(&["1 | ~"], &[]);
}

#[test]
fn a_heading_like_one_that_is_missing_is_told() {
    let contract = "columns: { a: { type: integer }, remote: { type: integer, from: [remote, Thực hiện qua môi trường số] } }\n";
    let like = |heading: &str| take(contract, "a.csv", format!("a,{heading}\n1,2\n")).message;
    assert_eq!(
        like("Thực hiện trực tuyến"),
        "columns not in the contract: `Thực hiện trực tuyến`; unknown heading `Thực hiện trực tuyến`: \
         did you mean `Thực hiện qua môi trường số`?; columns not in the file: `remote`"
    );
    assert_eq!(like("Ghi chú"), "columns not in the contract: `Ghi chú`; columns not in the file: `remote`");
    let whole = take(contract, "a.csv", "a,remote,remotes\n1,2,3\n");
    assert_eq!(whole.message, "columns not in the contract: `remotes`");
}

#[test]
fn headings_move_no_terminal() {
    take(PAIR, "a.csv", "\u{1b}[31mx,y\n1,2\n").refused("has the headings `\u{240a}[31mx`, `y`");
    let noted = take(PAIR, "a.csv", "a,b,\u{1b}[31mc\n1,x,2\n");
    assert_eq!(noted.message, "columns not in the contract: `\u{240a}[31mc`");
}

#[test]
fn what_is_worth_a_look_is_told_by_every_run() {
    let project = TestProject::small();
    project.write("data/services-2.csv", "service_code,agency_code,level,opened\nS9,A,1,2025-01-01\n");
    for _ in 0..2 {
        let said = project.chiso(&["run"]).ends(0);
        let text = "warning: `data/services-2.csv`: unknown heading `opened`: did you mean `opened_on`?";
        assert!(said.stderr.contains(text), "{}", said.stderr);
    }
    project.write("data/services-2.csv", "service_code,agency_code,level,opened_on\n");
    let said = project.chiso(&["run"]).ends(0);
    let text = "warning: `data/services-2.csv`: no rows, in the place of 1 row";
    assert!(said.stderr.contains(text) && !said.stderr.contains("unknown heading"), "{}", said.stderr);
}

#[test]
fn a_reject_of_a_sheet_names_its_cell() {
    let project = TestProject::small();
    project.edit("sources.yml", "data/services*.csv", "data/services*");
    let rows: &[&[&str]] = &[&["service_code", "level", "agency_code"], &["S8", "1.000", "A"]];
    project.write("data/services-2.xlsx", book(&[("Dữ liệu", rows)]));
    let said = project.chiso(&["run"]).ends(1);
    let place = "--> data/services-2.xlsx, sheet Dữ liệu, B2\n";
    assert!(said.stderr.contains(place), "{}", said.stderr);
    assert!(
        said.stderr.contains("`1.000`, column `level`: a mark that may stand between thousands"),
        "{}",
        said.stderr
    );
}

// Files that are none.

#[test]
fn files_that_hold_nothing() {
    take(PAIR, "a.csv", "a,b\n").is(&[], &[]);
    take(PAIR, "a.csv", "a,b").is(&[], &[]);
    take(PAIR, "a.csv", "").refused("none of the columns");
    take(PAIR, "a.csv", " \n\n  \n").refused("none of the columns");
    take(PAIR, "a.json", "[]").refused("none of the columns");
    take(PAIR, "a.json", "").refused("is not a whole JSON array");
    take(PAIR, "a.ndjson", "\n").refused("none of the columns");
    take(PAIR, "a.xlsx", "").refused("is not a workbook");
    take(PAIR, "a.parquet", "").refused("cannot be read");
    take(PAIR, "a.csv.gz", "").refused("cannot read");
    take(PAIR, "a.pdf", "x").refused("does not tell its format");
}

#[test]
fn a_packed_file_that_was_cut_is_refused() {
    let whole = packed("a,b\n1,x\n2,y\n3,z\n".repeat(1000).as_bytes());
    take(PAIR, "a.csv.gz", &whole[..whole.len() / 2]).refused("cannot read");
    take(PAIR, "a.csv.gz", &whole[..whole.len() - 4]).refused("cannot read");
    let lines = packed("{\"a\":1}\n".repeat(1000).as_bytes());
    take(PAIR, "a.ndjson.gz", &lines[..lines.len() / 2]).refused("cannot read");
    take(PAIR, "a.csv.gz", "a,b\n1,x\n").refused("cannot read");
}

#[test]
fn file_names_may_be_anything() {
    let names = [
        "a b.csv",
        "it's.csv",
        "a\"b.csv",
        "dữ liệu.csv",
        "a[1].csv",
        "a*.csv",
        "a?.csv",
        "{a}.csv",
        "-a.csv",
        "a\nb.csv",
        "year=2026.csv",
    ];
    let project = project_of(PAIR, "in [1]/*", "");
    project.edit("sources.yml", "in [1]", "in [[]1]");
    for name in names {
        project.write(&format!("in [1]/{name}"), "a,b\n1,x\n");
    }
    let (db, problems) = take_all(&project);
    assert_eq!(problems, [] as [String; 0]);
    assert_eq!(shown_rows(&db, "SELECT count(*), sum(rows_loaded) FROM meta.file"), ["11 | 11"]);
}

#[test]
fn the_folder_of_a_project_is_no_pattern() {
    let project = project_of(PAIR, "in/*", "");
    let inner = project.path("[work] {1}*");
    std::fs::create_dir(&inner).expect("writable");
    for name in ["queries", "sources.yml"] {
        std::fs::rename(project.path(name), inner.join(name)).expect("writable");
    }
    std::fs::create_dir(inner.join("in")).expect("writable");
    std::fs::write(inner.join("in/a.csv"), "a,b\n1,x\n").expect("writable");
    let (db, problems) = take_in(&inner);
    assert_eq!(problems, [] as [String; 0]);
    assert_eq!(shown_rows(&db, "SELECT rows_loaded FROM meta.file"), ["1"]);
}

#[test]
fn folders_links_and_locked_files() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let project = project_of(PAIR, "in/*.csv", "");
    project.write("elsewhere.csv", "a,b\n1,x\n");
    std::fs::create_dir_all(project.path("in/folder.csv")).expect("writable");
    symlink(project.path("elsewhere.csv"), project.path("in/link.csv")).expect("writable");
    symlink(project.path("nowhere.csv"), project.path("in/dangling.csv")).expect("writable");
    let (db, problems) = take_all(&project);
    assert_eq!((shown_rows(&db, "SELECT path FROM meta.file"), problems.len()), (owned(&["in/link.csv"]), 0));

    project.write("in/locked.csv", "a,b\n2,y\n");
    let locked = std::fs::Permissions::from_mode(0o000);
    std::fs::set_permissions(project.path("in/locked.csv"), locked).expect("ours");
    if std::fs::read(project.path("in/locked.csv")).is_ok() {
        return; // The administrator may read everything.
    }
    let (db, problems) = take_all(&project);
    assert_eq!(shown_rows(&db, "SELECT path FROM meta.file"), ["in/link.csv"]);
    assert!(problems[0].contains("cannot read `in/locked.csv`"), "{problems:?}");
}

#[test]
fn one_wrong_file_stops_no_other() {
    let project = project_of(PAIR, "in/*", "");
    for (name, text) in [
        ("a.csv", "a,b\n1,x\n"),
        ("b.csv", "wrong\n"),
        ("c.xlsx", "no"),
        ("d.json", "[{"),
        ("e.csv", "a,b\n2\n3,y\n"),
    ] {
        project.write(&format!("in/{name}"), text);
    }
    let (db, _) = take_all(&project);
    let files = shown_rows(&db, "SELECT path, state, rows_read, rows_loaded FROM meta.file ORDER BY path");
    assert_eq!(
        files,
        [
            "in/a.csv | current | 1 | 1",
            "in/b.csv | refused | 0 | 0",
            "in/c.xlsx | refused | 0 | 0",
            "in/d.json | refused | 0 | 0",
            "in/e.csv | current | 2 | 1"
        ]
    );
    assert_eq!(shown_rows(&db, "SELECT a FROM fact.t ORDER BY a"), ["1", "3"]);
}

#[test]
fn files_with_equal_captures_replace_one_another() {
    let project = project_of(PAIR, "in/*", "    supersedes: 'q(\\d)'\n");
    project.write("in/2026-q1.csv", "a,b\n1,x\n");
    project.write("in/2026-q1-corrected.csv", "a,b\n2,y\n");
    project.write("in/2026-q2.csv", "a,b\n3,z\n");
    let (db, _) = take_all(&project);
    // Of files that are there together the last by name counts.
    assert_eq!(shown_rows(&db, "SELECT a FROM fact.t ORDER BY a"), ["1", "3"]);
}

/// What stands in the database of one file, by its path; what names other files is left out.
fn accounts(db: &Db) -> Vec<(String, Vec<String>)> {
    let about = |path: &str, sql: &str| shown_rows(db, &sql.replace("$path", &format!("'{path}'")));
    let paths = shown_rows(db, "SELECT path FROM meta.file ORDER BY path");
    let account = |path: String| {
        let mut lines = about(
            &path,
            "SELECT state, rows_read, rows_loaded, rows_rejected, first_row, coalesce(message, '') FROM meta.file WHERE path = $path",
        );
        lines.extend(about(
            &path,
            "SELECT t.* EXCLUDE (file_id, row_id) FROM fact.t AS t JOIN meta.file AS f USING (file_id) WHERE path = $path ORDER BY row_id",
        ));
        lines.extend(about(
            &path,
            "SELECT row_no, column_name, value, rule FROM meta.reject JOIN meta.file USING (file_id) WHERE path = $path ORDER BY ALL",
        ));
        (path, lines)
    };
    paths.into_iter().map(account).collect()
}

#[test]
fn a_file_among_many_is_read_as_it_is_alone() {
    let contract = "key: [code]\nfile: { encoding: [utf-8, windows-1258] }\ncolumns:\n  code: { type: text, required: true }\n  n: { type: integer, min: 0 }\n  at: { type: period }\n";
    let mut files: Vec<(String, Vec<u8>)> = vec![];
    for number in 0..40 {
        let name = format!("f{number:02}");
        let good = format!("code,n,at\na{number},1,2026-Q3\nb{number},2,2026-Q2\n");
        let (ending, text): (&str, Vec<u8>) = match number {
            3 => ("csv", format!("{good}c,-1,2026-Q3\nd,x,soon\n").into()),
            7 => ("csv", format!("{good}torn\nc,3,2026-Q1\nd,4,2026-Q1,more\n").into()),
            9 => ("csv", format!("{good}a9,5,2026-Q3\n").into()),
            11 => ("csv", format!("{good}\n\nc,-3,2026-Q1\n").into()),
            13 => ("csv", "name,n\nx,1\n".into()),
            15 => ("csv", b"code,n\n\xc4\x90\xe0 N\xe3ng,1\n\xcc,2\n".to_vec()),
            17 => ("csv", good.replace(',', ";").into()),
            19 => ("csv", format!("code,at,n\nc{number},2026-Q1,7\n").into()),
            21 => ("csv", "code,n,at\n".into()),
            23 => ("csv", String::new().into()),
            25 | 26 => (
                "ndjson",
                format!("{{\"code\":\"j{number}\",\"n\":1}}\nno\n{{\"code\":\"k\",\"n\":-{number}}}\n")
                    .into(),
            ),
            27 => ("ndjson", format!("{{\"code\":\"j{number}\",\"extra\":1}}\n").into()),
            29 | 30 => ("json", format!("[{{\"code\":\"l{number}\",\"n\":{number}}}]").into()),
            31 => ("csv", good.replace('\n', "\r\n").into()),
            33 => ("csv", format!("{good}c,\"quoted\nbreak\",2026-Q3\nd,-9,2026-Q3\n").into()),
            35 => ("csv", b"code,n\n\xff\xfe\x00,1\n".to_vec()),
            _ => ("csv", good.into()),
        };
        files.push((format!("data/{name}.{ending}"), text));
    }
    let together = project_of(contract, "data/*", "");
    let mut alone = vec![];
    for (path, bytes) in &files {
        together.write(path, bytes);
        let project = project_of(contract, "data/*", "");
        project.write(path, bytes);
        alone.extend(accounts(&take_all(&project).0));
    }
    let (db, _) = take_all(&together);
    let among_many = accounts(&db);
    assert_eq!(among_many.len(), files.len());
    for (many, one) in among_many.iter().zip(&alone) {
        assert_eq!(many, one);
    }
    // Nothing would be shown by files that are all alike: some are refused, some have rejects.
    let refused = shown_rows(&db, "SELECT path FROM meta.file WHERE state = 'refused' ORDER BY path");
    assert_eq!(refused, ["data/f13.csv", "data/f23.csv"]);
    let with_rejects = shown_rows(&db, "SELECT count(*) FROM meta.file WHERE rows_rejected > 0");
    assert_eq!(with_rejects, ["7"]);
}
