//! Stops and starts of hosts by schedule, and what the stated downtime does to the other hosts.
//!
//! In a stated downtime of hours nothing is simulated: all clocks go ahead by it, and each of the
//! other hosts goes away, moves or is reborn with the probability that this time brings.

use crate::base::ratio::Ratio;
use crate::config::CacheConfig;

/// Unix time at tick 0, in seconds.
const EPOCH: u64 = 1_700_000_000;

/// What the schedule asks for after a round.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PowerEvent {
    /// All subjects stop.
    Stop,
    /// The subjects start again whose number is this one modulo the spread.
    Start(u32),
}

/// What the schedule asks for when a number of rounds has passed.
#[must_use]
pub fn event(rules: &CacheConfig, passed: u64) -> Option<PowerEvent> {
    let (up, down) = (u64::from(rules.up_rounds), u64::from(rules.down_rounds));
    let spread = u64::from(rules.spread_rounds);
    let period = up + down + spread - 1;
    let (cycle, within) = (passed / period, passed % period);
    let is_due = |cycle: u64| cycle < u64::from(rules.cycles);
    if within == up && is_due(cycle) {
        return Some(PowerEvent::Stop);
    }
    // The first start of a spread of one falls on the end of the period.
    let since =
        if within == 0 { cycle.checked_sub(1).map(|cycle| (cycle, period)) } else { Some((cycle, within)) };
    let (cycle, within) = since?;
    let turn = within.checked_sub(up + down).filter(|turn| *turn < spread && is_due(cycle))?;
    u32::try_from(turn).ok().map(PowerEvent::Start)
}

/// Unix time in seconds at a time in ms of the run. A clock goes ahead just after a stop, whose files have
/// the time before it, unless `cache.absence_first`.
#[must_use]
pub fn wall_time(rules: &CacheConfig, now_ms: u64, round_ms: u64) -> u64 {
    let (up, down) = (u64::from(rules.up_rounds), u64::from(rules.down_rounds));
    let period = up + down + u64::from(rules.spread_rounds) - 1;
    let since = if rules.absence_first { now_ms } else { now_ms.saturating_sub(1) };
    let rounds = since / round_ms.max(1);
    let stops = ((rounds + period - up) / period).min(rules.cycles.into());
    EPOCH + now_ms / 1_000 + stops * u64::from(rules.absence_s)
}

/// Probability that something happens within a time, if it happens to a share of hosts in an hour.
#[must_use]
pub fn within(hourly: Ratio, seconds: u32) -> Ratio {
    let whole = u64::from(Ratio::ONE.millionths());
    let stays = |share: u64, hours: u32| {
        (0..hours).fold(share, |share, _| share * (whole - u64::from(hourly.millionths())) / whole)
    };
    let left = stays(whole, (seconds / 3_600).min(24 * 365));
    // A part of an hour counts in proportion.
    let part = u64::from(hourly.millionths()) * u64::from(seconds % 3_600) / 3_600;
    let left = left * (whole - part) / whole;
    Ratio::from_millionths(u32::try_from(whole - left).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clocks_go_ahead_just_after_each_stop() {
        let rules = CacheConfig {
            up_rounds: 100,
            down_rounds: 9,
            spread_rounds: 2,
            cycles: 2,
            absence_s: 3_600,
            absence_first: false,
            ..CacheConfig::DEFAULT
        };
        let seconds = |now_ms: u64| wall_time(&rules, now_ms, 1_000) - EPOCH;
        assert_eq!([0, 99_999, 100_000].map(seconds), [0, 99, 100]);
        assert_eq!([100_001, 209_000, 210_000, 210_001].map(seconds), [3_700, 3_809, 3_810, 7_410]);
        assert_eq!(seconds(320_001), 7_520, "there is no third stop");
        let earlier = CacheConfig { absence_first: true, ..rules };
        assert_eq!(wall_time(&earlier, 100_000, 1_000) - EPOCH, 3_700);
        assert_eq!(event(&rules, 100), Some(PowerEvent::Stop));
        assert_eq!(event(&rules, 210), Some(PowerEvent::Stop));
    }
}
