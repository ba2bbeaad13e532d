//! The published list from a directory server: a request on a stream to port 80 of the first host of the
//! plan, and its answer.
//!
//! ```text
//! host    SYN :80 ------> GetList ----->            FIN
//! server      <-- SYN-ACK         <----- List, FIN
//! ```

use super::segment::{Payload, PeerList};
use super::state::{Session, Side, Stage};
use super::stream::Stream;
use super::timing::{ms, set};
use super::{HTTP_PORT, SessionEvent, Sessions, timer};
use super::{path, plan};
use crate::config::{DirectoryRule, DirectoryState};
use crate::stack::address::Address;
use crate::stack::context::HostContext;

/// Time after which a host gives a request up, in ms.
const PATIENCE: u64 = 10_000;
/// Time after which a failed request is repeated, in ms.
const RETRY: u64 = 60_000;

impl Session {
    /// Whether the stream is one to or of the directory server.
    #[must_use]
    pub(crate) const fn is_fetch(&self) -> bool {
        self.stream.remote.port() == HTTP_PORT || self.stream.port == HTTP_PORT
    }

    /// Whether it is a session of two peers that has not begun to end.
    #[must_use]
    pub(super) const fn counts(&self) -> bool {
        self.is_alive() && !self.is_fetch()
    }
}

impl Sessions {
    /// The list that a host is shipped with. The directory server has it in any case.
    pub(super) fn shipped(cx: &HostContext<'_>) -> Vec<Address> {
        let is_built_in = cx.config.session.directory == DirectoryRule::BuiltIn;
        if is_built_in || is_server(cx) { Self::published(cx) } else { Vec::new() }
    }

    /// Opens a stream to the directory server, and sets the time of the next request.
    pub(super) fn fetch(&mut self, cx: &mut HostContext<'_>) {
        if cx.config.session.directory == DirectoryRule::BuiltIn || is_server(cx) {
            return;
        }
        set(cx, timer::FETCH, 0, u64::from(cx.config.session.directory_every_ms));
        if self.live.iter().any(Session::is_fetch) {
            return;
        }
        let now = ms(cx);
        let server = plan::beside(cx.address, 0);
        let port = self.next_port();
        let stream = Stream::new(server, server.with_port(HTTP_PORT), port);
        let (syn, patience) = (stream.control(Payload::Syn), stream.patience());
        let id = self.add(Side::Dialer, Stage::Connecting { since: now }, stream, now);
        self.send_syn(cx, server, syn);
        set(cx, timer::CONNECT, id, PATIENCE);
        set(cx, timer::RETRANSMIT, id, patience);
    }

    /// The stream to the server is open.
    pub(super) fn ask_for_list(&mut self, cx: &mut HostContext<'_>, id: u32) {
        self.push(cx, id, Payload::GetList);
        set(cx, timer::CONNECT, id, PATIENCE);
    }

    /// A stream for the list: accepted by the server while it is up.
    pub(super) fn on_list_syn(&mut self, cx: &mut HostContext<'_>, from: Address, remote: Address) {
        let grant = Stream::new(from, remote, HTTP_PORT);
        let rules = &cx.config.session;
        let is_full = self.live.len() >= rules.sessions_max as usize;
        if !is_server(cx) || rules.directory_state == DirectoryState::Down || is_full {
            return path::send(cx, from, grant.control(Payload::Rst));
        }
        let syn_ack = grant.control(Payload::SynAck);
        let id = self.add(Side::Acceptor, Stage::Handshaking, grant, ms(cx));
        set(cx, timer::HANDSHAKE, id, 2 * PATIENCE);
        path::send(cx, from, syn_ack);
    }

    /// A payload of a stream for the list.
    pub(super) fn handle_list(&mut self, cx: &mut HostContext<'_>, id: u32, payload: Payload) {
        match payload {
            Payload::GetList => match cx.config.session.directory_delay_ms {
                Some(delay) => set(cx, timer::ANSWER, id, u64::from(delay.get())),
                None => self.answer(cx, id),
            },
            Payload::List(list) => self.on_list(cx, id, &list),
            Payload::Fin => self.drop_session(cx, id),
            _ => {}
        }
    }

    /// Sends the list, and ends the stream.
    pub(super) fn answer(&mut self, cx: &mut HostContext<'_>, id: u32) {
        let mut addresses = Self::published(cx);
        let count = u32::try_from(addresses.len()).unwrap_or(u32::MAX);
        if cx.config.session.directory_state == DirectoryState::Damaged {
            addresses.truncate(addresses.len() / 2);
        }
        self.push(cx, id, Payload::List(PeerList { count, addresses: addresses.into_boxed_slice() }));
        self.close(cx, id);
    }

    /// Takes the list in, unless a part of it is missing.
    fn on_list(&mut self, cx: &mut HostContext<'_>, id: u32, list: &PeerList) {
        if list.addresses.len() != list.count as usize {
            return self.on_fetch_failed(cx, id);
        }
        cx.report(SessionEvent::Fetched);
        let former = self.candidates.len();
        list.addresses.iter().for_each(|address| self.list(cx, *address));
        let spacing = u64::from(cx.config.session.dial_spacing_ms);
        for (turn, index) in (former..self.candidates.len()).enumerate() {
            set(cx, timer::DIAL, u32::try_from(index).unwrap_or(u32::MAX), spacing * turn as u64);
        }
        self.drop_session(cx, id);
    }

    /// A request for the list has failed: it is repeated.
    pub(super) fn on_fetch_failed(&mut self, cx: &mut HostContext<'_>, id: u32) {
        let side = self.find(id).map(|index| self.live[index].side);
        self.drop_session(cx, id);
        if side == Some(Side::Dialer) {
            cx.report(SessionEvent::FetchFailed);
            set(cx, timer::FETCH, 0, RETRY);
        }
    }
}

/// Whether a host is the directory server.
fn is_server(cx: &HostContext<'_>) -> bool {
    plan::index(cx.address) == 0
}
