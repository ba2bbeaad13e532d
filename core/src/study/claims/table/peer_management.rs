//! Document 004: its claims as experiments. The document states no figures for most of them; the bars are
//! then Ringside's, and the headings say so.

use super::{Claim, arm, document_004};
use crate::study::claims::ClaimExpectation::{AtLeast, AtMost, Within};
use crate::study::claims::Quantity::{Difference, Ratio, Value};

const E1: &str = "E4-1: discovery from several sources (bar by Ringside)";
const E2: &str = "E4-2: reconnection with back-off (bar by Ringside)";
const E3: &str = "E4-3: a pool by quality (bar by Ringside)";
const E4: &str = "E4-4: scores of several factors";
const E5: &str = "E4-5: bans for misbehaviour";
const E6: &str = "E4-6: escalation of bans";
const E7: &str = "E4-7: frames of 256 bytes";
const E8: &str = "E4-8: the duty cycle";
const E9: &str = "E4-9: loss of fragments (bar by Ringside)";
const E11: &str = "E4-11: a block from a gateway to a mesh (bar by Ringside)";

/// Ten hosts in one room that transmit whenever they may.
const SATURATED: &[&str] = &[
    "genesis.peers=10",
    "radio.area_m=1000",
    "radio.beacon_ms=0",
    "radio.traffic=broadcast",
    "radio.traffic_ms=2000",
    "radio.traffic_bytes=197",
];
/// Two hosts that send one another transactions of six fragments, with four tries for each fragment.
const PAIR: &[&str] = &[
    "genesis.peers=2",
    "radio.area_m=1000",
    "radio.traffic=neighbor",
    "radio.traffic_bytes=1000",
    "radio.traffic_ms=1800000",
    "radio.retries=3",
];
/// The same with lost fragments.
const PAIR_10: &[&str] = &[
    "genesis.peers=2",
    "radio.area_m=1000",
    "radio.traffic=neighbor",
    "radio.traffic_bytes=1000",
    "radio.traffic_ms=1800000",
    "radio.retries=3",
    "radio.fragment_loss=0.1",
];
const PAIR_30: &[&str] = &[
    "genesis.peers=2",
    "radio.area_m=1000",
    "radio.traffic=neighbor",
    "radio.traffic_bytes=1000",
    "radio.traffic_ms=1800000",
    "radio.retries=3",
    "radio.fragment_loss=0.3",
];
const PAIR_SIGNED: &[&str] = &[
    "genesis.peers=2",
    "radio.area_m=1000",
    "radio.traffic=neighbor",
    "radio.traffic_bytes=1000",
    "radio.traffic_ms=1800000",
    "radio.retries=3",
    "radio.crc_signed=on",
];
/// A gateway that floods blocks of 20 kB into a mesh of ten hosts.
const BLOCKS: &[&str] = &[
    "genesis.peers=11",
    "radio.gateways=1",
    "radio.area_m=3000",
    "radio.traffic=flood",
    "radio.sources=1",
    "radio.traffic_bytes=20000",
    "radio.traffic_kind=block",
    "radio.traffic_ms=20000000",
];
/// A small pool among peers of which three in ten serve badly.
const POOL: &[&str] =
    &["genesis.peers=60", "manager.outbound_max=6", "manager.inbound_max=9", "manager.bad_share=0.3"];
const RANDOM_POOL: &[&str] = &[
    "genesis.peers=60",
    "manager.outbound_max=6",
    "manager.inbound_max=9",
    "manager.bad_share=0.3",
    "manager.selection=random",
];

