//! From observations to charts: the course of a value, the ranking of a level, the parts of totals; in `bodies` what else is
//! drawn of a level, in `map` where its bodies lie, in `scores` an index, in `revised` what was told before.
//!
//! A chart with its words is a [`Drawing`]; a page draws it for a screen and for a phone, a file once.

pub mod bodies;
mod map;
mod revised;
pub mod scores;

use std::collections::BTreeMap;

use chrono::Datelike;

use crate::chart::bar::{BarChart, BarRow, Reference, ReferenceKind};
use crate::chart::line::{Break, LineChart, Point, Series, Target};
use crate::chart::sparkline::Sparkline;
use crate::chart::stack::{StackChart, StackRow};
use crate::chart::{Svg, Width};
use crate::model::id::OrgId;
use crate::model::indicator::{Indicator, Unit};
use crate::model::period::{Calendar, Part, Period};
use crate::model::results::Observation;
use crate::model::series::{Kind, Obstacle, kind, obstacle, obstacle_within};
use crate::report::book::Book;
use crate::report::headline::{made_of, why_missing, why_not_compared};
use crate::report::page::{Figure, drawn};
use crate::report::time;
use crate::report::view::{Standing, comparable, last_valued, measured};

pub use map::maps;
pub use revised::revised;

/// More rows than this are cut to the first and the last ones.
const MOST_ROWS: usize = 40;
/// Points of a sparkline.
const MOST_POINTS: usize = 24;

/// What a chart shows; its word names it in files and on the command line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChartKind {
    /// One value against its targets.
    Bullet,
    /// Values of one body over time.
    Line,
    /// The parts of one body over time.
    Parts,
    /// The bodies of a level, in order.
    Bar,
    /// Where the values of a level lie.
    Distribution,
    /// The bodies of a level on a map of tiles.
    Map,
    /// The courses of all bodies of a level.
    Multiples,
    /// The bodies of a level at two times.
    Slope,
    /// What the totals of a level are made of.
    Stack,
    /// The same as shares.
    Shares,
    /// What was told before.
    Revisions,
    /// Parts of an index against the most that they can score.
    Groups,
    /// Places of peers in an index.
    Ranks,
    /// How sure places in an index are.
    Bands,
}

impl ChartKind {
    /// All of them with their words, in the order of a page.
    pub const ALL: [(ChartKind, &'static str); 14] = [
        (ChartKind::Bullet, "bullet"),
        (ChartKind::Line, "line"),
        (ChartKind::Parts, "parts"),
        (ChartKind::Bar, "bar"),
        (ChartKind::Map, "map"),
        (ChartKind::Distribution, "distribution"),
        (ChartKind::Slope, "slope"),
        (ChartKind::Multiples, "multiples"),
        (ChartKind::Stack, "stack"),
        (ChartKind::Shares, "shares"),
        (ChartKind::Revisions, "revisions"),
        (ChartKind::Groups, "groups"),
        (ChartKind::Ranks, "ranks"),
        (ChartKind::Bands, "bands"),
    ];

    /// The word in names of files and on the command line.
    pub fn word(self) -> &'static str {
        ChartKind::ALL.into_iter().find(|(kind, _)| *kind == self).map_or("", |(_, word)| word)
    }
}

/// A chart with its words, not drawn yet.
pub struct Drawing<'a> {
    /// What it shows.
    pub kind: ChartKind,
    /// Its name.
    pub title: String,
    /// What is to be seen, in a sentence.
    pub finding: String,
    /// What belongs beside it.
    pub note: Option<String>,
    draw: Draw<'a>,
}

type Draw<'a> = Box<dyn Fn(&str, Width) -> Svg + 'a>;

impl<'a> Drawing<'a> {
    /// A chart that a closure draws; the first argument of which is the prefix of ids inside.
    pub fn new(
        kind: ChartKind,
        (title, finding): (String, String),
        draw: impl Fn(&str, Width) -> Svg + 'a,
    ) -> Self {
        Drawing { kind, title, finding, note: None, draw: Box::new(draw) }
    }

    /// The same with what belongs beside it.
    pub fn noted(self, note: Option<String>) -> Self {
        Drawing { note, ..self }
    }

    /// Draws it at a width.
    pub fn svg(&self, id: &str, width: Width) -> Svg {
        (self.draw)(id, width)
    }

    /// Draws it for a screen and for a phone.
    pub fn figure(self, id: &str) -> Figure {
        Figure { note: self.note, ..both(id, self.finding, self.draw) }
    }

