//! The cube: the table of observations with codes that SDMX allows, and the lists of these codes.

use std::collections::{BTreeMap, HashMap, HashSet};

use indexmap::IndexMap;
use polars::prelude::{
    ChunkFull, Column, DataFrame, Float64Chunked, IntoColumn, NewChunkedArray, PlSmallStr, PolarsError,
    StringChunked,
};

use super::components::{COMPONENTS, Component, Role, Takes, those};
use super::time::{frequency, time_period};
use crate::diagnostic::Diagnostic;
use crate::export::definition::DEFINITIONS;
use crate::export::{About, Dataset, failed};
use crate::model::period::Period;
use crate::model::results::Vintage;
use crate::model::text::Text;

/// The cells of a component, by row.
pub(super) enum Cells {
    Texts(Repeated),
    Numbers(Vec<Option<f64>>),
    Truths(Vec<Option<bool>>),
}

/// Texts that repeat, each held once: half a million rows have a few thousand of them.
pub(super) struct Repeated {
    /// In the order in which they come.
    pub texts: Vec<String>,
    /// Which of them stands in a row.
    pub places: Vec<Option<u32>>,
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
    /// How many observations there are.
    pub height: usize,
    /// The cells of each component.
    columns: Vec<Cells>,
}

impl Cube {
    pub(in crate::export) fn of(dataset: &Dataset<'_>) -> Result<Self, Diagnostic> {
        let table = Observations::of(dataset)?;
        let lists = lists(dataset, &table)?;
        let columns = COMPONENTS.iter().map(|component| table.cells(component.id));
        let columns = columns.collect::<Result<Vec<_>, _>>()?;
        let (about, vintage) = (dataset.about.clone(), dataset.results.vintage.clone());
        let cube = Cube { about, vintage, lists, height: table.frame.height(), columns };
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

    /// The cells of the component at a place.
    pub(super) fn cells(&self, at: usize) -> &Cells {
        &self.columns[at]
    }

    /// The table of SDMX-CSV 2.0.
    pub(super) fn frame(&self) -> Result<DataFrame, Diagnostic> {
        let flow = format!("{}:{}({})", self.about.agency, DATAFLOW, self.version());
        let same = |name: &str, text: &str| StringChunked::full(name.into(), text, self.height).into_column();
        let mut columns =
            vec![same("STRUCTURE", "dataflow"), same("STRUCTURE_ID", &flow), same("ACTION", "I")];
        columns
            .extend(COMPONENTS.iter().zip(&self.columns).map(|(component, cells)| cells.column(component)));
        DataFrame::new(self.height, columns).map_err(|error| failed("SDMX", error))
    }

    /// An error where two observations would stand at one place of the cube.
    fn unique_keys(&self) -> Result<(), Diagnostic> {
        let keys: Vec<&Repeated> =
            those(Role::is_in_key).filter_map(|(at, _)| self.columns[at].texts()).collect();
        let mut seen = HashSet::with_capacity(self.height);
        for row in 0..self.height {
            let key: Vec<Option<u32>> = keys.iter().map(|column| column.places[row]).collect();
            if !seen.insert(key) {
                let told: Vec<&str> = keys.iter().filter_map(|column| column.text(row)).collect();
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

impl Cells {
    pub(super) fn texts(&self) -> Option<&Repeated> {
        match self {
            Cells::Texts(texts) => Some(texts),
            _ => None,
        }
    }

    /// As a column of SDMX-CSV: numbers of measures as numbers, all else as it is shown.
    fn column(&self, component: &Component) -> Column {
        let name = component.id.into();
        match self {
            Cells::Texts(texts) => {
                StringChunked::from_iter_options(name, (0..texts.places.len()).map(|row| texts.text(row)))
                    .into_column()
            }
            Cells::Numbers(numbers) if component.takes == Takes::Type("Double") => {
                Float64Chunked::from_iter_options(name, numbers.iter().copied()).into_column()
            }
            Cells::Numbers(numbers) => shown(name, numbers),
            Cells::Truths(truths) => shown(name, truths),
        }
    }
}

fn shown<T: ToString>(name: PlSmallStr, cells: &[Option<T>]) -> Column {
    let texts = cells.iter().map(|cell| cell.as_ref().map(T::to_string));
    StringChunked::from_iter_options(name, texts).into_column()
}

impl Repeated {
    fn of<'a>(cells: impl Iterator<Item = Option<&'a str>>) -> Self {
        let mut known: HashMap<&str, u32> = HashMap::new();
        let mut texts = vec![];
        let mut place = |text: &'a str| {
            *known.entry(text).or_insert_with(|| {
                texts.push(text.to_owned());
                texts.len() as u32 - 1
            })
        };
        let places = cells.map(|cell| cell.map(&mut place)).collect();
        Repeated { texts, places }
    }

    /// Other texts in the place of these; nothing where there is none. Texts that become one are one.
    fn map(&self, change: impl Fn(&str) -> Option<String>) -> Self {
        let changed: Vec<Option<String>> = self.texts.iter().map(|text| change(text)).collect();
        let Repeated { texts, places } = Repeated::of(changed.iter().map(Option::as_deref));
        let places = self.places.iter().map(|place| place.and_then(|place| places[place as usize])).collect();
        Repeated { texts, places }
    }

    /// With a text where there is none.
    fn or(&self, text: &str) -> Self {
        Repeated::of((0..self.places.len()).map(|row| self.text(row).or(Some(text))))
    }

    /// What stands in a row.
    pub(super) fn text(&self, row: usize) -> Option<&str> {
        self.places[row].map(|place| self.texts[place as usize].as_str())
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
fn lists(
    dataset: &Dataset<'_>,
    table: &Observations<'_>,
) -> Result<BTreeMap<&'static str, Vec<Code>>, Diagnostic> {
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
    lists.insert("breakdown", breakdowns(dataset, table)?);
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
fn breakdowns(dataset: &Dataset<'_>, table: &Observations<'_>) -> Result<Vec<Code>, Diagnostic> {
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
    for own in table.texts("breakdown")?.texts {
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

/// The table of observations, of which components are made.
struct Observations<'a> {
    frame: &'a DataFrame,
    /// By indicator.
    decimals: HashMap<&'a str, u8>,
}

impl<'a> Observations<'a> {
    fn of(dataset: &'a Dataset<'_>) -> Result<Self, Diagnostic> {
        let table = dataset.table("observations");
        let table = table.ok_or_else(|| failed("SDMX", "there are no observations"))?;
        let indicators = dataset.results.indicators.iter();
        let decimals = indicators.map(|indicator| (indicator.id.as_str(), indicator.decimals)).collect();
        Ok(Observations { frame: &table.frame, decimals })
    }

    /// The cells of a component.
    fn cells(&self, id: &str) -> Result<Cells, Diagnostic> {
        let texts = |name| self.texts(name).map(Cells::Texts);
        let coded = |name| self.coded(name).map(Cells::Texts);
        match id {
            "FREQ" => self.of_periods(|period| frequency(period).to_owned()),
            "TIME_PERIOD" => self.of_periods(time_period),
            "CALENDAR" => Ok(Cells::Texts(self.coded("calendar")?.or("days"))),
            "BREAKDOWN" => Ok(Cells::Texts(self.coded("breakdown")?.or(TOTAL))),
            "VIEW" => coded("view"),
            "INDICATOR" => coded("indicator"),
            "ORGANISATION" => coded("org_id"),
            "UNIT_MEASURE" => coded("unit"),
            "LEVEL" => coded("level"),
            "OBS_STATUS" => coded("obs_status"),
            "MISSING" => coded("missing"),
            "MARK" => coded("mark"),
            "QUALITY" => coded("quality"),
            "PERIOD" => texts("period"),
            "MAP_ON" => texts("map_on"),
            "SOURCE" => texts("source"),
            "DECIMALS" => {
                let decimals = |indicator: &str| self.decimals.get(indicator).map(u8::to_string);
                Ok(Cells::Texts(self.texts("indicator")?.map(decimals)))
            }
            "OBS_VALUE" => self.numbers("value"),
            "NUMERATOR" => self.numbers("numerator"),
            "DENOMINATOR" => self.numbers("denominator"),
            "VINTAGE" => self.whole("vintage"),
            "FORMULA" => self.whole("formula"),
            "AFTER_BREAK" => self.truths("break"),
            other => unreachable!("`{other}` is no component"),
        }
    }

    fn column(&self, name: &str) -> Result<&Column, Diagnostic> {
        self.frame.column(name).map_err(unreadable)
    }

    fn texts(&self, name: &str) -> Result<Repeated, Diagnostic> {
        Ok(Repeated::of(self.column(name)?.str().map_err(unreadable)?.iter()))
    }

    /// Texts as codes that SDMX allows.
    fn coded(&self, name: &str) -> Result<Repeated, Diagnostic> {
        Ok(self.texts(name)?.map(|text| Some(allowed(text))))
    }

    fn of_periods(&self, told: impl Fn(&Period) -> String) -> Result<Cells, Diagnostic> {
        let periods = self.texts("period")?;
        let parsed = periods.texts.iter().map(|text| Ok((text.as_str(), text.parse()?)));
        let parsed: HashMap<&str, Period> =
            parsed.collect::<Result<_, String>>().map_err(|error| failed("SDMX", error))?;
        Ok(Cells::Texts(periods.map(|text| parsed.get(text).map(&told))))
    }

    fn numbers(&self, name: &str) -> Result<Cells, Diagnostic> {
        let column = self.column(name)?.f64().map_err(unreadable)?;
        Ok(Cells::Numbers(column.iter().collect()))
    }

    fn whole(&self, name: &str) -> Result<Cells, Diagnostic> {
        let column = self.column(name)?.u32().map_err(unreadable)?;
        Ok(Cells::Numbers(column.iter().map(|number| number.map(f64::from)).collect()))
    }

    fn truths(&self, name: &str) -> Result<Cells, Diagnostic> {
        let column = self.column(name)?.bool().map_err(unreadable)?;
        Ok(Cells::Truths(column.iter().collect()))
    }
}

fn unreadable(error: PolarsError) -> Diagnostic {
    failed("SDMX", error)
}
