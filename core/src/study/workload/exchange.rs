//! The neutral exchange: what the queue of the kernel takes, without a protocol, to be run beside other
//! simulators.
//!
//! Every node sends to one of its 20 neighbours in each tick; a message takes 1 to 10 ticks, each as likely;
//! the receiver of a request replies once. Each node has its own random stream, as peers have.

use crate::base::digest::{Digest, Fingerprint};
use crate::base::prefetch;
use crate::base::rng::{Purpose, Rng};
use crate::base::time::Tick;
use crate::sim::network::{Bucket, Calendar};

/// Nodes at most.
pub const NODES_MAX: u32 = 8_000_000;
/// Neighbours that a node has, drawn from all others.
pub const NEIGHBORS: u32 = 20;
/// Ticks that a message takes at most.
pub const LATENCY_MAX: u32 = 10;

/// A node's shard is its number without its last bits: what its nodes have fits the caches.
const DISTRICT_BITS: u32 = 16;
/// Messages whose receivers are fetched together, before the first of them gets its own: a processor waits
/// for many cache lines as long as for one.
const TOGETHER: usize = 64;

/// Nodes that exchange messages.
#[derive(Clone, Debug)]
pub struct Exchange {
    now: Tick,
    nodes: Vec<ExchangeNode>,
    neighbors: Vec<[u32; NEIGHBORS as usize]>,
    mail: Calendar<Parcel>,
    delivered: u64,
}

#[derive(Clone, Debug)]
struct ExchangeNode {
    rng: Rng,
    /// Hash of everything received, in order.
    got: u64,
}

/// A message on its way.
#[derive(Clone, Copy, Debug)]
struct Parcel {
    to: u32,
    from: u32,
    /// The tick, as far as 32 bits go.
    sent: u32,
    is_reply: bool,
}

impl Exchange {
    /// An exchange of `nodes` nodes at tick 0: at least 2, at most [`NODES_MAX`].
    #[must_use]
    pub fn new(nodes: u32, seed: u64) -> Self {
        let nodes = nodes.clamp(2, NODES_MAX);
        let node =
            |node: u32| ExchangeNode { rng: Rng::stream(seed, Purpose::Protocol, node.into()), got: 0 };
        Self {
            now: Tick(0),
            nodes: (0..nodes).map(node).collect(),
            neighbors: (0..nodes).map(|node| neighbors(node, nodes, seed)).collect(),
            mail: Calendar::with_shards(shard(nodes - 1) + 1),
            delivered: 0,
        }
    }

    /// Advances by a number of ticks.
    pub fn run(&mut self, ticks: u64) {
        for _ in 0..ticks {
            self.deliver();
            self.send();
            self.now = Tick(self.now.0 + 1);
        }
    }

    fn deliver(&mut self) {
        let mut day = self.mail.open(self.now);
        for chunk in day.buckets().iter_mut().flat_map(Bucket::chunks) {
            self.delivered += chunk.len() as u64;
            for parcels in chunk.chunks(TOGETHER) {
                parcels.iter().for_each(|parcel| self.prefetch(*parcel));
                parcels.iter().for_each(|parcel| self.hand_over(*parcel));
            }
            chunk.clear();
        }
        self.mail.close(day);
    }

    fn prefetch(&self, parcel: Parcel) {
        prefetch::whole(&self.nodes[parcel.to as usize]);
    }

    #[inline]
    fn hand_over(&mut self, Parcel { to, from, sent, is_reply }: Parcel) {
        let node = &mut self.nodes[to as usize];
        node.got = node.got.wrapping_mul(31).wrapping_add(u64::from(from) << 32 | u64::from(sent));
        if !is_reply {
            let reply = Parcel { to: from, from: to, sent: short(self.now), is_reply: true };
            post(&mut self.mail, reply, self.now, &mut node.rng);
        }
    }

    fn send(&mut self) {
        for ((from, node), neighbors) in (0..).zip(&mut self.nodes).zip(&self.neighbors) {
            let to = neighbors[node.rng.below(NEIGHBORS) as usize];
            let request = Parcel { to, from, sent: short(self.now), is_reply: false };
            post(&mut self.mail, request, self.now, &mut node.rng);
        }
    }

    /// Number of nodes.
    #[must_use]
    pub const fn nodes(&self) -> usize {
        self.nodes.len()
    }

    /// Messages delivered so far.
    #[must_use]
    pub const fn delivered(&self) -> u64 {
        self.delivered
    }

    /// Messages on their way.
    #[must_use]
    pub const fn in_flight(&self) -> usize {
        self.mail.len()
    }

    /// The fingerprint of what all nodes got, equal on every target.
    #[must_use]
    pub fn fingerprint(&self) -> Fingerprint {
        let mut digest = Digest::default();
        self.nodes.iter().for_each(|node| digest.number(node.got));
        digest.finish()
    }
}

fn neighbors(node: u32, nodes: u32, seed: u64) -> [u32; NEIGHBORS as usize] {
    let mut rng = Rng::stream(seed, Purpose::Genesis, node.into());
    // Those that follow it by 1 to `nodes` - 1, around.
    [(); NEIGHBORS as usize].map(|()| (node + 1 + rng.below(nodes - 1)) % nodes)
}

#[inline]
fn post(mail: &mut Calendar<Parcel>, parcel: Parcel, now: Tick, rng: &mut Rng) {
    let due = Tick(now.0 + 1 + u64::from(rng.below(LATENCY_MAX)));
    mail.push(due, shard(parcel.to), parcel);
}

const fn shard(node: u32) -> usize {
    (node >> DISTRICT_BITS) as usize
}

#[expect(clippy::cast_possible_truncation, reason = "as far as 32 bits go")]
const fn short(tick: Tick) -> u32 {
    tick.0 as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_request_is_replied_to_once() {
        let mut exchange = Exchange::new(100, 1);
        exchange.run(1_000);
        let requests = 100 * 1_000;
        let all = exchange.delivered() + exchange.in_flight() as u64;
        assert!((2 * requests - 100 * u64::from(LATENCY_MAX)..2 * requests).contains(&all), "{all}");
        assert!(exchange.in_flight() < 200 * LATENCY_MAX as usize);
    }

    #[test]
    fn a_seed_makes_an_exchange() {
        let fingerprint = |seed| {
            let mut exchange = Exchange::new(100, seed);
            exchange.run(100);
            exchange.fingerprint()
        };
        assert_eq!(fingerprint(1), fingerprint(1));
        assert_ne!(fingerprint(1), fingerprint(2));
    }

    #[test]
    fn nobody_is_a_neighbour_of_its_own() {
        for nodes in [2, 3, 50] {
            assert!(
                (0..nodes).all(|node| neighbors(node, nodes, 1)
                    .iter()
                    .all(|other| *other != node && *other < nodes))
            );
        }
    }
}
