//! What is withheld cannot be worked out from what is shown. The attacker of these tests reads what is shown and knows what
//! adds up to what; it was written from the definitions, without the program's own table, audit or search.

mod attacker;
mod project;

use std::collections::BTreeMap;
use std::fs;
use std::io::Read;
use std::path::Path;

use attacker::{Attack, Attacker, Cell, Edition, Guard};
use chiso::disclosure::{State, Table, protect, ranges};
use project::{TestProject, files_below, runs_python, shown_rows};
use proptest::prelude::*;

const THRESHOLD: f64 = 5.0;

/// A country of provinces of communes, each with answers to some topics: those who are satisfied, of those who answered.
struct Nation {
    table: Table,
    attacker: Attacker,
    /// Of each unit its satisfied, answers, others, in both.
    counts: Vec<[usize; 3]>,
}

impl Nation {
    /// From the answers of each commune and topic; `blocks` says how many communes each province has.
    fn of(blocks: &[usize], topics: usize, answers: &[(u32, u32)]) -> Nation {
        let mut nation = Nation { table: Table::default(), attacker: Attacker::default(), counts: vec![] };
        let mut given = answers.iter().copied().cycle();
        let mut provinces = vec![];
        for communes in blocks {
            let cells: Vec<Vec<(u32, u32)>> =
                (0..*communes).map(|_| given.by_ref().take(topics).collect()).collect();
            let units: Vec<Vec<usize>> = cells.iter().map(|cells| nation.body(cells)).collect();
            let sums: Vec<(u32, u32)> = (0..topics)
                .map(|topic| cells.iter().fold((0, 0), |(n, d), cell| (n + cell[topic].0, d + cell[topic].1)))
                .collect();
            let province = nation.body(&sums);
            nation.bind(&province, &units);
            provinces.push((sums, province));
        }
        let sums: Vec<(u32, u32)> = (0..topics)
            .map(|topic| {
                provinces.iter().fold((0, 0), |(n, d), (sums, _)| (n + sums[topic].0, d + sums[topic].1))
            })
            .collect();
        let country = nation.body(&sums);
        let provinces: Vec<Vec<usize>> = provinces.into_iter().map(|(_, province)| province).collect();
        nation.bind(&country, &provinces);
        nation
    }

    /// The topics of one body and their total.
    fn body(&mut self, topics: &[(u32, u32)]) -> Vec<usize> {
        let total = topics.iter().fold((0, 0), |(n, d), (m, e)| (n + m, d + e));
        let units: Vec<usize> =
            topics.iter().chain([&total]).map(|(n, d)| self.unit(f64::from(*n), f64::from(*d))).collect();
        let (total, parts) = units.split_last().expect("there is a total");
        self.sums(*total, parts);
        units
    }

    fn unit(&mut self, satisfied: f64, answers: f64) -> usize {
        let counts = [satisfied, answers, answers - satisfied];
        let is_small = |count: f64| count > 0.0 && count < THRESHOLD;
        let is_withheld = counts.into_iter().any(is_small);
        let state = match is_withheld {
            true => State::Withheld,
            false if answers == 0.0 => State::Known,
            false => State::Shown,
        };
        let unit = self.table.unit(state, 1.0 + answers.sqrt());
        let width = |count| if is_small(count) { Some(THRESHOLD as i64) } else { is_withheld.then_some(1) };
        let [n, d, c] = counts.map(|count| self.table.count(unit, count, width(count)));
        self.table.sum(d, [n, c]);
        for count in [n, d, c] {
            let known = (!is_withheld).then(|| self.table.counts[count].value);
            assert_eq!(self.attacker.number(known), count);
        }
        self.attacker.sum(d, &[n, c]);
        self.counts.push([n, d, c]);
        unit
    }

    fn sums(&mut self, total: usize, parts: &[usize]) {
        for of in 0..3 {
            let parts: Vec<usize> = parts.iter().map(|part| self.counts[*part][of]).collect();
            self.table.sum(self.counts[total][of], parts.iter().copied());
            self.attacker.sum(self.counts[total][of], &parts);
        }
    }

