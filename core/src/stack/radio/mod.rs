//! Radio of document 004: LoRa frames on a shared medium, the law of a region, and a mesh.
//!
//! ```text
//! message -> fragments -> queue -> ledger -> on the air ~~~ collisions ~~~> checksum -> assembly -> message
//!                 ^                                                                |
//!                 +------------- requests for missing fragments, acknowledgements -+
//! ```
//!
//! | module | content |
//! |---|---|
//! | [`plan`] | positions, loss with distance |
//! | [`airtime`] | time on the air of a transmission |
//! | [`region`], [`ledger`], [`budget`] | the law; transmissions of the last hour; frames that it allows |
//! | [`frame`], [`message`] | frames on the wire; messages, their fragments, what goes on the air |
//! | [`queue`], `transmit` | frames that wait, and when they go |
//! | `receive`, [`assembly`] | frames that arrive, and what is made of them |
//! | `delivery` | messages on their way: next hops, acknowledgements, repetition |
//! | [`mesh`], `routing` | beacons and neighbours; routes and floods |
//! | `traffic` | messages that hosts originate on their own |
//! | [`event`] | facts for observers |
//! | `remembered`, `route_table` | messages and peers that a host has heard of; its routes |
//!
//! Collisions are decided by the kernel (`sim/network/air`): a frame that others destroy does not arrive.

pub mod airtime;
pub mod assembly;
pub mod budget;
mod delivery;
pub mod event;
pub mod frame;
pub mod ledger;
pub mod mesh;
pub mod message;
pub mod plan;
pub mod queue;
mod receive;
pub mod region;
mod remembered;
mod route_table;
mod routing;
mod traffic;
mod transmit;

use std::collections::VecDeque;
use std::sync::Arc as Shared;

use self::assembly::Assembly;
use self::delivery::Outgoing;
use self::ledger::Ledger;
use self::mesh::Neighbor;
use self::message::{MessageId, RadioBody, RadioMessage, Target};
use self::plan::Site;
use self::queue::Queue;
use self::remembered::Remembered;
use self::route_table::RouteTable;
use self::routing::{Repetition, Search};
use super::address::Address;
use super::context::HostContext;
use super::layer::{Body, Layer, Passed, Upward};
use super::notice::Notice;
use crate::base::digest::Digest;
use crate::base::id::PeerId;
use crate::base::prefetch;
use crate::config::{Cargo, Config};

/// Messages that a host remembers to have seen.
const SEEN_MAX: usize = 500;
/// Messages that a host keeps to send parts of them again.
const KEPT_MAX: usize = 100;
/// Peers that a host has heard of.
const KNOWN_MAX: usize = 1_000;

/// Kinds of timers.
mod timer {
    /// The next frame may go.
    pub(super) const PUMP: u8 = 0;
    /// The next beacon is due.
    pub(super) const BEACON: u8 = 1;
    /// Silent neighbours are forgotten.
    pub(super) const SWEEP: u8 = 2;
    /// The host originates a message.
    pub(super) const TRAFFIC: u8 = 3;
    /// An acknowledgement is overdue.
    pub(super) const ACK: u8 = 4;
    /// A message is not complete.
    pub(super) const ASSEMBLY: u8 = 5;
    /// A search for a route has had no result.
    pub(super) const SEARCH: u8 = 6;
    /// A message of a flood is repeated.
    pub(super) const RELAY: u8 = 7;
}

/// Another host in range.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Audible {
    /// Its address.
    pub address: Address,
    /// Strength at which each hears the other, in hundredths of a dBm.
    pub strength: i32,
}

