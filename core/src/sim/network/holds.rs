//! Links on which packets wait until they are released, and hosts that take nothing in for the time being.

use std::fmt;

use super::directory::Directory;
use crate::base::digest::Digest;
use crate::base::id::PeerId;
use crate::base::mutant::mutant;
use crate::base::sort;
use crate::base::time::Tick;
use crate::protocol::message::ProofResolver;
use crate::stack::packet::Packet;

/// Links on which packets may be held at a time.
pub const HELD_LINKS_MAX: usize = 1024;

/// Why a link cannot be held or released.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HoldError {
    /// Packets of the link are held already.
    AlreadyHeld,
    /// [`HELD_LINKS_MAX`] links are held.
    LimitReached,
    /// Packets of the link are not held.
    NotHeld,
    /// The link holds fewer packets than asked for.
    NoSuchPacket {
        /// Number of packets held on the link.
        held: usize,
        /// The link, from one host to another.
        link: (PeerId, PeerId),
    },
}

impl fmt::Display for HoldError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AlreadyHeld => f.write_str("the link is held already"),
            Self::LimitReached => write!(f, "{HELD_LINKS_MAX} links are held already"),
            Self::NotHeld => f.write_str("the link is not held"),
            Self::NoSuchPacket { held, link: (from, to) } => {
                write!(f, "there is no such message: {held} held from {from} to {to}")
            }
        }
    }
}

impl std::error::Error for HoldError {}

/// Held links, paused hosts, and the packets that wait for them.
#[derive(Clone, Debug, Default)]
pub(super) struct Holds {
    /// Links, from one host to another, in ascending order.
    links: Vec<(PeerId, PeerId)>,
    /// Hosts that take nothing in, in ascending order.
    paused: Vec<PeerId>,
    /// Packets on held links and before paused hosts.
    waiting: Vec<Packet>,
    /// Packets picked from held links, and the ticks at which they arrive.
    picked: Vec<(Tick, Packet)>,
}

impl Holds {
    pub(super) fn links(&self) -> &[(PeerId, PeerId)] {
        &self.links
    }

    /// Whether no link is held and no host paused.
    pub(super) const fn is_idle(&self) -> bool {
        self.links.is_empty() && self.paused.is_empty()
    }

    pub(super) const fn waiting(&self) -> usize {
        self.waiting.len()
    }

    /// Packets that wait, and packets that were picked and have not arrived.
    pub(super) const fn len(&self) -> usize {
        self.waiting.len() + self.picked.len()
    }

    /// Packets that wait, then packets that were picked and have not arrived.
    pub(super) fn packets(&self) -> impl Iterator<Item = &Packet> {
        self.waiting.iter().chain(self.picked.iter().map(|(_, packet)| packet))
    }

    pub(super) fn next_due(&self) -> Option<Tick> {
        self.picked.first().map(|(due, _)| *due)
    }

    pub(super) fn hold(&mut self, from: PeerId, to: PeerId) -> Result<(), HoldError> {
        match self.links.binary_search(&(from, to)) {
            Ok(_) => Err(HoldError::AlreadyHeld),
            Err(_) if self.links.len() >= HELD_LINKS_MAX => Err(HoldError::LimitReached),
            Err(index) => {
                self.links.insert(index, (from, to));
                Ok(())
            }
        }
    }

    /// Frees a link; its packets stay until [`Holds::flush`].
    pub(super) fn release(&mut self, from: PeerId, to: PeerId) -> Result<(), HoldError> {
        let index = self.links.binary_search(&(from, to)).map_err(|_| HoldError::NotHeld)?;
        self.links.remove(index);
        Ok(())
    }

