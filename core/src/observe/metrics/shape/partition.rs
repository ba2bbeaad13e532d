//! Partitions: whether the world has one, and which peers could tell.
//!
//! A peer knows its own table and nothing else. It *hears* a Connected peer that gave a sign of life within
//! half the connection timeout. Of `n` known peers in the order of the ring it hears some, and the longest
//! run of silent ones has `r` peers. Had chance placed the silent ones, a run this long would begin at a
//! given peer with the probability
//!
//! ```text
//! silent / n * (silent - 1) / (n - 1) * ...      r factors
//! ```
//!
//! A peer suspects a partition where `n` times this probability is below [`DOUBT`]: a whole arc has fallen
//! silent. A peer that hears no other cannot tell a partition from its own failure, and suspects nothing.

use serde::Serialize;

use crate::base::id::PeerId;
use crate::base::time::Round;
use crate::observe::metrics::{exact, ratio, running};
use crate::protocol::peer_table::PeerState;
use crate::sim::host::Host;
use crate::sim::world::World;

/// Significance level of the local test: expected number of runs this long by chance below which a peer
/// suspects.
const DOUBT: f64 = 0.001;

/// Partition of the running peers, and the confusion matrix of their local suspicion.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct PartitionSuspicion {
    /// Whether the network separates some running peers from others.
    pub cut: bool,
    /// Whether the mutual graph has several components of at least two peers.
    pub split: bool,
    /// Share of running peers that suspect a partition; `None` if no peer runs.
    pub suspecting_share: Option<f64>,
    /// Peers that suspect a partition when there is one, be it a cut or a split.
    pub true_positives: u64,
    /// Peers that suspect a partition although there is none.
    pub false_positives: u64,
    /// Peers that suspect no partition although there is one.
    pub false_negatives: u64,
    /// Peers that suspect no partition, and there is none.
    pub true_negatives: u64,
}

impl PartitionSuspicion {
    pub(super) fn of(world: &World, split: bool) -> Self {
        let suspecting = running(world).filter(|host| is_suspicious(world, host)).count() as u64;
        Self::new(is_cut(world), split, suspecting, running(world).count() as u64)
    }

    fn new(cut: bool, split: bool, suspecting: u64, running: u64) -> Self {
        debug_assert!(suspecting <= running, "{suspecting} of {running} peers suspect a partition");
        let others = running - suspecting;
        let [true_positives, false_positives, false_negatives, true_negatives] =
            if cut || split { [suspecting, 0, others, 0] } else { [0, suspecting, 0, others] };
        Self {
            cut,
            split,
            suspecting_share: ratio(suspecting, running),
            true_positives,
            false_positives,
            false_negatives,
            true_negatives,
        }
    }
}

fn is_cut(world: &World) -> bool {
    let peers: Vec<PeerId> = running(world).map(Host::id).collect();
    world.network().partitions().parts(&peers, world.now())
}

fn is_suspicious(world: &World, host: &Host) -> bool {
    let now = world.clock().round(world.now());
    let patience = u64::from(world.config().peers.connection_timeout_rounds) / 2;
    let states = host.node().peers().iter().map(|(_, state)| state);
    let heard: Vec<bool> = states.map(|state| is_heard(state, now, patience)).collect();
    suspects(&heard)
}

const fn is_heard(state: PeerState, now: Round, patience: u64) -> bool {
    match state {
        PeerState::Connected { heard, .. } => now.since(heard) <= patience,
        PeerState::Identified { .. } | PeerState::Pending { .. } => false,
    }
}

/// Whether a whole arc is silent, given which of the known peers are heard, in ring order.
fn suspects(heard: &[bool]) -> bool {
    let known = heard.len();
    let silent = heard.iter().filter(|heard| !**heard).count();
    let run = longest_silence(heard);
    let chance = |step: usize| ratio((silent - step) as u64, (known - step) as u64).unwrap_or(0.0);
    silent < known && exact(known as u64) * (0..run).map(chance).product::<f64>() < DOUBT
}

