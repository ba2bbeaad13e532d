//! Frames that arrive.

use std::sync::Arc as Shared;

use super::assembly::Assembly;
use super::event::RadioEvent;
use super::frame::Checksum;
use super::message::{Content, RadioFrame, RadioMessage, Target};
use super::transmit::spacing_ms;
use super::{Audible, Radio, ms, set_timer, timer};
use crate::base::id::PeerId;
use crate::stack::address::Address;
use crate::stack::context::HostContext;
use crate::stack::layer::Upward;

/// First wait for a missing fragment, which doubles with each try, and its limit, in ms.
const REQUEST_MS: (u64, u64) = (1_000, 16_000);

impl Radio {
    /// A frame has arrived over the air.
    pub(super) fn on_frame(
        &mut self,
        cx: &mut HostContext<'_>,
        from: Address,
        frame: &RadioFrame,
        strength: i32,
    ) -> Option<Upward> {
        self.hear_newcomer(from, strength);
        self.touch(cx, frame.from, strength);
        if matches!(frame.to, Target::Peer(peer) if peer != cx.host) {
            return None;
        }
        match &frame.content {
            Content::Beacon { counter, sent_ms, about } => {
                self.on_beacon(cx, frame.from, strength, *counter, *sent_ms);
                about.iter().for_each(|peer| self.note_known(cx.host, *peer));
            }
            Content::Fragment { message, sequence, checksum, ttl, .. } => {
                if cx.rng.chance(cx.config.radio.fragment_loss) {
                    cx.report(RadioEvent::FragmentLost);
                    return None;
                }
                let check = if cx.config.radio.crc_signed { Checksum::Signed } else { Checksum::Unsigned };
                if !check.accepts(*checksum, *checksum) {
                    cx.report(RadioEvent::ChecksumRefused);
                    return None;
                }
                return self.on_fragment(cx, frame, message, *sequence, *ttl);
            }
            Content::Ack(id) => self.on_ack(cx, frame.from, *id),
            Content::Request { message, missing } => self.send_again(cx, *message, missing, frame.from),
            Content::RouteRequest { search, wanted, hops } => {
                self.on_route_request(cx, super::route_table::Hop::Air(frame.from), *search, *wanted, *hops);
            }
            Content::RouteReply { search, wanted, hops } => {
                self.on_route_reply(cx, super::route_table::Hop::Air(frame.from), *search, *wanted, *hops);
            }
        }
        None
    }

    /// A frame has arrived from another gateway: a fragment stands for its whole message.
    pub(super) fn on_bridged(
        &mut self,
        cx: &mut HostContext<'_>,
        from: Address,
        frame: &RadioFrame,
    ) -> Option<Upward> {
        let hop = super::route_table::Hop::Bridge(from);
        match &frame.content {
            Content::Fragment { message, ttl, .. } if !self.has_seen(message.id) => {
                return self.complete(cx, message, ttl.saturating_sub(1));
            }
            Content::RouteRequest { search, wanted, hops } => {
                self.on_route_request(cx, hop, *search, *wanted, *hops);
            }
            Content::RouteReply { search, wanted, hops } => {
                self.on_route_reply(cx, hop, *search, *wanted, *hops);
            }
            _ => {}
        }
        None
    }

    /// A host that joined later is heard for the first time: it hears this one too.
    fn hear_newcomer(&mut self, from: Address, strength: i32) {
        if let Err(index) = self.audible.binary_search_by_key(&from, |one| one.address) {
            self.audible.insert(index, Audible { address: from, strength });
        }
        debug_assert!(from.plan_index() != u32::MAX, "radios have planned addresses");
    }

    fn on_fragment(
        &mut self,
        cx: &mut HostContext<'_>,
        frame: &RadioFrame,
        message: &Shared<RadioMessage>,
        sequence: u32,
        ttl: u32,
    ) -> Option<Upward> {
        let id = message.id;
        self.note_known(cx.host, id.origin);
        if self.has_seen(id) {
            cx.report(RadioEvent::FragmentDuplicate);
            if sequence == 0 {
                self.note_copy(id);
            }
            // The acknowledgement was lost: the sender repeats the last fragment to ask for it.
            if matches!(frame.to, Target::Peer(_)) && sequence + 1 == message.fragments() {
                self.acknowledge(cx, frame.from, id);
            }
            return None;
        }
        let index = self.assembly_of(cx, frame.from, message, ttl);
        let assembly = &mut self.assembling[index];
        if !assembly.take(sequence) {
            cx.report(RadioEvent::FragmentDuplicate);
            return None;
        }
        (assembly.from, assembly.tries) = (frame.from, 0);
        if !assembly.is_complete() {
            let key = assembly.key;
            let wait = request_wait_ms(cx, 0);
            set_timer(cx, timer::ASSEMBLY, key, wait);
            return None;
        }
        let done = self.assembling.remove(index);
        cx.cancel_timer(timer::ASSEMBLY, done.key);
        if matches!(frame.to, Target::Peer(_)) {
            self.acknowledge(cx, frame.from, id);
        }
        self.complete(cx, &done.message, done.ttl.saturating_sub(1))
    }

