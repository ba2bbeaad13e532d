//! Facts that the peer manager states for observers.

use crate::base::kind::CounterInfo;
use crate::stack::layer::LayerEvent;

/// Declares the facts and, in the same order, their counters: variant, name, unit and meaning.
macro_rules! facts {
    ($($(#[$doc:meta])* $Variant:ident => $name:ident $unit:literal $meaning:literal;)*) => {
        /// A fact about the peers that one host manages.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum ManagerEvent {
            $($(#[$doc])* $Variant,)*
        }

        /// Numbers of the counters.
        #[derive(Clone, Copy, Debug)]
        pub struct ManagerCounters {
            $(#[doc = $meaning] pub $name: u8,)*
        }

        /// Number of each counter.
        pub const COUNTER: ManagerCounters =
            ManagerCounters { $($name: ManagerEvent::$Variant as u8),* };

        impl LayerEvent for ManagerEvent {
            const COUNTERS: &'static [CounterInfo] =
                &[$(CounterInfo { name: stringify!($name), unit: $unit, meaning: $meaning }),*];

            fn counter(&self) -> Option<u8> {
                Some(*self as u8)
            }
        }
    };
}

facts! {
    /// A peer was discovered through a seed.
    FoundByDns => found_by_dns "peers" "Peers discovered through a seed.";
    /// A peer was discovered through another one.
    FoundByExchange => found_by_exchange "peers" "Peers discovered through a connected peer.";
    /// A peer was discovered in the local network.
    FoundByMdns => found_by_mdns "peers" "Peers discovered in the local network.";
    /// A peer was discovered by its announcement in the mesh.
    FoundByMesh => found_by_mesh "peers" "Peers discovered by their announcement in the mesh.";
    /// A peer was discovered by its own dial.
    FoundByDial => found_by_dial "peers" "Peers discovered by their own dial.";
    /// A peer was ignored because too many are known.
    Ignored => ignored "peers" "Peers ignored because too many were known.";
    /// A peer was forgotten.
    Forgotten => forgotten "peers" "Peers forgotten for their silence.";
    /// A dial went out for the first time.
    Dialed => dials "dials" "First dials to a peer.";
    /// A dial went out again.
    Redialed => redials "dials" "Later dials to a peer.";
    /// A dial had no answer.
    DialFailed => dials_failed "dials" "Dials without an answer.";
    /// A dial was refused.
    Refused => refused "dials" "Dials refused by the other side.";
    /// A connection opened, counted on the dialing side.
    Opened => opened "connections" "Connections opened, counted on the dialing side.";
    /// A connection opened, counted on the accepting side.
    Accepted => accepted "connections" "Connections opened, counted on the accepting side.";
    /// A connection ended.
    Closed => closed "connections" "Ends of connections, counted on each side.";
    /// A connection was closed for lack of activity.
    Idled => idled "connections" "Connections closed for lack of activity.";
    /// A connection gave way to a better peer.
    Replaced => replacements "connections" "Connections that gave way to a better peer.";
    /// A peer was banned.
    Banned => bans "bans" "Bans of a peer.";
    /// A ban was lifted.
    Unbanned => unbans "bans" "Bans lifted because they had expired.";
    /// Data arrived that does not verify.
    InvalidData => invalid_data "messages" "Data that does not verify.";
    /// The score of a peer changed by more than a point.
    ScoreChanged => score_changes "changes" "Changes of a score by more than a point.";
    /// A person has added a peer.
    AddedByHand => added_by_hand "peers" "Peers that a person has added.";
}
