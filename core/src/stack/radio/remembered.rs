//! The latest of a stream of names, searched in logarithmic time.

use std::collections::VecDeque;
use std::ops::Index;

/// Names that a host remembers, the oldest first; beyond a limit the oldest is forgotten.
#[derive(Clone, Debug)]
pub(super) struct Remembered<T> {
    limit: usize,
    /// In the order in which they came.
    names: VecDeque<T>,
    /// The same in ascending order: each frame that a host hears asks for one of them.
    sorted: Vec<T>,
}

impl<T: Copy + Ord> Remembered<T> {
    /// Nothing yet, and at most `limit` names.
    pub(super) const fn new(limit: usize) -> Self {
        Self { limit, names: VecDeque::new(), sorted: Vec::new() }
    }

    /// Number of names.
    pub(super) fn len(&self) -> usize {
        self.names.len()
    }

    /// Whether a name is remembered.
    pub(super) fn contains(&self, name: T) -> bool {
        self.sorted.binary_search(&name).is_ok()
    }

    /// Remembers a name.
    pub(super) fn note(&mut self, name: T) {
        if self.names.len() == self.limit
            && let Some(oldest) = self.names.pop_front()
            && let Ok(index) = self.sorted.binary_search(&oldest)
        {
            self.sorted.remove(index);
        }
        self.names.push_back(name);
        let index = self.sorted.partition_point(|one| *one < name);
        self.sorted.insert(index, name);
        debug_assert_eq!(self.names.len(), self.sorted.len());
    }

    /// Names, the oldest first.
    pub(super) fn iter(&self) -> impl Iterator<Item = &T> {
        self.names.iter()
    }
}

impl<T> Index<usize> for Remembered<T> {
    type Output = T;

    fn index(&self, index: usize) -> &T {
        &self.names[index]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::rng::{Purpose, Rng};

    #[test]
    fn the_latest_names_are_found_and_no_others() {
        let mut rng = Rng::stream(1, Purpose::Swarm, 1);
        let mut remembered = Remembered::new(20);
        let mut all = Vec::new();
        for _ in 0..1_000 {
            let name = rng.below(60);
            let latest = &all[all.len() - remembered.len()..];
            assert_eq!(remembered.contains(name), latest.contains(&name));
            assert!(remembered.iter().eq(latest));
            remembered.note(name);
            all.push(name);
        }
        assert_eq!(remembered.len(), 20);
        assert_eq!(remembered[19], all[999]);
    }
}
