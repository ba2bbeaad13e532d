//! Initial peers, the graph of initial contacts, and the contacts of newcomers.

use crate::config::knob::declare::{options, section};

section! {
    /// Initial peers, the graph of initial contacts, and the contacts of newcomers.
    genesis: GenesisConfig;

    8 peers (count 1 100_000) = 30 "peers" restart
        "Peers at tick 0."
    9 topology (choice Topology) = LocalKnowledge "" restart
        "Graph of initial contacts."
    10 known_share (share) = (50 %) "" restart
        "With local-knowledge: share of the peers within reach that a peer knows at the start."
    11 connected_share (share) = (40 %) "" restart
        "Share of the known peers that are Connected at the start."
    12 neighbors (count 1 1_000) = 3 "peers" restart
        "With ring: neighbours known on each side. With random: peers known."
    13 swapped_topology (switch) = on "" restart
        "Bug of the original: Connected and Identified are swapped in the initial graph."
    14 join_contacts (count 0 1_000) = 3 "peers" live
        "Running peers that a newcomer knows."
    15 bootstrap (choice Bootstrap) = Random "" live
        "Source of a newcomer's contacts: random peers, the peers nearest to its id, or one list for all newcomers."
}

options! {
    /// Graph of initial contacts.
    pub enum Topology {
        /// A share of the peers within reach, [`GenesisConfig::known_share`].
        LocalKnowledge = "local-knowledge",
        /// All other peers.
        FullyKnown = "fully-known",
        /// The nearest neighbours on either side, [`GenesisConfig::neighbors`] each.
        Ring = "ring",
        /// Uniformly random peers, [`GenesisConfig::neighbors`] of them.
        Random = "random",
        /// No contacts.
        Isolated = "isolated",
        /// One contact each, a third of the ring away or more, so that a single edge holds the graph
        /// together.
        Chain = "chain",
        /// One peer that all others know and that knows none.
        Star = "star",
    }
}

options! {
    /// Source of a newcomer's first contacts.
    pub enum Bootstrap {
        /// Uniformly random running peers.
        Random = "random",
        /// The running peers nearest to the newcomer's id, as after a completed lookup.
        Nearest = "nearest",
        /// The running peers with the lowest ids: one bootstrap list for all newcomers.
        Listed = "listed",
    }
}
