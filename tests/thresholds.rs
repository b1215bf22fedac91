//! Rules with a threshold: counted by sender, broken where more than a share of the rows of one sender break them.

mod project;

use project::TestProject;

fn with_rule(threshold: &str, columns: &str) -> TestProject {
    let project = TestProject::small();
    project.write(
        "queries/checks/low-levels.sql",
        format!(
            "-- title: Few services are below level 3\n-- severity: warning\n-- threshold: {threshold}\n\
             SELECT {columns} FROM fact.service GROUP BY agency_code\n"
        ),
    );
    project
}

const COUNTED: &str = "agency_code AS org_id, count(*) FILTER (WHERE level < 3) AS broken, count(*) AS base";
const COUNTS: &str = "SELECT org_id, broken, base, is_over FROM published.check_sender ORDER BY org_id";
const BROKEN: &str = "SELECT broken FROM published.check_result WHERE check_id = 'low-levels'";

#[test]
fn a_sender_is_over_only_above_the_threshold() {
    // A has one of two, B none of one, C one of one.
    let project = with_rule("0.5", COUNTED);
    project.chiso(&["run"]).ends(0);
    assert_eq!(project.rows(COUNTS), ["A | 1 | 2 | false", "B | 0 | 1 | false", "C | 1 | 1 | true"]);
    assert_eq!(project.rows(BROKEN), ["1"]);

    let project = with_rule("0.49", COUNTED);
    project.chiso(&["run"]).ends(0);
    assert_eq!(project.rows(COUNTS), ["A | 1 | 2 | true", "B | 0 | 1 | false", "C | 1 | 1 | true"]);
    assert_eq!(project.rows(BROKEN), ["2"]);
    // Counted anew by each run, not added to what was there.
    project.chiso(&["compute"]).ends(0);
    assert_eq!(project.rows(COUNTS).len(), 3);
}

#[test]
fn wrong_rules_are_placed() {
    let said = with_rule("5%", COUNTED).chiso(&["check"]).ends(1);
    assert!(said.stderr.contains("`5%` is not a threshold"), "{}", said.stderr);
    assert!(said.stderr.contains("low-levels.sql:3:15"), "{}", said.stderr);
    let said = with_rule("0.5", "agency_code AS org_id, count(*) AS broken").chiso(&["check"]).ends(1);
    assert!(said.stderr.contains("`base` is not there"), "{}", said.stderr);
}
