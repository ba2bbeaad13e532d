//! Ids and addresses as version 1 writes them.

use std::net::Ipv4Addr;

use crate::base::id::PeerId;
use crate::config::AddressPolicy;
use crate::stack::address::Address;

/// Digits of base 58, in the order of Bitcoin's.
const BASE_58: &[u8; 58] = b"123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
/// Beginning of the ids of Ed25519 keys.
const PREFIX: &str = "12D3KooW";
/// Digits behind the prefix.
const DIGITS: usize = 44;
/// Parts of an address that may be dialled.
const PARTS: [&str; 8] = ["ip4", "ip6", "dns", "dns4", "dns6", "tcp", "p2p", "p2p-circuit"];

/// Id as text of 52 characters, as long as that of a real key.
#[must_use]
pub fn peer_text(peer: PeerId) -> String {
    let mut number = peer.get();
    let mut digits = [BASE_58[0]; DIGITS];
    for digit in digits.iter_mut().rev() {
        *digit = BASE_58[usize::try_from(number % 58).unwrap_or(0)];
        number /= 58;
    }
    format!("{PREFIX}{}", String::from_utf8_lossy(&digits))
}

/// Id of a text that [`peer_text`] has made; `None` for others.
#[must_use]
pub fn peer_of(text: &str) -> Option<PeerId> {
    let digits = text.strip_prefix(PREFIX).filter(|digits| digits.len() == DIGITS)?;
    let value = |digit: u8| BASE_58.iter().position(|known| *known == digit);
    let number = digits
        .bytes()
        .try_fold(0_u64, |number, digit| number.checked_mul(58)?.checked_add(value(digit)? as u64))?;
    Some(PeerId::new(number))
}

/// Address as a path, with the peer that is expected there if it is known.
#[must_use]
pub fn address_text(address: Address, peer: Option<PeerId>) -> String {
    let ip = Ipv4Addr::from(u32::try_from(address.host_part()).unwrap_or(0));
    let suffix = peer.map(|peer| format!("/p2p/{}", peer_text(peer))).unwrap_or_default();
    format!("/ip4/{ip}/tcp/{}{suffix}", address.port())
}

/// Address and peer of a path `/ip4/IP/tcp/PORT/p2p/ID`; `None` for others, which cannot be dialled.
#[must_use]
pub fn address_of(text: &str) -> Option<(Address, PeerId)> {
    let mut parts = text.strip_prefix('/')?.split('/');
    let mut part = |name| parts.next().filter(|part| *part == name).and_then(|_| parts.next());
    let ip: Ipv4Addr = part("ip4")?.parse().ok()?;
    let tcp_port = part("tcp")?.parse().ok()?;
    let peer = peer_of(part("p2p")?)?;
    parts.next().is_none().then(|| (Address::ip(ip.into(), tcp_port), peer))
}

/// Whether an address may be dialled under a policy. Names are not resolved here: they are no public
/// addresses.
#[must_use]
pub fn is_allowed(text: &str, policy: AddressPolicy) -> bool {
    let Some(rest) = text.strip_prefix('/') else { return policy == AddressPolicy::Any };
    let mut parts = rest.split('/');
    let (mut has_port, mut has_peer, mut is_public) = (false, false, false);
    while let Some(name) = parts.next() {
        let value = if name == "p2p-circuit" { Some("") } else { parts.next() };
        let is_known = PARTS.contains(&name) && value.is_some();
        if !is_known && policy != AddressPolicy::Any {
            return false;
        }
        has_port |= name == "tcp";
        has_peer |= name == "p2p";
        is_public |= value.is_some_and(|value| is_public_host(name, value));
    }
    match policy {
        AddressPolicy::Any => true,
        AddressPolicy::Lan => has_port && has_peer,
        AddressPolicy::Wan => has_port && has_peer && is_public,
    }
}

/// Whether a part names a host that is reached from everywhere.
fn is_public_host(name: &str, value: &str) -> bool {
    match name {
        "ip4" => value.parse::<Ipv4Addr>().is_ok_and(|ip| {
            !(ip.is_loopback()
                || ip.is_private()
                || ip.is_link_local()
                || ip.is_multicast()
                || ip.is_unspecified())
        }),
        "ip6" => value.parse::<std::net::Ipv6Addr>().is_ok_and(|ip| {
            let first = ip.segments()[0];
            let is_local = first & 0xfe00 == 0xfc00 || first & 0xffc0 == 0xfe80;
            !(ip.is_loopback() || ip.is_multicast() || ip.is_unspecified() || is_local)
        }),
        _ => false,
    }
}
