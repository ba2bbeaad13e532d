//! Rounds of discovery: seeds, exchange, the local network and the mesh.

use std::num::NonZeroU32;

use super::event::ManagerEvent;
use super::known::{DiscoverySource, KnownPeer};
use super::message::{ADDRESSES_MAX, ManagerBody};
use super::sybil;
use super::{Manager, is_out_of_reach, ms, set_timer, tell, timer};
use crate::stack::address::Address;
use crate::stack::context::HostContext;

/// Hosts that serve as seeds.
const SEEDS: u32 = 3;
/// Hosts of a local network.
const LOCAL: u32 = 8;
/// Hosts on either side that hear an announcement in the mesh.
const MESH: u32 = 4;
/// Connected peers that are asked for addresses in a round.
const ASKED: usize = 2;

impl Manager {
    /// Asks all sources that are on.
    pub(super) fn on_discovery_due(&mut self, cx: &mut HostContext<'_>) {
        let rules = &cx.config.manager;
        let own = cx.address.plan_index();
        if rules.dns {
            let seed = Address::planned(cx.rng.below(SEEDS));
            if seed != cx.address {
                tell(cx, seed, ManagerBody::AskSeed);
            }
        }
        if rules.exchange {
            let open: Vec<Address> =
                self.known.iter().filter(|one| one.is_open()).map(|one| one.address).collect();
            let some = cx.rng.some_of(open.len(), ASKED);
            some.into_iter().for_each(|index| tell(cx, open[index], ManagerBody::GetPeers));
        }
        let hosts = cx.config.genesis.peers;
        let others = |from: u32, to: u32| (from..to.min(hosts)).filter(move |index| *index != own);
        if rules.mdns {
            let first = own / LOCAL * LOCAL;
            others(first, first + LOCAL)
                .for_each(|index| tell(cx, Address::planned(index), ManagerBody::AnnounceLocal));
        }
        if rules.mesh {
            others(own.saturating_sub(MESH), own.saturating_add(MESH + 1))
                .for_each(|index| tell(cx, Address::planned(index), ManagerBody::AnnounceMesh));
        }
        if sybil::mints(cx.address, cx.config) {
            self.push_minted(cx);
        }
        set_timer(cx, timer::DISCOVER, 0, u64::from(rules.discovery_ms));
    }

    /// Adds the peers that a person has entered: the next hosts in the plan of addresses.
    pub(super) fn add_manual(&mut self, cx: &mut HostContext<'_>) {
        let (own, hosts) = (cx.address.plan_index(), cx.config.genesis.peers.max(1));
        for offset in 1..=cx.config.manager.manual.min(hosts - 1) {
            let index = own.wrapping_add(offset) % hosts;
            self.discover(cx, Address::planned(index), DiscoverySource::Manual);
        }
    }

    /// A peer is heard of: it is remembered if it is new and there is room.
    pub(super) fn discover(&mut self, cx: &mut HostContext<'_>, peer: Address, source: DiscoverySource) {
        self.discover_through(cx, peer, source, None);
    }

    fn discover_through(
        &mut self,
        cx: &mut HostContext<'_>,
        peer: Address,
        source: DiscoverySource,
        referrer: Option<u64>,
    ) {
        let is_own = peer.host_part() == cx.address.host_part();
        if is_own || is_out_of_reach(cx, peer) || self.is_barred(cx, peer) {
            return;
        }
        let Err(index) = self.known.binary_search_by_key(&peer, |one| one.address) else { return };
        let is_full = self.known.len() >= cx.config.manager.known_max as usize;
        if is_full || self.is_crowded(cx, peer.host_part(), referrer) {
            cx.report(ManagerEvent::Ignored);
            return;
        }
        self.known.insert(index, KnownPeer { referrer, ..KnownPeer::new(peer, source, ms(cx)) });
        cx.report(match source {
            DiscoverySource::Dns => ManagerEvent::FoundByDns,
            DiscoverySource::Exchange => ManagerEvent::FoundByExchange,
            DiscoverySource::Mdns => ManagerEvent::FoundByMdns,
            DiscoverySource::Mesh => ManagerEvent::FoundByMesh,
            DiscoverySource::Dial => ManagerEvent::FoundByDial,
            DiscoverySource::Manual => ManagerEvent::AddedByHand,
        });
    }

    /// Whether enough ids at one address are known, or enough peers through one referrer.
    fn is_crowded(&self, cx: &HostContext<'_>, host: u64, referrer: Option<u64>) -> bool {
        let rules = &cx.config.manager;
        let is_reached = |limit: Option<NonZeroU32>, count: usize| {
            limit.is_some_and(|limit| count >= limit.get() as usize)
        };
        // Known peers are in the order of their addresses: those at one lie side by side.
        let first = self.known.partition_point(|one| one.address.host_part() < host);
        let at_host = self.known[first..].iter().take_while(|one| one.address.host_part() == host).count();
        let through = || self.known.iter().filter(|one| one.referrer == referrer).count();
        is_reached(rules.per_address_max, at_host)
            || referrer.is_some() && is_reached(rules.referral_max, through())
    }

    /// Addresses have arrived from a host; more than a message may hold are ignored.
    pub(super) fn discover_all(
        &mut self,
        cx: &mut HostContext<'_>,
        from: Address,
        list: &[Address],
        source: DiscoverySource,
    ) {
        let referrer = cx.config.manager.referral_max.map(|_| from.host_part());
        let peers = list.iter().take(ADDRESSES_MAX);
        peers.for_each(|peer| self.discover_through(cx, *peer, source, referrer));
    }

    /// Another host asks for addresses.
    pub(super) fn send_peers(&mut self, cx: &mut HostContext<'_>, to: Address) {
        let list = self.some_known(cx, to);
        tell(cx, to, ManagerBody::Peers(list));
    }

    /// Another host asks this one as a seed, which learns of it by that.
    pub(super) fn answer_as_seed(&mut self, cx: &mut HostContext<'_>, to: Address) {
        if cx.address.plan_index() < SEEDS {
            self.discover(cx, to, DiscoverySource::Dns);
            let list = self.some_known(cx, to);
            tell(cx, to, ManagerBody::FromSeed(list));
        }
    }

    fn some_known(&self, cx: &mut HostContext<'_>, to: Address) -> Vec<Address> {
        let others: Vec<Address> =
            self.known.iter().map(|one| one.address).filter(|one| *one != to).collect();
        cx.rng.some_of(others.len(), ADDRESSES_MAX).into_iter().map(|index| others[index]).collect()
    }
}
