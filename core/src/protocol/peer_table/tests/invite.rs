//! The choice of invitees.

use super::*;

#[test]
fn no_more_are_invited_than_there_are() {
    let mut harness = Harness::new(1);
    harness.config.peers.invitations_per_round = 3;
    let mut table = table_of(&mut harness, 2, PeerStateKind::Identified);
    assert_eq!(perform(&mut table, &mut harness, Action::InviteSome, OTHER).len(), 2);
    assert_eq!(table.count(PeerStateKind::Pending), 2);
    assert_eq!(perform(&mut table, &mut harness, Action::InviteSome, OTHER), []);
}

#[test]
fn who_is_invited_is_a_matter_of_the_rule() {
    let invited = |rule| {
        let mut harness = Harness::new(1);
        harness.config.peers.invitees = rule;
        harness.config.peers.eviction = EvictionRule::Unreliable;
        harness.config.peers.invitations_per_round = 2;
        let mut table = PeerTable::new(OWNER);
        for (id, answers) in [(500, 9), (u64::MAX - 6, 1), (20, 5), (400, 8)] {
            let peer = PeerId::new(id);
            harness.with(|cx| table.identify(cx, peer, Cause::Referral));
            let record = PeerStats { queries: 9, answers, ..PeerStats::default() };
            harness.with(|cx| table.record_interaction(cx, peer, |kept| *kept = record));
        }
        let invites = harness.with(|cx| table.invite_some(cx));
        invites.into_iter().map(|invite| invite.to().get()).collect::<Vec<_>>()
    };
    assert_eq!(invited(InviteeRule::Nearest), [u64::MAX - 6, 20], "the nearest is across the origin");
    assert_eq!(invited(InviteeRule::Reputable), [500, 400]);
    assert_eq!(invited(InviteeRule::Random).len(), 2);
}
