//! Answers, referrals, and how elections end.

use std::num::NonZeroU32;

use super::*;
use crate::config::EvictionRule;

#[test]
fn answers_count_only_in_an_election_and_on_its_tickets() {
    let mut scene = Scene::lifecycle().knowing(PeerStateKind::Identified, [1, 2, 3, 4, 5]);
    let stranger = peer(77);
    let unasked = scene.hear(stranger, answer(Ticket::new(5), HONEST, token(9)));
    assert_eq!(unasked.rejection(), Rejection::NoElection);

    let (token, asked) = scene.elect();
    let (responder, ticket) = asked[0];
    let samples = scene.samples();
    let other = Ticket::new(ticket.get() ^ 1);
    let wrong_ticket = scene.hear(stranger, answer(other, HONEST, token));
    assert_eq!(wrong_ticket.rejection(), rejected(ElectionError::UnknownTicket));
    let for_another = proof(HONEST, token, stranger).into();
    let stolen = scene.hear(responder, Message::Answer { ticket, proof: for_another, relay: None });
    assert_eq!(stolen.rejection(), rejected(ElectionError::SignatureVerificationFailed));
    assert_eq!(scene.samples(), samples, "nothing is learnt from what is rejected");

    assert!(scene.hear(responder, answer(ticket, HONEST, token)).is_nothing(), "the channel was still open");
    let again = scene.hear(responder, answer(ticket, HONEST, token));
    assert_eq!(again.rejection(), rejected(ElectionError::DuplicateResponse));
    let once_more = scene.hear(responder, answer(ticket, HONEST, token));
    assert_eq!(once_more.rejection(), rejected(ElectionError::ChannelBlocked));
}

#[test]
fn an_answer_is_a_source_of_tokens() {
    let mut scene = Scene::lifecycle().knowing(PeerStateKind::Identified, [1, 2]);
    let (token, asked) = scene.elect();
    let mut expected = scene.samples();
    let responder = peer(77);
    scene.hear(responder, answer(asked[0].1, HONEST, token));
    expected.extend(proof(HONEST, token, ME).signature.map(|mapping| mapping.token));
    expected.push(responder.into());
    expected.sort_unstable();
    expected.dedup();
    assert_eq!(scene.samples(), expected, "the ten tokens of the proof and the responder's own");
    assert_eq!(scene.standing(responder), PeerStateKind::Unknown);
}

/// An election on which these answers have come in, the first asked peer's first.
fn answered(mut scene: Scene, families: &[u64]) -> (Scene, TokenId, Vec<PeerId>) {
    let (token, asked) = scene.elect();
    for ((responder, ticket), family) in asked.iter().zip(families) {
        assert!(scene.hear(*responder, answer(*ticket, *family, token)).is_nothing());
    }
    (scene, token, asked.into_iter().map(|(responder, _)| responder).collect())
}

#[test]
fn two_that_agree_make_a_winner_who_is_invited_and_who_connects_by_inviting_back() {
    let scene = Scene::lifecycle().knowing(PeerStateKind::Identified, [10, 20, 40, 80, 160]);
    let (mut scene, token, asked) = answered(scene, &[HONEST, HONEST]);
    // Candidates come nearest first.
    let winner = asked[0];
    let outcome = scene.turns_until(10);
    let promoted = moved(PeerStateKind::Identified, PeerStateKind::Pending);
    assert_eq!(outcome.events, [Fact::Completed, promoted], "after ten rounds, not before");
    let [(to, Message::Invitation { proof, .. })] = &outcome.sent[..] else { panic!("{outcome:?}") };
    assert_eq!(*to, winner);
    assert!(
        verify(proof.clone(), ME.into(), winner, &NoTable).is_ok(),
        "the invitation proves what is stored at home"
    );
    assert!(scene.node.elections().is_empty());
    let late = scene.hear(asked[2], answer(Ticket::new(5), HONEST, token));
    assert_eq!(late.rejection(), Rejection::NoElection);

    let outcome = scene.hear(winner, invitation(winner));
    assert_eq!(outcome.events, [moved(PeerStateKind::Pending, PeerStateKind::Connected)]);
    assert!(outcome.sent.is_empty(), "it has been invited already");
    assert_eq!(scene.standing(winner), PeerStateKind::Connected);
}

