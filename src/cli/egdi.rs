//! `chiso egdi`

mod goal;
mod outlook;
mod uncertainty;
mod whatif;

use super::definitions::Definitions;
use super::past::open_computed;
use super::{Context, Outcome, Result};
use crate::db::{Cell, Db};
use crate::diagnostic::{Diagnostic, Problems};
use crate::index::Case;
use crate::indicators::{INDICES, IndexDefinition};
use crate::model::id::OrgId;
use crate::model::index::{IndexField, IndexResults};
use crate::model::period::Period;
use crate::model::results::Results;
use crate::model::text::Lang;
use crate::report::index::ScoreText;
use crate::report::planning::PlanText;
use crate::report::words::Words;
use crate::results::{index_scores, read_results};

/// The index that the command is about.
const EGDI: &str = "egdi";

/// Nobody looks further ahead than this year: bands after a generation say nothing, and take long.
const LAST_YEAR: i64 = 2060;

/// Work with the UN E-Government Development Index
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Recompute every edition from its parts and compare it with the published table
    Score(ScoreArgs),
    /// Set parts of one state to other values: its score, its rank and whom it overtakes, all else equal
    Whatif(whatif::Args),
    /// Say what a rank needs: of each part alone, and of all together
    Goal(goal::Args),
    /// Say how sure ranks are: other weights and methods, other stand-ins, others moved on
    Uncertainty(uncertainty::Args),
    /// Look ahead of all states together: scores, ranks and the score that a rank will need, with intervals
    Outlook(outlook::Args),
}

#[derive(Debug, clap::Args)]
struct ScoreArgs {
    /// One edition only, such as 2022, with all that is apart in it
    #[arg(long, value_name = "EDITION")]
    edition: Option<String>,
    /// One state part by part: its code, such as VNM, its id or its name
    #[arg(long, value_name = "COUNTRY")]
    country: Option<String>,
    /// The language of words and numbers; by default the first one of the report
    #[arg(long, value_name = "LANG")]
    lang: Option<Lang>,
}

/// Which state in which edition, and how the answer is written.
#[derive(Debug, clap::Args)]
struct Asked {
    /// The state: its code, such as VNM, its id or its name; by default the one that the project shows first
    #[arg(long, value_name = "COUNTRY")]
    country: Option<String>,
    /// The edition, such as 2022; by default the newest
    #[arg(long, value_name = "EDITION")]
    edition: Option<String>,
    /// The language of words and numbers; by default the first one of the report
    #[arg(long, value_name = "LANG")]
    lang: Option<Lang>,
    /// One JSON object with unrounded numbers instead of text
    #[arg(long)]
    json: bool,
}

pub(super) fn run(context: &Context, args: &Args) -> Result<Outcome> {
    match &args.command {
        Command::Score(args) => score(context, args),
        Command::Whatif(args) => whatif::run(context, args),
        Command::Goal(args) => goal::run(context, args),
        Command::Uncertainty(args) => uncertainty::run(context, args),
        Command::Outlook(args) => outlook::run(context, args),
    }
}

/// The index with everything that was computed of it.
struct Computed {
    definitions: Definitions,
    db: Db,
    results: Results,
}

impl Computed {
    fn open(context: &Context) -> Result<Computed> {
        let definitions = Definitions::read(&context.project)?;
        egdi(&definitions)?;
        let db = open_computed(context, &definitions)?;
        let results = read_results(&db, vec![], definitions.trees(), &[], &[])?;
        let computed = Computed { definitions, db, results };
        if computed.scored().summaries.is_empty() {
            let problem = Diagnostic::error("the index has no scores yet").in_file("build/chiso.duckdb");
            return Err(problem.hint("run `chiso run` first").into());
        }
        Ok(computed)
    }

    fn definition(&self) -> &IndexDefinition {
        egdi(&self.definitions).expect("looked for when it was opened")
    }

    fn scored(&self) -> &IndexResults {
        let scored = self.results.indices.iter().find(|index| index.tree.id.as_str() == EGDI);
        scored.expect("every definition has results")
    }

