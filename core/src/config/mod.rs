//! The parameters of the protocol and of the world, one structure for each subsystem.
//!
//! The values here are always valid: the scenario's table of knobs states the ranges and is the only door in.
//! Every rule in which the program of seed 000 deviates from its document is a field of its own, so that its effect
//! can be measured.

pub mod knob;
pub mod preset;

use std::num::NonZeroU32;

use crate::base::ratio::Ratio;

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
    /// How queries travel.
    pub routing: RoutingConfig,
    /// The peer table and the lifecycle.
    pub peers: PeersConfig,
    /// Links between peers.
    pub network: NetworkConfig,
    /// Peers that come and go on their own.
    pub churn: ChurnConfig,
    /// Peers that do not keep to the rules.
    pub adversary: AdversaryConfig,
}

impl Config {
    /// Whether some rule makes use of what peers remember of their dealings with one another: queries, answers, wins.
    #[must_use]
    pub const fn keeps_dealings(&self) -> bool {
        let (election, peers) = (&self.election, &self.peers);
        let hops = matches!(
            election.first_hops,
            FirstHopRule::LeastRecentlyUsed | FirstHopRule::Hybrid | FirstHopRule::Reputable
        );
        let eviction = matches!(
            peers.eviction,
            EvictionRule::Stale | EvictionRule::FewestWins | EvictionRule::Unreliable
        );
        hops || eviction
            || election.reelection_share.millionths() > 0
            || peers.tenure_rounds.is_some()
            || matches!(peers.invitees, InviteeRule::Reputable)
    }

    /// Whether some rule makes use of how often peers were not there.
    #[must_use]
    pub const fn counts_absences(&self) -> bool {
        matches!(self.election.agenda, TargetPolicy::Needs) || self.peers.unanswered_is_absent
    }

    /// Whether some rule makes use of the tokens that peers come across.
    #[must_use]
    pub const fn keeps_samples(&self) -> bool {
        matches!(self.election.agenda, TargetPolicy::Samples)
    }

    /// Whether some rule makes use of how well peers have served one another.
    #[must_use]
    pub const fn keeps_scores(&self) -> bool {
        let peers = &self.peers;
        matches!(self.election.first_hops, FirstHopRule::Quality)
            || matches!(peers.eviction, EvictionRule::Quality)
            || matches!(peers.invitees, InviteeRule::Quality)
            || peers.quality_floor.millionths() > 0
            || peers.invitation_limit.is_some()
    }
}

/// How time is divided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimeConfig {
    /// Ticks in a round, at least 1.
    pub ticks_per_round: u32,
    /// How long a round would take outside, in milliseconds: a label that turns rounds into seconds in reports.
    pub round_ms: u32,
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
    /// How a newcomer has heard of them.
    pub bootstrap: Bootstrap,
}

/// How a newcomer comes to know its first contacts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bootstrap {
    /// By chance: any running peers.
    Random,
    /// By a search that ends where it will live: the running peers nearest to it.
    Nearest,
    /// From a list that all newcomers have: the running peers with the lowest ids.
    Listed,
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
    /// One other each, a good third of the ring away, so that what is known hangs together by a thread.
    Chain,
    /// One peer that all others know and that knows nobody.
    Star,
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
    /// Tokens that the reach of a peer spans at least, however many peers there are.
    pub view_min: u32,
    /// The share of its mappings in which a peer is behind and holds the block before the present one.
    pub stale_share: Ratio,
    /// The share of all tokens to which two blocks lay claim: half of the peers, by their ids, hold the one.
    pub conflict_share: Ratio,
    /// As before seed 000's correction: the tokens that are ids of peers map to block 0.
    pub zero_id_blocks: bool,
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
    /// As `Strict`, without a look at the challenger's own store, which may be out of date.
    Structural,
}

