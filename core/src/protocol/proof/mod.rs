//! Proof of storage: ten tokens near a challenged one, chosen by a hash that binds challenger, token and block.
//!
//! A peer that stores the neighbourhood of a token finds tokens with the ten demanded suffixes in it; a peer that
//! stores little does not. Source: seed 000, "Proof-of-Storage Fix"; seed 001, "Signature verification".

use crate::base::id::{BlockId, PeerId, TokenId};
use crate::base::mutant::Mutant;
use crate::config::{SearchRule, VerificationRule};
use crate::protocol::context::TokenStore;
use crate::protocol::event::ElectionError;
use crate::protocol::message::{
    CompactProof, Mapping, PROOF_SIZE, Proof, ProofResolver, StorageProof, WalkOrder,
};
use crate::protocol::token::{Rank, TokenSet, Universe, suffix};

/// The suffixes that a proof has to show, in order.
pub type Chunks = [u16; PROOF_SIZE];

/// Tokens that are looked for above the challenged one before the search turns round.
const UPWARD: usize = PROOF_SIZE / 2;

/// What a challenger demands of a peer that claims to store `block` for `token`: ten times ten bits of the BLAKE3 hash
/// of the three numbers, packed from the lowest bit up.
#[must_use]
pub fn chunks(challenger: PeerId, token: TokenId, block: BlockId) -> Chunks {
    let challenger = if Mutant::ProofUnbound.is_active() { PeerId::new(0) } else { challenger };
    let mut input = [0; 24];
    input[..8].copy_from_slice(&challenger.get().to_le_bytes());
    input[8..16].copy_from_slice(&token.get().to_le_bytes());
    input[16..].copy_from_slice(&block.get().to_le_bytes());
    unpack(blake3::hash(&input).as_bytes())
}

fn unpack(hash: &[u8; 32]) -> Chunks {
    std::array::from_fn(|index| {
        let (byte, shift) = (index * 10 / 8, index * 10 % 8);
        (u16::from_le_bytes([hash[byte], hash[byte + 1]]) >> shift) & 0x3ff
    })
}

/// Looks for a proof that the holder of `token_set` stores `token`, for `challenger`. `None` where it does not hold the
/// token, or its neighbourhood lacks one of the demanded suffixes.
#[must_use]
pub fn search(
    universe: &Universe,
    token_set: &TokenSet,
    rule: SearchRule,
    token: TokenId,
    challenger: PeerId,
) -> Option<CompactProof> {
    let start = universe
        .rank_of(token)
        .filter(|rank| token_set.holds(*rank) || Mutant::ProofWithoutToken.is_active())?;
    let chunks = chunks(challenger, token, token_set.mapping(universe, start).block);
    let walk = Walk { universe, token_set, challenged: start, wraps: rule == SearchRule::RingWrap };
    let (found, order) = walk.find(&chunks)?;
    let places = found.map(|rank| (rank, token_set.view(universe, rank)));
    Some(CompactProof::new(challenger, token, places, order))
}

/// A search around a challenged token.
struct Walk<'a> {
    universe: &'a Universe,
    token_set: &'a TokenSet,
    challenged: Rank,
    wraps: bool,
}

/// One way of a walk, which ends where a token is missing.
struct Path {
    last: Option<Position>,
    count: usize,
}

impl Path {
    const fn new(start: Rank) -> Self {
        Self { last: Some(Position { rank: start, crossed: false }), count: 0 }
    }

    /// Goes on to the next token, unless one was missing before.
    fn go_on(&mut self, step: impl FnOnce(Position) -> Option<Position>, found: &mut [Rank]) {
        self.last = self.last.and_then(step);
        if let Some(position) = self.last {
            found[self.count] = position.rank;
            self.count += 1;
        }
    }
}

/// Where a walk stands: the last rank found, and whether it has crossed the origin.
#[derive(Clone, Copy)]
struct Position {
    rank: Rank,
    crossed: bool,
}

