//! Space-time diagram: the state of the ring at the ends of rounds, in a fixed space.

use std::sync::Arc;

use crate::base::id::PeerId;
use crate::base::time::Round;
use crate::protocol::event::PeerStateKind;
use crate::sim::host::{Host, HostStatus};
use crate::sim::world::World;

/// Rows of the diagram: equal arcs of the ring, in ascending order of position.
pub const ROWS: usize = 192;
/// Columns kept at most. When full, every other one is dropped and the interval doubles.
const COLUMNS_MAX: usize = 480;

/// Cell of a ring without peers. Smaller values than those below are numbers of Connected peers.
pub const NO_PEER: u16 = u16::MAX;
/// Cell of crashed peers.
pub const CRASHED: u16 = NO_PEER - 1;
/// Cell of peers without an entry in their tables.
pub const ALONE: u16 = NO_PEER - 2;
/// Cell of peers with Identified peers at best.
pub const IDENTIFIED: u16 = NO_PEER - 3;
/// Cell of peers with Pending peers at best.
pub const PENDING: u16 = NO_PEER - 4;

/// Cells of one moment, a row each.
pub type RingColumn = [u16; ROWS];

/// Columns at equal intervals from round 0 on, which copies of a run share.
#[derive(Clone, Debug)]
pub struct RingHistory {
    columns: Vec<Arc<RingColumn>>,
    /// Rounds between two columns: a power of two.
    interval: u64,
}

impl Default for RingHistory {
    fn default() -> Self {
        Self { columns: Vec::new(), interval: 1 }
    }
}

impl RingHistory {
    /// The columns: the one at index `i` shows the ring after `i` times [`Self::interval`] rounds.
    pub fn columns(&self) -> impl ExactSizeIterator<Item = &RingColumn> {
        self.columns.iter().map(Arc::as_ref)
    }

    /// Rounds between two columns.
    #[must_use]
    pub const fn interval(&self) -> u64 {
        self.interval
    }

    /// Takes a column if one is due after this many completed rounds, or retakes that of the same round.
    pub fn record(&mut self, completed: Round, world: &World) {
        if self.columns.len() as u64 == COLUMNS_MAX as u64
            && completed.0 >= COLUMNS_MAX as u64 * self.interval
        {
            let mut index = 0;
            self.columns.retain(|_| {
                index += 1;
                index % 2 == 1
            });
            self.interval *= 2;
        }
        if !completed.0.is_multiple_of(self.interval) {
            return;
        }
        let index = usize::try_from(completed.0 / self.interval).unwrap_or(usize::MAX);
        self.columns.truncate(index);
        debug_assert_eq!(self.columns.len(), index, "a column for every interval since round 0");
        self.columns.push(Arc::new(column(world.hosts())));
    }
}

/// Cells of hosts in ascending order of id: the mean of the peers of a row, or else the peer nearest to it.
fn column(hosts: &[Host]) -> RingColumn {
    let mut column = [NO_PEER; ROWS];
    if hosts.is_empty() {
        return column;
    }
    let mut rest = hosts;
    for (row, cell) in column.iter_mut().enumerate() {
        let (within, after) = rest.split_at(rest.partition_point(|host| row_of(host.id()) <= row));
        rest = after;
        *cell = if within.is_empty() { cell_of(nearest(hosts, row)) } else { mean(within) };
    }
    column
}

fn row_of(id: PeerId) -> usize {
    let row = (u128::from(id.get()) * ROWS as u128) >> 64;
    usize::try_from(row).unwrap_or(ROWS - 1)
}

/// The host nearest to the middle of a row, the one before it if two are equally near.
fn nearest(hosts: &[Host], row: usize) -> &Host {
    let middle = u64::try_from(((2 * row as u128 + 1) << 63) / ROWS as u128).unwrap_or(u64::MAX);
    let next = hosts.partition_point(|host| host.id().get() < middle);
    let (before, after) = ((next + hosts.len() - 1) % hosts.len(), next % hosts.len());
    let gap = |index: usize| {
        let ahead = hosts[index].id().get().wrapping_sub(middle);
        ahead.min(ahead.wrapping_neg())
    };
    if gap(before) <= gap(after) { &hosts[before] } else { &hosts[after] }
}

