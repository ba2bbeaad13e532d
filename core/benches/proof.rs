//! Proofs of storage: the times of search and verification.

use std::hint::black_box;

use criterion::{BatchSize, BenchmarkId, Criterion, criterion_group, criterion_main};
use ringside_core::base::id::{BlockId, PeerId, TokenId};
use ringside_core::base::ratio::Ratio;
use ringside_core::base::ring;
use ringside_core::base::rng::{Purpose, Rng};
use ringside_core::config::{SearchRule, VerificationRule};
use ringside_core::protocol::context::TokenStore;
use ringside_core::protocol::event::ElectionError;
use ringside_core::protocol::message::{
    CompactProof, Mapping, PROOF_SIZE, Proof, ProofResolver, StorageProof,
};
use ringside_core::protocol::proof::{ProofVerifier, VerifiedProof, chunks, search, verify};
use ringside_core::protocol::token::{Rank, TokenSet, Universe, suffix};

/// Number of challenges in rotation. With a thousand, their data fits into the first-level cache and the
/// branch predictor learns their outcomes.
const CHALLENGES: usize = 16_384;
/// Number of challenges tried to find provable ones: with 2,000 tokens hardly any is provable.
const ATTEMPTS: usize = 2_000_000;
/// Number of tokens in the world.
const TOKENS: usize = 100_000;
/// Numbers of tokens held: a neighbourhood that hardly ever has a proof, that of the published
/// experiment, and more than half the ring.
const HELD: [u32; 3] = [2_000, 18_000, 60_000];
/// The share of the tokens within reach that a peer holds.
const COVERAGE: Ratio = Ratio::from_millionths(900_000);

type Challenge = (TokenId, PeerId);

/// A peer in the middle of the ring, which holds nine tenths of the tokens within its reach.
struct Store {
    universe: Universe,
    token_set: TokenSet,
    /// The tokens held, for the scan.
    held: Vec<Mapping>,
    rule: SearchRule,
}

impl Store {
    fn holding(count: u32, rule: SearchRule) -> Self {
        let mut rng = Rng::stream(1, Purpose::Universe, 0);
        let universe = Universe::random(TOKENS, &mut rng);
        let (id, reach) = (PeerId::new(ring::HALF), ring::HALF / 90_000 * u64::from(count));
        let token_set = TokenSet::new(&universe, id, reach, COVERAGE, &mut rng);
        let ranks = (0..universe.len()).map(Rank);
        let held = ranks.filter(|rank| token_set.holds(*rank)).map(|rank| universe.mapping(rank)).collect();
        Self { universe, token_set, held, rule }
    }

    /// Challenges about held tokens by random challengers.
    fn challenges(&self) -> impl Iterator<Item = Challenge> {
        let mut rng = Rng::stream(1, Purpose::Protocol, 0);
        std::iter::repeat_with(move || {
            let index = rng.index(self.held.len()).expect("a token is held");
            (self.held[index].token, PeerId::new(rng.number()))
        })
    }

    /// Challenges that have a proof.
    fn provable(&self) -> Vec<Challenge> {
        let provable = |challenge: &Challenge| self.search(*challenge).is_some();
        self.challenges().take(ATTEMPTS).filter(provable).take(CHALLENGES).collect()
    }

    fn search(&self, (token, challenger): Challenge) -> Option<CompactProof> {
        search(&self.universe, &self.token_set, self.rule, token, challenger)
    }

    /// A search by a linear scan of the held tokens, as in the original program.
    fn scan(&self, (token, challenger): Challenge) -> Option<Proof> {
        let index = self.held.binary_search_by_key(&token, |mapping| mapping.token).ok()?;
        let answer = self.held[index];
        let chunks = chunks(challenger, token, answer.block);
        let (below, above) = (&self.held[..index], &self.held[index + 1..]);
        let (across_up, across_down) = match self.rule {
            SearchRule::OneWaySpill => Default::default(),
            SearchRule::RingWrap => (below, above),
        };
        let mut signature = [answer; PROOF_SIZE];
        let mut found = 0;
        let mut walk = |path: &mut dyn Iterator<Item = &Mapping>, goal: usize| {
            for mapping in path {
                if found == goal {
                    break;
                }
                if suffix(mapping.token) == chunks[found] {
                    signature[found] = *mapping;
                    found += 1;
                }
            }
        };
        walk(&mut above.iter().chain(across_up), PROOF_SIZE / 2);
        walk(&mut below.iter().rev().chain(across_down.iter().rev()), PROOF_SIZE);
        (found == PROOF_SIZE).then_some(Proof { answer, signature })
    }

