//! What the templates see: plain structs of finished texts, one per template.
//!
//! A template loops and places; it does not compute. Numbers arrive as written, charts as SVG.

use minijinja::Value;
use serde::Serialize;

use crate::chart::Svg;

/// A text that may lead somewhere.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Link {
    /// What is written.
    pub text: String,
    /// Where it leads, relative to the page.
    pub href: Option<String>,
}

/// The same page in another language, or a page of the menu.
#[derive(Debug, Clone, Serialize)]
pub struct Choice {
    /// What is written.
    pub text: String,
    /// Where it leads.
    pub href: String,
    /// BCP 47 code of a language; empty in the menu.
    pub lang: String,
    /// Whether it is this page.
    pub current: bool,
}

/// What surrounds every page.
#[derive(Debug, Clone, Serialize)]
pub struct Frame {
    /// BCP 47 code.
    pub lang: String,
    /// Title of the page.
    pub title: String,
    /// Name of the report.
    pub site: String,
    /// What a reader must know first; empty where there is nothing.
    pub notice: String,
    /// Who answers for it.
    pub publisher: String,
    /// From the page to the root of the site: `../`.
    pub root: String,
    /// This page in every language.
    pub languages: Vec<Choice>,
    /// The menu.
    pub menu: Vec<Choice>,
    /// The topics, in a menu of their own.
    pub topics: Vec<Choice>,
    /// The way here.
    pub trail: Vec<Link>,
    /// Where all data can be taken from; none where nothing is offered.
    pub data: Option<String>,
    /// Where the state of the data is told; a script writes it in the place of the text.
    pub state: Link,
}

/// A chart with its words.
#[derive(Debug, Clone, Serialize)]
pub struct Figure {
    /// Its anchor.
    pub id: String,
    /// What is to be seen.
    pub caption: String,
    /// For a screen or paper.
    pub wide: Value,
    /// For a phone; none: the wide one serves both.
    pub narrow: Option<Value>,
    /// What belongs beside it.
    pub note: Option<String>,
}

/// A chart as HTML that needs no escaping: the chart room escapes every text that it draws.
pub fn drawn(svg: &Svg) -> Value {
    Value::from_safe_string(svg.as_str().to_owned())
}

/// A line in a cell.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Line {
    /// What is written.
    pub text: String,
    /// Where it leads.
    pub href: Option<String>,
    /// Class of its look: ``, `muted`, `met`, `unmet`, `none`.
    pub look: &'static str,
    /// A mark before it, so that colour is never alone.
    pub mark: &'static str,
}

/// How far a number can be trusted.
#[derive(Debug, Clone, Serialize)]
pub struct QualityMark {
    /// A, B or C.
    pub letter: &'static str,
    /// What it follows from.
    pub why: String,
}

/// A cell of a table.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Cell {
    /// Its lines.
    pub lines: Vec<Line>,
    /// Whether it holds a number, set flush right.
    pub number: bool,
    /// Whether it names its row.
    pub head: bool,
    /// What it is sorted by where that is not its text.
    pub sort: Option<String>,
    /// A small chart after the lines.
    pub chart: Option<Value>,
    /// How far its number can be trusted.
    pub quality: Option<QualityMark>,
    /// What its number is made of: shown where it is pointed at or reached by keyboard, and read aloud after it.
    pub made_of: Option<String>,
    /// Its anchor.
    pub anchor: Option<String>,
}

impl Cell {
    /// A text.
    pub fn text(text: impl Into<String>) -> Self {
        Cell { lines: vec![Line { text: text.into(), ..Line::default() }], ..Cell::default() }
    }

    /// A link, where there is a page to go to.
    pub fn link(text: impl Into<String>, href: Option<String>) -> Self {
        Cell { lines: vec![Line { text: text.into(), href, ..Line::default() }], ..Cell::default() }
    }

    /// A number as written, and as it is sorted.
    pub fn number(text: impl Into<String>, value: f64) -> Self {
        Cell { number: true, sort: Some(value.to_string()), ..Cell::text(text) }
    }

    /// The word for a number that is missing.
    pub fn missing(text: impl Into<String>) -> Self {
        Cell { number: true, sort: Some(String::new()), ..Cell::default() }.line(text, "muted")
    }

