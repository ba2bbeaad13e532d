//! Metrics of blocks.

use super::{Metric, exact};
use crate::observe::metrics::Sample;
use crate::stack::consensus::event::COUNTER;
use crate::stack::layers::LayerId;

const COMMITS: &str = "Blocks of tokens";
const WAITING: &str = "Undecided blocks, by what they wait for";
const VOTES: &str = "Votes on blocks";
const FRAUDS: &str = "Convictions of peers that contradict themselves";

fn count(sample: &Sample, counter: u8) -> f64 {
    exact(sample.tally.counters(LayerId::Consensus)[usize::from(counter)])
}

pub(super) static ROWS: &[Metric] = &[
    Metric::count("blocks_submitted", "blocks", "Blocks submitted by clients.", |sample| {
        count(sample, COUNTER.submitted)
    })
    .chart(COMMITS, "submitted"),
    Metric::count("block_commits", "commits", "Commits of blocks, each peer counted.", |sample| {
        count(sample, COUNTER.commits)
    })
    .chart(COMMITS, "commits"),
    Metric::count("blocks_lost", "blocks", "Blocks that lost to another one, each peer counted.", |sample| {
        count(sample, COUNTER.blocked)
    })
    .chart(COMMITS, "lost"),
    Metric::count("blocks_expired", "blocks", "Blocks dropped undecided, each peer counted.", |sample| {
        count(sample, COUNTER.expired)
    })
    .chart(COMMITS, "expired"),
    Metric::count(
        "block_reorganisations",
        "mappings",
        "Stored mappings given up for a block that won.",
        |sample| count(sample, COUNTER.reorganisations),
    )
    .chart(COMMITS, "given up")
    .measure("Stored mappings given up for a block that won"),
    Metric::level(
        "blocks_unseen",
        "entries",
        "Undecided entries of all pools without their block.",
        |sample| exact(sample.layers.blocks.block),
    )
    .chart(WAITING, "their block"),
    Metric::level(
        "blocks_orphaned",
        "entries",
        "Undecided entries of all pools that lack a parent.",
        |sample| exact(sample.layers.blocks.parent),
    )
    .chart(WAITING, "a parent"),
    Metric::level(
        "blocks_open",
        "entries",
        "Undecided entries of all pools that lack votes on a token.",
        |sample| exact(sample.layers.blocks.token_votes),
    )
    .chart(WAITING, "votes on a token"),
    Metric::level(
        "blocks_unwitnessed",
        "entries",
        "Undecided entries of all pools that lack witnesses only.",
        |sample| exact(sample.layers.blocks.witness_votes),
    )
    .chart(WAITING, "witnesses"),
    Metric::count("block_votes", "votes", "Votes recorded.", |sample| count(sample, COUNTER.votes_counted))
        .chart(VOTES, "recorded"),
    Metric::count("block_votes_refused", "votes", "Votes not recorded.", |sample| {
        count(sample, COUNTER.votes_refused)
    })
    .chart(VOTES, "refused")
    .measure("Votes on blocks that were not recorded"),
    Metric::count(
        "block_fraud_heads",
        "convictions",
        "Convictions by two heads of one height, each judge counted.",
        |sample| count(sample, COUNTER.contradictions),
    )
    .chart(FRAUDS, "two heads"),
    Metric::count(
        "block_fraud_answers",
        "convictions",
        "Convictions by an Answer that its own head has overtaken, each judge counted.",
        |sample| count(sample, COUNTER.overtaken),
    )
    .chart(FRAUDS, "old mappings")
    .measure("Convictions by an Answer that its own head has overtaken"),
];
