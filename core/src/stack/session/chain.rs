//! Hashes of the blocks of a chain that may fork, and the rules by which one of two chains is chosen.

use std::collections::VecDeque;

use crate::base::digest::Digest;
use crate::base::rng::mix;

/// Blocks above which a reorganisation is reported as deep.
pub const DEEP_ABOVE: u32 = 100;
/// Greatest number of a slot that may be: slots have at least a second.
const SLOTS_MAX: u64 = u32::MAX as u64;
/// Hashes that a host keeps: those of older blocks are final.
const HASHES_MAX: usize = 2_000;
/// Answers that a vote takes.
const ANSWERS_MIN: usize = 5;
/// The same for a host that lacks the block.
const ANSWERS_MIN_LACKING: usize = 2;

/// Hash of a block: it depends on all blocks before it, and on the slot in which it was produced.
#[must_use]
pub fn block_hash(parent: u64, slot: u64) -> u64 {
    mix(parent ^ mix(slot))
}

/// Slot of a block, by the hash of its parent and its own: the inverse of [`block_hash`]. Two hashes that do
/// not belong together give a number far above any slot.
#[must_use]
pub fn slot_of(parent: u64, hash: u64) -> u64 {
    unmix(unmix(hash) ^ parent)
}

/// Inverse of [`mix`].
const fn unmix(number: u64) -> u64 {
    let number = (number ^ (number >> 31) ^ (number >> 62)).wrapping_mul(0x3196_42b2_d24d_8ec3);
    let number = (number ^ (number >> 27) ^ (number >> 54)).wrapping_mul(0x96de_1b17_3f11_9089);
    number ^ (number >> 30) ^ (number >> 60)
}

/// Hashes of the latest blocks. All hosts share the blocks up to the initial height.
#[derive(Clone, Debug)]
pub struct Hashes {
    genesis: u32,
    initial: u32,
    /// Height below the first hash that is kept.
    base: u32,
    kept: VecDeque<u64>,
}

impl Hashes {
    /// The chain up to its initial height.
    #[must_use]
    pub const fn new(genesis: u32, initial: u32) -> Self {
        Self { genesis, initial, base: initial, kept: VecDeque::new() }
    }

    /// The hash at a height; `None` above the chain, and where it is no longer kept.
    #[must_use]
    pub fn at(&self, height: u32) -> Option<u64> {
        if height <= self.initial {
            return Some(mix(u64::from(self.genesis) << 32 | u64::from(height)));
        }
        let index = height.checked_sub(self.base)?.checked_sub(1)?;
        self.kept.get(index as usize).copied()
    }

    /// Appends a block above the initial height.
    pub fn push(&mut self, hash: u64) {
        self.kept.push_back(hash);
        if self.kept.len() > HASHES_MAX {
            self.kept.pop_front();
            self.base += 1;
        }
    }

    /// Whether a block is one of those that all chains with this genesis block share.
    #[must_use]
    pub const fn is_common(&self, height: u32) -> bool {
        height <= self.initial
    }

    /// Drops the blocks above a height.
    pub fn truncate(&mut self, height: u32) {
        self.kept.truncate(height.saturating_sub(self.base) as usize);
    }

    /// Whether the parent of each block that is kept is the block below it.
    #[must_use]
    pub fn is_linked(&self) -> bool {
        let below = self.at(self.base).into_iter().chain(self.kept.iter().copied());
        let above = self.kept.iter().skip(usize::from(self.at(self.base).is_none()));
        below.zip(above).all(|(parent, hash)| slot_of(parent, *hash) <= SLOTS_MAX)
    }

    /// A chain of a height as bytes, for a file.
    #[must_use]
    pub fn to_bytes(&self, height: u32) -> Vec<u8> {
        let kept = self.kept.iter().flat_map(|hash| hash.to_le_bytes());
        height.to_le_bytes().into_iter().chain(self.base.to_le_bytes()).chain(kept).collect()
    }

    /// Takes the chain of a file over; returns its height, or `None` if the file is torn.
    pub fn restore(&mut self, bytes: &[u8]) -> Option<u32> {
        let (height, rest) = bytes.split_first_chunk::<4>()?;
        let (base, rest) = rest.split_first_chunk::<4>()?;
        let [height, base] = [*height, *base].map(u32::from_le_bytes);
        let hash = |bytes: &[u8]| Some(u64::from_le_bytes(bytes.try_into().ok()?));
        let kept: VecDeque<u64> = rest.chunks(8).map(hash).collect::<Option<_>>()?;
        let top = base.checked_add(u32::try_from(kept.len()).ok()?)?;
        let is_whole = base >= self.initial && (height == top || (height < self.initial && kept.is_empty()));
        if !is_whole {
            return None;
        }
        (self.base, self.kept) = (base, kept);
        Some(height)
    }

