//! Plan of addresses: the six hosts of the incident that document 002 describes first, then generated ones.

use crate::stack::address::Address;

/// IPs of the six hosts of the incident.
const INCIDENT: [[u8; 4]; 6] = [
    [50, 28, 104, 50],
    [64, 91, 241, 10],
    [69, 167, 168, 176],
    [165, 232, 154, 150],
    [165, 84, 215, 117],
    [178, 128, 199, 144],
];

/// First of the generated IPs.
const GENERATED: u32 = 0x0a00_0001;

/// Address of the host with an index: initial peers in ascending order of id, then newcomers.
#[must_use]
pub fn address(index: u32, port: u16) -> Address {
    let ip = match INCIDENT.get(index as usize) {
        Some(octets) => u32::from_be_bytes(*octets),
        None => GENERATED + (index - 6),
    };
    Address::ip(ip, port)
}

/// Address of the host with an index in the plan that an address belongs to.
#[must_use]
pub fn beside(own: Address, index: u32) -> Address {
    if own.is_planned() { Address::planned(index) } else { address(index, own.port()) }
}

/// Index of the host with an address, the inverse of [`beside`].
#[must_use]
pub fn index(address: Address) -> u32 {
    if address.is_planned() {
        return address.plan_index();
    }
    let ip = u32::try_from(address.host_part()).unwrap_or(u32::MAX);
    let incident = INCIDENT.iter().position(|octets| u32::from_be_bytes(*octets) == ip);
    let generated = || ip.wrapping_sub(GENERATED).wrapping_add(6);
    incident.map_or_else(generated, |index| u32::try_from(index).unwrap_or(0))
}

/// Number of hosts with a higher IP, among this many.
#[must_use]
pub fn rank(address: Address, hosts: u32) -> u32 {
    let own = index(address);
    if address.is_planned() {
        return hosts.saturating_sub(own + 1);
    }
    let known = INCIDENT.iter().take(hosts as usize);
    let ip = |octets: &[u8; 4]| u64::from(u32::from_be_bytes(*octets));
    let above = known.filter(|octets| ip(octets) > address.host_part()).count();
    // Generated IPs ascend and lie below those of the incident.
    let generated = if own < 6 { 0 } else { hosts.saturating_sub(own + 1) };
    u32::try_from(above).unwrap_or(6) + generated
}

/// Whether one IP precedes another as text.
#[must_use]
pub(crate) fn precedes_as_text(one: Address, other: Address) -> bool {
    let text = |address: Address| address.with_port(0).to_string();
    // Without the port, which follows a colon: that sorts after digits and dots alike.
    text(one).trim_end_matches(":0") < text(other).trim_end_matches(":0")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn index_and_rank_follow_the_address() {
        for hosts in [2, 6, 9] {
            let mut all: Vec<Address> = (0..hosts).map(|index| address(index, 24_100)).collect();
            assert!((0..hosts).all(|one| index(all[one as usize]) == one));
            all.sort_unstable();
            let ranks: Vec<u32> = all.iter().rev().map(|one| rank(*one, hosts)).collect();
            assert_eq!(ranks, (0..hosts).collect::<Vec<_>>(), "of {hosts}");
        }
    }

    #[test]
    fn a_host_has_one_index_in_either_plan() {
        for own in [address(3, 24_100), Address::planned(3)] {
            assert_eq!(index(own), 3);
            assert!((0..100).all(|other| index(beside(own, other)) == other), "{own}");
            assert_eq!(beside(own, 9).port(), own.port());
        }
        assert_eq!(rank(Address::planned(3), 10), 6);
        assert!(!address(100_000, 1).is_planned());
    }

    #[test]
    fn text_and_octets_disagree() {
        let [low, high] = [0, 5].map(|index| address(index, 24_100));
        assert!(low < high);
        assert!(precedes_as_text(high, low), "178 precedes 50 as text");
        assert_eq!(address(7, 1).to_string(), "10.0.0.2:1");
    }
}
