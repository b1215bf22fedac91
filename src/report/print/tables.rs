//! Tables of a printed report: the bodies of a level, an index with its parts, targets, what has not been sent.

use std::collections::BTreeSet;

use chrono::Datelike;

use crate::model::id::{IndicatorId, OrgId};
use crate::model::index::{IndexResults, IndexScore};
use crate::model::indicator::Indicator;
use crate::model::measure::Missing;
use crate::model::organisation::Organisation;
use crate::model::period::{Calendar, Period, PeriodKind};
use crate::model::progress::Status;
use crate::model::quality::DeliverySummary;
use crate::model::target::Target;
use crate::report::print::Paper;
use crate::report::print::document::{Block, Cell, Row, Table, head_rows};
use crate::report::print::reading::{Found, OTHER_CALENDAR, find};
use crate::report::progress::{self, Told};
use crate::report::sender;
use crate::report::target::Reading;
use crate::report::time;
use crate::report::words::first_lowered;

/// More names than this in one cell are counted instead.
const MOST_NAMES: usize = 40;

/// The bodies of a level right below the one that the report speaks of, in their order.
pub fn bodies_of<'a>(paper: &Paper<'_, 'a>, level: &str) -> Vec<&'a Organisation> {
    let is_here = |org: &&Organisation| org.level == level && org.existed_on(paper.last_day());
    paper.book.view.children(paper.org).iter().copied().filter(is_here).collect()
}

/// One row a body, one column an indicator; bodies without any number are counted below it.
pub fn bodies(paper: &Paper<'_, '_>, level: &str, ids: &[IndicatorId]) -> Vec<Block> {
    let book = paper.book;
    let bodies = bodies_of(paper, level);
    if bodies.is_empty() {
        // The same definition serves bodies that have none of this level.
        return vec![];
    }
    let indicators = ids.iter().filter_map(|id| book.view.indicator(id));
    let columns: Vec<Column<'_>> =
        indicators.map(|indicator| Column::of(paper, indicator, &bodies)).collect();
    let is_heard = |at: &usize| columns.iter().any(|column| column.is_heard(*at));
    let heard: Vec<usize> = (0..bodies.len()).filter(is_heard).collect();
    let level_name = book.level(level);
    if heard.is_empty() {
        return vec![Block::body(book.words.fill("print_no_bodies", &[("level", &level_name)]))];
    }
    let row = |(line, at): (u64, &usize)| {
        let head = [Cell::centred(book.words.numbers.whole(line)), Cell::head(book.text(&bodies[*at].name))];
        let cells = columns.iter().map(|column| column.cell(paper, *at, &bodies[*at].id));
        Row { cells: head.into_iter().chain(cells).collect(), strong: false }
    };
    let rows: Vec<Row> = (1..).zip(&heard).map(row).collect();
    let mut ways = vec![vec![book.word("print_no")], vec![level_name.clone()]];
    ways.extend(columns.iter().map(|column| vec![column.head(paper)]));
    let n = u32::try_from(columns.len()).unwrap_or(u32::MAX).max(1);
    let each = (62 / n).min(20);
    let mut widths = vec![8, 92 - each * n];
    widths.extend(columns.iter().map(|_| each));
    let mut blocks = vec![Block::Table(Table {
        caption: paper.caption("print_table", &level_name),
        widths,
        small: columns.len() > 3 || rows.len() > 40,
        head: head_rows(&ways),
        rows,
    })];
    let silent = bodies.len() - heard.len();
    if silent > 0 {
        let count = book.words.count("n_bodies", silent as u64);
        blocks.push(Block::note(book.words.fill("print_silent", &[("n", &count)])));
    }
    blocks
}

/// An indicator of many bodies.
struct Column<'a> {
    indicator: &'a Indicator,
    found: Vec<Found<'a>>,
    /// The period of all numbers, where none of them is of the period of the report.
    period: Option<Period>,
}

