//! What elections are held on, and whom they ask.

use std::num::NonZeroU32;

use super::super::result_cache::ResultCache;
use super::*;
use crate::config::FirstHopRule;

#[test]
fn samples_are_elected_on_first_and_random_tokens_after_them() {
    let mut scene = Scene::lifecycle().knowing(PeerStateKind::Identified, [1, 2]);
    scene.config.election.per_round = 3;
    let mut tokens: Vec<TokenId> = scene.turn().queries().into_iter().map(|(_, token, _)| token).collect();
    tokens.dedup();
    let [first, second, third] = tokens[..] else { panic!("{tokens:?}") };
    assert_eq!([first.min(second), first.max(second)], [token(1), token(2)]);
    assert!(third.get() > 1 << 32, "a token out of the blue: {third}");
    assert!(scene.node.samples().is_empty());
    assert_eq!(scene.node.elections().len(), 3);

    let random = scene.turn();
    assert_eq!(random.events, [Fact::Started; 3]);
    assert_eq!(scene.node.elections().len(), 6);
    scene.config.election.per_round = 0;
    assert!(scene.turn().is_nothing());
}

#[test]
fn there_is_one_election_on_a_token_at_a_time() {
    let mut scene = Scene::lifecycle().knowing(PeerStateKind::Identified, [1]);
    let (elected_on, _) = scene.elect();
    scene.with(|node, cx| node.samples.insert(cx, elected_on));
    scene.config.election.per_round = 1;
    assert!(scene.turn().is_nothing());
    assert_eq!(scene.samples(), [], "the token is used up all the same");
}

#[test]
fn an_election_asks_the_nearest_known_peers() {
    let mut scene = Scene::lifecycle().knowing(PeerStateKind::Identified, [10, 20, 40, 80, 160]);
    scene.config.election.channels = 3;
    let (token, asked) = scene.elect();
    let mut nearest: Vec<PeerId> = [10, 20, 40, 80, 160].map(peer).to_vec();
    nearest.sort_by_key(|peer| (ring::distance(peer.get(), token.get()), *peer));
    let asked: Vec<PeerId> = asked.into_iter().map(|(to, _)| to).collect();
    assert_eq!(asked, nearest[..3], "and not itself, though it is near");
}

#[test]
fn as_shipped_the_first_query_goes_to_the_token_itself() {
    let mut scene = Scene::shipped().knowing(PeerStateKind::Identified, [10, 20, 40, 80, 160]);
    let (token, asked) = scene.elect();
    assert_eq!(asked.len(), 4);
    assert_eq!(asked[0].0, token.as_peer());
    assert_eq!(
        asked.iter().filter(|(to, _)| *to == token.as_peer()).count(),
        1,
        "a known peer too only once"
    );

    let mut scene = Scene::shipped().knowing(PeerStateKind::Identified, [10]);
    scene.config.election.per_round = 2;
    let asked = scene.turn().queries();
    let random = asked.iter().filter(|(_, token, _)| *token != peer(10).into());
    let asked: Vec<(PeerId, TokenId)> = random.map(|(to, token, _)| (*to, *token)).collect();
    let [(nobody, token), (known, _)] = asked[..] else { panic!("{asked:?}") };
    assert_eq!((nobody, known), (token.as_peer(), peer(10)));
}

// What elections are held on.

fn tokens(ids: &[u64]) -> Vec<TokenId> {
    ids.iter().copied().map(token).collect()
}

fn rounds(count: u32) -> Option<NonZeroU32> {
    NonZeroU32::new(count)
}

/// A peer that holds elections on what it lacks, two at a time, and wants two neighbours on each side and six
/// connections.
fn needy() -> Scene {
    Scene::improved().under(|config| {
        config.election.per_round = 2;
        config.peers.core_neighbors = 2;
        config.peers.connected_target = rounds(6);
        config.peers.coverage_bias = Ratio::ZERO;
    })
}

const CORE: [u64; 4] = [800, 900, 1_100, 1_200];
const OTHERS: [u64; 4] = [10_000, 20_000, 30_000, 40_000];

