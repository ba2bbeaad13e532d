//! Document 000 as published: `peer_lifecycle_sim`, committed with 200 rounds.

use super::Preset;
use crate::config::{ArrivalOrder, Config, NetworkConfig, TimeConfig};

pub(super) const PRESET: Preset = Preset {
    code: 9,
    name: "seed-000",
    title: "Document 000 as published: nobody ever connects",
    summary: "30 peers and 100,000 tokens for 200 rounds, with every bug of the original program: no peer ever becomes \
              Connected, and 15 % of all messages are answers.",
    rounds: 200,
    config: Config {
        time: TimeConfig { ticks_per_round: 50, tick_ms: 2, ..TimeConfig::DEFAULT },
        network: NetworkConfig { arrival_order: ArrivalOrder::Hash, ..NetworkConfig::DEFAULT },
        ..Config::DEFAULT
    },
};
