//! Links between peers: loss, delay, latency, duplication, reordering and bandwidth.

use crate::config::knob::declare::{options, section};

section! {
    /// Links between peers: loss, delay, latency, duplication, reordering and bandwidth.
    network: NetworkConfig;

    96 loss (share) = (1 %) "" live
        "Probability that a message is lost, drawn again each time it waits."
    97 delay (share 990_000) = (30 %) "" live
        "Probability that a message waits for the next round, drawn again each round."
    98 latency_min (count 1 1_000) = 1 "ticks" live
        "Minimum latency of a message."
    99 latency_max (count 1 1_000) = 1 "ticks" live
        "Maximum latency of a message, before what distance adds."
    100 same_round_delivery (switch) = on "" live
        "As in the original: replies are delivered in the round of their cause, otherwise in a later one."
    101 latency_shape (choice LatencyShape) = Uniform "" live
        "Distribution of the latency between its bounds."
    102 far_links (choice FarLinks) = None "" live
        "Cause of long links: none, distance on the ring, or a border between regions."
    103 latency_far (count 0 10_000) = 0 "ticks" live
        "Additional latency of the longest links."
    104 regions (count 1 64) = 1 "regions" live
        "Equal arcs into which the ring is divided."
    105 duplication (share) = (0 %) "" live
        "Probability that a message arrives twice, each copy with its own draws."
    106 reordering (share) = (0 %) "" live
        "Probability that a message is held back, so that later ones overtake it."
    107 bandwidth (limit 1_000_000) = none "messages" live
        "Messages that a peer can send in a round, while further ones wait; 0 for any number."
    108 loss_clockwise (share) = (0 %) "" live
        "Additional probability that a clockwise message is lost, which makes links asymmetric."
    109 latency_clockwise (count 0 10_000) = 0 "ticks" live
        "Additional latency of clockwise messages."
    110 airtime (limit 10_000) = none "ticks" restart
        "Time for which a message occupies a shared medium at its receiver, where messages that overlap destroy one another; 0 for links of their own."
    111 arrival_order (choice ArrivalOrder) = Sender "" live
        "Order in which messages of one tick reach a peer: by sender, which favours low ids, or by a hash."
}

options! {
    /// Order in which messages of one tick reach a peer.
    pub enum ArrivalOrder {
        /// By sender and sequence number: the lowest id always comes first.
        Sender = "sender",
        /// By a hash of tick, receiver, sender and sequence number, which favours no peer.
        Hash = "hash",
    }
}

options! {
    /// Distribution of the latency between its bounds.
    pub enum LatencyShape {
        /// Uniform.
        Uniform = "uniform",
        /// Bell-shaped: the mean of four uniform draws.
        Bell = "bell",
        /// Heavy-tailed: each doubling is half as likely.
        HeavyTailed = "heavy-tailed",
    }
}

options! {
    /// Cause of long links.
    pub enum FarLinks {
        /// No link is longer than the others.
        None = "none",
        /// Distance on the ring, in proportion.
        Distance = "distance",
        /// A border between two regions.
        Regions = "regions",
    }
}
