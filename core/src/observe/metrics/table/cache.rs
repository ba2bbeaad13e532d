//! Metrics of peer caches, document 003.

use super::{Metric, exact};
use crate::observe::metrics::Sample;
use crate::stack::layers::LayerId;
use crate::stack::peer_cache::event::counter;

const FILES: &str = "Peer cache: files";
const DIALS: &str = "Peer cache: dials";
const TRANSFERS: &str = "Transfers";

fn count(sample: &Sample, number: u8) -> f64 {
    exact(sample.tally.counters(LayerId::PeerCache)[usize::from(number)])
}

pub(super) static ROWS: &[Metric] = &[
    Metric::count("cache_saves", "saves", "Saves of peer caches.", |sample| count(sample, counter::SAVES))
        .chart(FILES, "saved")
        .measure("Saves of peer caches"),
    Metric::count("cache_saves_failed", "saves", "Saves of peer caches that the disk refused.", |sample| {
        count(sample, counter::SAVES_FAILED)
    })
    .chart(FILES, "refused")
    .measure("Saves of peer caches refused"),
    Metric::count("cache_loads", "loads", "Peer caches read at a start.", |sample| {
        count(sample, counter::LOADS)
    })
    .chart(FILES, "read")
    .measure("Peer caches read"),
    Metric::count("cache_corrupt", "files", "Peer caches that could not be read.", |sample| {
        count(sample, counter::CORRUPT)
    })
    .chart(FILES, "damaged")
    .measure("Damaged peer caches"),
    Metric::count("cache_attempted", "dials", "Cached addresses tried.", |sample| {
        count(sample, counter::ATTEMPTED)
    })
    .chart(DIALS, "tried")
    .measure("Cached addresses tried"),
    Metric::count(
        "cache_succeeded",
        "dials",
        "Tries of cached addresses that led to a session with the expected peer.",
        |sample| count(sample, counter::SUCCEEDED),
    )
    .chart(DIALS, "succeeded")
    .measure("Tries of cached addresses with success"),
    Metric::count(
        "bootstrap_dials",
        "dials",
        "Dials of published addresses by hosts that have started again.",
        |sample| count(sample, counter::BOOTSTRAP_DIALS),
    )
    .chart(DIALS, "published list")
    .measure("Dials of published addresses after a start"),
    Metric::count("transfers", "transfers", "Transfers that succeeded.", |sample| {
        count(sample, counter::TRANSFERS)
    })
    .chart(TRANSFERS, "succeeded")
    .measure("Transfers"),
    Metric::count("transfers_failed", "transfers", "Transfers that failed.", |sample| {
        count(sample, counter::TRANSFERS_FAILED)
    })
    .chart(TRANSFERS, "failed")
    .measure("Failed transfers"),
    Metric::count(
        "cache_mismatched",
        "files",
        "Peer caches of other networks, none of whose peers is tried.",
        |sample| count(sample, counter::MISMATCHED),
    )
    .chart(FILES, "of another network"),
    Metric::count("cache_taken_over", "files", "Peer caches taken over into a namespace.", |sample| {
        count(sample, counter::TAKEN_OVER)
    })
    .chart(FILES, "taken over"),
    Metric::count("cache_barred", "addresses", "Cached addresses that the policy refused.", |sample| {
        count(sample, counter::BARRED)
    })
    .chart(DIALS, "refused by the policy")
    .measure("Cached addresses refused by the policy"),
    Metric::count("cache_lookups", "names", "Names of cached peers looked up.", |sample| {
        count(sample, counter::LOOKUPS)
    })
    .chart(DIALS, "names looked up"),
];
