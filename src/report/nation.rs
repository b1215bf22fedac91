//! The site of a nation in full, for the test of what its pages weigh: 34 provinces, 163 units, 3,321 communes.

use std::sync::Arc;

use crate::model::measure::{Measure, Missing};
use crate::model::organisation::Organisation;
use crate::model::progress::{Status, TargetProgress};
use crate::model::quality::{Expected, Grade, Outlier, SenderSummary, Trust, Verdict};
use crate::model::results::{Observation, Results};
use crate::model::text::{Lang, Text};
use crate::report::Templates;
use crate::report::definition::ReportDefinition;
use crate::report::fixture::{self, Page, indicator_id, observation, org_id};

/// No page of a site is heavier than this.
const MOST_BYTES: usize = 500_000;

fn organisations() -> Vec<Organisation> {
    let org = |id: String, level: &str, parent: &str| Organisation {
        name: Text::both(format!("Cơ quan, địa phương {id}"), format!("Body of the state {id}")),
        id: org_id(&id),
        level: level.to_owned(),
        parent: (!parent.is_empty()).then(|| org_id(parent)),
        valid_from: None,
        valid_to: None,
    };
    let mut all = vec![org("VN".to_owned(), "country", "")];
    all.extend((1..=17).map(|n| org(format!("G{n:02}"), "ministry", "VN")));
    all.extend((1..=34).map(|n| org(format!("H{n:02}"), "province", "VN")));
    all.extend((1..=163).map(|n| org(format!("U{n:03}"), "province-unit", "H01")));
    all.extend((0..3321).map(|n| org(format!("C{n:04}"), "commune", &format!("H{:02}", n % 34 + 1))));
    all
}

/// Every body has all numbers of eight months, with parts; each fiftieth was silent in the last.
fn observations(organisations: &[Organisation]) -> Vec<Observation> {
    let mut all = vec![];
    for (n, org) in (0u32..).zip(organisations) {
        for month in 5..=8 {
            let period = format!("2026-{month:02}");
            let received = f64::from(1000 + n * 7 + month * 13);
            let on_time = f64::from(700 + n * 5 + month * 11);
            let rate = match n % 50 == 49 && month == 8 {
                true => observation(
                    "on-time",
                    org.id.as_str(),
                    &period,
                    "",
                    Measure::Missing(Missing::NotReported),
                ),
                false => Observation {
                    numerator: Some(on_time),
                    denominator: Some(received),
                    status: "P".to_owned(),
                    source: Some(format!("inbox/dossiers/dossiers_{}_{period}.csv", org.id)),
                    ..observation(
                        "on-time",
                        org.id.as_str(),
                        &period,
                        "",
                        Measure::Value(100.0 * on_time / received),
                    )
                },
            };
            all.push(rate);
            let first = f64::from(n % 7);
            let parts = [
                ("", 25.0 + first),
                ("progress", 10.0 + first),
                ("payment", 8.0),
                ("three", 5.0),
                ("four", 2.0),
            ];
            let of_part = |(part, value): (&str, f64)| {
                observation("score", org.id.as_str(), &period, part, Measure::Value(value))
            };
            all.extend(parts.map(of_part));
        }
    }
    all
}

fn trust() -> Trust {
    Trust {
        grade: Grade::B,
        reasons: ["incomplete", "rejected", "provisional"].map(str::to_owned).to_vec(),
        deliveries: Some((7, 8)),
        rows: (120_000, 1_300),
        checks: vec![],
    }
}

fn senders(organisations: &[Organisation]) -> Vec<SenderSummary> {
    let sender = |org: &Organisation| SenderSummary {
        org: Some(org.id.clone()),
        expected: 24,
        on_time: 13,
        late: 5,
        untimed: 2,
        not_reported: 3,
        awaited: 1,
        partial: 4,
        most_days_late: Some(29),
        rows_loaded: 123_456,
        rows_rejected: 789,
        checks: vec!["adds-up".to_owned()],
        outliers: 2,
    };
    organisations.iter().map(sender).collect()
}

/// A target that is read on every commune.
fn progress(results: &Results) -> Vec<TargetProgress> {
    let known = results.progress.iter().find(|row| row.status == Status::Missed).expect("in the fixture");
    let communes = results.organisations.iter().filter(|org| org.level == "commune");
    communes.map(|org| TargetProgress { org: Some(org.id.clone()), ..known.clone() }).collect()
}

