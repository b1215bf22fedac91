//! `indicators/*.yml` with the query of the same stem.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use indexmap::IndexMap;
use serde::de::Visitor;
use serde::{Deserialize, Deserializer};

use crate::diagnostic::{Diagnostic, Problems, Source};
use crate::model::id::{IndicatorId, OrgId, SourceId, TargetId};
use crate::model::indicator::{Break, Direction, Indicator, Param, Restate, Shape, Unit};
use crate::model::period::{Calendar, PeriodKind};
use crate::model::source::SourceEntry;
use crate::model::text::Text;
use crate::project::{Placed, Project, range_of, yaml};

/// The folder of indicators.
pub const INDICATORS: &str = "indicators";

/// An indicator with the files that it was written in, for placing what is wrong.
#[derive(Debug, Clone)]
pub struct Definition {
    /// The indicator.
    pub indicator: Indicator,
    /// Its YAML.
    pub source: Source,
    /// Its query.
    pub query: Source,
    /// Where each target was named.
    pub target_places: Vec<std::ops::Range<usize>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct IndicatorFile {
    id: Placed<IndicatorId>,
    title: Text,
    unit: Unit,
    direction: Direction,
    shape: Shape,
    #[serde(default)]
    decimals: Option<Placed<u8>>,
    scale: Option<f64>,
    period: PeriodKind,
    calendar: Option<Placed<Calendar>>,
    #[serde(default = "one")]
    formula: u32,
    restate: Option<Placed<Restate>>,
    #[serde(default)]
    breaks: Vec<BreakFile>,
    #[serde(default)]
    params: BTreeMap<String, ParamFile>,
    headline: Option<OrgId>,
    #[serde(default)]
    breakdown: IndexMap<String, Text>,
    #[serde(default)]
    targets: Vec<Placed<TargetId>>,
    sources: Vec<Placed<SourceId>>,
    legal_basis: Option<String>,
    method: Text,
    note: Option<Text>,
}

fn one() -> u32 {
    1
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct BreakFile {
    at: Placed<String>,
    why: Text,
    formula: Option<Placed<u32>>,
}

/// A parameter as it is written: a number, a date or a text.
struct ParamFile(Param);

impl<'de> Deserialize<'de> for ParamFile {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Scalar;

        impl Visitor<'_> for Scalar {
            type Value = ParamFile;

            fn expecting(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
                f.write_str("a number, a date or a text")
            }

            fn visit_i64<E>(self, value: i64) -> Result<ParamFile, E> {
                Ok(ParamFile(Param::Integer(value)))
            }

            fn visit_u64<E: serde::de::Error>(self, value: u64) -> Result<ParamFile, E> {
                i64::try_from(value).map(|value| ParamFile(Param::Integer(value))).map_err(E::custom)
            }

            fn visit_f64<E>(self, value: f64) -> Result<ParamFile, E> {
                Ok(ParamFile(Param::Number(value)))
            }

            fn visit_str<E>(self, value: &str) -> Result<ParamFile, E> {
                let date = NaiveDate::parse_from_str(value, "%Y-%m-%d");
                Ok(ParamFile(date.map_or_else(|_| Param::Text(value.to_owned()), Param::Date)))
            }
        }

        deserializer.deserialize_any(Scalar)
    }
}

/// Reads every indicator of the project; all problems at once.
///
/// Without `sources`, because they could not be read themselves, their names are not checked.
pub fn read_indicators(
    project: &Project,
    sources: Option<&[SourceEntry]>,
) -> Result<Vec<Definition>, Problems> {
    let mut problems = Problems::default();
    let mut definitions = vec![];
    for path in project.list(INDICATORS, ".yml")? {
        definitions.extend(problems.keep(read_indicator(project, &path, sources)));
    }
    for path in project.list("queries", ".sql")? {
        let definition = path.replacen("queries/", "indicators/", 1).replace(".sql", ".yml");
        if !project.has(&definition) {
            let problem = Diagnostic::error(format!("no indicator uses the query `{path}`"));
            problems
                .push(problem.in_file(&path).hint(format!("write `{definition}`, or move the query away")));
        }
    }
    problems.or(definitions)
}

