//! The sort of lists that are not hot.
//!
//! The library's sort is compiled anew for every type of item and every key, and each copy takes eight kilobytes of what
//! a browser downloads. Here places are sorted, always as the same type, and the items follow. That costs about twice the
//! time; lists that are sorted in every tick use the library's.

use std::cmp::Ordering;

/// Puts items in the ascending order of a key; those of equal keys stay in their order.
pub fn sort_by_key<T, K: Ord>(items: &mut [T], key: impl Fn(&T) -> K) {
    if items.len() < 2 {
        return;
    }
    let mut places: Vec<usize> = (0..items.len()).collect();
    sort(&mut places, &|one, other| key(&items[one]).cmp(&key(&items[other])));
    for target in 0..items.len() {
        let mut source = places[target];
        // What stood before the target has been swapped away, to where the item was that stands there now.
        while source < target {
            source = places[source];
        }
        items.swap(target, source);
        places[target] = source;
    }
}

#[inline(never)]
fn sort(places: &mut [usize], compare: &dyn Fn(usize, usize) -> Ordering) {
    places.sort_by(|one, other| compare(*one, *other));
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::cmp::Reverse;

    proptest! {
        #[test]
        fn it_sorts_as_the_library_does(items in prop::collection::vec((0_u64..9, 0_u64..9, any::<u8>()), 0..100)) {
            let mut expected = items.clone();
            expected.sort_by_key(|(first, second, _)| (*first, *second));
            let mut found = items;
            sort_by_key(&mut found, |(first, second, _)| (*first, *second));
            prop_assert_eq!(&found, &expected);

            expected.sort_by_key(|(first, _, _)| Reverse(*first));
            sort_by_key(&mut found, |(first, _, _)| Reverse(*first));
            prop_assert_eq!(found, expected);
        }
    }
}
