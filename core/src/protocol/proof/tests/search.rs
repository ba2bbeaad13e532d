//! The search, against reference vectors, a scan and rotations of the ring.

use super::*;

fn found_at(index: u32, rule: SearchRule) -> Option<Vec<u32>> {
    let universe = reference_universe();
    let token = universe.mapping(Rank(index)).token;
    let proof = stated(&universe, &everything(&universe), rule, token, PeerId::new(12345))?;
    assert!(verify(proof.into(), token, PeerId::new(12345), &universe).is_ok());
    proof.signature.iter().map(|mapping| universe.rank_of(mapping.token).map(|rank| rank.0)).collect()
}

#[test]
fn proofs_are_those_of_the_reference() {
    let shipped = |index| found_at(index, SearchRule::OneWaySpill);
    assert_eq!(shipped(0), None);
    assert_eq!(shipped(3_000), Some(vec![4865, 5523, 5636, 5654, 7083, 2890, 2075, 2038, 1731, 117]));
    assert_eq!(shipped(10_000), Some(vec![10121, 10508, 10895, 10982, 11387, 9910, 9624, 8890, 7797, 7621]));
    assert_eq!(
        shipped(17_000),
        Some(vec![17116, 18229, 18493, 15701, 11814, 11504, 10310, 10272, 8613, 8269])
    );
    assert_eq!(
        shipped(19_999),
        Some(vec![19905, 14353, 14215, 13693, 13266, 13154, 11794, 10076, 6312, 6036])
    );
}

#[test]
fn as_many_queries_succeed_as_in_the_reference() {
    let universe = reference_universe();
    let token_set = everything(&universe);
    let complete = (0..20_000).step_by(10).filter(|index| {
        let token = universe.mapping(Rank(*index)).token;
        search(&universe, &token_set, SearchRule::OneWaySpill, token, PeerId::new(12345)).is_some()
    });
    assert_eq!(complete.count(), 1_487);
}

/// The definition: a scan of the whole store, token by token.
fn scan(
    universe: &Universe,
    token_set: &TokenSet,
    wraps: bool,
    at: u32,
    chunks: &Chunks,
) -> Option<Vec<u32>> {
    let held = |rank: &u32| token_set.holds(Rank(*rank));
    let beyond = universe.len();
    let mut up: Vec<u32> = (at + 1..beyond).filter(held).collect();
    let mut down: Vec<u32> = (0..at).rev().filter(held).collect();
    if wraps {
        up.extend((0..at).filter(held));
        down.extend((at + 1..beyond).rev().filter(held));
    }
    let mut found = Vec::new();
    for (path, stop) in [(up, UPWARD), (down, PROOF_SIZE)] {
        for rank in path {
            if found.len() < stop && suffix(universe.mapping(Rank(rank)).token) == chunks[found.len()] {
                found.push(rank);
            }
        }
    }
    (found.len() == PROOF_SIZE).then_some(found)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn the_indexed_search_finds_what_a_scan_finds(
        id: u64,
        reach in 1_u64 << 60..=crate::base::ring::HALF,
        at in 0_u32..20_000,
        challenger: u64,
        wraps: bool,
    ) {
        let universe = reference_universe();
        let mut rng = Rng::stream(id, Purpose::Coverage, 0);
        let share = Ratio::from_millionths(900_000);
        let token_set = TokenSet::new(&universe, PeerId::new(id), reach, share, &mut rng);
        let rule = if wraps { SearchRule::RingWrap } else { SearchRule::OneWaySpill };
        let Mapping { token, block } = universe.mapping(Rank(at));
        let challenger = PeerId::new(challenger);
        let found = stated(&universe, &token_set, rule, token, challenger)
            .map(|proof| proof.signature.map(|mapping| universe.rank_of(mapping.token).unwrap().0).to_vec());
        let expected = token_set
            .holds(Rank(at))
            .then(|| scan(&universe, &token_set, wraps, at, &chunks(challenger, token, block)))
            .flatten();
        prop_assert_eq!(found, expected);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// With the same suffixes demanded, a search across the origin finds the same tokens after
    /// a rotation of the ring.
    #[test]
    fn a_search_that_wraps_turns_with_the_ring(
        at in 0_u32..4_000,
        turn in any::<u64>().prop_map(|turn| turn << 10),
        demanded in prop::array::uniform10(0_u16..64),
        reach in 1_u64 << 61..=crate::base::ring::HALF,
    ) {
        let random = |count: usize| Universe::random(count, &mut Rng::stream(3, Purpose::Universe, 0));
        // Few suffixes, so that most are found.
        let few = |token: u64| token & !0x3ff | token >> 10 & 0x3f;
        let universe = random(4_000);
        let tokens: Vec<u64> =
            (0..universe.len()).map(|rank| few(universe.mapping(Rank(rank)).token.get())).collect();
        let id = tokens[at as usize];
        let found = |turn: u64| {
            let mapping = |token: &u64| Mapping {
                token: TokenId::new(token.wrapping_add(turn)),
                block: BlockId::new(*token),
            };
            let universe = Universe::new(tokens.iter().map(mapping).collect());
            let mut rng = Rng::stream(1, Purpose::Coverage, 0);
            let id = id.wrapping_add(turn);
            let token_set = TokenSet::new(&universe, PeerId::new(id), reach, Ratio::ONE, &mut rng);
            let challenged = universe.rank_of(TokenId::new(id))?;
            let walk = Walk { universe: &universe, token_set: &token_set, challenged, wraps: true };
            let (found, count, _) = walk.run(&demanded);
            let tokens = found[1..=count].iter();
            Some(tokens.map(|rank| universe.mapping(*rank).token.get().wrapping_sub(turn)).collect::<Vec<_>>())
        };
        prop_assert!(found(0).is_some_and(|found| !found.is_empty()));
        prop_assert_eq!(found(turn), found(0));
    }
}

/// Holders of a small universe with few suffixes, whose block versions differ: searches succeed, and go round
/// the ring.
fn circle(seed: u64, coverage: u32) -> (Universe, Vec<TokenSet>) {
    let few = |token: u64| TokenId::new(token & !0x3ff | token >> 10 & 0x7);
    let mut rng = Rng::stream(seed, Purpose::Universe, 0);
    let mapping = |rng: &mut Rng| Mapping { token: few(rng.number()), block: BlockId::new(rng.number() % 3) };
    let universe = Universe::new((0..120).map(|_| mapping(&mut rng)).collect());
    let mut config = Scenario::preset("improved").unwrap().config.tokens;
    config.stale_share = Ratio::from_millionths(100_000);
    config.conflict_share = Ratio::from_millionths(200_000);
    let holder = |id| {
        let share = Ratio::from_millionths(coverage);
        TokenSet::new(&universe, PeerId::new(id), crate::base::ring::HALF, share, &mut rng)
            .with_versions(PeerId::new(id), &config)
    };
    let holders = (0..6).map(holder).collect();
    (universe, holders)
}

/// A challenger with the tokens of one holder.
struct Holder<'a>(&'a Universe, &'a TokenSet);

impl ProofResolver for Holder<'_> {
    fn resolve(&self, compact: &CompactProof) -> Proof {
        self.0.resolve(compact)
    }
}

