//! The contract of an election, operation by operation.

use super::*;
use crate::base::id::BlockId;
use crate::base::rng::{Purpose, Rng};
use crate::base::time::Round;
use crate::config::{SearchRule, VerificationRule};
use crate::protocol::context::TokenStore;
use crate::protocol::event::Ending;
use crate::protocol::message::{CompactProof, Mapping, NoTable, Proof};
use crate::protocol::proof::{chunks, verify};
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
fn invented(family: u64) -> StorageProof {
    proof(family).into()
}

fn proof(family: u64) -> Proof {
    let block = BlockId::new(42);
    let invent = |chunk: u16| Mapping { token: TokenId::new(family << 32 | u64::from(chunk)), block };
    let signature = chunks(ME, TOKEN, block).map(invent);
    Proof { answer: Mapping { token: TOKEN, block }, signature }
}

/// A challenger that holds nothing.
struct Empty;

impl ProofResolver for Empty {
    fn resolve(&self, _: &CompactProof) -> Proof {
        unreachable!("nothing is found here")
    }
}

impl TokenStore for Empty {
    fn block_of(&self, _token: TokenId) -> Option<BlockId> {
        None
    }

    fn prove(&self, _token: TokenId, _asker: PeerId) -> Option<StorageProof> {
        None
    }
}

fn rules(election: &ElectionConfig) -> VotingRules<'_> {
    let verifier = ProofVerifier { rule: VerificationRule::Weak, search: SearchRule::RingWrap, own: &Empty };
    VotingRules { election, verifier }
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
    let outcome = answered(&[(1, 1), (2, 1)]).check_for_winner(&config(), &NoTable);
    let Outcome::Single { winner, cluster } = outcome else { panic!("{outcome:?}") };
    assert_eq!(winner, peer(2), "997 is nearer than 998");
    assert_eq!((cluster.members.len(), cluster.weakest_agreement), (2, 10));
}

#[test]
fn two_clusters_without_majority_are_a_split_brain() {
    let mut election = answered(&[(10, 1), (20, 1), (30, 2), (40, 2)]);
    let outcome = election.check_for_winner(&config(), &NoTable);
    assert!(matches!(outcome, Outcome::SplitBrain { winners, .. } if winners == [peer(20), peer(40)]));
    let ticket = open(&mut election, 50);
    answer(&mut election, ticket, 1, peer(50)).unwrap();
    let outcome = election.check_for_winner(&config(), &NoTable);
    assert!(
        matches!(&outcome, Outcome::Single { winner, cluster } if *winner == peer(50) && cluster.members.len() == 3),
        "three of five are the inclusive majority of 0.6: {outcome:?}"
    );
}

#[test]
fn one_voice_or_disagreement_is_no_consensus() {
    assert_eq!(answered(&[]).check_for_winner(&config(), &NoTable), Outcome::NoConsensus);
    assert_eq!(answered(&[(1, 1)]).check_for_winner(&config(), &NoTable), Outcome::NoConsensus);
    assert_eq!(answered(&[(1, 1), (2, 2)]).check_for_winner(&config(), &NoTable), Outcome::NoConsensus);
}

#[test]
fn one_peer_on_two_channels_is_one_voice() {
    let mut election = election();
    for first_hop in [1, 2] {
        let ticket = open(&mut election, first_hop);
        answer(&mut election, ticket, 1, peer(9)).unwrap();
    }
    assert_eq!(election.responses().count(), 2);
    assert_eq!(election.check_for_winner(&config(), &NoTable), Outcome::NoConsensus);
}

#[test]
fn an_invitation_is_the_first_answer() {
    let mut election = election();
    let proof = verify(invented(1), TOKEN, ME, &NoTable).unwrap();
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
            if let Outcome::Single { cluster, .. } = election.check_for_winner(&config, &NoTable) {
                let mut members = cluster.members.clone();
                members.sort_unstable();
                members.dedup();
                prop_assert_eq!(members.len(), cluster.members.len());
            }
        }
    }
}

// The order of checks, and what a second answer brings about.

fn under(duplicates: DuplicateRule) -> ElectionConfig {
    ElectionConfig { duplicates, ..config() }
}

fn answer_under(
    election: &mut Election,
    ticket: Ticket,
    proof: StorageProof,
    from: u64,
    config: &ElectionConfig,
) -> Result<u32, ElectionError> {
    election.handle_answer(ticket, proof, peer(from), rules(config))
}

/// About another token, and wrong as well.
fn misplaced() -> StorageProof {
    let mut proof = unfit();
    proof.answer.token = TokenId::new(1);
    proof.into()
}

/// About the token, and with a token that does not fit the challenge.
fn wrong() -> StorageProof {
    unfit().into()
}

