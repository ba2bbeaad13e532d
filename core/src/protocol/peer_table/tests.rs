//! The peer table, event by event.

use std::num::NonZeroU32;

use super::*;
use crate::base::id::{BlockId, TokenId};
use crate::base::rng::{Purpose, Rng};
use crate::config::Config;
use crate::protocol::context::{Outbox, TokenStore};
use crate::protocol::message::{CompactProof, Proof, ProofResolver, StorageProof};
use crate::scenario::Scenario;
use proptest::prelude::*;

/// A peer that stores nothing.
struct Nothing;

impl ProofResolver for Nothing {
    fn resolve(&self, _: &CompactProof) -> Proof {
        unreachable!("nothing is found here")
    }
}

impl TokenStore for Nothing {
    fn block_of(&self, _: TokenId) -> Option<BlockId> {
        None
    }

    fn prove(&self, _: TokenId, _: PeerId) -> Option<StorageProof> {
        None
    }
}

/// What the parts of a peer need around them.
pub(super) struct Surroundings {
    pub(super) config: Config,
    pub(super) now: Round,
    rng: Rng,
    secrets: Rng,
    outbox: Outbox,
}

impl Surroundings {
    pub(super) fn new(luck: u64) -> Self {
        Self {
            config: Scenario::preset("lifecycle-1").unwrap().config,
            now: Round(0),
            rng: Rng::stream(luck, Purpose::Protocol, 1),
            secrets: Rng::stream(luck, Purpose::Secrets, 1),
            outbox: Outbox::default(),
        }
    }

