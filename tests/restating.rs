//! Series over a change of the map: as reported, restated to the map of a day, and marked where a body was divided.

mod project;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::sync::{LazyLock, Mutex, MutexGuard, PoisonError};

use calamine::Reader as _;
use insta::assert_snapshot;
use project::TestProject;

// A national series over 1 July 2025, when 63 provinces became 34.

/// A row of `province_crosswalk.csv`.
struct Crossing {
    old_code: String,
    old_id: String,
    new_code: String,
    new_id: String,
    is_unchanged: bool,
}

static CROSSWALK: LazyLock<Vec<Crossing>> = LazyLock::new(|| {
    let text = include_str!("../data/vietnam/province_crosswalk.csv");
    let crossing = |line: &str| {
        let cells: Vec<&str> = line.split(',').collect();
        let text = |n: usize| cells[n].to_owned();
        let is_unchanged = cells[6] == "unchanged";
        Crossing { old_code: text(0), old_id: text(1), new_code: text(3), new_id: text(4), is_unchanged }
    };
    text.lines().skip(1).map(crossing).collect()
});

const QUARTERS: [&str; 4] = ["2025-03-31", "2025-06-30", "2025-09-30", "2025-12-31"];

/// What the statistical code `code` sent for the quarter: received and on time, alike for no two codes or quarters.
fn sent(code: &str, quarter: usize) -> (u64, u64) {
    let n: u64 = code.parse().expect("two digits");
    let received = 10_000 + 37 * n * n + n + 1_000_003 * quarter as u64;
    (received, received * (40 + (n * 7) % 55) / 100)
}

/// The codes that were in use in a quarter.
fn codes(quarter: usize) -> BTreeSet<&'static str> {
    let code = |crossing: &'static Crossing| match quarter {
        0 | 1 => crossing.old_code.as_str(),
        _ => crossing.new_code.as_str(),
    };
    CROSSWALK.iter().map(code).collect()
}

/// The project of the repository with the series laid over it, run for the end of 2025.
static NATION: LazyLock<Mutex<TestProject>> = LazyLock::new(|| {
    let project = TestProject::copy_of(".");
    let mut rows = "gso_code,quarter_end,received,on_time\n".to_owned();
    for (quarter, end) in QUARTERS.iter().enumerate() {
        for code in codes(quarter) {
            let (received, on_time) = sent(code, quarter);
            writeln!(rows, "{code},{end},{received},{on_time}").expect("written");
        }
    }
    project.write("data/synthetic.csv", rows);
    for (path, text) in OVERLAY {
        project.write(path, text);
    }
    project.edit("sources.yml", "sources:\n", SOURCE);
    project.edit("reports/site.yml", "sections:\n", SECTION);
    project.chiso(&["run", "--period", "2025-Q4"]).ends(0);
    Mutex::new(project)
});

/// One test at a time, since a database is open only once.
fn nation() -> MutexGuard<'static, TestProject> {
    NATION.lock().unwrap_or_else(PoisonError::into_inner)
}

const SOURCE: &str = "sources:
  - id: synthetic
    title: { vi: Số liệu giả định, en: Synthetic figures }
    table: fact.synthetic_quarter
    path: data/synthetic.csv
    publisher: Made for a test
    licence: MIT
";

const SECTION: &str = "sections:
  - id: synthetic
    title: { vi: Giả định, en: Synthetic }
    indicators: [synthetic-quarter, synthetic-year]
";

const OVERLAY: [(&str, &str); 5] = [
    (
        "queries/tables/fact.synthetic_quarter.yml",
        "row: What one province sent for one quarter
key: [gso_code, quarter_end]
columns:
  gso_code:    { type: text, required: true, pattern: '^\\d{2}$' }
  quarter_end: { type: date, required: true }
  received:    { type: integer, required: true, min: 0 }
  on_time:     { type: integer, required: true, min: 0 }
organisations:
  # The statistical code means a body on the last day of the quarter.
  org_id: { code: gso_code, system: gso-province, on: quarter_end }
",
    ),
    ("indicators/synthetic-quarter.yml", QUARTER),
    ("indicators/synthetic-year.yml", YEAR),
    ("queries/synthetic-quarter.sql", BY_BODY),
    ("queries/synthetic-year.sql", BY_BODY),
];

