//! Ids and addresses as version 1 writes them.

use std::net::Ipv4Addr;

use crate::base::id::PeerId;
use crate::stack::address::Address;

/// Digits of base 58, in the order of Bitcoin's.
const BASE_58: &[u8; 58] = b"123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
/// Beginning of the ids of Ed25519 keys.
const PREFIX: &str = "12D3KooW";
/// Digits behind the prefix.
const DIGITS: usize = 44;
/// Domain of the names of hosts.
const DOMAIN: &str = ".peers.example";

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

/// Address as a path with a name instead of the IP, as [`address_text`].
#[must_use]
pub fn name_text(address: Address, peer: PeerId) -> String {
    let ip = Ipv4Addr::from(u32::try_from(address.host_part()).unwrap_or(0)).to_string();
    format!("/dns4/ip-{}{DOMAIN}/tcp/{}/p2p/{}", ip.replace('.', "-"), address.port(), peer_text(peer))
}

/// IP that a name of [`name_text`] stands for: it contains it, as names of rented hosts do. `None` for
/// others.
#[must_use]
pub fn ip_of_name(name: &str) -> Option<Ipv4Addr> {
    name.strip_prefix("ip-")?.strip_suffix(DOMAIN)?.replace('-', ".").parse().ok()
}

/// Whether an address leads to a host by its name.
#[must_use]
pub fn has_name(text: &str) -> bool {
    text.starts_with("/dns4/")
}

/// Address and peer of a path `/ip4/IP/tcp/PORT/p2p/ID`, or of one of [`name_text`]; `None` for others, which
/// cannot be dialled.
#[must_use]
pub fn address_of(text: &str) -> Option<(Address, PeerId)> {
    let mut parts = text.strip_prefix('/')?.split('/');
    let ip = match parts.next()? {
        "ip4" => parts.next()?.parse().ok()?,
        "dns4" => ip_of_name(parts.next()?)?,
        _ => return None,
    };
    let mut part = |name| parts.next().filter(|part| *part == name).and_then(|_| parts.next());
    let tcp_port = part("tcp")?.parse().ok()?;
    let peer = peer_of(part("p2p")?)?;
    parts.next().is_none().then(|| (Address::ip(ip.into(), tcp_port), peer))
}
