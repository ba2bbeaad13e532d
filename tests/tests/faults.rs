//! What an operator can do to a world has the effect that it says, and no other.

use ringside_core::base::id::{BlockId, PeerId};
use ringside_core::base::ratio::Ratio;
use ringside_core::base::ring::Arc;
use ringside_core::base::time::{Direction, Tick};
use ringside_core::config::knob::Setting;
use ringside_core::config::{Behavior, StorageFault};
use ringside_core::observe::invariant::PropertyStatus;
use ringside_core::protocol::message::MessageKind;
use ringside_core::protocol::peer_table::PeerState;
use ringside_core::protocol::token::Rank;
use ringside_core::scenario::Scenario;
use ringside_core::scenario::command::parse_command;
use ringside_core::scenario::raw::Value;
use ringside_core::sim::command::Command;
use ringside_core::sim::host::HostStatus;
use ringside_core::study::simulation::Simulation;
use std::num::NonZeroU32;

fn run_with(settings: &[&str]) -> Simulation {
    let mut scenario = Scenario::preset("improved").expect("a preset");
    for text in ["genesis.peers=16", "tokens.total=30000"].iter().chain(settings) {
        scenario.with_setting(Setting::parse_text(text).expect("a setting"));
    }
    assert_eq!(scenario.check(), []);
    Simulation::new(scenario)
}

/// A world in which everybody is at home.
fn settled() -> Simulation {
    let mut run = run_with(&[]);
    run.tick(150);
    assert_eq!(run.shape().mutual_components.count, 1);
    run
}

fn ids(run: &Simulation) -> Vec<PeerId> {
    run.world().hosts().iter().map(ringside_core::sim::host::Host::id).collect()
}

fn inject(run: &mut Simulation, command: Command) {
    run.inject(command).expect("it can be carried out");
}

fn set(run: &mut Simulation, text: &str) {
    inject(run, Command::Set(Setting::parse_text(text).expect("a setting")));
}

/// Messages stopped while ticks go by.
fn cut_during(run: &mut Simulation, ticks: u64) -> u64 {
    let before = run.metrics().messages.cut;
    run.tick(ticks);
    run.metrics().messages.cut - before
}

#[test]
fn partitions_stop_messages_and_healing_lets_them_pass() {
    let half = Arc { from: 0, to: 1 << 63 };
    let peer = ids(&settled())[3];
    let partitions = [
        Command::Cut { arc: half },
        Command::CutOneWay { arc: half },
        Command::CutHalves { salt: 7 },
        Command::CutRegions { regions: 4 },
        Command::Isolate { peer },
    ];
    for partition in partitions {
        let mut run = settled();
        inject(&mut run, partition);
        assert!(cut_during(&mut run, 60) > 0, "{partition:?}");
        inject(&mut run, Command::Heal);
        assert_eq!(cut_during(&mut run, 60), 0, "{partition:?}");
    }
}

#[test]
fn a_flapping_partition_lets_some_messages_pass() {
    let mut run = settled();
    inject(&mut run, Command::CutHalves { salt: 1 });
    inject(&mut run, Command::Flap { period: NonZeroU32::new(40).expect("not 0") });
    let holds: Vec<bool> = (0..8).map(|_| cut_during(&mut run, 40) > 0).collect();
    assert!(holds.contains(&true) && holds.contains(&false), "{holds:?}");
}

