//! Identifiers of 64 bits: peers, tokens, blocks and tickets, each a type of its own.

use std::fmt;
use std::str::FromStr;

use serde::{Serialize, Serializer};

/// Error of a text that is not sixteen hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotAnId;

impl fmt::Display for NotAnId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not an id: ids are sixteen hexadecimal digits, such as 00ff00ff00ff00ff")
    }
}

impl std::error::Error for NotAnId {}

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(u64);

        impl $name {
            /// The id with a number.
            #[must_use]
            pub const fn new(number: u64) -> Self {
                Self(number)
            }

            /// The number, from 0 to 2^64 - 1.
            #[must_use]
            pub const fn get(self) -> u64 {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{:016x}", self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self)
            }
        }

        impl FromStr for $name {
            type Err = NotAnId;

            fn from_str(text: &str) -> Result<Self, NotAnId> {
                let is_id = text.len() == 16 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
                let number = if is_id { u64::from_str_radix(text, 16).ok() } else { None };
                number.map(Self).ok_or(NotAnId)
            }
        }

        /// Serialized as text: JavaScript rounds numbers of 64 bits.
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }
    };
}

id! {
    /// A peer, by its position on the ring. Peer ids are tokens too (document 000, "Proof-of-Storage Fix").
    PeerId
}
id! {
    /// A token: a position on the ring that maps to a block.
    TokenId
}
id! {
    /// The block that a token maps to.
    BlockId
}
id! {
    /// Ticket that ties an answer to the channel of its query (document 001, "Message routing").
    Ticket
}

/// Index of a token in the sorted table of all tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Rank(pub u32);

impl From<PeerId> for TokenId {
    fn from(peer: PeerId) -> Self {
        Self(peer.0)
    }
}

impl TokenId {
    /// The peer whose id is this token, whether it exists or not.
    #[must_use]
    pub(crate) const fn as_peer(self) -> PeerId {
        PeerId(self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_survive_text() {
        for number in [0, 1, 0x00ff_00ff_00ff_00ff, u64::MAX] {
            assert_eq!(PeerId::new(number).to_string().parse(), Ok(PeerId::new(number)));
        }
    }

    #[test]
    fn only_sixteen_hexadecimal_digits_are_an_id() {
        for text in ["", "ff", "+0ff00ff00ff00ff", "00ff00ff00ff00fg", "00ff00ff00ff00ff0"] {
            assert_eq!(text.parse::<PeerId>(), Err(NotAnId), "{text}");
        }
    }
}
