//! Anchors: contacts kept aside, through which a peer finds back to peers that it has lost.
//!
//! A table forgets a peer that is silent for long enough. After a partition that outlasts every timeout, and
//! after a ban of an honest peer, neither side may know any peer on the other. A peer therefore keeps aside a
//! few contacts from its bootstrap list and its latest lost connections, and returns to one at a time.

use crate::base::digest::{Digest, Tag};
use crate::base::id::PeerId;

/// Number of contacts from a bootstrap list that are kept; they are never replaced.
pub(crate) const CONTACTS_MAX: usize = 4;
/// Number of lost connections that are kept; a further one replaces the oldest.
const LOST_MAX: usize = 8;

/// The peers that one peer keeps aside, none twice.
#[derive(Clone, Debug, Default)]
pub(super) struct Anchors {
    contacts: Vec<PeerId>,
    /// In the order of loss, the oldest first.
    lost: Vec<PeerId>,
    /// Index of the anchor whose turn is next; 0 beyond the last one.
    turn: usize,
}

impl Anchors {
    /// Keeps a contact from a bootstrap list, while there is room.
    pub(super) fn keep_contact(&mut self, peer: PeerId) {
        if self.contacts.len() < CONTACTS_MAX && !self.contains(peer) {
            self.contacts.push(peer);
        }
    }

    /// Keeps a peer whose connection has ended.
    pub(super) fn keep_lost(&mut self, peer: PeerId) {
        if self.contacts.contains(&peer) {
            return;
        }
        self.lost.retain(|lost| *lost != peer);
        if self.lost.len() == LOST_MAX {
            self.lost.remove(0);
        }
        self.lost.push(peer);
        debug_assert!(self.lost.len() <= LOST_MAX && self.contacts.len() <= CONTACTS_MAX);
    }

    /// All anchors.
    pub(super) fn iter(&self) -> impl Iterator<Item = PeerId> {
        self.contacts.iter().chain(&self.lost).copied()
    }

    /// The next anchor that is `wanted`, in turn; `None` if none is.
    pub(super) fn next(&mut self, mut wanted: impl FnMut(PeerId) -> bool) -> Option<PeerId> {
        let all: Vec<PeerId> = self.iter().collect();
        let mut places = (self.turn..all.len()).chain(0..self.turn.min(all.len()));
        let place = places.find(|place| wanted(all[*place]))?;
        self.turn = (place + 1) % all.len();
        Some(all[place])
    }

    fn contains(&self, peer: PeerId) -> bool {
        self.iter().any(|anchor| anchor == peer)
    }

    /// Adds the anchors to a fingerprint, if there are any.
    pub(super) fn digest(&self, digest: &mut Digest) {
        if self.contacts.is_empty() && self.lost.is_empty() {
            return;
        }
        digest.section(Tag::Anchors);
        for peers in [&self.contacts, &self.lost] {
            digest.length(peers.len());
            peers.iter().for_each(|peer| digest.number(peer.get()));
        }
        digest.length(self.turn);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn peers(range: std::ops::Range<u64>) -> impl Iterator<Item = PeerId> {
        range.map(PeerId::new)
    }

    #[test]
    fn first_contacts_stay_and_the_oldest_loss_goes() {
        let mut anchors = Anchors::default();
        peers(0..9).for_each(|peer| anchors.keep_contact(peer));
        peers(100..120).for_each(|peer| anchors.keep_lost(peer));
        anchors.keep_lost(PeerId::new(0));
        anchors.keep_lost(PeerId::new(112));
        let all: Vec<u64> = anchors.iter().map(PeerId::get).collect();
        assert_eq!(all, [0, 1, 2, 3, 113, 114, 115, 116, 117, 118, 119, 112]);
    }

    #[test]
    fn anchors_take_turns_and_unwanted_ones_are_passed_over() {
        let mut anchors = Anchors::default();
        assert_eq!(anchors.next(|_| true), None);
        peers(0..3).for_each(|peer| anchors.keep_contact(peer));
        let mut next = || anchors.next(|peer| peer.get() != 1).map(PeerId::get);
        assert_eq!([next(), next(), next(), next()], [Some(0), Some(2), Some(0), Some(2)]);
        assert_eq!(anchors.next(|_| false), None);
    }
}
