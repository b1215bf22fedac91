//! The tables that explain the others: indicators, breaks, organisations, codes, sources.

use std::collections::HashMap;

use polars::prelude::{DataFrame, PolarsError};

use super::definition::DEFINITIONS;
use super::tidy::Rows;
use crate::model::indicator::{Break, Indicator};
use crate::model::intake::{FileRecord, FileState, SourceStatus};
use crate::model::results::Results;
use crate::model::text::{Lang, Text};

/// A text in a language, as a cell.
fn told(text: &Text, lang: Lang) -> Option<String> {
    Some(text.get(lang).to_owned())
}

/// A word as definitions write it.
fn word(value: impl serde::Serialize) -> Option<String> {
    serde_json::json!(value).as_str().map(str::to_owned)
}

pub(super) fn indicators(results: &Results) -> Result<DataFrame, PolarsError> {
    let table = Rows(&results.indicators);
    let columns = vec![
        table.texts("indicator", |row| Some(row.id.to_string())),
        table.texts("name_vi", |row| told(&row.title, Lang::Vi)),
        table.texts("name_en", |row| told(&row.title, Lang::En)),
        table.texts("unit", |row| word(row.unit)),
        table.texts("direction", |row| word(row.direction)),
        table.texts("shape", |row| word(row.shape)),
        table.numbers("scale", |row| Some(row.scale)),
        table.whole("decimals", |row| Some(row.decimals.into())),
        table.texts("calendar", |row| Some(row.calendar.word().to_owned())),
        table.texts("legal_basis", |row| row.legal_basis.clone()),
        table.texts("formula", |row| Some(formulas(row))),
        table.texts("method_vi", |row| told(&row.method, Lang::Vi)),
        table.texts("method_en", |row| told(&row.method, Lang::En)),
        table.texts("note_vi", |row| told(row.note.as_ref()?, Lang::Vi)),
        table.texts("note_en", |row| told(row.note.as_ref()?, Lang::En)),
    ];
    DataFrame::new(results.indicators.len(), columns)
}

/// Versions of the formula with their first days: `1; 2 from 2026-05-01`.
fn formulas(indicator: &Indicator) -> String {
    let written = indicator.formulas().into_iter().map(|(formula, since)| match since {
        Some(day) => format!("{formula} from {day}"),
        None => formula.to_string(),
    });
    written.collect::<Vec<_>>().join("; ")
}

pub(super) fn breaks(results: &Results) -> Result<DataFrame, PolarsError> {
    let rows: Vec<(&Indicator, &Break)> = results
        .indicators
        .iter()
        .flat_map(|indicator| indicator.breaks.iter().map(move |cut| (indicator, cut)))
        .collect();
    let table = Rows(&rows);
    let columns = vec![
        table.texts("indicator", |(indicator, _)| Some(indicator.id.to_string())),
        table.texts("begins_on", |(_, cut)| Some(cut.at.to_string())),
        table.whole("formula", |(_, cut)| cut.formula),
        table.texts("why_vi", |(_, cut)| told(&cut.why, Lang::Vi)),
        table.texts("why_en", |(_, cut)| told(&cut.why, Lang::En)),
    ];
    DataFrame::new(rows.len(), columns)
}

pub(super) fn organisations(results: &Results) -> Result<DataFrame, PolarsError> {
    let levels: HashMap<&str, &Text> =
        results.levels.iter().map(|level| (level.id.as_str(), &level.name)).collect();
    let level = |id: &str, lang| told(levels.get(id)?, lang);
    let table = Rows(&results.organisations);
    let columns = vec![
        table.texts("org_id", |row| Some(row.id.to_string())),
        table.texts("name_vi", |row| told(&row.name, Lang::Vi)),
        table.texts("name_en", |row| told(&row.name, Lang::En)),
        table.texts("level", |row| Some(row.level.clone())),
        table.texts("level_vi", |row| level(&row.level, Lang::Vi)),
        table.texts("level_en", |row| level(&row.level, Lang::En)),
        table.texts("parent_id", |row| row.parent.as_ref().map(ToString::to_string)),
        table.texts("valid_from", |row| row.valid_from.map(|day| day.to_string())),
        table.texts("valid_to", |row| row.valid_to.map(|day| day.to_string())),
    ];
    DataFrame::new(results.organisations.len(), columns)
}

pub(super) fn codes() -> Result<DataFrame, PolarsError> {
    let rows: Vec<(&String, &String, &Text)> = DEFINITIONS
        .lists
        .iter()
        .flat_map(|(list, codes)| codes.iter().map(move |(code, name)| (list, code, name)))
        .collect();
    let table = Rows(&rows);
    let columns = vec![
        table.texts("list", |(list, ..)| Some((*list).clone())),
        table.texts("code", |(_, code, _)| Some((*code).clone())),
        table.texts("name_vi", |(.., name)| told(name, Lang::Vi)),
        table.texts("name_en", |(.., name)| told(name, Lang::En)),
    ];
    DataFrame::new(rows.len(), columns)
}

pub(super) fn sources(results: &Results) -> Result<DataFrame, PolarsError> {
    let rows: Vec<(&SourceStatus, Option<&FileRecord>)> = results.sources.iter().flat_map(files).collect();
    let table = Rows(&rows);
    let columns = vec![
        table.texts("source", |(source, _)| Some(source.id.to_string())),
        table.texts("name_vi", |(source, _)| told(&source.title, Lang::Vi)),
        table.texts("name_en", |(source, _)| told(&source.title, Lang::En)),
        table.texts("publisher", |(source, _)| told(&source.publisher, Lang::En)),
        table.texts("licence", |(source, _)| told(&source.licence, Lang::En)),
        table.texts("publisher_vi", |(source, _)| told(&source.publisher, Lang::Vi)),
        table.texts("licence_vi", |(source, _)| told(&source.licence, Lang::Vi)),
        table.texts("url", |(source, _)| source.url.clone()),
        table.texts("file", |(_, file)| file.map(|file| file.path.clone())),
        table.texts("sha256", |(_, file)| file.map(|file| file.sha256.clone())),
    ];
    DataFrame::new(rows.len(), columns)
}

/// A source with each of its files in use; without any, by itself.
pub(super) fn files(source: &SourceStatus) -> Vec<(&SourceStatus, Option<&FileRecord>)> {
    let current = source.files.iter().filter(|file| file.state == FileState::Current);
    let mut rows: Vec<_> = current.map(|file| (source, Some(file))).collect();
    // The order in which files were found is not a property of the data.
    rows.sort_by(|(_, one), (_, other)| one.map(|file| &file.path).cmp(&other.map(|file| &file.path)));
    if rows.is_empty() { vec![(source, None)] } else { rows }
}