    /// Lets something happen in these surroundings.
    pub(super) fn with<T>(&mut self, happen: impl FnOnce(&mut Context<'_>) -> T) -> T {
        happen(&mut Context {
            now: self.now,
            config: &self.config,
            rng: &mut self.rng,
            secrets: &mut self.secrets,
            store: &Nothing,
            outbox: &mut self.outbox,
        })
    }

    fn take_messages(&mut self) -> Vec<(PeerId, Message)> {
        std::mem::take(&mut self.outbox.messages)
    }

    fn take_events(&mut self) -> Vec<Event> {
        std::mem::take(&mut self.outbox.events)
    }
}

const OWNER: PeerId = PeerId::new(0);
/// Opposite the owner, so that everything that distance decides is certain.
const OTHER: PeerId = PeerId::new(ring::HALF);

const STANDINGS: [PeerStateKind; 4] =
    [PeerStateKind::Unknown, PeerStateKind::Identified, PeerStateKind::Pending, PeerStateKind::Connected];

/// A table in which one peer has a standing since the present round.
fn table_with(around: &mut Surroundings, peer: PeerId, standing: PeerStateKind) -> PeerTable {
    let mut table = PeerTable::new(OWNER);
    around.with(|cx| table.introduce(cx, peer, standing));
    around.take_events();
    table
}

/// A table in which `count` peers, evenly spread, have a standing since the present round.
fn table_of(around: &mut Surroundings, count: u64, standing: PeerStateKind) -> PeerTable {
    let mut table = PeerTable::new(OWNER);
    for number in 1..=count {
        let peer = PeerId::new(u64::MAX / (count + 1) * number);
        around.with(|cx| table.introduce(cx, peer, standing));
    }
    around.take_events();
    table
}

/// What may happen to a peer in a table.
#[derive(Clone, Copy, Debug)]
enum Happening {
    Identify,
    Introduce(PeerStateKind),
    Invite,
    InviteSome,
    Elect(InvitationRule),
    Connect,
    Hear,
    Stamp,
    /// The timeouts, this many rounds later.
    Expire(u64),
    /// Pruning, this many rounds later.
    Prune(u64),
    /// Room for this many Connected peers.
    KeepBudget(u32),
    /// Room for this many Identified peers.
    EvictIdentified(u32),
}

const PENDING_TIMEOUT: u64 = 10;
const CONNECTION_TIMEOUT: u64 = 20;
const PROTECTION: u64 = 5;

fn set_rules(config: &mut Config) {
    let rounds = |rounds| u32::try_from(rounds).unwrap();
    config.peers.pending_timeout_rounds = rounds(PENDING_TIMEOUT);
    config.peers.connection_timeout_rounds = rounds(CONNECTION_TIMEOUT);
    config.peers.prune_protection_rounds = rounds(PROTECTION);
    config.peers.distance_pruning = true;
}

/// Lets it happen; says whom the table wants to be invited.
fn happen(
    table: &mut PeerTable,
    around: &mut Surroundings,
    happening: Happening,
    peer: PeerId,
) -> Vec<PeerId> {
    match happening {
        Happening::Elect(rule) => around.config.peers.invitations = rule,
        Happening::Expire(rounds) | Happening::Prune(rounds) => around.now.0 += rounds,
        Happening::KeepBudget(room) => around.config.peers.connected_budget = room,
        Happening::EvictIdentified(room) => around.config.peers.identified_capacity = room,
        _ => {}
    }
    let invites = around.with(|cx| {
        match happening {
            Happening::Identify => {
                table.identify(cx, peer, Cause::Referral);
            }
            Happening::Introduce(standing) => table.introduce(cx, peer, standing),
            Happening::Invite => return table.invite(cx, peer, Cause::Selection).into_iter().collect(),
            Happening::InviteSome => return table.invite_some(cx),
            Happening::Elect(_) => return table.elect(cx, peer).into_iter().collect(),
            Happening::Connect => table.connect(cx, peer),
            Happening::Hear => table.touch(peer, cx.now),
            Happening::Stamp => table.stamp_election(peer, cx.now),
            Happening::Expire(_) => table.expire(cx),
            Happening::Prune(_) => table.prune_by_distance(cx),
            Happening::KeepBudget(_) => table.keep_budget(cx),
            Happening::EvictIdentified(_) => table.evict_identified(cx),
        }
        Vec::new()
    });
    invites.iter().map(Invite::to).collect()
}

/// Every event in every standing: what the peer is afterwards, and whether it is to be invited.
#[test]
fn every_event_in_every_standing() {
    use Happening::{
        Connect, Elect, EvictIdentified, Expire, Hear, Identify, Introduce, Invite, InviteSome, KeepBudget,
        Prune, Stamp,
    };
    use InvitationRule::{Mute, Reciprocal};
    use PeerStateKind::{Connected as C, Identified as I, Pending as P, Unknown as U};

    const NOBODY: [bool; 4] = [false; 4];
    const IF_IDENTIFIED: [bool; 4] = [false, true, false, false];
    const IF_KNOWN: [bool; 4] = [false, true, true, true];
    let table = [
        // U, I, P, C before
        ([I, I, P, C], NOBODY, Identify),
        ([U, I, P, C], NOBODY, Introduce(U)),
        ([I, I, I, I], NOBODY, Introduce(I)),
        ([P, P, P, P], NOBODY, Introduce(P)),
        ([C, C, C, C], NOBODY, Introduce(C)),
        ([U, P, P, C], IF_IDENTIFIED, Invite),
        ([U, P, P, C], IF_IDENTIFIED, InviteSome),
        ([U, P, P, C], IF_IDENTIFIED, Elect(Mute)),
        ([U, P, P, C], IF_KNOWN, Elect(Reciprocal)),
        ([U, I, C, C], NOBODY, Connect),
        ([U, I, P, C], NOBODY, Hear),
        ([U, I, P, C], NOBODY, Stamp),
        ([U, I, P, C], NOBODY, Expire(PENDING_TIMEOUT - 1)),
        ([U, I, I, C], NOBODY, Expire(PENDING_TIMEOUT)),
        ([U, I, I, C], NOBODY, Expire(CONNECTION_TIMEOUT - 1)),
        ([U, I, I, I], NOBODY, Expire(CONNECTION_TIMEOUT)),
        ([U, I, P, C], NOBODY, Prune(PROTECTION - 1)),
        ([U, I, P, I], NOBODY, Prune(PROTECTION)),
        ([U, I, P, C], NOBODY, KeepBudget(1)),
        ([U, I, P, I], NOBODY, KeepBudget(0)),
        ([U, I, P, C], NOBODY, EvictIdentified(1)),
        ([U, U, P, C], NOBODY, EvictIdentified(0)),
    ];
    for (after, invited, happening) in table {
        for ((before, after), invited) in STANDINGS.into_iter().zip(after).zip(invited) {
            let case = format!("{happening:?} of a peer that is {before:?}");
            let mut around = Surroundings::new(1);
            set_rules(&mut around.config);
            let mut table = table_with(&mut around, OTHER, before);
            let invites = happen(&mut table, &mut around, happening, OTHER);
            assert_eq!(table.standing(OTHER), after, "{case}");
            assert_eq!(invites, if invited { vec![OTHER] } else { Vec::new() }, "{case}");
            let moves = around.take_events().into_iter().map(|event| match event {
                Event::PeerStateChanged { peer, from, to, .. } => (peer, from, to),
                other => panic!("{other:?} is no business of the table"),
            });
            let expected = if before == after { Vec::new() } else { vec![(OTHER, before, after)] };
            assert_eq!(moves.collect::<Vec<_>>(), expected, "{case}");
            for standing in STANDINGS {
                let expected = u32::from(standing == after && standing != PeerStateKind::Unknown);
                assert_eq!(table.count(standing), expected, "{case}: count of {standing:?}");
            }
        }
    }
}

#[test]
fn the_owner_never_enters() {
    let mut around = Surroundings::new(1);
    set_rules(&mut around.config);
    let mut table = PeerTable::new(OWNER);
    let mut everything = vec![Happening::Identify, Happening::Invite, Happening::Connect, Happening::Hear];
    everything.extend([InvitationRule::Mute, InvitationRule::Reciprocal].map(Happening::Elect));
    everything.extend(STANDINGS.map(Happening::Introduce));
    for happening in everything {
        assert_eq!(happen(&mut table, &mut around, happening, OWNER), [], "{happening:?}");
        assert_eq!(table.iter().count(), 0, "{happening:?}");
    }
    assert_eq!(around.take_events(), []);
}

#[test]
fn only_a_new_peer_is_news() {
    let mut around = Surroundings::new(1);
    let mut table = PeerTable::new(OWNER);
    assert!(around.with(|cx| table.identify(cx, OTHER, Cause::Referral)));
    assert!(!around.with(|cx| table.identify(cx, OTHER, Cause::Referral)));
    assert!(!around.with(|cx| table.identify(cx, OWNER, Cause::Referral)));
}

#[test]
fn to_be_elected_again_does_not_prolong_the_wait_for_an_answer() {
    let mut around = Surroundings::new(1);
    set_rules(&mut around.config);
    let mut table = table_with(&mut around, OTHER, PeerStateKind::Identified);
    happen(&mut table, &mut around, Happening::Elect(InvitationRule::Reciprocal), OTHER);
    around.now = Round(PENDING_TIMEOUT - 1);
    happen(&mut table, &mut around, Happening::Elect(InvitationRule::Reciprocal), OTHER);
    happen(&mut table, &mut around, Happening::Expire(1), OTHER);
    assert_eq!(table.standing(OTHER), PeerStateKind::Identified);
}

#[test]
fn a_sign_of_life_prolongs_a_connection_and_not_its_protection() {
    let mut around = Surroundings::new(1);
    set_rules(&mut around.config);
    let mut table = table_with(&mut around, OTHER, PeerStateKind::Connected);
    around.now = Round(PROTECTION - 1);
    happen(&mut table, &mut around, Happening::Hear, OTHER);
    let (_, state) = table.iter().next().unwrap();
    assert_eq!(state, PeerState::Connected { since: Round(0), heard: Round(PROTECTION - 1) });
    happen(&mut table, &mut around, Happening::Expire(CONNECTION_TIMEOUT - 1), OTHER);
    assert_eq!(table.standing(OTHER), PeerStateKind::Connected);
    happen(&mut table, &mut around, Happening::Expire(1), OTHER);
    assert_eq!(table.standing(OTHER), PeerStateKind::Identified);

    let mut table = table_with(&mut around, OTHER, PeerStateKind::Connected);
    around.now.0 += PROTECTION;
    happen(&mut table, &mut around, Happening::Hear, OTHER);
    happen(&mut table, &mut around, Happening::Prune(0), OTHER);
    assert_eq!(table.standing(OTHER), PeerStateKind::Identified);
}

#[test]
fn to_invite_back_again_does_not_renew_the_protection() {
    let mut around = Surroundings::new(1);
    set_rules(&mut around.config);
    let mut table = table_with(&mut around, OTHER, PeerStateKind::Connected);
    around.now = Round(PROTECTION);
    happen(&mut table, &mut around, Happening::Connect, OTHER);
    happen(&mut table, &mut around, Happening::Prune(0), OTHER);
    assert_eq!(table.standing(OTHER), PeerStateKind::Identified);
}

#[test]
fn pruning_is_a_matter_of_distance() {
    let mut around = Surroundings::new(3);
    set_rules(&mut around.config);
    around.now = Round(PROTECTION);
    // A quarter of the ring to either side: half of the greatest distance.
    let quarter = ring::HALF / 2;
    let mut table = PeerTable::new(OWNER);
    for step in 0..500_u64 {
        for place in [quarter + step, quarter.wrapping_neg() - step, 1 + step] {
            around.with(|cx| table.introduce(cx, PeerId::new(place), PeerStateKind::Connected));
        }
    }
    happen(&mut table, &mut around, Happening::Prune(PROTECTION), OTHER);
    let near = table.with(PeerStateKind::Connected).filter(|peer| peer.get() <= 500).count();
    assert_eq!(near, 500, "those next to the owner stay");
    let far = table.count(PeerStateKind::Connected) - 500;
    assert!((430..570).contains(&far), "about half of 1,000: {far}");

    around.config.peers.distance_pruning = false;
    let before = table.count(PeerStateKind::Connected);
    happen(&mut table, &mut around, Happening::Prune(PROTECTION), OTHER);
    assert_eq!(table.count(PeerStateKind::Connected), before, "it can be switched off");
}

/// How often each of ten peers is picked in 4,000 attempts, four at a time.
fn picked(standing: PeerStateKind, happening: Happening, is_picked: fn(PeerStateKind) -> bool) -> Vec<u32> {
    let mut times = vec![0; 10];
    let mut around = Surroundings::new(5);
    around.config.peers.invitations_per_round = 4;
    for _ in 0..4_000 {
        let mut table = table_of(&mut around, 10, standing);
        let all: Vec<PeerId> = table.with(standing).collect();
        happen(&mut table, &mut around, happening, OTHER);
        let places = all.iter().map(|peer| is_picked(table.standing(*peer)));
        times.iter_mut().zip(places).for_each(|(times, is_picked)| *times += u32::from(is_picked));
    }
    times
}

#[test]
fn who_leaves_and_who_is_invited_is_uniformly_random() {
    type Case = (PeerStateKind, Happening, fn(PeerStateKind) -> bool);
    let cases: [Case; 3] = [
        (PeerStateKind::Connected, Happening::KeepBudget(6), |after| after == PeerStateKind::Identified),
        (PeerStateKind::Identified, Happening::EvictIdentified(6), |after| after == PeerStateKind::Unknown),
        (PeerStateKind::Identified, Happening::InviteSome, |after| after == PeerStateKind::Pending),
    ];
    for (standing, happening, is_picked) in cases {
        let times = picked(standing, happening, is_picked);
        assert_eq!(times.iter().sum::<u32>(), 16_000, "{happening:?}: four of ten, each time");
        // 1,600 each are expected, give or take 31.
        assert!(times.iter().all(|times| (1_450..1_750).contains(times)), "{happening:?}: {times:?}");
    }
}

#[test]
fn no_more_are_invited_than_there_are() {
    let mut around = Surroundings::new(1);
    around.config.peers.invitations_per_round = 3;
    let mut table = table_of(&mut around, 2, PeerStateKind::Identified);
    assert_eq!(happen(&mut table, &mut around, Happening::InviteSome, OTHER).len(), 2);
    assert_eq!(table.count(PeerStateKind::Pending), 2);
    assert_eq!(happen(&mut table, &mut around, Happening::InviteSome, OTHER), []);
}

#[test]
fn an_inviter_cools_down_until_exactly_the_cooldown_is_over() {
    let mut around = Surroundings::new(1);
    let mut table = table_with(&mut around, OTHER, PeerStateKind::Identified);
    let is_cooling = |table: &PeerTable, now| table.is_cooling_down(OTHER, Round(now), 60);
    assert!(!is_cooling(&table, 0), "it has not invited yet");
    around.now = Round(7);
    happen(&mut table, &mut around, Happening::Stamp, OTHER);
    assert!(is_cooling(&table, 7));
    assert!(is_cooling(&table, 66));
    assert!(!is_cooling(&table, 67));
    assert!(!table.is_cooling_down(OTHER, Round(7), 0), "a cooldown of no rounds is none");
    assert!(!table.is_cooling_down(PeerId::new(5), Round(7), 60), "nor do strangers cool down");

    set_rules(&mut around.config);
    happen(&mut table, &mut around, Happening::Invite, OTHER);
    assert!(!is_cooling(&table, 7), "an invited peer is waited for");
    happen(&mut table, &mut around, Happening::Expire(PENDING_TIMEOUT), OTHER);
    assert!(!is_cooling(&table, 17), "and comes back without a past");
}

/// Ids that meet one another, the owner's and both ends of the numbers among them.
fn some_id() -> impl Strategy<Value = PeerId> {
    prop_oneof![0..6_u64, (0..6_u64).prop_map(|step| u64::MAX - step), Just(ring::HALF)].prop_map(PeerId::new)
}

fn some_happening() -> impl Strategy<Value = Happening> {
    prop_oneof![
        Just(Happening::Identify),
        prop::sample::select(STANDINGS.to_vec()).prop_map(Happening::Introduce),
        Just(Happening::Invite),
        Just(Happening::InviteSome),
        Just(Happening::Elect(InvitationRule::Mute)),
        Just(Happening::Elect(InvitationRule::Reciprocal)),
        Just(Happening::Connect),
        Just(Happening::Hear),
        Just(Happening::Stamp),
        (0..12_u64).prop_map(Happening::Expire),
        (0..6_u64).prop_map(Happening::Prune),
        (0..5_u32).prop_map(Happening::KeepBudget),
        (0..5_u32).prop_map(Happening::EvictIdentified),
    ]
}

#[test]
fn who_is_given_up_is_told_so_where_the_rules_want_it() {
    for goodbyes in [true, false] {
        let mut around = Surroundings::new(1);
        around.config.peers.goodbyes = goodbyes;
        around.config.peers.core_neighbors = 0;
        let mut table = table_with(&mut around, OTHER, PeerStateKind::Connected);
        around.config.peers.connected_budget = 0;
        around.with(|cx| table.keep_budget(cx));
        assert_eq!(table.standing(OTHER), PeerStateKind::Identified);
        let told = goodbyes.then_some((OTHER, Message::Goodbye { leaves: false }));
        assert_eq!(around.take_messages(), told.into_iter().collect::<Vec<_>>());
    }
}

/// The definition: the nearest ones on either side in the order in which one meets them, and of those the nearest.
fn nearest_by_definition(table: &PeerTable, place: u64, count: usize, wraps: bool) -> Vec<PeerId> {
    let known: Vec<PeerId> = table.iter().map(|(peer, _)| peer).collect();
    let key = |peer: &PeerId| (ring::distance(peer.get(), place), *peer);
    let mut found = if wraps {
        known
    } else {
        let (mut above, mut below): (Vec<_>, Vec<_>) =
            known.into_iter().partition(|peer| peer.get() >= place);
        above.sort_by_key(|peer| peer.get() - place);
        below.sort_by_key(|peer| place - peer.get());
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
    fn whatever_happens_events_are_the_changes_and_counts_are_right(
        happenings in prop::collection::vec((some_happening(), some_id()), 0..80),
        luck: u64,
    ) {
        let mut around = Surroundings::new(luck);
        set_rules(&mut around.config);
        let mut table = PeerTable::new(OWNER);
        for (happening, peer) in happenings {
            let before: Vec<(PeerId, PeerStateKind)> =
                table.iter().map(|(peer, state)| (peer, state.standing())).collect();
            let invites = happen(&mut table, &mut around, happening, peer);

            let standing_before = |peer| {
                before.iter().find(|(other, _)| *other == peer).map_or(PeerStateKind::Unknown, |(_, known)| *known)
            };
            let mut everybody: Vec<PeerId> = before.iter().map(|(peer, _)| *peer).collect();
            everybody.extend(table.iter().map(|(peer, _)| peer));
            everybody.sort_unstable();
            everybody.dedup();
            let changes = everybody.iter().map(|peer| (standing_before(*peer), table.standing(*peer)));
            let mut changes: Vec<_> = changes.filter(|(from, to)| from != to).collect();
            changes.sort_unstable();
            let events = around.take_events().into_iter().map(|event| match event {
                Event::PeerStateChanged { from, to, .. } => (from, to),
                other => panic!("{other:?} is no business of the table"),
            });
            let mut events: Vec<_> = events.collect();
            events.sort_unstable();
            prop_assert_eq!(events, changes);

            for standing in STANDINGS {
                prop_assert_eq!(table.count(standing) as usize, table.with(standing).count());
            }
            let ids: Vec<PeerId> = table.iter().map(|(peer, _)| peer).collect();
            prop_assert!(ids.is_sorted_by(|one, next| one < next));
            prop_assert!(!ids.contains(&OWNER));
            prop_assert!(invites.iter().all(|peer| ids.contains(peer)), "only known peers are invited");
        }
    }

    #[test]
    fn the_nearest_are_those_of_the_definition(
        near in prop::collection::vec(some_id(), 0..10),
        far in prop::collection::vec(any::<u64>(), 0..90),
        place in prop_oneof![some_id().prop_map(PeerId::get), any::<u64>()],
        count in prop_oneof![0..6_usize, Just(NEAREST_MAX), 0..120_usize],
        wraps: bool,
    ) {
        let mut around = Surroundings::new(1);
        let mut table = PeerTable::new(OWNER);
        for peer in near.into_iter().chain(far.into_iter().map(PeerId::new)) {
            around.with(|cx| table.identify(cx, peer, Cause::Referral));
        }
        let found = table.nearest(place, count, wraps);
        prop_assert_eq!(found.to_vec(), nearest_by_definition(&table, place, count, wraps));
    }
}

#[test]
fn the_search_for_the_nearest_stops_at_the_origin_unless_it_wraps() {
    let mut around = Surroundings::new(1);
    let mut table = PeerTable::new(PeerId::new(77));
    for number in [0, 1, 10, 20, u64::MAX - 1, u64::MAX] {
        around.with(|cx| table.identify(cx, PeerId::new(number), Cause::Referral));
    }
    let nearest = |place, count, wraps| -> Vec<u64> {
        table.nearest(place, count, wraps).iter().map(|peer| peer.get()).collect()
    };
    assert_eq!(nearest(0, 3, true), [0, 1, u64::MAX]);
    assert_eq!(nearest(0, 3, false), [0, 1, 10]);
    assert_eq!(nearest(u64::MAX, 3, true), [u64::MAX, 0, u64::MAX - 1], "of two as near the lower one first");
    assert_eq!(nearest(u64::MAX, 2, false), [u64::MAX, u64::MAX - 1]);
    assert_eq!(nearest(15, 2, true), [10, 20]);
    assert_eq!(nearest(15, 99, true).len(), 6);
}

// Who has to go.

/// A table of peers that are Connected, by their ids.
fn connected(around: &mut Surroundings, ids: &[u64]) -> PeerTable {
    let mut table = PeerTable::new(OWNER);
    for id in ids {
        around.with(|cx| table.introduce(cx, PeerId::new(*id), PeerStateKind::Connected));
    }
    around.take_events();
    table
}

/// What there may be on record of a peer: wins, the last of them, queries and answers.
const RECORDS: [(u64, u32, u64, u32, u32); 4] =
    [(10, 4, 50, 9, 9), (20, 3, 20, 9, 5), (30, 1, 40, 9, 8), (40, 2, 30, 9, 2)];

/// Who is demoted for want of room by one, given these records.
fn demoted(rule: EvictionRule, core: u32) -> Vec<u64> {
    let mut around = Surroundings::new(1);
    around.config.peers.eviction = rule;
    around.config.peers.core_neighbors = core;
    let mut table = connected(&mut around, &RECORDS.map(|(id, ..)| id));
    for (id, wins, won, queries, answers) in RECORDS {
        let record = PeerStats { wins, won: Some(Round(won)), queries, answers, ..PeerStats::default() };
        around.with(|cx| table.note(cx, PeerId::new(id), |kept| *kept = record));
    }
    happen(&mut table, &mut around, Happening::KeepBudget(3), OTHER);
    table.with(PeerStateKind::Identified).map(PeerId::get).collect()
}

#[test]
fn who_is_demoted_is_a_matter_of_the_rule() {
    assert_eq!(demoted(EvictionRule::LowestId, 0), [10]);
    assert_eq!(demoted(EvictionRule::Stale, 0), [20], "whose last win is longest ago");
    assert_eq!(demoted(EvictionRule::FewestWins, 0), [30]);
    assert_eq!(demoted(EvictionRule::Unreliable, 0), [40]);
}

#[test]
fn who_is_a_neighbour_stays_and_the_next_one_goes() {
    // With one neighbour on each side these are 10, ahead, and 40, behind.
    assert_eq!(demoted(EvictionRule::LowestId, 1), [20]);
    assert_eq!(demoted(EvictionRule::Unreliable, 1), [20]);
    assert_eq!(demoted(EvictionRule::FewestWins, 1), [30]);
    assert_eq!(demoted(EvictionRule::LowestId, 2), [0_u64; 0], "all are neighbours: the budget gives way");
}

#[test]
fn who_has_never_won_is_the_stalest() {
    let mut around = Surroundings::new(1);
    around.config.peers.eviction = EvictionRule::Stale;
    let mut table = connected(&mut around, &[10, 20]);
    around.with(|cx| table.note(cx, PeerId::new(10), |record| record.won = Some(Round(0))));
    happen(&mut table, &mut around, Happening::KeepBudget(1), OTHER);
    assert_eq!(table.standing(PeerId::new(20)), PeerStateKind::Identified);
}

#[test]
fn the_most_redundant_is_the_one_that_leaves_the_narrowest_gap() {
    let goes = |ids: &[u64]| {
        let mut around = Surroundings::new(1);
        around.config.peers.eviction = EvictionRule::Redundant;
        let mut table = connected(&mut around, ids);
        let room = u32::try_from(ids.len()).unwrap() - 1;
        happen(&mut table, &mut around, Happening::KeepBudget(room), OTHER);
        table.with(PeerStateKind::Identified).map(PeerId::get).collect::<Vec<_>>()
    };
    let (far, farther) = (ring::HALF / 2, ring::HALF);
    assert_eq!(goes(&[far, far + 50, far + 110, farther]), [far + 50], "between two that are near");
    assert_eq!(goes(&[far, far + 500, 3, 5]), [3], "the owner is as good as a neighbour");
    assert_eq!(goes(&[u64::MAX - 7, 3, far, farther]), [3], "across the origin too");
}

fn any_eviction() -> impl Strategy<Value = EvictionRule> {
    prop::sample::select(vec![
        EvictionRule::Random,
        EvictionRule::LowestId,
        EvictionRule::Stale,
        EvictionRule::FewestWins,
        EvictionRule::Redundant,
        EvictionRule::Unreliable,
        EvictionRule::Quality,
    ])
}

// Who is invited.

#[test]
fn who_is_invited_is_a_matter_of_the_rule() {
    let invited = |rule| {
        let mut around = Surroundings::new(1);
        around.config.peers.invitees = rule;
        around.config.peers.eviction = EvictionRule::Unreliable;
        around.config.peers.invitations_per_round = 2;
        let mut table = PeerTable::new(OWNER);
        for (id, answers) in [(500, 9), (u64::MAX - 6, 1), (20, 5), (400, 8)] {
            let peer = PeerId::new(id);
            around.with(|cx| table.identify(cx, peer, Cause::Referral));
            let record = PeerStats { queries: 9, answers, ..PeerStats::default() };
            around.with(|cx| table.note(cx, peer, |kept| *kept = record));
        }
        let invites = around.with(|cx| table.invite_some(cx));
        invites.into_iter().map(|invite| invite.to().get()).collect::<Vec<_>>()
    };
    assert_eq!(invited(InviteeRule::Nearest), [u64::MAX - 6, 20], "the nearest is across the origin");
    assert_eq!(invited(InviteeRule::Reputable), [500, 400]);
    assert_eq!(invited(InviteeRule::Random).len(), 2);
}

// How well peers serve.

/// Peers that have answered so many of ten queries, under rules that take note of it.
fn scored(around: &mut Surroundings, standing: PeerStateKind, answers: &[(u64, u32)]) -> PeerTable {
    around.config.peers.eviction = EvictionRule::Quality;
    around.config.peers.invitees = InviteeRule::Quality;
    let mut table = PeerTable::new(OWNER);
    for (id, count) in answers {
        around.with(|cx| {
            table.introduce(cx, PeerId::new(*id), standing);
            (0..10).for_each(|time| {
                let serve = |score: &mut Score| {
                    if time < *count { score.answer(Round(0), Round(0)) } else { score.keep_silent() }
                };
                table.score(cx, PeerId::new(*id), serve);
            });
        });
    }
    around.take_events();
    table
}

#[test]
fn the_worst_go_first_and_the_best_are_invited_first() {
    let mut around = Surroundings::new(1);
    let answers = [(10, 9), (20, 2), (30, 10), (40, 5)];
    let mut connected = scored(&mut around, PeerStateKind::Connected, &answers);
    happen(&mut connected, &mut around, Happening::KeepBudget(2), OTHER);
    assert!(connected.with(PeerStateKind::Connected).eq([10, 30].map(PeerId::new)));

    let mut identified = scored(&mut around, PeerStateKind::Identified, &answers);
    around.config.peers.invitations_per_round = 2;
    let invites = around.with(|cx| identified.invite_some(cx));
    assert!(invites.iter().map(Invite::to).eq([30, 10].map(PeerId::new)));

    let mut crowded = scored(&mut around, PeerStateKind::Identified, &answers);
    happen(&mut crowded, &mut around, Happening::EvictIdentified(3), OTHER);
    assert_eq!(crowded.standing(PeerId::new(20)), PeerStateKind::Unknown);
    around.with(|cx| crowded.identify(cx, PeerId::new(20), Cause::Referral));
    assert!(crowded.scores().quality(PeerId::new(20)) < 500, "who comes back does not begin anew");
}

#[test]
fn bad_service_is_forgiven_after_a_while_and_needs_are_looked_at_anew() {
    let mut around = Surroundings::new(1);
    around.config.peers.quality_floor = crate::base::ratio::Ratio::from_millionths(400_000);
    around.config.peers.forgiveness_rounds = NonZeroU32::new(30);
    let mut table = scored(&mut around, PeerStateKind::Identified, &[(10, 10), (20, 0), (30, 10)]);
    let is_below_floor = |around: &mut Surroundings, table: &PeerTable| {
        around.with(|cx| table.is_below_floor(cx, PeerId::new(20)))
    };
    let judged = around.now.0;
    for (rounds, expected) in [(0, true), (29, true), (30, false)] {
        around.now = Round(judged + rounds);
        let before = table.changes();
        around.with(|cx| table.demote_low_scores(cx));
        assert_eq!(is_below_floor(&mut around, &table), expected, "{rounds}");
        assert_eq!(table.changes() == before, expected, "{rounds}");
    }
}

#[test]
fn below_the_floor_nobody_is_connected_or_invited() {
    let mut around = Surroundings::new(1);
    let answers = [(10, 10), (20, 0), (30, 10), (40, 9)];
    around.config.peers.quality_floor = crate::base::ratio::Ratio::from_millionths(400_000);
    for standing in [PeerStateKind::Pending, PeerStateKind::Connected] {
        let mut table = scored(&mut around, standing, &answers);
        around.with(|cx| table.demote_low_scores(cx));
        let events = around.take_events();
        let [Event::PeerStateChanged { peer, from, to: PeerStateKind::Identified, cause: Cause::Quality }] =
            events[..]
        else {
            panic!("{events:?}")
        };
        assert_eq!((peer, from), (PeerId::new(20), standing));
        around.with(|cx| table.demote_low_scores(cx));
        assert!(around.take_events().is_empty(), "once is enough");
    }
    around.config.peers.invitations_per_round = 4;
    let mut table = scored(&mut around, PeerStateKind::Identified, &answers);
    let invites = around.with(|cx| table.invite_some(cx));
    assert!(invites.iter().all(|invite| invite.to() != PeerId::new(20)) && invites.len() == 3);
}

#[test]
fn scores_are_kept_for_every_rule_that_reads_them_and_for_no_other() {
    use crate::config::FirstHopRule;
    let keeps = |change: fn(&mut Config)| {
        let mut config = Scenario::preset("improved").unwrap().config;
        change(&mut config);
        config.keeps_scores()
    };
    assert!(!keeps(|_| {}));
    for change in [
        (|config| config.election.first_hops = FirstHopRule::Quality) as fn(&mut Config),
        |config| config.peers.eviction = EvictionRule::Quality,
        |config| config.peers.invitees = InviteeRule::Quality,
        |config| config.peers.quality_floor = crate::base::ratio::Ratio::from_millionths(1),
        |config| config.peers.invitation_limit = std::num::NonZeroU32::new(1),
    ] {
        assert!(keeps(change));
    }
    let mut around = Surroundings::new(1);
    let mut table = PeerTable::new(OWNER);
    assert_eq!(around.with(|cx| table.score(cx, OTHER, Score::fail)), None);
    assert_eq!(table.scores().quality(OTHER), 1_000);
}

// What is remembered.

#[test]
fn only_of_known_peers_is_anything_remembered_and_only_where_a_rule_needs_it() {
    let mut around = Surroundings::new(1);
    around.config.peers.eviction = EvictionRule::FewestWins;
    let mut table = connected(&mut around, &[10, 20]);
    let note = |table: &mut PeerTable, around: &mut Surroundings, id| {
        around.with(|cx| table.note(cx, PeerId::new(id), |record| record.wins += 1));
    };
    [10, 20, 30].into_iter().for_each(|id| note(&mut table, &mut around, id));
    assert!(table.ledger().peers().eq([10, 20].map(PeerId::new)), "30 is a stranger");

    happen(&mut table, &mut around, Happening::Introduce(PeerStateKind::Identified), PeerId::new(10));
    assert_eq!(table.ledger().of(PeerId::new(10)).wins, 1, "who is demoted has a past");
    happen(&mut table, &mut around, Happening::EvictIdentified(0), OTHER);
    assert!(table.ledger().peers().eq([PeerId::new(20)]), "who is forgotten has none");

    around.config.peers.eviction = EvictionRule::Random;
    assert!(!around.config.keeps_dealings());
    let mut forgetful = connected(&mut around, &[10]);
    note(&mut forgetful, &mut around, 10);
    assert_eq!(forgetful.ledger().peers().count(), 0);
}

#[test]
fn records_are_kept_for_every_rule_that_reads_them() {
    use crate::config::{FirstHopRule, TargetPolicy};
    let counts = |change: fn(&mut Config)| {
        let mut config = Scenario::preset("lifecycle-1").unwrap().config;
        change(&mut config);
        config.counts_absences()
    };
    assert!(!counts(|_| {}));
    assert!(counts(|config| config.election.agenda = TargetPolicy::Needs));
    assert!(counts(|config| config.peers.unanswered_is_absent = true));
    let keeps = |change: fn(&mut Config)| {
        let mut config = Scenario::preset("lifecycle-1").unwrap().config;
        change(&mut config);
        config.keeps_dealings()
    };
    assert!(!keeps(|_| {}));
    for change in [
        (|config| config.election.first_hops = FirstHopRule::LeastRecentlyUsed) as fn(&mut Config),
        |config| config.election.first_hops = FirstHopRule::Hybrid,
        |config| config.election.first_hops = FirstHopRule::Reputable,
        |config| config.peers.eviction = EvictionRule::Stale,
        |config| config.peers.eviction = EvictionRule::FewestWins,
        |config| config.peers.eviction = EvictionRule::Unreliable,
        |config| config.election.reelection_share = crate::base::ratio::Ratio::ONE,
        |config| config.peers.tenure_rounds = std::num::NonZeroU32::new(1),
        |config| config.peers.invitees = InviteeRule::Reputable,
    ] {
        assert!(keeps(change));
    }
    assert!(!keeps(|config| config.peers.eviction = EvictionRule::Redundant));
}

#[test]
fn a_silent_connection_ends_by_its_silence_before_its_tenure() {
    let mut around = Surroundings::new(1);
    set_rules(&mut around.config);
    let mut table = connected(&mut around, &[10]);
    around.config.peers.tenure_rounds = std::num::NonZeroU32::new(1);
    happen(&mut table, &mut around, Happening::Expire(CONNECTION_TIMEOUT), OTHER);
    let events = around.take_events();
    assert!(matches!(events[..], [Event::PeerStateChanged { cause: Cause::Silence, .. }]), "{events:?}");
}

#[test]
fn only_a_connection_is_confirmed() {
    for standing in STANDINGS {
        let mut around = Surroundings::new(1);
        let table = table_with(&mut around, OTHER, standing);
        assert_eq!(table.confirm(OTHER).is_some(), standing == PeerStateKind::Connected);
    }
}

// Neighbours.

/// A table of an owner that knows these peers.
fn knowing(owner: u64, ids: impl IntoIterator<Item = u64>) -> PeerTable {
    let mut around = Surroundings::new(1);
    let mut table = PeerTable::new(PeerId::new(owner));
    for id in ids {
        around.with(|cx| table.identify(cx, PeerId::new(id), Cause::Referral));
    }
    table
}

#[test]
fn the_core_is_the_nearest_on_each_side_across_the_origin() {
    let ids = [3, 90, 120, 130, 140, u64::MAX - 5];
    let core = |each_side| knowing(100, ids).core(each_side).map(PeerId::get).collect::<Vec<_>>();
    assert_eq!(core(0), [0_u64; 0]);
    assert_eq!(core(1), [120, 90]);
    assert_eq!(core(2), [120, 130, 3, 90]);
    assert_eq!(core(3), [120, 130, 140, u64::MAX - 5, 3, 90]);
    assert_eq!(core(9).len(), 6, "each once");
    let edge = knowing(1, [5, 7, u64::MAX, u64::MAX - 2, ring::HALF]);
    assert_eq!(edge.core(2).map(PeerId::get).collect::<Vec<_>>(), [5, 7, u64::MAX - 2, u64::MAX]);
    assert!(edge.is_core(PeerId::new(u64::MAX - 1), 2) && !edge.is_core(PeerId::new(u64::MAX - 3), 2));
    assert!(edge.is_core(PeerId::new(6), 2) && !edge.is_core(PeerId::new(8), 2));
}

proptest! {
    #[test]
    fn those_are_core_that_would_be_in_it(
        ids in prop::collection::btree_set(any::<u64>(), 0..20),
        other: u64,
        owner: u64,
        each_side in 0..6_u32,
    ) {
        prop_assume!(other != owner && !ids.contains(&owner));
        let table = knowing(owner, ids.iter().copied());
        let with_other = knowing(owner, ids.iter().copied().chain([other]));
        let peer = PeerId::new(other);
        prop_assert_eq!(table.is_core(peer, each_side), with_other.core(each_side).any(|member| member == peer));
        for id in ids {
            let peer = PeerId::new(id);
            prop_assert_eq!(table.is_core(peer, each_side), table.core(each_side).any(|member| member == peer));
        }
    }

    /// Neighbours, and those nearest to a place, turn with the ring.
    #[test]
    fn who_is_near_does_not_depend_on_where_the_ring_begins(
        ids in prop::collection::btree_set(any::<u64>(), 0..30),
        owner: u64,
        place: u64,
        turn: u64,
        count in 0..8_u32,
    ) {
        prop_assume!(!ids.contains(&owner));
        let look = |turn: u64| {
            let table = knowing(owner.wrapping_add(turn), ids.iter().map(|id| id.wrapping_add(turn)));
            let back = |peer: PeerId| peer.get().wrapping_sub(turn);
            let core: Vec<u64> = table.core(count).map(back).collect();
            let nearest: Vec<u64> =
                table.nearest(place.wrapping_add(turn), count as usize, true).into_iter().map(back).collect();
            (core, nearest, table.is_core(PeerId::new(place.wrapping_add(turn)), count))
        };
        prop_assert_eq!(look(turn), look(0));
    }

    #[test]
    fn the_budget_holds_by_any_rule_and_never_costs_a_neighbour(
        ids in prop::collection::btree_set(1_u64.., 0..20),
        wins in prop::collection::vec(0..4_u32, 20),
        rule in any_eviction(),
        room in 0..12_u32,
        core in 0..5_u32,
        luck: u64,
    ) {
        let mut around = Surroundings::new(luck);
        around.config.peers.eviction = rule;
        around.config.peers.core_neighbors = core;
        let ids: Vec<u64> = ids.into_iter().collect();
        let mut table = connected(&mut around, &ids);
        for (id, wins) in ids.iter().zip(wins) {
            around.with(|cx| table.note(cx, PeerId::new(*id), |record| record.wins = wins));
        }
        let kept: Vec<PeerId> = table.core(core).collect();
        happen(&mut table, &mut around, Happening::KeepBudget(room), OTHER);
        let all = u32::try_from(ids.len()).unwrap();
        let neighbors = u32::try_from(kept.len()).unwrap();
        prop_assert_eq!(table.count(PeerStateKind::Connected), all.min(room.max(neighbors)));
        prop_assert!(kept.iter().all(|peer| table.standing(*peer) == PeerStateKind::Connected));
    }
}
