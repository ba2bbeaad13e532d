//! Division of time into ticks and rounds.

use crate::config::knob::declare::section;

section! {
    /// Division of time into ticks and rounds.
    time: TimeConfig;

    1 ticks_per_round (count 1 100_000) = 1 "ticks" restart
        "Ticks in a round. With many, undelayed messages pass back and forth several times within a round."
    2 round_ms (count 1 3_600_000) = 100 "ms" live
        "Length of a round outside the simulation: turns rounds into seconds in reports, and changes nothing else."
    3 tick_ms (count 1 3_600_000) = 100 "ms" live
        "Length of a tick outside the simulation: turns ticks into seconds in reports, and changes nothing else."
}