#[test]
fn an_unknown_winner_becomes_known_first() {
    let mut scene = Scene::lifecycle().knowing(PeerStateKind::Identified, [10, 20]);
    let (token, asked) = scene.elect();
    // Another peer than the one asked answers: the query was passed on.
    let responders = [token.get() + 1, token.get() + 2].map(peer);
    for (responder, (_, ticket)) in responders.into_iter().zip(asked) {
        scene.hear(responder, answer(ticket, HONEST, token));
    }
    let outcome = scene.turns_until(10);
    let heard = moved(PeerStateKind::Unknown, PeerStateKind::Identified);
    let promoted = moved(PeerStateKind::Identified, PeerStateKind::Pending);
    assert_eq!(outcome.events, [Fact::Completed, heard, promoted]);
    assert_eq!(outcome.invited(), responders[..1]);
}

#[test]
fn a_winner_that_is_known_already_is_invited_again_unless_invitations_are_mute() {
    for standing in [PeerStateKind::Pending, PeerStateKind::Connected] {
        for mut scene in [Scene::lifecycle(), Scene::shipped()] {
            scene.config.election.token_as_first_hop = false;
            scene.config.peers.pending_timeout_rounds = 1_000;
            let is_mute = scene.config.peers.invitations == InvitationRule::Mute;
            let scene = scene.knowing(standing, [10, 20]);
            let (mut scene, _, asked) = answered(scene, &[HONEST, HONEST]);
            let outcome = scene.turns_until(10);
            assert_eq!(outcome.events, [Fact::Completed], "{standing:?}");
            assert_eq!(outcome.invited(), if is_mute { &asked[..0] } else { &asked[..1] });
        }
    }
}

#[test]
fn without_a_proof_of_its_own_a_peer_invites_nobody() {
    let scene = Scene::lifecycle().knowing(PeerStateKind::Identified, [10, 20]);
    let (mut scene, _, asked) = answered(scene, &[HONEST, HONEST]);
    scene.shelf.0.clear();
    let outcome = scene.turns_until(10);
    assert!(outcome.sent.is_empty());
    assert_eq!(scene.standing(asked[0]), PeerStateKind::Pending, "but waits as if it had");
}

#[test]
fn the_budget_holds_after_a_win() {
    let scene = Scene::lifecycle().knowing(PeerStateKind::Connected, [10, 20, 30]);
    let (mut scene, ..) = answered(scene, &[HONEST, HONEST]);
    scene.config.peers.connected_budget = 2;
    let outcome = scene.turns_until(10);
    assert_eq!(outcome.events, [Fact::Completed, moved(PeerStateKind::Connected, PeerStateKind::Identified)]);
}

#[test]
fn without_agreement_an_election_times_out() {
    let scene = Scene::lifecycle().knowing(PeerStateKind::Identified, [10, 20]);
    let (mut scene, ..) = answered(scene, &[HONEST, 2]);
    let outcome = scene.turns_until(100);
    assert_eq!(outcome.events, [Fact::GivenUp(Ending::Disagreement)], "after a hundred rounds, not before");
    assert!(outcome.sent.is_empty());
    assert!(scene.node.elections().is_empty());
}

#[test]
fn a_rule_that_changes_is_applied_to_the_answers_at_hand() {
    let scene = Scene::lifecycle().knowing(PeerStateKind::Identified, [10, 20]);
    let (mut scene, ..) = answered(scene, &[HONEST]);
    assert!(scene.turns_until(20).is_nothing());
    scene.config.election.min_cluster_size = 1;
    scene.node.invalidate();
    assert_eq!(scene.turns_until(21).events[0], Fact::Completed);
}

/// A peer of whose eight candidates four have answered, two by two.
fn split(mut scene: Scene) -> (Scene, TokenId, Vec<PeerId>) {
    scene.config.election.majority_threshold = Ratio::from_millionths(600_000);
    scene.config.election.token_as_first_hop = false;
    answered(scene.knowing(PeerStateKind::Identified, (1..=8).map(|step| 10 * step)), &[HONEST, HONEST, 2, 2])
}

