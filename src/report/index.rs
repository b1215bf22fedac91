//! An index recomputed: how far it lies from what was published, where, and by which rules; as a page and as text.

use crate::model::id::OrgId;
use crate::model::index::{Aggregate, Edition, Gap, IndexResults, IndexScore, IndexSummary, Rule};
use crate::model::indicator::Unit;
use crate::model::period::Period;
use crate::model::text::Text;
use crate::report::book::{Book, Here};
use crate::report::explain::columns;
use crate::report::page::{Cell, Column, DataSection, Fact, IndexPage, Line, Link, Row, Table};
use crate::report::planning::{Drawn, newest};
use crate::report::scores;
use crate::report::time;
use crate::report::uncertainty;
use crate::report::whatif;
use crate::report::words::Words;

/// More rows than this make a page too heavy to open; the database has all of them.
const MOST_ROWS: usize = 300;
/// Decimals of differences, which are far smaller than scores.
const DIFFERENCE_DECIMALS: u8 = 6;

/// `index/<id>.html`
pub fn page(book: &Book<'_>, index: &IndexResults, drawn: Option<&Drawn>) -> IndexPage {
    let tree = &index.tree;
    let path = format!("index/{}.html", tree.id);
    let here = Here { path, title: book.text(&tree.title).to_owned(), menu: "indicators.html" };
    let mut sections = vec![compared(book, index), apart(book, index), headline(book, index)];
    sections.extend(drawn.zip(newest(index)).map(|(drawn, case)| uncertainty::section(book, &case, drawn)));
    sections.push(rules(book, index));
    IndexPage {
        frame: book.frame(&here),
        method: book.text(&tree.method).to_owned(),
        note: tree.note.as_ref().map(|note| book.text(note).to_owned()),
        facts: facts(book, index),
        links: links(book, index),
        exhibits: scores::exhibits(book, index, drawn),
        sections,
    }
}

/// Law, and inputs that stand-ins were taken for.
fn facts(book: &Book<'_>, index: &IndexResults) -> Vec<Fact> {
    let line = |text: String| Line { text, ..Line::default() };
    let law = index.tree.legal_basis.iter().map(|law| line(law.clone())).collect::<Vec<_>>();
    vec![Fact { name: book.word("legal_basis"), lines: law }]
        .into_iter()
        .filter(|fact| !fact.lines.is_empty())
        .collect()
}

/// Pages that belong to it.
fn links(book: &Book<'_>, index: &IndexResults) -> Vec<Link> {
    let what_if = whatif::case(index).map(|_| Link {
        text: book.word("whatif_link"),
        href: Some(format!("../{}", whatif::path(&index.tree))),
    });
    let course = index.tree.outlook.as_ref().map(|_| Link {
        text: book.word("course_link"),
        href: Some(format!("{}-course.html", index.tree.id)),
    });
    what_if.into_iter().chain(course).collect()
}

/// The edition in force on the last day of a period.
fn edition(index: &IndexResults, period: Period) -> Option<&Edition> {
    index.tree.edition_on(period.end())
}

/// Whether a score was made by a rule, and not only taken over.
fn is_made(index: &IndexResults, summary: &IndexSummary) -> bool {
    let rules = edition(index, summary.period).map(|edition| &edition.rules);
    let rule = rules.and_then(|rules| rules.get(&summary.part));
    let only_bounded = |rule: &Rule| *rule == Rule { range: rule.range, ..Rule::default() };
    rule.is_some_and(|rule| rule.unknown.is_none() && !only_bounded(rule))
}

