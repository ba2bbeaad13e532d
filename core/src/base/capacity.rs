//! Room in the lists that every peer has.

/// Room for one more, and for a sixteenth more than there are: lists of every peer grow by little, because there are many.
pub(crate) fn make_room<T>(list: &mut Vec<T>) {
    if list.len() == list.capacity() {
        list.reserve_exact(4 + list.len() / 16);
    }
}
