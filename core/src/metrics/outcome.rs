//! How elections ended, and which of them lost a message.

use std::collections::BTreeSet;
use std::mem;

use serde::Serialize;

use crate::actor::Ending;
use crate::id::{PeerId, TokenId};

/// Ended elections by how they ended. Each is in one of the counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Outcomes {
    /// With a single winner.
    pub elected: u64,
    /// With no answer or too few, after a message of theirs was lost on a link or stopped at a cut.
    pub loss: u64,
    /// With no answer, although none of their messages was lost or cut.
    pub no_answer: u64,
    /// With fewer answers than make a cluster, although none of their messages was lost or cut.
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

/// Elections that are remembered for a lost message before the older half of them is forgotten.
const CASUALTIES_MAX: usize = 1 << 17;

/// Elections that have lost a message, by their owners and tokens.
///
/// Messages of elections that are over may be lost as well, so that this is kept in two generations: when the younger is
/// full, the older is forgotten.
#[derive(Clone, Debug, Default)]
pub(super) struct Casualties {
    younger: BTreeSet<(PeerId, TokenId)>,
    older: BTreeSet<(PeerId, TokenId)>,
}

impl Casualties {
    pub(super) fn insert(&mut self, election: (PeerId, TokenId)) {
        if self.younger.len() == CASUALTIES_MAX / 2 {
            self.older = mem::take(&mut self.younger);
        }
        self.younger.insert(election);
    }

    /// Whether the election was among them; it no longer is.
    pub(super) fn remove(&mut self, election: (PeerId, TokenId)) -> bool {
        // Both, as it may have lost a message in either.
        let (younger, older) = (self.younger.remove(&election), self.older.remove(&election));
        younger || older
    }
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
        let mut casualties = Casualties::default();
        casualties.insert(election(1));
        casualties.insert(election(1));
        assert!(!casualties.remove(election(2)));
        assert!(casualties.remove(election(1)));
        assert!(!casualties.remove(election(1)));
    }

    #[test]
    fn the_memory_is_bounded_and_the_latest_are_in_it() {
        let mut casualties = Casualties::default();
        let all = 3 * CASUALTIES_MAX as u64;
        for number in 0..all {
            casualties.insert(election(number));
            assert!(casualties.younger.len() + casualties.older.len() <= CASUALTIES_MAX);
        }
        for remembered in [all - 1, all - CASUALTIES_MAX as u64] {
            assert!(casualties.remove(election(remembered)));
        }
        assert!(!casualties.remove(election(0)));
    }
}
