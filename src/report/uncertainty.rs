//! How sure the ranks of an index are, as a part of its page.

use crate::index::{Band, Case, Question, uncertainty};
use crate::model::index::IndexResults;
use crate::report::book::Book;
use crate::report::page::{Cell, Column, DataSection, Row, Table};
use crate::report::planning::{
    Drawn, chances, converged, doubt_choices, doubt_word, estimate, left_out, newest, percent, quantile_heads,
};
use crate::report::time;

/// Draws for a page: enough for ranks, and made while a site is rendered. The command makes more.
const DRAWS: u32 = 2048;

/// Draws the ranks of an index in its newest period; none where its first body has no rank.
pub fn draw(index: &IndexResults) -> Option<Drawn> {
    let case = newest(index)?;
    let question = Question { draws: DRAWS, ..Question::default() };
    uncertainty(&case, &index.fields, question).ok().map(|found| Drawn { question, found })
}

/// What the place of the first body rests on, and the ranks of all bodies.
pub fn section(book: &Book<'_>, case: &Case<'_>, drawn: &Drawn) -> DataSection {
    let gaps = [
        ("org", book.name(&case.field.bodies[case.body])),
        ("period", time::period(book.lang(), case.field.period)),
        ("draws", book.words.numbers.whole(drawn.question.draws.into())),
    ];
    let gaps: Vec<(&str, &str)> = gaps.iter().map(|(name, text)| (*name, text.as_str())).collect();
    DataSection {
        id: "uncertainty".to_owned(),
        title: book.word("unc_section"),
        intro: book.words.fill("unc_intro", &gaps),
        tables: vec![doubts(book, case, drawn), bands(book, case, drawn)],
    }
}

/// What was drawn, and how much of the place of the first body rests on it.
fn doubts(book: &Book<'_>, case: &Case<'_>, drawn: &Drawn) -> Table {
    let row = |(doubt, choices): &(crate::index::Doubt, usize)| {
        let share =
            drawn.found.shares.iter().flatten().find(|(other, _)| other == doubt).map(|(_, share)| share);
        let number = |one: Option<crate::index::Estimate>| {
            one.map_or_else(|| Cell::missing("–"), |one| Cell::number(estimate(book.words, one), one.value))
        };
        Row {
            cells: vec![
                Cell::text(book.word(doubt_word(*doubt))).as_head(),
                Cell::text(doubt_choices(book.words, drawn, *doubt, *choices)),
                number(share.map(|share| share.first)),
                number(share.map(|share| share.total)),
            ],
            strong: false,
        }
    };
    let columns = [("unc_doubt", false), ("unc_drawn", false), ("unc_first", true), ("unc_total", true)];
    let mut note = match drawn.found.shares {
        Some(_) => converged(book.words, &drawn.found),
        None => book.word("unc_no_shares"),
    };
    let own = drawn.found.bands.iter().find(|band| band.body == case.body);
    for (rank, share) in own.map(chances).unwrap_or_default() {
        let gaps =
            [("rank", &*book.words.numbers.whole(rank.into())), ("share", &*percent(book.words, share))];
        note += &format!(" {}.", book.words.fill("unc_chance", &gaps));
    }
    note += &format!(" {}", left_out(book.words, &drawn.found).replace('\n', " "));
    Table {
        id: "uncertainty_doubts".to_owned(),
        caption: book.word("unc_shares"),
        columns: columns.into_iter().map(|(key, number)| Column { text: book.word(key), number }).collect(),
        rows: drawn.found.choices.iter().map(row).collect(),
        note: Some(note.trim().to_owned()),
        filter: false,
        sortable: false,
        pager: None,
    }
}

/// The ranks of all bodies.
fn bands(book: &Book<'_>, case: &Case<'_>, drawn: &Drawn) -> Table {
    let rank = |rank: u32| {
        Cell { number: true, ..Cell::text(book.words.numbers.whole(rank.into())) }.sorted_by(rank)
    };
    let row = |band: &&Band| {
        let org = &case.field.bodies[band.body];
        let mut cells =
            vec![Cell::link(book.name(org), book.organisation_href("../", org)).as_head(), rank(band.rank)];
        cells.extend(band.quantiles.map(rank));
        Row { cells, strong: band.body == case.body }
    };
    let mut bands: Vec<&Band> = drawn.found.bands.iter().collect();
    bands.sort_by_key(|band| (band.rank, band.body));
    let mut columns = vec![
        Column { text: book.word("organisation"), number: false },
        Column { text: book.word("index_rank"), number: true },
    ];
    columns.extend(quantile_heads(book.words).into_iter().map(|text| Column { text, number: true }));
    Table {
        id: "uncertainty_bands".to_owned(),
        caption: book.word("unc_bands"),
        columns,
        rows: bands.iter().map(row).collect(),
        note: None,
        filter: true,
        sortable: true,
        pager: None,
    }
}
