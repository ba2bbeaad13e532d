//! Having memory fetched before it is read or written.
//!
//! In a large world nearly everything that a peer reads is far away in memory. Who waits for each thing alone waits most of the
//! time; who asks for what peers will read while others are served, does not. Asking changes nothing but the time it takes.

/// Bytes that are fetched together.
const LINE: usize = 64;
/// Bytes that are asked for at a time, at most.
const MOST: usize = 1024;

/// Data whose cache lines can be requested before they are read.
pub(crate) trait Prefetch {
    /// Prefetches the cache lines that the next access reads; has no other effect.
    fn prefetch(&self);
}

/// Asks for a small thing.
pub(crate) fn small<T>(thing: &T) {
    ask(std::ptr::from_ref(thing).cast());
}

/// Asks for a thing that may be in several lines of memory.
pub(crate) fn whole<T>(thing: &T) {
    all(std::slice::from_ref(thing));
}

/// Asks for all things in a list, where they are not so many that most of them would not be read.
pub(crate) fn all<T>(things: &[T]) {
    let start = things.as_ptr().cast::<u8>();
    let bytes = size_of_val(things).min(MOST);
    for line in 0..bytes.div_ceil(LINE) {
        ask(start.wrapping_add(line * LINE));
    }
    // It may begin within a line, and end in one more.
    if bytes > 0 {
        ask(start.wrapping_add(bytes - 1));
    }
}

/// Asks for where a list will be written to soon.
#[inline]
pub(crate) fn room<T>(things: &mut Vec<T>) {
    let ahead = (2 * LINE).div_ceil(size_of::<T>().max(1));
    if let Some(place) = things.spare_capacity_mut().get(ahead) {
        ask(std::ptr::from_ref(place).cast());
    }
}

#[cfg(target_arch = "x86_64")]
#[expect(unsafe_code, reason = "the instruction has no safe form")]
#[inline]
fn ask(place: *const u8) {
    use std::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
    // SAFETY: all processors of this kind know the instruction, which takes any address.
    unsafe { _mm_prefetch::<_MM_HINT_T0>(place.cast()) }
}

/// Where no instruction does it, a read does, of which nothing is made.
#[cfg(not(target_arch = "x86_64"))]
#[expect(unsafe_code, reason = "what is read may be padding, which has no value")]
#[inline]
fn ask(place: *const u8) {
    // SAFETY: the place is in a thing that the caller has borrowed, and may hold any byte or none.
    let _ = unsafe { place.cast::<std::mem::MaybeUninit<u8>>().read_volatile() };
}
