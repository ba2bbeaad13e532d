//! Hosts that stop and start by the schedule of the peer cache.

use super::{Observer, World};
use crate::base::id::PeerId;
use crate::base::rng::{Purpose, Rng, mix};
use crate::base::time::Round;
use crate::config::RestartIdentity;
use crate::sim::command::Command;
use crate::sim::host::HostStatus;
use crate::stack::address::Address;
use crate::stack::layers::planned_address;
use crate::stack::peer_cache::cycle::{self, PowerEvent};

/// First IP of hosts that have moved.
const MOVED: u32 = 0x0b00_0001;

impl World {
    /// Whether hosts stop and start by a schedule.
    pub(super) const fn has_power_schedule(&self) -> bool {
        self.config.cache.enabled && self.config.cache.cycles > 0
    }

    /// Stops or starts the hosts whose time has come after a round.
    pub(super) fn follow_power_schedule(&mut self, observer: &mut impl Observer) {
        if !self.has_power_schedule() {
            return;
        }
        let now = self.clock().round(self.now);
        match cycle::event(&self.config.cache, now.0) {
            Some(PowerEvent::Stop) => {
                self.subjects().into_iter().for_each(|(_, peer)| self.power_off(peer, observer));
                self.let_time_pass(now, observer);
            }
            Some(PowerEvent::Start(turn)) => {
                let spread = self.config.cache.spread_rounds;
                let due = self.subjects().into_iter().filter(|(number, _)| number % spread == turn);
                due.for_each(|(_, peer)| self.power_on(peer, observer));
            }
            None => {}
        }
    }

    /// The hosts of the schedule, each with its number: the last ones in the plan of addresses.
    fn subjects(&self) -> Vec<(u32, PeerId)> {
        let peers = self.config.genesis.peers;
        let host = |number: u32| {
            let index = peers.checked_sub(number + 1)?;
            let address = planned_address(&self.config, index as usize)?;
            Some((number, self.directory.host(address)?))
        };
        (0..self.config.cache.subjects.min(peers)).filter_map(host).collect()
    }

    fn power_off(&mut self, peer: PeerId, observer: &mut impl Observer) {
        let Some(index) = self.index_of(peer).filter(|index| self.hosts[*index].is_running()) else { return };
        if self.config.cache.graceful {
            self.stop(index, observer);
            // A program that ends in order leaves its files to a system that goes on.
            self.hosts[index].change_disk(crate::sim::disk::Disk::sync_all);
        }
        self.hosts[index].set_status(HostStatus::Crashed);
    }

    fn power_on(&mut self, peer: PeerId, observer: &mut impl Observer) {
        let Some(index) = self.index_of(peer) else { return };
        if self.config.cache.lost {
            self.hosts[index].change_disk(crate::sim::disk::Disk::wipe);
        }
        self.restart_if_possible(peer, self.next_identity(), observer);
    }

    /// Identity of a host that starts again.
    const fn next_identity(&self) -> RestartIdentity {
        if self.config.cache.identity_kept { RestartIdentity::Keep } else { RestartIdentity::New }
    }

    /// A world without a vacant id leaves the host stopped.
    fn restart_if_possible(&mut self, peer: PeerId, identity: RestartIdentity, observer: &mut impl Observer) {
        let _ = self.apply(Command::Restart { peer, identity }, observer);
    }

    /// What the stated downtime does to the hosts that are neither subjects nor published: some go away, move
    /// or are reborn.
    fn let_time_pass(&mut self, now: Round, observer: &mut impl Observer) {
        let rules = self.config.cache;
        let identity = self.next_identity();
        let [away, moved, reborn] = [rules.offline_hourly, rules.moved_hourly, rules.reborn_hourly]
            .map(|hourly| cycle::within(hourly, rules.absence_s));
        let peers = self.config.genesis.peers;
        let others = self.config.session.listed_peers.min(peers)..peers.saturating_sub(rules.subjects);
        for number in others {
            let Some(address) = planned_address(&self.config, number as usize) else { continue };
            let Some(peer) = self.directory.host(address) else { continue };
            let mut rng = Rng::stream(mix(self.seed ^ mix(now.0)), Purpose::Churn, address.get());
            if rng.chance(away) {
                if let Some(index) = self.index_of(peer) {
                    self.hosts[index].set_status(HostStatus::Crashed);
                }
            } else if rng.chance(reborn) {
                self.restart_if_possible(peer, identity, observer);
            } else if rng.chance(moved) {
                let to = Address::ip(MOVED + number, address.port());
                self.change_directory(|directory| {
                    directory.unbind(address);
                    directory.bind(to, peer)
                })
                .expect("the address is free");
                self.restart_if_possible(peer, RestartIdentity::Keep, observer);
            }
        }
    }
}
