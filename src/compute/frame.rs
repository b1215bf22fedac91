//! From the parts that a query gives to values: the only place where a numerator meets its denominator.

use polars::prelude::{Column, DataFrame, DataType, Float64Chunked, StringChunked};

use crate::db::Cell;
use crate::model::id::IdError;
use crate::model::indicator::{Indicator, Shape};
use crate::model::measure::{MISSING_STATUSES, Measure, Missing, NORMAL, STATUSES};
use crate::model::period::Period;
use crate::model::results::Observation;

/// The columns of a query that observations are made of.
struct Parts {
    org: StringChunked,
    period: Option<StringChunked>,
    breakdown: Option<StringChunked>,
    status: Option<StringChunked>,
    missing: Option<StringChunked>,
    source: Option<StringChunked>,
    numerator: Option<Float64Chunked>,
    denominator: Option<Float64Chunked>,
    value: Option<Float64Chunked>,
}

impl Parts {
    fn of(frame: &DataFrame) -> Result<Parts, String> {
        Ok(Parts {
            org: texts(frame, "org_id")?.ok_or("no column `org_id`")?,
            period: texts(frame, "period")?,
            breakdown: texts(frame, "breakdown")?,
            status: texts(frame, "status")?,
            missing: texts(frame, "missing")?,
            source: texts(frame, "source")?,
            numerator: numbers(frame, "numerator")?.or(numbers(frame, "count")?),
            denominator: numbers(frame, "denominator")?,
            value: numbers(frame, "value")?,
        })
    }
}

fn cast(column: &Column, kind: &DataType) -> Result<Column, String> {
    column.cast(kind).map_err(|error| format!("column `{}`: {error}", column.name()))
}

fn texts(frame: &DataFrame, name: &str) -> Result<Option<StringChunked>, String> {
    let Ok(column) = frame.column(name) else { return Ok(None) };
    // An empty column comes as text; a column of codes like `2026` comes as numbers.
    let column = cast(column, &DataType::String)?;
    column.str().map(|texts| Some(texts.clone())).map_err(|error| error.to_string())
}

fn numbers(frame: &DataFrame, name: &str) -> Result<Option<Float64Chunked>, String> {
    let Ok(column) = frame.column(name) else { return Ok(None) };
    if column.dtype() == &DataType::String && column.null_count() < column.len() {
        return Err(format!("column `{name}` holds text, a number is expected"));
    }
    let column = cast(column, &DataType::Float64)?;
    column.f64().map(|numbers| Some(numbers.clone())).map_err(|error| error.to_string())
}

fn text_at(texts: Option<&StringChunked>, row: usize) -> Option<&str> {
    texts.and_then(|texts| texts.get(row)).filter(|text| !text.is_empty())
}

fn number_at(numbers: Option<&Float64Chunked>, row: usize) -> Option<f64> {
    numbers.and_then(|numbers| numbers.get(row))
}

/// The observations that a query gives, or every row that cannot be used.
pub(super) fn observations(
    indicator: &Indicator,
    asked: Option<&Period>,
    frame: &DataFrame,
) -> Result<Vec<Observation>, Vec<String>> {
    let parts = Parts::of(frame).map_err(|wrong| vec![wrong])?;
    let mut observations = vec![];
    let mut wrong = vec![];
    for row in 0..frame.height() {
        match observation(indicator, asked, &parts, row) {
            Ok(observation) => observations.push(observation),
            Err(reason) => wrong.push(reason),
        }
    }
    if wrong.is_empty() { Ok(observations) } else { Err(wrong) }
}

