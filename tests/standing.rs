//! Numbers are taken over from the last run only where their query would give the same: after any change they are those of
//! a run that knows no former one.

mod project;

use std::fs;

use project::TestProject;

const FIGURES: &str = "org_id,period,numerator,denominator,missing
A,2024,50,100,
B,2024,25,100,
C,2024,3,4,
";

const RATE: &str = "id: rate
title: { vi: Tỷ lệ, en: Rate }
unit: percent
direction: higher-is-better
shape: ratio
decimals: 2
period: any
sources: [figures]
method: { vi: Tỷ lệ, en: A rate }
";

const RULES: &str = "rules:
  - id: few
    indicators: [rate]
    threshold: 5
    basis: { vi: Luật, en: A law }
";

/// Two indicators: `rate` over figures of any period, `online-share` over services, year by year.
fn built() -> TestProject {
    let project = TestProject::of_figures(FIGURES, RATE, "numerator, denominator, missing");
    run(&project, &[]);
    project
}

/// How many indicators a run asked for; none where nothing is to be computed.
#[track_caller]
fn run(project: &TestProject, more: &[&str]) -> Option<usize> {
    let said = project.chiso(&[&["run", "--verbose"], more].concat());
    assert!(said.status != 2, "{}", said.whole());
    let told =
        said.stderr.lines().find_map(|line| line.split_once("compute steps=").map(|(_, n)| n.to_owned()));
    told.map(|n| n.trim().parse().expect("a number"))
}

/// Every number, with its parts, reason, source and version.
fn numbers(project: &TestProject) -> Vec<String> {
    project.rows(
        "SELECT indicator, org_id, period, breakdown, numerator, denominator, value, missing, status, source, formula \
         FROM out.observation ORDER BY ALL",
    )
}

/// After a change so many indicators are asked for, and the numbers are those of a run from nothing.
#[track_caller]
fn asks(what: &str, expected: Option<usize>, more: &[&str], change: impl Fn(&TestProject)) {
    let project = built();
    change(&project);
    assert_eq!(run(&project, more), expected, "{what}");
    let followed = numbers(&project);
    fs::remove_dir_all(project.path("build")).expect("what was built");
    assert_eq!(run(&project, more), Some(2), "{what}");
    assert_eq!(followed, numbers(&project), "{what}");
    assert!(followed.len() >= 3, "{what}: {followed:?}");
}

#[test]
fn only_what_may_be_another_is_asked_for() {
    asks("nothing changed", None, &[], |_| {});
    asks("a file of one", Some(1), &[], |project| project.edit("data/figures.csv", "B,2024,25", "B,2024,26"));
    asks("a file of the other", Some(1), &[], |project| {
        project.edit("data/services.csv", "S2,A,2", "S2,A,3")
    });
    asks("a file more", Some(1), &[], |project| {
        project.write("data/services-2.csv", "service_code,agency_code,level,opened_on\nS9,B,1,2025-01-01\n");
    });
    asks("a query", Some(1), &[], |project| {
        project.edit("queries/rate.sql", "numerator,", "numerator + 1 AS numerator,")
    });
    asks("a definition", Some(1), &[], |project| {
        project.edit("indicators/online-share.yml", "min_level: 3", "min_level: 2");
    });
    asks("a contract", Some(1), &[], |project| {
        project.edit("queries/tables/fact.service.yml", "max: 4 }", "max: 3 }");
    });
    asks("another period", Some(1), &["--period", "2024"], |_| {});
    asks("what neither reads", Some(0), &[], |project| {
        project.edit("queries/tables/fact.open_service.sql", "agency_code, level", "level");
    });
}

#[test]
fn what_a_derived_table_says_counts() {
    let through_view = |project: &TestProject| {
        project.edit("queries/online-share.sql", "FROM fact.service\nWHERE", "FROM fact.open_service\nWHERE");
        project.edit(
            "queries/tables/fact.open_service.sql",
            "agency_code, level",
            "agency_code, level, opened_on",
        );
        run(project, &[]);
    };
    asks("a view", Some(1), &[], |project| {
        through_view(project);
        project.edit("queries/tables/fact.open_service.sql", "IS NOT NULL", "> '2025-02-01'");
    });
    asks("a file below a view", Some(1), &[], |project| {
        through_view(project);
        project.edit("data/services.csv", "S3,B,3", "S3,B,1");
    });
}

#[test]
fn what_the_clock_or_chance_may_change_is_always_asked_for() {
    for word in ["(SELECT count(*) FROM meta.vintage)", "year(current_date)", "floor(random())"] {
        asks(word, Some(2), &[], |project| {
            let with = format!("numerator * 0 + {word} * 0 + 1 AS numerator,");
            project.edit("queries/rate.sql", "numerator,", &with);
            run(project, &[]);
            project.edit("data/services.csv", "S2,A,2", "S2,A,3");
        });
    }
}

#[test]
fn what_was_withheld_is_asked_for_again() {
    asks("rules that came", Some(0), &[], |project| project.write("disclosure.yml", RULES));
    let withheld = |project: &TestProject| {
        project.write("disclosure.yml", RULES);
        run(project, &[]);
        assert!(numbers(project).iter().any(|row| row.contains("withheld")), "{:?}", numbers(project));
    };
    asks("rules that went", Some(1), &[], |project| {
        withheld(project);
        project.remove("disclosure.yml");
    });
    asks("rules that stay", Some(2), &[], |project| {
        withheld(project);
        project.edit("data/services.csv", "S2,A,2", "S2,A,3");
    });
}

#[test]
fn what_was_told_is_told_again() {
    let project = TestProject::of_figures(
        &FIGURES.replace("C,2024", "C,2039"),
        RATE,
        "numerator, denominator, missing",
    );
    project.chiso(&["run"]);
    project.edit("data/services.csv", "S2,A,2", "S2,A,3");
    let said = project.chiso(&["run"]);
    assert!(said.stderr.contains("1 number of `rate` left out: the period has not begun"), "{}", said.stderr);
}

#[test]
fn an_indicator_that_failed_is_asked_for_again() {
    let project = built();
    project.edit("queries/rate.sql", "numerator,", "CAST(org_id AS INTEGER) AS numerator,");
    assert_eq!(run(&project, &[]), Some(1));
    assert_eq!(project.rows("SELECT count(*) FROM out.observation WHERE indicator = 'rate'"), ["0"]);
    project.edit("data/services.csv", "S2,A,2", "S2,A,3");
    assert_eq!(run(&project, &[]), Some(2), "the one that failed, and the one whose file changed");
    project.edit("queries/rate.sql", "CAST(org_id AS INTEGER) AS numerator,", "numerator,");
    assert_eq!(run(&project, &[]), Some(1));
    assert_eq!(project.rows("SELECT count(*) FROM out.observation WHERE indicator = 'rate'"), ["3"]);
}
