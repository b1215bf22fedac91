//! From the parts that a query gives to values: the only place where a numerator meets its denominator.

use polars::prelude::{Column, DataFrame, DataType, Float64Chunked, StringChunked};

use crate::db::Cell;
use crate::model::indicator::{Indicator, Shape};
use crate::model::measure::{Measure, Missing};
use crate::model::period::Period;

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

/// Rows of `out.observation`, or every row that cannot be used.
pub(super) fn observations(
    indicator: &Indicator,
    asked: Option<&Period>,
    frame: &DataFrame,
    vintage: u32,
) -> Result<Vec<Vec<Cell>>, Vec<String>> {
    let parts = Parts::of(frame).map_err(|wrong| vec![wrong])?;
    let mut rows = vec![];
    let mut wrong = vec![];
    for row in 0..frame.height() {
        match observation(indicator, asked, &parts, row, vintage) {
            Ok(cells) => rows.push(cells),
            Err(reason) => wrong.push(reason),
        }
    }
    if wrong.is_empty() { Ok(rows) } else { Err(wrong) }
}

fn observation(
    indicator: &Indicator,
    asked: Option<&Period>,
    parts: &Parts,
    row: usize,
    vintage: u32,
) -> Result<Vec<Cell>, String> {
    let org = text_at(Some(&parts.org), row).ok_or(format!("row {}: no `org_id`", row + 1))?;
    let period = match (text_at(parts.period.as_ref(), row), asked) {
        (Some(text), _) => text.parse::<Period>().map_err(|reason| format!("`{org}`: {reason}"))?,
        (None, Some(asked)) => *asked,
        (None, None) => return Err(format!("`{org}`: no `period`")),
    };
    let breakdown = text_at(parts.breakdown.as_ref(), row).unwrap_or_default();
    let told = text_at(parts.missing.as_ref(), row).map(str::parse::<Missing>).transpose();
    let told = told.map_err(|reason| format!("`{org}` in {period}: {reason}"))?;
    let numerator = number_at(parts.numerator.as_ref(), row);
    let denominator = number_at(parts.denominator.as_ref(), row);
    let measure = match told {
        Some(reason) => Measure::Missing(reason),
        None => measure(indicator, numerator, denominator, number_at(parts.value.as_ref(), row)),
    };
    if matches!(measure, Measure::Value(value) if !value.is_finite()) {
        return Err(format!("`{org}` in {period}: the value is not finite"));
    }
    let (value, missing) = match measure {
        Measure::Value(value) => (Cell::Number(value), Cell::Null),
        Measure::Missing(reason) => (Cell::Null, reason.word().into()),
    };
    let status = match measure {
        Measure::Missing(_) => "M",
        Measure::Value(_) => text_at(parts.status.as_ref(), row).unwrap_or("A"),
    };
    let number = |part: Option<f64>| part.map_or(Cell::Null, Cell::Number);
    Ok(vec![
        indicator.id.as_str().into(),
        org.into(),
        period.to_string().into(),
        breakdown.into(),
        number(numerator),
        number(denominator),
        value,
        missing,
        status.into(),
        indicator.formula.into(),
        vintage.into(),
        text_at(parts.source.as_ref(), row).map(str::to_owned).into(),
    ])
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