    /// Adds the hashes to a fingerprint.
    pub fn digest(&self, digest: &mut Digest) {
        digest.number(self.base);
        digest.length(self.kept.len());
        self.kept.iter().for_each(|hash| digest.number(*hash));
    }
}

/// Result of a fork vote: the hash with more than two thirds of the answers; `None` if there is no such one,
/// or there are too few answers.
#[must_use]
pub fn tally(answers: &[u64], has_block: bool) -> Option<u64> {
    let least = if has_block { ANSWERS_MIN } else { ANSWERS_MIN_LACKING };
    let needed = 2 * answers.len() / 3 + 1;
    let votes = |hash: u64| answers.iter().filter(|answer| **answer == hash).count();
    answers.iter().copied().find(|hash| answers.len() >= least && votes(*hash) >= needed)
}

/// Whether a chain wins against the own one where no vote decides: the longer one does, and of two with the
/// same height that with the lower hash. Chains are given by height and hash of their last block.
#[must_use]
pub fn wins(other: (u32, u64), own: (u32, u64)) -> bool {
    other.0 > own.0 || (other.0 == own.0 && other.1 < own.1)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Five answers, or two if the block is lacking, and floor(2n/3) + 1 for the winner.
    #[test]
    fn a_vote_takes_enough_answers_and_more_than_two_thirds_of_them() {
        let answers = |first: usize, second: usize| [vec![1; first], vec![2; second]].concat();
        for (first, second, has_block, winner) in [
            (4, 0, true, None),
            (5, 0, true, Some(1)),
            (4, 1, true, Some(1)),
            (3, 2, true, None),
            (4, 2, true, None),
            (5, 1, true, Some(1)),
            (6, 3, true, None),
            (7, 2, true, Some(1)),
            (2, 7, true, Some(2)),
            (1, 0, false, None),
            (2, 0, false, Some(1)),
            (2, 1, false, None),
            (3, 1, false, Some(1)),
            (0, 0, false, None),
        ] {
            assert_eq!(tally(&answers(first, second), has_block), winner, "{first} to {second}");
        }
    }

    #[test]
    fn the_longer_chain_wins_and_of_equal_ones_that_with_the_lower_hash() {
        assert!(wins((11, 9), (10, 1)) && !wins((10, 1), (11, 9)));
        assert!(wins((10, 1), (10, 2)) && !wins((10, 2), (10, 1)));
        assert!(!wins((10, 1), (10, 1)), "no chain replaces itself");
    }

    #[test]
    fn a_hash_and_its_parent_tell_the_slot_and_others_do_not() {
        for (parent, slot) in [(0, 0), (1, 7), (u64::MAX, 86_400), (mix(3), SLOTS_MAX)] {
            assert_eq!(slot_of(parent, block_hash(parent, slot)), slot);
            assert!(slot_of(parent ^ 1, block_hash(parent, slot)) > SLOTS_MAX);
        }
    }

    #[test]
    fn a_chain_is_linked_if_each_block_has_the_one_below_it_as_its_parent() {
        let mut chain = Hashes::new(1, 10);
        let mut tip = chain.at(10).unwrap();
        for slot in 0..2_500 {
            tip = block_hash(tip, slot);
            chain.push(tip);
            assert!(chain.is_linked(), "slot {slot}");
        }
        chain.push(block_hash(tip ^ 1, 2_500));
        assert!(!chain.is_linked());
        let mut grafted = Hashes::new(1, 10);
        grafted.push(block_hash(7, 1));
        assert!(!grafted.is_linked(), "the first block too");
    }

    #[test]
    fn hashes_depend_on_all_before_and_old_ones_are_dropped() {
        let mut chain = Hashes::new(1, 10);
        assert_eq!(chain.at(10), Hashes::new(1, 99).at(10), "blocks of the beginning are common");
        assert_eq!(chain.at(11), None);
        let parent = chain.at(10).unwrap();
        assert_ne!(block_hash(block_hash(parent, 1), 3), block_hash(block_hash(parent, 2), 3));
        (0..2_500).for_each(|hash| chain.push(hash));
        assert_eq!((chain.at(10 + 500), chain.at(511), chain.at(2_510)), (None, Some(500), Some(2_499)));
        chain.truncate(2_000);
        assert_eq!((chain.at(2_000), chain.at(2_001)), (Some(1_989), None));
        let mut again = Hashes::new(1, 10);
        let bytes = chain.to_bytes(2_000);
        assert_eq!(again.restore(&bytes), Some(2_000));
        assert_eq!((again.at(2_000), again.at(510)), (Some(1_989), None));
        for torn in [0, 3, 7, 8, 12, bytes.len() - 8, bytes.len() - 1] {
            assert_eq!(again.restore(&bytes[..torn]), None, "{torn} bytes");
        }
        assert_eq!(Hashes::new(1, 10).restore(&Hashes::new(1, 10).to_bytes(0)), Some(0), "a host behind");
    }
}
