//! Search: two walks from the challenged token through the suffix index, each step to the next held token
//! with the demanded suffix.

use super::UPWARD;
use super::challenge::{Chunks, chunks};
use crate::base::id::{PeerId, TokenId};
use crate::base::mutant::mutant;
use crate::config::SearchRule;
use crate::protocol::message::{CompactProof, PROOF_SIZE, WalkOrder};
use crate::protocol::token::{Rank, TokenSet, Universe, suffix};

/// Searches for a proof to `challenger` that the holder of `token_set` stores `token`. `None` if it does not
/// hold the token, or its neighborhood lacks one of the demanded suffixes.
#[must_use]
pub fn search(
    universe: &Universe,
    token_set: &TokenSet,
    rule: SearchRule,
    token: TokenId,
    challenger: PeerId,
) -> Option<CompactProof> {
    let start =
        universe.rank_of(token).filter(|rank| mutant!(ProofWithoutToken: token_set.holds(*rank) => true))?;
    let chunks = chunks(challenger, token, token_set.mapping(universe, start).block);
    let walk = Walk { universe, token_set, challenged: start, wraps: rule == SearchRule::RingWrap };
    let (found, order) = walk.find(&chunks)?;
    debug_assert!(found.iter().all(|rank| rank.0 < universe.len()), "ranks of the universe: {found:?}");
    let versions = token_set.versions(universe, &found);
    Some(CompactProof::new(challenger, token, found, versions, order))
}

/// A search around a challenged token.
pub(super) struct Walk<'a> {
    pub(super) universe: &'a Universe,
    pub(super) token_set: &'a TokenSet,
    pub(super) challenged: Rank,
    pub(super) wraps: bool,
}

/// One direction of a walk, which ends at the first missing token.
struct Path {
    /// Last token found; `None` after a missing one.
    last: Option<Position>,
    count: usize,
}

impl Path {
    const fn new(start: Rank) -> Self {
        Self { last: Some(Position { rank: start, crossed: false }), count: 0 }
    }

    /// Appends the next token to `found`, unless it or one before is missing.
    fn advance(&mut self, step: impl FnOnce(Position) -> Option<Position>, found: &mut [Rank]) {
        self.last = self.last.and_then(step);
        if let Some(position) = self.last {
            found[self.count] = position.rank;
            self.count += 1;
        }
    }
}

/// Position of a path: the last rank found, and whether the path has crossed the origin.
#[derive(Clone, Copy)]
struct Position {
    rank: Rank,
    crossed: bool,
}

impl Walk<'_> {
    /// Finds a token for each chunk; in the result they follow the challenged token. `None` if one is
    /// missing.
    pub(super) fn find(&self, chunks: &Chunks) -> Option<([Rank; 1 + PROOF_SIZE], WalkOrder)> {
        let (found, count, above) = self.run(chunks);
        let complete = mutant!(ProofCutShort: PROOF_SIZE => PROOF_SIZE - 1);
        if count < complete {
            return None;
        }
        debug_assert!(
            found[1..=count].iter().zip(chunks).all(|(rank, chunk)| self.fits(*rank, *chunk)),
            "held tokens with the demanded suffixes: {found:?}"
        );
        Some((found, self.order(&found, above)))
    }

    /// Returns whether the token at a rank is held and has a suffix.
    fn fits(&self, rank: Rank, chunk: u16) -> bool {
        self.token_set.holds(rank) && suffix(self.universe.mapping(rank).token) == chunk
    }

    /// Walks up, and then down for the remaining chunks, until a token is missing. Returns the challenged
    /// token followed by those found, their number, and the number of those found on the way up.
    pub(super) fn run(&self, chunks: &Chunks) -> ([Rank; 1 + PROOF_SIZE], usize, usize) {
        let mut found = [self.challenged; 1 + PROOF_SIZE];
        let mut up = Path::new(self.challenged);
        let mut down = Path::new(self.challenged);
        self.universe.prefetch_suffixes(chunks, self.challenged);
        // Most searches find half of the tokens each way. With both walks interleaved, neither waits for the
        // memory of the other.
        for (above, below) in chunks[..UPWARD].iter().zip(&chunks[UPWARD..]) {
            up.advance(|from| self.up(*above, from), &mut found[1..]);
            down.advance(|from| self.down(*below, from), &mut found[1 + UPWARD..]);
        }
        if up.count < UPWARD {
            down = Path::new(self.challenged);
            let rest = &mut found[1 + up.count..];
            chunks[up.count..].iter().for_each(|chunk| down.advance(|from| self.down(*chunk, from), rest));
        }
        debug_assert!(up.count <= UPWARD && up.count + down.count <= PROOF_SIZE, "one token for each chunk");
        (found, up.count + down.count, up.count)
    }

    /// Order of a complete walk with `above` tokens on the way up: derived from its two ends, without a sort.
    fn order(&self, found: &[Rank; 1 + PROOF_SIZE], above: usize) -> WalkOrder {
        let (start, count) = (self.challenged.0, self.universe.len());
        let (up, down) = (found[above].0, found[PROOF_SIZE].0);
        let is_straight = up >= start && down <= start;
        let have_met = || {
            let ahead = if up < start { up + count - start } else { up - start };
            let behind = if down > start { start + count - down } else { start - down };
            ahead + behind >= count
        };
        match self.wraps {
            _ if is_straight => WalkOrder::Straight,
            true if !have_met() => WalkOrder::Around,
            _ => WalkOrder::Unknown,
        }
    }

    #[inline]
    fn up(&self, chunk: u16, from: Position) -> Option<Position> {
        let Position { rank, crossed } = from;
        let end = if crossed { self.challenged.0 } else { self.universe.len() };
        match self.token_set.next_above(self.universe, chunk, rank, end) {
            Some(rank) => Some(Position { rank, crossed }),
            None if mutant!(ProofStopsAtOrigin: self.wraps && !crossed => false) => self.up_across(chunk),
            None => None,
        }
    }

    #[inline]
    fn down(&self, chunk: u16, from: Position) -> Option<Position> {
        let Position { rank, crossed } = from;
        let end = if crossed { self.challenged.0 + 1 } else { 0 };
        match self.token_set.next_below(self.universe, chunk, rank, end) {
            Some(rank) => Some(Position { rank, crossed }),
            None if self.wraps && !crossed => self.down_across(chunk),
            None => None,
        }
    }

    /// The first token of a chunk beyond the origin on the way up.
    #[cold]
    fn up_across(&self, chunk: u16) -> Option<Position> {
        let first = Rank(0);
        let rank = if self.fits(first, chunk) && first < self.challenged {
            Some(first)
        } else {
            self.token_set.next_above(self.universe, chunk, first, self.challenged.0)
        };
        rank.map(|rank| Position { rank, crossed: true })
    }

    /// The first token of a chunk beyond the origin on the way down.
    #[cold]
    fn down_across(&self, chunk: u16) -> Option<Position> {
        let beyond_last = Rank(self.universe.len());
        let rank = self.token_set.next_below(self.universe, chunk, beyond_last, self.challenged.0 + 1);
        rank.map(|rank| Position { rank, crossed: true })
    }
}
