//! Ending sessions: in order, at once, and what follows for registry and dials.

use super::event::EndedSession;
use super::segment::Payload;
use super::state::{Side, Stage};
use super::timing::{ms, set};
use super::{SessionEvent, Sessions, timer};
use crate::config::BackoffRule;
use crate::stack::context::HostContext;
use crate::stack::notice::Notice;

/// Session below which the adaptive rules count its end as a failure, in ms.
const SHORT: u64 = 10_000;

impl Sessions {
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

    pub(super) fn on_fin(&mut self, cx: &mut HostContext<'_>, id: u32) {
        if let Some(index) = self.find(id)
            && let session = &mut self.live[index]
            && let Some(ack) = session.stream.acknowledgement()
        {
            session.emit(cx, ack);
        }
        self.leave(cx, id, true);
        self.drop_session(cx, id);
    }

    /// Ends a session at once and tells the other end.
    pub(super) fn reset(&mut self, cx: &mut HostContext<'_>, id: u32) {
        if let Some(index) = self.find(id) {
            let session = &self.live[index];
            session.emit(cx, session.stream.control(Payload::Rst));
        }
        self.on_reset(cx, id);
    }

    pub(super) fn on_reset(&mut self, cx: &mut HostContext<'_>, id: u32) {
        if self.find(id).is_some_and(|index| self.live[index].is_fetch()) {
            return self.on_fetch_failed(cx, id);
        }
        self.leave(cx, id, false);
        self.drop_session(cx, id);
    }

    /// Notes the end of a session: for observers, in the registry, and for the next dial.
    pub(super) fn leave(&mut self, cx: &mut HostContext<'_>, id: u32, is_graceful: bool) {
        let (now, rules) = (ms(cx), cx.config.session);
        let Some(index) = self.find(id) else { return };
        let session = &self.live[index];
        let (stage, side, ip, remote) = (session.stage, session.side, session.ip(), session.stream.remote);
        let series = session.series;
        let mut is_failure = !is_graceful;
        match (stage, side) {
            (Stage::Closing, _) | (Stage::Connecting { .. } | Stage::Handshaking, Side::Acceptor) => return,
            (Stage::Open { .. }, Side::Acceptor) => cx.report(SessionEvent::Released),
            (Stage::Open { since }, Side::Dialer) => {
                let lifetime_ms = now.saturating_sub(since);
                is_failure |= rules.backoff != BackoffRule::Doubling && lifetime_ms < SHORT;
                cx.report(SessionEvent::Closed { lifetime_ms });
                let remote = session.stream.listening;
                cx.report(SessionEvent::Ended(EndedSession {
                    remote,
                    generation: id,
                    opened_ms: since,
                    closed_ms: now,
                }));
            }
            (_, Side::Dialer) => {
                is_failure = true;
                cx.report(SessionEvent::DialFailed);
                cx.notify(Notice::DialFailed { to: session.stream.listening });
            }
        }
        self.sync_ended(id, &cx.config.sync);
        if matches!(stage, Stage::Open { .. }) {
            if let Some(peer) = self.live[index].peer {
                cx.notify(Notice::Ended { peer });
            }
            let owner = (rules.tie_break.has_generations() || !rules.stale_cleanup).then_some(id);
            self.registry.remove(remote, owner);
        }
        if side == Side::Acceptor {
            return;
        }
        if let Some((key, candidate)) = self.candidate(ip) {
            let delay =
                if is_failure { candidate.failed(now, &rules) } else { Some(candidate.ended(now, &rules)) };
            if let Some(delay) = delay.filter(|_| candidate.is_kept()) {
                let series = if rules.duplicate_redials { series << 16 } else { 0 };
                set(cx, timer::REDIAL, series | key, delay);
            }
        }
    }

    /// Forgets a session and its timers.
    pub(super) fn drop_session(&mut self, cx: &mut HostContext<'_>, id: u32) {
        let address = self.find(id).map(|index| self.live[index].stream.listening);
        timer::OF_SESSION.for_each(|kind| cx.cancel_timer(kind, id));
        let kept = [timer::TRANSMIT, timer::PROBE, timer::ANSWER];
        kept.into_iter().for_each(|kind| cx.cancel_timer(kind, id));
        self.live.remove(id);
        address.into_iter().for_each(|address| self.give_up(cx, address));
    }
}
