//! The tokens of the world and who holds which, without a map per peer.
//!
//! One sorted table holds all tokens; a peer's share of it is an arc of ranks and a keyed predicate that decides,
//! token by token, whether the peer holds it. That costs a few bytes per peer instead of a few hundred kilobytes.

mod index;

use std::ops::Range;
use std::sync::OnceLock;

use self::index::SuffixIndex;
use crate::base::digest::Digest;
pub use crate::base::id::Rank;
use crate::base::id::{BlockId, PeerId, TokenId};
use crate::base::prefetch;
use crate::base::ratio::Ratio;
use crate::base::ring::{self, RingIndex};
use crate::base::rng::{Rng, mix};
use crate::config::{StorageFault, TokenConfig};
use crate::protocol::message::{BlockVersion, CompactProof, Mapping, Proof, ProofResolver};

/// Bits of a token that a proof challenges.
pub const SUFFIX_BITS: u32 = 10;
/// How many different suffixes there are.
pub const SUFFIXES: usize = 1 << SUFFIX_BITS;

/// The last ten bits of a token.
#[must_use]
#[expect(clippy::cast_possible_truncation, reason = "ten bits fit")]
pub const fn suffix(token: TokenId) -> u16 {
    token.get() as u16 & (SUFFIXES as u16 - 1)
}

/// All tokens of a world with their blocks, sorted, and indexed by suffix. It never changes during a run.
#[derive(Debug)]
pub struct Universe {
    mappings: Vec<Mapping>,
    directory: RingIndex,
    by_suffix: SuffixIndex,
}

impl Universe {
    /// Draws `count` different tokens and a block for each.
    #[must_use]
    pub fn random(count: usize, rng: &mut Rng) -> Self {
        let mut mappings = Vec::with_capacity(count);
        while mappings.len() < count {
            let missing = count - mappings.len();
            mappings.extend(
                (0..missing).map(|_| Mapping {
                    token: TokenId::new(rng.number()),
                    block: BlockId::new(rng.number()),
                }),
            );
            sort(&mut mappings);
            mappings.dedup_by_key(|mapping| mapping.token);
        }
        Self::new(mappings)
    }

    /// The universe of these mappings, which are sorted here.
    #[must_use]
    pub fn new(mut mappings: Vec<Mapping>) -> Self {
        sort(&mut mappings);
        let tokens = mappings.iter().map(|mapping| mapping.token);
        let (directory, by_suffix) =
            (RingIndex::new(tokens.clone().map(TokenId::get)), SuffixIndex::new(tokens));
        Self { mappings, directory, by_suffix }
    }

    /// Maps a token to another block.
    pub fn remap(&mut self, token: TokenId, block: BlockId) {
        if let Some(rank) = self.rank_of(token) {
            self.mappings[rank.0 as usize].block = block;
        }
    }

    /// How many tokens there are.
    #[must_use]
    pub fn len(&self) -> u32 {
        u32::try_from(self.mappings.len()).unwrap_or(u32::MAX)
    }

    /// Whether there is no token.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.mappings.is_empty()
    }

    /// The mapping at a rank of this universe.
    #[must_use]
    pub fn mapping(&self, rank: Rank) -> Mapping {
        self.mappings[rank.0 as usize]
    }

    /// The mapping at a rank, in a view of it.
    #[must_use]
    pub fn mapping_in(&self, view: BlockVersion, rank: Rank) -> Mapping {
        let Mapping { token, block } = self.mapping(rank);
        let block = match view {
            BlockVersion::Present => block,
            BlockVersion::Behind => BlockId::new(mix(block.get())),
            BlockVersion::OtherSide => BlockId::new(mix(block.get() ^ CONTESTED)),
        };
        Mapping { token, block }
    }

    /// Where a token stands, if it exists.
    #[must_use]
    pub fn rank_of(&self, token: TokenId) -> Option<Rank> {
        let rank = self.first_at_or_after(token.get());
        self.mappings.get(rank.0 as usize).is_some_and(|mapping| mapping.token == token).then_some(rank)
    }

    /// Asks for where to look for a token.
    pub(crate) fn fetch_around(&self, token: TokenId) {
        self.directory.prefetch(token.get());
    }

    /// Asks for the tokens among which one is, where one knows where to look.
    pub(crate) fn prefetch(&self, token: TokenId) {
        prefetch::all(&self.mappings[self.directory.around(token.get())]);
    }

    /// Asks for what a search for suffixes near a rank reads.
    pub(crate) fn fetch_suffixes(&self, suffixes: &[u16], near: Rank) {
        self.by_suffix.prefetch(suffixes, near);
    }

    fn first_at_or_after(&self, place: u64) -> Rank {
        let near = self.directory.around(place);
        let before = self.mappings[near.clone()].partition_point(|mapping| mapping.token.get() < place);
        Rank(u32::try_from(near.start + before).unwrap_or(u32::MAX))
    }
}

