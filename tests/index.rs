//! Indices: published scores come out of their parts and counts, an independent computation agrees, and a new edition or
//! method needs no Rust.

mod project;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use chiso::db::{Cell, Db};
use project::{TestProject, shown_rows};

/// The project of the repository, computed once.
static VIETNAM: LazyLock<TestProject> = LazyLock::new(TestProject::after_run);

/// A copy of the database, so that tests that read it and runs of the program do not lock one another out.
static COPY: LazyLock<PathBuf> = LazyLock::new(|| {
    let copy = VIETNAM.path("copy.duckdb");
    std::fs::copy(VIETNAM.path("build/chiso.duckdb"), &copy).expect("a database");
    copy
});

/// The numbers of the project.
fn vietnam() -> Db {
    let db = Db::in_memory().expect("memory");
    db.attach(&COPY, "project").expect("a database");
    db.run("USE project").expect("attached");
    db
}

#[test]
fn every_edition_of_the_egdi_comes_out_of_its_parts() {
    // Edition, states, largest difference that was measured elsewhere, states beyond rounding, equal ranks.
    let expected = [
        ("2003", 173, 6.7e-6, 0, 173),
        ("2004", 178, 6.7e-6, 0, 178),
        ("2005", 179, 6.7e-6, 0, 179),
        ("2008", 182, 1.22e-2, 2, 175),
        ("2010", 183, 8.0e-6, 0, 183),
        ("2012", 190, 6.7e-6, 0, 190),
        ("2014", 193, 2.34e-5, 0, 193),
        ("2016", 193, 6.7e-6, 0, 193),
        ("2018", 193, 3.34e-5, 0, 191),
        ("2020", 193, 3.34e-5, 0, 190),
        ("2022", 193, 6.67e-5, 0, 189),
    ];
    let sql = "SELECT period, compared, greatest, beyond, same_rank FROM out.index_summary \
               WHERE index_id = 'egdi' AND part = 'egdi' ORDER BY period";
    let found = vietnam().query(sql, &[]).expect("valid").rows;
    assert_eq!(found.len(), expected.len());
    for (row, (edition, states, greatest, beyond, same_rank)) in found.iter().zip(expected) {
        assert_eq!(row[0].text(), Some(edition));
        assert_eq!(row[1].integer(), Some(states), "{edition}");
        assert!(row[2].number().expect("a difference") <= greatest * (1.0 + 1e-6), "{edition}: {:?}", row[2]);
        assert_eq!(row[3].integer(), Some(beyond), "{edition}");
        assert_eq!(row[4].integer(), Some(same_rank), "{edition}");
    }
    // The two of 2008 that do not follow from their parts, and no other one anywhere.
    let beyond = "SELECT period, org_id FROM out.index_score WHERE index_id = 'egdi' AND part = 'egdi' \
                  AND abs(value - published) > 0.0001 ORDER BY org_id";
    assert_eq!(shown_rows(&vietnam(), beyond), ["2008 | CMR", "2008 | KHM"]);
    // Only 2008 has a rank that is off by more than one.
    let worst = "SELECT period, max(abs(rank - published_rank)) FROM out.index_score WHERE index_id = 'egdi' \
                 AND part = 'egdi' GROUP BY period HAVING max(abs(rank - published_rank)) > 1";
    assert_eq!(shown_rows(&vietnam(), worst), ["2008 | 2"]);
}

#[test]
fn weights_of_2010_are_its_own() {
    let project = TestProject::copy_of(".");
    project.edit(
        "indicators/index/egdi.yml",
        "{ osi: 0.34, tii: 0.33, hci: 0.33 }",
        "{ osi: 1, tii: 1, hci: 1 }",
    );
    project.chiso(&["-q", "run", "--period", "2026-Q3"]).ends(0);
    let sql = "SELECT same_rank, round(greatest, 3) FROM out.index_summary \
               WHERE index_id = 'egdi' AND part = 'egdi' AND period = '2010'";
    assert_eq!(project.rows(sql), ["140 | 0.004"]);
}