    /// Nothing.
    pub fn empty() -> Self {
        Cell::default()
    }

    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty() && self.chart.is_none()
    }

    /// Names its row.
    pub fn as_head(mut self) -> Self {
        self.head = true;
        self
    }

    /// One more line.
    pub fn line(mut self, text: impl Into<String>, look: &'static str) -> Self {
        self.lines.push(Line { text: text.into(), look, ..Line::default() });
        self
    }

    /// Its first line leads somewhere, where there is a page to go to.
    pub fn leading_to(mut self, href: Option<String>) -> Self {
        if let Some(line) = self.lines.first_mut() {
            line.href = href;
        }
        self
    }

    /// Sorted by something else than its text.
    pub fn sorted_by(mut self, key: impl ToString) -> Self {
        self.sort = Some(key.to_string());
        self
    }
}

/// A heading of a table.
#[derive(Debug, Clone, Serialize)]
pub struct Column {
    /// What is written.
    pub text: String,
    /// Whether numbers stand under it.
    pub number: bool,
}

/// A row of a table.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Row {
    /// Its cells, one for each column.
    pub cells: Vec<Cell>,
    /// Whether it stands out.
    pub strong: bool,
}

/// A table with its caption.
#[derive(Debug, Clone, Serialize)]
pub struct Table {
    /// Its anchor.
    pub id: String,
    /// What it holds.
    pub caption: String,
    /// Its headings.
    pub columns: Vec<Column>,
    /// Its rows.
    pub rows: Vec<Row>,
    /// What belongs under it.
    pub note: Option<String>,
    /// Whether a script may add a box that filters its rows.
    pub filter: bool,
    /// Whether a script may let readers sort it.
    pub sortable: bool,
    /// Where its other rows are; none: all of them are here.
    pub pager: Option<Pager>,
}

/// The sheets of a long table.
#[derive(Debug, Clone, Serialize)]
pub struct Pager {
    /// Which rows these are, and of how many.
    pub said: String,
    /// All sheets, this one among them.
    pub pages: Vec<Choice>,
}

impl Table {
    /// A table whose first column names the row while all others hold numbers; it is neither filtered nor sorted.
    pub fn of_numbers(id: String, caption: String, columns: Vec<String>, rows: Vec<Row>) -> Table {
        let column = |(n, text): (usize, String)| Column { text, number: n > 0 };
        Table {
            id,
            caption,
            columns: columns.into_iter().enumerate().map(column).collect(),
            rows,
            note: None,
            filter: false,
            sortable: false,
            pager: None,
        }
    }

    /// The same table with nothing in it.
    pub fn clone_without_rows(&self) -> Table {
        Table {
            id: self.id.clone(),
            caption: self.caption.clone(),
            columns: self.columns.clone(),
            rows: vec![],
            note: self.note.clone(),
            filter: self.filter,
            sortable: self.sortable,
            pager: None,
        }
    }

    /// Takes away columns in which no row has anything.
    pub fn drop_empty_columns(&mut self) {
        let filled =
            |n: usize| self.rows.iter().any(|row| row.cells.get(n).is_some_and(|cell| !cell.is_empty()));
        let kept: Vec<bool> = (0..self.columns.len()).map(filled).collect();
        let is_kept = |n: usize| kept.get(n).copied().unwrap_or(true);
        let mut n = 0..;
        self.columns.retain(|_| n.next().is_some_and(is_kept));
        for row in &mut self.rows {
            let mut n = 0..;
            row.cells.retain(|_| n.next().is_some_and(is_kept));
        }
    }
}

/// A word and what it stands for.
#[derive(Debug, Clone, Serialize)]
pub struct Fact {
    /// The word.
    pub name: String,
    /// What it stands for; several lines where it stands for several things.
    pub lines: Vec<Line>,
}

/// The last value of an indicator in large, with what it is compared to.
#[derive(Debug, Clone, Serialize)]
pub struct Headline {
    /// Whose.
    pub org: Link,
    /// The number as written, or the word for why there is none.
    pub value: String,
    /// Whether it is a number.
    pub known: bool,
    /// Where it says how the number comes about.
    pub href: Option<String>,
    /// Its unit, where the number does not carry it.
    pub unit: String,
    /// Whether the unit is written before the number, as with ranks.
    pub unit_first: bool,
    /// Of when.
    pub period: String,
    /// Whether it may change: `provisional`.
    pub status: String,
    /// How far it can be trusted.
    pub quality: Option<QualityMark>,
    /// Why there is no number for a later period.
    pub newer: Option<String>,
    /// The value before, and the difference.
    pub before: Option<String>,
    /// What the number is made of.
    pub made_of: Option<String>,
    /// Targets: met or not.
    pub targets: Vec<Line>,
}

