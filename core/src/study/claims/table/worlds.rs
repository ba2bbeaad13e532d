//! Documents together: the combinations of layers, E-X1 to E-X6.

use super::{Claim, arm, document_002, document_003, document_004};
use crate::study::claims::ClaimExpectation::{AtLeast, AtMost, Within};
use crate::study::claims::Quantity::{Difference, Ratio, Value};

const X1: &str = "E-X1: a warm start of the lifecycle";
const X2: &str = "E-X2: invitations by score";
const STORMS: &str = "Restart storm: cache against published list";
const X3: &str = "E-X3: the lifecycle over sessions";
const X4: &str = "E-X4: elections on the air";
const X5: &str = "E-X5: keepalive on slow links";
const X6: &str = "E-X6: tie-break by peer id";

/// Replies and peers by IP and port, as published.
const PUBLISHED_KEY: &[&str] = &["session.reply_key=ip-port", "session.registry=ip-port"];
/// Hosts behind a NAT do not know their IP.
const BEHIND_NAT: &[&str] = &["session.own_ip=unknown"];

/// No file is read.
const COLD: &[&str] = &["cache.start=cold"];
/// Two in ten peers store nothing but their own id.
const FREE_RIDERS: &[&str] = &["adversary.share=0.2", "adversary.conduct=free-rider"];

/// Rounds of five minutes instead of ten, as long in all.
const HURRIED: &[&str] = &["time.ticks_per_round=15000", "time.round_ms=300000"];
/// Hosts on a line, three kilometres from one to the next.
const LINE: &[&str] = &["radio.layout=line", "radio.area_m=60000"];
/// A path of 20 s in each direction, as over a radio that waits for its duty cycle; dials have time for it.
const SLOW_PATH: &[&str] = &[
    "time.tick_ms=20",
    "time.ticks_per_round=50",
    "network.latency_min=1000",
    "network.latency_max=1000",
    "network.far_links=none",
    "network.latency_far=0",
    "session.connect_timeout_ms=0",
    "session.handshake_timeout_ms=300000",
    "sync.enabled=off",
];
/// Sessions at work over radio, between three hosts on a line of which the outer ones do not hear each other.
/// Channels and pauses are those of elections on the air; dials have time for it.
const STREAMS_ON_AIR: &[&str] = &[
    "genesis.peers=3",
    "radio.layout=line",
    "radio.area_m=6000",
    "radio.channels=3",
    "radio.gap_ms=10000",
    "radio.traffic=off",
    "session.enabled=on",
    "session.carrier=radio",
    "session.listed_peers=3",
    "session.tie_break=generation",
    "session.backoff=probing",
    "session.peer_check_ms=30000",
    "session.writer_overwrite=off",
    "session.phantom_close=off",
    "session.stale_cleanup=off",
    "session.connect_timeout_ms=0",
    "session.handshake_timeout_ms=3600000",
];
/// Half of the peers stop and start again within a minute.
const STORM: &[&str] = &["cache.subjects=30", "cache.spread_rounds=60"];

/// All hosts of a small mesh stop and start again within ten seconds.
const STORM_OF_SIX: &[&str] = &["genesis.peers=6", "cache.subjects=6", "cache.spread_rounds=10"];
/// All hosts of a larger one.
const STORM_OF_SIXTY: &[&str] = &["genesis.peers=60", "cache.subjects=60", "cache.spread_rounds=10"];