    fn bind(&mut self, whole: &[usize], parts: &[Vec<usize>]) {
        for (at, total) in whole.iter().enumerate() {
            let parts: Vec<usize> = parts.iter().map(|part| part[at]).collect();
            self.sums(*total, &parts);
        }
    }

    /// What the attacker is shown once everything was withheld that should be.
    fn publish(&mut self) {
        for (count, known) in self.attacker.known.iter_mut().enumerate() {
            let unit = self.table.counts[count].unit;
            let is_shown = matches!(self.table.units[unit].state, State::Shown | State::Known);
            *known = is_shown.then(|| self.table.counts[count].value);
        }
    }

    /// The small counts whose bounds are too near to one another.
    fn betrayed(&self) -> Vec<(usize, f64, f64)> {
        let small = |count: &usize| {
            let value = self.table.counts[*count].value;
            value > 0.0 && value < THRESHOLD
        };
        let small: Vec<usize> = (0..self.table.counts.len()).filter(small).collect();
        let mut bounds = self.attacker.bounds(&small);
        bounds.retain(|(count, low, high)| {
            let value = self.table.counts[*count].value;
            assert!(*low <= value && value <= *high, "the truth is possible");
            high - low < THRESHOLD
        });
        bounds
    }

    /// Units of which everything that was withheld follows exactly.
    fn solved(&self) -> Vec<usize> {
        let solved = self.attacker.solved();
        let is_lost = |unit: &usize| {
            let counts = self.counts[*unit];
            self.attacker.known[counts[0]].is_none() && counts.iter().all(|count| solved.contains(count))
        };
        (0..self.counts.len()).filter(is_lost).collect()
    }
}

#[test]
fn a_single_small_count_follows_from_its_total_unless_another_is_withheld() {
    // Two provinces of three communes; 3 of 40 are not satisfied in one commune, everywhere else there are enough.
    let answers = [(37, 40), (20, 60), (30, 70), (40, 80), (50, 90), (20, 90)];
    let mut nation = Nation::of(&[3, 3], 1, &answers);
    // Withholding the small count alone is not enough: the attack succeeds, so that it can.
    let betrayed = nation.betrayed();
    assert!(!betrayed.is_empty() && betrayed.iter().all(|(_, low, high)| low == high), "{betrayed:?}");
    assert!(!nation.solved().is_empty());
    let protection = protect(&mut nation.table);
    assert!(!protection.complementary.is_empty() && protection.unprotected.is_empty(), "{protection:?}");
    nation.publish();
    assert_eq!(nation.betrayed(), []);
    assert_eq!(nation.solved(), Vec::<usize>::new());
}

#[test]
fn a_table_worked_out_by_hand() {
    // 20 = 3 + 7 + 10. With 3 withheld 7 must be as well: then either lies from 0 to 10, which is wide enough, and 7 is
    // less than 10.
    let mut table = Table::default();
    let mut unit = |state, value: f64, width| {
        let unit = table.unit(state, value);
        table.count(unit, value, width)
    };
    let total = unit(State::Shown, 20.0, None);
    let parts =
        [unit(State::Withheld, 3.0, Some(5)), unit(State::Shown, 7.0, None), unit(State::Shown, 10.0, None)];
    table.sum(total, parts);
    let protection = protect(&mut table);
    assert_eq!((protection.complementary, protection.unprotected), (vec![2], vec![]));
    let range = &ranges(&table)[0];
    // Looked for until it is 5 wide, no further.
    assert!(
        range.is_wide && range.low >= 0.0 && range.high <= 10.0 && range.high - range.low >= 5.0,
        "{range:?}"
    );
}

