//! Targets against the last known values: the table of all of them with status and reason, and the bullet charts.
//!
//! How each stands was judged when the indicators were computed; the last value known stands beside the one that decided.
//! A target that is set for a level is read on the group that stands for the level and on each of its bodies.

use chrono::Datelike;
use indexmap::IndexMap;

use crate::chart::Width;
use crate::chart::bullet::{BulletChart, BulletTarget};
use crate::model::id::{IndicatorId, OrgId};
use crate::model::indicator::{Indicator, Unit};
use crate::model::progress::{Point, Status, TargetProgress};
use crate::model::results::Observation;
use crate::model::target::{Ended, Target};
use crate::report::book::Book;
use crate::report::figure::{ChartKind, Drawing};
use crate::report::headline::{made_of, newer, why_missing};
use crate::report::page::{Cell, Column, Figure, Line, Row, Table, TargetsModel, drawn};
use crate::report::view::last_valued;
use crate::report::words::name_within;
use crate::report::{mark, progress, time};

/// The last value that a target can be compared with.
struct Answer<'a> {
    indicator: &'a Indicator,
    org: &'a OrgId,
    observation: &'a Observation,
    value: f64,
    progress: &'a TargetProgress,
}

impl Answer<'_> {
    /// The value that decided, where it is not the last one.
    fn decided_by(&self) -> Option<Point> {
        self.progress.deciding.filter(|point| point.period != self.observation.period)
    }
}

/// A target as it is read on one organisation.
pub struct Reading<'a> {
    /// The target.
    pub target: &'a Target,
    /// The body.
    pub org: Option<&'a OrgId>,
    /// What ended before the target was due.
    pub ended: Option<Ended>,
    /// How it stands, by each indicator that has numbers of the body.
    pub rows: Vec<&'a TargetProgress>,
    /// One for each indicator that has a value.
    answers: Vec<Answer<'a>>,
}

impl<'a> Reading<'a> {
    /// Read on this organisation, or on the one that the target names.
    pub fn of(book: &Book<'a>, target: &'a Target, org: Option<&'a OrgId>) -> Self {
        let org = org.or(target.org.as_ref());
        let rows = book.view.progress(target, org).to_vec();
        let answer = |row: &&'a TargetProgress| {
            let indicator = book.view.indicator(row.indicator.as_ref()?)?;
            let (observation, value) = last_valued(book.view.totals(indicator, org?))?;
            Some(Answer { indicator, org: org?, observation, value, progress: row })
        };
        let answers = rows.iter().filter_map(answer).collect();
        Reading { target, org, ended: book.view.ended(target, org), rows, answers }
    }

    /// How the target stands; of several values that answer it the worst counts.
    pub fn status(&self) -> Status {
        let without_value = if self.ended.is_some() { Status::NotApplicable } else { Status::NoData };
        self.deciding_row().map_or(without_value, |row| row.status)
    }

    /// The row that decides.
    pub fn deciding_row(&self) -> Option<&'a TargetProgress> {
        self.rows.iter().copied().find(|row| row.decides)
    }

    /// Its status with its mark, and the reason in a sentence.
    pub fn told(&self, book: &Book<'_>, row: Option<&TargetProgress>) -> (Line, String) {
        let status = row.map_or(self.status(), |row| row.status);
        let line =
            progress::verdict(book, (status, self.ended), !self.answers.is_empty(), stands(row, &self.rows));
        let reason = match (row.or(self.deciding_row()), self.ended) {
            (_, Some(_)) => String::new(),
            (Some(row), None) => progress::reason(book, self.target, row),
            (None, None) if book.view.answers(self.target).is_empty() => book.word("reason_no_indicator"),
            (None, None) => book.word("reason_no_value"),
        };
        (line, reason)
    }
}

/// Whether the verdict is what a row says: it decides, or none does.
fn stands(row: Option<&TargetProgress>, rows: &[&TargetProgress]) -> bool {
    row.is_none_or(|row| row.decides) || !rows.iter().any(|row| row.decides)
}

