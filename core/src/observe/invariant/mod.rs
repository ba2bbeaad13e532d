//! Properties of runs: named, each checked on demand or monitored while a run progresses.
//!
//! A property that holds [always](PropertyKind::Always) holds at every tick, under any fault. One that holds
//! [eventually](PropertyKind::Eventually) holds at the end of a run, or some time after the last fault. One
//! that is seen [sometimes](PropertyKind::Sometimes) shows that a run has exercised a part of the protocol at
//! all.
//!
//! | module | content |
//! |---|---|
//! | `always`, `eventually`, `sometimes` | the properties, by kind |
//! | `sessions`, `session_rules` | those of sessions, and the rules that they depend on |
//! | `chains` | those of chains that fork |
//! | `blocks`, `block_rules` | those of blocks, and the rules that they depend on |
//! | `cache` | those of peer caches |
//! | `radio`, `radio_rules` | those of radios, and the rules that they depend on |
//! | `manager`, `manager_rules` | those of the peer manager, and the rules that they depend on |
//! | `facts` | what they are checked against: a world, its counters, limits that applied so far |
//! | `monitor` | checks during a run, with the first violation of each property |
//!
//! Checking changes nothing about a run, and costs nothing unless requested.

mod always;
#[cfg(feature = "layers")]
mod block_rules;
#[cfg(feature = "layers")]
mod blocks;
#[cfg(feature = "layers")]
mod chains;
mod eventually;
mod facts;
#[cfg(feature = "layers")]
mod manager;
#[cfg(feature = "layers")]
mod manager_rules;
#[cfg(feature = "layers")]
mod cache;
#[cfg(feature = "layers")]
mod radio;
#[cfg(feature = "layers")]
mod radio_rules;
#[cfg(feature = "layers")]
mod session_rules;
#[cfg(feature = "layers")]
mod sessions;
mod sometimes;
#[cfg(test)]
mod tests;
mod monitor;

pub use facts::{Facts, Limits};
pub use monitor::{Cadence, Monitor};

use serde::Serialize;

use crate::base::id::PeerId;
use crate::base::problem::Problem;
use crate::config::Config;

/// Peers that a violation names at most.
pub const PEERS_NAMED: usize = 8;

/// Kind of a property.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum PropertyKind {
    /// At every tick.
    Always,
    /// At the end of a run, or some time after the last fault.
    Eventually,
    /// At least once in a run, or in one of many runs.
    Sometimes,
}

/// A property of runs.
#[derive(Debug, Serialize)]
pub struct Property {
    /// A short name of small letters and hyphens.
    pub id: &'static str,
    /// Kind: at every tick, eventually, or at least once.
    pub kind: PropertyKind,
    /// One sentence.
    pub meaning: &'static str,
    /// Counterexample; `None` if the property holds.
    #[serde(skip)]
    check: fn(&Facts<'_>) -> Option<Breach>,
}

#[cfg(feature = "layers")]
impl Property {
    /// A row of a table.
    const fn new(
        id: &'static str,
        kind: PropertyKind,
        meaning: &'static str,
        check: fn(&Facts<'_>) -> Option<Breach>,
    ) -> Self {
        Self { id, kind, meaning, check }
    }
}

/// Properties of one kind, and the worlds to which they apply.
struct PropertyTable {
    applies: fn(&Config) -> bool,
    rows: &'static [Property],
}

/// All properties, kind by kind. Safety holds in every world; what a lifecycle reaches is asked of one only.
static TABLES: &[PropertyTable] = &[
    PropertyTable { applies: |_| true, rows: always::PROPERTIES },
    #[cfg(feature = "layers")]
    PropertyTable { applies: |config| config.session.enabled, rows: sessions::ALWAYS },
    #[cfg(feature = "layers")]
    PropertyTable { applies: |config| config.sync.enabled && config.sync.forks, rows: chains::ALWAYS },
    #[cfg(feature = "layers")]
    PropertyTable { applies: |config| config.cache.enabled, rows: cache::ALWAYS },
    #[cfg(feature = "layers")]
    PropertyTable { applies: |config| config.radio.enabled, rows: radio::ALWAYS },
    #[cfg(feature = "layers")]
    PropertyTable { applies: |config| config.manager.enabled, rows: manager::ALWAYS },
    #[cfg(feature = "layers")]
    PropertyTable { applies: |config| config.consensus.enabled, rows: blocks::ALWAYS },
    PropertyTable { applies: |config| config.stack.lifecycle, rows: eventually::PROPERTIES },
    #[cfg(feature = "layers")]
    PropertyTable { applies: |config| config.session.enabled, rows: sessions::EVENTUALLY },
    #[cfg(feature = "layers")]
    PropertyTable { applies: |config| config.sync.enabled && config.sync.forks, rows: chains::EVENTUALLY },
    #[cfg(feature = "layers")]
    PropertyTable { applies: |config| config.consensus.enabled, rows: blocks::EVENTUALLY },
    PropertyTable { applies: |config| config.stack.lifecycle, rows: sometimes::PROPERTIES },
];

impl Property {
    /// All properties: those that hold always, then eventually, then sometimes.
    pub fn all() -> impl Iterator<Item = &'static Self> + Clone {
        TABLES.iter().flat_map(|table| table.rows)
    }

