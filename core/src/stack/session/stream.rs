//! Reliable streams over packets: numbered segments, cumulative acknowledgement, retransmission with doubled
//! timeouts.

use std::collections::VecDeque;

use super::segment::{Introduction, Payload, Segment};
use crate::base::digest::Digest;
use crate::base::id::PeerId;
use crate::stack::address::Address;
use crate::stack::layer::Body;

/// Retransmission timeout before a round trip has been measured, in ms (RFC 6298).
const RTO_INITIAL: u64 = 1_000;
/// Minimum retransmission timeout, in ms.
const RTO_MIN: u64 = 200;
/// Retransmissions of a segment after which a stream is dead: about 100 to 500 s.
const RETRIES_MAX: u32 = 9;
/// Segments kept that arrived before an earlier one.
const EARLY_MAX: usize = 64;

/// One end of a stream.
#[derive(Clone, Debug)]
pub struct Stream {
    /// Address of the other end: its IP and the port of this stream.
    pub remote: Address,
    /// Port on which the other host listens, which packets go to.
    pub listening: Address,
    /// Port of this end.
    pub port: u16,
    /// Number of the last segment sent.
    sent: u32,
    /// Sent and not acknowledged.
    unacked: Unacked,
    /// Number of the last segment received in order.
    received: u32,
    /// Received before an earlier one, in order.
    early: Vec<(u32, Payload)>,
    /// Whether a segment has arrived since the last acknowledgement went out.
    owes_ack: bool,
    /// Retransmissions since the last progress.
    retries: u32,
    /// Measured round trip in ms.
    round_trip: Option<u64>,
    /// Bytes of all segments sent, each counted once.
    bytes_sent: u64,
    /// Bytes of all segments received, each counted once.
    bytes_received: u64,
}

/// Segments without acknowledgement, in order. Mostly there is one, which needs no memory of its own.
#[derive(Clone, Debug)]
struct Unacked {
    oldest: Option<(u32, Payload)>,
    /// Empty if there is no oldest one.
    later: VecDeque<(u32, Payload)>,
}

impl Unacked {
    const fn new() -> Self {
        Self { oldest: None, later: VecDeque::new() }
    }

    fn push(&mut self, seq: u32, payload: Payload) {
        if self.oldest.is_none() {
            self.oldest = Some((seq, payload));
        } else {
            self.later.push_back((seq, payload));
        }
    }

    fn remove_oldest(&mut self) {
        self.oldest = self.later.pop_front();
    }

    const fn is_empty(&self) -> bool {
        self.oldest.is_none()
    }

    fn len(&self) -> usize {
        usize::from(self.oldest.is_some()) + self.later.len()
    }
}

/// What a segment brings.
#[derive(Debug, Default)]
pub struct Arrived {
    /// The payload that is next in order.
    pub next: Option<Payload>,
    /// Payloads that had come early and follow it.
    pub later: Vec<Payload>,
    /// A message of another layer: those are handed up as they arrive, once each.
    pub body: Option<Body>,
    /// Addresses of peers that it names.
    pub addresses: Box<[(PeerId, Address)]>,
}

impl Stream {
    /// An end with this port.
    #[must_use]
    pub const fn new(listening: Address, remote: Address, port: u16) -> Self {
        Self {
            remote,
            listening,
            port,
            sent: 0,
            unacked: Unacked::new(),
            received: 0,
            early: Vec::new(),
            owes_ack: false,
            retries: 0,
            round_trip: None,
            bytes_sent: 0,
            bytes_received: 0,
        }
    }

    /// Whether this end has received nothing that the other has not sent, and the other knows of no more than
    /// that. If all has arrived, it is as many bytes.
    #[must_use]
    pub(crate) fn balances_with(&self, other: &Self) -> bool {
        let known = u64::from(self.received) + self.early.len() as u64;
        let acknowledged = u64::from(other.sent).saturating_sub(other.unacked.len() as u64);
        let has_all = known == u64::from(other.sent);
        acknowledged <= u64::from(self.received)
            && known <= u64::from(other.sent)
            && self.bytes_received <= other.bytes_sent
            && (!has_all || self.bytes_received == other.bytes_sent)
    }

