//! The contract of an election, operation by operation: fixtures, and tests by subject.

mod answers;
mod channels;
mod pool;
mod properties;
mod tally;

use super::agreement::PairwiseAgreement;
use super::ticket::ticket;
use super::*;
use crate::base::id::BlockId;
use crate::base::ratio::Ratio;
use crate::base::rng::{Purpose, Rng};
use crate::base::time::Round;
use crate::config::{DuplicateRule, ReferralRule, SearchRule, SplitRule, VerificationRule};
use crate::protocol::context::TokenStore;
use crate::protocol::event::{ElectionError, Ending};
use crate::protocol::message::{CompactProof, Mapping, NoTable, Proof};
use crate::protocol::proof::{ProofVerifier, chunks, verify};
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

/// An invented proof that passes weak verification; proofs of one `family` agree completely.
fn invented(family: u64) -> StorageProof {
    proof(family).into()
}

fn proof(family: u64) -> Proof {
    proof_for(ME, family)
}

/// An invented proof for an asker.
fn proof_for(asker: PeerId, family: u64) -> Proof {
    let block = BlockId::new(42);
    let invent = |chunk: u16| Mapping { token: TokenId::new(family << 32 | u64::from(chunk)), block };
    let signature = chunks(asker, TOKEN, block).map(invent);
    Proof { answer: Mapping { token: TOKEN, block }, signature }
}

/// A challenger that holds nothing.
struct EmptyStore;

impl ProofResolver for EmptyStore {
    fn resolve(&self, _: &CompactProof) -> Proof {
        unreachable!("nothing is found here")
    }
}

impl TokenStore for EmptyStore {
    fn block_of(&self, _token: TokenId) -> Option<BlockId> {
        None
    }

    fn prove(&self, _token: TokenId, _asker: PeerId) -> Option<StorageProof> {
        None
    }
}

fn rules(election: &ElectionConfig) -> VotingRules<'_> {
    let verifier =
        ProofVerifier { rule: VerificationRule::Weak, search: SearchRule::RingWrap, own: &EmptyStore };
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

fn answer_under(
    election: &mut Election,
    ticket: Ticket,
    proof: StorageProof,
    from: u64,
    config: &ElectionConfig,
) -> Result<u32, ElectionError> {
    election.handle_answer(ticket, proof, peer(from), rules(config))
}

/// A proof about the token whose suffixes do not fit the challenge.
fn wrong() -> StorageProof {
    unfit().into()
}

fn unfit() -> Proof {
    let mut proof = proof(1);
    let fits = proof.signature[4].token.get();
    proof.signature[4].token = TokenId::new(fits ^ 1);
    proof
}
