//! Facts that sessions state for observers.

use crate::base::kind::CounterInfo;
use crate::stack::address::Address;
use crate::stack::layer::LayerEvent;

/// A session that has ended, as its dialing side saw it. Times are in ms by the clock of the dialer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EndedSession {
    /// Address on which the other end listens.
    pub remote: Address,
    /// Number of the session on its host.
    pub generation: u32,
    /// Time at which it opened.
    pub opened_ms: u64,
    /// Time at which it ended.
    pub closed_ms: u64,
}

/// Declares the facts and, in the same order, their counters: variant, name, unit and meaning.
macro_rules! facts {
    ($($(#[$doc:meta])* $Variant:ident $({ $(#[$field_doc:meta])* $field:ident: $Type:ty })?
        => $name:ident $unit:literal $meaning:literal;)*) => {
        /// A fact about the sessions of one host. Times are in ms.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum SessionEvent {
            $($(#[$doc])* $Variant $({ $(#[$field_doc])* $field: $Type })?,)*
            /// A session has ended on its dialing side: its record, which follows [`Self::Closed`].
            Ended(EndedSession),
        }

        /// Numbers of the counters.
        #[derive(Clone, Copy, Debug)]
        pub struct Counters {
            $(#[doc = $meaning] pub $name: u8,)*
        }

        /// Number of each counter.
        pub const COUNTER: Counters = {
            enum Number { $($Variant),* }
            Counters { $($name: Number::$Variant as u8),* }
        };

        impl LayerEvent for SessionEvent {
            const COUNTERS: &'static [CounterInfo] =
                &[$(CounterInfo { name: stringify!($name), unit: $unit, meaning: $meaning }),*];

            fn counter(&self) -> Option<u8> {
                match self {
                    $(Self::$Variant { .. } => Some(COUNTER.$name),)*
                    Self::Ended(_) => None,
                }
            }
        }
    };
}

facts! {
    /// A SYN went out.
    Dialed => dials "dials" "SYNs of new streams.";
    /// A dial had no answer, or was reset.
    DialFailed => dials_failed "dials" "Dials without an answer, or reset.";
    /// A session is open on its dialing side.
    Opened => opened "sessions" "Sessions opened, counted on the dialing side.";
    /// A session is open on its accepting side.
    Accepted => accepted "sessions" "Sessions opened, counted on the accepting side.";
    /// A session has ended on its dialing side.
    Closed {
        /// Time since it opened.
        lifetime_ms: u64
    } => closed "sessions" "Sessions ended, counted on the dialing side.";
    /// A session has ended on its accepting side.
    Released => released "sessions" "Sessions ended, counted on the accepting side.";
    /// A duplicate was refused, or gave way to another.
    Refused => refused "sessions" "Duplicates refused or replaced.";
    /// A ping went out.
    PingSent => pings_sent "pings" "Pings sent.";
    /// A pong matched an outstanding ping.
    PongMatched {
        /// Time since the ping.
        rtt_ms: u64
    } => pongs_matched "pongs" "Pongs that matched an outstanding ping.";
    /// A pong matched no outstanding ping.
    PongUnmatched => pongs_unmatched "pongs" "Pongs that matched no outstanding ping.";
    /// A pong was missed.
    PongMissed => pongs_missed "pongs" "Pongs missed by the rule in force.";
    /// A reply was lost because its key is not registered.
    ReplyLost => replies_lost "replies" "Replies lost because their key is not registered.";
    /// A segment was sent again.
    Retransmitted => retransmitted "segments" "Segments sent again.";
    /// A message came before the handshake.
    EarlyMessage => early_messages "messages" "Messages before the handshake, which end a session.";
    /// A peer has broken a rule.
    Violated => violations "violations" "Violations of a rule that hosts count.";
    /// A peer is banned.
    Banned => bans "bans" "Bans of a peer.";
    /// A SYN of a banned peer was refused.
    Barred => barred "streams" "Streams of banned peers refused.";
    /// A SYN was dropped.
    SynDropped => syns_dropped "streams" "SYNs dropped by a limit, a firewall or loss.";
    /// A session without a writer was reset.
    Healed => healed "sessions" "Sessions without a live writer that were reset.";
    /// A slow reader's queue was full.
    Overflowed => overflowed "sessions" "Sessions reset because their reader was too slow.";
    /// The chain of a host has grown.
    Grown {
        /// Its height.
        height: u32
    } => grown "steps" "Steps by which chains have grown.";
    /// A masternode has produced a block.
    Produced => blocks_produced "blocks" "Blocks produced.";
    /// A masternode whose turn it was could not produce.
    SlotMissed => slots_missed "slots" "Slots without a block, missed by a masternode that runs.";
    /// A request for blocks went out.
    Requested => block_requests "requests" "Requests for blocks.";
    /// A peer has another genesis block, or has not told.
    Incompatible => incompatible "sessions" "Sessions found incompatible by the check of the genesis block.";
    /// A session that has begun to end has handed a message on, which none may do.
    DeliveredLate => delivered_late "messages" "Messages handed on by sessions that had begun to end.";
    /// An answer was taken for that to another request.
    Mismatched => mismatched "answers" "Ranges of blocks lost because their request was not the latest.";
    /// A stream has left all probes without an answer.
    Unanswered => unanswered "streams" "Streams reset because they left all probes without an answer.";
    /// A host has the published list from the directory server.
    Fetched => lists_fetched "lists" "Published lists fetched from the directory server.";
    /// The directory server has not given the list.
    FetchFailed => fetches_failed "lists" "Requests for the published list that failed.";
    /// A message of another layer was dropped because its receiver was not reached.
    Unreached => messages_unreached "messages" "Messages of other layers dropped because their receivers were not reached.";
    /// A message of another layer was dropped because its receiver has no known address.
    Unknown => messages_unknown "messages" "Messages of other layers dropped because no address of their receivers was known.";
    /// A peer is on another chain.
    ForkSeen => forks_seen "tips" "Tips of other chains that hosts have seen, one a peer until the fork is settled.";
    /// A host has put a fork to the vote.
    VoteAsked => fork_votes "votes" "Votes on a fork.";
    /// A host has gone over to another chain.
    Reorganised {
        /// Blocks replaced.
        depth: u32
    } => reorganisations "reorganisations" "Reorganisations: hosts that have gone over to another chain.";
    /// A reorganisation has replaced more than a hundred blocks.
    ReorganisedDeep => reorganisations_deep "reorganisations" "Reorganisations of more than a hundred blocks.";
    /// A reorganisation was refused.
    ReorganisationRefused => reorganisations_refused "reorganisations" "Reorganisations refused because they would replace more than a thousand blocks.";
}
