//! Periods of both calendars through the whole program, and the working days of the root project.

mod project;

use chiso::model::period::Period;
use chrono::{Datelike, Days, Months, NaiveDate};
use project::TestProject;

/// A file of the root project.
fn root(path: &str) -> String {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

// Indicators in the administrative calendar.

/// The small project with dossiers, counted by administrative and by civil quarters.
fn with_dossiers() -> TestProject {
    let project = TestProject::small();
    let sources = project.read("sources.yml")
        + "  - id: dossiers
    title: { vi: Hồ sơ, en: Dossiers }
    table: fact.dossier
    path: data/dossiers.csv
    publisher: A ministry
    licence: MIT
";
    project.write("sources.yml", sources);
    project.write(
        "queries/tables/fact.dossier.yml",
        "row: One dossier
key: [dossier_code]
columns:
  dossier_code: { type: text, required: true }
  agency_code:  { type: text, required: true }
  received_on:  { type: date, required: true }
  is_on_time:   { type: boolean, yes: [Y], no: [N], required: true }
",
    );
    project.write(
        "data/dossiers.csv",
        "dossier_code,agency_code,received_on,is_on_time
D0,A,2025-12-14,Y
D1,A,2025-12-15,Y
D2,A,2025-12-20,N
D3,A,2026-03-14,Y
D4,A,2026-03-15,Y
D5,A,2026-03-20,Y
",
    );
    for (id, period) in [("reported", "quarter\ncalendar: administrative"), ("handled", "quarter")] {
        project.write(
            &format!("indicators/{id}.yml"),
            format!(
                "id: {id}
title: {{ vi: Hồ sơ đúng hạn, en: Dossiers on time }}
unit: percent
direction: higher-is-better
shape: ratio
decimals: 1
period: {period}
headline: A
sources: [dossiers]
method: {{ vi: Tỷ lệ, en: A share }}
"
            ),
        );
        project.write(
            &format!("queries/{id}.sql"),
            "SELECT
    agency_code AS org_id,
    count(*) FILTER (WHERE is_on_time) AS numerator,
    count(*) AS denominator
FROM fact.dossier
WHERE received_on BETWEEN $period_start AND $period_end
GROUP BY agency_code
ORDER BY agency_code
",
        );
    }
    project.edit("reports/site.yml", "[online-share]", "[online-share, reported, handled]");
    project
}

const OBSERVED: &str = "SELECT indicator, period, CAST(numerator AS INTEGER), CAST(denominator AS INTEGER) FROM out.observation \
     WHERE org_id = 'A' AND indicator <> 'online-share' ORDER BY indicator, period";

#[test]
fn an_administrative_quarter_counts_the_dossiers_of_its_days() {
    let project = with_dossiers();
    project.chiso(&["run", "--period", "2026-Q1-adm"]).ends(0);
    // 2026-Q1-adm is 2025-12-15 to 2026-03-14; the last civil quarter that was over by then is 2025-Q4.
    assert_eq!(
        project.rows(OBSERVED),
        ["handled | 2025-Q4 | 2 | 3", "reported | 2025-Q4-adm | 1 | 1", "reported | 2026-Q1-adm | 2 | 3"]
    );

    let page = project.read("build/site/vi/indicator/reported.html");
    assert!(page.contains("Quý I/2026 (15/12/2025\u{a0}– 14/03/2026)"), "{page}");
    assert!(page.contains("hành chính: mỗi tháng tính từ ngày 15 của tháng trước đến hết ngày 14"), "{page}");
    let page = project.read("build/site/en/indicator/reported.html");
    assert!(page.contains("Q1 2026 (15 December 2025\u{a0}– 14 March 2026)"), "{page}");
    assert!(page.contains("administrative: a month runs from day 15 of the month before"), "{page}");
    assert!(project.read("build/site/en/indicator/handled.html").contains("Q4 2025"));

    let export = project.read("build/export/observations.csv");
    let line =
        |start: &str| export.lines().find(|line| line.starts_with(start)).unwrap_or_default().to_owned();
    assert!(line("reported,").contains(",2025-Q4-adm,administrative,2025-09-15,2025-12-14,"), "{export}");
    assert!(export.contains(",2026-Q1-adm,administrative,2025-12-15,2026-03-14,"), "{export}");
    assert!(line("handled,").contains(",2025-Q4,civil,2025-10-01,2025-12-31,"), "{export}");
}

#[test]
fn a_run_for_a_civil_quarter_takes_the_administrative_one_that_is_over() {
    let project = with_dossiers();
    project.chiso(&["run", "--period", "2026-Q1"]).ends(0);
    assert_eq!(
        project.rows(OBSERVED),
        [
            "handled | 2025-Q4 | 2 | 3",
            "handled | 2026-Q1 | 3 | 3",
            "reported | 2025-Q4-adm | 1 | 1",
            "reported | 2026-Q1-adm | 2 | 3",
        ]
    );
}

#[test]
fn every_kind_of_period_can_be_computed() {
    let project = with_dossiers();
    for (kind, asked, expected) in [
        ("month", "2026-03", "2026-03 | 3 | 3"),
        ("quarter", "2026-H1", "2026-Q1 | 3 | 3"),
        ("half", "2026-9M", "2026-H1 | 3 | 3"),
        ("nine-months", "2026", "2026-9M | 3 | 3"),
        ("year-to-date", "2026-YTD-08", "2026-YTD-08 | 3 | 3"),
        ("year", "2026", "2026 | 3 | 3"),
        ("year", "2026-9M", "2025 | 2 | 3"),
        ("half\ncalendar: administrative", "2026-9M-adm", "2026-H1-adm | 4 | 5"),
        ("nine-months\ncalendar: administrative", "2026-9M-adm", "2026-9M-adm | 4 | 5"),
        ("year-to-date\ncalendar: administrative", "2026-YTD-03-adm", "2026-YTD-03-adm | 2 | 3"),
        ("year\ncalendar: administrative", "2026-adm", "2026-adm | 4 | 5"),
    ] {
        let yaml = project.read("indicators/handled.yml");
        let period =
            yaml.split_once("period: ").expect("a period").1.split("\nheadline").next().expect("a kind");
        project.write(
            "indicators/handled.yml",
            yaml.replace(&format!("period: {period}\n"), &format!("period: {kind}\n")),
        );
        project.chiso(&["run", "--period", asked]).ends(0);
        let last = project.rows(
            "SELECT period, CAST(numerator AS INTEGER), CAST(denominator AS INTEGER) FROM out.observation \
             WHERE indicator = 'handled' AND org_id = 'A' ORDER BY period DESC LIMIT 1",
        );
        assert_eq!(last, [expected], "{kind} up to {asked}");
    }
}

// Working days.

/// The holidays of the root project, for some years, beside the small project.
fn with_holidays(years: &[&str]) -> TestProject {
    let project = TestProject::small();
    let sources = project.read("sources.yml")
        + "  - id: holidays
    title: { vi: Ngày nghỉ, en: Holidays }
    table: ref.holiday
    path: data/holidays_*.csv
    publisher: A ministry
    licence: MIT
";
    project.write("sources.yml", sources);
    for path in ["queries/tables/ref.holiday.yml", "queries/tables/ref.working_day.sql"] {
        project.write(path, root(path));
    }
    let check = "queries/checks/holidays-fit-the-week.sql";
    project.write(check, root(check));
    for year in years {
        project
            .write(&format!("data/holidays_{year}.csv"), root(&format!("data/vietnam/holidays_{year}.csv")));
    }
    project
}

const YEARS: [&str; 3] = ["2024", "2025", "2026"];

#[test]
fn working_days_skip_holidays_and_count_make_up_days() {
    let project = with_holidays(&YEARS);
    project.chiso(&["run"]).ends(0);

    // The n-th working day after (or before) a day.
    let shifted = |day: &str, n: i32| {
        project.rows(&format!(
            "SELECT other.day FROM ref.working_day AS one JOIN ref.working_day AS other \
             ON other.is_working AND other.ordinal = one.ordinal + ({n}) WHERE one.day = DATE '{day}'"
        ))
    };
    // Sat 26 made up, Mon 28, Tue 29; 30 April to 4 May off; Mon 5, Tue 6.
    assert_eq!(shifted("2025-04-25", 5), ["2025-05-06"]);
    // From a day off the first working day counts as the first.
    assert_eq!(shifted("2025-05-01", 1), ["2025-05-05"]);
    // Back from Fri 6 March: 5 to 2 March, 27 to 23 February; 22 to 14 February off; 13 to 9 and 6 to 2 February, 30 January.
    assert_eq!(shifted("2026-03-06", -20), ["2026-01-30"]);
    // The year turns with 1 and 2 January off and Sat 10 made up.
    assert_eq!(shifted("2025-12-31", 6), ["2026-01-10"]);

    // Working days after one day, up to another.
    let between = |one: &str, other: &str| {
        project.rows(&format!(
            "SELECT later.ordinal - earlier.ordinal FROM (SELECT 1) \
             LEFT JOIN ref.working_day AS earlier ON earlier.day = DATE '{one}' \
             LEFT JOIN ref.working_day AS later ON later.day = DATE '{other}'"
        ))
    };
    // Sat 22 made up, 24 to 28 August; 29 August to 2 September off; 3 September.
    assert_eq!(between("2026-08-21", "2026-09-03"), ["7"]);
    // Seven days off from Thu 8 to Wed 14 February.
    assert_eq!(between("2024-02-07", "2024-02-15"), ["1"]);
    assert_eq!(between("2026-11-23", "2026-11-25"), ["1"]);
    // Nobody has said which days of 2027 are off.
    assert_eq!(between("2026-12-31", "2027-01-08"), ["~"]);
    assert_eq!(between("2023-12-29", "2024-01-03"), ["~"]);

    // Weekdays less twelve, twelve and fourteen of them off, and one, one and two made up.
    let by_year = "SELECT year(day), count(*), count(*) FILTER (WHERE is_working) FROM ref.working_day GROUP BY 1 ORDER BY 1";
    assert_eq!(project.rows(by_year), ["2024 | 366 | 251", "2025 | 365 | 250", "2026 | 365 | 249"]);
}

#[test]
fn a_year_without_its_file_is_not_guessed() {
    let years = "SELECT year(day), count(*) FROM ref.working_day GROUP BY 1 ORDER BY 1";
    // No difference may reach over a year that nobody knows.
    let project = with_holidays(&["2024", "2026"]);
    project.chiso(&["run"]).ends(0);
    assert_eq!(project.rows(years), ["2026 | 365"]);

    // A stray day of another year does not make that year known.
    let stray = "2027-02-08,Tết Âm lịch,Lunar New Year,holiday,a notice,memory,\n";
    project.write("data/holidays_2026.csv", project.read("data/holidays_2026.csv") + stray);
    project.chiso(&["run"]).ends(0);
    assert_eq!(project.rows(years), ["2026 | 365"]);
}

#[test]
fn holidays_that_cannot_be_are_said() {
    let project = with_holidays(&YEARS);
    let rows = "2025-12-31,Làm bù,Worked in exchange,working,a notice,memory,\n2026-01-01,Tết Dương lịch,New Year,holiday,a notice,memory,\n";
    project.write("data/holidays_2025.csv", project.read("data/holidays_2025.csv") + rows);
    let said = project.chiso(&["run"]).ends(1);
    assert!(said.stderr.contains("broken by 2 rows"), "{}", said.stderr);
    assert!(said.stderr.contains("date: 2025-12-31; detail: a make-up day on Wednesday"), "{}", said.stderr);
    let days = "SELECT count(*), count(DISTINCT day) FROM ref.working_day";
    assert_eq!(project.rows(days), ["1096 | 1096"]);
}

// The rules of the reporting systems.

/// The day that a rule of `reporting_periods.csv` names for the months from `first` to `last` of 2026.
fn day_by_rule(rule: &str, first: u32, last: u32) -> NaiveDate {
    let month = |month: u32| NaiveDate::from_ymd_opt(2026, month, 1).expect("a month");
    let date = |year: i32, month: u32, day: u32| NaiveDate::from_ymd_opt(year, month, day).expect("a day");
    let before = |day: u32| (month(first) - Months::new(1)).with_day(day).expect("a day");
    match rule {
        "day 15 of the month before" | "day 15 of the month before the quarter" => before(15),
        "day 16 of the month before the quarter" => before(16),
        "day 14 of the month" | "day 14 of the last month of the quarter" => date(2026, last, 14),
        "day 15 of the last month; sent before day 20" => date(2026, last, 15),
        "15 December of the year before" => date(2025, 12, 15),
        "14 June" => date(2026, 6, 14),
        "15 June" => date(2026, 6, 15),
        "14 September" => date(2026, 9, 14),
        "14 December" => date(2026, 12, 14),
        "first day of the calendar month" | "first day of the calendar quarter" | "1 January" => month(first),
        "last day" | "31 December" => month(last) + Months::new(1) - Days::new(1),
        other => panic!("no such rule: {other}"),
    }
}

#[test]
fn periods_have_the_days_that_each_reporting_system_says() {
    let text = root("data/vietnam/reporting_periods.csv");
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let mut checked = vec![];
    for row in reader.records() {
        let row = row.expect("a row");
        let (system, kind, start_rule, end_rule) = (&row[0], &row[1], &row[2], &row[3]);
        let ending = match system {
            "NĐ 09/2019 reports" => "-adm",
            "766 on the national portal" => "",
            // An older rule of its own, one day later: its periods are written by their days.
            "Government Inspectorate reports (TT 03/2013/TT-TTCP)" => {
                let days = (day_by_rule(start_rule, 1, 3), day_by_rule(end_rule, 1, 3));
                let span: Period = format!("{}/{}", days.0, days.1).parse().expect("a span");
                assert_eq!(span.to_string(), "2025-12-16/2026-03-15");
                continue;
            }
            other => panic!("no such system: {other}"),
        };
        let of_year: Vec<(String, u32, u32)> = match kind {
            "month" => (1..=12).map(|month| (format!("2026-{month:02}"), month, month)).collect(),
            "quarter" => (1..=4).map(|n| (format!("2026-Q{n}"), n * 3 - 2, n * 3)).collect(),
            "half year 1" => vec![("2026-H1".into(), 1, 6)],
            "half year 2" => vec![("2026-H2".into(), 7, 12)],
            "nine months" => vec![("2026-9M".into(), 1, 9)],
            "year" => vec![("2026".into(), 1, 12)],
            other => panic!("no such kind: {other}"),
        };
        for (text, first, last) in of_year {
            let period: Period = format!("{text}{ending}").parse().expect("a period");
            let expected = (day_by_rule(start_rule, first, last), day_by_rule(end_rule, first, last));
            assert_eq!((period.start(), period.end()), expected, "{system}: {period}");
            checked.push(period.to_string());
        }
    }
    assert_eq!(checked.len(), 12 + 4 + 4 + 12 + 4 + 1, "{checked:?}");
}
