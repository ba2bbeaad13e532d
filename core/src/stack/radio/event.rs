//! Facts that a radio states for observers.

use crate::base::kind::CounterInfo;
use crate::stack::layer::LayerEvent;

/// Declares the facts and, in the same order, their counters: variant, name, unit and meaning.
macro_rules! facts {
    ($($(#[$doc:meta])* $Variant:ident $({ $(#[$field_doc:meta])* $field:ident: $Type:ty })?
        => $name:ident $unit:literal $meaning:literal;)*) => {
        /// A fact about the radio of one host.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum RadioEvent {
            $($(#[$doc])* $Variant $({ $(#[$field_doc])* $field: $Type })?,)*
        }

        /// Numbers of the counters.
        #[derive(Clone, Copy, Debug)]
        pub struct RadioCounters {
            $(#[doc = $meaning] pub $name: u8,)*
        }

        /// Number of each counter.
        pub const COUNTER: RadioCounters = {
            enum RadioNumber { $($Variant),* }
            RadioCounters { $($name: RadioNumber::$Variant as u8),* }
        };

        impl LayerEvent for RadioEvent {
            const COUNTERS: &'static [CounterInfo] =
                &[$(CounterInfo { name: stringify!($name), unit: $unit, meaning: $meaning }),*];

            fn counter(&self) -> Option<u8> {
                match self {
                    $(Self::$Variant { .. } => Some(COUNTER.$name),)*
                }
            }
        }
    };
}

facts! {
    /// A frame went on the air.
    Transmitted {
        /// Its time on the air, in µs.
        airtime_us: u64
    } => frames "frames" "Frames that went on the air.";
    /// A transmission broke the law.
    Violated => violations "transmissions" "Transmissions that broke the law of the region.";
    /// A node has used more of its duty cycle than before.
    DutyRose {
        /// Millionths of the budget of its busiest hour.
        millionths: u64
    } => duty_records "records" "Times that a host used more of its duty cycle than ever before.";
    /// A fragment went on the air.
    FragmentSent => fragments "fragments" "Fragments that went on the air.";
    /// A fragment went on the air again.
    FragmentRepeated => retransmissions "fragments" "Fragments that went on the air again.";
    /// A fragment was lost at random.
    FragmentLost => fragments_lost "fragments" "Fragments lost at random at their receivers.";
    /// A fragment was refused for its checksum.
    ChecksumRefused => checksums_refused "fragments" "Fragments refused for their checksum.";
    /// A fragment had arrived before.
    FragmentDuplicate => duplicates "fragments" "Fragments that had arrived before.";
    /// A host originated a message.
    MessageSent => messages_sent "messages" "Messages that hosts originated.";
    /// A message arrived whole at a host that it was for.
    MessageComplete {
        /// Time since it was originated, in ms.
        after_ms: u64
    } => messages_complete "messages" "Messages that arrived whole, counted at each host that they were for.";
    /// A message was given up by its originator or on its way.
    MessageFailed => messages_failed "messages" "Messages given up: no route, no acknowledgement, or dropped from a queue.";
    /// A message was not assembled in time.
    AssemblyFailed => assemblies_failed "messages" "Messages that a host began to assemble and gave up.";
    /// A frame waited in the queue.
    Waited {
        /// Time, in ms.
        wait_ms: u64
    } => dequeued "frames" "Frames that left a queue for the air.";
    /// A frame was dropped from a full queue.
    QueueFull => queue_full "frames" "Frames dropped because a queue was full.";
    /// A frame waited for too long.
    Expired => expired "frames" "Frames dropped because they waited for too long.";
    /// A frame may never go on the air.
    Forbidden => forbidden "frames" "Frames dropped because the law allows none of their length.";
    /// A beacon was left out for lack of airtime.
    BeaconSkipped => beacons_skipped "beacons" "Beacons left out for lack of airtime.";
    /// A neighbour was heard for the first time.
    NeighborFound => neighbors_found "peers" "Neighbours heard for the first time, or again after they were forgotten.";
    /// A neighbour was forgotten.
    NeighborLost => neighbors_lost "peers" "Neighbours forgotten for their silence.";
    /// A beacon was ignored for its counter.
    BeaconIgnored => beacons_ignored "beacons" "Beacons ignored because their counter had been heard before.";
    /// A message was repeated for others.
    Relayed => relayed "messages" "Messages repeated or passed on for others.";
    /// A message was not repeated because others did.
    Suppressed => suppressed "messages" "Messages of a flood not repeated because neighbours did.";
    /// A route was found.
    RouteFound => routes_found "routes" "Routes found.";
    /// A search for a route failed.
    RouteMissing => routes_missing "routes" "Searches for a route without result.";
    /// A neighbour was left alone for a time.
    BreakerOpened => breakers_opened "peers" "Neighbours left alone because they did not acknowledge.";
    /// A message was acknowledged.
    Acknowledged => acknowledged "messages" "Messages acknowledged by the next hop.";
}
