//! Counting, fact by fact.

use super::{ElectionMetrics, MessageMetrics, Turnover};
use crate::base::id::PeerId;
use crate::base::mutant::Mutant;
use crate::base::time::Round;
use crate::protocol::event::{Cause, Ending, Event, PeerStateKind};
use crate::protocol::message::MessageKind;
use crate::sim::network::{DropReason, Envelope};
use crate::sim::world::Observer;

/// Counts of what happened since tick 0.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    sent: [u64; MessageKind::COUNT],
    delivered: u64,
    lost: u64,
    cut: u64,
    undeliverable: u64,
    overload: u64,
    started: u64,
    completed: u64,
    timed_out: u64,
    split_brain: u64,
    split_abandoned: u64,
    split_alarms: u64,
    duplicated: u64,
    suspicions: u64,
    gained: u64,
    lost_connections: u64,
}

impl Tally {
    /// Messages since tick 0, `in_flight` of them on their way.
    #[must_use]
    pub const fn messages(&self, in_flight: u64) -> MessageMetrics {
        let [query, answer, invitation, referral, goodbye] = self.sent;
        MessageMetrics {
            total: query + answer + invitation + referral + goodbye,
            query,
            answer,
            invitation,
            referral,
            goodbye,
            duplicated: self.duplicated,
            delivered: self.delivered,
            lost: self.lost,
            undeliverable: self.undeliverable,
            cut: self.cut,
            overload: self.overload,
            in_flight,
        }
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

impl Observer for Tally {
    fn on_event(&mut self, _now: Round, _peer: PeerId, event: Event) {
        let count = match event {
            Event::ElectionStarted { .. } => &mut self.started,
            Event::ElectionEnded { ending, .. } => match ending {
                Ending::Elected { .. } => &mut self.completed,
                Ending::NoAnswer | Ending::TooFewAnswers | Ending::Disagreement => &mut self.timed_out,
                Ending::SplitBrain => &mut self.split_abandoned,
            },
            Event::SplitBrain { .. } => &mut self.split_brain,
            Event::PeerStateChanged { cause: Cause::Introduction, .. } => return,
            Event::PeerStateChanged { to: PeerStateKind::Connected, .. } => &mut self.gained,
            Event::PeerStateChanged { from: PeerStateKind::Connected, .. }
                if Mutant::GainsMiscounted.is_active() =>
            {
                &mut self.gained
            }
            Event::PeerStateChanged { from: PeerStateKind::Connected, .. } => &mut self.lost_connections,
            Event::SplitAlarm => &mut self.split_alarms,
            Event::Suspected { .. } => &mut self.suspicions,
            Event::PeerStateChanged { .. } | Event::AnswerAccepted { .. } | Event::Rejected(_) => return,
        };
        *count += 1;
        let is_completed = matches!(event, Event::ElectionEnded { ending: Ending::Elected { .. }, .. });
        self.completed += u64::from(is_completed && Mutant::CompletedTwice.is_active());
    }

    fn on_sent(&mut self, kind: MessageKind) {
        self.sent[kind as usize] += 1;
    }

    fn on_duplicated(&mut self) {
        self.duplicated += 1;
    }

    fn on_delivered(&mut self, kind: MessageKind) {
        self.delivered += 1;
        self.delivered += u64::from(kind == MessageKind::Answer && Mutant::ArrivalCountedTwice.is_active());
    }

    fn on_dropped(&mut self, reason: DropReason, _envelope: &Envelope) {
        let count = match reason {
            DropReason::Loss if Mutant::LossArrives.is_active() => &mut self.delivered,
            DropReason::Loss => &mut self.lost,
            DropReason::Cut => &mut self.cut,
            DropReason::Undeliverable => &mut self.undeliverable,
            DropReason::Overload => &mut self.overload,
        };
        *count += 1;
    }
}