#[test]
fn sub_indices_come_near_from_raw_inputs() {
    // Edition, part, states with all inputs, correlation at least, mean difference at most.
    let expected = [
        ("2014", "tii", 186, 0.9885, 0.0374),
        ("2016", "tii", 188, 0.9885, 0.0290),
        ("2018", "tii", 188, 0.9955, 0.0230),
        ("2020", "tii", 189, 0.9905, 0.0252),
        ("2022", "tii", 189, 0.9850, 0.0260),
        ("2014", "hci", 73, 0.978, 0.044),
        ("2016", "hci", 96, 0.978, 0.046),
        ("2018", "hci", 103, 0.988, 0.092),
        ("2020", "hci", 102, 0.993, 0.092),
        ("2022", "hci", 85, 0.985, 0.115),
    ];
    for (edition, part, states, correlation, mean) in expected {
        let sql = "SELECT compared, correlation, mean FROM out.index_summary \
                   WHERE index_id = 'egdi' AND part = $part AND period = $edition";
        let row =
            &vietnam().query(sql, &[("part", part.into()), ("edition", edition.into())]).expect("valid").rows
                [0];
        assert_eq!(row[0].integer(), Some(states), "{edition} {part}");
        assert!(row[1].number().expect("a number") >= correlation, "{edition} {part}: {:?}", row[1]);
        assert!(row[2].number().expect("a number") <= mean, "{edition} {part}: {:?}", row[2]);
    }
    // Viet Nam's telecommunication index of 2018 and 2020: 0.3872 and 0.657, published as 0.3890 and 0.6694.
    let own = "SELECT period, round(value, 4), published FROM out.index_score WHERE index_id = 'egdi' AND part = 'tii' \
               AND org_id = 'VN' AND period IN ('2018', '2020') ORDER BY period";
    assert_eq!(shown_rows(&vietnam(), own), ["2018 | 0.3872 | 0.389", "2020 | 0.6568 | 0.6694"]);
}

#[test]
fn an_independent_computation_agrees() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/oracle/egdi.csv");
    let mut reader = csv::Reader::from_path(path).expect("tests/oracle/egdi.csv");
    let mut expected: BTreeMap<(String, String, String), (f64, i64, bool)> = BTreeMap::new();
    for record in reader.records() {
        let record = record.expect("readable");
        let key = (record[0].to_owned(), record[1].to_owned(), record[2].to_owned());
        let value = (record[3].parse().unwrap(), record[4].parse().unwrap(), &record[5] == "1");
        expected.insert(key, value);
    }
    let sql = "SELECT s.period, c.code, s.part, s.value, s.rank, s.imputed FROM out.index_score AS s \
               JOIN ref.organisation_code AS c ON c.org_id = s.org_id AND c.code_system = 'iso3' \
               WHERE index_id = 'egdi' AND value IS NOT NULL \
                 AND (part = 'egdi' OR part = 'tii' AND period >= '2012' OR part = 'hci' AND period >= '2014')";
    let found = vietnam().query(sql, &[]).expect("valid").rows;
    assert_eq!(found.len(), expected.len());
    for row in found {
        let key = (row[0].shown(), row[1].shown(), row[2].shown());
        let (value, rank, imputed) = expected[&key];
        assert!((row[3].number().expect("a number") - value).abs() < 1e-12, "{key:?}");
        assert_eq!(row[4].integer(), Some(rank), "{key:?}");
        assert_eq!(row[5], Cell::Boolean(imputed), "{key:?}");
    }
}

