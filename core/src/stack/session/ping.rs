//! Keepalive accounting in the three variants of document 002's program. Times are in ms.

use crate::base::digest::Digest;
use crate::config::{PingVariant, SessionConfig};

/// Outstanding pings that are kept.
const PENDING_MAX: usize = 5;
/// Age at which the final variant forgets a ping uncounted, when it sends the next one.
const FORGOTTEN: u64 = 120_000;

/// Outstanding pings of one session and the pongs missed.
#[derive(Clone, Debug, Default)]
pub struct PingState {
    /// Nonce and time of outstanding pings, the oldest first.
    pending: Vec<(u64, u64)>,
    missed: u32,
    sent: u64,
}

/// What follows from a judgement of outstanding pings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Judgement {
    /// Pongs newly missed.
    pub missed: u32,
    /// Whether the session ends.
    pub is_dead: bool,
}

impl PingState {
    /// Judges outstanding pings. The seed-era variant does so when the next ping is due, the others every 10
    /// s.
    pub fn judge(&mut self, now: u64, rules: &SessionConfig) -> Judgement {
        let deadline = u64::from(rules.pong_deadline_ms);
        let before = self.pending.len();
        if rules.ping_variant == PingVariant::SeedEra {
            // The outstanding ping stays until the next one overwrites it.
            let is_late = self.pending.last().is_some_and(|(_, sent)| now.saturating_sub(*sent) > deadline);
            self.missed += u32::from(is_late);
            let missed = u32::from(is_late);
            return Judgement { missed, is_dead: missed > 0 && self.missed >= rules.missed_pongs_max };
        }
        self.pending.retain(|(_, sent)| now.saturating_sub(*sent) <= deadline);
        let missed = u32::try_from(before - self.pending.len()).unwrap_or(u32::MAX);
        self.missed += missed;
        Judgement { missed, is_dead: missed > 0 && self.missed >= rules.missed_pongs_max }
    }

    /// Notes a ping; returns its nonce.
    pub fn send(&mut self, now: u64, variant: PingVariant) -> u64 {
        self.sent += 1;
        match variant {
            PingVariant::SeedEra => self.pending.clear(),
            PingVariant::Unified => {}
            PingVariant::Final => self.pending.retain(|(_, sent)| now.saturating_sub(*sent) <= FORGOTTEN),
        }
        self.pending.push((self.sent, now));
        if self.pending.len() > PENDING_MAX {
            self.pending.remove(0);
        }
        self.sent
    }

    /// Matches a pong; returns the round trip, or `None` if no such ping is outstanding.
    pub fn pong(&mut self, nonce: u64, now: u64) -> Option<u64> {
        let index = self.pending.iter().position(|ping| ping.0 == nonce)?;
        let (_, sent) = self.pending.remove(index);
        self.missed = 0;
        Some(now.saturating_sub(sent))
    }

    /// Pings that wait for their pong.
    #[must_use]
    pub const fn outstanding(&self) -> usize {
        self.pending.len()
    }

    /// Bytes on the heap.
    #[must_use]
    pub(crate) const fn heap_bytes(&self) -> usize {
        self.pending.capacity() * size_of::<(u64, u64)>()
    }

    /// Adds the state to a fingerprint.
    pub fn digest(&self, digest: &mut Digest) {
        digest.number(self.sent);
        digest.number(self.missed);
        digest.length(self.pending.len());
        for (nonce, sent) in &self.pending {
            digest.number(*nonce);
            digest.number(*sent);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULES: SessionConfig = SessionConfig::DEFAULT;

    #[test]
    fn a_mute_peer_is_dead_after_90_seconds_by_the_first_variant() {
        let mut pings = PingState::default();
        let mut died = None;
        for now in (0..).step_by(30_000) {
            if pings.judge(now, &RULES).is_dead {
                died = Some(now);
                break;
            }
            pings.send(now, PingVariant::SeedEra);
        }
        assert_eq!(died, Some(90_000));
    }

    fn death(rules: &SessionConfig) -> Option<u64> {
        let mut pings = PingState::default();
        pings.send(0, rules.ping_variant);
        for now in (0..86_400_000).step_by(10_000) {
            if pings.judge(now, rules).is_dead {
                return Some(now);
            }
            if now % 30_000 == 0 {
                pings.send(now, rules.ping_variant);
            }
        }
        None
    }

    #[test]
    fn the_unified_variant_takes_130_seconds_and_the_final_one_for_ever() {
        let unified = SessionConfig { ping_variant: PingVariant::Unified, pong_deadline_ms: 90_000, ..RULES };
        assert_eq!(death(&unified), Some(130_000));
        let last = SessionConfig {
            ping_variant: PingVariant::Final,
            pong_deadline_ms: 300_000,
            missed_pongs_max: 10,
            ..RULES
        };
        assert_eq!(death(&last), None);
    }

    #[test]
    fn five_pings_are_outstanding_and_a_pong_matches_one_of_them() {
        let mut pings = PingState::default();
        let nonces: Vec<u64> = (0..7).map(|now| pings.send(now, PingVariant::Unified)).collect();
        assert_eq!(nonces, [1, 2, 3, 4, 5, 6, 7]);
        assert_eq!(pings.pending.iter().map(|ping| ping.0).collect::<Vec<_>>(), [3, 4, 5, 6, 7]);
        assert_eq!(pings.pong(2, 9), None, "the original stays");
        assert_eq!(pings.pong(5, 9), Some(5));
        assert_eq!(pings.pending.len(), 4);
        pings.missed = 5;
        assert!(pings.pong(7, 9).is_some());
        assert_eq!(pings.missed, 0);
    }
}
