//! Token set: the tokens that one peer stores, as two ranges of ranks and a keyed predicate.

use std::ops::Range;
use std::sync::OnceLock;

use super::overlay::Overlay;
use super::universe::{CONTESTED, Universe};
use crate::base::digest::Digest;
use crate::base::id::{PeerId, Rank};
use crate::base::ratio::Ratio;
use crate::base::ring;
use crate::base::rng::{Rng, mix};
use crate::config::{StorageFault, TokenConfig};
use crate::protocol::message::{BlockVersion, Mapping, PROOF_SIZE, PackedVersions};

/// Outcomes among which shares of tokens are drawn: the upper 32 bits of a hash.
const OUTCOMES: u64 = 1 << 32;

/// Half the width of the arc of tokens that a peer stores, to each side of its id: 1.2 times the mean gap
/// between peers times the overlap (reference figures of document 000), at least the width of
/// [`TokenConfig::view_min`] tokens on average, at most half the ring.
#[must_use]
pub fn reach(config: &TokenConfig, peers: u32) -> u64 {
    let gap = u64::MAX / u64::from(peers.max(1));
    let overlap = u64::from(config.neighbor_overlap);
    let reach = if config.saturated_width {
        // As document 000 ships it: the product saturates before the division.
        gap.saturating_mul(overlap).saturating_mul(12) / 10
    } else {
        saturate(u128::from(gap) * u128::from(overlap) * 12 / 10)
    };
    let least =
        saturate(u128::from(config.view_min) * u128::from(ring::HALF) / u128::from(config.total.max(1)));
    reach.max(least).min(u64::MAX / 2)
}

/// A width in 64 bits; one beyond the ring saturates, because [`reach`] limits it to half the ring anyway.
fn saturate(width: u128) -> u64 {
    u64::try_from(width).unwrap_or(u64::MAX)
}

/// Tokens that one peer stores.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenSet {
    /// Rank of the peer's own id, which it always stores; `None` if the id is no token.
    own: Option<Rank>,
    /// Ranks within reach, ascending and disjoint; the second range is empty unless the reach crosses the
    /// origin.
    ranges: [Range<u32>; 2],
    /// Half the width of the arc.
    reach: u64,
    /// Key of the predicate: with the rank of a token, it decides whether the peer stores it.
    key: u64,
    /// Of 2^32 equally likely hashes, the number below which a token is stored.
    bound: u64,
    /// Deviations from the current blocks.
    versions: VersionShares,
    /// Share of previous blocks by a storage fault of this peer alone.
    stale: Ratio,
    /// Share of rival blocks by a storage fault of this peer alone.
    conflicting: Ratio,
    /// Blocks stored since the beginning; `None` before the first.
    overlay: Option<Box<Overlay>>,
    /// Number of tokens, counted on demand: a count costs as much as thousands of searches.
    count: OnceLock<u32>,
}

/// Shares of tokens with another block than the current one, of 2^32 equally likely hashes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct VersionShares {
    /// Tokens with the previous block.
    previous: u64,
    /// Contested tokens of which the peer stores the rival block.
    rival: u64,
}

impl TokenSet {
    /// The token set of a peer at `id`: the share `coverage` of the tokens at most `reach` away, and its own
    /// id.
    #[must_use]
    pub fn new(universe: &Universe, id: PeerId, reach: u64, coverage: Ratio, rng: &mut Rng) -> Self {
        Self {
            versions: VersionShares::default(),
            stale: Ratio::ZERO,
            conflicting: Ratio::ZERO,
            own: universe.rank_of(id.into()),
            ranges: ranges_within(universe, id, reach),
            reach,
            key: rng.number(),
            bound: bound(coverage),
            overlay: None,
            count: OnceLock::new(),
        }
    }

    /// The same tokens with the shares of stale and contested blocks that the world demands.
    #[must_use]
    pub(crate) const fn with_versions(mut self, id: PeerId, config: &TokenConfig) -> Self {
        self.set_versions(id, config);
        self
    }

