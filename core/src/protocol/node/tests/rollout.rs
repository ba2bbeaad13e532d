//! Peers with and without elections (document 001, "Incremental Rollout").

use super::*;
use crate::config::RolloutPhase;

fn in_phase(phase: RolloutPhase, share: Ratio) -> Fixture {
    let fixture = Fixture::lifecycle().knowing(PeerStateKind::Identified, [10, 20, 40]);
    fixture.under(|config| {
        (config.rollout.phase, config.rollout.share) = (phase, share);
        config.election.per_round = 1;
        config.peers.invitations_per_round = 1;
    })
}

#[test]
fn a_peer_without_elections_answers_and_invites_by_chance_and_starts_none() {
    let mut fixture = in_phase(RolloutPhase::Alongside, Ratio::ZERO);
    let answered = fixture.hear(peer(10), query(ME.get()));
    assert!(matches!(answered.sent[..], [(_, Message::Answer { .. })]), "{answered:?}");
    let outcome = fixture.turn();
    assert_eq!((outcome.queries().len(), outcome.invited().len()), (0, 1));
    let outcome = fixture.hear(peer(80), invitation(peer(80)));
    assert_eq!((outcome.queries().len(), fixture.kind_of(peer(80))), (0, PeerStateKind::Identified));
}

#[test]
fn no_peer_holds_elections_while_they_are_inactive() {
    let outcome = in_phase(RolloutPhase::Inactive, Ratio::ONE).turn();
    assert_eq!((outcome.queries().len(), outcome.invited().len()), (0, 1));
}

#[test]
fn results_that_are_only_logged_have_no_consequence() {
    let events_of = |phase| {
        let mut fixture = in_phase(phase, Ratio::ONE);
        (fixture.config.election.per_round, fixture.config.peers.invitations_per_round) = (0, 0);
        let asked = fixture.elect_on(token(30));
        asked.iter().take(2).for_each(|(to, ticket)| {
            fixture.hear(*to, answer(*ticket, HONEST, token(30)));
        });
        let outcome = fixture.turns_until(10);
        assert_eq!(outcome.events[0], Fact::Completed);
        outcome.invited().len()
    };
    assert_eq!([RolloutPhase::Logging, RolloutPhase::Alongside].map(events_of), [0, 1]);
}

#[test]
fn where_elections_are_primary_no_peer_is_invited_by_chance() {
    let outcome = in_phase(RolloutPhase::Primary, Ratio::ONE).turn();
    assert_eq!(outcome.invited(), []);
    assert!(!outcome.queries().is_empty());
}

#[test]
fn the_share_of_peers_with_elections_is_the_one_that_is_set_and_only_grows() {
    let holding = |percent: u32| {
        let config = in_phase(RolloutPhase::Alongside, Ratio::from_percent(percent)).config;
        let ids = (0..2_000_u64).map(|step| PeerId::new(step.wrapping_mul(0x0123_4567_89ab_cdef)));
        ids.filter(|id| Node::new(*id).holds_elections(&config)).collect::<Vec<_>>()
    };
    let [none, some, more, all] = [0, 30, 60, 100].map(holding);
    assert_eq!((none.len(), all.len()), (0, 2_000));
    assert!((500..700).contains(&some.len()) && (1_100..1_300).contains(&more.len()));
    assert!(some.iter().all(|peer| more.contains(peer)));
}
