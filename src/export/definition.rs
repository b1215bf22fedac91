//! What the tables of every export hold: their columns, types, keys and words, read from `tables.yml`.
//!
//! Takes nothing but that text; knows no rows. Every format takes names, types and words from here.

use std::sync::LazyLock;

use indexmap::IndexMap;
use serde::Deserialize;

use crate::model::text::Text;

/// Tables by their id, in the order of the workbook.
pub(super) static DEFINITIONS: LazyLock<Definitions> = LazyLock::new(|| {
    serde_saphyr::from_str(include_str!("tables.yml")).expect("the tables of exports are part of the program")
});

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Definitions {
    pub tables: IndexMap<String, TableDefinition>,
    /// Lists of codes, each code with its meaning.
    pub lists: IndexMap<String, IndexMap<String, Text>>,
    pub notes: Vec<Text>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TableDefinition {
    pub title: Text,
    /// What one row is.
    pub row: Text,
    /// Columns that no two rows share all of.
    #[serde(default)]
    pub key: Vec<String>,
    pub columns: IndexMap<String, Column>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Column {
    #[serde(rename = "type")]
    pub kind: Kind,
    #[serde(default)]
    pub required: bool,
    /// The list that its codes are from.
    pub codes: Option<String>,
    /// `table.column` that has each of its values.
    pub refers: Option<String>,
    pub vi: String,
    pub en: String,
}

impl Column {
    /// The table and the column that have each of its values.
    pub(super) fn target(&self) -> Option<(&str, &str)> {
        self.refers.as_deref().and_then(|refers| refers.split_once('.'))
    }

    /// Its codes.
    pub(super) fn list(&self) -> Option<&'static IndexMap<String, Text>> {
        DEFINITIONS.lists.get(self.codes.as_deref()?)
    }
}

/// What stands in a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Kind {
    Text,
    Number,
    Whole,
    Truth,
    /// A day, as ISO text.
    Day,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::text::Lang;

    #[test]
    fn lists_and_columns_that_are_named_are_there() {
        for (id, table) in &DEFINITIONS.tables {
            assert!(table.title.has(Lang::Vi) && table.title.has(Lang::En), "{id}");
            assert!(table.key.iter().all(|name| table.columns.contains_key(name)), "{id}");
            for (name, column) in &table.columns {
                assert_eq!(column.codes.is_some(), column.list().is_some(), "{id}.{name}");
                let Some((table, column)) = column.target() else { continue };
                assert_eq!(DEFINITIONS.tables[table].key, [column], "{id}.{name}");
            }
        }
        for (list, codes) in &DEFINITIONS.lists {
            assert!(codes.values().all(|name| name.has(Lang::Vi) && name.has(Lang::En)), "{list}");
        }
    }

    #[test]
    fn lists_have_the_codes_that_the_program_gives() {
        use crate::model::measure::{MISSING_STATUSES, Missing, STATUSES};
        use crate::model::progress::{Scale, Status};
        let codes = |list: &str| -> Vec<&str> {
            let mut codes: Vec<&str> = DEFINITIONS.lists[list].keys().map(String::as_str).collect();
            codes.sort_unstable();
            codes
        };
        let sorted = |mut words: Vec<&'static str>| {
            words.sort_unstable();
            words
        };
        assert_eq!(codes("missing"), sorted(Missing::ALL.iter().map(|(_, word)| *word).collect()));
        assert_eq!(codes("obs_status"), sorted([&STATUSES[..], &MISSING_STATUSES[..]].concat()));
        assert_eq!(codes("target_status"), sorted(Status::ALL.iter().map(|(_, word)| *word).collect()));
        assert_eq!(codes("scale"), sorted(Scale::ALL.iter().map(|(_, word)| *word).collect()));
        let marks = crate::model::restated::Mark::ALL;
        assert_eq!(codes("mark"), sorted(marks.iter().map(|(_, word)| *word).collect()));
    }
}
