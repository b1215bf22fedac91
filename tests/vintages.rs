//! Vintages: every state of data and definitions can be had again with the same bytes, and what changed between two is told.

mod project;

use std::collections::BTreeMap;
use std::fs;

use project::{TestProject, contents_below};

/// Bytes by path.
type Files = BTreeMap<String, Vec<u8>>;

/// Pages and exports as they stand.
fn made(project: &TestProject, output: &str) -> [Files; 2] {
    ["site", "export"].map(|part| contents_below(&project.path(&format!("{output}/{part}"))))
}

#[track_caller]
fn same(one: &[Files; 2], other: &[Files; 2]) {
    for (one, other) in one.iter().zip(other) {
        assert_eq!(one.keys().collect::<Vec<_>>(), other.keys().collect::<Vec<_>>());
        for (name, bytes) in one {
            assert!(bytes == &other[name], "{name} has other bytes");
        }
    }
}

/// Four vintages: the first files, a correction, a contract with one more column, an indicator written otherwise.
fn with_four_vintages() -> (TestProject, Vec<[Files; 2]>) {
    let project = TestProject::small();
    let mut states = vec![];
    let mut run = |status| {
        project.chiso(&["run", "--period", "2026"]).ends(status);
        states.push(made(&project, "build"));
    };
    run(0);
    project.edit("data/services.csv", "S2,A,2", "S2,A,3");
    project.edit("data/services.csv", "S3,B,3", "S3,B,x");
    run(1);
    project.edit("queries/tables/fact.service.yml", "max: 4 }", "max: 4 }\n  note: { type: text }");
    project.edit("data/services.csv", "S3,B,x", "S3,B,4");
    run(0);
    project.edit("indicators/online-share.yml", "min_level: 3", "min_level: 4");
    project.edit("reports/site.yml", "en: Report }", "en: Another report }");
    run(0);
    (project, states)
}

#[test]
fn an_earlier_vintage_gives_the_same_bytes() {
    let (project, states) = with_four_vintages();
    let database = fs::read(project.path("build/chiso.duckdb")).expect("a database");
    for (vintage, state) in (1..).zip(&states) {
        let number = vintage.to_string();
        // Vintage 2 has a reject, which is said again.
        let status = i32::from(vintage == 2);
        let said = project.chiso(&["run", "--as-of", &number]).ends(status);
        assert!(said.stdout.contains(&format!("as it was, vintage {number}")), "{}", said.stdout);
        same(&made(&project, &format!("build/as-of/{number}")), state);
    }
    // Nothing was written to the database or to the report of today.
    assert!(fs::read(project.path("build/chiso.duckdb")).expect("a database") == database);
    same(&made(&project, "build"), &states[3]);
    // Also one format alone, and the pages alone.
    fs::remove_dir_all(project.path("build/as-of")).expect("there is one");
    project.chiso(&["export", "--to", "csv", "--as-of", "1"]).ends(0);
    let csv = fs::read(project.path("build/as-of/1/export/observations.csv")).expect("an export");
    assert!(csv == states[0][1]["observations.csv"]);
    project.chiso(&["report", "--as-of", "3"]).ends(0);
    same(&made(&project, "build/as-of/3"), &states[2]);
}

#[test]
fn a_vintage_that_is_not_there_is_named() {
    let project = TestProject::small();
    let said = project.chiso(&["run", "--as-of", "1"]).ends(1);
    assert!(said.stderr.contains("there is no database yet"), "{}", said.stderr);
    project.chiso(&["run"]).ends(0);
    let said = project.chiso(&["run", "--as-of", "7"]).ends(2);
    assert!(said.stderr.contains("there is no vintage 7"), "{}", said.stderr);
    assert!(said.stderr.contains("hint: only vintage 1 can be had"), "{}", said.stderr);
}

