//! Discovery, promotion, and what becomes of connections.

use super::{Claim, arm, seed_000, shipped, under, when};
use crate::claims::Expectation::{AtLeast, AtMost, Typical};
use crate::claims::Quantity::{Difference, Value};

pub(super) const CLAIMS: &[Claim] = &[
    Claim {
        id: "connected-number",
        source: seed_000("Test Results"),
        text: "After 200 rounds a peer has 2.0 Connected peers on average.",
        arms: &[shipped(&[])],
        quantity: Value("connected"),
        expectation: Typical(2.0),
        conditions: &[],
    },
    Claim {
        id: "connected-forming",
        source: seed_000("Test Results"),
        text: "Connected peers are forming: there are more in the end than in the beginning.",
        arms: &[shipped(&[]).rounds(200, 60)],
        quantity: Value("connected_growth"),
        expectation: AtLeast(0.5),
        conditions: &[when(
            "an invitation in return makes a peer Connected",
            &["peers.invitations=reciprocal"],
        )],
    },
    Claim {
        id: "short-test",
        source: seed_000("Key Observations"),
        text: "There are few Connected peers because the test is short: 2,000 rounds make more than 200.",
        arms: &[
            shipped(&[]).label("after 2,000 rounds").rounds(2_000, 750),
            shipped(&[]).label("after 200").rounds(200, 75),
        ],
        quantity: Difference("connected"),
        expectation: AtLeast(0.5),
        conditions: &[
            when("invitations are taken up", &["peers.invitations=reciprocal"]),
            when(
                "they are, and distance does not end connections",
                &["peers.invitations=reciprocal", "peers.distance_pruning=off"],
            ),
        ],
    },
    Claim {
        id: "lasting",
        source: seed_000("Next Session Goals"),
        text: "A run of 2,000 rounds ends with peers Connected.",
        arms: &[shipped(&[]).rounds(2_000, 1_500)],
        quantity: Value("connected"),
        expectation: AtLeast(1.0),
        conditions: &[
            under("the first corrections are in", "next"),
            under("no deviation is left", "lifecycle-1"),
        ],
    },
    Claim {
        id: "identified-populated",
        source: seed_000("Key Observations"),
        text: "Referrals populate the Identified collection.",
        arms: &[shipped(&[]).rounds(200, 60)],
        quantity: Value("identified"),
        expectation: AtLeast(1.0),
        conditions: &[when("nobody is invited", &["peers.invitations_per_round=0"])],
    },
    Claim {
        id: "referrals-discover",
        source: seed_000("Referral-Based Peer Discovery"),
        text: "The network learns about new peers through referrals.",
        arms: &[shipped(&[]).rounds(200, 60)],
        quantity: Value("known_growth"),
        expectation: AtLeast(5.0),
        conditions: &[],
    },
    Claim {
        id: "identified-to-pending",
        source: seed_000("Random Invitations"),
        text: "Invitations turn Identified peers into Pending ones.",
        arms: &[shipped(&[]).rounds(200, 60)],
        quantity: Value("pending"),
        expectation: AtLeast(1.0),
        conditions: &[],
    },
    Claim {
        id: "pending-to-connected",
        source: seed_000("Random Invitations"),
        text: "Invitations build the active network: most Pending peers become Connected.",
        arms: &[shipped(&[])],
        quantity: Value("pending"),
        expectation: AtMost(2.0),
        conditions: &[
            when("an invitation in return makes a peer Connected", &["peers.invitations=reciprocal"]),
            under("no deviation is left", "lifecycle-1"),
        ],
    },
    Claim {
        id: "random-bootstrap",
        source: seed_000("Random Token Elections"),
        text: "Elections on random tokens let a network of strangers discover one another.",
        arms: &[shipped(&["genesis.topology=isolated"]).rounds(200, 60)],
        quantity: Value("known"),
        expectation: AtLeast(1.0),
        conditions: &[when(
            "each has heard of one neighbour on each side",
            &["genesis.topology=ring", "genesis.neighbors=1"],
        )],
    },
    Claim {
        id: "self-organising",
        source: seed_000("Executive Summary"),
        text: "The network organises itself: in the end most peers are Connected with most others.",
        arms: &[shipped(&["genesis.topology=ring"])],
        quantity: Value("connected_share"),
        expectation: AtLeast(0.5),
        conditions: &[
            when("invitations are taken up", &["peers.invitations=reciprocal"]),
            under("no deviation is left", "lifecycle-1"),
        ],
    },
    Claim {
        id: "elections-reach-peers",
        source: seed_000("Candidate Deduplication"),
        text: "Elections ask peers that exist: hardly any query goes astray.",
        arms: &[shipped(&[]).rounds(200, 60)],
        quantity: Value("undeliverable_share"),
        expectation: AtMost(0.01),
        conditions: &[when("none goes to the token itself", &["election.token_as_first_hop=off"])],
    },
    Claim {
        id: "corrected-lifecycle",
        source: seed_000("Peer State Machine"),
        text: "Identified, Pending, Connected: from neighbours only heard of, the whole way is gone.",
        arms: &[arm("lifecycle-1").rounds(300, 60)],
        quantity: Value("connected_growth"),
        expectation: AtLeast(5.0),
        conditions: &[],
    },
];
