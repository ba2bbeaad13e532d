//! Opening sessions, on the dialing side and on the accepting one.

use super::dial::{DialPhase, Local};
use super::pacing::time_probe;
use super::segment::{Payload, Segment};
use super::state::{Session, Side, Stage};
use super::stream::Stream;
use super::timing::{ms, set};
use super::{EPHEMERAL, EPHEMERALS, JUDGE_EVERY, SessionEvent, Sessions, path, plan, timer};
use crate::config::{BackoffRule, Firewall, OwnIp, PingVariant, TieBreak};
use crate::stack::address::Address;
use crate::stack::context::HostContext;
use crate::stack::notice::Notice;

/// Absence of a writer after which a session is reset, in ms.
const MUTE: u64 = 15_000;
/// Window in which new streams are counted, in ms.
const MINUTE: u64 = 60_000;
/// Series of dials to one peer at a time.
const SERIES: u32 = 64;

impl Sessions {
    /// Dials a listed peer, unless there is a session with it or the other end should dial.
    pub(super) fn dial(&mut self, cx: &mut HostContext<'_>, index: usize, phase: DialPhase) {
        let now = ms(cx);
        let rules = &cx.config.session;
        let Some(candidate) = self.candidates.get(index) else { return };
        let address = candidate.address;
        let ip = address.host_part();
        let is_blind = rules.tie_break == TieBreak::TextFirstPhase && phase == DialPhase::Check;
        let is_other =
            |one: &Session| one.ip() == ip && one.counts() && !(is_blind && one.side == Side::Acceptor);
        let is_barred = self.is_barred(cx, address, now);
        let is_full = self.live.len() >= rules.sessions_max as usize;
        if is_barred || is_full || self.live.iter().any(is_other) {
            return;
        }
        let local = Local { address: cx.address, peer: cx.host };
        if !self.candidates[index].may_dial(local, now, rules, phase) {
            return;
        }
        let port = self.next_port();
        let stream = self.new_stream(cx, address, address, port);
        let (syn, patience) = (stream.control(Payload::Syn), stream.patience());
        let id = self.add(Side::Dialer, Stage::Connecting { since: now }, stream, now);
        let series = self.dialing;
        if let Some(session) = self.get_mut(id) {
            session.series = series;
        }
        cx.report(SessionEvent::Dialed);
        cx.notify(Notice::Dialed { is_published: Self::published(cx).contains(&address) });
        self.send_syn(cx, address, syn);
        if let Some(limit) = cx.config.session.connect_timeout_ms {
            set(cx, timer::CONNECT, id, u64::from(limit.get()));
        }
        set(cx, timer::RETRANSMIT, id, patience);
    }

    /// The next ephemeral port.
    pub(super) fn next_port(&mut self) -> u16 {
        let offset = self.first_port.wrapping_add(self.dialed) % EPHEMERALS;
        self.dialed = self.dialed.wrapping_add(1);
        EPHEMERAL + u16::try_from(offset).unwrap_or(0)
    }

    /// Sends a SYN, unless a firewall of this host stops it.
    pub(super) fn send_syn(&self, cx: &mut HostContext<'_>, to: Address, syn: Segment) {
        let rules = &cx.config.session;
        if rules.firewall == Firewall::DialsNone && self.rank < rules.firewalled {
            return cx.report(SessionEvent::SynDropped);
        }
        path::send(cx, to, syn);
    }

    /// Dials listed peers without a session whose back-off is over.
    pub(super) fn check(&mut self, cx: &mut HostContext<'_>) {
        let now = ms(cx);
        let rules = cx.config.session;
        if rules.zombie_heal {
            self.heal(cx, now);
        }
        self.series = (self.series + 1) % SERIES;
        self.dialing = self.series;
        for index in self.by_score() {
            if self.candidates[index].is_kept() && self.candidates[index].is_due(now, &rules) {
                self.dial(cx, index, DialPhase::Check);
            }
        }
        let period = match rules.backoff {
            BackoffRule::Doubling => rules.peer_check_ms,
            _ => rules.peer_check_ms.min(30_000),
        };
        set(cx, timer::CHECK, 0, u64::from(period));
        self.time_flood(cx);
    }