impl TokenStore for Holder<'_> {
    fn block_of(&self, token: TokenId) -> Option<BlockId> {
        let rank = self.0.rank_of(token).filter(|rank| self.1.holds(*rank))?;
        Some(self.1.mapping(self.0, rank).block)
    }

    fn prove(&self, _: TokenId, _: PeerId) -> Option<StorageProof> {
        None
    }
}

/// A compact proof, for a challenge that demands few suffixes.
fn find_few(
    universe: &Universe,
    token_set: &TokenSet,
    rule: SearchRule,
    at: Rank,
    demanded: [u16; PROOF_SIZE],
) -> Option<CompactProof> {
    let walk = Walk { universe, token_set, challenged: at, wraps: rule == SearchRule::RingWrap };
    walk.find(&demanded).map(|(found, order)| {
        let versions = token_set.versions(universe, &found);
        CompactProof::new(PeerId::new(1), universe.mapping(at).token, found, versions, order)
    })
}

proptest! {
    /// Guarantees of a compact proof hold for its explicit form.
    #[test]
    fn a_compact_proof_is_what_it_says(
        seed: u64,
        coverage in 200_000_u32..=1_000_000,
        at in 0_u32..120,
        demanded in prop::array::uniform10(0_u16..8),
        wraps: bool,
    ) {
        let (universe, holders) = circle(seed, coverage);
        let rule = if wraps { SearchRule::RingWrap } else { SearchRule::OneWaySpill };
        let at = Rank(at % universe.len());
        let found = holders.iter().filter_map(|holder| find_few(&universe, holder, rule, at, demanded));
        let found: Vec<StorageProof> = found.map(StorageProof::from).collect();
        let stated: Vec<StorageProof> =
            found.iter().map(|proof| proof.resolve(&universe).into_owned().into()).collect();
        for (one, spelled) in found.iter().zip(&stated) {
            for (other, other_spelled) in found.iter().zip(&stated) {
                let plain = (
                    spelled.agreement(other_spelled, &universe),
                    spelled.contradicts(other_spelled, &universe),
                    spelled.has_answer_of(other_spelled, &universe),
                );
                for (one, other) in [(one, other), (one, other_spelled), (spelled, other)] {
                    prop_assert_eq!(one.agreement(other, &universe), plain.0);
                    prop_assert_eq!(one.contradicts(other, &universe), plain.1);
                    prop_assert_eq!(one.has_answer_of(other, &universe), plain.2);
                }
            }
            for search in [SearchRule::RingWrap, SearchRule::OneWaySpill] {
                let own = Holder(&universe, &holders[0]);
                let verifier = ProofVerifier { rule: VerificationRule::Strict, search, own: &own };
                prop_assert_eq!(verifier.is_in_order(one), verifier.is_in_order(spelled), "{:?}", one);
                prop_assert_eq!(verifier.agrees(one), verifier.agrees(spelled));
            }
        }
    }
}

#[test]
fn across_the_origin_a_full_store_always_finds_a_proof() {
    for index in [0, 1, 500, 10_000, 19_500, 19_999] {
        let found = found_at(index, SearchRule::RingWrap);
        assert_eq!(found.map(|ranks| ranks.len()), Some(PROOF_SIZE), "{index}");
    }
}
