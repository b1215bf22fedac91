//! Frictionless Data Package and CSVW: two descriptions of the same CSV files, with types, keys, lists of codes and sums.

use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use super::csv::Csv;
use super::dataset::Table;
use super::definition::{Column, Kind};
use super::{Dataset, Effort, Exporter, FilePlan, failed};
use crate::diagnostic::Diagnostic;
use crate::model::sum::hex;
use crate::model::text::{Lang, Text};

pub(super) struct DataPackage;

impl Exporter for DataPackage {
    fn name(&self) -> &'static str {
        "datapackage"
    }

    fn files<'a>(&self, dataset: &'a Dataset<'a>) -> Vec<FilePlan<'a>> {
        let mut files = Csv.files(dataset);
        let package = || pretty(&package(dataset));
        files.push(FilePlan::new("datapackage.json", Effort::Little, package));
        files.push(FilePlan::new("csv-metadata.json", Effort::Little, || pretty(&csvw(dataset))));
        files
    }
}

/// JSON that people can read too.
pub(super) fn pretty(value: &Value) -> Result<Vec<u8>, Diagnostic> {
    let mut bytes = serde_json::to_vec_pretty(value).map_err(|error| failed("JSON", error))?;
    bytes.push(b'\n');
    Ok(bytes)
}

/// Both languages in one line, for descriptions that have room for one.
fn both(text: &Text) -> String {
    let (vi, en) = (text.get(Lang::Vi), text.get(Lang::En));
    if vi == en { vi.to_owned() } else { format!("{vi} | {en}") }
}

fn package(dataset: &Dataset<'_>) -> Value {
    let about = dataset.about;
    let resources: Vec<Value> = dataset.tables.iter().map(|table| resource(dataset, table)).collect();
    let mut package = json!({
        "name": "chiso-export",
        "title": both(&about.title),
        "description": both(&about.description),
        "profile": "data-package",
        "version": dataset.results.vintage.number.to_string(),
        "contributors": [{ "title": about.publisher.get(Lang::Vi), "role": "publisher" }],
        "resources": resources,
    });
    if let Some(licence) = &about.licence {
        package["licenses"] = json!([{ "path": licence }]);
    }
    if let Some(url) = &about.url {
        package["homepage"] = json!(url);
    }
    let sources: Vec<Value> = dataset
        .results
        .sources
        .iter()
        .map(|source| {
            let mut value =
                json!({ "title": format!("{} ({})", both(&source.title), both(&source.publisher)) });
            if let Some(url) = source.url.as_ref().filter(|url| url.starts_with("http")) {
                value["path"] = json!(url);
            }
            value
        })
        .collect();
    if !sources.is_empty() {
        package["sources"] = json!(sources);
    }
    package
}

fn resource(dataset: &Dataset<'_>, table: &Table) -> Value {
    json!({
        "name": table.id,
        "path": format!("{}.csv", table.id),
        "profile": "tabular-data-resource",
        "title": both(&table.definition.title),
        "description": both(&table.definition.row),
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": table.csv.len(),
        "hash": format!("sha256:{}", hex(&Sha256::digest(&table.csv))),
        "dialect": { "delimiter": ",", "lineTerminator": "\r\n", "quoteChar": "\"", "doubleQuote": true, "header": true },
        "schema": schema(dataset, table),
    })
}

fn schema(dataset: &Dataset<'_>, table: &Table) -> Value {
    let key = &table.definition.key;
    let fields: Vec<Value> = table
        .definition
        .columns
        .iter()
        .map(|(name, column)| field(name, column, key.contains(name)))
        .collect();
    let mut schema = json!({ "fields": fields, "missingValues": [""] });
    if !key.is_empty() {
        schema["primaryKey"] = json!(key);
    }
    let foreign: Vec<Value> = references(dataset, table)
        .map(|(name, (other, column))| {
            json!({ "fields": [name], "reference": { "resource": other, "fields": [column] } })
        })
        .collect();
    if !foreign.is_empty() {
        schema["foreignKeys"] = json!(foreign);
    }
    schema
}

