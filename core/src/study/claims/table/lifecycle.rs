//! Discovery, promotion, and what becomes of connections.

use super::{Claim, IMPROVED, PROMISED, Variation, arm, seed_000, shipped, when};
use crate::study::claims::ClaimExpectation::{AtLeast, AtMost, Typical};
use crate::study::claims::Quantity::{Difference, Value};

/// Knobs that make an invitation in return count.
const TAKEN_UP: &[&str] = &["peers.invitations=reciprocal"];

/// A fifth of the peers agree on proofs that they invent, where no connection is given.
const SYBILS: &[&str] = &[
    "adversary.share=0.2",
    "adversary.conduct=colluder",
    "genesis.topology=ring",
    "genesis.connected_share=0",
];

/// Selection by quality, and at random.
const RANKED: &[&str] = &["peers.invitees=quality", "peers.eviction=quality"];
const BY_CHANCE: &[&str] = &["peers.invitees=random", "peers.eviction=random"];

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
        id: "connected-fewest",
        source: seed_000("Test Results"),
        text: "After 200 rounds the peer with fewest Connected peers has 1.",
        arms: &[shipped(&[])],
        quantity: Value("connected_min"),
        expectation: Typical(1.0),
        conditions: &[],
    },
    Claim {
        id: "connected-most",
        source: seed_000("Test Results"),
        text: "After 200 rounds the peer with most Connected peers has 3.",
        arms: &[shipped(&[])],
        quantity: Value("connected_max"),
        expectation: Typical(3.0),
        conditions: &[],
    },
    Claim {
        id: "proofs-prevent-sybils",
        source: seed_000("Key Design Principles"),
        text: "Proof of storage prevents Sybil attacks: where every fifth peer invents what it stores, at most 5 % of \
               the Connected peers of honest ones are such.",
        arms: &[arm("as-claimed").rounds(200, 100).set(SYBILS)],
        quantity: Value("captured"),
        expectation: AtMost(0.05),
        conditions: &[
            when("proofs are compared with one's own tokens", &["tokens.verification=strict"]),
            when("each invents by itself", &["adversary.conduct=forger"]),
            IMPROVED,
            Variation {
                label: "it is Ringside's own protocol, and contradicted peers are suspected",
                preset: Some("improved"),
                set: &["peers.suspicion=2"],
            },
        ],
    },
    Claim {
        id: "order-of-tokens",
        source: seed_000("Key Design Principles"),
        text: "The order of its tokens is part of a proof: where every fifth peer invents in concert but in no order, \
               verification of the order takes a tenth of all elections from them.",
        arms: &[
            arm("improved").label("without it").rounds(300, 150).set(&[
                "adversary.share=0.2",
                "adversary.conduct=scrambler",
                "tokens.verification=weak",
            ]),
            arm("improved")
                .label("with it")
                .rounds(300, 150)
                .set(&["adversary.share=0.2", "adversary.conduct=scrambler"]),
        ],
        quantity: Difference("elections_won"),
        expectation: AtLeast(0.1),
        conditions: &[],
    },
    Claim {
        id: "connected-forming",
        source: seed_000("Test Results"),
        text: "Connected peers are forming: there are more in the end than in the beginning.",
        arms: &[shipped(&[]).rounds(200, 60)],
        quantity: Value("connected_growth"),
        expectation: AtLeast(0.5),
        conditions: &[when("an invitation in return makes a peer Connected", TAKEN_UP)],
    },
    Claim {
        id: "short-test",
        source: seed_000("Key Observations"),
        text: "There are few Connected peers because the test is short: 2,000 rounds make more than 200.",
        arms: &[
            shipped(&[]).label("after 2,000 rounds").rounds(2_000, 200),
            shipped(&[]).label("after 200").rounds(200, 60),
        ],
        quantity: Difference("connected"),
        expectation: AtLeast(0.5),
        conditions: &[
            when("invitations are taken up", TAKEN_UP),
            when(
                "they are, and distance does not end connections",
                &["peers.invitations=reciprocal", "peers.distance_pruning=off"],
            ),
        ],
    },
    Claim {
        id: "lasting",
        source: seed_000("Forward Plan"),
        text: "The network converges and is stable: after 2,000 rounds peers are Connected.",
        arms: &[shipped(&[]).rounds(2_000, 620)],
        quantity: Value("connected"),
        expectation: AtLeast(1.0),
        conditions: &[when("invitations are taken up", TAKEN_UP), IMPROVED],
    },
    Claim {
        id: "identified-populated",
        source: seed_000("Key Observations"),
        text: "Referrals populate the Identified collection.",
        arms: &[shipped(&[]).rounds(200, 60)],
        quantity: Value("identified"),
        expectation: AtLeast(0.5),
        conditions: &[when("no peer is invited", &["peers.invitations_per_round=0"])],
    },
    Claim {
        id: "referrals-discover",
        source: seed_000("Referral-Based Peer Discovery"),
        text: "The network learns about new peers through referrals: most become known by one.",
        arms: &[shipped(&[]).rounds(200, 60)],
        quantity: Value("known_by_referral"),
        expectation: AtLeast(0.5),
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
        text: "Invitations turn Pending peers into Connected ones: most of them become so.",
        arms: &[shipped(&[]).rounds(200, 60)],
        quantity: Value("pending_connected"),
        expectation: AtLeast(0.5),
        conditions: &[when("an invitation in return makes a peer Connected", TAKEN_UP), PROMISED],
    },
    Claim {
        id: "election-gate",
        source: seed_000("Key Design Principles"),
        text: "Promotion is gated by elections: who becomes Pending has won one.",
        arms: &[shipped(&[]).rounds(200, 60)],
        quantity: Value("pending_by_election"),
        expectation: AtLeast(0.95),
        conditions: &[PROMISED, when("no peer is invited at random", &["peers.invitations_per_round=0"])],
    },
    Claim {
        id: "random-bootstrap",
        source: seed_000("Random Token Elections"),
        text: "Elections on random tokens let a network discover its peers where none are known.",
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
        text: "The network organises itself: from neighbours only heard of, all peers become connected.",
        arms: &[shipped(&["genesis.topology=ring"])],
        quantity: Value("together"),
        expectation: AtLeast(0.9),
        conditions: &[when("invitations are taken up", TAKEN_UP), PROMISED],
    },
    Claim {
        id: "gaussian",
        source: seed_000("Statistical Self-Organization Principles"),
        text: "Biased input and uniform eviction lead to a Gaussian distribution around a peer's own id.",
        arms: &[shipped(&[])],
        quantity: Value("misfit_gaussian"),
        expectation: AtMost(0.05),
        conditions: &[when("invitations are taken up", TAKEN_UP), PROMISED, IMPROVED],
    },
    Claim {
        id: "ranking-keeps-the-ring",
        source: seed_000("Phase 3: Advanced Features"),
        text: "Peers of quality can be invited first and others pruned by reputation: the distribution on the ring \
               stays as it is.",
        arms: &[
            arm("improved").label("with ranking").set(RANKED),
            arm("improved").label("by chance").set(BY_CHANCE),
        ],
        quantity: Difference("misfit_uniform"),
        expectation: AtMost(0.02),
        conditions: &[],
    },
    Claim {
        id: "elections-reach-peers",
        source: seed_000("Success Criteria Met"),
        text: "Elections spawn correctly: hardly any of their queries goes astray.",
        arms: &[shipped(&[]).rounds(200, 60)],
        quantity: Value("undeliverable_share"),
        expectation: AtMost(0.01),
        conditions: &[when("none goes to the token itself", &["election.token_as_first_hop=off"])],
    },
    Claim {
        id: "rate-limiting",
        source: seed_000("Key Design Principles"),
        text: "Bounded collections limit the rate: even where nothing is lost or delayed, a peer sends no more than 100 \
               messages a round.",
        arms: &[shipped(&["network.loss=0", "network.delay=0"]).rounds(60, 20)],
        quantity: Value("messages_per_peer_round"),
        expectation: AtMost(100.0),
        conditions: &[when(
            "chains of referrals end",
            &["election.referrals=bounded", "election.max_hops=8"],
        )],
    },
];
