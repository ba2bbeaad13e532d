//! The knobs themselves. Codes, and the order of a choice's options, are written into links and must never change.

use std::num::NonZeroU32;

use super::{Kind, Knob};
use crate::base::id::PeerId;
use crate::base::ratio::Ratio;
use crate::base::time::Direction;
use crate::config::{
    AcceptanceRule, Behavior, Bootstrap, DuplicateRule, EvictionRule, FarLinks, FirstHopRule, InvitationRule,
    InviteeRule, LatencyShape, ReferralRule, ReturnRule, RoutingRule, SearchRule, SessionRule, SplitRule,
    StorageFault, TargetPolicy, Topology, VerificationRule,
};

/// A type of field in [`Config`] or in a command, as a number.
pub trait Field: Copy {
    /// The number.
    fn raw(self) -> u64;
    /// The field with this number, or the nearest there is.
    fn from_raw(raw: u64) -> Self;
}

impl Field for u32 {
    fn raw(self) -> u64 {
        self.into()
    }

    fn from_raw(raw: u64) -> Self {
        Self::try_from(raw).unwrap_or(Self::MAX)
    }
}

impl Field for NonZeroU32 {
    fn raw(self) -> u64 {
        self.get().into()
    }

    fn from_raw(raw: u64) -> Self {
        Self::new(u32::from_raw(raw)).unwrap_or(Self::MIN)
    }
}

impl Field for PeerId {
    fn raw(self) -> u64 {
        self.get()
    }

    fn from_raw(raw: u64) -> Self {
        Self::new(raw)
    }
}

/// Nothing is 0 outside.
impl Field for Option<NonZeroU32> {
    fn raw(self) -> u64 {
        self.map_or(0, NonZeroU32::get).into()
    }

    fn from_raw(raw: u64) -> Self {
        NonZeroU32::new(u32::from_raw(raw))
    }
}

impl Field for Ratio {
    fn raw(self) -> u64 {
        self.millionths().into()
    }

    fn from_raw(raw: u64) -> Self {
        Self::from_millionths(u32::from_raw(raw))
    }
}

impl Field for bool {
    fn raw(self) -> u64 {
        self.into()
    }

    fn from_raw(raw: u64) -> Self {
        raw != 0
    }
}

macro_rules! choices {
    ($type:ident: $first:ident $first_name:literal $(, $variant:ident $name:literal)*) => {
        impl $type {
            /// The names of the options, in the order of their numbers in links.
            pub const OPTIONS: &[&str] = &[$first_name $(, $name)*];
        }

        impl Field for $type {
            fn raw(self) -> u64 {
                let all = [Self::$first $(, Self::$variant)*];
                all.iter().position(|option| *option == self).unwrap_or_default() as u64
            }

            fn from_raw(raw: u64) -> Self {
                let all = [Self::$first $(, Self::$variant)*];
                all.into_iter().find(|option| option.raw() == raw).unwrap_or(Self::$first)
            }
        }
    };
}

choices!(Topology: LocalKnowledge "local-knowledge", FullyKnown "fully-known", Ring "ring", Random "random",
    Isolated "isolated", Chain "chain", Star "star");
choices!(Bootstrap: Random "random", Nearest "nearest", Listed "listed");
choices!(SearchRule: OneWaySpill "one-way-spill", RingWrap "ring-wrap");
choices!(VerificationRule: Weak "weak", Strict "strict", Structural "structural");
choices!(ReferralRule: Unbounded "unbounded", Bounded "bounded");
choices!(InvitationRule: Mute "mute", Reciprocal "reciprocal", OnlyPromoting "only-promoting",
    OnlyExamining "only-examining");
choices!(FirstHopRule: Closest "closest", Random "random", Distant "distant",
    LeastRecentlyUsed "least-recently-used", Hybrid "hybrid", Reputable "reputable", Quality "quality");
