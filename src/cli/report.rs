//! `chiso report`

use std::collections::BTreeMap;

use super::compute::{Asked, program};
use super::definitions::Definitions;
use super::export::{results, write};
use super::past::rebuild;
use super::site::Site;
use super::{Context, Outcome, Result};
use crate::compute::courses;
use crate::cores::both;
use crate::diagnostic::{Problems, count};
use crate::model::outlook::Course;
use crate::model::results::Results;
use crate::report::definition::{Download, ReportDefinition};
use crate::report::{Templates, render};

/// Write the HTML site into `build/site`, or with `--print` the report for paper
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// As it was in this vintage, into `build/as-of/N`; `chiso vintages` lists them
    #[arg(long, value_name = "N")]
    as_of: Option<u32>,
    #[command(flatten)]
    paper: super::paper::PaperArgs,
}

pub(super) fn run(context: &Context, args: &Args) -> Result<Outcome> {
    if args.paper.print {
        return super::paper::run(context, &args.paper, args.as_of);
    }
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
    let pages = show(context, definitions, results)?;
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

/// Writes the data files, then the pages of every report with these files beside them; gives how many pages.
pub(super) fn show(context: &Context, definitions: &Definitions, results: &Results) -> Result<u64> {
    let (courses, exports) = both(|| courses(&results.indices), || write(context, results, None, None));
    publish(context, definitions, results, &courses, &exports?)
}

fn publish(
    context: &Context,
    definitions: &Definitions,
    results: &Results,
    courses: &[Course],
    exports: &[String],
) -> Result<u64> {
    let templates = templates(context)?;
    let mut problems = Problems::default();
    let mut pages = 0;
    for report in &definitions.reports {
        let mut report = report.clone();
        report.downloads = exports.iter().map(|path| download(path)).collect();
        let write = || -> Result<u64> {
            let site = Site::begin(context, &report.id, &program())?;
            let pages = render(&report, results, courses, &templates, &site)?;
            for export in exports {
                let name = export.rsplit('/').next().unwrap_or(export);
                site.copy(&context.project.path(export), &format!("data/{name}"))?;
            }
            site.finish()?;
            Ok(pages)
        };
        pages += problems.keep(write()).unwrap_or(0);
    }
    problems.or(pages)
}

fn download(path: &str) -> Download {
    let name = path.rsplit('/').next().unwrap_or(path);
    let label = crate::export::label(name);
    Download { label, href: format!("data/{name}"), indicator: None }
}
