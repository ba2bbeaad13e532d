//! What a layer may use and cause while it handles one input.

use super::address::{Address, Addresses};
use super::files::Files;
use super::layers::{Body, Event, LayerId};
use super::storage::Storage;
use super::timer::{TimerId, TimerTable};
use crate::base::id::PeerId;
use crate::base::rng::Rng;
use crate::base::time::{Round, Tick};
use crate::config::Config;
use crate::protocol::peer_table::PeerTable;

/// Time by the local clock of a host.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Now {
    /// Ticks since tick 0.
    pub tick: Tick,
    /// Rounds since round 0.
    pub round: Round,
}

/// What a layer may use and cause while it handles one input.
pub struct HostContext<'a> {
    /// Time by the local clock.
    pub now: Now,
    /// Shared by all hosts, so that a knob changes for all of them at once.
    pub config: &'a Config,
    /// Id of the host.
    pub host: PeerId,
    /// Address under which the host listens.
    pub address: Address,
    /// Addresses of all hosts.
    pub directory: &'a dyn Addresses,
    /// Random stream of the host's layers.
    pub rng: &'a mut Rng,
    /// Disk of the host.
    pub disk: &'a mut dyn Files,
    /// Peers that the lifecycle above knows, for reading.
    pub peers: &'a PeerTable,
    /// Stored mappings of the host, which proofs of storage show.
    pub storage: &'a mut dyn Storage,
    /// Effects.
    pub outbox: &'a mut HostOutbox,
    pub(super) layer: LayerId,
    pub(super) timers: &'a mut TimerTable,
    /// Tick of the world, which deadlines are kept in.
    pub(super) world_tick: Tick,
    /// Thousandths of a tick of the local clock that pass in a tick of the world.
    pub(super) clock_rate: u32,
}

/// Effects of the layers of one host.
#[derive(Debug, Default)]
pub struct HostOutbox {
    /// Packets, in the order in which they were sent.
    pub packets: Vec<(Address, Body)>,
    /// Messages to peers for the layers below, with the layers that have sent them.
    #[cfg(feature = "layers")]
    pub messages: Vec<(LayerId, PeerId, Body)>,
    /// Facts for observers.
    pub events: Vec<Event>,
    /// Deadlines to enter into the queue of the world.
    pub alarms: Vec<(Tick, TimerId)>,
    /// What layers have told the others of the host and these have not heard yet.
    #[cfg(feature = "layers")]
    pub notices: Vec<(LayerId, super::notice::Notice)>,
    /// Remembered peers for the lifecycle above, those to be invited first, and the number of these.
    #[cfg(feature = "layers")]
    pub recalled: Option<(Vec<PeerId>, u32)>,
}

impl HostOutbox {
    /// Whether there is no effect.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        #[cfg(feature = "layers")]
        if self.recalled.is_some() || !self.messages.is_empty() {
            return false;
        }
        self.packets.is_empty() && self.events.is_empty() && self.alarms.is_empty()
    }
}

impl HostContext<'_> {
    /// Sends a packet; the kernel stamps its source.
    pub fn send(&mut self, to: Address, body: impl Into<Body>) {
        self.outbox.packets.push((to, body.into()));
    }

    /// Sends a message to a peer: layers below this one carry it, or it goes to the address of the peer.
    #[cfg(feature = "layers")]
    pub fn send_down(&mut self, to: PeerId, body: impl Into<Body>) {
        self.outbox.messages.push((self.layer, to, body.into()));
    }

    /// States a fact for observers.
    pub fn report(&mut self, event: impl Into<Event>) {
        self.outbox.events.push(event.into());
    }

    /// Tells the other layers of the host.
    #[cfg(feature = "layers")]
    pub fn notify(&mut self, notice: super::notice::Notice) {
        self.outbox.notices.push((self.layer, notice));
    }

    /// Tells the lifecycle above of peers that this layer remembers; it invites the first of them.
    #[cfg(feature = "layers")]
    pub fn recall(&mut self, peers: Vec<PeerId>, invited: u32) {
        self.outbox.recalled = Some((peers, invited));
    }

    /// Sets a timer of this layer, `after` ticks of the local clock from now and at least one tick of the
    /// world; an earlier deadline of the same timer no longer stands.
    pub fn set_timer(&mut self, kind: u8, key: u32, after: u64) {
        debug_assert!(self.clock_rate > 0, "a clock that stands still never comes to a deadline");
        let ticks = (after.saturating_mul(1_000) / u64::from(self.clock_rate.max(1))).max(1);
        let due = Tick(self.world_tick.0.saturating_add(ticks));
        let id = TimerId { layer: self.layer, kind, key };
        if self.timers.set(id, due) {
            self.outbox.alarms.push((due, id));
        }
    }

    /// Cancels a timer of this layer, if it is set.
    pub fn cancel_timer(&mut self, kind: u8, key: u32) {
        self.timers.cancel(TimerId { layer: self.layer, kind, key });
    }
}

/// What the layers of a host share: from it each gets a context of its own.
pub struct Resources<'a> {
    /// Time by the local clock.
    pub now: Now,
    /// Tick of the world.
    pub world_tick: Tick,
    /// Thousandths of a tick of the local clock that pass in a tick of the world.
    pub clock_rate: u32,
    /// Shared by all hosts.
    pub config: &'a Config,
    /// Id of the host.
    pub host: PeerId,
    /// Address under which the host listens.
    pub address: Address,
    /// Addresses of all hosts.
    pub directory: &'a dyn Addresses,
    /// Random stream of the host's layers.
    pub rng: &'a mut Rng,
    /// Timers of the host.
    pub timers: &'a mut TimerTable,
    /// Disk of the host.
    pub disk: &'a mut dyn Files,
    /// Peers that the lifecycle above knows.
    pub peers: &'a PeerTable,
    /// Stored mappings of the host.
    pub storage: &'a mut dyn Storage,
    /// Effects.
    pub outbox: &'a mut HostOutbox,
}

impl Resources<'_> {
    #[cfg_attr(not(any(feature = "layers", test)), allow(dead_code))]
    pub(super) fn context(&mut self, layer: LayerId) -> HostContext<'_> {
        HostContext {
            now: self.now,
            config: self.config,
            host: self.host,
            address: self.address,
            directory: self.directory,
            rng: &mut *self.rng,
            disk: &mut *self.disk,
            peers: self.peers,
            storage: &mut *self.storage,
            outbox: &mut *self.outbox,
            layer,
            timers: &mut *self.timers,
            world_tick: self.world_tick,
            clock_rate: self.clock_rate,
        }
    }
}