const QUARTER: &str = "id: synthetic-quarter
title: { vi: Hồ sơ đúng hạn trong quý, en: Dossiers on time in the quarter }
unit: percent
direction: higher-is-better
shape: ratio
decimals: 2
period: quarter
sources: [synthetic]
method: { vi: Số hồ sơ đúng hạn trên số hồ sơ tiếp nhận., en: Dossiers on time of dossiers received. }
";

const YEAR: &str = "id: synthetic-year
title: { vi: Hồ sơ đúng hạn trong năm, en: Dossiers on time in the year }
unit: percent
direction: higher-is-better
shape: ratio
decimals: 2
period: year
breaks:
  - { at: 2022-06-24, why: { vi: Nghị định 42/2022/NĐ-CP, en: Decree 42/2022 } }
sources: [synthetic]
legal_basis: QĐ 766/QĐ-TTg
method: { vi: Số hồ sơ đúng hạn trên số hồ sơ tiếp nhận., en: Dossiers on time of dossiers received. }
note: { vi: Số liệu giả định., en: Synthetic figures. }
";

const BY_BODY: &str = "-- Dossiers on time: one row per province, and the country as the sum of all.
WITH province AS (
    SELECT org_id, on_time, received
    FROM fact.synthetic_quarter
    WHERE quarter_end BETWEEN $period_start AND $period_end
),
body AS (
    SELECT org_id, on_time, received
    FROM province
    UNION ALL
    SELECT 'VN', on_time, received
    FROM province
)
SELECT
    org_id,
    sum(on_time) AS numerator,
    sum(received) AS denominator
FROM body
GROUP BY org_id
ORDER BY org_id
";

/// Numerator and denominator by organisation, with the rate that they must give.
fn counts(rows: &[String]) -> BTreeMap<String, (u64, u64)> {
    rows.iter()
        .map(|row| {
            let cells: Vec<&str> = row.split(" | ").collect();
            let [numerator, denominator, value] =
                [1, 2, 3].map(|n| cells[n].parse::<f64>().unwrap_or_else(|_| panic!("{row}")));
            assert_eq!(value, 100.0 * numerator / denominator, "{row}");
            (cells[0].to_owned(), (numerator as u64, denominator as u64))
        })
        .collect()
}

fn reported(period: &str) -> BTreeMap<String, (u64, u64)> {
    counts(&nation().rows(&format!(
        "SELECT org_id, numerator, denominator, value FROM out.observation \
         WHERE indicator LIKE 'synthetic-%' AND period = '{period}' AND org_id <> 'VN'"
    )))
}

/// The series on the map: restated where that is another number, else as reported by a body of that day.
fn on_the_map(period: &str) -> BTreeMap<String, (u64, u64)> {
    counts(&nation().rows(&format!(
        "SELECT org_id, numerator, denominator, value FROM out.restated \
         WHERE indicator LIKE 'synthetic-%' AND period = '{period}' AND map_on = '2025-12-31' AND mark = 'exact' \
         UNION ALL \
         SELECT o.org_id, o.numerator, o.denominator, o.value FROM out.observation AS o \
         JOIN ref.organisation AS g USING (org_id) \
         LEFT JOIN out.restated AS r USING (indicator, org_id, period, breakdown) \
         WHERE o.indicator LIKE 'synthetic-%' AND o.period = '{period}' AND r.org_id IS NULL \
           AND g.level = 'province' AND coalesce(g.valid_to, DATE '9999-12-31') >= DATE '2025-12-31'"
    )))
}

/// What the 34 provinces of today sent, or those before them, added by hand over the crosswalk.
fn by_hand(quarters: &[usize]) -> BTreeMap<String, (u64, u64)> {
    let mut sums: BTreeMap<String, (u64, u64)> = BTreeMap::new();
    let mut add = |id: &str, (received, on_time): (u64, u64)| {
        let sum = sums.entry(id.to_owned()).or_default();
        *sum = (sum.0 + on_time, sum.1 + received);
    };
    for quarter in quarters {
        if *quarter < 2 {
            CROSSWALK.iter().for_each(|crossing| add(&crossing.new_id, sent(&crossing.old_code, *quarter)));
        } else {
            let today: BTreeMap<&str, &str> = CROSSWALK
                .iter()
                .map(|crossing| (crossing.new_id.as_str(), crossing.new_code.as_str()))
                .collect();
            today.into_iter().for_each(|(id, code)| add(id, sent(code, *quarter)));
        }
    }
    sums
}

