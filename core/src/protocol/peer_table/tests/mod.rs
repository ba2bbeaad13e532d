//! The peer table, action by action: a harness, and tests by subject.

mod interactions;
mod invite;
mod maintenance;
mod nearest;
mod quality;
mod transitions;

use super::interaction_log::PeerStats;
use super::*;
use crate::base::id::{BlockId, PeerId, TokenId};
use crate::base::ring;
use crate::base::rng::{Purpose, Rng};
use crate::base::time::Round;
use crate::config::{Config, EvictionRule, InvitationRule, InviteeRule};
use crate::protocol::context::{Context, Outbox, TokenStore};
use crate::protocol::event::{Cause, LifecycleEvent, PeerStateKind};
use crate::protocol::message::{CompactProof, Message, Proof, ProofResolver, StorageProof};
use crate::scenario::Scenario;
use proptest::prelude::*;

/// A peer that stores nothing.
struct EmptyStore;

impl ProofResolver for EmptyStore {
    fn resolve(&self, _: &CompactProof) -> Proof {
        unreachable!("nothing is found here")
    }
}

impl TokenStore for EmptyStore {
    fn block_of(&self, _: TokenId) -> Option<BlockId> {
        None
    }

    fn prove(&self, _: TokenId, _: PeerId) -> Option<StorageProof> {
        None
    }
}

/// Configuration, clock, random streams and outbox for the parts of a peer.
pub(super) struct Harness {
    pub(super) config: Config,
    pub(super) now: Round,
    rng: Rng,
    secrets: Rng,
    outbox: Outbox,
}

impl Harness {
    pub(super) fn new(seed: u64) -> Self {
        Self {
            config: Scenario::preset("lifecycle-1").unwrap().config,
            now: Round(0),
            rng: Rng::stream(seed, Purpose::Protocol, 1),
            secrets: Rng::stream(seed, Purpose::Secrets, 1),
            outbox: Outbox::default(),
        }
    }

    /// Runs a closure with a context.
    pub(super) fn with<T>(&mut self, run: impl FnOnce(&mut Context<'_>) -> T) -> T {
        run(&mut Context {
            now: self.now,
            config: &self.config,
            rng: &mut self.rng,
            secrets: &mut self.secrets,
            store: &EmptyStore,
            outbox: &mut self.outbox,
        })
    }

    fn take_messages(&mut self) -> Vec<(PeerId, Message)> {
        std::mem::take(&mut self.outbox.messages)
    }

    fn take_events(&mut self) -> Vec<LifecycleEvent> {
        std::mem::take(&mut self.outbox.events)
    }
}

const OWNER: PeerId = PeerId::new(0);

/// Opposite the owner, so that every decision by distance is certain.
const OTHER: PeerId = PeerId::new(ring::HALF);

const KINDS: [PeerStateKind; 4] =
    [PeerStateKind::Unknown, PeerStateKind::Identified, PeerStateKind::Pending, PeerStateKind::Connected];

/// A table with one peer in a state since the present round.
fn table_with(harness: &mut Harness, peer: PeerId, kind: PeerStateKind) -> PeerTable {
    let mut table = PeerTable::new(OWNER);
    harness.with(|cx| table.introduce(cx, peer, kind));
    harness.take_events();
    table
}

/// A table in which `count` peers, evenly spread, are in a state since the present round.
fn table_of(harness: &mut Harness, count: u64, kind: PeerStateKind) -> PeerTable {
    let mut table = PeerTable::new(OWNER);
    for number in 1..=count {
        let peer = PeerId::new(u64::MAX / (count + 1) * number);
        harness.with(|cx| table.introduce(cx, peer, kind));
    }
    harness.take_events();
    table
}

/// An operation on one peer of a table.
#[derive(Clone, Copy, Debug)]
enum Action {
    Identify,
    Introduce(PeerStateKind),
    Invite,
    InviteSome,
    Elect(InvitationRule),
    Connect,
    Touch,
    Stamp,
    /// The timeouts, this many rounds later.
    Expire(u64),
    /// Pruning, this many rounds later.
    Prune(u64),
    /// Room for this many Connected peers.
    KeepBudget(u32),
    /// Room for this many Identified peers.
    EvictIdentified(u32),
}

const PENDING_TIMEOUT: u64 = 10;

const CONNECTION_TIMEOUT: u64 = 20;

const PROTECTION: u64 = 5;

fn set_rules(config: &mut Config) {
    let rounds = |rounds| u32::try_from(rounds).unwrap();
    config.peers.pending_timeout_rounds = rounds(PENDING_TIMEOUT);
    config.peers.connection_timeout_rounds = rounds(CONNECTION_TIMEOUT);
    config.peers.prune_protection_rounds = rounds(PROTECTION);
    config.peers.distance_pruning = true;
}

/// Performs an action; returns the receivers of the invitations that it permits.
fn perform(table: &mut PeerTable, harness: &mut Harness, action: Action, peer: PeerId) -> Vec<PeerId> {
    match action {
        Action::Elect(rule) => harness.config.peers.invitations = rule,
        Action::Expire(rounds) | Action::Prune(rounds) => harness.now.0 += rounds,
        Action::KeepBudget(room) => harness.config.peers.connected_budget = room,
        Action::EvictIdentified(room) => harness.config.peers.identified_capacity = room,
        _ => {}
    }
    let invites = harness.with(|cx| {
        match action {
            Action::Identify => {
                table.identify(cx, peer, Cause::Referral);
            }
            Action::Introduce(kind) => table.introduce(cx, peer, kind),
            Action::Invite => return table.invite(cx, peer, Cause::Selection).into_iter().collect(),
            Action::InviteSome => return table.invite_some(cx),
            Action::Elect(_) => return table.elect(cx, peer).into_iter().collect(),
            Action::Connect => table.connect(cx, peer),
            Action::Touch => table.touch(peer, cx.now),
            Action::Stamp => table.stamp_election(peer, cx.now),
            Action::Expire(_) => table.expire(cx),
            Action::Prune(_) => table.prune_by_distance(cx),
            Action::KeepBudget(_) => table.keep_budget(cx),
            Action::EvictIdentified(_) => table.evict_identified(cx),
        }
        Vec::new()
    });
    invites.iter().map(Invite::to).collect()
}

/// Ids that meet one another, the owner's and both ends of the numbers among them.
fn some_id() -> impl Strategy<Value = PeerId> {
    prop_oneof![0..6_u64, (0..6_u64).prop_map(|step| u64::MAX - step), Just(ring::HALF)].prop_map(PeerId::new)
}

/// A table of peers that are Connected, by their ids.
fn connected(harness: &mut Harness, ids: &[u64]) -> PeerTable {
    let mut table = PeerTable::new(OWNER);
    for id in ids {
        harness.with(|cx| table.introduce(cx, PeerId::new(*id), PeerStateKind::Connected));
    }
    harness.take_events();
    table
}
