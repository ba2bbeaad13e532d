//! Faults of links: partitions, held messages, and slow or lossy links.

use std::num::NonZeroU32;

use ringside_core::base::id::PeerId;
use ringside_core::base::ring::Arc;
use ringside_core::base::time::Tick;
use ringside_core::observe::invariant::PropertyStatus;
use ringside_core::sim::command::Command;
use ringside_core::study::simulation::Simulation;

use crate::{blocked_during, ids, inject, run_with, started};

#[test]
fn partitions_stop_messages_and_healing_lets_them_pass() {
    let half = Arc { from: 0, to: 1 << 63 };
    let peer = ids(&started())[3];
    let partitions = [
        Command::Cut { arc: half },
        Command::CutOneWay { arc: half },
        Command::CutHalves { salt: 7 },
        Command::CutRegions { regions: 4 },
        Command::Isolate { peer },
    ];
    for partition in partitions {
        let mut run = started();
        inject(&mut run, partition);
        assert!(blocked_during(&mut run, 60) > 0, "{partition:?}");
        inject(&mut run, Command::Heal);
        assert_eq!(blocked_during(&mut run, 60), 0, "{partition:?}");
    }
}

#[test]
fn a_flapping_partition_passes_some_messages() {
    let mut run = started();
    inject(&mut run, Command::CutHalves { salt: 1 });
    inject(&mut run, Command::Flap { period: NonZeroU32::new(40).expect("not 0") });
    let holds: Vec<bool> = (0..8).map(|_| blocked_during(&mut run, 40) > 0).collect();
    assert!(holds.contains(&true) && holds.contains(&false), "{holds:?}");
}

#[test]
fn held_messages_arrive_when_they_are_released() {
    let mut run = started();
    let peers = ids(&run);
    let links: Vec<(PeerId, PeerId)> = peers[1..].iter().map(|to| (peers[0], *to)).collect();
    links.iter().for_each(|(from, to)| inject(&mut run, Command::Hold { from: *from, to: *to }));
    assert!(run.inject(Command::Hold { from: links[0].0, to: links[0].1 }).is_err(), "it is held already");
    run.tick(40);
    let held = run.metrics().messages.in_flight;
    links.iter().for_each(|(from, to)| inject(&mut run, Command::Release { from: *from, to: *to }));
    assert!(run.inject(Command::Release { from: links[0].0, to: links[0].1 }).is_err(), "it is not held");
    run.tick(3);
    assert!(held > 5 && run.metrics().messages.in_flight < held, "{held}");
}

#[test]
fn held_messages_can_be_released_one_by_one_in_any_order() {
    let mut run = started();
    let peers = ids(&run);
    let in_flight = |run: &Simulation| run.metrics().messages.in_flight;
    let (from, to) = (peers[0], peers[1]);
    assert!(run.inject(Command::ReleaseOne { from, to, place: 0 }).is_err(), "nothing is held");
    inject(&mut run, Command::Hold { from, to });
    while run.inject(Command::ReleaseOne { from, to, place: 2 }).is_err() {
        run.tick(1);
        assert!(run.now() < Tick(2_000), "neighbours exchange messages");
    }
    let third = run.fingerprint();
    assert!(run.inject(Command::ReleaseOne { from, to, place: 2 }).is_err(), "two are left");
    assert_eq!(run.fingerprint(), third);
    inject(&mut run, Command::ReleaseOne { from, to, place: 0 });
    // All other peers are paused, so that only these messages arrive.
    peers
        .iter()
        .filter(|peer| **peer != to)
        .for_each(|peer| inject(&mut run, Command::Pause { peer: *peer }));
    let undelivered = in_flight(&run);
    run.tick(1);
    assert!(in_flight(&run) < undelivered);
    let problem = run.inject(Command::ReleaseOne { from, to, place: 1 }).expect_err("one is left");
    assert!(problem.message.contains("1 held from"), "{problem}");
    inject(&mut run, Command::ReleaseOne { from, to, place: 0 });
}

#[test]
fn a_message_that_is_released_to_a_paused_peer_waits_for_it() {
    let mut run = started();
    let (from, to) = (ids(&run)[0], ids(&run)[1]);
    inject(&mut run, Command::Hold { from, to });
    run.tick(100);
    inject(&mut run, Command::Pause { peer: to });
    inject(&mut run, Command::ReleaseOne { from, to, place: 0 });
    inject(&mut run, Command::Release { from, to });
    run.tick(10);
    let undeliverable = run.metrics().messages.undeliverable;
    inject(&mut run, Command::Resume { peer: to });
    run.tick(10);
    assert_eq!(run.metrics().messages.undeliverable, undeliverable);
    assert_eq!(
        run.invariants()
            .iter()
            .filter(|state| matches!(state.status, PropertyStatus::Violated { .. }))
            .count(),
        0
    );
}

#[test]
fn links_can_delay_throttle_and_duplicate() {
    let in_flight = |settings: &[&str]| {
        let mut run = run_with(settings);
        run.tick(60);
        run.metrics().messages.in_flight
    };
    let default = in_flight(&[]);
    assert!(in_flight(&["network.far_links=distance", "network.latency_far=40"]) > 3 * default);
    assert!(in_flight(&["network.bandwidth=1"]) > 3 * default);
    assert!(in_flight(&["network.reordering=0.9"]) > default);
    let mut run = run_with(&["network.duplication=0.5"]);
    run.tick(60);
    let messages = run.metrics().messages;
    let share = messages.total * 45 / 100..messages.total * 55 / 100;
    assert!(share.contains(&messages.duplicated), "{messages:?}");
}
