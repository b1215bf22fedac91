//! `chiso template`

use std::collections::BTreeSet;
use std::path::PathBuf;

use super::definitions::Definitions;
use super::{Context, Outcome, Result};
use crate::diagnostic::Diagnostic;
use crate::load::{Contract, Sender, template};
use crate::model::period::Period;
use crate::project::write_whole;

/// Write a workbook that a sender can fill in, from the contract of a table
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The table, such as fact.petition
    table: String,
    /// The code of the sender, filled in
    #[arg(long, value_name = "CODE")]
    org: Option<String>,
    /// The period that is reported, filled in, such as 2026-Q3
    #[arg(long, value_name = "PERIOD")]
    period: Option<Period>,
    /// Where to; by default `build/templates/TABLE.xlsx`
    #[arg(long, value_name = "FILE.xlsx")]
    to: Option<PathBuf>,
}

pub(super) fn run(context: &Context, args: &Args) -> Result<Outcome> {
    let definitions = Definitions::read(&context.project)?;
    let found = definitions.contracts.iter().find(|contract| contract.table.as_str() == args.table);
    let contract = found.ok_or_else(|| {
        let names = definitions.contracts.iter().map(|contract| contract.table.as_str());
        Diagnostic::usage(format!("no table `{}` has a contract", args.table)).suggest(&args.table, names)
    })?;
    let sender = Sender { org: args.org.clone(), period: args.period };
    let bytes = template(contract, &constants(&definitions, contract), &sender)?;
    let (path, shown) = match &args.to {
        Some(path) => (path.clone(), path.display().to_string()),
        None => {
            let shown = context.project.output(&format!("templates/{}.xlsx", contract.table));
            (context.project.path(&shown), shown)
        }
    };
    write_whole(&path, &bytes)?;
    context.printer.line(&shown);
    Ok(Outcome::Done)
}

/// Columns that every source of the table knows without its files.
fn constants<'a>(definitions: &'a Definitions, contract: &Contract) -> Vec<&'a str> {
    let sources = definitions.sources.iter().filter(|source| source.table == contract.table);
    let known = sources.map(|source| source.constants.keys().map(String::as_str).collect::<BTreeSet<_>>());
    known.reduce(|all, mine| &all & &mine).unwrap_or_default().into_iter().collect()
}
