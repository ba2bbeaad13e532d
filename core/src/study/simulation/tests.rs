//! Runs: what links claim about them, and commands from inside and outside.

use super::*;
use crate::base::ring::{self, Arc};
use crate::config::knob::Setting;
use crate::scenario::link::{Checkpoint, MAX_CHECKPOINTS};
use proptest::prelude::*;

/// A small world that changes in every round.
fn scenario() -> Scenario {
    let mut scenario = Scenario::preset("lifecycle-1").unwrap();
    scenario.seed = 4;
    scenario.rounds = 40;
    for text in ["genesis.peers=6", "tokens.total=15000", "time.ticks_per_round=5"] {
        scenario.with_setting(Setting::parse_text(text).unwrap());
    }
    scenario
}

fn at(tick: u64, command: Command) -> TimedCommand {
    TimedCommand { at: Tick(tick), command }
}

fn set(text: &str) -> Command {
    Command::Set(Setting::parse_text(text).unwrap())
}

const LOSSY: &str = "network.loss=0.5";

/// A run of the small world up to a tick.
fn run_to(tick: u64) -> Simulation {
    let mut run = Simulation::new(scenario());
    run.run_until(Tick(tick));
    run
}

fn reopened(run: &Simulation) -> Simulation {
    Simulation::open(&run.link().unwrap()).unwrap()
}

/// A link of the run as somebody else might have made it.
fn tampered(run: &Simulation, tamper: impl FnOnce(&mut RecordedOutcome)) -> Simulation {
    let mut link = link::decode(&run.link().unwrap()).unwrap();
    tamper(link.claim.as_mut().unwrap());
    Simulation::open(&link::encode(&link).unwrap()).unwrap()
}

#[test]
fn who_claims_nothing_is_not_judged() {
    let mut run = run_to(30);
    assert_eq!(run.verdict(), ReproductionStatus::None);
    let payload = link::encode(&Link { scenario: scenario(), claim: None }).unwrap();
    let mut opened = Simulation::open(&payload).unwrap();
    [&mut run, &mut opened].into_iter().for_each(Simulation::run);
    assert_eq!((run.verdict(), opened.verdict()), (ReproductionStatus::None, ReproductionStatus::None));
    assert_eq!(run.fingerprint(), opened.fingerprint());
}

#[test]
fn a_plain_link_leads_to_the_beginning_with_all_commands_and_claims_nothing() {
    let mut run = run_to(30);
    run.inject(set(LOSSY)).unwrap();
    run.run_until(Tick(60));
    let mut opened = Simulation::open(&run.plain_link().unwrap()).unwrap();
    assert_eq!((opened.now(), opened.verdict()), (Tick(0), ReproductionStatus::None));
    opened.run_until(Tick(60));
    assert_eq!(opened.fingerprint(), run.fingerprint());
}

#[test]
fn a_claim_is_pending_until_its_tick_and_reproduced_from_then_on() {
    // In the middle of a round, so that the run has to stop there for the claim's sake.
    let mut opened = reopened(&run_to(103));
    assert_eq!(opened.verdict(), ReproductionStatus::Pending { tick: 103 });
    opened.run_until(Tick(102));
    assert_eq!(opened.verdict(), ReproductionStatus::Pending { tick: 103 });
    opened.run_until(Tick(103));
    assert_eq!(opened.verdict(), ReproductionStatus::Reproduced { tick: 103 });
    opened.run();
    assert_eq!(opened.verdict(), ReproductionStatus::Reproduced { tick: 103 });

    let mut at_once = reopened(&run_to(103));
    at_once.run();
    assert_eq!(
        at_once.verdict(),
        ReproductionStatus::Reproduced { tick: 103 },
        "however far one runs at once"
    );
    assert_eq!(reopened(&run_to(0)).verdict(), ReproductionStatus::Reproduced { tick: 0 });
}

#[test]
fn a_wrong_fingerprint_is_noticed_at_its_tick() {
    let run = run_to(103);
    let expected = Fingerprint(run.fingerprint().0 ^ 1);
    let mut opened = tampered(&run, |claim| claim.fingerprint = expected);
    opened.run_until(Tick(102));
    assert_eq!(opened.verdict(), ReproductionStatus::Pending { tick: 103 });
    opened.run();
    let (expected, found) = (StateHash::State(expected), StateHash::State(run.fingerprint()));
    // Up to the last checkpoint the run was the same.
    let differs = ReproductionStatus::Differs { same_until: 100, tick: 103, expected, found };
    assert_eq!(opened.verdict(), differs);
}

