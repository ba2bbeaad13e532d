//! Targets by need: neighbors, connections, gaps and idle-time elections.

use std::num::NonZeroU32;

use super::super::result_cache::ResultCache;
use super::*;

pub(super) fn tokens(ids: &[u64]) -> Vec<TokenId> {
    ids.iter().copied().map(token).collect()
}

pub(super) fn rounds(count: u32) -> Option<NonZeroU32> {
    NonZeroU32::new(count)
}

/// A peer that holds elections by need, two at a time, and wants two neighbors on each side and six
/// connections.
pub(super) fn needy() -> Fixture {
    Fixture::improved().under(|config| {
        config.election.per_round = 2;
        config.peers.core_neighbors = 2;
        config.peers.connected_target = rounds(6);
        config.peers.coverage_bias = Ratio::ZERO;
    })
}

const CORE: [u64; 4] = [800, 900, 1_100, 1_200];

const OTHERS: [u64; 4] = [10_000, 20_000, 30_000, 40_000];

#[test]
fn neighbors_that_are_not_connected_are_needed_most() {
    let mut fixture = needy().knowing(PeerStateKind::Identified, CORE.into_iter().chain(OTHERS));
    assert_eq!(fixture.turn().elected_on(), tokens(&[1_100, 1_200]), "two at a time");
    for kind in [PeerStateKind::Pending, PeerStateKind::Connected] {
        let mut fixture = needy()
            .knowing(kind, [800, 1_100, 1_200])
            .knowing(PeerStateKind::Identified, [900].into_iter().chain(OTHERS));
        let elected = fixture.turn().elected_on();
        assert_eq!(elected[0], token(900), "{kind:?} neighbors are on their way or there");
        assert!(OTHERS.map(token).contains(&elected[1]), "then come other connections");
    }
}

#[test]
fn connections_are_needed_up_to_the_target_counting_those_that_may_come() {
    let lacking = |connected: &[u64], pending: &[u64]| {
        let mut fixture = needy()
            .knowing(PeerStateKind::Connected, CORE.iter().chain(connected).copied())
            .knowing(PeerStateKind::Pending, pending.iter().copied())
            .knowing(PeerStateKind::Identified, OTHERS);
        // A round without an idle-time election.
        fixture.now = Round(3);
        fixture.turn().elected_on()
    };
    let elected = lacking(&[5_000], &[]);
    assert_eq!(elected.len(), 2);
    assert!(elected.iter().all(|token| OTHERS.contains(&token.get())));
    assert_eq!(lacking(&[5_000, 6_000], &[]), []);
    assert_eq!(lacking(&[5_000], &[6_000]), [], "who was invited may accept");
}

#[test]
fn without_a_target_any_number_of_connections_is_wanted() {
    let mut fixture = needy().knowing(PeerStateKind::Connected, CORE.into_iter().chain(2_000..2_100));
    fixture = fixture
        .knowing(PeerStateKind::Identified, OTHERS)
        .under(|config| config.peers.connected_target = None);
    fixture.now = Round(3);
    assert_eq!(fixture.turn().elected_on().len(), 2);
}

/// A peer that has all it wants, the one at 1,100 silent for the longest time.
pub(super) fn content() -> Fixture {
    let mut fixture = needy();
    for (round, id) in (0..).zip([1_100, 800, 900, 1_200, 5_000, 6_000]) {
        fixture.now = Round(round);
        fixture = fixture.knowing(PeerStateKind::Connected, [id]);
    }
    fixture
}

#[test]
fn who_lacks_nothing_confirms_what_has_been_silent_longest_and_sometimes_looks_round() {
    let mut fixture = content();
    let mut elected = Vec::new();
    for round in 6..=80 {
        fixture.now = Round(round);
        let outcome = fixture.turn();
        // Idle-time elections are identified by their round; their outcome does not matter here.
        elected.extend(outcome.elected_on().into_iter().map(|token| (round, token.get())));
        fixture.node.elections = ElectionPool::default();
        fixture.node.results = ResultCache::default();
        let silent = fixture.node.peers.least_recently_heard().expect("a connection");
        fixture.node.peers.touch(silent, fixture.now);
    }
    let when: Vec<u64> = elected.iter().map(|(round, _)| *round).collect();
    assert_eq!(when, [10, 20, 30, 40, 50, 60, 70, 80], "every ten rounds");
    let looks = |(round, _): &&(u64, u64)| *round == 40 || *round == 80;
    let known = CORE.iter().chain(&[5_000, 6_000]);
    assert!(
        elected.iter().filter(looks).all(|(_, token)| !known.clone().any(|id| id == token)),
        "{elected:?}"
    );
    let confirmed = elected.iter().filter(|entry| !looks(entry));
    assert!(confirmed.clone().all(|(_, token)| known.clone().any(|id| id == token)), "{elected:?}");
}

