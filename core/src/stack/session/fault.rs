//! Faults that a scenario switches on: bans of peers that break rules, reboots of NATs, slow readers, floods.

use super::registry::Key;
use super::segment::Payload;
use super::state::Session;
use super::stream::Stream;
use super::timing::{ms, set};
use super::{SessionEvent, Sessions, path, timer};
use crate::config::BanRule;
use crate::stack::address::Address;
use crate::stack::context::HostContext;
use crate::stack::notice::Notice;

/// Payloads that wait for a slow reader; at the limit the session is reset.
const UNREAD_MAX: usize = 64;
/// Longest frame that hosts take, in bytes.
pub(super) const FRAME_MAX: u32 = 8 << 20;
/// Window in which pings are counted, in ms.
const PING_WINDOW: u64 = 10_000;

/// Gravity of a violation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Gravity {
    /// One of several that make a ban.
    Ordinary,
    /// A ban at once.
    Grave,
    /// A ban for good.
    Final,
}

impl Sessions {
    /// Counts a violation of the other end; a ban resets all its sessions.
    pub(super) fn violated(&mut self, cx: &mut HostContext<'_>, id: u32, gravity: Gravity) {
        let (now, rules) = (ms(cx), cx.config.session);
        let Some(index) = self.find(id) else { return };
        let key = Key::of(self.live[index].stream.remote, rules.ban_key);
        cx.report(SessionEvent::Violated);
        let by = self.live[index].stream.listening.with_port(cx.address.port());
        cx.notify(Notice::Misbehaved { by, is_grave: gravity != Gravity::Ordinary });
        let is_banned = match gravity {
            Gravity::Ordinary => self.bans.violate(key, now, rules.bans, 1),
            Gravity::Grave => self.bans.ban(key, now, rules.bans, false),
            Gravity::Final => self.bans.ban(key, now, rules.bans, true),
        };
        if !is_banned {
            return;
        }
        cx.report(SessionEvent::Banned);
        let is_banned = |one: &&Session| Key::of(one.stream.remote, rules.ban_key) == key && one.is_alive();
        let banned: Vec<u32> = self.live.iter().filter(is_banned).map(|one| one.id).collect();
        banned.into_iter().for_each(|id| self.reset(cx, id));
    }

    /// Whether an address is banned now, by the rule in force.
    pub(super) fn is_barred(&self, cx: &HostContext<'_>, address: Address, now: u64) -> bool {
        let rules = &cx.config.session;
        let is_banned =
            rules.bans != BanRule::Off && self.bans.is_banned(Key::of(address, rules.ban_key), now);
        is_banned || self.barred.binary_search(&address.host_part()).is_ok()
    }

    /// Counts a ping of the other end against the limit.
    pub(super) fn take_ping(&mut self, cx: &mut HostContext<'_>, id: u32) {
        let (now, limit) = (ms(cx), cx.config.session.ping_limit);
        let Some(session) = self.get_mut(id) else { return };
        session.link.is_verified = true;
        if limit.is_some_and(|limit| session.pings_taken.count(now, PING_WINDOW) > limit.get()) {
            self.violated(cx, id, Gravity::Ordinary);
        }
    }

    /// Cuts all sessions if the NAT in front of this host has rebooted.
    pub(super) fn notice_nat(&mut self, cx: &HostContext<'_>) {
        let rules = &cx.config.session;
        if self.nat_reboots == rules.nat_reboots {
            return;
        }
        self.nat_reboots = rules.nat_reboots;
        if self.rank < rules.natted {
            self.live.iter_mut().for_each(|session| session.is_cut = true);
        }
    }

    /// Takes payloads in, at once or when a slow reader comes to them.
    pub(super) fn read_all(
        &mut self,
        cx: &mut HostContext<'_>,
        id: u32,
        payloads: impl Iterator<Item = Payload>,
    ) {
        let rules = &cx.config.session;
        let is_slow = self.rank < rules.slow_readers;
        let delay = u64::from(rules.read_delay_ms);
        for payload in payloads {
            let Some(session) = self.get_mut(id) else { return };
            if !is_slow && session.unread.is_empty() {
                self.handle(cx, id, payload);
                continue;
            }
            if session.unread.len() >= UNREAD_MAX {
                cx.report(SessionEvent::Overflowed);
                return self.reset(cx, id);
            }
            session.unread.push_back(payload);
            if session.unread.len() == 1 {
                set(cx, timer::READ, id, delay);
            }
        }
    }

    /// A slow reader comes to its next payload.
    pub(super) fn read_one(&mut self, cx: &mut HostContext<'_>, id: u32) {
        let delay = u64::from(cx.config.session.read_delay_ms);
        let Some(session) = self.get_mut(id) else { return };
        let Some(payload) = session.unread.pop_front() else { return };
        if !session.unread.is_empty() {
            set(cx, timer::READ, id, delay);
        }
        self.handle(cx, id, payload);
    }

    /// Whether this host floods others.
    pub(super) const fn is_flooder(&self, cx: &HostContext<'_>) -> bool {
        self.rank < cx.config.session.flooders
    }

    /// Sets the time of the next SYN of a flood.
    pub(super) fn time_flood(&self, cx: &mut HostContext<'_>) {
        if self.is_flooder(cx) {
            let period = 1_000 / u64::from(cx.config.session.flood_per_second);
            set(cx, timer::FLOOD, 0, period);
        }
    }

    /// Sends a SYN for which this host keeps no stream.
    pub(super) fn flood(&mut self, cx: &mut HostContext<'_>) {
        if self.is_flooder(cx) && !self.candidates.is_empty() {
            let target = self.candidates[self.dialed as usize % self.candidates.len()].address;
            let syn = Stream::new(target, target, self.next_port()).control(Payload::Syn);
            path::send(cx, target, syn);
        }
        self.time_flood(cx);
    }
}
