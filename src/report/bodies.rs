//! The bodies of a level on the page of an indicator beside their ranking: each chart with the table of its numbers.

use crate::model::indicator::Indicator;
use crate::model::period::Period;
use crate::model::results::Observation;
use crate::report::book::{Book, Here};
use crate::report::figure::bodies::{
    Courses, Pair, Spread, courses, distribution, multiples, pair, shares, shares_of, slope, spread, value_of,
};
use crate::report::figure::{maps, part_name};
use crate::report::headline::part_cell;
use crate::report::page::{Cell, CoursePage, CourseSection, Exhibit, Figure, Link, Row, Table};
use crate::report::view::{Standing, View, measured};

/// From the page of an indicator to the folder of the language.
const HOME: &str = "../";
/// With more bodies than this in all levels together, the charts beside the rankings have a page of their own: with them the
/// page of the indicator would be too heavy to open.
const MOST_BODIES: usize = 200;
/// More lines than this are told by the courses alone, where there are courses.
const MOST_SLOPES: usize = 20;

/// Where the charts beside the rankings are, below the folder of the language.
pub fn path(indicator: &Indicator) -> String {
    format!("bodies/{}.html", indicator.id)
}

/// Whether the charts beside the rankings have a page of their own.
pub fn is_apart(view: &View<'_>, indicator: &Indicator, levels: &[&str]) -> bool {
    let ranked = levels.iter().filter_map(|level| view.ranking(indicator, level));
    ranked.map(|(_, list)| list.len()).sum::<usize>() > MOST_BODIES
}

/// The page of the charts beside the rankings, a part for each level; `course.html`
pub fn page(book: &Book<'_>, indicator: &Indicator) -> CoursePage {
    let title = book.words.fill("bodies_title", &[("indicator", book.text(&indicator.title))]);
    let here = Here { path: path(indicator), title, menu: "indicators.html" };
    let levels = book.contents.levels.iter().enumerate();
    let part = |(n, level): (usize, &&str)| {
        let (period, ranked) = book.view.ranking(indicator, level)?;
        let exhibits = Level { book, indicator, level, n, period, ranked }.all_exhibits();
        (!exhibits.is_empty()).then(|| CourseSection {
            id: format!("bodies-{n}"),
            title: book.level(level),
            intro: vec![],
            exhibits,
            tables: vec![],
        })
    };
    CoursePage {
        sections: levels.filter_map(part).collect(),
        frame: book.frame(&here),
        index: Link {
            text: book.text(&indicator.title).to_owned(),
            href: Some(format!("{HOME}indicator/{}.html", indicator.id)),
        },
        note: indicator.note.as_ref().map(|note| book.text(note).to_owned()),
    }
}

/// One level on the page of an indicator.
pub struct Level<'a> {
    /// The book that the page is of.
    pub book: &'a Book<'a>,
    /// Whose page it is.
    pub indicator: &'a Indicator,
    /// The word of the level.
    pub level: &'a str,
    /// Its place among the levels, for ids.
    pub n: usize,
    /// The period of the ranking.
    pub period: Period,
    /// The ranking.
    pub ranked: &'a [(&'a Observation, Standing)],
}

