//! The last value of an indicator in words: number, period, what it is made of, the value before, targets.

use crate::model::id::OrgId;
use crate::model::indicator::{Indicator, Unit};
use crate::model::results::Observation;
use crate::model::series::{Obstacle, obstacle_within};
use crate::report::book::Book;
use crate::report::page::{Cell, Headline, Link};
use crate::report::view::{last_valued, measured, previous};
use crate::report::{mark, target};

/// The last value of an organisation; none where nothing was observed.
pub fn of(book: &Book<'_>, indicator: &Indicator, org: &OrgId, home: &str) -> Option<Headline> {
    let totals = book.view.totals(indicator, org);
    let latest = totals.last()?;
    let shown = last_valued(totals);
    let (observation, value, known) = match shown {
        Some((observation, value)) => (observation, book.value(indicator, org, value), true),
        None => (*latest, why_missing(book, latest), false),
    };
    Some(Headline {
        org: Link { text: book.name(org), href: book.organisation_href(home, org) },
        value,
        known,
        href: book.indicator_href(home, &indicator.id).map(|href| format!("{href}#method")),
        unit: if known { book.words.unit(indicator.unit).to_owned() } else { String::new() },
        unit_first: indicator.unit == Unit::Rank,
        period: book.period_within(observation.period),
        status: book.status(observation),
        quality: mark::of(book, observation).filter(|_| known),
        newer: newer(book, totals),
        before: shown.and_then(|(observation, value)| before(book, indicator, totals, (observation, value))),
        made_of: made_of(book, indicator, observation),
        targets: target::lines(book, indicator, org),
    })
}

/// Why there is no number for the last period, where an older one is shown: `Tháng 9/2026: chưa báo cáo`.
pub fn newer(book: &Book<'_>, totals: &[&Observation]) -> Option<String> {
    let (last, (shown, _)) = (totals.last()?, last_valued(totals)?);
    let is_older = last.period != shown.period;
    is_older.then(|| format!("{}: {}", book.period(last.period), why_missing(book, last)))
}

/// Why two values are not compared.
pub fn why_not_compared(book: &Book<'_>, obstacle: Obstacle<'_>) -> String {
    match obstacle {
        Obstacle::Break(at) => book.text(&at.why).to_owned(),
        Obstacle::Mark => book.word("series_marked"),
        Obstacle::Part => book.word("part_of_period"),
        Obstacle::Length => book.word("other_length"),
    }
}

/// The word for a number that is not there.
pub fn why_missing(book: &Book<'_>, observation: &Observation) -> String {
    measured(observation).err().map_or_else(String::new, |missing| book.words.missing(missing).to_owned())
}

/// A value as a cell, or the word for why there is none.
pub fn cell(book: &Book<'_>, indicator: &Indicator, observation: &Observation) -> Cell {
    match measured(observation) {
        Ok(value) => {
            let number = Cell::number(book.value(indicator, &observation.org, value), value);
            let made_of = made_of(book, indicator, observation);
            Cell { quality: mark::of(book, observation), made_of, ..number }
        }
        Err(missing) => Cell::missing(book.words.missing(missing)),
    }
}

/// A part of a value as a cell: a count with its decimals only where it has some.
pub fn part_cell(book: &Book<'_>, part: Option<f64>) -> Cell {
    match part.filter(|part| part.is_finite()) {
        Some(part) => Cell::number(book.words.numbers.trimmed(part, 2), part),
        None => Cell::missing("–"),
    }
}

/// `403.016 trên 464.494`; where the one is no share of the other, such as days by dossiers, `309 chia cho 49`.
pub fn made_of(book: &Book<'_>, indicator: &Indicator, observation: &Observation) -> Option<String> {
    let (numerator, denominator) = (observation.numerator?, observation.denominator?);
    let write = |part: f64| book.words.numbers.trimmed(part, 2);
    let word = book.words.made_of(indicator.unit);
    Some(book.words.fill(word, &[("n", &write(numerator)), ("of", &write(denominator))]))
}

/// The value before, with the difference where the two can be compared.
fn before(
    book: &Book<'_>,
    indicator: &Indicator,
    totals: &[&Observation],
    (latest, value): (&Observation, f64),
) -> Option<String> {
    let (earlier, old) = previous(totals, latest)?;
    let period = book.period_within(earlier.period);
    let text = book.value(indicator, &earlier.org, old);
    let gaps = [("value", text.as_str()), ("period", period.as_str())];
    if let Some(obstacle) = obstacle_within(indicator, totals, earlier.period, latest.period) {
        let why = why_not_compared(book, obstacle);
        return Some(book.words.fill("before_break", &[gaps[0], gaps[1], ("why", &why)]));
    }
    let change = change(book, indicator, value - old);
    Some(book.words.fill("before", &[gaps[0], gaps[1], ("change", &change)]))
}

/// `tăng 3,20 điểm`: a rank goes up when its number goes down.
pub fn change(book: &Book<'_>, indicator: &Indicator, difference: f64) -> String {
    if difference == 0.0 {
        return book.word("unchanged");
    }
    let up = difference > 0.0;
    let key = match (indicator.unit == Unit::Rank, up) {
        (true, true) => "fell_places",
        (true, false) => "rose_places",
        (false, true) => "rose",
        (false, false) => "fell",
    };
    book.words.fill(key, &[("n", &book.words.distance(indicator, difference))])
}
