//! Targets against the last known values: the table of all of them, and the bullet charts.
//!
//! A target is judged by the last value up to its due day; the last value known stands beside it. A target that is
//! set for a level is read on the group that stands for the level and on each of its bodies. The pace is not judged
//! here.

use chrono::Datelike;
use indexmap::IndexMap;

use crate::chart::Width;
use crate::chart::bullet::{BulletChart, BulletTarget};
use crate::model::id::{IndicatorId, OrgId};
use crate::model::indicator::{Indicator, Unit};
use crate::model::organisation::Organisation;
use crate::model::results::Observation;
use crate::model::target::{Ended, Standing, Target};
use crate::report::book::Book;
use crate::report::headline::{newer, verdict, verdict_in_time, why_missing};
use crate::report::page::{Cell, Column, Figure, Line, Row, Table, TargetsModel, drawn};
use crate::report::time;
use crate::report::view::measured;

/// The last value that a target can be compared with.
struct Answer<'a> {
    indicator: &'a Indicator,
    org: &'a OrgId,
    observation: &'a Observation,
    value: f64,
    standing: Standing,
    /// The value that decided, where it is not the last one.
    decided_by: Option<(&'a Observation, f64)>,
}

/// A target as it is read on one organisation.
struct Reading<'a> {
    target: &'a Target,
    org: Option<&'a OrgId>,
    /// What ended before the target was due.
    ended: Option<Ended>,
    /// One for each indicator that has a value.
    answers: Vec<Answer<'a>>,
}

impl<'a> Reading<'a> {
    /// Read on this organisation, or on the one that the target names.
    fn of(book: &Book<'a>, target: &'a Target, org: Option<&'a OrgId>) -> Self {
        let org = org.or(target.org.as_ref());
        let ended = book.view.ended(target, org);
        let answers = org.map(|org| answers(book, target, org, ended)).unwrap_or_default();
        Reading { target, org, ended, answers }
    }

    /// How the target stands; of several values that answer it the worst counts.
    fn standing(&self) -> Standing {
        let without_value = if self.ended.is_some() { Standing::Ended } else { Standing::NoData };
        self.answers.iter().map(|answer| answer.standing).max().unwrap_or(without_value)
    }
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
    let columns = ["target", "legal_basis", "demanded", "due", "last_value", "result", "gap"];
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
    }
}

/// Targets of an indicator on an organisation as lines: `✗ Không đạt: ≥ 50 % (2024, ...)`.
pub fn lines(book: &Book<'_>, indicator: &Indicator, org: &OrgId) -> Vec<Line> {
    let values = values(book, indicator, org);
    let line = |target: &&Target| {
        let ended = book.view.ended(target, Some(org));
        let verdict = verdict_in_time(book, judge(target, &values, ended).0, ended);
        let (word, demand) = (verdict.text.as_str(), book.words.demand(target, Some(indicator.unit)));
        let (year, basis) = (target.due_on.year().to_string(), book.text(&target.legal_basis));
        let gaps = [("result", word), ("demand", demand.as_str()), ("year", &year), ("basis", basis)];
        Line { text: book.words.fill("target_line", &gaps), ..verdict }
    };
    book.view.targets_on(indicator, org).iter().map(line).collect()
}

/// The totals that have a number, oldest first.
fn values<'a>(book: &Book<'a>, indicator: &Indicator, org: &OrgId) -> Vec<(&'a Observation, f64)> {
    let totals = book.view.totals(indicator, org).iter();
    totals.filter_map(|observation| Some((*observation, measured(observation).ok()?))).collect()
}

fn judge(target: &Target, values: &[(&Observation, f64)], ended: Option<Ended>) -> (Standing, Option<usize>) {
    let values: Vec<_> = values.iter().map(|(observation, value)| (observation.period, *value)).collect();
    target.judge(&values, ended)
}

fn answers<'a>(book: &Book<'a>, target: &'a Target, org: &'a OrgId, ended: Option<Ended>) -> Vec<Answer<'a>> {
    let answer = |indicator: &'a Indicator| {
        let values = values(book, indicator, org);
        let (observation, value) = *values.last()?;
        let (standing, at) = judge(target, &values, ended);
        let decided_by = at.filter(|at| at + 1 < values.len()).map(|at| values[at]);
        Some(Answer { indicator, org, observation, value, standing, decided_by })
    };
    book.view.answers(target).into_iter().filter_map(answer).collect()
}

fn row(book: &Book<'_>, reading: &Reading<'_>, answer: Option<&Answer<'_>>, home: &str) -> Row {
    let target = reading.target;
    let title = book.text(&target.title).to_owned();
    let level = book.level(&target.level);
    let head = Cell::text(title).as_head().line(format!("{} · {level}", target.id), "muted");
    let unit = answer.map(|answer| answer.indicator.unit);
    let demanded = Cell { number: true, ..Cell::text(book.words.demand(target, unit)) };
    let mut cells = vec![head, basis(book, target), demanded.sorted_by(target.value), due(target)];
    cells.extend(match answer {
        Some(answer) => answered(book, reading, answer, home),
        None => unanswered(book, reading),
    });
    Row { cells, strong: false }
}

