//! The pool of connections: dials, limits, idleness and replacement.

use super::ban_list::Misbehavior;
use super::contacts::{are_sessions, hang_up};
use super::event::ManagerEvent;
use super::factors::may_replace;
use super::history::PointKind;
use super::known::{DiscoverySource, LinkEnd, LinkSide, PoolLink};
use super::message::ManagerBody;
use super::{EVERY, Manager, is_light, ms, set_timer, sybil, tell, timer};
use crate::config::PoolSelection;
use crate::stack::address::Address;
use crate::stack::context::HostContext;

/// Dials that a host begins in one maintenance.
const DIALS: usize = 8;

impl Manager {
    /// Closes idle connections, and dials while there is room.
    pub(super) fn maintain_pool(&mut self, cx: &mut HostContext<'_>) {
        let (now, limit) = (ms(cx), u64::from(cx.config.manager.idle_ms));
        let is_idle = |link: &PoolLink| matches!(link, PoolLink::Open { active, .. } if now - active > limit);
        let idle: Vec<Address> =
            self.known.iter().filter(|one| is_idle(&one.link)).map(|one| one.address).collect();
        for peer in idle {
            cx.report(ManagerEvent::Idled);
            hang_up(cx, peer);
            self.close(cx, peer, LinkEnd::Idle);
        }
        for peer in self.candidates(cx).into_iter().take(DIALS) {
            if self.has_room(cx, LinkSide::Outbound) {
                self.dial(cx, peer);
            }
        }
        set_timer(cx, timer::POOL, 0, EVERY.0);
    }

    /// Peers that may be dialled now, the best first, or in random order.
    fn candidates(&self, cx: &mut HostContext<'_>) -> Vec<Address> {
        let (now, rules) = (ms(cx), &cx.config.manager);
        let mut found: Vec<(u64, Address)> = Vec::new();
        for (index, one) in self.known.iter().enumerate() {
            let is_free = one.link == PoolLink::Idle && one.not_before_ms <= now;
            let is_left_alone = rules.no_redial && one.was_connected;
            if is_free && !is_left_alone && !self.is_barred(cx, one.address) {
                found.push((self.score_of(cx, index).overall, one.address));
            }
        }
        cx.rng.shuffle(&mut found);
        if rules.selection == PoolSelection::Quality {
            crate::base::sort::sort_by_key(&mut found, |(score, _)| u64::MAX - score);
        }
        found.into_iter().map(|one| one.1).collect()
    }

    pub(super) fn has_room(&self, cx: &HostContext<'_>, side: LinkSide) -> bool {
        let rules = &cx.config.manager;
        let limit = match side {
            LinkSide::Inbound => rules.inbound_max,
            LinkSide::Outbound => rules.outbound_max,
        };
        let dialing = self.known.iter().filter(|one| matches!(one.link, PoolLink::Dialing { .. })).count();
        let outbound = self.count(LinkSide::Outbound) + dialing;
        let inbound = self.count(LinkSide::Inbound);
        let own = if side == LinkSide::Outbound { outbound } else { inbound };
        own < limit as usize && outbound + inbound < rules.connections_max as usize
    }

    fn dial(&mut self, cx: &mut HostContext<'_>, peer: Address) {
        let Some(index) = self.find(peer) else { return };
        if are_sessions(cx) {
            return self.ask_for_contact(cx, index);
        }
        let now = ms(cx);
        let one = &mut self.known[index];
        cx.report(if one.observed.dials == 0 { ManagerEvent::Dialed } else { ManagerEvent::Redialed });
        one.observed.dials += 1;
        one.first_ms.get_or_insert(now);
        one.link = PoolLink::Dialing { since: now };
        let is_light = is_light(cx.address.plan_index(), &cx.config.manager);
        tell(cx, peer, ManagerBody::Connect { is_light });
        set_timer(cx, timer::DIAL, dial_key(peer), u64::from(cx.config.manager.dial_timeout_ms));
    }

    /// A dial has had no answer.
    pub(super) fn on_dial_over(&mut self, cx: &mut HostContext<'_>, key: u32) {
        let found = self.known.iter().position(|one| dial_key(one.address) == key);
        let Some(index) = found.filter(|index| matches!(self.known[*index].link, PoolLink::Dialing { .. }))
        else {
            return;
        };
        cx.report(ManagerEvent::DialFailed);
        let peer = self.known[index].address;
        self.back_off(cx, index);
        self.note_misbehavior(cx, peer, Misbehavior::ConnectionFailure);
    }

    /// Lets a peer alone for a time that doubles with each failure.
    pub(super) fn back_off(&mut self, cx: &HostContext<'_>, index: usize) {
        let rules = &cx.config.manager;
        let one = &mut self.known[index];
        let doublings = one.failures.min(rules.reconnect_tries).min(30);
        one.failures = one.failures.saturating_add(1);
        one.not_before_ms = ms(cx) + (u64::from(rules.reconnect_ms) << doublings);
        one.link = PoolLink::Idle;
    }

