//! Documents 000 ("Peer lifecycle") and 001 ("Election integration"): the protocol of one peer, pure.
//!
//! A peer is a function of its state, the time, an input and its randomness. [`context`] holds that contract;
//! the other modules are listed from the bottom up:
//!
//! | module | content |
//! |---|---|
//! | [`message`] | the five kinds of message and the proofs of storage they carry |
//! | [`event`] | facts for observers (state changes, elections, rejections), and the errors of elections |
//! | [`context`] | input, effects and facts: `Input`, `Context`, `Outbox`, `LifecycleEvent` |
//! | [`token`], [`proof`] | which tokens a peer stores; search and verification of proofs of storage |
//! | [`election`] | one election (channels, tally, clusters) and the pool of running ones |
//! | [`peer_table`] | peer state machine (Unknown, Identified, Pending, Connected), scores and samples |
//! | `block` | phase 4 of document 000: blocks, votes, commit chains; with the feature `layers` |
//! | [`node`] | an honest peer: the seven phases of a round |

#[cfg(feature = "layers")]
pub mod block;
pub mod message;
pub mod event;
pub mod context;
pub mod token;
pub mod proof;
pub mod election;
pub mod peer_table;
pub mod node;
