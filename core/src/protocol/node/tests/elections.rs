//! Elections: answers, referrals, split brains and the experience that they leave.

use std::num::NonZeroU32;

use super::*;

#[test]
fn answers_count_only_in_an_election_and_on_its_tickets() {
    let mut fixture = Fixture::lifecycle().knowing(PeerStateKind::Identified, [1, 2, 3, 4, 5]);
    let stranger = peer(77);
    let unasked = fixture.hear(stranger, answer(Ticket::new(5), HONEST, token(9)));
    assert_eq!(unasked.rejection(), Rejection::NoElection);

    let (token, asked) = fixture.elect();
    let (responder, ticket) = asked[0];
    let samples = fixture.samples();
    let other = Ticket::new(ticket.get() ^ 1);
    let wrong_ticket = fixture.hear(stranger, answer(other, HONEST, token));
    assert_eq!(wrong_ticket.rejection(), rejected(ElectionError::UnknownTicket));
    let for_another = proof(HONEST, token, stranger).into();
    let stolen = fixture.hear(responder, Message::Answer { ticket, proof: for_another, relay: None });
    assert_eq!(stolen.rejection(), rejected(ElectionError::SignatureVerificationFailed));
    assert_eq!(fixture.samples(), samples, "nothing is learnt from what is rejected");

    assert!(
        fixture.hear(responder, answer(ticket, HONEST, token)).is_nothing(),
        "the channel was still open"
    );
    let again = fixture.hear(responder, answer(ticket, HONEST, token));
    assert_eq!(again.rejection(), rejected(ElectionError::DuplicateResponse));
    let once_more = fixture.hear(responder, answer(ticket, HONEST, token));
    assert_eq!(once_more.rejection(), rejected(ElectionError::ChannelBlocked));
}

#[test]
fn an_answer_is_a_source_of_tokens() {
    let mut fixture = Fixture::lifecycle().knowing(PeerStateKind::Identified, [1, 2]);
    let (token, asked) = fixture.elect();
    let mut expected = fixture.samples();
    let responder = peer(77);
    fixture.hear(responder, answer(asked[0].1, HONEST, token));
    expected.extend(proof(HONEST, token, ME).signature.map(|mapping| mapping.token));
    expected.push(responder.into());
    expected.sort_unstable();
    expected.dedup();
    assert_eq!(fixture.samples(), expected, "the ten tokens of the proof and the responder's own");
    assert_eq!(fixture.kind_of(responder), PeerStateKind::Unknown);
}

/// An election with these answers, in the order of its channels.
fn answered(mut fixture: Fixture, families: &[u64]) -> (Fixture, TokenId, Vec<PeerId>) {
    let (token, asked) = fixture.elect();
    for ((responder, ticket), family) in asked.iter().zip(families) {
        assert!(fixture.hear(*responder, answer(*ticket, *family, token)).is_nothing());
    }
    (fixture, token, asked.into_iter().map(|(responder, _)| responder).collect())
}

#[test]
fn two_that_agree_make_a_winner_who_is_invited_and_who_connects_by_inviting_back() {
    let fixture = Fixture::lifecycle().knowing(PeerStateKind::Identified, [10, 20, 40, 80, 160]);
    let (mut fixture, token, asked) = answered(fixture, &[HONEST, HONEST]);
    // Candidates come nearest first.
    let winner = asked[0];
    let outcome = fixture.turns_until(10);
    let promoted = moved(PeerStateKind::Identified, PeerStateKind::Pending);
    assert_eq!(outcome.events, [Fact::Completed, promoted], "after ten rounds, not before");
    let [(to, Message::Invitation { proof, .. })] = &outcome.sent[..] else { panic!("{outcome:?}") };
    assert_eq!(*to, winner);
    assert!(
        verify(proof.clone(), ME.into(), winner, &NoTable).is_ok(),
        "the invitation proves what is stored at home"
    );
    assert!(fixture.node.elections().is_empty());
    let late = fixture.hear(asked[2], answer(Ticket::new(5), HONEST, token));
    assert_eq!(late.rejection(), Rejection::NoElection);

    let outcome = fixture.hear(winner, invitation(winner));
    assert_eq!(outcome.events, [moved(PeerStateKind::Pending, PeerStateKind::Connected)]);
    assert!(outcome.sent.is_empty(), "it has been invited already");
    assert_eq!(fixture.kind_of(winner), PeerStateKind::Connected);
}