impl<'a> Column<'a> {
    fn of(paper: &Paper<'_, 'a>, indicator: &'a Indicator, bodies: &[&'a Organisation]) -> Self {
        let mut found: Vec<Found<'a>> = bodies.iter().map(|org| find(paper, indicator, &org.id)).collect();
        // Where numbers of the period are known, one of an earlier quarter beside them would be added to them.
        let is_of_period = found.iter().any(|found| matches!(found, Found::OfThePeriod(..)));
        if is_of_period && indicator.period != PeriodKind::Any {
            for found in found.iter_mut().filter(|found| matches!(found, Found::OfAnotherTime(..))) {
                *found = Found::Missing(Missing::NotReported);
            }
        }
        let periods = found.iter().filter_map(|found| match found {
            Found::OfThePeriod(..) => Some(None),
            Found::OfAnotherTime(total, _) => Some(Some(total.period)),
            Found::Missing(_) => None,
        });
        let periods: BTreeSet<Option<Period>> = periods.collect();
        let period = if periods.len() == 1 { periods.into_iter().next().flatten() } else { None };
        Column { indicator, found, period }
    }

    /// Whether anything is known of a body, if only that its number is withheld.
    fn is_heard(&self, at: usize) -> bool {
        !matches!(self.found[at], Found::Missing(Missing::NotReported))
    }

    fn head(&self, paper: &Paper<'_, '_>) -> String {
        let book = paper.book;
        let title = book.text(&self.indicator.title);
        let is_civil =
            self.indicator.period != PeriodKind::Any && self.indicator.calendar != paper.definition.calendar;
        match self.period {
            Some(period) => format!("{title} ({})", book.period_within(period)),
            None if is_civil => format!("{title}{OTHER_CALENDAR}"),
            None => title.to_owned(),
        }
    }

    /// A number, with its period where it is another one than that of its column, or the word for why there is none.
    fn cell(&self, paper: &Paper<'_, '_>, at: usize, org: &OrgId) -> Cell {
        let book = paper.book;
        let written = |value: f64| book.value(self.indicator, org, value);
        match &self.found[at] {
            Found::OfAnotherTime(total, value) if self.period.is_none() => {
                let period = time::short_period(book.lang(), total.period);
                Cell::number(format!("{} ({period})", written(*value)))
            }
            Found::OfThePeriod(_, value) | Found::OfAnotherTime(_, value) => Cell::number(written(*value)),
            Found::Missing(missing) => Cell::centred(book.words.missing(*missing)),
        }
    }
}

/// The last scores of a body up to the end of the period, with the parts right below the whole.
pub fn index(paper: &Paper<'_, '_>, id: &IndicatorId) -> Vec<Block> {
    let book = paper.book;
    let Some(index) = book.view.results.indices.iter().find(|index| index.tree.id == *id) else {
        return vec![];
    };
    let title = book.text(&index.tree.title);
    let Some(period) = period_of_scores(paper, index) else {
        return vec![Block::item(book.words.fill("print_no_index", &[("title", title)]))];
    };
    let top = index.tree.id.as_str();
    let is_shown = |score: &&IndexScore| {
        score.org == *paper.org
            && score.period == period
            && (score.part == top || score.above.as_deref() == Some(top))
    };
    let mut scores: Vec<&IndexScore> = index.scores.iter().filter(is_shown).collect();
    // The whole comes last, as a sum does.
    scores.sort_by_key(|score| score.part == top);
    let rows = scores.iter().enumerate().map(|(at, score)| index_row(paper, index, at, score)).collect();
    let heads = ["print_no", "part", "index_recomputed", "index_published", "index_rank"];
    let ways: Vec<_> = heads.map(|key| vec![book.word(key)]).into();
    let caption = paper.caption("print_table", &format!("{title}, {}", book.period_within(period)));
    vec![Block::Table(Table {
        caption,
        widths: vec![8, 50, 15, 15, 12],
        small: false,
        head: head_rows(&ways),
        rows,
    })]
}

/// The period itself, else the last one before its end, that the body has scores of.
fn period_of_scores(paper: &Paper<'_, '_>, index: &IndexResults) -> Option<Period> {
    let own = index.scores.iter().filter(|score| score.org == *paper.org && score.known().is_some());
    let periods: Vec<Period> = own.map(|score| score.period).collect();
    let asked = paper.period.in_calendar(Calendar::Civil);
    let exact = periods.iter().find(|period| period.in_calendar(Calendar::Civil) == asked);
    exact.or(periods.iter().filter(|period| period.end() <= paper.last_day()).max()).copied()
}