#[test]
fn held_messages_arrive_when_they_are_released() {
    let mut run = settled();
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
fn held_messages_may_be_released_one_by_one_in_any_order() {
    let mut run = settled();
    let peers = ids(&run);
    let in_flight = |run: &Simulation| run.metrics().messages.in_flight;
    let (from, to) = (peers[0], peers[1]);
    assert!(run.inject(Command::ReleaseOne { from, to, place: 0 }).is_err(), "nothing is held");
    inject(&mut run, Command::Hold { from, to });
    while run.inject(Command::ReleaseOne { from, to, place: 2 }).is_err() {
        run.tick(1);
        assert!(run.now() < Tick(2_000), "neighbours have something to say");
    }
    let third = run.fingerprint();
    assert!(run.inject(Command::ReleaseOne { from, to, place: 2 }).is_err(), "two are left");
    assert_eq!(run.fingerprint(), third);
    inject(&mut run, Command::ReleaseOne { from, to, place: 0 });
    // Nobody else says anything while all are paused, and those two arrive.
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
    let mut run = settled();
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
fn a_paused_peer_does_nothing_and_then_gets_all_that_waited() {
    let mut run = settled();
    let peer = ids(&run)[5];
    inject(&mut run, Command::Pause { peer });
    assert!(run.inject(Command::Pause { peer }).is_err(), "it is paused already");
    run.tick(30);
    let host = run.world().host(peer).expect("it exists");
    assert_eq!(host.status(), HostStatus::Paused);
    let undeliverable = run.metrics().messages.undeliverable;
    inject(&mut run, Command::Resume { peer });
    run.tick(30);
    assert_eq!(run.metrics().messages.undeliverable, undeliverable, "what waited has arrived");
    assert_eq!(run.world().host(peer).expect("it exists").status(), HostStatus::Running);
}

#[test]
fn a_goodbye_ends_connections_at_once_and_a_crash_does_not() {
    let holders = |run: &Simulation, peer: PeerId| {
        let knows = |host: &&ringside_core::sim::host::Host| {
            host.node()
                .peers()
                .with(ringside_core::protocol::event::PeerStateKind::Connected)
                .any(|other| other == peer)
        };
        run.world().hosts().iter().filter(knows).count()
    };
    let mut run = settled();
    let peer = ids(&run)[2];
    assert!(holders(&run, peer) > 4);
    let mut crashed = run.clone();
    inject(&mut run, Command::Leave { peer });
    inject(&mut crashed, Command::Crash { peer });
    run.tick(8);
    crashed.tick(8);
    assert!(holders(&run, peer) <= 1, "a goodbye may be lost");
    assert!(holders(&crashed, peer) > 4);
}

#[test]
fn the_ring_closes_again_after_a_mass_expiry_and_a_flash_crowd() {
    let mut run = settled();
    inject(&mut run, Command::Expire { share: Ratio::from_millionths(400_000) });
    assert_eq!(run.metrics().peers.running, 10);
    inject(&mut run, Command::Arrive { count: 8, contacts: 2, coverage: Ratio::from_millionths(950_000) });
    run.tick(900);
    let shape = run.shape();
    assert_eq!((shape.running, shape.mutual_components.count), (18, 1));
}

#[test]
fn clocks_may_be_wrong_and_go_wrong() {
    let mut run = settled();
    let (ahead, slow) = (ids(&run)[1], ids(&run)[2]);
    inject(&mut run, Command::Skew { peer: ahead, rounds: 500, direction: Direction::Ahead });
    inject(&mut run, Command::Drift { peer: slow, rate: 500 });
    let watch = |run: &Simulation, peer| run.world().host(peer).expect("it exists").local_clock();
    assert_eq!((watch(&run, ahead).skew, watch(&run, slow).rate), (500, 500));
    run.tick(200);
    assert!(
        run.metrics()
            .transitions
            .iter()
            .any(|moved| moved.cause == ringside_core::protocol::event::Cause::Silence),
        "by a clock that jumps ahead all others have been silent"
    );
    inject(&mut run, Command::Skew { peer: ahead, rounds: 0, direction: Direction::Ahead });
    inject(&mut run, Command::Drift { peer: slow, rate: 1_000 });
    run.tick(600);
    assert_eq!(run.shape().mutual_components.count, 1);
}

#[test]
fn a_clock_that_is_put_back_puts_no_deadline_off() {
    let mut run = run_with(&[]);
    run.tick(300);
    let peer = ids(&run)[3];
    inject(&mut run, Command::Skew { peer, rounds: 290, direction: Direction::Behind });
    run.tick(40);
    ids(&run).into_iter().filter(|other| *other != peer).for_each(|other| {
        inject(&mut run, Command::Crash { peer: other });
    });
    // By its clock it is round 50, and those of whom it has heard since were heard of in round 10 or later.
    let heard_since = |run: &Simulation| {
        let table = run.world().host(peer).expect("it exists").node().peers();
        let is_new = |state: &PeerState| matches!(state, PeerState::Connected { heard, .. } if heard.0 <= 50);
        table.iter().filter(|(_, state)| is_new(state)).count()
    };
    assert!(heard_since(&run) > 0);
    run.tick(210);
    assert_eq!(heard_since(&run), 0, "for more than 200 rounds nobody has said a word");
}

#[test]
fn lost_tokens_are_gone() {
    let mut run = settled();
    let peer = ids(&run)[4];
    let held = |run: &Simulation| run.world().host(peer).expect("it exists").token_set().count();
    let before = held(&run);
    inject(&mut run, Command::Lose { peer, share: Ratio::from_millionths(500_000) });
    let share = f64::from(held(&run)) / f64::from(before);
    assert!((0.48..0.52).contains(&share), "{share}");
}

/// The blocks of all tokens, as a peer holds them.
fn blocks(run: &Simulation, peer: PeerId) -> Vec<Option<BlockId>> {
    let (world, host) = (run.world(), run.world().host(peer).expect("it exists"));
    let block = |rank| {
        let holds = host.token_set().holds(rank);
        holds.then(|| host.token_set().mapping(world.universe(), rank).block)
    };
    (0..world.universe().len()).map(Rank).map(block).collect()
}

/// The share of the tokens that both hold of which they have different blocks.
fn difference(one: &[Option<BlockId>], other: &[Option<BlockId>]) -> f64 {
    let both: Vec<(BlockId, BlockId)> =
        one.iter().zip(other).filter_map(|(one, other)| one.zip(*other)).collect();
    let differ = both.iter().filter(|(one, other)| one != other).count();
    f64::from(u32::try_from(differ).expect("few")) / f64::from(u32::try_from(both.len()).expect("few"))
}

#[test]
fn one_peer_may_fall_behind_or_believe_otherwise_and_be_put_right() {
    let mut run = settled();
    let (one, other, third) = (ids(&run)[4], ids(&run)[5], ids(&run)[6]);
    let before = [one, other, third].map(|peer| blocks(&run, peer));
    let sound = run.fingerprint();
    let spoil = |run: &mut Simulation, peer, harm, millionths| {
        inject(run, Command::Spoil { peer, harm, share: Ratio::from_millionths(millionths) });
    };
    for (harm, alike) in [(StorageFault::Stale, false), (StorageFault::Conflicting, true)] {
        spoil(&mut run, one, harm, 300_000);
        spoil(&mut run, other, harm, 300_000);
        let after = [one, other, third].map(|peer| blocks(&run, peer));
        let changed = difference(&before[0], &after[0]);
        assert!((0.28..0.32).contains(&changed), "{harm:?}: {changed}");
        assert_eq!(after[2], before[2], "{harm:?}: nothing has befallen the third");
        assert_eq!(
            difference(&after[0], &after[1]) == 0.0,
            alike,
            "{harm:?}: in conflict with the world, not with one another"
        );
        assert_ne!(run.fingerprint(), sound, "{harm:?}");
        set(&mut run, "tokens.stale_share=0");
        assert_eq!(blocks(&run, one), after[0], "{harm:?}: a turned knob does not put it right");
        spoil(&mut run, one, harm, 0);
        spoil(&mut run, other, harm, 0);
        assert_eq!(blocks(&run, one), before[0], "{harm:?}");
        assert_eq!(run.fingerprint(), sound, "{harm:?}");
    }
}

#[test]
fn what_befalls_the_tokens_of_some_peers_shows_in_their_elections() {
    let (half, all) = (Ratio::from_millionths(500_000), Ratio::ONE);
    let after = |harm: Option<StorageFault>| {
        let mut run = run_with(&["election.splits=contradicting"]);
        run.tick(100);
        if let Some(harm) = harm {
            inject(&mut run, Command::SpoilShare { peers: half, harm, share: all });
        }
        let before = run.metrics();
        run.tick(200);
        let after = run.metrics();
        (
            after.elections.split_brain - before.elections.split_brain,
            after.messages.sent(MessageKind::Answer) - before.messages.sent(MessageKind::Answer),
        )
    };
    let (splits, answers) = after(None);
    assert_eq!(splits, 0);
    assert!(
        after(Some(StorageFault::Conflicting)).0 > 5,
        "half of the peers believe in other blocks, in concert"
    );
    assert!(after(Some(StorageFault::Lost)).1 < answers * 3 / 4, "who holds nothing does not answer");
    assert!(after(Some(StorageFault::Stale)).0 > 5, "who is behind contradicts those who are not");
}

#[test]
fn newcomers_hear_of_those_that_their_bootstrap_names() {
    let known = |bootstrap: &str| {
        let mut run = settled();
        set(&mut run, bootstrap);
        let before = ids(&run);
        inject(&mut run, Command::Arrive { count: 1, contacts: 3, coverage: Ratio::ONE });
        let newcomer = ids(&run).into_iter().find(|peer| !before.contains(peer)).expect("it has come");
        let host = run.world().host(newcomer).expect("it has come");
        let known: Vec<PeerId> = host.node().peers().iter().map(|(peer, _)| peer).collect();
        let mut nearest = before.clone();
        nearest.sort_by_key(|peer| ringside_core::base::ring::distance(peer.get(), newcomer.get()));
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
fn a_crashed_peer_returns_with_what_it_knew() {
    let mut run = settled();
    let peers = ids(&run);
    let (peer, gone) = (peers[2], peers[3]);
    let knows = |run: &Simulation| {
        let host = run.world().host(peer).expect("it exists");
        host.node()
            .peers()
            .with(ringside_core::protocol::event::PeerStateKind::Connected)
            .any(|other| other == gone)
    };
    assert!(knows(&run), "they are neighbours");
    inject(&mut run, Command::Crash { peer });
    inject(&mut run, Command::Leave { peer: gone });
    run.tick(300);
    inject(&mut run, Command::Return { peer });
    assert!(knows(&run), "it has missed that the other left");
    run.tick(600);
    assert!(!knows(&run), "and has found out");
    assert_eq!(run.shape().mutual_components.count, 1);
}

#[test]
fn blocks_in_conflict_split_elections_in_two() {
    let splits = |share: &str| {
        let mut run = run_with(&["election.splits=contradicting"]);
        run.tick(100);
        set(&mut run, share);
        run.tick(200);
        run.metrics().elections.split_brain
    };
    assert_eq!(splits("tokens.conflict_share=0"), 0);
    assert!(splits("tokens.conflict_share=0.5") > 5);
}

#[test]
fn links_may_be_slow_narrow_and_repetitive() {
    let in_flight = |settings: &[&str]| {
        let mut run = run_with(settings);
        run.tick(60);
        run.metrics().messages.in_flight
    };
    let usual = in_flight(&[]);
    assert!(in_flight(&["network.far_links=distance", "network.latency_far=40"]) > 3 * usual);
    assert!(in_flight(&["network.bandwidth=1"]) > 3 * usual);
    assert!(in_flight(&["network.reordering=0.9"]) > usual);
    let mut run = run_with(&["network.duplication=0.5"]);
    run.tick(60);
    let messages = run.metrics().messages;
    let share = messages.total * 45 / 100..messages.total * 55 / 100;
    assert!(share.contains(&messages.duplicated), "{messages:?}");
}

#[test]
fn peers_come_and_go_as_their_distributions_say() {
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
    assert_eq!(peers.running + peers.crashed, 16, "all come back");
    assert!(peers.running > 4 && peers.crashed > 0, "{peers:?}");
}

#[test]
fn sybils_settle_next_to_their_victim() {
    let mut run = settled();
    let victim = ids(&run)[7];
    inject(&mut run, Command::Sybils { near: victim, count: 5, conduct: Behavior::Eclipser });
    let mut near = ids(&run);
    near.sort_by_key(|peer| ringside_core::base::ring::distance(peer.get(), victim.get()));
    let conduct = |peer: &PeerId| {
        let host = run.world().host(*peer).expect("it exists");
        host.adversary().map_or(Behavior::Honest, ringside_core::stack::adversary::Adversary::conduct)
    };
    assert!(near[1..6].iter().all(|peer| conduct(peer) == Behavior::Eclipser));
    assert_eq!(run.metrics().adversary_impact.adversaries, 5);
}

#[test]
fn whatever_is_done_a_link_reproduces_it() {
    let mut run = settled();
    let peers = ids(&run);
    let commands = [
        Command::CutRegions { regions: 3 },
        Command::Flap { period: NonZeroU32::new(7).expect("not 0") },
        Command::Pause { peer: peers[0] },
        Command::Hold { from: peers[1], to: peers[2] },
        Command::Drift { peer: peers[3], rate: 1_700 },
        Command::Skew { peer: peers[4], rounds: 40, direction: Direction::Behind },
        Command::Lose { peer: peers[5], share: Ratio::from_millionths(300_000) },
        Command::CorruptShare { share: Ratio::from_millionths(250_000), conduct: Behavior::Replayer },
        Command::Sybils { near: peers[6], count: 3, conduct: Behavior::Framer },
        Command::Arrive { count: 2, contacts: 4, coverage: Ratio::ONE },
        Command::Expire { share: Ratio::from_millionths(100_000) },
        Command::Spoil { peer: peers[7], harm: StorageFault::Stale, share: Ratio::from_millionths(200_000) },
        Command::SpoilShare {
            peers: Ratio::from_millionths(300_000),
            harm: StorageFault::Conflicting,
            share: Ratio::ONE,
        },
        Command::ReleaseOne { from: peers[1], to: peers[2], place: 0 },
        Command::Heal,
        Command::Resume { peer: peers[0] },
        Command::Release { from: peers[1], to: peers[2] },
    ];
    for command in commands {
        inject(&mut run, command);
        run.tick(9);
    }
    set(&mut run, "churn.arrivals=500");
    set(&mut run, "churn.sessions=weibull");
    set(&mut run, "network.duplication=0.1");
    run.tick(100);
    let mut again = Simulation::open(&run.link().expect("a link")).expect("it opens");
    again.run_until(run.now());
    assert_eq!(again.fingerprint(), run.fingerprint());
    assert_eq!(again.refused(), []);
}

#[test]
fn what_cannot_be_done_changes_nothing_and_says_why() {
    let mut run = settled();
    let nobody = PeerId::new(12_345);
    let (before, peer) = (run.fingerprint(), ids(&run)[0]);
    let impossible = [
        (Command::Pause { peer: nobody }, "peer"),
        (Command::Resume { peer }, "peer"),
        (Command::Isolate { peer: nobody }, "peer"),
        (Command::Drift { peer: nobody, rate: 900 }, "peer"),
        (Command::Hold { from: nobody, to: peer }, "from"),
        (Command::Hold { from: peer, to: nobody }, "to"),
        (Command::Release { from: peer, to: nobody }, "to"),
        (Command::CutOneWay { arc: Arc { from: 5, to: 5 } }, "to"),
        (Command::CutRegions { regions: 1 }, "regions"),
        (Command::Drift { peer, rate: 0 }, "rate"),
        (Command::Join { count: 0 }, "count"),
        (Command::Arrive { count: 99_999, contacts: 1, coverage: Ratio::ONE }, "count"),
        (Command::Sybils { near: peer, count: 99_999, conduct: Behavior::Forger }, "count"),
    ];
    for (command, path) in impossible {
        let problem = run.inject(command).expect_err("it cannot be done");
        assert_eq!(problem.path, path, "{command:?}");
        assert!(!problem.remedy.is_empty());
        assert_eq!(run.fingerprint(), before, "{command:?}");
    }
    for salt in 0..16 {
        inject(&mut run, Command::CutHalves { salt });
    }
    assert_eq!(run.inject(Command::CutHalves { salt: 16 }).expect_err("there are enough").path, "kind");
}

#[test]
fn commands_are_read_strictly() {
    let read = |json: &str| {
        let value: Value = serde_json::from_str(json).expect("JSON");
        parse_command(&value).map_err(|problems| problems[0].to_string())
    };
    assert_eq!(
        read(r#"{ "kind": "corrupt-share", "share": 0.25, "conduct": "forger" }"#),
        Ok(Command::CorruptShare { share: Ratio::from_millionths(250_000), conduct: Behavior::Forger })
    );
    for (json, message) in [
        (r#"{ "kind": "corrupt-share", "share": 0.25, "conduct": "frger" }"#, "did you mean \"forger\"?"),
        (r#"{ "kind": "expire", "share": 1.5 }"#, "command.share: expected a number from 0 to 1"),
        (r#"{ "kind": "drift", "peer": "00ff00ff00ff00ff", "rate": 9 }"#, "from 100 to 4000"),
        (r#"{ "kind": "flap", "period": 0 }"#, "from 1 to"),
        (
            r#"{ "kind": "skew", "peer": "00ff00ff00ff00ff", "rounds": -1, "direction": "ahead" }"#,
            "command.rounds",
        ),
        (r#"{ "kind": "isolte", "peer": "00ff00ff00ff00ff" }"#, "did you mean \"isolate\"?"),
        (r#"{ "kind": "heal", "peer": "00ff00ff00ff00ff" }"#, "the key \"peer\" is unknown"),
    ] {
        let problem = read(json).expect_err("it is wrong");
        assert!(problem.contains(message), "{json}: {problem}");
    }
}

#[test]
fn a_world_stands_still_between_events_whatever_is_wrong_with_it() {
    let mut run = settled();
    inject(&mut run, Command::CutHalves { salt: 3 });
    let mut stepped = run.clone();
    run.run_until(Tick(220));
    while stepped.now() < Tick(220) {
        stepped.tick(1);
    }
    assert_eq!(stepped.fingerprint(), run.fingerprint());
}
