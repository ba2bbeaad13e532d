//! Layers that every host runs.

use crate::config::knob::declare::{options, section};

section! {
    /// Layers that every host runs.
    stack: StackConfig;

    192 lifecycle (switch) = on "" restart
        "Whether hosts run the peer lifecycle (documents 000 and 001)."
}

options! {
    /// Identity of a host after a restart.
    pub enum RestartIdentity {
        /// The same peer id.
        Keep = "keep",
        /// A new peer id, drawn as for a newcomer; addresses and disk stay with the host.
        New = "new",
    }
}
