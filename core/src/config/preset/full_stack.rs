//! Documents 000 to 004 in one world.

use super::layered::ON_DEMAND;
use super::lifecycle_cache::CACHE;
use super::lifecycle_radio::{ON_AIR, SLOW};
use super::{Preset, outline};
use crate::config::{AddressBook, Config, GenesisConfig, RadioConfig, SessionConfig, TimeConfig};

pub(super) const PRESET: Preset = Preset::new(
    63,
    outline::FULL_STACK,
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
