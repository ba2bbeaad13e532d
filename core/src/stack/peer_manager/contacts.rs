//! Sessions as the connections of the pool: what the manager hears of them, and what it asks for.
//!
//! | heard | follows |
//! |---|---|
//! | a contact is established, has ended | a connection opens, closes |
//! | a dial failed, a rule was broken | evidence against the peer |
//! | a round trip | latency in its score |
//!
//! | asked for | on |
//! |---|---|
//! | keep a contact | peers that the pool would dial |
//! | release a contact | lack of room, replacement, silence |
//! | bar and unbar a host | bans and their end |
//! | order of dials | changes of a score |

use super::ban_list::Misbehavior;
use super::event::ManagerEvent;
use super::known::{DiscoverySource, LinkEnd, LinkSide, PoolLink};
use super::message::ManagerBody;
use super::{Manager, is_light, ms, tell};
use crate::base::id::PeerId;
use crate::stack::address::Address;
use crate::stack::context::HostContext;
use crate::stack::notice::{ContactEnd, Notice};

/// Age of a contact at which its end is no refusal any more, in ms.
const REFUSAL: u64 = 5_000;

/// Whether sessions are the connections of the pool.
pub(super) const fn are_sessions(cx: &HostContext<'_>) -> bool {
    cx.config.session.enabled
}

/// Whether sessions cannot reach an address: of hosts with radios, the gateways alone are on the internet.
pub(super) fn is_out_of_reach(cx: &HostContext<'_>, address: Address) -> bool {
    are_sessions(cx) && !cx.config.has_streams(address.plan_index())
}

/// Ends the connection with a peer at its other end.
pub(super) fn hang_up(cx: &mut HostContext<'_>, peer: Address) {
    if are_sessions(cx) {
        cx.notify(Notice::Release { from: peer });
    } else {
        tell(cx, peer, ManagerBody::Bye);
    }
}

impl Manager {
    /// Hears of a contact.
    pub(super) fn heed(&mut self, cx: &mut HostContext<'_>, notice: Notice) {
        if !are_sessions(cx) {
            return;
        }
        match notice {
            Notice::Connected { listening, end, .. } => self.on_contact(cx, listening, end),
            Notice::Ended { peer } => self.on_contact_ended(cx, peer),
            Notice::DialFailed { to } => self.on_contact_failed(cx, to),
            Notice::RoundTrip { peer, ms } => {
                let address = cx.directory.listening(peer);
                self.note_round_trip(address, u64::from(ms));
            }
            Notice::Misbehaved { by, is_grave } => {
                let what = if is_grave { Misbehavior::ProtocolViolation } else { Misbehavior::Spam };
                self.note_misbehavior(cx, by, what);
            }
            _ => {}
        }
    }

    fn on_contact(&mut self, cx: &mut HostContext<'_>, peer: Address, end: ContactEnd) {
        self.discover(cx, peer, DiscoverySource::Dial);
        let Some(index) = self.find(peer) else { return hang_up(cx, peer) };
        if self.known[index].is_open() {
            return;
        }
        let (side, fact) = match end {
            ContactEnd::Dialer => (LinkSide::Outbound, ManagerEvent::Opened),
            ContactEnd::Acceptor => (LinkSide::Inbound, ManagerEvent::Accepted),
        };
        let has_room = self.has_room(cx, side) || side == LinkSide::Inbound && self.make_room(cx, index);
        if !has_room {
            return hang_up(cx, peer);
        }
        self.known[index].observed.dials += u64::from(side == LinkSide::Outbound);
        self.touch(cx, peer);
        self.open(cx, peer, side, is_light(peer.plan_index(), &cx.config.manager));
        cx.report(fact);
    }

    /// A contact has ended. If this host has dialled it and it ends at once, the peer has refused it, and
    /// is left alone for a while.
    fn on_contact_ended(&mut self, cx: &mut HostContext<'_>, peer: PeerId) {
        let (address, now) = (cx.directory.listening(peer), ms(cx));
        let Some(index) = self.find(address) else { return };
        let is_refusal = matches!(
            self.known[index].link,
            PoolLink::Open { side: LinkSide::Outbound, since, .. } if now.saturating_sub(since) < REFUSAL
        );
        self.close(cx, address, LinkEnd::ByPeer);
        if is_refusal {
            cx.report(ManagerEvent::Refused);
            cx.notify(Notice::Release { from: address });
            self.back_off(cx, index);
        }
    }

    /// A dial of the sessions has failed. They repeat it by their own rule of back-off.
    fn on_contact_failed(&mut self, cx: &mut HostContext<'_>, peer: Address) {
        let Some(index) = self.find(peer) else { return };
        cx.report(ManagerEvent::DialFailed);
        let one = &mut self.known[index];
        one.observed.dials += 1;
        one.first_ms.get_or_insert(ms(cx));
        one.failures = one.failures.saturating_add(1);
        self.note_misbehavior(cx, peer, Misbehavior::ConnectionFailure);
    }

    /// Asks for a contact with a peer.
    pub(super) fn ask_for_contact(&mut self, cx: &mut HostContext<'_>, index: usize) {
        let one = &mut self.known[index];
        one.not_before_ms = ms(cx) + u64::from(cx.config.manager.reconnect_ms);
        cx.notify(Notice::Keep { with: one.address });
    }

    /// Tells of the bans that were read from disk.
    pub(super) fn tell_bans(&self, cx: &mut HostContext<'_>) {
        let now = ms(cx);
        let offenders = self.bans.offenders().iter();
        let banned = offenders.filter(|one| one.ban.is_some_and(|ban| ban.is_in_force(now)));
        if !cx.config.manager.inert_bans {
            banned.for_each(|one| cx.notify(Notice::Bar { host: one.host }));
        }
    }
}
