//! The page of a target: its status and the reason, what it would take, who holds the gap, what other methods say, how each
//! body stands, and the whole way to the status followed by hand.

use chrono::Datelike;

use crate::model::index::IndexResults;
use crate::model::indicator::{Indicator, Unit};
use crate::model::progress::{
    Chance, Holder, Method, MethodValue, Pace, Scale, Status, TIMES_ON_PATH, TIMES_SLIGHT, TREND_FROM,
    TargetProgress, Verdict, WAY_ON_PATH, WAY_SLIGHT,
};
use crate::model::series::kind;
use crate::model::target::Target;
use crate::report::book::{Book, Here};
use crate::report::page::{Cell, Column, Fact, Line, Row, Table, TargetPage, TargetReading};
use crate::report::progress::{Told, agreement, status};
use crate::report::target::{Reading, basis_lines};
use crate::report::view::measured;
use crate::report::{figure, target, time};

/// From here one page to the folder of the language.
const HOME: &str = "../";
/// Decimals of the numbers in a computation that is followed by hand.
const EXACT: u8 = 6;

/// `target.html`
pub fn page(book: &Book<'_>, target: &Target) -> TargetPage {
    let here =
        Here { path: format!("target/{}.html", target.id), title: title(book, target), menu: "index.html" };
    let reading = Reading::of(book, target, None);
    let (status, reason) = reading.told(book, None);
    let known = reading.rows.iter().enumerate().filter(|(_, row)| row.deciding.is_some());
    TargetPage {
        frame: book.frame(&here),
        status,
        reason,
        facts: facts(book, target),
        readings: known.filter_map(|(n, row)| told_reading(book, &reading, row, n)).collect(),
        bodies: bodies(book, target),
    }
}

/// What is asked for, how much of it, by when and by which document: two laws may ask for the same thing.
fn title(book: &Book<'_>, target: &Target) -> String {
    let unit = book.view.answers(target).first().map(|indicator| indicator.unit);
    let (demand, year) = (book.words.demand(target, unit), target.due_on.year().to_string());
    let (name, basis) = (book.text(&target.title), book.text(&target.legal_basis));
    book.words
        .fill("target_line", &[("result", name), ("demand", &demand), ("year", &year), ("basis", basis)])
}

fn facts(book: &Book<'_>, target: &Target) -> Vec<Fact> {
    let unit = book.view.answers(target).first().map(|indicator| indicator.unit);
    let line = |text: String| Line { text, ..Line::default() };
    let one = |key: &'static str, text: String| Fact { name: book.word(key), lines: vec![line(text)] };
    let org = target.org.as_ref().map(|org| Line {
        text: book.name(org),
        href: book.organisation_href(HOME, org),
        ..Line::default()
    });
    let mut level = one("level", book.level(&target.level));
    level.lines.extend(org);
    let mut facts = vec![
        one("demanded", book.words.demand(target, unit)),
        one("due", time::date(book.lang(), target.due_on)),
        level,
        Fact { name: book.word("legal_basis"), lines: basis_lines(book, target) },
    ];
    if !target.milestones.is_empty() {
        let milestone = |one: &crate::model::progress::Milestone| {
            let demand = Target { value: one.value, ..target.clone() };
            let day = time::date(book.lang(), one.due_on);
            line(book.words.fill("milestone", &[("value", &book.words.demand(&demand, unit)), ("day", &day)]))
        };
        let lines = target.milestones.iter().map(milestone).collect();
        facts.push(Fact { name: book.word("milestones"), lines });
    }
    facts
}

fn told_reading(
    book: &Book<'_>,
    reading: &Reading<'_>,
    progress: &TargetProgress,
    n: usize,
) -> Option<TargetReading> {
    let indicator = book.view.indicator(progress.indicator.as_ref()?)?;
    let org = progress.org.as_ref()?;
    let told = Told { book, indicator, progress };
    let (status, reason) = reading.told(book, Some(progress));
    let name = [("org", book.name(org)), ("indicator", book.text(&indicator.title).to_owned())];
    let gaps: Vec<(&str, &str)> = name.iter().map(|(gap, text)| (*gap, text.as_str())).collect();
    let figure = figure::course_to_target(book, indicator, org, reading.target);
    Some(TargetReading {
        id: format!("reading_{n}"),
        title: book.words.fill("on_this_body", &gaps),
        href: book.indicator_href(HOME, &indicator.id),
        status,
        reason,
        // A chart has ids inside that are its own: one on a page.
        figure: figure.filter(|_| progress.decides).map(|drawing| drawing.figure("course")),
        takes: takes(&told),
        methods: (!progress.methods.is_empty()).then(|| methods(&told, n)),
        holders: (!progress.holders.is_empty()).then(|| holders(&told, n)),
        steps: if reading.ended.is_some() { vec![] } else { steps(&told, reading.target) },
    })
}

