//! Reads `sources.yml`.

use std::collections::{BTreeMap, HashMap};

use regex::Regex;
use serde::Deserialize;

use crate::diagnostic::{Diagnostic, Problems, Source};
use crate::model::id::{SourceId, TableName};
use crate::model::source::{Format, SourceEntry};
use crate::model::text::Text;
use crate::project::{Placed, Project, range_of, yaml};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SourcesFile {
    sources: Vec<EntryFile>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct EntryFile {
    id: Placed<SourceId>,
    title: Text,
    table: Placed<TableName>,
    path: Placed<String>,
    publisher: String,
    licence: String,
    url: Option<String>,
    format: Option<Format>,
    #[serde(default)]
    constants: BTreeMap<String, String>,
    supersedes: Option<Placed<String>>,
    #[serde(default)]
    optional: bool,
}

/// The entries of `sources.yml`; `tables` are those that have a contract, `variables` the environment.
pub fn read_sources(
    project: &Project,
    tables: &[TableName],
    variables: &HashMap<String, String>,
) -> Result<Vec<SourceEntry>, Problems> {
    let file = project.read("sources.yml")?;
    let parsed: SourcesFile = yaml(&file)?;
    let mut problems = Problems::default();
    let mut entries: Vec<SourceEntry> = vec![];
    for entry in parsed.sources {
        if entries.iter().any(|other| other.id == entry.id.value) {
            let place = file.place(range_of(&file, &entry.id), "the name is taken");
            problems
                .push(Diagnostic::error(format!("two sources are called `{}`", entry.id.value)).at(place));
        }
        check_table(&file, &entry, tables, &mut problems);
        check_pattern(&file, &entry, &mut problems);
        let path = problems.keep(expand(&file, &entry.path, variables)).unwrap_or_default();
        entries.push(SourceEntry {
            id: entry.id.value,
            title: entry.title,
            table: entry.table.value,
            path,
            publisher: entry.publisher,
            licence: entry.licence,
            url: entry.url,
            format: entry.format,
            constants: entry.constants,
            supersedes: entry.supersedes.map(|pattern| pattern.value),
            optional: entry.optional,
        });
    }
    problems.or(entries)
}

fn check_table(file: &Source, entry: &EntryFile, tables: &[TableName], problems: &mut Problems) {
    let table = &entry.table.value;
    if !tables.contains(table) {
        let place = file.place(range_of(file, &entry.table), format!("no `queries/tables/{table}.yml`"));
        problems.push(
            Diagnostic::error(format!("table `{table}` has no contract"))
                .at(place)
                .suggest(table.as_str(), tables.iter().map(TableName::as_str)),
        );
    }
}

fn check_pattern(file: &Source, entry: &EntryFile, problems: &mut Problems) {
    let Some(pattern) = &entry.supersedes else { return };
    if let Err(error) = Regex::new(&pattern.value) {
        let reason = error.to_string();
        let reason = reason.lines().last().unwrap_or_default().trim_start_matches("error: ").to_owned();
        let place = file.place(range_of(file, pattern), reason);
        problems.push(Diagnostic::error("`supersedes` is not a regular expression").at(place));
    }
}

/// Puts environment variables in: `${NAME}` must be set, `${NAME:-default}` need not.
fn expand(
    file: &Source,
    path: &Placed<String>,
    variables: &HashMap<String, String>,
) -> Result<String, Diagnostic> {
    let mut expanded = String::new();
    let mut rest = path.value.as_str();
    while let Some((before, after)) = rest.split_once("${") {
        expanded.push_str(before);
        let Some((inside, after)) = after.split_once('}') else {
            let place = file.place(range_of(file, path), "`${` without `}`");
            return Err(Diagnostic::error("a variable in the path does not end").at(place));
        };
        let (name, default) = match inside.split_once(":-") {
            Some((name, default)) => (name, Some(default)),
            None => (inside, None),
        };
        match variables.get(name).filter(|value| !value.is_empty()).map(String::as_str).or(default) {
            Some(value) => expanded.push_str(value),
            None => {
                let place = file.place(range_of(file, path), format!("`{name}` is not set"));
                return Err(Diagnostic::error(format!("the environment has no variable `{name}`"))
                    .at(place)
                    .hint(format!("set it, or write `${{{name}:-default}}`")));
            }
        }
        rest = after;
    }
    expanded.push_str(rest);
    Ok(expanded)
}