#[test]
fn what_was_shown_before_protects_nothing() {
    let mut table = Table::default();
    let mut unit = |state, value: f64, width| {
        let unit = table.unit(state, 1.0);
        table.count(unit, value, width)
    };
    let total = unit(State::Known, 23.0, None);
    let parts = [unit(State::Withheld, 3.0, Some(5)), unit(State::Known, 20.0, None)];
    table.sum(total, parts);
    let protection = protect(&mut table);
    assert_eq!((protection.complementary, protection.unprotected), (vec![], vec![1]));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, rng_seed: proptest::test_runner::RngSeed::Fixed(7), ..ProptestConfig::default() })]

    #[test]
    fn no_random_nation_gives_its_small_counts_away(
        blocks in proptest::collection::vec(1_usize..4, 1..4),
        topics in 1_usize..4,
        answers in proptest::collection::vec((0_u32..30, 0_u32..12), 40),
    ) {
        let answers: Vec<(u32, u32)> = answers.into_iter().map(|(n, others)| (n, n + others)).collect();
        let mut nation = Nation::of(&blocks, topics, &answers);
        let protection = protect(&mut nation.table);
        prop_assert!(protection.unprotected.is_empty(), "{protection:?}");
        nation.publish();
        prop_assert_eq!(nation.betrayed(), vec![]);
        prop_assert_eq!(nation.solved(), Vec::<usize>::new());
        // The same again, the same choice.
        let mut again = Nation::of(&blocks, topics, &answers);
        prop_assert_eq!(protect(&mut again.table), protection);
    }
}

/// A table as `tests/oracle/disclosure.py` reads it.
fn told(table: &Table) -> serde_json::Value {
    let is_free = |unit: usize| matches!(table.units[unit].state, State::Withheld | State::Hidden);
    let ranges: Vec<_> = ranges(table).iter().map(|range| (range.count, range.low, range.high)).collect();
    serde_json::json!({
        "values": table.counts.iter().map(|count| count.value).collect::<Vec<_>>(),
        "free": table.counts.iter().map(|count| is_free(count.unit)).collect::<Vec<_>>(),
        "width": table.counts.iter().map(|count| count.width).collect::<Vec<_>>(),
        "sums": table.sums,
        "ranges": ranges,
    })
}

#[test]
fn another_solver_finds_that_enough_is_withheld() {
    let mut tables = vec![];
    let mut state = 11_u32;
    let mut draw = |end: u32| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 16) % end
    };
    for _ in 0..8 {
        let blocks: Vec<usize> = (0..2 + draw(2)).map(|_| 2 + draw(3) as usize).collect();
        let answers: Vec<(u32, u32)> =
            (0..40).map(|_| (draw(30), draw(9))).map(|(n, o)| (n, n + o)).collect();
        let mut nation = Nation::of(&blocks, 1 + draw(3) as usize, &answers);
        // Small numbers alone, and then what protects them.
        tables.push(told(&nation.table));
        protect(&mut nation.table);
        tables.push(told(&nation.table));
    }
    let file = tempfile::NamedTempFile::new().expect("a temporary file");
    fs::write(file.path(), serde_json::json!(tables).to_string()).expect("writable");
    let said = runs_python("oracle/disclosure.py", &[file.path()]);
    let narrow = |line: &str| line.rsplit(", ").next().expect("words").starts_with("0 too narrow");
    let enough: Vec<bool> = said.lines().map(narrow).collect();
    assert_eq!(enough.len(), tables.len(), "{said}");
    assert!(enough.iter().skip(1).step_by(2).all(|enough| *enough), "{said}");
    assert!(enough.iter().step_by(2).any(|enough| !enough), "{said}");
}

/// Two provinces of three communes; in one commune 3 of 40 are not satisfied, everywhere else there are enough of both.
const FIGURES: &str = "org_id,period,numerator,denominator
N,2026,197,430
P1,2026,87,170
P2,2026,110,260
P1C1,2026,37,40
P1C2,2026,20,60
P1C3,2026,30,70
P2C1,2026,40,80
P2C2,2026,50,90
P2C3,2026,20,90
";

const RATE: &str = "id: rate
title: { vi: Tỷ lệ, en: Rate }
unit: percent
direction: higher-is-better
shape: ratio
decimals: 2
period: any
headline: N
sources: [figures]
method: { vi: Tỷ lệ, en: A rate }
";

