//! Radio of document 004: counts since tick 0, airtime, and the use of the duty cycle.

use serde::Serialize;

use super::durations::Durations;
use super::tally::Tally;
use crate::sim::world::World;
use crate::stack::layers::LayerId;
use crate::stack::radio::Radio;
use crate::stack::radio::event::{COUNTER, RadioEvent};

/// Radio of a run, as people and programs read it.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct RadioMetrics {
    /// Frames that went on the air.
    pub frames: u64,
    /// Time on the air, in ms, summed over all hosts.
    pub airtime_ms: u64,
    /// Greatest share of its duty cycle that a host has used in an hour; above 1 where the law is broken.
    pub duty_max: f64,
    /// Transmissions that broke the law.
    pub violations: u64,
    /// Frames that others destroyed, counted at each receiver.
    pub collisions: u64,
    /// Frames heard, counted at each receiver.
    pub heard: u64,
    /// Fragments that went on the air.
    pub fragments: u64,
    /// Fragments that went on the air again.
    pub retransmissions: u64,
    /// Fragments refused for their checksum.
    pub checksums_refused: u64,
    /// Messages that hosts originated.
    pub messages_sent: u64,
    /// Messages that arrived whole, counted at each host that they were for.
    pub messages_complete: u64,
    /// Messages given up.
    pub messages_failed: u64,
    /// Time from origin to arrival, median, in ms; `None` before the first arrival.
    pub latency_p50_ms: Option<u64>,
    /// The same, 99th percentile.
    pub latency_p99_ms: Option<u64>,
    /// Time that frames waited for the air, 99th percentile, in ms; `None` before the first frame.
    pub queue_p99_ms: Option<u64>,
    /// Neighbours that a host knows now, on average; `None` without running hosts.
    pub neighbors_mean: Option<f64>,
}

/// Radio at a sample.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RadioLevels {
    /// Frames that wait, summed over all hosts.
    pub waiting: u64,
    /// Greatest use of the duty cycle so far, in millionths of the budget.
    pub duty_max: u64,
    /// Neighbours that hosts know, summed over all hosts.
    pub neighbors: u64,
}

/// What takes more than counting: airtime, waits, times of arrival.
#[derive(Clone, Debug, Default)]
pub(super) struct RadioLog {
    airtime_us: u64,
    duty_max: u64,
    waits: Durations,
    latencies: Durations,
}

impl RadioLog {
    pub(super) fn note(&mut self, event: RadioEvent) {
        match event {
            RadioEvent::Transmitted { airtime_us } => self.airtime_us += airtime_us,
            RadioEvent::DutyRose { millionths } => self.duty_max = self.duty_max.max(millionths),
            RadioEvent::Waited { wait_ms } => self.waits.count(wait_ms),
            RadioEvent::MessageComplete { after_ms } => self.latencies.count(after_ms),
            _ => {}
        }
    }
}

/// Radios of running hosts.
fn radios(world: &World) -> impl Iterator<Item = &Radio> {
    let running = world.hosts().iter().filter(|host| host.is_running());
    running.filter_map(|host| host.stack().lower()?.layers.radio.get())
}

impl RadioLevels {
    /// Reads a world; all 0 if hosts have no radio.
    #[must_use]
    pub fn of(world: &World) -> Self {
        let mut levels = Self::default();
        if world.config().radio.enabled {
            for radio in radios(world) {
                levels.waiting += radio.queue().len() as u64;
                levels.duty_max = levels.duty_max.max(radio.duty_peak());
                levels.neighbors += radio.neighbors().len() as u64;
            }
        }
        levels
    }
}

impl RadioMetrics {
    /// Reads a world and what is written down about it; `None` if hosts have no radio.
    pub(super) fn of(world: &World, tally: &Tally, log: &RadioLog) -> Option<Self> {
        if !world.config().radio.enabled {
            return None;
        }
        let counters = tally.counters(LayerId::Radio);
        let count = |event: u8| counters[usize::from(event)];
        let packets = tally.packets(LayerId::Radio);
        let duty = super::exact(log.duty_max) / 1_000_000.0;
        Some(Self {
            frames: count(COUNTER.frames),
            airtime_ms: log.airtime_us / 1_000,
            duty_max: duty,
            violations: count(COUNTER.violations),
            collisions: packets.collided,
            heard: packets.delivered,
            fragments: count(COUNTER.fragments),
            retransmissions: count(COUNTER.retransmissions),
            checksums_refused: count(COUNTER.checksums_refused),
            messages_sent: count(COUNTER.messages_sent),
            messages_complete: count(COUNTER.messages_complete),
            messages_failed: count(COUNTER.messages_failed),
            latency_p50_ms: log.latencies.quantile(50),
            latency_p99_ms: log.latencies.quantile(99),
            queue_p99_ms: log.waits.quantile(99),
            neighbors_mean: super::ratio(RadioLevels::of(world).neighbors, radios(world).count() as u64),
        })
    }
}
