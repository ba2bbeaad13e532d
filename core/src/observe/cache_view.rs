//! The peer cache of one host as a table: entries in the order in which they are dialled, what decides each
//! rank, and what became of the dials.

use std::cmp::Ordering;

use serde::Serialize;

use super::local_ms;
use crate::base::id::PeerId;
use crate::config::CacheRanking;
use crate::sim::host::Host;
use crate::sim::world::World;
use crate::stack::layers::planned_address;
use crate::stack::peer_cache::event::StartOutcome;
use crate::stack::peer_cache::format::{CachedPeer, PeerCache};
use crate::stack::peer_cache::text::peer_of;
use crate::stack::peer_cache::{PeerCacheLayer, TryOutcome, wall_at};
use crate::stack::session::plan;

/// Rows of a table at most.
pub const ROWS_MAX: usize = 200;

/// Numbers in a plan of addresses: as many as there are addresses of 28 bits.
const NUMBERS: u32 = 1 << 28;

/// Host whose cache is shown. Its number in the plan of addresses outlives a restart under another id.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Subject {
    /// Number in the plan of addresses.
    pub number: Option<u32>,
    /// Id, if no host has the number.
    pub peer: Option<PeerId>,
}

/// The cache of a host.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CacheView {
    /// The host.
    pub host: PeerId,
    /// Its number in the plan of addresses.
    pub number: u32,
    /// Whether it runs.
    pub is_running: bool,
    /// Whether the rows are those of the file that was read at the start. Otherwise a save would write them
    /// now.
    pub is_loaded: bool,
    /// Order of the rows, as the knob names it.
    pub ranking: &'static str,
    /// The first rows.
    pub rows: Vec<CacheRow>,
    /// All rows.
    pub entries: usize,
    /// Time since the start, in ms.
    pub up_ms: u64,
    /// Whether the host has run before.
    pub is_again: bool,
    /// Time from the start to the first session, in ms; noted if the host has run before.
    pub first_ms: Option<u64>,
    /// Time to five sessions.
    pub fifth_ms: Option<u64>,
    /// Time until every try has had its outcome.
    pub settled_ms: Option<u64>,
    /// What became of the cached peers; `None` before that is clear, and at a first start.
    pub outcome: Option<StartOutcome>,
    /// Peers with an open session.
    pub live: usize,
}

/// An entry of a cache.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CacheRow {
    /// The peer; `None` if the id is none of this program.
    pub peer: Option<PeerId>,
    /// Its first address, without the peer.
    pub address: String,
    /// Whether it relays for others.
    pub relays: bool,
    /// Reliability, in millionths.
    pub reliability: i64,
    /// Transfers that succeeded.
    pub successes: u32,
    /// Transfers that failed.
    pub failures: u32,
    /// Answers of the peer that elections have accepted; `None` if the file does not count them.
    pub answers: Option<u32>,
    /// Round trip in ms; 0 if unknown.
    pub latency_ms: u32,
    /// Seconds since it was last seen.
    pub seen_s: u64,
    /// Seconds since the last session; `None` if unknown.
    pub success_s: Option<u64>,
    /// What sets it behind the row above; `None` in the first row.
    pub decided_by: Option<RankKey>,
    /// What became of its dial; `None` if there was none.
    pub dial: Option<DialState>,
}

/// What decides between two entries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum RankKey {
    /// Only the upper one relays.
    Relay,
    /// The upper one is more reliable.
    Reliability,
    /// The last session of the upper one is later.
    LastSuccess,
    /// The upper one was seen later.
    LastSeen,
    /// The id of the upper one is less.
    Id,
    /// The order of the file: they are equal otherwise.
    File,
}

/// State of a dial.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum DialState {
    /// Its turn has not come.
    Waiting,
    /// It has no outcome so far.
    Dialing,
    /// It has an outcome.
    #[serde(untagged)]
    Ended(TryOutcome),
}

/// The cache of a host, by default of the first one that stops and starts by schedule; `None` if hosts keep
/// no cache or there is no such host.
#[must_use]
pub fn view(world: &World, subject: Subject) -> Option<CacheView> {
    let rules = &world.config().cache;
    if !rules.enabled {
        return None;
    }
    let host = find(world, subject)?;
    let layer = host.stack().lower()?.layers.peer_cache.get()?;
    let ms = local_ms(world, host);
    let now = wall_at(world.config(), ms);
    let is_loaded = !layer.loaded().is_empty();
    let saved = || layer.snapshot(rules, host.stack().lifecycle().peers(), now);
    let entries = if is_loaded { layer.loaded().to_vec() } else { would_be(saved(), rules.ranking) };
    let start = layer.start();
    Some(CacheView {
        host: host.id(),
        number: plan::index(world.directory().listening(host.id())),
        is_running: host.is_running(),
        is_loaded,
        ranking: CacheRanking::OPTIONS[rules.ranking as usize],
        rows: rows(layer, rules.ranking, &entries, now),
        entries: entries.len(),
        up_ms: ms.saturating_sub(start.began),
        is_again: start.is_again,
        first_ms: start.first,
        fifth_ms: start.fifth,
        settled_ms: start.settled,
        outcome: start.outcome,
        live: layer.known().iter().filter(|known| known.sessions > 0).count(),
    })
}

fn find(world: &World, subject: Subject) -> Option<&Host> {
    let by_number = |number: u32| {
        let address = planned_address(world.config(), number as usize)?;
        world.host(world.directory().host(address)?)
    };
    if subject == Subject::default() {
        return by_number(world.config().genesis.peers.checked_sub(1)?);
    }
    subject
        .number
        .filter(|number| *number < NUMBERS)
        .and_then(by_number)
        .or_else(|| world.host(subject.peer?))
}

