//! Document 003: its success criteria as experiments, as shipped, as written, and at work.

use super::{Claim, arm, document_003};
use crate::study::claims::ClaimExpectation::{AtLeast, AtMost, Within};
use crate::study::claims::Quantity::{Ratio, Value};

const E1: &str = "E3-1: a warm start";
const E2: &str = "E3-2: load on published peers";
const E3: &str = "E3-3: hits";
const E4: &str = "E3-4: no corruption";
const E5: &str = "E3-5: time of a save and a load";
const E6: &str = "E3-6: scores survive a restart";
const E7: &str = "E3-7: all peers in five seconds";
const E8: &str = "E3-8: peers that relay come first";

/// Half of the hosts start again within a minute.
const STORM: &[&str] = &["cache.subjects=30", "cache.spread_rounds=60"];
/// Crashes at any step of saves that follow one another.
const CRASHES: &[&str] = &[
    "cache.subjects=20",
    "cache.cycles=20",
    "cache.up_rounds=40",
    "cache.down_rounds=2",
    "cache.graceful=off",
    "cache.save_s=1",
    "cache.sync_ms=400",
    "cache.transfer_ms=500",
    "cache.offline_hourly=0",
    "cache.moved_hourly=0",
    "cache.reborn_hourly=0",
];
/// The same, and the file is written over.
const DIRECT: &[&str] = &[
    "cache.subjects=20",
    "cache.cycles=20",
    "cache.up_rounds=40",
    "cache.down_rounds=2",
    "cache.graceful=off",
    "cache.save_s=1",
    "cache.transfer_ms=500",
    "cache.offline_hourly=0",
    "cache.moved_hourly=0",
    "cache.reborn_hourly=0",
    "cache.save=direct",
];
/// Three in ten cached peers are gone.
const DEAD: &[&str] = &["cache.offline_hourly=0.3", "cache.moved_hourly=0", "cache.reborn_hourly=0"];

