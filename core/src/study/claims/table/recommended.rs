//! Document 001's recommended options, its frequencies and the size of the list of peers.

use super::{Claim, arm, seed_001, when};
use crate::study::claims::ClaimExpectation::{AtLeast, AtMost, Within};
use crate::study::claims::Quantity::{Difference, Ratio, Value};

const FREQUENCY: &str = "Q4: Re-Election Frequency";
const LISTS: &str = "Q5: Peer List Size";

/// An hour of the recommended options.
const HOUR: (u32, u32) = (3_600, 1_800);

/// A list of peers in a world that holds more of them.
const LIST_10: &[&str] = &["peers.connected_budget=10", "routing.strategy=referral"];
const LIST_50: &[&str] = &["peers.connected_budget=50", "routing.strategy=referral"];
const LIST_100: &[&str] = &["peers.connected_budget=100", "routing.strategy=referral"];

pub(super) const CLAIMS: &[Claim] = &[
    Claim {
        id: "recommended-success",
        source: seed_001("Performance Targets"),
        text: "With the recommended options more than 80 % of the elections find consensus.",
        arms: &[arm("recommended").rounds(HOUR.0, HOUR.1)],
        quantity: Value("success"),
        expectation: AtLeast(0.8),
        conditions: &[
            when("peers refer instead of forwarding", &["routing.strategy=referral"]),
            when(
                "they refer, and six of ten mappings are enough",
                &["routing.strategy=referral", "election.consensus_threshold=6"],
            ),
            when(
                "they refer, and hold all tokens within reach",
                &["routing.strategy=referral", "tokens.coverage=1"],
            ),
        ],
    },
    Claim {
        id: "election-frequency",
        source: seed_001("Performance Targets"),
        text: "A peer starts one or two elections a minute.",
        arms: &[arm("recommended").rounds(HOUR.0, HOUR.1)],
        quantity: Value("elections_per_minute"),
        expectation: Within(1.0, 2.0),
        conditions: &[when("an election every half minute is meant", &["election.interval_rounds=30"])],
    },
    Claim {
        id: "verified-not-starved",
        source: seed_001("3.4 Add re-election for existing peers"),
        text: "Half of the elections verify existing peers, and do not keep others from starting: nine tenths as many \
               start as without.",
        arms: &[
            arm("as-claimed")
                .label("with re-election")
                .rounds(200, 60)
                .set(&["election.reelection_share=0.5", "election.reelection=least-verified"]),
            arm("as-claimed").label("without").rounds(200, 60),
        ],
        quantity: Ratio("elections_started"),
        expectation: AtLeast(0.9),
        conditions: &[],
    },
    Claim {
        id: "cost-each-minute",
        source: seed_001(FREQUENCY),
        text: "With an election a minute a peer sends 180 to 600 messages an hour.",
        arms: &[arm("recommended").rounds(HOUR.0, HOUR.1)],
        quantity: Value("messages_per_peer_hour"),
        expectation: Within(180.0, 600.0),
        conditions: &[when("peers refer instead of forwarding", &["routing.strategy=referral"])],
    },
    Claim {
        id: "cost-each-half-minute",
        source: seed_001(FREQUENCY),
        text: "With an election every half minute a peer sends 360 to 1,200 messages an hour.",
        arms: &[arm("recommended").rounds(HOUR.0, HOUR.1).set(&["election.interval_rounds=30"])],
        quantity: Value("messages_per_peer_hour"),
        expectation: Within(360.0, 1_200.0),
        conditions: &[when("peers refer instead of forwarding", &["routing.strategy=referral"])],
    },
    Claim {
        id: "list-of-ten",
        source: seed_001(LISTS),
        text: "Ten Connected peers leave large gaps: the largest is at least a tenth of the ring wider than with 50.",
        arms: &[
            arm("recommended").label("with 10").rounds(HOUR.0, HOUR.1).set(LIST_10),
            arm("recommended").label("with 50").rounds(HOUR.0, HOUR.1).set(LIST_50),
        ],
        quantity: Difference("gap_mean"),
        expectation: AtLeast(0.1),
        conditions: &[],
    },
    Claim {
        id: "list-of-fifty",
        source: seed_001(LISTS),
        text: "50 Connected peers cover the ring well: no gap exceeds a tenth of it on average.",
        arms: &[arm("recommended").rounds(HOUR.0, HOUR.1).set(LIST_50)],
        quantity: Value("gap_mean"),
        expectation: AtMost(0.1),
        conditions: &[when("an election starts every ten seconds", &["election.interval_rounds=10"])],
    },
    Claim {
        id: "list-of-a-hundred",
        source: seed_001(LISTS),
        text: "A list of 100 takes more upkeep than one of 50: a fifth more messages.",
        arms: &[
            arm("recommended").label("with 100").rounds(HOUR.0, HOUR.1).set(LIST_100),
            arm("recommended").label("with 50").rounds(HOUR.0, HOUR.1).set(LIST_50),
        ],
        quantity: Ratio("messages_per_peer_hour"),
        expectation: AtLeast(1.2),
        conditions: &[],
    },
];
