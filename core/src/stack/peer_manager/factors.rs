//! The score of a peer: reliability, performance and behaviour, each from three factors.
//!
//! All numbers are ten-thousandths, so that a whole score of 10,000 stands for 100.00 points. Service itself,
//! answers against silence and faults, is the quality that the lifecycle keeps of its peers
//! ([`Scores`](crate::protocol::peer_table)): it enters as the factor of delivery.

use crate::config::ManagerConfig;

/// The whole of a factor.
pub const WHOLE: u64 = 10_000;
/// Data that a full node is expected to pass on, and a light one.
const EXPECTED: (u64, u64) = (100, 20);

/// What is known of a peer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Observed {
    /// Time since it was discovered, in ms.
    pub age_ms: u64,
    /// Time of that in which it could be reached, in ms.
    pub up_ms: u64,
    /// Dials to it.
    pub dials: u64,
    /// Dials that it accepted.
    pub accepted: u64,
    /// Quality of its service in thousandths of the mean of all peers.
    pub quality: u64,
    /// Round trip, in ms; `None` before the first.
    pub rtt_ms: Option<u64>,
    /// Strength of its signal, in dBm; `None` over the internet.
    pub signal_dbm: Option<i32>,
    /// Data received from it, and invalid data among that.
    pub received: u64,
    /// Invalid data.
    pub invalid: u64,
    /// Data that it passed on.
    pub propagated: u64,
    /// Data that it should have sent in the time of its connections; 0 before the first.
    pub expected: u64,
    /// Whether it is a light node.
    pub is_light: bool,
}

/// A score and its three parts, in ten-thousandths.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct PeerScore {
    /// The whole.
    pub overall: u64,
    /// Uptime, success of dials, delivery.
    pub reliability: u64,
    /// Latency, throughput, signal.
    pub performance: u64,
    /// Validity, data passed on, protocol.
    pub behavior: u64,
}

/// Factors whose values the published program fixes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FactorSource {
    /// Every factor is measured.
    Measured,
    /// Uptime, success of dials, delivery, throughput and protocol have fixed values.
    Stubs,
}

impl PeerScore {
    /// The same function of the whole and of each part.
    #[must_use]
    pub(crate) fn map(self, of: impl Fn(u64) -> u64) -> Self {
        let Self { overall, reliability, performance, behavior } = self;
        let [overall, reliability, performance, behavior] =
            [overall, reliability, performance, behavior].map(of);
        Self { overall, reliability, performance, behavior }
    }
}

impl FactorSource {
    /// The source that a configuration states.
    #[must_use]
    pub const fn of(config: &ManagerConfig) -> Self {
        if config.stub_factors { Self::Stubs } else { Self::Measured }
    }
}

/// Weighted sum of three factors by 4, 3 and 3.
const fn part([first, second, third]: [u64; 3]) -> u64 {
    (4 * first + 3 * second + 3 * third) / 10
}

/// Share in ten-thousandths, at most the whole; the whole of nothing.
fn share(some: u64, all: u64) -> u64 {
    (some.min(all) * WHOLE).checked_div(all).unwrap_or(WHOLE)
}

/// Step function of a descending list of limits.
fn step<T: PartialOrd + Copy>(value: T, steps: &[(T, u64)], last: u64) -> u64 {
    steps.iter().find(|(limit, _)| value <= *limit).map_or(last, |step| step.1)
}

impl Observed {
    /// The score by the weights of a configuration.
    #[must_use]
    pub fn score(&self, config: &ManagerConfig, source: FactorSource) -> PeerScore {
        let [reliability, performance, behavior] = self.factors(source).map(part);
        let weights =
            [config.reliability_weight, config.performance_weight, config.behavior_weight].map(u64::from);
        let sum = weights.iter().sum::<u64>().max(1);
        let whole = weights[0] * reliability + weights[1] * performance + weights[2] * behavior;
        PeerScore { overall: whole / sum, reliability, performance, behavior }
    }

    /// The factors of the three parts, each list by descending weight: uptime, success of dials and delivery;
    /// latency, throughput and signal; validity, data passed on and protocol.
    #[must_use]
    pub fn factors(&self, source: FactorSource) -> [[u64; 3]; 3] {
        [self.reliability(source), self.performance(source), self.behavior(source)]
    }

    fn reliability(&self, source: FactorSource) -> [u64; 3] {
        match source {
            FactorSource::Measured => {
                let uptime = share(self.up_ms, self.age_ms);
                [uptime, share(self.accepted, self.dials), (self.quality * 10).min(WHOLE)]
            }
            FactorSource::Stubs => {
                let uptime = if self.age_ms == 0 { 0 } else { WHOLE };
                [uptime, if self.dials == 0 { WHOLE } else { 8_000 }, 9_500]
            }
        }
    }

