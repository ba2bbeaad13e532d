//! The universe of tokens, the token set of each peer, and proofs of storage.

use crate::config::knob::declare::{options, section};

section! {
    /// The universe of tokens, the token set of each peer, and proofs of storage.
    tokens: TokenConfig;

    24 total (count 0 2_000_000) = 100_000 "tokens" restart
        "Tokens in the universe, besides the ids of the initial peers."
    25 coverage (share) = (90 %) "" restart
        "Share of the tokens within its reach that a peer holds."
    26 neighbor_overlap (count 1 1_000) = 10 "peers" restart
        "Reach of a peer to each side, in neighbours: 1.2 times this many mean gaps between peers."
    27 saturated_width (switch) = on "" restart
        "Bug of the original: the computation of the reach overflows 64 bits, which cuts wide reaches to a tenth of \
         the ring."
    28 search (choice SearchRule) = OneWaySpill "" live
        "Search for the tokens of a proof: it stops at the origin (bug of the original) or wraps around it."
    29 verification (choice VerificationRule) = Weak "" live
        "Checks of a proof: suffixes only (bug of the original), or also order, sides, duplicates and own blocks."
    30 view_min (count 0 2_000_000) = 0 "tokens" restart
        "Minimum number of tokens within the reach of a peer, whatever the number of peers."
    31 stale_share (share) = (0 %) "" live
        "Share of its mappings in which a peer is behind and holds the previous block."
    32 conflict_share (share) = (0 %) "" live
        "Share of tokens claimed by two blocks, each held by half of the peers."
    33 zero_id_blocks (switch) = off "" restart
        "Bug of the original's first version: tokens that are ids of peers map to block 0."
}

options! {
    /// Search for the tokens of a proof around the challenged token.
    pub enum SearchRule {
        /// Bug of the original: upward to the largest number, then downward to zero for the rest, never
        /// across the origin.
        OneWaySpill = "one-way-spill",
        /// Both directions wrap around the origin.
        RingWrap = "ring-wrap",
    }
}

options! {
    /// Checks of a proof of storage.
    pub enum VerificationRule {
        /// Bug of the original: only the suffixes must match, so that a proof can be invented.
        Weak = "weak",
        /// The tokens must also be distinct, in the order of an honest search on either side of the
        /// challenged token, and their blocks those in the challenger's own store.
        Strict = "strict",
        /// As `Strict`, without the comparison with the challenger's own store, which may be out of date.
        Structural = "structural",
    }
}

options! {
    /// Fault of the tokens that a peer stores.
    pub enum StorageFault {
        /// The tokens are lost.
        Lost = "lost",
        /// The tokens map to the previous block.
        Stale = "stale",
        /// The tokens map to another block, the same one at all peers with this fault.
        Conflicting = "conflicting",
    }
}