    /// All properties of a kind.
    pub fn of_kind(kind: PropertyKind) -> impl Iterator<Item = &'static Self> + Clone {
        Self::all().filter(move |property| property.kind == kind)
    }

    /// The property with an id.
    ///
    /// # Errors
    ///
    /// The name is unknown.
    pub fn by_id(id: &str) -> Result<&'static Self, Problem> {
        Self::all().find(|property| property.id == id).ok_or_else(|| {
            let ids = Self::all().map(|property| property.id).collect::<Vec<_>>().join(", ");
            Problem::new(
                "property",
                format!("there is no property {id:?}"),
                format!("the properties are {ids}"),
            )
        })
    }

    /// Checks the property.
    ///
    /// # Errors
    ///
    /// The counterexample.
    pub fn check(&self, facts: &Facts<'_>) -> Result<(), Violation> {
        let Some(Breach { peers, text }) = (self.check)(facts) else { return Ok(()) };
        Err(Violation { property: self.id, tick: facts.now.0, peers, text })
    }
}

/// Violation of a property.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Violation {
    /// The id of the property.
    pub property: &'static str,
    /// The tick at which it was found.
    pub tick: u64,
    /// Peers that it is about, [`PEERS_NAMED`] at most.
    pub peers: Vec<PeerId>,
    /// The finding, for a person.
    pub text: String,
}

/// Counterexample of a property.
#[derive(Debug)]
struct Breach {
    peers: Vec<PeerId>,
    text: String,
}

impl Breach {
    /// A breach of the world as a whole, if the condition holds.
    fn of_world(is_broken: bool, text: impl FnOnce() -> String) -> Option<Self> {
        is_broken.then(|| Self { peers: Vec::new(), text: text() })
    }

    /// A breach by peers; `None` without any.
    fn of_peers(peers: impl IntoIterator<Item = PeerId>, text: &str) -> Option<Self> {
        let mut peers: Vec<PeerId> = peers.into_iter().collect();
        let count = peers.len();
        peers.truncate(PEERS_NAMED);
        let who = if count == 1 { "1 peer".to_owned() } else { format!("{count} peers") };
        (count > 0).then(|| Self { peers, text: format!("{who}: {text}") })
    }
}

/// A property and its status in a run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PropertyState {
    /// The id of the property.
    pub id: &'static str,
    /// Kind: at every tick, eventually, or at least once.
    pub kind: PropertyKind,
    /// One sentence.
    pub meaning: &'static str,
    /// Its status.
    #[serde(flatten)]
    pub status: PropertyStatus,
}

/// Status of a property.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "state", rename_all = "lowercase")]
pub enum PropertyStatus {
    /// The property holds, or was seen.
    Holds,
    /// A property that always holds was violated: the first violation.
    Violated {
        /// Tick of the first violation.
        tick: u64,
        /// Peers that it is about, [`PEERS_NAMED`] at most.
        peers: Vec<PeerId>,
        /// The finding, for a person.
        text: String,
    },
    /// The property does not hold yet, and need not before the end.
    Awaited {
        /// Peers that it is about, [`PEERS_NAMED`] at most.
        peers: Vec<PeerId>,
        /// The obstacle, for a person.
        text: String,
    },
}

impl PropertyState {
    fn of(property: &Property, violation: Option<Violation>) -> Self {
        let Property { id, kind, meaning, .. } = *property;
        let status = match (violation, kind) {
            (None, _) => PropertyStatus::Holds,
            (Some(Violation { tick, peers, text, .. }), PropertyKind::Always) => {
                PropertyStatus::Violated { tick, peers, text }
            }
            (Some(Violation { peers, text, .. }), PropertyKind::Eventually | PropertyKind::Sometimes) => {
                PropertyStatus::Awaited { peers, text }
            }
        };
        Self { id, kind, meaning, status }
    }
}

/// Status of all properties that apply to a world, with violations that a monitor found before.
#[must_use]
pub fn states(facts: &Facts<'_>, monitor: Option<&Monitor>) -> Vec<PropertyState> {
    let found = |property: &Property| monitor.and_then(|monitor| monitor.first(property.id)).cloned();
    let state = |property: &'static Property| {
        let violation = found(property).or_else(|| property.check(facts).err());
        PropertyState::of(property, violation)
    };
    let applying = TABLES.iter().filter(|table| (table.applies)(facts.world.config()));
    applying.flat_map(|table| table.rows).map(state).collect()
}

/// Status of all properties that apply to a world; the monitor remembers violations.
pub fn inspect(facts: &Facts<'_>, monitor: &mut Monitor) -> Vec<PropertyState> {
    let states = states(facts, Some(monitor));
    monitor.take_over(facts.now, &states);
    states
}