choices!(DuplicateRule: BlockChannel "block-channel", BlockPeer "block-peer", FirstCounts "first-counts");
choices!(SplitRule: AnyTwo "any-two", Disjoint "disjoint", Contradicting "contradicting");
choices!(TargetPolicy: Samples "samples", Needs "needs");
choices!(RoutingRule: Referral "referral", Greedy "greedy", RandomWalk "random-walk", Broadcast "broadcast",
    LocalThenForward "local-then-forward", ForwardForConnected "forward-for-connected");
choices!(ReturnRule: Direct "direct", Retrace "retrace");
choices!(EvictionRule: Random "random", LowestId "lowest-id", Stale "stale", FewestWins "fewest-wins",
    Redundant "redundant", Unreliable "unreliable", Quality "quality");
choices!(StorageFault: Lost "lost", Stale "stale", Conflicting "conflicting");
choices!(Direction: Ahead "ahead", Behind "behind");
choices!(LatencyShape: Uniform "uniform", Bell "bell", HeavyTailed "heavy-tailed");
choices!(FarLinks: None "none", Distance "distance", Regions "regions");
choices!(SessionRule: Endless "endless", Exponential "exponential", Weibull "weibull", HeavyTailed "heavy-tailed");
choices!(Behavior: Honest "honest", Withholder "withholder", FreeRider "free-rider", Forger "forger",
    Colluder "colluder", Replayer "replayer", Duplicator "duplicator", Framer "framer",
    Equivocator "equivocator", Poisoner "poisoner", Flooder "flooder", Eclipser "eclipser");
choices!(AcceptanceRule: ByDistance "by-distance", ByNeed "by-need");
choices!(InviteeRule: Random "random", Nearest "nearest", Reputable "reputable", Quality "quality");

macro_rules! kind {
    (count $min:literal $max:literal) => {
        Kind::Count { min: $min, max: $max }
    };
    (share) => {
        Kind::Share { max: Ratio::ONE }
    };
    (share $millionths:literal) => {
        Kind::Share { max: Ratio::from_millionths($millionths) }
    };
    (switch) => {
        Kind::Switch
    };
    (choice $type:ident) => {
        Kind::Choice { options: $type::OPTIONS }
    };
}

macro_rules! knobs {
    ($($code:literal $section:ident.$name:ident ($($kind:tt)+) $unit:literal $live:literal $meaning:literal)+) => {
        /// All knobs, in the order of [`Config`].
        pub static KNOBS: &[Knob] = &[$(Knob {
            code: $code,
            path: concat!(stringify!($section), ".", stringify!($name)),
            kind: kind!($($kind)+),
            unit: $unit,
            meaning: $meaning,
            live: $live,
            get: |config| config.$section.$name.raw(),
            set: |config, raw| config.$section.$name = Field::from_raw(raw),
        }),+];
    };
}

