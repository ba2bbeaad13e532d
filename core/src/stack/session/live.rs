//! The sessions of one host, with an index by which one is found without a look at the others.

use std::ops::{Deref, DerefMut};

use super::state::Session;
use crate::stack::address::Address;

/// Sessions in ascending order of generation. A session is much larger than what tells it from others, so
/// that lies together.
#[derive(Clone, Debug, Default)]
pub(super) struct LiveSessions {
    sessions: Vec<Session>,
    /// One for each session, in the same order.
    ends: Vec<StreamEnds>,
}

/// What tells a session from others.
#[derive(Clone, Copy, Debug)]
struct StreamEnds {
    remote: Address,
    generation: u32,
    port: u16,
}

impl LiveSessions {
    /// Adds a session of a higher generation than all others.
    pub(super) fn push(&mut self, session: Session) {
        debug_assert!(self.ends.last().is_none_or(|last| last.generation < session.id), "generations grow");
        let (remote, port) = (session.stream.remote, session.stream.port);
        self.ends.push(StreamEnds { remote, generation: session.id, port });
        self.sessions.push(session);
    }

    /// Removes the session of a generation, if it is there.
    pub(super) fn remove(&mut self, generation: u32) {
        if let Some(index) = self.find(generation) {
            self.ends.remove(index);
            self.sessions.remove(index);
        }
    }

    /// Index of the session of a generation.
    pub(super) fn find(&self, generation: u32) -> Option<usize> {
        self.ends.binary_search_by_key(&generation, |end| end.generation).ok()
    }

    /// The session whose stream has these ends.
    pub(super) fn between(&self, remote: Address, port: u16) -> Option<&Session> {
        let index = self.ends.iter().position(|end| end.remote == remote && end.port == port)?;
        self.sessions.get(index)
    }
}

impl Deref for LiveSessions {
    type Target = [Session];

    fn deref(&self) -> &[Session] {
        &self.sessions
    }
}

impl DerefMut for LiveSessions {
    fn deref_mut(&mut self) -> &mut [Session] {
        &mut self.sessions
    }
}