    /// Index of the assembly of a message, which begins if there is none. Beyond a limit the oldest is given
    /// up.
    fn assembly_of(
        &mut self,
        cx: &mut HostContext<'_>,
        from: PeerId,
        message: &Shared<RadioMessage>,
        ttl: u32,
    ) -> usize {
        if let Some(index) = self.assembling.iter().position(|one| one.message.id == message.id) {
            return index;
        }
        if self.assembling.len() >= cx.config.radio.reassembly_max as usize {
            let oldest = self.assembling.remove(0);
            cx.cancel_timer(timer::ASSEMBLY, oldest.key);
            cx.report(RadioEvent::AssemblyFailed);
        }
        let key = self.next_serial();
        self.assembling.push(Assembly::new(Shared::clone(message), from, key, ms(cx), ttl));
        self.assembling.len() - 1
    }

    /// A message is whole: it is delivered, and goes on where it has to.
    fn complete(
        &mut self,
        cx: &mut HostContext<'_>,
        message: &Shared<RadioMessage>,
        ttl: u32,
    ) -> Option<Upward> {
        self.note_seen(message.id);
        if let Target::Peer(peer) = message.target
            && peer != cx.host
        {
            cx.report(RadioEvent::Relayed);
            self.forward(cx, message, peer);
            return None;
        }
        cx.report(RadioEvent::MessageComplete { after_ms: ms(cx).saturating_sub(message.created_ms) });
        if message.target == Target::Flood && ttl > 0 {
            self.relay(cx, message, ttl);
        }
        message.content.clone().map(|body| Upward { from: message.id.origin, body })
    }

    fn acknowledge(&mut self, cx: &mut HostContext<'_>, to: PeerId, id: super::message::MessageId) {
        let frame = RadioFrame { from: cx.host, to: Target::Peer(to), content: Content::Ack(id) };
        self.enqueue(cx, Shared::new(frame), 0);
    }

    /// A fragment is overdue: the missing ones are asked for, or the message is given up.
    pub(super) fn on_assembly_timer(&mut self, cx: &mut HostContext<'_>, key: u32) {
        let Some(index) = self.assembling.iter().position(|one| one.key == key) else { return };
        let rules = &cx.config.radio;
        let assembly = &mut self.assembling[index];
        let fragments = u64::from(assembly.message.fragments());
        let scaled = if rules.scaled_timeouts { 4 * fragments * spacing_ms(cx).1 } else { 0 };
        let is_late = ms(cx).saturating_sub(assembly.since_ms) > u64::from(rules.reassembly_ms) + scaled;
        let is_exhausted = assembly.tries >= rules.retries;
        if is_late || assembly.message.target == Target::Near || (is_exhausted && !rules.scaled_timeouts) {
            self.assembling.remove(index);
            cx.report(RadioEvent::AssemblyFailed);
            return;
        }
        if is_exhausted {
            // The sender may have to wait until its last hour is over.
            let wait = request_wait_ms(cx, rules.retries);
            set_timer(cx, timer::ASSEMBLY, key, wait);
            return;
        }
        assembly.tries += 1;
        let tries = assembly.tries;
        let content = Content::Request { message: assembly.message.id, missing: assembly.missing() };
        let frame = RadioFrame { from: cx.host, to: Target::Peer(assembly.from), content };
        let wait = request_wait_ms(cx, tries);
        set_timer(cx, timer::ASSEMBLY, key, wait);
        self.enqueue(cx, Shared::new(frame), 0);
    }
}

/// Time after which the next fragment is overdue, in ms: it doubles with each request.
fn request_wait_ms(cx: &mut HostContext<'_>, tries: u32) -> u64 {
    let (first, most) = REQUEST_MS;
    let backoff = (first << tries.min(4)).min(most);
    let (airtime, spacing) = spacing_ms(cx);
    let jitter = u64::from(cx.rng.below(u32::try_from(backoff / 5).unwrap_or(1).max(1)));
    let scaled = if cx.config.radio.scaled_timeouts { spacing << tries.min(4) } else { 0 };
    backoff + jitter + 3 * airtime + u64::from(cx.config.radio.gap_ms) + scaled
}
