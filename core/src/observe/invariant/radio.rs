//! Properties of radios, and the rules that they depend on.

use super::{Breach, Facts, Property, PropertyKind};
use crate::base::id::PeerId;
use crate::config::Config;
use crate::stack::radio::Radio;

/// Rules of radios that were in force at all times so far.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct RadioRules {
    /// Hosts apply the law to what they transmit, and remember it over a restart.
    is_lawful: bool,
    /// Frames that may wait on a host.
    waiting: usize,
    /// Neighbours that a host may remember.
    neighbors: usize,
    /// Messages that a host may assemble.
    assembling: usize,
}

impl RadioRules {
    pub(super) const fn of(config: &Config) -> Self {
        let rules = &config.radio;
        Self {
            is_lawful: !rules.airtime_in_seconds && !rules.flat_airtime && !rules.ledger_lost,
            waiting: rules.queue_max as usize,
            neighbors: rules.neighbors_max as usize,
            assembling: rules.reassembly_max as usize,
        }
    }

    /// The rules after a change of them.
    pub(super) fn with(self, config: &Config) -> Self {
        let now = Self::of(config);
        Self {
            is_lawful: self.is_lawful && now.is_lawful,
            waiting: self.waiting.max(now.waiting),
            neighbors: self.neighbors.max(now.neighbors),
            assembling: self.assembling.max(now.assembling),
        }
    }
}

/// Hosts whose radios satisfy a predicate.
fn hosts_where(facts: &Facts<'_>, is_so: impl Fn(&Radio) -> bool) -> impl Iterator<Item = PeerId> {
    facts.peers_where(move |host| {
        host.stack().lower().and_then(|lower| lower.layers.radio.get()).is_some_and(&is_so)
    })
}

pub(super) static ALWAYS: &[Property] = &[
    Property {
        id: "radio-lawful",
        kind: PropertyKind::Always,
        meaning: "Hosts that apply the law to their transmissions never break it: no sliding hour above the duty cycle, no \
                  transmission too long.",
        check: |facts| {
            let is_lawful = facts.limits.radio.is_lawful;
            let breaks = |radio: &Radio| radio.violations() > 0 || radio.duty_peak() > 1_000_000;
            Breach::of_peers(
                hosts_where(facts, |radio| is_lawful && breaks(radio)),
                "transmissions against the law",
            )
        },
    },
    Property {
        id: "radio-bounded",
        kind: PropertyKind::Always,
        meaning: "No host has more frames waiting, neighbours or incomplete messages than the limits allow.",
        check: |facts| {
            let limits = facts.limits.radio;
            let is_over = |radio: &Radio| {
                radio.queue().len() > limits.waiting
                    || radio.neighbors().len() > limits.neighbors
                    || radio.assembling().len() > limits.assembling
            };
            Breach::of_peers(hosts_where(facts, is_over), "above a limit")
        },
    },
];
