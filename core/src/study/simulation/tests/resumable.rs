//! Runs in pieces of a tick.

use super::*;
use crate::base::id::PeerId;
use proptest::prelude::*;

/// Runs in which much may happen within a tick, and all kinds of it: messages on the way for long, waiting,
/// twice, peers that come and go, adversaries, commands.
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

    /// Observation at any time must not matter either.
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
