//! Faults of storage: lost, stale and conflicting tokens.

use ringside_core::base::id::BlockId;
use ringside_core::base::id::PeerId;
use ringside_core::base::ratio::Ratio;
use ringside_core::config::StorageFault;
use ringside_core::protocol::message::MessageKind;
use ringside_core::protocol::token::Rank;
use ringside_core::sim::command::Command;
use ringside_core::study::simulation::Simulation;

use crate::{ids, inject, run_with, set, started};

#[test]
fn lost_tokens_are_gone() {
    let mut run = started();
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

/// The share of the tokens held by both for which their blocks differ.
fn difference(one: &[Option<BlockId>], other: &[Option<BlockId>]) -> f64 {
    let both: Vec<(BlockId, BlockId)> =
        one.iter().zip(other).filter_map(|(one, other)| one.zip(*other)).collect();
    let differ = both.iter().filter(|(one, other)| one != other).count();
    f64::from(u32::try_from(differ).expect("few")) / f64::from(u32::try_from(both.len()).expect("few"))
}

#[test]
fn stale_and_conflicting_tokens_of_a_peer_can_be_restored() {
    let mut run = started();
    let (one, other, third) = (ids(&run)[4], ids(&run)[5], ids(&run)[6]);
    let before = [one, other, third].map(|peer| blocks(&run, peer));
    let initial = run.fingerprint();
    let inject_fault = |run: &mut Simulation, peer, harm, millionths| {
        inject(run, Command::Spoil { peer, harm, share: Ratio::from_millionths(millionths) });
    };
    for (harm, is_shared) in [(StorageFault::Stale, false), (StorageFault::Conflicting, true)] {
        inject_fault(&mut run, one, harm, 300_000);
        inject_fault(&mut run, other, harm, 300_000);
        let after = [one, other, third].map(|peer| blocks(&run, peer));
        let changed = difference(&before[0], &after[0]);
        assert!((0.28..0.32).contains(&changed), "{harm:?}: {changed}");
        assert_eq!(after[2], before[2], "{harm:?}: the third is unaffected");
        assert_eq!(
            difference(&after[0], &after[1]) == 0.0,
            is_shared,
            "{harm:?}: in conflict with the world, not with one another"
        );
        assert_ne!(run.fingerprint(), initial, "{harm:?}");
        set(&mut run, "tokens.stale_share=0");
        assert_eq!(blocks(&run, one), after[0], "{harm:?}: a knob does not restore it");
        inject_fault(&mut run, one, harm, 0);
        inject_fault(&mut run, other, harm, 0);
        assert_eq!(blocks(&run, one), before[0], "{harm:?}");
        assert_eq!(run.fingerprint(), initial, "{harm:?}");
    }
}

#[test]
fn storage_faults_change_elections() {
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
    assert!(after(Some(StorageFault::Conflicting)).0 > 5, "half of the peers share conflicting blocks");
    assert!(after(Some(StorageFault::Lost)).1 < answers * 3 / 4, "peers without tokens do not answer");
    assert!(after(Some(StorageFault::Stale)).0 > 5, "stale peers contradict the others");
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
