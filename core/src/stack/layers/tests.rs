//! Tests of the table of layers.

use super::*;

#[test]
fn descriptors_ascend_by_their_numbers() {
    assert!(LAYERS.is_sorted_by_key(|layer| layer.id as usize));
    for layer in LAYERS {
        assert!((layer.id as usize) < LayerId::COUNT);
        assert_eq!(layer.id.info().name, layer.name);
        assert!((1..=KINDS_MAX).contains(&layer.kinds.len()), "{}", layer.name);
        let mut names: Vec<&str> = layer.kinds.iter().map(|kind| kind.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), layer.kinds.len(), "two kinds of {} share a name", layer.name);
    }
    assert_eq!(PacketKind::from(MessageKind::Goodbye).info().name, "goodbye");
}
