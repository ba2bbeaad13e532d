//! Outcomes: winners that are wanted, and peers that are absent.

use std::num::NonZeroU32;

use super::*;
use crate::config::EvictionRule;

/// A peer with a lasting connection, so that it is not cut off; it knows `10`.
fn connected_fixture() -> Fixture {
    let rules = Fixture::improved().under(|config| {
        config.peers.connected_target = NonZeroU32::new(1);
        config.peers.connection_timeout_rounds = 10_000;
    });
    rules.knowing(PeerStateKind::Connected, [40]).knowing(PeerStateKind::Identified, [10])
}

/// An election on the id of a known peer that stays silent.
fn elect_in_vain(fixture: &mut Fixture, absent: u64) -> Outcome {
    fixture.elect_on(token(absent));
    fixture.now.0 += 100;
    fixture.turn()
}

#[test]
fn a_peer_that_two_elections_on_it_have_missed_is_forgotten() {
    let mut fixture = connected_fixture();
    assert_eq!(elect_in_vain(&mut fixture, 10).events, [Fact::GivenUp(Ending::NoAnswer)]);
    let outcome = elect_in_vain(&mut fixture, 10);
    assert_eq!(
        outcome.events,
        [Fact::GivenUp(Ending::NoAnswer), moved(PeerStateKind::Identified, PeerStateKind::Unknown)]
    );
    assert_eq!(outcome.causes, [Cause::Absence]);
}

#[test]
fn a_peer_without_connections_removes_none() {
    let mut fixture = Fixture::improved().knowing(PeerStateKind::Identified, [10]);
    (0..5).for_each(|_| drop(elect_in_vain(&mut fixture, 10)));
    assert_ne!(fixture.kind_of(peer(10)), PeerStateKind::Unknown, "perhaps it is this one that is cut off");
}

#[test]
fn a_sign_of_a_missed_peer_clears_its_absences() {
    let mut fixture = connected_fixture();
    elect_in_vain(&mut fixture, 10);
    let asked = fixture.elect_on(token(77));
    fixture.hear(peer(10), answer(asked[0].1, HONEST, token(77)));
    elect_in_vain(&mut fixture, 10);
    assert_eq!(fixture.kind_of(peer(10)), PeerStateKind::Identified);
    elect_in_vain(&mut fixture, 10);
    assert_eq!(fixture.kind_of(peer(10)), PeerStateKind::Unknown);
}

#[test]
fn where_others_win_an_election_on_a_peer_it_is_missed_all_the_same() {
    let mut fixture = Fixture::improved().knowing(PeerStateKind::Identified, [10, 20, 30]);
    fixture.config.peers.connected_target = NonZeroU32::new(1);
    fixture = fixture.knowing(PeerStateKind::Connected, [40]);
    for time in 1..=2 {
        let asked = fixture.elect_on(token(10));
        for (responder, ticket) in asked {
            if responder != peer(10) {
                fixture.hear(responder, answer(ticket, HONEST, token(10)));
            }
        }
        fixture.now.0 += 10;
        let outcome = fixture.turn();
        assert_eq!(outcome.events[0], Fact::Completed, "its neighbors hold its token");
        assert_eq!(fixture.kind_of(peer(10)) == PeerStateKind::Unknown, time == 2);
    }
}

#[test]
fn only_who_holds_elections_on_what_it_lacks_misses_anybody() {
    let mut fixture = Fixture::improved().under(|config| config.election.agenda = TargetPolicy::Samples);
    fixture = fixture.knowing(PeerStateKind::Identified, [10]);
    (0..5).for_each(|_| {
        elect_in_vain(&mut fixture, 10);
    });
    assert_eq!(fixture.kind_of(peer(10)), PeerStateKind::Identified);
    let mut fixture = Fixture::improved().knowing(PeerStateKind::Connected, [10]);
    fixture.config.peers.connection_timeout_rounds = 10_000;
    (0..5).for_each(|_| {
        elect_in_vain(&mut fixture, 10);
    });
    assert_eq!(fixture.kind_of(peer(10)), PeerStateKind::Connected, "a connection ends by silence");
}

