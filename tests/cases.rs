//! What the program says: a good run of each command, and each kind of message, as whole texts.
//!
//! One small project (`tests/project/mod.rs`) is spoiled in one way for each case; `cargo insta review` refreshes the texts.

mod project;

use insta::assert_snapshot;
use project::TestProject;

/// The small project, spoiled.
fn spoiled(spoil: impl FnOnce(&TestProject)) -> TestProject {
    let project = TestProject::small();
    spoil(&project);
    project
}

/// What a command says about the small project, spoiled in this way.
fn says(args: &[&str], spoil: impl FnOnce(&TestProject)) -> String {
    spoiled(spoil).chiso(args).whole()
}

/// What `chiso check` says about a text replaced in one file.
fn check(path: &str, from: &str, to: &str) -> String {
    says(&["check"], |project| project.edit(path, from, to))
}

// A good run of each command.

#[test]
fn good_run() {
    let project = TestProject::small();
    assert_snapshot!("run", project.chiso(&["run"]).whole());
    assert_snapshot!("run_again", project.chiso(&["run", "--period", "2026"]).whole());
    assert_snapshot!("run_export", project.read("build/export/observations.csv"));
}

#[test]
fn good_steps() {
    let project = TestProject::small();
    for command in ["check", "gather", "load", "compute", "export"] {
        assert_snapshot!(command, project.chiso(&[command]).whole());
    }
}

#[test]
fn quiet_says_only_what_is_wrong() {
    let project = TestProject::small();
    let said = project.chiso(&["run", "--quiet"]).ends(0);
    assert_eq!((said.stdout.as_str(), said.stderr.as_str()), ("", ""));
    project.edit("data/services.csv", "S2,A,2", "S2,A,two");
    assert_snapshot!(project.chiso(&["--quiet", "run"]).whole());
}

#[test]
fn json_is_one_object_a_line() {
    let project = spoiled(|project| project.edit("data/services.csv", "S2,A,2", "S2,A,two"));
    let said = project.chiso(&["run", "--log-format", "json"]).ends(1);
    let objects: Vec<serde_json::Value> =
        said.stderr.lines().map(|line| serde_json::from_str(line).expect(line)).collect();
    let problem = objects.last().expect("a problem");
    assert_snapshot!(serde_json::to_string_pretty(problem).expect("JSON"));
    assert!(objects.iter().all(|object| object["level"].is_string() && object["message"].is_string()));
}

// Wrong usage, wrong places.

#[test]
fn wrong_usage() {
    let project = TestProject::small();
    for (args, reason) in [
        (&[][..], "Usage: chiso"),
        (&["rum"], "unrecognized subcommand 'rum'"),
        (&["run", "--perod", "2026"], "a similar argument exists: '--period'"),
        (&["run", "--period", "2026-Q5"], "invalid value '2026-Q5'"),
        (&["run", "--period", "2026-Q1-adn"], "each of them with `-adm` in the administrative calendar"),
        (
            &["export", "--to", "pdf"],
            "[possible values: csv, parquet, xlsx, sdmx-csv, sdmx-json, datapackage, duckdb]",
        ),
    ] {
        let said = project.chiso(args).ends(2);
        assert!(said.stderr.contains(reason), "{}", said.stderr);
    }
}

#[test]
fn no_project() {
    assert_snapshot!(TestProject::empty().chiso(&["run"]).whole());
    assert_snapshot!("no_folder", TestProject::empty().chiso(&["check", "--project", "nowhere"]).whole());
}

// Definitions.

#[test]
fn broken_yaml() {
    assert_snapshot!(check("indicators/online-share.yml", "unit: percent", "unit: [percent"));
}

#[test]
fn unknown_field() {
    assert_snapshot!(check("indicators/online-share.yml", "decimals:", "decimal:"));
}

#[test]
fn unknown_field_of_a_contract() {
    assert_snapshot!(check(
        "queries/tables/fact.service.yml",
        "required: true, min: 1",
        "requird: true, min: 1"
    ));
}

#[test]
fn missing_field() {
    assert_snapshot!(check("indicators/online-share.yml", "period: year\n", ""));
}

#[test]
fn unknown_unit() {
    assert_snapshot!(check("indicators/online-share.yml", "unit: percent", "unit: percnt"));
}

#[test]
fn unknown_source() {
    assert_snapshot!(check("indicators/online-share.yml", "sources: [services]", "sources: [service]"));
}

#[test]
fn unknown_target() {
    // Targets are data, so this is found when they are there.
    assert_snapshot!(says(&["run"], |project| {
        project.edit("indicators/online-share.yml", "sources:", "targets: [942.DOS.25]\nsources:");
    }));
}

#[test]
fn id_is_not_the_stem() {
    assert_snapshot!(check("indicators/online-share.yml", "id: online-share", "id: online-shares"));
}

#[test]
fn unknown_table() {
    assert_snapshot!(check("sources.yml", "table: fact.service", "table: fact.servce"));
}