    /// A segment outside of the order of the stream.
    #[must_use]
    pub const fn control(&self, payload: Payload) -> Segment {
        self.segment(0, payload)
    }

    /// The next segment of the stream, kept until it is acknowledged.
    pub fn push(&mut self, payload: Payload) -> Segment {
        self.sent += 1;
        self.bytes_sent += u64::from(payload.bytes());
        self.unacked.push(self.sent, payload.clone());
        self.owes_ack = false;
        self.segment(self.sent, payload)
    }

    /// An acknowledgement, if one is owed.
    pub fn acknowledgement(&mut self) -> Option<Segment> {
        std::mem::take(&mut self.owes_ack).then(|| self.control(Payload::StreamAck))
    }

    /// The oldest segment without acknowledgement once more; `None` if it has been sent too often.
    pub fn retransmission(&mut self) -> Option<Segment> {
        self.retries += 1;
        let (seq, payload) = self.unacked.oldest.as_ref().filter(|_| self.retries <= RETRIES_MAX)?;
        Some(self.segment(*seq, payload.clone()))
    }

    /// Timeout of the oldest segment, in ms; `None` if all are acknowledged.
    #[must_use]
    pub fn timeout(&self) -> Option<u64> {
        (!self.unacked.is_empty()).then(|| self.patience())
    }

    /// Timeout after the retransmissions so far, in ms.
    #[must_use]
    pub(crate) fn patience(&self) -> u64 {
        let first = self.round_trip.map_or(RTO_INITIAL, |rtt| (2 * rtt).max(RTO_MIN));
        first << self.retries.min(RETRIES_MAX)
    }

    /// Round trip that the opening has shown, in ms; 0 if it has not been measured.
    #[must_use]
    pub(crate) fn round_trip_ms(&self) -> u64 {
        self.round_trip.unwrap_or(0)
    }

    /// Whether everything sent has been acknowledged.
    #[must_use]
    pub(crate) const fn is_flushed(&self) -> bool {
        self.unacked.is_empty()
    }

    /// Notes a retransmission that this stream does not keep: that of its SYN. False if it has been sent too
    /// often.
    pub(crate) const fn retry(&mut self) -> bool {
        self.retries += 1;
        self.retries <= RETRIES_MAX
    }

    /// Notes the round trip that the opening has shown, in ms, with the time that segments may wait on the
    /// way. If they may, the answer to a repeated SYN shows none (Karn's algorithm).
    pub(crate) const fn opened_after(&mut self, shown: u64, wait: u64) {
        let is_ambiguous = wait > 0 && self.retries > 0;
        self.measured(if is_ambiguous { wait } else { shown + wait });
    }

    /// Notes the first round trip, in ms.
    pub const fn measured(&mut self, round_trip: u64) {
        self.round_trip = Some(round_trip);
        self.retries = 0;
    }

    /// Forgets segments up to a number. Returns whether there were any.
    pub(crate) fn acknowledge(&mut self, ack: u32) -> bool {
        let before = self.unacked.len();
        while self.unacked.oldest.as_ref().is_some_and(|(seq, _)| *seq <= ack) {
            self.unacked.remove_oldest();
        }
        let progress = self.unacked.len() < before;
        if progress {
            self.retries = 0;
        }
        progress
    }

