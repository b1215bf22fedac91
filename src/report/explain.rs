//! One number taken apart, as text for a terminal or as JSON: definition, law, query, counts, bodies added, files.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use crate::diagnostic::Problems;
use crate::model::id::{OrgId, TableName};
use crate::model::indicator::{Indicator, Param, Shape};
use crate::model::intake::{FileRecord, FileState};
use crate::model::organisation::Organisation;
use crate::model::period::Period;
use crate::model::restated::{Part, Restated};
use crate::model::results::{Observation, Results};
use crate::model::text::Lang;
use crate::report::restated::mark;
use crate::report::template::Templates;
use crate::report::time;
use crate::report::view::{View, measured};
use crate::report::words::Words;

/// Which number.
pub struct Question<'a> {
    /// What is counted.
    pub indicator: &'a Indicator,
    /// The file of its query.
    pub query: &'a str,
    /// The tables with a contract that the query rests on.
    pub tables: &'a BTreeSet<TableName>,
    /// Whose number.
    pub org: &'a OrgId,
    /// Of when.
    pub period: Period,
}

/// The paths of the files that hold rows of some bodies, by table; a table whose rows are not of bodies is not there.
pub type Holding = BTreeMap<TableName, BTreeSet<String>>;

/// All that is known of one number: its total first, then its breakdown.
pub struct Explanation<'a> {
    asked: &'a Question<'a>,
    results: &'a Results,
    org: &'a Organisation,
    reported: Vec<&'a Observation>,
    restated: Vec<&'a Restated>,
    holding: Holding,
}

impl<'a> Explanation<'a> {
    /// What the results say; nothing where they hold no number of this body and period.
    pub fn of(asked: &'a Question<'a>, results: &'a Results) -> Option<Self> {
        let org = results.organisations.iter().find(|org| org.id == *asked.org)?;
        let is_asked = |number: &Observation| {
            number.indicator == asked.indicator.id && number.org == org.id && number.period == asked.period
        };
        let reported: Vec<_> = results.observations.iter().filter(|number| is_asked(number)).collect();
        let restated: Vec<_> =
            results.restated.iter().filter(|restated| is_asked(&restated.number)).collect();
        let found = !reported.is_empty() || !restated.is_empty();
        found.then_some(Explanation { asked, results, org, reported, restated, holding: Holding::new() })
    }

