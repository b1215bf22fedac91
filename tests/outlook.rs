//! An index in time: what may come, what changes were made of, what stands on its page and in the data files; and what is
//! said where that cannot be had.

mod project;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{LazyLock, Mutex};

use calamine::{Reader, open_workbook_auto};
use chiso::compute::course;
use chiso::db::Db;
use chiso::indicators::read_indices;
use chiso::model::index::IndexResults;
use chiso::project::Project;
use chiso::results::read_results;
use project::{Said, TestProject, shown_rows};

/// The project of the repository, computed once.
static VIETNAM: LazyLock<TestProject> = LazyLock::new(TestProject::after_run);

/// What the program says in it; one at a time, for each has the database to itself.
fn said(args: &[&str], code: i32) -> Said {
    static TURN: Mutex<()> = Mutex::new(());
    let _turn = TURN.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    VIETNAM.chiso(&[&["egdi", "outlook"], args].concat()).ends(code)
}

/// A copy of its database, so that tests that read it and runs of the program do not lock one another out.
static COPY: LazyLock<PathBuf> = LazyLock::new(|| {
    let copy = VIETNAM.path("copy.duckdb");
    std::fs::copy(VIETNAM.path("build/chiso.duckdb"), &copy).expect("a database");
    copy
});

fn vietnam() -> Db {
    let db = Db::in_memory().expect("memory");
    db.attach(&COPY, "project").expect("a database");
    db.run("USE project").expect("attached");
    db
}

fn egdi() -> IndexResults {
    let project = Project::open(VIETNAM.root()).expect("a project");
    let trees = read_indices(&project, None).unwrap_or_else(|problems| panic!("{problems:?}"));
    let trees = trees.into_iter().map(|definition| definition.tree).filter(|tree| tree.id.as_str() == "egdi");
    let results = read_results(&vietnam(), vec![], trees.collect(), &[], &[]);
    results.unwrap_or_else(|problems| panic!("{problems:?}")).indices.remove(0)
}

#[test]
fn the_command_answers_in_one_screen() {
    for (lang, name) in [("vi", "outlook_vi"), ("en", "outlook_en")] {
        let told = said(&["--lang", lang], 0);
        assert!(told.stdout.lines().count() <= 50, "{}", told.stdout);
        insta::assert_snapshot!(name, told.stdout);
    }
    let all = said(&["--all", "--to", "2024", "--lang", "en"], 0);
    let bodies = all.stdout.lines().filter(|line| line.contains('–') && line.contains("0.")).count();
    assert!(bodies >= 193, "{bodies}");
}

#[test]
fn a_seed_gives_its_numbers_and_another_one_others() {
    let say = |seed: &str| said(&["--json", "--to", "2026", "--seed", seed], 0).stdout;
    let (one, again, other) = (say("7"), say("7"), say("8"));
    assert_eq!(one, again);
    assert_ne!(one, other);
    let whole: serde_json::Value = serde_json::from_str(&one).expect("JSON");
    assert_eq!(whole["years"], serde_json::json!([2024, 2026]));
    assert_eq!(whole["bodies"].as_array().map(Vec::len), Some(193));
    // Chance moves the numbers a little: today's order and what was learned from the past stay.
    let other: serde_json::Value = serde_json::from_str(&other).expect("JSON");
    assert_eq!(whole["common"], other["common"]);
    let near = |key: &str| {
        let at =
            |whole: &serde_json::Value| whole["score_at_place"]["2026"]["50"][key].as_f64().expect("a score");
        (at(&whole) - at(&other)).abs() < 0.01
    };
    assert!(near("low") && near("middle") && near("high"));
    // Four targets of two laws; the one of 2030 has no edition until 2026 but an earlier one.
    let targets = whole["targets"].as_array().expect("targets");
    let of = |n: usize| {
        (targets[n]["target"].as_str(), targets[n]["place"].as_u64(), targets[n]["edition"].as_i64())
    };
    assert_eq!(of(0), (Some("749.EGDI.25"), Some(70), Some(2024)));
    assert_eq!(of(3), (Some("942.EGDI.30"), Some(30), Some(2026)));
}

#[test]
fn the_score_at_a_rank_moves() {
    let told = said(&["--json"], 0).stdout;
    let whole: serde_json::Value = serde_json::from_str(&told).expect("JSON");
    // Published scores at ranks 50 and 70 in 2022; they have risen in every edition of the formula before.
    for (place, now) in [("50", 0.7834), ("70", 0.7261)] {
        let at = |year: &str| whole["score_at_place"][year][place]["middle"].as_f64().expect("a score");
        assert!(now < at("2024") && at("2024") < at("2030") && at("2030") < 1.0, "{place}");
    }
}

