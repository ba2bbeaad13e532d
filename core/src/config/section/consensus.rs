//! Blocks of document 000, phase 4: votes of peers on blocks, and the load of clients.

use crate::config::knob::declare::{options, section};

section! {
    /// Votes of peers on blocks (document 000, "Phase 4: Integration with Consensus").
    consensus: ConsensusConfig;

    800 enabled (switch) = off "" restart
        "Whether peers vote on blocks of tokens and commit them (document 000, phase 4)."
    801 threshold (count 0 100) = 2 "votes" live
        "Balance of votes in the range of a token above which the token is decided."
    802 range (count 1 16) = 4 "peers" live
        "Connected peers to each side of a token whose votes count; all of up to ten peers."
    803 wrapping_range (switch) = off "" live
        "Whether ranges go on across the origin of the ring; in the published program they end there."
    804 unknown (choice UnknownRule) = Refuse "" live
        "Vote of a peer on a token that it does not store."
    805 conflict (choice ConflictRule) = HighestId "" live
        "Block that a peer votes for if several take over a token from one parent."
    806 quorum (choice QuorumRule) = Balance "" live
        "Votes that decide a token at the peers that store it."
    807 spread (choice SpreadRule) = Poll "" live
        "Way of blocks and votes: asked for in each round, or sent on as soon as they change."
    808 trust (choice TrustRule) = Connected "" live
        "Peers whose votes count."
    809 weight (choice WeightRule) = Equal "" live
        "Weight of a vote."
    810 pool_rounds (count 1 100_000) = 200 "rounds" live
        "Rounds after which an undecided block is dropped."
    811 future_rounds (count 0 100_000) = 100 "rounds" live
        "Rounds by which the time of a block may be ahead."
    812 fetch_rounds (count 1 1_000) = 1 "rounds" live
        "Rounds between two requests for a missing block or parent."
    813 follow_up_rounds (count 1 1_000) = 1 "rounds" live
        "Rounds between two requests for the votes that a block lacks."
    814 fanout (count 1 32) = 4 "peers" live
        "Peers nearest to a token that a sender of blocks tells at a time, with consensus.spread=push."
    815 patience_rounds (count 0 100) = 0 "rounds" live
        "Rounds that a peer waits for conflicting blocks before it votes."
    816 pool_max (count 1 100_000) = 4_096 "blocks" live
        "Undecided blocks that a peer keeps; beyond that, the ones heard of first are dropped."
    817 votes_max (limit 100_000) = none "votes" live
        "Votes that a peer takes from one sender in a round; 0 for any number, as in the published program."
    818 six_refused (switch) = on "" live
        "Bug of the original: six tokens are one too many, although blocks have room for six."
    819 content_checked (switch) = off "" live
        "Whether tokens of a block must differ and its id be the hash of its content; the original checks neither."
    820 parents_checked (switch) = off "" live
        "Whether parents and signatures are checked; in the original the flags of that check are cleared on arrival."
    821 refusals_close (switch) = on "" live
        "Bug of the original: a balance below the negative threshold decides a token too, so that a refused one may commit."
    822 stranger_connects (switch) = off "" live
        "Bug of the original: a vote on an unknown block makes its sender Connected."
    823 weak_tickets (switch) = on "" live
        "Bug of the original: the ticket of a request for a block is a constant XOR its id, which anybody can state."
    824 unproven_reorganisation (switch) = on "" live
        "Bug of the original: a parent that was fetched replaces the stored block without votes."
    825 referrals_dropped (switch) = off "" live
        "Bug of the original: the node drops the referrals that its lifecycle sends."
    826 elections_unticked (switch) = off "" live
        "Bug of the original: the node never lets elections send their queries."
    827 heads (switch) = off "" live
        "Whether Answers carry the head of the sender's chain of commits, by which others find commits that they lack."
    828 heads_traced (count 0 64) = 8 "links" live
        "Links of a stated chain that a peer asks for at a time."
    829 locked_votes (switch) = off "" live
        "Whether a peer votes for one of several conflicting blocks only, for as long as it keeps it."
    830 heads_rounds (count 1 1_000) = 10 "rounds" live
        "Rounds between two requests of a peer for links of one other peer."
    831 takeover_rounds (count 1 1_000) = 12 "rounds" live
        "Rounds after which an owner collects votes itself, with consensus.spread=certificate."
    832 saboteurs (share) = (0 %) "" live
        "Share of the peers that break a rule of voting."
    833 sabotage (choice Sabotage) = Refuse "" live
        "Rule that they break."
    834 repair (switch) = off "" live
        "Whether peers read the whole chains of their neighbours, and give up a committed block for a sibling that others have committed."
    835 fraud (choice FraudRule) = Heads "" restart
        "Contradictions in what a peer signs after which its votes no longer count."
}

