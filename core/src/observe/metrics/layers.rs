//! What the layers below the lifecycle add to records and samples; nothing in a build without layers.

#[cfg(feature = "layers")]
use super::blocks::{BlockLog, BlockMetrics, Waiting};
#[cfg(feature = "layers")]
use super::cache::{CacheLog, CacheMetrics};
#[cfg(feature = "layers")]
use super::manager::ManagerLevels;
#[cfg(feature = "layers")]
use super::radio::{RadioLevels, RadioLog, RadioMetrics};
#[cfg(feature = "layers")]
use super::rejoin::{RejoinLog, RejoinMetrics};
#[cfg(feature = "layers")]
use super::sessions::{SessionLevels, SessionLog, SessionMetrics};
#[cfg(feature = "layers")]
use super::sync::{SyncLevels, SyncLog, SyncMetrics};
use super::tally::Tally;
use crate::base::id::PeerId;
use crate::base::time::Round;
#[cfg(feature = "layers")]
use crate::observe::chain_log::ChainLog;
#[cfg(feature = "layers")]
use crate::observe::session_view::EndedSessions;
use crate::sim::world::World;
use crate::stack::layers::Event;
#[cfg(feature = "layers")]
use crate::stack::layers::HostEvent;

/// Reads the levels of a world again only if a session, a chain or a host has changed.
#[derive(Clone, Debug, Default)]
pub(super) struct LevelReader {
    /// The last levels, and the state in which they were read.
    #[cfg(feature = "layers")]
    last: Option<(LayerLevels, u64)>,
}

/// What is written down about layers while a run progresses.
#[derive(Clone, Debug, Default)]
pub(super) struct LayerLog {
    #[cfg(feature = "layers")]
    sessions: SessionLog,
    #[cfg(feature = "layers")]
    sync: SyncLog,
    #[cfg(feature = "layers")]
    cache: CacheLog,
    #[cfg(feature = "layers")]
    radio: RadioLog,
    #[cfg(feature = "layers")]
    blocks: BlockLog,
    #[cfg(feature = "layers")]
    rejoins: RejoinLog,
}

/// State of the layers at a sample.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LayerLevels {
    /// Sessions.
    #[cfg(feature = "layers")]
    pub sessions: SessionLevels,
    /// Heights of chains.
    #[cfg(feature = "layers")]
    pub sync: SyncLevels,
    /// Radios.
    #[cfg(feature = "layers")]
    pub radio: RadioLevels,
    /// Managed peers.
    #[cfg(feature = "layers")]
    pub manager: ManagerLevels,
    /// Undecided blocks by what they wait for.
    #[cfg(feature = "layers")]
    pub blocks: Waiting,
}

#[cfg(feature = "layers")]
impl LayerLog {
    /// Sessions; `None` if hosts hold none.
    pub(super) fn sessions(&self, world: &World, tally: &Tally) -> Option<SessionMetrics> {
        SessionMetrics::of(world, tally, &self.sessions)
    }

    /// Synchronization of blocks; `None` if hosts keep no chain.
    pub(super) fn sync(&self, world: &World, tally: &Tally) -> Option<SyncMetrics> {
        SyncMetrics::of(world, tally, &self.sync)
    }

    /// Peer caches; `None` if hosts keep none.
    pub(super) fn cache(&self, world: &World, tally: &Tally) -> Option<CacheMetrics> {
        CacheMetrics::of(world, tally, &self.cache)
    }

    /// Radios; `None` if hosts have none.
    pub(super) fn radio(&self, world: &World, tally: &Tally) -> Option<RadioMetrics> {
        RadioMetrics::of(world, tally, &self.radio)
    }

    /// Blocks; `None` if peers do not vote on them.
    pub(super) fn blocks(&self, world: &World, tally: &Tally) -> Option<BlockMetrics> {
        BlockMetrics::of(world, tally, &self.blocks)
    }