#[test]
fn a_wrong_checkpoint_tells_where_two_runs_part() {
    let run = run_to(103);
    let mut claimed = Vec::new();
    let mut opened = tampered(&run, |claim| {
        claim.ladder[3].trace ^= 1;
        claimed.clone_from(&claim.ladder);
    });
    let [.., before, wrong] = claimed[..4] else { panic!("{claimed:?}") };
    let tick = wrong.round * 5;
    opened.run_until(Tick(tick - 1));
    assert_eq!(opened.verdict(), ReproductionStatus::Pending { tick: 103 });
    opened.run_until(Tick(tick));
    let verdict = opened.verdict();
    let ReproductionStatus::Differs { same_until, tick: found_at, expected, found } = verdict else {
        panic!("{verdict:?}")
    };
    assert_eq!((same_until, found_at), (before.round * 5, tick));
    assert_eq!(expected, StateHash::Trace(wrong.trace));
    assert_eq!(found, StateHash::Trace(wrong.trace ^ 1));
    assert_eq!(expected.to_string().len(), 8);
    opened.run();
    assert_eq!(opened.verdict(), verdict, "the first difference stands, though the fingerprint fits");
}

#[test]
fn a_claim_about_another_world_differs_at_its_first_checkpoint() {
    let run = run_to(103);
    let mut link = link::decode(&run.link().unwrap()).unwrap();
    link.scenario.seed += 1;
    let mut other = Simulation::of(link);
    other.run();
    let verdict = other.verdict();
    let ReproductionStatus::Differs { same_until, tick, .. } = verdict else { panic!("{verdict:?}") };
    assert_eq!(same_until, 0);
    assert!(tick < 103, "{tick}");
}

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

#[test]
fn the_link_of_a_reopened_run_is_the_same_link() {
    let mut run = run_to(61);
    run.inject(set(LOSSY)).unwrap();
    run.run_until(Tick(303));
    let link = run.link().unwrap();
    let mut opened = Simulation::open(&link).unwrap();
    opened.run_until(Tick(303));
    assert_eq!(opened.link().unwrap(), link);
    opened.tick(1);
    assert_ne!(opened.link().unwrap(), link, "a tick later the claim is another one");
}

#[test]
fn nothing_happens_before_the_next_event() {
    let mut scenario = scenario();
    scenario.commands = vec![at(12, Command::Heal)];
    scenario.with_setting(Setting::parse_text("genesis.topology=isolated").unwrap());
    scenario.with_setting(Setting::parse_text("time.ticks_per_round=50").unwrap());
    let mut run = Simulation::new(scenario);
    assert_eq!(run.next_event(), Tick(12), "a command");
    run.tick(12);
    assert_eq!(run.next_event(), Tick(49), "the turn of the peers");
    run.inject(Command::Join { count: 1 }).unwrap();
    run.run_until(run.next_event());
    assert_eq!(run.metrics().messages.total, 0);
    run.tick(1);
    let sent = run.metrics().messages;
    assert!(sent.total > 0, "the newcomer knows somebody");
    let arrival = run.next_event();
    assert!(arrival < Tick(99), "a delivery: {arrival:?}");
    run.run_until(arrival);
    assert_eq!(run.metrics().messages, sent);
    run.tick(1);
    assert_ne!(run.metrics().messages, sent);
}

#[test]
fn an_experiment_ends_where_it_should_and_may_go_on() {
    let mut run = Simulation::new(scenario());
    assert_eq!(run.end(), Tick(200));
    run.run();
    assert_eq!((run.now(), run.metrics().rounds), (Tick(200), 40));
    let rounds: Vec<u64> = run.history().samples().iter().map(|sample| sample.round.0).collect();
    assert!(rounds.iter().copied().eq(0..=40), "one sample a round: {rounds:?}");
    run.run();
    assert_eq!(run.now(), Tick(200), "there is nothing left to run");
    run.tick(3);
    assert_eq!(run.now(), Tick(203));
}

