//! Metrics: totals since tick 0, their history, and the tables that describe them.
//!
//! | module | content |
//! |---|---|
//! | `recorder`, `tally` | the observer of a run: counters of packets and events, by layer |
//! | `peers` | hosts by status, and what they know, at a sample |
//! | `messages`, `outcome`, `time_to_connect`, `adversary_impact` | what takes more than counting |
//! | `sessions`, `sync` | sessions of document 002 and the blocks that travel in them |
//! | `election_log` | time to consensus, answers on channels, refusals by reason |
//! | `radio`, `manager` | document 004: frames, airtime and duty cycle; known and connected peers, bans |
//! | `blocks` | blocks of document 000, phase 4 |
//! | `distribution`, `durations` | histograms with quantiles |
//! | `history`, `recent`, `convergence` | samples by round, rates over the last part of a run, steady state |
//! | [`shape`] | measures of the peer graph |
//! | [`table`] | name, unit, meaning and chart of every column |

#[cfg(feature = "layers")]
mod cache;
#[cfg(feature = "layers")]
mod blocks;
mod convergence;
mod distribution;
#[cfg(feature = "layers")]
mod durations;
mod election_log;
mod history;
#[cfg(feature = "layers")]
mod manager;
mod messages;
mod time_to_connect;
mod outcome;
mod packets;
mod peers;
mod recent;
mod recorder;
#[cfg(feature = "layers")]
mod radio;
#[cfg(feature = "layers")]
mod rejoin;
#[cfg(feature = "layers")]
mod sessions;
#[cfg(feature = "layers")]
mod sync;
mod layers;
pub mod shape;
pub mod table;
mod tally;
mod turnover;
mod adversary_impact;

pub use adversary_impact::AdversaryImpact;
#[cfg(feature = "layers")]
pub use blocks::{BlockMetrics, KindCount, RoundMetrics, Waiting};
#[cfg(feature = "layers")]
pub use cache::{CacheMetrics, StartOutcomes};
pub use convergence::Convergence;
pub use distribution::Distribution;
pub use election_log::{ElectionDetails, RejectionCount};
pub use history::{History, Sample};
pub use layers::LayerLevels;
#[cfg(feature = "layers")]
pub use manager::{ManagerLevels, ManagerMetrics, ScoreSpread};
pub use messages::MessageMetrics;
pub use outcome::Outcomes;
pub use packets::PacketCounts;
pub use peers::{LifecycleLevels, PeerMetrics, Spread};
#[cfg(feature = "layers")]
pub use radio::{RadioLevels, RadioMetrics};
pub use recent::Recent;
pub use recorder::{Recorder, Transition};
#[cfg(feature = "layers")]
pub use rejoin::RejoinMetrics;
#[cfg(feature = "layers")]
pub use sessions::{Lifetimes, RoundTrips, SessionLevels, SessionMetrics};
pub use shape::{GraphSummary, Shape};
#[cfg(feature = "layers")]
pub use sync::{SyncLevels, SyncMetrics};
pub use table::{COLUMNS, Column};
pub use tally::Tally;
pub use time_to_connect::FirstConnected;
pub use turnover::Turnover;

use serde::Serialize;

use crate::protocol::message::MessageKind;
use crate::sim::host::Host;
use crate::sim::network::Network;
use crate::sim::world::World;
use crate::stack::layers::LayerId;

