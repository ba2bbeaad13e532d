//! Peers that come and go on their own.

use super::{Observer, World};
use crate::base::id::PeerId;
use crate::base::mutant::Mutant;
use crate::base::rng::{Purpose, Rng, mix};
use crate::base::time::{Round, Tick};
use crate::config::SessionRule;
use crate::sim::host::HostStatus;

/// Parts of a round, in which arrivals are timed.
const PARTS: u64 = 1_000;

/// How a peer departs.
#[derive(Clone, Copy)]
enum Departure {
    /// The peer stops, and resumes after some rounds with the state it had.
    Absence { rounds: u64 },
    /// It tells the others, and is gone.
    Farewell,
    /// It is gone.
    Disappearance,
}

impl World {
    /// Whether anybody may come or go on its own in the round that ends now.
    pub(super) fn may_churn(&self) -> bool {
        let config = &self.config.churn;
        config.arrivals > 0
            || self.next_arrival.is_some()
            || config.sessions != SessionRule::Endless
            || self.awaited > 0
            || self.has_power_schedule()
    }

    /// Lets those arrive, return and depart whose time has come, before the turns of a round.
    pub(super) fn churn(&mut self, observer: &mut impl Observer) {
        let now = self.clock().round(self.now);
        self.let_arrive(now, observer);
        self.let_return(now);
        self.let_depart(now, observer);
    }

    /// Arrivals are a Poisson process: the times between them are exponentially distributed.
    fn let_arrive(&mut self, now: Round, observer: &mut impl Observer) {
        let arrivals = u64::from(self.config.churn.arrivals);
        if arrivals == 0 {
            self.next_arrival = None;
            return;
        }
        let mean = PARTS * 1_000 / arrivals;
        let end = (now.0 + 1) * PARTS;
        let mut rng = Rng::stream(self.seed, Purpose::Churn, now.0);
        let mut next = self.next_arrival.unwrap_or_else(|| now.0 * PARTS + rng.exponential(mean));
        while next < end && self.has_room(1) {
            self.admit(None, None, observer);
            next += rng.exponential(mean).max(1);
        }
        // Where there is no room, those who would have come are not made up for.
        self.next_arrival = Some(if self.has_room(1) { next } else { next.max(end) });
    }

    fn let_return(&mut self, now: Round) {
        if self.awaited == 0 || Mutant::NobodyReturns.is_active() {
            return;
        }
        for index in 0..self.hosts.len() {
            let host = &mut self.hosts[index];
            if host.returns.is_none_or(|due| due > now) {
                continue;
            }
            host.returns = None;
            self.awaited -= 1;
            if host.status() == HostStatus::Crashed {
                host.set_status(HostStatus::Running);
                // The timers of this tick have rung already.
                self.wake(index, Tick(self.now.0 + 1));
            }
        }
    }

    fn let_depart(&mut self, now: Round, observer: &mut impl Observer) {
        if self.config.churn.sessions == SessionRule::Endless {
            return;
        }
        let mut leaving = Vec::new();
        for index in 0..self.hosts.len() {
            let host = &self.hosts[index];
            if !host.is_running() || host.departs.is_some_and(|due| due > now) {
                continue;
            }
            let id = host.id();
            let mut rng = Rng::stream(mix(self.seed ^ now.0), Purpose::Churn, id.get());
            match host.departs {
                None => self.hosts[index].departs = Some(Round(now.0 + 1 + self.session(&mut rng))),
                Some(_) => leaving.push((id, self.departure(&mut rng))),
            }
        }
        leaving.into_iter().for_each(|(peer, departure)| self.depart(peer, departure, now, observer));
    }

    fn session(&self, rng: &mut Rng) -> u64 {
        let mean = u64::from(self.config.churn.session_rounds);
        match self.config.churn.sessions {
            SessionRule::Endless | SessionRule::Exponential => rng.exponential(mean),
            SessionRule::Weibull => rng.weibull(mean),
            SessionRule::HeavyTailed => rng.pareto(mean),
        }
    }

    fn departure(&self, rng: &mut Rng) -> Departure {
        let config = &self.config.churn;
        if rng.chance(config.return_share) {
            Departure::Absence { rounds: rng.exponential(config.absence_rounds.into()) }
        } else if rng.chance(config.goodbye_share) {
            Departure::Farewell
        } else {
            Departure::Disappearance
        }
    }

    fn depart(&mut self, peer: PeerId, departure: Departure, now: Round, observer: &mut impl Observer) {
        let Some(index) = self.index_of(peer) else { return };
        match departure {
            Departure::Absence { rounds } => {
                let host = &mut self.hosts[index];
                host.departs = None;
                self.awaited += usize::from(host.returns.is_none());
                host.returns = Some(Round(now.0 + 1 + rounds));
                host.set_status(HostStatus::Crashed);
            }
            Departure::Farewell => self.remove(index, true, observer),
            Departure::Disappearance => self.remove(index, false, observer),
        }
    }
}
