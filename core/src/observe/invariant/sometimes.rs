//! Events that show that a run has exercised a part of the protocol.

use super::{Breach, Facts, Property, PropertyKind};
use crate::protocol::event::{Cause, PeerStateKind};

macro_rules! sometimes {
    ($($id:literal $meaning:literal $count:expr;)+) => {
        pub(super) static PROPERTIES: &[Property] = &[$(Property {
            id: $id,
            kind: PropertyKind::Sometimes,
            meaning: $meaning,
            check: |facts| unseen($count, facts),
        }),+];
    };
}

// Id, meaning, count.
sometimes! {
    "election-completed" "An election found a winner."
        |facts| facts.elections.completed;
    "election-timed-out" "An election was given up for want of agreement."
        |facts| facts.elections.timed_out;
    "split-brain-seen" "An election found two clusters of which neither decided."
        |facts| facts.elections.split_brain;
    "answer-taken" "An election took an answer."
        |facts| facts.answers;
    "referral-followed" "A referral named a peer that was not known."
        |facts| facts.transitions(|one| one.cause == Cause::Referral);
    "connection-made" "An invitation was answered, and a connection came of it."
        |facts| facts.transitions(|one| one.cause == Cause::Reciprocation);
    "connection-lost" "A connection came to an end."
        |facts| facts.transitions(|one| one.from == PeerStateKind::Connected);
    "invitation-unanswered" "An invitation was withdrawn for want of an answer."
        |facts| facts.transitions(|one| one.cause == Cause::NoReply);
    "silence-noticed" "A connection was given up for silence."
        |facts| facts.transitions(|one| one.cause == Cause::Silence);
    "budget-kept" "A connection gave way to the budget."
        |facts| facts.transitions(|one| one.cause == Cause::Budget);
    "goodbye-heard" "A goodbye ended what a peer had with another."
        |facts| facts.transitions(|one| one.cause == Cause::Goodbye);
    "message-lost" "A link lost a message."
        |facts| facts.messages.lost;
    "message-cut" "A message was stopped by a partition."
        |facts| facts.messages.cut;
    "message-doubled" "A message was on its way twice."
        |facts| facts.messages.duplicated;
    "message-undeliverable" "A message found nobody."
        |facts| facts.messages.undeliverable;
}

fn unseen(count: fn(&Facts<'_>) -> u64, facts: &Facts<'_>) -> Option<Breach> {
    Breach::of_world(count(facts) == 0, || "not seen yet".to_owned())
}
