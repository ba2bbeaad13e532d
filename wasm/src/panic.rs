//! What is left of a panic: its text, on the console and for the page to show.

use std::cell::RefCell;

thread_local! {
    static LAST: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Has every panic noted. A panic ends the module with a bare `unreachable`, which says nothing by itself.
pub(crate) fn install() {
    std::panic::set_hook(Box::new(|info| {
        let text = info.to_string();
        web_sys::console::error_1(&text.as_str().into());
        LAST.with_borrow_mut(|last| *last = Some(text));
    }));
}

/// The text of the last panic.
pub(crate) fn last() -> Option<String> {
    LAST.with_borrow(Clone::clone)
}
