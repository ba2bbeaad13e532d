//! Union-find (disjoint-set forest) over small integers, with union by size and path halving.

/// A partition of the numbers below a bound into disjoint sets, which only ever merge.
pub(crate) struct UnionFind {
    parents: Vec<usize>,
    /// Size of a set at its root; 0 elsewhere.
    sizes: Vec<usize>,
}

impl UnionFind {
    /// The numbers below `len`, each in a set of its own.
    pub(crate) fn new(len: usize) -> Self {
        Self { parents: (0..len).collect(), sizes: vec![1; len] }
    }

    /// Merges the sets of two numbers.
    pub(crate) fn unite(&mut self, one: usize, other: usize) {
        if self.parents[one] == self.parents[other] {
            return;
        }
        let (one, other) = (self.root(one), self.root(other));
        let (small, large) = if self.sizes[one] < self.sizes[other] { (one, other) } else { (other, one) };
        if small != large {
            debug_assert!(self.sizes[small] > 0, "a root has the size of its set");
            self.parents[small] = large;
            self.sizes[large] += std::mem::take(&mut self.sizes[small]);
        }
    }

    fn root(&mut self, mut number: usize) -> usize {
        while self.parents[number] != number {
            self.parents[number] = self.parents[self.parents[number]];
            number = self.parents[number];
        }
        number
    }

    /// Sizes of the sets, in no particular order.
    pub(crate) fn sizes(&self) -> impl Iterator<Item = usize> {
        self.sizes.iter().copied().filter(|size| *size > 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn sets_are_what_can_be_reached(
            len in 1_usize..40,
            pairs in prop::collection::vec((any::<usize>(), any::<usize>()), 0..60),
        ) {
            let pairs: Vec<(usize, usize)> =
                pairs.into_iter().map(|(one, other)| (one % len, other % len)).collect();
            let mut forest = UnionFind::new(len);
            pairs.iter().for_each(|(one, other)| forest.unite(*one, *other));
            // Each number takes over the lowest number in reach, until none changes any more.
            let mut lowest: Vec<usize> = (0..len).collect();
            for _ in 0..len {
                for (one, other) in &pairs {
                    let both = lowest[*one].min(lowest[*other]);
                    (lowest[*one], lowest[*other]) = (both, both);
                }
            }
            let mut expected: Vec<usize> = (0..len)
                .map(|root| lowest.iter().filter(|number| **number == root).count())
                .filter(|size| *size > 0)
                .collect();
            let mut found: Vec<usize> = forest.sizes().collect();
            expected.sort_unstable();
            found.sort_unstable();
            prop_assert_eq!(found, expected);
        }
    }
}
