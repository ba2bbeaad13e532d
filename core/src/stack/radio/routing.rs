//! Routes over several hops, found by flooding a search (AODV, RFC 3561), and floods with suppression.

use std::sync::Arc as Shared;

use super::event::RadioEvent;
use super::message::{Content, MessageId, RadioBody, RadioFrame, RadioMessage, Target};
use super::route_table::{Hop, MeshRoute};
use super::transmit::{other_gateways, spacing_ms};
use super::{Radio, ms, set_timer, timer};
use crate::base::digest::Digest;
use crate::base::id::PeerId;
use crate::stack::context::HostContext;

/// Messages that wait for a route; further ones fail.
const PENDING_MAX: usize = 100;
/// Messages of floods that wait to be repeated; further ones are not repeated.
const RELAYS_MAX: usize = 100;

/// A search for a route, with the messages that wait for it.
#[derive(Clone, Debug)]
pub(super) struct Search {
    wanted: PeerId,
    key: u32,
    tries: u32,
    waiting: Vec<Shared<RadioMessage>>,
}

/// A message of a flood that is to be repeated.
#[derive(Clone, Debug)]
pub(super) struct Repetition {
    message: Shared<RadioMessage>,
    key: u32,
    ttl: u32,
    /// Copies heard since it arrived.
    copies: u32,
}

impl Radio {
    /// The next hop towards a peer; `None` if no route is known.
    pub(super) fn next_hop(&mut self, cx: &HostContext<'_>, peer: PeerId) -> Option<Hop> {
        if self.is_neighbor(cx, peer) {
            return Some(Hop::Air(peer));
        }
        let hop = self.routes.get(peer)?.hop;
        let is_usable = match hop {
            Hop::Air(next) => self.is_neighbor(cx, next),
            Hop::Bridge(_) => true,
        };
        self.routes.get_mut(peer).filter(|_| is_usable)?.used_ms = ms(cx);
        Some(hop)
    }

    /// Lets a message wait for a route to a peer.
    pub(super) fn search(&mut self, cx: &mut HostContext<'_>, message: Shared<RadioMessage>, wanted: PeerId) {
        let waiting: usize = self.searches.iter().map(|one| one.waiting.len()).sum();
        if waiting >= PENDING_MAX {
            cx.report(RadioEvent::MessageFailed);
            return;
        }
        if let Some(search) = self.searches.iter_mut().find(|one| one.wanted == wanted) {
            search.waiting.push(message);
            return;
        }
        let key = self.next_serial();
        self.searches.push(Search { wanted, key, tries: 0, waiting: vec![message] });
        self.ask_for_route(cx, key);
    }

    fn ask_for_route(&mut self, cx: &mut HostContext<'_>, key: u32) {
        let id = self.next_id(cx.host);
        let Some(search) = self.searches.iter_mut().find(|one| one.key == key) else { return };
        search.tries += 1;
        let content = Content::RouteRequest { search: id, wanted: search.wanted, hops: 0 };
        self.note_seen(id);
        self.spread(cx, content, 0);
        let scaled = if cx.config.radio.scaled_timeouts { spacing_ms(cx).1 } else { 0 };
        let wait = u64::from(cx.config.radio.route_timeout_ms) + scaled;
        set_timer(cx, timer::SEARCH, key, wait);
    }

    /// Sends a frame of a flood on the air and to the other gateways.
    fn spread(&mut self, cx: &mut HostContext<'_>, content: Content, delay_ms: u64) {
        let frame = Shared::new(RadioFrame { from: cx.host, to: Target::Flood, content });
        for gateway in other_gateways(cx) {
            cx.send(gateway, RadioBody::Bridged(Shared::clone(&frame)));
        }
        self.enqueue(cx, frame, delay_ms);
    }

    /// A search has had no result in time.
    pub(super) fn on_search_over(&mut self, cx: &mut HostContext<'_>, key: u32) {
        let Some(index) = self.searches.iter().position(|one| one.key == key) else { return };
        if self.searches[index].tries < cx.config.radio.route_tries {
            self.ask_for_route(cx, key);
            return;
        }
        let failed = self.searches.remove(index);
        cx.report(RadioEvent::RouteMissing);
        failed.waiting.iter().for_each(|_| cx.report(RadioEvent::MessageFailed));
    }

    /// Another host searches for a route.
    pub(super) fn on_route_request(
        &mut self,
        cx: &mut HostContext<'_>,
        hop: Hop,
        search: MessageId,
        wanted: PeerId,
        hops: u32,
    ) {
        if self.has_seen(search) || search.origin == cx.host {
            return;
        }
        self.note_seen(search);
        self.note_known(cx.host, search.origin);
        self.note_route(cx, search.origin, hop, hops + 1);
        if wanted == cx.host {
            self.reply(cx, hop, search, wanted, 0);
        } else if hops + 1 < cx.config.radio.flood_ttl {
            let delay = self.repetition_delay_ms(cx, 1);
            self.spread(cx, Content::RouteRequest { search, wanted, hops: hops + 1 }, delay);
        }
    }

