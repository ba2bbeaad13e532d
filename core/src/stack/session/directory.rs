//! Directory: lists of peers that hosts exchange, announcements, and the hourly purge.

use super::dial::Candidate;
use super::plan;
use super::segment::PeerList;
use super::state::Stage;
use super::timing::{ms, set};
use super::{Sessions, timer};
use crate::base::sort;
use crate::config::{AddressKey, ExchangeRule};
use crate::stack::address::Address;
use crate::stack::context::HostContext;

/// Peers that a list has at most.
const LIST_MAX: usize = 1_000;
/// Peers that a short list has.
const SHORT_LIST: usize = 32;
/// Time between two purges, in ms.
const HOUR: u64 = 3_600_000;
/// Age of a session from which announcements on it count, in ms.
const SETTLED: u64 = 5_000;

impl Sessions {
    /// The peers on the list of this host at the start.
    pub(super) fn published(cx: &HostContext<'_>) -> Vec<Address> {
        let rules = &cx.config.session;
        let peers = cx.config.genesis.peers;
        let Some(links) = rules.links else {
            return (0..rules.listed_peers.min(peers)).map(|index| plan::beside(cx.address, index)).collect();
        };
        let own = plan::index(cx.address);
        let offsets = (0..links.get()).map(|link| (1 << (link / 2).min(31), link % 2 == 0));
        let neighbour = |(offset, is_up): (u32, bool)| {
            let offset = offset % peers.max(1);
            if is_up { (own + offset) % peers } else { (own + peers - offset) % peers }
        };
        let mut indices: Vec<u32> = offsets.map(neighbour).collect();
        sort::sort_by_key(&mut indices, |one| *one);
        indices.dedup();
        indices.into_iter().map(|index| plan::beside(cx.address, index)).collect()
    }

    /// Puts an address on the list, if it is not there and there is room.
    pub(super) fn list(&mut self, cx: &HostContext<'_>, address: Address) {
        let address = address.with_port(cx.address.port());
        if address == cx.address {
            return;
        }
        if let Some((_, candidate)) = self.candidate(address.host_part()) {
            candidate.listed();
        } else if self.candidates.len() < LIST_MAX {
            self.candidates.push(Candidate::new(address));
        }
    }

    /// Makes an address one that may be dialled for a message, without keeping it connected.
    pub(super) fn list_on_demand(&mut self, cx: &HostContext<'_>, address: Address) {
        if address != cx.address
            && self.candidate(address.host_part()).is_none()
            && self.candidates.len() < LIST_MAX
        {
            self.candidates.push(Candidate::on_demand(address));
        }
    }

    /// Answer to a question for peers.
    pub(super) fn peer_list(&self, cx: &mut HostContext<'_>) -> PeerList {
        let count = u32::try_from(self.registry.entries()).unwrap_or(u32::MAX);
        let port = cx.address.port();
        let listed = self.candidates.iter().map(|one| one.address);
        let known = || listed.clone().chain(self.registry.known(port));
        let addresses: Vec<Address> = match cx.config.session.exchange {
            ExchangeRule::Count => Vec::new(),
            ExchangeRule::Whole => known().take(LIST_MAX).collect(),
            ExchangeRule::Limited => cx.rng.take_some(&mut known().collect(), SHORT_LIST),
        };
        PeerList { count, addresses: addresses.into_boxed_slice() }
    }

    /// Takes a list of peers in.
    pub(super) fn on_peers(&mut self, cx: &HostContext<'_>, list: &PeerList) {
        for address in &list.addresses {
            self.list(cx, *address);
            if cx.config.session.raw_strings {
                self.registry.note(*address, AddressKey::Ip);
                self.registry.note(*address, AddressKey::IpPort);
            }
        }
    }

    /// Takes the announcement of a peer in, unless its session is young.
    pub(super) fn on_announcement(&mut self, cx: &HostContext<'_>, id: u32) {
        let now = ms(cx);
        let Some(index) = self.find(id).filter(|_| cx.config.session.announcements) else { return };
        let session = &self.live[index];
        let (address, stage) = (session.stream.listening, session.stage);
        if matches!(stage, Stage::Open { since } if now.saturating_sub(since) >= SETTLED) {
            self.list(cx, address);
        }
    }

    /// The hourly purge of the list; the published peers are fetched again after it, except at the start.
    pub(super) fn purge(&mut self, cx: &mut HostContext<'_>) {
        let (now, rule) = (ms(cx), cx.config.session.purge);
        self.candidates.iter_mut().for_each(|candidate| candidate.purge(now, rule));
        set(cx, timer::PURGE, 0, HOUR);
    }
}
