//! Messages on their way: what links do to them, and what is in flight.

mod calendar;

pub use calendar::Calendar;

use crate::config::NetworkConfig;
use crate::digest::Digest;
use crate::id::PeerId;
use crate::message::Message;
use crate::ring::Arc;
use crate::rng::{Rng, mix};
use crate::time::{Clock, Tick};

/// Messages in flight at most; further ones are dropped as [`DropReason::Overload`].
pub const IN_FLIGHT_MAX: usize = 1 << 24;

/// A message on its way.
#[derive(Clone, Debug)]
pub struct Envelope {
    /// Who is to get it; nobody may live there.
    pub to: PeerId,
    /// Who sent it.
    pub from: PeerId,
    /// How many messages the sender had sent before, so that messages of one pair have an order.
    pub sequence: u32,
    /// When it was sent.
    pub sent: Tick,
    /// What it says.
    pub message: Message,
}

impl Envelope {
    /// The order in which the messages of one tick are delivered, whatever order they were sent in.
    const fn order(&self) -> (PeerId, PeerId, u32) {
        (self.to, self.from, self.sequence)
    }

    /// A number that stands for this delivery in the trace of a run.
    #[must_use]
    pub const fn trace(&self) -> u64 {
        let kind = self.message.kind() as u64;
        mix(mix(self.to.get() ^ self.sent.0) ^ self.from.get().rotate_left(17)).wrapping_add(mix((self
            .sequence
            as u64)
            << 3
            | kind))
    }
}

/// Why a message did not arrive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DropReason {
    /// The link lost it.
    Loss,
    /// A cut lies between sender and receiver.
    Cut,
    /// No running peer has the receiver's id.
    Undeliverable,
    /// Too many messages are in flight.
    Overload,
}

/// Everything between the peers.
#[derive(Clone, Debug, Default)]
pub struct Network {
    mail: Calendar<Envelope>,
    cut: Option<Arc>,
}

impl Network {
    /// The arc that is cut off from the rest, if any.
    #[must_use]
    pub const fn cut(&self) -> Option<Arc> {
        self.cut
    }

    /// Cuts an arc off, or makes the ring whole again.
    pub const fn set_cut(&mut self, cut: Option<Arc>) {
        self.cut = cut;
    }

    /// How many messages are in flight.
    #[must_use]
    pub const fn in_flight(&self) -> usize {
        self.mail.len()
    }

    /// All messages in flight with the ticks at which they are due, the earliest first.
    pub fn iter(&self) -> impl Iterator<Item = (Tick, &Envelope)> {
        self.mail.iter()
    }

    /// The next tick at which a message is due.
    #[must_use]
    pub fn next_due(&self) -> Option<Tick> {
        self.mail.next_due()
    }

    /// Whether a cut lies between two peers.
    #[must_use]
    pub fn separates(&self, one: PeerId, other: PeerId) -> bool {
        self.cut.is_some_and(|arc| arc.contains(one.get()) != arc.contains(other.get()))
    }

    /// Puts a message on its way, with the luck of its sender's links.
    ///
    /// # Errors
    ///
    /// The reason why it will not arrive, and the message.
    pub fn post(
        &mut self,
        envelope: Envelope,
        config: &NetworkConfig,
        clock: Clock,
        luck: &mut Rng,
    ) -> Result<(), (DropReason, Envelope)> {
        // Luck first: whether a cut lies in the way must not change the fate of later messages.
        let Some(due) = arrival(envelope.sent, config, clock, luck) else {
            return Err((DropReason::Loss, envelope));
        };
        if self.separates(envelope.from, envelope.to) {
            return Err((DropReason::Cut, envelope));
        }
        if self.mail.len() >= IN_FLIGHT_MAX {
            return Err((DropReason::Overload, envelope));
        }
        self.mail.push(due, envelope);
        Ok(())
    }