const RULE: &str = "rules:
  - id: answers
    indicators: [rate]
    threshold: 5
    basis: { vi: Luật, en: A law }
";

/// A project of such a nation; nothing of it was run.
fn nation() -> TestProject {
    let project = TestProject::of_figures(FIGURES, RATE, "numerator, denominator, missing");
    let codes = ["A", "B", "C", "N", "P1", "P2", "P1C1", "P1C2", "P1C3", "P2C1", "P2C2", "P2C3"];
    let agencies = codes.map(|code| format!("{code},Body {code}\n"));
    project.write("data/agencies.csv", format!("code,name\n{}", agencies.concat()));
    let tree = "CASE WHEN length(code) = 4 THEN code[:2] WHEN length(code) = 2 THEN 'N' END AS parent_id";
    project.edit("queries/tables/ref.organisation.sql", "NULL AS parent_id", tree);
    project
}

/// What an export shows of the nation, and the counts of what it withholds.
fn edition(project: &TestProject, folder: &str) -> Edition {
    let file = project.path(folder).join("observations.parquet").display().to_string();
    let withheld = project.rows("SELECT indicator, org_id, numerator, denominator FROM out.withheld");
    let cell = |row: &[chiso::db::Cell]| {
        let start = format!("{} | {} | ", row[0].shown(), row[1].shown());
        let inside = withheld.iter().find_map(|line| line.strip_prefix(start.as_str()));
        let hidden: Vec<Option<f64>> =
            inside.into_iter().flat_map(|line| line.split(" | ")).map(|count| count.parse().ok()).collect();
        let is_shown = row[4].number().is_some();
        let (numerator, denominator) = match is_shown {
            true => (row[4].number(), row[5].number()),
            false => (hidden[0], hidden[1]),
        };
        let key = (row[0].shown(), row[1].shown(), row[2].shown(), row[3].shown());
        Cell { key, numerator: numerator.expect("counts"), denominator, is_shown }
    };
    let db = chiso::db::Db::in_memory().expect("a database");
    let sql = format!(
        "SELECT indicator, org_id, period, breakdown, numerator, denominator FROM read_parquet('{file}') \
         WHERE view = 'reported' ORDER BY ALL"
    );
    let rows = db.query(&sql, &[]).expect("rows").rows;
    Edition { cells: rows.iter().map(|row| cell(row)).collect(), sums: vec![] }
}

const GUARDS: [Guard; 2] = [
    Guard { indicator: "rate", threshold: THRESHOLD, only_denominator: false },
    Guard { indicator: "unhappy", threshold: THRESHOLD, only_denominator: false },
];

/// The bodies of which somebody's answers follow from some editions.
fn betrayed_by(editions: &[Edition]) -> Vec<String> {
    let parts =
        [("N", vec!["P1", "P2"]), ("P1", vec!["P1C1", "P1C2", "P1C3"]), ("P2", vec!["P2C1", "P2C2", "P2C3"])];
    let parts =
        parts.map(|(whole, parts)| (whole.to_owned(), parts.into_iter().map(str::to_owned).collect()));
    Attack::on(editions, &BTreeMap::from(parts)).recovered(&GUARDS)
}

