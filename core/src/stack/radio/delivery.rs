//! Messages on their way: to a next hop that acknowledges them, or to all hosts in range.

use std::sync::Arc as Shared;

use super::event::RadioEvent;
use super::message::{Content, MessageId, Priority, RadioBody, RadioFrame, RadioMessage, Target};
use super::route_table::Hop;
use super::transmit::{other_gateways, spacing_ms};
use super::{KEPT_MAX, Radio, ms, set_timer, timer};
use crate::base::digest::Digest;
use crate::base::id::PeerId;
use crate::config::Cargo;
use crate::stack::context::HostContext;
use crate::stack::layer::Body;

/// Messages of which a host awaits the acknowledgement at a time; further ones fail.
const OUTGOING_MAX: usize = 1_000;

/// A message whose acknowledgement is awaited.
#[derive(Clone, Debug)]
pub(super) struct Outgoing {
    message: Shared<RadioMessage>,
    /// Host that has to acknowledge it.
    next: PeerId,
    /// Number of its timer.
    key: u32,
    /// Times that the acknowledgement was asked for.
    tries: u32,
}

impl Radio {
    /// Originates a message.
    pub(super) fn originate(
        &mut self,
        cx: &mut HostContext<'_>,
        target: Target,
        cargo: Cargo,
        priority: Priority,
        bytes: u32,
        content: Option<Body>,
    ) {
        let id = self.next_id(cx.host);
        let message = RadioMessage { id, target, cargo, priority, bytes, created_ms: ms(cx), content };
        cx.report(RadioEvent::MessageSent);
        self.note_seen(id);
        let message = Shared::new(message);
        match target {
            Target::Flood => self.repeat(cx, &message, cx.config.radio.flood_ttl),
            Target::Near => self.send_fragments(cx, &message, Target::Near, 1),
            Target::Peer(peer) => self.forward(cx, &message, peer),
        }
    }

    /// Sends a message of a flood to all hosts in range, and to the other gateways.
    pub(super) fn repeat(&mut self, cx: &mut HostContext<'_>, message: &Shared<RadioMessage>, ttl: u32) {
        self.send_fragments(cx, message, Target::Flood, ttl);
        let frame = Shared::new(fragment(cx.host, Target::Flood, message, 0, false, ttl));
        for gateway in other_gateways(cx) {
            cx.send(gateway, RadioBody::Bridged(Shared::clone(&frame)));
        }
    }

    /// Sends a message to its next hop towards a peer, or begins a search for one.
    pub(super) fn forward(&mut self, cx: &mut HostContext<'_>, message: &Shared<RadioMessage>, peer: PeerId) {
        match self.next_hop(cx, peer) {
            Some(Hop::Air(next)) => self.send_reliably(cx, message, next),
            Some(Hop::Bridge(gateway)) => {
                let frame = fragment(cx.host, Target::Peer(peer), message, 0, false, 1);
                cx.send(gateway, RadioBody::Bridged(Shared::new(frame)));
            }
            None => self.search(cx, Shared::clone(message), peer),
        }
    }

    fn send_reliably(&mut self, cx: &mut HostContext<'_>, message: &Shared<RadioMessage>, next: PeerId) {
        let is_awaited = |one: &Outgoing| one.message.id == message.id && one.next == next;
        if self.outgoing.len() >= OUTGOING_MAX || self.outgoing.iter().any(is_awaited) {
            cx.report(RadioEvent::MessageFailed);
            return;
        }
        let key = self.next_serial();
        self.outgoing.push(Outgoing { message: Shared::clone(message), next, key, tries: 0 });
        self.send_fragments(cx, message, Target::Peer(next), 1);
    }

    /// Queues all fragments of a message, and keeps it to send some of them again.
    fn send_fragments(
        &mut self,
        cx: &mut HostContext<'_>,
        message: &Shared<RadioMessage>,
        to: Target,
        ttl: u32,
    ) {
        if self.kept.len() == KEPT_MAX {
            self.kept.pop_front();
        }
        self.kept.push_back(Shared::clone(message));
        for sequence in 0..message.fragments() {
            let frame = fragment(cx.host, to, message, sequence, false, ttl);
            self.enqueue(cx, Shared::new(frame), 0);
        }
    }

    /// Sends fragments again, unless they still wait to go.
    pub(super) fn send_again(
        &mut self,
        cx: &mut HostContext<'_>,
        id: MessageId,
        sequences: &[u32],
        asker: PeerId,
    ) {
        let kept = self.kept.iter().rev().find(|one| one.id == id).map(Shared::clone);
        let Some(message) = kept else { return };
        let to = if message.target == Target::Flood { Target::Flood } else { Target::Peer(asker) };
        for sequence in sequences.iter().filter(|one| **one < message.fragments()) {
            let is_waiting =
                self.queue.any(message.priority, |frame| is_fragment(frame, id, Some(*sequence)));
            if !is_waiting {
                let frame = fragment(cx.host, to, &message, *sequence, true, cx.config.radio.flood_ttl);
                self.enqueue(cx, Shared::new(frame), 0);
            }
        }
    }

