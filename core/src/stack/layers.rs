//! The one table of layers: their order, their payloads and their facts. Nothing else knows which layers
//! there are.

// Without a layer, what hands packets to layers is unused.
#![cfg_attr(not(any(feature = "layers", test)), allow(unused))]

use super::address::Address;
use super::context::Resources;
use super::layer::{Layer, LayerBody, LayerEvent, Passed, Signal, Slot, Upward};
use super::timer::TimerId;
use crate::base::digest::Digest;
use crate::base::id::PeerId;
use crate::base::kind::KindInfo;
#[cfg(feature = "layers")]
use crate::base::prefetch;
use crate::config::Config;
use crate::protocol::event::LifecycleEvent;
use crate::protocol::message::{MESSAGE_KINDS, Message, MessageKind, ProofResolver};

/// Kinds of message that a layer may have.
pub const KINDS_MAX: usize = 32;
/// Counters that a layer may have.
pub const COUNTERS_MAX: usize = 48;

/// Descriptor of a layer.
#[derive(Clone, Copy, Debug)]
pub struct LayerInfo {
    /// The layer.
    pub id: LayerId,
    /// Name in reports and columns.
    pub name: &'static str,
    /// Name for a person.
    pub title: &'static str,
    /// Its message kinds, in the order of their numbers.
    pub kinds: &'static [KindInfo],
}