/// Elections (seed 001, "Configuration").
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a switch of its own, so that its effect can be measured"
)]
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
    /// Whom an election asks first.
    pub first_hops: FirstHopRule,
    /// What a second answer on a channel brings about.
    pub duplicates: DuplicateRule,
    /// As shipped: a referral on a channel that has an answer takes the answer back.
    pub referral_drops_answer: bool,
    /// Rounds from one start of elections to the next, at least 1.
    pub interval_rounds: u32,
    /// What elections are held on.
    pub agenda: TargetPolicy,
    /// The share of new elections that verify a Connected peer again (seed 001, "Continuous Re-Election").
    pub reelection_share: Ratio,
    /// Which two clusters are a split brain.
    pub splits: SplitRule,
    /// Whether a peer that has what it wants holds an election only every `idle_interval_rounds`.
    pub adaptive_rate: bool,
    /// `adaptive_rate`: rounds between two elections of a peer that has what it wants, at least 1.
    pub idle_interval_rounds: u32,
    /// Whether a peer demands more agreement while its elections succeed and less while they fail.
    pub adaptive_threshold: bool,
    /// Rounds for which the result of an election stands: none is held on its token again (seed 000, "Forward Plan").
    pub cache_rounds: Option<NonZeroU32>,
}

/// Whom an election asks first (seed 001, "Peer Selection for Channels").
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FirstHopRule {
    /// The known peers nearest to the token.
    Closest,
    /// Uniformly random known peers.
    Random,
    /// Known peers far apart from one another, beginning at the token.
    Distant,
    /// The known peers that were asked longest ago.
    LeastRecentlyUsed,
    /// Peers far apart from one another that have not been asked lately, beginning at a random place.
    Hybrid,
    /// Of the peers near the token, those that have answered most reliably.
    Reputable,
    /// Of the nearest ones, those that have served best.
    Quality,
}

/// What a second answer on a channel brings about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DuplicateRule {
    /// As shipped: the channel is blocked, and its first answer no longer counts.
    BlockChannel,
    /// As V2.0 of the election has it: the peer is blocked as well, and with it all its answers in this election. So
    /// is a peer whose proof is wrong.
    BlockPeer,
    /// Nothing: the first answer counts.
    FirstCounts,
}

/// Which two clusters, the larger of which is not decisive, are a split brain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SplitRule {
    /// As shipped: any two, even where they share members.
    AnyTwo,
    /// Two without a common member.
    Disjoint,
    /// Two that map a token to different blocks. Others have only looked in different places.
    Contradicting,
}

/// What elections are held on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TargetPolicy {
    /// As in seed 000: on tokens that the peer has come across, and on random ones where there are too few.
    Samples,
    /// On what the peer lacks: neighbours on the ring, then connections, then news.
    Needs,
}

/// How queries travel (seed 001, "Query Forwarding Strategy").
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RoutingConfig {
    /// What a peer does with a query.
    pub strategy: RoutingRule,
    /// How the answer to a forwarded query reaches the one who asked.
    pub answers: ReturnRule,
    /// `RoutingRule::Broadcast`: peers to which a query is passed on.
    pub fanout: u32,
    /// Peers that pass a query on at most.
    pub time_to_live: u32,
    /// Whether a peer that knows only one other to ask refers to that one; as shipped it takes two.
    pub single_referrals: bool,
    /// As shipped: the proof in answer to a forwarded query is bound to the last forwarder, not to the one who asked.
    pub forwarder_bound: bool,
}

/// What a peer does with a query.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RoutingRule {
    /// It answers, or names two peers that its sender may ask.
    Referral,
    /// It passes the query on to a peer nearer to the token, and answers only where it knows none.
    Greedy,
    /// It answers, or passes the query on to a random peer.
    RandomWalk,
    /// It answers where it can, and passes the query on to several peers.
    Broadcast,
    /// It answers, or passes the query on to the nearest peer to the token.
    LocalThenForward,
    /// As `LocalThenForward` for those with whom it is Connected, as `Referral` for all others.
    ForwardForConnected,
}