impl ProofResolver for Universe {
    fn resolve(&self, finding: &CompactProof) -> Proof {
        let [answer, signature @ ..] = finding.places().map(|(rank, view)| self.mapping_in(view, rank));
        Proof { answer, signature }
    }
}

/// In one place: the library's sort is compiled anew for every key.
fn sort(mappings: &mut [Mapping]) {
    mappings.sort_unstable_by_key(|mapping| mapping.token);
}

/// How far a peer's tokens reach to each side of its id (reference figures of seed 000: 1.2 times the mean gap times
/// the overlap), and at least as far as [`TokenConfig::view_min`] tokens take; at most half the ring.
#[must_use]
pub fn reach(config: &TokenConfig, peers: u32) -> u64 {
    let gap = u64::MAX / u64::from(peers.max(1));
    let overlap = u64::from(config.neighbor_overlap);
    let reach = if config.saturated_width {
        gap.saturating_mul(overlap).saturating_mul(12) / 10
    } else {
        clamped(u128::from(gap) * u128::from(overlap) * 12 / 10)
    };
    let least =
        clamped(u128::from(config.view_min) * u128::from(ring::HALF) / u128::from(config.total.max(1)));
    reach.max(least).min(u64::MAX / 2)
}

fn clamped(width: u128) -> u64 {
    u64::try_from(width).unwrap_or(u64::MAX)
}

/// The tokens that one peer holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenSet {
    /// The peer's own id, which it always holds.
    own: Option<Rank>,
    /// The ranks within reach, ascending; two ranges where the reach crosses the origin.
    ranges: [Range<u32>; 2],
    /// Half the width of the arc.
    reach: u64,
    /// Decides, with the rank of a token, whether the peer holds it.
    key: u64,
    /// Of 2^32 equally likely outcomes of that decision, those that mean yes.
    bound: u64,
    views: Views,
    /// What this peer alone is behind in, and believes otherwise in.
    stale: Ratio,
    conflicting: Ratio,
    /// Counted when somebody asks: that takes as long as finding thousands of proofs.
    count: OnceLock<u32>,
}

/// In which mappings a peer differs from the others.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Views {
    /// Of 2^32 equally likely tokens, those of which the peer has the block before the present one.
    behind: u64,
    /// Of 2^32 equally likely tokens, those to which two blocks lay claim, and of which the peer has the second.
    contested: u64,
}

impl TokenSet {
    /// What a peer at `id` holds: the share `coverage` of the tokens at most `reach` away, and its own id.
    #[must_use]
    pub fn new(universe: &Universe, id: PeerId, reach: u64, coverage: Ratio, rng: &mut Rng) -> Self {
        Self {
            views: Views::default(),
            stale: Ratio::ZERO,
            conflicting: Ratio::ZERO,
            own: universe.rank_of(id.into()),
            ranges: ranges_within(universe, id, reach),
            reach,
            key: rng.number(),
            bound: bound(coverage),
            count: OnceLock::new(),
        }
    }

    /// The same tokens, with blocks that are out of date or contested as the world has it.
    #[must_use]
    pub const fn with_views(mut self, id: PeerId, config: &TokenConfig) -> Self {
        self.set_views(id, config);
        self
    }

    /// Lets blocks be out of date or contested as the world has it now, or more of them where this peer has it so. Of
    /// what is contested in the world, half of the peers have the second block.
    pub const fn set_views(&mut self, id: PeerId, config: &TokenConfig) {
        let contested = if mix(id.get()) & 1 == 1 { config.conflict_share } else { Ratio::ZERO };
        self.views = Views {
            behind: bound(larger(config.stale_share, self.stale)),
            contested: bound(larger(contested, self.conflicting)),
        };
    }

    /// Something befalls a share of the tokens. What does not lose them is seen after [`Self::set_views`].
    pub fn inject_storage_fault(&mut self, harm: StorageFault, share: Ratio) {
        match harm {
            StorageFault::Lost => self.lose(share),
            StorageFault::Stale => self.stale = share,
            StorageFault::Conflicting => self.conflicting = share,
        }
    }

