//! The page of an indicator: its course, the rankings of each level, its parts, and how it is computed.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use crate::chart::Svg;
use crate::model::id::OrgId;
use crate::model::indicator::{Direction, Indicator, Restate, Shape, Unit};
use crate::model::intake::{FileRecord, FileState, SourceStatus};
use crate::model::period::{ADMINISTRATIVE_FIRST_DAY, Calendar, Period, PeriodKind};
use crate::model::results::Observation;
use crate::model::series::obstacle_within;
use crate::model::target::Target;
use crate::model::text::Text;
use crate::report::book::{Book, Here};
use crate::report::headline::{cell, part_cell};
use crate::report::page::{Cell, Column, Exhibit, Fact, IndicatorPage, Line, Link, Row, Table, drawn};
use crate::report::view::{Standing, last_valued, measured, parts_add_up, previous};
use crate::report::{bodies, figure, headline, list, ranking, restated, revision, target, time};

/// The pieces of more bodies than this are not drawn.
const MOST_STACKED: usize = 40;
/// The courses of more bodies than this are not drawn beside their places.
const MOST_SPARKS: usize = 40;
/// More files of a source than this are counted, not named.
const MOST_FILES: usize = 5;
/// From here one page to the folder of the language.
const HOME: &str = "../";

/// `indicator.html`
pub fn page(book: &Book<'_>, indicator: &Indicator) -> IndicatorPage {
    let here = Here {
        path: format!("indicator/{}.html", indicator.id),
        title: book.text(&indicator.title).to_owned(),
        menu: "indicators.html",
    };
    let named = |target: &&Target| indicator.targets.contains(&target.id);
    let targets: Vec<_> = book.view.results.targets.iter().filter(named).collect();
    IndicatorPage {
        frame: book.frame(&here),
        headline: first_org(book, indicator).and_then(|org| headline::of(book, indicator, org, HOME)),
        note: indicator.note.as_ref().map(|note| book.text(note).to_owned()),
        targets: (!targets.is_empty()).then(|| target::table(book, &targets, None, HOME)),
        bodies: bodies::is_apart(book.view, indicator, &book.contents.levels).then(|| Link {
            text: book.word("bodies_link"),
            href: Some(format!("{HOME}{}", bodies::path(indicator))),
        }),
        exhibits: exhibits(book, indicator),
        revisions: revision::table(book, indicator, HOME),
        revised: figure::revised(book, indicator).map(|drawing| drawing.figure("revised")),
        method: book.text(&indicator.method).to_owned(),
        facts: all_facts(book, indicator),
        sources: sources(book, indicator),
        downloads: list::downloads(book, Some(&indicator.id), HOME),
    }
}

/// Legal basis, unit, direction, calendar, formula, breaks.
pub fn facts(book: &Book<'_>, indicator: &Indicator) -> Vec<Fact> {
    let one = |name: &'static str, text: String| Fact { name: book.word(name), lines: vec![line(text)] };
    let mut facts = vec![];
    if let Some(basis) = &indicator.legal_basis {
        facts.push(one("legal_basis", basis.clone()));
    }
    facts.push(one("unit", book.word(unit_key(indicator.unit))));
    facts.push(one("direction", book.word(direction_key(indicator.direction))));
    facts.push(one("shape", book.word(shape_key(book, indicator))));
    if indicator.period != PeriodKind::Any {
        facts.push(one("calendar", calendar(book, indicator.calendar)));
    }
    let lines = indicator.formulas().into_iter().map(|formula| line(version(book, formula))).collect();
    facts.push(Fact { name: book.word("formula_version"), lines });
    facts.push(one("on_another_map", book.word(restate_key(indicator.restate))));
    if !indicator.breaks.is_empty() {
        let text = |at: &crate::model::indicator::Break| {
            line(format!("{}: {}", time::date(book.lang(), at.at), book.text(&at.why)))
        };
        let lines = indicator.breaks.iter().map(text).collect();
        facts.push(Fact { name: book.word("series_breaks"), lines });
    }
    facts
}

/// The same with what belongs to the numbers rather than to the method.
fn all_facts(book: &Book<'_>, indicator: &Indicator) -> Vec<Fact> {
    let since = first_org(book, indicator).and_then(|org| since(book, indicator, org));
    since.into_iter().chain(facts(book, indicator)).collect()
}