    /// Asserts that search and scan agree on every challenge.
    fn compare(&self, provable: &[Challenge]) {
        for challenge in self.challenges().take(CHALLENGES).chain(provable.iter().copied()) {
            let found = self.search(challenge).map(|proof| self.resolve(&proof));
            assert_eq!(found, self.scan(challenge), "search and scan agree");
        }
    }
}

type Finder<'a> = &'a dyn Fn(&Store, Challenge) -> bool;

fn search_benches(criterion: &mut Criterion) {
    for (rule, name) in [(SearchRule::OneWaySpill, "one way"), (SearchRule::RingWrap, "around the ring")] {
        let mut group = criterion.benchmark_group(format!("proof found {name}"));
        for count in HELD {
            let store = Store::holding(count, rule);
            let challenges = store.provable();
            store.compare(&challenges);
            let index = |store: &Store, challenge| black_box(store.search(challenge)).is_some();
            let scan = |store: &Store, challenge| black_box(store.scan(challenge)).is_some();
            let ways: [(&str, Finder<'_>); 2] = [("index", &index), ("scan", &scan)];
            for (way, find) in ways {
                let mut challenges = challenges.iter().cycle();
                group.bench_function(BenchmarkId::new(way, count), |bencher| {
                    bencher.iter(|| {
                        challenges.next().is_some_and(|challenge| find(&store, black_box(*challenge)))
                    });
                });
            }
        }
        group.finish();
    }
}

impl ProofResolver for Store {
    fn resolve(&self, proof: &CompactProof) -> Proof {
        self.universe.resolve(proof)
    }
}

impl TokenStore for Store {
    fn block_of(&self, token: TokenId) -> Option<BlockId> {
        let rank = self.universe.rank_of(token)?;
        self.token_set.holds(rank).then(|| self.universe.mapping(rank).block)
    }

    fn prove(&self, token: TokenId, asker: PeerId) -> Option<StorageProof> {
        self.search((token, asker)).map(StorageProof::from)
    }
}

type Check<'a> = &'a dyn Fn(StorageProof, TokenId, PeerId) -> Result<VerifiedProof, ElectionError>;

fn verify_benches(criterion: &mut Criterion) {
    let store = Store::holding(18_000, SearchRule::RingWrap);
    let found: Vec<(StorageProof, TokenId, PeerId)> = store
        .provable()
        .into_iter()
        .filter_map(|challenge| Some((store.prove(challenge.0, challenge.1)?, challenge.0, challenge.1)))
        .collect();
    let to_explicit = |(proof, token, asker): &(StorageProof, TokenId, PeerId)| {
        (StorageProof::from(proof.resolve(&store).into_owned()), *token, *asker)
    };
    let explicit: Vec<_> = found.iter().map(to_explicit).collect();
    let mut group = criterion.benchmark_group("proof verification");
    let weak = |proof, token, challenger| verify(proof, token, challenger, &store);
    // The challenger holds the same tokens and compares with them.
    let verifier =
        ProofVerifier { rule: VerificationRule::Strict, search: SearchRule::RingWrap, own: &store };
    let strict = |proof, token, challenger| verifier.verify(proof, token, challenger);
    let ways: [(&str, Check<'_>, &[_]); 4] = [
        ("weak, compact", &weak, &found),
        ("weak, explicit", &weak, &explicit),
        ("strict, compact", &strict, &found),
        ("strict, explicit", &strict, &explicit),
    ];
    for (name, check, proofs) in ways {
        let mut proofs = proofs.iter().cycle();
        group.bench_function(name, |bencher| {
            bencher.iter_batched(
                || proofs.next().cloned(),
                |next| next.map(|(proof, token, challenger)| check(proof, token, challenger)),
                BatchSize::SmallInput,
            );
        });
    }
    group.finish();
}

criterion_group!(benches, search_benches, verify_benches);
criterion_main!(benches);