#[test]
fn groups_of_the_766_index_come_out_of_their_counts() {
    // The board of the 766 index, Phú Thọ, third quarter of 2026, read on 2026-09-26.
    let groups = "SELECT part, CAST(value AS DECIMAL(6,2)), CAST(published AS DECIMAL(6,2)), missing FROM out.index_score \
                  WHERE index_id = 'index766' AND org_id = 'H44' AND period = '2026-Q3' \
                    AND part IN ('index766', 'transparency', 'progress', 'online-services', 'online-payment', \
                                 'digitisation', 'satisfaction') ORDER BY part";
    let expected = [
        "digitisation | 8.75 | 8.75 | ~",
        "index766 | ~ | 61.39 | part-missing",
        "online-payment | 6.67 | 6.67 | ~",
        "online-services | ~ | 8.41 | formula-not-known",
        "progress | 17.35 | 17.35 | ~",
        "satisfaction | 12.25 | 12.25 | ~",
        "transparency | 7.96 | 7.96 | ~",
    ];
    let found: Vec<String> = shown_rows(&vietnam(), groups).into_iter().collect();
    assert_eq!(found, expected);
    // Every part whose points the board showed.
    let parts = "SELECT count(*), count(*) FILTER (WHERE abs(value - published) < 1e-9) FROM out.index_score \
                 WHERE index_id = 'index766' AND org_id = 'H44' AND period = '2026-Q3' AND published IS NOT NULL \
                   AND part NOT IN ('index766', 'online-services')";
    assert_eq!(shown_rows(&vietnam(), parts), ["20 | 20"]);
    // The closed month of August: 144,625 of 184,513 on time.
    let month = "SELECT value, published FROM out.index_score WHERE index_id = 'index766' AND org_id = 'H44' \
                 AND period = '2026-08' AND part = 'on-time'";
    assert_eq!(shown_rows(&vietnam(), month), ["15.68 | 15.68"]);
}

#[test]
fn units_add_up_to_their_province_and_groups_to_their_total() {
    let units = "SELECT count(*), sum(u.received), sum(u.on_time), round(20 * sum(u.on_time) / sum(u.received), 2) \
                 FROM fact.unit_progress AS u JOIN out.index_score AS s ON s.org_id = u.org_id \
                   AND s.index_id = 'index766' AND s.part = 'on-time' AND s.period = u.period \
                   AND s.value IS NOT DISTINCT FROM round(20 * u.on_time / nullif(u.received, 0), 2) \
                 WHERE u.parent_id = 'H44'";
    assert_eq!(shown_rows(&vietnam(), units), ["163 | 464494 | 403016 | 17.35"]);
    let totals = "SELECT compared, beyond, round(greatest, 9) FROM out.index_summary WHERE index_id = 'index766' \
                  AND part = 'index766' AND period = '2026-01-01/2026-09-17'";
    assert_eq!(shown_rows(&vietnam(), totals), ["34 | 0 | 0"]);
    // The one unit that received nothing has no score, not a zero.
    let empty = "SELECT org_id, value, missing FROM out.index_score WHERE index_id = 'index766' AND part = 'on-time' \
                 AND value IS NULL";
    assert_eq!(shown_rows(&vietnam(), empty), ["H44.23 | ~ | nothing-to-count"]);
    // Units are compared with units, and not with provinces.
    let among = "SELECT DISTINCT among FROM out.index_score WHERE index_id = 'index766' AND period = '2026-Q3' ORDER BY 1";
    assert_eq!(shown_rows(&vietnam(), among).len(), 3);
}

#[test]
fn group_five_is_never_called_satisfaction() {
    for lang in ["vi", "en"] {
        let page = VIETNAM.read(&format!("build/site/{lang}/index/index766.html"));
        let main = page.split("<main").nth(1).expect("a main part");
        let [claim, denial] = match lang {
            "vi" => ["Mức độ hài lòng", "không phải điều tra"],
            _ => ["Satisfaction", "no survey"],
        };
        assert!(!main.contains(claim), "{lang}");
        assert!(main.contains(denial), "{lang}");
    }
}

#[test]
fn the_page_shows_what_was_recomputed() {
    let page = VIETNAM.read("build/site/en/index/egdi.html");
    for text in ["193 of 193", "175 of 182", "0.012121", "Cameroon", "Cambodia", "OSI"] {
        assert!(page.contains(text), "{text}");
    }
    assert!(VIETNAM.read("build/site/vi/index.html").contains("href=\"index/egdi.html\""));
}

#[test]
fn the_command_answers_in_one_screen() {
    for (lang, name) in [("vi", "score_vi"), ("en", "score_en")] {
        let said = VIETNAM.chiso(&["egdi", "score", "--lang", lang]).ends(0);
        assert!(said.stdout.lines().count() <= 50, "{}", said.stdout);
        insta::assert_snapshot!(name, said.stdout);
    }
    let said =
        VIETNAM.chiso(&["egdi", "score", "--edition", "2020", "--country", "VNM", "--lang", "en"]).ends(0);
    insta::assert_snapshot!("score_of_a_country", said.stdout);
    // A wrong edition and a wrong country are told together.
    let said = VIETNAM.chiso(&["egdi", "score", "--edition", "2021", "--country", "Viet Nan"]).ends(2);
    insta::assert_snapshot!("score_of_nothing_known", said.whole());
}

