//! Targets by sample, and the intervals of elections.

use super::targets::{content, rounds, tokens};
use super::*;

#[test]
fn samples_are_elected_on_first_and_random_tokens_after_them() {
    let mut fixture = Fixture::lifecycle().knowing(PeerStateKind::Identified, [1, 2]);
    fixture.config.election.per_round = 3;
    let mut tokens: Vec<TokenId> = fixture.turn().queries().into_iter().map(|(_, token, _)| token).collect();
    tokens.dedup();
    let [first, second, third] = tokens[..] else { panic!("{tokens:?}") };
    assert_eq!([first.min(second), first.max(second)], [token(1), token(2)]);
    assert!(third.get() > 1 << 32, "a token out of the blue: {third}");
    assert!(fixture.node.samples().is_empty());
    assert_eq!(fixture.node.elections().len(), 3);

    let random = fixture.turn();
    assert_eq!(random.events, [Fact::Started; 3]);
    assert_eq!(fixture.node.elections().len(), 6);
    fixture.config.election.per_round = 0;
    assert!(fixture.turn().is_nothing());
}

#[test]
fn there_is_one_election_on_a_token_at_a_time() {
    let mut fixture = Fixture::lifecycle().knowing(PeerStateKind::Identified, [1]);
    let (elected_on, _) = fixture.elect();
    fixture.with(|node, cx| node.samples.insert(cx, elected_on));
    fixture.config.election.per_round = 1;
    assert!(fixture.turn().is_nothing());
    assert_eq!(fixture.samples(), [], "the token is used up all the same");
}

#[test]
fn an_election_asks_the_nearest_known_peers() {
    let mut fixture = Fixture::lifecycle().knowing(PeerStateKind::Identified, [10, 20, 40, 80, 160]);
    fixture.config.election.channels = 3;
    let (token, asked) = fixture.elect();
    let mut nearest: Vec<PeerId> = [10, 20, 40, 80, 160].map(peer).to_vec();
    nearest.sort_by_key(|peer| (ring::distance(peer.get(), token.get()), *peer));
    let asked: Vec<PeerId> = asked.into_iter().map(|(to, _)| to).collect();
    assert_eq!(asked, nearest[..3], "and not itself, though it is near");
}

#[test]
fn as_shipped_the_first_query_goes_to_the_token_itself() {
    let mut fixture = Fixture::shipped().knowing(PeerStateKind::Identified, [10, 20, 40, 80, 160]);
    let (token, asked) = fixture.elect();
    assert_eq!(asked.len(), 4);
    assert_eq!(asked[0].0, token.as_peer());
    assert_eq!(
        asked.iter().filter(|(to, _)| *to == token.as_peer()).count(),
        1,
        "a known peer too only once"
    );

    let mut fixture = Fixture::shipped().knowing(PeerStateKind::Identified, [10]);
    fixture.config.election.per_round = 2;
    let asked = fixture.turn().queries();
    let random = asked.iter().filter(|(_, token, _)| *token != peer(10).into());
    let asked: Vec<(PeerId, TokenId)> = random.map(|(to, token, _)| (*to, *token)).collect();
    let [(itself, token), (known, _)] = asked[..] else { panic!("{asked:?}") };
    assert_eq!((itself, known), (token.as_peer(), peer(10)));
}

#[test]
fn a_peer_that_is_to_start_no_elections_starts_none() {
    for mut fixture in [Fixture::lifecycle(), Fixture::improved(), content()] {
        fixture.config.election.per_round = 0;
        fixture = fixture.knowing(PeerStateKind::Identified, [70_000]);
        let started = (10..40).any(|round| {
            fixture.now = Round(round);
            !fixture.turn().is_nothing()
        });
        assert!(!started);
    }
}