/// The radio of one host.
#[derive(Clone, Debug)]
pub struct Radio {
    position: Site,
    /// Hosts in range, in ascending order of address.
    audible: Vec<Audible>,
    /// Transmissions as they were.
    ledger: Ledger,
    /// Transmissions as the host has charged them, if that differs.
    charged: Option<Ledger>,
    /// Greatest use of the duty cycle so far, in millionths of the budget.
    peak: u64,
    /// Transmissions that broke the law.
    violations: u64,
    queue: Queue,
    /// End of the present transmission, and of the pause behind it, in µs.
    busy_until_us: u64,
    /// Beacons, messages and searches so far.
    number: u32,
    /// Number of the next timed thing.
    serial: u32,
    /// In ascending order of id.
    neighbors: Vec<Neighbor>,
    /// Peers heard of.
    known: Remembered<PeerId>,
    routes: RouteTable,
    searches: Vec<Search>,
    relays: Vec<Repetition>,
    assembling: Vec<Assembly>,
    outgoing: Vec<Outgoing>,
    /// Messages sent, to be repeated on request.
    kept: VecDeque<Shared<RadioMessage>>,
    /// Messages and searches that have been dealt with.
    seen: Remembered<MessageId>,
}

impl Layer for Radio {
    type Body = RadioBody;

    fn new(_host: PeerId, config: &Config) -> Option<Self> {
        let rules = &config.radio;
        rules.enabled.then(|| Self {
            position: Site { x: 0, y: 0 },
            audible: Vec::new(),
            ledger: Ledger::new(rules.region),
            charged: (rules.airtime_in_seconds || rules.flat_airtime).then(|| Ledger::new(rules.region)),
            peak: 0,
            violations: 0,
            queue: Queue::default(),
            busy_until_us: 0,
            number: 0,
            serial: 0,
            neighbors: Vec::new(),
            known: Remembered::new(KNOWN_MAX),
            routes: RouteTable::default(),
            searches: Vec::new(),
            relays: Vec::new(),
            assembling: Vec::new(),
            outgoing: Vec::new(),
            kept: VecDeque::new(),
            seen: Remembered::new(SEEN_MAX),
        })
    }

    fn on_boot(&mut self, cx: &mut HostContext<'_>) {
        self.survey(cx);
        self.restore_ledger(cx);
        self.begin_mesh(cx);
        Self::time_traffic(cx);
        let (_, spacing) = transmit::spacing_ms(cx);
        cx.notify(Notice::Pace { ms: u32::try_from(spacing).unwrap_or(u32::MAX) });
    }

    fn on_packet(&mut self, cx: &mut HostContext<'_>, from: Address, body: RadioBody) -> Option<Upward> {
        match body {
            RadioBody::OnAir { frame, signal } => self.on_frame(cx, from, &frame, signal.strength),
            RadioBody::Bridged(frame) => self.on_bridged(cx, from, &frame),
        }
    }

    fn on_send(&mut self, cx: &mut HostContext<'_>, to: PeerId, body: Body) -> Passed {
        let ends = [cx.address, cx.directory.listening(to)];
        if cx.config.session.enabled && ends.iter().all(|end| cx.config.has_internet(end.plan_index())) {
            return Passed::Down(body);
        }
        let bytes = body.size();
        let priority = self::message::Priority::Normal;
        self.originate(cx, Target::Peer(to), Cargo::Block, priority, bytes, Some(body));
        Passed::Taken
    }

    fn on_timer(&mut self, cx: &mut HostContext<'_>, kind: u8, key: u32) {
        match kind {
            timer::PUMP => self.pump(cx),
            timer::BEACON => self.on_beacon_due(cx),
            timer::SWEEP => self.sweep(cx),
            timer::TRAFFIC => self.on_traffic(cx),
            timer::ACK => self.on_ack_overdue(cx, key),
            timer::ASSEMBLY => self.on_assembly_timer(cx, key),
            timer::SEARCH => self.on_search_over(cx, key),
            timer::RELAY => self.on_relay_due(cx, key),
            _ => unreachable!("no such timer is set"),
        }
    }

    fn prefetch(&self) {
        prefetch::all(&self.audible);
        self.ledger.prefetch();
        self.queue.prefetch();
    }