/// An indicator on the overview.
#[derive(Debug, Clone, Serialize)]
pub struct Card {
    /// Its name and page.
    pub title: Link,
    /// Its last value; none: nothing was observed.
    pub headline: Option<Headline>,
    /// Its course.
    pub chart: Option<Value>,
}

/// A part of the overview.
#[derive(Debug, Clone, Serialize)]
pub struct SectionModel {
    /// Its anchor.
    pub id: String,
    /// Its heading.
    pub title: String,
    /// A few words.
    pub intro: Option<String>,
    /// Its indicators.
    pub cards: Vec<Card>,
    /// Pages of indices that were recomputed.
    pub indices: Vec<Link>,
    /// The targets, where they stand here.
    pub targets: Option<TargetsModel>,
}

/// The targets of the overview.
#[derive(Debug, Clone, Serialize)]
pub struct TargetsModel {
    /// How many are met, not met, without data.
    pub summary: Vec<Line>,
    /// One bullet chart per value with targets.
    pub bullets: Vec<Figure>,
    /// All of them.
    pub table: Table,
}

/// `overview.html`
#[derive(Debug, Clone, Serialize)]
pub struct OverviewPage {
    /// What surrounds it.
    pub frame: Frame,
    /// What the report is.
    pub subtitle: Option<String>,
    /// The state of the data.
    pub state: Vec<Fact>,
    /// Its parts.
    pub sections: Vec<SectionModel>,
}

/// `target.html`
#[derive(Debug, Clone, Serialize)]
pub struct TargetPage {
    /// What surrounds it.
    pub frame: Frame,
    /// How it stands.
    pub status: Line,
    /// Why; empty where its status says it.
    pub reason: String,
    /// What is asked for, by when, of whom, by which document.
    pub facts: Vec<Fact>,
    /// How it stands on the body that it names, by each indicator that has numbers.
    pub readings: Vec<TargetReading>,
    /// How each body of its level stands.
    pub bodies: Option<Table>,
}

/// A target by one indicator.
#[derive(Debug, Clone, Serialize)]
pub struct TargetReading {
    /// Its anchor.
    pub id: String,
    /// Whose, and by which indicator.
    pub title: String,
    /// The page of the indicator.
    pub href: Option<String>,
    /// How it stands.
    pub status: Line,
    /// Why.
    pub reason: String,
    /// Its course.
    pub figure: Option<Figure>,
    /// What it would take.
    pub takes: Vec<Fact>,
    /// What other methods say.
    pub methods: Option<Table>,
    /// Who holds the gap.
    pub holders: Option<Table>,
    /// The way to the status, step by step.
    pub steps: Vec<String>,
}

/// `index.html`
#[derive(Debug, Clone, Serialize)]
pub struct IndexPage {
    /// What surrounds it.
    pub frame: Frame,
    /// How it is computed.
    pub method: String,
    /// A warning that belongs beside every score.
    pub note: Option<String>,
    /// What it rests on.
    pub facts: Vec<Fact>,
    /// Pages that belong to it.
    pub links: Vec<Link>,
    /// Charts with their tables.
    pub exhibits: Vec<Exhibit>,
    /// Its tables.
    pub sections: Vec<DataSection>,
}

/// `course.html`
#[derive(Debug, Clone, Serialize)]
pub struct CoursePage {
    /// What surrounds it.
    pub frame: Frame,
    /// The page of the index.
    pub index: Link,
    /// A warning that belongs beside every score.
    pub note: Option<String>,
    /// Its parts.
    pub sections: Vec<CourseSection>,
}

/// A part of `course.html`
#[derive(Debug, Clone, Serialize)]
pub struct CourseSection {
    /// Its anchor.
    pub id: String,
    /// Its heading.
    pub title: String,
    /// What is to be known before reading on.
    pub intro: Vec<String>,
    /// Charts with their tables.
    pub exhibits: Vec<Exhibit>,
    /// Tables that nothing is drawn of.
    pub tables: Vec<Table>,
}

