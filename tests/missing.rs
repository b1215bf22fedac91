//! A missing value says why, from the query to pages and exports; zero is a number; what is withheld leaves no trace.

mod project;

use std::fs;
use std::path::Path;

use calamine::{Data, DataType, Reader, open_workbook_auto};
use chiso::db::Db;
use project::{TestProject, shown_rows};

/// One body for each reason, some with numbers, one with zero. G and W say with their parts that they have none.
const FIGURES: &str = "org_id,period,numerator,denominator,missing
A,2026,50,100,
B,2026,25,100,
C,2026,10,80,
Z,2026,0,100,
N,2026,,100,
E,2026,0,0,
G,2026,77,66,not-applicable
W,2025,40,80,
W,2026,7771,88813,withheld
";

/// What stands for each reason in exports, in Vietnamese and in English, and its code of SDMX.
const REASONS: [(&str, &str, &str, &str, &str); 4] = [
    ("N", "not-reported", "chưa báo cáo", "not reported", "L"),
    ("E", "nothing-to-count", "không phát sinh", "nothing to count", "M"),
    ("G", "not-applicable", "không áp dụng", "not applicable", "M"),
    ("W", "withheld", "không công bố", "withheld", "Q"),
];

const RATE: &str = "id: rate
title: { vi: Tỷ lệ, en: Rate }
unit: percent
direction: higher-is-better
shape: ratio
decimals: 2
period: any
headline: W
sources: [figures]
method: { vi: Tỷ lệ, en: A rate }
";

/// A project with these figures, after a run.
fn built() -> TestProject {
    let project = TestProject::of_figures(FIGURES, RATE, "numerator, denominator, missing");
    let agencies = ["A", "B", "C", "Z", "N", "E", "G", "W"].map(|code| format!("{code},Body {code}\n"));
    project.write("data/agencies.csv", format!("code,name\n{}", agencies.concat()));
    project.edit("reports/site.yml", "[rate]", "[rate]\norganisation_pages: [province]");
    project.chiso(&["run", "--period", "2026"]).ends(0);
    project
}

/// The row of a table that names a body, from the tag of the row to its end.
fn row<'a>(page: &'a str, name: &str) -> &'a str {
    let table = page.split("<table id=\"level-0-table\"").nth(1).expect("a table of the level");
    let rows = table.split("<tr").find(|row| row.contains(&format!(">{name}<")));
    rows.unwrap_or_else(|| panic!("no row of {name}")).split("</tr>").next().expect("an end")
}

/// What stands in the charts of a page.
fn drawings(page: &str) -> String {
    page.split("<svg").skip(1).filter_map(|rest| rest.split("</svg>").next()).collect()
}

#[test]
fn pages_say_why() {
    let project = built();
    for (lang, zero, last) in [("vi", ">0,00\u{a0}%", "Năm 2026"), ("en", ">0.00%", "2026")] {
        let page = project.read(&format!("build/site/{lang}/indicator/rate.html"));
        assert!(row(&page, "Body Z").contains(zero), "{}", row(&page, "Body Z"));
        for (org, _, vi, en, _) in REASONS {
            let word = if lang == "vi" { vi } else { en };
            let cells = row(&page, &format!("Body {org}"));
            assert!(cells.contains(word), "{lang}: {cells}");
            assert!(!cells.contains(zero), "{lang}: {cells}");
            assert!(drawings(&page).contains(word), "no chart says {word}");
            let own = project.read(&format!("build/site/{lang}/organisation/{org}.html"));
            assert!(own.contains(word), "{lang}: the page of {org} does not say {word}");
        }
        // The headline shows the last value that is known, and why there is none since.
        let (headline, _) = page.split_once("<section").expect("a headline before the sections");
        let word = if lang == "vi" { "không công bố" } else { "withheld" };
        assert!(headline.contains(if lang == "vi" { "50,00\u{a0}%" } else { "50.00%" }), "{headline}");
        assert!(headline.contains(&format!("{last}: {word}")), "{headline}");
    }
}

#[test]
fn the_list_of_those_without_data_names_only_who_did_not_report() {
    let project = built();
    let page = project.read("build/site/en/data.html");
    let (_, coverage) = page.split_once("<table id=\"coverage-table\"").expect("a table");
    let (coverage, _) = coverage.split_once("</table>").expect("an end");
    // Eight bodies, to one of which the question does not apply.
    assert!(coverage.contains("6 of 7"), "{coverage}");
    for body in ["A", "B", "C", "Z", "E", "G", "W"] {
        assert!(!coverage.contains(&format!("Body {body}")), "{body}: {coverage}");
    }
    assert!(coverage.contains("Body N"), "{coverage}");
}