impl Walk<'_> {
    /// Finds tokens for all chunks; they stand behind the challenged one.
    fn find(&self, chunks: &Chunks) -> Option<([Rank; 1 + PROOF_SIZE], WalkOrder)> {
        let (found, count, above) = self.go(chunks);
        let complete = if Mutant::ProofCutShort.is_active() { PROOF_SIZE - 1 } else { PROOF_SIZE };
        (count >= complete).then(|| (found, self.order(&found, above)))
    }

    /// Goes up, and then down for what is left, until a token is missing. Says what it found behind the challenged token,
    /// how many tokens these are, and how many of them it met on the way up.
    fn go(&self, chunks: &Chunks) -> ([Rank; 1 + PROOF_SIZE], usize, usize) {
        let mut found = [self.challenged; 1 + PROOF_SIZE];
        let mut up = Path::new(self.challenged);
        let mut down = Path::new(self.challenged);
        self.universe.fetch_suffixes(chunks, self.challenged);
        // Mostly half is found either way. Both ways at a time, neither has to wait until memory has answered the other.
        for (above, below) in chunks[..UPWARD].iter().zip(&chunks[UPWARD..]) {
            up.go_on(|from| self.up(*above, from), &mut found[1..]);
            down.go_on(|from| self.down(*below, from), &mut found[1 + UPWARD..]);
        }
        if up.count < UPWARD {
            down = Path::new(self.challenged);
            let rest = &mut found[1 + up.count..];
            chunks[up.count..].iter().for_each(|chunk| down.go_on(|from| self.down(*chunk, from), rest));
        }
        (found, up.count + down.count, up.count)
    }

    /// In which order a walk went that found so many tokens going up, behind the challenged one, and the others going
    /// down.
    fn order(&self, found: &[Rank; 1 + PROOF_SIZE], above: usize) -> WalkOrder {
        let (start, count) = (self.challenged.0, self.universe.len());
        let (up, down) = (found[above].0, found[PROOF_SIZE].0);
        let is_straight = up >= start && down <= start;
        let has_met = || {
            let ahead = if up < start { up + count - start } else { up - start };
            let behind = if down > start { start + count - down } else { start - down };
            ahead + behind >= count
        };
        match self.wraps {
            _ if is_straight => WalkOrder::Straight,
            true if !has_met() => WalkOrder::Around,
            _ => WalkOrder::Unknown,
        }
    }

    fn up(&self, chunk: u16, from: Position) -> Option<Position> {
        let Position { rank, crossed } = from;
        let end = if crossed { self.challenged.0 } else { self.universe.len() };
        let ahead = self.token_set.next_above(self.universe, chunk, rank, end);
        let across = || {
            let first = Rank(0);
            let at_origin = suffix(self.universe.mapping(first).token) == chunk
                && self.token_set.holds(first)
                && first < self.challenged;
            if at_origin {
                return Some(first);
            }
            self.token_set.next_above(self.universe, chunk, first, self.challenged.0)
        };
        match ahead {
            Some(rank) => Some(Position { rank, crossed }),
            None if self.wraps && !crossed && !Mutant::ProofStopsAtOrigin.is_active() => {
                across().map(|rank| Position { rank, crossed: true })
            }
            None => None,
        }
    }

    fn down(&self, chunk: u16, from: Position) -> Option<Position> {
        let Position { rank, crossed } = from;
        let end = if crossed { self.challenged.0 + 1 } else { 0 };
        let ahead = self.token_set.next_below(self.universe, chunk, rank, end);
        let across = || {
            let behind_last = Rank(self.universe.len());
            self.token_set.next_below(self.universe, chunk, behind_last, self.challenged.0 + 1)
        };
        match ahead {
            Some(rank) => Some(Position { rank, crossed }),
            None if self.wraps && !crossed => across().map(|rank| Position { rank, crossed: true }),
            None => None,
        }
    }
}

/// A proof whose suffixes fit the challenge. Only [`verify`] and [`ProofVerifier::examine`] make one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifiedProof(StorageProof);

impl VerifiedProof {
    /// The proof itself.
    #[must_use]
    pub const fn proof(&self) -> &StorageProof {
        &self.0
    }
}

/// Checks a proof for `challenger` about `token`: that it is about the token, and that the suffixes fit the hash of
/// challenger, token and the block that the proof claims. That block itself cannot be checked, nor can the existence
/// of the tokens: the worth of a proof lies in the agreement of several peers.
///
/// # Errors
///
/// [`ElectionError::WrongToken`] or [`ElectionError::SignatureVerificationFailed`], in this order.
pub fn verify(
    proof: StorageProof,
    token: TokenId,
    challenger: PeerId,
    reader: &dyn ProofResolver,
) -> Result<VerifiedProof, ElectionError> {
    if proof.token() != token && !Mutant::TokenOverlooked.is_active() {
        return Err(ElectionError::WrongToken);
    }
    let fits = match &proof {
        // That is what was looked for.
        StorageProof::Found(finding) if finding.asker() == challenger => true,
        _ => fits(&proof.resolve(reader), challenger),
    };
    if fits { Ok(VerifiedProof(proof)) } else { Err(ElectionError::SignatureVerificationFailed) }
}