/// How the answer to a forwarded query reaches the one who asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReturnRule {
    /// It is sent there.
    Direct,
    /// It goes back through all who have passed the query on.
    Retrace,
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
    /// Connected peers above which one is demoted.
    pub connected_budget: u32,
    /// Who is demoted above the budget.
    pub eviction: EvictionRule,
    /// Connected peers that a peer wants; it does not strive for more.
    pub connected_target: Option<NonZeroU32>,
    /// The nearest known peers on each side that a peer wants to be Connected with, and keeps.
    pub core_neighbors: u32,
    /// Rounds after which a Connected peer that has not won an election again is demoted.
    pub tenure_rounds: Option<NonZeroU32>,
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
    /// As shipped: the proof of an invitation is not looked at.
    pub unverified_invitations: bool,
    /// Which invitations of strangers are taken up.
    pub acceptance: AcceptanceRule,
    /// Which Identified peers are invited each round.
    pub invitees: InviteeRule,
    /// Whether an invitation that makes a connection, or meets one, is answered with one, so that both sides know.
    pub handshake: bool,
    /// Whether those who ask become known.
    pub learn_askers: bool,
    /// The share of random tokens that are taken from the middle of the largest gap between Connected peers (seed
    /// 001, "Ring coverage metrics").
    pub coverage_bias: Ratio,
    /// Whether a peer lets the others know when it leaves, or drops a connection of its own accord.
    pub goodbyes: bool,
    /// Wrong or contradicted proofs of a peer at which it is taken for a cheat and forgotten.
    pub suspicion: Option<NonZeroU32>,
    /// Rounds without a fault after which one is forgiven, and in which bad service has not been seen, after which a peer
    /// begins anew.
    pub forgiveness_rounds: Option<NonZeroU32>,
    /// The share of what is usual below which a peer has served so badly that no connection with it is wanted.
    pub quality_floor: Ratio,
    /// Invitations of a peer within a hundred rounds above which each is a fault.
    pub invitation_limit: Option<NonZeroU32>,
    /// Whether a neighbour that has lately proved its storage in an invitation is invited back even where no election
    /// on it elects it, as long as nobody contradicts it.
    pub neighbors_by_proof: bool,
    /// Whether a peer that leaves an invitation unanswered has been absent as from an election on its id, and is invited
    /// again only once it was elected or has sent something: any message shows that a peer is there.
    pub unanswered_is_absent: bool,
    /// Split brains within a hundred rounds at which a peer raises the alarm (seed 001, "Split-brain alerting").
    pub split_alarm: Option<NonZeroU32>,
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
    /// Only the first half of `Reciprocal`: from a Pending peer it makes the peer Connected; elections stay mute.
    OnlyPromoting,
    /// Only the second half of `Reciprocal`: it opens elections, and never makes anybody Connected.
    OnlyExamining,
}

/// Who is demoted above the budget of Connected peers (seed 001, `evict_worst_peer`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EvictionRule {
    /// A uniformly random one.
    Random,
    /// As shipped: the lowest id, because the quality of all is the same.
    LowestId,
    /// The one that has not won an election for the longest time.
    Stale,
    /// The one with the fewest wins.
    FewestWins,
    /// The one whose neighbours on the ring, among the Connected ones, are nearest to it.
    Redundant,
    /// The one that has answered least reliably.
    Unreliable,
    /// The one that has served worst; among Identified peers above their capacity, too.
    Quality,
}

/// Which invitations of strangers are taken up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AcceptanceRule {
    /// As in seed 000: the farther their sender, the likelier they are declined.
    ByDistance,
    /// Those of neighbours on the ring always, all others as long as there is room.
    ByNeed,
}

