//! Streams over radio: two hops, airtime, the law, and a keepalive that fits it.

use super::*;
use crate::observe::invariant::{Cadence, PropertyStatus};
use crate::stack::radio::Radio;
use crate::stack::radio::airtime::Modulation;
use crate::study::simulation::Simulation;

/// Three hosts on a line, of which the outer ones do not hear each other.
const LINE: &[&str] = &[
    "genesis.peers=3",
    "radio.layout=line",
    "radio.area_m=6000",
    "radio.channels=3",
    "radio.gap_ms=10000",
    "radio.traffic=off",
    "session.enabled=on",
    "session.carrier=radio",
    "session.listed_peers=3",
    "session.tie_break=generation",
    "session.backoff=probing",
    "session.peer_check_ms=30000",
    "session.writer_overwrite=off",
    "session.phantom_close=off",
    "session.stale_cleanup=off",
    "session.connect_timeout_ms=0",
    "session.handshake_timeout_ms=3600000",
];
const SCALED: &str = "session.scaled_keepalive=on";

fn on_air(settings: &[&str], ticks: u64) -> (World, Notes) {
    let mut notes = Notes::default();
    let mut world = world("lora", 7, &[LINE, settings].concat(), &mut notes);
    world.run_until(Tick(ticks), &mut notes);
    (world, notes)
}

fn simulated(settings: &[&str], rounds: u32) -> Simulation {
    let mut scenario = Scenario::with_settings("lora", &[LINE, settings].concat());
    scenario.rounds = rounds;
    let mut run = Simulation::new(scenario);
    run.monitor(Cadence::Rounds(60));
    run.run();
    run
}

fn radio(world: &World, address: Address) -> &Radio {
    let host = world.host(world.directory().host(address).unwrap()).unwrap();
    host.stack().lower().unwrap().layers.radio.get().unwrap()
}

#[test]
fn a_session_opens_over_two_hops_and_none_of_its_segments_over_a_link() {
    let (world, notes) = on_air(&[SCALED], HOUR);
    let [first, last] = [0, 2].map(Address::planned);
    assert!(radio(&world, first).audible().iter().all(|one| one.address != last), "they hear each other");
    let host = world.directory().host(first).unwrap();
    let layer = world.host(host).unwrap().stack().lower().unwrap().layers.session.get().unwrap();
    let open = layer.all().iter().filter(|one| one.is_open() && one.stream.listening == last);
    assert_eq!(open.count(), 1);
    assert_eq!(notes.tally.packets(LayerId::Session).delivered, 0);
    assert!(notes.count(MATCHED) >= 3);
}

/// Airtime in ms and pings of two hosts in three hours.
fn airtime_ms(interval: &str) -> (u64, u64) {
    let pair = ["genesis.peers=2", "radio.area_m=1000", "session.idle_limit_ms=86400000", SCALED, interval];
    let run = simulated(&pair, 10_800);
    let metrics = run.metrics();
    (metrics.radio.unwrap().airtime_ms, metrics.sessions.unwrap().pings_sent)
}

#[test]
fn a_ping_costs_its_airtime() {
    let (often, many) = airtime_ms("session.ping_interval_ms=500000");
    let (rarely, few) = airtime_ms("session.ping_interval_ms=3000000");
    let config = Scenario::preset("lora").unwrap().config;
    let ping_ms = Modulation::of(&config.radio).airtime_us(59 + 40 + 48) / 1_000;
    assert!(many > few + 12, "{many} pings and {few}");
    // A ping has a pong.
    assert!(often >= rarely + 2 * ping_ms * (many - few), "{often} ms for {many} pings, {rarely} for {few}");
}

#[test]
fn the_shipped_keepalive_cycles_on_the_air_and_one_that_waits_for_airtime_lasts() {
    let mut shipped = on_air(&[], 6 * HOUR).1.lifetimes();
    shipped.sort_unstable();
    assert!(shipped.len() >= 5, "{shipped:?}");
    assert!((90_000..=91_000).contains(&shipped[shipped.len() / 2]), "{shipped:?}");
    let (world, notes) = on_air(&[SCALED], 6 * HOUR);
    assert_eq!((notes.count(SessionEvent::Opened), notes.count(CLOSED)), (3, 0));
    assert!(notes.count(MATCHED) >= 3 * 20);
    assert!((0..3).all(|index| radio(&world, Address::planned(index)).duty_peak() <= 1_000_000));
}

#[test]
fn streams_over_radio_keep_the_law_and_every_property() {
    for settings in [&[][..], &[SCALED]] {
        let run = simulated(settings, 7_200);
        let is_broken = |status: &PropertyStatus| matches!(status, PropertyStatus::Violated { .. });
        let states = run.invariants().into_iter();
        let broken: Vec<&str> = states.filter(|one| is_broken(&one.status)).map(|one| one.id).collect();
        assert_eq!(broken, [""; 0], "{settings:?}");
        assert_eq!(run.metrics().radio.unwrap().violations, 0);
    }
}

#[test]
fn without_radios_streams_over_radio_are_those_over_links() {
    let facts = |settings: &[&str]| {
        let mut notes = Notes::default();
        world("sessions", 7, settings, &mut notes).run_until(Tick(HOUR), &mut notes);
        notes.facts
    };
    assert_eq!(facts(&["session.carrier=radio"]), facts(&[]));
}
