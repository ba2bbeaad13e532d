//! Panic hook that keeps the text of a panic, for the console and the page.

use std::cell::RefCell;

thread_local! {
    static LAST: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Installs the hook. In the browser a panic is a bare `unreachable` without a text.
pub(crate) fn install() {
    std::panic::set_hook(Box::new(|info| {
        let text = info.to_string();
        web_sys::console::error_1(&text.as_str().into());
        LAST.with_borrow_mut(|last| *last = Some(text));
    }));
}

/// Text of the last panic.
pub(crate) fn last() -> Option<String> {
    LAST.with_borrow(Clone::clone)
}
