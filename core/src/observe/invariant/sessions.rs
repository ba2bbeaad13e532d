//! Properties of sessions. They hold where hosts hold none.

use super::chains::heals_forks;
use super::{Breach, Facts, Property, PropertyKind};
use crate::base::id::PeerId;
use crate::base::sort;
use crate::config::BanRule;
use crate::observe::metrics::SessionLevels;
use crate::observe::session_view;
use crate::stack::address::Address;
use crate::stack::layers::LayerId;
use crate::stack::session::Sessions;
use crate::stack::session::event::COUNTER;
use crate::stack::session::registry::{KNOWN_MAX, Key};
use crate::stack::session::state::{Session, Stage};
use crate::stack::session::stream::Stream;

/// Hosts whose sessions satisfy a predicate.
fn hosts_where(facts: &Facts<'_>, is_so: impl Fn(PeerId, &Sessions) -> bool) -> impl Iterator<Item = PeerId> {
    session_view::sessions(facts.world).filter(move |(host, layer)| is_so(*host, layer)).map(|one| one.0)
}

pub(super) static ALWAYS: &[Property] = &[
    Property::new(
        "one-session-per-pair",
        PropertyKind::Always,
        "By rules that compare octets or peer ids, no host has two open sessions with one IP.",
        |facts| {
            let is_exclusive = facts.limits.sessions.is_exclusive;
            let double = hosts_where(facts, |_, layer| is_exclusive && has_twins(layer.all()));
            Breach::of_peers(double, "two open sessions with one IP")
        },
    ),
    Property::new(
        "generations-grow",
        PropertyKind::Always,
        "The sessions of a host are in ascending order of generation, each once.",
        |facts| {
            let is_wrong = |layer: &Sessions| !layer.all().is_sorted_by(|one, other| one.id < other.id);
            Breach::of_peers(hosts_where(facts, |_, layer| is_wrong(layer)), "generations out of order")
        },
    ),
    Property::new(
        "sessions-bounded",
        PropertyKind::Always,
        "No host has more sessions, or remembers more peers, than the limits allow.",
        |facts| {
            let most = facts.limits.sessions.sessions;
            let is_over =
                |layer: &Sessions| layer.all().len() > most || layer.registry().entries() > KNOWN_MAX;
            Breach::of_peers(hosts_where(facts, |_, layer| is_over(layer)), "above a limit")
        },
    ),
    Property::new(
        "one-entry-per-ip",
        PropertyKind::Always,
        "If peers are remembered by IP, each IP has one entry.",
        |facts| {
            let has_plain_keys = facts.limits.sessions.has_plain_keys;
            let is_bloated = |layer: &Sessions| layer.registry().entries() > layer.registry().distinct();
            let bloated = hosts_where(facts, |_, layer| has_plain_keys && is_bloated(layer));
            Breach::of_peers(bloated, "several entries for one IP")
        },
    ),
    Property::new(
        "no-session-while-banned",
        PropertyKind::Always,
        "No host has a session with a peer that it has banned.",
        |facts| {
            Breach::of_peers(
                hosts_banning(facts, |one| one.stage != Stage::Closing),
                "a session with a banned peer",
            )
        },
    ),
    Property::new(
        "no-dial-while-banned",
        PropertyKind::Always,
        "No host dials a peer that it has banned.",
        |facts| {
            let is_dial = |one: &Session| matches!(one.stage, Stage::Connecting { .. });
            Breach::of_peers(hosts_banning(facts, is_dial), "a dial to a banned peer")
        },
    ),
    Property::new(
        "closed-session-silent",
        PropertyKind::Always,
        "A session that has begun to end hands no message on.",
        |facts| {
            let late = facts.tally.counters(LayerId::Session)[usize::from(COUNTER.delivered_late)];
            Breach::of_world(late > 0, || {
                format!("{late} messages were handed on by sessions that had ended")
            })
        },
    ),
    Property::new(
        "streams-balance",
        PropertyKind::Always,
        "What one end of a stream has received the other has sent, each segment and byte once, and what is acknowledged was received.",
        |facts| Breach::of_peers(unbalanced(facts), "a stream out of balance"),
    ),
];

/// Hosts with a session that satisfies a predicate and whose other end they have banned.
fn hosts_banning(facts: &Facts<'_>, is_meant: impl Fn(&Session) -> bool) -> impl Iterator<Item = PeerId> {
    let config = facts.world.config();
    let (rules, tick_ms) = (&config.session, u64::from(config.time.tick_ms));
    // Bans are of peers: the directory server answers a host that bans the peer at its address.
    hosts_where(facts, move |host, layer| {
        let clock = facts.world.host(host).map(crate::sim::host::Host::local_clock);
        let now = clock.map_or(0, |clock| clock.shows_tick(facts.now, facts.world.clock()).0) * tick_ms;
        let is_barred =
            |one: &Session| layer.bans().is_banned(Key::of(one.stream.remote, rules.ban_key), now);
        rules.bans != BanRule::Off
            && layer.all().iter().any(|one| !one.is_fetch() && is_meant(one) && is_barred(one))
    })
}

