//! Notices to the other layers of the host, and what these ask for.

use super::dial::{Candidate, DialPhase};
use super::state::Side;
use super::timing::set;
use super::{Sessions, timer};
use crate::base::sort;
use crate::stack::address::Address;
use crate::stack::context::HostContext;
use crate::stack::notice::{ContactEnd, Notice};

/// Hosts that another layer has barred; a further one is barred instead of the one with the lowest address.
const BARRED_MAX: usize = 1_024;

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
        if !cx.config.has_streams(super::plan::index(cx.address)) {
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
            Notice::Keep { with } => self.keep(cx, with),
            Notice::Release { from } => {
                if let Some((_, candidate)) = self.candidate(from.host_part()) {
                    candidate.release();
                }
                let is_meant = |one: &&super::Session| one.ip() == from.host_part() && one.is_open();
                let meant: Vec<u32> = self.live.iter().filter(is_meant).map(|one| one.id).collect();
                meant.into_iter().for_each(|id| self.close(cx, id));
            }
            Notice::Bar { host } => self.bar(cx, host),
            Notice::Unbar { host } => self.barred.retain(|one| *one != host),
            Notice::Scored { peer, score } => {
                if let Some((_, candidate)) = self.candidate(peer.host_part()) {
                    candidate.score = score;
                }
            }
            Notice::Pace { ms } => self.note_pace(cx, ms),
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
            | Notice::Misbehaved { .. }
            | Notice::RoundTrip { .. } => {}
        }
    }

    /// Puts an address on the list, and dials it unless it was there.
    fn keep(&mut self, cx: &mut HostContext<'_>, with: Address) {
        let is_kept = self.candidate(with.host_part()).is_some_and(|(_, one)| one.is_kept());
        self.list(cx, with);
        if let Some((index, _)) = self.candidate(with.host_part()).filter(|_| !is_kept) {
            self.dial(cx, index as usize, DialPhase::First);
        }
    }

    /// Resets the sessions with a host, and opens no other one.
    fn bar(&mut self, cx: &mut HostContext<'_>, host: u64) {
        if let Err(index) = self.barred.binary_search(&host) {
            if self.barred.len() == BARRED_MAX {
                self.barred.remove(0);
            }
            self.barred.insert(index.min(self.barred.len()), host);
        }
        let is_meant = |one: &&super::Session| one.ip() == host && one.is_alive();
        let meant: Vec<u32> = self.live.iter().filter(is_meant).map(|one| one.id).collect();
        meant.into_iter().for_each(|id| self.reset(cx, id));
    }

    /// Indices of the listed peers, those with the best scores first.
    pub(super) fn by_score(&self) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.candidates.len()).collect();
        if self.candidates.iter().any(|one| one.score > 0) {
            sort::sort_by_key(&mut order, |index| u32::MAX - self.candidates[*index].score);
        }
        order
    }
}
