//! Document 002: its success criteria as experiments, before and after the correction.

use super::{Claim, arm, document_002};
use crate::study::claims::ClaimExpectation::{AtLeast, AtMost, Within};
use crate::study::claims::Quantity::Value;
use crate::study::claims::{Fault, FaultKind};

const E1: &str = "E2-1: sessions last";
const E2: &str = "E2-2: pings are answered";
const E3: &str = "E2-3: one entry for each IP";
const E4: &str = "E2-4: all hosts at one height";
const E5: &str = "E2-5: synchronization with a single peer";
const E6: &str = "E2-6: a block in every slot";
const E7: &str = "E2-7: deterministic tie-breaking";
const E8: &str = "E2-8: a firewalled host";
const E9: &str = "E2-9: a day with faults";
const E10: &str = "E2-10: the genesis block";
const E11: &str = "E2-11: back-off";
const FORKS: &str = "B8: forks whose evidence is lost";
const E12: &str = "E2-12: the direction rule in one phase";

/// The correction of the incident: replies and peers are keyed by IP.
const FIXED: &[&str] = &["session.reply_key=ip", "session.registry=ip"];
/// Two hosts, one of them at height 0.
const ALONE: &[&str] = &["genesis.peers=2", "sync.behind=1"];
/// The same behind the gate.
const GATED: &[&str] = &["genesis.peers=2", "sync.behind=1", "sync.gate=three-masternodes"];
/// Two reboots of the NAT of one host, and a partition of ten minutes.
const DAY: &[Fault] = &[
    Fault { round: 20_000, kind: FaultKind::Set("session.nat_reboots=1") },
    Fault { round: 40_000, kind: FaultKind::Set("session.nat_reboots=2") },
    Fault { round: 60_000, kind: FaultKind::CutHalves },
    Fault { round: 60_600, kind: FaultKind::Heal },
];

/// A cut of ten minutes in which both halves produce blocks.
const FORK: &[Fault] =
    &[Fault { round: 120, kind: FaultKind::CutHalves }, Fault { round: 720, kind: FaultKind::Heal }];

