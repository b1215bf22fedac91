//! The data message, SDMX-JSON 2.0: all observations flat, codes and repeated texts by their place in lists.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write;

use serde_json::{Value, json};

use super::components::{COMPONENTS, Component, Role, Takes, place, those};
use super::cube::{Cells, Cube, DATAFLOW, Repeated, STRUCTURE};
use super::structure::{message_id, prepared};
use crate::model::period::Period;
use crate::model::text::{Lang, Text};

/// The values of a component that are named by their place.
struct Listed {
    values: Vec<Value>,
    /// The place of each text of the component.
    places: Vec<Option<usize>>,
}

pub(super) fn message(cube: &Cube) -> Vec<u8> {
    let listed: Vec<Option<Listed>> =
        COMPONENTS.iter().enumerate().map(|(at, component)| listed(cube, at, component)).collect();
    let structure = structure(cube, &listed);
    let meta = json!({
        "schema": "https://json.sdmx.org/2.0.0/sdmx-json-data-schema.json",
        "id": message_id(cube),
        "test": false,
        "prepared": prepared(cube),
        "contentLanguages": ["vi", "en"],
        "sender": { "id": cube.about.agency },
    });
    let links = json!([{ "rel": "dataflow", "urn": cube.urn("datastructure.Dataflow", DATAFLOW) }]);
    let vintage = json!([cube.vintage.number]);
    let groups = groups(cube, &listed);
    // The observations are written as they come: a tree of them would be many times their text.
    let mut text = format!(
        r#"{{"meta":{meta},"data":{{"structures":[{structure}],"dataSets":[{{"structure":0,"action":"Information","links":{links},"attributes":{vintage},"dimensionGroupAttributes":{groups},"observations":{{"#
    );
    let dimensions = columns(cube, &listed, Role::is_in_key);
    let mut observed = columns(cube, &listed, |role| role == Role::Measure);
    observed.extend(columns(cube, &listed, |role| role == Role::OfObservation));
    for row in 0..cube.height {
        text += if row > 0 { ",\n\"" } else { "\n\"" };
        write_key(&mut text, row, &dimensions);
        text += "\":";
        write_observation(&mut text, row, &observed);
    }
    text += "\n}}]}}\n";
    text.into_bytes()
}

/// Whether values of a component are named by their place: codes, and texts that repeat.
fn listed(cube: &Cube, at: usize, component: &Component) -> Option<Listed> {
    let texts = cube.cells(at).texts()?;
    if let Some(codes) = cube.codes(component) {
        let values = codes.iter().map(|code| named(json!({ "id": code.id }), &code.name)).collect();
        let known: HashMap<&str, usize> =
            codes.iter().enumerate().map(|(place, code)| (code.id.as_str(), place)).collect();
        let places = texts.texts.iter().map(|text| known.get(text.as_str()).copied()).collect();
        return Some(Listed { values, places });
    }
    let values: Vec<Value> = match component.role {
        Role::Time => moments(texts, cube.cells(place("PERIOD")).texts()?),
        _ => texts.texts.iter().map(|text| json!({ "value": text })).collect(),
    };
    // The schema asks for at least one value.
    (!values.is_empty()).then(|| Listed { places: (0..values.len()).map(Some).collect(), values })
}

fn named(mut value: Value, name: &Text) -> Value {
    value["name"] = json!(name.get(Lang::En));
    value["names"] = names(name);
    value
}

fn names(name: &Text) -> Value {
    Lang::ALL
        .into_iter()
        .map(|lang| (lang.code().to_owned(), json!(name.get(lang))))
        .collect::<serde_json::Map<_, _>>()
        .into()
}

/// Periods, each with its first and its last moment.
fn moments(times: &Repeated, periods: &Repeated) -> Vec<Value> {
    let mut named: Vec<Option<u32>> = vec![None; times.texts.len()];
    for (time, period) in times.places.iter().zip(&periods.places) {
        if let (Some(time), Some(period)) = (time, period) {
            named[*time as usize].get_or_insert(*period);
        }
    }
    let period = |place: Option<u32>| periods.texts[place? as usize].parse::<Period>().ok();
    times.texts.iter().zip(named).map(|(text, place)| moment(text, period(place))).collect()
}

fn moment(text: &str, period: Option<Period>) -> Value {
    let mut value = json!({ "id": text, "name": text });
    if text.contains('/') {
        // A range is no id.
        value = json!({ "value": text });
    }
    if let Some(period) = period {
        value["start"] = json!(format!("{}T00:00:00Z", period.start()));
        value["end"] = json!(format!("{}T23:59:59Z", period.end()));
    }
    value
}

