//! Remembered peers, and how sessions change what is known of them.

use super::event::CacheEvent;
use super::quality::PeerQuality;
use super::warm::TryOutcome;
use super::{Milestone, PeerCacheLayer, ms, relays, score_rules, wall};
use crate::base::digest::Digest;
use crate::base::id::PeerId;
use crate::config::CachedAddress;
use crate::stack::address::Address;
use crate::stack::context::HostContext;
use crate::stack::notice::{ContactEnd, Notice};

/// Peers that a host remembers.
pub const KNOWN_MAX: usize = 2_000;
/// Sessions that the fifth milestone takes.
const FIVE: usize = 5;

/// A remembered peer.
#[derive(Clone, Debug)]
pub struct RememberedPeer {
    /// Id.
    pub peer: PeerId,
    /// Address on which it listens.
    pub listening: Address,
    /// Address that is saved; `None` if it names no peer, so that it cannot be dialled.
    pub saved: Option<Address>,
    /// Far end of the last stream.
    pub remote: Address,
    /// Its quality.
    pub metrics: PeerQuality,
    /// Open sessions.
    pub sessions: u32,
    /// Sessions so far.
    pub met: u32,
    /// Unix time of the last session, in seconds.
    pub last_success: Option<u64>,
    /// Unix time of the last dial without an answer, in seconds.
    pub last_failure: Option<u64>,
    /// Answers that elections of earlier lives have accepted from it.
    pub answers: u32,
}

impl RememberedPeer {
    /// A peer without history.
    #[must_use]
    pub(super) const fn new(peer: PeerId, address: Address, now: u64) -> Self {
        Self {
            peer,
            listening: address,
            saved: Some(address),
            remote: address,
            metrics: PeerQuality::new(now),
            sessions: 0,
            met: 0,
            last_success: None,
            last_failure: None,
            answers: 0,
        }
    }

    pub(super) fn digest(&self, digest: &mut Digest) {
        digest.number(self.peer.get());
        digest.number(self.listening.get());
        digest.number(self.saved.map_or(0, Address::get));
        digest.number(self.remote.get());
        self.metrics.digest(digest);
        digest.number(u64::from(self.sessions) << 32 | u64::from(self.met));
        digest.number(self.last_success.unwrap_or(0));
        digest.number(self.last_failure.unwrap_or(0));
        if self.answers > 0 {
            digest.number(self.answers);
        }
    }
}

impl PeerCacheLayer {
    pub(super) fn find(&self, peer: PeerId) -> Result<usize, usize> {
        self.known.binary_search_by_key(&peer, |known| known.peer)
    }

    pub(super) fn get_mut(&mut self, peer: PeerId) -> Option<&mut RememberedPeer> {
        self.find(peer).ok().map(|index| &mut self.known[index])
    }

    /// The record of a peer, made if there is none. If there are too many, the one seen longest ago without a
    /// session gives way.
    pub(super) fn remember(&mut self, peer: PeerId, address: Address, now: u64) -> &mut RememberedPeer {
        if self.find(peer).is_err() && self.known.len() >= KNOWN_MAX {
            let idle = self.known.iter().enumerate().filter(|(_, known)| known.sessions == 0);
            let oldest = idle.min_by_key(|(_, known)| known.metrics.last_seen).map_or(0, |(index, _)| index);
            self.known.remove(oldest);
        }
        let index = match self.find(peer) {
            Ok(index) => index,
            Err(index) => {
                self.known.insert(index, RememberedPeer::new(peer, address, now));
                index
            }
        };
        &mut self.known[index]
    }

    pub(super) fn on_connected(
        &mut self,
        cx: &mut HostContext<'_>,
        peer: PeerId,
        listening: Address,
        remote: Address,
        end: ContactEnd,
    ) {
        let (now, rules) = (wall(cx), cx.config.cache);
        let is_inbound = end == ContactEnd::Acceptor;
        let known = self.remember(peer, listening, now);
        if rules.metrics_reset {
            known.metrics = PeerQuality::new(now);
        }
        known.metrics.last_seen = now;
        known.metrics.dialled(true, score_rules(&rules));
        known.listening = listening;
        known.remote = remote;
        known.saved = (!is_inbound || rules.address == CachedAddress::Listening).then_some(listening);
        known.sessions = known.sessions.saturating_add(1);
        known.met = known.met.saturating_add(1);
        known.last_success = Some(now);
        known.last_failure = None;
        self.note_milestones(cx, peer);
        let Some(index) = self.open_try(listening) else { return };
        let is_expected = self.tries[index].peer == Some(peer);
        if !is_expected {
            cx.notify(Notice::HangUp { from: listening });
        }
        self.conclude(cx, index, if is_expected { TryOutcome::Connected } else { TryOutcome::OtherPeer });
    }

    fn note_milestones(&mut self, cx: &mut HostContext<'_>, peer: PeerId) {
        if !self.is_again {
            return;
        }
        let ms = ms(cx).saturating_sub(self.started);
        let live = self.known.iter().filter(|known| known.sessions > 0).count();
        if self.milestones.reach(Milestone::First, ms) {
            cx.report(CacheEvent::FirstSession { ms });
        }
        if live >= FIVE && self.milestones.reach(Milestone::Fifth, ms) {
            cx.report(CacheEvent::FifthSession { ms });
        }
        let is_relay = relays(peer, cx.config.cache.relay_share);
        if is_relay && self.milestones.reach(Milestone::Relay, ms) {
            cx.report(CacheEvent::FirstRelay { ms });
        }
    }

    pub(super) fn on_dial_failed(&mut self, cx: &mut HostContext<'_>, to: Address) {
        let rules = score_rules(&cx.config.cache);
        if let Some(known) = self.known.iter_mut().find(|known| known.listening == to) {
            known.metrics.dialled(false, rules);
        }
        if let Some(index) = self.open_try(to) {
            self.conclude(cx, index, TryOutcome::Refused);
        }
    }
}
