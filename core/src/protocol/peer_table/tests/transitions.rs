//! State changes: every action in every state.

use super::*;

/// Every action in every state: the state afterwards, and whether an invitation is permitted.
#[test]
fn every_action_in_every_state() {
    use Action::{
        Connect, Elect, EvictIdentified, Expire, Identify, Introduce, Invite, InviteSome, KeepBudget, Prune,
        Stamp, Touch,
    };
    use InvitationRule::{Mute, Reciprocal};
    use PeerStateKind::{Connected as C, Identified as I, Pending as P, Unknown as U};

    const NEVER: [bool; 4] = [false; 4];
    const IF_IDENTIFIED: [bool; 4] = [false, true, false, false];
    const IF_KNOWN: [bool; 4] = [false, true, true, true];
    let table = [
        // U, I, P, C before
        ([I, I, P, C], NEVER, Identify),
        ([U, I, P, C], NEVER, Introduce(U)),
        ([I, I, I, I], NEVER, Introduce(I)),
        ([P, P, P, P], NEVER, Introduce(P)),
        ([C, C, C, C], NEVER, Introduce(C)),
        ([U, P, P, C], IF_IDENTIFIED, Invite),
        ([U, P, P, C], IF_IDENTIFIED, InviteSome),
        ([U, P, P, C], IF_IDENTIFIED, Elect(Mute)),
        ([U, P, P, C], IF_KNOWN, Elect(Reciprocal)),
        ([U, I, C, C], NEVER, Connect),
        ([U, I, P, C], NEVER, Touch),
        ([U, I, P, C], NEVER, Stamp),
        ([U, I, P, C], NEVER, Expire(PENDING_TIMEOUT - 1)),
        ([U, I, I, C], NEVER, Expire(PENDING_TIMEOUT)),
        ([U, I, I, C], NEVER, Expire(CONNECTION_TIMEOUT - 1)),
        ([U, I, I, I], NEVER, Expire(CONNECTION_TIMEOUT)),
        ([U, I, P, C], NEVER, Prune(PROTECTION - 1)),
        ([U, I, P, I], NEVER, Prune(PROTECTION)),
        ([U, I, P, C], NEVER, KeepBudget(1)),
        ([U, I, P, I], NEVER, KeepBudget(0)),
        ([U, I, P, C], NEVER, EvictIdentified(1)),
        ([U, U, P, C], NEVER, EvictIdentified(0)),
    ];
    for (after, invited, action) in table {
        for ((before, after), invited) in KINDS.into_iter().zip(after).zip(invited) {
            let case = format!("{action:?} of a peer that is {before:?}");
            let mut harness = Harness::new(1);
            set_rules(&mut harness.config);
            let mut table = table_with(&mut harness, OTHER, before);
            let invites = perform(&mut table, &mut harness, action, OTHER);
            assert_eq!(table.kind_of(OTHER), after, "{case}");
            assert_eq!(invites, if invited { vec![OTHER] } else { Vec::new() }, "{case}");
            let moves = harness.take_events().into_iter().map(|event| match event {
                LifecycleEvent::PeerStateChanged { peer, from, to, .. } => (peer, from, to),
                other => panic!("{other:?} is not an event of the table"),
            });
            let expected = if before == after { Vec::new() } else { vec![(OTHER, before, after)] };
            assert_eq!(moves.collect::<Vec<_>>(), expected, "{case}");
            for kind in KINDS {
                let expected = u32::from(kind == after && kind != PeerStateKind::Unknown);
                assert_eq!(table.count(kind), expected, "{case}: count of {kind:?}");
            }
        }
    }
}

#[test]
fn the_owner_never_enters() {
    let mut harness = Harness::new(1);
    set_rules(&mut harness.config);
    let mut table = PeerTable::new(OWNER);
    let mut everything = vec![Action::Identify, Action::Invite, Action::Connect, Action::Touch];
    everything.extend([InvitationRule::Mute, InvitationRule::Reciprocal].map(Action::Elect));
    everything.extend(KINDS.map(Action::Introduce));
    for action in everything {
        assert_eq!(perform(&mut table, &mut harness, action, OWNER), [], "{action:?}");
        assert_eq!(table.iter().count(), 0, "{action:?}");
    }
    assert_eq!(harness.take_events(), []);
}

#[test]
fn only_a_new_peer_is_news() {
    let mut harness = Harness::new(1);
    let mut table = PeerTable::new(OWNER);
    assert!(harness.with(|cx| table.identify(cx, OTHER, Cause::Referral)));
    assert!(!harness.with(|cx| table.identify(cx, OTHER, Cause::Referral)));
    assert!(!harness.with(|cx| table.identify(cx, OWNER, Cause::Referral)));
}

#[test]
fn to_be_elected_again_does_not_prolong_the_wait_for_an_answer() {
    let mut harness = Harness::new(1);
    set_rules(&mut harness.config);
    let mut table = table_with(&mut harness, OTHER, PeerStateKind::Identified);
    perform(&mut table, &mut harness, Action::Elect(InvitationRule::Reciprocal), OTHER);
    harness.now = Round(PENDING_TIMEOUT - 1);
    perform(&mut table, &mut harness, Action::Elect(InvitationRule::Reciprocal), OTHER);
    perform(&mut table, &mut harness, Action::Expire(1), OTHER);
    assert_eq!(table.kind_of(OTHER), PeerStateKind::Identified);
}

