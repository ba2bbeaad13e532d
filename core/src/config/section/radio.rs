//! Radio of document 004: positions, LoRa modulation, the law of a region, mesh and traffic.

use crate::config::knob::declare::{options, section};

section! {
    /// Radio of document 004: positions, LoRa modulation, the law of a region, mesh and traffic.
    radio: RadioConfig;

    600 enabled (switch) = off "" restart
        "Whether hosts have a radio (document 004): positions on a plane, LoRa frames, airtime and the law of a region."
    601 region (choice Region) = Eu868 "" restart
        "Region whose law holds: bands, duty cycle, dwell time, longest transmission and power."
    602 spreading (count 5 12) = 9 "" restart
        "Spreading factor: each step nearly doubles the time on the air and adds 2.5 dB of range."
    603 bandwidth (choice Bandwidth) = Khz125 "" restart
        "Bandwidth of a transmission in kHz."
    604 coding_rate (count 5 8) = 5 "" restart
        "Coded bits for four bits of data."
    605 preamble (count 6 65_535) = 8 "symbols" restart
        "Length of the preamble."
    606 implicit_header (switch) = off "" restart
        "Whether frames go without a header of the modulation: both sides know their length."
    607 crc (switch) = on "" restart
        "Whether the modulation adds a checksum of 16 bits."
    608 frequency_khz (limit 1_000_000) = none "kHz" restart
        "Frequency of the first channel; 0 for the first channel of the region."
    609 channels (count 1 64) = 1 "channels" restart
        "Channels of which each transmission draws one; hosts listen on all of them."
    610 power_dbm (count 0 36) = 14 "dBm" restart
        "Power of a transmission, up to what the law allows in its sub-band."
    611 area_m (count 10 1_000_000) = 10_000 "m" restart
        "Side of the square on which hosts stand."
    612 layout (choice Layout) = Scattered "" restart
        "Positions of the hosts on the square."
    613 map (count 0 1_000_000) = 0 "" restart
        "Number of the map: another one scatters the hosts differently."
    614 path_exponent (count 20 60) = 30 "tenths" restart
        "Loss with distance: 20 for free space, 27 to 35 between buildings."
    615 capture_db (limit 30) = 6 "dB" restart
        "Lead in strength with which a frame survives another on its channel; 0 if both are always lost."
    616 half_duplex (switch) = on "" restart
        "Whether a host hears nothing while it transmits."
    617 fragment_loss (share) = (0 %) "" live
        "Share of the fragments lost at their receivers, beyond collisions."
    618 gateways (count 0 1_000) = 0 "hosts" restart
        "Hosts with a connection to the internet besides their radio, which carry messages between parts of a mesh."
    620 traffic (choice Traffic) = Off "" live
        "Destination of the messages that hosts originate on their own."
    621 traffic_ms (count 10 86_400_000) = 60_000 "ms" live
        "Mean interval between two messages of a host."
    622 traffic_bytes (count 1 20_000) = 100 "bytes" live
        "Length of a message."
    623 traffic_kind (choice Cargo) = Transaction "" live
        "Content of a message, which decides the length of its fragments and its priority."
    624 sources (limit 100_000) = none "hosts" live
        "Hosts that originate messages; 0 for all."
    630 queue_max (count 1 10_000) = 1_000 "frames" live
        "Frames that wait on a host; further ones displace expired ones, then the oldest of the lowest priority."
    631 queue_ttl_ms (count 1_000 86_400_000) = 300_000 "ms" live
        "Time after which a waiting frame is dropped."
    632 gap_ms (count 1 600_000) = 100 "ms" live
        "Longest random pause before a frame, so that neighbours do not transmit at once."
    633 retries (count 0 16) = 3 "tries" live
        "Times that a fragment or an acknowledgement is asked for again."
    634 ack_ms (count 100 3_600_000) = 5_000 "ms" live
        "Time after which a missing acknowledgement is asked for; longer if timeouts follow the duty cycle."
    635 reassembly_max (count 1 10_000) = 100 "messages" live
        "Messages that a host assembles at a time; a further one displaces the oldest."
    636 reassembly_ms (count 1_000 86_400_000) = 300_000 "ms" live
        "Time after which an incomplete message is given up; longer if timeouts follow the duty cycle."
    637 scaled_timeouts (switch) = off "" live
        "Whether timeouts add the time that the duty cycle makes of the transmissions they wait for."
    640 beacon_ms (limit 86_400_000) = 30_000 "ms" live
        "Interval between two beacons; 0 for none."
    641 neighbor_timeout_ms (count 1_000 86_400_000) = 120_000 "ms" live
        "Silence after which a neighbour is forgotten."
    642 neighbors_max (count 1 10_000) = 100 "peers" live
        "Neighbours that a host remembers; further ones are ignored."
    643 flood_ttl (count 1 32) = 15 "hops" live
        "Hops that a flooded message travels."
    644 suppression (limit 100) = none "copies" live
        "Copies of a flooded message after which a host does not repeat it; 0 if it always does."
    645 route_ms (count 1_000 86_400_000) = 300_000 "ms" live
        "Time after which an unused route is forgotten."
    646 route_tries (count 1 10) = 3 "tries" live
        "Searches for a route before a message fails."
    647 route_timeout_ms (count 100 3_600_000) = 30_000 "ms" live
        "Time that a search for a route takes; longer if timeouts follow the duty cycle."
    648 breaker_failures (limit 1_000) = none "messages" live
        "Messages in sequence that a neighbour does not acknowledge before none is sent to it for a time; 0 for any number."
    649 breaker_ms (count 1_000 86_400_000) = 300_000 "ms" live
        "Time for which no message goes to such a neighbour."
    660 airtime_in_seconds (switch) = off "" live
        "Whether seconds on the air are taken for milliseconds, with 4.8 symbols a block: the law is applied to a thousandth of the airtime."
    661 crc_signed (switch) = off "" live
        "Whether the checksum of a frame is read as a signed number: half of all fragments are refused for good."
    662 flat_airtime (switch) = off "" live
        "Whether the queue takes every frame for 1,000 ms, and looks at its first one once a second."
    663 short_wait (switch) = off "" live
        "Whether a refused frame waits for the airtime in excess, not until earlier transmissions have left the hour."
    664 counter_lost (switch) = off "" live
        "Whether the counter of beacons begins again after a restart, so that neighbours ignore a host until they have forgotten it."
    665 ledger_lost (switch) = off "" live
        "Whether a restart forgets the transmissions of the last hour."
    666 sender_time (switch) = off "" live
        "Whether a neighbour counts as heard at the time that its beacon states, by the clock of the sender."
}

