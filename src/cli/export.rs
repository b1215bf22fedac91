//! `chiso export`

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use indexmap::IndexMap;

use super::compute::{Asked, compute_what_is_new};
use super::definitions::Definitions;
use super::past::rebuild;
use super::{Context, Outcome, Result, outcome};
use crate::cores::on_all_cores;
use crate::db::Db;
use crate::diagnostic::{Diagnostic, Problems};
use crate::export::{
    About, DCAT, Dataset, EXPORTS, FileEntry, FilePlan, MANIFEST, Manifest, SIGNATURE, State, dcat,
    exporters, read_about, sign, write_database,
};
use crate::load::{absences, newest_vintage};
use crate::model::results::Results;
use crate::project::{WholeFile, make_folder, unreadable, unwritable, write_whole};
use crate::results::read_results;

/// The formats, in the order in which they are written.
const FORMATS: [&str; 7] = ["csv", "parquet", "xlsx", "sdmx-csv", "sdmx-json", "datapackage", "duckdb"];

/// The formats that a run writes. The copy of the database is made when it is asked for: after a run the database itself
/// stands beside the export.
pub(super) fn formats_of_a_run() -> &'static [&'static str] {
    &FORMATS[..FORMATS.len() - 1]
}

/// The DuckDB file for others.
const DATABASE: &str = "takeaway.duckdb";

/// Write all observations, scores of indices and targets as data files into `build/export`
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Which format; all of them if it is not given
    #[arg(long, value_name = "FORMAT", value_parser = FORMATS)]
    to: Option<String>,
    /// As it was in this vintage, into `build/as-of/N/export`; `chiso vintages` lists them
    #[arg(long, value_name = "N")]
    as_of: Option<u32>,
}

pub(super) fn run(context: &Context, args: &Args) -> Result<Outcome> {
    let (paths, problems) = match args.as_of {
        Some(_) if args.to.as_deref() == Some("duckdb") => {
            let problem = Diagnostic::error("the copy of the database is of the newest vintage alone");
            return Err(problem
                .hint("take another format for an earlier one, such as `--to parquet`")
                .into());
        }
        Some(vintage) => {
            let past = rebuild(context, vintage, &Asked::default())?;
            context.printer.problems(&past.problems);
            let paths = write(&past.context, &past.results()?, None, args.to.as_deref())?;
            (paths, past.problems)
        }
        None => {
            let definitions = Definitions::read(&context.project)?;
            let (db, problems) = compute_what_is_new(context, &definitions)?;
            let paths = write(context, &results(&db, &definitions)?, Some(&db), args.to.as_deref())?;
            (paths, problems)
        }
    };
    paths.iter().for_each(|path| context.printer.line(path));
    Ok(outcome(&problems))
}

/// The results of what was computed last.
pub(super) fn results(db: &Db, definitions: &Definitions) -> Result<Results> {
    let absent = absences(db, newest_vintage(db)?)?;
    let results =
        read_results(db, definitions.indicators(), definitions.trees(), &definitions.sources, &absent)?;
    Ok(results)
}

/// What the project says of its exports.
pub(super) fn about(context: &Context) -> Result<About> {
    match context.project.has(EXPORTS) {
        true => read_about(&context.project.read(EXPORTS)?),
        false => Ok(About::default()),
    }
}

/// Where the database for others is made before it gets its place.
fn database_workshop(context: &Context) -> PathBuf {
    context.project.path(context.project.output("takeaway.part"))
}

/// Writes the formats asked for; gives the paths.
fn write(context: &Context, results: &Results, db: Option<&Db>, only: Option<&str>) -> Result<Vec<String>> {
    let about = about(context)?;
    let export = Export::of(context, results, &about, db, only)?;
    export.write()?;
    Ok(export.paths())
}

/// An export that is going to be: its tables are made, its files are not. Without the database there is no copy of it.
pub(super) struct Export<'a> {
    context: &'a Context,
    dataset: Dataset<'a>,
    db: Option<&'a Db>,
    /// The one format that is asked for; none: all of them.
    only: Option<&'a str>,
}

