//! `chiso egdi whatif`

use super::{Asked, Computed, answer};
use crate::cli::{Context, Outcome, Result};
use crate::diagnostic::{Diagnostic, Problems};
use crate::index::{Case, Change, Refusal, Setting};

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Parts and what becomes of them: `osi=0.85` sets, `+0.05` and `-0.05` add, `+5%` multiplies; several with commas.
    /// Given again, it is another case
    #[arg(long, value_name = "PART=VALUE,...", required = true)]
    set: Vec<String>,
    #[command(flatten)]
    asked: Asked,
}

pub(super) fn run(context: &Context, args: &Args) -> Result<Outcome> {
    let computed = Computed::open(context)?;
    let case = computed.case(&args.asked)?;
    let mut problems = Problems::default();
    let mut answers = vec![];
    for set in &args.set {
        answers.extend(problems.keep(what_if(&case, set)));
    }
    problems.or(())?;
    answer(
        context,
        &computed,
        &args.asked,
        &case,
        |text| text.what_ifs(&answers),
        |text| text.what_ifs_json(&answers),
    )
}

/// One case, or everything that is wrong with it.
fn what_if(case: &Case<'_>, set: &str) -> Result<crate::index::WhatIf> {
    let mut problems = Problems::default();
    let settings: Vec<Setting> = set.split(',').filter_map(|one| problems.keep(setting(case, one))).collect();
    match case.what_if(&settings) {
        Ok(what_if) => problems.or(what_if),
        Err(refusals) => {
            refusals.iter().for_each(|refusal| problems.push(refused(case, refusal)));
            Err(problems)
        }
    }
}

/// `osi=0.85`, `osi=+0.05`, `internet_users=+5%`
fn setting(case: &Case<'_>, written: &str) -> std::result::Result<Setting, Diagnostic> {
    let wrong = || {
        Diagnostic::usage(format!("`{written}` sets nothing")).hint(
            "such as `osi=0.85`, `osi=+0.05` or `osi=+5%`; decimals have a point, a comma parts settings",
        )
    };
    let (part, value) = written.split_once('=').ok_or_else(wrong)?;
    let part = part.trim().to_lowercase().replace('_', "-");
    if case.tree.part(&part).is_none() {
        return Err(refused(case, &Refusal::NotInUse(part)));
    }
    let value = value.trim();
    let (number, percent) =
        value.strip_suffix('%').map_or((value, false), |number| (number.trim_end(), true));
    let is_step = number.starts_with(['+', '-']);
    let number: f64 = number.parse().ok().filter(|number: &f64| number.is_finite()).ok_or_else(wrong)?;
    let change = match (is_step, percent) {
        (true, true) => Change::Times(1.0 + number / 100.0),
        (true, false) => Change::By(number),
        (false, false) => Change::To(number),
        (false, true) => {
            let problem = Diagnostic::usage(format!("`{written}`: is that a value or a change?"));
            return Err(problem.hint(format!("`{part}={number}` sets, `{part}=+{number}%` multiplies")));
        }
    };
    Ok(Setting { part, change })
}

/// Why a setting makes no sense, in words.
fn refused(case: &Case<'_>, refusal: &Refusal) -> Diagnostic {
    let edition = case.field.period;
    let levers = case.levers();
    let own: Vec<&str> = levers.iter().map(|lever| lever.part.as_str()).collect();
    match refusal {
        Refusal::NotInUse(part) => Diagnostic::usage(format!("the index has no part `{part}` in {edition}"))
            .suggest(part, own.iter().copied())
            .hint(format!("it has {}", own.join(", "))),
        Refusal::Whole(part) => Diagnostic::usage(format!("`{part}` is the index itself"))
            .hint(format!("set what it is made of: {}", own.join(", "))),
        Refusal::Twice(part) => Diagnostic::usage(format!("`{part}` is set twice")),
        Refusal::Both(a, b) => Diagnostic::usage(format!("`{a}` and `{b}` are both set, but one goes into the other"))
            .hint("set one of them"),
        Refusal::NothingToChange(part) => {
            Diagnostic::usage(format!("`{part}` has no value in {edition} that could be changed"))
                .hint(format!("give it one, such as `{part}=50`"))
        }
        Refusal::Outside { part, value, range } => Diagnostic::usage(format!("`{part}` cannot be {value}"))
            .hint(format!("it lies {}", between(*range))),
        Refusal::NoMovement(part, above) => {
            Diagnostic::usage(format!("what `{part}` does to `{above}` is not known in {edition}"))
                .hint(format!("`{above}` was published, and the rules give no number for this state to move it by; set `{above}`"))
        }
    }
}

fn between((least, most): (f64, f64)) -> String {
    match (least.is_finite(), most.is_finite()) {
        (true, true) => format!("from {least} to {most}"),
        (true, false) => format!("at {least} or above"),
        (false, true) => format!("at {most} or below"),
        (false, false) => "among the numbers".to_owned(),
    }
}