/// A chart with the table of the same numbers.
#[derive(Debug, Clone, Serialize)]
pub struct Exhibit {
    /// Its anchor.
    pub id: String,
    /// Its heading.
    pub title: String,
    /// The chart, where the numbers can be drawn.
    pub figure: Option<Figure>,
    /// More charts of the same numbers.
    pub more: Vec<Figure>,
    /// The numbers.
    pub table: Table,
    /// Whether the table is shown at once.
    pub open: bool,
    /// Whether the table is narrow enough to stand beside the chart on a wide screen.
    pub beside: bool,
}

impl Exhibit {
    /// The table at once where it is short, and beside the chart where it is narrow.
    pub fn new(id: String, title: String, figure: Option<Figure>, table: Table) -> Self {
        let texts =
            |row: &Row| row.cells.iter().flat_map(|cell| &cell.lines).any(|line| line.look == "source");
        let narrow = table.columns.len() <= 4 && !table.rows.iter().any(texts);
        let beside = figure.is_some() && narrow;
        let open = beside || table.rows.len() <= 40;
        Exhibit { id, title, figure, more: vec![], table, open, beside }
    }
}

/// `indicator.html`
#[derive(Debug, Clone, Serialize)]
pub struct IndicatorPage {
    /// What surrounds it.
    pub frame: Frame,
    /// Its last value; none: nothing was observed.
    pub headline: Option<Headline>,
    /// A warning that belongs beside every number.
    pub note: Option<String>,
    /// Its targets.
    pub targets: Option<Table>,
    /// Where the charts of its bodies are, if they have a page of their own.
    pub bodies: Option<Link>,
    /// Charts and tables.
    pub exhibits: Vec<Exhibit>,
    /// What later vintages changed in its numbers.
    pub revisions: Option<Table>,
    /// The same drawn for one body.
    pub revised: Option<Figure>,
    /// How it is computed.
    pub method: String,
    /// Legal basis, formula, breaks.
    pub facts: Vec<Fact>,
    /// Where its data come from.
    pub sources: Vec<Fact>,
    /// Files.
    pub downloads: Vec<Link>,
}

/// Links under one heading.
#[derive(Debug, Clone, Serialize)]
pub struct Group {
    /// The heading.
    pub title: String,
    /// What stands beside the heading: how many.
    pub count: String,
    /// The links.
    pub links: Vec<Link>,
    /// Those that have no page, in a line.
    pub others: Option<String>,
}

/// Numbers on the map of a day.
#[derive(Debug, Clone, Serialize)]
pub struct RestatedModel {
    /// The heading, with the day.
    pub title: String,
    /// How they come about.
    pub intro: String,
    /// The numbers beside those that were reported.
    pub table: Table,
    /// The bodies that were added.
    pub parts: Table,
}

/// `organisation.html`
#[derive(Debug, Clone, Serialize)]
pub struct OrganisationPage {
    /// What surrounds it.
    pub frame: Frame,
    /// Its name in the other language, where it differs.
    pub other_name: Option<Link>,
    /// Level, parent, validity, id.
    pub facts: Vec<Fact>,
    /// Its values.
    pub values: Table,
    /// Its numbers on the map of a day, where they are others.
    pub restated: Option<RestatedModel>,
    /// Parts of its values.
    pub parts: Vec<Table>,
    /// Targets read on it.
    pub targets: Option<Table>,
    /// Bodies below it.
    pub children: Vec<Group>,
}

/// `indicators.html` and `organisations.html`
#[derive(Debug, Clone, Serialize)]
pub struct ListPage {
    /// What surrounds it.
    pub frame: Frame,
    /// What is listed.
    pub intro: String,
    /// The lists.
    pub groups: Vec<Group>,
}

/// `data.html`
#[derive(Debug, Clone, Serialize)]
pub struct DataPage {
    /// What surrounds it.
    pub frame: Frame,
    /// The state of the data.
    pub state: Vec<Fact>,
    /// Where it stands whom to ask for what; none where nothing is asked of anybody.
    pub chase: Option<Link>,
    /// Headings with their tables, or words where there is nothing to list.
    pub sections: Vec<DataSection>,
    /// Files.
    pub downloads: Vec<Link>,
}

/// A part of `data.html`
#[derive(Debug, Clone, Serialize)]
pub struct DataSection {
    /// Its anchor.
    pub id: String,
    /// Its heading.
    pub title: String,
    /// A few words.
    pub intro: String,
    /// Its tables.
    pub tables: Vec<Table>,
}

