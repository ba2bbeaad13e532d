//! Sessions of all hosts as rows, for charts and inspectors.

use std::collections::VecDeque;

use serde::Serialize;

use crate::base::id::PeerId;
use crate::base::time::Tick;
use crate::sim::world::World;
use crate::stack::session::Sessions;
use crate::stack::session::event::EndedSession;
use crate::stack::session::state::{Session, Side, Stage};

/// Ended sessions that are kept, the latest ones.
pub const ENDED_MAX: usize = 4_096;
/// Sessions that a view has at most.
pub const ROWS_MAX: usize = 16_384;

/// One session as one of its ends sees it. Ticks are those of that host's clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct SessionRow {
    /// The host whose view this is.
    pub host: PeerId,
    /// The other end; `None` if no host has its address any more.
    pub peer: Option<PeerId>,
    /// Direction, seen from the host.
    pub direction: SessionDirection,
    /// State.
    pub state: SessionState,
    /// Tick at which it opened; `None` before that.
    pub opened: Option<u64>,
    /// Tick at which it ended; `None` before that.
    pub closed: Option<u64>,
    /// Number of the session on its host, which only grows.
    pub generation: u32,
    /// Pings that wait for their pong.
    pub outstanding_pings: u32,
}

/// Direction of a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum SessionDirection {
    /// The host has dialled.
    Dialed,
    /// The other end has dialled.
    Accepted,
}

/// State of a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum SessionState {
    /// The SYN is out.
    Connecting,
    /// The stream is open, the handshake is not complete.
    Handshaking,
    /// Both sides may send.
    Open,
    /// The FIN is out.
    Closing,
    /// It has ended.
    Closed,
}

/// The latest sessions that have ended, as their dialing sides saw them.
#[derive(Clone, Debug, Default)]
pub struct EndedSessions {
    records: VecDeque<(PeerId, EndedSession)>,
}

impl EndedSessions {
    /// Keeps a record; beyond [`ENDED_MAX`] the oldest one is dropped.
    pub(crate) fn push(&mut self, host: PeerId, record: EndedSession) {
        if self.records.len() == ENDED_MAX {
            self.records.pop_front();
        }
        self.records.push_back((host, record));
    }
}

/// Sessions that have ended, the oldest first, then those that are alive, host by host: each of these twice,
/// once for each end. At most [`ROWS_MAX`] rows; empty if hosts hold no sessions.
#[must_use]
pub fn rows(world: &World, ended: &EndedSessions) -> Vec<SessionRow> {
    let tick_ms = u64::from(world.config().time.tick_ms);
    let peer = |address| world.directory().host(address);
    let closed = ended.records.iter().map(|(host, record)| SessionRow {
        host: *host,
        peer: peer(record.remote),
        direction: SessionDirection::Dialed,
        state: SessionState::Closed,
        opened: Some(record.opened_ms / tick_ms),
        closed: Some(record.closed_ms / tick_ms),
        generation: record.generation,
        outstanding_pings: 0,
    });
    let live = sessions(world).flat_map(|(host, layer)| layer.all().iter().map(move |one| (host, one)));
    let live = live.map(|(host, one)| SessionRow {
        host,
        peer: peer(one.stream.listening),
        direction: if one.side == Side::Dialer {
            SessionDirection::Dialed
        } else {
            SessionDirection::Accepted
        },
        state: state(one),
        opened: opened(one).map(|since| since / tick_ms),
        closed: None,
        generation: one.id,
        outstanding_pings: u32::try_from(one.pings.outstanding()).unwrap_or(u32::MAX),
    });
    closed.chain(live).take(ROWS_MAX).collect()
}

const fn state(session: &Session) -> SessionState {
    match session.stage {
        Stage::Connecting { .. } => SessionState::Connecting,
        Stage::Handshaking => SessionState::Handshaking,
        Stage::Open { .. } => SessionState::Open,
        Stage::Closing => SessionState::Closing,
    }
}

const fn opened(session: &Session) -> Option<u64> {
    match session.stage {
        Stage::Open { since } => Some(since),
        _ => None,
    }
}

