//! Figures that others published, reproduced by the program from the data in the repository.

mod project;

use chiso::db::Db;
use project::{TestProject, shown_rows};

/// Runs the whole program on a copy of a project.
fn computed(folder: &str) -> TestProject {
    let project = TestProject::copy_of(folder);
    let said = project.chiso(&["run", "--period", "2026-Q3"]).ends(0);
    assert!(said.stdout.contains(", 0 broken,"), "{}", said.stdout);
    project
}

/// The total of an indicator as `numerator / denominator = value`.
fn total(db: &Db, indicator: &str, org: &str, period: &str) -> (Option<f64>, Option<f64>, Option<f64>) {
    let sql = "SELECT numerator, denominator, value FROM out.observation \
               WHERE indicator = $indicator AND org_id = $org AND period = $period AND breakdown = ''";
    let params = [("indicator", indicator.into()), ("org", org.into()), ("period", period.into())];
    let found = db.query(sql, &params).expect("valid");
    assert_eq!(found.rows.len(), 1, "{indicator} of {org} in {period}");
    let row = &found.rows[0];
    (row[0].number(), row[1].number(), row[2].number())
}

/// Numerator and denominator are exactly these, and the value is a hundred times one by the other.
#[track_caller]
fn is_share(db: &Db, (indicator, org, period): (&str, &str, &str), numerator: f64, denominator: f64) {
    let (found_numerator, found_denominator, value) = total(db, indicator, org, period);
    assert_eq!((found_numerator, found_denominator), (Some(numerator), Some(denominator)), "{indicator}");
    let difference = value.expect("a value") - 100.0 * numerator / denominator;
    assert!(difference.abs() < 1e-12, "{indicator}");
}

#[test]
fn vietnam() {
    let project = computed(".");
    let db = project.db();

    // National Public Service Portal, board of the 766 index, Phú Thọ, third quarter of 2026, read on 2026-09-26:
    // 464,494 dossiers, 403,016 on time, 17.35 of 20 points. Printed to two decimals.
    let phu_tho = ("index766-progress", "H44", "2026-Q3");
    let (numerator, denominator, points) = total(&db, phu_tho.0, phu_tho.1, phu_tho.2);
    assert_eq!((numerator, denominator), (Some(403_016.0), Some(464_494.0)));
    assert_eq!(format!("{:.2}", points.expect("a value")), "17.35");
    is_share(&db, ("on-time-rate", "H44", "2026-Q3"), 403_016.0, 464_494.0);
    assert_eq!(total(&db, "dossiers-received", "H44", "2026-Q3").2, Some(464_494.0));

    // The same board, all provinces, 2026-09-17: the total is the sum of its six groups, to the two decimals printed.
    let sums = shown_rows(
        &db,
        "SELECT count(*), count(*) FILTER (WHERE groups = 6 AND abs(total - parts) < 0.005) FROM (
             SELECT org_id, sum(value) FILTER (WHERE breakdown = '') AS total,
                 sum(value) FILTER (WHERE breakdown <> '') AS parts, count(*) FILTER (WHERE breakdown <> '') AS groups
             FROM out.observation JOIN ref.organisation USING (org_id)
             WHERE indicator = 'index766-score' AND period = '2026-01-01/2026-09-17' AND level = 'province'
             GROUP BY org_id)",
    );
    assert_eq!(sums, ["34 | 34"]);

    // United Nations E-Government Surveys 2003 to 2024: ranks of Viet Nam.
    let ranks = shown_rows(
        &db,
        "SELECT period, CAST(value AS INTEGER) FROM out.observation \
         WHERE indicator = 'egdi-rank' AND org_id = 'VN' AND breakdown = '' ORDER BY period",
    );
    let published = [97, 112, 105, 91, 90, 83, 99, 89, 88, 86, 86, 71];
    let years = [2003, 2004, 2005, 2008, 2010, 2012, 2014, 2016, 2018, 2020, 2022, 2024];
    let published: Vec<String> =
        years.iter().zip(published).map(|(year, rank)| format!("{year} | {rank}")).collect();
    assert_eq!(ranks, published);

    // National Public Service Portal, statistics page, 2026-01-01 to 2026-09-17.
    let year_to_date = "2026-01-01/2026-09-17";
    is_share(&db, ("full-process-service-rate", "VN", year_to_date), 390.0, 1_601.0);
    is_share(&db, ("online-dossier-share", "VN", year_to_date), 11_122_091.0, 11_722_823.0);

    assert_eq!(shown_rows(&db, "SELECT count(*), count(DISTINCT target_id) FROM ref.target"), ["52 | 52"]);
}

