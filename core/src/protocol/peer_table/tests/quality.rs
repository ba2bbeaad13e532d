//! Scores, and the rules that read them.

use std::num::NonZeroU32;

use super::*;

/// Peers with scores, each for ten queries of which it has answered a given number.
fn scored(harness: &mut Harness, kind: PeerStateKind, answers: &[(u64, u32)]) -> PeerTable {
    harness.config.peers.eviction = EvictionRule::Quality;
    harness.config.peers.invitees = InviteeRule::Quality;
    let mut table = PeerTable::new(OWNER);
    for (id, count) in answers {
        harness.with(|cx| {
            table.introduce(cx, PeerId::new(*id), kind);
            (0..10).for_each(|time| {
                let serve = |score: &mut Score| {
                    if time < *count { score.on_answer(Round(0), Round(0)) } else { score.on_silence() }
                };
                table.score(cx, PeerId::new(*id), serve);
            });
        });
    }
    harness.take_events();
    table
}

#[test]
fn the_worst_go_first_and_the_best_are_invited_first() {
    let mut harness = Harness::new(1);
    let answers = [(10, 9), (20, 2), (30, 10), (40, 5)];
    let mut connected = scored(&mut harness, PeerStateKind::Connected, &answers);
    perform(&mut connected, &mut harness, Action::KeepBudget(2), OTHER);
    assert!(connected.of_kind(PeerStateKind::Connected).eq([10, 30].map(PeerId::new)));

    let mut identified = scored(&mut harness, PeerStateKind::Identified, &answers);
    harness.config.peers.invitations_per_round = 2;
    let invites = harness.with(|cx| identified.invite_some(cx));
    assert!(invites.iter().map(Invite::to).eq([30, 10].map(PeerId::new)));

    let mut crowded = scored(&mut harness, PeerStateKind::Identified, &answers);
    perform(&mut crowded, &mut harness, Action::EvictIdentified(3), OTHER);
    assert_eq!(crowded.kind_of(PeerId::new(20)), PeerStateKind::Unknown);
    harness.with(|cx| crowded.identify(cx, PeerId::new(20), Cause::Referral));
    assert!(crowded.scores().quality(PeerId::new(20)) < 500, "a peer that returns keeps its score");
}

#[test]
fn forgiveness_resets_a_score_and_changes_the_revision() {
    let mut harness = Harness::new(1);
    harness.config.peers.quality_floor = crate::base::ratio::Ratio::from_millionths(400_000);
    harness.config.peers.forgiveness_rounds = NonZeroU32::new(30);
    let mut table = scored(&mut harness, PeerStateKind::Identified, &[(10, 10), (20, 0), (30, 10)]);
    let is_below_floor = |harness: &mut Harness, table: &PeerTable| {
        harness.with(|cx| table.is_below_floor(cx, PeerId::new(20)))
    };
    let judged = harness.now.0;
    for (rounds, expected) in [(0, true), (29, true), (30, false)] {
        harness.now = Round(judged + rounds);
        let before = table.revision();
        harness.with(|cx| table.demote_low_scores(cx));
        assert_eq!(is_below_floor(&mut harness, &table), expected, "{rounds}");
        assert_eq!(table.revision() == before, expected, "{rounds}");
    }
}

#[test]
fn peers_below_the_floor_are_demoted_and_not_invited() {
    let mut harness = Harness::new(1);
    let answers = [(10, 10), (20, 0), (30, 10), (40, 9)];
    harness.config.peers.quality_floor = crate::base::ratio::Ratio::from_millionths(400_000);
    for kind in [PeerStateKind::Pending, PeerStateKind::Connected] {
        let mut table = scored(&mut harness, kind, &answers);
        harness.with(|cx| table.demote_low_scores(cx));
        let events = harness.take_events();
        let [
            LifecycleEvent::PeerStateChanged {
                peer,
                from,
                to: PeerStateKind::Identified,
                cause: Cause::Quality,
            },
        ] = events[..]
        else {
            panic!("{events:?}")
        };
        assert_eq!((peer, from), (PeerId::new(20), kind));
        harness.with(|cx| table.demote_low_scores(cx));
        assert!(harness.take_events().is_empty(), "once is enough");
    }
    harness.config.peers.invitations_per_round = 4;
    let mut table = scored(&mut harness, PeerStateKind::Identified, &answers);
    let invites = harness.with(|cx| table.invite_some(cx));
    assert!(invites.iter().all(|invite| invite.to() != PeerId::new(20)) && invites.len() == 3);
}

#[test]
fn scores_are_kept_for_every_rule_that_reads_them_and_for_no_other() {
    use crate::config::FirstHopRule;
    let keeps = |change: fn(&mut Config)| {
        let mut config = Scenario::preset("improved").unwrap().config;
        change(&mut config);
        config.keeps_scores()
    };
    assert!(!keeps(|_| {}));
    for change in [
        (|config| config.election.first_hops = FirstHopRule::Quality) as fn(&mut Config),
        |config| config.peers.eviction = EvictionRule::Quality,
        |config| config.peers.invitees = InviteeRule::Quality,
        |config| config.peers.quality_floor = crate::base::ratio::Ratio::from_millionths(1),
        |config| config.peers.invitation_limit = std::num::NonZeroU32::new(1),
    ] {
        assert!(keeps(change));
    }
    let mut harness = Harness::new(1);
    let mut table = PeerTable::new(OWNER);
    assert_eq!(harness.with(|cx| table.score(cx, OTHER, Score::on_fault)), None);
    assert_eq!(table.scores().quality(OTHER), 1_000);
}
