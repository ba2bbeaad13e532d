//! What elections achieve, and what they cost.

use super::{Claim, seed_000, seed_001, shipped, under, when};
use crate::claims::Expectation::{AtLeast, Within};
use crate::claims::Quantity::Value;

/// The published world with the thresholds that seed 001 documents: eight of ten, and six of ten responders.
const DOCUMENTED: &[&str] = &["election.consensus_threshold=8", "election.majority_threshold=0.6"];

pub(super) const CLAIMS: &[Claim] = &[
    Claim {
        id: "success-rate",
        source: seed_001("Performance Targets"),
        text: "More than 80 % of the elections find consensus.",
        arms: &[shipped(DOCUMENTED)],
        quantity: Value("success"),
        expectation: AtLeast(0.8),
        conditions: &[
            when("six of ten mappings are enough", &["election.consensus_threshold=6"]),
            when("views are as wide as meant", &["tokens.saturated_width=off"]),
            under("no deviation is left", "lifecycle-1"),
        ],
    },
    Claim {
        id: "messages-per-election",
        source: seed_001("Performance Targets"),
        text: "An election costs 6 to 20 messages.",
        arms: &[shipped(DOCUMENTED).rounds(200, 100)],
        quantity: Value("messages_per_election"),
        expectation: Within(6.0, 20.0),
        conditions: &[],
    },
    Claim {
        id: "messages-without-loss",
        source: seed_001("Performance Targets"),
        text: "An election costs 6 to 20 messages on a network that loses and delays none.",
        arms: &[shipped(&["network.loss=0", "network.delay=0"]).rounds(60, 12)],
        quantity: Value("messages_per_election"),
        expectation: Within(6.0, 20.0),
        conditions: &[when(
            "chains of referrals end",
            &["election.referrals=bounded", "election.max_hops=8"],
        )],
    },
    Claim {
        id: "eight-of-ten",
        source: seed_001("Core Types"),
        text: "Two honest peers agree in eight of ten mappings: 93 % of them at 90 % coverage.",
        arms: &[shipped(&["tokens.saturated_width=off"]).rounds(1, 1)],
        quantity: Value("pair_agreement"),
        expectation: AtLeast(0.9),
        conditions: &[
            when("peers hold 98 % of what is within reach", &["tokens.coverage=0.98"]),
            when("they hold all of it", &["tokens.coverage=1"]),
        ],
    },
    Claim {
        id: "split-brain-detection",
        source: seed_001("What's Complete"),
        text: "Split brains are detected.",
        arms: &[shipped(&[]).rounds(200, 100)],
        quantity: Value("split_brains"),
        expectation: AtLeast(1.0),
        conditions: &[when("six of ten responders make a majority", &["election.majority_threshold=0.6"])],
    },
    Claim {
        id: "elections-spawn",
        source: seed_000("Success Criteria Met"),
        text: "Elections spawn: three of each peer in each round.",
        arms: &[shipped(&[])],
        quantity: Value("elections_started"),
        expectation: Within(17_900.0, 18_150.0),
        conditions: &[],
    },
];
