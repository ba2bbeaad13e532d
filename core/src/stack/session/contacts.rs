//! Notices to the other layers of the host, and what these ask for.

use super::dial::{Candidate, DialPhase};
use super::state::Side;
use super::timing::set;
use super::{Sessions, timer};
use crate::stack::context::HostContext;
use crate::stack::notice::{ContactEnd, Notice};

impl Sessions {
    /// Tells the other layers that a session is open.
    pub(super) fn notify_connected(&self, cx: &mut HostContext<'_>, id: u32) {
        let Some(session) = self.find(id).map(|index| &self.live[index]) else { return };
        let Some(peer) = session.peer else { return };
        let end = match session.side {
            Side::Dialer => ContactEnd::Dialer,
            Side::Acceptor => ContactEnd::Acceptor,
        };
        let (listening, remote) =
            (session.stream.listening.with_port(cx.address.port()), session.stream.remote);
        cx.notify(Notice::Connected { peer, listening, remote, end });
    }

    /// Sets the times of the first dials, one after the other.
    pub(super) fn time_dials(&self, cx: &mut HostContext<'_>) {
        let spacing = u64::from(cx.config.session.dial_spacing_ms);
        for index in 0..self.candidates.len() {
            let key = u32::try_from(index).unwrap_or(u32::MAX);
            set(cx, timer::DIAL, key, spacing * index as u64);
        }
    }

    /// Does what another layer asks for.
    pub(super) fn heed(&mut self, cx: &mut HostContext<'_>, notice: Notice) {
        if !cx.config.has_internet(super::plan::index(cx.address)) {
            return;
        }
        match notice {
            Notice::Dial { to } => {
                self.list(cx, to);
                if let Some((index, _)) = self.candidate(to.host_part()) {
                    self.dial(cx, index as usize, DialPhase::Check);
                }
            }
            Notice::Remembered { peer, listening } => self.learn(cx, &[(peer, listening)]),
            Notice::HangUp { from } => {
                let is_meant = |one: &&super::Session| one.ip() == from.host_part() && one.is_open();
                let meant: Vec<u32> = self.live.iter().filter(is_meant).map(|one| one.id).collect();
                meant.into_iter().for_each(|id| self.close(cx, id));
            }
            Notice::Withhold => {
                for index in 0..self.candidates.len() {
                    cx.cancel_timer(timer::DIAL, u32::try_from(index).unwrap_or(u32::MAX));
                }
                self.candidates.clear();
            }
            Notice::DialPublished => {
                for address in Self::published(cx).into_iter().filter(|address| *address != cx.address) {
                    if !self.candidates.iter().any(|one| one.address == address) {
                        self.candidates.push(Candidate::new(address));
                    }
                }
                self.time_dials(cx);
            }
            Notice::Dialed { .. }
            | Notice::DialFailed { .. }
            | Notice::Connected { .. }
            | Notice::Ended { .. }
            | Notice::RoundTrip { .. } => {}
        }
    }
}