#[test]
fn an_unknown_winner_becomes_known_first() {
    let mut fixture = Fixture::lifecycle().knowing(PeerStateKind::Identified, [10, 20]);
    let (token, asked) = fixture.elect();
    // Another peer than the one asked answers: the query was passed on.
    let responders = [token.get() + 1, token.get() + 2].map(peer);
    for (responder, (_, ticket)) in responders.into_iter().zip(asked) {
        fixture.hear(responder, answer(ticket, HONEST, token));
    }
    let outcome = fixture.turns_until(10);
    let heard = moved(PeerStateKind::Unknown, PeerStateKind::Identified);
    let promoted = moved(PeerStateKind::Identified, PeerStateKind::Pending);
    assert_eq!(outcome.events, [Fact::Completed, heard, promoted]);
    assert_eq!(outcome.invited(), responders[..1]);
}

#[test]
fn a_winner_that_is_known_already_is_invited_again_unless_invitations_are_mute() {
    for kind in [PeerStateKind::Pending, PeerStateKind::Connected] {
        for mut fixture in [Fixture::lifecycle(), Fixture::shipped()] {
            fixture.config.election.token_as_first_hop = false;
            fixture.config.peers.pending_timeout_rounds = 1_000;
            let is_mute = fixture.config.peers.invitations == InvitationRule::Mute;
            let fixture = fixture.knowing(kind, [10, 20]);
            let (mut fixture, _, asked) = answered(fixture, &[HONEST, HONEST]);
            let outcome = fixture.turns_until(10);
            assert_eq!(outcome.events, [Fact::Completed], "{kind:?}");
            assert_eq!(outcome.invited(), if is_mute { &asked[..0] } else { &asked[..1] });
        }
    }
}

#[test]
fn without_a_proof_of_its_own_a_peer_sends_no_invitation() {
    let fixture = Fixture::lifecycle().knowing(PeerStateKind::Identified, [10, 20]);
    let (mut fixture, _, asked) = answered(fixture, &[HONEST, HONEST]);
    fixture.store.0.clear();
    let outcome = fixture.turns_until(10);
    assert!(outcome.sent.is_empty());
    assert_eq!(fixture.kind_of(asked[0]), PeerStateKind::Pending, "but waits as if it had");
}

#[test]
fn the_budget_holds_after_a_win() {
    let fixture = Fixture::lifecycle().knowing(PeerStateKind::Connected, [10, 20, 30]);
    let (mut fixture, ..) = answered(fixture, &[HONEST, HONEST]);
    fixture.config.peers.connected_budget = 2;
    let outcome = fixture.turns_until(10);
    assert_eq!(outcome.events, [Fact::Completed, moved(PeerStateKind::Connected, PeerStateKind::Identified)]);
}

#[test]
fn without_agreement_an_election_times_out() {
    let fixture = Fixture::lifecycle().knowing(PeerStateKind::Identified, [10, 20]);
    let (mut fixture, ..) = answered(fixture, &[HONEST, 2]);
    let outcome = fixture.turns_until(100);
    assert_eq!(outcome.events, [Fact::GivenUp(Ending::Disagreement)], "after a hundred rounds, not before");
    assert!(outcome.sent.is_empty());
    assert!(fixture.node.elections().is_empty());
}

#[test]
fn a_rule_that_changes_is_applied_to_the_answers_at_hand() {
    let fixture = Fixture::lifecycle().knowing(PeerStateKind::Identified, [10, 20]);
    let (mut fixture, ..) = answered(fixture, &[HONEST]);
    assert!(fixture.turns_until(20).is_nothing());
    fixture.config.election.min_cluster_size = 1;
    fixture.node.invalidate();
    assert_eq!(fixture.turns_until(21).events[0], Fact::Completed);
}

/// A peer with an election in which four of eight candidates have answered, two for each of two families.
fn split(mut fixture: Fixture) -> (Fixture, TokenId, Vec<PeerId>) {
    fixture.config.election.majority_threshold = Ratio::from_millionths(600_000);
    fixture.config.election.token_as_first_hop = false;
    answered(
        fixture.knowing(PeerStateKind::Identified, (1..=8).map(|step| 10 * step)),
        &[HONEST, HONEST, 2, 2],
    )
}

#[test]
fn a_split_brain_asks_further_candidates_until_one_side_prevails() {
    let (mut fixture, token, asked) = split(Fixture::lifecycle());
    let outcome = fixture.turns_until(10);
    assert_eq!(outcome.events, [Fact::SplitBrain]);
    let further = outcome.queries();
    assert_eq!(further.len(), 4);
    assert!(further.iter().all(|(to, about, _)| *about == token && !asked.contains(to)));
    let (judge, _, ticket) = further[0];
    fixture.hear(judge, answer(ticket, 2, token));
    let outcome = fixture.turns_until(11);
    assert_eq!(outcome.events[0], Fact::Completed, "three of five are the majority");
    assert_eq!(outcome.invited(), asked[2..3], "the nearest of the winning side");
}