/// All targets of the results.
pub fn model(book: &Book<'_>, home: &str) -> TargetsModel {
    let mut readings: Vec<_> =
        book.view.results.targets.iter().map(|target| Reading::of(book, target, None)).collect();
    // Those that can be answered come first, each kind in the order of the results.
    readings.sort_by_key(|reading| reading.answers.is_empty());
    TargetsModel {
        summary: summary(book, &readings),
        bullets: bullets(book, &readings),
        table: table_of(book, &readings, home, "targets_table"),
    }
}

/// A table of targets, read on one organisation or, without it, on the one that each names.
pub fn table<'a>(book: &Book<'a>, targets: &[&'a Target], org: Option<&'a OrgId>, home: &str) -> Table {
    let readings: Vec<_> = targets.iter().map(|target| Reading::of(book, target, org)).collect();
    table_of(book, &readings, home, "targets-table")
}

/// One row for each value that answers a target, or one row without.
fn table_of(book: &Book<'_>, readings: &[Reading<'_>], home: &str, id: &str) -> Table {
    let columns = ["target", "legal_basis", "demanded", "due", "last_value", "result", "why"];
    let mut rows = vec![];
    for reading in readings {
        if reading.answers.is_empty() {
            rows.push(row(book, reading, None, home));
        }
        rows.extend(reading.answers.iter().map(|answer| row(book, reading, Some(answer), home)));
    }
    Table {
        id: id.to_owned(),
        caption: book.words.count("n_targets", count(readings.len())),
        columns: columns.map(|key| Column { text: book.word(key), number: key == "demanded" }).to_vec(),
        rows,
        note: Some(book.word("targets_note")),
        filter: readings.len() > 12,
        sortable: readings.len() > 1,
        pager: None,
    }
}

/// Targets of an indicator on an organisation as lines: `✗ Không đạt: ≥ 50 % (2024, ...)`.
pub fn lines(book: &Book<'_>, indicator: &Indicator, org: &OrgId) -> Vec<Line> {
    let line = |target: &&Target| {
        let ended = book.view.ended(target, Some(org));
        let rows = book.view.progress(target, Some(org));
        let row = rows.iter().find(|row| row.indicator.as_ref() == Some(&indicator.id));
        let status = row.map_or(Status::NoData, |row| row.status);
        let has_value = last_valued(book.view.totals(indicator, org)).is_some();
        let verdict = progress::verdict(book, (status, ended), has_value, stands(row.copied(), rows));
        let (word, demand) = (verdict.text.as_str(), book.words.demand(target, Some(indicator.unit)));
        let (year, basis) = (target.due_on.year().to_string(), book.text(&target.legal_basis));
        let gaps = [("result", word), ("demand", demand.as_str()), ("year", &year), ("basis", basis)];
        Line { text: book.words.fill("target_line", &gaps), ..verdict }
    };
    book.view.targets_on(indicator, org).iter().map(line).collect()
}

fn row(book: &Book<'_>, reading: &Reading<'_>, answer: Option<&Answer<'_>>, home: &str) -> Row {
    let target = reading.target;
    let title = book.text(&target.title).to_owned();
    let level = book.level(&target.level);
    let head = Cell::link(title, Some(href(home, target))).as_head();
    let head = head.line(format!("{} · {level}", target.id), "muted");
    let unit = answer.map(|answer| answer.indicator.unit);
    let demanded = Cell { number: true, ..Cell::text(book.words.demand(target, unit)) };
    let mut cells = vec![head, basis(book, target), demanded.sorted_by(target.value), due(target)];
    cells.extend(match answer {
        Some(answer) => answered(book, reading, answer, home),
        None => unanswered(book, reading),
    });
    Row { cells, strong: false }
}

/// The page of a target, seen from a page whose way up is `home`.
pub fn href(home: &str, target: &Target) -> String {
    format!("{home}target/{}.html", target.id)
}