#[test]
fn canada() {
    let project = computed("examples/canada");
    let db = project.db();
    let year = "2023-04-01/2024-03-31";
    let is = |indicator, numerator, denominator| {
        is_share(&db, (indicator, "CA", year), numerator, denominator);
    };

    // Treasury Board of Canada Secretariat, service inventory 2023-2024, data pack (`dp_metrics`), lines 14 to 19.
    is("online-end-to-end-external", 375.0, 1_560.0);
    is("one-point-online-external", 713.0, 1_560.0);
    is("standards-met-external", 1_228.0, 1_674.0);
    is("online-end-to-end-external-high-volume", 55.0, 117.0);
    is("one-point-online-external-high-volume", 88.0, 117.0);
    is("standards-met-external-high-volume", 194.0, 288.0);
    // The same, departmental results (`drr_all`): dr2467, dr2468, dr2469.
    is("online-end-to-end-many-applications", 48.0, 90.0);
    is("high-volume-services-meeting-a-standard", 61.0, 117.0);
    is("online-applications-many-applications", 254_219_380.0, 393_465_336.0);
    // The same, management accountability (`maf_all`), summed over departments.
    is("client-feedback-channel", 1_553.0, 1_681.0);
    // The same, information brief: share of applications online, printed as 0.5610337868044937.
    let share = total(&db, "online-share", "CA", year).2.expect("a value");
    assert!((share / 100.0 - 0.561_033_786_804_493_7).abs() < 1e-15, "{share}");

    // Every cell of the publisher's tables, but for what the README names, is compared, and none differs.
    assert_eq!(shown_rows(&db, "SELECT count(*) FROM fact.cell_difference"), ["0"]);
    let checks = "SELECT count(*), sum(broken) FROM meta.check_result WHERE check_id LIKE 'published-%'";
    assert_eq!(shown_rows(&db, checks), ["6 | 0"]);
    let compared = shown_rows(
        &db,
        "SELECT published_table, count(*), count(DISTINCT row_key) \
         FROM fact.published_cell JOIN fact.computed_cell USING (published_table, row_key, measure) \
         GROUP BY ALL ORDER BY ALL",
    );
    let expected = [
        "dp_metrics | 41 | 1",
        "drr_all | 12 | 1",
        "ib_all | 702 | 78",
        "maf_all | 1326 | 78",
        "si_vol | 1474 | 1474",
        "ss_tml_perf_vol | 3282 | 1094",
    ];
    assert_eq!(compared, expected);
    // With the cells that name a row, by which rows find each other: year, department, service and the like.
    let information_brief = 702 + 78 * 2;
    let others = 41 + (12 + 1) + (1326 + 78 * 2) + 1474 * (1 + 4) + (3282 + 1094 * 4);
    assert_eq!((others, information_brief), (16_564, 858));
}

#[test]
fn boston() {
    let project = computed("tests/boston");
    let db = project.db();
    let half = "2011-07-01/2011-12-31";
    // Computed independently in SQL from the city's complete file; see `tests/boston/README.md`.
    is_share(&db, ("on-time-by-flag", "boston", half), 46_572.0, 58_093.0);
    is_share(&db, ("on-time-closed-with-target", "boston", half), 35_591.0, 43_821.0);
    is_share(&db, ("on-time-including-open", "boston", half), 35_591.0, 47_270.0);
    is_share(&db, ("online-share", "boston", half), 12_070.0, 58_251.0);
    // Printed to six decimals.
    let is_printed = |indicator: &str, expected: &str| {
        let value = total(&db, indicator, "boston", half).2.expect("a value");
        assert_eq!(format!("{value:.6}"), expected, "{indicator}");
    };
    is_printed("median-days", "0.924016");
    is_printed("mean-days", "41.397617");
    is_printed("ninetieth-percentile-days", "79.159580");
}