/// Which Identified peers are invited each round.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InviteeRule {
    /// As in seed 000: uniformly random ones.
    Random,
    /// The nearest ones.
    Nearest,
    /// Those that have answered most reliably.
    Reputable,
    /// Those that have served best.
    Quality,
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
    /// Ticks that a message travels, at most, before what distance adds.
    pub latency_max: u32,
    /// As shipped: replies are delivered in the round of their cause. Otherwise a message arrives in a later round
    /// than it was sent in.
    pub same_round_delivery: bool,
    /// How the time of travel is distributed between its bounds.
    pub latency_shape: LatencyShape,
    /// What makes a link long.
    pub far_links: FarLinks,
    /// Ticks that the longest links add to the time of travel.
    pub latency_far: u32,
    /// Equal arcs into which the ring is divided, for `FarLinks::Regions`.
    pub regions: u32,
    /// The probability that a message arrives twice, each time with a luck of its own.
    pub duplication: Ratio,
    /// The probability that a message is held back for a while, so that later ones overtake it.
    pub reordering: Ratio,
    /// Messages that a peer can send in a round; further ones wait for the next rounds.
    pub bandwidth: Option<NonZeroU32>,
    /// The probability that a message is lost in addition on its way clockwise: links are not the same both ways.
    pub loss_clockwise: Ratio,
    /// Ticks that the way clockwise takes in addition.
    pub latency_clockwise: u32,
}

/// How the time of travel is distributed between its bounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LatencyShape {
    /// All times are equally likely.
    Uniform,
    /// Those in the middle are the likeliest: the mean of four uniform ones.
    Bell,
    /// Most are short and a few are long: each doubling is half as likely.
    HeavyTailed,
}

/// What makes a link long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FarLinks {
    /// Nothing: all are the same.
    None,
    /// The distance on the ring, in proportion.
    Distance,
    /// That it leads from one region into another.
    Regions,
}

/// Peers that come and go on their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChurnConfig {
    /// Peers that arrive in a thousand rounds, on average and independently of one another.
    pub arrivals: u32,
    /// How long peers stay.
    pub sessions: SessionRule,
    /// Rounds that a peer stays, on average.
    pub session_rounds: u32,
    /// The share of departures after which the peer returns with the state it had.
    pub return_share: Ratio,
    /// Rounds that such a peer is away, on average.
    pub absence_rounds: u32,
    /// The share of the other departures that are announced with a goodbye.
    pub goodbye_share: Ratio,
}

/// How long peers stay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SessionRule {
    /// For ever.
    Endless,
    /// However long a peer has stayed, it is as likely to leave as any other.
    Exponential,
    /// Weibull's distribution of shape 1/2: many leave at once, and who has stayed long stays longer.
    Weibull,
    /// Pareto's distribution of shape 2: nobody leaves at once, and a few stay very long.
    HeavyTailed,
}

/// What befalls the tokens that a peer stores.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StorageFault {
    /// They are gone.
    Lost,
    /// The peer has the block before the present one.
    Stale,
    /// The peer believes in another block, the same one as all to whom this happens.
    Conflicting,
}

/// Peers that do not keep to the rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AdversaryConfig {
    /// The share of the first peers that are adversaries.
    pub share: Ratio,
    /// What they do.
    pub conduct: Behavior,
    /// The round in which they begin: until then they are honest.
    pub from_round: u32,
}

/// What a peer does: an adversary breaks one rule and keeps all others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Behavior {
    /// It keeps all rules.
    Honest,
    /// It neither answers nor refers.
    Withholder,
    /// It stores nothing but its own id, and lives on what others store.
    FreeRider,
    /// It answers every query with a proof that it invents.
    Forger,
    /// As a forger, with inventions on which all such peers agree.
    Colluder,
    /// It answers with proofs of other peers that it has seen.
    Replayer,
    /// It answers everything twice, which blocks the channel.
    Duplicator,
    /// It answers, and passes the query on to others: whose answer comes second is taken for a cheat.
    Framer,
    /// It gives each asker another block for the same token.
    Equivocator,
    /// It refers everybody to its accomplices.
    Poisoner,
    /// It invites all peers that it knows, in every round.
    Flooder,
    /// It refers to accomplices, answers in concert with them, and courts whomever it can.
    Eclipser,
}

impl Behavior {
    /// The word for it, as in scenarios.
    #[must_use]
    pub const fn name(self) -> &'static str {
        Self::OPTIONS[self as usize]
    }
}
