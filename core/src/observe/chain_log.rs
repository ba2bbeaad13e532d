//! Chains that fork: branches, hosts on each over time, and replacements.
//!
//! ```text
//! branch 0   ---o---o---o---o           a host that goes over to another branch replaces its blocks
//! branch 1           \--o---o---o---o   begins where a block has a second successor
//! ```
//!
//! A branch is a line of blocks without a fork: the first successor of a block continues its branch, each
//! further one begins another. Chains are read at the end of each round, in ascending order of host.

use std::collections::{BTreeMap, VecDeque};

use crate::base::id::PeerId;
use crate::observe::session_view;
use crate::sim::world::World;
use crate::stack::layers::{Event, HostEvent};
use crate::stack::session::event::SessionEvent;
use crate::stack::session::sync::Sync;

/// Blocks that are kept; those of the least heights go first. What follows one that is gone continues its
/// first branch.
const BLOCKS_MAX: usize = 20_000;
/// Branches that are kept apart; the blocks of further ones count for the branch that they begin on.
pub const BRANCHES_MAX: usize = 256;
/// Steps of growth that a branch keeps; beyond, every second one is dropped.
pub const STEPS_MAX: usize = 1_024;
/// Changes of the number of hosts that a branch keeps, the latest ones.
pub const CHANGES_MAX: usize = 1_024;
/// Replacements that are kept, the latest ones.
pub const REPLACEMENTS_MAX: usize = 1_024;

/// Height and hash of a block.
type BlockKey = (u32, u64);

/// A line of blocks without a fork.
#[derive(Clone, Debug, Default)]
pub struct Branch {
    /// Branch and height of the block before its first one; `None` for one that begins with a genesis block.
    pub parent: Option<(usize, u32)>,
    /// Height of its last block.
    pub height: u32,
    /// Ticks at which heights were first seen, with these.
    pub growth: Vec<(u64, u32)>,
    /// Ticks at which the number of running hosts with their last block on it has changed, with that number.
    pub hosts: VecDeque<(u64, u32)>,
}

/// Blocks of one branch that a host has replaced by those of another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Replacement {
    /// End of the round in which it happened.
    pub tick: u64,
    /// The host.
    pub host: PeerId,
    /// Branch of its last block before.
    pub from: usize,
    /// Branch of its last block after.
    pub to: usize,
    /// Blocks replaced.
    pub depth: u32,
}

/// The chain of a host when it was last read, and what has happened to it since.
#[derive(Clone, Copy, Debug)]
struct HostChain {
    host: PeerId,
    tip: BlockKey,
    branch: usize,
    /// Blocks that it has said to have replaced; `None` if it has not replaced any.
    replaced: Option<u32>,
    has_restarted: bool,
}

/// Record of chains that fork; empty if they do not.
#[derive(Clone, Debug, Default)]
pub struct ChainLog {
    branches: Vec<Branch>,
    /// Branches that begin with a genesis block, by the hash of the last common block.
    roots: Vec<(u64, usize)>,
    /// Branch of each block above the initial height.
    blocks: BTreeMap<BlockKey, usize>,
    /// In ascending order of host.
    hosts: Vec<HostChain>,
    replacements: VecDeque<Replacement>,
    deepest: u32,
    /// First host that has lost blocks without having replaced them.
    shrunk: Option<PeerId>,
}

impl ChainLog {
    /// Branches in the order in which they were first seen.
    #[must_use]
    pub fn branches(&self) -> &[Branch] {
        &self.branches
    }

    /// The latest replacements, the oldest first.
    pub fn replacements(&self) -> impl Iterator<Item = &Replacement> {
        self.replacements.iter()
    }

    /// Blocks that the deepest reorganisation has replaced.
    #[must_use]
    pub const fn deepest(&self) -> u32 {
        self.deepest
    }

    /// First host that has lost blocks though it has neither restarted nor reported a reorganisation.
    #[must_use]
    pub const fn shrunk(&self) -> Option<PeerId> {
        self.shrunk
    }

    /// Notes a fact about a host.
    pub(crate) fn hear(&mut self, host: PeerId, event: Event) {
        match event {
            Event::Session(SessionEvent::Reorganised { depth }) => {
                self.deepest = self.deepest.max(depth);
                if let Some(entry) = self.entry_mut(host) {
                    entry.replaced = Some(entry.replaced.map_or(depth, |before| before.max(depth)));
                }
            }
            Event::Host(HostEvent::Restarted) => {
                self.entry_mut(host).into_iter().for_each(|entry| entry.has_restarted = true);
            }
            _ => {}
        }
    }

    fn entry_mut(&mut self, host: PeerId) -> Option<&mut HostChain> {
        let index = self.hosts.binary_search_by_key(&host, |one| one.host).ok()?;
        Some(&mut self.hosts[index])
    }

    /// Reads all chains at the end of a round.
    pub(crate) fn note(&mut self, world: &World) {
        let (tick, initial) = (world.now().0, world.config().sync.initial_height);
        let mut counts = vec![0_u32; self.branches.len()];
        for (host, layer) in session_view::sessions(world) {
            let Some(sync) = layer.sync() else { continue };
            let Some(hash) = sync.hash_at(sync.height()) else { continue };
            let tip = (sync.height(), hash);
            let known = self.blocks.get(&tip).copied();
            let branch = known.unwrap_or_else(|| self.grow(sync, tip, initial, tick));
            counts.resize(self.branches.len(), 0);
            counts[branch] += 1;
            self.follow(host, sync, tip, branch, tick);
        }
        self.hosts.retain(|one| world.host(one.host).is_some());
        for (branch, count) in self.branches.iter_mut().zip(counts) {
            if branch.hosts.back().map_or(0, |last| last.1) != count {
                branch.hosts.push_back((tick, count));
            }
            if branch.hosts.len() > CHANGES_MAX {
                branch.hosts.pop_front();
            }
        }
    }

