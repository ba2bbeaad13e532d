//! The table of `ringside run`.

use comfy_table::CellAlignment::{Left, Right};
use ringside_core::observe::metrics::{
    BlockMetrics, CacheMetrics, ManagerMetrics, Metrics, PeerMetrics, RadioMetrics, RoundMetrics,
    SessionMetrics, Shape, SyncMetrics,
};
use ringside_core::protocol::message::MessageKind;
use ringside_core::study::simulation::{ReproductionStatus, Simulation};

use super::reproduction::{describe, styled};
use crate::table::{HEADING, aligned};
use crate::text::{count, counted, measure, percent};

/// A label, a value, its share of a total, and a remark.
type Row = [String; 4];

/// The outcome of a run as a table.
pub(crate) fn summary(simulation: &Simulation) -> String {
    let metrics = simulation.metrics();
    let mut sections = vec![
        ("Run", run(simulation, &metrics)),
        ("Messages", messages(&metrics)),
        ("Elections", elections(&metrics)),
        ("Peers", peers(&metrics)),
        ("Shape", shape(&simulation.shape())),
    ];
    sections.extend(metrics.sessions.as_ref().map(|found| ("Sessions", sessions(found))));
    sections.extend(metrics.sync.as_ref().map(|found| ("Blocks", blocks(found))));
    sections.extend(metrics.cache.as_ref().map(|found| ("Peer cache", cache(found))));
    sections.extend(metrics.radio.as_ref().map(|found| ("Radio", radio(found))));
    sections.extend(metrics.manager.as_ref().map(|found| ("Peer manager", manager(found))));
    sections.extend(metrics.blocks.as_ref().map(|found| ("Blocks of tokens", votes(found))));
    let rows: Vec<Row> = sections.iter().flat_map(|(_, rows)| rows.clone()).collect();
    let mut lines = aligned(&[Left, Right, Right, Left], &rows).into_iter();
    let scenario = simulation.scenario();
    let title = format!("{} ({}), seed {}\n", scenario.preset.title, scenario.preset.name, scenario.seed);
    let mut parts = vec![title];
    for (heading, rows) in &sections {
        parts.push(format!("\n{HEADING}{heading}{HEADING:#}\n"));
        parts.extend(lines.by_ref().take(rows.len()).map(|line| format!("  {line}\n")));
    }
    parts.push(outcome(simulation));
    parts.concat()
}

fn run(simulation: &Simulation, metrics: &Metrics) -> Vec<Row> {
    let scenario = simulation.scenario();
    let refused = match simulation.refused().len() as u64 {
        0 => String::new(),
        refused => format!("{} refused", count(refused)),
    };
    vec![
        remarked(
            "rounds",
            count(metrics.rounds),
            format!("of {} in the experiment", count(scenario.rounds.into())),
        ),
        number("ticks", metrics.tick),
        number("knobs changed", scenario.changes().count() as u64),
        remarked("commands", count(scenario.commands.len() as u64), refused),
    ]
}

fn messages(metrics: &Metrics) -> Vec<Row> {
    let messages = metrics.messages;
    let of_all = |label: &str, part| of(label, part, messages.total);
    let kinds = MessageKind::ALL.iter();
    let by_kind =
        kinds.map(|kind| of_all(&format!("- {}", kind.info().plural.to_lowercase()), messages.sent(*kind)));
    let fates = [
        of_all("delivered", messages.delivered),
        of_all("lost", messages.lost),
        of_all("undeliverable", messages.undeliverable),
        of_all("blocked by a partition", messages.cut),
        of_all("dropped by overload", messages.overload),
        of_all("in flight", messages.in_flight),
        row(
            "answers and invitations",
            count(messages.answers_and_invitations()),
            percent(metrics.answer_share),
            "",
        ),
        remarked("answers per query", measure(metrics.answers_per_query), ""),
    ];
    let taken = (messages.taken() > 0).then(|| number("taken by a layer", messages.taken()));
    std::iter::once(number("sent", messages.total)).chain(by_kind).chain(fates).chain(taken).collect()
}