/// Columns whose values all stand in another table that is there.
fn references<'a>(
    dataset: &'a Dataset<'_>,
    table: &'a Table,
) -> impl Iterator<Item = (&'a String, (&'a str, &'a str))> {
    let refers = |(name, column): (&'a String, &'a Column)| Some((name, column.target()?));
    table
        .definition
        .columns
        .iter()
        .filter_map(refers)
        .filter(|(_, (other, _))| dataset.table(other).is_some())
}

fn field(name: &str, column: &Column, is_key: bool) -> Value {
    let kind = match column.kind {
        Kind::Text => "string",
        Kind::Number => "number",
        Kind::Whole => "integer",
        Kind::Truth => "boolean",
        Kind::Day => "date",
    };
    let mut field = json!({ "name": name, "type": kind, "title": column.vi, "description": column.en });
    let mut constraints = Map::new();
    if column.required {
        constraints.insert("required".into(), json!(true));
    }
    if let Some(list) = column.list() {
        constraints.insert("enum".into(), json!(list.keys().collect::<Vec<_>>()));
    }
    if !constraints.is_empty() {
        field["constraints"] = constraints.into();
    }
    if is_key && !column.required {
        // The total has no code: in the key, nothing is a value.
        field["missingValues"] = json!([]);
    }
    field
}

/// CSVW: <https://www.w3.org/TR/tabular-metadata/>.
fn csvw(dataset: &Dataset<'_>) -> Value {
    let about = dataset.about;
    let tables: Vec<Value> = dataset.tables.iter().map(|table| csvw_table(dataset, table)).collect();
    let mut group = json!({
        "@context": ["http://www.w3.org/ns/csvw", { "@language": "en" }],
        "dc:title": in_languages(&about.title),
        "dc:description": in_languages(&about.description),
        "dc:publisher": in_languages(&about.publisher),
        "dc:hasVersion": dataset.results.vintage.number.to_string(),
        "dialect": { "encoding": "utf-8", "delimiter": ",", "quoteChar": "\"", "doubleQuote": true, "header": true, "lineTerminators": ["\r\n"] },
        "tables": tables,
    });
    if let Some(licence) = &about.licence {
        group["dc:license"] = json!({ "@id": licence });
    }
    group
}

fn in_languages(text: &Text) -> Value {
    let told = Lang::ALL.into_iter().filter(|lang| text.has(*lang));
    told.map(|lang| json!({ "@value": text.get(lang), "@language": lang.code() })).collect()
}

fn csvw_table(dataset: &Dataset<'_>, table: &Table) -> Value {
    let columns: Vec<Value> = table
        .definition
        .columns
        .iter()
        .map(|(name, column)| {
            let kind = match column.kind {
                Kind::Text => "string",
                Kind::Number => "double",
                Kind::Whole => "integer",
                Kind::Truth => "boolean",
                Kind::Day => "date",
            };
            json!({
                "name": name,
                "titles": name,
                "datatype": kind,
                "required": column.required,
                "dc:description": [
                    { "@value": column.vi, "@language": "vi" },
                    { "@value": column.en, "@language": "en" },
                ],
            })
        })
        .collect();
    let mut schema = json!({ "columns": columns });
    if !table.definition.key.is_empty() {
        schema["primaryKey"] = json!(table.definition.key);
    }
    let foreign: Vec<Value> = references(dataset, table)
        .map(|(name, (other, column))| {
            json!({
                "columnReference": name,
                "reference": { "resource": format!("{other}.csv"), "columnReference": column },
            })
        })
        .collect();
    if !foreign.is_empty() {
        schema["foreignKeys"] = json!(foreign);
    }
    json!({
        "url": format!("{}.csv", table.id),
        "dc:title": in_languages(&table.definition.title),
        "dc:description": in_languages(&table.definition.row),
        "tableSchema": schema,
    })
}
