//! Properties of sessions. They hold where hosts hold none.

use super::{Breach, Facts, Property, PropertyKind};
use crate::base::id::PeerId;
use crate::config::BanRule;
use crate::observe::metrics::SessionLevels;
use crate::observe::session_view;
use crate::stack::session::Sessions;
use crate::stack::session::registry::{KNOWN_MAX, Key};
use crate::stack::session::state::{Session, Stage};

const fn property(
    id: &'static str,
    kind: PropertyKind,
    meaning: &'static str,
    check: fn(&Facts<'_>) -> Option<Breach>,
) -> Property {
    Property { id, kind, meaning, check }
}

/// Hosts whose sessions satisfy a predicate.
fn hosts_where(facts: &Facts<'_>, is_so: impl Fn(PeerId, &Sessions) -> bool) -> impl Iterator<Item = PeerId> {
    session_view::sessions(facts.world).filter(move |(host, layer)| is_so(*host, layer)).map(|one| one.0)
}

pub(super) static ALWAYS: &[Property] = &[
    property(
        "one-session-per-pair",
        PropertyKind::Always,
        "By rules that compare octets or peer ids, no host has two open sessions with one IP.",
        |facts| {
            let is_exclusive = facts.limits.sessions.is_exclusive;
            let double = hosts_where(facts, |_, layer| is_exclusive && has_twins(layer.all()));
            Breach::of_peers(double, "two open sessions with one IP")
        },
    ),
    property(
        "generations-grow",
        PropertyKind::Always,
        "The sessions of a host are in ascending order of generation, each once.",
        |facts| {
            let is_wrong = |layer: &Sessions| !layer.all().is_sorted_by(|one, other| one.id < other.id);
            Breach::of_peers(hosts_where(facts, |_, layer| is_wrong(layer)), "generations out of order")
        },
    ),
    property(
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
    property(
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
    property(
        "no-session-while-banned",
        PropertyKind::Always,
        "No host has a session with a peer that it has banned.",
        |facts| {
            let config = facts.world.config();
            let tick_ms = u64::from(config.time.tick_ms);
            let is_broken = |host: PeerId, layer: &Sessions| {
                let clock = facts.world.host(host).map(crate::sim::host::Host::local_clock);
                let now =
                    clock.map_or(0, |clock| clock.shows_tick(facts.now, facts.world.clock()).0) * tick_ms;
                let is_barred = |one: &Session| {
                    let key = Key::of(one.stream.remote, config.session.ban_key);
                    one.stage != Stage::Closing && layer.bans().is_banned(key, now)
                };
                layer.all().iter().any(is_barred)
            };
            let has_bans = config.session.bans != BanRule::Off;
            Breach::of_peers(
                hosts_where(facts, |host, layer| has_bans && is_broken(host, layer)),
                "a session with a banned peer",
            )
        },
    ),
];

/// Whether two open sessions have one IP.
pub(super) fn has_twins(sessions: &[Session]) -> bool {
    let mut ips: Vec<u64> = sessions.iter().filter(|one| one.is_open()).map(Session::ip).collect();
    ips.sort_unstable();
    ips.windows(2).any(|pair| pair[0] == pair[1])
}

pub(super) static EVENTUALLY: &[Property] = &[property(
    "sessions-agreed",
    PropertyKind::Eventually,
    "Every listed pair of running hosts has one session, on which both ends agree.",
    |facts| {
        let levels = SessionLevels::of(facts.world);
        let (missing, double) = (levels.pairs_without_session, levels.pairs_with_duplicates);
        Breach::of_world(missing + double > 0, || {
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
        run.monitor(Cadence::Rounds(1));
        run.run();
        if let Some(text) = later {
            let set = crate::sim::command::Command::Set(Setting::parse_text(text).unwrap());
            run.inject(set).unwrap();
            run.tick(u64::from(rounds) * 1_000);
        }
        let states = run.invariants().into_iter();
        let is_of_sessions =
            |id: &str| ["session", "entry", "generations"].iter().any(|part| id.contains(part));
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
}
