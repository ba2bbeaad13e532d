//! Elections that re-confirm Connected peers.

use super::targets::tokens;
use super::*;
use crate::config::ReelectionRule;

/// A peer that only re-confirms, with three Connected peers.
fn verifying(preset: &str) -> Fixture {
    Fixture::new(preset).knowing(PeerStateKind::Connected, [10, 20, 30]).under(|config| {
        config.election.per_round = 1;
        config.election.reelection_share = Ratio::ONE;
        config.election.reelection = ReelectionRule::LeastVerified;
        config.election.idle_interval_rounds = 1;
    })
}

/// Tokens of the elections that start in some rounds.
fn tokens_of(fixture: &mut Fixture, rounds: std::ops::Range<u64>) -> Vec<TokenId> {
    let elected = rounds.flat_map(|round| {
        fixture.now = Round(round);
        fixture.turn().elected_on()
    });
    elected.collect()
}

#[test]
fn each_connection_is_verified_once_at_a_time() {
    let mut fixture = verifying("as-claimed");
    let mut verified = tokens_of(&mut fixture, 0..3);
    verified.sort_unstable();
    assert_eq!(verified, tokens(&[10, 20, 30]));
    let discovering = tokens_of(&mut fixture, 3..6);
    assert!(discovering.iter().all(|token| !verified.contains(token)), "all of them are being verified");
}

#[test]
fn by_the_last_win_one_election_keeps_all_others_from_starting() {
    let mut fixture = verifying("as-claimed");
    fixture.config.election.reelection = ReelectionRule::LastWin;
    assert_eq!(tokens_of(&mut fixture, 0..6).len(), 1);
}

#[test]
fn the_connection_verified_longest_ago_comes_first_whatever_came_of_it() {
    let mut fixture = verifying("as-claimed");
    let first = tokens_of(&mut fixture, 0..3);
    fixture.node.elections = ElectionPool::default();
    assert_eq!(tokens_of(&mut fixture, 3..6), first, "in the same order");
    fixture.node.elections = ElectionPool::default();
    fixture.with(|node, cx| {
        node.peers.record_interaction(cx, first[0].as_peer(), |stats| stats.won = Some(Round(9)));
    });
    assert_eq!(tokens_of(&mut fixture, 6..8), first[1..], "a win verifies too");
}

#[test]
fn a_peer_that_lacks_nothing_verifies_too() {
    let mut fixture = verifying("improved");
    let mut verified = tokens_of(&mut fixture, 0..40);
    verified.sort_unstable();
    verified.dedup();
    assert!(tokens(&[10, 20, 30]).iter().all(|token| verified.contains(token)), "{verified:?}");
}

#[test]
fn tokens_near_a_peer_verify_it_too() {
    let mut fixture = verifying("as-claimed");
    fixture.config.election.reelection_spread = 5;
    let near = tokens_of(&mut fixture, 0..3);
    let of = |peer: u64| near.iter().filter(|token| (peer..=peer + 5).contains(&token.get())).count();
    assert_eq!([10, 20, 30].map(of), [1, 1, 1], "{near:?}");
}

#[test]
fn the_rate_follows_the_health_of_the_network() {
    let started = |success: Option<bool>| {
        let mut fixture = Fixture::lifecycle().knowing(PeerStateKind::Identified, [10, 20, 30]);
        (fixture.config.election.per_round, fixture.config.election.health_rate) = (2, true);
        success.into_iter().for_each(|success| (0..40).for_each(|_| fixture.node.stats.record(success)));
        tokens_of(&mut fixture, 1..10).len()
    };
    let [unknown, failing, succeeding] = [None, Some(false), Some(true)].map(started);
    assert!(succeeding <= 1 && unknown > 10 && failing > unknown, "{succeeding}, {unknown} and {failing}");
}
