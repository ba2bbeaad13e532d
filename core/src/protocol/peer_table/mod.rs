//! Peer table: the state machine of one peer's relations with all others (document 000, "Peer State
//! Machine").
//!
//! ```text
//!              identify             invite               connect
//!   Unknown ──────────▶ Identified ────────▶ Pending ───────────▶ Connected
//!      ▲                 │   ▲ ▲                │                     │
//!      │  evict, absence │   │ └────────────────┘                     │
//!      └─────────────────┘   │   no reply           silence, tenure,  │
//!                            └────────────────────────────────────────┘
//!                                               pruning, budget, score
//! ```
//!
//! [`PeerTable`] stores known peers in two parallel vectors, sorted by id: ids alone, so that a binary search
//! reads consecutive numbers, and states packed into eight bytes. Every change passes one of two methods of
//! `table`, `transition` and `remove`, which keep the counters, report [`LifecycleEvent::PeerStateChanged`]
//! and assert that the change is legal for its [`Cause`]. An invitation can only be sent with the `Invite`
//! that a change returns.
//!
//! | module | content |
//! |---|---|
//! | `table` | storage, lookup, the two methods that change states, the fingerprint |
//! | `state` | [`PeerState`] and its packed form |
//! | `nearest` | k nearest peers of a position: two-way scan of the sorted table |
//! | `leaf_set` | the nearest peers on each side of the owner (the leaf set of Pastry) |
//! | `lifecycle` | transitions that messages and elections cause |
//! | `invite` | transitions to Pending, and the choice of invitees |
//! | `maintenance` | expiry, eviction, pruning, the connection budget, the score floor |
//! | `anchors` | contacts and lost connections kept aside, to rejoin through |
//! | `interaction_log` | queries, answers, wins and absences by peer |
//! | `quality` | scores: how well a peer serves compared with all others |
//! | `samples` | bounded pool of tokens to hold elections on |
//! | `prefetch` | cache-line prefetches |
//!
//! A table never contains its owner. Its size is bounded by `peers.identified_capacity`,
//! `peers.connected_budget` and the pending timeout; the bounds hold after the maintenance of a round, not
//! between messages.
//!
//! [`LifecycleEvent::PeerStateChanged`]: crate::protocol::event::LifecycleEvent::PeerStateChanged
//! [`Cause`]: crate::protocol::event::Cause

mod anchors;
mod interaction_log;
mod invite;
mod leaf_set;
mod lifecycle;
mod maintenance;
mod nearest;
mod prefetch;
mod quality;
mod samples;
mod state;
mod table;

pub(crate) use anchors::CONTACTS_MAX;
pub(crate) use invite::Invite;
pub(crate) use nearest::{NEAREST_MAX, Nearest};
pub(crate) use quality::Score;
pub use quality::ScoreParts;
#[cfg(feature = "layers")]
pub(crate) use quality::Scores;
pub use samples::Samples;
pub use state::PeerState;
pub use table::PeerTable;

#[cfg(test)]
mod tests;
