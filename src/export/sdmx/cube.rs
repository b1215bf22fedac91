//! The cube: the table of observations with codes that SDMX allows, and the lists of these codes.

use std::collections::{BTreeMap, HashMap, HashSet};

use indexmap::IndexMap;
use polars::prelude::{AnyValue, DataFrame, PolarsError};

use super::components::{COMPONENTS, Component, Role, Takes, place};
use super::time::{frequency, time_period};
use crate::diagnostic::Diagnostic;
use crate::export::definition::DEFINITIONS;
use crate::export::tidy::Rows;
use crate::export::{About, Dataset, failed};
use crate::model::period::Period;
use crate::model::results::Vintage;
use crate::model::text::Text;

/// A value of a component.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::export) enum Cell {
    Nothing,
    Text(String),
    Number(f64),
    Truth(bool),
}

/// A code with what SDMX says of it.
pub(in crate::export) struct Code {
    /// The id that SDMX allows.
    pub id: String,
    /// The code in all other formats.
    pub own: String,
    pub name: Text,
    pub description: Option<Text>,
    pub parent: Option<String>,
}

/// What stands in it, and who says so.
pub(in crate::export) struct Cube {
    pub about: About,
    pub vintage: Vintage,
    /// Lists of codes by their name.
    pub lists: BTreeMap<&'static str, Vec<Code>>,
    /// Cells by row, then component.
    pub rows: Vec<Vec<Cell>>,
}

impl Cube {
    pub(in crate::export) fn of(dataset: &Dataset<'_>) -> Result<Self, Diagnostic> {
        let lists = lists(dataset)?;
        let rows = rows(dataset)?;
        let (about, vintage) = (dataset.about.clone(), dataset.results.vintage.clone());
        let cube = Cube { about, vintage, lists, rows };
        cube.unique_keys()?;
        Ok(cube)
    }

    /// The codes that a component takes.
    pub(super) fn codes(&self, component: &Component) -> Option<&[Code]> {
        match component.takes {
            Takes::Codes(list) | Takes::Standard(_, _, list) => self.lists.get(list).map(Vec::as_slice),
            Takes::Type(_) => None,
        }
    }

    /// The version of our structures: their codes change with the data, so each vintage has its own.
    pub(super) fn version(&self) -> String {
        format!("1.{}.0", self.vintage.number)
    }

    /// A name of one of our structures: `class=AGENCY:ID(VERSION)`.
    pub(super) fn urn(&self, class: &str, id: &str) -> String {
        urn(class, &self.about.agency, id, &self.version())
    }

    /// The table of SDMX-CSV 2.0.
    pub(super) fn frame(&self) -> Result<DataFrame, Diagnostic> {
        let flow = format!("{}:{}({})", self.about.agency, DATAFLOW, self.version());
        let table = Rows(&self.rows);
        let mut columns = vec![
            table.texts("STRUCTURE", |_| Some("dataflow".into())),
            table.texts("STRUCTURE_ID", |_| Some(flow.clone())),
            table.texts("ACTION", |_| Some("I".into())),
        ];
        columns.extend(COMPONENTS.iter().enumerate().map(|(at, component)| match component.takes {
            Takes::Type("Double") => table.numbers(component.id, |row| row[at].number()),
            _ => table.texts(component.id, |row| row[at].shown()),
        }));
        DataFrame::new(self.rows.len(), columns).map_err(|error| failed("SDMX", error))
    }

    /// An error where two observations would stand at one place of the cube.
    fn unique_keys(&self) -> Result<(), Diagnostic> {
        let keys: Vec<usize> = super::components::those(|role| matches!(role, Role::Dimension | Role::Time))
            .map(|(at, _)| at)
            .collect();
        let mut seen = HashSet::new();
        for row in &self.rows {
            let key: Vec<Option<String>> = keys.iter().map(|at| row[*at].shown()).collect();
            let told: Vec<String> = key.iter().flatten().cloned().collect();
            if !seen.insert(key) {
                return Err(Diagnostic::error(format!(
                    "SDMX cannot tell two observations apart: both are `{}`",
                    told.join(".")
                ))
                .hint("look for two periods of an indicator that are the same days under two names"));
            }
        }
        Ok(())
    }
}

pub(super) const DATAFLOW: &str = "OBSERVATIONS";
pub(super) const STRUCTURE: &str = "OBSERVATIONS";
pub(super) const CONCEPTS: &str = "CONCEPTS";
/// The code of SDMX for all parts together.
const TOTAL: &str = "_T";

