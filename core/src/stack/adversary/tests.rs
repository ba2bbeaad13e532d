use super::*;
use crate::base::rng::{Purpose, Rng};
use crate::config::{Config, SearchRule, VerificationRule};
use crate::protocol::context::Outbox;
use crate::protocol::message::NoTable;
use crate::protocol::proof::{ProofVerifier, verify};
use crate::scenario::Scenario;

const ME: PeerId = PeerId::new(1_000);
const ASKER: PeerId = PeerId::new(77);
const TOKEN: TokenId = TokenId::new(1 << 40);

/// A store that proves everything.
struct Full;

impl ProofResolver for Full {
    fn resolve(&self, _: &CompactProof) -> Proof {
        unreachable!("nothing is found here")
    }
}

impl TokenStore for Full {
    fn block_of(&self, _token: TokenId) -> Option<BlockId> {
        Some(BlockId::new(5))
    }

    fn prove(&self, token: TokenId, asker: PeerId) -> Option<StorageProof> {
        Some(invent(asker, token, 5, 1).into())
    }
}

struct Nothing;

impl ProofResolver for Nothing {
    fn resolve(&self, _: &CompactProof) -> Proof {
        unreachable!("nothing is found here")
    }
}

impl TokenStore for Nothing {
    fn block_of(&self, _token: TokenId) -> Option<BlockId> {
        None
    }

    fn prove(&self, _token: TokenId, _asker: PeerId) -> Option<StorageProof> {
        None
    }
}

struct Scene {
    config: Config,
    adversary: Adversary,
    node: Node,
    now: Round,
}

impl Scene {
    fn new(conduct: Behavior) -> Self {
        let config = Scenario::preset("improved").unwrap().config;
        Self { config, adversary: Adversary::new(conduct, Round(3)), node: Node::new(ME), now: Round(3) }
    }

    fn handle(&mut self, input: Input, adversaries: &[PeerId]) -> Vec<(PeerId, Message)> {
        let mut outbox = Outbox::default();
        let (mut rng, mut secrets) =
            (Rng::stream(1, Purpose::Protocol, 1), Rng::stream(1, Purpose::Secrets, 1));
        let mut cx = Context {
            now: self.now,
            config: &self.config,
            rng: &mut rng,
            secrets: &mut secrets,
            store: &Full,
            outbox: &mut outbox,
        };
        self.adversary.handle(&mut self.node, &mut cx, input, adversaries);
        outbox.messages
    }

    fn asked(&mut self, adversaries: &[PeerId]) -> Vec<(PeerId, Message)> {
        let message = Message::Query { token: TOKEN, ticket: Ticket::new(9), trail: None };
        self.handle(Input::Message { from: ASKER, message }, adversaries)
    }

    fn proofs(&mut self) -> Vec<StorageProof> {
        let proof = |(to, message): (PeerId, Message)| match message {
            Message::Answer { proof, .. } => {
                assert_eq!(to, ASKER);
                Some(proof)
            }
            _ => None,
        };
        self.asked(&[]).into_iter().filter_map(proof).collect()
    }
}

fn passes(proof: impl Into<StorageProof>, rule: VerificationRule) -> bool {
    let verifier = ProofVerifier { rule, search: SearchRule::RingWrap, own: &Nothing };
    verifier.verify(proof.into(), TOKEN, ASKER).is_ok()
}

#[test]
fn an_invention_looks_like_a_proof() {
    for variant in [0, 1, u64::MAX, 0x1234_5678_9abc_def0] {
        let proof = invent(ASKER, TOKEN, variant, variant);
        assert!(verify(proof.into(), TOKEN, ASKER, &NoTable).is_ok());
        assert!(passes(proof, VerificationRule::Structural), "{variant:x}");
    }
}

#[test]
fn a_scrambled_invention_passes_where_only_suffixes_are_verified() {
    let proof = scramble(&conspire(ASKER, TOKEN));
    assert!(verify(proof.into(), TOKEN, ASKER, &NoTable).is_ok());
    assert!(passes(proof, VerificationRule::Weak) && !passes(proof, VerificationRule::Structural));
}

#[test]
fn before_its_time_an_adversary_is_honest() {
    let mut scene = Scene::new(Behavior::Withholder);
    assert!(scene.proofs().is_empty());
    scene.now = Round(2);
    assert_eq!(scene.proofs().len(), 1);
}