/// The reason in a sentence, the gap where it is not in that, and how many methods agree; sorted by the gap.
fn why(book: &Book<'_>, reading: &Reading<'_>, answer: Option<&Answer<'_>>) -> Cell {
    let (_, reason) = reading.told(book, answer.map(|answer| answer.progress));
    let mut cell = if reason.is_empty() { Cell::text("–") } else { Cell::empty().line(reason, "wide") };
    let Some(answer) = answer.filter(|_| reading.ended.is_none()) else { return cell };
    if let Some(point) = answer.progress.deciding {
        let difference = point.value - reading.target.value;
        let met = reading.target.comparator.met(point.value, reading.target.value);
        if answer.progress.status != Status::Missed {
            cell = cell.line(gap(book, answer.indicator, difference, met), "muted");
        }
        cell = cell.sorted_by(difference);
    }
    match progress::agreement(book, answer.progress) {
        Some(agreement) => cell.line(agreement, "muted"),
        None => cell,
    }
}

fn due(target: &Target) -> Cell {
    Cell { number: true, ..Cell::text(target.due_on.year().to_string()) }.sorted_by(target.due_on)
}

/// The document, when it was made, and how its wording is known.
pub fn basis_lines(book: &Book<'_>, target: &Target) -> Vec<Line> {
    basis(book, target).lines
}

fn basis(book: &Book<'_>, target: &Target) -> Cell {
    let mut cell = Cell::text(book.text(&target.legal_basis).to_owned());
    if let Some(issued) = target.issued_on {
        let day = time::short_period(book.lang(), issued);
        cell = cell.line(book.words.fill("issued", &[("day", &day)]), "muted");
    }
    match target.evidence.as_str() {
        "" | "seen" => cell,
        "article" => cell.line(book.word("evidence_article"), "muted"),
        "secondary" => cell.line(book.word("evidence_secondary"), "muted"),
        "memory" => cell.line(book.word("evidence_memory"), "muted"),
        other => cell.line(other.to_owned(), "muted"),
    }
}

/// The cells of value, result and reason where a value answers the target.
fn answered(book: &Book<'_>, reading: &Reading<'_>, answer: &Answer<'_>, home: &str) -> [Cell; 3] {
    let Answer { indicator, observation, value, org, .. } = answer;
    let written = book.words.with_unit(indicator, &book.value(indicator, org, *value));
    let period = period_and_status(book, observation);
    let title = book.text(&indicator.title).to_owned();
    let made_of = made_of(book, indicator, observation);
    let number = Cell { made_of, quality: mark::of(book, observation), ..Cell::text(written) };
    let number = number.leading_to(book.number_href(home, indicator, org));
    let mut shown = number.line(period, "").sorted_by(value);
    if let Some(newer) = newer(book, book.view.totals(indicator, org)) {
        shown = shown.line(newer, "muted");
    }
    let href = book.indicator_href(home, &indicator.id);
    shown.lines.push(Line { text: title, href, look: "muted", mark: "" });
    if let Some(source) = &observation.source {
        shown = shown.line(time::days_within(book.lang(), source), "muted source");
    }
    [shown, result(book, reading, Some(answer)), why(book, reading, Some(answer))]
}

/// The same cells where no value does: why the last number is missing, where anything was observed.
fn unanswered(book: &Book<'_>, reading: &Reading<'_>) -> [Cell; 3] {
    let totals = |indicator| reading.org.map_or(&[][..], |org| book.view.totals(indicator, org));
    let latest =
        book.view.answers(reading.target).into_iter().filter_map(|indicator| totals(indicator).last());
    let mut shown = Cell::empty();
    for observation in latest {
        shown = shown.line(
            format!("{}: {}", book.period(observation.period), why_missing(book, observation)),
            "muted",
        );
    }
    let shown = if shown.is_empty() { Cell::text("–") } else { shown };
    [shown, result(book, reading, None), why(book, reading, None)]
}

