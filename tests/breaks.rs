//! Formula versions and breaks, from the definition to pages and exports.

mod project;

use chiso::db::Db;
use insta::assert_snapshot;
use project::{TestProject, shown_rows};

/// Monthly figures of one body over two breaks; the first value after the second one is provisional.
const FIGURES: &str = "org_id,period,value,status
A,2026-03,40,
A,2026-04,44.5,
A,2026-05,58,
A,2026-06,82,P
A,2026-07,77.5,
A,2025,41,
A,2026,70,
B,2026-03,10,
B,2026-04,11,B
B,2026-05,13,
B,2025,12,
B,2026,20,
C,2026-06,30,
C,2026-07,31,B
";

const RATE: &str = "id: rate
title: { vi: Tỷ lệ, en: Rate }
unit: percent
direction: higher-is-better
shape: value
decimals: 1
period: any
headline: A
formula: 1
breaks:
  - { at: 2026-05-01, formula: 2, why: { vi: Đổi mẫu số, en: Another denominator } }
  - { at: 2026-06-01, formula: 4, why: { vi: Đổi tử số, en: Another numerator } }
sources: [figures]
method: { vi: Tỷ lệ, en: A rate }
";

/// A project with these figures, not run yet.
fn monthly() -> TestProject {
    let project = TestProject::of_figures(FIGURES, RATE, "value, status");
    project.edit("reports/site.yml", "[rate]", "[rate]\norganisation_pages: [province]");
    project
}

#[test]
fn values_carry_their_formula_and_breaks() {
    let project = monthly();
    project.chiso(&["run", "--period", "2026"]).ends(0);
    let computed =
        "SELECT org_id, period, formula, status FROM out.observation WHERE indicator = 'rate' ORDER BY ALL";
    let expected = [
        // Two years, the second computed by the last formula.
        "A | 2025 | 1 | A",
        "A | 2026 | 4 | B",
        "A | 2026-03 | 1 | A",
        "A | 2026-04 | 1 | A",
        "A | 2026-05 | 2 | B",
        // The query said provisional: that stays, and the break is told beside it.
        "A | 2026-06 | 4 | P",
        "A | 2026-07 | 4 | A",
        "B | 2025 | 1 | A",
        "B | 2026 | 4 | B",
        "B | 2026-03 | 1 | A",
        "B | 2026-04 | 1 | B",
        "B | 2026-05 | 2 | B",
        // Nothing stands before it.
        "C | 2026-06 | 4 | A",
        // The data themselves mark a break.
        "C | 2026-07 | 4 | B",
    ];
    assert_eq!(project.rows(computed), expected);

    let reader = Db::in_memory().expect("a database");
    let export = project.path("build/export/observations.parquet").display().to_string();
    let broken = format!(
        "SELECT org_id, period, formula, obs_status FROM read_parquet('{export}') \
         WHERE indicator = 'rate' AND break ORDER BY ALL"
    );
    let expected = [
        "A | 2026 | 4 | B",
        "A | 2026-05 | 2 | B",
        "A | 2026-06 | 4 | P",
        "B | 2026 | 4 | B",
        "B | 2026-04 | 1 | B",
        "B | 2026-05 | 2 | B",
        "C | 2026-07 | 4 | B",
    ];
    assert_eq!(shown_rows(&reader, &broken), expected);
}

/// What stands between two texts.
fn between<'a>(page: &'a str, from: &str, to: &str) -> &'a str {
    let (_, rest) = page.split_once(from).unwrap_or_else(|| panic!("no {from}"));
    rest.split_once(to).unwrap_or_else(|| panic!("no {to}")).0
}

#[test]
fn no_difference_crosses_a_break() {
    let project = monthly();
    project.chiso(&["run", "--period", "2026"]).ends(0);

    // The year 2026 is the last value: it is not set against 2025.
    let page = project.read("build/site/en/indicator/rate.html");
    let headline = between(&page, "class=\"headline\"", "<section");
    assert!(headline.contains("Before (2025): 41.0%; not comparable: Another numerator"), "{headline}");
    assert!(headline.contains("first after a break in the series"), "{headline}");
    assert!(!headline.contains("up "), "{headline}");

    // In the table each first value after a break says so.
    let course = between(&page, "<table id=\"over-time-table\"", "</table>");
    let marked =
        |period: &str| between(course, &format!(">{period}</th>"), "</tr>").contains("first after a break");
    assert!(marked("2026") && marked("May 2026") && marked("June 2026"), "{course}");
    assert!(!marked("2025") && !marked("April 2026") && !marked("July 2026"), "{course}");
    assert!(
        between(course, ">June 2026</th>", "</tr>").contains("provisional; first after a break"),
        "{course}"
    );

    // The line of the months is cut in three: March and April, May alone, June and July. No line joins the years.
    let chart = between(&page, "<figure id=\"course\"", "</svg>");
    assert!(chart.contains("Another denominator") && chart.contains("Another numerator"), "{chart}");
    let series =
        chart.split("<g class=\"series\"").skip(1).map(|group| between(group, ">", "<g class=\"point\""));
    let lines: Vec<usize> = series
        .flat_map(|lines| lines.split("points=\"").skip(1))
        .map(|points| points.split('"').next().expect("an end").split(' ').count())
        .collect();
    assert_eq!(lines, [2, 2], "{chart}");

    // Beside the values of all bodies stands the one before, and that it is not comparable.
    let ranking = between(&page, "<table id=\"level-0-table\"", "</table>");
    assert_eq!(ranking.matches("not comparable, a break lies between").count(), 2, "{ranking}");

    // The facts give every version with its first day.
    assert!(page.contains("4, from 1 June 2026"), "{page}");

    // A break that only the data mark is no difference either.
    let own = project.read("build/site/vi/organisation/C.html");
    assert_eq!(own.matches("không so sánh được").count(), 1, "{own}");
    let mut lines = own.split("points=\"").skip(1).filter_map(|points| points.split('"').next());
    assert!(lines.all(|points| !points.contains(' ')), "no line joins its two values: {own}");
}

#[test]
fn breaks_are_checked_all_at_once() {
    let project = monthly();
    project.edit("indicators/rate.yml", "formula: 4", "formula: 2");
    project.edit(
        "indicators/rate.yml",
        "sources:",
        "  - { at: 2026-06-01, why: { vi: Nữa, en: Again } }
  - { at: 2026-13-01, why: { vi: Sai, en: Wrong } }
sources:",
    );
    assert_snapshot!(project.chiso(&["check"]).whole());
}