    /// Hosts that have started again; `None` if none has.
    pub(super) fn rejoins(&self) -> Option<RejoinMetrics> {
        self.rejoins.metrics()
    }

    /// The latest sessions that have ended.
    pub(super) const fn ended_sessions(&self) -> &EndedSessions {
        self.sessions.ended()
    }

    /// Chains that fork.
    pub(super) const fn chains(&self) -> &ChainLog {
        self.sync.chains()
    }

    /// Notes a fact about a host.
    pub(super) fn note_event(&mut self, now: Round, host: PeerId, event: Event) {
        self.rejoins.note(now, host, event);
        if matches!(event, Event::Lifecycle(_)) {
            return;
        }
        self.sync.hear(host, event);
        match event {
            Event::Session(event) => self.sessions.note(host, event),
            Event::PeerCache(event) => self.cache.note(event),
            Event::Radio(event) => self.radio.note(event),
            Event::Consensus(event) => self.blocks.note(now, host, event),
            Event::Host(HostEvent::Taken(kind)) => self.blocks.note_carried(kind),
            _ => {}
        }
    }

    /// Notes the state of a world after a round.
    pub(super) fn note_round(&mut self, world: &World) {
        self.sync.note(world);
    }
}

#[cfg(not(feature = "layers"))]
impl LayerLog {
    #[allow(clippy::unused_self)]
    pub(super) const fn note_event(&mut self, _now: Round, _host: PeerId, _event: Event) {}

    #[allow(clippy::unused_self)]
    pub(super) const fn note_round(&mut self, _world: &World) {}
}

impl LayerLevels {
    /// The state of the layers in a world; all 0 for a layer that is off.
    #[cfg(feature = "layers")]
    #[must_use]
    pub fn of(world: &World) -> Self {
        Self {
            sessions: SessionLevels::of(world),
            sync: SyncLevels::of(world),
            radio: RadioLevels::of(world),
            manager: ManagerLevels::of(world),
            blocks: Waiting::of(world),
        }
    }

    #[cfg(not(feature = "layers"))]
    pub(super) const fn of(_world: &World) -> Self {
        Self {}
    }
}

impl LevelReader {
    #[cfg(feature = "layers")]
    pub(super) fn read(&mut self, world: &World, tally: &Tally) -> LayerLevels {
        if !world.config().session.enabled {
            let (radio, manager) = (RadioLevels::of(world), ManagerLevels::of(world));
            return LayerLevels { radio, manager, blocks: Waiting::of(world), ..LayerLevels::default() };
        }
        let running = world.hosts().iter().filter(|host| host.is_running());
        let hosts = running.fold(0_u64, |sum, host| sum.wrapping_add(crate::base::rng::mix(host.id().get())));
        let state = hosts.wrapping_add(session_changes(tally));
        let levels = match self.last {
            Some((levels, before)) if before == state => levels,
            _ => self.last.insert((LayerLevels::of(world), state)).0,
        };
        // The other layers change without a change of sessions.
        let (radio, manager) = (RadioLevels::of(world), ManagerLevels::of(world));
        LayerLevels { radio, manager, blocks: Waiting::of(world), ..levels }
    }

    #[cfg(not(feature = "layers"))]
    #[allow(clippy::unused_self)]
    pub(super) const fn read(&mut self, world: &World, _tally: &Tally) -> LayerLevels {
        LayerLevels::of(world)
    }
}

/// Facts since tick 0 that change the sessions or the chains of hosts: all but pings, pongs and segments sent
/// again.
#[cfg(feature = "layers")]
fn session_changes(tally: &Tally) -> u64 {
    use crate::stack::session::event::COUNTER;

    let counters = tally.counters(crate::stack::layers::LayerId::Session);
    let all: u64 = counters.iter().sum();
    let idle = [COUNTER.pings_sent, COUNTER.pongs_matched, COUNTER.retransmitted];
    all - idle.iter().map(|counter| counters[usize::from(*counter)]).sum::<u64>()
}
