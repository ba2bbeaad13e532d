//! Documents together: the combinations of layers, E-X1 to E-X6.

use super::{Claim, arm, document_002, document_003};
use crate::study::claims::ClaimExpectation::{AtLeast, AtMost, Within};
use crate::study::claims::Quantity::{Difference, Ratio, Value};

const X1: &str = "E-X1: a warm start of the lifecycle";
const X3: &str = "E-X3: the lifecycle over sessions";
const X6: &str = "E-X6: tie-break by peer id";

/// Replies and peers by IP and port, as published.
const PUBLISHED_KEY: &[&str] = &["session.reply_key=ip-port", "session.registry=ip-port"];
/// Hosts behind a NAT do not know their IP.
const BEHIND_NAT: &[&str] = &["session.own_ip=unknown"];
/// The same, with the rule by peer id.
const BEHIND_NAT_BY_ID: &[&str] = &["session.own_ip=unknown", "session.tie_break=peer-id"];

/// No file is read.
const COLD: &[&str] = &["cache.start=cold"];
/// Two in ten peers store nothing but their own id.
const FREE_RIDERS: &[&str] = &["adversary.share=0.2", "adversary.conduct=free-rider"];
/// The same, and no file is read.
const COLD_FREE_RIDERS: &[&str] =
    &["adversary.share=0.2", "adversary.conduct=free-rider", "cache.start=cold"];

pub(super) const CLAIMS: &[Claim] = &[
    Claim {
        id: "sessions-carry-elections",
        source: document_002(X3),
        text: "Over sessions at work at least nine in ten elections of those without them complete.",
        arms: &[
            arm("lifecycle-sessions").label("over sessions").rounds(600, 300),
            arm("lifecycle-sessions")
                .label("without sessions")
                .set(&["session.enabled=off"])
                .rounds(600, 300),
        ],
        quantity: Ratio("completion"),
        expectation: AtLeast(0.9),
        conditions: &[],
    },
    Claim {
        id: "answers-lost-with-replies",
        source: document_002(X3),
        text: "With the published key of replies no answer of an accepting peer arrives, so that no channel is answered.",
        arms: &[arm("lifecycle-sessions").set(PUBLISHED_KEY).rounds(600, 300)],
        quantity: Value("channels_answered"),
        expectation: Within(0.0, 0.0),
        conditions: &[],
    },
    Claim {
        id: "answers-on-dialled-links",
        source: document_002(X3),
        text: "With the published key the answered channels fall to the share of dialled links, about half.",
        arms: &[
            arm("lifecycle-sessions").label("published key").set(PUBLISHED_KEY).rounds(600, 300),
            arm("lifecycle-sessions").label("key by IP").rounds(600, 300),
        ],
        quantity: Ratio("channels_answered"),
        expectation: Within(0.35, 0.65),
        conditions: &[super::when(
            "peers without a session reach one another all the same",
            &["session.unreached=direct", "session.listed_peers=15"],
        )],
    },
    Claim {
        id: "tie-break-by-id-behind-nat",
        source: document_002(X6),
        text: "Hosts that do not know their IP lose answered channels by the rule of IPs, and none by that of peer ids.",
        arms: &[
            arm("lifecycle-sessions").label("by IP").set(BEHIND_NAT).rounds(600, 300),
            arm("lifecycle-sessions").label("by peer id").set(BEHIND_NAT_BY_ID).rounds(600, 300),
        ],
        quantity: Ratio("channels_answered"),
        expectation: AtMost(0.95),
        conditions: &[],
    },
    Claim {
        id: "tie-break-by-id-equals",
        source: document_002(X6),
        text: "Behind a NAT the rule of peer ids serves as well as that of IPs where they are known.",
        arms: &[
            arm("lifecycle-sessions").label("by peer id").set(BEHIND_NAT_BY_ID).rounds(600, 300),
            arm("lifecycle-sessions").label("by known IP").rounds(600, 300),
        ],
        quantity: Ratio("channels_answered"),
        expectation: Within(0.97, 1.03),
        conditions: &[],
    },
    Claim {
        id: "warm-lifecycle",
        source: document_003(X1),
        text: "With a cache a peer that starts again has five Connected peers in at most half of the time.",
        arms: &[
            arm("lifecycle-cache").label("warm").rounds(720, 720),
            arm("lifecycle-cache").label("cold").set(COLD).rounds(720, 720),
        ],
        quantity: Ratio("rejoin_rounds"),
        expectation: AtMost(0.5),
        conditions: &[],
    },
    Claim {
        id: "warm-lifecycle-messages",
        source: document_003(X1),
        text: "With a cache a peer writes no more messages until it has five Connected peers.",
        arms: &[
            arm("lifecycle-cache").label("warm").rounds(720, 720),
            arm("lifecycle-cache").label("cold").set(COLD).rounds(720, 720),
        ],
        quantity: Ratio("rejoin_messages"),
        expectation: AtMost(1.0),
        conditions: &[],
    },
    Claim {
        id: "warm-lifecycle-gate",
        source: document_003(X1),
        text: "With a cache free-riders are among the Connected peers no more often than without.",
        arms: &[
            arm("lifecycle-cache").label("warm").set(FREE_RIDERS).rounds(720, 720),
            arm("lifecycle-cache").label("cold").set(COLD_FREE_RIDERS).rounds(720, 720),
        ],
        quantity: Difference("captured"),
        expectation: AtMost(0.01),
        conditions: &[],
    },
];
