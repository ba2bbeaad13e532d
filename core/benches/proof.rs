//! Proofs of storage: how long it takes to find one among the tokens that a peer holds, and to check one.

use std::hint::black_box;

use criterion::{BatchSize, BenchmarkId, Criterion, criterion_group, criterion_main};
use ringside_core::actor::{ElectionError, TokenStore};
use ringside_core::config::{SearchRule, VerificationRule};
use ringside_core::id::{BlockId, PeerId, TokenId};
use ringside_core::message::{Mapping, PROOF_SIZE, Proof};
use ringside_core::proof::{Examiner, VerifiedProof, chunks, search, verify};
use ringside_core::ring;
use ringside_core::rng::{Purpose, Ratio, Rng};
use ringside_core::token::{Holdings, Rank, Universe, suffix};

/// Challenges that are put in turn, so that no search finds everything in the cache that the last one left.
const CHALLENGES: usize = 1_024;

/// A peer that holds nine tenths of all tokens.
struct Store {
    universe: Universe,
    holdings: Holdings,
    /// The tokens held, for the scan.
    held: Vec<Mapping>,
    challenges: Vec<(TokenId, PeerId)>,
}

impl Store {
    fn holding(count: usize) -> Self {
        let mut rng = Rng::stream(1, Purpose::Universe, 0);
        let universe = Universe::random(count * 10 / 9, &mut rng);
        let share = Ratio::from_millionths(900_000);
        let holdings = Holdings::new(&universe, PeerId::new(0), ring::HALF, share, &mut rng);
        let ranks = (0..universe.len()).map(Rank);
        let held: Vec<Mapping> =
            ranks.filter(|rank| holdings.holds(*rank)).map(|rank| universe.mapping(rank)).collect();
        let challenges = (0..CHALLENGES).filter_map(|_| {
            let place = rng.index(held.len())?;
            Some((held[place].token, PeerId::new(rng.number())))
        });
        let challenges = challenges.collect();
        Self { universe, holdings, held, challenges }
    }

    fn search(&self, (token, challenger): (TokenId, PeerId)) -> Option<Proof> {
        search(&self.universe, &self.holdings, SearchRule::RingWrap, token, challenger)
    }

    /// The same by walking over the held tokens, as the original does.
    fn scan(&self, (token, challenger): (TokenId, PeerId)) -> Option<Proof> {
        let place = self.held.binary_search_by_key(&token, |mapping| mapping.token).ok()?;
        let answer = self.held[place];
        let chunks = chunks(challenger, token, answer.block);
        let (below, above) = (&self.held[..place], &self.held[place + 1..]);
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
        walk(&mut above.iter().chain(below), PROOF_SIZE / 2);
        walk(&mut below.iter().rev().chain(above.iter().rev()), PROOF_SIZE);
        (found == PROOF_SIZE).then_some(Proof { answer, signature })
    }
}

type Way = fn(&Store, (TokenId, PeerId)) -> Option<Proof>;

fn searching(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("proof search");
    for count in [18_000, 100_000] {
        let store = Store::holding(count);
        for challenge in &store.challenges {
            assert_eq!(store.search(*challenge), store.scan(*challenge), "they find the same");
        }
        let ways: [(&str, Way); 2] = [("index", Store::search), ("scan", Store::scan)];
        for (name, way) in ways {
            let mut challenges = store.challenges.iter().cycle();
            group.bench_function(BenchmarkId::new(name, count), |bencher| {
                bencher.iter(|| challenges.next().and_then(|challenge| way(&store, black_box(*challenge))));
            });
        }
    }
    group.finish();
}

impl TokenStore for Store {
    fn block_of(&self, token: TokenId) -> Option<BlockId> {
        let rank = self.universe.rank_of(token)?;
        self.holdings.holds(rank).then(|| self.universe.mapping(rank).block)
    }

    fn prove(&self, token: TokenId, asker: PeerId) -> Option<Proof> {
        self.search((token, asker))
    }
}

type Check<'a> = &'a dyn Fn(Box<Proof>, TokenId, PeerId) -> Result<VerifiedProof, ElectionError>;

fn checking(criterion: &mut Criterion) {
    let store = Store::holding(18_000);
    let proofs: Vec<(Proof, TokenId, PeerId)> = store
        .challenges
        .iter()
        .filter_map(|challenge| Some((store.search(*challenge)?, challenge.0, challenge.1)))
        .collect();
    let mut group = criterion.benchmark_group("proof verification");
    let weak = |proof, token, challenger| verify(proof, token, challenger);
    // The challenger compares with nine tenths of all tokens of its own.
    let examiner = Examiner { rule: VerificationRule::Strict, search: SearchRule::RingWrap, own: &store };
    let strict = |proof, token, challenger| examiner.examine(proof, token, challenger);
    let ways: [(&str, Check<'_>); 2] = [("weak", &weak), ("strict", &strict)];
    for (name, check) in ways {
        let mut proofs = proofs.iter().cycle();
        group.bench_function(name, |bencher| {
            bencher.iter_batched(
                || proofs.next().map(|(proof, token, asker)| (Box::new(*proof), *token, *asker)),
                |next| next.map(|(proof, token, challenger)| check(proof, token, challenger)),
                BatchSize::SmallInput,
            );
        });
    }
    group.finish();
}

criterion_group!(benches, searching, checking);
criterion_main!(benches);
