//! Progress: bars on a terminal, plain lines elsewhere, JSON on request.

use std::collections::BTreeMap;
use std::io::Write;
use std::sync::Mutex;

use indicatif::{MultiProgress, ProgressBar, ProgressStyle};
use tracing::level_filters::LevelFilter;

use super::LogFormat;
use super::print::Printer;
use crate::progress::Watcher;

/// Shows how long work goes on.
pub(super) struct Terminal {
    printer: Printer,
    bar: Mutex<Option<ProgressBar>>,
    /// A line for each thing that is worked on beside others.
    lines: Mutex<BTreeMap<String, ProgressBar>>,
    screen: MultiProgress,
    stage: Mutex<String>,
}

impl Terminal {
    pub(super) fn new(printer: &Printer) -> Self {
        Terminal {
            printer: printer.clone(),
            bar: Mutex::new(None),
            lines: Mutex::new(BTreeMap::new()),
            screen: MultiProgress::new(),
            stage: Mutex::new(String::new()),
        }
    }
}

impl Watcher for Terminal {
    fn begin(&self, stage: &str, steps: u64) {
        *lock(&self.stage) = stage.to_owned();
        if self.printer.draws_bars() {
            let style =
                ProgressStyle::with_template("{prefix:>8} [{bar:30}] {pos}/{len} {elapsed} {wide_msg}");
            let bar = self.screen.add(ProgressBar::new(steps).with_prefix(stage.to_owned()));
            // One large file is one step: the clock shows that the work goes on.
            bar.enable_steady_tick(std::time::Duration::from_millis(200));
            bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()).progress_chars("=> "));
            *lock(&self.bar) = Some(bar);
        } else if self.printer.tells_progress() {
            tracing::info!(steps, "{stage}");
        }
    }

    fn step(&self, what: &str) {
        if let Some(bar) = lock(&self.bar).as_ref() {
            bar.set_message(what.to_owned());
            bar.inc(1);
        }
    }

    fn tell(&self, what: &str, how: &str) {
        if !self.printer.draws_bars() {
            if self.printer.tells_progress() {
                tracing::info!(source = what, "{how}");
            }
            return;
        }
        let mut lines = lock(&self.lines);
        let line = lines.entry(what.to_owned()).or_insert_with(|| {
            let style = ProgressStyle::with_template("{prefix:>24} {wide_msg}");
            let line = ProgressBar::new_spinner().with_prefix(what.to_owned());
            line.set_style(style.unwrap_or_else(|_| ProgressStyle::default_spinner()));
            self.screen.add(line)
        });
        line.set_message(how.to_owned());
    }

    fn end(&self) {
        for line in std::mem::take(&mut *lock(&self.lines)).values() {
            line.abandon();
        }
        if let Some(bar) = lock(&self.bar).take() {
            bar.finish_with_message("done");
            let _ = writeln!(std::io::stderr());
        }
    }
}

/// A watcher that panicked has nothing to say that would be wrong.
fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

/// Plain lines on stderr where no bars are drawn; JSON lines on request; nothing when quiet; each statement when verbose.
pub(super) fn start_log(quiet: bool, verbose: bool, format: LogFormat) {
    use std::io::IsTerminal;
    let is_terminal = std::io::stderr().is_terminal();
    let level = match (quiet, format, is_terminal) {
        _ if verbose => LevelFilter::DEBUG,
        (true, ..) | (_, LogFormat::Text, true) => LevelFilter::OFF,
        _ => LevelFilter::INFO,
    };
    let log = tracing_subscriber::fmt().with_writer(std::io::stderr).with_max_level(level).with_target(false);
    // A second start in one process keeps the first log.
    let _ = match format {
        LogFormat::Json => log.json().flatten_event(true).try_init(),
        LogFormat::Text => log.without_time().with_level(false).with_ansi(false).try_init(),
    };
}
