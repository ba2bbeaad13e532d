//! Tests of sessions in worlds: the golden traces of document 002, the one switch, and properties of all
//! worlds.

mod air;
mod carriage;
mod faults;
mod forks;
mod reports;
mod streams;
mod sync;
mod traces;

use super::state::Side;
use super::*;
use crate::base::id::PeerId;
use crate::base::time::{Round, Tick};
use crate::config::knob::Setting;
use crate::observe::metrics::Tally;
use crate::scenario::Scenario;
use crate::sim::command::Command;
use crate::sim::network::{DropReason, Route};
use crate::sim::world::{Observer, World};
use crate::stack::layers::{Event, LayerId, PacketKind};
use crate::stack::packet::Packet;

const SECOND: u64 = 1_000;
const HOUR: u64 = 3_600 * SECOND;

/// Counts packets, and keeps the facts that sessions state with the tick of the world, set by the test.
#[derive(Default)]
struct Notes {
    tally: Tally,
    facts: Vec<(PeerId, SessionEvent)>,
}

impl Observer for Notes {
    fn on_event(&mut self, now: Round, peer: PeerId, event: Event) {
        self.tally.on_event(now, peer, event);
        if let Event::Session(event) = event {
            self.facts.push((peer, event));
        }
    }

    fn on_sent(&mut self, kind: PacketKind) {
        self.tally.on_sent(kind);
    }

    fn on_duplicated(&mut self, kind: PacketKind) {
        self.tally.on_duplicated(kind);
    }

    fn on_delivered(&mut self, kind: PacketKind) {
        self.tally.on_delivered(kind);
    }

    fn on_dropped(&mut self, reason: DropReason, route: Route, packet: &Packet) {
        self.tally.on_dropped(reason, route, packet);
    }
}

impl Notes {
    fn count(&self, event: SessionEvent) -> u64 {
        use crate::stack::layer::LayerEvent;
        self.tally.counters(LayerId::Session)[usize::from(event.counter().expect("all are counted"))]
    }

    fn lifetimes(&self) -> Vec<u64> {
        let lifetime = |(_, event): &(PeerId, SessionEvent)| match event {
            SessionEvent::Closed { lifetime_ms } => Some(*lifetime_ms),
            _ => None,
        };
        self.facts.iter().filter_map(lifetime).collect()
    }
}

const MATCHED: SessionEvent = SessionEvent::PongMatched { rtt_ms: 0 };
const CLOSED: SessionEvent = SessionEvent::Closed { lifetime_ms: 0 };

fn world(preset: &str, seed: u64, settings: &[&str], notes: &mut Notes) -> World {
    let mut scenario = Scenario::preset(preset).unwrap();
    for text in settings {
        scenario.with_setting(Setting::parse_text(text).unwrap());
    }
    World::new(seed, scenario.config, notes)
}

/// Two hosts, of which the one of the incident with the lower address dials, at a round trip of 80 ms.
const PAIR: &[&str] =
    &["genesis.peers=2", "network.latency_min=40", "network.latency_max=40", "network.latency_far=0"];

fn sessions(world: &World, index: usize) -> &Sessions {
    world.hosts()[index].stack().lower().unwrap().layers.session.get().unwrap()
}

fn all(world: &World) -> impl Iterator<Item = &Sessions> {
    (0..world.hosts().len()).map(|index| sessions(world, index))
}

