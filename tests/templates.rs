//! Workbooks that `chiso template` writes: filled in, sent back, read; and what forms need of contracts and sources.

mod project;

use std::io::{Cursor, Read};
use std::path::Path;

use calamine::{Reader, Xlsx, open_workbook_from_rs};
use chiso::load::{Sender, read_contracts, template};
use chiso::project::Project;
use project::{TestProject, with_first_sheet};

const CONTRACT: &str = "row: { vi: Một dịch vụ của một cơ quan trong một kỳ, en: One service of one agency in one period }
title: { vi: Biểu dịch vụ, en: Form of services }
note: { vi: Nộp trước ngày 15, en: Send before the 15th }
key: [agency_code, period, service_code]
columns:
  agency_code:  { type: text, required: true, label: { vi: Mã cơ quan, en: Agency } }
  period:       { type: period, required: true, label: { vi: Kỳ báo cáo, en: Period } }
  service_code: { type: text, required: true, from: [service_code, MaTTHC], label: { vi: Mã thủ tục, en: Procedure } }
  level:
    type: text
    required: true
    label: { vi: Mức độ, en: Level }
    codes:
      full: { vi: Toàn trình, en: Full-process, from: [\"4\"] }
      partial: { vi: Một phần, en: Partial, from: [\"3\"] }
  eligible:     { type: boolean, yes: [Có], no: [Không], label: { vi: Đủ điều kiện, en: Eligible } }
  received:     { type: integer, min: 0, label: { vi: Tiếp nhận, en: Received } }
  share:        { type: number, min: 0, max: 100, label: { vi: Tỷ lệ, en: Share } }
  opened_on:    { type: date, formats: [\"%d/%m/%Y\"], label: { vi: Từ ngày, en: From } }
organisations:
  org_id: { code: agency_code, system: agency, on: period }
";

/// The small project with a form that agencies send.
fn with_form() -> TestProject {
    let project = TestProject::small();
    project.write("queries/tables/fact.form.yml", CONTRACT);
    project.write(
        "queries/tables/ref.organisation_code.sql",
        "-- Codes of agencies.
SELECT 'agency' AS code_system, code, code AS org_id, CAST(NULL AS DATE) AS valid_from, CAST(NULL AS DATE) AS valid_to
FROM ref.agency
",
    );
    project.edit(
        "sources.yml",
        "  - id: services\n",
        "  - id: forms
    title: { vi: Biểu, en: Forms }
    table: fact.form
    path: inbox/form/**/*
    optional: true
    publisher: Agencies
    licence: For official use
  - id: services\n",
    );
    project
}

/// A cell as a spreadsheet stores it.
enum Filled {
    Text(&'static str),
    Number(f64),
}
use Filled::{Number, Text};

/// The workbook with cells filled in, rows counted from 1; formulas of these rows worked out to what `known` says.
fn filled(workbook: &[u8], rows: &[(u32, &[(char, Filled)])], known: &[(char, &str)]) -> Vec<u8> {
    with_first_sheet(workbook, |sheet| rows.iter().fold(sheet, |sheet, row| fill_row(&sheet, row, known)))
}

fn fill_row(sheet: &str, (row, cells): &(u32, &[(char, Filled)]), known: &[(char, &str)]) -> String {
    let mut texts = vec![];
    for (column, text) in known {
        texts.push((*column, format!("<c r=\"{column}{row}\" t=\"str\"><v>{text}</v></c>")));
    }
    for (column, cell) in *cells {
        let at = format!("{column}{row}");
        texts.retain(|(other, _)| other != column);
        texts.push((
            *column,
            match cell {
                Text(text) => format!("<c r=\"{at}\" t=\"inlineStr\"><is><t>{text}</t></is></c>"),
                Number(number) => {
                    format!("<c r=\"{at}\" s=\"{}\"><v>{number}</v></c>", style(sheet, *column))
                }
            },
        ));
    }
    texts.sort();
    let cells: String = texts.into_iter().map(|(_, text)| text).collect();
    let filled = format!("<row r=\"{row}\">{cells}</row>");
    match sheet.find(&format!("<row r=\"{row}\"")) {
        Some(from) => {
            let to = from + sheet[from..].find("</row>").expect("a row ends") + "</row>".len();
            format!("{}{filled}{}", &sheet[..from], &sheet[to..])
        }
        None => sheet.replace("</sheetData>", &format!("{filled}</sheetData>")),
    }
}

/// The style of a column, which a spreadsheet gives to the cells that are filled in: by it a number is a day.
fn style(sheet: &str, column: char) -> String {
    let position = u32::from(column) - u32::from('A') + 1;
    let columns = sheet.split("<col ").skip(1).find_map(|text| {
        let value = |name: &str| text.split_once(&format!("{name}=\""))?.1.split('"').next();
        let covers = (value("min")?.parse().ok()?..=value("max")?.parse().ok()?).contains(&position);
        covers.then(|| value("style").map(str::to_owned))?
    });
    columns.expect("every column has a style")
}

fn written(project: &TestProject, args: &[&str]) -> Vec<u8> {
    let args: Vec<&str> =
        ["template", "fact.form", "--to", "form.xlsx"].iter().chain(args).copied().collect();
    let said = project.chiso(&args).ends(0);
    assert_eq!(said.stdout, "form.xlsx\n");
    std::fs::read(project.path("form.xlsx")).expect("written")
}

const DAY: f64 = 45658.0; // 1 January 2025

#[test]
fn a_template_comes_back_without_rejects() {
    let project = with_form();
    let workbook = written(&project, &["--org", "A", "--period", "2026-Q3"]);
    let rows: [(u32, &[(char, Filled)]); 3] = [
        (
            2,
            &[
                ('C', Text("1.004194")),
                ('D', Text("Toàn trình")),
                ('E', Text("Có")),
                ('F', Number(1200.0)),
                ('G', Number(12.5)),
                ('H', Number(DAY)),
            ],
        ),
        (4, &[('C', Text("01")), ('D', Text("3")), ('F', Number(0.0))]),
        // Below the rows that are filled in by themselves.
        (1500, &[('A', Text("B")), ('B', Text("2026-09")), ('C', Text("02")), ('D', Text("FULL"))]),
    ];
    // Row 3 stays as it was written, with its formulas: it is blank.
    let mut known = vec![('A', "A"), ('B', "2026-Q3")];
    let bytes = filled(&workbook, &rows[..2], &known);
    known.clear();
    project.write("inbox/form/A/2026-Q3.xlsx", filled(&bytes, &rows[2..], &known));
    project.chiso(&["run"]).ends(0);
    assert_eq!(
        project.rows(
            "SELECT org_id, period, service_code, level, eligible, received, share, opened_on FROM fact.form ORDER BY 1, 3 DESC"
        ),
        [
            "A | 2026-Q3 | 1.004194 | full | true | 1200 | 12.5 | 2025-01-01",
            "A | 2026-Q3 | 01 | partial | ~ | 0 | ~ | ~",
            "B | 2026-09 | 02 | full | ~ | ~ | ~ | ~",
        ]
    );
    let account =
        "SELECT rows_read, rows_loaded, rows_rejected FROM published.file WHERE table_name = 'fact.form'";
    assert_eq!(project.rows(account), ["3 | 3 | 0"]);
}

#[test]
fn a_template_saved_without_the_values_of_its_formulas_is_read() {
    let project = with_form();
    let workbook = written(&project, &["--org", "A", "--period", "2026-Q3"]);
    let workbook = with_first_sheet(&workbook, |sheet| {
        let bare = sheet.replace("</f><v> </v>", "</f>");
        assert_ne!(bare, sheet);
        // A row in which something stands beside the two formulas.
        let row = |letter: char| format!("<c r=\"{letter}2\"");
        let given = "<c r=\"C2\" t=\"inlineStr\"><is><t>1.001</t></is></c><c r=\"D2\" t=\"inlineStr\"><is><t>Toàn trình</t></is></c></row>";
        assert!(bare.contains(&row('A')) && bare.contains(&row('B')) && !bare.contains(&row('C')));
        let from = bare.find("<row r=\"2\"").expect("the first row below the headings");
        let to = from + bare[from..].find("</row>").expect("a row ends");
        format!("{}{given}{}", &bare[..to], &bare[to + "</row>".len()..])
    });
    project.write("inbox/form/A.xlsx", workbook);
    project.chiso(&["run"]).ends(0);
    let given = "SELECT agency_code, period, service_code, level, received FROM fact.form";
    assert_eq!(project.rows(given), ["A | 2026-Q3 | 1.001 | full | ~"]);
    assert_eq!(project.rows("SELECT count(*) FROM meta.reject"), ["0"]);
}

#[test]
fn an_empty_template_is_no_row_and_no_reject() {
    let project = with_form();
    project.write("inbox/form/empty.xlsx", written(&project, &["--org", "A", "--period", "2026-Q3"]));
    project.chiso(&["run"]).ends(0);
    let account =
        "SELECT rows_read, rows_loaded, rows_rejected FROM published.file WHERE table_name = 'fact.form'";
    assert_eq!(project.rows(account), ["0 | 0 | 0"]);
}

#[test]
fn what_is_wrong_in_a_template_is_named_by_the_row_of_the_sheet() {
    let project = with_form();
    let workbook = written(&project, &[]);
    let rows: [(u32, &[(char, Filled)]); 5] = [
        (2, &[('A', Text("A")), ('B', Text("2026-Q3")), ('C', Text("S1")), ('D', Text("một  phần?"))]),
        (4, &[('A', Text("Z")), ('B', Text("2026-Q3")), ('C', Text("S2")), ('D', Text("Một phần"))]),
        (
            5,
            &[
                ('A', Text("A")),
                ('B', Text("2026-Q3")),
                ('C', Text("S3")),
                ('D', Text("4")),
                ('F', Number(-1.0)),
            ],
        ),
        (6, &[('A', Text("A")), ('B', Text("2026-Q3")), ('D', Text("4")), ('F', Number(1.5))]),
        (
            7,
            &[
                ('A', Text("A")),
                ('B', Text("2026-Q3")),
                ('C', Text("S4")),
                ('D', Text("4")),
                ('E', Text("maybe")),
            ],
        ),
    ];
    project.write("inbox/form/wrong.xlsx", filled(&workbook, &rows, &[]));
    project.chiso(&["run"]).ends(1);
    assert_eq!(
        project.rows(
            "SELECT row_no, column_name, value, rule FROM published.reject WHERE state = 'current' ORDER BY row_no, column_name"
        ),
        [
            "2 | level | một  phần? | not one of Toàn trình (full), Một phần (partial)",
            "4 | agency_code | Z | code of no organisation in `agency`",
            "5 | received | -1 | less than 0",
            "6 | received | 1.5 | not a whole number",
            "6 | service_code |  | is required",
            "7 | eligible | maybe | neither Có nor Không",
        ]
    );
    let account =
        "SELECT rows_read, rows_loaded, rows_rejected FROM published.file WHERE table_name = 'fact.form'";
    assert_eq!(project.rows(account), ["5 | 0 | 5"]);
}

#[test]
fn the_same_contract_gives_the_same_bytes_with_locked_headings_and_lists() {
    let project = with_form();
    let workbook = written(&project, &["--org", "A"]);
    assert_eq!(workbook, written(&project, &["--org", "A"]));
    let mut archive = zip::ZipArchive::new(Cursor::new(&workbook[..])).expect("an archive");
    let mut sheet = String::new();
    archive.by_name("xl/worksheets/sheet1.xml").expect("there").read_to_string(&mut sheet).expect("XML");
    for expected in [
        "<sheetProtection sheet=\"1\"",
        "state=\"frozen\"",
        "<formula1>'Danh mục'!$D$2:$D$3</formula1>",
        "IF(COUNTA(B2,C2,D2,E2,F2,G2,H2)=0,\"\",\"A\")",
    ] {
        assert!(sheet.contains(expected), "{expected}");
    }
    let mut book: Xlsx<_> = open_workbook_from_rs(Cursor::new(&workbook[..])).expect("a workbook");
    assert_eq!(book.sheet_names(), ["Dữ liệu", "Hướng dẫn", "Danh mục"]);
    // Rows of wrapped texts have their height: not every spreadsheet finds it by itself.
    let mut sheet = String::new();
    archive.by_name("xl/worksheets/sheet2.xml").expect("there").read_to_string(&mut sheet).expect("XML");
    let level = sheet.split("<row ").find(|row| row.starts_with("r=\"18\"")).unwrap_or_default();
    assert!(level.contains("ht=\"30\" customHeight=\"1\""), "{level}");
    let guide = book.worksheet_range("Hướng dẫn").expect("there");
    let texts: Vec<String> = guide.cells().map(|(_, _, cell)| cell.to_string()).collect();
    for expected in [
        "Biểu dịch vụ",
        "One service of one agency in one period",
        "Send before the 15th",
        "Mã thủ tục *",
        "Required; Full-process (full), Partial (partial)",
    ] {
        assert!(texts.iter().any(|text| text == expected), "{expected} is not in {texts:?}");
    }
}

#[test]
fn a_code_of_the_sender_is_text_and_never_a_formula() {
    let project = with_form();
    let workbook = written(&project, &["--org", "A\",WEBSERVICE(\"x\"),\""]);
    let mut archive = zip::ZipArchive::new(Cursor::new(&workbook[..])).expect("an archive");
    let mut sheet = String::new();
    archive.by_name("xl/worksheets/sheet1.xml").expect("there").read_to_string(&mut sheet).expect("XML");
    assert!(sheet.contains("\"A\"\",WEBSERVICE(\"\"x\"\"),\"\"\")"), "quotes are doubled");
}

#[test]
fn wrong_usage_is_told() {
    let project = with_form();
    let said = project.chiso(&["template", "fact.from"]).ends(2);
    assert!(said.stderr.contains("no table `fact.from` has a contract"), "{}", said.stderr);
    assert!(said.stderr.contains("did you mean `fact.form`?"), "{}", said.stderr);
    let said = project.chiso(&["template", "ref.agency", "--period", "2026"]).ends(2);
    assert!(said.stderr.contains("`ref.agency` has no column for a period"), "{}", said.stderr);
    let said = project.chiso(&["template", "ref.agency", "--org", "A"]).ends(2);
    assert!(said.stderr.contains("no column for the code of an organisation"), "{}", said.stderr);
    let said = project.chiso(&["template", "fact.form", "--period", "2026-Q5"]).ends(2);
    assert!(said.stderr.contains("2026-Q5"), "{}", said.stderr);
}

#[test]
fn every_contract_of_every_project_gives_a_form_with_its_headings() {
    for folder in [".", "examples/canada", "tests/boston"] {
        let project = Project::open(folder.as_ref()).expect("a project");
        for contract in read_contracts(&project).expect("contracts") {
            if contract.form.sheet.as_ref().is_some_and(|sheet| !sheet.0.is_match("Dữ liệu")) {
                continue;
            }
            let bytes = template(&contract, &[], &Sender::default())
                .unwrap_or_else(|problem| panic!("{}: {}", contract.table, problem.message));
            let mut book: Xlsx<_> = open_workbook_from_rs(Cursor::new(bytes)).expect("a workbook");
            let data = book.worksheet_range("Dữ liệu").expect("there");
            let row = u32::try_from(contract.form.header_row - 1).expect("small");
            // What is dropped when it is read is not asked for.
            let asked = contract.columns.iter().filter(|column| column.is_stored());
            for (position, column) in (0..).zip(asked) {
                let heading = data.get_value((row, position)).map(ToString::to_string).unwrap_or_default();
                let plain = heading.trim_end_matches(" *");
                assert!(column.headings.iter().any(|known| known == plain), "{}: {heading}", contract.table);
                assert_eq!(heading.ends_with(" *"), column.required, "{}: {heading}", contract.table);
            }
        }
    }
}

#[test]
fn a_source_that_may_be_empty_is_no_problem_and_is_shown() {
    let project = with_form();
    let said = project.chiso(&["run"]).ends(0);
    assert!(
        said.stdout.contains("2 of 3 arrived") || said.stderr.contains("2 of 3 arrived"),
        "{}",
        said.whole()
    );
    assert!(project.read("build/site/vi/data.html").contains("Chưa nơi nào gửi"));
    assert!(project.read("build/site/en/data.html").contains("Nothing sent yet"));
    project.edit("sources.yml", "    optional: true\n", "");
    let said = project.chiso(&["run"]).ends(1);
    assert!(said.stderr.contains("source `forms`: no file at `inbox/form/**/*`"), "{}", said.stderr);
}

#[test]
fn words_that_could_mean_two_things_are_refused() {
    let says = |from: &str, to: &str| {
        let project = with_form();
        project.edit("queries/tables/fact.form.yml", from, to);
        project.chiso(&["check"]).ends(1).stderr
    };
    let said = says("from: [\"3\"]", "from: [TOÀN TRÌNH]");
    assert!(said.contains("column `level`: two codes are written `toàn trình`"), "{said}");
    let said = says("label: { vi: Tiếp nhận, en: Received }", "label: { vi: Tỷ lệ, en: Received }");
    assert!(said.contains("`received` and `share` would both stand under the heading `tỷ lệ`"), "{said}");
    let said = says("min: 0, label: { vi: Tiếp", "codes: { \"1\": { vi: Một } }, label: { vi: Tiếp");
    assert!(said.contains("column `received`: codes with words are for texts"), "{said}");
}

/// What another program writes into our forms, see `tests/libreoffice/README.md`.
#[test]
fn forms_filled_in_with_libreoffice_are_read() {
    let project = TestProject::copy_of(".");
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/libreoffice");
    for table in ["work_file", "procedure_level", "satisfaction"] {
        let bytes = std::fs::read(folder.join(format!("{table}.xlsx"))).expect("there");
        project.write(&format!("inbox/{table}/sent.xlsx"), bytes);
    }
    project.chiso(&["gather"]).ends(0);
    project.chiso(&["load"]).ends(0);
    let account = "SELECT source_id, rows_read, rows_rejected FROM published.file WHERE path LIKE 'inbox/%' ORDER BY ALL";
    let accounts = ["procedure-levels | 1 | 0", "satisfaction-forms | 2 | 0", "work-files | 2 | 0"];
    assert_eq!(project.rows(account), accounts);
    let files = "SELECT agency_code, period, level, opened, secret, processed_online FROM fact.work_file ORDER BY ALL";
    assert_eq!(
        project.rows(files),
        ["H44 | 2026-Q3 | commune | 5 | 0 | ~", "H44 | 2026-Q3 | province | 110 | 10 | 90"]
    );
    let procedures = "SELECT procedure_code, agency_code, level, eligible, online_payment, valid_from, valid_to FROM fact.procedure_level";
    assert_eq!(project.rows(procedures), ["1.004194 | H44 | full | true | ~ | 2025-07-01 | ~"]);
    let answers = "SELECT instrument, topic, answer, count FROM fact.satisfaction ORDER BY count";
    assert_eq!(
        project.rows(answers),
        ["project-06 | residence | satisfied | 4", "one-stop-form | ~ | very-satisfied | 9"]
    );
}
