//! Bounded growth of the lists that every peer has.

/// Reserves capacity for one more element: 4 plus a sixteenth of the length.
///
/// The lists of a peer exist once for each peer, so that the usual doubling would waste half of a large
/// world's memory.
pub(crate) fn make_room<T>(list: &mut Vec<T>) {
    if list.len() == list.capacity() {
        list.reserve_exact(4 + list.len() / 16);
    }
    debug_assert!(list.len() < list.capacity(), "one more element fits");
}