fn compared(book: &Book<'_>, index: &IndexResults) -> DataSection {
    let shown = index.summaries.iter().filter(|summary| summary.compared > 0 && is_made(index, summary));
    let row = |summary: &IndexSummary| Row {
        cells: vec![
            period_cell(book, summary.period),
            Cell::text(part(book, index, &summary.part)),
            level(book, &summary.among),
            count(book, summary.compared),
            count(book, summary.imputed),
            difference(book, summary.greatest),
            difference(book, summary.mean),
            match summary.is_approximate {
                true => Cell::missing(book.word("index_approximate")),
                false => count(book, summary.beyond),
            },
            summary.correlation.map_or_else(Cell::empty, |r| number(book, r, 4)),
            match summary.ranked {
                0 => Cell::missing("–"),
                ranked => Cell { number: true, ..Cell::text(out_of(book, summary.same_rank, ranked)) },
            },
        ],
        strong: summary.part == index.tree.id.as_str(),
    };
    let columns = [
        ("period", false),
        ("part", false),
        ("level", false),
        ("index_compared", true),
        ("index_imputed", true),
        ("index_greatest", true),
        ("index_mean", true),
        ("index_beyond", true),
        ("index_correlation", true),
        ("index_same_rank", true),
    ];
    section(book, "index_against", "index_against_intro", &columns, shown.map(row).collect())
}

fn apart(book: &Book<'_>, index: &IndexResults) -> DataSection {
    let row = |score: &IndexScore| {
        let mut cells = vec![
            period_cell(book, score.period),
            Cell::text(part(book, index, &score.part)),
            organisation(book, &score.org),
        ];
        cells.extend(numbers(book, index, score));
        Row { cells, strong: false }
    };
    let rows = index.apart.iter().take(MOST_ROWS).map(row).collect();
    let columns = [("period", false), ("part", false), ("organisation", false)];
    let columns: Vec<_> = columns.into_iter().chain(NUMBERS).collect();
    section(book, "index_apart", "index_apart_intro", &columns, rows)
}

/// All parts of the body that is shown first, newest period first.
fn headline(book: &Book<'_>, index: &IndexResults) -> DataSection {
    let mut scores: Vec<&IndexScore> = index.headline.iter().collect();
    scores.sort_by_key(|score| std::cmp::Reverse(score.period));
    let row = |score: &&IndexScore| {
        let mut cells = vec![period_cell(book, score.period), Cell::text(part(book, index, &score.part))];
        cells.extend(numbers(book, index, score));
        cells.push(weight(book, score.weight));
        Row { cells, strong: score.part == index.tree.id.as_str() }
    };
    let columns = [("period", false), ("part", false)];
    let columns: Vec<_> = columns.into_iter().chain(NUMBERS).chain([("index_weight", true)]).collect();
    let mut section = section(
        book,
        "index_headline",
        "index_headline_intro",
        &columns,
        scores.iter().take(MOST_ROWS).map(row).collect(),
    );
    if let Some(org) = &index.tree.headline {
        section.title = book.name(org);
    }
    section
}

/// A share of one with four decimals, a factor as it is.
fn weight(book: &Book<'_>, weight: Option<f64>) -> Cell {
    let written = |weight| Cell::number(book.words.numbers.trimmed(weight, 4), weight);
    weight.map_or_else(|| Cell::missing("–"), written)
}

/// What each edition changed.
fn rules(book: &Book<'_>, index: &IndexResults) -> DataSection {
    let row = |edition: &Edition| {
        let note = edition.note.as_ref().map_or("", |note| book.text(note)).to_owned();
        let from =
            Cell::text(time::days_within(book.lang(), &edition.name)).as_head().sorted_by(edition.begins_on);
        let formula = count(book, edition.formula.into());
        Row {
            cells: vec![from, formula, Cell::text(weights(book, index, edition)), Cell::text(note)],
            strong: false,
        }
    };
    let columns =
        [("index_from", false), ("formula_version", true), ("index_weights", false), ("note", false)];
    section(book, "index_rules", "index_rules_intro", &columns, index.tree.editions.iter().map(row).collect())
}

/// `OSI 0,34; TII 0,33; HCI 0,33`
fn weights(book: &Book<'_>, index: &IndexResults, edition: &Edition) -> String {
    let below = edition.below(index.tree.id.as_str());
    let total: f64 = below.iter().map(|(_, weight)| weight).sum();
    let is_sum = edition.rules[index.tree.id.as_str()].aggregate == Aggregate::Sum;
    let shown = |weight: f64| book.words.numbers.trimmed(if is_sum { weight } else { weight / total }, 4);
    let written =
        below.iter().map(|(below, weight)| format!("{} {}", part(book, index, below), shown(*weight)));
    written.collect::<Vec<_>>().join("; ")
}