    fn words(&self, context: &Context, lang: Option<Lang>) -> Result<Words> {
        super::report::templates(context)?.words(lang.unwrap_or(self.definitions.reports[0].languages[0]))
    }

    /// The name of a state.
    fn name(&self, org: &OrgId, lang: Lang) -> String {
        let known = self.results.organisations.iter().find(|known| known.id == *org);
        known.map_or_else(|| org.to_string(), |known| known.name.get(lang).to_owned())
    }

    /// The state that is asked for, or the one that the index shows first.
    fn country(&self, asked: Option<&str>, edition: Option<Period>) -> Result<OrgId> {
        match asked {
            Some(asked) => find_country(&self.db, self.definition(), &self.results, asked, edition),
            None => self.scored().tree.headline.clone().ok_or_else(|| {
                let problem = Diagnostic::usage("which state?").in_file(&self.definition().source.path);
                problem.hint("say `--country VNM`, or give the index a `headline`").into()
            }),
        }
    }

    /// The state that is asked about among those that it is compared with; a wrong edition and a wrong state are told
    /// together.
    fn case(&self, asked: &Asked) -> Result<Case<'_>> {
        let mut problems = Problems::default();
        let edition =
            asked.edition.as_deref().map(|asked| find_edition(self.definition(), self.scored(), asked));
        let edition = edition.and_then(|edition| problems.keep(edition));
        let org = problems.keep(self.country(asked.country.as_deref(), edition));
        problems.or(())?;
        let org = org.expect("without problems there is one");
        let holds =
            |field: &&IndexField| field.bodies.contains(&org) && edition.is_none_or(|e| e == field.period);
        let fields = self.scored().fields.iter().filter(holds);
        let field = fields.max_by_key(|field| field.period.end()).ok_or_else(|| {
            Diagnostic::error(format!("no state `{org}` was scored{}", period_words(edition)))
                .in_file("build/chiso.duckdb")
                .hint("run `chiso run` first")
        })?;
        let tree = &self.scored().tree;
        let rules = tree.edition_on(field.period.end()).expect("fields before the first edition are refused");
        let body = field.bodies.iter().position(|body| *body == org).expect("the field holds it");
        Ok(Case::new(tree, rules, field, body))
    }
}

fn score(context: &Context, args: &ScoreArgs) -> Result<Outcome> {
    let computed = Computed::open(context)?;
    let (definition, scored) = (computed.definition(), computed.scored());
    // A wrong edition and a wrong country are told together.
    let mut problems = Problems::default();
    let edition = args.edition.as_deref().map(|asked| find_edition(definition, scored, asked));
    let edition = edition.and_then(|edition| problems.keep(edition));
    let country = args
        .country
        .as_deref()
        .map(|asked| find_country(&computed.db, definition, &computed.results, asked, edition));
    let country = country.and_then(|country| problems.keep(country));
    problems.or(())?;

    let words = computed.words(context, args.lang)?;
    let name = |org: &OrgId| computed.name(org, words.lang);
    let text = ScoreText { words: &words, index: scored, name: &name };
    let told = match country {
        Some(org) => {
            let only = [("org", org.as_str().into())];
            let scores = index_scores(&computed.db, &scored.tree, "org_id = $org", &only)?;
            text.body(&org, &scores, edition)
        }
        None => text.editions(edition),
    };
    context.printer.line(told.trim_end());
    Ok(Outcome::Done)
}

