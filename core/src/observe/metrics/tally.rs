//! Counting, fact by fact.

use super::{ElectionMetrics, MessageMetrics, Turnover};
use crate::base::id::PeerId;
use crate::base::mutant::{Mutant, mutant};
use crate::base::time::Round;
use crate::protocol::event::{Cause, Ending, Event as LifecycleEvent, PeerStateKind};
use crate::protocol::message::MessageKind;
use crate::sim::network::{DropReason, Route};
use crate::sim::world::Observer;
use crate::stack::layers::{COUNTERS_MAX, Event, HostEvent, KINDS_MAX, LayerId, PacketKind};
use crate::stack::packet::Packet;

/// Packets of one layer since tick 0, by kind and by what happened to them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PacketCounts {
    /// Sent, by the number of the kind.
    pub sent: [u64; KINDS_MAX],
    /// Sent once and in flight twice.
    pub duplicated: u64,
    /// Arrived at a running host.
    pub delivered: u64,
    /// Lost on a link.
    pub lost: u64,
    /// Stopped at a partition.
    pub cut: u64,
    /// Sent to an address at which no running host is.
    pub undeliverable: u64,
    /// Dropped because too many packets were in flight.
    pub overload: u64,
}

impl PacketCounts {
    /// Packets sent, of any kind.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.sent.iter().sum()
    }

    /// Packets that were sent and neither arrived nor were dropped: the number in flight, if every one is accounted for.
    #[must_use]
    pub fn unaccounted(&self) -> u64 {
        let ended = self.delivered + self.lost + self.cut + self.undeliverable + self.overload;
        (self.total() + self.duplicated).saturating_sub(ended)
    }
}

/// Counts of what happened since tick 0.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    packets: [PacketCounts; LayerId::COUNT],
    /// Facts of the layers below the lifecycle, by the numbers of their counters.
    counters: [[u64; COUNTERS_MAX]; LayerId::COUNT],
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
}

impl Tally {
    /// Packets of a layer since tick 0.
    #[must_use]
    pub const fn packets(&self, layer: LayerId) -> &PacketCounts {
        &self.packets[layer as usize]
    }

    /// Facts of a layer since tick 0, by the numbers of its counters.
    #[must_use]
    pub const fn counters(&self, layer: LayerId) -> &[u64; COUNTERS_MAX] {
        &self.counters[layer as usize]
    }

    /// Messages of the peer lifecycle since tick 0, `in_flight` of them on their way.
    #[must_use]
    pub fn messages(&self, in_flight: u64) -> MessageMetrics {
        let counts = self.packets(LayerId::Lifecycle);
        let sent = |kind: MessageKind| counts.sent[kind as usize];
        MessageMetrics {
            total: counts.total(),
            query: sent(MessageKind::Query),
            answer: sent(MessageKind::Answer),
            invitation: sent(MessageKind::Invitation),
            referral: sent(MessageKind::Referral),
            goodbye: sent(MessageKind::Goodbye),
            duplicated: counts.duplicated,
            delivered: counts.delivered,
            lost: counts.lost,
            undeliverable: counts.undeliverable,
            cut: counts.cut,
            overload: counts.overload,
            in_flight,
        }
    }

    /// Hosts that lost their memory and booted again, since tick 0.
    #[must_use]
    pub const fn restarts(&self) -> u64 {
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

    /// Times that a peer has suspected a partition for the split brains of its elections, since tick 0.
    #[must_use]
    pub const fn split_alarms(&self) -> u64 {
        self.split_alarms
    }

    /// Times that a peer came to take another for a cheat.
    #[must_use]
    pub const fn suspicions(&self) -> u64 {
        self.suspicions
    }

    /// Connections that came and went since tick 0.
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
        self.completed += u64::from(is_completed && Mutant::CompletedTwice.is_active());
    }

    fn count_layer(&mut self, event: Event) {
        if let Some((layer, counter)) = event.counter() {
            self.counters[layer as usize][usize::from(counter)] += 1;
        }
    }

    const fn counts(&mut self, kind: PacketKind) -> &mut PacketCounts {
        &mut self.packets[kind.layer as usize]
    }
}

impl Observer for Tally {
    fn on_event(&mut self, _now: Round, _peer: PeerId, event: Event) {
        match event {
            Event::Lifecycle(event) => self.count_lifecycle(event),
            Event::Host(HostEvent::Restarted) => self.restarts += 1,
            event => self.count_layer(event),
        }
    }

    fn on_sent(&mut self, kind: PacketKind) {
        self.counts(kind).sent[usize::from(kind.number)] += 1;
    }

    fn on_duplicated(&mut self, kind: PacketKind) {
        self.counts(kind).duplicated += 1;
    }

    fn on_delivered(&mut self, kind: PacketKind) {
        let is_twice = kind == MessageKind::Answer.into() && Mutant::ArrivalCountedTwice.is_active();
        self.counts(kind).delivered += 1 + u64::from(is_twice);
    }

    fn on_dropped(&mut self, reason: DropReason, _route: Route, packet: &Packet) {
        let counts = self.counts(packet.body.kind());
        let count = match reason {
            DropReason::Loss => mutant!(LossArrives: &mut counts.lost => &mut counts.delivered),
            DropReason::Cut => &mut counts.cut,
            DropReason::Undeliverable => &mut counts.undeliverable,
            DropReason::Overload => &mut counts.overload,
        };
        *count += 1;
    }
}
