//! How long work tells that it goes on; `cli` decides what a person sees of it.

/// Somebody who watches the work.
pub trait Watcher: Sync {
    /// A stage of `steps` steps begins.
    fn begin(&self, stage: &str, steps: u64);
    /// A step of it is done.
    fn step(&self, what: &str);
    /// How it goes with one thing of many that are worked on at once.
    fn tell(&self, _what: &str, _how: &str) {}
    /// It is done.
    fn end(&self);
}

/// Nobody watches.
pub struct Unwatched;

impl Watcher for Unwatched {
    fn begin(&self, _: &str, _: u64) {}
    fn step(&self, _: &str) {}
    fn end(&self) {}
}