/// The vintage that brought the last number of a body as it is.
fn since(book: &Book<'_>, indicator: &Indicator, org: &OrgId) -> Option<Fact> {
    let (last, _) = last_valued(book.view.totals(indicator, org))?;
    let gaps =
        [("period", &*book.period_within(last.period)), ("n", &*book.words.numbers.whole(last.since.into()))];
    Some(Fact { name: book.word("vintage"), lines: vec![line(book.words.fill("number_since", &gaps))] })
}

fn calendar(book: &Book<'_>, calendar: Calendar) -> String {
    let (first, last) = (ADMINISTRATIVE_FIRST_DAY, ADMINISTRATIVE_FIRST_DAY - 1);
    match calendar {
        Calendar::Civil => book.word("civil_calendar"),
        Calendar::Administrative => book
            .words
            .fill("administrative_calendar", &[("first", &first.to_string()), ("last", &last.to_string())]),
    }
}

fn line(text: String) -> Line {
    Line { text, ..Line::default() }
}

/// `2, từ 01/05/2026`
fn version(book: &Book<'_>, (formula, since): (u32, Option<NaiveDate>)) -> String {
    let number = book.words.numbers.whole(formula.into());
    match since {
        Some(day) => {
            let day = time::date(book.lang(), day);
            book.words.fill("formula_since", &[("n", &number), ("day", &day)])
        }
        None => number,
    }
}

fn unit_key(unit: Unit) -> &'static str {
    match unit {
        Unit::Percent => "percent_name",
        Unit::Count => "count_name",
        Unit::Points => "points_name",
        Unit::Index => "index_name",
        Unit::Rank => "rank_name",
        Unit::Days => "days_name",
    }
}

fn direction_key(direction: Direction) -> &'static str {
    match direction {
        Direction::HigherIsBetter => "higher_is_better",
        Direction::LowerIsBetter => "lower_is_better",
        Direction::None => "no_direction",
    }
}

fn shape_key(book: &Book<'_>, indicator: &Indicator) -> &'static str {
    match indicator.shape {
        Shape::Ratio => "shape_ratio",
        Shape::Count => "shape_count",
        Shape::Value if book.view.is_taken_over(indicator) => "shape_taken_over",
        Shape::Value => "shape_computed",
    }
}

fn restate_key(restate: Restate) -> &'static str {
    match restate {
        Restate::Sum => "restate_sum",
        Restate::Stock => "restate_stock",
        Restate::None => "restate_none",
    }
}

fn first_org<'a>(book: &Book<'a>, indicator: &Indicator) -> Option<&'a OrgId> {
    book.view.headline(indicator)
}

fn exhibits(book: &Book<'_>, indicator: &Indicator) -> Vec<Exhibit> {
    let mut exhibits: Vec<Exhibit> = course(book, indicator).into_iter().collect();
    exhibits.extend(parts(book, indicator));
    let stacked = parts_add_up(book.view, indicator);
    let apart = bodies::is_apart(book.view, indicator, &book.contents.levels);
    for (n, level) in book.contents.levels.iter().copied().enumerate() {
        let Some((period, ranked)) = book.view.ranking(indicator, level) else { continue };
        let alone = ranked.len() == 1 && first_org(book, indicator) == Some(&ranked[0].0.org);
        if alone {
            continue;
        }
        let level_of = bodies::Level { book, indicator, level, n, period, ranked };
        let ranking = ranking_exhibit(book, indicator, level, period, ranked, n);
        let more = if apart { vec![] } else { level_of.maps_of_ranking() };
        exhibits.push(Exhibit { more, ..ranking });
        if stacked {
            exhibits.extend(stack(book, indicator, level, ranked, n));
        }
        if !apart {
            exhibits.extend(level_of.maps_of_other_days());
            exhibits.extend(level_of.exhibits());
        }
    }
    exhibits.extend(restated::of_indicator(book, indicator));
    exhibits
}

/// The values of the headline organisation over time.
fn course(book: &Book<'_>, indicator: &Indicator) -> Option<Exhibit> {
    let org = first_org(book, indicator)?;
    let totals = book.view.totals(indicator, org);
    if totals.is_empty() {
        return None;
    }
    let name = book.name(org);
    let title = book.words.fill("over_time", &[("org", &name)]);
    let figure = figure::course(book, indicator, org, totals).map(|drawing| drawing.figure("course"));
    let table = course_table(book, indicator, org, totals);
    Some(Exhibit::new("over-time".to_owned(), title, figure, table))
}

