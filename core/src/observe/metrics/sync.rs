//! Synchronization of blocks over sessions: heights, production, and the check of the genesis block.

use serde::Serialize;

use super::tally::Tally;
use crate::base::id::PeerId;
use crate::base::sort;
use crate::observe::chain_log::ChainLog;
use crate::observe::session_view;
use crate::sim::world::World;
use crate::stack::layers::{Event, LayerId};
use crate::stack::session::event::COUNTER;
use crate::stack::session::sync::Sync;

/// Synchronization of a run, as people and programs read it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct SyncMetrics {
    /// Least height of a running host.
    pub height_min: u32,
    /// Greatest height of a running host.
    pub height_max: u32,
    /// Time at the end of the round after which all running hosts first had one height, in ms; `None` if
    /// they have not.
    pub converged_ms: Option<u64>,
    /// Blocks produced.
    pub blocks_produced: u64,
    /// Slots of production so far.
    pub slots: u64,
    /// Requests for blocks.
    pub requests: u64,
    /// Blocks of another chain that hosts of the network have imported.
    pub foreign_blocks: u64,
    /// Hosts of the network with which no other host of it exchanges blocks.
    pub isolated: u64,
    /// Different chains among running hosts at the least of their heights.
    pub branches: u64,
    /// Tips of other chains that hosts have seen.
    pub forks: u64,
    /// Votes on a fork.
    pub votes: u64,
    /// Hosts that have gone over to another chain.
    pub reorganisations: u64,
    /// Blocks that the deepest of these has replaced.
    pub deepest: u32,
    /// Those that were refused, because they would have replaced too many blocks.
    pub refused: u64,
}

/// Heights of running hosts at a sample.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SyncLevels {
    /// The least.
    pub height_min: u32,
    /// The greatest.
    pub height_max: u32,
    /// Blocks of another chain that were imported.
    pub foreign_blocks: u64,
    /// Hosts with which no other host exchanges blocks.
    pub isolated: u64,
    /// Different chains at the least height.
    pub branches: u64,
}

/// Heights over time, and chains that fork.
#[derive(Clone, Debug, Default)]
pub(super) struct SyncLog {
    converged_ms: Option<u64>,
    chains: ChainLog,
}

impl SyncLog {
    /// Chains that fork.
    pub(super) const fn chains(&self) -> &ChainLog {
        &self.chains
    }

    /// Notes a fact about a host.
    pub(super) fn hear(&mut self, host: PeerId, event: Event) {
        self.chains.hear(host, event);
    }

    /// Notes the chains of running hosts after a round.
    pub(super) fn note(&mut self, world: &World) {
        if world.config().sync.enabled {
            self.note_heights(world);
            if world.config().sync.forks {
                self.chains.note(world);
            }
        }
    }

    /// Notes whether all running hosts have one height.
    fn note_heights(&mut self, world: &World) {
        if self.converged_ms.is_some() {
            return;
        }
        let mut heights = chains(world).map(|(_, sync)| sync.height());
        let Some(first) = heights.next() else { return };
        if heights.all(|height| height == first) {
            self.converged_ms = Some(millis(world));
        }
    }
}

fn millis(world: &World) -> u64 {
    world.now().0 * u64::from(world.config().time.tick_ms)
}

/// Running hosts, each with its chain.
fn chains(world: &World) -> impl Iterator<Item = (PeerId, &Sync)> {
    session_view::sessions(world).filter_map(|(host, layer)| Some((host, layer.sync()?)))
}

impl SyncLevels {
    /// Reads heights and sessions; all 0 if hosts keep no chain.
    #[must_use]
    pub fn of(world: &World) -> Self {
        let mut levels = Self::default();
        if !world.config().sync.enabled {
            return levels;
        }
        let heights = || chains(world).map(|(_, sync)| sync.height());
        levels.height_min = heights().min().unwrap_or(0);
        levels.height_max = heights().max().unwrap_or(0);
        let mut hashes: Vec<_> = chains(world).map(|(_, sync)| sync.hash_at(levels.height_min)).collect();
        hashes.sort_unstable();
        hashes.dedup();
        levels.branches = hashes.len() as u64;
        let main: Vec<PeerId> = chains(world).filter(|(_, sync)| sync.is_main()).map(|one| one.0).collect();
        let foreign = chains(world).filter(|(_, sync)| sync.is_main()).map(|(_, sync)| sync.foreign());
        levels.foreign_blocks = foreign.map(u64::from).sum();
        // Hosts that another host of the network takes blocks from.
        let mut served = Vec::new();
        for (host, layer) in session_view::sessions(world).filter(|one| main.binary_search(&one.0).is_ok()) {
            let open = layer.all().iter().filter(|one| one.is_open() && one.link.genesis.is_compatible());
            let others = open.filter_map(|one| world.directory().host(one.stream.listening));
            served.extend(others.filter(|other| *other != host && main.binary_search(other).is_ok()));
        }
        sort::sort_by_key(&mut served, |one| *one);
        served.dedup();
        levels.isolated = (main.len() - served.len()) as u64;
        levels
    }
}

impl SyncMetrics {
    /// Reads a world and what is written down about it; `None` if hosts keep no chain.
    pub(super) fn of(world: &World, tally: &Tally, log: &SyncLog) -> Option<Self> {
        if !world.config().sync.enabled {
            return None;
        }
        let counters = tally.counters(LayerId::Session);
        let levels = SyncLevels::of(world);
        Some(Self {
            height_min: levels.height_min,
            height_max: levels.height_max,
            converged_ms: log.converged_ms,
            blocks_produced: counters[usize::from(COUNTER.blocks_produced)],
            // A slot at this very tick has not happened.
            slots: millis(world).saturating_sub(1) / u64::from(world.config().sync.block_ms),
            requests: counters[usize::from(COUNTER.block_requests)],
            foreign_blocks: levels.foreign_blocks,
            isolated: levels.isolated,
            branches: levels.branches,
            forks: counters[usize::from(COUNTER.forks_seen)],
            votes: counters[usize::from(COUNTER.fork_votes)],
            reorganisations: counters[usize::from(COUNTER.reorganisations)],
            deepest: log.chains.deepest(),
            refused: counters[usize::from(COUNTER.reorganisations_refused)],
        })
    }
}