    /// A frame has gone on the air: the acknowledgement of its message is due some time after it.
    pub(super) fn on_transmitted(&mut self, cx: &mut HostContext<'_>, frame: &RadioFrame, busy_ms: u64) {
        let (Target::Peer(next), Content::Fragment { message, .. }) = (frame.to, &frame.content) else {
            return;
        };
        let awaited = self.outgoing.iter().find(|one| one.message.id == message.id && one.next == next);
        if let Some(Outgoing { key, .. }) = awaited {
            let wait = ack_wait_ms(cx);
            set_timer(cx, timer::ACK, *key, busy_ms + wait);
        }
    }

    /// The next hop has the message.
    pub(super) fn on_ack(&mut self, cx: &mut HostContext<'_>, from: PeerId, id: MessageId) {
        let found = self.outgoing.iter().position(|one| one.message.id == id && one.next == from);
        let Some(index) = found else { return };
        let done = self.outgoing.remove(index);
        cx.cancel_timer(timer::ACK, done.key);
        let is_part = |frame: &RadioFrame| is_fragment(frame, id, None) && frame.to == Target::Peer(from);
        self.queue.drop_where(done.message.priority, is_part);
        cx.report(RadioEvent::Acknowledged);
        self.note_success(from);
    }

    /// Asks for the acknowledgement again by repeating the last fragment, or gives the message up.
    pub(super) fn on_ack_overdue(&mut self, cx: &mut HostContext<'_>, key: u32) {
        let Some(index) = self.outgoing.iter().position(|one| one.key == key) else { return };
        let Outgoing { message, next, .. } = &self.outgoing[index];
        let (id, next) = (message.id, *next);
        if self.queue.any(message.priority, |frame| is_fragment(frame, id, None)) {
            // Parts of it have not gone yet.
            let wait = ack_wait_ms(cx);
            set_timer(cx, timer::ACK, key, wait);
            return;
        }
        if self.outgoing[index].tries < cx.config.radio.retries {
            self.outgoing[index].tries += 1;
            let message = &self.outgoing[index].message;
            let frame = fragment(cx.host, Target::Peer(next), message, message.fragments() - 1, true, 1);
            let wait = ack_wait_ms(cx);
            set_timer(cx, timer::ACK, key, wait);
            self.enqueue(cx, Shared::new(frame), 0);
            return;
        }
        self.outgoing.remove(index);
        cx.report(RadioEvent::MessageFailed);
        self.note_failure(cx, next);
    }

    /// A frame was dropped before it went on the air: without it its message cannot arrive.
    pub(super) fn on_dropped(&mut self, cx: &mut HostContext<'_>, frame: &RadioFrame) {
        let Content::Fragment { message, .. } = &frame.content else { return };
        let id = message.id;
        let is_part = |other: &RadioFrame| is_fragment(other, id, None) && other.to == frame.to;
        self.queue.drop_where(message.priority, is_part);
        let awaited = self.outgoing.iter().position(|one| one.message.id == id);
        if let Some(index) = awaited {
            let one = self.outgoing.remove(index);
            cx.cancel_timer(timer::ACK, one.key);
        }
        if awaited.is_some() || id.origin == cx.host {
            cx.report(RadioEvent::MessageFailed);
        }
    }

    pub(super) fn digest_outgoing(&self, digest: &mut Digest) {
        digest.length(self.outgoing.len());
        for Outgoing { message, next, key, tries } in &self.outgoing {
            message.id.digest(digest);
            digest.number(next.get());
            digest.number(u64::from(*key) << 32 | u64::from(*tries));
        }
        digest.length(self.kept.len());
        self.kept.iter().for_each(|one| one.id.digest(digest));
    }
}

/// A frame with a fragment.
fn fragment(
    from: PeerId,
    to: Target,
    message: &Shared<RadioMessage>,
    sequence: u32,
    again: bool,
    ttl: u32,
) -> RadioFrame {
    let checksum = message.checksum(sequence);
    let message = Shared::clone(message);
    RadioFrame { from, to, content: Content::Fragment { message, sequence, again, checksum, ttl } }
}

/// Whether a frame holds a fragment of a message: any, or this one.
fn is_fragment(frame: &RadioFrame, id: MessageId, wanted: Option<u32>) -> bool {
    matches!(&frame.content, Content::Fragment { message, sequence, .. }
        if message.id == id && wanted.is_none_or(|wanted| wanted == *sequence))
}

/// Time in which an acknowledgement should arrive, in ms.
fn ack_wait_ms(cx: &HostContext<'_>) -> u64 {
    let rules = &cx.config.radio;
    let (airtime, spacing) = spacing_ms(cx);
    let scaled = if rules.scaled_timeouts { 2 * airtime + spacing } else { 0 };
    u64::from(rules.ack_ms) + scaled
}
