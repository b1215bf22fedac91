//! Where the bodies of a level lie: one map of tiles for each map that the project has and the numbers belong to.

use super::{ChartKind, Drawing};
use crate::chart::tile_map::{Tile, TileMap};
use crate::model::indicator::{Indicator, Unit};
use crate::model::organisation::{TileLayout, TilePlace};
use crate::model::period::Period;
use crate::model::results::Observation;
use crate::report::book::Book;
use crate::report::headline::why_missing;
use crate::report::view::{Standing, measured};

/// The maps of a level with the periods that they are of, the newest first: of each map the last period within its days
/// that half of its bodies have a number for.
pub fn maps<'a>(
    book: &'a Book<'a>,
    indicator: &'a Indicator,
    level: &str,
    home: &str,
) -> Vec<(Period, Drawing<'a>)> {
    let Some(periods) = book.view.rankings(indicator, level) else { return vec![] };
    if indicator.unit == Unit::Rank {
        return vec![];
    }
    let of_level = |layout: &&TileLayout| {
        let is_of =
            |tile: &TilePlace| book.view.organisation(&tile.org).is_some_and(|org| org.level == level);
        layout.tiles.iter().any(is_of)
    };
    let newest = |layout: &TileLayout| {
        let fits = |(period, list): &(&Period, &Vec<(&'a Observation, Standing)>)| {
            layout.holds_on(period.end()) && is_covered(layout, list)
        };
        let (period, list) = periods.iter().rev().find(fits)?;
        Some((*period, map(book, indicator, layout, list, home)))
    };
    book.view.results.layouts.iter().rev().filter(of_level).filter_map(newest).collect()
}

/// Whether half of the bodies of a map have a number, and three at least.
fn is_covered(layout: &TileLayout, list: &[(&Observation, Standing)]) -> bool {
    let is_known =
        |tile: &&TilePlace| list.iter().any(|(one, _)| one.org == tile.org && measured(one).is_ok());
    let known = layout.tiles.iter().filter(is_known).count();
    known >= 3 && known * 2 >= layout.tiles.len()
}

fn map<'a>(
    book: &'a Book<'a>,
    indicator: &'a Indicator,
    layout: &TileLayout,
    list: &[(&Observation, Standing)],
    home: &str,
) -> Drawing<'a> {
    let chart = TileMap {
        title: book.text(&indicator.title).to_owned(),
        finding: finding(book, indicator, layout, list),
        tiles: layout.tiles.iter().map(|place| tile(book, indicator, place, list, home)).collect(),
        missing: book.word("no_number"),
        ..TileMap::default()
    };
    let number = move |value: f64| book.tick(indicator, None, value);
    let words = (chart.title.clone(), chart.finding.clone());
    let draw = move |id: &str, width| TileMap { width, ..chart.clone() }.render(id, &number);
    Drawing::new(ChartKind::Map, words, draw).noted(Some(book.word("map_note")))
}

/// `Trên sơ đồ: 34 trong 34 đơn vị có số liệu, từ 52,48 (…) đến 68,32 (…)`
fn finding(
    book: &Book<'_>,
    indicator: &Indicator,
    layout: &TileLayout,
    list: &[(&Observation, Standing)],
) -> String {
    let is_shown = |one: &Observation| layout.tiles.iter().any(|tile| tile.org == one.org);
    let mut known: Vec<(&Observation, f64)> = list
        .iter()
        .filter(|(one, _)| is_shown(one))
        .filter_map(|(one, _)| Some((*one, measured(one).ok()?)))
        .collect();
    known.sort_by(|a, b| a.1.total_cmp(&b.1).then_with(|| a.0.org.cmp(&b.0.org)));
    let (Some(least), Some(most)) = (known.first(), known.last()) else { return book.word("no_data") };
    let written = |(one, value): &(&Observation, f64)| {
        let same = known.iter().filter(|(_, other)| other == value).count();
        let name = match same {
            1 => book.name(&one.org),
            _ => book.words.count("n_bodies", same as u64),
        };
        format!("{} ({name})", book.value(indicator, &one.org, *value))
    };
    let count = |n: usize| book.words.numbers.whole(n as u64);
    let (n, of) = (count(known.len()), count(layout.tiles.len()));
    if known.len() > 1 && least.1 == most.1 {
        let value = book.value(indicator, &least.0.org, least.1);
        return book.words.fill("map_finding_equal", &[("n", &*n), ("of", &*of), ("value", &value)]);
    }
    let gaps = [("n", &*n), ("of", &*of), ("least", &*written(least)), ("most", &*written(most))];
    book.words.fill("map_finding", &gaps)
}

fn tile(
    book: &Book<'_>,
    indicator: &Indicator,
    place: &TilePlace,
    list: &[(&Observation, Standing)],
    home: &str,
) -> Tile {
    let found = list.iter().find(|(one, _)| one.org == place.org).map(|(one, _)| *one);
    let value = found.and_then(|one| measured(one).ok());
    let told = match (value, found) {
        (Some(value), _) => book.value(indicator, &place.org, value),
        (None, Some(one)) => why_missing(book, one),
        (None, None) => book.word("no_data"),
    };
    Tile {
        at: place.at,
        name: book.text(&place.name).to_owned(),
        letters: place.letters.clone(),
        title: format!("{}: {told}", book.name(&place.org)),
        value,
        text: if value.is_some() { told } else { "–".to_owned() },
        href: book.organisation_href(home, &place.org),
    }
}
