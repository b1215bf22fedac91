//! The page on which a reader changes parts of the body that is shown first.
//!
//! The same numbers stand in tables for those without a script. The script (`assets/whatif.js`) repeats the engine of
//! `index` for the rules that it knows; where an edition has others, there is no page.

use chrono::Datelike;
use serde_json::json;

use crate::index::{
    Alone, Case, Change, Falls, Goal, Joint, Lever, Setting, Standing, WhatIf, goal_of, score_for,
};
use crate::model::index::{
    Aggregate, Amount, Edition, Impute, IndexField, IndexResults, IndexTree, Normalise, Rescale, Rule, Ties,
};
use crate::model::measure::Missing;
use crate::report::book::{Book, Here};
use crate::report::outlook::known_later;
use crate::report::page::{Cell, Column, DataSection, Knob, Line, Link, Row, Table, WhatIfPage, embedded};
use crate::report::planning::{class, decimals, newest, rounded_up};

/// Parts of the way to the end of a part that are worked out beforehand.
const STEPS: [f64; 4] = [0.25, 0.5, 0.75, 1.0];
/// Ranks that are worked out beforehand, from this one in steps of it.
const RANKS: u32 = 10;
/// More ranks than this make a table too long to read.
const MOST_RANKS: usize = 10;
/// Decimals of inputs and of what they add.
const INPUT_DECIMALS: u8 = 4;
const GAIN_DECIMALS: u8 = 6;

/// Where the page of an index is, below the folder of the language.
pub fn path(tree: &IndexTree) -> String {
    format!("what-if/{}.html", tree.id)
}

/// The body that is shown first in its newest period, where it has a score and the script knows all rules.
pub fn case(index: &IndexResults) -> Option<Case<'_>> {
    let case = newest(index).filter(|case| knows(case.tree, case.edition, case.field))?;
    case.standing().score.is_ok().then_some(case)
}

/// Whether the script can do what the rules say.
fn knows(tree: &IndexTree, edition: &Edition, field: &IndexField) -> bool {
    let plain = Rule::default();
    let parts = edition.in_use(tree.id.as_str());
    let rule_is_known = |part: &String| {
        let rule = edition.rules.get(part).unwrap_or(&plain);
        let normalise = [Normalise::None, Normalise::ZScore, Normalise::MinMax, Normalise::Goalposts];
        normalise.contains(&rule.normalise) && rule.points.is_none() && rule.unknown.is_none()
    };
    let is_number =
        |amount: &Amount| matches!(amount, Amount::Value(_) | Amount::Missing(Missing::NotReported));
    let given = field.given.iter().filter(|given| parts.contains(&given.part));
    parts.iter().all(rule_is_known) && given.map(|given| &given.amount).all(is_number)
}

/// `what-if/<id>.html`
pub fn page(book: &Book<'_>, index: &IndexResults, case: &Case<'_>) -> WhatIfPage {
    let tree = &index.tree;
    let org = &case.field.bodies[case.body];
    let title = book.words.fill("whatif_title", &[("index", book.text(&tree.title))]);
    let here = Here { path: path(tree), title, menu: "indicators.html" };
    let writer = Writer { book, case, levers: case.levers() };
    let others = book.words.numbers.whole(case.field.bodies.len() as u64 - 1);
    let period = book.period_within(case.field.period);
    let intro = [("org", &*book.name(org)), ("period", &*period), ("n", &*others)];
    let mut intro = book.words.fill("whatif_intro", &intro);
    // What is of an edition must not be taken for what is now.
    let (results, year) = (book.view.results, case.field.period.start().year());
    if let Some(known) = known_later(book.words, tree, results, (org, &book.name(org)), year) {
        intro += &format!(" {known}");
    }
    WhatIfPage {
        frame: book.frame(&here),
        back: Link {
            text: book.text(&tree.title).to_owned(),
            href: Some(format!("../index/{}.html", tree.id)),
        },
        intro,
        note: tree.note.as_ref().map(|note| book.text(note).to_owned()),
        now: writer.facts(case.standing()),
        knobs: writer.levers.iter().map(|lever| writer.knob(lever)).collect(),
        data: embedded(&writer.data()),
        sections: vec![writer.steps(), writer.goals(), writer.levers()],
    }
}

/// Writes what depends on the body and on the language.
struct Writer<'a> {
    book: &'a Book<'a>,
    case: &'a Case<'a>,
    levers: Vec<Lever>,
}

