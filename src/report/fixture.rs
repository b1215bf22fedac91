//! A small set of results, made by hand, for the tests of this room.

use std::sync::Mutex;

use crate::diagnostic::{Diagnostic, Problems};
use crate::model::changes::{
    Changes, DefinitionChange, NumberChange, SourceChange, TargetChange, TargetState,
};
use crate::model::id::{IndicatorId, OrgId, SourceId, TargetId};
use crate::model::indicator::{Break, Direction, Indicator, Restate, Shape, Unit};
use crate::model::intake::{CheckColumn, CheckResult, FileRecord, FileState, Reject, Severity, SourceStatus};
use crate::model::measure::{Measure, Missing};
use crate::model::organisation::{Level, Organisation, TileLayout, TilePlace};
use crate::model::period::{Calendar, PeriodKind};
use crate::model::progress::{Method, MethodValue, Pace, Point, Scale, Status, TargetProgress, Verdict};
use crate::model::quality::QualityResults;
use crate::model::reconciled::{Agreement, Difference, Reconciliation, Side};
use crate::model::restated::{Mark, Part, Restated};
use crate::model::results::{Observation, Results, RevisedNumber, Revision, Vintage};
use crate::model::target::{Comparator, Target};
use crate::model::text::{Lang, Text};
use crate::report::definition::{Download, ReportDefinition, Section, Topic};
use crate::report::{MadeFrom, Shelf, Templates, View, render};

/// A file of a site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// Its place.
    pub path: String,
    /// What it was made from.
    pub made_from: MadeFrom,
    /// What is in it.
    pub bytes: Vec<u8>,
}

/// A shelf in memory that has nothing yet.
#[derive(Default)]
struct Memory(Mutex<Vec<Page>>);

impl Shelf for Memory {
    fn keeps(&self, _: &str, _: MadeFrom) -> bool {
        false
    }

    fn put(&self, path: &str, made_from: MadeFrom, bytes: &[u8]) -> Result<(), Diagnostic> {
        let page = Page { path: path.to_owned(), made_from, bytes: bytes.to_vec() };
        self.0.lock().expect("no thread failed").push(page);
        Ok(())
    }
}

/// All files of a site, by path.
pub fn site(
    definition: &ReportDefinition,
    results: &Results,
    templates: &Templates,
) -> Result<Vec<Page>, Problems> {
    let memory = Memory::default();
    render(definition, &View::new(results), &[], templates, &memory)?;
    let mut pages = memory.0.into_inner().expect("no thread failed");
    pages.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(pages)
}

/// A text that markup, templates and attributes must not swallow.
pub const HOSTILE: &str = "<script>alert('1')</script> \"quoted\" {{ frame }} {% raw %} & <b>";

/// An id that is known to be valid.
pub fn indicator_id(text: &str) -> IndicatorId {
    text.parse().expect("a valid id")
}

/// An id that is known to be valid.
pub fn org_id(text: &str) -> OrgId {
    text.parse().expect("a valid id")
}

fn target_id(text: &str) -> TargetId {
    text.parse().expect("a valid id")
}

fn source_id(text: &str) -> SourceId {
    text.parse().expect("a valid id")
}

fn day(text: &str) -> chrono::NaiveDate {
    text.parse().expect("a valid day")
}

/// A report of everything in [`results`].
pub fn definition() -> ReportDefinition {
    let section = |id: &str, title: Text, indicators: &[&str], targets: bool| Section {
        id: id.to_owned(),
        title,
        intro: targets.then(|| Text::both("Kèm căn cứ pháp lý.", "With legal basis.")),
        indicators: indicators.iter().map(|id| indicator_id(id)).collect(),
        indices: vec![],
        targets,
    };
    ReportDefinition {
        id: "site".to_owned(),
        title: Text::both("Chỉ tiêu Chính phủ số", "Digital government indicators"),
        subtitle: Some(Text::both("Số liệu thử", "Test figures")),
        notice: None,
        publisher: Some(Text::both("Dự án chiso", "The chiso project")),
        languages: vec![Lang::Vi, Lang::En],
        sections: vec![
            section("dossiers", Text::both("Hồ sơ", "Dossiers"), &["on-time", "score", "unobserved"], false),
            section("targets", Text::both("Mục tiêu", "Targets"), &["egdi-rank"], true),
        ],
        topics: vec![Topic {
            id: "speed".to_owned(),
            title: Text::both("Nhanh và đúng hạn", "Speed"),
            intro: Some(Text::both("Tiến độ và chất lượng.", "Progress and quality.")),
            indicators: ["on-time", "score", "unobserved"].map(indicator_id).to_vec(),
        }],
        organisation_pages: vec!["country".to_owned(), "province".to_owned()],
        downloads: vec![Download {
            label: Text::both("Tệp CSV", "CSV file"),
            href: "../export/on-time.csv".to_owned(),
            indicator: Some(indicator_id("on-time")),
        }],
    }
}

