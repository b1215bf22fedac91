//! `chiso egdi outlook`

use chrono::Datelike;

use super::{Computed, LAST_YEAR};
use crate::cli::{Context, Outcome, Result};
use crate::compute::{SEED, course};
use crate::diagnostic::{Diagnostic, Problems};
use crate::index::{LEAST_STEPS, score_at_rank};
use crate::indicators::IndexDefinition;
use crate::model::id::OrgId;
use crate::model::outlook::Outlook;
use crate::model::text::Lang;
use crate::report::outlook::{OutlookText, answers};

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The last year to look at; by default the one in the file of the index
    #[arg(long, value_name = "YEAR", value_parser = clap::value_parser!(i32).range(..=LAST_YEAR))]
    to: Option<i32>,
    /// Whose scores are shown: a code such as VNM, an id or a name; by default the one that the project shows first
    #[arg(long, value_name = "COUNTRY")]
    country: Option<String>,
    /// All states, in the order of their ranks in the last edition
    #[arg(long, conflicts_with = "country")]
    all: bool,
    /// Where chance starts: the same seed gives the same numbers
    #[arg(long, value_name = "N", default_value_t = SEED)]
    seed: u64,
    /// The language of words and numbers; by default the first one of the report
    #[arg(long, value_name = "LANG")]
    lang: Option<Lang>,
    /// One JSON object with unrounded numbers of all states instead of text
    #[arg(long)]
    json: bool,
}

pub(super) fn run(context: &Context, args: &Args) -> Result<Outcome> {
    let computed = Computed::open(context)?;
    let (definition, scored) = (computed.definition(), computed.scored());
    if definition.tree.outlook.is_none() {
        return Err(not_followed(definition).into());
    }
    // A wrong year and a wrong country are told together.
    let mut problems = Problems::default();
    let outlook = course(scored, args.to, args.seed).and_then(|course| course.outlook);
    let outlook = problems.keep(outlook.ok_or_else(|| nothing_ahead(&computed, args.to)));
    let org = problems.keep(whose(&computed, args));
    problems.or(())?;
    let (outlook, org) = outlook.zip(org).expect("without problems there are both");
    let words = computed.words(context, args.lang)?;
    let name = |org: &OrgId| computed.name(org, words.lang);
    let targets = answers(&scored.tree, &computed.results.targets, &outlook, &org);
    let text = OutlookText {
        words: &words,
        tree: &scored.tree,
        outlook: &outlook,
        name: &name,
        results: &computed.results,
    };
    let told = match (args.json, args.all) {
        (true, _) => json(scored.tree.outlook.as_ref().map_or(&[], |plan| &plan.places), &outlook, &targets),
        (false, true) => text.all(),
        (false, false) => text.body(&org, &targets),
    };
    context.printer.line(told.trim_end());
    Ok(Outcome::Done)
}

/// The state whose scores are shown, scored in the last edition.
fn whose(computed: &Computed, args: &Args) -> Result<OrgId> {
    let scored = computed.scored();
    let last = scored.scores.iter().map(|score| score.period).max_by_key(|period| period.end());
    computed.country(args.country.as_deref(), last)
}

fn not_followed(definition: &IndexDefinition) -> Diagnostic {
    Diagnostic::error("the index says nothing of its editions to come")
        .in_file(&definition.source.path)
        .hint("write `outlook:` with `every` and `to`; `docs/formats.md` says how")
}

fn nothing_ahead(computed: &Computed, to: Option<i32>) -> Diagnostic {
    let years = computed.scored().scores.iter().map(|score| score.period.end().year());
    let last = years.clone().max().unwrap_or_default();
    let problem = match to {
        Some(to) => format!("no edition is to come until {to}"),
        None => "nothing can be said of the editions to come".to_owned(),
    };
    Diagnostic::error(problem)
        .in_file(&computed.definition().source.path)
        .hint(format!("the last edition is of {last}; it takes {} editions to look ahead", LEAST_STEPS + 1))
}

fn json(places: &[u32], outlook: &Outlook, targets: &[crate::report::outlook::Answer<'_>]) -> String {
    let at = |year: i32| {
        let band =
            |place: &u32| Some((place.to_string(), serde_json::json!(score_at_rank(outlook, *place, year)?)));
        places.iter().filter_map(band).collect::<serde_json::Map<_, _>>()
    };
    let at_place: serde_json::Map<_, _> =
        outlook.years.iter().map(|year| (year.to_string(), at(*year).into())).collect();
    let targets: Vec<_> = targets
        .iter()
        .map(|answer| {
            serde_json::json!({
                "target": answer.target.id.as_str(),
                "place": answer.place,
                "due_on": answer.target.due_on.to_string(),
                "edition": answer.edition,
                "chance": answer.chance,
            })
        })
        .collect();
    let mut whole = serde_json::json!(outlook);
    whole["score_at_place"] = at_place.into();
    whole["targets"] = targets.into();
    format!("{whole:#}")
}
