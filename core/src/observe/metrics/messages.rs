//! Messages of the peer lifecycle, counted by kind and by what happened to them.

use serde::ser::SerializeMap as _;
use serde::{Serialize, Serializer};

use super::packets::PacketCounts;
use crate::protocol::message::{MESSAGE_KINDS, MessageKind};

/// Messages since tick 0. `total` + `duplicated` = `taken` + `delivered` + `lost` + `undeliverable` + `cut` +
/// `overload` + `collided` + `in_flight`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct MessageMetrics {
    /// Sent, of any kind.
    pub total: u64,
    /// Sent, a field a kind.
    #[serde(flatten)]
    pub(super) sent: SentByKind,
    /// Sent once and in flight twice.
    pub duplicated: u64,
    /// Arrived at a running peer.
    pub delivered: u64,
    /// Lost on a link.
    pub lost: u64,
    /// Sent to an id at which no running peer is.
    pub undeliverable: u64,
    /// Stopped at a partition.
    pub cut: u64,
    /// Dropped because too many messages were in flight.
    pub overload: u64,
    /// Destroyed by another message on a shared medium.
    pub collided: u64,
    /// In flight now.
    pub in_flight: u64,
    /// Taken by a layer that carries or drops them.
    #[serde(serialize_with = "total", skip_serializing_if = "SentByKind::is_empty")]
    pub(super) taken: SentByKind,
}

/// Messages sent by kind: the names of the fields are those of [`MESSAGE_KINDS`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct SentByKind([u64; MessageKind::COUNT]);

impl SentByKind {
    /// Those handed to the network and those taken by a layer.
    pub(super) fn of(counts: &PacketCounts, taken: &[u64; MessageKind::COUNT]) -> Self {
        Self(std::array::from_fn(|number| counts.sent[number] + taken[number]))
    }

    fn is_empty(&self) -> bool {
        self.0.iter().all(|count| *count == 0)
    }
}

impl From<[u64; MessageKind::COUNT]> for SentByKind {
    fn from(counts: [u64; MessageKind::COUNT]) -> Self {
        Self(counts)
    }
}

fn total<S: Serializer>(counts: &SentByKind, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_u64(counts.0.iter().sum())
}

impl Serialize for SentByKind {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut fields = serializer.serialize_map(Some(MessageKind::COUNT))?;
        for (kind, sent) in MESSAGE_KINDS.iter().zip(&self.0) {
            fields.serialize_entry(kind.name, sent)?;
        }
        fields.end()
    }
}

impl MessageMetrics {
    /// Messages of a kind that were sent.
    #[must_use]
    pub const fn sent(&self, kind: MessageKind) -> u64 {
        self.sent.0[kind as usize]
    }

    /// Messages that a layer has taken.
    #[must_use]
    pub fn taken(&self) -> u64 {
        self.taken.0.iter().sum()
    }

    /// Answers and invitations sent: the numerator of document 000's answer share.
    #[must_use]
    pub const fn answers_and_invitations(&self) -> u64 {
        self.sent(MessageKind::Answer) + self.sent(MessageKind::Invitation)
    }
}
