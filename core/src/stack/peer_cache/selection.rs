//! Selection of peers for transfers, by one of six strategies.

use super::quality::PeerQuality;
use crate::base::sort;

/// Time in seconds within which a peer that was selected is spared.
const SPARED: u64 = 60;
/// Size in bytes above which bandwidth alone decides.
const LARGE: u64 = 100_000_000;
/// Size in bytes above which more peers serve a file.
const MEDIUM: u64 = 50_000_000;

/// How peers are ranked. Scores are in thousandths of the unit of version 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Strategy {
    /// Least latency; a peer without a measurement comes last.
    FastestFirst,
    /// Greatest reliability.
    MostReliable,
    /// Greatest bandwidth.
    HighestBandwidth,
    /// Greatest quality.
    Balanced,
    /// Greatest quality, encryption counted.
    EncryptionPreferred,
    /// Greatest quality, with those spared that were selected within the last minute.
    LoadBalanced,
}

impl Strategy {
    /// Score of a peer; the greatest is selected first.
    #[must_use]
    pub fn score(self, metrics: &PeerQuality, now: u64) -> i64 {
        let quality = |encrypted| i64::from(metrics.quality(now, encrypted).millionths());
        match self {
            Self::FastestFirst => {
                metrics.latency_ms.map_or(0, |latency| i64::from(1_000 - latency.min(1_000))) * 1_000
            }
            Self::MostReliable => i64::from(metrics.reliability.millionths()),
            Self::HighestBandwidth => i64::from(metrics.bandwidth_kbps.unwrap_or(0)) * 1_000,
            Self::Balanced => quality(false),
            Self::EncryptionPreferred => quality(true) + if metrics.encrypts { 100_000 } else { 0 },
            Self::LoadBalanced => {
                let is_spared = metrics.selected_at.is_some_and(|at| now.saturating_sub(at) < SPARED);
                quality(false) - if is_spared { 50_000 } else { 0 }
            }
        }
    }
}

/// Strategy and greatest number of peers for a file of a size, if no other strategy is asked for.
#[must_use]
pub const fn plan(bytes: u64, otherwise: Strategy) -> (Strategy, usize) {
    let strategy = if bytes > LARGE { Strategy::HighestBandwidth } else { otherwise };
    (strategy, if bytes > MEDIUM { 5 } else { 2 })
}

/// The best peers, in descending order of score; of equal ones the first.
#[must_use]
pub fn select<'a, K>(
    peers: impl IntoIterator<Item = (K, &'a PeerQuality)>,
    strategy: Strategy,
    now: u64,
    count: usize,
    requires_encryption: bool,
) -> Vec<K> {
    let is_fit = |metrics: &PeerQuality| metrics.encrypts || !requires_encryption;
    let fit = peers.into_iter().filter(|(_, metrics)| is_fit(metrics));
    let mut scored: Vec<(i64, K)> = fit.map(|(peer, metrics)| (strategy.score(metrics, now), peer)).collect();
    sort::sort_by_key(&mut scored, |(score, _)| std::cmp::Reverse(*score));
    scored.into_iter().take(count).map(|(_, peer)| peer).collect()
}