/// What was loaded, or is defined otherwise, since the last computation has no numbers yet: none are shown as if they were of it.
#[test]
fn numbers_are_never_shown_as_of_a_vintage_that_they_were_not_computed_from() {
    let project = TestProject::small();
    project.chiso(&["run", "--period", "2026"]).ends(0);
    let shown = |project: &TestProject| {
        let table = project.read("build/export/observations.csv");
        let row = table.lines().find(|line| line.contains(",A,")).expect("a number of A").to_owned();
        (row, project.read("build/export/manifest.json"))
    };
    let (before, _) = shown(&project);
    project.edit("data/services.csv", "S2,A,2", "S2,A,4");
    project.chiso(&["gather"]).ends(0);
    project.chiso(&["load"]).ends(0);
    // Commands that only tell of numbers say that there are none yet.
    let explain = ["explain", "online-share", "--org", "A", "--period", "2026"];
    let said = project.chiso(&explain).ends(1);
    assert!(said.stderr.contains("vintage 2 is not computed yet"), "{}", said.stderr);
    // Those that write them compute them, for the period of then.
    project.chiso(&["export"]).ends(0);
    let (after, manifest) = shown(&project);
    assert_ne!(before, after);
    assert!(manifest.contains("\"vintage\": 2"), "{manifest}");
    assert_eq!(
        project.rows("SELECT period, vintage FROM meta.vintage ORDER BY vintage"),
        ["2026 | 1", "2026 | 2"]
    );
    project.chiso(&explain).ends(0);
    // A definition is a state as well.
    project.edit("indicators/online-share.yml", "min_level: 3", "min_level: 4");
    project.chiso(&["report"]).ends(0);
    assert_eq!(project.rows("SELECT DISTINCT vintage FROM out.observation"), ["3"]);
}

#[test]
fn vintages_are_listed_with_what_changed() {
    let (project, _) = with_four_vintages();
    let said = project.chiso(&["vintages"]).ends(0);
    assert_eq!(
        said.stdout,
        "vintage  loaded (UTC)         period  files  rows  definitions  revised  can be rebuilt
1        2026-11-23 08:15:00  2026    2      7     9            0        yes
2        2026-11-23 08:15:00  2026    1      4     0            4        yes
3        2026-11-23 08:15:00  2026    1      4     1            0        yes
4        2026-11-23 08:15:00  2026    0      0     2            2        yes
"
    );
}

#[test]
fn a_revision_says_what_it_was_and_which_file_caused_it() {
    let (project, _) = with_four_vintages();
    let sql = "SELECT vintage, change, org_id, previous_numerator, previous_denominator, previous_value, \
               numerator, denominator, value, difference, causes FROM published.revision \
               WHERE change <> 'added' AND period = '2026' ORDER BY vintage, org_id";
    assert_eq!(
        project.rows(sql),
        [
            // A: 1 of 2 services at level 3 became 2 of 2. B: its only service was a reject.
            "2 | revised | A | 1 | 2 | 50 | 2 | 2 | 100 | 50 | data/services.csv",
            "2 | withdrawn | B | 1 | 1 | 100 | ~ | ~ | ~ | ~ | data/services.csv",
            "4 | revised | A | 2 | 2 | 100 | 1 | 2 | 50 | -50 | indicators/online-share.yml",
        ]
    );
    let added = "SELECT vintage, org_id FROM published.revision WHERE change = 'added' AND vintage > 1 AND period = '2026'";
    assert_eq!(project.rows(added), ["3 | B"]);
    let page = project.read("build/site/en/indicator/online-share.html");
    for text in ["<h2 id=\"revisions\">Revisions</h2>", "indicators/online-share.yml", "no longer there"] {
        assert!(page.contains(text), "{text}");
    }
    assert!(project.read("build/site/vi/indicator/online-share.html").contains("Điều chỉnh số liệu"));
}

