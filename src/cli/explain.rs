//! `chiso explain`

use chrono::NaiveDate;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::definitions::Definitions;
use super::past::tell_of;
use super::{Context, Outcome, Result};
use crate::db::{Db, quoted};
use crate::diagnostic::{Diagnostic, Problems};
use crate::indicators::Definition;
use crate::load::{OrganisationColumn, rests_on};
use crate::model::id::{OrgId, TableName};
use crate::model::organisation::Organisation;
use crate::model::period::Period;
use crate::model::results::Results;
use crate::model::text::Lang;
use crate::report::explain::{Explanation, Holding, Question};

/// How many bodies or periods a hint names.
const NAMED: usize = 5;

/// Take one number apart: what it counts, by which law and query, its counts, the bodies added, its files
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The indicator, such as online-share
    indicator: String,
    /// Whose number: an id such as H44, a code of it on the last day of the period, or its name
    #[arg(long, value_name = "ORGANISATION")]
    org: String,
    /// Of when, such as 2026-Q3
    #[arg(long, value_name = "PERIOD")]
    period: Period,
    /// The language of words and numbers; by default the first one of the report
    #[arg(long, value_name = "LANG")]
    lang: Option<Lang>,
    /// One JSON object with unrounded numbers instead of text
    #[arg(long)]
    json: bool,
    /// As it was in this vintage; `chiso vintages` lists them
    #[arg(long, value_name = "N")]
    as_of: Option<u32>,
}

pub(super) fn run(context: &Context, args: &Args) -> Result<Outcome> {
    tell_of(context, args.as_of, |context, definitions, db, results| {
        explain(context, args, definitions, db, results)
    })
}

fn explain(
    context: &Context,
    args: &Args,
    definitions: &Definitions,
    db: &Db,
    results: &Results,
) -> Result<Outcome> {
    let mut problems = Problems::default();
    let definition = problems.keep(find_indicator(&definitions.indicators, &args.indicator));
    let org = problems.keep(find_organisation(db, results, &args.org, args.period.end()));
    let (Some(definition), Some(org)) = (definition, org) else { return Err(problems) };
    let is_filled = |table: &TableName| definitions.contracts.iter().any(|contract| contract.table == *table);
    let tables = rests_on(&definition.query.text, &definitions.views, &definitions.contracts);
    let tables = tables.into_iter().filter(is_filled).collect();
    let (indicator, query) = (&definition.indicator, definition.query.path.as_str());
    let question = Question { indicator, query, tables: &tables, org: &org, period: args.period };
    let explanation = Explanation::of(&question, results).ok_or_else(|| no_number(&question, results))?;
    let holding = holding(db, definitions, &question, &explanation)?;
    let explanation = explanation.held_by(holding);
    let lang = args.lang.unwrap_or_else(|| definitions.reports[0].languages[0]);
    let text = match args.json {
        true => format!("{:#}", explanation.to_json(lang)),
        false => explanation.text(lang, &super::report::templates(context)?)?,
    };
    context.printer.line(text.trim_end());
    Ok(Outcome::Done)
}

/// Which files hold rows of the body asked for, of bodies below it or before it, of tables whose rows name bodies.
fn holding(
    db: &Db,
    definitions: &Definitions,
    asked: &Question<'_>,
    explanation: &Explanation<'_>,
) -> Result<Holding> {
    let bodies: Vec<&str> = explanation.bodies().into_iter().map(OrgId::as_str).collect();
    let bodies = serde_json::json!(bodies).to_string();
    let links = match db.has_view("ref.organisation_link")? {
        true => {
            "UNION ALL SELECT CAST(new_org_id AS VARCHAR), CAST(old_org_id AS VARCHAR) FROM ref.organisation_link"
        }
        false => "",
    };
    let named = definitions
        .contracts
        .iter()
        .filter(|contract| asked.tables.contains(&contract.table) && !contract.organisations.is_empty());
    let mut holding = Holding::new();
    for contract in named {
        let is_of = |column: &OrganisationColumn| format!("t.{} IN (FROM body)", quoted(&column.name));
        let is_of: Vec<String> = contract.organisations.iter().map(is_of).collect();
        let found = db.query(
            &format!(
                "WITH RECURSIVE counted AS ( \
                     SELECT CAST(parent_id AS VARCHAR) AS for_id, CAST(org_id AS VARCHAR) AS id FROM ref.organisation {links} \
                 ), body AS ( \
                     SELECT unnest(from_json($bodies::JSON, '[\"VARCHAR\"]')) AS id \
                     UNION SELECT counted.id FROM body JOIN counted ON counted.for_id = body.id \
                 ) \
                 SELECT path FROM meta.file \
                 WHERE file_id IN (SELECT DISTINCT t.file_id FROM {} AS t WHERE {}) ORDER BY path",
                contract.table,
                is_of.join(" OR ")
            ),
            &[("bodies", bodies.as_str().into())],
        )?;
        holding.insert(contract.table.clone(), found.rows.iter().map(|row| row[0].shown()).collect());
    }
    Ok(holding)
}

