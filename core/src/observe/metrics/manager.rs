//! Peer manager of document 004: known and connected peers, bans, scores.

use serde::Serialize;

use super::tally::Tally;
use crate::sim::host::Host;
use crate::sim::world::World;
use crate::stack::address::Address;
use crate::stack::layers::LayerId;
use crate::stack::peer_manager::event::COUNTER;
use crate::stack::peer_manager::known::{KnownPeer, LinkSide};
use crate::stack::peer_manager::{Manager, is_bad, sybil};

/// Peer manager of a run, as people and programs read it.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct ManagerMetrics {
    /// Peers that a host knows now, on average; `None` without running hosts.
    pub known: Option<f64>,
    /// Peers that a host is connected to now, on average.
    pub connected: Option<f64>,
    /// Connections that a host has accepted, on average.
    pub inbound: Option<f64>,
    /// Connections that a host has opened, on average.
    pub outbound: Option<f64>,
    /// Bans in force now, summed over all hosts.
    pub banned: u64,
    /// Bans so far.
    pub bans: u64,
    /// Bans lifted so far.
    pub unbans: u64,
    /// Scores of connected peers in points; `None` without a connection.
    pub score: ScoreSpread,
    /// Connections that gave way to a better peer.
    pub replacements: u64,
    /// Dials to a peer after the first.
    pub redials: u64,
    /// Discovered peers by source: seeds, exchange, local network, mesh, dials, a person.
    pub found: [u64; 6],
    /// Share of the connections that hosts have opened which lead to peers that serve badly; `None` without
    /// one.
    pub bad_share: Option<f64>,
    /// Share of the known peers that are ids of the host that mints them; `None` without a known peer.
    pub minted_known: Option<f64>,
    /// Share of the connections that lead to such ids, each end counted; `None` without one.
    pub minted_connected: Option<f64>,
    /// Incidents that are remembered, summed over all hosts.
    pub evidence: u64,
    /// Points of the histories of scores, summed over all hosts.
    pub history: u64,
    /// Dials, pings, lists and data that managers have sent.
    pub messages: u64,
}

/// Quantiles of scores, in points.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct ScoreSpread {
    /// The least.
    pub min: Option<f64>,
    /// Median.
    pub p50: Option<f64>,
    /// The greatest.
    pub max: Option<f64>,
}

/// Managed peers at a sample.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ManagerLevels {
    /// Running hosts.
    pub hosts: u64,
    /// Known peers, summed over all hosts.
    pub known: u64,
    /// Open connections, each end counted.
    pub connected: u64,
    /// Connections that hosts have accepted.
    pub inbound: u64,
    /// Connections that hosts have opened to peers that serve badly.
    pub bad: u64,
    /// Bans in force.
    pub banned: u64,
    /// Scores of connected peers, in hundredths of a point, each end counted.
    pub scores: u64,
    /// Known ids of the host that mints them, its own address among them.
    pub minted_known: u64,
    /// Connections with them.
    pub minted_connected: u64,
    /// Incidents that are remembered.
    pub evidence: u64,
}

/// Managers of running hosts, with the local time in ms. Where sessions are the connections of the pool,
/// those of hosts without internet rest and do not count.
fn managers(world: &World) -> impl Iterator<Item = (u64, &Manager)> {
    let (config, directory) = (world.config(), world.directory());
    let is_active = move |host: &&Host| {
        let index = directory.listening(host.id()).plan_index();
        host.is_running() && (!config.session.enabled || config.has_streams(index))
    };
    let running = world.hosts().iter().filter(is_active);
    running.filter_map(|host| {
        let now = host.local_clock().shows_tick(world.now(), world.clock()).0
            * u64::from(world.config().time.tick_ms);
        Some((now, host.stack().lower()?.layers.manager.get()?))
    })
}

impl ManagerLevels {
    /// Reads a world; all 0 if hosts manage no peers.
    #[must_use]
    pub fn of(world: &World) -> Self {
        let mut levels = Self::default();
        let rules = &world.config().manager;
        if !rules.enabled {
            return levels;
        }
        let is_bad = |address: Address| is_bad(address.plan_index(), rules);
        let is_minted = |one: &KnownPeer| sybil::mints(one.address, world.config());
        for (now, manager) in managers(world) {
            levels.hosts += 1;
            levels.known += manager.known().len() as u64;
            levels.banned += manager.bans().count(now) as u64;
            levels.minted_known += manager.known().iter().filter(|one| is_minted(one)).count() as u64;
            levels.evidence += manager.bans().incidents() as u64;
            for one in manager.known().iter().filter(|one| one.is_open()) {
                levels.connected += 1;
                levels.scores += one.score;
                levels.minted_connected += u64::from(is_minted(one));
                levels.inbound += u64::from(one.is_on(LinkSide::Inbound));
                levels.bad += u64::from(one.is_on(LinkSide::Outbound) && is_bad(one.address));
            }
        }
        levels
    }
}

impl ManagerMetrics {
    /// Reads a world and its counters; `None` if hosts manage no peers.
    pub(super) fn of(world: &World, tally: &Tally) -> Option<Self> {
        if !world.config().manager.enabled {
            return None;
        }
        let levels = ManagerLevels::of(world);
        let counters = tally.counters(LayerId::Manager);
        let count = |event: u8| counters[usize::from(event)];
        let mean = |sum: u64| super::ratio(sum, levels.hosts);
        let open = |manager: &'_ Manager| -> Vec<u64> {
            manager.known().iter().filter(|one| one.is_open()).map(|one: &KnownPeer| one.score).collect()
        };
        let mut scores: Vec<u64> = managers(world).flat_map(|(_, manager)| open(manager)).collect();
        scores.sort_unstable();
        let at = |index: usize| scores.get(index).map(|score| super::exact(*score) / 100.0);
        let found = [
            COUNTER.found_by_dns,
            COUNTER.found_by_exchange,
            COUNTER.found_by_mdns,
            COUNTER.found_by_mesh,
            COUNTER.found_by_dial,
            COUNTER.added_by_hand,
        ];
        Some(Self {
            known: mean(levels.known),
            connected: mean(levels.connected),
            inbound: mean(levels.inbound),
            outbound: mean(levels.connected - levels.inbound),
            banned: levels.banned,
            bans: count(COUNTER.bans),
            unbans: count(COUNTER.unbans),
            score: ScoreSpread {
                min: at(0),
                p50: at(scores.len() / 2),
                max: at(scores.len().saturating_sub(1)),
            },
            replacements: count(COUNTER.replacements),
            redials: count(COUNTER.redials),
            found: found.map(count),
            bad_share: super::ratio(levels.bad, levels.connected - levels.inbound),
            minted_known: super::ratio(levels.minted_known, levels.known),
            minted_connected: super::ratio(levels.minted_connected, levels.connected),
            evidence: levels.evidence,
            history: managers(world).map(|(_, manager)| manager.history().points() as u64).sum(),
            messages: tally.packets(LayerId::Manager).total(),
        })
    }
}