#[test]
fn as_shipped_a_split_brain_asks_no_peer_and_is_abandoned() {
    let (mut fixture, ..) = split(Fixture::shipped());
    for round in 10..100 {
        fixture.now = Round(round);
        let outcome = fixture.turn();
        assert_eq!(outcome.events, [Fact::SplitBrain], "round {round}");
        assert!(outcome.sent.is_empty(), "the best four have been asked already");
    }
    fixture.now = Round(100);
    assert_eq!(fixture.turn().events, [Fact::SplitBrain, Fact::GivenUp(Ending::SplitBrain)]);
    assert!(fixture.node.elections().is_empty());
}

#[test]
fn a_split_brain_without_a_free_channel_is_abandoned_at_once() {
    let (mut fixture, ..) = split(Fixture::lifecycle());
    fixture.config.election.max_channels = 4;
    assert_eq!(fixture.turns_until(10).events, [Fact::SplitBrain, Fact::GivenUp(Ending::SplitBrain)]);
}

#[test]
fn as_documented_a_split_brain_opens_two_channels() {
    let (mut fixture, ..) = split(Fixture::lifecycle());
    fixture.config.election.split_channels = NonZeroU32::new(2);
    assert_eq!(fixture.turns_until(10).queries().len(), 2);
}

#[test]
fn the_winner_of_the_strongest_cluster_is_accepted_where_the_rule_says_so() {
    let (mut fixture, _, asked) = split(Fixture::lifecycle());
    (fixture.config.election.max_channels, fixture.config.election.accept_strongest) = (4, true);
    let outcome = fixture.turns_until(10);
    assert_eq!(outcome.events[..2], [Fact::SplitBrain, Fact::Completed]);
    assert_eq!(outcome.invited(), asked[..1], "the nearest of the first of two equal clusters");
}

#[test]
fn channels_that_are_opened_twice_send_no_queries() {
    let mut fixture = Fixture::lifecycle().knowing(PeerStateKind::Identified, [10, 20]);
    (fixture.config.election.spawn_twice, fixture.config.election.per_round) = (true, 1);
    let outcome = fixture.turn();
    assert_eq!((outcome.events, outcome.sent.len()), (vec![Fact::Started], 0));
}

#[test]
fn a_referral_is_followed_and_makes_both_suggested_peers_known() {
    let mut fixture = Fixture::lifecycle().knowing(PeerStateKind::Identified, [10, 20]);
    let (token, asked) = fixture.elect();
    let outcome = fixture.hear(asked[0].0, referral(token, asked[0].1, [500, 600]));
    let [(next, about, ticket)] = outcome.queries()[..] else { panic!("{outcome:?}") };
    assert!([500, 600].map(peer).contains(&next));
    assert_eq!(about, token);
    assert_ne!(ticket, asked[0].1);
    assert_eq!(outcome.events, [moved(PeerStateKind::Unknown, PeerStateKind::Identified); 2]);
    let samples = fixture.samples();
    assert!([500, 600].iter().all(|number| samples.contains(&TokenId::new(*number))));

    let closed = fixture.hear(asked[0].0, answer(asked[0].1, HONEST, token));
    assert_eq!(closed.rejection(), rejected(ElectionError::UnknownTicket), "who refers cannot answer");
}

#[test]
fn an_unsolicited_referral_makes_peers_known_only_as_shipped() {
    let mut fixture = Fixture::lifecycle().knowing(PeerStateKind::Identified, [10, 20]);
    let unasked = || referral(token(5), Ticket::new(5), [500, 600]);
    assert_eq!(fixture.hear(peer(10), unasked()).rejection(), Rejection::NoElection);
    let (token, _) = fixture.elect();
    let wrong = fixture.hear(peer(10), referral(token, Ticket::new(5), [500, 600]));
    assert_eq!(wrong.rejection(), rejected(ElectionError::UnknownTicket));
    assert_eq!(fixture.kind_of(peer(500)), PeerStateKind::Unknown);

    let mut fixture = Fixture::shipped();
    let outcome = fixture.hear(peer(10), unasked());
    let heard = moved(PeerStateKind::Unknown, PeerStateKind::Identified);
    assert_eq!(outcome.events, [Fact::Rejected(Rejection::NoElection), heard, heard]);
    assert!(outcome.sent.is_empty());
}

#[test]
fn a_referral_back_home_ends_the_chain_and_is_a_good_one_all_the_same() {
    let mut fixture = Fixture::shipped().knowing(PeerStateKind::Identified, [10]);
    fixture.config.peers.unsolicited_referrals = false;
    fixture.config.election.token_as_first_hop = false;
    let (token, asked) = fixture.elect();
    // As shipped the owner is not left out, so that it may be chosen.
    let outcome = fixture.hear(asked[0].0, referral(token, asked[0].1, [ME.get(), ME.get()]));
    assert_eq!(outcome.rejection(), rejected(ElectionError::SelfReference));
    assert!(fixture.samples().contains(&ME.into()), "its suggestions are remembered");
}

