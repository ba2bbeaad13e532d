//! Commands as such: reproduction by links, refusals, and strict parsing.

use std::num::NonZeroU32;

use ringside_core::base::id::PeerId;
use ringside_core::base::ratio::Ratio;
use ringside_core::base::ring::Arc;
use ringside_core::base::time::Direction;
use ringside_core::base::time::Tick;
use ringside_core::config::Behavior;
use ringside_core::config::StorageFault;
use ringside_core::scenario::command::parse_command;
use ringside_core::scenario::raw::Value;
use ringside_core::sim::command::Command;
use ringside_core::study::simulation::Simulation;

use crate::{ids, inject, set, started};

#[test]
fn a_link_reproduces_every_command() {
    let mut run = started();
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
fn impossible_commands_change_nothing_and_give_a_reason() {
    let mut run = started();
    let unknown = PeerId::new(12_345);
    let (before, peer) = (run.fingerprint(), ids(&run)[0]);
    let impossible = [
        (Command::Pause { peer: unknown }, "peer"),
        (Command::Resume { peer }, "peer"),
        (Command::Isolate { peer: unknown }, "peer"),
        (Command::Drift { peer: unknown, rate: 900 }, "peer"),
        (Command::Hold { from: unknown, to: peer }, "from"),
        (Command::Hold { from: peer, to: unknown }, "to"),
        (Command::Release { from: peer, to: unknown }, "to"),
        (Command::CutOneWay { arc: Arc { from: 5, to: 5 } }, "to"),
        (Command::CutRegions { regions: 1 }, "regions"),
        (Command::Drift { peer, rate: 0 }, "rate"),
        (Command::Join { count: 0 }, "count"),
        (Command::Arrive { count: 99_999, contacts: 1, coverage: Ratio::ONE }, "count"),
        (Command::Sybils { near: peer, count: 99_999, conduct: Behavior::Forger }, "count"),
    ];
    for (command, path) in impossible {
        let problem = run.inject(command).expect_err("refused");
        assert_eq!(problem.path, path, "{command:?}");
        assert!(!problem.remedy.is_empty());
        assert_eq!(run.fingerprint(), before, "{command:?}");
    }
    for salt in 0..16 {
        inject(&mut run, Command::CutHalves { salt });
    }
    assert_eq!(
        run.inject(Command::CutHalves { salt: 16 }).expect_err("the limit of partitions").path,
        "kind"
    );
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
        let problem = read(json).expect_err("invalid");
        assert!(problem.contains(message), "{json}: {problem}");
    }
}

#[test]
fn single_ticks_and_one_long_run_agree_under_faults() {
    let mut run = started();
    inject(&mut run, Command::CutHalves { salt: 3 });
    let mut stepped = run.clone();
    run.run_until(Tick(220));
    while stepped.now() < Tick(220) {
        stepped.tick(1);
    }
    assert_eq!(stepped.fingerprint(), run.fingerprint());
}
