//! Document 000 with the corrections of the two commits that followed its publication.

use super::Preset;
use crate::config::{
    ArrivalOrder, Config, ElectionConfig, EvictionRule, InvitationRule, NetworkConfig, PeersConfig,
    TimeConfig,
};

pub(super) const PRESET: Preset = Preset {
    code: 10,
    name: "next",
    title: "Document 000 with the authors' first two fixes",
    summary: "Invitations take effect, so that peers become Connected, and no query goes to the challenged token \
              itself; all other bugs of the original program remain.",
    rounds: 200,
    config: Config {
        time: TimeConfig { ticks_per_round: 50, tick_ms: 2, ..TimeConfig::DEFAULT },
        election: ElectionConfig { token_as_first_hop: false, ..ElectionConfig::DEFAULT },
        peers: PeersConfig {
            eviction: EvictionRule::Random,
            invitations: InvitationRule::Reciprocal,
            unverified_invitations: false,
            sample_answers: true,
            identify_inviters: false,
            mute_examinations: true,
            ..PeersConfig::DEFAULT
        },
        network: NetworkConfig { arrival_order: ArrivalOrder::Hash, ..NetworkConfig::DEFAULT },
        ..Config::DEFAULT
    },
};
