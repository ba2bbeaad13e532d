//! Document 000, phase 4: the published figures of blocks over the peer network, beside Ringside's.

use super::{Arm, Claim, Source, arm, seed_000, under, when};
use crate::study::claims::ClaimExpectation::{AtLeast, AtMost, Within};
use crate::study::claims::Quantity::{Ratio, Value};
use crate::study::claims::{Fault, FaultKind, Variation};

const PHASE_4: Source = seed_000("Phase 4: Integration with Consensus");
/// Ringside's rules in place of the published ones.
const OURS: Variation = under("blocks are decided by certificates", "blocks");
const SHIPPED: Arm = arm("blocks-shipped").rounds(400, 400);
const BLOCKS: Arm = arm("blocks").rounds(400, 400);
/// A partition of a hundred rounds in the middle of the load.
const SPLIT: &[Fault] =
    &[Fault { round: 130, kind: FaultKind::CutHalves }, Fault { round: 230, kind: FaultKind::Heal }];
const SPLIT_SETTINGS: &[&str] = &["load.conflict_share=0.5"];
/// A partition of 300 rounds, with load throughout. Neighbours on the ring know one another again after
/// about 100 rounds (results of elections stand for 50, an election and an invitation take as long); a head
/// is stated and traced within 40, its links and blocks come within 25; twice a peer waits 40 rounds for its
/// neighbours.
const LONG_SPLIT: &[Fault] =
    &[Fault { round: 130, kind: FaultKind::CutHalves }, Fault { round: 430, kind: FaultKind::Heal }];
const LONG_SETTINGS: &[&str] = &["load.conflict_share=0.5", "load.until_round=430"];
/// Answers are compared with the heads that come with them. The bounds of these claims are older than their
/// first runs.
const WATCHED: &str = "consensus.fraud=mappings";
/// To 250 rounds after the partition.
const BLOCKS_AFTER: Arm = arm("blocks").rounds(680, 680);

const fn claim(
    id: &'static str,
    text: &'static str,
    arms: &'static [Arm],
    measure: &'static str,
    expectation: crate::study::claims::ClaimExpectation,
    conditions: &'static [Variation],
) -> Claim {
    Claim { id, source: PHASE_4, text, arms, quantity: Value(measure), expectation, conditions }
}

