//! The page of an organisation: what it is, its values of every indicator, the bodies below it.

use crate::model::indicator::{Indicator, Shape};
use crate::model::organisation::Organisation;
use crate::model::results::Observation;
use crate::model::series::obstacle_within;
use crate::model::text::Lang;
use crate::report::book::{Book, Here, number_anchor};
use crate::report::headline::{cell, newer, part_cell};
use crate::report::page::{Cell, Column, Fact, Line, Link, OrganisationPage, Row, Table, drawn};
use crate::report::target::period_and_status;
use crate::report::view::{last_valued, previous};
use crate::report::{figure, indicator, list, restated, target, time};

/// From here one page to the folder of the language.
const HOME: &str = "../";

/// `organisation.html`
pub fn page(book: &Book<'_>, org: &Organisation) -> OrganisationPage {
    let here = Here {
        path: format!("organisation/{}.html", org.id),
        title: book.text(&org.name).to_owned(),
        menu: "organisations.html",
    };
    let targets = book.view.targets_of(&org.id);
    OrganisationPage {
        frame: book.frame(&here),
        other_name: other_name(book, org),
        facts: facts(book, org),
        values: values(book, org),
        restated: restated::of_organisation(book, org),
        parts: parts(book, org),
        targets: (!targets.is_empty()).then(|| target::table(book, &targets, Some(&org.id), HOME)),
        children: list::by_level(book, book.view.children(&org.id), HOME),
    }
}

/// The name in another language of the report, with the code of that language in the place of the address.
fn other_name(book: &Book<'_>, org: &Organisation) -> Option<Link> {
    let here = book.text(&org.name);
    let other = Lang::ALL.into_iter().find(|lang| *lang != book.lang())?;
    let name = org.name.get(other);
    (name != here).then(|| Link { text: name.to_owned(), href: Some(other.to_string()) })
}

fn facts(book: &Book<'_>, org: &Organisation) -> Vec<Fact> {
    let line = |text: String| Line { text, ..Line::default() };
    let mut facts = vec![Fact { name: book.word("level"), lines: vec![line(book.level(&org.level))] }];
    if let Some(parent) = &org.parent {
        let href = book.organisation_href(HOME, parent);
        let lines = vec![Line { href, ..line(book.name(parent)) }];
        facts.push(Fact { name: book.word("parent"), lines });
    }
    if org.valid_from.is_some() || org.valid_to.is_some() {
        facts.push(Fact { name: book.word("validity"), lines: vec![line(validity(book, org))] });
    }
    facts.push(Fact { name: book.word("identity"), lines: vec![line(org.id.to_string())] });
    facts
}

fn validity(book: &Book<'_>, org: &Organisation) -> String {
    let date = |day: Option<_>| day.map(|day| time::date(book.lang(), day));
    match (date(org.valid_from), date(org.valid_to)) {
        (Some(from), Some(to)) => book.words.fill("valid_between", &[("from", &from), ("to", &to)]),
        (Some(from), None) => book.words.fill("valid_since", &[("from", &from)]),
        (None, Some(to)) => book.words.fill("valid_until", &[("to", &to)]),
        (None, None) => String::new(),
    }
}

/// The last value of every indicator that knows the organisation.
fn values(book: &Book<'_>, org: &Organisation) -> Table {
    let rows = book.contents.indicators.iter().filter_map(|indicator| row(book, indicator, org));
    let columns = [
        ("indicator", false),
        ("last_value", true),
        ("period", false),
        ("numerator", true),
        ("denominator", true),
        ("value_before", true),
        ("place", true),
        ("course", false),
    ];
    let mut table = Table {
        id: "values".to_owned(),
        caption: book.words.fill("values_of", &[("org", &book.name(&org.id))]),
        columns: columns.map(|(key, number)| Column { text: book.word(key), number }).to_vec(),
        rows: rows.collect(),
        note: Some(book.word("place_note")),
        filter: false,
        sortable: false,
        pager: None,
    };
    table.drop_empty_columns();
    table
}

fn row(book: &Book<'_>, indicator: &Indicator, org: &Organisation) -> Option<Row> {
    let totals = book.view.totals(indicator, &org.id);
    let last = totals.last()?;
    let shown = last_valued(totals).map_or(*last, |(observation, _)| observation);
    let unit = book.words.unit(indicator.unit);
    let href = book.indicator_href(HOME, &indicator.id);
    let mut value =
        cell(book, indicator, shown).leading_to(href.as_ref().map(|page| format!("{page}#method")));
    if !unit.is_empty() && last_valued(totals).is_some() {
        value = value.line(unit.to_owned(), "muted");
    }
    let mut period = Cell::text(period_and_status(book, shown));
    if let Some(newer) = newer(book, totals) {
        period = period.line(newer, "muted");
    }
    let since = [("n", &*book.words.numbers.whole(shown.since.into()))];
    period = period.line(book.words.fill("in_vintage", &since), "muted");
    let mut title = Cell::link(book.text(&indicator.title).to_owned(), href).as_head();
    title.anchor = Some(number_anchor(indicator));
    let [numerator, denominator] = made_of(book, indicator, shown);
    let chart = figure::spark(book, indicator, &org.id, &format!("spark-{}", indicator.id));
    let chart = Cell { chart: chart.map(|svg| drawn(&svg)), ..Cell::empty() };
    let before = before(book, indicator, totals, shown);
    let cells = vec![title, value, period, numerator, denominator, before, place(book, shown), chart];
    Some(Row { cells, strong: false })
}

/// Numerator and denominator of a ratio; other indicators have none, which is no gap in the data.
fn made_of(book: &Book<'_>, indicator: &Indicator, observation: &Observation) -> [Cell; 2] {
    if indicator.shape != Shape::Ratio {
        return [Cell::empty(), Cell::empty()];
    }
    [observation.numerator, observation.denominator].map(|part| part_cell(book, part))
}

fn before(book: &Book<'_>, indicator: &Indicator, totals: &[&Observation], latest: &Observation) -> Cell {
    let Some((earlier, value)) = previous(totals, latest) else { return Cell::empty() };
    let text = book.value(indicator, &latest.org, value);
    let cell = Cell::number(text, value).line(book.period(earlier.period), "muted");
    match obstacle_within(indicator, totals, earlier.period, latest.period) {
        Some(_) => cell.line(book.word("not_comparable"), "muted"),
        None => cell,
    }
}

fn place(book: &Book<'_>, observation: &Observation) -> Cell {
    let found = || {
        let indicator = book.view.indicator(&observation.indicator)?;
        indicator::has_places(indicator).then(|| book.view.standing(observation))?
    };
    match found() {
        Some(standing) => Cell {
            number: true,
            ..Cell::text(format!("{}/{}", standing.place, standing.of)).sorted_by(standing.place)
        },
        None => Cell::empty(),
    }
}

/// The parts of the last period of every indicator that has some.
fn parts(book: &Book<'_>, org: &Organisation) -> Vec<Table> {
    let table = |known: &&Indicator| {
        let period = *book.view.periods_of_parts(known, &org.id).last()?;
        let caption = format!("{}, {}", book.text(&known.title), book.period_within(period));
        Some(indicator::parts_table(book, known, &org.id, period, caption))
    };
    book.contents.indicators.iter().filter_map(table).collect()
}