    /// Takes a segment of the stream in.
    pub fn accept(&mut self, segment: Segment) -> Arrived {
        let mut arrived = Arrived::default();
        if segment.seq == 0 {
            return arrived;
        }
        self.owes_ack = true;
        let slot = self.early.binary_search_by_key(&segment.seq, |early| early.0);
        let Err(index) = slot else { return arrived };
        let is_next = segment.seq == self.received + 1;
        if segment.seq <= self.received || (self.early.len() >= EARLY_MAX && !is_next) {
            return arrived;
        }
        self.bytes_received += u64::from(segment.payload.bytes());
        let payload = match segment.payload {
            Payload::Carried(body) => {
                arrived.body = Some(body);
                Payload::StreamAck
            }
            Payload::Introduction(one) => {
                let Introduction { body, addresses } = *one;
                (arrived.body, arrived.addresses) = (Some(body), addresses);
                Payload::StreamAck
            }
            payload => payload,
        };
        if !is_next {
            self.early.insert(index, (segment.seq, payload));
            return arrived;
        }
        self.received += 1;
        arrived.next = Some(payload);
        while self.early.first().is_some_and(|(seq, _)| *seq == self.received + 1) {
            self.received += 1;
            arrived.later.push(self.early.remove(0).1);
        }
        arrived
    }

    const fn segment(&self, seq: u32, payload: Payload) -> Segment {
        let (from_port, to_port) = (self.port, self.remote.port());
        Segment { from_port, to_port, seq, ack: self.received, payload }
    }

    /// Bytes on the heap, without those of payloads.
    #[must_use]
    pub(crate) fn heap_bytes(&self) -> usize {
        (self.unacked.later.capacity() + self.early.capacity()) * size_of::<(u32, Payload)>()
    }

    /// Adds the stream to a fingerprint. Payloads under way are part of the network's.
    pub fn digest(&self, digest: &mut Digest) {
        digest.number(self.remote.get());
        digest.number(self.port);
        digest.number(u64::from(self.sent) << 32 | u64::from(self.received));
        digest.length(self.unacked.len());
        digest.length(self.early.len());
        self.early.iter().for_each(|early| digest.number(early.0));
        digest.number(u64::from(self.retries) << 1 | u64::from(self.owes_ack));
        digest.number(self.round_trip.map_or(0, |rtt| rtt + 1));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ends() -> [Stream; 2] {
        let [a, b] = [1, 2].map(|host| Address::ip(host, 24_100));
        let (dialer, acceptor) = (50_000, 24_100);
        [Stream::new(b, b, dialer), Stream::new(a, a.with_port(dialer), acceptor)]
    }

    fn nonces(arrived: &Arrived) -> Vec<u64> {
        let nonce = |payload: &Payload| match payload {
            Payload::Ping(nonce) => Some(*nonce),
            _ => None,
        };
        arrived.next.iter().chain(&arrived.later).filter_map(nonce).collect()
    }

    #[test]
    fn segments_are_delivered_in_order_and_once() {
        let [mut a, mut b] = ends();
        let sent: Vec<Segment> = (1..=3).map(|nonce| a.push(Payload::Ping(nonce))).collect();
        assert_eq!(nonces(&b.accept(sent[1].clone())), [0_u64; 0]);
        assert_eq!(nonces(&b.accept(sent[1].clone())), [0_u64; 0], "a duplicate");
        assert_eq!(nonces(&b.accept(sent[0].clone())), [1, 2]);
        assert_eq!(nonces(&b.accept(sent[0].clone())), [0_u64; 0]);
        assert_eq!(nonces(&b.accept(sent[2].clone())), [3]);
        let ack = b.acknowledgement().unwrap();
        assert!(b.acknowledgement().is_none(), "it is owed once");
        assert!(a.acknowledge(ack.ack) && a.is_flushed());
    }

    #[test]
    fn a_lost_segment_is_sent_again_with_doubled_timeouts_and_in_the_end_given_up() {
        let [mut a, mut b] = ends();
        a.measured(80);
        let _ = a.push(Payload::Ping(7));
        assert_eq!(a.timeout(), Some(200));
        let again = a.retransmission().unwrap();
        assert_eq!((a.timeout(), nonces(&b.accept(again))), (Some(400), vec![7]));
        assert!((0..8).all(|_| a.retransmission().is_some()));
        assert!(a.retransmission().is_none());
    }
}
