//! `chiso forget`

use super::{Context, Outcome, Result};
use crate::diagnostic::count;
use crate::gather::read_manifest;
use crate::load::{Plan, forget, open_existing, plan};

/// Name what earlier vintages alone need, and drop it when told to
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The first vintage to keep
    #[arg(long, value_name = "N")]
    before: u32,
    /// Drop what was named; without it nothing is changed
    #[arg(long)]
    yes: bool,
}

pub(super) fn run(context: &Context, args: &Args) -> Result<Outcome> {
    let db = open_existing(&context.project)?;
    let plan = plan(&db, args.before, &read_manifest(&context.project)?)?;
    named(context, &plan, args.yes);
    if args.yes {
        forget(&db, &context.project, &plan)?;
    } else if !plan.vintages.is_empty() {
        context.printer.line("nothing was changed; `--yes` drops it");
    }
    Ok(Outcome::Done)
}

/// Every file by name, and the sums.
fn named(context: &Context, plan: &Plan, done: bool) {
    let say = |text: &str| context.printer.line(text);
    if plan.vintages.is_empty() {
        say(&format!("no vintage before {} is kept", plan.first_kept));
        return;
    }
    let numbers: Vec<String> = plan.vintages.iter().map(i64::to_string).collect();
    let verb = if done { "forgotten" } else { "to be forgotten" };
    say(&format!("{verb}: vintage {}; they cannot be rebuilt after that", numbers.join(", ")));
    for file in &plan.files {
        let bytes = if file.bytes_at.is_some() { ", with its bytes in `build/landing`" } else { "" };
        say(&format!(
            "  {} of vintage {}, replaced in {}: {}{bytes}",
            file.path,
            file.vintage,
            file.superseded_in,
            count(u64::try_from(file.rows).unwrap_or(0), "row")
        ));
    }
    let rows: i64 = plan.files.iter().map(|file| file.rows).sum();
    say(&format!(
        "  in all {}, {}, {}; accounts of files and the history of numbers stay",
        count(plan.files.len() as u64, "file"),
        count(u64::try_from(rows).unwrap_or(0), "row"),
        count(plan.definitions.len() as u64, "text of a definition").replace("definitions", "definition"),
    ));
}
