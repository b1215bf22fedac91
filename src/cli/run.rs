//! `chiso run`: the whole way, in order.

use std::collections::BTreeSet;
use std::time::Instant;

use super::account::{self, Account};
use super::compute::{Asked, program, work_out};
use super::definitions::Definitions;
use super::gather::bring;
use super::load::{rejects, summary, take_in};
use super::past::rebuild;
use super::site::stands;
use super::{Context, Outcome, Result, outcome};
use crate::db::Db;
use crate::diagnostic::{Diagnostic, count};
use crate::gather::Gathered;
use crate::load::{is_marked, mark, note_absences};
use crate::model::id::SourceId;
use crate::model::intake::Severity;
use crate::model::text::Lang;
use crate::report::Templates;
use crate::results::{Summary, read_results, read_summary};

/// Gather, load, compute, export and report, then say what came of it
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    asked: Asked,
    /// Compute and report an earlier vintage again, into `build/as-of/N`; nothing is gathered or loaded
    #[arg(long, value_name = "N")]
    as_of: Option<u32>,
}

pub(super) fn run(context: &Context, args: &Args) -> Result<Outcome> {
    if let Some(vintage) = args.as_of {
        return run_again(context, vintage, &args.asked);
    }
    let began = Instant::now();
    let mut told = Account::default();
    let done = run_now(context, &args.asked, &mut told);
    let outcome = match &done {
        Ok(outcome) => *outcome,
        Err(problems) => {
            told.add(&problems.0);
            Outcome::NeedsAttention
        }
    };
    account::write(context, &told, outcome, began)?;
    done
}

/// The state that sources, definitions and this moment give; `told` grows as far as the run comes.
fn run_now(context: &Context, asked: &Asked, told: &mut Account) -> Result<Outcome> {
    let definitions = Definitions::read(&context.project)?;
    super::report::templates(context)?;
    let gathered = bring(context, &definitions)?;
    told.sources = Some(brought(&definitions, &gathered));
    if gathered.is_stopped {
        let problem = Diagnostic::error("stopped while it gathered")
            .hint("what had landed stays; the next run goes on");
        context.printer.problems(&[problem]);
        return Ok(Outcome::Stopped);
    }
    let db = context.database()?;
    let loaded = take_in(context, &definitions, &db, &gathered.files)?;
    told.rows = Some(account::Rows {
        files: loaded.files,
        read: loaded.rows_read,
        loaded: loaded.rows_read - loaded.rows_rejected,
        rejected: loaded.rows_rejected,
    });
    db.lock_down()?;
    let unknown = definitions.unknown_names(&context.project, &db)?;
    let worked = work_out(context, &definitions, &db, asked)?;

    let absent: Vec<(SourceId, String)> =
        gathered.problems.iter().map(|(id, problem)| (id.clone(), problem.message.clone())).collect();
    note_absences(&db, loaded.vintage, &absent)?;
    // What a failed query left behind is not what the mark of the last good run speaks of.
    let is_whole = worked.problems.is_empty();
    let pages = show(context, &definitions, &db, &absent, is_whole)?;

    let found = read_summary(&db)?;
    told.see(&found);
    told.reports = definitions.reports.iter().map(|report| super::report::site(context, report)).collect();
    let lines = closing(context, &definitions, &found, &absent, &summary(&loaded), pages);
    lines.iter().for_each(|line| context.printer.line(line));
    let mut problems: Vec<Diagnostic> = gathered.problems.into_iter().map(|(_, problem)| problem).collect();
    problems.extend(gathered.remarks);
    problems.extend(loaded.problems);
    problems.extend(rejects(&db)?);
    problems.extend(unknown);
    problems.extend(worked.problems);
    problems.extend(broken_rules(&found));
    told.add(&problems);
    context.printer.problems(&problems);
    Ok(outcome(&problems))
}

/// How many sources brought all that they name, and what the others lack.
fn brought(definitions: &Definitions, gathered: &Gathered) -> account::Sources {
    let failed: BTreeSet<&SourceId> = gathered.problems.iter().map(|(source, _)| source).collect();
    let with_files: BTreeSet<&SourceId> = gathered.files.iter().map(|file| &file.source).collect();
    let failure = |(source, problem): &(SourceId, Diagnostic)| account::Failure {
        source: source.to_string(),
        message: problem.message.clone(),
    };
    account::Sources {
        named: definitions.sources.len() as u64,
        arrived: with_files.difference(&failed).count() as u64,
        new_or_changed_files: gathered.changed as u64,
        failed: gathered.problems.iter().map(failure).collect(),
    }
}

/// An earlier vintage, as it was.
fn run_again(context: &Context, vintage: u32, asked: &Asked) -> Result<Outcome> {
    let mut past = rebuild(context, vintage, asked)?;
    let results = past.results()?;
    let pages = super::report::show(&past.context, &past.definitions, &results)?;
    let found = read_summary(&past.db)?;
    let lines = closing(&past.context, &past.definitions, &found, &past.absent, "as it was", Some(pages));
    lines.iter().for_each(|line| context.printer.line(line));
    let mut problems = std::mem::take(&mut past.problems);
    problems.extend(rejects(&past.db)?);
    problems.extend(broken_rules(&found));
    context.printer.problems(&problems);
    Ok(outcome(&problems))
}