/// `whatif.html`
#[derive(Debug, Clone, Serialize)]
pub struct WhatIfPage {
    /// What surrounds it.
    pub frame: Frame,
    /// The page of the index.
    pub back: Link,
    /// Of whom, when, and what stays.
    pub intro: String,
    /// A warning that belongs beside every score.
    pub note: Option<String>,
    /// Score, rank and class as they are.
    pub now: Vec<Line>,
    /// What a reader can set.
    pub knobs: Vec<Knob>,
    /// What the script works from, as JSON.
    pub data: Value,
    /// The same in tables.
    pub sections: Vec<DataSection>,
}

/// A part that a reader can set; numbers as scripts and inputs write them.
#[derive(Debug, Clone, Serialize)]
pub struct Knob {
    /// Which part.
    pub part: String,
    /// Its name.
    pub label: String,
    /// What it is; empty where that is not known.
    pub value: String,
    /// Where its slider begins.
    pub least: String,
    /// Where its slider ends.
    pub most: String,
    /// The most that it can be; empty where nothing bounds it.
    pub bound: String,
    /// How far an arrow key goes.
    pub step: String,
    /// Whether it goes into another part that can be set.
    pub is_below: bool,
    /// What belongs beside it.
    pub notes: String,
}

/// JSON for a script of the page: no text in it can end the element that it stands in.
pub fn embedded(data: &serde_json::Value) -> Value {
    let text = data.to_string().replace('<', "\\u003c").replace('>', "\\u003e").replace('&', "\\u0026");
    Value::from_safe_string(text)
}

/// `sections.html`: a page of tables with a few words.
#[derive(Debug, Clone, Serialize)]
pub struct SectionsPage {
    /// What surrounds it.
    pub frame: Frame,
    /// What is to be known first, a paragraph each.
    pub intro: Vec<String>,
    /// Headings with their tables.
    pub sections: Vec<DataSection>,
    /// Files.
    pub downloads: Vec<Link>,
}

/// `topic.html`
#[derive(Debug, Clone, Serialize)]
pub struct TopicPage {
    /// What surrounds it.
    pub frame: Frame,
    /// A few words.
    pub intro: Option<String>,
    /// Its indicators with their last values.
    pub cards: Vec<Card>,
    /// Those that nothing was observed of.
    pub without: Vec<Link>,
    /// The bodies of each level with their numbers of all indicators.
    pub matrices: Vec<Matrix>,
    /// The targets of its indicators.
    pub targets: Option<Table>,
    /// Files.
    pub downloads: Vec<Link>,
}

/// Bodies by indicators.
#[derive(Debug, Clone, Serialize)]
pub struct Matrix {
    /// Its anchor.
    pub id: String,
    /// Its heading.
    pub title: String,
    /// The numbers; none where there are too many bodies for one table.
    pub table: Option<Table>,
    /// Where the numbers are that do not stand here.
    pub links: Vec<Link>,
}

/// `sheet.html`: a part of a long table.
#[derive(Debug, Clone, Serialize)]
pub struct SheetPage {
    /// What surrounds it.
    pub frame: Frame,
    /// How it stands, of a rule about rows.
    pub verdict: Option<Line>,
    /// These rows of the table.
    pub table: Table,
}

/// `method.html`
#[derive(Debug, Clone, Serialize)]
pub struct MethodPage {
    /// What surrounds it.
    pub frame: Frame,
    /// How to read the report.
    pub rules: Vec<String>,
    /// The indicators.
    pub entries: Vec<MethodEntry>,
}

/// The method of one indicator.
#[derive(Debug, Clone, Serialize)]
pub struct MethodEntry {
    /// Its anchor.
    pub id: String,
    /// Its name and page.
    pub title: Link,
    /// How it is computed.
    pub method: String,
    /// A warning that belongs beside every number.
    pub note: Option<String>,
    /// Unit, direction, legal basis, formula.
    pub facts: Vec<Fact>,
}

/// `root.html`: leads to the first language.
#[derive(Debug, Clone, Serialize)]
pub struct RootPage {
    /// BCP 47 code of the first language.
    pub lang: String,
    /// Name of the report.
    pub title: String,
    /// Where the first language is.
    pub href: String,
    /// All languages.
    pub languages: Vec<Choice>,
}
