//! Execution of commands.

use super::{Observer, PEERS_MAX, World};
use crate::base::id::PeerId;
use crate::base::ratio::Ratio;
use crate::base::ring::{self, Arc};
use crate::base::rng::{Purpose, Rng, mix};
use crate::base::sort;
use crate::base::time::{Direction, Round, Tick};
use crate::config::{Behavior, RestartIdentity, StorageFault};
use crate::protocol::token::Rank;
use crate::sim::alarms::Alarm;
use crate::sim::command::Command;
use crate::sim::genesis::{self, Contacts};
use crate::sim::host::{Host, HostStatus, LocalClock};
use crate::sim::network::Partition;
use crate::sim::refusal::{CommandError, PeerRole};
use crate::stack::adversary::Adversary;
use crate::stack::layers::HostEvent;

impl World {
    /// Executes a command before the next tick. Settings are not checked here: the rules of the scenario have
    /// accepted them.
    ///
    /// # Errors
    ///
    /// The command cannot be executed; nothing has changed.
    pub fn apply(&mut self, command: Command, observer: &mut impl Observer) -> Result<(), CommandError> {
        match command {
            Command::Join { count } => self.join(count, None, None, observer)?,
            Command::Arrive { count, contacts, coverage } => {
                self.join(count, Some(contacts), Some(coverage), observer)?;
            }
            Command::Sybils { near, count, conduct } => self.bring_sybils(near, count, conduct, observer)?,
            Command::Leave { peer } => {
                let index = self.find(peer)?;
                self.remove(index, self.config.peers.goodbyes, observer);
            }
            Command::Crash { peer } => {
                self.change_status(peer, HostStatus::Running, HostStatus::Crashed)?;
            }
            Command::Return { peer } => {
                let index = self.change_status(peer, HostStatus::Crashed, HostStatus::Running)?;
                self.wake(index, self.now);
            }
            Command::Submit { peer, tokens, versions } => self.submit_at(peer, tokens, versions, observer)?,
            Command::Restart { peer, identity } => self.restart(peer, identity, observer)?,
            Command::Pause { peer } => {
                self.change_status(peer, HostStatus::Running, HostStatus::Paused)?;
                self.network.pause(peer);
            }
            Command::Resume { peer } => {
                let index = self.change_status(peer, HostStatus::Paused, HostStatus::Running)?;
                self.network.resume(peer, self.now);
                self.wake(index, self.now);
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
                let index = self.find(peer)?;
                self.change_peer(index, command);
            }
            _ => self.change_network(command)?,
        }
        Ok(())
    }

    /// Executes a command that changes one peer.
    fn change_peer(&mut self, index: usize, command: Command) {
        let host = &mut self.hosts[index];
        match command {
            Command::Skew { rounds, direction, .. } => {
                let rounds = i64::from(rounds);
                let skew = if direction == Direction::Ahead { rounds } else { -rounds };
                host.set_local_clock(LocalClock { skew, ..host.local_clock() });
            }
            Command::Drift { rate, .. } => host.set_local_clock(LocalClock { rate, ..host.local_clock() }),
            Command::Lose { share, .. } => host.inject_storage_fault(StorageFault::Lost, share, &self.config),
            Command::Spoil { harm, share, .. } => host.inject_storage_fault(harm, share, &self.config),
            Command::Corrupt { conduct, .. } => self.set_behavior(index, conduct, Round(0)),
            _ => {}
        }
    }