#[test]
fn as_reported_a_code_means_the_body_of_its_day() {
    let (before, after) = (reported("2025-Q2"), reported("2025-Q3"));
    assert_eq!((before.len(), after.len()), (63, 34));
    for crossing in CROSSWALK.iter() {
        let id = match crossing.is_unchanged {
            true => crossing.old_id.clone(),
            false => format!("{}@2025-06-30", crossing.old_id),
        };
        let (received, on_time) = sent(&crossing.old_code, 1);
        assert_eq!(before[&id], (on_time, received), "{id}");
        let (received, on_time) = sent(&crossing.new_code, 2);
        assert_eq!(after[&crossing.new_id], (on_time, received), "{}", crossing.new_id);
    }
}

#[test]
fn seven_codes_never_mix_two_provinces() {
    let changed: BTreeSet<&str> = ["15", "24", "44", "52", "80", "82", "91"].into();
    let (before, after) = (reported("2025-Q1"), reported("2025-Q4"));
    for code in changed {
        let old = CROSSWALK.iter().find(|crossing| crossing.old_code == code).expect(code);
        let new =
            CROSSWALK.iter().find(|crossing| crossing.new_code == code && crossing.old_id == crossing.new_id);
        let new = new.expect(code);
        assert_ne!(old.old_id, new.new_id, "{code} means another province");
        let (received, on_time) = sent(code, 0);
        assert_eq!(before[&format!("{}@2025-06-30", old.old_id)], (on_time, received), "{code}");
        assert!(
            !before.contains_key(&new.new_id),
            "{code}: nothing is reported of a body before it was there"
        );
        let (received, on_time) = sent(code, 3);
        assert_eq!(after[&new.new_id], (on_time, received), "{code}");
        // The province of today is the sum of all before it, whatever their codes were.
        assert_eq!(on_the_map("2025-Q1")[&new.new_id], by_hand(&[0])[&new.new_id], "{code}");
    }
}

#[test]
fn every_series_on_the_map_is_the_sum_over_the_crosswalk() {
    for (quarter, period) in ["2025-Q1", "2025-Q2", "2025-Q3", "2025-Q4"].into_iter().enumerate() {
        let found = on_the_map(period);
        assert_eq!(found.len(), 34, "{period}");
        assert_eq!(found, by_hand(&[quarter]), "{period}");
    }
    // A year that holds the day of the merger: each dossier counts once, for the body of its day.
    assert_eq!(on_the_map("2025"), by_hand(&[0, 1, 2, 3]));
    assert_eq!(reported("2025").len(), 63 + 23);
}

#[test]
fn the_nation_is_the_same_before_and_after() {
    for period in ["2025-Q1", "2025-Q2", "2025-Q3", "2025-Q4", "2025"] {
        let sum = |counts: BTreeMap<String, (u64, u64)>| {
            counts.values().fold((0, 0), |sum: (u64, u64), one| (sum.0 + one.0, sum.1 + one.1))
        };
        let nation = counts(&nation().rows(&format!(
            "SELECT org_id, numerator, denominator, value FROM out.observation \
             WHERE indicator LIKE 'synthetic-%' AND period = '{period}' AND org_id = 'VN'"
        )));
        assert_eq!(sum(reported(period)), nation["VN"], "{period}");
        assert_eq!(sum(on_the_map(period)), nation["VN"], "{period}");
    }
    let none = "SELECT count(*) FROM out.restated WHERE indicator LIKE 'synthetic-%' AND org_id = 'VN'";
    assert_eq!(nation().rows(none), ["0"]);
}

