//! Which cached addresses may be dialled: their parts, and the hosts that they lead to.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use serde::Serialize;

use crate::config::AddressPolicy;

/// Time that the look-up of a name may take, in ms.
pub const LOOKUP_MS_MAX: u32 = 500;
/// Addresses of a name that are judged.
pub const ADDRESSES_MAX: usize = 8;
/// Names whose verdicts are kept; further ones are looked up each time.
const NAMES_MAX: usize = 10_000;
/// Parts of an address that may be dialled.
const PARTS: [&str; 8] = ["ip4", "ip6", "dns", "dns4", "dns6", "tcp", "p2p", "p2p-circuit"];
/// Parts that name a host by a name.
const NAMES: [&str; 3] = ["dns", "dns4", "dns6"];

/// Why an address is not dialled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum AddressRefusal {
    /// It is no path, or has a part that cannot be dialled.
    UnknownPart,
    /// It has no port or no peer.
    Incomplete,
    /// It leads to a host that is not reached from everywhere, or to none.
    NotPublic,
    /// The look-up of its name has failed or taken too long.
    NoAnswer,
}

/// Look-up of a name.
pub trait Resolver {
    /// Addresses of a name; `None` if there is no answer within [`LOOKUP_MS_MAX`].
    fn look_up(&mut self, name: &str) -> Option<Vec<IpAddr>>;
}

/// Verdicts on addresses under a policy. Each name is looked up once: its verdict holds for the whole run.
#[derive(Clone, Debug)]
pub struct Verdicts {
    policy: AddressPolicy,
    names: BTreeMap<String, Result<(), AddressRefusal>>,
    /// Names looked up.
    pub lookups: u32,
    /// Verdicts on a name that were known already.
    pub hits: u32,
}

impl Verdicts {
    /// No verdict yet.
    #[must_use]
    pub const fn new(policy: AddressPolicy) -> Self {
        Self { policy, names: BTreeMap::new(), lookups: 0, hits: 0 }
    }

    /// Judges an address.
    ///
    /// # Errors
    ///
    /// The reason why it is not dialled.
    pub fn check(&mut self, text: &str, resolver: &mut impl Resolver) -> Result<(), AddressRefusal> {
        if self.policy == AddressPolicy::Any {
            return Ok(());
        }
        let hosts = hosts(text)?;
        if self.policy == AddressPolicy::Wan && hosts.is_empty() {
            return Err(AddressRefusal::NotPublic);
        }
        hosts.into_iter().try_for_each(|(part, value)| self.check_host(part, value, resolver))
    }

    fn check_host(
        &mut self,
        part: &str,
        value: &str,
        resolver: &mut impl Resolver,
    ) -> Result<(), AddressRefusal> {
        if self.policy != AddressPolicy::Wan {
            return Ok(());
        }
        if !NAMES.contains(&part) {
            let ip = value.parse::<IpAddr>().ok().filter(|ip| ip.is_ipv4() == (part == "ip4"));
            return if ip.is_some_and(is_public) { Ok(()) } else { Err(AddressRefusal::NotPublic) };
        }
        if let Some(verdict) = self.names.get(value) {
            self.hits += 1;
            return *verdict;
        }
        self.lookups += 1;
        let verdict = judge(resolver.look_up(value));
        if self.names.len() < NAMES_MAX {
            self.names.insert(value.to_owned(), verdict);
        }
        verdict
    }
}

/// Verdict on the answer to a look-up: one address that is not public suffices to refuse the name, because
/// the dialler may take any of them.
fn judge(answer: Option<Vec<IpAddr>>) -> Result<(), AddressRefusal> {
    let addresses = answer.filter(|found| !found.is_empty()).ok_or(AddressRefusal::NoAnswer)?;
    let is_allowed = addresses.into_iter().take(ADDRESSES_MAX).all(is_public);
    if is_allowed { Ok(()) } else { Err(AddressRefusal::NotPublic) }
}

/// Hosts of an address, each with the kind of its part.
fn hosts(text: &str) -> Result<Vec<(&str, &str)>, AddressRefusal> {
    let mut parts = text.strip_prefix('/').ok_or(AddressRefusal::UnknownPart)?.split('/');
    let (mut has_port, mut has_peer, mut hosts) = (false, false, Vec::new());
    while let Some(name) = parts.next() {
        let value = if name == "p2p-circuit" { Some("") } else { parts.next() };
        let value = value.filter(|_| PARTS.contains(&name)).ok_or(AddressRefusal::UnknownPart)?;
        match name {
            "tcp" => has_port = true,
            "p2p" => has_peer = true,
            "p2p-circuit" => {}
            _ => hosts.push((name, value)),
        }
    }
    if has_port && has_peer { Ok(hosts) } else { Err(AddressRefusal::Incomplete) }
}

/// Whether an address is reached from everywhere. An IPv4 address within an IPv6 address counts as itself.
#[must_use]
pub fn is_public(ip: IpAddr) -> bool {
    match ip.to_canonical() {
        IpAddr::V4(ip) => is_public_v4(ip),
        IpAddr::V6(ip) => is_public_v6(ip),
    }
}

const fn is_public_v4(ip: Ipv4Addr) -> bool {
    let is_internal = ip.is_loopback() || ip.is_private() || ip.is_link_local();
    !(is_internal || ip.is_multicast() || ip.is_unspecified())
}

fn is_public_v6(ip: Ipv6Addr) -> bool {
    let first = ip.segments()[0];
    // Unique local (RFC 4193) and link-local (RFC 4291) addresses.
    let is_local = first & 0xfe00 == 0xfc00 || first & 0xffc0 == 0xfe80;
    !(ip.is_loopback() || ip.is_multicast() || ip.is_unspecified() || is_local)
}