/// What it would take: gap, paces, units, arrival, chance.
fn takes(told: &Told<'_, '_>) -> Vec<Fact> {
    let (book, progress) = (told.book, told.progress);
    let line = |text: String| Line { text, ..Line::default() };
    let one = |key: &'static str, text: String| Fact { name: book.word(key), lines: vec![line(text)] };
    let a_year = |pace: f64| {
        let text = book.words.fill("a_year", &[("n", &told.pace(pace))]);
        // A rank goes up when its number goes down.
        match told.indicator.unit {
            Unit::Rank if pace < 0.0 => book.words.fill("rose_places", &[("n", &text)]),
            Unit::Rank if pace > 0.0 => book.words.fill("fell_places", &[("n", &text)]),
            _ => format!("{}{text}", sign(pace)),
        }
    };
    let mut facts = vec![];
    let judges_pace = !matches!(progress.status, Status::NotApplicable | Status::NoData);
    if let Some(pace) = progress.pace.filter(|_| judges_pace) {
        facts.push(one("pace_seen", a_year(pace.seen)));
        if let Some(needed) = pace.needed {
            facts.push(one("pace_needed", a_year(needed)));
            let arrival = match pace.arrives_on {
                Some(day) => time::date(book.lang(), day),
                None => book.word("arrives_never"),
            };
            if let Some(times) = pace.times {
                facts.push(one("pace_times", book.words.fill("n_times", &[("n", &told.times(times))])));
            }
            facts.push(one("path_now", told.value(pace.path)));
            facts.push(one("arrives_on", arrival));
        }
    }
    if let Some(extra) = progress.extra {
        let units = book.words.numbers.trimmed(extra.units, 0);
        facts.push(one(
            "extra_units",
            match extra.per_period {
                Some(each) => {
                    let each = book.words.numbers.trimmed(each, 0);
                    book.words.fill("extra_value", &[("n", &units), ("each", &each)])
                }
                None => units,
            },
        ));
    }
    facts.extend(progress.chance.map(|chance| chance_fact(told, &chance)));
    if let Some((value, names)) = progress.three_reached() {
        let names: Vec<String> = names.into_iter().map(|org| book.name(org)).collect();
        let gaps = [("names", names.join(", ")), ("value", told.value(value))];
        let gaps: Vec<(&str, &str)> = gaps.iter().map(|(gap, text)| (*gap, text.as_str())).collect();
        facts.push(one("three_reached", book.words.fill("three_value", &gaps)));
    }
    facts
}

fn sign(value: f64) -> &'static str {
    match value {
        value if value > 0.0 => "+",
        value if value < 0.0 => "\u{2212}",
        _ => "",
    }
}

fn chance_fact(told: &Told<'_, '_>, chance: &Chance) -> Fact {
    let words = &told.book.words;
    let percent = 100.0 * chance.probability;
    // Nothing that is foretold is certain: the ends are not reached by rounding.
    let p = match percent {
        percent if percent < 1.0 => format!("< {}", words.numbers.percent("1")),
        percent if percent > 99.0 => format!("> {}", words.numbers.percent("99")),
        percent => words.numbers.percent(&words.numbers.fixed(percent, 0)),
    };
    let [expected, low, high] = [chance.expected, chance.low, chance.high].map(|value| told.value(value));
    let gaps = [("p", p.as_str()), ("expected", &expected), ("low", &low), ("high", &high)];
    let scale = match chance.scale {
        Scale::Log => "scale_log",
        Scale::Logit => "scale_logit",
        Scale::Linear | Scale::YesNo => "scale_linear",
    };
    let how = words.fill("chance_scale", &[("scale", words.get(scale))]);
    let mut lines = vec![
        Line { text: words.fill("chance_value", &gaps), ..Line::default() },
        Line { text: how, look: "muted", ..Line::default() },
    ];
    // The page of the outlook gives another chance of the same target, from all bodies at once.
    let of_all = |index: &&&IndexResults| {
        index.tree.outlook.as_ref().is_some_and(|outlook| outlook.targets.contains(&told.progress.target))
    };
    if let Some(index) = told.book.contents.indices.iter().find(of_all) {
        let href = Some(format!("{HOME}index/{}-course.html", index.tree.id));
        lines.push(Line { text: told.book.word("chance_of_all"), href, ..Line::default() });
    }
    Fact { name: told.book.word("chance"), lines }
}

