//! Senders and numbers judged: who sent in time, which numbers are unlike others, how far each can be trusted; the rows
//! that were kept out as a workbook; and files read again.

mod project;

use project::{Said, TestProject};

/// Four provinces that must send their dossiers each month, due five days after it, and the share of those online.
fn provinces() -> TestProject {
    let project = TestProject::small();
    for gone in ["queries/checks/agencies-are-known.sql", "queries/tables/fact.open_service.sql"] {
        project.remove(gone);
    }
    for (path, text) in PROVINCES {
        project.write(path, text);
    }
    project
}

const PROVINCES: [(&str, &str); 9] = [
    (
        "quality.yml",
        "utc_offset: \"+07:00\"
deliveries:
  - id: monthly
    title: { vi: Hồ sơ tháng, en: Monthly dossiers }
    table: fact.service
    sender: org_id
    of: opened_on
    each: month
    levels: [province]
    due: { days: 5 }
    since: 2026-07-01
",
    ),
    (
        "queries/tables/ref.organisation.sql",
        "-- Organisations.
SELECT code AS org_id, name AS name_vi, name AS name_en,
    CASE WHEN code = 'VN' THEN 'country' WHEN code = 'A.1' THEN 'unit' ELSE 'province' END AS level,
    CASE WHEN code = 'A.1' THEN 'A' WHEN code <> 'VN' THEN 'VN' END AS parent_id,
    NULL AS valid_from,
    CASE WHEN code = 'D' THEN DATE '2026-07-31' END AS valid_to, 1 AS position
FROM ref.agency
",
    ),
    (
        "queries/tables/ref.organisation_code.sql",
        "-- Codes.
SELECT 'own' AS code_system, code, code AS org_id, NULL AS valid_from, NULL AS valid_to FROM ref.agency
",
    ),
    (
        "queries/tables/fact.service.yml",
        "row: One dossier
key: [service_code]
columns:
  service_code: { type: text, required: true, from: [MaHoSo, service_code] }
  agency_code:  { type: text, required: true }
  level:        { type: integer, required: true, min: 1, max: 4 }
  opened_on:    { type: date, required: true }
  applicant:    { type: text, from: [ChuHoSo], personal: drop }
organisations:
  org_id: { code: agency_code, system: own, on: opened_on }
",
    ),
    (
        "sources.yml",
        "sources:
  - id: agencies
    title: { vi: Cơ quan, en: Agencies }
    table: ref.agency
    path: data/agencies.csv
    publisher: A ministry
    licence: MIT
  - id: dossiers
    title: { vi: Hồ sơ, en: Dossiers }
    table: fact.service
    path: inbox/*.csv
    publisher: A ministry
    licence: MIT
    optional: true
",
    ),
    (
        "indicators/online-share.yml",
        "id: online-share
title: { vi: Dịch vụ trực tuyến, en: Services online }
unit: percent
direction: higher-is-better
shape: ratio
decimals: 1
period: month
params: { min_level: 3 }
sources: [dossiers]
method: { vi: Tỷ lệ, en: A share }
",
    ),
    (
        "queries/online-share.sql",
        "-- Services online: one row per body and one for the country.
WITH body AS (
    SELECT org_id, count(*) FILTER (WHERE level >= $min_level) AS numerator, count(*) AS denominator
    FROM fact.service
    WHERE opened_on BETWEEN $period_start AND $period_end
    GROUP BY org_id
)
SELECT org_id, numerator, denominator FROM body
UNION ALL
SELECT 'VN', CAST(sum(numerator) AS BIGINT), CAST(sum(denominator) AS BIGINT) FROM body HAVING count(*) > 0
ORDER BY org_id
",
    ),
    ("data/agencies.csv", "code,name\nVN,Việt Nam\nA,Hà Nội\nA.1,Phòng Một\nB,Huế\nC,Đà Nẵng\nD,Cũ\n"),
    ("data/services.csv", ""),
];

/// Days of 2026 at noon UTC, as seconds.
fn moment(month: u32, day: u32) -> String {
    let day = chrono::NaiveDate::from_ymd_opt(2026, month, day).expect("a day");
    day.and_hms_opt(12, 0, 0).expect("noon").and_utc().timestamp().to_string()
}

fn run_at(project: &TestProject, args: &[&str], moment: &str) -> Said {
    let output = project.command(args).env("SOURCE_DATE_EPOCH", moment).output().expect("the program starts");
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("UTF-8");
    Said {
        status: output.status.code().unwrap_or(-1),
        stdout: text(&output.stdout),
        stderr: text(&output.stderr),
    }
}

fn dossiers(sender: &str, month: u32, levels: &[u32]) -> String {
    let mut csv = "MaHoSo,agency_code,level,opened_on,ChuHoSo\n".to_owned();
    for (n, level) in levels.iter().enumerate() {
        csv += &format!("{sender}-{month}-{n},{sender},{level},2026-{month:02}-15,Nguyễn Văn A\n");
    }
    csv
}

const DELIVERIES: &str = "SELECT org_id, period, due_on, delivered_on, status, days_late FROM published.delivery \
                          ORDER BY period, org_id";

#[test]
fn who_sent_in_time_who_late_and_who_never() {
    let project = provinces();
    // The first load is on 3 August: July is due on the 5th.
    project.write("inbox/A.csv", dossiers("A.1", 7, &[4, 1]));
    run_at(&project, &["run", "--period", "2026-08"], &moment(8, 3)).ends(0);
    // C sends July on 9 August, four days late.
    project.write("inbox/C.csv", dossiers("C", 7, &[3]));
    run_at(&project, &["run", "--period", "2026-08"], &moment(8, 9)).ends(0);
    // On 3 September: A sends August, and B July a month late; C's August came on 20 August, before its end, and counts
    // only once it is sent again.
    project.write("inbox/C8.csv", dossiers("C", 8, &[3]));
    run_at(&project, &["run", "--period", "2026-08"], &moment(8, 20)).ends(0);
    project.write("inbox/A8.csv", dossiers("A", 8, &[4, 4]));
    project.write("inbox/B.csv", dossiers("B", 7, &[1]));
    run_at(&project, &["run", "--period", "2026-08"], &moment(9, 3)).ends(0);
    assert_eq!(
        project.rows(DELIVERIES),
        [
            "A | 2026-07 | 2026-08-05 | 2026-08-03 | on-time | ~",
            "B | 2026-07 | 2026-08-05 | 2026-09-03 | late | 29",
            "C | 2026-07 | 2026-08-05 | 2026-08-09 | late | 4",
            // It existed on the last day of July, and no longer in August.
            "D | 2026-07 | 2026-08-05 | ~ | not-reported | ~",
            "A | 2026-08 | 2026-09-05 | 2026-09-03 | on-time | ~",
            "B | 2026-08 | 2026-09-05 | ~ | awaited | ~",
            "C | 2026-08 | 2026-09-05 | ~ | awaited | ~",
        ]
    );
    // Nothing changes but the day: what was awaited is due now, and nothing else is judged otherwise.
    run_at(&project, &["run", "--period", "2026-08"], &moment(9, 6)).ends(0);
    let later = project.rows(DELIVERIES);
    assert_eq!(later[5], "B | 2026-08 | 2026-09-05 | ~ | not-reported | ~");
    assert_eq!(later[..5], project.rows(DELIVERIES)[..5]);
    // The same bytes read again under another contract did not come again.
    project.edit("queries/tables/fact.service.yml", "max: 4 }", "max: 5 }");
    run_at(&project, &["run", "--period", "2026-08"], &moment(9, 20)).ends(0);
    assert_eq!(project.rows(DELIVERIES), later);
}

#[test]
fn what_was_due_before_anything_was_loaded_is_not_called_late() {
    let project = provinces();
    project.write("inbox/A.csv", dossiers("A", 7, &[4]));
    run_at(&project, &["run", "--period", "2026-07"], &moment(10, 1)).ends(0);
    assert_eq!(project.rows(DELIVERIES)[0], "A | 2026-07 | 2026-08-05 | 2026-10-01 | untimed | ~");
    // What comes later is late all the same.
    project.write("inbox/B.csv", dossiers("B", 7, &[4]));
    run_at(&project, &["run", "--period", "2026-07"], &moment(10, 2)).ends(0);
    assert_eq!(project.rows(DELIVERIES)[1], "B | 2026-07 | 2026-08-05 | 2026-10-02 | late | 58");
}

#[test]
fn a_mark_says_what_is_missing_behind_a_number() {
    let project = provinces();
    project.write("inbox/A.csv", dossiers("A", 8, &[4, 1]));
    project.write("inbox/B.csv", dossiers("B", 8, &[4]));
    // One of C's rows does not fit: a tenth of them.
    let mut of_c = dossiers("C", 8, &[3; 9]);
    of_c += "C-x,C,9,2026-08-02,Trần Thị B\n";
    project.write("inbox/C.csv", of_c);
    run_at(&project, &["run", "--period", "2026-08"], &moment(9, 3));
    let marks = "SELECT org_id, mark, reasons, arrived, expected, rows_rejected, rows_read FROM published.quality \
                 WHERE period = '2026-08' ORDER BY org_id";
    assert_eq!(
        project.rows(marks),
        [
            "A | A | complete | 1 | 1 | 0 | 2",
            "B | A | complete | 1 | 1 | 0 | 1",
            "C | C | rejected | 1 | 1 | 1 | 10",
            // 1 of 13 rows is 7.7 %.
            "VN | C | rejected | 3 | 3 | 1 | 13",
        ]
    );
    // Without B two of three came, less than four fifths.
    let project = provinces();
    project.write("inbox/A.csv", dossiers("A", 8, &[4, 1]));
    project.write("inbox/C.csv", dossiers("C", 8, &[3]));
    run_at(&project, &["run", "--period", "2026-08"], &moment(9, 3)).ends(0);
    assert_eq!(project.rows(marks)[2], "VN | C | incomplete | 2 | 3 | 0 | 3");
    // The limit is the project's.
    project.write("quality.yml", format!("{}marks: {{ complete_c: 0.5 }}\n", project.read("quality.yml")));
    run_at(&project, &["run", "--period", "2026-08"], &moment(9, 3)).ends(0);
    assert_eq!(project.rows(marks)[2], "VN | B | incomplete | 2 | 3 | 0 | 3");
    // A project that asks nothing of anybody marks nothing.
    project.remove("quality.yml");
    run_at(&project, &["run", "--period", "2026-08"], &moment(9, 3)).ends(0);
    assert_eq!(project.rows(marks), [""; 0]);
}

#[test]
fn a_broken_rule_lowers_the_mark_of_what_it_affects() {
    let project = provinces();
    project.write("inbox/A.csv", dossiers("A", 8, &[4, 4]));
    project.write("inbox/B.csv", dossiers("B", 8, &[4, 4, 4, 1]));
    project.write("inbox/C.csv", dossiers("C", 8, &[1]));
    let rule = |affects: &str| {
        format!(
            "-- title: Few are full\n-- severity: error\n-- threshold: 0.8\n{affects}\
             SELECT org_id, count(*) FILTER (WHERE level = 4) AS broken, count(*) AS base FROM fact.service GROUP BY org_id\n"
        )
    };
    project.write("queries/checks/full.sql", rule(""));
    run_at(&project, &["run", "--period", "2026-08"], &moment(9, 3));
    let marks = "SELECT org_id, mark, checks FROM published.quality WHERE period = '2026-08' ORDER BY org_id";
    // 2 of 2; 3 of 4; 0 of 1; and 5 of 7 together, which is less than the threshold.
    assert_eq!(project.rows(marks), ["A | C | full", "B | A | ", "C | A | ", "VN | A | "]);
    project.write("queries/checks/full.sql", rule("-- affects: none\n"));
    run_at(&project, &["run", "--period", "2026-08"], &moment(9, 3));
    assert_eq!(project.rows(marks), ["A | A | ", "B | A | ", "C | A | ", "VN | A | "]);
    project.write("queries/checks/full.sql", rule("-- affects: online-shar\n"));
    let said = run_at(&project, &["check"], &moment(9, 3)).ends(1);
    assert!(said.stderr.contains("did you mean `online-share`?"), "{}", said.stderr);
}

#[test]
fn a_row_that_breaks_a_rule_marks_the_numbers_of_its_body_and_period() {
    let project = provinces();
    project.write("inbox/A7.csv", dossiers("A", 7, &[4]));
    project.write("inbox/A.csv", dossiers("A", 8, &[4]));
    project.write("inbox/B.csv", dossiers("B", 8, &[4]));
    project.write("inbox/C.csv", dossiers("C", 8, &[1]));
    let rule = |severity: &str, said: &str, columns: &str| {
        format!(
            "-- title: None is full\n-- severity: {severity}\n{said}\
             SELECT {columns} FROM fact.service WHERE level = 4 AND org_id <> 'B' AND month(opened_on) = 8\n"
        )
    };
    let (both, said) = ("org_id, '2026-08' AS period", "-- marks: org_id, period\n");
    let marks = |rule: String| {
        project.write("queries/checks/none.sql", rule);
        run_at(&project, &["run", "--period", "2026-08"], &moment(9, 3));
        project.rows(
            "SELECT org_id, mark, reasons, checks FROM published.quality WHERE period = '2026-08' AND checks <> '' \
             UNION ALL SELECT org_id, period, '', '' FROM published.quality WHERE period <> '2026-08' AND checks <> ''",
        )
    };
    // Not those of B, of the country, and of July.
    assert_eq!(marks(rule("error", said, both)), ["A | C | rules | none"]);
    assert_eq!(marks(rule("warning", said, both)), ["A | B | rules | none"]);
    assert_eq!(marks(rule("error", "", both)), [""; 0], "it does not say that it marks");
    // A row that speaks of one indicator.
    let of = |indicator: &str| rule("error", said, &format!("'{indicator}' AS indicator, {both}"));
    assert_eq!(marks(of("online-share")), ["A | C | rules | none"]);
    assert_eq!(marks(of("another")), [""; 0]);
    assert_eq!(marks(rule("error", &format!("{said}-- affects: none\n"), both)), [""; 0]);
    // A month is not of what is said of its year.
    assert_eq!(marks(rule("error", said, "org_id, '2026' AS period")), [""; 0]);
    let wrong = |rule: String, expected: &str| {
        project.write("queries/checks/none.sql", rule);
        let said = project.chiso(&["check"]).ends(1);
        assert!(said.stderr.contains(expected), "{}", said.stderr);
    };
    wrong(rule("error", said, "org_id"), "`period` is not there");
    wrong(rule("error", "-- marks: sender\n", both), "a rule marks by `org_id, period`, not by `sender`");
    wrong(rule("error", &format!("-- threshold: 0.1\n{said}"), both), "leave `marks` away, or `threshold`");
}

#[test]
fn what_is_wrong_in_the_rules_is_said_at_once() {
    let project = provinces();
    let quality = project.read("quality.yml");
    let check = |from: &str, to: &str, expected: &str| {
        assert!(quality.contains(from));
        project.write("quality.yml", quality.replace(from, to));
        let said = project.chiso(&["check"]).ends(1);
        assert!(said.stderr.contains(expected), "{}", said.stderr);
    };
    check("sender: org_id", "sender: org_idd", "did you mean `org_id`?");
    check("of: opened_on", "of: opened", "`fact.service` has no day, moment or period `opened`");
    check("fact.service", "fact.servic", "did you mean `fact.service`?");
    check("each: month", "each: any", "a delivery is made for one period after the other");
    check("+07:00", "7", "`7` is not an offset");
    check("since: 2026-07-01", "since: July", "`July` is not a day");
    check("deliveries:", "outliers: { points: 1 }\ndeliveries:", "two numbers have no spread");
    check("deliveries:", "marks: { complete: 1 }\ndeliveries:", "unknown field `complete`");
}

#[test]
fn a_rule_that_asks_nobody_says_so_in_every_run() {
    let project = provinces();
    project.write("inbox/A.csv", dossiers("A", 8, &[4]));
    project.edit("quality.yml", "[province]", "[provinces]");
    project.edit("quality.yml", "due:", "except: [Q]\n    due:");
    for _ in 0..2 {
        let said = run_at(&project, &["run", "--period", "2026-08"], &moment(9, 3)).ends(0);
        assert!(said.stderr.contains("no organisation is of the level `provinces`"), "{}", said.stderr);
        assert!(said.stderr.contains("did you mean `province`?"), "{}", said.stderr);
        assert!(said.stderr.contains("there is no organisation `Q` to leave out"), "{}", said.stderr);
    }
    project.edit("quality.yml", "[provinces]", "[province]");
    project.edit("quality.yml", "{ days: 5 }", "{ working_days: 5 }");
    let said = run_at(&project, &["run", "--period", "2026-08"], &moment(9, 3)).ends(0);
    assert!(said.stderr.contains("no `ref.working_day`"), "{}", said.stderr);
    assert_eq!(
        project
            .rows("SELECT DISTINCT status FROM published.delivery WHERE org_id = 'A' AND period = '2026-08'"),
        ["untimed"]
    );
}

#[test]
fn working_days_leave_out_the_days_off() {
    let project = provinces();
    project.edit("quality.yml", "{ days: 5 }", "{ working_days: 2 }");
    // Weekends, and 1 and 2 September 2026, a Tuesday and a Wednesday; nothing is known from October on.
    project.write(
        "queries/tables/ref.working_day.sql",
        "-- Working days.
WITH day AS (SELECT CAST(unnest(generate_series(DATE '2026-01-01', DATE '2026-09-30', INTERVAL 1 DAY)) AS DATE) AS day),
judged AS (SELECT day, isodow(day) <= 5 AND day NOT IN (DATE '2026-09-01', DATE '2026-09-02') AS is_working FROM day)
SELECT day, is_working, CAST(count(*) FILTER (WHERE is_working) OVER (ORDER BY day) AS INTEGER) AS ordinal FROM judged
",
    );
    project.write("inbox/A.csv", dossiers("A", 8, &[4]));
    run_at(&project, &["run", "--period", "2026-09"], &moment(10, 2)).ends(0);
    let due = "SELECT DISTINCT period, due_on FROM published.delivery ORDER BY period";
    // 31 July is a Friday; 31 August a Monday, after which Thursday is the first working day; September ends where nobody
    // knows what comes.
    assert_eq!(project.rows(due), ["2026-07 | 2026-08-04", "2026-08 | 2026-09-04", "2026-09 | ~"]);
}

/// The unit and shape that numbers are judged by, and what the query gives.
type Nature = (&'static str, &'static str, &'static str);

const COUNTS: Nature = ("count", "count", "numerator AS count");
const SHARES: Nature = ("percent", "ratio", "numerator, denominator");
const TIMES: Nature = ("days", "ratio", "numerator, denominator");

/// Figures as `org_id,period,numerator,denominator`, judged by what they are.
fn figures(rows: &[(&str, &str, f64, f64)], (unit, shape, given): Nature) -> TestProject {
    let mut csv = "org_id,period,numerator,denominator,value,missing,status\n".to_owned();
    for (org, period, numerator, denominator) in rows {
        csv += &format!("{org},{period},{numerator},{denominator},,,\n");
    }
    let indicator = format!(
        "id: rate\ntitle: {{ vi: Tỷ lệ, en: Rate }}\nunit: {unit}\ndirection: none\nshape: {shape}\nperiod: any\n\
         sources: [figures]\nmethod: {{ vi: Tỷ lệ, en: A rate }}\n"
    );
    let project = TestProject::of_figures(&csv, &indicator, given);
    project.write("quality.yml", "outliers: { limit: 3.5 }\n");
    let names: String = (1..=8).map(|n| format!("P{n},Tỉnh {n}\n")).collect();
    project.write("data/agencies.csv", format!("code,name\nA,Hà Nội\nB,Huế\nC,Đà Nẵng\n{names}"));
    project
}

fn months<'a>(org: &'a str, counts: &[f64]) -> Vec<(&'a str, &'static str, f64, f64)> {
    const MONTHS: [&str; 8] =
        ["2026-01", "2026-02", "2026-03", "2026-04", "2026-05", "2026-06", "2026-07", "2026-08"];
    counts.iter().zip(MONTHS).map(|(count, month)| (org, month, *count, 0.0)).collect()
}

const JUDGED: &str = "SELECT org_id, round(usual, 2), round(score, 3), verdict FROM published.outlier \
                      WHERE period = '2026-07' ORDER BY org_id";

#[test]
fn a_count_is_judged_by_those_before_it_and_by_its_size() {
    // Worked out by hand on the scale 2 sqrt(x + 3/8): for A the median of six is 20.0375, the deviation 0.4992, so that
    // the spread beyond the noise is (1.4826 * 0.4992)^2 - 1 < 0 and the score the bare difference to 25.3279.
    let mut rows = months("A", &[100.0, 110.0, 90.0, 105.0, 95.0, 100.0, 160.0]);
    // More than twice the usual 2 is nothing to speak of.
    rows.extend(months("B", &[2.0, 0.0, 3.0, 1.0, 2.0, 2.0, 5.0]));
    // A body whose numbers always move that much: median 64.79, deviation 4.640, spread 46.3.
    rows.extend(months("C", &[1000.0, 1400.0, 700.0, 1200.0, 900.0, 1100.0, 1500.0]));
    // Nothing where there always were 8 or so, and nothing where there were 2.
    rows.extend(months("P1", &[9.0, 7.0, 8.0, 10.0, 9.0, 8.0, 0.0]));
    rows.extend(months("P2", &[1.0, 2.0, 1.0, 3.0, 2.0, 2.0, 0.0]));
    // Five points say nothing, however far off the sixth lies.
    rows.extend(months("P3", &[9.0, 9.0, 9.0, 9.0, 9.0]));
    rows.push(("P3", "2026-07", 9000.0, 0.0));
    let project = figures(&rows, COUNTS);
    project.chiso(&["run"]).ends(0);
    assert_eq!(
        project.rows(JUDGED),
        [
            "A | 100 | 5.29 | high",
            "B | 2 | 1.555 | usual",
            "C | 1049.4 | 1.842 | usual",
            "P1 | 8.49 | -4.731 | zero",
            "P2 | 2 | -1.857 | usual",
        ]
    );
    assert_eq!(project.rows("SELECT DISTINCT period FROM published.outlier"), ["2026-07"]);
    let marks = "SELECT org_id, mark, reasons FROM published.quality ORDER BY org_id";
    assert_eq!(project.rows(marks), ["A | B | high", "P1 | B | zero"]);
}

#[test]
fn a_holiday_of_all_is_no_fault_of_one() {
    let names = ["P1", "P2", "P3", "P4", "P5", "P6", "P7", "P8"];
    let mut rows = vec![];
    for name in names {
        let last = if name == "P7" { 5.0 } else { 500.0 };
        rows.extend(months(name, &[1000.0, 1000.0, 1000.0, 1000.0, 1000.0, 1000.0, last]));
    }
    let project = figures(&rows, COUNTS);
    project.chiso(&["run"]).ends(0);
    let verdicts = project.rows("SELECT org_id FROM published.outlier WHERE verdict = 'low'");
    assert_eq!(verdicts, ["P7"]);
    // Alone, with no others to compare it with, the same half would be remarkable: 44.74 - 63.26 with noise 1.
    let alone = figures(&months("P1", &[1000.0, 1000.0, 1000.0, 1000.0, 1000.0, 1000.0, 500.0]), COUNTS);
    alone.chiso(&["run"]).ends(0);
    assert_eq!(alone.rows(JUDGED), ["P1 | 1000 | -18.519 | low"]);
}

#[test]
fn a_share_of_few_does_not_shout() {
    // The funnel, worked out by hand: median of asin(sqrt((x + 3/8) / (n + 3/4))) 1.169258, which is 84.72 %; spread beyond
    // the noise 0.000196937. 4 of 10 lie 3.1 off, 6,500 of 10,000 lie 15.5 off.
    let shares = [
        ("P1", 850.0, 1000.0),
        ("P2", 870.0, 1000.0),
        ("P3", 840.0, 1000.0),
        ("P4", 4.0, 10.0),
        ("P5", 8600.0, 10000.0),
        ("P6", 6500.0, 10000.0),
        ("P7", 855.0, 1000.0),
        ("P8", 845.0, 1000.0),
    ];
    let rows: Vec<_> = shares.iter().map(|(org, n, of)| (*org, "2026-07", *n, *of)).collect();
    let project = figures(&rows, SHARES);
    project.chiso(&["run"]).ends(0);
    let judged = "SELECT org_id, peers, round(peers_usual, 2), round(peers_score, 3), verdict FROM published.outlier ORDER BY org_id";
    let expected = [
        "P1 | 8 | 84.72 | 0.164 | usual",
        "P2 | 8 | 84.72 | 1.526 | usual",
        "P3 | 8 | 84.72 | -0.488 | usual",
        "P4 | 8 | 84.72 | -3.081 | usual",
        "P5 | 8 | 84.72 | 1.208 | usual",
        "P6 | 8 | 84.72 | -15.541 | low",
        "P7 | 8 | 84.72 | 0.497 | usual",
        "P8 | 8 | 84.72 | -0.164 | usual",
    ];
    assert_eq!(project.rows(judged), expected);
    // Seven bodies are too few.
    let project = figures(&rows[1..], SHARES);
    project.chiso(&["run"]).ends(0);
    assert_eq!(project.rows(judged), [""; 0]);
}

#[test]
fn a_time_of_few_does_not_shout() {
    // Worked out beside the program: ∛(days + 1/2) / (1 - 1 / (9 n)) has the median 2.1922, which is 10.04 days, and the
    // deviation 0.0697; the noise of means of a hundred, 2.1922^2 / 900, explains half of its square. Sixty days of one
    // dossier lie 3.0 off though they are six times the usual, sixteen days of four hundred lie 4.3 off.
    let times = [
        ("P1", 1000.0, 100.0),
        ("P2", 1100.0, 100.0),
        ("P3", 900.0, 100.0),
        ("P4", 60.0, 1.0),
        ("P5", 950.0, 100.0),
        ("P6", 6400.0, 400.0),
        ("P7", 1000.0, 100.0),
        ("P8", 0.0, 2.0),
    ];
    let rows: Vec<_> = times.iter().map(|(org, days, of)| (*org, "2026-07", *days, *of)).collect();
    let project = figures(&rows, TIMES);
    project.chiso(&["run"]).ends(0);
    let judged = "SELECT org_id, round(peers_usual, 2), round(peers_score, 3), verdict FROM published.outlier ORDER BY org_id";
    let expected = [
        "P1 | 10.04 | 0 | usual",
        "P2 | 10.04 | 0.653 | usual",
        "P3 | 10.04 | -0.696 | usual",
        "P4 | 10.04 | 3.029 | usual",
        "P5 | 10.04 | -0.342 | usual",
        "P6 | 10.04 | 4.336 | high",
        "P7 | 10.04 | 0 | usual",
        "P8 | 10.04 | -2.59 | usual",
    ];
    assert_eq!(project.rows(judged), expected);
    // One open dossier after another, whatever its age: none of them is unlike those before it.
    let ages = [3.0, 20.0, 9.0, 5.0, 14.0, 8.0, 40.0];
    let single: Vec<_> =
        months("A", &ages).into_iter().map(|(org, month, days, _)| (org, month, days, 1.0)).collect();
    let project = figures(&single, TIMES);
    project.chiso(&["run"]).ends(0);
    assert_eq!(project.rows(JUDGED), ["A | 12.3 | 1.955 | usual"]);
}

#[test]
fn no_number_is_judged_across_a_break() {
    let counts = [100.0, 100.0, 100.0, 100.0, 100.0, 100.0, 300.0];
    let project = figures(&months("A", &counts), COUNTS);
    let indicator = project.read("indicators/rate.yml");
    let with_break = "breaks: [{ at: 2026-07-01, why: { vi: Luật mới, en: New law } }]\nmethod:";
    project.write("indicators/rate.yml", indicator.replace("method:", with_break));
    project.chiso(&["run"]).ends(0);
    assert_eq!(project.rows(JUDGED), [""; 0]);
    project.write("indicators/rate.yml", indicator);
    project.chiso(&["run"]).ends(0);
    assert_eq!(project.rows("SELECT verdict FROM published.outlier"), ["high"]);
}

/// A project whose file of C has wrong rows: a level that is none, one that is too high, a day, a row that ends too early,
/// a blank one, a key that was there, and a code of nobody.
fn with_rejects() -> TestProject {
    let project = provinces();
    project.write(
        "inbox/C.csv",
        "MaHoSo,agency_code,level,opened_on,ChuHoSo\n\
         C1,C,4,2026-08-01,Nguyễn Văn A\n\
         C2,C,x,2026-08-02,Trần Thị B\n\
         C3,C,9,hôm qua,Lê Văn C\n\
         C9,C\n\
         \n\
         C1,C,1,2026-08-04,Phạm Thị D\n\
         C5,Z,1,2026-08-05,Hoàng Văn E\n\
         =C6(),C,2.5,2026-08-06,Vũ Thị F\n",
    );
    project.write("inbox/A.csv", dossiers("A.1", 8, &[4, 7]));
    run_at(&project, &["run", "--period", "2026-08"], &moment(9, 3)).ends(1);
    project
}

fn cells(path: &std::path::Path, sheet: &str) -> Vec<Vec<String>> {
    use calamine::Reader;
    let mut workbook = calamine::open_workbook_auto(path).expect("a workbook");
    let range = workbook.worksheet_range(sheet).expect("the sheet");
    range.rows().map(|row| row.iter().map(ToString::to_string).collect()).collect()
}

/// A part of a workbook as text.
fn part(path: &std::path::Path, name: &str) -> String {
    use std::io::Read;
    let mut archive = zip::ZipArchive::new(std::fs::File::open(path).expect("there")).expect("a workbook");
    let mut text = String::new();
    archive.by_name(name).expect("the part").read_to_string(&mut text).expect("text");
    text
}

#[test]
fn a_sender_gets_its_rows_back_with_what_is_wrong() {
    let project = with_rejects();
    let said = project.chiso(&["rejects", "--org", "C", "--to", "c.xlsx"]).ends(0);
    assert_eq!(said.stdout, "c.xlsx: 6 rows of 1 file, Đà Nẵng\n");
    let path = project.path("c.xlsx");
    let rows = cells(&path, "1");
    // As sent, without the names of persons; rows are counted as the file shows them.
    let expected = [
        ["inbox/C.csv", "", "", "", "", ""],
        ["Dòng trong tệp", "Lý do", "MaHoSo", "agency_code", "level", "opened_on"],
        ["3", "level: không phải số nguyên", "C2", "C", "x", "2026-08-02"],
        ["4", "level: lớn hơn 4; opened_on: không phải ngày dạng yyyy-mm-dd", "C3", "C", "9", "hôm qua"],
        ["5", "cả dòng: ít ô hơn số cột", "", "", "", ""],
        ["7", "MaHoSo: trùng khóa với một dòng trước", "C1", "C", "1", "2026-08-04"],
        ["8", "agency_code: không có cơ quan nào mang mã này trong `own`", "C5", "Z", "1", "2026-08-05"],
        ["9", "level: không phải số nguyên", "=C6()", "C", "2.5", "2026-08-06"],
    ];
    assert_eq!(rows, expected.map(|row| row.map(str::to_owned).to_vec()));
    // The wrong cells have a note each, and no formula was made of what a sender wrote.
    let notes = part(&path, "xl/comments1.xml");
    assert_eq!(notes.matches("<comment ref=").count(), 6);
    assert!(notes.contains("ref=\"E3\"") && notes.contains("không phải số nguyên"), "{notes}");
    assert!(notes.contains("đang ghi: hôm qua"), "{notes}");
    assert!(!part(&path, "xl/worksheets/sheet2.xml").contains("<f>"));
    let everything = format!("{}{notes}", part(&path, "xl/sharedStrings.xml"));
    assert!(!everything.contains("Trần Thị B") && !everything.contains("ChuHoSo"), "a person is in it");
    assert!(cells(&path, "Hướng dẫn").iter().flatten().any(|cell| cell.contains("Sửa các ô này")));

    let said = project.chiso(&["rejects", "--org", "C", "--lang", "en", "--to", "c-en.xlsx"]).ends(0);
    assert!(said.stdout.starts_with("c-en.xlsx"));
    let rows = cells(&project.path("c-en.xlsx"), "1");
    assert_eq!(rows[2][1], "level: not a whole number");
    // The same rejects give the same bytes.
    project.chiso(&["rejects", "--org", "C", "--to", "again.xlsx"]).ends(0);
    assert_eq!(
        std::fs::read(&path).expect("there"),
        std::fs::read(project.path("again.xlsx")).expect("there")
    );
}

#[test]
fn every_sender_gets_a_workbook_of_its_own() {
    let project = with_rejects();
    // A file that nobody can be asked about, and one that cannot be read.
    project.write("inbox/X.csv", "MaHoSo,agency_code,level,opened_on\nX1,ZZ,1,2026-08-05\n");
    project.write("inbox/A.csv", "MaHoSo,agency_code\nA1,A\n");
    run_at(&project, &["run", "--period", "2026-08"], &moment(9, 4)).ends(1);
    project.chiso(&["rejects", "--into", "out"]).ends(0);
    let mut names: Vec<String> = std::fs::read_dir(project.path("out"))
        .expect("written")
        .map(|entry| entry.expect("readable").file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    assert_eq!(names, ["A.xlsx", "C.xlsx", "unknown-sender.xlsx"]);
    // What a body below a sender sent goes to the sender: its former file is still in use, the new one was refused.
    let guide = cells(&project.path("out/A.xlsx"), "Hướng dẫn");
    let files: Vec<&Vec<String>> = guide.iter().filter(|row| row[1] == "inbox/A.csv").collect();
    assert_eq!(files.len(), 2, "{guide:?}");
    assert!(files.iter().any(|row| row[2].contains("không đọc được")), "{guide:?}");
    assert_eq!(cells(&project.path("out/unknown-sender.xlsx"), "1")[2][0], "2");

    let said = project.chiso(&["rejects", "--org", "B"]).ends(0);
    assert_eq!(said.stdout, "nothing of Huế was kept out\n");
    project.chiso(&["rejects"]).ends(2);
    let said = project.chiso(&["rejects", "--org", "Hu"]).ends(0);
    assert_eq!(said.stdout, "nothing of Huế was kept out\n");
}

/// The first forms of a new quarter may all be kept out: nobody gets the rows of another for that.
#[test]
fn a_row_kept_out_is_of_the_body_of_its_code_also_in_a_new_period() {
    let project = provinces();
    project.write(
        "queries/tables/fact.form.yml",
        "row: { vi: Một biểu, en: One form }
columns:
  code:  { type: text, required: true }
  month: { type: period, required: true }
  done:  { type: integer }
organisations:
  org_id: { code: code, system: own, on: month }
",
    );
    project.edit(
        "sources.yml",
        "  - id: dossiers\n",
        "  - id: forms
    title: { vi: Biểu, en: Forms }
    table: fact.form
    path: inbox/form/*
    publisher: Agencies
    licence: For official use
  - id: dossiers\n",
    );
    project.edit(
        "quality.yml",
        "deliveries:\n",
        "deliveries:
  - id: forms
    title: { vi: Biểu tháng, en: Monthly forms }
    table: fact.form
    sender: org_id
    of: month
    each: month
    levels: [province]
",
    );
    project.write("inbox/A.csv", dossiers("A.1", 8, &[4, 7]));
    project.write("inbox/form/c.csv", "code,month,done\nA,2026-08,x1\nC,2026-10,x2\n");
    run_at(&project, &["run", "--period", "2026-10"], &moment(11, 3));
    let sent =
        "SELECT org_id, sum(rows_rejected) FROM meta.sender_file WHERE rule = 'forms' GROUP BY 1 ORDER BY 1";
    assert_eq!(project.rows(sent), ["A | 1", "C | 1"]);
}

#[test]
fn the_terminal_says_who_owes_what() {
    let project = with_rejects();
    let said = project.chiso(&["quality"]).ends(1);
    insta::assert_snapshot!("quality_terminal", said.whole());
    let said = project.chiso(&["quality", "--org", "B", "--lang", "en"]).ends(1);
    insta::assert_snapshot!("quality_terminal_one", said.whole());
    let said = project.chiso(&["quality", "--json", "--org", "C"]).ends(1);
    let json: serde_json::Value = serde_json::from_str(&said.stdout).expect("JSON");
    let sender = &json["senders"][0];
    // Six rows in a file whose only sender is C: one of them under a code of nobody, one that could not be cut into cells.
    assert_eq!((&sender["org_id"], &sender["rows_loaded"]), (&"C".into(), &1.into()));
    assert_eq!(sender["rows_rejected"], 6);
    assert_eq!(json["deliveries"][0]["status"], "on-time");
    project.chiso(&["quality", "--org", "nobody"]).ends(2);
    project.remove("quality.yml");
    let said = project.chiso(&["quality"]).ends(1);
    assert!(said.stderr.contains("nothing is expected of anybody"), "{}", said.stderr);
}

#[test]
fn pages_and_exports_have_the_marks() {
    let project = with_rejects();
    let data = project.read("build/site/vi/data.html");
    assert!(data.contains("Đơn vị gửi số liệu") && data.contains("chưa báo cáo 1"), "no senders");
    assert!(data.contains("lớn hơn 4") && !data.contains("more than 4"), "rules are told in Vietnamese");
    let page = project.read("build/site/en/indicator/online-share.html");
    assert!(page.contains("class=\"grade grade-C\""), "no mark");
    assert!(page.contains("(Quality C: "), "nothing for those who hear the page");
    let csv = project.read("build/export/observations.csv");
    let head: Vec<&str> = csv.lines().next().expect("a head").split(',').collect();
    assert_eq!(head[26..], ["quality", "quality_reasons"]);
    assert!(csv.lines().any(|line| line.ends_with("C,rejected")), "{csv}");
}

#[test]
fn what_was_kept_out_is_read_again_on_demand() {
    let project = with_rejects();
    let files =
        "SELECT path, count(*) FROM meta.delivery WHERE source_id = 'dossiers' GROUP BY path ORDER BY path";
    let said = project.chiso(&["load"]).ends(1);
    assert!(said.stdout.starts_with("0 files loaded"), "{}", said.stdout);
    // As if an earlier version of the program had kept a good row out.
    let db = project.db();
    let stored =
        db.value("SELECT stored_table FROM meta.stored_table WHERE table_name = 'fact.service'", &[]);
    let stored = stored.expect("a table").shown();
    db.run(&format!(
        "UPDATE {stored} SET problem = 'level\u{1f}4\u{1f}not a whole number' WHERE service_code = 'A.1-8-0';
         UPDATE meta.delivery SET rows_loaded = rows_loaded - 1, rows_rejected = rows_rejected + 1 WHERE path = 'inbox/A.csv'"
    ))
    .expect("valid");
    drop(db);
    let said = project.chiso(&["load", "--replay"]).ends(1);
    assert_eq!(
        said.stdout,
        "2 files loaded: 9 rows read, 7 rejected\n\
         dossiers: 2 files read again; rows rejected 8 before, 7 now; files refused 0 before, 0 now\n"
    );
    assert_eq!(project.rows(files), ["inbox/A.csv | 2", "inbox/C.csv | 2"]);
    let loaded = "SELECT count(*) FROM fact.service WHERE service_code = 'A.1-8-0'";
    project.chiso(&["run"]);
    assert_eq!(project.rows(loaded), ["1"]);
    // A source or a file by its name is read again though nothing of it was kept out.
    let said = project.chiso(&["load", "--replay", "agencies", "inbox/A.csv"]).ends(1);
    assert!(said.stdout.contains("agencies: 1 file read again"), "{}", said.stdout);
    assert!(said.stdout.contains("dossiers: 1 file read again"), "{}", said.stdout);
    let said = project.chiso(&["load", "--replay", "agency"]).ends(2);
    assert!(said.stderr.contains("did you mean `agencies`?"), "{}", said.stderr);
    // Rows read = rows loaded + rows rejected, of every file.
    let wrong = "SELECT path FROM meta.delivery WHERE rows_read <> rows_loaded + rows_rejected";
    assert_eq!(project.rows(wrong), [""; 0]);
}

#[test]
fn who_owes_what_is_asked_for_it() {
    let project = provinces();
    project.write("inbox/A.csv", dossiers("A", 7, &[4]) + "A-9,A,2,2026-07-20,\n");
    project.write("inbox/B.csv", dossiers("B", 7, &[1]));
    project.edit("quality.yml", "    due:", "    basis: { vi: Điều 4, en: Article 4 }\n    due:");
    run_at(&project, &["run", "--period", "2026-07"], &moment(8, 3)).ends(0);
    // B is corrected for the worse, C and D have sent nothing, A is complete.
    project.write("inbox/B.csv", dossiers("B", 7, &[1, 9]));
    run_at(&project, &["run", "--period", "2026-07"], &moment(8, 10)).ends(1);
    let said = run_at(&project, &["gather", "--status", "--into", "chase"], &moment(8, 12)).ends(1);
    let line =
        |start: &str| said.stdout.lines().find(|line| line.starts_with(start)).expect("a line").to_owned();
    assert!(line("dossiers").contains("đã nhận"), "{}", said.stdout);
    let counts: Vec<String> = line("Hồ sơ tháng").split_whitespace().skip(3).map(str::to_owned).collect();
    // Four senders: two received, none late, one of them in part, two that sent nothing, none awaited.
    assert_eq!(counts, ["4", "2", "0", "1", "2", "0"], "{}", said.stdout);
    assert!(said.stdout.contains("3 rows in `chase/chase.csv`, 3 letters beside it"), "{}", said.stdout);

    let list = project.read("chase/chase.csv");
    let rows: Vec<&str> = list.lines().collect();
    assert_eq!(rows[1], "B,Huế,Hồ sơ tháng,2026-07,nhận một phần,2026-08-05,7,2,1,Điều 4,B.txt");
    assert_eq!(rows[2], "C,Đà Nẵng,Hồ sơ tháng,2026-07,chưa gửi,2026-08-05,7,,,Điều 4,C.txt");
    assert_eq!(rows.len(), 4);
    let letter = project.read("chase/C.txt");
    for part in [
        "Kính gửi: Đà Nẵng",
        "Tính đến ngày 12/08/2026",
        "Hồ sơ tháng (tháng 7/2026): chưa nhận được.",
        "Hạn gửi là ngày 05/08/2026, đã quá 7 ngày. Căn cứ: Điều 4.",
        "không được tính là bằng không",
    ] {
        assert!(letter.contains(part), "no {part:?} in:\n{letter}");
    }
    let letter = project.read("chase/B.txt");
    assert!(
        letter.contains("trong 2 dòng của các tệp gửi kèm có 1 dòng bị loại")
            && letter.contains("`chiso rejects --org B`"),
        "{letter}"
    );
    assert!(!project.path("chase/A.txt").exists());
    // And in English.
    run_at(&project, &["gather", "--status", "--into", "chase", "--lang", "en"], &moment(8, 12)).ends(1);
    assert!(project.read("chase/C.txt").contains("It was due on 5 August 2026, 7 days ago."));

    // The site says the same, as of the day of the run.
    let quality = project.read("build/site/en/data.html");
    assert!(quality.contains("<a href=\"chase.html\">"), "no way to the chase list");
    assert!(quality.contains("in part 1"), "{quality}");
    let page = project.read("build/site/en/chase.html");
    let row = |name: &str| {
        let (_, row) = page.split_once(&format!(">{name}<")).unwrap_or_else(|| panic!("no {name} in {page}"));
        let row = row.split_once("</tr>").expect("a row").0;
        let cells = row.split("<td").skip(1).map(|cell| cell.split_once('>').expect("a cell").1);
        cells.map(|cell| cell.split("</td>").next().expect("its end").to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(row("Huế")[..5], ["1", "0", "1", "0", "0"]);
    assert!(row("Huế")[5].contains("chase/B.txt"), "{:?}", row("Huế"));
    assert_eq!(row("Hà Nội"), ["1", "0", "0", "0", "0", ""]);
    assert_eq!(row("Đà Nẵng")[..5], ["0", "0", "0", "1", "0"]);
    let list = project.read("build/site/vi/chase/chase.csv");
    let owed = "C,Đà Nẵng,Hồ sơ tháng,2026-07,chưa gửi,2026-08-05,5,,,Điều 4,C.txt";
    assert!(list.lines().any(|row| row == owed), "{list}");
    assert!(project.read("build/site/vi/chase/C.txt").contains("Tính đến ngày 10/08/2026"));
    assert!(project.read("build/site/en/chase/C.txt").contains("5 days ago"));
    assert!(!project.path("build/site/en/chase/A.txt").exists());

    // A source that fails says so until it comes.
    project.remove("data/agencies.csv");
    run_at(&project, &["gather"], &moment(8, 13)).ends(1);
    let said = run_at(&project, &["gather", "--status"], &moment(8, 13)).ends(1);
    assert!(
        said.stdout.lines().any(|line| line.starts_with("agencies") && line.contains("no file at")),
        "{}",
        said.stdout
    );
}

#[test]
fn only_a_value_that_was_printed_is_taken_over() {
    let csv = "org_id,period,numerator,denominator,value,missing,status\nA,2026-07,,,4.5,,\n";
    let indicator = "id: rate\ntitle: { vi: Trung vị, en: Median }\nunit: days\ndirection: none\nshape: value\n\
                     period: any\nsources: [figures]\nmethod: { vi: Trung vị, en: A median }\n";
    let marks = |given: &str| {
        let project = TestProject::of_figures(csv, indicator, given);
        project.write("quality.yml", "outliers: { limit: 3.5 }\n");
        project.chiso(&["run"]).ends(0);
        project.rows("SELECT mark, reasons FROM published.quality")
    };
    assert_eq!(marks("value, 'page 7' AS source"), ["B | taken-over"]);
    assert_eq!(marks("value"), [""; 0], "it was computed, and nothing more is known of it");
}

#[test]
fn a_rule_without_rows_to_ask_does_not_hold() {
    let project = TestProject::small();
    project.write("data/services.csv", "service_code,agency_code,level,opened_on\n");
    let said = project.chiso(&["run"]);
    assert!(
        said.stdout.contains("0 of 1 hold, 0 broken, 0 to look at, 1 with nothing to check"),
        "{}",
        said.whole()
    );
    assert!(project.read("build/site/en/data.html").contains("Nothing to check"));
    assert!(project.read("build/run.json").contains("\"nothing_to_check\": 1"));
    project.write("data/services.csv", "service_code,agency_code,level,opened_on\nS1,A,4,2025-01-01\n");
    let said = project.chiso(&["run"]).ends(0);
    assert!(said.stdout.contains("1 of 1 hold, 0 broken, 0 to look at\n"), "{}", said.whole());
}
