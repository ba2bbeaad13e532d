//! Pings and data, from which scores are measured, and misbehaviour.

use super::ban_list::Misbehavior;
use super::contacts::{are_sessions, hang_up};
use super::event::ManagerEvent;
use super::factors::{FactorSource, Observed, PeerScore};
use super::history::{PointKind, decayed};
use super::known::{KnownPeer, LinkEnd, PoolLink};
use super::message::ManagerBody;
use super::{Manager, is_bad, ms, scored, set_timer, tell, timer};
use crate::base::ratio::Ratio;
use crate::base::time::Round;
use crate::config::ManagerConfig;
use crate::stack::address::Address;
use crate::stack::context::HostContext;
use crate::stack::notice::Notice;

/// Pings in sequence without an answer that end a connection.
const MISSED_MAX: u32 = 3;
/// Time that counts as a round of the quality of service, in ms.
const ROUND_MS: u64 = 100;
/// Half.
const HALF: Ratio = Ratio::from_percent(50);

impl Manager {
    /// Score of a known peer, by what is known of it now.
    pub(super) fn score_of(&self, cx: &HostContext<'_>, index: usize) -> PeerScore {
        let (rules, now) = (&cx.config.manager, ms(cx));
        let one = &self.known[index];
        let score = self.observed(one, rules, now).score(rules, FactorSource::of(rules));
        score.map(|part| decayed(part, rules.decay_daily, self.quiet_ms(one, rules, now)))
    }

    /// Time over which the score of a peer has decayed: since it was last heard of, or as shipped since its
    /// score was last recomputed from scratch.
    #[must_use]
    pub fn quiet_ms(&self, one: &KnownPeer, rules: &ManagerConfig, now: u64) -> u64 {
        let renewed = if rules.decay_overwritten { self.swept_ms.max(one.seen_ms) } else { one.seen_ms };
        now.saturating_sub(renewed)
    }

    /// What is known of the service of a known peer at a time in ms.
    #[must_use]
    pub fn observed(&self, one: &KnownPeer, rules: &ManagerConfig, now: u64) -> Observed {
        let up_ms = one.up_ms(now);
        let observed = Observed {
            age_ms: one.first_ms.map_or(0, |first| now.saturating_sub(first)),
            up_ms,
            quality: self.scores.quality(scored(one.address)),
            expected: up_ms / u64::from(rules.data_ms),
            ..one.observed
        };
        // Time without a connection that this host did not want says nothing about the peer.
        Observed { up_ms: if one.failures == 0 { observed.age_ms } else { up_ms }, ..observed }
    }

    /// Pings every connected peer; one that has missed several is given up.
    pub(super) fn ping_all(&mut self, cx: &mut HostContext<'_>) {
        let now = ms(cx);
        let mut lost = Vec::new();
        for one in &mut self.known {
            let PoolLink::Open { ping, missed, .. } = &mut one.link else { continue };
            let id = scored(one.address);
            if ping.is_some() {
                *missed += 1;
                self.scores.change(id, None, crate::protocol::peer_table::Score::on_silence);
            }
            if *missed >= MISSED_MAX {
                lost.push(one.address);
                continue;
            }
            self.pings = self.pings.wrapping_add(1);
            *ping = Some((self.pings, now));
            self.scores.change(id, None, |score| score.on_query(Round(now / ROUND_MS)));
            tell(cx, one.address, ManagerBody::Ping(self.pings));
        }
        for peer in lost {
            hang_up(cx, peer);
            self.close(cx, peer, LinkEnd::Unanswered);
        }
        set_timer(cx, timer::PING, 0, u64::from(cx.config.manager.ping_ms));
    }

    /// Answers a ping, unless this host serves badly.
    pub(super) fn on_ping(cx: &mut HostContext<'_>, from: Address, number: u32) {
        let is_bad = is_bad(cx.address.plan_index(), &cx.config.manager);
        if !(is_bad && cx.rng.chance(HALF)) {
            tell(cx, from, ManagerBody::Pong(number));
        }
    }

    /// A ping is answered.
    pub(super) fn on_pong(&mut self, cx: &HostContext<'_>, from: Address, number: u32) {
        let Some(index) = self.find(from) else { return };
        let PoolLink::Open { ping, missed, .. } = &mut self.known[index].link else { return };
        let Some((_, sent)) = ping.filter(|ping| ping.0 == number) else { return };
        (*ping, *missed) = (None, 0);
        let now = ms(cx);
        self.note_round_trip(from, now - sent);
        let (asked, answered) = (Round(sent / ROUND_MS), Round(now / ROUND_MS));
        self.scores.change(scored(from), None, |score| score.on_answer(answered, asked));
    }

    /// Takes a round trip into the mean that weighs the latest by half.
    pub(super) fn note_round_trip(&mut self, peer: Address, sample: u64) {
        let Some(index) = self.find(peer) else { return };
        let known = self.known[index].observed.rtt_ms;
        self.known[index].observed.rtt_ms = Some(known.map_or(sample, |rtt| u64::midpoint(rtt, sample)));
    }

    /// Sends data to every connected peer; a host that serves badly leaves half of it out.
    pub(super) fn send_data(&mut self, cx: &mut HostContext<'_>) {
        let rules = &cx.config.manager;
        let is_bad = is_bad(cx.address.plan_index(), rules);
        for one in self.known.iter().filter(|one| one.is_open()) {
            if is_bad && cx.rng.chance(HALF) {
                continue;
            }
            let is_valid = !(is_bad && cx.rng.chance(rules.invalid_share));
            tell(cx, one.address, ManagerBody::Data { is_valid });
        }
        set_timer(cx, timer::DATA, 0, u64::from(rules.data_ms));
    }

    /// Data arrives.
    pub(super) fn on_data(&mut self, cx: &mut HostContext<'_>, from: Address, is_valid: bool) {
        let Some(index) = self.find(from).filter(|index| self.known[*index].is_open()) else { return };
        let observed = &mut self.known[index].observed;
        observed.received += 1;
        if is_valid {
            observed.propagated += 1;
            return;
        }
        observed.invalid += 1;
        cx.report(ManagerEvent::InvalidData);
        self.scores.change(scored(from), None, crate::protocol::peer_table::Score::on_fault);
        self.note_misbehavior(cx, from, Misbehavior::InvalidMessage);
    }

    /// Notes misbehaviour with its evidence; a ban ends the connection.
    pub(super) fn note_misbehavior(&mut self, cx: &mut HostContext<'_>, peer: Address, what: Misbehavior) {
        let now = ms(cx);
        let is_ban = self.bans.note(peer.host_part(), what, now, &cx.config.manager);
        self.keep_bans(cx);
        if is_ban {
            cx.report(ManagerEvent::Banned);
            self.mark(cx, peer, PointKind::Ban);
            if !cx.config.manager.inert_bans {
                if are_sessions(cx) {
                    cx.notify(Notice::Bar { host: peer.host_part() });
                } else {
                    hang_up(cx, peer);
                }
                self.close(cx, peer, LinkEnd::Banned);
            }
        }
    }
}
