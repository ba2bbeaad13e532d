//! The interaction log, and the rules that read it.

use super::*;

#[test]
fn only_of_known_peers_is_anything_remembered_and_only_where_a_rule_needs_it() {
    let mut harness = Harness::new(1);
    harness.config.peers.eviction = EvictionRule::FewestWins;
    let mut table = connected(&mut harness, &[10, 20]);
    let note = |table: &mut PeerTable, harness: &mut Harness, id| {
        harness.with(|cx| table.record_interaction(cx, PeerId::new(id), |stats| stats.wins += 1));
    };
    [10, 20, 30].into_iter().for_each(|id| note(&mut table, &mut harness, id));
    assert!(table.interactions().peers().eq([10, 20].map(PeerId::new)), "30 is a stranger");

    perform(&mut table, &mut harness, Action::Introduce(PeerStateKind::Identified), PeerId::new(10));
    assert_eq!(table.interactions().of(PeerId::new(10)).wins, 1, "who is demoted has a past");
    perform(&mut table, &mut harness, Action::EvictIdentified(0), OTHER);
    assert!(table.interactions().peers().eq([PeerId::new(20)]), "who is forgotten has none");

    harness.config.peers.eviction = EvictionRule::Random;
    assert!(!harness.config.keeps_dealings());
    let mut forgetful = connected(&mut harness, &[10]);
    note(&mut forgetful, &mut harness, 10);
    assert_eq!(forgetful.interactions().peers().count(), 0);
}

#[test]
fn records_are_kept_for_every_rule_that_reads_them() {
    use crate::config::{FirstHopRule, TargetPolicy};
    let counts = |change: fn(&mut Config)| {
        let mut config = Scenario::preset("lifecycle-1").unwrap().config;
        change(&mut config);
        config.counts_absences()
    };
    assert!(!counts(|_| {}));
    assert!(counts(|config| config.election.agenda = TargetPolicy::Needs));
    assert!(counts(|config| config.peers.unanswered_is_absent = true));
    let keeps = |change: fn(&mut Config)| {
        let mut config = Scenario::preset("lifecycle-1").unwrap().config;
        change(&mut config);
        config.keeps_dealings()
    };
    assert!(!keeps(|_| {}));
    for change in [
        (|config| config.election.first_hops = FirstHopRule::LeastRecentlyUsed) as fn(&mut Config),
        |config| config.election.first_hops = FirstHopRule::Hybrid,
        |config| config.election.first_hops = FirstHopRule::Reputable,
        |config| config.peers.eviction = EvictionRule::Stale,
        |config| config.peers.eviction = EvictionRule::FewestWins,
        |config| config.peers.eviction = EvictionRule::Unreliable,
        |config| config.election.reelection_share = crate::base::ratio::Ratio::ONE,
        |config| config.peers.tenure_rounds = std::num::NonZeroU32::new(1),
        |config| config.peers.invitees = InviteeRule::Reputable,
    ] {
        assert!(keeps(change));
    }
    assert!(!keeps(|config| config.peers.eviction = EvictionRule::Redundant));
}
