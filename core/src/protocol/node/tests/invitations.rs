//! How connections come about.

use std::num::NonZeroU32;

use super::*;

#[test]
fn an_invitation_from_an_identified_peer_opens_an_election_on_it_of_which_it_is_the_first_answer() {
    let mut fixture = Fixture::lifecycle().knowing(PeerStateKind::Identified, [10, 20, 40, 80, 160]);
    let inviter = peer(40);
    let outcome = fixture.hear(inviter, invitation(inviter));
    assert_eq!(outcome.events, [Fact::Started]);
    assert_eq!(outcome.asked(), [20, 10, 80, 160].map(peer), "four others, the nearest to the inviter first");
    let (judge, token, ticket) = outcome.queries()[0];
    assert_eq!(token, inviter.into());
    assert_eq!(fixture.kind_of(inviter), PeerStateKind::Identified, "one voice is not enough");

    fixture.hear(judge, answer(ticket, HONEST, token));
    let outcome = fixture.turns_until(10);
    assert_eq!(outcome.events[0], Fact::Completed);
    assert_eq!(outcome.invited(), [inviter], "the nearest to its own id");
    assert_eq!(fixture.kind_of(inviter), PeerStateKind::Pending);
}

/// Returns whether a peer invites a neighbor that no election confirms; `others` are two more proofs in the
/// election on it.
fn is_invited_back(fixture: Fixture, from: PeerId, others: Option<Proof>) -> bool {
    let mut fixture =
        fixture.knowing(PeerStateKind::Identified, [1_010, 1_020, 1_030, 1_040, 990, 980, 970, 960, 950]);
    let begun = fixture.hear(from, invitation(from));
    for (judge, _, ticket) in begun.queries().into_iter().take(2) {
        let Some(proof) = others else { break };
        fixture.hear(judge, Message::Answer { ticket, proof: proof.into(), relay: None });
    }
    let invited = (1..=30).flat_map(|round| {
        fixture.now = Round(round);
        fixture.turn().invited()
    });
    invited.collect::<Vec<_>>().contains(&from)
}

#[test]
fn a_neighbor_that_proves_itself_is_invited_back_although_no_election_confirms_it() {
    let (near, far) = (peer(1_010), peer(950));
    assert!(is_invited_back(Fixture::improved(), near, None));
    assert!(!is_invited_back(Fixture::improved(), far, None), "it is no neighbor");
    let without = Fixture::improved().under(|config| config.peers.neighbors_by_proof = false);
    assert!(!is_invited_back(without, near, None));
    let elsewhere = proof(2, near.into(), ME);
    assert!(is_invited_back(Fixture::improved(), near, Some(elsewhere)), "others searched elsewhere");
    let block = BlockId::new(43);
    let signature = chunks(ME, near.into(), block).map(|chunk| Mapping { token: token(chunk.into()), block });
    let contradiction = Proof { answer: Mapping { token: near.into(), block }, signature };
    assert!(!is_invited_back(Fixture::improved(), near, Some(contradiction)), "others know another block");
}

/// Rounds up to 120 in which a silent peer is invited by one with these connections that hears from it in
/// round 60 or not at all, under the rule that counts unanswered invitations or without it.
fn rounds_of_invitations(rule: bool, connected: &[u64], hears: bool) -> Vec<u64> {
    let fixture = Fixture::improved().under(|config| {
        config.peers.unanswered_is_absent = rule;
        config.peers.invitations_per_round = 1;
        config.peers.connection_timeout_rounds = 10_000;
        config.election.per_round = 0;
    });
    let connected = connected.iter().copied();
    let mut fixture =
        fixture.knowing(PeerStateKind::Connected, connected).knowing(PeerStateKind::Identified, [10]);
    let invited = (1..=120).filter(|round| {
        fixture.now = Round(*round);
        if hears && *round == 60 {
            fixture.hear(peer(10), Message::Goodbye { leaves: false });
        }
        fixture.turn().invited().contains(&peer(10))
    });
    invited.collect()
}

#[test]
fn who_leaves_an_invitation_unanswered_is_not_invited_again_before_it_is_heard_from() {
    assert_eq!(rounds_of_invitations(true, &[40], false), [1]);
    assert_eq!(rounds_of_invitations(true, &[40], true), [1, 60], "any message shows that it is there");
    assert_eq!(rounds_of_invitations(false, &[40], false), [1, 51, 101]);
    assert_eq!(
        rounds_of_invitations(true, &[], false),
        [1, 51, 101],
        "a peer without connections keeps trying"
    );
}

