//! Sorts that do not compile the library's anew for every type of item and every key, each copy of which takes eight
//! kilobytes of what a browser downloads: places are sorted, always as the same type, and the items follow.

use std::cmp::Ordering;

/// Puts items in the ascending order of a key; those of equal keys stay in their order. It takes about twice the time of
/// the library's.
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

/// Puts large items in the ascending order of a key that begins with a number, in less time than the library: the first bits
/// of the number are sorted together with the places. `buffer` holds nothing before and nothing that matters after.
pub fn sort_by_number<T, K: Ord>(
    items: &mut [T],
    buffer: &mut Vec<u64>,
    number: impl Fn(&T) -> u64,
    key: impl Fn(&T) -> K,
) {
    let places = items.len().next_power_of_two() as u64 - 1;
    buffer.clear();
    buffer.extend((0..).zip(&*items).map(|(place, item)| number(item) & !places | place));
    buffer.sort_unstable();
    for target in 0..items.len() {
        // Along a circle of items of which each goes to where the one before was.
        let mut free = target;
        loop {
            let source = usize::try_from(buffer[free] & places).unwrap_or(usize::MAX);
            buffer[free] = free as u64;
            if source == target {
                break;
            }
            items.swap(free, source);
            free = source;
        }
    }
    for alike in items.chunk_by_mut(|one, other| number(one) & !places == number(other) & !places) {
        match alike {
            [one, other] if key(one) > key(other) => alike.swap(0, 1),
            [_, _] => {}
            _ => sort_by_key(alike, &key),
        }
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

        #[test]
        fn numbers_lead_to_the_same_order(
            spread in prop::sample::select(vec![1, 1 << 20, 1 << 60]),
            items in prop::collection::vec((0_u64..16, 0_u64..9), 0..100),
        ) {
            let mut found: Vec<(u64, u64)> =
                items.into_iter().map(|(number, rest)| (number * spread, rest)).collect();
            let mut expected = found.clone();
            expected.sort_unstable();
            sort_by_number(&mut found, &mut Vec::new(), |(number, _)| *number, |item| *item);
            prop_assert_eq!(found, expected);
        }
    }
}
