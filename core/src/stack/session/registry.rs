//! Registry of sessions by the key of a peer: where replies of the accepting side go, and which peers are
//! known.
//!
//! Writers are kept by IP. [`AddressKey`] is the switch of document 002: a reply that is looked up by IP and
//! port finds no writer, and is lost without an error.

use crate::base::digest::Digest;
use crate::config::AddressKey;
use crate::stack::address::Address;

/// Accepted peers that are remembered; later ones are not.
pub const KNOWN_MAX: usize = 1 << 16;

/// Key of a peer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Key {
    /// The IP.
    Ip(u64),
    /// IP and port.
    IpPort(Address),
}

impl Key {
    /// The key that a rule makes of an address.
    #[must_use]
    pub const fn of(address: Address, rule: AddressKey) -> Self {
        match rule {
            AddressKey::Ip => Self::Ip(address.host_part()),
            AddressKey::IpPort => Self::IpPort(address),
        }
    }

    /// The key as a number of a fingerprint.
    #[must_use]
    pub const fn number(self) -> u64 {
        match self {
            Self::Ip(ip) => ip,
            Self::IpPort(address) => address.get(),
        }
    }

    const fn is_precise(self) -> bool {
        matches!(self, Self::IpPort(_))
    }

    const fn ip(self) -> u64 {
        match self {
            Self::Ip(ip) => ip,
            Self::IpPort(address) => address.host_part(),
        }
    }
}

/// Sessions and accepted peers by key.
#[derive(Clone, Debug, Default)]
pub struct Registry {
    /// Session that replies are written to, in ascending order of key.
    writers: Vec<(Key, u32)>,
    /// Accepted peers, in ascending order.
    known: Vec<Key>,
    /// Distinct IPs among them.
    distinct: usize,
}

impl Registry {
    /// Registers the session that writes to a peer, in place of an earlier one.
    pub(crate) fn register(&mut self, address: Address, session: u32) {
        let key = Key::of(address, AddressKey::Ip);
        match self.find(key) {
            Ok(index) => self.writers[index].1 = session,
            Err(index) => self.writers.insert(index, (key, session)),
        }
    }

    /// Session that a reply to an address goes to; `None` if the key is not registered.
    #[must_use]
    pub fn writer(&self, address: Address, rule: AddressKey) -> Option<u32> {
        self.find(Key::of(address, rule)).ok().map(|index| self.writers[index].1)
    }

    /// Session that writes to a host; `None` if none does.
    #[must_use]
    pub(crate) fn writer_of(&self, ip: u64) -> Option<u32> {
        self.find(Key::Ip(ip)).ok().map(|index| self.writers[index].1)
    }

    /// Addresses that an answer to a question for peers may list: accepted peers, with the port on which
    /// hosts listen.
    pub fn known(&self, port: u16) -> impl Iterator<Item = Address> {
        self.known.iter().map(move |key| match key {
            Key::Ip(ip) => Address::ip(u32::try_from(*ip).unwrap_or(u32::MAX), port),
            Key::IpPort(address) => *address,
        })
    }

    /// Removes the writer of a peer; with an owner, only if it is that session.
    pub fn remove(&mut self, address: Address, owner: Option<u32>) {
        if let Ok(index) = self.find(Key::of(address, AddressKey::Ip))
            && owner.is_none_or(|owner| self.writers[index].1 == owner)
        {
            self.writers.remove(index);
        }
    }

    /// Remembers an accepted peer by the key of a rule.
    pub fn note(&mut self, address: Address, rule: AddressKey) {
        let key = Key::of(address, rule);
        if let Err(index) = self.known.binary_search(&key)
            && self.known.len() < KNOWN_MAX
        {
            self.distinct += usize::from(!self.knows(address.host_part()));
            self.known.insert(index, key);
        }
    }

    /// Entries of accepted peers.
    #[must_use]
    pub const fn entries(&self) -> usize {
        self.known.len()
    }

    /// Distinct IPs among the accepted peers.
    #[must_use]
    pub const fn distinct(&self) -> usize {
        self.distinct
    }

    /// Whether an accepted peer has this IP.
    #[must_use]
    pub fn knows(&self, ip: u64) -> bool {
        let is_below = |key: &Key| (key.is_precise(), key.ip()) < (true, ip);
        let first = self.known.get(self.known.partition_point(is_below));
        self.known.binary_search(&Key::Ip(ip)).is_ok() || first.is_some_and(|key| key.ip() == ip)
    }

    fn find(&self, key: Key) -> Result<usize, usize> {
        self.writers.binary_search_by_key(&key, |writer| writer.0)
    }

    /// Adds the registry to a fingerprint.
    pub fn digest(&self, digest: &mut Digest) {
        digest.length(self.writers.len());
        for (key, session) in &self.writers {
            digest.number(key.ip());
            digest.number(*session);
        }
        digest.length(self.known.len());
        for key in &self.known {
            digest.number(key.number());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PEER: Address = Address::ip(0x321c_6832, 50_000);

    #[test]
    fn a_reply_by_ip_and_port_finds_no_writer() {
        let mut registry = Registry::default();
        registry.register(PEER, 7);
        assert_eq!(registry.writer(PEER, AddressKey::IpPort), None);
        assert_eq!(registry.writer(PEER.with_port(50_001), AddressKey::Ip), Some(7));
    }

    #[test]
    fn a_replaced_session_does_not_remove_its_successor() {
        let mut registry = Registry::default();
        registry.register(PEER, 7);
        registry.register(PEER, 8);
        registry.remove(PEER, Some(7));
        assert_eq!(registry.writer(PEER, AddressKey::Ip), Some(8));
        registry.remove(PEER, None);
        assert_eq!(registry.writer(PEER, AddressKey::Ip), None);
    }

    #[test]
    fn each_port_is_an_entry_of_its_own_unless_the_ip_is_the_key() {
        let mut registry = Registry::default();
        (1..=9).for_each(|port| registry.note(PEER.with_port(port), AddressKey::IpPort));
        assert_eq!((registry.entries(), registry.distinct()), (9, 1));
        (1..=9).for_each(|port| registry.note(PEER.with_port(port), AddressKey::Ip));
        assert_eq!((registry.entries(), registry.distinct()), (10, 1));
    }
}
