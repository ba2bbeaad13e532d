//! Opening sessions, on the dialing side and on the accepting one.

use super::segment::Payload;
use super::state::{Session, Side, Stage};
use super::stream::Stream;
use super::timing::{ms, set};
use super::{EPHEMERAL, EPHEMERALS, JUDGE_EVERY, SessionEvent, Sessions, plan, timer};
use crate::config::{BackoffRule, PingVariant, TieBreak};
use crate::stack::address::Address;
use crate::stack::context::HostContext;

impl Sessions {
    /// Dials a listed peer, unless there is a session with it or the other end should dial.
    pub(super) fn dial(&mut self, cx: &mut HostContext<'_>, index: usize) {
        let (now, local) = (ms(cx), cx.address);
        let rules = &cx.config.session;
        let address = self.candidates[index].address;
        let ip = address.host_part();
        let has_session = self.live.iter().any(|one| one.ip() == ip && one.is_alive());
        if has_session || !self.candidates[index].may_dial(local, now, rules) {
            return;
        }
        let port = EPHEMERAL + u16::try_from((self.first_port + self.dialed) % EPHEMERALS).expect("14 bits");
        self.dialed = self.dialed.wrapping_add(1);
        let stream = Stream::new(address, address, port);
        let (syn, patience) = (stream.control(Payload::Syn), stream.patience());
        let id = self.add(Side::Dialer, Stage::Connecting { since: now }, stream, now);
        cx.report(SessionEvent::Dialed);
        cx.send(address, syn);
        set(cx, timer::CONNECT, id, u64::from(cx.config.session.connect_timeout_ms));
        set(cx, timer::RETRANSMIT, id, patience);
    }

    /// Dials listed peers without a session whose back-off is over.
    pub(super) fn check(&mut self, cx: &mut HostContext<'_>) {
        let now = ms(cx);
        for index in 0..self.candidates.len() {
            if self.candidates[index].is_due(now) {
                self.dial(cx, index);
            }
        }
        let period = if cx.config.session.backoff == BackoffRule::Doubling {
            cx.config.session.peer_check_ms
        } else {
            cx.config.session.peer_check_ms.min(30_000)
        };
        set(cx, timer::CHECK, 0, u64::from(period));
    }

    pub(super) fn add(&mut self, side: Side, stage: Stage, stream: Stream, now: u64) -> u32 {
        self.generation += 1;
        self.live.push(Session::new(self.generation, side, stage, stream, now));
        debug_assert!(self.live.is_sorted_by(|one, other| one.id < other.id), "generations grow");
        self.generation
    }

    pub(super) fn on_syn_ack(&mut self, cx: &mut HostContext<'_>, id: u32) {
        let now = ms(cx);
        let Some(session) = self.get_mut(id) else { return };
        let Stage::Connecting { since } = session.stage else { return };
        session.stream.measured(now.saturating_sub(since));
        session.stage = Stage::Handshaking;
        session.heard = now;
        cx.cancel_timer(timer::CONNECT, id);
        cx.cancel_timer(timer::RETRANSMIT, id);
        self.push(cx, id, Payload::Handshake(cx.host));
        set(cx, timer::HANDSHAKE, id, u64::from(cx.config.session.handshake_timeout_ms));
    }

    /// The dialer's session is open, acknowledged or not: its loop begins.
    pub(super) fn open(&mut self, cx: &mut HostContext<'_>, id: u32) {
        let now = ms(cx);
        let Some(session) = self.get_mut(id) else { return };
        session.stage = Stage::Open { since: now };
        let (address, ip) = (session.stream.remote, session.ip());
        self.registry.register(address, id);
        if let Some((_, candidate)) = self.candidate(ip) {
            candidate.succeeded();
        }
        cx.cancel_timer(timer::HANDSHAKE, id);
        cx.report(SessionEvent::Opened);
        if cx.config.session.ping_variant != PingVariant::SeedEra {
            self.ping(cx, id);
            set(cx, timer::JUDGE, id, JUDGE_EVERY);
        }
        self.beat(cx, id);
        for payload in [Payload::Announcement, Payload::GetHeight, Payload::GetPeers] {
            self.push(cx, id, payload);
        }
    }

    pub(super) fn on_syn(
        &mut self,
        cx: &mut HostContext<'_>,
        from: Address,
        remote: Address,
        known: Option<u32>,
    ) {
        let now = ms(cx);
        let is_again =
            known.and_then(|id| self.get_mut(id)).is_some_and(|one| one.stage == Stage::Handshaking);
        if is_again {
            // The SYN-ACK was lost.
        } else {
            known.into_iter().for_each(|id| self.drop_session(cx, id));
            let stream = Stream::new(from, remote, cx.address.port());
            let id = self.add(Side::Acceptor, Stage::Handshaking, stream, now);
            set(cx, timer::HANDSHAKE, id, u64::from(cx.config.session.handshake_timeout_ms));
        }
        let grant = Stream::new(from, remote, cx.address.port()).control(Payload::SynAck);
        cx.send(from, grant);
    }

    pub(super) fn on_handshake(&mut self, cx: &mut HostContext<'_>, id: u32) {
        let (now, rules) = (ms(cx), cx.config.session);
        let Some(index) = self.find(id) else { return };
        let remote = self.live[index].stream.remote;
        if self.refuses(cx, id) {
            if rules.tie_break == TieBreak::Text {
                // As published: the doomed stream's writer has replaced the healthy one.
                self.registry.register(remote, id);
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
        cx.cancel_timer(timer::HANDSHAKE, id);
        set(cx, timer::IDLE, id, u64::from(rules.idle_limit_ms));
        cx.report(SessionEvent::Accepted);
        self.push(cx, id, Payload::HandshakeAck(cx.host));
        self.push(cx, id, Payload::GetPeers);
    }

    /// Whether the rule keeps an own dial instead of an accepted stream.
    pub(super) fn refuses(&self, cx: &HostContext<'_>, id: u32) -> bool {
        let Some(index) = self.find(id) else { return false };
        let remote = self.live[index].stream.listening;
        let mut others = self.live.iter().filter(|one| one.ip() == remote.host_part() && one.is_alive());
        let has_dialed = others.any(|one| one.side == Side::Dialer);
        has_dialed
            && match cx.config.session.tie_break {
                TieBreak::None => false,
                TieBreak::Text => plan::precedes_as_text(cx.address, remote),
                TieBreak::Numeric | TieBreak::Generation => cx.address.host_part() > remote.host_part(),
            }
    }

    /// Ends the sessions that an accepted one replaces. By the published rules that happens in the books
    /// alone.
    pub(super) fn replace(&mut self, cx: &mut HostContext<'_>, id: u32) {
        if matches!(cx.config.session.tie_break, TieBreak::None | TieBreak::Text) {
            return;
        }
        let Some(ip) = self.find(id).map(|index| self.live[index].ip()) else { return };
        let is_former = |one: &&Session| one.ip() == ip && one.id != id && one.is_alive();
        let former: Vec<u32> = self.live.iter().filter(is_former).map(|one| one.id).collect();
        for former in former {
            cx.report(SessionEvent::Refused);
            self.reset(cx, former);
        }
    }

    pub(super) fn on_handshake_timeout(&mut self, cx: &mut HostContext<'_>, id: u32) {
        match self.find(id).map(|index| self.live[index].side) {
            Some(Side::Dialer) => self.open(cx, id),
            Some(Side::Acceptor) => self.reset(cx, id),
            None => {}
        }
    }
}