    fn reply(&mut self, cx: &mut HostContext<'_>, hop: Hop, search: MessageId, wanted: PeerId, hops: u32) {
        let content = Content::RouteReply { search, wanted, hops };
        match hop {
            Hop::Air(peer) => {
                let frame = RadioFrame { from: cx.host, to: Target::Peer(peer), content };
                self.enqueue(cx, Shared::new(frame), 0);
            }
            Hop::Bridge(gateway) => {
                let frame = RadioFrame { from: cx.host, to: Target::Flood, content };
                cx.send(gateway, RadioBody::Bridged(Shared::new(frame)));
            }
        }
    }

    /// A route has been found, for this host or one before it.
    pub(super) fn on_route_reply(
        &mut self,
        cx: &mut HostContext<'_>,
        hop: Hop,
        search: MessageId,
        wanted: PeerId,
        hops: u32,
    ) {
        self.note_route(cx, wanted, hop, hops + 1);
        if search.origin != cx.host {
            if let Some(back) = self.routes.get(search.origin).map(|route| route.hop) {
                self.reply(cx, back, search, wanted, hops + 1);
            }
            return;
        }
        let Some(index) = self.searches.iter().position(|one| one.wanted == wanted) else { return };
        let done = self.searches.remove(index);
        cx.cancel_timer(timer::SEARCH, done.key);
        cx.report(RadioEvent::RouteFound);
        done.waiting.iter().for_each(|message| self.forward_once(cx, message, wanted));
    }

    /// Sends a message over a route that was just found; without one it fails instead of searching again.
    fn forward_once(&mut self, cx: &mut HostContext<'_>, message: &Shared<RadioMessage>, peer: PeerId) {
        if self.next_hop(cx, peer).is_some() {
            self.forward(cx, message, peer);
        } else {
            cx.report(RadioEvent::MessageFailed);
        }
    }

    /// Remembers a route, unless a fresh one is shorter.
    fn note_route(&mut self, cx: &HostContext<'_>, to: PeerId, hop: Hop, hops: u32) {
        if to == cx.host {
            return;
        }
        let now = ms(cx);
        let route = MeshRoute { to, hop, hops, used_ms: now };
        let Some(known) = self.routes.get_mut(to) else {
            self.routes.push(route);
            return;
        };
        let is_fresh = now.saturating_sub(known.used_ms) < u64::from(cx.config.radio.route_ms) / 2;
        if !(is_fresh && known.hops < hops) {
            *known = route;
        }
    }

    /// Forgets routes that were not used for long.
    pub(super) fn forget_routes(&mut self, cx: &HostContext<'_>) {
        let (now, limit) = (ms(cx), u64::from(cx.config.radio.route_ms));
        self.routes.retain(|route| now.saturating_sub(route.used_ms) <= limit);
    }

    /// Forgets routes whose next hop is a peer that does not acknowledge.
    pub(super) fn forget_routes_by(&mut self, peer: PeerId) {
        self.routes.retain(|route| route.hop != Hop::Air(peer));
    }

    /// Lets a message of a flood be repeated after a random time.
    pub(super) fn relay(&mut self, cx: &mut HostContext<'_>, message: &Shared<RadioMessage>, ttl: u32) {
        if self.relays.len() >= RELAYS_MAX {
            cx.report(RadioEvent::Suppressed);
            return;
        }
        let key = self.next_serial();
        self.relays.push(Repetition { message: Shared::clone(message), key, ttl, copies: 0 });
        let delay = self.repetition_delay_ms(cx, message.fragments());
        set_timer(cx, timer::RELAY, key, delay);
    }

    /// Random time before a repetition, in ms: long enough for all neighbours to go one after another.
    fn repetition_delay_ms(&self, cx: &mut HostContext<'_>, frames: u32) -> u64 {
        let (airtime, _) = spacing_ms(cx);
        let others = self.neighbors.len().max(4) as u64;
        let window = others * airtime * u64::from(frames) + 4 * u64::from(cx.config.radio.gap_ms);
        u64::from(cx.rng.below(u32::try_from(window).unwrap_or(u32::MAX)))
    }

    /// Another copy of a message that is to be repeated was heard.
    pub(super) fn note_copy(&mut self, id: MessageId) {
        if let Some(relay) = self.relays.iter_mut().find(|one| one.message.id == id) {
            relay.copies += 1;
        }
    }

    /// Repeats a message of a flood, unless enough copies were heard.
    pub(super) fn on_relay_due(&mut self, cx: &mut HostContext<'_>, key: u32) {
        let Some(index) = self.relays.iter().position(|one| one.key == key) else { return };
        let Repetition { message, ttl, copies, .. } = self.relays.remove(index);
        if cx.config.radio.suppression.is_some_and(|limit| copies >= limit.get()) {
            cx.report(RadioEvent::Suppressed);
            return;
        }
        cx.report(RadioEvent::Relayed);
        self.repeat(cx, &message, ttl);
    }

    pub(super) fn digest_routes(&self, digest: &mut Digest) {
        self.routes.digest(digest);
        digest.length(self.searches.len());
        for Search { wanted, key, tries, waiting } in &self.searches {
            digest.number(wanted.get());
            digest.number(u64::from(*key) << 32 | u64::from(*tries));
            digest.length(waiting.len());
        }
        digest.length(self.relays.len());
        for Repetition { message, key, ttl, copies } in &self.relays {
            message.id.digest(digest);
            digest.number(u64::from(*key) << 32 | u64::from(*ttl));
            digest.number(*copies);
        }
    }
}
