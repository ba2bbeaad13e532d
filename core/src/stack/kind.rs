//! The layers of the stack and their message kinds: the one table from which everything is counted and named.

use crate::base::kind::KindInfo;
use crate::protocol::message::{MESSAGE_KINDS, MessageKind};

/// A layer of the stack. Numbers are part of traces and fingerprints and never change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum LayerId {
    /// Documents 000 and 001: peer lifecycle and elections.
    Lifecycle = 0,
}

/// Descriptor of a layer.
#[derive(Clone, Copy, Debug)]
pub struct LayerInfo {
    /// The layer.
    pub id: LayerId,
    /// Name in scenarios, reports and columns.
    pub name: &'static str,
    /// Name for a person.
    pub title: &'static str,
    /// Its message kinds, in the order of their numbers.
    pub kinds: &'static [KindInfo],
}

/// All layers, in the order of their numbers.
pub static LAYERS: &[LayerInfo] =
    &[LayerInfo { id: LayerId::Lifecycle, name: "lifecycle", title: "Peer lifecycle", kinds: MESSAGE_KINDS }];

impl LayerId {
    /// Number of layers.
    pub const COUNT: usize = 1;

    /// Descriptor of this layer.
    #[must_use]
    pub fn info(self) -> &'static LayerInfo {
        &LAYERS[self as usize]
    }
}

/// Kinds that a layer may have.
pub const KINDS_MAX: usize = 16;

/// Kind of a packet: a layer and one of its message kinds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct PacketKind {
    /// The layer whose message the packet carries.
    pub layer: LayerId,
    /// Number of the kind within its layer, below [`KINDS_MAX`].
    pub number: u8,
}

impl PacketKind {
    /// Descriptor of this kind.
    #[must_use]
    pub fn info(self) -> &'static KindInfo {
        &self.layer.info().kinds[usize::from(self.number)]
    }

    /// Number of the kind in traces: unique over all layers.
    #[must_use]
    pub const fn code(self) -> u64 {
        (self.layer as u64) * KINDS_MAX as u64 + self.number as u64
    }
}

impl From<MessageKind> for PacketKind {
    fn from(kind: MessageKind) -> Self {
        Self { layer: LayerId::Lifecycle, number: kind as u8 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn descriptors_stand_at_their_numbers() {
        assert_eq!(LAYERS.len(), LayerId::COUNT);
        for (number, layer) in LAYERS.iter().enumerate() {
            assert_eq!(layer.id as usize, number);
            assert!((1..=KINDS_MAX).contains(&layer.kinds.len()), "{}", layer.name);
            let mut names: Vec<&str> = layer.kinds.iter().map(|kind| kind.name).collect();
            names.sort_unstable();
            names.dedup();
            assert_eq!(names.len(), layer.kinds.len(), "two kinds of {} share a name", layer.name);
        }
        assert_eq!(PacketKind::from(MessageKind::Goodbye).info().name, "goodbye");
    }
}
