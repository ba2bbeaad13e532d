//! Size of a check: seeds and length of its experiments.

/// Seeds of a full check, where nothing else is asked for.
pub const FULL_SEEDS: u32 = 10;
/// Seeds of a quick check.
pub const QUICK_SEEDS: u32 = 4;

/// Size of a check.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Effort {
    /// Seeds of every experiment, from 1.
    pub seeds: u32,
    /// Whether experiments are cut short where the table allows it.
    pub quick: bool,
}

impl Effort {
    /// Experiments at full length.
    #[must_use]
    pub const fn full() -> Self {
        Self { seeds: FULL_SEEDS, quick: false }
    }

    /// Short experiments with few seeds.
    #[must_use]
    pub const fn quick() -> Self {
        Self { seeds: QUICK_SEEDS, quick: true }
    }
}