fn due(target: &Target) -> Cell {
    Cell { number: true, ..Cell::text(target.due_on.year().to_string()) }.sorted_by(target.due_on)
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

/// The cells of value, result and gap where a value answers the target.
fn answered(book: &Book<'_>, reading: &Reading<'_>, answer: &Answer<'_>, home: &str) -> [Cell; 3] {
    let Answer { indicator, observation, value, org, .. } = answer;
    let target = reading.target;
    let written = with_unit(book, indicator, &book.value(indicator, org, *value));
    let period = period_and_status(book, observation);
    let title = book.text(&indicator.title).to_owned();
    let mut shown = Cell::text(written).line(period, "").sorted_by(value);
    if let Some(newer) = newer(book, book.view.totals(indicator, org)) {
        shown = shown.line(newer, "muted");
    }
    let href = book.indicator_href(home, &indicator.id);
    shown.lines.push(Line { text: title, href, look: "muted", mark: "" });
    if let Some(source) = &observation.source {
        shown = shown.line(source.clone(), "muted source");
    }
    if reading.ended.is_some() {
        return [shown, result(book, reading, Some(answer)), Cell::text("–")];
    }
    let deciding = answer.decided_by.map_or(*value, |(_, value)| value);
    let difference = deciding - target.value;
    let met = target.comparator.met(deciding, target.value);
    let gap = Cell::text(gap(book, indicator, difference, met)).sorted_by(difference);
    [shown, result(book, reading, Some(answer)), gap]
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
    [shown, result(book, reading, None), Cell::text("–")]
}

/// How the target stands, by which value if that is not the last one, and how the bodies of its level stand.
fn result(book: &Book<'_>, reading: &Reading<'_>, answer: Option<&Answer<'_>>) -> Cell {
    let standing = answer.map_or(reading.standing(), |answer| answer.standing);
    let mut cell = Cell { lines: vec![verdict_in_time(book, standing, reading.ended)], ..Cell::default() };
    if let Some((answer, (observation, value))) = answer.and_then(|a| Some((a, a.decided_by?))) {
        let written = with_unit(book, answer.indicator, &book.value(answer.indicator, answer.org, value));
        let period = book.period(observation.period);
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
    let bodies = book.view.bodies(target);
    let standing = |body: &&Organisation| Reading::of(book, target, Some(&body.id)).standing();
    let standings: Vec<Standing> = bodies.iter().map(standing).collect();
    let number = |wanted: &[Standing]| standings.iter().filter(|standing| wanted.contains(standing)).count();
    let unknown = number(&[Standing::NoData]);
    if unknown == standings.len() {
        return None;
    }
    let write = |n: usize| book.words.numbers.whole(count(n));
    let (met, unmet) = (number(&[Standing::Met]), number(&[Standing::NotYet, Standing::Missed]));
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

/// `hạng 71`, `56,56 điểm`, `24,36 %`
fn with_unit(book: &Book<'_>, indicator: &Indicator, number: &str) -> String {
    match (indicator.unit, book.words.unit(indicator.unit)) {
        (Unit::Rank, _) => book.words.fill("rank_value", &[("n", number)]),
        (_, "") => number.to_owned(),
        (_, unit) => format!("{number}\u{a0}{unit}"),
    }
}

/// A period with the mark of a provisional value.
pub fn period_and_status(book: &Book<'_>, observation: &Observation) -> String {
    let period = book.period(observation.period);
    match book.status(observation) {
        status if status.is_empty() => period,
        status => format!("{period} ({status})"),
    }
}

fn summary(book: &Book<'_>, readings: &[Reading<'_>]) -> Vec<Line> {
    let line = |wanted: Standing| {
        let verdict = verdict(book, wanted);
        let n = count(readings.iter().filter(|reading| reading.standing() == wanted).count());
        let text = format!("{}: {}", verdict.text, book.words.numbers.whole(n));
        Line { text, ..verdict }
    };
    let all = [Standing::Met, Standing::Missed, Standing::NotYet, Standing::Ended, Standing::NoData];
    all.map(line).to_vec()
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
    figures.map(|(n, (answer, targets))| bullet(book, answer, &targets, &format!("bullet_{n}"))).collect()
}

fn bullet(book: &Book<'_>, answer: &Answer<'_>, targets: &[&Target], id: &str) -> Figure {
    let Answer { indicator, observation, value, org, .. } = answer;
    let written = with_unit(book, indicator, &book.value(indicator, org, *value));
    let title = format!("{} – {}", book.text(&indicator.title), book.name(org));
    let verdicts = lines(book, indicator, org);
    let finding = verdicts.iter().map(|line| line.text.as_str()).collect::<Vec<_>>().join("; ");
    let chart = BulletChart {
        title: title.clone(),
        finding: format!("{written}, {}. {finding}", period_and_status(book, observation)),
        width: Width(340),
        value: Some(*value),
        text: written,
        scale: scale(indicator, *value, targets),
        lower_is_better: targets.iter().any(|target| target.comparator.lower_is_better()),
        targets: targets.iter().map(|target| bullet_target(book, indicator, target)).collect(),
    };
    let number = |value: f64| book.tick(indicator, Some(*org), value);
    Figure {
        id: id.to_owned(),
        caption: title,
        wide: drawn(&chart.render(id, &number)),
        narrow: None,
        note: Some(period_and_status(book, observation)),
    }
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
