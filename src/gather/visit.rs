//! Asking others over a network: again after what passes, not too often, and no longer once somebody wants to stop.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use backon::{BackoffBuilder, ExponentialBuilder};

use super::landing::Berth;
use crate::diagnostic::Diagnostic;
use crate::model::origin::Limits;

/// Why one attempt did not bring what was asked for. No cause holds a secret or the value of a variable.
#[derive(Debug)]
pub(super) enum Trouble {
    /// It may be over in a moment; the other side may have said in how long.
    Passing { cause: String, wait: Option<Duration> },
    /// It will be the same next time.
    Lasting { cause: String, hint: Option<String> },
    /// Somebody wants the program to end.
    Stopped,
}

impl Trouble {
    pub(super) fn passing(cause: impl Into<String>) -> Trouble {
        Trouble::Passing { cause: cause.into(), wait: None }
    }

    pub(super) fn lasting(cause: impl Into<String>) -> Trouble {
        Trouble::Lasting { cause: cause.into(), hint: None }
    }

    pub(super) fn lasting_but(cause: impl Into<String>, hint: impl Into<String>) -> Trouble {
        Trouble::Lasting { cause: cause.into(), hint: Some(hint.into()) }
    }
}

impl From<std::io::Error> for Trouble {
    /// Of our own disk; those of a connection are told apart where they happen.
    fn from(error: std::io::Error) -> Self {
        Trouble::lasting(format!("cannot write what came: {error}"))
    }
}

/// Why a source, or a file of it, did not come in this run.
#[derive(Debug)]
pub(super) struct Failure {
    pub cause: String,
    pub hint: Option<String>,
    pub attempts: u32,
    pub is_stopped: bool,
}

/// One source while it is asked.
pub(super) struct Visit<'a> {
    pub berth: Berth<'a>,
    pub hosts: &'a Hosts,
    pub stop: &'a AtomicBool,
    /// Says how it goes.
    pub tell: &'a dyn Fn(String),
}

impl Visit<'_> {
    pub(super) fn is_stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }

    /// Tries until it works, cannot work, or was tried often enough.
    pub(super) fn persist<T>(
        &self,
        limits: &Limits,
        mut attempt: impl FnMut() -> Result<T, Trouble>,
    ) -> Result<T, Failure> {
        let mut waits = ExponentialBuilder::new()
            .with_jitter()
            .with_min_delay(limits.first_wait)
            .with_max_delay(limits.longest_wait)
            .without_max_times()
            .build();
        let mut attempts = 0;
        loop {
            attempts += 1;
            let fails = |cause, hint| Err(Failure { cause, hint, attempts, is_stopped: false });
            let (cause, asked) = match attempt() {
                Ok(value) => return Ok(value),
                Err(Trouble::Stopped) => return Err(stopped(attempts)),
                Err(Trouble::Lasting { cause, hint }) => return fails(cause, hint),
                Err(Trouble::Passing { cause, wait }) => (cause, wait.unwrap_or_default()),
            };
            if asked > limits.longest_wait {
                let hint = format!(
                    "the server asks to come back in {} s; the next run tries again",
                    asked.as_secs()
                );
                return fails(cause, Some(hint));
            }
            if attempts >= limits.attempts {
                return fails(cause, None);
            }
            let wait = asked.max(waits.next().unwrap_or(limits.longest_wait));
            (self.tell)(format!("attempt {attempts} of {}: {cause}", limits.attempts));
            if !self.rest(wait) {
                return Err(stopped(attempts));
            }
        }
    }

    /// Waits; false where somebody wants to stop meanwhile.
    fn rest(&self, wait: Duration) -> bool {
        let until = Instant::now() + wait;
        while !self.is_stopped() {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return true;
            }
            std::thread::sleep(left.min(GLANCE));
        }
        false
    }

    /// The problem as a person reads it: source, address without secrets, attempt, cause.
    pub(super) fn problem(&self, failure: &Failure) -> Diagnostic {
        let source = self.berth.source;
        let shown = source.origin.shown().unwrap_or_default();
        let times = match failure.attempts {
            1 => String::new(),
            attempts => format!(" (attempt {attempts})"),
        };
        let cause = &failure.cause;
        let problem = Diagnostic::error(format!("source `{}`: {shown}: {cause}{times}", source.id));
        let hint = failure.hint.clone();
        problem.in_file("sources.yml").hint(hint.unwrap_or_else(|| {
            "what came before stays in use; the next run tries again, the other sources are not affected"
                .into()
        }))
    }
}

fn stopped(attempts: u32) -> Failure {
    Failure { cause: "stopped before it had come".into(), hint: None, attempts, is_stopped: true }
}

/// How often somebody who waits looks whether to stop.
const GLANCE: Duration = Duration::from_millis(50);

/// Who may ask which host now: so many at once, so many in a second, from all sources together.
#[derive(Debug, Default)]
pub(super) struct Hosts {
    gates: Mutex<HashMap<String, Gate>>,
    is_freed: Condvar,
}

#[derive(Debug)]
struct Gate {
    busy: u32,
    next: Instant,
}

impl Hosts {
    /// Waits for a turn at a host; it lasts until what is given back is dropped.
    pub(super) fn enter(&self, host: &str, limits: &Limits, stop: &AtomicBool) -> Result<Pass<'_>, Trouble> {
        let mut gates = self.gates();
        loop {
            if stop.load(Ordering::Relaxed) {
                return Err(Trouble::Stopped);
            }
            let now = Instant::now();
            let gate = gates.entry(host.to_owned()).or_insert(Gate { busy: 0, next: now });
            if gate.busy < limits.connections && gate.next <= now {
                gate.busy += 1;
                gate.next = now
                    + limits.per_second.map_or(Duration::ZERO, |rate| Duration::from_secs_f64(1.0 / rate));
                return Ok(Pass { hosts: self, host: host.to_owned() });
            }
            let wait = gate.next.saturating_duration_since(now).clamp(Duration::from_millis(1), GLANCE);
            gates = self
                .is_freed
                .wait_timeout(gates, wait)
                .map_or_else(|error| error.into_inner().0, |woken| woken.0);
        }
    }

    /// A thread that panicked left counts that are still counts.
    fn gates(&self) -> MutexGuard<'_, HashMap<String, Gate>> {
        self.gates.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A turn at a host.
#[derive(Debug)]
pub(super) struct Pass<'a> {
    hosts: &'a Hosts,
    host: String,
}

impl Drop for Pass<'_> {
    fn drop(&mut self) {
        if let Some(gate) = self.hosts.gates().get_mut(&self.host) {
            gate.busy = gate.busy.saturating_sub(1);
        }
        self.hosts.is_freed.notify_all();
    }
}