options! {
    /// Vote of a peer on a token that it does not store.
    pub enum UnknownRule {
        /// A refusal, as in the published program.
        Refuse = "refuse",
        /// An abstention.
        Abstain = "abstain",
        /// The decision of the range as the peer sees it; an abstention before that.
        Relay = "relay",
    }
}

options! {
    /// Block to vote for if several take over a token from one parent.
    pub enum ConflictRule {
        /// The one with the highest id.
        HighestId = "highest-id",
        /// The one heard of first.
        FirstSeen = "first-seen",
        /// All of them.
        None = "none",
    }
}

options! {
    /// Votes that decide a token at the peers that store it.
    pub enum QuorumRule {
        /// A balance above the threshold among the votes of others.
        Balance = "balance",
        /// More than half of the range, the peer itself included, and a balance above the threshold; with
        /// certificates, one that stays above it whatever the rest votes.
        Majority = "majority",
    }
}

options! {
    /// Way of blocks and votes.
    pub enum SpreadRule {
        /// In each round, two peers around each undecided token are asked for their votes.
        Poll = "poll",
        /// Blocks travel with votes towards their tokens; votes are sent on when they change.
        Push = "push",
        /// Blocks travel towards their tokens; owners send signed votes to one collector, which sends all of
        /// them back as a certificate that each owner checks against its own range.
        Certificate = "certificate",
    }
}

options! {
    /// Peers whose votes count.
    pub enum TrustRule {
        /// Connected peers.
        Connected = "connected",
        /// Known peers in any state.
        Known = "known",
        /// Any sender.
        Anybody = "anybody",
    }
}

options! {
    /// Rule of voting that a saboteur breaks.
    pub enum Sabotage {
        /// It refuses every token.
        Refuse = "refuse",
        /// It approves of everything, as if it had committed.
        Approve = "approve",
        /// It approves of everything to half of the peers, and refuses every token to the others.
        Equivocate = "equivocate",
        /// It keeps blocks to itself: it answers no requests for them and sends no proposals on.
        Withhold = "withhold",
        /// It sends each vote eight times.
        Flood = "flood",
        /// It answers requests for blocks with other keys under the same id, so that children fail.
        ForgeParents = "forge-parents",
        /// It votes by the blocks that it stored in the beginning, whatever has been committed since.
        Stale = "stale",
        /// It commits blocks and states its newest head, but answers with the mappings of the beginning.
        Outdated = "outdated",
    }
}

options! {
    /// Contradictions in what a peer signs after which its votes no longer count.
    pub enum FraudRule {
        /// Two heads of one height.
        Heads = "heads",
        /// Also an Answer with a mapping that a block in the ancestry of its head has spent. Chains are
        /// numbered, so that a peer which has lost its memory contradicts nothing; ids of blocks are the
        /// hashes of their contents, and no parent is taken over without votes, whatever the other knobs say.
        Mappings = "mappings",
    }
}

options! {
    /// Weight of a vote.
    pub enum WeightRule {
        /// All alike.
        Equal = "equal",
        /// The quality of the sender by its score, at most the usual one and at least a quarter of it.
        Quality = "quality",
        /// The answers of the sender as a share of the queries to it, at least a quarter.
        Reliability = "reliability",
    }
}