/// Entries that a save would write now, in the order in which they would be dialled.
fn would_be(saved: Option<PeerCache>, ranking: CacheRanking) -> Vec<CachedPeer> {
    let Some(mut cache) = saved else { return Vec::new() };
    match ranking {
        CacheRanking::Reliability => cache.sort_for_dialling(),
        CacheRanking::LastSuccess => cache.sort_by_success(),
    }
    cache.peers
}

fn rows(layer: &PeerCacheLayer, ranking: CacheRanking, entries: &[CachedPeer], now: u64) -> Vec<CacheRow> {
    let above = std::iter::once(None).chain(entries.iter().map(Some));
    let row = |(index, (above, one)): (usize, (Option<&CachedPeer>, &CachedPeer))| CacheRow {
        peer: peer_of(&one.peer_id),
        address: one.addresses.first().map(|text| without_peer(text)).unwrap_or_default().to_owned(),
        relays: one.supports_relay,
        reliability: one.reliability_score.millionths(),
        successes: one.successful_transfers,
        failures: one.failed_transfers,
        answers: one.answers,
        latency_ms: one.average_latency_ms,
        seen_s: now.saturating_sub(one.last_seen),
        success_s: one.last_success.map(|at| now.saturating_sub(at)),
        decided_by: above.map(|above| decided_by(ranking, above, one)),
        dial: dial_state(layer, index),
    };
    above.zip(entries).enumerate().take(ROWS_MAX).map(row).collect()
}

fn without_peer(address: &str) -> &str {
    address.split_once("/p2p/").map_or(address, |parts| parts.0)
}

/// The key by which an entry comes before another one.
fn decided_by(ranking: CacheRanking, above: &CachedPeer, below: &CachedPeer) -> RankKey {
    let keys = match ranking {
        CacheRanking::Reliability => [
            (above.supports_relay.cmp(&below.supports_relay), RankKey::Relay),
            (above.reliability_score.cmp(&below.reliability_score), RankKey::Reliability),
            (Ordering::Greater, RankKey::File),
        ],
        CacheRanking::LastSuccess => [
            (above.last_success.cmp(&below.last_success), RankKey::LastSuccess),
            (above.last_seen.cmp(&below.last_seen), RankKey::LastSeen),
            (Ordering::Greater, RankKey::Id),
        ],
    };
    keys.into_iter().find(|(order, _)| *order == Ordering::Greater).map_or(RankKey::File, |(_, key)| key)
}

/// State of the dial of an entry: of several addresses, that of the first which led to a session.
fn dial_state(layer: &PeerCacheLayer, entry: usize) -> Option<DialState> {
    let tries = || layer.tries().iter().filter(|one| one.entry as usize == entry);
    let connected = tries().find(|one| one.outcome == Some(TryOutcome::Connected));
    let found = connected.or_else(|| tries().next())?;
    Some(match (found.outcome, found.dialed) {
        (Some(outcome), _) => DialState::Ended(outcome),
        (None, Some(_)) => DialState::Dialing,
        (None, None) => DialState::Waiting,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::Scenario;
    use crate::study::simulation::Simulation;

    fn after(preset: &str, rounds: u32) -> CacheView {
        let mut scenario = Scenario::preset(preset).unwrap();
        scenario.rounds = rounds;
        let mut run = Simulation::new(scenario);
        run.run();
        view(run.world(), Subject::default()).unwrap()
    }

    #[test]
    fn the_state_of_a_dial_is_one_word_with_and_without_an_outcome() {
        let word = |state| serde_json::to_string(&state).unwrap();
        assert_eq!(word(DialState::Waiting), r#""waiting""#);
        assert_eq!(word(DialState::Ended(TryOutcome::TimedOut)), r#""timed-out""#);
    }

    #[test]
    fn a_host_that_has_not_stopped_shows_what_it_would_save() {
        let found = after("cache", 600);
        assert!(found.is_running && !found.is_loaded && !found.is_again);
        assert_eq!((found.number, found.up_ms), (63, 600_000));
        assert!(found.rows.len() >= 5 && found.rows.len() == found.entries, "{}", found.entries);
        assert!(found.rows.iter().all(|row| row.dial.is_none()));
        let keys: Vec<_> = found.rows.iter().map(|row| row.decided_by).collect();
        assert!(keys[0].is_none() && keys[1..].iter().all(Option::is_some));
    }

    #[test]
    fn a_host_that_has_started_again_shows_its_file_and_the_dials() {
        for preset in ["cache", "cache-shipped"] {
            let found = after(preset, 1_320);
            assert!(found.is_running && found.is_loaded && found.is_again, "{preset}");
            assert_eq!(found.up_ms, 110_000, "1200 rounds up and 10 down");
            assert!(found.first_ms.is_some() && found.live >= 1);
            assert!(found.outcome.is_some(), "{preset}");
            assert!(found.rows.iter().any(|row| row.dial.is_some()));
        }
    }

    #[test]
    fn the_key_of_a_rank_is_the_first_that_differs() {
        let found = after("cache-shipped", 1_320);
        for pair in found.rows.windows(2) {
            let [above, below] = pair else { unreachable!() };
            let expected = if above.relays != below.relays {
                RankKey::Relay
            } else if above.reliability != below.reliability {
                RankKey::Reliability
            } else {
                RankKey::File
            };
            assert_eq!(below.decided_by, Some(expected));
        }
        let keys: Vec<_> = found.rows.iter().filter_map(|row| row.decided_by).collect();
        assert_eq!(keys.iter().filter(|key| **key == RankKey::Relay).count(), 1, "{keys:?}");
    }
}