#[test]
fn an_inviter_has_to_wait_before_it_can_start_another_election() {
    let mut fixture = Fixture::lifecycle().knowing(PeerStateKind::Identified, [10, 20, 30]);
    let inviter = peer(20);
    assert_eq!(fixture.hear(inviter, invitation(inviter)).events, [Fact::Started]);
    fixture.config.election.timeout_rounds = 30;
    assert_eq!(fixture.turns_until(30).events, [Fact::GivenUp(Ending::TooFewAnswers)]);
    fixture.now = Round(59);
    assert_eq!(fixture.hear(inviter, invitation(inviter)).rejection(), Rejection::CoolingDown);
    fixture.now = Round(60);
    assert_eq!(fixture.hear(inviter, invitation(inviter)).events, [Fact::Started]);

    fixture.config.peers.invitation_cooldown_rounds = 0;
    let running = fixture.hear(inviter, invitation(inviter));
    assert_eq!(running.rejection(), rejected(ElectionError::ChannelAlreadyExists), "its election is running");
}

#[test]
fn an_invitation_from_a_connected_peer_is_a_sign_of_life() {
    let mut fixture = Fixture::lifecycle().knowing(PeerStateKind::Connected, [10]);
    let heard = |fixture: &Fixture| match fixture.node.peers().iter().next() {
        Some((_, PeerState::Connected { heard, .. })) => heard,
        other => panic!("{other:?}"),
    };
    fixture.config.peers.keepalive = false;
    fixture.now = Round(7);
    fixture.hear(peer(10), query(5));
    assert_eq!(heard(&fixture), Round(0), "without keepalive other messages are none");
    assert!(fixture.hear(peer(10), invitation(peer(10))).is_nothing());
    assert_eq!(heard(&fixture), Round(7));
    fixture.config.peers.keepalive = true;
    fixture.now = Round(9);
    fixture.hear(peer(10), query(5));
    assert_eq!(heard(&fixture), Round(9));
}

#[test]
fn an_invitation_without_a_valid_proof_changes_nothing() {
    let inviter = peer(40);
    let about_another = proof(HONEST, token(41), ME);
    let for_another = proof(HONEST, inviter.into(), peer(41));
    for kind in [PeerStateKind::Identified, PeerStateKind::Pending, PeerStateKind::Connected] {
        for proof in [about_another, for_another] {
            let mut fixture = Fixture::lifecycle().knowing(kind, [40]);
            let outcome = fixture.hear(inviter, Message::Invitation { proof: proof.into(), is_reply: false });
            assert_eq!(outcome.rejection(), Rejection::BadInvitation);
            assert_eq!(fixture.kind_of(inviter), kind);
        }
    }
    let mut stranger = Fixture::lifecycle();
    let outcome = stranger.hear(inviter, Message::Invitation { proof: for_another.into(), is_reply: false });
    assert_eq!(outcome.rejection(), Rejection::BadInvitation);
    assert_eq!(stranger.kind_of(inviter), PeerStateKind::Unknown);
}

/// Number of 2,000 peers that decline an invitation of a stranger this far away.
fn decliners(fixture: fn() -> Fixture, distance: u64) -> usize {
    let inviter = peer(ME.get().wrapping_add(distance));
    let heard = moved(PeerStateKind::Unknown, PeerStateKind::Identified);
    let declines = |seed: &u64| {
        let mut fixture = fixture().knowing(PeerStateKind::Identified, [10, 20]);
        fixture.rng = Rng::stream(*seed, Purpose::Protocol, ME.get());
        let outcome = fixture.hear(inviter, invitation(inviter));
        assert_eq!(fixture.kind_of(inviter), PeerStateKind::Identified, "it is known in any case");
        let declined = [heard, Fact::Rejected(Rejection::Declined)];
        let is_declined = outcome.events == declined;
        assert_ne!(is_declined, outcome.events.contains(&Fact::Started));
        is_declined
    };
    (0..2_000).filter(declines).count()
}

#[test]
fn a_stranger_is_declined_the_likelier_the_farther_it_is() {
    for fixture in [Fixture::lifecycle, Fixture::shipped] {
        assert_eq!(decliners(fixture, 1), 0, "a neighbor never");
        let quarter = decliners(fixture, ring::HALF / 4);
        assert!((430..570).contains(&quarter), "one of four: {quarter}");
        assert_eq!(decliners(fixture, ring::HALF), 2_000, "the opposite peer always");
    }
}