/// Invitations go to the peers with the best scores.
const BY_SCORE: &[&str] = &["peers.invitees=quality"];
/// Invitations go to peers drawn by lot.
const BY_LOT: &[&str] = &["peers.invitees=random"];
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
            arm("lifecycle-sessions")
                .label("by peer id")
                .set(BEHIND_NAT)
                .and(&["session.tie_break=peer-id"])
                .rounds(600, 300),
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
            arm("lifecycle-sessions")
                .label("by peer id")
                .set(BEHIND_NAT)
                .and(&["session.tie_break=peer-id"])
                .rounds(600, 300),
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
            arm("lifecycle-cache").label("cold").set(FREE_RIDERS).and(COLD).rounds(720, 720),
        ],
        quantity: Difference("captured"),
        expectation: AtMost(0.01),
        conditions: &[],
    },
    Claim {
        id: "storm-of-restarts",
        source: document_003(X1),
        text: "In a storm of restarts too, with half of the peers within a minute, caches make them rejoin sooner.",
        arms: &[
            arm("lifecycle-cache").label("warm").set(STORM).rounds(780, 780),
            arm("lifecycle-cache").label("cold").set(STORM).and(COLD).rounds(780, 780),
        ],
        quantity: Ratio("rejoin_rounds"),
        expectation: AtMost(0.9),
        conditions: &[],
    },
    Claim {
        id: "storm-of-six",
        source: document_003(STORMS),
        text: "If all of six hosts start again within ten seconds, files halve the time to five sessions.",
        arms: &[
            arm("cache").label("warm").set(STORM_OF_SIX).rounds(1_380, 1_380),
            arm("cache").label("cold").set(STORM_OF_SIX).and(COLD).rounds(1_380, 1_380),
        ],
        quantity: Ratio("fifth_session_seconds"),
        expectation: AtMost(0.5),
        conditions: &[],
    },
    Claim {
        id: "storm-of-sixty",
        source: document_003(STORMS),
        text: "If all of sixty hosts do, files halve it as well.",
        arms: &[
            arm("cache").label("warm").set(STORM_OF_SIXTY).rounds(1_380, 1_380),
            arm("cache").label("cold").set(STORM_OF_SIXTY).and(COLD).rounds(1_380, 1_380),
        ],
        quantity: Ratio("fifth_session_seconds"),
        expectation: AtMost(0.5),
        conditions: &[],
    },
    Claim {
        id: "storm-spares-the-list",
        source: document_003(STORMS),
        text: "In the storm of sixty the published hosts are dialled half as often.",
        arms: &[
            arm("cache").label("warm").set(STORM_OF_SIXTY).rounds(1_380, 1_380),
            arm("cache").label("cold").set(STORM_OF_SIXTY).and(COLD).rounds(1_380, 1_380),
        ],
        quantity: Ratio("bootstrap_dials"),
        expectation: AtMost(0.5),
        conditions: &[],
    },
    Claim {
        id: "scores-keep-the-ring",
        source: document_004(X2),
        text: "Invitations to the best scores leave the lengths of connections as invitations by lot do.",
        arms: &[
            arm("improved").label("by score").set(BY_SCORE).rounds(1_000, 300),
            arm("improved").label("by lot").set(BY_LOT).rounds(1_000, 300),
        ],
        quantity: Difference("misfit_uniform"),
        expectation: Within(-0.05, 0.05),
        conditions: &[],
    },
    Claim {
        id: "elections-on-the-air",
        source: document_004(X4),
        text: "At SF7 and an election every ten minutes, most elections over radio complete.",
        arms: &[arm("lifecycle-radio").rounds(144, 72)],
        quantity: Value("completion"),
        expectation: AtLeast(0.5),
        conditions: &[],
    },
    Claim {
        id: "elections-keep-the-law",
        source: document_004(X4),
        text: "However much elections ask for, no transmission breaks the law.",
        arms: &[arm("lifecycle-radio").set(HURRIED).rounds(288, 72)],
        quantity: Value("radio_violations"),
        expectation: Within(0.0, 0.0),
        conditions: &[],
    },
    Claim {
        id: "elections-beyond-the-budget",
        source: document_004(X4),
        text: "With an election every five minutes, twelve an hour of 16 messages each, the budget of 113 messages an \
               hour is exceeded, and fewer than half complete.",
        arms: &[arm("lifecycle-radio").set(HURRIED).rounds(288, 144)],
        quantity: Value("completion"),
        expectation: AtMost(0.5),
        conditions: &[],
    },
    Claim {
        id: "elections-too-slow-at-greatest-spreading",
        source: document_004(X4),
        text: "At SF12 no node completes an election in an hour.",
        arms: &[arm("lifecycle-radio").set(&["radio.spreading=12"]).rounds(144, 72)],
        quantity: Value("elections_completed_hourly"),
        expectation: AtMost(1.0),
        conditions: &[],
    },
    Claim {
        id: "gateways-as-proxies",
        source: document_004(X4),
        text: "Gateways along a line of radios let a fifth more of the elections complete.",
        arms: &[
            arm("lifecycle-radio")
                .label("ten gateways")
                .set(LINE)
                .and(&["radio.gateways=10"])
                .rounds(144, 72),
            arm("lifecycle-radio").label("none").set(LINE).rounds(144, 72),
        ],
        quantity: Ratio("completion"),
        expectation: AtLeast(1.2),
        conditions: &[],
    },
    Claim {
        id: "keepalive-cycles-on-slow-links",
        source: document_002(X5),
        text: "On a path of 20 s in each direction every session ends after 90 s, though no defect is on.",
        arms: &[arm("sessions").set(SLOW_PATH).rounds(7_200, 1_800)],
        quantity: Value("session_seconds"),
        expectation: Within(89.0, 91.0),
        conditions: &[],
    },
    Claim {
        id: "keepalive-scaled",
        source: document_002(X5),
        text: "A keepalive of three round trips cures it: no session ends.",
        arms: &[arm("sessions").set(SLOW_PATH).and(&["session.scaled_keepalive=on"]).rounds(7_200, 1_800)],
        quantity: Value("sessions_closed"),
        expectation: Within(0.0, 0.0),
        conditions: &[],
    },
    Claim {
        id: "streams-cycle-on-the-air",
        source: document_004(X5),
        text: "Over radios within their duty cycle the median session ends after 90 s, though no defect is on.",
        arms: &[arm("lora").set(STREAMS_ON_AIR).rounds(21_600, 7_200)],
        quantity: Value("session_seconds"),
        expectation: Within(89.0, 91.0),
        conditions: &[],
    },
    Claim {
        id: "streams-last-on-the-air",
        source: document_004(X5),
        text: "A keepalive of three round trips with their wait for airtime cures it: no session ends.",
        arms: &[arm("lora").set(STREAMS_ON_AIR).and(&["session.scaled_keepalive=on"]).rounds(21_600, 7_200)],
        quantity: Value("sessions_closed"),
        expectation: Within(0.0, 0.0),
        conditions: &[],
    },
    Claim {
        id: "streams-keep-the-law",
        source: document_004(X5),
        text: "Streams over radio break the law with no transmission.",
        arms: &[arm("lora").set(STREAMS_ON_AIR).rounds(21_600, 7_200)],
        quantity: Value("radio_violations"),
        expectation: Within(0.0, 0.0),
        conditions: &[],
    },
];
