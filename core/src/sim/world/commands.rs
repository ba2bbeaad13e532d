//! What an operator may do to a world.

use super::{Observer, PEERS_MAX, World};
use crate::base::id::PeerId;
use crate::base::problem::Problem;
use crate::base::ratio::Ratio;
use crate::base::ring::{self, Arc};
use crate::base::rng::{Purpose, Rng, mix};
use crate::base::sort;
use crate::base::time::{Direction, Round};
use crate::config::{Behavior, StorageFault};
use crate::protocol::token::Rank;
use crate::sim::command::Command;
use crate::sim::genesis;
use crate::sim::host::{Host, HostStatus, LocalClock};
use crate::sim::network::{HoldError, PARTITIONS_MAX, Partition};

impl World {
    /// Carries out a command before the next tick happens. Settings are taken as they are: the scenario's rules have
    /// passed them.
    ///
    /// # Errors
    ///
    /// Says why the command cannot be carried out; nothing has changed then.
    pub fn apply(&mut self, command: Command, observer: &mut impl Observer) -> Result<(), Problem> {
        match command {
            Command::Join { count } => self.join(count, None, None, observer)?,
            Command::Arrive { count, contacts, coverage } => {
                self.join(count, Some(contacts), Some(coverage), observer)?;
            }
            Command::Sybils { near, count, conduct } => self.bring_sybils(near, count, conduct, observer)?,
            Command::Leave { peer } => {
                let place = self.find(peer)?;
                self.remove(place, self.config.peers.goodbyes, observer);
            }
            Command::Crash { peer } => self.change_status(peer, HostStatus::Running, HostStatus::Crashed)?,
            Command::Return { peer } => {
                self.change_status(peer, HostStatus::Crashed, HostStatus::Running)?;
            }
            Command::Pause { peer } => {
                self.change_status(peer, HostStatus::Running, HostStatus::Paused)?;
                self.network.pause(peer);
            }
            Command::Resume { peer } => {
                self.change_status(peer, HostStatus::Paused, HostStatus::Running)?;
                self.network.resume(peer, self.now);
            }
            Command::Expire { share } => self.expire(share),
            Command::CorruptShare { share, conduct } => self.corrupt_share(share, conduct),
            Command::SpoilShare { peers, harm, share } => self.spoil_share(peers, harm, share),
            Command::Set(setting) => {
                setting.apply(&mut self.config);
                let config = &self.config;
                self.hosts.iter_mut().for_each(|host| host.invalidate(config));
            }
            Command::Skew { peer, .. }
            | Command::Drift { peer, .. }
            | Command::Lose { peer, .. }
            | Command::Spoil { peer, .. }
            | Command::Corrupt { peer, .. } => {
                let place = self.find(peer)?;
                self.change_peer(place, command);
            }
            _ => self.change_network(command)?,
        }
        Ok(())
    }

    /// Carries out a command that changes one peer.
    fn change_peer(&mut self, place: usize, command: Command) {
        let host = &mut self.hosts[place];
        match command {
            Command::Skew { rounds, direction, .. } => {
                let rounds = i64::from(rounds);
                let skew = if direction == Direction::Ahead { rounds } else { -rounds };
                host.set_local_clock(LocalClock { skew, ..host.local_clock() });
            }
            Command::Drift { rate, .. } => host.set_local_clock(LocalClock { rate, ..host.local_clock() }),
            Command::Lose { share, .. } => host.inject_storage_fault(StorageFault::Lost, share, &self.config),
            Command::Spoil { harm, share, .. } => host.inject_storage_fault(harm, share, &self.config),
            Command::Corrupt { conduct, .. } => self.set_behavior(place, conduct, Round(0)),
            _ => {}
        }
    }

