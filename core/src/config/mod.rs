//! The parameters of the protocol and of the world, one structure for each subsystem.
//!
//! The values here are always valid: the scenario's table of knobs states the ranges and is the only door in.
//! Every rule in which the program of seed 000 deviates from its document is a field of its own, so that its effect
//! can be measured.

pub mod knob;

use crate::rng::Ratio;

/// Everything that shapes a run besides its seed and its commands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// How time is divided.
    pub time: TimeConfig,
    /// Who exists at the start and who knows whom.
    pub genesis: GenesisConfig,
    /// The tokens and who holds which.
    pub tokens: TokenConfig,
    /// Elections.
    pub election: ElectionConfig,
    /// The peer table and the lifecycle.
    pub peers: PeersConfig,
    /// Links between peers.
    pub network: NetworkConfig,
}

/// How time is divided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimeConfig {
    /// Ticks in a round, at least 1.
    pub ticks_per_round: u32,
}

/// Who exists at the start and who knows whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GenesisConfig {
    /// Peers at tick 0.
    pub peers: u32,
    /// Who knows whom at tick 0.
    pub topology: Topology,
    /// `Topology::LocalKnowledge`: the share of the peers within reach that a peer knows.
    pub known_share: Ratio,
    /// The share of the known peers that start out as Connected.
    pub connected_share: Ratio,
    /// `Topology::Ring`: neighbours known on each side; `Topology::Random`: peers known.
    pub neighbors: u32,
    /// As shipped: Connected and Identified are swapped when the topology is laid out.
    pub swapped_topology: bool,
    /// Running peers that a newcomer has heard of.
    pub join_contacts: u32,
}

/// Who knows whom at the start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Topology {
    /// Some of the peers within reach.
    LocalKnowledge,
    /// Everybody.
    FullyKnown,
    /// The nearest neighbours on either side.
    Ring,
    /// Uniformly random peers.
    Random,
    /// Nobody.
    Isolated,
}

/// The tokens and who holds which.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TokenConfig {
    /// Tokens in the universe besides the ids of the first peers.
    pub total: u32,
    /// The share of the tokens within its reach that a peer holds.
    pub coverage: Ratio,
    /// How many neighbours' arcs a peer's reach spans: the reach is 1.2 times this many mean gaps, to each side.
    pub neighbor_overlap: u32,
    /// As shipped: the computation of the reach saturates at 64 bits, which makes it a tenth of the ring.
    pub saturated_width: bool,
    /// How the tokens of a proof are looked for.
    pub search: SearchRule,
    /// How closely a proof is looked at.
    pub verification: VerificationRule,
}

/// How the tokens of a proof are looked for around the challenged token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SearchRule {
    /// As shipped: upward to the end of the numbers, then what is missing downward to zero; never across the origin.
    OneWaySpill,
    /// Both directions go on across the origin.
    RingWrap,
}

/// How closely a proof is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VerificationRule {
    /// As shipped: only the suffixes have to fit, so that a proof can be invented.
    Weak,
    /// The tokens must also be different ones, in the order in which an honest search meets them on either side of
    /// the challenged token, and their blocks those that the challenger has stored itself.
    Strict,
}

/// Elections (seed 001, "Configuration").
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ElectionConfig {
    /// Elections that a peer starts each round.
    pub per_round: u32,
    /// Mappings of ten on which two answers must agree.
    pub consensus_threshold: u32,
    /// Answers that make a cluster.
    pub min_cluster_size: u32,
    /// Channels that may be open at a time.
    pub max_channels: u32,
    /// The share of the answers that makes the largest cluster decisive.
    pub majority_threshold: Ratio,
    /// Rounds after which an undecided election is given up.
    pub timeout_rounds: u32,
    /// Rounds before which an election is not decided.
    pub min_collection_rounds: u32,
    /// Channels opened at the start.
    pub channels: u32,
    /// Nearest known peers from which the first hops are taken.
    pub candidates: u32,
    /// Whether the next nearest peers take the places of first hops that cannot be asked; as shipped nobody does.
    pub replace_candidates: bool,
    /// As shipped: the first query goes to the challenged token itself, as if it were a peer.
    pub token_as_first_hop: bool,
    /// Whether chains of referrals end.
    pub referrals: ReferralRule,
    /// `ReferralRule::Bounded`: referrals in one chain.
    pub max_hops: u32,
}

/// Whether chains of referrals end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReferralRule {
    /// As shipped: they may go on for ever and come back to a peer that has already referred.
    Unbounded,
    /// They end after [`ElectionConfig::max_hops`], and never lead back to a peer that the election has asked.
    Bounded,
}

/// The peer table and the lifecycle (seed 000, "Parameters Requiring Tuning").
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a switch of its own, so that its effect can be measured"
)]
pub struct PeersConfig {
    /// Identified peers that are remembered.
    pub identified_capacity: u32,
    /// Tokens that are remembered for elections to come.
    pub sample_capacity: u32,
    /// As shipped: a full sample pool turns newcomers away, so that it freezes on early samples.
    pub frozen_samples: bool,
    /// Connected peers above which the worst one is demoted after a win.
    pub connected_budget: u32,
    /// Rounds after which an unanswered invitation is withdrawn.
    pub pending_timeout_rounds: u32,
    /// Rounds of silence after which a connection is given up.
    pub connection_timeout_rounds: u32,
    /// Whether Connected peers are dropped with a probability that grows with their distance, every round.
    pub distance_pruning: bool,
    /// Rounds for which a new connection is safe from pruning.
    pub prune_protection_rounds: u32,
    /// Identified peers that are invited each round.
    pub invitations_per_round: u32,
    /// Rounds between two elections that invitations of the same peer may start.
    pub invitation_cooldown_rounds: u32,
    /// What an invitation brings about.
    pub invitations: InvitationRule,
    /// Whether a Connected peer's messages keep the connection alive.
    pub keepalive: bool,
    /// As shipped: referrals that nobody asked for still make peers known.
    pub unsolicited_referrals: bool,
    /// Whether the search for the nearest known peers goes on across the origin; as shipped it does not.
    pub wrapping_lookup: bool,
}

/// What an invitation brings about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InvitationRule {
    /// As shipped: its proof is not checked, it never promotes anybody, and the election it starts asks nobody.
    Mute,
    /// Its proof is verified; from a Pending peer it is the reciprocal one, which makes the peer Connected; from an
    /// Identified or unknown peer it opens an election on that peer, with the invitation as the first answer.
    Reciprocal,
}

/// Links between peers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NetworkConfig {
    /// The probability that a message is lost, drawn anew each time it waits.
    pub loss: Ratio,
    /// The probability that a message waits for the next round, drawn anew each round.
    pub delay: Ratio,
    /// Ticks that a message travels, at least.
    pub latency_min: u32,
    /// Ticks that a message travels, at most.
    pub latency_max: u32,
    /// As shipped: replies are delivered in the round of their cause. Otherwise a message arrives in a later round
    /// than it was sent in.
    pub same_round_delivery: bool,
}
