//! Radio of document 004: LoRa modulation, airtime, and the law of a region.
//!
//! | module | content |
//! |---|---|
//! | [`airtime`] | time on the air of a transmission |
//! | [`region`] | bands, duty cycles, dwell times |
//! | [`ledger`] | transmissions of the last hour, and when the next may go |
//! | [`budget`] | frames that the law allows in an hour |
//! | [`frame`] | frames on the wire |

pub mod airtime;
pub mod budget;
pub mod frame;
pub mod ledger;
pub mod region;
