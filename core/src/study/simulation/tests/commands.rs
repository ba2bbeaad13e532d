//! Commands from the scenario and from outside.

use super::*;
use crate::base::id::PeerId;

#[test]
fn to_intervene_before_the_claim_drops_the_verdict_and_after_it_keeps_it() {
    let mut opened = reopened(&run_to(50));
    opened.run_until(Tick(49));
    opened.inject(Command::Heal).unwrap();
    assert_eq!(opened.verdict(), ReproductionStatus::None);
    opened.run_until(Tick(50));
    assert_eq!(opened.verdict(), ReproductionStatus::None);

    let mut opened = reopened(&run_to(50));
    opened.run_until(Tick(50));
    opened.inject(Command::Heal).unwrap();
    assert_eq!(opened.verdict(), ReproductionStatus::Reproduced { tick: 50 });

    let mut opened = reopened(&run_to(50));
    opened.run_until(Tick(49));
    let nobody = Command::Crash { peer: PeerId::new(5) };
    assert!(opened.inject(nobody).is_err());
    assert_eq!(
        opened.verdict(),
        ReproductionStatus::Pending { tick: 50 },
        "what was refused has changed nothing"
    );
}

#[test]
fn what_is_injected_lands_between_what_is_scheduled() {
    let mut scenario = scenario();
    scenario.commands = vec![at(10, set(LOSSY)), at(30, set("network.loss=0"))];
    let mut run = Simulation::new(scenario);
    run.run_until(Tick(10));
    run.inject(Command::Join { count: 1 }).unwrap();
    run.run_until(Tick(20));
    run.inject(Command::Join { count: 2 }).unwrap();
    run.inject(Command::Heal).unwrap();
    run.run_until(Tick(30));
    run.inject(set(LOSSY)).unwrap();
    let expected = [
        at(10, set(LOSSY)),
        at(10, Command::Join { count: 1 }),
        at(20, Command::Join { count: 2 }),
        at(20, Command::Heal),
        at(30, set("network.loss=0")),
        at(30, set(LOSSY)),
    ];
    assert_eq!(run.scenario().commands, expected);
    run.run_until(Tick(77));
    assert_eq!(run.world().config().network.loss.millionths(), 500_000, "the last word counts");
    assert_eq!(run.world().hosts().len(), 9);

    let mut opened = reopened(&run);
    assert_eq!(opened.scenario(), run.scenario());
    opened.run_until(Tick(77));
    assert_eq!(opened.verdict(), ReproductionStatus::Reproduced { tick: 77 });
    assert_eq!(opened.metrics(), run.metrics());
    assert_eq!(opened.history().samples(), run.history().samples());
}

#[test]
fn a_run_may_begin_with_an_intervention() {
    let mut run = Simulation::new(scenario());
    run.inject(Command::Join { count: 3 }).unwrap();
    assert_eq!(reopened(&run).verdict(), ReproductionStatus::Reproduced { tick: 0 });
    assert_eq!(reopened(&run).world().hosts().len(), 9);
}

#[test]
fn what_cannot_be_carried_out_is_reported_and_the_run_goes_on() {
    let nobody = PeerId::new(5);
    let mut scenario = scenario();
    let arc = Arc { from: 0, to: ring::HALF };
    scenario.commands =
        vec![at(7, Command::Crash { peer: nobody }), at(7, Command::Cut { arc }), at(9, Command::Heal)];
    scenario.commands.push(at(9, Command::Leave { peer: nobody }));
    let mut run = Simulation::new(scenario);
    run.run_until(Tick(7));
    assert_eq!(run.world().network().cut(), Some(arc), "the command after a refused one is carried out");
    run.inject(Command::Join { count: 1 }).unwrap();
    run.run();
    let refused: Vec<_> =
        run.refused().iter().map(|refusal| (refusal.tick, refusal.problem.path.as_str())).collect();
    assert_eq!(
        refused,
        [(7, "commands[0].peer"), (9, "commands[4].peer")],
        "places in the scenario as it is"
    );
    assert_eq!(run.world().network().cut(), None);
    assert_eq!(run.now(), run.end());
}

#[test]
fn what_cannot_be_injected_leaves_no_trace() {
    let mut run = run_to(20);
    let before = (run.fingerprint(), run.link(), run.metrics());
    for (command, path) in [
        (Command::Return { peer: PeerId::new(5) }, "peer"),
        (Command::Join { count: 0 }, "count"),
        (Command::Cut { arc: Arc { from: 3, to: 3 } }, "to"),
        (set("genesis.peers=9"), "genesis.peers"),
        (set("network.latency_min=9"), "network.latency_min"),
    ] {
        assert_eq!(run.inject(command).unwrap_err().path, path);
    }
    assert_eq!((run.fingerprint(), run.link(), run.metrics()), before);
    assert_eq!(run.refused(), []);
}

#[test]
fn a_run_takes_only_so_many_commands() {
    let mut run = Simulation::new(scenario());
    for _ in 0..MAX_COMMANDS {
        run.inject(Command::Heal).unwrap();
    }
    assert_eq!(run.inject(Command::Heal).unwrap_err().path, "command");
    assert_eq!(run.scenario().commands.len(), MAX_COMMANDS);
}
