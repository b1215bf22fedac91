//! An attack on a made-up nation: all that is published of it, in three vintages, before and after the merger, on the map of
//! today as well; nothing that is withheld may follow. Then every file is searched for what is withheld.

mod attacker;
mod project;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use attacker::{Attack, Cell, Edition, Guard, Key};
use chiso::db::{self, Db};
use project::{TestProject, reads_export, repository};

const DATABASE: &str = "nation/build/chiso.duckdb";
const PERIOD: &str = "2025-Q4";

/// Checks that the rules of the repository call safe.
const SAFE: [&str; 2] = ["petitions-have-due-day", "petitions-answered-after-receipt"];

/// Indicators of people, and one that reads the same files.
const KEPT: [&str; 6] = [
    "satisfaction-one-stop",
    "satisfaction-online-services",
    "satisfaction-project06",
    "petitions-rated-satisfied",
    "one-stop-criteria-score",
    "petitions-answered-on-time",
];

const GUARDS: [Guard; 5] = [
    Guard { indicator: "satisfaction-one-stop", threshold: 5.0, only_denominator: false },
    Guard { indicator: "satisfaction-online-services", threshold: 5.0, only_denominator: false },
    Guard { indicator: "satisfaction-project06", threshold: 5.0, only_denominator: false },
    Guard { indicator: "petitions-rated-satisfied", threshold: 5.0, only_denominator: false },
    Guard { indicator: "one-stop-criteria-score", threshold: 100.0, only_denominator: true },
];

const SITE: &str = "id: site
title: { vi: Báo cáo, en: Report }
languages: [vi, en]
sections:
  - id: people
    title: { vi: Người dân, en: People }
    indicators: [satisfaction-one-stop, satisfaction-online-services, satisfaction-project06, petitions-rated-satisfied, one-stop-criteria-score, petitions-answered-on-time]
";

/// A made-up nation with the indicators of people alone, so that a run takes seconds.
fn nation() -> TestProject {
    let place = TestProject::empty();
    let into = place.path("nation").display().to_string();
    let args = ["demo", "--dossiers", "3000", "--seed", "5", "--until", "2025-12-31", "--into", &into];
    let made = place.command(&args).current_dir(repository()).output().expect("the program starts");
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    for (folder, ending) in [("indicators", "yml"), ("queries", "sql"), ("queries/checks", "sql")] {
        for entry in fs::read_dir(place.path(&format!("nation/{folder}"))).expect("a folder") {
            let path = entry.expect("readable").path();
            let stem = path.file_stem().expect("a name").to_string_lossy().into_owned();
            let is_kept = KEPT.contains(&stem.as_str()) || SAFE.contains(&stem.as_str());
            if path.extension().is_some_and(|e| e == ending) && !is_kept {
                fs::remove_file(path).expect("the folder is ours");
            }
        }
    }
    for folder in ["indicators/index", "queries/index", "reports/print", "queries/annexes"] {
        fs::remove_dir_all(place.path(&format!("nation/{folder}"))).expect("the folder is ours");
    }
    for entry in fs::read_dir(place.path("nation/inbox")).expect("a folder") {
        let entry = entry.expect("readable");
        let name = entry.file_name().to_string_lossy().into_owned();
        if entry.path().is_dir() && !["petition", "satisfaction"].contains(&name.as_str()) {
            fs::remove_dir_all(entry.path()).expect("the folder is ours");
        }
    }
    place.remove("nation/quality.yml");
    place.write("nation/reports/site.yml", SITE);
    let rules = place.read("nation/disclosure.yml");
    let (before, after) =
        (rules.find("  - id: agencies-reporting"), rules.find("  - id: petitions-have-due-day"));
    let (before, after) = (before.expect("an entry"), after.expect("an entry"));
    place.write("nation/disclosure.yml", format!("{}{}", &rules[..before], &rules[after..]));
    place
}

/// Whole numbers as good as at random, the same every time (SplitMix64).
struct Draws(u64);

impl Draws {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (mixed ^ (mixed >> 31)) % end
    }
}

