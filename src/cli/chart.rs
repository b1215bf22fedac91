//! `chiso chart`

use std::path::PathBuf;

use super::definitions::Definitions;
use super::explain::find_organisation;
use super::past::tell_of;
use super::{Context, Outcome, Result};
use crate::chart::png::png;
use crate::db::Db;
use crate::diagnostic::{Diagnostic, Problems};
use crate::model::period::Period;
use crate::model::results::Results;
use crate::model::text::Lang;
use crate::project::write_whole;
use crate::report::ChartKind;
use crate::report::chart_file::{Asked, ChartFile, charts};

/// Pixels of a picture for each of the chart.
const SCALE: f32 = 2.0;

/// Draw the charts of an indicator or an index into files, each with its title, its finding and its source
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The indicator or index, such as index766-score
    indicator: String,
    /// Only this kind of chart; by default all that the numbers carry
    #[arg(long, value_name = "KIND", value_parser = ChartKind::ALL.map(|(_, word)| word))]
    kind: Option<String>,
    /// Of this body, and among those of its level: an id such as H44, a code of it, or its name
    #[arg(long, value_name = "ORGANISATION")]
    org: Option<String>,
    /// Up to this period, such as 2026-Q3; by default the newest one
    #[arg(long, value_name = "PERIOD")]
    period: Option<Period>,
    /// The language of words and numbers; by default the first one of the report
    #[arg(long, value_name = "LANG")]
    lang: Option<Lang>,
    /// As PNG, which is the default
    #[arg(long)]
    png: bool,
    /// As SVG; with `--png` as both
    #[arg(long)]
    svg: bool,
    /// The folder that they are written to; by default `build/charts`
    #[arg(long, value_name = "DIR")]
    into: Option<PathBuf>,
    /// As it was in this vintage; `chiso vintages` lists them
    #[arg(long, value_name = "N")]
    as_of: Option<u32>,
}

pub(super) fn run(context: &Context, args: &Args) -> Result<Outcome> {
    tell_of(context, args.as_of, |context, definitions, db, results| {
        draw(context, args, definitions, db, results)
    })
}

fn draw(
    context: &Context,
    args: &Args,
    definitions: &Definitions,
    db: &Db,
    results: &Results,
) -> Result<Outcome> {
    let on = args.period.map_or_else(|| context.now.date_naive(), |period| period.end());
    let mut problems = Problems::default();
    let org = args.org.as_deref().map(|asked| find_organisation(db, results, asked, on));
    let org = org.and_then(|org| problems.keep(org));
    let report = &definitions.reports[0];
    let words = super::report::templates(context)?.words(args.lang.unwrap_or(report.languages[0]))?;
    let kind = args.kind.as_deref().and_then(|word| ChartKind::ALL.iter().find(|(_, known)| *known == word));
    let asked = Asked {
        id: &args.indicator,
        org: org.as_ref(),
        period: args.period,
        kind: kind.map(|(kind, _)| *kind),
    };
    let files = problems.keep(charts(&asked, results, report, &words).map_err(Problems));
    write(context, args, &problems.or(files.unwrap_or_default())?)
}

fn write(context: &Context, args: &Args, files: &[ChartFile]) -> Result<Outcome> {
    for file in files {
        if args.png || !args.svg {
            let picture = png(&file.svg, SCALE);
            let picture = picture.ok_or_else(|| {
                Diagnostic::error(format!("the chart `{}` cannot be made a picture", file.stem))
            })?;
            write_one(context, args, &format!("{}.png", file.stem), &picture)?;
        }
        if args.svg {
            write_one(context, args, &format!("{}.svg", file.stem), file.svg.as_str().as_bytes())?;
        }
    }
    Ok(Outcome::Done)
}

/// Writes a file and prints where.
fn write_one(context: &Context, args: &Args, name: &str, bytes: &[u8]) -> Result<()> {
    let (path, shown) = match &args.into {
        Some(folder) => {
            let path = folder.join(name);
            let shown = path.display().to_string();
            (path, shown)
        }
        None => {
            let shown = context.project.output(&format!("charts/{name}"));
            (context.project.path(&shown), shown)
        }
    };
    write_whole(&path, bytes)?;
    context.printer.line(&shown);
    Ok(())
}