#[test]
fn a_split_brain_asks_further_candidates_until_one_side_prevails() {
    let (mut scene, token, asked) = split(Scene::lifecycle());
    let outcome = scene.turns_until(10);
    assert_eq!(outcome.events, [Fact::SplitBrain]);
    let further = outcome.queries();
    assert_eq!(further.len(), 4);
    assert!(further.iter().all(|(to, about, _)| *about == token && !asked.contains(to)));
    let (judge, _, ticket) = further[0];
    scene.hear(judge, answer(ticket, 2, token));
    let outcome = scene.turns_until(11);
    assert_eq!(outcome.events[0], Fact::Completed, "three of five are the majority");
    assert_eq!(outcome.invited(), asked[2..3], "the nearest of the winning side");
}

#[test]
fn as_shipped_a_split_brain_asks_nobody_and_is_abandoned() {
    let (mut scene, ..) = split(Scene::shipped());
    for round in 10..100 {
        scene.now = Round(round);
        let outcome = scene.turn();
        assert_eq!(outcome.events, [Fact::SplitBrain], "round {round}");
        assert!(outcome.sent.is_empty(), "the best four have been asked already");
    }
    scene.now = Round(100);
    assert_eq!(scene.turn().events, [Fact::SplitBrain, Fact::GivenUp(Ending::SplitBrain)]);
    assert!(scene.node.elections().is_empty());
}

#[test]
fn a_split_brain_without_a_free_channel_is_abandoned_at_once() {
    let (mut scene, ..) = split(Scene::lifecycle());
    scene.config.election.max_channels = 4;
    assert_eq!(scene.turns_until(10).events, [Fact::SplitBrain, Fact::GivenUp(Ending::SplitBrain)]);
}

#[test]
fn a_referral_is_followed_and_makes_both_suggested_peers_known() {
    let mut scene = Scene::lifecycle().knowing(PeerStateKind::Identified, [10, 20]);
    let (token, asked) = scene.elect();
    let outcome = scene.hear(asked[0].0, referral(token, asked[0].1, [500, 600]));
    let [(next, about, ticket)] = outcome.queries()[..] else { panic!("{outcome:?}") };
    assert!([500, 600].map(peer).contains(&next));
    assert_eq!(about, token);
    assert_ne!(ticket, asked[0].1);
    assert_eq!(outcome.events, [moved(PeerStateKind::Unknown, PeerStateKind::Identified); 2]);
    let samples = scene.samples();
    assert!([500, 600].iter().all(|number| samples.contains(&TokenId::new(*number))));

    let closed = scene.hear(asked[0].0, answer(asked[0].1, HONEST, token));
    assert_eq!(closed.rejection(), rejected(ElectionError::UnknownTicket), "who refers cannot answer");
}

#[test]
fn a_referral_that_nobody_asked_for_makes_peers_known_only_as_shipped() {
    let mut scene = Scene::lifecycle().knowing(PeerStateKind::Identified, [10, 20]);
    let unasked = || referral(token(5), Ticket::new(5), [500, 600]);
    assert_eq!(scene.hear(peer(10), unasked()).rejection(), Rejection::NoElection);
    let (token, _) = scene.elect();
    let wrong = scene.hear(peer(10), referral(token, Ticket::new(5), [500, 600]));
    assert_eq!(wrong.rejection(), rejected(ElectionError::UnknownTicket));
    assert_eq!(scene.standing(peer(500)), PeerStateKind::Unknown);

    let mut scene = Scene::shipped();
    let outcome = scene.hear(peer(10), unasked());
    let heard = moved(PeerStateKind::Unknown, PeerStateKind::Identified);
    assert_eq!(outcome.events, [Fact::Rejected(Rejection::NoElection), heard, heard]);
    assert!(outcome.sent.is_empty());
}

#[test]
fn a_referral_back_home_ends_the_chain_and_is_a_good_one_all_the_same() {
    let mut scene = Scene::shipped().knowing(PeerStateKind::Identified, [10]);
    scene.config.peers.unsolicited_referrals = false;
    scene.config.election.token_as_first_hop = false;
    let (token, asked) = scene.elect();
    // As shipped the owner is not left out, so that it may be chosen.
    let outcome = scene.hear(asked[0].0, referral(token, asked[0].1, [ME.get(), ME.get()]));
    assert_eq!(outcome.rejection(), rejected(ElectionError::SelfReference));
    assert!(scene.samples().contains(&ME.into()), "its suggestions are remembered");
}

