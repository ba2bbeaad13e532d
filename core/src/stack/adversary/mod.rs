//! Peers that break one rule and keep all others. They take part through the same contract as honest ones:
//! what they do beyond it is to know their adversaries.

use std::collections::VecDeque;

use crate::base::digest::Digest;
use crate::base::id::{BlockId, PeerId, Ticket, TokenId};
use crate::base::rng::mix;
use crate::base::time::Round;
use crate::config::Behavior;
use crate::protocol::context::{Context, Input, TokenStore};
use crate::protocol::message::{
    CompactProof, Mapping, Message, PROOF_SIZE, Proof, ProofResolver, StorageProof, Trail,
};
use crate::protocol::node::Node;
use crate::protocol::proof::chunks;
use crate::protocol::token::SUFFIXES;

/// Proofs of others that a replayer keeps.
const REPLAYS_MAX: usize = 64;
/// Peers that a flooder invites in a round.
const FLOOD: usize = 64;
/// Peers to which a framer passes a query on.
const FRAMED: usize = 2;
/// What colluders share: it makes their inventions the same.
const CONSPIRACY: u64 = 0x00c0_1100_de00_0001;

/// How a peer behaves, and since when.
#[derive(Clone, Debug)]
pub struct Adversary {
    conduct: Behavior,
    since: Round,
    /// Proofs that others have shown it, the latest last; only a replayer keeps them.
    seen: VecDeque<StorageProof>,
}

impl Adversary {
    /// A peer that behaves like this from a round on, and honestly before.
    #[must_use]
    pub const fn new(conduct: Behavior, since: Round) -> Self {
        Self { conduct, since, seen: VecDeque::new() }
    }

    /// What it does once it has begun.
    #[must_use]
    pub const fn conduct(&self) -> Behavior {
        self.conduct
    }

    /// What it does in a round.
    #[must_use]
    pub(crate) fn conduct_at(&self, now: Round) -> Behavior {
        if now >= self.since { self.conduct } else { Behavior::Honest }
    }

    /// Lets an input happen to the peer, in its own way. `adversaries` are all adversaries, in ascending
    /// order.
    pub fn handle(&mut self, node: &mut Node, cx: &mut Context<'_>, input: Input, adversaries: &[PeerId]) {
        let conduct = self.conduct_at(cx.now);
        match (conduct, &input) {
            (Behavior::FreeRider, _) => {
                let (me, store) = (node.id(), cx.store);
                let bare = Bare { me: me.into(), store };
                let mut cx = Context {
                    now: cx.now,
                    config: cx.config,
                    rng: &mut *cx.rng,
                    secrets: &mut *cx.secrets,
                    store: &bare,
                    outbox: &mut *cx.outbox,
                };
                node.handle(&mut cx, input);
            }
            (Behavior::Flooder | Behavior::Eclipser, Input::Turn) => {
                node.handle(cx, input);
                flood(node, cx);
            }
            (_, Input::Message { from, message: Message::Query { token, ticket, trail } }) => {
                let asker = trail.as_ref().map_or(*from, |trail| trail.origin);
                let question =
                    InterceptedQuery { asker, token: *token, ticket: *ticket, is_direct: trail.is_none() };
                if !self.answer(node, cx, question, adversaries) {
                    node.handle(cx, input);
                }
            }
            (Behavior::Replayer, Input::Message { message: Message::Answer { proof, .. }, .. }) => {
                self.keep(proof.clone());
                node.handle(cx, input);
            }
            _ => node.handle(cx, input),
        }
    }

    /// Deals with a query. False where the peer does so as an honest one does.
    fn answer(
        &self,
        node: &mut Node,
        cx: &mut Context<'_>,
        question: InterceptedQuery,
        adversaries: &[PeerId],
    ) -> bool {
        let InterceptedQuery { asker, token, ticket, is_direct } = question;
        let me = node.id();
        match self.conduct_at(cx.now) {
            Behavior::Honest | Behavior::FreeRider | Behavior::Flooder => return false,
            Behavior::Withholder => {}
            Behavior::Forger => {
                let (block, variant) = (cx.rng.number(), cx.rng.number());
                question.reply(cx, invent(asker, token, block, variant));
            }
            Behavior::Equivocator => {
                let story = mix(asker.get() ^ mix(me.get()));
                question.reply(cx, invent(asker, token, story, mix(story ^ token.get())));
            }
            Behavior::Replayer => {
                let Some(proof) = self.seen.iter().rev().find(|proof| proof.token() == token) else {
                    return false;
                };
                question.reply(cx, proof.clone());
            }
            Behavior::Duplicator => {
                let Some(proof) = cx.store.prove(token, asker) else { return false };
                question.reply(cx, proof.clone());
                question.reply(cx, proof);
            }
            Behavior::Framer => {
                let Some(proof) = cx.store.prove(token, asker) else { return false };
                question.reply(cx, proof);
                // What was passed on already would grow without bounds among framers.
                let victims = if is_direct { FRAMED } else { 0 };
                let trail = Trail { origin: asker, forwarders: vec![me] };
                for victim in node.peers().nearest(token.get(), victims, true) {
                    cx.send(victim, Message::Query { token, ticket, trail: Some(Box::new(trail.clone())) });
                }
            }
            Behavior::Poisoner => question.mislead(cx, me, adversaries),
            // Both, as it comes: who is referred finds an accomplice that answers in concert with others.
            Behavior::Eclipser if ticket.get().is_multiple_of(2) => question.mislead(cx, me, adversaries),
            Behavior::Colluder | Behavior::Eclipser => question.reply(cx, conspire(asker, token)),
        }
        true
    }

