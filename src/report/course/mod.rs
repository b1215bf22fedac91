//! An index in time: its ranks and scores over all editions with what may come, its parts beside those of peers, what each
//! change was made of, and what the outlook is worth.
//!
//! Reading order: the story that all parts of the page are told from, then `history`, `peers`, `changes`, `ahead`.

mod ahead;
mod changes;
mod history;
mod peers;

use std::collections::BTreeMap;

use crate::chart::line::{Break, Fan, FanPoint, LineChart, Point, Series};
use crate::model::id::{IndicatorId, OrgId};
use crate::model::index::{IndexResults, IndexScore};
use crate::model::outlook::{BodyOutlook, Course, Forecast, Outlook, OutlookPlan};
use crate::model::period::Period;
use crate::report::book::{Book, Here};
use crate::report::figure::both;
use crate::report::outlook::{Answer, Later, OutlookText, answers, later};
use crate::report::page::{Cell, Column, CoursePage, CourseSection, Exhibit, Figure, Link, Row, Table};
use crate::report::time;

/// The ends and the middle of a fan in one year.
type OfForecast<'a> = &'a dyn Fn(&Forecast) -> ((f64, f64), f64);

/// `index/<id>-course.html`
pub fn page(book: &Book<'_>, index: &IndexResults, course: &Course) -> CoursePage {
    let tree = &index.tree;
    let path = format!("index/{}-course.html", tree.id);
    let title = book.words.fill("course_title", &[("index", book.text(&tree.title))]);
    let here = Here { path, title, menu: "indicators.html" };
    let sections = match (&tree.headline, &tree.outlook) {
        (Some(own), Some(plan)) => Story::new(book, index, course, own, plan).sections(),
        _ => vec![],
    };
    CoursePage {
        frame: book.frame(&here),
        index: Link { text: book.text(&tree.title).to_owned(), href: Some(format!("{}.html", tree.id)) },
        note: tree.note.as_ref().map(|note| book.text(note).to_owned()),
        sections,
    }
}

/// The scores of one part in one period, of every body.
type Field<'a> = BTreeMap<&'a OrgId, f64>;

/// What a page is told from.
struct Story<'a> {
    book: &'a Book<'a>,
    index: &'a IndexResults,
    course: &'a Course,
    own: &'a OrgId,
    plan: &'a OutlookPlan,
    /// By period and part.
    fields: BTreeMap<(Period, &'a str), Field<'a>>,
    /// The places of the whole of the body that is shown, by period.
    places: BTreeMap<Period, u32>,
}

impl<'a> Story<'a> {
    fn new(
        book: &'a Book<'a>,
        index: &'a IndexResults,
        course: &'a Course,
        own: &'a OrgId,
        plan: &'a OutlookPlan,
    ) -> Self {
        let mut fields: BTreeMap<_, Field<'a>> = BTreeMap::new();
        let mut places = BTreeMap::new();
        for score in index.top_scores() {
            if let Some(known) = score.known() {
                fields.entry((score.period, score.part.as_str())).or_default().insert(&score.org, known);
            }
            let place = |score: &IndexScore| score.published_rank.or(score.rank);
            if score.above.is_none() && score.org == *own {
                places
                    .extend(place(score).and_then(|place| Some((score.period, u32::try_from(place).ok()?))));
            }
        }
        Story { book, index, course, own, plan, fields, places }
    }

    fn sections(&self) -> Vec<CourseSection> {
        let mut sections = vec![self.history()];
        sections.extend(self.plan.peers.iter().enumerate().map(|(at, group)| self.peers(at, group)));
        sections.push(self.changes());
        sections.extend(self.course.outlook.as_ref().map(|outlook| self.ahead(outlook)));
        sections
    }