#[test]
fn exports_say_why() {
    let project = built();
    let expected: Vec<String> = [
        "A | 2026 | 50 | 100 | 50 | ~ | A",
        "B | 2026 | 25 | 100 | 25 | ~ | A",
        "C | 2026 | 10 | 80 | 12.5 | ~ | A",
        "E | 2026 | 0 | 0 | ~ | nothing-to-count | M",
        "G | 2026 | ~ | ~ | ~ | not-applicable | M",
        "N | 2026 | ~ | 100 | ~ | not-reported | L",
        "W | 2025 | 40 | 80 | 50 | ~ | A",
        "W | 2026 | ~ | ~ | ~ | withheld | Q",
        "Z | 2026 | 0 | 100 | 0 | ~ | A",
    ]
    .map(str::to_owned)
    .to_vec();
    let reader = Db::in_memory().expect("a database");
    let read = |from: String| {
        let sql = format!(
            "SELECT org_id, period, numerator::DOUBLE, denominator::DOUBLE, value::DOUBLE, missing, obs_status \
             FROM {from} WHERE indicator = 'rate' ORDER BY ALL"
        );
        shown_rows(&reader, &sql)
    };
    let export = |name: &str| project.path("build/export").join(name).display().to_string();
    assert_eq!(read(format!("read_parquet('{}')", export("observations.parquet"))), expected);
    let csv = format!("read_csv('{}', all_varchar = true, header = true)", export("observations.csv"));
    assert_eq!(read(csv), expected);
    assert_eq!(sheet(Path::new(&export("observations.xlsx"))), expected);
    let computed = "SELECT org_id, period, numerator, denominator, value, missing, status \
                    FROM out.observation WHERE indicator = 'rate' ORDER BY ALL";
    assert_eq!(project.rows(computed), expected);
}

/// The same columns of the workbook.
fn sheet(path: &Path) -> Vec<String> {
    let mut workbook = open_workbook_auto(path).expect("a workbook");
    let range = workbook.worksheet_range("Data").expect("a sheet");
    let headings: Vec<String> = range.rows().next().expect("headings").iter().map(Data::to_string).collect();
    let at = |name: &str| headings.iter().position(|heading| heading == name).expect(name);
    let names = ["org_id", "period", "numerator", "denominator", "value", "missing", "obs_status"];
    let shown = |cell: &Data| match cell {
        Data::Empty => "~".to_owned(),
        Data::Float(number) => number.to_string(),
        other => other.to_string(),
    };
    let of_rate = |row: &&[Data]| row[at("indicator")].get_string() == Some("rate");
    let cells = |row: &[Data]| names.map(|name| shown(&row[at(name)])).join(" | ");
    let mut rows: Vec<String> = range.rows().skip(1).filter(of_rate).map(cells).collect();
    rows.sort();
    rows
}

/// Every file below a folder.
fn files(folder: &Path) -> Vec<std::path::PathBuf> {
    let entries = fs::read_dir(folder).expect("readable").map(|entry| entry.expect("readable").path());
    entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

#[test]
fn what_is_withheld_leaves_no_trace() {
    let project = built();
    let traces = ["7771", "7.771", "7,771", "88813", "88.813", "88,813", "8.749", "8,749", "8.75", "8,75"];
    let mut pages = files(&project.path("build/site"));
    pages.retain(|path| path.extension().is_some_and(|ending| ending == "html"));
    pages.push(project.path("build/export/observations.csv"));
    assert!(pages.len() > 20, "{}", pages.len());
    for page in pages {
        let text = fs::read_to_string(&page).expect("text");
        for trace in traces {
            let found =
                text.match_indices(trace).find(|(at, _)| !is_within_a_number(&text, *at, trace.len()));
            assert!(found.is_none(), "{}: {trace}", page.display());
        }
    }
}

/// Whether digits go on before or after: coordinates of drawings have any digits.
fn is_within_a_number(text: &str, at: usize, length: usize) -> bool {
    let is_digit = |byte: Option<&u8>| byte.is_some_and(|byte| byte.is_ascii_digit() || *byte == b'.');
    is_digit(text.as_bytes().get(at + length)) || (at > 0 && is_digit(text.as_bytes().get(at - 1)))
}

#[test]
fn a_status_does_not_stand_for_a_reason() {
    let project = TestProject::small();
    project.edit(
        "queries/online-share.sql",
        "count(*) AS denominator",
        "count(*) AS denominator, 'Q' AS status",
    );
    let said = project.chiso(&["run"]).ends(1);
    let reason = "the status `Q` stands for a missing value; give the reason in `missing`";
    assert!(said.stderr.contains(reason), "{}", said.stderr);
    project.edit("queries/online-share.sql", "'Q' AS status", "'ok' AS status");
    let said = project.chiso(&["run"]).ends(1);
    assert!(said.stderr.contains("no status `ok`"), "{}", said.stderr);
}