/// Declares the layers below the lifecycle, the lowest first: name of the field, variant, number, type, type
/// of its facts, title, and how packets hold its payloads (`boxed`, or `inline` if they are no larger than a
/// message of the lifecycle). Numbers are part of traces and fingerprints and never change.
macro_rules! layers {
    ($($(#[$attribute:meta])* $field:ident $variant:ident = $number:literal $layer:ty, $event:ty, $title:literal, $held:ident;)*) => {
        /// A layer of the stack. Numbers are part of traces and fingerprints and never change.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        #[repr(u8)]
        pub enum LayerId {
            /// Documents 000 and 001: peer lifecycle and elections.
            Lifecycle = 0,
            $($(#[$attribute])* #[doc = $title] $variant = $number,)*
        }

        /// All layers, in the order of their numbers.
        pub static LAYERS: &[LayerInfo] = &[
            LayerInfo {
                id: LayerId::Lifecycle,
                name: "lifecycle",
                title: "Peer lifecycle",
                kinds: MESSAGE_KINDS,
            },
            $($(#[$attribute])* LayerInfo {
                id: LayerId::$variant,
                name: stringify!($field),
                title: $title,
                kinds: <<$layer as Layer>::Body as LayerBody>::KINDS,
            },)*
        ];

        $($(#[$attribute])* const _: () = assert!(<$event as LayerEvent>::COUNTERS.len() <= COUNTERS_MAX);)*

        /// Payload of a packet, by layer.
        #[derive(Clone, Debug)]
        pub enum Body {
            /// A message of the peer lifecycle.
            Lifecycle(Message),
            $($(#[$attribute])* #[doc = $title] $variant(layers!(@held $held <$layer as Layer>::Body)),)*
        }

        $($(#[$attribute])* impl From<<$layer as Layer>::Body> for Body {
            fn from(body: <$layer as Layer>::Body) -> Self {
                Self::$variant(layers!(@hold $held body))
            }
        })*

        impl Body {
            /// Prefetches what lies beside the packet: the payload of a layer.
            pub(crate) fn prefetch(&self) {
                match self {
                    Self::Lifecycle(_) => {}
                    $($(#[$attribute])* Self::$variant(body) => layers!(@prefetch $held body),)*
                }
            }

            /// [`Self::kind`], whichever layer it belongs to.
            #[cold]
            pub(super) fn kind_in_layer(&self) -> PacketKind {
                match self {
                    Self::Lifecycle(message) => message.kind().into(),
                    $($(#[$attribute])* Self::$variant(body) => {
                        PacketKind { layer: LayerId::$variant, number: body.kind() }
                    })*
                }
            }

            /// [`Self::size`], whichever layer it belongs to.
            #[cold]
            pub(super) fn size_in_layer(&self) -> u32 {
                match self {
                    Self::Lifecycle(message) => message.wire_size(),
                    $($(#[$attribute])* Self::$variant(body) => body.size(),)*
                }
            }

            /// Peers that the payload refers its receiver to.
            #[cfg(feature = "layers")]
            #[must_use]
            pub fn named(&self) -> Vec<PeerId> {
                match self {
                    Self::Lifecycle(message) => message.named().collect(),
                    $($(#[$attribute])* Self::$variant(body) => body.named(),)*
                }
            }

            /// The transmission that carries the payload; `None` if it travels over a link of its own.
            #[must_use]
            pub fn signal(&self) -> Option<Signal> {
                match self {
                    Self::Lifecycle(_) => None,
                    $($(#[$attribute])* Self::$variant(body) => body.signal(),)*
                }
            }

            /// Adds the payload to a fingerprint.
            pub fn digest(&self, digest: &mut Digest, resolver: &dyn ProofResolver) {
                match self {
                    Self::Lifecycle(message) => message.digest(digest, resolver),
                    $($(#[$attribute])* Self::$variant(body) => {
                        digest.layer(LayerId::$variant as u64);
                        digest.number(body.kind());
                        body.digest(digest, resolver);
                    })*
                }
            }
        }

        /// A fact about one host, by layer.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Event {
            /// A fact of the peer lifecycle.
            Lifecycle(LifecycleEvent),
            /// A fact about the host itself.
            Host(HostEvent),
            $($(#[$attribute])* #[doc = $title] $variant($event),)*
        }

        $($(#[$attribute])* impl From<$event> for Event {
            fn from(event: $event) -> Self {
                Self::$variant(event)
            }
        })*

        impl Event {
            /// Layer and number of the counter that this fact adds one to; `None` if it is counted by other
            /// means or not at all.
            #[must_use]
            pub fn counter(&self) -> Option<(LayerId, u8)> {
                match self {
                    Self::Lifecycle(_) | Self::Host(_) => None,
                    $($(#[$attribute])* Self::$variant(event) => {
                        event.counter().map(|number| (LayerId::$variant, number))
                    })*
                }
            }
        }

        /// The layers of one host below the lifecycle, each in its slot.
        #[derive(Clone, Debug, Default)]
        pub struct Layers {
            $($(#[$attribute])* #[doc = $title] pub $field: Slot<$layer>,)*
        }

        impl Layers {
            /// The layers that a configuration switches on.
            #[must_use]
            pub fn new(host: PeerId, config: &Config) -> Self {
                Self { $($(#[$attribute])* $field: Slot::new(host, config),)* }
            }

            /// Whether every slot is off.
            #[must_use]
            pub(crate) fn are_off(&self) -> bool {
                $($(#[$attribute])* if self.$field.get().is_some() { return false; })*
                true
            }

            /// Prefetches the state of every layer that is on.
            pub(crate) fn prefetch(&self) {
                $($(#[$attribute])* self.$field.prefetch();)*
            }

            /// Prefetches what those states point to.
            pub(crate) fn prefetch_lists(&self) {
                $($(#[$attribute])* self.$field.prefetch_lists();)*
            }

            /// Boots every layer, the lowest first.
            pub(crate) fn on_boot(&mut self, resources: &mut Resources<'_>) {
                $($(#[$attribute])* if let Some(layer) = self.$field.get_mut() {
                    layer.on_boot(&mut resources.context(LayerId::$variant));
                })*
                self.pass_notices(resources);
            }

            /// Stops every layer, the highest first.
            pub(crate) fn on_stop(&mut self, resources: &mut Resources<'_>) {
                layers!(@reverse self, resources; $($(#[$attribute])* $field $variant;)*);
                self.pass_notices(resources);
            }

            /// Hands a packet to its layer; a packet of a layer that is off is dropped.
            pub(crate) fn on_packet(&mut self, resources: &mut Resources<'_>, from: Address, body: Body) -> Option<Upward> {
                let upward = match body {
                    Body::Lifecycle(_) => unreachable!("the kernel hands lifecycle messages to the lifecycle"),
                    $($(#[$attribute])* Body::$variant(body) => {
                        self.$field.get_mut()?.on_packet(&mut resources.context(LayerId::$variant), from, layers!(@open $held body))
                    })*
                };
                self.pass_notices(resources);
                upward
            }

            /// Hands a message down to the layers below its sender; `None` if one of them has taken it.
            pub(crate) fn on_send(&mut self, resources: &mut Resources<'_>, sender: LayerId, to: PeerId, body: Body) -> Option<Body> {
                let body = self.send_down(resources, sender, to, body);
                self.pass_notices(resources);
                body
            }

            fn send_down(&mut self, resources: &mut Resources<'_>, sender: LayerId, to: PeerId, body: Body) -> Option<Body> {
                layers!(@send self, resources, sender, to, body; $($(#[$attribute])* $field $variant;)*);
                Some(body)
            }

            /// Hands a timer to the layer that has set it.
            pub(crate) fn on_timer(&mut self, resources: &mut Resources<'_>, id: TimerId) {
                match id.layer {
                    LayerId::Lifecycle => unreachable!("the lifecycle sets no timers"),
                    $($(#[$attribute])* LayerId::$variant => {
                        if let Some(layer) = self.$field.get_mut() {
                            layer.on_timer(&mut resources.context(id.layer), id.kind, id.key);
                        }
                    })*
                }
                self.pass_notices(resources);
            }

            /// Lets every layer hear what another one of the host has told, until nothing is left.
            #[cfg(feature = "layers")]
            fn pass_notices(&mut self, resources: &mut Resources<'_>) {
                while !resources.outbox.notices.is_empty() {
                    for (from, notice) in std::mem::take(&mut resources.outbox.notices) {
                        $($(#[$attribute])* if from != LayerId::$variant && let Some(layer) = self.$field.get_mut() {
                            layer.on_notice(&mut resources.context(LayerId::$variant), notice);
                        })*
                    }
                }
            }

            #[cfg(not(feature = "layers"))]
            #[allow(clippy::unused_self)]
            const fn pass_notices(&mut self, _: &mut Resources<'_>) {}

            /// Adds every layer that is on to a fingerprint.
            pub fn digest(&self, digest: &mut Digest) {
                $($(#[$attribute])* self.$field.digest(LayerId::$variant, digest);)*
            }
        }
    };
    (@held boxed $body:ty) => { Box<$body> };
    (@held inline $body:ty) => { $body };
    (@hold boxed $body:ident) => { Box::new($body) };
    (@hold inline $body:ident) => { $body };
    (@open boxed $body:ident) => { *$body };
    (@open inline $body:ident) => { $body };
    (@prefetch boxed $body:ident) => { prefetch::whole(&**$body) };
    (@prefetch inline $body:ident) => { _ = $body };
    (@reverse $layers:ident, $resources:ident;) => {};
    (@reverse $layers:ident, $resources:ident; $(#[$attribute:meta])* $field:ident $variant:ident; $($rest:tt)*) => {
        layers!(@reverse $layers, $resources; $($rest)*);
        $(#[$attribute])*
        if let Some(layer) = $layers.$field.get_mut() {
            layer.on_stop(&mut $resources.context(LayerId::$variant));
        }
    };
    (@send $layers:ident, $resources:ident, $sender:ident, $to:ident, $body:ident;) => {};
    (@send $layers:ident, $resources:ident, $sender:ident, $to:ident, $body:ident;
        $(#[$attribute:meta])* $field:ident $variant:ident; $($rest:tt)*) => {
        layers!(@send $layers, $resources, $sender, $to, $body; $($rest)*);
        $(#[$attribute])*
        let $body = match $layers.$field.get_mut() {
            Some(layer) if LayerId::$variant.is_below($sender) => {
                match layer.on_send(&mut $resources.context(LayerId::$variant), $to, $body) {
                    Passed::Down(body) => body,
                    Passed::Taken => return None,
                }
            }
            _ => $body,
        };
    };
}

layers! {
    #[cfg(feature = "layers")]
    session Session = 1 super::session::Sessions, super::session::event::SessionEvent, "Sessions", boxed;
    #[cfg(test)]
    probe Probe = 2 super::probe::Probe, super::probe::ProbeEvent, "Test layer", boxed;
    #[cfg(feature = "layers")]
    peer_cache PeerCache = 3 super::peer_cache::PeerCacheLayer, super::peer_cache::event::CacheEvent, "Peer cache", boxed;
    #[cfg(feature = "layers")]
    radio Radio = 4 super::radio::Radio, super::radio::event::RadioEvent, "Radio", inline;
    #[cfg(feature = "layers")]
    manager Manager = 5 super::peer_manager::Manager, super::peer_manager::event::ManagerEvent, "Peer manager", boxed;
    #[cfg(feature = "layers")]
    consensus Consensus = 6 super::consensus::Consensus, super::consensus::event::BlockEvent, "Blocks", boxed;
}

/// Address of the host with an index, if a layer that is on plans addresses; else hosts listen on their ids.
#[must_use]
pub(crate) fn planned_address(config: &Config, index: usize) -> Option<Address> {
    // A world has one plan: sessions adopt that of document 004 if its layers are on.
    #[cfg(feature = "layers")]
    if config.radio.enabled || config.manager.enabled {
        return u32::try_from(index).ok().map(Address::planned);
    }
    #[cfg(feature = "layers")]
    if config.session.enabled {
        let port = u16::try_from(config.session.port).unwrap_or(u16::MAX);
        return u32::try_from(index).ok().map(|index| super::session::plan::address(index, port));
    }
    let _ = (config, index);
    None
}

#[cfg(feature = "layers")]
impl Layers {
    /// A client submits a block, if hosts vote on blocks.
    pub(crate) fn submit(&mut self, resources: &mut Resources<'_>, block: crate::protocol::block::Block) {
        if let Some(layer) = self.consensus.get_mut() {
            layer.submit(&mut resources.context(LayerId::Consensus), block);
        }
    }
}

impl From<LifecycleEvent> for Event {
    fn from(event: LifecycleEvent) -> Self {
        Self::Lifecycle(event)
    }
}

impl From<HostEvent> for Event {
    fn from(event: HostEvent) -> Self {
        Self::Host(event)
    }
}

/// A fact about a host, whichever layers it runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HostEvent {
    /// The host lost its memory and booted again from its disk.
    Restarted,
    /// A layer has taken a message of another one, to carry or to drop it.
    Taken(PacketKind),
}

/// Kind of a packet: a layer and one of its message kinds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct PacketKind {
    /// The layer whose message the packet carries.
    pub layer: LayerId,
    /// Number of the kind within its layer, below [`KINDS_MAX`].
    pub number: u8,
}

impl LayerId {
    /// Numbers of layers lie below this one: a build may lack some of them.
    pub const COUNT: usize = LAYERS[LAYERS.len() - 1].id as usize + 1;

    /// Whether messages of another layer pass this one on their way down: the table has the lowest first, and
    /// the lifecycle is above all. Radios carry streams too, though sessions between gateways carry theirs.
    #[cfg_attr(not(any(feature = "layers", test)), allow(dead_code))]
    pub(super) const fn is_below(self, sender: Self) -> bool {
        sender as u8 == Self::Lifecycle as u8 || (self as u8) < sender as u8 || carries_streams(self, sender)
    }

    /// Descriptor of this layer.
    ///
    /// # Panics
    ///
    /// Never: the table has a row for every layer.
    #[must_use]
    pub fn info(self) -> &'static LayerInfo {
        LAYERS.iter().find(|layer| layer.id == self).expect("every layer has a row")
    }
}

/// Whether a layer carries the streams of another one, which stands below it in the table.
#[cfg(feature = "layers")]
const fn carries_streams(layer: LayerId, of: LayerId) -> bool {
    matches!((layer, of), (LayerId::Radio, LayerId::Session))
}

#[cfg(not(feature = "layers"))]
const fn carries_streams(_: LayerId, _: LayerId) -> bool {
    false
}

impl PacketKind {
    /// Descriptor of this kind.
    #[must_use]
    pub fn info(self) -> &'static KindInfo {
        &self.layer.info().kinds[usize::from(self.number)]
    }

    /// Number of the kind in traces: unique over all layers.
    #[must_use]
    pub const fn code(self) -> u64 {
        (self.layer as u64) * KINDS_MAX as u64 + self.number as u64
    }
}

impl From<MessageKind> for PacketKind {
    fn from(kind: MessageKind) -> Self {
        Self { layer: LayerId::Lifecycle, number: kind as u8 }
    }
}

#[cfg(test)]
mod tests;