impl Level<'_> {
    /// What is drawn of the level beside its ranking.
    pub fn exhibits(&self) -> Vec<Exhibit> {
        let mut exhibits: Vec<Exhibit> = self.spread().into_iter().collect();
        exhibits.extend(self.moves());
        exhibits.extend(self.courses());
        exhibits.extend(self.shares());
        exhibits
    }

    /// The same with the maps, for a page without the ranking.
    fn all_exhibits(&self) -> Vec<Exhibit> {
        let mut exhibits = self.maps(|_| true);
        exhibits.extend(self.exhibits());
        exhibits
    }

    /// The maps of the period of the ranking, whose table has their numbers.
    pub fn maps_of_ranking(&self) -> Vec<Figure> {
        let all = maps(self.book, self.indicator, self.level, HOME).into_iter();
        let same = all.filter(|(period, _)| *period == self.period).enumerate();
        same.map(|(at, (_, drawing))| drawing.figure(&format!("map-{}-{at}", self.n))).collect()
    }

    /// The maps of other days, which show other bodies.
    pub fn maps_of_other_days(&self) -> Vec<Exhibit> {
        self.maps(|period| period != self.period)
    }

    /// The maps of some periods, each with its table.
    fn maps(&self, is_asked: impl Fn(Period) -> bool) -> Vec<Exhibit> {
        let all = maps(self.book, self.indicator, self.level, HOME).into_iter();
        let asked = all.filter(|(period, _)| is_asked(*period)).enumerate();
        asked
            .filter_map(|(at, (period, drawing))| {
                let list = self.book.view.rankings(self.indicator, self.level)?.get(&period)?;
                let id = format!("map-{}-then-{at}", self.n);
                let title = self.title("by_level", period);
                let table = self.value_table(&id, title.clone(), list);
                Some(Exhibit::new(format!("{id}-head"), title, Some(drawing.figure(&id)), table))
            })
            .collect()
    }

    fn title(&self, key: &'static str, period: Period) -> String {
        let gaps = [("level", &*self.book.level(self.level)), ("period", &*self.book.period_within(period))];
        self.book.words.fill(key, &gaps)
    }

    fn spread(&self) -> Option<Exhibit> {
        let found = spread(self.indicator, self.ranked)?;
        let id = format!("spread-{}", self.n);
        let figure = distribution(self.book, self.indicator, self.ranked)?.figure(&id);
        let title = self.title("spread_of_level", self.period);
        let table = self.spread_table(&id, title.clone(), &found);
        Some(Exhibit::new(format!("{id}-head"), title, Some(figure), table))
    }

    fn spread_table(&self, id: &str, caption: String, found: &Spread) -> Table {
        let [low, middle, high] = found.quartiles;
        let value = |value: f64| Cell::number(self.book.words.value(self.indicator, value, &[]), value);
        let count = Cell::number(self.book.words.numbers.whole(found.n as u64), found.n as f64);
        let rows = [
            ("n_with_value", count),
            ("least", value(found.ends.0)),
            ("lower_quartile", value(low)),
            ("median", value(middle)),
            ("upper_quartile", value(high)),
            ("greatest", value(found.ends.1)),
        ];
        let rows = rows.map(|(key, cell)| row(Cell::text(self.book.word(key)), vec![cell]));
        self.table(id, caption, vec![self.word("measure_of_spread"), self.word("value")], rows.to_vec())
    }

    fn moves(&self) -> Option<Exhibit> {
        let pair = pair(self.book, self.indicator, self.level)?;
        let is_told = self.ranked.len() > MOST_SLOPES;
        if is_told && courses(self.book, self.indicator, self.level).is_some() {
            return None;
        }
        let id = format!("moves-{}", self.n);
        let figure = slope(self.book, self.indicator, &pair).figure(&id);
        let title = self.title("moves_of_level", self.period);
        let table = self.moves_table(&id, title.clone(), &pair);
        Some(Exhibit::new(format!("{id}-head"), title, Some(figure), table))
    }

    fn moves_table(&self, id: &str, caption: String, pair: &Pair<'_>) -> Table {
        let rows = pair.bodies.iter().map(|(org, two)| {
            let [before, after] = two.map(|one| self.cell(one));
            let change = value_of(two[1]).zip(value_of(two[0])).map(|(after, before)| after - before);
            let change = change.map_or_else(|| Cell::missing("–"), |by| Cell::number(self.signed(by), by));
            let href = self.book.organisation_href(HOME, org);
            row(Cell::link(self.book.name(org), href), vec![before, after, change])
        });
        let periods = [pair.periods.0, pair.periods.1].map(|period| self.book.period(period));
        let [before, after] = periods;
        let columns = vec![self.word("organisation"), before, after, self.word("moved_by")];
        self.table(id, caption, columns, rows.collect())
    }

    fn signed(&self, by: f64) -> String {
        let sign = if by > 0.0 {
            "+"
        } else if by < 0.0 {
            "−"
        } else {
            ""
        };
        format!("{sign}{}", self.book.words.distance(self.indicator, by))
    }

    fn courses(&self) -> Option<Exhibit> {
        let found = courses(self.book, self.indicator, self.level)?;
        let id = format!("courses-{}", self.n);
        let figure = multiples(self.book, self.indicator, &found, HOME)?.figure(&id);
        let gaps = [("level", &*self.book.level(self.level))];
        let title = self.book.words.fill("courses_of_level", &gaps);
        let table = self.courses_table(&id, title.clone(), &found);
        Some(Exhibit::new(format!("{id}-head"), title, Some(figure), table))
    }

    fn courses_table(&self, id: &str, caption: String, found: &Courses<'_>) -> Table {
        let rows = found.bodies.iter().map(|(org, numbers)| {
            let href = self.book.organisation_href(HOME, org);
            let cells = numbers.iter().map(|one| self.cell(*one)).collect();
            row(Cell::link(self.book.name(org), href), cells)
        });
        let mut columns = vec![self.word("organisation")];
        columns.extend(found.periods.iter().map(|period| self.book.period(*period)));
        self.table(id, caption, columns, rows.collect())
    }

    fn shares(&self) -> Option<Exhibit> {
        let id = format!("shares-{}", self.n);
        let figure = shares(self.book, self.indicator, self.ranked, HOME)?.figure(&id);
        let title = self.title("shares_of_level", self.period);
        let table = self.shares_table(&id, title.clone());
        Some(Exhibit::new(format!("{id}-head"), title, Some(figure), table))
    }

    fn shares_table(&self, id: &str, caption: String) -> Table {
        let codes = self.indicator.breakdown.iter().map(|(code, _)| code);
        let names: Vec<String> = codes.map(|code| part_name(self.book, self.indicator, code)).collect();
        let percent = |share: f64| self.book.words.numbers.percent(&self.book.words.numbers.fixed(share, 1));
        let rows = self.ranked.iter().map(|(total, _)| {
            let mut cells: Vec<Cell> = match shares_of(self.book, self.indicator, total) {
                Some(shares) => shares.into_iter().map(|one| Cell::number(percent(one), one)).collect(),
                None => names.iter().map(|_| Cell::missing("–")).collect(),
            };
            cells.push(part_cell(self.book, measured(total).ok()));
            let href = self.book.organisation_href(HOME, &total.org);
            row(Cell::link(self.book.name(&total.org), href), cells)
        });
        let mut columns = vec![self.word("organisation")];
        columns.extend(names.iter().cloned());
        columns.push(self.word("total"));
        self.table(id, caption, columns, rows.collect())
    }

    /// The bodies of a period with their numbers.
    fn value_table(&self, id: &str, caption: String, list: &[(&Observation, Standing)]) -> Table {
        let rows = list.iter().map(|(one, _)| {
            let href = self.book.organisation_href(HOME, &one.org);
            row(Cell::link(self.book.name(&one.org), href), vec![self.cell(Some(one))])
        });
        self.table(id, caption, vec![self.word("organisation"), self.word("value")], rows.collect())
    }

    /// A number without its mark, which stands beside it in the ranking: here there are many.
    fn cell(&self, one: Option<&Observation>) -> Cell {
        let Some(one) = one else { return Cell::missing("–") };
        match measured(one) {
            Ok(value) => Cell::number(self.book.value(self.indicator, &one.org, value), value),
            Err(missing) => Cell::missing(self.book.words.missing(missing)),
        }
    }

    fn word(&self, key: &'static str) -> String {
        self.book.word(key)
    }

    fn table(&self, id: &str, caption: String, columns: Vec<String>, rows: Vec<Row>) -> Table {
        Table {
            filter: rows.len() > 12,
            sortable: rows.len() > 8,
            ..Table::of_numbers(format!("{id}-table"), caption, columns, rows)
        }
    }
}

fn row(head: Cell, cells: Vec<Cell>) -> Row {
    Row { cells: std::iter::once(head.as_head()).chain(cells).collect(), strong: false }
}