    /// Draws it for a printed page.
    pub fn on_paper(self, id: &str) -> OnPaper {
        OnPaper { svg: self.svg(id, Width::PAGE), finding: self.finding, note: self.note }
    }
}

/// Draws a chart for a screen and for a phone.
pub fn both(id: &str, caption: String, draw: impl Fn(&str, Width) -> Svg) -> Figure {
    Figure {
        id: id.to_owned(),
        caption,
        wide: drawn(&draw(&format!("{id}-w"), Width::PAGE)),
        narrow: Some(drawn(&draw(&format!("{id}-n"), Width::PHONE))),
        note: None,
    }
}

/// The course of an organisation's totals with its targets ahead; none with fewer than two numbers.
pub fn course<'a>(
    book: &'a Book<'a>,
    indicator: &'a Indicator,
    org: &'a OrgId,
    totals: &[&Observation],
) -> Option<Drawing<'a>> {
    let targets = book.view.targets_on(indicator, org).into_iter();
    let goals: Vec<Goal> = targets
        .filter(|target| is_open(book, target, org))
        .map(|target| goal(book, indicator, target))
        .collect();
    course_to(book, indicator, org, totals, &goals)
}

/// The same with one target ahead, by way of its milestones.
pub fn course_to_target<'a>(
    book: &'a Book<'a>,
    indicator: &'a Indicator,
    org: &'a OrgId,
    target: &crate::model::target::Target,
) -> Option<Drawing<'a>> {
    let on_the_way = target.milestones.iter().map(|milestone| crate::model::target::Target {
        value: milestone.value,
        due_on: milestone.due_on,
        ..target.clone()
    });
    let all = on_the_way.chain([target.clone()]).filter(|one| is_open(book, one, org));
    let goals: Vec<Goal> = all.map(|one| goal(book, indicator, &one)).collect();
    course_to(book, indicator, org, book.view.totals(indicator, org), &goals)
}

/// A value to be reached by the end of a day, in words.
type Goal = (Period, f64, String);

fn goal(book: &Book<'_>, indicator: &Indicator, target: &crate::model::target::Target) -> Goal {
    let basis = book.text(&target.legal_basis).split('/').next().unwrap_or_default();
    let label = format!("{} · {basis}", book.words.demand(target, Some(indicator.unit)));
    (Period::Day(target.due_on), target.value, label)
}

fn course_to<'a>(
    book: &'a Book<'a>,
    indicator: &'a Indicator,
    org: &'a OrgId,
    totals: &[&Observation],
    goals: &[Goal],
) -> Option<Drawing<'a>> {
    let chart = course_chart(book, indicator, org, totals, goals)?;
    let note = break_note(book, indicator, &chart.breaks);
    let number = move |value: f64| book.tick(indicator, Some(org), value);
    let words = (chart.title.clone(), chart.finding.clone());
    let draw = move |id: &str, width| LineChart { width, ..chart.clone() }.render(id, &number);
    Some(Drawing::new(ChartKind::Line, words, draw).noted(note))
}

/// The chart of a course, not drawn yet.
fn course_chart(
    book: &Book<'_>,
    indicator: &Indicator,
    org: &OrgId,
    totals: &[&Observation],
    goals: &[Goal],
) -> Option<LineChart> {
    if !has_course(totals) {
        return None;
    }
    let dues: Vec<Period> = goals.iter().map(|(due, ..)| *due).collect();
    let mut chart = empty_line_chart(book, indicator, totals, &dues);
    chart.title = format!("{} – {}", book.text(&indicator.title), book.name(org));
    chart.finding = course_finding(book, indicator, org, totals);
    chart.series = series_by_kind(book, totals, &book.name(org));
    for (due, value, label) in goals {
        chart.targets.push(Target { x: due.decimal_end(), y: *value, label: label.clone() });
        chart.x_ticks.push((due.decimal_end(), time::short_period(book.lang(), year_of(*due))));
    }
    tidy_ticks(&mut chart.x_ticks);
    Some(chart)
}

/// A chart for a printed page.
pub struct OnPaper {
    /// The chart.
    pub svg: Svg,
    /// What it shows.
    pub finding: String,
    /// What belongs beside it.
    pub note: Option<String>,
}

/// Whether a target is still to be reached: what ended before it was due has no way to it.
fn is_open(book: &Book<'_>, target: &crate::model::target::Target, org: &OrgId) -> bool {
    book.view.ended(target, Some(org)).is_none()
}

