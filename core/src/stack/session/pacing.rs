//! Bandwidth of streams and their keepalive: segments that wait for the line, and probes of silent streams.

use super::segment::{Payload, Segment};
use super::timing::{ms, set};
use super::{SessionEvent, Sessions, timer};
use crate::base::digest::Digest;
use crate::stack::context::HostContext;
use crate::stack::layer::LayerBody;

/// Segments that wait for the line; beyond, they are lost as at a full buffer, and sent again.
const WAITING_MAX: usize = 1_024;
/// Time between two probes of a silent stream, in ms.
const PROBE_EVERY: u64 = 10_000;
/// Probes without an answer after which a stream is dead.
const PROBES_MAX: u32 = 9;

/// The line of one end of a stream, and its probes. Times are in ms.
#[derive(Clone, Debug, Default)]
pub struct Pacer {
    /// Time in microseconds until which it is busy.
    busy_until: u64,
    /// Segments that wait, each with the time at which it is on its way.
    waiting: Vec<(u64, Segment)>,
    /// Probes since a segment last came.
    probes: u32,
}

impl Pacer {
    /// Time at which a segment of a size is on its way, by a rate in bytes a second.
    fn take(&mut self, now: u64, bytes: u32, rate: u32) -> u64 {
        let duration = u64::from(bytes) * 1_000_000 / u64::from(rate);
        self.busy_until = self.busy_until.max(now * 1_000) + duration;
        self.busy_until / 1_000
    }

    /// Whether nothing waits.
    #[must_use]
    pub(crate) const fn is_idle(&self) -> bool {
        self.waiting.is_empty()
    }

    /// Adds the line to a fingerprint, if it is in use.
    pub fn digest(&self, digest: &mut Digest) {
        if self.busy_until > 0 || self.probes > 0 {
            digest.number(self.busy_until);
            digest.number(self.probes);
            digest.length(self.waiting.len());
            for (due, segment) in &self.waiting {
                digest.number(*due);
                digest.number(segment.seq);
            }
        }
    }
}

impl Sessions {
    /// Sends a segment of a stream when its line is free.
    pub(super) fn transmit(&mut self, cx: &mut HostContext<'_>, id: u32, segment: Segment) {
        let Some(session) = self.get_mut(id) else { return };
        let Some(rate) = cx.config.session.stream_rate else { return session.emit(cx, segment) };
        let now = ms(cx);
        let line = session.line.get_or_insert_default();
        if line.waiting.len() >= WAITING_MAX {
            return;
        }
        let due = line.take(now, segment.size(), rate.get());
        if due <= now && line.is_idle() {
            return session.emit(cx, segment);
        }
        let was_idle = line.is_idle();
        line.waiting.push((due, segment));
        // An acknowledgement does not wait with the segment that would have carried it.
        session.emit(cx, session.stream.control(Payload::StreamAck));
        if was_idle {
            set(cx, timer::TRANSMIT, id, due - now);
        }
    }

    /// Sends the segments that have left the line.
    pub(super) fn release(&mut self, cx: &mut HostContext<'_>, id: u32) {
        let now = ms(cx);
        let Some(session) = self.get_mut(id) else { return };
        let Some(line) = &mut session.line else { return };
        let count = line.waiting.iter().take_while(|(due, _)| *due <= now).count();
        let ready: Vec<Segment> = line.waiting.drain(..count).map(|(_, segment)| segment).collect();
        if let Some((due, _)) = line.waiting.first() {
            set(cx, timer::TRANSMIT, id, due - now);
        }
        ready.into_iter().for_each(|segment| session.emit(cx, segment));
        // The timeout counts from here.
        self.time_retransmission(cx, id);
    }

    /// Probes a stream that is silent, and resets one that has left all probes without an answer.
    pub(super) fn probe(&mut self, cx: &mut HostContext<'_>, id: u32) {
        let now = ms(cx);
        let Some(limit) = cx.config.session.stream_keepalive_ms.map(|limit| u64::from(limit.get())) else {
            return;
        };
        let Some(session) = self.get_mut(id) else { return };
        let silence = now.saturating_sub(session.heard);
        let line = session.line.get_or_insert_default();
        if silence < limit {
            line.probes = 0;
            return set(cx, timer::PROBE, id, limit - silence);
        }
        if line.probes >= PROBES_MAX {
            cx.report(SessionEvent::Unanswered);
            return self.reset(cx, id);
        }
        line.probes += 1;
        let probe = session.stream.control(Payload::Probe);
        session.emit(cx, probe);
        set(cx, timer::PROBE, id, PROBE_EVERY);
    }
}

/// Sets the time of the first probe of a stream that has opened.
pub(super) fn time_probe(cx: &mut HostContext<'_>, id: u32) {
    if let Some(silence) = cx.config.session.stream_keepalive_ms {
        set(cx, timer::PROBE, id, u64::from(silence.get()));
    }
}