#[test]
fn strictly_an_invented_answer_is_refused() {
    let rejection = |verification| {
        let mut fixture = Fixture::lifecycle().knowing(PeerStateKind::Identified, [1, 2, 3, 4, 5]);
        let (token, asked) = fixture.elect();
        fixture.config.tokens.verification = verification;
        let (responder, ticket) = asked[0];
        fixture.hear(responder, answer(ticket, HONEST, token)).events
    };
    assert_eq!(rejection(VerificationRule::Weak), []);
    let refused = rejected(ElectionError::SignatureVerificationFailed);
    assert_eq!(rejection(VerificationRule::Strict), [Fact::Rejected(refused)]);
}

/// Outcome of an election whose two answers agree on `agreeing` mappings.
fn agreed(mut fixture: Fixture, agreeing: usize) -> Outcome {
    fixture = fixture.knowing(PeerStateKind::Identified, [10, 20]);
    let asked = fixture.elect_on(token(500));
    let [(first, one), (second, other)] = asked[..] else { panic!("{asked:?}") };
    fixture.hear(first, answer(one, HONEST, token(500)));
    let proof = mixed(agreeing, token(500), ME).into();
    fixture.hear(second, Message::Answer { ticket: other, proof, relay: None });
    fixture.turns_until(10)
}

#[test]
fn the_better_elections_go_the_more_agreement_is_demanded_where_the_rule_says_so() {
    let experienced = |adaptive, succeeded: bool| {
        let mut fixture = Fixture::lifecycle().under(|config| config.election.adaptive_threshold = adaptive);
        (0..40).for_each(|_| fixture.node.stats.record(succeeded));
        fixture
    };
    let elects =
        |fixture: Fixture, agreeing| agreed(fixture, agreeing).events.first() == Some(&Fact::Completed);
    let fresh = || Fixture::lifecycle().under(|config| config.election.adaptive_threshold = true);
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
        let mut fixture = Fixture::lifecycle()
            .under(|config| config.election.adaptive_threshold = true)
            .knowing(PeerStateKind::Identified, [10, 20]);
        for number in 0..ends as u64 {
            let asked = fixture.elect_on(token(500 + number));
            for (responder, ticket) in asked {
                if answers {
                    fixture.hear(responder, answer(ticket, HONEST, token(500 + number)));
                }
            }
            fixture.now.0 += 100;
            fixture.turn();
        }
        fixture.node.stats.threshold(6)
    };
    assert_eq!(threshold(0, true), 6);
    assert_eq!(threshold(20, true), 8);
    assert_eq!(threshold(20, false), 5);
}

#[test]
fn split_brains_in_quick_succession_raise_the_alarm_where_the_rule_says_so() {
    let alarms = |split_alarm| {
        let (mut fixture, ..) = split(Fixture::shipped());
        fixture.config.peers.split_alarm = NonZeroU32::new(split_alarm);
        let mut alarms = Vec::new();
        for round in 10..30 {
            fixture.now = Round(round);
            if fixture.turn().events.contains(&Fact::SplitAlarm) {
                alarms.push(round);
            }
        }
        alarms
    };
    assert_eq!(alarms(5), [14, 19, 24, 29], "the fifth, after which counting restarts");
    assert_eq!(alarms(0), Vec::<u64>::new());
}

#[test]
fn a_referral_does_not_take_an_answer_back_where_the_rule_says_so() {
    for drops in [true, false] {
        let mut fixture = Fixture::lifecycle().knowing(PeerStateKind::Identified, [10, 20]);
        fixture.config.election.referral_drops_answer = drops;
        let asked = fixture.elect_on(token(500));
        fixture.hear(asked[0].0, answer(asked[0].1, HONEST, token(500)));
        let outcome = fixture.hear(asked[0].0, referral(token(500), asked[0].1, [70, 80]));
        if drops {
            assert_eq!(outcome.asked().len(), 1);
        } else {
            assert_eq!(outcome.rejection(), rejected(ElectionError::AlreadyAnswered));
            assert_eq!(fixture.kind_of(peer(70)), PeerStateKind::Unknown, "nor is it a source of peers");
        }
        let running = fixture.node.elections.get(token(500)).expect("it is running");
        assert_eq!(running.valid_response_count(), usize::from(!drops));
    }
}

#[test]
fn a_referral_to_one_peer_alone_is_followed() {
    let mut fixture = Fixture::improved().knowing(PeerStateKind::Identified, [10, 20]);
    let asked = fixture.elect_on(token(500));
    let outcome = fixture.hear(asked[0].0, referral(token(500), asked[0].1, [70, 70]));
    assert_eq!(outcome.asked(), [peer(70)]);
    assert_eq!(
        outcome.events,
        [moved(PeerStateKind::Unknown, PeerStateKind::Identified)],
        "it becomes known once"
    );
}
