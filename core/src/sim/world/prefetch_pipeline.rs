//! Software pipelining of cache misses: data of the next groups of hosts is prefetched while earlier ones are
//! served.

use std::ops::Range;

use crate::base::prefetch::{self, Prefetch};
use crate::base::time::Round;
use crate::protocol::message::Message;
use crate::protocol::token::Universe;
use crate::sim::host::Host;
use crate::sim::network::Directory;
use crate::stack::layers::Body;
use crate::stack::packet::Packet;

/// Hosts that are prefetched and served together.
const GROUP: usize = 8;
/// Groups ahead at which prefetching begins: each stage needs the data that the stage before has requested.
const LEAD: usize = 2;
/// Hosts ahead at which each stage of a [`Lookahead`] begins: it needs the data that the stage before has
/// requested.
const STAGE: usize = 2;
/// Stages of a [`Lookahead`] before the last one.
const STAGES: usize = 3;
/// Worlds of fewer hosts fit the caches, and prefetching costs more than it saves.
const FAR: usize = 512;

/// Iterates over hosts in groups, with prefetches ahead.
pub(super) struct PrefetchPipeline<'a> {
    universe: &'a Universe,
    directory: &'a Directory,
    now: Round,
    /// Groups ahead; 0 to prefetch nothing.
    lead: usize,
    /// Index of the group that is served next.
    group: usize,
    /// Number of packets, and of packets that have passed one stage and two.
    messages: usize,
    seen: [usize; 2],
}

impl<'a> PrefetchPipeline<'a> {
    /// A pipeline for a world of `peers` hosts, of which some are served with `messages` packets due.
    pub(super) const fn new(
        universe: &'a Universe,
        directory: &'a Directory,
        now: Round,
        peers: usize,
        messages: usize,
    ) -> Self {
        let lead = if peers < FAR { 0 } else { LEAD };
        Self { universe, directory, now, lead, group: 0, messages, seen: [0; 2] }
    }

    /// Indices of the next hosts to serve; `None` after the last. `mail` is the rest of the packets, by
    /// ascending receivers.
    pub(super) fn next(&mut self, hosts: &[Host], mail: &[Packet]) -> Option<Range<usize>> {
        if self.lead > 0 {
            let last = self.group + self.lead;
            let first = if self.group == 0 { 0 } else { last };
            (first..=last).for_each(|group| self.look(group, hosts, mail));
        }
        let group = indices(self.group, hosts.len());
        self.group += 1;
        (!group.is_empty()).then_some(group)
    }

    /// First stage for a group, second stage for the group before it, third stage for the one before that.
    fn look(&mut self, group: usize, hosts: &[Host], mail: &[Packet]) {
        let before = |steps: usize| {
            group.checked_sub(steps).map_or(&[][..], |group| &hosts[indices(group, hosts.len())])
        };
        let served = self.messages - mail.len();
        let [once, twice] = self.seen;
        let first = to(self.directory, before(0), &mail[once - served..]);
        let second = to(self.directory, before(1), &mail[twice - served..]);
        before(0).iter().for_each(|host| host.node().prefetch());
        first.iter().for_each(|packet| self.prefetch_first(&packet.body));
        before(1).iter().for_each(|host| host.node().elections().prefetch_due(self.now));
        pairs(self.directory, before(1), second)
            .for_each(|(host, packet)| self.prefetch_second(host, packet));
        before(2).iter().for_each(|host| host.node().elections().prefetch_due_proofs(self.now));
        pairs(self.directory, before(2), mail).for_each(|(host, packet)| prefetch_third(host, packet));
        self.seen = [once + first.len(), twice + second.len()];
    }

    fn prefetch_first(&self, body: &Body) {
        let Some(message) = body.lifecycle() else { return body.prefetch() };
        match message {
            Message::Query { token, .. } => self.universe.prefetch_directory(*token),
            Message::Answer { proof, .. } | Message::Invitation { proof, .. } => proof.prefetch(),
            _ => {}
        }
    }

    fn prefetch_second(&self, host: &Host, packet: &Packet) {
        let node = host.node();
        node.peers().prefetch_state(self.directory.position(packet.from));
        let Some(message) = packet.body.lifecycle() else {
            return host.stack().lower().into_iter().for_each(prefetch::whole);
        };
        match message {
            Message::Query { token, .. } => self.universe.prefetch_mappings(*token),
            Message::Answer { proof, .. } => node.elections().prefetch_answers(proof.token()),
            Message::Referral { token, .. } => node.elections().prefetch_answers(*token),
            _ => {}
        }
    }
}

/// Prefetches what lies below the lifecycle of hosts that are served one by one, in any order.
pub(super) struct Lookahead<'a> {
    /// Indices of the hosts, in the order in which they are served.
    order: &'a [Option<usize>],
    /// Whether the hosts are too many for the caches.
    is_on: bool,
}

