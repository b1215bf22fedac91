//! `chiso quality`

use super::definitions::Definitions;
use super::explain::find_organisation;
use super::{Context, Outcome, Result};
use crate::db::{Cell, Db};
use crate::diagnostic::Diagnostic;
use crate::load::{make_ready, open_existing};
use crate::model::id::OrgId;
use crate::model::intake::Severity;
use crate::model::quality::SenderSummary;
use crate::model::results::Results;
use crate::model::text::Lang;
use crate::quality::QUALITY;
use crate::report::sender_text::{SenderDelivery, SenderText};
use crate::results::read_results;

/// Say of every sender what it had to send, what came, in time or late, and what was wrong with it
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// One sender, period by period: its id, a code of it, or its name
    #[arg(long, value_name = "ORG")]
    org: Option<String>,
    /// One JSON object instead of a table
    #[arg(long)]
    json: bool,
    /// The language of words and numbers; by default the first one of the report
    #[arg(long, value_name = "LANG")]
    lang: Option<Lang>,
}

pub(super) fn run(context: &Context, args: &Args) -> Result<Outcome> {
    let definitions = Definitions::read(&context.project)?;
    if definitions.deliveries().is_empty() {
        let problem = Diagnostic::error("nothing is expected of anybody").in_file(QUALITY);
        return Err(problem.hint("write `deliveries`; `docs/formats.md` says how").into());
    }
    let db = open_existing(&context.project)?;
    make_ready(&db, &definitions.contracts, &definitions.views)?;
    db.lock_down()?;
    let results = read_results(&db, vec![], vec![], &[], &[])?;
    if results.quality.judged_on.is_none() {
        let problem = Diagnostic::error("nothing has been judged yet").in_file("build/chiso.duckdb");
        return Err(problem.hint("run `chiso run` first").into());
    }
    let senders = asked(context, args, &db, &results)?;
    let lang = args.lang.unwrap_or_else(|| definitions.reports[0].languages[0]);
    let deliveries = match (&args.org, senders.as_slice()) {
        (Some(_), [SenderSummary { org: Some(org), .. }]) => Some(deliveries(&db, org, lang)?),
        _ => None,
    };
    let text = match args.json {
        true => format!("{:#}", json(&results, &senders, deliveries.as_deref(), lang)),
        false => text(context, &results, &senders, deliveries.as_deref(), lang)?,
    };
    context.printer.line(text.trim_end());
    let needs_attention = senders.iter().any(|sender| needs_attention(&results, sender));
    Ok(if needs_attention { Outcome::NeedsAttention } else { Outcome::Done })
}

/// All senders, or the one that was asked for.
fn asked<'a>(
    context: &Context,
    args: &Args,
    db: &Db,
    results: &'a Results,
) -> Result<Vec<&'a SenderSummary>> {
    let Some(asked) = &args.org else { return Ok(results.quality.senders.iter().collect()) };
    let org = find_organisation(db, results, asked, context.now.date_naive())?;
    let found = results.quality.senders.iter().find(|sender| sender.org.as_ref() == Some(&org));
    let sender = found.ok_or_else(|| {
        Diagnostic::usage(format!("`{org}` has nothing to send and has sent nothing"))
            .hint("who has to send what stands in `quality.yml`")
    })?;
    Ok(vec![sender])
}

/// What is due and not there, what was kept out, and rules of severity error over their threshold.
fn needs_attention(results: &Results, sender: &SenderSummary) -> bool {
    let is_error =
        |id: &String| results.checks.iter().any(|check| check.id == *id && check.severity == Severity::Error);
    sender.not_reported > 0 || sender.rows_rejected > 0 || sender.checks.iter().any(is_error)
}

fn text(
    context: &Context,
    results: &Results,
    senders: &[&SenderSummary],
    deliveries: Option<&[SenderDelivery]>,
    lang: Lang,
) -> Result<String> {
    let words = super::report::templates(context)?.words(lang)?;
    let name = |org: &OrgId| named(results, org, lang);
    let rule = |id: &str| {
        let known = results.checks.iter().find(|check| check.id == id);
        known.map_or_else(|| id.to_owned(), |check| check.title.get(lang).to_owned())
    };
    let text = SenderText { words: &words, quality: &results.quality, name: &name, rule: &rule };
    Ok(match (deliveries, senders) {
        (Some(deliveries), [sender]) => text.one(sender, deliveries),
        _ => text.all(senders),
    })
}

fn named(results: &Results, org: &OrgId, lang: Lang) -> String {
    let known = results.organisations.iter().find(|known| known.id == *org);
    known.map_or_else(|| org.to_string(), |known| known.name.get(lang).to_owned())
}

/// What one sender had to send in the periods of the report.
fn deliveries(db: &Db, org: &OrgId, lang: Lang) -> Result<Vec<SenderDelivery>> {
    let found = db.query(
        "SELECT CASE $lang WHEN 'vi' THEN title_vi ELSE title_en END, period, due_on, delivered_on, status, days_late \
         FROM meta.sender_period JOIN meta.delivery_rule USING (rule) WHERE org_id = $org AND is_shown \
         ORDER BY position, last_on DESC",
        &[("org", org.as_str().into()), ("lang", lang.code().into())],
    )?;
    let day = |cell: &Cell| cell.text().and_then(|day| day.parse().ok());
    let delivery = |row: &Vec<Cell>| {
        Some(SenderDelivery {
            title: row[0].shown(),
            period: row[1].text()?.parse().ok()?,
            due_on: day(&row[2]),
            delivered_on: day(&row[3]),
            status: row[4].shown(),
            days_late: row[5].count(),
        })
    };
    Ok(found.rows.iter().filter_map(delivery).collect())
}

fn json(
    results: &Results,
    senders: &[&SenderSummary],
    deliveries: Option<&[SenderDelivery]>,
    lang: Lang,
) -> serde_json::Value {
    let sender = |sender: &&SenderSummary| {
        serde_json::json!({
            "org_id": sender.org.as_ref().map(OrgId::as_str),
            "name": sender.org.as_ref().map(|org| named(results, org, lang)),
            "expected": sender.expected,
            "on_time": sender.on_time,
            "late": sender.late,
            "untimed": sender.untimed,
            "not_reported": sender.not_reported,
            "awaited": sender.awaited,
            "most_days_late": sender.most_days_late,
            "rows_loaded": sender.rows_loaded,
            "rows_rejected": sender.rows_rejected,
            "rules_broken": sender.checks,
            "outliers": sender.outliers,
        })
    };
    let mut told = serde_json::json!({
        "judged_on": results.quality.judged_on,
        "senders": senders.iter().map(sender).collect::<Vec<_>>(),
    });
    if let Some(deliveries) = deliveries {
        let delivery = |delivery: &SenderDelivery| {
            serde_json::json!({
                "delivery": delivery.title,
                "period": delivery.period.to_string(),
                "due_on": delivery.due_on,
                "delivered_on": delivery.delivered_on,
                "status": delivery.status,
                "days_late": delivery.days_late,
            })
        };
        told["deliveries"] = deliveries.iter().map(delivery).collect();
    }
    told
}
