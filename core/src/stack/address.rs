//! Network addresses: where a packet goes, as opposed to which peer is meant.

use std::fmt;

use crate::base::id::PeerId;

/// A network address.
///
/// By default a host's address is its peer id (identity). Worlds with an address plan use [`Address::ip`]: 32
/// bits of IP and 16 bits of port, so that IP:PORT against IP, ephemeral ports, and moved or reborn peers can
/// be expressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Address(u64);

/// First of the planned addresses: 10.64.0.1.
const PLANNED: u32 = 0x0a40_0001;
/// Planned addresses.
const PLANNED_MAX: u32 = 1 << 22;
/// Port of planned addresses.
const PLANNED_PORT: u16 = 8_333;

/// Bits of the port.
const PORT_BITS: u32 = 16;

/// Addresses of hosts by id: a directory that is always right.
pub trait Addresses {
    /// Address under which a host listens.
    fn listening(&self, host: PeerId) -> Address;

    /// The host at an address; `None` if the address is not bound.
    fn host(&self, address: Address) -> Option<PeerId>;
}

impl Address {
    /// The address of a host whose address is its id.
    #[must_use]
    pub const fn of(peer: PeerId) -> Self {
        Self(peer.get())
    }

    /// An IP-like address.
    #[must_use]
    pub const fn ip(ip: u32, port: u16) -> Self {
        Self((ip as u64) << PORT_BITS | port as u64)
    }

    /// Address of the host with an index, in worlds of document 004: initial peers in ascending order of id,
    /// then newcomers.
    #[must_use]
    pub const fn planned(index: u32) -> Self {
        Self::ip(PLANNED.wrapping_add(index), PLANNED_PORT)
    }

    /// Index of the host with an address, the inverse of [`Address::planned`].
    #[must_use]
    pub fn plan_index(self) -> u32 {
        u32::try_from(self.host_part()).unwrap_or(u32::MAX).wrapping_sub(PLANNED)
    }

    /// Whether the address is one of [`Address::planned`].
    #[must_use]
    pub fn is_planned(self) -> bool {
        self.plan_index() < PLANNED_MAX
    }

    /// The address as a number.
    #[must_use]
    pub const fn get(self) -> u64 {
        self.0
    }

    /// The IP part, for an address made by [`Address::ip`].
    #[must_use]
    pub const fn host_part(self) -> u64 {
        self.0 >> PORT_BITS
    }

    /// The port, for an address made by [`Address::ip`].
    #[must_use]
    pub const fn port(self) -> u16 {
        (self.0 & ((1 << PORT_BITS) - 1)) as u16
    }

    /// The same host with another port.
    #[must_use]
    pub const fn with_port(self, port: u16) -> Self {
        Self(self.0 >> PORT_BITS << PORT_BITS | port as u64)
    }
}

/// Dotted quad and port, as in `50.28.104.50:24100`.
impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bytes = self.host_part().to_be_bytes();
        let quad: Vec<String> = bytes[4..].iter().map(u8::to_string).collect();
        write!(f, "{}:{}", quad.join("."), self.port())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ip_address_has_a_host_part_and_a_port() {
        let address = Address::ip(0x321c_6832, 24_100);
        assert_eq!(address.to_string(), "50.28.104.50:24100");
        assert_eq!((address.host_part(), address.port()), (0x321c_6832, 24_100));
        assert_eq!(address.with_port(7), Address::ip(0x321c_6832, 7));
        assert_eq!(Address::of(PeerId::new(u64::MAX)).get(), u64::MAX);
    }

    #[test]
    fn planned_addresses_and_indices_are_inverse() {
        assert!((0..1_000).all(|index| Address::planned(index).plan_index() == index));
        assert_eq!(Address::planned(0).to_string(), "10.64.0.1:8333");
    }
}
