//! What a person, or a program, reads: results on stdout, problems on stderr.

use std::io::{IsTerminal, Write};

use super::LogFormat;
use crate::diagnostic::{Diagnostic, Severity, count};

/// Where things are printed, and how.
#[derive(Debug, Clone)]
pub(super) struct Printer {
    quiet: bool,
    format: LogFormat,
}

impl Printer {
    pub(super) fn new(quiet: bool, format: LogFormat) -> Self {
        Printer { quiet, format }
    }

    /// Whether progress bars may be drawn.
    pub(super) fn draws_bars(&self) -> bool {
        !self.quiet && self.format == LogFormat::Text && std::io::stderr().is_terminal()
    }

    /// Whether progress is told at all.
    pub(super) fn tells_progress(&self) -> bool {
        !self.quiet
    }

    /// A line of a result.
    pub(super) fn line(&self, text: &str) {
        if !self.quiet {
            // Whoever reads may have stopped reading; that is not an error.
            let _ = writeln!(std::io::stdout(), "{text}");
        }
    }

    /// All problems, then how many there were.
    pub(super) fn problems(&self, problems: &[Diagnostic]) {
        let mut stderr = std::io::stderr();
        let colour = stderr.is_terminal() && std::env::var_os("NO_COLOR").is_none();
        for problem in problems {
            let text = match self.format {
                LogFormat::Json => problem.to_json().to_string(),
                LogFormat::Text => format!("{}\n", problem.render(colour)),
            };
            let _ = writeln!(stderr, "{text}");
        }
        let errors = problems.iter().filter(|problem| problem.severity == Severity::Error).count() as u64;
        if errors > 1 && self.format == LogFormat::Text {
            let _ = writeln!(stderr, "{}", count(errors, "problem"));
        }
    }
}
