//! Leaf set: the `peers.core_neighbors` nearest known peers on each side of the owner (the leaf set of
//! Pastry).
//!
//! Members keep their connection when the budget is exceeded, and are invited before all others.

use super::state::PeerState;
use super::table::PeerTable;
use crate::base::id::PeerId;
use crate::base::mutant::mutant;

impl PeerTable {
    /// Members of the leaf set, of any state, each once: first those clockwise of the owner, then the others,
    /// both in clockwise order. All known peers if there are at most `2 * each_side`.
    pub(crate) fn leaf_set(&self, each_side: u32) -> impl Iterator<Item = PeerId> {
        self.leaf_set_states(each_side).map(|(peer, _)| peer)
    }

    /// Members of the leaf set with their states, in the order of [`leaf_set`](Self::leaf_set).
    pub(crate) fn leaf_set_states(&self, each_side: u32) -> impl Iterator<Item = (PeerId, PeerState)> {
        let count = self.ids.len();
        let start = self.ids.partition_point(|peer| *peer < self.owner);
        let ahead = count.min(each_side as usize);
        let behind = (count - ahead).min(each_side as usize);
        debug_assert!(ahead + behind <= count, "no member occurs twice");
        (0..ahead).chain(count - behind..count).map(move |step| {
            let index = start + step;
            let index = if index < count { index } else { index - count };
            (self.ids[index], self.states[index].into())
        })
    }

    /// Returns whether a known peer is, or an unknown one would be, a member of the leaf set: fewer than
    /// `each_side` members are nearer on one of the two sides.
    #[must_use]
    pub(crate) fn is_in_leaf_set(&self, peer: PeerId, each_side: u32) -> bool {
        let clockwise = |peer: PeerId| peer.get().wrapping_sub(self.owner.get());
        let offset = clockwise(peer);
        let count = |is_nearer: fn(u64, u64) -> bool| {
            self.leaf_set(each_side).filter(|other| is_nearer(clockwise(*other), offset)).count()
        };
        let (ahead, behind) = (count(|other, offset| other < offset), count(|other, offset| other > offset));
        let nearer = mutant!(CoreOneSided: ahead.min(behind) => ahead);
        nearer < each_side as usize
    }
}