    /// The body asked for, and those that were put together for it.
    pub fn bodies(&self) -> BTreeSet<&'a OrgId> {
        let parts = self.restated.iter().flat_map(|restated| &restated.parts).map(|part| &part.org);
        parts.chain([&self.org.id]).collect()
    }

    /// The same with what is known of the files that hold rows of these bodies.
    pub fn held_by(self, holding: Holding) -> Self {
        Explanation { holding, ..self }
    }

    /// Whether a file holds rows of the bodies; none where that is not known.
    fn is_held(&self, table: &TableName, file: &FileRecord) -> Option<bool> {
        self.holding.get(table).map(|paths| paths.contains(&file.path))
    }

    /// The periods in which the results hold a number of this body, oldest first.
    pub fn periods(asked: &Question<'_>, results: &Results) -> BTreeSet<Period> {
        let restated = results.restated.iter().map(|restated| &restated.number);
        let numbers = results.observations.iter().chain(restated);
        let numbers = numbers.filter(|n| n.indicator == asked.indicator.id && n.org == *asked.org);
        numbers.map(|number| number.period).collect()
    }

    fn part(&self, part: &Part, breakdown: &str) -> Option<&'a Observation> {
        self.results.observations.iter().find(|number| {
            number.indicator == self.asked.indicator.id
                && number.org == part.org
                && number.period == self.asked.period
                && number.breakdown == breakdown
        })
    }

    /// The files in use of the tables that the query rests on.
    fn files(&self) -> Vec<(&'a TableName, &'a FileRecord)> {
        let sources = self.results.sources.iter().filter(|source| self.asked.tables.contains(&source.table));
        let files = sources.flat_map(|source| source.files.iter().map(move |file| (&source.table, file)));
        files.filter(|(_, file)| file.state == FileState::Current).collect()
    }

    /// As one JSON object: ids and unrounded numbers, texts in one language.
    pub fn to_json(&self, lang: Lang) -> Value {
        let indicator = self.asked.indicator;
        let params: serde_json::Map<String, Value> =
            indicator.params.iter().map(|(name, param)| (name.clone(), param_json(param))).collect();
        let breaks = indicator.breaks.iter().map(|cut| json!({ "at": cut.at, "why": cut.why.get(lang) }));
        json!({
            "indicator": indicator.id,
            "title": indicator.title.get(lang),
            "unit": indicator.unit,
            "organisation": self.org_json(&self.org.id, lang),
            "period": self.asked.period.to_string(),
            "first_day": self.asked.period.start(),
            "last_day": self.asked.period.end(),
            "definition": indicator.method.get(lang),
            "note": indicator.note.as_ref().map(|note| note.get(lang)),
            "shape": indicator.shape,
            "scale": indicator.scale,
            "formula": indicator.formula,
            "breaks": breaks.collect::<Vec<_>>(),
            "legal_basis": indicator.legal_basis,
            "query": self.asked.query,
            "params": params,
            "reported": self.reported.iter().map(|number| number_json(number)).collect::<Vec<_>>(),
            "restated": self.restated.iter().map(|restated| self.restated_json(restated, lang)).collect::<Vec<_>>(),
            "files": self.files().into_iter().map(|(table, file)| self.file_json(table, file)).collect::<Vec<_>>(),
        })
    }

    fn org_json(&self, id: &OrgId, lang: Lang) -> Value {
        let org = self.results.organisations.iter().find(|org| org.id == *id);
        json!({
            "org_id": id,
            "name": org.map(|org| org.name.get(lang)),
            "level": org.map(|org| &org.level),
            "valid_from": org.and_then(|org| org.valid_from),
            "valid_to": org.and_then(|org| org.valid_to),
        })
    }

    fn restated_json(&self, restated: &Restated, lang: Lang) -> Value {
        let part = |part: &Part| {
            json!({
                "organisation": self.org_json(&part.org, lang),
                "share": part.share,
                "reported": self.part(part, &restated.number.breakdown).map(number_json),
            })
        };
        let mut object = number_json(&restated.number);
        object["map_on"] = json!(restated.map_on);
        object["mark"] = json!(restated.mark);
        object["formula"] = json!(restated.formula);
        object["parts_known"] = json!(restated.known);
        object["parts"] = restated.parts.iter().map(part).collect();
        object
    }

    fn file_json(&self, table: &TableName, file: &FileRecord) -> Value {
        json!({
            "path": file.path,
            "table": table,
            "source": file.source,
            "vintage": file.vintage,
            "rows_read": file.rows_read,
            "rows_loaded": file.rows_loaded,
            "rows_rejected": file.rows_rejected,
            "sha256": file.sha256,
            "has_rows_of_it": self.is_held(table, file),
        })
    }

    /// As text in one language.
    pub fn text(&self, lang: Lang, templates: &Templates) -> Result<String, Problems> {
        let words = templates.words(lang)?;
        let view = View::new(self.results);
        Ok(Writer { words: &words, view: &view, told: self }.text())
    }
}

fn param_json(param: &Param) -> Value {
    match param {
        Param::Integer(value) => json!(value),
        Param::Number(value) => json!(value),
        Param::Text(value) => json!(value),
        Param::Date(value) => json!(value),
    }
}

fn number_json(number: &Observation) -> Value {
    json!({
        "breakdown": Some(&number.breakdown).filter(|breakdown| !breakdown.is_empty()),
        "numerator": number.numerator,
        "denominator": number.denominator,
        "value": number.measure.value(),
        "missing": measured(number).err(),
        "obs_status": number.status,
        "source": number.source,
    })
}

/// Writes an explanation in the words of one language.
struct Writer<'a> {
    words: &'a Words,
    view: &'a View<'a>,
    told: &'a Explanation<'a>,
}

