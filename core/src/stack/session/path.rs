//! The path below a stream: what carries its segments, and how long these may wait on the way.

use super::Sessions;
use super::segment::Segment;
use super::stream::Stream;
use crate::config::StreamCarrier;
use crate::stack::address::Address;
use crate::stack::context::HostContext;

/// Frames of a turn of the keepalive: a ping, an announcement in two parts, and a query for the height.
const TURN_FRAMES: u64 = 4;

/// Sends a segment to the address on which a host listens.
pub(super) fn send(cx: &mut HostContext<'_>, to: Address, segment: Segment) {
    match cx.config.session.carrier {
        StreamCarrier::Link => cx.send(to, segment),
        // Nothing comes to an address that is not bound.
        StreamCarrier::Radio => {
            if let Some(host) = cx.directory.host(to) {
                cx.send_down(host, segment);
            }
        }
    }
}

impl Sessions {
    /// Notes the mean distance of two frames of this host once its airtime is used up, in ms.
    pub(super) fn note_pace(&mut self, cx: &HostContext<'_>, ms: u32) {
        if cx.config.session.carrier == StreamCarrier::Radio {
            self.pace_ms = ms;
        }
    }

    /// Time in ms that segments may wait for the airtime of this host: that of one turn of the keepalive with
    /// each published peer, so that both ends expect the same. With fixed timeouts streams expect none.
    pub(super) fn queue_wait(&self, cx: &HostContext<'_>) -> u64 {
        if self.pace_ms == 0 || !cx.config.session.scaled_keepalive {
            return 0;
        }
        let others = Self::published(cx).len().max(2) as u64 - 1;
        u64::from(self.pace_ms) * TURN_FRAMES * others
    }

    /// A new end of a stream. Until a round trip is measured, it expects the time that segments may wait.
    pub(super) fn new_stream(
        &self,
        cx: &HostContext<'_>,
        listening: Address,
        remote: Address,
        port: u16,
    ) -> Stream {
        let mut stream = Stream::new(listening, remote, port);
        let wait = self.queue_wait(cx);
        if wait > 0 {
            stream.measured(wait);
        }
        stream
    }
}