fn read_indicator(
    project: &Project,
    path: &str,
    sources: Option<&[SourceEntry]>,
) -> Result<Definition, Problems> {
    let source = project.read(path)?;
    let file: IndicatorFile = yaml(&source)?;
    let mut problems = Problems::default();
    let stem = path.trim_start_matches("indicators/").trim_end_matches(".yml");
    if file.id.value.as_str() != stem {
        let place = source.place(range_of(&source, &file.id), format!("the file is called `{stem}.yml`"));
        problems.push(Diagnostic::error("the id of an indicator is the stem of its file").at(place));
    }
    for (id, sources) in file.sources.iter().filter_map(|id| Some((id, sources?))) {
        if !sources.iter().any(|source| source.id == id.value) {
            let place = source.place(range_of(&source, id), "not in `sources.yml`");
            let names = sources.iter().map(|source| source.id.as_str());
            problems.push(
                Diagnostic::error(format!("no source `{}`", id.value))
                    .at(place)
                    .suggest(id.value.as_str(), names),
            );
        }
    }
    if let Some(decimals) = file.decimals.as_ref().filter(|decimals| decimals.value > 8) {
        let place = source.place(range_of(&source, decimals), "at most 8");
        problems.push(Diagnostic::error("too many decimals").at(place));
    }
    if let Some(calendar) = file.calendar.as_ref().filter(|_| file.period == PeriodKind::Any) {
        let place = source.place(range_of(&source, calendar), "");
        problems.push(
            Diagnostic::error("`period: any` has no calendar: the query names the periods").at(place).hint(
                "give `2026-Q1-adm` as `period` in the query, or set `period: quarter` to be given its days",
            ),
        );
    }
    let breaks = problems.keep(breaks(&source, file.formula, &file.breaks));
    if let Some(restate) = file.restate.as_ref().filter(|restate| restate.value != Restate::None)
        && file.shape == Shape::Value
    {
        let place = source.place(range_of(&source, restate), "only `none`");
        problems.push(
            Diagnostic::error("values without their counts are never added")
                .at(place)
                .hint("give the counts with `shape: ratio` or `shape: count`, or leave `restate` away"),
        );
    }
    let query = problems.keep(project.read(&format!("queries/{stem}.sql")));
    match (query, breaks) {
        (Some(query), Some(breaks)) => problems.or(definition(file, breaks, source, query)),
        _ => Err(problems),
    }
}

/// The breaks in the order of their days: one a day, with versions of the formula that rise.
fn breaks(source: &Source, first: u32, written: &[BreakFile]) -> Result<Vec<Break>, Problems> {
    let mut problems = Problems::default();
    let mut dated = vec![];
    for cut in written {
        match NaiveDate::parse_from_str(&cut.at.value, "%Y-%m-%d") {
            Ok(day) => dated.push((day, cut)),
            Err(_) => {
                let place = source.place(range_of(source, &cut.at), "a day is written as `2026-05-01`");
                problems.push(Diagnostic::error(format!("`{}` is not a date", cut.at.value)).at(place));
            }
        }
    }
    dated.sort_by_key(|(day, _)| *day);
    for (_, second) in dated.windows(2).filter(|pair| pair[0].0 == pair[1].0).map(|pair| pair[1]) {
        let place = source.place(range_of(source, &second.at), "there is another one on this day");
        let problem = Diagnostic::error(format!("two breaks on {}", second.at.value)).at(place);
        problems.push(problem.hint("write one break whose `why` says both"));
    }
    let mut before = first;
    for formula in dated.iter().filter_map(|(_, cut)| cut.formula.as_ref()) {
        if formula.value <= before {
            let label = format!("the version before it is {before}");
            let place = source.place(range_of(source, formula), label);
            problems.push(Diagnostic::error("versions of the formula rise from break to break").at(place));
        }
        before = before.max(formula.value);
    }
    let made = |(at, cut): (NaiveDate, &BreakFile)| Break {
        at,
        why: cut.why.clone(),
        formula: cut.formula.as_ref().map(|formula| formula.value),
    };
    problems.or(dated.into_iter().map(made).collect())
}

fn definition(file: IndicatorFile, breaks: Vec<Break>, source: Source, query: Source) -> Definition {
    let default_scale = if file.unit == Unit::Percent && file.shape == Shape::Ratio { 100.0 } else { 1.0 };
    let restate = match (&file.restate, file.shape) {
        (Some(restate), _) => restate.value,
        (None, Shape::Ratio | Shape::Count) => Restate::Sum,
        (None, Shape::Value) => Restate::None,
    };
    let target_places = file.targets.iter().map(|target| range_of(&source, target)).collect();
    let indicator = Indicator {
        id: file.id.value,
        title: file.title,
        unit: file.unit,
        direction: file.direction,
        shape: file.shape,
        decimals: file.decimals.map_or(0, |decimals| decimals.value),
        scale: file.scale.unwrap_or(default_scale),
        period: file.period,
        calendar: file.calendar.map_or(Calendar::Civil, |calendar| calendar.value),
        formula: file.formula,
        restate,
        breaks,
        params: file.params.into_iter().map(|(name, param)| (name, param.0)).collect(),
        headline: file.headline,
        breakdown: file.breakdown.into_iter().collect(),
        targets: file.targets.into_iter().map(|target| target.value).collect(),
        sources: file.sources.into_iter().map(|source| source.value).collect(),
        legal_basis: file.legal_basis,
        method: file.method,
        note: file.note,
        sql: query.text.to_string(),
    };
    Definition { indicator, source, query, target_places }
}