#[test]
fn strictly_an_invented_answer_is_refused() {
    let rejection = |verification| {
        let mut scene = Scene::lifecycle().knowing(PeerStateKind::Identified, [1, 2, 3, 4, 5]);
        let (token, asked) = scene.elect();
        scene.config.tokens.verification = verification;
        let (responder, ticket) = asked[0];
        scene.hear(responder, answer(ticket, HONEST, token)).events
    };
    assert_eq!(rejection(VerificationRule::Weak), []);
    let refused = rejected(ElectionError::SignatureVerificationFailed);
    assert_eq!(rejection(VerificationRule::Strict), [Fact::Rejected(refused)]);
}

// What a peer concludes from how its elections go.

/// An election whose two answers agree on so many mappings, once it is old enough.
fn agreed(mut scene: Scene, agreeing: usize) -> Outcome {
    scene = scene.knowing(PeerStateKind::Identified, [10, 20]);
    let asked = scene.elect_on(token(500));
    let [(first, one), (second, other)] = asked[..] else { panic!("{asked:?}") };
    scene.hear(first, answer(one, HONEST, token(500)));
    let proof = mixed(agreeing, token(500), ME).into();
    scene.hear(second, Message::Answer { ticket: other, proof, relay: None });
    scene.turns_until(10)
}

#[test]
fn the_better_elections_go_the_more_agreement_is_demanded_where_the_rule_says_so() {
    let experienced = |adaptive, succeeded: bool| {
        let mut scene = Scene::lifecycle().under(|config| config.election.adaptive_threshold = adaptive);
        (0..40).for_each(|_| scene.node.health.note(succeeded));
        scene
    };
    let elects = |scene: Scene, agreeing| agreed(scene, agreeing).events.first() == Some(&Fact::Completed);
    let fresh = || Scene::lifecycle().under(|config| config.election.adaptive_threshold = true);
    assert!(elects(fresh(), 6) && !elects(fresh(), 5), "six at rest");
    assert!(elects(experienced(true, true), 8) && !elects(experienced(true, true), 7));
    assert!(elects(experienced(true, false), 5) && !elects(experienced(true, false), 4));
    assert!(
        elects(experienced(false, true), 6) && !elects(experienced(false, false), 5),
        "a fixed one is fixed"
    );
}

#[test]
fn how_elections_end_is_experience() {
    let threshold = |ends: usize, answers: bool| {
        let mut scene = Scene::lifecycle()
            .under(|config| config.election.adaptive_threshold = true)
            .knowing(PeerStateKind::Identified, [10, 20]);
        for number in 0..ends as u64 {
            let asked = scene.elect_on(token(500 + number));
            for (responder, ticket) in asked {
                if answers {
                    scene.hear(responder, answer(ticket, HONEST, token(500 + number)));
                }
            }
            scene.now.0 += 100;
            scene.turn();
        }
        scene.node.health.threshold(6)
    };
    assert_eq!(threshold(0, true), 6);
    assert_eq!(threshold(20, true), 8);
    assert_eq!(threshold(20, false), 5);
}

#[test]
fn split_brains_in_quick_succession_raise_the_alarm_where_the_rule_says_so() {
    let alarms = |split_alarm| {
        let (mut scene, ..) = split(Scene::shipped());
        scene.config.peers.split_alarm = NonZeroU32::new(split_alarm);
        let mut alarms = Vec::new();
        for round in 10..30 {
            scene.now = Round(round);
            if scene.turn().events.contains(&Fact::SplitAlarm) {
                alarms.push(round);
            }
        }
        alarms
    };
    assert_eq!(alarms(5), [14, 19, 24, 29], "the fifth, after which counting begins anew");
    assert_eq!(alarms(0), Vec::<u64>::new());
}

// Who is missed.

/// A peer that has a connection for good, so that it knows others to be there, and knows `10`.
fn connected_scene() -> Scene {
    let rules = Scene::improved().under(|config| {
        config.peers.connected_target = NonZeroU32::new(1);
        config.peers.connection_timeout_rounds = 10_000;
    });
    rules.knowing(PeerStateKind::Connected, [40]).knowing(PeerStateKind::Identified, [10])
}

