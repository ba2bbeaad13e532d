//! Dialling: which peers are listed, which end dials, and how long a failed dial waits. Times are in ms.

use std::num::NonZeroU32;

use super::plan;
use crate::base::digest::Digest;
use crate::config::{BackoffRule, SessionConfig, TieBreak};
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

/// A listed peer.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// Address on which it listens.
    pub address: Address,
    failures: u32,
    /// Delay that the adaptive rules have learned.
    optimal: u64,
    /// Not to be dialled before.
    not_before: u64,
    /// Since when a dial has been left to the other end.
    passive_since: Option<u64>,
}

impl Candidate {
    /// A peer that has not been dialled.
    #[must_use]
    pub const fn new(address: Address) -> Self {
        Self { address, failures: 0, optimal: OPTIMAL_FIRST, not_before: 0, passive_since: None }
    }

    /// Whether a check of the list may dial it.
    #[must_use]
    pub const fn is_due(&self, now: u64) -> bool {
        now >= self.not_before
    }

    /// Whether this end may dial. The end that should not starts to wait, and may after the passive wait.
    pub fn may_dial(&mut self, local: Address, now: u64, rules: &SessionConfig) -> bool {
        let is_ours = match rules.tie_break {
            TieBreak::None => true,
            TieBreak::Text => plan::precedes_as_text(local, self.address),
            TieBreak::Numeric | TieBreak::Generation => local.host_part() > self.address.host_part(),
        };
        if is_ours {
            return true;
        }
        let since = *self.passive_since.get_or_insert(now);
        let waits = rules.passive_wait_ms.map(NonZeroU32::get).filter(|_| rules.tie_break != TieBreak::Text);
        waits.is_some_and(|wait| now.saturating_sub(since) >= u64::from(wait))
    }

    /// A session with the peer is open.
    pub fn succeeded(&mut self) {
        self.failures = 0;
        self.optimal = (self.optimal * 9 / 10).max(2_000);
        self.passive_since = None;
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
        match rules.backoff {
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
    fn the_intended_delays_are_those_of_the_table() {
        let expected = [1_125, 2_250, 60_000, 120_000, 240_000, 480_000, 960_000].map(Some);
        assert_eq!(delays(BackoffRule::AdaptiveIntended, 7), expected);
    }
}
