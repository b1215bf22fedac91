//! Codes that become organisations when a file is loaded: by system, code and day.

mod project;

use std::io::{BufRead, BufReader};
use std::process::Stdio;

use project::TestProject;

/// Two bodies that had the code 24 one after the other, one that is gone, and one without end.
const BODIES: &str = "code,org_id,name,valid_from,valid_to
24,BG@2025-06-30,Bắc Giang,,2025-06-30
27,BN@2025-06-30,Bắc Ninh (cũ),,2025-06-30
24,BN,Bắc Ninh,2025-07-01,
01,HN,Hà Nội,,
";

fn with_codes(organisations: &str, rows: &str) -> TestProject {
    let project = TestProject::small();
    project.write("data/bodies.csv", BODIES);
    project.write("data/report.csv", format!("code,period,day,received\n{rows}"));
    project.write(
        "queries/tables/ref.body.yml",
        "row: One body over one span of validity
columns:
  code:       { type: text, required: true }
  org_id:     { type: text, required: true }
  name:       { type: text, required: true }
  valid_from: { type: date }
  valid_to:   { type: date }
",
    );
    project.write(
        "queries/tables/ref.organisation.sql",
        "SELECT org_id, name AS name_vi, name AS name_en, 'province' AS level, NULL AS parent_id, valid_from, valid_to, 1 AS position
FROM ref.body
",
    );
    project.write(
        "queries/tables/ref.organisation_code.sql",
        "SELECT 'gso' AS code_system, code, org_id, valid_from, valid_to FROM ref.body
UNION ALL
SELECT 'old-form', '000.' || code, org_id, valid_from, valid_to FROM ref.body
",
    );
    project.write(
        "queries/tables/fact.report.yml",
        format!(
            "row: One report of one body
columns:
  code:     {{ type: text }}
  period:   {{ type: period }}
  day:      {{ type: date }}
  received: {{ type: integer }}
organisations:
  {organisations}
"
        ),
    );
    project.edit(
        "sources.yml",
        "sources:\n",
        "sources:
  - id: bodies
    title: { en: Bodies }
    table: ref.body
    path: data/bodies.csv
    publisher: A ministry
    licence: MIT
  - id: reports
    title: { en: Reports }
    table: fact.report
    path: data/report*.csv
    publisher: A ministry
    licence: MIT
",
    );
    project
}

const BY_PERIOD: &str = "org_id: { code: code, system: gso, on: period }";
const ROWS: &str = "24,2025-Q2,,10
24,2025-Q3,,20
01,2025,,30
27,2025-Q3,,40
99,2025-Q1,,50
24,2025-Q9,,60
,2025-Q1,,70
";

fn resolved(project: &TestProject) -> Vec<String> {
    project.rows("SELECT code, period, received, org_id FROM fact.report ORDER BY received")
}

fn rejects(project: &TestProject) -> Vec<String> {
    project.rows(
        "SELECT row_no, column_name, value, rule FROM published.reject WHERE state = 'current' ORDER BY row_no",
    )
}

#[test]
fn a_code_stands_for_another_body_on_another_day() {
    let project = with_codes(BY_PERIOD, ROWS);
    let said = project.chiso(&["load"]);
    assert_eq!(said.status, 0, "nothing was gathered yet: {}", said.stderr);
    let said = project.chiso(&["run"]).ends(1);
    assert_eq!(
        resolved(&project),
        [
            "24 | 2025-Q2 | 10 | BG@2025-06-30",
            "24 | 2025-Q3 | 20 | BN",
            "01 | 2025 | 30 | HN",
            "~ | 2025-Q1 | 70 | ~"
        ]
    );
    assert_eq!(
        rejects(&project),
        [
            "5 | code | 27 | code of no organisation on 2025-09-30; in `gso` it is valid until 2025-06-30",
            "6 | code | 99 | code of no organisation in `gso`",
            "7 | period | 2025-Q9 | not a period like 2026, 2026-H1, 2026-Q3, 2026-Q3-adm, 2026-09 or 2026-01-01/2026-09-17",
        ]
    );
    assert!(said.stderr.contains("3 of 7 rows of `fact.report` do not fit"), "{}", said.stderr);
    let account =
        "SELECT rows_read, rows_loaded, rows_rejected FROM published.file WHERE table_name = 'fact.report'";
    assert_eq!(project.rows(account), ["7 | 4 | 3"]);
}

