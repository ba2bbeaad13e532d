//! Host table: the hosts of a world by id.

use std::ops::{Deref, DerefMut, Range};

use crate::base::id::PeerId;
use crate::sim::host::Host;

/// Hosts in ascending order of id.
#[derive(Clone, Debug)]
pub(super) struct HostTable {
    hosts: Vec<Host>,
    /// The id of each host. A search among the hosts themselves would fetch a cache line for every one that
    /// it compares.
    ids: Vec<PeerId>,
}

impl HostTable {
    /// A table of hosts that are in ascending order of id.
    pub(super) fn new(hosts: Vec<Host>) -> Self {
        let table = Self { ids: hosts.iter().map(Host::id).collect(), hosts };
        table.assert();
        table
    }

    /// The ids of all hosts, in ascending order.
    pub(super) fn ids(&self) -> &[PeerId] {
        &self.ids
    }

    /// Index of the host with an id.
    pub(super) fn index_of(&self, id: PeerId) -> Option<usize> {
        self.ids.binary_search(&id).ok()
    }

    /// Enters a host with an id of its own, and returns its index.
    pub(super) fn insert(&mut self, host: Host) -> usize {
        let index = self.ids.partition_point(|id| *id < host.id());
        self.ids.insert(index, host.id());
        self.hosts.insert(index, host);
        self.assert();
        index
    }

    /// Takes out the host at an index.
    pub(super) fn remove(&mut self, index: usize) -> Host {
        self.ids.remove(index);
        self.hosts.remove(index)
    }

    /// Hosts next to one another, and their ids.
    pub(super) fn part_mut(&mut self, indices: Range<usize>) -> (&mut [Host], &[PeerId]) {
        (&mut self.hosts[indices.clone()], &self.ids[indices])
    }

    /// All hosts in parts of `size`, and their ids.
    pub(super) fn parts_mut(&mut self, size: usize) -> impl Iterator<Item = (&mut [Host], &[PeerId])> {
        self.hosts.chunks_mut(size).zip(self.ids.chunks(size))
    }

    /// Debug builds: ids ascend, and are those of the hosts.
    fn assert(&self) {
        debug_assert!(self.ids.is_sorted_by(|one, other| one < other), "hosts are sorted by id and unique");
        debug_assert!(self.hosts.iter().map(Host::id).eq(self.ids.iter().copied()), "ids are those of hosts");
    }
}

impl Deref for HostTable {
    type Target = [Host];

    fn deref(&self) -> &[Host] {
        &self.hosts
    }
}

impl DerefMut for HostTable {
    fn deref_mut(&mut self) -> &mut [Host] {
        &mut self.hosts
    }
}
