//! Dialling: which peers are listed, which end dials, and how long a failed dial waits. Times are in ms.

use std::num::NonZeroU32;

use super::plan;
use crate::base::digest::Digest;
use crate::base::id::PeerId;
use crate::config::{BackoffRule, OwnIp, PurgeRule, SessionConfig, TieBreak};
use crate::stack::address::Address;

/// Cap of the doubled delay.
const DOUBLING_MAX: u64 = 300_000;
/// First doubled delay: the base of 5 s is doubled before use.
const DOUBLING_FIRST: u64 = 10_000;
/// Failures after which doubling gives up.
const FAILURES_MAX: u32 = 10;
/// First cool-down of the adaptive rules.
const COOLDOWN: u64 = 600_000;
/// Longest cool-down.
const COOLDOWN_MAX: u64 = 86_400_000;
/// Longest cool-down of a masternode.
const COOLDOWN_MASTERNODE: u64 = 120_000;
/// Failures from which the adaptive rules cool down.
const COOLS_FROM: u32 = 3;
/// First delay of the adaptive rules.
const OPTIMAL_FIRST: u64 = 5_000;

/// First delay of the probing rule.
const PROBE_FIRST: u64 = 10_000;
/// Longest delay of the probing rule within the first ten minutes.
const PROBE_MAX: u64 = 80_000;
/// Failures after which the probing rule slows down.
const PROBES: u32 = 9;
/// Delays of the probing rule from then on.
const SLOW_PROBES: [u64; 4] = [3_600_000, 21_600_000, 43_200_000, 86_400_000];
/// Time between two reports that end a wait: a host that lies costs no more than one dial in this time.
const REPORTS_EVERY: u64 = 60_000;
/// Dials without result after which a purge takes a peer off the list.
const ATTEMPTS_MAX: u32 = 10;
/// Absence after which a purge takes a peer off the list.
const ABSENCE_MAX: u64 = 604_800_000;

/// What the dialing host knows of itself.
#[derive(Clone, Copy, Debug)]
pub struct Local {
    /// Address on which it listens.
    pub address: Address,
    /// Id.
    pub peer: PeerId,
}

/// Occasion of a dial.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DialPhase {
    /// The first dials after the start.
    First,
    /// A dial that follows the end of a session or a failed dial.
    Redial,
    /// A check of the list.
    Check,
    /// A message waits for the session: the end that needs it dials, whatever the rule.
    Demand,
}

/// A listed peer.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// Address on which it listens.
    pub address: Address,
    /// Id that it stated in its last handshake.
    pub peer: Option<PeerId>,
    failures: u32,
    /// Dials without success since the last session.
    attempts: u32,
    /// Delay that the adaptive rules have learned.
    optimal: u64,
    /// Not to be dialled before.
    not_before: u64,
    /// Since when a dial has been left to the other end.
    passive_since: Option<u64>,
    /// Time of the last session.
    seen: Option<u64>,
    /// Whether the purge has taken it off the list.
    is_purged: bool,
    /// Time of the last report that it is reachable.
    reported: Option<u64>,
    /// Whether a failed dial has left a slot that refuses its streams.
    is_blocked: bool,
    /// Whether it is dialled for waiting messages alone, and not kept connected.
    is_on_demand: bool,
    /// Score by another layer, in ten-thousandths; 0 without one.
    pub(super) score: u32,
}

impl Candidate {
    /// A peer that has not been dialled.
    #[must_use]
    pub const fn new(address: Address) -> Self {
        Self {
            address,
            peer: None,
            failures: 0,
            attempts: 0,
            optimal: OPTIMAL_FIRST,
            not_before: 0,
            passive_since: None,
            seen: None,
            reported: None,
            is_purged: false,
            is_blocked: false,
            is_on_demand: false,
            score: 0,
        }
    }

    /// A peer that is dialled for waiting messages alone.
    #[must_use]
    pub(crate) const fn on_demand(address: Address) -> Self {
        Self { is_on_demand: true, ..Self::new(address) }
    }

    /// Whether the peer is dialled again after its sessions end.
    #[must_use]
    pub(crate) const fn is_kept(&self) -> bool {
        !self.is_on_demand
    }

    /// Whether a check of the list may dial it.
    #[must_use]
    pub(crate) const fn is_due(&self, now: u64, rules: &SessionConfig) -> bool {
        !self.is_purged && (now >= self.not_before || rules.backoff_ignored || rules.duplicate_redials)
    }

    /// Whether a stale slot refuses its streams.
    #[must_use]
    pub(crate) const fn is_blocked(&self) -> bool {
        self.is_blocked
    }

