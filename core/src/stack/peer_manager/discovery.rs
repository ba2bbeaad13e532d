//! Rounds of discovery: seeds, exchange, the local network and the mesh.

use super::event::ManagerEvent;
use super::known::{DiscoverySource, KnownPeer};
use super::message::{ADDRESSES_MAX, ManagerBody};
use super::{Manager, ms, set_timer, timer};
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
                cx.send(seed, ManagerBody::AskSeed);
            }
        }
        if rules.exchange {
            let open: Vec<Address> =
                self.known.iter().filter(|one| one.is_open()).map(|one| one.address).collect();
            let some = cx.rng.some_of(open.len(), ASKED);
            some.into_iter().for_each(|index| cx.send(open[index], ManagerBody::GetPeers));
        }
        let hosts = cx.config.genesis.peers;
        let others = |from: u32, to: u32| (from..to.min(hosts)).filter(move |index| *index != own);
        if rules.mdns {
            let first = own / LOCAL * LOCAL;
            others(first, first + LOCAL)
                .for_each(|index| cx.send(Address::planned(index), ManagerBody::AnnounceLocal));
        }
        if rules.mesh {
            others(own.saturating_sub(MESH), own.saturating_add(MESH + 1))
                .for_each(|index| cx.send(Address::planned(index), ManagerBody::AnnounceMesh));
        }
        set_timer(cx, timer::DISCOVER, 0, u64::from(rules.discovery_ms));
    }

    /// A peer is heard of: it is remembered if it is new and there is room.
    pub(super) fn discover(&mut self, cx: &mut HostContext<'_>, peer: Address, source: DiscoverySource) {
        if peer == cx.address || self.is_barred(cx, peer) {
            return;
        }
        let Err(index) = self.known.binary_search_by_key(&peer, |one| one.address) else { return };
        if self.known.len() >= cx.config.manager.known_max as usize {
            cx.report(ManagerEvent::Ignored);
            return;
        }
        self.known.insert(index, KnownPeer::new(peer, source, ms(cx)));
        cx.report(match source {
            DiscoverySource::Dns => ManagerEvent::FoundByDns,
            DiscoverySource::Exchange => ManagerEvent::FoundByExchange,
            DiscoverySource::Mdns => ManagerEvent::FoundByMdns,
            DiscoverySource::Mesh => ManagerEvent::FoundByMesh,
            DiscoverySource::Dial => ManagerEvent::FoundByDial,
        });
    }

    /// Addresses have arrived; more than a message may hold are ignored.
    pub(super) fn discover_all(
        &mut self,
        cx: &mut HostContext<'_>,
        list: &[Address],
        source: DiscoverySource,
    ) {
        list.iter().take(ADDRESSES_MAX).for_each(|peer| self.discover(cx, *peer, source));
    }

    /// Another host asks for addresses.
    pub(super) fn send_peers(&mut self, cx: &mut HostContext<'_>, to: Address) {
        let list = self.some_known(cx, to);
        cx.send(to, ManagerBody::Peers(list));
    }

    /// Another host asks this one as a seed, which learns of it by that.
    pub(super) fn answer_as_seed(&mut self, cx: &mut HostContext<'_>, to: Address) {
        if cx.address.plan_index() < SEEDS {
            self.discover(cx, to, DiscoverySource::Dns);
            let list = self.some_known(cx, to);
            cx.send(to, ManagerBody::FromSeed(list));
        }
    }

    fn some_known(&self, cx: &mut HostContext<'_>, to: Address) -> Vec<Address> {
        let others: Vec<Address> =
            self.known.iter().map(|one| one.address).filter(|one| *one != to).collect();
        cx.rng.some_of(others.len(), ADDRESSES_MAX).into_iter().map(|index| others[index]).collect()
    }
}
