//! Which fault is active: the one thing around the core that is ambient, because a fault is to be switched on without
//! the code around it taking part. It is in nothing that is shipped.

use std::cell::Cell;

use super::Mutant;

/// Names the fault that is active in a process, where nothing else is said.
const VARIABLE: &str = "RINGSIDE_MUTANT";

thread_local! {
    static ACTIVE: Cell<Option<Mutant>> = Cell::new(named());
}

fn named() -> Option<Mutant> {
    let id = std::env::var(VARIABLE).ok()?;
    Some(Mutant::by_id(&id).unwrap_or_else(|| panic!("{VARIABLE}: there is no mutant {id:?}")))
}

pub(super) fn active() -> Option<Mutant> {
    ACTIVE.get()
}

/// Does something with another fault in this thread.
pub(super) fn with<T>(mutant: Option<Mutant>, work: impl FnOnce() -> T) -> T {
    /// Puts the former one back, also where the work panics.
    struct Former(Option<Mutant>);

    impl Drop for Former {
        fn drop(&mut self) {
            ACTIVE.set(self.0);
        }
    }

    let _former = Former(ACTIVE.replace(mutant));
    work()
}