/// A name of a structure.
pub(super) fn urn(class: &str, agency: &str, id: &str, version: &str) -> String {
    format!("urn:sdmx:org.sdmx.infomodel.{class}={agency}:{id}({version})")
}

impl Cell {
    fn number(&self) -> Option<f64> {
        match self {
            Cell::Number(number) => Some(*number),
            _ => None,
        }
    }

    /// As a text; nothing where it is missing.
    pub(super) fn shown(&self) -> Option<String> {
        match self {
            Cell::Nothing => None,
            Cell::Text(text) => Some(text.clone()),
            Cell::Number(number) => Some(number.to_string()),
            Cell::Truth(truth) => Some(truth.to_string()),
        }
    }
}

/// An id that SDMX allows: letters, digits, `_` and `-`. Codes may have `@` and `$` as well, but no code that others
/// stand under.
fn allowed(code: &str) -> String {
    code.chars().map(|c| if c.is_ascii_alphanumeric() || "_-".contains(c) { c } else { '_' }).collect()
}

/// A code that others can stand under begins with a letter; under any other they stand in no order.
fn as_parent(code: &str) -> Option<String> {
    code.starts_with(|c: char| c.is_ascii_alphabetic()).then(|| allowed(code))
}

fn code(own: &str, name: Text) -> Code {
    Code { id: allowed(own), own: own.to_owned(), name, description: None, parent: None }
}

/// All lists of codes; an error where two codes would get one id.
fn lists(dataset: &Dataset<'_>) -> Result<BTreeMap<&'static str, Vec<Code>>, Diagnostic> {
    let results = dataset.results;
    let mut lists: BTreeMap<&'static str, Vec<Code>> = BTreeMap::new();
    for component in &COMPONENTS {
        let (Takes::Codes(list) | Takes::Standard(_, _, list)) = component.takes else { continue };
        let codes = DEFINITIONS.lists.get(list).into_iter().flatten();
        lists.insert(list, codes.map(|(own, name)| code(own, name.clone())).collect());
    }
    let indicators = results.indicators.iter().map(|indicator| Code {
        description: Some(indicator.method.clone()),
        ..code(indicator.id.as_str(), indicator.title.clone())
    });
    lists.insert("indicator", indicators.collect());
    let known: HashSet<&str> = results.organisations.iter().map(|org| org.id.as_str()).collect();
    let organisations = results.organisations.iter().map(|org| Code {
        parent: org.parent.as_ref().map(|id| id.as_str()).filter(|id| known.contains(id)).and_then(as_parent),
        ..code(org.id.as_str(), org.name.clone())
    });
    lists.insert("organisation", organisations.collect());
    lists.insert("level", levels(dataset));
    lists.insert("breakdown", breakdowns(dataset)?);
    for (list, codes) in &lists {
        let mut seen: HashMap<&str, &str> = HashMap::new();
        for code in codes {
            if let Some(other) = seen.insert(&code.id, &code.own) {
                return Err(Diagnostic::error(format!(
                    "`{other}` and `{}` are one code of SDMX, `{}`, in the list of codes `{list}`",
                    code.own, code.id
                ))
                .hint("SDMX allows letters, digits, `_` and `-` in codes; everything else becomes `_`"));
            }
        }
    }
    Ok(lists)
}

/// Levels of organisations, named where the project names them.
fn levels(dataset: &Dataset<'_>) -> Vec<Code> {
    let mut levels: IndexMap<&str, Text> =
        dataset.results.levels.iter().map(|level| (level.id.as_str(), level.name.clone())).collect();
    for org in &dataset.results.organisations {
        levels.entry(&org.level).or_insert_with(|| Text::both(org.level.clone(), org.level.clone()));
    }
    levels.into_iter().map(|(own, name)| code(own, name)).collect()
}

/// Parts that numbers are given for: those of the indicators, and any others that occur, named by their code.
fn breakdowns(dataset: &Dataset<'_>) -> Result<Vec<Code>, Diagnostic> {
    use crate::model::text::Lang;
    let mut names: BTreeMap<String, [Vec<String>; 2]> = BTreeMap::new();
    for (own, name) in dataset.results.indicators.iter().flat_map(|indicator| &indicator.breakdown) {
        let told = names.entry(own.clone()).or_default();
        // A code may be called otherwise by another indicator; both names are told.
        for (told, lang) in told.iter_mut().zip(Lang::ALL) {
            let name = name.get(lang).to_owned();
            if !told.contains(&name) {
                told.push(name);
            }
        }
    }
    for own in texts(dataset, "breakdown")?.into_iter().flatten() {
        names.entry(own.clone()).or_insert_with(|| [vec![own.clone()], vec![own]]);
    }
    let total = Code {
        id: TOTAL.into(),
        own: String::new(),
        name: Text::both("Tổng số", "Total"),
        description: None,
        parent: None,
    };
    let parts =
        names.into_iter().map(|(own, [vi, en])| code(&own, Text::both(vi.join(" / "), en.join(" / "))));
    Ok(std::iter::once(total).chain(parts).collect())
}

/// A column of texts of the table of observations.
fn texts(dataset: &Dataset<'_>, name: &str) -> Result<Vec<Option<String>>, Diagnostic> {
    let column = cells(dataset, name)?;
    Ok(column.into_iter().map(|cell| if let Cell::Text(text) = cell { Some(text) } else { None }).collect())
}

/// A column of the table of observations.
fn cells(dataset: &Dataset<'_>, name: &str) -> Result<Vec<Cell>, Diagnostic> {
    let missing = |error: PolarsError| failed("SDMX", error);
    let table = dataset.table("observations").ok_or_else(|| failed("SDMX", "there are no observations"))?;
    let column = table.frame.column(name).map_err(missing)?;
    let cell = |value: AnyValue<'_>| match value {
        AnyValue::Null => Cell::Nothing,
        AnyValue::Float64(number) => Cell::Number(number),
        AnyValue::UInt32(number) => Cell::Number(number.into()),
        AnyValue::Boolean(truth) => Cell::Truth(truth),
        other => Cell::Text(other.get_str().unwrap_or_default().to_owned()),
    };
    Ok(column.as_materialized_series().iter().map(cell).collect())
}

