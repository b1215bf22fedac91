//! `chiso dictionary`

use std::fmt::Write;

use super::definitions::Definitions;
use super::{Context, Outcome, Result};
use crate::db::Db;
use crate::load::{make_ready, published_views};

/// Write the data dictionary of the database, in Markdown
#[derive(Debug, clap::Args)]
pub(super) struct Args {}

pub(super) fn run(context: &Context, _: &Args) -> Result<Outcome> {
    let definitions = Definitions::read(&context.project)?;
    let db = Db::in_memory()?;
    db.lock_down()?;
    make_ready(&db, &definitions.contracts, &definitions.views)?;
    context.printer.line(dictionary(&db)?.trim_end());
    Ok(Outcome::Done)
}

const HEAD: &str = "# Data dictionary

The views in the schema `published` of `build/chiso.duckdb` are the contract with whoever reads the database:
their names and columns stay. Everything else in it may change with any version.
The same texts are comments on the views and columns in the database itself.
This page is made by `chiso dictionary`.
";

fn dictionary(db: &Db) -> Result<String> {
    let mut text = HEAD.to_owned();
    for view in published_views() {
        let _ = write!(text, "\n## `{}`\n\n{}.\n", view.name, view.about);
        if let Some(needs) = view.needs.filter(|needs| *needs != "ref.organisation") {
            let _ = writeln!(text, "Only in projects that have a `{needs}`.");
        }
        text += "\n| column | type | what it holds |\n| --- | --- | --- |\n";
        let types = match db.has_relation(view.name)? {
            true => db.query(&format!("DESCRIBE {}", view.name), &[])?.rows,
            false => vec![],
        };
        for (column, about) in &view.columns {
            let found = types.iter().find(|row| row[0].text() == Some(column)).map(|row| row[1].shown());
            let _ = writeln!(text, "| `{column}` | {} | {about} |", found.unwrap_or_default().to_lowercase());
        }
    }
    Ok(text)
}