fn index_row(paper: &Paper<'_, '_>, index: &IndexResults, at: usize, score: &IndexScore) -> Row {
    let book = paper.book;
    let is_whole = score.part == index.tree.id.as_str();
    let number = |value: Option<f64>| match value {
        Some(value) => Cell::number(book.words.numbers.fixed(value, index.tree.decimals)),
        None => Cell::centred("–"),
    };
    let place = match (score.rank, score.ranked_among) {
        (Some(rank), among) if among > 1 => {
            let gaps = [("n", &*book.words.numbers.whole(rank)), ("of", &*book.words.numbers.whole(among))];
            Cell::centred(book.words.fill("print_place", &gaps))
        }
        _ => Cell::centred("–"),
    };
    let name = match is_whole {
        true => book.word("total"),
        false => index.tree.part(&score.part).map_or(score.part.clone(), |name| book.text(name).to_owned()),
    };
    let no = if is_whole { Cell::centred("") } else { Cell::centred((at + 1).to_string()) };
    let cells = vec![no, Cell::head(name), number(score.value), number(score.published), place];
    Row { cells, strong: is_whole }
}

/// Targets of the body, each as it is read on it.
fn readings<'a>(paper: &Paper<'_, 'a>) -> Vec<Reading<'a>> {
    let targets: Vec<&'a Target> = match paper.is_top() {
        true => paper.book.view.results.targets.iter().collect(),
        false => paper.book.view.targets_of(paper.org),
    };
    let org = if paper.is_top() { None } else { Some(paper.org) };
    targets.into_iter().map(|target| Reading::of(paper.book, target, org)).collect()
}

/// `Hạn năm 2025: 20 mục tiêu; đạt 5; không đạt 6; chưa có số liệu 9.` for each year.
pub fn target_summary(paper: &Paper<'_, '_>) -> Vec<Block> {
    let book = paper.book;
    let readings = readings(paper);
    let mut years: Vec<i32> = readings.iter().map(|reading| reading.target.due_on.year()).collect();
    years.sort_unstable();
    years.dedup();
    let sentence = |year: &i32| {
        let due: Vec<_> = readings.iter().filter(|reading| reading.target.due_on.year() == *year).collect();
        let told = Status::ALL.into_iter().filter_map(|(status, _)| {
            let n = due.iter().filter(|reading| reading.status() == status).count() as u64;
            let word = first_lowered(&progress::status(book, status).text);
            (n > 0).then(|| format!("{word} {}", book.words.numbers.whole(n)))
        });
        let told = told.collect::<Vec<_>>().join("; ");
        let count = book.words.count("n_targets", due.len() as u64);
        let gaps = [("year", year.to_string()), ("n", count), ("told", told)];
        let gaps: Vec<(&str, &str)> = gaps.iter().map(|(gap, text)| (*gap, text.as_str())).collect();
        Block::item(book.words.fill("print_due", &gaps))
    };
    match years.is_empty() {
        true => vec![Block::item(book.word("print_no_targets"))],
        false => years.iter().map(sentence).collect(),
    }
}

/// One row a target, with how it stands and why.
pub fn targets(paper: &Paper<'_, '_>) -> Vec<Block> {
    let book = paper.book;
    let readings = readings(paper);
    if readings.is_empty() {
        return vec![Block::body(book.word("print_no_targets"))];
    }
    let heads = ["print_no", "target", "legal_basis", "demanded", "due", "value_judged", "result", "why"];
    let ways: Vec<_> = heads.map(|key| vec![book.word(key)]).into();
    let rows = readings.iter().enumerate().map(|(at, reading)| target_row(paper, at, reading)).collect();
    vec![Block::Table(Table {
        caption: String::new(),
        widths: vec![4, 22, 14, 9, 6, 12, 11, 22],
        small: true,
        head: head_rows(&ways),
        rows,
    })]
}

