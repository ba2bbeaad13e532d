//! Which entries of a peer cache a start dials under a policy, and why not the others.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::path::PathBuf;

use ringside_core::base::problem::Problem;
use ringside_core::config::AddressPolicy;
use ringside_core::stack::peer_cache::format::PeerCache;
use ringside_core::stack::peer_cache::policy::{AddressRefusal, Resolver, Verdicts};

use super::read;
use crate::failure::Failure;
use crate::text::printable;

/// A policy on addresses, as an argument.
#[derive(Clone, Copy)]
pub(super) struct Policy(AddressPolicy);

impl std::str::FromStr for Policy {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "any" => Ok(Self(AddressPolicy::Any)),
            "lan" => Ok(Self(AddressPolicy::Lan)),
            "wan" => Ok(Self(AddressPolicy::Wan)),
            _ => Err("there is no such policy: choose any, lan or wan".to_owned()),
        }
    }
}

/// Addresses of names, from a file.
#[derive(Default)]
struct Hosts(BTreeMap<String, Vec<IpAddr>>);

impl Hosts {
    /// Reads lines of an address and its names; what follows a `#` is a comment.
    fn read(path: &PathBuf) -> Result<Self, Failure> {
        let source = printable(&path.to_string_lossy());
        let text = read(path).map_err(|problem| Failure::of(&source, vec![problem]))?;
        let (mut hosts, mut problems) = (Self::default(), Vec::new());
        for (index, line) in String::from_utf8_lossy(&text).lines().enumerate() {
            let mut words = line.split('#').next().unwrap_or_default().split_whitespace();
            let Some(first) = words.next() else { continue };
            let Ok(ip) = first.parse() else {
                let text = format!("{} is no IP address", printable(first));
                problems.push(Problem::new(
                    format!("line {}", index + 1),
                    text,
                    "write an address, then its names",
                ));
                continue;
            };
            words.for_each(|name| hosts.0.entry(name.to_owned()).or_default().push(ip));
        }
        if problems.is_empty() { Ok(hosts) } else { Err(Failure::of(&source, problems)) }
    }
}

impl Resolver for Hosts {
    fn look_up(&mut self, name: &str) -> Option<Vec<IpAddr>> {
        self.0.get(name).cloned()
    }
}

/// What becomes of each entry; nothing without a policy.
pub(super) fn verdicts(
    cache: &PeerCache,
    policy: Option<Policy>,
    hosts: Option<&PathBuf>,
) -> Result<Vec<String>, Failure> {
    let Some(Policy(policy)) = policy else { return Ok(Vec::new()) };
    let mut hosts = hosts.map(Hosts::read).transpose()?.unwrap_or_default();
    let mut verdicts = Verdicts::new(policy);
    let mut verdict = |addresses: &[String]| {
        let found: Vec<_> = addresses.iter().map(|text| verdicts.check(text, &mut hosts)).collect();
        match found.iter().find_map(|one| one.err()) {
            _ if found.iter().any(Result::is_ok) => "yes",
            Some(refusal) => reason(refusal),
            None => "no address",
        }
    };
    Ok(cache.peers.iter().map(|entry| verdict(&entry.addresses).to_owned()).collect())
}

const fn reason(refusal: AddressRefusal) -> &'static str {
    match refusal {
        AddressRefusal::UnknownPart => "unknown part",
        AddressRefusal::Incomplete => "no port or peer",
        AddressRefusal::NotPublic => "not public",
        AddressRefusal::NoAnswer => "no answer for the name",
    }
}
