//! Success and cost of elections.

use super::{Claim, IMPROVED, PROMISED, arm, seed_000, seed_001, shipped, when};
use crate::study::claims::ClaimExpectation::{AtLeast, AtMost, Within};
use crate::study::claims::Quantity::{Difference, Value};

/// The published world with the thresholds of document 001: eight of ten, and six of ten responders.
const DOCUMENTED: &[&str] = &["election.consensus_threshold=8", "election.majority_threshold=0.6"];

/// Rounds of a second, in each of which an election is tallied from its start: its duration is the time to
/// consensus.
const TALLIED: &[&str] = &["time.round_ms=1000", "time.tick_ms=1000", "election.min_collection_rounds=0"];

pub(super) const CLAIMS: &[Claim] = &[
    Claim {
        id: "elections-spawn",
        source: seed_000("Duplicate spawn_election_channels() Calls"),
        text: "Opening the channels of an election twice made all of them fail, and elections spawn correctly since: \
               many more complete.",
        arms: &[
            shipped(&[]).label("opened once").rounds(200, 60),
            shipped(&["election.spawn_twice=on"]).label("opened twice").rounds(200, 60),
        ],
        quantity: Difference("completion"),
        expectation: AtLeast(0.5),
        conditions: &[],
    },
    Claim {
        id: "success-rate",
        source: seed_001("Performance Targets"),
        text: "More than 80 % of the elections find consensus.",
        arms: &[shipped(DOCUMENTED).rounds(200, 60)],
        quantity: Value("success"),
        expectation: AtLeast(0.8),
        conditions: &[
            when("six of ten mappings are enough", &["election.consensus_threshold=6"]),
            when("views are as wide as meant", &["tokens.saturated_width=off"]),
            PROMISED,
            IMPROVED,
        ],
    },
    Claim {
        id: "messages-per-election",
        source: seed_001("Performance Targets"),
        text: "An election costs 6 to 20 messages.",
        arms: &[shipped(DOCUMENTED).rounds(200, 60)],
        quantity: Value("messages_per_election"),
        expectation: Within(6.0, 20.0),
        conditions: &[],
    },
    Claim {
        id: "messages-without-loss",
        source: seed_001("Performance Targets"),
        text: "An election costs 6 to 20 messages, also where nothing is lost or delayed.",
        arms: &[shipped(&["network.loss=0", "network.delay=0"]).rounds(60, 20)],
        quantity: Value("messages_per_election"),
        expectation: Within(6.0, 20.0),
        conditions: &[when(
            "chains of referrals end",
            &["election.referrals=bounded", "election.max_hops=8"],
        )],
    },
    Claim {
        id: "overhead",
        source: seed_001("Performance Targets"),
        text: "With an election a minute, a peer sends fewer than 500 messages an hour.",
        arms: &[arm("as-claimed").rounds(1_800, 300).set(&[
            "time.round_ms=1000",
            "election.per_round=1",
            "election.interval_rounds=60",
        ])],
        quantity: Value("messages_per_peer_hour"),
        expectation: AtMost(500.0),
        conditions: &[when("an election opens two channels", &["election.channels=2"]), IMPROVED],
    },
    Claim {
        id: "cost-of-an-election",
        source: seed_001("Q4: Re-Election Frequency"),
        text: "An election costs 3 to 10 messages, one for each channel.",
        arms: &[arm("as-claimed").rounds(200, 60)],
        quantity: Value("messages_per_election"),
        expectation: Within(3.0, 10.0),
        conditions: &[IMPROVED],
    },
    Claim {
        id: "median-latency",
        source: seed_001("Performance Targets"),
        text: "Half of the elections that find consensus do so in 2 to 5 seconds, with rounds of a second and a tally in \
               each.",
        arms: &[arm("as-claimed").rounds(300, 150).set(TALLIED)],
        quantity: Value("consensus_p50"),
        expectation: Within(2.0, 5.0),
        conditions: &[when("rounds last 100 ms", &["time.round_ms=100", "time.tick_ms=100"])],
    },
    Claim {
        id: "worst-latency",
        source: seed_001("Performance Targets"),
        text: "99 of 100 elections that find consensus do so in 8 seconds, with rounds of a second and a tally in each.",
        arms: &[arm("as-claimed").rounds(300, 150).set(TALLIED)],
        quantity: Value("consensus_p99"),
        expectation: AtMost(8.0),
        conditions: &[
            when("no message waits", &["network.delay=0"]),
            when("rounds last 100 ms", &["time.round_ms=100", "time.tick_ms=100"]),
        ],
    },
    Claim {
        id: "churn",
        source: seed_001("Performance Targets"),
        text: "In a stable network less than 10 % of the Connected peers change in an hour, with rounds of a second.",
        arms: &[arm("as-claimed").rounds(1_000, 640).set(&["time.round_ms=1000"])],
        quantity: Value("churn_per_hour"),
        expectation: AtMost(0.1),
        conditions: &[when("distance does not end connections", &["peers.distance_pruning=off"]), IMPROVED],
    },
    Claim {
        id: "eight-of-ten",
        source: seed_001("Core Types"),
        text: "Two honest peers agree in eight of ten mappings: 93 % of them at 90 % coverage.",
        arms: &[shipped(&["tokens.saturated_width=off"]).rounds(1, 1)],
        quantity: Value("pair_agreement"),
        expectation: AtLeast(0.9),
        conditions: &[
            when("they hold 98 % of what is within reach", &["tokens.coverage=0.98"]),
            when("they hold all of it", &["tokens.coverage=1"]),
            when(
                "they hold all of it, and everything is within reach",
                &["tokens.coverage=1", "tokens.neighbor_overlap=30"],
            ),
        ],
    },
    Claim {
        id: "split-brain-detection",
        source: seed_001("Overview"),
        text: "Split brains are detected.",
        arms: &[shipped(&[]).rounds(200, 60)],
        quantity: Value("any_split_brain"),
        expectation: AtLeast(0.5),
        conditions: &[when("six of ten responders make a majority", &["election.majority_threshold=0.6"])],
    },
    Claim {
        id: "split-brain-resolution",
        source: seed_001("Testing Strategy"),
        text: "Further channels resolve split brains: where two blocks lay claim to every fifth token, at most 1 % of \
               the elections are given up as split.",
        arms: &[arm("as-claimed").rounds(200, 60).set(&["tokens.conflict_share=0.2"])],
        quantity: Value("split_abandoned"),
        expectation: AtMost(0.01),
        conditions: &[],
    },
    Claim {
        id: "channels-resolve-splits",
        source: seed_001("Testing Strategy"),
        text: "Further channels resolve split brains: where two blocks lay claim to every other token and six mappings \
               agree, twelve channels leave at least 5 points fewer elections split than four.",
        arms: &[
            arm("as-claimed").label("with twelve channels").rounds(200, 60).set(&[
                "election.consensus_threshold=6",
                "election.channels=4",
                "tokens.conflict_share=0.5",
                "election.max_channels=12",
            ]),
            arm("as-claimed").label("with four").rounds(200, 60).set(&[
                "election.consensus_threshold=6",
                "election.channels=4",
                "tokens.conflict_share=0.5",
                "election.max_channels=4",
            ]),
        ],
        quantity: Difference("split_abandoned"),
        expectation: AtMost(-0.05),
        conditions: &[],
    },
];