/// Mean number of Connected peers of the peers that have not crashed, rounded, and 1 at least if any has one;
/// otherwise the highest state among them.
fn mean(hosts: &[Host]) -> u16 {
    let alive = || hosts.iter().filter(|host| host.status() != HostStatus::Crashed);
    let count = alive().count() as u64;
    let sum: u64 = alive().map(|host| u64::from(host.node().peers().count(PeerStateKind::Connected))).sum();
    match (count, sum) {
        (0, _) => CRASHED,
        (_, 0) => alive().map(cell_of).min().unwrap_or(ALONE),
        _ => connected((sum + count / 2) / count),
    }
}

fn cell_of(host: &Host) -> u16 {
    let count = |state| host.node().peers().count(state);
    if host.status() == HostStatus::Crashed {
        CRASHED
    } else if count(PeerStateKind::Connected) > 0 {
        connected(count(PeerStateKind::Connected).into())
    } else if count(PeerStateKind::Pending) > 0 {
        PENDING
    } else if count(PeerStateKind::Identified) > 0 {
        IDENTIFIED
    } else {
        ALONE
    }
}

fn connected(count: u64) -> u16 {
    u16::try_from(count).unwrap_or(PENDING - 1).clamp(1, PENDING - 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::Scenario;
    use crate::sim::command::Command;
    use crate::study::simulation::Simulation;

    fn run() -> Simulation {
        let mut simulation = Simulation::new(Scenario::preset("lifecycle-1").unwrap());
        simulation.record_ring();
        simulation
    }

    fn cells(simulation: &Simulation) -> Vec<RingColumn> {
        simulation.ring_history().unwrap().columns().copied().collect()
    }

    /// Cells of every round, from the world itself.
    fn expected(rounds: u64, mut command: impl FnMut(&mut Simulation, u64)) -> Vec<RingColumn> {
        let mut simulation = run();
        let per_round = simulation.world().clock().ticks_per_round;
        (0..=rounds)
            .map(|round| {
                simulation.run_until(crate::base::time::Tick(round * per_round));
                command(&mut simulation, round);
                column(simulation.world().hosts())
            })
            .collect()
    }

    #[test]
    fn every_round_has_its_column_however_the_run_advances() {
        let mut simulation = run();
        simulation.tick(100 * simulation.world().clock().ticks_per_round);
        assert_eq!(cells(&simulation), expected(100, |_, _| {}));
        assert!(cells(&simulation).windows(2).any(|pair| pair[0] != pair[1]));
    }

    #[test]
    fn a_command_in_the_past_leaves_nothing_of_the_abandoned_future() {
        let mut simulation = run();
        let per_round = simulation.world().clock().ticks_per_round;
        simulation.tick(20 * per_round);
        let earlier = simulation.clone();
        simulation.tick(40 * per_round);
        simulation.restore(&earlier);
        assert_eq!(cells(&simulation).len(), 21);
        let crash = Command::Crash { peer: simulation.world().hosts()[3].id() };
        simulation.inject(crash).unwrap();
        assert!(cells(&simulation)[20].contains(&CRASHED), "the column of the round shows the command");
        simulation.tick(10 * per_round);
        let same = expected(30, |simulation, round| {
            if round == 20 {
                simulation.inject(crash).unwrap();
            }
        });
        assert_eq!(cells(&simulation), same);
    }

    #[test]
    fn a_long_run_is_thinned_evenly() {
        let mut simulation = run();
        let world = simulation.world().clone();
        let mut history = RingHistory::default();
        for round in 0..2_000 {
            history.record(Round(round), &world);
            assert_eq!(history.columns().len() as u64, round / history.interval() + 1);
            assert!(history.columns().len() <= COLUMNS_MAX);
        }
        assert_eq!(history.interval(), 8);
        simulation.tick(1);
    }

    #[test]
    fn a_row_shows_its_peers_or_the_nearest_one_across_the_top_too() {
        let simulation = run();
        let hosts = simulation.world().hosts();
        let column = column(hosts);
        for (row, cell) in column.iter().enumerate() {
            let within: Vec<_> = hosts.iter().filter(|host| row_of(host.id()) == row).collect();
            match within[..] {
                [] => assert_eq!(*cell, cell_of(nearest(hosts, row))),
                [only] => assert_eq!(*cell, cell_of(only)),
                _ => {}
            }
        }
        let first = hosts.first().unwrap();
        let alone = std::slice::from_ref(first);
        assert!(super::column(alone).iter().all(|cell| *cell == cell_of(first)));
    }
}
