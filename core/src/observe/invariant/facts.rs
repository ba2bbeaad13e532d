//! Facts that properties are checked against.

use std::cell::OnceCell;

#[cfg(feature = "layers")]
use super::block_rules::BlockRules;
#[cfg(feature = "layers")]
use super::manager_rules::ManagerRules;
#[cfg(feature = "layers")]
use super::radio_rules::RadioRules;
#[cfg(feature = "layers")]
use super::session_rules::SessionRules;
use crate::base::digest::Fingerprint;
use crate::base::id::PeerId;
use crate::base::time::Tick;
use crate::config::ReferralRule;
#[cfg(feature = "layers")]
use crate::config::SaveRule;
#[cfg(feature = "layers")]
use crate::observe::chain_log::ChainLog;
#[cfg(feature = "layers")]
use crate::observe::metrics::Tally;
use crate::observe::metrics::{
    ElectionMetrics, MessageMetrics, PacketCounts, Recorder, Shape, Transition, Turnover, in_flight_by_layer,
};
use crate::protocol::election::RUNNING_MAX;
use crate::protocol::event::PeerStateKind;
use crate::sim::host::Host;
use crate::sim::network::IN_FLIGHT_MAX;
use crate::sim::world::{PEERS_MAX, World};
use crate::stack::layers::LayerId;

/// Limits that applied in a run so far. After a knob was lowered, the higher limit stays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    pub(super) connected: u32,
    pub(super) channels: u32,
    pub(super) hops: u32,
    pub(super) running: usize,
    pub(super) in_flight: usize,
    pub(super) peers: usize,
    #[cfg(feature = "layers")]
    pub(super) sessions: SessionRules,
    #[cfg(feature = "layers")]
    pub(super) radio: RadioRules,
    #[cfg(feature = "layers")]
    pub(super) manager: ManagerRules,
    #[cfg(feature = "layers")]
    pub(super) blocks: BlockRules,
    /// Peer caches were saved with syncs.
    #[cfg(feature = "layers")]
    pub(super) is_cache_synced: bool,
}

impl Limits {
    /// Limits of a world at tick 0. Connections above the budget at genesis stay.
    #[must_use]
    pub fn of(world: &World) -> Self {
        let begun =
            world.hosts().iter().map(|host| host.node().peers().count(PeerStateKind::Connected)).max();
        let limits = Self {
            connected: begun.unwrap_or(0),
            channels: 0,
            hops: 0,
            running: RUNNING_MAX,
            in_flight: IN_FLIGHT_MAX,
            peers: PEERS_MAX,
            #[cfg(feature = "layers")]
            sessions: SessionRules::of(world.config()),
            #[cfg(feature = "layers")]
            radio: RadioRules::of(world.config()),
            #[cfg(feature = "layers")]
            manager: ManagerRules::of(world.config()),
            #[cfg(feature = "layers")]
            blocks: BlockRules::of(world.config()),
            #[cfg(feature = "layers")]
            is_cache_synced: true,
        };
        limits.with(world)
    }

    /// The limits after the rules of a world have changed.
    #[must_use]
    pub fn with(self, world: &World) -> Self {
        let config = world.config();
        // Neighbours are kept above the budget.
        let connected = config.peers.connected_budget.max(2 * config.peers.core_neighbors);
        let hops = match config.election.referrals {
            ReferralRule::Bounded => config.election.max_hops,
            ReferralRule::Unbounded => u32::MAX,
        };
        Self {
            connected: self.connected.max(connected),
            channels: self.channels.max(config.election.max_channels),
            #[cfg(feature = "layers")]
            sessions: self.sessions.with(config),
            #[cfg(feature = "layers")]
            radio: self.radio.with(config),
            #[cfg(feature = "layers")]
            manager: self.manager.with(config),
            #[cfg(feature = "layers")]
            blocks: self.blocks.with(config),
            #[cfg(feature = "layers")]
            is_cache_synced: self.is_cache_synced && config.cache.save == SaveRule::Synced,
            hops: self.hops.max(hops),
            ..self
        }
    }
}

/// A world at one tick, and its counters.
pub struct Facts<'a> {
    pub(super) world: &'a World,
    pub(super) now: Tick,
    /// Whether all peers have just had their turns, and no command was applied since.
    pub(super) undisturbed: bool,
    pub(super) limits: Limits,
    pub(super) messages: MessageMetrics,
    /// All counters.
    #[cfg(feature = "layers")]
    pub(super) tally: &'a Tally,
    /// Chains that fork.
    #[cfg(feature = "layers")]
    pub(super) chains: &'a ChainLog,
    /// Packets by layer.
    pub(super) packets: [PacketCounts; LayerId::COUNT],
    /// Packets in flight by layer, counted in the network.
    pub(super) in_flight: [u64; LayerId::COUNT],
    pub(super) elections: ElectionMetrics,
    pub(super) answers: u64,
    pub(super) turnover: Turnover,
    pub(super) transitions: &'a [Transition],
    /// Fingerprint of the world; `None` if copies are not compared.
    pub(super) fingerprint: Option<Fingerprint>,
    pub(super) shape: OnceCell<Shape>,
}

impl<'a> Facts<'a> {
    /// Facts of a world. `undisturbed` states that all peers have just had their turns and no command was
    /// applied since.
    #[must_use]
    pub fn of(world: &'a World, recorder: &'a Recorder, limits: Limits, undisturbed: bool) -> Self {
        let tally = recorder.tally();
        let in_flight = in_flight_by_layer(world.network());
        let open = world.hosts().iter().map(|host| host.node().elections().len() as u64).sum();
        Self {
            world,
            now: world.now(),
            undisturbed,
            limits,
            messages: tally.messages(in_flight[LayerId::Lifecycle as usize]),
            #[cfg(feature = "layers")]
            tally,
            #[cfg(feature = "layers")]
            chains: recorder.chains(),
            packets: tally.all_packets(),
            in_flight,
            elections: ElectionMetrics { open, ..tally.elections() },
            answers: recorder.hops().count,
            turnover: tally.turnover(),
            transitions: recorder.transitions(),
            fingerprint: None,
            shape: OnceCell::new(),
        }
    }

    /// The same with a fingerprint, to compare a copy of the world; costs several times as much as all other
    /// checks.
    #[must_use]
    pub(crate) fn with_fingerprint(self) -> Self {
        Self { fingerprint: Some(self.world.fingerprint()), ..self }
    }

    /// The shape of the graph, computed once.
    pub(super) fn shape(&self) -> &Shape {
        self.shape.get_or_init(|| Shape::of(self.world))
    }

    /// Peers that had their turn in the round that has just ended; empty at any other time.
    pub(super) fn after_turn(&self) -> impl Iterator<Item = &'a Host> {
        let round = self.world.clock().round(Tick(self.now.0.saturating_sub(1)));
        let is_due = move |host: &&Host| host.is_running() && host.local_clock().turns(round) > 0;
        let undisturbed = self.undisturbed && self.now.0 > 0;
        self.world.hosts().iter().filter(move |host| undisturbed && is_due(host))
    }

    /// Ids of the hosts that satisfy a predicate.
    pub(super) fn peers_where(&self, is_so: impl Fn(&Host) -> bool) -> impl Iterator<Item = PeerId> {
        self.world.hosts().iter().filter(move |host| is_so(host)).map(Host::id)
    }

    /// Number of transitions that satisfy a predicate.
    pub(super) fn transitions(&self, is_so: impl Fn(&Transition) -> bool) -> u64 {
        self.transitions
            .iter()
            .filter(|transition| is_so(transition))
            .map(|transition| transition.count)
            .sum()
    }
}