/// Writes exports and pages, unless they stand there from the same results and templates; gives the number of pages made.
fn show(
    context: &Context,
    definitions: &Definitions,
    db: &Db,
    absent: &[(SourceId, String)],
    is_whole: bool,
) -> Result<Option<u64>> {
    let mut made_from = format!("{} {absent:?} {}", definitions.fingerprint(), program());
    let vintage = db.value("SELECT (max(vintage), max_by(loaded_at, vintage)) FROM meta.vintage", &[])?;
    made_from += &format!(" {:?} {}", definitions.reports, vintage.shown());
    made_from +=
        db.value("SELECT fingerprint FROM meta.done WHERE work = 'compute'", &[])?.text().unwrap_or_default();
    made_from += &db
        .value(
            "SELECT concat_ws(' ', fingerprint, (SELECT max_by(judged_on, vintage) FROM meta.vintage)) \
             FROM meta.done WHERE work = 'quality'",
            &[],
        )?
        .shown();
    for name in Templates::names() {
        let path = format!("templates/{name}");
        if context.project.has(&path) {
            made_from += &context.project.read(&path)?.text;
        }
    }
    let stands = || definitions.reports.iter().all(|report| stands(context, &report.id, &program()));
    if is_whole && is_marked(db, "report", &made_from)? && stands() {
        return Ok(None);
    }
    let results =
        read_results(db, definitions.indicators(), definitions.trees(), &definitions.sources, absent)?;
    let pages = super::report::show(context, definitions, &results)?;
    if is_whole {
        mark(db, "report", &made_from)?;
    }
    Ok(Some(pages))
}

/// What came of the run.
fn closing(
    context: &Context,
    definitions: &Definitions,
    found: &Summary,
    absent: &[(SourceId, String)],
    loaded: &str,
    pages: Option<u64>,
) -> Vec<String> {
    let is_there = |id: &SourceId| found.arrived.contains(id) && absent.iter().all(|(gone, _)| gone != id);
    let arrived = definitions.sources.iter().filter(|source| is_there(&source.id)).count();
    let mut lines = vec![
        format!("sources     {arrived} of {} arrived", definitions.sources.len()),
        format!("data        {loaded}, vintage {}", found.vintage.number),
        format!(
            "indicators  {} with {}",
            definitions.indicators().len(),
            count(found.observations, "observation")
        ),
    ];
    lines.extend(restated(found));
    lines.extend(targets(found));
    lines.push(checks(found));
    for report in &definitions.reports {
        let what = pages.map_or("unchanged".to_owned(), |pages| count(pages, "page"));
        lines.push(format!("report      {} ({what})", super::report::site(context, report)));
    }
    lines.push(format!(
        "exports     {} ({})",
        context.project.output("export"),
        super::export::formats_of_a_run().join(", ")
    ));
    lines
}

/// How many rules hold; those that there was nothing to ask of are told apart.
fn checks(found: &Summary) -> String {
    let broken: Vec<_> = found.checks.iter().filter(|check| check.broken > 0).collect();
    let errors = broken.iter().filter(|check| check.severity == Severity::Error).count();
    let idle = found.checks.iter().filter(|check| check.is_idle()).count();
    let mut told = format!(
        "checks      {} of {} hold, {errors} broken, {} to look at",
        found.checks.iter().filter(|check| check.holds()).count(),
        found.checks.len(),
        broken.len() - errors
    );
    if idle > 0 {
        told += &format!(", {idle} with nothing to check");
    }
    told
}

/// How many targets stand in which way, on the body that each names.
fn targets(found: &Summary) -> Option<String> {
    let told = found.targets.iter().map(|(status, n)| format!("{n} {}", status.word().replace('-', " ")));
    let told: Vec<String> = told.collect();
    (!told.is_empty()).then(|| format!("targets     {}", told.join(", ")))
}

/// How many numbers are others on the map, by mark.
fn restated(found: &Summary) -> Option<String> {
    let (map_on, marks) = found.restated.as_ref()?;
    let told: Vec<String> = marks.iter().map(|(mark, n)| format!("{n} {}", mark.word())).collect();
    let numbers = count(marks.iter().map(|(_, n)| n).sum(), "number");
    Some(format!("restated    {numbers} on the map of {map_on}: {}", told.join(", ")))
}

/// Rules of severity `error` that are broken, each with the first row that its query gives.
fn broken_rules(found: &Summary) -> Vec<Diagnostic> {
    let broken = found.checks.iter().filter(|check| check.broken > 0 && check.severity == Severity::Error);
    broken
        .map(|check| {
            let what = if check.is_of_senders() { "sender" } else { "row" };
            let problem = Diagnostic::error(format!(
                "{}: broken by {}",
                check.title.get(Lang::En),
                count(check.broken, what)
            ))
            .in_file(format!("queries/checks/{}.sql", check.id));
            match check.rows.first() {
                Some(row) => {
                    let told =
                        check.columns.iter().zip(row).filter(|(column, _)| column.lang != Some(Lang::Vi));
                    let cells: Vec<String> = told
                        .map(|(column, cell)| format!("{}: {cell}", column.title.get(Lang::En)))
                        .collect();
                    problem.hint(format!("first: {}", cells.join("; ")))
                }
                None => problem,
            }
        })
        .collect()
}
