//! Directory of addresses: which host a packet reaches.

use crate::base::digest::{Digest, Tag};
use crate::base::id::PeerId;
use crate::stack::address::{Address, Addresses};

/// Addresses that a directory may bind.
pub const BINDINGS_MAX: usize = 1 << 20;

/// Map from addresses to hosts. By default the identity: the address of a host is its id.
#[derive(Clone, Debug, Default)]
pub struct Directory {
    /// `None` for the identity.
    plan: Option<Plan>,
}

/// Bindings, each in two orders.
#[derive(Clone, Debug, Default)]
struct Plan {
    /// In ascending order of address.
    by_address: Vec<(Address, PeerId)>,
    /// In ascending order of host, then address.
    by_host: Vec<(PeerId, Address)>,
}

/// Why an address cannot be bound.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BindError {
    /// The address belongs to another host.
    Taken(PeerId),
    /// [`BINDINGS_MAX`] addresses are bound.
    LimitReached,
}

impl std::fmt::Display for BindError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Taken(peer) => write!(f, "the address belongs to peer {peer}"),
            Self::LimitReached => write!(f, "{BINDINGS_MAX} addresses are bound already"),
        }
    }
}

impl std::error::Error for BindError {}

impl Directory {
    /// The host at an address; `None` if the address is not bound. The identity takes every address for a
    /// host: whether one lives there shows when the packet arrives.
    #[must_use]
    #[inline]
    pub fn host(&self, address: Address) -> Option<PeerId> {
        match &self.plan {
            None => Some(PeerId::new(address.get())),
            Some(plan) => plan.find(address).ok().map(|index| plan.by_address[index].1),
        }
    }

    /// The position at which packets to an address are sorted and sharded: the host's id, or the number of an
    /// address that is not bound.
    #[must_use]
    #[inline]
    pub fn position(&self, address: Address) -> PeerId {
        self.host(address).unwrap_or(PeerId::new(address.get()))
    }

    /// The address under which a host listens: the lowest one bound to it, or its id if none is.
    #[must_use]
    #[inline]
    pub fn listening(&self, host: PeerId) -> Address {
        self.plan.as_ref().and_then(|plan| plan.first_of(host)).unwrap_or(Address::of(host))
    }

    /// Whether addresses are the ids of hosts.
    #[must_use]
    pub const fn is_identity(&self) -> bool {
        self.plan.is_none()
    }

    /// Binds an address to a host; the first binding ends the identity. Packets in flight have to be
    /// resharded.
    ///
    /// # Errors
    ///
    /// If the address belongs to another host, or too many are bound; the directory is unchanged.
    pub fn bind(&mut self, address: Address, host: PeerId) -> Result<(), BindError> {
        let count = self.bindings().len();
        let plan = self.plan.get_or_insert_default();
        match plan.find(address) {
            Ok(index) if plan.by_address[index].1 == host => Ok(()),
            Ok(index) => Err(BindError::Taken(plan.by_address[index].1)),
            Err(_) if count >= BINDINGS_MAX => Err(BindError::LimitReached),
            Err(index) => {
                plan.by_address.insert(index, (address, host));
                let index = plan.by_host.partition_point(|binding| *binding < (host, address));
                plan.by_host.insert(index, (host, address));
                Ok(())
            }
        }
    }

    /// Frees an address. Packets to it find no host from now on.
    pub fn unbind(&mut self, address: Address) {
        let Some(plan) = &mut self.plan else { return };
        if let Ok(index) = plan.find(address) {
            let (_, host) = plan.by_address.remove(index);
            plan.by_host.retain(|binding| *binding != (host, address));
        }
    }

    /// Gives every address of a host to another one, as when a peer is reborn with another id.
    pub fn rebind(&mut self, from: PeerId, to: PeerId) {
        let Some(plan) = &mut self.plan else { return };
        plan.by_address.iter_mut().filter(|binding| binding.1 == from).for_each(|binding| binding.1 = to);
        plan.by_host.iter_mut().filter(|binding| binding.0 == from).for_each(|binding| binding.0 = to);
        crate::base::sort::sort_by_key(&mut plan.by_host, |binding| *binding);
    }

    /// All bindings, in ascending order of address; empty for the identity.
    #[must_use]
    pub fn bindings(&self) -> &[(Address, PeerId)] {
        self.plan.as_ref().map_or(&[], |plan| &plan.by_address)
    }

    /// Adds the bindings to a fingerprint; nothing for the identity.
    pub fn digest(&self, digest: &mut Digest) {
        let Some(plan) = &self.plan else { return };
        debug_assert_eq!(plan.by_address.len(), plan.by_host.len(), "every binding stands in both orders");
        digest.section(Tag::Directory);
        digest.length(plan.by_address.len());
        for (address, host) in &plan.by_address {
            digest.number(address.get());
            digest.number(host.get());
        }
    }
}

impl Plan {
    /// The lowest address that is bound to a host.
    fn first_of(&self, host: PeerId) -> Option<Address> {
        let first = self.by_host.partition_point(|binding| binding.0 < host);
        self.by_host.get(first).filter(|binding| binding.0 == host).map(|binding| binding.1)
    }

    fn find(&self, address: Address) -> Result<usize, usize> {
        // Plans number their hosts in sequence: the index follows from the distance to the first one.
        let first = self.by_address.first().map_or(0, |binding| binding.0.host_part());
        let guess = usize::try_from(address.host_part().wrapping_sub(first)).unwrap_or(usize::MAX);
        if self.by_address.get(guess).is_some_and(|binding| binding.0 == address) {
            return Ok(guess);
        }
        self.by_address.binary_search_by_key(&address, |binding| binding.0)
    }
}

impl Addresses for Directory {
    fn listening(&self, host: PeerId) -> Address {
        Self::listening(self, host)
    }

    fn host(&self, address: Address) -> Option<PeerId> {
        Self::host(self, address)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOST: PeerId = PeerId::new(7);
    const OTHER: PeerId = PeerId::new(9);

    #[test]
    fn the_identity_takes_an_address_for_a_host() {
        let directory = Directory::default();
        assert_eq!(directory.host(Address::of(HOST)), Some(HOST));
        assert!(directory.is_identity());
    }

    #[test]
    fn an_address_moves_from_one_host_to_another_only_when_it_is_free() {
        let mut directory = Directory::default();
        let address = Address::ip(0x0a00_0001, 24_100);
        assert_eq!(directory.bind(address, HOST), Ok(()));
        assert_eq!(directory.bind(address, HOST), Ok(()), "a host may bind its own address again");
        assert_eq!(directory.bind(address, OTHER), Err(BindError::Taken(HOST)));
        assert_eq!(directory.host(address.with_port(1)), None, "ports are part of an address");
        directory.unbind(address);
        assert_eq!(directory.host(address), None);
        assert_eq!(directory.bind(address, OTHER), Ok(()));
        assert_eq!(directory.host(address), Some(OTHER));
        assert_eq!(directory.bindings(), [(address, OTHER)]);
    }

    #[test]
    fn a_reborn_peer_keeps_its_addresses() {
        let mut directory = Directory::default();
        assert_eq!(directory.listening(HOST), Address::of(HOST));
        let [low, high] = [1, 2].map(|port| Address::ip(0x0a00_0001, port));
        directory.bind(high, HOST).unwrap();
        directory.bind(low, HOST).unwrap();
        assert_eq!(directory.listening(HOST), low);
        directory.rebind(HOST, OTHER);
        assert_eq!(directory.listening(OTHER), low);
        assert_eq!((directory.host(high), directory.listening(HOST)), (Some(OTHER), Address::of(HOST)));
    }
}
