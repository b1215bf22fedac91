//! Rankings: for each level and indicator who is first and last, how many share a place, and who has none and why.
//!
//! Whole rankings stand on the pages of the indicators; here is what they say, and the way to them.

use std::collections::BTreeMap;

use crate::model::indicator::Indicator;
use crate::model::measure::Missing;
use crate::model::organisation::{GROUP, Organisation};
use crate::model::period::Period;
use crate::model::results::Observation;
use crate::report::book::{Book, Here};
use crate::report::headline::cell;
use crate::report::indicator::{has_places, level_anchor};
use crate::report::page::{Cell, DataSection, Row, SectionsPage};
use crate::report::quality::table;
use crate::report::view::{RANKED_FROM, Standing, measured};
use crate::report::{list, quality};

/// `rankings.html`
pub fn page(book: &Book<'_>) -> SectionsPage {
    let here = Here { path: "rankings.html".to_owned(), title: book.word("rankings"), menu: "rankings.html" };
    let levels = book.contents.levels.iter().enumerate();
    SectionsPage {
        frame: book.frame(&here),
        intro: vec![book.word("rankings_intro")],
        sections: levels.filter_map(|(n, level)| of_level(book, level, n)).collect(),
        downloads: list::downloads(book, None, ""),
    }
}

/// One row for each indicator by which bodies of the level can be ranked.
fn of_level(book: &Book<'_>, level: &str, n: usize) -> Option<DataSection> {
    let indicators = book.contents.indicators.iter().copied().filter(|one| has_places(one));
    let rows: Vec<Row> = indicators.filter_map(|one| row(book, one, level, n)).collect();
    let columns = [
        ("indicator", false),
        ("period", false),
        ("ranked_bodies", true),
        ("first_place", false),
        ("first_value", true),
        ("last_place", false),
        ("last_value_of_ranking", true),
        ("without_place", false),
    ];
    let mut table = table(book, "rankings", &columns, rows);
    table.id = format!("rankings_{n}");
    table.caption = book.level(level);
    (!table.rows.is_empty()).then(|| DataSection {
        id: format!("level_{n}"),
        title: book.level(level),
        intro: String::new(),
        tables: vec![table],
    })
}

fn row(book: &Book<'_>, indicator: &Indicator, level: &str, n: usize) -> Option<Row> {
    let (period, ranked) = book.view.ranking(indicator, level)?;
    let placed: Vec<_> = ranked.iter().filter(|(one, _)| measured(one).is_ok()).collect();
    let (first, last) = (placed.first()?, placed.last()?);
    if placed.len() < RANKED_FROM {
        return None;
    }
    let are_equal = first.1.place == last.1.place;
    let page = book.indicator_href("", &indicator.id).map(|page| format!("{page}#{}", level_anchor(n)));
    let count = u64::try_from(placed.len()).unwrap_or(u64::MAX);
    let number =
        |one: &Observation| cell(book, indicator, one).leading_to(book.number_href("", indicator, &one.org));
    Some(Row {
        cells: vec![
            Cell::link(book.text(&indicator.title).to_owned(), page).as_head(),
            Cell::text(book.period(period)).sorted_by(period.end()),
            Cell::number(book.words.numbers.whole(count), placed.len() as f64),
            if are_equal {
                Cell::text(book.words.count("all_equal", count))
            } else {
                at_place(book, &placed, first)
            },
            number(first.0),
            if are_equal { Cell::missing("–") } else { at_place(book, &placed, last) },
            if are_equal { Cell::missing("–") } else { number(last.0) },
            without_place(book, &unplaced(book, level, period, ranked)),
        ],
        strong: false,
    })
}

/// The body at a place, or how many share it.
fn at_place(
    book: &Book<'_>,
    placed: &[&(&Observation, Standing)],
    (one, standing): &(&Observation, Standing),
) -> Cell {
    let sharing = placed.iter().filter(|(_, other)| other.place == standing.place).count();
    let cell = Cell::link(book.name(&one.org), book.organisation_href("", &one.org));
    match sharing.checked_sub(1).filter(|others| *others > 0) {
        Some(others) => {
            let others = u64::try_from(others).unwrap_or(u64::MAX);
            cell.line(book.words.count("n_share_place", others), "muted")
        }
        None => cell,
    }
}

/// Bodies of a level without a place, by the reason.
type Unplaced<'a> = Vec<(Missing, Vec<&'a Organisation>)>;

/// The bodies of a level that were there on the last day of a period and have no number, each with its reason. One of
/// which nothing is known did not report, but for a group of others, which need not.
pub fn unplaced<'a>(
    book: &Book<'a>,
    level: &str,
    period: Period,
    ranked: &[(&Observation, Standing)],
) -> Unplaced<'a> {
    let told: BTreeMap<_, _> = ranked.iter().map(|(one, _)| (&one.org, measured(one).err())).collect();
    let mut by_reason: Unplaced<'a> = Missing::ALL.map(|(reason, _)| (reason, vec![])).to_vec();
    for org in book.view.of_level(level).iter().filter(|org| org.existed_on(period.end())) {
        let silent = (level != GROUP).then_some(Missing::NotReported);
        let reason = told.get(&org.id).copied().unwrap_or(silent);
        if let Some((_, bodies)) = by_reason.iter_mut().find(|(known, _)| Some(*known) == reason) {
            bodies.push(org);
        }
    }
    by_reason.retain(|(_, bodies)| !bodies.is_empty());
    by_reason
}

fn without_place(book: &Book<'_>, unplaced: &Unplaced<'_>) -> Cell {
    let all: usize = unplaced.iter().map(|(_, bodies)| bodies.len()).sum();
    let line = |(reason, bodies): &(Missing, Vec<&Organisation>)| {
        let n = book.words.numbers.whole(u64::try_from(bodies.len()).unwrap_or(u64::MAX));
        format!("{}: {n}", book.words.missing(*reason))
    };
    let cell = unplaced.iter().fold(Cell::empty(), |cell, one| cell.line(line(one), "muted"));
    cell.sorted_by(all)
}

/// Who has no place and why, in a sentence; where they are many, how many.
pub fn without_place_named(book: &Book<'_>, unplaced: &Unplaced<'_>) -> Option<String> {
    let told = |(reason, bodies): &(Missing, Vec<&Organisation>)| {
        let names = match bodies.len() > quality::MOST_NAMES {
            true => book.words.count("n_bodies", u64::try_from(bodies.len()).unwrap_or(u64::MAX)),
            false => {
                let mut names: Vec<_> = bodies.iter().map(|org| book.name(&org.id)).collect();
                names.sort_by(|a, b| book.words.compare(a, b));
                names.join("; ")
            }
        };
        let gaps = [("why", book.words.missing(*reason)), ("names", &*names)];
        book.words.fill("without_place_named", &gaps)
    };
    let told: Vec<String> = unplaced.iter().map(told).collect();
    (!told.is_empty()).then(|| told.join(" "))
}

/// That a body of another level has a place among those of this one, in a sentence.
pub fn guest_named(book: &Book<'_>, level: &str, ranked: &[(&Observation, Standing)]) -> Option<String> {
    let is_guest = |org: &&Organisation| org.level != level;
    let guest = ranked.iter().filter_map(|(one, _)| book.view.organisation(&one.org)).find(is_guest)?;
    Some(book.words.fill("guest_named", &[("org", book.text(&guest.name))]))
}
