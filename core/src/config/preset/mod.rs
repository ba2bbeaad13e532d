//! Named starting points.
//!
//! A link says only what differs from its preset. The values here are therefore part of the format: once released, a
//! preset is never changed; a better one gets a new name and code.

use std::num::NonZeroU32;

use serde::Serialize;

use crate::base::problem::{Problem, quoted};
use crate::base::ratio::Ratio;
use crate::config::knob::nearest;
use crate::config::{
    AcceptanceRule, AdversaryConfig, Behavior, Bootstrap, ChurnConfig, Config, DuplicateRule, ElectionConfig,
    EvictionRule, FarLinks, FirstHopRule, GenesisConfig, InvitationRule, InviteeRule, LatencyShape,
    NetworkConfig, PeersConfig, ReferralRule, ReturnRule, RoutingConfig, RoutingRule, SearchRule,
    SessionRule, SplitRule, TargetPolicy, TimeConfig, TokenConfig, Topology, VerificationRule,
};

/// A named starting point.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct Preset {
    /// Its number in links; never reused.
    #[serde(skip)]
    pub code: u8,
    /// Its name in scenarios.
    pub name: &'static str,
    /// Its name for a person.
    pub title: &'static str,
    /// What it shows.
    pub summary: &'static str,
    /// How long the experiment is, in rounds.
    pub rounds: u32,
    /// Every knob.
    #[serde(skip)]
    pub config: Config,
}

impl Preset {
    /// The preset with this name.
    ///
    /// # Errors
    ///
    /// Where there is none.
    pub fn by_name(name: &str) -> Result<&'static Self, Problem> {
        let name = if name == LIFECYCLE_ALIAS { "improved" } else { name };
        all().find(|preset| preset.name == name).ok_or_else(|| unknown(name))
    }

    /// The preset with this number.
    #[must_use]
    pub fn by_code(code: u8) -> Option<&'static Self> {
        all().find(|preset| preset.code == code)
    }
}

/// The lifecycle as it is best run, under the name that outlives its versions.
pub const LIFECYCLE_ALIAS: &str = "lifecycle";

fn all() -> impl Iterator<Item = &'static Preset> {
    PRESETS.iter().chain(RETIRED)
}

/// The names under which presets are offered.
pub fn names() -> impl Iterator<Item = &'static str> {
    PRESETS.iter().map(|preset| preset.name).chain([LIFECYCLE_ALIAS])
}

fn unknown(name: &str) -> Problem {
    let remedy = match nearest(name, names()) {
        Some(name) => format!("did you mean \"{name}\"?"),
        None => format!("the presets are: {}", names().collect::<Vec<_>>().join(", ")),
    };
    Problem::new("preset", format!("there is no preset {}", quoted(name)), remedy)
}

/// All presets. The first one is meant where a scenario names none.
pub static PRESETS: &[Preset] = &[
    Preset {
        code: 1,
        name: "seed-000",
        title: "The published experiment, as shipped",
        summary: "30 peers and 100,000 tokens for 200 rounds, with every deviation of the program from its document: \
                  nobody ever becomes Connected, and 15 % of all messages are answers.",
        rounds: 200,
        config: SEED_000,
    },
    Preset {
        code: 3,
        name: "next",
        title: "Four hours later",
        summary: "The published experiment with the two corrections that its authors made first: invitations are taken \
                  up, so that peers become Connected, and no query goes to the token itself.",
        rounds: 200,
        config: NEXT,
    },
    Preset {
        code: 4,
        name: "as-claimed",
        title: "What the documents promise",
        summary: "The published world without the defects of its program: agreement on eight of ten mappings, budgets \
                  of 50 and 100, verified invitations that connect, and whole views of the ring.",
        rounds: 300,
        config: AS_CLAIMED,
    },
    Preset {
        code: 5,
        name: "improved",
        title: "Our own best protocol",
        summary: "Peers hold elections on what they lack: neighbours first, then connections; they confirm what they \
                  have, and rest once they have enough.",
        rounds: 300,
        config: IMPROVED,
    },
];

