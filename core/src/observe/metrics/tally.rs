//! Counters of packets and events.

use super::messages::SentByKind;
use super::packets::PacketCounts;
use super::{ElectionMetrics, MessageMetrics, Turnover};
use crate::base::id::PeerId;
use crate::base::mutant::mutant;
use crate::base::time::Round;
use crate::protocol::event::{Cause, Ending, LifecycleEvent, PeerStateKind};
use crate::protocol::message::MessageKind;
use crate::sim::network::{DropReason, Route};
use crate::sim::world::Observer;
use crate::stack::layers::{COUNTERS_MAX, Event, HostEvent, LAYERS, LayerId, PacketKind};
use crate::stack::packet::Packet;

/// Counts of a layer below the lifecycle.
#[derive(Clone, Debug, PartialEq, Eq)]
struct LayerTally {
    packets: PacketCounts,
    /// Facts by the numbers of their counters.
    counters: [u64; COUNTERS_MAX],
}

impl LayerTally {
    /// No counts.
    const ZERO: Self = Self { packets: PacketCounts::ZERO, counters: [0; COUNTERS_MAX] };
}

/// Counts of what happened since tick 0.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Packets of the lifecycle.
    packets: PacketCounts,
    /// Counts of the layers below it, by the numbers of the layers; `None` before the first of a layer. A
    /// history has thousands of tallies, and most worlds have few layers.
    layers: [Option<Box<LayerTally>>; LayerId::COUNT],
    started: u64,
    completed: u64,
    timed_out: u64,
    split_brain: u64,
    split_abandoned: u64,
    split_alarms: u64,
    suspicions: u64,
    gained: u64,
    lost_connections: u64,
    restarts: u64,
    /// Lifecycle messages that layers have taken, by kind.
    taken: [u64; MessageKind::COUNT],
}

impl Tally {
    /// Packets of a layer since tick 0.
    #[must_use]
    pub(crate) fn packets(&self, layer: LayerId) -> &PacketCounts {
        if layer == LayerId::Lifecycle { &self.packets } else { &self.layer(layer).packets }
    }

    /// Facts of a layer since tick 0, by the numbers of its counters.
    #[must_use]
    pub fn counters(&self, layer: LayerId) -> &[u64; COUNTERS_MAX] {
        &self.layer(layer).counters
    }

    /// Packets of every layer since tick 0, by the number of the layer.
    #[must_use]
    pub(crate) fn all_packets(&self) -> [PacketCounts; LayerId::COUNT] {
        let mut all = [PacketCounts::ZERO; LayerId::COUNT];
        for layer in LAYERS {
            all[layer.id as usize] = *self.packets(layer.id);
        }
        all
    }

    #[inline(never)]
    fn layer(&self, layer: LayerId) -> &LayerTally {
        self.layers[layer as usize].as_deref().unwrap_or(&LayerTally::ZERO)
    }

    /// Messages of the peer lifecycle since tick 0, `in_flight` of them on their way.
    #[must_use]
    pub fn messages(&self, in_flight: u64) -> MessageMetrics {
        let counts = self.packets(LayerId::Lifecycle);
        MessageMetrics {
            total: counts.total() + self.taken.iter().sum::<u64>(),
            sent: SentByKind::of(counts, &self.taken),
            duplicated: counts.duplicated,
            delivered: counts.delivered,
            lost: counts.lost,
            undeliverable: counts.undeliverable,
            cut: counts.cut,
            overload: counts.overload,
            collided: counts.collided,
            in_flight,
            taken: SentByKind::from(self.taken),
        }
    }

    /// Hosts that lost their memory and booted again, since tick 0.
    #[must_use]
    pub(crate) const fn restarts(&self) -> u64 {
        self.restarts
    }

    /// Elections since tick 0, without those that are running.
    #[must_use]
    pub const fn elections(&self) -> ElectionMetrics {
        ElectionMetrics {
            started: self.started,
            completed: self.completed,
            timed_out: self.timed_out,
            split_brain: self.split_brain,
            split_abandoned: self.split_abandoned,
            open: 0,
        }
    }

    /// Partition alarms raised by peers because of split brains in their elections, since tick 0.
    #[must_use]
    pub const fn split_alarms(&self) -> u64 {
        self.split_alarms
    }