impl Writer<'_> {
    /// Score, rank, class: what the script writes anew.
    fn facts(&self, standing: Standing) -> Vec<Line> {
        [self.score(standing), self.rank(standing), self.class(standing)]
            .map(|text| Line { text, ..Line::default() })
            .to_vec()
    }

    fn knob(&self, lever: &Lever) -> Knob {
        let (least, most) = self.span(lever);
        let notes = [
            lever.cap.map(|cap| self.book.words.fill("whatif_cap", &[("cap", &self.input(cap))])),
            lever.value.is_none().then(|| self.book.word("whatif_no_value")),
        ];
        Knob {
            part: lever.part.clone(),
            label: self.part(&lever.part),
            value: lever.value.map_or_else(String::new, |value| value.to_string()),
            least: least.to_string(),
            most: most.to_string(),
            bound: if lever.range.1.is_finite() { lever.range.1.to_string() } else { String::new() },
            step: if most - least <= 2.0 { "0.01" } else { "1" }.to_owned(),
            is_below: !lever.is_direct,
            notes: notes.into_iter().flatten().collect::<Vec<_>>().join("; "),
        }
    }

    /// From where to where a part is moved: to its bounds, or where it has none to the best that anybody has.
    fn span(&self, lever: &Lever) -> (f64, f64) {
        let values = self.case.field.given.iter().filter(|given| given.part == lever.part);
        let values: Vec<f64> = values
            .filter_map(|given| match given.amount {
                Amount::Value(value) => Some(value),
                _ => None,
            })
            .collect();
        let least = values.iter().copied().fold(f64::INFINITY, f64::min);
        let greatest = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let end = |bound: f64, seen: f64| if bound.is_finite() { bound } else { seen };
        (end(lever.range.0, least), end(lever.range.1, greatest))
    }

    /// Each part some of the way up: what everybody can read without a script.
    fn steps(&self) -> DataSection {
        let mut rows =
            vec![self.row(&self.book.word("whatif_as_it_is"), Cell::empty(), self.case.standing(), None)];
        for lever in &self.levers {
            let Some(now) = lever.value else { continue };
            let (_, most) = self.span(lever);
            let end = lever.cap.map_or(most, |cap| cap.min(most));
            for share in STEPS.into_iter().filter(|_| end > now) {
                let value = now + share * (end - now);
                let setting = Setting { part: lever.part.clone(), change: Change::To(value) };
                if let Ok(found) = self.case.what_if(&[setting]) {
                    rows.push(self.row(
                        &self.part(&lever.part),
                        self.value(lever, value),
                        found.after,
                        Some(&found),
                    ));
                }
            }
        }
        let columns = [
            ("part", false),
            ("plan_then", true),
            ("whatif_score", true),
            ("index_rank", true),
            ("plan_class", false),
            ("whatif_passes", true),
        ];
        self.section("whatif_steps", &columns, rows)
    }

    fn row(&self, part: &str, value: Cell, standing: Standing, found: Option<&WhatIf>) -> Row {
        let passed = found.map_or_else(Cell::empty, |found| self.count(found.passed.len() as u64));
        let rank = Cell { number: true, ..Cell::text(self.rank(standing)) };
        let cells = vec![
            Cell::text(part).as_head(),
            value,
            self.decimal(standing.score.ok()),
            rank.sorted_by(standing.rank.unwrap_or(u32::MAX)),
            Cell::text(self.class(standing)),
            passed,
        ];
        Row { cells, strong: found.is_none() }
    }

    /// Ranks ahead of the one that it has, and what each part of the index would have to be.
    fn goals(&self) -> DataSection {
        let own = self.case.standing().rank.unwrap_or(0);
        let ahead = (1..).map(|n| n * RANKS).take_while(|rank| *rank < own);
        let ranks: Vec<u32> = ahead.collect();
        let shown = ranks.iter().rev().take(MOST_RANKS);
        // Only the parts of the index itself are shown: they are solved for, all others would be searched.
        let direct: Vec<Lever> = self.levers.iter().filter(|lever| lever.is_direct).cloned().collect();
        let reckon = |rank: u32| goal_of(self.case, &direct, score_for(self.case, rank)?, None).ok();
        let goals: Vec<(u32, Goal)> = shown.filter_map(|rank| Some((*rank, reckon(*rank)?))).collect();
        let mut section = self.section(
            "whatif_goals",
            &[("index_rank", true), ("goal_needed_score", true)],
            goals.iter().map(|(rank, goal)| self.goal(*rank, goal)).collect(),
        );
        if let Some(table) = section.tables.first_mut() {
            for (part, _) in self.case.edition.below(self.case.tree.id.as_str()) {
                let alone = self.book.words.fill("goal_alone_part", &[("part", &self.part(part))]);
                table.columns.push(Column { text: alone, number: true });
            }
            for (part, _) in self.case.edition.below(self.case.tree.id.as_str()) {
                let joint = self.book.words.fill("goal_joint_part", &[("part", &self.part(part))]);
                table.columns.push(Column { text: joint, number: true });
            }
        }
        section
    }

    fn goal(&self, rank: u32, goal: &Goal) -> Row {
        let mut cells = vec![self.count(rank.into()).as_head(), self.enough(goal.needed)];
        let parts = self.case.edition.below(self.case.tree.id.as_str());
        for (part, _) in parts {
            let alone = goal.alone.iter().find(|alone| alone.lever.part == *part);
            cells.push(alone.map_or_else(Cell::empty, |alone| self.alone(alone)));
        }
        for (part, _) in parts {
            cells.push(match &goal.smallest {
                Joint::Change(steps) => {
                    let step = steps.iter().find(|step| step.part == *part);
                    step.map_or_else(Cell::empty, |step| self.enough(step.after))
                }
                Joint::Short(_) | Joint::NotSolvable => Cell::missing(self.book.word("goal_not_enough")),
            });
        }
        Row { cells, strong: false }
    }

    fn alone(&self, alone: &Alone) -> Cell {
        match alone.outcome {
            Ok(value) => self.enough(value),
            Err(Falls::Short { score, .. } | Falls::Unbounded { score, .. }) => {
                let score = self.book.words.numbers.fixed(score, decimals(self.case.tree));
                Cell::missing(self.book.word("goal_not_enough"))
                    .line(self.book.words.fill("goal_at_most", &[("score", &score)]), "muted")
            }
            Err(Falls::NotKnown) => Cell::missing(self.book.word("goal_not_known")),
        }
    }

    /// What each part is, what it can be, what one more of it adds.
    fn levers(&self) -> DataSection {
        let number = |value: Option<f64>, decimals: u8| match value.filter(|value| value.is_finite()) {
            Some(value) => Cell::number(self.book.words.numbers.trimmed(value, decimals), value),
            None => Cell::missing("–"),
        };
        let row = |lever: &Lever| {
            let most = lever.cap.map_or(lever.range.1, |cap| cap.min(lever.range.1));
            Row {
                cells: vec![
                    Cell::text(self.part(&lever.part)).as_head(),
                    number(lever.value, INPUT_DECIMALS),
                    number(Some(lever.range.0), INPUT_DECIMALS),
                    number(Some(most), INPUT_DECIMALS),
                    number(lever.gain, GAIN_DECIMALS),
                ],
                strong: lever.is_direct,
            }
        };
        let columns = [
            ("part", false),
            ("plan_now", true),
            ("plan_least", true),
            ("plan_most", true),
            ("plan_gain", true),
        ];
        self.section("whatif_levers", &columns, self.levers.iter().map(row).collect())
    }

    /// Everything that the script works from.
    fn data(&self) -> serde_json::Value {
        let (tree, edition, field) = (self.case.tree, self.case.edition, self.case.field);
        let parts = edition.in_use(tree.id.as_str());
        let plain = Rule::default();
        let rules: serde_json::Map<String, serde_json::Value> = parts
            .iter()
            .map(|part| (part.clone(), rule_json(edition, part, edition.rules.get(part).unwrap_or(&plain))))
            .collect();
        let given: serde_json::Map<String, serde_json::Value> = parts
            .iter()
            .filter(|part| field.given.iter().any(|given| given.part == **part))
            .map(|part| (part.clone(), json!(column(field, part))))
            .collect();
        let class = |class: &crate::model::index::Class| json!({ "from": class.from, "open": class.open, "name": self.book.text(&class.name) });
        let words = ["plan_passed", "plan_passed_by", "made_of"];
        let words = words.into_iter().map(|key| (key.to_owned(), json!(self.book.words.get(key))));
        json!({
            "top": tree.id.as_str(),
            "body": self.case.body,
            "decimals": decimals(tree),
            "inputDecimals": INPUT_DECIMALS,
            "ranking": {
                "decimals": edition.ranking.decimals,
                "ties": match edition.ranking.ties {
                    Ties::Competition => "competition",
                    Ties::Modified => "modified",
                    Ties::Dense => "dense",
                },
            },
            "classes": tree.classes.iter().map(class).collect::<Vec<_>>(),
            "names": field.bodies.iter().map(|org| self.book.name(org)).collect::<Vec<_>>(),
            "parts": parts.iter().map(|part| (part.clone(), json!(self.part(part)))).collect::<serde_json::Map<_, _>>(),
            "rules": rules,
            "given": given,
            "words": words.collect::<serde_json::Map<_, _>>(),
        })
    }

    fn section(&self, key: &'static str, columns: &[(&'static str, bool)], rows: Vec<Row>) -> DataSection {
        let intro = match key {
            "whatif_steps" => "whatif_steps_intro",
            "whatif_goals" if rows.is_empty() => "whatif_goals_none",
            "whatif_goals" => "whatif_goals_intro",
            _ => "whatif_levers_intro",
        };
        let table = Table {
            id: format!("{key}_table"),
            caption: self.book.word(key),
            columns: columns
                .iter()
                .map(|(key, number)| Column { text: self.book.word(key), number: *number })
                .collect(),
            note: None,
            filter: false,
            sortable: false,
            pager: None,
            rows,
        };
        DataSection {
            id: key.to_owned(),
            title: self.book.word(key),
            intro: self.book.word(intro),
            tables: if table.rows.is_empty() { vec![] } else { vec![table] },
        }
    }

    fn score(&self, standing: Standing) -> String {
        let decimals = decimals(self.case.tree);
        standing.score.map_or_else(|_| "–".to_owned(), |score| self.book.words.numbers.fixed(score, decimals))
    }

    fn rank(&self, standing: Standing) -> String {
        let ranked = self.case.wholes().iter().flatten().count() as u64;
        let whole = |n: u64| self.book.words.numbers.whole(n);
        standing.rank.map_or_else(
            || "–".to_owned(),
            |rank| self.book.words.fill("made_of", &[("n", &whole(rank.into())), ("of", &whole(ranked))]),
        )
    }

    fn class(&self, standing: Standing) -> String {
        class(self.case, standing)
            .map_or_else(|| "–".to_owned(), |class| self.book.text(&class.name).to_owned())
    }

    fn decimal(&self, value: Option<f64>) -> Cell {
        let written =
            |value: f64| Cell::number(self.book.words.numbers.fixed(value, decimals(self.case.tree)), value);
        value.map_or_else(|| Cell::missing("–"), written)
    }

    /// A value that is needed, never rounded to one that is too low.
    fn enough(&self, value: f64) -> Cell {
        let decimals = decimals(self.case.tree);
        Cell::number(self.book.words.numbers.fixed(rounded_up(value, decimals), decimals), value)
    }

    fn value(&self, lever: &Lever, value: f64) -> Cell {
        if lever.is_direct { self.decimal(Some(value)) } else { Cell::number(self.input(value), value) }
    }

    fn input(&self, value: f64) -> String {
        self.book.words.numbers.trimmed(value, INPUT_DECIMALS)
    }

    fn count(&self, count: u64) -> Cell {
        Cell { number: true, ..Cell::text(self.book.words.numbers.whole(count)) }.sorted_by(count)
    }

    fn part(&self, id: &str) -> String {
        self.case.tree.part(id).map_or(id, |title| self.book.text(title)).to_owned()
    }
}