#[test]
fn no_rate_is_an_average() {
    let rate = |(numerator, denominator): (u64, u64)| 100.0 * numerator as f64 / denominator as f64;
    let before = reported("2025-Q1");
    for (id, counts) in on_the_map("2025-Q1") {
        let parts = CROSSWALK.iter().filter(|crossing| crossing.new_id == id && !crossing.is_unchanged);
        let rates: Vec<f64> =
            parts.map(|part| rate(before[&format!("{}@2025-06-30", part.old_id)])).collect();
        if rates.len() > 1 {
            let mean = rates.iter().sum::<f64>() / rates.len() as f64;
            assert!((rate(counts) - mean).abs() > 0.01, "{id}: {} is the mean of {rates:?}", rate(counts));
        }
    }
}

#[test]
fn one_province_explained() {
    let explained = |args: &[&str]| {
        let asked = ["explain", "synthetic-year", "--org", "H44", "--period", "2025"];
        nation().chiso(&[&asked[..], args].concat()).ends(0).stdout
    };
    assert_snapshot!("explained_vi", explained(&["--lang", "vi"]));
    assert_snapshot!("explained_en", explained(&["--lang", "en"]));
    let object: serde_json::Value = serde_json::from_str(&explained(&["--json"])).expect("JSON");
    let (numerator, denominator) = by_hand(&[0, 1, 2, 3])["H44"];
    assert_eq!(object["restated"][0]["numerator"].as_f64(), Some(numerator as f64));
    assert_eq!(object["restated"][0]["denominator"].as_f64(), Some(denominator as f64));
    assert_eq!(object["restated"][0]["parts"].as_array().map(Vec::len), Some(4));
    // A quarter before the merger, asked for by the code that the old body had.
    let quarter = ["explain", "synthetic-quarter", "--period", "2025-Q1", "--lang", "en", "--org"];
    let said = |org: &str| nation().chiso(&[&quarter[..], &[org]].concat()).ends(0).stdout;
    assert_snapshot!("explained_before", said("H44"));
    assert!(said("24").contains("(H02@2025-06-30), until 30 June 2025"), "{}", said("24"));
    assert!(said("Tỉnh Vĩnh Phúc").contains("(H62@2025-06-30)"), "{}", said("Tỉnh Vĩnh Phúc"));
}

#[test]
fn pages_show_both_series() {
    let page = |path: &str| {
        let text = nation().read(&format!("build/site/{path}"));
        assert!(text.len() < 500_000, "{path} has {} bytes", text.len());
        text
    };
    let province = page("en/organisation/H44.html");
    for part in ["On the map of 31 December 2025", "exact: whole bodies added", "The bodies that were added"]
    {
        assert!(province.contains(part), "{part}");
    }
    let indicator = page("vi/indicator/synthetic-quarter.html");
    assert!(indicator.contains("Quy về địa giới, tổ chức ngày 31/12/2025"));
    assert!(indicator.contains("Tỉnh Vĩnh Phúc"));
}

// A small map on which everything happens that can happen.

/// Bodies: `id, first day, last day`, open ends empty.
const BODIES: &str = "org_id,valid_from,valid_to
A1,,2024-12-31
A2,2025-01-01,2025-06-30
B,,2025-06-30
AB,2025-07-01,
S,,2025-06-30
S1,2025-07-01,
S2,2025-07-01,
G,,
H,,
K,,
L,2025-07-01,
M1,,2025-06-30
M2,,2025-06-30
M,2025-07-01,
W1,,2025-06-30
W2,,2025-06-30
W,2025-07-01,
N1,,2025-06-30
N2,,2025-06-30
N,2025-07-01,
";

const LINKS: &str = "old_org_id,new_org_id,kind,share,effective_on
A1,A2,renamed,1,2025-01-01
A2,AB,merged,1,2025-07-01
B,AB,merged,,2025-07-01
S,S1,split,0.75,2025-07-01
S,S2,split,0.25,2025-07-01
G,H,part,0.1,2025-07-01
K,L,part,,2025-07-01
M1,M,merged,1,2025-07-01
M2,M,merged,1,2025-07-01
W1,W,merged,1,2025-07-01
W2,W,merged,1,2025-07-01
N1,N,merged,1,2025-07-01
N2,N,merged,1,2025-07-01
";

