//! Running again: what is the same stays the same, what changed takes the place of its former self, and a run that was killed leaves no trace.

mod project;

use std::fs;
use std::process::Stdio;
use std::time::{Duration, Instant};

use project::{Said, TestProject};

/// What a run says it loaded.
#[track_caller]
fn data_line(said: &Said) -> String {
    let line = said.stdout.lines().find(|line| line.starts_with("data ")).expect("a run says what it loaded");
    line.trim_start_matches("data").trim().to_owned()
}

/// Runs everything; what it says it loaded.
#[track_caller]
fn run(project: &TestProject, status: i32) -> String {
    data_line(&project.chiso(&["run"]).ends(status))
}

fn services(project: &TestProject) -> Vec<String> {
    project.rows("SELECT service_code, level FROM fact.service ORDER BY ALL")
}

fn versions(project: &TestProject) -> Vec<String> {
    project.rows(
        "SELECT vintage, state, rows_loaded FROM meta.file WHERE source_id = 'services' ORDER BY file_id",
    )
}

const GOOD: [&str; 4] = ["S1 | 4", "S2 | 2", "S3 | 3", "S4 | 1"];

#[test]
fn a_second_run_changes_nothing() {
    let project = TestProject::small();
    assert_eq!(run(&project, 0), "2 files loaded: 7 rows read, 0 rejected, vintage 1");
    let before = content(&project);
    assert_eq!(run(&project, 0), "0 files loaded: 0 rows read, 0 rejected, vintage 1");
    // The same bytes, written later.
    let text = project.read("data/services.csv");
    project.remove("data/services.csv");
    project.write("data/services.csv", text);
    assert_eq!(run(&project, 0), "0 files loaded: 0 rows read, 0 rejected, vintage 1");
    assert_eq!(content(&project), before);
}

#[test]
fn memory_is_told_in_amounts() {
    let project = TestProject::small();
    let with = |memory: &str| {
        let mut command = project.command(&["run"]);
        Said::of(command.env("CHISO_MEMORY", memory).output().expect("the program starts"))
    };
    let said = with("lots").ends(1);
    assert!(said.stderr.contains("`CHISO_MEMORY` is an amount of memory, such as `4GB`"), "{}", said.stderr);
    with("200MB").ends(0);
}

#[test]
fn a_corrected_file_takes_the_place_of_its_former_self() {
    let project = TestProject::small();
    run(&project, 0);
    let first = project.read("data/services.csv");
    project.edit("data/services.csv", "S2,A,2", "S2,A,3");
    assert_eq!(run(&project, 0), "1 file loaded: 4 rows read, 0 rejected, vintage 2");
    assert_eq!(services(&project), ["S1 | 4", "S2 | 3", "S3 | 3", "S4 | 1"]);
    assert_eq!(versions(&project), ["1 | superseded | 4", "2 | current | 4"]);
    let stored = project.rows("SELECT stored_table FROM meta.stored_table WHERE table_name = 'fact.service'");
    assert_eq!(project.rows(&format!("SELECT count(*) FROM {}", stored[0])), ["8"]);
    let share = "SELECT numerator FROM out.observation WHERE org_id = 'A' AND period = '2025'";
    assert_eq!(project.rows(share), ["2"]);

    project.write("data/services.csv", first);
    assert_eq!(run(&project, 0), "1 file loaded: 4 rows read, 0 rejected, vintage 3");
    assert_eq!(services(&project), GOOD);
    assert_eq!(versions(&project), ["1 | superseded | 4", "2 | superseded | 4", "3 | current | 4"]);
    assert_eq!(project.rows(share), ["1"]);
}

#[test]
fn a_refused_delivery_leaves_the_former_rows_in_use() {
    let project = TestProject::small();
    run(&project, 0);
    let good = project.read("data/services.csv");
    project.edit("data/services.csv", "service_code,", "code_of_service,");
    assert_eq!(run(&project, 1), "1 file loaded: 0 rows read, 0 rejected, vintage 2");
    assert_eq!(services(&project), GOOD);
    assert_eq!(versions(&project), ["1 | current | 4", "2 | refused | 0"]);
    // It is not read again, but it is still said.
    let said = project.chiso(&["run"]).ends(1);
    assert_eq!(data_line(&said), "0 files loaded: 0 rows read, 0 rejected, vintage 2");
    assert!(said.stderr.contains("`data/services.csv` has no column `service_code`"), "{}", said.stderr);

    project.write("data/services.csv", good + "S5,C,2,\n");
    assert_eq!(run(&project, 0), "1 file loaded: 5 rows read, 0 rejected, vintage 3");
    assert_eq!(services(&project).len(), 5);
    assert_eq!(versions(&project), ["1 | superseded | 4", "2 | superseded | 0", "3 | current | 5"]);
}