fn elections(metrics: &Metrics) -> Vec<Row> {
    let (elections, outcomes) = (metrics.elections, metrics.outcomes);
    let of_all = |label, part| of(label, part, elections.started);
    let details = &metrics.election_details;
    let consensus = &details.consensus_rounds;
    vec![
        number("started", elections.started),
        of_all("completed", elections.completed),
        of_all("timed out", elections.timed_out),
        of_all("- after a loss", outcomes.loss),
        of_all("- no answer", outcomes.no_answer),
        of_all("- too few answers", outcomes.too_few_answers),
        of_all("- disagreement", outcomes.disagreement),
        of_all("abandoned (split brain)", elections.split_abandoned),
        of_all("open", elections.open),
        remarked("split brains found", count(elections.split_brain), "an election can find several"),
        remarked("partition alarms", count(metrics.split_alarms), "of peers, because of split brains"),
        remarked("rounds, median", whole(metrics.election_rounds.p50), at_most(metrics.election_rounds.max)),
        remarked("rounds to consensus", whole(consensus.p50), at_most(consensus.max)),
        number("channels opened", details.channels_opened),
        number("answers accepted", details.channels_answered),
        number("channels blocked", details.channels_blocked),
        remarked(
            "different responders",
            percent(details.responder_diversity),
            "of the answers of an election",
        ),
        remarked("answers that agree", percent(details.agreement), "with the winner's block"),
        remarked("hops of an answer", measure(metrics.hops.mean), at_most(metrics.hops.max)),
        remarked("messages per completed", measure(metrics.messages_per_completed_election), ""),
    ]
}

fn peers(metrics: &Metrics) -> Vec<Row> {
    let PeerMetrics { running, crashed, paused, adversaries, identified, pending, connected } = metrics.peers;
    let spread = format!("from {} to {}", connected.min, connected.max);
    vec![
        number("running", running),
        number("crashed", crashed),
        number("paused", paused),
        number("adversaries", adversaries),
        remarked("Identified, all tables", count(identified), ""),
        remarked("Pending, all tables", count(pending), ""),
        remarked("Connected per peer", measure(Some(connected.avg)), spread),
        remarked("tokens per peer", measure(Some(metrics.tokens_per_peer)), ""),
        row(
            "ever Connected",
            String::new(),
            percent(metrics.first_connected.share),
            time_to_connect(metrics),
        ),
        remarked("Connected, converged", whole(metrics.convergence.round), "round; - if never"),
    ]
}

fn blocks(sync: &SyncMetrics) -> Vec<Row> {
    vec![
        remarked(
            "least height",
            count(sync.height_min.into()),
            format!("greatest {}", count(sync.height_max.into())),
        ),
        remarked("equal after", whole(sync.converged_ms), "ms; - if never"),
        of("slots with a block", sync.blocks_produced, sync.slots),
        number("requests for blocks", sync.requests),
        number("blocks of another chain", sync.foreign_blocks),
        number("isolated hosts", sync.isolated),
    ]
}

fn cache(cache: &CacheMetrics) -> Vec<Row> {
    let after = |ms| whole(ms);
    vec![
        remarked("saves", count(cache.saves), format!("{} refused", count(cache.saves_failed))),
        remarked("entries saved last", count(cache.entries), ""),
        remarked("files read", count(cache.loads), format!("{} damaged", count(cache.corrupt))),
        number("stale entries", cache.stale_dropped),
        of("tries with success", cache.succeeded, cache.attempted),
        row(
            "- as version 1 reports",
            String::new(),
            percent(cache.hit_rate_reported),
            "queued, not connected",
        ),
        of("warm starts with success", cache.starts.success, cache.starts.total()),
        remarked("first session after", after(cache.first_session_ms), "ms from the start"),
        remarked("fifth session after", after(cache.fifth_session_ms), "ms from the start"),
        number("published dials", cache.bootstrap_dials),
        number("transfers", cache.transfers),
    ]
}