/// What was sent: M2 is silent, W1 does not want its number shown, N1 had nothing to count.
const SENT: &str = "org_id,period,done,received,missing
A1,2024,30,40,
B,2024,10,60,
A2,2025,25,50,
B,2025,20,50,
AB,2025,45,100,
AB,2026,90,200,
S,2024,60,100,
G,2024,100,200,
H,2024,10,20,
K,2024,8,16,
M1,2024,5,10,
W1,2024,,,withheld
W2,2024,7,10,
N1,2024,0,0,nothing-to-count
N2,2024,3,4,
";

fn small_map() -> TestProject {
    let project = TestProject::empty();
    for (path, text) in SMALL {
        project.write(path, text);
    }
    project
}

const SMALL: [(&str, &str); 14] = [
    (
        "sources.yml",
        "sources:
  - { id: bodies, title: { vi: Cơ quan, en: Bodies }, table: ref.body, path: data/bodies.csv, publisher: A test, licence: MIT }
  - { id: links, title: { vi: Liên kết, en: Links }, table: ref.link, path: data/links.csv, publisher: A test, licence: MIT }
  - { id: sent, title: { vi: Đã gửi, en: Sent }, table: fact.sent, path: data/sent.csv, publisher: A test, licence: MIT }
",
    ),
    (
        "queries/tables/ref.body.yml",
        "row: One body
key: [org_id]
columns:
  org_id:     { type: text, required: true }
  valid_from: { type: date }
  valid_to:   { type: date }
",
    ),
    (
        "queries/tables/ref.link.yml",
        "row: One old body and one that took over from it
columns:
  old_org_id:   { type: text, required: true }
  new_org_id:   { type: text, required: true }
  kind:         { type: text, required: true }
  share:        { type: number }
  effective_on: { type: date, required: true }
",
    ),
    (
        "queries/tables/fact.sent.yml",
        "row: What one body sent for one year
key: [org_id, period]
columns:
  org_id:   { type: text, required: true }
  period:   { type: text, required: true }
  done:     { type: integer }
  received: { type: integer }
  missing:  { type: text }
",
    ),
    (
        "queries/tables/ref.organisation.sql",
        "-- Organisations: the bodies, named by their ids.
SELECT org_id, org_id AS name_vi, org_id AS name_en, 'body' AS level, NULL AS parent_id, valid_from, valid_to, 1 AS position
FROM ref.body
",
    ),
    (
        "queries/tables/ref.organisation_link.sql",
        "-- Predecessors and successors.
SELECT old_org_id, new_org_id, kind, share, effective_on, 'a law' AS legal_basis
FROM ref.link
",
    ),
    ("indicators/rate.yml", RATE),
    ("queries/rate.sql", "SELECT org_id, period, done AS numerator, received AS denominator, missing FROM fact.sent ORDER BY ALL\n"),
    ("indicators/stock.yml", STOCK),
    ("queries/stock.sql", "SELECT org_id, period, received AS count, missing FROM fact.sent ORDER BY ALL\n"),
    ("indicators/score.yml", SCORE),
    ("queries/score.sql", "SELECT org_id, period, 100.0 * done / received AS value, missing FROM fact.sent ORDER BY ALL\n"),
    (
        "reports/site.yml",
        "id: site
title: { vi: Báo cáo, en: Report }
languages: [vi, en]
sections:
  - { id: all, title: { vi: Tất cả, en: All }, indicators: [rate, stock, score] }
organisation_pages: [body]
",
    ),
    ("data/bodies.csv", BODIES),
];

const RATE: &str = "id: rate
title: { vi: Tỷ lệ, en: Rate }
unit: percent
direction: higher-is-better
shape: ratio
decimals: 1
period: any
sources: [sent]
method: { vi: Xong trên nhận, en: Done of received }
";

const STOCK: &str = "id: stock
title: { vi: Số cuối kỳ, en: Stock }
unit: count
direction: none
shape: count
restate: stock
period: any
sources: [sent]
method: { vi: Ngày cuối, en: On the last day }
";

const SCORE: &str = "id: score
title: { vi: Điểm, en: Score }
unit: points
direction: higher-is-better
shape: value
period: any
sources: [sent]
method: { vi: Công bố, en: Published }
";

fn with_data(links: &str, sent: &str) -> TestProject {
    let project = small_map();
    project.write("data/links.csv", links);
    project.write("data/sent.csv", sent);
    project
}

