//! A peer, input by input: fixtures, and tests by subject. Each test states an input and all its effects.

mod elections;
mod first_hops;
mod forwarding;
mod invitations;
mod outcomes;
mod properties;
mod quality;
mod reelection;
mod rollout;
mod samples;
mod serve;
mod targets;
mod turns;

use std::collections::{BTreeMap, VecDeque};

use proptest::prelude::*;

use super::*;
use crate::base::id::{BlockId, Ticket};
use crate::base::ratio::Ratio;
use crate::base::ring;
use crate::base::rng::{Purpose, Rng};
use crate::base::time::Round;
use crate::config::{Config, InvitationRule, TargetPolicy, VerificationRule};
use crate::protocol::context::{Outbox, TokenStore};
use crate::protocol::event::{ElectionError, Ending, Rejection};
use crate::protocol::message::{
    CompactProof, Mapping, MessageKind, NoTable, Proof, Relay, StorageProof, Trail,
};
use crate::protocol::peer_table::PeerState;
use crate::protocol::proof::{chunks, verify};
use crate::scenario::Scenario;

const ME: PeerId = PeerId::new(1_000);

const fn peer(number: u64) -> PeerId {
    PeerId::new(number)
}

fn token(number: u64) -> TokenId {
    TokenId::new(number)
}

/// An invented proof that passes weak verification: proofs of one `family` for one asker agree
/// completely, those of different ones not at all.
fn proof(family: u64, token: TokenId, asker: PeerId) -> Proof {
    let block = BlockId::new(42);
    let invent = |chunk: u16| Mapping { token: TokenId::new(family << 32 | u64::from(chunk)), block };
    Proof { answer: Mapping { token, block }, signature: chunks(asker, token, block).map(invent) }
}

/// The first family: that of all honest peers.
const HONEST: u64 = 1;

/// A proof that agrees with the first family in `agreeing` mappings, and with the second in the others.
fn mixed(agreeing: usize, token: TokenId, asker: PeerId) -> Proof {
    let mut mixed = proof(2, token, asker);
    let honest = proof(HONEST, token, asker);
    mixed.signature[..agreeing].copy_from_slice(&honest.signature[..agreeing]);
    mixed
}

fn query(token: u64) -> Message {
    Message::Query { token: TokenId::new(token), ticket: Ticket::new(5), trail: None }
}

/// A forwarded query.
fn forwarded(token: u64, origin: u64, forwarders: &[u64]) -> Message {
    let trail = Trail { origin: peer(origin), forwarders: forwarders.iter().copied().map(peer).collect() };
    Message::Query { token: TokenId::new(token), ticket: Ticket::new(5), trail: Some(Box::new(trail)) }
}

fn referral(token: TokenId, ticket: Ticket, suggested: [u64; 2]) -> Message {
    Message::Referral { token, ticket, suggested: suggested.map(peer) }
}

fn answer(ticket: Ticket, family: u64, token: TokenId) -> Message {
    Message::Answer { ticket, proof: proof(family, token, ME).into(), relay: None }
}

/// The invitation of a peer that stores its own id.
fn invitation(from: PeerId) -> Message {
    Message::Invitation { proof: proof(HONEST, from.into(), ME).into(), is_reply: false }
}

/// A store of a few tokens that finds a proof for each.
#[derive(Default)]
struct TestStore(BTreeMap<TokenId, BlockId>);

impl ProofResolver for TestStore {
    fn resolve(&self, _: &CompactProof) -> Proof {
        unreachable!("nothing is found here")
    }
}

impl TokenStore for TestStore {
    fn block_of(&self, token: TokenId) -> Option<BlockId> {
        self.0.get(&token).copied()
    }

    fn prove(&self, token: TokenId, asker: PeerId) -> Option<StorageProof> {
        self.block_of(token).map(|_| proof(HONEST, token, asker).into())
    }
}

/// A peer with its configuration, clock, random streams and store.
struct Fixture {
    id: PeerId,
    node: Node,
    config: Config,
    now: Round,
    rng: Rng,
    secrets: Rng,
    store: TestStore,
}

/// Effects of an input.
#[derive(Debug, Default)]
struct Outcome {
    sent: Vec<(PeerId, Message)>,
    events: Vec<Fact>,
    /// Causes of the state changes.
    causes: Vec<Cause>,
    /// Hops of the accepted answers.
    hops: Vec<u32>,
}

/// An event without the data that tests ignore.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fact {
    Started,
    Completed,
    GivenUp(Ending),
    SplitBrain,
    SplitAlarm,
    Moved { from: PeerStateKind, to: PeerStateKind },
    Rejected(Rejection),
}