#[test]
fn knobs_show_the_values_in_force() {
    let mut run = run_to(10);
    let loss = |run: &Simulation| {
        let knobs = run.knobs();
        knobs.into_iter().find(|knob| knob.path == "network.loss").map(|knob| knob.value).unwrap()
    };
    let before = loss(&run);
    run.inject(set(LOSSY)).unwrap();
    assert_ne!(loss(&run), before);
    assert_eq!(run.scenario().config, scenario().config, "what the run began with stays");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn it_does_not_matter_in_how_many_steps_one_runs(
        mut stops in prop::collection::vec(0..120_u64, 0..12),
        seed: u64,
    ) {
        let mut scenario = scenario();
        scenario.seed = seed;
        scenario.commands = vec![at(31, Command::Join { count: 1 }), at(60, set(LOSSY))];
        let mut at_once = Simulation::new(scenario.clone());
        at_once.run_until(Tick(120));
        stops.sort_unstable();
        let mut in_steps = Simulation::new(scenario);
        stops.into_iter().chain([120]).for_each(|stop| in_steps.run_until(Tick(stop)));
        prop_assert_eq!(in_steps.fingerprint(), at_once.fingerprint());
        prop_assert_eq!(in_steps.link(), at_once.link());
        prop_assert_eq!(in_steps.metrics(), at_once.metrics());
        prop_assert_eq!(in_steps.history().samples(), at_once.history().samples());
    }
}

#[test]
fn checkpoints_are_few_and_evenly_spread() {
    let mut ladder = CheckpointLadder::default();
    for round in 0..=1_000_u64 {
        ladder.record(Round(round), round << 32);
        let rounds: Vec<u64> = ladder.checkpoints().iter().map(|checkpoint| checkpoint.round).collect();
        assert!(rounds.len() <= MAX_CHECKPOINTS);
        let interval = rounds.first().copied().unwrap_or(1);
        assert!(
            rounds.iter().copied().eq((1..=rounds.len() as u64).map(|step| step * interval)),
            "{rounds:?}"
        );
        assert!(round - rounds.last().copied().unwrap_or(0) < interval.max(1) * 2, "{round}: {rounds:?}");
        let fits = |checkpoint: &Checkpoint| u64::from(checkpoint.trace) == checkpoint.round;
        assert!(ladder.checkpoints().iter().all(fits));
    }
    assert_eq!(ladder.checkpoints().len(), 7);
    assert_eq!(ladder.checkpoints()[6].round, 896);
}

#[test]
fn a_run_goes_back_to_any_copy_and_on_as_before() {
    let mut run = run_to(0);
    let mut copies = Vec::new();
    let mut states = Vec::new();
    for tick in 0..200 {
        run.run_until(Tick(tick));
        if tick == 40 {
            run.inject(set(LOSSY)).unwrap();
        }
        if tick == 90 {
            run.inject(Command::Join { count: 2 }).unwrap();
        }
        states.push(run.fingerprint());
        if tick % 30 == 10 {
            copies.push(run.clone());
        }
    }
    let (link, samples) = (run.link().unwrap(), run.history().samples().to_vec());
    copies.push(Simulation::new(scenario()));
    for copy in &copies {
        run.go_back(copy);
        assert_eq!(run.now(), copy.now());
        for (tick, state) in (0..200).zip(&states).filter(|(tick, _)| *tick >= copy.now().0) {
            run.run_until(Tick(tick));
            assert_eq!(run.fingerprint(), *state, "back to {:?}, on to {tick}", copy.now());
        }
        assert_eq!(run.link().unwrap(), link);
        assert_eq!(run.history().samples(), samples);
    }
}

#[test]
fn who_goes_back_and_gives_a_command_makes_another_run() {
    let mut run = reopened(&run_to(100));
    let origin = run.clone();
    run.run_until(Tick(120));
    assert_eq!(run.verdict(), ReproductionStatus::Reproduced { tick: 100 });
    run.go_back(&origin);
    assert_eq!(run.verdict(), ReproductionStatus::Pending { tick: 100 });
    run.run_until(Tick(50));
    run.inject(set(LOSSY)).unwrap();
    run.run_until(Tick(120));
    assert_eq!(run.verdict(), ReproductionStatus::None, "the link's claim is about another run");
    run.go_back(&origin);
    run.run_until(Tick(120));
    assert_eq!(run.verdict(), ReproductionStatus::None);
    assert_eq!(run.scenario().commands.len(), 1);
}