    /// Ends the wait for the peer, which another host has reached, at most once in [`REPORTS_EVERY`]. Returns
    /// whether there was one.
    pub(super) fn heed_report(&mut self, now: u64) -> bool {
        let is_soon = self.reported.is_some_and(|last| now.saturating_sub(last) < REPORTS_EVERY);
        let heeds = now < self.not_before && !is_soon && !self.is_on_demand;
        if heeds {
            self.reported = Some(now);
            self.not_before = now;
        }
        heeds
    }

    /// Whether this end may dial. The end that should not starts to wait, and may after the passive wait.
    pub(crate) fn may_dial(
        &mut self,
        local: Local,
        now: u64,
        rules: &SessionConfig,
        phase: DialPhase,
    ) -> bool {
        if phase == DialPhase::Demand || self.is_ours(local, rules, phase) {
            return true;
        }
        let since = *self.passive_since.get_or_insert(now);
        let is_patient = rules.tie_break.is_textual() || rules.own_ip == OwnIp::UnknownPassive;
        let waits = rules.passive_wait_ms.map(NonZeroU32::get).filter(|_| !is_patient);
        waits.is_some_and(|wait| now.saturating_sub(since) >= u64::from(wait))
    }

    /// Whether the rule leaves the dial to this end.
    fn is_ours(&self, local: Local, rules: &SessionConfig, phase: DialPhase) -> bool {
        match rules.tie_break {
            TieBreak::None | TieBreak::PreHandshake | TieBreak::PostHandshake => true,
            TieBreak::TextFirstPhase if phase == DialPhase::Check => true,
            TieBreak::PeerId => self.peer.is_none_or(|peer| local.peer > peer),
            _ if rules.own_ip != OwnIp::Known => rules.own_ip == OwnIp::Unknown,
            TieBreak::Text | TieBreak::TextFirstPhase => plan::precedes_as_text(local.address, self.address),
            TieBreak::Numeric | TieBreak::Generation => local.address.host_part() > self.address.host_part(),
        }
    }

    /// The hourly purge.
    pub fn purge(&mut self, now: u64, rule: PurgeRule) {
        let is_unmet = self.seen.is_none() && rule == PurgeRule::Shipped;
        let is_old = self.seen.is_some_and(|seen| now.saturating_sub(seen) > ABSENCE_MAX);
        self.is_purged |= rule != PurgeRule::Off && (is_unmet || is_old || self.attempts > ATTEMPTS_MAX);
    }

    /// The peer was met: a session with it is open, on either side.
    pub const fn met(&mut self, now: u64) {
        self.seen = Some(now);
        self.attempts = 0;
        self.passive_since = None;
        self.is_purged = false;
    }

    /// The peer is on a list again.
    pub const fn listed(&mut self) {
        self.is_purged = false;
        self.is_on_demand = false;
    }

    /// The peer is no longer kept connected.
    pub const fn release(&mut self) {
        self.is_on_demand = true;
    }

    /// A session with the peer is open.
    pub fn succeeded(&mut self) {
        self.failures = 0;
        self.optimal = (self.optimal * 9 / 10).max(2_000);
        self.is_blocked = false;
    }

    /// A session ended gracefully: the peer is dialled again after a delay.
    pub fn ended(&mut self, now: u64, rules: &SessionConfig) -> u64 {
        self.failures = 0;
        let delay = u64::from(rules.redial_ms);
        self.not_before = now + delay;
        delay
    }

    /// A dial failed. Returns the delay until the next one; `None` leaves that to a check of the list.
    pub fn failed(&mut self, now: u64, rules: &SessionConfig) -> Option<u64> {
        self.attempts = self.attempts.saturating_add(1);
        self.is_blocked = rules.stale_slots;
        match rules.backoff {
            BackoffRule::Probing => {
                self.failures = self.failures.saturating_add(1);
                let delay = self.probe();
                self.not_before = now + delay;
                Some(delay)
            }
            BackoffRule::Doubling => self.doubled(now),
            BackoffRule::AdaptiveShipped => {
                let is_afresh = self.failures >= COOLS_FROM && !rules.masternodes;
                self.failures = if is_afresh { 1 } else { self.failures + 1 };
                self.not_before = now + self.cooldown(rules).unwrap_or(0);
                None
            }
            BackoffRule::AdaptiveIntended => {
                self.failures += 1;
                self.optimal = (self.optimal * 3 / 2).min(DOUBLING_MAX);
                let learned = self.optimal * u64::from(2 + self.failures) / 2;
                let delay = self.cooldown(rules).unwrap_or(learned.clamp(2_000, DOUBLING_MAX));
                self.not_before = now + delay;
                Some(delay)
            }
        }
    }

