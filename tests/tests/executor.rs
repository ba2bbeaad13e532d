//! Parallel execution: a run is the same to the bit with any number of threads.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use ringside_core::config::knob::Setting;
use ringside_core::scenario::Scenario;
use ringside_core::sim::world::Executor;
use ringside_core::study::simulation::Simulation;
use ringside_tests::{GOLDEN_RUNS, scenario};

/// A number of threads that take even the smallest pieces, from the last to the first.
struct Threads {
    count: usize,
    pieces: AtomicUsize,
}

impl Executor for Threads {
    fn size(&self) -> usize {
        self.count
    }

    fn least(&self) -> usize {
        0
    }

    fn each<T: Send>(&self, pieces: &mut [T], work: impl Fn(&mut T) + Sync) {
        self.pieces.fetch_add(pieces.len(), Ordering::Relaxed);
        let left = Mutex::new(pieces.iter_mut().rev());
        thread::scope(|scope| {
            for _ in 0..self.count {
                scope.spawn(|| {
                    let next = || left.lock().expect("no thread panics").next();
                    while let Some(piece) = next() {
                        work(piece);
                    }
                });
            }
        });
    }
}

fn assert_same(name: &str, scenario: &Scenario, counts: &[usize]) {
    let mut sequential = Simulation::new(scenario.clone());
    sequential.run();
    for count in counts {
        let executor = Threads { count: *count, pieces: AtomicUsize::new(0) };
        let mut run = Simulation::new(scenario.clone());
        run.run_until_with(&executor, run.end());
        assert_eq!(run.fingerprint(), sequential.fingerprint(), "{name} with {count}");
        assert_eq!(run.metrics(), sequential.metrics(), "{name} with {count}");
        assert_eq!(run.history().samples(), sequential.history().samples(), "{name} with {count}");
        let pieces = executor.pieces.load(Ordering::Relaxed);
        assert!(*count == 1 || pieces > 100, "{name}: few pieces: {pieces}");
    }
}

#[test]
fn the_golden_runs_are_the_same_with_any_number_of_threads() {
    for (name, json) in GOLDEN_RUNS {
        assert_same(name, &scenario(json), &[3]);
    }
}

#[test]
fn a_world_with_every_fault_is_the_same_with_any_number_of_threads() {
    let mut scenario = Scenario::preset("improved").expect("a preset");
    (scenario.seed, scenario.rounds) = (11, 25);
    for text in [
        "genesis.peers=300",
        "network.loss=0.05",
        "network.duplication=0.05",
        "network.reordering=0.05",
        "network.delay=0.1",
        "network.latency_max=4",
        "network.bandwidth=20",
        "churn.arrivals=500",
        "churn.sessions=exponential",
        "churn.session_rounds=60",
        "churn.return_share=0.5",
        "adversary.share=0.1",
        "adversary.conduct=forger",
    ] {
        scenario.with_setting(Setting::parse_text(text).expect("a setting"));
    }
    assert_eq!(scenario.check(), []);
    assert_same("300 peers", &scenario, &[1, 2, 3, 8]);
}