fn results() -> Results {
    let mut results = fixture::results();
    results.organisations = organisations();
    let levels = ["country", "ministry", "province", "province-unit", "commune"];
    results.levels = levels.map(|id| fixture::named_level(id, Text::both(id, id))).into_iter().collect();
    results.observations = observations(&results.organisations);
    let score = results.indicators.iter_mut().find(|one| one.id.as_str() == "score").expect("in the fixture");
    score.breakdown.extend(["three", "four"].map(|part| (part.to_owned(), Text::both(part, part))));
    results.restated.clear();
    results.revisions = results.revisions.iter().cycle().take(100).cloned().collect();
    for revision in &mut results.revisions {
        revision.org = org_id("H07");
    }
    results.progress.extend(progress(&results));
    let trust = Arc::new(trust());
    results.observations.iter_mut().for_each(|number| number.trust = Some(trust.clone()));
    results.quality.rules = vec![Expected {
        rule: "dossiers".to_owned(),
        title: Text::both("Hồ sơ", "Dossiers"),
        excepted: vec![],
    }];
    results.quality.senders = senders(&results.organisations);
    let outlier = |n: usize| Outlier {
        indicator: indicator_id("on-time"),
        org: org_id(&format!("C{n:04}")),
        period: "2026-08".parse().expect("a period"),
        breakdown: String::new(),
        value: 12.5,
        verdict: Verdict::Low,
        history: Some((87.5, -7.25)),
        peers: Some((88.1, -6.5)),
    };
    results.quality.outliers = (0..200).map(outlier).collect();
    results.rejects = results.rejects.iter().cycle().take(5_000).cloned().collect();
    let mut files = results.sources[0].files[0].clone();
    files.path = "inbox/dossiers/SYNTHETIC/dossiers_H01_2026-08.csv".to_owned();
    results.sources[0].files = vec![files; 2_000];
    let broken = results.checks[0].rows[0].clone();
    results.checks[0].rows = vec![broken; 100];
    let checks = (0..50).map(|n| {
        let mut check = results.checks[0].clone();
        check.id = format!("adds-up-{n}");
        check
    });
    results.checks.extend(checks.collect::<Vec<_>>());
    results
}

/// All pages in one language: both are alike in weight, and one takes half the time.
fn pages() -> Vec<Page> {
    let levels = ["country", "ministry", "province", "province-unit", "commune"];
    let definition = ReportDefinition {
        languages: vec![Lang::Vi],
        organisation_pages: levels.map(str::to_owned).to_vec(),
        ..fixture::definition()
    };
    fixture::site(&definition, &results(), &Templates::default()).expect("a site")
}

#[test]
fn no_page_of_a_nation_is_heavy_and_none_leaves_a_body_out() {
    let pages = pages();
    let html = |path: &str| {
        let page = pages.iter().find(|page| page.path == path).unwrap_or_else(|| panic!("no page {path}"));
        String::from_utf8(page.bytes.clone()).expect("pages are UTF-8")
    };
    let heavy: Vec<_> = pages
        .iter()
        .filter(|page| page.path.ends_with(".html") && page.bytes.len() > MOST_BYTES)
        .map(|page| (&page.path, page.bytes.len()))
        .collect();
    assert!(heavy.is_empty(), "{heavy:?}");
    // The charts of all levels stand on a page of their own, which the page of the indicator leads to.
    assert!(html("vi/indicator/on-time.html").contains("href=\"../bodies/on-time.html\""));
    for figure in ["spread-2", "courses-2", "spread-4"] {
        assert!(html("vi/bodies/on-time.html").contains(&format!("<figure id=\"{figure}\"")), "{figure}");
    }
    // Every commune stands in the ranking, on its sheets, and on the page of its province.
    let sheets = pages.iter().filter(|page| page.path.starts_with("vi/indicator/on-time"));
    let ranking: String = sheets.map(|page| String::from_utf8_lossy(&page.bytes)).collect();
    let without: Vec<_> =
        (0..3321).filter(|n| !ranking.contains(&format!("organisation/C{n:04}.html"))).collect();
    assert_eq!(without, [0; 0]);
    assert!(html("vi/organisations.html").contains("organisation/H34.html#children"));
    assert_eq!(html("vi/organisation/H34.html").matches("href=\"../organisation/C").count(), 97);
}
