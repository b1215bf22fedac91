//! Parses the command line, runs it, prints what went wrong, and says so in the exit code.

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    let args = chiso::cli::Args::parse();
    let outcome = chiso::cli::run(&args);
    ExitCode::from(outcome.exit_code())
}
