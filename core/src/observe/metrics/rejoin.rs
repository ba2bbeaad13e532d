//! Hosts that have started again: rounds and messages until five peers are Connected.

use serde::Serialize;

use super::ratio;
use crate::base::id::PeerId;
use crate::base::time::Round;
use crate::protocol::event::{LifecycleEvent, PeerStateKind};
use crate::stack::layers::{Event, HostEvent};

/// Connections after which a host has rejoined.
const FIVE: u32 = 5;
/// Hosts that are followed at a time; further ones are not counted.
const FOLLOWED_MAX: usize = 10_000;

/// Hosts that have started again.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct RejoinMetrics {
    /// Starts after the first one.
    pub restarts: u64,
    /// Those that have five Connected peers, or had.
    pub rejoined: u64,
    /// Mean number of rounds from such a start to five Connected peers; `None` without one.
    pub rounds_mean: Option<f64>,
    /// Mean number of messages that the host has written in this time, over its layers; `None` without one.
    pub messages_mean: Option<f64>,
}

/// A host that has not rejoined yet.
#[derive(Clone, Copy, Debug)]
struct Rejoin {
    host: PeerId,
    since: Round,
    connected: u32,
    messages: u64,
}

/// Record of hosts that have started again.
#[derive(Clone, Debug, Default)]
pub(super) struct RejoinLog {
    /// In ascending order of host.
    open: Vec<Rejoin>,
    restarts: u64,
    rejoined: u64,
    rounds: u64,
    messages: u64,
}

impl RejoinLog {
    /// What was recorded; `None` before the first restart.
    pub(super) fn metrics(&self) -> Option<RejoinMetrics> {
        (self.restarts > 0).then(|| RejoinMetrics {
            restarts: self.restarts,
            rejoined: self.rejoined,
            rounds_mean: ratio(self.rounds, self.rejoined),
            messages_mean: ratio(self.messages, self.rejoined),
        })
    }

    /// Notes a fact about a host.
    pub(super) fn note(&mut self, now: Round, host: PeerId, event: Event) {
        if self.open.is_empty() && event != Event::Host(HostEvent::Restarted) {
            return;
        }
        let found = self.open.binary_search_by_key(&host, |one| one.host);
        match event {
            Event::Host(HostEvent::Restarted) => {
                self.restarts += 1;
                let new = Rejoin { host, since: now, connected: 0, messages: 0 };
                match found {
                    Ok(index) => self.open[index] = new,
                    Err(index) if self.open.len() < FOLLOWED_MAX => self.open.insert(index, new),
                    Err(_) => {}
                }
            }
            Event::Host(HostEvent::Taken(_)) => {
                if let Ok(index) = found {
                    self.open[index].messages += 1;
                }
            }
            Event::Lifecycle(LifecycleEvent::PeerStateChanged { from, to, .. }) => {
                if let Ok(index) = found {
                    self.change(index, now, from, to);
                }
            }
            _ => {}
        }
    }

    fn change(&mut self, index: usize, now: Round, from: PeerStateKind, to: PeerStateKind) {
        let one = &mut self.open[index];
        let is_connected = |kind| u32::from(kind == PeerStateKind::Connected);
        one.connected = (one.connected + is_connected(to)).saturating_sub(is_connected(from));
        if one.connected >= FIVE {
            let done = self.open.remove(index);
            self.rejoined += 1;
            self.rounds += now.since(done.since);
            self.messages += done.messages;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::event::Cause;
    use crate::protocol::message::MessageKind;

    #[test]
    fn a_host_has_rejoined_with_its_fifth_connection() {
        let host = PeerId::new(7);
        let mut log = RejoinLog::default();
        let gain = |peer| {
            Event::Lifecycle(LifecycleEvent::PeerStateChanged {
                peer: PeerId::new(peer),
                from: PeerStateKind::Pending,
                to: PeerStateKind::Connected,
                cause: Cause::Reciprocation,
            })
        };
        (0..9).for_each(|peer| log.note(Round(1), host, gain(peer)));
        assert_eq!(log.metrics(), None, "it has never stopped");
        log.note(Round(10), host, HostEvent::Restarted.into());
        for peer in 0..5 {
            assert_eq!(log.metrics().map(|found| found.rejoined), Some(0));
            log.note(Round(12 + peer), host, HostEvent::Taken(MessageKind::Query.into()).into());
            log.note(Round(12 + peer), PeerId::new(8), HostEvent::Taken(MessageKind::Query.into()).into());
            log.note(Round(12 + peer), host, gain(peer));
        }
        let found = log.metrics().unwrap();
        assert_eq!((found.restarts, found.rejoined), (1, 1));
        assert_eq!((found.rounds_mean, found.messages_mean), (Some(6.0), Some(5.0)));
    }
}