/// A plain indicator.
pub fn indicator(id: &str, title: Text, unit: Unit, shape: Shape) -> Indicator {
    Indicator {
        id: indicator_id(id),
        title,
        unit,
        direction: Direction::HigherIsBetter,
        shape,
        decimals: 2,
        scale: if unit == Unit::Percent { 100.0 } else { 1.0 },
        period: PeriodKind::Any,
        calendar: Calendar::Civil,
        formula: 1,
        restate: if shape == Shape::Value { Restate::None } else { Restate::Sum },
        breaks: vec![],
        params: Default::default(),
        headline: Some(org_id("VN")),
        breakdown: vec![],
        targets: vec![],
        sources: vec![source_id("portal")],
        legal_basis: Some("QĐ 766/QĐ-TTg".to_owned()),
        method: Text::both("Tử số chia cho mẫu số.", "Numerator divided by denominator."),
        note: None,
        sql: String::new(),
    }
}

fn indicators() -> Vec<Indicator> {
    let mut on_time = indicator("on-time", Text::both("Đúng hạn", "On time"), Unit::Percent, Shape::Ratio);
    on_time.decimals = 1;
    on_time.targets = vec![target_id("942.DOS.25"), target_id("942.SAME.25")];
    on_time.breaks = vec![Break {
        at: day("2026-05-01"),
        why: Text::both("Đổi cách tính", "The method changed"),
        formula: Some(2),
    }];
    on_time.note = Some(Text::both("Số tạm thời.", "Provisional figures."));
    let mut score = indicator("score", Text::both("Chỉ số 766", "The 766 index"), Unit::Points, Shape::Value);
    score.breakdown = vec![
        ("progress".to_owned(), Text::both("Tiến độ", "Progress")),
        ("payment".to_owned(), Text::both("Thanh toán", "Payment")),
    ];
    on_time.breakdown = vec![
        ("online".to_owned(), Text::both("Trực tuyến", "Online")),
        ("paper".to_owned(), Text::both("Bản giấy", "On paper")),
    ];
    let mut rank = indicator("egdi-rank", Text::both("Hạng EGDI", "EGDI rank"), Unit::Rank, Shape::Value);
    rank.direction = Direction::LowerIsBetter;
    rank.decimals = 0;
    rank.targets = vec![target_id("749.EGDI.25"), target_id("942.EGDI.25")];
    let unobserved =
        indicator("unobserved", Text::both("Chưa quan sát", "Not observed"), Unit::Count, Shape::Count);
    vec![rank, on_time, score, unobserved]
}

fn organisations() -> Vec<Organisation> {
    let org = |id: &str, vi: &str, en: &str, level: &str, parent: Option<&str>| Organisation {
        id: org_id(id),
        name: Text::both(vi, en),
        level: level.to_owned(),
        parent: parent.map(org_id),
        valid_from: None,
        valid_to: None,
    };
    let mut old = org("OLD", "Tỉnh cũ", "Old province", "province", Some("VN"));
    old.valid_to = Some(day("2025-06-30"));
    vec![
        org("VN", "Việt Nam", "Viet Nam", "country", None),
        org("P1", "Tỉnh Phú Thọ", "Phu Tho", "province", Some("VN")),
        org("P2", "Thành phố Đà Nẵng", "Da Nang", "province", Some("VN")),
        org("P3", HOSTILE, HOSTILE, "province", Some("VN")),
        org("P4", "Tỉnh Cà Mau", "Ca Mau", "province", Some("VN")),
        org("P5", "Tỉnh Gia Lai", "Gia Lai", "province", Some("VN")),
        old,
        org("U1", "Sở Nội vụ", "Home affairs", "unit", Some("P1")),
    ]
}

