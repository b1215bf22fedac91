//! `chiso report`

use std::collections::BTreeMap;

use super::compute::{Asked, compute_what_is_new, program};
use super::definitions::Definitions;
use super::export::{Export, about, results};
use super::past::rebuild;
use super::site::Site;
use super::{Context, Outcome, Result, outcome};
use crate::compute::courses;
use crate::cores::{both, on_all_cores};
use crate::diagnostic::{Problems, count};
use crate::export::FileEntry;
use crate::model::outlook::Course;
use crate::model::results::Results;
use crate::report::definition::{Download, ReportDefinition};
use crate::report::{Templates, View, render};

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
    let problems = match args.as_of {
        Some(vintage) => {
            let past = rebuild(context, vintage, &Asked::default())?;
            write_all(&past.context, &past.definitions, &past.results()?)?;
            context.printer.problems(&past.problems);
            past.problems
        }
        None => {
            let definitions = Definitions::read(&context.project)?;
            let (db, problems) = compute_what_is_new(context, &definitions)?;
            let results = results(&db, &definitions)?;
            drop(db);
            write_all(context, &definitions, &results)?;
            problems
        }
    };
    Ok(outcome(&problems))
}

fn write_all(context: &Context, definitions: &Definitions, results: &Results) -> Result<()> {
    let pages = show(context, definitions, results)?;
    let site = site(context, &definitions.reports[0]);
    context.printer.line(&format!("{} in `{site}`", count(pages, "page")));
    Ok(())
}

/// The templates of the project, over the built-in ones; all of them can be read.
pub(super) fn templates(context: &Context) -> Result<Templates> {
    let mut replaced = BTreeMap::new();
    for name in Templates::names() {
        let path = format!("templates/{name}");
        if context.project.has(&path) {
            replaced.insert(name.to_owned(), context.project.read(&path)?.text.to_string());
        }
    }
    let templates = Templates::new(&replaced)?;
    templates.check()?;
    Ok(templates)
}

/// Where the first page of a report is, relative to the project.
pub(super) fn site(context: &Context, report: &ReportDefinition) -> String {
    context.project.path(context.project.output(&format!("{}/index.html", report.id))).display().to_string()
}

/// Makes the data files and the pages of every report at once, and puts them in their places when all of them are made: data
/// of a new state beside pages of an old one would contradict them. Gives how many pages there are.
pub(super) fn show(context: &Context, definitions: &Definitions, results: &Results) -> Result<u64> {
    let (about, templates) = (about(context)?, templates(context)?);
    let (seen, export) = both(
        || (View::new(results), courses(&results.indices)),
        || Export::of(context, results, &about, None, None),
    );
    let export = export?;
    let files = export.paths();
    let (sites, made) =
        both(|| make_sites(context, definitions, &seen, (&files, &templates)), || export.make());
    let mut problems = Problems::default();
    let sites: Vec<(Site, u64)> = sites.into_iter().filter_map(|site| problems.keep(site)).collect();
    let made = problems.keep(made);
    problems.or(())?;
    let files = made.map_or(Ok(vec![]), |made| made.put(&export))?;
    let mut pages = 0;
    for (site, made) in sites {
        finish(context, site, &files)?;
        pages += made;
    }
    Ok(pages)
}

/// The pages of every report, each site with the number of its pages, not in its place yet.
fn make_sites(
    context: &Context,
    definitions: &Definitions,
    (view, courses): &(View<'_>, Vec<Course>),
    (files, templates): (&[String], &Templates),
) -> Vec<Result<(Site, u64)>> {
    let make = |report: &ReportDefinition| {
        let downloads = files.iter().map(|path| download(path)).collect();
        let report = ReportDefinition { downloads, ..report.clone() };
        let site = Site::begin(context, &report.id, &program())?;
        let pages = render(&report, view, courses, templates, &site)?;
        Ok((site, pages))
    };
    definitions.reports.iter().map(make).collect()
}

/// Puts the data files beside the pages, and the site in its place.
fn finish(context: &Context, site: Site, files: &[FileEntry]) -> Result<()> {
    let copy = |file: &FileEntry| {
        let from = context.project.path(context.project.output(&format!("export/{}", file.path)));
        site.copy(&from, &format!("data/{}", file.path), &file.sha256)
    };
    on_all_cores(files, copy).into_iter().collect::<std::result::Result<(), _>>()?;
    Ok(site.finish()?)
}

fn download(path: &str) -> Download {
    let name = path.rsplit('/').next().unwrap_or(path);
    let label = crate::export::label(name);
    Download { label, href: format!("data/{name}"), indicator: None }
}