    /// Carries out a command that changes what lies between peers.
    fn change_network(&mut self, command: Command) -> Result<(), Problem> {
        match command {
            Command::Cut { arc } => {
                check_arc(arc)?;
                self.network.set_cut(arc);
            }
            Command::CutOneWay { arc } => {
                check_arc(arc)?;
                self.add_partition(Partition::OneWay(arc))?;
            }
            Command::CutHalves { salt } => self.add_partition(Partition::Halves { salt })?,
            Command::CutRegions { regions } => self.add_partition(Partition::Regions { count: regions })?,
            Command::Isolate { peer } => {
                self.find(peer)?;
                self.add_partition(Partition::Isolation(peer))?;
            }
            Command::Flap { period } => self.network.flap(period),
            Command::Heal => self.network.heal(),
            Command::Hold { from, to } => {
                for (key, peer) in [("from", from), ("to", to)] {
                    self.find(peer).map_err(|problem| Problem { path: key.to_owned(), ..problem })?;
                }
                self.network.hold(from, to).map_err(hold_problem)?;
            }
            Command::Release { from, to } => {
                self.network.release(from, to, self.now).map_err(hold_problem)?;
            }
            Command::ReleaseOne { from, to, place } => {
                self.network.release_one(from, to, place as usize, self.now).map_err(hold_problem)?;
            }
            _ => {}
        }
        Ok(())
    }

    fn add_partition(&mut self, partition: Partition) -> Result<(), Problem> {
        self.network.add_partition(partition).then_some(()).ok_or_else(|| {
            let message = format!("there are {PARTITIONS_MAX} partitions already");
            Problem::new("kind", message, "heal the ring first")
        })
    }

    fn join(
        &mut self,
        count: u32,
        contacts: Option<u32>,
        coverage: Option<Ratio>,
        observer: &mut impl Observer,
    ) -> Result<(), Problem> {
        self.check_room(count)?;
        (0..count).for_each(|_| self.admit(contacts, coverage, observer));
        Ok(())
    }

    fn check_room(&self, count: u32) -> Result<(), Problem> {
        let vacant = self.vacant();
        (count > 0 && self.has_room(count)).then_some(()).ok_or_else(|| {
            Problem::new(
                "count",
                format!("{count} peers cannot join: there is room for 1 to {vacant}"),
                "peers live at tokens: choose a smaller count, or a scenario with a larger tokens.total",
            )
        })
    }

    fn vacant(&self) -> usize {
        (self.universe.len() as usize).min(PEERS_MAX).saturating_sub(self.hosts.len())
    }

    /// Whether so many peers can join.
    pub(super) fn has_room(&self, count: u32) -> bool {
        count as usize <= self.vacant()
    }

    /// Lets a newcomer live at a random token. It has heard of so many running peers, and holds this share of its
    /// tokens, where that is not as the world has it.
    pub(super) fn admit(
        &mut self,
        contacts: Option<u32>,
        coverage: Option<Ratio>,
        observer: &mut impl Observer,
    ) {
        let mut rng = self.next_link_rng();
        let Some(id) = genesis::vacancy(&self.universe, |id| self.place(id).is_some(), &mut rng) else {
            return;
        };
        self.settle(id, contacts, coverage, &mut rng, observer);
    }

    /// Chance for the next newcomer alone.
    fn next_link_rng(&mut self) -> Rng {
        self.joined += 1;
        Rng::stream(mix(self.seed ^ self.joined), Purpose::Genesis, self.joined)
    }

    fn settle(
        &mut self,
        id: PeerId,
        contacts: Option<u32>,
        coverage: Option<Ratio>,
        rng: &mut Rng,
        observer: &mut impl Observer,
    ) {
        let running: Vec<PeerId> = self.hosts.iter().filter(|host| host.is_running()).map(Host::id).collect();
        let contacts = contacts.unwrap_or(self.config.genesis.join_contacts);
        let known = genesis::join_contacts(self.config.genesis.bootstrap, id, contacts, &running, rng);
        let mut config = self.config.clone();
        config.tokens.coverage = coverage.unwrap_or(config.tokens.coverage);
        // A newcomer at the place of a peer that has left is somebody else, with link_rng of its own.
        let host = Host::new(id, mix(self.seed ^ self.joined), &config, &self.universe);
        let place = self.hosts.partition_point(|host| host.id() < id);
        self.hosts.insert(place, host);
        self.introduce(place, &known, observer);
    }

