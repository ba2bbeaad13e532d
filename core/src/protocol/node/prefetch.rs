//! Cache-line prefetches of a peer: what every input reads first.

use super::Node;
use super::result_cache::ResultCache;
use crate::base::prefetch::{self, Prefetch};

impl Prefetch for Node {
    fn prefetch(&self) {
        self.peers.prefetch();
        self.elections.prefetch();
        self.results.prefetch();
    }
}

impl Prefetch for ResultCache {
    fn prefetch(&self) {
        prefetch::all(&self.ended);
    }
}
