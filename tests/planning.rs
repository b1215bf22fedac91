//! What an index would be and what a rank needs: through the binary, against an independent computation.

mod project;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{LazyLock, Mutex};

use project::{Said, TestProject};
use serde_json::Value;

/// The project of the repository, computed once.
static VIETNAM: LazyLock<TestProject> = LazyLock::new(TestProject::after_run);

/// One after the other: a database that one program has open is closed to the next.
fn chiso(args: &[&str]) -> Said {
    static ONE: Mutex<()> = Mutex::new(());
    let _turn = ONE.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    VIETNAM.chiso(args)
}

fn json(args: &[&str]) -> Value {
    let said = chiso(&[args, &["--json"]].concat()).ends(0);
    serde_json::from_str(&said.stdout).expect("one JSON object")
}

fn close(a: &Value, b: f64) -> bool {
    a.as_f64().is_some_and(|a| (a - b).abs() < 1e-9)
}

#[test]
fn an_independent_computation_agrees() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/oracle/planning.csv");
    let mut reader = csv::Reader::from_path(path).expect("tests/oracle/planning.csv");
    let mut asked: BTreeMap<(String, String), Vec<csv::StringRecord>> = BTreeMap::new();
    for record in reader.records() {
        let record = record.expect("readable");
        asked.entry((record[0].to_owned(), record[1].to_owned())).or_default().push(record);
    }
    assert_eq!(asked.values().map(Vec::len).sum::<usize>(), 13);
    for ((edition, country), expected) in asked {
        let mut args = vec!["egdi", "whatif", "--edition", &edition, "--country", &country];
        args.extend(expected.iter().flat_map(|record| ["--set", &record[2]]));
        let found = json(&args);
        for (case, record) in found["cases"].as_array().expect("cases").iter().zip(&expected) {
            let setting = format!("{country} {edition} {}", &record[2]);
            let score: f64 = record[3].parse().expect("a number");
            assert!(close(&case["after"]["score"], score), "{setting}: {case}");
            assert_eq!(case["after"]["rank"].to_string(), record[4], "{setting}");
            assert_eq!(case["passed"].as_array().expect("ids").len().to_string(), record[5], "{setting}");
        }
    }
}

#[test]
fn steps_of_a_sub_index_move_the_rank_as_was_measured() {
    // 2022: +0.05, +0.10 and +0.20 in one sub-index give rank 83, 79 and 63; the class changes above 0.75.
    let found = json(&[
        "egdi",
        "whatif",
        "--lang",
        "en",
        "--set",
        "osi=+0.05",
        "--set",
        "tii=+0.1",
        "--set",
        "hci=+0.2",
        "--set",
        "osi=0.9",
    ]);
    let ranks: Vec<u64> = found["cases"]
        .as_array()
        .expect("cases")
        .iter()
        .filter_map(|case| case["after"]["rank"].as_u64())
        .collect();
    assert_eq!(ranks[..3], [83, 79, 63]);
    assert_eq!(found["cases"][0]["after"]["class"], "High");
    assert_eq!(found["cases"][3]["after"]["class"], "Very high");
    // A point of any sub-index is worth a third of one.
    for lever in found["levers"].as_array().expect("levers") {
        if ["osi", "tii", "hci"].contains(&lever["part"].as_str().expect("a name")) {
            assert!(lever["gain"].as_f64().is_some_and(|gain| (gain - 1.0 / 3.0).abs() < 1e-9), "{lever}");
        }
    }
    // Above its cap an input brings nothing.
    let mobile = found["levers"].as_array().expect("levers").iter().find(|lever| lever["part"] == "mobile");
    assert_eq!(mobile.expect("a lever")["gain"], 0.0);
}