/// Presets that are no longer offered, because a better one has taken their place. Links to them work for ever.
pub static RETIRED: &[Preset] = &[Preset {
    code: 2,
    name: "lifecycle-1",
    title: "The lifecycle at work, first version",
    summary: "Every peer starts with two neighbours on each side that it has only heard of. Invitations are \
                  verified, a reciprocal one makes a peer Connected, and it stays so for as long as it is heard.",
    rounds: 300,
    config: LIFECYCLE,
}];

/// The configuration of the published run (`peer_lifecycle_sim`, committed with 200 rounds).
const SEED_000: Config = Config {
    time: TimeConfig { ticks_per_round: 50, round_ms: 100 },
    genesis: GenesisConfig {
        peers: 30,
        topology: Topology::LocalKnowledge,
        known_share: Ratio::from_millionths(500_000),
        connected_share: Ratio::from_millionths(400_000),
        neighbors: 3,
        swapped_topology: true,
        join_contacts: 3,
        bootstrap: Bootstrap::Random,
    },
    tokens: TokenConfig {
        total: 100_000,
        coverage: Ratio::from_millionths(900_000),
        neighbor_overlap: 10,
        saturated_width: true,
        search: SearchRule::OneWaySpill,
        verification: VerificationRule::Weak,
        view_min: 0,
        stale_share: Ratio::ZERO,
        conflict_share: Ratio::ZERO,
        zero_id_blocks: false,
    },
    election: ElectionConfig {
        per_round: 3,
        consensus_threshold: 6,
        min_cluster_size: 2,
        max_channels: 10,
        majority_threshold: Ratio::from_millionths(100_000),
        timeout_rounds: 100,
        min_collection_rounds: 10,
        channels: 4,
        candidates: 8,
        replace_candidates: false,
        token_as_first_hop: true,
        referrals: ReferralRule::Unbounded,
        max_hops: 16,
        first_hops: FirstHopRule::Closest,
        duplicates: DuplicateRule::BlockChannel,
        referral_drops_answer: true,
        interval_rounds: 1,
        agenda: TargetPolicy::Samples,
        reelection_share: Ratio::ZERO,
        splits: SplitRule::AnyTwo,
        adaptive_rate: false,
        idle_interval_rounds: 10,
        adaptive_threshold: false,
        cache_rounds: None,
    },
    routing: RoutingConfig {
        strategy: RoutingRule::Referral,
        answers: ReturnRule::Direct,
        fanout: 3,
        time_to_live: 8,
        single_referrals: false,
        forwarder_bound: false,
    },
    peers: PeersConfig {
        identified_capacity: 5_000,
        sample_capacity: 1_000,
        frozen_samples: true,
        connected_budget: 200,
        eviction: EvictionRule::LowestId,
        connected_target: None,
        core_neighbors: 0,
        tenure_rounds: None,
        pending_timeout_rounds: 1_000,
        connection_timeout_rounds: 10_000,
        distance_pruning: true,
        prune_protection_rounds: 600,
        invitations_per_round: 3,
        invitation_cooldown_rounds: 60,
        invitations: InvitationRule::Mute,
        unverified_invitations: true,
        acceptance: AcceptanceRule::ByDistance,
        invitees: InviteeRule::Random,
        handshake: false,
        learn_askers: false,
        split_alarm: None,
        goodbyes: false,
        suspicion: None,
        forgiveness_rounds: None,
        quality_floor: Ratio::ZERO,
        invitation_limit: None,
        neighbors_by_proof: false,
        unanswered_is_absent: false,
        coverage_bias: Ratio::ZERO,
        keepalive: false,
        unsolicited_referrals: true,
        wrapping_lookup: false,
    },
    network: NetworkConfig {
        loss: Ratio::from_millionths(10_000),
        delay: Ratio::from_millionths(300_000),
        latency_min: 1,
        latency_max: 1,
        same_round_delivery: true,
        latency_shape: LatencyShape::Uniform,
        far_links: FarLinks::None,
        latency_far: 0,
        regions: 1,
        duplication: Ratio::ZERO,
        reordering: Ratio::ZERO,
        bandwidth: None,
        loss_clockwise: Ratio::ZERO,
        latency_clockwise: 0,
    },
    churn: ChurnConfig {
        arrivals: 0,
        sessions: SessionRule::Endless,
        session_rounds: 500,
        return_share: Ratio::ZERO,
        absence_rounds: 50,
        goodbye_share: Ratio::ZERO,
    },
    adversary: AdversaryConfig { share: Ratio::ZERO, conduct: Behavior::Honest, from_round: 0 },
};

