//! Documents 000 and 001 as written: their parameters, without the bugs of the program.

use super::Preset;
use crate::base::ratio::Ratio;
use crate::config::{
    ArrivalOrder, Config, DuplicateRule, ElectionConfig, EvictionRule, GenesisConfig, InvitationRule,
    NetworkConfig, PeersConfig, ReferralRule, SearchRule, TokenConfig, VerificationRule,
};

pub(super) const PRESET: Preset = Preset {
    code: 11,
    name: "as-claimed",
    title: "Documents 000 and 001 as written",
    summary: "The world of document 000 without the bugs of its program: agreement on eight of ten mappings, budgets of \
              50 and 100, verified invitations that connect, and whole views of the ring.",
    rounds: 300,
    config: Config {
        genesis: GenesisConfig { swapped_topology: false, ..GenesisConfig::DEFAULT },
        tokens: TokenConfig {
            saturated_width: false,
            search: SearchRule::RingWrap,
            verification: VerificationRule::Structural,
            ..TokenConfig::DEFAULT
        },
        election: ElectionConfig {
            consensus_threshold: 8,
            majority_threshold: Ratio::from_percent(60),
            channels: 3,
            token_as_first_hop: false,
            replace_candidates: true,
            referrals: ReferralRule::Bounded,
            duplicates: DuplicateRule::BlockPeer,
            ..ElectionConfig::DEFAULT
        },
        peers: PeersConfig {
            identified_capacity: 50,
            sample_capacity: 100,
            frozen_samples: false,
            eviction: EvictionRule::Stale,
            invitations: InvitationRule::Reciprocal,
            unverified_invitations: false,
            keepalive: true,
            unsolicited_referrals: false,
            wrapping_lookup: true,
            ..PeersConfig::DEFAULT
        },
        network: NetworkConfig {
            same_round_delivery: false,
            arrival_order: ArrivalOrder::Hash,
            ..NetworkConfig::DEFAULT
        },
        ..Config::DEFAULT
    },
};
