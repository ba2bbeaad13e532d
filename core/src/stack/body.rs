//! Payloads of packets, whichever layer they belong to.

use super::layers::{Body, PacketKind};
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

    /// Kind of the payload.
    // In most worlds all packets are the lifecycle's: a branch costs less than a table of jumps.
    #[must_use]
    #[inline]
    pub fn kind(&self) -> PacketKind {
        self.lifecycle().map_or_else(|| self.kind_in_layer(), |message| message.kind().into())
    }

    /// Size in bytes on the wire.
    #[must_use]
    #[inline]
    pub fn size(&self) -> u32 {
        self.lifecycle().map_or_else(|| self.size_in_layer(), Message::wire_size)
    }

    /// The lifecycle message, if this is one.
    #[must_use]
    #[inline]
    pub const fn lifecycle(&self) -> Option<&Message> {
        match self {
            Self::Lifecycle(message) => Some(message),
            _ => None,
        }
    }
}