/// Whether two numbers speak of the same length of time.
fn has_course(totals: &[&Observation]) -> bool {
    let mut numbers: BTreeMap<Kind, usize> = BTreeMap::new();
    for observation in totals.iter().filter(|observation| measured(observation).is_ok()) {
        *numbers.entry(kind(observation.period)).or_default() += 1;
    }
    numbers.values().any(|n| *n >= 2)
}

/// The courses of the parts of one organisation; none with fewer than two periods.
pub fn course_of_parts<'a>(
    book: &'a Book<'a>,
    indicator: &'a Indicator,
    org: &'a OrgId,
) -> Option<Drawing<'a>> {
    let periods = book.view.periods_of_parts(indicator, org);
    let latest = kind(*periods.last()?);
    let mut lines: BTreeMap<&str, Vec<&Observation>> = BTreeMap::new();
    let mut all = vec![];
    for period in periods.into_iter().filter(|period| kind(*period) == latest) {
        for part in book.view.parts(indicator, org, period) {
            lines.entry(&part.breakdown).or_default().push(part);
            all.push(part);
        }
    }
    if lines.values().map(Vec::len).max()? < 2 {
        return None;
    }
    let mut chart = empty_line_chart(book, indicator, &all, &[]);
    chart.title = format!("{} – {}", book.text(&indicator.title), book.name(org));
    chart.finding = book.word("parts_over_time");
    for (code, observations) in ordered(indicator, lines) {
        let points = observations.iter().map(|observation| point(book, observation)).collect();
        chart.series.push(Series { name: part_name(book, indicator, code), points, emphasised: false });
    }
    tidy_ticks(&mut chart.x_ticks);
    let number = move |value: f64| book.tick(indicator, Some(org), value);
    let words = (chart.title.clone(), chart.finding.clone());
    let draw = move |id: &str, width| LineChart { width, ..chart.clone() }.render(id, &number);
    Some(Drawing::new(ChartKind::Parts, words, draw))
}

/// The ranking of one level as bars; none for fewer than three numbers, or for what is a rank itself.
pub fn ranking<'a>(
    book: &'a Book<'a>,
    indicator: &'a Indicator,
    list: &[(&Observation, Standing)],
    home: &str,
) -> Option<Drawing<'a>> {
    let chart = ranking_chart(book, indicator, list, home)?;
    let number = move |value: f64| book.tick(indicator, None, value);
    let words = (chart.title.clone(), chart.finding.clone());
    let draw = move |id: &str, width| BarChart { width, ..chart.clone() }.render(id, &number);
    Some(Drawing::new(ChartKind::Bar, words, draw))
}

/// The chart of a ranking, not drawn yet.
fn ranking_chart(
    book: &Book<'_>,
    indicator: &Indicator,
    list: &[(&Observation, Standing)],
    home: &str,
) -> Option<BarChart> {
    let valued = list.iter().filter(|(observation, _)| measured(observation).is_ok()).count();
    if valued < 3 || indicator.unit == Unit::Rank {
        return None;
    }
    let rows = |keep: &(&Observation, Standing)| bar_row(book, indicator, keep.0, home);
    let (first, skipped, last) = cut(list);
    let mut chart = BarChart {
        title: book.text(&indicator.title).to_owned(),
        finding: ranking_finding(book, indicator, list),
        rows: first.iter().map(rows).collect(),
        references: references(book, indicator, list),
        ..BarChart::default()
    };
    if skipped > 0 {
        chart.rows.push(BarRow { label: others(book, skipped), ..BarRow::default() });
        chart.rows.extend(last.iter().map(rows));
    }
    Some(chart)
}

/// The parts of the totals of one level, stacked; in the order of the totals.
pub fn stack<'a>(
    book: &'a Book<'a>,
    indicator: &'a Indicator,
    list: &[(&Observation, Standing)],
    home: &str,
) -> Option<Drawing<'a>> {
    let chart = stack_chart(book, indicator, list, home)?;
    let number = move |value: f64| book.tick(indicator, None, value);
    let words = (chart.title.clone(), chart.finding.clone());
    let draw = move |id: &str, width| StackChart { width, ..chart.clone() }.render(id, &number);
    Some(Drawing::new(ChartKind::Stack, words, draw))
}

