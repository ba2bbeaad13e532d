//! Routes of a host, found by hash.

use super::remembered::Remembered;
use crate::base::digest::Digest;
use crate::base::id::PeerId;
use crate::stack::address::Address;

/// Routes that a host remembers; the one used least recently gives way.
const ROUTES_MAX: usize = 1_000;

/// The next hop of a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Hop {
    /// A neighbour.
    Air(PeerId),
    /// Another gateway.
    Bridge(Address),
}

/// A route to a host.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct MeshRoute {
    pub(super) to: PeerId,
    pub(super) hop: Hop,
    pub(super) hops: u32,
    /// Time of its last use, in ms.
    pub(super) used_ms: u64,
}

/// Routes, at most one to a host.
#[derive(Clone, Debug)]
pub(super) struct RouteTable {
    /// In the order in which they were found.
    routes: Vec<MeshRoute>,
    /// Their destinations, whose slots are the indices of routes: every search that a host hears of asks for
    /// one.
    destinations: Remembered<PeerId>,
}

impl Default for RouteTable {
    fn default() -> Self {
        Self { routes: Vec::new(), destinations: Remembered::new(ROUTES_MAX) }
    }
}

impl RouteTable {
    /// The route to a host.
    pub(super) fn get(&self, to: PeerId) -> Option<&MeshRoute> {
        self.find(to).map(|index| &self.routes[index])
    }

    /// The same, to be changed; its destination stays.
    pub(super) fn get_mut(&mut self, to: PeerId) -> Option<&mut MeshRoute> {
        self.find(to).map(|index| &mut self.routes[index])
    }

    /// Enters a route to a host to which there is none.
    pub(super) fn push(&mut self, route: MeshRoute) {
        debug_assert!(self.get(route.to).is_none(), "a host has one route at most");
        if self.routes.len() == ROUTES_MAX {
            let oldest = self.routes.iter().enumerate().min_by_key(|(_, one)| one.used_ms);
            let oldest = oldest.map_or(0, |(index, _)| index);
            self.routes.remove(oldest);
            self.link();
        }
        self.destinations.note(route.to);
        self.routes.push(route);
    }

    /// Forgets routes that do not satisfy a predicate.
    pub(super) fn retain(&mut self, is_kept: impl Fn(&MeshRoute) -> bool) {
        let before = self.routes.len();
        self.routes.retain(is_kept);
        if self.routes.len() < before {
            self.link();
        }
    }

    fn find(&self, to: PeerId) -> Option<usize> {
        self.destinations.find(to)
    }

    /// Notes all destinations again: indices have changed.
    fn link(&mut self) {
        self.destinations = Remembered::new(ROUTES_MAX);
        for route in &self.routes {
            self.destinations.note(route.to);
        }
    }

    /// Adds the routes to a fingerprint.
    pub(super) fn digest(&self, digest: &mut Digest) {
        digest.length(self.routes.len());
        for MeshRoute { to, hop, hops, used_ms } in &self.routes {
            digest.number(to.get());
            match hop {
                Hop::Air(peer) => digest.number(peer.get()),
                Hop::Bridge(gateway) => digest.number(gateway.get()),
            }
            digest.number(*hops);
            digest.number(*used_ms);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn route(to: u64) -> MeshRoute {
        MeshRoute { to: PeerId::new(to), hop: Hop::Air(PeerId::new(to)), hops: 1, used_ms: to % 7 }
    }

    #[test]
    fn a_full_table_gives_up_the_route_used_least_recently() {
        let mut table = RouteTable::default();
        (1..=ROUTES_MAX as u64 + 1).for_each(|to| table.push(route(to)));
        assert_eq!(table.routes.len(), ROUTES_MAX);
        assert_eq!(table.get(PeerId::new(7)), None, "of those with the earliest use the first one");
        let all = (1..=ROUTES_MAX as u64 + 1).filter(|to| *to != 7);
        all.for_each(|to| assert_eq!(table.get(PeerId::new(to)), Some(&route(to))));
        table.retain(|one| one.used_ms == 3);
        assert_eq!(table.get(PeerId::new(3)), Some(&route(3)));
        assert_eq!(table.get(PeerId::new(4)), None);
    }
}
