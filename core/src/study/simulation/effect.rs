//! Commands that are valid and change nothing.

use super::Simulation;
use crate::base::problem::Problem;
use crate::base::ratio::Ratio;
use crate::base::time::Direction;
use crate::config::Behavior;
use crate::config::knob::KnobValue;
use crate::sim::command::Command;
use crate::sim::host::Host;
use crate::sim::network::{Partition, PartitionSet};
use crate::sim::world::World;
use crate::stack::adversary::Adversary;

impl Simulation {
    /// Reason why a command would change nothing now; `None` if it would.
    pub(super) fn uselessness(&self, command: Command) -> Option<Problem> {
        missing(&self.world, command, self.waiting().map(|timed| timed.command))
    }
}

fn missing(world: &World, command: Command, ahead: impl Iterator<Item = Command>) -> Option<Problem> {
    let network = world.network();
    let separation = |partition| separates_nobody(world, partition);
    match command {
        Command::Corrupt { peer, .. }
        | Command::Skew { peer, .. }
        | Command::Drift { peer, .. }
        | Command::Lose { peer, .. }
        | Command::Spoil { peer, .. } => unchanged(world.host(peer)?, command),
        Command::Hold { from, to } if from == to => {
            Some(useless("no peer sends messages to itself", "name two different peers"))
        }
        Command::Flap { .. } if is_whole(network.partitions()) && !parts_later(ahead) => {
            Some(useless("there is no partition that could alternate", "command a partition before it"))
        }
        Command::Cut { arc } | Command::CutOneWay { arc } => separation(Partition::OneWay(arc)),
        Command::CutHalves { salt } => separation(Partition::Halves { salt }),
        Command::CutRegions { regions } => separation(Partition::Regions { count: regions }),
        Command::Isolate { peer } => separation(Partition::Isolation(peer)),
        Command::Heal if is_whole(network.partitions()) => {
            Some(useless("there is no partition to heal", "command a partition at an earlier tick"))
        }
        Command::Expire { share } => hits_nobody(share, running(world), "running"),
        Command::SpoilShare { share: Ratio::ZERO, .. } => {
            Some(useless("a share of 0 of a peer's tokens is none", "raise the share"))
        }
        Command::SpoilShare { peers, .. } => hits_nobody(peers, running(world), "running"),
        Command::CorruptShare { share, .. } => {
            let honest = world.hosts().iter().filter(|host| host.adversary().is_none()).count();
            hits_nobody(share, honest, "honest")
        }
        Command::Set(setting) if setting.knob().setting(world.config()).raw() == setting.raw() => {
            Some(useless(&format!("{setting} is in force already"), "set another value"))
        }
        _ => None,
    }
}

/// The problem of a command that leaves a peer as it is.
fn unchanged(host: &Host, command: Command) -> Option<Problem> {
    let clock = host.local_clock();
    let conduct_now = host.adversary().map_or(Behavior::Honest, Adversary::conduct);
    let (is_same, state) = match command {
        Command::Corrupt { conduct, .. } => {
            (conduct == conduct_now, format!("is {} already", conduct.name()))
        }
        Command::Skew { rounds, direction, .. } => {
            let skew = if direction == Direction::Ahead { i64::from(rounds) } else { -i64::from(rounds) };
            (skew == clock.skew, format!("has a clock that is off by {rounds} rounds already"))
        }
        Command::Drift { rate, .. } => {
            (rate == clock.rate, format!("has a clock of {rate} thousandths already"))
        }
        Command::Lose { share, .. } => {
            (share == Ratio::ZERO, "loses a share of 0 of its tokens, which is none".to_owned())
        }
        Command::Spoil { share, .. } => {
            (share == Ratio::ZERO, "keeps its tokens: a share of 0 of them is none".to_owned())
        }
        _ => (false, String::new()),
    };
    is_same.then(|| useless(&format!("peer {} {state}", host.id()), "give another value"))
}

/// Whether a partition begins before all of them are healed.
fn parts_later(ahead: impl Iterator<Item = Command>) -> bool {
    let is_partition = |command: &Command| {
        matches!(
            command,
            Command::Cut { .. }
                | Command::CutOneWay { .. }
                | Command::CutHalves { .. }
                | Command::CutRegions { .. }
                | Command::Isolate { .. }
        )
    };
    let mut until_heal = ahead.take_while(|command| *command != Command::Heal);
    until_heal.any(|command| is_partition(&command))
}

fn is_whole(partitions: &PartitionSet) -> bool {
    partitions.words().is_empty()
}

fn running(world: &World) -> usize {
    world.hosts().iter().filter(|host| host.is_running()).count()
}

fn hits_nobody(share: Ratio, count: usize, what: &str) -> Option<Problem> {
    let message = || format!("a share of {} of {count} {what} peers is no peer", KnobValue::Share(share));
    (share.of(count as u64) == 0).then(|| useless(&message(), "raise the share"))
}

