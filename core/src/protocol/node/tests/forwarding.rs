//! Queries that are passed on, and the way back of their answers.

use super::*;
use crate::config::{ReturnRule, RoutingRule};

/// A peer that forwards queries by a rule, and knows these others.
fn forwarder(strategy: RoutingRule, known: &[u64]) -> Fixture {
    Fixture::lifecycle()
        .under(|config| config.routing.strategy = strategy)
        .knowing(PeerStateKind::Identified, known.iter().copied())
}

/// Receivers of a forwarded query, with its forwarders.
fn passed_on(outcome: &Outcome) -> Vec<(u64, u64, Vec<u64>)> {
    let query = |(to, message): &(PeerId, Message)| match message {
        Message::Query { trail: Some(trail), .. } => {
            let forwarders = trail.forwarders.iter().map(|peer| peer.get()).collect();
            Some((to.get(), trail.origin.get(), forwarders))
        }
        _ => None,
    };
    outcome.sent.iter().filter_map(query).collect()
}

fn kinds(outcome: &Outcome) -> Vec<MessageKind> {
    outcome.sent.iter().map(|(_, message)| message.kind()).collect()
}

#[test]
fn referring_peers_pass_nothing_on() {
    let mut fixture = forwarder(RoutingRule::Referral, &[100, 200, 300]);
    assert_eq!(kinds(&fixture.hear(peer(77), query(240))), [MessageKind::Referral]);
}

#[test]
fn greedily_a_query_goes_to_the_nearest_peer_even_past_one_that_could_answer() {
    let mut fixture = forwarder(RoutingRule::Greedy, &[100, 200, 300]).storing([240]);
    let outcome = fixture.hear(peer(77), query(240));
    assert_eq!(passed_on(&outcome), [(200, 77, vec![ME.get()])]);
    assert_eq!(outcome.sent.len(), 1, "it is passed on, not answered");
}

#[test]
fn greedily_a_query_is_answered_if_no_nearer_peer_is_known() {
    let known = [100, 200, 1_500];
    let mut holder = forwarder(RoutingRule::Greedy, &known).storing([990]);
    assert_eq!(kinds(&holder.hear(peer(77), query(990))), [MessageKind::Answer]);
    let mut other = forwarder(RoutingRule::Greedy, &known);
    let outcome = other.hear(peer(77), query(990));
    assert_eq!(kinds(&outcome), [MessageKind::Referral], "without a proof it can only refer");
    assert_eq!(outcome.sent[0].0, peer(77));
    // As near is not nearer.
    let mut twin = forwarder(RoutingRule::Greedy, &[1_020]).storing([1_010]);
    assert_eq!(kinds(&twin.hear(peer(77), query(1_010))), [MessageKind::Answer]);
}

#[test]
fn greedily_a_query_that_has_gone_far_is_answered_where_it_is() {
    let mut fixture = forwarder(RoutingRule::Greedy, &[100, 200, 300]).storing([240]);
    fixture.config.routing.time_to_live = 2;
    assert_eq!(passed_on(&fixture.hear(peer(7), forwarded(240, 77, &[7]))), [(200, 77, vec![7, ME.get()])]);
    assert_eq!(kinds(&fixture.hear(peer(8), forwarded(240, 77, &[7, 8]))), [MessageKind::Answer]);
}

#[test]
fn at_random_a_query_goes_to_any_peer_that_has_not_had_it() {
    let known = [100, 200, 300, 400, 500];
    let mut fixture = forwarder(RoutingRule::RandomWalk, &known);
    let mut next: Vec<u64> = (0..200)
        .map(|_| {
            let outcome = fixture.hear(peer(300), forwarded(240, 100, &[200, 300]));
            let [(to, origin, forwarders)] = &passed_on(&outcome)[..] else { panic!("{outcome:?}") };
            assert_eq!((*origin, forwarders), (100, &vec![200, 300, ME.get()]));
            *to
        })
        .collect();
    next.sort_unstable();
    next.dedup();
    assert_eq!(next, [400, 500], "neither the asker nor those who have passed it on");
    let mut holder = forwarder(RoutingRule::RandomWalk, &known).storing([240]);
    assert_eq!(kinds(&holder.hear(peer(77), query(240))), [MessageKind::Answer], "who can answers");
}

