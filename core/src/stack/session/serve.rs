//! Serving: segments that arrive, replies, and segments that are sent again.

use super::fault::{FRAME_MAX, Gravity};
use super::segment::{Payload, Segment};
use super::state::{Side, Stage};
use super::stream::Arrived;
use super::sync::Sync;
use super::timing::{ms, set};
use super::{HEIGHT, SessionEvent, Sessions, plan, timer};
use crate::stack::address::Address;
use crate::stack::context::HostContext;
use crate::stack::layer::Upward;
use crate::stack::notice::Notice;

impl Sessions {
    pub(super) fn on_segment(
        &mut self,
        cx: &mut HostContext<'_>,
        id: u32,
        segment: Segment,
    ) -> Option<Upward> {
        let now = ms(cx);
        let session = self.get_mut(id)?;
        session.heard = now;
        if matches!(segment.payload, Payload::Probe) {
            let answer = session.stream.control(Payload::StreamAck);
            session.emit(cx, answer);
        }
        if session.stream.acknowledge(segment.ack) {
            self.time_retransmission(cx, id);
        }
        let session = self.get_mut(id)?;
        if session.stage == Stage::Closing && session.stream.is_flushed() {
            self.drop_session(cx, id);
            return None;
        }
        let Arrived { next, later, body, addresses } = session.stream.accept(segment);
        let (is_open, peer) = (session.is_open(), session.peer);
        self.learn(cx, &addresses);
        self.read_all(cx, id, next.into_iter().chain(later));
        if let Some(session) = self.get_mut(id)
            && let Some(ack) = session.stream.acknowledgement()
        {
            session.emit(cx, ack);
        }
        let from = peer.filter(|_| is_open)?;
        body.map(|body| Upward { from, body })
    }

    pub(super) fn handle(&mut self, cx: &mut HostContext<'_>, id: u32, payload: Payload) {
        let Some(session) = self.get_mut(id).filter(|one| one.is_alive()) else { return };
        let (is_open, side) = (session.is_open(), session.side);
        if session.is_fetch() {
            return self.handle_list(cx, id, payload);
        }
        match payload {
            Payload::Handshake(peer) if side == Side::Acceptor && !is_open => {
                session.peer = Some(peer);
                self.on_handshake(cx, id);
            }
            Payload::HandshakeAck(peer) if side == Side::Dialer => {
                session.peer = Some(peer);
                if is_open {
                    self.release_waiting(cx, id);
                } else {
                    self.open(cx, id);
                }
            }
            Payload::Fin => self.on_fin(cx, id),
            Payload::StreamAck => {}
            _ if !is_open && side == Side::Acceptor => {
                cx.report(SessionEvent::EarlyMessage);
                self.violated(cx, id, Gravity::Ordinary);
                self.reset(cx, id);
            }
            payload => self.serve(cx, id, payload),
        }
    }

    pub(super) fn serve(&mut self, cx: &mut HostContext<'_>, id: u32, payload: Payload) {
        if self.find(id).is_none_or(|index| !self.live[index].is_alive()) {
            cx.report(SessionEvent::DeliveredLate);
        }
        let is_keepalive = matches!(payload, Payload::Ping(_) | Payload::Pong(_));
        if cx.config.session.only_pings && !is_keepalive {
            return;
        }
        match payload {
            Payload::Ping(nonce) => {
                self.take_ping(cx, id);
                self.reply(cx, id, Payload::Pong(nonce));
            }
            Payload::Pong(nonce) => self.on_pong(cx, id, nonce),
            Payload::GetHeight => {
                let height = self.sync().map_or(height(cx.address), Sync::height);
                let tip = self.own_tip().map(|(height, hash)| Payload::Tip(height, hash));
                self.reply(cx, id, tip.unwrap_or(Payload::Height(height)));
            }
            Payload::Height(height) => {
                self.best_height = self.best_height.max(height);
                self.on_tip(cx, id, height);
            }
            Payload::GetPeers => {
                let list = self.peer_list(cx);
                self.reply(cx, id, Payload::Peers(list));
            }
            Payload::Peers(list) => self.on_peers(cx, &list),
            Payload::Reachable(peers) => self.on_report(cx, &peers),
            Payload::Announcement => self.on_announcement(cx, id),
            Payload::Frame(size) if size > FRAME_MAX => {
                self.violated(cx, id, Gravity::Grave);
                self.reset(cx, id);
            }
            payload => self.serve_sync(cx, id, &payload),
        }
    }

    fn on_pong(&mut self, cx: &mut HostContext<'_>, id: u32, nonce: u64) {
        let now = ms(cx);
        let Some(session) = self.get_mut(id) else { return };
        let Some(rtt_ms) = session.pings.pong(nonce, now) else {
            return cx.report(SessionEvent::PongUnmatched);
        };
        session.link.is_verified = true;
        cx.report(SessionEvent::PongMatched { rtt_ms });
        if let Some(peer) = session.peer {
            cx.notify(Notice::RoundTrip { peer, ms: u32::try_from(rtt_ms).unwrap_or(u32::MAX) });
        }
    }

    /// Sends a reply: the dialer writes to its stream, the acceptor to the writer that its key names. If
    /// duplicates register their writers, the dialer's too may have been replaced.
    pub(super) fn reply(&mut self, cx: &mut HostContext<'_>, id: u32, payload: Payload) {
        let Some(index) = self.find(id) else { return };
        let session = &self.live[index];
        let rules = &cx.config.session;
        let writer = match session.side {
            Side::Dialer if rules.writer_overwrite => self.registry.writer_of(session.ip()),
            Side::Dialer => Some(id),
            Side::Acceptor => self.registry.writer(session.stream.remote, rules.reply_key),
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
        let segment = session.stream.push(payload);
        self.transmit(cx, id, segment);
        if was_flushed {
            self.time_retransmission(cx, id);
        }
    }

    pub(super) fn time_retransmission(&mut self, cx: &mut HostContext<'_>, id: u32) {
        let Some(index) = self.find(id) else { return };
        match self.live[index].stream.timeout() {
            Some(after) => set(cx, timer::RETRANSMIT, id, after),
            None => cx.cancel_timer(timer::RETRANSMIT, id),
        }
    }

    pub(super) fn retransmit(&mut self, cx: &mut HostContext<'_>, id: u32) {
        let Some(session) = self.get_mut(id) else { return };
        if session.line.as_ref().is_some_and(|line| !line.is_idle()) {
            // What waits for the line is not lost.
            return set(cx, timer::RETRANSMIT, id, session.stream.patience());
        }
        let is_syn = matches!(session.stage, Stage::Connecting { .. });
        let segment = if is_syn {
            session.stream.retry().then(|| session.stream.control(Payload::Syn))
        } else {
            session.stream.retransmission()
        };
        let Some(segment) = segment else { return self.on_reset(cx, id) };
        let (to, patience) = (session.stream.listening, session.stream.patience());
        cx.report(SessionEvent::Retransmitted);
        if is_syn {
            self.send_syn(cx, to, segment);
        } else {
            self.transmit(cx, id, segment);
        }
        set(cx, timer::RETRANSMIT, id, patience);
    }
}

/// Height of a host's chain: two hosts of the incident were stuck at 0.
fn height(address: Address) -> u32 {
    let is_stuck = (0..2).any(|index| plan::address(index, 0).host_part() == address.host_part());
    if is_stuck { 0 } else { HEIGHT }
}
