//! `chiso report --print`: the report for paper.

use std::path::Path;

use super::chromium::print_to_pdf;
use super::compute::Asked;
use super::definitions::Definitions;
use super::explain::{coded, find_organisation};
use super::past::{open_computed, rebuild};
use super::{Context, Outcome, Result};
use crate::db::Db;
use crate::diagnostic::{Diagnostic, Problems, Source};
use crate::model::id::OrgId;
use crate::model::period::{Calendar, Period};
use crate::model::results::Results;
use crate::model::text::Lang;
use crate::project::{unreadable, write_whole};
use crate::report::Templates;
use crate::report::print::definition::PrintDefinition;
use crate::report::print::docx::docx;
use crate::report::print::planner::{Paragraphs, blank_file, read, unwritten};
use crate::report::print::{self, document, html};
use crate::results::{read_annex, read_results};

/// Where the planner writes.
const NOTES: &str = "reports/notes";

/// What is asked of the report for paper.
#[derive(Debug, clap::Args)]
pub(super) struct PaperArgs {
    /// The report for paper instead of the site, into `build/print`
    #[arg(long)]
    pub print: bool,
    /// The body that it speaks of: an id such as H44, a code of it, or its name; by default the one of its definition
    #[arg(long, value_name = "ORGANISATION", requires = "print")]
    org: Option<String>,
    /// The period, such as 2026-Q3; by default the one that was computed last
    #[arg(long, value_name = "PERIOD", requires = "print")]
    period: Option<Period>,
    /// Only in this language; by default in all of its definition
    #[arg(long, value_name = "LANG", requires = "print")]
    lang: Option<Lang>,
    /// Also as PDF, tagged for screen readers; needs Chromium
    #[arg(long, requires = "print")]
    pdf: bool,
    /// Also as a Word document, to be edited and signed
    #[arg(long, requires = "print")]
    docx: bool,
}

pub(super) fn run(context: &Context, args: &PaperArgs, as_of: Option<u32>) -> Result<Outcome> {
    if let Some(vintage) = as_of {
        let past = rebuild(context, vintage, &Asked { period: args.period, map: None })?;
        context.printer.problems(&past.problems);
        let period = args.period.map_or_else(|| Ok(newest(&past.db)?.1), Ok::<_, Problems>)?;
        let job = Job { context: &past.context, args, definitions: &past.definitions, db: &past.db };
        return job.print(&past.results()?, period);
    }
    let definitions = Definitions::read(&context.project)?;
    let db = open_computed(context, &definitions)?;
    let (vintage, computed) = newest(&db)?;
    if let Some(period) = args.period.filter(|asked| !is_same(*asked, computed)) {
        drop(db);
        return of_another_period(context, args, vintage, period);
    }
    let results =
        read_results(&db, definitions.indicators(), definitions.trees(), &definitions.sources, &[])?;
    Job { context, args, definitions: &definitions, db: &db }.print(&results, computed)
}

/// Targets are judged, and senders looked at, for one period: for another one all is computed again, in memory, from the
/// same data and the same definitions.
fn of_another_period(context: &Context, args: &PaperArgs, vintage: u32, period: Period) -> Result<Outcome> {
    let past = rebuild(context, vintage, &Asked { period: Some(period), map: None })?;
    context.printer.problems(&past.problems);
    Job { context, args, definitions: &past.definitions, db: &past.db }.print(&past.results()?, period)
}

fn is_same(one: Period, other: Period) -> bool {
    one.in_calendar(Calendar::Civil) == other.in_calendar(Calendar::Civil)
}

/// The vintage that was computed last, and for which period.
fn newest(db: &Db) -> Result<(u32, Period)> {
    let sql =
        "SELECT vintage, period FROM meta.vintage WHERE period IS NOT NULL ORDER BY vintage DESC LIMIT 1";
    let found = db.query(sql, &[])?;
    let known = found.rows.first().and_then(|row| {
        let vintage = row[0].integer().and_then(|number| u32::try_from(number).ok());
        Some((vintage?, row[1].text()?.parse().ok()?))
    });
    known.ok_or_else(|| {
        Diagnostic::error("nothing has been computed yet").hint("run `chiso run` first").into()
    })
}

/// A printed report of one state of the data.
struct Job<'a> {
    context: &'a Context,
    args: &'a PaperArgs,
    definitions: &'a Definitions,
    db: &'a Db,
}

