//! The phases of a round.

use std::num::NonZeroU32;

use super::*;

#[test]
fn a_turn_goes_through_its_phases_in_order() {
    let mut fixture = Fixture::lifecycle().knowing(PeerStateKind::Pending, [10]);
    fixture.config.peers.pending_timeout_rounds = 5;
    fixture.config.peers.invitations_per_round = 1;
    fixture.config.election.per_round = 1;
    fixture.now = Round(5);
    let outcome = fixture.turn();
    let expired = moved(PeerStateKind::Pending, PeerStateKind::Identified);
    let invited = moved(PeerStateKind::Identified, PeerStateKind::Pending);
    assert_eq!(outcome.events, [expired, invited, Fact::Started]);
    assert_eq!(outcome.invited(), [peer(10)], "who did not answer may be invited again");
    assert_eq!(outcome.asked(), [peer(10)]);
    assert!(matches!(outcome.sent[0].1, Message::Invitation { .. }), "invitations go before elections");
}

#[test]
fn a_turn_makes_room_before_it_invites() {
    let mut fixture = Fixture::lifecycle().knowing(PeerStateKind::Identified, [10, 20, 30]);
    fixture.config.peers.identified_capacity = 1;
    fixture.config.peers.sample_capacity = 2;
    fixture.config.peers.invitations_per_round = 3;
    let outcome = fixture.turn();
    let forgotten = moved(PeerStateKind::Identified, PeerStateKind::Unknown);
    assert_eq!(
        outcome.events,
        [forgotten, forgotten, moved(PeerStateKind::Identified, PeerStateKind::Pending)]
    );
    assert_eq!(outcome.invited().len(), 1);
    assert_eq!(fixture.node.samples().len(), 2);
}

#[test]
fn a_turn_prunes_before_it_invites() {
    let far = ME.get().wrapping_add(ring::HALF);
    let mut fixture = Fixture::lifecycle().knowing(PeerStateKind::Connected, [far]);
    fixture.config.peers.distance_pruning = true;
    fixture.config.peers.prune_protection_rounds = 0;
    fixture.config.peers.invitations_per_round = 1;
    let dropped = moved(PeerStateKind::Connected, PeerStateKind::Identified);
    assert_eq!(fixture.turn().events, [dropped, moved(PeerStateKind::Identified, PeerStateKind::Pending)]);
}

#[test]
fn invitations_are_bound_to_those_who_get_them() {
    let mut fixture = Fixture::lifecycle().knowing(PeerStateKind::Identified, [10, 20, 30]);
    fixture.config.peers.invitations_per_round = 2;
    let outcome = fixture.turn();
    assert_eq!(outcome.sent.len(), 2);
    for (to, message) in outcome.sent {
        let Message::Invitation { proof, .. } = message else { panic!("{message:?}") };
        assert!(verify(proof, ME.into(), to, &NoTable).is_ok());
    }
    assert_eq!(fixture.node.peers().count(PeerStateKind::Pending), 2);
}

#[test]
fn to_be_introduced_is_to_be_sampled() {
    let mut fixture =
        Fixture::lifecycle().knowing(PeerStateKind::Connected, [10]).knowing(PeerStateKind::Identified, [20]);
    assert_eq!(fixture.samples(), [token(10), token(20)]);
}

#[test]
fn a_connection_without_a_win_for_too_long_ends_where_the_rule_says_so() {
    let ends = |tenure_rounds, won: Option<u64>| {
        let mut fixture = Fixture::lifecycle().under(|config| {
            config.peers.tenure_rounds = NonZeroU32::new(tenure_rounds);
            config.peers.connection_timeout_rounds = 10_000;
        });
        fixture = fixture.knowing(PeerStateKind::Connected, [10]);
        if let Some(round) = won {
            fixture.with(|node, cx| {
                node.peers.record_interaction(cx, peer(10), |stats| stats.won = Some(Round(round)));
            });
        }
        (1..200).find(|round| {
            fixture.now = Round(*round);
            let outcome = fixture.turn();
            assert!(outcome.causes.iter().all(|cause| *cause == Cause::Tenure));
            !outcome.events.is_empty()
        })
    };
    assert_eq!(ends(50, None), Some(50));
    assert_eq!(ends(50, Some(20)), Some(70), "a win renews it");
    assert_eq!(ends(0, None), None);
}
