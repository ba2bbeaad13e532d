//! The peer table and the lifecycle of peers (document 000, "Parameters Requiring Tuning").

use crate::config::knob::declare::{options, section};

section! {
    /// The peer table and the lifecycle of peers (document 000, "Parameters Requiring Tuning").
    peers: PeersConfig;

    64 identified_capacity (count 1 100_000) = 5_000 "peers" live
        "Maximum number of Identified peers in the peer table."
    65 sample_capacity (count 1 100_000) = 1_000 "tokens" live
        "Maximum number of sampled tokens kept as targets of elections."
    66 frozen_samples (switch) = on "" live
        "Bug of the original: a full pool of samples rejects new ones, so that it freezes on the earliest."
    67 connected_budget (count 1 100_000) = 200 "peers" live
        "Number of Connected peers above which one is demoted."
    68 pending_timeout_rounds (count 1 1_000_000) = 1_000 "rounds" live
        "Rounds after which an unanswered invitation is withdrawn."
    69 connection_timeout_rounds (count 1 1_000_000) = 10_000 "rounds" live
        "Rounds of silence after which a connection times out."
    70 distance_pruning (switch) = on "" live
        "Drops Connected peers every round with a probability that grows with their distance."
    71 prune_protection_rounds (count 0 1_000_000) = 600 "rounds" live
        "Rounds for which a new connection is safe from pruning."
    72 invitations_per_round (count 0 100) = 3 "invitations" live
        "Identified peers that a peer invites each round."
    73 invitation_cooldown_rounds (count 0 1_000_000) = 60 "rounds" live
        "Minimum number of rounds between two elections started by invitations of the same peer."
    74 invitations (choice InvitationRule) = Mute "" live
        "Effect of an invitation: an election without queries (bug of the original), or a connection earned by both sides."
    75 keepalive (switch) = off "" live
        "Lets the messages of a Connected peer keep the connection alive."
    76 unsolicited_referrals (switch) = on "" live
        "Bug of the original: unsolicited referrals still add peers to the table."
    77 wrapping_lookup (switch) = off "" live
        "Lets the search for the nearest known peers wrap around the origin; the original stops there."
    78 unverified_invitations (switch) = on "" live
        "Bug of the original: the proof in an invitation is not verified."
    79 eviction (choice EvictionRule) = LowestId "" live
        "Connected peer to demote above the budget; the original takes the lowest id."
    80 tenure_rounds (limit 1_000_000) = none "rounds" live
        "Rounds after which a Connected peer without another won election is demoted; 0 for never."
    81 connected_target (limit 100_000) = none "peers" live
        "Connected peers that a peer wants; 0 for as many as possible."
    82 core_neighbors (count 0 32) = 0 "peers" live
        "Size of the leaf set on each side: the nearest known peers, which a peer connects to and keeps."
    83 learn_askers (switch) = off "" live
        "Adds the senders of queries to the peer table."
    84 handshake (switch) = off "" live
        "Answers an invitation that makes a connection with an invitation, so that both sides know of the connection."
    85 acceptance (choice AcceptanceRule) = ByDistance "" live
        "Acceptance of invitations from strangers: with a probability that falls with the distance, or by need."
    86 invitees (choice InviteeRule) = Random "" live
        "Selection of the Identified peers that are invited each round."
    87 split_alarm (limit 1_000) = none "split brains" live
        "Split brains within a hundred rounds that raise a peer's alarm; 0 for never."
    88 coverage_bias (share) = (0 %) "" live
        "Share of random target tokens taken from the middle of the largest gap between Connected peers."
    89 goodbyes (switch) = off "" live
        "Announces a departure, or the end of a connection by choice, with a goodbye."
    90 suspicion (limit 1_000) = none "proofs" live
        "Wrong or contradicted proofs after which their sender is banned; 0 for never."
    91 forgiveness_rounds (limit 1_000_000) = none "rounds" live
        "Rounds without a new fault or an unanswered query after which faults and scores are forgiven; 0 for never."
    92 quality_floor (share) = (0 %) "" live
        "Share of the mean score below which a peer is demoted and not invited; scores count answers, delay and faults; \
         0 for none."
    93 invitation_limit (limit 1_000) = none "invitations" live
        "Invitations of a peer within a hundred rounds above which each one is ignored and counts as a fault; 0 for any \
         number."
    94 neighbors_by_proof (switch) = off "" live
        "Invites a neighbour back whose invitation proved its storage, even if elections do not confirm it."
    95 unanswered_is_absent (switch) = off "" live
        "Treats no reply to an invitation as absence: the peer must win an election, or send a message, before the next \
         one."
    435 sample_answers (switch) = off "" live
        "Samples the token of an accepted answer, as the original does after its first two fixes."
    436 identify_inviters (switch) = on "" live
        "Makes a stranger Identified whose invitation is accepted; the original waits for the end of its election."
    437 mute_examinations (switch) = off "" live
        "Bug of the original: the election that an accepted invitation starts sends no queries."
    449 rejoin_rounds (limit 1_000_000) = none "rounds" live
        "Rounds after which a peer turns to a forgotten one of a few bootstrap contacts and lost connections; 0 for \
         never."
}

options! {
    /// Effect of an invitation.
    pub enum InvitationRule {
        /// Bug of the original: the proof is not verified, no peer is promoted, and the election sends no
        /// queries.
        Mute = "mute",
        /// The proof is verified. From a Pending peer, the invitation is the reciprocal one and makes the
        /// peer Connected; from an Identified or unknown peer, it opens an election on that peer and is the
        /// first answer.
        Reciprocal = "reciprocal",
        /// First half of `Reciprocal`: a Pending peer becomes Connected; elections send no queries.
        OnlyPromoting = "only-promoting",
        /// Second half of `Reciprocal`: elections are opened, and no peer becomes Connected.
        OnlyExamining = "only-examining",
    }
}

options! {
    /// Connected peer to demote above the budget (document 001, `evict_worst_peer`).
    pub enum EvictionRule {
        /// A uniformly random one.
        Random = "random",
        /// The lowest id, as in the original, where all scores are equal.
        LowestId = "lowest-id",
        /// The one whose last won election is longest ago.
        Stale = "stale",
        /// The one with the fewest wins.
        FewestWins = "fewest-wins",
        /// The one whose Connected neighbours on the ring are nearest to it.
        Redundant = "redundant",
        /// The one with the lowest answer rate.
        Unreliable = "unreliable",
        /// The one with the lowest score; also evicts Identified peers above their capacity.
        Quality = "quality",
    }
}

options! {
    /// Acceptance of invitations from strangers.
    pub enum AcceptanceRule {
        /// With a probability that falls with the distance of the sender, as in document 000.
        ByDistance = "by-distance",
        /// Neighbours on the ring always, all others as long as there is room.
        ByNeed = "by-need",
    }
}

options! {
    /// Selection of the Identified peers that are invited each round.
    pub enum InviteeRule {
        /// Uniformly random ones, as in document 000.
        Random = "random",
        /// The nearest ones.
        Nearest = "nearest",
        /// The ones with the highest answer rate.
        Reputable = "reputable",
        /// The ones with the highest score.
        Quality = "quality",
    }
}