fn unfit() -> Proof {
    let mut proof = proof(1);
    let fits = proof.signature[4].token.get();
    proof.signature[4].token = TokenId::new(fits ^ 1);
    proof
}

/// Every step mends what the one before was refused for, and nothing else.
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
    // A blocked peer is refused on the best of channels.
    let best = open(&mut election, 4);
    assert_eq!(answer_under(&mut election, best, invented(1), 66, &config), Err(ElectionError::BlockedPeer));
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
        .map(|luck| {
            let mut election = election();
            let ticket = open(&mut election, 1);
            let mut rng = Rng::stream(luck, Purpose::Protocol, 1);
            election.handle_referral(ticket, TOKEN, [peer(8), peer(9)], &config(), &mut rng).unwrap().to.get()
        })
        .collect();
    asked.sort_unstable();
    asked.dedup();
    assert_eq!(asked, [8, 9]);
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

// Which clusters are a split brain, and who wins.

/// A proof that has these tokens in common with other families, one family for each of the ten.
fn woven(families: [u64; 10], block: u64) -> StorageProof {
    let mut woven = proof(0);
    for (place, family) in families.into_iter().enumerate() {
        woven.signature[place] = proof(family).signature[place];
        woven.signature[place].block = BlockId::new(block);
    }
    woven.into()
}

fn voted(votes: Vec<(u64, StorageProof)>) -> Election {
    let mut election = election();
    for (responder, proof) in votes {
        let ticket = open(&mut election, responder);
        election.handle_answer(ticket, proof, peer(responder), rules(&config())).unwrap();
    }
    election
}

fn ruled(splits: SplitRule, consensus_threshold: u32) -> ElectionConfig {
    ElectionConfig {
        splits,
        consensus_threshold,
        majority_threshold: Ratio::from_millionths(900_000),
        ..config()
    }
}

/// The winners of an outcome: one, two or none.
fn winners(outcome: &Outcome) -> Vec<u64> {
    match outcome {
        Outcome::Single { winner, .. } => vec![winner.get()],
        Outcome::SplitBrain { winners, .. } => winners.map(PeerId::get).to_vec(),
        Outcome::NoConsensus => Vec::new(),
    }
}

#[test]
fn clusters_that_share_members_are_a_split_brain_only_for_the_shipped_rule() {
    // 10 and 20 agree on seven, 20 and 30 on five, 10 and 30 on two.
    let (a, b, c) = ([1; 10], [1, 1, 1, 1, 1, 1, 1, 3, 3, 3], [1, 1, 4, 4, 4, 4, 4, 3, 3, 3]);
    let election = voted(vec![(10, woven(a, 42)), (20, woven(b, 42)), (30, woven(c, 42))]);
    let outcome = |splits| election.check_for_winner(&ruled(splits, 5), &NoTable);
    assert_eq!(winners(&outcome(SplitRule::AnyTwo)), [20, 30]);
    assert_eq!(winners(&outcome(SplitRule::Disjoint)), [20]);
    let Outcome::Single { cluster, .. } = outcome(SplitRule::Disjoint) else { panic!("it is decided") };
    assert_eq!(cluster.members, [peer(10), peer(20)], "those who agree more");
}

#[test]
fn clusters_that_have_looked_in_different_places_are_a_split_brain_unless_only_contradictions_divide() {
    let votes = |block| {
        let (here, there) = ([1; 10], [2; 10]);
        vec![
            (10, woven(here, 42)),
            (20, woven(here, 42)),
            (30, woven(there, block)),
            (40, woven(there, block)),
        ]
    };
    let election = voted(votes(42));
    for (splits, expected) in [
        (SplitRule::AnyTwo, vec![20, 40]),
        (SplitRule::Disjoint, vec![20, 40]),
        // All four are of one mind, and 40 is the nearest.
        (SplitRule::Contradicting, vec![40]),
    ] {
        assert_eq!(winners(&election.check_for_winner(&ruled(splits, 8), &NoTable)), expected, "{splits:?}");
    }
    let Outcome::Single { cluster, .. } =
        election.check_for_winner(&ruled(SplitRule::Contradicting, 8), &NoTable)
    else {
        panic!("it is decided")
    };
    assert_eq!(cluster.members, [peer(10), peer(20)], "the deciding cluster is what it was");
}

#[test]
fn clusters_that_map_a_token_to_different_blocks_are_always_a_split_brain() {
    let here = [1; 10];
    let votes =
        vec![(10, woven(here, 42)), (20, woven(here, 42)), (30, woven(here, 43)), (40, woven(here, 43))];
    let election = voted(votes);
    for splits in [SplitRule::AnyTwo, SplitRule::Disjoint, SplitRule::Contradicting] {
        let outcome = election.check_for_winner(&ruled(splits, 8), &NoTable);
        assert!(matches!(outcome, Outcome::SplitBrain { .. }), "{splits:?}");
        assert_eq!(winners(&outcome), [20, 40]);
    }
}

