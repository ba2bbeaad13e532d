//! Commands that are valid and change nothing.

use crate::base::problem::Problem;
use crate::base::ratio::Ratio;
use crate::config::knob::KnobValue;
use crate::sim::command::Command;
use crate::sim::host::Host;
use crate::sim::network::{Partition, PartitionSet};
use crate::sim::world::World;

/// Reason why a command would change nothing in this world; `None` if it would.
pub(super) fn missing(world: &World, command: Command) -> Option<Problem> {
    let network = world.network();
    let separation = |partition| separates_nobody(world, partition);
    match command {
        Command::Cut { arc } | Command::CutOneWay { arc } => separation(Partition::OneWay(arc)),
        Command::CutHalves { salt } => separation(Partition::Halves { salt }),
        Command::CutRegions { regions } => separation(Partition::Regions { count: regions }),
        Command::Isolate { peer } => separation(Partition::Isolation(peer)),
        Command::Heal if is_whole(network.partitions()) => {
            Some(useless("there is no partition to heal", "command a partition at an earlier tick"))
        }
        Command::Expire { share } => hits_nobody(share, running(world), "running"),
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
    use super::*;
    use crate::base::ring::Arc;
    use crate::base::time::Tick;
    use crate::config::knob::Knob;
    use crate::scenario::Scenario;
    use crate::sim::command::TimedCommand;
    use crate::study::simulation::Simulation;

    fn told(command: Command) -> String {
        let mut scenario = Scenario::preset("improved").unwrap();
        scenario.commands = vec![TimedCommand { at: Tick(3), command }];
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
