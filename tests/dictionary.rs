//! The data dictionary: what statisticians may rely on is written down, and is what is there.

mod project;

use std::path::Path;

use chiso::load::published_views;
use project::TestProject;

#[test]
fn the_dictionary_is_the_database() {
    let project = TestProject::copy_of(".");
    let said = project.chiso(&["dictionary"]).ends(0);
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/data-dictionary.md");
    let written = std::fs::read_to_string(&path).expect("docs/data-dictionary.md");
    assert!(said.stdout == written, "write it anew: cargo run -- dictionary > docs/data-dictionary.md");
}

#[test]
fn every_published_column_is_described_in_its_order() {
    let project = TestProject::copy_of(".");
    // A rule that counts by sender, whatever senders there are.
    project.write(
        "queries/checks/counted.sql",
        "-- title: Counted\n-- threshold: 0.5\nSELECT org_id, 0 AS broken, 1 AS base FROM ref.organisation\n",
    );
    project.chiso(&["-q", "run"]).ends(0);
    let db = project.db();
    for view in published_views() {
        let columns = project::shown_rows(
            &db,
            &format!(
                "SELECT column_name, comment FROM duckdb_columns() WHERE schema_name || '.' || table_name = '{}' \
                 ORDER BY column_index",
                view.name
            ),
        );
        let described: Vec<String> =
            view.columns.iter().map(|(name, about)| format!("{name} | {about}")).collect();
        assert_eq!(columns, described, "{}", view.name);
        let comment = format!(
            "SELECT comment FROM duckdb_views() WHERE schema_name || '.' || view_name = '{}'",
            view.name
        );
        assert_eq!(project::shown_rows(&db, &comment), [view.about], "{}", view.name);
        // It gives rows, not only a shape.
        let rows = project::shown_rows(&db, &format!("SELECT count(*) FROM {}", view.name));
        // The counts of no target of the project have been sent yet; `tests/progress.rs` has bodies that hold a gap.
        let may_be_empty = ["published.reject", "published.organisation_name", "published.target_holder"];
        let may_be_empty = may_be_empty.contains(&view.name);
        assert!(rows != ["0"] || may_be_empty, "{} is empty", view.name);
    }
}

#[test]
fn numbers_are_the_same_in_the_view_and_in_the_export() {
    let project = TestProject::small();
    project.chiso(&["run"]).ends(0);
    let sql = format!(
        "SELECT count(*) FROM (SELECT indicator, org_id, period, value FROM published.observation \
         EXCEPT SELECT indicator, org_id, period, value FROM read_parquet('{}'))",
        project.path("build/export/observations.parquet").display()
    );
    assert_eq!(project.rows(&sql), ["0"]);
    assert_ne!(project.rows("SELECT count(*) FROM published.observation"), ["0"]);
}

#[test]
fn names_of_published_views_are_taken() {
    let project = TestProject::small();
    project.write("queries/tables/published.vintage.sql", "SELECT 1 AS vintage\n");
    let said = project.chiso(&["check"]).ends(1);
    assert!(said.stderr.contains("every project has a view `published.vintage` already"), "{}", said.stderr);
}
