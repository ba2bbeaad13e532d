//! Forwarding of queries and the way back of their answers (document 001, "Query Forwarding Strategy").

use crate::config::knob::declare::{options, section};

section! {
    /// Forwarding of queries and the way back of their answers (document 001, "Query Forwarding Strategy").
    routing: RoutingConfig;

    112 strategy (choice RoutingRule) = Referral "" live
        "Handling of a query that a peer does not answer, or before it answers."
    113 answers (choice ReturnRule) = Direct "" live
        "Way back of the answer to a forwarded query: direct, or through all peers that forwarded it."
    114 fanout (count 1 16) = 3 "peers" live
        "With broadcast: peers to which a query is forwarded."
    115 time_to_live (count 1 64) = 8 "hops" live
        "Maximum number of peers that forward a query."
    116 single_referrals (switch) = off "" live
        "Lets a peer that knows only one candidate refer to it; the original refers only with two."
    117 forwarder_bound (switch) = off "" live
        "Bug of the original: the answer to a forwarded query is bound to the last forwarder, which makes it worthless."
}

options! {
    /// Handling of a query.
    pub enum RoutingRule {
        /// The peer answers, or names two peers that the sender may ask.
        Referral = "referral",
        /// The peer forwards the query to a peer nearer to the token, and answers only if it knows none.
        Greedy = "greedy",
        /// The peer answers, or forwards the query to a random peer.
        RandomWalk = "random-walk",
        /// The peer answers if it can, and forwards the query to [`RoutingConfig::fanout`] peers.
        Broadcast = "broadcast",
        /// The peer answers, or forwards the query to the peer nearest to the token.
        LocalThenForward = "local-then-forward",
        /// As `LocalThenForward` for Connected senders, as `Referral` for all others.
        ForwardForConnected = "forward-for-connected",
    }
}

options! {
    /// Way back of the answer to a forwarded query.
    pub enum ReturnRule {
        /// Directly to the peer that started the query.
        Direct = "direct",
        /// Back through all peers that forwarded the query.
        Retrace = "retrace",
    }
}
