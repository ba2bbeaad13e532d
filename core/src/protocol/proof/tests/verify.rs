//! Verification by every rule.

use super::*;

#[test]
fn every_suffix_of_a_proof_counts() {
    let universe = reference_universe();
    let (token, challenger) = (universe.mapping(Rank(10_000)).token, PeerId::new(12345));
    let right = stated(&universe, &everything(&universe), SearchRule::RingWrap, token, challenger).unwrap();
    assert!(verify(right.into(), token, challenger, &universe).is_ok());
    for index in 0..PROOF_SIZE {
        let mut wrong = right;
        wrong.signature[index].token = TokenId::new(right.signature[index].token.get() ^ 1);
        let refused = verify(wrong.into(), token, challenger, &universe);
        assert_eq!(refused, Err(ElectionError::SignatureVerificationFailed), "{index}");
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
    unordered.signature[0].token =
        TokenId::new(unordered.signature[0].token.get() & !0x3ff | honest.signature[0].token.get() & 0x3ff);
    unordered.signature[1].token =
        TokenId::new(unordered.signature[1].token.get() & !0x3ff | honest.signature[1].token.get() & 0x3ff);
    let mut behind = honest.signature[7];
    behind.block = BlockId::new(1);
    let mut rival_answer = honest.answer;
    rival_answer.block = BlockId::new(1);
    let passes = |rule, proof: &Proof, own: &[Mapping]| {
        let verifier = ProofVerifier { rule, search: SearchRule::RingWrap, own: &Stored(own.to_vec()) };
        verifier.verify((*proof).into(), token, me).is_ok()
    };
    for (own, strictly) in [(&[][..], true), (&[behind][..], false), (&[rival_answer][..], false)] {
        assert_eq!(LOOKS.map(|rule| passes(rule, &honest, own)), [true, true, strictly]);
    }
    assert_eq!(LOOKS.map(|rule| passes(rule, &unordered, &[])), [true, false, false]);
}

#[test]
fn a_walk_goes_up_and_then_down_without_meeting_anything_twice() {
    let walk = |start: u64, tokens: [u64; PROOF_SIZE], rule| {
        is_walk(TokenId::new(start), &tokens.map(TokenId::new), rule)
    };
    let shipped = |start, tokens| walk(start, tokens, SearchRule::OneWaySpill);
    let around = |start, tokens| walk(start, tokens, SearchRule::RingWrap);
    assert!(shipped(50, [60, 61, 62, 63, 64, 40, 39, 38, 37, 36]));
    assert!(shipped(50, [60, 49, 48, 47, 46, 40, 39, 38, 37, 36]), "what is missing above is found below");
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
