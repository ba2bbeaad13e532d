//! Peers at a sample: hosts by status, and what running peers know of one another.

use serde::Serialize;

use super::ratio;
use crate::protocol::event::PeerStateKind;
use crate::sim::host::HostStatus;
use crate::sim::world::World;

/// Peers now.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct PeerMetrics {
    /// Peers that take part.
    pub running: u64,
    /// Peers that have stopped and may return.
    pub crashed: u64,
    /// Peers that do nothing for the time being.
    pub paused: u64,
    /// Peers that are not honest, now or later, whether they take part or not.
    pub adversaries: u64,
    /// Identified peers, summed over the tables of all running peers.
    pub identified: u64,
    /// Pending peers, summed over the tables of all running peers.
    pub pending: u64,
    /// Connected peers that a running peer has.
    pub connected: Spread,
}

/// Minimum, mean and maximum; all 0 if there is nothing to measure.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Spread {
    /// The least.
    pub min: u32,
    /// The mean.
    pub avg: f64,
    /// The most.
    pub max: u32,
}

/// Levels of the lifecycle that only histories have: a column reads them from its sample.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LifecycleLevels {
    /// Entries of the tables of all running peers.
    pub known: u64,
}

impl PeerMetrics {
    /// Counts hosts by status and peer-table entries by state.
    #[must_use]
    pub fn of(world: &World) -> Self {
        Self::with_levels(world).0
    }

    /// The same with the levels: every peer of a large world is far away in memory, and visited once.
    pub(super) fn with_levels(world: &World) -> (Self, LifecycleLevels) {
        let mut metrics = Self::default();
        let (mut connected, mut least) = (0, u32::MAX);
        for host in world.hosts() {
            metrics.adversaries += u64::from(host.adversary().is_some());
            match host.status() {
                HostStatus::Crashed => metrics.crashed += 1,
                HostStatus::Paused => metrics.paused += 1,
                HostStatus::Running => {
                    let count = |standing| host.node().peers().count(standing);
                    let most = count(PeerStateKind::Connected);
                    metrics.running += 1;
                    metrics.identified += u64::from(count(PeerStateKind::Identified));
                    metrics.pending += u64::from(count(PeerStateKind::Pending));
                    metrics.connected.max = metrics.connected.max.max(most);
                    least = least.min(most);
                    connected += u64::from(most);
                }
            }
        }
        if let Some(avg) = ratio(connected, metrics.running) {
            metrics.connected = Spread { min: least, avg, ..metrics.connected };
        }
        debug_assert_eq!(
            metrics.running + metrics.crashed + metrics.paused,
            world.hosts().len() as u64,
            "every host has one status"
        );
        debug_assert!(metrics.connected.min <= metrics.connected.max, "{metrics:?}");
        let known = metrics.identified + metrics.pending + connected;
        (metrics, LifecycleLevels { known })
    }
}
