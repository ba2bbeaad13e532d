//! Quality of one peer in memory, and the scores that follow from them. Shares are in millionths.

use crate::base::digest::Digest;
use crate::base::ratio::Ratio;

/// A whole.
const WHOLE: u64 = 1_000_000;
/// Score of a peer without history.
const HALF: u32 = 500_000;
/// Age in seconds from which a peer loses quality.
const AGE_FREE: u64 = 300;
/// Bandwidth in kbit/s from which more does not count.
const BANDWIDTH_MAX: u64 = 10_000;

/// Reason of a failed transfer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TransferFailure {
    /// No answer in time.
    Timeout,
    /// The peer refused.
    Refused,
    /// The encryption failed.
    Encryption,
    /// Any other.
    Other,
}

impl TransferFailure {
    const fn penalty(self) -> u32 {
        match self {
            Self::Timeout => 100_000,
            Self::Refused => 200_000,
            Self::Encryption => 150_000,
            Self::Other => 50_000,
        }
    }
}

/// Gravity of a report of malice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Malice {
    /// Minor.
    Minor,
    /// Moderate.
    Moderate,
    /// Severe.
    Severe,
    /// Not classified.
    Other,
}

impl Malice {
    const fn penalty(self) -> u32 {
        match self {
            Self::Minor => 200_000,
            Self::Moderate => 500_000,
            Self::Severe => 900_000,
            Self::Other => 300_000,
        }
    }
}

/// Which effects of the published program are in force.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ScoreRules {
    /// Whether the recomputation of a score overwrites penalties.
    pub penalties_overwritten: bool,
    /// Whether the share of uptime stays at one half.
    pub uptime_constant: bool,
}

/// Quality of one peer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PeerQuality {
    /// Round trip in ms; `None` if unknown.
    pub latency_ms: Option<u32>,
    /// Bandwidth in kbit/s; `None` if unknown.
    pub bandwidth_kbps: Option<u32>,
    /// Reliability.
    pub reliability: Ratio,
    /// Share of dials that found the peer, a moving average.
    pub uptime: Ratio,
    /// Share of transfers that succeeded.
    pub success_rate: Ratio,
    /// Unix time in seconds.
    pub last_seen: u64,
    /// Transfers that succeeded.
    pub successful: u32,
    /// Transfers that failed.
    pub failed: u32,
    /// Bytes of all transfers.
    pub bytes: u64,
    /// Whether it encrypts.
    pub encrypts: bool,
    /// Reports of malice.
    pub malicious_reports: u32,
    /// Unix time of its last selection, in seconds; `None` if it was not selected.
    pub selected_at: Option<u64>,
    /// Penalties that have not been worked off.
    pub penalty: u32,
}

impl PeerQuality {
    /// Quality of a peer without history.
    #[must_use]
    pub const fn new(now: u64) -> Self {
        let half = Ratio::from_millionths(HALF);
        Self {
            latency_ms: None,
            bandwidth_kbps: None,
            reliability: half,
            uptime: half,
            success_rate: half,
            last_seen: now,
            successful: 0,
            failed: 0,
            bytes: 0,
            encrypts: false,
            malicious_reports: 0,
            selected_at: None,
            penalty: 0,
        }
    }

    /// Transfers, failed ones included.
    #[must_use]
    pub const fn transfers(&self) -> u32 {
        self.successful.saturating_add(self.failed)
    }

    /// A transfer succeeded.
    pub fn succeeded(&mut self, now: u64, bytes: u64, duration_ms: u64, rules: ScoreRules) {
        self.last_seen = now;
        self.successful = self.successful.saturating_add(1);
        self.bytes = self.bytes.saturating_add(bytes);
        let kbps = bytes.saturating_mul(8).checked_div(duration_ms).unwrap_or(0);
        let sample = u32::try_from(kbps).unwrap_or(u32::MAX);
        self.bandwidth_kbps = Some(self.bandwidth_kbps.map_or(sample, |old| mean(old, sample)));
        self.penalty /= 2;
        self.update(rules);
    }

    /// A transfer failed.
    pub fn failed(&mut self, now: u64, failure: TransferFailure, rules: ScoreRules) {
        self.last_seen = now;
        self.failed = self.failed.saturating_add(1);
        self.penalize(failure.penalty(), rules);
    }