    /// Adversaries at the vacant tokens nearest to a place.
    fn bring_sybils(
        &mut self,
        near: PeerId,
        count: u32,
        conduct: Behavior,
        observer: &mut impl Observer,
    ) -> Result<(), Problem> {
        self.check_room(count)?;
        let ranks = (0..self.universe.len()).map(|rank| self.universe.mapping(Rank(rank)).token.as_peer());
        let mut vacant: Vec<PeerId> = ranks.filter(|peer| self.place(*peer).is_none()).collect();
        sort::sort_by_key(&mut vacant, |peer| ring::distance(peer.get(), near.get()));
        for id in vacant.into_iter().take(count as usize) {
            let mut rng = self.next_link_rng();
            self.settle(id, None, None, &mut rng, observer);
            if let Some(place) = self.place(id) {
                self.set_behavior(place, conduct, Round(0));
            }
        }
        Ok(())
    }

    fn corrupt_share(&mut self, share: Ratio, conduct: Behavior) {
        let mut honest: Vec<PeerId> =
            self.hosts.iter().filter(|host| host.adversary().is_none()).map(Host::id).collect();
        for peer in self.some_of(&mut honest, share, Purpose::Adversaries) {
            if let Some(place) = self.place(peer) {
                self.set_behavior(place, conduct, Round(0));
            }
        }
    }

    /// Something befalls the tokens of a share of the running peers.
    fn spoil_share(&mut self, peers: Ratio, harm: StorageFault, share: Ratio) {
        let mut running: Vec<PeerId> =
            self.hosts.iter().filter(|host| host.is_running()).map(Host::id).collect();
        for peer in self.some_of(&mut running, peers, Purpose::Coverage) {
            if let Some(place) = self.place(peer) {
                self.hosts[place].inject_storage_fault(harm, share, &self.config);
            }
        }
    }

    /// A share of the running peers stops at once.
    fn expire(&mut self, share: Ratio) {
        let mut running: Vec<PeerId> =
            self.hosts.iter().filter(|host| host.is_running()).map(Host::id).collect();
        for peer in self.some_of(&mut running, share, Purpose::Churn) {
            if let Some(place) = self.place(peer) {
                self.hosts[place].set_status(HostStatus::Crashed);
            }
        }
    }

    /// A random share of some peers, by the link_rng of this tick.
    fn some_of(&self, peers: &mut Vec<PeerId>, share: Ratio, purpose: Purpose) -> Vec<PeerId> {
        let count = usize::try_from(share.of(peers.len() as u64)).unwrap_or(peers.len());
        Rng::stream(mix(self.seed ^ mix(self.now.0)), purpose, u64::MAX).take_some(peers, count)
    }

    /// Removes a peer for good; it may say goodbye first.
    pub(super) fn remove(&mut self, place: usize, says_goodbye: bool, observer: &mut impl Observer) {
        if says_goodbye && self.hosts[place].is_running() {
            self.with_node(place, observer, |node, cx| node.leave(cx));
        }
        let host = self.hosts.remove(place);
        self.awaited -= usize::from(host.returns.is_some());
        let peer = host.id();
        // Messages that wait for it are to find nobody.
        self.network.resume(peer, self.now);
        self.note_adversaries();
    }

    fn change_status(&mut self, peer: PeerId, from: HostStatus, to: HostStatus) -> Result<(), Problem> {
        let place = self.find(peer)?;
        let is = self.hosts[place].status();
        if is != from {
            let remedy = format!("choose a {} peer", from.name());
            return Err(Problem::new("peer", format!("peer {peer} is {}", is.name()), remedy));
        }
        self.hosts[place].set_status(to);
        Ok(())
    }
}

fn hold_problem(error: HoldError) -> Problem {
    let (path, remedy) = match error {
        HoldError::AlreadyHeld => ("to", "choose a link that is not held"),
        HoldError::LimitReached => ("to", "release a link first"),
        HoldError::NotHeld => ("to", "choose a link that is held"),
        HoldError::NoSuchPacket { .. } => ("place", "hold the link first, and count from 0"),
    };
    Problem::new(path, error.to_string(), remedy)
}

fn check_arc(arc: Arc) -> Result<(), Problem> {
    (arc.from != arc.to).then_some(()).ok_or_else(|| {
        Problem::new(
            "to",
            "the arc is empty: it begins and ends at the same place",
            "name two different places",
        )
    })
}