/// An election on the id of a known peer from which nothing is heard.
fn elect_in_vain(scene: &mut Scene, absent: u64) -> Outcome {
    scene.elect_on(token(absent));
    scene.now.0 += 100;
    scene.turn()
}

#[test]
fn a_peer_that_two_elections_on_it_have_missed_is_forgotten() {
    let mut scene = connected_scene();
    assert_eq!(elect_in_vain(&mut scene, 10).events, [Fact::GivenUp(Ending::NoAnswer)]);
    let outcome = elect_in_vain(&mut scene, 10);
    assert_eq!(
        outcome.events,
        [Fact::GivenUp(Ending::NoAnswer), moved(PeerStateKind::Identified, PeerStateKind::Unknown)]
    );
    assert_eq!(outcome.causes, [Cause::Absence]);
}

#[test]
fn who_is_connected_with_nobody_forgets_nobody() {
    let mut scene = Scene::improved().knowing(PeerStateKind::Identified, [10]);
    (0..5).for_each(|_| drop(elect_in_vain(&mut scene, 10)));
    assert_ne!(scene.standing(peer(10)), PeerStateKind::Unknown, "perhaps it is this one that is cut off");
}

#[test]
fn a_sign_of_a_missed_peer_clears_its_absences() {
    let mut scene = connected_scene();
    elect_in_vain(&mut scene, 10);
    let asked = scene.elect_on(token(77));
    scene.hear(peer(10), answer(asked[0].1, HONEST, token(77)));
    elect_in_vain(&mut scene, 10);
    assert_eq!(scene.standing(peer(10)), PeerStateKind::Identified);
    elect_in_vain(&mut scene, 10);
    assert_eq!(scene.standing(peer(10)), PeerStateKind::Unknown);
}

#[test]
fn where_others_win_an_election_on_a_peer_it_is_missed_all_the_same() {
    let mut scene = Scene::improved().knowing(PeerStateKind::Identified, [10, 20, 30]);
    scene.config.peers.connected_target = NonZeroU32::new(1);
    scene = scene.knowing(PeerStateKind::Connected, [40]);
    for time in 1..=2 {
        let asked = scene.elect_on(token(10));
        for (responder, ticket) in asked {
            if responder != peer(10) {
                scene.hear(responder, answer(ticket, HONEST, token(10)));
            }
        }
        scene.now.0 += 10;
        let outcome = scene.turn();
        assert_eq!(outcome.events[0], Fact::Completed, "its neighbours hold its token");
        assert_eq!(scene.standing(peer(10)) == PeerStateKind::Unknown, time == 2);
    }
}

#[test]
fn only_who_holds_elections_on_what_it_lacks_misses_anybody() {
    let mut scene = Scene::improved().under(|config| config.election.agenda = TargetPolicy::Samples);
    scene = scene.knowing(PeerStateKind::Identified, [10]);
    (0..5).for_each(|_| {
        elect_in_vain(&mut scene, 10);
    });
    assert_eq!(scene.standing(peer(10)), PeerStateKind::Identified);
    let mut scene = Scene::improved().knowing(PeerStateKind::Connected, [10]);
    scene.config.peers.connection_timeout_rounds = 10_000;
    (0..5).for_each(|_| {
        elect_in_vain(&mut scene, 10);
    });
    assert_eq!(scene.standing(peer(10)), PeerStateKind::Connected, "a connection ends by silence");
}

// What becomes of a winner.

/// What comes of the win of a peer with a standing, at 20, of one that has a connection already and wants one. With two
/// neighbours on each side the winner is one of them, for there are few.
fn win(standing: PeerStateKind, change: impl Fn(&mut Scene)) -> Outcome {
    let mut scene = Scene::improved().under(|config| {
        config.peers.connected_target = NonZeroU32::new(1);
        config.peers.core_neighbors = 0;
        config.peers.coverage_bias = Ratio::ZERO;
    });
    scene = scene.knowing(PeerStateKind::Connected, [1_500]).knowing(standing, [20]);
    change(&mut scene);
    let mut outcome = Outcome::default();
    outcome.events.extend(scene.with(|node, cx| node.on_elected(cx, peer(20))).events);
    outcome.sent = scene.with(|_, _| {}).sent;
    outcome
}