/// The provinces before and since 1 July 2025; the one that ended lies on the first map alone.
fn layouts() -> Vec<TileLayout> {
    let tile = |(n, org): (usize, &&str)| TilePlace {
        org: org_id(org),
        name: Text::both(org.to_lowercase(), org.to_lowercase()),
        letters: (*org).to_owned(),
        at: (n as u32 % 3, n as u32 / 3),
    };
    let tiles = |orgs: &[&str]| orgs.iter().enumerate().map(tile).collect();
    let (last, first) = (day("2025-06-30"), day("2025-07-01"));
    vec![
        TileLayout { valid_from: None, valid_to: Some(last), tiles: tiles(&["P1", "P2", "P3", "P4", "OLD"]) },
        TileLayout { valid_from: Some(first), valid_to: None, tiles: tiles(&["P1", "P2", "P3", "P4", "P5"]) },
    ]
}

/// A value with its parts.
pub fn observation(
    indicator: &str,
    org: &str,
    period: &str,
    breakdown: &str,
    measure: Measure,
) -> Observation {
    Observation {
        indicator: indicator_id(indicator),
        org: org_id(org),
        period: period.parse().expect("a valid period"),
        breakdown: breakdown.to_owned(),
        numerator: None,
        denominator: None,
        measure,
        status: "A".to_owned(),
        formula: 1,
        after_break: false,
        is_partial: false,
        source: None,
        since: 2,
        trust: None,
    }
}

fn observations() -> Vec<Observation> {
    let value = |indicator: &str, org: &str, period: &str, value: f64| {
        observation(indicator, org, period, "", Measure::Value(value))
    };
    let mut all = vec![
        Observation { source: Some("UN survey 2022".to_owned()), ..value("egdi-rank", "VN", "2022", 86.0) },
        Observation { source: Some(HOSTILE.to_owned()), ..value("egdi-rank", "VN", "2024", 71.0) },
    ];
    let months = [("2026-03", 376.0), ("2026-04", 399.2), ("2026-05", 580.1), ("2026-08", 781.2)];
    all.extend(months.map(|(month, numerator)| Observation {
        numerator: Some(numerator),
        denominator: Some(1000.0),
        ..value("on-time", "VN", month, numerator / 10.0)
    }));
    all.push(Observation {
        numerator: Some(7996.0),
        denominator: Some(10_000.0),
        status: "P".to_owned(),
        ..value("on-time", "VN", "2026-09", 79.96)
    });
    all.push(value("on-time", "VN", "2025", 61.5));
    all.push(observation("on-time", "P1", "2026-09", "", Measure::Missing(Missing::NothingToCount)));
    all.push(value("on-time", "P2", "2026-09", f64::NAN));
    for (month, online, paper) in [("2026-08", 81.0, 71.0), ("2026-09", 82.5, 70.25)] {
        all.push(observation("on-time", "VN", month, "online", Measure::Value(online)));
        all.push(observation("on-time", "VN", month, "paper", Measure::Value(paper)));
    }
    let span = "2026-01-01/2026-09-17";
    for (org, progress, payment) in
        [("P1", 17.35, 8.0), ("P2", 15.0, 5.5), ("P3", 15.0, 5.5), ("P4", 9.0, 2.25)]
    {
        all.push(value("score", org, span, progress + payment));
        all.push(observation("score", org, span, "progress", Measure::Value(progress)));
        all.push(observation("score", org, span, "payment", Measure::Value(payment)));
    }
    all.push(value("score", "VN", span, 20.5));
    all.push(observation("score", "U1", span, "", Measure::Missing(Missing::NotReported)));
    all
}

/// What P1 would be had it been a quarter of the country, which is nowhere so but gives a number of each mark.
fn restated() -> Vec<Restated> {
    let part = |id: &str, share| Part { org: org_id(id), share };
    let of = |period: &str, mark, measure, parts| Restated {
        number: observation("on-time", "P1", period, "", measure),
        map_on: day("2026-09-30"),
        mark,
        known: 1,
        parts,
        formula: Some(1),
    };
    let quarter = part("VN", Some(0.25));
    let mut march = of("2026-03", Mark::Estimated, Measure::Value(37.6), vec![quarter.clone()]);
    march.number.numerator = Some(94.0);
    march.number.denominator = Some(250.0);
    march.number.status = "E".to_owned();
    let silent = vec![part("OLD", Some(1.0)), quarter];
    vec![
        march,
        of("2026-04", Mark::Incomplete, Measure::Missing(Missing::NotReported), silent),
        of("2026-05", Mark::Broken, Measure::Missing(Missing::NotComparable), vec![part("VN", None)]),
    ]
}