impl<'a> Lookahead<'a> {
    /// A look ahead in a world of `peers` hosts.
    pub(super) const fn new(peers: usize, order: &'a [Option<usize>]) -> Self {
        Self { order, is_on: peers >= FAR }
    }

    /// Prefetches for those that come after the host with this number in the order; before the first one, for
    /// it and those right behind it too.
    pub(super) fn look(&self, hosts: &[Host], number: usize) {
        if !self.is_on {
            return;
        }
        let first = if number == 0 { 0 } else { number + STAGES * STAGE };
        (first..=number + STAGES * STAGE).for_each(|number| self.enter(hosts, number));
    }

    /// First stage for the host with this number in the order, further stages for those before it.
    fn enter(&self, hosts: &[Host], number: usize) {
        let before = |steps: usize| {
            let index = self.order.get(number.checked_sub(steps)?).copied().flatten();
            index.and_then(|index| hosts.get(index))
        };
        let lower = |steps: usize| before(steps).and_then(|host| host.stack().lower());
        before(0).into_iter().for_each(prefetch::whole);
        lower(STAGE).into_iter().for_each(prefetch::whole);
        lower(2 * STAGE).into_iter().for_each(Prefetch::prefetch);
        lower(3 * STAGE).into_iter().for_each(|lower| lower.layers.prefetch_lists());
    }
}

fn prefetch_third(host: &Host, packet: &Packet) {
    if let Body::Lifecycle(Message::Answer { proof, .. }) = &packet.body {
        host.node().elections().prefetch_proofs(proof.token());
    }
}

/// Indices of a group.
fn indices(group: usize, peers: usize) -> Range<usize> {
    peers.min(group * GROUP)..peers.min((group + 1) * GROUP)
}

/// The packets to some hosts and to ids between them, with which `mail` begins.
fn to<'m>(directory: &Directory, hosts: &[Host], mail: &'m [Packet]) -> &'m [Packet] {
    let Some(last) = hosts.last() else { return &[] };
    let count = mail.iter().take_while(|packet| directory.position(packet.to) <= last.id()).count();
    &mail[..count]
}

/// Hosts with the packets to them.
fn pairs<'a>(
    directory: &'a Directory,
    mut hosts: &'a [Host],
    mail: &'a [Packet],
) -> impl Iterator<Item = (&'a Host, &'a Packet)> {
    to(directory, hosts, mail).iter().filter_map(move |packet| {
        let receiver = directory.position(packet.to);
        let before = hosts.iter().take_while(|host| host.id() < receiver).count();
        hosts = &hosts[before..];
        hosts.first().filter(|host| host.id() == receiver).map(|host| (host, packet))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::id::{PeerId, Ticket, TokenId};
    use crate::base::time::Tick;
    use crate::observe::metrics::Tally;
    use crate::scenario::Scenario;
    use crate::sim::world::World;
    use proptest::prelude::*;

    fn world(peers: u32) -> World {
        let mut config = Scenario::preset("lifecycle").unwrap().config;
        (config.genesis.peers, config.tokens.total) = (peers, 1_000);
        World::new(1, config, &mut Tally::default())
    }

    /// A packet to the host at an index, or to a vacant id just behind it.
    fn message(hosts: &[Host], place: usize, is_known: bool) -> Packet {
        let to = PeerId::new(hosts[place % hosts.len()].id().get() + u64::from(!is_known));
        let message = Message::Query { token: TokenId::new(to.get()), ticket: Ticket::new(1), trail: None };
        Packet::between(hosts[0].id(), to, 0, Tick(0), message)
    }

    proptest! {
        #[test]
        fn everybody_is_served_once_however_far_one_looks_ahead(
            peers in 1_u32..40,
            is_far in any::<bool>(),
            mail in prop::collection::vec((any::<usize>(), any::<bool>()), 0..60),
        ) {
            let world = world(peers);
            let hosts = world.hosts();
            let mut mail: Vec<Packet> =
                mail.into_iter().map(|(place, is_known)| message(hosts, place, is_known)).collect();
            mail.sort_by_key(|packet| packet.to);
            let all = if is_far { FAR } else { hosts.len() };
            let mut pipeline = PrefetchPipeline::new(world.universe(), world.directory(), Round(0), all, mail.len());
            let (mut served, mut rest) = (0, &mail[..]);
            while let Some(group) = pipeline.next(hosts, rest) {
                prop_assert_eq!(group.start, served);
                served = group.end;
                rest = &rest[to(world.directory(), &hosts[group], rest).len()..];
            }
            prop_assert_eq!(served, hosts.len());
            let looked_at = if is_far { mail.len() - rest.len() } else { 0 };
            prop_assert_eq!(pipeline.seen, [looked_at; 2]);
            let known = mail.iter().map(|packet| PeerId::new(packet.to.get())).filter(|to| world.host(*to).is_some());
            let found = pairs(world.directory(), hosts, &mail).map(|(host, packet)| (host.id(), PeerId::new(packet.to.get())));
            prop_assert!(found.eq(known.map(|to| (to, to))));
        }
    }
}