fn course_table(book: &Book<'_>, indicator: &Indicator, org: &OrgId, totals: &[&Observation]) -> Table {
    let extra = Extra::of(book, indicator, totals);
    let apart = book.number_href(HOME, indicator, org);
    let row = |observation: &&Observation| {
        let mut cells =
            vec![Cell::text(book.period(observation.period)).as_head().sorted_by(observation.period.end())];
        cells.push(cell(book, indicator, observation).leading_to(apart.clone()));
        cells.extend(extra.cells(book, observation));
        Row { cells, strong: false }
    };
    let mut columns = vec![column(book, "period", false), value_column(book, indicator)];
    columns.extend(extra.columns(book));
    Table {
        id: "over-time-table".to_owned(),
        caption: format!("{} – {}", book.text(&indicator.title), book.name(org)),
        columns,
        rows: totals.iter().rev().map(row).collect(),
        note: extra.note(book),
        filter: false,
        sortable: totals.len() > 2,
        pager: None,
    }
}

/// Columns that a table has only where its rows differ in them; what is the same in all is said once, under it.
struct Extra {
    parts: bool,
    status: bool,
    source: bool,
    same_status: Option<String>,
    same_source: Option<String>,
}

impl Extra {
    fn of(book: &Book<'_>, indicator: &Indicator, observations: &[&Observation]) -> Self {
        let (status, same_status) =
            differing(observations.iter().map(|observation| book.status(observation)));
        let source = |observation: &&Observation| source_of(book, observation);
        let (source, same_source) = differing(observations.iter().map(source));
        Extra { parts: indicator.shape == Shape::Ratio, status, source, same_status, same_source }
    }

    fn columns(&self, book: &Book<'_>) -> Vec<Column> {
        let mut columns = vec![];
        if self.parts {
            columns.extend([column(book, "numerator", true), column(book, "denominator", true)]);
        }
        if self.status {
            columns.push(column(book, "status", false));
        }
        if self.source {
            columns.push(column(book, "source", false));
        }
        columns
    }

    fn cells(&self, book: &Book<'_>, observation: &Observation) -> Vec<Cell> {
        let mut cells = vec![];
        if self.parts {
            cells.push(part_cell(book, observation.numerator));
            cells.push(part_cell(book, observation.denominator));
        }
        if self.status {
            cells.push(Cell::text(book.status(observation)));
        }
        if self.source {
            cells.push(Cell::empty().line(source_of(book, observation), "source"));
        }
        cells
    }

    fn note(&self, book: &Book<'_>) -> Option<String> {
        let status =
            self.same_status.iter().map(|status| book.words.fill("status_note", &[("status", status)]));
        let source =
            self.same_source.iter().map(|source| book.words.fill("source_note", &[("source", source)]));
        let note = status.chain(source).collect::<Vec<_>>().join(" ");
        (!note.is_empty()).then_some(note)
    }
}

/// Where a number was read, if that is said.
fn source_of(book: &Book<'_>, observation: &Observation) -> String {
    observation.source.as_ref().map(|source| time::days_within(book.lang(), source)).unwrap_or_default()
}

/// Whether texts differ, and what all of them say where they do not.
fn differing(mut texts: impl Iterator<Item = String>) -> (bool, Option<String>) {
    let Some(first) = texts.next() else { return (false, None) };
    let same = texts.all(|text| text == first);
    (!same, (same && !first.is_empty()).then_some(first))
}

/// Parts that are no pieces of a total, of the headline organisation.
fn parts(book: &Book<'_>, indicator: &Indicator) -> Option<Exhibit> {
    let org = first_org(book, indicator)?;
    let latest = *book.view.periods_of_parts(indicator, org).last()?;
    let name = book.name(org);
    let figure = figure::course_of_parts(book, indicator, org).map(|drawing| drawing.figure("parts-course"));
    let gaps = [("org", name.as_str()), ("period", &book.period_within(latest))];
    let (title, table) = if figure.is_some() {
        let title = book.words.fill("parts_of_over_time", &gaps[..1]);
        (title.clone(), parts_over_time_table(book, indicator, org, title))
    } else {
        let title = book.words.fill("parts_of", &gaps);
        (title.clone(), parts_table(book, indicator, org, latest, title))
    };
    Some(Exhibit::new("parts".to_owned(), title, figure, table))
}

