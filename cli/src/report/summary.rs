//! The table that people read.

use comfy_table::CellAlignment::{Left, Right};
use ringside_core::observe::metrics::{Metrics, PeerMetrics, Shape};
use ringside_core::protocol::message::MessageKind;
use ringside_core::study::simulation::{ReproductionStatus, Simulation};

use super::verdict::{styled, verdict_sentence};
use crate::table::{HEADING, aligned};
use crate::text::{count, counted, measure, percent};

/// A label, a number, the share that this is, and a remark.
type Row = [String; 4];

/// A run as people read it.
pub(crate) fn summary(simulation: &Simulation) -> String {
    let metrics = simulation.metrics();
    let sections = [
        ("Run", run(simulation, &metrics)),
        ("Messages", messages(&metrics)),
        ("Elections", elections(&metrics)),
        ("Peers", peers(&metrics)),
        ("Shape", shape(&simulation.shape())),
    ];
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
        number("knobs turned", scenario.changes().count() as u64),
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
        of_all("stopped at a cut", messages.cut),
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
    std::iter::once(number("sent", messages.total)).chain(by_kind).chain(fates).collect()
}

fn elections(metrics: &Metrics) -> Vec<Row> {
    let (elections, outcomes) = (metrics.elections, metrics.outcomes);
    let of_all = |label, part| of(label, part, elections.started);
    vec![
        number("started", elections.started),
        of_all("completed", elections.completed),
        of_all("timed out", elections.timed_out),
        of_all("- after a loss", outcomes.loss),
        of_all("- no answer", outcomes.no_answer),
        of_all("- too few answers", outcomes.too_few_answers),
        of_all("- disagreement", outcomes.disagreement),
        of_all("given up as split", elections.split_abandoned),
        of_all("open", elections.open),
        remarked("split brains found", count(elections.split_brain), "an election may find several"),
        remarked(
            "rounds, half of them",
            whole(metrics.election_rounds.p50),
            most(metrics.election_rounds.max),
        ),
        remarked("hops of an answer", measure(metrics.hops.mean), most(metrics.hops.max)),
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
        row("ever Connected", String::new(), percent(metrics.first_connected.share), waited(metrics)),
        remarked("Connected, steady since", whole(metrics.convergence.round), "the round; - where never"),
    ]
}

fn shape(shape: &Shape) -> Vec<Row> {
    let (locality, partition) = (shape.locality, shape.partition);
    let part = |label, share, remark: &str| row(label, String::new(), percent(share), remark);
    let suspecting = partition.true_positives + partition.false_positives;
    let parted = if partition.cut || partition.split { "there is one" } else { "there is none" };
    vec![
        row("Connected edges", count(shape.edges as u64), percent(shape.symmetric_share), "mutual"),
        row(
            "islands of mutual edges",
            count(shape.mutual_components.count as u64),
            percent(shape.mutual_components.largest_share),
            "in the largest",
        ),
        row("suspect a partition", count(suspecting), percent(partition.suspecting_share), parted),
        part("ring closed", locality.closed_share, "of next neighbours are mutual"),
        part("core coverage", locality.leaf_set_coverage, "of the four nearest on each side"),
        part("largest gap", locality.gap_mean, "of a turn, on average"),
        remarked("locality", measure(locality.locality), "1 next to it, 0.5 anywhere"),
        remarked("from uniform", measure(shape.distances.ks_uniform), "Kolmogorov-Smirnov, of distances"),
        remarked("from a Gaussian", measure(shape.distances.ks_gaussian), "the same"),
    ]
}

fn waited(metrics: &Metrics) -> String {
    let waited = metrics.first_connected;
    waited
        .p50
        .map_or_else(String::new, |half| format!("half of them within {}", counted(half, "round", "rounds")))
}

fn most(number: Option<u32>) -> String {
    number.map_or_else(String::new, |number| format!("{} at most", count(number.into())))
}

/// A whole number; a dash where there is none.
fn whole(number: Option<impl Into<u64>>) -> String {
    number.map_or_else(|| "-".to_owned(), |number| count(number.into()))
}

/// The fingerprint, and what it means for the link that was opened.
fn outcome(simulation: &Simulation) -> String {
    let fingerprint = simulation.fingerprint();
    let reached = format!("\n{HEADING}Fingerprint{HEADING:#}  {fingerprint}\n");
    match simulation.verdict() {
        ReproductionStatus::None => reached,
        verdict => {
            let sentence = styled(&verdict, &verdict_sentence(&verdict));
            format!("{reached}{HEADING}Link{HEADING:#}         {sentence}\n")
        }
    }
}

fn number(label: &str, number: u64) -> Row {
    remarked(label, count(number), "")
}

/// A part with its share of the whole.
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