#[test]
fn forgers_disagree_and_colluders_agree() {
    let proof = |conduct| Scene::new(conduct).proofs().remove(0);
    let block = |conduct| proof(conduct).resolve(&NoTable).answer.block;
    let (mut one, mut other) = (Scene::new(Behavior::Colluder), Scene::new(Behavior::Colluder));
    other.node = Node::new(PeerId::new(2_000));
    assert_eq!(one.proofs(), other.proofs());
    assert_ne!(block(Behavior::Forger), block(Behavior::Colluder));
    assert!(passes(proof(Behavior::Forger), VerificationRule::Structural));
}

#[test]
fn an_equivocator_tells_everybody_something_else() {
    let blocks = [1, 2].map(|asker| {
        let mut scene = Scene::new(Behavior::Equivocator);
        let message = Message::Query { token: TOKEN, ticket: Ticket::new(9), trail: None };
        let sent = scene.handle(Input::Message { from: PeerId::new(asker), message }, &[]);
        let [(_, Message::Answer { proof, .. })] = &sent[..] else { panic!("{sent:?}") };
        proof.resolve(&NoTable).answer.block
    });
    assert_ne!(blocks[0], blocks[1]);
}

#[test]
fn a_duplicator_answers_twice_and_a_framer_lets_others_do_it() {
    assert_eq!(Scene::new(Behavior::Duplicator).proofs().len(), 2);
    let mut scene = Scene::new(Behavior::Framer);
    let mut outbox = Outbox::default();
    let (mut rng, mut secrets) = (Rng::stream(1, Purpose::Protocol, 1), Rng::stream(1, Purpose::Secrets, 1));
    let mut cx = Context {
        now: Round(0),
        config: &scene.config,
        rng: &mut rng,
        secrets: &mut secrets,
        store: &Full,
        outbox: &mut outbox,
    };
    scene.node.introduce(&mut cx, PeerId::new(5), crate::protocol::event::PeerStateKind::Identified);
    let sent = scene.asked(&[]);
    assert_eq!(sent.len(), 2);
    assert!(matches!(&sent[1], (to, Message::Query { trail: Some(trail), .. })
        if *to == PeerId::new(5) && trail.origin == ASKER));
}

#[test]
fn a_framer_does_not_pass_on_what_was_passed_on() {
    let mut scene = Scene::new(Behavior::Framer);
    let trail = Trail { origin: ASKER, forwarders: vec![PeerId::new(9)] };
    let message = Message::Query { token: TOKEN, ticket: Ticket::new(9), trail: Some(Box::new(trail)) };
    let sent = scene.handle(Input::Message { from: PeerId::new(9), message }, &[]);
    assert!(matches!(&sent[..], [(ASKER, Message::Answer { .. })]), "{sent:?}");
}

#[test]
fn a_poisoner_names_accomplices() {
    let adversaries = [ME, PeerId::new(2_000), PeerId::new(3_000)];
    let sent = Scene::new(Behavior::Poisoner).asked(&adversaries);
    let [(to, Message::Referral { suggested, .. })] = &sent[..] else { panic!("{sent:?}") };
    assert_eq!(*to, ASKER);
    assert!(suggested.iter().all(|peer| adversaries[1..].contains(peer)));
}

#[test]
fn a_free_rider_has_nothing_to_show() {
    assert!(Scene::new(Behavior::FreeRider).proofs().is_empty());
}

#[test]
fn a_replayer_shows_what_it_was_shown() {
    let mut scene = Scene::new(Behavior::Replayer);
    let foreign = invent(ME, TOKEN, 8, 8);
    let answer = Message::Answer { ticket: Ticket::new(1), proof: foreign.into(), relay: None };
    scene.handle(Input::Message { from: PeerId::new(3), message: answer }, &[]);
    let proofs = scene.proofs();
    assert_eq!(proofs, [foreign.into()]);
    assert!(!passes(foreign, VerificationRule::Weak), "it is bound to the replayer");
}

#[test]
fn a_replayer_keeps_only_so_many_proofs() {
    let mut replayer = Adversary::new(Behavior::Replayer, Round(0));
    (0..200).for_each(|token| replayer.keep(invent(ASKER, TokenId::new(token), 1, 1).into()));
    assert_eq!(replayer.seen.len(), REPLAYS_MAX);
    assert_eq!(replayer.seen.back().map(StorageProof::token), Some(TokenId::new(199)));
}