fn fits(Proof { answer, signature }: &Proof, challenger: PeerId) -> bool {
    let demanded = chunks(challenger, answer.token, answer.block);
    let seen = if Mutant::SuffixOverlooked.is_active() { PROOF_SIZE - 1 } else { PROOF_SIZE };
    signature.iter().zip(demanded).take(seen).all(|(mapping, chunk)| suffix(mapping.token) == chunk)
}

/// How a challenger looks at proofs.
#[derive(Clone, Copy)]
pub struct ProofVerifier<'a> {
    /// How closely.
    pub rule: VerificationRule,
    /// How the others look for their tokens.
    pub search: SearchRule,
    /// What the challenger has stored itself.
    pub own: &'a dyn TokenStore,
}

impl ProofVerifier<'_> {
    /// As [`verify`], and as closely as the rule demands: the tokens must be different ones that an honest search
    /// could have met in this order, and no block may contradict what the challenger has stored.
    ///
    /// # Errors
    ///
    /// As [`verify`].
    pub fn verify(
        &self,
        proof: StorageProof,
        token: TokenId,
        challenger: PeerId,
    ) -> Result<VerifiedProof, ElectionError> {
        let verified = verify(proof, token, challenger, self.own)?;
        let passes = match self.rule {
            VerificationRule::Weak => true,
            VerificationRule::Structural => self.is_in_order(verified.proof()),
            VerificationRule::Strict => self.is_in_order(verified.proof()) && self.agrees(verified.proof()),
        };
        if passes { Ok(verified) } else { Err(ElectionError::SignatureVerificationFailed) }
    }

    fn is_in_order(&self, proof: &StorageProof) -> bool {
        match proof {
            _ if Mutant::OrderUnchecked.is_active() => true,
            StorageProof::Found(finding) if self.is_known_to_be_in_order(finding) => true,
            _ => {
                let Proof { answer, signature } = &*proof.resolve(self.own);
                is_walk(answer.token, &signature.map(|mapping| mapping.token), self.search)
            }
        }
    }

    fn is_known_to_be_in_order(&self, finding: &CompactProof) -> bool {
        match finding.order() {
            WalkOrder::Straight => true,
            WalkOrder::Around => self.search == SearchRule::RingWrap,
            WalkOrder::Unknown => false,
        }
    }

    fn agrees(&self, proof: &StorageProof) -> bool {
        let agrees =
            |mapping: &Mapping| self.own.block_of(mapping.token).is_none_or(|block| block == mapping.block);
        let Proof { answer, signature } = &*proof.resolve(self.own);
        agrees(answer) && signature.iter().all(agrees)
    }
}