impl<'a> Export<'a> {
    /// Makes the tables.
    pub(super) fn of(
        context: &'a Context,
        results: &'a Results,
        about: &'a About,
        db: Option<&'a Db>,
        only: Option<&'a str>,
    ) -> Result<Self> {
        let dataset = Dataset::of(results, about)?;
        Ok(Export { context, dataset, db: db.filter(|_| is_asked(only, "duckdb")), only })
    }

    /// The files of the formats, by name: formats share some.
    fn plans(&self) -> IndexMap<String, FilePlan<'_>> {
        let asked = exporters().into_iter().filter(|exporter| is_asked(self.only, exporter.name()));
        let planned = asked.flat_map(|exporter| exporter.files(&self.dataset));
        planned.map(|plan| (plan.name.clone(), plan)).collect()
    }

    /// Where its files will be, relative to the project.
    pub(super) fn paths(&self) -> Vec<String> {
        let mut names: Vec<String> = self.plans().into_keys().collect();
        names.extend(self.db.map(|_| DATABASE.to_owned()));
        names.extend([DCAT.to_owned(), MANIFEST.to_owned()]);
        names.extend(std::env::var(KEY).is_ok().then(|| SIGNATURE.to_owned()));
        names.iter().map(|name| path_of(self.context, name)).collect()
    }

    /// Writes the formats asked for, and the manifest.
    pub(super) fn write(&self) -> Result<Vec<FileEntry>> {
        self.make()?.put(self)
    }

    /// Makes the files beside their places, where nobody takes them for those of now.
    pub(super) fn make(&self) -> Result<Made> {
        if let Ok(key) = std::env::var(KEY) {
            // A key that signs nothing is told before a file of the former export gives way.
            sign(&[], &key)?;
        }
        let mut plans: Vec<FilePlan<'_>> = self.plans().into_values().collect();
        plans.sort_by_key(|plan| Reverse(plan.effort));
        make_folder(&self.context.project.path(self.context.project.output("export")))?;
        let made = on_all_cores(&plans, |plan| make_file(self.context, &plan.name, &plan.bytes()?));
        let (mut problems, mut files) = (Problems::default(), vec![]);
        for file in made {
            files.extend(problems.keep(file));
        }
        problems.or(Made { files })
    }
}

/// The files of an export while none of them has its name.
pub(super) struct Made {
    files: Vec<(WholeFile, FileEntry)>,
}

impl Made {
    /// Puts the files in their places, and tells in the manifest what they are; gives all of them. One format joins those of
    /// the same state that are there; all of them begin anew.
    pub(super) fn put(self, export: &Export<'_>) -> Result<Vec<FileEntry>> {
        let Export { context, dataset, db, only } = export;
        let state = State::of(dataset);
        let mut files = kept(context, only.map(|_| &state))?;
        let copied = db.map(|db| copy_database(context, db)).transpose()?;
        for (file, entry) in self.files {
            file.finish()?;
            files.insert(entry.path.clone(), entry);
        }
        files.extend(copied.map(|entry| (entry.path.clone(), entry)));
        seal(context, dataset, state, files)
    }
}

fn is_asked(only: Option<&str>, format: &str) -> bool {
    only.is_none_or(|only| only == format)
}

fn path_of(context: &Context, name: &str) -> String {
    context.project.output(&format!("export/{name}"))
}

fn make_file(
    context: &Context,
    name: &str,
    bytes: &[u8],
) -> std::result::Result<(WholeFile, FileEntry), Diagnostic> {
    let mut file = WholeFile::begin(context.project.path(path_of(context, name)))?;
    file.add(bytes)?;
    file.rest()?;
    Ok((file, FileEntry::of(name, bytes)))
}

fn write_file(context: &Context, name: &str, bytes: &[u8]) -> std::result::Result<FileEntry, Diagnostic> {
    write_whole(&context.project.path(path_of(context, name)), bytes)?;
    Ok(FileEntry::of(name, bytes))
}