/// Runs in which much may happen within a tick, and all kinds of it: messages on the way for long, waiting, twice, peers that
/// come and go, adversaries, commands.
fn divided_scenario(choice: usize) -> Scenario {
    let (preset, settings) = [
        ("improved", &["network.latency_max=3"][..]),
        ("improved", &["churn.arrivals=700", "churn.sessions=exponential", "churn.session_rounds=9"]),
        ("as-claimed", &["network.latency_max=90", "network.duplication=0.1", "network.loss=0.1"]),
        ("lifecycle-1", &["time.ticks_per_round=5", "adversary.share=0.2", "adversary.conduct=forger"]),
    ][choice];
    let mut scenario = Scenario::preset(preset).unwrap();
    scenario.rounds = 25;
    for text in ["genesis.peers=24", "tokens.total=15000"].iter().chain(settings) {
        scenario.with_setting(Setting::parse_text(text).unwrap());
    }
    let per_round = u64::from(scenario.config.time.ticks_per_round);
    let arc = Arc { from: 0, to: 1 << 63 };
    scenario.commands = vec![
        at(3 * per_round + 1, Command::Cut { arc }),
        at(6 * per_round, Command::Join { count: 9 }),
        at(9 * per_round, Command::Heal),
    ];
    scenario
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// What is looked at, and when, must not matter either.
    #[test]
    fn a_run_in_pieces_is_the_same_run(
        choice in 0..4_usize,
        bits in 0..6_u32,
        slices in prop::collection::vec((1..70_usize, 0..6_usize, 0..40_u64), 1..60),
    ) {
        let mut undivided = Simulation::new(divided_scenario(choice));
        undivided.run();
        let end = undivided.end();

        let mut run = Simulation::new(divided_scenario(choice));
        run.world.divide_finely(bits);
        let mut run = ResumableSimulation::new(run);
        for (pieces, look, ahead) in slices {
            let stop = Tick(run.now().0 + ahead).min(end);
            (0..pieces).for_each(|_| { run.step(stop); });
            let before = run.now();
            let was_within = run.is_within_tick();
            match look {
                0 => { run.settle_tick(); }
                1 => { run.name(); }
                2 => prop_assert_eq!(run.link().unwrap(), run.settle_tick().link().unwrap()),
                3 => prop_assert_eq!(run.fingerprint(), run.settle_tick().clone().fingerprint()),
                4 => { run.finish(); }
                _ => {}
            }
            if look < 4 {
                prop_assert!(!run.is_within_tick());
                prop_assert_eq!(run.now().0 - before.0, u64::from(was_within), "only what had begun is finished");
            }
        }
        while run.step(end) {}
        prop_assert_eq!(run.now(), end);
        prop_assert_eq!(run.fingerprint(), undivided.fingerprint());
        prop_assert_eq!(run.settle_tick().metrics(), undivided.metrics());
        prop_assert_eq!(run.settle_tick().history().samples(), undivided.history().samples());
        prop_assert_eq!(run.settle_tick().world().trace(), undivided.world().trace());
    }
}

#[test]
fn a_tick_of_many_districts_takes_as_many_pieces_and_what_is_held_stays_held() {
    let mut run = Simulation::new(divided_scenario(0));
    run.world.divide_finely(3);
    let mut whole = Simulation::new(divided_scenario(0));
    let peers: Vec<PeerId> = run.world().hosts().iter().map(crate::sim::host::Host::id).collect();
    for command in [Command::Hold { from: peers[0], to: peers[1] }, Command::Pause { peer: peers[2] }] {
        run.inject(command).unwrap();
        whole.inject(command).unwrap();
    }
    let mut run = ResumableSimulation::new(run);
    let mut pieces = 0;
    while run.step(Tick(1)) {
        pieces += 1;
        assert_eq!(run.is_within_tick(), pieces < 8, "after {pieces} pieces");
    }
    assert_eq!(pieces, 8);
    for command in [Command::Release { from: peers[0], to: peers[1] }, Command::Resume { peer: peers[2] }] {
        whole.run_until(Tick(7));
        while run.step(Tick(7)) {}
        run.settle_tick_mut().inject(command).unwrap();
        whole.inject(command).unwrap();
    }
    whole.run();
    while run.step(whole.end()) {}
    assert_eq!(run.fingerprint(), whole.fingerprint());
}
