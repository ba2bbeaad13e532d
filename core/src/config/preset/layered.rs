//! World in which the lifecycle runs over other layers: what those presets have in common.

use std::num::NonZeroU32;

use super::improved;
use crate::base::ratio::Ratio;
use crate::config::{
    AddressBook, BackoffRule, Config, FarLinks, NetworkConfig, SessionConfig, TieBreak, TimeConfig,
    UnreachedRule,
};

/// Ringside's lifecycle with rounds of a second, a tick of 10 ms, and links of 20 to 90 ms by distance.
pub(super) const LIFECYCLE: Config = Config {
    time: TimeConfig { ticks_per_round: 100, round_ms: 1_000, tick_ms: 10 },
    network: NetworkConfig {
        delay: Ratio::ZERO,
        latency_min: 2,
        latency_max: 2,
        far_links: FarLinks::Distance,
        latency_far: 7,
        same_round_delivery: true,
        ..improved::PRESET.config.network
    },
    ..improved::PRESET.config
};

/// Sessions that are dialled when a lifecycle message needs one, with addresses learned from messages.
pub(super) const ON_DEMAND: SessionConfig = SessionConfig {
    enabled: true,
    tie_break: TieBreak::Generation,
    passive_wait_ms: NonZeroU32::new(45_000),
    backoff: BackoffRule::Probing,
    peer_check_ms: 30_000,
    listed_peers: 0,
    writer_overwrite: false,
    phantom_close: false,
    stale_cleanup: false,
    zombie_heal: true,
    unreached: UnreachedRule::Dial,
    address_book: AddressBook::Learned,
    ..SessionConfig::DEFAULT
};