fn find_indicator<'a>(
    definitions: &'a [Definition],
    asked: &str,
) -> std::result::Result<&'a Definition, Diagnostic> {
    let ids = || definitions.iter().map(|definition| definition.indicator.id.as_str());
    let found = definitions.iter().find(|definition| definition.indicator.id.as_str() == asked);
    found.ok_or_else(|| Diagnostic::usage(format!("no indicator `{asked}`")).suggest(asked, ids()))
}

/// An organisation by its id, by a code of it on a day, or by its name.
pub(super) fn find_organisation(db: &Db, results: &Results, asked: &str, on: NaiveDate) -> Result<OrgId> {
    let known = |id: &str| results.organisations.iter().find(|org| org.id.as_str() == id);
    if let Some(org) = known(asked) {
        return Ok(org.id.clone());
    }
    let coded: Vec<&Organisation> = coded(db, asked, on)?.iter().filter_map(|id| known(id)).collect();
    let found = if coded.is_empty() { named(&results.organisations, asked, on) } else { coded };
    match found.as_slice() {
        [org] => Ok(org.id.clone()),
        [] => Err(no_organisation(results, asked, on).into()),
        several => Err(ambiguous(several, asked, on).into()),
    }
}

/// The organisations that have a code on a day, in whatever system of codes.
pub(super) fn coded(db: &Db, code: &str, on: NaiveDate) -> Result<Vec<String>> {
    if !db.has_view("ref.organisation_code")? {
        return Ok(vec![]);
    }
    let found = db.query(
        "SELECT DISTINCT CAST(org_id AS VARCHAR) FROM ref.organisation_code \
         WHERE CAST(code AS VARCHAR) = $code \
           AND CAST($on AS DATE) BETWEEN coalesce(CAST(valid_from AS DATE), DATE '0001-01-01') \
               AND coalesce(CAST(valid_to AS DATE), DATE '9999-12-31') \
         ORDER BY ALL",
        &[("code", code.into()), ("on", on.to_string().into())],
    )?;
    Ok(found.rows.iter().map(|row| row[0].shown()).collect())
}

/// The organisations of a name, else those with it in their name, at first with the accents as they were typed; those of
/// the day before all others.
fn named<'a>(organisations: &'a [Organisation], asked: &str, on: NaiveDate) -> Vec<&'a Organisation> {
    let (lower, plain) = (asked.to_lowercase(), plain(asked));
    let tests: [&dyn Fn(&str) -> bool; 4] = [
        &|name| name.to_lowercase() == lower,
        &|name| name.to_lowercase().contains(&lower),
        &|name| self::plain(name) == plain,
        &|name| self::plain(name).contains(&plain),
    ];
    let fits = |org: &Organisation, test: &dyn Fn(&str) -> bool| {
        Lang::ALL.iter().any(|lang| test(org.name.get(*lang)))
    };
    for test in tests {
        for only_of_the_day in [true, false] {
            let found: Vec<_> = organisations
                .iter()
                .filter(|org| !only_of_the_day || org.existed_on(on))
                .filter(|org| fits(org, test))
                .collect();
            if !found.is_empty() {
                return found;
            }
        }
    }
    vec![]
}

/// A name in small letters without accents, as it is typed in haste: `da nang` for `Đà Nẵng`.
fn plain(name: &str) -> String {
    let letters = name.to_lowercase().nfd().filter(|letter| !is_combining_mark(*letter)).collect::<String>();
    letters.replace('đ', "d")
}

fn no_organisation(results: &Results, asked: &str, on: NaiveDate) -> Diagnostic {
    let names = results
        .organisations
        .iter()
        .flat_map(|org| [org.id.as_str()].into_iter().chain(Lang::ALL.map(|lang| org.name.get(lang))));
    Diagnostic::usage(format!("no organisation has the id, the name or, on {on}, the code `{asked}`"))
        .suggest(asked, names)
}

fn ambiguous(found: &[&Organisation], asked: &str, on: NaiveDate) -> Diagnostic {
    let problem = Diagnostic::usage(format!("`{asked}` is more than one organisation on {on}"));
    let described = |org: &&Organisation| format!("`{}`: {}", org.id, org.name.get(Lang::Vi));
    let problem = found.iter().take(NAMED).map(described).fold(problem, Diagnostic::hint);
    match found.len().checked_sub(NAMED) {
        None | Some(0) => problem,
        Some(more) => problem.hint(format!("and {more} more; say which one by its id")),
    }
}

fn no_number(asked: &Question<'_>, results: &Results) -> Diagnostic {
    let problem = Diagnostic::error(format!(
        "there is no number of `{}` for `{}` in {}",
        asked.indicator.id, asked.org, asked.period
    ));
    let periods = Explanation::periods(asked, results);
    let latest: Vec<String> = periods.iter().rev().take(NAMED).map(|period| format!("`{period}`")).collect();
    match latest.is_empty() {
        true => problem.hint("it has none in any period that was computed"),
        false => problem.hint(format!("the latest periods that it has one for: {}", latest.join(", "))),
    }
}