fn methods(told: &Told<'_, '_>, n: usize) -> Table {
    let book = told.book;
    let own = Verdict::of(told.progress.status);
    let row = |value: &MethodValue| {
        let agrees = match own {
            _ if !value.method.is_counted() => book.word("not_counted"),
            Some(own) if own == value.verdict => book.word("yes"),
            Some(_) => book.word("no"),
            None => "–".to_owned(),
        };
        let projected = value.projected.map(|projected| Cell::number(told.value(projected), projected));
        let cells = vec![
            Cell::text(book.word(method_key(value.method))).as_head(),
            Cell::number(book.words.numbers.fixed(value.value, 2), value.value),
            projected.unwrap_or_else(|| Cell::missing("–")),
            Cell::text(book.word(verdict_key(value.verdict))),
            Cell::text(agrees),
        ];
        Row { cells, strong: false }
    };
    let headings = ["method_name", "method_value", "method_projected", "method_verdict", "method_agrees"];
    let mut note = book.word("methods_note");
    if let Some(agreement) = agreement(book, told.progress) {
        note = format!("{agreement}. {note}");
    }
    Table {
        id: format!("methods_{n}"),
        caption: book.word("methods"),
        columns: columns(book, &headings, &["method_value", "method_projected"]),
        rows: told.progress.methods.iter().map(row).collect(),
        note: Some(note),
        filter: false,
        sortable: false,
        pager: None,
    }
}

fn columns(book: &Book<'_>, keys: &[&'static str], numbers: &[&str]) -> Vec<Column> {
    keys.iter().map(|key| Column { text: book.word(key), number: numbers.contains(key) }).collect()
}

fn method_key(method: Method) -> &'static str {
    match method {
        Method::OpenSdg => "method_open_sdg",
        Method::Eurostat => "method_eurostat",
        Method::UnChart => "method_un_chart",
        Method::EscapCurrent => "method_escap_current",
        Method::EscapAnticipated => "method_escap_anticipated",
        Method::Linear => "method_linear",
        Method::Logit => "method_logit",
    }
}

fn verdict_key(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::OnTrack => "verdict_on_track",
        Verdict::TooSlow => "verdict_too_slow",
        Verdict::Away => "verdict_away",
    }
}

fn holders(told: &Told<'_, '_>, n: usize) -> Table {
    let book = told.book;
    let finer = Indicator { decimals: told.indicator.decimals.max(2), ..told.indicator.clone() };
    let part = |gap: f64| {
        let text = book.words.distance(&finer, gap);
        Cell::number(format!("{}{text}", sign(gap)), gap)
    };
    let count = |count: f64| Cell::number(book.words.numbers.trimmed(count, 2), count);
    let row = |holder: &Holder| {
        let name = match &holder.org {
            Some(org) => Cell::link(book.name(org), book.organisation_href(HOME, org)),
            None => Cell::text(book.word("holder_rest")),
        };
        let cells = vec![
            name.as_head(),
            count(holder.numerator),
            count(holder.denominator),
            part(holder.gap),
            part(holder.by_rate),
            part(holder.by_size),
            count(holder.units),
        ];
        Row { cells, strong: false }
    };
    let headings = [
        "organisation",
        "numerator",
        "denominator",
        "holder_gap",
        "holder_by_rate",
        "holder_by_size",
        "holder_units",
    ];
    Table {
        id: format!("holders_{n}"),
        caption: book.word("holders"),
        columns: columns(book, &headings, &headings[1..]),
        rows: told.progress.holders.iter().map(row).collect(),
        note: Some(book.word("holders_note")),
        filter: told.progress.holders.len() > 12,
        sortable: true,
        pager: None,
    }
}