#[test]
fn a_sign_of_life_prolongs_a_connection_and_not_its_protection() {
    let mut harness = Harness::new(1);
    set_rules(&mut harness.config);
    let mut table = table_with(&mut harness, OTHER, PeerStateKind::Connected);
    harness.now = Round(PROTECTION - 1);
    perform(&mut table, &mut harness, Action::Touch, OTHER);
    let (_, state) = table.iter().next().unwrap();
    assert_eq!(state, PeerState::Connected { since: Round(0), heard: Round(PROTECTION - 1) });
    perform(&mut table, &mut harness, Action::Expire(CONNECTION_TIMEOUT - 1), OTHER);
    assert_eq!(table.kind_of(OTHER), PeerStateKind::Connected);
    perform(&mut table, &mut harness, Action::Expire(1), OTHER);
    assert_eq!(table.kind_of(OTHER), PeerStateKind::Identified);

    let mut table = table_with(&mut harness, OTHER, PeerStateKind::Connected);
    harness.now.0 += PROTECTION;
    perform(&mut table, &mut harness, Action::Touch, OTHER);
    perform(&mut table, &mut harness, Action::Prune(0), OTHER);
    assert_eq!(table.kind_of(OTHER), PeerStateKind::Identified);
}

#[test]
fn to_invite_back_again_does_not_renew_the_protection() {
    let mut harness = Harness::new(1);
    set_rules(&mut harness.config);
    let mut table = table_with(&mut harness, OTHER, PeerStateKind::Connected);
    harness.now = Round(PROTECTION);
    perform(&mut table, &mut harness, Action::Connect, OTHER);
    perform(&mut table, &mut harness, Action::Prune(0), OTHER);
    assert_eq!(table.kind_of(OTHER), PeerStateKind::Identified);
}

#[test]
fn an_inviter_cools_down_until_exactly_the_cooldown_is_over() {
    let mut harness = Harness::new(1);
    let mut table = table_with(&mut harness, OTHER, PeerStateKind::Identified);
    let is_cooling = |table: &PeerTable, now| table.is_cooling_down(OTHER, Round(now), 60);
    assert!(!is_cooling(&table, 0), "it has not invited yet");
    harness.now = Round(7);
    perform(&mut table, &mut harness, Action::Stamp, OTHER);
    assert!(is_cooling(&table, 7));
    assert!(is_cooling(&table, 66));
    assert!(!is_cooling(&table, 67));
    assert!(!table.is_cooling_down(OTHER, Round(7), 0), "a cooldown of no rounds is none");
    assert!(!table.is_cooling_down(PeerId::new(5), Round(7), 60), "nor do strangers cool down");

    set_rules(&mut harness.config);
    perform(&mut table, &mut harness, Action::Invite, OTHER);
    assert!(!is_cooling(&table, 7), "an invited peer is waited for");
    perform(&mut table, &mut harness, Action::Expire(PENDING_TIMEOUT), OTHER);
    assert!(!is_cooling(&table, 17), "and comes back without a past");
}

fn some_action() -> impl Strategy<Value = Action> {
    prop_oneof![
        Just(Action::Identify),
        prop::sample::select(KINDS.to_vec()).prop_map(Action::Introduce),
        Just(Action::Invite),
        Just(Action::InviteSome),
        Just(Action::Elect(InvitationRule::Mute)),
        Just(Action::Elect(InvitationRule::Reciprocal)),
        Just(Action::Connect),
        Just(Action::Touch),
        Just(Action::Stamp),
        (0..12_u64).prop_map(Action::Expire),
        (0..6_u64).prop_map(Action::Prune),
        (0..5_u32).prop_map(Action::KeepBudget),
        (0..5_u32).prop_map(Action::EvictIdentified),
    ]
}

proptest! {
    #[test]
    fn whatever_happens_events_are_the_changes_and_counts_are_right(
        actions in prop::collection::vec((some_action(), some_id()), 0..80),
        seed: u64,
    ) {
        let mut harness = Harness::new(seed);
        set_rules(&mut harness.config);
        let mut table = PeerTable::new(OWNER);
        for (action, peer) in actions {
            let before: Vec<(PeerId, PeerStateKind)> =
                table.iter().map(|(peer, state)| (peer, state.kind())).collect();
            let invites = perform(&mut table, &mut harness, action, peer);

            let kind_before = |peer| {
                before.iter().find(|(other, _)| *other == peer).map_or(PeerStateKind::Unknown, |(_, known)| *known)
            };
            let mut everybody: Vec<PeerId> = before.iter().map(|(peer, _)| *peer).collect();
            everybody.extend(table.iter().map(|(peer, _)| peer));
            everybody.sort_unstable();
            everybody.dedup();
            let changes = everybody.iter().map(|peer| (kind_before(*peer), table.kind_of(*peer)));
            let mut changes: Vec<_> = changes.filter(|(from, to)| from != to).collect();
            changes.sort_unstable();
            let events = harness.take_events().into_iter().map(|event| match event {
                LifecycleEvent::PeerStateChanged { from, to, .. } => (from, to),
                other => panic!("{other:?} is not an event of the table"),
            });
            let mut events: Vec<_> = events.collect();
            events.sort_unstable();
            prop_assert_eq!(events, changes);

            for kind in KINDS {
                prop_assert_eq!(table.count(kind) as usize, table.of_kind(kind).count());
            }
            let ids: Vec<PeerId> = table.iter().map(|(peer, _)| peer).collect();
            prop_assert!(ids.is_sorted_by(|one, next| one < next));
            prop_assert!(!ids.contains(&OWNER));
            prop_assert!(invites.iter().all(|peer| ids.contains(peer)), "only known peers are invited");
        }
    }
}

#[test]
fn only_a_connection_is_confirmed() {
    for kind in KINDS {
        let mut harness = Harness::new(1);
        let table = table_with(&mut harness, OTHER, kind);
        assert_eq!(table.confirm(OTHER).is_some(), kind == PeerStateKind::Connected);
    }
}