    fn keep(&mut self, proof: StorageProof) {
        if self.seen.len() == REPLAYS_MAX {
            self.seen.pop_front();
        }
        self.seen.push_back(proof);
    }

    /// Adds the behaviour to a fingerprint; only called for those that are not honest.
    pub fn digest(&self, digest: &mut Digest, reader: &dyn ProofResolver) {
        digest.number(self.conduct as u64);
        digest.number(self.since.0);
        self.seen.iter().for_each(|proof| proof.digest(digest, reader));
    }
}

/// A query as an adversary sees it.
#[derive(Clone, Copy)]
struct InterceptedQuery {
    asker: PeerId,
    token: TokenId,
    ticket: Ticket,
    /// Whether it comes straight from the one who asks.
    is_direct: bool,
}

impl InterceptedQuery {
    fn reply(self, cx: &mut Context<'_>, proof: impl Into<StorageProof>) {
        let proof = proof.into();
        cx.send(self.asker, Message::Answer { ticket: self.ticket, proof, relay: None });
    }

    /// Names two adversaries, or two vacant positions.
    fn mislead(self, cx: &mut Context<'_>, me: PeerId, adversaries: &[PeerId]) {
        let others: Vec<PeerId> =
            adversaries.iter().copied().filter(|peer| *peer != me && *peer != self.asker).collect();
        let mut pick = || match cx.rng.index(others.len()) {
            Some(pick) => others[pick],
            None => PeerId::new(cx.rng.number()),
        };
        let suggested = [pick(), pick()];
        cx.send(self.asker, Message::Referral { token: self.token, ticket: self.ticket, suggested });
    }
}

/// A store without anything but the peer's own id.
struct Bare<'a> {
    me: TokenId,
    store: &'a dyn TokenStore,
}

impl ProofResolver for Bare<'_> {
    fn resolve(&self, finding: &CompactProof) -> Proof {
        self.store.resolve(finding)
    }
}

impl TokenStore for Bare<'_> {
    fn block_of(&self, token: TokenId) -> Option<BlockId> {
        if token == self.me { self.store.block_of(token) } else { None }
    }

    // One token has no neighbours with which to prove it.
    fn prove(&self, _token: TokenId, _asker: PeerId) -> Option<StorageProof> {
        None
    }
}

/// A forged proof: invented tokens, in the order in which an honest search would find them.
fn invent(asker: PeerId, token: TokenId, block: u64, variant: u64) -> Proof {
    let block = BlockId::new(block);
    let demanded = chunks(asker, token, block);
    let stretch = SUFFIXES as u64;
    let signature = std::array::from_fn(|index| {
        let steps = (index % (PROOF_SIZE / 2)) as u64 * 16 + 1 + (variant >> (index * 4)) % 15;
        let offset = steps * stretch;
        let is_above = index < PROOF_SIZE / 2;
        let near = if is_above { token.get().wrapping_add(offset) } else { token.get().wrapping_sub(offset) };
        let place = near & !(stretch - 1) | u64::from(demanded[index]);
        Mapping { token: TokenId::new(place), block: BlockId::new(mix(place ^ variant)) }
    });
    Proof { answer: Mapping { token, block }, signature }
}

/// The invention on which all conspirators agree.
fn conspire(asker: PeerId, token: TokenId) -> Proof {
    let shared = mix(token.get() ^ CONSPIRACY);
    invent(asker, token, shared, mix(shared))
}

/// Invites peers that it knows, whether it has elected them or not.
fn flood(node: &Node, cx: &mut Context<'_>) {
    let mut known: Vec<PeerId> = node.peers().iter().map(|(peer, _)| peer).collect();
    for peer in cx.rng.take_some(&mut known, FLOOD) {
        if let Some(proof) = cx.store.prove(node.id().into(), peer) {
            cx.send(peer, Message::Invitation { proof, is_reply: false });
        }
    }
}

#[cfg(test)]
mod tests {
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
        let (mut rng, mut secrets) =
            (Rng::stream(1, Purpose::Protocol, 1), Rng::stream(1, Purpose::Secrets, 1));
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
}
