//! Documents 000 to 004 in one world, and the first version of that world, which is retired.

use std::num::NonZeroU32;

use super::layered::ON_DEMAND;
use super::lifecycle_cache::CACHE;
use super::lifecycle_radio::{ON_AIR, SLOW};
use super::{Preset, blocks, outline, peer_manager, sessions};
use crate::base::ratio::Ratio;
use crate::config::{
    AddressBook, Config, GenesisConfig, LoadConfig, ManagerConfig, RadioConfig, SessionConfig, TimeConfig,
};

/// First version: without blocks and managers, on an area that its radios hardly span.
pub(super) const FIRST: Preset = Preset::new(
    63,
    outline::FULL_STACK_1,
    Config {
        time: TimeConfig { ticks_per_round: 90_000, round_ms: 1_800_000, tick_ms: 20 },
        genesis: GenesisConfig { peers: 100, ..SLOW.genesis },
        session: SessionConfig {
            listed_peers: 10,
            address_book: AddressBook::Perfect,
            scaled_keepalive: true,
            ..ON_DEMAND
        },
        cache: CACHE,
        radio: RadioConfig { area_m: 12_000, gateways: 10, ..ON_AIR },
        ..SLOW
    },
);

pub(super) const PRESET: Preset = Preset::new(
    64,
    outline::FULL_STACK,
    Config {
        radio: RadioConfig { area_m: 3_000, channels: 8, ..FIRST.config.radio },
        sync: sessions::PRESET.config.sync,
        manager: ManagerConfig { bad_share: Ratio::ZERO, ..peer_manager::PRESET.config.manager },
        consensus: blocks::FIRST.config.consensus,
        load: LoadConfig {
            blocks_per_1000_rounds: 500,
            from_round: 16,
            until_round: NonZeroU32::new(40),
            ..blocks::FIRST.config.load
        },
        ..FIRST.config
    },
);