#[test]
fn a_code_may_be_read_on_a_date_or_on_a_fixed_day_and_in_several_systems() {
    let on_day = "org_id: { code: code, system: [gso, old-form], on: day }";
    let project =
        with_codes(on_day, "000.24,,2025-06-30,1\n24,,2025-07-01,2\n000.01,,2026-01-01,3\n24,,,4\n");
    project.chiso(&["run"]).ends(1);
    assert_eq!(
        project.rows("SELECT received, org_id FROM fact.report ORDER BY 1"),
        ["1 | BG@2025-06-30", "2 | BN", "3 | HN"]
    );
    assert_eq!(rejects(&project), ["5 | code | 24 | no day on which the code could be read"]);

    let fixed = "org_id: { code: code, system: gso, on: 2025-06-30 }";
    let project = with_codes(fixed, "24,,,1\n27,,,2\n");
    project.chiso(&["run"]).ends(0);
    assert_eq!(
        project.rows("SELECT received, org_id FROM fact.report ORDER BY 1"),
        ["1 | BG@2025-06-30", "2 | BN@2025-06-30"]
    );
}

#[test]
fn an_unknown_code_may_be_kept_with_a_flag() {
    let project = with_codes(
        "org_id: { code: code, system: gso, on: period, unknown: flag }",
        "24,2025-Q2,,1\n99,2025-Q2,,2\n27,2026,,3\n",
    );
    project.chiso(&["run"]).ends(0);
    assert_eq!(
        project.rows("SELECT received, org_id, org_id_problem FROM fact.report ORDER BY 1"),
        [
            "1 | BG@2025-06-30 | ~",
            "2 | ~ | code of no organisation on its day",
            "3 | ~ | code of no organisation on its day"
        ]
    );
    let message = "SELECT message FROM published.file WHERE table_name = 'fact.report'";
    assert_eq!(
        project.rows(message),
        ["2 rows without `org_id`, because the code in `code` is nobody's on its day: `27` (1), `99` (1)"]
    );
    assert!(project.read("build/site/en/data.html").contains("2 rows without"), "the data page says it");
}

#[test]
fn a_list_of_codes_that_changes_judges_its_files_again() {
    let project = with_codes(BY_PERIOD, ROWS);
    project.chiso(&["run"]).ends(1);
    // The missing body comes: its row is loaded without a new delivery.
    project.write("data/bodies.csv", format!("{BODIES}99,NEW,Tỉnh mới,,\n"));
    let said = project.chiso(&["run"]).ends(1);
    assert!(said.stdout.contains("2 files loaded: 12 rows read, 2 rejected, vintage 2"), "{}", said.stdout);
    assert!(resolved(&project).contains(&"99 | 2025-Q1 | 50 | NEW".to_owned()));
    // A body that goes takes its rows along; others are not touched.
    project.write("data/bodies.csv", BODIES.replace("01,HN,Hà Nội,,\n", ""));
    project.chiso(&["run"]).ends(1);
    assert!(rejects(&project).contains(&"4 | code | 01 | code of no organisation in `gso`".to_owned()));
    // A body that is only called otherwise changes no judgement, so nothing is read again.
    project.write(
        "data/bodies.csv",
        BODIES.replace("01,HN,Hà Nội,,\n", "").replace("Bắc Ninh,", "Bắc Ninh mới,"),
    );
    let said = project.chiso(&["run"]).ends(1);
    assert!(said.stdout.contains("1 file loaded: 3 rows read"), "{}", said.stdout);
    // The first vintage is as it was.
    project.chiso(&["run", "--as-of", "1"]).ends(1);
    let csv = project.read("build/as-of/1/site/en/data.html");
    assert!(csv.contains("code of no organisation in `gso`"), "its rejects are those of then");
}

#[test]
fn codes_that_are_as_before_after_a_killed_run_judge_what_it_read() {
    let project = with_codes(BY_PERIOD, "24,2025-Q3,,1\n01,2025-Q3,,2\n");
    // Large enough that the run is still at it when the first file is done.
    let rows: String = (0..200_000).map(|row| format!("01,2025-Q3,,{row}\n")).collect();
    project.write("data/report_large.csv", format!("code,period,day,received\n{rows}"));
    project.chiso(&["run"]).ends(0);
    project.write("data/bodies.csv", BODIES.replace("01,HN,Hà Nội,,\n", ""));
    let mut child =
        project.command(&["run"]).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("starts");
    let mut said = BufReader::new(child.stderr.take().expect("piped")).lines().map_while(Result::ok);
    assert!(said.any(|line| line.contains("data/report.csv") && line.contains("rejected=1")));
    let _ = child.kill();
    assert_eq!(child.wait().expect("ends").code(), None, "the run was killed before its end");
    project.write("data/bodies.csv", BODIES);
    project.chiso(&["run"]).ends(0);
    assert_eq!(project.rows("SELECT count(*), count(org_id) FROM fact.report"), ["200002 | 200002"]);
}