/// Facts about a run at one tick, as people and programs read them.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Metrics {
    /// The preset that the scenario starts from.
    pub preset: &'static str,
    /// The seed, as text: numbers in JavaScript are exact only up to 2^53.
    #[serde(serialize_with = "as_text")]
    pub seed: u64,
    /// Completed ticks.
    pub tick: u64,
    /// Completed rounds.
    pub rounds: u64,
    /// Messages since tick 0.
    pub messages: MessageMetrics,
    /// Share of answers and invitations among all messages sent, as document 000 counts; `None` before the
    /// first message.
    pub answer_share: Option<f64>,
    /// Answers without invitations per query sent; `None` before the first query.
    pub answers_per_query: Option<f64>,
    /// Elections since tick 0.
    pub elections: ElectionMetrics,
    /// Messages sent per completed election; `None` before the first.
    pub messages_per_completed_election: Option<f64>,
    /// Peers now.
    pub peers: PeerMetrics,
    /// Tokens that a running peer holds, on average; of more than 1,000 peers, some are asked.
    pub tokens_per_peer: f64,
    /// Elections that have ended since tick 0, by how they ended.
    pub outcomes: Outcomes,
    /// Partition alarms raised by peers because of split brains in their elections, since tick 0.
    pub split_alarms: u64,
    /// Transitions of a peer's opinion of another to suspected.
    pub suspicions: u64,
    /// Durations of ended elections, in rounds.
    pub election_rounds: Distribution,
    /// Queries sent per election started; `None` before the first.
    pub queries_per_election: Option<f64>,
    /// Messages sent per answer; `None` before the first.
    pub messages_per_answer: Option<f64>,
    /// Referral hops of accepted answers: peers asked before the one that answered.
    pub hops: Distribution,
    /// Peer-state transitions since tick 0, by state before, state after and cause.
    pub transitions: Vec<Transition>,
    /// Time that running peers took to their first connection.
    pub first_connected: FirstConnected,
    /// Connections gained and lost since tick 0.
    pub turnover: Turnover,
    /// Rates over the last part of the run.
    pub recent: Recent,
    /// Round from which on the number of Connected peers is steady.
    pub convergence: Convergence,
    /// Effect of adversaries on honest peers.
    #[serde(rename = "threat")]
    pub adversary_impact: AdversaryImpact,
    /// Time to consensus, answers on channels, and refused messages by reason.
    pub election_details: ElectionDetails,
    /// Sessions of document 002; `None` if hosts hold none.
    #[cfg(feature = "layers")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sessions: Option<SessionMetrics>,
    /// Synchronization of blocks over sessions; `None` if hosts keep no chain.
    #[cfg(feature = "layers")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sync: Option<SyncMetrics>,
    /// Peer caches of document 003; `None` if hosts keep none.
    #[cfg(feature = "layers")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cache: Option<CacheMetrics>,
    /// Hosts that have started again; `None` if none has.
    #[cfg(feature = "layers")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rejoins: Option<RejoinMetrics>,
    /// Radios of document 004; `None` if hosts have none.
    #[cfg(feature = "layers")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub radio: Option<RadioMetrics>,
    /// Peers that hosts manage by document 004; `None` if they manage none.
    #[cfg(feature = "layers")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub manager: Option<ManagerMetrics>,
    /// Blocks; `None` if peers do not vote on them.
    #[cfg(feature = "layers")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub blocks: Option<BlockMetrics>,
}

/// Elections since tick 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct ElectionMetrics {
    /// Begun.
    pub started: u64,
    /// Ended with a single winner.
    pub completed: u64,
    /// Given up without consensus.
    pub timed_out: u64,
    /// Checks that found a split brain.
    pub split_brain: u64,
    /// Given up because of a split brain.
    pub split_abandoned: u64,
    /// Running now.
    pub open: u64,
}

/// Peers of which the tokens are counted, at most.
const CENSUS: u64 = 1_000;