/// The chart of parts, not drawn yet.
fn stack_chart(
    book: &Book<'_>,
    indicator: &Indicator,
    list: &[(&Observation, Standing)],
    home: &str,
) -> Option<StackChart> {
    let codes: Vec<&str> = indicator.breakdown.iter().map(|(code, _)| code.as_str()).collect();
    let row = |keep: &(&Observation, Standing)| stack_row(book, indicator, keep.0, &codes, home);
    let (first, skipped, last) = cut(list);
    let mut rows: Vec<StackRow> = first.iter().filter_map(row).collect();
    if rows.is_empty() {
        return None;
    }
    if skipped > 0 {
        rows.push(StackRow { label: others(book, skipped), ..StackRow::default() });
        rows.extend(last.iter().filter_map(row));
    }
    Some(StackChart {
        title: book.text(&indicator.title).to_owned(),
        finding: book.word("parts_of_total"),
        parts: codes.iter().map(|code| part_name(book, indicator, code)).collect(),
        rows,
        ..StackChart::default()
    })
}

/// The course of the last values of one kind of period, in the height of a line; none with fewer than two.
pub fn spark(book: &Book<'_>, indicator: &Indicator, org: &OrgId, id: &str) -> Option<Svg> {
    let totals = book.view.totals(indicator, org);
    let (latest, _) = last_valued(totals)?;
    let mut same: Vec<_> = totals.iter().filter(|o| kind(o.period) == kind(latest.period)).copied().collect();
    same.drain(..same.len().saturating_sub(MOST_POINTS));
    if same.iter().filter(|observation| measured(observation).is_ok()).count() < 2 {
        return None;
    }
    let mut values = vec![];
    for (n, observation) in same.iter().enumerate() {
        let before = n.checked_sub(1).and_then(|n| same.get(n));
        let is_cut = |before: &&Observation| {
            obstacle_within(indicator, &same, before.period, observation.period).is_some()
        };
        if before.is_some_and(is_cut) {
            values.push(None);
        }
        values.push(measured(observation).ok());
    }
    let line = Sparkline {
        title: format!("{} – {}", book.text(&indicator.title), book.name(org)),
        finding: course_finding(book, indicator, org, &same),
        values,
        reversed: indicator.unit == Unit::Rank,
    };
    Some(line.render(id, &|value| book.value(indicator, org, value)))
}

/// The name of a part.
pub fn part_name(book: &Book<'_>, indicator: &Indicator, code: &str) -> String {
    let known = indicator.breakdown.iter().find(|(known, _)| known == code);
    known.map_or_else(|| code.to_owned(), |(_, text)| book.text(text).to_owned())
}

/// A chart of observations, before its series; `dues` are the days of its targets.
fn empty_line_chart(
    book: &Book<'_>,
    indicator: &Indicator,
    observations: &[&Observation],
    dues: &[Period],
) -> LineChart {
    let tick = |o: &&Observation| (o.period.decimal_end(), time::short_period(book.lang(), o.period));
    let unit = book.words.unit(indicator.unit);
    LineChart {
        breaks: breaks(book, indicator, observations, dues),
        x_ticks: observations.iter().map(tick).collect(),
        reversed: indicator.unit == Unit::Rank,
        from_zero: indicator.unit != Unit::Index,
        unit: (!unit.is_empty()).then(|| unit.to_owned()),
        ..LineChart::default()
    }
}

/// The breaks that lie between two of the observations, or between them and a target, half way between the two; a
/// break before or after all of them cuts nothing.
fn breaks(
    book: &Book<'_>,
    indicator: &Indicator,
    observations: &[&Observation],
    dues: &[Period],
) -> Vec<Break> {
    let periods = || observations.iter().map(|o| o.period).chain(dues.iter().copied());
    let between = |earlier: Period, later: Period, label: String| Break {
        x: f64::midpoint(earlier.decimal_end(), later.decimal_end()),
        label,
    };
    let known = indicator.breaks.iter().filter_map(|cut| {
        let earlier = periods().filter(|period| period.end() < cut.at).max_by_key(Period::end)?;
        let later = periods().filter(|period| period.end() >= cut.at).min_by_key(Period::end)?;
        Some(between(earlier, later, book.text(&cut.why).to_owned()))
    });
    let marked = observations.iter().filter(|o| o.after_break).filter_map(|o| {
        let of_series = observations.iter().filter(|other| kind(other.period) == kind(o.period));
        let earlier = of_series.map(|other| other.period).filter(|period| *period < o.period).max()?;
        obstacle(indicator, earlier, o.period)
            .is_none()
            .then(|| between(earlier, o.period, why_not_compared(book, Obstacle::Mark)))
    });
    known.chain(marked).collect()
}