    /// Sets the shares of stale and contested blocks: those of the world, or larger ones of a storage fault
    /// of this peer. Of the tokens contested in the world, half of the peers store the rival block.
    pub(crate) const fn set_versions(&mut self, id: PeerId, config: &TokenConfig) {
        let contested = if mix(id.get()) & 1 == 1 { config.conflict_share } else { Ratio::ZERO };
        self.versions = VersionShares {
            previous: bound(larger(config.stale_share, self.stale)),
            rival: bound(larger(contested, self.conflicting)),
        };
    }

    /// Damages a share of the tokens. A loss takes effect at once, other faults with the next
    /// [`set_versions`](Self::set_versions).
    pub(crate) fn inject_storage_fault(&mut self, fault: StorageFault, share: Ratio) {
        match fault {
            StorageFault::Lost => self.lose(share),
            StorageFault::Stale => self.stale = share,
            StorageFault::Conflicting => self.conflicting = share,
        }
    }

    /// Returns whether this peer alone stores stale or rival blocks.
    #[must_use]
    pub(crate) fn has_storage_fault(&self) -> bool {
        self.stale > Ratio::ZERO || self.conflicting > Ratio::ZERO
    }

    /// Adds the storage faults of this peer to a fingerprint; none add nothing.
    pub(crate) fn digest_storage_fault(&self, digest: &mut Digest) {
        if self.has_storage_fault() {
            digest.number(self.stale.millionths());
            digest.number(self.conflicting.millionths());
        }
    }

    /// Drops a share of the tokens, those with the highest hashes; the peer's own id stays.
    fn lose(&mut self, share: Ratio) {
        let kept = Ratio::from_millionths(Ratio::ONE.millionths() - share.millionths());
        self.bound = self.bound * u64::from(kept.millionths()) / u64::from(Ratio::ONE.millionths());
        debug_assert!(self.bound <= OUTCOMES, "{} of 2^32 hashes", self.bound);
        self.count = OnceLock::new();
    }

    /// The mapping at a rank that the peer holds, with the block that it stores.
    #[must_use]
    pub fn mapping(&self, universe: &Universe, rank: Rank) -> Mapping {
        let mapping = universe.mapping_of(self.version(universe, rank), rank);
        match self.overlay.as_deref().and_then(|overlay| overlay.block_of(mapping.token)) {
            Some(block) => Mapping { block, ..mapping },
            None => mapping,
        }
    }

    /// Blocks stored since the beginning; `None` before the first.
    #[must_use]
    pub fn overlay(&self) -> Option<&Overlay> {
        self.overlay.as_deref()
    }

    /// The same, to be changed.
    pub(crate) fn overlay_mut(&mut self) -> &mut Overlay {
        self.overlay.get_or_insert_default()
    }

    /// Version of the block at a rank that the peer holds. Different versions of a rank have different
    /// blocks.
    #[must_use]
    pub(crate) fn version(&self, universe: &Universe, rank: Rank) -> BlockVersion {
        if self.versions == VersionShares::default() {
            BlockVersion::Current
        } else {
            self.deviating_version(universe, rank)
        }
    }

    /// The same for the tokens of a proof.
    #[must_use]
    pub(crate) fn versions(&self, universe: &Universe, ranks: &[Rank; 1 + PROOF_SIZE]) -> PackedVersions {
        if self.versions == VersionShares::default() {
            PackedVersions::CURRENT
        } else {
            PackedVersions::new(ranks.map(|rank| self.deviating_version(universe, rank)))
        }
    }

    /// Out of line, because in most worlds all blocks are current.
    #[inline(never)]
    fn deviating_version(&self, universe: &Universe, rank: Rank) -> BlockVersion {
        let happens = |key: u64, bound: u64| bound > 0 && mix(key ^ u64::from(rank.0)) >> 32 < bound;
        let version = if happens(CONTESTED, self.versions.rival) {
            BlockVersion::Rival
        } else if happens(mix(self.key), self.versions.previous) {
            BlockVersion::Previous
        } else {
            return BlockVersion::Current;
        };
        // A block may be its own predecessor: block 0 is.
        let differs = universe.mapping_of(version, rank) != universe.mapping(rank);
        if differs { version } else { BlockVersion::Current }
    }

