//! Sessions of document 002: counts since tick 0, lifetimes and round trips, and sessions now.

use serde::Serialize;

use super::durations::Durations;
use super::ratio;
use super::tally::Tally;
use crate::base::id::PeerId;
use crate::base::sort;
use crate::observe::session_view::{self, EndedSessions};
use crate::sim::world::World;
use crate::stack::layers::LayerId;
use crate::stack::session::event::{COUNTER, SessionEvent};
use crate::stack::session::state::Side;

/// Sessions of a run, as people and programs read them.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct SessionMetrics {
    /// Open now, counted on the dialing side.
    pub live: u64,
    /// Opened, counted on the dialing side.
    pub opened: u64,
    /// Ended, counted on the dialing side.
    pub closed: u64,
    /// Duplicates refused or replaced.
    pub refused: u64,
    /// Lifetimes of the sessions that have ended, in ms; ages of those alive while none has.
    pub lifetime_ms: Lifetimes,
    /// SYNs of new streams.
    pub dials: u64,
    /// Pings sent.
    pub pings_sent: u64,
    /// Pongs that matched an outstanding ping.
    pub pongs_matched: u64,
    /// Round trips of matched pongs, in ms.
    pub rtt_ms: RoundTrips,
    /// Accepted peers that hosts remember, summed over all hosts.
    pub registry_entries: u64,
    /// Distinct IPs among them, host by host.
    pub distinct_addresses: u64,
    /// Pairs of running hosts, one of which has the other on its list, that share no session.
    pub pairs_without_session: u64,
    /// Pairs of running hosts, one of which has the other on its list.
    pub listed_pairs: u64,
    /// Pairs of hosts with more than one open session.
    pub pairs_with_duplicates: u64,
    /// Replies lost because their key is not registered.
    pub replies_lost: u64,
    /// Bytes of state that a host keeps for one end of a session, on average; `None` without a session.
    pub bytes_per_end: Option<f64>,
}

/// Quantiles of lifetimes; `None` before the first session.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Lifetimes {
    /// The shortest.
    pub min: Option<u64>,
    /// Median.
    pub p50: Option<u64>,
    /// 90th percentile.
    pub p90: Option<u64>,
    /// The longest.
    pub max: Option<u64>,
}

/// Quantiles of round trips; `None` before the first matched pong.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct RoundTrips {
    /// Median.
    pub p50: Option<u64>,
    /// 99th percentile.
    pub p99: Option<u64>,
}

/// Sessions at a sample.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SessionLevels {
    /// Open, counted on the dialing side.
    pub live: u64,
    /// Accepted peers that hosts remember.
    pub registry_entries: u64,
    /// Distinct IPs among them, host by host.
    pub distinct_addresses: u64,
    /// Pairs of running hosts, one of which has the other on its list.
    pub listed_pairs: u64,
    /// Listed pairs of running hosts without a session.
    pub pairs_without_session: u64,
    /// Pairs of hosts with more than one open session.
    pub pairs_with_duplicates: u64,
}

/// What takes more than counting: lifetimes and round trips.
#[derive(Clone, Debug, Default)]
pub(super) struct SessionLog {
    lifetimes: Durations,
    round_trips: Durations,
    ended: EndedSessions,
}

impl SessionLog {
    pub(super) const fn ended(&self) -> &EndedSessions {
        &self.ended
    }

    pub(super) fn note(&mut self, host: PeerId, event: SessionEvent) {
        match event {
            SessionEvent::Ended(record) => self.ended.push(host, record),
            SessionEvent::Closed { lifetime_ms } => self.lifetimes.count(lifetime_ms),
            SessionEvent::PongMatched { rtt_ms } => self.round_trips.count(rtt_ms),
            _ => {}
        }
    }
}

impl SessionLevels {
    /// Counts sessions and registry entries; all 0 if hosts hold no sessions.
    #[must_use]
    pub fn of(world: &World) -> Self {
        let mut levels = Self::default();
        if !world.config().session.enabled {
            return levels;
        }
        let mut open = Vec::new();
        let (mut listed, mut running) = (Vec::new(), Vec::new());
        for (host, layer) in session_view::sessions(world) {
            let own = world.directory().listening(host).host_part();
            running.push(own);
            levels.registry_entries += layer.registry().entries() as u64;
            levels.distinct_addresses += layer.registry().distinct() as u64;
            for one in layer.all().iter().filter(|one| one.is_open()) {
                levels.live += u64::from(one.side == Side::Dialer);
                open.push((own, one.ip()));
            }
            let kept = layer.candidates().iter().filter(|one| one.is_kept());
            let others = kept.map(|one| one.address.host_part());
            listed.extend(others.map(|other| (own.min(other), own.max(other))));
        }
        sort::sort_by_key(&mut open, |one| *one);
        sort::sort_by_key(&mut running, |one| *one);
        let doubles = open.windows(2).filter(|two| two[0] == two[1]).map(|two| two[0]);
        let mut doubles: Vec<_> = doubles.map(|(one, other)| (one.min(other), one.max(other))).collect();
        sort::sort_by_key(&mut doubles, |one| *one);
        doubles.dedup();
        levels.pairs_with_duplicates = doubles.len() as u64;
        sort::sort_by_key(&mut listed, |one| *one);
        listed.dedup();
        let runs = |ip: &u64| running.binary_search(ip).is_ok();
        let has = |from, to| open.binary_search(&(from, to)).is_ok();
        listed.retain(|(low, high)| runs(low) && runs(high));
        levels.listed_pairs = listed.len() as u64;
        let missing = listed.iter();
        let missing = missing.filter(|(low, high)| !has(*low, *high) || !has(*high, *low));
        levels.pairs_without_session = missing.count() as u64;
        levels
    }
}

impl SessionMetrics {
    /// Reads a world and what is written down about it; `None` if hosts hold no sessions.
    pub(super) fn of(world: &World, tally: &Tally, log: &SessionLog) -> Option<Self> {
        if !world.config().session.enabled {
            return None;
        }
        let levels = SessionLevels::of(world);
        let counters = tally.counters(LayerId::Session);
        let count = |event| counters[usize::from(event)];
        let mut lifetimes = log.lifetimes.clone();
        if lifetimes.is_empty() {
            session_view::ages(world).for_each(|age| lifetimes.count(age));
        }
        let (bytes, ends) = session_view::bytes(world);
        let [min, p50, p90, max] = [0, 50, 90, 100].map(|percent| lifetimes.quantile(percent));
        Some(Self {
            live: levels.live,
            opened: count(COUNTER.opened),
            closed: count(COUNTER.closed),
            refused: count(COUNTER.refused),
            lifetime_ms: Lifetimes { min, p50, p90, max },
            dials: count(COUNTER.dials),
            pings_sent: count(COUNTER.pings_sent),
            pongs_matched: count(COUNTER.pongs_matched),
            rtt_ms: RoundTrips { p50: log.round_trips.quantile(50), p99: log.round_trips.quantile(99) },
            registry_entries: levels.registry_entries,
            distinct_addresses: levels.distinct_addresses,
            pairs_without_session: levels.pairs_without_session,
            listed_pairs: levels.listed_pairs,
            pairs_with_duplicates: levels.pairs_with_duplicates,
            replies_lost: count(COUNTER.replies_lost),
            bytes_per_end: ratio(bytes, ends),
        })
    }
}