pub(super) const CLAIMS: &[Claim] = &[
    Claim {
        id: "discovery-by-seeds",
        source: document_004(E1),
        text: "Seeds alone make ten peers known to a host within one round of 30 s.",
        arms: &[arm("peer-manager")
            .set(&["manager.exchange=off", "manager.mdns=off", "manager.mesh=off"])
            .rounds(30, 30)],
        quantity: Value("manager_known"),
        expectation: AtLeast(10.0),
        conditions: &[],
    },
    Claim {
        id: "discovery-together",
        source: document_004(E1),
        text: "All sources together make ten peers known to a host within one round of 30 s.",
        arms: &[arm("peer-manager").rounds(30, 30)],
        quantity: Value("manager_known"),
        expectation: AtLeast(10.0),
        conditions: &[],
    },
    Claim {
        id: "discovery-limited",
        source: document_004(E1),
        text: "A host remembers exactly as many peers as its limit allows.",
        arms: &[arm("peer-manager").set(&["manager.known_max=50"]).rounds(1_800, 1_800)],
        quantity: Value("manager_known"),
        expectation: Within(50.0, 50.0),
        conditions: &[],
    },
    Claim {
        id: "connections-never-redialled",
        source: document_004(E2),
        text: "As shipped every connection ends after 300 s, and none is open after two hours.",
        arms: &[arm("peer-manager")
            .set(&["genesis.peers=20", "manager.stale_activity=on", "manager.no_redial=on"])
            .rounds(7_200, 1_200)],
        quantity: Value("manager_connected"),
        expectation: Within(0.0, 0.0),
        conditions: &[],
    },
    Claim {
        id: "connections-last",
        source: document_004(E2),
        text: "With activity noted and peers dialled again, 95 % of the pairs of twenty hosts are connected.",
        arms: &[arm("peer-manager").set(&["genesis.peers=20", "manager.bad_share=0"]).rounds(7_200, 1_200)],
        quantity: Value("manager_connected"),
        expectation: AtLeast(18.05),
        conditions: &[],
    },
    Claim {
        id: "pool-by-quality",
        source: document_004(E3),
        text: "A pool by quality has at most half as many bad peers as a random one.",
        arms: &[
            arm("peer-manager").label("quality").set(POOL).rounds(7_200, 3_600),
            arm("peer-manager").label("random").set(RANDOM_POOL).rounds(7_200, 3_600),
        ],
        quantity: Ratio("manager_bad_share"),
        expectation: AtMost(0.5),
        conditions: &[],
    },
    Claim {
        id: "pool-is-stable",
        source: document_004(E3),
        text: "It replaces at most one connection for each host and ten minutes.",
        arms: &[arm("peer-manager").set(POOL).rounds(7_200, 7_200)],
        quantity: Value("manager_replacements"),
        expectation: AtMost(720.0),
        conditions: &[],
    },
    Claim {
        id: "score-of-latency",
        source: document_004(E4),
        text: "A round trip of 600 ms instead of 40 ms costs 9.6 points.",
        arms: &[
            arm("peer-manager")
                .label("40 ms")
                .set(&[
                    "genesis.peers=20",
                    "manager.bad_share=0",
                    "manager.stub_factors=on",
                    "network.latency_min=20",
                    "network.latency_max=20",
                ])
                .rounds(3_600, 3_600),
            arm("peer-manager")
                .label("600 ms")
                .set(&[
                    "genesis.peers=20",
                    "manager.bad_share=0",
                    "manager.stub_factors=on",
                    "network.latency_min=300",
                    "network.latency_max=300",
                ])
                .rounds(3_600, 3_600),
        ],
        quantity: Difference("manager_score"),
        expectation: Within(9.4, 9.8),
        conditions: &[],
    },
    Claim {
        id: "score-of-validity",
        source: document_004(E4),
        text: "A fifth of invalid messages costs 2.4 points.",
        arms: &[
            arm("peer-manager")
                .label("valid")
                .set(&["genesis.peers=20", "manager.bad_share=1", "manager.stub_factors=on"])
                .rounds(7_200, 7_200),
            arm("peer-manager")
                .label("a fifth invalid")
                .set(&[
                    "genesis.peers=20",
                    "manager.bad_share=1",
                    "manager.stub_factors=on",
                    "manager.invalid_share=0.2",
                    "manager.invalid_limit=1000",
                ])
                .rounds(7_200, 7_200),
        ],
        quantity: Difference("manager_score"),
        expectation: Within(2.2, 2.6),
        conditions: &[],
    },
    Claim {
        id: "bans-are-lifted",
        source: document_004(E5),
        text: "Senders of invalid messages are banned for an hour, and each such ban is lifted.",
        arms: &[arm("peer-manager")
            .set(&["genesis.peers=40", "manager.invalid_share=0.5"])
            .rounds(7_200, 7_200)],
        quantity: Value("manager_unbans"),
        expectation: AtLeast(1.0),
        conditions: &[],
    },
    Claim {
        id: "honest-peers-stay-unbanned",
        source: document_004(E5),
        text: "Where all data is valid, no peer is banned.",
        arms: &[arm("peer-manager").rounds(7_200, 3_600)],
        quantity: Value("manager_bans"),
        expectation: Within(0.0, 0.0),
        conditions: &[],
    },
    Claim {
        id: "escalation-lost",
        source: document_004(E6),
        text: "As shipped the number of bans is forgotten when one expires, and peers are banned again and again.",
        arms: &[
            arm("peer-manager")
                .label("forgotten")
                .set(&[
                    "genesis.peers=20",
                    "manager.invalid_share=0.8",
                    "manager.ban_ms=60000",
                    "manager.escalation_lost=on",
                ])
                .rounds(14_400, 7_200),
            arm("peer-manager")
                .label("kept")
                .set(&["genesis.peers=20", "manager.invalid_share=0.8", "manager.ban_ms=60000"])
                .rounds(14_400, 7_200),
        ],
        quantity: Ratio("manager_bans"),
        expectation: AtLeast(1.5),
        conditions: &[],
    },
    Claim {
        id: "fragments-of-a-transaction",
        source: document_004(E7),
        text: "A transaction of 1 kB takes six fragments.",
        arms: &[arm("lora")
            .set(&[
                "genesis.peers=10",
                "radio.area_m=1000",
                "radio.traffic=broadcast",
                "radio.traffic_bytes=1000",
            ])
            .rounds(21_600, 21_600)],
        quantity: Value("radio_fragments_per_message"),
        expectation: Within(5.9, 6.0),
        conditions: &[],
    },
    Claim {
        id: "law-kept",
        source: document_004(E8),
        text: "Hosts that transmit whenever they may never break the law.",
        arms: &[arm("lora").set(SATURATED).rounds(86_400, 10_800)],
        quantity: Value("radio_violations"),
        expectation: Within(0.0, 0.0),
        conditions: &[],
    },
    Claim {
        id: "law-kept-at-its-limit",
        source: document_004(E8),
        text: "They use more than 90 % of their busiest hour.",
        arms: &[arm("lora").set(SATURATED).rounds(86_400, 10_800)],
        quantity: Value("radio_duty_max"),
        expectation: Within(0.9, 1.0),
        conditions: &[],
    },
    Claim {
        id: "law-broken-by-a-unit",
        source: document_004(E8),
        text: "With seconds taken for milliseconds they exceed the limit fifty times and more.",
        arms: &[arm("lora")
            .set(&[
                "genesis.peers=10",
                "radio.area_m=1000",
                "radio.beacon_ms=0",
                "radio.traffic=broadcast",
                "radio.traffic_ms=2000",
                "radio.traffic_bytes=197",
                "radio.spreading=12",
                "radio.airtime_in_seconds=on",
            ])
            .rounds(14_400, 7_200)],
        quantity: Value("radio_duty_max"),
        expectation: AtLeast(50.0),
        conditions: &[],
    },
    Claim {
        id: "no-frame-by-the-law-at-the-shipped-rate",
        source: document_004(E8),
        text: "By the law of the European Union no frame goes on the air at the shipped spreading factor of 12.",
        arms: &[arm("lora-claimed").set(&["radio.spreading=12"]).rounds(21_600, 7_200)],
        quantity: Value("radio_frames"),
        expectation: Within(0.0, 0.0),
        conditions: &[],
    },
    Claim {
        id: "loss-of-none",
        source: document_004(E9),
        text: "Without loss 99 % of the transactions of six fragments arrive.",
        arms: &[arm("lora").set(PAIR).rounds(86_400, 86_400)],
        quantity: Value("radio_delivery"),
        expectation: AtLeast(0.99),
        conditions: &[],
    },
    Claim {
        id: "loss-of-a-tenth",
        source: document_004(E9),
        text: "With a loss of 10 % of the fragments 99 % arrive.",
        arms: &[arm("lora").set(PAIR_10).rounds(86_400, 86_400)],
        quantity: Value("radio_delivery"),
        expectation: AtLeast(0.99),
        conditions: &[],
    },
    Claim {
        id: "loss-of-three-tenths",
        source: document_004(E9),
        text: "With a loss of 30 % of the fragments 90 % arrive.",
        arms: &[arm("lora").set(PAIR_30).rounds(86_400, 86_400)],
        quantity: Value("radio_delivery"),
        expectation: AtLeast(0.9),
        conditions: &[],
    },
    Claim {
        id: "signed-checksum",
        source: document_004(E9),
        text: "With the shipped checksum 1.6 % of the transactions of six fragments arrive, here at most 5 %, however often they are repeated.",
        arms: &[arm("lora").set(PAIR_SIGNED).rounds(86_400, 86_400)],
        quantity: Value("radio_delivery"),
        expectation: AtMost(0.05),
        conditions: &[],
    },
    Claim {
        id: "block-to-all",
        source: document_004(E11),
        text: "A block of 20 kB from a gateway reaches each of ten hosts of a mesh.",
        arms: &[arm("lora-hybrid").set(BLOCKS).rounds(86_400, 86_400)],
        quantity: Value("radio_delivery"),
        expectation: AtLeast(9.5),
        conditions: &[],
    },
    Claim {
        id: "block-in-time",
        source: document_004(E11),
        text: "Half of the hosts have it within 102 times the airtime of a frame by the duty cycle: 4,080 s.",
        arms: &[arm("lora-hybrid").set(BLOCKS).rounds(86_400, 86_400)],
        quantity: Value("radio_seconds_p50"),
        expectation: AtMost(4_080.0),
        conditions: &[],
    },
];
