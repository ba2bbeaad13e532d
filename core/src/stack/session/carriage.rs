//! Messages of other layers: which session carries one, and how a peer without a session is reached.
//!
//! Peers are named by id, sessions by address. The address book connects them: it holds the contacts of the
//! start, peers that have stated their id in a handshake, and those that carried messages have named. A
//! message to a peer without a session waits while the peer is dialled; one to a peer without an address is
//! lost.

use std::collections::VecDeque;

use super::dial::DialPhase;
use super::segment::{Introduction, Payload};
use super::state::Side;
use super::timing::ms;
use super::{SessionEvent, Sessions};
use crate::base::digest::Digest;
use crate::base::id::PeerId;
use crate::config::{AddressBook, UnreachedRule};
use crate::stack::address::Address;
use crate::stack::context::HostContext;
use crate::stack::layer::{Body, Passed};

/// Addresses that a host knows at most; beyond, the one noted first gives way.
const BOOK_MAX: usize = 4_096;
/// Time after which a message that still waits is dropped, in ms.
const PATIENCE: u64 = 120_000;

/// Known addresses, and messages that wait for sessions.
#[derive(Clone, Debug, Default)]
pub(super) struct Carriage {
    /// In ascending order of peer.
    book: Vec<(PeerId, Address)>,
    /// Peers of the book in the order in which they were noted.
    order: VecDeque<PeerId>,
    waiting: VecDeque<HeldMessage>,
}

/// A message that waits for a session.
#[derive(Clone, Debug)]
struct HeldMessage {
    to: PeerId,
    address: Address,
    since: u64,
    body: Body,
}

impl Carriage {
    fn find(&self, peer: PeerId) -> Result<usize, usize> {
        self.book.binary_search_by_key(&peer, |entry| entry.0)
    }

    pub(super) fn address(&self, peer: PeerId) -> Option<Address> {
        self.find(peer).ok().map(|index| self.book[index].1)
    }

    pub(super) fn waiting(&self) -> usize {
        self.waiting.len()
    }

    /// Notes the address of a peer.
    pub(super) fn note(&mut self, peer: PeerId, address: Address) {
        if let Ok(index) = self.find(peer) {
            self.book[index].1 = address;
            return;
        }
        if self.order.len() == BOOK_MAX
            && let Some(oldest) = self.order.pop_front()
            && let Ok(index) = self.find(oldest)
        {
            self.book.remove(index);
        }
        let (Ok(index) | Err(index)) = self.find(peer);
        self.book.insert(index, (peer, address));
        self.order.push_back(peer);
    }

    /// Takes out the messages of which something holds.
    fn take(&mut self, mut is_meant: impl FnMut(&HeldMessage) -> bool) -> Vec<HeldMessage> {
        let (taken, kept) = std::mem::take(&mut self.waiting).into_iter().partition(|one| is_meant(one));
        self.waiting = kept;
        VecDeque::into(taken)
    }

    /// Adds book and waiting messages to a fingerprint, if there are any.
    pub(super) fn digest(&self, digest: &mut Digest) {
        if self.book.is_empty() && self.waiting.is_empty() {
            return;
        }
        digest.length(self.book.len());
        for (peer, address) in &self.book {
            digest.number(peer.get());
            digest.number(address.get());
        }
        digest.length(self.waiting.len());
        for one in &self.waiting {
            digest.number(one.to.get());
            digest.number(one.body.kind().code());
            digest.number(one.since);
        }
    }
}

impl Sessions {
    /// Notes the addresses of the contacts that a host has at its start.
    pub(super) fn open_book(&mut self, cx: &HostContext<'_>) {
        if has_book(cx) {
            let contacts: Vec<PeerId> = cx.peers.iter().map(|(peer, _)| peer).collect();
            for peer in contacts {
                self.carriage.note(peer, cx.directory.listening(peer));
            }
        }
    }

    /// Hands a message to the session with its receiver, or dials one.
    pub(super) fn carry(&mut self, cx: &mut HostContext<'_>, to: PeerId, body: Body) -> Passed {
        let found = self.live.iter().rev().find(|one| one.is_open() && one.peer == Some(to));
        if let Some(session) = found {
            let (id, side) = (session.id, session.side);
            let payload = self.payload(cx, body);
            match side {
                Side::Dialer => self.push(cx, id, payload),
                Side::Acceptor => self.reply(cx, id, payload),
            }
            return Passed::Taken;
        }
        match cx.config.session.unreached {
            UnreachedRule::Direct => Passed::Down(body),
            UnreachedRule::Dial => {
                self.hold(cx, to, body);
                Passed::Taken
            }
        }
    }

