//! Reads `sources.yml`.

use std::collections::{BTreeMap, HashMap};
use std::time::Duration;

use regex::Regex;
use serde::Deserialize;

use super::origin::{HostFile, HttpFile, PostgresFile, Reading, S3File};
use crate::diagnostic::{Diagnostic, Place, Problems, Source};
use crate::model::id::{SourceId, TableName};
use crate::model::origin::Origin;
use crate::model::source::{Format, Members, SourceEntry};
use crate::model::text::{self, Text};
use crate::project::{Placed, Project, range_of, yaml};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SourcesFile {
    #[serde(default)]
    hosts: BTreeMap<String, HostFile>,
    sources: Vec<EntryFile>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct EntryFile {
    id: Placed<SourceId>,
    title: Text,
    table: Placed<TableName>,
    path: Option<Placed<String>>,
    http: Option<HttpFile>,
    s3: Option<S3File>,
    postgres: Option<PostgresFile>,
    #[serde(deserialize_with = "text::name")]
    publisher: Text,
    #[serde(deserialize_with = "text::name")]
    licence: Text,
    url: Option<String>,
    format: Option<Format>,
    #[serde(default)]
    constants: BTreeMap<String, String>,
    supersedes: Option<Placed<String>>,
    members: Option<Placed<String>>,
    bundle: Option<Placed<BundleFile>>,
    settle_seconds: Option<u64>,
    #[serde(default)]
    optional: bool,
}

/// How much a bundle may hold.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct BundleFile {
    files: Option<u64>,
    megabytes: Option<u64>,
    growth: Option<u64>,
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
    let reading = Reading { file: &file, variables, hosts: &parsed.hosts };
    let mut entries: Vec<SourceEntry> = vec![];
    for mut entry in parsed.sources {
        if entries.iter().any(|other| other.id == entry.id.value) {
            let place = file.place(range_of(&file, &entry.id), "the name is taken");
            problems
                .push(Diagnostic::error(format!("two sources are called `{}`", entry.id.value)).at(place));
        }
        check_table(&file, &entry, tables, &mut problems);
        check_pattern(&file, &entry, &mut problems);
        check_members(&file, &entry, &mut problems);
        let origin = origin(&reading, &mut entry, &mut problems);
        entries.push(SourceEntry {
            format: format(&file, &entry, &origin, &mut problems),
            id: entry.id.value,
            title: entry.title,
            table: entry.table.value,
            origin,
            members: entry
                .members
                .map(|pattern| members(pattern.value, entry.bundle.map(|given| given.value))),
            settle: entry.settle_seconds.map(Duration::from_secs),
            publisher: entry.publisher,
            licence: entry.licence,
            url: entry.url,
            constants: entry.constants,
            supersedes: entry.supersedes.map(|pattern| pattern.value),
            optional: entry.optional,
        });
    }
    problems.or(entries)
}

/// The places of sources, as their ids stand in `sources.yml`.
pub(super) fn places(project: &Project, ids: &[&SourceId]) -> Result<Vec<Place>, Problems> {
    let file = project.read("sources.yml")?;
    let parsed: SourcesFile = yaml(&file)?;
    let place = |id: &&SourceId| {
        let entry = parsed.sources.iter().find(|entry| entry.id.value == **id)?;
        Some(file.place(range_of(&file, &entry.id), ""))
    };
    Ok(ids.iter().filter_map(place).collect())
}

/// Where its data are: one of `path`, `http`, `s3` and `postgres`.
fn origin(reading: &Reading, entry: &mut EntryFile, problems: &mut Problems) -> Origin {
    let (path, http) = (entry.path.take(), entry.http.take());
    let (s3, postgres) = (entry.s3.take(), entry.postgres.take());
    let nothing = Origin::Files(String::new());
    match (path, http, s3, postgres) {
        (Some(path), None, None, None) => {
            Origin::Files(problems.keep(reading.expand(&path)).unwrap_or_default())
        }
        (None, Some(http), None, None) => reading.http(http, problems).unwrap_or(nothing),
        (None, None, Some(s3), None) => reading.s3(s3, problems).unwrap_or(nothing),
        (None, None, None, Some(postgres)) => reading.postgres(postgres, problems).unwrap_or(nothing),
        _ => {
            let place = reading.file.place(range_of(reading.file, &entry.id), "");
            let problem = Diagnostic::error(format!("where are the data of `{}`?", entry.id.value)).at(place);
            problems.push(problem.hint("a source has one of `path`, `http`, `s3` and `postgres`"));
            nothing
        }
    }
}

/// How its bytes are laid out, where no file name will tell it.
fn format(file: &Source, entry: &EntryFile, origin: &Origin, problems: &mut Problems) -> Option<Format> {
    match origin {
        Origin::Files(_) | Origin::S3(_) => entry.format,
        Origin::Postgres(_) => Some(Format::Csv),
        // A bundle has files with names.
        Origin::Http(_) if entry.members.is_some() => entry.format,
        Origin::Http(http) => {
            let given = entry.format.or_else(|| Format::of(&http.address.shown));
            if given.is_none() {
                let place = file.place(range_of(file, &entry.id), "");
                let problem = Diagnostic::error(format!("in which format does `{}` come?", entry.id.value));
                problems.push(
                    problem.at(place).hint("write `format: json`, `csv`, `xlsx`, `ndjson` or `parquet`"),
                );
            }
            // Rows that are taken out of answers are written one a line.
            let is_taken_apart = http.rows.is_some() || http.paging.is_some() || http.since.is_some();
            match given {
                Some(Format::Json) if is_taken_apart => Some(Format::Ndjson),
                Some(Format::Csv | Format::Json) | None => given,
                Some(_) if is_taken_apart => {
                    let place = file.place(range_of(file, &entry.id), "");
                    let problem =
                        Diagnostic::error(format!("`{}` cannot come in pages", entry.id.value)).at(place);
                    problems.push(
                        problem.hint("`paging`, `rows` and `since` are for JSON, `paging` also for CSV"),
                    );
                    given
                }
                Some(_) => given,
            }
        }
    }
}

fn members(pattern: String, given: Option<BundleFile>) -> Members {
    let given = given.unwrap_or(BundleFile { files: None, megabytes: None, growth: None });
    Members {
        pattern,
        most_files: given.files.unwrap_or(10_000),
        most_bytes: given.megabytes.unwrap_or(4000).saturating_mul(1_000_000),
        most_growth: given.growth.unwrap_or(200),
    }
}

fn check_members(file: &Source, entry: &EntryFile, problems: &mut Problems) {
    let Some(pattern) = &entry.members else {
        if let Some(bundle) = &entry.bundle {
            let place = file.place(range_of(file, bundle), "");
            let problem = Diagnostic::error("`bundle` says how much may be in a bundle, and there is none");
            problems.push(problem.at(place).hint("write `members`: which files in the bundles are taken"));
        }
        return;
    };
    if let Err(error) = glob::Pattern::new(&pattern.value) {
        let place = file.place(range_of(file, pattern), error.msg);
        problems.push(Diagnostic::error("`members` is not a pattern").at(place));
    }
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
