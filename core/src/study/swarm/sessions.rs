//! Worlds of sessions.

use super::draw::{KnobRange, Length, add_faults, begin, set_all, set_some};
use crate::base::rng::Rng;
use crate::scenario::Scenario;

/// The preset around which worlds are drawn.
const PRESET: &str = "sessions";

/// Knobs with the range of generated values: whole numbers, millionths, or numbers of options.
const RANGES: &[KnobRange] = &[
    ("genesis.peers", 3, 14),
    ("network.loss", 0, 100_000),
    ("network.duplication", 0, 50_000),
    ("network.reordering", 0, 50_000),
    ("session.dial_spacing_ms", 1, 100),
    ("session.passive_wait_ms", 1, 60_000),
    ("sync.block_ms", 10_000, 60_000),
];

/// Knobs that each differ from the preset in a quarter of the worlds.
const RARE: &[KnobRange] = &[
    ("session.tie_break", 2, 3),
    ("session.links", 1, 8),
    ("session.ping_variant", 0, 1),
    ("session.syn_loss", 0, 300_000),
    ("session.firewalled", 1, 2),
    ("session.firewall", 1, 2),
    ("session.natted", 1, 3),
    ("session.slow_readers", 1, 2),
    ("session.read_delay_ms", 100, 5_000),
    ("session.flooders", 1, 1),
    ("session.half_open_max", 4, 50),
    ("session.bans", 1, 2),
    ("session.ping_limit", 3, 10),
    ("session.exchange", 1, 2),
    ("session.announcements", 1, 1),
    ("session.tick_burst", 1, 1),
    ("sync.mode", 1, 1),
    ("sync.genesis", 0, 2),
    ("sync.foreign", 1, 1),
    ("sync.silent", 1, 1),
];

/// Knobs that came later: they are drawn last, so that worlds without them are as before.
const LATER: &[KnobRange] = &[
    ("session.stream_rate", 100_000, 1_000_000),
    ("session.stream_keepalive_ms", 5_000, 60_000),
    ("session.directory", 1, 1),
    ("session.directory_state", 1, 2),
];

/// World of sessions generated from a seed, up to healing.
pub(super) fn generate(seed: u64, rng: &mut Rng, length: Option<Length>) -> Scenario {
    let mut scenario = begin(PRESET, seed);
    set_all(&mut scenario, rng, RANGES);
    set_some(&mut scenario, rng, RARE, 4);
    let rounds = 60 + rng.below(240);
    add_faults(&mut scenario, rng, rounds, length);
    set_some(&mut scenario, rng, LATER, 8);
    scenario
}
