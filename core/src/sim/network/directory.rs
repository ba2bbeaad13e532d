//! Directory of addresses: which host a packet reaches.

use crate::base::id::PeerId;
use crate::stack::address::Address;

/// Addresses that a directory may bind.
pub const BINDINGS_MAX: usize = 1 << 20;

/// Map from addresses to hosts. By default the identity: the address of a host is its id.
#[derive(Clone, Debug, Default)]
pub struct Directory {
    /// Bindings in ascending order of address; `None` for the identity.
    bindings: Option<Vec<(Address, PeerId)>>,
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
    /// The host at an address; `None` if the address is not bound. The identity takes every address for a host: whether
    /// one lives there shows when the packet arrives.
    #[must_use]
    #[inline]
    pub fn host(&self, address: Address) -> Option<PeerId> {
        match &self.bindings {
            None => Some(PeerId::new(address.get())),
            Some(bindings) => Self::find(bindings, address).ok().map(|index| bindings[index].1),
        }
    }

    /// The position at which packets to an address are sorted and sharded: the host's id, or the number of an address
    /// that is not bound.
    #[must_use]
    #[inline]
    pub fn position(&self, address: Address) -> PeerId {
        self.host(address).unwrap_or(PeerId::new(address.get()))
    }

    /// Whether addresses are the ids of hosts.
    #[must_use]
    pub const fn is_identity(&self) -> bool {
        self.bindings.is_none()
    }

    /// Binds an address to a host; the first binding ends the identity. Packets in flight have to be sharded anew.
    ///
    /// # Errors
    ///
    /// If the address belongs to another host, or too many are bound; the directory is unchanged.
    pub fn bind(&mut self, address: Address, host: PeerId) -> Result<(), BindError> {
        let bindings = self.bindings.get_or_insert_default();
        match Self::find(bindings, address) {
            Ok(index) if bindings[index].1 == host => Ok(()),
            Ok(index) => Err(BindError::Taken(bindings[index].1)),
            Err(_) if bindings.len() >= BINDINGS_MAX => Err(BindError::LimitReached),
            Err(index) => {
                bindings.insert(index, (address, host));
                Ok(())
            }
        }
    }

    /// Frees an address. Packets to it find no host from now on.
    pub fn unbind(&mut self, address: Address) {
        if let Some(bindings) = &mut self.bindings
            && let Ok(index) = Self::find(bindings, address)
        {
            bindings.remove(index);
        }
    }

    /// All bindings, in ascending order of address; empty for the identity.
    #[must_use]
    pub fn bindings(&self) -> &[(Address, PeerId)] {
        self.bindings.as_deref().unwrap_or_default()
    }

    fn find(bindings: &[(Address, PeerId)], address: Address) -> Result<usize, usize> {
        debug_assert!(bindings.is_sorted_by(|one, other| one.0 < other.0), "bindings are sorted and unique");
        bindings.binary_search_by_key(&address, |binding| binding.0)
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
}