    /// Transitions of a peer's opinion of another to suspected.
    #[must_use]
    pub const fn suspicions(&self) -> u64 {
        self.suspicions
    }

    /// Connections gained and lost since tick 0.
    #[must_use]
    pub const fn turnover(&self) -> Turnover {
        Turnover { gained: self.gained, lost: self.lost_connections, per_peer_round: None }
    }
}

impl Tally {
    fn count_lifecycle(&mut self, event: LifecycleEvent) {
        let count = match event {
            LifecycleEvent::ElectionStarted { .. } => &mut self.started,
            LifecycleEvent::ElectionEnded { ending, .. } => match ending {
                Ending::Elected { .. } => &mut self.completed,
                Ending::NoAnswer | Ending::TooFewAnswers | Ending::Disagreement => &mut self.timed_out,
                Ending::SplitBrain => &mut self.split_abandoned,
            },
            LifecycleEvent::SplitBrain { .. } => &mut self.split_brain,
            LifecycleEvent::PeerStateChanged { from, to, cause, .. } => match (from, to) {
                _ if cause == Cause::Introduction => return,
                (_, PeerStateKind::Connected) => &mut self.gained,
                (PeerStateKind::Connected, _) => {
                    mutant!(GainsMiscounted: &mut self.lost_connections => &mut self.gained)
                }
                _ => return,
            },
            LifecycleEvent::SplitAlarm => &mut self.split_alarms,
            LifecycleEvent::Suspected { .. } => &mut self.suspicions,
            LifecycleEvent::AnswerAccepted { .. } | LifecycleEvent::Rejected(_) => return,
        };
        *count += 1;
        let is_completed =
            matches!(event, LifecycleEvent::ElectionEnded { ending: Ending::Elected { .. }, .. });
        self.completed += mutant!(CompletedTwice: 0 => u64::from(is_completed));
    }

    fn count_layer(&mut self, event: Event) {
        if let Some((layer, counter)) = event.counter() {
            self.layer_mut(layer).counters[usize::from(counter)] += 1;
        }
    }

    #[inline]
    fn counts(&mut self, kind: PacketKind) -> &mut PacketCounts {
        if kind.layer == LayerId::Lifecycle {
            &mut self.packets
        } else {
            &mut self.layer_mut(kind.layer).packets
        }
    }

    #[inline(never)]
    fn layer_mut(&mut self, layer: LayerId) -> &mut LayerTally {
        self.layers[layer as usize].get_or_insert_with(|| Box::new(LayerTally::ZERO))
    }
}

impl Observer for Tally {
    fn on_event(&mut self, _now: Round, _peer: PeerId, event: Event) {
        if let Event::Lifecycle(event) = event {
            self.count_lifecycle(event);
            return;
        }
        match event {
            Event::Host(HostEvent::Restarted) => self.restarts += 1,
            Event::Host(HostEvent::Taken(kind)) if kind.layer == LayerId::Lifecycle => {
                self.taken[usize::from(kind.number)] += 1;
            }
            Event::Host(HostEvent::Taken(_)) => {}
            _ => self.count_layer(event),
        }
    }

    fn on_sent(&mut self, kind: PacketKind) {
        debug_assert!(
            usize::from(kind.number) < kind.layer.info().kinds.len(),
            "{kind:?} is no kind of its layer"
        );
        self.counts(kind).sent[usize::from(kind.number)] += 1;
    }

    fn on_duplicated(&mut self, kind: PacketKind) {
        self.counts(kind).duplicated += 1;
    }

    fn on_delivered(&mut self, kind: PacketKind) {
        let is_answer = kind == MessageKind::Answer.into();
        self.counts(kind).delivered += mutant!(ArrivalCountedTwice: 1 => 1 + u64::from(is_answer));
    }

    fn on_dropped(&mut self, reason: DropReason, _route: Route, packet: &Packet) {
        let counts = self.counts(packet.body.kind());
        let count = match reason {
            DropReason::Loss => mutant!(LossArrives: &mut counts.lost => &mut counts.delivered),
            DropReason::Cut => &mut counts.cut,
            DropReason::Undeliverable => &mut counts.undeliverable,
            DropReason::Overload => &mut counts.overload,
            DropReason::Collision => &mut counts.collided,
        };
        *count += 1;
    }
}