/// Attacks what an export of the nation shows: the numbers that follow exactly, by body.
fn recovered(project: &TestProject) -> Vec<String> {
    let file = project.path("build/export/observations.parquet").display().to_string();
    let db = chiso::db::Db::in_memory().expect("a database");
    let sql = format!(
        "SELECT org_id, numerator, denominator FROM read_parquet('{file}') WHERE view = 'reported' AND indicator = 'rate' \
         ORDER BY org_id"
    );
    let mut attacker = Attacker::default();
    let mut bodies: BTreeMap<String, [usize; 3]> = BTreeMap::new();
    for row in db.query(&sql, &[]).expect("rows").rows {
        let (n, d) = (row[1].number(), row[2].number());
        let counts = [n, d, d.zip(n).map(|(d, n)| d - n)].map(|known| attacker.number(known));
        attacker.sum(counts[1], &[counts[0], counts[2]]);
        bodies.insert(row[0].shown(), counts);
    }
    for (whole, length) in [("N", 2), ("P1", 4), ("P2", 4)] {
        for of in 0..3 {
            let is_part = |org: &&String| org.len() == length && (whole == "N" || org.starts_with(whole));
            let parts: Vec<usize> = bodies.keys().filter(is_part).map(|org| bodies[org][of]).collect();
            attacker.sum(bodies[whole][of], &parts);
        }
    }
    let solved = attacker.solved();
    let is_lost = |counts: &[usize; 3]| counts.iter().any(|count| solved.contains(count));
    bodies.into_iter().filter(|(_, counts)| is_lost(counts)).map(|(org, _)| org).collect()
}

#[test]
fn what_is_exported_gives_nothing_away() {
    // Withheld by its query alone, the number is had by one subtraction.
    let weak = nation();
    let lines = FIGURES.lines().map(|line| match line {
        line if line.starts_with("org_id") => format!("{line},missing\n"),
        line if line.starts_with("P1C1") => format!("{line},withheld\n"),
        line => format!("{line},\n"),
    });
    weak.write("data/figures.csv", lines.collect::<String>());
    weak.chiso(&["run", "--period", "2026"]).ends(0);
    assert_eq!(recovered(&weak), ["P1C1"]);

    let project = nation();
    project.write("disclosure.yml", RULE);
    project.chiso(&["run", "--period", "2026"]).ends(0);
    assert_eq!(recovered(&project), Vec::<String>::new());
    let withheld = project.rows("SELECT org_id, why FROM out.withheld ORDER BY ALL");
    assert_eq!(withheld, ["P1C1 | small", "P1C2 | complementary"]);
    // Every view of it is the same, and outside the two are not told apart.
    let shown = "SELECT org_id, numerator, denominator, value, missing, status FROM published.observation \
                 WHERE missing IS NOT NULL ORDER BY ALL";
    assert_eq!(project.rows(shown), ["P1C1 | ~ | ~ | ~ | withheld | Q", "P1C2 | ~ | ~ | ~ | withheld | Q"]);
    for format in ["csv", "parquet"] {
        let file = project.path(&format!("build/export/observations.{format}")).display().to_string();
        let read = format!(
            "SELECT count(*) FROM '{file}' WHERE missing = 'withheld' AND numerator IS NULL AND value IS NULL"
        );
        let db = chiso::db::Db::in_memory().expect("a database");
        assert_eq!(shown_rows(&db, &read), ["2"], "{format}");
    }
    let told = project.chiso(&["explain", "rate", "--org", "P1C2", "--period", "2026", "--json"]).ends(0);
    assert!(
        told.stdout.contains("\"numerator\": null") && told.stdout.contains("withheld"),
        "{}",
        told.stdout
    );
    let page = project.read("build/site/en/indicator/rate.html");
    assert!(
        page.contains("withheld") && !page.contains("92.50") && !page.contains("complementary"),
        "{page}"
    );
    let inside = project.chiso(&["disclosure", "--lang", "en"]).ends(0);
    assert!(inside.stdout.starts_with("For inside only"), "{}", inside.stdout);
}

