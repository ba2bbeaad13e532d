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

/// Whether one IP precedes another as text.
#[must_use]
pub fn precedes_as_text(one: Address, other: Address) -> bool {
    let text = |address: Address| address.with_port(0).to_string();
    // Without the port, which follows a colon: that sorts after digits and dots alike.
    text(one).trim_end_matches(":0") < text(other).trim_end_matches(":0")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_and_octets_disagree() {
        let [low, high] = [0, 5].map(|index| address(index, 24_100));
        assert!(low < high);
        assert!(precedes_as_text(high, low), "178 precedes 50 as text");
        assert_eq!(address(7, 1).to_string(), "10.0.0.2:1");
    }
}