#[test]
fn a_query_is_passed_on_to_the_nearest_peer_that_has_not_had_it() {
    for strategy in [RoutingRule::LocalThenForward, RoutingRule::ForwardForConnected] {
        let mut fixture = forwarder(strategy, &[100, 200, 250, 300]);
        let outcome = fixture.hear(peer(7), forwarded(240, 250, &[200, 7]));
        assert_eq!(passed_on(&outcome), [(300, 250, vec![200, 7, ME.get()])], "{strategy:?}");
        let mut holder = forwarder(strategy, &[100, 200, 300]).storing([240]);
        assert_eq!(kinds(&holder.hear(peer(7), forwarded(240, 77, &[7]))), [MessageKind::Answer]);
    }
}

#[test]
fn only_for_connected_peers_a_query_is_passed_on_where_the_rule_says_so() {
    let mut fixture = forwarder(RoutingRule::ForwardForConnected, &[100, 200, 300]);
    for kind in [PeerStateKind::Identified, PeerStateKind::Pending] {
        fixture = fixture.knowing(kind, [77]);
        assert_eq!(kinds(&fixture.hear(peer(77), query(240))), [MessageKind::Referral], "{kind:?}");
    }
    fixture = fixture.knowing(PeerStateKind::Connected, [77]);
    assert_eq!(passed_on(&fixture.hear(peer(77), query(240))), [(200, 77, vec![ME.get()])]);
}

#[test]
fn without_an_unasked_peer_a_query_is_referred_and_where_it_has_gone_too_far_it_ends() {
    for strategy in [RoutingRule::RandomWalk, RoutingRule::LocalThenForward] {
        let mut fixture = forwarder(strategy, &[77, 7, 8]);
        let outcome = fixture.hear(peer(7), forwarded(240, 77, &[8, 7]));
        assert_eq!(kinds(&outcome), [MessageKind::Referral], "{strategy:?}: all have had it");
        assert_eq!(outcome.sent[0].0, peer(77), "it is for the one who asks");
        let mut fixture = forwarder(strategy, &[77, 7, 8, 9]);
        fixture.config.routing.time_to_live = 2;
        let outcome = fixture.hear(peer(7), forwarded(240, 77, &[8, 7]));
        assert_eq!(outcome.rejection(), Rejection::TooFar, "{strategy:?}");
    }
}

#[test]
fn a_query_that_comes_round_is_not_passed_on_again() {
    for strategy in [RoutingRule::Greedy, RoutingRule::RandomWalk, RoutingRule::LocalThenForward] {
        let mut fixture = forwarder(strategy, &[100, 200, 300]);
        let round = fixture.hear(peer(7), forwarded(240, 77, &[ME.get(), 7]));
        assert_eq!(passed_on(&round), [], "{strategy:?}");
        let home = fixture.hear(peer(7), forwarded(240, ME.get(), &[7]));
        assert_eq!(passed_on(&home), [], "{strategy:?}: its own query least of all");
    }
}

#[test]
fn a_broadcast_is_answered_and_spread_by_everybody_once() {
    let mut fixture = forwarder(RoutingRule::Broadcast, &[100, 200, 220, 260, 300]).storing([240]);
    fixture.config.routing.fanout = 3;
    let outcome = fixture.hear(peer(7), forwarded(240, 220, &[7]));
    assert_eq!(
        outcome.sent[0].1.kind(),
        MessageKind::Answer,
        "who can answers, and passes it on all the same"
    );
    let trail = vec![7, ME.get()];
    let next = [260, 200, 300].map(|to| (to, 220, trail.clone()));
    assert_eq!(passed_on(&outcome), next, "the three nearest that have not had it");
    let again = fixture.hear(peer(8), forwarded(240, 220, &[8]));
    assert_eq!(again.rejection(), Rejection::SeenBefore);
    let other = fixture.hear(peer(8), forwarded(240, 221, &[8]));
    assert_eq!(other.sent.len(), 4, "the query of another peer is another one");
}

