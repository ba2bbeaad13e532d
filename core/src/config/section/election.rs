//! Elections: their rate, targets, channels, first hops and the tally (document 001, "Configuration").

use crate::config::knob::declare::{options, section};

section! {
    /// Elections: their rate, targets, channels, first hops and the tally (document 001, "Configuration").
    election: ElectionConfig;

    40 per_round (count 0 100) = 3 "elections" live
        "Elections that a peer starts each round."
    41 consensus_threshold (count 1 10) = 6 "mappings" live
        "Number of ten mappings that two answers must share to agree."
    42 min_cluster_size (count 1 16) = 2 "answers" live
        "Minimum number of agreeing answers that can win an election."
    43 max_channels (count 1 16) = 10 "channels" live
        "Maximum number of open channels of an election."
    44 majority_threshold (share) = (10 %) "" live
        "Share of all answers that makes the largest cluster decisive."
    45 timeout_rounds (count 1 100_000) = 100 "rounds" live
        "Rounds after which an undecided election times out."
    46 min_collection_rounds (count 0 100_000) = 10 "rounds" live
        "Minimum number of rounds before an election is decided."
    47 channels (count 1 16) = 4 "channels" live
        "Channels that an election opens at its start."
    48 candidates (count 1 64) = 8 "peers" live
        "Nearest known peers from which the first hops of an election are taken."
    49 token_as_first_hop (switch) = on "" live
        "Bug of the original: the first query goes to the challenged token itself, as if it were a peer."
    50 referrals (choice ReferralRule) = Unbounded "" live
        "Length of referral chains: unbounded (bug of the original), or bounded and free of loops."
    51 max_hops (count 1 1_000) = 16 "hops" live
        "With bounded referrals: maximum number of referrals in a chain."
    52 replace_candidates (switch) = off "" live
        "Replaces first hops that cannot be asked by the next nearest peers; the original leaves their channels unused."
    53 first_hops (choice FirstHopRule) = Closest "" live
        "Selection of the peers that an election asks first."
    54 duplicates (choice DuplicateRule) = BlockChannel "" live
        "Effect of a second answer on a channel: it blocks the channel (as in the original), blocks the sender too, or \
         is ignored."
    55 referral_drops_answer (switch) = on "" live
        "Bug of the original: a referral on a channel that has an answer withdraws the answer."
    56 interval_rounds (count 1 100_000) = 1 "rounds" live
        "Rounds between two starts of elections."
    57 agenda (choice TargetPolicy) = Samples "" live
        "Targets of elections: sampled and random tokens, or whatever the peer lacks."
    58 reelection_share (share) = (0 %) "" live
        "Share of new elections that re-confirm a Connected peer."
    59 splits (choice SplitRule) = AnyTwo "" live
        "Clusters that count as a split brain: any two (bug of the original), disjoint ones, or only contradicting ones."
    60 adaptive_rate (switch) = off "" live
        "Reduces the rate of elections of a peer that lacks nothing."
    61 idle_interval_rounds (count 1 100_000) = 10 "rounds" live
        "With an adaptive rate: rounds between two elections of a peer that lacks nothing."
    62 adaptive_threshold (switch) = off "" live
        "Raises the required agreement while elections succeed, and lowers it while they fail."
    63 cache_rounds (limit 100_000) = none "rounds" live
        "Rounds for which the result of an election is cached: no further election on the same token starts; 0 for none."
    450 split_channels (limit 16) = none "channels" live
        "Channels that an election opens for a split brain; 0 for as many as at its start."
    451 accept_strongest (switch) = off "" live
        "Elects the winner of the larger cluster if a split brain persists, instead of giving the election up."
    452 spawn_twice (switch) = off "" live
        "Bug of the original before its publication: channels are opened twice, and the queries of the first time are lost."
    453 reelection (choice ReelectionRule) = LastWin "" live
        "Connected peer to re-confirm: the one whose last win is longest ago, or the one verified longest ago."
    454 reelection_spread (count 0 1_000_000_000) = 0 "positions" live
        "Positions above the id of a peer to re-confirm within which the token of its election is drawn; 0 for the id itself."
    455 health_rate (switch) = off "" live
        "Doubles the rate of elections while they fail or connections are lost, and lowers it to one in \
         election.idle_interval_rounds while all is well."
}

options! {
    /// Selection of the peers that an election asks first (document 001, "Peer Selection for Channels").
    pub enum FirstHopRule {
        /// The known peers nearest to the token.
        Closest = "closest",
        /// Uniformly random known peers.
        Random = "random",
        /// Known peers far apart from one another, beginning at the token.
        Distant = "distant",
        /// The known peers that were asked longest ago.
        LeastRecentlyUsed = "least-recently-used",
        /// Peers far apart from one another that were not asked lately, beginning at a random position.
        Hybrid = "hybrid",
        /// The peers near the token with the highest answer rate.
        Reputable = "reputable",
        /// The peers near the token with the highest score.
        Quality = "quality",
    }
}

options! {
    /// Effect of a second answer on a channel.
    pub enum DuplicateRule {
        /// As in the original: the channel is blocked, and its first answer no longer counts.
        BlockChannel = "block-channel",
        /// The sender is blocked as well, and all its answers in this election with it, as in version 2.0 of
        /// document
        /// 001. A wrong proof has the same effect.
        BlockPeer = "block-peer",
        /// No effect: the first answer counts.
        FirstCounts = "first-counts",
    }
}

options! {
    /// Clusters that count as a split brain, if the larger one is not decisive.
    pub enum SplitRule {
        /// Bug of the original: any two, even with common members.
        AnyTwo = "any-two",
        /// Two clusters without a common member.
        Disjoint = "disjoint",
        /// Two clusters that map a token to different blocks. All others merely sampled different parts of
        /// the ring.
        Contradicting = "contradicting",
    }
}

options! {
    /// Connected peer that an election re-confirms (`election.reelection_share`).
    pub enum ReelectionRule {
        /// The one whose last win is longest ago; none while an election on it is running, and none under
        /// `TargetPolicy::Needs`.
        LastWin = "last-win",
        /// The one verified longest ago, whatever the result, that no running election verifies.
        LeastVerified = "least-verified",
    }
}

options! {
    /// Targets of elections.
    pub enum TargetPolicy {
        /// Sampled tokens, and random ones if there are too few, as in document 000.
        Samples = "samples",
        /// Whatever the peer lacks: neighbours on the ring, then connections, then exploration.
        Needs = "needs",
    }
}

options! {
    /// Length of referral chains.
    pub enum ReferralRule {
        /// Bug of the original: a chain has no maximum length and may return to a peer that already referred.
        Unbounded = "unbounded",
        /// A chain ends after [`ElectionConfig::max_hops`] and never returns to a peer that the election
        /// asked.
        Bounded = "bounded",
    }
}
