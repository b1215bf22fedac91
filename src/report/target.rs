//! Targets against the last known values: the table of all of them, and the bullet charts.
//!
//! A target is judged by the last value up to its due day; the last value known stands beside it.
//! The pace is not judged here.

use std::collections::BTreeMap;

use chrono::Datelike;

use crate::chart::Width;
use crate::chart::bullet::{BulletChart, BulletTarget};
use crate::model::id::{IndicatorId, OrgId};
use crate::model::indicator::{Indicator, Unit};
use crate::model::results::Observation;
use crate::model::target::{Comparator, Standing, Target};
use crate::report::book::Book;
use crate::report::headline::verdict;
use crate::report::page::{Cell, Column, Figure, Line, Row, Table, TargetsModel, drawn};
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

/// All targets of the results.
pub fn model(book: &Book<'_>, home: &str) -> TargetsModel {
    // Those that can be answered come first, each kind in the order of the results.
    let mut targets: Vec<_> = book.view.results.targets.iter().collect();
    targets.sort_by_key(|target| answers(book, target).is_empty());
    TargetsModel {
        summary: summary(book, &targets),
        bullets: bullets(book, &targets),
        table: table(book, &targets, home, "targets_table"),
    }
}

/// A table of targets, one row for each value that answers one, or one row without.
pub fn table(book: &Book<'_>, targets: &[&Target], home: &str, id: &str) -> Table {
    let columns = ["target", "legal_basis", "demanded", "due", "last_value", "result", "gap"];
    let mut rows = vec![];
    for target in targets {
        let answers = answers(book, target);
        if answers.is_empty() {
            rows.push(row(book, target, None, home));
        }
        rows.extend(answers.iter().map(|answer| row(book, target, Some(answer), home)));
    }
    Table {
        id: id.to_owned(),
        caption: book.words.count("n_targets", count(targets.len())),
        columns: columns.map(|key| Column { text: book.word(key), number: key == "demanded" }).to_vec(),
        rows,
        note: Some(book.word("targets_note")),
        filter: targets.len() > 12,
        sortable: targets.len() > 1,
    }
}

