//! Block synchronization over sessions: heights, ranges, production and the check of the genesis block.

use super::session::AddressKey;
use crate::config::knob::declare::{options, section};

section! {
    /// Block synchronization over sessions: heights, ranges, production and the check of the genesis block.
    sync: SyncConfig;

    420 enabled (switch) = off "" restart
        "Whether hosts keep a chain of blocks and synchronize it over their sessions (document 002)."
    421 gate (choice SyncGate) = ThreeMasternodes "" live
        "Masternodes that a host must see before it asks for blocks; production always takes three."
    422 genesis (choice GenesisCheck) = None "" live
        "Check of the genesis block on each new session."
    423 mode (choice SyncMode) = Single "" live
        "Requests for blocks that a host has open at a time."
    424 block_ms (count 1_000 86_400_000) = 600_000 "ms" restart
        "Interval between two blocks."
    425 range_max (count 1 1_000) = 101 "blocks" live
        "Blocks that one answer holds."
    426 stuck_flag (switch) = on "" live
        "Whether the flag that a request is open survives the end of its session."
    427 acceptors_ask (switch) = off "" live
        "Whether the accepting side of a session asks for heights too."
    428 initial_height (count 0 10_000_000) = 2_480 "blocks" restart
        "Height of the chain at the start."
    429 behind (count 0 100_000) = 2 "hosts" restart
        "Hosts that start at height 0, in the order of the plan of addresses."
    430 foreign (count 0 100_000) = 0 "hosts" restart
        "Hosts with another genesis block, after those that start at height 0."
    431 silent (count 0 100_000) = 0 "hosts" restart
        "Hosts of an old version that never answer a question for the genesis block, after those."
    432 keep (switch) = on "" restart
        "Whether the chain is on disk and survives a restart."
    433 catch_up_key (choice AddressKey) = Ip "" live
        "Key by which a request for blocks finds its session; with ip-port it finds none that was accepted."
    434 production (switch) = on "" live
        "Whether masternodes produce blocks in turn."
    438 lifo_replies (switch) = off "" live
        "With pipelining: whether an answer goes to the latest request that waits on its session, and is lost if it belongs to an earlier one."
    439 forks (switch) = off "" restart
        "Whether chains may fork: blocks have hashes that depend on all before, and hosts on different chains vote, or take the longer one."
    470 tip_cache_s (limit 86_400) = 300 "s" live
        "Time for which a host remembers the tip of a peer on another chain; 0 for as long as its session lasts, as published before."
    471 leave_ms (limit 600_000) = none "ms" live
        "Time after which a host ends a session with a peer on another chain; 0 for never."
    472 replaced_max (count 1 1_000) = 1_000 "blocks" live
        "Blocks that a reorganisation replaces at most; a deeper fork stays."
}

options! {
    /// Masternodes that a host must see before it asks for blocks.
    pub enum SyncGate {
        /// Three, itself included: a host alone with one peer never catches up.
        ThreeMasternodes = "three-masternodes",
        /// None: one peer suffices.
        None = "none",
    }
}

options! {
    /// Check of the genesis block on each new session, within 10 s.
    pub enum GenesisCheck {
        /// No check: blocks of any chain are imported.
        None = "none",
        /// A peer that answers otherwise, or not at all, is incompatible.
        Strict = "strict",
        /// A peer that answers otherwise is incompatible; one that does not answer passes.
        Lenient = "lenient",
    }
}

options! {
    /// Requests for blocks that a host has open at a time.
    pub enum SyncMode {
        /// One over all sessions, answered with up to 101 blocks.
        Single = "single",
        /// One for each session, 50 blocks each; gaps are asked again elsewhere after 3 s.
        Pipelined = "pipelined",
    }
}
