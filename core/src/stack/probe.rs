//! A layer for tests of the kernel: it sends a numbered packet to a neighbour at a fixed interval, counts
//! what arrives, and keeps the count on its disk.

use super::address::Address;
use super::context::HostContext;
use super::layer::{Layer, LayerBody, LayerEvent, Upward};
use crate::base::digest::Digest;
use crate::base::id::PeerId;
use crate::base::kind::{CounterInfo, KindInfo};
use crate::config::Config;
use crate::protocol::message::ProofResolver;

/// Ticks between two packets.
pub(crate) const INTERVAL: u64 = 30_000;
/// File that keeps the count.
pub(crate) const FILE: &str = "count";

/// The layer of one host.
#[derive(Clone, Debug)]
pub struct Probe {
    /// Destination of its packets.
    pub(crate) target: Option<Address>,
    pub(crate) sent: u64,
    pub(crate) received: u64,
    /// Local ticks at which timers were due.
    pub(crate) due: Vec<u64>,
}

/// A numbered packet.
#[derive(Clone, Debug)]
pub struct Beat(pub(crate) u64);

/// A packet has arrived.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ProbeEvent;

impl LayerBody for Beat {
    const KINDS: &'static [KindInfo] = &[KindInfo { name: "beat", plural: "Beats" }];

    fn kind(&self) -> u8 {
        0
    }

    fn size(&self) -> u32 {
        8
    }

    fn digest(&self, digest: &mut Digest, _: &dyn ProofResolver) {
        digest.number(self.0);
    }
}

impl LayerEvent for ProbeEvent {
    const COUNTERS: &'static [CounterInfo] =
        &[CounterInfo { name: "beats", unit: "beats", meaning: "Beats that arrived." }];

    fn counter(&self) -> Option<u8> {
        Some(0)
    }
}

impl Layer for Probe {
    type Body = Beat;

    fn new(host: PeerId, config: &Config) -> Option<Self> {
        // Tests switch the probe on by this tick length, which no preset has.
        let is_on = config.time.tick_ms == 77;
        is_on.then(|| Self { target: Some(Address::of(host)), sent: 0, received: 0, due: Vec::new() })
    }

    fn on_boot(&mut self, cx: &mut HostContext<'_>) {
        let kept = cx.disk.read(FILE).map(<[u8]>::to_vec);
        self.received = kept.map_or(0, |bytes| bytes.len() as u64);
        cx.set_timer(0, 0, INTERVAL);
    }

    fn on_packet(&mut self, cx: &mut HostContext<'_>, _from: Address, body: Beat) -> Option<Upward> {
        assert!(body.0 > 0, "beats are counted from 1");
        self.received += 1;
        let kept = vec![b'.'; usize::try_from(self.received).expect("few")];
        cx.disk.write(FILE, &kept).expect("a small file fits");
        cx.disk.sync(FILE).expect("it was written");
        cx.disk.sync_directory();
        cx.report(ProbeEvent);
        None
    }

    fn on_timer(&mut self, cx: &mut HostContext<'_>, kind: u8, key: u32) {
        assert_eq!((kind, key), (0, 0));
        self.due.push(cx.now.tick.0);
        self.sent += 1;
        if let Some(target) = self.target {
            cx.send(target, Beat(self.sent));
        }
        cx.set_timer(0, 0, INTERVAL);
    }

    fn digest(&self, digest: &mut Digest) {
        digest.number(self.sent);
        digest.number(self.received);
    }
}
