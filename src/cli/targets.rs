//! `chiso targets`

use super::definitions::Definitions;
use super::explain::find_organisation;
use super::past::tell_of;
use super::{Context, Outcome, Result};
use crate::db::Db;
use crate::diagnostic::Diagnostic;
use crate::model::results::Results;
use crate::model::text::Lang;
use crate::report::target_text::{Selection, TargetsText};

/// Say how each target stands, and why
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Only the targets that are due in this year
    #[arg(long, value_name = "YEAR")]
    year: Option<i32>,
    /// Read on this body: an id such as H44, a code of it, or its name; by default on the one that each target names
    #[arg(long, value_name = "ORGANISATION")]
    org: Option<String>,
    /// The language of words and numbers; by default the first one of the report
    #[arg(long, value_name = "LANG")]
    lang: Option<Lang>,
    /// A JSON array with unrounded numbers instead of text
    #[arg(long)]
    json: bool,
    /// End with exit code 1 where a target was missed
    #[arg(long)]
    strict: bool,
    /// As it was in this vintage; `chiso vintages` lists them
    #[arg(long, value_name = "N")]
    as_of: Option<u32>,
}

pub(super) fn run(context: &Context, args: &Args) -> Result<Outcome> {
    tell_of(context, args.as_of, |context, definitions, db, results| {
        tell(context, args, definitions, db, results)
    })
}

fn tell(
    context: &Context,
    args: &Args,
    definitions: &Definitions,
    db: &Db,
    results: &Results,
) -> Result<Outcome> {
    let today = context.now.date_naive();
    let org = args.org.as_deref().map(|asked| find_organisation(db, results, asked, today)).transpose()?;
    let report = &definitions.reports[0];
    let words = super::report::templates(context)?.words(args.lang.unwrap_or(report.languages[0]))?;
    let text = TargetsText::new(results, report, &words, Selection { year: args.year, org: org.as_ref() });
    let told = if args.json { Some(format!("{:#}", text.to_json())) } else { text.text() };
    let told = told.ok_or_else(|| no_target(args, results))?;
    context.printer.line(told.trim_end());
    let is_missed = args.strict && text.is_any_missed();
    Ok(if is_missed { Outcome::NeedsAttention } else { Outcome::Done })
}

/// Nothing fits what was asked for; the years that there are.
fn no_target(args: &Args, results: &Results) -> Diagnostic {
    let on = args.org.as_ref().map(|org| format!("read on `{org}`"));
    let due = args.year.map(|year| format!("due in {year}"));
    let asked: Vec<String> = on.into_iter().chain(due).collect();
    let asked = if asked.is_empty() { "known".to_owned() } else { asked.join(" and ") };
    let problem = Diagnostic::usage(format!("no target is {asked}"));
    let mut years: Vec<i32> =
        results.targets.iter().map(|target| chrono::Datelike::year(&target.due_on)).collect();
    years.dedup();
    let years: Vec<String> = years.iter().map(ToString::to_string).collect();
    match years.is_empty() {
        true => problem.hint("the project has no `ref.target`"),
        false => problem.hint(format!("there are targets due in {}", years.join(", "))),
    }
}