#[test]
fn a_broadcast_ends_where_it_has_gone_far_enough() {
    let mut fixture = forwarder(RoutingRule::Broadcast, &[100, 200, 300]).storing([240]);
    fixture.config.routing.time_to_live = 1;
    assert_eq!(kinds(&fixture.hear(peer(7), forwarded(240, 77, &[7]))), [MessageKind::Answer]);
}

#[test]
fn of_many_queries_a_peer_recognises_the_latest() {
    let mut fixture = forwarder(RoutingRule::Broadcast, &[]).storing([240]);
    let mut ask = |ticket| {
        let query = Message::Query { token: token(240), ticket: Ticket::new(ticket), trail: None };
        !fixture.hear(peer(77), query).sent.is_empty()
    };
    assert!((0..256).all(&mut ask));
    assert!(!ask(0) && !ask(255), "these were here before");
    assert!(ask(256));
    assert!(ask(0), "the oldest one is forgotten");
    assert!(!ask(2));
}

// Along a chain of peers: 10 asks 20, which knows 30, which knows 40, which stores the token.

const FAR: u64 = 45;

fn chain(change: impl Fn(&mut Config)) -> TestNetwork {
    let fixture = |id: u64, known: u64| {
        Fixture::at(peer(id), "lifecycle-1").under(&change).knowing(PeerStateKind::Connected, [known])
    };
    TestNetwork(vec![
        fixture(10, 20),
        fixture(20, 30),
        fixture(30, 40),
        Fixture::at(peer(40), "lifecycle-1").under(&change).storing([FAR]),
    ])
}

/// Holds an election of 10 on the token that 40 stores; returns all messages and the fate of the answers.
fn ask_along(network: &mut TestNetwork) -> (Log, Result<PeerId, Rejection>) {
    let asker = network.find(peer(10)).expect("10");
    let outcome = asker.with(|node, cx| {
        node.begin(cx, token(FAR)).unwrap();
        node.ask_candidates(cx, token(FAR), Queries::Send);
    });
    // All but the last delivery to 10 are the business of the others.
    let mut log = network.carry(peer(10), outcome.sent);
    let home =
        log.iter().position(|(_, to, message)| *to == peer(10) && message.kind() == MessageKind::Answer);
    let (from, _, last) = log[home.expect("an answer")].clone();
    log.truncate(home.map_or(0, |home| home + 1));
    let asker = network.find(peer(10)).expect("10");
    let running = asker.node.elections.get(token(FAR)).expect("it is running");
    let counted: Vec<PeerId> = running.responses().map(|(responder, _)| responder).collect();
    let result = match counted[..] {
        [responder] => Ok(responder),
        // Delivered once more, it is refused for the same reason.
        [] => Err(asker.hear(from, last).rejection()),
        _ => panic!("{counted:?}"),
    };
    (log, result)
}

const FORWARDING: [RoutingRule; 5] = [
    RoutingRule::Greedy,
    RoutingRule::RandomWalk,
    RoutingRule::Broadcast,
    RoutingRule::LocalThenForward,
    RoutingRule::ForwardForConnected,
];

/// For rules that forward queries of Connected peers alone.
fn befriend(network: &mut TestNetwork) {
    let second = network.0.remove(1).knowing(PeerStateKind::Connected, [10]);
    network.0.insert(1, second);
}

#[test]
fn an_answer_goes_straight_to_the_one_who_asked() {
    for strategy in FORWARDING {
        let mut network = chain(|config| config.routing.strategy = strategy);
        befriend(&mut network);
        let (log, result) = ask_along(&mut network);
        assert_eq!(ways(&log, MessageKind::Query), [(10, 20), (20, 30), (30, 40)], "{strategy:?}");
        assert_eq!(ways(&log, MessageKind::Answer), [(40, 10)], "{strategy:?}");
        assert_eq!(result, Ok(peer(40)), "{strategy:?}");
    }
}

