//! Cache-line prefetches of the peer table, issued while other peers are served.

use super::table::PeerTable;
use crate::base::id::PeerId;
use crate::base::prefetch::{self, Prefetch};

impl Prefetch for PeerTable {
    /// Prefetches the ids that every lookup searches, and the log of absences.
    fn prefetch(&self) {
        prefetch::all(&self.ids);
        self.interactions.prefetch();
    }
}

impl PeerTable {
    /// Prefetches the state of a peer.
    pub(crate) fn prefetch_state(&self, peer: PeerId) {
        if let Some(index) = self.index_of(peer) {
            prefetch::small(&self.states[index]);
        }
    }
}