impl Job<'_> {
    fn print(&self, results: &Results, period: Period) -> Result<Outcome> {
        if self.definitions.prints.is_empty() {
            let problem = Diagnostic::error("the project has no report for paper");
            return Err(problem
                .hint("write `reports/print/quarterly.yml`; `docs/formats.md` describes it")
                .into());
        }
        let templates = super::report::templates(self.context)?;
        let mut problems = Problems::default();
        for definition in &self.definitions.prints {
            let org = self.organisation(definition, results, period)?;
            for lang in
                definition.languages.iter().filter(|lang| self.args.lang.is_none_or(|only| only == **lang))
            {
                problems.keep(self.print_one(definition, results, &templates, (&org, period, *lang)));
            }
        }
        problems.or(Outcome::Done)
    }

    fn organisation(&self, definition: &PrintDefinition, results: &Results, period: Period) -> Result<OrgId> {
        let asked = self.args.org.as_deref().unwrap_or(definition.organisation.as_str());
        let found = find_organisation(self.db, results, asked, period.end())?;
        body_of_the_day(self.db, results, found, period)
    }

    fn print_one(
        &self,
        definition: &PrintDefinition,
        results: &Results,
        templates: &Templates,
        (org, period, lang): (&OrgId, Period, Lang),
    ) -> Result<()> {
        let named = period.in_calendar(Calendar::Civil).to_string().replace('/', "_");
        let stem = format!("{}-{named}-{org}.{lang}", definition.id);
        let notes = format!("{NOTES}/{stem}.md");
        let paragraphs = self.paragraphs(definition, results, templates, (org, period, lang), &notes)?;
        let mut forms = vec![];
        for form in definition.forms() {
            let period = period.in_calendar(form.calendar);
            forms.push(read_annex(self.db, &form.query, &form.names(), org, period)?);
        }
        let asked = print::Asked { definition, org, period, lang, paragraphs: &paragraphs, forms: &forms };
        let document = document(&asked, results, templates)?;
        let project = &self.context.project;
        let output = |ending: &str| project.output(&format!("print/{stem}.{ending}"));
        let path = output("html");
        write_whole(&project.path(&path), html(&document, templates)?.as_bytes())?;
        self.context.printer.line(&path);
        let mut problems = Problems::default();
        if self.args.pdf {
            let moment = &results.vintage.loaded_at;
            let pdf = output("pdf");
            let printed = print_to_pdf(&project.path(&path), &project.path(&pdf), moment);
            if problems.keep(printed).is_some() {
                self.context.printer.line(&pdf);
            }
        }
        if self.args.docx {
            let path = output("docx");
            write_whole(&project.path(&path), &docx(&document)?)?;
            self.context.printer.line(&path);
        }
        let unwritten = unwritten(definition, &paragraphs, lang);
        if !unwritten.is_empty() {
            self.context.printer.line(&format!("  to be written in `{notes}`: {}", unwritten.join("; ")));
        }
        problems.or(())
    }

    /// What the planner wrote; a file with the headings is made where there is none.
    ///
    /// It is read as it is now, of whichever vintage the numbers are: it is no data.
    fn paragraphs(
        &self,
        definition: &PrintDefinition,
        results: &Results,
        templates: &Templates,
        (org, period, lang): (&OrgId, Period, Lang),
        notes: &str,
    ) -> Result<Paragraphs> {
        let path = self.context.project.path(notes);
        if !path.exists() {
            let about = print::about(results, templates, (org, period, lang))?;
            write_whole(&path, blank_file(definition, lang, &about).as_bytes())?;
        }
        read(&text_of(&path, notes)?, definition, lang)
    }
}

fn text_of(path: &Path, shown: &str) -> Result<Source> {
    let text = std::fs::read_to_string(path).map_err(|error| unreadable(shown, &error))?;
    Ok(Source { path: shown.to_owned(), text: text.into() })
}

/// A report is of a body that was there on the last day of its period: the one found, else the one that bore its id as a code then.
fn body_of_the_day(db: &Db, results: &Results, found: OrgId, period: Period) -> Result<OrgId> {
    let day = period.end();
    let is_there = |id: &OrgId| results.organisations.iter().any(|org| org.id == *id && org.existed_on(day));
    if is_there(&found) {
        return Ok(found);
    }
    let coded = coded(db, found.as_str(), day)?.into_iter().filter_map(|id| id.parse().ok());
    let coded: Vec<OrgId> = coded.filter(is_there).collect();
    match coded.as_slice() {
        [org] => Ok(org.clone()),
        _ => Err(Diagnostic::usage(format!("`{found}` was not there on {day}, the last day of {period}"))
            .hint("name a body of that day, or a period in which it was there")
            .into()),
    }
}
