//! Targets as dated rows: all of Viet Nam's, two laws side by side, the cascade of levels, and what has ended.

mod project;

use std::sync::LazyLock;

use project::TestProject;
use regex::Regex;

/// The site of Viet Nam, made once for all tests.
static VIET_NAM: LazyLock<TestProject> = LazyLock::new(TestProject::after_run);

/// A row of a table of targets: id, level, demand, due day, last value, result.
struct Row {
    id: String,
    level: String,
    demand: String,
    due: String,
    value: String,
    result: String,
}

/// The rows of the table of targets on a page; none without a table.
fn rows(page: &str) -> Vec<Row> {
    let table = Regex::new(r#"(?s)<table id="targets[-_]table".*?</table>"#).expect("valid");
    let row = Regex::new("(?s)<tr>.*?</tr>").expect("valid");
    let cell = Regex::new(r#"(?s)<t[hd](?: [^>]*?)?(?: data-v="([^"]*)")?>(.*?)</t[hd]>"#).expect("valid");
    // What is said beside a number, and its mark, aside.
    let beside = Regex::new(
        r#"<span class="tip">[^<]*</span>|<span class="grade[^>]*>(?:<span[^>]*>)?[ABC](?:</span>)?"#,
    );
    let beside = beside.expect("valid");
    let tag = Regex::new("<[^>]*>").expect("valid");
    let Some(table) = table.find(page) else { return vec![] };
    let (_, body) = table.as_str().split_once("<tbody>").expect("rows");
    let shown = |cell: &str| {
        let text = tag
            .replace_all(&beside.replace_all(cell, ""), " ")
            .replace("&gt;", ">")
            .replace("&#x2f;", "/")
            .replace('\u{a0}', " ");
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let read = |row: regex::Match<'_>| {
        let cells: Vec<_> = cell.captures_iter(row.as_str()).collect();
        let text = |n: usize| shown(&cells[n][2]);
        let head = text(0);
        let (before, level) = head.split_once(" · ").expect("an id and a level");
        Row {
            id: before.rsplit(' ').next().expect("an id").to_owned(),
            level: level.to_owned(),
            demand: text(2),
            due: cells[3].get(1).expect("a day").as_str().to_owned(),
            value: text(4),
            result: text(5),
        }
    };
    row.find_iter(body).map(read).collect()
}

/// The row of a target on a page.
fn row_of(page: &str, id: &str) -> Row {
    rows(page).into_iter().find(|row| row.id == id).unwrap_or_else(|| panic!("no row of {id}"))
}

/// Every row of `data/vietnam/targets.csv` with the organisation it is read on, its demand, its due year and how it
/// stands, worked out by hand from `data/vietnam/published_figures.csv`:
///
/// - EGDI rank of Viet Nam 71 in 2024, nothing since. Decision 749 of June 2020 begins at rank 88 of 2018: 17 places in six
///   years, 2.83 a year. To 70 by 2025 one place is left, 0.35 times the pace, and 72.6 is asked for by now: on path. To 50
///   by 2030 over 70 by 2025: the same path, 21 places in six years, 1.24 times the pace: a slight delay. Decision 942 of
///   June 2021 begins at 86 of 2020, and 57.2 is asked for by now: 15 of 28.8 places, 52 % of the way, a serious delay both
///   for 50 by 2025 and for 30 by 2030.
/// - Full-process dossiers 2024: nation 45.8, ministries 63.47, provinces 18.54, all below 50, 70, 30, and later values
///   are known: missed. Nation in October and November 2025: 51.7 at last, below 80, and two months are no trend.
/// - SIPAS 82.99 in 2018, 80.08, 82.66, 83.94 in 2024: 0.16 a year; 90 by 2025 needs 6.06 a year, 95 by 2027 3.69, 95 by
///   2030 1.84, 99 by 2030 2.51, all more than twice the pace: serious delays. The Government's statement of August 2024: 93,
///   so 90 is met, and for 95 one month is no trend. `06.SAT.25` is answered by both.
/// - Districts ended on 30 June 2025, before the end of 2025 and of 2030; in 2021 they were there.
/// - Of the others nothing was published.
const ALL: &str = "
06.EID.25      | Country   | ≥ 100%            | 2025 | No data
06.RES.25      | Country   | ≥ 100%            | 2025 | No data
06.SAT.25      | Country   | ≥ 90%             | 2025 | For reference (by this indicator alone: met)
06.SAT.25      | Country   | ≥ 90%             | 2025 | Past its day, value not known yet
1565.ERES      | Country   | ≥ 100%            | 2025 | No data
1565.SAT.26    | Country   | ≥ 95%             | 2026 | Too early to say
1565.VOL       | Provinces | ≥ 982             | 2025 | No data
1588.ADULT.30  | Country   | ≥ 70%             | 2030 | No data
17.DOS.20      | Country   | ≥ 20%             | 2020 | No data
2023.DOS       | Country   | ≥ 60%             | 2023 | No data
2023.HAS       | Country   | ≥ 80%             | 2023 | No data
2024.TT.mini   | Ministries | ≥ 70%            | 2024 | Missed
2024.TT.nati   | Country   | ≥ 50%             | 2024 | Missed
2024.TT.prov   | Provinces | ≥ 30%             | 2024 | Missed
2025.ADULT     | Country   | ≥ 40%             | 2025 | No data
2025.ONL       | Country   | ≥ 80%             | 2025 | No data
2629.DIG.30    | Country   | ≥ 100%            | 2030 | No data
2629.OPEN.30   | Country   | ≥ 100%            | 2030 | No data
2629.PRO.30    | Country   | ≥ 50%             | 2030 | No data
2629.REUSE.30  | Country   | ≥ 80%             | 2030 | No data
2629.SAT.27    | Country   | ≥ 95%             | 2027 | Serious delay
2629.SAT.30    | Country   | ≥ 99%             | 2030 | Serious delay
2629.TT.27     | Country   | ≥ 100%            | 2027 | No data
468.DIG.comm.21 | Communes | ≥ 15%             | 2021 | No data
468.DIG.dist.21 | Districts | ≥ 20%            | 2021 | No data
468.DIG.mini.21 | Ministries | ≥ 40%           | 2021 | No data
468.DIG.prov.21 | Provinces | ≥ 30%            | 2021 | No data
71.USE.30      | Country   | ≥ 80%             | 2030 | No data
749.DB.25      | Country   | ≥ 100%            | 2025 | No data
749.EGDI.25    | Country   | rank 70 or better | 2025 | Past its day, value not known yet
749.EGDI.30    | Country   | rank 50 or better | 2030 | Slight delay
749.INS.25     | Country   | ≥ 50%             | 2025 | No data
749.INS.30     | Country   | ≥ 70%             | 2030 | No data
749.L4.25      | Country   | ≥ 80%             | 2025 | No data
749.L4.30      | Country   | ≥ 100%            | 2030 | No data
749.WF.comm.25 | Communes  | ≥ 60%             | 2025 | No data
749.WF.comm.30 | Communes  | ≥ 70%             | 2030 | No data
749.WF.dist.25 | Districts | ≥ 80%             | 2025 | This level ended on 30 June 2025
749.WF.dist.30 | Districts | ≥ 90%             | 2030 | This level ended on 30 June 2025
749.WF.mini.25 | Ministries | ≥ 90%            | 2025 | No data
749.WF.mini.30 | Ministries | ≥ 100%           | 2030 | No data
749.WF.prov.25 | Provinces | ≥ 90%             | 2025 | No data
749.WF.prov.30 | Provinces | ≥ 100%            | 2030 | No data
76.PAY.25      | Country   | ≥ 80%             | 2025 | No data
76.SAT.25      | Country   | ≥ 90%             | 2025 | Past its day, value not known yet
76.SAT.30      | Country   | ≥ 95%             | 2030 | Serious delay
942.247.25     | Country   | ≥ 100%            | 2025 | No data
942.CUT.25     | Country   | ≥ 20%             | 2025 | No data
942.DOS.25     | Country   | ≥ 80%             | 2025 | Past its day, value not known yet
942.EGDI.25    | Country   | rank 50 or better | 2025 | Past its day, value not known yet
942.EGDI.30    | Country   | rank 30 or better | 2030 | Serious delay
942.L4.25      | Country   | ≥ 100%            | 2025 | No data
942.SAT.25     | Country   | ≥ 90%             | 2025 | Met
";

#[test]
fn every_target_of_viet_nam_is_usable() {
    let mut found: Vec<String> = rows(&VIET_NAM.read("build/site/en/index.html"))
        .iter()
        .map(|row| {
            let known = [
                "Met",
                "On path",
                "Slight delay",
                "Serious delay",
                "Too early to say",
                "Past its day, value not known yet",
                "Missed",
                "No data",
                "This level ended on 30 June 2025",
            ];
            let result = row.result.trim_start_matches(['✓', '→', '◔', '!', '…', '?', '✗', '■', '–', ' ']);
            let standing = known.into_iter().find(|word| result.starts_with(word)).unwrap_or(result);
            // The name of a level goes on after its first word.
            let level = row.level.split([' ', '(', ',']).next().expect("a word");
            let due = row.due.strip_suffix("-12-31").expect("the last day of a year");
            [row.id.as_str(), level, &row.demand, due, standing].join(" | ")
        })
        .collect();
    found.sort();
    let mut expected: Vec<String> = ALL
        .lines()
        .filter(|line| !line.is_empty())
        .map(|line| line.split('|').map(str::trim).collect::<Vec<_>>().join(" | "))
        .collect();
    expected.sort();
    assert_eq!(found.join("\n"), expected.join("\n"));
    let mut ids: Vec<&str> = expected.iter().filter_map(|line| line.split(' ').next()).collect();
    ids.dedup();
    assert_eq!(ids.len(), 52);
    let listed = VIET_NAM.read("data/vietnam/targets.csv").lines().count() - 1;
    assert_eq!(listed, 52);
}

#[test]
fn two_laws_stand_side_by_side() {
    let laws = |page: &str| -> Vec<String> {
        let page = VIET_NAM.read(page);
        rows(&page).into_iter().filter(|row| row.id.contains("EGDI")).map(|row| row.id).collect()
    };
    let by_due_day_then_law = ["749.EGDI.25", "942.EGDI.25", "749.EGDI.30", "942.EGDI.30"];
    for page in ["indicator/egdi-rank.html", "organisation/VN.html", "index.html"] {
        assert_eq!(laws(&format!("build/site/vi/{page}")), by_due_day_then_law, "{page}");
    }
    let page = VIET_NAM.read("build/site/vi/indicator/egdi-rank.html");
    let (older, newer) = (row_of(&page, "749.EGDI.25"), row_of(&page, "942.EGDI.25"));
    assert_eq!((older.demand.as_str(), newer.demand.as_str()), ("hạng 70 trở lên", "hạng 50 trở lên"));
    assert!(page.contains("còn thiếu 1 bậc") && page.contains("còn thiếu 21 bậc"), "{page}");
    // The headline has a line for each.
    let (headline, _) = page.split_once("<section").expect("a headline before the sections");
    let waited_for = "Đã quá hạn, chưa có giá trị để kết luận: hạng";
    let statuses = [
        &format!("{waited_for} 70"),
        &format!("{waited_for} 50"),
        "Chậm nhẹ: hạng 50",
        "Chậm nhiều: hạng 30",
    ];
    assert!(statuses.iter().all(|status| headline.contains(*status)), "{headline}");
}

#[test]
fn a_target_of_a_level_is_read_on_each_body() {
    // Bộ Tư pháp in 2024: 77.66 % against 70 % for ministries.
    let page = VIET_NAM.read("build/site/en/organisation/G15.html");
    let row = row_of(&page, "2024.TT.mini");
    assert!(row.value.starts_with("77.66% 2024"), "{}", row.value);
    assert_eq!(row.result, "✓ Met");
    // Its headings name no target of another level.
    assert!(rows(&page).iter().all(|row| row.level.starts_with("Ministries")));

    // Hà Nam ended on 30 June 2025: judged by what was due before, stopped for what was due later.
    let page = VIET_NAM.read("build/site/en/organisation/H25@2025-06-30.html");
    assert_eq!(row_of(&page, "2024.TT.prov").result, "✓ Met");
    assert_eq!(row_of(&page, "749.WF.prov.25").result, "■ This body ended on 30 June 2025");
    // What was decided in July 2025 no longer concerns it.
    assert!(rows(&page).iter().all(|row| row.id != "1565.VOL"));

    // Phú Thọ of today begins on 1 July 2025: it carries what is due later, not what was due before.
    let page = VIET_NAM.read("build/site/en/organisation/H44.html");
    assert_eq!(row_of(&page, "749.WF.prov.25").result, "– No data");
    assert!(rows(&page).iter().all(|row| row.id != "2024.TT.prov"));

    // On the page of the group: how its bodies stand. 63 provinces in 2024, four of them published, all four above 30 %.
    let page = VIET_NAM.read("build/site/en/organisation/VN.PROVINCES.html");
    let row = row_of(&page, "2024.TT.prov");
    assert_eq!(row.result, "✗ Missed 18.54%, 2024 One by one: 4 met, 0 not or not yet met, 59 without data");
}

const RATE: &str = "id: rate
title: { vi: Tỷ lệ, en: Rate }
unit: percent
direction: higher-is-better
shape: value
decimals: 1
period: any
headline: P1
targets: [A.dist.24, A.dist.25, A.prov.25, B.one.25]
sources: [figures]
method: { vi: Tỷ lệ, en: A rate }
";

/// Two provinces, one of which followed another, and two districts of a level that ended.
const BODIES: &str = "-- Organisations: written here.
SELECT
    org_id, org_id AS name_vi, org_id AS name_en, level, NULL AS parent_id,
    CAST(valid_from AS DATE) AS valid_from, CAST(valid_to AS DATE) AS valid_to, 1 AS position
FROM (VALUES
    ('P0', 'province', NULL, '2025-06-30'),
    ('P1', 'province', '2025-07-01', NULL),
    ('P2', 'province', NULL, NULL),
    ('D1', 'district', NULL, '2025-06-30'),
    ('D2', 'district', NULL, '2024-12-31')
) AS body (org_id, level, valid_from, valid_to)
";

/// Targets of whole levels, and of one province; without the columns that a project may leave out.
const TARGETS: &str = "-- Targets: written here.
SELECT
    target_id, target_id AS title_vi, target_id AS title_en, level, org_id, comparator, value, unit,
    CAST(due_on AS DATE) AS due_on, 'Plan' AS legal_basis_vi, 'Plan' AS legal_basis_en, 'seen' AS evidence, '' AS source
FROM (VALUES
    ('A.dist.24', 'district', NULL, '>=', 80.0, 'percent', '2024-12-31'),
    ('A.dist.25', 'district', NULL, '>=', 80.0, 'percent', '2025-12-31'),
    ('A.prov.25', 'province', NULL, '>=', 50.0, 'percent', '2025-12-31'),
    ('B.one.25', 'province', 'P2', '>=', 30.0, 'percent', '2025-12-31')
) AS target (target_id, level, org_id, comparator, value, unit, due_on)
";

const FIGURES: &str = "org_id,period,value
D1,2024,90
D1,2025-Q1,95
D2,2024,70
P0,2024,60
P1,2025,55
P2,2025,40
";

fn cascade() -> TestProject {
    let project = TestProject::of_figures(FIGURES, RATE, "value");
    project.write("queries/tables/ref.organisation.sql", BODIES);
    project.write("queries/tables/ref.target.sql", TARGETS);
    project.edit(
        "reports/site.yml",
        "[rate]",
        "[rate]\n  - { id: targets, title: { vi: Mục tiêu, en: Targets }, targets: true }\norganisation_pages: [province, district]",
    );
    project
}

#[test]
fn targets_stop_with_their_level() {
    let project = cascade();
    project.chiso(&["run", "--period", "2025"]).ends(0);
    let read = |page: &str| -> Vec<String> {
        let page = project.read(&format!("build/site/{page}.html"));
        rows(&page).iter().map(|row| format!("{} | {} | {}", row.id, row.value, row.result)).collect()
    };
    // The last value known stands beside a target that stopped, and decides nothing.
    let district = [
        "A.dist.24 | 95.0% Q1 2025 Rate | ✓ Met 90.0%, 2024",
        "A.dist.25 | 95.0% Q1 2025 Rate | ■ This level ended on 30 June 2025",
    ];
    assert_eq!(read("en/organisation/D1"), district);
    let district = [
        "A.dist.24 | 70,0 % Năm 2024 Tỷ lệ | ✗ Không đạt",
        "A.dist.25 | 70,0 % Năm 2024 Tỷ lệ | ■ Cấp này đã kết thúc ngày 30/06/2025",
    ];
    assert_eq!(read("vi/organisation/D2"), district);
    assert_eq!(
        read("en/organisation/P0"),
        ["A.prov.25 | 60.0% 2024 Rate | ■ This body ended on 30 June 2025"]
    );
    assert_eq!(read("en/organisation/P1"), ["A.prov.25 | 55.0% 2025 Rate | ✓ Met"]);
    let two = ["A.prov.25 | 40.0% 2025 Rate | ✗ Missed", "B.one.25 | 40.0% 2025 Rate | ✓ Met"];
    assert_eq!(read("en/organisation/P2"), two);
    // No group stands for the levels: the bodies are counted.
    let all = [
        "B.one.25 | 40.0% 2025 Rate | ✓ Met",
        "A.dist.24 | – | One by one: 1 met, 1 not or not yet met, 0 without data",
        "A.dist.25 | – | ■ This level ended on 30 June 2025",
        "A.prov.25 | – | One by one: 1 met, 1 not or not yet met, 0 without data",
    ];
    assert_eq!(read("en/index"), all);
}

#[test]
fn a_body_that_ended_before_the_law_is_not_concerned() {
    let project = cascade();
    project.edit(
        "queries/tables/ref.target.sql",
        "'' AS source",
        "'' AS source, DATE '2025-08-01' AS issued_on",
    );
    project.chiso(&["run", "--period", "2025"]).ends(0);
    assert!(rows(&project.read("build/site/en/organisation/P0.html")).is_empty());
    let page = project.read("build/site/en/organisation/P1.html");
    assert_eq!(row_of(&page, "A.prov.25").result, "✓ Met");
    assert!(page.contains("issued 1 Aug 2025"), "{page}");
}

#[test]
fn wrong_targets_are_named() {
    let project = cascade();
    project.edit("queries/tables/ref.target.sql", "'P2', '>='", "'P2', 'rank<='");
    project.edit(
        "queries/tables/ref.target.sql",
        "('A.dist.24', 'district', NULL, '>='",
        "('A.dist.24', 'district', NULL, '>'",
    );
    let said = project.chiso(&["run"]).ends(1);
    let reasons = [
        "`B.one.25`: `rank<=` compares ranks, but its unit is `percent`",
        "`A.dist.24`: `>` is not a comparator: `>=`, `<=` or `rank<=`",
    ];
    for reason in reasons {
        assert!(said.stderr.contains(reason), "{}", said.stderr);
    }
}

#[test]
fn a_target_asks_for_the_good_side_of_its_indicator() {
    let project = cascade();
    project.edit("queries/tables/ref.target.sql", "'P2', '>='", "'P2', '<='");
    let said = project.chiso(&["run"]).ends(1);
    let told = "the target `B.one.25` asks for what is the worse of `rate`";
    assert!(said.stderr.contains(told), "{}", said.stderr);
    assert!(said.stderr.contains("indicators/rate.yml"), "{}", said.stderr);
}

#[test]
fn values_of_viet_nam_carry_their_formulas() {
    let formulas = |indicator: &str, org: &str| -> Vec<String> {
        VIET_NAM.rows(&format!(
            "SELECT period, formula, status FROM out.observation \
             WHERE indicator = '{indicator}' AND org_id = '{org}' AND breakdown = '' ORDER BY period"
        ))
    };
    // The portal changed its computation in May and in June 2026; September was open when captured.
    let months = [
        "2026-01 | 1 | A",
        "2026-02 | 1 | A",
        "2026-03 | 1 | A",
        "2026-04 | 1 | A",
        "2026-05 | 2 | B",
        "2026-06 | 3 | B",
        "2026-07 | 3 | A",
        "2026-08 | 3 | A",
        "2026-09 | 3 | P",
    ];
    assert_eq!(formulas("on-time-rate-national-766", "VN"), months);
    // United Nations: other weights in 2008 and 2010; scaled parts from 2012; caps from 2020; weighted services from
    // 2022; affordability and literacy from 2024.
    let editions = [
        "2003 | 1 | A",
        "2004 | 1 | A",
        "2005 | 1 | A",
        "2008 | 2 | B",
        "2010 | 2 | A",
        "2012 | 3 | B",
        "2014 | 3 | A",
        "2016 | 3 | A",
        "2018 | 3 | A",
        "2020 | 4 | B",
        "2022 | 5 | B",
        "2024 | 6 | B",
    ];
    assert_eq!(formulas("egdi-score", "VN"), editions);
    assert_eq!(formulas("dti", "VN"), ["2023 | 2 | A", "2024 | 3 | B"]);
    // Both values are from before 15 August 2022, when level 4 ended.
    assert_eq!(formulas("level4-service-rate", "VN"), ["2019 | 1 | A", "2020-12 | 1 | A"]);
}