/// What was given for a part, body by body; null where nothing was.
fn column(field: &IndexField, part: &str) -> Vec<Option<f64>> {
    let mut column = vec![None; field.bodies.len()];
    for given in field.given.iter().filter(|given| given.part == part) {
        if let Amount::Value(value) = given.amount {
            column[given.body] = Some(value);
        }
    }
    column
}

fn rule_json(edition: &Edition, part: &str, rule: &Rule) -> serde_json::Value {
    let (least, most) = edition.range(part);
    let finite = |value: f64| Some(value).filter(|value| value.is_finite());
    json!({
        "parts": rule.parts,
        "normalise": match rule.normalise {
            Normalise::ZScore => "z-score",
            Normalise::MinMax => "min-max",
            Normalise::Goalposts => "goalposts",
            _ => "none",
        },
        "impute": match rule.impute {
            Impute::None => "none",
            Impute::Mean => "mean",
            Impute::Median => "median",
            Impute::Minimum => "minimum",
        },
        "aggregate": match rule.aggregate {
            Aggregate::Arithmetic => "arithmetic",
            Aggregate::Geometric => "geometric",
            Aggregate::Sum => "sum",
        },
        "rescale": match rule.rescale {
            Rescale::None => "none",
            Rescale::MinMax => "min-max",
        },
        "cap": rule.cap,
        "lower": rule.lower_is_better,
        "goalposts": rule.goalposts,
        "decimals": rule.decimals,
        "least": finite(least),
        "most": finite(most),
    })
}
