//! What hangs together: disjoint sets of numbers.

/// The numbers below a bound, each in one of several sets, which grow together.
pub(crate) struct UnionFind {
    parents: Vec<usize>,
    /// The size of a set at its root; 0 elsewhere.
    sizes: Vec<usize>,
}

impl UnionFind {
    /// Each of so many numbers in a set of its own.
    pub(crate) fn new(len: usize) -> Self {
        Self { parents: (0..len).collect(), sizes: vec![1; len] }
    }

    /// Puts the sets of two numbers together.
    pub(crate) fn unite(&mut self, one: usize, other: usize) {
        let (one, other) = (self.root(one), self.root(other));
        let (small, large) = if self.sizes[one] < self.sizes[other] { (one, other) } else { (other, one) };
        if small != large {
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

    /// How many numbers each set has.
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
            // Everybody takes over the lowest number in reach, until nobody has to any more.
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
