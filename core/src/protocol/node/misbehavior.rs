//! Misbehavior: faults by peer (wrong proofs, contradicted proofs, excess invitations), and bans.

use std::num::NonZeroU32;

use litemap::LiteMap;

use crate::base::digest::Digest;
use crate::base::id::PeerId;
use crate::base::mutant::{Mutant, mutant};
use crate::base::time::Round;
use crate::config::{Config, PeersConfig};

/// Largest number of peers with recorded faults; faults of further ones are not recorded.
const TRACKED_MAX: usize = 1024;

/// Number of faults that bans a peer, and rate at which faults are forgiven, in a given round.
#[derive(Clone, Copy)]
pub(super) struct BanPolicy {
    /// Faults that ban; `None` if no peer is ever banned.
    limit: Option<NonZeroU32>,
    /// Rounds without another fault that forgive one; `None` if faults are never forgiven.
    forgiveness: Option<NonZeroU32>,
    now: Round,
}

impl BanPolicy {
    pub(super) const fn of(config: &Config, now: Round) -> Self {
        let PeersConfig { suspicion, forgiveness_rounds, .. } = config.peers;
        Self { limit: suspicion, forgiveness: forgiveness_rounds, now }
    }

    /// Number of faults that are not forgiven yet.
    fn remaining(self, faults: Faults) -> u32 {
        let quiet = self.now.since(faults.last.unwrap_or(Round(0)));
        let forgiven = self.forgiveness.map_or(0, |rounds| quiet / u64::from(rounds.get()));
        let forgiven = mutant!(FaultsUnforgiven: forgiven => 0);
        // Saturates: more than 2^32 forgiven faults are as good as all of them.
        faults.count.saturating_sub(u32::try_from(forgiven).unwrap_or(u32::MAX))
    }

    fn bans(self, faults: Faults) -> bool {
        self.limit.is_some_and(|limit| self.remaining(faults) >= limit.get())
    }

    /// Rounds without another fault until the faults no longer ban; 0 if they do not, or always will.
    #[cfg(feature = "layers")]
    fn rounds_to_forgiveness(self, faults: Faults) -> u64 {
        let excess = self.limit.map_or(0, |limit| u64::from(faults.count.saturating_sub(limit.get() - 1)));
        let needed = self.forgiveness.map_or(0, |rounds| excess * u64::from(rounds.get()));
        needed.saturating_sub(self.now.since(faults.last.unwrap_or(Round(0))))
    }
}

#[derive(Clone, Copy, Debug, Default)]
struct Faults {
    count: u32,
    /// Round of the last fault; `None` unless faults are forgiven.
    last: Option<Round>,
}

/// Faults by peer.
#[derive(Clone, Debug, Default)]
pub(super) struct MisbehaviorTracker(LiteMap<PeerId, Faults>);

impl MisbehaviorTracker {
    /// Records a fault. Returns whether it bans the peer, which was not banned before.
    pub(super) fn record(&mut self, peer: PeerId, policy: BanPolicy) -> bool {
        if Mutant::CheatsUnsuspected.is_active() {
            return false;
        }
        if !self.0.contains_key(&peer) && self.0.len() >= TRACKED_MAX {
            self.0.retain(|_, faults| policy.remaining(*faults) > 0);
            if self.0.len() >= TRACKED_MAX {
                return false;
            }
        }
        let faults = self.0.entry(peer).or_default();
        let was_banned = policy.bans(*faults);
        faults.count = policy.remaining(*faults).saturating_add(1);
        faults.last = policy.forgiveness.map(|_| policy.now);
        let is_banned = policy.bans(*faults);
        debug_assert!(is_banned || !was_banned, "a fault lifts no ban of {peer}");
        debug_assert!(self.0.len() <= TRACKED_MAX, "{} tracked peers", self.0.len());
        is_banned && !was_banned
    }

    /// Returns whether a peer is banned.
    pub(super) fn is_banned(&self, peer: PeerId, policy: BanPolicy) -> bool {
        self.0.get(&peer).is_some_and(|faults| policy.bans(*faults))
    }

    /// Banned peers, in ascending order of id.
    pub(super) fn banned(&self, policy: BanPolicy) -> impl Iterator<Item = PeerId> {
        self.0.keys().copied().filter(move |peer| self.is_banned(*peer, policy))
    }

    /// Rounds without another fault until every ban that ever ends has ended.
    #[cfg(feature = "layers")]
    pub(super) fn rounds_to_forgiveness(&self, policy: BanPolicy) -> u64 {
        self.0.values().map(|faults| policy.rounds_to_forgiveness(*faults)).max().unwrap_or(0)
    }

    /// Adds the faults to a fingerprint. No faults add nothing: fingerprints of runs without them predate
    /// them.
    pub(super) fn digest(&self, digest: &mut Digest) {
        for (peer, faults) in &self.0 {
            debug_assert!(faults.count > 0, "{peer} is tracked without a fault");
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

    fn policy(forgiveness: u32, now: u64) -> BanPolicy {
        BanPolicy { limit: NonZeroU32::new(2), forgiveness: NonZeroU32::new(forgiveness), now: Round(now) }
    }

    #[test]
    fn a_peer_is_banned_once() {
        let harsh = policy(0, 0);
        let mut tracker = MisbehaviorTracker::default();
        assert_eq!([(); 3].map(|()| tracker.record(PEER, harsh)), [false, true, false]);
        assert!(tracker.is_banned(PEER, policy(0, 1_000_000)));
        let lenient = BanPolicy { limit: None, ..harsh };
        assert!(!tracker.is_banned(PEER, lenient), "no peer is banned without the rule");
        assert!(tracker.banned(harsh).eq([PEER]));
        for other in 100..3_000 {
            tracker.record(PeerId::new(other), harsh);
        }
        assert!(tracker.0.len() <= TRACKED_MAX);
    }

    #[test]
    fn a_fault_is_forgiven_after_so_many_rounds_and_the_next_one_counts_again() {
        let mut tracker = MisbehaviorTracker::default();
        assert!(!tracker.record(PEER, policy(100, 10)) && tracker.record(PEER, policy(100, 10)));
        assert!(tracker.is_banned(PEER, policy(100, 109)));
        assert!(!tracker.is_banned(PEER, policy(100, 110)), "one of two faults is forgiven");
        assert!(tracker.record(PEER, policy(100, 120)), "it is on probation");
        assert!(!tracker.record(PEER, policy(100, 130)), "it is banned already");
        assert!(tracker.is_banned(PEER, policy(100, 229)) && !tracker.is_banned(PEER, policy(100, 330)));
        assert!(!tracker.record(PEER, policy(100, 600)), "all is forgiven");
    }

    #[test]
    fn forgiven_peers_make_room() {
        let mut tracker = MisbehaviorTracker::default();
        (0..TRACKED_MAX as u64).for_each(|id| assert!(!tracker.record(PeerId::new(id), policy(100, 0))));
        assert!(tracker.record(PEER, policy(100, 50)), "it was known");
        let stranger = PeerId::new(1 << 40);
        (0..2).for_each(|_| assert!(!tracker.record(stranger, policy(100, 70)), "there is no room"));
        assert!(!tracker.record(stranger, policy(100, 100)) && tracker.record(stranger, policy(100, 100)));
        assert!(tracker.0.len() < 5);
    }
}