#[test]
fn a_winner_is_invited_only_where_it_is_wanted() {
    let invited = moved(PeerStateKind::Identified, PeerStateKind::Pending);
    let is_invited = |change: fn(&mut Scene)| win(PeerStateKind::Identified, change).events == [invited];
    assert!(!is_invited(|_| {}), "there are enough");
    assert!(
        is_invited(|scene| scene.config.peers.connected_target = NonZeroU32::new(2)),
        "one more is wanted"
    );
    assert!(is_invited(|scene| scene.config.peers.connected_target = None), "any number is wanted");
    assert!(is_invited(|scene| scene.config.peers.core_neighbors = 1), "it is a neighbour");
    assert!(
        !is_invited(|scene| {
            scene.config.peers.core_neighbors = 1;
            *scene =
                std::mem::replace(scene, Scene::improved()).knowing(PeerStateKind::Identified, [900, 100]);
        }),
        "it is none any more"
    );
    assert!(is_invited(|scene| scene.node.peers.stamp_election(peer(20), Round(0))), "it has asked for it");
    assert!(
        !is_invited(|scene| {
            scene.node.peers.stamp_election(peer(20), Round(0));
            scene.now = Round(60);
        }),
        "long ago"
    );
    assert!(
        !is_invited(|scene| {
            scene.node.peers.stamp_election(peer(20), Round(0));
            scene.config.peers.connected_budget = 1;
        }),
        "there is no room for it"
    );
}

#[test]
fn a_win_is_on_record_whether_or_not_the_winner_is_wanted() {
    let mut scene = Scene::improved().knowing(PeerStateKind::Identified, [20]);
    scene.config.peers.eviction = EvictionRule::FewestWins;
    scene.config.peers.connected_target = NonZeroU32::new(1);
    scene = scene.knowing(PeerStateKind::Connected, [30]);
    scene.now = Round(7);
    scene.with(|node, cx| node.on_elected(cx, peer(20)));
    let record = scene.node.peers.interactions().of(peer(20));
    assert_eq!((record.wins, record.won, record.absences), (1, Some(Round(7)), 0));
}

#[test]
fn an_answer_is_on_record() {
    let mut scene = Scene::improved().knowing(PeerStateKind::Identified, [10, 20]);
    scene.config.peers.eviction = EvictionRule::Unreliable;
    let asked = scene.elect_on(token(500));
    scene.hear(asked[0].0, answer(asked[0].1, HONEST, token(500)));
    let record = |id: PeerId| scene.node.peers.interactions().of(id);
    assert_eq!((record(asked[0].0).queries, record(asked[0].0).answers), (1, 1));
    assert_eq!((record(asked[1].0).queries, record(asked[1].0).answers), (1, 0));
}

#[test]
fn a_referral_does_not_take_an_answer_back_where_the_rule_says_so() {
    for drops in [true, false] {
        let mut scene = Scene::lifecycle().knowing(PeerStateKind::Identified, [10, 20]);
        scene.config.election.referral_drops_answer = drops;
        let asked = scene.elect_on(token(500));
        scene.hear(asked[0].0, answer(asked[0].1, HONEST, token(500)));
        let outcome = scene.hear(asked[0].0, referral(token(500), asked[0].1, [70, 80]));
        if drops {
            assert_eq!(outcome.asked().len(), 1);
        } else {
            assert_eq!(outcome.rejection(), rejected(ElectionError::AlreadyAnswered));
            assert_eq!(scene.standing(peer(70)), PeerStateKind::Unknown, "nor is it a source of peers");
        }
        let running = scene.node.elections.get(token(500)).expect("it is running");
        assert_eq!(running.valid_response_count(), usize::from(!drops));
    }
}

#[test]
fn a_referral_to_one_peer_alone_is_followed() {
    let mut scene = Scene::improved().knowing(PeerStateKind::Identified, [10, 20]);
    let asked = scene.elect_on(token(500));
    let outcome = scene.hear(asked[0].0, referral(token(500), asked[0].1, [70, 70]));
    assert_eq!(outcome.asked(), [peer(70)]);
    assert_eq!(
        outcome.events,
        [moved(PeerStateKind::Unknown, PeerStateKind::Identified)],
        "it becomes known once"
    );
}
