//! What one link does to one message: loss and delay.

use super::region;
use crate::base::id::PeerId;
use crate::base::mutant::mutant;
use crate::base::ring;
use crate::base::rng::Rng;
use crate::base::time::{Clock, Tick};
use crate::config::{FarLinks, LatencyShape, NetworkConfig};

/// How many times as long as usual a message may be held back that others overtake.
const HELD_BACK: u32 = 8;

/// The hosts between which a packet travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Route {
    /// The sender.
    pub from: PeerId,
    /// The receiver.
    pub to: PeerId,
}

impl Route {
    /// Whether the shorter way leads clockwise.
    const fn is_clockwise(self) -> bool {
        self.to.get().wrapping_sub(self.from.get()) < ring::HALF
    }
}

/// Arrival of a packet that leaves at `ready`; `None` if the link loses it. Each time it waits for another
/// round, loss and delay are drawn again, as the program of document 000 does with its queue.
pub(super) fn arrival(
    route: Route,
    sent: Tick,
    ready: Tick,
    config: &NetworkConfig,
    clock: Clock,
    link_rng: &mut Rng,
) -> Option<Tick> {
    let mut due = Tick(ready.0 + travel(route, config, link_rng));
    if !config.same_round_delivery {
        due = due.max(clock.next_round_starts(sent));
    }
    if route.is_clockwise() && link_rng.chance(config.loss_clockwise) {
        return None;
    }
    loop {
        if link_rng.chance(config.loss) {
            return None;
        }
        if !link_rng.chance(config.delay) {
            return Some(due);
        }
        due = clock.next_round_starts(due);
    }
}

/// Ticks that a message travels.
fn travel(route: Route, config: &NetworkConfig, link_rng: &mut Rng) -> u64 {
    let spread = config.latency_max.saturating_sub(config.latency_min);
    let extra = match config.latency_shape {
        _ if spread == 0 => 0,
        LatencyShape::Uniform => link_rng.below(spread + 1),
        LatencyShape::Bell => (0..4).map(|_| link_rng.below(spread + 1)).sum::<u32>() / 4,
        LatencyShape::HeavyTailed => heavy_tailed(spread, link_rng),
    };
    let held_back = if link_rng.chance(config.reordering) {
        1 + link_rng.below(HELD_BACK * config.latency_max)
    } else {
        0
    };
    let clockwise = if route.is_clockwise() { config.latency_clockwise } else { 0 };
    u64::from(config.latency_min + extra + held_back + clockwise) + distance(route, config)
}

/// From 0 to `most`: below 1, 2, 4 ... with half the probability each time.
fn heavy_tailed(most: u32, link_rng: &mut Rng) -> u32 {
    let doublings = link_rng.number().trailing_ones();
    let bound = 1_u32.checked_shl(doublings).unwrap_or(u32::MAX).min(most + 1);
    link_rng.below(bound)
}

/// Ticks that a long link adds.
fn distance(route: Route, config: &NetworkConfig) -> u64 {
    let far = u64::from(config.latency_far);
    match config.far_links {
        FarLinks::None => 0,
        FarLinks::Distance => {
            let distance = ring::distance(route.from.get(), route.to.get());
            // Thirty bits of the distance are enough, and fit.
            ((distance >> 33) * far) >> 30
        }
        FarLinks::Regions if region(route.from, config.regions) == region(route.to, config.regions) => 0,
        FarLinks::Regions => far,
    }
}

