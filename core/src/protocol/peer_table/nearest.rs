//! k nearest known peers of a ring position: two-way scan of the sorted table, O(log n + k).

use arrayvec::ArrayVec;

use super::table::PeerTable;
use crate::base::id::PeerId;
use crate::base::ring;

/// Largest number of peers that one search returns; a larger `count` is truncated to it.
pub(crate) const NEAREST_MAX: usize = 65;

/// Result of a search for the nearest peers, nearest first, on the stack: every query without an answer makes
/// one.
pub(crate) type Nearest = ArrayVec<PeerId, NEAREST_MAX>;

impl PeerTable {
    /// Up to `count` known peers of any state nearest to `position`, nearest first; equal distances in
    /// ascending order of id. Without `wraps`, as document 000 ships it, neither direction crosses the
    /// origin.
    #[must_use]
    pub fn nearest(&self, position: u64, count: usize, wraps: bool) -> Nearest {
        let count = count.min(NEAREST_MAX);
        let start = self.ids.partition_point(|peer| peer.get() < position);
        if wraps {
            self.nearest_around(position, count, start)
        } else {
            self.nearest_within(position, count, start)
        }
    }

    /// Merge of the two scans around the ring from `start`, the index of the first id at or above `position`:
    /// the head of the nearer scan is the next nearest peer.
    fn nearest_around(&self, position: u64, count: usize, start: usize) -> Nearest {
        let len = self.ids.len();
        let (mut up, mut down) = (start, start);
        let mut found = Nearest::new();
        while found.len() < count.min(len) {
            let next_up = if up < len { up } else { 0 };
            let next_down = if down > 0 { down - 1 } else { len - 1 };
            let (above, below) = (self.ids[next_up], self.ids[next_down]);
            let (ahead, behind) = (above.get().wrapping_sub(position), position.wrapping_sub(below.get()));
            if (ahead, above) < (behind, below) {
                found.push(above);
                up = next_up + 1;
            } else {
                found.push(below);
                down = next_down;
            }
        }
        self.assert_nearest(&found, position, count);
        found
    }

    /// Insertion sort of up to `count` peers from each side of `start`, by distance; does not cross the
    /// origin.
    fn nearest_within(&self, position: u64, count: usize, start: usize) -> Nearest {
        let (below, above) = self.ids.split_at(start);
        let mut found = Nearest::new();
        for peer in above.iter().take(count).chain(below.iter().rev().take(count)) {
            let key = |peer: &PeerId| ring_key(*peer, position);
            let rank = found.iter().position(|other| key(other) >= key(peer)).unwrap_or(found.len());
            if rank == count {
                continue;
            }
            found.truncate(count - 1);
            found.insert(rank, *peer);
        }
        self.assert_nearest(&found, position, count);
        found
    }

    /// Asserts, in debug builds, that `count` or all known peers are found, nearest first, each once.
    #[inline]
    fn assert_nearest(&self, found: &Nearest, position: u64, count: usize) {
        debug_assert!(found.len() == count.min(self.ids.len()), "{} of {count} found", found.len());
        debug_assert!(
            found.is_sorted_by(|one, next| ring_key(*one, position) < ring_key(*next, position)),
            "nearest first, each peer once"
        );
    }
}

fn ring_key(peer: PeerId, position: u64) -> (u64, PeerId) {
    (ring::distance(peer.get(), position), peer)
}
