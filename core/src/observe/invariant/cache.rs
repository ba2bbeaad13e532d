//! Properties of peer caches.

use super::{Breach, Facts, Property, PropertyKind};
use crate::base::id::PeerId;
use crate::config::CacheConfig;
use crate::stack::layers::LayerId;
use crate::stack::peer_cache::event::counter;
use crate::stack::peer_cache::{KNOWN_MAX, PeerCacheLayer, Try, cycle};

/// Hosts whose caches satisfy a predicate.
fn hosts_where(
    facts: &Facts<'_>,
    is_so: impl Fn(PeerId, &PeerCacheLayer) -> bool,
) -> impl Iterator<Item = PeerId> {
    facts.peers_where(move |host| {
        let layer = host.stack().lower().and_then(|lower| lower.layers.peer_cache.get());
        layer.is_some_and(|layer| is_so(host.id(), layer))
    })
}

pub(super) static ALWAYS: &[Property] = &[
    Property {
        id: "cache-whole",
        kind: PropertyKind::Always,
        meaning: "Hosts that save with syncs never read a damaged file, whenever they crash.",
        check: |facts| {
            let corrupt = facts.tally.counters(LayerId::PeerCache)[usize::from(counter::CORRUPT)];
            Breach::of_world(facts.limits.is_cache_synced && corrupt > 0, || {
                format!("{corrupt} damaged files were read")
            })
        },
    },
    Property {
        id: "cache-bounded",
        kind: PropertyKind::Always,
        meaning: "No host remembers more peers, tries more cached addresses, or dials more of them at a time, than the \
                  limits allow.",
        check: |facts| {
            let rules = facts.world.config().cache;
            Breach::of_peers(hosts_where(facts, |_, layer| is_over(layer, &rules)), "above a limit")
        },
    },
    Property {
        id: "no-dial-of-absent",
        kind: PropertyKind::Always,
        meaning: "No host dials a cached peer that did not answer lately, before or after a restart.",
        check: |facts| Breach::of_peers(hosts_dialling_absent(facts), "a dial to a peer that did not answer"),
    },
];

const fn is_open(one: &Try) -> bool {
    one.dialed.is_some() && one.outcome.is_none()
}

fn is_over(layer: &PeerCacheLayer, rules: &CacheConfig) -> bool {
    let open = layer.tries().iter().filter(|one| is_open(one)).count();
    let exceeds = |number: usize, limit: Option<std::num::NonZeroU32>| {
        limit.is_some_and(|limit| number > limit.get() as usize)
    };
    layer.known().len() > KNOWN_MAX
        || exceeds(layer.tries().len(), rules.attempts_max)
        || exceeds(open, rules.dials_max)
}

fn hosts_dialling_absent(facts: &Facts<'_>) -> impl Iterator<Item = PeerId> {
    let (world, config) = (facts.world, facts.world.config());
    let (rules, tick_ms) = (&config.cache, u64::from(config.time.tick_ms));
    let retry = rules.retry_s.map_or(0, |limit| u64::from(limit.get()));
    hosts_where(facts, move |host, layer| {
        let clock = world.host(host).map(crate::sim::host::Host::local_clock);
        let now = clock.map_or(0, |clock| clock.shows_tick(facts.now, world.clock()).0) * tick_ms;
        let now = cycle::wall_time(rules, now, u64::from(config.time.ticks_per_round) * tick_ms);
        let is_recent = |at: u64| now.saturating_sub(at) < retry;
        let failed = |one: &Try| layer.loaded().get(one.entry as usize).and_then(|entry| entry.last_failure);
        layer.tries().iter().any(|one| is_open(one) && failed(one).is_some_and(is_recent))
    })
}
