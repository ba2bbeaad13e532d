//! Metrics of the peer manager.

use super::{Metric, exact};
use crate::observe::metrics::Sample;
use crate::stack::layers::LayerId;
use crate::stack::peer_manager::event::COUNTER;

const POOL: &str = "Managed connections";
const FOUND: &str = "Discovered peers";
const MINTED: &str = "Minted ids";
const BANS: &str = "Bans and replacements";

fn count(sample: &Sample, counter: u8) -> f64 {
    exact(sample.tally.counters(LayerId::Manager)[usize::from(counter)])
}

fn mean(sample: &Sample, sum: u64) -> f64 {
    exact(sum) / exact(sample.layers.manager.hosts.max(1))
}

pub(super) static ROWS: &[Metric] = &[
    Metric::level("manager_known", "peers", "Peers that a host knows, on average.", |sample| {
        mean(sample, sample.layers.manager.known)
    })
    .chart(POOL, "known")
    .measure("Known peers of a host at the end"),
    Metric::level("manager_connected", "peers", "Peers that a host is connected to, on average.", |sample| {
        mean(sample, sample.layers.manager.connected)
    })
    .chart(POOL, "connected")
    .measure("Managed connections of a host at the end"),
    Metric::level(
        "manager_bad_share",
        "share",
        "Connections opened to peers that serve badly, as a share of all opened; 0 without one.",
        |sample| {
            let levels = &sample.layers.manager;
            exact(levels.bad) / exact((levels.connected - levels.inbound).max(1))
        },
    )
    .chart(BANS, "to bad peers")
    .measure("Connections opened to peers that serve badly"),
    Metric::level(
        "manager_score",
        "points",
        "Score of a connected peer, on average; 0 without one.",
        |sample| {
            let levels = &sample.layers.manager;
            exact(levels.scores) / exact(levels.connected.max(1)) / 100.0
        },
    )
    .chart("Scores of managed peers", "mean")
    .measure("Score of a connected peer at the end"),
    Metric::count("manager_found_dns", "peers", "Peers discovered through a seed.", |sample| {
        count(sample, COUNTER.found_by_dns)
    })
    .chart(FOUND, "seeds")
    .measure("Peers discovered through a seed"),
    Metric::count(
        "manager_found_exchange",
        "peers",
        "Peers discovered through a connected peer.",
        |sample| count(sample, COUNTER.found_by_exchange),
    )
    .chart(FOUND, "exchange")
    .measure("Peers discovered through a connected peer"),
    Metric::count("manager_found_mdns", "peers", "Peers discovered in the local network.", |sample| {
        count(sample, COUNTER.found_by_mdns)
    })
    .chart(FOUND, "local network")
    .measure("Peers discovered in the local network"),
    Metric::count(
        "manager_found_mesh",
        "peers",
        "Peers discovered by announcements in the mesh.",
        |sample| count(sample, COUNTER.found_by_mesh),
    )
    .chart(FOUND, "mesh")
    .measure("Peers discovered by announcements in the mesh"),
    Metric::count(
        "manager_closed",
        "connections",
        "Ends of managed connections, counted on each side.",
        |sample| count(sample, COUNTER.closed),
    )
    .measure("Ends of managed connections"),
    Metric::count("manager_redials", "dials", "Dials to a peer after the first.", |sample| {
        count(sample, COUNTER.redials)
    })
    .measure("Dials to a peer after the first"),
    Metric::count(
        "manager_replacements",
        "connections",
        "Connections that gave way to a better peer.",
        |sample| count(sample, COUNTER.replacements),
    )
    .chart(BANS, "replacements")
    .measure("Connections that gave way to a better peer"),
    Metric::count("manager_bans", "bans", "Bans by the peer manager.", |sample| count(sample, COUNTER.bans))
        .chart(BANS, "bans")
        .measure("Bans by the peer manager"),
    Metric::count("manager_unbans", "bans", "Bans that the peer manager has lifted.", |sample| {
        count(sample, COUNTER.unbans)
    })
    .chart(BANS, "lifted")
    .measure("Bans that the peer manager has lifted"),
    Metric::level("manager_banned", "bans", "Bans of the peer manager in force.", |sample| {
        exact(sample.layers.manager.banned)
    })
    .measure("Bans of the peer manager in force at the end"),
    Metric::level(
        "manager_minted_known",
        "share",
        "Ids of the host that mints them, as a share of the known peers of all hosts.",
        |sample| {
            let levels = &sample.layers.manager;
            exact(levels.minted_known) / exact(levels.known.max(1))
        },
    )
    .chart(MINTED, "known")
    .measure("Share of minted ids among known peers at the end"),
    Metric::level(
        "manager_minted_connected",
        "share",
        "Connections with ids of the host that mints them, as a share of all managed connections.",
        |sample| {
            let levels = &sample.layers.manager;
            exact(levels.minted_connected) / exact(levels.connected.max(1))
        },
    )
    .chart(MINTED, "connected")
    .measure("Share of minted ids among managed connections at the end"),
    Metric::level(
        "manager_evidence",
        "incidents",
        "Incidents of misbehaviour that are remembered, summed over all hosts.",
        |sample| exact(sample.layers.manager.evidence),
    )
    .measure("Remembered incidents of misbehaviour at the end"),
];