    /// Whether this peer alone is behind in something, or believes otherwise in it.
    #[must_use]
    pub fn has_storage_fault(&self) -> bool {
        self.stale > Ratio::ZERO || self.conflicting > Ratio::ZERO
    }

    /// Adds to a fingerprint what has befallen this peer alone, where anything has.
    pub fn digest_storage_fault(&self, digest: &mut Digest) {
        if self.has_storage_fault() {
            digest.number(self.stale.millionths());
            digest.number(self.conflicting.millionths());
        }
    }

    /// Loses a share of the tokens, those that fall to a lot of their own. The peer's id stays.
    fn lose(&mut self, share: Ratio) {
        let kept = Ratio::from_millionths(Ratio::ONE.millionths() - share.millionths());
        self.bound = self.bound * u64::from(kept.millionths()) / u64::from(Ratio::ONE.millionths());
        self.count = OnceLock::new();
    }

    /// The mapping at a rank, as the peer that holds it has it.
    #[must_use]
    pub fn mapping(&self, universe: &Universe, rank: Rank) -> Mapping {
        universe.mapping_in(self.view(universe, rank), rank)
    }

    /// Which block of the token at a rank the peer has, if it holds it. No two views of a rank have the same block.
    #[must_use]
    pub fn view(&self, universe: &Universe, rank: Rank) -> BlockVersion {
        if self.views == Views::default() { BlockVersion::Present } else { self.unusual_view(universe, rank) }
    }

    /// Apart, because mostly all blocks are the present ones.
    #[inline(never)]
    fn unusual_view(&self, universe: &Universe, rank: Rank) -> BlockVersion {
        let happens = |key: u64, bound: u64| bound > 0 && mix(key ^ u64::from(rank.0)) >> 32 < bound;
        let view = if happens(CONTESTED, self.views.contested) {
            BlockVersion::OtherSide
        } else if happens(mix(self.key), self.views.behind) {
            BlockVersion::Behind
        } else {
            return BlockVersion::Present;
        };
        // A block may be the one before itself: block 0 is.
        let differs = universe.mapping_in(view, rank) != universe.mapping(rank);
        if differs { view } else { BlockVersion::Present }
    }

    /// How many tokens the peer holds.
    #[must_use]
    pub fn count(&self) -> u32 {
        let held = || self.ranges.iter().cloned().flatten().filter(|rank| self.covers(Rank(*rank))).count();
        *self.count.get_or_init(|| u32::try_from(held()).unwrap_or(u32::MAX))
    }

    /// How far the tokens reach to each side of the peer's id.
    #[must_use]
    pub const fn reach(&self) -> u64 {
        self.reach
    }

    /// Whether the peer holds the token at a rank.
    #[must_use]
    pub fn holds(&self, rank: Rank) -> bool {
        self.ranges.iter().any(|range| range.contains(&rank.0)) && self.covers(rank)
    }

    /// The first held token of a suffix strictly above a rank and below `end`.
    #[must_use]
    pub fn next_above(&self, universe: &Universe, suffix: u16, after: Rank, end: u32) -> Option<Rank> {
        self.ranges
            .iter()
            .map(|range| range.start.max(after.0 + 1)..range.end.min(end))
            .filter(|range| !range.is_empty())
            .find_map(|range| universe.by_suffix.first(suffix, range, |rank| self.covers(rank)))
    }

    /// The first held token of a suffix, going down, strictly below a rank and at or above `end`.
    #[must_use]
    pub fn next_below(&self, universe: &Universe, suffix: u16, before: Rank, end: u32) -> Option<Rank> {
        self.ranges
            .iter()
            .rev()
            .map(|range| range.start.max(end)..range.end.min(before.0))
            .filter(|range| !range.is_empty())
            .find_map(|range| universe.by_suffix.last(suffix, range, |rank| self.covers(rank)))
    }

    fn covers(&self, rank: Rank) -> bool {
        mix(self.key ^ u64::from(rank.0)) >> 32 < self.bound || self.own == Some(rank)
    }
}

/// Tells contested tokens from others, alike for all peers, and their two blocks from one another.
const CONTESTED: u64 = 0x0c0f_11c7_ed00_0001;

const fn larger(one: Ratio, other: Ratio) -> Ratio {
    if one.millionths() > other.millionths() { one } else { other }
}