/// Targets of an indicator on an organisation as lines: `✗ Không đạt: ≥ 50 % (2024, ...)`.
pub fn lines(book: &Book<'_>, indicator: &Indicator, org: &OrgId) -> Vec<Line> {
    let values = values(book, indicator, org);
    let line = |target: &&Target| {
        let verdict = verdict(book, judge(target, &values).0);
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

fn judge(target: &Target, values: &[(&Observation, f64)]) -> (Standing, Option<usize>) {
    let values: Vec<_> = values.iter().map(|(observation, value)| (observation.period, *value)).collect();
    target.judge(&values)
}

fn answers<'a>(book: &Book<'a>, target: &'a Target) -> Vec<Answer<'a>> {
    let Some(org) = target.org.as_ref() else { return vec![] };
    let answer = |indicator: &'a Indicator| {
        book.view.targets_on(indicator, org).iter().find(|known| known.id == target.id)?;
        let values = values(book, indicator, org);
        let (observation, value) = *values.last()?;
        let (standing, at) = judge(target, &values);
        let decided_by = at.filter(|at| at + 1 < values.len()).map(|at| values[at]);
        Some(Answer { indicator, org, observation, value, standing, decided_by })
    };
    book.view.answers(target).into_iter().filter_map(answer).collect()
}

fn row(book: &Book<'_>, target: &Target, answer: Option<&Answer<'_>>, home: &str) -> Row {
    let title = book.text(&target.title).to_owned();
    let level = book.level(&target.level);
    let head = Cell::text(title).as_head().line(format!("{} · {level}", target.id), "muted");
    let unit = answer.map(|answer| answer.indicator.unit);
    let demanded = Cell { number: true, ..Cell::text(book.words.demand(target, unit)) };
    let mut cells = vec![head, basis(book, target), demanded.sorted_by(target.value), due(target)];
    cells.extend(match answer {
        Some(answer) => answered(book, target, answer, home),
        None => [
            Cell::text("–"),
            Cell { lines: vec![verdict(book, Standing::NoData)], ..Cell::default() },
            Cell::text("–"),
        ],
    });
    Row { cells, strong: false }
}

fn due(target: &Target) -> Cell {
    Cell { number: true, ..Cell::text(target.due_on.year().to_string()) }.sorted_by(target.due_on)
}

fn basis(book: &Book<'_>, target: &Target) -> Cell {
    let cell = Cell::text(book.text(&target.legal_basis).to_owned());
    match target.evidence.as_str() {
        "" | "seen" => cell,
        "article" => cell.line(book.word("evidence_article"), "muted"),
        "secondary" => cell.line(book.word("evidence_secondary"), "muted"),
        "memory" => cell.line(book.word("evidence_memory"), "muted"),
        other => cell.line(other.to_owned(), "muted"),
    }
}

/// The cells of value, result and gap.
fn answered(book: &Book<'_>, target: &Target, answer: &Answer<'_>, home: &str) -> [Cell; 3] {
    let Answer { indicator, observation, value, org, .. } = answer;
    let written = with_unit(book, indicator, &book.value(indicator, org, *value));
    let period = period_and_status(book, observation);
    let title = book.text(&indicator.title).to_owned();
    let mut shown = Cell::text(written).line(period, "").sorted_by(value);
    let href = book.indicator_href(home, &indicator.id);
    shown.lines.push(Line { text: title, href, look: "muted", mark: "" });
    if let Some(source) = &observation.source {
        shown = shown.line(source.clone(), "muted source");
    }
    let deciding = answer.decided_by.map_or(*value, |(_, value)| value);
    let difference = deciding - target.value;
    let met = target.comparator.met(deciding, target.value);
    let gap = Cell::text(gap(book, indicator, difference, met)).sorted_by(difference);
    [shown, result(book, answer), gap]
}

/// How the target stands, and by which value if that is not the last one.
fn result(book: &Book<'_>, answer: &Answer<'_>) -> Cell {
    let cell = Cell { lines: vec![verdict(book, answer.standing)], ..Cell::default() };
    let Some((observation, value)) = answer.decided_by else { return cell };
    let written = with_unit(book, answer.indicator, &book.value(answer.indicator, answer.org, value));
    let period = book.period(observation.period);
    let decided = book.words.fill("decided_by", &[("value", written.as_str()), ("period", period.as_str())]);
    cell.line(decided, "muted")
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

fn summary(book: &Book<'_>, targets: &[&Target]) -> Vec<Line> {
    // Of several values that answer one target the worst counts.
    let standing = |target: &&Target| {
        answers(book, target).iter().map(|answer| answer.standing).max().unwrap_or(Standing::NoData)
    };
    let standings: Vec<Standing> = targets.iter().map(standing).collect();
    let line = |wanted: Standing| {
        let verdict = verdict(book, wanted);
        let n = count(standings.iter().filter(|standing| **standing == wanted).count());
        let text = format!("{}: {}", verdict.text, book.words.numbers.whole(n));
        Line { text, ..verdict }
    };
    [Standing::Met, Standing::Missed, Standing::NotYet, Standing::NoData].map(line).to_vec()
}

/// One chart for each value, with all its targets.
fn bullets(book: &Book<'_>, targets: &[&Target]) -> Vec<Figure> {
    let mut order: Vec<(&IndicatorId, &OrgId)> = vec![];
    let mut groups: BTreeMap<(&IndicatorId, &OrgId), (Answer<'_>, Vec<&Target>)> = BTreeMap::new();
    for target in targets {
        for answer in answers(book, target) {
            let key = (&answer.indicator.id, answer.org);
            if !order.contains(&key) {
                order.push(key);
            }
            groups.entry(key).or_insert_with(|| (answer, vec![])).1.push(target);
        }
    }
    let mut figures = vec![];
    for (n, key) in order.into_iter().enumerate() {
        if let Some((answer, targets)) = groups.get(&key) {
            figures.push(bullet(book, answer, targets, &format!("bullet_{n}")));
        }
    }
    figures
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
        lower_is_better: targets.iter().any(|t| t.comparator == Comparator::AtMost),
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
