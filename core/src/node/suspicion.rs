//! Whom a peer takes for a cheat, and why.

use std::collections::BTreeMap;
use std::num::NonZeroU32;

use crate::digest::Digest;
use crate::id::PeerId;

/// Peers whose faults are counted at most; further ones go unnoticed.
const COUNTED_MAX: usize = 1024;

/// Wrong and contradicted proofs by their senders.
#[derive(Clone, Debug, Default)]
pub(super) struct Suspicion(BTreeMap<PeerId, u32>);

impl Suspicion {
    /// Notes a fault. True where it is the one that makes the peer a suspect.
    pub(super) fn note(&mut self, peer: PeerId, limit: NonZeroU32) -> bool {
        if !self.0.contains_key(&peer) && self.0.len() >= COUNTED_MAX {
            return false;
        }
        let faults = self.0.entry(peer).or_default();
        *faults = faults.saturating_add(1);
        *faults == limit.get()
    }

    /// Whether a peer is taken for a cheat.
    pub(super) fn falls_on(&self, peer: PeerId, limit: Option<NonZeroU32>) -> bool {
        limit.is_some_and(|limit| self.0.get(&peer).is_some_and(|faults| *faults >= limit.get()))
    }

    /// Those taken for cheats, in ascending order of id.
    pub(super) fn suspects(&self, limit: Option<NonZeroU32>) -> impl Iterator<Item = PeerId> {
        self.0.keys().copied().filter(move |peer| self.falls_on(*peer, limit))
    }

    /// Adds the counts to a fingerprint, where there are any: fingerprints of runs without them are older.
    pub(super) fn digest(&self, digest: &mut Digest) {
        for (peer, faults) in &self.0 {
            digest.number(peer.get());
            digest.number(*faults);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_peer_becomes_a_suspect_once() {
        let (peer, limit) = (PeerId::new(7), NonZeroU32::new(2).unwrap());
        let mut suspicion = Suspicion::default();
        assert_eq!([(); 3].map(|()| suspicion.note(peer, limit)), [false, true, false]);
        assert!(suspicion.falls_on(peer, Some(limit)));
        assert!(!suspicion.falls_on(peer, None), "without the rule nobody is a suspect");
        assert!(suspicion.suspects(Some(limit)).eq([peer]));
        for other in 100..3_000 {
            suspicion.note(PeerId::new(other), limit);
        }
        assert!(suspicion.0.len() <= COUNTED_MAX);
    }
}