/// A share of 2^32 equally likely outcomes.
const fn bound(share: Ratio) -> u64 {
    ((share.millionths() as u64) << 32) / Ratio::ONE.millionths() as u64
}

/// The ranks of the tokens at most `reach` from a place, ascending.
fn ranges_within(universe: &Universe, id: PeerId, reach: u64) -> [Range<u32>; 2] {
    let (low, high) = (id.get().wrapping_sub(reach), id.get().wrapping_add(reach));
    let from = universe.first_at_or_after(low).0;
    let to = match high.checked_add(1) {
        Some(behind) => universe.first_at_or_after(behind).0,
        None => universe.len(),
    };
    if reach >= ring::HALF {
        [0..universe.len(), 0..0]
    } else if low <= high {
        [from..to, 0..0]
    } else {
        [0..to, from..universe.len()]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::rng::{Purpose, Rng};
    use proptest::prelude::*;

    fn universe(count: usize) -> Universe {
        Universe::random(count, &mut Rng::stream(1, Purpose::Universe, 0))
    }

    fn rng() -> Rng {
        Rng::stream(1, Purpose::Coverage, 0)
    }

    #[test]
    fn tokens_are_sorted_and_found_by_rank_and_suffix() {
        let universe = universe(5_000);
        assert_eq!(universe.len(), 5_000);
        for rank in (0..universe.len()).map(Rank) {
            let token = universe.mapping(rank).token;
            assert_eq!(universe.rank_of(token), Some(rank));
        }
        assert_eq!(universe.rank_of(TokenId::new(1)), None);
    }

    #[test]
    fn tokens_are_found_however_unevenly_they_lie() {
        let mappings = (0..2_000_u64).map(|i| Mapping { token: TokenId::new(i * i), block: BlockId::new(i) });
        let universe = Universe::new(mappings.collect());
        for i in 0..2_000_u32 {
            assert_eq!(universe.rank_of(TokenId::new(u64::from(i * i))), Some(Rank(i)));
        }
        assert_eq!(universe.rank_of(TokenId::new(u64::MAX)), None);
    }

    #[test]
    fn neighbours_are_found_where_stretches_end_and_however_unevenly_suffixes_fall() {
        for count in [0, 1, 1_023, 16_383, 16_384, 16_385] {
            // Squares have few suffixes, and those often.
            let squares = (0..count).map(|i| Mapping { token: TokenId::new(i * i), block: BlockId::new(i) });
            let universe = Universe::new(squares.collect());
            let everything = TokenSet::new(&universe, PeerId::new(0), ring::HALF, Ratio::ONE, &mut rng());
            for suffix in [0, 1, 5, 1_023] {
                let matches = |rank: &u32| self::suffix(universe.mapping(Rank(*rank)).token) == suffix;
                let bucket: Vec<u32> = (0..universe.len()).filter(matches).collect();
                for at in 0..universe.len() {
                    let above = everything.next_above(&universe, suffix, Rank(at), universe.len());
                    assert_eq!(above.map(|rank| rank.0), bucket.iter().copied().find(|rank| *rank > at));
                    let below = everything.next_below(&universe, suffix, Rank(at), 0);
                    assert_eq!(below.map(|rank| rank.0), bucket.iter().copied().rfind(|rank| *rank < at));
                }
                let last = everything.next_below(&universe, suffix, Rank(universe.len()), 0);
                assert_eq!(last.map(|rank| rank.0), bucket.last().copied());
            }
        }
    }

    #[test]
    fn the_shipped_reach_saturates() {
        let mut config = TokenConfig {
            total: 100_000,
            coverage: Ratio::ONE,
            neighbor_overlap: 10,
            saturated_width: true,
            search: crate::config::SearchRule::OneWaySpill,
            verification: crate::config::VerificationRule::Weak,
            view_min: 0,
            stale_share: Ratio::ZERO,
            conflict_share: Ratio::ZERO,
            zero_id_blocks: false,
        };
        let permille =
            |reach: u64| (u128::from(reach) * 1000 + u128::from(u64::MAX / 2)) / u128::from(u64::MAX);
        assert_eq!(permille(reach(&config, 30)), 100);
        assert_eq!(permille(reach(&config, 300)), 40);
        config.saturated_width = false;
        assert_eq!(permille(reach(&config, 30)), 400);
        assert_eq!(permille(reach(&config, 300)), 40);
        assert_eq!(reach(&config, 3), u64::MAX / 2);
        config.view_min = 20_000;
        assert_eq!(
            permille(reach(&config, 10_000)),
            100,
            "a fifth of all tokens, however many peers there are"
        );
    }

    proptest! {
        #[test]
        fn holdings_are_the_covered_tokens_within_reach(id: u64, reach in 0..=ring::HALF, share in 0_u32..=1_000_000) {
            let universe = universe(2_000);
            let coverage = Ratio::from_millionths(share);
            let token_set = TokenSet::new(&universe, PeerId::new(id), reach, coverage, &mut rng());
            let held: Vec<Rank> =
                (0..universe.len()).map(Rank).filter(|rank| token_set.holds(*rank)).collect();
            prop_assert_eq!(held.len(), token_set.count() as usize);
            let far = held.iter().filter(|rank| ring::distance(universe.mapping(**rank).token.get(), id) > reach);
            prop_assert_eq!(far.count(), 0);
            if share == 1_000_000 {
                let near = (0..universe.len())
                    .filter(|rank| ring::distance(universe.mapping(Rank(*rank)).token.get(), id) <= reach);
                prop_assert_eq!(near.count(), held.len());
            }
        }

        #[test]
        fn neighbours_of_a_suffix_are_the_nearest_held_ones(id: u64, reach in 0..=ring::HALF, start in 0_u32..2_000, suffix in 0_u16..1024) {
            let universe = universe(2_000);
            let token_set = TokenSet::new(&universe, PeerId::new(id), reach, Ratio::from_millionths(700_000), &mut rng());
            let matches = |rank: &u32| {
                self::suffix(universe.mapping(Rank(*rank)).token) == suffix && token_set.holds(Rank(*rank))
            };
            let above = (start + 1..universe.len()).find(matches).map(Rank);
            prop_assert_eq!(token_set.next_above(&universe, suffix, Rank(start), universe.len()), above);
            let below = (0..start).rev().find(matches).map(Rank);
            prop_assert_eq!(token_set.next_below(&universe, suffix, Rank(start), 0), below);
        }
    }

    #[test]
    fn coverage_keeps_its_share_and_the_own_id() {
        let universe = universe(50_000);
        let id = universe.mapping(Rank(17)).token.as_peer();
        let share = Ratio::from_millionths(900_000);
        let token_set = TokenSet::new(&universe, id, u64::MAX / 2, share, &mut rng());
        assert!((44_700..45_300).contains(&token_set.count()), "{}", token_set.count());
        let nothing = TokenSet::new(&universe, id, u64::MAX / 2, Ratio::ZERO, &mut rng());
        assert_eq!(nothing.count(), 1);
        assert!(nothing.holds(Rank(17)));
    }

    #[test]
    fn views_differ_in_the_shares_that_the_world_demands() {
        let universe = universe(20_000);
        let mut config = crate::scenario::Scenario::preset("lifecycle-1").unwrap().config.tokens;
        let token_set = |id: u64, config: &TokenConfig| {
            let mut rng = Rng::stream(1, Purpose::Coverage, id);
            let id = PeerId::new(id);
            TokenSet::new(&universe, id, u64::MAX / 2, Ratio::ONE, &mut rng).with_views(id, config)
        };
        let differing = |one: &TokenSet, other: &TokenSet| {
            let ranks = (0..universe.len()).map(Rank);
            ranks.filter(|rank| one.mapping(&universe, *rank) != other.mapping(&universe, *rank)).count()
        };
        let is_other = |id: &u64| mix(*id) & 1 == 1;
        let (here, there) = ((0..9).find(|id| !is_other(id)).unwrap(), (0..9).find(is_other).unwrap());
        assert_eq!(differing(&token_set(here, &config), &token_set(there, &config)), 0);
        config.conflict_share = Ratio::from_millionths(300_000);
        let contested = differing(&token_set(here, &config), &token_set(there, &config));
        assert!((5_700..6_300).contains(&contested), "{contested}");
        let ally = (there + 1..99).find(is_other).unwrap();
        assert_eq!(differing(&token_set(there, &config), &token_set(ally, &config)), 0);
        config.conflict_share = Ratio::ZERO;
        config.stale_share = Ratio::from_millionths(100_000);
        let stale = differing(&token_set(here, &config), &token_set(there, &config));
        assert!((3_350..3_850).contains(&stale), "2 * 0.1 * 0.9 of all, not {stale}");
    }
}
