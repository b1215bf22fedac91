//! The table of targets for a terminal, as text or as JSON: the rows of the pages.

use serde_json::{Value, json};

use crate::model::id::OrgId;
use crate::model::progress::{Status, TargetProgress};
use crate::model::results::Results;
use crate::model::target::Target;
use crate::model::text::Lang;
use crate::report::book::{Book, Contents};
use crate::report::definition::ReportDefinition;
use crate::report::explain::columns;
use crate::report::progress::{Told, agreement};
use crate::report::target::Reading;
use crate::report::time;
use crate::report::view::View;
use crate::report::words::{Words, first_lowered};

/// Which targets are told, and on whom.
#[derive(Debug, Clone, Copy, Default)]
pub struct Selection<'a> {
    /// Only those that are due in this year.
    pub year: Option<i32>,
    /// Read on this body; without it on the one that each names.
    pub org: Option<&'a OrgId>,
}

/// Targets as text or JSON.
pub struct TargetsText<'a> {
    results: &'a Results,
    definition: &'a ReportDefinition,
    words: &'a Words,
    selection: Selection<'a>,
}

impl<'a> TargetsText<'a> {
    /// Of the results, in the language of the words.
    pub fn new(
        results: &'a Results,
        definition: &'a ReportDefinition,
        words: &'a Words,
        selection: Selection<'a>,
    ) -> Self {
        TargetsText { results, definition, words, selection }
    }

    /// Lines for a terminal, a count of each status last; none where no target fits.
    pub fn text(&self) -> Option<String> {
        self.with_readings(|book, readings| {
            let mut heading = vec!["target", "demanded", "due", "value_judged", "result", "why"];
            heading.insert(1, "target");
            let mut rows = vec![heading.into_iter().map(|key| book.word(key)).collect::<Vec<_>>()];
            rows[0][0] = "id".to_owned();
            rows.extend(readings.iter().map(|reading| row(book, reading)));
            (rows.len() > 1).then(|| format!("{}\n{}", columns(&rows, &[]), summary(book, readings)))
        })
    }

    /// One object for each target on each indicator that answers it, with unrounded numbers.
    pub fn to_json(&self) -> Value {
        self.with_readings(|book, readings| {
            Value::Array(readings.iter().flat_map(|one| objects(book, one)).collect())
        })
    }

    /// Whether any of the targets was missed.
    pub fn is_any_missed(&self) -> bool {
        self.with_readings(|_, readings| readings.iter().any(|reading| reading.status() == Status::Missed))
    }

    fn with_readings<T>(&self, tell: impl FnOnce(&Book<'_>, &[Reading<'_>]) -> T) -> T {
        let view = View::new(self.results);
        let contents = Contents::new(self.definition, &view);
        let book = Book { definition: self.definition, view: &view, words: self.words, contents: &contents };
        let of_body = |target: &&Target| match self.selection.org {
            Some(org) => view.targets_of(org).iter().any(|known| known.id == target.id),
            None => true,
        };
        let in_year = |target: &&Target| {
            self.selection.year.is_none_or(|year| chrono::Datelike::year(&target.due_on) == year)
        };
        let targets = self.results.targets.iter().filter(in_year).filter(of_body);
        let readings: Vec<Reading<'_>> =
            targets.map(|target| Reading::of(&book, target, self.selection.org)).collect();
        tell(&book, &readings)
    }
}

fn row(book: &Book<'_>, reading: &Reading<'_>) -> Vec<String> {
    let target = reading.target;
    let decider = reading.deciding_row();
    let indicator = decider.and_then(|row| book.view.indicator(row.indicator.as_ref()?));
    let (status, reason) = reading.told(book, None);
    let value = decider.zip(indicator).and_then(|(progress, indicator)| {
        let point = progress.deciding?;
        let value = Told { book, indicator, progress }.point(point);
        Some(format!("{value} ({})", time::short_period(book.lang(), point.period)))
    });
    vec![
        target.id.to_string(),
        format!("{} ({})", book.text(&target.title), first_lowered(&book.level(&target.level))),
        book.words.demand(target, indicator.map(|indicator| indicator.unit)),
        time::date(book.lang(), target.due_on),
        value.unwrap_or_else(|| "–".to_owned()),
        format!("{} {}", status.mark, status.text),
        reason,
    ]
}

