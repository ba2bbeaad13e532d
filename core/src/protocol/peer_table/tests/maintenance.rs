//! Expiry, eviction, pruning and the budget.

use super::*;

#[test]
fn pruning_is_a_matter_of_distance() {
    let mut harness = Harness::new(3);
    set_rules(&mut harness.config);
    harness.now = Round(PROTECTION);
    // A quarter of the ring to either side: half of the greatest distance.
    let quarter = ring::HALF / 2;
    let mut table = PeerTable::new(OWNER);
    for step in 0..500_u64 {
        for position in [quarter + step, quarter.wrapping_neg() - step, 1 + step] {
            harness.with(|cx| table.introduce(cx, PeerId::new(position), PeerStateKind::Connected));
        }
    }
    perform(&mut table, &mut harness, Action::Prune(PROTECTION), OTHER);
    let near = table.of_kind(PeerStateKind::Connected).filter(|peer| peer.get() <= 500).count();
    assert_eq!(near, 500, "those next to the owner stay");
    let far = table.count(PeerStateKind::Connected) - 500;
    assert!((430..570).contains(&far), "about half of 1,000: {far}");

    harness.config.peers.distance_pruning = false;
    let before = table.count(PeerStateKind::Connected);
    perform(&mut table, &mut harness, Action::Prune(PROTECTION), OTHER);
    assert_eq!(table.count(PeerStateKind::Connected), before, "it can be switched off");
}

/// Number of times that each of ten peers is picked in 4,000 attempts, four at a time.
fn picked(kind: PeerStateKind, action: Action, is_picked: fn(PeerStateKind) -> bool) -> Vec<u32> {
    let mut times = vec![0; 10];
    let mut harness = Harness::new(5);
    harness.config.peers.invitations_per_round = 4;
    for _ in 0..4_000 {
        let mut table = table_of(&mut harness, 10, kind);
        let all: Vec<PeerId> = table.of_kind(kind).collect();
        perform(&mut table, &mut harness, action, OTHER);
        let marks = all.iter().map(|peer| is_picked(table.kind_of(*peer)));
        times.iter_mut().zip(marks).for_each(|(times, is_picked)| *times += u32::from(is_picked));
    }
    times
}

#[test]
fn who_leaves_and_who_is_invited_is_uniformly_random() {
    type Case = (PeerStateKind, Action, fn(PeerStateKind) -> bool);
    let cases: [Case; 3] = [
        (PeerStateKind::Connected, Action::KeepBudget(6), |after| after == PeerStateKind::Identified),
        (PeerStateKind::Identified, Action::EvictIdentified(6), |after| after == PeerStateKind::Unknown),
        (PeerStateKind::Identified, Action::InviteSome, |after| after == PeerStateKind::Pending),
    ];
    for (kind, action, is_picked) in cases {
        let times = picked(kind, action, is_picked);
        assert_eq!(times.iter().sum::<u32>(), 16_000, "{action:?}: four of ten, each time");
        // 1,600 each are expected, give or take 31.
        assert!(times.iter().all(|times| (1_450..1_750).contains(times)), "{action:?}: {times:?}");
    }
}

#[test]
fn who_is_given_up_is_told_so_where_the_rules_want_it() {
    for goodbyes in [true, false] {
        let mut harness = Harness::new(1);
        harness.config.peers.goodbyes = goodbyes;
        harness.config.peers.core_neighbors = 0;
        let mut table = table_with(&mut harness, OTHER, PeerStateKind::Connected);
        harness.config.peers.connected_budget = 0;
        harness.with(|cx| table.keep_budget(cx));
        assert_eq!(table.kind_of(OTHER), PeerStateKind::Identified);
        let told = goodbyes.then_some((OTHER, Message::Goodbye { leaves: false }));
        assert_eq!(harness.take_messages(), told.into_iter().collect::<Vec<_>>());
    }
}

/// Stats of four peers: id, wins, the last of them, queries and answers.
const RECORDS: [(u64, u32, u64, u32, u32); 4] =
    [(10, 4, 50, 9, 9), (20, 3, 20, 9, 5), (30, 1, 40, 9, 8), (40, 2, 30, 9, 2)];

/// Ids of the peers demoted by an excess of one, given `RECORDS`.
fn demoted(rule: EvictionRule, core: u32) -> Vec<u64> {
    let mut harness = Harness::new(1);
    harness.config.peers.eviction = rule;
    harness.config.peers.core_neighbors = core;
    let mut table = connected(&mut harness, &RECORDS.map(|(id, ..)| id));
    for (id, wins, won, queries, answers) in RECORDS {
        let record = PeerStats { wins, won: Some(Round(won)), queries, answers, ..PeerStats::default() };
        harness.with(|cx| table.record_interaction(cx, PeerId::new(id), |kept| *kept = record));
    }
    perform(&mut table, &mut harness, Action::KeepBudget(3), OTHER);
    table.of_kind(PeerStateKind::Identified).map(PeerId::get).collect()
}

