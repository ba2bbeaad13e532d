//! View: the peers whose votes count, kept in the order of the ring, and the weight of each.

use crate::base::id::PeerId;
use crate::base::mutant::mutant;
use crate::base::ring;
use crate::config::{QuorumRule, TrustRule, WeightRule};
use crate::protocol::block::ballot::{FULL, LEAST};
use crate::protocol::block::range::{Range, Ranges};
use crate::protocol::event::PeerStateKind;
use crate::stack::context::HostContext;

/// Trusted peers, read from the lifecycle again only after it has changed.
#[derive(Clone, Debug, Default)]
pub struct View {
    /// In ascending order; the host itself among them if its own vote counts.
    peers: Vec<PeerId>,
    /// State of the peer table at which they were read; `None` before the first time.
    read_at: Option<(u32, usize)>,
    /// Peers that became trusted by a defect.
    forced: Vec<PeerId>,
}

/// Most peers that become trusted by a defect.
const FORCED_MAX: usize = 1_000;

impl View {
    /// Reads the trusted peers again if the peer table has changed.
    pub fn refresh(&mut self, cx: &HostContext<'_>) {
        let state = (cx.peers.revision(), self.forced.len());
        if self.read_at == Some(state) {
            return;
        }
        self.read_at = Some(state);
        self.peers.clear();
        match mutant!(StrangersDecide: cx.config.consensus.trust => TrustRule::Known) {
            TrustRule::Connected | TrustRule::Anybody => {
                self.peers.extend(cx.peers.of_kind(PeerStateKind::Connected));
            }
            TrustRule::Known => self.peers.extend(cx.peers.iter().map(|(peer, _)| peer)),
        }
        let own = (cx.config.consensus.quorum == QuorumRule::Majority).then_some(cx.host);
        for peer in self.forced.iter().copied().chain(own) {
            if let Err(index) = self.peers.binary_search(&peer) {
                self.peers.insert(index, peer);
            }
        }
    }

    /// Reads the peers again the next time, because the rules have changed.
    pub const fn invalidate(&mut self) {
        self.read_at = None;
    }

    /// Trusts a peer from now on, whatever the lifecycle holds of it.
    pub fn force(&mut self, peer: PeerId) {
        if self.forced.len() < FORCED_MAX && !self.forced.contains(&peer) {
            self.forced.push(peer);
        }
    }

    /// Peers that became trusted by a defect.
    #[must_use]
    pub fn forced(&self) -> &[PeerId] {
        &self.forced
    }

    /// Whether the votes of a peer count.
    #[must_use]
    pub fn is_trusted(&self, cx: &HostContext<'_>, peer: PeerId) -> bool {
        cx.config.consensus.trust == TrustRule::Anybody || self.peers.binary_search(&peer).is_ok()
    }

    /// Ranges over the trusted peers.
    #[must_use]
    pub fn ranges(&self, cx: &HostContext<'_>) -> Ranges<'_> {
        let rules = &cx.config.consensus;
        Ranges { peers: &self.peers, side: rules.range as usize, wraps: rules.wrapping_range }
    }

    /// The range of a key.
    #[must_use]
    pub fn range(&self, cx: &HostContext<'_>, key: u64) -> Range {
        self.ranges(cx).range(key)
    }
}

/// Whether a peer that is in no view is as near to a key as its range reaches.
pub(super) fn is_near(range: &[PeerId], key: u64, peer: PeerId) -> bool {
    let reach = range.iter().map(|one| ring::distance(one.get(), key)).max().unwrap_or(u64::MAX);
    ring::distance(peer.get(), key) <= reach
}

/// Weight of the vote of a peer, in thousandths.
pub(super) fn weight(cx: &HostContext<'_>, peer: PeerId) -> u32 {
    let limited = |quality: u64| {
        let quality = u32::try_from(quality).unwrap_or(FULL);
        quality.clamp(LEAST, FULL)
    };
    match cx.config.consensus.weight {
        WeightRule::Equal => FULL,
        _ if peer == cx.host => FULL,
        WeightRule::Quality => limited(cx.peers.scores().quality(peer)),
        WeightRule::Reliability => limited(cx.peers.answer_share(peer)),
    }
}
