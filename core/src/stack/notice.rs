//! What layers of one host tell one another: facts about contacts, and requests to dial.
//!
//! A layer states a notice by [`HostContext::notify`](super::context::HostContext::notify); every other layer
//! of the host hears it, the lowest first, before the next input. A layer does not know which others there
//! are.

use super::address::Address;
use crate::base::id::PeerId;

/// End of a contact at which this host stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ContactEnd {
    /// This host has dialled.
    Dialer,
    /// The other host has.
    Acceptor,
}

/// What a layer tells the others of its host.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Notice {
    /// A dial went out.
    Dialed {
        /// Whether the address is on the published list.
        is_published: bool,
    },
    /// A dial had no answer, or was reset.
    DialFailed {
        /// Address that was dialled.
        to: Address,
    },
    /// A contact is established.
    Connected {
        /// Id that the other end has stated.
        peer: PeerId,
        /// Address on which it listens.
        listening: Address,
        /// Far end of the stream.
        remote: Address,
        /// End at which this host stands.
        end: ContactEnd,
    },
    /// A contact has ended.
    Ended {
        /// Id of the other end.
        peer: PeerId,
    },
    /// A round trip to a contact was measured.
    RoundTrip {
        /// Id of the other end.
        peer: PeerId,
        /// Its duration.
        ms: u32,
    },
    /// The address of a peer is remembered from an earlier life.
    Remembered {
        /// Id of the peer.
        peer: PeerId,
        /// Address on which it listened.
        listening: Address,
    },
    /// Request: dial an address.
    Dial {
        /// The address.
        to: Address,
    },
    /// Request: end the contact with an address.
    HangUp {
        /// The address.
        from: Address,
    },
    /// The other end of a contact has broken a rule.
    Misbehaved {
        /// Its address.
        by: Address,
        /// Whether once is too often.
        is_grave: bool,
    },
    /// Request: have a contact with an address, and dial it again when that ends.
    Keep {
        /// The address.
        with: Address,
    },
    /// Request: end the contact with an address, and do not dial it again.
    Release {
        /// The address.
        from: Address,
    },
    /// Request: have no contact with a host.
    Bar {
        /// Its address without a port.
        host: u64,
    },
    /// Request: a host that was barred may have contacts again.
    Unbar {
        /// Its address without a port.
        host: u64,
    },
    /// The score of a peer: of those that are due the best is dialled first.
    Scored {
        /// Its address.
        peer: Address,
        /// Ten-thousandths.
        score: u32,
    },
    /// The mean distance of two frames of this host once its airtime is used up.
    Pace {
        /// The distance.
        ms: u32,
    },
    /// Request: do not dial the published list.
    Withhold,
    /// Request: dial the published list after all.
    DialPublished,
}