/// Longest run of silent peers, around the ring.
fn longest_silence(heard: &[bool]) -> usize {
    let twice = heard.iter().chain(heard);
    let runs = twice.scan(0, |run, heard| {
        *run = if *heard { 0 } else { *run + 1 };
        Some(*run)
    });
    runs.max().unwrap_or(0).min(heard.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::ring::{Arc, HALF};
    use crate::config::knob::Setting;
    use crate::observe::metrics::Tally;
    use crate::scenario::Scenario;
    use crate::sim::command::Command;
    use proptest::prelude::*;

    /// `S` for silent peers, `h` for heard ones.
    fn pattern(text: &str) -> Vec<bool> {
        text.chars().map(|letter| letter == 'h').collect()
    }

    #[test]
    fn half_a_silent_ring_is_suspicious_and_the_same_silence_spread_out_is_not() {
        assert!(suspects(&pattern("hhhhhhhhhhSSSSSSSSSS")));
        assert!(suspects(&pattern("SSSSShhhhhhhhhhSSSSS")), "it may lie around the peer's own place");
        assert!(!suspects(&pattern("hShShShShShShShShShS")));
        assert!(!suspects(&pattern("hhSShhSSShSShhhSSShS")));
    }

    #[test]
    fn who_knows_few_or_hears_nobody_or_everybody_suspects_nothing() {
        for text in ["", "h", "S", "hS", "hhSS", "SSSSSSSSSSSSSSSSSSSS", "hhhhhhhhhhhhhhhhhhhh"] {
            assert!(!suspects(&pattern(text)), "{text}");
        }
    }

    #[test]
    fn a_run_goes_on_across_the_end() {
        for (text, run) in [("", 0), ("hh", 0), ("SShS", 3), ("hSSh", 2), ("SSS", 3)] {
            assert_eq!(longest_silence(&pattern(text)), run, "{text}");
        }
    }

    #[test]
    fn suspicion_is_right_or_wrong_by_what_is_true() {
        let partitioned = PartitionSuspicion::new(true, false, 3, 10);
        assert_eq!((partitioned.true_positives, partitioned.false_negatives), (3, 7));
        assert_eq!((partitioned.false_positives, partitioned.true_negatives), (0, 0));
        let whole = PartitionSuspicion::new(false, false, 3, 10);
        assert_eq!((whole.false_positives, whole.true_negatives), (3, 7));
        assert_eq!(whole.suspecting_share, Some(0.3));
        assert_eq!(PartitionSuspicion::new(false, true, 0, 0).suspecting_share, None);
    }

    #[test]
    fn a_cut_is_one_where_it_has_peers_on_both_sides() {
        let mut scenario = Scenario::preset("lifecycle-1").unwrap();
        for text in ["genesis.peers=8", "tokens.total=1000"] {
            scenario.with_setting(Setting::parse_text(text).unwrap());
        }
        let mut world = World::new(1, scenario.config, &mut Tally::default());
        let ids: Vec<PeerId> = world.hosts().iter().map(Host::id).collect();
        let mut cut = |from: u64, to: u64| {
            world.apply(Command::Cut { arc: Arc { from, to } }, &mut Tally::default()).unwrap();
            is_cut(&world)
        };
        assert!(cut(ids[2].get(), ids[5].get()));
        assert!(!cut(ids[2].get() + 1, ids[3].get()), "nobody is inside");
        assert!(!cut(ids[3].get(), ids[3].get() - 1), "nobody is outside");
        assert!(cut(0, HALF), "8 peers are on both sides of this ring");
        for command in [
            Command::CutOneWay { arc: Arc { from: 0, to: HALF } },
            Command::CutHalves { salt: 1 },
            Command::CutRegions { regions: 4 },
            Command::Isolate { peer: ids[0] },
        ] {
            world.apply(Command::Heal, &mut Tally::default()).unwrap();
            assert!(!is_cut(&world));
            world.apply(command, &mut Tally::default()).unwrap();
            assert!(is_cut(&world), "{command:?}");
        }
    }

    proptest! {
        #[test]
        fn where_the_ring_begins_does_not_matter(
            mut heard in prop::collection::vec(any::<bool>(), 1..60), turn: prop::sample::Index,
        ) {
            let before = (suspects(&heard), longest_silence(&heard));
            let turn = turn.index(heard.len());
            heard.rotate_left(turn);
            prop_assert_eq!((suspects(&heard), longest_silence(&heard)), before);
        }
    }
}
