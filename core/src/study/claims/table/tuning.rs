//! "Parameters Requiring Tuning": effects that document 000 expects of its knobs.

use super::{Claim, seed_000, shipped, when};
use crate::study::claims::ClaimExpectation::{AtLeast, Within};
use crate::study::claims::Quantity::Difference;

const SECTION: &str = "Parameters Requiring Tuning";

pub(super) const CLAIMS: &[Claim] = &[
    Claim {
        id: "more-elections",
        source: seed_000(SECTION),
        text: "More elections in a tick make discovery faster: six instead of three.",
        arms: &[
            shipped(&["election.per_round=6"]).label("with six").rounds(15, 15),
            shipped(&[]).label("with three").rounds(15, 15),
        ],
        quantity: Difference("known"),
        expectation: AtLeast(0.5),
        conditions: &[],
    },
    Claim {
        id: "identified-budget",
        source: seed_000(SECTION),
        text: "Room for 50 Identified peers is reasonable: among 200 peers, a hundred times as much completes no more \
               elections.",
        arms: &[
            shipped(&["genesis.peers=200", "tokens.view_min=18000", "peers.identified_capacity=50"])
                .label("with 50")
                .rounds(60, 20),
            shipped(&["genesis.peers=200", "tokens.view_min=18000"]).label("with 5,000").rounds(60, 20),
        ],
        quantity: Difference("completion"),
        expectation: Within(-0.01, 0.01),
        conditions: &[],
    },
    Claim {
        id: "samples-budget",
        source: seed_000(SECTION),
        text: "Room for 100 token samples is reasonable: ten times as much completes no more elections.",
        arms: &[shipped(&["peers.sample_capacity=100"]).label("with 100"), shipped(&[]).label("with 1,000")],
        quantity: Difference("completion"),
        expectation: AtLeast(-0.02),
        conditions: &[],
    },
    Claim {
        id: "invitation-rate",
        source: seed_000(SECTION),
        text: "The rate of invitations decides how fast Connected peers grow: three a tick instead of one.",
        arms: &[
            shipped(&[]).label("with three").rounds(60, 60),
            shipped(&["peers.invitations_per_round=1"]).label("with one").rounds(60, 60),
        ],
        quantity: Difference("connected_growth"),
        expectation: AtLeast(0.5),
        conditions: &[when("invitations are taken up", &["peers.invitations=reciprocal"])],
    },
    Claim {
        id: "connection-timeout",
        source: seed_000(SECTION),
        text: "A connection timeout of 10,000 ticks is very conservative: 100 keeps as many connections.",
        arms: &[
            shipped(&["peers.connection_timeout_rounds=100"]).label("with 100").rounds(200, 120),
            shipped(&[]).label("with 10,000").rounds(200, 120),
        ],
        quantity: Difference("connected"),
        expectation: Within(-0.2, 0.2),
        conditions: &[when("messages keep connections alive", &["peers.keepalive=on"])],
    },
    Claim {
        id: "election-timeout",
        source: seed_000(SECTION),
        text: "Elections may need time for long chains: a timeout of 100 ticks completes more of them than 30.",
        arms: &[
            shipped(&[]).label("with 100").rounds(200, 120),
            shipped(&["election.timeout_rounds=30"]).label("with 30").rounds(200, 120),
        ],
        quantity: Difference("completion"),
        expectation: AtLeast(0.02),
        conditions: &[],
    },
    Claim {
        id: "pending-timeout",
        source: seed_000(SECTION),
        text: "A pending timeout of 1,000 ticks is conservative: 50 leaves as many Pending.",
        arms: &[
            shipped(&["peers.pending_timeout_rounds=50"]).label("with 50").rounds(200, 120),
            shipped(&[]).label("with 1,000").rounds(200, 120),
        ],
        quantity: Difference("pending"),
        expectation: Within(-1.0, 1.0),
        conditions: &[],
    },
];