/// The same world without the deviations.
const LIFECYCLE: Config = Config {
    time: TimeConfig { ticks_per_round: 1, round_ms: 100 },
    genesis: GenesisConfig {
        topology: Topology::Ring,
        connected_share: Ratio::ZERO,
        neighbors: 2,
        swapped_topology: false,
        ..SEED_000.genesis
    },
    tokens: TokenConfig {
        saturated_width: false,
        search: SearchRule::RingWrap,
        verification: VerificationRule::Strict,
        ..SEED_000.tokens
    },
    election: ElectionConfig {
        majority_threshold: Ratio::from_millionths(600_000),
        replace_candidates: true,
        token_as_first_hop: false,
        referrals: ReferralRule::Bounded,
        max_hops: 8,
        ..SEED_000.election
    },
    routing: SEED_000.routing,
    peers: PeersConfig {
        frozen_samples: false,
        pending_timeout_rounds: 50,
        connection_timeout_rounds: 100,
        distance_pruning: false,
        invitations: InvitationRule::Reciprocal,
        unverified_invitations: false,
        eviction: EvictionRule::Random,
        keepalive: true,
        unsolicited_referrals: false,
        wrapping_lookup: true,
        ..SEED_000.peers
    },
    network: NetworkConfig {
        delay: Ratio::from_millionths(100_000),
        latency_max: 2,
        same_round_delivery: false,
        ..SEED_000.network
    },
    churn: SEED_000.churn,
    adversary: SEED_000.adversary,
};

/// The published run with the two corrections of the commits that followed it.
const NEXT: Config = Config {
    election: ElectionConfig { token_as_first_hop: false, ..SEED_000.election },
    peers: PeersConfig {
        invitations: InvitationRule::Reciprocal,
        unverified_invitations: false,
        eviction: EvictionRule::Random,
        ..SEED_000.peers
    },
    ..SEED_000
};

/// What the documents of the seeds promise, with the parameters that they name.
const AS_CLAIMED: Config = Config {
    time: TimeConfig { ticks_per_round: 1, round_ms: 100 },
    genesis: GenesisConfig { swapped_topology: false, ..SEED_000.genesis },
    tokens: TokenConfig {
        saturated_width: false,
        search: SearchRule::RingWrap,
        verification: VerificationRule::Structural,
        ..SEED_000.tokens
    },
    election: ElectionConfig {
        consensus_threshold: 8,
        majority_threshold: Ratio::from_millionths(600_000),
        channels: 3,
        token_as_first_hop: false,
        replace_candidates: true,
        referrals: ReferralRule::Bounded,
        duplicates: DuplicateRule::BlockPeer,
        ..SEED_000.election
    },
    peers: PeersConfig {
        identified_capacity: 50,
        sample_capacity: 100,
        frozen_samples: false,
        eviction: EvictionRule::Stale,
        invitations: InvitationRule::Reciprocal,
        unverified_invitations: false,
        keepalive: true,
        unsolicited_referrals: false,
        wrapping_lookup: true,
        ..SEED_000.peers
    },
    network: NetworkConfig { same_round_delivery: false, ..SEED_000.network },
    ..SEED_000
};