/// Score, published score, place, published place.
const NUMBERS: [(&str, bool); 4] = [
    ("index_recomputed", true),
    ("index_published", true),
    ("index_rank", true),
    ("index_published_rank", true),
];

fn numbers(book: &Book<'_>, index: &IndexResults, score: &IndexScore) -> Vec<Cell> {
    let decimals = decimals(index);
    let mut value = match (score.value, &score.missing) {
        (Some(value), _) => number(book, value, decimals),
        (None, missing) => Cell::missing(gap(book, missing.as_deref().unwrap_or_default())),
    };
    if score.imputed {
        value = value.line(book.word("index_stand_in"), "muted");
    }
    let place = |place: Option<u64>| place.map_or_else(|| Cell::missing("–"), |place| count(book, place));
    let published = score.published.map_or_else(|| Cell::missing("–"), |value| number(book, value, decimals));
    let own = score.rank.map_or_else(
        || Cell::missing("–"),
        |rank| Cell { number: true, ..Cell::text(out_of(book, rank, score.ranked_among)) }.sorted_by(rank),
    );
    vec![value, published, own, place(score.published_rank)]
}

/// Two scores that lie apart by rounding only must not look alike: one decimal more than the index has, but for points,
/// which are rounded before they are added.
fn decimals(index: &IndexResults) -> u8 {
    index.tree.decimals + u8::from(index.tree.unit != Unit::Points)
}

/// Why a score is missing, in words.
fn gap(book: &Book<'_>, word: &str) -> String {
    let words = [
        (Gap::NotReported, "not_reported"),
        (Gap::NothingToCount, "nothing_to_count"),
        (Gap::NotApplicable, "not_applicable"),
        (Gap::Withheld, "withheld"),
        (Gap::NotComparable, "cannot_compare"),
        (Gap::FormulaNotKnown, "index_formula_not_known"),
        (Gap::PartMissing, "index_part_missing"),
        (Gap::Undefined, "index_undefined"),
        (Gap::UnknownState, "index_unknown_state"),
    ];
    let key = words.iter().find(|(gap, _)| gap.word() == word).map(|(_, key)| *key);
    key.map_or_else(|| book.word("missing"), |key| book.word(key))
}

fn part(book: &Book<'_>, index: &IndexResults, id: &str) -> String {
    index.tree.part(id).map_or(id, |title: &Text| book.text(title)).to_owned()
}

/// The level of the bodies that are compared, where it is one.
fn level(book: &Book<'_>, among: &str) -> Cell {
    if among.is_empty() { Cell::empty() } else { Cell::text(book.level(among)) }
}

fn organisation(book: &Book<'_>, org: &OrgId) -> Cell {
    Cell::link(book.name(org), book.organisation_href("../", org)).as_head()
}

fn period_cell(book: &Book<'_>, period: Period) -> Cell {
    Cell::text(time::period(book.lang(), period)).sorted_by(period.end())
}

fn count(book: &Book<'_>, count: u64) -> Cell {
    Cell { number: true, ..Cell::text(book.words.numbers.whole(count)) }.sorted_by(count)
}

fn number(book: &Book<'_>, value: f64, decimals: u8) -> Cell {
    Cell::number(book.words.numbers.fixed(value, decimals), value)
}

fn difference(book: &Book<'_>, value: Option<f64>) -> Cell {
    value.map_or_else(|| Cell::missing("–"), |value| number(book, value, DIFFERENCE_DECIMALS))
}

fn out_of(book: &Book<'_>, n: u64, of: u64) -> String {
    book.words.fill("made_of", &[("n", &book.words.numbers.whole(n)), ("of", &book.words.numbers.whole(of))])
}