#[test]
fn a_new_edition_and_a_new_method_need_no_rust() {
    let project = TestProject::small();
    small_index(&project);
    project.chiso(&["-q", "run"]).ends(0);
    let scores = "SELECT period, org_id, part, round(value, 6), rank, imputed FROM out.index_score \
                  WHERE part <> 'one' ORDER BY period, part, org_id";
    // By hand: `two` of 2020 is the mean of z-scores of a and b, from 0 to 1; of A and B each is at an end.
    let before = project.rows(scores);
    assert!(before.contains(&"2020 | A | tree | 0.75 | 1 | false".to_owned()), "{before:#?}");
    assert!(before.contains(&"2020 | B | tree | 0.2 | 3 | false".to_owned()), "{before:#?}");

    // A new edition: rows with the same columns, more decimals, a new body, a tie.
    let rows = project.read("data/scores.csv")
        + "2022,A,one,0.123456789,0.123457\n2022,B,one,0.123456789,0.123457\n2022,D,one,0.9,0.9\n\
           2022,A,two,0.5,\n2022,B,two,0.5,\n2022,D,two,0.1,\n";
    project.write("data/scores.csv", rows);
    project.write("data/agencies.csv", "code,name\nA,Hà Nội\nB,Huế\nC,Đà Nẵng\nD,Cần Thơ\n");
    project.chiso(&["-q", "run"]).ends(0);
    let ranks = project.rows(
        "SELECT org_id, rank FROM out.index_score WHERE period = '2022' AND part = 'tree' ORDER BY org_id",
    );
    assert_eq!(ranks, ["A | 2", "B | 2", "D | 1"]);

    // A new method: other weights, a third part below, a cap, geometric.
    let tree = project
        .read("indicators/index/tree.yml")
        .replace("  c: { en: C }\n", "  c: { en: C }\n  d: { en: D }\n")
        + "  - from: 2024
    formula: 2
    rules:
      tree: { parts: { one: 3, two: 1 }, aggregate: geometric }
      two: { parts: { a: 1, b: 1, c: 1, d: 1 }, normalise: goalposts }
      a: { goalposts: [0, 100] }
      b: { goalposts: [0, 100] }
      c: { goalposts: [0, 100], cap: 50 }
      d: { goalposts: [0, 10], direction: lower-is-better }
";
    project.write("indicators/index/tree.yml", tree);
    let rows = project.read("data/scores.csv")
        + "2024,A,one,0.81,\n2024,A,a,20,\n2024,A,b,40,\n2024,A,c,90,\n2024,A,d,1,\n2024,B,one,0.5,\n2024,B,a,1,\n";
    project.write("data/scores.csv", rows);
    project.chiso(&["-q", "run"]).ends(0);
    let found = project.rows(
        "SELECT org_id, part, round(value, 9), missing, edition FROM out.index_score \
         WHERE period = '2024' AND part IN ('tree', 'two', 'c') ORDER BY ALL",
    );
    // two = (0.2 + 0.4 + 0.5 + 0.9) / 4 = 0.5; tree = 0.81^(3/4) x 0.5^(1/4).
    let tree = (0.81f64.powf(0.75) * 0.5f64.powf(0.25) * 1e9).round() / 1e9;
    let expected = [
        "A | c | 50 | ~ | 2024".to_owned(),
        format!("A | tree | {tree} | ~ | 2024"),
        "A | two | 0.5 | ~ | 2024".to_owned(),
        "B | tree | ~ | part-missing | 2024".to_owned(),
        "B | two | ~ | part-missing | 2024".to_owned(),
    ];
    assert_eq!(found, expected);
}

