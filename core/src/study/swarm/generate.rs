//! Generation of a random world from a seed.

use super::draw::{
    KnobRange, Length, add_faults, begin, behavior, between, pick, set_all, set_knob, set_some, share,
};
use super::{blocks, caches, radios, sessions};
use crate::base::rng::{Purpose, Rng};
use crate::config::{TargetPolicy, Topology};
use crate::scenario::Scenario;

/// The preset around which worlds are drawn.
const PRESET: &str = "improved";

/// First of the seeds whose worlds are of sessions; those below are of the lifecycle.
pub const SESSION_SEEDS: u64 = 1 << 63;

/// First of the seeds whose worlds are of radios or of the peer manager.
pub const RADIO_SEEDS: u64 = 3 << 62;

/// First of the seeds whose worlds are of peer caches.
pub const CACHE_SEEDS: u64 = 7 << 61;

/// First of the seeds whose worlds are of blocks.
pub const BLOCK_SEEDS: u64 = 15 << 60;

/// First of the seeds whose worlds are of blocks with peers that restart and compare Answers with heads.
pub const FRAUD_SEEDS: u64 = 31 << 59;

/// Knobs with the range of generated values: whole numbers, or millionths.
const RANGES: &[KnobRange] = &[
    ("time.ticks_per_round", 1, 3),
    ("genesis.peers", 5, 40),
    ("genesis.neighbors", 2, 3),
    ("tokens.total", 15_000, 25_000),
    ("election.per_round", 2, 4),
    ("election.channels", 4, 6),
    ("election.timeout_rounds", 20, 40),
    ("election.min_collection_rounds", 3, 6),
    ("election.idle_interval_rounds", 6, 12),
    ("election.cache_rounds", 20, 50),
    ("peers.identified_capacity", 100, 600),
    ("peers.sample_capacity", 50, 300),
    ("peers.connected_budget", 20, 30),
    ("peers.connected_target", 12, 18),
    ("peers.core_neighbors", 3, 5),
    ("peers.pending_timeout_rounds", 20, 60),
    ("peers.connection_timeout_rounds", 100, 200),
    ("peers.suspicion", 0, 4),
    ("peers.forgiveness_rounds", 50, 200),
    ("network.loss", 0, 150_000),
    ("network.delay", 0, 300_000),
    ("network.latency_max", 1, 4),
    ("network.duplication", 0, 100_000),
    ("network.reordering", 0, 100_000),
    ("network.loss_clockwise", 0, 50_000),
];

/// Churn knobs, set in half of the worlds.
const CHURN: &[KnobRange] = &[
    ("churn.arrivals", 0, 100),
    ("churn.sessions", 0, 3),
    ("churn.session_rounds", 150, 600),
    ("churn.return_share", 0, 1_000_000),
    ("churn.absence_rounds", 5, 60),
    ("churn.goodbye_share", 0, 1_000_000),
];

/// Knobs that each differ from the preset in a quarter of the worlds.
const RARE: &[KnobRange] = &[
    ("genesis.bootstrap", 0, 2),
    ("peers.quality_floor", 100_000, 500_000),
    ("peers.invitation_limit", 8, 30),
    ("network.bandwidth", 20, 200),
    ("network.latency_clockwise", 1, 4),
];