    /// Resets open sessions that have had no live writer at two checks, 15 s apart.
    fn heal(&mut self, cx: &mut HostContext<'_>, now: u64) {
        let mut dead = Vec::new();
        for index in 0..self.live.len() {
            let writer = self.registry.writer_of(self.live[index].ip());
            let has_writer = writer.and_then(|id| self.find(id)).is_some_and(|at| self.live[at].is_open());
            let session = &mut self.live[index];
            if has_writer || !session.is_open() {
                session.mute_since = None;
            } else if now.saturating_sub(*session.mute_since.get_or_insert(now)) >= MUTE {
                dead.push(session.id);
            }
        }
        for id in dead {
            cx.report(SessionEvent::Healed);
            self.reset(cx, id);
        }
    }

    pub(super) fn add(&mut self, side: Side, stage: Stage, stream: Stream, now: u64) -> u32 {
        self.generation += 1;
        self.live.push(Session::new(self.generation, side, stage, stream, now));
        self.generation
    }

    pub(super) fn on_syn_ack(&mut self, cx: &mut HostContext<'_>, id: u32) {
        let (now, wait) = (ms(cx), self.queue_wait(cx));
        let Some(session) = self.get_mut(id) else { return };
        let Stage::Connecting { since } = session.stage else { return };
        session.stream.opened_after(now.saturating_sub(since), wait);
        session.stage = Stage::Handshaking;
        session.heard = now;
        let is_fetch = session.is_fetch();
        cx.cancel_timer(timer::CONNECT, id);
        cx.cancel_timer(timer::RETRANSMIT, id);
        if is_fetch {
            return self.ask_for_list(cx, id);
        }
        if cx.config.session.ping_first {
            self.push(cx, id, Payload::Ping(0));
        }
        self.push(cx, id, Payload::Handshake(cx.host));
        set(cx, timer::HANDSHAKE, id, u64::from(cx.config.session.handshake_timeout_ms));
    }

    /// The dialer's session is open, acknowledged or not: its loop begins.
    pub(super) fn open(&mut self, cx: &mut HostContext<'_>, id: u32) {
        let now = ms(cx);
        let Some(session) = self.get_mut(id) else { return };
        session.stage = Stage::Open { since: now };
        session.beat_due = now;
        let (address, ip, peer) = (session.stream.remote, session.ip(), session.peer);
        self.registry.register(address, id);
        if let Some((_, candidate)) = self.candidate(ip) {
            candidate.met(now);
            candidate.succeeded();
            candidate.peer = peer.or(candidate.peer);
        }
        cx.cancel_timer(timer::HANDSHAKE, id);
        cx.report(SessionEvent::Opened);
        self.notify_connected(cx, id);
        time_probe(cx, id);
        if cx.config.session.ping_variant != PingVariant::SeedEra {
            self.ping(cx, id);
            set(cx, timer::JUDGE, id, JUDGE_EVERY);
        }
        self.beat(cx, id);
        for payload in [Payload::Announcement, Payload::GetHeight, Payload::GetPeers] {
            self.push(cx, id, payload);
        }
        self.check_genesis(cx, id);
        self.report_reachable(cx, id);
        self.release_waiting(cx, id);
    }

    pub(super) fn on_syn(
        &mut self,
        cx: &mut HostContext<'_>,
        from: Address,
        remote: Address,
        known: Option<u32>,
    ) {
        let is_again =
            known.and_then(|id| self.get_mut(id)).is_some_and(|one| one.stage == Stage::Handshaking);
        let grant = self.new_stream(cx, from, remote, cx.address.port());
        // If the stream is known, the SYN-ACK was lost.
        if !is_again {
            let now = ms(cx);
            known.into_iter().for_each(|id| self.drop_session(cx, id));
            if self.is_barred(cx, remote, now) {
                cx.report(SessionEvent::Barred);
                path::send(cx, from, grant.control(Payload::Rst));
                return;
            }
            if !self.admits(cx, now) {
                return cx.report(SessionEvent::SynDropped);
            }
            let id = self.add(Side::Acceptor, Stage::Handshaking, grant.clone(), now);
            set(cx, timer::HANDSHAKE, id, u64::from(cx.config.session.handshake_timeout_ms));
        }
        path::send(cx, from, grant.control(Payload::SynAck));
    }

    /// Whether firewall, loss and limits let a new stream in.
    fn admits(&mut self, cx: &mut HostContext<'_>, now: u64) -> bool {
        let rules = &cx.config.session;
        let is_walled = rules.firewall == Firewall::AcceptsNone && self.rank < rules.firewalled;
        if is_walled || (rules.syn_loss.millionths() > 0 && cx.rng.chance(rules.syn_loss)) {
            return false;
        }
        let is_half_open = |one: &&Session| one.side == Side::Acceptor && one.stage == Stage::Handshaking;
        let half_open = self.live.iter().filter(is_half_open).count();
        let limit = rules.inbound_limit.map_or(u32::MAX, std::num::NonZeroU32::get);
        half_open < rules.half_open_max as usize
            && self.live.len() < rules.sessions_max as usize
            && self.inbound.count(now, MINUTE) <= limit
    }

