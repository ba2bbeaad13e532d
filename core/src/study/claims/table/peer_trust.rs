//! Document 004: peers that cannot be trusted, as experiments. Bars are Ringside's where headings say so.

use super::{Claim, arm, document_004};
use crate::study::claims::ClaimExpectation::{AtLeast, AtMost, Within};
use crate::study::claims::Quantity::{Ratio, Value};
use crate::study::claims::{Fault, FaultKind};

const E10: &str = "E4-10: one host that mints ids (bar by Ringside)";
const E12: &str = "E4-12: bans and evidence after a restart";

const D4: &str = "D4: bans against links that flap (experiment and bars by Ringside)";

/// Links between two halves of the hosts that fail for ten minutes out of twenty, twice.
const FLAPPING: &[Fault] = &[
    Fault { round: 600, kind: FaultKind::CutHalves },
    Fault { round: 1_200, kind: FaultKind::Heal },
    Fault { round: 1_800, kind: FaultKind::CutHalves },
    Fault { round: 2_400, kind: FaultKind::Heal },
];
/// Twelve honest hosts whose manager decides over their sessions.
const MANAGED: &[&str] = &["genesis.peers=12", "manager.enabled=on", "manager.bad_share=0"];
/// Defects of document 002 by which failed dials are repeated at once and several times.
const IMPATIENT: &[&str] = &["session.backoff_ignored=on", "session.duplicate_redials=on"];

const DECAY: &str =
    "C3: decay of scores (experiment by Ringside, at a hundred times the rate of the document)";

/// Links between two halves of the hosts that fail after ten minutes, for good.
const SILENCED: &[Fault] = &[Fault { round: 600, kind: FaultKind::CutHalves }];
/// Ten honest hosts whose failed dials make no ban, without decay.
const LASTING: &[&str] = &["genesis.peers=10", "manager.bad_share=0", "manager.failure_limit=1000"];

/// Forty hosts, the last of which mints a thousand ids, without a limit of ids at one address.
const MINTED: &[&str] = &[
    "genesis.peers=40",
    "manager.bad_share=0",
    "manager.data_ms=60000",
    "manager.minted_ids=1000",
    "manager.per_address_max=0",
];
/// The same with four ids at one address.
const MINTED_CAPPED: &[&str] = &[
    "genesis.peers=40",
    "manager.bad_share=0",
    "manager.data_ms=60000",
    "manager.minted_ids=1000",
    "manager.per_address_max=4",
];
/// Forty hosts with senders of invalid data.
const OFFENDED: &[&str] = &["genesis.peers=40", "manager.invalid_share=0.5"];
/// All of them crash after 20 minutes, and boot ten seconds later.
const OFFENDED_CRASHED: &[&str] = &[
    "genesis.peers=40",
    "manager.invalid_share=0.5",
    "cache.enabled=on",
    "cache.identity_kept=on",
    "cache.cycles=1",
    "cache.subjects=40",
    "cache.up_rounds=1200",
    "cache.down_rounds=10",
    "cache.absence_s=0",
    "cache.graceful=off",
];
/// The same with bans in memory alone, as shipped.
const OFFENDED_LOST: &[&str] = &[
    "genesis.peers=40",
    "manager.invalid_share=0.5",
    "manager.persist=off",
    "cache.enabled=on",
    "cache.identity_kept=on",
    "cache.cycles=1",
    "cache.subjects=40",
    "cache.up_rounds=1200",
    "cache.down_rounds=10",
    "cache.absence_s=0",
    "cache.graceful=off",
];