#[test]
fn elections_start_at_intervals_and_peers_take_turns() {
    let starts = |id: u64| {
        let mut fixture = Fixture::at(peer(id), "lifecycle-1").knowing(PeerStateKind::Identified, [1, 2]);
        fixture.config.election.per_round = 1;
        fixture.config.election.interval_rounds = 4;
        let mut starts = Vec::new();
        for round in 0..12 {
            fixture.now = Round(round);
            if !fixture.turn().events.is_empty() {
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
fn a_share_of_elections_confirms_the_connection_that_has_not_won_for_longest() {
    let mut fixture = Fixture::lifecycle().knowing(PeerStateKind::Connected, [10, 20, 30]).under(|config| {
        config.election.per_round = 1;
        config.election.reelection_share = Ratio::ONE;
    });
    let samples = fixture.samples();
    assert_eq!(fixture.turn().elected_on().len(), 1);
    assert_eq!(fixture.samples(), samples, "no sample is used up");
    for (won, id) in [(3, 10), (1, 20), (2, 30)] {
        fixture.with(|node, cx| {
            node.peers.record_interaction(cx, peer(id), |stats| stats.won = Some(Round(won)));
        });
    }
    fixture.node.elections = ElectionPool::default();
    assert_eq!(fixture.turn().elected_on(), tokens(&[20]));
    fixture.config.election.reelection_share = Ratio::ZERO;
    fixture.turn();
    assert_eq!(fixture.samples().len(), samples.len() - 1, "now one is");
}

#[test]
fn with_a_half_share_every_other_election_confirms() {
    let mut fixture = Fixture::lifecycle().knowing(PeerStateKind::Connected, [10]).under(|config| {
        config.election.per_round = 1;
        config.election.reelection_share = Ratio::from_millionths(500_000);
    });
    fixture.node.samples = Samples::default();
    let confirms = (0..400).filter(|_| {
        let elected = fixture.turn().elected_on();
        fixture.node.elections = ElectionPool::default();
        elected == tokens(&[10])
    });
    let confirms = confirms.count();
    assert!((160..240).contains(&confirms), "{confirms} of 400");
}

#[test]
fn samples_are_not_elected_on_while_a_result_stands() {
    let mut fixture = Fixture::lifecycle().knowing(PeerStateKind::Identified, [1, 2]);
    fixture.config.election.per_round = 1;
    fixture.config.election.cache_rounds = rounds(40);
    [1, 2].into_iter().for_each(|number| fixture.node.results.insert(token(number), Round(0)));
    assert!(fixture.turn().is_nothing());
    assert!(fixture.samples().len() < 2, "they are used up all the same");
}

/// Tokens sampled from an answer to an election on token 900.
fn sampled_from_an_answer(sample_answers: bool) -> Vec<TokenId> {
    let fixture = Fixture::lifecycle().under(|config| config.peers.sample_answers = sample_answers);
    let mut fixture = fixture.knowing(PeerStateKind::Identified, [10, 20]);
    let asked = fixture.elect_on(token(900));
    let (responder, ticket) = asked[0];
    fixture.hear(responder, answer(ticket, HONEST, token(900)));
    fixture.node.samples().iter().collect()
}

#[test]
fn the_token_of_an_answer_is_sampled_only_by_its_own_rule() {
    assert!(sampled_from_an_answer(true).contains(&token(900)));
    assert!(!sampled_from_an_answer(false).contains(&token(900)));
    assert_eq!(sampled_from_an_answer(true).len(), sampled_from_an_answer(false).len() + 1);
}

#[test]
fn the_first_fixes_neither_store_an_inviter_nor_ask_about_it() {
    let inviter = peer(1_003);
    let hear = |preset: &str| {
        let mut fixture = Fixture::new(preset).knowing(PeerStateKind::Identified, [10, 20, 40, 80]);
        let outcome = fixture.hear(inviter, invitation(inviter));
        assert!(outcome.events.contains(&Fact::Started), "{preset}: {outcome:?}");
        (fixture.kind_of(inviter), outcome.asked().len())
    };
    assert_eq!(hear("next"), (PeerStateKind::Unknown, 0));
    assert_eq!(hear("next-1"), (PeerStateKind::Identified, 3), "one of four places is the inviter's own");
}