impl Writer<'_> {
    fn text(&self) -> String {
        let indicator = self.told.asked.indicator;
        let mut blocks = vec![self.head(), columns(&self.facts(), &[])];
        let mut numbers = vec![vec![self.words.get("as_reported").to_owned(), self.reported_total()]];
        numbers.extend(self.breakdown(&self.told.reported));
        blocks.push(columns(&numbers, &[]));
        blocks.extend(self.told.restated.iter().map(|restated| self.restated(restated)));
        if let Some(note) = &indicator.note {
            blocks.push(format!("{}: {}\n", self.words.get("note"), note.get(self.words.lang)));
        }
        blocks.push(self.files());
        blocks.join("\n")
    }

    /// What, whose, when.
    fn head(&self) -> String {
        let (asked, org) = (self.told.asked, self.told.org);
        let title = asked.indicator.title.get(self.words.lang);
        let validity = match (org.valid_from, org.valid_to) {
            (None, None) => String::new(),
            (from, to) => format!(", {}", self.validity(from, to)),
        };
        format!(
            "{title} ({})\n{} ({}){validity}\n{}\n",
            asked.indicator.id,
            org.name.get(self.words.lang),
            org.id,
            time::period(self.words.lang, asked.period)
        )
    }

    fn validity(&self, from: Option<chrono::NaiveDate>, to: Option<chrono::NaiveDate>) -> String {
        let date = |day: Option<chrono::NaiveDate>| {
            day.map(|day| time::date(self.words.lang, day)).unwrap_or_default()
        };
        let key = match (from, to) {
            (Some(_), Some(_)) => "valid_between",
            (Some(_), None) => "valid_since",
            _ => "valid_until",
        };
        self.words.fill(key, &[("from", &date(from)), ("to", &date(to))])
    }

    /// Definition, formula, breaks, law, query, parameters.
    fn facts(&self) -> Vec<Vec<String>> {
        let indicator = self.told.asked.indicator;
        let mut facts = vec![];
        let mut add = |key: &str, text: String| facts.push(vec![self.words.get(key).to_owned(), text]);
        add("explain_definition", indicator.method.get(self.words.lang).to_owned());
        let key = match indicator.shape {
            Shape::Ratio => "formula_ratio",
            Shape::Count => "formula_count",
            Shape::Value if self.told.reported.iter().any(|number| number.source.is_some()) => {
                "formula_taken_over"
            }
            Shape::Value => "formula_computed",
        };
        let scale = self.words.numbers.trimmed(indicator.scale, 6);
        let gaps = [("n", &*indicator.formula.to_string()), ("scale", &*scale)];
        add("explain_formula", self.words.fill(key, &gaps));
        for cut in &indicator.breaks {
            let day = time::date(self.words.lang, cut.at);
            add("series_breaks", format!("{day}: {}", cut.why.get(self.words.lang)));
        }
        if let Some(basis) = &indicator.legal_basis {
            add("legal_basis", basis.clone());
        }
        add("explain_query", self.told.asked.query.to_owned());
        if !indicator.params.is_empty() {
            let params =
                indicator.params.iter().map(|(name, param)| format!("{name} = {}", param_json(param)));
            add("explain_params", params.collect::<Vec<_>>().join(", "));
        }
        facts
    }

    fn reported_total(&self) -> String {
        let total = self.told.reported.iter().find(|number| number.breakdown.is_empty());
        total.map_or_else(|| self.words.get("explain_none").to_owned(), |number| self.number(number))
    }

    /// The parts of a total, each under the word for its code.
    fn breakdown(&self, numbers: &[&Observation]) -> Vec<Vec<String>> {
        let parts = numbers.iter().filter(|number| !number.breakdown.is_empty());
        parts.map(|part| vec![format!("  {}", self.part_name(&part.breakdown)), self.number(part)]).collect()
    }

    fn part_name(&self, code: &str) -> String {
        let known = self.told.asked.indicator.breakdown.iter().find(|(known, _)| known == code);
        known.map_or_else(|| code.to_owned(), |(_, text)| text.get(self.words.lang).to_owned())
    }

    /// `84,17 % (101 trên 120), tạm thời`, or why there is no number.
    fn number(&self, number: &Observation) -> String {
        let mut text = self.value(number);
        if let (Some(numerator), Some(denominator)) = (number.numerator, number.denominator) {
            let gaps = [("n", &*self.count(numerator)), ("of", &*self.count(denominator))];
            let word = self.words.made_of(self.told.asked.indicator.unit);
            text += &format!(" ({})", self.words.fill(word, &gaps));
        }
        match number.status.as_str() {
            "P" => text += &format!(", {}", self.words.get("provisional")),
            "E" => text += &format!(", {}", self.words.get("estimated")),
            "B" => text += &format!(", {}", self.words.get("series_break")),
            _ => {}
        }
        match &number.source {
            Some(source) => {
                let source = time::days_within(self.words.lang, source);
                format!("{text}, {}", self.words.fill("source_note", &[("source", &source)]))
            }
            None => text,
        }
    }

    fn value(&self, number: &Observation) -> String {
        let indicator = self.told.asked.indicator;
        match measured(number) {
            Ok(value) => self.words.value(indicator, value, &self.view.bounds(indicator, &number.org)),
            Err(missing) => self.words.missing(missing).to_owned(),
        }
    }

    fn count(&self, count: f64) -> String {
        self.words.numbers.trimmed(count, 2)
    }

    /// The number on the map of a day, the bodies that were added, and their sum.
    fn restated(&self, restated: &Restated) -> String {
        let number = &restated.number;
        let (sign, key) = mark(restated.mark);
        let day = time::date(self.words.lang, restated.map_on);
        let known = self.words.fill(
            "made_of",
            &[("n", &restated.known.to_string()), ("of", &restated.parts.len().to_string())],
        );
        let mut name = self.words.get("restated").to_owned();
        if !number.breakdown.is_empty() {
            name += &format!(", {}", self.part_name(&number.breakdown));
        }
        let facts = [
            self.number(&Observation { status: String::new(), ..number.clone() }),
            format!("{sign} {}", self.words.get(key)),
            self.words.fill("explain_bodies", &[("n", &known)]),
            self.words.fill("explain_on_map", &[("day", &day)]),
        ];
        format!("{}\n{}", columns(&[vec![name, facts.join("; ")]], &[]), self.parts(restated))
    }

    fn parts(&self, restated: &Restated) -> String {
        let count = |count: Option<f64>| count.map(|count| self.count(count)).unwrap_or_default();
        let heading = ["organisation", "identity", "share", "numerator", "denominator", "value"];
        let mut rows = vec![heading.map(|key| self.words.get(key).to_owned()).to_vec()];
        for part in &restated.parts {
            let reported = self.told.part(part, &restated.number.breakdown);
            let share = part.share.map(|share| self.words.share(share));
            let name = self.view.organisation(&part.org).map(|org| org.name.get(self.words.lang).to_owned());
            rows.push(vec![
                name.unwrap_or_default(),
                part.org.to_string(),
                share.unwrap_or_else(|| self.words.get("share_unknown").to_owned()),
                count(reported.and_then(|reported| reported.numerator)),
                count(reported.and_then(|reported| reported.denominator)),
                reported
                    .map_or_else(|| self.words.get("not_reported").to_owned(), |number| self.value(number)),
            ]);
        }
        let sum = &restated.number;
        let counts = [count(sum.numerator), count(sum.denominator)];
        let value = match measured(sum) {
            Ok(_) => self.value(sum),
            Err(missing) => self.words.fill("explain_parts_none", &[("why", self.words.missing(missing))]),
        };
        let [numerator, denominator] = counts;
        rows.push(vec![
            self.words.get("explain_sum").to_owned(),
            String::new(),
            String::new(),
            numerator,
            denominator,
            value,
        ]);
        // A count has no denominator, a published value no counts at all.
        let kept: Vec<bool> = (0..6).map(|n| rows[1..].iter().any(|row| !row[n].is_empty())).collect();
        for row in &mut rows {
            let mut kept = kept.iter();
            row.retain(|_| *kept.next().unwrap_or(&true));
            row[0].insert_str(0, "  ");
        }
        let numbers: Vec<usize> = (2..rows[0].len()).collect();
        columns(&rows, &numbers)
    }

    /// The files one by one; of a table that has many those that hold rows of the body, where that is known, and many of these
    /// in a line.
    fn files(&self) -> String {
        let mut tables: Vec<(&TableName, Vec<&FileRecord>)> = vec![];
        for (table, file) in self.told.files() {
            match tables.iter_mut().find(|(known, _)| *known == table) {
                Some((_, files)) => files.push(file),
                None => tables.push((table, vec![file])),
            }
        }
        if tables.is_empty() {
            return format!("{}: {}\n", self.words.get("explain_files"), self.words.get("explain_no_files"));
        }
        let rows: Vec<_> = tables.iter().flat_map(|(table, files)| self.files_of(table, files)).collect();
        let is_narrowed = |(table, files): &(&TableName, Vec<&FileRecord>)| {
            files.len() > FILES_NAMED && self.told.holding.contains_key(*table)
        };
        let note = match tables.iter().any(is_narrowed) {
            true => format!("  {}\n", self.words.get("explain_files_narrowed")),
            false => String::new(),
        };
        format!("{}\n{}{note}", self.words.get("explain_files"), columns(&rows, &[]))
    }

    /// The lines of the files of a table.
    fn files_of(&self, table: &TableName, all: &[&FileRecord]) -> Vec<Vec<String>> {
        let one_by_one = |files: &[&FileRecord]| {
            files.iter().map(|file| self.file_row(file.path.clone(), table, &[file])).collect()
        };
        if all.len() <= FILES_NAMED {
            return one_by_one(all);
        }
        let of_body: Vec<&FileRecord> =
            all.iter().copied().filter(|file| self.told.is_held(table, file) != Some(false)).collect();
        let whole = |n: usize| self.words.numbers.whole(n as u64);
        let n = match of_body.len() == all.len() {
            true => self.words.count("explain_n_files", all.len() as u64),
            false => {
                let gaps = [("n", &*whole(of_body.len())), ("of", &*whole(all.len()))];
                self.words.fill("explain_n_of_files", &gaps)
            }
        };
        match of_body.as_slice() {
            [first, .., last] if of_body.len() > FILES_NAMED => {
                vec![self.file_row(format!("{n}: {} … {}", first.path, last.path), table, &of_body)]
            }
            files => {
                let head = vec![format!("  {n}"), table.to_string(), String::new()];
                std::iter::once(head).chain(one_by_one(files)).collect()
            }
        }
    }

    /// What came of some files of one table.
    fn file_row(&self, named: String, table: &TableName, files: &[&FileRecord]) -> Vec<String> {
        let whole = |n: u64| self.words.numbers.whole(n);
        let vintage = files.iter().map(|file| file.vintage).max().unwrap_or(0);
        let gaps = [
            ("loaded", &*whole(files.iter().map(|file| file.rows_loaded).sum())),
            ("rejected", &*whole(files.iter().map(|file| file.rows_rejected).sum())),
            ("vintage", &*whole(vintage.into())),
        ];
        vec![format!("  {named}"), table.to_string(), self.words.fill("explain_rows", &gaps)]
    }
}

/// Of a table with more files than this they are not named one by one; as JSON they always are.
const FILES_NAMED: usize = 12;

/// Lines of cells set under each other, two blanks between; those of the columns in `right` flush right.
pub fn columns(rows: &[Vec<String>], right: &[usize]) -> String {
    let width = |n: usize| {
        rows.iter().filter_map(|row| row.get(n)).map(|cell| cell.chars().count()).max().unwrap_or(0)
    };
    let mut text = String::new();
    for row in rows {
        let cells = row.iter().enumerate().map(|(n, cell)| {
            let blanks = " ".repeat(width(n) - cell.chars().count());
            if right.contains(&n) { format!("{blanks}{cell}") } else { format!("{cell}{blanks}") }
        });
        text += cells.collect::<Vec<_>>().join("  ").trim_end();
        text.push('\n');
    }
    text
}