fn targets() -> Vec<Target> {
    let target = |id: &str, title: Text, comparator, value: f64, unit: &str, year: &str| Target {
        id: target_id(id),
        title,
        level: "country".to_owned(),
        org: Some(org_id("VN")),
        comparator,
        value,
        unit: unit.to_owned(),
        due_on: day(&format!("{year}-12-31")),
        legal_basis: Text::both("QĐ 942/QĐ-TTg", "QĐ 942/QĐ-TTg"),
        issued_on: None,
        evidence: "seen".to_owned(),
        source: "a page".to_owned(),
        milestones: vec![],
    };
    let rank = || Text::both("Xếp hạng EGDI", "EGDI rank");
    let dossiers = || Text::both("Hồ sơ đúng hạn", "Dossiers on time");
    let mut alone =
        target("06.RES.25", Text::both(HOSTILE, HOSTILE), Comparator::AtLeast, 100.0, "%", "2025");
    alone.evidence = "memory".to_owned();
    vec![
        alone,
        target("749.EGDI.25", rank(), Comparator::RankAtMost, 71.0, "rank", "2025"),
        target("942.DOS.25", dossiers(), Comparator::AtLeast, 80.0, "%", "2025"),
        target("942.EGDI.25", rank(), Comparator::RankAtMost, 50.0, "rank", "2025"),
        target("942.SAME.25", dossiers(), Comparator::AtLeast, 70.0, "points", "2025"),
    ]
}

/// As they were worked out by hand from the values above.
fn progress() -> Vec<TargetProgress> {
    let none = |target: &str| TargetProgress {
        target: target_id(target),
        org: Some(org_id("VN")),
        indicator: None,
        status: Status::NoData,
        decides: true,
        due_is_over: true,
        deciding: None,
        scale: Scale::Linear,
        values: 0,
        points: 0,
        restated: 0,
        pace: None,
        extra: None,
        chance: None,
        methods: vec![],
        holders: vec![],
    };
    let point = |period: &str, value| Point { period: period.parse().expect("a valid period"), value };
    let rank = |target: &str, status| TargetProgress {
        indicator: Some(indicator_id("egdi-rank")),
        status,
        deciding: Some(point("2024", 71.0)),
        values: 2,
        points: 2,
        pace: Some(Pace {
            baseline: point("2022", 86.0),
            start: point("2022", 86.0),
            path: 62.0,
            way_done: Some(0.625),
            seen: -7.5,
            needed: Some(-21.0),
            times: Some(2.8),
            arrives_on: Some(day("2027-10-19")),
        }),
        methods: vec![MethodValue {
            method: Method::Linear,
            value: 0.625,
            projected: Some(63.5),
            verdict: if status == Status::Achieved { Verdict::OnTrack } else { Verdict::TooSlow },
        }],
        ..none(target)
    };
    let dossiers = TargetProgress {
        indicator: Some(indicator_id("on-time")),
        status: Status::Missed,
        deciding: Some(point("2025", 61.5)),
        values: 1,
        points: 1,
        ..none("942.DOS.25")
    };
    vec![
        none("06.RES.25"),
        rank("749.EGDI.25", Status::Achieved),
        dossiers,
        rank("942.EGDI.25", Status::Awaited),
        none("942.SAME.25"),
    ]
}

fn sources() -> Vec<SourceStatus> {
    let file = |path: &str, state, read, rejected, message: Option<&str>| FileRecord {
        source: source_id("portal"),
        path: path.to_owned(),
        size: 100,
        sha256: "0".repeat(64),
        vintage: 1,
        state,
        rows_read: read,
        rows_loaded: read - rejected,
        rows_rejected: rejected,
        message: message.map(str::to_owned),
    };
    let portal = SourceStatus {
        id: source_id("portal"),
        title: Text::both("Cổng Dịch vụ công quốc gia", "National portal"),
        table: "fact.progress".parse().expect("a valid name"),
        publisher: Text::both("Văn phòng Chính phủ", "Office of the Government"),
        licence: Text::both("dữ kiện", "facts"),
        url: Some("javascript:alert(1)".to_owned()),
        files: vec![
            file("data/a.csv", FileState::Current, 1206, 1, None),
            file("data/b.csv", FileState::Refused, 0, 0, Some("no column `level`")),
        ],
        problem: None,
    };
    let silent = SourceStatus {
        id: source_id("silent"),
        title: Text::both("Nguồn im lặng", "Silent source"),
        files: vec![],
        problem: Some("no file fits `data/none-*.csv`".to_owned()),
        url: Some("https://example.org/".to_owned()),
        ..portal.clone()
    };
    vec![portal, silent]
}