/// Rules with the range of generated values. Half of the worlds draw each in a fifth of the cases; healing
/// returns to those of the preset, for which alone liveness is promised.
pub(super) const RULES: &[KnobRange] = &[
    ("routing.strategy", 0, 5),
    ("routing.answers", 0, 1),
    ("routing.single_referrals", 0, 1),
    ("election.first_hops", 0, 6),
    ("election.duplicates", 0, 2),
    ("election.splits", 0, 2),
    ("election.referrals", 0, 1),
    ("election.referral_drops_answer", 0, 1),
    ("election.adaptive_threshold", 0, 1),
    ("election.health_rate", 0, 1),
    ("election.split_channels", 0, 4),
    ("election.accept_strongest", 0, 1),
    ("election.reelection", 0, 1),
    ("election.reelection_share", 0, 1_000_000),
    ("election.reelection_spread", 0, 1_000),
    ("tokens.search", 0, 1),
    ("tokens.verification", 0, 2),
    ("peers.invitations", 0, 3),
    ("peers.invitees", 0, 3),
    ("peers.eviction", 0, 6),
    ("peers.acceptance", 0, 1),
    ("peers.tenure_rounds", 20, 200),
    ("peers.unsolicited_referrals", 0, 1),
    ("peers.unverified_invitations", 0, 1),
    ("peers.sample_answers", 0, 1),
    ("peers.identify_inviters", 0, 1),
    ("peers.mute_examinations", 0, 1),
    ("network.arrival_order", 0, 1),
];

/// Topologies: all but the isolated one.
const TOPOLOGIES: &[Topology] = &[
    Topology::LocalKnowledge,
    Topology::FullyKnown,
    Topology::Ring,
    Topology::Ring,
    Topology::Random,
    Topology::Chain,
    Topology::Star,
];

/// World generated from a seed, up to healing.
#[must_use]
pub fn generate(seed: u64, length: Option<Length>) -> Scenario {
    let mut rng = Rng::stream(seed, Purpose::Swarm, 0);
    if seed >= BLOCK_SEEDS {
        let mut scenario = blocks::generate(seed, &mut rng, length);
        if seed >= FRAUD_SEEDS {
            blocks::add_fraud(&mut scenario, &mut rng);
        }
        return scenario;
    }
    if seed >= CACHE_SEEDS {
        return caches::generate(seed, &mut rng, length);
    }
    if seed >= RADIO_SEEDS {
        return radios::generate(seed, &mut rng, length);
    }
    if seed >= SESSION_SEEDS {
        return sessions::generate(seed, &mut rng, length);
    }
    let mut scenario = begin(PRESET, seed);
    set_all(&mut scenario, &mut rng, RANGES);
    if rng.below(2) == 0 {
        set_all(&mut scenario, &mut rng, CHURN);
    }
    set_some(&mut scenario, &mut rng, RARE, 4);
    scenario.config.genesis.topology = pick(&mut rng, TOPOLOGIES);
    if rng.below(3) == 0 {
        scenario.config.adversary.share = share(&mut rng, 200);
        scenario.config.adversary.conduct = behavior(&mut rng);
    }
    let rounds = 30 + rng.below(60);
    add_faults(&mut scenario, &mut rng, rounds, length);
    // Only then peers remember the tokens that they come across.
    if rng.below(4) == 0 {
        scenario.config.election.agenda = TargetPolicy::Samples;
    }
    // Peers that have lost one another in faults are to find back. Drawn last, as the rules: that changes no
    // other draw.
    set_knob(&mut scenario, "peers.rejoin_rounds", between(&mut rng, 5, 20));
    if rng.below(2) == 0 {
        for (path, min, max) in RULES {
            if rng.below(5) == 0 {
                set_knob(&mut scenario, path, between(&mut rng, *min, *max));
            }
        }
    }
    scenario
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::knob::{Knob, Setting};

    #[test]
    fn every_rule_is_drawn_and_every_value_of_it_exists() {
        let worlds: Vec<Scenario> = (0..150).map(|seed| generate(seed, Some(Length::Rounds(1)))).collect();
        for (path, min, max) in RULES {
            let knob = Knob::by_path(path).unwrap();
            assert!(knob.live, "{path} is healed in a running world");
            assert!([*min, *max].iter().all(|raw| Setting::from_raw(knob, *raw).is_some()), "{path}");
            let preset = knob.setting(&Scenario::preset(PRESET).unwrap().config);
            let differ = worlds.iter().filter(|world| knob.setting(&world.config) != preset).count();
            assert!((1..60).contains(&differ), "{path} differs in {differ} worlds");
        }
    }
}