/// A partition with all peers on one side.
fn separates_nobody(world: &World, partition: Partition) -> Option<Problem> {
    let mut sides = world.hosts().iter().map(Host::id).map(|peer| partition.side(peer));
    let first = sides.next();
    let is_one = sides.all(|side| Some(side) == first);
    let message = format!("all {} peers are on one side, so no message is stopped", world.hosts().len());
    is_one.then(|| useless(&message, "choose an arc with some of the peers, or another salt"))
}

fn useless(message: &str, remedy: &str) -> Problem {
    Problem::new("kind", format!("changes nothing: {message}"), remedy)
}

#[cfg(test)]
mod tests {
    use std::num::NonZeroU32;

    use super::*;
    use crate::base::id::PeerId;
    use crate::base::ring::Arc;
    use crate::base::time::Tick;
    use crate::config::StorageFault;
    use crate::config::knob::Knob;
    use crate::scenario::Scenario;
    use crate::sim::command::TimedCommand;

    fn told(command: Command) -> String {
        told_of(&[command])
    }

    fn told_of(commands: &[Command]) -> String {
        let mut scenario = Scenario::preset("improved").unwrap();
        scenario.commands =
            commands.iter().map(|command| TimedCommand { at: Tick(3), command: *command }).collect();
        let mut simulation = Simulation::new(scenario);
        simulation.run_until(Tick(3));
        assert_eq!(simulation.refused(), []);
        assert_eq!(simulation.waiting().len(), 0, "a command for the end of a run is carried out");
        let told = simulation.ineffective().iter();
        told.map(|told| format!("{}: {}", told.tick, told.problem.message)).collect::<Vec<_>>().concat()
    }

    #[test]
    fn a_command_that_changes_nothing_is_told() {
        let none = Ratio::from_millionths(1);
        let loss = Knob::by_path("network.loss").unwrap();
        let setting = loss.setting(&Scenario::preset("improved").unwrap().config);
        for (command, reason) in [
            (
                Command::Cut { arc: Arc { from: u64::MAX, to: 0 } },
                "3: changes nothing: all 30 peers are on one side",
            ),
            (Command::CutOneWay { arc: Arc { from: u64::MAX, to: 0 } }, "on one side"),
            (Command::Heal, "no partition to heal"),
            (Command::Expire { share: none }, "30 running peers is no peer"),
            (Command::Set(setting), " is in force already"),
        ] {
            assert!(told(command).contains(reason), "{command:?}: {}", told(command));
        }
    }

    fn peer() -> PeerId {
        Simulation::new(Scenario::preset("improved").unwrap()).world().hosts()[3].id()
    }

    #[test]
    fn a_command_that_leaves_a_peer_or_all_partitions_as_they_are_is_told() {
        let peer = peer();
        let direction = Direction::Behind;
        for (command, reason) in [
            (Command::Corrupt { peer, conduct: Behavior::Honest }, "is honest already"),
            (Command::Skew { peer, rounds: 0, direction }, "off by 0 rounds already"),
            (Command::Drift { peer, rate: 1_000 }, "a clock of 1000 thousandths already"),
            (Command::Lose { peer, share: Ratio::ZERO }, "a share of 0"),
            (Command::Spoil { peer, harm: StorageFault::Lost, share: Ratio::ZERO }, "keeps its tokens"),
            (
                Command::SpoilShare { peers: Ratio::ONE, harm: StorageFault::Lost, share: Ratio::ZERO },
                "a peer's tokens is none",
            ),
            (Command::Hold { from: peer, to: peer }, "no peer sends messages to itself"),
            (Command::Flap { period: NonZeroU32::MIN }, "no partition that could alternate"),
        ] {
            assert!(told(command).contains(reason), "{command:?}: {}", told(command));
        }
        let forger = Command::Corrupt { peer, conduct: Behavior::Forger };
        assert!(told_of(&[forger, forger]).contains("is forger already"));
        let flap = Command::Flap { period: NonZeroU32::MIN };
        assert!(told_of(&[flap, Command::Heal, Command::CutHalves { salt: 1 }]).contains("alternate"));
    }

    #[test]
    fn a_command_that_changes_a_peer_or_a_partition_to_come_is_not_told() {
        let (peer, direction) = (peer(), Direction::Behind);
        let flap = Command::Flap { period: NonZeroU32::MIN };
        for commands in [
            &[Command::Corrupt { peer, conduct: Behavior::Forger }][..],
            &[Command::Skew { peer, rounds: 2, direction }, Command::Skew { peer, rounds: 0, direction }],
            &[Command::Drift { peer, rate: 900 }, Command::Drift { peer, rate: 1_000 }],
            &[flap, Command::CutHalves { salt: 1 }],
            &[Command::CutHalves { salt: 1 }, flap],
        ] {
            assert_eq!(told_of(commands), "", "{commands:?}");
        }
    }

    #[test]
    fn a_command_that_changes_something_is_not_told() {
        let half = Ratio::from_millionths(500_000);
        for command in [
            Command::Cut { arc: Arc { from: 0, to: u64::MAX / 2 } },
            Command::CutHalves { salt: 1 },
            Command::CutRegions { regions: 2 },
            Command::Expire { share: half },
            Command::Join { count: 1 },
        ] {
            assert_eq!(told(command), "", "{command:?}");
        }
    }
}
