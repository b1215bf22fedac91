//! `chiso egdi uncertainty`

use super::{Asked, Computed, answer};
use crate::cli::{Context, Outcome, Result};
use crate::diagnostic::Diagnostic;
use crate::index::{MOST, Question, uncertainty};

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// How many draws
    #[arg(long, value_name = "N", default_value_t = 10_000, value_parser = clap::value_parser!(u32).range(64..=i64::from(MOST)))]
    draws: u32,
    /// The same seed gives the same draws
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u32,
    /// How far each weight goes up and down, in percent of itself
    #[arg(long, value_name = "PERCENT", default_value_t = 25, value_parser = clap::value_parser!(u32).range(0..100))]
    spread: u32,
    /// From how many steps between editions, the newest, the movement of others is taken; 0 leaves them where they are
    #[arg(long, value_name = "N", default_value_t = 5)]
    past: usize,
    /// The ranks of all states, not of one
    #[arg(long)]
    all: bool,
    #[command(flatten)]
    asked: Asked,
}

pub(super) fn run(context: &Context, args: &Args) -> Result<Outcome> {
    let computed = Computed::open(context)?;
    let case = computed.case(&args.asked)?;
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let question = Question {
        draws: args.draws,
        seed: args.seed,
        weight_spread: f64::from(args.spread) / 100.0,
        past: args.past,
        threads,
    };
    let found = uncertainty(&case, &computed.scored().fields, question).map_err(|gap| {
        Diagnostic::error(format!("the state has no rank in {} ({})", case.field.period, gap.word()))
            .hint("`chiso egdi score --country` shows its parts")
    })?;
    let found = crate::report::planning::Drawn { question, found };
    answer(
        context,
        &computed,
        &args.asked,
        &case,
        |text| text.drawn(&found, args.all),
        |text| text.drawn_json(&found),
    )
}