fn observation(
    indicator: &Indicator,
    asked: Option<&Period>,
    parts: &Parts,
    row: usize,
) -> Result<Observation, String> {
    let org = text_at(Some(&parts.org), row).ok_or(format!("row {}: no `org_id`", row + 1))?;
    let period = match (text_at(parts.period.as_ref(), row), asked) {
        (Some(text), _) => text.parse::<Period>().map_err(|reason| format!("`{org}`: {reason}"))?,
        (None, Some(asked)) => *asked,
        (None, None) => return Err(format!("`{org}`: no `period`")),
    };
    let at_fault = |reason: String| format!("`{org}` in {period}: {reason}");
    let told = text_at(parts.missing.as_ref(), row).map(str::parse::<Missing>).transpose();
    let told = told.map_err(at_fault)?;
    // What the query keeps back or sets aside leaves no part behind from which it could be worked out.
    let number =
        |part: &Option<Float64Chunked>| if told.is_some() { None } else { number_at(part.as_ref(), row) };
    let (numerator, denominator) = (number(&parts.numerator), number(&parts.denominator));
    let measure = match told {
        Some(reason) => Measure::Missing(reason),
        None => measure(indicator, numerator, denominator, number(&parts.value)),
    };
    if matches!(measure, Measure::Value(value) if !value.is_finite()) {
        return Err(at_fault("the value is not finite".to_owned()));
    }
    let status = status(text_at(parts.status.as_ref(), row), measure).map_err(at_fault)?;
    Ok(Observation {
        indicator: indicator.id.clone(),
        org: org.parse().map_err(|reason: IdError| format!("row {}: {reason}", row + 1))?,
        period,
        breakdown: text_at(parts.breakdown.as_ref(), row).unwrap_or_default().to_owned(),
        numerator,
        denominator,
        measure,
        status: status.to_owned(),
        formula: indicator.formula_on(period.end()),
        after_break: false,
        is_partial: false,
        source: text_at(parts.source.as_ref(), row).map(str::to_owned),
        since: 0,
        trust: None,
    })
}

/// What the query says of a value, and of a missing one what its reason says.
fn status(told: Option<&str>, measure: Measure) -> Result<&str, String> {
    match (told, measure) {
        (Some(code), _) if MISSING_STATUSES.contains(&code) => {
            Err(format!("the status `{code}` stands for a missing value; give the reason in `missing`"))
        }
        (Some(code), _) if !STATUSES.contains(&code) => {
            Err(format!("no status `{code}`: one of {}", STATUSES.join(", ")))
        }
        (_, Measure::Missing(reason)) => Ok(reason.status()),
        (code, Measure::Value(_)) => Ok(code.unwrap_or(NORMAL)),
    }
}

/// An observation as a row of `out.observation`.
pub(super) fn row(observation: Observation, vintage: u32) -> Vec<Cell> {
    let number = |part: Option<f64>| part.map_or(Cell::Null, Cell::Number);
    let missing = match observation.measure {
        Measure::Value(_) => Cell::Null,
        Measure::Missing(reason) => reason.word().into(),
    };
    vec![
        observation.indicator.as_str().into(),
        observation.org.as_str().into(),
        observation.period.to_string().into(),
        observation.breakdown.into(),
        number(observation.numerator),
        number(observation.denominator),
        number(observation.measure.value()),
        missing,
        observation.status.into(),
        observation.formula.into(),
        vintage.into(),
        observation.source.into(),
    ]
}

/// The value of one row: scale x numerator / denominator, the count, or the value itself.
///
/// Missing is not zero: a part that is not there was not reported, and a denominator of zero leaves nothing to count.
pub(super) fn measure(
    indicator: &Indicator,
    numerator: Option<f64>,
    denominator: Option<f64>,
    value: Option<f64>,
) -> Measure {
    let known = |number: Option<f64>| number.map_or(Measure::Missing(Missing::NotReported), Measure::Value);
    match indicator.shape {
        Shape::Value => known(value),
        Shape::Count => known(numerator),
        Shape::Ratio => match (numerator, denominator) {
            (_, Some(0.0)) => Measure::Missing(Missing::NothingToCount),
            (Some(numerator), Some(denominator)) => Measure::Value(indicator.scale * numerator / denominator),
            _ => Measure::Missing(Missing::NotReported),
        },
    }
}