/// How many stand in which way.
fn summary(book: &Book<'_>, readings: &[Reading<'_>]) -> String {
    let one = |(status, _): (Status, &str)| {
        let n = readings.iter().filter(|reading| reading.status() == status).count();
        let word = crate::report::progress::status(book, status).text;
        (n > 0).then(|| format!("{word}: {n}"))
    };
    Status::ALL.into_iter().filter_map(one).collect::<Vec<_>>().join("; ")
}

fn objects(book: &Book<'_>, reading: &Reading<'_>) -> Vec<Value> {
    let with_row = reading.rows.iter().map(|row| object(book, reading, Some(row)));
    let objects: Vec<Value> = with_row.collect();
    if objects.is_empty() { vec![object(book, reading, None)] } else { objects }
}

fn object(book: &Book<'_>, reading: &Reading<'_>, row: Option<&TargetProgress>) -> Value {
    let target = reading.target;
    let text =
        |text: &crate::model::text::Text| json!({ "vi": text.get(Lang::Vi), "en": text.get(Lang::En) });
    let (status, reason) = reading.told(book, row);
    let pace = row.and_then(|row| row.pace);
    let chance = row.and_then(|row| row.chance);
    let extra = row.and_then(|row| row.extra);
    let method = |value: &crate::model::progress::MethodValue| {
        json!({
            "method": value.method, "value": value.value, "projected": value.projected, "verdict": value.verdict,
        })
    };
    json!({
        "target": target.id.to_string(),
        "title": text(&target.title),
        "level": target.level,
        "organisation": reading.org.map(ToString::to_string),
        "indicator": row.and_then(|row| row.indicator.as_ref()).map(ToString::to_string),
        "comparator": target.comparator.to_string(),
        "demanded": target.value,
        "unit": target.unit,
        "due_on": target.due_on.to_string(),
        "legal_basis": text(&target.legal_basis),
        "status": row.map_or(reading.status(), |row| row.status),
        "status_in_words": status.text,
        "reason": reason,
        "decides": row.is_none_or(|row| row.decides),
        "period": row.and_then(|row| row.deciding).map(|point| point.period.to_string()),
        "value": row.and_then(|row| row.deciding).map(|point| point.value),
        "points": row.map_or(0, |row| row.points),
        "baseline_period": pace.map(|pace| pace.baseline.period.to_string()),
        "baseline": pace.map(|pace| pace.baseline.value),
        "start_period": pace.map(|pace| pace.start.period.to_string()),
        "start": pace.map(|pace| pace.start.value),
        "path": pace.map(|pace| pace.path),
        "way_done": pace.and_then(|pace| pace.way_done),
        "pace_seen": pace.map(|pace| pace.seen),
        "pace_needed": pace.and_then(|pace| pace.needed),
        "pace_times": pace.and_then(|pace| pace.times),
        "scale": row.map(|row| row.scale),
        "arrives_on": pace.and_then(|pace| pace.arrives_on).map(|day| day.to_string()),
        "extra_units": extra.map(|extra| extra.units),
        "extra_per_period": extra.and_then(|extra| extra.per_period),
        "probability": chance.map(|chance| chance.probability),
        "expected": chance.map(|chance| chance.expected),
        "low": chance.map(|chance| chance.low),
        "high": chance.map(|chance| chance.high),
        "agreement": row.and_then(|row| agreement(book, row)),
        "methods": row.map(|row| row.methods.iter().map(method).collect::<Vec<_>>()).unwrap_or_default(),
    })
}