#[test]
fn a_code_of_two_bodies_on_one_day_is_nobodys_and_is_said() {
    let project = with_codes(BY_PERIOD, "24,2025-Q3,,1\n01,2025-Q3,,2\n");
    project.edit(
        "data/bodies.csv",
        "24,BG@2025-06-30,Bắc Giang,,2025-06-30",
        "24,BG@2025-06-30,Bắc Giang,,2025-12-31",
    );
    let said = project.chiso(&["run"]).ends(1);
    assert!(
        said.stderr
            .contains("2 codes of `ref.organisation_code` would stand for two organisations on one day"),
        "{}",
        said.stderr
    );
    let hint = "the first is `24` of `gso`: `BG@2025-06-30` and `BN` both have it on 2025-07-01";
    assert!(said.stderr.contains(hint), "{}", said.stderr);
    assert_eq!(project.rows("SELECT code, org_id FROM fact.report"), ["01 | HN"]);
    assert_eq!(rejects(&project), ["2 | code | 24 | code of no organisation in `gso`"]);
}

#[test]
fn wrong_contracts_are_placed() {
    let says = |organisations: &str, texts: &[&str]| {
        let project = with_codes(organisations, "24,2025-Q3,,1\n");
        let said = project.chiso(&["check"]).ends(1);
        for text in texts {
            assert!(said.stderr.contains(text), "{organisations}: no {text:?} in\n{}", said.stderr);
        }
    };
    says(
        "org_id: { code: cod, system: gso, on: day }",
        &["no column `cod`", "fact.report.yml:8:19", "did you mean `code`?"],
    );
    says(
        "org_id: { code: received, system: gso, on: day }",
        &["`received` is not a text column", "leading zeros"],
    );
    says(
        "org_id: { code: code, system: gso, on: code }",
        &["`code` holds no days", "`date`, `timestamp` or `period`"],
    );
    says("org_id: { code: code, system: gso, on: dag }", &["no column `dag`", "did you mean `day`?"]);
    says("org_id: { code: code, system: gso }", &["missing field `on`"]);
    says("org_id: { code: code, system: [], on: day }", &["no system of codes is named"]);
    says("code: { code: code, system: gso, on: day }", &["two columns are called `code`"]);
    says(
        "org_id: { code: code, system: gso, on: day, unknown: keep }",
        &["unknown unknown `keep`", "`reject`, `flag`"],
    );
}

#[test]
fn a_system_without_codes_and_codes_without_a_view_are_said() {
    let project = with_codes("org_id: { code: code, system: gsso, on: period }", "24,2025-Q3,,1\n");
    let said = project.chiso(&["run"]).ends(1);
    assert!(said.stderr.contains("no code of the system `gsso`"), "{}", said.stderr);
    assert!(said.stderr.contains("did you mean `gso`?"), "{}", said.stderr);

    let project = with_codes(BY_PERIOD, "24,2025-Q3,,1\n");
    project.remove("queries/tables/ref.organisation_code.sql");
    let said = project.chiso(&["check"]).ends(1);
    assert!(said.stderr.contains("the project has no `ref.organisation_code`"), "{}", said.stderr);
}

#[test]
fn codes_that_rest_on_what_they_judge_are_refused() {
    let project = with_codes(BY_PERIOD, "24,2025-Q3,,1\n");
    project.write(
        "queries/tables/ref.organisation_code.sql",
        "SELECT 'gso' AS code_system, code, code AS org_id, NULL AS valid_from, NULL AS valid_to FROM fact.report\n",
    );
    let said = project.chiso(&["check"]).ends(1);
    let message = "`ref.organisation_code` rests on `fact.report`, whose own codes are looked up in it";
    assert!(said.stderr.contains(message), "{}", said.stderr);
}

