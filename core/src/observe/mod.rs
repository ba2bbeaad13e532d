//! Observation: facts that leave a world, counted, checked and drawn. Nothing in here feeds back into a run.
//!
//! | module | content |
//! |---|---|
//! | [`metrics`] | counters, distributions, graph measures and their history |
//! | [`invariant`] | properties that hold at every tick, eventually, or at least once |
//! | [`frame`] | typed arrays for drawing |
//! | [`chain_log`] | chains that fork: branches, hosts on each, replacements |
//! | [`session_view`] | sessions of all hosts as rows: pair, direction, state, times |
//! | [`radio_view`] | radios as a map, transmissions on the air, the ledger of a host |
//! | [`airtime`] | time on the air of one frame, and the law |
//! | [`cache_view`] | the peer cache of a host as a table |
//! | [`pool_view`] | the managed peers of a host: scores by factor, ends of connections, bans |
//! | [`block_map`] | the latest blocks: where they are known, their votes, why they wait |
//! | [`ring_history`] | space-time diagram of the ring |

pub mod metrics;
#[cfg(feature = "layers")]
pub mod airtime;
#[cfg(feature = "layers")]
pub mod cache_view;
pub mod frame;
pub mod invariant;
#[cfg(feature = "layers")]
pub mod pool_view;
#[cfg(feature = "layers")]
pub mod radio_view;
pub mod ring_history;
#[cfg(feature = "layers")]
pub mod block_map;
#[cfg(feature = "layers")]
pub mod block_view;
#[cfg(feature = "layers")]
pub mod chain_log;
#[cfg(feature = "layers")]
pub mod session_view;

#[cfg(feature = "layers")]
use crate::sim::{host::Host, world::World};

/// Local time of a host in ms.
#[cfg(feature = "layers")]
fn local_ms(world: &World, host: &Host) -> u64 {
    host.local_clock().shows_tick(world.now(), world.clock()).0 * u64::from(world.config().time.tick_ms)
}
