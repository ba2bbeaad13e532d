//! Faults of peers: pauses, crashes, wrong clocks, churn and sybils.

use ringside_core::base::id::PeerId;
use ringside_core::base::ratio::Ratio;
use ringside_core::base::ring::distance;
use ringside_core::base::time::Direction;
use ringside_core::config::Behavior;
use ringside_core::protocol::event::Cause;
use ringside_core::protocol::event::PeerStateKind;
use ringside_core::protocol::message::MessageKind;
use ringside_core::protocol::peer_table::PeerState;
use ringside_core::sim::command::Command;
use ringside_core::sim::host::Host;
use ringside_core::sim::host::HostStatus;
use ringside_core::stack::adversary::Adversary;
use ringside_core::study::simulation::Simulation;

use crate::{ids, inject, run_with, set, started};

#[test]
fn a_paused_peer_does_nothing_and_then_receives_all_waiting_messages() {
    let mut run = started();
    let peer = ids(&run)[5];
    inject(&mut run, Command::Pause { peer });
    assert!(run.inject(Command::Pause { peer }).is_err(), "it is paused already");
    run.tick(30);
    let host = run.world().host(peer).expect("it exists");
    assert_eq!(host.status(), HostStatus::Paused);
    let undeliverable = run.metrics().messages.undeliverable;
    inject(&mut run, Command::Resume { peer });
    run.tick(30);
    assert_eq!(run.metrics().messages.undeliverable, undeliverable, "waiting messages have arrived");
    assert_eq!(run.world().host(peer).expect("it exists").status(), HostStatus::Running);
}

#[test]
fn a_goodbye_ends_connections_at_once_and_a_crash_does_not() {
    let holders = |run: &Simulation, peer: PeerId| {
        let knows =
            |host: &&Host| host.node().peers().of_kind(PeerStateKind::Connected).any(|other| other == peer);
        run.world().hosts().iter().filter(knows).count()
    };
    let mut run = started();
    let peer = ids(&run)[2];
    assert!(holders(&run, peer) > 4);
    let mut crashed = run.clone();
    inject(&mut run, Command::Leave { peer });
    inject(&mut crashed, Command::Crash { peer });
    run.tick(8);
    crashed.tick(8);
    assert!(holders(&run, peer) <= 1, "a goodbye can be lost");
    assert!(holders(&crashed, peer) > 4);
}

#[test]
fn the_ring_closes_again_after_a_mass_expiry_and_a_flash_crowd() {
    let mut run = started();
    inject(&mut run, Command::Expire { share: Ratio::from_millionths(400_000) });
    assert_eq!(run.metrics().peers.running, 10);
    inject(&mut run, Command::Arrive { count: 8, contacts: 2, coverage: Ratio::from_millionths(950_000) });
    run.tick(900);
    let shape = run.shape();
    assert_eq!((shape.running, shape.mutual_components.count), (18, 1));
}

#[test]
fn clocks_can_be_shifted_and_drift() {
    let mut run = started();
    let (ahead, slow) = (ids(&run)[1], ids(&run)[2]);
    inject(&mut run, Command::Skew { peer: ahead, rounds: 500, direction: Direction::Ahead });
    inject(&mut run, Command::Drift { peer: slow, rate: 500 });
    let local_clock = |run: &Simulation, peer| run.world().host(peer).expect("it exists").local_clock();
    assert_eq!((local_clock(&run, ahead).skew, local_clock(&run, slow).rate), (500, 500));
    run.tick(200);
    assert!(
        run.metrics().transitions.iter().any(|moved| moved.cause == Cause::Silence),
        "to a clock that jumps ahead all others have been silent"
    );
    inject(&mut run, Command::Skew { peer: ahead, rounds: 0, direction: Direction::Ahead });
    inject(&mut run, Command::Drift { peer: slow, rate: 1_000 });
    run.tick(600);
    assert_eq!(run.shape().mutual_components.count, 1);
}

