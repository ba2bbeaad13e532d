//! How elections ended, and which of them lost a message.

use std::mem;

use serde::Serialize;

use crate::base::id::{PeerId, TokenId};
use crate::base::rng::mix;
use crate::protocol::event::Ending;

/// Ended elections by how they ended. Each is in one of the counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Outcomes {
    /// With a single winner.
    pub elected: u64,
    /// With no answer or too few, after a message of theirs was lost on a link or stopped at a cut.
    pub loss: u64,
    /// Without an answer, although no message of theirs was lost or cut.
    pub no_answer: u64,
    /// With fewer answers than form a cluster, although no message of theirs was lost or cut.
    pub too_few_answers: u64,
    /// With enough answers, of which none agreed with enough others.
    pub disagreement: u64,
    /// With two clusters that stood against each other.
    pub split_brain: u64,
}

impl Outcomes {
    /// Counts an election that has ended after it had lost a message, or without.
    pub(super) const fn count(&mut self, ending: Ending, has_lost: bool) {
        let count = match ending {
            Ending::Elected { .. } => &mut self.elected,
            Ending::NoAnswer | Ending::TooFewAnswers if has_lost => &mut self.loss,
            Ending::NoAnswer => &mut self.no_answer,
            Ending::TooFewAnswers => &mut self.too_few_answers,
            Ending::Disagreement => &mut self.disagreement,
            Ending::SplitBrain => &mut self.split_brain,
        };
        *count += 1;
    }
}

/// Slots of the set of lossy elections: initial and largest number, powers of two.
const SLOTS_MIN: usize = 1 << 6;
const SLOTS_MAX: usize = 1 << 17;
/// Slots of a bucket.
const CHOICE: usize = 8;

/// Elections that have lost a message, by their owners and tokens.
///
/// A hash set with buckets of [`CHOICE`] slots, at least twice as many as elections up to [`SLOTS_MAX`]; an
/// insertion into a full bucket evicts another election. It is bounded because messages of ended elections
/// may be lost as well.
#[derive(Clone, Debug, Default)]
pub(super) struct LossyElections {
    /// Hash of the election in a slot; 0 if the slot is free.
    slots: Vec<u64>,
    used: usize,
}

impl LossyElections {
    pub(super) fn insert(&mut self, election: (PeerId, TokenId)) {
        if 2 * self.used >= self.slots.len() && self.slots.len() < SLOTS_MAX {
            self.grow();
        }
        self.put(mixed(election));
    }

    /// Whether the election was among them; it no longer is.
    pub(super) fn remove(&mut self, election: (PeerId, TokenId)) -> bool {
        let mixed = mixed(election);
        let slot = self.choice(mixed).iter_mut().find(|slot| **slot == mixed);
        let was_there = slot.map(|slot| *slot = 0).is_some();
        debug_assert!(self.used >= usize::from(was_there), "slots in use are counted");
        self.used -= usize::from(was_there);
        was_there
    }

    fn grow(&mut self) {
        let slots = vec![0; (2 * self.slots.len()).max(SLOTS_MIN)];
        let former = mem::replace(&mut self.slots, slots);
        self.used = 0;
        debug_assert!(self.slots.len() <= SLOTS_MAX, "memory is bounded");
        former.into_iter().filter(|mixed| *mixed != 0).for_each(|mixed| self.put(mixed));
    }

    fn put(&mut self, mixed: u64) {
        let choice = self.choice(mixed);
        let known = choice.iter().position(|slot| *slot == mixed);
        let free = || choice.iter().position(|slot| *slot == 0);
        let index = known.or_else(free).unwrap_or(0);
        debug_assert!(self.slots.len().is_power_of_two(), "slots are allocated before the first election");
        self.used += usize::from(mem::replace(&mut self.choice(mixed)[index], mixed) == 0);
    }

    /// Slots of an election's bucket; empty before the first insertion.
    fn choice(&mut self, mixed: u64) -> &mut [u64] {
        #[expect(clippy::cast_possible_truncation, reason = "any bits will do")]
        let bits = mixed as u32 as usize;
        let start = bits & self.slots.len().saturating_sub(CHOICE) & !(CHOICE - 1);
        self.slots.get_mut(start..start + CHOICE).unwrap_or_default()
    }
}

/// Hash of an election, not 0.
const fn mixed((owner, token): (PeerId, TokenId)) -> u64 {
    mix(owner.get() ^ mix(token.get())) | 1 << 63
}

#[cfg(test)]
mod tests {
    use super::*;

    fn election(number: u64) -> (PeerId, TokenId) {
        (PeerId::new(number % 3), TokenId::new(number))
    }

    #[test]
    fn loss_explains_a_want_of_answers_and_nothing_else() {
        let mut outcomes = Outcomes::default();
        let winner = PeerId::new(1);
        let endings = [Ending::NoAnswer, Ending::TooFewAnswers, Ending::Disagreement, Ending::SplitBrain];
        for has_lost in [true, false] {
            endings.into_iter().for_each(|ending| outcomes.count(ending, has_lost));
            outcomes.count(Ending::Elected { winner }, has_lost);
        }
        let expected = Outcomes {
            elected: 2,
            loss: 2,
            no_answer: 1,
            too_few_answers: 1,
            disagreement: 2,
            split_brain: 2,
        };
        assert_eq!(outcomes, expected);
    }

    #[test]
    fn an_election_is_remembered_until_it_is_asked_for() {
        let mut lossy_elections = LossyElections::default();
        lossy_elections.insert(election(1));
        lossy_elections.insert(election(1));
        assert!(!lossy_elections.remove(election(2)));
        assert!(lossy_elections.remove(election(1)));
        assert!(!lossy_elections.remove(election(1)));
    }

    #[test]
    fn nearly_all_are_remembered_as_long_as_there_is_room() {
        let mut lossy_elections = LossyElections::default();
        let all = SLOTS_MAX as u64 / 8;
        (0..all).for_each(|number| lossy_elections.insert(election(number)));
        let remembered = (0..all).filter(|number| lossy_elections.remove(election(*number))).count() as u64;
        assert!(remembered > all * 97 / 100, "{remembered} of {all}");
        assert_eq!(lossy_elections.used, 0);
        assert_eq!(lossy_elections.slots.iter().max(), Some(&0));
    }

    #[test]
    fn the_memory_is_bounded_and_the_later_ones_are_in_it() {
        let mut lossy_elections = LossyElections::default();
        let all = 3 * SLOTS_MAX as u64;
        for number in 0..all {
            lossy_elections.insert(election(number));
            assert!(lossy_elections.used <= lossy_elections.slots.len());
        }
        assert_eq!(lossy_elections.slots.len(), SLOTS_MAX);
        assert!(lossy_elections.remove(election(all - 1)));
        assert!(!lossy_elections.remove(election(0)));
    }
}
