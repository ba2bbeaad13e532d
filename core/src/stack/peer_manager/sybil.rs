//! A host that mints ids: each is a port of its own at one address, and all of them answer.
//!
//! It pushes them into the known peers of others, dials from them, accepts every dial, answers every ping and
//! sends the data that is expected of a good peer. It keeps no state: an id is good for ever.

use super::Manager;
use super::message::{ADDRESSES_MAX, ManagerBody, MintedEnd};
use crate::config::Config;
use crate::stack::address::Address;
use crate::stack::context::HostContext;

/// Port of the first minted id.
const FIRST_PORT: u16 = 20_000;
/// Data that a minted id sends with each answer to a ping, by the default intervals of both.
const DATA: usize = 3;

/// Whether the host with an address mints ids: the last one of the plan, if any does.
#[must_use]
pub fn mints(own: Address, config: &Config) -> bool {
    config.manager.minted_ids.is_some() && own.plan_index() + 1 == config.genesis.peers
}

/// Whether an address is that of a minted id.
#[must_use]
pub fn is_minted(peer: Address) -> bool {
    peer.port() >= FIRST_PORT
}

/// Ports of some ids, drawn at random.
fn draw(cx: &mut HostContext<'_>, count: usize) -> Vec<u16> {
    let all = cx.config.manager.minted_ids.map_or(0, |count| count.get() as usize);
    let chosen = cx.rng.some_of(all, count.min(all));
    chosen.into_iter().map(|index| FIRST_PORT + u16::try_from(index).unwrap_or(0)).collect()
}

/// Addresses of as many ids as a message may hold.
fn some(cx: &mut HostContext<'_>) -> Vec<Address> {
    draw(cx, ADDRESSES_MAX).into_iter().map(|port| cx.address.with_port(port)).collect()
}

/// Sends a message from a minted id.
fn speak(cx: &mut HostContext<'_>, port: u16, to: Address, body: ManagerBody) {
    cx.send(to, ManagerBody::Minted { end: MintedEnd::Sender, port, body: Box::new(body) });
}

/// A message to a minted id: a host that mints none ignores it, as a closed port does.
pub(super) fn answer(cx: &mut HostContext<'_>, from: Address, port: u16, body: &ManagerBody) {
    if !mints(cx.address, cx.config) {
        return;
    }
    match body {
        ManagerBody::Connect { .. } => speak(cx, port, from, ManagerBody::Accept { is_light: false }),
        ManagerBody::Ping(number) => {
            speak(cx, port, from, ManagerBody::Pong(*number));
            (0..DATA).for_each(|_| speak(cx, port, from, ManagerBody::Data { is_valid: true }));
        }
        ManagerBody::GetPeers => {
            let list = some(cx);
            speak(cx, port, from, ManagerBody::Peers(list));
        }
        _ => {}
    }
}

impl Manager {
    /// Pushes minted ids to every host that is known, and dials each from one of them.
    pub(super) fn push_minted(&self, cx: &mut HostContext<'_>) {
        for one in &self.known {
            let list = some(cx);
            cx.send(one.address, ManagerBody::Peers(list));
            for port in draw(cx, 1) {
                speak(cx, port, one.address, ManagerBody::Connect { is_light: false });
            }
        }
    }
}
