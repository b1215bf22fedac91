//! SDMX: the structure in SDMX-ML 3.0, the data in SDMX-CSV 2.0 and SDMX-JSON 2.0.
//!
//! Takes the table of observations; gives one cube whose components, codes and keys all three files share.

mod components;
mod cube;
mod json;
mod structure;
mod time;
mod xml;

use cube::Cube;

use super::csv::csv;
use super::{Dataset, ExportFile, Exporter};
use crate::diagnostic::Diagnostic;

/// The data as rows, with the structure.
pub(super) struct SdmxCsv;

/// The data as one message, with the structure.
pub(super) struct SdmxJson;

impl Exporter for SdmxCsv {
    fn name(&self) -> &'static str {
        "sdmx-csv"
    }

    fn files(&self, dataset: &Dataset<'_>) -> Result<Vec<ExportFile>, Diagnostic> {
        let cube = Cube::of(dataset)?;
        let data = ExportFile { name: "sdmx-data.csv".into(), bytes: csv(&cube.frame()?)? };
        Ok(vec![structure_file(&cube)?, data])
    }
}

impl Exporter for SdmxJson {
    fn name(&self) -> &'static str {
        "sdmx-json"
    }

    fn files(&self, dataset: &Dataset<'_>) -> Result<Vec<ExportFile>, Diagnostic> {
        let cube = Cube::of(dataset)?;
        let data = ExportFile { name: "sdmx-data.json".into(), bytes: json::message(&cube)? };
        Ok(vec![structure_file(&cube)?, data])
    }
}

fn structure_file(cube: &Cube<'_>) -> Result<ExportFile, Diagnostic> {
    Ok(ExportFile { name: "sdmx-structure.xml".into(), bytes: structure::message(cube)? })
}