/// How each body of the level stands, as far as anything was observed of it.
fn bodies(book: &Book<'_>, target: &Target) -> Option<Table> {
    let of_body = |row: &&&TargetProgress| row.decides && row.org != target.org;
    let all = book.view.rows_of(target).iter().filter(of_body);
    let rows: Vec<Row> = all.filter_map(|row| body(book, target, row)).collect();
    let headings = ["organisation", "value", "status", "why"];
    let count = u64::try_from(rows.len()).unwrap_or(u64::MAX);
    (!rows.is_empty()).then(|| Table {
        id: "bodies_table".to_owned(),
        caption: book.words.count("n_bodies", count),
        columns: columns(book, &headings, &["value"]),
        filter: rows.len() > 12,
        sortable: rows.len() > 1,
        pager: None,
        rows,
        note: None,
    })
}

fn body(book: &Book<'_>, target: &Target, row: &TargetProgress) -> Option<Row> {
    let org = row.org.as_ref()?;
    let indicator = book.view.indicator(row.indicator.as_ref()?)?;
    let reading = Reading::of(book, target, book.view.organisation(org).map(|body| &body.id));
    let (line, reason) = reading.told(book, Some(row));
    let told = Told { book, indicator, progress: row };
    let value = match row.deciding {
        Some(point) => Cell::number(told.point(point), point.value).line(book.period(point.period), "muted"),
        None => Cell::missing("–"),
    };
    let cells = vec![
        Cell::link(book.name(org), book.organisation_href(HOME, org)).as_head(),
        value,
        Cell { lines: vec![line], sort: Some(format!("{:02}", row.status as u8)), ..Cell::default() },
        if reason.is_empty() { Cell::text("–") } else { Cell::text(reason) },
    ];
    Some(Row { cells, strong: false })
}

/// The whole way from the values to the status, with the numbers of this very target.
fn steps(told: &Told<'_, '_>, target: &Target) -> Vec<String> {
    let (book, progress) = (told.book, told.progress);
    let Some(deciding) = progress.deciding else { return vec![] };
    let exact = |value: f64| exact(book, value);
    let due = time::date(book.lang(), target.due_on);
    let demand = book.words.demand(target, Some(told.indicator.unit));
    let fill = |key: &str, gaps: &[(&str, &str)]| book.words.fill(key, gaps);
    let mut steps = vec![fill(
        "step_decides",
        &[
            ("due", &due),
            ("value", &told.point(deciding)),
            ("period", &book.period_within(deciding.period)),
            ("exact", &exact(deciding.value)),
        ],
    )];
    if progress.restated > 0 {
        steps.push(fill("step_restated", &[("n", &told.whole(progress.restated))]));
    }
    if progress.status == Status::Achieved {
        steps.push(fill("step_met", &[("demand", &demand)]));
        return steps;
    }
    steps.push(fill("step_unmet", &[("demand", &demand)]));
    if progress.status == Status::Missed {
        steps.push(book.word("step_final"));
        return steps;
    }
    if progress.status == Status::Awaited {
        steps.push(book.word("step_awaited"));
        return steps;
    }
    steps.push(book.word("step_open"));
    steps.push(fill(
        "step_points",
        &[
            ("n", &told.whole(progress.points)),
            ("all", &told.whole(progress.values)),
            ("list", &list(told)),
            ("least", &TREND_FROM.to_string()),
        ],
    ));
    let judges_pace = !matches!(progress.status, Status::TooEarly | Status::BrokenSeries);
    if let Some(pace) = progress.pace.filter(|_| judges_pace) {
        steps.extend(path_steps(told, target, &pace));
        steps.extend(pace_steps(told, target, &pace));
    }
    steps
}

/// The reported values of the length of time of the one that decides, up to it.
fn list(told: &Told<'_, '_>) -> String {
    let (Some(org), Some(deciding)) = (&told.progress.org, told.progress.deciding) else {
        return String::new();
    };
    let totals = told.book.view.totals(told.indicator, org).iter();
    let same = totals.filter(|o| kind(o.period) == kind(deciding.period) && o.period <= deciding.period);
    let one = |o: &&crate::model::results::Observation| {
        let value = measured(o).ok()?;
        Some(format!("{}: {}", time::short_period(told.book.lang(), o.period), exact(told.book, value)))
    };
    same.filter_map(one).collect::<Vec<_>>().join("; ")
}

fn exact(book: &Book<'_>, value: f64) -> String {
    book.words.numbers.trimmed(value, EXACT)
}