#[test]
fn with_the_published_key_sessions_live_90_seconds_and_with_the_fixed_one_they_stay() {
    let mut notes = Notes::default();
    let mut world = world("sessions-shipped", 7, &[], &mut notes);
    world.run_until(Tick(2 * HOUR), &mut notes);
    let lifetimes = notes.lifetimes();
    assert!(lifetimes.len() >= 15 * 72, "36 to 38 an hour on each of 15 links: {}", lifetimes.len());
    assert!(lifetimes.iter().all(|time| time.abs_diff(90_000) <= 1_000));
    let opened = notes.count(SessionEvent::Opened);
    let period = 15 * 2 * HOUR / opened;
    assert!((95_000..=105_000).contains(&(period + 1_000)), "{period}");
    assert_eq!(notes.count(MATCHED), 0);
    assert!(notes.count(SessionEvent::PingSent) >= 3 * lifetimes.len() as u64);
    let entries: usize = all(&world).map(|one| one.registry().entries()).sum();
    assert!(entries as u64 <= opened && entries as u64 + 15 >= opened, "one entry a session: {entries}");

    let mut notes = Notes::default();
    let mut world = self::world("sessions", 7, &[], &mut notes);
    world.run_until(Tick(2 * HOUR), &mut notes);
    assert_eq!((notes.count(SessionEvent::Opened), notes.count(CLOSED)), (15, 0));
    // The last pings may be on their way.
    assert!(notes.count(SessionEvent::PingSent) - notes.count(MATCHED) <= 15);
    assert_eq!(notes.count(SessionEvent::PongMissed), 0);
    let registries = || all(&world).map(Sessions::registry);
    assert!(registries().all(|one| one.entries() == one.distinct()), "one entry a peer");
}

#[test]
fn one_switch_of_a_running_world_ends_the_cycling() {
    let mut notes = Notes::default();
    let mut world = world("sessions-shipped", 7, &[], &mut notes);
    world.run_until(Tick(HOUR), &mut notes);
    let cycled = notes.count(CLOSED);
    assert!(cycled > 15 * 35);
    world.apply(Command::Set(Setting::parse_text("session.reply_key=ip").unwrap()), &mut notes).unwrap();
    world.run_until(Tick(HOUR + 100 * SECOND), &mut notes);
    let settled = notes.count(CLOSED);
    world.run_until(Tick(3 * HOUR), &mut notes);
    assert_eq!(notes.count(CLOSED), settled, "no session ends any more");
    world.apply(Command::Set(Setting::parse_text("session.reply_key=ip-port").unwrap()), &mut notes).unwrap();
    world.run_until(Tick(4 * HOUR), &mut notes);
    assert!(notes.count(CLOSED) > settled + 15 * 30, "and the switch brings it back");
}

#[test]
fn loss_delays_and_a_crash_ends() {
    let mut notes = Notes::default();
    let settings = ["network.loss=0.05", "network.duplication=0.05", "network.reordering=0.05"];
    let mut world = world("sessions", 7, &settings, &mut notes);
    world.run_until(Tick(2 * HOUR), &mut notes);
    assert!(notes.count(SessionEvent::Retransmitted) > 1_000);
    assert_eq!(notes.count(CLOSED), 0, "loss is delay");
    assert!(notes.count(SessionEvent::PingSent) - notes.count(MATCHED) <= 15);
    let peer = world.hosts()[2].id();
    world.apply(Command::Crash { peer }, &mut notes).unwrap();
    world.run_until(Tick(2 * HOUR + 1_200 * SECOND), &mut notes);
    for (index, host) in world.hosts().iter().enumerate().filter(|(_, host)| host.id() != peer) {
        let open = sessions(&world, index).all().iter().filter(|one| one.is_open()).count();
        assert_eq!(open, 4, "{} has given the crashed host up", host.id());
    }
    world.apply(Command::Return { peer }, &mut notes).unwrap();
    world.run_until(Tick(2 * HOUR + 1_700 * SECOND), &mut notes);
    assert_eq!(pairs(&world), 15, "it is back");
    assert_eq!(notes.tally.packets(LayerId::Session).unaccounted(), Some(world.network().in_flight() as u64));
}