    fn performance(&self, source: FactorSource) -> [u64; 3] {
        let rtt = self.rtt_ms.unwrap_or(0);
        let steps = [(50, WHOLE), (100, 8_000), (200, 6_000), (500, 4_000), (1_000, 2_000)];
        let latency = step(rtt, &steps, 1_000);
        let throughput = match source {
            FactorSource::Measured => share(self.received, self.expected),
            FactorSource::Stubs => 8_000,
        };
        // The published program takes 0 dBm for no radio at all.
        let signal = self.signal_dbm.filter(|dbm| source == FactorSource::Measured || *dbm != 0);
        let steps = [(60, WHOLE), (70, 8_000), (80, 6_000), (90, 4_000), (100, 2_000)];
        let signal = signal.map_or(WHOLE, |dbm| step(-dbm, &steps, 1_000));
        [latency, throughput, signal]
    }

    fn behavior(&self, source: FactorSource) -> [u64; 3] {
        let valid = share(self.received - self.invalid.min(self.received), self.received);
        let protocol = match source {
            // A peer that sends nothing but invalid data does not keep to the protocol either.
            FactorSource::Measured => valid,
            FactorSource::Stubs => 9_500,
        };
        let expected = match source {
            FactorSource::Measured => self.expected,
            FactorSource::Stubs if self.is_light => EXPECTED.1,
            FactorSource::Stubs => EXPECTED.0,
        };
        [valid, share(self.propagated, expected), protocol]
    }
}

/// Whether a newcomer may take the position of the worst connection of a full pool.
#[must_use]
pub const fn may_replace(newcomer: u64, worst: u64, hysteresis_points: u32) -> bool {
    newcomer > worst + hysteresis_points as u64 * 100
}

#[cfg(test)]
mod tests {
    use super::*;

    fn overall(one: Observed) -> PeerScore {
        one.score(&ManagerConfig::DEFAULT, FactorSource::Stubs)
    }

    #[test]
    fn scores_are_those_of_the_program() {
        let fresh = overall(Observed::default());
        assert_eq!(
            fresh,
            PeerScore { overall: 7_215, reliability: 5_850, performance: 9_400, behavior: 6_850 }
        );
        let aged = Observed { age_ms: 1, ..Observed::default() };
        assert_eq!(overall(aged).overall, 8_815);
        let connected = Observed { dials: 1, rtt_ms: Some(0), ..aged };
        assert_eq!(overall(connected).overall, 8_575);
        let of_suite =
            Observed { dials: 5, rtt_ms: Some(100), received: 100, invalid: 2, propagated: 60, ..aged };
        assert_eq!(overall(of_suite).overall, 8_851);
        let worst = Observed {
            dials: 1,
            rtt_ms: Some(1_001),
            signal_dbm: Some(-101),
            received: 1,
            invalid: 1,
            ..aged
        };
        assert_eq!(overall(worst).overall, 5_485);
        let best = Observed { propagated: 100, ..aged };
        assert_eq!(overall(best).overall, 9_715);
    }

    #[test]
    fn latency_and_validity_move_a_score_as_the_document_says() {
        let base = Observed { age_ms: 1, dials: 1, received: 100, ..Observed::default() };
        let [quick, slow] = [40, 600].map(|rtt| overall(Observed { rtt_ms: Some(rtt), ..base }).overall);
        assert_eq!(quick - slow, 960, "9.6 points");
        let bad = overall(Observed { rtt_ms: Some(40), invalid: 20, ..base }).overall;
        assert_eq!(quick - bad, 240, "2.4 points");
    }

    #[test]
    fn a_newcomer_needs_more_than_the_hysteresis() {
        assert!(!may_replace(7_000, 6_000, 10));
        assert!(may_replace(7_010, 6_000, 10));
    }

    #[test]
    fn measured_factors_stay_within_the_whole() {
        for (up_ms, accepted, quality, received) in [(0, 0, 0, 0), (9, 9, 9_000, 9_000), (5, 1, 500, 50)] {
            let one =
                Observed { age_ms: 5, up_ms, dials: 2, accepted, quality, received, ..Observed::default() };
            let score = one.score(&ManagerConfig::DEFAULT, FactorSource::Measured);
            assert!(score.overall <= WHOLE && score.reliability <= WHOLE && score.performance <= WHOLE);
        }
    }
}
