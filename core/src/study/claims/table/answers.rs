//! How many answers there are, and what makes them possible.

use super::{Claim, seed_000, shipped, when};
use crate::study::claims::ClaimExpectation::{AtLeast, AtMost, Typical, Within};
use crate::study::claims::Quantity::{Difference, Value};

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
        text: "15 % is the rate at which proofs of storage succeed, and hence queries are answered.",
        arms: &[shipped(&[])],
        quantity: Value("answers_per_query"),
        expectation: Within(0.14, 0.17),
        conditions: &[],
    },
    Claim {
        id: "block-zero",
        source: seed_000("Proof-of-Storage Fix"),
        text: "With the ids of peers stored at block 0, 0 % of the messages are answers.",
        arms: &[shipped(&["tokens.zero_id_blocks=on"]).rounds(200, 60)],
        quantity: Value("answer_share"),
        expectation: AtMost(0.01),
        conditions: &[when("there are 10,000 tokens, as before that fix", &["tokens.total=10000"])],
    },
    Claim {
        id: "random-blocks",
        source: seed_000("Proof-of-Storage Fix"),
        text: "Random blocks instead of block 0 raise the share of answers from 0 to 15 %.",
        arms: &[
            shipped(&[]).label("with random blocks").rounds(200, 60),
            shipped(&["tokens.zero_id_blocks=on"]).label("with block 0").rounds(200, 60),
        ],
        quantity: Difference("answer_share"),
        expectation: AtLeast(0.1),
        conditions: &[],
    },
    Claim {
        id: "proofs-unlikely",
        source: seed_000("Proof-of-Storage Fix"),
        text: "With 18,000 tokens, all ten tokens of a proof are unlikely to be found.",
        arms: &[shipped(&["tokens.zero_id_blocks=on"]).rounds(1, 1)],
        quantity: Value("proofs"),
        expectation: AtMost(0.5),
        conditions: &[when(
            "there are 10,000 tokens, and 1,800 of them with a peer",
            &["tokens.total=10000"],
        )],
    },
    Claim {
        id: "more-tokens",
        source: seed_000("Token Distribution Scaling"),
        text: "100,000 tokens instead of 10,000 make proofs of storage succeed more often.",
        arms: &[
            shipped(&[]).label("with 100,000").rounds(1, 1),
            shipped(&["tokens.total=10000"]).label("with 10,000").rounds(1, 1),
        ],
        quantity: Difference("proofs"),
        expectation: AtLeast(0.1),
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
];
