//! Progress of a run: next event, end, steps of any size, rewind.

use super::*;
use proptest::prelude::*;

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
fn a_run_goes_back_to_any_copy_and_on_as_before() {
    let mut run = run_to(0);
    let mut copies = Vec::new();
    let mut states = Vec::new();
    for tick in 0..200 {
        run.run_until(Tick(tick));
        if tick == 40 {
            copies.push(run.clone());
            run.inject(set(LOSSY)).unwrap();
        }
        if tick == 90 {
            copies.push(run.clone());
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
        run.restore(copy);
        assert_eq!(run.now(), copy.now());
        for (tick, state) in (0..200).zip(&states).filter(|(tick, _)| *tick > copy.now().0) {
            run.run_until(Tick(tick));
            assert_eq!(run.fingerprint(), *state, "back to {:?}, on to {tick}", copy.now());
        }
        assert_eq!(run.link().unwrap(), link);
        assert_eq!(run.history().samples(), samples);
    }
}

#[test]
fn a_run_goes_ahead_to_a_later_copy_of_itself() {
    let mut run = run_to(20);
    let origin = run.clone();
    run.inject(set(LOSSY)).unwrap();
    run.run_until(Tick(80));
    let ahead = run.clone();
    run.run_until(Tick(100));
    let (state, samples) = (run.fingerprint(), run.history().samples().to_vec());
    run.restore(&origin);
    run.run_until(Tick(30));
    run.restore(&ahead);
    assert_eq!((run.now(), run.fingerprint()), (Tick(80), ahead.fingerprint()));
    run.run_until(Tick(100));
    assert_eq!((run.fingerprint(), run.history().samples()), (state, &*samples));
}

#[test]
fn who_goes_back_and_gives_a_command_makes_another_run() {
    let mut run = reopened(&run_to(100));
    let origin = run.clone();
    run.run_until(Tick(120));
    assert_eq!(run.verdict(), ReproductionStatus::Reproduced { tick: 100 });
    run.restore(&origin);
    assert_eq!(run.verdict(), ReproductionStatus::Pending { tick: 100 });
    run.run_until(Tick(50));
    run.inject(set(LOSSY)).unwrap();
    run.run_until(Tick(120));
    assert_eq!(run.verdict(), ReproductionStatus::None, "the link's claim is about another run");
    run.restore(&origin);
    run.run_until(Tick(120));
    assert_eq!(run.verdict(), ReproductionStatus::None);
    assert_eq!(run.scenario().commands.len(), 1);
}