/// A part of the page; without rows it says so in words.
fn section(
    book: &Book<'_>,
    key: &'static str,
    intro: &'static str,
    columns: &[(&'static str, bool)],
    rows: Vec<Row>,
) -> DataSection {
    let empty = rows.is_empty();
    let mut table = Table {
        id: format!("{key}_table"),
        caption: book.word(key),
        columns: columns
            .iter()
            .map(|(key, number)| Column { text: book.word(key), number: *number })
            .collect(),
        note: None,
        filter: rows.len() > 12,
        sortable: rows.len() > 1,
        pager: None,
        rows,
    };
    table.drop_empty_columns();
    DataSection {
        id: key.to_owned(),
        title: book.word(key),
        intro: book.word(if empty { "index_none" } else { intro }),
        tables: if empty { vec![] } else { vec![table] },
    }
}

/// What `chiso egdi score` says: whose words and numbers, and of what.
pub struct ScoreText<'a> {
    /// The words.
    pub words: &'a Words,
    /// The index.
    pub index: &'a IndexResults,
    /// Names of bodies.
    pub name: &'a dyn Fn(&OrgId) -> String,
}

impl ScoreText<'_> {
    /// Editions in rows, then every score that lies apart.
    pub fn editions(&self, only: Option<Period>) -> String {
        let asked = |period: Period| only.is_none_or(|only| only == period);
        let top = self.index.tree.id.as_str();
        let summaries = self.index.summaries.iter().filter(|one| asked(one.period));
        let mut rows = vec![self.heads(&[
            "period",
            "index_weights",
            "index_compared",
            "index_greatest",
            "index_mean",
            "index_allowed",
            "index_beyond",
            "index_same_rank",
        ])];
        rows.extend(summaries.clone().filter(|one| one.part == top).map(|one| {
            let weights = edition(self.index, one.period).map(|edition| self.weights(edition));
            vec![
                one.period.to_string(),
                weights.unwrap_or_default(),
                self.words.numbers.whole(one.compared),
                self.difference(one.greatest),
                self.difference(one.mean),
                one.tolerance.map_or_else(String::new, |tolerance| self.words.numbers.trimmed(tolerance, 6)),
                self.words.numbers.whole(one.beyond),
                self.out_of(one.same_rank, one.ranked),
            ]
        }));
        let mut text = self.title();
        text += &columns(&rows, &[2, 3, 4, 5, 6, 7]);
        text += &self.approximations(summaries.filter(|one| one.part != top));
        text += &self.apart(&asked);
        text + &self.note(only)
    }

    /// Parts that are recomputed from inputs, and only come near.
    fn approximations<'s>(&self, summaries: impl Iterator<Item = &'s IndexSummary>) -> String {
        let made: Vec<_> = summaries.filter(|one| one.compared > 2 && is_made(self.index, one)).collect();
        if made.is_empty() {
            return String::new();
        }
        let mut rows = vec![self.heads(&[
            "period",
            "part",
            "index_compared",
            "index_imputed",
            "index_mean",
            "index_correlation",
        ])];
        rows.extend(made.iter().map(|one| {
            vec![
                one.period.to_string(),
                one.part.to_uppercase(),
                self.words.numbers.whole(one.compared),
                self.words.numbers.whole(one.imputed),
                one.mean.map_or_else(String::new, |mean| self.words.numbers.fixed(mean, 4)),
                one.correlation.map_or_else(String::new, |r| self.words.numbers.fixed(r, 4)),
            ]
        }));
        format!("\n{}:\n{}", self.words.get("index_from_inputs"), columns(&rows, &[2, 3, 4, 5]))
    }

    fn apart(&self, asked: &dyn Fn(Period) -> bool) -> String {
        let apart: Vec<_> = self.index.apart.iter().filter(|score| asked(score.period)).collect();
        let mut text = format!(
            "\n{}: {}\n",
            self.words.get("index_apart"),
            self.words.numbers.whole(apart.len() as u64)
        );
        let mut rows = vec![];
        for score in apart {
            let mut row = vec![format!("  {}", score.period), (self.name)(&score.org)];
            row.extend(self.numbers(score));
            rows.push(row);
        }
        if !rows.is_empty() {
            let mut head = self.heads(&["period", "organisation"]);
            head[0].insert_str(0, "  ");
            head.extend(self.heads(&NUMBERS.map(|(key, _)| key)));
            rows.insert(0, head);
        }
        text += &columns(&rows, &[2, 3, 4, 5]);
        text
    }

    /// One body, part by part.
    pub fn body(&self, org: &OrgId, scores: &[IndexScore], only: Option<Period>) -> String {
        let mut head = self.heads(&["period", "part"]);
        head.extend(self.heads(&NUMBERS.map(|(key, _)| key)));
        head.push(self.words.get("index_weight").to_owned());
        let mut rows = vec![head];
        let top = self.index.tree.id.as_str();
        // Of all editions, the index and its own parts; of one, everything.
        let is_shown = |score: &&IndexScore| match only {
            Some(period) => score.period == period,
            None => {
                let edition = edition(self.index, score.period);
                score.part == top
                    || edition.is_some_and(|e| e.below(top).iter().any(|(part, _)| *part == score.part))
            }
        };
        for score in scores.iter().filter(is_shown) {
            let part = self.index.tree.part(&score.part).map_or("", |title| title.get(self.words.lang));
            let mut row = vec![score.period.to_string(), part.to_owned()];
            row.extend(self.numbers(score));
            row.push(score.weight.map_or_else(String::new, |weight| self.words.numbers.fixed(weight, 4)));
            rows.push(row);
        }
        let mut text = format!("{}{}\n\n", self.title(), (self.name)(org));
        text += &columns(&rows, &[2, 3, 4, 5, 6]);
        if scores.iter().filter(is_shown).any(|score| score.imputed) {
            text += &format!("* {}\n", self.words.get("index_stand_in"));
        }
        text + &self.note(only)
    }

    fn numbers(&self, score: &IndexScore) -> Vec<String> {
        let decimals = decimals(self.index);
        let value = |value: Option<f64>| {
            value.map_or_else(|| "–".to_owned(), |value| self.words.numbers.fixed(value, decimals))
        };
        let place = |place: Option<u64>| {
            place.map_or_else(|| "–".to_owned(), |place| self.words.numbers.whole(place))
        };
        let mark = if score.imputed { "*" } else { "" };
        vec![
            format!("{}{mark}", value(score.value)),
            value(score.published),
            place(score.rank),
            place(score.published_rank),
        ]
    }

    fn title(&self) -> String {
        format!("{}\n\n", self.index.tree.title.get(self.words.lang))
    }

    /// What is to be known about the edition, or about the index.
    fn note(&self, only: Option<Period>) -> String {
        let of_edition =
            only.and_then(|period| edition(self.index, period)).and_then(|edition| edition.note.as_ref());
        let notes = of_edition.into_iter().chain(&self.index.tree.note);
        notes.map(|note| format!("\n{}: {}\n", self.words.get("note"), note.get(self.words.lang))).collect()
    }

    fn weights(&self, edition: &Edition) -> String {
        let below = edition.below(self.index.tree.id.as_str());
        let total: f64 = below.iter().map(|(_, weight)| weight).sum();
        let shown = |(part, weight): &(String, f64)| {
            format!("{} {}", part.to_uppercase(), self.words.numbers.trimmed(weight / total, 4))
        };
        below.iter().map(shown).collect::<Vec<_>>().join("  ")
    }

    fn difference(&self, value: Option<f64>) -> String {
        value.map_or_else(|| "–".to_owned(), |value| self.words.numbers.fixed(value, DIFFERENCE_DECIMALS))
    }

    fn out_of(&self, n: u64, of: u64) -> String {
        self.words
            .fill("made_of", &[("n", &self.words.numbers.whole(n)), ("of", &self.words.numbers.whole(of))])
    }

    fn heads(&self, keys: &[&str]) -> Vec<String> {
        keys.iter().map(|key| self.words.get(key).to_owned()).collect()
    }
}
