//! Presets of documents 000 and 001 from before messages of one tick arrived in an order without favourites.
//! Retired: presets of the same names replace them.

use super::{Preset, as_claimed, next, seed_000};
use crate::config::{ArrivalOrder, Config, NetworkConfig, PeersConfig};

pub(super) const SEED_000: Preset = Preset {
    code: 1,
    name: "seed-000-1",
    title: "Document 000 as published, first version",
    summary: "As `seed-000`; of the messages of a tick, that of the lowest id arrives first.",
    config: Config { network: by_sender(seed_000::PRESET.config.network), ..seed_000::PRESET.config },
    ..seed_000::PRESET
};

pub(super) const NEXT: Preset = Preset {
    code: 3,
    name: "next-1",
    title: "Document 000 with the authors' first two fixes, first version",
    summary: "As `next`; of the messages of a tick, that of the lowest id arrives first, and an accepted invitation \
              has its sender stored and its election ask other peers.",
    config: Config {
        peers: PeersConfig {
            sample_answers: false,
            identify_inviters: true,
            mute_examinations: false,
            ..next::PRESET.config.peers
        },
        network: by_sender(next::PRESET.config.network),
        ..next::PRESET.config
    },
    ..next::PRESET
};

pub(super) const AS_CLAIMED: Preset = Preset {
    code: 4,
    name: "as-claimed-1",
    title: "Documents 000 and 001 as written, first version",
    summary: "As `as-claimed`; of the messages of a tick, that of the lowest id arrives first.",
    config: Config { network: by_sender(as_claimed::PRESET.config.network), ..as_claimed::PRESET.config },
    ..as_claimed::PRESET
};

const fn by_sender(network: NetworkConfig) -> NetworkConfig {
    NetworkConfig { arrival_order: ArrivalOrder::Sender, ..network }
}