/// A time as a decimal year, without marks of thousands.
fn year(book: &Book<'_>, at: f64) -> String {
    let (whole, part) = (at.floor(), at.fract());
    let part = book.words.numbers.trimmed(part, 4);
    format!("{whole}{}", part.trim_start_matches('0'))
}

/// The key of a step, by the scale.
fn by_scale(told: &Told<'_, '_>, linear: &'static str, log: &'static str) -> &'static str {
    if told.progress.scale == Scale::Log { log } else { linear }
}

fn path_steps(told: &Told<'_, '_>, target: &Target, pace: &Pace) -> Vec<String> {
    let (book, Some(now)) = (told.book, told.progress.deciding) else { return vec![] };
    let exact = |value: f64| exact(book, value);
    let corners = target.corners(pace.baseline);
    let written: Vec<String> =
        corners.iter().map(|(at, value)| format!("{} ({})", exact(*value), year(book, *at))).collect();
    let mut steps = vec![book.words.fill(
        "step_baseline",
        &[
            ("value", &exact(pace.baseline.value)),
            ("period", &book.period_within(pace.baseline.period)),
            ("corners", &written.join(" → ")),
        ],
    )];
    let Some(way) = pace.way_done else {
        steps.push(book.word("step_no_way"));
        return steps;
    };
    if let Some(leg) = corners.windows(2).find(|leg| now.at() <= leg[1].0) {
        steps.push(book.words.fill(
            by_scale(told, "step_path", "step_path_log"),
            &[
                ("at", &year(book, now.at())),
                ("from", &exact(leg[0].1)),
                ("to", &exact(leg[1].1)),
                ("t0", &year(book, leg[0].0)),
                ("t1", &year(book, leg[1].0)),
                ("path", &exact(pace.path)),
            ],
        ));
    }
    steps.push(book.words.fill(
        by_scale(told, "step_way", "step_way_log"),
        &[
            ("value", &exact(now.value)),
            ("from", &exact(pace.baseline.value)),
            ("path", &exact(pace.path)),
            ("way", &exact(way)),
        ],
    ));
    steps
}

fn pace_steps(told: &Told<'_, '_>, target: &Target, pace: &Pace) -> Vec<String> {
    let (book, Some(now)) = (told.book, told.progress.deciding) else { return vec![] };
    let exact = |value: f64| exact(book, value);
    let (at, value) = (year(book, now.at()), exact(now.value));
    let seen = exact(pace.seen);
    let mut steps = vec![book.words.fill(
        by_scale(told, "step_seen", "step_seen_log"),
        &[
            ("value", &value),
            ("from", &exact(pace.start.value)),
            ("at", &at),
            ("t0", &year(book, pace.start.at())),
            ("seen", &seen),
        ],
    )];
    let Some(needed) = pace.needed.map(exact) else { return steps };
    let due = crate::model::period::Period::Day(target.due_on).decimal_end();
    steps.push(book.words.fill(
        by_scale(told, "step_needed", "step_needed_log"),
        &[
            ("goal", &exact(target.value)),
            ("value", &value),
            ("due", &year(book, due)),
            ("at", &at),
            ("needed", &needed),
        ],
    ));
    if told.progress.status == Status::MovingAway {
        steps.push(book.word("step_away"));
        return steps;
    }
    steps.push(match pace.times {
        Some(times) => {
            book.words.fill("step_times", &[("needed", &needed), ("seen", &seen), ("times", &exact(times))])
        }
        None => book.word("step_no_times"),
    });
    let word = |one: Status| status(book, one).text;
    let cut = |cut: f64| book.words.numbers.trimmed(cut, 2);
    let gaps = [
        ("way_on", cut(WAY_ON_PATH)),
        ("way_slight", cut(WAY_SLIGHT)),
        ("times_on", cut(TIMES_ON_PATH)),
        ("times_slight", cut(TIMES_SLIGHT)),
        ("by_way", pace.way_done.map_or_else(|| "–".to_owned(), |_| word(pace.by_way()))),
        ("by_times", word(pace.by_times())),
        ("status", word(told.progress.status)),
    ];
    let gaps: Vec<(&str, &str)> = gaps.iter().map(|(gap, text)| (*gap, text.as_str())).collect();
    steps.push(book.words.fill("step_cuts", &gaps));
    steps
}

/// The pages of all targets have this name.
pub fn path(target: &Target) -> String {
    target::href("", target)
}