pub(super) const CLAIMS: &[Claim] = &[
    claim(
        "blocks-commit",
        "At least 95 % of the blocks of unspent tokens commit.",
        &[SHIPPED],
        "blocks_committed",
        AtLeast(0.95),
        &[OURS],
    ),
    claim(
        "blocks-first-commit",
        "On a closed ring of 192 peers the first peer has committed a block after 9.5 rounds on average.",
        &[SHIPPED],
        "block_first_mean",
        Within(7.5, 11.5),
        &[OURS],
    ),
    claim(
        "blocks-latency",
        "There a block has committed at half of the peers concerned after 9.5 rounds on average.",
        &[SHIPPED],
        "block_rounds_mean",
        AtMost(9.5),
        &[OURS],
    ),
    claim(
        "blocks-latency-tail",
        "There 95 % of the blocks have committed at half of the peers concerned after 11 rounds.",
        &[SHIPPED],
        "block_rounds_p95",
        AtMost(11.0),
        &[OURS],
    ),
    claim(
        "blocks-cost",
        "There a commit takes 5.8 messages for each one that is needed.",
        &[SHIPPED],
        "messages_per_needed",
        AtMost(5.8),
        &[OURS],
    ),
    claim(
        "blocks-band",
        "A 95th percentile of 4 to 6 rounds is excellent.",
        &[SHIPPED],
        "block_rounds_p95",
        AtMost(6.0),
        &[OURS],
    ),
    claim(
        "blocks-one-owner",
        "With 30 % of conflicting pairs no token is committed for two owners.",
        &[SHIPPED.set(&["load.conflict_share=0.3"])],
        "wrong_commits",
        Within(0.0, 0.0),
        &[OURS],
    ),
    claim(
        "blocks-conflicts-settle",
        "With 30 % of conflicting pairs at most 7 % of the blocks stay undecided (20 of 288 families).",
        &[SHIPPED.set(&["load.conflict_share=0.3"])],
        "blocks_undecided",
        AtMost(0.07),
        &[OURS],
    ),
    Claim {
        id: "blocks-conflict-latency",
        source: PHASE_4,
        text: "Conflicts among a third of the blocks raise the latency by two thirds at most (2.7 to 4.3 rounds).",
        arms: &[
            BLOCKS.label("with conflicts").set(&["load.conflict_share=0.3"]),
            BLOCKS.label("without conflicts"),
        ],
        quantity: Ratio("block_rounds_mean"),
        expectation: AtMost(1.67),
        conditions: &[],
    },
    Claim {
        id: "blocks-repair-traffic",
        source: PHASE_4,
        text: "A pause of five rounds between requests for parents halves the messages.",
        arms: &[
            SHIPPED.label("every five rounds").set(&["consensus.fetch_rounds=5"]),
            SHIPPED.label("every round"),
        ],
        quantity: Ratio("messages_per_commit"),
        expectation: AtMost(0.5),
        conditions: &[],
    },
    claim(
        "blocks-churn",
        "Under churn the mean latency is 22.1 rounds (96 peers, 40 newcomers in 600 rounds).",
        &[SHIPPED.set(&["genesis.peers=96", "churn.arrivals=67"])],
        "block_rounds_mean",
        AtMost(22.1),
        &[OURS],
    ),
    claim(
        "blocks-signed",
        "A block whose signatures are not the keys of its parents does not commit.",
        &[SHIPPED.set(&["load.forged_share=1"])],
        "blocks_committed",
        Within(0.0, 0.0),
        &[when("parents are checked", &["consensus.parents_checked=on"]), OURS],
    ),
    claim(
        "blocks-six-tokens",
        "A block of six tokens commits.",
        &[SHIPPED.set(&["load.tokens=6"])],
        "blocks_committed",
        AtLeast(0.95),
        &[when("six tokens are allowed", &["consensus.six_refused=off"]), OURS],
    ),
    claim(
        "blocks-refusers",
        "A tenth of the peers that refuse every block does not keep blocks from committing.",
        &[SHIPPED.set(&["consensus.saboteurs=0.1", "consensus.sabotage=refuse"])],
        "blocks_committed",
        AtLeast(0.95),
        &[OURS],
    ),
    claim(
        "blocks-equivocators",
        "A tenth of the peers that vote differently to each other peer brings no token two owners.",
        &[SHIPPED.set(&[
            "consensus.saboteurs=0.1",
            "consensus.sabotage=equivocate",
            "load.conflict_share=0.3",
        ])],
        "two_owners",
        Within(0.0, 0.0),
        &[OURS],
    ),
    Claim {
        id: "blocks-quality-weights",
        source: PHASE_4,
        text: "Votes weighted by quality make commits faster where a tenth of the peers refuses all.",
        arms: &[
            SHIPPED.label("by quality").set(&[
                "consensus.weight=quality",
                "peers.quality_floor=0.01",
                "consensus.saboteurs=0.1",
                "consensus.sabotage=refuse",
            ]),
            SHIPPED.label("equal").set(&[
                "peers.quality_floor=0.01",
                "consensus.saboteurs=0.1",
                "consensus.sabotage=refuse",
            ]),
        ],
        quantity: Ratio("block_rounds_mean"),
        expectation: AtMost(0.95),
        conditions: &[],
    },
    claim(
        "blocks-heal",
        "After a partition with commits on both sides no token keeps two owners.",
        &[BLOCKS.set(SPLIT_SETTINGS).faults(SPLIT)],
        "two_owners",
        Within(0.0, 0.0),
        &[],
    ),
    claim(
        "blocks-heal-long",
        "After a partition of 300 rounds no token keeps two owners for more than 250 rounds.",
        &[BLOCKS_AFTER.set(LONG_SETTINGS).faults(LONG_SPLIT)],
        "two_owners",
        Within(0.0, 0.0),
        &[],
    ),
    claim(
        "blocks-old-mappings",
        "300 rounds after the first block 95 % of the peers that answer with mappings older than their heads are convicted.",
        &[BLOCKS.set(&[WATCHED, "consensus.saboteurs=0.1", "consensus.sabotage=outdated"])],
        "saboteurs_convicted",
        AtLeast(0.95),
        &[when(
            "a seventh of the tokens changes",
            &["tokens.total=20000", "load.blocks_per_1000_rounds=6000"],
        )],
    ),
    claim(
        "blocks-honest-unconvicted",
        "No honest peer is convicted of fraud, with half of the blocks in conflict and after a partition of 300 rounds.",
        &[BLOCKS_AFTER.set(&[WATCHED, "load.conflict_share=0.5", "load.until_round=430"]).faults(LONG_SPLIT)],
        "honest_convicted",
        Within(0.0, 0.0),
        &[],
    ),
    claim(
        "blocks-need-connections",
        "The lifecycle as published, with two Connected peers, commits less than half of the blocks.",
        &[arm("seed-000").rounds(400, 400).set(&[
            "consensus.enabled=on",
            "load.blocks_per_1000_rounds=500",
            "load.from_round=50",
        ])],
        "blocks_committed",
        AtMost(0.5),
        &[],
    ),
];