/// The parts of one organisation, one row for each period.
fn parts_over_time_table(book: &Book<'_>, indicator: &Indicator, org: &OrgId, caption: String) -> Table {
    let periods = book.view.periods_of_parts(indicator, org);
    // A part that nobody ever sent needs no column.
    let seen: BTreeSet<&str> = periods
        .iter()
        .flat_map(|period| book.view.parts(indicator, org, *period))
        .map(|part| part.breakdown.as_str())
        .collect();
    let parts: Vec<&(String, Text)> =
        indicator.breakdown.iter().filter(|(code, _)| seen.contains(code.as_str())).collect();
    let row = |period: Period| {
        let mut cells = vec![Cell::text(book.period(period)).as_head().sorted_by(period.end())];
        cells.extend(parts.iter().map(|(code, _)| piece(book, indicator, org, period, code)));
        Row { cells, strong: false }
    };
    let mut columns = vec![column(book, "period", false)];
    columns.extend(parts.iter().map(|(_, text)| part_column(book, text)));
    let rows: Vec<_> = periods.into_iter().rev().map(row).collect();
    let id = format!("parts-{}", indicator.id);
    Table { id, caption, columns, sortable: rows.len() > 2, rows, note: None, filter: false, pager: None }
}

fn part_columns(book: &Book<'_>, indicator: &Indicator) -> Vec<Column> {
    indicator.breakdown.iter().map(|(_, text)| part_column(book, text)).collect()
}

fn part_column(book: &Book<'_>, text: &Text) -> Column {
    Column { text: book.text(text).to_owned(), number: true }
}

/// The parts of one organisation in one period.
pub fn parts_table(
    book: &Book<'_>,
    indicator: &Indicator,
    org: &OrgId,
    period: Period,
    caption: String,
) -> Table {
    let parts = book.view.parts(indicator, org, period);
    let extra = Extra::of(book, indicator, &parts);
    let mut columns = vec![column(book, "part", false), value_column(book, indicator)];
    columns.extend(extra.columns(book));
    let row = |part: &&Observation| {
        let name = figure::part_name(book, indicator, &part.breakdown);
        let mut cells = vec![Cell::text(name).as_head(), cell(book, indicator, part)];
        cells.extend(extra.cells(book, part));
        Row { cells, strong: false }
    };
    let rows = parts.iter().map(row).collect();
    let id = format!("parts-{}", indicator.id);
    let note = extra.note(book);
    Table { id, caption, columns, rows, note, filter: false, sortable: false, pager: None }
}

/// All organisations of one level in its latest period.
fn ranking_exhibit(
    book: &Book<'_>,
    indicator: &Indicator,
    level: &str,
    period: Period,
    ranked: &[(&Observation, Standing)],
    n: usize,
) -> Exhibit {
    let (name, written) = (book.level(level), book.period_within(period));
    let title = book.words.fill("by_level", &[("level", &name), ("period", &written)]);
    let figure = figure::ranking(book, indicator, ranked, HOME);
    let figure = figure.map(|drawing| drawing.figure(&format!("ranking-{n}")));
    let mut table = ranking_table(book, indicator, ranked, title.clone(), n);
    if is_placed(indicator, ranked) {
        let unplaced = ranking::unplaced(book, level, period, ranked);
        let named = ranking::without_place_named(book, &unplaced);
        let guest = ranking::guest_named(book, level, ranked);
        let note = guest.into_iter().chain(table.note).chain(named).collect::<Vec<_>>().join(" ");
        table.note = (!note.is_empty()).then_some(note);
    }
    Exhibit::new(level_anchor(n), title, figure, table)
}

/// The ranking of a level, by its place among the levels.
pub fn level_anchor(n: usize) -> String {
    format!("level-{n}")
}

