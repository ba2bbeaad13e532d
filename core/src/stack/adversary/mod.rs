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
            Behavior::Scrambler => question.reply(cx, scramble(&conspire(asker, token))),
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

/// A forgery by one who knows the suffixes, but not the walk: on either side the farthest token comes first.
fn scramble(Proof { answer, signature }: &Proof) -> Proof {
    const STEPS: usize = PROOF_SIZE / 2;
    let low = SUFFIXES as u64 - 1;
    let at = |index: usize| signature[index].token.get();
    let signature = std::array::from_fn(|index| {
        let side = index / STEPS * STEPS;
        let token = at(side + STEPS - 1 - index % STEPS) & !low | at(index) & low;
        Mapping { token: TokenId::new(token), block: signature[index].block }
    });
    Proof { answer: *answer, signature }
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
mod tests;