// Code, field, kind, unit, live, meaning. Every section has room for more codes below 128, which take one byte.
knobs! {
    1 time.ticks_per_round (count 1 1_000) "ticks" false
        "Ticks in a round. With many, undelayed messages pass back and forth several times within a round."
    2 time.round_ms (count 1 3_600_000) "ms" true
        "What a round stands for outside: turns rounds into seconds in reports, and changes nothing else."

    8 genesis.peers (count 1 100_000) "peers" false
        "Peers that exist at the start."
    9 genesis.topology (choice Topology) "" false
        "Who knows whom at the start."
    10 genesis.known_share (share) "" false
        "With local-knowledge: the share of the peers within reach that a peer knows at the start."
    11 genesis.connected_share (share) "" false
        "The share of the known peers that are Connected at the start."
    12 genesis.neighbors (count 1 1_000) "peers" false
        "With ring: neighbours known on each side. With random: peers known."
    13 genesis.swapped_topology (switch) "" false
        "As shipped: Connected and Identified are swapped when the start is laid out."
    14 genesis.join_contacts (count 0 1_000) "peers" true
        "Running peers that a newcomer has heard of."
    15 genesis.bootstrap (choice Bootstrap) "" true
        "How a newcomer has heard of them: by chance, as the nearest to its place, or from a list that all have."

    24 tokens.total (count 0 2_000_000) "tokens" false
        "Tokens in the universe, besides the ids of the first peers."
    25 tokens.coverage (share) "" false
        "The share of the tokens within its reach that a peer holds."
    26 tokens.neighbor_overlap (count 1 1_000) "peers" false
        "How many neighbours' arcs a peer's reach spans."
    27 tokens.saturated_width (switch) "" false
        "As shipped: the computation of the reach overflows, which cuts wide reaches to a tenth of the ring."
    28 tokens.search (choice SearchRule) "" true
        "How the tokens of a proof are looked for: stopping at the origin, as shipped, or across it."
    29 tokens.verification (choice VerificationRule) "" true
        "How closely a proof is looked at: only its suffixes, as shipped, or also order, sides, duplicates and own blocks."
    30 tokens.view_min (count 0 2_000_000) "tokens" false
        "Tokens that the reach of a peer spans at least, however many peers there are."
    31 tokens.stale_share (share) "" true
        "The share of its mappings in which a peer is behind, with the block before the present one."
    32 tokens.conflict_share (share) "" true
        "The share of tokens to which two blocks lay claim, each held by half of the peers."
    33 tokens.zero_id_blocks (switch) "" false
        "As before the published correction: the tokens that are ids of peers map to block 0."

    40 election.per_round (count 0 100) "elections" true
        "Elections that a peer starts each round."
    41 election.consensus_threshold (count 1 10) "mappings" true
        "Mappings of ten on which two answers must agree."
    42 election.min_cluster_size (count 1 16) "answers" true
        "Answers in agreement that can win an election."
    43 election.max_channels (count 1 16) "channels" true
        "Channels of an election that may be open at a time."
    44 election.majority_threshold (share) "" true
        "The share of all answers that makes the largest cluster decisive."
    45 election.timeout_rounds (count 1 100_000) "rounds" true
        "Rounds after which an undecided election is given up."
    46 election.min_collection_rounds (count 0 100_000) "rounds" true
        "Rounds before which an election is not decided."
    47 election.channels (count 1 16) "channels" true
        "Channels that an election opens at its start."
    48 election.candidates (count 1 64) "peers" true
        "Nearest known peers from which the first hops of an election are taken."
    49 election.token_as_first_hop (switch) "" true
        "As shipped: the first query goes to the challenged token itself, as if it were a peer."
    50 election.referrals (choice ReferralRule) "" true
        "Whether chains of referrals may go on for ever, as shipped, or end and never lead back."
    51 election.max_hops (count 1 1_000) "hops" true
        "With bounded referrals: referrals in one chain."
    52 election.replace_candidates (switch) "" true
        "Whether the next nearest peers take the places of first hops that cannot be asked; as shipped nobody does."
    53 election.first_hops (choice FirstHopRule) "" true
        "Whom an election asks first."
    54 election.duplicates (choice DuplicateRule) "" true
        "What a second answer on a channel does: block the channel, as shipped, block its sender too, or nothing."
    55 election.referral_drops_answer (switch) "" true
        "As shipped: a referral on a channel that has an answer takes the answer back."
    56 election.interval_rounds (count 1 100_000) "rounds" true
        "Rounds from one start of elections to the next."
    57 election.agenda (choice TargetPolicy) "" true
        "What elections are held on: sampled and random tokens, or what the peer lacks."
    58 election.reelection_share (share) "" true
        "The share of new elections that verify a Connected peer again."
    59 election.splits (choice SplitRule) "" true
        "Which two clusters are a split brain: any two, as shipped, disjoint ones, or only those that contradict."
    60 election.adaptive_rate (switch) "" true
        "Whether a peer that has what it wants holds fewer elections."
    61 election.idle_interval_rounds (count 1 100_000) "rounds" true
        "With an adaptive rate: rounds between two elections of a peer that has what it wants."
    62 election.adaptive_threshold (switch) "" true
        "Whether a peer demands more agreement while its elections succeed, and less while they fail."
    63 election.cache_rounds (count 0 100_000) "rounds" true
        "Rounds for which no further election is held on the same token; 0 for none."

    64 peers.identified_capacity (count 1 100_000) "peers" true
        "Identified peers that a peer remembers."
    65 peers.sample_capacity (count 1 100_000) "tokens" true
        "Tokens that a peer remembers for elections to come."
    66 peers.frozen_samples (switch) "" true
        "As shipped: a full memory of tokens turns new ones away."
    67 peers.connected_budget (count 1 100_000) "peers" true
        "Connected peers above which one is demoted."
    68 peers.pending_timeout_rounds (count 1 1_000_000) "rounds" true
        "Rounds after which an unanswered invitation is withdrawn."
    69 peers.connection_timeout_rounds (count 1 1_000_000) "rounds" true
        "Rounds of silence after which a connection is given up."
    70 peers.distance_pruning (switch) "" true
        "Whether Connected peers are dropped every round with a probability that grows with their distance."
    71 peers.prune_protection_rounds (count 0 1_000_000) "rounds" true
        "Rounds for which a new connection is safe from pruning."
    72 peers.invitations_per_round (count 0 100) "invitations" true
        "Identified peers that a peer invites each round."
    73 peers.invitation_cooldown_rounds (count 0 1_000_000) "rounds" true
        "Rounds between two elections that invitations of the same peer may start."
    74 peers.invitations (choice InvitationRule) "" true
        "What an invitation brings about: nothing but an empty election, as shipped, or a connection that both have earned."
    75 peers.keepalive (switch) "" true
        "Whether a Connected peer's messages keep the connection alive."
    76 peers.unsolicited_referrals (switch) "" true
        "As shipped: referrals that nobody asked for still make peers known."
    77 peers.wrapping_lookup (switch) "" true
        "Whether the search for the nearest known peers goes on across the origin; as shipped it does not."
    78 peers.unverified_invitations (switch) "" true
        "As shipped: the proof of an invitation is not looked at."
    79 peers.eviction (choice EvictionRule) "" true
        "Who is demoted above the budget of Connected peers; as shipped the lowest id."
    80 peers.tenure_rounds (count 0 1_000_000) "rounds" true
        "Rounds after which a Connected peer that has not won again is demoted; 0 for never."
    81 peers.connected_target (count 0 100_000) "peers" true
        "Connected peers that a peer wants; 0 for as many as possible."
    82 peers.core_neighbors (count 0 32) "peers" true
        "Nearest known peers on each side that a peer wants to be Connected with, and keeps."
    83 peers.learn_askers (switch) "" true
        "Whether those who ask become known."
    84 peers.handshake (switch) "" true
        "Whether an invitation that makes a connection is answered with one, so that both sides know of it."
    85 peers.acceptance (choice AcceptanceRule) "" true
        "Which invitations of strangers are taken up: the nearer the likelier, or by need."
    86 peers.invitees (choice InviteeRule) "" true
        "Which Identified peers are invited each round."
    87 peers.split_alarm (count 0 1_000) "split brains" true
        "Split brains within a hundred rounds at which a peer raises the alarm; 0 for never."
    88 peers.coverage_bias (share) "" true
        "The share of random tokens that are taken from the largest gap between Connected peers."
    89 peers.goodbyes (switch) "" true
        "Whether a peer lets the others know when it leaves, or drops a connection of its own accord."
    90 peers.suspicion (count 0 1_000) "proofs" true
        "Wrong or contradicted proofs at which their sender is taken for a cheat and forgotten; 0 for never."
    91 peers.forgiveness_rounds (count 0 1_000_000) "rounds" true
        "Rounds without a wrong or contradicted proof, or being asked in vain, after which that is forgiven; 0 for never."
    92 peers.quality_floor (share) "" true
        "The share of the usual quality below which a peer is not wanted: answers, how soon, and no faults; 0 for none."
    93 peers.invitation_limit (count 0 1_000) "invitations" true
        "Invitations of a peer within a hundred rounds above which each is a fault and ignored; 0 for any number."
    94 peers.neighbors_by_proof (switch) "" true
        "Whether a neighbour whose invitation proved its storage is invited back although elections do not confirm it."
    95 peers.unanswered_is_absent (switch) "" true
        "Whether who leaves an invitation unanswered was absent, and is to be elected first; who sends anything is there again."

    96 network.loss (share) "" true
        "The probability that a message is lost, drawn anew each time it waits."
    97 network.delay (share 990_000) "" true
        "The probability that a message waits for the next round, drawn anew each round."
    98 network.latency_min (count 1 1_000) "ticks" true
        "The shortest time that a message travels."
    99 network.latency_max (count 1 1_000) "ticks" true
        "The longest time that a message travels."
    100 network.same_round_delivery (switch) "" true
        "As shipped: replies are delivered in the round of their cause, not in a later one."
    101 network.latency_shape (choice LatencyShape) "" true
        "How the time of travel is distributed between its bounds."
    102 network.far_links (choice FarLinks) "" true
        "What makes a link long: nothing, its distance on the ring, or that it leads into another region."
    103 network.latency_far (count 0 10_000) "ticks" true
        "Ticks that the longest links add to the time of travel."
    104 network.regions (count 1 64) "regions" true
        "Equal arcs into which the ring is divided."
    105 network.duplication (share) "" true
        "The probability that a message arrives twice."
    106 network.reordering (share) "" true
        "The probability that a message is held back, so that later ones overtake it."
    107 network.bandwidth (count 0 1_000_000) "messages" true
        "Messages that a peer can send in a round, while further ones wait; 0 for any number."
    108 network.loss_clockwise (share) "" true
        "The probability that a message is lost in addition on its way clockwise."
    109 network.latency_clockwise (count 0 10_000) "ticks" true
        "Ticks that a message takes in addition on its way clockwise."

    112 routing.strategy (choice RoutingRule) "" true
        "What a peer does with a query that it does not answer, or before it answers."
    113 routing.answers (choice ReturnRule) "" true
        "How the answer to a forwarded query gets back: directly, or through all who passed it on."
    114 routing.fanout (count 1 16) "peers" true
        "With broadcast: peers to which a query is passed on."
    115 routing.time_to_live (count 1 64) "hops" true
        "Peers that pass a query on at most."
    116 routing.single_referrals (switch) "" true
        "Whether a peer that knows only one other to ask refers to that one; as shipped it takes two."
    117 routing.forwarder_bound (switch) "" true
        "As shipped: the answer to a forwarded query is bound to the last forwarder, which makes it worthless."

    120 churn.arrivals (count 0 1_000_000) "peers" true
        "Peers that arrive in a thousand rounds, on average."
    121 churn.sessions (choice SessionRule) "" true
        "How the time that peers stay is distributed."
    122 churn.session_rounds (count 1 1_000_000) "rounds" true
        "Rounds that a peer stays, on average."
    123 churn.return_share (share) "" true
        "The share of departures after which the peer returns with the state it had."
    124 churn.absence_rounds (count 1 1_000_000) "rounds" true
        "Rounds that such a peer is away, on average."
    125 churn.goodbye_share (share) "" true
        "The share of the other departures that are announced with a goodbye."

    128 adversary.share (share) "" false
        "The share of the first peers that are adversaries."
    129 adversary.conduct (choice Behavior) "" false
        "What they do."
    130 adversary.from_round (count 0 1_000_000) "rounds" false
        "The round in which they begin: until then they are honest."
}