/// A number that was corrected, and one that was withdrawn.
fn revisions() -> Vec<Revision> {
    let number = |numerator: f64, denominator: f64| RevisedNumber {
        numerator: Some(numerator),
        denominator: Some(denominator),
        measure: Measure::Value(100.0 * numerator / denominator),
    };
    let observations = observations();
    let ratio = observations.iter().find(|row| row.denominator.is_some()).expect("the fixture has a ratio");
    let revision = |after| Revision {
        indicator: ratio.indicator.clone(),
        org: ratio.org.clone(),
        period: ratio.period,
        breakdown: String::new(),
        vintage: 3,
        before: number(40.0, 60.0),
        after,
        causes: vec!["data/a.csv".to_owned(), HOSTILE.to_owned()],
        all_causes: 2,
    };
    vec![revision(Some(number(45.0, 60.0))), revision(None)]
}

/// A level of fourteen bodies on a map of tiles, each with dossiers early and late in four quarters: of the first the last
/// quarter is withheld, the second sent nothing in it, the third has no late ones then.
pub fn level() -> Results {
    let mut results = results();
    let mut dossiers = indicator("dossiers", Text::both("Hồ sơ", "Dossiers"), Unit::Count, Shape::Count);
    dossiers.decimals = 0;
    dossiers.direction = Direction::None;
    dossiers.breakdown = vec![
        ("early".to_owned(), Text::both("Sớm", "Early")),
        ("late".to_owned(), Text::both("Muộn", "Late")),
    ];
    results.observations.clear();
    let mut tiles = vec![];
    for n in 0..14_u32 {
        let id = format!("Q{n:02}");
        results.organisations.push(Organisation {
            id: org_id(&id),
            name: Text::both(format!("Tỉnh số {n}"), format!("Province {n}")),
            level: "area".to_owned(),
            parent: Some(org_id("VN")),
            valid_from: None,
            valid_to: None,
        });
        let name = Text::both(format!("Số {n}"), format!("No {n}"));
        tiles.push(TilePlace { org: org_id(&id), name, letters: id.clone(), at: (n % 4, n / 4) });
        for (quarter, period) in ["2025-Q4", "2026-Q1", "2026-Q2", "2026-Q3"].into_iter().enumerate() {
            let early = 10.0 * f64::from(n + 1) + quarter as f64;
            let late = if n == 12 { 0.0 } else { f64::from(20 - n) };
            let all = [("", early + late), ("early", early), ("late", late)];
            let of_part = |(part, value): (&str, f64)| {
                let measure = match (n, quarter, part) {
                    (0, 3, _) => Measure::Missing(Missing::Withheld),
                    (2, 3, "late") => Measure::Missing(Missing::NotReported),
                    _ => Measure::Value(value),
                };
                observation("dossiers", &id, period, part, measure)
            };
            // Where none was late, the query may give no row for it.
            let all = all.into_iter().filter(|(_, value)| *value != 0.0);
            if (n, quarter) != (1, 3) {
                results.observations.extend(all.map(of_part));
            }
        }
    }
    results.layouts = vec![TileLayout { valid_from: None, valid_to: None, tiles }];
    results.indicators = vec![dossiers];
    results
}

/// A target that is met now, another one on a body alone, a source that is new and one that fell silent.
fn changes() -> Changes {
    let state = |status, value| TargetState {
        status,
        indicator: Some(indicator_id("egdi-rank")),
        point: Some(Point { period: "2024".parse().expect("a period"), value }),
    };
    let target = |id: &str, org: &str, before, after| TargetChange {
        target: target_id(id),
        org: Some(org_id(org)),
        before,
        after,
    };
    Changes {
        before: Vintage { number: 2, loaded_at: "2026-08-20 08:15:00".to_owned() },
        targets_known: true,
        targets: vec![
            target(
                "749.EGDI.25",
                "VN",
                Some(state(Status::Missed, 86.0)),
                Some(state(Status::Achieved, 71.0)),
            ),
            target(
                "942.DOS.25",
                "P1",
                Some(state(Status::OnPath, 86.0)),
                Some(state(Status::MovingAway, 71.0)),
            ),
            target("942.EGDI.25", "VN", None, Some(state(Status::Awaited, 71.0))),
        ],
        numbers: vec![NumberChange {
            indicator: indicator_id("on-time"),
            added: 5,
            revised: 1,
            withdrawn: 1,
        }],
        largest: vec![revisions().swap_remove(0)],
        sources: vec![SourceChange {
            source: source_id("portal"),
            is_first: true,
            files: 1,
            refused: 1,
            superseded: 0,
            rows_loaded: 1205,
            rows_rejected: 1,
        }],
        silent: vec![source_id("silent")],
        definitions: vec![("indicators/on-time.yml".to_owned(), DefinitionChange::Changed)],
    }
}