#[test]
fn what_cannot_be_looked_at_is_told_at_once() {
    let told = said(&["--to", "2023", "--country", "Viet Nan"], 2);
    insta::assert_snapshot!(told.whole());
}

/// `tests/oracle/outlook.py` walks through every order in which parts, others and weights could have changed.
#[test]
fn an_independent_computation_takes_changes_apart_alike() {
    let found = course(&egdi(), None, 1).expect("the index is followed").attributions;
    assert_eq!(found.len(), 10);
    let mut expected: BTreeMap<(i32, String), (f64, f64)> = BTreeMap::new();
    for line in include_str!("oracle/attribution.csv").lines().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        let number = |at: usize| cells[at].parse::<f64>().expect("a number");
        expected.insert((cells[1].parse().expect("a year"), cells[2].to_owned()), (number(3), number(4)));
    }
    for change in &found {
        let year: i32 = change.to.to_string().parse().expect("a year");
        let named = change.parts.iter().map(|(part, one)| (part.as_str(), *one));
        let named: Vec<_> = named.chain([("others", change.others), ("rules", change.rules)]).collect();
        for (part, one) in &named {
            let (score, place) = expected[&(year, (*part).to_owned())];
            assert!(
                (one.score - score).abs() < 1e-9 && (one.place - place).abs() < 1e-9,
                "{year} {part}: {one:?}"
            );
        }
        let (score, place) =
            named.iter().fold((0.0, 0.0), |sum, (_, one)| (sum.0 + one.score, sum.1 + one.place));
        assert!((score - (change.score.1 - change.score.0)).abs() < 1e-12, "{year}");
        assert!((place - (f64::from(change.place.1) - f64::from(change.place.0))).abs() < 1e-9, "{year}");
        assert_eq!(change.is_broken, [2008, 2012, 2020, 2022].contains(&year), "{year}");
    }
}

#[test]
fn the_page_shows_the_course_and_what_it_is_worth() {
    let page = VIETNAM.read("build/site/en/index/egdi-course.html");
    for text in [
        "rank 97 in 2003, rank 86 in 2022",
        "No forecast of ranks was clearly nearer than today",
        "71 (2024)",
        "Singapore",
        "Movement of others",
        "formula changed",
        "class=\"fan\"",
    ] {
        assert!(page.contains(text), "{text}");
    }
    // Beside every chart the table of its numbers, which needs neither eyes nor scripts.
    assert_eq!(page.matches("<figure").count(), 10);
    let exhibits: Vec<&str> = page.split("<section class=\"exhibit").skip(1).collect();
    assert_eq!(exhibits.len(), 10);
    assert!(exhibits.iter().all(|one| one.contains("<figure") && one.contains("<table")));
    for lang in ["vi", "en"] {
        assert!(
            VIETNAM.read(&format!("build/site/{lang}/index/egdi.html")).contains("href=\"egdi-course.html\"")
        );
    }
    // An index that is not followed has no such page.
    assert!(!VIETNAM.path("build/site/en/index/index766-course.html").exists());
}

#[test]
fn scores_of_indices_are_in_every_export() {
    let db = Db::in_memory().expect("memory");
    let sums = "count(*), count(value), round(sum(value), 6), sum(rank), count(published), sum(published_rank), \
                count(*) FILTER (WHERE imputed), count(DISTINCT part), count(missing)";
    let expected = shown_rows(&vietnam(), &format!("SELECT {sums} FROM out.index_score"));
    for (reader, ending) in [("read_csv", "csv"), ("read_parquet", "parquet")] {
        let path = VIETNAM.path(&format!("build/export/index-scores.{ending}"));
        let sql = format!("SELECT {sums} FROM {reader}('{}')", path.display());
        assert_eq!(shown_rows(&db, &sql), expected, "{ending}");
        let one = format!(
            "SELECT edition, formula, weight, rank, published_rank, part_en FROM {reader}('{}') \
             WHERE index = 'egdi' AND org_id = 'VN' AND period = '2010' AND part IN ('egdi', 'osi') ORDER BY part",
            path.display()
        );
        let found = shown_rows(&db, &one);
        assert_eq!(
            found,
            ["2008 | 2 | ~ | 90 | 90 | EGDI", "2008 | 2 | 0.34 | 79 | ~ | Online service index (OSI)"]
        );
    }
    let mut workbook =
        open_workbook_auto(VIETNAM.path("build/export/observations.xlsx")).expect("a workbook");
    let sheet = workbook.worksheet_range("IndexScores").expect("a sheet");
    let rows = shown_rows(&vietnam(), "SELECT count(*) FROM out.index_score");
    assert_eq!((sheet.height() - 1).to_string(), rows[0]);
    let columns = workbook.worksheet_range("Columns").expect("a sheet");
    let told = columns.rows().filter(|row| row[0] == "IndexScores").count();
    assert_eq!(told, sheet.width());
}