fn ranking_table(
    book: &Book<'_>,
    indicator: &Indicator,
    ranked: &[(&Observation, Standing)],
    caption: String,
    n: usize,
) -> Table {
    let observations: Vec<_> = ranked.iter().map(|(observation, _)| *observation).collect();
    let extra = Extra::of(book, indicator, &observations);
    let placed = is_placed(indicator, ranked);
    let before = ranked.iter().any(|(observation, _)| before(book, indicator, observation).is_some());
    let mut columns = vec![column(book, "organisation", false), value_column(book, indicator)];
    if placed {
        columns.insert(0, column(book, "place", true));
    }
    if before {
        columns.push(column(book, "value_before", true));
    }
    columns.extend(extra.columns(book));
    let mut sparks = sparks(book, indicator, ranked, n).map(Vec::into_iter);
    if sparks.is_some() {
        columns.push(column(book, "course", false));
    }
    let shared = shared_places(ranked);
    let rows = ranked.iter().map(|(observation, standing)| {
        let mut cells = vec![];
        if placed {
            cells.push(place_cell(observation, standing, shared.contains(&standing.place)));
        }
        let href = book.organisation_href(HOME, &observation.org);
        cells.push(Cell::link(book.name(&observation.org), href).as_head());
        let apart = book.number_href(HOME, indicator, &observation.org);
        cells.push(cell(book, indicator, observation).leading_to(apart));
        if before {
            cells.push(before_cell(book, indicator, observation));
        }
        cells.extend(extra.cells(book, observation));
        if let Some(sparks) = &mut sparks {
            cells.push(Cell { chart: sparks.next().flatten().map(|svg| drawn(&svg)), ..Cell::empty() });
        }
        Row { cells, strong: indicator.headline.as_ref() == Some(&observation.org) }
    });
    Table {
        id: format!("level-{n}-table"),
        caption,
        rows: rows.collect(),
        columns,
        note: extra.note(book),
        filter: ranked.len() > 12,
        sortable: ranked.len() > 1,
        pager: None,
    }
}

/// The course of each body of a ranking; none where there are very many, whose table is cut, or where nobody has one.
fn sparks(
    book: &Book<'_>,
    indicator: &Indicator,
    ranked: &[(&Observation, Standing)],
    n: usize,
) -> Option<Vec<Option<Svg>>> {
    if ranked.len() > MOST_SPARKS {
        return None;
    }
    let spark = |(row, (one, _)): (usize, &(&Observation, Standing))| {
        figure::spark(book, indicator, &one.org, &format!("spark-{n}-{row}"))
    };
    let sparks: Vec<_> = ranked.iter().enumerate().map(spark).collect();
    sparks.iter().any(Option::is_some).then_some(sparks)
}

/// Places are given where a direction says who is first, and where the value is not itself a place.
fn is_placed(indicator: &Indicator, ranked: &[(&Observation, Standing)]) -> bool {
    let enough = ranked.first().is_some_and(|(_, standing)| standing.of >= 3);
    enough && has_places(indicator)
}

/// Whether one can say who is first.
pub fn has_places(indicator: &Indicator) -> bool {
    indicator.direction != Direction::None && indicator.unit != Unit::Rank
}

/// Places that several have.
fn shared_places(ranked: &[(&Observation, Standing)]) -> BTreeSet<usize> {
    let known = ranked.iter().filter(|(one, _)| measured(one).is_ok()).map(|(_, standing)| standing.place);
    let mut seen = BTreeSet::new();
    known.filter(|place| !seen.insert(*place)).collect()
}

/// `=2` where several share the second place.
fn place_cell(observation: &Observation, standing: &Standing, shared: bool) -> Cell {
    let sign = if shared { "=" } else { "" };
    match measured(observation) {
        Ok(_) => {
            let text = format!("{sign}{}", standing.place);
            Cell { number: true, ..Cell::text(text) }.sorted_by(standing.place)
        }
        Err(_) => Cell::missing("–"),
    }
}

fn before<'a>(
    book: &Book<'a>,
    indicator: &Indicator,
    observation: &Observation,
) -> Option<(&'a Observation, f64)> {
    previous(book.view.totals(indicator, &observation.org), observation)
}

fn before_cell(book: &Book<'_>, indicator: &Indicator, observation: &Observation) -> Cell {
    let Some((earlier, value)) = before(book, indicator, observation) else { return Cell::missing("–") };
    let apart = book.number_href(HOME, indicator, &observation.org);
    let number = Cell::number(book.value(indicator, &observation.org, value), value);
    let made_of = headline::made_of(book, indicator, earlier);
    let cell = Cell { made_of, ..number.leading_to(apart) }.line(book.period(earlier.period), "muted");
    let totals = book.view.totals(indicator, &observation.org);
    match obstacle_within(indicator, totals, earlier.period, observation.period) {
        Some(_) => cell.line(book.word("not_comparable"), "muted"),
        None => cell,
    }
}

