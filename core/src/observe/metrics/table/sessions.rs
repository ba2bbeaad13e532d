//! Metrics of sessions.

use super::{Metric, exact};
use crate::observe::metrics::Sample;
use crate::stack::layers::LayerId;
use crate::stack::session::event::COUNTER;

const OPEN: &str = "Sessions";
const PINGS: &str = "Pings and pongs";
const DIALS: &str = "Dials and refusals";
const HEIGHTS: &str = "Heights of chains";
const BLOCKS: &str = "Blocks";
const FORKS: &str = "Forks of the chain";
const REGISTRY: &str = "Registry of sessions";

fn count(sample: &Sample, counter: u8) -> f64 {
    exact(sample.tally.counters(LayerId::Session)[usize::from(counter)])
}

pub(super) static ROWS: &[Metric] = &[
    Metric::level("sessions_live", "sessions", "Open sessions, counted on the dialing side.", |sample| {
        exact(sample.layers.sessions.live)
    })
    .chart(OPEN, "open")
    .measure("Open sessions at the end"),
    Metric::count("sessions_opened", "sessions", "Sessions opened, counted on the dialing side.", |sample| {
        count(sample, COUNTER.opened)
    })
    .chart(OPEN, "opened")
    .measure("Sessions opened"),
    Metric::count("sessions_closed", "sessions", "Sessions ended, counted on the dialing side.", |sample| {
        count(sample, COUNTER.closed)
    })
    .chart(OPEN, "ended")
    .measure("Sessions ended"),
    Metric::level(
        "sessions_missing",
        "pairs",
        "Pairs of running hosts without a session, one of which has the other on its list.",
        |sample| exact(sample.layers.sessions.pairs_without_session),
    )
    .chart(OPEN, "pairs without")
    .measure("Listed pairs without a session at the end"),
    Metric::level("sessions_double", "pairs", "Pairs of hosts with more than one open session.", |sample| {
        exact(sample.layers.sessions.pairs_with_duplicates)
    })
    .chart(OPEN, "pairs with several")
    .measure("Pairs with more than one session at the end"),
    Metric::count("dials", "dials", "SYNs of new streams.", |sample| count(sample, COUNTER.dials))
        .chart(DIALS, "dials")
        .measure("Dials"),
    Metric::count("dials_failed", "dials", "Dials without an answer, or reset.", |sample| {
        count(sample, COUNTER.dials_failed)
    })
    .chart(DIALS, "failed")
    .measure("Failed dials"),
    Metric::count("sessions_refused", "sessions", "Duplicates refused or replaced.", |sample| {
        count(sample, COUNTER.refused)
    })
    .chart(DIALS, "refused")
    .measure("Duplicates refused or replaced"),
    Metric::count("pings_sent", "pings", "Pings sent.", |sample| count(sample, COUNTER.pings_sent))
        .chart(PINGS, "pings")
        .measure("Pings sent"),
    Metric::count("pongs_matched", "pongs", "Pongs that matched an outstanding ping.", |sample| {
        count(sample, COUNTER.pongs_matched)
    })
    .chart(PINGS, "matched")
    .measure("Pongs matched"),
    Metric::count("pongs_missed", "pongs", "Pongs missed by the rule in force.", |sample| {
        count(sample, COUNTER.pongs_missed)
    })
    .chart(PINGS, "missed")
    .measure("Pongs missed"),
    Metric::count("replies_lost", "replies", "Replies lost because their key is not registered.", |sample| {
        count(sample, COUNTER.replies_lost)
    })
    .chart(PINGS, "replies lost")
    .measure("Replies lost by their key"),
    Metric::level(
        "registry_entries",
        "entries",
        "Accepted peers that hosts remember, summed over all hosts.",
        |sample| exact(sample.layers.sessions.registry_entries),
    )
    .chart(REGISTRY, "entries")
    .measure("Registry entries at the end"),
    Metric::level("registry_addresses", "IPs", "Distinct IPs among them, host by host.", |sample| {
        exact(sample.layers.sessions.distinct_addresses)
    })
    .chart(REGISTRY, "distinct IPs")
    .measure("Distinct IPs in registries at the end"),
    Metric::count("bans", "bans", "Bans of a peer.", |sample| count(sample, COUNTER.bans))
        .chart(DIALS, "bans")
        .measure("Bans"),
    Metric::level("height_min", "blocks", "Least height of the chain of a running host.", |sample| {
        f64::from(sample.layers.sync.height_min)
    })
    .chart(HEIGHTS, "least")
    .measure("Least height at the end"),
    Metric::level("height_max", "blocks", "Greatest height of the chain of a running host.", |sample| {
        f64::from(sample.layers.sync.height_max)
    })
    .chart(HEIGHTS, "greatest")
    .measure("Greatest height at the end"),
    Metric::count("blocks_produced", "blocks", "Blocks produced.", |sample| {
        count(sample, COUNTER.blocks_produced)
    })
    .chart(BLOCKS, "produced")
    .measure("Blocks produced"),
    Metric::level(
        "foreign_blocks",
        "blocks",
        "Blocks of another chain that hosts have imported.",
        |sample| exact(sample.layers.sync.foreign_blocks),
    )
    .chart(BLOCKS, "of another chain")
    .measure("Blocks imported from another chain"),
    Metric::level("isolated", "hosts", "Hosts with which no other host exchanges blocks.", |sample| {
        exact(sample.layers.sync.isolated)
    })
    .chart(BLOCKS, "isolated hosts")
    .measure("Hosts that exchange no blocks at the end"),
    Metric::level("branches", "chains", "Different chains at the least height of running hosts.", |sample| {
        exact(sample.layers.sync.branches)
    })
    .chart(FORKS, "chains")
    .measure("Different chains at the end"),
    Metric::count("forks_seen", "tips", "Tips of other chains that hosts have seen.", |sample| {
        count(sample, COUNTER.forks_seen)
    })
    .chart(FORKS, "tips of another chain"),
    Metric::count("fork_votes", "votes", "Votes on a fork.", |sample| count(sample, COUNTER.fork_votes))
        .chart(FORKS, "votes"),
    Metric::count(
        "reorganisations",
        "reorganisations",
        "Hosts that have gone over to another chain.",
        |sample| count(sample, COUNTER.reorganisations),
    )
    .chart(FORKS, "reorganisations")
    .measure("Reorganisations"),
];
