//! Elections: the time of one message, and of the tally.

use std::hint::black_box;

use criterion::{BatchSize, BenchmarkId, Criterion, criterion_group, criterion_main};
use ringside_core::base::id::{BlockId, PeerId, TokenId};
use ringside_core::base::rng::{Purpose, Rng, mix};
use ringside_core::config::{ElectionConfig, SearchRule, VerificationRule};
use ringside_core::protocol::context::TokenStore;
use ringside_core::protocol::election::{Election, Outcome, VotingRules};
use ringside_core::protocol::message::{CompactProof, Mapping, Proof, ProofResolver, StorageProof};
use ringside_core::protocol::proof::{ProofVerifier, chunks};
use ringside_core::scenario::Scenario;

const OWNER: PeerId = PeerId::new(12_345);
const TOKEN: TokenId = TokenId::new(999);

/// The proof of a peer that holds nine tenths of the neighbourhood: one token in ten differs from those
/// of others.
fn answer_of(responder: u64) -> StorageProof {
    let block = BlockId::new(42);
    let mut index = 0;
    let signature = chunks(OWNER, TOKEN, block).map(|chunk| {
        index += 1;
        let is_missing = mix(responder << 8 | index).is_multiple_of(10);
        let family = if is_missing { responder } else { 0 };
        Mapping { token: TokenId::new(family << 32 | index << 16 | u64::from(chunk)), block }
    });
    Proof { answer: Mapping { token: TOKEN, block }, signature }.into()
}

/// A challenger that holds nothing.
struct Empty;

impl ProofResolver for Empty {
    fn resolve(&self, _proof: &CompactProof) -> Proof {
        unreachable!("all proofs are explicit")
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

fn election_with(responders: u64, config: &ElectionConfig) -> Election {
    let mut election = Election::new(TOKEN, OWNER, [7; 32]);
    let verifier = ProofVerifier { rule: VerificationRule::Weak, search: SearchRule::RingWrap, own: &Empty };
    let rules = VotingRules { election: config, verifier };
    for responder in 1..=responders {
        let query = election.open_channel(PeerId::new(responder), config).expect("a channel");
        election.handle_answer(query.ticket, answer_of(responder), query.to, rules).expect("a first answer");
    }
    election
}

fn outcomes(criterion: &mut Criterion) {
    let config = Scenario::preset("lifecycle-1").expect("a preset").config.election;
    let mut group = criterion.benchmark_group("election outcome");
    for responders in [2, 4, 10] {
        let election = election_with(responders, &config);
        assert!(matches!(election.check_for_winner(&config, &Empty), Outcome::Single { .. }), "they agree");
        group.bench_function(BenchmarkId::from_parameter(responders), |bencher| {
            bencher.iter(|| black_box(&election).check_for_winner(black_box(&config), &Empty));
        });
    }
    group.finish();
}

/// One message to an election of four channels on which two have answered.
fn messages(criterion: &mut Criterion) {
    let config = Scenario::preset("improved").expect("a preset").config.election;
    let verifier = ProofVerifier { rule: VerificationRule::Weak, search: SearchRule::RingWrap, own: &Empty };
    let mut election = election_with(2, &config);
    let open =
        |election: &mut Election, hop| election.open_channel(PeerId::new(hop), &config).expect("a channel");
    let (asked, other) = (open(&mut election, 3), open(&mut election, 4));
    let mut rng = Rng::stream(1, Purpose::Protocol, 1);
    let mut group = criterion.benchmark_group("election message");
    group.bench_function("answer", |bencher| {
        let setup = || (election.clone(), answer_of(3));
        let answer = |(mut election, proof): (Election, StorageProof)| {
            let taken = election.handle_answer(
                asked.ticket,
                proof,
                asked.to,
                VotingRules { election: &config, verifier },
            );
            (taken.expect("a first answer"), election)
        };
        bencher.iter_batched(setup, answer, BatchSize::SmallInput);
    });
    group.bench_function("referral", |bencher| {
        let mut refer = |mut election: Election| {
            let suggested = [PeerId::new(8), PeerId::new(9)];
            let query = election.handle_referral(other.ticket, TOKEN, suggested, &config, &mut rng);
            (query.expect("a new hop"), election)
        };
        bencher.iter_batched(|| election.clone(), &mut refer, BatchSize::SmallInput);
    });
    group.bench_function("channel opened", |bencher| {
        let opened = |mut election: Election| (open(&mut election, 5), election);
        bencher.iter_batched(|| election.clone(), opened, BatchSize::SmallInput);
    });
    group.finish();
}

criterion_group!(benches, messages, outcomes);
criterion_main!(benches);
