//! Messages that are assembled from their fragments.

use std::sync::Arc as Shared;

use super::message::RadioMessage;
use crate::base::digest::Digest;
use crate::base::id::PeerId;

/// A message of which some fragments have arrived.
#[derive(Clone, Debug)]
pub struct Assembly {
    /// The message.
    pub message: Shared<RadioMessage>,
    /// Host that the fragments were heard from last.
    pub from: PeerId,
    /// Number of its timer.
    pub key: u32,
    /// Time of the first fragment, in ms.
    pub since_ms: u64,
    /// Times that missing fragments were asked for since one arrived.
    pub tries: u32,
    /// Hops that the message may still travel.
    pub ttl: u32,
    /// A bit for each fragment that has arrived.
    have: Vec<u64>,
    count: u32,
}

impl Assembly {
    /// A message of which nothing has arrived.
    #[must_use]
    pub fn new(message: Shared<RadioMessage>, from: PeerId, key: u32, since_ms: u64, ttl: u32) -> Self {
        let words = (message.fragments() as usize).div_ceil(64);
        Self { message, from, key, since_ms, tries: 0, ttl, have: vec![0; words], count: 0 }
    }

    /// Takes a fragment; false if it had arrived before, or the message has none of this number.
    pub fn take(&mut self, sequence: u32) -> bool {
        let Some(word) = self.have.get_mut(sequence as usize / 64) else { return false };
        let bit = 1 << (sequence % 64);
        let is_new = sequence < self.message.fragments() && *word & bit == 0;
        if is_new {
            *word |= bit;
            self.count += 1;
        }
        is_new
    }

    /// Whether all fragments have arrived.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.count == self.message.fragments()
    }

    /// Numbers of the fragments that are missing.
    #[must_use]
    pub fn missing(&self) -> Vec<u32> {
        let has = |sequence: &u32| self.have[*sequence as usize / 64] >> (sequence % 64) & 1 == 1;
        (0..self.message.fragments()).filter(|sequence| !has(sequence)).collect()
    }

    /// Adds the message to a fingerprint.
    pub fn digest(&self, digest: &mut Digest) {
        self.message.id.digest(digest);
        digest.number(self.from.get());
        digest.number(u64::from(self.key) << 32 | u64::from(self.tries));
        digest.number(self.since_ms);
        self.have.iter().for_each(|word| digest.number(*word));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::ratio::Ratio;
    use crate::base::rng::{Purpose, Rng};
    use crate::config::Cargo;
    use crate::stack::radio::message::{MessageId, Target};

    fn assembly(bytes: u32) -> Assembly {
        let id = MessageId { origin: PeerId::new(1), number: 0 };
        let cargo = Cargo::Transaction;
        let message = RadioMessage {
            id,
            target: Target::Flood,
            cargo,
            priority: cargo.priority(),
            bytes,
            created_ms: 0,
            content: None,
        };
        Assembly::new(Shared::new(message), PeerId::new(1), 0, 0, 1)
    }

    #[test]
    fn fragments_count_once_in_any_order() {
        let mut one = assembly(1_000);
        let taken = [5, 0, 5, 3, 6, 1, 2].map(|sequence| one.take(sequence));
        assert_eq!(taken, [true, true, false, true, false, true, true]);
        assert_eq!(one.missing(), [4]);
        assert!(!one.is_complete() && one.take(4) && one.is_complete());
    }

    /// A fragment has four tries, so that a message of `n` fragments arrives with probability (1 - p^4)^n.
    #[test]
    fn selective_repetition_follows_the_closed_form() {
        let mut rng = Rng::stream(9, Purpose::Swarm, 9);
        for percent in [0, 1, 5, 10, 20, 30, 40, 50] {
            let loss = Ratio::from_percent(percent);
            let trials = 4_000;
            let arrives = |rng: &mut Rng| {
                let mut one = assembly(1_000);
                for _ in 0..4 {
                    for sequence in one.missing() {
                        if !rng.chance(loss) {
                            one.take(sequence);
                        }
                    }
                }
                one.is_complete()
            };
            let complete = (0..trials).filter(|_| arrives(&mut rng)).count();
            let p = f64::from(percent) / 100.0;
            let expected = (1.0 - p.powi(4)).powi(6);
            let found = f64::from(u32::try_from(complete).unwrap()) / f64::from(trials);
            let spread = (expected * (1.0 - expected) / f64::from(trials)).sqrt();
            assert!(
                (found - expected).abs() <= 4.0 * spread + 1e-9,
                "{percent} %: {found} against {expected}"
            );
        }
    }
}