fn manager(manager: &ManagerMetrics) -> Vec<Row> {
    let score = manager.score;
    vec![
        remarked("known peers", measure(manager.known), "of a host, on average"),
        remarked(
            "connected",
            measure(manager.connected),
            format!("{} accepted, {} opened", measure(manager.inbound), measure(manager.outbound)),
        ),
        remarked("to bad peers", percent(manager.bad_share), "of the connections opened"),
        remarked(
            "score, median",
            measure(score.p50),
            format!("points, from {} to {}", measure(score.min), measure(score.max)),
        ),
        number("replaced", manager.replacements),
        number("redials", manager.redials),
        remarked(
            "bans",
            count(manager.bans),
            format!("{} lifted, {} in force", manager.unbans, manager.banned),
        ),
    ]
}

fn votes(blocks: &BlockMetrics) -> Vec<Row> {
    let quantiles = |rounds: &RoundMetrics| {
        format!("rounds; median {}, 95th percentile {}", whole(rounds.p50), whole(rounds.p95))
    };
    let waiting = blocks.waiting;
    vec![
        number("submitted", blocks.submitted),
        of("committed", blocks.committed, blocks.submitted),
        of("lost to another", blocks.blocked, blocks.submitted),
        of("expired", blocks.expired, blocks.submitted),
        of("undecided", blocks.pending, blocks.submitted),
        remarked("committed first, mean", measure(blocks.first.mean), quantiles(&blocks.first)),
        remarked("committed by half, mean", measure(blocks.rounds.mean), quantiles(&blocks.rounds)),
        remarked("committed by all, mean", measure(blocks.all.mean), quantiles(&blocks.all)),
        remarked("messages per commit", measure(blocks.messages_per_commit), ""),
        remarked("messages per needed one", measure(blocks.messages_per_needed), ""),
        number("wrong commits", blocks.wrong_commits),
        number("reorganisations", blocks.reorganisations),
        remarked(
            "convictions of fraud",
            count(blocks.frauds.heads + blocks.frauds.answers),
            format!(
                "{} by two heads, {} by old mappings; {} of honest peers now",
                count(blocks.frauds.heads),
                count(blocks.frauds.answers),
                count(blocks.frauds.honest)
            ),
        ),
        remarked(
            "votes counted",
            count(blocks.votes_counted),
            format!("{} refused", count(blocks.votes_refused)),
        ),
        remarked(
            "entries waiting for votes",
            count(waiting.token_votes + waiting.witness_votes),
            format!("{} for their block, {} for a parent", count(waiting.block), count(waiting.parent)),
        ),
    ]
}

fn radio(radio: &RadioMetrics) -> Vec<Row> {
    let heard = radio.heard + radio.collisions;
    vec![
        remarked("frames", count(radio.frames), format!("{} ms on the air", count(radio.airtime_ms))),
        remarked("busiest hour", percent(Some(radio.duty_max)), "of what the law allows"),
        number("transmissions against the law", radio.violations),
        of("destroyed at a receiver", radio.collisions, heard),
        number("fragments", radio.fragments),
        number("fragments repeated", radio.retransmissions),
        number("messages", radio.messages_sent),
        number("messages complete", radio.messages_complete),
        number("messages given up", radio.messages_failed),
        remarked(
            "time to arrive, median",
            whole(radio.latency_p50_ms),
            format!("ms; 99 % within {}", whole(radio.latency_p99_ms)),
        ),
        remarked("wait for the air", whole(radio.queue_p99_ms), "ms; 99 % wait for no longer"),
        remarked("neighbours", measure(radio.neighbors_mean), "known to a host, on average"),
    ]
}