/// How the target stands, by which value if that is not the last one, and how the bodies of its level stand.
fn result(book: &Book<'_>, reading: &Reading<'_>, answer: Option<&Answer<'_>>) -> Cell {
    let (line, _) = reading.told(book, answer.map(|answer| answer.progress));
    let mut cell = Cell { lines: vec![line], ..Cell::default() };
    if let Some((answer, point)) = answer.and_then(|answer| Some((answer, answer.decided_by()?))) {
        let written =
            book.words.with_unit(answer.indicator, &book.value(answer.indicator, answer.org, point.value));
        let period = book.period_within(point.period);
        let gaps = [("value", written.as_str()), ("period", period.as_str())];
        cell = cell.line(book.words.fill("decided_by", &gaps), "muted");
    }
    match by_bodies(book, reading) {
        // No group stands for the level: there is nothing to be said of it as a whole.
        Some(text) if reading.org.is_none() => Cell::text(text),
        Some(text) => cell.line(text, "muted"),
        None => cell,
    }
}

/// How many bodies of its level meet a target that is read on the group that stands for them; none without data.
fn by_bodies(book: &Book<'_>, reading: &Reading<'_>) -> Option<String> {
    let target = reading.target;
    if reading.org != target.org.as_ref() || book.view.answers(target).is_empty() {
        return None;
    }
    let bodies = book.view.bodies(target).iter();
    let all: Vec<Status> = bodies.map(|body| book.view.status(target, body)).collect();
    let number = |wanted: fn(Status) -> bool| all.iter().filter(|status| wanted(**status)).count();
    let unknown = number(|status| matches!(status, Status::NoData | Status::NotApplicable));
    if unknown == all.len() {
        return None;
    }
    let write = |n: usize| book.words.numbers.whole(count(n));
    let met = number(|status| status == Status::Achieved);
    let unmet = all.len() - met - unknown;
    let gaps = [("met", &*write(met)), ("unmet", &*write(unmet)), ("unknown", &*write(unknown))];
    Some(book.words.fill("by_bodies", &gaps))
}

fn gap(book: &Book<'_>, indicator: &Indicator, difference: f64, met: bool) -> String {
    if difference == 0.0 {
        return book.word("gap_none");
    }
    let key = if met { "gap_beyond" } else { "gap_short" };
    book.words.fill(key, &[("n", &book.words.distance(indicator, difference))])
}

/// A period with the mark of a provisional value.
pub fn period_and_status(book: &Book<'_>, observation: &Observation) -> String {
    let period = book.period(observation.period);
    match book.status(observation) {
        status if status.is_empty() => period,
        status => format!("{period} ({status})"),
    }
}

/// How many targets stand in which way, the best first; those that none stands in are left out.
fn summary(book: &Book<'_>, readings: &[Reading<'_>]) -> Vec<Line> {
    let line = |(wanted, _): (Status, &str)| {
        let verdict = progress::status(book, wanted);
        let n = readings.iter().filter(|reading| reading.status() == wanted).count();
        let text = format!("{}: {}", verdict.text, book.words.numbers.whole(count(n)));
        (n > 0).then_some(Line { text, ..verdict })
    };
    // What is known of comes first, in the order from the best to the worst.
    let order = Status::ALL.into_iter().skip(2).chain(Status::ALL.into_iter().take(2));
    order.filter_map(line).collect()
}