    fn doubled(&mut self, now: u64) -> Option<u64> {
        self.failures += 1;
        if self.failures >= FAILURES_MAX {
            self.failures = 0;
            self.not_before = now;
            return None;
        }
        let delay = (DOUBLING_FIRST << (self.failures - 1)).min(DOUBLING_MAX);
        self.not_before = now + delay;
        Some(delay)
    }

    fn probe(&self) -> u64 {
        let slow = self.failures.checked_sub(PROBES + 1);
        let fast = (PROBE_FIRST << (self.failures - 1).min(3)).min(PROBE_MAX);
        slow.map_or(fast, |index| SLOW_PROBES[(index as usize).min(SLOW_PROBES.len() - 1)])
    }

    fn cooldown(&self, rules: &SessionConfig) -> Option<u64> {
        let doublings = self.failures.checked_sub(COOLS_FROM)?.min(8);
        let most = if rules.masternodes { COOLDOWN_MASTERNODE } else { COOLDOWN_MAX };
        Some((COOLDOWN << doublings).min(most))
    }

    /// Adds the peer to a fingerprint.
    pub fn digest(&self, digest: &mut Digest) {
        digest.number(self.address.get());
        digest.number(self.failures);
        digest.number(self.optimal);
        digest.number(self.not_before);
        digest.number(self.passive_since.map_or(0, |since| since + 1));
        digest.number(self.seen.map_or(0, |seen| seen + 1));
        digest.number(self.peer.map_or(0, PeerId::get));
        let flags = u64::from(self.is_purged) << 1 | u64::from(self.is_blocked);
        if self.is_on_demand {
            digest.number(true);
        }
        if let Some(reported) = self.reported {
            digest.number(reported);
        }
        if self.score > 0 {
            digest.number(self.score);
        }
        digest.number(u64::from(self.attempts) << 2 | flags);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn delays(backoff: BackoffRule, count: usize) -> Vec<Option<u64>> {
        let rules = SessionConfig { backoff, masternodes: false, ..SessionConfig::DEFAULT };
        let mut candidate = Candidate::new(plan::address(1, 24_100));
        (0..count).map(|_| candidate.failed(0, &rules).map(|delay| delay / 10)).collect()
    }

    #[test]
    fn doubled_delays_end_in_a_fresh_series() {
        let seconds = [1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000, 30_000].map(Some);
        let got = delays(BackoffRule::Doubling, 11);
        assert_eq!(got[..9], seconds);
        assert_eq!(got[9..], [None, Some(1_000)]);
    }

    #[test]
    fn probing_dials_a_dead_peer_at_most_fifteen_times_a_day_and_every_80_seconds_at_first() {
        let delays: Vec<u64> =
            delays(BackoffRule::Probing, 14).into_iter().map(|delay| delay.unwrap() * 10).collect();
        let connect = 10_000;
        let day = delays.iter().scan(connect, |now, delay| {
            *now += delay + connect;
            Some(*now)
        });
        assert!(day.filter(|dial| *dial < 86_400_000).count() < 15, "besides the first one");
        assert_eq!(delays[..5], [10_000, 20_000, 40_000, 80_000, 80_000]);
        assert!(delays[..9].iter().sum::<u64>() + 9 * connect >= 600_000, "a partition of ten minutes");
    }

    #[test]
    fn the_purge_takes_unmet_peers_off_the_list_as_shipped() {
        let rules = SessionConfig::DEFAULT;
        let mut unmet = Candidate::new(plan::address(1, 24_100));
        let mut met = unmet.clone();
        met.met(0);
        for candidate in [&mut unmet, &mut met] {
            candidate.purge(0, PurgeRule::Shipped);
        }
        assert_eq!((unmet.is_due(0, &rules), met.is_due(0, &rules)), (false, true));
        unmet.listed();
        unmet.purge(0, PurgeRule::KeepUnmet);
        assert!(unmet.is_due(0, &rules));
        (0..11).for_each(|_| _ = unmet.failed(0, &rules));
        unmet.purge(0, PurgeRule::KeepUnmet);
        assert!(!unmet.is_due(u64::MAX, &rules));
        met.purge(604_800_001, PurgeRule::KeepUnmet);
        assert!(!met.is_due(u64::MAX, &rules));
    }

    #[test]
    fn the_intended_delays_are_those_of_the_table() {
        let expected = [1_125, 2_250, 60_000, 120_000, 240_000, 480_000, 960_000].map(Some);
        assert_eq!(delays(BackoffRule::AdaptiveIntended, 7), expected);
    }
}