    /// Executes a command that changes the network.
    fn change_network(&mut self, command: Command) -> Result<(), CommandError> {
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
                self.find_as(PeerRole::Sender, from)?;
                self.find_as(PeerRole::Receiver, to)?;
                self.network.hold(from, to)?;
            }
            Command::Release { from, to } => {
                self.network.release(from, to, self.now)?;
            }
            Command::ReleaseOne { from, to, place } => {
                self.network.release_one(from, to, place as usize, self.now)?;
            }
            _ => {}
        }
        Ok(())
    }

    fn add_partition(&mut self, partition: Partition) -> Result<(), CommandError> {
        Ok(self.network.add_partition(partition)?)
    }

    fn join(
        &mut self,
        count: u32,
        contacts: Option<u32>,
        coverage: Option<Ratio>,
        observer: &mut impl Observer,
    ) -> Result<(), CommandError> {
        self.check_room(count)?;
        (0..count).for_each(|_| self.admit(contacts, coverage, observer));
        Ok(())
    }

    fn check_room(&self, count: u32) -> Result<(), CommandError> {
        let vacant = self.vacant();
        (count > 0 && self.has_room(count)).then_some(()).ok_or(CommandError::NoRoom { count, vacant })
    }

    fn vacant(&self) -> usize {
        (self.universe.len() as usize).min(PEERS_MAX).saturating_sub(self.hosts.len())
    }

    /// Whether `count` peers can join.
    pub(super) fn has_room(&self, count: u32) -> bool {
        count as usize <= self.vacant()
    }

    /// Adds a newcomer at a random vacant token, with this number of contacts and this share of its tokens,
    /// or those of the configuration.
    pub(super) fn admit(
        &mut self,
        contacts: Option<u32>,
        coverage: Option<Ratio>,
        observer: &mut impl Observer,
    ) {
        let mut rng = self.newcomer_rng();
        let Some(id) = genesis::vacancy(&self.universe, |id| self.index_of(id).is_some(), &mut rng) else {
            return;
        };
        self.insert_host(id, contacts, coverage, &mut rng, observer);
    }

    /// Random stream of the next newcomer.
    fn newcomer_rng(&mut self) -> Rng {
        self.joined += 1;
        Rng::stream(mix(self.seed ^ self.joined), Purpose::Genesis, self.joined)
    }

    fn insert_host(
        &mut self,
        id: PeerId,
        contacts: Option<u32>,
        coverage: Option<Ratio>,
        rng: &mut Rng,
        observer: &mut impl Observer,
    ) {
        let mut config = self.config.clone();
        config.tokens.coverage = coverage.unwrap_or(config.tokens.coverage);
        // A newcomer at the id of a host that has left is another one, with random streams of its own.
        let host = Host::new(id, mix(self.seed ^ self.joined), &config, &self.universe);
        let index = self.hosts.insert(host);
        self.assert_hosts();
        self.assign_addresses(&[id]);
        let known = self.newcomer_contacts(index, contacts, rng);
        if self.config.stack.lifecycle {
            self.introduce(index, &known, observer);
        }
        self.boot(index, observer);
    }

    /// Adds adversaries at the vacant tokens nearest to a position.
    fn bring_sybils(
        &mut self,
        near: PeerId,
        count: u32,
        conduct: Behavior,
        observer: &mut impl Observer,
    ) -> Result<(), CommandError> {
        self.check_room(count)?;
        let ranks = (0..self.universe.len()).map(|rank| self.universe.mapping(Rank(rank)).token.as_peer());
        let mut vacant: Vec<PeerId> = ranks.filter(|peer| self.index_of(*peer).is_none()).collect();
        sort::sort_by_key(&mut vacant, |peer| ring::distance(peer.get(), near.get()));
        for id in vacant.into_iter().take(count as usize) {
            let mut rng = self.newcomer_rng();
            self.insert_host(id, None, None, &mut rng, observer);
            if let Some(index) = self.index_of(id) {
                self.set_behavior(index, conduct, Round(0));
            }
        }
        Ok(())
    }

    fn corrupt_share(&mut self, share: Ratio, conduct: Behavior) {
        let mut honest: Vec<PeerId> =
            self.hosts.iter().filter(|host| host.adversary().is_none()).map(Host::id).collect();
        for peer in self.some_of(&mut honest, share, Purpose::Adversaries) {
            if let Some(index) = self.index_of(peer) {
                self.set_behavior(index, conduct, Round(0));
            }
        }
    }

    /// Injects a storage fault at a share of the running peers.
    fn spoil_share(&mut self, peers: Ratio, harm: StorageFault, share: Ratio) {
        let mut running: Vec<PeerId> =
            self.hosts.iter().filter(|host| host.is_running()).map(Host::id).collect();
        for peer in self.some_of(&mut running, peers, Purpose::Coverage) {
            if let Some(index) = self.index_of(peer) {
                self.hosts[index].inject_storage_fault(harm, share, &self.config);
            }
        }
    }

    /// Stops a share of the running peers.
    fn expire(&mut self, share: Ratio) {
        let mut running: Vec<PeerId> =
            self.hosts.iter().filter(|host| host.is_running()).map(Host::id).collect();
        for peer in self.some_of(&mut running, share, Purpose::Churn) {
            if let Some(index) = self.index_of(peer) {
                self.hosts[index].set_status(HostStatus::Crashed);
            }
        }
    }

    /// A random share of some peers, by a stream of this tick.
    fn some_of(&self, peers: &mut Vec<PeerId>, share: Ratio, purpose: Purpose) -> Vec<PeerId> {
        let count = usize::try_from(share.of(peers.len() as u64)).unwrap_or(peers.len());
        Rng::stream(mix(self.seed ^ mix(self.now.0)), purpose, u64::MAX).take_some(peers, count)
    }

    /// Removes a peer for good, with a goodbye if `says_goodbye`.
    pub(super) fn remove(&mut self, index: usize, says_goodbye: bool, observer: &mut impl Observer) {
        if says_goodbye && self.hosts[index].is_running() {
            self.with_node(index, observer, |node, cx| node.leave(cx));
        }
        if self.hosts[index].is_running() {
            self.stop(index, observer);
        }
        let host = self.hosts.remove(index);
        self.awaited -= usize::from(host.returns.is_some());
        let peer = host.id();
        // Messages that wait for it become undeliverable.
        self.network.resume(peer, self.now);
        self.note_adversaries();
        self.assert_hosts();
    }

    /// Debug builds: counters equal a recount, and the directory is the network's.
    fn assert_hosts(&self) {
        let awaited = || self.hosts.iter().filter(|host| host.returns.is_some()).count();
        debug_assert_eq!(self.awaited, awaited(), "every peer that returns on its own is counted");
        debug_assert!(self.hosts.len() <= PEERS_MAX, "more hosts than a world may have");
        let is_shared = std::sync::Arc::ptr_eq(&self.directory, self.network.directory());
        debug_assert!(is_shared || self.directory.is_identity(), "world and network share a directory");
    }

    /// Lets the timers ring at a tick whose deadlines passed while a host did not run.
    pub(super) fn wake(&mut self, index: usize, at: Tick) {
        let host = &mut self.hosts[index];
        let id = host.id();
        for timer in host.overdue_timers(at) {
            self.alarms.push(at, Alarm { host: id, timer });
        }
    }

    /// Lets a client submit a block through a running peer.
    fn submit_at(
        &mut self,
        peer: PeerId,
        tokens: u32,
        versions: u32,
        observer: &mut impl Observer,
    ) -> Result<(), CommandError> {
        let index = self.find(peer)?;
        let status = self.hosts[index].status();
        if status != HostStatus::Running {
            return Err(CommandError::WrongStatus { peer, status, needed: HostStatus::Running });
        }
        #[cfg(feature = "layers")]
        if self.config.consensus.enabled {
            self.submit(index, tokens, versions, observer);
            return Ok(());
        }
        let _ = (tokens, versions, observer);
        Err(CommandError::NoBlocks)
    }

    /// Restarts a running or crashed host: empty memory, disk as a crash leaves it.
    fn restart(
        &mut self,
        peer: PeerId,
        identity: RestartIdentity,
        observer: &mut impl Observer,
    ) -> Result<(), CommandError> {
        let index = self.find(peer)?;
        let status = self.hosts[index].status();
        if status == HostStatus::Paused {
            return Err(CommandError::RestartOfPaused { peer });
        }
        if identity == RestartIdentity::New && !self.has_room(1) {
            return Err(CommandError::NoVacantId);
        }
        let mut rng = self.newcomer_rng();
        let mut disk_rng = Rng::stream(mix(self.seed ^ self.joined), Purpose::Disk, peer.get());
        self.awaited -= usize::from(self.hosts[index].returns.is_some());
        let (config, seed) = (self.config.clone(), mix(self.seed ^ self.joined));
        self.hosts[index].restart(seed, &config, &mut disk_rng);
        let index = match identity {
            RestartIdentity::Keep => index,
            RestartIdentity::New => self.rebirth(index, &mut rng),
        };
        let contacts = self.newcomer_contacts(index, None, &mut rng);
        if self.config.stack.lifecycle {
            self.introduce(index, &contacts, observer);
        }
        self.boot(index, observer);
        let id = self.hosts[index].id();
        observer.on_event(self.clock().round(self.now), id, HostEvent::Restarted.into());
        Ok(())
    }

    /// Gives a host another id, and with it another position on the ring; its addresses and its disk stay.
    fn rebirth(&mut self, index: usize, rng: &mut Rng) -> usize {
        let vacancy = genesis::vacancy(&self.universe, |id| self.index_of(id).is_some(), rng);
        let id = vacancy.expect("there is a vacant id");
        let mut former = self.hosts.remove(index);
        let mut host = Host::new(id, mix(self.seed ^ self.joined), &self.config, &self.universe);
        host.inherit_disk(&mut former);
        let behavior = former.adversary().map(Adversary::conduct);
        let index = self.hosts.insert(host);
        if !self.directory.is_identity() {
            self.change_directory(|directory| directory.rebind(former.id(), id));
        }
        self.assert_hosts();
        self.network.resume(former.id(), self.now);
        if let Some(behavior) = behavior {
            self.set_behavior(index, behavior, Round(0));
        }
        self.note_adversaries();
        index
    }

    fn newcomer_contacts(&self, index: usize, contacts: Option<u32>, rng: &mut Rng) -> Contacts {
        let id = self.hosts[index].id();
        let others = self.hosts.iter().filter(|host| host.is_running() && host.id() != id);
        let running: Vec<PeerId> = others.map(Host::id).collect();
        let contacts = contacts.unwrap_or(self.config.genesis.join_contacts);
        genesis::join_contacts(self.config.genesis.bootstrap, id, contacts, &running, rng)
    }

    fn change_status(
        &mut self,
        peer: PeerId,
        needed: HostStatus,
        next: HostStatus,
    ) -> Result<usize, CommandError> {
        let index = self.find(peer)?;
        let status = self.hosts[index].status();
        if status != needed {
            return Err(CommandError::WrongStatus { peer, status, needed });
        }
        self.hosts[index].set_status(next);
        Ok(index)
    }

    /// Index of the host that a command changes.
    fn find(&self, peer: PeerId) -> Result<usize, CommandError> {
        self.find_as(PeerRole::Subject, peer)
    }

    fn find_as(&self, role: PeerRole, peer: PeerId) -> Result<usize, CommandError> {
        self.index_of(peer).ok_or(CommandError::UnknownPeer { peer, role })
    }
}

fn check_arc(arc: Arc) -> Result<(), CommandError> {
    (arc.from != arc.to).then_some(()).ok_or(CommandError::EmptyArc)
}