#[test]
fn a_goal_is_reached_by_what_it_names_and_by_nothing_less() {
    let found = json(&["egdi", "goal", "--rank", "50,70,86,90"]);
    let goals = found["goals"].as_array().expect("goals");
    let reached: Vec<&Value> = goals.iter().map(|goal| &goal["reached"]).collect();
    assert_eq!(reached, [false, false, true, true]);
    // The states at ranks 50 and 70 had 0.7834 and 0.7261, to the rounding of the published parts.
    for (goal, score) in goals.iter().zip([0.7834, 0.7261]) {
        assert!((goal["needed"].as_f64().expect("a score") - score).abs() < 1e-4, "{goal}");
    }
    let alone = |goal: &Value, part: &str| {
        goal["alone"]
            .as_array()
            .expect("levers")
            .iter()
            .find(|alone| alone["part"] == part)
            .expect("a lever")
            .clone()
    };
    // 0.6484 + 3 (0.7834 - 0.67867); the other two cannot do it.
    assert!((alone(&goals[0], "osi")["needs"].as_f64().expect("a value") - 0.9626).abs() < 1e-4);
    for part in ["tii", "hci", "internet-users", "mobile"] {
        assert_eq!(alone(&goals[0], part)["cannot"], "short", "{part}");
    }
    assert_eq!(alone(&goals[0], "expected-schooling")["cannot"], "unbounded");
    for goal in &goals[..2] {
        // What is named does it, and a hair less does not.
        let rank = goal["rank"].as_u64().expect("a rank");
        for alone in
            goal["alone"].as_array().expect("levers").iter().filter(|alone| !alone["needs"].is_null())
        {
            let (part, value) =
                (alone["part"].as_str().expect("a name"), alone["needs"].as_f64().expect("a value"));
            let less = value - 1e-5 * (value - alone["value"].as_f64().expect("a value"));
            let (enough, short) = (format!("{part}={value}"), format!("{part}={less}"));
            let found = json(&["egdi", "whatif", "--set", &enough, "--set", &short]);
            let ranks: Vec<u64> =
                (0..2).map(|at| found["cases"][at]["after"]["rank"].as_u64().expect("a rank")).collect();
            assert!(ranks[0] <= rank && ranks[1] > rank, "{part}: {ranks:?}");
        }
        let steps = goal["smallest"]["steps"].as_array().expect("steps");
        let setting: Vec<String> = steps
            .iter()
            .map(|step| format!("{}={}", step["part"].as_str().expect("a name"), step["after"]))
            .collect();
        let found = json(&["egdi", "whatif", "--set", &setting.join(",")]);
        assert_eq!(found["cases"][0]["after"]["rank"].as_u64(), Some(rank));
    }
}

#[test]
fn a_rank_in_a_year_to_come_needs_what_the_outlook_gives_it() {
    let outlook = chiso(&["egdi", "outlook", "--json"]).ends(0);
    let outlook: Value = serde_json::from_str(&outlook.stdout).expect("one JSON object");
    // 2027 has no edition: the one before it counts.
    for (year, edition) in [("2030", "2030"), ("2027", "2026")] {
        let found = json(&["egdi", "goal", "--rank", "50,70", "--by", year]);
        for (goal, rank) in found["goals"].as_array().expect("goals").iter().zip(["50", "70"]) {
            let band = &outlook["score_at_place"][edition][rank];
            assert_eq!(goal["by"]["edition"].to_string(), edition, "{goal}");
            assert!(band["middle"].is_number() && goal["by"]["needed"] == *band, "{goal}, expected {band}");
            assert_eq!(goal["needed"], band["middle"]);
            let steps = goal["smallest"]["steps"].as_array().expect("steps");
            let total: f64 = steps.iter().map(|step| step["after"].as_f64().expect("a value") / 3.0).sum();
            assert!(close(&goal["needed"], total), "{goal}");
        }
    }
    let said = chiso(&["egdi", "goal", "--rank", "50", "--by", "2030", "--lang", "en"]).ends(0).stdout;
    assert!(said.contains("In 2030 rank 50 is expected to need"), "{said}");
    let said = chiso(&["egdi", "goal", "--rank", "50", "--by", "2022"]).ends(2).stderr;
    assert!(said.contains("nothing can be said of an edition up to 2022"), "{said}");
}

#[test]
fn costs_decide_what_is_cheapest() {
    VIETNAM.write("costs.yml", "osi: 120\ntii: 60\n");
    let found = json(&["egdi", "goal", "--rank", "50", "--costs", "costs.yml"]);
    let steps = found["goals"][0]["cheapest"]["steps"].as_array().expect("steps").clone();
    let after = |part: &str| steps.iter().find(|step| step["part"] == part).expect("a step")["after"].clone();
    // All of TII first, the rest of OSI: 3 (needed - 0.67867) - (1 - 0.6973); HCI has no cost and stays.
    assert!(close(&after("tii"), 1.0) && close(&after("hci"), 0.6903));
    let needed = found["goals"][0]["needed"].as_f64().expect("a score");
    assert!(close(
        &after("osi"),
        0.6484 + 3.0 * (needed - (0.6484 + 0.6973 + 0.6903) / 3.0) - (1.0 - 0.6973)
    ));
    VIETNAM.write("wrong.yml", "osi: -3\ntti: 1\n");
    let said = chiso(&["egdi", "goal", "--rank", "0,50", "--costs", "wrong.yml"]).ends(2);
    insta::assert_snapshot!("wrong_costs", said.stderr);
}

