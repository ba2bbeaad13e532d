//! Prefetches of cache lines: memory is requested before it is read or written.
//!
//! In a large world most data of a peer is not in a cache. While one peer is served, the data of the next
//! ones is requested. A prefetch changes nothing but the time that the later access takes.

/// Bytes of a cache line.
const LINE: usize = 64;
/// Maximum number of bytes requested at once.
const MOST: usize = 1024;

/// Data whose cache lines can be requested before they are read.
pub(crate) trait Prefetch {
    /// Prefetches the cache lines that the next access reads; has no other effect.
    fn prefetch(&self);
}

/// Prefetches a value that lies in one cache line.
pub(crate) fn small<T>(value: &T) {
    request(std::ptr::from_ref(value).cast());
}

/// Prefetches a value that may span several cache lines.
pub(crate) fn whole<T>(value: &T) {
    all(std::slice::from_ref(value));
}

/// Prefetches the elements of a list, up to the first kilobyte.
pub(crate) fn all<T>(list: &[T]) {
    let start = list.as_ptr().cast::<u8>();
    let bytes = size_of_val(list).min(MOST);
    for line in 0..bytes.div_ceil(LINE) {
        request(start.wrapping_add(line * LINE));
    }
    // The list may begin within a line, and then ends in one more.
    if bytes > 0 {
        request(start.wrapping_add(bytes - 1));
    }
}

/// Prefetches the spare capacity that `list` will grow into, two cache lines ahead.
#[inline]
pub(crate) fn room<T>(list: &mut Vec<T>) {
    let ahead = (2 * LINE).div_ceil(size_of::<T>().max(1));
    if let Some(slot) = list.spare_capacity_mut().get(ahead) {
        request(std::ptr::from_ref(slot).cast());
    }
}

#[cfg(target_arch = "x86_64")]
#[expect(unsafe_code, reason = "the instruction has no safe form")]
#[inline]
fn request(address: *const u8) {
    use std::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
    // SAFETY: all x86-64 processors have the instruction, and it takes any address.
    unsafe { _mm_prefetch::<_MM_HINT_T0>(address.cast()) }
}

/// Reads a byte and drops it, on targets without a prefetch instruction.
#[cfg(not(target_arch = "x86_64"))]
#[expect(unsafe_code, reason = "the byte may be padding, which has no value")]
#[inline]
fn request(address: *const u8) {
    // SAFETY: the address is inside a value that the caller has borrowed, and any byte or none may be there.
    let _ = unsafe { address.cast::<std::mem::MaybeUninit<u8>>().read_volatile() };
}
