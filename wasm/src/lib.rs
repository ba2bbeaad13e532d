//! Bindings of the core to JavaScript.