#[test]
fn neighbours_that_are_not_connected_are_needed_most() {
    let mut scene = needy().knowing(PeerStateKind::Identified, CORE.into_iter().chain(OTHERS));
    assert_eq!(scene.turn().elected_on(), tokens(&[1_100, 1_200]), "two at a time");
    for standing in [PeerStateKind::Pending, PeerStateKind::Connected] {
        let mut scene = needy()
            .knowing(standing, [800, 1_100, 1_200])
            .knowing(PeerStateKind::Identified, [900].into_iter().chain(OTHERS));
        let elected = scene.turn().elected_on();
        assert_eq!(elected[0], token(900), "{standing:?} neighbours are on their way or there");
        assert!(OTHERS.map(token).contains(&elected[1]), "then come other connections");
    }
}

#[test]
fn connections_are_needed_up_to_the_target_counting_those_that_may_come() {
    let lacking = |connected: &[u64], pending: &[u64]| {
        let mut scene = needy()
            .knowing(PeerStateKind::Connected, CORE.iter().chain(connected).copied())
            .knowing(PeerStateKind::Pending, pending.iter().copied())
            .knowing(PeerStateKind::Identified, OTHERS);
        // A round in which nothing routine is due.
        scene.now = Round(3);
        scene.turn().elected_on()
    };
    let elected = lacking(&[5_000], &[]);
    assert_eq!(elected.len(), 2);
    assert!(elected.iter().all(|token| OTHERS.contains(&token.get())));
    assert_eq!(lacking(&[5_000, 6_000], &[]), []);
    assert_eq!(lacking(&[5_000], &[6_000]), [], "who was invited may accept");
}

#[test]
fn without_a_target_any_number_of_connections_is_wanted() {
    let mut scene = needy().knowing(PeerStateKind::Connected, CORE.into_iter().chain(2_000..2_100));
    scene =
        scene.knowing(PeerStateKind::Identified, OTHERS).under(|config| config.peers.connected_target = None);
    scene.now = Round(3);
    assert_eq!(scene.turn().elected_on().len(), 2);
}

/// A peer that has all it wants, the one at 1,100 silent for the longest time.
fn content() -> Scene {
    let mut scene = needy();
    for (round, id) in (0..).zip([1_100, 800, 900, 1_200, 5_000, 6_000]) {
        scene.now = Round(round);
        scene = scene.knowing(PeerStateKind::Connected, [id]);
    }
    scene
}