#[test]
fn a_comment_changes_no_number_but_is_a_state_of_its_own() {
    let project = TestProject::small();
    project.chiso(&["run"]).ends(0);
    project.edit("queries/online-share.sql", "-- Services online", "-- Online services");
    let said = project.chiso(&["compute"]).ends(0);
    assert_eq!(project.rows("SELECT max(vintage) FROM published.vintage"), ["2"], "{}", said.stdout);
    assert_eq!(project.rows("SELECT count(*) FROM published.revision WHERE vintage = 2"), ["0"]);
    project.chiso(&["run"]).ends(0);
    assert_eq!(project.rows("SELECT max(vintage) FROM published.vintage"), ["2"]);
}

#[test]
fn periods_that_are_not_computed_any_more_are_not_withdrawn() {
    let project = TestProject::small();
    project.chiso(&["run", "--period", "2026"]).ends(0);
    project.edit("data/services.csv", "S2,A,2", "S2,A,3");
    project.chiso(&["run", "--period", "2035"]).ends(0);
    assert_eq!(project.rows("SELECT count(*) FROM published.revision WHERE change = 'withdrawn'"), ["0"]);
    // Computed again for the former period, the same vintage tells what it changes there.
    project.chiso(&["run", "--period", "2026"]).ends(0);
    let revised = "SELECT org_id, period FROM published.revision WHERE change = 'revised' ORDER BY period";
    assert_eq!(project.rows(revised), ["A | 2025", "A | 2026"]);
}

#[test]
fn an_indicator_that_fails_withdraws_nothing() {
    let project = TestProject::small();
    project.chiso(&["run"]).ends(0);
    project.edit("queries/online-share.sql", "count(*) AS denominator", "error('no') AS denominator");
    project.chiso(&["run"]).ends(1);
    assert_eq!(project.rows("SELECT count(*) FROM out.observation"), ["0"]);
    assert_eq!(project.rows("SELECT count(*) FROM published.revision WHERE change <> 'added'"), ["0"]);
}

#[test]
fn forgetting_names_what_it_drops_before_it_drops_it() {
    let (project, states) = with_four_vintages();
    let before = project.rows("SELECT count(*) FROM meta.delivery WHERE kept");
    let said = project.chiso(&["forget", "--before", "3"]).ends(0);
    assert_eq!(
        said.stdout,
        "to be forgotten: vintage 1, 2; they cannot be rebuilt after that
  data/services.csv of vintage 1, replaced in 2: 4 rows, with its bytes in `build/landing`
  data/services.csv of vintage 2, replaced in 3: 4 rows, with its bytes in `build/landing`
  in all 2 files, 8 rows, 1 text of a definition; accounts of files and the history of numbers stay
nothing was changed; `--yes` drops it
"
    );
    assert_eq!(project.rows("SELECT count(*) FROM meta.delivery WHERE kept"), before);

    let landing = || contents_below(&project.path("build/landing")).len();
    let files_before = landing();
    let revisions = project.rows("SELECT * FROM published.revision ORDER BY ALL");
    project.chiso(&["forget", "--before", "3", "--yes"]).ends(0);
    assert_eq!(landing(), files_before - 2);
    assert_eq!(project.rows("SELECT * FROM published.revision ORDER BY ALL"), revisions);
    let said = project.chiso(&["run", "--as-of", "2"]).ends(2);
    assert!(said.stderr.contains("vintage 2 was forgotten"), "{}", said.stderr);
    assert!(said.stderr.contains("those from 3 to 4 can be had"), "{}", said.stderr);
    // What is kept is as it was, and the next run goes on from it.
    project.chiso(&["run", "--as-of", "3"]).ends(0);
    same(&made(&project, "build/as-of/3"), &states[2]);
    let said = project.chiso(&["run", "--period", "2026"]).ends(0);
    assert!(said.stdout.contains("0 files loaded: 0 rows read, 0 rejected, vintage 4"), "{}", said.stdout);
    same(&made(&project, "build"), &states[3]);
    let said = project.chiso(&["forget", "--before", "9"]).ends(2);
    assert!(said.stderr.contains("the newest vintage is 4"), "{}", said.stderr);
}