#[test]
fn a_list_of_codes_that_is_gone_stands_for_nobody() {
    let project = with_codes(BY_PERIOD, "24,2025-Q3,,1\n01,2025-Q3,,2\n");
    project.chiso(&["run"]).ends(0);
    project.remove("queries/tables/ref.organisation_code.sql");
    let said = project.chiso(&["run"]).ends(1);
    assert!(said.stderr.contains("the project has no `ref.organisation_code`"), "{}", said.stderr);
    assert_eq!(resolved(&project), Vec::<String>::new());
    assert_eq!(rejects(&project).len(), 2);
}

#[test]
fn a_list_of_codes_written_otherwise_counts_in_what_is_computed_next() {
    let project = with_codes(BY_PERIOD, "01,2025-Q3,,2\n");
    project.write(
        "queries/online-share.sql",
        "-- Reports: one row per body.
SELECT org_id, 1 AS numerator, 1 AS denominator FROM fact.report
WHERE $min_level > 0 AND $period_end > DATE '2000-01-01' ORDER BY org_id
",
    );
    let computed = |project: &TestProject| project.rows("SELECT DISTINCT org_id FROM out.observation");
    project.chiso(&["run"]).ends(0);
    assert_eq!(computed(&project), ["HN"]);
    // The code passes to another body: the row stays as it is, but counts for that one.
    project.edit(
        "queries/tables/ref.organisation_code.sql",
        "'gso' AS code_system, code, org_id,",
        "'gso' AS code_system, code, replace(org_id, 'HN', 'BN') AS org_id,",
    );
    for command in ["compute", "run"] {
        project.chiso(&[command]).ends(0);
        assert_eq!(computed(&project), ["BN"], "after `chiso {command}`");
    }
}

#[test]
fn a_number_is_taken_back_to_the_files_that_hold_rows_of_its_body() {
    let project = with_codes(BY_PERIOD, "01,2024-Q4,,1\n");
    project.write(
        "queries/tables/ref.organisation_link.sql",
        "SELECT 'BG@2025-06-30' AS old_org_id, 'BN' AS new_org_id, 'merge' AS kind, 1.0 AS share, \
         DATE '2025-07-01' AS effective_on, 'A law' AS legal_basis\n",
    );
    // Two files of Bắc Giang before it went over to Bắc Ninh, one of Bắc Ninh since, eleven of Hà Nội.
    for n in 1..=14 {
        let row = match n {
            1 | 2 => "24,2025-Q1,,5",
            3 => "24,2025-Q3,,7",
            _ => "01,2025-Q3,,9",
        };
        project.write(&format!("data/report-{n:02}.csv"), format!("code,period,day,received\n{row}\n"));
    }
    project.write(
        "indicators/reports.yml",
        "id: reports
title: { vi: Báo cáo, en: Reports }
unit: count
direction: higher-is-better
shape: count
decimals: 0
period: any
sources: [reports]
method: { vi: Số, en: A count }
",
    );
    project.write(
        "queries/reports.sql",
        "SELECT org_id, period, sum(received)::BIGINT AS count FROM fact.report GROUP BY ALL ORDER BY ALL\n",
    );
    project.edit("reports/site.yml", "[online-share]", "[online-share, reports]");
    project.chiso(&["run", "--period", "2025-Q3"]);
    let explained = |org: &str, more: &[&str]| {
        let args = ["explain", "reports", "--org", org, "--period", "2025-Q3", "--lang", "en"];
        project.chiso(&[&args, more].concat()).ends(0).stdout
    };
    let told = explained("BN", &[]);
    let table = told.split("3 of 15 files").nth(1).unwrap_or_else(|| panic!("{told}"));
    let paths: Vec<&str> = table.split_whitespace().filter(|word| word.starts_with("data/report")).collect();
    assert_eq!(paths, ["data/report-01.csv", "data/report-02.csv", "data/report-03.csv"]);
    assert!(told.contains("those are told that have rows of the body"), "{told}");
    assert!(explained("HN", &[]).contains("12 of 15 files"), "{}", explained("HN", &[]));
    let object: serde_json::Value = serde_json::from_str(&explained("BN", &["--json"])).expect("JSON");
    let files = object["files"].as_array().expect("files");
    let of_it = |file: &&serde_json::Value| file["has_rows_of_it"] == true;
    assert_eq!(
        (
            files.iter().filter(of_it).count(),
            files.iter().filter(|file| file["has_rows_of_it"] == false).count()
        ),
        (3, 12)
    );
}