/// Outcome of a win of peer 20 in a given state; the owner has one connection and wants one. With two
/// neighbors on each side the winner is one of them.
fn win(kind: PeerStateKind, change: impl Fn(&mut Fixture)) -> Outcome {
    let mut fixture = Fixture::improved().under(|config| {
        config.peers.connected_target = NonZeroU32::new(1);
        config.peers.core_neighbors = 0;
        config.peers.coverage_bias = Ratio::ZERO;
    });
    fixture = fixture.knowing(PeerStateKind::Connected, [1_500]).knowing(kind, [20]);
    change(&mut fixture);
    let mut outcome = Outcome::default();
    outcome.events.extend(fixture.with(|node, cx| node.on_elected(cx, peer(20))).events);
    outcome.sent = fixture.with(|_, _| {}).sent;
    outcome
}

#[test]
fn a_winner_is_invited_only_where_it_is_wanted() {
    let invited = moved(PeerStateKind::Identified, PeerStateKind::Pending);
    let is_invited = |change: fn(&mut Fixture)| win(PeerStateKind::Identified, change).events == [invited];
    assert!(!is_invited(|_| {}), "there are enough");
    assert!(
        is_invited(|fixture| fixture.config.peers.connected_target = NonZeroU32::new(2)),
        "one more is wanted"
    );
    assert!(is_invited(|fixture| fixture.config.peers.connected_target = None), "any number is wanted");
    assert!(is_invited(|fixture| fixture.config.peers.core_neighbors = 1), "it is a neighbor");
    assert!(
        !is_invited(|fixture| {
            fixture.config.peers.core_neighbors = 1;
            *fixture = std::mem::replace(fixture, Fixture::improved())
                .knowing(PeerStateKind::Identified, [900, 100]);
        }),
        "it is none any more"
    );
    assert!(
        is_invited(|fixture| fixture.node.peers.stamp_election(peer(20), Round(0))),
        "it has asked for it"
    );
    assert!(
        !is_invited(|fixture| {
            fixture.node.peers.stamp_election(peer(20), Round(0));
            fixture.now = Round(60);
        }),
        "long ago"
    );
    assert!(
        !is_invited(|fixture| {
            fixture.node.peers.stamp_election(peer(20), Round(0));
            fixture.config.peers.connected_budget = 1;
        }),
        "there is no room for it"
    );
}

#[test]
fn a_win_is_on_record_whether_or_not_the_winner_is_wanted() {
    let mut fixture = Fixture::improved().knowing(PeerStateKind::Identified, [20]);
    fixture.config.peers.eviction = EvictionRule::FewestWins;
    fixture.config.peers.connected_target = NonZeroU32::new(1);
    fixture = fixture.knowing(PeerStateKind::Connected, [30]);
    fixture.now = Round(7);
    fixture.with(|node, cx| node.on_elected(cx, peer(20)));
    let stats = fixture.node.peers.interactions().of(peer(20));
    assert_eq!((stats.wins, stats.won, stats.absences), (1, Some(Round(7)), 0));
}

#[test]
fn an_answer_is_on_record() {
    let mut fixture = Fixture::improved().knowing(PeerStateKind::Identified, [10, 20]);
    fixture.config.peers.eviction = EvictionRule::Unreliable;
    let asked = fixture.elect_on(token(500));
    fixture.hear(asked[0].0, answer(asked[0].1, HONEST, token(500)));
    let record = |id: PeerId| fixture.node.peers.interactions().of(id);
    assert_eq!((record(asked[0].0).queries, record(asked[0].0).answers), (1, 1));
    assert_eq!((record(asked[1].0).queries, record(asked[1].0).answers), (1, 0));
}