#[test]
fn only_strangers_are_declined() {
    let far = peer(ME.get().wrapping_add(ring::HALF));
    let mut fixture = Fixture::lifecycle().knowing(PeerStateKind::Identified, [10, far.get()]);
    assert_eq!(fixture.hear(far, invitation(far)).events, [Fact::Started]);
    let mut fixture = Fixture::lifecycle().knowing(PeerStateKind::Pending, [far.get()]);
    assert_eq!(
        fixture.hear(far, invitation(far)).events,
        [moved(PeerStateKind::Pending, PeerStateKind::Connected)]
    );
}

#[test]
fn one_cannot_invite_oneself() {
    let mut fixture = Fixture::lifecycle().knowing(PeerStateKind::Identified, [10, 20]);
    // At distance 0 no invitation is declined, but no peer is its own candidate either.
    let outcome = fixture.hear(ME, invitation(ME));
    let refused = Fact::Rejected(rejected(ElectionError::SelfReference));
    assert_eq!(outcome.events, [Fact::Started, refused]);
    assert_eq!(fixture.kind_of(ME), PeerStateKind::Unknown);
}

#[test]
fn the_budget_holds_after_an_invitation() {
    let mut fixture = Fixture::lifecycle().knowing(PeerStateKind::Connected, [10, 20]);
    fixture = fixture.knowing(PeerStateKind::Pending, [30]);
    fixture.config.peers.connected_budget = 2;
    let outcome = fixture.hear(peer(30), invitation(peer(30)));
    let demoted = moved(PeerStateKind::Connected, PeerStateKind::Identified);
    assert_eq!(outcome.events, [moved(PeerStateKind::Pending, PeerStateKind::Connected), demoted]);
    assert_eq!(fixture.node.peers().count(PeerStateKind::Connected), 2);
}

#[test]
fn as_shipped_an_invitation_starts_an_election_without_queries() {
    let mut fixture = Fixture::shipped().knowing(PeerStateKind::Identified, [10, 20, 40, 80, 160]);
    let inviter = peer(ME.get() + 1);
    // Its proof is about another token and for another peer.
    let garbage = proof(HONEST, token(5), peer(6));
    let outcome = fixture.hear(inviter, Message::Invitation { proof: garbage.into(), is_reply: false });
    assert_eq!(outcome.events, [Fact::Started, moved(PeerStateKind::Unknown, PeerStateKind::Identified)]);
    assert!(outcome.sent.is_empty(), "its queries are lost");
    let election = fixture.node.elections.get(inviter.into()).unwrap();
    assert_eq!((election.channel_count(), election.responses().count()), (4, 0));

    let again = fixture.hear(inviter, invitation(inviter));
    assert_eq!(again.rejection(), Rejection::CoolingDown);
    fixture.config.peers.invitation_cooldown_rounds = 0;
    let again = fixture.hear(inviter, invitation(inviter));
    assert_eq!(again.rejection(), rejected(ElectionError::UnknownTicket), "as if it were a late answer");
    assert_eq!(fixture.turns_until(100).events, [Fact::GivenUp(Ending::NoAnswer)]);
}

#[test]
fn as_shipped_no_peer_ever_connects() {
    let inviter = peer(ME.get() + 1);
    let mut fixture = Fixture::shipped().knowing(PeerStateKind::Pending, [inviter.get()]);
    let outcome = fixture.hear(inviter, invitation(inviter));
    assert_eq!(outcome.events, [Fact::Started]);
    assert_eq!(fixture.kind_of(inviter), PeerStateKind::Pending);
}

// By other rules.

fn garbage(asker: PeerId) -> Message {
    Message::Invitation { proof: proof(HONEST, token(5), asker).into(), is_reply: false }
}

#[test]
fn an_invitation_promotes_or_examines_or_both_as_the_rule_has_it() {
    use InvitationRule::{Mute, OnlyExamining, OnlyPromoting, Reciprocal};
    let connected = [moved(PeerStateKind::Pending, PeerStateKind::Connected)];
    // State after a Pending peer's invitation, and whether that of an Identified one causes queries.
    let cases = [
        (Mute, &[Fact::Started][..], false),
        (Reciprocal, &connected, true),
        (OnlyPromoting, &connected, false),
        (OnlyExamining, &[], true),
    ];
    for (rule, of_pending, asks) in cases {
        let fixture = |kind| {
            let inviter = ME.get() + 1;
            let fixture = Fixture::lifecycle().under(|config| config.peers.invitations = rule);
            (fixture.knowing(PeerStateKind::Identified, [10, 20, 30]).knowing(kind, [inviter]), peer(inviter))
        };
        let (mut waiting, inviter) = fixture(PeerStateKind::Pending);
        assert_eq!(waiting.hear(inviter, invitation(inviter)).events, of_pending, "{rule:?}");
        let (mut aware, inviter) = fixture(PeerStateKind::Identified);
        let outcome = aware.hear(inviter, invitation(inviter));
        assert_eq!(outcome.events, [Fact::Started], "{rule:?}");
        assert_eq!(!outcome.sent.is_empty(), asks, "{rule:?}");
        let election = aware.node.elections.get(inviter.into()).expect("an election");
        assert_eq!(
            election.responses().count(),
            usize::from(asks),
            "{rule:?}: its own proof is the first answer"
        );
    }
}

