//! Small indices for the tests of this room.

use std::collections::BTreeMap;

use super::case::Case;
use crate::model::index::{Amount, Edition, Given, IndexField, IndexTree, Ranking, Rule, Ties};
use crate::model::indicator::Unit;
use crate::model::text::Text;

/// An index `top`, its rules and its bodies.
pub(super) struct Ground {
    pub(super) tree: IndexTree,
    pub(super) edition: Edition,
    pub(super) field: IndexField,
}

impl Ground {
    /// Bodies `A`, `B`, ... with the values of each part.
    pub(super) fn new(rules: &[(&str, Rule)], n_bodies: usize, values: &[(&str, &[f64])]) -> Ground {
        let text = || Text::both("x", "x");
        let edition = Edition {
            name: "2020".to_owned(),
            begins_on: "2020-01-01".parse().expect("a day"),
            formula: 1,
            tolerance: None,
            ranking: Ranking { decimals: 9, ties: Ties::Competition },
            note: None,
            rules: rules.iter().map(|(part, rule)| ((*part).to_owned(), rule.clone())).collect(),
        };
        let tree = IndexTree {
            id: "top".parse().expect("a valid id"),
            title: text(),
            unit: Unit::Index,
            decimals: 4,
            headline: None,
            legal_basis: None,
            method: text(),
            note: None,
            classes: vec![],
            outlook: None,
            parts: edition.in_use("top").into_iter().map(|part| (part, text())).collect(),
            editions: vec![edition.clone()],
            sql: String::new(),
        };
        let name = |body: usize| format!("B{body:03}").parse().expect("a valid id");
        let given = |body: usize| {
            values.iter().map(move |(part, values)| Given {
                body,
                part: (*part).to_owned(),
                amount: Amount::Value(values[body]),
            })
        };
        let field = IndexField {
            period: "2020".parse().expect("a period"),
            among: String::new(),
            bodies: (0..n_bodies).map(name).collect(),
            given: (0..n_bodies).flat_map(given).collect(),
        };
        Ground { tree, edition, field }
    }

    /// One of the bodies.
    pub(super) fn case(&self, body: usize) -> Case<'_> {
        Case::new(&self.tree, &self.edition, &self.field, body)
    }
}

/// A part made of others with these weights.
pub(super) fn made_of(parts: &[(&str, f64)]) -> Rule {
    let parts: BTreeMap<&str, f64> = parts.iter().copied().collect();
    Rule {
        parts: parts.into_iter().map(|(part, weight)| (part.to_owned(), weight)).collect(),
        ..Rule::default()
    }
}
