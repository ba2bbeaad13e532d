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
    "election-timed-out" "An election timed out without consensus."
        |facts| facts.elections.timed_out;
    "split-brain-seen" "An election found two clusters of which neither decided."
        |facts| facts.elections.split_brain;
    "answer-taken" "An election took an answer."
        |facts| facts.answers;
    "referral-followed" "A referral named a peer that was not known."
        |facts| facts.transitions(|one| one.cause == Cause::Referral);
    "connection-made" "An invitation was answered, which formed a connection."
        |facts| facts.transitions(|one| one.cause == Cause::Reciprocation);
    "connection-lost" "A connection ended."
        |facts| facts.transitions(|one| one.from == PeerStateKind::Connected);
    "invitation-unanswered" "An invitation timed out without an answer."
        |facts| facts.transitions(|one| one.cause == Cause::NoReply);
    "silence-noticed" "A silent connection timed out."
        |facts| facts.transitions(|one| one.cause == Cause::Silence);
    "budget-kept" "A connection was ended by the budget."
        |facts| facts.transitions(|one| one.cause == Cause::Budget);
    "goodbye-heard" "A goodbye ended a connection or an invitation."
        |facts| facts.transitions(|one| one.cause == Cause::Goodbye);
    "message-lost" "A link lost a message."
        |facts| facts.messages.lost;
    "message-cut" "A message was stopped by a partition."
        |facts| facts.messages.cut;
    "message-doubled" "A message was duplicated in flight."
        |facts| facts.messages.duplicated;
    "message-undeliverable" "A message was undeliverable."
        |facts| facts.messages.undeliverable;
}

fn unseen(count: fn(&Facts<'_>) -> u64, facts: &Facts<'_>) -> Option<Breach> {
    Breach::of_world(count(facts) == 0, || "not seen yet".to_owned())
}
