//! World of the experiments on document 003: what its presets have in common.

use std::num::NonZeroU32;

use crate::base::ratio::Ratio;
use crate::config::{
    BackoffRule, CacheConfig, Config, ExchangeRule, GenesisConfig, PurgeRule, SessionConfig, TieBreak,
};

use super::incident::INCIDENT;

/// Sixty-four hosts that find one another through three published ones and exchange lists of peers; the last
/// one makes transfers for twenty minutes, stops for a stated hour, and starts again.
pub(super) const WARM_WORLD: Config = Config {
    genesis: GenesisConfig { peers: 64, ..INCIDENT.genesis },
    session: SessionConfig {
        enabled: true,
        tie_break: TieBreak::PeerId,
        passive_wait_ms: NonZeroU32::new(1_000),
        backoff: BackoffRule::Probing,
        peer_check_ms: 30_000,
        listed_peers: 3,
        exchange: ExchangeRule::Limited,
        purge: PurgeRule::Off,
        announcements: true,
        writer_overwrite: false,
        phantom_close: false,
        stale_cleanup: false,
        zombie_heal: true,
        ..SessionConfig::DEFAULT
    },
    ..INCIDENT
};

/// Twenty minutes, a stated hour in which some of the others go away or move, and another start.
pub(super) const WARM_CACHE: CacheConfig = CacheConfig {
    enabled: true,
    transfer_ms: NonZeroU32::new(10_000),
    relay_share: Ratio::from_percent(25),
    cycles: 1,
    up_rounds: 1_200,
    down_rounds: 10,
    offline_hourly: Ratio::from_percent(5),
    moved_hourly: Ratio::from_percent(5),
    reborn_hourly: Ratio::from_percent(5),
    ..CacheConfig::DEFAULT
};
