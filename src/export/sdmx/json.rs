//! The data message, SDMX-JSON 2.0: all observations flat, codes and repeated texts by their place in lists.

use std::collections::HashMap;
use std::fmt::Write;

use serde_json::{Value, json};

use super::components::{COMPONENTS, Component, Role, Takes, place, those};
use super::cube::{Cell, Cube, DATAFLOW, STRUCTURE};
use super::structure::{message_id, prepared};
use crate::model::period::Period;
use crate::model::text::{Lang, Text};

/// The values of a component that are named by their place, with their places.
struct Listed {
    values: Vec<Value>,
    places: HashMap<String, usize>,
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
    for (number, row) in cube.rows.iter().enumerate() {
        let comma = if number > 0 { ",\n" } else { "\n" };
        let _ = write!(text, "{comma}\"{}\":{}", key(row, &listed), observation(row, &listed));
    }
    text += "\n}}]}}\n";
    text.into_bytes()
}

/// Whether values of a component are named by their place: codes, and texts that repeat.
fn listed(cube: &Cube, at: usize, component: &Component) -> Option<Listed> {
    if let Some(codes) = cube.codes(component) {
        let values = codes.iter().map(|code| named(json!({ "id": code.id }), &code.name)).collect();
        let places = codes.iter().enumerate().map(|(place, code)| (code.id.clone(), place)).collect();
        return Some(Listed { values, places });
    }
    if !matches!(component.takes, Takes::Type("String" | "ObservationalTimePeriod")) {
        return None;
    }
    let mut listed = Listed { values: vec![], places: HashMap::new() };
    let period_at = place("PERIOD");
    for row in &cube.rows {
        let Cell::Text(text) = &row[at] else { continue };
        if listed.places.contains_key(text) {
            continue;
        }
        listed.places.insert(text.clone(), listed.values.len());
        listed.values.push(match component.role {
            Role::Time => moment(text, &row[period_at]),
            _ => json!({ "value": text }),
        });
    }
    // The schema asks for at least one value.
    if listed.values.is_empty() {
        return None;
    }
    Some(listed)
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

/// A period with its first and its last moment.
fn moment(text: &str, period: &Cell) -> Value {
    let mut value = json!({ "id": text, "name": text });
    if text.contains('/') {
        // A range is no id.
        value = json!({ "value": text });
    }
    if let Cell::Text(period) = period
        && let Ok(period) = period.parse::<Period>()
    {
        value["start"] = json!(format!("{}T00:00:00Z", period.start()));
        value["end"] = json!(format!("{}T23:59:59Z", period.end()));
    }
    value
}

fn structure(cube: &Cube, listed: &[Option<Listed>]) -> Value {
    let is_dimension = |role| matches!(role, Role::Dimension | Role::Time);
    let dimensions: Vec<Value> = those(is_dimension)
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

/// The place of a cell in the list of its component.
fn at(cell: &Cell, listed: &Option<Listed>) -> Option<usize> {
    let Cell::Text(text) = cell else { return None };
    listed.as_ref()?.places.get(text).copied()
}

/// `1:0:4:...`, the places of the values of the dimensions.
fn key(row: &[Cell], listed: &[Option<Listed>]) -> String {
    let places = those(|role| matches!(role, Role::Dimension | Role::Time))
        .map(|(column, _)| at(&row[column], &listed[column]).unwrap_or(0).to_string());
    places.collect::<Vec<_>>().join(":")
}

/// Measures, then attributes of the observation.
fn observation(row: &[Cell], listed: &[Option<Listed>]) -> Value {
    let measures = those(|role| role == Role::Measure);
    let attributes = those(|role| role == Role::OfObservation);
    let mut cells: Vec<Value> =
        measures.chain(attributes).map(|(column, _)| value(&row[column], &listed[column])).collect();
    // What is missing at the end is left out; the value itself stays, also where it is missing.
    while cells.len() > 1 && cells.last() == Some(&Value::Null) {
        cells.pop();
    }
    cells.into()
}

fn value(cell: &Cell, listed: &Option<Listed>) -> Value {
    match cell {
        Cell::Nothing => Value::Null,
        Cell::Text(text) => at(cell, listed).map_or(json!(text), |place| json!(place)),
        Cell::Number(number) if number.fract() == 0.0 && number.abs() < 9e15 => json!(*number as i64),
        Cell::Number(number) => json!(number),
        Cell::Truth(truth) => json!(truth),
    }
}

/// Attributes of all observations with one value of a dimension, by its place: `:::4:::`.
fn groups(cube: &Cube, listed: &[Option<Listed>]) -> Value {
    let attributes: Vec<(usize, &Component)> = those(|role| matches!(role, Role::Of(_))).collect();
    let dimensions: Vec<usize> =
        those(|role| matches!(role, Role::Dimension | Role::Time)).map(|(at, _)| at).collect();
    let mut groups = serde_json::Map::new();
    for row in &cube.rows {
        for (number, (column, component)) in attributes.iter().enumerate() {
            let Role::Of(dimension) = component.role else { continue };
            let dimension = place(dimension);
            let Some(of) = at(&row[dimension], &listed[dimension]) else { continue };
            let key: Vec<String> = dimensions
                .iter()
                .map(|one| if *one == dimension { of.to_string() } else { String::new() })
                .collect();
            let group =
                groups.entry(key.join(":")).or_insert_with(|| json!(vec![Value::Null; attributes.len()]));
            group[number] = value(&row[*column], &listed[*column]);
        }
    }
    groups.into()
}