#[test]
fn the_connection_that_has_been_silent_longest_is_confirmed_first() {
    let mut fixture = content();
    fixture.now = Round(10);
    assert_eq!(fixture.turn().elected_on(), tokens(&[1_100]));
    fixture.node.elections = ElectionPool::default();
    fixture.node.peers.touch(peer(1_100), Round(10));
    fixture.now = Round(20);
    assert_eq!(fixture.turn().elected_on(), tokens(&[800]));
}

#[test]
fn a_lonely_peer_looks_round_five_times_as_often_and_at_its_own_neighborhood_half_of_the_time() {
    let mut fixture = needy().knowing(PeerStateKind::Connected, [1_100]);
    fixture.config.peers.connection_timeout_rounds = 1_000;
    let (mut near, mut when) = (0, Vec::new());
    for round in 1..=400 {
        fixture.now = Round(round);
        for elected in fixture.turn().elected_on() {
            when.push(round);
            near += u32::from(elected == token(ME.get() + 1));
            assert_ne!(elected, token(1_100), "it confirms nothing");
        }
        fixture.node.elections = ElectionPool::default();
        fixture.node.results = ResultCache::default();
    }
    assert_eq!(when, (1..=200).map(|step| 2 * step).collect::<Vec<_>>(), "every two rounds");
    assert!((70..130).contains(&near), "half of 200: {near}");
}

#[test]
fn without_an_adaptive_rate_routine_is_for_every_round() {
    let mut fixture = content().under(|config| config.election.adaptive_rate = false);
    for round in 6..12 {
        fixture.now = Round(round);
        assert_eq!(fixture.turn().elected_on().len(), 1, "round {round}");
        fixture.node.elections = ElectionPool::default();
    }
}

#[test]
fn at_an_adaptive_rate_a_peer_that_has_what_it_wants_rests() {
    let started = |adaptive_rate, connected: &[u64]| -> usize {
        let mut fixture = Fixture::lifecycle()
            .knowing(PeerStateKind::Connected, connected.iter().copied())
            .under(|config| {
                config.election.per_round = 3;
                config.election.adaptive_rate = adaptive_rate;
                config.election.idle_interval_rounds = 5;
                config.peers.connected_target = rounds(2);
            });
        fixture = fixture.knowing(PeerStateKind::Identified, [70_000]);
        (0..10)
            .map(|round| {
                fixture.now = Round(round);
                fixture.turn().events.len()
            })
            .sum()
    };
    assert_eq!(started(true, &[10, 20]), 2, "one in five rounds");
    assert_eq!(started(true, &[10]), 30);
    assert_eq!(started(false, &[10, 20]), 30);
}

#[test]
fn a_peer_without_candidates_has_what_it_wants() {
    let has = |fixture: &mut Fixture| {
        let mut has = false;
        fixture.with(|node, cx| has = node.has_what_it_wants(cx));
        has
    };
    assert!(has(&mut needy().knowing(PeerStateKind::Connected, [1_100])));
    assert!(!has(&mut needy()
        .knowing(PeerStateKind::Connected, [1_100])
        .knowing(PeerStateKind::Identified, [70_000])));
    assert!(has(&mut content()));
    let mut without_core = content().knowing(PeerStateKind::Identified, [1_050]);
    assert!(!has(&mut without_core), "a neighbor is missing, whatever the number");
    without_core.node.results.insert(token(1_050), Round(0));
    assert!(has(&mut without_core), "it has been tried lately");
}

/// Connected at quarters of the ring, but for one: the largest gap is around the third quarter.
pub(super) fn gappy(coverage_bias: Ratio) -> Fixture {
    const QUARTER: u64 = 1 << 62;
    let positions = [ME.get() + QUARTER, ME.get() + QUARTER / 2, ME.get() + 3 * QUARTER];
    Fixture::lifecycle().knowing(PeerStateKind::Connected, positions).under(|config| {
        config.peers.coverage_bias = coverage_bias;
        config.election.per_round = 1;
    })
}