    /// Takes out the messages that are due at a tick, in the order of delivery.
    pub fn take_due(&mut self, tick: Tick, due: &mut Vec<Envelope>) {
        self.mail.take(tick, due);
        due.sort_unstable_by_key(Envelope::order);
    }

    /// Adds everything in flight to a fingerprint.
    pub fn digest(&self, digest: &mut Digest) {
        digest.number(self.cut.is_some());
        digest.number(self.cut.map_or(0, |arc| arc.from));
        digest.number(self.cut.map_or(0, |arc| arc.to));
        let mut mail: Vec<(Tick, &Envelope)> = self.iter().collect();
        mail.sort_unstable_by_key(|(due, envelope)| (*due, envelope.order()));
        digest.length(mail.len());
        for (due, envelope) in mail {
            digest.number(due.0);
            digest.number(envelope.to.get());
            digest.number(envelope.from.get());
            digest.number(envelope.sequence);
            digest.number(envelope.sent.0);
            envelope.message.digest(digest);
        }
    }
}

/// When a message that is sent now arrives; `None` where it is lost. Each time it has to wait for another round, its
/// luck is drawn anew, for loss as well (as seed 000's program does with its queue).
fn arrival(now: Tick, config: &NetworkConfig, clock: Clock, luck: &mut Rng) -> Option<Tick> {
    let spread = config.latency_max.saturating_sub(config.latency_min);
    let latency = config.latency_min + if spread == 0 { 0 } else { luck.below(spread + 1) };
    let mut due = Tick(now.0 + u64::from(latency));
    if !config.same_round_delivery {
        due = due.max(clock.next_round_starts(now));
    }
    loop {
        if luck.chance(config.loss) {
            return None;
        }
        if !luck.chance(config.delay) {
            return Some(due);
        }
        due = clock.next_round_starts(due);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::{Purpose, Ratio};

    const CLOCK: Clock = Clock { ticks_per_round: 50 };

    fn config() -> NetworkConfig {
        NetworkConfig {
            loss: Ratio::ZERO,
            delay: Ratio::ZERO,
            latency_min: 1,
            latency_max: 1,
            same_round_delivery: true,
        }
    }

    fn luck() -> Rng {
        Rng::stream(1, Purpose::Links, 1)
    }

    #[test]
    fn an_undelayed_message_takes_a_tick_or_waits_for_the_next_round() {
        assert_eq!(arrival(Tick(10), &config(), CLOCK, &mut luck()), Some(Tick(11)));
        assert_eq!(arrival(Tick(49), &config(), CLOCK, &mut luck()), Some(Tick(50)));
        let later = NetworkConfig { same_round_delivery: false, ..config() };
        assert_eq!(arrival(Tick(10), &later, CLOCK, &mut luck()), Some(Tick(50)));
    }

    #[test]
    fn a_delayed_message_waits_for_the_beginning_of_a_round() {
        let config = NetworkConfig { delay: Ratio::from_millionths(500_000), ..config() };
        let mut luck = luck();
        let arrivals: Vec<u64> = (0..4_000)
            .filter_map(|_| arrival(Tick(10), &config, CLOCK, &mut luck))
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
        let mut luck = luck();
        let lost = (0..100_000).filter(|_| arrival(Tick(0), &config, CLOCK, &mut luck).is_none()).count();
        assert!((1_300..1_550).contains(&lost), "0.01 / (1 - 0.99 * 0.3) = 1.42 %, not {lost} of 100,000");
    }

    #[test]
    fn latency_is_uniform_between_its_bounds() {
        let config = NetworkConfig { latency_min: 2, latency_max: 4, ..config() };
        let mut luck = luck();
        let mut counts = [0; 6];
        for _ in 0..3_000 {
            let due = arrival(Tick(0), &config, CLOCK, &mut luck).expect("nothing is lost").0;
            counts[usize::try_from(due).expect("small")] += 1;
        }
        assert!(counts[2..=4].iter().all(|count| (900..1_100).contains(count)), "{counts:?}");
        assert_eq!(counts[..2], [0, 0]);
    }
}
