//! What is known of an indicator when a report is written, and the sentence that says it.
//!
//! A number of the period is told as such; where there is none yet, the last one before its end is told with its own period;
//! a number that is missing is never told as nothing, nor is an older one put in its place.

use crate::model::id::{IndicatorId, OrgId};
use crate::model::indicator::Indicator;
use crate::model::measure::Missing;
use crate::model::period::{Calendar, Period};
use crate::model::progress::Status;
use crate::model::quality::Grade;
use crate::model::results::Observation;
use crate::model::series::obstacle_within;
use crate::model::target::Target;
use crate::report::book::Book;
use crate::report::print::Paper;
use crate::report::print::document::Block;
use crate::report::view::{measured, previous};
use crate::report::words::first_lowered;
use crate::report::{headline, progress};

/// What stands behind a number of the same part of the year in the other calendar; a note says its days.
pub const OTHER_CALENDAR: &str = " (*)";

/// What is known of an indicator.
pub enum Found<'a> {
    /// The number of the period.
    OfThePeriod(&'a Observation, f64),
    /// The last number before the end of the period, of another time.
    OfAnotherTime(&'a Observation, f64),
    /// Why there is none.
    Missing(Missing),
}

/// Looks an indicator up for a body.
pub fn find<'a>(paper: &Paper<'_, 'a>, indicator: &Indicator, org: &OrgId) -> Found<'a> {
    let totals = paper.book.view.totals(indicator, org);
    let is_asked = |total: &&&Observation| {
        total.period.in_calendar(Calendar::Civil) == paper.period.in_calendar(Calendar::Civil)
    };
    if let Some(total) = totals.iter().find(is_asked) {
        return match measured(total) {
            Ok(value) => Found::OfThePeriod(total, value),
            Err(missing) => Found::Missing(missing),
        };
    }
    let Some(last) = totals.iter().rev().find(|total| total.period.end() <= paper.last_day()) else {
        return Found::Missing(Missing::NotReported);
    };
    match measured(last) {
        Ok(value) => Found::OfAnotherTime(last, value),
        Err(missing) => Found::Missing(missing),
    }
}

/// A sentence for each indicator with a number, and one for each reason why others have none.
pub fn sentences(paper: &Paper<'_, '_>, ids: &[IndicatorId]) -> Vec<Block> {
    let mut blocks = vec![];
    let mut without: Vec<(Missing, Vec<String>)> = vec![];
    let indicators = ids.iter().filter_map(|id| paper.book.view.indicator(id));
    for indicator in indicators.filter(|indicator| is_asked_of(paper, indicator)) {
        match find(paper, indicator, paper.org) {
            Found::OfThePeriod(total, value) => {
                blocks.push(Block::item(sentence(paper, indicator, total, value, false)));
            }
            Found::OfAnotherTime(total, value) => {
                blocks.push(Block::item(sentence(paper, indicator, total, value, true)));
            }
            Found::Missing(reason) => {
                let title = paper.book.text(&indicator.title).to_owned();
                match without.iter_mut().find(|(known, _)| *known == reason) {
                    Some((_, titles)) => titles.push(title),
                    None => without.push((reason, vec![title])),
                }
            }
        }
    }
    blocks.extend(without.into_iter().map(|(reason, titles)| {
        let key = match reason {
            Missing::NotReported => "print_not_reported",
            Missing::NothingToCount => "print_nothing_to_count",
            Missing::NotApplicable => "print_not_applicable",
            Missing::Withheld => "print_withheld",
            Missing::NotComparable => "print_not_comparable",
        };
        Block::item(paper.book.words.fill(key, &[("titles", &titles.join("; "))]))
    }));
    blocks
}

/// Whether the body could have a number: others of its level have, or nobody has any yet. What only the nation is asked for is
/// not missing from a province.
fn is_asked_of(paper: &Paper<'_, '_>, indicator: &Indicator) -> bool {
    let view = paper.book.view;
    let level = |org: &OrgId| view.organisation(org).map(|org| org.level.as_str());
    let observed = view.observed(&[indicator]);
    observed.is_empty() || observed.into_iter().any(|org| level(org) == level(paper.org))
}

/// `Hồ sơ nộp trực tuyến: 84,38 % (403.016 trên 464.494), tăng 3,2 điểm phần trăm so với Quý II/2026 (81,18 %); mục tiêu ...`
fn sentence(
    paper: &Paper<'_, '_>,
    indicator: &Indicator,
    total: &Observation,
    value: f64,
    is_of_another_time: bool,
) -> String {
    let book = paper.book;
    let written = book.words.with_unit(indicator, &book.value(indicator, &total.org, value));
    let mut rest = counts(book, indicator, total).map_or_else(String::new, |counts| format!(" ({counts})"));
    if is_of_another_time {
        rest += &book.words.fill("print_of_period", &[("period", &book.period_within(total.period))]);
    } else if total.period != paper.period {
        rest += OTHER_CALENDAR;
    }
    if total.is_partial {
        rest += &book.word("print_part_of_period");
    }
    rest += &change(paper, indicator, total, value).unwrap_or_default();
    let about =
        [nearest_targets(paper, indicator, total.period), Some(book.status(total)), doubt(book, total)];
    for clause in about.into_iter().flatten().filter(|clause| !clause.is_empty()) {
        rest += &format!("; {clause}");
    }
    let gaps = [("title", book.text(&indicator.title)), ("value", &written), ("rest", &rest)];
    book.words.fill("print_sentence", &gaps)
}

/// The two counts of a rate.
pub fn counts(book: &Book<'_>, indicator: &Indicator, total: &Observation) -> Option<String> {
    let (numerator, denominator) = (total.numerator?, total.denominator?);
    let write = |part: f64| book.words.numbers.trimmed(part, 2);
    let word = book.words.made_of(indicator.unit);
    Some(book.words.fill(word, &[("n", &write(numerator)), ("of", &write(denominator))]))
}

/// The difference to the number before, where the two may be compared.
fn change(paper: &Paper<'_, '_>, indicator: &Indicator, total: &Observation, value: f64) -> Option<String> {
    let book = paper.book;
    let totals = book.view.totals(indicator, &total.org);
    let (before, old) = previous(totals, total)?;
    if obstacle_within(indicator, totals, before.period, total.period).is_some() {
        return None;
    }
    let change = headline::change(book, indicator, value - old);
    let old = book.words.with_unit(indicator, &book.value(indicator, &before.org, old));
    let period = book.period_within(before.period.in_calendar(Calendar::Civil));
    let gaps = [("change", change.as_str()), ("period", &period), ("value", &old)];
    Some(book.words.fill("print_change", &gaps))
}

/// The targets that are due next, or were due last, with how they stand: two laws may ask for two things by the same day, and
/// the milder one must not stand for both.
fn nearest_targets(paper: &Paper<'_, '_>, indicator: &Indicator, period: Period) -> Option<String> {
    let book = paper.book;
    let targets = book.view.targets_on(indicator, paper.org);
    let open = targets.iter().filter(|target| book.view.ended(target, Some(paper.org)).is_none());
    let open: Vec<&&Target> = open.collect();
    let days = || open.iter().map(|target| target.due_on);
    let day = days().filter(|day| *day >= paper.last_day()).min().or(days().max())?;
    let due = open.into_iter().filter(|target| target.due_on == day);
    let told: Vec<String> = due.filter_map(|target| told_target(paper, indicator, period, target)).collect();
    (!told.is_empty()).then(|| told.join("; "))
}

/// A target with how it stands, where it stands by this indicator: it has one verdict, whichever of its indicators a sentence
/// is about.
fn told_target(
    paper: &Paper<'_, '_>,
    indicator: &Indicator,
    period: Period,
    target: &Target,
) -> Option<String> {
    let book = paper.book;
    let rows = book.view.progress(target, Some(paper.org));
    let row = rows.iter().find(|row| row.decides && row.indicator.as_ref() == Some(&indicator.id))?;
    // What a later value decided must not be read as if the one of the sentence had.
    let by = row.deciding.filter(|point| point.period != period).map_or_else(String::new, |point| {
        book.words.fill("print_decided_by", &[("period", &book.period_within(point.period))])
    });
    if matches!(row.status, Status::NoData | Status::NotApplicable) {
        return None;
    }
    let status = first_lowered(&progress::status(book, row.status).text);
    let demand = book.words.demand(target, Some(indicator.unit));
    let year = chrono::Datelike::year(&target.due_on).to_string();
    let gaps = [
        ("demand", demand.as_str()),
        ("year", &year),
        ("basis", book.text(&target.legal_basis)),
        ("status", &format!("{status}{by}")),
    ];
    Some(book.words.fill("print_target", &gaps))
}

/// The mark of a number that may be another one; what marks mean is said once.
fn doubt(book: &Book<'_>, total: &Observation) -> Option<String> {
    let trust = total.trust.as_deref().filter(|trust| trust.grade != Grade::A)?;
    Some(book.words.fill("print_doubt", &[("grade", trust.grade.word())]))
}