#[test]
fn wrong_trees_are_told_all_at_once() {
    let project = TestProject::small();
    small_index(&project);
    let tree = "id: tree
title: { vi: Cây, en: Tree }
unit: index
sources: [scores]
method: { vi: Trung bình, en: A mean }
parts:
  tree: { en: Tree }
  one: { en: One }
  two: { en: Two }
  a: { en: A }
  b: { en: B }
editions:
  - from: 2020
    rules:
      tree: { parts: { one: 1, twoo: 1 } }
      two: { parts: { a: -1, b: 1 } }
      one: { normalise: z-score }
  - from: 2018
  - from: 2024
    formula: 1
    rules:
      tree: { parts: { one: 1, two: 1 } }
      one: { goalposts: [9, 1], full_at: 0.8 }
      two: { parts: { a: 0 }, points: 3 }
";
    project.write("indicators/index/tree.yml", tree);
    project.write("queries/index/three.sql", "SELECT 1\n");
    insta::assert_snapshot!(project.chiso(&["check"]).ends(1).whole());
}

#[test]
fn parts_in_a_circle_or_in_two_places_are_no_tree() {
    let project = TestProject::small();
    small_index(&project);
    let more = "  - from: 2024
    rules:
      a: { parts: { b: 1 } }
      b: { parts: { a: 1 }, normalise: goalposts }
      two: { parts: { c: 1 } }
  - from: 2025
    rules:
      a: {}
      b: {}
      two: { parts: { a: 1, one: 1 } }
  - from: 2026
    rules:
      tree: {}
      two: { parts: { a: 1, b: 1 } }
";
    project.write("indicators/index/tree.yml", project.read("indicators/index/tree.yml") + more);
    insta::assert_snapshot!(project.chiso(&["check"]).ends(1).whole());
}

#[test]
fn rows_that_fit_no_tree_are_told_and_leave_no_score() {
    let project = TestProject::small();
    small_index(&project);
    let rows = project.read("data/scores.csv") + "2020,A,four,1,\n2019,A,one,1,\n2020,A,one,0.4,\n";
    project.write("data/scores.csv", rows);
    let said = project.chiso(&["-q", "run"]).ends(1);
    insta::assert_snapshot!(said.stderr);
    assert_eq!(project.rows("SELECT count(*) FROM out.index_score"), ["0"]);
    // The numbers of indicators stand.
    assert_ne!(project.rows("SELECT count(*) FROM out.observation"), ["0"]);
    // A column that no query of an index has.
    project.edit("queries/index/tree.sql", "value, published", "value AS valeu, published");
    let said = project.chiso(&["check"]).ends(1);
    assert!(said.stderr.contains("did you mean `value`?"), "{}", said.stderr);
}

/// What the portal showed is captured again and again: the last capture counts, and no file stops the index of all others.
#[test]
fn a_further_capture_of_the_766_index_takes_the_place_of_the_one_before() {
    let project = TestProject::copy_of(".");
    project.chiso(&["-q", "run", "--period", "2026-Q3"]).ends(0);
    let scores = "SELECT org_id, period, part, value, published FROM out.index_score WHERE index_id = 'index766' \
                  AND org_id <> 'H44' AND NOT (org_id = 'H20' AND period = '2026-Q3') ORDER BY ALL";
    let before = project.rows(scores);
    let head = "agency_code,name_vi,gso_code,period,period_kind,captured_on,total,transparency_18,progress_20,\
                online_services_12,online_payment_10,satisfaction_18,digitisation_22,sum_of_groups\n";
    let of = |org: &str, day: &str, total: &str, progress: &str| {
        format!("{org},Tỉnh,25,2026-Q3,quarter,{day},{total},10,{progress},8,6,13,9,{total}\n")
    };
    project.write(
        "data/vietnam/index766_provinces_2026-10-02.csv",
        format!("{head}{}{}", of("H44", "2026-10-02", "63", "17"), of("H20", "2026-10-02", "62", "16")),
    );
    project.write(
        "data/vietnam/index766_provinces_2026-10-15.csv",
        format!("{head}{}", of("H20", "2026-10-15", "64", "18")),
    );
    project.edit("data/vietnam/index766_subindicators.csv", "4.1 e-results,334358", "4.1 E-results,334358");
    let parts = project.read("data/vietnam/index766_subindicators.csv");
    project.write(
        "data/vietnam/index766_subindicators.csv",
        format!("{}\nH44,2026-13,2026-09-26,digitisation,4.3 reuse,1,2,1,4,\n", parts.trim_end()),
    );
    let said = project.chiso(&["run", "--period", "2026-Q3"]).ends(1);
    assert!(said.stderr.contains("Every part of the 766 index has its place in the tree"), "{}", said.stderr);
    assert!(said.stderr.contains("2026-13"), "{}", said.stderr);
    let of_h20 = "SELECT part, published FROM out.index_score WHERE index_id = 'index766' AND org_id = 'H20' \
                  AND period = '2026-Q3' AND part IN ('progress', 'index766') ORDER BY part";
    assert_eq!(project.rows(of_h20), ["index766 | 64", "progress | 18"]);
    // Of Phú Thọ the parts are known, so its groups are worked out; the later capture is what they are compared with.
    let compared = "SELECT published FROM out.index_score WHERE index_id = 'index766' AND org_id = 'H44' \
                    AND period = '2026-Q3' AND part IN ('progress', 'index766') ORDER BY part";
    assert_eq!(project.rows(compared), ["63", "17"]);
    assert_eq!(project.rows(scores), before, "no other body moved");
}

