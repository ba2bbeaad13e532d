//! The peers that matter for a position: owners of a token, witnesses of a block.

use arrayvec::ArrayVec;

use crate::base::id::PeerId;

/// Most peers of a range: [`ALL`] as a whole, or [`SIDE_MAX`] to each side.
pub const RANGE_MAX: usize = 2 * SIDE_MAX;
/// Most peers of a range to each side.
pub const SIDE_MAX: usize = 16;
/// Number of peers up to which all of them are in every range.
pub const ALL: usize = 10;

/// Peers of a range, nearest above and below first in turn.
pub type Range = ArrayVec<PeerId, RANGE_MAX>;

/// Ranges over the peers of a view, in ascending order of id.
#[derive(Clone, Copy, Debug)]
pub struct Ranges<'a> {
    /// The view.
    pub peers: &'a [PeerId],
    /// Peers to each side; 4 in the published program.
    pub side: usize,
    /// Whether a range goes on across the origin.
    pub wraps: bool,
}

impl Ranges<'_> {
    /// The peer `step` peers above a key, or below if it is negative; the first above is 1 and the first
    /// below -1. `None` if there are not as many, or for step 0.
    fn at(self, key: u64, step: i64) -> Option<PeerId> {
        self.from(self.first_above(key), step)
    }

    /// Index of the first peer above a key.
    fn first_above(self, key: u64) -> i64 {
        let start = self.peers.partition_point(|peer| peer.get() < key);
        i64::try_from(start).unwrap_or(i64::MAX)
    }

    /// The peer `step` peers above the key whose first peer above has index `start`.
    fn from(self, start: i64, step: i64) -> Option<PeerId> {
        let count = i64::try_from(self.peers.len()).unwrap_or(i64::MAX);
        let index = start + if step > 0 { step - 1 } else { step };
        let index = if self.wraps && count > 0 { index.rem_euclid(count) } else { index };
        let index = usize::try_from(index).ok().filter(|_| step != 0)?;
        self.peers.get(index).copied()
    }

    /// The range of a key: all peers of a small view, else a fixed number to each side.
    #[must_use]
    pub fn range(self, key: u64) -> Range {
        if self.peers.len() <= ALL.max(2 * self.side) {
            return self.peers.iter().copied().take(RANGE_MAX).collect();
        }
        let side = i64::try_from(self.side.min(SIDE_MAX)).unwrap_or(0);
        let start = self.first_above(key);
        (1..=side).flat_map(|step| [step, -step]).filter_map(|step| self.from(start, step)).collect()
    }

    /// Two receivers around a key: another ring of neighbours each round.
    #[must_use]
    pub fn peers_for(self, me: PeerId, key: u64, round: u64) -> ArrayVec<PeerId, 2> {
        let step = ((key ^ me.get()).wrapping_add(round) & 3) + 1;
        let step = i64::try_from(step).unwrap_or(1);
        let mut peers: ArrayVec<PeerId, 2> =
            [-step, step].into_iter().filter_map(|step| self.at(key, step)).collect();
        if peers.len() == 2 && peers[0] == peers[1] {
            peers.pop();
        }
        peers
    }

    /// One receiver near a key.
    #[must_use]
    pub fn peer_for(self, me: PeerId, key: u64, round: u64) -> Option<PeerId> {
        let step = ((key ^ me.get()).wrapping_add(round) & 7).cast_signed() - 3;
        self.at(key, if step > 0 { step } else { step - 1 })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn view(count: u64) -> Vec<PeerId> {
        (1..=count).map(|number| PeerId::new(number * 100)).collect()
    }

    fn range(peers: &[PeerId], wraps: bool, key: u64) -> Vec<u64> {
        let mut found: Vec<u64> =
            Ranges { peers, side: 4, wraps }.range(key).iter().map(|peer| peer.get() / 100).collect();
        found.sort_unstable();
        found
    }

    #[test]
    fn ten_peers_are_all_in_range_and_eleven_are_not() {
        assert_eq!(range(&view(10), true, 550).len(), 10);
        assert_eq!(range(&view(11), true, 550), [2, 3, 4, 5, 6, 7, 8, 9]);
        assert_eq!(range(&view(20), true, 1_000), [6, 7, 8, 9, 10, 11, 12, 13], "the key itself is above");
    }

    #[test]
    fn a_range_crosses_the_origin_only_if_it_wraps() {
        assert_eq!(range(&view(20), true, 150), [1, 2, 3, 4, 5, 18, 19, 20]);
        assert_eq!(range(&view(20), false, 150), [1, 2, 3, 4, 5]);
        assert_eq!(range(&view(20), true, 5_000), [1, 2, 3, 4, 17, 18, 19, 20]);
    }

    #[test]
    fn receivers_change_from_round_to_round() {
        let peers = view(20);
        let ranges = Ranges { peers: &peers, side: 4, wraps: true };
        let of = |round| {
            let found = ranges.peers_for(PeerId::new(0), 1_000, round);
            found.iter().map(|peer| peer.get() / 100).collect::<Vec<_>>()
        };
        // 1000 & 3 is 0.
        assert_eq!([of(0), of(1), of(3), of(4)], [[9, 10], [8, 11], [6, 13], [9, 10]].map(Vec::from));
        let one = |round| ranges.peer_for(PeerId::new(0), 1_000, round).map(|peer| peer.get() / 100);
        assert_eq!([one(0), one(3), one(4), one(7)], [6, 9, 10, 13].map(Some));
        assert_eq!(Ranges { peers: &[], side: 4, wraps: true }.peers_for(PeerId::new(0), 1, 1).len(), 0);
    }
}
