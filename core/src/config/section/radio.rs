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
