//! Metrics of the peer lifecycle: elections, connections and the graph that they form.

use super::{Metric, exact};

const ELECTIONS: &str = "Elections";
const FAILURES: &str = "Failed elections";
const CONNECTED: &str = "Connected peers";
const OTHERS: &str = "Other peer states";
const TURNOVER: &str = "Turnover of connections";
const SHAPE: &str = "Shape of the graph";
const COMPONENTS: &str = "Components of the graph";

pub(super) static ROWS: &[Metric] = &[
    Metric::count("started", "elections", "Elections started.", |sample| {
        exact(sample.tally.elections().started)
    })
    .chart(ELECTIONS, "started"),
    Metric::count("completed", "elections", "Elections that ended with a single winner.", |sample| {
        exact(sample.tally.elections().completed)
    })
    .chart(ELECTIONS, "completed"),
    Metric::count("timed_out", "elections", "Elections abandoned without consensus.", |sample| {
        exact(sample.tally.elections().timed_out)
    })
    .chart(ELECTIONS, "timed out"),
    Metric::level("connected_min", "peers", "Fewest Connected peers of any running peer.", |sample| {
        sample.peers.connected.min.into()
    })
    .chart(CONNECTED, "fewest")
    .measure("Connected peers of the peer that has fewest"),
    Metric::level("connected_avg", "peers", "Mean number of Connected peers of a running peer.", |sample| {
        sample.peers.connected.avg
    })
    .chart(CONNECTED, "mean"),
    Metric::level("connected_max", "peers", "Most Connected peers of any running peer.", |sample| {
        sample.peers.connected.max.into()
    })
    .chart(CONNECTED, "most")
    .measure("Connected peers of the peer that has most"),
    Metric::level("identified", "peers", "Identified peers, summed over all peer tables.", |sample| {
        exact(sample.peers.identified)
    })
    .chart(OTHERS, "Identified"),
    Metric::level("pending", "peers", "Pending peers, summed over all peer tables.", |sample| {
        exact(sample.peers.pending)
    })
    .chart(OTHERS, "Pending"),
    Metric::count(
        "loss",
        "elections",
        "Elections that failed by too few answers or none after the network lost or cut one of their messages.",
        |sample| exact(sample.outcomes.loss),
    )
    .chart(FAILURES, "message lost"),
    Metric::count(
        "no_answer",
        "elections",
        "Elections that failed without any answer, though no message of theirs was lost.",
        |sample| exact(sample.outcomes.no_answer),
    )
    .chart(FAILURES, "no answer"),
    Metric::count(
        "too_few_answers",
        "elections",
        "Elections that failed with fewer answers than form a cluster, though no message of theirs was lost.",
        |sample| exact(sample.outcomes.too_few_answers),
    )
    .chart(FAILURES, "too few answers"),
    Metric::count(
        "disagreement",
        "elections",
        "Elections that failed because no answer agreed with enough others.",
        |sample| exact(sample.outcomes.disagreement),
    )
    .chart(FAILURES, "disagreement"),
    Metric::count(
        "split_brain",
        "elections",
        "Elections abandoned with two clusters that contradict each other.",
        |sample| exact(sample.outcomes.split_brain),
    )
    .chart(FAILURES, "split brain"),
    Metric::count("gained", "connections", "Transitions to Connected, without introductions.", |sample| {
        exact(sample.tally.turnover().gained)
    })
    .chart(TURNOVER, "gained"),
    Metric::count("lost", "connections", "Transitions from Connected to another state.", |sample| {
        exact(sample.tally.turnover().lost)
    })
    .chart(TURNOVER, "lost"),
    Metric::level(
        "symmetric_share",
        "share",
        "Connected edges whose reverse exists too, when the graph was last measured; 0 if it has no edge.",
        |sample| sample.graph_summary.symmetric_share,
    )
    .chart(SHAPE, "mutual edges"),
    Metric::level(
        "mutual_islands",
        "components",
        "Connected components of the graph of mutual edges, when it was last measured.",
        |sample| exact(sample.graph_summary.mutual_components as u64),
    )
    .chart(COMPONENTS, "components"),
    Metric::level(
        "closed_share",
        "share",
        "Pairs of ring neighbours that are mutually Connected, when the graph was last measured; 0 without a pair.",
        |sample| sample.graph_summary.closed_share,
    )
    .chart(SHAPE, "ring closed"),
    Metric::count(
        "split_alarms",
        "alarms",
        "Partition alarms of peers because of split brains in their elections.",
        |sample| exact(sample.tally.split_alarms()),
    )
    .chart("Partition alarms", "raised"),
];
