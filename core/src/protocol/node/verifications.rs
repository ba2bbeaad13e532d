//! Verifications: rounds in which elections were last held to re-confirm a peer, under
//! [`ReelectionRule::LeastVerified`].

use crate::base::digest::Digest;
use crate::base::id::PeerId;
use crate::base::time::Round;
use crate::config::ReelectionRule;

/// Largest number of peers with a recorded verification; at the limit the oldest one makes room.
const VERIFIED_MAX: usize = 1_024;

/// Last verification by peer.
#[derive(Clone, Debug, Default)]
pub(super) struct Verifications {
    /// In the order of time.
    verified: Vec<(PeerId, Round)>,
}

impl Verifications {
    /// Round of the last verification of a peer; `None` if none is recorded.
    pub(super) fn of(&self, peer: PeerId) -> Option<Round> {
        self.verified.iter().find(|(verified, _)| *verified == peer).map(|(_, round)| *round)
    }

    /// Records a verification; no effect under a rule that reads none.
    pub(super) fn insert(&mut self, rule: ReelectionRule, peer: PeerId, now: Round) {
        if rule == ReelectionRule::LastWin {
            return;
        }
        self.verified.retain(|(verified, _)| *verified != peer);
        if self.verified.len() == VERIFIED_MAX {
            self.verified.remove(0);
        }
        self.verified.push((peer, now));
    }

    /// Adds the verifications to a fingerprint. None add nothing: fingerprints of runs without the rule
    /// predate it.
    pub(super) fn digest(&self, digest: &mut Digest) {
        for (peer, round) in &self.verified {
            digest.number(peer.get());
            digest.number(round.0);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_latest_verification_counts_and_the_memory_is_bounded() {
        let mut verifications = Verifications::default();
        let mut insert = |peer, round| {
            verifications.insert(ReelectionRule::LeastVerified, PeerId::new(peer), Round(round));
        };
        insert(0, 1);
        (1..VERIFIED_MAX as u64).for_each(|peer| insert(peer, 2));
        insert(0, 3);
        insert(5_000, 4);
        assert_eq!(verifications.verified.len(), VERIFIED_MAX);
        let of = |peer| verifications.of(PeerId::new(peer));
        assert_eq!((of(0), of(1), of(2), of(5_000)), (Some(Round(3)), None, Some(Round(2)), Some(Round(4))));
    }
}