/// The rows, component by component.
fn rows(dataset: &Dataset<'_>) -> Result<Vec<Vec<Cell>>, Diagnostic> {
    let periods = texts(dataset, "period")?;
    let mut rows = vec![vec![Cell::Nothing; COMPONENTS.len()]; periods.len()];
    let mut fill = |id: &str, column: Vec<Cell>| {
        let at = place(id);
        rows.iter_mut().zip(column).for_each(|(row, cell)| row[at] = cell);
    };
    let coded = |column: Vec<Option<String>>, empty: Option<&str>| -> Vec<Cell> {
        let cell = |text: Option<String>| match text.as_deref().map(allowed).or(empty.map(str::to_owned)) {
            Some(code) => Cell::Text(code),
            None => Cell::Nothing,
        };
        column.into_iter().map(cell).collect()
    };
    let parsed: Vec<Period> = periods
        .iter()
        .map(|text| text.as_deref().unwrap_or_default().parse())
        .collect::<Result<_, String>>()
        .map_err(|error| failed("SDMX", error))?;
    fill("FREQ", parsed.iter().map(|period| Cell::Text(frequency(period).into())).collect());
    fill("TIME_PERIOD", parsed.iter().map(|period| Cell::Text(time_period(period))).collect());
    fill("CALENDAR", coded(texts(dataset, "calendar")?, Some("days")));
    fill("BREAKDOWN", coded(texts(dataset, "breakdown")?, Some(TOTAL)));
    for (id, column) in [
        ("VIEW", "view"),
        ("INDICATOR", "indicator"),
        ("ORGANISATION", "org_id"),
        ("UNIT_MEASURE", "unit"),
        ("LEVEL", "level"),
        ("OBS_STATUS", "obs_status"),
        ("MISSING", "missing"),
        ("MARK", "mark"),
        ("QUALITY", "quality"),
    ] {
        fill(id, coded(texts(dataset, column)?, None));
    }
    for (id, column) in [
        ("OBS_VALUE", "value"),
        ("NUMERATOR", "numerator"),
        ("DENOMINATOR", "denominator"),
        ("VINTAGE", "vintage"),
        ("AFTER_BREAK", "break"),
        ("FORMULA", "formula"),
        ("PERIOD", "period"),
        ("MAP_ON", "map_on"),
        ("SOURCE", "source"),
    ] {
        fill(id, cells(dataset, column)?);
    }
    let decimals: HashMap<&str, u8> = dataset
        .results
        .indicators
        .iter()
        .map(|indicator| (indicator.id.as_str(), indicator.decimals))
        .collect();
    let decimals_of = |id: Option<String>| match decimals.get(id.as_deref().unwrap_or_default()) {
        Some(decimals) => Cell::Text(decimals.to_string()),
        None => Cell::Nothing,
    };
    fill("DECIMALS", texts(dataset, "indicator")?.into_iter().map(decimals_of).collect());
    Ok(rows)
}
