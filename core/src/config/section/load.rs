//! Load: blocks that clients submit.

use crate::config::knob::declare::section;

section! {
    /// Blocks that clients submit. A client knows its tokens with their keys, and enters through any peer.
    load: LoadConfig;

    860 blocks_per_1000_rounds (count 0 1_000_000) = 0 "blocks" live
        "Blocks submitted in a thousand rounds, evenly spread."
    861 tokens (count 1 6) = 2 "tokens" live
        "Tokens of a block."
    862 conflict_share (share) = (0 %) "" live
        "Share of the blocks of which a second version with the same parents is submitted elsewhere at the same time."
    863 respend_share (share) = (0 %) "" live
        "Share of the blocks that take over tokens of an earlier block instead of fresh ones."
    864 from_round (count 0 1_000_000) = 0 "rounds" live
        "Round of the first block."
    865 until_round (limit 10_000_000) = none "rounds" live
        "Round from which on no more blocks are submitted; 0 for never."
    866 create_share (share) = (0 %) "" live
        "Share of the blocks that create tokens, which have no parents."
    867 forged_share (share) = (0 %) "" live
        "Share of the blocks whose signatures are not the keys of their parents."
}