/// An index of the three agencies of the small project over five editions.
fn followed(outlook: &str) -> TestProject {
    let project = TestProject::small();
    let source = "  - id: scores
    title: { vi: Điểm, en: Scores }
    table: fact.part
    path: data/scores.csv
    publisher: A ministry
    licence: MIT
  - id: services";
    project.edit("sources.yml", "  - id: services", source);
    project.write(
        "queries/tables/fact.part.yml",
        "row: One part of one agency\ncolumns:\n  year:  { type: text, required: true }\n  code:  { type: text, required: true }\n  value: { type: number }\n",
    );
    project.write(
        "queries/index/egdi.sql",
        "-- Parts: one row per agency and year.\nSELECT code AS org_id, year AS period, 'one' AS part, value\nFROM fact.part\n",
    );
    let tree = format!(
        "id: egdi
title: {{ vi: Cây, en: Tree }}
unit: index
decimals: 4
headline: A
sources: [scores]
method: {{ vi: Trung bình, en: A mean }}
parts:
  egdi: {{ en: Tree }}
  one: {{ en: One }}
{outlook}editions:
  - from: 2020
    rules:
      egdi: {{ parts: {{ one: 1 }} }}
"
    );
    project.write("indicators/index/egdi.yml", tree);
    let mut scores = "year,code,value\n".to_owned();
    for year in 2020..2025 {
        for (code, value) in [("A", 0.5), ("B", 0.4), ("C", 0.3)] {
            scores += &format!("{year},{code},{}\n", value + 0.01 * f64::from(year - 2020));
        }
    }
    project.write("data/scores.csv", scores);
    project.edit(
        "reports/site.yml",
        "indicators: [online-share]",
        "indicators: [online-share]\n    indices: [egdi]",
    );
    project
}

#[test]
fn names_that_an_outlook_does_not_find_are_marked() {
    let project = followed(
        "outlook:
  every: 1
  to: 2026
  targets: [T.1]
  indicators: { rank: online-shar }
  peers:
    - title: { en: Neighbours }
      bodies: [A, B, D]
",
    );
    insta::assert_snapshot!(project.chiso(&["-q", "run"]).ends(1).stderr);
}

#[test]
fn an_outlook_that_is_none_is_told() {
    let project = followed("outlook: { every: 0, to: 2026, places: [0, 2] }\n");
    project.edit("indicators/index/egdi.yml", "unit: index", "unit: count");
    insta::assert_snapshot!(project.chiso(&["check"]).ends(1).whole());
}

#[test]
fn an_index_that_is_not_followed_has_no_outlook() {
    let project = followed("");
    project.chiso(&["-q", "run"]).ends(0);
    let said = project.chiso(&["egdi", "outlook"]).ends(1);
    assert!(said.stderr.contains("write `outlook:`"), "{}", said.stderr);
    assert!(!project.path("build/site/en/index/egdi-course.html").exists());
}

#[test]
fn any_index_over_years_can_be_followed_without_rust() {
    let project = followed("outlook: { every: 1, to: 2026, places: [2] }\n");
    project.chiso(&["-q", "run"]).ends(0);
    let said = project.chiso(&["egdi", "outlook", "--lang", "en"]).ends(0);
    // The last edition, and the two to come.
    for year in ["2024", "2025", "2026"] {
        assert!(said.stdout.lines().any(|line| line.starts_with(year)), "{}", said.stdout);
    }
    let page = project.read("build/site/en/index/egdi-course.html");
    assert!(page.contains("rank 1 in 2020, rank 1 in 2024"), "{page}");
    // Four editions are too few: the page says so, and the command as well.
    let scores: Vec<String> = project
        .read("data/scores.csv")
        .lines()
        .filter(|row| !row.starts_with("2020"))
        .map(str::to_owned)
        .collect();
    project.write("data/scores.csv", scores.join("\n") + "\n");
    project.chiso(&["-q", "run"]).ends(0);
    assert!(project.read("build/site/en/index/egdi-course.html").contains("too few editions"));
    let said = project.chiso(&["egdi", "outlook"]).ends(1);
    assert!(said.stderr.contains("it takes 5 editions"), "{}", said.stderr);
}
