//! Keepalive: pings of the dialer, their judgement, and silence as the acceptor sees it.

use super::fault::FRAME_MAX;
use super::segment::Payload;
use super::state::Session;
use super::timing::{ms, set};
use super::{JUDGE_EVERY, SessionEvent, Sessions, timer};
use crate::config::{PingVariant, SessionConfig};
use crate::stack::context::HostContext;

/// Pings that go out at once after a host stood still, at most.
const BURST_MAX: u64 = 64;

impl Sessions {
    pub(super) fn ping(&mut self, cx: &mut HostContext<'_>, id: u32) {
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
        let now = ms(cx);
        let Some(session) = self.get_mut(id) else { return };
        let interval = u64::from(paced(&rules, session).ping_interval_ms);
        let late = now.saturating_sub(session.beat_due) / interval;
        session.beat_due = now + interval;
        (0..late.min(BURST_MAX)).filter(|_| rules.tick_burst).for_each(|_| self.ping(cx, id));
        self.ping(cx, id);
        if rules.oversize && self.is_flooder(cx) {
            self.push(cx, id, Payload::Frame(FRAME_MAX + 1));
        }
        let Some(session) = self.get_mut(id) else { return };
        let has_heartbeat = session.beats > 0 && session.beats.is_multiple_of(2);
        session.beats = session.beats.wrapping_add(1);
        if has_heartbeat {
            self.push(cx, id, Payload::Announcement);
            self.push(cx, id, Payload::GetHeight);
        }
        set(cx, timer::PING, id, interval);
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

    pub(super) fn judged_dead(&mut self, cx: &mut HostContext<'_>, id: u32) -> bool {
        let now = ms(cx);
        let Some(session) = self.get_mut(id) else { return false };
        let rules = paced(&cx.config.session, session);
        let judgement = session.pings.judge(now, &rules);
        (0..judgement.missed).for_each(|_| cx.report(SessionEvent::PongMissed));
        judgement.is_dead
    }

    /// Ends an accepted session whose dialer is silent.
    pub(super) fn look_for_silence(&mut self, cx: &mut HostContext<'_>, id: u32) {
        let now = ms(cx);
        let Some(session) = self.get_mut(id) else { return };
        let limit = u64::from(paced(&cx.config.session, session).idle_limit_ms);
        let silence = now.saturating_sub(session.heard);
        if silence >= limit {
            return self.reset(cx, id);
        }
        set(cx, timer::IDLE, id, limit - silence);
    }
}

/// The rules of a keepalive as they hold for a session: on a slow path, with an interval and a deadline that
/// a pong can keep.
fn paced(rules: &SessionConfig, session: &Session) -> SessionConfig {
    let mut paced = *rules;
    if rules.scaled_keepalive {
        let patience = u32::try_from(3 * session.stream.round_trip_ms()).unwrap_or(u32::MAX);
        paced.ping_interval_ms = paced.ping_interval_ms.max(patience);
        paced.pong_deadline_ms = paced.pong_deadline_ms.max(patience);
        paced.idle_limit_ms = paced.idle_limit_ms.max(patience.saturating_mul(3));
    }
    paced
}
