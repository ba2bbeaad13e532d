//! Properties of the peer manager.

use super::{Breach, Facts, Property, PropertyKind};
use crate::base::id::PeerId;
use crate::stack::peer_manager::Manager;
use crate::stack::peer_manager::known::LinkSide;

/// Hosts whose managers satisfy a predicate.
fn hosts_where(facts: &Facts<'_>, is_so: impl Fn(&Manager) -> bool) -> impl Iterator<Item = PeerId> {
    facts.peers_where(move |host| {
        host.stack().lower().and_then(|lower| lower.layers.manager.get()).is_some_and(&is_so)
    })
}

pub(super) static ALWAYS: &[Property] = &[
    Property {
        id: "manager-bounded",
        kind: PropertyKind::Always,
        meaning: "No host knows, accepts or dials more peers than the limits allow.",
        check: |facts| {
            let limits = facts.limits.manager;
            let is_over = |manager: &Manager| {
                let count = |side| manager.known().iter().filter(|one| one.is_on(side)).count();
                let (inbound, outbound) = (count(LinkSide::Inbound), count(LinkSide::Outbound));
                manager.known().len() > limits.known
                    || inbound > limits.inbound
                    || outbound > limits.outbound
                    || inbound + outbound > limits.connections
            };
            Breach::of_peers(hosts_where(facts, is_over), "above a limit")
        },
    },
    Property {
        id: "no-connection-while-banned",
        kind: PropertyKind::Always,
        meaning: "No host that acts on its bans is connected to a peer that it has banned.",
        check: |facts| {
            let limits = facts.limits.manager;
            let config = facts.world.config();
            let broken = facts.peers_where(|host| {
                let now = host.local_clock().shows_tick(facts.now, facts.world.clock()).0
                    * u64::from(config.time.tick_ms);
                let manager = host.stack().lower().and_then(|lower| lower.layers.manager.get());
                limits.has_effective_bans
                    && manager.is_some_and(|manager| {
                        let is_banned = |ip| manager.bans().is_banned(ip, now);
                        manager.known().iter().any(|one| one.is_open() && is_banned(one.address.host_part()))
                    })
            });
            Breach::of_peers(broken, "a connection with a banned peer")
        },
    },
];