/// Prints an answer, as text or as JSON.
fn answer(
    context: &Context,
    computed: &Computed,
    asked: &Asked,
    case: &Case<'_>,
    text: impl FnOnce(&PlanText<'_>) -> String,
    json: impl FnOnce(&PlanText<'_>) -> serde_json::Value,
) -> Result<Outcome> {
    let words = computed.words(context, asked.lang)?;
    let name = |org: &OrgId| computed.name(org, words.lang);
    let written = PlanText { words: &words, case, name: &name };
    let told = if asked.json { json(&written).to_string() } else { text(&written) };
    context.printer.line(told.trim_end());
    Ok(Outcome::Done)
}

fn egdi(definitions: &Definitions) -> std::result::Result<&IndexDefinition, Diagnostic> {
    let found = definitions.indices.iter().find(|definition| definition.tree.id.as_str() == EGDI);
    found.ok_or_else(|| {
        Diagnostic::error(format!("the project has no index `{EGDI}`"))
            .in_file(format!("{INDICES}/{EGDI}.yml"))
            .hint("write it, with its query; `docs/formats.md` says how")
    })
}

/// The period of an edition that was scored.
fn find_edition(
    definition: &IndexDefinition,
    scored: &IndexResults,
    asked: &str,
) -> std::result::Result<Period, Diagnostic> {
    let mut known: Vec<String> = scored.summaries.iter().map(|one| one.period.to_string()).collect();
    known.dedup();
    let found = scored.summaries.iter().find(|one| one.period.to_string() == asked);
    found.map(|one| one.period).ok_or_else(|| {
        Diagnostic::usage(format!("the index has no edition `{asked}`"))
            .in_file(&definition.query.path)
            .hint(format!("it has {}", known.join(", ")))
    })
}

/// A state that was scored, by its id, a code of it, or its name.
fn find_country(
    db: &Db,
    definition: &IndexDefinition,
    results: &Results,
    asked: &str,
    edition: Option<Period>,
) -> Result<OrgId> {
    let period = edition.map(|period| period.to_string());
    let scored = db.query(
        "SELECT DISTINCT org_id FROM out.index_score \
         WHERE index_id = $index AND ($period IS NULL OR period = $period) ORDER BY org_id",
        &[("index", EGDI.into()), ("period", period.into())],
    )?;
    let scored: Vec<String> = scored.rows.iter().map(|row| row[0].shown()).collect();
    let coded = codes(db)?;
    let asked_low = asked.to_lowercase();
    let names = |id: &str| {
        let known = results.organisations.iter().find(|org| org.id.as_str() == id);
        let names = known.map(|org| Lang::ALL.map(|lang| org.name.get(lang).to_owned()).to_vec());
        names.unwrap_or_default()
    };
    let fits = |id: &&String| {
        let is_code = coded.iter().any(|(code, org)| org == *id && code.to_lowercase() == asked_low);
        id.to_lowercase() == asked_low
            || is_code
            || names(id).iter().any(|name| name.to_lowercase() == asked_low)
    };
    if let Some(id) = scored.iter().find(fits) {
        return Ok(id
            .parse()
            .map_err(|error: crate::model::id::IdError| Diagnostic::error(error.to_string()))?);
    }
    let place = period_words(edition);
    let mut candidates = scored.clone();
    candidates.extend(coded.into_iter().filter(|(_, org)| scored.contains(org)).map(|(code, _)| code));
    candidates.extend(scored.iter().flat_map(|id| names(id)));
    let problem =
        Diagnostic::usage(format!("no state `{asked}` was scored{place}")).in_file(&definition.query.path);
    Err(problem
        .suggest(asked, candidates.iter().map(String::as_str))
        .hint("a code such as `VNM`, or a name")
        .into())
}

fn period_words(edition: Option<Period>) -> String {
    edition.map_or_else(String::new, |period| format!(" in {period}"))
}

/// Codes and the bodies that they stand for, of all days.
fn codes(db: &Db) -> Result<Vec<(String, String)>> {
    if !db.has_view("ref.organisation_code")? {
        return Ok(vec![]);
    }
    let sql = "SELECT DISTINCT CAST(code AS VARCHAR), CAST(org_id AS VARCHAR) FROM ref.organisation_code ORDER BY ALL";
    let pair = |row: &Vec<Cell>| (row[0].shown(), row[1].shown());
    Ok(db.query(sql, &[])?.rows.iter().map(pair).collect())
}