#[test]
fn whether_the_proof_of_an_invitation_is_looked_at_is_a_rule() {
    let inviter = peer(40);
    for unverified in [true, false] {
        let fixture = |kind| {
            let fixture =
                Fixture::lifecycle().under(|config| config.peers.unverified_invitations = unverified);
            fixture.knowing(PeerStateKind::Identified, [10, 20]).knowing(kind, [40])
        };
        let mut waiting = fixture(PeerStateKind::Pending);
        let outcome = waiting.hear(inviter, garbage(ME));
        let mut aware = fixture(PeerStateKind::Identified);
        let opened = aware.hear(inviter, garbage(ME));
        if unverified {
            assert_eq!(outcome.events, [moved(PeerStateKind::Pending, PeerStateKind::Connected)]);
            assert_eq!(opened.events, [Fact::Started]);
            let election = aware.node.elections.get(inviter.into()).expect("an election");
            assert_eq!(election.responses().count(), 0, "a wrong proof is no answer");
        } else {
            assert_eq!(outcome.rejection(), Rejection::BadInvitation);
            assert_eq!(opened.rejection(), Rejection::BadInvitation);
        }
    }
}

#[test]
fn by_need_those_near_are_taken_up_always_and_all_others_while_there_is_room() {
    let far = ME.get().wrapping_add(ring::HALF);
    let near = ME.get() + 1;
    let hear = |budget, inviter: u64| {
        let mut fixture = Fixture::improved().under(|config| {
            config.peers.connected_budget = budget;
            config.peers.core_neighbors = 1;
        });
        fixture = fixture.knowing(PeerStateKind::Connected, [900, 1_100, 70_000]);
        let outcome = fixture.hear(peer(inviter), invitation(peer(inviter)));
        let known = fixture.kind_of(peer(inviter));
        (outcome.events, known)
    };
    let heard = moved(PeerStateKind::Unknown, PeerStateKind::Identified);
    let taken_up = (vec![heard, Fact::Started], PeerStateKind::Identified);
    let declined = (vec![heard, Fact::Rejected(Rejection::Declined)], PeerStateKind::Identified);
    assert_eq!(hear(4, far), taken_up);
    assert_eq!(hear(4, near), taken_up);
    assert_eq!(hear(3, far), declined);
    assert_eq!(hear(3, near), taken_up, "it would be a neighbor");
}

#[test]
fn by_need_those_who_are_known_are_declined_too() {
    let far = ME.get().wrapping_add(ring::HALF);
    let mut fixture = Fixture::improved().under(|config| {
        config.peers.connected_budget = 1;
        config.peers.core_neighbors = 0;
    });
    fixture = fixture.knowing(PeerStateKind::Connected, [900]).knowing(PeerStateKind::Identified, [far]);
    assert_eq!(fixture.hear(peer(far), invitation(peer(far))).rejection(), Rejection::Declined);
}

#[test]
fn no_invitations_go_out_once_there_are_enough_connections_or_hopes() {
    let invited = |target, kind| {
        let mut fixture = Fixture::lifecycle().under(|config| {
            config.peers.connected_target = target;
            config.peers.invitations_per_round = 1;
        });
        fixture = fixture.knowing(kind, [10, 20]).knowing(PeerStateKind::Identified, [30]);
        fixture.turn().invited().len()
    };
    for kind in [PeerStateKind::Pending, PeerStateKind::Connected] {
        assert_eq!(invited(NonZeroU32::new(3), kind), 1);
        assert_eq!(invited(NonZeroU32::new(2), kind), 0);
        assert_eq!(invited(None, kind), 1);
    }
}

// Between two peers.