    /// Number of tokens that the peer holds.
    #[must_use]
    pub fn count(&self) -> u32 {
        *self.count.get_or_init(|| {
            let drawn =
                |range: &Range<u32>| range.clone().map(|rank| u32::from(self.draws(rank))).sum::<u32>();
            let is_own_extra = |own: Rank| !self.draws(own.0) && self.holds(own);
            self.ranges.iter().map(drawn).sum::<u32>() + u32::from(self.own.is_some_and(is_own_extra))
        })
    }

    /// Half the width of the arc of tokens, to each side of the peer's id.
    #[must_use]
    pub const fn reach(&self) -> u64 {
        self.reach
    }

    /// Returns whether the peer holds the token at a rank.
    #[must_use]
    pub fn holds(&self, rank: Rank) -> bool {
        self.ranges.iter().any(|range| range.contains(&rank.0)) && self.covers(rank)
    }

    /// First held token of a suffix, ascending, strictly above `after` and below `end`.
    #[must_use]
    #[inline]
    pub(crate) fn next_above(&self, universe: &Universe, suffix: u16, after: Rank, end: u32) -> Option<Rank> {
        let above = |range: &Range<u32>| range.start.max(after.0 + 1)..range.end.min(end);
        for mut range in self.ranges.iter().map(above) {
            while !range.is_empty() {
                match universe.by_suffix.first(suffix, &range, |rank| self.covers(rank)) {
                    Ok(rank) => return Some(rank),
                    Err(next) => range.start = next,
                }
            }
        }
        None
    }

    /// First held token of a suffix, descending, strictly below `before` and at or above `end`.
    #[must_use]
    #[inline]
    pub(crate) fn next_below(
        &self,
        universe: &Universe,
        suffix: u16,
        before: Rank,
        end: u32,
    ) -> Option<Rank> {
        let below = |range: &Range<u32>| range.start.max(end)..range.end.min(before.0);
        for mut range in self.ranges.iter().rev().map(below) {
            while !range.is_empty() {
                match universe.by_suffix.last(suffix, &range, |rank| self.covers(rank)) {
                    Ok(rank) => return Some(rank),
                    Err(end) => range.end = end,
                }
            }
        }
        None
    }

    fn covers(&self, rank: Rank) -> bool {
        self.draws(rank.0) || self.own == Some(rank)
    }

    /// Whether the predicate alone selects a rank.
    fn draws(&self, rank: u32) -> bool {
        mix(self.key ^ u64::from(rank)) >> 32 < self.bound
    }
}

const fn larger(one: Ratio, other: Ratio) -> Ratio {
    if one.millionths() > other.millionths() { one } else { other }
}

/// A share of 2^32 equally likely hashes.
const fn bound(share: Ratio) -> u64 {
    OUTCOMES * share.millionths() as u64 / Ratio::ONE.millionths() as u64
}

/// Ranks of the tokens at most `reach` from an id, ascending.
fn ranges_within(universe: &Universe, id: PeerId, reach: u64) -> [Range<u32>; 2] {
    let (low, high) = (id.get().wrapping_sub(reach), id.get().wrapping_add(reach));
    let from = universe.first_at_or_after(low).0;
    let to = match high.checked_add(1) {
        Some(beyond) => universe.first_at_or_after(beyond).0,
        None => universe.len(),
    };
    let ranges = if reach >= ring::HALF {
        [0..universe.len(), 0..0]
    } else if low <= high {
        [from..to, 0..0]
    } else {
        [0..to, from..universe.len()]
    };
    debug_assert!(ranges.iter().all(|range| range.start <= range.end && range.end <= universe.len()));
    debug_assert!(ranges[1].is_empty() || ranges[0].end <= ranges[1].start, "{ranges:?} overlap");
    ranges
}
