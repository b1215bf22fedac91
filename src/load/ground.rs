//! What the rows of a query follow from: its text and those of the views below it, the codes, the files in use. Where all of
//! it is as it was, the rows are as they were.

use std::collections::{BTreeMap, BTreeSet};

use sha2::{Digest, Sha256};

use super::contract::Contract;
use super::views::{View, below, rests_on};
use super::{name, organisation, table};
use crate::db::{Cell, Db, DbError, code};
use crate::model::id::TableName;
use crate::model::sum::hex;

/// What rows follow from: the views and codes, and the files in use.
pub(super) struct State {
    /// The sum of all but files.
    pub frame: String,
    /// The files.
    pub files: BTreeSet<u32>,
}

impl State {
    pub(super) fn fingerprint(&self) -> String {
        let files: Vec<String> = self.files.iter().map(u32::to_string).collect();
        format!("{} {}", self.frame, sum([files.join(",").as_str()]))
    }
}

/// One sum over texts, each apart from the next.
pub(super) fn sum(texts: impl IntoIterator<Item: AsRef<str>>) -> String {
    let mut sum = Sha256::new();
    for text in texts {
        sum.update(text.as_ref());
        sum.update([0]);
    }
    hex(&sum.finalize())
}

/// The files in use, by table, and the codes.
pub(super) struct States<'a> {
    pub views: &'a [View],
    files: BTreeMap<String, BTreeSet<u32>>,
    codes: String,
    /// How names are compared, which derived tables may rest on.
    names: String,
    /// What was written down of the rows that are kept, by mark.
    pub marks: BTreeMap<String, String>,
    /// What the list of codes itself rests on: it cannot follow from the codes.
    pub below_codes: BTreeSet<TableName>,
}

impl<'a> States<'a> {
    pub(super) fn read(db: &Db, views: &'a [View]) -> Result<Self, DbError> {
        let mut files: BTreeMap<String, BTreeSet<u32>> = BTreeMap::new();
        for row in db.query("SELECT table_name, file_id FROM meta.file WHERE state = 'current'", &[])?.rows {
            files.entry(row[0].shown()).or_default().extend(file_id(&row[1]));
        }
        let codes = organisation::digest(db)?;
        let list = views.iter().find(|view| view.table.as_str() == "ref.organisation_code");
        let mut below_codes = list.map(|list| below(list, views).1).unwrap_or_default();
        below_codes.extend(list.map(|list| list.table.clone()));
        let marks = db.query("SELECT work, fingerprint FROM meta.done", &[])?;
        let marks = marks.rows.iter().map(|row| (row[0].shown(), row[1].shown())).collect();
        Ok(States { views, files, codes, names: name::key("written"), marks, below_codes })
    }

    /// What the rows of a view follow from.
    pub(super) fn of(&self, view: &View) -> State {
        let (views, names) = below(view, self.views);
        let mut texts: Vec<&str> = views.iter().map(|view| &*view.source.text).collect();
        texts.sort_unstable();
        let codes = if self.below_codes.contains(&view.table) { "" } else { self.codes.as_str() };
        let files =
            names.iter().filter_map(|name| self.files.get(name.as_str())).flatten().copied().collect();
        State { frame: sum(texts.into_iter().chain([codes, self.names.as_str()])), files }
    }
}

/// A number of a file.
pub(super) fn file_id(cell: &Cell) -> Option<u32> {
    cell.integer().and_then(|id| u32::try_from(id).ok())
}