impl Fact {
    /// `None` for an accepted answer, which shows in the end of its election.
    fn of(event: LifecycleEvent) -> Option<Self> {
        Some(match event {
            LifecycleEvent::ElectionStarted { .. } => Self::Started,
            LifecycleEvent::ElectionEnded { ending: Ending::Elected { .. }, .. } => Self::Completed,
            LifecycleEvent::ElectionEnded { ending, .. } => Self::GivenUp(ending),
            LifecycleEvent::SplitBrain { .. } => Self::SplitBrain,
            LifecycleEvent::PeerStateChanged { from, to, .. } => Self::Moved { from, to },
            LifecycleEvent::Rejected(rejection) => Self::Rejected(rejection),
            LifecycleEvent::SplitAlarm => Self::SplitAlarm,
            LifecycleEvent::AnswerAccepted { .. } | LifecycleEvent::Suspected { .. } => return None,
        })
    }
}

impl Outcome {
    fn of(outbox: Outbox) -> Self {
        let cause = |event: &LifecycleEvent| match event {
            LifecycleEvent::PeerStateChanged { cause, .. } => Some(*cause),
            _ => None,
        };
        let hops = |event: &LifecycleEvent| match event {
            LifecycleEvent::AnswerAccepted { hops } => Some(*hops),
            _ => None,
        };
        Self {
            sent: outbox.messages,
            causes: outbox.events.iter().filter_map(cause).collect(),
            hops: outbox.events.iter().filter_map(hops).collect(),
            events: outbox.events.into_iter().filter_map(Fact::of).collect(),
        }
    }

    /// The queries among the messages.
    fn queries(&self) -> Vec<(PeerId, TokenId, Ticket)> {
        let query = |(to, message): &(PeerId, Message)| match message {
            Message::Query { token, ticket, .. } => Some((*to, *token, *ticket)),
            _ => None,
        };
        self.sent.iter().filter_map(query).collect()
    }

    /// Receivers of the queries.
    fn asked(&self) -> Vec<PeerId> {
        self.queries().into_iter().map(|(to, ..)| to).collect()
    }

    /// Tokens of the started elections, in order.
    fn elected_on(&self) -> Vec<TokenId> {
        let mut tokens: Vec<TokenId> = self.queries().into_iter().map(|(_, token, _)| token).collect();
        tokens.dedup();
        tokens
    }

    /// Receivers of the invitations.
    fn invited(&self) -> Vec<PeerId> {
        let invitations =
            self.sent.iter().filter(|(_, message)| matches!(message, Message::Invitation { .. }));
        invitations.map(|(to, _)| *to).collect()
    }

    /// The rejection, which must be the only effect.
    fn rejection(&self) -> Rejection {
        match (&self.sent[..], &self.events[..]) {
            ([], [Fact::Rejected(rejection)]) => *rejection,
            _ => panic!("more than a rejection: {self:?}"),
        }
    }

    fn is_nothing(&self) -> bool {
        self.sent.is_empty() && self.events.is_empty()
    }
}

fn moved(from: PeerStateKind, to: PeerStateKind) -> Fact {
    Fact::Moved { from, to }
}

fn rejected(error: ElectionError) -> Rejection {
    Rejection::Election(error)
}

impl Fixture {
    /// A peer with the rules of a preset. It knows no other peer, starts no elections and stores its own id.
    fn new(preset: &str) -> Self {
        Self::at(ME, preset)
    }

    fn at(id: PeerId, preset: &str) -> Self {
        let mut config = Scenario::preset(preset).unwrap().config;
        config.election.per_round = 0;
        config.peers.invitations_per_round = 0;
        // The proofs of these tests are invented.
        config.tokens.verification = VerificationRule::Weak;
        let mut store = TestStore::default();
        store.0.insert(id.into(), BlockId::new(42));
        Self {
            id,
            node: Node::new(id),
            config,
            now: Round(0),
            rng: Rng::stream(1, Purpose::Protocol, id.get()),
            secrets: Rng::stream(1, Purpose::Secrets, id.get()),
            store,
        }
    }

    /// Rules of document 000 as shipped.
    fn shipped() -> Self {
        Self::new("seed-000")
    }

    /// Rules of document 000 as described.
    fn lifecycle() -> Self {
        Self::new("lifecycle-1")
    }

    /// Rules of the improved protocol.
    fn improved() -> Self {
        Self::new("improved")
    }

