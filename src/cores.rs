//! Work on all cores.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::panic::resume_unwind;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::thread;

/// How many can work at once on so many things.
pub fn hands(things: usize) -> usize {
    thread::available_parallelism().map_or(1, usize::from).min(things)
}

/// How many can work at once on so many things where half of the time goes by in waiting for a disk.
pub fn hands_that_wait(things: usize) -> usize {
    (2 * hands(usize::MAX)).min(things)
}

/// Does the same with every item, begun in their order, one worker for each tool; hands what came of each over in their
/// order, as soon as those before it are there. An error of `hand_over` ends it: no other item is begun.
pub fn in_order<'a, T: Sync, W: Send, R: Send, E>(
    items: &'a [T],
    tools: Vec<W>,
    work: impl Fn(&W, &'a T) -> R + Sync,
    mut hand_over: impl FnMut(R) -> Result<(), E>,
) -> Result<(), E> {
    let next = AtomicUsize::new(0);
    let (work, next) = (&work, &next);
    thread::scope(|scope| {
        let (sender, done) = mpsc::channel();
        let worker = |tool: W| {
            let sender = sender.clone();
            scope.spawn(move || {
                let mut taken = std::iter::from_fn(|| take(items, next));
                // Nobody listens any more once `hand_over` has failed.
                let _ = taken.try_for_each(|(place, item)| sender.send((place, work(&tool, item))));
            })
        };
        let workers: Vec<_> = tools.into_iter().map(worker).collect();
        drop(sender);
        let (mut early, mut due) = (BTreeMap::new(), 0);
        let handed = done.iter().try_for_each(|(place, result)| {
            early.insert(place, result);
            while let Some(result) = early.remove(&due) {
                hand_over(result)?;
                due += 1;
            }
            Ok(())
        });
        drop(done);
        for worker in workers {
            worker.join().unwrap_or_else(|panic| resume_unwind(panic));
        }
        handed
    })
}

fn take<'a, T>(items: &'a [T], next: &AtomicUsize) -> Option<(usize, &'a T)> {
    let place = next.fetch_add(1, Ordering::Relaxed);
    Some((place, items.get(place)?))
}

/// Does `work` for every item on a thread of its own, in their order and at most `ahead` items before `take` has the last of
/// them; `take` gets each item with what came of it. An error of `take` ends both.
pub fn ahead<'a, T: Sync, R: Send, E>(
    items: &'a [T],
    ahead: usize,
    work: impl Fn(&'a T) -> R + Send,
    mut take: impl FnMut(&'a T, R) -> Result<(), E>,
) -> Result<(), E> {
    thread::scope(|scope| {
        let (sender, done) = mpsc::sync_channel(ahead);
        let worker = scope.spawn(move || {
            // Nobody listens any more once `take` has failed.
            let _ = items.iter().try_for_each(|item| sender.send((item, work(item))));
        });
        let taken = done.iter().try_for_each(|(item, result)| take(item, result));
        drop(done);
        worker.join().unwrap_or_else(|panic| resume_unwind(panic));
        taken
    })
}

/// Does the same with every item, as many at once as there are cores, begun in their order; gives what came of each, in
/// their order.
pub fn on_all_cores<T: Sync, R: Send>(items: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let mut done = Vec::with_capacity(items.len());
    let keep = |result| -> Result<(), Infallible> {
        done.push(result);
        Ok(())
    };
    let Ok(()) = in_order(items, vec![(); hands(items.len())], |(), item| work(item), keep);
    done
}

/// Does two things at once.
pub fn both<A: Send, B>(one: impl FnOnce() -> A + Send, other: impl FnOnce() -> B) -> (A, B) {
    thread::scope(|scope| {
        let one = scope.spawn(one);
        let other = other();
        (one.join().unwrap_or_else(|panic| resume_unwind(panic)), other)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_come_in_the_order_of_the_items() {
        let items: Vec<u64> = (0..200).collect();
        let squares = on_all_cores(&items, |n| {
            thread::sleep(std::time::Duration::from_micros(200 - n));
            n * n
        });
        assert_eq!(squares, items.iter().map(|n| n * n).collect::<Vec<_>>());
        assert!(on_all_cores(&[] as &[u64], |n| *n).is_empty());
    }

    #[test]
    fn an_error_of_who_takes_the_results_ends_the_work() {
        let items: Vec<usize> = (0..10_000).collect();
        let begun = AtomicUsize::new(0);
        let work = |(): &(), n: &usize| {
            begun.fetch_add(1, Ordering::Relaxed);
            thread::sleep(std::time::Duration::from_micros(50));
            *n
        };
        let ended = in_order(&items, vec![(); 3], work, |n| if n == 7 { Err(n) } else { Ok(()) });
        assert_eq!(ended, Err(7));
        assert!(begun.into_inner() < items.len());
    }

    #[test]
    fn work_goes_ahead_in_the_order_of_the_items() {
        let items: Vec<u64> = (0..100).collect();
        let mut taken = vec![];
        let done: Result<(), ()> = ahead(
            &items,
            3,
            |n| n * n,
            |n, square| {
                taken.push((*n, square));
                Ok(())
            },
        );
        assert_eq!(done, Ok(()));
        assert_eq!(taken, items.iter().map(|n| (*n, n * n)).collect::<Vec<_>>());
        let stopped = ahead(&items, 3, |n| *n, |_, n| if n == 7 { Err(n) } else { Ok(()) });
        assert_eq!(stopped, Err(7));
    }

    #[test]
    fn both_are_done() {
        assert_eq!(both(|| 1, || "two"), (1, "two"));
    }
}
