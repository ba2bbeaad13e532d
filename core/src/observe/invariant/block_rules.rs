//! Rules of blocks that properties are checked against.

use crate::base::id::PeerId;
use crate::base::ratio::Ratio;
use crate::config::{Config, FraudRule, Sabotage, TrustRule};
use crate::stack::consensus::sabotage;

/// Rules of blocks that were in force at all times so far; of the threshold the lowest, of the pool and of
/// the liars the largest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct BlockRules {
    pub(super) threshold: usize,
    pub(super) pool: usize,
    /// Approvals decide tokens; refusals do not.
    pub(super) has_approvals: bool,
    /// Votes of Connected peers alone count.
    pub(super) trusts_connected: bool,
    /// Blocks are later than their parents, and nothing is taken over without votes.
    pub(super) checks_parents: bool,
    /// The rule of fraud, which no running world may change.
    fraud: FraudRule,
    /// Share of peers that answer with mappings which they know to be outdated.
    liars: Ratio,
}

impl BlockRules {
    pub(super) fn of(config: &Config) -> Self {
        let rules = &config.consensus;
        Self {
            threshold: rules.threshold as usize,
            pool: rules.pool_max as usize,
            has_approvals: !rules.refusals_close,
            trusts_connected: rules.trust == TrustRule::Connected && !rules.stranger_connects,
            checks_parents: rules.parents_checked && !rules.unproven_reorganisation,
            fraud: rules.fraud,
            liars: if rules.sabotage == Sabotage::Outdated { rules.saboteurs } else { Ratio::ZERO },
        }
    }

    /// Whether a peer must not be convicted of fraud.
    pub(super) fn is_innocent(&self, peer: PeerId) -> bool {
        self.fraud == FraudRule::Mappings && self.is_truthful(peer)
    }

    /// Whether a peer has never answered with mappings that it knew to be outdated.
    pub(super) fn is_truthful(&self, peer: PeerId) -> bool {
        sabotage::of(self.liars, Sabotage::Outdated, peer).is_none()
    }

    /// The rules after a change of them.
    pub(super) fn with(self, config: &Config) -> Self {
        let now = Self::of(config);
        Self {
            threshold: self.threshold.min(now.threshold),
            pool: self.pool.max(now.pool),
            has_approvals: self.has_approvals && now.has_approvals,
            trusts_connected: self.trusts_connected && now.trusts_connected,
            checks_parents: self.checks_parents && now.checks_parents,
            fraud: self.fraud,
            liars: self.liars.max(now.liars),
        }
    }
}