/// The pieces of the totals of one level.
fn stack(
    book: &Book<'_>,
    indicator: &Indicator,
    level: &str,
    ranked: &[(&Observation, Standing)],
    n: usize,
) -> Option<Exhibit> {
    let drawn = figure::stack(book, indicator, ranked, HOME)?;
    // Of very many bodies the first and the last alone would be drawn, twice as heavy as the table of all.
    let figure = (ranked.len() <= MOST_STACKED).then(|| drawn.figure(&format!("stack-{n}")));
    let period = ranked.first().map(|(observation, _)| book.period_within(observation.period))?;
    let title = book.words.fill("parts_by_level", &[("level", &book.level(level)), ("period", &period)]);
    let table = stack_table(book, indicator, ranked, title.clone(), n);
    Some(Exhibit::new(format!("level-{n}-parts"), title, figure, table))
}

fn stack_table(
    book: &Book<'_>,
    indicator: &Indicator,
    ranked: &[(&Observation, Standing)],
    caption: String,
    n: usize,
) -> Table {
    let mut columns = vec![column(book, "organisation", false)];
    columns.extend(part_columns(book, indicator));
    columns.push(column(book, "total", true));
    let rows = ranked.iter().map(|(total, _)| {
        let href = book.organisation_href(HOME, &total.org);
        let mut cells = vec![Cell::link(book.name(&total.org), href).as_head()];
        cells.extend(
            indicator
                .breakdown
                .iter()
                .map(|(code, _)| piece(book, indicator, &total.org, total.period, code))
                // The mark of the total stands for its pieces: they come from the same sender.
                .map(|piece| Cell { quality: None, ..piece }),
        );
        let apart = book.number_href(HOME, indicator, &total.org);
        cells.push(cell(book, indicator, total).leading_to(apart));
        Row { cells, strong: indicator.headline.as_ref() == Some(&total.org) }
    });
    Table {
        id: format!("level-{n}-parts-table"),
        caption,
        columns,
        rows: rows.collect(),
        note: None,
        filter: ranked.len() > 12,
        sortable: ranked.len() > 1,
        pager: None,
    }
}

/// One part of one organisation in one period.
fn piece(book: &Book<'_>, indicator: &Indicator, org: &OrgId, period: Period, code: &str) -> Cell {
    let parts = book.view.parts(indicator, org, period);
    let part = parts.into_iter().find(|part| part.breakdown == code);
    part.map_or_else(|| Cell::missing("–"), |part| cell(book, indicator, part))
}

fn column(book: &Book<'_>, key: &'static str, number: bool) -> Column {
    Column { text: book.word(key), number }
}

/// The heading over values, with the unit where the numbers do not carry it.
fn value_column(book: &Book<'_>, indicator: &Indicator) -> Column {
    let unit = book.words.unit(indicator.unit);
    let word = book.words.get("value");
    let text = if unit.is_empty() { word.to_owned() } else { format!("{word} ({unit})") };
    Column { text, number: true }
}

/// The files of a source that are in use, with the vintage that brought them; where they are many the first, and how many
/// more there are.
fn files(book: &Book<'_>, source: &SourceStatus) -> Vec<Line> {
    let current: Vec<_> = source.files.iter().filter(|file| file.state == FileState::Current).collect();
    let whole = |n: u64| book.words.numbers.whole(n);
    let named = |file: &&&FileRecord| {
        let gaps = [
            ("file", &*file.path),
            ("n", &whole(file.rows_loaded)),
            ("vintage", &whole(file.vintage.into())),
        ];
        line(book.words.fill("file_line", &gaps))
    };
    let mut lines: Vec<Line> = current.iter().take(MOST_FILES).map(|file| named(&file)).collect();
    if let Some(more) = current.len().checked_sub(MOST_FILES).filter(|more| *more > 0) {
        let text = book.words.count("n_more_files", u64::try_from(more).unwrap_or(u64::MAX));
        lines.push(Line { href: Some(format!("{HOME}data.html#files")), ..line(text) });
    }
    lines
}

/// The sources of the indicator with publisher, licence and files.
fn sources(book: &Book<'_>, indicator: &Indicator) -> Vec<Fact> {
    let known = book.view.results.sources.iter().filter(|source| indicator.sources.contains(&source.id));
    known
        .map(|source| {
            let publisher = Line { look: "muted", ..line(book.text(&source.publisher).to_owned()) };
            let licence = book.words.fill("licence_line", &[("licence", book.text(&source.licence))]);
            let mut lines = vec![publisher, Line { look: "muted", ..line(licence) }];
            lines.extend(files(book, source));
            if let Some(url) = source.url.as_deref() {
                lines.push(Line { href: list::web(url), ..line(url.to_owned()) });
            }
            Fact { name: book.text(&source.title).to_owned(), lines }
        })
        .collect()
}
