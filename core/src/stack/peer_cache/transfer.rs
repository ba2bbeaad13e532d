//! Workload: transfers with peers, at random intervals.

use super::event::{CacheEvent, Transfer};
use super::quality::TransferFailure;
use super::{PeerCacheLayer, ms, score_rules, set, timer, wall};
use crate::base::digest::Digest;
use crate::base::id::PeerId;
use crate::stack::context::HostContext;

/// Time after which a transfer fails, in ms.
const PATIENCE: u64 = 10_000;
/// Least size of a transfer in bytes.
const BYTES_MIN: u32 = 1_024;
/// Sizes vary by this many bytes.
const BYTES_SPREAD: u32 = 1 << 18;
/// Transfers at a time.
const OUTSTANDING_MAX: usize = 64;

/// A transfer that waits for its data.
#[derive(Clone, Copy, Debug)]
pub(super) struct Outstanding {
    number: u32,
    peer: PeerId,
    since: u64,
}

impl Outstanding {
    pub(super) fn digest(&self, digest: &mut Digest) {
        digest.number(self.number);
        digest.number(self.peer.get());
        digest.number(self.since);
    }
}

impl PeerCacheLayer {
    pub(super) fn time_transfer(cx: &mut HostContext<'_>) {
        if let Some(mean) = cx.config.cache.transfer_ms {
            let after = cx.rng.exponential(mean.get().into());
            set(cx, timer::TRANSFER, 0, after);
        }
    }

    /// Begins a transfer with one of the peers that it has a session with.
    pub(super) fn fetch(&mut self, cx: &mut HostContext<'_>) {
        let mut live = self.known.iter().filter(|known| known.sessions > 0);
        let Some(index) = cx.rng.index(live.clone().count()) else { return };
        let Some(known) = live.nth(index).filter(|_| self.outstanding.len() < OUTSTANDING_MAX) else {
            return;
        };
        let (peer, to, since) = (known.peer, known.listening, ms(cx));
        self.transfers = self.transfers.wrapping_add(1);
        let number = self.transfers;
        self.outstanding.push(Outstanding { number, peer, since });
        let bytes = BYTES_MIN + cx.rng.below(BYTES_SPREAD);
        cx.send(to, Transfer::Fetch { number, bytes });
        set(cx, timer::UNANSWERED, number, PATIENCE);
    }

    fn take_outstanding(&mut self, number: u32) -> Option<Outstanding> {
        let index = self.outstanding.iter().position(|one| one.number == number)?;
        Some(self.outstanding.remove(index))
    }

    pub(super) fn on_data(&mut self, cx: &mut HostContext<'_>, number: u32, bytes: u32) {
        let Some(one) = self.take_outstanding(number) else { return };
        cx.cancel_timer(timer::UNANSWERED, number);
        let (now, duration) = (wall(cx), ms(cx).saturating_sub(one.since));
        let rules = score_rules(&cx.config.cache);
        if let Some(known) = self.get_mut(one.peer) {
            known.metrics.succeeded(now, bytes.into(), duration, rules);
        }
        cx.report(CacheEvent::Transferred);
    }

    pub(super) fn on_unanswered(&mut self, cx: &mut HostContext<'_>, number: u32) {
        let Some(one) = self.take_outstanding(number) else { return };
        let (now, rules) = (wall(cx), score_rules(&cx.config.cache));
        if let Some(known) = self.get_mut(one.peer) {
            known.metrics.failed(now, TransferFailure::Timeout, rules);
        }
        cx.report(CacheEvent::TransferFailed);
    }
}