const SHOWN: &str = "SELECT org_id, period, numerator, denominator, value, missing, mark, parts, parts_expected, status \
                     FROM out.restated WHERE indicator = $indicator ORDER BY ALL";

fn restated(project: &TestProject, indicator: &str) -> Vec<String> {
    project.rows(&SHOWN.replace("$indicator", &format!("'{indicator}'")))
}

#[test]
fn every_kind_of_change() {
    let project = with_data(LINKS, SENT);
    let said = project.chiso(&["run", "--period", "2026"]).ends(0);
    assert!(said.stdout.contains("on the map of 2026-12-31: "), "{}", said.stdout);
    assert_eq!(
        restated(&project, "rate"),
        [
            // Renamed, then merged: 30 + 10 of 40 + 60; the mean of the rates would be 45.8.
            "AB | 2024 | 40 | 100 | 40 | ~ | exact | 2 | 2 | A",
            // Over the day of the merger both sides count.
            "AB | 2025 | 90 | 200 | 45 | ~ | exact | 3 | 3 | A",
            // Nine tenths of its own past: what it gave away is not its own any more.
            "G | 2024 | 90 | 180 | 50 | ~ | estimated | 1 | 1 | E",
            "H | 2024 | 20 | 40 | 50 | ~ | estimated | 2 | 2 | E",
            "K | 2024 | ~ | ~ | ~ | not-comparable | broken | 1 | 1 | O",
            "L | 2024 | ~ | ~ | ~ | not-comparable | broken | 1 | 1 | O",
            "M | 2024 | ~ | ~ | ~ | not-reported | incomplete | 1 | 2 | L",
            "N | 2024 | 3 | 4 | 75 | ~ | exact | 2 | 2 | A",
            "S1 | 2024 | 45 | 75 | 60 | ~ | estimated | 1 | 1 | E",
            "S2 | 2024 | 15 | 25 | 60 | ~ | estimated | 1 | 1 | E",
            "W | 2024 | ~ | ~ | ~ | withheld | exact | 1 | 2 | Q",
        ]
    );
    // Of a stock only the bodies of the last day count: in 2025 that is AB alone, so nothing is restated.
    let stock: Vec<String> =
        restated(&project, "stock").into_iter().filter(|row| row.starts_with("AB")).collect();
    assert_eq!(stock, ["AB | 2024 | 100 | ~ | 100 | ~ | exact | 2 | 2 | A"]);
    // A published score is not added, whatever its parts.
    let score = restated(&project, "score");
    assert_eq!(score[0], "AB | 2024 | ~ | ~ | ~ | not-comparable | broken | 2 | 2 | O");
    assert!(score.iter().all(|row| row.contains("broken") || row.contains("incomplete")), "{score:?}");
    let exports = project.read("build/export/observations.csv");
    assert!(exports.contains(",restated,2026-12-31,estimated,2 of 2"), "{exports}");
    assert!(project.read("build/site/en/organisation/S1.html").contains("≈"));
    assert!(project.read("build/site/en/organisation/L.html").contains("≠"));
    assert_snapshot!(
        "explained_estimated",
        project.chiso(&["explain", "rate", "--org", "H", "--period", "2024", "--lang", "en"]).ends(0).stdout
    );
    assert_snapshot!(
        "explained_incomplete",
        project.chiso(&["explain", "rate", "--org", "M", "--period", "2024", "--lang", "en"]).ends(0).stdout
    );
}

