//! Threads: many runs in parallel, or the peers of one run.

use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::thread;

use rayon::ThreadPoolBuilder;
use rayon::iter::{IntoParallelRefMutIterator as _, ParallelIterator as _};
use ringside_core::base::problem::Problem;
use ringside_core::sim::world::Executor;

use crate::failure::Failure;
use crate::progress::Progress;

/// A rayon pool that processes the peers of one world.
pub(crate) struct ThreadPool(rayon::ThreadPool);

impl ThreadPool {
    /// Starts the threads.
    pub(crate) fn new(threads: NonZeroUsize) -> Result<Self, Failure> {
        let pool = ThreadPoolBuilder::new().num_threads(threads.get()).build();
        pool.map(Self).map_err(|error| {
            let message = format!("cannot be started: {error}");
            Failure::one(Problem::new("--jobs", message, "ask for fewer threads"))
        })
    }
}

impl Executor for ThreadPool {
    fn size(&self) -> usize {
        self.0.current_num_threads()
    }

    fn each<T: Send>(&self, pieces: &mut [T], work: impl Fn(&mut T) + Sync) {
        self.0.install(|| pieces.par_iter_mut().for_each(&work));
    }
}

/// Runs all jobs and passes each outcome to `put` as it completes. The order of completion is not
/// deterministic, so no result may depend on it. `noun` names the jobs in the progress bar.
pub(crate) fn run_all<J: Sync, O: Send>(
    jobs: &[J],
    noun: &str,
    threads: NonZeroUsize,
    work: impl Fn(&J) -> O + Sync,
    mut put: impl FnMut(O),
) {
    let mut progress = Progress::of(jobs.len() as u64, noun);
    let next = AtomicUsize::new(0);
    let (sender, outcomes) = mpsc::channel();
    thread::scope(|scope| {
        for _ in 0..threads.get().min(jobs.len()) {
            let (sender, next, work) = (sender.clone(), &next, &work);
            scope.spawn(move || {
                while let Some(job) = jobs.get(next.fetch_add(1, Ordering::Relaxed)) {
                    // The receiver lives as long as this scope.
                    let _ = sender.send(work(job));
                }
            });
        }
        drop(sender);
        for (done, outcome) in outcomes.iter().enumerate() {
            put(outcome);
            progress.reach(done as u64 + 1);
        }
    });
    progress.end();
}