    /// Compares the chain of a host with its former one.
    fn follow(&mut self, host: PeerId, sync: &Sync, tip: BlockKey, branch: usize, tick: u64) {
        let new = HostChain { host, tip, branch, replaced: None, has_restarted: false };
        let index = match self.hosts.binary_search_by_key(&host, |one| one.host) {
            Ok(index) => index,
            Err(index) => return self.hosts.insert(index, new),
        };
        let before = std::mem::replace(&mut self.hosts[index], new);
        let (height, hash) = before.tip;
        let is_kept = height <= tip.0 && sync.hash_at(height).is_none_or(|now| now == hash);
        if is_kept || before.has_restarted {
            return;
        }
        let Some(depth) = before.replaced else {
            self.shrunk = self.shrunk.or(Some(host));
            return;
        };
        if self.replacements.len() == REPLACEMENTS_MAX {
            self.replacements.pop_front();
        }
        self.replacements.push_back(Replacement { tick, host, from: before.branch, to: branch, depth });
    }

    /// Takes over the blocks of a chain down to the first known one; returns the branch of the last one.
    fn grow(&mut self, sync: &Sync, tip: BlockKey, initial: u32, tick: u64) -> usize {
        let mut new = Vec::new();
        let mut height = tip.0;
        let (parent, at) = loop {
            let hash = sync.hash_at(height).filter(|_| height > initial);
            let Some(hash) = hash else {
                let root = self.root(sync, initial, tick);
                let is_cut = height > initial;
                break (root, if is_cut { self.branches[root].height } else { initial });
            };
            if let Some(branch) = self.blocks.get(&(height, hash)) {
                break (*branch, height);
            }
            new.push((height, hash));
            height -= 1;
        };
        if new.is_empty() {
            return parent;
        }
        let branch = self.branch_after(parent, at);
        self.blocks.extend(new.into_iter().map(|block| (block, branch)));
        while self.blocks.len() > BLOCKS_MAX {
            self.blocks.pop_first();
        }
        self.branches[branch].extend(tick, tip.0);
        branch
    }

    /// Branch of the blocks that follow one: its own if that is its last, else a new one.
    fn branch_after(&mut self, parent: usize, height: u32) -> usize {
        if self.branches[parent].height == height || self.branches.len() == BRANCHES_MAX {
            return parent;
        }
        self.branches.push(Branch { parent: Some((parent, height)), height, ..Branch::default() });
        self.branches.len() - 1
    }

    /// The branch with the genesis block of a chain.
    fn root(&mut self, sync: &Sync, initial: u32, tick: u64) -> usize {
        let hash = sync.hash_at(initial).unwrap_or_default();
        if let Some(root) = self.roots.iter().find(|root| root.0 == hash) {
            return root.1;
        }
        self.branches.push(Branch { height: initial, growth: vec![(tick, initial)], ..Branch::default() });
        self.roots.push((hash, self.branches.len() - 1));
        self.branches.len() - 1
    }
}

impl Branch {
    fn extend(&mut self, tick: u64, height: u32) {
        self.height = self.height.max(height);
        self.growth.push((tick, height));
        if self.growth.len() > STEPS_MAX {
            let mut index = 0;
            self.growth.retain(|_| {
                index += 1;
                index % 2 == 1
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::time::Tick;
    use crate::scenario::Scenario;
    use crate::sim::command::{Command, TimedCommand};
    use crate::study::simulation::Simulation;

    /// Twelve hosts, cut in two from second 60 to second 180.
    fn run(rounds: u32) -> Simulation {
        let settings = ["genesis.peers=12", "sync.forks=on", "sync.behind=0", "sync.block_ms=10000"];
        let mut scenario = Scenario::with_settings("sessions", &settings);
        (scenario.seed, scenario.rounds) = (1, rounds);
        let at = |tick, command| TimedCommand { at: Tick(tick), command };
        scenario.commands = vec![at(60_000, Command::CutHalves { salt: 2 }), at(180_000, Command::Heal)];
        let mut run = Simulation::new(scenario);
        run.run();
        run
    }

    fn hosts(run: &Simulation) -> Vec<u32> {
        run.chains().branches().iter().map(|one| one.hosts.back().map_or(0, |last| last.1)).collect()
    }

    #[test]
    fn a_cut_begins_a_branch_and_healing_empties_one() {
        let cut = run(170);
        let branches = cut.chains().branches();
        let (parent, height) = branches[1].parent.unwrap();
        assert_eq!((branches.len(), parent, branches[0].parent), (2, 0, None));
        assert!(height < branches[0].height && height < branches[1].height, "{branches:?}");
        assert_eq!((hosts(&cut), cut.chains().replacements().count()), (vec![6, 6], 0));
        let healed = run(420);
        assert_eq!(hosts(&healed), [0, 12]);
        let found = healed.metrics().sync.unwrap();
        let replacements: Vec<_> = healed.chains().replacements().collect();
        assert_eq!(replacements.len() as u64, found.reorganisations);
        assert!(replacements.iter().all(|one| (one.from, one.to) == (0, 1)), "{replacements:?}");
        let deepest = replacements.iter().map(|one| one.depth).max();
        assert_eq!(deepest, Some(healed.chains().branches()[0].height - height));
    }

    #[test]
    fn growth_is_thinned_and_keeps_its_beginning() {
        let mut branch = Branch::default();
        (0..3_000).for_each(|tick| branch.extend(tick, 1));
        assert!(branch.growth.len() <= STEPS_MAX && branch.growth[0].0 == 0, "{}", branch.growth.len());
    }
}
