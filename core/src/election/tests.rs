//! The contract of an election, operation by operation.

use super::*;
use crate::actor::TokenStore;
use crate::config::{SearchRule, VerificationRule};
use crate::id::BlockId;
use crate::message::Mapping;
use crate::proof::{chunks, verify};
use crate::rng::{Purpose, Rng};
use crate::scenario::Scenario;
use proptest::prelude::*;

const ME: PeerId = PeerId::new(12345);
const TOKEN: TokenId = TokenId::new(999);

fn peer(number: u64) -> PeerId {
    PeerId::new(number)
}

fn config() -> ElectionConfig {
    let mut config = Scenario::preset("seed-000").unwrap().config.election;
    config.consensus_threshold = 8;
    config.majority_threshold = Ratio::from_millionths(600_000);
    config
}

fn bounded(max_hops: u32) -> ElectionConfig {
    ElectionConfig { referrals: ReferralRule::Bounded, max_hops, ..config() }
}

fn election() -> Election {
    Election::new(TOKEN, ME, [7; 32])
}

fn rng() -> Rng {
    Rng::stream(1, Purpose::Protocol, 1)
}

/// A proof that passes the check with tokens invented for it; proofs of one `family` agree completely.
fn invented(family: u64) -> Box<Proof> {
    let block = BlockId::new(42);
    let invent = |chunk: u16| Mapping { token: TokenId::new(family << 32 | u64::from(chunk)), block };
    let signature = chunks(ME, TOKEN, block).map(invent);
    Box::new(Proof { answer: Mapping { token: TOKEN, block }, signature })
}

/// A challenger that holds nothing.
struct Empty;

impl TokenStore for Empty {
    fn block_of(&self, _token: TokenId) -> Option<BlockId> {
        None
    }

    fn prove(&self, _token: TokenId, _asker: PeerId) -> Option<Proof> {
        None
    }
}

fn rules(election: &ElectionConfig) -> Rules<'_> {
    let examiner = Examiner { rule: VerificationRule::Weak, search: SearchRule::RingWrap, own: &Empty };
    Rules { election, examiner }
}

fn answer(election: &mut Election, ticket: Ticket, family: u64, from: PeerId) -> Result<u32, ElectionError> {
    election.handle_answer(ticket, invented(family), from, rules(&config()))
}

fn open(election: &mut Election, first_hop: u64) -> Ticket {
    election.open_channel(peer(first_hop), &config()).unwrap().ticket
}

/// An election in which these peers have answered, each with a proof of its family.
fn answered(votes: &[(u64, u64)]) -> Election {
    let mut election = election();
    for (responder, family) in votes {
        let ticket = open(&mut election, *responder);
        answer(&mut election, ticket, *family, peer(*responder)).unwrap();
    }
    election
}

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
fn the_nearest_member_of_a_cluster_wins() {
    let outcome = answered(&[(1, 1), (2, 1)]).check_for_winner(&config());
    let Outcome::Single { winner, cluster } = outcome else { panic!("{outcome:?}") };
    assert_eq!(winner, peer(2), "997 is nearer than 998");
    assert_eq!((cluster.members.len(), cluster.weakest_agreement), (2, 10));
}

#[test]
fn two_clusters_without_majority_are_a_split_brain() {
    let mut election = answered(&[(10, 1), (20, 1), (30, 2), (40, 2)]);
    let outcome = election.check_for_winner(&config());
    assert!(matches!(outcome, Outcome::SplitBrain { winners, .. } if winners == [peer(20), peer(40)]));
    let ticket = open(&mut election, 50);
    answer(&mut election, ticket, 1, peer(50)).unwrap();
    let outcome = election.check_for_winner(&config());
    assert!(
        matches!(&outcome, Outcome::Single { winner, cluster } if *winner == peer(50) && cluster.members.len() == 3),
        "three of five are the inclusive majority of 0.6: {outcome:?}"
    );
}

#[test]
fn one_voice_or_disagreement_is_no_consensus() {
    assert_eq!(answered(&[]).check_for_winner(&config()), Outcome::NoConsensus);
    assert_eq!(answered(&[(1, 1)]).check_for_winner(&config()), Outcome::NoConsensus);
    assert_eq!(answered(&[(1, 1), (2, 2)]).check_for_winner(&config()), Outcome::NoConsensus);
}

#[test]
fn one_peer_on_two_channels_is_one_voice() {
    let mut election = election();
    for first_hop in [1, 2] {
        let ticket = open(&mut election, first_hop);
        answer(&mut election, ticket, 1, peer(9)).unwrap();
    }
    assert_eq!(election.responses().count(), 2);
    assert_eq!(election.check_for_winner(&config()), Outcome::NoConsensus);
}

#[test]
fn an_invitation_is_the_first_answer() {
    let mut election = election();
    let proof = verify(invented(1), TOKEN, ME).unwrap();
    election.admit(peer(9), proof, &config()).unwrap();
    assert_eq!(election.responses().map(|(responder, _)| responder).collect::<Vec<_>>(), [peer(9)]);
}

/// What may happen to an election, with small numbers so that operations meet.
#[derive(Clone, Debug)]
enum Operation {
    Open(u64),
    Answer { channel: u64, family: u64, from: u64 },
    Refer { channel: u64, to: [u64; 2] },
}

fn operation() -> impl Strategy<Value = Operation> {
    prop_oneof![
        (0..12_u64).prop_map(Operation::Open),
        (0..12_u64, 0..3_u64, 0..12_u64).prop_map(|(channel, family, from)| Operation::Answer {
            channel,
            family,
            from
        }),
        (0..12_u64, prop::array::uniform2(0..12_u64))
            .prop_map(|(channel, to)| Operation::Refer { channel, to }),
    ]
}

proptest! {
    #[test]
    fn no_peer_counts_twice_and_limits_hold(operations in prop::collection::vec(operation(), 0..60), ends: bool) {
        let config = if ends { bounded(4) } else { config() };
        let mut election = Election::new(TOKEN, peer(3), [7; 32]);
        let mut rng = rng();
        for operation in operations {
            let ticket_of = |hop: u64| ticket(TOKEN, peer(hop), &[7; 32]);
            // Refusals are part of the contract: whatever happens, the properties below hold.
            let _ = match operation {
                Operation::Open(hop) => election.open_channel(peer(hop), &config).map(|_| ()),
                Operation::Answer { channel, family, from } => {
                    answer(&mut election, ticket_of(channel), family, peer(from)).map(|_| ())
                }
                Operation::Refer { channel, to } => election
                    .handle_referral(ticket_of(channel), TOKEN, to.map(peer), &config, &mut rng)
                    .map(|_| ()),
            };
            prop_assert!(election.channel_count() <= config.max_channels as usize);
            let mut hops: Vec<PeerId> = election.channels.iter().map(|channel| channel.first_hop).collect();
            hops.sort_unstable();
            let count = hops.len();
            hops.dedup();
            prop_assert_eq!(hops.len(), count, "one channel for each first hop");
            prop_assert!(!hops.contains(&peer(3)), "nobody asks itself");
            if let Outcome::Single { cluster, .. } = election.check_for_winner(&config) {
                let mut members = cluster.members.clone();
                members.sort_unstable();
                members.dedup();
                prop_assert_eq!(members.len(), cluster.members.len());
            }
        }
    }
}
