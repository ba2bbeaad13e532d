//! All documents in one world, one knob a run.

use super::{Arm, Claim, arm, document_004, when};
use crate::study::claims::ClaimExpectation::{AtLeast, AtMost, Within};
use crate::study::claims::Quantity::{Ratio, Value};

const FULL: &str = "Full stack: one knob a run";

/// The full stack as it is.
const BASE: Arm = arm("full-stack").rounds(48, 24);

/// The full stack, and the same with one knob turned.
const fn without(label: &'static str, set: &'static [&'static str]) -> [Arm; 2] {
    [BASE.label("as it is"), BASE.label(label).set(set)]
}

const NO_GATEWAYS: [Arm; 2] = without("without gateways", &["radio.gateways=0", "session.listed_peers=0"]);
const NO_CACHE: [Arm; 2] = without("without caches", &["cache.enabled=off"]);
const NO_MANAGER: [Arm; 2] = without("without managers", &["manager.enabled=off"]);
const NO_BLOCKS: [Arm; 2] = without("without blocks", &["consensus.enabled=off"]);
const ONE_CHANNEL: [Arm; 2] =
    [BASE.label("one channel").set(&["radio.channels=1"]), BASE.label("eight channels")];
const POLLED: [Arm; 2] =
    [BASE.label("votes polled").set(&["consensus.spread=poll"]), BASE.label("votes collected")];
/// Thirty gateways that know three of the others and learn of the rest; ten stop for half an hour.
const RESTARTS: &[&str] = &[
    "genesis.peers=30",
    "radio.gateways=30",
    "session.listed_peers=3",
    "session.address_book=learned",
    "cache.subjects=10",
    "cache.cycles=1",
    "cache.up_rounds=10",
    "cache.down_rounds=1",
];

pub(super) const CLAIMS: &[Claim] = &[
    Claim {
        id: "full-stack-elections",
        source: document_004(FULL),
        text: "With all documents in one world, most elections complete.",
        arms: &[BASE],
        quantity: Value("completion"),
        expectation: AtLeast(0.5),
        conditions: &[],
    },
    Claim {
        id: "full-stack-blocks",
        source: document_004(FULL),
        text: "Over radio too, at least 95 % of the blocks commit.",
        arms: &[BASE],
        quantity: Value("blocks_committed"),
        expectation: AtLeast(0.95),
        conditions: &[when("the last ones have eight hours", &["load.until_round=32"])],
    },
    Claim {
        id: "full-stack-law",
        source: document_004(FULL),
        text: "Elections, blocks and beacons together break the law in no transmission.",
        arms: &[BASE],
        quantity: Value("radio_violations"),
        expectation: Within(0.0, 0.0),
        conditions: &[],
    },
    Claim {
        id: "full-stack-sessions",
        source: document_004(FULL),
        text: "Sessions between gateways last: none ends within the day.",
        arms: &[BASE],
        quantity: Value("sessions_closed"),
        expectation: Within(0.0, 0.0),
        conditions: &[],
    },
    Claim {
        id: "full-stack-reply-key",
        source: document_004(FULL),
        text: "With the published key of replies they end after 90 s, here as well.",
        arms: &[BASE.set(&["session.reply_key=ip-port"])],
        quantity: Value("session_seconds"),
        expectation: Within(89.0, 91.0),
        conditions: &[when("their keepalive does not follow the path", &["session.scaled_keepalive=off"])],
    },
    Claim {
        id: "full-stack-unit",
        source: document_004(FULL),
        text: "With seconds taken for milliseconds the law is broken, here as well.",
        arms: &[BASE.set(&["radio.airtime_in_seconds=on"])],
        quantity: Value("radio_violations"),
        expectation: AtLeast(1.0),
        conditions: &[],
    },
    Claim {
        id: "full-stack-one-channel",
        source: document_004(FULL),
        text: "On one channel instead of eight, fewer than half as many elections complete.",
        arms: &ONE_CHANNEL,
        quantity: Ratio("completion"),
        expectation: AtMost(0.5),
        conditions: &[],
    },
    Claim {
        id: "full-stack-gateways",
        source: document_004(FULL),
        text: "Gateways let more elections complete, not fewer.",
        arms: &NO_GATEWAYS,
        quantity: Ratio("completion"),
        expectation: AtLeast(1.0),
        conditions: &[],
    },
    Claim {
        id: "full-stack-cache",
        source: document_004(FULL),
        text: "A cache that no restart reads changes elections by no more than 2 %.",
        arms: &NO_CACHE,
        quantity: Ratio("completion"),
        expectation: Within(0.98, 1.02),
        conditions: &[],
    },
    Claim {
        id: "full-stack-manager",
        source: document_004(FULL),
        text: "Managers of honest gateways change elections by no more than 2 %.",
        arms: &NO_MANAGER,
        quantity: Ratio("completion"),
        expectation: Within(0.98, 1.02),
        conditions: &[],
    },
    Claim {
        id: "full-stack-cost-of-blocks",
        source: document_004(FULL),
        text: "Blocks, one in an hour, cost no more than a tenth of the elections.",
        arms: &NO_BLOCKS,
        quantity: Ratio("completion"),
        expectation: AtLeast(0.9),
        conditions: &[],
    },
    Claim {
        id: "full-stack-polled-votes",
        source: document_004(FULL),
        text: "Over radio, polling for votes as published commits fewer than half as many blocks as collecting them.",
        arms: &POLLED,
        quantity: Ratio("blocks_committed"),
        expectation: AtMost(0.5),
        conditions: &[],
    },
    Claim {
        id: "gateways-restart-warm",
        source: document_004(FULL),
        text: "Gateways that start again have five sessions in half of the time with a cache.",
        arms: &[
            BASE.label("warm").set(RESTARTS),
            BASE.label("cold").set(RESTARTS).and(&["cache.start=cold"]),
        ],
        quantity: Ratio("fifth_session_seconds"),
        expectation: AtMost(0.5),
        conditions: &[],
    },
];
