//! Synchronization of blocks.

use super::*;
use crate::config::RestartIdentity;

fn heights(world: &World) -> Vec<u32> {
    all(world).map(|layer| layer.sync().unwrap().height()).collect()
}

fn after(preset: &str, seconds: u64, settings: &[&str]) -> (World, Notes) {
    let mut notes = Notes::default();
    let mut world = world(preset, 7, settings, &mut notes);
    world.run_until(Tick(seconds * SECOND), &mut notes);
    (world, notes)
}

const REQUESTED: SessionEvent = SessionEvent::Requested;

#[test]
fn a_host_at_height_0_catches_up_in_25_rounds_of_101_blocks() {
    let (world, notes) = after("sessions-claimed", 60, &["genesis.peers=2", "sync.behind=1"]);
    assert_eq!((heights(&world), notes.count(REQUESTED)), (vec![2_480; 2], 25));
    let (world, notes) = after("sessions-shipped", 3_600, &[]);
    assert!(heights(&world).contains(&0), "as shipped it stays there");
    assert_eq!(notes.count(REQUESTED), 2);
}

#[test]
fn pipelined_requests_are_spread_over_peers_and_survive_gaps() {
    let pipelined = ["sync.mode=pipelined", "network.loss=0.05"];
    let (world, notes) = after("sessions", 60, &pipelined);
    assert!(heights(&world).iter().all(|height| *height == 2_480), "{:?}", heights(&world));
    assert!(notes.count(REQUESTED) >= 2 * 50, "fifty blocks each");
    let slow = ["sync.mode=pipelined", "session.slow_readers=3", "session.read_delay_ms=2000"];
    assert!(heights(&after("sessions", 590, &slow).0).iter().all(|height| *height == 2_480));
}

#[test]
fn the_gate_lets_no_host_with_a_single_peer_catch_up() {
    let alone = ["genesis.peers=2", "sync.behind=1", "sync.gate=three-masternodes"];
    assert_eq!(heights(&after("sessions-claimed", 900, &alone).0).into_iter().min(), Some(0));
}

#[test]
fn a_stuck_flag_outlives_its_session_and_without_it_the_host_catches_up() {
    let run = |settings: &[&str]| {
        let alone =
            ["genesis.peers=2", "sync.behind=1", "network.latency_min=500", "network.latency_max=500"];
        let mut notes = Notes::default();
        let mut world = world("sessions-claimed", 7, &[&alone[..], settings].concat(), &mut notes);
        while notes.count(REQUESTED) == 0 {
            world.run_until(Tick(world.now().0 + 1), &mut notes);
        }
        let peer = world.hosts()[usize::from(heights(&world)[0] == 0)].id();
        world.apply(Command::Restart { peer, identity: RestartIdentity::Keep }, &mut notes).unwrap();
        world.run_until(Tick(1_200 * SECOND), &mut notes);
        heights(&world).into_iter().min()
    };
    assert_eq!(run(&["sync.stuck_flag=on"]), Some(0));
    assert!(run(&[]) >= Some(2_480));
}

#[test]
fn a_request_by_ip_and_port_finds_no_accepted_session() {
    let asked = ["sync.acceptors_ask=on", "session.tie_break=numeric", "sync.gate=none"];
    let alone = [&asked[..], &["genesis.peers=2", "sync.behind=1"]].concat();
    let by = |key: &str| {
        let setting = format!("sync.catch_up_key={key}");
        heights(&after("sessions-claimed", 300, &[&alone[..], &[&setting]].concat()).0).into_iter().min()
    };
    assert_eq!((by("ip"), by("ip-port")), (Some(2_480), Some(0)));
}

#[test]
fn a_restart_keeps_the_chain_on_disk_or_loses_it() {
    for (keep, expected) in [("on", 2_480), ("off", 0)] {
        let setting = format!("sync.keep={keep}");
        let settings = ["sync.behind=6", "sync.initial_height=2480", "sync.production=off", setting.as_str()];
        let mut notes = Notes::default();
        let mut world = world("sessions", 7, &["sync.production=off", "sync.behind=1", &setting], &mut notes);
        world.run_until(Tick(30 * SECOND), &mut notes);
        assert_eq!(heights(&world), [2_480; 6], "{settings:?}");
        let low = |index: &usize| plan::index(world.directory().listening(world.hosts()[*index].id())) == 0;
        let index = (0..6).find(low).unwrap();
        let peer = world.hosts()[index].id();
        world.apply(Command::Restart { peer, identity: RestartIdentity::Keep }, &mut notes).unwrap();
        assert_eq!(heights(&world)[index], expected, "{keep}");
    }
}

#[test]
fn a_block_in_each_slot_reaches_every_host() {
    let (world, notes) = after("sessions", 605, &["sync.block_ms=60000", "sync.behind=0"]);
    assert_eq!((heights(&world), notes.count(SessionEvent::Produced)), (vec![2_490; 6], 10));
}

#[test]
fn answers_that_go_to_the_latest_request_are_lost_where_they_come_late() {
    let run = |settings: &[&str]| {
        let late = ["sync.behind=1", "sync.mode=pipelined", "session.slow_readers=5"];
        let (world, notes) =
            after("sessions", 300, &[&late[..], &["session.read_delay_ms=2000"], settings].concat());
        (heights(&world).into_iter().min().unwrap(), notes.count(SessionEvent::Mismatched))
    };
    let (apart, none) = run(&[]);
    let (together, lost) = run(&["sync.lifo_replies=on"]);
    assert!(none == 0 && lost > 0 && together < apart, "{together} with {lost} lost, {apart} without");
}
