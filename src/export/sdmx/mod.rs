//! SDMX: the structure in SDMX-ML 3.0, the data in SDMX-CSV 2.0 and SDMX-JSON 2.0.
//!
//! Takes the table of observations; gives one cube whose components, codes and keys all three files share.

mod components;
mod cube;
mod json;
mod structure;
mod time;
mod xml;

pub(super) use cube::Cube;

use super::csv::csv;
use super::{Dataset, Effort, Exporter, FilePlan};

/// The data as rows, with the structure.
pub(super) struct SdmxCsv;

/// The data as one message, with the structure.
pub(super) struct SdmxJson;

impl Exporter for SdmxCsv {
    fn name(&self) -> &'static str {
        "sdmx-csv"
    }

    fn files<'a>(&self, dataset: &'a Dataset<'a>) -> Vec<FilePlan<'a>> {
        let data = || csv(&dataset.cube()?.frame()?);
        vec![structure_file(dataset), FilePlan::new("sdmx-data.csv", Effort::Much, data)]
    }
}

impl Exporter for SdmxJson {
    fn name(&self) -> &'static str {
        "sdmx-json"
    }

    fn files<'a>(&self, dataset: &'a Dataset<'a>) -> Vec<FilePlan<'a>> {
        let data = || Ok(json::message(dataset.cube()?));
        vec![structure_file(dataset), FilePlan::new("sdmx-data.json", Effort::Much, data)]
    }
}

fn structure_file<'a>(dataset: &'a Dataset<'a>) -> FilePlan<'a> {
    FilePlan::new("sdmx-structure.xml", Effort::Little, || structure::message(dataset.cube()?))
}