/// Whether a search could have found these tokens in this order: at most five going up, the others going down, each
/// beyond the one before, and none twice.
fn is_walk(start: TokenId, found: &[TokenId; PROOF_SIZE], search: SearchRule) -> bool {
    let mut sorted = *found;
    sorted.sort_unstable();
    let has_twin = sorted.windows(2).any(|pair| pair[0] == pair[1]);
    let up = |token: &TokenId| token.get().wrapping_sub(start.get());
    let down = |token: &TokenId| start.get().wrapping_sub(token.get());
    let stays_above = |token: &TokenId| search == SearchRule::RingWrap || *token > start;
    let stays_below = |token: &TokenId| search == SearchRule::RingWrap || *token < start;
    let rises = |part: &[TokenId]| part.iter().all(stays_above) && part.is_sorted_by_key(up);
    let falls = |part: &[TokenId]| part.iter().all(stays_below) && part.is_sorted_by_key(down);
    let turns_at = |turn: usize| rises(&found[..turn]) && falls(&found[turn..]);
    !has_twin && !found.contains(&start) && (0..=UPWARD).any(turns_at)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::ratio::Ratio;
    use crate::base::rng::{Purpose, Rng, mix};
    use crate::scenario::Scenario;
    use proptest::prelude::*;

    /// Vectors computed with an independent implementation of the protocol.
    #[test]
    fn chunks_are_those_of_the_reference() {
        let of = |challenger, token, block| {
            chunks(PeerId::new(challenger), TokenId::new(token), BlockId::new(block))
        };
        assert_eq!(of(0, 0, 0), [987, 9, 783, 692, 654, 785, 151, 556, 491, 494]);
        assert_eq!(of(12345, 1000, 42), [131, 241, 435, 360, 462, 323, 12, 899, 571, 739]);
        assert_eq!(of(u64::MAX, 1, 2), [981, 789, 1001, 43, 201, 727, 539, 272, 641, 1020]);
        assert_eq!(
            of(0x0123_4567_89ab_cdef, 0xfedc_ba98_7654_3210, 7),
            [66, 380, 991, 281, 98, 438, 840, 758, 271, 133]
        );
        let counting = std::array::from_fn(|index| u8::try_from(index).unwrap());
        assert_eq!(unpack(&counting), [256, 128, 48, 16, 517, 449, 128, 36, 778, 770]);
    }

    /// The 20,000 tokens of the reference vectors.
    fn reference_universe() -> Universe {
        let mut state = 42_u64;
        let mappings = (0..20_000).map(|_| {
            state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let token = mix(state);
            Mapping { token: TokenId::new(token), block: BlockId::new(token.rotate_left(17) ^ 0x00c0_ffee) }
        });
        Universe::new(mappings.collect())
    }

    /// What a search finds, spelled out.
    fn stated(
        universe: &Universe,
        token_set: &TokenSet,
        rule: SearchRule,
        token: TokenId,
        challenger: PeerId,
    ) -> Option<Proof> {
        search(universe, token_set, rule, token, challenger).map(|finding| universe.resolve(&finding))
    }

    fn everything(universe: &Universe) -> TokenSet {
        let mut rng = Rng::stream(1, Purpose::Coverage, 0);
        TokenSet::new(universe, PeerId::new(0), crate::base::ring::HALF, Ratio::ONE, &mut rng)
    }

    fn found_at(index: u32, rule: SearchRule) -> Option<Vec<u32>> {
        let universe = reference_universe();
        let token = universe.mapping(Rank(index)).token;
        let proof = stated(&universe, &everything(&universe), rule, token, PeerId::new(12345))?;
        assert!(verify(proof.into(), token, PeerId::new(12345), &universe).is_ok());
        proof.signature.iter().map(|mapping| universe.rank_of(mapping.token).map(|rank| rank.0)).collect()
    }

    #[test]
    fn every_suffix_of_a_proof_counts() {
        let universe = reference_universe();
        let (token, challenger) = (universe.mapping(Rank(10_000)).token, PeerId::new(12345));
        let right =
            stated(&universe, &everything(&universe), SearchRule::RingWrap, token, challenger).unwrap();
        assert!(verify(right.into(), token, challenger, &universe).is_ok());
        for place in 0..PROOF_SIZE {
            let mut wrong = right;
            wrong.signature[place].token = TokenId::new(right.signature[place].token.get() ^ 1);
            let refused = verify(wrong.into(), token, challenger, &universe);
            assert_eq!(refused, Err(ElectionError::SignatureVerificationFailed), "{place}");
        }
    }

    #[test]
    fn proofs_are_those_of_the_reference() {
        let shipped = |index| found_at(index, SearchRule::OneWaySpill);
        assert_eq!(shipped(0), None);
        assert_eq!(shipped(3_000), Some(vec![4865, 5523, 5636, 5654, 7083, 2890, 2075, 2038, 1731, 117]));
        assert_eq!(
            shipped(10_000),
            Some(vec![10121, 10508, 10895, 10982, 11387, 9910, 9624, 8890, 7797, 7621])
        );
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

    #[test]
    fn across_the_origin_a_full_store_always_finds_a_proof() {
        for index in [0, 1, 500, 10_000, 19_500, 19_999] {
            let found = found_at(index, SearchRule::RingWrap);
            assert_eq!(found.map(|ranks| ranks.len()), Some(PROOF_SIZE), "{index}");
        }
    }

    /// What the rules say, token by token over the whole store.
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

    /// A challenger that stores nothing but these blocks.
    struct Stored(Vec<Mapping>);

    impl ProofResolver for Stored {
        fn resolve(&self, _: &CompactProof) -> Proof {
            unreachable!("nothing is found here")
        }
    }

    impl TokenStore for Stored {
        fn block_of(&self, token: TokenId) -> Option<BlockId> {
            self.0.iter().find(|mapping| mapping.token == token).map(|mapping| mapping.block)
        }

        fn prove(&self, _: TokenId, _: PeerId) -> Option<StorageProof> {
            None
        }
    }

    fn is_accepted(proof: &Proof, rule: SearchRule, own: &Stored) -> bool {
        let verifier = ProofVerifier { rule: VerificationRule::Strict, search: rule, own };
        verifier.verify((*proof).into(), proof.answer.token, PeerId::new(12345)).is_ok()
    }

    #[test]
    fn strictly_every_honest_proof_is_accepted() {
        let universe = reference_universe();
        let token_set = everything(&universe);
        for rule in [SearchRule::OneWaySpill, SearchRule::RingWrap] {
            for index in (0..20_000).step_by(97) {
                let token = universe.mapping(Rank(index)).token;
                let Some(proof) = stated(&universe, &token_set, rule, token, PeerId::new(12345)) else {
                    continue;
                };
                let own = Stored(proof.signature.to_vec());
                assert!(is_accepted(&proof, rule, &own), "{rule:?} {index}");
            }
        }
    }

    #[test]
    fn strictly_an_invented_proof_is_refused() {
        let universe = reference_universe();
        let rule = SearchRule::OneWaySpill;
        let Mapping { token, block } = universe.mapping(Rank(10_000));
        let me = PeerId::new(12345);
        let honest = stated(&universe, &everything(&universe), rule, token, me).unwrap();
        let mut unordered = honest;
        unordered.signature =
            chunks(me, token, block).map(|chunk| Mapping { token: TokenId::new(chunk.into()), block });
        assert!(verify(unordered.into(), token, me, &universe).is_ok(), "the weak check takes it");
        assert!(!is_accepted(&unordered, rule, &Stored(Vec::new())));
        let mut swapped = honest;
        swapped.answer.block = BlockId::new(1);
        assert!(!is_accepted(&swapped, rule, &Stored(Vec::new())), "the chunks are those of another block");
        let mut contradicted = Stored(vec![honest.signature[3]]);
        assert!(is_accepted(&honest, rule, &contradicted));
        contradicted.0[0].block = BlockId::new(1);
        assert!(!is_accepted(&honest, rule, &contradicted));
    }

    const LOOKS: [VerificationRule; 3] =
        [VerificationRule::Weak, VerificationRule::Structural, VerificationRule::Strict];

    #[test]
    fn a_store_that_is_out_of_date_contradicts_only_where_it_is_asked() {
        let universe = reference_universe();
        let me = PeerId::new(12345);
        let Mapping { token, .. } = universe.mapping(Rank(10_000));
        let rule = SearchRule::RingWrap;
        let honest = stated(&universe, &everything(&universe), rule, token, me).unwrap();
        let mut unordered = honest;
        unordered.signature.swap(0, 1);
        // The same suffixes, in an order in which no search meets them.
        unordered.signature[0].token = TokenId::new(
            unordered.signature[0].token.get() & !0x3ff | honest.signature[0].token.get() & 0x3ff,
        );
        unordered.signature[1].token = TokenId::new(
            unordered.signature[1].token.get() & !0x3ff | honest.signature[1].token.get() & 0x3ff,
        );
        let mut behind = honest.signature[7];
        behind.block = BlockId::new(1);
        let mut about_answer = honest.answer;
        about_answer.block = BlockId::new(1);
        let passes = |rule, proof: &Proof, own: &[Mapping]| {
            let verifier = ProofVerifier { rule, search: SearchRule::RingWrap, own: &Stored(own.to_vec()) };
            verifier.verify((*proof).into(), token, me).is_ok()
        };
        for (own, strictly) in [(&[][..], true), (&[behind][..], false), (&[about_answer][..], false)] {
            assert_eq!(LOOKS.map(|rule| passes(rule, &honest, own)), [true, true, strictly]);
        }
        assert_eq!(LOOKS.map(|rule| passes(rule, &unordered, &[])), [true, false, false]);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]

        /// With the same suffixes demanded, a search across the origin finds the same tokens wherever the ring begins.
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
                let (found, count, _) = walk.go(&demanded);
                let tokens = found[1..=count].iter();
                Some(tokens.map(|rank| universe.mapping(*rank).token.get().wrapping_sub(turn)).collect::<Vec<_>>())
            };
            prop_assert!(found(0).is_some_and(|found| !found.is_empty()));
            prop_assert_eq!(found(turn), found(0));
        }
    }

    #[test]
    fn a_walk_goes_up_and_then_down_without_meeting_anything_twice() {
        let walk = |start: u64, tokens: [u64; PROOF_SIZE], rule| {
            is_walk(TokenId::new(start), &tokens.map(TokenId::new), rule)
        };
        let shipped = |start, tokens| walk(start, tokens, SearchRule::OneWaySpill);
        let around = |start, tokens| walk(start, tokens, SearchRule::RingWrap);
        assert!(shipped(50, [60, 61, 62, 63, 64, 40, 39, 38, 37, 36]));
        assert!(
            shipped(50, [60, 49, 48, 47, 46, 40, 39, 38, 37, 36]),
            "what is missing above is found below"
        );
        assert!(!shipped(50, [60, 61, 62, 63, 64, 65, 39, 38, 37, 36]), "six above");
        assert!(!shipped(50, [60, 61, 62, 64, 63, 40, 39, 38, 37, 36]), "out of order");
        assert!(!shipped(50, [60, 60, 62, 63, 64, 40, 39, 38, 37, 36]), "one token twice");
        assert!(!shipped(50, [50, 60, 62, 63, 64, 40, 39, 38, 37, 36]), "the challenged token itself");
        let across = [60, 61, 62, 3, 4, 40, 39, 38, 37, 36];
        assert!(!shipped(50, across));
        assert!(around(50, across), "up across the origin");
        assert!(!around(50, [60, 3, 62, 4, 5, 40, 39, 38, 37, 36]));
    }

    #[test]
    fn a_proof_is_bound_to_its_challenger_and_token() {
        let universe = reference_universe();
        let token = universe.mapping(Rank(10_000)).token;
        let me = PeerId::new(12345);
        let found =
            search(&universe, &everything(&universe), SearchRule::OneWaySpill, token, me).expect("a proof");
        for proof in [StorageProof::from(found), universe.resolve(&found).into()] {
            let check = |token, challenger| verify(proof.clone(), token, challenger, &universe).map(|_| ());
            assert_eq!(check(token, me), Ok(()));
            assert_eq!(check(token, PeerId::new(12346)), Err(ElectionError::SignatureVerificationFailed));
            assert_eq!(check(TokenId::new(1), me), Err(ElectionError::WrongToken));
        }
    }

    /// Holders of a small universe with few suffixes, whose views differ: searches succeed, and go round the ring.
    fn circle(luck: u64, coverage: u32) -> (Universe, Vec<TokenSet>) {
        let few = |token: u64| TokenId::new(token & !0x3ff | token >> 10 & 0x7);
        let mut rng = Rng::stream(luck, Purpose::Universe, 0);
        let mapping =
            |rng: &mut Rng| Mapping { token: few(rng.number()), block: BlockId::new(rng.number() % 3) };
        let universe = Universe::new((0..120).map(|_| mapping(&mut rng)).collect());
        let mut config = Scenario::preset("improved").unwrap().config.tokens;
        config.stale_share = Ratio::from_millionths(100_000);
        config.conflict_share = Ratio::from_millionths(200_000);
        let holder = |id| {
            let share = Ratio::from_millionths(coverage);
            TokenSet::new(&universe, PeerId::new(id), crate::base::ring::HALF, share, &mut rng)
                .with_views(PeerId::new(id), &config)
        };
        let holders = (0..6).map(holder).collect();
        (universe, holders)
    }

    /// A challenger with the tokens of one holder.
    struct Holder<'a>(&'a Universe, &'a TokenSet);

    impl ProofResolver for Holder<'_> {
        fn resolve(&self, finding: &CompactProof) -> Proof {
            self.0.resolve(finding)
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

    /// A finding by its places, for a challenge that demands few suffixes.
    fn find_few(
        universe: &Universe,
        token_set: &TokenSet,
        rule: SearchRule,
        at: Rank,
        demanded: [u16; PROOF_SIZE],
    ) -> Option<CompactProof> {
        let walk = Walk { universe, token_set, challenged: at, wraps: rule == SearchRule::RingWrap };
        walk.find(&demanded).map(|(found, order)| {
            let places = found.map(|rank| (rank, token_set.view(universe, rank)));
            CompactProof::new(PeerId::new(1), universe.mapping(at).token, places, order)
        })
    }

    proptest! {
        /// Whatever is known of a finding by construction is what its mappings say when they are spelled out.
        #[test]
        fn a_finding_is_what_it_says(
            luck: u64,
            coverage in 200_000_u32..=1_000_000,
            at in 0_u32..120,
            demanded in prop::array::uniform10(0_u16..8),
            wraps: bool,
        ) {
            let (universe, holders) = circle(luck, coverage);
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
}
