//! All tables of an export, made once: the one place from which every format takes its rows.
//!
//! What is withheld in the results is withheld in every format, since none of them looks elsewhere.

use std::sync::OnceLock;

use polars::prelude::{DataFrame, PolarsError};
use sha2::{Digest, Sha256};

use super::about::About;
use super::csv::csv;
use super::definition::{DEFINITIONS, TableDefinition};
use super::sdmx::Cube;
use super::{failed, lists, scores, targets, tidy};
use crate::diagnostic::Diagnostic;
use crate::model::results::Results;
use crate::model::sum::hex;

/// The tables with what is said of them.
pub struct Dataset<'a> {
    pub(super) results: &'a Results,
    pub(super) about: &'a About,
    /// Those with rows, and the observations.
    pub(super) tables: Vec<Table>,
    /// What the SDMX formats share, once one of them asks for it.
    cube: OnceLock<Result<Cube, Diagnostic>>,
}

/// A table of the export.
pub(super) struct Table {
    /// The stem of its files.
    pub id: &'static str,
    pub definition: &'static TableDefinition,
    pub frame: DataFrame,
    /// The same as CSV, whose sum stands for it.
    pub csv: Vec<u8>,
}

impl<'a> Dataset<'a> {
    /// Takes the tables out of the results.
    pub fn of(results: &'a Results, about: &'a About) -> Result<Self, Diagnostic> {
        let mut tables = vec![];
        for (id, definition) in &DEFINITIONS.tables {
            let frame = frame(id, results).map_err(|error| failed(id, error))?;
            if frame.height() > 0 || id == "observations" {
                let csv = csv(&frame)?;
                tables.push(Table { id, definition, frame, csv });
            }
        }
        Ok(Dataset { results, about, tables, cube: OnceLock::new() })
    }

    /// The observations as a cube of SDMX.
    pub(super) fn cube(&self) -> Result<&Cube, Diagnostic> {
        self.cube.get_or_init(|| Cube::of(self)).as_ref().map_err(Clone::clone)
    }

    pub(super) fn table(&self, id: &str) -> Option<&Table> {
        self.tables.iter().find(|table| table.id == id)
    }

    /// SHA-256 of what all tables hold, whatever the format.
    pub fn sha256(&self) -> String {
        let mut sum = Sha256::new();
        for table in &self.tables {
            sum.update(table.id);
            sum.update(&table.csv);
        }
        hex(&sum.finalize())
    }
}

fn frame(id: &str, results: &Results) -> Result<DataFrame, PolarsError> {
    match id {
        "observations" => tidy::frame(results),
        "index-scores" => scores::frame(results),
        "targets" => targets::frame(results),
        "indicators" => lists::indicators(results),
        "breaks" => lists::breaks(results),
        "organisations" => lists::organisations(results),
        "codes" => lists::codes(),
        "sources" => lists::sources(results),
        other => unreachable!("`{other}` is no table of exports"),
    }
}

#[cfg(test)]
pub(super) mod tests {
    use polars::prelude::DataType;

    use super::*;
    use crate::export::definition::Kind;
    use crate::model::quality::QualityResults;
    use crate::model::reconciled::Reconciliation;
    use crate::model::results::Vintage;

    /// Results in which there is nothing.
    pub(in crate::export) fn nothing() -> Results {
        Results {
            vintage: Vintage { number: 1, loaded_at: "2026-11-24 08:15:00".into() },
            organisations: vec![],
            levels: vec![],
            layouts: vec![],
            indicators: vec![],
            observations: vec![],
            revisions: vec![],
            restated: vec![],
            indices: vec![],
            targets: vec![],
            progress: vec![],
            sources: vec![],
            rejects: vec![],
            checks: vec![],
            quality: QualityResults::default(),
            changes: None,
            reconciliation: Reconciliation::default(),
        }
    }

    #[test]
    fn tables_have_the_columns_that_are_told_of_them() {
        let results = nothing();
        for (id, definition) in &DEFINITIONS.tables {
            let frame = frame(id, &results).expect("a frame");
            let told: Vec<(&str, DataType)> = definition
                .columns
                .iter()
                .map(|(name, column)| {
                    let kind = match column.kind {
                        Kind::Text | Kind::Day => DataType::String,
                        Kind::Number => DataType::Float64,
                        Kind::Whole => DataType::UInt32,
                        Kind::Truth => DataType::Boolean,
                    };
                    (name.as_str(), kind)
                })
                .collect();
            let made: Vec<(&str, DataType)> = frame
                .columns()
                .iter()
                .map(|column| (column.name().as_str(), column.dtype().clone()))
                .collect();
            assert_eq!(made, told, "{id}");
        }
    }
}
