//! How many answers there are, and what makes them possible.

use super::{Claim, seed_000, shipped, when};
use crate::claims::Expectation::{AtLeast, Typical, Within};
use crate::claims::Quantity::{Difference, Value};

pub(super) const CLAIMS: &[Claim] = &[
    Claim {
        id: "answer-share",
        source: seed_000("Test Results"),
        text: "15.3 % of all messages are answers: 39,950 of 260,738.",
        arms: &[shipped(&[])],
        quantity: Value("answer_share"),
        expectation: Typical(0.153),
        conditions: &[],
    },
    Claim {
        id: "message-total",
        source: seed_000("Test Results"),
        text: "Thirty peers send 260,738 messages in 200 rounds.",
        arms: &[shipped(&[])],
        quantity: Value("messages"),
        expectation: Typical(260_738.0),
        conditions: &[],
    },
    Claim {
        id: "answer-rate-is-success",
        source: seed_000("Success Criteria Met"),
        text: "15 % is the rate at which queries are answered.",
        arms: &[shipped(&[])],
        quantity: Value("answers_per_query"),
        expectation: Within(0.14, 0.17),
        conditions: &[],
    },
    Claim {
        id: "tokens-per-peer",
        source: seed_000("Token Distribution Scaling"),
        text: "With 100,000 tokens, each peer holds about 18,000.",
        arms: &[shipped(&[])],
        quantity: Value("tokens"),
        expectation: Within(17_500.0, 18_500.0),
        conditions: &[],
    },
    Claim {
        id: "reach-of-ten",
        source: seed_000("Token Distribution Scaling"),
        text: "Views that overlap those of ten neighbours, at 90 % coverage, hold 18 % of all tokens.",
        arms: &[shipped(&["tokens.saturated_width=off"]).rounds(1, 1)],
        quantity: Value("token_share"),
        expectation: Within(0.175, 0.185),
        conditions: &[when("the width of a view overflows", &["tokens.saturated_width=on"])],
    },
    Claim {
        id: "more-tokens",
        source: seed_000("Token Distribution Scaling"),
        text: "Ten times as many tokens make more answers: 100,000 instead of 10,000.",
        arms: &[
            shipped(&[]).label("with 100,000").rounds(200, 60),
            shipped(&["tokens.total=10000"]).label("with 10,000").rounds(200, 60),
        ],
        quantity: Difference("answers_per_query"),
        expectation: AtLeast(0.05),
        conditions: &[],
    },
    Claim {
        id: "proofs-succeed",
        source: seed_000("Token Distribution Scaling"),
        text: "At 18,000 tokens, a peer that holds a token can prove it, nine times of ten.",
        arms: &[shipped(&[]).rounds(1, 1)],
        quantity: Value("proofs"),
        expectation: AtLeast(0.9),
        conditions: &[
            when("the search goes on across the origin", &["tokens.search=ring-wrap"]),
            when("views are as wide as meant", &["tokens.saturated_width=off"]),
        ],
    },
];
