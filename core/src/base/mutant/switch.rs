//! The active fault: the only ambient state of the core, so that no caller has to pass it on. Not compiled
//! into releases.

use std::cell::Cell;

use super::Mutant;

/// Environment variable with the name of the initially active fault.
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

/// Runs `work` with another fault in this thread.
pub(super) fn with<T>(mutant: Option<Mutant>, work: impl FnOnce() -> T) -> T {
    /// Restores the former fault when dropped, even if the work panics.
    struct Former(Option<Mutant>);

    impl Drop for Former {
        fn drop(&mut self) {
            ACTIVE.set(self.0);
        }
    }

    let _former = Former(ACTIVE.replace(mutant));
    work()
}