    fn top(&self) -> &'a str {
        self.index.tree.id.as_str()
    }

    fn word(&self, key: &'static str) -> String {
        self.book.word(key)
    }

    fn name(&self) -> String {
        self.book.name(self.own)
    }

    fn periods(&self) -> Vec<Period> {
        let of_top = self.fields.keys().filter(|(_, part)| *part == self.top());
        let mut periods: Vec<Period> = of_top.map(|(period, _)| *period).collect();
        periods.sort_by_key(Period::end);
        periods
    }

    fn value(&self, period: Period, part: &str, org: &OrgId) -> Option<f64> {
        self.fields.get(&(period, part))?.get(org).copied()
    }

    /// The score of whoever has a place in a part.
    fn at_place(&self, period: Period, part: &str, place: u32) -> Option<f64> {
        let mut sorted: Vec<f64> = self.fields.get(&(period, part))?.values().copied().collect();
        sorted.sort_unstable_by(|a, b| b.total_cmp(a));
        sorted.get((place as usize).checked_sub(1)?).copied()
    }

    /// One more than those that are better.
    fn place_in(&self, period: Period, part: &str, value: f64) -> usize {
        self.fields
            .get(&(period, part))
            .map_or(0, |field| field.values().filter(|other| **other > value).count() + 1)
    }

    fn part_name(&self, part: &str) -> String {
        self.index.tree.part(part).map_or(part, |title| self.book.text(title)).to_owned()
    }

    fn outlook_of_own(&self) -> Option<(&'a Outlook, &'a BodyOutlook)> {
        let outlook = self.course.outlook.as_ref()?;
        Some((outlook, outlook.body(self.own)?))
    }

    fn answers(&self, outlook: &Outlook) -> Vec<Answer<'a>> {
        answers(&self.index.tree, &self.book.view.results.targets, outlook, self.own)
    }

    /// The words that the terminal has as well.
    fn text<T>(&self, outlook: &Outlook, say: impl FnOnce(&OutlookText<'_>) -> T) -> T {
        let name = |org: &OrgId| self.book.name(org);
        let results = self.book.view.results;
        say(&OutlookText { words: self.book.words, tree: &self.index.tree, outlook, name: &name, results })
    }

    fn target_label(&self, answer: &Answer<'_>) -> String {
        let basis =
            self.book.text(&answer.target.legal_basis).split('/').next().unwrap_or_default().to_owned();
        format!("{} · {basis}", self.place_name(answer.place))
    }

    fn place_name(&self, place: u32) -> String {
        self.book.words.fill("rank_value", &[("n", &place.to_string())])
    }

    /// A chart over all editions, with a break where the formula changes.
    fn empty_chart(&self, unit: String) -> LineChart {
        let periods = self.periods();
        let formula =
            |period: &Period| self.index.tree.edition_on(period.end()).map(|edition| edition.formula);
        let breaks =
            periods.windows(2).filter(|pair| formula(&pair[0]) != formula(&pair[1])).map(|pair| Break {
                x: f64::midpoint(pair[0].decimal_end(), pair[1].decimal_end()),
                label: self.book.words.fill(
                    "course_formula",
                    &[("n", &formula(&pair[1]).map_or_else(String::new, |formula| formula.to_string()))],
                ),
            });
        let tick = |period: &Period| (period.decimal_end(), time::short_period(self.book.lang(), *period));
        LineChart {
            title: format!("{} – {}", self.name(), unit),
            breaks: breaks.collect(),
            x_ticks: periods.iter().map(tick).collect(),
            unit: Some(unit),
            ..LineChart::default()
        }
    }

    fn series(&self, name: String, emphasised: bool, value: &dyn Fn(Period) -> Option<f64>) -> Series {
        let point = |period: Period| Point {
            x: period.decimal_end(),
            y: value(period),
            label: time::short_period(self.book.lang(), period),
            ..Point::default()
        };
        Series { name, points: self.periods().into_iter().map(point).collect(), emphasised }
    }

    /// What is known of the body in later editions, of which not all scores are at hand; none where nothing is.
    fn later_series(&self, indicator: Option<&IndicatorId>) -> Option<Series> {
        let outlook = self.course.outlook.as_ref()?;
        let later = later(self.book.view.results, indicator, self.own, outlook.from);
        let point = |one: &Later| Point {
            x: one.period.decimal_end(),
            y: Some(one.value),
            label: time::short_period(self.book.lang(), one.period),
            ..Point::default()
        };
        let points: Vec<Point> = later.iter().map(point).collect();
        (!points.is_empty()).then(|| Series { name: self.word("course_later"), points, emphasised: false })
    }

    /// The fan of a body; its years become ticks.
    fn fan(&self, body: &BodyOutlook, of: OfForecast, ticks: &mut Vec<(f64, String)>) -> Option<Fan> {
        let mut points = vec![];
        for forecast in &body.forecasts {
            let (ends, middle) = of(forecast);
            let x = f64::from(forecast.year) + 1.0;
            ticks.push((x, forecast.year.to_string()));
            points.push(FanPoint { x, ends, middle, label: forecast.year.to_string() });
        }
        (!points.is_empty()).then(|| Fan { name: self.word("course_fan"), points })
    }

    fn draw(&self, id: &str, chart: LineChart, number: &dyn Fn(f64) -> String) -> Figure {
        let caption = chart.finding.clone();
        both(id, caption, |id, width| LineChart { width, ..chart.clone() }.render(id, number))
    }

    fn exhibit(&self, id: &str, key: &'static str, figure: Option<Figure>, table: Table) -> Exhibit {
        Exhibit::new(id.to_owned(), self.word(key), figure, table)
    }

    fn table(&self, id: &str, caption: String, columns: &[String], rows: Vec<Row>) -> Table {
        let is_number = |n: usize| rows.iter().any(|row| row.cells.get(n).is_some_and(|cell| cell.number));
        Table {
            id: id.to_owned(),
            caption,
            columns: columns
                .iter()
                .enumerate()
                .map(|(n, text)| Column { text: text.clone(), number: is_number(n) })
                .collect(),
            note: None,
            filter: false,
            sortable: rows.len() > 1,
            pager: None,
            rows,
        }
    }

    fn row(&self, period: Period, cells: Vec<Cell>) -> Row {
        let head = Cell::text(time::short_period(self.book.lang(), period)).as_head().sorted_by(period.end());
        Row { cells: std::iter::once(head).chain(cells).collect(), strong: false }
    }

    fn year_to_come(&self, year: i32) -> Cell {
        Cell::text(year.to_string())
            .as_head()
            .sorted_by(format!("{year}-12-31"))
            .line(self.word("course_forecast"), "muted")
    }

    fn count(&self, n: usize) -> Cell {
        Cell::number(self.book.words.numbers.whole(n as u64), n as f64)
    }

    fn score(&self, value: f64) -> String {
        self.book.words.numbers.fixed(value, self.index.tree.decimals)
    }

    fn number(&self, value: f64) -> Cell {
        Cell::number(self.score(value), value)
    }

    /// A change with its sign.
    fn signed(&self, value: f64, decimals: u8) -> String {
        let sign = if value > 0.0 { "+" } else { "" };
        format!("{sign}{}", self.book.words.numbers.fixed(value, decimals))
    }
}