options! {
    /// Positions of the hosts on the square.
    pub enum Layout {
        /// Independent and uniform, by the number of the map.
        Scattered = "scattered",
        /// Equal distances on a line, the gateways first.
        Line = "line",
        /// Equal distances on a square grid.
        Grid = "grid",
    }
}

options! {
    /// Destination of messages.
    pub enum Traffic {
        /// No messages.
        Off = "off",
        /// A neighbour, drawn for each message.
        Neighbor = "neighbor",
        /// Any host that has been heard of, over several hops.
        Mesh = "mesh",
        /// All hosts, by flooding.
        Flood = "flood",
        /// All hosts within range, once and without an acknowledgement.
        Broadcast = "broadcast",
    }
}

options! {
    /// Content of a message.
    pub enum Cargo {
        /// Fragments of 180 bytes, high priority.
        Transaction = "transaction",
        /// Fragments of 197 bytes, critical priority.
        Block = "block",
        /// Fragments of 150 bytes, high priority.
        Proof = "proof",
    }
}

options! {
    /// Region whose law holds.
    pub enum Region {
        /// European Union, 863 to 870 MHz: a duty cycle for each sub-band.
        Eu868 = "eu868",
        /// United States, 902 to 928 MHz: dwell time of 400 ms.
        Us915 = "us915",
        /// Canada, as the United States.
        Ca915 = "ca915",
        /// Mexico, as the United States.
        Mx915 = "mx915",
        /// Australia, 915 to 928 MHz.
        Au915 = "au915",
        /// New Zealand, as Australia.
        Nz915 = "nz915",
        /// Brazil, as Australia.
        Br915 = "br915",
        /// Argentina, as Australia.
        Ar915 = "ar915",
        /// Japan, 920 to 928 MHz: a duty cycle of 10 %.
        Jp920 = "jp920",
        /// Korea, 920 to 923 MHz: a duty cycle of 5 %.
        Kr920 = "kr920",
        /// China, 470 to 510 MHz: a duty cycle of 1 %.
        Cn470 = "cn470",
        /// Russia, 864 to 870 MHz: a duty cycle of 0.1 %.
        Ru868 = "ru868",
        /// South Africa, 863 to 870 MHz: a duty cycle of 1 %.
        Za868 = "za868",
        /// India, 865 to 867 MHz: no duty cycle.
        In865 = "in865",
    }
}

options! {
    /// Bandwidth of a transmission.
    pub enum Bandwidth {
        /// 62.5 kHz.
        Khz62 = "62.5",
        /// 125 kHz.
        Khz125 = "125",
        /// 250 kHz.
        Khz250 = "250",
        /// 500 kHz.
        Khz500 = "500",
    }
}

impl Bandwidth {
    /// Bandwidth in Hz.
    #[must_use]
    pub const fn hz(self) -> u32 {
        match self {
            Self::Khz62 => 62_500,
            Self::Khz125 => 125_000,
            Self::Khz250 => 250_000,
            Self::Khz500 => 500_000,
        }
    }
}