pub(super) const CLAIMS: &[Claim] = &[
    Claim {
        id: "cold-start",
        source: document_003(E1),
        text: "Without a cache, five sessions take 30 to 60 s.",
        arms: &[arm("cache").set(&["cache.start=cold"]).rounds(1_320, 1_320)],
        quantity: Value("fifth_session_seconds"),
        expectation: Within(30.0, 60.0),
        conditions: &[],
    },
    Claim {
        id: "warm-start",
        source: document_003(E1),
        text: "With the cache, five sessions take less than 10 s.",
        arms: &[arm("cache-claimed").rounds(1_320, 1_320)],
        quantity: Value("fifth_session_seconds"),
        expectation: AtMost(10.0),
        conditions: &[],
    },
    Claim {
        id: "warm-start-limited",
        source: document_003(E1),
        text: "Within the limits of the later program, five sessions take less than 10 s too.",
        arms: &[arm("cache").rounds(1_320, 1_320)],
        quantity: Value("fifth_session_seconds"),
        expectation: AtMost(10.0),
        conditions: &[],
    },
    Claim {
        id: "bootstrap-load-shipped",
        source: document_003(E2),
        text: "As shipped, 30 hosts that start again dial the published peers as often as without a cache.",
        arms: &[
            arm("cache-shipped").label("as shipped").set(STORM).rounds(1_380, 1_380),
            arm("cache-shipped")
                .label("without a cache")
                .set(STORM)
                .and(&["cache.start=cold"])
                .rounds(1_380, 1_380),
        ],
        quantity: Ratio("bootstrap_dials"),
        expectation: Within(0.9, 1.1),
        conditions: &[],
    },
    Claim {
        id: "bootstrap-load-halved",
        source: document_003(E2),
        text: "If the published peers are dialled only when needed, their load falls by half.",
        arms: &[
            arm("cache").label("when needed").set(STORM).rounds(1_380, 1_380),
            arm("cache").label("without a cache").set(STORM).and(&["cache.start=cold"]).rounds(1_380, 1_380),
        ],
        quantity: Ratio("bootstrap_dials"),
        expectation: AtMost(0.5),
        conditions: &[],
    },
    Claim {
        id: "hits-reported",
        source: document_003(E3),
        text: "As shipped, the reported share of hits is 100 %, whatever happens.",
        arms: &[arm("cache-shipped").rounds(1_320, 1_320)],
        quantity: Value("cache_hit_rate_reported"),
        expectation: Within(1.0, 1.0),
        conditions: &[],
    },
    Claim {
        id: "hits-as-shipped",
        source: document_003(E3),
        text: "As shipped, at least 70 % of the tries lead to a session.",
        arms: &[arm("cache-shipped").rounds(1_320, 1_320)],
        quantity: Value("cache_hit_rate"),
        expectation: AtLeast(0.7),
        conditions: &[super::when("addresses can be dialled", &["cache.address=listening"])],
    },
    Claim {
        id: "hits-after-an-hour",
        source: document_003(E3),
        text: "With addresses that can be dialled, at least 70 % of the tries succeed after an hour.",
        arms: &[arm("cache-claimed").rounds(1_320, 1_320)],
        quantity: Value("cache_hit_rate"),
        expectation: AtLeast(0.7),
        conditions: &[],
    },
    Claim {
        id: "hits-after-three-days",
        source: document_003(E3),
        text: "After three days, at least 70 % of the tries still succeed.",
        arms: &[arm("cache-claimed").set(&["cache.absence_s=259200"]).rounds(1_320, 1_320)],
        quantity: Value("cache_hit_rate"),
        expectation: AtLeast(0.7),
        conditions: &[super::when(
            "one host in five hundred goes away or moves in an hour",
            &["cache.offline_hourly=0.001", "cache.moved_hourly=0.001"],
        )],
    },
    Claim {
        id: "saves-survive-crashes",
        source: document_003(E4),
        text: "No crash leaves a damaged file if it is made durable before it is renamed.",
        arms: &[arm("cache").set(CRASHES).rounds(900, 300)],
        quantity: Value("cache_corrupt"),
        expectation: Within(0.0, 0.0),
        conditions: &[],
    },
    Claim {
        id: "direct-saves-do-not",
        source: document_003(E4),
        text: "A file that is written over is damaged by some crashes.",
        arms: &[arm("cache").set(DIRECT).rounds(900, 300)],
        quantity: Value("cache_corrupt"),
        expectation: AtLeast(1.0),
        conditions: &[],
    },
    Claim {
        id: "save-time",
        source: document_003(E5),
        text: "A save takes at most 100 ms, made durable on a disk with 20 ms for it.",
        arms: &[arm("cache").set(&["cache.sync_ms=20"]).rounds(1_320, 1_320)],
        quantity: Value("cache_save_ms"),
        expectation: AtMost(100.0),
        conditions: &[],
    },
    Claim {
        id: "load-time",
        source: document_003(E5),
        text: "A load takes less than 50 ms.",
        arms: &[arm("cache").rounds(1_320, 1_320)],
        quantity: Value("cache_load_ms"),
        expectation: AtMost(50.0),
        conditions: &[],
    },
    Claim {
        id: "scores-lost",
        source: document_003(E6),
        text: "As shipped, scores begin afresh at each start.",
        arms: &[arm("cache-shipped").set(&["cache.cycles=5", "cache.up_rounds=300"]).rounds(1_600, 1_600)],
        quantity: Value("score_agreement"),
        expectation: Within(0.0, 0.1),
        conditions: &[],
    },
    Claim {
        id: "scores-survive",
        source: document_003(E6),
        text: "With scores restored, their order survives five restarts: Kendall's tau is at least 0.8.",
        arms: &[arm("cache-claimed").set(&["cache.cycles=5", "cache.up_rounds=300"]).rounds(1_600, 1_600)],
        quantity: Value("score_agreement"),
        expectation: AtLeast(0.8),
        conditions: &[],
    },
    Claim {
        id: "all-peers-in-time",
        source: document_003(E7),
        text: "With three in ten cached peers gone, the last try has its outcome after 5 s and a round trip.",
        arms: &[arm("cache-claimed").set(DEAD).rounds(1_320, 1_320)],
        quantity: Value("tries_settled_seconds"),
        expectation: Within(4.9, 5.4),
        conditions: &[],
    },
    Claim {
        id: "relays-first",
        source: document_003(E8),
        text: "A peer that relays is among the first: its session takes at most a second.",
        arms: &[arm("cache-claimed").rounds(1_320, 1_320)],
        quantity: Value("first_relay_seconds"),
        expectation: AtMost(1.0),
        conditions: &[],
    },
];
