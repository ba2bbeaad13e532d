//! The universe, token sets, and neighbors of a suffix.

use super::*;
use crate::base::id::{BlockId, PeerId};
use crate::base::ratio::Ratio;
use crate::base::ring;
use crate::base::rng::{Purpose, Rng, mix};
use crate::config::TokenConfig;
use crate::protocol::message::Mapping;
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
fn neighbors_are_found_across_stretches_and_however_unevenly_suffixes_fall() {
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
    let permille = |reach: u64| (u128::from(reach) * 1000 + u128::from(u64::MAX / 2)) / u128::from(u64::MAX);
    assert_eq!(permille(reach(&config, 30)), 100);
    assert_eq!(permille(reach(&config, 300)), 40);
    config.saturated_width = false;
    assert_eq!(permille(reach(&config, 30)), 400);
    assert_eq!(permille(reach(&config, 300)), 40);
    assert_eq!(reach(&config, 3), u64::MAX / 2);
    config.view_min = 20_000;
    assert_eq!(permille(reach(&config, 10_000)), 100, "a fifth of all tokens, however many peers there are");
}

proptest! {
    #[test]
    fn token_sets_are_the_covered_tokens_within_reach(id: u64, reach in 0..=ring::HALF, share in 0_u32..=1_000_000) {
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
    fn neighbors_of_a_suffix_are_the_nearest_held_ones(id: u64, reach in 0..=ring::HALF, start in 0_u32..2_000, suffix in 0_u16..1024) {
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
fn versions_differ_in_the_shares_that_the_world_demands() {
    let universe = universe(20_000);
    let mut config = crate::scenario::Scenario::preset("lifecycle-1").unwrap().config.tokens;
    let token_set = |id: u64, config: &TokenConfig| {
        let mut rng = Rng::stream(1, Purpose::Coverage, id);
        let id = PeerId::new(id);
        TokenSet::new(&universe, id, u64::MAX / 2, Ratio::ONE, &mut rng).with_versions(id, config)
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
