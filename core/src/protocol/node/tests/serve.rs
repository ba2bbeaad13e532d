//! Other peers' queries.

use super::*;

#[test]
fn a_query_for_a_stored_token_is_answered_with_a_proof_for_the_asker() {
    let mut fixture = Fixture::lifecycle().knowing(PeerStateKind::Identified, [1, 2, 3]);
    let asker = peer(77);
    let outcome = fixture.hear(asker, query(ME.get()));
    let [(to, Message::Answer { ticket, proof, relay: None })] = &outcome.sent[..] else {
        panic!("{outcome:?}")
    };
    assert_eq!((*to, *ticket), (asker, Ticket::new(5)));
    assert!(verify(proof.clone(), ME.into(), asker, &NoTable).is_ok());
    assert_eq!(outcome.events, []);
    assert_eq!(fixture.kind_of(asker), PeerStateKind::Unknown, "to ask is not to be known");
}

#[test]
fn a_query_for_another_token_is_referred_to_the_two_nearest() {
    let mut fixture = Fixture::lifecycle().knowing(PeerStateKind::Identified, [100, 200, 300, 900]);
    let outcome = fixture.hear(peer(77), query(240));
    let referral =
        Message::Referral { token: token(240), ticket: Ticket::new(5), suggested: [peer(200), peer(300)] };
    assert_eq!(outcome.sent, [(peer(77), referral)]);
    assert_eq!(outcome.events, []);
}

#[test]
fn as_shipped_a_referral_may_name_the_asker_and_a_bounded_one_never_does() {
    let suggested = |mut fixture: Fixture| {
        let outcome = fixture.hear(peer(200), query(240));
        match outcome.sent[..] {
            [(_, Message::Referral { suggested, .. })] => suggested,
            _ => panic!("{outcome:?}"),
        }
    };
    let known = [100, 200, 300, 900];
    assert_eq!(
        suggested(Fixture::shipped().knowing(PeerStateKind::Identified, known)),
        [peer(200), peer(300)]
    );
    assert_eq!(
        suggested(Fixture::lifecycle().knowing(PeerStateKind::Identified, known)),
        [peer(300), peer(100)]
    );
}

#[test]
fn who_knows_fewer_than_two_others_says_nothing() {
    let silent = [
        Fixture::lifecycle(),
        Fixture::lifecycle().knowing(PeerStateKind::Connected, [300]),
        Fixture::shipped().knowing(PeerStateKind::Identified, [300]),
        // The asker does not count.
        Fixture::lifecycle().knowing(PeerStateKind::Pending, [200, 300]),
    ];
    for mut fixture in silent {
        assert_eq!(fixture.hear(peer(200), query(240)).rejection(), Rejection::NobodyToSuggest);
    }
    let mut fixture = Fixture::shipped().knowing(PeerStateKind::Identified, [200, 300]);
    assert_eq!(fixture.hear(peer(200), query(240)).sent.len(), 1, "as shipped it does");
}

#[test]
fn whether_a_lookup_goes_on_across_the_origin_is_a_rule() {
    let suggested = |wraps| {
        let mut fixture = Fixture::lifecycle().knowing(PeerStateKind::Identified, [10, 20, 300, u64::MAX]);
        fixture.config.peers.wrapping_lookup = wraps;
        match fixture.hear(peer(77), query(2)).sent[..] {
            [(_, Message::Referral { suggested, .. })] => suggested,
            _ => panic!("no referral"),
        }
    };
    assert_eq!(suggested(true), [peer(u64::MAX), peer(10)]);
    assert_eq!(suggested(false), [peer(10), peer(20)], "only the three next above it are looked at");
}

#[test]
fn who_knows_one_other_may_refer_to_that_one() {
    let refer = |single_referrals, known: &[u64]| {
        let fixture = Fixture::lifecycle().under(|config| config.routing.single_referrals = single_referrals);
        fixture.knowing(PeerStateKind::Identified, known.iter().copied()).hear(peer(200), query(240))
    };
    let only = Message::Referral { token: token(240), ticket: Ticket::new(5), suggested: [peer(300); 2] };
    assert_eq!(refer(true, &[300]).sent, [(peer(200), only.clone())]);
    assert_eq!(refer(true, &[200, 300]).sent, [(peer(200), only)], "no peer is referred to itself");
    assert_eq!(refer(true, &[200]).rejection(), Rejection::NobodyToSuggest);
    assert_eq!(refer(false, &[300]).rejection(), Rejection::NobodyToSuggest);
}

#[test]
fn those_who_ask_become_known_where_the_rule_says_so() {
    for learns in [true, false] {
        let mut fixture = Fixture::lifecycle()
            .under(|config| config.peers.learn_askers = learns)
            .knowing(PeerStateKind::Identified, [1, 2]);
        let outcome = fixture.hear(peer(77), query(ME.get()));
        let heard = [moved(PeerStateKind::Unknown, PeerStateKind::Identified)];
        assert_eq!(outcome.events, if learns { &heard[..] } else { &[] });
        assert_eq!(outcome.causes, if learns { vec![Cause::Query] } else { Vec::new() });
        assert_eq!(fixture.samples().contains(&token(77)), learns);
        assert_eq!(outcome.sent.len(), 1, "it is answered in any case");

        fixture.hear(peer(78), forwarded(ME.get(), 79, &[78]));
        assert_eq!(fixture.kind_of(peer(78)), PeerStateKind::Unknown, "who passes on asks nothing");
        assert_eq!(fixture.kind_of(peer(79)) == PeerStateKind::Identified, learns);
    }
}

#[test]
fn to_ask_does_not_change_what_is_thought_of_a_peer() {
    for kind in [PeerStateKind::Identified, PeerStateKind::Pending, PeerStateKind::Connected] {
        let mut fixture = Fixture::improved().knowing(kind, [77]);
        assert_eq!(fixture.hear(peer(77), query(ME.get())).events, []);
        assert_eq!(fixture.kind_of(peer(77)), kind);
    }
}
