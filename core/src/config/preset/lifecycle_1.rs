//! First version of the working lifecycle. Retired: `improved` replaces it.

use super::Preset;
use crate::base::ratio::Ratio;
use crate::config::{
    Config, ElectionConfig, EvictionRule, GenesisConfig, InvitationRule, NetworkConfig, PeersConfig,
    ReferralRule, SearchRule, TokenConfig, Topology, VerificationRule,
};

pub(super) const PRESET: Preset = Preset {
    code: 2,
    name: "lifecycle-1",
    title: "The lifecycle at work, first version",
    summary: "Every peer starts with two Identified neighbours on each side. Invitations are verified, a reciprocal one \
              makes a peer Connected, and it stays Connected as long as it sends messages.",
    rounds: 300,
    config: Config {
        genesis: GenesisConfig {
            topology: Topology::Ring,
            connected_share: Ratio::ZERO,
            neighbors: 2,
            swapped_topology: false,
            ..GenesisConfig::DEFAULT
        },
        tokens: TokenConfig {
            saturated_width: false,
            search: SearchRule::RingWrap,
            verification: VerificationRule::Strict,
            ..TokenConfig::DEFAULT
        },
        election: ElectionConfig {
            majority_threshold: Ratio::from_percent(60),
            replace_candidates: true,
            token_as_first_hop: false,
            referrals: ReferralRule::Bounded,
            max_hops: 8,
            ..ElectionConfig::DEFAULT
        },
        peers: PeersConfig {
            frozen_samples: false,
            pending_timeout_rounds: 50,
            connection_timeout_rounds: 100,
            distance_pruning: false,
            invitations: InvitationRule::Reciprocal,
            unverified_invitations: false,
            eviction: EvictionRule::Random,
            keepalive: true,
            unsolicited_referrals: false,
            wrapping_lookup: true,
            ..PeersConfig::DEFAULT
        },
        network: NetworkConfig {
            delay: Ratio::from_percent(10),
            latency_max: 2,
            same_round_delivery: false,
            ..NetworkConfig::DEFAULT
        },
        ..Config::DEFAULT
    },
};