/// Hosts that run, each with its sessions.
pub(crate) fn sessions(world: &World) -> impl Iterator<Item = (PeerId, &Sessions)> {
    let running = world.hosts().iter().filter(|host| host.is_running());
    running.filter_map(|host| Some((host.id(), host.stack().lower()?.layers.session.get()?)))
}

/// Ages in ms of the open sessions, on their dialing sides.
pub(crate) fn ages(world: &World) -> impl Iterator<Item = u64> {
    let Tick(now) = world.now();
    let now = now * u64::from(world.config().time.tick_ms);
    let open = sessions(world).flat_map(|(_, layer)| layer.all());
    let dialed = open.filter(|one| one.side == Side::Dialer);
    dialed.filter_map(opened).map(move |since| now.saturating_sub(since))
}

/// Bytes of state for a session end, on average, as (all bytes, ends).
pub(crate) fn bytes(world: &World) -> (u64, u64) {
    let all = sessions(world).flat_map(|(_, layer)| layer.all());
    all.fold((0, 0), |(bytes, ends), one| (bytes + one.bytes() as u64, ends + 1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::Scenario;
    use crate::study::simulation::Simulation;

    fn run(preset: &str, rounds: u32, settings: &[&str]) -> Simulation {
        let mut scenario = Scenario::with_settings(preset, settings);
        scenario.rounds = rounds;
        let mut run = Simulation::new(scenario);
        run.run();
        run
    }

    #[test]
    fn a_cycling_pair_has_a_row_for_each_of_its_sessions() {
        let run = run("sessions-shipped", 200, &["genesis.peers=2", "network.latency_far=0"]);
        let rows = run.sessions();
        let [first, second] = &rows[..2] else { panic!("{rows:?}") };
        assert_eq!((first.state, second.state), (SessionState::Closed, SessionState::Closed));
        assert_eq!(first.closed.zip(first.opened).map(|(end, start)| end - start), Some(90_000));
        assert!(first.generation < second.generation && first.closed < second.opened, "{rows:?}");
        let live: Vec<_> = rows.iter().filter(|row| row.state == SessionState::Open).collect();
        let [one, other] = live[..] else { panic!("{rows:?}") };
        assert_eq!((Some(one.host), one.peer), (other.peer, Some(other.host)), "each end has a row");
        assert_ne!(one.direction, other.direction);
        let metrics = run.metrics().sessions.unwrap();
        assert_eq!((metrics.live, metrics.closed, metrics.opened), (1, 2, 3));
        assert_eq!((metrics.lifetime_ms.min, metrics.lifetime_ms.max), (Some(90_000), Some(90_000)));
        assert_eq!((metrics.registry_entries, metrics.distinct_addresses), (3, 1));
        assert_eq!((metrics.pairs_without_session, metrics.pairs_with_duplicates), (0, 0));
        assert!(metrics.bytes_per_end.is_some_and(|bytes| bytes > 100.0));
    }

    #[test]
    fn while_no_session_has_ended_lifetimes_are_ages() {
        let found = run("sessions", 60, &[]).metrics().sessions.unwrap();
        assert_eq!((found.live, found.closed), (15, 0));
        assert!(found.lifetime_ms.min.is_some_and(|age| (59_000..60_000).contains(&age)), "{found:?}");
        let double = run("sessions", 60, &["session.tie_break=none"]).metrics().sessions.unwrap();
        assert!(double.pairs_with_duplicates > 0 && double.pairs_without_session == 0, "{double:?}");
        let alone = run("sessions", 1, &["session.dial_spacing_ms=60000"]).metrics().sessions.unwrap();
        assert!(alone.pairs_without_session > 0, "{alone:?}");
        assert_eq!(run("improved", 1, &["genesis.peers=2"]).metrics().sessions, None);
    }

    #[test]
    fn only_the_latest_ended_sessions_are_kept() {
        let mut ended = EndedSessions::default();
        for generation in 0..5_000 {
            let remote = crate::stack::address::Address::ip(1, 1);
            let record = EndedSession { remote, generation, opened_ms: 0, closed_ms: 1 };
            ended.push(PeerId::new(1), record);
        }
        assert_eq!(ended.records.len(), ENDED_MAX);
        assert_eq!(ended.records[0].1.generation, 5_000 - 4_096);
    }
}