fn sessions(sessions: &SessionMetrics) -> Vec<Row> {
    let (lifetimes, trips) = (sessions.lifetime_ms, sessions.rtt_ms);
    let span = format!("ms, from {} to {}", whole(lifetimes.min), whole(lifetimes.max));
    vec![
        remarked(
            "open",
            count(sessions.live),
            format!(
                "{} listed pairs without, {} with several",
                sessions.pairs_without_session, sessions.pairs_with_duplicates
            ),
        ),
        number("opened", sessions.opened),
        number("ended", sessions.closed),
        number("refused or replaced", sessions.refused),
        remarked("lifetime, median", whole(lifetimes.p50), span),
        number("dials", sessions.dials),
        number("pings", sessions.pings_sent),
        of("pongs matched", sessions.pongs_matched, sessions.pings_sent),
        remarked("round trip, median", whole(trips.p50), "ms"),
        number("replies lost by their key", sessions.replies_lost),
        remarked(
            "registry entries",
            count(sessions.registry_entries),
            format!("for {} distinct addresses", count(sessions.distinct_addresses)),
        ),
        remarked("bytes per end", measure(sessions.bytes_per_end), "of state, without queued messages"),
    ]
}

fn shape(shape: &Shape) -> Vec<Row> {
    let (locality, partition) = (shape.locality, shape.partition);
    let part = |label, share, remark: &str| row(label, String::new(), percent(share), remark);
    let suspecting = partition.true_positives + partition.false_positives;
    let truth = if partition.cut || partition.split { "partitioned" } else { "not partitioned" };
    vec![
        row("Connected edges", count(shape.edges as u64), percent(shape.symmetric_share), "mutual"),
        row(
            "components of mutual edges",
            count(shape.mutual_components.count as u64),
            percent(shape.mutual_components.largest_share),
            "in the largest",
        ),
        row("suspect a partition", count(suspecting), percent(partition.suspecting_share), truth),
        part("ring closed", locality.closed_share, "of ring neighbours are mutual"),
        part("leaf set coverage", locality.leaf_set_coverage, "of the four nearest on each side"),
        part("largest gap", locality.gap_mean, "of the ring, on average"),
        remarked("locality", measure(locality.locality), "1 adjacent, 0.5 uniform"),
        remarked(
            "distances from uniform",
            measure(shape.distances.ks_uniform),
            "Kolmogorov-Smirnov distance",
        ),
        remarked(
            "distances from Gaussian",
            measure(shape.distances.ks_gaussian),
            "Kolmogorov-Smirnov distance",
        ),
    ]
}

fn time_to_connect(metrics: &Metrics) -> String {
    let first = metrics.first_connected;
    first.p50.map_or_else(String::new, |median| format!("median {}", counted(median, "round", "rounds")))
}

fn at_most(number: Option<u32>) -> String {
    number.map_or_else(String::new, |number| format!("at most {}", count(number.into())))
}

/// A whole number; a dash if `None`.
fn whole(number: Option<impl Into<u64>>) -> String {
    number.map_or_else(|| "-".to_owned(), |number| count(number.into()))
}

/// The fingerprint, and the reproduction status of the link.
fn outcome(simulation: &Simulation) -> String {
    let fingerprint = simulation.fingerprint();
    let line = format!("\n{HEADING}Fingerprint{HEADING:#}  {fingerprint}\n");
    match simulation.verdict() {
        ReproductionStatus::None => line,
        status => {
            let sentence = styled(&status, &describe(&status));
            format!("{line}{HEADING}Link{HEADING:#}         {sentence}\n")
        }
    }
}

fn number(label: &str, number: u64) -> Row {
    remarked(label, count(number), "")
}

/// A part with its share of the total.
fn of(label: &str, part: u64, whole: u64) -> Row {
    row(label, count(part), percent(share(part, whole)), "")
}

fn remarked(label: &str, value: String, remark: impl Into<String>) -> Row {
    row(label, value, String::new(), remark)
}

fn row(label: &str, value: String, share: String, remark: impl Into<String>) -> Row {
    [label.to_owned(), value, share, remark.into()]
}

#[expect(clippy::cast_precision_loss, reason = "counters stay far below 2^53")]
fn share(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}