/// Two neighbors that know each other, and two others that agree with their proofs.
fn couple(handshake: bool) -> TestNetwork {
    let fixture = |id: u64| {
        let fixture = Fixture::at(peer(id), "improved").under(|config| {
            config.peers.handshake = handshake;
            config.peers.invitations = InvitationRule::Reciprocal;
        });
        let others = [10, 20, 30, 40].into_iter().filter(|other| *other != id);
        fixture.knowing(PeerStateKind::Identified, others).storing([10, 20, 30, 40])
    };
    TestNetwork([10, 20, 30, 40].map(fixture).into())
}

/// Delivers an invitation of 10 to 20 and all replies, and tallies the election of 20; returns all messages.
fn court(network: &mut TestNetwork) -> Log {
    let invitation = network.find(peer(10)).expect("10").with(|node, cx| {
        let invite = node.peers.invite(cx, peer(20), Cause::Selection).expect("it is Identified");
        node.send_invitation(cx, &invite);
    });
    let mut log = network.carry(peer(10), invitation.sent);
    let courted = network.find(peer(20)).expect("20");
    courted.now = Round(5);
    let outcome = courted.with(Node::process_elections);
    log.extend(network.carry(peer(20), outcome.sent));
    log
}

#[test]
fn with_a_handshake_one_exchange_connects_both_sides_and_comes_to_an_end() {
    let mut network = couple(true);
    let log = court(&mut network);
    assert_eq!(ways(&log, MessageKind::Invitation), [(10, 20), (20, 10), (10, 20)]);
    assert_eq!(network.0[0].kind_of(peer(20)), PeerStateKind::Connected);
    assert_eq!(network.0[1].kind_of(peer(10)), PeerStateKind::Connected);
}

#[test]
fn without_a_handshake_the_other_side_goes_on_waiting() {
    let mut network = couple(false);
    let log = court(&mut network);
    assert_eq!(ways(&log, MessageKind::Invitation), [(10, 20), (20, 10)]);
    assert_eq!(network.0[0].kind_of(peer(20)), PeerStateKind::Connected);
    assert_eq!(network.0[1].kind_of(peer(10)), PeerStateKind::Pending);
}

#[test]
fn an_invitation_that_meets_a_connection_is_answered_once() {
    for (handshake, ways_expected) in [(true, vec![(10, 20), (20, 10)]), (false, vec![(10, 20)])] {
        let mut network = couple(handshake);
        let second = network.0.remove(1).knowing(PeerStateKind::Connected, [10]);
        network.0.insert(1, second);
        let log = court(&mut network);
        assert_eq!(ways(&log, MessageKind::Invitation), ways_expected, "no ping-pong");
        assert_eq!(network.0[0].kind_of(peer(20)) == PeerStateKind::Connected, handshake);
    }
}

#[test]
fn a_reply_is_never_answered() {
    for kind in [PeerStateKind::Pending, PeerStateKind::Connected] {
        let mut fixture = Fixture::improved().knowing(kind, [40]);
        let proof = proof(HONEST, token(40), ME).into();
        let outcome = fixture.hear(peer(40), Message::Invitation { proof, is_reply: true });
        assert_eq!(outcome.invited(), [], "{kind:?}");
        assert_eq!(fixture.kind_of(peer(40)), PeerStateKind::Connected);
    }
}

#[test]
fn a_confirmation_is_marked_and_bound_to_its_receiver() {
    let mut fixture = Fixture::improved().knowing(PeerStateKind::Pending, [40]);
    let outcome = fixture.hear(peer(40), invitation(peer(40)));
    let [(to, Message::Invitation { proof, is_reply: true })] = &outcome.sent[..] else {
        panic!("{outcome:?}")
    };
    assert_eq!(*to, peer(40));
    assert!(verify(proof.clone(), ME.into(), peer(40), &NoTable).is_ok());
}

#[test]
fn without_room_a_new_connection_costs_another_which_is_not_confirmed() {
    let far = ME.get().wrapping_add(ring::HALF);
    let mut fixture = Fixture::improved().under(|config| {
        config.peers.connected_budget = 2;
        config.peers.core_neighbors = 1;
        config.peers.handshake = true;
    });
    fixture = fixture.knowing(PeerStateKind::Connected, [900, 1_100]).knowing(PeerStateKind::Pending, [far]);
    let outcome = fixture.hear(peer(far), invitation(peer(far)));
    assert_eq!(fixture.node.peers().count(PeerStateKind::Connected), 2);
    assert_eq!(fixture.kind_of(peer(far)), PeerStateKind::Identified, "the neighbors stay");
    assert_eq!(outcome.invited(), [], "who does not stay connected is not told that it is");
}