#[test]
fn answers_are_read_in_both_languages() {
    for (lang, name) in [("vi", "whatif_vi"), ("en", "whatif_en")] {
        let args = [
            "egdi",
            "whatif",
            "--set",
            "osi=0.85,hci=+0.05",
            "--set",
            "internet_users=90,mobile=+5%",
            "--lang",
            lang,
        ];
        insta::assert_snapshot!(name, chiso(&args).ends(0).stdout);
    }
    for (lang, name) in [("vi", "uncertainty_vi"), ("en", "uncertainty_en")] {
        let args = ["egdi", "uncertainty", "--draws", "512", "--lang", lang];
        insta::assert_snapshot!(name, chiso(&args).ends(0).stdout);
    }
    for (lang, name) in [("vi", "goal_vi"), ("en", "goal_en")] {
        let args = ["egdi", "goal", "--rank", "50,90", "--country", "Viet Nam", "--lang", lang];
        insta::assert_snapshot!(name, chiso(&args).ends(0).stdout);
    }
}

#[test]
fn wrong_settings_are_told_all_at_once() {
    let wrong =
        "ossi=0.3,egdi=1,tii=5%,osi,internet-users=120,enrolment=+5,fixed-telephone=3,hci=0.9,literacy=99";
    let said = chiso(&["egdi", "whatif", "--set", wrong, "--set", "osi=+2"]).ends(2);
    insta::assert_snapshot!(said.stderr);
    let said = chiso(&["egdi", "goal", "--rank", "50", "--country", "VNN", "--edition", "2021"]).ends(2);
    assert!(
        said.stderr.contains("did you mean `VN`?") && said.stderr.contains("no edition `2021`"),
        "{}",
        said.stderr
    );
}

#[test]
fn ranks_are_as_unsure_as_an_independent_computation_says() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/oracle/uncertainty.csv");
    let mut reader = csv::Reader::from_path(path).expect("tests/oracle/uncertainty.csv");
    let found = json(&["egdi", "uncertainty", "--edition", "2022", "--draws", "8192"]);
    let bands: BTreeMap<&str, &Value> = found["bands"]
        .as_array()
        .expect("bands")
        .iter()
        .map(|band| (band["organisation"].as_str().expect("an id"), band))
        .collect();
    assert_eq!(bands.len(), 193);
    let mut apart = 0;
    for record in reader.records() {
        let record = record.expect("readable");
        let band = bands[if &record[0] == "VNM" { "VN" } else { &record[0] }];
        let cell = |at: usize| record[at].parse::<i64>().expect("a rank");
        assert_eq!(band["rank"].as_i64(), Some(cell(1)), "{band}");
        for (at, share) in [(2, "0.05"), (3, "0.25"), (4, "0.5"), (5, "0.75"), (6, "0.95")] {
            // Both draw at random: a rank may lie on either side of a share of draws.
            let differs = (band["quantiles"][share].as_i64().expect("a rank") - cell(at)).abs();
            assert!(differs <= 1, "{band}, expected {record:?}");
            apart += differs;
        }
    }
    assert!(apart <= 193, "{apart} of 965 quantiles differ");
    // Five doubts, all of them drawn; shares are shares, and no interaction makes a total less than its first order.
    assert_eq!(found["choices"]["stand-ins"], 3);
    for (doubt, share) in found["shares"].as_object().expect("shares") {
        let of = |key: &str| share[key]["value"].as_f64().expect("a share");
        assert!(
            (-0.02..=1.0).contains(&of("first")) && of("total") >= of("first") - 0.02,
            "{doubt}: {share}"
        );
    }
    assert_eq!(found["shares"].as_object().expect("shares").len(), 5);
    assert!(found["last_change"].as_f64().is_some_and(|change| change < 0.02), "{}", found["last_change"]);
    // The same seed gives the same bytes, another one others.
    let small = ["egdi", "uncertainty", "--draws", "256", "--all"];
    let (once, again) = (chiso(&small).ends(0).stdout, chiso(&small).ends(0).stdout);
    assert_eq!(once, again);
    assert_ne!(once, chiso(&[&small[..], &["--seed", "2"]].concat()).ends(0).stdout);
}

#[test]
fn classes_and_ranges_that_are_none_are_told() {
    let project = TestProject::copy_of(".");
    let tree = "indicators/index/egdi.yml";
    project.edit(tree, "{ from: 0.5, name", "{ from: 0.8, name");
    project.edit(tree, "{ from: 0.25, name", "{ from: 0.25, above: 0.3, name");
    project.edit(tree, "osi: { range: [0, 1] }", "osi: { range: [1, 1] }");
    let said = project.chiso(&["check"]).ends(1).stderr;
    for message in [
        "classes fall from the best to the least",
        "a class begins at one score",
        "the ends of the range 1 and 1 do not rise",
    ] {
        assert!(said.contains(message), "{said}");
    }
}