/// Writes the database for others beside its place, then puts it there: whoever has the former one open keeps it.
fn copy_database(context: &Context, db: &Db) -> Result<FileEntry> {
    let (workshop, path) = (database_workshop(context), context.project.path(path_of(context, DATABASE)));
    let fails = |error: std::io::Error| unwritable(&workshop, &error);
    if workshop.exists() {
        fs::remove_dir_all(&workshop).map_err(fails)?;
    }
    make_folder(&workshop)?;
    make_folder(path.parent().unwrap_or(&workshop))?;
    let made = workshop.join(DATABASE);
    write_database(db, &workshop, &made)?;
    let bytes = fs::read(&made).map_err(fails)?;
    fs::rename(&made, &path).map_err(fails)?;
    fs::remove_dir_all(&workshop).map_err(fails)?;
    Ok(FileEntry::of(DATABASE, &bytes))
}

/// Files of the former manifest that are of the same state; those of another one are removed, for they would be taken
/// for a part of this one.
fn kept(context: &Context, state: Option<&State>) -> Result<BTreeMap<String, FileEntry>> {
    let path = context.project.path(path_of(context, MANIFEST));
    let former: Option<Manifest> = fs::read(&path).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok());
    let Some(former) = former else { return Ok(BTreeMap::new()) };
    let is_same = state == Some(&former.state);
    let mut files = BTreeMap::new();
    for file in former.files.into_iter().filter(|file| is_plain(&file.path)) {
        let path = context.project.path(path_of(context, &file.path));
        match fs::read(&path) {
            Ok(bytes) if is_same && FileEntry::of(&file.path, &bytes) == file => {
                files.insert(file.path.clone(), file);
            }
            Ok(_) => fs::remove_file(&path).map_err(|error| unwritable(&path, &error))?,
            Err(_) => {}
        }
    }
    Ok(files)
}

/// Whether a text of a manifest is a name in its folder and nothing else.
fn is_plain(name: &str) -> bool {
    !name.is_empty() && !name.contains(['/', '\\']) && !name.starts_with('.')
}

/// Writes the entry for portals, the manifest and, with a key, its signature; gives the files of the export.
fn seal(
    context: &Context,
    dataset: &Dataset<'_>,
    state: State,
    mut files: BTreeMap<String, FileEntry>,
) -> Result<Vec<FileEntry>> {
    files.remove(DCAT);
    let entries: Vec<FileEntry> = files.values().cloned().collect();
    files.insert(DCAT.into(), write_file(context, DCAT, &dcat(dataset, &entries)?)?);
    let manifest = Manifest { state, files: files.into_values().collect() };
    let mut bytes = serde_json::to_vec_pretty(&manifest)
        .map_err(|error| Diagnostic::error(format!("the manifest could not be written: {error}")))?;
    bytes.push(b'\n');
    let signature = context.project.path(path_of(context, SIGNATURE));
    let mut files = manifest.files;
    match std::env::var(KEY) {
        Ok(key) => files.push(write_file(context, SIGNATURE, &sign(&bytes, &key)?)?),
        Err(_) if signature.exists() => {
            // It is not of this manifest.
            fs::remove_file(&signature).map_err(|error| unwritable(&signature, &error))?;
        }
        Err(_) => {}
    }
    files.push(write_file(context, MANIFEST, &bytes)?);
    Ok(files)
}

/// The variable with the private key, in PEM.
const KEY: &str = "CHISO_SIGNING_KEY";

/// The files of a folder but the manifest and its signature, with their sums.
pub(super) fn files_of(folder: &std::path::Path) -> std::result::Result<Vec<FileEntry>, Diagnostic> {
    let fails = |error: std::io::Error| unreadable(&folder.display().to_string(), &error);
    let mut files = vec![];
    for entry in fs::read_dir(folder).map_err(fails)? {
        let entry = entry.map_err(fails)?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if name == MANIFEST || name == SIGNATURE {
            continue;
        }
        let path = entry.path();
        let bytes = if path.is_dir() { vec![] } else { fs::read(&path).map_err(fails)? };
        files.push(FileEntry::of(&name, &bytes));
    }
    Ok(files)
}
