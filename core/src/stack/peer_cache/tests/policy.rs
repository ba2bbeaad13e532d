//! Policies on addresses, and the look-up of names.

use std::net::IpAddr;

use crate::base::id::PeerId;
use crate::config::AddressPolicy;
use crate::stack::address::Address;
use crate::stack::peer_cache::policy::{AddressRefusal, Resolver, Verdicts};
use crate::stack::peer_cache::text::{address_of, name_text};

/// Names of a test, each with its addresses.
struct Table(Vec<(&'static str, Vec<&'static str>)>);

impl Resolver for Table {
    fn look_up(&mut self, name: &str) -> Option<Vec<IpAddr>> {
        let found = self.0.iter().find(|(known, _)| *known == name)?;
        Some(found.1.iter().map(|text| text.parse().unwrap()).collect())
    }
}

fn verdict(policy: AddressPolicy, text: &str, table: &mut Table) -> Result<(), AddressRefusal> {
    Verdicts::new(policy).check(text, table)
}

#[test]
fn policies_allow_what_they_should() {
    let peer = "p2p/12D3KooW";
    let cases = [
        ("unknown", true, false, false),
        ("/ip4/10.0.0.1/tcp/4001", true, false, false),
        (&format!("/ip4/10.0.0.1/tcp/4001/{peer}"), true, true, false),
        (&format!("/ip4/8.8.8.8/tcp/4001/{peer}"), true, true, true),
        (&format!("/ip4/8.8.8.8/udp/4001/{peer}"), true, false, false),
        (&format!("/ip4/127.0.0.1/tcp/4001/{peer}"), true, true, false),
        (&format!("/ip4/169.254.1.1/tcp/4001/{peer}"), true, true, false),
        (&format!("/ip4/172.16.0.1/tcp/4001/{peer}"), true, true, false),
        (&format!("/ip4/172.32.0.1/tcp/4001/{peer}"), true, true, true),
        (&format!("/ip4/224.0.0.1/tcp/4001/{peer}"), true, true, false),
        (&format!("/ip4/0.0.0.0/tcp/4001/{peer}"), true, true, false),
        (&format!("/ip6/::1/tcp/4001/{peer}"), true, true, false),
        (&format!("/ip6/::/tcp/4001/{peer}"), true, true, false),
        (&format!("/ip6/ff02::1/tcp/4001/{peer}"), true, true, false),
        (&format!("/ip6/fe80::1/tcp/4001/{peer}"), true, true, false),
        (&format!("/ip6/fd00::1/tcp/4001/{peer}"), true, true, false),
        (&format!("/ip6/::ffff:10.0.0.1/tcp/4001/{peer}"), true, true, false),
        (&format!("/ip6/2001:4860::1/tcp/4001/{peer}"), true, true, true),
        (&format!("/ip6/8.8.8.8/tcp/4001/{peer}"), true, true, false),
        (&format!("/tcp/4001/{peer}"), true, true, false),
        (&format!("/ip4/8.8.8.8/tcp/4001/{peer}/p2p-circuit"), true, true, true),
        (&format!("/ip4/8.8.8.8/tcp/1/{peer}/p2p-circuit/ip4/10.0.0.1/tcp/1/{peer}"), true, true, false),
    ];
    for (text, any, lan, wan) in cases {
        let allowed = [AddressPolicy::Any, AddressPolicy::Lan, AddressPolicy::Wan]
            .map(|policy| verdict(policy, text, &mut Table(Vec::new())).is_ok());
        assert_eq!(allowed, [any, lan, wan], "{text}");
    }
}

#[test]
fn a_name_is_refused_if_one_of_its_first_eight_addresses_is_not_public() {
    let public = vec!["8.8.8.8"; 8];
    let ninth = [public.clone(), vec!["10.0.0.1"]].concat();
    let eighth = [vec!["8.8.8.8"; 7], vec!["10.0.0.1"]].concat();
    let mut table =
        Table(vec![("nine", ninth), ("eight", eighth), ("six", vec!["fd00::1"]), ("none", vec![])]);
    let mut check = |name: &str, policy| verdict(policy, &format!("/dns4/{name}/tcp/4001/p2p/x"), &mut table);
    assert_eq!(check("nine", AddressPolicy::Wan), Ok(()), "the ninth is not judged");
    assert_eq!(check("eight", AddressPolicy::Wan), Err(AddressRefusal::NotPublic));
    assert_eq!(check("six", AddressPolicy::Wan), Err(AddressRefusal::NotPublic));
    assert_eq!(check("none", AddressPolicy::Wan), Err(AddressRefusal::NoAnswer));
    assert_eq!(check("unknown", AddressPolicy::Wan), Err(AddressRefusal::NoAnswer));
    assert_eq!(check("unknown", AddressPolicy::Lan), Ok(()), "a local network takes all");
}

/// Vector of the reference: 200 validations of one host take one look-up.
#[test]
fn a_verdict_on_a_name_is_kept_for_the_run() {
    let mut verdicts = Verdicts::new(AddressPolicy::Wan);
    let mut table = Table(vec![("host", vec!["8.8.8.8"])]);
    for tcp_port in 0..200 {
        assert_eq!(verdicts.check(&format!("/dns/host/tcp/{tcp_port}/p2p/x"), &mut table), Ok(()));
    }
    assert_eq!((verdicts.lookups, verdicts.hits), (1, 199));
}

#[test]
fn the_name_of_a_host_leads_to_its_address() {
    let (address, peer) = (Address::ip(0x321c_6832, 24_100), PeerId::new(77));
    let text = name_text(address, peer);
    assert!(text.starts_with("/dns4/ip-50-28-104-50.peers.example/tcp/24100/p2p/12D3KooW"), "{text}");
    assert_eq!(address_of(&text), Some((address, peer)));
    assert_eq!(address_of(&text.replace("peers", "others")), None);
}