#[test]
fn a_later_vintage_does_not_give_an_earlier_one_away() {
    let project = nation();
    project.write("disclosure.yml", RULE);
    project.chiso(&["run", "--period", "2026"]).ends(0);
    let mut editions = vec![edition(&project, "build/export")];
    assert_eq!(betrayed_by(&editions), Vec::<String>::new());
    // Three become eight. The number that protected it is the same as before: if it followed from what is shown now, three
    // would follow from what was shown then. So one of those that it follows from is withheld as well.
    let later = FIGURES.replace("37,40", "32,40").replace("87,170", "82,170").replace("197,430", "192,430");
    project.write("data/figures.csv", later);
    project.chiso(&["run", "--period", "2026"]).ends(0);
    editions.push(edition(&project, "build/export"));
    assert_eq!(betrayed_by(&editions), Vec::<String>::new());
    let withheld = project.rows("SELECT org_id, why FROM out.withheld ORDER BY ALL");
    assert_eq!(withheld, ["P1C1 | complementary", "P1C2 | before"]);
    // The attack would have found it.
    let mut careless = editions.clone();
    let shown = careless[1].cells.iter_mut().find(|cell| cell.key.1 == "P1C1");
    shown.expect("a number").is_shown = true;
    assert!(!betrayed_by(&careless).is_empty());
    // Everything is as it was at first: what was withheld then is withheld again.
    project.write("data/figures.csv", FIGURES);
    project.chiso(&["run", "--period", "2026"]).ends(0);
    editions.push(edition(&project, "build/export"));
    assert_eq!(betrayed_by(&editions), Vec::<String>::new());
    // The first vintage again withholds what it withheld.
    project.chiso(&["run", "--as-of", "1"]).ends(0);
    let file = project.path("build/as-of/1/export/observations.csv").display().to_string();
    let db = chiso::db::Db::in_memory().expect("a database");
    let sql = format!("SELECT org_id FROM '{file}' WHERE missing = 'withheld' ORDER BY ALL");
    assert_eq!(shown_rows(&db, &sql), ["P1C1", "P1C2"]);
}

/// How many are not satisfied, as an indicator of its own.
fn with_unhappy(project: &TestProject) {
    let figures = project.read("data/figures.csv");
    let indicator = RATE.replace("id: rate", "id: unhappy").replace("shape: ratio", "shape: count");
    project.write("indicators/unhappy.yml", indicator.replace("unit: percent", "unit: count"));
    let query = "-- Not satisfied: one row per figure.\n\
                 SELECT org_id, period, denominator - numerator AS numerator FROM fact.figure ORDER BY org_id, period\n";
    project.write("queries/unhappy.sql", query);
    project.edit("reports/site.yml", "[rate]", "[rate, unhappy]");
    // The cheapest number that protects the rate is another one than that which protects the count.
    project.write(
        "data/figures.csv",
        figures
            .replace("P1C3,2026,30,70", "P1C3,2026,60,70")
            .replace("P1,2026,87", "P1,2026,117")
            .replace("N,2026,197", "N,2026,227"),
    );
    let counts =
        RULE.replace("rules:\n", "").replace("id: answers", "id: unhappy").replace("[rate]", "[unhappy]");
    project.write("disclosure.yml", format!("{RULE}{counts}"));
}

#[test]
fn two_indicators_that_share_a_count_do_not_give_each_other_away() {
    let project = nation();
    with_unhappy(&project);
    project.chiso(&["run", "--period", "2026"]).ends(0);
    let found = edition(&project, "build/export");
    assert_eq!(betrayed_by(std::slice::from_ref(&found)), Vec::<String>::new());
    // Each by itself would be safe with another number; together they are not.
    let mut careless = found;
    for cell in &mut careless.cells {
        let withheld = match cell.key.0.as_str() {
            "rate" => ["P1C1", "P1C2"],
            _ => ["P1C1", "P1C3"],
        };
        cell.is_shown = !withheld.contains(&cell.key.1.as_str());
    }
    let alone = |indicator: &str| {
        let mut alone = careless.clone();
        alone.cells.retain(|cell| cell.key.0 == indicator);
        betrayed_by(&[alone])
    };
    assert_eq!((alone("rate"), alone("unhappy")), (vec![], vec![]));
    assert!(!betrayed_by(&[careless.clone()]).is_empty());
}

