//! Document 001 with the options that it recommends (its questions 1 to 5).

use std::num::NonZeroU32;

use super::{Preset, as_claimed};
use crate::base::ratio::Ratio;
use crate::config::{
    Config, ElectionConfig, FirstHopRule, GenesisConfig, PeersConfig, ReelectionRule, RoutingConfig,
    RoutingRule, TimeConfig, TokenConfig,
};

const BASE: Config = as_claimed::PRESET.config;

pub(super) const PRESET: Preset = Preset {
    code: 12,
    name: "recommended",
    title: "Document 001 with the options it recommends: hardly any election succeeds",
    summary: "100 peers, greedy forwarding, first hops far apart and not asked lately, an election a minute of which half \
              verify a Connected peer, and lists of 50. Greedy forwarding leads all channels to the same peer, so that \
              answers are too few for consensus.",
    rounds: 3_600,
    config: Config {
        time: TimeConfig { round_ms: 1_000, tick_ms: 1_000, ..TimeConfig::DEFAULT },
        genesis: GenesisConfig { peers: 100, ..BASE.genesis },
        tokens: TokenConfig { view_min: 20_000, ..BASE.tokens },
        election: ElectionConfig {
            per_round: 1,
            interval_rounds: 60,
            first_hops: FirstHopRule::Hybrid,
            split_channels: NonZeroU32::new(2),
            reelection_share: Ratio::from_percent(50),
            reelection: ReelectionRule::LeastVerified,
            ..BASE.election
        },
        routing: RoutingConfig { strategy: RoutingRule::Greedy, ..BASE.routing },
        // The document ends connections by its budget alone.
        peers: PeersConfig { connected_budget: 50, distance_pruning: false, ..BASE.peers },
        ..BASE
    },
};