/// Hosts that have received what the other end of an open stream has not sent, or the like. The ends are told
/// by their addresses with ports.
fn unbalanced<'a>(facts: &'a Facts<'_>) -> impl Iterator<Item = PeerId> {
    let mut ends: Vec<(Address, Address, PeerId, &'a Stream)> = Vec::new();
    for (host, layer) in session_view::sessions(facts.world) {
        let own = facts.world.directory().listening(host);
        let open = layer.all().iter().filter(|one| one.is_open()).map(|one| &one.stream);
        ends.extend(open.map(|stream| (own.with_port(stream.port), stream.remote, host, stream)));
    }
    sort::sort_by_key(&mut ends, |end| (end.0, end.1));
    let broken: Vec<PeerId> = ends
        .iter()
        .filter_map(|(own, remote, host, stream)| {
            let partner = ends.binary_search_by_key(&(*remote, *own), |end| (end.0, end.1)).ok()?;
            (!stream.balances_with(ends[partner].3)).then_some(*host)
        })
        .collect();
    broken.into_iter()
}

/// Whether two open sessions have one IP.
pub(super) fn has_twins(sessions: &[Session]) -> bool {
    let mut ips: Vec<u64> = sessions.iter().filter(|one| one.is_open()).map(Session::ip).collect();
    sort::sort_by_key(&mut ips, |one| *one);
    ips.windows(2).any(|pair| pair[0] == pair[1])
}

pub(super) static EVENTUALLY: &[Property] = &[Property::new(
    "sessions-agreed",
    PropertyKind::Eventually,
    "Every listed pair of running hosts has one session, on which both ends agree, unless hosts leave peers on another chain for good.",
    |facts| {
        let has_one_genesis = facts.world.config().sync.foreign == 0;
        let is_promised = facts.limits.sessions.forks.stay || (has_one_genesis && heals_forks(facts));
        let levels = SessionLevels::of(facts.world);
        let (missing, double) = (levels.pairs_without_session, levels.pairs_with_duplicates);
        Breach::of_world(is_promised && missing + double > 0, || {
            format!("{missing} pairs have no session, and {double} have several")
        })
    },
)];

#[cfg(test)]
mod tests {
    use crate::config::knob::Setting;
    use crate::observe::invariant::{Cadence, PropertyStatus};
    use crate::scenario::Scenario;
    use crate::study::simulation::Simulation;

    fn broken(settings: &[&str], rounds: u32, later: Option<&str>) -> Vec<&'static str> {
        let mut scenario = Scenario::with_settings("sessions", settings);
        scenario.rounds = rounds;
        let mut run = Simulation::new(scenario);
        run.monitor(Cadence::Ticks);
        run.run();
        if let Some(text) = later {
            let set = crate::sim::command::Command::Set(Setting::parse_text(text).unwrap());
            run.inject(set).unwrap();
            run.tick(u64::from(rounds) * 1_000);
        }
        let states = run.invariants().into_iter();
        let is_of_sessions = |id: &str| {
            ["session", "entry", "generations", "banned", "streams"].iter().any(|part| id.contains(part))
        };
        let broken = states.filter(|one| one.status != PropertyStatus::Holds && is_of_sessions(one.id));
        broken.map(|one| one.id).collect()
    }

    #[test]
    fn rules_of_ours_keep_every_property_and_defects_break_one() {
        assert_eq!(broken(&[], 20, None), [""; 0]);
        assert_eq!(broken(&["session.tie_break=none"], 20, None), ["sessions-agreed"]);
        let walled = ["session.firewall=dials-none", "session.firewalled=1", "session.passive_wait_ms=0"];
        assert_eq!(broken(&walled, 20, None), ["sessions-agreed"]);
        let keys = ["session.registry=ip-port"];
        assert_eq!(broken(&keys, 20, Some("session.registry=ip")), [""; 0], "earlier rules explain it");
    }

    /// Bans of a flooding host, which the others would dial.
    const BANNING: &[&str] = &[
        "session.bans=final",
        "session.flooders=1",
        "session.oversize=on",
        "session.flood_per_second=1",
        "session.passive_wait_ms=1",
    ];
    /// Sessions that their dialers close every few seconds while questions for heights are on their way.
    const CLOSING: &[&str] = &[
        "genesis.peers=14",
        "session.reply_key=ip-port",
        "session.ping_interval_ms=1000",
        "session.pong_deadline_ms=500",
        "sync.mode=pipelined",
    ];
    const LOSSY: &[&str] = &["network.loss=0.1", "network.duplication=0.1", "network.reordering=0.2"];

    #[test]
    fn no_banned_peer_is_dialled_no_closed_session_delivers_and_streams_balance() {
        let found =
            [(BANNING, 60), (LOSSY, 60), (CLOSING, 40)].map(|(set, rounds)| broken(set, rounds, None));
        let expected = [vec!["sessions-agreed"], vec![], vec!["sessions-agreed"]];
        assert_eq!(found, expected, "there is no session with the banned host, and some have just ended");
    }
}
