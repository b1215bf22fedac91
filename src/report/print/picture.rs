//! Charts of a printed report, drawn as the pages draw them.

use std::collections::BTreeSet;

use crate::chart::png::png;
use crate::chart::standalone::Standalone;
use crate::model::id::IndicatorId;
use crate::model::period::Period;
use crate::model::results::Observation;
use crate::report::figure::{self, OnPaper};
use crate::report::print::Paper;
use crate::report::print::document::{Block, Picture};
use crate::report::print::tables::bodies_of;
use crate::report::view::{measured, ranked};

/// Pixels of a picture for each of the chart: some 330 to the inch on A4.
const SCALE: f32 = 3.0;

/// The course of an indicator up to the end of the period; nothing with fewer than two numbers.
pub fn course(paper: &Paper<'_, '_>, id: &IndicatorId) -> Vec<Block> {
    let book = paper.book;
    let Some(indicator) = book.view.indicator(id) else { return vec![] };
    let totals = book.view.totals(indicator, paper.org).iter().copied();
    let totals: Vec<&Observation> = totals.filter(|total| total.period.end() <= paper.last_day()).collect();
    let chart = figure::course(book, indicator, paper.org, &totals);
    chart.map_or_else(Vec::new, |chart| blocks(paper, book.text(&indicator.title), chart.on_paper("course")))
}

/// The bodies of a level in the last period before the end that half of them have a number for, best first.
pub fn ranking(paper: &Paper<'_, '_>, level: &str, id: &IndicatorId) -> Vec<Block> {
    let book = paper.book;
    let Some(indicator) = book.view.indicator(id) else { return vec![] };
    let bodies = bodies_of(paper, level);
    let totals = || bodies.iter().flat_map(|org| book.view.totals(indicator, &org.id)).copied();
    let periods: BTreeSet<Period> = totals().map(|total| total.period).collect();
    let covered =
        periods.into_iter().rev().filter(|period| period.end() <= paper.last_day()).find(|period| {
            let known = totals().filter(|total| total.period == *period && measured(total).is_ok()).count();
            known * 2 >= bodies.len()
        });
    let Some(period) = covered else { return vec![] };
    let list = ranked(indicator, totals().filter(|total| total.period == period).collect());
    let title = format!("{}, {}", book.text(&indicator.title), book.period_within(period));
    let chart = figure::ranking(book, indicator, &list, "");
    chart.map_or_else(Vec::new, |chart| blocks(paper, &title, chart.on_paper("ranking")))
}

/// The picture with its caption, and what belongs below it; nothing where it cannot be drawn.
fn blocks(paper: &Paper<'_, '_>, title: &str, chart: OnPaper) -> Vec<Block> {
    let Some(picture) = png(&Standalone::default().around(&chart.svg, "paper"), SCALE) else { return vec![] };
    // Width and height stand at a fixed place of every PNG.
    let side = |at: usize| {
        let bytes = picture.get(at..at + 4).and_then(|bytes| bytes.try_into().ok());
        bytes.map_or(0, u32::from_be_bytes)
    };
    let size = (side(16), side(20));
    let caption = paper.caption("print_picture", title);
    let picture = Block::Picture(Picture { caption, description: chart.finding, size, png: picture });
    [Some(picture), chart.note.map(Block::note)].into_iter().flatten().collect()
}
