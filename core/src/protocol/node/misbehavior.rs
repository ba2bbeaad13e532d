//! Whom a peer takes for a cheat, and why.

use std::num::NonZeroU32;

use litemap::LiteMap;

use crate::base::digest::Digest;
use crate::base::id::PeerId;
use crate::base::mutant::Mutant;
use crate::base::time::Round;
use crate::config::{Config, PeersConfig};

/// Peers whose faults are counted at most; further ones go unnoticed.
const COUNTED_MAX: usize = 1024;

/// When a peer becomes a suspect, and when it no longer is one.
#[derive(Clone, Copy)]
pub(super) struct BanPolicy {
    limit: Option<NonZeroU32>,
    forgiveness: Option<NonZeroU32>,
    now: Round,
}

impl BanPolicy {
    pub(super) const fn of(config: &Config, now: Round) -> Self {
        let PeersConfig { suspicion, forgiveness_rounds, .. } = config.peers;
        Self { limit: suspicion, forgiveness: forgiveness_rounds, now }
    }

    /// Faults that are not forgiven yet: one is after so many rounds without another.
    fn standing(self, faults: Faults) -> u32 {
        let good = self.now.since(faults.last.unwrap_or(Round(0)));
        let forgiven = self.forgiveness.map_or(0, |rounds| good / u64::from(rounds.get()));
        let forgiven = if Mutant::FaultsUnforgiven.is_active() { 0 } else { forgiven };
        faults.count.saturating_sub(u32::try_from(forgiven).unwrap_or(u32::MAX))
    }

    fn is_banned(self, faults: Faults) -> bool {
        self.limit.is_some_and(|limit| self.standing(faults) >= limit.get())
    }
}

#[derive(Clone, Copy, Debug, Default)]
struct Faults {
    count: u32,
    /// When the last one was noted; only where faults are forgiven.
    last: Option<Round>,
}

/// Wrong and contradicted proofs by their senders.
#[derive(Clone, Debug, Default)]
pub(super) struct MisbehaviorTracker(LiteMap<PeerId, Faults>);

impl MisbehaviorTracker {
    /// Notes a fault. True where it is the one that makes the peer a suspect.
    pub(super) fn note(&mut self, peer: PeerId, justice: BanPolicy) -> bool {
        if Mutant::CheatsUnsuspected.is_active() {
            return false;
        }
        if !self.0.contains_key(&peer) && self.0.len() >= COUNTED_MAX {
            self.0.retain(|_, faults| justice.standing(*faults) > 0);
            if self.0.len() >= COUNTED_MAX {
                return false;
            }
        }
        let faults = self.0.entry(peer).or_default();
        let was_suspect = justice.is_banned(*faults);
        faults.count = justice.standing(*faults).saturating_add(1);
        faults.last = justice.forgiveness.map(|_| justice.now);
        !was_suspect && justice.is_banned(*faults)
    }

    /// Whether a peer is taken for a cheat.
    pub(super) fn falls_on(&self, peer: PeerId, justice: BanPolicy) -> bool {
        self.0.get(&peer).is_some_and(|faults| justice.is_banned(*faults))
    }

    /// Those taken for cheats, in ascending order of id.
    pub(super) fn suspects(&self, justice: BanPolicy) -> impl Iterator<Item = PeerId> {
        self.0.keys().copied().filter(move |peer| self.falls_on(*peer, justice))
    }

    /// Adds the counts to a fingerprint, where there are any: fingerprints of runs without them are older.
    pub(super) fn digest(&self, digest: &mut Digest) {
        for (peer, faults) in &self.0 {
            digest.number(peer.get());
            digest.number(faults.count);
            if let Some(last) = faults.last {
                digest.number(last.0);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PEER: PeerId = PeerId::new(7);

    fn justice(forgiveness: u32, now: u64) -> BanPolicy {
        BanPolicy { limit: NonZeroU32::new(2), forgiveness: NonZeroU32::new(forgiveness), now: Round(now) }
    }

    #[test]
    fn a_peer_becomes_a_suspect_once() {
        let harsh = justice(0, 0);
        let mut suspicion = MisbehaviorTracker::default();
        assert_eq!([(); 3].map(|()| suspicion.note(PEER, harsh)), [false, true, false]);
        assert!(suspicion.falls_on(PEER, justice(0, 1_000_000)));
        let lenient = BanPolicy { limit: None, ..harsh };
        assert!(!suspicion.falls_on(PEER, lenient), "without the rule nobody is a suspect");
        assert!(suspicion.suspects(harsh).eq([PEER]));
        for other in 100..3_000 {
            suspicion.note(PeerId::new(other), harsh);
        }
        assert!(suspicion.0.len() <= COUNTED_MAX);
    }

    #[test]
    fn a_fault_is_forgiven_after_so_many_rounds_and_the_next_one_counts_again() {
        let mut suspicion = MisbehaviorTracker::default();
        assert!(!suspicion.note(PEER, justice(100, 10)) && suspicion.note(PEER, justice(100, 10)));
        assert!(suspicion.falls_on(PEER, justice(100, 109)));
        assert!(!suspicion.falls_on(PEER, justice(100, 110)), "one of two faults is forgiven");
        assert!(suspicion.note(PEER, justice(100, 120)), "it is on probation");
        assert!(!suspicion.note(PEER, justice(100, 130)), "it is a suspect already");
        assert!(suspicion.falls_on(PEER, justice(100, 229)) && !suspicion.falls_on(PEER, justice(100, 330)));
        assert!(!suspicion.note(PEER, justice(100, 600)), "all is forgiven");
    }

    #[test]
    fn those_who_are_forgiven_make_room() {
        let mut suspicion = MisbehaviorTracker::default();
        (0..COUNTED_MAX as u64).for_each(|id| assert!(!suspicion.note(PeerId::new(id), justice(100, 0))));
        assert!(suspicion.note(PEER, justice(100, 50)), "it was known");
        let stranger = PeerId::new(1 << 40);
        (0..2).for_each(|_| assert!(!suspicion.note(stranger, justice(100, 70)), "there is no room"));
        assert!(!suspicion.note(stranger, justice(100, 100)) && suspicion.note(stranger, justice(100, 100)));
        assert!(suspicion.0.len() < 5);
    }
}
