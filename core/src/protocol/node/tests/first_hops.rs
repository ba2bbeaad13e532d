//! First hops: the candidates of an election by every rule.

use super::*;
use crate::config::FirstHopRule;

/// First hops of an election on a token.
fn candidates(fixture: &mut Fixture, asked: u64) -> Vec<u64> {
    let mut found = Vec::new();
    fixture.with(|node, cx| {
        found = node.candidates(cx, token(asked)).iter().map(|peer| peer.get()).collect();
    });
    found
}

fn asking(rule: FirstHopRule, count: u32) -> Fixture {
    Fixture::lifecycle().under(|config| {
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
    let mut fixture = asking(FirstHopRule::Closest, 3).knowing(PeerStateKind::Identified, dial());
    let hours = dial();
    assert_eq!(candidates(&mut fixture, hours[5] + 1), [hours[5], hours[6], hours[4]]);
}

#[test]
fn random_first_hops_are_any_known_peers_alike() {
    let mut fixture = asking(FirstHopRule::Random, 3).knowing(PeerStateKind::Identified, dial());
    let mut times = BTreeMap::new();
    for _ in 0..4_000 {
        let found = candidates(&mut fixture, 5);
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
    let mut fixture = asking(FirstHopRule::Distant, 4).knowing(PeerStateKind::Identified, hours.clone());
    assert_eq!(candidates(&mut fixture, hours[2] + 1), [hours[2], hours[5], hours[8], hours[11]]);
    assert_eq!(
        candidates(&mut fixture, hours[2] + 1),
        [hours[2], hours[5], hours[8], hours[11]],
        "each time"
    );
}

/// Records the round of the last query to a peer.
fn note_asked(fixture: &mut Fixture, peer_id: u64, round: u64) {
    fixture.with(|node, cx| {
        node.peers.record_interaction(cx, peer(peer_id), |stats| stats.asked = Some(Round(round)));
    });
}

#[test]
fn those_asked_longest_ago_come_first_and_of_them_the_nearest() {
    let mut fixture =
        asking(FirstHopRule::LeastRecentlyUsed, 4).knowing(PeerStateKind::Identified, [10, 20, 30, 40, 50]);
    note_asked(&mut fixture, 10, 9);
    note_asked(&mut fixture, 20, 3);
    note_asked(&mut fixture, 50, 1);
    assert_eq!(candidates(&mut fixture, 11), [30, 40, 50, 20]);
}

#[test]
fn to_be_asked_is_noted() {
    let mut fixture = asking(FirstHopRule::LeastRecentlyUsed, 8)
        .knowing(PeerStateKind::Identified, [10, 20, 30, 40, 50, 60]);
    fixture.now = Round(4);
    let first: Vec<PeerId> = fixture.elect_on(token(11)).into_iter().map(|(to, _)| to).collect();
    assert_eq!(first, [10, 20, 30, 40].map(peer));
    let stats = fixture.node.peers.interactions().of(peer(10));
    assert_eq!((stats.asked, stats.queries), (Some(Round(4)), 1));
    fixture.now = Round(5);
    let second: Vec<PeerId> = fixture.elect_on(token(12)).into_iter().map(|(to, _)| to).collect();
    assert_eq!(second, [50, 60, 10, 20].map(peer), "the others have their turn");
}

#[test]
fn hybrid_first_hops_are_far_apart_at_random_places_and_have_not_been_asked_lately() {
    let hours = dial();
    let mut fixture = asking(FirstHopRule::Hybrid, 4).knowing(PeerStateKind::Identified, hours.clone());
    let mut beginnings = Vec::new();
    for _ in 0..200 {
        let found = candidates(&mut fixture, 5);
        let positions: Vec<usize> =
            found.iter().filter_map(|peer| hours.iter().position(|hour| hour == peer)).collect();
        assert_eq!(positions.len(), 4);
        for pair in positions.windows(2) {
            let apart = (pair[1] + 12 - pair[0]) % 12;
            assert!((2..=4).contains(&apart), "a third of the dial, give or take one hour: {positions:?}");
        }
        beginnings.push(positions[0]);
    }
    beginnings.sort_unstable();
    beginnings.dedup();
    assert_eq!(beginnings.len(), 12, "beginning anywhere");

    fixture.now = Round(20);
    hours.iter().step_by(2).for_each(|hour| note_asked(&mut fixture, *hour, 11));
    for _ in 0..50 {
        let found = candidates(&mut fixture, 5);
        assert!(!found.is_empty());
        assert!(found.iter().all(|peer| !hours.iter().step_by(2).any(|hour| hour == peer)), "{found:?}");
    }
    fixture.now = Round(21);
    assert!(
        (0..50).any(|_| candidates(&mut fixture, 5).contains(&hours[0])),
        "after ten rounds they may be again"
    );
    hours.iter().for_each(|hour| note_asked(&mut fixture, *hour, 21));
    assert_eq!(
        candidates(&mut fixture, hours[5]),
        candidates(
            &mut asking(FirstHopRule::Closest, 4).knowing(PeerStateKind::Identified, hours.clone()),
            hours[5]
        ),
        "better those than none"
    );
}

#[test]
fn reputable_first_hops_are_the_closest_the_most_reliable_first() {
    let mut fixture =
        asking(FirstHopRule::Reputable, 4).knowing(PeerStateKind::Identified, [10, 20, 30, 40, 5_000]);
    for (id, queries, answers) in [(10, 9, 1), (20, 9, 9), (40, 9, 0), (5_000, 9, 9)] {
        fixture.with(|node, cx| {
            node.peers.record_interaction(cx, peer(id), |stats| {
                (stats.queries, stats.answers) = (queries, answers);
            });
        });
    }
    assert_eq!(candidates(&mut fixture, 11), [20, 30, 10, 40], "a stranger is given half");
}

#[test]
fn first_hops_of_quality_are_the_closest_those_first_that_have_served_best() {
    let mut fixture =
        asking(FirstHopRule::Quality, 4).knowing(PeerStateKind::Identified, [10, 20, 30, 40, 5_000]);
    for (id, answers) in [(10, 1), (20, 9), (40, 0), (5_000, 9)] {
        fixture.with(|node, cx| {
            for time in 0..9 {
                node.peers.score(cx, peer(id), |score| {
                    if time < answers { score.on_answer(Round(0), Round(0)) } else { score.on_silence() }
                });
            }
        });
    }
    assert_eq!(candidates(&mut fixture, 11), [20, 30, 10, 40], "a stranger is as good as they all together");
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

fn positions() -> impl Strategy<Value = Vec<u64>> {
    prop::collection::btree_set(any::<u64>(), 0..40).prop_map(|positions| positions.into_iter().collect())
}

proptest! {
    #[test]
    fn whatever_the_rule_first_hops_are_known_and_different_and_never_the_peer_itself(
        rule in prop::sample::select(FIRST_HOPS.to_vec()),
        known in positions(),
        asked_before in prop::collection::vec((any::<prop::sample::Index>(), 0..30_u64), 0..20),
        token: u64,
        count in 1..=64_u32,
        seed: u64,
    ) {
        let mut fixture = asking(rule, count).knowing(PeerStateKind::Identified, known.iter().copied());
        fixture.rng = Rng::stream(seed, Purpose::Protocol, 1);
        fixture.now = Round(30);
        for (peer, round) in asked_before {
            if !known.is_empty() {
                note_asked(&mut fixture, known[peer.index(known.len())], round);
            }
        }
        let found = candidates(&mut fixture, token);
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

    /// A rotation of the ring rotates first hops and gaps, and changes nothing else.
    #[test]
    fn what_a_peer_looks_for_turns_with_the_ring(
        rule in prop::sample::select(vec![FirstHopRule::Closest, FirstHopRule::Distant, FirstHopRule::Reputable]),
        known in positions(),
        me: u64,
        token: u64,
        turn: u64,
    ) {
        prop_assume!(!known.contains(&me));
        let look = |turn: u64| {
            let positions = known.iter().map(|position| position.wrapping_add(turn));
            let mut fixture = Fixture::at(peer(me.wrapping_add(turn)), "improved")
                .under(|config| {
                    config.election.first_hops = rule;
                    config.election.candidates = 5;
                    config.peers.connected_target = None;
                })
                .knowing(PeerStateKind::Connected, positions);
            let candidates = candidates(&mut fixture, token.wrapping_add(turn));
            let candidates: Vec<u64> = candidates.into_iter().map(|peer| peer.wrapping_sub(turn)).collect();
            let middle = fixture.node.middle_of_largest_gap().get().wrapping_sub(turn);
            let mut bridges = Vec::new();
            fixture.with(|node, cx| {
                bridges = known.iter().map(|position| node.bridges_gap(cx, peer(position.wrapping_add(turn)))).collect();
            });
            (candidates, middle, bridges)
        };
        prop_assert_eq!(look(turn), look(0));
    }
}
