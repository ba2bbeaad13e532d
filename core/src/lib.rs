//! The peer-lifecycle protocol and the deterministic world it runs in.
//!
//! A peer is a function of its state, the time, an input and its randomness; the kernel owns time, random
//! streams and the network, and is the only loop. The core performs no I/O, reads no clock and draws no
//! ambient entropy: a seed and the commands given determine the run, to the bit, on every target.
//!
//! ```
//! use ringside_core::{Scenario, Simulation};
//!
//! let mut run = Simulation::new(Scenario::preset("improved").expect("a preset"));
//! run.run();
//! assert!(run.metrics().peers.connected.min > 0);
//! ```
//!
//! Folders are layers, lowest first; each imports only from those above it in this list or from itself.
//!
//! | folder | content |
//! |---|---|
//! | [`base`] | identifiers, ring, time, random streams, fingerprints, problems |
//! | [`config`] | knobs by section, and presets |
//! | [`protocol`] | documents 000 and 001: the peer of the lifecycle, pure |
//! | [`stack`] | the layers of a host, and adversaries |
//! | [`sim`] | hosts, network, commands, and the loop |
//! | [`scenario`] | what people write and links carry |
//! | [`observe`] | metrics, properties, frames |
//! | [`study`] | one run, many runs, claims, swarms |

pub mod base;
pub mod config;
pub mod protocol;
pub mod stack;
pub mod sim;
pub mod scenario;
pub mod observe;
pub mod study;

// Vocabulary.
pub use base::digest::Fingerprint;
pub use base::id::{BlockId, PeerId, TokenId};
pub use base::problem::Problem;
pub use base::ratio::Ratio;
pub use base::time::{Round, Tick};

// What is run.
pub use config::knob::{Knob, Setting};
pub use config::preset::Preset;
pub use config::{Config, KNOBS};
pub use scenario::Scenario;
pub use scenario::link::Link;

// The world and what is done to it.
pub use sim::command::{Command, TimedCommand};
pub use sim::host::Host;
pub use sim::world::{Executor, Sequential, World};

// What is seen of it.
pub use observe::frame::Frame;
pub use observe::invariant::{Property, PropertyStatus};
pub use observe::metrics::{History, Metrics, Shape};

// Runs and what is learned from them.
#[cfg(feature = "layers")]
pub use study::claims::Claim;
#[cfg(feature = "layers")]
pub use study::ensemble::{Measure, Study};
pub use study::simulation::{ReproductionStatus, Simulation};
