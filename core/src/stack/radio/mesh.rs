//! Beacons and neighbours.

use std::sync::Arc as Shared;

use super::event::RadioEvent;
use super::message::{Content, RadioFrame, Target};
use super::transmit::charged_us;
use super::{Radio, ms, set_timer, timer};
use crate::base::digest::Digest;
use crate::base::id::PeerId;
use crate::stack::context::HostContext;

/// Longest interval between two looks for silent neighbours, in ms.
const SWEEP_MS: u64 = 30_000;
/// Steps of the counter of beacons in a second of the clock, where it survives a restart.
const STEP_MS: u64 = 1_000;

/// A host that has been heard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Neighbor {
    /// Its id.
    pub peer: PeerId,
    /// Strength of its last frame, in hundredths of a dBm.
    pub strength: i32,
    /// Time at which it counts as heard last, in ms.
    pub heard_ms: u64,
    /// Counter of its last beacon.
    counter: u32,
    /// Messages in sequence that it has not acknowledged.
    failures: u32,
    /// Time until which it is left alone, in ms.
    closed_until_ms: u64,
}

impl Neighbor {
    /// Whether messages go to it.
    #[must_use]
    pub const fn is_open(&self, now_ms: u64) -> bool {
        self.closed_until_ms <= now_ms
    }

    /// Adds the neighbour to a fingerprint.
    pub fn digest(&self, digest: &mut Digest) {
        digest.number(self.peer.get());
        digest.number(self.heard_ms);
        digest.number(u64::from(self.counter) << 32 | u64::from(self.failures));
        digest.number(self.closed_until_ms);
    }
}

impl Radio {
    /// Sets the timers of beacons and of the search for silent neighbours.
    pub(super) fn begin_mesh(&mut self, cx: &mut HostContext<'_>) {
        let rules = &cx.config.radio;
        if let Some(interval) = rules.beacon_ms {
            let first = u64::from(cx.rng.below(interval.get()));
            set_timer(cx, timer::BEACON, 0, first);
        }
        set_timer(cx, timer::SWEEP, 0, sweep_ms(cx));
        // What a host sends after a restart must not have the numbers of what it sent before.
        if !rules.counter_lost {
            self.number = u32::try_from(ms(cx) / STEP_MS).unwrap_or(u32::MAX);
        }
    }

    /// Sends a beacon, if the law allows it, and sets the timer of the next.
    pub(super) fn on_beacon_due(&mut self, cx: &mut HostContext<'_>) {
        let Some(interval) = cx.config.radio.beacon_ms else { return };
        let id = self.next_id(cx.host);
        let about = cx.rng.index(self.known.len()).map(|index| self.known[index]);
        let content = Content::Beacon { counter: id.number, sent_ms: ms(cx), about };
        let frame = RadioFrame { from: cx.host, to: Target::Near, content };
        let is_waiting =
            self.queue.any(frame.priority(), |other| matches!(other.content, Content::Beacon { .. }));
        if is_waiting || !self.may_send(cx, charged_us(cx, frame.bytes())) {
            cx.report(RadioEvent::BeaconSkipped);
        } else {
            self.enqueue(cx, Shared::new(frame), 0);
        }
        let jitter = u64::from(cx.rng.below((interval.get() / 10).max(1)));
        set_timer(cx, timer::BEACON, 0, u64::from(interval.get()) + jitter);
    }

    /// A beacon was heard.
    pub(super) fn on_beacon(
        &mut self,
        cx: &mut HostContext<'_>,
        peer: PeerId,
        strength: i32,
        counter: u32,
        sent_ms: u64,
    ) {
        let heard_ms = if cx.config.radio.sender_time { sent_ms } else { ms(cx) };
        match self.neighbors.binary_search_by_key(&peer, |one| one.peer) {
            Ok(index) if counter <= self.neighbors[index].counter => cx.report(RadioEvent::BeaconIgnored),
            Ok(index) => {
                let neighbor = &mut self.neighbors[index];
                (neighbor.counter, neighbor.heard_ms, neighbor.strength) = (counter, heard_ms, strength);
            }
            Err(_) if self.neighbors.len() >= cx.config.radio.neighbors_max as usize => {}
            Err(index) => {
                let neighbor =
                    Neighbor { peer, strength, heard_ms, counter, failures: 0, closed_until_ms: 0 };
                self.neighbors.insert(index, neighbor);
                self.note_known(cx.host, peer);
                cx.report(RadioEvent::NeighborFound);
            }
        }
    }

    /// Any frame shows that a neighbour is there, except where beacons alone decide.
    pub(super) fn touch(&mut self, cx: &HostContext<'_>, peer: PeerId, strength: i32) {
        if cx.config.radio.counter_lost || cx.config.radio.sender_time {
            return;
        }
        if let Ok(index) = self.neighbors.binary_search_by_key(&peer, |one| one.peer) {
            (self.neighbors[index].heard_ms, self.neighbors[index].strength) = (ms(cx), strength);
        }
    }

    /// Forgets neighbours that have been silent for too long.
    pub(super) fn sweep(&mut self, cx: &mut HostContext<'_>) {
        let (now, timeout) = (ms(cx), u64::from(cx.config.radio.neighbor_timeout_ms));
        let before = self.neighbors.len();
        self.neighbors.retain(|one| now.saturating_sub(one.heard_ms) <= timeout);
        (self.neighbors.len()..before).for_each(|_| cx.report(RadioEvent::NeighborLost));
        self.forget_routes(cx);
        set_timer(cx, timer::SWEEP, 0, sweep_ms(cx));
    }

    /// A neighbour has acknowledged a message.
    pub(super) fn note_success(&mut self, peer: PeerId) {
        if let Ok(index) = self.neighbors.binary_search_by_key(&peer, |one| one.peer) {
            self.neighbors[index].failures = 0;
        }
    }

    /// A neighbour has not acknowledged a message: after some in sequence it is left alone for a time
    /// (circuit breaker).
    pub(super) fn note_failure(&mut self, cx: &mut HostContext<'_>, peer: PeerId) {
        self.forget_routes_by(peer);
        let Ok(index) = self.neighbors.binary_search_by_key(&peer, |one| one.peer) else { return };
        let neighbor = &mut self.neighbors[index];
        neighbor.failures += 1;
        let limit = cx.config.radio.breaker_failures;
        if limit.is_some_and(|limit| neighbor.failures >= limit.get()) {
            neighbor.failures = 0;
            neighbor.closed_until_ms = ms(cx) + u64::from(cx.config.radio.breaker_ms);
            cx.report(RadioEvent::BreakerOpened);
        }
    }

    /// Whether a neighbour takes messages.
    pub(super) fn is_neighbor(&self, cx: &HostContext<'_>, peer: PeerId) -> bool {
        let found = self.neighbors.binary_search_by_key(&peer, |one| one.peer);
        found.is_ok_and(|index| self.neighbors[index].is_open(ms(cx)))
    }
}

fn sweep_ms(cx: &HostContext<'_>) -> u64 {
    (u64::from(cx.config.radio.neighbor_timeout_ms) / 4).min(SWEEP_MS)
}
