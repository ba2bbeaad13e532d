//! A hand-written timing wheel for the exchange: the reference for the kernel's queue.

use ringside_core::base::rng::{Purpose, Rng};
use ringside_core::study::workload::exchange::{LATENCY_MAX, NEIGHBORS};

/// Number of slots: the power of two above the longest latency, for a cheap remainder.
const SLOTS: u32 = 16;

#[derive(Clone, Copy, Debug)]
struct Parcel {
    to: u32,
    from: u32,
    sent: u32,
    is_reply: bool,
}

/// A timing wheel of plain vectors.
#[derive(Clone, Debug)]
pub(crate) struct Wheel {
    now: u32,
    nodes: Vec<(Rng, u64)>,
    neighbors: Vec<[u32; NEIGHBORS as usize]>,
    slots: Vec<Vec<Parcel>>,
    delivered: u64,
}

impl Wheel {
    pub(crate) fn new(nodes: u32, seed: u64) -> Self {
        let node = |node: u32| (Rng::stream(seed, Purpose::Protocol, node.into()), 0);
        let neighbors = |node: u32| {
            let mut rng = Rng::stream(seed, Purpose::Genesis, node.into());
            [(); NEIGHBORS as usize].map(|()| (node + 1 + rng.below(nodes - 1)) % nodes)
        };
        Self {
            now: 0,
            nodes: (0..nodes).map(node).collect(),
            neighbors: (0..nodes).map(neighbors).collect(),
            slots: (0..SLOTS).map(|_| Vec::new()).collect(),
            delivered: 0,
        }
    }

    pub(crate) fn run(&mut self, ticks: u32) {
        (0..ticks).for_each(|_| self.tick());
    }

    fn tick(&mut self) {
        let now = self.now;
        let mut due = std::mem::take(&mut self.slots[(now % SLOTS) as usize]);
        self.delivered += due.len() as u64;
        for Parcel { to, from, sent, is_reply } in due.drain(..) {
            let (rng, got) = &mut self.nodes[to as usize];
            *got = got.wrapping_mul(31).wrapping_add(u64::from(from) << 32 | u64::from(sent));
            if !is_reply {
                let slot = (now + 1 + rng.below(LATENCY_MAX)) % SLOTS;
                self.slots[slot as usize].push(Parcel { to: from, from: to, sent: now, is_reply: true });
            }
        }
        self.slots[(now % SLOTS) as usize] = due;
        for ((from, (rng, _)), neighbors) in (0..).zip(&mut self.nodes).zip(&self.neighbors) {
            let to = neighbors[rng.below(NEIGHBORS) as usize];
            let slot = (now + 1 + rng.below(LATENCY_MAX)) % SLOTS;
            self.slots[slot as usize].push(Parcel { to, from, sent: now, is_reply: false });
        }
        self.now += 1;
    }

    pub(crate) const fn delivered(&self) -> u64 {
        self.delivered
    }
}