/// The breaks in full, which a chart may have to shorten.
fn break_note(book: &Book<'_>, indicator: &Indicator, breaks: &[Break]) -> Option<String> {
    let shown =
        |at: &&crate::model::indicator::Break| breaks.iter().any(|drawn| drawn.label == book.text(&at.why));
    let text = |at: &crate::model::indicator::Break| {
        format!("{}: {}", time::date(book.lang(), at.at), book.text(&at.why))
    };
    let texts: Vec<_> = indicator.breaks.iter().filter(shown).map(text).collect();
    (!texts.is_empty()).then(|| format!("{}. {}.", book.words.get("series_breaks"), texts.join("; ")))
}

/// One series for each length of time; the one of the latest value stands out.
fn series_by_kind(book: &Book<'_>, totals: &[&Observation], name: &str) -> Vec<Series> {
    let mut kinds: BTreeMap<Kind, Vec<Point>> = BTreeMap::new();
    for observation in totals {
        kinds.entry(kind(observation.period)).or_default().push(point(book, observation));
    }
    let latest = last_valued(totals).map(|(observation, _)| kind(observation.period));
    let several = kinds.len() > 1;
    let series = kinds.into_iter().map(|(kind, points)| Series {
        name: if several { kind_name(book, kind) } else { name.to_owned() },
        points,
        emphasised: Some(kind) == latest,
    });
    series.collect()
}

fn kind_name(book: &Book<'_>, kind: Kind) -> String {
    let (word, calendar) = match kind {
        Kind::Year(calendar) => ("by_year", calendar),
        Kind::FiscalYear => ("by_fiscal_year", Calendar::Civil),
        Kind::Half(calendar) => ("by_half", calendar),
        Kind::NineMonths(calendar) => ("by_nine_months", calendar),
        Kind::Quarter(calendar) => ("by_quarter", calendar),
        Kind::Month(calendar) => ("by_month", calendar),
        Kind::Day => ("by_day", Calendar::Civil),
        Kind::YearToDate(calendar, _) => ("by_year_to_date", calendar),
        Kind::From(_) => ("by_span", Calendar::Civil),
    };
    let name = match kind {
        Kind::YearToDate(_, months) => book.words.fill(word, &[("months", &months.to_string())]),
        _ => book.word(word),
    };
    match calendar {
        Calendar::Civil => name,
        Calendar::Administrative => book.words.fill("in_administrative_calendar", &[("kind", &name)]),
    }
}

fn point(book: &Book<'_>, observation: &Observation) -> Point {
    Point {
        x: observation.period.decimal_end(),
        y: measured(observation).ok(),
        label: book.period(observation.period),
        made_of: book
            .view
            .indicator(&observation.indicator)
            .and_then(|indicator| made_of(book, indicator, observation))
            .unwrap_or_default(),
    }
}

/// `Việt Nam: 99 (Năm 2014) → 71 (Năm 2024)`
fn course_finding(book: &Book<'_>, indicator: &Indicator, org: &OrgId, totals: &[&Observation]) -> String {
    let comparable = comparable(indicator, totals);
    let valued: Vec<_> = comparable.iter().filter_map(|o| Some((*o, measured(o).ok()?))).collect();
    let write = |(observation, value): &(&Observation, f64)| {
        (book.value(indicator, &observation.org, *value), book.period_within(observation.period))
    };
    let (Some(first), Some(last)) = (valued.first().map(write), valued.last().map(write)) else {
        return book.word("no_data");
    };
    let name = book.name(org);
    if valued.len() == 1 {
        return book
            .words
            .fill("last_finding", &[("org", &name), ("last", &last.0), ("last_period", &last.1)]);
    }
    let gaps = [
        ("org", name.as_str()),
        ("first", &first.0),
        ("first_period", &first.1),
        ("last", &last.0),
        ("last_period", &last.1),
    ];
    book.words.fill("course_finding", &gaps)
}