fn structure(cube: &Cube, listed: &[Option<Listed>]) -> Value {
    let dimensions: Vec<Value> = those(Role::is_in_key)
        .map(|(at, component)| {
            let mut value = described(component, listed[at].as_ref());
            value["keyPosition"] = json!(at);
            if value.get("values").is_none() {
                value["values"] = json!([]);
            }
            value
        })
        .collect();
    let measures: Vec<Value> = those(|role| role == Role::Measure)
        .map(|(at, component)| described(component, listed[at].as_ref()))
        .collect();
    let attributes = |is: fn(Role) -> bool| -> Vec<Value> {
        those(is)
            .map(|(at, component)| {
                let mut value = described(component, listed[at].as_ref());
                value["relationship"] = match component.role {
                    Role::OfDataSet => json!({ "dataflow": {} }),
                    Role::Of(dimension) => json!({ "dimensions": [dimension] }),
                    _ => json!({ "observation": {} }),
                };
                value["isMandatory"] = json!(component.id == "OBS_STATUS");
                value
            })
            .collect()
    };
    json!({
        "name": cube.about.title.get(Lang::En),
        "names": names(&cube.about.title),
        "links": [
            { "rel": "dataflow", "urn": cube.urn("datastructure.Dataflow", DATAFLOW) },
            { "rel": "datastructure", "urn": cube.urn("datastructure.DataStructure", STRUCTURE) },
        ],
        "dataSets": [0],
        "dimensions": { "observation": dimensions },
        "measures": { "observation": measures },
        "attributes": {
            "dataSet": attributes(|role| role == Role::OfDataSet),
            "dimensionGroup": attributes(|role| matches!(role, Role::Of(_))),
            "observation": attributes(|role| role == Role::OfObservation),
        },
    })
}

fn described(component: &Component, listed: Option<&Listed>) -> Value {
    let mut value = named(json!({ "id": component.id }), &Text::both(component.name[0], component.name[1]));
    if let Some(listed) = listed {
        value["values"] = json!(listed.values);
    }
    if let Takes::Type(kind) = component.takes {
        value["format"] = json!({ "dataType": kind });
    }
    value
}

/// The cells of a component with the list that names them, if one does.
type Told<'a> = (&'a Cells, Option<&'a Listed>);

fn columns<'a>(cube: &'a Cube, listed: &'a [Option<Listed>], is: impl Fn(Role) -> bool) -> Vec<Told<'a>> {
    those(is).map(|(at, _)| told(cube, listed, at)).collect()
}

fn told<'a>(cube: &'a Cube, listed: &'a [Option<Listed>], at: usize) -> Told<'a> {
    (cube.cells(at), listed[at].as_ref())
}

/// The place of what stands in a row in the list of its component.
fn at(row: usize, (cells, listed): Told<'_>) -> Option<usize> {
    listed?.places[cells.texts()?.places[row]? as usize]
}

/// `1:0:4:...`, the places of the values of the dimensions.
fn write_key(text: &mut String, row: usize, dimensions: &[Told<'_>]) {
    for (number, dimension) in dimensions.iter().enumerate() {
        let colon = if number > 0 { ":" } else { "" };
        let _ = write!(text, "{colon}{}", at(row, *dimension).unwrap_or(0));
    }
}

/// Measures, then attributes of the observation.
fn write_observation(text: &mut String, row: usize, observed: &[Told<'_>]) {
    let mut cells: Vec<Value> = observed.iter().map(|told| value(row, *told)).collect();
    // What is missing at the end is left out; the value itself stays, also where it is missing.
    while cells.len() > 1 && cells.last() == Some(&Value::Null) {
        cells.pop();
    }
    let _ = write!(text, "{}", Value::from(cells));
}

fn value(row: usize, told: Told<'_>) -> Value {
    match told.0 {
        Cells::Texts(texts) => match (at(row, told), texts.text(row)) {
            (Some(place), _) => json!(place),
            (None, text) => json!(text),
        },
        Cells::Numbers(numbers) => match numbers[row] {
            Some(number) if number.fract() == 0.0 && number.abs() < 9e15 => json!(number as i64),
            number => json!(number),
        },
        Cells::Truths(truths) => json!(truths[row]),
    }
}

/// Attributes of all observations with one value of a dimension, by its place: `:::4:::`.
fn groups(cube: &Cube, listed: &[Option<Listed>]) -> Value {
    let attributes: Vec<(usize, &Component)> = those(|role| matches!(role, Role::Of(_))).collect();
    let dimensions: Vec<usize> = those(Role::is_in_key).map(|(at, _)| at).collect();
    let mut groups = serde_json::Map::new();
    for (number, (column, component)) in attributes.iter().enumerate() {
        let Role::Of(dimension) = component.role else { continue };
        let dimension = place(dimension);
        let of = told(cube, listed, dimension);
        let rows = (0..cube.height).filter_map(|row| Some((at(row, of)?, row)));
        for (of, row) in rows.collect::<BTreeMap<usize, usize>>() {
            let key: Vec<String> = dimensions
                .iter()
                .map(|one| if *one == dimension { of.to_string() } else { String::new() })
                .collect();
            let group =
                groups.entry(key.join(":")).or_insert_with(|| json!(vec![Value::Null; attributes.len()]));
            group[number] = value(row, told(cube, listed, *column));
        }
    }
    groups.into()
}
