//! Document 001's "Open Design Questions" and document 000's "Forward Plan": expectations of the options.

use super::{Claim, arm, seed_000, seed_001, when};
use crate::study::claims::ClaimExpectation::{AtLeast, AtMost};
use crate::study::claims::Quantity::{Difference, Ratio, Value};

const ROUTING: &str = "Q1: Query Forwarding Strategy";
const HOPS: &str = "Q3: Peer Selection for Channels";
const PERFORMANCE: &str = "Phase 2: Performance Optimization";

const GREEDY: &[&str] = &["routing.strategy=greedy"];
const BROADCAST: &[&str] = &["routing.strategy=broadcast", "routing.fanout=2", "routing.time_to_live=3"];

pub(super) const CLAIMS: &[Claim] = &[
    Claim {
        id: "greedy-converges-on-one",
        source: seed_001(ROUTING),
        text: "Greedy forwarding may lead several channels to the same responder: more elections get too few answers.",
        arms: &[
            arm("as-claimed").label("with greedy forwarding").rounds(200, 120).set(GREEDY),
            arm("as-claimed").label("with referrals").rounds(200, 120),
        ],
        quantity: Difference("too_few_answers"),
        expectation: AtLeast(0.05),
        conditions: &[],
    },
    Claim {
        id: "greedy-suffices",
        source: seed_001(ROUTING),
        text: "Greedy forwarding is the strategy to start with: hardly fewer elections succeed than with referrals.",
        arms: &[
            arm("as-claimed").label("with greedy forwarding").rounds(100, 30).set(GREEDY),
            arm("as-claimed").label("with referrals").rounds(100, 30),
        ],
        quantity: Difference("success"),
        expectation: AtLeast(-0.05),
        conditions: &[when(
            "two answers in agreement on six mappings are enough",
            &["election.consensus_threshold=6"],
        )],
    },
    Claim {
        id: "walk-may-fail",
        source: seed_001(ROUTING),
        text: "A random walk may not find anyone: fewer elections succeed than with greedy forwarding.",
        arms: &[
            arm("as-claimed")
                .label("with random walks")
                .rounds(100, 30)
                .set(&["routing.strategy=random-walk"]),
            arm("as-claimed").label("with greedy forwarding").rounds(100, 30).set(GREEDY),
        ],
        quantity: Difference("success"),
        expectation: AtMost(-0.05),
        conditions: &[],
    },
    Claim {
        id: "broadcast-costs",
        source: seed_001(ROUTING),
        text: "Broadcast to neighbours has a high overhead: twice the messages of greedy forwarding.",
        arms: &[
            arm("as-claimed").label("with broadcast").rounds(60, 30).set(BROADCAST),
            arm("as-claimed").label("with greedy forwarding").rounds(60, 30).set(GREEDY),
        ],
        quantity: Ratio("messages_per_election"),
        expectation: AtLeast(2.0),
        conditions: &[],
    },
    Claim {
        id: "broadcast-diverse",
        source: seed_001(ROUTING),
        text: "Broadcast brings fast and diverse responses: more elections succeed than with greedy forwarding.",
        arms: &[
            arm("as-claimed").label("with broadcast").rounds(60, 30).set(BROADCAST),
            arm("as-claimed").label("with greedy forwarding").rounds(60, 30).set(GREEDY),
        ],
        quantity: Difference("success"),
        expectation: AtLeast(0.05),
        conditions: &[when(
            "a second answer does not block its channel",
            &["election.duplicates=first-counts"],
        )],
    },
    Claim {
        id: "local-first",
        source: seed_001(ROUTING),
        text: "Trying the own storage before forwarding is efficient: fewer messages than always forwarding.",
        arms: &[
            arm("as-claimed")
                .label("with own storage first")
                .rounds(100, 30)
                .set(&["routing.strategy=local-then-forward"]),
            arm("as-claimed").label("with greedy forwarding").rounds(100, 30).set(GREEDY),
        ],
        quantity: Ratio("messages_per_election"),
        expectation: AtMost(0.95),
        conditions: &[],
    },
    Claim {
        id: "forwarding-saves",
        source: seed_000(PERFORMANCE),
        text: "Forwarding the queries of Connected peers, instead of referring, reduces the messages of an election.",
        arms: &[
            arm("next").label("with forwarding").set(&["routing.strategy=forward-for-connected"]),
            arm("next").label("with referrals"),
        ],
        quantity: Ratio("messages_per_election"),
        expectation: AtMost(0.95),
        conditions: &[],
    },
    Claim {
        id: "caching-saves",
        source: seed_000(PERFORMANCE),
        text: "Remembering the results of elections avoids asking again: 5 % fewer messages.",
        arms: &[
            arm("next").label("with a memory of 200 rounds").set(&["election.cache_rounds=200"]),
            arm("next").label("without"),
        ],
        quantity: Ratio("messages"),
        expectation: AtMost(0.95),
        conditions: &[],
    },
    Claim {
        id: "adaptive-saves",
        source: seed_000(PERFORMANCE),
        text: "A rate of elections that adapts to the health of the network halves the messages.",
        arms: &[
            arm("as-claimed")
                .label("with an adaptive rate")
                .rounds(200, 60)
                .set(&["election.adaptive_rate=on"]),
            arm("as-claimed").label("with a fixed one").rounds(200, 60),
        ],
        quantity: Ratio("messages"),
        expectation: AtMost(0.5),
        conditions: &[],
    },
    Claim {
        id: "adaptive-keeps-quality",
        source: seed_000(PERFORMANCE),
        text: "And the quality of the network stays where elections are rare: nearly all peers are connected with one another.",
        arms: &[arm("as-claimed").rounds(200, 60).set(&["election.adaptive_rate=on"])],
        quantity: Value("together"),
        expectation: AtLeast(0.95),
        conditions: &[],
    },
    Claim {
        id: "distant-hops",
        source: seed_001(HOPS),
        text: "First hops far apart on the ring give better diversity: more elections succeed than with the nearest.",
        arms: &[
            arm("as-claimed").label("far apart").rounds(100, 30).set(&["election.first_hops=distant"]),
            arm("as-claimed").label("with the nearest").rounds(100, 30),
        ],
        quantity: Difference("success"),
        expectation: AtLeast(0.01),
        conditions: &[when(
            "the world is as shipped otherwise",
            &["tokens.saturated_width=on", "tokens.search=one-way-spill"],
        )],
    },
    Claim {
        id: "hybrid-hops",
        source: seed_001(HOPS),
        text: "Random first hops from distant peers, none used lately, are best: more elections succeed than with the \
               nearest.",
        arms: &[
            arm("as-claimed").label("with the hybrid").rounds(100, 30).set(&["election.first_hops=hybrid"]),
            arm("as-claimed").label("with the nearest").rounds(100, 30),
        ],
        quantity: Difference("success"),
        expectation: AtLeast(0.01),
        conditions: &[],
    },
    Claim {
        id: "reputable-hops",
        source: seed_001(HOPS),
        text: "First hops weighted by reputation are reliable: more elections succeed than with the nearest.",
        arms: &[
            arm("as-claimed")
                .label("with reputation")
                .rounds(100, 30)
                .set(&["election.first_hops=reputable"]),
            arm("as-claimed").label("with the nearest").rounds(100, 30),
        ],
        quantity: Difference("success"),
        expectation: AtLeast(0.01),
        conditions: &[],
    },
];