#[test]
fn random_tokens_are_taken_from_the_largest_gap_as_often_as_the_rule_says() {
    let opposite = ME.get().wrapping_add(ring::HALF);
    let near_middle = |fixture: &mut Fixture| {
        fixture.node.samples = Samples::default();
        let found = (0..100).filter(|_| {
            let elected = fixture.turn().elected_on();
            fixture.node.elections = ElectionPool::default();
            ring::distance(elected[0].get(), opposite) < 1 << 40
        });
        found.count()
    };
    assert_eq!(
        near_middle(&mut gappy(Ratio::ONE)),
        100,
        "the middle between the first quarter and the third"
    );
    assert_eq!(near_middle(&mut gappy(Ratio::ZERO)), 0);
    let half = near_middle(&mut gappy(Ratio::from_millionths(500_000)));
    assert!((30..70).contains(&half), "{half}");
}

#[test]
fn alone_a_peer_has_the_whole_ring_for_a_gap() {
    let mut fixture = Fixture::lifecycle();
    assert_eq!(fixture.node.middle_of_largest_gap(), token(ME.get().wrapping_add(ring::HALF - 1)));
    assert!(fixture.turn().is_nothing());
}

#[test]
fn a_peer_bridges_a_gap_only_from_its_middle_and_only_where_gaps_matter() {
    let mut fixture = gappy(Ratio::ONE);
    let quarter = 1_u64 << 62;
    let mut bridges = |turn: u64| {
        let mut bridges = false;
        fixture.with(|node, cx| bridges = node.bridges_gap(cx, peer(ME.get().wrapping_add(quarter + turn))));
        bridges
    };
    // The gap is half a ring wide.
    assert!(bridges(quarter));
    assert!(bridges(quarter / 2 + 10) && bridges(quarter / 2 * 3 - 10));
    assert!(!bridges(quarter / 2 - 10) && !bridges(quarter / 2 * 3 + 10), "the outer quarters do not count");
    assert!(!bridges(quarter.wrapping_neg() / 2), "nor does what lies outside");
    let mut indifferent = gappy(Ratio::ZERO);
    indifferent.with(|node, cx| assert!(!node.bridges_gap(cx, peer(ME.get().wrapping_add(2 * quarter)))));
}

#[test]
fn of_the_peers_to_connect_with_those_in_the_largest_gap_come_first() {
    let quarter = 1_u64 << 62;
    let in_gap = ME.get().wrapping_add(2 * quarter + 5);
    let near = [ME.get() + 77, ME.get() + quarter + 8, ME.get() + 3 * quarter + 9];
    let mut fixture = needy().knowing(PeerStateKind::Connected, [ME.get() + quarter, ME.get() + 3 * quarter]);
    fixture = fixture.knowing(PeerStateKind::Identified, near.into_iter().chain([in_gap])).under(|config| {
        config.peers.core_neighbors = 0;
        config.peers.coverage_bias = Ratio::ONE;
        config.election.per_round = 1;
    });
    assert_eq!(fixture.turn().elected_on(), tokens(&[in_gap]));
}

#[test]
fn no_election_is_held_on_a_token_whose_result_still_stands() {
    let mut fixture = needy().knowing(PeerStateKind::Identified, [1_100]);
    fixture.config.election.cache_rounds = rounds(40);
    fixture.config.election.timeout_rounds = 30;
    assert_eq!(fixture.turn().elected_on(), tokens(&[1_100]));
    let held = |fixture: &mut Fixture, round| {
        fixture.now = Round(round);
        fixture.turn().elected_on().contains(&token(1_100))
    };
    // Without answers it ends in round 30, and its result is valid for forty rounds.
    let again: Vec<u64> = (1..=75).filter(|round| held(&mut fixture, *round)).collect();
    assert_eq!(again.first(), Some(&70));

    let mut fixture = needy().knowing(PeerStateKind::Identified, [1_100]);
    fixture.config.election.cache_rounds = None;
    assert_eq!(fixture.turn().elected_on(), tokens(&[1_100]));
    let again: Vec<u64> = (1..=75).filter(|round| held(&mut fixture, *round)).collect();
    assert_eq!(again.first(), Some(&30), "without a cache it is held again at once");
}

/// Results of elections on `count` unused tokens.
fn results_on(count: u64) -> ResultCache {
    let mut results = ResultCache::default();
    (0..count).for_each(|number| results.insert(token(1 << 20 | number), Round(0)));
    results
}

#[test]
fn results_are_remembered_up_to_a_limit() {
    let mut fixture = Fixture::lifecycle().knowing(PeerStateKind::Identified, [1, 2]);
    fixture.config.election.cache_rounds = rounds(1_000);
    fixture.node.results = results_on(4_096);
    fixture.elect_on(token(5));
    fixture.turns_until(100);
    assert!(!fixture.node.has_result(token(5)));
    fixture.node.results = results_on(4_095);
    fixture.elect_on(token(6));
    fixture.turns_until(200);
    assert!(fixture.node.has_result(token(6)));
}
