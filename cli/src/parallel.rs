//! Many runs on several threads, and one run on several.

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

/// As many threads as asked for, or as there are processors.
pub(crate) fn threads(asked: Option<NonZeroUsize>) -> NonZeroUsize {
    asked.or_else(|| thread::available_parallelism().ok()).unwrap_or(NonZeroUsize::MIN)
}

/// Threads that serve the peers of one world.
pub(crate) struct ThreadPool(rayon::ThreadPool);

impl ThreadPool {
    /// As many as asked for, or as there are processors.
    pub(crate) fn new(asked: Option<NonZeroUsize>) -> Result<Self, Failure> {
        let pool = ThreadPoolBuilder::new().num_threads(threads(asked).get()).build();
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

/// Does all jobs, and hands on what they came to as it becomes known: in an order that depends on luck, of which
/// nothing else may. `what` names them.
pub(crate) fn run_all<J: Sync, O: Send>(
    jobs: &[J],
    what: &str,
    threads: NonZeroUsize,
    work: impl Fn(&J) -> O + Sync,
    mut put: impl FnMut(O),
) {
    let mut progress = Progress::of(jobs.len() as u64, what);
    let next = AtomicUsize::new(0);
    let (sender, outcomes) = mpsc::channel();
    thread::scope(|scope| {
        for _ in 0..threads.get().min(jobs.len()) {
            let (sender, next, work) = (sender.clone(), &next, &work);
            scope.spawn(move || {
                while let Some(job) = jobs.get(next.fetch_add(1, Ordering::Relaxed)) {
                    // Somebody listens as long as this scope lasts.
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