/// Queries give no row for a piece that is zero; which pieces make the whole says whether one that is not there is zero.
#[test]
fn a_piece_that_is_not_listed_is_zero_where_the_others_make_the_whole() {
    let project = with_data(
        "old_org_id,new_org_id,kind,share,effective_on\nP,PQ,merged,,2025-01-01\nQ,PQ,merged,,2025-01-01\n",
        "org_id,period,done,received,missing\nP,2024,0,5,\nQ,2024,3,7,\nP,2023,0,5,\nQ,2023,3,7,\n",
    );
    project.write(
        "data/bodies.csv",
        "org_id,valid_from,valid_to\nP,,2024-12-31\nQ,,2024-12-31\nPQ,2025-01-01,\n",
    );
    let of_pieces = STOCK.replace("id: stock", "id: pieces").replace(
        "restate: stock\n",
        "breakdown: { done: { vi: Xong, en: Done }, open: { vi: Chưa xong, en: Open } }\n",
    );
    project.write("indicators/pieces.yml", of_pieces);
    // In 2023 the open ones are not told, so nobody knows whether P had any that were done.
    project.write(
        "queries/pieces.sql",
        "SELECT org_id, period, '' AS breakdown, received AS count FROM fact.sent
         UNION ALL SELECT org_id, period, 'done', done FROM fact.sent WHERE done > 0
         UNION ALL SELECT org_id, period, 'open', received - done FROM fact.sent WHERE received > done AND period = '2024'
         ORDER BY ALL",
    );
    project.chiso(&["run", "--period", "2026"]).ends(0);
    let pieces = project.rows(
        "SELECT period, breakdown, value, mark FROM out.restated WHERE indicator = 'pieces' AND org_id = 'PQ' ORDER BY ALL",
    );
    assert_eq!(
        pieces,
        [
            "2023 |  | 12 | exact",
            "2023 | done | ~ | incomplete",
            "2024 |  | 12 | exact",
            "2024 | done | 3 | exact",
            "2024 | open | 9 | exact",
        ]
    );
}

#[test]
fn exports_hold_both_views() {
    let project = with_data(LINKS, SENT);
    project.chiso(&["run", "--period", "2026"]).ends(0);
    let columns = "indicator, org_id, period, numerator, denominator, value, missing, mark";
    let computed = project.rows(&format!("SELECT view, map_on, {columns} FROM out.series ORDER BY ALL"));
    assert!(computed.iter().any(|row| row.starts_with("restated | 2026-12-31 | rate | AB")), "{computed:?}");
    let export =
        |name: &str| project.path(&format!("build/export/observations.{name}")).display().to_string();
    let reader = chiso::db::Db::in_memory().expect("opens");
    let read = |from: String| {
        let numbers =
            "numerator::DOUBLE AS numerator, denominator::DOUBLE AS denominator, value::DOUBLE AS value";
        let columns =
            format!("view, map_on::DATE AS map_on, indicator, org_id, period, {numbers}, missing, mark");
        project::shown_rows(&reader, &format!("SELECT {columns} FROM {from} ORDER BY ALL"))
    };
    assert_eq!(read(format!("read_parquet('{}')", export("parquet"))), computed);
    assert_eq!(read(format!("read_csv('{}', all_varchar = true, header = true)", export("csv"))), computed);
    let mut workbook = calamine::open_workbook_auto(export("xlsx")).expect("a workbook");
    let sheets = workbook.sheet_names();
    assert!(sheets.windows(2).any(|pair| pair == ["Data", "Restated"]), "{sheets:?}");
    let mut rows = |sheet: &str| workbook.worksheet_range(sheet).expect("a sheet").rows().count() - 1;
    let of = |view: &str| computed.iter().filter(|row| row.starts_with(view)).count();
    assert_eq!((rows("Data"), rows("Restated")), (of("reported"), of("restated")));
}

#[test]
fn a_map_of_another_day() {
    let project = with_data(LINKS, SENT);
    let restate = |map: &str| {
        project.chiso(&["run", "--period", "2026", "--map", map]).ends(0);
        restated(&project, "rate").into_iter().filter(|row| !row.contains("broken")).collect::<Vec<_>>()
    };
    // Between the change of name and the merger: A2 stands for A1, and a value without counts goes with the name.
    assert_eq!(restate("2025-03-31"), ["A2 | 2024 | 30 | 40 | 75 | ~ | exact | 1 | 1 | A"]);
    assert_eq!(restated(&project, "score"), ["A2 | 2024 | ~ | ~ | 75 | ~ | exact | 1 | 1 | A"]);
    // Before all of it: later numbers of bodies to come are not taken back to those that were there.
    assert_eq!(restate("2024-06-30"), [""; 0]);
    let usage = project.chiso(&["run", "--map", "2025-13-31"]).ends(2);
    assert!(usage.stderr.contains("a day is written `2026-09-30`"), "{}", usage.stderr);
}