#[test]
fn a_contract_that_changes_keeps_the_rows_under_a_refused_delivery() {
    let project = TestProject::small();
    run(&project, 0);
    project.edit("data/services.csv", "service_code,", "code_of_service,");
    run(&project, 1);
    assert_eq!(services(&project), GOOD);
    // The former delivery is read again under the new columns, the refused one is refused again.
    project.edit("queries/tables/fact.service.yml", "max: 4 }", "max: 4 }\n  note: { type: text }");
    run(&project, 1);
    assert_eq!(services(&project), GOOD);
    assert_eq!(run(&project, 1), "0 files loaded: 0 rows read, 0 rejected, vintage 3");
    assert_eq!(services(&project), GOOD);
    // The same where the contract and the delivery change at once.
    let project = TestProject::small();
    run(&project, 0);
    project.edit("queries/tables/fact.service.yml", "max: 4 }", "max: 4 }\n  note: { type: text }");
    project.edit("data/services.csv", "service_code,", "code_of_service,");
    run(&project, 1);
    assert_eq!(services(&project), GOOD);
    assert_eq!(run(&project, 1), "0 files loaded: 0 rows read, 0 rejected, vintage 2");
}

#[test]
fn a_contract_that_changes_reads_its_files_again() {
    let project = TestProject::small();
    run(&project, 0);
    let contract = "queries/tables/fact.service.yml";
    project.edit(contract, "max: 4", "max: 3");
    assert_eq!(run(&project, 1), "1 file loaded: 4 rows read, 1 rejected, vintage 2");
    assert_eq!(services(&project), ["S2 | 2", "S3 | 3", "S4 | 1"]);
    project.edit(contract, "max: 3 }", "max: 4 }\n  note: { type: text }");
    assert_eq!(run(&project, 0), "1 file loaded: 4 rows read, 0 rejected, vintage 3");
    assert_eq!(project.rows("SELECT count(*), count(note) FROM fact.service"), ["4 | 0"]);
}

#[test]
fn a_file_that_is_gone_is_said_and_stays_in_use() {
    let project = TestProject::small();
    project.write("data/services-2.csv", "service_code,agency_code,level\nS9,A,1\n");
    run(&project, 0);
    project.remove("data/services-2.csv");
    let said = project.chiso(&["run"]).ends(0);
    let warning =
        "source `services` does not bring `data/services-2.csv` any more; in use are still its 1 row";
    assert!(said.stderr.contains(warning), "{}", said.stderr);
    assert_eq!(services(&project).len(), 5);

    project.remove("data/services.csv");
    let said = project.chiso(&["run"]).ends(1);
    assert!(said.stderr.contains("source `services`: no file at `data/services*.csv`"), "{}", said.stderr);
    assert_eq!(services(&project).len(), 5);
}

#[test]
fn a_file_whose_place_is_named_otherwise_counts_once() {
    let project = TestProject::small();
    run(&project, 0);
    project.edit(
        "sources.yml",
        "path: data/services*.csv",
        "path: data/services*.csv\n    supersedes: '(services)'",
    );
    run(&project, 0);
    assert_eq!(services(&project), GOOD);
}

#[test]
fn a_source_that_is_taken_away_and_given_back_brings_its_rows_back() {
    let project = TestProject::small();
    run(&project, 0);
    let change = |from: &str, to: &str| {
        project.edit("sources.yml", &format!("id: {from}\n"), &format!("id: {to}\n"));
        project.edit("indicators/online-share.yml", &format!("[{from}]"), &format!("[{to}]"));
    };
    change("services", "service-list");
    assert_eq!(run(&project, 0), "1 file loaded: 4 rows read, 0 rejected, vintage 2");
    change("service-list", "services");
    assert_eq!(run(&project, 0), "1 file loaded: 4 rows read, 0 rejected, vintage 3");
    assert_eq!(services(&project), GOOD);
    assert_eq!(run(&project, 0), "0 files loaded: 0 rows read, 0 rejected, vintage 3");
}

#[test]
fn a_table_that_is_called_otherwise_keeps_its_rows() {
    let project = TestProject::small();
    run(&project, 0);
    let contract = project.read("queries/tables/fact.service.yml");
    project.remove("queries/tables/fact.service.yml");
    project.write("queries/tables/fact.offer.yml", contract);
    for path in [
        "sources.yml",
        "queries/tables/fact.open_service.sql",
        "queries/online-share.sql",
        "queries/checks/agencies-are-known.sql",
    ] {
        project.edit(path, "fact.service", "fact.offer");
    }
    assert_eq!(run(&project, 0), "1 file loaded: 4 rows read, 0 rejected, vintage 2");
    assert_eq!(project.rows("SELECT service_code, level FROM fact.offer ORDER BY ALL"), GOOD);
    assert_eq!(run(&project, 0), "0 files loaded: 0 rows read, 0 rejected, vintage 2");
}

#[test]
fn a_derived_table_whose_file_is_gone_is_gone() {
    let project = TestProject::small();
    run(&project, 0);
    project.remove("queries/tables/fact.open_service.sql");
    run(&project, 0);
    let views = "SELECT view_name FROM duckdb_views() WHERE schema_name = 'fact'";
    assert_eq!(project.rows(views), ["service"]);
}