pub(super) const CLAIMS: &[Claim] = &[
    Claim {
        id: "minted-ids-fill-discovery",
        source: document_004(E10),
        text: "As shipped one host that mints a thousand ids holds 90 % of the known peers of all.",
        arms: &[arm("peer-manager").set(MINTED).rounds(3_600, 1_200)],
        quantity: Value("manager_minted_known"),
        expectation: AtLeast(0.9),
        conditions: &[],
    },
    Claim {
        id: "minted-ids-hold-connections",
        source: document_004(E10),
        text: "It also holds half of their connections.",
        arms: &[arm("peer-manager").set(MINTED).rounds(3_600, 1_200)],
        quantity: Value("manager_minted_connected"),
        expectation: AtLeast(0.5),
        conditions: &[],
    },
    Claim {
        id: "referrals-limited-alone",
        source: document_004(E10),
        text: "A limit of 32 peers through one referrer does not stop it: it still holds half of the known peers.",
        arms: &[arm("peer-manager").set(MINTED).and(&["manager.referral_max=32"]).rounds(3_600, 1_200)],
        quantity: Value("manager_minted_known"),
        expectation: AtLeast(0.5),
        conditions: &[],
    },
    Claim {
        id: "ids-of-an-address-limited",
        source: document_004(E10),
        text: "With four ids at one address it holds at most a tenth of the known peers.",
        arms: &[arm("peer-manager").set(MINTED_CAPPED).rounds(3_600, 1_200)],
        quantity: Value("manager_minted_known"),
        expectation: AtMost(0.1),
        conditions: &[],
    },
    Claim {
        id: "connections-of-an-address-limited",
        source: document_004(E10),
        text: "With four ids at one address it holds at most a fifth of the connections.",
        arms: &[arm("peer-manager").set(MINTED_CAPPED).rounds(3_600, 1_200)],
        quantity: Value("manager_minted_connected"),
        expectation: AtMost(0.2),
        conditions: &[],
    },
    Claim {
        id: "bans-lost-at-a-restart",
        source: document_004(E12),
        text: "As shipped a restart loses every ban.",
        arms: &[arm("peer-manager").set(OFFENDED_LOST).rounds(1_215, 1_215)],
        quantity: Value("manager_banned"),
        expectation: Within(0.0, 0.0),
        conditions: &[],
    },
    Claim {
        id: "evidence-lost-at-a-restart",
        source: document_004(E12),
        text: "As shipped a restart loses at least 99 % of the evidence.",
        arms: &[
            arm("peer-manager").label("lost").set(OFFENDED_LOST).rounds(1_215, 1_215),
            arm("peer-manager").label("without a restart").set(OFFENDED).rounds(1_215, 1_215),
        ],
        quantity: Ratio("manager_evidence"),
        expectation: AtMost(0.01),
        conditions: &[],
    },
    Claim {
        id: "bans-kept-over-a-restart",
        source: document_004(E12),
        text: "On disk 99 % of the bans survive a crash of all hosts.",
        arms: &[
            arm("peer-manager").label("crashed").set(OFFENDED_CRASHED).rounds(1_215, 1_215),
            arm("peer-manager").label("without a restart").set(OFFENDED).rounds(1_215, 1_215),
        ],
        quantity: Ratio("manager_banned"),
        expectation: AtLeast(0.99),
        conditions: &[],
    },
    Claim {
        id: "evidence-kept-over-a-restart",
        source: document_004(E12),
        text: "So does 99 % of the evidence.",
        arms: &[
            arm("peer-manager").label("crashed").set(OFFENDED_CRASHED).rounds(1_215, 1_215),
            arm("peer-manager").label("without a restart").set(OFFENDED).rounds(1_215, 1_215),
        ],
        quantity: Ratio("manager_evidence"),
        expectation: AtLeast(0.99),
        conditions: &[],
    },
    Claim {
        id: "decay-as-intended",
        source: document_004(DECAY),
        text: "After half a day of silence the score of a peer has decayed to the 0.61st part, e to the power of -0.49.",
        arms: &[
            arm("peer-manager")
                .label("with decay")
                .set(LASTING)
                .and(&["manager.decay_daily=1", "manager.decay_overwritten=off"])
                .faults(SILENCED)
                .rounds(43_200, 43_200),
            arm("peer-manager").label("without").set(LASTING).faults(SILENCED).rounds(43_200, 43_200),
        ],
        quantity: Ratio("manager_silent_score"),
        expectation: Within(0.59, 0.63),
        conditions: &[],
    },
    Claim {
        id: "decay-overwritten",
        source: document_004(DECAY),
        text: "As shipped the decay is invisible: the same silence changes no score by more than a hundredth.",
        arms: &[
            arm("peer-manager")
                .label("as shipped")
                .set(LASTING)
                .and(&["manager.decay_daily=1", "manager.decay_overwritten=on"])
                .faults(SILENCED)
                .rounds(43_200, 43_200),
            arm("peer-manager").label("without").set(LASTING).faults(SILENCED).rounds(43_200, 43_200),
        ],
        quantity: Ratio("manager_silent_score"),
        expectation: Within(0.99, 1.01),
        conditions: &[],
    },
    Claim {
        id: "flapping-links-spared",
        source: document_004(D4),
        text: "Ten failed dials in ten minutes make a ban; sessions with back-off never ban an honest peer behind a link that flaps.",
        arms: &[arm("sessions").set(MANAGED).faults(FLAPPING).rounds(3_600, 3_600)],
        quantity: Value("manager_bans"),
        expectation: Within(0.0, 0.0),
        conditions: &[],
    },
    Claim {
        id: "flapping-links-banned",
        source: document_004(D4),
        text: "Sessions that ignore their back-off ban honest peers for the failures of a link.",
        arms: &[arm("sessions").set(MANAGED).and(IMPATIENT).faults(FLAPPING).rounds(3_600, 3_600)],
        quantity: Value("manager_bans"),
        expectation: AtLeast(1.0),
        conditions: &[],
    },
    Claim {
        id: "bans-outlast-the-flapping",
        source: document_004(D4),
        text: "Twenty minutes after the link has recovered, those bans still keep pairs apart.",
        arms: &[arm("sessions").set(MANAGED).and(IMPATIENT).faults(FLAPPING).rounds(3_600, 3_600)],
        quantity: Value("sessions_missing"),
        expectation: AtLeast(1.0),
        conditions: &[],
    },
    Claim {
        id: "sessions-return-after-the-flapping",
        source: document_004(D4),
        text: "With back-off every pair has a session again.",
        arms: &[arm("sessions").set(MANAGED).faults(FLAPPING).rounds(3_600, 3_600)],
        quantity: Value("sessions_missing"),
        expectation: Within(0.0, 0.0),
        conditions: &[],
    },
];