#[test]
fn forgetting_leaves_tables_that_were_never_filled() {
    let project = TestProject::small();
    project.write("queries/tables/fact.form.yml", "row: One form\ncolumns: { a: { type: text } }\n");
    let run = |status| project.chiso(&["run", "--period", "2026"]).ends(status);
    run(0);
    project.edit("data/services.csv", "S2,A,2", "S2,A,3");
    run(0);
    project.chiso(&["forget", "--before", "2", "--yes"]).ends(0);
    assert_eq!(project.rows("SELECT count(*) FROM fact.form"), ["0"]);
    project.edit("data/services.csv", "S2,A,3", "S2,A,4");
    run(0);
    assert_eq!(project.rows("SELECT level FROM fact.service WHERE service_code = 'S2'"), ["4"]);
    // A database that lost such a table before gets it back.
    let stored = project.rows("SELECT stored_table FROM meta.stored_table WHERE table_name = 'fact.form'");
    project.db().run(&format!("DROP TABLE {}", stored[0])).expect("a table");
    project.edit("data/services.csv", "S2,A,4", "S2,A,1");
    run(0);
    assert_eq!(project.rows("SELECT count(*) FROM fact.form"), ["0"]);
}

#[test]
fn a_gone_file_is_read_again_when_its_contract_changes() {
    let project = TestProject::small();
    project.write("data/services-2.csv", "service_code,agency_code,level\nS9,A,1\n");
    project.chiso(&["run"]).ends(0);
    project.remove("data/services-2.csv");
    project.edit("queries/tables/fact.service.yml", "max: 4 }", "max: 4 }\n  note: { type: text }");
    project.chiso(&["run"]).ends(0);
    assert_eq!(project.rows("SELECT count(*) FROM fact.service"), ["5"]);
    // A contract that its files do not fulfil any more leaves no rows behind that nobody sees.
    project.edit(
        "queries/tables/fact.service.yml",
        "note: { type: text }",
        "note: { type: text, required: true }",
    );
    project.chiso(&["run"]).ends(1);
    let current =
        "SELECT count(*) FROM published.file WHERE table_name = 'fact.service' AND state = 'current'";
    let rows = "SELECT count(*) FROM fact.service";
    assert_eq!(
        project.rows(rows),
        project.rows(&format!(
            "SELECT coalesce(sum(rows_loaded), 0)::BIGINT FROM ({})",
            current.replace("count(*)", "rows_loaded")
        ))
    );
}

/// Organisations, codes, links and restated numbers are those of the vintage as well.
#[test]
fn viet_nam_of_an_earlier_vintage_is_as_it_was() {
    let project = TestProject::after_run();
    let first = made(&project, "build");
    // A province is called otherwise, a commune is gone, and a unit sends other counts.
    project.edit("data/vietnam/provinces.csv", "Tỉnh Phú Thọ", "Tỉnh Phú Thọ Mới");
    let communes = project.read("data/vietnam/communes_2025.csv");
    let without: Vec<&str> = communes.lines().filter(|line| !line.starts_with("07900,")).collect();
    project.write("data/vietnam/communes_2025.csv", without.join("\n") + "\n");
    project.edit("data/vietnam/index766_h44_2026q3_progress_units.csv", "1484,1353,131", "1485,1353,132");
    project.chiso(&["-q", "run", "--period", "2026-Q3", "--map", "2025-01-01"]);
    assert_ne!(made(&project, "build")[0].len(), 0);
    assert_ne!(project.rows("SELECT count(*) FROM published.revision WHERE change = 'revised'"), ["0"]);
    project.chiso(&["-q", "run", "--as-of", "1"]).ends(0);
    same(&made(&project, "build/as-of/1"), &first);
    let said = project.chiso(&[
        "explain",
        "on-time-rate",
        "--org",
        "H44",
        "--period",
        "2026-Q3",
        "--lang",
        "en",
        "--as-of",
        "1",
    ]);
    assert!(said.ends(0).stdout.contains("403,016 of 464,494"));
}