#[test]
fn an_answer_goes_back_the_way_the_query_came() {
    for strategy in FORWARDING {
        let mut network = chain(|config| {
            config.routing.strategy = strategy;
            config.routing.answers = ReturnRule::Retrace;
        });
        befriend(&mut network);
        let (log, result) = ask_along(&mut network);
        assert_eq!(ways(&log, MessageKind::Answer), [(40, 30), (30, 20), (20, 10)], "{strategy:?}");
        assert_eq!(result, Ok(peer(40)), "{strategy:?}: it is still the answer of the one who gave it");
    }
}

#[test]
fn a_proof_bound_to_the_forwarder_is_worthless() {
    for answers in [ReturnRule::Direct, ReturnRule::Retrace] {
        let mut network = chain(|config| {
            config.routing.strategy = RoutingRule::Greedy;
            config.routing.answers = answers;
            config.routing.forwarder_bound = true;
        });
        let (log, result) = ask_along(&mut network);
        let proof = log.iter().find_map(|(_, _, message)| match message {
            Message::Answer { proof, .. } => Some(proof.clone()),
            _ => None,
        });
        let proof = proof.expect("an answer");
        assert!(
            verify(proof.clone(), token(FAR), peer(30), &NoTable).is_ok(),
            "it is bound to the last that passed it on"
        );
        assert!(verify(proof, token(FAR), peer(10), &NoTable).is_err(), "and not to the one who asks");
        assert_eq!(result, Err(rejected(ElectionError::SignatureVerificationFailed)), "{answers:?}");
    }
}

#[test]
fn no_forwarder_can_use_a_proof() {
    let mut network = chain(|config| {
        config.routing.strategy = RoutingRule::Greedy;
        config.routing.answers = ReturnRule::Retrace;
    });
    let (log, _) = ask_along(&mut network);
    let proofs = log.iter().filter_map(|(_, _, message)| match message {
        Message::Answer { proof, .. } => Some(proof.clone()),
        _ => None,
    });
    for proof in proofs {
        assert!(verify(proof.clone(), token(FAR), peer(10), &NoTable).is_ok());
        assert!(verify(proof, token(FAR), peer(30), &NoTable).is_err());
    }
}

#[test]
fn the_way_of_a_query_counts_as_hops() {
    for (strategy, hops) in [(RoutingRule::Greedy, 2), (RoutingRule::Referral, 0)] {
        let mut fixture = Fixture::lifecycle()
            .under(|config| config.routing.strategy = strategy)
            .knowing(PeerStateKind::Identified, [10, 20]);
        let asked = fixture.elect_on(token(FAR));
        let relay = Relay { responder: peer(40), hops, path: Vec::new() };
        let relay = (hops > 0).then(|| Box::new(relay));
        let proof = proof(HONEST, token(FAR), ME).into();
        let outcome = fixture.hear(peer(40), Message::Answer { ticket: asked[0].1, proof, relay });
        assert_eq!(outcome.hops, [hops]);
    }
}

#[test]
fn an_answer_whose_way_back_is_too_long_ends() {
    let answer = |path: Vec<PeerId>| {
        let relay = Some(Box::new(Relay { responder: peer(40), hops: 1, path }));
        Message::Answer { ticket: Ticket::new(5), proof: proof(HONEST, token(9), peer(10)).into(), relay }
    };
    let mut fixture = Fixture::lifecycle();
    fixture.config.routing.time_to_live = 2;
    let outcome = fixture.hear(peer(40), answer(vec![peer(10), peer(20)]));
    let [(to, Message::Answer { relay: Some(relay), .. })] = &outcome.sent[..] else { panic!("{outcome:?}") };
    assert_eq!((*to, &relay.path[..]), (peer(20), &[peer(10)][..]));
    let too_far = fixture.hear(peer(40), answer(vec![peer(10), peer(20), peer(30)]));
    assert_eq!(too_far.rejection(), Rejection::TooFar);
}

