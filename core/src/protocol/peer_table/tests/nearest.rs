//! The nearest peers of a position, and the leaf set of the owner.

use super::*;

/// The definition: the nearest of the first `count` peers on each side.
fn nearest_by_definition(table: &PeerTable, position: u64, count: usize, wraps: bool) -> Vec<PeerId> {
    let known: Vec<PeerId> = table.iter().map(|(peer, _)| peer).collect();
    let key = |peer: &PeerId| (ring::distance(peer.get(), position), *peer);
    let mut found = if wraps {
        known
    } else {
        let (mut above, mut below): (Vec<_>, Vec<_>) =
            known.into_iter().partition(|peer| peer.get() >= position);
        above.sort_by_key(|peer| peer.get() - position);
        below.sort_by_key(|peer| position - peer.get());
        above.truncate(count.min(NEAREST_MAX));
        below.truncate(count.min(NEAREST_MAX));
        [above, below].concat()
    };
    found.sort_by_key(key);
    found.truncate(count.min(NEAREST_MAX));
    found
}

proptest! {
    #[test]
    fn the_nearest_are_those_of_the_definition(
        near in prop::collection::vec(some_id(), 0..10),
        far in prop::collection::vec(any::<u64>(), 0..90),
        position in prop_oneof![some_id().prop_map(PeerId::get), any::<u64>()],
        count in prop_oneof![0..6_usize, Just(NEAREST_MAX), 0..120_usize],
        wraps: bool,
    ) {
        let mut harness = Harness::new(1);
        let mut table = PeerTable::new(OWNER);
        for peer in near.into_iter().chain(far.into_iter().map(PeerId::new)) {
            harness.with(|cx| table.identify(cx, peer, Cause::Referral));
        }
        let found = table.nearest(position, count, wraps);
        prop_assert_eq!(found.to_vec(), nearest_by_definition(&table, position, count, wraps));
    }
}

#[test]
fn the_search_for_the_nearest_stops_at_the_origin_unless_it_wraps() {
    let mut harness = Harness::new(1);
    let mut table = PeerTable::new(PeerId::new(77));
    for number in [0, 1, 10, 20, u64::MAX - 1, u64::MAX] {
        harness.with(|cx| table.identify(cx, PeerId::new(number), Cause::Referral));
    }
    let nearest = |position, count, wraps| -> Vec<u64> {
        table.nearest(position, count, wraps).iter().map(|peer| peer.get()).collect()
    };
    assert_eq!(nearest(0, 3, true), [0, 1, u64::MAX]);
    assert_eq!(nearest(0, 3, false), [0, 1, 10]);
    assert_eq!(nearest(u64::MAX, 3, true), [u64::MAX, 0, u64::MAX - 1], "of two as near the lower one first");
    assert_eq!(nearest(u64::MAX, 2, false), [u64::MAX, u64::MAX - 1]);
    assert_eq!(nearest(15, 2, true), [10, 20]);
    assert_eq!(nearest(15, 99, true).len(), 6);
}

/// A table of an owner that knows these peers.
fn knowing(owner: u64, ids: impl IntoIterator<Item = u64>) -> PeerTable {
    let mut harness = Harness::new(1);
    let mut table = PeerTable::new(PeerId::new(owner));
    for id in ids {
        harness.with(|cx| table.identify(cx, PeerId::new(id), Cause::Referral));
    }
    table
}

#[test]
fn the_leaf_set_is_the_nearest_on_each_side_across_the_origin() {
    let ids = [3, 90, 120, 130, 140, u64::MAX - 5];
    let core = |each_side| knowing(100, ids).leaf_set(each_side).map(PeerId::get).collect::<Vec<_>>();
    assert_eq!(core(0), [0_u64; 0]);
    assert_eq!(core(1), [120, 90]);
    assert_eq!(core(2), [120, 130, 3, 90]);
    assert_eq!(core(3), [120, 130, 140, u64::MAX - 5, 3, 90]);
    assert_eq!(core(9).len(), 6, "each once");
    let edge = knowing(1, [5, 7, u64::MAX, u64::MAX - 2, ring::HALF]);
    assert_eq!(edge.leaf_set(2).map(PeerId::get).collect::<Vec<_>>(), [5, 7, u64::MAX - 2, u64::MAX]);
    assert!(
        edge.is_in_leaf_set(PeerId::new(u64::MAX - 1), 2)
            && !edge.is_in_leaf_set(PeerId::new(u64::MAX - 3), 2)
    );
    assert!(edge.is_in_leaf_set(PeerId::new(6), 2) && !edge.is_in_leaf_set(PeerId::new(8), 2));
}

proptest! {
    #[test]
    fn membership_of_unknown_peers_is_that_after_their_insertion(
        ids in prop::collection::btree_set(any::<u64>(), 0..20),
        other: u64,
        owner: u64,
        each_side in 0..6_u32,
    ) {
        prop_assume!(other != owner && !ids.contains(&owner));
        let table = knowing(owner, ids.iter().copied());
        let with_other = knowing(owner, ids.iter().copied().chain([other]));
        let peer = PeerId::new(other);
        prop_assert_eq!(table.is_in_leaf_set(peer, each_side), with_other.leaf_set(each_side).any(|member| member == peer));
        for id in ids {
            let peer = PeerId::new(id);
            prop_assert_eq!(table.is_in_leaf_set(peer, each_side), table.leaf_set(each_side).any(|member| member == peer));
        }
    }

    /// A rotation of the ring rotates leaf sets and nearest peers.
    #[test]
    fn who_is_near_does_not_depend_on_where_the_ring_begins(
        ids in prop::collection::btree_set(any::<u64>(), 0..30),
        owner: u64,
        position: u64,
        turn: u64,
        count in 0..8_u32,
    ) {
        prop_assume!(!ids.contains(&owner));
        let look = |turn: u64| {
            let table = knowing(owner.wrapping_add(turn), ids.iter().map(|id| id.wrapping_add(turn)));
            let back = |peer: PeerId| peer.get().wrapping_sub(turn);
            let core: Vec<u64> = table.leaf_set(count).map(back).collect();
            let nearest: Vec<u64> =
                table.nearest(position.wrapping_add(turn), count as usize, true).into_iter().map(back).collect();
            (core, nearest, table.is_in_leaf_set(PeerId::new(position.wrapping_add(turn)), count))
        };
        prop_assert_eq!(look(turn), look(0));
    }
}