/// The country is the sum of the bodies below it, not of itself as a level of one body: else a small count is what is left of it.
#[test]
fn what_is_withheld_of_a_province_does_not_follow_from_the_country() {
    let project = TestProject::copy_of(".");
    project.write(
        "inbox/satisfaction/sent.csv",
        "agency_code,wave,instrument,topic,question,answer,count
H14,2026-Q3,project-06,immigration,overall,not-satisfied,4
H19,2026-Q3,project-06,immigration,overall,not-satisfied,14
H20,2026-Q3,project-06,residence,overall,satisfied,290
",
    );
    project.chiso(&["run", "--period", "2026-Q3"]).ends(0);
    let shown = |breakdown: &str| {
        project.rows(&format!(
            "SELECT org_id FROM out.observation WHERE indicator = 'satisfaction-project06' AND period = '2026-Q3' \
             AND breakdown = '{breakdown}' AND denominator IS NOT NULL AND org_id NOT LIKE 'VN.%' ORDER BY ALL"
        ))
    };
    for breakdown in ["", "immigration"] {
        let shown = shown(breakdown);
        assert!(!shown.iter().any(|org| org == "H14"), "{shown:?}");
        let all_but_one = ["VN", "H19"].iter().all(|org| shown.iter().any(|shown| shown == org));
        assert!(!all_but_one, "what is left of the country is the count of H14: {shown:?}");
    }
}

#[test]
fn what_was_shown_before_the_rule_is_hidden_from_revisions_and_told_inside() {
    let project = nation();
    project.chiso(&["run", "--period", "2026"]).ends(0);
    project.write("disclosure.yml", RULE);
    project.chiso(&["run", "--period", "2026"]).ends(0);
    let withheld = "SELECT org_id, why, is_known FROM out.withheld ORDER BY ALL";
    assert_eq!(project.rows(withheld), ["P1C1 | small | true"]);
    let revised = "SELECT org_id, previous_numerator, previous_value, numerator FROM published.revision \
                   WHERE org_id = 'P1C1' ORDER BY ALL";
    assert!(
        project.rows(revised).iter().all(|row| row.ends_with("~ | ~ | ~")),
        "{:?}",
        project.rows(revised)
    );
}

#[test]
fn rules_are_checked_with_their_place() {
    let project = nation();
    project.write(
        "disclosure.yml",
        "rules:\n  - id: answers\n    indicators: [rat]\n    threshold: 1\n    basis: { vi: Luật, en: A law }\n",
    );
    let said = project.chiso(&["check"]).ends(1);
    for text in
        ["no indicator `rat`", "did you mean `rate`?", "disclosure.yml:3:18", "a count from 2 to 10000"]
    {
        assert!(said.stderr.contains(text), "{text}: {}", said.stderr);
    }
    // Another indicator over the same file must have been thought of.
    project.write("disclosure.yml", RULE);
    project.write("indicators/other.yml", RATE.replace("id: rate", "id: other"));
    project.write("queries/other.sql", project.read("queries/rate.sql"));
    let said = project.chiso(&["check"]).ends(1);
    assert!(
        said.stderr.contains("the indicator `other` reads `fact.figure` as `rate` does"),
        "{}",
        said.stderr
    );
    project
        .write("disclosure.yml", format!("{RULE}safe:\n  - id: other\n    why: {{ vi: Vì, en: Because }}\n"));
    project.chiso(&["check"]).ends(0);
}

/// What a file says, as text that can be compared; sums of files and their sizes are left out.
fn said_by(path: &Path) -> String {
    let name = path.display();
    let text = match path.extension().and_then(|ending| ending.to_str()) {
        Some("parquet") => {
            let db = chiso::db::Db::in_memory().expect("a database");
            shown_rows(&db, &format!("FROM read_parquet('{name}')")).join("\n")
        }
        Some("duckdb") => {
            let db = chiso::db::Db::open(path).expect("a database");
            let tables =
                shown_rows(&db, "SELECT schema_name || '.' || table_name FROM duckdb_tables() ORDER BY ALL");
            let rows = |table: &String| {
                format!("{table}\n{}\n", shown_rows(&db, &format!("FROM {table} ORDER BY ALL")).join("\n"))
            };
            tables.iter().map(rows).collect()
        }
        Some("xlsx") => {
            let mut archive = zip::ZipArchive::new(fs::File::open(path).expect("there")).expect("a workbook");
            let mut text = String::new();
            for at in 0..archive.len() {
                archive.by_index(at).expect("a part").read_to_string(&mut text).expect("text");
            }
            text
        }
        _ => String::from_utf8_lossy(&fs::read(path).expect("there")).into_owned(),
    };
    let sums = regex::Regex::new("[0-9a-f]{64}|[0-9a-f]{12}…|\"@value\": \"[0-9]+\"|\"bytes\": ?[0-9]+")
        .expect("valid");
    sums.replace_all(&text, "#").into_owned()
}