/// The inventory of Canada was delivered twice: on 21 January and on 1 March 2025.
#[test]
fn two_deliveries_of_the_canadian_inventory_are_a_real_revision() {
    let project = TestProject::copy_of("examples/canada");
    let deliver = |from: &str| {
        for name in ["si_2024.csv.gz", "ss_2024.csv.gz"] {
            fs::copy(project.path(&format!("{from}/{name}")), project.path(&format!("data/{name}")))
                .expect("a delivery");
        }
    };
    for name in ["si_2024.csv.gz", "ss_2024.csv.gz"] {
        let bytes = fs::read(project.path(&format!("data/{name}"))).expect("the later delivery");
        project.write(&format!("later/{name}"), bytes);
    }
    deliver("data/deliveries/2025-01-21");
    project.chiso(&["-q", "run"]);
    let first = made(&project, "build");
    deliver("later");
    project.chiso(&["-q", "run"]);
    // The publisher's own figures of the later delivery: 375 of 1,560; 1,228 of 1,674.
    let sql = "SELECT indicator, previous_numerator, previous_denominator, numerator, denominator, causes \
               FROM published.revision WHERE vintage = 2 AND change = 'revised' AND breakdown = '' \
               AND org_id = (SELECT org_id FROM ref.organisation WHERE parent_id IS NULL) \
               AND indicator IN ('online-end-to-end-external', 'standards-met-external') ORDER BY 1";
    let revised = project.rows(sql);
    assert_eq!(revised.len(), 2, "{revised:?}");
    assert!(revised[0].starts_with("online-end-to-end-external | "), "{revised:?}");
    assert!(revised[0].contains(" | 375 | 1560 | data/si_2024.csv.gz"), "{revised:?}");
    assert!(revised[1].contains(" | 1228 | 1674 | "), "{revised:?}");
    assert!(revised[1].contains("data/ss_2024.csv.gz"), "{revised:?}");
    // Counted apart from the program, in the delivered files: services that are external and in the year.
    let stored = "SELECT d.vintage, count(*) FROM meta.delivery AS d JOIN published.file AS f USING (file_id) \
                  WHERE f.table_name = 'fact.inventory_service' GROUP BY 1 ORDER BY 1";
    assert_eq!(project.rows(stored), ["1 | 1", "2 | 1"]);
    let rows =
        "SELECT rows_read FROM published.file WHERE table_name = 'fact.inventory_service' ORDER BY vintage";
    assert_eq!(project.rows(rows), ["1680", "1721"]);
    project.chiso(&["-q", "run", "--as-of", "1"]);
    same(&made(&project, "build/as-of/1"), &first);
}

#[test]
fn forgetting_that_was_cut_off_is_finished_by_the_next() {
    let project = TestProject::small();
    project.chiso(&["run", "--period", "2026"]).ends(0);
    let first = made(&project, "build");
    project.edit("data/services.csv", "S2,A,2", "S2,A,3");
    project.chiso(&["run", "--period", "2026"]).ends(0);
    // As if it had been killed between the bytes and the rows.
    let stored = project.rows("SELECT stored FROM meta.delivery WHERE superseded_in = 2").remove(0);
    project.remove(&format!("build/landing/{stored}"));
    project.chiso(&["run", "--as-of", "1"]).ends(0);
    same(&made(&project, "build/as-of/1"), &first);
    let said = project.chiso(&["forget", "--before", "2", "--yes"]).ends(0);
    assert!(said.stdout.contains("in all 1 file, 4 rows"), "{}", said.stdout);
    assert_eq!(project.rows("SELECT count(*) FROM meta.delivery WHERE kept AND superseded_in = 2"), ["0"]);
}
