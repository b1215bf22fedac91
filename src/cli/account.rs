//! `build/run.json`: what came of a run, for programs that watch over it.

use std::collections::BTreeMap;
use std::time::Instant;

use serde::Serialize;

use super::{Context, Outcome};
use crate::diagnostic::{Diagnostic, Severity};
use crate::model::intake::{self, CheckResult};
use crate::project::write_whole;
use crate::results::Summary;

/// What is known of a run; what it did not come to stays away.
#[derive(Debug, Default, Serialize)]
pub(super) struct Account {
    /// The state of the data that it ended with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vintage: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sources: Option<Sources>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rows: Option<Rows>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub checks: Option<Checks>,
    /// How many targets stand in which way, on the body that each names.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub targets: Option<BTreeMap<String, u64>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub observations: Option<u64>,
    /// Folders of the reports that stand.
    pub reports: Vec<String>,
    problems: Vec<Problem>,
}

#[derive(Debug, Serialize)]
pub(super) struct Sources {
    pub named: u64,
    pub arrived: u64,
    pub new_or_changed_files: u64,
    /// Those of which something did not arrive, with the reason.
    pub failed: Vec<Failure>,
}

#[derive(Debug, Serialize)]
pub(super) struct Failure {
    pub source: String,
    pub message: String,
}

/// Of the files that this run loaded.
#[derive(Debug, Serialize)]
pub(super) struct Rows {
    pub files: u64,
    pub read: u64,
    pub loaded: u64,
    pub rejected: u64,
}

#[derive(Debug, Serialize)]
pub(super) struct Checks {
    pub hold: u64,
    /// Of severity `error`.
    pub broken: u64,
    /// Of severity `warning`.
    pub to_look_at: u64,
    /// Those that there was no row to ask of.
    pub nothing_to_check: u64,
}

#[derive(Debug, Serialize)]
struct Problem {
    severity: &'static str,
    message: String,
}

impl Account {
    /// Takes down what a report shows, in numbers.
    pub(super) fn see(&mut self, found: &Summary) {
        let broken = |severity| {
            let is_broken = |check: &&CheckResult| check.broken > 0 && check.severity == severity;
            found.checks.iter().filter(is_broken).count() as u64
        };
        let (broken, to_look_at) = (broken(intake::Severity::Error), broken(intake::Severity::Warning));
        self.vintage = Some(found.vintage.number);
        let idle = found.checks.iter().filter(|check| check.is_idle()).count() as u64;
        let hold = found.checks.iter().filter(|check| check.holds()).count() as u64;
        self.checks = Some(Checks { hold, broken, to_look_at, nothing_to_check: idle });
        self.targets = Some(found.targets.iter().map(|(status, n)| (status.word().to_owned(), *n)).collect());
        self.observations = Some(found.observations);
    }

    /// Adds what went wrong: its words alone, since a cell may speak of a person.
    pub(super) fn add(&mut self, problems: &[Diagnostic]) {
        self.problems.extend(problems.iter().map(|problem| Problem {
            severity: match problem.severity {
                Severity::Error => "error",
                Severity::Warning => "warning",
            },
            message: problem.message.clone(),
        }));
    }
}

#[derive(Serialize)]
struct Written<'a> {
    program: &'static str,
    command: &'static str,
    started_at: String,
    ended_at: String,
    seconds: f64,
    outcome: &'static str,
    exit_code: u8,
    #[serde(flatten)]
    account: &'a Account,
}

/// Writes the account of a run that ended like this; who watches finds the former one whole or this one whole.
pub(super) fn write(
    context: &Context,
    account: &Account,
    outcome: Outcome,
    began: Instant,
) -> Result<(), Diagnostic> {
    let passed = began.elapsed();
    let moment = |at: chrono::DateTime<chrono::Utc>| at.format("%Y-%m-%dT%H:%M:%SZ").to_string();
    let written = Written {
        program: concat!("chiso ", env!("CARGO_PKG_VERSION")),
        command: "run",
        started_at: moment(context.now),
        ended_at: moment(context.now + passed),
        seconds: (passed.as_secs_f64() * 10.0).round() / 10.0,
        outcome: outcome.word(),
        exit_code: outcome.exit_code(),
        account,
    };
    let mut text = serde_json::to_string_pretty(&written).expect("texts and numbers are JSON");
    text.push('\n');
    write_whole(&context.project.path("build/run.json"), text.as_bytes())
}
