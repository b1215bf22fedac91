//! What was told of a body before: over each period the numbers of all vintages.

use std::collections::BTreeMap;

use super::{ChartKind, Drawing};
use crate::chart::revision::{Revised, RevisionChart};
use crate::model::id::OrgId;
use crate::model::indicator::{Indicator, Unit};
use crate::model::measure::Measure;
use crate::model::period::Period;
use crate::model::results::{Results, RevisedNumber, Revision};
use crate::report::book::Book;
use crate::report::time;

/// Periods that can be told apart, the last ones.
const MOST_PERIODS: usize = 24;

/// The revisions of a body by period, those of each in the order of the vintages.
type History<'a> = BTreeMap<Period, Vec<&'a Revision>>;

/// The revisions of the body that is shown first or, where it has none, of the one with the most; none where no total was
/// ever revised.
pub fn revised<'a>(book: &'a Book<'a>, indicator: &'a Indicator) -> Option<Drawing<'a>> {
    let (org, history) = revised_body(book, indicator)?;
    let skipped = history.len().saturating_sub(MOST_PERIODS);
    let periods: Vec<_> = history.iter().skip(skipped).collect();
    let count = book.words.count("n_revised_periods", periods.len() as u64);
    let chart = RevisionChart {
        title: format!("{} – {}", book.text(&indicator.title), book.name(org)),
        finding: format!("{}: {count}", book.name(org)),
        periods: periods.iter().map(|(period, told)| one(book, indicator, **period, told)).collect(),
        names: ["revised_first", "revised_later", "revised_now"].map(|key| book.word(key)),
        withdrawn: book.word("revision_withdrawn"),
        reversed: indicator.unit == Unit::Rank,
        ..RevisionChart::default()
    };
    let all = book.view.results.revisions.iter().filter(|one| one.indicator == indicator.id).count();
    let is_cut = u64::try_from(all).is_ok_and(|n| n >= Results::REVISIONS_SHOWN);
    let number = move |value: f64| book.tick(indicator, Some(org), value);
    let words = (chart.title.clone(), chart.finding.clone());
    let draw = move |id: &str, width| RevisionChart { width, ..chart.clone() }.render(id, &number);
    let note = is_cut.then(|| book.word("revisions_cut"));
    Some(Drawing::new(ChartKind::Revisions, words, draw).noted(note))
}

fn revised_body<'a>(book: &Book<'a>, indicator: &Indicator) -> Option<(&'a OrgId, History<'a>)> {
    let mut bodies: BTreeMap<&OrgId, History<'_>> = BTreeMap::new();
    let all = book.view.results.revisions.iter();
    for revision in all.filter(|one| one.indicator == indicator.id && one.breakdown.is_empty()) {
        bodies.entry(&revision.org).or_default().entry(revision.period).or_default().push(revision);
    }
    for told in bodies.values_mut().flat_map(BTreeMap::values_mut) {
        told.sort_by_key(|revision| revision.vintage);
    }
    let own = book.view.headline(indicator).filter(|own| bodies.contains_key(own));
    let most = || bodies.iter().rev().max_by_key(|(_, history)| history.len()).map(|(org, _)| *org);
    let org = own.or_else(most)?;
    bodies.remove_entry(org)
}

/// The numbers that were told of a period, the first of all before any revision.
fn one(book: &Book<'_>, indicator: &Indicator, period: Period, told: &[&Revision]) -> Revised {
    let first = told.first().map(|revision| Some(&revision.before));
    let sides: Vec<Option<&RevisedNumber>> =
        first.into_iter().chain(told.iter().map(|revision| revision.after.as_ref())).collect();
    let written = sides.iter().map(|side| match side.map(|side| side.measure) {
        Some(Measure::Value(value)) => book.value(indicator, &told[0].org, value),
        Some(Measure::Missing(missing)) => book.words.missing(missing).to_owned(),
        None => book.word("revision_withdrawn"),
    });
    let written = written.collect::<Vec<_>>().join(" → ");
    Revised {
        label: time::short_period(book.lang(), period),
        values: sides.iter().map(|side| side.and_then(|side| side.measure.value())).collect(),
        title: format!("{}: {written}", book.period(period)),
    }
}
