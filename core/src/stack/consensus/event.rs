//! Facts that peers state about blocks, for observers.

use crate::base::id::BlockId;
use crate::base::kind::CounterInfo;
use crate::stack::layer::LayerEvent;

/// Declares the facts and, in the same order, their counters: variant, name, unit and meaning.
macro_rules! facts {
    ($($(#[$doc:meta])* $Variant:ident => $name:ident $unit:literal $meaning:literal;)*) => {
        /// A fact about a block at one peer.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Fact {
            $($(#[$doc])* $Variant,)*
        }

        /// Numbers of the counters.
        #[derive(Clone, Copy, Debug)]
        pub struct BlockCounters {
            $(#[doc = $meaning] pub $name: u8,)*
        }

        /// Number of each counter.
        pub const COUNTER: BlockCounters = BlockCounters { $($name: Fact::$Variant as u8),* };

        impl LayerEvent for BlockEvent {
            const COUNTERS: &'static [CounterInfo] =
                &[$(CounterInfo { name: stringify!($name), unit: $unit, meaning: $meaning }),*];

            fn counter(&self) -> Option<u8> {
                Some(self.fact as u8)
            }
        }
    };
}

/// A fact about a block, and the block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BlockEvent {
    /// The fact.
    pub fact: Fact,
    /// The block.
    pub block: BlockId,
}

facts! {
    /// A client has submitted the block through this peer.
    Submitted => submitted "blocks" "Blocks submitted by clients.";
    /// At the time of submission this peer is in the range of one of its tokens or of its id.
    Concerned => concerned "peers" "Peers in the ranges of submitted blocks, at their submission.";
    /// The peer has heard of the block for the first time.
    Heard => heard "blocks" "Blocks that peers heard of for the first time.";
    /// The peer has committed the block.
    Committed => commits "commits" "Commits of blocks, each peer counted.";
    /// The peer has found that the block lost against another one.
    Blocked => blocked "blocks" "Blocks that lost against another one, each peer counted.";
    /// The peer has dropped the block undecided.
    Expired => expired "blocks" "Blocks dropped undecided, each peer counted.";
    /// The peer has refused the block as invalid.
    Refused => refused "blocks" "Blocks refused as invalid, each peer counted.";
    /// A vote was recorded.
    VoteCounted => votes_counted "votes" "Votes recorded.";
    /// A vote was not recorded: its sender is not trusted, or has sent too many.
    VoteRefused => votes_refused "votes" "Votes not recorded: an untrusted sender, or too many.";
    /// The block is requested.
    Fetched => fetches "requests" "Requests for blocks and parents.";
    /// The peer has given up a block that it had stored for this one.
    Reorganised => reorganisations "mappings" "Stored mappings given up for a block that won against theirs.";
    /// A peer has signed two heads that contradict each other.
    Contradicted => contradictions "heads" "Heads of one chain that contradict each other.";
    /// A peer has answered with a mapping that this block, in the ancestry of its head, has spent.
    Overtaken => overtaken "peers" "Peers whose Answers their own heads have overtaken, each judge counted.";
    /// A peer has sent the block without being asked.
    Unrequested => unrequested "blocks" "Blocks that came without a request, by their tickets.";
}

impl Fact {
    /// The fact about a block.
    #[must_use]
    pub const fn of(self, block: BlockId) -> BlockEvent {
        BlockEvent { fact: self, block }
    }
}