#[test]
fn two_sources_of_one_name() {
    assert_snapshot!(check("sources.yml", "id: services", "id: agencies"));
}

#[test]
fn unset_variable() {
    assert_snapshot!(check("sources.yml", "path: data/agencies.csv", "path: ${CHISO_NO_SUCH}/agencies.csv"));
}

#[test]
fn unknown_constant() {
    assert_snapshot!(check(
        "sources.yml",
        "path: data/services*.csv",
        "path: data/services*.csv\n    constants: { agncy_code: A }"
    ));
}

#[test]
fn not_a_regular_expression() {
    assert_snapshot!(check(
        "sources.yml",
        "path: data/services*.csv",
        "path: data/services*.csv\n    supersedes: '(services'"
    ));
}

#[test]
fn unknown_key_of_a_contract() {
    assert_snapshot!(check("queries/tables/fact.service.yml", "key: [service_code]", "key: [servce_code]"));
}

#[test]
fn min_of_a_text() {
    assert_snapshot!(check(
        "queries/tables/ref.agency.yml",
        "name: { type: text,",
        "name: { type: text, min: 3,"
    ));
}

#[test]
fn query_without_indicator() {
    assert_snapshot!(says(&["check"], |project| {
        project.write("queries/strange.sql", "SELECT 1 AS org_id");
    }));
}

#[test]
fn indicator_without_query() {
    assert_snapshot!(says(&["check"], |project| project.remove("queries/online-share.sql")));
}

#[test]
fn no_report() {
    assert_snapshot!(says(&["check"], |project| project.remove("reports/site.yml")));
}

#[test]
fn no_organisations() {
    assert_snapshot!(says(&["check"], |project| project.remove("queries/tables/ref.organisation.sql")));
}

#[test]
fn contract_and_query_of_one_table() {
    assert_snapshot!(says(&["check"], |project| {
        project.write("queries/tables/ref.agency.sql", "SELECT 'A' AS code");
    }));
}

#[test]
fn several_problems_at_once() {
    assert_snapshot!(says(&["check"], |project| {
        project.edit("sources.yml", "table: ref.agency", "table: ref.agencies");
        project.edit("queries/tables/fact.service.yml", "type: date", "type: day");
        project.edit("indicators/online-share.yml", "direction: higher-is-better", "direction: up");
    }));
}

// Queries.

#[test]
fn unknown_column() {
    // Letters of more than one byte before it do not move the place.
    assert_snapshot!(check("queries/online-share.sql", "(WHERE level", "(WHERE 'Đà Nẵng' <> '' AND levl"));
}

#[test]
fn unknown_column_in_a_derived_table() {
    assert_snapshot!(check("queries/tables/fact.open_service.sql", "opened_on IS", "opend_on IS"));
}

#[test]
fn unknown_column_in_a_check() {
    assert_snapshot!(check("queries/checks/agencies-are-known.sql", "(SELECT code", "(SELECT cod"));
}

#[test]
fn unknown_table_in_a_query() {
    assert_snapshot!(check("queries/online-share.sql", "FROM fact.service", "FROM fact.servce"));
}

#[test]
fn wrong_sql() {
    assert_snapshot!(check("queries/online-share.sql", "GROUP BY", "GRUOP BY"));
}

#[test]
fn wrong_columns() {
    assert_snapshot!(check("queries/online-share.sql", "AS denominator", "AS denom"));
}

#[test]
fn not_a_select() {
    assert_snapshot!(says(&["check"], |project| {
        project.write("queries/online-share.sql", "-- Tidies up.\nDELETE FROM fact.service\n");
    }));
}

#[test]
fn two_selects() {
    assert_snapshot!(check("queries/online-share.sql", "ORDER BY agency_code", "; SELECT 1"));
}

#[test]
fn query_that_reads_a_file() {
    assert_snapshot!(check("queries/online-share.sql", "FROM fact.service", "FROM read_csv('/etc/passwd')"));
}

#[test]
fn missing_parameter() {
    assert_snapshot!(check("indicators/online-share.yml", "params: { min_level: 3 }\n", ""));
}

#[test]
fn missing_period() {
    assert_snapshot!(check("indicators/online-share.yml", "period: year", "period: any"));
}

#[test]
fn unknown_calendar() {
    assert_snapshot!(check("indicators/online-share.yml", "period: year", "period: year\ncalendar: civic"));
}

#[test]
fn calendar_of_any_period() {
    assert_snapshot!(check(
        "indicators/online-share.yml",
        "period: year",
        "period: any\ncalendar: administrative"
    ));
}

#[test]
fn unknown_kind_of_period() {
    assert_snapshot!(check("indicators/online-share.yml", "period: year", "period: years"));
}

#[test]
fn extra_parameter() {
    assert_snapshot!(check(
        "indicators/online-share.yml",
        "{ min_level: 3 }",
        "{ min_level: 3, max_level: 4 }"
    ));
}