fn ranking_finding(book: &Book<'_>, indicator: &Indicator, list: &[(&Observation, Standing)]) -> String {
    let valued: Vec<_> = list.iter().filter_map(|(o, _)| Some((*o, measured(o).ok()?))).collect();
    let (Some(first), Some(last)) = (valued.first(), valued.last()) else { return book.word("no_data") };
    // Where several share an end of the table, none of them is named for all.
    let write = |(observation, value): &(&Observation, f64)| {
        let same = valued.iter().filter(|(_, other)| other == value).count();
        let name = match same {
            1 => book.name(&observation.org),
            _ => book.words.count("n_bodies", u64::try_from(same).unwrap_or(u64::MAX)),
        };
        (name, book.value(indicator, &observation.org, *value))
    };
    let are_equal = valued.len() > 1 && first.1 == last.1;
    let (first, last) = (write(first), write(last));
    let number = book.words.numbers.whole(u64::try_from(valued.len()).unwrap_or(u64::MAX));
    if are_equal {
        return book.words.fill("ranking_finding_equal", &[("n", &number), ("value", &first.1)]);
    }
    let gaps = [
        ("n", number.as_str()),
        ("first", &first.0),
        ("first_value", &first.1),
        ("last", &last.0),
        ("last_value", &last.1),
    ];
    book.words.fill("ranking_finding", &gaps)
}

/// The headline organisation's value in the same period, where it has no bar of its own, and targets of all.
fn references(book: &Book<'_>, indicator: &Indicator, list: &[(&Observation, Standing)]) -> Vec<Reference> {
    let Some((observation, _)) = list.first() else { return vec![] };
    let Some(headline) = book.view.headline(indicator) else { return vec![] };
    let (first, _, last) = cut(list);
    if first.iter().chain(last).any(|(drawn, _)| drawn.org == *headline) {
        return vec![];
    }
    let same = book.view.totals(indicator, headline).iter().find(|o| o.period == observation.period);
    let value = same.and_then(|same| measured(same).ok());
    let label = |value: f64| format!("{}: {}", book.name(headline), book.value(indicator, headline, value));
    let reference = |value: f64| Reference { value, label: label(value), kind: ReferenceKind::Comparison };
    value.map(reference).into_iter().collect()
}

fn bar_row(book: &Book<'_>, indicator: &Indicator, observation: &Observation, home: &str) -> BarRow {
    let value = measured(observation).ok();
    let text = match value {
        Some(value) => book.value(indicator, &observation.org, value),
        None => why_missing(book, observation),
    };
    BarRow {
        label: book.name(&observation.org),
        value,
        text,
        highlight: indicator.headline.as_ref() == Some(&observation.org),
        href: book.organisation_href(home, &observation.org),
    }
}

fn stack_row(
    book: &Book<'_>,
    indicator: &Indicator,
    total: &Observation,
    codes: &[&str],
    home: &str,
) -> Option<StackRow> {
    let org = &total.org;
    let parts = book.view.parts(indicator, org, total.period);
    if parts.is_empty() {
        return None;
    }
    let value = |code: &&str| {
        let part = parts.iter().find(|part| part.breakdown == *code)?;
        measured(part).ok()
    };
    Some(StackRow {
        label: book.name(org),
        values: codes.iter().map(value).collect(),
        total: match measured(total) {
            Ok(value) => book.value(indicator, org, value),
            Err(_) => why_missing(book, total),
        },
        highlight: indicator.headline.as_ref() == Some(org),
        href: book.organisation_href(home, org),
    })
}

/// The first and the last rows of a long list, and how many are left out between them.
fn cut<T>(list: &[T]) -> (&[T], usize, &[T]) {
    if list.len() <= MOST_ROWS {
        return (list, 0, &[]);
    }
    let half = MOST_ROWS / 2;
    (&list[..half], list.len() - MOST_ROWS, &list[list.len() - half..])
}

fn others(book: &Book<'_>, skipped: usize) -> String {
    book.words.count("n_others", u64::try_from(skipped).unwrap_or(u64::MAX))
}

fn ordered<'a, T>(indicator: &Indicator, lines: BTreeMap<&'a str, T>) -> Vec<(&'a str, T)> {
    let place =
        |code: &str| indicator.breakdown.iter().position(|(known, _)| known == code).unwrap_or(usize::MAX);
    let mut lines: Vec<_> = lines.into_iter().collect();
    lines.sort_by_key(|(code, _)| place(code));
    lines
}

fn year_of(day: Period) -> Period {
    Period::Part { calendar: Calendar::Civil, year: day.end().year(), part: Part::Year }
}

/// Ticks in order, the first of those that stand on one place.
pub fn tidy_ticks(ticks: &mut Vec<(f64, String)>) {
    ticks.sort_by(|a, b| a.0.total_cmp(&b.0));
    ticks.dedup_by(|a, b| (a.0 - b.0).abs() < 1e-9);
}
