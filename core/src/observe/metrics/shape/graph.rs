//! The peer graph, by rank: the index of a running peer in the order of ids.

use crate::base::id::PeerId;
use crate::base::ring::{self, RingIndex};
use crate::observe::metrics::running;
use crate::protocol::event::PeerStateKind;
use crate::sim::host::Host;
use crate::sim::world::World;

/// Running peers that are compared with one in a table before the directory is asked.
const NEAR: usize = 3;

/// Lists of ranks, one for each rank, each in ascending order.
#[derive(Clone, Debug, Default)]
pub(super) struct Edges {
    /// End of each rank's list; it begins at the end of the one before.
    ends: Vec<usize>,
    targets: Vec<usize>,
}

impl Edges {
    fn with_capacity(ranks: usize, edges: usize) -> Self {
        Self { ends: Vec::with_capacity(ranks), targets: Vec::with_capacity(edges) }
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
        &self.targets[self.start(rank)..self.ends[rank]]
    }

    /// The lists, in the order of ranks.
    pub(super) fn lists(&self) -> impl Iterator<Item = &[usize]> {
        (0..self.ends.len()).map(|rank| self.of(rank))
    }

    /// All edges, in the order of the ranks that they lead from.
    pub(super) fn iter(&self) -> impl Iterator<Item = (usize, usize)> {
        self.lists().enumerate().flat_map(|(from, list)| list.iter().map(move |to| (from, *to)))
    }

    /// Index of the first target of a rank, among those of all ranks.
    fn start(&self, rank: usize) -> usize {
        rank.checked_sub(1).map_or(0, |before| self.ends[before])
    }

    /// Whether an edge leads from one rank to another.
    pub(super) fn has(&self, from: usize, to: usize) -> bool {
        self.of(from).binary_search(&to).is_ok()
    }

    /// The edges whose reverse is there as well.
    fn mutual(&self) -> Self {
        let ranks = 0..self.ends.len();
        // Each list is asked for ascending ranks, and so read once.
        let mut unread: Vec<usize> = ranks.clone().map(|rank| self.start(rank)).collect();
        let mut mutual = Self::with_capacity(self.ends.len(), self.targets.len());
        for rank in ranks {
            for to in self.of(rank) {
                let (start, end) = (unread[*to], self.ends[*to]);
                let below = self.targets[start..end].iter().take_while(|back| **back < rank).count();
                unread[*to] = start + below;
                mutual.targets.extend((self.targets[..end].get(start + below) == Some(&rank)).then_some(*to));
            }
            mutual.close();
        }
        mutual
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
        // Where many know each other, a peer is the next one, or nearly.
        let rank_of = |peer: PeerId, next: usize| {
            let near = ids[next..].iter().take(NEAR).position(|id| *id == peer);
            if let Some(position) = near {
                return Some(next + position);
            }
            let near = directory.around(peer.get());
            ids[near.clone()].binary_search(&peer).ok().map(|position| near.start + position)
        };
        let entries = hosts.iter().map(|host| host.node().peers().len()).sum();
        let mut known = Edges::with_capacity(ids.len(), entries);
        let mut connected = Edges::with_capacity(ids.len(), entries);
        let mut stale = 0;
        for host in hosts {
            let mut next = 0;
            for (peer, state) in host.node().peers().iter() {
                let is_connected = state.kind() == PeerStateKind::Connected;
                if let Some(rank) = rank_of(peer, next) {
                    known.targets.push(rank);
                    connected.targets.extend(is_connected.then_some(rank));
                    next = rank + 1;
                } else {
                    stale += usize::from(is_connected);
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
        let mut connected = Edges::default();
        for list in lists {
            connected.targets.extend(list);
            connected.close();
        }
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