/// The last of a peer's messages keeps its line busy: when the next one may leave.
#[must_use]
pub fn leave(slot: &mut u64, bandwidth: u32, now: Tick, clock: Clock) -> Tick {
    let bandwidth = u64::from(bandwidth);
    let taken = (*slot).max(clock.round(now).0 * bandwidth);
    *slot = mutant!(LineNeverBusy: taken + 1 => taken);
    now.max(Tick(taken / bandwidth * clock.ticks_per_round))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::ratio::Ratio;
    use crate::base::rng::Purpose;
    use crate::scenario::Scenario;

    const CLOCK: Clock = Clock { ticks_per_round: 50 };

    fn config() -> NetworkConfig {
        let published = Scenario::preset("seed-000").unwrap().config.network;
        NetworkConfig { loss: Ratio::ZERO, delay: Ratio::ZERO, ..published }
    }

    fn route(from: u64, to: u64) -> Route {
        Route { from: PeerId::new(from), to: PeerId::new(to) }
    }

    fn arrival(now: Tick, config: &NetworkConfig, clock: Clock, link_rng: &mut Rng) -> Option<Tick> {
        super::arrival(route(1, 2), now, now, config, clock, link_rng)
    }

    /// Ticks that many messages over one link travel.
    fn travels(config: &NetworkConfig, from: u64, to: u64) -> Vec<u64> {
        let mut link_rng = link_rng();
        let now = Tick(0);
        let one = |_| super::arrival(route(from, to), now, now, config, CLOCK, &mut link_rng);
        (0..4_000).filter_map(one).map(|due| due.0).collect()
    }

    fn link_rng() -> Rng {
        Rng::stream(1, Purpose::Links, 1)
    }

    #[test]
    fn an_undelayed_message_takes_a_tick_or_waits_for_the_next_round() {
        assert_eq!(arrival(Tick(10), &config(), CLOCK, &mut link_rng()), Some(Tick(11)));
        assert_eq!(arrival(Tick(49), &config(), CLOCK, &mut link_rng()), Some(Tick(50)));
        let later = NetworkConfig { same_round_delivery: false, ..config() };
        assert_eq!(arrival(Tick(10), &later, CLOCK, &mut link_rng()), Some(Tick(50)));
    }

    #[test]
    fn a_delayed_message_waits_for_the_beginning_of_a_round() {
        let config = NetworkConfig { delay: Ratio::from_millionths(500_000), ..config() };
        let mut link_rng = link_rng();
        let arrivals: Vec<u64> = (0..4_000)
            .filter_map(|_| arrival(Tick(10), &config, CLOCK, &mut link_rng))
            .map(|due| due.0)
            .collect();
        let at = |tick| arrivals.iter().filter(|due| **due == tick).count();
        assert!((1_900..2_100).contains(&at(11)));
        assert!((930..1_070).contains(&at(50)));
        assert!((440..560).contains(&at(100)));
        assert!(arrivals.iter().all(|due| *due == 11 || due % 50 == 0));
    }

    #[test]
    fn loss_is_drawn_again_with_every_delay() {
        let config = NetworkConfig {
            loss: Ratio::from_millionths(10_000),
            delay: Ratio::from_millionths(300_000),
            ..config()
        };
        let mut link_rng = link_rng();
        let lost = (0..100_000).filter(|_| arrival(Tick(0), &config, CLOCK, &mut link_rng).is_none()).count();
        assert!((1_300..1_550).contains(&lost), "0.01 / (1 - 0.99 * 0.3) = 1.42 %, not {lost} of 100,000");
    }

    #[test]
    fn latency_is_uniform_between_its_bounds() {
        let config = NetworkConfig { latency_min: 2, latency_max: 4, ..config() };
        let mut link_rng = link_rng();
        let mut counts = [0; 6];
        for _ in 0..3_000 {
            let due = arrival(Tick(0), &config, CLOCK, &mut link_rng).expect("nothing is lost").0;
            counts[usize::try_from(due).expect("small")] += 1;
        }
        assert!(counts[2..=4].iter().all(|count| (900..1_100).contains(count)), "{counts:?}");
        assert_eq!(counts[..2], [0, 0]);
    }

    #[test]
    fn a_bell_has_its_times_in_the_middle_and_a_heavy_tail_at_the_beginning() {
        let times = |latency_shape| {
            let config = NetworkConfig { latency_min: 10, latency_max: 50, latency_shape, ..config() };
            let times = travels(&config, 1, 2);
            assert!(times.iter().all(|time| (10..=50).contains(time)));
            times
        };
        let share = |times: &[u64], range: std::ops::RangeInclusive<u64>| {
            times.iter().filter(|time| range.contains(time)).count() * 100 / times.len()
        };
        assert!((45..56).contains(&share(&times(LatencyShape::Uniform), 20..=40)));
        assert!(share(&times(LatencyShape::Bell), 20..=40) > 85);
        let heavy = times(LatencyShape::HeavyTailed);
        assert!(share(&heavy, 10..=12) > 75 && share(&heavy, 30..=50) >= 1, "most short, some long");
    }

    #[test]
    fn long_links_take_longer() {
        let config = NetworkConfig { far_links: FarLinks::Distance, latency_far: 40, ..config() };
        assert!(travels(&config, 0, ring::HALF).iter().all(|time| *time == 41));
        assert!(travels(&config, 0, ring::HALF / 2).iter().all(|time| *time == 21));
        assert!(travels(&config, 0, 1).iter().all(|time| *time == 1));
        let config = NetworkConfig { far_links: FarLinks::Regions, regions: 4, ..config };
        assert!(travels(&config, 0, ring::HALF / 2 - 1).iter().all(|time| *time == 1));
        assert!(travels(&config, 0, ring::HALF / 2).iter().all(|time| *time == 41));
    }

    #[test]
    fn links_may_lose_more_one_way() {
        let config = NetworkConfig { loss_clockwise: Ratio::from_millionths(500_000), ..config() };
        assert!((1_850..2_150).contains(&travels(&config, 0, 5).len()));
        assert_eq!(travels(&config, 5, 0).len(), 4_000);
    }

    #[test]
    fn links_may_take_longer_one_way() {
        let config = NetworkConfig { latency_clockwise: 30, ..config() };
        assert!(travels(&config, 0, 5).iter().all(|time| *time == 31));
        assert!(travels(&config, 5, 0).iter().all(|time| *time == 1));
    }

    #[test]
    fn some_messages_are_held_back() {
        let config = NetworkConfig { reordering: Ratio::from_millionths(250_000), ..config() };
        let late = travels(&config, 1, 2).iter().filter(|time| **time > 1).count();
        assert!((900..1_100).contains(&late), "{late}");
    }

    #[test]
    fn a_narrow_line_passes_so_many_messages_a_round() {
        let mut slot = 0;
        let mut left = |now| leave(&mut slot, 2, Tick(now), CLOCK).0;
        assert_eq!([left(10), left(10), left(10), left(10), left(10)], [10, 10, 50, 50, 100]);
        assert_eq!(left(120), 120, "the rest of round 2 is free");
        assert_eq!(left(400), 400);
    }
}