#[test]
fn those_who_contradict_the_decisive_cluster_do_not_win() {
    // 50 is the nearest to the token, and contradicts; 40 is an ally.
    let votes = vec![
        (10, woven([1; 10], 42)),
        (20, woven([1; 10], 42)),
        (30, woven([2; 10], 42)),
        (40, woven([2; 10], 42)),
        (49, woven([1; 10], 43)),
        (50, woven([1; 10], 43)),
    ];
    let config = ElectionConfig {
        majority_threshold: Ratio::from_millionths(300_000),
        ..ruled(SplitRule::Contradicting, 8)
    };
    assert_eq!(winners(&voted(votes).check_for_winner(&config, &NoTable)), [40]);
}

#[test]
fn the_members_of_a_cluster_come_with_the_proofs_on_which_they_agree() {
    let election = answered(&[(10, 1), (20, 1), (30, 2), (40, 2)]);
    let Outcome::SplitBrain { clusters, .. } = election.check_for_winner(&config(), &NoTable) else {
        panic!("it is split")
    };
    for (cluster, family) in clusters.iter().zip([1, 2]) {
        let signed: Vec<(PeerId, StorageProof)> =
            election.signatures(cluster).map(|(peer, proof)| (peer, proof.clone())).collect();
        let expected: Vec<(PeerId, StorageProof)> =
            cluster.members.iter().map(|member| (*member, invented(family))).collect();
        assert_eq!(signed, expected);
        assert_eq!((cluster.weakest_agreement, cluster.total_agreement), (10, 10));
    }
}

#[test]
fn a_peer_on_two_channels_is_two_answers_and_one_voice_that_of_its_first() {
    let mut election = election();
    for (first_hop, family) in [(1, 1), (2, 2), (3, 2)] {
        let ticket = open(&mut election, first_hop);
        let from = if first_hop == 3 { 3 } else { 9 };
        answer(&mut election, ticket, family, peer(from)).unwrap();
    }
    assert_eq!(election.valid_response_count(), 3);
    assert_eq!(
        election.check_for_winner(&config(), &NoTable),
        Outcome::NoConsensus,
        "its second answer would agree"
    );
}

#[test]
fn as_many_must_agree_as_make_a_cluster() {
    let election = answered(&[(1, 1), (2, 1), (3, 2)]);
    let outcome = |min_cluster_size| {
        election.check_for_winner(&ElectionConfig { min_cluster_size, ..config() }, &NoTable)
    };
    assert_eq!(winners(&outcome(2)), [2]);
    assert_eq!(outcome(3), Outcome::NoConsensus);
    assert_eq!(outcome(4), Outcome::NoConsensus);
    let alone = ElectionConfig { min_cluster_size: 1, ..config() };
    assert_eq!(winners(&answered(&[(1, 1)]).check_for_winner(&alone, &NoTable)), [1]);
}

#[test]
fn as_much_must_be_agreed_on_as_the_threshold_says() {
    let (all, seven) = ([1; 10], [1, 1, 1, 1, 1, 1, 1, 2, 2, 2]);
    let election = voted(vec![(10, woven(all, 42)), (20, woven(seven, 42))]);
    assert_eq!(winners(&election.check_for_winner(&ruled(SplitRule::AnyTwo, 7), &NoTable)), [20]);
    assert_eq!(election.check_for_winner(&ruled(SplitRule::AnyTwo, 8), &NoTable), Outcome::NoConsensus);
}

// The elections of one peer.

fn pool_config() -> ElectionConfig {
    ElectionConfig { min_collection_rounds: 2, timeout_rounds: 6, ..config() }
}

fn progress(pool: &mut ElectionPool, round: u64) -> Vec<Progress> {
    pool.progress(Round(round), &pool_config(), &NoTable).into_iter().map(|(_, progress)| progress).collect()
}

#[test]
fn an_election_is_looked_at_between_its_collection_and_its_end() {
    let mut pool = ElectionPool::default();
    pool.start(answered(&[(1, 1), (2, 1)]), Round(10));
    assert_eq!(progress(&mut pool, 11), []);
    assert_eq!(progress(&mut pool, 12), [Progress::Elected(peer(2))]);
    let mut pool = ElectionPool::default();
    pool.start(answered(&[(10, 1), (20, 1), (30, 2), (40, 2)]), Round(10));
    assert_eq!(progress(&mut pool, 15), [Progress::Split]);
    assert_eq!(progress(&mut pool, 16), [Progress::SplitForGood], "its time is up");
}

