//! Facts about hosts, nested by layer, for observers: nothing that happens depends on them.

use crate::protocol::event::Event as LifecycleEvent;

/// A fact about one host.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// A fact of the peer lifecycle.
    Lifecycle(LifecycleEvent),
    /// A fact about the host itself.
    Host(HostEvent),
}

/// A fact about a host, whichever layers it runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HostEvent {
    /// The host lost its memory and booted again from its disk.
    Restarted,
}

impl From<LifecycleEvent> for Event {
    fn from(event: LifecycleEvent) -> Self {
        Self::Lifecycle(event)
    }
}