#[test]
fn a_clock_that_is_set_back_postpones_no_deadline() {
    let mut run = run_with(&[]);
    run.tick(300);
    let peer = ids(&run)[3];
    inject(&mut run, Command::Skew { peer, rounds: 290, direction: Direction::Behind });
    run.tick(40);
    ids(&run).into_iter().filter(|other| *other != peer).for_each(|other| {
        inject(&mut run, Command::Crash { peer: other });
    });
    // Its clock shows round 50, and contacts since the change are of round 10 or later.
    let heard_since = |run: &Simulation| {
        let table = run.world().host(peer).expect("it exists").node().peers();
        let is_new = |state: &PeerState| matches!(state, PeerState::Connected { heard, .. } if heard.0 <= 50);
        table.iter().filter(|(_, state)| is_new(state)).count()
    };
    assert!(heard_since(&run) > 0);
    run.tick(210);
    assert_eq!(heard_since(&run), 0, "no message for more than 200 rounds");
}

#[test]
fn newcomers_know_the_contacts_of_their_bootstrap_rule() {
    let known = |bootstrap: &str| {
        let mut run = started();
        set(&mut run, bootstrap);
        let before = ids(&run);
        inject(&mut run, Command::Arrive { count: 1, contacts: 3, coverage: Ratio::ONE });
        let newcomer = ids(&run).into_iter().find(|peer| !before.contains(peer)).expect("it has come");
        let host = run.world().host(newcomer).expect("it has come");
        let known: Vec<PeerId> = host.node().peers().iter().map(|(peer, _)| peer).collect();
        let mut nearest = before.clone();
        nearest.sort_by_key(|peer| distance(peer.get(), newcomer.get()));
        nearest.truncate(3);
        nearest.sort();
        (known, nearest, before[..3].to_vec())
    };
    let (random, nearest, listed) = known("genesis.bootstrap=random");
    assert!(random.len() == 3 && random != nearest && random != listed);
    let (found, nearest, _) = known("genesis.bootstrap=nearest");
    assert_eq!(found, nearest);
    let (found, _, listed) = known("genesis.bootstrap=listed");
    assert_eq!(found, listed);
}

#[test]
fn a_crashed_peer_returns_with_its_table() {
    let mut run = started();
    let peers = ids(&run);
    let (peer, gone) = (peers[2], peers[3]);
    let knows = |run: &Simulation| {
        let host = run.world().host(peer).expect("it exists");
        host.node().peers().of_kind(PeerStateKind::Connected).any(|other| other == gone)
    };
    assert!(knows(&run), "they are neighbours");
    inject(&mut run, Command::Crash { peer });
    inject(&mut run, Command::Leave { peer: gone });
    run.tick(300);
    inject(&mut run, Command::Return { peer });
    assert!(knows(&run), "it has missed the goodbye");
    run.tick(600);
    assert!(!knows(&run), "it has dropped the departed peer");
    assert_eq!(run.shape().mutual_components.count, 1);
}

#[test]
fn arrivals_and_sessions_follow_their_distributions() {
    let mut run = run_with(&["churn.arrivals=200", "genesis.join_contacts=3"]);
    run.tick(500);
    let arrived = run.metrics().peers.running - 16;
    assert!((70..130).contains(&arrived), "a hundred are expected in 500 rounds, not {arrived}");

    for sessions in ["exponential", "weibull", "heavy-tailed"] {
        let rule = format!("churn.sessions={sessions}");
        let mut run = run_with(&[&rule, "churn.session_rounds=200", "churn.goodbye_share=0.5"]);
        run.tick(400);
        let left = 16 - run.metrics().peers.running;
        assert!((8..=16).contains(&left), "{sessions}: {left}");
        assert!(run.metrics().messages.sent(MessageKind::Goodbye) > 0, "{sessions}");
    }

    let mut run =
        run_with(&["churn.sessions=exponential", "churn.session_rounds=50", "churn.return_share=1"]);
    run.tick(400);
    let peers = run.metrics().peers;
    assert_eq!(peers.running + peers.crashed, 16, "all return");
    assert!(peers.running > 4 && peers.crashed > 0, "{peers:?}");
}

#[test]
fn sybils_join_next_to_their_victim() {
    let mut run = started();
    let victim = ids(&run)[7];
    inject(&mut run, Command::Sybils { near: victim, count: 5, conduct: Behavior::Eclipser });
    let mut near = ids(&run);
    near.sort_by_key(|peer| distance(peer.get(), victim.get()));
    let conduct = |peer: &PeerId| {
        let host = run.world().host(*peer).expect("it exists");
        host.adversary().map_or(Behavior::Honest, Adversary::conduct)
    };
    assert!(near[1..6].iter().all(|peer| conduct(peer) == Behavior::Eclipser));
    assert_eq!(run.metrics().adversary_impact.adversaries, 5);
}