    pub(super) fn on_handshake(&mut self, cx: &mut HostContext<'_>, id: u32) {
        let (now, rules) = (ms(cx), cx.config.session);
        let Some(index) = self.find(id) else { return };
        let (remote, peer) = (self.live[index].stream.remote, self.live[index].peer);
        let ip = remote.host_part();
        if self.refuses(cx, id) {
            if rules.writer_overwrite {
                // As published: the doomed stream's writer has replaced the healthy one.
                self.registry.register(remote, id);
            }
            if rules.tie_break.is_textual() {
                self.push(cx, id, Payload::HandshakeAck(cx.host));
            }
            cx.report(SessionEvent::Refused);
            self.reset(cx, id);
            return;
        }
        self.replace(cx, id);
        let Some(session) = self.get_mut(id) else { return };
        session.stage = Stage::Open { since: now };
        self.registry.register(remote, id);
        self.registry.note(remote, rules.registry);
        if let Some((_, candidate)) = self.candidate(ip) {
            candidate.met(now);
            candidate.peer = peer;
        }
        cx.cancel_timer(timer::HANDSHAKE, id);
        set(cx, timer::IDLE, id, u64::from(rules.idle_limit_ms));
        cx.report(SessionEvent::Accepted);
        self.notify_connected(cx, id);
        time_probe(cx, id);
        self.push(cx, id, Payload::HandshakeAck(cx.host));
        self.push(cx, id, Payload::GetPeers);
        if cx.config.sync.enabled && cx.config.sync.acceptors_ask {
            self.push(cx, id, Payload::GetHeight);
        }
        self.check_genesis(cx, id);
        self.report_reachable(cx, id);
        self.release_waiting(cx, id);
    }

    /// Whether the rule keeps an own dial instead of an accepted stream, or a stale slot refuses it.
    fn refuses(&self, cx: &HostContext<'_>, id: u32) -> bool {
        let Some(index) = self.find(id) else { return false };
        let (remote, peer) = (self.live[index].stream.listening, self.live[index].peer);
        let ip = remote.host_part();
        let mut others = self.live.iter().filter(|one| one.ip() == ip && one.counts());
        let has_dialed = others.any(|one| one.side == Side::Dialer);
        let is_blocked = self.candidates.iter().any(|one| one.address.host_part() == ip && one.is_blocked());
        let outranks = match cx.config.session.tie_break {
            TieBreak::None => false,
            TieBreak::PreHandshake => true,
            TieBreak::PeerId => peer.is_some_and(|peer| cx.host > peer),
            _ if cx.config.session.own_ip != OwnIp::Known => cx.config.session.own_ip == OwnIp::Unknown,
            TieBreak::Text | TieBreak::PostHandshake | TieBreak::TextFirstPhase => {
                plan::precedes_as_text(cx.address, remote)
            }
            TieBreak::Numeric | TieBreak::Generation => cx.address.host_part() > ip,
        };
        is_blocked || (has_dialed && outranks)
    }

    /// Ends the sessions that an accepted one replaces. By the published rules that happens in the books
    /// alone.
    fn replace(&mut self, cx: &mut HostContext<'_>, id: u32) {
        let rules = &cx.config.session;
        if rules.tie_break == TieBreak::None || rules.phantom_close {
            return;
        }
        let Some(ip) = self.find(id).map(|index| self.live[index].ip()) else { return };
        let is_former = |one: &&Session| one.ip() == ip && one.id != id && one.counts();
        let former: Vec<u32> = self.live.iter().filter(is_former).map(|one| one.id).collect();
        for former in former {
            cx.report(SessionEvent::Refused);
            self.reset(cx, former);
        }
    }

    pub(super) fn on_handshake_timeout(&mut self, cx: &mut HostContext<'_>, id: u32) {
        let session = self.find(id).map(|index| &self.live[index]);
        match session.filter(|one| !one.is_fetch()).map(|one| one.side) {
            Some(Side::Dialer) => self.open(cx, id),
            Some(Side::Acceptor) => self.reset(cx, id),
            None => self.drop_session(cx, id),
        }
    }
}
