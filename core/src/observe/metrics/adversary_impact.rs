//! Effect of adversaries and quality of suspicion, against the ground truth that no peer knows.

use serde::Serialize;

use super::{ratio, running};
use crate::base::id::PeerId;
use crate::config::Behavior;
use crate::protocol::event::PeerStateKind;
use crate::sim::host::Host;
use crate::sim::world::World;

/// Effect of adversaries, and error rates of the honest peers' suspicion.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct AdversaryImpact {
    /// Running peers that are not honest now.
    pub adversaries: u64,
    /// Share of adversaries among the Connected peers of honest peers; `None` without a connection.
    pub captured: Option<f64>,
    /// The same share for the worst-hit honest peer.
    pub captured_max: Option<f64>,
    /// Share of elections won by peers that are adversaries now; `None` before the first.
    pub elections_won: Option<f64>,
    /// False discovery rate: share of honest peers among the suspected; `None` without a suspicion.
    #[serde(rename = "false_alarms")]
    pub false_discovery_rate: Option<f64>,
    /// False negative rate: share of adversaries that an honest peer does not suspect, on average; `None`
    /// without adversaries.
    #[serde(rename = "overlooked")]
    pub false_negative_rate: Option<f64>,
    /// False positive rate: share of other honest peers that an honest peer suspects, on average; `None`
    /// without two of them.
    #[serde(rename = "condemned")]
    pub false_positive_rate: Option<f64>,
}

/// Elections won, by winner.
#[derive(Clone, Debug, Default)]
pub(super) struct Wins {
    /// In ascending order of id.
    each: Vec<(PeerId, u64)>,
    /// Wins of departed peers, summed.
    of_gone: u64,
}

impl Wins {
    pub(super) fn count(&mut self, winner: PeerId) {
        match self.each.binary_search_by_key(&winner, |(peer, _)| *peer) {
            Ok(index) => self.each[index].1 += 1,
            Err(index) => self.each.insert(index, (winner, 1)),
        }
    }

    /// Evicts departed peers once there are more entries than `limit`.
    pub(super) fn tidy(&mut self, world: &World, limit: usize) {
        debug_assert!(
            self.each.windows(2).all(|pair| pair[0].0 < pair[1].0),
            "winners are in ascending order"
        );
        if self.each.len() > limit {
            let of_gone = &mut self.of_gone;
            self.each.retain(|(peer, wins)| {
                let is_here = world.host(*peer).is_some();
                *of_gone += if is_here { 0 } else { *wins };
                is_here
            });
        }
    }

    fn share(&self, is_meant: impl Fn(PeerId) -> bool) -> Option<f64> {
        let all = self.of_gone + self.each.iter().map(|(_, wins)| wins).sum::<u64>();
        ratio(self.each.iter().filter(|(peer, _)| is_meant(*peer)).map(|(_, wins)| wins).sum(), all)
    }
}

impl AdversaryImpact {
    pub(super) fn of(world: &World, wins: &Wins) -> Self {
        let now = world.clock().round(world.now());
        let is_bad = |host: &Host| {
            host.adversary().is_some_and(|adversary| adversary.conduct_at(now) != Behavior::Honest)
        };
        let bad: Vec<PeerId> = running(world).filter(|host| is_bad(host)).map(Host::id).collect();
        let is_adversary = |peer: PeerId| bad.binary_search(&peer).is_ok();
        let honest = || running(world).filter(|host| !is_bad(host));
        let each = honest()
            .map(|host| Count::of(host.node().peers().of_kind(PeerStateKind::Connected), is_adversary));
        let all: Vec<PeerId> = running(world).map(Host::id).collect();
        let runs = |peer: &PeerId| all.binary_search(peer).is_ok();
        let suspicions = honest().map(|host| {
            let suspects = host.node().suspects(world.config(), host.local_clock().shows(now));
            Count::of(suspects.into_iter().filter(runs), is_adversary)
        });
        let (captured, suspected) = (each.clone().sum::<Count>(), suspicions.sum::<Count>());
        let judges = honest().count() as u64;
        let (judgements, others) = (judges * bad.len() as u64, judges * judges.saturating_sub(1));
        Self {
            adversaries: bad.len() as u64,
            captured: captured.share(),
            captured_max: each.filter_map(Count::share).reduce(f64::max),
            elections_won: wins.share(is_adversary),
            false_discovery_rate: ratio(suspected.all - suspected.bad, suspected.all),
            false_positive_rate: ratio(suspected.all - suspected.bad, others),
            false_negative_rate: ratio(judgements.saturating_sub(suspected.bad), judgements),
        }
    }
}

/// Number of adversaries among some peers.
#[derive(Clone, Copy, Default)]
struct Count {
    bad: u64,
    all: u64,
}

impl Count {
    fn of(peers: impl Iterator<Item = PeerId>, is_adversary: impl Fn(PeerId) -> bool) -> Self {
        peers.fold(Self::default(), |Self { bad, all }, peer| Self {
            bad: bad + u64::from(is_adversary(peer)),
            all: all + 1,
        })
    }

    fn share(self) -> Option<f64> {
        debug_assert!(self.bad <= self.all, "{} of {} are adversaries", self.bad, self.all);
        ratio(self.bad, self.all)
    }
}

impl std::iter::Sum for Count {
    fn sum<I: Iterator<Item = Self>>(counts: I) -> Self {
        counts.fold(Self::default(), |sum, count| Self { bad: sum.bad + count.bad, all: sum.all + count.all })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::knob::Setting;
    use crate::observe::metrics::Recorder;
    use crate::scenario::Scenario;
    use crate::sim::command::Command;

    #[test]
    fn adversaries_are_counted_where_they_have_got_to() {
        let mut scenario = Scenario::preset("seed-000").unwrap();
        for text in [
            "genesis.peers=10",
            "tokens.total=50",
            "genesis.topology=fully-known",
            "genesis.connected_share=0",
        ] {
            scenario.with_setting(Setting::parse_text(text).unwrap());
        }
        let mut recorder = Recorder::default();
        let mut world = World::new(1, scenario.config, &mut recorder);
        let mut wins = Wins::default();
        assert_eq!(AdversaryImpact::of(&world, &wins).captured, Some(0.0));
        let (peer, other) = (world.hosts()[3].id(), world.hosts()[4].id());
        world.apply(Command::Corrupt { peer, conduct: Behavior::Forger }, &mut recorder).unwrap();
        [peer, other, other, other].into_iter().for_each(|winner| wins.count(winner));
        let adversary_impact = AdversaryImpact::of(&world, &wins);
        assert_eq!(adversary_impact.adversaries, 1);
        assert_eq!(
            (adversary_impact.captured, adversary_impact.captured_max),
            (Some(1.0 / 9.0), Some(1.0 / 9.0)),
            "all are connected"
        );
        assert_eq!(adversary_impact.elections_won, Some(0.25));
        assert_eq!(
            (
                adversary_impact.false_discovery_rate,
                adversary_impact.false_negative_rate,
                adversary_impact.false_positive_rate
            ),
            (None, Some(1.0), Some(0.0))
        );
        world.apply(Command::Corrupt { peer, conduct: Behavior::Honest }, &mut recorder).unwrap();
        assert_eq!(AdversaryImpact::of(&world, &wins).adversaries, 0);
    }
}