/// Our own protocol: peers hold elections on what they lack, keep their neighbours, and rest once they have enough.
const IMPROVED: Config = Config {
    tokens: TokenConfig { view_min: 20_000, verification: VerificationRule::Structural, ..LIFECYCLE.tokens },
    election: ElectionConfig {
        per_round: 3,
        channels: 5,
        timeout_rounds: 30,
        min_collection_rounds: 5,
        duplicates: DuplicateRule::FirstCounts,
        referral_drops_answer: false,
        agenda: TargetPolicy::Needs,
        splits: SplitRule::Contradicting,
        adaptive_rate: true,
        idle_interval_rounds: 10,
        cache_rounds: NonZeroU32::new(40),
        ..LIFECYCLE.election
    },
    routing: RoutingConfig { single_referrals: true, ..SEED_000.routing },
    peers: PeersConfig {
        identified_capacity: 500,
        sample_capacity: 200,
        connected_budget: 24,
        eviction: EvictionRule::Redundant,
        connected_target: NonZeroU32::new(16),
        connection_timeout_rounds: 200,
        core_neighbors: 4,
        invitations_per_round: 1,
        acceptance: AcceptanceRule::ByNeed,
        handshake: true,
        learn_askers: true,
        split_alarm: NonZeroU32::new(5),
        goodbyes: true,
        neighbors_by_proof: true,
        unanswered_is_absent: true,
        coverage_bias: Ratio::from_millionths(500_000),
        ..LIFECYCLE.peers
    },
    ..LIFECYCLE
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::knob::{KNOBS, Knob, Setting};
    use crate::scenario::rules::contradictions;

    #[test]
    fn names_and_codes_are_unique() {
        for preset in all() {
            assert!(Preset::by_name(preset.name).is_ok_and(|found| found.code == preset.code));
            assert!(Preset::by_code(preset.code).is_some_and(|found| found.name == preset.name));
        }
    }

    #[test]
    fn no_preset_contradicts_itself() {
        assert!(all().all(|preset| contradictions(&preset.config).is_empty()));
    }

    #[test]
    fn a_mistyped_name_is_put_right() {
        let problem = Preset::by_name("sead-000").unwrap_err();
        assert_eq!(problem.remedy, "did you mean \"seed-000\"?");
        assert!(Preset::by_name("").unwrap_err().remedy.contains("lifecycle"));
        assert_eq!(Preset::by_name("lifecycle"), Preset::by_name("improved"));
    }

    /// Every knob has a field of its own: both ends of the range survive, and only that knob changes.
    #[test]
    fn every_knob_reaches_its_own_field() {
        for knob in KNOBS {
            let (min, max) = knob.kind.range();
            for raw in [min, max] {
                let mut config = PRESETS[0].config.clone();
                Setting::from_raw(knob, raw).unwrap().apply(&mut config);
                assert_eq!(knob.setting(&config).raw(), raw, "{}", knob.path);
                for other in KNOBS.iter().filter(|other| other.code != knob.code) {
                    assert_eq!(other.setting(&config), other.setting(&PRESETS[0].config), "{}", knob.path);
                }
            }
        }
    }

    #[test]
    fn every_value_of_the_presets_is_in_range() {
        for (preset, knob) in all().flat_map(|preset| KNOBS.iter().map(move |knob| (preset, knob))) {
            let raw = knob.setting(&preset.config).raw();
            assert!(Setting::from_raw(knob, raw).is_some(), "{}: {}={raw}", preset.name, knob.path);
        }
    }

    #[test]
    fn values_read_as_people_write_them() {
        let config = &PRESETS[0].config;
        let text = |path| Knob::by_path(path).unwrap().setting(config).to_string();
        assert_eq!(text("network.loss"), "network.loss=0.01");
        assert_eq!(text("genesis.peers"), "genesis.peers=30");
        assert_eq!(text("peers.keepalive"), "peers.keepalive=off");
        assert_eq!(text("genesis.topology"), "genesis.topology=local-knowledge");
    }
}