    /// Lets one packet of a held link arrive at the tick `now`: the one with this index in the order of
    /// sending.
    pub(super) fn release_one(
        &mut self,
        directory: &Directory,
        link: (PeerId, PeerId),
        index: usize,
        now: Tick,
    ) -> Result<(), HoldError> {
        let is_on_link =
            |packet: &Packet| route(directory, packet) == link && self.is_on_held_link(directory, packet);
        let held = self.waiting.iter().enumerate().filter(|(_, packet)| is_on_link(packet));
        let mut held: Vec<(u32, usize)> = held.map(|(slot, packet)| (packet.seq, slot)).collect();
        sort::sort_by_key(&mut held, |held| *held);
        let (_, slot) = *held.get(index).ok_or(HoldError::NoSuchPacket { held: held.len(), link })?;
        self.picked.push((now, self.waiting.remove(slot)));
        Ok(())
    }

    pub(super) fn pause(&mut self, host: PeerId) {
        if let Err(index) = self.paused.binary_search(&host) {
            self.paused.insert(index, host);
        }
    }

    /// Ends a pause; `false` if the host was not paused. Its packets stay until [`Holds::flush`].
    pub(super) fn resume(&mut self, host: PeerId) -> bool {
        let index = self.paused.binary_search(&host);
        index.is_ok_and(|index| {
            self.paused.remove(index);
            true
        })
    }

    /// Takes out every waiting packet that nothing holds any more.
    pub(super) fn flush(&mut self, directory: &Directory) -> Vec<Packet> {
        let (held, free): (Vec<Packet>, Vec<Packet>) =
            std::mem::take(&mut self.waiting).into_iter().partition(|packet| self.is_held(directory, packet));
        self.waiting = held;
        mutant!(ReleaseLoses: free => Vec::new())
    }

    /// Takes in packets that are due, as far as they are held.
    pub(super) fn catch(&mut self, directory: &Directory, due: &mut Vec<Packet>) {
        let caught = due.extract_if(.., |packet| self.is_held(directory, packet)).collect::<Vec<_>>();
        self.waiting.extend(caught);
    }

    /// Takes out the picked packets that arrive now; those before paused hosts go on waiting.
    pub(super) fn take_picked(&mut self, directory: &Directory) -> Vec<Packet> {
        let picked = std::mem::take(&mut self.picked).into_iter().map(|(_, packet)| packet);
        let (paused, arriving): (Vec<Packet>, Vec<Packet>) =
            picked.partition(|packet| self.is_before_paused_host(directory, packet));
        self.waiting.extend(paused);
        arriving
    }

    fn is_held(&self, directory: &Directory, packet: &Packet) -> bool {
        self.is_on_held_link(directory, packet) || self.is_before_paused_host(directory, packet)
    }

    fn is_on_held_link(&self, directory: &Directory, packet: &Packet) -> bool {
        mutant!(HeldPasses: self.links.binary_search(&route(directory, packet)).is_ok() => false)
    }

    fn is_before_paused_host(&self, directory: &Directory, packet: &Packet) -> bool {
        self.paused.binary_search(&directory.position(packet.to)).is_ok()
    }

    /// Adds everything held to a fingerprint; nothing if nothing is held, as in fingerprints that were
    /// published before links could be held.
    pub(super) fn digest(&self, digest: &mut Digest, directory: &Directory, resolver: &dyn ProofResolver) {
        for (from, to) in &self.links {
            digest.number(from.get());
            digest.number(to.get());
        }
        self.paused.iter().for_each(|host| digest.number(host.get()));
        let mut waiting: Vec<&Packet> = self.waiting.iter().collect();
        sort::sort_by_key(&mut waiting, |packet| {
            (super::delivery::delivery_order(directory, packet), packet.sent)
        });
        waiting.into_iter().for_each(|packet| packet.digest(digest, resolver));
        self.picked.iter().for_each(|(_, packet)| packet.digest(digest, resolver));
    }
}

/// The hosts between which a packet travels.
fn route(directory: &Directory, packet: &Packet) -> (PeerId, PeerId) {
    (directory.position(packet.from), directory.position(packet.to))
}
