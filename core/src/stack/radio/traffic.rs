//! Messages that hosts originate on their own.

use super::message::Target;
use super::{Radio, set_timer, timer};
use crate::base::id::PeerId;
use crate::config::Traffic;
use crate::stack::context::HostContext;

impl Radio {
    /// Sets the timer of the next message, whose intervals are exponential.
    pub(super) fn time_traffic(cx: &mut HostContext<'_>) {
        let wait = cx.rng.exponential(u64::from(cx.config.radio.traffic_ms));
        set_timer(cx, timer::TRAFFIC, 0, wait.max(1));
    }

    /// Originates a message, if this host is one that does and knows a destination.
    pub(super) fn on_traffic(&mut self, cx: &mut HostContext<'_>) {
        let rules = &cx.config.radio;
        let is_source = rules.sources.is_none_or(|count| cx.address.plan_index() < count.get());
        if let Some(target) = self.destination(cx).filter(|_| is_source) {
            let cargo = rules.traffic_kind;
            self.originate(cx, target, cargo, cargo.priority(), rules.traffic_bytes, None);
        }
        Self::time_traffic(cx);
    }

    fn destination(&self, cx: &mut HostContext<'_>) -> Option<Target> {
        match cx.config.radio.traffic {
            Traffic::Off => None,
            Traffic::Flood => Some(Target::Flood),
            Traffic::Broadcast => Some(Target::Near),
            Traffic::Neighbor => {
                let peers: Vec<PeerId> = self.neighbors.iter().map(|one| one.peer).collect();
                cx.rng.index(peers.len()).map(|index| Target::Peer(peers[index]))
            }
            Traffic::Mesh => cx.rng.index(self.known.len()).map(|index| Target::Peer(self.known[index])),
        }
    }
}
