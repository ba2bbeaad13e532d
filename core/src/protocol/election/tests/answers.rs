//! Answers: the order of checks, and the consequences of a second answer.

use super::*;

#[test]
fn a_second_answer_blocks_the_channel_and_takes_the_first_with_it() {
    let mut election = election();
    let ticket = open(&mut election, 1);
    assert_eq!(answer(&mut election, ticket, 1, peer(1)), Ok(0));
    assert_eq!(election.responses().count(), 1);
    assert_eq!(answer(&mut election, ticket, 1, peer(2)), Err(ElectionError::DuplicateResponse));
    assert_eq!(election.responses().count(), 0);
    assert_eq!(answer(&mut election, ticket, 1, peer(3)), Err(ElectionError::ChannelBlocked));
    let referral = election.handle_referral(ticket, TOKEN, [peer(8), peer(9)], &config(), &mut rng());
    assert_eq!(referral, Err(ElectionError::ChannelBlocked));
}

#[test]
fn an_answer_needs_a_ticket_of_this_election() {
    let mut election = election();
    let unknown = answer(&mut election, Ticket::new(5), 1, peer(1));
    assert_eq!(unknown, Err(ElectionError::UnknownTicket));
}

#[test]
fn an_invitation_is_the_first_answer() {
    let mut election = election();
    let proof = verify(invented(1), TOKEN, ME, &NoTable).unwrap();
    election.admit(peer(9), proof, &config()).unwrap();
    assert_eq!(election.responses().map(|(responder, _)| responder).collect::<Vec<_>>(), [peer(9)]);
}

fn under(duplicates: DuplicateRule) -> ElectionConfig {
    ElectionConfig { duplicates, ..config() }
}

/// A wrong proof about another token.
fn misplaced() -> StorageProof {
    let mut proof = unfit();
    proof.answer.token = TokenId::new(1);
    proof.into()
}

/// Each step corrects the reason for which the one before was refused, and no other.
#[test]
fn answers_are_refused_in_the_documented_order() {
    let config = under(DuplicateRule::BlockPeer);
    let mut election = election();
    let blocked_channel = open(&mut election, 1);
    let unknown = Ticket::new(5);
    answer_under(&mut election, blocked_channel, invented(1), 1, &config).unwrap();
    let again = answer_under(&mut election, blocked_channel, invented(1), 66, &config);
    assert_eq!(again, Err(ElectionError::DuplicateResponse));
    let taken = open(&mut election, 2);
    answer_under(&mut election, taken, invented(1), 2, &config).unwrap();
    let free = open(&mut election, 3);

    let steps = [
        // A blocked peer with a proof about another token, which is wrong, on a ticket that does not exist.
        (unknown, misplaced(), 66, Err(ElectionError::WrongToken)),
        (unknown, wrong(), 66, Err(ElectionError::BlockedPeer)),
        (unknown, wrong(), 67, Err(ElectionError::SignatureVerificationFailed)),
        (unknown, invented(1), 68, Err(ElectionError::UnknownTicket)),
        (blocked_channel, invented(1), 68, Err(ElectionError::ChannelBlocked)),
        (taken, invented(1), 68, Err(ElectionError::DuplicateResponse)),
        (free, invented(1), 69, Ok(0)),
    ];
    for (ticket, proof, from, expected) in steps {
        assert_eq!(answer_under(&mut election, ticket, proof, from, &config), expected);
    }
    // A blocked peer is refused on an open channel too.
    let best = open(&mut election, 4);
    assert_eq!(answer_under(&mut election, best, invented(1), 66, &config), Err(ElectionError::BlockedPeer));
}

#[test]
fn a_second_answer_blocks_the_channel_or_its_sender_too_or_nothing() {
    let second = |rule| {
        let config = under(rule);
        let mut election = election();
        let (one, other) = (open(&mut election, 1), open(&mut election, 2));
        answer_under(&mut election, one, invented(1), 1, &config).unwrap();
        // A peer that has answered elsewhere answers on the channel of another.
        answer_under(&mut election, other, invented(1), 2, &config).unwrap();
        let again = answer_under(&mut election, one, invented(2), 2, &config);
        assert_eq!(again, Err(ElectionError::DuplicateResponse), "{rule:?}");
        let counted: Vec<u64> = election.responses().map(|(responder, _)| responder.get()).collect();
        let third = answer_under(&mut election, one, invented(1), 3, &config).unwrap_err();
        (counted, election.blocked_peer_count(), third)
    };
    assert_eq!(second(DuplicateRule::BlockChannel), (vec![2], 0, ElectionError::ChannelBlocked));
    assert_eq!(
        second(DuplicateRule::BlockPeer),
        (vec![], 1, ElectionError::ChannelBlocked),
        "nor does its own answer count"
    );
    assert_eq!(second(DuplicateRule::FirstCounts), (vec![1, 2], 0, ElectionError::DuplicateResponse));
}

#[test]
fn the_one_whose_channel_is_abused_is_not_blocked() {
    let config = under(DuplicateRule::BlockPeer);
    let mut election = election();
    let ticket = open(&mut election, 1);
    answer_under(&mut election, ticket, invented(1), 1, &config).unwrap();
    answer_under(&mut election, ticket, invented(1), 66, &config).unwrap_err();
    let other = open(&mut election, 2);
    assert_eq!(answer_under(&mut election, other, invented(1), 1, &config), Ok(0));
    assert_eq!(election.valid_response_count(), 1);
}

#[test]
fn a_wrong_proof_blocks_its_sender_only_where_the_rule_says_so() {
    for (rule, blocked) in
        [(DuplicateRule::BlockChannel, 0), (DuplicateRule::BlockPeer, 1), (DuplicateRule::FirstCounts, 0)]
    {
        let config = under(rule);
        let mut election = election();
        let (one, other) = (open(&mut election, 1), open(&mut election, 2));
        answer_under(&mut election, one, invented(1), 1, &config).unwrap();
        let failed = answer_under(&mut election, other, wrong(), 1, &config);
        assert_eq!(failed, Err(ElectionError::SignatureVerificationFailed));
        assert_eq!(election.blocked_peer_count(), blocked, "{rule:?}");
        assert_eq!(
            election.valid_response_count(),
            1 - blocked,
            "{rule:?}: earlier answers of it do not count"
        );
        let unrelated = answer_under(&mut election, other, misplaced(), 3, &config);
        assert_eq!(unrelated, Err(ElectionError::WrongToken));
        assert_eq!(election.blocked_peer_count(), blocked, "who errs about the token is not blocked");
        let now = answer_under(&mut election, other, invented(1), 1, &config);
        assert_eq!(now.is_ok(), blocked == 0, "{rule:?}: the channel is still open");
    }
}

#[test]
fn no_more_peers_are_blocked_than_there_is_room_for() {
    let config = under(DuplicateRule::BlockPeer);
    let mut election = election();
    let ticket = open(&mut election, 1);
    for cheat in 0..BLOCKED_MAX as u64 + 9 {
        let _ = answer_under(&mut election, ticket, wrong(), 1_000 + cheat, &config);
    }
    assert_eq!(election.blocked_peer_count(), BLOCKED_MAX);
    let last = 1_000 + BLOCKED_MAX as u64 + 8;
    assert_eq!(answer_under(&mut election, ticket, invented(1), last, &config), Ok(0), "it goes unpunished");
    let repeated = answer_under(&mut election, ticket, wrong(), 1_000, &config);
    assert_eq!(repeated, Err(ElectionError::BlockedPeer), "the others do not");
}