#[test]
fn parameter_named_in_a_comment_only() {
    let project = spoiled(|project| {
        project.edit(
            "queries/online-share.sql",
            "-- Services online",
            "-- Unlike $period_start: services online",
        );
        project.edit(
            "queries/online-share.sql",
            "ORDER BY agency_code\n",
            "ORDER BY agency_code;\n-- The end.\n",
        );
        project.edit("queries/checks/agencies-are-known.sql", "ORDER BY service_code\n", ";\n-- The end.\n");
    });
    project.chiso(&["check"]).ends(0);
    project.chiso(&["run"]).ends(0);
}

#[test]
fn circle() {
    assert_snapshot!(says(&["check"], |project| {
        project.write("queries/tables/fact.a.sql", "SELECT * FROM fact.b");
        project.write("queries/tables/fact.b.sql", "SELECT * FROM fact.a");
        project.write("queries/tables/fact.c.sql", "SELECT * FROM fact.a");
    }));
}

#[test]
fn unusable_rows() {
    assert_snapshot!(says(&["run"], |project| {
        project.edit("queries/online-share.sql", "GROUP BY agency_code", "GROUP BY agency_code, level");
    }));
}

#[test]
fn unknown_severity() {
    assert_snapshot!(check("queries/checks/agencies-are-known.sql", "severity: error", "severity: grave"));
}

// Data.

#[test]
fn missing_file() {
    assert_snapshot!(says(&["run"], |project| project.remove("data/services.csv")));
}

#[test]
fn wrong_header() {
    assert_snapshot!(says(&["run"], |project| {
        project.edit("data/services.csv", "service_code,agency_code", "service_cod,agency_code");
    }));
}

#[test]
fn heading_twice() {
    assert_snapshot!(says(&["run"], |project| {
        project.edit("data/agencies.csv", "code,name", "code,Code");
    }));
}

#[test]
fn wrong_rows() {
    let project = spoiled(|project| {
        project.edit("data/services.csv", "S2,A,2,2025-01-01", "S2,A,2.5,01/01/2025");
        project.edit("data/services.csv", "S3,B,3,2025-06-01", "S1,B,3,2025-06-01");
        project.edit("data/services.csv", "S4,C,1,", "S4,C");
    });
    assert_snapshot!(project.chiso(&["run"]).whole());
    assert_snapshot!(
        "wrong_rows_in_the_database",
        project.rows("SELECT path, row_no, column_name, value, rule FROM meta.reject JOIN meta.file USING (file_id) ORDER BY ALL").join("\n")
    );
    assert_eq!(project.rows("SELECT service_code FROM fact.service"), ["S1"]);
}

#[test]
fn broken_rule() {
    assert_snapshot!(says(&["run"], |project| project.edit("data/services.csv", "S3,B", "S3,X")));
}

#[test]
fn unknown_format() {
    assert_snapshot!(says(&["run"], |project| {
        project.edit("sources.yml", "data/agencies.csv", "data/agencies.dat");
        project.write("data/agencies.dat", "code,name\nA,Hà Nội\n");
    }));
}

#[test]
fn database_in_use() {
    let project = TestProject::small();
    project.chiso(&["run"]).ends(0);
    let _held = project.db();
    let said = project.chiso(&["compute"]).ends(1);
    assert!(said.stderr.contains("another program has the database open"), "{}", said.stderr);
}

#[test]
fn the_project_of_the_repository_passes_its_own_check() {
    let said = TestProject::copy_of(".").chiso(&["check"]).ends(0);
    assert!(said.stdout.contains("all is well"), "{}", said.whole());
}

/// Definitions, queries, templates and what is said of the data files: a fault in one hides none in another.
#[test]
fn faults_of_every_kind_are_told_together() {
    let project = TestProject::small();
    project.edit("queries/online-share.sql", "SELECT", "SELEC");
    project.write("templates/index.html", "{% if %}");
    project.write("exports.yml", "publisher: 3\nwrong: x\n");
    let said = project.chiso(&["check"]).ends(1);
    for path in ["queries/online-share.sql", "templates/index.html", "exports.yml"] {
        assert!(said.stderr.contains(path), "nothing of {path} in:\n{}", said.stderr);
    }
}

/// What `check` refuses is not run either.
#[test]
fn a_query_that_is_no_select_is_not_run() {
    let project = TestProject::small();
    project.chiso(&["run"]).ends(0);
    for statement in
        ["DROP TABLE meta.reject", "DELETE FROM meta.delivery", "SELECT 1; DROP TABLE meta.reject"]
    {
        project.write("queries/online-share.sql", format!("-- Dossiers.\n{statement}\n"));
        let said = project.chiso(&["run"]).ends(1);
        assert!(said.stderr.contains("queries/online-share.sql"), "{}", said.stderr);
        assert_eq!(project.rows("SELECT count(*) FROM meta.reject"), ["0"]);
        assert_ne!(project.rows("SELECT count(*) FROM meta.delivery"), ["0"]);
    }
}