    /// A message as a payload, with the addresses of the peers that it names.
    fn payload(&self, cx: &HostContext<'_>, body: Body) -> Payload {
        if !has_book(cx) {
            return Payload::Carried(body);
        }
        let named = body.named().into_iter().filter_map(|peer| Some((peer, self.carriage.address(peer)?)));
        let addresses: Box<[(PeerId, Address)]> = named.collect();
        if addresses.is_empty() {
            return Payload::Carried(body);
        }
        Payload::Introduction(Box::new(Introduction { body, addresses }))
    }

    /// Keeps a message until there is a session with its receiver, and dials it.
    fn hold(&mut self, cx: &mut HostContext<'_>, to: PeerId, body: Body) {
        let now = ms(cx);
        self.drop_waiting(cx, |one| now.saturating_sub(one.since) >= PATIENCE);
        let address = match cx.config.session.address_book {
            AddressBook::Perfect => Some(cx.directory.listening(to)),
            AddressBook::Learned => self.carriage.address(to),
        };
        let Some(address) = address else { return cx.report(SessionEvent::Unknown) };
        let ip = address.host_part();
        self.list_on_demand(cx, address);
        let is_due = self.candidate(ip).is_some_and(|(_, one)| one.is_due(now, &cx.config.session));
        if !is_due {
            return cx.report(SessionEvent::Unreached);
        }
        if self.carriage.waiting.len() >= cx.config.session.waiting_max as usize {
            self.carriage.waiting.pop_front();
            cx.report(SessionEvent::Unreached);
        }
        self.carriage.waiting.push_back(HeldMessage { to, address, since: now, body });
        if let Some((index, _)) = self.candidate(ip) {
            self.dial(cx, index as usize, DialPhase::Demand);
        }
        if !self.is_underway(ip) {
            self.give_up(cx, address);
        }
    }

    /// Whether there is a session with a host that has not begun to end, or a dial.
    pub(super) fn is_underway(&self, ip: u64) -> bool {
        self.live.iter().any(|one| one.ip() == ip && one.counts())
    }

    /// Sends what waits for the peer of a session that is open.
    pub(super) fn release_waiting(&mut self, cx: &mut HostContext<'_>, id: u32) {
        let Some(session) = self.find(id).map(|index| &self.live[index]) else { return };
        let (Some(peer), address) = (session.peer, session.stream.listening) else { return };
        let ip = address.host_part();
        if has_book(cx) {
            self.carriage.note(peer, address.with_port(cx.address.port()));
        }
        if self.carriage.waiting.is_empty() {
            return;
        }
        for one in self.carriage.take(|one| one.to == peer) {
            let _ = self.carry(cx, peer, one.body);
        }
        // Another peer answers at the address of those that remain.
        self.drop_waiting(cx, |one| one.address.host_part() == ip);
    }

    /// Drops what waits for a host that cannot be reached.
    pub(super) fn give_up(&mut self, cx: &mut HostContext<'_>, address: Address) {
        if !self.is_underway(address.host_part()) {
            self.drop_waiting(cx, |one| one.address.host_part() == address.host_part());
        }
    }

    fn drop_waiting(&mut self, cx: &mut HostContext<'_>, is_meant: impl FnMut(&HeldMessage) -> bool) {
        if !self.carriage.waiting.is_empty() {
            self.carriage.take(is_meant).iter().for_each(|_| cx.report(SessionEvent::Unreached));
        }
    }

    /// Notes the addresses that came with a message.
    pub(super) fn learn(&mut self, cx: &HostContext<'_>, addresses: &[(PeerId, Address)]) {
        if has_book(cx) {
            let others = addresses.iter().filter(|(peer, _)| *peer != cx.host);
            others.for_each(|(peer, address)| self.carriage.note(*peer, *address));
        }
    }
}

/// Whether hosts keep addresses of their own.
fn has_book(cx: &HostContext<'_>) -> bool {
    let rules = &cx.config.session;
    rules.unreached == UnreachedRule::Dial && rules.address_book == AddressBook::Learned
}