fn target_row(paper: &Paper<'_, '_>, at: usize, reading: &Reading<'_>) -> Row {
    let book = paper.book;
    let target = reading.target;
    let decider = reading.deciding_row();
    let indicator = decider.and_then(|row| book.view.indicator(row.indicator.as_ref()?));
    let value = decider.zip(indicator).and_then(|(progress, indicator)| {
        let point = progress.deciding?;
        let value = Told { book, indicator, progress }.point(point);
        Some(format!("{value} ({})", time::short_period(book.lang(), point.period)))
    });
    let (status, reason) = reading.told(book, None);
    let title = format!("{} ({})", book.text(&target.title), first_lowered(&book.level(&target.level)));
    Row {
        cells: vec![
            Cell::centred(book.words.numbers.whole(at as u64 + 1)),
            Cell::head(title),
            Cell::text(book.text(&target.legal_basis)),
            Cell::centred(book.words.demand(target, indicator.map(|indicator| indicator.unit))),
            Cell::centred(target.due_on.year().to_string()),
            Cell::centred(value.unwrap_or_else(|| "–".to_owned())),
            Cell::centred(status.text),
            Cell::text(reason),
        ],
        strong: false,
    }
}

/// What has not been sent for the period, and by whom.
pub fn senders(paper: &Paper<'_, '_>) -> Vec<Block> {
    let book = paper.book;
    let quality = &book.view.results.quality;
    let (first, last) = (paper.first_day(), paper.last_day());
    let is_of_period = |delivery: &&DeliverySummary| {
        (first..=last).contains(&delivery.period.end()) && delivery.expected > 0
    };
    let deliveries: Vec<_> = quality.deliveries.iter().filter(is_of_period).collect();
    if deliveries.is_empty() {
        return vec![Block::item(book.word("print_nothing_expected"))];
    }
    let rows: Vec<Row> = deliveries.iter().filter_map(|delivery| sender_row(paper, delivery)).collect();
    let day = quality.judged_on.map(|day| time::date(book.lang(), day)).unwrap_or_default();
    let not_asked = sender::not_asked(book, |org| paper.is_below(org)).into_iter().map(Block::item);
    if rows.is_empty() {
        let all_sent = Block::item(book.words.fill("print_all_sent", &[("day", &day)]));
        return std::iter::once(all_sent).chain(not_asked).collect();
    }
    let rows = rows.into_iter().enumerate().map(|(at, mut row)| {
        row.cells.insert(0, Cell::centred(book.words.numbers.whole(at as u64 + 1)));
        row
    });
    let heads = ["print_no", "delivery", "period", "due_day", "print_sent", "print_silent_names"];
    let ways: Vec<_> = heads.map(|key| vec![book.word(key)]).into();
    let table = Table {
        caption: paper.caption("print_table", &book.word("print_missing_deliveries")),
        widths: vec![6, 23, 16, 14, 11, 30],
        small: true,
        head: head_rows(&ways),
        rows: rows.collect(),
    };
    let told = Block::item(book.words.fill("print_not_all_sent", &[("day", &day)]));
    std::iter::once(told).chain(not_asked).chain([Block::Table(table)]).collect()
}

/// What was to be sent and is not there from this body or one below it; none where all of it is.
fn sender_row(paper: &Paper<'_, '_>, delivery: &DeliverySummary) -> Option<Row> {
    let book = paper.book;
    let mut names: Vec<String> =
        delivery.missing.iter().filter(|org| paper.is_below(org)).map(|org| book.name(org)).collect();
    if names.is_empty() {
        return None;
    }
    names.sort_by(|a, b| book.words.compare(a, b));
    let names = match names.len() > MOST_NAMES {
        true => book.words.count("n_bodies", names.len() as u64),
        false => names.join("; "),
    };
    // How many there are in all is known of the whole nation only.
    let arrived = delivery.on_time + delivery.late + delivery.untimed;
    let whole = |n: u64| book.words.numbers.whole(n);
    let sent = match paper.is_top() {
        true => book.words.fill("made_of", &[("n", &whole(arrived)), ("of", &whole(delivery.expected))]),
        false => "–".to_owned(),
    };
    let due = delivery.due_on.map_or_else(|| "–".to_owned(), |day| time::date(book.lang(), day));
    Some(Row {
        cells: vec![
            Cell::head(sender::title(book, delivery)),
            Cell::text(book.period(delivery.period)),
            Cell::centred(due),
            Cell::centred(sent),
            Cell::text(names),
        ],
        strong: false,
    })
}