    fn with(&mut self, run: impl FnOnce(&mut Node, &mut Context<'_>)) -> Outcome {
        let mut outbox = Outbox::default();
        let mut cx = Context {
            now: self.now,
            config: &self.config,
            rng: &mut self.rng,
            secrets: &mut self.secrets,
            store: &self.store,
            outbox: &mut outbox,
        };
        run(&mut self.node, &mut cx);
        Outcome::of(outbox)
    }

    fn knowing(mut self, kind: PeerStateKind, peers: impl IntoIterator<Item = u64>) -> Self {
        for number in peers {
            self.with(|node, cx| node.introduce(cx, peer(number), kind));
        }
        self
    }

    /// Changes the rules.
    fn under(mut self, change: impl FnOnce(&mut Config)) -> Self {
        change(&mut self.config);
        self
    }

    /// Adds tokens to the store.
    fn storing(mut self, tokens: impl IntoIterator<Item = u64>) -> Self {
        self.store.0.extend(tokens.into_iter().map(|number| (token(number), BlockId::new(42))));
        self
    }

    /// Starts an election on a token; returns the queried peers with their tickets.
    fn elect_on(&mut self, token: TokenId) -> Vec<(PeerId, Ticket)> {
        let outcome = self.with(|node, cx| {
            node.begin(cx, token).unwrap();
            node.ask_candidates(cx, token, Queries::Send);
        });
        outcome.queries().into_iter().map(|(to, _, ticket)| (to, ticket)).collect()
    }

    fn hear(&mut self, from: PeerId, message: Message) -> Outcome {
        self.with(|node, cx| node.handle(cx, Input::Message { from, message }))
    }

    /// The peer's turn in the present round.
    fn turn(&mut self) -> Outcome {
        self.with(|node, cx| node.handle(cx, Input::Turn))
    }

    /// Takes the turns of all rounds up to this one, asserts that all but the last have no effect, and
    /// returns the outcome of the last.
    fn turns_until(&mut self, round: u64) -> Outcome {
        while self.now.0 + 1 < round {
            self.now.0 += 1;
            let outcome = self.turn();
            assert!(outcome.is_nothing(), "in {:?}: {outcome:?}", self.now);
        }
        self.now = Round(round);
        self.turn()
    }

    /// Starts an election on a sampled token; returns the token and the queried peers with their tickets.
    fn elect(&mut self) -> (TokenId, Vec<(PeerId, Ticket)>) {
        self.config.election.per_round = 1;
        let outcome = self.turn();
        self.config.election.per_round = 0;
        assert_eq!(outcome.events, [Fact::Started]);
        let queries = outcome.queries();
        let token = queries.first().expect("a query").1;
        assert!(queries.iter().all(|(_, asked, _)| *asked == token));
        (token, queries.into_iter().map(|(to, _, ticket)| (to, ticket)).collect())
    }

    fn kind_of(&self, peer: PeerId) -> PeerStateKind {
        self.node.peers().kind_of(peer)
    }

    fn samples(&mut self) -> Vec<TokenId> {
        let mut samples = self.node.samples.clone();
        let mut taken = Vec::new();
        self.with(|_, cx| taken.extend(std::iter::from_fn(|| samples.take(cx))));
        taken.sort_unstable();
        taken
    }
}

/// Everything that was sent, with its sender and its receiver.
type Log = Vec<(PeerId, PeerId, Message)>;

/// Peers with lossless links that deliver one message at a time, in order.
struct TestNetwork(Vec<Fixture>);

impl TestNetwork {
    fn find(&mut self, id: PeerId) -> Option<&mut Fixture> {
        self.0.iter_mut().find(|fixture| fixture.id == id)
    }

    /// Delivers messages of one peer, and all messages that they cause; returns all of them in order.
    fn carry(&mut self, from: PeerId, sent: Vec<(PeerId, Message)>) -> Log {
        let mut waiting: VecDeque<_> = sent.into_iter().map(|(to, message)| (from, to, message)).collect();
        let mut log = Vec::new();
        while let Some((from, to, message)) = waiting.pop_front() {
            log.push((from, to, message.clone()));
            assert!(log.len() < 1_000, "messages without end");
            let Some(fixture) = self.find(to) else { continue };
            let outcome = fixture.hear(from, message);
            waiting.extend(outcome.sent.into_iter().map(|(next, message)| (to, next, message)));
        }
        log
    }
}

/// Senders and receivers of the messages of one kind.
fn ways(log: &[(PeerId, PeerId, Message)], kind: MessageKind) -> Vec<(u64, u64)> {
    let of_kind = log.iter().filter(|(_, _, message)| message.kind() == kind);
    of_kind.map(|(from, to, _)| (from.get(), to.get())).collect()
}
