//! `chiso egdi goal`

use std::path::Path;

use serde::Deserialize;

use super::{Asked, Computed, LAST_YEAR, answer};
use crate::cli::{Context, Outcome, Result};
use crate::compute::{SEED, course};
use crate::diagnostic::{Diagnostic, Problems, Source};
use crate::index::{Case, goal, score_at_rank, score_for};
use crate::model::index::Gap;
use crate::model::outlook::Outlook;
use crate::project::{Placed, range_of, unreadable, yaml};
use crate::report::planning::Aim;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The rank to reach; several with commas
    #[arg(long, value_name = "RANK", required = true, value_delimiter = ',')]
    rank: Vec<u32>,
    /// A YAML file with the cost of one more of each part of the index, such as `osi: 120`; others are left as they are
    #[arg(long, value_name = "FILE")]
    costs: Option<std::path::PathBuf>,
    /// By when: the rank then needs the score that the outlook gives it in the last edition up to that year
    #[arg(long, value_name = "YEAR", conflicts_with = "edition", value_parser = clap::value_parser!(i32).range(..=LAST_YEAR))]
    by: Option<i32>,
    /// Where the chance of the outlook starts: the same seed gives the same numbers
    #[arg(long, value_name = "N", default_value_t = SEED, requires = "by")]
    seed: u64,
    #[command(flatten)]
    asked: Asked,
}

pub(super) fn run(context: &Context, args: &Args) -> Result<Outcome> {
    let computed = Computed::open(context)?;
    let case = computed.case(&args.asked)?;
    let mut problems = Problems::default();
    let costs = args.costs.as_deref().map(|path| read_costs(&case, path));
    let costs = costs.and_then(|costs| problems.keep(costs));
    let outlook = args.by.map(|year| look_ahead(&computed, year, args.seed));
    let outlook = outlook.and_then(|outlook| problems.keep(outlook));
    let mut goals = vec![];
    for rank in &args.rank {
        goals.extend(problems.keep(one(&case, *rank, costs.as_deref(), outlook.as_ref())));
    }
    problems.or(())?;
    answer(context, &computed, &args.asked, &case, |text| text.goals(&goals), |text| text.goals_json(&goals))
}

/// The forecasts, and the edition of them that a year asks for.
fn look_ahead(computed: &Computed, year: i32, seed: u64) -> std::result::Result<(Outlook, i32), Diagnostic> {
    let ahead = course(computed.scored(), Some(year), seed).and_then(|course| course.outlook);
    let ahead = ahead.and_then(|outlook| outlook.edition_by(year).map(|edition| (outlook, edition)));
    ahead.ok_or_else(|| {
        Diagnostic::usage(format!("nothing can be said of an edition up to {year}"))
            .in_file(&computed.definition().source.path)
            .hint("`chiso egdi outlook` says how far it looks ahead; without `--by` the others stay as they are")
    })
}

fn one(
    case: &Case<'_>,
    rank: u32,
    costs: Option<&[(String, f64)]>,
    outlook: Option<&(Outlook, i32)>,
) -> std::result::Result<Aim, Diagnostic> {
    let ranked = case.wholes().iter().flatten().count();
    if rank == 0 || usize::try_from(rank).map_or(true, |rank| rank > ranked) {
        let problem = Diagnostic::usage(format!("no rank {rank} in {}", case.field.period));
        return Err(problem.hint(format!("{ranked} are ranked: from 1 to {ranked}")));
    }
    let unscored = |gap: Gap| {
        let problem = format!("the state has no score in {} ({})", case.field.period, gap.word());
        Diagnostic::error(problem).hint("`chiso egdi score --country` shows its parts")
    };
    let now = case.standing().score.map_err(unscored)?;
    let by = outlook.and_then(|(outlook, edition)| Some((*edition, score_at_rank(outlook, rank, *edition)?)));
    let needed = match by {
        Some((_, band)) => band.middle,
        None => score_for(case, rank).unwrap_or(now),
    };
    Ok(Aim { rank, by, goal: goal(case, needed, costs).map_err(unscored)? })
}

#[derive(Deserialize)]
#[serde(transparent)]
struct Costs(indexmap::IndexMap<String, Placed<f64>>);

/// What one more of each part costs: parts that the index is made of, each 0 or more.
fn read_costs(case: &Case<'_>, path: &Path) -> Result<Vec<(String, f64)>> {
    let shown = path.display().to_string();
    let text = std::fs::read_to_string(path).map_err(|error| unreadable(&shown, &error))?;
    let source = Source { path: shown, text: text.into() };
    let Costs(costs) = yaml(&source)?;
    let parts: Vec<&str> =
        case.edition.below(case.tree.id.as_str()).iter().map(|(part, _)| part.as_str()).collect();
    let mut problems = Problems::default();
    for (part, cost) in &costs {
        let place = |label: &str| source.place(range_of(&source, cost), label);
        if !parts.contains(&part.as_str()) {
            let problem = Diagnostic::error(format!("the index is not made of `{part}`")).at(place(""));
            problems.push(
                problem
                    .suggest(part, parts.iter().copied())
                    .hint(format!("it is made of {}", parts.join(", "))),
            );
        } else if !(cost.value >= 0.0 && cost.value.is_finite()) {
            problems
                .push(Diagnostic::error(format!("the cost of `{part}` is not one")).at(place("0 or more")));
        }
    }
    problems.or(costs.into_iter().map(|(part, cost)| (part, cost.value)).collect())
}