    fn digest(&self, digest: &mut Digest) {
        self.ledger.digest(digest);
        if let Some(charged) = &self.charged {
            charged.digest(digest);
        }
        digest.length(self.audible.len());
        digest.number(self.violations);
        self.queue.digest(digest);
        digest.number(self.busy_until_us);
        digest.number(u64::from(self.number) << 32 | u64::from(self.serial));
        digest.length(self.neighbors.len());
        self.neighbors.iter().for_each(|one| one.digest(digest));
        digest.length(self.known.len());
        self.known.iter().for_each(|one| digest.number(one.get()));
        self.digest_routes(digest);
        digest.length(self.assembling.len());
        self.assembling.iter().for_each(|one| one.digest(digest));
        self.digest_outgoing(digest);
        digest.length(self.seen.len());
        self.seen.iter().for_each(|id| id.digest(digest));
    }
}

impl Radio {
    /// Position of the host.
    #[must_use]
    pub const fn position(&self) -> Site {
        self.position
    }

    /// Hosts in range, in ascending order of address.
    #[must_use]
    pub fn audible(&self) -> &[Audible] {
        &self.audible
    }

    /// Transmissions of the last hour, as they were.
    #[must_use]
    pub const fn ledger(&self) -> &Ledger {
        &self.ledger
    }

    /// Greatest use of the duty cycle so far, in millionths of the budget.
    #[must_use]
    pub const fn duty_peak(&self) -> u64 {
        self.peak
    }

    /// Transmissions that broke the law.
    #[must_use]
    pub const fn violations(&self) -> u64 {
        self.violations
    }

    /// Neighbours, in ascending order of id.
    #[must_use]
    pub fn neighbors(&self) -> &[Neighbor] {
        &self.neighbors
    }

    /// Frames that wait.
    #[must_use]
    pub const fn queue(&self) -> &Queue {
        &self.queue
    }

    /// Messages that are being assembled.
    #[must_use]
    pub fn assembling(&self) -> &[Assembly] {
        &self.assembling
    }

    /// Computes position and hosts in range.
    fn survey(&mut self, cx: &HostContext<'_>) {
        let (rules, hosts) = (&cx.config.radio, cx.config.genesis.peers);
        let own = cx.address.plan_index();
        self.position = plan::position(own, rules, hosts);
        let others = (0..hosts).filter(|index| *index != own);
        let heard = others.filter_map(|index| {
            let strength = self.strength_to(cx, index)?;
            Some(Audible { address: Address::planned(index), strength })
        });
        self.audible = heard.collect();
    }

    /// Strength at which the host with an index hears this one, in hundredths of a dBm; `None` if not at all.
    fn strength_to(&self, cx: &HostContext<'_>, index: u32) -> Option<i32> {
        let (rules, hosts) = (&cx.config.radio, cx.config.genesis.peers);
        let other = plan::position(index, rules, hosts);
        let loss = plan::path_loss(self.position.distance2(other), rules.path_exponent);
        let strength = Self::power(cx) - loss;
        (strength >= plan::sensitivity(rules.spreading, rules.bandwidth)).then_some(strength)
    }

    /// The next number of a timed thing.
    const fn next_serial(&mut self) -> u32 {
        self.serial = self.serial.wrapping_add(1);
        self.serial
    }

    /// The next number of what this host originates.
    const fn next_id(&mut self, host: PeerId) -> MessageId {
        self.number = self.number.wrapping_add(1);
        MessageId { origin: host, number: self.number }
    }

    fn has_seen(&self, id: MessageId) -> bool {
        self.seen.contains(id)
    }

    /// Remembers a message or a search.
    fn note_seen(&mut self, id: MessageId) {
        self.seen.note(id);
    }

    /// Remembers a peer that was heard of.
    fn note_known(&mut self, own: PeerId, peer: PeerId) {
        if peer != own && !self.known.contains(peer) {
            self.known.note(peer);
        }
    }
}

/// Local time in ms.
fn ms(cx: &HostContext<'_>) -> u64 {
    cx.now.tick.0 * u64::from(cx.config.time.tick_ms)
}

/// Local time in µs.
fn us(cx: &HostContext<'_>) -> u64 {
    ms(cx) * 1_000
}

/// Sets a timer that is due after a time in ms.
fn set_timer(cx: &mut HostContext<'_>, kind: u8, key: u32, after_ms: u64) {
    let ticks = after_ms.div_ceil(u64::from(cx.config.time.tick_ms));
    cx.set_timer(kind, key, ticks);
}

#[cfg(test)]
mod tests;
