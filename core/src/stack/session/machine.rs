//! The machine: opening, accepting, serving and ending sessions.

use super::segment::{Payload, Segment};
use super::state::{Session, Side, Stage};
use super::stream::{Arrived, Stream};
use super::{EPHEMERAL, EPHEMERALS, HEIGHT, JUDGE_EVERY, SessionEvent, Sessions, plan, timer};
use crate::config::{BackoffRule, PingVariant, TieBreak};
use crate::stack::address::Address;
use crate::stack::context::HostContext;
use crate::stack::layer::Upward;

/// Session below which the adaptive rules count its end as a failure, in ms.
const SHORT: u64 = 10_000;

/// Local time in ms.
fn ms(cx: &HostContext<'_>) -> u64 {
    cx.now.tick.0 * u64::from(cx.config.time.tick_ms)
}

/// Sets a timer that is due after a time in ms.
pub(super) fn set(cx: &mut HostContext<'_>, kind: u8, key: u32, after: u64) {
    let ticks = after / u64::from(cx.config.time.tick_ms);
    cx.set_timer(kind, key, ticks);
}

impl Sessions {
    // Opening, on the dialing side.

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

    fn add(&mut self, side: Side, stage: Stage, stream: Stream, now: u64) -> u32 {
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
    fn open(&mut self, cx: &mut HostContext<'_>, id: u32) {
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

    // Accepting.

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

    fn on_handshake(&mut self, cx: &mut HostContext<'_>, id: u32) {
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
    fn refuses(&self, cx: &HostContext<'_>, id: u32) -> bool {
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
    fn replace(&mut self, cx: &mut HostContext<'_>, id: u32) {
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

    // Serving.

    pub(super) fn on_segment(
        &mut self,
        cx: &mut HostContext<'_>,
        id: u32,
        segment: Segment,
    ) -> Option<Upward> {
        let now = ms(cx);
        let session = self.get_mut(id)?;
        session.heard = now;
        if session.stream.acknowledge(segment.ack) {
            self.time_retransmission(cx, id);
        }
        let session = self.get_mut(id)?;
        if session.stage == Stage::Closing && session.stream.is_flushed() {
            self.drop_session(cx, id);
            return None;
        }
        let Arrived { ready, message } = session.stream.accept(segment);
        let (is_open, peer) = (session.is_open(), session.peer);
        for payload in ready {
            self.handle(cx, id, payload);
        }
        let owed = self
            .get_mut(id)
            .and_then(|one| one.stream.acknowledgement().map(|ack| (one.stream.listening, ack)));
        if let Some((to, ack)) = owed {
            cx.send(to, ack);
        }
        let from = peer.filter(|_| is_open)?;
        message.map(|message| Upward { from, message })
    }

    fn handle(&mut self, cx: &mut HostContext<'_>, id: u32, payload: Payload) {
        let Some(session) = self.get_mut(id).filter(|one| one.is_alive()) else { return };
        let (is_open, side) = (session.is_open(), session.side);
        match payload {
            Payload::Handshake(peer) if side == Side::Acceptor && !is_open => {
                session.peer = Some(peer);
                self.on_handshake(cx, id);
            }
            Payload::HandshakeAck(peer) if side == Side::Dialer => {
                session.peer = Some(peer);
                if !is_open {
                    self.open(cx, id);
                }
            }
            Payload::Fin => self.on_fin(cx, id),
            Payload::StreamAck => {}
            _ if !is_open && side == Side::Acceptor => {
                cx.report(SessionEvent::EarlyMessage);
                self.reset(cx, id);
            }
            payload => self.serve(cx, id, &payload),
        }
    }

    fn serve(&mut self, cx: &mut HostContext<'_>, id: u32, payload: &Payload) {
        let now = ms(cx);
        let Some(session) = self.get_mut(id) else { return };
        match payload {
            Payload::Ping(nonce) => self.reply(cx, id, Payload::Pong(*nonce)),
            Payload::GetHeight => self.reply(cx, id, Payload::Height(height(cx.address))),
            Payload::GetPeers => {
                let count = u32::try_from(self.registry.entries()).expect("bounded");
                self.reply(cx, id, Payload::Peers(count));
            }
            Payload::Pong(nonce) => cx.report(match session.pings.pong(*nonce, now) {
                Some(rtt_ms) => SessionEvent::PongMatched { rtt_ms },
                None => SessionEvent::PongUnmatched,
            }),
            Payload::Height(height) => self.best_height = self.best_height.max(*height),
            _ => {}
        }
    }

    /// Sends a reply: the dialer writes to its stream, the acceptor to the writer that its key names.
    pub(super) fn reply(&mut self, cx: &mut HostContext<'_>, id: u32, payload: Payload) {
        let Some(index) = self.find(id) else { return };
        let session = &self.live[index];
        let writer = match session.side {
            Side::Dialer => Some(id),
            Side::Acceptor => self.registry.writer(session.stream.remote, cx.config.session.reply_key),
        };
        match writer.filter(|writer| self.find(*writer).is_some_and(|index| self.live[index].is_open())) {
            Some(writer) => self.push(cx, writer, payload),
            None => cx.report(SessionEvent::ReplyLost),
        }
    }

    /// Sends the next segment of a stream.
    pub(super) fn push(&mut self, cx: &mut HostContext<'_>, id: u32, payload: Payload) {
        let Some(session) = self.get_mut(id) else { return };
        let was_flushed = session.stream.is_flushed();
        let (to, segment) = (session.stream.listening, session.stream.push(payload));
        cx.send(to, segment);
        if was_flushed {
            self.time_retransmission(cx, id);
        }
    }

    fn time_retransmission(&mut self, cx: &mut HostContext<'_>, id: u32) {
        let Some(index) = self.find(id) else { return };
        match self.live[index].stream.timeout() {
            Some(after) => set(cx, timer::RETRANSMIT, id, after),
            None => cx.cancel_timer(timer::RETRANSMIT, id),
        }
    }

    pub(super) fn retransmit(&mut self, cx: &mut HostContext<'_>, id: u32) {
        let Some(session) = self.get_mut(id) else { return };
        let segment = if let Stage::Connecting { .. } = session.stage {
            session.stream.retry().then(|| session.stream.control(Payload::Syn))
        } else {
            session.stream.retransmission()
        };
        let (to, patience) = (session.stream.listening, session.stream.patience());
        let Some(segment) = segment else { return self.on_reset(cx, id) };
        cx.report(SessionEvent::Retransmitted);
        cx.send(to, segment);
        set(cx, timer::RETRANSMIT, id, patience);
    }

    // Keepalive.

    fn ping(&mut self, cx: &mut HostContext<'_>, id: u32) {
        let now = ms(cx);
        let Some(session) = self.get_mut(id) else { return };
        let nonce = session.pings.send(now, cx.config.session.ping_variant);
        cx.report(SessionEvent::PingSent);
        self.push(cx, id, Payload::Ping(nonce));
    }

    /// A turn of the keepalive: seed-era judges the outstanding ping first, and every second turn adds a
    /// heartbeat.
    pub(super) fn beat(&mut self, cx: &mut HostContext<'_>, id: u32) {
        let rules = cx.config.session;
        if rules.ping_variant == PingVariant::SeedEra && self.judged_dead(cx, id) {
            return self.close(cx, id);
        }
        self.ping(cx, id);
        let Some(session) = self.get_mut(id) else { return };
        let has_heartbeat = session.beats > 0 && session.beats.is_multiple_of(2);
        session.beats = session.beats.wrapping_add(1);
        if has_heartbeat {
            self.push(cx, id, Payload::Announcement);
            self.push(cx, id, Payload::GetHeight);
        }
        set(cx, timer::PING, id, u64::from(rules.ping_interval_ms));
    }

    pub(super) fn judge(&mut self, cx: &mut HostContext<'_>, id: u32) {
        if cx.config.session.ping_variant == PingVariant::SeedEra {
            return;
        }
        if self.judged_dead(cx, id) {
            return self.close(cx, id);
        }
        set(cx, timer::JUDGE, id, JUDGE_EVERY);
    }

    fn judged_dead(&mut self, cx: &mut HostContext<'_>, id: u32) -> bool {
        let now = ms(cx);
        let Some(session) = self.get_mut(id) else { return false };
        let judgement = session.pings.judge(now, &cx.config.session);
        (0..judgement.missed).for_each(|_| cx.report(SessionEvent::PongMissed));
        judgement.is_dead
    }

    /// Ends an accepted session whose dialer is silent.
    pub(super) fn look_for_silence(&mut self, cx: &mut HostContext<'_>, id: u32) {
        let (now, limit) = (ms(cx), u64::from(cx.config.session.idle_limit_ms));
        let Some(session) = self.get_mut(id) else { return };
        let silence = now.saturating_sub(session.heard);
        if silence >= limit {
            return self.reset(cx, id);
        }
        set(cx, timer::IDLE, id, limit - silence);
    }

    // Ending.

    /// Ends a session in order: the FIN goes out, and its stream stays until it is acknowledged.
    pub(super) fn close(&mut self, cx: &mut HostContext<'_>, id: u32) {
        self.leave(cx, id, true);
        timer::OF_SESSION.for_each(|kind| cx.cancel_timer(kind, id));
        if let Some(session) = self.get_mut(id) {
            session.stage = Stage::Closing;
        }
        self.push(cx, id, Payload::Fin);
        self.time_retransmission(cx, id);
    }

    fn on_fin(&mut self, cx: &mut HostContext<'_>, id: u32) {
        if let Some(index) = self.find(id)
            && let stream = &mut self.live[index].stream
            && let Some(ack) = stream.acknowledgement()
        {
            cx.send(stream.listening, ack);
        }
        self.leave(cx, id, true);
        self.drop_session(cx, id);
    }

    /// Ends a session at once and tells the other end.
    fn reset(&mut self, cx: &mut HostContext<'_>, id: u32) {
        if let Some(index) = self.find(id) {
            let stream = &self.live[index].stream;
            cx.send(stream.listening, stream.control(Payload::Rst));
        }
        self.on_reset(cx, id);
    }

    pub(super) fn on_reset(&mut self, cx: &mut HostContext<'_>, id: u32) {
        self.leave(cx, id, false);
        self.drop_session(cx, id);
    }

    /// Notes the end of a session: for observers, in the registry, and for the next dial.
    fn leave(&mut self, cx: &mut HostContext<'_>, id: u32, is_graceful: bool) {
        let (now, rules) = (ms(cx), cx.config.session);
        let Some(index) = self.find(id) else { return };
        let session = &self.live[index];
        let (stage, side, ip, remote) = (session.stage, session.side, session.ip(), session.stream.remote);
        let mut is_failure = !is_graceful;
        match (stage, side) {
            (Stage::Closing, _) | (Stage::Connecting { .. } | Stage::Handshaking, Side::Acceptor) => return,
            (Stage::Open { .. }, Side::Acceptor) => cx.report(SessionEvent::Released),
            (Stage::Open { since }, Side::Dialer) => {
                let lifetime_ms = now.saturating_sub(since);
                is_failure |= rules.backoff != BackoffRule::Doubling && lifetime_ms < SHORT;
                cx.report(SessionEvent::Closed { lifetime_ms });
            }
            (_, Side::Dialer) => {
                is_failure = true;
                cx.report(SessionEvent::DialFailed);
            }
        }
        if matches!(stage, Stage::Open { .. }) {
            let owner = (rules.tie_break == TieBreak::Generation).then_some(id);
            self.registry.remove(remote, owner);
        }
        if side == Side::Acceptor {
            return;
        }
        if let Some((key, candidate)) = self.candidate(ip) {
            let delay =
                if is_failure { candidate.failed(now, &rules) } else { Some(candidate.ended(now, &rules)) };
            if let Some(delay) = delay {
                set(cx, timer::DIAL, key, delay);
            }
        }
    }

    /// Forgets a session and its timers.
    fn drop_session(&mut self, cx: &mut HostContext<'_>, id: u32) {
        timer::OF_SESSION.for_each(|kind| cx.cancel_timer(kind, id));
        if let Some(index) = self.find(id) {
            self.live.remove(index);
        }
    }
}

/// Height of a host's chain: two hosts of the incident were stuck at 0.
fn height(address: Address) -> u32 {
    let is_stuck = (0..2).any(|index| plan::address(index, 0).host_part() == address.host_part());
    if is_stuck { 0 } else { HEIGHT }
}
