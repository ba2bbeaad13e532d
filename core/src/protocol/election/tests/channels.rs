//! Channels, tickets and referrals.

use super::*;

#[test]
fn tickets_are_those_of_the_reference() {
    let of = |hop, secret| ticket(TokenId::new(1000), peer(hop), &[secret; 32]).get();
    assert_eq!(of(100, 0), 0x4dfe_5554_b70a_8cc6);
    assert_eq!(of(200, 0), 0x79b9_befa_2278_2a8b);
    assert_eq!(of(100, 1), 0x90a1_10c2_321e_92fc);
}

#[test]
fn channels_are_refused_in_the_documented_order() {
    let config = ElectionConfig { max_channels: 2, ..config() };
    let mut election = election();
    assert_eq!(election.open_channel(ME, &config), Err(ElectionError::SelfReference));
    let query = election.open_channel(peer(1), &config).unwrap();
    assert_eq!(election.open_channel(peer(1), &config), Err(ElectionError::ChannelAlreadyExists));
    answer(&mut election, query.ticket, 1, peer(5)).unwrap();
    assert_eq!(election.open_channel(peer(5), &config), Err(ElectionError::PeerAlreadyParticipating));
    assert!(election.open_channel(peer(2), &config).is_ok());
    assert_eq!(election.open_channel(peer(3), &config), Err(ElectionError::MaxChannelsReached));
    assert_eq!(election.open_channel(peer(1), &config), Err(ElectionError::MaxChannelsReached));
}

#[test]
fn a_referral_moves_the_channel_on_and_drops_its_answer() {
    let mut election = election();
    let ticket = open(&mut election, 1);
    answer(&mut election, ticket, 1, peer(1)).unwrap();
    let next = election.handle_referral(ticket, TOKEN, [peer(2), peer(2)], &config(), &mut rng()).unwrap();
    assert_eq!(next.to, peer(2));
    assert_eq!(election.responses().count(), 0);
    assert_eq!(open(&mut election, 1), ticket, "a channel that is opened again has the same ticket");
}

#[test]
fn a_referral_to_those_who_take_part_leads_nowhere() {
    let mut election = election();
    let ticket = open(&mut election, 1);
    let other = open(&mut election, 2);
    answer(&mut election, other, 1, peer(3)).unwrap();
    let suggested = [peer(2), peer(3)];
    let referral = election.handle_referral(ticket, TOKEN, suggested, &config(), &mut rng());
    assert_eq!(referral, Err(ElectionError::NoViableSuggestions));
    assert_eq!(election.channel_count(), 1);
    let wrong = election.handle_referral(other, TokenId::new(1), suggested, &config(), &mut rng());
    assert_eq!(wrong, Err(ElectionError::WrongToken));
}

#[test]
fn a_shipped_referral_may_lead_back_and_to_the_owner() {
    let mut election = election();
    let ticket = open(&mut election, 1);
    let next = election.handle_referral(ticket, TOKEN, [peer(2), peer(2)], &config(), &mut rng()).unwrap();
    let back = election.handle_referral(next.ticket, TOKEN, [peer(1), peer(1)], &config(), &mut rng());
    assert_eq!(back.map(|query| query.ticket), Ok(ticket));
    let home = election.handle_referral(ticket, TOKEN, [ME, ME], &config(), &mut rng());
    assert_eq!(home, Err(ElectionError::SelfReference));
}

#[test]
fn a_bounded_chain_ends_and_never_leads_back() {
    let config = bounded(3);
    let mut election = election();
    let mut query = election.open_channel(peer(1), &config).unwrap();
    for hop in 2..=4 {
        let suggested = [peer(hop - 1), peer(hop)];
        query = election.handle_referral(query.ticket, TOKEN, suggested, &config, &mut rng()).unwrap();
        assert_eq!(query.to, peer(hop), "never back to the referrer");
    }
    let end = election.handle_referral(query.ticket, TOKEN, [peer(5), peer(6)], &config, &mut rng());
    assert_eq!(end, Err(ElectionError::TooManyHops));
}

#[test]
fn referrals_are_refused_in_the_documented_order() {
    let keeps = ElectionConfig { referral_drops_answer: false, ..bounded(1) };
    let refer = |election: &mut Election, ticket, token, to: [u64; 2]| {
        election
            .handle_referral(ticket, TokenId::new(token), to.map(peer), &keeps, &mut rng())
            .map(|query| query.to)
    };
    let mut election = election();
    let blocked = open(&mut election, 1);
    answer(&mut election, blocked, 1, peer(1)).unwrap();
    answer(&mut election, blocked, 1, peer(1)).unwrap_err();
    let answered = open(&mut election, 2);
    answer(&mut election, answered, 1, peer(2)).unwrap();
    let right = TOKEN.get();
    assert_eq!(refer(&mut election, Ticket::new(5), 1, [8, 9]), Err(ElectionError::WrongToken));
    assert_eq!(refer(&mut election, Ticket::new(5), right, [8, 9]), Err(ElectionError::UnknownTicket));
    assert_eq!(refer(&mut election, blocked, right, [8, 9]), Err(ElectionError::ChannelBlocked));
    assert_eq!(refer(&mut election, answered, right, [8, 9]), Err(ElectionError::AlreadyAnswered));
    assert_eq!((election.channel_count(), election.valid_response_count()), (2, 1), "nothing has changed");

    let open_with = |election: &mut Election, hop| election.open_channel(peer(hop), &keeps).unwrap().ticket;
    let chained = open_with(&mut election, 3);
    assert_eq!(refer(&mut election, chained, right, [4, 4]), Ok(peer(4)));
    let end = ticket(TOKEN, peer(4), &[7; 32]);
    assert_eq!(
        refer(&mut election, end, right, [3, 3]),
        Err(ElectionError::TooManyHops),
        "before those it names"
    );
    let fresh = open_with(&mut election, 5);
    assert_eq!(refer(&mut election, fresh, right, [4, ME.get()]), Err(ElectionError::NoViableSuggestions));
    assert_eq!(election.channel_count(), 2, "the channels of both have ended");
}

#[test]
fn of_two_suggested_peers_either_is_asked() {
    let mut asked: Vec<u64> = (0..40)
        .map(|seed| {
            let mut election = election();
            let ticket = open(&mut election, 1);
            let mut rng = Rng::stream(seed, Purpose::Protocol, 1);
            election.handle_referral(ticket, TOKEN, [peer(8), peer(9)], &config(), &mut rng).unwrap().to.get()
        })
        .collect();
    asked.sort_unstable();
    asked.dedup();
    assert_eq!(asked, [8, 9]);
}