/// Pairs of hosts with an open session on the dialing side.
fn pairs(world: &World) -> usize {
    let mut pairs: Vec<(u64, u64)> = Vec::new();
    for (host, layer) in world.hosts().iter().zip(all(world)) {
        let own = world.directory().listening(host.id()).host_part();
        let dialed = layer.all().iter().filter(|one| one.is_open() && one.side == Side::Dialer);
        pairs.extend(dialed.map(|one| (own.min(one.ip()), own.max(one.ip()))));
    }
    pairs.sort_unstable();
    pairs.dedup();
    pairs.len()
}

/// Whether some host has two open sessions with one peer.
fn has_duplicates(world: &World) -> bool {
    all(world).any(|layer| {
        let mut ips: Vec<u64> = layer.all().iter().filter(|one| one.is_open()).map(Session::ip).collect();
        let count = ips.len();
        ips.sort_unstable();
        ips.dedup();
        ips.len() < count
    })
}

#[test]
fn a_pair_never_has_two_sessions_by_the_fixed_rules_whatever_happens() {
    for seed in 0..12 {
        let mut notes = Notes::default();
        let settings = ["network.loss=0.1", "network.reordering=0.2", "session.passive_wait_ms=1"];
        let mut world = world("sessions", seed, &settings, &mut notes);
        let mut rng = crate::base::rng::Rng::stream(seed, crate::base::rng::Purpose::Swarm, 2);
        for _ in 0..60 {
            let peer = world.hosts()[rng.below(6) as usize].id();
            let command = match rng.below(5) {
                0 => Command::Crash { peer },
                1 => Command::Return { peer },
                2 => Command::Restart { peer, identity: crate::config::RestartIdentity::Keep },
                3 => Command::Pause { peer },
                _ => Command::Resume { peer },
            };
            let _ = world.apply(command, &mut notes);
            for _ in 0..20 {
                let next = world.now().0 + u64::from(rng.below(1_000));
                world.run_until(Tick(next), &mut notes);
                assert!(!has_duplicates(&world), "seed {seed}, {:?}", world.now());
            }
        }
    }
    let mut notes = Notes::default();
    let mut world = world("sessions", 7, &["session.tie_break=none"], &mut notes);
    world.run_until(Tick(10 * SECOND), &mut notes);
    assert!(has_duplicates(&world), "without a rule both dial, and both sessions live");
}

#[test]
fn a_closed_session_delivers_nothing() {
    let mut notes = Notes::default();
    let mut world = world("sessions", 7, PAIR, &mut notes);
    world.run_until(Tick(10 * SECOND), &mut notes);
    let delivered = notes.count(MATCHED);
    assert_eq!(delivered, 1);
    // The dialer pings at 30 s after its session opened, and stops while the pong is on its way.
    let peer = world.hosts().iter().map(crate::sim::host::Host::id).find(|peer| {
        let index = world.hosts().iter().position(|host| host.id() == *peer).unwrap();
        sessions(&world, index).all().iter().any(|one| one.side == Side::Dialer)
    });
    let opened = all(&world).flat_map(super::Sessions::all).find_map(|one| match (one.side, one.stage) {
        (Side::Dialer, state::Stage::Open { since }) => Some(since),
        _ => None,
    });
    world.run_until(Tick(opened.unwrap() + 30_050), &mut notes);
    world
        .apply(
            Command::Restart { peer: peer.unwrap(), identity: crate::config::RestartIdentity::Keep },
            &mut notes,
        )
        .unwrap();
    let before = notes.count(MATCHED);
    world.run_until(Tick(opened.unwrap() + 30_150), &mut notes);
    assert_eq!(notes.count(MATCHED), before);
    assert!(notes.tally.packets(LayerId::Session).sent[2] > 0, "a stream that is gone is reset");
}

/// Applies settings to a running world.
fn set(world: &mut World, notes: &mut Notes, text: &str) {
    world.apply(Command::Set(Setting::parse_text(text).unwrap()), notes).unwrap();
}

/// Open sessions, one end each.
fn open_ends(world: &World) -> usize {
    all(world).flat_map(Sessions::all).filter(|one| one.is_open()).count()
}
