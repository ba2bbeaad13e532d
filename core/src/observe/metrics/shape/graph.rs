//! The peer graph, by rank: the index of a running peer in the order of ids.

use crate::base::id::PeerId;
use crate::base::ring::{self, RingIndex};
use crate::observe::metrics::running;
use crate::protocol::event::PeerStateKind;
use crate::sim::host::Host;
use crate::sim::world::World;

/// Lists of ranks, one for each rank, each in ascending order.
#[derive(Clone, Debug, Default)]
pub(super) struct Edges {
    /// End of each rank's list; it begins at the end of the one before.
    ends: Vec<usize>,
    targets: Vec<usize>,
}

impl Edges {
    fn collect(lists: impl Iterator<Item = impl Iterator<Item = usize>>) -> Self {
        let mut edges = Self::default();
        for list in lists {
            edges.targets.extend(list);
            edges.close();
        }
        edges
    }

    /// Ends the list of the present rank.
    fn close(&mut self) {
        self.ends.push(self.targets.len());
    }

    /// Number of edges.
    pub(super) const fn len(&self) -> usize {
        self.targets.len()
    }

    /// The list of a rank.
    pub(super) fn of(&self, rank: usize) -> &[usize] {
        debug_assert!(rank < self.ends.len(), "rank {rank} of {}", self.ends.len());
        let start = rank.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.targets[start..self.ends[rank]]
    }

    /// The lists, in the order of ranks.
    pub(super) fn lists(&self) -> impl Iterator<Item = &[usize]> {
        (0..self.ends.len()).map(|rank| self.of(rank))
    }

    /// All edges, in the order of the ranks that they lead from.
    pub(super) fn iter(&self) -> impl Iterator<Item = (usize, usize)> {
        self.lists().enumerate().flat_map(|(from, list)| list.iter().map(move |to| (from, *to)))
    }

    /// Whether an edge leads from one rank to another.
    pub(super) fn has(&self, from: usize, to: usize) -> bool {
        self.of(from).binary_search(&to).is_ok()
    }

    /// The edges whose reverse is there as well.
    fn mutual(&self) -> Self {
        let of_rank = |rank| self.of(rank).iter().copied().filter(move |to| self.has(*to, rank));
        Self::collect((0..self.ends.len()).map(of_rank))
    }
}

/// The running peers of a world and what they think of one another.
#[derive(Clone, Debug)]
pub(super) struct Graph {
    /// Positions on the ring, ascending.
    positions: Vec<u64>,
    /// Edges to peers in state Connected.
    pub(super) connected: Edges,
    /// Connected edges whose reverse exists too.
    pub(super) mutual: Edges,
    /// Edges to all peers of a table, whatever their state.
    pub(super) known: Edges,
    /// Connected peers that do not run, summed over all tables.
    pub(super) stale: usize,
}

impl Graph {
    pub(super) fn of(world: &World) -> Self {
        let hosts: Vec<&Host> = running(world).collect();
        let ids: Vec<PeerId> = hosts.iter().map(|host| host.id()).collect();
        let directory = RingIndex::new(ids.iter().map(|id| id.get()));
        let rank_of = |peer: PeerId| {
            let near = directory.around(peer.get());
            ids[near.clone()].binary_search(&peer).map(|position| near.start + position)
        };
        let (mut known, mut connected, mut stale) = (Edges::default(), Edges::default(), 0);
        for host in hosts {
            for (peer, state) in host.node().peers().iter() {
                let is_connected = state.kind() == PeerStateKind::Connected;
                match rank_of(peer) {
                    Ok(rank) => {
                        known.targets.push(rank);
                        connected.targets.extend(is_connected.then_some(rank));
                    }
                    Err(_) => stale += usize::from(is_connected),
                }
            }
            known.close();
            connected.close();
        }
        debug_assert_eq!(known.ends.len(), ids.len(), "every rank has a list");
        let positions = ids.into_iter().map(PeerId::get).collect();
        Self { positions, mutual: connected.mutual(), connected, known, stale }
    }

    /// A graph for tests: every known peer is Connected.
    #[cfg(test)]
    pub(super) fn new(positions: Vec<u64>, lists: &[Vec<usize>]) -> Self {
        assert!(positions.is_sorted() && positions.len() == lists.len());
        let connected = Edges::collect(lists.iter().map(|list| list.iter().copied()));
        Self { positions, mutual: connected.mutual(), known: connected.clone(), connected, stale: 0 }
    }

    /// The same graph further round the ring.
    #[cfg(test)]
    pub(super) fn turned(&self, turn: u64) -> Self {
        let mut order: Vec<usize> = self.ranks().collect();
        let position = |rank: usize| self.positions[rank].wrapping_add(turn);
        order.sort_by_key(|rank| position(*rank));
        let rank_of = |old: &usize| order.iter().position(|rank| rank == old).expect("a rank");
        let mut lists: Vec<Vec<usize>> =
            order.iter().map(|rank| self.connected.of(*rank).iter().map(rank_of).collect()).collect();
        lists.iter_mut().for_each(|list| list.sort_unstable());
        Self::new(order.iter().map(|rank| position(*rank)).collect(), &lists)
    }

    /// Number of running peers.
    pub(super) const fn len(&self) -> usize {
        self.positions.len()
    }

    /// The ranks.
    pub(super) fn ranks(&self) -> std::ops::Range<usize> {
        0..self.len()
    }

    /// The rank that lies `steps` behind another, round the ring.
    pub(super) const fn after(&self, rank: usize, steps: usize) -> usize {
        (rank + steps) % self.len()
    }

    /// Distance of two ranks in peers, the shorter way around.
    pub(super) const fn rank_distance(&self, from: usize, to: usize) -> usize {
        let apart = from.abs_diff(to);
        let round = self.len() - apart;
        if apart < round { apart } else { round }
    }

    /// Distance of two ranks on the ring, the shorter way around.
    pub(super) fn distance(&self, from: usize, to: usize) -> u64 {
        ring::distance(self.positions[from], self.positions[to])
    }

    /// Clockwise distance from one rank to another; 0 for the same rank.
    pub(super) fn way(&self, from: usize, to: usize) -> u64 {
        self.positions[to].wrapping_sub(self.positions[from])
    }
}
