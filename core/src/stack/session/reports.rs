//! Reports of peers that are reachable: a new session of one host ends the back-off of others.
//!
//! ```text
//! A and X have a session -> A tells B, which waits for X, and tells X, which may wait for B, that B is there
//! ```

use super::Sessions;
use super::dial::DialPhase;
use super::segment::Payload;
use super::timing::ms;
use crate::stack::address::Address;
use crate::stack::context::HostContext;

impl Sessions {
    /// Tells the other ends of all sessions of a peer with a new one, and that peer of them.
    pub(super) fn report_reachable(&mut self, cx: &mut HostContext<'_>, id: u32) {
        if !cx.config.session.reports {
            return;
        }
        let open = || self.live.iter().filter(|one| one.is_open());
        let Some(peer) = open().find(|one| one.id == id).map(|one| one.stream.listening) else { return };
        let others: Vec<(u32, Address)> =
            open().filter(|one| one.id != id).map(|one| (one.id, one.stream.listening)).collect();
        for (other, _) in &others {
            self.push(cx, *other, Payload::Reachable([peer].into()));
        }
        self.push(cx, id, Payload::Reachable(others.into_iter().map(|one| one.1).collect()));
    }

    /// Dials listed peers that are said to be reachable, though their back-off is not over.
    pub(super) fn on_report(&mut self, cx: &mut HostContext<'_>, peers: &[Address]) {
        let now = ms(cx);
        for address in peers.iter().filter(|_| cx.config.session.reports) {
            if let Some((index, candidate)) = self.candidate(address.host_part())
                && candidate.heed_report(now)
            {
                self.dial(cx, index as usize, DialPhase::Redial);
            }
        }
    }
}
