//! The contract of a layer below the peer lifecycle, and the slot that holds it.

use std::fmt::Debug;

use super::address::Address;
use super::context::HostContext;
pub use super::layers::Body;
use super::layers::LayerId;
use crate::base::digest::Digest;
use crate::base::id::PeerId;
use crate::base::kind::{CounterInfo, KindInfo};
use crate::base::prefetch;
use crate::config::Config;
use crate::protocol::message::ProofResolver;

/// Payload of the packets of a layer.
pub trait LayerBody: Clone + Debug {
    /// Descriptor of each kind, by its number.
    const KINDS: &'static [KindInfo];

    /// Number of the kind, an index into [`LayerBody::KINDS`].
    fn kind(&self) -> u8;

    /// Size in bytes on the wire.
    fn size(&self) -> u32;

    /// Peers that the payload refers its receiver to.
    #[cfg(feature = "layers")]
    fn named(&self) -> Vec<PeerId> {
        Vec::new()
    }

    /// The transmission that carries the payload; `None` if it travels over a link of its own.
    fn signal(&self) -> Option<Signal> {
        None
    }

    /// Adds the payload to a fingerprint.
    fn digest(&self, digest: &mut Digest, resolver: &dyn ProofResolver);
}

/// A transmission as one receiver hears it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Signal {
    /// Ticks on the air, at least 1.
    pub airtime: u32,
    /// Transmissions disturb one another only within a band: a channel and a spreading factor.
    pub band: u32,
    /// Strength at the receiver, in hundredths of a dBm.
    pub strength: i32,
}

/// A fact that a layer states for observers.
pub trait LayerEvent: Copy + Debug {
    /// Descriptor of each counter that events of this layer add to.
    const COUNTERS: &'static [CounterInfo];

    /// Number of the counter that this event adds one to; `None` if it is not counted.
    fn counter(&self) -> Option<u8>;
}

/// What becomes of a message on its way down.
#[derive(Debug)]
pub enum Passed {
    /// The layer does not carry it: it goes on to the layer below, in the end to the network.
    Down(Body),
    /// The layer has taken it, to carry or to drop it.
    Taken,
}

/// A message that a layer hands up to the one that it belongs to, with the peer that sent it.
#[derive(Debug)]
pub struct Upward {
    /// Sender, as the layer has identified it.
    pub from: PeerId,
    /// The message.
    pub body: Body,
}

/// A layer of the stack below the peer lifecycle: a function of its state, the time, an input and its
/// randomness.
///
/// A layer touches nothing but what its [`HostContext`] offers, and never imports another layer.
pub trait Layer: Clone + Debug {
    /// Payload of its packets.
    type Body: LayerBody;

    /// The layer of a host, or `None` if the configuration leaves it off.
    fn new(host: PeerId, config: &Config) -> Option<Self>;

    /// The host boots: at tick 0, when it joins, and after a restart.
    fn on_boot(&mut self, cx: &mut HostContext<'_>);

    /// A packet of this layer arrives.
    fn on_packet(&mut self, cx: &mut HostContext<'_>, from: Address, body: Self::Body) -> Option<Upward>;

    /// The lifecycle, or a layer above this one, sends a message to a peer.
    fn on_send(&mut self, cx: &mut HostContext<'_>, to: PeerId, body: Body) -> Passed {
        let _ = (cx, to);
        Passed::Down(body)
    }

    /// A timer is due that this layer has set by [`HostContext::set_timer`].
    fn on_timer(&mut self, cx: &mut HostContext<'_>, kind: u8, key: u32);

    /// Another layer of the host has something to tell.
    #[cfg(feature = "layers")]
    fn on_notice(&mut self, cx: &mut HostContext<'_>, notice: super::notice::Notice) {
        let _ = (cx, notice);
    }

    /// The host stops gracefully: the last chance to send and to write.
    fn on_stop(&mut self, cx: &mut HostContext<'_>) {
        let _ = cx;
    }

    /// Prefetches what the state points to and the next input reads; none by default.
    fn prefetch(&self) {}

    /// Adds the state to a fingerprint, after the tag of the layer.
    fn digest(&self, digest: &mut Digest);
}

/// A layer that a scenario switches on, or nothing: an `Off` slot takes no input and adds nothing to a
/// fingerprint.
#[derive(Clone, Debug, Default)]
pub enum Slot<L> {
    /// The scenario leaves the layer off.
    #[default]
    Off,
    /// The layer with its state.
    On(Box<L>),
}

#[cfg_attr(not(any(feature = "layers", test)), allow(dead_code))]
impl<L: Layer> Slot<L> {
    pub(super) fn new(host: PeerId, config: &Config) -> Self {
        L::new(host, config).map_or(Self::Off, |layer| Self::On(Box::new(layer)))
    }

    /// Prefetches the state of the layer itself, not what it points to.
    pub(super) fn prefetch(&self) {
        self.get().into_iter().for_each(prefetch::whole);
    }

    /// Prefetches what the state points to.
    pub(super) fn prefetch_lists(&self) {
        self.get().into_iter().for_each(L::prefetch);
    }

    /// The layer; `None` if it is off.
    #[must_use]
    pub fn get(&self) -> Option<&L> {
        match self {
            Self::Off => None,
            Self::On(layer) => Some(layer),
        }
    }

    pub(crate) fn get_mut(&mut self) -> Option<&mut L> {
        match self {
            Self::Off => None,
            Self::On(layer) => Some(layer),
        }
    }

    pub(super) fn digest(&self, id: LayerId, digest: &mut Digest) {
        if let Self::On(layer) = self {
            digest.layer(id as u64);
            layer.digest(digest);
        }
    }
}