#[test]
fn who_is_demoted_is_a_matter_of_the_rule() {
    assert_eq!(demoted(EvictionRule::LowestId, 0), [10]);
    assert_eq!(demoted(EvictionRule::Stale, 0), [20], "whose last win is longest ago");
    assert_eq!(demoted(EvictionRule::FewestWins, 0), [30]);
    assert_eq!(demoted(EvictionRule::Unreliable, 0), [40]);
}

#[test]
fn who_is_a_neighbor_stays_and_the_next_one_goes() {
    // With one neighbor on each side these are 10, ahead, and 40, behind.
    assert_eq!(demoted(EvictionRule::LowestId, 1), [20]);
    assert_eq!(demoted(EvictionRule::Unreliable, 1), [20]);
    assert_eq!(demoted(EvictionRule::FewestWins, 1), [30]);
    assert_eq!(demoted(EvictionRule::LowestId, 2), [0_u64; 0], "all are neighbors: the budget gives way");
}

#[test]
fn who_has_never_won_is_the_stalest() {
    let mut harness = Harness::new(1);
    harness.config.peers.eviction = EvictionRule::Stale;
    let mut table = connected(&mut harness, &[10, 20]);
    harness.with(|cx| table.record_interaction(cx, PeerId::new(10), |stats| stats.won = Some(Round(0))));
    perform(&mut table, &mut harness, Action::KeepBudget(1), OTHER);
    assert_eq!(table.kind_of(PeerId::new(20)), PeerStateKind::Identified);
}

#[test]
fn the_most_redundant_is_the_one_that_leaves_the_narrowest_gap() {
    let goes = |ids: &[u64]| {
        let mut harness = Harness::new(1);
        harness.config.peers.eviction = EvictionRule::Redundant;
        let mut table = connected(&mut harness, ids);
        let room = u32::try_from(ids.len()).unwrap() - 1;
        perform(&mut table, &mut harness, Action::KeepBudget(room), OTHER);
        table.of_kind(PeerStateKind::Identified).map(PeerId::get).collect::<Vec<_>>()
    };
    let (far, farther) = (ring::HALF / 2, ring::HALF);
    assert_eq!(goes(&[far, far + 50, far + 110, farther]), [far + 50], "between two that are near");
    assert_eq!(goes(&[far, far + 500, 3, 5]), [3], "the owner is as good as a neighbor");
    assert_eq!(goes(&[u64::MAX - 7, 3, far, farther]), [3], "across the origin too");
}

fn any_eviction() -> impl Strategy<Value = EvictionRule> {
    prop::sample::select(vec![
        EvictionRule::Random,
        EvictionRule::LowestId,
        EvictionRule::Stale,
        EvictionRule::FewestWins,
        EvictionRule::Redundant,
        EvictionRule::Unreliable,
        EvictionRule::Quality,
    ])
}

#[test]
fn a_silent_connection_ends_by_its_silence_before_its_tenure() {
    let mut harness = Harness::new(1);
    set_rules(&mut harness.config);
    let mut table = connected(&mut harness, &[10]);
    harness.config.peers.tenure_rounds = std::num::NonZeroU32::new(1);
    perform(&mut table, &mut harness, Action::Expire(CONNECTION_TIMEOUT), OTHER);
    let events = harness.take_events();
    assert!(
        matches!(events[..], [LifecycleEvent::PeerStateChanged { cause: Cause::Silence, .. }]),
        "{events:?}"
    );
}

proptest! {
    #[test]
    fn the_budget_holds_by_any_rule_and_never_costs_a_neighbor(
        ids in prop::collection::btree_set(1_u64.., 0..20),
        wins in prop::collection::vec(0..4_u32, 20),
        rule in any_eviction(),
        room in 0..12_u32,
        core in 0..5_u32,
        seed: u64,
    ) {
        let mut harness = Harness::new(seed);
        harness.config.peers.eviction = rule;
        harness.config.peers.core_neighbors = core;
        let ids: Vec<u64> = ids.into_iter().collect();
        let mut table = connected(&mut harness, &ids);
        for (id, wins) in ids.iter().zip(wins) {
            harness.with(|cx| table.record_interaction(cx, PeerId::new(*id), |stats| stats.wins = wins));
        }
        let kept: Vec<PeerId> = table.leaf_set(core).collect();
        perform(&mut table, &mut harness, Action::KeepBudget(room), OTHER);
        let all = u32::try_from(ids.len()).unwrap();
        let neighbors = u32::try_from(kept.len()).unwrap();
        prop_assert_eq!(table.count(PeerStateKind::Connected), all.min(room.max(neighbors)));
        prop_assert!(kept.iter().all(|peer| table.kind_of(*peer) == PeerStateKind::Connected));
    }
}
