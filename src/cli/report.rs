//! `chiso report`

use std::collections::BTreeMap;
use std::fs;

use super::compute::Asked;
use super::definitions::Definitions;
use super::export::{results, write};
use super::past::rebuild;
use super::{Context, Outcome, Result};
use crate::compute::courses;
use crate::diagnostic::{Diagnostic, Problems, count};
use crate::model::results::Results;
use crate::project::{make_folder, unwritable};
use crate::report::definition::{Download, ReportDefinition};
use crate::report::{Page, Templates, render};

/// Write the HTML site into `build/site`
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// As it was in this vintage, into `build/as-of/N`; `chiso vintages` lists them
    #[arg(long, value_name = "N")]
    as_of: Option<u32>,
}

pub(super) fn run(context: &Context, args: &Args) -> Result<Outcome> {
    match args.as_of {
        Some(vintage) => {
            let past = rebuild(context, vintage, &Asked::default())?;
            write_all(&past.context, &past.definitions, &past.results()?)?;
            context.printer.problems(&past.problems);
        }
        None => {
            let definitions = Definitions::read(&context.project)?;
            write_all(context, &definitions, &results(context, &definitions)?)?;
        }
    }
    Ok(Outcome::Done)
}

fn write_all(context: &Context, definitions: &Definitions, results: &Results) -> Result<()> {
    let exports = write(context, results, None, None)?;
    let pages = publish(context, definitions, results, &exports)?;
    let site = site(context, &definitions.reports[0]);
    context.printer.line(&format!("{} in `{site}`", count(pages, "page")));
    Ok(())
}

/// The templates of the project, over the built-in ones.
pub(super) fn templates(context: &Context) -> Result<Templates> {
    let mut replaced = BTreeMap::new();
    for name in Templates::names() {
        let path = format!("templates/{name}");
        if context.project.has(&path) {
            replaced.insert(name.to_owned(), context.project.read(&path)?.text.to_string());
        }
    }
    Templates::new(&replaced)
}

/// Where the first page of a report is, relative to the project.
pub(super) fn site(context: &Context, report: &ReportDefinition) -> String {
    context.project.path(context.project.output(&format!("{}/index.html", report.id))).display().to_string()
}

/// Writes the pages of every report, with the exports beside them; gives how many pages.
pub(super) fn publish(
    context: &Context,
    definitions: &Definitions,
    results: &Results,
    exports: &[String],
) -> Result<u64> {
    let templates = templates(context)?;
    let courses = courses(&results.indices);
    let mut problems = Problems::default();
    let mut count = 0;
    for report in &definitions.reports {
        let mut report = report.clone();
        report.downloads = exports.iter().map(|path| download(path)).collect();
        let pages = problems.keep(render(&report, results, &courses, &templates));
        if let Some(pages) = pages {
            count += pages.iter().filter(|page| page.path.ends_with(".html")).count() as u64;
            problems.keep(write_site(context, &report.id, &pages, exports));
        }
    }
    problems.or(count)
}

fn download(path: &str) -> Download {
    let name = path.rsplit('/').next().unwrap_or(path);
    let label = crate::export::label(name);
    Download { label, href: format!("data/{name}"), indicator: None }
}

/// Writes a site beside the former one and then puts it in its place, so that nobody reads half of it.
fn write_site(
    context: &Context,
    id: &str,
    pages: &[Page],
    exports: &[String],
) -> std::result::Result<(), Diagnostic> {
    let target = context.project.path(context.project.output(id));
    let beside = context.project.path(context.project.output(&format!("{id}.part")));
    let fails = |error: std::io::Error| unwritable(&beside, &error);
    if beside.exists() {
        fs::remove_dir_all(&beside).map_err(fails)?;
    }
    for page in pages {
        let path = beside.join(&page.path);
        make_folder(path.parent().unwrap_or(&beside))?;
        fs::write(&path, &page.bytes).map_err(|error| unwritable(&path, &error))?;
    }
    make_folder(&beside.join("data"))?;
    for export in exports {
        let name = export.rsplit('/').next().unwrap_or(export);
        fs::copy(context.project.path(export), beside.join("data").join(name)).map_err(fails)?;
    }
    if target.exists() {
        fs::remove_dir_all(&target).map_err(|error| unwritable(&target, &error))?;
    }
    fs::rename(&beside, &target).map_err(|error| unwritable(&target, &error))
}