#[test]
fn a_project_without_the_index_says_where_it_belongs() {
    let project = TestProject::small();
    let said = project.chiso(&["egdi", "score"]).ends(1);
    assert!(said.stderr.contains("indicators/index/egdi.yml"), "{}", said.stderr);
}

#[test]
fn an_earlier_vintage_has_its_own_scores_and_rules() {
    let project = TestProject::small();
    small_index(&project);
    project.chiso(&["-q", "run"]).ends(0);
    project.edit("indicators/index/tree.yml", "one: 1, two: 1 }", "one: 1, two: 0 }");
    project.chiso(&["-q", "run"]).ends(0);
    let top = "SELECT round(value, 2) FROM out.index_score WHERE part = 'tree' AND org_id = 'A'";
    assert_eq!(project.rows(top), ["0.5"]);
    project.chiso(&["-q", "run", "--as-of", "1"]).ends(0);
    let page = project.read("build/as-of/1/site/en/index/tree.html");
    assert!(page.contains("0.75"), "{page}");
}

/// A tree of two parts over the agencies of the small project, one of them made of three inputs.
fn small_index(project: &TestProject) {
    let source = "  - id: scores
    title: { vi: Điểm, en: Scores }
    table: fact.part
    path: data/scores.csv
    publisher: A ministry
    licence: MIT
  - id: services";
    project.edit("sources.yml", "  - id: services", source);
    let contract = "row: One part of one agency
columns:
  year:      { type: text, required: true }
  code:      { type: text, required: true }
  part:      { type: text, required: true }
  value:     { type: number }
  published: { type: number }
";
    project.write("queries/tables/fact.part.yml", contract);
    project.write(
        "queries/index/tree.sql",
        "-- Parts: one row per agency, year and part.\nSELECT code AS org_id, year AS period, part, value, published\nFROM fact.part\n",
    );
    let tree = "id: tree
title: { vi: Cây, en: Tree }
unit: index
decimals: 4
headline: A
sources: [scores]
method: { vi: Trung bình, en: A mean }
parts:
  tree: { en: Tree }
  one: { en: One }
  two: { en: Two }
  a: { en: A }
  b: { en: B }
  c: { en: C }
editions:
  - from: 2020
    tolerance: 0.0001
    rules:
      tree: { parts: { one: 1, two: 1 } }
      two: { parts: { a: 1, b: 1, c: 0 }, normalise: z-score, impute: median, rescale: min-max }
";
    project.write("indicators/index/tree.yml", tree);
    let scores = "year,code,part,value,published
2020,A,one,0.5,
2020,B,one,0.4,
2020,C,one,0.3,
2020,A,a,30,
2020,B,a,10,
2020,C,a,20,
2020,A,b,3,
2020,B,b,1,
2020,C,b,2,
2020,A,c,1,
2020,B,c,2,
2020,C,c,3,
";
    project.write("data/scores.csv", scores);
    project.edit(
        "reports/site.yml",
        "indicators: [online-share]",
        "indicators: [online-share]\n    indices: [tree]",
    );
}