#[test]
fn rows_that_come_after_a_killed_run_was_computed_count() {
    let project = TestProject::small();
    run(&project, 0);
    // As if the run had been killed between its two files, and what was there computed.
    project.db().run("UPDATE meta.vintage SET finished = false").expect("ours");
    project.chiso(&["compute"]).ends(0);
    project.edit("data/services.csv", "S2,A,2", "S2,A,3");
    assert_eq!(run(&project, 0), "1 file loaded: 4 rows read, 0 rejected, vintage 1");
    let share = "SELECT numerator FROM out.observation WHERE org_id = 'A' AND period = '2025'";
    assert_eq!(project.rows(share), ["2"]);
}

#[test]
fn a_vintage_that_a_killed_run_left_open_is_closed_by_the_next() {
    let project = TestProject::small();
    run(&project, 0);
    // As if the run had been killed after its last file.
    project.db().run("UPDATE meta.vintage SET finished = false").expect("ours");
    assert_eq!(run(&project, 0), "0 files loaded: 0 rows read, 0 rejected, vintage 1");
    project.edit("data/services.csv", "S2,A,2", "S2,A,3");
    assert_eq!(run(&project, 0), "1 file loaded: 4 rows read, 0 rejected, vintage 2");
}

#[test]
fn programs_that_gather_at_the_same_time_take_nothing_from_each_other() {
    let project = TestProject::small();
    for file in 0..200 {
        project.write(
            &format!("data/services-{file:03}.csv"),
            format!("service_code,agency_code,level\nT{file},A,1\n"),
        );
    }
    let start = || {
        project
            .command(&["-q", "--wait", "gather"])
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("starts")
    };
    for child in [start(), start(), start()] {
        let said = child.wait_with_output().expect("ends");
        assert!(said.status.success(), "{}", String::from_utf8_lossy(&said.stderr));
    }
    assert_eq!(run(&project, 0), "202 files loaded: 207 rows read, 0 rejected, vintage 1");
}

#[test]
fn equal_inputs_give_equal_bytes() {
    let (one, other) = (TestProject::small(), TestProject::small());
    run(&one, 0);
    run(&other, 0);
    assert_eq!(exports(&one), exports(&other));
    assert_eq!(content(&one), content(&other));
}

const FORMATS: [&str; 3] = ["csv", "parquet", "xlsx"];

fn exports(project: &TestProject) -> Vec<Vec<u8>> {
    let read = |format| fs::read(project.path(&format!("build/export/observations.{format}")));
    FORMATS.map(|format| read(format).expect("an export")).to_vec()
}

/// Number of rows and sum over them, for every table.
fn content(project: &TestProject) -> Vec<String> {
    let db = project.db();
    let tables =
        project::shown_rows(&db, "SELECT schema_name || '.' || table_name FROM duckdb_tables() ORDER BY 1");
    let sum = |table: &String| {
        let sql = format!(
            "SELECT '{table}', count(*), CAST(sum(CAST(hash(t) AS HUGEINT)) AS VARCHAR) FROM {table} t"
        );
        project::shown_rows(&db, &sql).remove(0)
    };
    tables.iter().map(sum).collect()
}

/// A project whose load takes long enough to be killed in.
fn large() -> TestProject {
    let project = TestProject::small();
    for (file, rows) in [("services", 60_000), ("services-2", 120_000)] {
        let mut text = String::from("service_code,agency_code,level,opened_on\n");
        for row in 0..rows {
            let level = if row % 9_973 == 0 { "?".to_owned() } else { (row % 4 + 1).to_string() };
            let agency = ["A", "B", "C"][row % 3];
            text.push_str(&format!("{file}-{row},{agency},{level},2025-01-{:02}\n", row % 28 + 1));
        }
        project.write(&format!("data/{file}.csv"), text);
    }
    project
}

#[test]
fn a_run_that_is_killed_and_started_again_ends_where_another_does() {
    let undisturbed = large();
    let start = Instant::now();
    run(&undisturbed, 1);
    let whole = start.elapsed();
    let (expected, expected_exports) = (content(&undisturbed), exports(&undisturbed));
    let project = large();
    let mut killed = 0;
    for moment in 1..=10 {
        let mut child =
            project.command(&["run"]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("starts");
        std::thread::sleep(whole * moment / 11);
        let _ = child.kill();
        killed += usize::from(child.wait().expect("ends").code().is_none());
        // The first half of the moments go on from what is there, the others begin anew.
        if moment > 5 {
            project.chiso(&["run"]).ends(1);
            assert_eq!(content(&project), expected, "killed after {:?}", whole * moment / 11);
            assert_eq!(exports(&project), expected_exports);
            fs::remove_dir_all(project.path("build")).expect("there is one");
        }
    }
    assert!(killed > 3, "only {killed} runs were killed before their end");
    assert!(whole > Duration::from_millis(100));
}