/// For each query a sum over all that its rows follow from; none where that is more than can be summed up, such as the clock.
pub fn grounds(
    db: &Db,
    contracts: &[Contract],
    views: &[View],
    queries: &[&str],
) -> Result<Vec<Option<String>>, DbError> {
    let (states, restless) = (States::read(db, views)?, Restless::read(db)?);
    let ground = |sql: &&str| {
        let tables = rests_on(sql, views, contracts);
        let views: Vec<&View> = views.iter().filter(|view| tables.contains(&view.table)).collect();
        let texts = || std::iter::once(*sql).chain(views.iter().map(|view| &*view.source.text));
        if texts().any(|text| restless.is_in(text)) {
            return None;
        }
        let filled = contracts.iter().filter(|contract| tables.contains(&contract.table));
        let filled =
            filled.map(|contract| format!("{} {}", contract.fingerprint, table::create_view(contract)));
        let names = [states.codes.clone(), states.names.clone()];
        let frame = sum(texts().map(str::to_owned).chain(filled).chain(names));
        let files =
            tables.iter().filter_map(|name| states.files.get(name.as_str())).flatten().copied().collect();
        Some(State { frame, files }.fingerprint())
    };
    Ok(queries.iter().map(ground).collect())
}

/// Words of SQL that another run may answer otherwise though no file, code or text is another.
struct Restless {
    /// The functions that DuckDB itself does not take for the same each time.
    functions: BTreeSet<String>,
}

impl Restless {
    fn read(db: &Db) -> Result<Self, DbError> {
        let functions = db.query(
            "SELECT DISTINCT lower(function_name) FROM duckdb_functions() WHERE stability <> 'CONSISTENT'",
            &[],
        )?;
        Ok(Restless { functions: functions.rows.iter().map(|row| row[0].shown()).collect() })
    }

    /// Whether a text has such a word, or reads what no file is behind.
    fn is_in(&self, text: &str) -> bool {
        let code = code(text).collect::<Vec<_>>().join("\n").to_lowercase();
        let is_part = |c: char| c.is_alphanumeric() || c == '_' || c == '.';
        let mut rest = code.as_str();
        while let Some(start) = rest.find(is_part) {
            rest = &rest[start..];
            let (word, after) = rest.split_at(rest.find(|c| !is_part(c)).unwrap_or(rest.len()));
            let name = word.rsplit('.').next().unwrap_or(word);
            let is_called = after.trim_start().starts_with('(');
            if (is_called && self.functions.contains(name))
                || WITHOUT_BRACKETS.contains(&word)
                || is_beside(word)
            {
                return true;
            }
            rest = after;
        }
        // Tables in quotes are not found by their names.
        IN_QUOTES.iter().any(|name| code.contains(name))
    }
}

/// What stands without brackets.
const WITHOUT_BRACKETS: [&str; 9] = [
    "current_date",
    "current_time",
    "current_timestamp",
    "localtime",
    "localtimestamp",
    "current_schema",
    "current_catalog",
    "sample",
    "tablesample",
];

const IN_QUOTES: [&str; 5] = ["\"fact\"", "\"ref\"", "\"meta\"", "\"out\"", "\"stored\""];

/// Whether a name is of a table that other things than the files of a contract decide on. The days of a period, and how names
/// are compared, are always the same.
fn is_beside(word: &str) -> bool {
    let is_ours = ["meta.period", "meta.name_key"].contains(&word);
    ["meta.", "out.", "stored.", "published."].iter().any(|schema| word.starts_with(schema)) && !is_ours
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_that_may_answer_otherwise_is_found_where_it_is_asked() {
        let db = Db::in_memory().expect("a database");
        let restless = Restless::read(&db).expect("its functions");
        for text in [
            "SELECT now()",
            "SELECT NOW ()",
            "SELECT system.random()",
            "SELECT current_date - opened_on FROM fact.service",
            "FROM fact.service USING SAMPLE 5",
            "SELECT count(*) FROM meta.vintage",
            "FROM \"fact\".\"service\"",
            "SELECT value FROM out.observation",
        ] {
            assert!(restless.is_in(text), "{text}");
        }
        for text in [
            "SELECT now.id, now.random FROM fact.service AS now",
            "SELECT 1 -- random()",
            "SELECT meta.name_key(name) FROM ref.agency JOIN meta.period USING (period)",
            "SELECT sum(level), count(*) FROM fact.outcome",
        ] {
            assert!(!restless.is_in(text), "{text}");
        }
    }
}