#[test]
fn direct_answers_count_for_their_senders() {
    let claim = |answers| {
        let mut fixture = Fixture::lifecycle()
            .under(|config| config.routing.answers = answers)
            .knowing(PeerStateKind::Identified, [10, 20]);
        let asked = fixture.elect_on(token(FAR));
        let relay = Some(Box::new(Relay { responder: peer(40), hops: 1, path: Vec::new() }));
        let proof = proof(HONEST, token(FAR), ME).into();
        fixture.hear(peer(30), Message::Answer { ticket: asked[0].1, proof, relay });
        let running = fixture.node.elections.get(token(FAR)).expect("it is running");
        running.responses().next().expect("an answer").0
    };
    assert_eq!(claim(ReturnRule::Direct), peer(30), "the kernel knows who sent it");
    assert_eq!(claim(ReturnRule::Retrace), peer(40), "what a forwarder says has to be believed");
}

fn any_strategy() -> impl Strategy<Value = RoutingRule> {
    prop::sample::select(FORWARDING.to_vec())
}

proptest! {
    /// For any known peers and any trail of the query.
    #[test]
    fn a_query_never_goes_to_one_that_has_had_it_nor_too_far_nor_by_greed_away_from_its_token(
        strategy in any_strategy(),
        known in prop::collection::btree_set(0..60_u64, 0..20),
        way in prop::collection::btree_set(0..60_u64, 1..8),
        asked in 0..60_u64,
        time_to_live in 1..10_u32,
        fanout in 1..6_u32,
        stores: bool,
    ) {
        let me = peer(30);
        let mut fixture = Fixture::at(me, "lifecycle-1")
            .under(|config| {
                config.routing.strategy = strategy;
                config.routing.time_to_live = time_to_live;
                config.routing.fanout = fanout;
            })
            .knowing(PeerStateKind::Connected, known);
        if stores {
            fixture = fixture.storing([asked]);
        }
        let mut way: Vec<u64> = way.into_iter().filter(|position| *position != me.get()).collect();
        prop_assume!(way.len() > 1);
        let origin = way.remove(0);
        let last = way[way.len() - 1];
        let outcome = fixture.hear(peer(last), forwarded(asked, origin, &way));
        let next = passed_on(&outcome);
        let most = if strategy == RoutingRule::Broadcast { fanout as usize } else { 1 };
        prop_assert!(next.len() <= most);
        for (to, same_origin, forwarders) in next {
            prop_assert_eq!(same_origin, origin);
            prop_assert_eq!(&forwarders[..way.len()], &way[..]);
            prop_assert_eq!(forwarders.last(), Some(&me.get()));
            prop_assert!(forwarders.len() <= time_to_live as usize);
            prop_assert!(to != origin && !forwarders.contains(&to), "{} has had it", to);
            if strategy == RoutingRule::Greedy {
                prop_assert!(ring::distance(to, asked) < ring::distance(me.get(), asked));
            }
        }
        prop_assert!(outcome.sent.iter().all(|(to, _)| *to != me), "no peer writes to itself");
    }

    /// Greedy routing finds the same peer after a rotation of the ring.
    #[test]
    fn greed_turns_with_the_ring(
        known in prop::collection::btree_set(any::<u64>(), 1..20),
        me: u64,
        asked: u64,
        turn: u64,
    ) {
        prop_assume!(!known.contains(&me));
        let next = |turn: u64| {
            let known = known.iter().map(|position| position.wrapping_add(turn));
            let mut fixture = Fixture::at(peer(me.wrapping_add(turn)), "lifecycle-1")
                .under(|config| config.routing.strategy = RoutingRule::Greedy)
                .knowing(PeerStateKind::Identified, known);
            let outcome = fixture.hear(peer(5), query(asked.wrapping_add(turn)));
            passed_on(&outcome).first().map(|(to, ..)| to.wrapping_sub(turn))
        };
        prop_assert_eq!(next(turn), next(0));
    }
}