/// The first communes of some provinces, with the quarters in which they were there: those that ended with June 2025, and
/// those since.
fn communes() -> Vec<(String, [&'static str; 2])> {
    let of = |file: &str, provinces: &[&str], of_province: usize, quarters: [&'static str; 2]| {
        let path = repository().join("data/vietnam").join(file).display().to_string();
        let named: Vec<String> = provinces.iter().map(|province| format!("'{province}'")).collect();
        let sql = format!(
            "SELECT commune_code FROM read_csv('{path}', all_varchar = true) WHERE province_gso_code IN ({}) \
             QUALIFY row_number() OVER (PARTITION BY province_gso_code ORDER BY commune_code) <= {of_province} ORDER BY ALL",
            named.join(", ")
        );
        let rows = Db::in_memory().expect("a database").query(&sql, &[]).expect("rows").rows;
        rows.into_iter().map(|row| (row[0].shown(), quarters)).collect::<Vec<_>>()
    };
    let mut all = of("communes_legacy.csv", &["02", "08", "04"], 5, ["2025-Q1", "2025-Q2"]);
    all.extend(of("communes_2025.csv", &["08", "04"], 6, ["2025-Q3", "2025-Q4"]));
    all
}

/// What communes sent: forms and petitions of few people, and once more the sums of their half year.
struct Sent {
    forms: BTreeMap<(String, String, &'static str, &'static str, &'static str, &'static str), u64>,
    petitions: BTreeMap<(String, &'static str), Vec<&'static str>>,
}

impl Sent {
    fn drawn(seed: u64) -> Sent {
        let mut draws = Draws(seed);
        let mut sent = Sent { forms: BTreeMap::new(), petitions: BTreeMap::new() };
        for (commune, quarters) in communes() {
            for quarter in quarters {
                sent.draw(&commune, quarter, &mut draws);
            }
        }
        sent
    }

    fn draw(&mut self, commune: &str, quarter: &'static str, draws: &mut Draws) {
        let overall = [
            ("one-stop-form", ""),
            ("service-centre", ""),
            ("online-service", ""),
            ("project-06", "residence"),
            ("project-06", "civil-status"),
        ];
        for (instrument, topic) in overall {
            if draws.below(5) > 0 {
                for (answer, most) in [("very-satisfied", 20), ("satisfied", 12), ("not-satisfied", 7)] {
                    self.form(commune, quarter, instrument, topic, "overall", answer, draws.below(most));
                }
            }
        }
        for question in ["1", "2", "online"] {
            for (answer, most) in [("2", 30), ("1", 9), ("0", 4)] {
                self.form(commune, quarter, "one-stop-criteria", "", question, answer, draws.below(most));
            }
        }
        let ratings = (0..draws.below(25)).map(|_| match draws.below(9) {
            0 => "not-satisfied",
            1 => "neutral",
            2 | 3 => "",
            _ => "satisfied",
        });
        self.petitions.insert((commune.to_owned(), quarter), ratings.collect());
    }

    #[expect(clippy::too_many_arguments, reason = "the columns of a row")]
    fn form(
        &mut self,
        commune: &str,
        quarter: &str,
        instrument: &'static str,
        topic: &'static str,
        question: &'static str,
        answer: &'static str,
        count: u64,
    ) {
        let half = if ["2025-Q1", "2025-Q2"].contains(&quarter) { "2025-H1" } else { "2025-H2" };
        for wave in [quarter, half] {
            let key = (commune.to_owned(), wave.to_owned(), instrument, topic, question, answer);
            *self.forms.entry(key).or_default() += count;
        }
    }

    /// Some of it as it was corrected: one in eight rows of quarters by a few people, with the half years.
    fn corrected(&mut self, seed: u64) {
        let mut draws = Draws(seed);
        let quarters: Vec<_> = self.forms.keys().filter(|key| key.1.contains('Q')).cloned().collect();
        for key in quarters {
            if draws.below(8) == 0 {
                let more = draws.below(6);
                let half = if key.1.as_str() < "2025-Q3" { "2025-H1" } else { "2025-H2" };
                let of_half = (key.0.clone(), half.to_owned(), key.2, key.3, key.4, key.5);
                *self.forms.entry(key).or_default() += more;
                *self.forms.entry(of_half).or_default() += more;
            }
        }
        for ratings in self.petitions.values_mut() {
            if draws.below(5) == 0 {
                ratings.push(if draws.below(3) == 0 { "not-satisfied" } else { "satisfied" });
            }
        }
    }

    fn write(&self, project: &TestProject) {
        let mut forms = "MaCoQuan,wave,instrument,topic,question,answer,count\n".to_owned();
        for ((commune, wave, instrument, topic, question, answer), count) in &self.forms {
            forms += &format!("{commune},{wave},{instrument},{topic},{question},{answer},{count}\n");
        }
        project.write("nation/inbox/satisfaction/SYNTHETIC/communes.csv", forms);
        let mut petitions = "petition_code,MaCoQuan,received_on,due_on,answered_on,rating\n".to_owned();
        for ((commune, quarter), ratings) in &self.petitions {
            let month = match *quarter {
                "2025-Q1" => "02",
                "2025-Q2" => "05",
                "2025-Q3" => "08",
                _ => "11",
            };
            for (n, rating) in ratings.iter().enumerate() {
                petitions += &format!(
                    "P-{commune}-{quarter}-{n},{commune},10/{month}/2025,25/{month}/2025,20/{month}/2025,{rating}\n"
                );
            }
        }
        project.write("nation/inbox/petition/SYNTHETIC/communes.csv", petitions);
    }
}

fn key(row: &[db::Cell]) -> Key {
    (row[0].shown(), row[1].shown(), row[2].shown(), row[3].shown())
}

/// What the export shows, with the true counts of what it withholds.
fn edition(project: &TestProject) -> Edition {
    let db = Db::open(&project.path(DATABASE)).expect("a database");
    let file = project.path("nation/build/export/observations.parquet").display().to_string();
    let sql = format!(
        "SELECT o.indicator, o.org_id, o.period, coalesce(o.breakdown, ''), coalesce(o.numerator, w.numerator), \
            coalesce(o.denominator, w.denominator), w.indicator IS NULL \
         FROM read_parquet('{file}') AS o LEFT JOIN out.withheld AS w \
            ON w.indicator = o.indicator AND w.org_id = o.org_id AND w.period = o.period \
            AND w.breakdown = coalesce(o.breakdown, '') \
         WHERE o.view = 'reported' AND coalesce(o.numerator, w.numerator) IS NOT NULL ORDER BY ALL"
    );
    let cells = db.query(&sql, &[]).expect("rows").rows;
    let cells = cells.iter().map(|row| Cell {
        key: key(row),
        numerator: row[4].number().expect("a count"),
        denominator: row[5].number(),
        is_shown: row[6] == db::Cell::Boolean(true),
    });
    let restated = "SELECT r.indicator, r.org_id, r.period, r.breakdown, r.numerator, r.denominator, \
                        string_agg(p.part_org_id, ' ' ORDER BY p.part_org_id) \
                    FROM published.restated AS r JOIN published.restated_part AS p \
                        ON p.org_id = r.org_id AND p.period = r.period AND NOT p.at_end \
                    WHERE r.numerator IS NOT NULL GROUP BY ALL HAVING min(p.share) = 1 ORDER BY ALL";
    let sums = db.query(restated, &[]).expect("rows").rows;
    let sums = sums.iter().map(|row| {
        let (indicator, _, period, breakdown) = key(row);
        let of = |org: &str| (indicator.clone(), org.to_owned(), period.clone(), breakdown.clone());
        let parts = row[6].shown().split(' ').map(of).collect();
        (row[4].number().expect("a count"), row[5].number(), parts)
    });
    Edition { cells: cells.collect(), sums: sums.collect() }
}

/// Which bodies the counts of a body are made of: those right below it, or those of the level that it is a group of.
fn parts(project: &TestProject) -> BTreeMap<String, Vec<String>> {
    let rows = project.rows_of(
        DATABASE,
        "WITH grouped AS (SELECT g.org_id, b.org_id AS part FROM ref.target_level AS g JOIN ref.organisation AS b \
            ON b.level = g.level WHERE g.level <> 'country') \
         SELECT org_id, part FROM grouped UNION SELECT parent_id, org_id FROM ref.organisation \
         WHERE parent_id IS NOT NULL AND org_id NOT IN (SELECT org_id FROM grouped) \
            AND parent_id NOT IN (SELECT org_id FROM grouped) ORDER BY ALL",
    );
    let mut parts: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for row in rows {
        let (whole, part) = row.split_once(" | ").expect("two columns");
        parts.entry(whole.to_owned()).or_default().push(part.to_owned());
    }
    parts
}

/// All that is published, by a run and an export.
fn publish(project: &TestProject, steps: &[&[&str]]) -> Edition {
    for step in steps {
        let said = project.chiso(&[&["--project", "nation"], *step].concat());
        assert!([0, 1].contains(&said.status), "{step:?}: {}\n{}", said.stdout, said.stderr);
        assert!(!said.stderr.contains("cannot be protected"), "{}", said.stderr);
    }
    edition(project)
}

const RUN: [&[&str]; 2] = [&["run", "--period", PERIOD], &["export"]];

#[test]
fn nothing_that_is_withheld_of_a_nation_follows_from_all_that_is_published() {
    let project = nation();
    let mut sent = Sent::drawn(1);
    sent.write(&project);
    let mut editions = vec![publish(&project, &RUN)];
    let parts = parts(&project);
    // The nation is worth an attack: small numbers at all levels, before and after the merger.
    let levels = "SELECT DISTINCT g.level || ' ' || w.period[:7] FROM out.withheld AS w JOIN ref.organisation AS g \
                  ON g.org_id = w.org_id WHERE w.why = 'small' ORDER BY ALL";
    let levels = project.rows_of(DATABASE, levels);
    for level in
        ["commune 2025-H1", "commune 2025-H2", "commune 2025-Q1", "commune 2025-Q4", "province 2025-Q1"]
    {
        assert!(levels.contains(&level.to_owned()), "{levels:?}");
    }
    let complementary =
        project.rows_of(DATABASE, "SELECT count(*) > 10 FROM out.withheld WHERE why = 'complementary'");
    assert_eq!(complementary, ["true"]);
    assert!(!editions[0].sums.is_empty(), "the map of today shows sums");
    let said = reads_export("withheld.py", &project.path("nation/build"));
    for format in ["CSV", "Parquet", "workbook", "SDMX-CSV", "SDMX-JSON", "takeaway.duckdb"] {
        assert!(
            said.contains(&format!("\n{format}: ")) || said.starts_with(&format!("{format}: ")),
            "{said}"
        );
    }

    // Corrections, and then the first state again.
    sent.corrected(2);
    sent.write(&project);
    editions.push(publish(&project, &RUN));
    Sent::drawn(1).write(&project);
    editions.push(publish(&project, &RUN));
    let attack = Attack::on(&editions, &parts);
    assert!(attack.unknown() > 500, "{}", attack.unknown());
    assert_eq!(attack.recovered(&GUARDS), Vec::<String>::new());

    // The same attack succeeds where only the small numbers are withheld.
    let small = project.rows_of(
        DATABASE,
        "SELECT indicator, org_id, period, breakdown FROM out.withheld WHERE why = 'small'",
    );
    let small: BTreeSet<String> = small.into_iter().collect();
    let mut careless = editions.pop().expect("three");
    for cell in &mut careless.cells {
        let (indicator, org, period, breakdown) = &cell.key;
        cell.is_shown = !small.contains(&format!("{indicator} | {org} | {period} | {breakdown}"));
    }
    let found = Attack::on(&[careless], &parts).recovered(&GUARDS);
    assert!(found.len() > 20, "{found:?}");
}
