//! The simulated world: hosts, the network between them, operator commands, and the one loop.
//!
//! | module | content |
//! |---|---|
//! | [`network`] | packets in flight, link rules, partitions, held links |
//! | [`alarms`] | deadlines of timers in the queue of the world |
//! | [`disk`] | bounded files of a host, and what a crash does to them |
//! | [`host`], `mappings` | a peer with its storage, random streams, clock and status; its stored mappings |
//! | [`genesis`] | the peers, tokens and contacts of tick 0 |
//! | [`command`] | what an operator may do to a running world |
//! | [`refusal`] | reasons for which a world refuses a command |
//! | [`world`] | the event loop; churn, commands and fingerprints |

pub mod network;
pub mod alarms;
pub mod disk;
mod mappings;
pub mod host;
pub mod genesis;
pub mod command;
pub mod refusal;
pub mod world;