impl Metrics {
    /// Reads a world and what is written down about it.
    #[must_use]
    pub fn of(
        preset: &'static str,
        seed: u64,
        world: &World,
        recorder: &Recorder,
        history: &History,
    ) -> Self {
        let (tally, samples) = (recorder.tally(), history.samples());
        let messages = tally.messages(in_flight_by_layer(world.network())[LayerId::Lifecycle as usize]);
        let elections = ElectionMetrics { open: open_elections(world), ..tally.elections() };
        let peers = PeerMetrics::of(world);
        debug_assert!(
            tally.all_packets().iter().all(|counts| counts.unaccounted().is_some()),
            "no more packets arrive or are dropped than are sent"
        );
        debug_assert!(
            elections.completed + elections.timed_out + elections.split_abandoned + elections.open
                <= elections.started,
            "no more elections end than start: {elections:?}"
        );
        Self {
            preset,
            seed,
            tick: world.now().0,
            rounds: world.clock().round(world.now()).0,
            messages,
            answer_share: ratio(messages.answers_and_invitations(), messages.total),
            answers_per_query: ratio(messages.sent(MessageKind::Answer), messages.sent(MessageKind::Query)),
            elections,
            messages_per_completed_election: ratio(messages.total, elections.completed),
            peers,
            tokens_per_peer: tokens_per_peer(world, peers.running),
            outcomes: recorder.outcomes(),
            split_alarms: tally.split_alarms(),
            suspicions: tally.suspicions(),
            election_rounds: recorder.election_rounds(),
            queries_per_election: ratio(messages.sent(MessageKind::Query), elections.started),
            messages_per_answer: ratio(messages.total, messages.sent(MessageKind::Answer)),
            hops: recorder.hops(),
            transitions: recorder.transitions().to_vec(),
            first_connected: recorder.first_connected(world),
            turnover: Turnover::of(samples),
            recent: Recent::of(samples),
            convergence: Convergence::of(&connected_over_time(samples)),
            adversary_impact: recorder.adversary_impact(world),
            election_details: recorder.election_details(),
            #[cfg(feature = "layers")]
            sessions: recorder.sessions(world),
            #[cfg(feature = "layers")]
            sync: recorder.sync(world),
            #[cfg(feature = "layers")]
            cache: recorder.cache(world),
            #[cfg(feature = "layers")]
            rejoins: recorder.rejoins(),
            #[cfg(feature = "layers")]
            radio: recorder.radio(world),
            #[cfg(feature = "layers")]
            manager: ManagerMetrics::of(world, tally),
            #[cfg(feature = "layers")]
            blocks: recorder.blocks(world),
        }
    }
}

fn connected_over_time(samples: &[Sample]) -> Vec<(u64, f64)> {
    samples.iter().map(|sample| (sample.round.0, sample.peers.connected.avg)).collect()
}

fn running(world: &World) -> impl Iterator<Item = &Host> + Clone {
    world.hosts().iter().filter(|host| host.is_running())
}

/// Mean number of tokens, estimated from at most [`CENSUS`] peers: counting tokens is slow.
fn tokens_per_peer(world: &World, running: u64) -> f64 {
    let stride = usize::try_from(running.div_ceil(CENSUS).max(1)).unwrap_or(usize::MAX);
    let asked = || self::running(world).step_by(stride);
    let held: u64 = asked().map(|host| u64::from(host.token_set().count())).sum();
    ratio(held, asked().count() as u64).unwrap_or(0.0)
}

/// Packets of each layer in flight, held ones included.
pub(crate) fn in_flight_by_layer(network: &Network) -> [u64; LayerId::COUNT] {
    let mut counts = [0; LayerId::COUNT];
    network.packets().for_each(|packet| counts[packet.body.kind().layer as usize] += 1);
    counts
}

fn open_elections(world: &World) -> u64 {
    world.hosts().iter().map(|host| host.node().elections().len() as u64).sum()
}

/// Counters stay far below 2^53, where the conversion is exact.
#[expect(clippy::cast_precision_loss, reason = "counters stay far below 2^53")]
pub(crate) const fn exact(count: u64) -> f64 {
    count as f64
}

pub(crate) fn ratio(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| exact(part) / exact(whole))
}

fn mean(values: impl Iterator<Item = f64>) -> Option<f64> {
    let (sum, count) = values.fold((0.0, 0), |(sum, count), value| (sum + value, count + 1));
    (count > 0).then(|| sum / exact(count))
}

/// Position or length on the ring as a fraction of the ring, in [0, 1).
pub(crate) const fn ring_fraction(length: u64) -> f64 {
    // Eleven bits less than the length has: a double holds 53.
    exact(length >> 11) / exact(1 << 53)
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde's signature")]
fn as_text<S: serde::Serializer>(number: &u64, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(number)
}
