//! `chiso compute`

use chrono::NaiveDate;

use super::definitions::Definitions;
use super::watch::Terminal;
use super::{Context, Outcome, Result, outcome};
use crate::compute::{LINKS, compute, last_quarter, restate, run_checks};
use crate::db::Db;
use crate::diagnostic::{Diagnostic, Problems, count};
use crate::indicators::check_targets;
use crate::load::{make_views, prepare};
use crate::model::period::Period;

/// Compute the indicators from what is loaded
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    asked: Asked,
}

/// What is computed, and on which map.
#[derive(Debug, Clone, clap::Args)]
pub(super) struct Asked {
    /// The last period to compute, such as 2026-Q3; by default the last quarter that ended
    #[arg(long, value_name = "PERIOD")]
    period: Option<Period>,
    /// The day whose map numbers are restated to, such as 2026-09-30; by default the last day of the period
    #[arg(long, value_name = "DAY", value_parser = day)]
    map: Option<NaiveDate>,
}

fn day(text: &str) -> std::result::Result<NaiveDate, String> {
    text.parse().map_err(|_| "a day is written `2026-09-30`".to_owned())
}

pub(super) fn run(context: &Context, args: &Args) -> Result<Outcome> {
    let definitions = Definitions::read(&context.project)?;
    let db = Db::open(&context.project.database())?;
    prepare(&db, &definitions.contracts)?;
    make_views(&db, &definitions.views)?;
    db.lock_down()?;
    let worked = work_out(context, &definitions, &db, &args.asked)?;
    context.printer.line(&format!(
        "{} of {}",
        count(worked.observations, "observation"),
        count(definitions.indicators.len() as u64, "indicator")
    ));
    context.printer.problems(&worked.problems);
    Ok(outcome(&worked.problems))
}

/// What was computed.
pub(super) struct Worked {
    /// How many numbers there are now.
    pub observations: u64,
    /// Indicators that have none because their query failed, and the like; the others stand.
    pub problems: Vec<Diagnostic>,
}

/// Computes and checks, unless the same was done before with the same data and definitions.
pub(super) fn work_out(
    context: &Context,
    definitions: &Definitions,
    db: &Db,
    asked: &Asked,
) -> Result<Worked> {
    let period = asked.period.unwrap_or_else(|| last_quarter(context.now.date_naive()));
    let map_on = asked.map.unwrap_or_else(|| period.end());
    let vintage = db.value("SELECT coalesce(max(vintage), 0) FROM meta.vintage", &[])?;
    let vintage = vintage.integer().and_then(|vintage| u32::try_from(vintage).ok()).unwrap_or(0);
    // A run that was killed leaves its vintage open: files may still come to it.
    let newest = db.value("SELECT coalesce(max(file_id), 0) FROM meta.file", &[])?.shown();
    let fingerprint =
        format!("{vintage} {newest} {period} {map_on} {} {}", definitions.fingerprint(), program());
    let mut problems = Problems::default();
    if !is_done(db, "compute", &fingerprint)? {
        problems.keep(check_targets(db, &definitions.indicators));
        problems.keep(compute(
            db,
            &definitions.indicators,
            &period,
            vintage,
            &Terminal::new(&context.printer),
        ));
        let indicators: Vec<_> =
            definitions.indicators.iter().map(|definition| &definition.indicator).collect();
        let in_links = |problems: Problems| problems.in_file(&definitions.path_of(LINKS));
        problems.keep(restate(db, &indicators, map_on).map_err(in_links));
        problems.keep(run_checks(db, &definitions.checks));
        if !problems.has_errors() {
            mark_done(db, "compute", &fingerprint)?;
        }
    }
    let observations = db.value("SELECT count(*) FROM out.observation", &[])?;
    let observations = observations.integer().and_then(|count| u64::try_from(count).ok()).unwrap_or(0);
    Ok(Worked { observations, problems: problems.0 })
}

/// This build of the program: another one may compute otherwise.
pub(super) fn program() -> String {
    let about = std::env::current_exe().and_then(std::fs::metadata);
    let built = about.and_then(|about| Ok((about.len(), about.modified()?)));
    format!("{} {built:?}", env!("CARGO_PKG_VERSION"))
}

pub(super) fn is_done(db: &Db, work: &str, fingerprint: &str) -> Result<bool> {
    let known = db.value("SELECT fingerprint FROM meta.done WHERE work = $work", &[("work", work.into())])?;
    Ok(known.text() == Some(fingerprint))
}

pub(super) fn mark_done(db: &Db, work: &str, fingerprint: &str) -> Result<()> {
    db.execute(
        "INSERT OR REPLACE INTO meta.done VALUES ($work, $fingerprint)",
        &[("work", work.into()), ("fingerprint", fingerprint.into())],
    )?;
    Ok(())
}