/// All that a project gives to others, by name: every page, chart, format, and answer of a command.
fn given(project: &TestProject) -> BTreeMap<String, String> {
    let mut given = BTreeMap::new();
    for folder in ["build/site", "build/export"] {
        let files = files_below(&project.path(folder)).into_iter();
        given.extend(files.map(|(name, path)| (format!("{folder}/{name}"), said_by(&path))));
    }
    for args in [
        ["explain", "rate", "--org", "P1C1", "--period", "2026", "--json"].as_slice(),
        &["targets"],
        &["quality", "--json"],
    ] {
        given.insert(args.join(" "), said_without_sums(&project.chiso(args).stdout));
    }
    given
}

fn said_without_sums(text: &str) -> String {
    regex::Regex::new("[0-9a-f]{64}").expect("valid").replace_all(text, "#").into_owned()
}

/// Two nations that differ in nothing but what is withheld look the same from outside, to the letter: no page, chart, file or
/// answer holds a trace of it.
#[test]
fn nothing_that_is_given_away_depends_on_what_is_withheld() {
    let of = |figures: &str| {
        let project = nation();
        project.write("disclosure.yml", RULE);
        project.write("data/figures.csv", figures);
        project.chiso(&["run", "--period", "2026"]).ends(0);
        project.chiso(&["export"]).ends(0);
        let chart = project.chiso(&["chart", "rate", "--into", "build/site"]);
        assert_eq!(chart.status, 0, "{}", chart.stderr);
        let withheld = project.rows("SELECT org_id, numerator, denominator FROM out.withheld ORDER BY ALL");
        (withheld, given(&project))
    };
    let (one_hides, one) = of(FIGURES);
    let (other_hides, other) =
        of(&FIGURES.replace("P1C1,2026,37,40", "P1C1,2026,38,40").replace("P1C2,2026,20", "P1C2,2026,19"));
    assert_eq!(one_hides, ["P1C1 | 37 | 40", "P1C2 | 20 | 60"]);
    assert_eq!(other_hides, ["P1C1 | 38 | 40", "P1C2 | 19 | 60"]);
    assert!(one.len() > 40, "{:?}", one.keys());
    assert_eq!(one.keys().collect::<Vec<_>>(), other.keys().collect::<Vec<_>>());
    let differs = |(name, text): (&String, &String)| {
        let lines = text.lines().zip(other[name].lines()).find(|(one, other)| one != other);
        (text != &other[name]).then(|| format!("{name}: {lines:?}"))
    };
    assert_eq!(one.iter().filter_map(differs).collect::<Vec<_>>(), Vec::<String>::new());
    // A number that is shown does leave traces, everywhere.
    let (_, shown) =
        of(&FIGURES.replace("P2C1,2026,40,80", "P2C1,2026,41,80").replace("P2C3,2026,20", "P2C3,2026,19"));
    let traces: Vec<&String> =
        one.iter().filter(|(name, text)| shown.get(*name) != Some(text)).map(|(name, _)| name).collect();
    for ending in [
        "observations.csv",
        "observations.parquet",
        "observations.xlsx",
        "sdmx-data.csv",
        "sdmx-data.json",
        "takeaway.duckdb",
        "en/indicator/rate.html",
    ] {
        assert!(traces.iter().any(|name| name.ends_with(ending)), "{ending} is not among {traces:?}");
    }
}