pub(super) const CLAIMS: &[Claim] = &[
    Claim {
        id: "sessions-cycle",
        source: document_002(E1),
        text: "As shipped a session ends after 90 s.",
        arms: &[arm("sessions-shipped").rounds(7_200, 1_800)],
        quantity: Value("session_seconds"),
        expectation: Within(89.0, 91.0),
        conditions: &[],
    },
    Claim {
        id: "sessions-last",
        source: document_002(E1),
        text: "With replies and peers keyed by IP no session ends.",
        arms: &[arm("sessions-shipped").set(FIXED).rounds(7_200, 1_800)],
        quantity: Value("sessions_closed"),
        expectation: Within(0.0, 0.0),
        conditions: &[],
    },
    Claim {
        id: "pings-unanswered",
        source: document_002(E2),
        text: "As shipped no ping of a dialer is answered.",
        arms: &[arm("sessions-shipped").rounds(7_200, 1_800)],
        quantity: Value("pong_share"),
        expectation: Within(0.0, 0.0),
        conditions: &[],
    },
    Claim {
        id: "pings-answered",
        source: document_002(E2),
        text: "With the fixed key at least 99 % of the pings are answered at a loss of 0.1 %.",
        arms: &[arm("sessions-shipped")
            .set(&["session.reply_key=ip", "session.registry=ip", "network.loss=0.001"])
            .rounds(7_200, 1_800)],
        quantity: Value("pong_share"),
        expectation: AtLeast(0.99),
        conditions: &[],
    },
    Claim {
        id: "registry-grows",
        source: document_002(E3),
        text: "As shipped the registry grows by an entry with each reconnect: about 1,150 after two hours.",
        arms: &[arm("sessions-shipped").rounds(7_200, 7_200)],
        quantity: Value("registry_entries"),
        expectation: Within(1_095.0, 1_210.0),
        conditions: &[],
    },
    Claim {
        id: "registry-stays",
        source: document_002(E3),
        text: "With keys by IP there is one entry for each peer.",
        arms: &[arm("sessions-shipped").set(FIXED).rounds(7_200, 1_800)],
        quantity: Value("registry_ratio"),
        expectation: Within(1.0, 1.0),
        conditions: &[],
    },
    Claim {
        id: "heights-differ",
        source: document_002(E4),
        text: "As shipped a host at height 0 that dials stays there.",
        arms: &[arm("sessions-shipped").rounds(7_200, 1_800)],
        quantity: Value("height_spread"),
        expectation: AtLeast(2_480.0),
        conditions: &[],
    },
    Claim {
        id: "heights-meet",
        source: document_002(E4),
        text: "With the fixed key all hosts have one height within two minutes.",
        arms: &[arm("sessions-shipped").set(FIXED).rounds(600, 600)],
        quantity: Value("converged_seconds"),
        expectation: AtMost(120.0),
        conditions: &[],
    },
    Claim {
        id: "single-peer-gated",
        source: document_002(E5),
        text: "Behind a gate of three masternodes a host with a single peer never catches up.",
        arms: &[arm("sessions-claimed").set(GATED).rounds(3_600, 900)],
        quantity: Value("height_spread"),
        expectation: AtLeast(2_480.0),
        conditions: &[],
    },
    Claim {
        id: "single-peer-syncs",
        source: document_002(E5),
        text: "Without the gate it catches up.",
        arms: &[arm("sessions-claimed").set(ALONE).rounds(3_600, 900)],
        quantity: Value("height_spread"),
        expectation: Within(0.0, 0.0),
        conditions: &[],
    },
    Claim {
        id: "slots-missed",
        source: document_002(E6),
        text: "As shipped fewer than half of the slots have a block.",
        arms: &[arm("sessions-shipped").set(&["sync.block_ms=60000"]).rounds(7_200, 1_800)],
        quantity: Value("slot_share"),
        expectation: AtMost(0.5),
        conditions: &[],
    },
    Claim {
        id: "slots-filled",
        source: document_002(E6),
        text: "With the fixed key every slot has one.",
        arms: &[arm("sessions-shipped")
            .set(&["session.reply_key=ip", "session.registry=ip", "sync.behind=0", "sync.block_ms=60000"])
            .rounds(7_200, 1_800)],
        quantity: Value("slot_share"),
        expectation: Within(1.0, 1.0),
        conditions: &[],
    },
    Claim {
        id: "tie-none",
        source: document_002(E7),
        text: "Without a rule pairs that dial at once keep two sessions.",
        arms: &[arm("sessions")
            .set(&["session.tie_break=none", "session.dial_spacing_ms=1", "network.latency_far=0"])
            .rounds(6, 6)],
        quantity: Value("sessions_double"),
        expectation: AtLeast(1.0),
        conditions: &[],
    },
    Claim {
        id: "tie-pre-handshake",
        source: document_002(E7),
        text: "With refusals before the handshake pairs that dial at once stay without a session.",
        arms: &[arm("sessions")
            .set(&["session.tie_break=pre-handshake", "session.dial_spacing_ms=1", "network.latency_far=0"])
            .rounds(6, 6)],
        quantity: Value("sessions_missing"),
        expectation: AtLeast(1.0),
        conditions: &[],
    },
    Claim {
        id: "tie-string",
        source: document_002(E7),
        text: "If the lower address as text dials, each pair has exactly one session.",
        arms: &[arm("sessions")
            .set(&["session.tie_break=string", "session.dial_spacing_ms=1", "network.latency_far=0"])
            .rounds(6, 6)],
        quantity: Value("sessions_live"),
        expectation: Within(15.0, 15.0),
        conditions: &[],
    },
    Claim {
        id: "tie-generation",
        source: document_002(E7),
        text: "If the higher address dials, each pair has exactly one session.",
        arms: &[arm("sessions")
            .set(&["session.tie_break=generation", "session.dial_spacing_ms=1", "network.latency_far=0"])
            .rounds(6, 6)],
        quantity: Value("sessions_live"),
        expectation: Within(15.0, 15.0),
        conditions: &[],
    },
    Claim {
        id: "tie-peer-id",
        source: document_002(E7),
        text: "By peer id each pair has exactly one session, and both ends agree.",
        arms: &[arm("sessions")
            .set(&["session.tie_break=peer-id", "session.dial_spacing_ms=1", "network.latency_far=0"])
            .rounds(6, 6)],
        quantity: Value("pairs_in_order"),
        expectation: Within(1.0, 1.0),
        conditions: &[],
    },
    Claim {
        id: "tie-post-handshake",
        source: document_002(E7),
        text: "Refusals after the handshake take the writer of the healthy session along: sessions go mute and end.",
        arms: &[arm("sessions-shipped")
            .set(&[
                "session.reply_key=ip",
                "session.registry=ip",
                "session.tie_break=post-handshake",
                "session.dial_spacing_ms=1",
                "network.latency_far=0",
            ])
            .rounds(600, 600)],
        quantity: Value("sessions_closed"),
        expectation: AtLeast(1.0),
        conditions: &[],
    },
    Claim {
        id: "firewall-no-fallback",
        source: document_002(E8),
        text: "Without a fallback a firewalled host that should dial stays alone.",
        arms: &[arm("sessions")
            .set(&["session.firewall=dials-none", "session.firewalled=1", "session.passive_wait_ms=0"])
            .rounds(3_600, 900)],
        quantity: Value("sessions_missing"),
        expectation: AtLeast(5.0),
        conditions: &[],
    },
    Claim {
        id: "firewall-fallback",
        source: document_002(E8),
        text: "With a passive wait of 180 s every pair has a session after 210 s.",
        arms: &[arm("sessions")
            .set(&["session.firewall=dials-none", "session.firewalled=1", "session.passive_wait_ms=180000"])
            .rounds(240, 240)],
        quantity: Value("sessions_missing"),
        expectation: Within(0.0, 0.0),
        conditions: &[],
    },
    Claim {
        id: "day-with-faults",
        source: document_002(E9),
        text: "With 0.5 % loss, two reboots of a NAT and a partition of ten minutes pairs have sessions 99.48 % of a day: 99.9 % less the injected outages.",
        arms: &[arm("sessions")
            .set(&["network.loss=0.005", "session.natted=1"])
            .faults(DAY)
            .rounds(86_400, 86_400)],
        quantity: Value("session_availability"),
        expectation: AtLeast(0.9948),
        conditions: &[],
    },
    Claim {
        id: "genesis-unchecked",
        source: document_002(E10),
        text: "Without a check blocks of another chain are imported.",
        arms: &[arm("sessions")
            .set(&["sync.foreign=1", "sync.silent=2", "sync.block_ms=60000", "sync.genesis=none"])
            .rounds(1_800, 900)],
        quantity: Value("foreign_blocks"),
        expectation: AtLeast(1.0),
        conditions: &[],
    },
    Claim {
        id: "genesis-strict",
        source: document_002(E10),
        text: "A strict check isolates the two hosts that do not answer.",
        arms: &[arm("sessions")
            .set(&["sync.foreign=1", "sync.silent=2", "sync.block_ms=60000", "sync.genesis=strict"])
            .rounds(1_800, 900)],
        quantity: Value("isolated"),
        expectation: Within(2.0, 2.0),
        conditions: &[],
    },
    Claim {
        id: "genesis-lenient",
        source: document_002(E10),
        text: "A lenient check isolates no host and imports no block of another chain.",
        arms: &[arm("sessions")
            .set(&["sync.foreign=1", "sync.silent=2", "sync.block_ms=60000"])
            .rounds(1_800, 900)],
        quantity: Value("foreign_or_isolated"),
        expectation: Within(0.0, 0.0),
        conditions: &[],
    },
    Claim {
        id: "dials-doubling",
        source: document_002(E11),
        text: "Doubling dials a dead peer about 500 times a day, since each check starts a fresh series.",
        arms: &[arm("sessions")
            .set(&[
                "genesis.peers=2",
                "session.tie_break=string",
                "session.firewall=accepts-none",
                "session.firewalled=1",
                "session.backoff=doubling",
            ])
            .rounds(86_400, 86_400)],
        quantity: Value("dials"),
        expectation: Within(400.0, 600.0),
        conditions: &[],
    },
    Claim {
        id: "dials-adaptive-shipped",
        source: document_002(E11),
        text: "Adaptive back-off as shipped dials a dead peer about 390 times a day.",
        arms: &[arm("sessions")
            .set(&[
                "genesis.peers=2",
                "session.tie_break=string",
                "session.firewall=accepts-none",
                "session.firewalled=1",
                "session.backoff=adaptive-shipped",
                "session.masternodes=off",
            ])
            .rounds(86_400, 86_400)],
        quantity: Value("dials"),
        expectation: Within(330.0, 450.0),
        conditions: &[],
    },
    Claim {
        id: "dials-adaptive-intended",
        source: document_002(E11),
        text: "Adaptive back-off as intended dials a dead peer at most 15 times a day.",
        arms: &[arm("sessions")
            .set(&[
                "genesis.peers=2",
                "session.tie_break=string",
                "session.firewall=accepts-none",
                "session.firewalled=1",
                "session.backoff=adaptive-intended",
                "session.masternodes=off",
            ])
            .rounds(86_400, 86_400)],
        quantity: Value("dials"),
        expectation: AtMost(15.0),
        conditions: &[],
    },
    Claim {
        id: "dials-probing",
        source: document_002(E11),
        text: "Ringside's back-off dials a dead peer at most 15 times a day.",
        arms: &[arm("sessions")
            .set(&[
                "genesis.peers=2",
                "session.tie_break=string",
                "session.firewall=accepts-none",
                "session.firewalled=1",
                "session.backoff=probing",
            ])
            .rounds(86_400, 86_400)],
        quantity: Value("dials"),
        expectation: AtMost(15.0),
        conditions: &[],
    },
    Claim {
        id: "flap-in-one-phase",
        source: document_002(E12),
        text: "A direction rule in the first phase alone ends sessions every 120 s.",
        arms: &[arm("sessions-shipped")
            .set(&["session.reply_key=ip", "session.registry=ip", "session.tie_break=string-first-phase"])
            .rounds(3_600, 1_200)],
        quantity: Value("sessions_closed"),
        expectation: AtLeast(15.0),
        conditions: &[],
    },
    Claim {
        id: "no-flap-in-all-phases",
        source: document_002(E12),
        text: "In all phases it ends none.",
        arms: &[arm("sessions-shipped").set(FIXED).rounds(3_600, 1_200)],
        quantity: Value("sessions_closed"),
        expectation: Within(0.0, 0.0),
        conditions: &[],
    },
    Claim {
        id: "fork-evidence-lost",
        source: document_002(FORKS),
        text: "If peers on another chain leave after 0.5 s and tips are not cached, a fork outlives the cut that caused it.",
        arms: &[arm("sessions")
            .set(&[
                "genesis.peers=24",
                "sync.behind=0",
                "sync.block_ms=20000",
                "sync.forks=on",
                "sync.leave_ms=500",
                "sync.tip_cache_s=0",
            ])
            .faults(FORK)
            .rounds(1_800, 1_800)],
        quantity: Value("chains"),
        expectation: AtLeast(2.0),
        conditions: &[],
    },
    Claim {
        id: "fork-heals-by-cached-tips",
        source: document_002(FORKS),
        text: "With tips cached for five minutes all hosts are on one chain 18 minutes after the cut.",
        arms: &[arm("sessions")
            .set(&[
                "genesis.peers=24",
                "sync.behind=0",
                "sync.block_ms=20000",
                "sync.forks=on",
                "sync.leave_ms=500",
            ])
            .faults(FORK)
            .rounds(1_800, 1_800)],
        quantity: Value("chains"),
        expectation: Within(1.0, 1.0),
        conditions: &[],
    },
];
