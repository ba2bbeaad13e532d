//! Local time and timers in ms.

use crate::stack::context::HostContext;

/// Local time in ms.
pub(super) fn ms(cx: &HostContext<'_>) -> u64 {
    cx.now.tick.0 * u64::from(cx.config.time.tick_ms)
}

/// Sets a timer that is due after a time in ms.
pub(super) fn set(cx: &mut HostContext<'_>, kind: u8, key: u32, after: u64) {
    let ticks = after / u64::from(cx.config.time.tick_ms);
    cx.set_timer(kind, key, ticks);
}
