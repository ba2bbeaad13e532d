//! Properties of radios.

use super::{Breach, Facts, Property, PropertyKind};
use crate::base::id::PeerId;
use crate::stack::radio::Radio;

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
