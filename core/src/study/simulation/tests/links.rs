//! Claims of links: pending, reproduced, or contradicted.

use super::*;

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