    /// A peer dials.
    pub(super) fn on_connect(&mut self, cx: &mut HostContext<'_>, from: Address, is_light: bool) {
        self.discover(cx, from, DiscoverySource::Dial);
        let Some(index) = self.find(from) else {
            tell(cx, from, ManagerBody::Refuse);
            return;
        };
        match self.known[index].link {
            // Both have dialled: the dial of the lower address stands.
            PoolLink::Dialing { .. } if cx.address < from => return,
            PoolLink::Open { .. } => {}
            _ => {
                if !self.has_room(cx, LinkSide::Inbound) && !self.make_room(cx, index) {
                    tell(cx, from, ManagerBody::Refuse);
                    return;
                }
                self.open(cx, from, LinkSide::Inbound, is_light);
                cx.report(ManagerEvent::Accepted);
            }
        }
        let is_light = self::is_light(cx.address.plan_index(), &cx.config.manager);
        tell(cx, from, ManagerBody::Accept { is_light });
    }

    /// Closes the worst accepted connection if a newcomer leads it by more than the hysteresis.
    pub(super) fn make_room(&mut self, cx: &mut HostContext<'_>, newcomer: usize) -> bool {
        if cx.config.manager.selection == PoolSelection::Random {
            return false;
        }
        let (by, newcomer) = (self.known[newcomer].address, self.score_of(cx, newcomer).overall);
        let Some((score, worst)) = self.worst(cx, LinkSide::Inbound) else { return false };
        let gives_way = may_replace(newcomer, score, cx.config.manager.hysteresis);
        if gives_way {
            self.replace(cx, worst, LinkEnd::Replaced { by, newcomer, worst: score });
        }
        gives_way
    }

    fn worst(&self, cx: &HostContext<'_>, side: LinkSide) -> Option<(u64, Address)> {
        let open = self.known.iter().enumerate().filter(|(_, one)| one.is_on(side));
        open.map(|(index, one)| (self.score_of(cx, index).overall, one.address)).min()
    }

    fn replace(&mut self, cx: &mut HostContext<'_>, worst: Address, end: LinkEnd) {
        cx.report(ManagerEvent::Replaced);
        self.mark(cx, worst, PointKind::Replacement);
        hang_up(cx, worst);
        self.close(cx, worst, end);
    }

    /// A dial is accepted.
    pub(super) fn on_accept(&mut self, cx: &mut HostContext<'_>, from: Address, is_light: bool) {
        match self.find(from).map(|index| self.known[index].link) {
            Some(PoolLink::Dialing { .. }) => {
                self.open(cx, from, LinkSide::Outbound, is_light);
                cx.report(ManagerEvent::Opened);
            }
            Some(PoolLink::Open { .. }) => {}
            _ => tell(cx, from, ManagerBody::Bye),
        }
    }

    /// A dial is refused: the peer is full, which is no fault of it.
    pub(super) fn on_refuse(&mut self, cx: &mut HostContext<'_>, from: Address) {
        let found =
            self.find(from).filter(|index| matches!(self.known[*index].link, PoolLink::Dialing { .. }));
        if let Some(index) = found {
            cx.report(ManagerEvent::Refused);
            cx.cancel_timer(timer::DIAL, dial_key(from));
            self.known[index].observed.accepted += 1;
            self.back_off(cx, index);
        }
    }

    pub(super) fn open(&mut self, cx: &mut HostContext<'_>, peer: Address, side: LinkSide, is_light: bool) {
        let Some(index) = self.find(peer) else { return };
        cx.cancel_timer(timer::DIAL, dial_key(peer));
        let now = ms(cx);
        let one = &mut self.known[index];
        one.link = PoolLink::Open { side, since: now, active: now, ping: None, missed: 0 };
        one.first_ms.get_or_insert(now);
        one.observed.accepted += u64::from(side == LinkSide::Outbound);
        one.observed.is_light = is_light;
        (one.failures, one.was_connected) = (0, true);
    }

    /// A connection ends.
    pub(super) fn close(&mut self, cx: &mut HostContext<'_>, peer: Address, end: LinkEnd) {
        let Some(index) = self.find(peer) else { return };
        let now = ms(cx);
        let one = &mut self.known[index];
        if one.is_open() {
            cx.report(ManagerEvent::Closed);
            one.connected_ms = one.up_ms(now);
            one.not_before_ms = now + u64::from(cx.config.manager.reconnect_ms);
            one.link = PoolLink::Idle;
            one.ended = Some((now, end));
        }
    }

    /// Lets the worst connection that this host has opened give way to the best candidate.
    pub(super) fn optimize(&mut self, cx: &mut HostContext<'_>) {
        let rules = &cx.config.manager;
        let best = self.candidates(cx).first().copied().and_then(|peer| self.find(peer));
        if let Some(best) = best.filter(|_| rules.selection == PoolSelection::Quality)
            && !self.has_room(cx, LinkSide::Outbound)
            && let Some((score, worst)) = self.worst(cx, LinkSide::Outbound)
            && let newcomer = self.score_of(cx, best).overall
            && may_replace(newcomer, score, rules.hysteresis)
        {
            let by = self.known[best].address;
            self.replace(cx, worst, LinkEnd::Replaced { by, newcomer, worst: score });
            self.dial(cx, by);
        }
        if let Some(interval) = rules.optimize_ms {
            set_timer(cx, timer::OPTIMIZE, 0, u64::from(interval.get()));
        }
    }
}

/// Key of the timer of a dial: the IP, or for a minted id, with the highest bit set, the end of the IP and
/// the port.
fn dial_key(peer: Address) -> u32 {
    if sybil::is_minted(peer) {
        return 1 << 31 | (peer.plan_index() & 0x7fff) << 16 | u32::from(peer.port());
    }
    u32::try_from(peer.host_part()).unwrap_or(u32::MAX)
}
