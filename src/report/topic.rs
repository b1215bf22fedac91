//! The page of a topic: its indicators with their last values, the bodies of each level by all of them, its targets.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::id::OrgId;
use crate::model::indicator::Indicator;
use crate::model::organisation::Organisation;
use crate::model::period::Period;
use crate::model::results::Observation;
use crate::model::target::Target;
use crate::report::book::{Book, Here};
use crate::report::definition::Topic;
use crate::report::headline::cell;
use crate::report::indicator::has_places;
use crate::report::page::{Card, Cell, Column, Link, Matrix, Row, Table, TopicPage};
use crate::report::view::{RANKED_FROM, measured};
use crate::report::{list, overview, target};

/// From here one page to the folder of the language.
const HOME: &str = "../";
/// More bodies than this in rows and indicators in columns are no table to read: links lead to each indicator.
const MOST_BODIES: usize = 200;

/// Where it is, below the folder of the language.
pub fn path(topic: &Topic) -> String {
    format!("topic/{}.html", topic.id)
}

/// `topic.html`
pub fn page(book: &Book<'_>, topic: &Topic) -> TopicPage {
    let here = Here { path: path(topic), title: book.text(&topic.title).to_owned(), menu: "topic" };
    let indicators: Vec<&Indicator> =
        topic.indicators.iter().filter_map(|id| book.view.indicator(id)).collect();
    let levels = book.contents.levels.iter().enumerate();
    let cards = indicators.iter().map(|one| overview::card(book, one, &topic.id, HOME));
    let (cards, without): (Vec<Card>, Vec<Card>) = cards.partition(|card| card.headline.is_some());
    TopicPage {
        frame: book.frame(&here),
        intro: topic.intro.as_ref().map(|intro| book.text(intro).to_owned()),
        cards,
        without: without.into_iter().map(|card| card.title).collect(),
        matrices: levels.filter_map(|(n, level)| matrix(book, &indicators, level, n)).collect(),
        targets: targets(book, &indicators),
        downloads: list::downloads(book, None, HOME),
    }
}

/// The numbers of one indicator in one period, by body.
struct Numbers<'a> {
    indicator: &'a Indicator,
    period: Period,
    by_body: BTreeMap<&'a OrgId, &'a Observation>,
    /// The bodies, best first.
    order: Vec<&'a OrgId>,
}

/// Everybody of a level that is still there, by the indicators that at least a few of them have numbers of.
fn matrix(book: &Book<'_>, indicators: &[&Indicator], level: &str, n: usize) -> Option<Matrix> {
    let of_level = book.view.results.organisations.iter().filter(|org| org.level == level);
    let bodies: BTreeSet<&OrgId> = of_level.filter(|org| org.valid_to.is_none()).map(|org| &org.id).collect();
    let columns: Vec<Numbers<'_>> =
        indicators.iter().filter_map(|one| numbers(book, one, level, &bodies)).collect();
    let first = columns.first()?;
    let rows = rows(book, &columns);
    let gaps = [("level", &*book.level(level)), ("indicator", book.text(&first.indicator.title))];
    let is_table = rows.len() <= MOST_BODIES;
    let link = |one: &Numbers<'_>| Link {
        text: book.text(&one.indicator.title).to_owned(),
        href: book.indicator_href(HOME, &one.indicator.id),
    };
    Some(Matrix {
        id: format!("level_{n}"),
        title: book.level(level),
        links: if is_table { vec![] } else { columns.iter().map(link).collect() },
        table: is_table.then(|| Table {
            id: format!("matrix_{n}"),
            caption: book.words.fill("topic_by_level", &gaps),
            columns: headings(book, &columns),
            filter: rows.len() > 12,
            sortable: rows.len() > 1,
            pager: None,
            rows,
            note: None,
        }),
    })
}

fn numbers<'a>(
    book: &Book<'a>,
    indicator: &'a Indicator,
    level: &str,
    bodies: &BTreeSet<&OrgId>,
) -> Option<Numbers<'a>> {
    let (period, ranked) = book.view.ranking(indicator, level)?;
    let there = ranked.iter().map(|(one, _)| *one).filter(|one| bodies.contains(&one.org));
    let there: Vec<&Observation> = there.collect();
    let known = there.iter().filter(|one| measured(one).is_ok()).count();
    (known >= RANKED_FROM).then(|| Numbers {
        indicator,
        period,
        order: there.iter().map(|one| &one.org).collect(),
        by_body: there.iter().map(|one| (&one.org, *one)).collect(),
    })
}

/// The indicator over its period, and its unit where the numbers do not carry it.
fn headings(book: &Book<'_>, columns: &[Numbers<'_>]) -> Vec<Column> {
    let heading = |one: &Numbers<'_>| {
        let (title, period) = (book.text(&one.indicator.title), book.period_within(one.period));
        let text = match book.words.unit(one.indicator.unit) {
            "" => format!("{title}, {period}"),
            unit => format!("{title} ({unit}), {period}"),
        };
        Column { text, number: true }
    };
    let first = Column { text: book.word("organisation"), number: false };
    std::iter::once(first).chain(columns.iter().map(heading)).collect()
}

/// In the order of the first indicator; bodies that only later ones know come after.
fn rows(book: &Book<'_>, columns: &[Numbers<'_>]) -> Vec<Row> {
    let mut seen = BTreeSet::new();
    let bodies = columns.iter().flat_map(|one| &one.order).copied().filter(|org| seen.insert(*org));
    let known = bodies.filter_map(|org| book.view.organisation(org));
    known.map(|org| Row { cells: cells(book, columns, org), strong: false }).collect()
}

fn cells(book: &Book<'_>, columns: &[Numbers<'_>], org: &Organisation) -> Vec<Cell> {
    let number = |one: &Numbers<'_>| {
        let Some(observation) = one.by_body.get(&org.id) else { return Cell::missing("–") };
        let apart = book.number_href(HOME, one.indicator, &org.id);
        let value = cell(book, one.indicator, observation).leading_to(apart);
        match book.view.standing(observation).filter(|_| has_places(one.indicator)) {
            Some(standing) if measured(observation).is_ok() => {
                value.line(format!("{}/{}", standing.place, standing.of), "muted")
            }
            _ => value,
        }
    };
    let name = Cell::link(book.name(&org.id), book.organisation_href(HOME, &org.id)).as_head();
    std::iter::once(name).chain(columns.iter().map(number)).collect()
}

/// The targets that the indicators answer.
fn targets(book: &Book<'_>, indicators: &[&Indicator]) -> Option<Table> {
    let answered = |target: &&Target| indicators.iter().any(|one| one.targets.contains(&target.id));
    let targets: Vec<&Target> = book.view.results.targets.iter().filter(answered).collect();
    (!targets.is_empty()).then(|| target::table(book, &targets, None, HOME))
}