#[test]
fn pieces_move_in_the_order_of_time() {
    // C gives a piece to D in 2020, takes in B in 2022, and is absorbed by E in 2024: nothing of B ever comes to D.
    let project = with_data("", "");
    project.write("data/bodies.csv", "org_id,valid_from,valid_to\nB,,2021-12-31\nC,,2023-12-31\nD,,\nE,,\n");
    project.write(
        "data/links.csv",
        "old_org_id,new_org_id,kind,share,effective_on
C,D,part,0.5,2020-01-01
B,C,absorbed,,2022-01-01
C,E,absorbed,,2024-01-01
",
    );
    let mut sent = "org_id,period,done,received,missing\n".to_owned();
    for year in [2019, 2021, 2023] {
        for body in ["B", "C", "D", "E"].into_iter().filter(|body| *body != "B" || year < 2022) {
            writeln!(sent, "{body},{year},8,16,").expect("written");
        }
    }
    project.write("data/sent.csv", sent);
    project.chiso(&["run", "--period", "2024"]).ends(0);
    assert_eq!(
        restated(&project, "rate"),
        [
            "D | 2019 | 12 | 24 | 50 | ~ | estimated | 2 | 2 | E",
            "E | 2019 | 20 | 40 | 50 | ~ | estimated | 3 | 3 | E",
            "E | 2021 | 24 | 48 | 50 | ~ | exact | 3 | 3 | A",
            "E | 2023 | 16 | 32 | 50 | ~ | exact | 2 | 2 | A",
        ]
    );
}

#[test]
fn wrong_links_are_named_and_nothing_is_restated() {
    let project = with_data(LINKS, SENT);
    project.chiso(&["run", "--period", "2026"]).ends(0);
    let wrong = |rows: &str| {
        project.write("data/links.csv", format!("{LINKS}{rows}"));
        let said = project.chiso(&["run", "--period", "2026"]).ends(1);
        assert_eq!(project.rows("SELECT count(*) FROM out.restated"), ["0"]);
        assert_ne!(project.rows("SELECT count(*) FROM out.observation"), ["0"]);
        said.stderr.lines().skip_while(|line| !line.starts_with("error")).collect::<Vec<_>>().join("\n")
    };
    assert_snapshot!(
        "wrong_links",
        wrong(
            "G,H,eaten,,2026-01-01\nG,S1,part,1.5,2026-01-01\nG,S2,merged,0.5,2026-02-01\nG,X,part,0.1,2026-01-01\n"
        )
    );
    assert_snapshot!(
        "links_that_count_twice",
        wrong("A1,A2,renamed,1,2025-01-01\nB,M,part,0.5,2025-07-01\nS,W,split,0.1,2025-07-01\n")
    );
    assert_snapshot!("links_in_a_circle", wrong("AB,A1,renamed,1,2026-01-01\n"));
    project.write("data/links.csv", LINKS);
    project.chiso(&["run", "--period", "2026"]).ends(0);
    assert_ne!(project.rows("SELECT count(*) FROM out.restated"), ["0"]);
}

#[test]
fn a_link_view_of_another_shape_is_named() {
    let project = with_data(LINKS, SENT);
    project.edit("queries/tables/ref.organisation_link.sql", "share, ", "");
    assert_snapshot!("link_without_share", project.chiso(&["check"]).whole());
    project.edit("indicators/score.yml", "shape: value", "shape: value\nrestate: sum");
    assert_snapshot!("values_are_not_added", project.chiso(&["check"]).whole());
}

#[test]
fn explain_says_what_is_not_there() {
    let project = with_data(LINKS, SENT);
    let explain = |indicator: &str, org: &str, period: &str| {
        project.chiso(&["explain", indicator, "--org", org, "--period", period])
    };
    assert!(explain("rate", "AB", "2025").ends(1).stderr.contains("run `chiso run` first"));
    project.chiso(&["run", "--period", "2026"]).ends(0);
    assert_snapshot!("explain_of_nothing_known", explain("rat", "ABC", "2024").ends(2).whole());
    assert_snapshot!("explain_of_several", explain("rate", "1", "2024").ends(2).whole());
    assert_snapshot!("explain_of_no_number", explain("rate", "AB", "2020").ends(1).whole());
    assert!(explain("rate", "AB", "2025-Q7").ends(2).stderr.contains("`2025-Q7` is not a period"));
    explain("rate", "ab", "2026").ends(0);
}
