//! Metrics of radios.

use super::{Metric, exact};
use crate::observe::metrics::Sample;
use crate::stack::layers::LayerId;
use crate::stack::radio::event::COUNTER;

const AIR: &str = "Frames on the air";
const LAW: &str = "Duty cycle";
const MESSAGES: &str = "Radio messages";

fn count(sample: &Sample, counter: u8) -> f64 {
    exact(sample.tally.counters(LayerId::Radio)[usize::from(counter)])
}

pub(super) static ROWS: &[Metric] = &[
    Metric::count("radio_frames", "frames", "Frames that went on the air.", |sample| {
        count(sample, COUNTER.frames)
    })
    .chart(AIR, "frames")
    .measure("Frames on the air"),
    Metric::count(
        "radio_collisions",
        "frames",
        "Frames that others destroyed, counted at each receiver.",
        |sample| exact(sample.tally.packets(LayerId::Radio).collided),
    )
    .chart(AIR, "destroyed at a receiver")
    .measure("Frames destroyed at a receiver"),
    Metric::count("radio_heard", "frames", "Frames heard, counted at each receiver.", |sample| {
        exact(sample.tally.packets(LayerId::Radio).delivered)
    })
    .chart(AIR, "heard at a receiver")
    .measure("Frames heard at a receiver"),
    Metric::count(
        "radio_violations",
        "transmissions",
        "Transmissions that broke the law of the region.",
        |sample| count(sample, COUNTER.violations),
    )
    .chart(LAW, "violations")
    .measure("Transmissions against the law"),
    Metric::level(
        "radio_duty_max",
        "share",
        "Greatest share of its duty cycle that a host has used in an hour; above 1 where the law is broken.",
        |sample| exact(sample.layers.radio.duty_max) / 1_000_000.0,
    )
    .chart(LAW, "greatest use")
    .measure("Greatest use of the duty cycle"),
    Metric::count("radio_fragments", "fragments", "Fragments that went on the air.", |sample| {
        count(sample, COUNTER.fragments)
    })
    .measure("Fragments sent"),
    Metric::count("radio_retransmissions", "fragments", "Fragments that went on the air again.", |sample| {
        count(sample, COUNTER.retransmissions)
    })
    .chart(AIR, "fragments repeated")
    .measure("Fragments repeated"),
    Metric::count("radio_messages_sent", "messages", "Messages that hosts originated.", |sample| {
        count(sample, COUNTER.messages_sent)
    })
    .chart(MESSAGES, "originated")
    .measure("Radio messages originated"),
    Metric::count(
        "radio_messages_complete",
        "messages",
        "Messages that arrived whole, counted at each host that they were for.",
        |sample| count(sample, COUNTER.messages_complete),
    )
    .chart(MESSAGES, "complete")
    .measure("Radio messages complete"),
    Metric::count("radio_messages_failed", "messages", "Messages given up.", |sample| {
        count(sample, COUNTER.messages_failed)
    })
    .chart(MESSAGES, "given up")
    .measure("Radio messages given up"),
    Metric::level(
        "radio_waiting",
        "frames",
        "Frames that wait for the air, summed over all hosts.",
        |sample| exact(sample.layers.radio.waiting),
    )
    .chart(MESSAGES, "frames waiting")
    .measure("Frames waiting at the end"),
    Metric::level(
        "radio_neighbors",
        "peers",
        "Neighbours that hosts know, summed over all hosts.",
        |sample| exact(sample.layers.radio.neighbors),
    )
    .measure("Radio neighbours at the end, summed over all hosts"),
];
