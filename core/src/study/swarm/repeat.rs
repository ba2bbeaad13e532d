//! A run repeated: opened from its link, its peers served in pieces, gone back in and on again. It has to be
//! the same.

use super::failure::Failure;
use crate::base::time::Tick;
use crate::sim::world::Executor;
use crate::study::simulation::{ReproductionStatus, Simulation};

/// Executor that works through pieces in reverse order.
struct Backwards;

impl Executor for Backwards {
    fn size(&self) -> usize {
        2
    }

    fn least(&self) -> usize {
        0
    }

    fn each<T: Send>(&self, pieces: &mut [T], work: impl Fn(&mut T) + Sync) {
        pieces.iter_mut().rev().for_each(work);
    }
}

/// Difference between a run and its repetition from its link. A run that has become too long for a link is
/// not repeated.
pub(super) fn differs(run: &Simulation) -> Option<Failure> {
    let link = run.link().ok()?;
    let failure = |property, text: &str| {
        Some(Failure { property, tick: run.now().0, peers: Vec::new(), text: text.to_owned() })
    };
    if Simulation::open(&damaged(&link)).is_ok() {
        return failure("damage-is-seen", "a link opens although one of its characters is another");
    }
    let again = match Simulation::open(&link) {
        Ok(again) => again,
        Err(problem) => return failure("link-holds-run", &problem.to_string()),
    };
    if again.scenario() != run.scenario() {
        return failure("link-holds-run", "the link is that of another run");
    }
    if is_same(again, run.now()) {
        return None;
    }
    failure("run-repeats", "the same run, served in pieces and gone back in, comes out differently")
}

fn is_same(mut again: Simulation, end: Tick) -> bool {
    again.run_until_with(&Backwards, Tick(end.0 / 2));
    let copy = again.clone();
    again.run_until_with(&Backwards, Tick(end.0 * 3 / 4));
    again.restore(&copy);
    again.run_until_with(&Backwards, end);
    again.verdict() == ReproductionStatus::Reproduced { tick: end.0 }
}

/// A link in which one character is another.
fn damaged(link: &str) -> String {
    let (before, rest) = link.split_at(link.len() / 2);
    let other = if rest.starts_with('A') { 'B' } else { 'A' };
    before.chars().chain([other]).chain(rest.chars().skip(1)).collect()
}