#[test]
fn an_election_that_comes_to_nothing_says_why() {
    for (votes, why) in [
        (&[][..], Ending::NoAnswer),
        (&[(1, 1)], Ending::TooFewAnswers),
        (&[(1, 1), (2, 2)], Ending::Disagreement),
    ] {
        let mut pool = ElectionPool::default();
        pool.start(answered(votes), Round(10));
        assert_eq!(progress(&mut pool, 15), []);
        assert_eq!(progress(&mut pool, 16), [Progress::TimedOut(why)]);
        assert_eq!(pool.end(TOKEN), Some(Round(10)));
        assert!(pool.is_empty());
    }
}

#[test]
fn there_is_room_for_so_many_elections_and_one_on_a_token() {
    let mut pool = ElectionPool::default();
    for token in 0..RUNNING_MAX as u64 {
        assert!(pool.may_start(TokenId::new(token)));
        pool.start(Election::new(TokenId::new(token), ME, [7; 32]), Round(0));
        assert!(!pool.may_start(TokenId::new(token)));
    }
    assert!(!pool.may_start(TokenId::new(1 << 40)));
    pool.end(TokenId::new(0));
    assert!(pool.may_start(TokenId::new(1 << 40)));
}

proptest! {
    /// By any rules, with wrong proofs among the answers and invitations that open channels of their own.
    #[test]
    fn by_any_rules_everybody_counts_once_and_the_blocked_not_at_all(
        operations in prop::collection::vec((operation(), prop::bool::weighted(0.2)), 0..60),
        admitted in prop::option::of(0..12_u64),
        duplicates in prop::sample::select(vec![
            DuplicateRule::BlockChannel, DuplicateRule::BlockPeer, DuplicateRule::FirstCounts,
        ]),
        splits in prop::sample::select(vec![SplitRule::AnyTwo, SplitRule::Disjoint, SplitRule::Contradicting]),
        referral_drops_answer: bool,
    ) {
        let config = ElectionConfig { duplicates, referral_drops_answer, splits, ..bounded(4) };
        let mut election = Election::new(TOKEN, peer(3), [7; 32]);
        let mut rng = rng();
        let invent = |family| {
            let block = BlockId::new(42);
            let chunks = chunks(peer(3), TOKEN, block);
            let signature = chunks.map(|chunk| Mapping { token: TokenId::new(family << 32 | u64::from(chunk)), block });
            Proof { answer: Mapping { token: TOKEN, block }, signature }.into()
        };
        if let Some(inviter) = admitted {
            let proof = verify(invent(1), TOKEN, peer(3), &NoTable).unwrap();
            let _ = election.admit(peer(inviter), proof, &config);
        }
        for (operation, is_wrong) in operations {
            let ticket_of = |hop: u64| ticket(TOKEN, peer(hop), &[7; 32]);
            let before = election.valid_response_count();
            match operation {
                Operation::Open(hop) => {
                    let _ = election.open_channel(peer(hop), &config);
                }
                Operation::Answer { channel, family, from } => {
                    let proof = if is_wrong { wrong() } else { invent(family) };
                    let taken = answer_under(&mut election, ticket_of(channel), proof, from, &config);
                    let after = election.valid_response_count();
                    prop_assert!(taken.is_err() || after == before + 1, "an answer that is taken counts");
                    prop_assert!(taken.is_ok() || after <= before, "one that is refused does not");
                    let never_costs = duplicates == DuplicateRule::FirstCounts;
                    prop_assert!(!never_costs || after >= before);
                }
                Operation::Refer { channel, to } => {
                    let _ = election.handle_referral(ticket_of(channel), TOKEN, to.map(peer), &config, &mut rng);
                    let keeps = !referral_drops_answer;
                    prop_assert!(!keeps || election.valid_response_count() == before);
                }
            }
            prop_assert!(duplicates == DuplicateRule::BlockPeer || election.blocked_peer_count() == 0);
            let voters: Vec<PeerId> = election.voters().into_iter().map(|(voter, _)| voter).collect();
            let clusters = match election.check_for_winner(&config, &NoTable) {
                Outcome::Single { winner, cluster } => {
                    prop_assert!(voters.contains(&winner));
                    vec![cluster]
                }
                Outcome::SplitBrain { winners, clusters } => {
                    prop_assert!(clusters.iter().zip(winners).all(|(cluster, winner)| cluster.members.contains(&winner)));
                    clusters.to_vec()
                }
                Outcome::NoConsensus => Vec::new(),
            };
            for cluster in clusters {
                let mut members = cluster.members.clone();
                members.sort_unstable();
                members.dedup();
                prop_assert_eq!(members.len(), cluster.members.len(), "nobody counts twice");
                prop_assert!(members.iter().all(|member| voters.contains(member) && !election.is_blocked(*member)));
                prop_assert_eq!(election.signatures(&cluster).count(), members.len());
            }
        }
    }
}
