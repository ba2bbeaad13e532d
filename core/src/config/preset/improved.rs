//! Ringside's protocol: elections on what a peer lacks, a leaf set that is kept, and rest once nothing is
//! lacking.

use std::num::NonZeroU32;

use super::Preset;
use crate::base::ratio::Ratio;
use crate::config::{
    AcceptanceRule, Config, DuplicateRule, ElectionConfig, EvictionRule, GenesisConfig, InvitationRule,
    NetworkConfig, PeersConfig, ReferralRule, RoutingConfig, SearchRule, SplitRule, TargetPolicy,
    TokenConfig, Topology, VerificationRule,
};

pub(super) const PRESET: Preset = Preset {
    code: 5,
    name: "improved",
    title: "Ringside's protocol",
    summary: "Peers hold elections on what they lack: neighbours first, then connections. They re-confirm what they \
              have, and rest once they lack nothing.",
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
            verification: VerificationRule::Structural,
            view_min: 20_000,
            ..TokenConfig::DEFAULT
        },
        election: ELECTION,
        routing: RoutingConfig { single_referrals: true, ..RoutingConfig::DEFAULT },
        peers: PEERS,
        network: NetworkConfig {
            delay: Ratio::from_percent(10),
            latency_max: 2,
            same_round_delivery: false,
            ..NetworkConfig::DEFAULT
        },
        ..Config::DEFAULT
    },
};

const ELECTION: ElectionConfig = ElectionConfig {
    majority_threshold: Ratio::from_percent(60),
    timeout_rounds: 30,
    min_collection_rounds: 5,
    channels: 5,
    token_as_first_hop: false,
    referrals: ReferralRule::Bounded,
    max_hops: 8,
    replace_candidates: true,
    duplicates: DuplicateRule::FirstCounts,
    referral_drops_answer: false,
    agenda: TargetPolicy::Needs,
    splits: SplitRule::Contradicting,
    adaptive_rate: true,
    cache_rounds: NonZeroU32::new(40),
    ..ElectionConfig::DEFAULT
};

const PEERS: PeersConfig = PeersConfig {
    identified_capacity: 500,
    sample_capacity: 200,
    frozen_samples: false,
    connected_budget: 24,
    pending_timeout_rounds: 50,
    connection_timeout_rounds: 200,
    distance_pruning: false,
    invitations_per_round: 1,
    invitations: InvitationRule::Reciprocal,
    keepalive: true,
    unsolicited_referrals: false,
    wrapping_lookup: true,
    unverified_invitations: false,
    eviction: EvictionRule::Redundant,
    connected_target: NonZeroU32::new(16),
    core_neighbors: 4,
    learn_askers: true,
    handshake: true,
    acceptance: AcceptanceRule::ByNeed,
    split_alarm: NonZeroU32::new(5),
    coverage_bias: Ratio::from_percent(50),
    goodbyes: true,
    neighbors_by_proof: true,
    unanswered_is_absent: true,
    ..PeersConfig::DEFAULT
};