    /// The peer was reported for malice.
    pub fn reported(&mut self, malice: Malice, rules: ScoreRules) {
        self.malicious_reports = self.malicious_reports.saturating_add(1);
        self.penalize(malice.penalty(), rules);
    }

    /// A round trip was measured: it does not change the reliability.
    pub fn measured(&mut self, now: u64, latency_ms: u32) {
        self.last_seen = now;
        self.latency_ms = Some(self.latency_ms.map_or(latency_ms, |old| mean(old, latency_ms)));
    }

    /// A dial found the peer, or did not: a moving average with weight one fifth.
    pub fn dialled(&mut self, is_found: bool, rules: ScoreRules) {
        if !rules.uptime_constant {
            let found = if is_found { 1_000_000 } else { 0 };
            self.uptime = Ratio::from_millionths((self.uptime.millionths() * 4 + found) / 5);
        }
    }

    /// Restores what a file knows of the peer.
    pub const fn restore(
        &mut self,
        latency_ms: Option<u32>,
        reliability: Ratio,
        [ok, failed]: [u32; 2],
        bytes: u64,
    ) {
        self.latency_ms = latency_ms;
        self.reliability = reliability;
        self.successful = ok;
        self.failed = failed;
        self.bytes = bytes;
    }

    fn penalize(&mut self, penalty: u32, rules: ScoreRules) {
        self.penalty = self.penalty.saturating_add(penalty).min(1_000_000);
        self.update(rules);
    }

    /// Recomputes success rate and reliability.
    fn update(&mut self, rules: ScoreRules) {
        let total = u64::from(self.transfers());
        if let Some(rate) = (u64::from(self.successful) * WHOLE).checked_div(total) {
            self.success_rate = ratio(rate);
        }
        let latency = self.latency_ms.map_or(u64::from(HALF), |ms| u64::from(1_000 - ms.min(1_000)) * 1_000);
        let [rate, uptime] = [self.success_rate, self.uptime].map(|share| u64::from(share.millionths()));
        let score = (4 * rate + 3 * latency + 3 * uptime) / 10;
        let penalty = if rules.penalties_overwritten { 0 } else { u64::from(self.penalty) };
        self.reliability = ratio(score.saturating_sub(penalty));
    }

    /// Quality for selection.
    #[must_use]
    pub fn quality(&self, now: u64, prefers_encryption: bool) -> Ratio {
        let share = |ratio: Ratio| u64::from(ratio.millionths());
        let bandwidth =
            u64::from(self.bandwidth_kbps.unwrap_or(0)).min(BANDWIDTH_MAX) * WHOLE / BANDWIDTH_MAX;
        let parts = 25 * share(self.reliability) + 20 * share(self.uptime) + 25 * share(self.success_rate);
        let bonus = if prefers_encryption && self.encrypts { 10 * WHOLE } else { 0 };
        let gains = (parts + 20 * bandwidth + bonus) / 100;
        let age = now.saturating_sub(self.last_seen).saturating_sub(AGE_FREE);
        let losses = age.saturating_mul(100).saturating_add(u64::from(self.malicious_reports) * 300_000);
        ratio(gains.saturating_sub(losses))
    }

    /// Adds the metrics to a fingerprint.
    pub fn digest(&self, digest: &mut Digest) {
        let optional = |value: Option<u32>| value.map_or(0, |value| u64::from(value) + 1);
        digest.number(optional(self.latency_ms));
        digest.number(optional(self.bandwidth_kbps));
        for share in [self.reliability, self.uptime, self.success_rate] {
            digest.number(share.millionths());
        }
        digest.number(self.last_seen);
        digest.number(u64::from(self.successful) << 32 | u64::from(self.failed));
        digest.number(self.bytes);
        digest.number(u64::from(self.malicious_reports) << 32 | u64::from(self.penalty));
        digest.number(self.selected_at.map_or(0, |at| at + 1));
    }
}

fn ratio(millionths: u64) -> Ratio {
    Ratio::from_millionths(u32::try_from(millionths).unwrap_or(u32::MAX))
}

/// Mean of two numbers, rounded down.
const fn mean(one: u32, other: u32) -> u32 {
    u32::midpoint(one, other)
}