#[test]
fn who_lacks_nothing_confirms_what_has_been_silent_longest_and_sometimes_looks_round() {
    let mut scene = content();
    let mut elected = Vec::new();
    for round in 6..=80 {
        scene.now = Round(round);
        let outcome = scene.turn();
        // The routine is told by when it happens; what becomes of the elections does not matter here.
        elected.extend(outcome.elected_on().into_iter().map(|token| (round, token.get())));
        scene.node.elections = ElectionPool::default();
        scene.node.settled = ResultCache::default();
        let silent = scene.node.peers.least_recently_heard().expect("a connection");
        scene.node.peers.touch(silent, scene.now);
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
    let mut scene = content();
    scene.now = Round(10);
    assert_eq!(scene.turn().elected_on(), tokens(&[1_100]));
    scene.node.elections = ElectionPool::default();
    scene.node.peers.touch(peer(1_100), Round(10));
    scene.now = Round(20);
    assert_eq!(scene.turn().elected_on(), tokens(&[800]));
}

#[test]
fn a_lonely_peer_looks_round_five_times_as_often_and_at_its_own_neighbourhood_half_of_the_time() {
    let mut scene = needy().knowing(PeerStateKind::Connected, [1_100]);
    scene.config.peers.connection_timeout_rounds = 1_000;
    let (mut near, mut when) = (0, Vec::new());
    for round in 1..=400 {
        scene.now = Round(round);
        for elected in scene.turn().elected_on() {
            when.push(round);
            near += u32::from(elected == token(ME.get() + 1));
            assert_ne!(elected, token(1_100), "it confirms nothing");
        }
        scene.node.elections = ElectionPool::default();
        scene.node.settled = ResultCache::default();
    }
    assert_eq!(when, (1..=200).map(|step| 2 * step).collect::<Vec<_>>(), "every two rounds");
    assert!((70..130).contains(&near), "half of 200: {near}");
}

#[test]
fn without_an_adaptive_rate_routine_is_for_every_round() {
    let mut scene = content().under(|config| config.election.adaptive_rate = false);
    for round in 6..12 {
        scene.now = Round(round);
        assert_eq!(scene.turn().elected_on().len(), 1, "round {round}");
        scene.node.elections = ElectionPool::default();
    }
}

#[test]
fn a_peer_that_is_to_start_no_elections_starts_none() {
    for mut scene in [Scene::lifecycle(), Scene::improved(), content()] {
        scene.config.election.per_round = 0;
        scene = scene.knowing(PeerStateKind::Identified, [70_000]);
        let started = (10..40).any(|round| {
            scene.now = Round(round);
            !scene.turn().is_nothing()
        });
        assert!(!started);
    }
}

#[test]
fn elections_start_at_intervals_and_peers_take_turns() {
    let starts = |id: u64| {
        let mut scene = Scene::at(peer(id), "lifecycle-1").knowing(PeerStateKind::Identified, [1, 2]);
        scene.config.election.per_round = 1;
        scene.config.election.interval_rounds = 4;
        let mut starts = Vec::new();
        for round in 0..12 {
            scene.now = Round(round);
            if !scene.turn().events.is_empty() {
                starts.push(round);
            }
        }
        starts
    };
    assert_eq!(starts(1_000), [0, 4, 8]);
    assert_eq!(starts(1_001), [1, 5, 9]);
    assert_eq!(starts(1_007), [3, 7, 11]);
}

#[test]
fn at_an_adaptive_rate_a_peer_that_has_what_it_wants_rests() {
    let started = |adaptive_rate, connected: &[u64]| -> usize {
        let mut scene =
            Scene::lifecycle().knowing(PeerStateKind::Connected, connected.iter().copied()).under(|config| {
                config.election.per_round = 3;
                config.election.adaptive_rate = adaptive_rate;
                config.election.idle_interval_rounds = 5;
                config.peers.connected_target = rounds(2);
            });
        scene = scene.knowing(PeerStateKind::Identified, [70_000]);
        (0..10)
            .map(|round| {
                scene.now = Round(round);
                scene.turn().events.len()
            })
            .sum()
    };
    assert_eq!(started(true, &[10, 20]), 2, "one in five rounds");
    assert_eq!(started(true, &[10]), 30);
    assert_eq!(started(false, &[10, 20]), 30);
}

#[test]
fn who_knows_nobody_else_has_what_it_can_have() {
    let has = |scene: &mut Scene| {
        let mut has = false;
        scene.with(|node, cx| has = node.has_what_it_wants(cx));
        has
    };
    assert!(has(&mut needy().knowing(PeerStateKind::Connected, [1_100])));
    assert!(!has(&mut needy()
        .knowing(PeerStateKind::Connected, [1_100])
        .knowing(PeerStateKind::Identified, [70_000])));
    assert!(has(&mut content()));
    let mut without_core = content().knowing(PeerStateKind::Identified, [1_050]);
    assert!(!has(&mut without_core), "a neighbour is missing, whatever the number");
    without_core.node.settled.insert(token(1_050), Round(0));
    assert!(has(&mut without_core), "it has been tried lately");
}

#[test]
fn a_share_of_elections_confirms_the_connection_that_has_not_won_for_longest() {
    let mut scene = Scene::lifecycle().knowing(PeerStateKind::Connected, [10, 20, 30]).under(|config| {
        config.election.per_round = 1;
        config.election.reelection_share = Ratio::ONE;
    });
    let samples = scene.samples();
    assert_eq!(scene.turn().elected_on().len(), 1);
    assert_eq!(scene.samples(), samples, "no sample is used up");
    for (won, id) in [(3, 10), (1, 20), (2, 30)] {
        scene.with(|node, cx| {
            node.peers.record_interaction(cx, peer(id), |record| record.won = Some(Round(won)))
        });
    }
    scene.node.elections = ElectionPool::default();
    assert_eq!(scene.turn().elected_on(), tokens(&[20]));
    scene.config.election.reelection_share = Ratio::ZERO;
    scene.turn();
    assert_eq!(scene.samples().len(), samples.len() - 1, "now one is");
}

#[test]
fn with_a_half_share_every_other_election_confirms() {
    let mut scene = Scene::lifecycle().knowing(PeerStateKind::Connected, [10]).under(|config| {
        config.election.per_round = 1;
        config.election.reelection_share = Ratio::from_millionths(500_000);
    });
    scene.node.samples = Samples::default();
    let confirms = (0..400).filter(|_| {
        let elected = scene.turn().elected_on();
        scene.node.elections = ElectionPool::default();
        elected == tokens(&[10])
    });
    let confirms = confirms.count();
    assert!((160..240).contains(&confirms), "{confirms} of 400");
}

/// Connected at quarters of the ring, but for one: the largest gap is around the third quarter.
fn gappy(coverage_bias: Ratio) -> Scene {
    const QUARTER: u64 = 1 << 62;
    let places = [ME.get() + QUARTER, ME.get() + QUARTER / 2, ME.get() + 3 * QUARTER];
    Scene::lifecycle().knowing(PeerStateKind::Connected, places).under(|config| {
        config.peers.coverage_bias = coverage_bias;
        config.election.per_round = 1;
    })
}

#[test]
fn random_tokens_are_taken_from_the_largest_gap_as_often_as_the_rule_says() {
    let opposite = ME.get().wrapping_add(ring::HALF);
    let near_middle = |scene: &mut Scene| {
        scene.node.samples = Samples::default();
        let found = (0..100).filter(|_| {
            let elected = scene.turn().elected_on();
            scene.node.elections = ElectionPool::default();
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
    let mut scene = Scene::lifecycle();
    assert_eq!(scene.node.middle_of_largest_gap(), token(ME.get().wrapping_add(ring::HALF - 1)));
    assert!(scene.turn().is_nothing());
}

#[test]
fn a_peer_bridges_a_gap_only_from_its_middle_and_only_where_gaps_matter() {
    let mut scene = gappy(Ratio::ONE);
    let quarter = 1_u64 << 62;
    let mut bridges = |turn: u64| {
        let mut bridges = false;
        scene.with(|node, cx| bridges = node.bridges_gap(cx, peer(ME.get().wrapping_add(quarter + turn))));
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
    let mut scene = needy().knowing(PeerStateKind::Connected, [ME.get() + quarter, ME.get() + 3 * quarter]);
    scene = scene.knowing(PeerStateKind::Identified, near.into_iter().chain([in_gap])).under(|config| {
        config.peers.core_neighbors = 0;
        config.peers.coverage_bias = Ratio::ONE;
        config.election.per_round = 1;
    });
    assert_eq!(scene.turn().elected_on(), tokens(&[in_gap]));
}

#[test]
fn no_election_is_held_on_a_token_whose_result_still_stands() {
    let mut scene = needy().knowing(PeerStateKind::Identified, [1_100]);
    scene.config.election.cache_rounds = rounds(40);
    scene.config.election.timeout_rounds = 30;
    assert_eq!(scene.turn().elected_on(), tokens(&[1_100]));
    let held = |scene: &mut Scene, round| {
        scene.now = Round(round);
        scene.turn().elected_on().contains(&token(1_100))
    };
    // It ends in round 30, for nobody answers, and stands for forty rounds.
    let again: Vec<u64> = (1..=75).filter(|round| held(&mut scene, *round)).collect();
    assert_eq!(again.first(), Some(&70));

    let mut scene = needy().knowing(PeerStateKind::Identified, [1_100]);
    scene.config.election.cache_rounds = None;
    assert_eq!(scene.turn().elected_on(), tokens(&[1_100]));
    let again: Vec<u64> = (1..=75).filter(|round| held(&mut scene, *round)).collect();
    assert_eq!(again.first(), Some(&30), "without a cache it is held again at once");
}

#[test]
fn samples_are_not_elected_on_while_a_result_stands() {
    let mut scene = Scene::lifecycle().knowing(PeerStateKind::Identified, [1, 2]);
    scene.config.election.per_round = 1;
    scene.config.election.cache_rounds = rounds(40);
    [1, 2].into_iter().for_each(|number| scene.node.settled.insert(token(number), Round(0)));
    assert!(scene.turn().is_nothing());
    assert!(scene.samples().len() < 2, "they are used up all the same");
}

/// Results of elections on so many tokens that nobody asks for.
fn settled_on(count: u64) -> ResultCache {
    let mut settled = ResultCache::default();
    (0..count).for_each(|number| settled.insert(token(1 << 20 | number), Round(0)));
    settled
}

#[test]
fn results_are_remembered_up_to_a_limit() {
    let mut scene = Scene::lifecycle().knowing(PeerStateKind::Identified, [1, 2]);
    scene.config.election.cache_rounds = rounds(1_000);
    scene.node.settled = settled_on(4_096);
    scene.elect_on(token(5));
    scene.turns_until(100);
    assert!(!scene.node.is_settled(token(5)));
    scene.node.settled = settled_on(4_095);
    scene.elect_on(token(6));
    scene.turns_until(200);
    assert!(scene.node.is_settled(token(6)));
}

// Whom elections ask.

/// Whom an election on a token would ask, under a rule.
fn candidates(scene: &mut Scene, asked: u64) -> Vec<u64> {
    let mut found = Vec::new();
    scene.with(|node, cx| {
        found = node.candidates(cx, token(asked)).iter().map(|peer| peer.get()).collect();
    });
    found
}

fn asking(rule: FirstHopRule, count: u32) -> Scene {
    Scene::lifecycle().under(|config| {
        config.election.first_hops = rule;
        config.election.candidates = count;
    })
}

/// Twelve peers, evenly spread.
fn dial() -> Vec<u64> {
    (0..12).map(|hour| u64::MAX / 12 * hour + 7).collect()
}

#[test]
fn the_closest_are_the_nearest_to_the_token() {
    let mut scene = asking(FirstHopRule::Closest, 3).knowing(PeerStateKind::Identified, dial());
    let hours = dial();
    assert_eq!(candidates(&mut scene, hours[5] + 1), [hours[5], hours[6], hours[4]]);
}

#[test]
fn random_first_hops_are_any_known_peers_alike() {
    let mut scene = asking(FirstHopRule::Random, 3).knowing(PeerStateKind::Identified, dial());
    let mut times = BTreeMap::new();
    for _ in 0..4_000 {
        let found = candidates(&mut scene, 5);
        assert_eq!(found.len(), 3);
        found.into_iter().for_each(|peer| *times.entry(peer).or_insert(0) += 1);
    }
    assert_eq!(times.len(), 12);
    // 1,000 each are expected, give or take 27.
    assert!(times.values().all(|times| (880..1_120).contains(times)), "{times:?}");
}

#[test]
fn distant_first_hops_are_spread_evenly_from_the_token_on() {
    let hours = dial();
    let mut scene = asking(FirstHopRule::Distant, 4).knowing(PeerStateKind::Identified, hours.clone());
    assert_eq!(candidates(&mut scene, hours[2] + 1), [hours[2], hours[5], hours[8], hours[11]]);
    assert_eq!(candidates(&mut scene, hours[2] + 1), [hours[2], hours[5], hours[8], hours[11]], "each time");
}

/// Notes when a peer was last asked.
fn note_asked(scene: &mut Scene, peer_id: u64, round: u64) {
    scene.with(|node, cx| {
        node.peers.record_interaction(cx, peer(peer_id), |record| record.asked = Some(Round(round)))
    });
}

#[test]
fn those_asked_longest_ago_come_first_and_of_them_the_nearest() {
    let mut scene =
        asking(FirstHopRule::LeastRecentlyUsed, 4).knowing(PeerStateKind::Identified, [10, 20, 30, 40, 50]);
    note_asked(&mut scene, 10, 9);
    note_asked(&mut scene, 20, 3);
    note_asked(&mut scene, 50, 1);
    assert_eq!(candidates(&mut scene, 11), [30, 40, 50, 20]);
}

#[test]
fn to_be_asked_is_noted() {
    let mut scene = asking(FirstHopRule::LeastRecentlyUsed, 8)
        .knowing(PeerStateKind::Identified, [10, 20, 30, 40, 50, 60]);
    scene.now = Round(4);
    let first: Vec<PeerId> = scene.elect_on(token(11)).into_iter().map(|(to, _)| to).collect();
    assert_eq!(first, [10, 20, 30, 40].map(peer));
    let record = scene.node.peers.interactions().of(peer(10));
    assert_eq!((record.asked, record.queries), (Some(Round(4)), 1));
    scene.now = Round(5);
    let second: Vec<PeerId> = scene.elect_on(token(12)).into_iter().map(|(to, _)| to).collect();
    assert_eq!(second, [50, 60, 10, 20].map(peer), "the others have their turn");
}

#[test]
fn hybrid_first_hops_are_far_apart_at_random_places_and_have_not_been_asked_lately() {
    let hours = dial();
    let mut scene = asking(FirstHopRule::Hybrid, 4).knowing(PeerStateKind::Identified, hours.clone());
    let mut beginnings = Vec::new();
    for _ in 0..200 {
        let found = candidates(&mut scene, 5);
        let places: Vec<usize> =
            found.iter().filter_map(|peer| hours.iter().position(|hour| hour == peer)).collect();
        assert_eq!(places.len(), 4);
        for pair in places.windows(2) {
            let apart = (pair[1] + 12 - pair[0]) % 12;
            assert!((2..=4).contains(&apart), "a third of the dial, give or take one hour: {places:?}");
        }
        beginnings.push(places[0]);
    }
    beginnings.sort_unstable();
    beginnings.dedup();
    assert_eq!(beginnings.len(), 12, "beginning anywhere");

    scene.now = Round(20);
    hours.iter().step_by(2).for_each(|hour| note_asked(&mut scene, *hour, 11));
    for _ in 0..50 {
        let found = candidates(&mut scene, 5);
        assert!(!found.is_empty());
        assert!(found.iter().all(|peer| !hours.iter().step_by(2).any(|hour| hour == peer)), "{found:?}");
    }
    scene.now = Round(21);
    assert!(
        (0..50).any(|_| candidates(&mut scene, 5).contains(&hours[0])),
        "after ten rounds they may be again"
    );
    hours.iter().for_each(|hour| note_asked(&mut scene, *hour, 21));
    assert_eq!(
        candidates(&mut scene, hours[5]),
        candidates(
            &mut asking(FirstHopRule::Closest, 4).knowing(PeerStateKind::Identified, hours.clone()),
            hours[5]
        ),
        "better those than none"
    );
}

#[test]
fn reputable_first_hops_are_the_closest_the_most_reliable_first() {
    let mut scene =
        asking(FirstHopRule::Reputable, 4).knowing(PeerStateKind::Identified, [10, 20, 30, 40, 5_000]);
    for (id, queries, answers) in [(10, 9, 1), (20, 9, 9), (40, 9, 0), (5_000, 9, 9)] {
        scene.with(|node, cx| {
            node.peers.record_interaction(cx, peer(id), |record| {
                (record.queries, record.answers) = (queries, answers)
            });
        });
    }
    assert_eq!(candidates(&mut scene, 11), [20, 30, 10, 40], "a stranger is given half");
}

#[test]
fn first_hops_of_quality_are_the_closest_those_first_that_have_served_best() {
    let mut scene =
        asking(FirstHopRule::Quality, 4).knowing(PeerStateKind::Identified, [10, 20, 30, 40, 5_000]);
    for (id, answers) in [(10, 1), (20, 9), (40, 0), (5_000, 9)] {
        scene.with(|node, cx| {
            for time in 0..9 {
                node.peers.score(cx, peer(id), |score| {
                    if time < answers { score.on_answer(Round(0), Round(0)) } else { score.on_silence() }
                });
            }
        });
    }
    assert_eq!(candidates(&mut scene, 11), [20, 30, 10, 40], "a stranger is as good as they all together");
}

const FIRST_HOPS: [FirstHopRule; 7] = [
    FirstHopRule::Closest,
    FirstHopRule::Random,
    FirstHopRule::Distant,
    FirstHopRule::LeastRecentlyUsed,
    FirstHopRule::Hybrid,
    FirstHopRule::Reputable,
    FirstHopRule::Quality,
];

fn places() -> impl Strategy<Value = Vec<u64>> {
    prop::collection::btree_set(any::<u64>(), 0..40).prop_map(|places| places.into_iter().collect())
}

proptest! {
    #[test]
    fn whatever_the_rule_first_hops_are_known_and_different_and_never_the_peer_itself(
        rule in prop::sample::select(FIRST_HOPS.to_vec()),
        known in places(),
        asked_before in prop::collection::vec((any::<prop::sample::Index>(), 0..30_u64), 0..20),
        token: u64,
        count in 1..=64_u32,
        luck: u64,
    ) {
        let mut scene = asking(rule, count).knowing(PeerStateKind::Identified, known.iter().copied());
        scene.rng = Rng::stream(luck, Purpose::Protocol, 1);
        scene.now = Round(30);
        for (peer, round) in asked_before {
            if !known.is_empty() {
                note_asked(&mut scene, known[peer.index(known.len())], round);
            }
        }
        let found = candidates(&mut scene, token);
        prop_assert!(found.len() <= count as usize);
        prop_assert!(known.is_empty() || !found.is_empty());
        prop_assert!(found.iter().all(|peer| known.contains(peer) && *peer != ME.get()));
        let mut different = found.clone();
        different.sort_unstable();
        different.dedup();
        prop_assert_eq!(different.len(), found.len());
        let open_to_all = !matches!(rule, FirstHopRule::Distant | FirstHopRule::Hybrid);
        prop_assert!(!open_to_all || found.len() == known.len().min(count as usize));
    }

    /// Turning the ring turns what a peer asks and where it looks, and changes nothing else.
    #[test]
    fn what_a_peer_looks_for_turns_with_the_ring(
        rule in prop::sample::select(vec![FirstHopRule::Closest, FirstHopRule::Distant, FirstHopRule::Reputable]),
        known in places(),
        me: u64,
        token: u64,
        turn: u64,
    ) {
        prop_assume!(!known.contains(&me));
        let look = |turn: u64| {
            let places = known.iter().map(|place| place.wrapping_add(turn));
            let mut scene = Scene::at(peer(me.wrapping_add(turn)), "improved")
                .under(|config| {
                    config.election.first_hops = rule;
                    config.election.candidates = 5;
                    config.peers.connected_target = None;
                })
                .knowing(PeerStateKind::Connected, places);
            let candidates = candidates(&mut scene, token.wrapping_add(turn));
            let candidates: Vec<u64> = candidates.into_iter().map(|peer| peer.wrapping_sub(turn)).collect();
            let middle = scene.node.middle_of_largest_gap().get().wrapping_sub(turn);
            let mut bridges = Vec::new();
            scene.with(|node, cx| {
                bridges = known.iter().map(|place| node.bridges_gap(cx, peer(place.wrapping_add(turn)))).collect();
            });
            (candidates, middle, bridges)
        };
        prop_assert_eq!(look(turn), look(0));
    }
}
