//! Worlds of radios and of the peer manager.

use super::draw::{KnobRange, Length, add_faults, begin, set_all, set_some};
use crate::base::rng::Rng;
use crate::scenario::Scenario;

/// Knobs of radios with the range of generated values: whole numbers, or numbers of options.
const RADIO: &[KnobRange] = &[
    ("genesis.peers", 3, 20),
    ("radio.region", 0, 13),
    ("radio.spreading", 5, 12),
    ("radio.bandwidth", 0, 3),
    ("radio.coding_rate", 5, 8),
    ("radio.area_m", 500, 20_000),
    ("radio.map", 0, 1_000),
    ("radio.traffic", 1, 4),
    ("radio.traffic_ms", 200, 60_000),
    ("radio.traffic_bytes", 1, 2_000),
    ("radio.gap_ms", 1, 1_000),
    ("radio.beacon_ms", 1_000, 60_000),
    ("radio.gateways", 0, 3),
    ("radio.queue_max", 2, 200),
];

/// Knobs of radios that each differ from the preset in a quarter of the worlds.
const RARE: &[KnobRange] = &[
    ("radio.fragment_loss", 1, 500_000),
    ("radio.crc_signed", 1, 1),
    ("radio.short_wait", 1, 1),
    ("radio.counter_lost", 1, 1),
    ("radio.sender_time", 1, 1),
    ("radio.scaled_timeouts", 0, 0),
    ("radio.half_duplex", 0, 0),
    ("radio.capture_db", 0, 20),
    ("radio.layout", 1, 2),
    ("radio.neighbors_max", 1, 5),
    ("radio.reassembly_max", 1, 5),
];

/// Knobs of the peer manager.
const MANAGER: &[KnobRange] = &[
    ("genesis.peers", 3, 40),
    ("network.loss", 0, 200_000),
    ("manager.outbound_max", 1, 10),
    ("manager.inbound_max", 0, 10),
    ("manager.connections_max", 2, 20),
    ("manager.known_max", 3, 50),
    ("manager.bad_share", 0, 1_000_000),
    ("manager.invalid_share", 0, 1_000_000),
    ("manager.ban_ms", 10_000, 600_000),
    ("manager.failure_limit", 2, 10),
    ("manager.reconnect_ms", 1_000, 60_000),
    ("manager.optimize_ms", 10_000, 120_000),
    ("manager.per_address_max", 0, 4),
    ("manager.referral_max", 0, 20),
];

/// World of radios or of the peer manager generated from a seed, up to healing.
pub(super) fn generate(seed: u64, rng: &mut Rng, length: Option<Length>) -> Scenario {
    let has_manager = rng.below(3) == 0;
    let preset = if has_manager { "peer-manager" } else { "lora" };
    let mut scenario = begin(preset, seed);
    set_all(&mut scenario, rng, if has_manager { MANAGER } else { RADIO });
    set_some(&mut scenario, rng, if has_manager { &[] } else { RARE }, 4);
    let rounds = 120 + rng.below(600);
    add_faults(&mut scenario, rng, rounds, length);
    scenario
}

#[cfg(test)]
mod tests {
    use super::super::{RADIO_SEEDS, examine};

    #[test]
    fn random_worlds_keep_the_law_and_the_limits() {
        for seed in RADIO_SEEDS..RADIO_SEEDS + 12 {
            let report = examine(seed, None);
            assert_eq!(report.failure, None, "{seed}: {:?}", report.link);
        }
    }
}