/// One chart for each value, with all its targets.
fn bullets(book: &Book<'_>, readings: &[Reading<'_>]) -> Vec<Figure> {
    let mut groups: IndexMap<(&IndicatorId, &OrgId), (&Answer<'_>, Vec<&Target>)> = IndexMap::new();
    for reading in readings {
        for answer in &reading.answers {
            let group = groups.entry((&answer.indicator.id, answer.org)).or_insert_with(|| (answer, vec![]));
            group.1.push(reading.target);
        }
    }
    let figures = groups.into_values().enumerate();
    figures
        .map(|(n, (answer, targets))| {
            let drawing = bullet(book, answer, &targets);
            Figure {
                id: format!("bullet_{n}"),
                wide: drawn(&drawing.svg(&format!("bullet_{n}"), Width(340))),
                narrow: None,
                caption: drawing.title,
                note: Some(bullet_note(book, answer)),
            }
        })
        .collect()
}

/// Of when the value is, and how each target of the chart stands: the bar is the last value, and another one may have decided.
fn bullet_note(book: &Book<'_>, answer: &Answer<'_>) -> String {
    let verdicts = lines(book, answer.indicator, answer.org);
    let verdicts = verdicts.iter().map(|line| format!("{} {}", line.mark, line.text));
    std::iter::once(period_and_status(book, answer.observation))
        .chain(verdicts)
        .collect::<Vec<_>>()
        .join(" · ")
}

/// The last value of a body against all targets that an indicator answers on it; none without a value or a target.
pub fn bullet_of<'a>(book: &'a Book<'a>, indicator: &'a Indicator, org: &'a OrgId) -> Option<Drawing<'a>> {
    let targets = book.view.targets_on(indicator, org);
    let readings: Vec<_> = targets.into_iter().map(|target| Reading::of(book, target, Some(org))).collect();
    let of_indicator = |reading: &'_ Reading<'a>| {
        reading.answers.iter().find(|answer| answer.indicator.id == indicator.id).map(|_| reading.target)
    };
    let targets: Vec<&Target> = readings.iter().filter_map(of_indicator).collect();
    let answers = readings.iter().flat_map(|reading| &reading.answers);
    let answer = answers.into_iter().find(|answer| answer.indicator.id == indicator.id)?;
    Some(bullet(book, answer, &targets))
}

fn bullet<'a>(book: &'a Book<'a>, answer: &Answer<'a>, targets: &[&Target]) -> Drawing<'a> {
    let Answer { indicator, observation, value, org, .. } = *answer;
    let written = book.words.with_unit(indicator, &book.value(indicator, org, value));
    let title = format!("{} – {}", book.text(&indicator.title), book.name(org));
    let verdicts = lines(book, indicator, org);
    let finding = verdicts.iter().map(|line| line.text.as_str()).collect::<Vec<_>>().join("; ");
    let when = name_within(book.lang(), &period_and_status(book, observation));
    let chart = BulletChart {
        title: title.clone(),
        finding: format!("{written}, {when}. {finding}"),
        value: Some(value),
        text: written,
        scale: scale(indicator, value, targets),
        lower_is_better: targets.iter().any(|target| target.comparator.lower_is_better()),
        targets: targets.iter().map(|target| bullet_target(book, indicator, target)).collect(),
        ..BulletChart::default()
    };
    let number = move |value: f64| book.tick(indicator, Some(org), value);
    let words = (title, chart.finding.clone());
    let draw = move |id: &str, width| BulletChart { width, ..chart.clone() }.render(id, &number);
    Drawing::new(ChartKind::Bullet, words, draw)
}

fn bullet_target(book: &Book<'_>, indicator: &Indicator, target: &Target) -> BulletTarget {
    let demand = book.words.demand(target, Some(indicator.unit));
    BulletTarget { value: target.value, label: format!("{demand} ({})", target.due_on.year()) }
}

/// From zero, or rank 1, to a round place beyond everything that is shown.
fn scale(indicator: &Indicator, value: f64, targets: &[&Target]) -> (f64, f64) {
    let most = targets.iter().map(|target| target.value).fold(value, f64::max);
    match indicator.unit {
        Unit::Percent | Unit::Points if most <= 100.0 => (0.0, 100.0),
        Unit::Index if most <= 1.0 => (0.0, 1.0),
        Unit::Rank => (1.0, (most * 1.2 / 10.0).ceil() * 10.0),
        _ => (0.0, most * 1.2),
    }
}

fn count(n: usize) -> u64 {
    u64::try_from(n).unwrap_or(u64::MAX)
}
