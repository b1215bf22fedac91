//! `chiso demo`

use std::path::{Path, PathBuf};
use std::time::Instant;

use chrono::NaiveDate;

use super::definitions::Definitions;
use super::watch::Terminal;
use super::{Context, Outcome, Result};
use crate::demo::{Demo, TRUTH, Wanted, marked, noticed, read_demo, with_sources, write_files};
use crate::diagnostic::{Diagnostic, count};
use crate::gather::{files_of, shown};
use crate::project::{copy_file, make_folder, unreadable, write_whole};
use crate::report::print::definition::PRINTS;

/// Write a project with made-up dossiers, plainly marked as such; the same seed gives the same bytes
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// How many dossiers, over all files
    #[arg(long, value_name = "N")]
    dossiers: u64,
    /// Another number gives another nation
    #[arg(long, value_name = "S", default_value_t = 1)]
    seed: u64,
    /// The folder of the project that is written; it must not hold anything yet
    #[arg(long, value_name = "DIR")]
    into: PathBuf,
    /// The day on which the files are sent; the first dossiers are from January of the year before
    #[arg(long, value_name = "DATE")]
    until: Option<NaiveDate>,
}

pub(super) fn run(context: &Context, args: &Args) -> Result<Outcome> {
    let demo = read_demo(&context.project)?;
    let until = match args.until {
        Some(day) => day,
        None => demo.until.parse().map_err(|_| no_day(&demo.until))?,
    };
    let definitions = Definitions::read(&context.project)?;
    expect_empty(&args.into)?;
    let began = Instant::now();
    copy_definitions(context, &demo, &args.into)?;
    copy_lists(context, &definitions, &demo, &args.into)?;
    let wanted = Wanted { dossiers: args.dossiers, seed: args.seed, until };
    let files = write_files(&context.project, &wanted, &args.into, &Terminal::new(&context.printer))?;
    let into = args.into.display();
    context.printer.line(&format!(
        "SYNTHETIC: {} in {} in `{into}`, up to {until}, seed {}, in {:.1} s",
        count(args.dossiers, "dossier"),
        count(files, "file"),
        args.seed,
        began.elapsed().as_secs_f64()
    ));
    context.printer.line(&format!("what is wrong with them, by sender and month: `{into}/{TRUTH}`"));
    context.printer.line(&format!("go on with `chiso --project {into} run`"));
    Ok(Outcome::Done)
}

fn no_day(text: &str) -> Diagnostic {
    Diagnostic::error(format!("`until: {text}` is not a day"))
        .in_file("queries/demo/demo.yml")
        .hint("write it as 2026-09-30")
}

/// Made-up files must never come to lie among real ones.
fn expect_empty(into: &Path) -> Result<()> {
    let shown = into.display().to_string();
    if !into.exists() {
        return Ok(make_folder(into)?);
    }
    let mut entries = into.read_dir().map_err(|error| unreadable(&shown, &error))?;
    if entries.next().is_some() {
        return Err(Diagnostic::error(format!("`{shown}` is not empty"))
            .hint("name a folder that is not there yet, so that made-up dossiers never lie among real ones")
            .into());
    }
    Ok(())
}

/// The definitions as they are, but for the title, the notice and the sources.
fn copy_definitions(context: &Context, demo: &Demo, into: &Path) -> Result<()> {
    for file in Definitions::files(&context.project)? {
        let text = match file.path.as_str() {
            "sources.yml" => with_sources(&file.text, demo),
            path if path.starts_with(PRINTS) => noticed(&file.text, demo),
            path if path.starts_with("reports/") => marked(&file.text, demo),
            _ => file.text.to_string(),
        };
        write_whole(&into.join(&file.path), text.as_bytes())?;
    }
    Ok(())
}

/// The files of all sources whose dossiers are not made up. Those outside of the project stay where they are.
fn copy_lists(context: &Context, definitions: &Definitions, demo: &Demo, into: &Path) -> Result<()> {
    for source in definitions.sources.iter().filter(|source| !demo.tables.contains(&source.table)) {
        for path in files_of(&context.project, source)? {
            let relative = shown(&context.project, &path);
            if Path::new(&relative).is_relative() && !relative.starts_with("..") {
                copy_file(&path, &into.join(relative))?;
            }
        }
    }
    Ok(())
}
