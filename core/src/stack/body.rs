//! Payloads of packets, whichever layer they belong to.

use super::layers::Body;
use crate::protocol::message::Message;

const _: () = assert!(size_of::<Body>() == size_of::<Message>(), "layers make no packet larger");

impl From<Message> for Body {
    fn from(message: Message) -> Self {
        Self::Lifecycle(message)
    }
}

#[allow(unreachable_patterns, clippy::match_wildcard_for_single_variants, reason = "layers come and go")]
impl Body {
    /// The lifecycle message.
    ///
    /// # Errors
    ///
    /// The payload itself, if it is one of another layer.
    pub(crate) fn into_lifecycle(self) -> Result<Message, Self> {
        match self {
            Self::Lifecycle(message) => Ok(message),
            body => Err(body),
        }
    }

    /// The lifecycle message, if this is one.
    #[must_use]
    pub const fn lifecycle(&self) -> Option<&Message> {
        match self {
            Self::Lifecycle(message) => Some(message),
            _ => None,
        }
    }
}
