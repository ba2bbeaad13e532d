//! The kinds of message of the lifecycle, in the order in which they are counted and drawn.

use crate::base::kind::KindInfo;

macro_rules! message_kinds {
    ($($variant:ident $name:literal $plural:literal $meaning:literal)+) => {
        /// Kind of a [`Message`](super::Message). Numbers are part of the trace of a run and never change.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum MessageKind {
            $(#[doc = $meaning] $variant),+
        }

        impl MessageKind {
            /// All kinds, in the order of their numbers.
            pub const ALL: &[Self] = &[$(Self::$variant),+];
            /// Number of kinds.
            pub const COUNT: usize = Self::ALL.len();
        }

        /// Descriptor of each kind, by its number.
        pub static MESSAGE_KINDS: &[KindInfo] =
            &[$(KindInfo { name: $name, plural: $plural }),+];
    };
}

message_kinds! {
    Query "query" "Queries" "Asks for a proof that the receiver stores a token."
    Answer "answer" "Answers" "Proves that the sender stores the challenged token."
    Invitation "invitation" "Invitations" "Proposes a connection, with a proof of storage at the sender's own id."
    Referral "referral" "Referrals" "Names two peers nearer to the challenged token."
    Goodbye "goodbye" "Goodbyes" "Ends a connection, or announces that the sender leaves."
}

const _: () = assert!(MESSAGE_KINDS.len() <= 8, "traces have three bits for the kinds of the lifecycle");

impl MessageKind {
    /// Descriptor of this kind.
    #[must_use]
    pub fn info(self) -> &'static KindInfo {
        &MESSAGE_KINDS[self as usize]
    }
}
