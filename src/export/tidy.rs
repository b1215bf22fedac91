//! The long table that every format holds: one number a row, as reported or restated, with codes and labels.

use std::collections::HashMap;

use polars::prelude::{Column, DataFrame, IntoColumn, NamedFrom, PolarsError, Series};

use crate::cores::on_all_cores;
use crate::model::id::{IndicatorId, OrgId};
use crate::model::indicator::Indicator;
use crate::model::measure::Measure;
use crate::model::organisation::Organisation;
use crate::model::restated::Restated;
use crate::model::results::{Observation, Results};
use crate::model::text::Lang;

/// A number as reported, or as it is on the map of a day.
type Row<'a> = (&'a Observation, Option<&'a Restated>);

/// So many rows are turned into columns by one core at a time.
const ROWS_TOGETHER: usize = 50_000;

/// All numbers as a frame as reported first, then restated.
pub(super) fn frame(results: &Results) -> Result<DataFrame, PolarsError> {
    let mut rows = reported(results);
    rows.extend(restated(results));
    let said = Said::of(results);
    let (first, rest) = rows.split_at(rows.len().min(ROWS_TOGETHER));
    let parts: Vec<&[Row<'_>]> = std::iter::once(first).chain(rest.chunks(ROWS_TOGETHER)).collect();
    let mut frames = on_all_cores(&parts, |rows| frame_of(&said, rows)).into_iter();
    let mut frame = frames.next().unwrap_or_else(|| Ok(DataFrame::empty()))?;
    for part in frames {
        frame.vstack_mut_owned(part?)?;
    }
    frame.rechunk_mut();
    Ok(frame)
}

/// What is said beside numbers, to be found by ids.
struct Said<'a> {
    vintage: u32,
    indicators: HashMap<&'a IndicatorId, &'a Indicator>,
    organisations: HashMap<&'a OrgId, &'a Organisation>,
}

impl<'a> Said<'a> {
    fn of(results: &'a Results) -> Self {
        Said {
            vintage: results.vintage.number,
            indicators: results.indicators.iter().map(|indicator| (&indicator.id, indicator)).collect(),
            organisations: results.organisations.iter().map(|org| (&org.id, org)).collect(),
        }
    }
}

fn reported(results: &Results) -> Vec<Row<'_>> {
    results.observations.iter().map(|row| (row, None)).collect()
}

fn restated(results: &Results) -> Vec<Row<'_>> {
    results.restated.iter().map(|restated| (&restated.number, Some(restated))).collect()
}

fn frame_of(said: &Said<'_>, rows: &[Row<'_>]) -> Result<DataFrame, PolarsError> {
    let Said { vintage, indicators, organisations } = said;
    let of_indicator =
        |row: &Observation, lang| indicators.get(&row.indicator).map(|i| i.title.get(lang).to_owned());
    let of_org = |row: &Observation, lang| organisations.get(&row.org).map(|o| o.name.get(lang).to_owned());
    let unit = |row: &Observation| {
        let unit = indicators.get(&row.indicator).map(|indicator| serde_json::json!(indicator.unit));
        unit.and_then(|unit| unit.as_str().map(str::to_owned))
    };
    let missing = |row: &Observation| match row.measure {
        Measure::Missing(reason) => Some(reason.word().to_owned()),
        Measure::Value(_) => None,
    };
    let formula = |(row, restated): &Row<'_>| match restated {
        Some(restated) => restated.formula,
        None => Some(row.formula),
    };
    let view = |restated: Option<&Restated>| if restated.is_some() { "restated" } else { "reported" };
    let parts = |restated: &Restated| format!("{} of {}", restated.known, restated.parts.len());
    let filled = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let table = Rows(rows);
    let columns = vec![
        table.texts("indicator", |(row, _)| Some(row.indicator.to_string())),
        table.texts("indicator_vi", |(row, _)| of_indicator(row, Lang::Vi)),
        table.texts("indicator_en", |(row, _)| of_indicator(row, Lang::En)),
        table.texts("org_id", |(row, _)| Some(row.org.to_string())),
        table.texts("org_vi", |(row, _)| of_org(row, Lang::Vi)),
        table.texts("org_en", |(row, _)| of_org(row, Lang::En)),
        table.texts("level", |(row, _)| {
            organisations.get(&row.org).map(|organisation| organisation.level.clone())
        }),
        table.texts("period", |(row, _)| Some(row.period.to_string())),
        table.texts("calendar", |(row, _)| row.period.calendar().map(|calendar| calendar.word().to_owned())),
        table.texts("first_day", |(row, _)| Some(row.period.start().to_string())),
        table.texts("last_day", |(row, _)| Some(row.period.end().to_string())),
        table.texts("breakdown", |(row, _)| filled(&row.breakdown)),
        table.numbers("numerator", |(row, _)| row.numerator),
        table.numbers("denominator", |(row, _)| row.denominator),
        table.numbers("value", |(row, _)| row.measure.value()),
        table.texts("unit", |(row, _)| unit(row)),
        table.texts("missing", |(row, _)| missing(row)),
        table.texts("obs_status", |(row, _)| filled(&row.status)),
        table.truths("break", |(row, _)| row.after_break),
        table.whole("formula", formula),
        table.whole("vintage", |_| Some(*vintage)),
        table.texts("source", |(row, _)| row.source.clone()),
        table.texts("view", |(_, restated)| Some(view(*restated).to_owned())),
        table.texts("map_on", |(_, restated)| restated.map(|restated| restated.map_on.to_string())),
        table.texts("mark", |(_, restated)| restated.map(|restated| restated.mark.to_string())),
        table.texts("parts", |(_, restated)| restated.map(parts)),
        table.texts("quality", |(row, _)| row.trust.as_ref().map(|trust| trust.grade.to_string())),
        table.texts("quality_reasons", |(row, _)| row.trust.as_ref().map(|trust| trust.reasons.join(", "))),
    ];
    DataFrame::new(rows.len(), columns)
}

/// Rows that columns are made of.
pub(super) struct Rows<'a, R>(pub(super) &'a [R]);

impl<R> Rows<'_, R> {
    pub(super) fn texts(&self, name: &str, cell: impl Fn(&R) -> Option<String>) -> Column {
        let cells: Vec<Option<String>> = self.0.iter().map(cell).collect();
        Series::new(name.into(), cells).into_column()
    }

    pub(super) fn numbers(&self, name: &str, cell: impl Fn(&R) -> Option<f64>) -> Column {
        let cells: Vec<Option<f64>> = self.0.iter().map(cell).collect();
        Series::new(name.into(), cells).into_column()
    }

    pub(super) fn truths(&self, name: &str, cell: impl Fn(&R) -> bool) -> Column {
        let cells: Vec<bool> = self.0.iter().map(cell).collect();
        Series::new(name.into(), cells).into_column()
    }

    pub(super) fn whole(&self, name: &str, cell: impl Fn(&R) -> Option<u32>) -> Column {
        let cells: Vec<Option<u32>> = self.0.iter().map(cell).collect();
        Series::new(name.into(), cells).into_column()
    }
}
