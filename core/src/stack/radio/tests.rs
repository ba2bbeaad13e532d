//! Tests of radios in worlds.

use super::event::{COUNTER, RadioEvent};
use super::*;
use crate::base::time::{Round, Tick};
use crate::observe::metrics::Tally;
use crate::scenario::Scenario;
use crate::sim::network::{DropReason, Route};
use crate::sim::world::{Observer, World};
use crate::stack::layers::{Event, LayerId, PacketKind};
use crate::stack::packet::Packet;

const MINUTE: u64 = 60_000;
const HOUR: u64 = 60 * MINUTE;

/// Counts packets and facts, and keeps the facts of radios.
#[derive(Default)]
struct Notes {
    tally: Tally,
    facts: Vec<RadioEvent>,
}

impl Observer for Notes {
    fn on_event(&mut self, now: Round, peer: PeerId, event: Event) {
        self.tally.on_event(now, peer, event);
        if let Event::Radio(event) = event {
            self.facts.push(event);
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
    fn count(&self, counter: u8) -> u64 {
        self.tally.counters(LayerId::Radio)[usize::from(counter)]
    }
}

fn run(preset: &str, seed: u64, settings: &[&str], ticks: u64) -> (World, Notes) {
    let scenario = Scenario::with_settings(preset, settings);
    let mut notes = Notes::default();
    let mut world = World::new(seed, scenario.config, &mut notes);
    world.run_until(Tick(ticks), &mut notes);
    (world, notes)
}

fn radios(world: &World) -> impl Iterator<Item = &Radio> {
    world.hosts().iter().map(|host| host.stack().lower().unwrap().layers.radio.get().unwrap())
}

#[test]
fn messages_arrive_over_several_hops_within_the_law() {
    let (world, notes) = run("lora", 7, &[], 6 * HOUR);
    let [sent, complete, failed, violations] =
        [COUNTER.messages_sent, COUNTER.messages_complete, COUNTER.messages_failed, COUNTER.violations]
            .map(|one| notes.count(one));
    assert!(sent > 150, "{sent}");
    assert!(complete * 10 >= sent * 8, "{complete} of {sent}, {failed} failed");
    assert_eq!(violations, 0);
    assert!(radios(&world).all(|radio| radio.duty_peak() <= 1_000_000));
    assert!(radios(&world).all(|radio| radio.neighbors().len() > 1));
    assert!(notes.count(COUNTER.relayed) > 50);
    assert_eq!(notes.tally.packets(LayerId::Radio).unaccounted(), Some(world.network().in_flight() as u64));
}

/// Saturates the duty cycle of ten hosts in one room.
const SATURATED: &[&str] = &[
    "genesis.peers=10",
    "radio.area_m=1000",
    "radio.beacon_ms=0",
    "radio.traffic=broadcast",
    "radio.traffic_ms=2000",
    "radio.traffic_bytes=197",
];

#[test]
fn a_saturated_host_uses_its_hour_and_no_more() {
    for setting in ["radio.region=eu868", "radio.region=jp920", "radio.region=kr920", "radio.region=ru868"] {
        let settings = [SATURATED, &[setting]].concat();
        let (world, notes) = run("lora", 3, &settings, 3 * HOUR);
        assert_eq!(notes.count(COUNTER.violations), 0, "{setting}");
        let peaks: Vec<u64> = radios(&world).map(Radio::duty_peak).collect();
        assert!(peaks.iter().all(|peak| (850_000..=1_000_000).contains(peak)), "{setting}: {peaks:?}");
    }
}

#[test]
fn seconds_taken_for_milliseconds_break_the_law_and_the_flat_queue_breaks_it_less() {
    let duty = |settings: &[&str]| {
        let (world, notes) =
            run("lora", 3, &[SATURATED, &["radio.spreading=12"], settings].concat(), 2 * HOUR);
        (notes.count(COUNTER.violations), radios(&world).map(Radio::duty_peak).max().unwrap())
    };
    let (violations, peak) = duty(&["radio.airtime_in_seconds=on"]);
    assert!(violations > 1_000 && peak > 50_000_000, "{violations}, {peak}: a hundred times the limit");
    let (violations, peak) = duty(&["radio.flat_airtime=on"]);
    assert!(violations > 0 && (2_000_000..10_000_000).contains(&peak), "{violations}, {peak}");
    assert_eq!(duty(&[]), (0, 0), "by the law no frame of this length goes at SF12 at all");
}

#[test]
fn a_restart_remembers_the_last_hour_unless_it_is_forgotten() {
    use crate::config::RestartIdentity;
    use crate::sim::command::Command;

    let duty = |settings: &[&str]| {
        let settings = [SATURATED, settings].concat();
        let (mut world, mut notes) = run("lora", 3, &settings, HOUR / 2);
        let before = notes.tally.counters(LayerId::Radio)[usize::from(COUNTER.frames)];
        for index in 0..10 {
            let peer = world.hosts()[index].id();
            world.apply(Command::Restart { peer, identity: RestartIdentity::Keep }, &mut notes).unwrap();
        }
        world.run_until(Tick(HOUR), &mut notes);
        (before, notes.count(COUNTER.frames) - before)
    };
    let (before, after) = duty(&[]);
    assert!(after * 10 < before, "{after} frames after {before}");
    let (before, after) = duty(&["radio.ledger_lost=on"]);
    assert!(after * 10 > before * 8, "{after} frames after {before}: the hour begins again");
}

#[test]
fn the_signed_checksum_makes_repetition_useless() {
    let share = |settings: &[&str]| {
        let base = [
            "genesis.peers=10",
            "radio.area_m=1000",
            "radio.traffic=neighbor",
            "radio.traffic_bytes=1000",
            "radio.traffic_ms=1800000",
            "radio.capture_db=1",
        ];
        let (_, notes) = run("lora", 5, &[&base, settings].concat(), 12 * HOUR);
        let [sent, complete] = [COUNTER.messages_sent, COUNTER.messages_complete].map(|one| notes.count(one));
        complete * 100 / sent
    };
    let (good, bad) = (share(&[]), share(&["radio.crc_signed=on"]));
    assert!(good > 90 && bad < 8, "six fragments: {good} % against {bad} %, where 1.6 are to be expected");
}

#[test]
fn the_counter_of_a_restarted_host_is_ignored_until_it_is_forgotten() {
    use crate::config::RestartIdentity;
    use crate::sim::command::Command;

    let ignored = |settings: &[&str]| {
        let base = ["genesis.peers=2", "radio.area_m=1000", "radio.traffic=off"];
        let (mut world, mut notes) = run("lora", 5, &[&base, settings].concat(), 3 * HOUR);
        let peer = world.hosts()[0].id();
        world.apply(Command::Restart { peer, identity: RestartIdentity::Keep }, &mut notes).unwrap();
        world.run_until(Tick(5 * HOUR), &mut notes);
        notes.count(COUNTER.beacons_ignored)
    };
    assert_eq!(ignored(&[]), 0);
    assert!(ignored(&["radio.counter_lost=on"]) >= 3, "those of 20 minutes");
}

#[test]
fn two_runs_are_equal_and_another_seed_is_not() {
    let print = |seed| run("lora", seed, &["genesis.peers=20"], HOUR).0.fingerprint();
    assert_eq!(print(1), print(1));
    assert_ne!(print(1), print(2));
}

#[test]
fn the_division_into_shards_cannot_be_observed() {
    let scenario = Scenario::preset("lora").unwrap();
    let print = |bits: u32| {
        let mut notes = Notes::default();
        let mut world = World::new(9, scenario.config.clone(), &mut notes);
        world.divide_finely(bits);
        world.run_until(Tick(HOUR / 2), &mut notes);
        world.fingerprint()
    };
    assert_eq!(print(0), print(4));
}

#[test]
fn elections_complete_on_the_air_within_the_law() {
    let (world, notes) = run("lifecycle-radio", 1, &[], 24 * 30_000);
    let elections = notes.tally.elections();
    assert!(elections.completed * 2 > elections.started && elections.completed > 20, "{elections:?}");
    let messages = notes.tally.messages(0);
    assert_eq!(messages.total, messages.taken(), "no message goes over a link of its own");
    assert_eq!(notes.count(COUNTER.violations), 0);
    let connected = |host: &crate::sim::host::Host| {
        host.node().peers().count(crate::protocol::event::PeerStateKind::Connected)
    };
    assert!(world.hosts().iter().all(|host| connected(host) >= 3));
}

#[test]
fn gateways_hold_sessions_with_one_another_and_other_hosts_none() {
    let (world, notes) = run("full-stack", 1, &["genesis.peers=30"], 180_000);
    let open = |host: &crate::sim::host::Host| {
        let layers = &host.stack().lower().unwrap().layers;
        layers.session.get().unwrap().all().iter().filter(|one| one.is_open()).count()
    };
    for host in world.hosts() {
        let is_gateway = world.directory().listening(host.id()).plan_index() < 10;
        assert_eq!(open(host), if is_gateway { 9 } else { 0 });
    }
    let carried = notes.tally.packets(LayerId::Session).sent;
    assert!(carried[14] > 0, "gateways elect one another in sessions");
    let manages = |host: &crate::sim::host::Host| {
        let layers = &host.stack().lower().unwrap().layers;
        layers.manager.get().unwrap().known().len()
    };
    for host in world.hosts() {
        let is_gateway = world.directory().listening(host.id()).plan_index() < 10;
        assert_eq!(manages(host), if is_gateway { 9 } else { 0 }, "others are not on the internet");
    }
    assert!(notes.count(COUNTER.messages_complete) > 0, "and all others on the air");
    assert_eq!(notes.count(COUNTER.violations), 0);
}

/// Blocks are proposed, voted on and committed over radio and sessions alone.
#[test]
fn blocks_commit_on_the_air() {
    let load = ["genesis.peers=30", "load.from_round=6", "load.until_round=12"];
    let (world, notes) = run("full-stack", 1, &load, 24 * 90_000);
    assert_eq!(notes.tally.packets(LayerId::Consensus).total(), 0, "no message goes over a link of its own");
    let layer = |host: &crate::sim::host::Host| {
        let layers = &host.stack().lower().unwrap().layers;
        layers.consensus.get().unwrap().store().len()
    };
    let storing = world.hosts().iter().filter(|host| layer(host) > 0).count();
    assert!(storing > 15, "{storing} of 30 peers have committed a block");
}