/// One number of two on which a form and the dossiers differ.
fn reconciliation() -> Reconciliation {
    let form = || Text::both("Biểu II.06", "Form II.06");
    let dossiers = || Text::both("Hồ sơ", "Dossiers");
    let period = "2026-09".parse().expect("a period");
    let side = |system, value, path: &str| Side { system, value, files: vec![path.to_owned()] };
    let difference = Difference {
        org: org_id("P1"),
        period,
        what: Text::both("Tiếp nhận", "Received"),
        first: side(form(), 1206.0, HOSTILE),
        second: side(dossiers(), 1207.5, "data/b.csv"),
    };
    let agreement = Agreement { first: form(), second: dossiers(), period, compared: 2, equal: 1, bodies: 1 };
    Reconciliation { agreements: vec![agreement], differences: vec![difference] }
}

/// Rules that hold, that are broken by a row and by a sender, and that there was nothing to ask of.
fn checks() -> Vec<CheckResult> {
    let rule = |id: &str, title, severity| CheckResult {
        id: id.to_owned(),
        title,
        severity,
        broken: 0,
        columns: columns_of_a_check(),
        rows: vec![],
    };
    let counted = |name: &str, vi: &str, en: &str| CheckColumn {
        title: Text::both(vi, en),
        number: name != "org_id",
        ..CheckColumn::named(name)
    };
    let in_time = Text::both("Kết thúc sau khi tiếp nhận", "Over after it was received");
    let fees = Text::both("Phí thu đúng cách", "Fees are paid as told");
    vec![
        CheckResult {
            broken: 1,
            rows: vec![["P1", "2026-Q3", "tổng 9", HOSTILE].map(str::to_owned).to_vec()],
            ..rule(
                "adds-up",
                Text::both("Tổng bằng các thành phần", "Received is the sum of its parts"),
                Severity::Error,
            )
        },
        CheckResult {
            broken: 2,
            columns: vec![
                counted("org_id", "Tổ chức", "Organisation"),
                counted("broken", "Số dòng vi phạm", "Rows that break it"),
                counted("base", "Số dòng xét", "Rows looked at"),
            ],
            rows: [["P1", "12", "40"], ["U1", "3", "9"]].map(|row| row.map(str::to_owned).to_vec()).to_vec(),
            ..rule("in-time", in_time, Severity::Warning)
        },
        CheckResult { columns: vec![], ..rule("fees", fees, Severity::Warning) },
        rule("one-row", Text::both("Mỗi đơn vị một dòng", "One row per body"), Severity::Warning),
    ]
}

fn columns_of_a_check() -> Vec<CheckColumn> {
    let column = |name: &str, title, lang| CheckColumn { name: name.to_owned(), title, lang, number: false };
    vec![
        column("org_id", Text::both("Tổ chức", "Organisation"), None),
        column("period", Text::both("Kỳ", "Period"), None),
        column("detail_vi", Text::both("Chi tiết", "Detail"), Some(Lang::Vi)),
        column("detail_en", Text::both("Chi tiết", "Detail"), Some(Lang::En)),
    ]
}

/// A level whose bodies letters are written to by their names.
pub fn named_level(id: &str, name: Text) -> Level {
    Level { id: id.to_owned(), name, addressee: None }
}

/// Results with a bit of everything: missing values, a break, ties, hostile names, a refused file.
pub fn results() -> Results {
    Results {
        vintage: Vintage { number: 3, loaded_at: "2026-11-23 08:15:00".to_owned() },
        organisations: organisations(),
        levels: vec![
            named_level("country", Text::both("Quốc gia", "Country")),
            named_level("province", Text::both("Tỉnh, thành phố", "Provinces")),
        ],
        layouts: layouts(),
        indicators: indicators(),
        observations: observations(),
        revisions: revisions(),
        indices: vec![],
        restated: restated(),
        targets: targets(),
        progress: progress(),
        sources: sources(),
        rejects: vec![Reject {
            path: "data/a.csv".to_owned(),
            row: 3,
            column: "level".to_owned(),
            value: HOSTILE.to_owned(),
            rule: "not a whole number".to_owned(),
        }],
        checks: checks(),
        quality: QualityResults::default(),
        changes: Some(changes()),
        reconciliation: reconciliation(),
    }
}
